#!/bin/sh
# Prove setup.sh on a bare system: make a root with nothing but the base packages, copy this project
# into it, and set it up there with chroot, twice; both times are told.
#
#     sudo sh scripts/clean-root.sh [OPTION …] FOLDER
#
#     --test               then run `sh setup.sh test` in it too
#     --suite NAME         release to install (default: the release of this machine)
#     --mirror URL         where from (default: the machine's own apt sources)
#     --components "A B"   parts of that mirror (default: main); Ubuntu needs "main universe"
#     --keyring FILE       whose signature that mirror must bear (default: debootstrap's choice)
#
# Ubuntu's keyring is in Debian's package ubuntu-keyring, from Debian 13 on.
#
# First of all it runs setup.sh as nobody in the bare root: that must end with 3 and the line for
# an administrator.
#
# Needs root, debootstrap, and apt on this machine. The root takes over how this machine reaches
# its package mirrors (apt's Acquire settings; pip's index, proxy and certificate), proxy passwords
# included, so do not hand it on. FOLDER is left for a look inside; delete it when done.
set -eu

project=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
inside=/srv/actionpack

say() { printf 'clean-root: %s\n' "$*" >&2; }

fail() {
	say "$*"
	exit 1
}

usage() {
	sed -n '5,13s/^# \{0,1\}//p' "$0" >&2
	exit 2
}

# --- What this machine knows about its mirrors ---

# "URL RELEASE COMPONENT", one line for each source.
sources() {
	# The names in the format are apt's own.
	# shellcheck disable=SC2016
	apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Identifier: Packages' |
		sort -u
}

own_suite() {
	# shellcheck source=/dev/null
	(. /etc/os-release && echo "$VERSION_CODENAME")
}

own_mirror() { sources | awk -v suite="$(own_suite)" '$2 == suite { print $1; exit }'; }

# The release itself, its updates and its security fixes, and no third party.
sources_list() {
	if [ -n "$mirror_given" ]; then
		echo "deb $mirror $suite $components"
	else
		sources | awk -v own="$(own_suite)" -v suite="$suite" \
			'$2 ~ "^" own "(-|$)" { sub("^" own, suite, $2); print "deb", $1, $2, $3 }'
	fi
}

# Only how to reach the index: folders of this machine are out of reach in there.
pip_conf() {
	echo '[global]'
	for key in index-url extra-index-url trusted-host proxy cert timeout; do
		value=$(python3 -m pip config list 2>/dev/null |
			sed -n "s/^[^=]*\.$key='\(.*\)'\$/\1/p" | tail -n 1)
		case $value in
		'' | *file:*) ;;
		*) echo "$key = $value" ;;
		esac
	done
}

# --- The root ---

# A release younger than this debootstrap is made like its elders; all of Ubuntu's are "gutsy".
recipe() {
	if [ -e "/usr/share/debootstrap/scripts/$suite" ]; then return 0; fi
	case $mirror in *ubuntu*) echo gutsy ;; *) echo sid ;; esac
}

make_root() {
	include=
	# A bare root trusts no one; a mirror behind TLS needs the certificates from the start.
	case $mirror in https:*) include=--include=ca-certificates ;; esac
	say "installing $suite into $root"
	# Unquoted: they may be none.
	# shellcheck disable=SC2046,SC2086
	PATH=$PATH:/usr/sbin:/sbin debootstrap --variant=minbase $include ${keyring:+"--keyring=$keyring"} \
		"--components=$(echo "$components" | tr ' ' ,)" "$suite" "$root" "$mirror" $(recipe) \
		>"$root.log" 2>&1 || {
		tail -n 20 "$root.log" >&2
		fail "debootstrap failed; all it said is in $root.log"
	}
	rm "$root.log"
	sources_list >"$root/etc/apt/sources.list"
	apt-config dump | grep '^Acquire::' >"$root/etc/apt/apt.conf.d/99-as-outside"
	pip_conf >"$root/etc/pip.conf"
	# Under a name of its own: the root's ca-certificates package writes the usual one anew.
	certificate=$(sed -n 's/^cert = //p' "$root/etc/pip.conf")
	if [ -n "$certificate" ]; then
		cp -L "$certificate" "$root/etc/pip-cert.pem"
		sed -i 's|^cert = .*|cert = /etc/pip-cert.pem|' "$root/etc/pip.conf"
	fi
	cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
}

copy_project() {
	mkdir -p "$root$inside"
	tar -C "$project" -c --exclude=./.venv --exclude=./out --exclude=./.git \
		--exclude='./.*_cache' --exclude=__pycache__ . | tar -C "$root$inside" -x --no-same-owner
}

mount_all() {
	mount -t proc proc "$root/proc"
	mkdir -p "$root/dev/shm"
	mount -t tmpfs tmpfs "$root/dev/shm" # the tests' workers share memory
}

unmount_all() { umount "$root/dev/shm" "$root/proc" 2>/dev/null || true; }

# Nothing of this shell's environment comes along: a bare machine has none of it.
within() { # CHROOT OPTION … COMMAND …
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 chroot "$@"
}

# --- The proofs ---

as_nobody_it_names_the_line() {
	say "as nobody, in the bare root:"
	code=0
	within --userspec=65534:65534 "$root" sh "$inside/setup.sh" >"$root/tmp/nobody" 2>&1 || code=$?
	cat "$root/tmp/nobody" >&2
	[ "$code" = 3 ] || fail "it ended with $code, not with 3"
	grep -q '^    [a-z-]* .*install .*python3' "$root/tmp/nobody" ||
		fail "it did not print the line for an administrator"
}

timed() { # WHAT COMMAND …
	what=$1
	shift
	say "$what"
	start=$(date +%s)
	"$@" || fail "$what: ended with $?"
	say "$what: $(($(date +%s) - start)) s"
}

test_too=
suite=
mirror=
components=main
keyring=
root=
while [ $# -gt 0 ]; do
	case $1 in
	--test) test_too=yes ;;
	--suite | --mirror | --components | --keyring)
		[ $# -gt 1 ] || usage
		case $1 in
		--suite) suite=$2 ;;
		--mirror) mirror=$2 ;;
		--components) components=$2 ;;
		--keyring) keyring=$2 ;;
		esac
		shift
		;;
	-*) usage ;;
	*)
		[ -z "$root" ] || usage
		root=$1
		;;
	esac
	shift
done
[ -n "$root" ] || usage
mirror_given=$mirror
suite=${suite:-$(own_suite)}
mirror=${mirror:-$(own_mirror)}
[ "$(id -u)" = 0 ] || fail "this needs root, for chroot"
[ -n "$mirror" ] || fail "apt here names no mirror; name one with --mirror"
if [ -e "$root" ] && [ -n "$(ls -A "$root")" ]; then fail "$root is not empty"; fi
mkdir -p "$root"
root=$(CDPATH='' cd -- "$root" && pwd -P)

make_root
copy_project
trap unmount_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mount_all

as_nobody_it_names_the_line
timed "first run" within "$root" sh "$inside/setup.sh"
timed "second run" within "$root" sh "$inside/setup.sh"
if [ -n "$test_too" ]; then timed "test run" within "$root" sh "$inside/setup.sh" test; fi
say "all went well; $root may be deleted"
