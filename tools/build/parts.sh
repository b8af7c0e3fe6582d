# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The sum of many tests.
#
# A part is a command that prints a KTAP line, "ok" or "not ok", for each case.
# One that ends in failure without having told of a failed case, that tells of
# no case at all, or of fewer than it announced, counts as a failure itself:
# dying early is no way to pass.

# shellcheck source=tools/build/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

passed=0
failed=0
skipped=0

# part NAME COMMAND...: run it, show what it prints, count its cases.
part()
{
	local name=$1 log=$build/check/$1.log status=0 ok not_ok skip planned

	shift
	mkdir -p "$build/check"
	echo "# $name: $*"
	"$@" 2>&1 </dev/null | tee "$log" || status=$?
	skip=$(grep -cE '^ok .*# SKIP' "$log" || :)
	ok=$(($(grep -cE '^ok( |$)' "$log" || :) - skip))
	not_ok=$(grep -cE '^not ok( |$)' "$log" || :)
	planned=$(sed -nE 's/^1\.\.([0-9]+).*/\1/p' "$log" |
		awk '{ sum += $1 } END { print sum + 0 }')
	if [ $((ok + not_ok)) = 0 ]; then
		echo "not ok - $name: no test ran (exit status $status)"
		not_ok=1
	elif [ "$planned" -gt $((ok + skip + not_ok)) ]; then
		echo "not ok - $name: $((ok + skip + not_ok)) of $planned tests ran"
		not_ok=$((not_ok + 1))
	elif [ "$status" != 0 ] && [ "$not_ok" = 0 ]; then
		echo "not ok - $name: ended with exit status $status"
		not_ok=1
	fi
	passed=$((passed + ok))
	failed=$((failed + not_ok))
	skipped=$((skipped + skip))
}

# parts_end: the last line; fails if a case did.
parts_end()
{
	echo "# $skipped skipped, each for the reason in its line"
	echo "$passed passed, $failed failed"
	[ "$failed" = 0 ]
}
