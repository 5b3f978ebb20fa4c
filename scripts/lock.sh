#!/bin/sh
# Renew requirements.lock and requirements-test.lock from pyproject.toml.
#
#     sh scripts/lock.sh                     newest releases that pyproject.toml allows
#     sh scripts/lock.sh --keep              only what pyproject.toml no longer allows moves
#
# The locks hold for every platform and every Python that pyproject.toml allows, name no index (so
# that a mirror serves as well), and carry the hash of every file. They are committed.
set -eu

cd -- "$(dirname -- "$0")/.."

upgrade=--upgrade
case ${1-} in
'') ;;
--keep) upgrade= ;;
*)
	echo "usage: sh scripts/lock.sh [--keep]" >&2
	exit 2
	;;
esac

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

if command -v uv >/dev/null; then
	uv=uv
elif [ -x .venv/bin/uv ]; then
	uv=.venv/bin/uv
else
	echo "lock: uv is not here; a copy is fetched for this run only" >&2
	python3 -m venv "$scratch/venv"
	"$scratch/venv/bin/python" -m pip install --quiet uv
	uv=$scratch/venv/bin/uv
fi

# lock FILE [OPTION …] < EXTRA REQUIREMENTS
lock() {
	file=$1
	shift
	cat >"$scratch/extra.in"
	# uv reads the old pins from its output file; without --upgrade they stay where they can.
	if [ -f "$file" ]; then cp "$file" "$scratch/$file"; fi
	"$uv" pip compile pyproject.toml "$scratch/extra.in" "$@" $upgrade --quiet \
		--universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links --output-file "$scratch/$file" >/dev/null
	{
		echo "# Written by scripts/lock.sh from pyproject.toml; do not edit by hand."
		grep -v '^#' "$scratch/$file"
	} >"$scratch/whole"
	cp "$scratch/whole" "$file"
	echo "lock: $file, $(grep -c '==' "$file") packages" >&2
}

# The build backend is locked too: the project itself is installed with what is already there, so
# that nothing comes in without a hash.
lock requirements.lock <<-END
	hatchling
	editables
END

# The first lock constrains the second, so that what is tested is what is installed.
lock requirements-test.lock --extra test --constraints requirements.lock </dev/null
