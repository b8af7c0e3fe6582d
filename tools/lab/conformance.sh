#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# conformance.sh [AREA [PROGRAM]] - run the selftests against our drivers and against
# the kernel's own, and make Documentation/conformance.rst of what came out; see
# conformance.py. AREA, a folder of selftests, and PROGRAM, one of its programs, limit
# what is run: it takes the place of what the last whole run found.

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/../build/lib.sh"

make -s -C "$top" modules selftests >&2
"$top/tools/build/baseline.sh"
[ $# -gt 0 ] || rm -rf "$build/conformance"
releases=()
runs=()
while read -r root release; do
	releases+=("$release")
	modules=build/conformance/$release
	mkdir -p "$top/$modules"
	cp "$build/baseline/$release"/*.ko "$build/$release"/{cio,ap}_test.ko "$top/$modules/"
	rm -rf "${top:?}/$modules/test_modules"
	# It uses the bus's symbols, and wants to have seen the very bus.
	cp -r "$top/tools/testing/selftests/mdev/test_modules" "$top/$modules/"
	run_in "$root" make --no-print-directory -s -C "/usr/src/linux-headers-$release" \
		M="/src/$modules/test_modules" \
		KBUILD_EXTRA_SYMBOLS="/src/build/baseline/$release/source/Module.symvers" \
		modules >&2
	mv "$top/$modules"/test_modules/*.ko "$top/$modules/"
	rm -r "$top/$modules/test_modules"
done < <("$top/tools/build/kernels.sh")

for release in "${releases[@]}"; do
	"$top/tools/lab/conformance.py" run "$release" "$@" &
	runs+=($!)
done
status=0
for run in "${runs[@]}"; do
	wait "$run" || status=1
done

page=$build/conformance/page.rst
"$top/tools/lab/conformance.py" page "${releases[@]}" >"$page" || status=1
cat "$page"
cp "$page" "$top/Documentation/conformance.rst"
exit $status
