#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""modules.py - collect kernel modules and all they depend on.

usage: modules.py OUTPUT FOLDER[:FOLDER]... NAME...

Puts the modules NAME and those they depend on into OUTPUT, decompressed, with
the file "order": their file names in an order in which insmod takes them.  A
module is looked for in each FOLDER, at any depth; the first one wins.

The dependencies are read from the modules themselves: the packages as they come
have no modules.dep, which a maintainer script would make.
"""

import lzma
import os
import re
import sys


def index(folders):
    """Maps each module's name to its file."""
    found = {}
    for folder in folders:
        for path, _, files in os.walk(folder):
            for file in files:
                name = re.fullmatch(r"(.*)\.ko(\.xz)?", file)
                if name:
                    found.setdefault(name[1].replace("-", "_"), os.path.join(path, file))
    return found


def read(path):
    with lzma.open(path) if path.endswith(".xz") else open(path, "rb") as file:
        return file.read()


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    output, folders, names = sys.argv[1], sys.argv[2].split(":"), sys.argv[3:]
    found = index(folders)
    order = []

    def take(name):
        if name + ".ko" in order:
            return
        if name not in found:
            sys.exit(f"modules.py: no module {name} in {' '.join(folders)}")
        image = read(found[name])
        depends = re.search(rb"\0depends=([^\0]*)\0", image)
        for needed in depends[1].decode().split(",") if depends else []:
            if needed:
                take(needed.replace("-", "_"))
        with open(os.path.join(output, name + ".ko"), "wb") as file:
            file.write(image)
        order.append(name + ".ko")

    os.makedirs(output, exist_ok=True)
    for name in names:
        take(name.replace("-", "_"))
    with open(os.path.join(output, "order"), "w", encoding="utf-8") as file:
        file.writelines(name + "\n" for name in order)


if __name__ == "__main__":
    main()
