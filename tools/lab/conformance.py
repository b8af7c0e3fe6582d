#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""conformance.py - run the selftests against our drivers and the kernel's own

usage: conformance.py run RELEASE [AREA [PROGRAM]]
       conformance.py page RELEASE...

Called by conformance.sh. For a kernel release, our modules are in build/RELEASE/,
and the kernel's own, that Debian does not build, in build/conformance/RELEASE/.
"run" keeps the results, and all that was seen, under build/conformance/. "page"
writes a table test x driver to standard output, as a page of the documentation,
with the reasons for what the kernel's own fail (conformance.reasons). It ends in 1
if ours fail anywhere.

A case that one of the kernel's own fails may have met what an earlier case left
behind. So none counts before it has failed as the first one of a guest, or twice:
with the other cases of its program, as `make check` runs them, and by itself. It runs
by itself in the opposite order, so that none comes twice after the same one. After
what fails there comes a case that any driver can do, the canary: when it fails, or
the kernel complains, hangs or dies, a new guest goes on.
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
    # Without stress: with the kernel's own, the guest stops and nothing ends it; and
    # without fault, that stock kernels have no part of.
    Suite("vfio_ccw", r"(?!dasd|terminal|stress|fault).*", "qemu", "vfio_iommu_type1 vfio_ccw", (),
          LOADED + "VFIO_CCW_SCH=0.0.0000 VFIO_CCW_SCH2=0.0.0001 VFIO_CCW_DEV=virtio-blk",
          ("start", "start.format1_direct.nop")),
    Suite("vfio_ccw", r"terminal", "qemu", "vfio_iommu_type1 vfio_ccw", (),
          LOADED + "VFIO_CCW_SCH=0.0.0002 VFIO_CCW_DEV=3270",
          ("start", "start.format1_direct.nop")),
    Suite("vfio_ccw", r"dasd|dasd_status", "hercules", "dasd_eckd_mod vfio_iommu_type1 vfio_ccw",
          ("60 format sh /lab/format-dasd.sh 0.0.0190",),
          LOADED + "VFIO_CCW_SCH=0.0.0001 VFIO_CCW_DEV=dasd",
          ("start", "start.format1_direct.nop")),
    # Without the guest of another test's, and fault as above.
    Suite("vfio_ap", r"(?!fault|apguest).*", "ap", "ap_test zcrypt_cex4 vfio_iommu_type1 vfio_ap", (),
          "insmod /modules/vfio_ap.ko 2>/dev/null;",
          ("irq", "irq.enable_and_disable")),
)
OURS, KERNELS = "ours", "the kernel's"


def programs(suite, only=None):
    """The names of its programs, or of the one that is wanted."""
    folder = os.path.join(BUILD, "s390x/selftests", suite.area)
    names = sorted(name for name in os.listdir(folder)
                   if re.fullmatch(suite.programs, name) and
                   os.access(os.path.join(folder, name), os.X_OK) and
                   os.path.isfile(os.path.join(folder, name)))
    if not names:
        sys.exit(f"conformance.py: no tests in {folder}")
    return [name for name in names if only in (None, name)]


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
    log = f"{suite.area}-{release}-{'ours' if driver == OURS else 'kernels'}.log"
    with open(os.path.join(logs, log), "a", encoding="utf-8") as file:
        file.write(output)
    if "ok boot" not in output:
        sys.exit(f"conformance.py: the guest did not come up:\n{output}")
    return output


def command(suite, program, case=None):
    return f"{suite.before} /tests/{program}" + (f" -r {case}" if case else "")


def run_ours(suite, release, only):
    """Returns {(program, case): state}, and what was wrong with no case to blame."""
    output = run_guest(suite, release, OURS, [
        f"ktap {CASE_SECONDS * 2} {program} {command(suite, program)}"
        for program in programs(suite, only)])
    found = {(program, case): state
             for program in programs(suite, only)
             for case, state in cases_of(output, program).items()}
    return found, [line for line in output.splitlines()
                   if line.startswith("not ok") and not re.match(r"not ok \w+: ", line)]


def cases_of(output, name):
    """{case: state} of the script's line NAME in what run.sh printed."""
    return {result[2]: "skip" if result[3] else "ok" if result[1] == "ok" else "fails"
            for result in re.finditer(rf"^(ok|not ok) {re.escape(name)}: (\S+)( # SKIP)?",
                                      output, re.M)}


# The kernel's log is searched here as well: the lab has told of a complaint, and
# nothing more is to run in that guest. The console gets time to take what there is.
CANARY = ("test=$(cat /tmp/test); rm -f /tmp/test; "
          "dmesg | grep -q -F -f /lab/klog.patterns || "
          "{{ [ \"$test\" != 0 ] && ! ({canary}); }} || exit 0; sleep 2; poweroff -f")


def run_some(suite, release, items):
    """Runs (program, case) or (program, None), one after the other, in one guest, as
    far as that gets. Returns a list of pairs: an item, and its {case: state}."""
    lines = []
    for program, case in items:
        name = f"{program}/{case}" if case else program
        lines.append(f"ktap {CASE_SECONDS if case else CASE_SECONDS * 2} {name} "
                     f"{command(suite, program, case)}; "
                     "test=$?; echo $test >/tmp/test; exit $test")
        lines.append(f"exit {CASE_SECONDS} {name}/canary "
                     f"{CANARY.format(canary=command(suite, *suite.canary))}")
    output = run_guest(suite, release, KERNELS, lines)
    found = []
    for program, case in items:
        name = f"{program}/{case}" if case else program
        fault = re.search(rf"^not ok {re.escape(name)} - (.*)$", output, re.M)
        remark = fault[1] if fault else ""
        if remark == "no result":
            break
        cases = cases_of(output, name)
        if case:
            cases = {case: cases.get(case, "fails")}
            if remark == "broken off":
                cases[case] = "crashes"
            elif re.search("time limit|stuck", remark):
                cases[case] = "hangs"
            elif remark:
                cases[case] = "fails"
        elif remark and not re.fullmatch("exit status 1", remark):
            # Whoever of them is to blame will show.
            cases = {}
        found.append(((program, case), cases))
    return found


def run_kernels(suite, release, cases):
    """Returns {(program, case): state}."""
    tries = {case: [] for case in cases}
    for order in ("programs", "reversed", "forward"):
        if order == "programs":
            left = list(dict.fromkeys((program, None) for program, _ in cases))
        else:
            left = [case for case in cases
                    if len(tries[case]) < 2 and not {"ok", "skip"} & set(tries[case])]
            if order == "reversed":
                left.reverse()
        while left:
            print(f"conformance.py: {suite.area}, {release}, {order}: {len(left)} left",
                  file=sys.stderr)
            some = run_some(suite, release, left)
            if not some:
                sys.exit(f"conformance.py: {left[0]}: the guest does not get there")
            for position, ((program, alone), found) in enumerate(some):
                for case, state in found.items():
                    # Ours may not have got there.
                    if (program, case) not in tries:
                        continue
                    # What comes first in a guest has met nothing of others.
                    tries[program, case] += [state] * (2 if alone and not position else 1)
            left = left[len(some):]
    return {case: next((state for state in ("ok", "skip") if state in states), states[-1])
            for case, states in tries.items()}


BAD = ("fails", "hangs", "crashes")


def cell(results):
    """The results of the variants of a case, in words."""
    bad = [result for result in results if result in BAD]
    if bad:
        word = max(bad, key=BAD.index)
        return word if len(bad) == len(results) else f"{len(bad)} of {len(results)}: {word}"
    return "ok" if "ok" in results else "skipped" if results else "not run"


def read_reasons():
    """{(area, program, fixture.test): (class, why the kernel's own is not ok)}"""
    reasons = {}
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "conformance.reasons")
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if line.startswith("\t"):
                if tuple(line.split()) in reasons:
                    sys.exit(f"{path}: twice: {line}")
                reasons[tuple(line.split())] = kind, text
            elif line and not line.startswith("#"):
                kind, _, text = line.partition(": ")
                if kind not in CLASSES:
                    sys.exit(f"{path}: none of {', '.join(CLASSES)}: {line}")
    return reasons


# What a test that the kernel's own fail says of them, and the words for several.
CLASSES = {
    "fault": "what the architecture or the interface demands, or the host, is harmed",
    "limit": "something right that they refuse or cannot do",
    "choice": "the interface leaves it open, and ours decide otherwise",
    "addition": "ours only: it is not in the kernel's interface",
}

PAGE_HEAD = """\
.. SPDX-License-Identifier: GPL-2.0
.. Made by "make conformance"; what is changed here by hand is lost.

================================
Our drivers and the kernel's own
================================

The same tests, run in the same labs (:doc:`testing`) against our drivers and against
those that the kernel has in its source and Debian does not build:
{sources}.
``make conformance`` makes this page. A case that the kernel's own fail is run again,
by itself, and counts if it fails again.

Our tests were written for our drivers. So a test that the kernel's own fail does not
tell yet that they are at fault, and the last column says in which way they differ:

{classes}

Results of a test with variants are put together. *hangs*: it could not be brought to
its end; *crashes*: the host did not survive it; *not run*: nothing is known yet.

{summary}
"""

TABLE_HEAD = """\

``{area}``: ``{program}``
{line}

.. csv-table::
   :header: {header}
   :widths: 30 {widths} 40

"""

SUMMARY_HEAD = """\
.. csv-table::
   :header: {header}

"""


def row(fields):
    """A line of a csv-table."""
    return ", ".join('"' + str(field).replace('"', '""') + '"' for field in fields)


def is_bad(results):
    return any(result in BAD for result in results)


def summary(tests, columns, reasons):
    """The table of totals: of each driver and kernel, how many tests end how."""
    text = SUMMARY_HEAD.format(header=row(["drivers", "tests", "ok", "skipped", *CLASSES]))
    for area in dict.fromkeys(name[0] for name in tests):
        for column in columns:
            cells = {name: test[column] for name, test in tests.items()
                     if name[0] == area and test[column]}
            bad = [name for name, results in cells.items() if is_bad(results)]
            good = sum(cell(results) == "ok" for results in cells.values())
            text += "   " + row([f"``{area}``, {column_title(column)}", len(cells), good,
                                 len(cells) - good - len(bad)] +
                                [sum(reasons.get(name, [""])[0] == kind for name in bad)
                                 for kind in CLASSES]) + "\n"
    return text


def column_title(column):
    driver, release = column
    return f"{driver}, {'.'.join(release.split('.')[:2])}"


def print_page(results, releases):
    """results: {(area, program, case): {(driver, release): result}}"""
    reasons = read_reasons()
    columns = [(driver, release) for release in releases for driver in (OURS, KERNELS)]
    tests = {}
    for (area, program, case), cells in results.items():
        part = case.split(".")
        test = tests.setdefault((area, program, f"{part[0]}.{part[-1]}"),
                                {column: [] for column in columns})
        for column in columns:
            test[column] += [cells[column]] if column in cells else []
    print(PAGE_HEAD.format(sources=" and ".join(releases),
                           classes="\n".join(f"- *{kind}*: {text};"
                                             for kind, text in CLASSES.items())[:-1] + ".",
                           summary=summary(tests, columns, reasons)), end="")
    last = None
    for name, test in tests.items():
        if name[:2] != last:
            last = area, program = name[:2]
            print(TABLE_HEAD.format(
                area=area, program=program, line="=" * (len(area) + len(program) + 10),
                header=row(["test", *map(column_title, columns), "why"]),
                widths=" ".join("10" for _ in columns)), end="")
        bad = any(is_bad(test[column]) for column in columns if column[0] == KERNELS)
        if bad and name not in reasons:
            print(f"conformance.py: no reason for {' '.join(name)}", file=sys.stderr)
        if not bad and name in reasons:
            print(f"conformance.py: {' '.join(name)} does not fail", file=sys.stderr)
        why = f"*{reasons[name][0]}*: {reasons[name][1]}" if bad and name in reasons else ""
        print("   " + row([name[2], *(cell(test[column]) for column in columns), why]))
    return not any(is_bad(test[column]) for test in tests.values()
                   for column in columns if column[0] == OURS)


def results_file(release):
    return os.path.join(BUILD, "conformance", f"{release}.json")


def read_results(release):
    """Lists of area, program, case, and how it ended with ours and the kernel's."""
    with open(results_file(release), encoding="utf-8") as file:
        return json.load(file)


def write_results(release, lines):
    lines.sort(key=lambda line: line[:2])
    with open(results_file(release), "w", encoding="utf-8") as file:
        json.dump(lines, file, indent=0)


def run(release, area=None, only=None):
    """Returns whether each program of ours went as it should, whatever its cases say."""
    lines, well = [], True
    if os.path.exists(results_file(release)):
        lines = [line for line in read_results(release)
                 if area not in (None, line[0]) or only not in (None, line[1])]
    for suite in SUITES:
        if area not in (None, suite.area) or not programs(suite, only):
            continue
        ours, complaints = run_ours(suite, release, only)
        for complaint in complaints:
            print(f"conformance.py: ours, {release}: {complaint}", file=sys.stderr)
            well = False
        kernels = run_kernels(suite, release, list(ours))
        lines += [[suite.area, *case, ours[case], kernels[case]] for case in ours]
        # What comes next may be stopped.
        write_results(release, lines)
    return well


def page(releases):
    results = {}
    for release in releases:
        for area, program, case, ours, kernels in read_results(release):
            cells = results.setdefault((area, program, case), {})
            cells[OURS, release] = ours
            cells[KERNELS, release] = kernels
    return print_page(results, releases)


def main():
    if len(sys.argv) in (3, 4, 5) and sys.argv[1] == "run":
        sys.exit(0 if run(*sys.argv[2:]) else 1)
    if len(sys.argv) > 2 and sys.argv[1] == "page":
        sys.exit(0 if page(sys.argv[2:]) else 1)
    sys.exit(__doc__)


if __name__ == "__main__":
    main()
