#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# source.sh - extract the few files of the Debian kernel source that the
# headers packages lack, and print the folder they are in, build/linux-source:
#
#   scripts/checkpatch.pl                         and its word lists
#   tools/testing/selftests/kselftest_harness.h   and kselftest.h

set -euo pipefail
# shellcheck source=tools/build/apt.sh
. "$(dirname "$0")/apt.sh"

version=6.12
dir=$build/linux-source
files=(
	scripts/checkpatch.pl
	scripts/const_structs.checkpatch
	scripts/spelling.txt
	tools/testing/selftests/kselftest.h
	tools/testing/selftests/kselftest_harness.h
)

lock linux-source
if [ ! -e "$dir" ]; then
	lock apt
	apt_configure trixie amd64,s390x
	need xz-utils
	say "fetching the kernel source, for checkpatch and kselftest"
	deb=$(apt_get_alone "linux-source-$version")
	say "unpacking the few files needed"
	rm -rf "$dir.new"
	mkdir -p "$dir.new"
	dpkg-deb --fsys-tarfile "$build/cache/archives/$deb" |
	tar -xO "./usr/src/linux-source-$version.tar.xz" |
	tar -xJ -C "$dir.new" --strip-components=1 \
		"${files[@]/#/linux-source-$version/}"
	mv "$dir.new" "$dir"
fi
echo "$dir"
