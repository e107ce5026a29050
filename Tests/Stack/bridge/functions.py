"""Lambda: runs functions, in as many environments as there are invocations at a time."""

import json
import threading
import time
from collections import Counter

from .artifacts import Artifacts
from .deployed import deployed, split
from .environment import Environment, FunctionError
from .log import Log


class Throttled(Exception):
    """More invocations at a time than are reserved for the function."""


class Functions:
    def __init__(self, account, record, folder):
        self.account = account
        self.record = record
        self._artifacts = Artifacts(account, folder)
        self._lock = threading.Lock()
        self._at_work = Counter()
        self._environments = []
        self._idle = []
        self._logs = []

    def invoke(self, arn, event):
        """The answer to an event, as bytes. Raises FunctionError if the function fails, or Throttled."""
        current = self.deployed(arn)
        dimensions = self._dimensions(arn, current)
        self._reserve(current.name, dimensions)
        try:
            return self._run(current, dimensions, event)
        finally:
            with self._lock:
                self._at_work[current.name] -= 1

    def deployed(self, arn):
        return deployed(self.account, self._artifacts, arn)

    def at_work(self):
        """How many invocations there are at this moment."""
        with self._lock:
            return sum(self._at_work.values())

    def stop(self):
        with self._lock:
            environments, self._environments, self._idle = self._environments, [], []
        for environment in environments:
            environment.stop()
        for log in self._logs:
            log.stop()

    def _reserve(self, name, dimensions):
        """Makes sure that no more run at a time than are reserved."""
        reserved = self.account.client("lambda").get_function_concurrency(FunctionName=name)
        limit = reserved.get("ReservedConcurrentExecutions")
        with self._lock:
            throttled = limit is not None and self._at_work[name] >= limit
            if not throttled:
                self._at_work[name] += 1
        for each in dimensions:
            self._metric("Throttles", each, int(throttled))
        if throttled:
            raise Throttled(f"{name}: {limit} at a time are reserved")

    def _run(self, current, dimensions, event):
        environment, cold = self._take(current)
        began = time.time()
        outcome = "the environment broke"
        try:
            answer = environment.invoke(json.dumps(event).encode())
            outcome = "success"
            return answer
        except FunctionError as error:
            outcome = error.type
            raise
        finally:
            duration = (time.time() - began) * 1000
            with self._lock:
                self._idle.append(environment)
            for each in dimensions:
                self._metric("Invocations", each, 1)
                self._metric("Errors", each, int(outcome != "success"))
                self._metric("Duration", each, duration, "Milliseconds")
            self.record.event(
                "invocation", time=int(began * 1000), function=current.name, version=current.version,
                cold=cold, milliseconds=round(duration), outcome=outcome,
            )

    def _take(self, current):
        """An environment, and whether it had to be started. What another version left behind is ended."""
        with self._lock:
            ours = [idle for idle in self._idle if idle.deployed.name == current.name]
            warm = next((idle for idle in ours if idle.deployed == current), None)
            former = [idle for idle in ours if idle.deployed != current]
            self._idle = [idle for idle in self._idle if idle is not warm and idle not in former]
            self._environments = [each for each in self._environments if each not in former]
        for environment in former:
            environment.stop()
        return (warm, False) if warm else (self._start(current), True)

    def _start(self, current):
        log = Log(self.account, current)
        environment = Environment(
            current, self.account.credentials(current.role), self.account.url, self.account.region,
            lambda line: self._line(line, log),
        )
        with self._lock:
            self._logs.append(log)
            self._environments.append(environment)
        return environment

    def _line(self, line, log):
        self.record.embedded_metrics(line)
        log.write(line)

    def _dimensions(self, arn, current):
        """Lambda counts for the function, and for the alias or version that was called."""
        function = {"FunctionName": current.name}
        qualifier = split(arn)[1]
        if qualifier == "$LATEST":
            return [function]
        return [function, {**function, "Resource": f"{current.name}:{qualifier}"}]

    def _metric(self, name, dimensions, value, unit="Count"):
        self.record.metric("AWS/Lambda", name, dimensions, value, unit)
