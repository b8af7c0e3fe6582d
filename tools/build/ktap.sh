# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# KTAP lines for tests written in shell.

ktap_count=0
ktap_failed=0

# ktap DESCRIPTION COMMAND...: one case; it passes if the command does. What
# the command prints is shown only if it fails.
ktap()
{
	local description=$1 output status

	shift
	ktap_count=$((ktap_count + 1))
	# Not as an if's condition: there the shell would not heed set -e
	# inside the command.
	set +e
	output=$(
		set -e
		"$@" 2>&1 </dev/null
	)
	status=$?
	set -e
	if [ "$status" = 0 ]; then
		echo "ok $ktap_count - $description"
	else
		ktap_failed=$((ktap_failed + 1))
		[ -z "$output" ] || printf '%s\n' "$output" | sed 's/^/# /'
		echo "not ok $ktap_count - $description"
	fi
}

# ktap_end: the plan, which tells a complete run; fails if a case did.
ktap_end()
{
	echo "1..$ktap_count"
	[ "$ktap_failed" = 0 ]
}
