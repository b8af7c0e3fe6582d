#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kabi.sh KDIR OBJ [ARGUMENT...] - prove include/kabi/ of the tree OBJ against
# the kernel whose headers are in KDIR, and write OBJ/include/kabi/probe.h.
#
# The headers are compiled for that kernel with debug information. What the
# compiler made of each structure is compared with what the kernel's BTF says:
# the size, and of every member we name the offset and the size; members named
# kabi_* only fill room. Prototypes are compared by the compiler: those in the
# BTF are compiled after ours. There is no second list of structures, members
# or functions: all that the headers define or declare is checked.

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"

kdir=$1
obj=$(cd "$2" && pwd)
shift 2
headers=$obj/include/kabi
work=$obj/kabi
mkdir -p "$work"
find "$work" -mindepth 1 -delete

btf=$kdir/vmlinux
if [ ! -e "$btf" ]; then
	[ "$(cat "$kdir/include/config/kernel.release")" = "$(uname -r)" ] &&
	[ -e /sys/kernel/btf/vmlinux ] ||
		die "no BTF of the kernel: neither $btf nor /sys/kernel/btf/vmlinux"
	btf=/sys/kernel/btf/vmlinux
fi

# The probes, and every header but the one that needs their answers.
cp "$headers"/probes/*.c "$work/"
mapfile -t declaring < <(cd "$headers" &&
	find . -name '*.h' ! -name compat.h ! -name probe.h | sort)
types=$(cd "$headers" && sed -nE \
	's/^(struct|union|enum) ([a-z0-9_]+) \{$/\1 \2/p' "${declaring[@]}")
functions=$(cd "$headers" && sed -nE \
	's/^[a-z].*[ *]([a-z0-9_]+)\(.*\);$/\1/p' "${declaring[@]}" |
	grep -vx cio_irb)
[ "$types" ] && [ "$functions" ] || die "include/kabi declares nothing"

{
	for header in "${declaring[@]}"; do
		echo "#include <kabi/${header#./}>"
	done
	# A variable each makes the compiler describe the type.
	while read -r kind name; do
		echo "extern $kind $name kabi_$name;"
		echo "$kind $name kabi_$name;"
	done <<<"$types"
	for name in $functions; do
		pfunct --prototypes --function="$name" "$btf" 2>/dev/null |
			grep . ||
			echo "#error the kernel has no function $name()"
	done
} >"$work/layout.c"
for source in "$work"/*.c; do
	source=${source##*/}
	echo "obj-m += ${source%.c}.o"
done >"$work/Kbuild"
cat >>"$work/Kbuild" <<-'EOF'
LINUXINCLUDE := -I$(src)/../include $(LINUXINCLUDE)
ccflags-y += -g -I$(src)/../include/kabi
EOF

say "checking include/kabi against $(cat "$kdir/include/config/kernel.release")"
# A probe may fail, and that is an answer; layout.o must not.
objects=("$work"/*.c)
objects=("${objects[@]##*/}")
make --no-print-directory -k -s -C "$kdir" "$@" M="$work" \
	"${objects[@]/%.c/.o}" >"$work/log" 2>&1 || :
if [ ! -e "$work/layout.o" ]; then
	cat "$work/log" >&2
	die "include/kabi does not compile against this kernel"
fi

# members FORMAT FILE NAME: "size N" and "member offset[:bits] size" of a type, the
# values of enumerators too, from what pahole prints of FILE.
members()
{
	pahole -F "$1" -C "$3" "$2" 2>"$work/log" | awk '
		/^[ \t]*[A-Z][A-Z0-9_]* += -?[0-9]+,?$/ {
			sub(/,$/, "")
			print $1, "value " $3
		}
		/\/\* size: [0-9]+,/ {
			sub(/,.*/, "")
			print "(whole)", "size " $NF
		}
		{ gsub(/ *__attribute__\(\([^;]*\)\)/, "") }
		/;[ \t]*\/\*[ 0-9:]+\*\/$/ {
			place = $0
			sub(/.*;[ \t]*\/\*[ ]*/, "", place)
			sub(/[ ]*\*\/$/, "", place)
			sub(/: +/, ":", place)
			split(place, part, " ")
			sub(/;[ \t]*\/\*[ 0-9:]+\*\/$/, "")
			bits = ""
			if (match($0, /\(\*[A-Za-z0-9_]+\)/)) {
				name = substr($0, RSTART + 2, RLENGTH - 3)
			} else {
				if (match($0, /:[0-9]+$/)) {
					bits = " bits " substr($0, RSTART + 1)
					$0 = substr($0, 1, RSTART - 1)
				}
				sub(/(\[[0-9]+\])+$/, "")
				name = $NF
				sub(/^\**/, "", name)
			}
			if (name ~ /^[A-Za-z_]/ && name !~ /^kabi_/)
				print name, "offset " part[1] \
					" size " part[2] bits
		}'
}

wrong=0
while read -r kind name; do
	members dwarf "$work/layout.o" "$name" >"$work/ours" || :
	[ -s "$work/ours" ] || {
		cat "$work/log" >&2
		die "pahole finds no $kind $name among what was compiled"
	}
	# What the kernel does not have at all is told member by member.
	members btf "$btf" "$name" >"$work/theirs" || :
	awk -v type="$kind $name" '
		FILENAME ~ /theirs$/ {
			key = $1
			$1 = ""
			theirs[key] = $0
			next
		}
		{
			key = $1
			$1 = ""
			if (theirs[key] == $0)
				next
			if (!(key in theirs))
				theirs[key] = " nothing"
			print "error: include/kabi: " type ": " key \
				": ours" $0 ", the kernel has" theirs[key]
			wrong = 1
		}
		END { exit wrong }' "$work/theirs" "$work/ours" >&2 || wrong=1
done <<<"$types"
[ "$wrong" = 0 ] || die "include/kabi does not fit this kernel"

{
	echo "/* SPDX-License-Identifier: GPL-2.0 */"
	echo "/* Written by tools/build/kabi.sh: what this kernel has. */"
	for probe in "$work"/HAVE_*.o; do
		[ ! -e "$probe" ] || echo "#define $(basename "$probe" .o) 1"
	done
} >"$work/probe.h"
cmp -s "$work/probe.h" "$headers/probe.h" ||
	cp "$work/probe.h" "$headers/probe.h"
