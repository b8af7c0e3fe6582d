#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# check.sh PROGRAM - run unit tests, one line for each, and one more if a test
# was stopped by the sanitizers and has none.

set -euo pipefail

log=$1.log
status=0
"$1" | tee "$log" || status=1
if ! grep -q '^# all tests ran$' "$log"; then
	n=$(grep -c -E '^(not )?ok ' "$log" || true)
	echo "not ok $((n + 1)) - ${1##*/}: died in the test behind the last one named"
	status=1
fi
exit "$status"
