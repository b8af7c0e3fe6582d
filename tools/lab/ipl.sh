#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# ipl.sh [--show] - hand an ECKD DASD to virtual machines, on an emulated host
# with real tools, and see them IPLed from it, by each QEMU; see the host keep
# the definition when it is booted again, lose a path and the disk while a guest
# runs, and find on the disk that it takes back what the guests have written
#
# The host is Hercules with Debian 13's kernel: with 7.2, KVM does not work there.
# Two boots, which have two volumes in common: the disk that is lent out, and one
# with the host's /etc. Prints what run.sh prints; --show is its.

set -euo pipefail

lab_dir=$(cd "$(dirname "$0")" && pwd)
build_dir=$lab_dir/../build
top=$(cd "$lab_dir/../.." && pwd)
export KERNELS=trixie

"$build_dir/need.sh" make python3 binutils kmod e2fsprogs
read -r _ release < <("$build_dir/kernels.sh")
make -s -C "$top" modules >&2
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

"$lab_dir/host.sh" "$tmp/host" "$release"
mv "$tmp/host/etc" "$tmp/etc"
mkdir "$tmp/host/etc"
/sbin/mke2fs -q -t ext4 -b 1024 -O ^has_journal -d "$tmp/etc" "$tmp/etc.img" 2M >/dev/null

# boot NUMBER [OPTION...]: a line "LIMIT STEP [ARGUMENT...]" of standard input is
# a step of guest/kvm.sh.
boot()
{
	local number=$1 limit step

	shift
	while read -r limit step; do
		echo "exit $limit ${step// /-} sh /host/lab/kvm.sh $step"
	done >"$tmp/script"
	# ext4 asks for crc32c when it is needed, which modules.py cannot know.
	"$lab_dir/run.sh" --lab hercules --kernel "$release" --limit 600 \
		--prefix "ipl/boot-$number" --script "$tmp/script" \
		--memory 1280 --modules "dasd_fba_mod crc32c_generic ext4" \
		--volume "0200 9336 $tmp/etc.img" --volume "0190 3390 $tmp/disk.img" \
		--add "$tmp/host:/host" \
		--add "$lab_dir/guest/kvm.sh:/host/lab/kvm.sh" \
		--add "$lab_dir/guest/tell.sh:/host/lab/tell.sh" "$@"
}

status=0
boot 1 "$@" <<EOF || status=1
120 come_up
60 volume
60 hand_over
150 start bookworm
60 tell write one
60 tell off
EOF

boot 2 "$@" <<EOF || status=1
120 come_up
30 still_there
150 start host
60 tell read one
60 tell off
150 start sid
60 tell read one
60 tell write two
60 tell off
60 take_back
60 compare one
60 compare two
60 hand_over
150 start host
90 lose_path
150 start bookworm
120 pull_out
60 put_back $tmp/disk.img
EOF
exit $status
