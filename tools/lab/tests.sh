# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Shared by the scripts that run the selftests in a lab: what programs there
# are, the script lines that run them, and their results in one piece.
#
# The caller sets vfio_ccw, mdev, ... to the names of the programs it wants of
# that folder.
vfio_ccw=
vfio_ap=

lab_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$lab_dir/../.." && pwd)
userspace=$top/build/s390x
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# programs FOLDER: the names of its test programs, of which there must be some.
programs()
{
	find "$userspace/selftests/$1" -maxdepth 1 -type f -perm -u+x -printf '%f\n' |
		sort | grep .
}

# add_programs FOLDER...: run.sh's arguments, a line each, that put the wanted
# programs into the guest.
add_programs()
{
	local folder program

	for folder; do
		for program in ${!folder}; do
			echo --add
			echo "$userspace/selftests/$folder/$program:/tests/$folder/$program"
		done
	done
}

# device_tests NAME SUBCHANNEL [LIMIT]: each test program on that device.
device_tests()
{
	local program

	for program in $vfio_ccw; do
		echo "ktap ${3:-60} $1/$program VFIO_CCW_SCH=$2 VFIO_CCW_DEV=$1 /tests/vfio_ccw/$program"
	done
}

# What lab C loads; ap_test comes first, for kvm.ko and the AP bus.
# shellcheck disable=SC2034 # for the caller
ap_modules="ap_test zcrypt_cex4 vfio_iommu_type1 vfio_ap"

# ap_tests LIMIT: each test program of vfio_ap, last that which a driver may not
# survive.
ap_tests()
{
	local program

	for program in $(grep -vx second <<<"$vfio_ap") second; do
		echo "ktap $1 vfio_ap/$program /tests/vfio_ap/$program"
	done
}

# stress_two SECONDS [LIMIT]: two subchannels of lab A at once, at random, with a
# seed that this machine draws, since the guest's own are the same each time.
stress_two()
{
	echo "ktap ${2:-60} stress_two STRESS_SEED=$SRANDOM STRESS_SECONDS=$1" \
		"VFIO_CCW_SCH=0.0.0000 VFIO_CCW_SCH2=0.0.0001 /tests/vfio_ccw/stress"
}

# show COMMAND...: keep its results, and print them in one piece. What fails
# without saying so in a result has one all the same.
show()
{
	local output=$tmp/$BASHPID

	"$@" >"$output" 2>&1 || grep -q '^not ok' "$output" ||
		echo "not ok $(basename "$1") ${*:2}" >>"$output"
	flock "$tmp" tee -a "$tmp/results" <"$output"
}
