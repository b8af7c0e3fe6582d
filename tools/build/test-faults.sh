#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# test-faults.sh - see that each test case that Documentation/faults.rst names is
# there; KTAP output.

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tools/build/ktap.sh
. "$top/tools/build/ktap.sh"

# Cases are named as FIXTURE.CASE; those of the bus with the program's mdev_ before.
cases()
{
	sed -nE 's/^   "[^"]*", "[^"]*", "([^"]*)"(,.*)?$/\1/p' "$top/Documentation/faults.rst" |
		grep -oE '\b[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\b' | sed 's/^mdev_//' | sort -u
}

all_there()
{
	local fixture case number=0

	while IFS=. read -r fixture case; do
		grep -qrE "^TEST_F(_TIMEOUT)?\(${fixture}, ${case}[,)]" \
			"$top/tools/testing/selftests" || echo "no case $fixture.$case"
		number=$((number + 1))
	done < <(cases) >"$build/faults"
	cat "$build/faults"
	[ ! -s "$build/faults" ] && [ "$number" -gt 50 ]
}

mkdir -p "$build"
ktap "each test that the page of faults names is there" all_there
ktap_end
