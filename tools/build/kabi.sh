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
#
# What differs between kernels is found out first, from include/kabi/probes/:
#   HAVE_X.c        the kernel's public headers let this compile
#   HAVE_X.order    "STRUCT ONE OTHER": member ONE of STRUCT comes before OTHER
#   HAVE_X.symbol   the kernel exports this symbol

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"

kdir=$1
obj=$(cd "$2" && pwd)
shift 2
arguments=("$@")
headers=$obj/include/kabi
work=$obj/kabi
mkdir -p "$work"
find "$work" -mindepth 1 -delete

release=$(cat "$kdir/include/config/kernel.release")
btf=$kdir/vmlinux
if [ ! -e "$btf" ]; then
	btf=/sys/kernel/btf/vmlinux
	if [ "$release" != "$(uname -r)" ] || [ ! -e "$btf" ]; then
		die "no BTF of kernel $release: it would be $kdir/vmlinux"
	fi
fi

# It takes seconds to list the prototypes of all the kernel's functions.
if [ ! "$obj/prototypes" -nt "$btf" ]; then
	pfunct --prototypes "$btf" >"$obj/prototypes.new" 2>/dev/null
	mv "$obj/prototypes.new" "$obj/prototypes"
fi

# compile OBJECT...: what does not compile is left out; the log tells why.
compile()
{
	for source in "$work"/*.c; do
		source=${source##*/}
		echo "obj-m += ${source%.c}.o"
	done >"$work/Kbuild"
	cat >>"$work/Kbuild" <<-'EOF'
	LINUXINCLUDE := -I$(src)/../include $(LINUXINCLUDE)
	ccflags-y += -g
	EOF
	make --no-print-directory -k -s -j"$(nproc)" -C "$kdir" "${arguments[@]}" \
		M="$work" "$@" >"$work/log" 2>&1 || :
}

# in_order STRUCT ONE OTHER: as the kernel's BTF has it. pahole's exit status
# says little: 1.30 fails after a complete answer.
in_order()
{
	{ pahole -F btf -C "$1" "$btf" 2>/dev/null || :; } | awk -v one="$2" -v other="$3" '
		/;[ \t]*\/\*[ 0-9:]+\*\/$/ {
			sub(/;[ \t]*\/\*.*/, "")
			if (match($0, /\(\*[A-Za-z0-9_]+\)/))
				$0 = substr($0, RSTART + 2, RLENGTH - 3)
			sub(/^\**/, "", $NF)
			place[$NF] = NR
		}
		END {
			exit !(place[one] && place[other] &&
				place[one] < place[other])
		}'
}

# A probe may fail, and that is an answer.
cp "$headers"/probes/*.c "$work/"
probes=("$work"/HAVE_*.c)
probes=("${probes[@]##*/}")
compile "${probes[@]/%.c/.o}"
{
	echo "/* SPDX-License-Identifier: GPL-2.0 */"
	echo "/* Written by tools/build/kabi.sh: what this kernel has. */"
	for probe in "$work"/HAVE_*.o; do
		[ ! -e "$probe" ] || echo "#define $(basename "$probe" .o) 1"
	done
	for probe in "$headers"/probes/*.order; do
		read -r type one other <"$probe"
		! in_order "$type" "$one" "$other" ||
			echo "#define $(basename "$probe" .order) 1"
	done
	for probe in "$headers"/probes/*.symbol; do
		! awk -v name="$(cat "$probe")" '$2 == name { found = 1 }
			END { exit !found }' "$kdir/Module.symvers" ||
			echo "#define $(basename "$probe" .symbol) 1"
	done
} >"$work/probe.h"
cmp -s "$work/probe.h" "$headers/probe.h" ||
	cp "$work/probe.h" "$headers/probe.h"
rm "$work"/HAVE_*

# Every header that declares what the kernel keeps private; the AP bus's only
# where there is one.
mapfile -t declaring < <(cd "$headers" &&
	find . -name '*.h' ! -name compat.h ! -name probe.h | sort)
if ! grep -q '^CONFIG_AP=' "$kdir/include/config/auto.conf"; then
	mapfile -t declaring < <(printf '%s\n' "${declaring[@]}" | grep -v '/ap\.h$')
fi
types=$(cd "$headers" && sed -nE \
	's/^(struct|union|enum) ([a-z0-9_]+) \{$/\1 \2/p' "${declaring[@]}")
functions=$(cd "$headers" && sed -nE \
	's/^[a-z].*[ *]([a-z0-9_]+)\(.*\);$/\1/p' "${declaring[@]}" |
	grep -vx cio_irb)
for list in "$types" "$functions"; do
	[ "$list" ] || die "include/kabi declares nothing"
done

{
	for header in "${declaring[@]}"; do
		echo "#include <kabi/${header#./}>"
	done
	# A variable each makes the compiler describe the type.
	while read -r kind name; do
		echo "extern $kind $name kabi_$name;"
		echo "$kind $name kabi_$name;"
	done <<<"$types"
	awk -v names="$functions" '
		BEGIN {
			count = split(names, list)
			for (i = 1; i <= count; i++)
				want[list[i]] = 1
		}
		match($0, /[a-z0-9_]+\(/) {
			name = substr($0, RSTART, RLENGTH - 1)
			if (name in want)
				print
			delete want[name]
		}
		END {
			for (name in want)
				print "#error the kernel has no function " \
					name "()"
		}' "$obj/prototypes"
} >"$work/layout.c"

say "checking include/kabi against $release"
compile layout.o
if [ ! -e "$work/layout.o" ]; then
	cat "$work/log" >&2
	die "include/kabi does not compile against this kernel"
fi

# members FORMAT FILE: what FILE says of each type, one fact a line:
# "kind name|member|offset[:bit] and size", the value of an enumerator, or
# the size of the whole.
members()
{
	pahole -F "$1" -C "$(awk '{ print $2 }' <<<"$types" | paste -sd,)" "$2" \
		2>"$work/log" | awk '
		function fact(what, value) {
			print type "|" what "|" value
		}
		/^(struct|union|enum) [a-z0-9_]+ \{$/ {
			type = $1 " " $2
		}
		/^[ \t]*[A-Z][A-Z0-9_]* += -?[0-9]+,?$/ {
			sub(/,$/, "")
			fact($1, "value " $3)
		}
		/^\t\/\* size: [0-9]+,/ {
			sub(/,.*/, "")
			fact("(whole)", "size " $NF)
		}
		{
			gsub(/ *__attribute__\(\([^;]*\)\)/, "")
		}
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
				fact(name, "offset " part[1] " size " part[2] bits)
		}'
}

# A type that the kernel lacks is told below, member by member.
members dwarf "$work/layout.o" >"$work/ours" || :
members btf "$btf" >"$work/theirs" || :
while read -r type; do
	grep -q "^$type|" "$work/ours" ||
		die "pahole tells nothing of $type"
done <<<"$types"
awk -F'|' '
	FILENAME ~ /theirs$/ {
		theirs[$1 "|" $2] = $3
		next
	}
	theirs[$1 "|" $2] != $3 {
		have = theirs[$1 "|" $2]
		print "error: include/kabi: " $1 ": " $2 ": ours " $3 \
			", the kernel has " (have ? have : "nothing")
		wrong = 1
	}
	END { exit wrong }' "$work/theirs" "$work/ours" >&2 ||
	die "include/kabi does not fit this kernel"
