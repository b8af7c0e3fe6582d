#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernel-source.sh SUITE VERSION DIR [PATH...] - unpack Debian's source of the
# kernel VERSION (6.12, say) of SUITE into DIR, in whole or only these PATHs
#
# DIR/.source names the package that it came from. What is there stays as it
# is, without a network too, until something else is asked for.

set -euo pipefail
# shellcheck source=tools/build/apt.sh
. "$(dirname "$0")/apt.sh"

[ $# -ge 3 ] || die "usage: kernel-source.sh SUITE VERSION DIR [PATH...]"
suite=$1
version=$2
dir=$3
shift 3
made_of="$suite $version $*"
members=("${@/#/linux-source-$version/}")
[ $# -gt 0 ] || members=("linux-source-$version")

[ ! -e "$dir/.made-of" ] || [ "$(cat "$dir/.made-of")" != "$made_of" ] || exit 0

need xz-utils
lock apt
apt_configure "$suite" amd64,s390x
say "fetching the kernel source $version"
deb=$(apt_get_alone "linux-source-$version")
unlock

say "unpacking what is needed of the kernel source $version"
rm -rf "$dir.new"
mkdir -p "$dir.new"
dpkg-deb --fsys-tarfile "$build/cache/archives/$deb" |
tar -xO "./usr/src/linux-source-$version.tar.xz" |
tar -xJ -C "$dir.new" --no-same-owner --strip-components=1 \
	"${members[@]}"
echo "$deb" >"$dir.new/.source"
echo "$made_of" >"$dir.new/.made-of"
rm -rf "$dir"
mv "$dir.new" "$dir"
