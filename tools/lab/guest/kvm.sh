#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# kvm.sh STEP [ARGUMENT...] - one step on an emulated host that hands a DASD to
# a virtual machine: says what it does, shows each command and what comes of it
#
# The host's root file system is put together by tools/lab/host.sh; its /etc is
# on a disk and outlives the host. All but the lab's init runs in there.

set -eu
# udevadm would do nothing in what is not the root of its process 1.
export PATH=/usr/sbin:/usr/bin LC_ALL=C SYSTEMD_IGNORE_CHROOT=1

etc_device=0.0.0200
if [ -d /host ]; then
	if [ "$1" = come_up ]; then
		for dir in dev proc sys; do
			for root in /host /host/opt/*; do
				/bin/mount --rbind "/$dir" "$root/$dir"
			done
		done
		/bin/mount -t tmpfs run /host/run
		echo 1 > "/sys/bus/ccw/devices/$etc_device/online"
		/bin/mount -t ext4 "/dev/$(/bin/ls "/sys/bus/ccw/devices/$etc_device/block")" /host/etc
	fi
	exec /bin/chroot /host /usr/bin/sh /lab/kvm.sh "$@"
fi

# shellcheck source=tools/lab/guest/tell.sh
. /lab/tell.sh

subchannel=0.0.0001
device=0.0.0190
css=/sys/bus/css/devices/$subchannel
uuid=5e1f5e1f-0000-4000-8000-000000000190
mdev=/sys/bus/mdev/devices/$uuid
console=/run/guest.console
input=/run/guest.input

disk() {
	echo "/dev/$(ls "/sys/bus/ccw/devices/$device/block")"
}

# What a host's systemd does for this story: it loads modules, starts udev, which
# meets the devices, and the services that udev's rules want.
start_system() {
	mkdir -p /run/lock
	cat /etc/modules-load.d/*.conf | while read -r module; do
		modprobe "$module"
	done
	/usr/lib/systemd/systemd-udevd --daemon > /run/udevd.log 2>&1
	udevadm trigger --type=all --action=add
	udevadm settle
	start_services
}

# start_services - those of driverctl that udev wants, for devices that are new.
start_services() {
	udevadm info --export-db | sed -n 's/^E: SYSTEMD_WANTS=driverctl@\(.*\)\.service$/\1/p' |
	while read -r instance; do
		driverctl load-override "$(echo "$instance" | sed 's,-,/,')"
	done
	udevadm settle
}

# Under Hercules the first virtual machine on each processor dies of its first
# page fault. It is not missed.
warm_up() {
	LD_PRELOAD=/usr/lib/lab/qemu-shim.so timeout 20 qemu-system-s390x \
		-M s390-ccw-virtio,accel=kvm,memory-backend=memory \
		-object memory-backend-ram,id=memory,size=64M,prealloc=on \
		-cpu host -nodefaults -display none -L /usr/share/qemu \
		> /dev/null 2>&1 < /dev/null || true
}

step_come_up() {
	start_system
	warm_up
	say "A host with stock Debian's kernel $(uname -r), KVM, mdev and vfio_ccw. Subchannel $subchannel is the way to the DASD $device."
	run "lscss"
}

step_volume() {
	say "The owner of the disk makes a volume that a machine can be started from: formatted, a partition with a file system, a kernel in it, and the boot record."
	run "chccwdev -e $device"
	udevadm settle
	run "dasdfmt -y -b 4096 -d cdl -l LINUX1 $(disk)"
	udevadm settle
	run "fdasd -s -a $(disk)"
	udevadm settle
	run "mke2fs -q -t ext4 -O ^has_journal -b 4096 $(disk)1"
	run "mount $(disk)1 /mnt"
	run "cp -a /srv/guest/. /mnt"
	run "zipl -t /mnt/boot -i /mnt/boot/vmlinuz -P 'dasd=$device root=/dev/dasda1 rootwait rw console=ttysclp0 loglevel=6 init=/init'"
	run "umount /mnt"
	run "chccwdev -d $device"
}

step_hand_over() {
	say "It is lent out: the subchannel gets another driver, now and whenever the host boots."
	run "driverctl --bus css set-override $subchannel vfio_ccw"
	run "mdevctl types"
	say "A mediated device is made of it, now and whenever the host boots. The DASD itself has gone from the host's list."
	run "mdevctl define --auto -u $uuid -p $subchannel -t vfio_ccw-io"
	run "mdevctl start -u $uuid"
	run "mdevctl list"
	run "lscss"
}

# is_started - the mediated device is there, and defined.
is_started() {
	mdevctl list | grep "^$uuid $subchannel vfio_ccw-io auto (defined)"
}

step_still_there() {
	say "The host has been booted again. Nobody has touched anything, and the disk is ready for the guest: driverctl and mdevctl have seen to it."
	run "driverctl --bus css list-overrides"
	run "is_started"
}

# said TEXT SECONDS - waits until the guest has said TEXT since the last time.
said() {
	deadline=$(($(date +%s) + $2))
	until tail -n "+$(($(cat /run/shown) + 1))" $console | grep -q "$1"; do
		if ! kill -0 "$(cat /run/qemu.pid)" 2> /dev/null || [ "$(date +%s)" -gt $deadline ]; then
			show_console
			cat /run/qemu.log
			echo "the guest did not say '$1'"
			return 1
		fi
		sleep 0.2
	done
	show_console
}

# show_console - what the guest has said since the last time.
show_console() {
	shown=$(cat /run/shown)
	tail -n "+$((shown + 1))" $console > /run/new
	tr -d '\r' < /run/new | sed 's/^/    | /'
	echo $((shown + $(grep -c '' /run/new || true))) > /run/shown
}

# step_start SUITE - the QEMU of that Debian.
step_start() {
	root=/
	[ "$1" = host ] || root=/opt/$1
	qemu="qemu-system-s390x -M s390-ccw-virtio,accel=kvm,memory-backend=memory \
-object memory-backend-ram,id=memory,size=128M,prealloc=on -cpu host \
-nodefaults -display none -chardev stdio,id=console -device sclpconsole,chardev=console \
-device vfio-ccw,sysfsdev=$mdev,devno=fe.0.0190,bootindex=1"
	version=$(chroot "$root" qemu-system-s390x --version | sed -n '1s/.*version \([^ ]*\).*/\1/p')
	say "A virtual machine with this disk and nothing else is started by QEMU $version. Its firmware loads the kernel from the disk; what the guest has on its console is marked with a bar."
	echo "# $qemu" | fold -s -w 72 | sed 's/^/    /'
	rm -f $input
	mkfifo $input
	echo 0 > /run/shown
	# word splitting of the command is meant
	# shellcheck disable=SC2086
	LD_PRELOAD=/usr/lib/lab/qemu-shim.so setsid chroot "$root" $qemu -L /usr/share/qemu \
		<> $input > $console 2> /run/qemu.log &
	echo $! > /run/qemu.pid
	said "guest: ready" 100
}

# ended - waits for the end of QEMU.
ended() {
	deadline=$(($(date +%s) + 30))
	while kill -0 "$(cat /run/qemu.pid)" 2> /dev/null; do
		[ "$(date +%s)" -lt $deadline ]
		sleep 0.2
	done
	show_console
	cat /run/qemu.log
}

# step_tell WORDS - types them at the guest's console.
step_tell() {
	kill -0 "$(cat /run/qemu.pid)"
	echo "    > $*"
	echo "$*" > $input
	case $1 in
	write)	said "guest: wrote $2" 60 ;;
	read)	said "guest: read $2" 60 ;;
	off)
		said "guest: off" 30
		ended
		;;
	esac
}

# Events that no emulator makes, or only makes when told: by modules for tests.
cio_test=/sys/module/cio_test/parameters
hercules_test=/sys/module/hercules_test/parameters

# stopped_by_report - the guest has got a channel report. It cannot go on, as it
# would on a real machine: reports come as machine checks, kernels since 6.9 stop
# at one without valid vector registers, and KVM has none here.
stopped_by_report() {
	said "System stopped due to unrecoverable machine check" 60
	kill "$(cat /run/qemu.pid)" 2> /dev/null || true
	ended
}

step_lose_path() {
	say "The only channel path to the disk fails while the guest runs. The guest gets the same report as the host. (Under Hercules its kernel stops there, for want of vector registers.)"
	modprobe cio_test
	path=$(sed 's/^\(..\).*/\1/' "$css/chpids")
	run "echo 1 $path 1 > $cio_test/path_storm"
	stopped_by_report
	# The host has it back: lost, which is no news, and found.
	run "echo 1 $path 2 > $cio_test/path_storm"
}

# step_pull_out - the disk, from the machine.
step_pull_out() {
	say "The disk is pulled out of the machine while a guest has it. QEMU is asked to give up the mediated device, and tells the guest; the host goes on."
	modprobe hercules_test
	run "echo detach 0190 > $hercules_test/panel"
	stopped_by_report
	deadline=$(($(date +%s) + 30))
	while [ -e "$mdev" ]; do
		[ "$(date +%s)" -lt $deadline ]
		sleep 0.2
	done
	run "lscss"
}

# step_put_back FILE - where Hercules has the disk.
step_put_back() {
	say "It is put back, and the host has it again."
	run "echo attach 0190 3390 $1 > $hercules_test/panel"
	deadline=$(($(date +%s) + 30))
	until [ -e "/sys/bus/ccw/devices/$device" ]; do
		[ "$(date +%s)" -lt $deadline ]
		sleep 0.2
	done
	run "lscss"
}

step_take_back() {
	say "The disk is taken back."
	run "mdevctl stop -u $uuid"
	run "mdevctl undefine -u $uuid"
	run "driverctl --bus css unset-override $subchannel"
	# Its driver finds the device again by some channel programs.
	echo 1 > /proc/cio_settle
	run "lscss"
}

# step_compare TEXT - is the file there, as the guest wrote it?
step_compare() {
	run "chccwdev -e $device"
	udevadm settle
	run "mount -o ro $(disk)1 /mnt"
	run "ls -l /mnt/written"
	awk -v text="$1" 'BEGIN { for (; i < 16384; i++) printf "%-55s %7d\n", text, i }' > /tmp/expected
	run "cmp /tmp/expected /mnt/written/$1 && echo the same, byte for byte"
	run "umount /mnt"
	run "chccwdev -d $device"
}

step "$@"
