#!/bin/sh
# Sets actionpack up in this folder and builds the first pack; `sh setup.sh help` says how.
#
# POSIX sh, because a bare machine has no make, git, curl or Python yet. It installs only what is
# missing, says what and why before it does, and changes nothing outside this folder but packages
# of the system. Their names stand in src/actionpack/data/system-packages.txt.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
venv=$here/.venv
names=$here/src/actionpack/data/system-packages.txt
system_python=/usr/bin/python3
seed=china-uyghur-families

# Someone else's Python path or project folder would make this prove something else.
unset PYTHONPATH PYTHONHOME ACTIONPACK_PROJECT

usage() {
	cat <<'END'
sh setup.sh          install what is missing, make .venv, build the first pack
sh setup.sh test     the same, then every check: format, lint, types, the built wheel, tests
sh setup.sh help     this text

It may be run from any folder, and again at any time: what is there already is left as it is.
System packages need root, or sudo or doas that asks no password; without, the line for an
administrator is printed. On a Mac they come from Homebrew, which needs none of these.

  sudo -v && sh setup.sh                     sudo asks for the password first, and not again

  PYTHON=/path/to/python3.12 sh setup.sh     make .venv with that Python (3.11 or newer)

Exit codes: 0 done; 2 usage; 3 something is missing on this machine; else that of the failed step.
END
}

say() { printf 'setup: %s\n' "$*" >&2; }

# --- What the machine itself must have. Everything else is a wheel in .venv. ---

# Sets what a row of the table of names says; 1 when no manager of the table is here.
find_manager() {
	while IFS='|' read -r manager for_system as refresh install python_is venv_is newer_is pango_is \
		subset_is poppler_is qpdf_is compiler_is; do
		case $manager in '' | '#'*) continue ;; esac
		if [ "$for_system" = "$system" ] && command -v "$manager" >/dev/null; then return 0; fi
	done <"$names"
	manager=
	compiler_is=
	newer_is=
	return 1
}

package() {
	case $1 in
	python) echo "$python_is" ;;
	venv) echo "$venv_is" ;;
	newer) echo "$newer_is" ;;
	pango) echo "$pango_is" ;;
	subset) echo "$subset_is" ;;
	poppler) echo "$poppler_is" ;;
	qpdf) echo "$qpdf_is" ;;
	compiler) echo "$compiler_is" ;;
	esac
}

reason() {
	case $1 in
	python) echo "Python 3.11 or newer: actionpack is written in it" ;;
	newer) echo "Python 3.11 or newer: the one that is here is $("$system_python" -V 2>&1)" ;;
	venv) echo "Python's venv and ensurepip: they make .venv" ;;
	pango) echo "Pango ($(library pango)): it sets the text, and no wheel brings it" ;;
	subset) echo "HarfBuzz-Subset ($(library subset)): it cuts the fonts in the PDF" ;;
	poppler) echo "pdfinfo and pdftotext: the tests read PDFs with them" ;;
	qpdf) echo "qpdf: the tests check the structure of PDFs with it" ;;
	compiler) echo "a C++ compiler: zxing-cpp, which reads QR codes back, is built here" ;;
	esac
}

# By what is really there, not by what a package database says: Python may come from anywhere.
new_enough() {
	"$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

has_venv() {
	"$1" -c 'import ctypes, ssl, venv, zlib, ensurepip; ensurepip.version()' 2>/dev/null
}

usable() { new_enough "$1" && { [ -n "$uv" ] || has_venv "$1"; }; }

find_python() {
	if [ -n "${PYTHON-}" ]; then
		python=$PYTHON
		if usable "$python"; then return 0; fi
		say "PYTHON=$PYTHON is not a Python 3.11 or newer with venv and ensurepip"
		exit 2
	fi
	# A Python of the system first; then what its owner put beside it.
	for python in python3 "$system_python" "${HOMEBREW_PREFIX:-/opt/homebrew}/bin/python3" \
		python3.14 python3.13 python3.12 python3.11; do
		if usable "$python"; then return 0; fi
	done
	if [ -n "$uv" ]; then
		python=$("$uv" python find --system --no-python-downloads '>=3.11' 2>/dev/null) && return 0
	fi
	python=
	return 1
}

library() {
	case $system-$1 in
	Darwin-pango) echo libpangoft2-1.0.dylib ;;
	Darwin-subset) echo libharfbuzz-subset.0.dylib ;;
	*-pango) echo libpangoft2-1.0.so.0 ;;
	*-subset) echo libharfbuzz-subset.so.0 ;;
	esac
}

# On a Mac, by the folders that actionpack shows the loader (packages.py). Elsewhere the Python that
# will load it decides; before there is one, the linker's list has to do.
has_library() {
	file=$(library "$1")
	if [ "$system" = Darwin ]; then
		for prefix in "${HOMEBREW_PREFIX:-/opt/homebrew}" /opt/homebrew /usr/local /opt/local; do
			if [ -e "$prefix/lib/$file" ]; then return 0; fi
		done
		return 1
	elif [ -n "$python" ]; then
		"$python" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$file" 2>/dev/null
	else
		PATH=$PATH:/usr/sbin:/sbin ldconfig -p 2>/dev/null | grep -qF "$file"
	fi
}

find_missing() {
	missing=
	if venv_is_current || venv_can_grow; then
		python=$venv/bin/python
	elif find_python; then
		:
	elif new_enough "$system_python"; then
		missing='venv'
	elif "$system_python" -c '' 2>/dev/null; then
		missing='newer'
	else
		missing='python venv'
	fi
	has_library pango || missing="$missing pango"
	has_library subset || missing="$missing subset"
	if [ "$command" = test ]; then
		{ command -v pdfinfo && command -v pdftotext; } >/dev/null || missing="$missing poppler"
		command -v qpdf >/dev/null || missing="$missing qpdf"
	fi
	if [ -n "$compiler_is" ] && ! venv_is_current; then
		{ command -v g++ && command -v cmake; } >/dev/null || missing="$missing compiler"
	fi
}

refuse_old_system() {
	say "the Python of this system is too old: $("$system_python" -V 2>&1), and 3.11 is needed"
	say "use a newer system, or name a newer Python: PYTHON=/path/to/python3.12 sh setup.sh"
	exit 3
}

# Sets `as_root` to what stands before a command that needs root.
become_root() {
	as_root=
	if [ "$as" = user ]; then
		[ "$(id -u)" = 0 ] || return 0
		say "$manager must not be run as root; run this as the user who installed it"
		exit 3
	fi
	[ "$(id -u)" = 0 ] && return 0
	for as_root in sudo doas; do
		if command -v "$as_root" >/dev/null && "$as_root" -n true 2>/dev/null; then
			as_root="$as_root -n"
			return 0
		fi
	done
	return 1
}

install_missing() {
	case $missing in
	*newer*) if [ -n "$manager" ] && [ -z "$newer_is" ]; then refuse_old_system; fi ;;
	esac
	if [ -z "$manager" ]; then
		say "missing on this machine, to be installed by hand:"
		for need in $missing; do say "  $(reason "$need")"; done
		if [ "$system" = Darwin ]; then say "Homebrew has them all; then run this again"; fi
		exit 3
	fi
	packages=
	say "missing on this machine:"
	for need in $missing; do
		say "  $(package "$need") - $(reason "$need")"
		for name in $(package "$need"); do
			case "$packages " in *" $name "*) ;; *) packages="$packages $name" ;; esac
		done
	done
	line="${refresh:+$refresh && }$install$packages"
	become_root || {
		say "that needs root; ask an administrator to run"
		printf '\n    %s\n\n' "$line" >&2
		say "and then run this again"
		if command -v sudo >/dev/null; then
			say "or, when you may use sudo yourself: sudo -v && sh setup.sh"
		fi
		exit 3
	}
	case $as_root in
	'') say "installing:$packages" ;;
	*) say "installing with ${as_root% -n}, which asks no password here:$packages" ;;
	esac
	# Unquoted: as_root may be none, or two words.
	# shellcheck disable=SC2086
	quietly $as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C sh -c "$line" || {
		say "that failed; what was tried${as_root:+, as root}: $line"
		case $missing in
		*newer*) refuse_old_system ;;
		*) say "is this machine online, and are its own updates installed?" ;;
		esac
		exit 3
	}
}

provide_system_packages() {
	find_missing
	if [ -z "$missing" ]; then return 0; fi
	install_missing
	find_missing
	# Some systems call a Python that is too old python3, and have a newer one under its own name.
	case $missing in
	*newer*)
		install_missing
		find_missing
		;;
	esac
	if [ -z "$missing" ]; then return 0; fi
	case $missing in *newer*) refuse_old_system ;; esac
	for need in $missing; do say "installed, and still not found: $(reason "$need")"; done
	exit 3
}

# --- .venv ---

# Its scripts name their Python by its whole path, so a folder that was moved or copied is of no use.
venv_moved() {
	for script in "$venv/bin/actionpack" "$venv/bin/pip"; do
		if [ -f "$script" ]; then
			if head -n 3 "$script" | grep -qF "$venv/bin/python"; then return 1; else return 0; fi
		fi
	done
	return 1
}

venv_runs() { [ -x "$venv/bin/python" ] && new_enough "$venv/bin/python" && ! venv_moved; }

# uv makes environments without pip, and may be gone since.
venv_can_grow() {
	venv_runs && { [ -n "$uv" ] || "$venv/bin/python" -c 'import pip' 2>/dev/null; }
}

venv_is_current() {
	venv_runs && [ -x "$venv/bin/actionpack" ] &&
		stamped "$venv" "$command" "$lock" pyproject.toml cjk/pyproject.toml
}

make_venv() { # FOLDER
	rm -rf "$1" &&
		if [ -n "$uv" ]; then
			quietly "$uv" venv --quiet --python "$python" "$1"
		else
			quietly "$python" -m venv "$1"
		fi
}

# Only wheels: building from source would fetch a compiler's worth of things without a hash. There
# is one exception, where the table of names has a compiler: zxing-cpp has no wheel for Alpine's C
# library. Its source is held to its hash like everything else; pip's build tools are not.
install_lock() { # FOLDER LOCK
	if [ -n "$compiler_is" ]; then
		quietly "$1/bin/python" -m pip install --disable-pip-version-check --require-hashes \
			--only-binary :all: --no-binary zxing-cpp -r "$here/$2"
	elif [ -n "$uv" ]; then
		quietly "$uv" pip install --python "$1/bin/python" --require-hashes --only-binary :all: \
			-r "$here/$2"
	else
		quietly "$1/bin/python" -m pip install --disable-pip-version-check --require-hashes \
			--only-binary :all: -r "$here/$2"
	fi
}

# Offline and with nothing but what the lock brought; hatchling is part of it.
install_local() { # FOLDER OPTION … WHAT
	folder=$1
	shift
	if [ -n "$uv" ]; then
		quietly "$uv" pip install --python "$folder/bin/python" --offline --no-deps \
			--no-build-isolation "$@"
	else
		quietly "$folder/bin/python" -m pip install --disable-pip-version-check --no-index \
			--no-deps --no-build-isolation "$@"
	fi
}

# What an environment was made from; when this is unchanged, there is nothing to do.
made_from() { # FOLDER FILE …
	folder=$1
	shift
	echo "$folder"
	"$folder/bin/python" -V
	(cd "$here" && cksum "$@")
}

stamped() { # FOLDER NAME FILE …
	stamp=$1/.made-from-$2
	[ -f "$stamp" ] || return 1
	folder=$1
	shift 2
	[ "$(made_from "$folder" "$@")" = "$(cat "$stamp")" ]
}

stamp() { # FOLDER NAME FILE …
	stamp=$1/.made-from-$2
	folder=$1
	shift 2
	made_from "$folder" "$@" >"$stamp"
}

fill_venv() { # LOCK
	if ! venv_can_grow; then
		if [ -e "$venv" ]; then say ".venv was moved, or its Python or pip is gone; making it anew"; fi
		# The Python found above may be the very one that goes away here.
		case $python in "$venv"/*) find_python || return 3 ;; esac
		make_venv "$venv" || return
	fi
	install_lock "$venv" "$1" && install_local "$venv" -e "$here" -e "$here/cjk"
}

provide_venv() {
	if venv_is_current; then return 0; fi
	say "installing the libraries of $lock into .venv; this takes up to a minute or two"
	fill_venv "$lock" || {
		code=$?
		if [ -z "$uv" ] || ! has_venv "$python"; then
			say "the libraries could not be installed; is this machine online?"
			exit "$code"
		fi
		# Where pip is set up for a mirror of its own, uv may know nothing of it.
		say "uv could not; trying with pip"
		uv=
		fill_venv "$lock" || exit
	}
	# The test lock holds all of the other one, at the same releases.
	if [ "$command" = test ]; then stamp "$venv" run requirements.lock pyproject.toml cjk/pyproject.toml; fi
	stamp "$venv" "$command" "$lock" pyproject.toml cjk/pyproject.toml
}

# --- What the two commands do in it ---

build_first_pack() {
	say "building $seed"
	# The first pack is there to be looked at, in whatever year; past its deadline it says so.
	packs=$(cd "$here" && "$venv/bin/actionpack" build "$seed" --allow-expired) || exit
	say "the pack is ready:"
	printf '%s\n' "$packs" | while IFS= read -r pack; do
		case $pack in
		/*) echo "$pack" ;;
		*) echo "$here/$pack" ;;
		esac
	done
	say "open it in any PDF viewer; 100 % is called \"actual size\" there, not \"fit to page\"."
	say "then try: $venv/bin/actionpack --help"
}

check_everything() {
	cd "$here"
	step format "$venv/bin/python" -m ruff format --check .
	step lint "$venv/bin/python" -m ruff check .
	step types "$venv/bin/python" -m mypy
	# What users get: the wheel, without the test libraries, with no src in sight.
	step 'wheel: build' build_wheels
	step 'wheel: install' install_wheel
	step 'wheel: run' run_wheel
	step 'wheel: Chinese' run_chinese
	# Last, and without a word after it: who reads only one line reads pytest's summary.
	say "check: tests"
	"$venv/bin/python" -m pytest -q -n "$(workers)" || exit
}

step() { # NAME COMMAND …
	name=$1
	shift
	say "check: $name"
	"$@" || {
		code=$?
		say "failed: $name (exit code $code)"
		exit "$code"
	}
}

build_wheels() {
	quietly "$venv/bin/python" -m hatchling build -t wheel -d "$scratch/wheel" &&
		(cd cjk && quietly "$venv/bin/python" -m hatchling build -t wheel -d "$scratch/cjk")
}

install_wheel() {
	bare=$venv/bare
	if ! stamped "$bare" run requirements.lock; then
		make_venv "$bare" && install_lock "$bare" requirements.lock &&
			stamp "$bare" run requirements.lock || return
	fi
	install_local "$bare" --force-reinstall "$scratch"/wheel/*.whl
}

# In an empty project, so that layouts and fonts can only come from the wheel; with a cache of its
# own, so that the pack is really laid out; on a day before the seed's deadline, in whatever year.
run_wheel() {
	mkdir -p "$scratch/project/content" &&
		cp -R "$here/content/$seed" "$scratch/project/content/" &&
		cd "$scratch/project" &&
		"$venv/bare/bin/actionpack" --version &&
		ACTIONPACK_CACHE=$scratch/cache ACTIONPACK_TODAY=2026-01-01 \
			"$venv/bare/bin/actionpack" build "$seed" >"$scratch/packs" &&
		packs_exist && cd "$here"
}

# The wheel of its fonts is all that Chinese needs besides; without it that is said.
run_chinese() {
	set -- env "ACTIONPACK_CACHE=$scratch/cache" ACTIONPACK_TODAY=2026-01-01 \
		"$venv/bare/bin/actionpack" build "$seed" --set group=北京 -o "$scratch/chinese.pdf"
	cd "$scratch/project" || return
	if "$@" >"$scratch/told" 2>&1; then
		say "Chinese printed with no font for it"
		return 1
	fi
	grep -qF 'install actionpack-print-cjk' "$scratch/told" || {
		cat "$scratch/told" >&2
		return 1
	}
	install_local "$venv/bare" --target "$scratch/fonts" "$scratch"/cjk/*.whl &&
		PYTHONPATH=$scratch/fonts quietly "$@" && [ -s "$scratch/chinese.pdf" ] && cd "$here"
}

packs_exist() {
	for pack in "$scratch"/project/out/*.pdf; do
		if [ -s "$pack" ]; then return 0; fi
	done
	say "the wheel's command ended well, but no pack lies in out/"
	return 1
}

# Each worker may start a Java of its own, so not one for every core of a large machine.
workers() {
	cores=$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
	if [ "$cores" -gt 8 ]; then echo 8; else echo "$cores"; fi
}

# Shows what a program says only when it fails.
quietly() {
	"$@" >"$scratch/log" 2>&1 || {
		code=$?
		cat "$scratch/log" >&2
		return "$code"
	}
}

# --- The command line ---

command=${1-run}
case $command in
run) lock=requirements.lock ;;
test) lock=requirements-test.lock ;;
help | -h | --help)
	usage
	exit 0
	;;
*)
	usage >&2
	exit 2
	;;
esac
if [ $# -gt 1 ]; then
	usage >&2
	exit 2
fi
system=$(uname -s)
case $system in
Linux) ;;
# A terminal that was opened before Homebrew was installed does not know its folder.
Darwin) PATH=$PATH:/opt/homebrew/bin:/usr/local/bin ;;
*)
	say "this runs on Linux and macOS; on Windows, use WSL: see docs/install.md"
	exit 3
	;;
esac

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

uv=$(command -v uv || true)
python=
find_manager || true
# One way to build from source is enough.
if [ -n "$compiler_is" ]; then uv=; fi
if [ -n "$compiler_is" ] && [ "$command" = test ]; then
	say "the tests cannot run here: the Java that checks PDF/A has no wheel for this system"
	say "run them on Debian, Ubuntu or Fedora; in a container is enough"
	exit 3
fi

provide_system_packages
provide_venv
case $command in
run) build_first_pack ;;
test) check_everything ;;
esac
