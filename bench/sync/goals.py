"""The figures that have to hold."""

from dataclasses import dataclass

from workloads import ASSETS, BARE, CLONING, COLD, COMMITS, ROUND_TRIP, WARM


@dataclass
class Goal:
    text: str
    value: float
    limit: float
    unit: str
    is_minimum: bool = False

    @property
    def is_met(self):
        return self.value >= self.limit if self.is_minimum else self.value <= self.limit

    @property
    def line(self):
        bound = "at least" if self.is_minimum else "at most"
        met = "met" if self.is_met else "NOT MET"
        return f"{self.text}: {shown(self.value)} {self.unit} ({bound} {shown(self.limit)}): {met}"


def shown(value):
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def goals(results):
    """Those about what was measured."""
    found = {(result.workload, result.skills, result.peer): result for result in results}
    made = []

    def add(text, limit, unit, value, *needed, is_minimum=False):
        those = [found.get(key) for key in needed]
        if all(those):
            made.append(Goal(text, value(*those), limit, unit, is_minimum))

    def ratio(one, other):
        return one.times.median / other.times.median

    def megabytes(number):
        return number / 1_000_000

    one, file, hundred = "one skill saved", "one file pushed", "100 skills saved"
    warm, cold = (one, 10_000, WARM), (one, 10_000, COLD)
    text = "one skill of 10,000, warm"
    add(text, 2, "requests", lambda r: r.cost.requests, warm)
    add(text, 1.5, "× bare git", ratio, warm, (one, 10_000, BARE))
    add(text, 50, "× below cloning", ratio, (one, 10_000, CLONING), warm, is_minimum=True)
    add(f"{COMMITS:,} commits to 1, warm", 1.25, "×", ratio,
        (one, 10_000, f"{WARM}, {COMMITS:,} commits"), (one, 10_000, f"{WARM}, 1 commit"))
    text = "one skill of 10,000, cold"
    add(text, 5, "requests", lambda r: r.cost.requests, cold)
    add(text, 2, "MB in /tmp", lambda r: megabytes(r.cost.disk), cold)
    add(text, 3, "× warm", ratio, cold, warm)
    text = "100 skills of 10,000 at once, warm"
    at_once = (hundred, 10_000, WARM)
    add(text, 2, "requests", lambda r: r.cost.requests, at_once)
    add(text, 3, "× one skill", ratio, at_once, (hundred, 10_000, f"{WARM}, one skill"))
    add(text, 50, "× below cloning for each", lambda a, b: 100 * ratio(a, b),
        (hundred, 10_000, f"{CLONING}, one skill"), at_once, is_minimum=True)
    text = "one file of 10,000, warm"
    pushed = (file, 10_000, WARM)
    add(text, 3, "requests", lambda r: r.cost.requests, pushed)
    add(text, 0, "more round trips to the database than of 100",
        lambda a, b: a.cost.round_trips - b.cost.round_trips, pushed, (file, 100, WARM))
    add(text, 2, "× bare git", ratio, pushed, (file, 10_000, BARE))
    for workload in ("first export", "first import"):
        few, many = (workload, 10_000, COLD), (workload, 100_000, COLD)
        add(f"{workload} of 10,000", 5, "s", lambda r: r.times.median, few)
        add(f"{workload} of 100,000", 12, "× that of 10,000", ratio, many, few)
        add(f"{workload} of 100,000", 256, "MB of memory", lambda r: megabytes(r.cost.memory), many)
    for kind in (WARM, COLD):
        large = (one, 1_000, f"{kind}, {ASSETS} MB beside")
        add(f"{ASSETS} MB of other files, {kind}", 1.2, "× without", ratio, large, (one, 1_000, f"{kind}, skills alone"))
        add(f"{ASSETS} MB of other files, {kind}", 2, "MB in /tmp", lambda r: megabytes(r.cost.disk), large)
    add("servers 20 ms away, one skill of 10,000, warm", 8, "round trips longer",
        lambda far, near: (far.times.median - near.times.median) / ROUND_TRIP,
        (one, 10_000, f"{WARM}, 20 ms"), (one, 10_000, f"{WARM}, 0 ms"))
    return made
