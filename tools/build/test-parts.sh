#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# test-parts.sh - see that no way to die makes tests look passed, neither in
# the sum of all parts nor in one case; KTAP output.

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tools/build/ktap.sh
. "$top/tools/build/ktap.sh"

# sum LAST-LINE SCRIPT: a part that runs the shell script adds up to that, and
# the exit status agrees.
sum()
{
	local output status=0

	output=$(bash -euo pipefail -c '
		. tools/build/parts.sh
		part test-parts bash -euc "$1"
		parts_end
	' sum "$2") || status=$?
	printf '%s\n' "$output"
	[ "$(tail -n 1 <<<"$output")" = "$1" ]
	case $1 in
	*" 0 failed")
		[ "$status" = 0 ]
		;;
	*)
		[ "$status" != 0 ]
		;;
	esac
}

# one RESULT COMMAND...: a case that runs the command has that result.
one()
{
	local output

	output=$(
		ktap_count=0
		ktap case "${@:2}"
	)
	printf '%s\n' "$output"
	[ "$(tail -n 1 <<<"$output")" = "$1" ]
}

# shellcheck disable=SC2317 # run by name
fails_midway()
{
	false
	true
}

cd "$top"
ktap "passed cases are counted" sum "2 passed, 0 failed" \
	'echo ok 1 - a; echo ok 2; echo 1..2'
ktap "failed cases are counted" sum "1 passed, 1 failed" \
	'echo ok 1 - a; echo not ok 2 - b; exit 1'
ktap "a failed case fails whatever the exit status" \
	sum "0 passed, 1 failed" 'echo not ok 1 - a'
ktap "a skipped case is not a passed one" sum "1 passed, 0 failed" \
	'echo ok 1 - a; echo "ok 2 - b # SKIP no device"; echo 1..2'
ktap "no case at all fails" sum "0 passed, 1 failed" 'echo fine'
ktap "fewer cases than announced fail" sum "1 passed, 1 failed" \
	'echo 1..2; echo ok 1 - a'
ktap "a bad end after good cases fails" sum "1 passed, 1 failed" \
	'echo ok 1 - a; exit 3'
ktap "a killed part fails" sum "1 passed, 1 failed" \
	'echo ok 1 - a; kill -9 $$'
ktap "what only looks like a result is none" sum "1 passed, 0 failed" \
	'echo ok 1 - a; echo "  not ok 1 - nested"; echo okay; echo "# ok 2"'
ktap "a command that succeeds passes" one "ok 1 - case" true
ktap "a command that fails fails" one "not ok 1 - case" false
ktap "a function that fails midway fails" one "not ok 1 - case" fails_midway
ktap_end
