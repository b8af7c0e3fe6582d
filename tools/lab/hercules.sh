#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# hercules.sh RUN KERNEL - become the lab's host under Hercules, with the
# initramfs and the kernel parameters in the folder RUN and the console on
# standard output; RUN/disk.img is the DASD, a fresh one if there is none.
# RUN/memory is the size of the host in MiB; RUN/volumes has a line "DEVNO TYPE
# FILE" for each further DASD, or the one that takes the place of the usual.
#
# What the tests find there, at fixed places:
#   0.0.0000  device 0.0.0009  the console, a 3215
#   0.0.0001  device 0.0.0190  3390 with 50 cylinders and the label LINUX1
#   further DASDs after that, by their numbers

set -euo pipefail

tools=$(cd "$(dirname "$0")/.." && pwd)
root=$("$tools/build/root.sh" hercules)
initramfs_at=0x04000000

# hercules PROGRAM ARGUMENT...
hercules=("$root/usr/lib64/ld-linux-x86-64.so.2" --library-path
	  "$root/usr/lib/x86_64-linux-gnu:$root/usr/lib/hercules:$root/usr/lib")

# doubleword NUMBER: its bytes in the order of the machine.
doubleword()
{
	printf '%b' "$(printf '%016x' "$1" | sed 's/../\\x&/g')"
}

# Hercules reads only what is in its own folder, links not followed.
cp "$2" "$1/vmlinuz"
cd "$1"
grep -q '^0190 ' volumes || echo "0190 3390 disk.img" >>volumes
while read -r _ type file; do
	[ -e "$file" ] ||
		"${hercules[@]}" "$root/usr/bin/dasdinit" -z "$file" "$type" LINUX1 50
done <volumes >dasdinit 2>&1

# It also listens for terminals, of which there are none.
port=$(python3 -c 'import socket; s = socket.create_server(("", 0)); print(s.getsockname()[1])')
cat >hercules.cnf <<-EOF
	CPUSERIAL 002623
	CPUMODEL 2097
	ARCHMODE z/Arch
	MAINSIZE $(cat memory)
	NUMCPU 1
	OSTAILOR LINUX
	PANRATE SLOW
	DIAG8CMD ENABLE
	CNSLPORT $port
	MODPATH $root/usr/lib/hercules
	0009 3215-C / noprompt
	$(sort volumes)
EOF

# It leaves when the guest has powered off, or waits for nothing after a panic.
cat >hercules.rc <<-EOF
	hao tgt SIGP Stop
	hao cmd quit
	hao tgt HHCCP011I
	hao cmd quit
	ipl linux.ins
EOF

# What the kernel expects of an an IPL from files: its parameter line
# at 0x10480, the place and size of the initramfs before that.
doubleword "$initramfs_at" >initramfs.address
doubleword "$(stat -c %s initramfs)" >initramfs.size
console="console=ttyS0 conmode=3215 condev=0x0009 con3215_drop=0 frame_padding=1024"
printf '%s %s\0' "$console" "$(cat parameters)" >ipl.parameters
cat >linux.ins <<-EOF
	vmlinuz 0x00000000
	initramfs $initramfs_at
	initramfs.address 0x00010408
	initramfs.size 0x00010410
	ipl.parameters 0x00010480
EOF

HERCULES_RC=hercules.rc exec "${hercules[@]}" "$root/usr/bin/hercules" -d -f hercules.cnf
