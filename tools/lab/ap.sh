#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# ap.sh RUN KERNEL - become the lab's host for adjunct processors: that of
# qemu.sh with two CPUs, for what a guest and its host do at the same time

exec "$(dirname "$0")/qemu.sh" "$@" -smp 2
