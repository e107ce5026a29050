"""The log of an execution environment, in CloudWatch Logs, by the function's own role."""

import threading
import time
import uuid


class Log:
    def __init__(self, account, deployed):
        self._client = account.client("logs", deployed.role)
        self._place = {
            "logGroupName": deployed.log_group,
            "logStreamName": time.strftime(f"%Y/%m/%d/[{deployed.version}]{uuid.uuid4().hex}", time.gmtime()),
        }
        self._client.create_log_stream(**self._place)
        self._events = []
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._writer = threading.Thread(target=self._run, daemon=True)
        self._writer.start()

    def write(self, line):
        if line:
            with self._lock:
                self._events.append({"timestamp": int(time.time() * 1000), "message": line})

    def stop(self):
        self._stopping.set()
        self._writer.join(5)

    def _run(self):
        while not self._stopping.wait(0.5):
            self._put()
        self._put()

    def _put(self):
        with self._lock:
            events, self._events = self._events, []
        if events:
            self._client.put_log_events(**self._place, logEvents=events)
