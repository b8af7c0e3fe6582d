#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# lint.sh - what can be found wrong without running anything: sparse with
# endian checks and the compiler's extra warnings on the modules, checkpatch
# on all C, shellcheck on all shell. A warning fails; KTAP output.

set -euo pipefail
# shellcheck source=tools/build/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tools/build/ktap.sh
. "$top/tools/build/ktap.sh"

cd "$top"
# The checkers come from the trixie root, so that everybody has the same ones.
if [ "$(uname -m)" = s390x ]; then
	need sparse shellcheck perl
	checkers=-
else
	checkers=trixie
fi

mapfile -t kernel_files < <(
	find drivers include tools -name '*.[ch]' \
		\( ! -path 'tools/*' -o -path '*/test_modules/*' \) | sort)
mapfile -t user_files < <(
	find tools -name '*.[ch]' ! -path '*/test_modules/*' | sort)
mapfile -t shell_files < <(
	find tools .ci -name '*.sh'
	find tools .ci -type f ! -name '*.sh' -exec \
		awk 'FNR == 1 && /^#!.*\/(ba|da)?sh/ { print FILENAME }
			{ nextfile }' {} +
)

# KBUILD_CHECKSRC is C= without the kernel's own look for a working sparse: it
# needs a file that Debian's headers lack and then goes on without sparse. So
# count what was checked. Only -Wsparse-error makes a warning count; sparse does
# not see the end of a guard() and would call each one a lock not given back.
sparse_clean()
{
	local log=build/lint/$release.log sources

	mkdir -p build/lint
	lock "lint-$release"
	run_in "$root" tools/build/build.sh "$kdir" "build/lint/$release" \
		KBUILD_CHECKSRC=2 \
		CF="-D__CHECK_ENDIAN__ -Wsparse-error -Wno-context" >"$log" 2>&1 || {
		cat "$log"
		return 1
	}
	sources=$(find drivers tools -name '*.c' \
		\( -path 'drivers/*' -o -path '*/test_modules/*' \) | wc -l)
	if [ "$(grep -c '^  CHECK .*\.c$' "$log")" -lt "$sources" ]; then
		cat "$log"
		echo "sparse has not seen each of the $sources files"
		return 1
	fi
	unlock
}

# checkpatch_clean IGNORED-TYPES FILE...: checkpatch leaves a file where it
# runs, and knows some folders by their names: so it gets a folder of links.
# Without git, which it would ask for names in camel case.
checkpatch_clean()
{
	local ignored=$1

	shift
	mkdir -p build/lint/links
	ln -sfn -t build/lint/links ../../../{drivers,include,tools}
	# shellcheck disable=SC2016 # for the inner shell
	run_in "$checkers" env GIT_DIR=/nowhere sh -euc '
		cd build/lint/links
		ignored=$1
		shift
		exec perl ../../linux-source/scripts/checkpatch.pl --root=. \
			--no-tree --no-summary --strict --show-types --terse \
			--ignore "$ignored" --file "$@"
	' checkpatch "$ignored" "$@"
}

shellcheck_clean()
{
	run_in "$checkers" shellcheck -x "${shell_files[@]}"
}

# shellcheck disable=SC2119 # this script has no arguments
targets=$(targets)
while read -r root release kdir; do
	ktap "$release: sparse and the compiler have nothing to say" \
		sparse_clean
done <<<"$targets"
tools/build/source.sh >/dev/null
ktap "kernel code: checkpatch --strict has nothing to say" \
	checkpatch_clean NONE "${kernel_files[@]}"
# Advice to call what only the kernel has, and libFuzzer's names.
ktap "userspace code: checkpatch --strict has nothing to say" \
	checkpatch_clean STRCPY,SSCANF_TO_KSTRTO,CAMELCASE "${user_files[@]}"
ktap "shellcheck has nothing to say" shellcheck_clean
ktap_end
