#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# demo.sh - see a virtual machine boot from a DASD that vfio_ccw passes through,
# on an emulated mainframe: fetches and builds what that needs, and tells what
# happens. It is the test ipl.sh, shown.

set -euo pipefail

lab_dir=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$lab_dir/../.." && pwd)

build_dir=$lab_dir/../build
# Fetching is shown as it goes, so that nobody wonders.
echo "--- Getting ready: a kernel, a compiler, an emulator and QEMU, from Debian (once),"
echo "    and a small kernel for the guest, compiled (once, some minutes)"
"$build_dir/need.sh" make python3
KERNELS=trixie "$build_dir/kernels.sh" >/dev/null
for root in hercules guest host host-bookworm host-sid; do
	"$build_dir/root.sh" "$root" >/dev/null
done
"$build_dir/kernel.sh" guest >/dev/null
echo "--- Building the modules, booting an emulated mainframe (half a minute)"
"$lab_dir/ipl.sh" --show 2>"$top/build/demo.log" |
	sed -u -E '
		s,^ok ipl/boot-([0-9]) boot$,--- The emulated mainframe has booted (\1),
		/^ok /d
		/^insmod/d' || {
	cat "$top/build/demo.log"
	exit 1
}
echo
echo "That was a guest's own channel programs, from its firmware on, through vfio_ccw."
echo "How to do it with your own disk: Documentation/vfio_ccw/dasd-guest.rst"
echo "Without a guest, in half a minute: make demo-quick. What is tested: make check"
