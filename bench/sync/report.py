"""Results as tables."""

HEAD = ["", "ratio", "median", "p10–p90", "runs", "requests", "traffic", "round trips", "memory", "/tmp"]


def rows(results):
    return [HEAD] + [row(result) for result in results]


def row(result):
    cost, times = result.cost, result.times
    return [
        f"{result.workload}, {result.skills:,} skills: {result.peer}",
        f"{times.median / result.least:.2f} ×",
        f"{milliseconds(times.median)} ms",
        f"{milliseconds(times.percentile(0.1))}–{milliseconds(times.percentile(0.9))}",
        number(len(times.values)), number(cost.requests), size(cost.traffic), number(cost.round_trips),
        size(cost.memory), size(cost.disk),
    ]


def text(results):
    lines = rows(results)
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    return "\n".join(
        "  ".join([line[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(line[1:], widths[1:])]) for line in lines
    )


def markdown(results):
    lines = rows(results)
    rule = ["---"] + ["---:"] * (len(HEAD) - 1)
    return "\n".join(f"| {' | '.join(line)} |" for line in [lines[0], rule, *lines[1:]])


def milliseconds(seconds):
    return f"{seconds * 1000:,.0f}" if seconds >= 0.1 else f"{seconds * 1000:.1f}"


def number(value):
    return "" if value is None else f"{value:,}"


def size(value):
    if value is None:
        return ""
    return f"{value / 1_000_000:,.1f} MB" if value >= 100_000 else f"{value / 1_000:.1f} KB"
