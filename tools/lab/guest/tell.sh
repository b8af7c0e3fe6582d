# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# How a demonstration tells what it does: words of its own, and the commands
# with what they print. What they print can be checked, in /tmp/printed.

say() {
	echo
	echo "$@" | fold -s -w 76 | sed 's/^/  /; s/ *$//'
}

# run COMMAND - shows it and what it prints; the demonstration ends if it fails.
run() {
	status=0
	echo "    # $1"
	eval "$1" > /tmp/printed 2>&1 || status=$?
	sed 's/^/    /' /tmp/printed
	return $status
}

# refused COMMAND - the same, and ends if it does not fail.
refused() {
	! run "$1" || fail "this has not been refused"
}

# fail TEXT - the demonstration ends, telling why.
fail() {
	echo "    --> $1"
	exit 1
}

# printed PATTERN... - ends unless the last command has printed a line with each.
printed() {
	for pattern; do
		grep -qE -- "$pattern" /tmp/printed || fail "no line with '$pattern'"
	done
}

# not_printed PATTERN... - ends if it has printed a line with one.
not_printed() {
	for pattern; do
		! grep -qE -- "$pattern" /tmp/printed || fail "a line with '$pattern'"
	done
}

# step NAME [ARGUMENT...] - calls step_NAME, unless an earlier step has failed:
# without it this one could only wait.
step() {
	[ ! -e /run/broken ] || fail "an earlier step has failed"
	touch /run/broken
	name=$1
	shift
	"step_$name" "$@"
	rm /run/broken
}
