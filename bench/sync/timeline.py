"""Where the time of one invocation goes: `run timeline`, after which it prints the median run's timeline.

SKILLS (10000), KIND (warm or cold), WAY (export or import), COUNT (1) and RUNS (15) say of what. git is traced by its own
trace2, requests and statements are seen by a proxy: all of it makes a run slower by a few milliseconds.
"""

import glob
import json
import os
import struct
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime

import subjects
from measurement import Distribution
from proxy import Proxy
from workloads import template
from world import DATABASE_SERVER, GIT_SERVER

SKILLS = int(os.environ.get("SKILLS", "10000"))
KIND = os.environ.get("KIND", "warm")
WAY = os.environ.get("WAY", "export")
COUNT = int(os.environ.get("COUNT", "1"))
RUNS = int(os.environ.get("RUNS", "15"))


def traced_git(folder):
    """A git that tells what it does, first in the PATH."""
    real = next(path for path in (f"{place}/git" for place in os.environ["PATH"].split(":")) if os.access(path, os.X_OK))
    wrapper = os.path.join(folder, "git")
    with open(wrapper, "w", encoding="utf-8") as file:
        file.write(f"#!/bin/sh\nGIT_TRACE2_EVENT={folder}/traces exec {real} \"$@\"\n")
    os.chmod(wrapper, 0o755)
    os.mkdir(f"{folder}/traces")
    os.environ["PATH"] = f"{folder}:{os.environ['PATH']}"


def git_commands(folder):
    """Start, end, depth and words of each git process since the last call."""
    commands = []
    for name in glob.glob(f"{folder}/traces/*"):
        with open(name, encoding="utf-8") as file:
            events = [json.loads(line) for line in file]
        os.remove(name)
        start = next((event for event in events if event["event"] == "start"), None)
        end = next((event for event in events if event["event"] == "atexit"), events[-1])
        if start:
            at = lambda event: datetime.fromisoformat(event["time"].replace("Z", "+00:00")).timestamp()
            commands.append((at(start) - start["t_abs"], at(end), start["sid"].count("/"), words(start["argv"])))
    return commands


def words(argv):
    """A command without its settings."""
    kept = []
    arguments = iter(argv)
    for argument in arguments:
        if argument in ("-c", "-C", "--git-dir"):
            next(arguments, None)
        elif not argument.startswith(("--git-dir=", "http://")):
            kept.append(os.path.basename(argument))
    return " ".join(kept)[:110]


def exchanges(passed, label):
    """Start, end and label of each thing that the client asked for."""
    found = []
    speaking = {}
    for at, connection, is_client, data in passed:
        if is_client and data:
            if not speaking.get(connection):
                found.append([at, at, connection, b""])
            last = next(one for one in reversed(found) if one[2] == connection)
            last[3] += data[:20_000]
        elif data:
            next(one for one in reversed(found) if one[2] == connection)[1] = at
        if data:
            speaking[connection] = is_client
    return [(start, end, 0, label(data)) for start, end, _, data in found]


def http_label(data):
    method, target = data.split(b" ")[:2]
    return f"{method.decode()} …/{target.decode().split('.git/')[1]}"


def sql_label(data):
    """The statements of a burst of PostgreSQL's messages."""
    statements = []
    place = 0
    if data[:1] not in b"QPBDESCHFXdcfp":
        return "connect"
    while place + 5 <= len(data):
        kind = data[place : place + 1]
        (length,) = struct.unpack(">I", data[place + 1 : place + 5])
        body = data[place + 5 : place + 1 + length]
        if kind in b"QP":
            statement = body.split(b"\0")[1 if kind == b"P" else 0]
            statements.append(" ".join(statement.decode("utf-8", "replace").split())[:70])
        place += 1 + length
    if not statements:
        return "rows"
    others = f" (of {len(statements)} statements)" if len(statements) > 1 else ""
    # What begins a transaction says little.
    first = next((one for one in statements if not one.startswith(("BEGIN", "SELECT set_config"))), statements[0])
    return first + others


def covered(intervals):
    """How long at least one of them lasted."""
    total = 0.0
    until = 0.0
    for start, end, *_ in sorted(intervals):
        total += max(0.0, end - max(start, until))
        until = max(until, end)
    return total


def gaps(intervals, began, ended):
    """What is in none of them."""
    until = began
    for start, end, *_ in sorted(intervals) + [(ended, ended)]:
        if start > until:
            yield until, start
        until = max(until, end)


def record(folder, git, database):
    """The times of each run, and what it asked of others meanwhile."""
    world = template(SKILLS).copy("timeline").at(git.address, database.address)
    subject = {"export": subjects.OurExport, "import": subjects.OurImport}[WAY](world, KIND, COUNT)
    for turn in range(-1, RUNS):
        subject.prepare(turn)
        git_commands(folder)
        git.passed, database.passed = [], []
        git.records = database.records = True
        began = time.time()
        seconds = subject.run(turn)
        # Traces are written, and the last answers have passed, a moment later.
        time.sleep(0.05)
        if turn >= 0:
            yield Run(
                began, seconds, git_commands(folder), exchanges(git.passed, http_label), exchanges(database.passed, sql_label)
            )
    subject.end()


@dataclass
class Run:
    began: float
    seconds: float
    commands: list
    requests: list
    statements: list

    @property
    def outside(self):
        return [one for one in self.commands if one[2] == 0] + self.statements

    @property
    def own(self):
        return list(gaps(self.outside, self.began, self.began + self.seconds))

    def print(self):
        lines = [(*one, "git") for one in self.commands] + [(*one, "http") for one in self.requests]
        lines += [(*one, "sql") for one in self.statements]
        lines += [(start, end, 0, "", "own") for start, end in self.own if end - start > 0.001]
        print("   at ms   lasts")
        for start, end, depth, label, what in sorted(lines):
            print(f"{(start - self.began) * 1000:8.1f} {(end - start) * 1000:7.1f}  {what:4}  {'  ' * depth}{label}")


def main():
    folder = tempfile.mkdtemp(dir=os.path.dirname(os.environ["TEST_GIT_ROOT"]))
    traced_git(folder)
    runs = list(record(folder, Proxy(GIT_SERVER), Proxy(DATABASE_SERVER)))
    middle = sorted(runs, key=lambda run: run.seconds)[len(runs) // 2]
    print(f"{KIND} {WAY}, {COUNT} of {SKILLS:,} skills: {middle.seconds * 1000:.1f} ms, the median of {RUNS}\n")
    middle.print()

    def median(of):
        return Distribution([of(run) for run in runs]).median * 1000

    top = [one for one in middle.commands if one[2] == 0]
    print("\nown: in the function, and starting processes; under 1 ms left out")
    print(f"medians of {RUNS}, each its own; some of it is done at the same time:")
    print(f"{median(lambda run: covered([c for c in run.commands if c[2] == 0])):7.1f} ms in {len(top)} git commands, of it")
    print(f"{median(lambda run: covered(run.requests)):7.1f} ms for {len(middle.requests)} requests")
    print(f"{median(lambda run: covered(run.statements)):7.1f} ms for {len(middle.statements)} round trips to the database")
    print(f"{median(lambda run: sum(end - start for start, end in run.own)):7.1f} ms in neither")


main()
