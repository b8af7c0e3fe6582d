#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""bench.py - put the results of bench.sh side by side.

usage: bench.py RELEASE OURS THEIRS

OURS and THEIRS are files with lines "KIND NAME VALUE" of tools/testing/bench.
"""

import sys

# What ours shall take, of what the kernel's own driver takes.
TARGETS = {
    "sense-id": 0.45,
    "dasd-4-ccws": 0.35,
    "64-ccws-2-idaws": 0.10,
    "1-mib": 0.10,
    "256-ccws-scattered": 0.12,
}


def read(path):
    """Returns results by (kind, name)."""
    with open(path, encoding="utf-8") as file:
        return {(kind, name): int(value) for kind, name, value in map(str.split, file)}


def table(release, ours, theirs):
    print(f"\n{release}{'':<{36 - len(release)}}{'ours':>10}{'kernel':>10}{'ratio':>8}{'target':>8}")
    units = {"program": "instructions", "devices": "at once, instructions",
             "allocations": "allocations, 64 runs", "idle": "bytes at rest"}
    for (kind, name), value in ours.items():
        label = f"{name}, {units[kind]}"
        other = theirs.get((kind, name))
        line = f"{label:<36}{value:>10}"
        if other is None:
            line += f"{'-':>10}"
        elif kind == "allocations" or not other:
            line += f"{other:>10}"
        else:
            line += f"{other:>10}{value / other:>8.3f}"
            if kind == "program" and name in TARGETS:
                line += f"{TARGETS[name]:>8.2f}"
        print(line)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    table(sys.argv[1], read(sys.argv[2]), read(sys.argv[3]))


if __name__ == "__main__":
    main()
