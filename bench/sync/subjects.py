"""Those that take turns: ours, bare git, and a clone each time. Each has a world of its own."""

import itertools
import json
from dataclasses import dataclass

from bare import Bare
from cloning import CloningFlow
from function import ColdFunction, InvocationFailed, WarmFunction
from measurement import AccessLog, Footprint, folder_size
from proxy import Proxy, round_trips
from world import DATABASE_SERVER, EXECUTABLES, GIT_SERVER, push_payload, saved_event, skill_id, webhook_event

_numbers = itertools.count()

KINDS = {"warm": WarmFunction, "cold": ColdFunction}


@dataclass
class Cost:
    """What one invocation took besides time; None is what wasn't looked at."""

    requests: int
    traffic: int = None
    round_trips: int = None
    memory: int = None
    disk: int = None


def pick(turn, count, skills):
    """Other skills in every turn."""
    start = (turn + 1) * count * 7
    return [(start + place) % skills for place in range(count)]


class Ours:
    """A function of ours that brings `count` skills to the other side."""

    counts = "updated"

    def __init__(self, world, kind, count=1, executables=EXECUTABLES):
        self.world, self.kind, self.count, self.executables = world, kind, count, executables
        self.function = self._start(world)

    def _start(self, world):
        return KINDS[self.kind](self.executable, world, self.executables)

    def prepare(self, turn):
        self.event = self._change(pick(turn, self.count, self.world.skills))

    def run(self, turn, function=None, during=None):
        seconds, answer = (function or self.function).invoke(self.event, during)
        if answer["counts"].get(self.counts) != self.count:
            raise InvocationFailed(f"{self.count} skills should be {self.counts}: {answer}"[:2000])
        return seconds

    def cost(self, turn):
        """Of runs after those that were timed, watched and through proxies that count.

        A warm one is watched in the process that had those runs.
        """
        footprint = Footprint()
        is_warm = self.kind == "warm"
        if is_warm:
            self.prepare(turn)
            self.run(turn, during=footprint.watch)
            footprint.end()

        git, database = Proxy(GIT_SERVER), Proxy(DATABASE_SERVER)
        self.prepare(turn + 1)
        function = self._start(self.world.at(git.address, database.address))
        try:
            if is_warm:
                self.run(turn + 1, function)
                self.prepare(turn + 2)
            git.records = database.records = True
            log = AccessLog(self.world)
            self.run(turn + 2, function, None if is_warm else footprint.watch)
            footprint.end()
            return Cost(
                requests=len(log.requests()),
                traffic=sum(len(data) for _, _, _, data in git.passed),
                round_trips=round_trips(database.passed),
                memory=footprint.memory,
                disk=footprint.disk,
            )
        finally:
            function.end()
            git.close()
            database.close()
            self.world.record_address()

    def end(self):
        self.function.end()


class OurExport(Ours):
    executable = "skills-to-git"

    def _change(self, numbers):
        self.world.save(numbers)
        return saved_event(numbers[0])


class OurImport(Ours):
    executable = "git-to-skills"

    def __init__(self, world, kind, count=1, commits=1, **options):
        self.commits = commits
        super().__init__(world, kind, count, **options)

    def _change(self, numbers):
        return webhook_event(push_payload(*self.world.push(numbers, self.commits), numbers))


class OurDrift(Ours):
    executable = "skills-to-git"
    counts = "in sync"

    def __init__(self, world, kind, **options):
        super().__init__(world, kind, world.skills, **options)

    def _change(self, numbers):
        return json.dumps({"action": "drift"})


class First(Ours):
    """A first contact of our own, cold: each run has a copy of a world where one side is empty."""

    kind = "cold"
    counts = "created"

    def __init__(self, template, executable, action, count, executables=EXECUTABLES):
        self.template, self.executable, self.count, self.executables = template, executable, count, executables
        self.event = json.dumps({"action": action})
        self.world = None

    def prepare(self, turn):
        if self.world:
            self.world.remove()
        self.world = self.template.copy(f"{self.template.name}-first-{next(_numbers)}")
        self.function = self._start(self.world)


class Other:
    """Not ours. Its requests are those of its last run."""

    def __init__(self, world, count=1):
        self.world, self.count = world, count

    def prepare(self, turn):
        self._change(pick(turn, self.count, self.world.skills))
        self.log = AccessLog(self.world)

    def cost(self, turn):
        return Cost(len(self.log.requests()))

    def end(self):
        self.tool.end()


class Cloning(Other):
    def __init__(self, world, count=1):
        super().__init__(world, count)
        self.tool = CloningFlow(world)

    def cost(self, turn):
        """What the server sends is all but everything."""
        requests = self.log.requests()
        return Cost(len(requests), sum(size for _, _, size in requests), disk=folder_size(self.tool.folder))


class CloningExport(Cloning):
    """Of one skill: it is called for each."""

    def _change(self, numbers):
        self.world.save(numbers)
        self.skill = skill_id(numbers[0])

    def run(self, turn):
        return self.tool.save(self.skill)


class CloningImport(Cloning):
    def __init__(self, world, count=1, commits=1):
        super().__init__(world, count)
        self.commits = commits

    def _change(self, numbers):
        self.payload = push_payload(*self.world.push(numbers, self.commits), numbers)

    def run(self, turn):
        return self.tool.webhook(self.payload)


class BareExport(Other):
    is_shallow = False

    def __init__(self, world, count=1):
        super().__init__(world, count)
        self.tool = Bare(world, self.is_shallow)

    def _change(self, numbers):
        self.numbers = numbers
        self.tool.prepare_push(numbers)

    def run(self, turn):
        return self.tool.push(self.numbers)


class BareImport(BareExport):
    is_shallow = True

    def _change(self, numbers):
        self.tool.prepare_fetch(numbers)

    def run(self, turn):
        return self.tool.fetch()


class BareFirstExport(BareExport):
    def _change(self, numbers):
        self.tool.prepare_push_all()

    def run(self, turn):
        return self.tool.push_all()


class BareFirstImport(BareImport):
    def _change(self, numbers):
        self.tool.prepare_fetch_all()

    def run(self, turn):
        return self.tool.fetch_all()
