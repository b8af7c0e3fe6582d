#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# bench.sh - count the instructions that I/O through vfio_ccw takes, on each
# supported kernel (tools/testing/bench, count.sh), by ours and by the kernel's
# own driver, side by side
#
# KERNELS as in tools/build/kernels.sh.

set -euo pipefail

lab_dir=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$lab_dir/../.." && pwd)
make -s -C "$top" modules >&2
"$top/tools/build/userspace.sh" bench >&2
kernels=$("$top/tools/build/kernels.sh" | cut -d ' ' -f 2)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

subchannels=
for i in {0..7}; do
	subchannels+=" 0.0.000$i"
done

# measure DRIVER RELEASE: results of ours or theirs into a file of that name. A
# guest that has just booted is given time to come to rest, which costs none.
measure()
{
	local from=() option=-o result=$tmp/$1-$2

	if [ "$1" = theirs ]; then
		from=(--modules-from "$top/build/baseline/$2")
		option=
	fi
	cat >"$result.script" <<-EOS
	exit 60 bind for n in$subchannels; do echo vfio_ccw >/sys/bus/css/devices/\$n/driver_override; echo \$n >/sys/bus/css/devices/\$n/driver/unbind; echo \$n >/sys/bus/css/drivers_probe; done
	exit 900 bench sleep 60; bench $option$subchannels
	EOS
	"$lab_dir/run.sh" --lab count --kernel "$2" --limit 300 "${from[@]}" \
		--script "$result.script" --show \
		--add "$top/build/s390x/bench/bench:/bin/bench" >"$result.out" 2>&1 || {
		sed 's/^/# /' "$result.out"
		echo "not ok bench: $1 on $2"
		return 1
	}
	grep -E '^(program|allocations|devices|idle|floor) ' "$result.out" >"$result"
}

# Two runs at a time.
failed=0
pids=()
for release in $kernels; do
	for driver in ours theirs; do
		if [ $driver = theirs ]; then
			"$top/tools/build/baseline.sh" >&2
		fi
		[ "$(jobs -r | wc -l)" -lt 2 ] || wait -n || failed=1
		measure $driver "$release" &
		pids+=($!)
	done
done
for pid in "${pids[@]}"; do
	wait "$pid" || failed=1
done
[ $failed = 0 ] || exit 1

for release in $kernels; do
	"$lab_dir/bench.py" "$release" "$tmp/ours-$release" "$tmp/theirs-$release"
done
