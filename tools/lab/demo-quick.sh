#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# demo-quick.sh - see a DASD passed through by vfio_ccw, on an emulated mainframe,
# without a guest: fetches and builds what that needs, boots, and tells what happens

set -euo pipefail

lab_dir=$(cd "$(dirname "$0")" && pwd)
build_dir=$lab_dir/../build
top=$(cd "$lab_dir/../.." && pwd)
# One kernel is enough to see.
export KERNELS=trixie

"$build_dir/need.sh" make python3
echo "--- Getting ready: a kernel, a compiler and an emulator, from Debian (once)"
read -r _ release < <("$build_dir/kernels.sh")
"$build_dir/root.sh" hercules >/dev/null
"$build_dir/root.sh" guest >/dev/null
echo "--- Building the modules and the command ccw"
make -s -C "$top" modules ccw >"$top/build/demo.log" 2>&1 || {
	cat "$top/build/demo.log"
	exit 1
}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
for step in owner hand_over identify label read give_back; do
	echo "exit 60 $step sh /lab/demo.sh $step"
done >"$tmp/script"
# A track of 12 records, each with a text as a mainframe writes it.
for record in {1..12}; do
	printf '%-4096s' "RECORD $record, WRITTEN BY THE OWNER OF THE DISK BEFORE GIVING IT AWAY"
done | dd conv=ebcdic 2>/dev/null >"$tmp/text.ebcdic"

echo "--- Booting stock Linux $release on an emulated mainframe (about 20 seconds)"
"$lab_dir/run.sh" --lab hercules --kernel "$release" --script "$tmp/script" --show \
	--add "$lab_dir/guest/demo.sh:/lab/demo.sh" \
	--add "$lab_dir/guest/tell.sh:/lab/tell.sh" \
	--add "$tmp/text.ebcdic:/lab/text.ebcdic" \
	--add "$top/build/s390x/ccw/ccw:/bin/ccw" |
	sed -u '/^ok /d; s/^insmod/    # insmod/'
echo
echo "That was a channel program on a real track format, through vfio_ccw."
echo "How to do it with your own disk: README.md. What is tested: make check"
