#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# bench.sh [check|record] - count the instructions that I/O through vfio_ccw
# takes, on each supported kernel (tools/testing/bench, count.sh)
#
# By ours and by the kernel's own driver, side by side, with the least that any
# driver could do (ccw_floor.ko). "check": by ours, and whether it is what was
# recorded; a KTAP line for each result. "record": record it.
#
# KERNELS as in tools/build/kernels.sh.

set -euo pipefail

lab_dir=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$lab_dir/../.." && pwd)
how=${1:-compare}
case $how in
compare|check|record) ;;
*)
	echo "usage: bench.sh [check|record]" >&2
	exit 2
	;;
esac
make -s -C "$top" modules >&2
"$top/tools/build/userspace.sh" bench >&2
kernels=$("$top/tools/build/kernels.sh" | cut -d ' ' -f 2)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# As many as are driven at once, which is not for the record.
count=1
[ "$how" != compare ] || count=8

# give DRIVER NUMBER...: a line that hands these subchannels to it.
give()
{
	local driver=$1

	shift
	echo "for n in $(printf '0.0.000%d ' "$@"); do" \
		"echo $driver >/sys/bus/css/devices/\$n/driver_override;" \
		"echo \$n >/sys/bus/css/devices/\$n/driver/unbind;" \
		"echo \$n >/sys/bus/css/drivers_probe; done"
}

# measure DRIVER RELEASE: results of ours or theirs into a file of that name. A
# guest that has just booted is given time to come to rest, which costs none.
# The floor comes last, on a device that the others do not use.
measure()
{
	local add=(--add "$top/build/s390x/bench/bench:/bin/bench")
	local option=-o result=$tmp/$1-$2 numbers

	numbers=$(seq 0 $((count - 1)))
	if [ "$1" = theirs ]; then
		add+=(--modules-from "$top/build/baseline/$2")
		option=
	else
		add+=(--add "$top/build/$2/ccw_floor.ko:/modules/ccw_floor.ko")
	fi
	# shellcheck disable=SC2086 # some numbers
	cat >"$result.script" <<-EOS
	exit 60 bind $(give vfio_ccw $numbers)
	exit 900 bench sleep 60; bench $option $(printf '0.0.000%d ' $numbers)
	EOS
	[ "$1" = theirs ] || cat >>"$result.script" <<-EOS
	exit 60 floor insmod /modules/ccw_floor.ko; $(give ccw_floor 8); bench -f
	EOS
	"$lab_dir/run.sh" --lab count --kernel "$2" --limit 300 "${add[@]}" \
		--script "$result.script" --show >"$result.out" 2>&1 || {
		sed 's/^/# /' "$result.out"
		echo "not ok bench: $1 on $2"
		return 1
	}
	grep -E '^(program|allocations|devices|idle|floor) ' "$result.out" >"$result"
}

drivers=ours
if [ "$how" = compare ]; then
	drivers="ours theirs"
	"$top/tools/build/baseline.sh" >&2
fi

# Two runs at a time.
failed=0
pids=()
for release in $kernels; do
	for driver in $drivers; do
		[ "$(jobs -r | wc -l)" -lt 2 ] || wait -n || failed=1
		measure "$driver" "$release" &
		pids+=($!)
	done
done
for pid in "${pids[@]}"; do
	wait "$pid" || failed=1
done
[ $failed = 0 ] || exit 1

for release in $kernels; do
	module=$top/build/$release/vfio_ccw.ko
	recorded=$top/tools/testing/bench/recorded/$release
	case $how in
	compare)
		"$lab_dir/bench.py" compare "$release" "$tmp/ours-$release" "$tmp/theirs-$release"
		;;
	check)
		"$lab_dir/bench.py" check "$release" "$tmp/ours-$release" "$recorded" \
			"$module" || failed=1
		;;
	record)
		mkdir -p "$(dirname "$recorded")"
		"$lab_dir/bench.py" record "$tmp/ours-$release" "$module" >"$recorded"
		echo "recorded $recorded" >&2
		;;
	esac
done
exit $failed
