"""Taking turns, and what a function did besides."""

import os
import threading
import time
from dataclasses import dataclass, field
from typing import Callable


class Distribution:
    def __init__(self, values):
        self.values = sorted(values)

    def percentile(self, share):
        place = share * (len(self.values) - 1)
        below = int(place)
        above = min(below + 1, len(self.values) - 1)
        return self.values[below] + (self.values[above] - self.values[below]) * (place - below)

    @property
    def median(self):
        return self.percentile(0.5)


@dataclass
class Peer:
    """One of those that take turns. `run` returns seconds; what comes before is in `prepare`."""

    name: str
    run: Callable
    prepare: Callable = lambda turn: None
    every: int = 1
    """Runs in one of so many turns: what takes long needs fewer. 0: once."""


def interleave(peers, turns):
    """Distributions by the peers' names. A first turn, which warms caches, doesn't count."""
    times = {peer.name: [] for peer in peers}
    for turn in range(-1, turns):
        for peer in peers:
            if turn == 0 or peer.every and (turn < 0 or turn % peer.every == 0):
                peer.prepare(turn)
                seconds = peer.run(turn)
                if turn >= 0:
                    times[peer.name].append(seconds)
    return {name: Distribution(values) for name, values in times.items()}


# MARK: Requests


class AccessLog:
    """The git server's requests for one repository since this was made."""

    PATH = os.environ["TEST_GIT_ACCESS_LOG"]

    def __init__(self, world):
        self.mark = f"/open/{world.name}.git/"
        self.offset = os.path.getsize(self.PATH)

    def requests(self):
        # A line is written once the answer is sent.
        time.sleep(0.05)
        with open(self.PATH, encoding="utf-8", errors="replace") as file:
            file.seek(self.offset)
            lines = [line.split("\t") for line in file]
        return [(line[0], line[1].split("?")[0].rsplit("/", 1)[1], int(line[3])) for line in lines if self.mark in line[1]]


# MARK: Memory and disk


@dataclass
class Footprint:
    """The most that a process and all it started had in memory (PSS) and in its folder, looked at again and again."""

    memory: int = 0
    disk: int = 0
    _ended: threading.Event = field(default_factory=threading.Event)

    def watch(self, process, folder):
        self._thread = threading.Thread(target=self._watch, args=(process, folder), daemon=True)
        self._thread.start()

    def end(self):
        self._ended.set()
        self._thread.join()

    def _watch(self, process, folder):
        while not self._ended.wait(0.003):
            processes = list(tree(process))
            self.memory = max(self.memory, sum(proportional_set_size(one) for one in processes))
            self.disk = max(self.disk, folder_size(folder) + sum(unnamed_files(one, folder) for one in processes))


def tree(process):
    yield process
    try:
        tasks = os.listdir(f"/proc/{process}/task")
        for task in tasks:
            with open(f"/proc/{process}/task/{task}/children", encoding="ascii") as file:
                for child in file.read().split():
                    yield from tree(int(child))
    except OSError:
        pass


def proportional_set_size(process):
    try:
        with open(f"/proc/{process}/smaps_rollup", encoding="ascii") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return 0


def folder_size(folder):
    size = 0
    for parent, _, files in os.walk(folder):
        for file in files:
            try:
                size += os.lstat(os.path.join(parent, file)).st_blocks * 512
            except OSError:
                pass
    return size


def unnamed_files(process, folder):
    """Files of the folder that have no name, but are open."""
    size = 0
    try:
        for descriptor in os.listdir(f"/proc/{process}/fd"):
            link = f"/proc/{process}/fd/{descriptor}"
            target = os.readlink(link)
            if target.startswith(folder) and target.endswith(" (deleted)"):
                size += os.stat(link).st_blocks * 512
    except OSError:
        pass
    return size
