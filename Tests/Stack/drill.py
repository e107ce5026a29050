"""drill.py [ALARM…]: rehearses the runbook of each alarm on the local stack. Run by `make drill`.

Something is broken until the alarm rings, by its own parameters as Terraform applied them; the runbook's commands are
taken out of docs/runbooks.md and run; and then the alarm has to end. Periods don't take their time: one is over when
what was to happen in it has happened.
"""

import os
import signal
import sys
import tempfile

from alarms import Alarm
from drills import DRILLS
from operations import NAME, Operations
from shell import Failure
from stack import Stack
from surroundings import Surroundings


class Watch:
    """An alarm, over periods of its own, from now on."""

    def __init__(self, operations, alarm):
        self.operations, self.alarm, self.periods, self.state = operations, alarm, [], "OK"
        operations.measured()

    def end_period(self):
        self.operations.settle()
        self.periods.append(self.operations.measured())
        self.state = self.alarm.state(self.periods, self.state)

    def wait_until_quiet(self):
        """How many periods with nothing but the schedules it takes to end."""
        for count in range(1, self.alarm.periods + 1):
            for schedule in "skills-to-git-sweep", "git-to-skills-sweep", "drift":
                self.operations.fire(schedule)
            self.end_period()
            if self.state == "OK":
                return count
        raise Failure(f"still {self.state} after {count} periods: {list(map(self.alarm.value, self.periods))}")


def rehearse(drill, alarm, operations, around):
    """The value that made the alarm ring, how many blocks of commands were run, and after how many periods it ended."""
    watch = Watch(operations, alarm)
    watch.wait_until_quiet()
    while watch.state == "OK":
        if len(watch.periods) > alarm.periods:
            raise Failure(f"it doesn't ring: {list(map(alarm.value, watch.periods))}")
        drill.cause(operations, around)
        watch.end_period()
    value = alarm.value(watch.periods[-1])
    blocks = operations.runbooks[drill.alarm]
    shell = operations.open_shell()
    try:
        shell.follow(blocks[0])
        drill.person(operations, around, shell)
        for block in blocks[1:]:
            shell.follow(block)
    finally:
        shell.close()
    watch.end_period()
    return value, len(blocks), watch.wait_until_quiet()


def drill_all(chosen, operations, around):
    cloudwatch = operations.stack.account.client("cloudwatch")
    alarms = {
        definition["AlarmName"].removeprefix(NAME + "-"): Alarm(definition)
        for page in cloudwatch.get_paginator("describe_alarms").paginate() for definition in page["MetricAlarms"]
    }
    alone = set(alarms) ^ {drill.alarm for drill in DRILLS}
    if alone:
        raise Failure(f"these have an alarm or a drill, but not both: {', '.join(sorted(alone))}")
    operations.fire("skills-to-git-sweep")
    shell = operations.open_shell()
    shell.follow(operations.runbooks["where-these-commands-run"][-1])
    shell.close()
    print("| Alarm | Caused by | Value | Commands | Ended after |\n| --- | --- | --- | --- | --- |", flush=True)
    for drill in DRILLS:
        if chosen and drill.alarm not in chosen:
            continue
        alarm = alarms[drill.alarm]
        try:
            value, commands, periods = rehearse(drill, alarm, operations, around)
        except (Failure, TimeoutError) as error:
            # What is broken now would be in the way of the others.
            raise Failure(f"{drill.alarm}: {error}") from None
        rang_by = "missing" if value is None else f"{value:g} > {alarm.threshold:g}"
        print(f"| {drill.alarm} | {drill.caused_by} | {rang_by} | {commands} "
              f"| {periods} × {alarm.period} s |", flush=True)


# What was started is ended and removed then, too.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
with tempfile.TemporaryDirectory() as folder, Stack(folder, {"PUSH_INTERVAL": "0"}, retry_after=0) as stack:
    address = os.environ["TEST_DATABASE_URL"].split("@")[1].rsplit("/", 1)[0]
    around = Surroundings(stack.repository, f"postgresql://postgres@{address}/skills", folder)
    operations = Operations(stack, f"postgresql://app_owner@{address}/skills")
    try:
        around.sql("ALTER ROLE app_owner CREATEROLE; GRANT sync TO app_owner WITH ADMIN OPTION")
        around.add_skills(16)
        drill_all(sys.argv[1:], operations, around)
    except Failure as failure:
        sys.exit(f"drill: {failure}")
    finally:
        operations.stop()
