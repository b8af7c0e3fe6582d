#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# qemu.sh RUN KERNEL [bare] [OPTION...] - become the lab's host under QEMU TCG, with the
# initramfs and the kernel parameters in the folder RUN and the console on
# standard output; OPTION is QEMU's
#
# What the tests find there, at fixed places, unless it is to be bare:
#   0.0.0000  device 0.0.1000  virtio-blk, 1 MiB
#   0.0.0001  device 0.0.1001  virtio-rng
#   0.0.0002  device 0.0.1002  3270 terminal with an operator (tn3270.py)

set -euo pipefail

lab_dir=$(cd "$(dirname "$0")" && pwd)
root=$("$lab_dir/../build/root.sh" qemu)
kernel=$(realpath "$2")
run=$1
shift 2
# A UNIX socket's path may have 107 bytes: it is named from the run's folder.
cd "$run"
devices=()
if [ "${1-}" = bare ]; then
	shift
else
	truncate -s 1M disk.img
	"$lab_dir/tn3270.py" terminal 2>operator &
	devices=(
		-drive "if=none,id=disk,format=raw,file=disk.img"
		-device "virtio-blk-ccw,drive=disk,devno=fe.0.1000"
		-device "virtio-rng-ccw,devno=fe.0.1001"
		-chardev "socket,id=terminal,path=terminal,server=on,wait=off,tn3270=on"
		-device "x-terminal3270,chardev=terminal,devno=fe.0.1002"
	)
fi
exec "$root/usr/lib64/ld-linux-x86-64.so.2" \
	--library-path "$root/usr/lib/x86_64-linux-gnu" \
	"$root/usr/bin/qemu-system-s390x" \
	-L "$root/usr/share/qemu" \
	-M s390-ccw-virtio -cpu max -accel tcg -m 512 \
	-nodefaults -no-user-config -display none -monitor none \
	-no-reboot -action panic=exit-failure \
	-kernel "$kernel" -initrd initramfs \
	-append "console=ttysclp0 frame_padding=0 $(cat parameters)" \
	-chardev stdio,id=console,signal=off \
	-device sclpconsole,chardev=console \
	"${devices[@]}" \
	"$@"
