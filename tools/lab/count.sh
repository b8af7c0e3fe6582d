#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# count.sh RUN KERNEL - as qemu.sh, become a host whose clocks tell how many
# instructions it has executed, one a nanosecond
#
# Nothing from outside reaches it, so a run is like the one before, to the
# instruction. It has one CPU: two would take turns of millions of instructions. On
# the subchannels 0.0.0000 to 0.0.0008 it has a virtio-rng each, 0.0.1000 to
# 0.0.1008.

set -euo pipefail

devices=()
for i in {0..8}; do
	devices+=(-device "virtio-rng-ccw,devno=fe.0.100$i")
done
run=$1
kernel=$2
shift 2
exec "$(dirname "$0")/qemu.sh" "$run" "$kernel" bare "$@" -icount shift=0,sleep=off -seed 1 \
	-rtc base=2026-01-01,clock=vm "${devices[@]}"
