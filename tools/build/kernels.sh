#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernels.sh - fetch the supported stock kernels, the newest of each suite that
# tools/build/roots marks with @kernel, and print one line for each:
#
#   ROOT RELEASE
#
# KERNELS="ROOT..." in the environment limits it to these.
#
# The image is build/kernels/RELEASE/boot/vmlinuz-RELEASE, its modules are in
# build/kernels/RELEASE/lib/modules/RELEASE/, its headers in the root ROOT
# under /usr/src/linux-headers-RELEASE/.

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"

names=$(awk '/^[^#]/ && / @kernel( |$)/ && !seen[$1]++ { print $1 }' \
	"$top/tools/build/roots")
for name in ${KERNELS:-$names}; do
	root=$("$top/tools/build/root.sh" "$name")
	echo "$name $(cat "$root/.kernel")"
done
