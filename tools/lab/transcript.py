#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""transcript.py - judge what a lab guest sent over its console.

usage: transcript.py --script FILE --nonce WORD [--prefix TEXT] [--show]
       [--keep TEST:FILE] < CONSOLE

Reassembles the frames of guest/frame.c, checks that none is lost, altered,
repeated or from another run, that every test of the script has a result and
that the guest's closing record is there.  Prints one "ok" or "not ok" line per
test case and one for the transport itself; a test during which a frame was lost
is not ok whatever it says of itself.  --show prints the tests' output as it
comes, --keep puts that of one test into a file.  The exit status is 0 only when
there was no "not ok".

A script line is "KIND LIMIT NAME COMMAND".  A test of kind "exit" passes with
status 0; one of kind "ktap" moreover prints KTAP, whose cases are listed one by one and must
agree with its plan and with its status.
"""

import argparse
import re
import sys
import zlib

FRAME = re.compile(r"=(\d{6}) ([0-9a-f]{8}) ([.+])(?: (.*))?$")
RESULT = re.compile(r"(ok|not ok) \d+(?: -)? ?(.*)$")
PLAN = re.compile(r"1\.\.(\d+)(?: *# *SKIP *(.*))?$")
KSFT_SKIP = 4
STATUS_NAMES = {	# as guest/init reports them
    124: "stopped at its time limit",
    125: "stuck: did not end when killed",
}
CONTEXT = 40		# lines of evidence shown with a failure


class Damage(Exception):
    """The console lost or altered something."""


class Frames:
    """Turns console lines into the lines that the guest sent."""

    def __init__(self):
        self.count = 0
        self.partial = ""

    def line(self, console_line):
        """Returns the guest's line that this console line completes, or None."""
        frame = FRAME.search(console_line)
        if not frame:
            return None
        number, checksum, flag, text = frame.groups("")
        if zlib.adler32(f"{number} {flag} {text}".encode()) != int(checksum, 16):
            raise Damage(f"frame {number} altered")
        expected, self.count = self.count + 1, int(number)
        if self.count != expected:
            self.partial = ""
            raise Damage(f"frame {number} came where {expected:06} was due")
        self.partial += text
        if flag == "+":
            return None
        whole, self.partial = self.partial, ""
        data = re.sub(r"%([0-9A-F]{2})", lambda code: chr(int(code[1], 16)), whole)
        return data.encode("latin-1").decode("utf-8", "replace")


class Test:
    """One line of the script and what became of it."""

    def __init__(self, kind, name):
        self.kind = kind
        self.name = name
        self.output = []
        self.log = []
        self.faults = []

    def bad_status(self, status):
        self.faults.append(STATUS_NAMES.get(status, f"exit status {status}"))

    def cases(self, status):
        """The (passed, name, skip reason) of each case; adds to faults."""
        if self.kind == "exit":
            if status != 0:
                self.bad_status(status)
            return []
        found, plan = [], None
        for line in self.output:
            result, planned = RESULT.match(line), PLAN.match(line)
            if planned:
                if plan is not None:
                    self.faults.append("two plans")
                plan = int(planned[1])
                if plan == 0 and planned[2] is not None:
                    found.append((True, "all", planned[2]))
                    plan = 1
            elif result:
                name, _, reason = result[2].partition("# SKIP")
                skip = reason.strip() if "# SKIP" in result[2] else None
                found.append((result[1] == "ok", name.strip(), skip))
        if plan is None:
            self.faults.append("no KTAP plan")
        elif plan == 0 or plan != len(found):
            self.faults.append(f"{len(found)} of {plan} planned cases reported")
        skipped = bool(found) and all(skip is not None for _, _, skip in found)
        if status != 0 and not (status == KSFT_SKIP and skipped):
            self.bad_status(status)
        return found


class Run:
    """The records of one run, in the order that guest/init sends them."""

    def __init__(self, script, nonce, prefix, show, keep):
        self.tests = [Test("exit", "boot")] + script
        self.nonce = nonce
        self.prefix = f"{prefix} " if prefix else ""
        self.show = show
        self.keep = keep	# (test, file), or empty
        self.current = None	# the test that is running
        self.next = 0		# number of the test that begins next
        self.state = "new"	# new, running, ended
        self.faults = []
        self.failed = False

    def result(self, passed, name, remark=""):
        self.failed |= not passed
        print(f"{'ok' if passed else 'not ok'} {self.prefix}{name}{remark}", flush=True)

    def damage(self, text):
        """A fault of the transport: of the run, and of the test that is running."""
        self.faults.append(text)
        if self.current:
            self.current.faults.append(text)

    def record(self, line):
        word, _, rest = line.partition(" ")
        if self.state == "ended":
            raise Damage("records after the end")
        if word == "run" and self.state == "new":
            self.state = "running"
            if rest != f"{self.nonce} {len(self.tests) - 1}":
                raise Damage("this is the transcript of another run")
        elif self.state != "running":
            raise Damage("the opening record is missing")
        elif word == "test" and not self.current:
            if self.next >= len(self.tests) or rest != f"{self.next} {self.tests[self.next].name}":
                raise Damage(f"unexpected record: {line}")
            self.current = self.tests[self.next]
            self.next += 1
        elif word == "out" and self.current:
            self.current.output.append(rest)
            if self.show:
                print(rest, flush=True)
        elif word == "log" and self.current:
            self.current.log.append(rest)
        elif word == "done" and self.current:
            self.done(rest)
        elif word == "end" and not self.current:
            self.state = "ended"
            if rest != str(self.next - 1) or self.next != len(self.tests):
                raise Damage(f"{rest} tests ended")
        else:
            raise Damage(f"unexpected record: {line}")

    def done(self, rest):
        test, fields = self.current, rest.split()
        if len(fields) != 3 or fields[0] != str(self.next - 1) or not fields[1].isdigit():
            raise Damage(f"unexpected record: done {rest}")
        if self.keep and test.name == self.keep[0]:
            with open(self.keep[1], "w", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in test.output)
        cases = test.cases(int(fields[1]))
        if fields[2] == "complaint":
            test.faults.append("the kernel log has a complaint")
        elif fields[2] != "clean":
            test.faults.append("the kernel log overran: nobody knows what it said")
        elif test.log:
            test.faults.append("the kernel log is called clean and is not")
        self.current = None
        self.report(test, cases)

    def report(self, test, cases):
        for passed, name, skip in cases:
            remark = "" if skip is None else f" # SKIP {skip}"
            self.result(passed, f"{test.name}: {name}", remark)
        if test.faults:
            self.result(False, test.name, f" - {'; '.join(test.faults)}")
        elif test.kind == "exit":
            self.result(True, test.name)
        if test.faults or not all(passed for passed, _, _ in cases):
            for line in test.output[-CONTEXT:]:
                print(f"#   {line}")
            for line in test.log:
                print(f"#   log: {line}")

    def finish(self, other_lines):
        """The console is closed: what is missing has failed."""
        if self.current:
            test, self.current = self.current, None
            test.faults.append("broken off")
            self.report(test, [])
        for test in self.tests[self.next:]:
            self.result(False, test.name, " - no result")
        if self.state != "ended":
            self.faults.append("the closing record is missing")
        if not self.faults:
            self.result(True, "transport")
            return
        remark = "; ".join(self.faults[:3])
        self.result(False, "transport", f" - {remark}")
        for line in other_lines[-CONTEXT:]:
            print(f"#   console: {line}")


def read_script(path):
    tests = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            fields = line.split(None, 3)
            if len(fields) < 4 or fields[0] not in ("ktap", "exit") or not fields[1].isdigit():
                sys.exit(f"{path}: not 'ktap|exit LIMIT NAME COMMAND': {line.strip()}")
            tests.append(Test(fields[0], fields[2]))
    return tests


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--script", required=True)
    parser.add_argument("--nonce", required=True)
    parser.add_argument("--prefix", default="")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--keep", type=lambda text: text.split(":", 1), default=())
    args = parser.parse_args()

    run = Run(read_script(args.script), args.nonce, args.prefix, args.show, args.keep)
    frames = Frames()
    other_lines = []
    for raw in sys.stdin.buffer:
        text = raw.decode("latin-1").rstrip("\r\n ")
        try:
            line = frames.line(text)
            if line is not None:
                run.record(line)
            elif not FRAME.search(text):
                other_lines.append(text)
        except Damage as damage:
            run.damage(str(damage))
    if frames.partial:
        run.damage("the last line is incomplete")
    run.finish(other_lines)
    sys.exit(1 if run.failed else 0)


if __name__ == "__main__":
    main()
