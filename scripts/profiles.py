"""Fetch the colour profiles that ship and write the table that describes them.

    .venv/bin/python scripts/profiles.py            fetch, check, write (needs apt-get of Debian)
    .venv/bin/python scripts/profiles.py --check    compare files and table (no network)

They come out of a Debian package, pinned by version and by hash. Each must be an output profile
for four inks, for that is what an output intent is.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "assets" / "profiles"
TABLE = "profiles.toml"
_HEAD = """\
# The printing conditions of the press edition. Written by scripts/profiles.py; do not edit by hand.
#
# condition and registry are what a PDF's output intent says (ISO 32000-1, 14.11.5); ink_limit is
# the most ink, in per cent of one plate, that the profile is made for.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A profile and the package that it comes out of; `inside` is its folder there."""

    file: str
    condition: str
    means: str
    registry: str
    ink_limit: int
    package: str
    version: str
    sha256: str
    """Of the package."""
    inside: str
    licence: str


PROFILES = (
    Profile(
        file="ISOcoated_v2_300_bas",
        condition="FOGRA39",
        means="Offset on coated paper (ISO 12647-2:2004/Amd 1, paper types 1 and 2), 300 % ink",
        registry="http://www.color.org",
        ink_limit=300,
        package="scribus-data",
        version="1.5.8+dfsg-4",
        sha256="1e0c7b6f547491a6e03418290f73b145be805ed2b63a4bc3e0fc519157ba7acf",
        inside="usr/share/scribus/profiles",
        licence="Zlib",
    ),
)


def fetch(profile: Profile) -> tuple[bytes, bytes]:
    """The profile and its licence, out of the package."""
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        subprocess.run(
            ["apt-get", "download", f"{profile.package}={profile.version}"], cwd=folder, check=True
        )
        (package,) = folder.glob("*.deb")
        found = hashlib.sha256(package.read_bytes()).hexdigest()
        if found != profile.sha256:
            sys.exit(f"{package.name} has the hash {found}, not {profile.sha256}")
        subprocess.run(["dpkg-deb", "-x", package.name, "out"], cwd=folder, check=True)
        inside = folder / "out" / profile.inside
        return (
            (inside / f"{profile.file}.icc").read_bytes(),
            (inside / f"{profile.file}.txt").read_bytes(),
        )


def check(data: bytes, name: str) -> None:
    """See that a profile is one for output in CMYK (ICC.1:2010, 7.2: bytes 12-20 and 36-40)."""
    if (data[12:16], data[16:20], data[36:40]) != (b"prtr", b"CMYK", b"acsp"):
        sys.exit(f"{name} is no output profile for CMYK")


def row(profile: Profile, digest: str) -> str:
    """A profile's row of the table."""
    return (
        f'\n[[profile]]\nfile = "{profile.file}.icc"\ncondition = "{profile.condition}"\n'
        f'means = "{profile.means}"\nregistry = "{profile.registry}"\n'
        f'ink_limit = {profile.ink_limit}\nsha256 = "{digest}"\npackage = "{profile.package}"\n'
        f'version = "{profile.version}"\nlicence = "{profile.licence}"\n'
        f'licence_file = "{profile.file}-LICENSE.txt"\n'
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare, and fetch nothing")
    if parser.parse_args().check:
        for listed in tomllib.loads((FOLDER / TABLE).read_text())["profile"]:
            data = (FOLDER / listed["file"]).read_bytes()
            check(data, listed["file"])
            if hashlib.sha256(data).hexdigest() != listed["sha256"]:
                sys.exit(f"{listed['file']} is not the one that {TABLE} lists")
        return
    rows = []
    for profile in PROFILES:
        data, licence = fetch(profile)
        check(data, profile.file)
        (FOLDER / f"{profile.file}.icc").write_bytes(data)
        (FOLDER / f"{profile.file}-LICENSE.txt").write_bytes(licence)
        rows.append(row(profile, hashlib.sha256(data).hexdigest()))
    (FOLDER / TABLE).write_text(_HEAD + "".join(rows))


if __name__ == "__main__":
    main()
