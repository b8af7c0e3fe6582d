#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# test-apt.sh - see what is fetched from an archive that names what it has not;
# KTAP output. The archive is a folder of this test's.

set -euo pipefail
# shellcheck source=tools/build/apt.sh
. "$(dirname "$0")/apt.sh"
# shellcheck source=tools/build/ktap.sh
. "$top/tools/build/ktap.sh"

build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
archive=$build/archive
mkdir -p "$archive"/{trixie,stable}

# add_package NAME VERSION ARCH SUITE...: to the archive, and to the lists that it
# has under these names of the suite.
add_package()
{
	local file=$1_$2_$3.deb dir=$build/package suite

	rm -rf "$dir"
	mkdir -p "$dir/DEBIAN"
	printf '%s\n' "Package: $1" "Version: $2" "Architecture: $3" \
		"Maintainer: nobody <nobody@localhost>" "Description: test" \
		>"$dir/DEBIAN/control"
	dpkg-deb --build "$dir" "$archive/$file" >/dev/null
	for suite in "${@:4}"; do
		{
			cat "$dir/DEBIAN/control"
			echo "Filename: ./$file"
			echo "Size: $(stat -c %s "$archive/$file")"
			echo "SHA256: $(sha256sum "$archive/$file" | cut -d ' ' -f 1)"
			echo
		} >>"$archive/$suite/Packages"
	done
}

# add_kernel VERSION
add_kernel()
{
	add_package "linux-headers-$1+deb-s390x" "$1-1" s390x trixie stable
	add_package "linux-headers-$1+deb-common" "$1-1" all trixie stable
	add_package "linux-kbuild-$1+deb" "$1-1" amd64 trixie stable
	add_package "linux-image-$1+deb-s390x" "$1-1" s390x trixie stable
	add_package linux-source-6.9 "$1-1" all trixie stable
}

# Of this archive, nothing of the machine's.
apt_update_from()
{
	echo "deb [trusted=yes] file:$archive $1/" >"$apt_dir/sources.list"
	apt_private update >/dev/null 2>&1
	: >"$apt_dir/updated"
}

# anew: nothing was fetched before.
anew()
{
	rm -rf "$build/cache"
	apt_configure trixie amd64,s390x
}

# gives RELEASE: that is the kernel that is fetched, with all its packages.
gives()
{
	local release

	release=$(apt_get_kernel 2>/dev/null && echo "$kernel_release") ||
		release=none
	[ "$release" = "$1" ] || {
		echo "fetched: $release"
		return 1
	}
	[ "$1" = none ] ||
		[ "$(find "$build/cache/archives" -name "*-${1%-s390x}*.deb" | wc -l)" = 4 ]
}

source_is()
{
	[ "$(apt_version linux-source-6.9 "$1" 2>/dev/null)" = "$2" ]
}

fetches()
{
	[ "$(apt_get_alone "$1" 2>/dev/null)" = "$2" ]
}

add_kernel 6.9.9
add_kernel 6.9.10
add_package tool 1-1 amd64 stable
add_package tool 2-1 amd64 trixie

anew
ktap "the newest kernel is fetched" gives 6.9.10+deb-s390x
ktap "the source of a kernel is of its version" source_is 6.9.9- 6.9.9-1
ktap "a version that is not there is not taken for another" source_is 6.9.1- ""
ktap "a package is fetched as the suite has it" fetches tool tool_2-1_amd64.deb

rm "$archive"/linux-image-6.9.10* "$archive"/tool_2*
anew
ktap "without its image, it is the kernel before" gives 6.9.9+deb-s390x
anew
ktap "without the package, the suite's other name may have it" fetches tool tool_1-1_amd64.deb

rm "$archive"/linux-headers-6.9.9*-s390x* "$archive"/tool_1*
anew
ktap "without any kernel, it is an error" gives none
ktap "without any such package, it is an error" fetches tool ""
ktap_end
