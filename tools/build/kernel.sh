#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernel.sh NAME - build a kernel of our own, Debian's 6.12 source configured by
# tools/build/configs/NAME.config, if it is not there yet, and print its
# release, VERSION-NAME.
#
# It is laid out as a stock one, and takes the same place:
#
#   build/kernels/RELEASE/boot/          vmlinuz-, System.map- and config-RELEASE
#   build/kernels/RELEASE/lib/modules/   its modules
#   build/kernels/RELEASE/headers/       what modules are built against, in the
#                                        root "kernel"
#
# What the configuration does not name is off (allnoconfig), and what it names
# must come out as named. The kernel stays as it is until its configuration or
# this script changes, or new package lists were asked for (make update).

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -eq 1 ] || die "usage: kernel.sh NAME (names: tools/build/configs)"
name=$1
config=$top/tools/build/configs/$name.config
[ -e "$config" ] || die "no configuration $config"
made_of=$(cat "$config" "$0" | sha256sum)
tree=$build/kernels/$name.tree

# leave_if_made: done, if there is one of this configuration.
leave_if_made()
{
	local dir

	for dir in "$build/kernels"/*-"$name"; do
		[ "$(cat "$dir/.made-of" 2>/dev/null)" = "$made_of" ] || continue
		basename "$dir"
		exit
	done
}

leave_if_made
lock "kernel-$name"
leave_if_made

rm -rf "$tree"
"$top/tools/build/kernel-source.sh" trixie 6.12 "$tree"
cp "$config" "$tree/fragment"
# What "make M=" finds in the folder of the headers, as in Debian's.
cat >"$tree/.kernelvariables" <<-'EOT'
	override ARCH = s390
	override CROSS_COMPILE = s390x-linux-gnu-
	CC = $(CROSS_COMPILE)gcc-14
	HOSTCC = gcc-14
EOT
# Types and functions that modules use without a public header: kabi.sh reads
# their description. To describe all of the kernel would cost minutes.
for part in cio crypto; do
	echo "subdir-ccflags-y += -g" >>"$tree/drivers/s390/$part/Makefile"
done

say "building the kernel '$name', which takes minutes"
log=$build/kernels/$name.log
# shellcheck disable=SC2016 # for the inner shell
run_in kernel bash -euc '
	cd "$1"
	name=$2
	# Reproducible, and no name of this machine in it.
	export KBUILD_BUILD_USER=lab KBUILD_BUILD_HOST=lab
	export KBUILD_BUILD_TIMESTAMP="2026-01-01"
	make KCONFIG_ALLCONFIG=fragment allnoconfig
	while read -r line; do
		case $line in
		CONFIG_*=n)	grep -q "^${line%=n}=" .config || continue ;;
		CONFIG_*)	! grep -qxF "$line" .config || continue ;;
		*)		continue ;;
		esac
		echo "error: $name.config: $line is not what comes out" >&2
		exit 1
	done <fragment
	make -j"$(nproc)" LOCALVERSION="-$name" bzImage modules
	release=$(cat include/config/kernel.release)

	mkdir -p out/boot
	cp arch/s390/boot/bzImage "out/boot/vmlinuz-$release"
	cp System.map "out/boot/System.map-$release"
	cp .config "out/boot/config-$release"
	make INSTALL_MOD_PATH=out INSTALL_MOD_STRIP=1 modules_install
	find out -type l -name build -delete
	# With two compilers, it would make the scripts anew for the target.
	srctree=. SRCARCH=s390 CC=none HOSTCC=none \
		sh scripts/package/install-extmod-build out/headers
	cp .kernelvariables out/headers/
	# Functions, too, of which the compiler has put a part elsewhere.
	pahole --btf_features=optimized_func --btf_encode_detached=out/headers/vmlinux \
		vmlinux
' kernel.sh "${tree#"$top/"}" "$name" >"$log" 2>&1 || {
	tail -n 40 "$log" >&2
	die "the kernel '$name' does not build: see $log"
}
release=$(cat "$tree/include/config/kernel.release")
echo "$made_of" >"$tree/out/.made-of"
rm -rf "$build/kernels"/*-"$name"
mv "$tree/out" "$build/kernels/$release"
rm -rf "$tree"
echo "$release"
