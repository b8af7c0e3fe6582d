#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# test-guest.sh RELEASE - run tests that fail, each in a way of its own, in a
# guest with the kernel RELEASE, and see each of them called so
#
# Prints one "ok" or "not ok" line per test.

set -euo pipefail

[ $# -eq 1 ] || { echo "usage: test-guest.sh RELEASE" >&2; exit 2; }
dir=$(cd "$(dirname "$0")" && pwd)
release=$1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

failed=0
# run: whether the results are those expected, and the run failed.
run()
{
	local status=0 line

	"$dir/run.sh" --lab qemu --kernel "$release" --modules vfio --limit 60 \
		--script "$tmp/script" >"$tmp/output" 2>&1 || status=$?
	grep -E '^(not )?ok ' "$tmp/output" >"$tmp/results" || true
	while read -r line; do
		if grep -q -x -F -e "$line" "$tmp/results"; then
			echo "ok lab guest: says '$line'"
		else
			echo "not ok lab guest: says '$line'"
			failed=1
		fi
	done <"$tmp/expected"
	if [ $status -eq 1 ] && cmp -s "$tmp/expected" "$tmp/results"; then
		echo "ok lab guest: says no more, and fails"
	else
		echo "not ok lab guest: says no more, and fails"
		sed 's/^/#   /' "$tmp/output"
		failed=1
	fi
}

# The flood is longer than the log buffer that run.sh gives the guest.
cat >"$tmp/script" <<'EOF'
exit 5 passes true
exit 5 fails exit 3
exit 1 hangs sleep 100 & sleep 100
exit 5 leaves-one-behind sleep 100 & true
exit 5 warns echo "WARNING: fake" > /dev/kmsg
exit 5 does-not-warn echo "information" > /dev/kmsg
exit 30 floods awk 'BEGIN { for (; i < 1200; i++) { printf "%0900d\n", 0 > "/dev/kmsg"; fflush("/dev/kmsg") } }'
ktap 5 ktap echo TAP version 13; echo 1..2; echo ok 1 one; echo "ok 2 two # SKIP why"
ktap 5 ktap-fails echo 1..1; echo not ok 1 one; exit 1
ktap 5 ktap-killed echo 1..1; echo ok 1 one; kill -SEGV $$
ktap 5 ktap-silent true
exit 5 panics echo c > /proc/sysrq-trigger
exit 5 never-runs true
EOF
cat >"$tmp/expected" <<'EOF'
ok boot
ok passes
not ok fails - exit status 3
not ok hangs - stopped at its time limit
ok leaves-one-behind
not ok warns - the kernel log has a complaint
ok does-not-warn
not ok floods - the kernel log overran: nobody knows what it said
ok ktap: one
ok ktap: two # SKIP why
not ok ktap-fails: one
not ok ktap-fails - exit status 1
ok ktap-killed: one
not ok ktap-killed - exit status 139
not ok ktap-silent - no KTAP plan
not ok panics - broken off
not ok never-runs - no result
not ok transport - the closing record is missing
EOF
run

# A process that the freezer holds does not even die when killed.
cat >"$tmp/script" <<'EOF'
exit 5 freezer mkdir /tmp/freezer && mount -t cgroup -o freezer none /tmp/freezer && mkdir /tmp/freezer/cold
exit 1 sticks cd /tmp/freezer/cold; (sleep 0.3; echo FROZEN > freezer.state) & echo $$ > cgroup.procs; sleep 100
exit 5 never-runs true
EOF
cat >"$tmp/expected" <<'EOF'
ok boot
ok freezer
not ok sticks - stuck: did not end when killed
not ok never-runs - no result
not ok transport - the closing record is missing
EOF
run
exit $failed
