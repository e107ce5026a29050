"""end_to_end.py FOLDER [SCENARIO…]: brings the system up and runs the scenarios, the first of them always, until one
doesn't hold. Run by `e2e`, where there is no network but loopback.
"""

import socket
import sys
import time

from scenarios import SCENARIOS
from scene import NotSo, Scene
from stack import Stack

# The functions' own interval is ten seconds, a queue's visibility timeout six times the function's.
SETTINGS = {"PUSH_INTERVAL": "2"}
RETRY_AFTER = 1


def main(folder, *names):
    unknown = set(names) - {scenario.__name__ for scenario in SCENARIOS}
    if unknown:
        sys.exit(f"no such scenario: {', '.join(sorted(unknown))}")
    networks = [name for _, name in socket.if_nameindex()]
    if networks != ["lo"]:
        sys.exit(f"there is more than loopback here: {', '.join(networks)}")
    began = time.monotonic()
    print("Terraform/examples/complete is applied to moto, in AWS's place …", flush=True)
    with Stack(folder, SETTINGS, RETRY_AFTER) as stack:
        print(f"  applied, and a second plan finds nothing to change, in {time.monotonic() - began:.0f} s")
        for scenario in SCENARIOS:
            if names and scenario.__name__ not in names and scenario is not SCENARIOS[0]:
                continue
            run(stack, scenario)
    print(f"\nAll of it held, in {time.monotonic() - began:.0f} s.")


def run(stack, scenario):
    print(f"\n== {scenario.__doc__}", flush=True)
    began = time.monotonic()
    scene = Scene(stack)
    try:
        scenario(stack, scene)
    except (NotSo, TimeoutError) as error:
        print(*scene.show(), sep="\n")
        sys.exit(f"✗ {scenario.__name__}: {error}")
    print(*scene.show(), f"  {time.monotonic() - began:.1f} s", sep="\n", flush=True)


main(*sys.argv[1:])
