#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# baseline.sh - build the kernel's own vfio_ccw, vfio_ap and mdev, as Debian's
# source of each supported kernel has them, into build/baseline/RELEASE/
#
# Debian builds none of them. Here they are what ours are tested and measured
# against, and nothing else: no code comes from there. KERNELS as in kernels.sh.

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"

kernels=$("$top/tools/build/kernels.sh")
while read -r root release; do
	out=build/baseline/$release
	kdir=/usr/src/linux-headers-$release
	lock "baseline-$release"
	mkdir -p "$top/$out"
	read -r suite _ < <(table_row "$root")
	"$top/tools/build/kernel-source.sh" "$suite" "${release%%+*}" \
		"$top/$out/source" drivers/s390/cio drivers/s390/crypto drivers/vfio/mdev

	cp -p "$top"/tools/build/baseline/* "$top/$out/source/"
	substitutes=()
	name=kvm_s390_is_gpa_in_memslot
	if grep -qrw "$name" "$top/$out/source/drivers" &&
	   ! run_in "$root" grep -qw "$name" "$kdir/Module.symvers"; then
		substitutes=(SUBSTITUTES=kvm_gpa.o)
	fi
	say "building the kernel's own drivers for $release"
	run_in "$root" make --no-print-directory -s -j"$(nproc)" -C "$kdir" \
		M="/src/$out/source" "${substitutes[@]}" modules >&2
	cp "$top/$out"/source/*.ko "$top/$out/"
	unlock
done <<<"$kernels"
