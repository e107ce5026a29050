"""What happened, a JSON object a line in a file: events, for timelines, and metrics, as CloudWatch would have them.

An event has `event`, a metric `metric`, with `namespace`, `dimensions`, `value` and `unit`; both have `time`, in
milliseconds since 1970.
"""

import json
import threading
import time


def now():
    return int(time.time() * 1000)


class Record:
    def __init__(self, path):
        self._file = open(path, "a", encoding="utf-8")
        self._entries = []
        self._changed = threading.Condition()

    def close(self):
        self._file.close()

    def event(self, event, time=None, **details):
        self._add({"time": now() if time is None else time, "event": event, **details})

    def metric(self, namespace, metric, dimensions, value, unit="Count", time=None):
        self._add({
            "time": now() if time is None else time,
            "metric": metric,
            "namespace": namespace,
            "dimensions": dimensions,
            "value": value,
            "unit": unit,
        })

    def embedded_metrics(self, line):
        """Records the metrics of a line of a function's log, if it is in CloudWatch's embedded metric format."""
        try:
            entry = json.loads(line)
            directives = entry["_aws"]["CloudWatchMetrics"]
        except (ValueError, TypeError, KeyError):
            return
        for directive in directives:
            for names in directive["Dimensions"]:
                dimensions = {name: entry[name] for name in names}
                for metric in directive["Metrics"]:
                    values = entry[metric["Name"]]
                    for value in values if isinstance(values, list) else [values]:
                        self.metric(
                            directive["Namespace"], metric["Name"], dimensions, value, metric.get("Unit", "None"),
                            entry["_aws"]["Timestamp"],
                        )

    def position(self):
        """Where the record is now: entries after it are those to come."""
        with self._changed:
            return len(self._entries)

    def entries(self, since=0):
        with self._changed:
            return self._entries[since:]

    def wait_for(self, what, matches, since=0, within=60):
        """The first entry after `since` that `matches`; waits until there is one."""
        deadline = time.monotonic() + within
        with self._changed:
            seen = since
            while True:
                for entry in self._entries[seen:]:
                    if matches(entry):
                        return entry
                seen = len(self._entries)
                if not self._changed.wait(max(0, deadline - time.monotonic())):
                    raise TimeoutError(f"{what}: not within {within} s")

    def _add(self, entry):
        with self._changed:
            self._file.write(json.dumps(entry) + "\n")
            self._file.flush()
            self._entries.append(entry)
            self._changed.notify_all()
