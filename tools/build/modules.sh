#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# modules.sh [KDIR|NAME] - build the modules into build/RELEASE/.
#
# On s390x: for the kernel whose headers are in KDIR, or the running one. On
# another machine: cross-built for each supported stock kernel, inside the
# root of its suite and so with the compiler that built that kernel; or for the
# kernel of our own that tools/build/configs/NAME.config describes.

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"

targets=$(targets "$@")
while read -r root release kdir; do
	lock "modules-$release"
	say "building for $release"
	run_in "$root" tools/build/build.sh "$kdir" "build/$release"
	for module in mdev vfio_ccw vfio_ap; do
		[ ! -e "$build/$release/$module.ko" ] ||
			say "built build/$release/$module.ko"
	done
	unlock
done <<<"$targets"
