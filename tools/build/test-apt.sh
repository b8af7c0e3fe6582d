#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# test-apt.sh - see which kernel is fetched from an archive whose lists name some
# that it has not; KTAP output. The archive is a folder of this test's.

set -euo pipefail
# shellcheck source=tools/build/apt.sh
. "$(dirname "$0")/apt.sh"
# shellcheck source=tools/build/ktap.sh
. "$top/tools/build/ktap.sh"

build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
archive=$build/archive
mkdir "$archive"

# add_package NAME VERSION ARCH: to the lists and to the archive.
add_package()
{
	local file=$1_$2_$3.deb dir=$build/package

	rm -rf "$dir"
	mkdir -p "$dir/DEBIAN"
	printf '%s\n' "Package: $1" "Version: $2" "Architecture: $3" \
		"Maintainer: nobody <nobody@localhost>" "Description: test" \
		>"$dir/DEBIAN/control"
	dpkg-deb --build "$dir" "$archive/$file" >/dev/null
	{
		cat "$dir/DEBIAN/control"
		echo "Filename: ./$file"
		echo "Size: $(stat -c %s "$archive/$file")"
		echo "SHA256: $(sha256sum "$archive/$file" | cut -d ' ' -f 1)"
		echo
	} >>"$archive/Packages"
}

# add_kernel VERSION
add_kernel()
{
	add_package "linux-headers-$1+deb-s390x" "$1-1" s390x
	add_package "linux-headers-$1+deb-common" "$1-1" all
	add_package "linux-kbuild-$1+deb" "$1-1" amd64
	add_package "linux-image-$1+deb-s390x" "$1-1" s390x
	add_package linux-source-6.9 "$1-1" all
}

# Nothing is to come from anywhere else.
apt_update()
{
	apt_private update >/dev/null 2>&1
	: >"$apt_dir/updated"
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

add_kernel 6.9.9
add_kernel 6.9.10
apt_configure trixie amd64,s390x
echo "deb [trusted=yes] file:$archive ./" >"$apt_dir/sources.list"

ktap "the newest kernel is fetched" gives 6.9.10+deb-s390x
ktap "the source of a kernel is of its version" source_is 6.9.9- 6.9.9-1
ktap "a version that is not there is not taken for another" source_is 6.9.1- ""
rm -r "$build/cache/archives" "$archive"/linux-image-6.9.10*
apt_configure trixie amd64,s390x
ktap "without its image, it is the one before" gives 6.9.9+deb-s390x
rm -r "$build/cache/archives" "$archive"/linux-headers-6.9.9*-s390x*
apt_configure trixie amd64,s390x
ktap "without any, it is an error" gives none
ktap_end
