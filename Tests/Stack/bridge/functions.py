"""Lambda: runs functions, in as many environments as there are invocations at a time."""

import json
import threading
import time

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
        self._idle = []
        self._busy = []
        self._logs = []

    def invoke(self, arn, event):
        """The answer to an event, as bytes. Raises FunctionError if the function fails, or Throttled."""
        current = self.deployed(arn)
        dimensions = self._dimensions(arn, current)
        asked = time.time()
        environment, cold = self._take(current, dimensions)
        began = time.time()
        outcome = "success"
        try:
            return environment.invoke(json.dumps(event).encode())
        except FunctionError as error:
            outcome = json.loads(error.payload).get("errorType") if error.payload[:1] == b"{" else "timeout"
            raise
        except Exception:
            outcome = "the environment broke"
            raise
        finally:
            duration = (time.time() - began) * 1000
            self._give_back(environment)
            for each in dimensions:
                self._metric("Invocations", each, 1)
                self._metric("Errors", each, int(outcome != "success"))
                self._metric("Throttles", each, 0)
                self._metric("Duration", each, duration, "Milliseconds")
            self.record.event(
                "invocation", time=int(began * 1000), function=current.name, version=current.version,
                cold=round((began - asked) * 1000) if cold else None, milliseconds=round(duration), outcome=outcome,
            )

    def deployed(self, arn):
        return deployed(self.account, self._artifacts, arn)

    def at_work(self):
        """How many invocations there are at this moment."""
        with self._lock:
            return len(self._busy)

    def stop(self):
        with self._lock:
            environments = self._idle + self._busy
            self._idle = self._busy = []
        for environment in environments:
            environment.stop()
        for log in self._logs:
            log.stop()

    def _take(self, current, dimensions):
        """An environment, and whether it had to be started."""
        reserved = self.account.client("lambda").get_function_concurrency(FunctionName=current.name)
        limit = reserved.get("ReservedConcurrentExecutions")
        with self._lock:
            at_work = sum(environment.deployed.name == current.name for environment in self._busy)
            if limit is not None and at_work >= limit:
                for each in dimensions:
                    self._metric("Throttles", each, 1)
                raise Throttled(f"{current.name}: {limit} at a time are reserved")
            # What another version left behind isn't needed any more.
            former = [
                idle for idle in self._idle if idle.deployed.name == current.name and idle.deployed != current
            ]
            warm = next((idle for idle in self._idle if idle.deployed == current), None)
            self._idle = [idle for idle in self._idle if idle not in former and idle is not warm]
            if warm:
                self._busy.append(warm)
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
            self._busy.append(environment)
        return environment

    def _give_back(self, environment):
        with self._lock:
            if environment in self._busy:
                self._busy.remove(environment)
                self._idle.append(environment)

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
