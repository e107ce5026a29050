"""What is measured: each workload yields its results as they are there."""

import os
from dataclasses import dataclass

import subjects
from measurement import Distribution, Peer, interleave
from world import World

QUICK = bool(os.environ.get("QUICK"))
FULL = bool(os.environ.get("FULL"))
BASE = os.environ.get("BASE")
TURNS = 10 if QUICK else 30
DOCUMENT_AT_MOST = 10_000


@dataclass
class Result:
    workload: str
    skills: int
    peer: str
    times: Distribution
    floor: float
    cost: subjects.Cost


_templates = {}


def template(skills):
    """A world of so many skills to make copies of."""
    if skills not in _templates:
        world = World.empty(f"skills-{skills}", skills)
        world.command("skills-to-git", "export")
        _templates[skills] = world
    return _templates[skills]


def measure(workload, skills, members, turns=TURNS, every=None, floor="floor"):
    """Lets them take turns, and makes a result of each. Ends them."""
    every = every or {}
    peers = [Peer(name, one.run, one.prepare, every.get(name, 1)) for name, one in members.items()]
    times = interleave(peers, turns)
    least = times[floor].median if floor in times else None
    for name, one in members.items():
        yield Result(workload, skills, name, times[name], least, one.cost(turns))
        one.end()
        one.world.remove()


def ours(make, world, kinds=("warm", "cold"), **options):
    """Ours by kind, and beside it the base's."""
    members = {}
    for kind in kinds:
        members[kind] = make(world.copy(f"{world.name}-{kind}"), kind, **options)
        if BASE:
            members[f"{kind}, {BASE}"] = make(
                world.copy(f"{world.name}-{kind}-base"), kind, executables=os.environ["BASE_EXECUTABLES"], **options
            )
    return members


def sizes():
    return [100, 1_000, 10_000] + ([100_000] if FULL else [])


def document_turns(skills):
    """The document's flow takes seconds where there are many skills."""
    return 1 if skills <= 100 else 3 if skills <= 1_000 else 10


def one_skill():
    """One skill saved in the application."""
    for skills in sizes():
        yield from export_one(template(skills))


def export_one(world):
    members = {"floor": subjects.FloorExport(world.copy(f"{world.name}-floor"))}
    members |= ours(subjects.OurExport, world)
    if world.skills <= DOCUMENT_AT_MOST:
        members["document"] = subjects.DocumentExport(world.copy(f"{world.name}-document"))
    return measure("one skill saved", world.skills, members, every={"document": document_turns(world.skills)})


def one_file():
    """One file changed in git."""
    for skills in sizes():
        world = template(skills)
        members = {"floor": subjects.FloorImport(world.copy(f"{world.name}-floor"))}
        members |= ours(subjects.OurImport, world)
        if skills <= DOCUMENT_AT_MOST:
            members["document"] = subjects.DocumentImport(world.copy(f"{world.name}-document"))
        yield from measure("one file pushed", skills, members, every={"document": document_turns(skills)})


WORKLOADS = {"one-skill": one_skill, "one-file": one_file}
