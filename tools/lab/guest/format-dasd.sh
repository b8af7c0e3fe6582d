#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# format-dasd.sh DEVICE - format a DASD as its owner would: 4 KiB blocks in the
# compatible disk layout, volume label LINUX1; leaves it offline

set -eu

online=/sys/bus/ccw/devices/$1/online
echo 1 > "$online"
# dasdfmt wants a name that udev, which is not here, would make.
mkdir -p /dev/block
for disk in "/sys/bus/ccw/devices/$1/block/"*; do
	disk=${disk##*/}
	ln -sf "/dev/$disk" "/dev/block/$(cat "/sys/block/$disk/dev")"
	dasdfmt -y -b 4096 -d cdl -l LINUX1 "/dev/$disk"
done
echo 0 > "$online"
