#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# demo.sh STEP - one step of the demonstration, in the guest: says what it does,
# shows each command and what comes of it

set -eu
# shellcheck source=tools/lab/guest/tell.sh
. /lab/tell.sh

subchannel=0.0.0001
device=0.0.0190
css=/sys/bus/css/devices/$subchannel
ccw=/sys/bus/ccw/devices/$device
uuid=5e1f5e1f-0000-4000-8000-000000000190
text=/lab/text.ebcdic
# 12 blocks of 4096 bytes a track, 15 tracks a cylinder.
cylinder=1
first_block=$((cylinder * 15 * 12))

step_owner() {
	say "1. The disk belongs to Linux. Subchannel $subchannel is the way to device $device, a DASD with ECKD tracks."
	run "cat $ccw/cutype $ccw/devtype"
	run "readlink $css/driver"
	say "Its owner formats it and writes a text into cylinder $cylinder, head 0."
	sh /lab/format-dasd.sh $device > /dev/null
	echo "    # dasdfmt -y -b 4096 -d cdl -l LINUX1 /dev/dasda"
	echo 1 > $ccw/online
	run "dd if=$text of=/dev/dasda bs=4096 seek=$first_block conv=fsync 2> /dev/null"
	echo 0 > $ccw/online
}

step_hand_over() {
	say "2. The subchannel is handed to vfio_ccw, and a mediated device made of it. From here on Linux has no disk there: whoever opens the mediated device, a virtual machine for example, drives the hardware itself."
	run "echo vfio_ccw > $css/driver_override"
	run "echo $subchannel > $css/driver/unbind"
	run "echo $subchannel > /sys/bus/css/drivers_probe"
	run "echo $uuid > $css/mdev_supported_types/vfio_ccw-io/create"
	run "readlink $css/driver"
	run "ls -d $ccw" || true
}

step_identify() {
	say "3. The command ccw does what a virtual machine would: it writes a channel program into its own memory, and vfio_ccw translates, starts and watches it. The first one asks the device what it is (SENSE ID)."
	run "ccw sense-id $uuid"
	say "The next one reads its characteristics."
	run "ccw rdc $uuid"
}

step_label() {
	say "4. The label of the volume, found by a search for a key on the first track."
	run "ccw label $uuid"
}

step_read() {
	say "5. And the track that the owner wrote: 12 records, of which you see the first."
	run "ccw read $uuid --cyl $cylinder --head 0 > /tmp/records"
	run "head -n 6 /tmp/records; tail -n 1 /tmp/records"
}

step_give_back() {
	say "6. The mediated device is removed and the disk given back; its owner finds it as it was."
	run "echo 1 > /sys/bus/mdev/devices/$uuid/remove"
	run "echo > $css/driver_override"
	run "echo $subchannel > $css/driver/unbind"
	run "echo $subchannel > /sys/bus/css/drivers_probe"
	# Finding the device again takes the driver some channel programs.
	echo 1 > /proc/cio_settle
	run "readlink $css/driver"
	echo 1 > $ccw/online
	dd if=/dev/dasda of=/tmp/track bs=4096 skip=$first_block count=12 2> /dev/null
	run "cmp /tmp/track $text && echo the same text"
	echo 0 > $ccw/online
}

"step_$1"
