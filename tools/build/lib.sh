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
#   build/kernels/RELEASE/         kernels, stock ones and our own, with modules

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

# lock NAME: one process at a time makes NAME. The lock goes with the process,
# or with an unlock, which gives up the one taken last.
lock()
{
	mkdir -p "$build/locks"
	exec {lock_fd}>"$build/locks/$1"
	flock "$lock_fd"
}

unlock()
{
	exec {lock_fd}>&-
}

# need PACKAGE...: Debian packages that must be installed on this machine.
# Root installs them, anybody else is told.
need()
{
	local package missing=()

	for package; do
		dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null |
			grep -qx installed || missing+=("$package")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	[ "$(id -u)" = 0 ] ||
		die "please install first: apt-get install ${missing[*]}"
	lock need
	say "installing the packages ${missing[*]}"
	export DEBIAN_FRONTEND=noninteractive
	apt-get -qq install --no-install-recommends "${missing[@]}" >&2 || {
		apt-get -qq update >&2
		apt-get -qq install --no-install-recommends "${missing[@]}" >&2
	}
	unlock
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

# targets [KDIR|NAME]: the kernels to build for, a line each, "ROOT RELEASE
# KDIR". With a NAME of tools/build/configs, it is that kernel of our own.
# On s390x it is the one whose headers are in KDIR, or the running one, and
# ROOT is "-": this machine. Elsewhere, each supported stock kernel.
targets()
{
	local kdir root release

	if [ $# -gt 0 ] && [ -e "$top/tools/build/configs/$1.config" ]; then
		release=$("$top/tools/build/kernel.sh" "$1")
		echo "kernel $release build/kernels/$release/headers"
		return
	fi
	if [ $# -eq 0 ] && [ "$(uname -m)" != s390x ]; then
		"$top/tools/build/kernels.sh" | while read -r root release; do
			echo "$root $release /usr/src/linux-headers-$release"
		done
		return
	fi
	kdir=${1:-/lib/modules/$(uname -r)/build}
	[ -e "$kdir/include/config/kernel.release" ] ||
		die "no kernel headers in $kdir; install linux-headers-$(uname -r) or give KDIR="
	echo "- $(cat "$kdir/include/config/kernel.release") $kdir"
}

# run_in ROOT COMMAND...: run it where a target is built, from the top of the
# project, so that relative paths mean the same everywhere.
run_in()
{
	local root=$1

	shift
	if [ "$root" = - ]; then
		(cd "$top" && "$@") </dev/null
	else
		"$top/tools/build/run.sh" "$root" "$@" </dev/null
	fi
}
