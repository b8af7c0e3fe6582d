#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# check-debug.sh [short] - run the selftests in lab A on a kernel that looks at
# itself (tools/build/configs/debug.config): any report of it fails the test
# that caused it
#
# All programs and a minute of stress; "short": some of them, and less stress.
# Prints one "ok" or "not ok" line per test case.
#
# But for the terminal, whose operator lives outside, the guests have a time of
# their own: slow as this kernel is, no test notices.

set -euo pipefail

# shellcheck source=tools/lab/tests.sh
. "$(dirname "$0")/tests.sh"

# A guest's clock says how long a test takes, this machine's how long a run.
test_limit=600
run_limit=3000

how=${1-}
[ "$how" = short ] || [ -z "$how" ] || {
	echo "usage: check-debug.sh [short]" >&2
	exit 2
}

script_some()
{
	device_tests virtio-blk 0.0.0000 "$test_limit"
	stress_two 5 "$test_limit"
	echo "exit 60 unload rmmod vfio_ccw mdev_test mdev"
}

# The driver does not know devices apart: one kind will do.
script_disk()
{
	device_tests virtio-blk 0.0.0000 "$test_limit"
	echo "exit 60 unload rmmod vfio_ccw mdev_test mdev"
}

# But for interruptions that come late, and on their own account.
script_terminal()
{
	local vfio_ccw="async irqs queue reset terminal"

	device_tests 3270 0.0.0002 "$test_limit"
	echo "exit 60 unload rmmod vfio_ccw mdev_test mdev"
}

script_bus()
{
	local program

	echo "exit 60 mdev/load rmmod vfio_ccw"
	for program in $mdev; do
		echo "ktap $test_limit mdev/$program /tests/mdev/$program"
	done
	echo "exit 60 mdev/unload rmmod mdev_test && insmod /modules/vfio_ccw.ko"
	stress_two 60 "$test_limit"
	echo "exit 60 unload rmmod vfio_ccw mdev"
}

# one NAME [OPTION...]: a run of script_NAME.
one()
{
	local add name=$1

	shift
	mapfile -t add < <(add_programs vfio_ccw mdev)
	"script_$name" >"$tmp/script-$name"
	"$lab_dir/run.sh" --lab qemu --kernel "$release" --limit "$run_limit" \
		--prefix "debug/$name" --script "$tmp/script-$name" \
		--modules "vfio_iommu_type1 mdev_test vfio_ccw" "${add[@]}" \
		--add "$top/build/$release/cio_test.ko:/modules/cio_test.ko" "$@"
}

make -s -C "$top" selftests >&2
"$top/tools/build/modules.sh" debug >&2
release=$("$top/tools/build/kernel.sh" debug)
mdev=$(programs mdev)
# There is no DASD here.
vfio_ccw=$(programs vfio_ccw | grep -v '^dasd')

if [ "$how" = short ]; then
	vfio_ccw="async change dma resume stress"
	show one some --own-time
else
	show one disk --own-time &
	show one bus --own-time &
	wait -n
	show one terminal &
	wait
fi
! grep -q '^not ok' "$tmp/results"
