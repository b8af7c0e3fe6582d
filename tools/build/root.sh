#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# root.sh NAME - make the Debian root NAME of the table tools/build/roots, if
# it is not there yet, and print its path.
#
# The root is only extracted: no maintainer script ever runs, nothing is
# installed on this machine, and no privilege is needed. It stays as it is,
# without a network too, until its line in the table changes or new package
# lists were asked for (make update).

set -euo pipefail
# shellcheck source=tools/build/apt.sh
. "$(dirname "$0")/apt.sh"

[ $# -eq 1 ] || die "usage: root.sh NAME (names: tools/build/roots)"
name=$1
row=$(table_row "$name") || die "no root '$name' in tools/build/roots"
read -r suite archs packages <<<"$row"
root=$build/roots/$name

# leave_if_made: done, if what is there was made of this row of the table.
leave_if_made()
{
	[ -e "$root/.made-of" ] && [ "$(cat "$root/.made-of")" = "$row" ] ||
		return 0
	[ ! -e "$root/.kernel" ] ||
		[ -e "$build/kernels/$(cat "$root/.kernel")" ] || return 0
	echo "$root"
	exit
}

leave_if_made
lock "root-$name"
leave_if_made

# Sort the row into what apt shall solve, what it shall only fetch, and the
# kernel, whose packages bear its release in their names.
solve=()
alone=()
kernel=
for word in $packages; do
	case $word in
	@kernel)
		kernel=yes
		;;
	*/only)
		alone+=("${word%/only}")
		;;
	*)
		solve+=("$word")
		;;
	esac
done

files=$build/roots/$name.files
mkdir -p "$build/roots"
: >"$files"

# One apt at a time: roots share the cache of fetched packages.
lock apt
apt_configure "$suite" "$archs"
say "fetching packages for the root '$name' (Debian $suite)"
if [ ${#solve[@]} -gt 0 ]; then
	apt_get_with_deps "${solve[@]}" >>"$files"
fi
if [ ${#alone[@]} -gt 0 ]; then
	apt_get_alone "${alone[@]}" >>"$files"
fi
if [ "$kernel" ]; then
	apt_get_kernel
	apt_get_alone "${kernel_headers[@]}" >>"$files"
	apt_get_alone "${kernel_image[@]}" >"$files.kernel"
fi
unlock

# Debian's layout since bookworm: these are links into /usr. Loaders that sit
# in a lib* folder of the top would otherwise make it a real folder.
say "unpacking the root '$name'"
rm -rf "$root.new"
mkdir -p "$root.new"/{usr/{bin,sbin,lib,lib64},etc,dev,proc,run,src,sys,tmp}
for dir in bin sbin lib lib64; do
	ln -s "usr/$dir" "$root.new/$dir"
done
mapfile -t debs <"$files"
deb_unpack "$root.new" "${debs[@]}"
# Names that maintainer scripts would have made.
[ ! -e "$root.new/usr/bin/mawk" ] || ln -sf mawk "$root.new/usr/bin/awk"
[ ! -e "$root.new/usr/bin/dash" ] || ln -sf dash "$root.new/usr/bin/sh"

if [ "$kernel" ]; then
	dir=$build/kernels/$kernel_release
	if [ ! -e "$dir" ]; then
		say "unpacking the kernel $kernel_release"
		rm -rf "$dir.new"
		mkdir -p "$dir.new"/{usr/lib,boot}
		ln -s usr/lib "$dir.new/lib"
		mapfile -t debs <"$files.kernel"
		deb_unpack "$dir.new" "${debs[@]}"
		# Newer packages keep the image with the modules and leave
		# the copy in /boot to a maintainer script.
		for file in vmlinuz System.map config; do
			[ -e "$dir.new/boot/$file-$kernel_release" ] ||
				ln -s "../lib/modules/$kernel_release/$file" \
					"$dir.new/boot/$file-$kernel_release"
		done
		mv "$dir.new" "$dir"
	fi
	echo "$kernel_release" >"$root.new/.kernel"
fi

: >"$root.new/.in-use"
echo "$row" >"$root.new/.made-of"
[ ! -e "$root" ] || mv "$root" "$root.old-$$"
mv "$root.new" "$root"

# Commands that still run in the old one, or in one before it, keep it: see
# run.sh. The next change of the root removes it then.
for old in "$root".old-*; do
	[ ! -e "$old" ] || flock --nonblock "$old/.in-use" rm -rf "$old" || :
done
echo "$root"
