#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# test-build.sh - build all that runs on an s390x host, for each kernel, and
# look at what came of it; KTAP output.

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tools/build/ktap.sh
. "$top/tools/build/ktap.sh"

# made_for RELEASE MODULE: the module is there, for that kernel.
made_for()
{
	local module=$build/$1/$2.ko

	grep -q "^vermagic=$1 " <(tr '\0' '\n' <"$module") || {
		echo "$module was not built for $1"
		return 1
	}
}

ktap "the modules build" "$top/tools/build/modules.sh"
# shellcheck disable=SC2119 # this script has no arguments
targets=$(targets)
while read -r root release kdir; do
	for module in vfio_ccw vfio_ap; do
		ktap "$release: $module.ko is for this kernel" \
			made_for "$release" "$module"
	done
	if ! run_in "$root" grep -q '^CONFIG_VFIO_MDEV=' \
		"$kdir/include/config/auto.conf"; then
		ktap "$release: mdev.ko is for this kernel" \
			made_for "$release" mdev
	fi
done <<<"$targets"
ktap "the command ccw builds" "$top/tools/build/userspace.sh" ccw
ktap "the selftests build" "$top/tools/build/userspace.sh" selftests
ktap_end
