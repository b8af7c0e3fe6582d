#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# handover.sh SUBCHANNEL UUID - bind a subchannel to vfio_ccw and make the
# mediated device UUID of it
# handover.sh SUBCHANNEL - remove the mediated device, give the subchannel back
# to its own driver

set -eu

device=/sys/bus/css/devices/$1
# bind SUBCHANNEL DRIVER - or any driver, if DRIVER is empty.
bind() {
	echo "$2" > "$device/driver_override"
	echo "$1" > "$device/driver/unbind"
	echo "$1" > /sys/bus/css/drivers_probe
}

if [ $# -eq 2 ]; then
	bind "$1" vfio_ccw
	echo "$2" > "$device/mdev_supported_types/vfio_ccw-io/create"
else
	for uuid in "$device/mdev_supported_types/vfio_ccw-io/devices/"*; do
		echo 1 > "$uuid/remove"
	done
	bind "$1" ""
	# Its driver finds the device again by some channel programs.
	echo 1 > /proc/cio_settle
fi
