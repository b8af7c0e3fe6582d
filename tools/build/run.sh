#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh NAME COMMAND... - run a command inside the Debian root NAME (made
# first if need be), with the project at /src, which is also where it starts.
#
# The mounts live in a mount namespace of this one command, so that calls do
# not meet each other and nothing has to be undone. An ordinary user gets the
# right to mount and chroot from a user namespace.

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"

[ $# -ge 2 ] || die "usage: run.sh NAME COMMAND..."
root=$("$top/tools/build/root.sh" "$1")
shift

# The root stays while the command runs, even when a new one takes its place.
exec {in_use}<"$root/.in-use"
flock --shared "$in_use"

namespaces=(--mount)
if [ "$(id -u)" != 0 ]; then
	namespaces+=(--user --map-root-user)
fi
unshare "${namespaces[@]}" true ||
	die "this system does not let $(id -un) make namespaces; run as root"

# The single quotes are meant: the inner shell expands its own arguments.
# shellcheck disable=SC2016
exec unshare "${namespaces[@]}" sh -eu -c '
	root=$1
	mount --bind "$2" "$root/src"
	mount --rbind /dev "$root/dev"
	mount --rbind /proc "$root/proc"
	shift 2
	cd "$root/src"
	exec chroot "$root" /usr/bin/env -i -C /src PATH=/usr/sbin:/usr/bin \
		HOME=/tmp LC_ALL=C TERM="${TERM:-dumb}" "$@"
' run.sh "$root" "$top" "$@"
