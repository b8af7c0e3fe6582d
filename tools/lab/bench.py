#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""bench.py - what to say of the results of bench.sh.

usage: bench.py compare RELEASE OURS THEIRS
       bench.py check RELEASE OURS RECORDED MODULE
       bench.py record OURS MODULE

OURS, THEIRS and RECORDED are files with lines "KIND NAME VALUE" of
tools/testing/bench; MODULE is our driver. A record, which "record" prints, holds for
the kernel and for the compiler that it was made with.
"""

import os
import re
import sys

# What ours shall take, of what the kernel's own driver takes.
TARGETS = {
    "sense-id": 0.45,
    "dasd-4-ccws": 0.35,
    "64-ccws-2-idaws": 0.10,
    "1-mib": 0.10,
    "256-ccws-scattered": 0.12,
}

# How far a count may be from what was recorded.
TOLERANCE = 0.01

MAX_IDLE = 64 << 10

# What the rest of the machine may allocate while 64 programs run: one or two were
# seen. A driver that allocates for a program does so 64 times.
OTHERS = 8

UNITS = {
    "program": "instructions",
    "floor": "without translation",
    "devices": "at once, instr. each",
    "allocations": "allocations, 64 runs",
    "idle": "bytes at rest",
}


def read(path):
    """Returns results by (kind, name)."""
    with open(path, encoding="utf-8") as file:
        return {(kind, name): int(value) for kind, name, value in
                (line.split() for line in file if not line.startswith("#"))}


def compiler(module):
    """Returns what the compiler has said of itself in a module."""
    with open(module, "rb") as file:
        return re.search(rb"GCC: [^\0]*", file.read())[0].decode()


def is_recorded(path, module):
    """Whether there is a record, made with the same compiler."""
    if not os.path.exists(path):
        return False
    with open(path, encoding="utf-8") as file:
        return file.readline() == f"# {compiler(module)}\n"


def record(ours, module):
    """Prints a record."""
    print(f"# {compiler(module)}")
    for (kind, name), value in ours.items():
        if kind in ("program", "floor"):
            print(kind, name, value)


def compare(release, ours, theirs):
    """Prints a table."""
    floor = ours.get(("floor", "sense-id"))
    print(f"\n{release}{'':<{36 - len(release)}}{'ours':>10}{'kernel':>10}{'ratio':>8}{'target':>8}")
    for (kind, name), value in ours.items():
        label = f"{name}, {UNITS[kind]}"
        other = theirs.get((kind, name))
        line = f"{label:<36}{value:>10}"
        if kind == "floor":
            print(line)
            continue
        if other is None:
            line += f"{'-':>10}"
        elif kind == "allocations" or not other:
            line += f"{other:>10}"
        else:
            line += f"{other:>10}{value / other:>8.3f}"
            if kind == "program" and name in TARGETS:
                line += f"{TARGETS[name]:>8.2f}"
        print(line)
    if floor:
        own, other = ours["program", "sense-id"], theirs["program", "sense-id"]
        print(f"SENSE ID, above what it costs without translation: "
              f"{own - floor} ours, {other - floor} the kernel's")


def check(release, ours, recorded):
    """Prints a KTAP line for each result; returns whether all are well."""
    good = True

    def case(well, text, details=""):
        nonlocal good
        print(f"{'' if well else 'not '}ok bench/{release} {text}{details}")
        good = good and well

    nothing = ours["allocations", "nothing"]
    for (kind, name), value in ours.items():
        if kind == "idle":
            case(value <= MAX_IDLE, f"{name}: at rest it has {MAX_IDLE >> 10} KiB at most",
                 f" # {value}")
        elif kind == "allocations" and name != "nothing":
            case(value - nothing <= OTHERS, f"{name}: nothing is allocated for a run",
                 f" # {value - nothing} in 64")
        elif kind in ("program", "floor"):
            text = f"{name}, {UNITS[kind]}"
            before = recorded and recorded.get((kind, name))
            if not recorded:
                print(f"ok bench/{release} {text} # SKIP nothing is recorded for this "
                      f"kernel and compiler, see make bench-record; now {value}")
            elif before is None:
                case(False, text, f" # {value}, and none recorded: make bench-record")
            else:
                case(abs(value - before) <= TOLERANCE * before, text,
                     f" # {value}, recorded {before}: {100 * (value / before - 1):+.2f} %")
    for kind, name in recorded or ():
        if (kind, name) not in ours:
            case(False, f"{name}, {UNITS[kind]}", " # recorded, and not measured")
    return good


def main():
    arguments = sys.argv[1:]
    if arguments[:1] == ["compare"] and len(arguments) == 4:
        compare(arguments[1], read(arguments[2]), read(arguments[3]))
    elif arguments[:1] == ["check"] and len(arguments) == 5:
        _, release, ours, path, module = arguments
        recorded = read(path) if is_recorded(path, module) else None
        if not check(release, read(ours), recorded):
            sys.exit(1)
    elif arguments[:1] == ["record"] and len(arguments) == 3:
        record(read(arguments[1]), arguments[2])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
