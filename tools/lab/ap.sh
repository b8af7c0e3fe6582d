#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# ap.sh RUN KERNEL [OPTION...] - become the lab's host for adjunct processors: that
# of qemu.sh with two CPUs, for what a guest and its host do at the same time
#
# The kernel that looks at itself has one: it does not boot with two, or, where
# they take turns (run.sh --own-time), waits all the time for one or the other.

set -euo pipefail

cpus=2
[[ $2 != *-debug ]] || cpus=1
exec "$(dirname "$0")/qemu.sh" "$@" -smp $cpus
