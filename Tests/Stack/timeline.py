"""What happened between two moments, a line a step, with milliseconds since the first."""

import json

# Of more steps than these, only those are shown that change something.
MOST = 30


def timeline(stack, start, entries, said):
    """
    - `entries`: what the bridge recorded.
    - `said`: steps of the scenario itself, as (time, text).
    """
    changes = list(said)
    for time, direction, commit, skills in stack.database.history(start):
        what = "rows written" if direction == "import" else "recorded"
        changes.append((time, f"{what}: {skills} {'skill' if skills == 1 else 'skills'} of {commit}"))
    others = []
    for entry in entries:
        others += STEPS.get(entry.get("event"), nothing)(stack, entry)
    for entry in stack.deliveries():
        if entry["time"] < start:
            continue
        if entry["event"] == "push":
            changes.append((entry["time"], f"commit {entry['commit'][:7]} is on the branch"))
        else:
            others.append((entry["time"], f"the webhook of {entry['commit'][:7]} was answered: {entry['answer']}"))
    if len(changes) + len(others) > MOST:
        last = max(time for time, _ in changes + others)
        changes.append((last, f"and {len(others)} further steps, of {summary(entries)}"))
        others = []
    return [(time - start, text) for time, text in sorted(changes + others)]


def batch(stack, entry):
    new = [message for message in entry["messages"] if message["receives"] == 1]
    steps = []
    if new:
        steps.append((min(message["sent"] for message in new),
                      f"{sender(stack, new[0]['body'])} → queue {entry['queue']}"
                      + (f", {len(new)} messages" if len(new) > 1 else "")))
    for message in entry["messages"]:
        if message["receives"] > 1:
            steps.append((entry["time"], f"queue {entry['queue']} gives a message again ({message['receives']})"))
    return steps


def invocation(_, entry):
    where = " in a new environment" if entry["cold"] else ""
    return [
        (entry["time"], f"{entry['function']}:{entry['version']} begins{where}"),
        (entry["time"] + entry["milliseconds"],
         f"{entry['function']}:{entry['version']} ends after {entry['milliseconds']} ms: {entry['outcome']}"),
    ]


def request(_, entry):
    what = f"is refused: {entry['status']}" if entry["refused"] else "comes in"
    return [(entry["time"], f"{entry['method']} {entry['path']} {what}")]


def nothing(*_):
    return []


STEPS = {"batch": batch, "invocation": invocation, "request": request}


def summary(entries):
    names = [entry["function"] for entry in entries if entry.get("event") == "invocation"]
    return " and ".join(f"{names.count(name)} runs of {name}" for name in sorted(set(names)))


def sender(stack, body):
    """Who put a message into a queue: a rule, or a function by itself."""
    event = json.loads(body)
    rules = stack.bridge.rules.matching(event) if "detail-type" in event else []
    return " and ".join(f"rule {rule}" for rule in rules) or "a verified push"
