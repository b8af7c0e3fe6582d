#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# test-transcript.sh - what the lab makes of a console that loses or alters
# something, of a guest that stops early and of tests that fail: runs frame and
# transcript.py on this machine, without a guest
#
# Prints one "ok" or "not ok" line per case.

set -euo pipefail

dir=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0

cc -Wall -Wextra -Werror -O1 -o "$tmp/frame" "$dir/guest/frame.c"

cat >"$tmp/script" <<'EOF'
ktap 9 starts run-starts
exit 9 unload rmmod
EOF

# What a guest without trouble has to say. The long line needs three frames,
# the others have everything that a console could mangle.
cat >"$tmp/good" <<'EOF'
run 00ff 2
test 0 boot
out insmod vfio.ko
done 0 0 clean
test 1 starts
out TAP version 13
out 1..2
out 
out # [|^~{}] ü 100% two  blanks and one at the end 
out # LONG
out ok 1 dasd.sense_id
out ok 2 dasd.no_path # SKIP one path only
done 1 0 clean
test 2 unload
done 2 0 clean
end 2
EOF

long=$(printf '%0250d' 0)
sed -i "s/LONG/$long/" "$tmp/good"

# judge < CONSOLE: transcript.py's output and status in $tmp.
judge()
{
	if "$dir/transcript.py" --script "$tmp/script" --nonce 00ff "$@" >"$tmp/out"; then
		echo pass >"$tmp/verdict"
	else
		echo fail >"$tmp/verdict"
	fi
}

# verdict NAME pass|fail [PATTERN]: what judge must have found and said.
verdict()
{
	if [ "$(cat "$tmp/verdict")" = "$2" ] && grep -q -e "${3:-}" "$tmp/out"; then
		echo "ok transcript: $1"
	else
		echo "not ok transcript: $1"
		sed 's/^/#   /' "$tmp/out"
		failed=1
	fi
}

# A console as the emulators give it: noise, carriage returns, a blank margin.
console()
{
	echo "HHCCP041I SYSCONS interface active"
	"$tmp/frame" "${1:-0}" | sed 's/$/\r/; 3s/^/      /'
	echo "HHCIN099I Hercules terminated"
}

# records NAME pass|fail PATTERN SED-SCRIPT: the guest says something else.
records()
{
	sed "$4" "$tmp/good" | console >"$tmp/console"
	judge <"$tmp/console"
	verdict "$1" "$2" "$3"
}

# frames NAME PATTERN SED-SCRIPT: the console does something to good frames.
frames()
{
	console <"$tmp/good" | sed "$3" >"$tmp/console"
	judge <"$tmp/console"
	verdict "$1" fail "$2"
}

records "whole transcript" pass '^ok starts: dasd.sense_id$' ''
verdict "skip with its reason" pass '^ok starts: dasd.no_path # SKIP one path only$'
verdict "test without KTAP" pass '^ok unload$'
verdict "transport has a line" pass '^ok transport$'
judge --prefix X/7 <"$tmp/console"
verdict "prefix" pass '^ok X/7 starts: dasd.sense_id$'
judge --show <"$tmp/console"
verdict "odd characters arrive as sent" pass '^# \[|^~{}\] ü 100% two  blanks and one at the end $'
verdict "long line arrives whole" pass "^# $long$"
judge --keep "starts:$tmp/kept" <"$tmp/console"
{ cmp <(sed -n '/test 1/,/done 1/s/^out //p' "$tmp/good") "$tmp/kept" && echo same; } >"$tmp/out" 2>&1
verdict "one test's output is kept" pass '^same$'
console 1024 <"$tmp/good" >"$tmp/console"
judge <"$tmp/console"
verdict "padding does no harm" pass '^ok transport$'

# No single frame may be lost, doubled or altered without notice, whichever
# it is; the first console line is no frame.
count=$(console <"$tmp/good" | grep -c '=[0-9]')
for edit in d p 's/.\(.\{4\}\)$/~\1/'; do
	missed=
	for ((i = 2; i <= count + 1; i++)); do
		console <"$tmp/good" | sed "$i$edit" >"$tmp/console"
		judge <"$tmp/console"
		[ "$(cat "$tmp/verdict")" = fail ] || missed+=" $i"
	done
	echo "${missed:-none}" >"$tmp/out"
	echo pass >"$tmp/verdict"
	verdict "frame damaged by sed '$edit', each of $count" pass '^none$'
done

frames "lost frame fails its test" '^not ok starts - .*came where' '/dasd.no_path/d'
frames "lost plan fails its test" '^not ok starts' '/ 1\.\.2/d'
frames "altered result" '^not ok starts - frame 0000.. altered' 's/ok 1 dasd/ok 7 dasd/'
frames "frame cut short" '^not ok transport - frame 0000.. altered' 's/sense_id/sense_i/'
frames "two frames swapped" '^not ok transport' '/ok 1 dasd/{h;d};/ok 2 dasd/G'
frames "closing record lost" '^not ok transport - the closing record is missing' '/ end 2/d'
frames "end cut off by a panic" '^not ok unload - no result' \
	'/ test 2 unload/,/ end 2/c Kernel panic - not syncing: Fatal exception'
verdict "the console's last words are shown" fail '^#   console: Kernel panic'
frames "nothing but noise" '^not ok starts - no result' '/=[0-9]/d'
judge </dev/null
verdict "empty console" fail '^not ok boot - no result'

records "another run" fail 'transcript of another run' 's/00ff/00fe/'
records "another number of tests" fail 'transcript of another run' '1s/2$/1/'
records "test left out" fail '^not ok unload - no result' '/^test 2/d;/^done 2/d;s/^end 2/end 1/'
records "test renamed" fail '^not ok unload - no result' 's/unload/reload/'
records "test never done" fail '^not ok transport' '/^done 1/d'
records "records after the end" fail 'records after the end' 's/^end 2/&\nrun 00ff 2/'
records "case that failed" fail '^not ok starts: dasd.sense_id$' 's/out ok 1/out not ok 1/'
records "exit status of a KTAP test" fail '^not ok starts - exit status 1' 's/^done 1 0/done 1 1/'
records "exit status of another test" fail '^not ok unload - exit status 1' 's/^done 2 0/done 2 1/'
records "fewer cases than planned" fail '^not ok starts - 2 of 3 planned' 's/1\.\.2/1..3/'
records "no plan" fail '^not ok starts - no KTAP plan' '/1\.\.2/d'
records "empty plan" fail '^not ok starts' 's/1\.\.2/1..0/;/out ok/d'
records "skip status with a case that ran" fail '^not ok starts - exit status 4' 's/^done 1 0/done 1 4/'
records "everything skipped" pass '^ok starts: all # SKIP no such device$' \
	's/1\.\.2/1..0 # SKIP no such device/;/out ok/d;s/^done 1 0/done 1 4/'
records "kernel log with a complaint" fail '^not ok unload - the kernel log has a complaint' \
	's/^done 2 0 clean/log WARNING: x\ndone 2 0 complaint/'
verdict "the complaint is shown" fail '^#   log: WARNING: x$'
records "kernel log that overran" fail '^not ok unload - the kernel log overran' 's/^done 2 0 clean/done 2 0 lost/'
records "module that does not load" fail '^not ok boot - exit status 1' 's/^done 0 0/done 0 1/'

# The kernel's words for trouble, one of each kind, and what is none.
while read -r line; do
	if grep -q -F -f "$dir/guest/klog.patterns" <<<"$line"; then found=fail; else found=pass; fi
	echo "$found" >"$tmp/verdict"
	echo "$line" >"$tmp/out"
	case $line in
	fine:*)	verdict "kernel log: $line" pass ;;
	*)	verdict "kernel log: $line" fail ;;
	esac
done <<'EOF'
WARNING: CPU: 0 PID: 80 at drivers/vfio/vfio_iommu_type1.c:2512
BUG: KASAN: slab-use-after-free in fsm_io_request+0x1a0/0x2c0
BUG: sleeping function called from invalid context at mm/slab.h:320
BUG: spinlock bad magic on CPU#0, rmmod/99
Unable to handle kernel pointer dereference in virtual kernel address space
Oops: 0038 ilc:3 [#1] SMP
kernel BUG at lib/list_debug.c:59!
WARNING: possible circular locking dependency detected
WARNING: inconsistent lock state
INFO: task start:96 blocked for more than 30 seconds.
rcu: INFO: rcu_sched self-detected stall on CPU
UBSAN: shift-out-of-bounds in drivers/s390/cio/vfio_ccw_cp.c:12
kmemleak: 1 new suspected memory leaks (see /sys/kernel/debug/kmemleak)
refcount_t: underflow; use-after-free.
list_del corruption. prev->next should be 0000, but was 0001
watchdog: BUG: soft lockup - CPU#0 stuck for 22s!
ODEBUG: free active (active state 0) object type: timer_list
vfio_ccw: Unknown symbol mdev_register_parent (err -2)
vfio_ccw: disagrees about version of symbol css_driver_register
fine: vfio_ccw: loading out-of-tree module taints kernel.
fine: vfio_ccw: module verification failed: signature and/or required key missing
fine: vfio_ccw 0.0.0001: MDEV: Registered
EOF

exit $failed
