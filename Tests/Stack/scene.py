"""A scenario's steps, and what it makes sure of."""

from bridge.record import now
from timeline import timeline


class NotSo(Exception):
    """What a scenario claims isn't so."""


class Scene:
    def __init__(self, stack):
        self._stack = stack
        self._began = now()
        self._position = stack.record.position()
        self._steps = []
        self._claims = []

    def step(self, text):
        """A step of the scenario itself, at this moment."""
        self._steps.append((now(), text))

    def holds(self, sentence, found, expected):
        """Makes sure of what the scenario claims."""
        if found != expected:
            self._claims.append(f"✗ {sentence}\n      found:    {found!r}\n      expected: {expected!r}")
            raise NotSo(sentence)
        self._claims.append(f"✓ {sentence}")

    def entries(self, event):
        """What the bridge recorded of one kind since the scenario began."""
        return [entry for entry in self._stack.record.entries(self._position) if entry.get("event") == event]

    def metrics(self, name):
        """The values of a metric since the scenario began."""
        return [
            entry["value"] for entry in self._stack.record.entries(self._position) if entry.get("metric") == name
        ]

    def wait_for(self, what, matches, within=60):
        return self._stack.record.wait_for(what, matches, self._position, within)

    def history(self):
        """The directions of what was synced since the scenario began."""
        return [direction for _, direction, _, _ in self._stack.database.history(self._began)]

    def show(self):
        """The timeline, and what was made sure of, as lines."""
        steps = timeline(self._stack, self._began, self._stack.record.entries(self._position), self._steps)
        return [f"  {time:>7} ms  {text}" for time, text in steps] + [f"  {claim}" for claim in self._claims]
