# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# How a demonstration tells what it does: words of its own, and the commands
# with what they print.

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
