"""What happened between two moments, a line a step, with milliseconds since the first."""

import json


def timeline(stack, start, entries, said):
    """
    - `entries`: what the bridge recorded.
    - `said`: steps of the scenario itself, as (time, text).
    """
    steps = list(said)
    for entry in entries:
        event = entry.get("event")
        if event == "batch":
            count = len(entry["messages"])
            steps.append((min(entry["sent"]), f"{sender(stack, entry['bodies'][0])} → {entry['queue']}"
                          + (f", {count} messages" if count > 1 else "")))
        elif event == "invocation":
            steps.append((entry["time"], f"{entry['function']}, version {entry['version']}, begins"))
            steps.append((entry["time"] + entry["milliseconds"],
                          f"{entry['function']} ends after {entry['milliseconds']} ms: {entry['outcome']}"))
        elif event == "request":
            steps.append((entry["time"], f"{entry['method']} {entry['path']}: {entry['status']} after {entry['milliseconds']} ms"))
    for entry in stack.deliveries():
        if entry["time"] < start:
            continue
        if entry["event"] == "push":
            steps.append((entry["time"], f"commit {entry['commit'][:7]} is on the branch"))
        else:
            steps.append((entry["time"], f"webhook of {entry['commit'][:7]} was answered: {entry['answer']}"))
    for time, direction, commit, skills in stack.database.history(start):
        steps.append((time, f"{'rows written' if direction == 'import' else 'recorded'}: {skills} of {commit}"))
    return [(time - start, text) for time, text in sorted(steps)]


def sender(stack, body):
    """Who put a message into a queue: a rule, or a function by itself."""
    event = json.loads(body)
    rules = stack.bridge.rules.matching(event) if "detail-type" in event else []
    return " and ".join(f"rule {rule}" for rule in rules) or "a message"
