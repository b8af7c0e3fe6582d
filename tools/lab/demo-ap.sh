#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# demo-ap.sh - see two virtual machines share crypto cards through vfio_ap, on an
# emulated host: fetches and builds what that needs, boots, and tells what happens.
# It is the test crypto.sh, shown.

set -euo pipefail

lab_dir=$(cd "$(dirname "$0")" && pwd)
build_dir=$lab_dir/../build
top=$(cd "$lab_dir/../.." && pwd)
# One kernel is enough to see.
export KERNELS=trixie

"$build_dir/need.sh" make python3 binutils
echo "--- Getting ready: a kernel, a compiler, an emulator and tools, from Debian (once)"
read -r _ release < <("$build_dir/kernels.sh")
for root in qemu guest host; do
	"$build_dir/root.sh" "$root" >/dev/null
done
echo "--- Building the modules and the guests"
make -s -C "$top" modules selftests >"$top/build/demo.log" 2>&1 || {
	cat "$top/build/demo.log"
	exit 1
}
echo "--- Booting stock Linux $release on an emulated machine (about 10 seconds)."
echo "    No emulator has crypto cards: a module for tests, ap_test.ko, stands in."
"$lab_dir/crypto.sh" "$release" --show 2>"$top/build/demo.log" |
	sed -u '/^ok /d; s/^insmod/    # insmod/' || {
	cat "$top/build/demo.log"
	exit 1
}
echo
echo "Kernel, mdevctl, chzdev and lszcrypt were those of Debian; vfio_ap.ko and mdev.ko"
echo "are from here. How to do it with your own cards: Documentation/vfio_ap/crypto-guest.rst"
echo "What is tested: make check"
