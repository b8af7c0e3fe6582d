#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh - boot a stock kernel on an emulated s390x host, run a test script in
# it, print a line per test case (transcript.py tells which) and end in 0 only
# if all is well
#
#   --lab qemu|ap|count|hercules
#                         the emulator: QEMU TCG with virtio and a 3270, the
#                         same with adjunct processors by ap_test.ko, one that
#                         counts instructions (count.sh), or Hercules with an
#                         ECKD 3390
#   --kernel RELEASE      one of tools/build/kernels.sh
#   --script FILE         the tests: lines "ktap|exit LIMIT NAME COMMAND"
#   --add HOST:GUEST      put a file or folder into the guest (may be repeated)
#   --modules "NAME..."   what to load instead of vfio_ccw and what it needs
#   --modules-from DIR    look there for them before the kernel's own folder,
#                         not in build/RELEASE
#   --volume "DEVNO TYPE FILE"
#                         Hercules: a volume to work on in place, one more or,
#                         as 0190, instead of the usual one (may be repeated)
#   --memory MIB          Hercules: instead of 512
#   --limit SECONDS       for the whole run (default 240)
#   --own-time            QEMU: the guest's clock counts its instructions, so that
#                         no limit in it depends on this machine; what is outside
#                         the guest, such as the terminal's operator, comes late
#   --prefix TEXT         in front of each result
#   --show                print the output of the tests as it comes
#   --keep TEST:FILE      put the output of that test into a file
#
# The console and the emulator's words stay in build/lab/LAB-RELEASE-*/ .

set -euo pipefail

tools=$(cd "$(dirname "$0")/.." && pwd)
lab_dir=$tools/lab
top=$(dirname "$tools")
build=$top/build

die()
{
	echo "run.sh: $*" >&2
	exit 2
}

lab=
release=
script=
modules=
modules_from=
volumes=()
memory=512
prefix=
limit=240
adds=()
judge=()
machine=()
while [ $# -gt 0 ]; do
	case $1 in
	--show)
		judge+=(--show); shift; continue ;;
	--own-time)
		machine+=(-icount "shift=0,sleep=off" -seed 1
			-rtc "base=2026-01-01,clock=vm")
		shift; continue ;;
	esac
	[ $# -ge 2 ] || die "$1 needs a value"
	case $1 in
	--lab)		lab=$2 ;;
	--kernel)	release=$2 ;;
	--script)	script=$2 ;;
	--add)		adds+=("$2") ;;
	--modules)	modules=$2 ;;
	--modules-from)	modules_from=$2 ;;
	--volume)	volumes+=("$2") ;;
	--memory)	memory=$2 ;;
	--limit)	limit=$2 ;;
	--keep)		judge+=(--keep "$2") ;;
	--prefix)	judge+=(--prefix "$2"); prefix="$2 " ;;
	*)		die "unknown option $1" ;;
	esac
	shift 2
done
case $lab in
qemu|count)	: "${modules:=vfio_iommu_type1 vfio_ccw}" ;;
hercules)	: "${modules:=dasd_eckd_mod vfio_iommu_type1 vfio_ccw}" ;;
# kvm.ko and the AP bus's users want to see what ap_test.ko brings.
ap)		: "${modules:=ap_test zcrypt_cex4 vfio_iommu_type1 vfio_ap}" ;;
*)		die "--lab must be qemu, ap, count or hercules" ;;
esac
kernel=$build/kernels/$release/boot/vmlinuz-$release
[ -e "$kernel" ] || die "no kernel '$release'; see tools/build/kernels.sh"
[ -r "$script" ] || die "cannot read the script '$script'"

mkdir -p "$build/lab"
run=$(mktemp -d "$build/lab/$lab-$release-XXXXXX")
emulator=
# shellcheck disable=SC2317 # called by the trap
# The logs stay; what is big and can be made again does not.
clean_up()
{
	[ -z "$emulator" ] || kill "$emulator" 2>/dev/null || true
	rm -rf "$run"/{frame,initramfs,modules,vmlinuz,disk.img}
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

emulator_root=${lab/count/qemu}
parameters=
if [ "$lab" = ap ]; then
	emulator_root=qemu
	# What AP needs of a machine; and a guest's page tables, before the kernel
	# makes them for every process.
	parameters="facilities=12,15,65,76 sysctl.vm.allocate_pgste=1"
fi
"$tools/build/root.sh" "$emulator_root" >/dev/null
guest_root=$("$tools/build/root.sh" guest)
# What belongs to the owner of a DASD.
if [ "$lab" = hercules ]; then
	libraries=$guest_root/usr/lib/s390x-linux-gnu
	adds+=("$guest_root/usr/sbin/dasdfmt:/bin/dasdfmt"
		"$libraries/ld64.so.1:/lib/ld64.so.1" "$libraries/libc.so.6:/lib/libc.so.6"
		"$lab_dir/guest/format-dasd.sh:/lab/format-dasd.sh")
fi
nonce=$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')
echo "$nonce" >"$run/nonce"
cp "$script" "$run/script"
"$tools/build/run.sh" trixie s390x-linux-gnu-gcc-14 -static -O2 -o "${run#"$top"/}/frame" \
	tools/lab/guest/frame.c
# word splitting of the module names is meant
# shellcheck disable=SC2086
"$lab_dir/modules.py" "$run/modules" \
	"${modules_from:-$build/$release}:$build/kernels/$release/lib/modules/$release" \
	$modules
"$lab_dir/initramfs.py" "$run/initramfs" "$run/modules:/modules" \
	"$guest_root/usr/bin/busybox:/bin/busybox" \
	"$lab_dir/guest/init:/init" \
	"$run/frame:/bin/frame" \
	"$lab_dir/guest/klog.patterns:/lab/klog.patterns" \
	"$lab_dir/guest/handover.sh:/lab/handover.sh" \
	"$run/nonce:/lab/nonce" "$run/script:/lab/script" \
	"${adds[@]}"

# loglevel: only what ends the guest may come between the frames on the console.
# devkmsg: the marks that the guest puts into the log must not be rate limited.
echo "rdinit=/init panic=-1 loglevel=1 log_buf_len=1M printk.devkmsg=on" \
	"nokaslr cryptomgr.notests lsm=capability $parameters" >"$run/parameters"
echo "$memory" >"$run/memory"
printf '%s\n' "${volumes[@]}" | grep . >"$run/volumes" || true

# setpriv ends the emulator with its timeout, and that with this shell, however
# they end; timeout ends an emulator that does not come to an end.
: >"$run/console"
setpriv --pdeathsig TERM timeout -k 5 "$limit" \
	setpriv --pdeathsig KILL "$lab_dir/$lab.sh" "$run" "$kernel" "${machine[@]}" \
	</dev/null >"$run/console" 2>"$run/emulator" &
emulator=$!
status=0
tail -f -c +1 -s 0.1 --pid="$emulator" "$run/console" |
"$lab_dir/transcript.py" --script "$script" --nonce "$nonce" "${judge[@]}" || status=1
# A guest that does not power off is a failure as well.
wait "$emulator" || [ $? -ne 124 ] || {
	echo "not ok ${prefix}end - stopped after $limit seconds"
	status=1
}
emulator=
if [ $status -ne 0 ]; then
	grep -v '^HHC.*I ' "$run/emulator" || true
	echo "#   console and emulator log: $run"
fi
exit $status
