"""EventBridge's rules: schedules, and whether what their events go to lets them in.

moto matches events and sends them to queues by itself, whatever the queue's policy says.
"""

import json
import time
import uuid

from .account import queue_url
from .deployed import resource_policy
from .environment import FunctionError
from .functions import Throttled
from .permissions import allows


class Rules:
    def __init__(self, functions):
        self._functions = functions
        self._account = functions.account

    def shut_out(self):
        """Targets, and queues of their dead letters, that a rule has no permission to send to, as `rule → ARN`."""
        return [
            f"{rule['Name']} → {arn}"
            for rule in self._all() for target in self._targets(rule)
            for arn in places(target)
            if not self._lets_in(arn, rule["Arn"])
        ]

    def matching(self, event):
        """The rules that let an event through."""
        return [
            rule["Name"]
            for rule in self._all() if "EventPattern" in rule and matches(json.loads(rule["EventPattern"]), event)
        ]

    def schedules(self):
        return [rule["Name"] for rule in self._all() if rule.get("ScheduleExpression")]

    def fire(self, name):
        """What happens when a schedule is due: its targets get their input."""
        rule = next(rule for rule in self._all() if rule["Name"] == name)
        if rule["State"] != "ENABLED" or not rule.get("ScheduleExpression"):
            raise ValueError(f"{name} is no schedule, or is disabled")
        for target in self._targets(rule):
            event = json.loads(target["Input"]) if "Input" in target else scheduled_event(rule, self._account.region)
            # What not even the queue of dead letters takes is lost.
            to = next((arn for arn in places(target) if self._lets_in(arn, rule["Arn"])), None)
            if to:
                self._deliver(to, event)

    def _deliver(self, arn, event):
        if arn.split(":")[2] == "sqs":
            sqs = self._account.client("sqs")
            sqs.send_message(QueueUrl=queue_url(sqs, arn), MessageBody=json.dumps(event))
            return
        # Asynchronous: Lambda takes the event, and tries it again as often as the function's settings say.
        for _ in range(1 + self._retries(arn)):
            try:
                self._functions.invoke(arn, event)
                break
            except (FunctionError, Throttled):
                pass

    def _retries(self, arn):
        name, qualifier = arn.split(":")[6:8]
        aws = self._account.client("lambda")
        return aws.get_function_event_invoke_config(FunctionName=name, Qualifier=qualifier)["MaximumRetryAttempts"]

    def _lets_in(self, arn, rule_arn):
        if arn.split(":")[2] == "lambda":
            policy, action = resource_policy(self._account, arn), "lambda:InvokeFunction"
        else:
            sqs = self._account.client("sqs")
            attributes = sqs.get_queue_attributes(QueueUrl=queue_url(sqs, arn), AttributeNames=["Policy"])
            policy, action = attributes.get("Attributes", {}).get("Policy") or '{"Statement": []}', "sqs:SendMessage"
        return allows(policy, "events.amazonaws.com", action, rule_arn)

    def _all(self):
        events = self._account.client("events")
        return [
            rule
            for bus in events.list_event_buses()["EventBuses"]
            for rule in events.list_rules(EventBusName=bus["Name"])["Rules"]
        ]

    def _targets(self, rule):
        events = self._account.client("events")
        targets = events.list_targets_by_rule(Rule=rule["Name"], EventBusName=rule["EventBusName"])["Targets"]
        for target in targets:
            if target.get("InputPath") or target.get("InputTransformer"):
                raise NotImplementedError(f"{rule['Name']}: what becomes of an event by InputPath or InputTransformer")
        return targets


def places(target):
    """Where an event goes: to the target, or else to the queue of its dead letters."""
    return [target["Arn"]] + ([target["DeadLetterConfig"]["Arn"]] if "DeadLetterConfig" in target else [])


def matches(pattern, event):
    """Whether an event has, for each field of a pattern, one of its values."""
    for field, values in pattern.items():
        found = event.get(field, {})
        if isinstance(values, dict):
            if not matches(values, found):
                return False
        elif not any(each in values for each in (found if isinstance(found, list) else [found])):
            return False
    return True


def scheduled_event(rule, region):
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": rule["Arn"].split(":")[4],
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "region": region,
        "resources": [rule["Arn"]],
        "detail": {},
    }
