#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# host.sh OUTPUT RELEASE - put together what an emulated host that runs virtual
# machines has on its disk: Debian 13 as far as is needed, the modules of the
# kernel RELEASE and ours, three QEMUs (its own, those of /opt/bookworm and
# /opt/sid), and in /srv/guest what a guest's disk is to hold

set -euo pipefail

lab_dir=$(cd "$(dirname "$0")" && pwd)
tools=$(dirname "$lab_dir")
top=$(dirname "$tools")
build=$top/build

[ $# -eq 2 ] || { echo "usage: host.sh OUTPUT RELEASE" >&2; exit 2; }
output=$(realpath "$1")
release=$2

# What is not linked but opened, like udevd's libraries, has to be named.
host=(
	usr/bin/{awk,basename,bash,cat,chmod,cmp,cp,cut,date,dd,dirname,fold,grep,head,kmod}
	usr/bin/{ln,logger,ls,mdevctl,mkdir,mkfifo,mount,mv,readlink,realpath}
	usr/bin/{rm,sed,setsid,sh,sleep,stat,sync,tail,timeout,touch,tr,udevadm,umount,uname}
	usr/sbin/{chccwdev,chroot,dasdfmt,dasdinfo,driverctl,fdasd,lscss,lsdasd}
	usr/sbin/{lsmod,mke2fs,modprobe,zipl}
	usr/lib/mdevctl
	usr/lib/modprobe.d
	usr/lib/s390-tools
	usr/lib/s390x-linux-gnu/lib{acl.so.1,kmod.so.2}
	usr/lib/systemd/system/driverctl@.service
	usr/lib/systemd/systemd-udevd
	usr/lib/udev/rules.d
	etc/mke2fs.conf
)
qemu=(usr/bin/qemu-system-s390x usr/share/qemu/s390-ccw.img)

# programs ROOT OUTPUT PATH...
programs()
{
	"$lab_dir/programs.py" "$2" "$("$tools/build/root.sh" "$1")" "${@:3}"
}

programs host "$output" "${host[@]}" "${qemu[@]}"
for suite in bookworm sid; do
	programs "host-$suite" "$output/opt/$suite" "${qemu[@]}"
	mkdir -p "$output/opt/$suite"/{dev,proc,sys}
done
mkdir -p "$output"/{dev,mnt,proc,run,sys,tmp} \
	"$output"/etc/{driverctl.d,mdevctl.d,modules-load.d}

# udev's rule calls it there, where Debian 13 does not have it.
ln -s ../bin/mdevctl "$output/usr/sbin/mdevctl"

# What the kernel asks for it asks for outside of this root, where there is none.
"$lab_dir/modules.py" "$output/usr/lib/modules/$release" \
	"$build/$release:$build/kernels/$release/lib/modules/$release" \
	dasd_eckd_mod kvm vfio_iommu_type1 vfio_ccw cio_test hercules_test
cp "$build/kernels/$release/lib/modules/$release"/modules.{order,builtin{,.modinfo}} \
	"$output/usr/lib/modules/$release/"
depmod -b "$output" "$release"
printf '%s\n' kvm vfio_iommu_type1 >"$output/etc/modules-load.d/guests.conf"

# The library that QEMU is preloaded with, see qemu-shim.c.
shim=build/lab/qemu-shim.so
mkdir -p "$build/lab"
"$tools/build/run.sh" trixie s390x-linux-gnu-gcc-14 -shared -fPIC -O2 -Wall -Wextra \
	-o "$shim" tools/lab/hercules/qemu-shim.c
for root in "$output" "$output"/opt/*; do
	mkdir -p "$root/usr/lib/lab"
	cp "$top/$shim" "$root/usr/lib/lab/"
done

guest_release=$("$tools/build/kernel.sh" guest)
guest=$output/srv/guest
mkdir -p "$guest"/{bin,boot,dev,proc,run,sys,tmp}
cp "$build/kernels/$guest_release/boot/vmlinuz-$guest_release" "$guest/boot/vmlinuz"
cp "$("$tools/build/root.sh" guest)/usr/bin/busybox" "$guest/bin/"
install -m 755 "$lab_dir/guest/from-dasd.sh" "$guest/init"
