#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""tn3270.py - the operator at QEMU's x-terminal3270: answers each screen with ENTER.

usage: tn3270.py SOCKET

Connects to the UNIX socket as soon as it is there, negotiates as a 3278 model 2 and then,
whenever the host has written to the screen, types HELLO and presses
ENTER: an attention interruption that no one asked for, and data for a Read
Modified.  Ends when the connection is closed.
"""

import socket
import sys
import time

IAC_EOR = b"\xff\xef"
SEND_TERMINAL_TYPE = b"\xff\xfa\x18\x01\xff\xf0"
TERMINAL_TYPE = b"\xff\xfa\x18\x00IBM-3278-2\xff\xf0"
# AID ENTER, cursor address 0, Set Buffer Address 0, "HELLO" in EBCDIC.
ENTER_HELLO = b"\x7d\x40\x40\x11\x40\x40\xc8\xc5\xd3\xd3\xd6" + IAC_EOR
CONNECT_SECONDS = 30
# Nobody is faster. And QEMU loses one of two when attention comes before the
# ending status of the write has been taken.
REACTION_SECONDS = 0.2


def connect(path):
    terminal = socket.socket(socket.AF_UNIX)
    deadline = time.monotonic() + CONNECT_SECONDS
    while True:
        try:
            terminal.connect(path)
            return terminal
        except OSError as error:
            if time.monotonic() > deadline:
                sys.exit(f"tn3270.py: {path}: {error.strerror}")
            time.sleep(0.05)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    terminal = connect(sys.argv[1])
    negotiated = False
    data = b""
    while chunk := terminal.recv(4096):
        data += chunk
        if not negotiated and SEND_TERMINAL_TYPE in data:
            negotiated = True
            data = data.partition(SEND_TERMINAL_TYPE)[2]
            terminal.sendall(TERMINAL_TYPE)
        while negotiated and IAC_EOR in data:
            data = data.partition(IAC_EOR)[2]
            time.sleep(REACTION_SECONDS)
            terminal.sendall(ENTER_HELLO)


if __name__ == "__main__":
    try:
        main()
    except ConnectionError:
        pass
