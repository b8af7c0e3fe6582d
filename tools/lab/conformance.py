#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""conformance.py - run the selftests against our drivers and the kernel's own

usage: conformance.py run RELEASE [AREA]
       conformance.py page RELEASE...

Called by conformance.sh. For a kernel release, our modules are in build/RELEASE/,
and the kernel's own, that Debian does not build, in build/conformance/RELEASE/.
"run" keeps the results, and all that was seen, under build/conformance/. "page"
writes a table test x driver to standard output, as a page of the documentation,
with the reasons for what the kernel's own fail (conformance.reasons). It ends in 1
if ours fail anywhere.

Our drivers run each program of tests as `make check` does. The kernel's own get
one case at a time, each of which takes the device anew, and after each a case that
any driver can do, the canary: so what a case leaves behind is not charged to the
next one. When the canary fails, or the kernel complains or dies, a new guest goes
on with the next case.
"""

import collections
import json
import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(TOP, "build")
CASE_SECONDS = 60
GUEST_SECONDS = 1200

# What is run where: another driver's tests want a line here, and no more.
#   area      folder of selftests, and of results
#   programs  which of them, as a regular expression
#   lab       see run.sh
#   modules   loaded there, of which those under test come from either folder
#   first     commands before all tests, with a time limit
#   before    what comes before each, such as variables of its environment
#   canary    a case that tells whether the device is still of use
Suite = collections.namedtuple("Suite", "area programs lab modules first before canary")
# A test that fails may have left the module unloaded.
LOADED = "insmod /modules/vfio_ccw.ko 2>/dev/null; "
SUITES = (
    Suite("mdev", r"mdev_.*", "qemu", "mdev_test", (),
          "insmod /modules/mdev.ko 2>/dev/null; insmod /modules/mdev_test.ko 2>/dev/null;",
          ("mdev_type", "layout.type_attributes")),
    # Without stress: with the kernel's own, the guest stops and nothing ends it.
    Suite("vfio_ccw", r"(?!dasd|terminal|stress).*", "qemu", "vfio_iommu_type1 vfio_ccw", (),
          LOADED + "VFIO_CCW_SCH=0.0.0000 VFIO_CCW_DEV=virtio-blk",
          ("start", "start.format1_direct.nop")),
    Suite("vfio_ccw", r"terminal", "qemu", "vfio_iommu_type1 vfio_ccw", (),
          LOADED + "VFIO_CCW_SCH=0.0.0002 VFIO_CCW_DEV=3270",
          ("start", "start.format1_direct.nop")),
    Suite("vfio_ccw", r"dasd|dasd_status", "hercules", "dasd_eckd_mod vfio_iommu_type1 vfio_ccw",
          ("60 format sh /lab/format-dasd.sh 0.0.0190",),
          LOADED + "VFIO_CCW_SCH=0.0.0001 VFIO_CCW_DEV=dasd",
          ("start", "start.format1_direct.nop")),
)
OURS, KERNELS = "ours", "the kernel's"


def programs(suite):
    folder = os.path.join(BUILD, "s390x/selftests", suite.area)
    names = sorted(name for name in os.listdir(folder)
                   if re.fullmatch(suite.programs, name) and
                   os.access(os.path.join(folder, name), os.X_OK) and
                   os.path.isfile(os.path.join(folder, name)))
    if not names:
        sys.exit(f"conformance.py: no tests in {folder}")
    return names


def modules_folder(driver, release):
    """With the modules under test and those that test them."""
    return os.path.join(BUILD, release if driver == OURS else f"conformance/{release}")


def run_guest(suite, release, driver, lines):
    """Runs script lines; returns what run.sh printed."""
    logs = os.path.join(BUILD, "conformance")
    os.makedirs(logs, exist_ok=True)
    script = os.path.join(logs, f"{release}.script")
    modules = modules_folder(driver, release)
    with open(script, "w", encoding="utf-8") as file:
        file.writelines(f"exit {line}\n" for line in suite.first)
        file.writelines(line + "\n" for line in lines)
    command = [os.path.join(TOP, "tools/lab/run.sh"), "--lab", suite.lab, "--kernel", release,
               "--script", script, "--modules", suite.modules, "--modules-from", modules,
               "--limit", str(GUEST_SECONDS),
               "--add", f"{BUILD}/s390x/selftests/{suite.area}:/tests",
               "--add", f"{modules}/cio_test.ko:/modules/cio_test.ko"]
    output = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            check=False).stdout.decode("utf-8", "replace")
    with open(os.path.join(logs, f"{suite.area}-{release}-{driver}.log".replace(" ", "-")), "a",
              encoding="utf-8") as file:
        file.write(output)
    if "ok boot" not in output:
        sys.exit(f"conformance.py: the guest did not come up:\n{output}")
    return output


def command(suite, program, case=None):
    return f"{suite.before} /tests/{program}" + (f" -r {case}" if case else "")


def run_ours(suite, release):
    """Returns {(program, case): "ok", "skip" or "fails"}."""
    output = run_guest(suite, release, OURS, [
        f"ktap {CASE_SECONDS * 2} {program} {command(suite, program)}"
        for program in programs(suite)])
    found = {}
    for line in output.splitlines():
        result = re.match(r"(ok|not ok) (\w+): (\S+)( # SKIP)?", line)
        if result:
            state = "skip" if result[4] else "ok" if result[1] == "ok" else "fails"
            found[result[2], result[3]] = state
        elif line.startswith("not ok"):
            print(f"conformance.py: ours: {line}", file=sys.stderr)
    return found


def run_some(suite, release, cases):
    """Runs cases in one guest, as far as that gets; returns their results."""
    lines = []
    for program, case in cases:
        lines.append(f"ktap {CASE_SECONDS} {program}/{case} {command(suite, program, case)}")
        lines.append(f"exit {CASE_SECONDS} {program}/{case}/canary {command(suite, *suite.canary)}")
    output = run_guest(suite, release, KERNELS, lines)
    found = {}
    for program, case in cases:
        name = re.escape(f"{program}/{case}")
        fault = re.search(rf"^not ok {name} - (.*)$", output, re.M)
        result = re.search(rf"^(ok|not ok) {name}: .*?( # SKIP.*)?$", output, re.M)
        if fault and "no result" in fault[1]:
            break
        if fault or not result or result[1] != "ok":
            found[program, case] = "fails"
        else:
            found[program, case] = "skip" if result[2] else "ok"
        if (fault and re.search("log|broken off|stuck", fault[1]) or
                not re.search(rf"^ok {name}/canary$", output, re.M)):
            break
    return found


def run_kernels(suite, release, cases):
    found = {}
    while len(found) < len(cases):
        left = [case for case in cases if case not in found]
        print(f"conformance.py: {suite.area}, {release}: {len(left)} left", file=sys.stderr)
        some = run_some(suite, release, left)
        if not some:
            sys.exit(f"conformance.py: {left[0]}: the guest does not get there")
        found.update(some)
    return found


def cell(results):
    """The results of the variants of a case, in words."""
    bad = sum(result == "fails" for result in results)
    if bad:
        return "fails" if bad == len(results) else f"{bad} of {len(results)} fail"
    return "ok" if "ok" in results else "skipped"


def read_reasons():
    """{(area, program, fixture.test): why the kernel's own is not ok}"""
    reasons = {}
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "conformance.reasons")
    with open(path, encoding="utf-8") as file:
        reason = ""
        for line in file:
            line = line.rstrip("\n")
            if line.startswith("\t"):
                reasons[tuple(line.split())] = reason
            elif line and not line.startswith("#"):
                reason = line
    return reasons


PAGE_HEAD = """\
.. SPDX-License-Identifier: GPL-2.0
.. Made by "make conformance"; what is changed here by hand is lost.

===================================
Our drivers and the kernel's own
===================================

The same tests, run against our drivers and against those that the kernel has in
its source and Debian does not build: of {sources}. `make conformance`
makes this page. Where it says *why*, the two differ on purpose, or the kernel's
own has a fault that ours must not have, see :doc:`faults`.

{summary}
"""

TABLE_HEAD = """\

``{area}``: ``{program}``
{line}

.. list-table::
   :header-rows: 1
   :widths: 30 {widths} 40

   * - test
{columns}
     - why
"""


def print_page(results, releases):
    """results: {(area, program, case): {(driver, release): result}}"""
    reasons = read_reasons()
    columns = [(driver, release) for release in releases for driver in (OURS, KERNELS)]
    tests = collections.OrderedDict()
    for (area, program, case), cells in results.items():
        part = case.split(".")
        test = tests.setdefault((area, program, f"{part[0]}.{part[-1]}"),
                                {column: [] for column in columns})
        for column in columns:
            test[column].append(cells.get(column, "skip"))
    failing = {column: sum("fails" in test[column] for test in tests.values())
               for column in columns}
    summary = "\n".join(
        f"- {'Ours' if driver == OURS else 'The kernel’s own'}, kernel "
        f"{'.'.join(release.split('.')[:2])}: {failing[driver, release]} of {len(tests)} tests fail."
        for driver, release in columns)
    print(PAGE_HEAD.format(sources=" and ".join(releases), summary=summary), end="")
    last = None
    for (area, program, name), test in tests.items():
        if (area, program) != last:
            last = area, program
            print(TABLE_HEAD.format(
                area=area, program=program, line="=" * (len(area) + len(program) + 10),
                widths=" ".join("10" for _ in columns),
                columns="\n".join(f"     - {driver}, {'.'.join(release.split('.')[:2])}"
                                  for driver, release in columns)), end="")
        print(f"   * - {name}")
        for column in columns:
            print(f"     - {cell(test[column])}")
        bad = any("fails" in test[column] for column in columns if column[0] == KERNELS)
        reason = reasons.get((area, program, name), "")
        if bad and not reason:
            print(f"conformance.py: no reason for {area} {program} {name}", file=sys.stderr)
        print(f"     - {reason if bad else ''}".rstrip())
    return not any(failing[column] for column in columns if column[0] == OURS)


def results_file(release):
    return os.path.join(BUILD, "conformance", f"{release}.json")


def run(release, area):
    lines = []
    for suite in SUITES:
        if area and suite.area != area:
            continue
        ours = run_ours(suite, release)
        kernels = run_kernels(suite, release, list(ours))
        lines += [[suite.area, *case, ours[case], kernels[case]] for case in sorted(ours)]
    with open(results_file(release), "w", encoding="utf-8") as file:
        json.dump(lines, file, indent=0)


def page(releases):
    results = collections.OrderedDict()
    for release in releases:
        with open(results_file(release), encoding="utf-8") as file:
            for area, program, case, ours, kernels in json.load(file):
                cells = results.setdefault((area, program, case), {})
                cells[OURS, release] = ours
                cells[KERNELS, release] = kernels
    return print_page(results, releases)


def main():
    if len(sys.argv) in (3, 4) and sys.argv[1] == "run":
        run(sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None)
    elif len(sys.argv) > 2 and sys.argv[1] == "page":
        sys.exit(0 if page(sys.argv[2:]) else 1)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
