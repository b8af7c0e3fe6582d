#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# modules.sh [KDIR] - build the modules into build/RELEASE/.
#
# On s390x: for the kernel whose headers are in KDIR, or the running one. On
# another machine: cross-built for each supported stock kernel, inside the
# root of its suite and so with the compiler that built that kernel.

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"

built()
{
	local module

	for module in mdev vfio_ccw; do
		[ ! -e "$build/$1/$module.ko" ] || say "built build/$1/$module.ko"
	done
}

if [ $# -gt 0 ] || [ "$(uname -m)" = s390x ]; then
	kdir=${1:-/lib/modules/$(uname -r)/build}
	[ -e "$kdir/include/config/kernel.release" ] ||
		die "no kernel headers in $kdir; install linux-headers-$(uname -r) or give KDIR="
	release=$(cat "$kdir/include/config/kernel.release")
	lock "modules-$release"
	"$top/tools/build/build.sh" "$kdir" "$build/$release"
	built "$release"
	exit
fi

kernels=$("$top/tools/build/kernels.sh")
while read -r root release; do
	lock "modules-$release"
	say "building for $release"
	"$top/tools/build/run.sh" "$root" tools/build/build.sh \
		"/usr/src/linux-headers-$release" "build/$release" </dev/null
	built "$release"
	unlock
done <<<"$kernels"
