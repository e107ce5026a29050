"""Results as tables."""


def table(results):
    rows = [["", "", "ratio", "median", "p10–p90", "runs", "requests", "traffic", "round trips", "memory", "/tmp"]]
    for result in results:
        cost = result.cost
        rows.append(
            [
                f"{result.workload}, {result.skills:,} skills", result.peer,
                f"{result.times.median / result.floor:.2f} ×" if result.floor else "",
                milliseconds(result.times.median) + " ms",
                f"{milliseconds(result.times.percentile(0.1))}–{milliseconds(result.times.percentile(0.9))}",
                str(len(result.times.values)),
                shown(cost.requests), size(cost.traffic), shown(cost.round_trips), size(cost.memory), size(cost.disk),
            ]
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) if column < 2 else cell.rjust(width) for column, (cell, width) in enumerate(zip(row, widths)))
        for row in rows
    )


def milliseconds(seconds):
    return f"{seconds * 1000:,.0f}" if seconds >= 0.1 else f"{seconds * 1000:.1f}"


def shown(number):
    return "" if number is None else f"{number:,}"


def size(number):
    if number is None:
        return ""
    return f"{number / 1_000_000:,.1f} MB" if number >= 100_000 else f"{number / 1000:.1f} KB"
