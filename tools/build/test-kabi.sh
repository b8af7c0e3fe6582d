#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# test-kabi.sh - see the build stop before it compiles a driver when include/
# kabi/ does not fit the target kernel, and say what does not. Each case alters
# one line in a copy of the tree; KTAP output.

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tools/build/ktap.sh
. "$top/tools/build/ktap.sh"

lock test-kabi
tree=build/test-kabi
rm -rf "${top:?}/$tree"

fresh_tree()
{
	mkdir -p "$top/$tree/tools" "$top/$out"
	rm -rf "${top:?}/$tree"/{Kbuild,drivers,include,kernel,tools/build}
	find "$top/$out" -name '*.o' -delete
	cp -r "$top/Kbuild" "$top/drivers" "$top/include" "$top/$tree/"
	cp -r "$top/tools/build" "$top/$tree/tools/"
}

build_copy()
{
	run_in "$root" "$tree/tools/build/build.sh" "$kdir" "$out" 2>&1
}

compiled_driver()
{
	[ "$(find "$top/$out" -path '*/drivers/*.o' -print -quit)" ]
}

# stops FILE SED MESSAGE: with FILE altered by the sed script, the build stops
# before it compiles a driver, and prints MESSAGE.
stops()
{
	local file=$top/$tree/include/kabi/$1 output

	fresh_tree
	sed -i "$2" "$file"
	if cmp -s "$file" "$top/include/kabi/$1"; then
		echo "the case alters nothing"
		return 1
	fi
	if output=$(build_copy); then
		echo "the build went through"
		return 1
	fi
	if compiled_driver; then
		echo "a driver was compiled first"
		return 1
	fi
	case $output in
	*"$3"*)
		return
		;;
	esac
	printf '%s\n' "$output" "expected: $3"
	return 1
}

goes_on()
{
	local output

	fresh_tree
	output=$(build_copy) || :
	compiled_driver || {
		printf '%s\n' "$output"
		return 1
	}
}

# refuses_built_in MODULE: a kernel that has it in its image, as far as the build
# can see.
refuses_built_in()
{
	local output option=CONFIG_${1^^} config=$tree/kernel/include/config

	fresh_tree
	mkdir -p "$top/$config"
	echo "$option=y" >"$top/$config/auto.conf"
	if output=$(kdir=$tree/kernel && build_copy); then
		echo "the build went through"
		return 1
	fi
	case $output in
	*"$1 built in ($option=y)"*)
		return
		;;
	esac
	printf '%s\n' "$output"
	return 1
}

# shellcheck disable=SC2119 # this script has no arguments
targets=$(targets)
while read -r root release kdir; do
	out=$tree/$release
	ktap "$release: the interfaces as they are fit" goes_on
	ktap "$release: a moved member stops the build" stops cio.h \
		'/u8 lpm;$/{N;s/\(.*\)\n\(.*\)/\2\n\1/}' \
		'struct subchannel: opm: ours offset '
	ktap "$release: a member of another size stops the build" stops chp.h \
		's/u16 fla;/u32 fla;/' \
		'struct chp_link: fla: ours offset 8 size 4, the kernel has offset 8 size 2'
	ktap "$release: a narrower bit field stops the build" stops cio.h \
		's/u32 csense : 1;/u32 kabi_x : 1;\n\tu32 csense : 1;/' \
		'struct schib_config: csense: ours offset '
	ktap "$release: a structure of another size stops the build" stops css.h \
		's/int (\*settle)(void);/&\n\tlong kabi_more;/' \
		'struct css_driver: (whole): ours size '
	ktap "$release: a member that the kernel lacks stops the build" \
		stops cio.h 's/u8 opm;/u8 opm_mask;/' \
		'struct subchannel: opm_mask: ours offset '
	ktap "$release: another value of an enumerator stops the build" \
		stops cio.h 's/SCH_TODO_UNREG.*/SCH_TODO_UNREG = 3,/' \
		'enum sch_todo: SCH_TODO_UNREG: ours value 3, the kernel has value 2'
	ktap "$release: another prototype stops the build" stops orb.h \
		's/union orb \*addr/struct cmd_orb *addr/' \
		"conflicting types for 'ssch'"
	ktap "$release: a function that the kernel lacks stops the build" \
		stops css.h 's/^void css_sched_sch_todo/void css_sched_todo/' \
		'the kernel has no function css_sched_todo()'
	ktap "$release: a moved member of the AP bus stops the build" stops ap.h \
		's/int device_type;/int kabi_more;\n\t&/' \
		'struct ap_device: device_type: ours offset '
	ktap "$release: the order of another kernel stops the build" stops ap.h \
		'/^#if.*HAVE_AP_DRIVER_IDS_LAST/{s/#ifdef/#if!/;s/#ifndef/#ifdef/;s/#if!/#ifndef/}' \
		'struct ap_driver: ids: ours offset '
	ktap "$release: another prototype of the AP bus stops the build" \
		stops ap.h '/^int ap_hex2bitmap/s/unsigned long/unsigned int/' \
		"conflicting types for 'ap_hex2bitmap'"
	for module in vfio_ccw vfio_ap; do
		ktap "$release: a built-in $module stops the build" \
			refuses_built_in "$module"
	done
done <<<"$targets"
ktap_end
