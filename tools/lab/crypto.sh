#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# crypto.sh RELEASE [--show] - hand crypto adapters to virtual machines, on an
# emulated host with real tools: mdevctl, chzdev, lszcrypt, chzcrypt, driverctl
# and udev, as Debian 13 has them
#
# The host is lab C with the kernel RELEASE. The virtual machines are by hand
# (selftests/vfio_ap/apguest.c), for the lab's processor can execute little of a
# guest. "make modules selftests" comes first. Prints what run.sh prints; --show is
# its, and leaves out the steps that tell no story.

set -euo pipefail

lab_dir=$(cd "$(dirname "$0")" && pwd)
build_dir=$lab_dir/../build
top=$(cd "$lab_dir/../.." && pwd)

[ $# -ge 1 ] || { echo "usage: crypto.sh RELEASE [--show]" >&2; exit 2; }
release=$1
shift

"$build_dir/need.sh" make python3 binutils
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# What is not linked but opened, like udevd's libraries, has to be named.
programs=(
	usr/bin/{awk,basename,bash,cat,cut,dirname,fold,grep,kmod,logger,ls,mdevctl,mkdir}
	usr/bin/{mkfifo,mv,readlink,realpath,rm,sed,setsid,sh,timeout,touch,udevadm,uname}
	usr/sbin/{chzcrypt,chzdev,driverctl,lsmod,lszcrypt,lszdev,modprobe}
	usr/lib/mdevctl
	usr/lib/s390x-linux-gnu/lib{acl.so.1,kmod.so.2}
	usr/lib/systemd/systemd-udevd
	usr/lib/udev/rules.d/{05-driverctl,40-z90crypt,50-udev-default,60-mdevctl}.rules
)
host=$tmp/host
"$lab_dir/programs.py" "$host" "$("$build_dir/root.sh" host)" "${programs[@]}"
mkdir -p "$host"/{dev,proc,run,sys,tmp} "$host"/etc/{driverctl.d,mdevctl.d,udev/rules.d}
# udev's rule calls it there, where Debian 13 does not have it.
ln -s ../bin/mdevctl "$host/usr/sbin/mdevctl"

steps=(come_up views hand_over masks define start no_sharing offline gain at_once lose
	regain end mistakes auto - auto_started override)
[ "${1-}" != --show ] || steps=(come_up hand_over define start no_sharing gain lose regain end)
for step in "${steps[@]}"; do
	if [ "$step" = - ]; then
		echo "exit 30 reload rmmod vfio_ap && insmod /modules/vfio_ap.ko"
	else
		echo "exit 60 $step sh /host/lab/crypto.sh $step"
	fi
done >"$tmp/script"
"$lab_dir/run.sh" --lab ap --kernel "$release" --script "$tmp/script" \
	--prefix "crypto/$(cut -d . -f 1,2 <<<"$release")" --add "$host:/host" \
	--add "$lab_dir/guest/crypto.sh:/host/lab/crypto.sh" \
	--add "$lab_dir/guest/tell.sh:/host/lab/tell.sh" \
	--add "$top/build/s390x/selftests/vfio_ap/bin/apguest:/host/usr/bin/apguest" "$@"
