"""The part of docs/performance.md that the bench writes: what stands between its two marks."""

import os
import platform
import subprocess
import time
from datetime import date

from chart import chart
from measurement import Distribution
from report import markdown, milliseconds
from world import PROJECT, connect

BEGIN = "<!-- written by make bench -->"
END = "<!-- end of what make bench writes -->"
DOCS = os.path.join(PROJECT, "docs")


def machine():
    """What it was measured on."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    git = subprocess.run(["git", "--version"], check=True, capture_output=True, text=True).stdout.split()[2]
    postgresql = connect().server_version // 10_000
    name = names[0] if names else "unknown"
    return f"{name}, {os.cpu_count()} cores, Linux {platform.release()}, git {git}, PostgreSQL {postgresql}"


def connecting():
    """Seconds until a connection to the database is open, which bare git has already."""
    times = []
    for _ in range(30):
        began = time.perf_counter()
        connect().close()
        times.append(time.perf_counter() - began)
    return Distribution(times).median


def write(groups, goals, load_before):
    """Groups are pairs of a title and its results."""
    path = os.path.join(DOCS, "performance.md")
    with open(path, encoding="utf-8") as file:
        page = file.read()
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    section = "\n\n".join(
        ["![Lines: milliseconds by the number of skills](performance-sync.svg)"]
        + [f"{title}\n\n{markdown(results)}" for title, results in groups]
        + [
            f"On {date.today()}: {machine()}; load {load_before:.1f} before and {os.getloadavg()[0]:.1f} after. "
            f"Opening a connection to the database takes {milliseconds(connecting())} ms, which bare git has done before.",
            "\n".join(f"- {goal.line}" for goal in goals),
        ]
    )
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{before}{BEGIN}\n{section}\n{END}{after}")
    with open(os.path.join(DOCS, "performance-sync.svg"), "w", encoding="utf-8") as file:
        file.write(chart([result for _, results in groups for result in results]))
