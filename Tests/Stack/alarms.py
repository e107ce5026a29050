"""CloudWatch's alarms, by what its documentation says of them, over metrics in periods that pass when we say so.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html. An alarm is what DescribeAlarms
answers.

One thing isn't as on AWS: CloudWatch reads more periods than it evaluates, and where nothing is measured in the newest, it
goes by what was measured before. So an alarm there may stay on for up to about four of its periods where here it ends.

What the table of missing data says, for three of three periods, oldest first (`-` is missing, X breaching):

>>> def state(points, missing, before="OK"):
...     alarm = Alarm({"AlarmName": "a", "Namespace": "N", "MetricName": "M", "Dimensions": [], "Statistic": "Maximum",
...         "Period": 60, "EvaluationPeriods": 3, "Threshold": 0.0, "ComparisonOperator": "GreaterThanThreshold",
...         "TreatMissingData": missing})
...     values = {"-": [], "0": [0], "X": [1]}
...     return alarm.state([[Point("N", "M", {}, value) for value in values[p]] for p in points], before)
>>> [state("--0", m) for m in ("ignore", "breaching", "notBreaching")]
['OK', 'OK', 'OK']
>>> [state("---", m, before="ALARM") for m in ("ignore", "breaching", "notBreaching")]
['ALARM', 'ALARM', 'OK']
>>> [state("-X-", m) for m in ("ignore", "breaching", "notBreaching")]
['OK', 'ALARM', 'OK']
>>> [state("XXX", m) for m in ("ignore", "breaching", "notBreaching")]
['ALARM', 'ALARM', 'ALARM']
"""

from dataclasses import dataclass


@dataclass
class Point:
    """A value of a metric."""

    namespace: str
    metric: str
    dimensions: dict
    value: float


# Those that the alarms use; for another there is an error, until it is written here.
STATISTICS = {"Sum": sum, "Maximum": max}
COMPARISONS = {"GreaterThanThreshold": lambda value, threshold: value > threshold}


class Alarm:
    def __init__(self, definition):
        self.definition = definition
        self.name = definition["AlarmName"]
        self.periods = definition["EvaluationPeriods"]
        self.breaches = definition.get("DatapointsToAlarm", self.periods)
        self.threshold = definition["Threshold"]
        self.compare = COMPARISONS[definition["ComparisonOperator"]]
        self.missing = definition["TreatMissingData"]

    @property
    def period(self):
        if "Period" in self.definition:
            return self.definition["Period"]
        return next(q["MetricStat"]["Period"] for q in self.definition["Metrics"] if "MetricStat" in q)

    def value(self, points):
        """What a period's points come to; None without any."""
        if "MetricName" in self.definition:
            return statistic(points, self.definition, self.definition["Statistic"])
        metrics = [query["MetricStat"] for query in self.definition["Metrics"] if "MetricStat" in query]
        [expression] = [query["Expression"] for query in self.definition["Metrics"] if "Expression" in query]
        return mathematics(expression, [statistic(points, each["Metric"], each["Stat"]) for each in metrics])

    def state(self, periods, before):
        """OK or ALARM after the last of the periods, each a list of points; `before` is the state until now."""
        values = [self.value(points) for points in periods[-self.periods:]]
        values = [None] * (self.periods - len(values)) + values
        breaching = sum(1 for value in values if value is not None and self.compare(value, self.threshold))
        known = sum(1 for value in values if value is not None)
        if self.missing == "breaching":
            breaching, known = breaching + self.periods - known, self.periods
        elif self.missing == "notBreaching":
            known = self.periods
        elif self.missing != "ignore":
            raise ValueError(f"{self.name}: what TreatMissingData {self.missing} means isn't written here")
        if breaching >= self.breaches:
            return "ALARM"
        # Whatever the missing ones were, too few would breach.
        return "OK" if known - breaching > self.periods - self.breaches else before


def statistic(points, metric, name):
    dimensions = {pair["Name"]: pair["Value"] for pair in metric.get("Dimensions", [])}
    values = [point.value for point in points if (point.namespace, point.metric, point.dimensions)
              == (metric["Namespace"], metric["MetricName"], dimensions)]
    return STATISTICS[name](values) if values else None


def mathematics(expression, values):
    """The one expression that the alarms use: the highest of their metrics, of those that have a value."""
    if expression != "MAX(METRICS())":
        raise ValueError(f"what {expression} means isn't written here")
    return max((value for value in values if value is not None), default=None)
