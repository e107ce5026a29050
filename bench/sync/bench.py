"""Measures the workloads and says what came of it. Started by `run`."""

import os
import sys
import time

import page
from goals import goals
from report import text
from workloads import BASE, QUICK, WORKLOADS

wanted = os.environ.get("WORKLOADS", "").split() or list(WORKLOADS)
unknown = set(wanted) - set(WORKLOADS)
if unknown:
    sys.exit(f"bench: no workload is called {', '.join(sorted(unknown))}; there are {', '.join(WORKLOADS)}")

began, load = time.monotonic(), os.getloadavg()[0]
groups = []
for name in wanted:
    workload = WORKLOADS[name]
    groups.append((workload.__doc__, list(workload())))
    print(f"\n{name}, done after {time.monotonic() - began:.0f} s: {workload.__doc__}\n{text(groups[-1][1])}", flush=True)

held = goals([result for _, results in groups for result in results])
print("", *(goal.line for goal in held), page.machine(), sep="\n")
# A part would stand there for the whole.
if wanted == list(WORKLOADS) and not QUICK and not BASE:
    page.write(groups, held, load)
