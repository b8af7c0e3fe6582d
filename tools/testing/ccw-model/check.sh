#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# check.sh DIR SECONDS - run the translator's unit tests in DIR, then its fuzzer:
# over the corpus, and on from there for SECONDS. One line for each test.

set -euo pipefail

dir=$1
seconds=$2
here=$(dirname "$0")
failures=0

"$here/../unit/check.sh" "$dir/translator-tests" | tee "$dir/tests.log" ||
	failures=1
n=$(grep -c -E '^(not )?ok ' "$dir/tests.log" || true)

fuzz() {
	local name=$1
	shift
	n=$((n + 1))
	if "$dir/translator-fuzz" -timeout=5 -max_len=300 \
		-artifact_prefix="$dir/" "$@" >"$dir/translator-fuzz.log" 2>&1
	then
		grep -E '^(Done|stat::number_of_executed)' \
			"$dir/translator-fuzz.log" | sed 's/^/# /' || true
		echo "ok $n - $name"
	else
		tail -n 40 "$dir/translator-fuzz.log" | sed 's/^/# /'
		echo "not ok $n - $name"
		failures=1
	fi
}

fuzz "fuzzer: the corpus" -runs=0 "$here/corpus"
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
fuzz "fuzzer: $seconds seconds from there" -max_total_time="$seconds" \
	-print_final_stats=1 "$new" "$here/corpus"

exit "$failures"
