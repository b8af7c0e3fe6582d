#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernel-source.sh SUITE VERSION DIR [PATH...] - unpack Debian's source of the
# kernel VERSION of SUITE into DIR, in whole or only these PATHs: the newest, if
# VERSION is a series (6.12), or that one (6.12.107)
#
# What is there stays as it is, without a network too, until something else is
# asked for.

set -euo pipefail
# shellcheck source=tools/build/apt.sh
. "$(dirname "$0")/apt.sh"

[ $# -ge 3 ] || die "usage: kernel-source.sh SUITE VERSION DIR [PATH...]"
suite=$1
version=$2
dir=$3
shift 3
made_of="$suite $version $*"
series=$(cut -d . -f 1,2 <<<"$version")
package=linux-source-$series
members=("${@/#/$package/}")
[ $# -gt 0 ] || members=("$package")

[ ! -e "$dir/.made-of" ] || [ "$(cat "$dir/.made-of")" != "$made_of" ] || exit 0

need xz-utils
lock apt
apt_configure "$suite" amd64,s390x
say "fetching the kernel source $version"
if [ "$version" != "$series" ]; then
	exact=$(apt_version "$package" "$version-")
fi
deb=$(apt_get_alone "$package${exact:+=$exact}")
unlock

say "unpacking what is needed of the kernel source $version"
rm -rf "$dir.new"
mkdir -p "$dir.new"
dpkg-deb --fsys-tarfile "$build/cache/archives/$deb" |
tar -xO "./usr/src/$package.tar.xz" |
tar -xJ -C "$dir.new" --no-same-owner --strip-components=1 \
	"${members[@]}"
echo "$made_of" >"$dir.new/.made-of"
rm -rf "$dir"
mv "$dir.new" "$dir"
