#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# coverage.sh RELEASE RUN... - print how many lines of the modules in
# build/coverage/, and which not, were run; each RUN is a file with what a guest
# with that kernel said of it (guest/coverage.sh). What of vfio_ccw is also tested
# natively counts as run, too, if it was run there.

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/../build/lib.sh"

[ $# -ge 2 ] || die "usage: coverage.sh RELEASE RUN..."
release=$1
shift
cd "$build/coverage"
add=()

gcovr()
{
	run_in coverage gcovr --filter '(.*/)?drivers/' "$@" \
		2> >(grep -v '^(INFO)' >&2)
}

# add_json NAME OPTION...: one more to be added up.
add_json()
{
	gcovr --json "build/coverage/$1.json" "${@:2}"
	add+=(--add-tracefile "build/coverage/$1.json")
}

for run; do
	find obj -name '*.gcda' -delete
	# Of the names, "src/build/coverage" is where this folder is in the root.
	base64 -d "$run" | tar -xz --strip-components=3
	add_json "$(basename "$run")" --root build/coverage/obj \
		--gcov-executable s390x-linux-gnu-gcov-14 \
		--gcov-object-directory "build/kernels/$release/headers" \
		build/coverage/obj/drivers
done
run_in coverage make -s -C tools/testing/ccw-model coverage O=/src/build/coverage/native
add_json native --root . --gcov-executable gcov-14 \
	--gcov-object-directory tools/testing/ccw-model build/coverage/native
gcovr "${add[@]}" --txt -
