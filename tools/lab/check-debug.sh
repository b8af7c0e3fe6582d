#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# check-debug.sh [short|RUN...] - run the selftests in the labs A and C on a kernel
# that looks at itself (tools/build/configs/debug.config): any report of it fails
# the test that caused it. Say in the end which lines of our modules have run.
#
#   disk       all programs, on the virtio-blk subchannel
#   bus        those of the mediated-device bus, and a minute of stress on two
#              subchannels
#   ap         those of vfio_ap, in lab C
#   terminal   those that differ there
#   some       some on virtio-blk, and five seconds of stress
#   fault      one of them: what fails on purpose
#   some_ap    the one of vfio_ap that does everything at once
#   short      the last three, and nothing of lines
#
# Without an argument, the first four. Prints one "ok" or "not ok" line per test
# case.
#
# But for the terminal, whose operator lives outside, the guests have a time of
# their own: slow as this kernel is, no test notices.

set -euo pipefail

# shellcheck source=tools/lab/tests.sh
. "$(dirname "$0")/tests.sh"

at_once=2

# A guest's clock says how long a test takes, this machine's how long a run.
test_limit=600
run_limit=3000

script_some()
{
	device_tests virtio-blk 0.0.0000 "$test_limit" |
		grep -E ' virtio-blk/(async|change|dma|fetch|resume) '
	device_tests virtio-blk 0.0.0000 "$test_limit" | grep ' virtio-blk/dma ' | iommufd
	stress_two 5 "$test_limit"
	echo "exit 60 unload rmmod vfio_ccw mdev_test mdev"
}

# The container's successor, which a stock kernel of Debian has not.
iommufd()
{
	sed -E 's,^(ktap [0-9]+ )([^ ]+),\1iommufd/\2 VFIO_CONTAINER=/dev/iommu,'
}

script_fault()
{
	device_tests virtio-blk 0.0.0000 "$test_limit" | grep ' virtio-blk/fault '
	echo "exit 60 unload rmmod vfio_ccw mdev_test mdev"
}

# The driver does not know devices apart: one kind will do.
script_disk()
{
	local pair="ktap $test_limit pair/pair VFIO_CCW_SCH=0.0.0000 VFIO_CCW_SCH2=0.0.0001 /tests/vfio_ccw/pair"

	device_tests virtio-blk 0.0.0000 "$test_limit"
	echo "$pair"
	iommufd <<<"$pair"
	device_tests virtio-blk 0.0.0000 "$test_limit" |
		grep -E ' virtio-blk/(busy|dma|fetch|keep) ' | iommufd
	echo "exit 60 unload rmmod vfio_ccw mdev_test mdev"
}

# But for interruptions that come late, and on their own account.
script_terminal()
{
	device_tests 3270 0.0.0002 "$test_limit" |
		grep -E ' 3270/(async|irqs|queue|reset|terminal) '
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

script_ap()
{
	# What it costs is counted on stock kernels.
	ap_tests "$test_limit" | sed 's,/scale$,& -f scale,'
	ap_tests "$test_limit" | grep -E ' vfio_ap/(irq|device) ' | iommufd
	echo "exit 60 unload rmmod vfio_ap mdev"
}

script_some_ap()
{
	ap_tests "$test_limit" | grep ' vfio_ap/race '
	echo "exit 60 unload rmmod vfio_ap mdev"
}

# one NAME: a run of script_NAME, with the modules of $modules. If they can tell,
# what lines of them it has run is in $tmp/lines-NAME.
one()
{
	local add folders=(vfio_ccw mdev) lab=qemu options=()
	local load="vfio_iommu_type1 mdev_test vfio_ccw"

	if [[ $1 == *ap ]]; then
		folders=(vfio_ap) lab=ap load=$ap_modules
	fi
	"script_$1" >"$tmp/script-$1"
	[ "$1" = terminal ] || options+=(--own-time)
	if [ "$covered" ]; then
		echo "exit 120 coverage sh /lab/coverage.sh" >>"$tmp/script-$1"
		options+=(--keep "coverage:$tmp/lines-$1"
			--add "$lab_dir/guest/coverage.sh:/lab/coverage.sh")
	fi
	mapfile -t add < <(add_programs "${folders[@]}")
	"$lab_dir/run.sh" --lab "$lab" --kernel "$release" --limit "$run_limit" \
		--prefix "debug/$1" --script "$tmp/script-$1" "${options[@]}" \
		--modules-from "$modules" --modules "$load" \
		--add "$modules/cio_test.ko:/modules/cio_test.ko" "${add[@]}"
}

covered=yes
case ${*-} in
short)
	covered=
	runs=(some fault some_ap)
	;;
"")
	runs=(disk ap bus terminal)
	;;
*)
	runs=("$@")
	;;
esac
for run in "${runs[@]}"; do
	[ "$(type -t "script_$run")" = function ] || {
		sed -n '4,/^$/s/^# \?//p' "$0" >&2
		exit 2
	}
done

make -s -C "$top" selftests >&2
release=$("$top/tools/build/kernel.sh" debug)
mdev=$(programs mdev)
# There is no DASD here.
vfio_ccw=$(programs vfio_ccw | grep -v '^dasd')
vfio_ap=$(programs vfio_ap)
if [ "$covered" ]; then
	modules=$top/build/coverage
	"$top/tools/build/run.sh" kernel tools/build/build.sh \
		"build/kernels/$release/headers" build/coverage GCOV_PROFILE=y >&2
else
	modules=$top/build/$release
	"$top/tools/build/modules.sh" debug >&2
fi
for run in "${runs[@]}"; do
	[ "$(jobs -r | wc -l)" -lt $at_once ] || wait -n
	show one "$run" &
done
wait
[ -z "$covered" ] || "$lab_dir/coverage.sh" "$release" "$tmp"/lines-*
! grep -q '^not ok' "$tmp/results"
