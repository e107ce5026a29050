"""Those that take turns: ours, the document's flow, the floor. Each has a world of its own."""

import json
from dataclasses import dataclass

from document_flow import DocumentFlow
from floor import Floor
from function import ColdFunction, InvocationFailed, WarmFunction
from measurement import AccessLog, Footprint, folder_size
from proxy import Proxy, round_trips
from world import DATABASE_SERVER, EXECUTABLES, GIT_SERVER, connect, push_payload, saved_event, skill_id, webhook_event

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

    def __init__(self, world, kind, count=1, executables=EXECUTABLES):
        self.world, self.kind, self.count, self.executables = world, kind, count, executables
        self.function = self._start(world)

    def _start(self, world):
        return KINDS[self.kind](self.EXECUTABLE, world, self.executables)

    def prepare(self, turn):
        self.event = self._change(pick(turn, self.count, self.world.skills))

    def run(self, turn, function=None, during=None):
        seconds, answer = (function or self.function).invoke(self.event, during)
        if answer["counts"]["updated"] != self.count:
            raise InvocationFailed(f"{self.count} skills should have been updated: {answer}")
        return seconds

    def cost(self, turn):
        """Of runs after those that were timed: one through counting proxies, one that is watched."""
        footprint = Footprint()
        self.prepare(turn)
        self.run(turn, during=footprint.watch)
        footprint.end()

        git, database = Proxy(GIT_SERVER), Proxy(DATABASE_SERVER)
        function = self._start(self.world.at(git.address, database.address))
        try:
            self.prepare(turn + 1)
            self.run(turn + 1, function)
            git.records = database.records = True
            self.prepare(turn + 2)
            log = AccessLog(self.world)
            self.run(turn + 2, function)
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
    EXECUTABLE = "skills-to-git"

    def _change(self, numbers):
        self.world.save(numbers)
        return saved_event(numbers[0])


class OurImport(Ours):
    EXECUTABLE = "git-to-skills"
    commits = 1

    def _change(self, numbers):
        return webhook_event(push_payload(*self.world.push(numbers, self.commits), numbers))


class OurDrift(Ours):
    EXECUTABLE = "skills-to-git"

    def _change(self, numbers):
        return json.dumps({"action": "drift"})

    def run(self, turn, function=None, during=None):
        seconds, answer = (function or self.function).invoke(self.event, during)
        if answer["counts"]["inSync"] != self.world.skills:
            raise InvocationFailed(f"everything should be in sync: {answer}"[:2000])
        return seconds


class DocumentExport:
    """Of one skill: the document's flow is called for each."""

    def __init__(self, world):
        self.world = world
        self.flow = DocumentFlow(world)

    def prepare(self, turn):
        self.numbers = pick(turn, 1, self.world.skills)
        self.world.save(self.numbers)

    def run(self, turn):
        return self.flow.save(skill_id(self.numbers[0]))

    def cost(self, turn):
        self.prepare(turn)
        log = AccessLog(self.world)
        self.run(turn)
        return Cost(
            requests=len(log.requests()), traffic=sum(size for _, _, size in log.requests()), disk=folder_size(self.flow.folder)
        )

    def end(self):
        self.flow.end()


class DocumentImport(DocumentExport):
    def __init__(self, world, count=1):
        super().__init__(world)
        self.count = count

    def prepare(self, turn):
        numbers = pick(turn, self.count, self.world.skills)
        self.payload = push_payload(*self.world.push(numbers), numbers)

    def run(self, turn):
        return self.flow.webhook(self.payload)


class FloorExport:
    def __init__(self, world, count=1):
        self.world, self.count = world, count
        self.floor = Floor(world)

    def prepare(self, turn):
        self.numbers = pick(turn, self.count, self.world.skills)
        self._prepare()

    def _prepare(self):
        self.floor.prepare_push(self.numbers)

    def run(self, turn):
        return self.floor.push(self.numbers)

    def cost(self, turn):
        self.prepare(turn)
        log = AccessLog(self.world)
        self.run(turn)
        return Cost(requests=len(log.requests()))

    def end(self):
        self.floor.end()


class FloorImport(FloorExport):
    def _prepare(self):
        self.floor.prepare_fetch(self.numbers)

    def run(self, turn):
        return self.floor.fetch()
