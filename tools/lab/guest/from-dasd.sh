#!/bin/busybox sh
# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# from-dasd.sh - /init of a virtual machine whose only disk is a passed-through
# DASD: says on the console what it sees and does what it is told there
#
#	write TEXT	write the file /written/TEXT
#	read TEXT	read it back, from the disk
#	off		power off
#
# It runs from memory, so that "read" can only come from the disk.

disk=/sys/bus/ccw/devices/0.0.0190

# text TEXT - prints what the file /written/TEXT has to contain: 1 MiB of lines.
text() {
	awk -v text="$1" 'BEGIN { for (; i < 16384; i++) printf "%-55s %7d\n", text, i }'
}

say() {
	echo "guest: $*"
}

if [ "$0" != /run/init ]; then
	/bin/busybox mount -t tmpfs run /run
	/bin/busybox mkdir /run/bin
	/bin/busybox cp /bin/busybox /run/bin/
	/run/bin/busybox --install -s /run/bin
	/run/bin/busybox cp "$0" /run/init
	export PATH=/run/bin
	mount -t proc proc /proc
	mount -t sysfs sysfs /sys
	exec /run/bin/sh /run/init
fi

mkdir -p /written
dmesg -n 7
say "Linux $(uname -r) on $(sed -n 's/^Manufacturer: *//p' /proc/sysinfo), $(sed -n 's/^VM00 Control Program: *//p' /proc/sysinfo)"
say "root is $(awk '$2 == "/" && $3 != "rootfs" { print $1, $3 }' /proc/mounts)"
say "disk is $(readlink -f /sys/block/dasda/device | sed 's,.*/,,'), a $(cat $disk/devtype)"
say "written before: $(find /written -type f | sed 's,.*/,,' | sort | tr '\n' ' ')"
say "ready"
while read -r word argument; do
	case $word in
	write)
		text "$argument" > "/written/$argument"
		sync
		say "wrote $argument"
		;;
	read)
		echo 3 > /proc/sys/vm/drop_caches
		text "$argument" | cmp - "/written/$argument" && say "read $argument"
		;;
	off)
		mount -o remount,ro /
		say "off"
		poweroff -f
		;;
	*)
		say "what is $word?"
		;;
	esac
done
