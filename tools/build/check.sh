#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# check.sh - run every test there is and say at the end, on the last line, how
# many cases passed and failed. Ends in 0 only if none failed.

set -euo pipefail
# shellcheck source=tools/build/parts.sh
. "$(dirname "$0")/parts.sh"

cd "$top"
need make gcc libc6-dev python3
part parts tools/build/test-parts.sh
part apt tools/build/test-apt.sh
part build tools/build/test-build.sh
part lint tools/build/lint.sh
part kabi tools/build/test-kabi.sh
part model make -s -C tools/testing/ccw-model check
part ap-model make -s -C tools/testing/ap-model check
part ccw make -s -C tools/ccw check
part faults tools/build/test-faults.sh
part documentation make -s -C Documentation check
part lab tools/lab/check.sh
part debug tools/lab/check-debug.sh short
part bench tools/lab/bench.sh check

parts_end
