#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# source.sh - extract the few files of the Debian kernel source that the
# headers packages lack, and print the folder they are in, build/linux-source:
#
#   scripts/checkpatch.pl                         and its word lists
#   tools/testing/selftests/kselftest_harness.h   and kselftest.h

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"

dir=$build/linux-source
files=(
	scripts/checkpatch.pl
	scripts/const_structs.checkpatch
	scripts/spelling.txt
	tools/testing/selftests/kselftest.h
	tools/testing/selftests/kselftest_harness.h
)

lock linux-source
"$top/tools/build/kernel-source.sh" trixie 6.12 "$dir" "${files[@]}"
echo "$dir"
