#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# build.sh KDIR OUT [ARGUMENT...] - build the modules for the one kernel whose
# headers are in KDIR and leave them in OUT; arguments go to every make.
#
# The kernel's build system writes beside the sources, so it is given OUT/obj,
# a tree of links to them. Before any driver is compiled, kabi.sh proves the
# private interfaces we declare against that kernel.

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 2 ] || die "usage: build.sh KDIR OUT [ARGUMENT...]"
kdir=$1
out=$2
shift 2

for module in vfio_ccw vfio_ap; do
	option=CONFIG_${module^^}
	if grep -qx "$option=y" "$kdir/include/config/auto.conf"; then
		die "this kernel has $module built in ($option=y): no module can take its place"
	fi
done

mkdir -p "$out/obj"
obj=$(cd "$out/obj" && pwd)
find "$obj" -type l -delete
for part in Kbuild drivers include; do
	cp -rs "$top/$part" "$obj/"
done

kbuild=(make --no-print-directory -j"$(nproc)" -C "$kdir" W=1
	KCFLAGS=-Werror "$@")

"$top/tools/build/kabi.sh" "$kdir" "$obj" "$@"
"${kbuild[@]}" M="$obj" modules
for module in mdev vfio_ccw vfio_ap; do
	rm -f "$out/$module.ko"
	[ ! -e "$obj/$module.ko" ] || cp "$obj/$module.ko" "$out/"
done

# Modules that only tests load. They come second, as any other user of mdev.
for tests in "$top"/tools/testing/{selftests/*,bench}/test_modules; do
	rm -rf "$obj/test_modules"
	cp -rs "$tests" "$obj/"
	"${kbuild[@]}" M="$obj/test_modules" \
		KBUILD_EXTRA_SYMBOLS="$obj/Module.symvers" modules
	cp "$obj"/test_modules/*.ko "$out/"
done
