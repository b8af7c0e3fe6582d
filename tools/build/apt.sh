# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# A private apt for one suite: its own lists, its own (empty) package status,
# the machine's mirror, keys and proxy settings. It fetches and verifies
# packages and never touches what is installed.
#
# Signatures are always checked. Only the age of the Release file is not: sid
# is rebuilt all the time, and a mirror may lag behind its Valid-Until.

# shellcheck source=tools/build/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# How often to ask an archive that is being brought up to date, and the seconds
# in between.
update_attempts=10
update_wait=60

# apt_mirrors: each archive this machine uses, Debian's own first; the label
# is known only where apt has fetched its lists before.
apt_mirrors()
{
	# The $(...) are apt's own fields, not the shell's.
	# shellcheck disable=SC2016
	apt-get indextargets \
		--format '$(LABEL)|$(REPO_URI)' \
		'Created-By: Packages' 'Component: main' |
	awk -F'|' '
		seen[$2]++ { next }
		$1 == "Debian" { print $2; next }
		{ rest = rest $2 "\n" }
		END { printf "%s", rest }'
}

# apt_configure SUITE ARCH[,ARCH...]: the first architecture is the native one.
# The apt of the calls that follow.
apt_configure()
{
	apt_suite=$1
	apt_dir=$build/cache/apt/$1-$2
	mkdir -p "$apt_dir/state/lists/partial" "$apt_dir/cache" \
		"$build/cache/archives/partial"
	: >"$apt_dir/state/status"
	cat >"$apt_dir/apt.conf" <<-EOF
	Dir::State "$apt_dir/state";
	Dir::State::status "$apt_dir/state/status";
	Dir::Cache "$apt_dir/cache";
	Dir::Cache::archives "$build/cache/archives";
	Dir::Cache::pkgcache "pkgcache.bin";
	Dir::Etc::sourcelist "$apt_dir/sources.list";
	Dir::Etc::sourceparts "/dev/null";
	Dir::Etc::preferences "/dev/null";
	Dir::Etc::preferencesparts "/dev/null";
	APT::Architecture "${2%%,*}";
	APT::Architectures "$2";
	APT::Install-Recommends "false";
	APT::Sandbox::User "";
	Acquire::Languages "none";
	Acquire::Retries "3";
	Acquire::Check-Valid-Until "false";
	Debug::NoLocking "true";
	#clear APT::Update::Pre-Invoke;
	#clear APT::Update::Post-Invoke;
	#clear APT::Update::Post-Invoke-Success;
	#clear DPkg::Pre-Install-Pkgs;
	EOF
}

# apt_names: the names an archive has the suite under. Between two states of it,
# a mirror or a cache may still have (or have already) one state under one name,
# and a mixture, which apt refuses, under the other.
apt_names()
{
	case $apt_suite in
	trixie)	echo trixie stable ;;
	sid)	echo sid unstable ;;
	bookworm) echo bookworm oldstable ;;
	*)	echo "$apt_suite" ;;
	esac
}

# apt_try_update URI KEY NAME...: under one of these names, which must still mean
# this suite. What was fetched before stays until there is better.
apt_try_update()
{
	local name new=$apt_dir/state/lists.new

	for name in "${@:3}"; do
		rm -rf "$new"
		mkdir -p "$new/partial"
		echo "deb [signed-by=$2] $1 $name main" >"$apt_dir/sources.new"
		if apt-get -c "$apt_dir/apt.conf" -qq --error-on=any \
		   -o Dir::State::lists="$new" \
		   -o Dir::Etc::sourcelist="$apt_dir/sources.new" update \
		   >>"$apt_dir/update.log" 2>&1 &&
		   grep -qx "Codename: $apt_suite" "$new"/*Release; then
			rm -rf "$apt_dir/state/lists"
			mv "$new" "$apt_dir/state/lists"
			mv "$apt_dir/sources.new" "$apt_dir/sources.list"
			: >"$apt_dir/updated"
			return
		fi
	done
	return 1
}

# apt_update_from NAME...: fetch the suite's lists, under one of these names, from
# the first of the machine's archives that carries it.
apt_update_from()
{
	local uri key

	for key in /usr/share/keyrings/debian-archive-keyring.{pgp,gpg} ''; do
		[ ! -e "$key" ] || break
	done
	[ "$key" ] || die "please install the package debian-archive-keyring"

	say "fetching the package lists of $apt_suite"
	: >"$apt_dir/update.log"
	while read -r uri; do
		apt_try_update "$uri" "$key" "$@" && return
	done < <(apt_mirrors)
	return 1
}

# apt_update: fetch the suite's lists; wait for an archive that is just being
# brought up to date.
apt_update()
{
	local attempt

	for attempt in $(seq "$update_attempts"); do
		# shellcheck disable=SC2046 # some names
		apt_update_from $(apt_names) && return
		if ! grep -q 'Mirror sync in progress' "$apt_dir/update.log" ||
		   [ "$attempt" = "$update_attempts" ]; then
			break
		fi
		say "the archive is being brought up to date, waiting for it"
		sleep "$update_wait"
	done
	cat "$apt_dir/update.log" >&2
	die "no archive that this machine's apt knows gives Debian $apt_suite"
}

# apt_lists: there are lists, whatever state they are of.
apt_lists()
{
	[ -e "$apt_dir/updated" ] || apt_update
}

# apt_do COMMAND...: run it. Should it fail, perhaps because the lists name
# packages that the archive has replaced since, or has not got yet, renew the
# lists and try again; then with those of the suite's other names.
apt_do()
{
	local name

	apt_lists
	"$@" >"$apt_dir/log" 2>&1 && return
	apt_update
	"$@" >"$apt_dir/log" 2>&1 && return
	for name in $(apt_names); do
		! grep -q " $name main$" "$apt_dir/sources.list" || continue
		apt_update_from "$name" || continue
		"$@" >"$apt_dir/log" 2>&1 && return
	done
	cat "$apt_dir/log" >&2
	die "apt cannot get what is needed from Debian $apt_suite"
}

apt_private()
{
	apt-get -c "$apt_dir/apt.conf" -q -y "$@"
}

# apt_files URIS-FILE: the archive files that a --print-uris run named.
apt_files()
{
	sed -n "s/^'.*' \([^ ]*\.deb\) .*/\1/p" "$1"
}

# apt_get_with_deps PACKAGE...: fetch the packages and all they depend on;
# prints the archive files. print-uris leaves out what is already there, so a
# cache directory of its own, always empty, is used for the asking.
apt_get_with_deps()
{
	apt_do apt_private install --download-only "$@"
	apt_private -o Dir::Cache::archives="$apt_dir/cache" \
		install --print-uris "$@" >"$apt_dir/uris"
	apt_files "$apt_dir/uris"
}

# apt_get_alone PACKAGE...: the same without dependencies.
apt_get_alone()
{
	local file

	apt_do apt_private download --print-uris "$@"
	for file in $(apt_files "$apt_dir/log"); do
		[ -e "$build/cache/archives/$file" ] && continue
		apt_do apt_download "$@"
		apt_files "$apt_dir/uris"
		return
	done
	apt_files "$apt_dir/log"
}

# apt-get download puts into the working directory; an interrupted one must
# not leave half a file among the good ones.
apt_download()
{
	local dir=$build/cache/archives/partial/alone

	rm -rf "$dir"
	mkdir "$dir"
	apt_private download --print-uris "$@" >"$apt_dir/uris" &&
	(cd "$dir" && apt_private download "$@") &&
	mv "$dir"/*.deb "$build/cache/archives/"
}

# deb_unpack ROOT FILE...: unpack without running anything of the packages;
# what only people read stays out.
deb_unpack()
{
	local root=$1 file

	shift
	for file; do
		dpkg-deb --fsys-tarfile "$build/cache/archives/$file" |
		tar -C "$root" -x --keep-directory-symlink --no-same-owner \
			--exclude='./usr/share/doc' --exclude='./usr/share/man' \
			--exclude='./usr/share/info' --exclude='./usr/share/locale' \
			--exclude='./usr/share/lintian' --exclude='./usr/share/gdb'
	done
}

# apt_releases: the s390x kernels that the suite's lists name, the newest first.
apt_releases()
{
	apt_lists
	apt-cache -c "$apt_dir/apt.conf" pkgnames linux-headers- |
		sed -n 's/^linux-headers-\([0-9].*-s390x\)$/\1/p' | sort -rV
}

# apt_get_kernel: fetch the suite's newest s390x kernel. One that is new to the
# lists may not be in the archive yet: then it is the one before. Sets
# kernel_release, and the packages of its headers and of its image; the image
# of newer suites is split into several packages.
apt_get_kernel()
{
	local word

	for kernel_release in $(apt_releases); do
		kernel_headers=(
			"linux-headers-$kernel_release:s390x"
			"linux-headers-${kernel_release%-s390x}-common"
			"linux-kbuild-${kernel_release%-s390x}"
		)
		kernel_image=("linux-image-$kernel_release:s390x")
		for word in linux-binary linux-modules linux-base; do
			apt-cache -c "$apt_dir/apt.conf" show \
				"$word-$kernel_release:s390x" >/dev/null 2>&1 || continue
			kernel_image+=("$word-$kernel_release:s390x")
		done
		# What ends on an error here is a shell of its own.
		if (apt_get_alone "${kernel_headers[@]}" "${kernel_image[@]}") >/dev/null; then
			return
		fi
		say "the archive does not give the kernel $kernel_release"
	done
	die "Debian $apt_suite has no s390x kernel"
}

# apt_version PACKAGE PREFIX: the newest version of a package that begins so.
apt_version()
{
	local version

	apt_lists
	version=$(apt-cache -c "$apt_dir/apt.conf" madison "$1" |
		awk -v prefix="$2" 'index($3, prefix) == 1 { print $3; exit }')
	[ "$version" ] || die "Debian $apt_suite has no $1 $2*; make update helps"
	echo "$version"
}
