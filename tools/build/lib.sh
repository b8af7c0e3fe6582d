# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Shared by the scripts of tools/build: where things are, how to talk to the
# person who waits, and one lock per thing being made.
#
# Everything fetched or made lives under build/ of the project:
#   build/cache/apt/SUITE-ARCHS/   a private apt: lists and settings
#   build/cache/archives/          the packages fetched so far
#   build/roots/NAME/              extracted roots
#   build/kernels/RELEASE/         stock kernels and their modules

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$top/build
# $top needs no quoting trouble in kbuild, which cannot live with blanks.
case $top in
*[[:space:]:]*)
	echo "error: kbuild cannot work in a path with blanks or colons: $top" >&2
	exit 1
	;;
esac

say()
{
	printf '%s\n' "$*" >&2
}

die()
{
	say "error: $*"
	exit 1
}

# lock NAME: one process at a time makes NAME; the lock goes with the process.
lock()
{
	local fd

	mkdir -p "$build/locks"
	exec {fd}>"$build/locks/$1"
	flock "$fd"
}

# table_row NAME: "suite architectures package..." of the root NAME.
table_row()
{
	awk -v name="$1" '
		/^[[:space:]]*(#|$)/ { next }
		$1 == name {
			if (row == "")
				row = $2 " " $3
			for (i = 4; i <= NF; i++)
				row = row " " $i
		}
		END {
			if (row == "")
				exit 1
			print row
		}' "$top/tools/build/roots"
}
