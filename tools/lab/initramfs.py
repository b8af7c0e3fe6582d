#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""initramfs.py - pack a guest's initramfs.

usage: initramfs.py OUTPUT [HOSTPATH:GUESTPATH]...

Each HOSTPATH, a file or a folder, appears at GUESTPATH; symbolic links stay
links.  The archive is a newc cpio (not compressed: unpacking costs an emulated
CPU more than reading), owned by root, with the /dev/console that the kernel opens for
init, so that packing needs neither cpio nor root.
"""

import os
import stat
import sys


class Archive:
    """A newc cpio archive: see Documentation/driver-api/early-userspace."""

    def __init__(self, out):
        self.out = out
        self.inode = 0
        self.seen = set()

    def entry(self, name, mode, data=b"", device=(0, 0)):
        if name in self.seen:
            sys.exit(f"initramfs.py: two files for {name}")
        self.seen.add(name)
        self.inode += 1
        path = name.encode() + b"\0"
        fields = (self.inode, mode, 0, 0, 1, 0, len(data), 0, 0,
                  device[0], device[1], len(path), 0)
        head = b"070701" + b"".join(b"%08X" % field for field in fields) + path
        self.out.write(head + b"\0" * (-len(head) % 4))
        self.out.write(data + b"\0" * (-len(data) % 4))

    def folder(self, name):
        """A folder and those above it, once."""
        parts = name.strip("/").split("/")
        for depth in range(1, len(parts) + 1):
            path = "/".join(parts[:depth])
            if path and path not in self.seen:
                self.entry(path, stat.S_IFDIR | 0o755)

    def add(self, source, name):
        name = name.strip("/")
        if os.path.islink(source):
            self.folder(os.path.dirname(name))
            self.entry(name, stat.S_IFLNK | 0o777, os.readlink(source).encode())
        elif os.path.isdir(source):
            self.folder(name)
            for child in sorted(os.listdir(source)):
                self.add(os.path.join(source, child), f"{name}/{child}")
        else:
            self.folder(os.path.dirname(name))
            mode = 0o755 if os.access(source, os.X_OK) else 0o644
            with open(source, "rb") as file:
                self.entry(name, stat.S_IFREG | mode, file.read())

    def close(self):
        self.entry("TRAILER!!!", 0)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    with open(sys.argv[1], "wb") as out:
        archive = Archive(out)
        for name in ("dev", "proc", "sys", "tmp"):
            archive.folder(name)
        archive.entry("dev/console", stat.S_IFCHR | 0o600, device=(5, 1))
        for pair in sys.argv[2:]:
            source, colon, name = pair.rpartition(":")
            if not colon:
                sys.exit(f"initramfs.py: {pair}: not HOSTPATH:GUESTPATH")
            archive.add(source, name)
        archive.close()


if __name__ == "__main__":
    main()
