"""Measures the workloads and says what came of it. Started by `run`."""

import os
import sys
import time

from report import table
from workloads import WORKLOADS

wanted = os.environ.get("WORKLOADS", "").split() or list(WORKLOADS)
unknown = set(wanted) - set(WORKLOADS)
if unknown:
    sys.exit(f"bench: no workload is called {', '.join(sorted(unknown))}; there are {', '.join(WORKLOADS)}")

began = time.monotonic()
results = []
for name in wanted:
    results += WORKLOADS[name]()
    print(table(results), f"{time.monotonic() - began:.0f} s", sep="\n", flush=True)
