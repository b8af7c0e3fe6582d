#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# userspace.sh ccw|selftests|bench - build what runs in userspace of an s390x host,
# into build/s390x/: natively on s390x, else static, with the cross compiler
# of the trixie root.

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"

compiler=()
root=-
if [ "$(uname -m)" != s390x ]; then
	root=trixie
	compiler=(CC=s390x-linux-gnu-gcc-14 AR=s390x-linux-gnu-ar
		CFLAGS_EXTRA=-static)
fi

# build_in FOLDER OUTPUT [ARGUMENT...]: paths are those of the project's top,
# wherever that is to be seen.
build_in()
{
	# shellcheck disable=SC2016 # for the inner shell
	run_in "$root" sh -euc '
		folder=$1 output=$PWD/$2
		shift 2
		mkdir -p "$output"
		exec make --no-print-directory -j"$(nproc)" -C "$folder" O="$output" \
			KSFT_INC="$PWD/build/linux-source/tools/testing/selftests" \
			"$@"
	' build_in "$1" "build/s390x/$2" "${compiler[@]}"
}

lock userspace
case ${1:-} in
ccw)
	build_in tools/ccw ccw
	;;
selftests)
	"$top/tools/build/source.sh" >/dev/null
	for makefile in "$top"/tools/testing/selftests/*/Makefile; do
		area=$(basename "$(dirname "$makefile")")
		build_in "tools/testing/selftests/$area" "selftests/$area"
	done
	;;
bench)
	build_in tools/testing/bench bench
	;;
*)
	die "usage: userspace.sh ccw|selftests|bench"
	;;
esac
