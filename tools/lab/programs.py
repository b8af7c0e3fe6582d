#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""programs.py - copy programs out of an extracted Debian root.

usage: programs.py OUTPUT ROOT PATH...

Puts each PATH of ROOT, a file, a link or a folder, into OUTPUT at the same
place, with what the links point to and with the shared libraries and the
interpreter that the programs need.  What a program opens by itself while it runs
has to be named.  OUTPUT gets the links of a merged /usr, too, so that it is a root
file system.
"""

import os
import re
import shutil
import subprocess
import sys

MERGED = ("bin", "sbin", "lib", "lib64")
LIBRARIES = ("usr/lib/s390x-linux-gnu", "usr/lib/s390x-linux-gnu/systemd", "usr/lib")


def merged(path):
    """The path below /usr that a path from the top is a name of."""
    path = path.lstrip("/")
    return f"usr/{path}" if path.split("/")[0] in MERGED else path


def needed(path):
    """The shared libraries and the interpreter that an ELF file names."""
    with open(path, "rb") as file:
        if file.read(4) != b"\x7fELF":
            return [], None
    text = subprocess.run(["readelf", "-Wld", path], check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    interpreter = re.search(r"interpreter: (.*)\]", text)
    return (re.findall(r"\(NEEDED\).*\[(.*)\]", text),
            interpreter[1] if interpreter else None)


class Copy:
    """Copies out of a root, each path once."""

    def __init__(self, output, root):
        self.output = output
        self.root = root
        self.seen = set()

    def library(self, name):
        for folder in LIBRARIES:
            path = f"{folder}/{name}"
            if os.path.exists(os.path.join(self.root, path)):
                return path
        sys.exit(f"programs.py: no library {name} in {self.root}")

    def add(self, path):
        path = merged(os.path.normpath(path))
        if path in self.seen:
            return
        self.seen.add(path)
        source, target = os.path.join(self.root, path), os.path.join(self.output, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if os.path.islink(source):
            link = os.readlink(source)
            if not os.path.lexists(target):
                os.symlink(link, target)
            self.add(link if link.startswith("/") else
                     os.path.join(os.path.dirname(path), link))
        elif os.path.isdir(source):
            os.makedirs(target, exist_ok=True)
            for child in sorted(os.listdir(source)):
                self.add(f"{path}/{child}")
        elif os.path.isfile(source):
            shutil.copy2(source, target)
            libraries, interpreter = needed(source)
            for name in libraries:
                self.add(self.library(name))
            if interpreter:
                self.add(interpreter)
        else:
            sys.exit(f"programs.py: no {path} in {self.root}")


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    output, root, paths = sys.argv[1], sys.argv[2], sys.argv[3:]
    for name in MERGED:
        os.makedirs(os.path.join(output, "usr", name), exist_ok=True)
        if not os.path.lexists(os.path.join(output, name)):
            os.symlink(f"usr/{name}", os.path.join(output, name))
    copy = Copy(output, root)
    for path in paths:
        copy.add(path)


if __name__ == "__main__":
    main()
