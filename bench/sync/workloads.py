"""What is measured: each workload yields its results as they are there."""

import os
from dataclasses import dataclass

import subjects
from measurement import Distribution, Peer, interleave
from proxy import Distance
from world import World

QUICK = bool(os.environ.get("QUICK"))
FULL = bool(os.environ.get("FULL"))
BASE = os.environ.get("BASE")
TURNS = 10 if QUICK else 30
CLONING_AT_MOST = 10_000
ROUND_TRIP = 0.02
COMMITS = 1_000 if QUICK else 10_000
ASSETS = 100 if QUICK else 700

# Who takes turns.
BARE = "bare git"
WARM = "warm"
COLD = "cold"
CLONING = "cloning"


@dataclass
class Result:
    workload: str
    skills: int
    peer: str
    times: Distribution
    least: float
    cost: subjects.Cost


_templates = {}


def template(skills):
    """A world of so many skills to make copies of."""
    if skills not in _templates:
        world = World.empty(f"skills-{skills}", skills)
        world.command("skills-to-git", "export")
        world.repack()
        _templates[skills] = world
    return _templates[skills]


def measure(workload, skills, members, turns=TURNS, every=None, floor=BARE):
    """Lets them take turns, and makes a result of each. Ends them."""
    every = every or {}
    peers = [Peer(name, one.run, one.prepare, every.get(name, 1)) for name, one in members.items()]
    times = interleave(peers, turns)
    least = times[floor].median if floor in times else None
    for name, one in members.items():
        yield Result(workload, skills, name, times[name], least, one.cost(turns))
        one.end()
        one.world.remove()


def ours(make, world, kinds=(WARM, COLD), **options):
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


def cloning_turns(skills):
    """It takes seconds where there are many skills."""
    return 1 if skills <= 100 else 3 if skills <= 1_000 else 10


def one_skill():
    """One skill saved in the application."""
    for skills in sizes():
        yield from export_one(template(skills))


def export_one(world):
    members = {BARE: subjects.BareExport(world.copy(f"{world.name}-bare"))}
    members |= ours(subjects.OurExport, world)
    if world.skills <= CLONING_AT_MOST:
        members[CLONING] = subjects.CloningExport(world.copy(f"{world.name}-cloning"))
    return measure("one skill saved", world.skills, members, every={CLONING: cloning_turns(world.skills)})


def one_file():
    """One file changed in git."""
    for skills in sizes():
        world = template(skills)
        members = {BARE: subjects.BareImport(world.copy(f"{world.name}-bare"))}
        members |= ours(subjects.OurImport, world)
        if skills <= CLONING_AT_MOST:
            members[CLONING] = subjects.CloningImport(world.copy(f"{world.name}-cloning"))
        yield from measure("one file pushed", skills, members, every={CLONING: cloning_turns(skills)})


def hundred():
    """A hundred skills saved at once."""
    world = template(10_000)
    members = {BARE: subjects.BareExport(world.copy(f"{world.name}-bare"), 100)}
    members |= ours(subjects.OurExport, world, count=100)
    members[f"{WARM}, one skill"] = subjects.OurExport(world.copy(f"{world.name}-one"), "warm")
    # Its hundredfold is what a hundred events cost, one after the other.
    members[f"{CLONING}, one skill"] = subjects.CloningExport(world.copy(f"{world.name}-cloning"))
    return measure("100 skills saved", world.skills, members, every={f"{CLONING}, one skill": cloning_turns(world.skills)})


def commits():
    """A thousand commits, each of another file, then one event."""
    world = template(10_000)
    members = {BARE: subjects.BareImport(world.copy(f"{world.name}-bare"), 1_000)}
    members |= ours(subjects.OurImport, world, count=1_000, commits=1_000)
    members[CLONING] = subjects.CloningImport(world.copy(f"{world.name}-cloning"), 1_000, 1_000)
    return measure("1,000 commits pushed", world.skills, members, turns=3 if QUICK else 5)


def history():
    """One skill saved, beside histories of one and of ten thousand commits."""
    world = template(10_000)
    old = with_history(world)
    members = {}
    for name, one in (("1 commit", world), (f"{COMMITS:,} commits", old)):
        for kind in (WARM, COLD):
            members[f"{kind}, {name}"] = subjects.OurExport(one.copy(f"{one.name}-{kind}"), kind)
        members[f"{CLONING}, {name}"] = subjects.CloningExport(one.copy(f"{one.name}-cloning"))
    every = {name: cloning_turns(world.skills) for name in members if name.startswith(CLONING)}
    return measure("one skill saved", world.skills, members, every=every)


def with_history(world):
    """The same skills after many commits, each an edit of one file."""
    old = world.copy(f"{world.name}-old")
    old.push(range(COMMITS - 1), COMMITS - 1)
    old.command("git-to-skills", "import")
    old.repack()
    return old


def assets():
    """One skill saved, with and without 700 MB of other files in the repository."""
    world = template(1_000)
    large = world.copy(f"{world.name}-assets")
    large.push_assets(ASSETS)
    large.command("git-to-skills", "import")
    members = {}
    for name, one in (("skills alone", world), (f"{ASSETS} MB beside", large)):
        for kind in (WARM, COLD):
            members[f"{kind}, {name}"] = subjects.OurExport(one.copy(f"{one.name}-{kind}"), kind)
        members[f"{CLONING}, {name}"] = subjects.CloningExport(one.copy(f"{one.name}-cloning"))
    every = {f"{CLONING}, skills alone": cloning_turns(world.skills), f"{CLONING}, {ASSETS} MB beside": 0}
    return measure("one skill saved", world.skills, members, every=every)


def first():
    """A first export into an empty repository, a first import into an empty table."""
    for skills in sizes()[2:]:
        turns = 5 if skills <= 10_000 else 1
        synced = template(skills)
        rows = World.empty(f"rows-{skills}", skills)
        files = World.empty(f"files-{skills}")
        files.take_repository(synced)
        members = {BARE: subjects.BareFirstExport(synced.copy(f"{synced.name}-bare"))}
        members[COLD] = subjects.First(rows, "skills-to-git", "export", skills)
        yield from measure("first export", skills, members, turns)
        members = {BARE: subjects.BareFirstImport(synced.copy(f"{synced.name}-bare"))}
        members[COLD] = subjects.First(files, "git-to-skills", "import", skills)
        yield from measure("first import", skills, members, turns)


def drift():
    """A drift check."""
    world = template(10_000)
    return measure("drift check", world.skills, ours(subjects.OurDrift, world))


def latency():
    """One skill saved and one file pushed, with the servers 20 ms away."""
    world = template(10_000)
    with Distance(ROUND_TRIP) as away:
        for workload, our, bare, cloning in (
            ("one skill saved", subjects.OurExport, subjects.BareExport, subjects.CloningExport),
            ("one file pushed", subjects.OurImport, subjects.BareImport, subjects.CloningImport),
        ):
            members = {}
            for name, addresses in (("0 ms", {}), ("20 ms", away.addresses)):
                def copy(kind):
                    return world.copy(f"{world.name}-{kind}-{name[:2].strip()}", **addresses)
                members[f"{BARE}, {name}"] = bare(copy("bare"))
                for kind in (WARM, COLD):
                    members[f"{kind}, {name}"] = our(copy(kind), kind)
                members[f"{CLONING}, {name}"] = cloning(copy("cloning"))
            every = {name: cloning_turns(world.skills) for name in members if name.startswith(CLONING)}
            yield from measure(workload, world.skills, members, every=every, floor=f"{BARE}, 20 ms")


WORKLOADS = {
    "one-skill": one_skill, "one-file": one_file, "hundred": hundred, "commits": commits, "history": history,
    "assets": assets, "first": first, "drift": drift, "latency": latency,
}
