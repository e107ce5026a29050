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
BASE_EXECUTABLES = os.environ.get("BASE_EXECUTABLES")
TURNS = 5 if QUICK else 30
FEW_TURNS = 2 if QUICK else 5
"""Where a run takes seconds."""
CLONING_AT_MOST = 10_000
ROUND_TRIP = 0.02
COMMITS = 1_000 if QUICK else 10_000
ASSETS = 100 if QUICK else 700
PUSHED_COMMITS = 100 if QUICK else 1_000

# Who takes turns.
BARE = "bare git"
WARM = "warm"
COLD = "cold"
CLONING = "cloning"
PEERS = (BARE, WARM, COLD, CLONING)


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


def measure(workload, skills, members, turns=TURNS, once=(), floor=BARE):
    """Lets them take turns, and makes a result of each. Ends them."""
    peers = []
    for name, one in members.items():
        every = 0 if name in once else cloning_turns(skills) if name.startswith(CLONING) else 1
        peers.append(Peer(name, one.run, one.prepare, every))
    times = interleave(peers, turns)
    least = times[floor if floor in times else next(iter(members))].median
    for name, one in members.items():
        yield Result(workload, skills, name, times[name], least, one.cost(turns))
        one.end()
        one.world.remove()


def cloning_turns(skills):
    """It takes seconds where there are many skills."""
    return 1 if skills <= 100 else 3 if skills <= 1_000 else 10


def ours(make, world, **options):
    """Ours warm and cold, and those of the other commit."""
    members = {}
    for kind in (WARM, COLD):
        members[kind] = make(world.copy(f"{world.name}-{kind}"), kind, **options)
        if BASE:
            other = world.copy(f"{world.name}-{kind}-base")
            members[f"{kind}, {BASE}"] = make(other, kind, executables=BASE_EXECUTABLES, **options)
    return members


def by_size(workload, our, bare, cloning):
    for skills in sizes():
        world = template(skills)
        members = {BARE: bare(world.copy(f"{world.name}-bare"))} | ours(our, world)
        if skills <= CLONING_AT_MOST:
            members[CLONING] = cloning(world.copy(f"{world.name}-cloning"))
        yield from measure(workload, skills, members)


def sizes():
    return ([100, 10_000] if QUICK else [100, 1_000, 10_000]) + ([100_000] if FULL else [])


SAVED = ("one skill saved", subjects.OurExport, subjects.BareExport, subjects.CloningExport)
PUSHED = ("one file pushed", subjects.OurImport, subjects.BareImport, subjects.CloningImport)


def one_skill():
    """One skill saved in the application."""
    return by_size(*SAVED)


def one_file():
    """One file changed in git."""
    return by_size(*PUSHED)


def hundred():
    """A hundred skills saved at once, beside one. Cloning a hundred times is what a hundred events would cost it."""
    world = template(10_000)
    members = {BARE: subjects.BareExport(world.copy(f"{world.name}-bare"), 100)}
    members |= ours(subjects.OurExport, world, count=100)
    members[f"{WARM}, one skill"] = subjects.OurExport(world.copy(f"{world.name}-one"), WARM)
    members[f"{CLONING}, one skill"] = subjects.CloningExport(world.copy(f"{world.name}-cloning"))
    return measure("100 skills saved", world.skills, members)


def commits():
    """Many commits, each of another file, then one event."""
    world = template(10_000)
    count = PUSHED_COMMITS
    members = {BARE: subjects.BareImport(world.copy(f"{world.name}-bare"), count)}
    members |= ours(subjects.OurImport, world, count=count, commits=count)
    members[CLONING] = subjects.CloningImport(world.copy(f"{world.name}-cloning"), count, count)
    return measure(f"{count:,} commits pushed", world.skills, members, turns=FEW_TURNS)


def history():
    """One skill saved, beside histories of one commit and of many."""
    world = template(10_000)
    old = world.copy(f"{world.name}-old")
    old.push(range(COMMITS - 1), COMMITS - 1)
    old.command("git-to-skills", "import")
    old.repack()
    return variants({"1 commit": world, f"{COMMITS:,} commits": old})


def assets():
    """One skill saved, with and without large files beside the skills, which can't be compressed."""
    world = template(1_000)
    large = world.copy(f"{world.name}-assets")
    large.push_assets(ASSETS)
    large.command("git-to-skills", "import")
    beside = f"{ASSETS} MB beside"
    return variants({"skills alone": world, beside: large}, once=(f"{CLONING}, {beside}",))


def variants(worlds, once=()):
    """One skill saved in each of these, taking turns."""
    workload, our, _, cloning = SAVED
    members = {}
    for name, world in worlds.items():
        for kind in (WARM, COLD):
            members[f"{kind}, {name}"] = our(world.copy(f"{world.name}-{kind}"), kind)
        members[f"{CLONING}, {name}"] = cloning(world.copy(f"{world.name}-cloning"))
    return measure(workload, world.skills, members, once=once)


def first():
    """A first export into an empty repository, a first import into an empty table."""
    for skills in [10_000, 100_000] if FULL else [10_000]:
        synced = template(skills)
        rows = World.empty(f"rows-{skills}", skills)
        files = World.empty(f"files-{skills}")
        files.take_repository(synced)
        for workload, bare, *contact in (
            ("first export", subjects.BareFirstExport, rows, "skills-to-git", "export"),
            ("first import", subjects.BareFirstImport, files, "git-to-skills", "import"),
        ):
            members = {BARE: bare(synced.copy(f"{synced.name}-bare")), COLD: subjects.First(*contact, skills)}
            if BASE:
                members[f"{COLD}, {BASE}"] = subjects.First(*contact, skills, BASE_EXECUTABLES)
            once = members if skills > 10_000 else ()
            yield from measure(workload, skills, members, FEW_TURNS, once)


def drift():
    """A drift check."""
    world = template(10_000)
    return measure("drift check", world.skills, ours(subjects.OurDrift, world))


def latency():
    """One skill saved and one file pushed, with the servers here and 20 ms away."""
    world = template(10_000)
    with Distance(ROUND_TRIP) as far:
        for workload, our, bare, cloning in (SAVED, PUSHED):
            members = {}
            for name, addresses in (("0 ms", {}), ("20 ms", far.addresses)):
                copies = {who: world.copy(f"{world.name}-{who}-{name}".replace(" ", "-"), **addresses) for who in PEERS}
                members[f"{BARE}, {name}"] = bare(copies[BARE])
                for kind in (WARM, COLD):
                    members[f"{kind}, {name}"] = our(copies[kind], kind)
                members[f"{CLONING}, {name}"] = cloning(copies[CLONING])
            yield from measure(workload, world.skills, members, floor=f"{BARE}, 20 ms")


WORKLOADS = {
    "one-skill": one_skill, "one-file": one_file, "hundred": hundred, "commits": commits, "history": history,
    "assets": assets, "first": first, "drift": drift, "latency": latency,
}
