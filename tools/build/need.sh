#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# need.sh PACKAGE... - make sure that Debian packages are installed here: root
# installs what is missing, an ordinary user is asked to.

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"

need "$@"
