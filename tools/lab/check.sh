#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# check.sh - run the selftests on the emulated hosts, lab A (QEMU), lab B
# (Hercules) and lab C (QEMU with adjunct processors), with each supported
# kernel, hand disks and crypto cards to guests with real tools (ipl.sh, crypto.sh),
# and test the lab itself
#
# Prints one "ok" or "not ok" line per test case, preceded by lab, kernel and
# device. A test may skip a device that cannot do what it needs, but not every
# device: a test that ran on none, with some kernel, has failed.

set -euo pipefail

# shellcheck source=tools/lab/tests.sh
. "$(dirname "$0")/tests.sh"

at_once=2
uuid=1ab1ab1a-0001-4000-8000-000000000190

# mdev's tests unload it and so want it for themselves.
script_qemu()
{
	local program

	echo "exit 20 mdev/load rmmod vfio_ccw"
	for program in $mdev; do
		echo "ktap 60 mdev/$program /tests/mdev/$program"
	done
	echo "exit 20 mdev/unload rmmod mdev_test && insmod /modules/vfio_ccw.ko"
	device_tests virtio-blk 0.0.0000
	device_tests virtio-rng 0.0.0001
	device_tests 3270 0.0.0002
	stress_two 10
	echo "ktap 60 pair/pair VFIO_CCW_SCH=0.0.0000 VFIO_CCW_SCH2=0.0.0001 /tests/vfio_ccw/pair"
	echo "exit 20 unload rmmod vfio_ccw mdev"
}

# The disk is formatted by its owner before it is given away.
script_hercules()
{
	local tests last

	cat <<-EOF
	exit 60 format sh /lab/format-dasd.sh 0.0.0190
	exit 10 handover sh /lab/handover.sh 0.0.0001 $uuid
	exit 10 ccw-sense-id ccw sense-id $uuid | tee /dev/stderr | grep -q "device *3390/"
	exit 10 ccw-rdc ccw rdc $uuid | tee /dev/stderr | grep -q "cylinders *50"
	exit 10 ccw-label ccw label $uuid | tee /dev/stderr | grep -q "serial *LINUX1"
	exit 10 ccw-read ccw read $uuid --cyl 3 --head 2 | tee /dev/stderr | grep -q "12 records, 49152 bytes"
	exit 10 take-back sh /lab/handover.sh 0.0.0001
	EOF
	# The panel's command would be "attach" with this.
	tests=$(device_tests dasd 0.0.0001 | grep -v dasd/stress |
		sed "s,VFIO_CCW_DEV=dasd,& VFIO_CCW_HERCULES='0190 3390 ./disk.img',")
	last='^ktap [0-9]* dasd/(async|dasd_gone) '
	grep -vE "$last" <<<"$tests"
	echo "exit 30 format-again sh /lab/format-dasd.sh 0.0.0190"
	# When a suspended program is cleared, Hercules leaves its thread waiting:
	# the next program that is resumed wakes it. A disk that is detached while
	# it has a program is lost.
	grep -E "$last" <<<"$tests"
	echo "exit 20 unload rmmod vfio_ccw mdev_test mdev"
}

script_ap()
{
	ap_tests 120
	echo "exit 20 unload rmmod vfio_ap mdev"
}

# What of vfio_ap tells how many instructions something takes.
script_counted()
{
	ap_tests 120 | sed -n 's,/tests/vfio_ap/scale$,CLOCK_COUNTS=1 &,p'
	echo "exit 20 unload rmmod vfio_ap mdev"
}

# one LAB RELEASE: a run; whether it is well is seen from its results. The lab
# "counted" is lab C with a clock that counts instructions.
one()
{
	local add folders=(vfio_ccw mdev) lab=$1 options=() script=$tmp/$1-$2
	local modules="vfio_iommu_type1 mdev_test vfio_ccw dasd_eckd_mod"

	case $1 in
	ap | counted)
		folders=(vfio_ap)
		lab=ap
		modules=$ap_modules
		;;
	esac
	[ "$1" != counted ] || options+=(--own-time)
	mapfile -t add < <(add_programs "${folders[@]}")
	"script_$1" >"$script"
	"$lab_dir/run.sh" --lab "$lab" --kernel "$2" --limit 900 \
		--prefix "$1/$(cut -d . -f 1,2 <<<"$2")" --script "$script" \
		--modules "$modules" "${options[@]}" \
		--add "$userspace/ccw/ccw:/bin/ccw" "${add[@]}" \
		--add "$top/build/$2/cio_test.ko:/modules/cio_test.ko" \
		--add "$top/build/$2/hercules_test.ko:/modules/hercules_test.ko"
}

# ran_nowhere: of results on standard input, the tests that every device of a
# kernel skipped, in each of their variants. "all" is a program that did so.
ran_nowhere()
{
	awk '
	match($0, /^(not )?ok [a-z]+\//) {
		line = substr($0, RLENGTH + 1)
		# Now it is KERNEL DEVICE/PROGRAM: FIXTURE.VARIANT.TEST # SKIP REASON
		if (split(line, part, /[ \/]/) < 4 || part[3] !~ /:$/)
			next
		skip = index(line, " # SKIP ")
		test = part[4]
		sub(/\..*\./, ".", test)
		program = part[1] " " part[3]
		if (skip) {
			skipped[program " " test] = substr(line, skip + 8)
		} else {
			ran[program " " test] = 1
			ran[program " all"] = 1
		}
	}
	END {
		for (name in skipped)
			if (!(name in ran))
				print "not ok " name " - skipped everywhere: " skipped[name]
	}' | sort
}

make -s -C "$top" modules ccw selftests >&2
# These kernels inject no faults: see check-debug.sh.
vfio_ccw=$(programs vfio_ccw | grep -vx fault)
mdev=$(programs mdev)
vfio_ap=$(programs vfio_ap | grep -vx fault)
kernels=$("$top/tools/build/kernels.sh" | cut -d ' ' -f 2)

# The longest first.
show "$lab_dir/ipl.sh" &
for lab in hercules ap qemu counted; do
	for release in $kernels; do
		[ "$(jobs -r | wc -l)" -lt $at_once ] || wait -n
		show one "$lab" "$release" &
	done
done
for release in $kernels; do
	[ "$(jobs -r | wc -l)" -lt $at_once ] || wait -n
	show "$lab_dir/crypto.sh" "$release" &
done
wait
show ran_nowhere <"$tmp/results"
show "$lab_dir/test-transcript.sh"
for release in $kernels; do
	show "$lab_dir/test-guest.sh" "$release" &
done
wait
! grep -q '^not ok' "$tmp/results"
