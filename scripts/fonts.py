"""Fetch the fonts the package ships and write the table that describes them.

    .venv/bin/python scripts/fonts.py            fetch, check, copy, write fonts.toml (needs npm)
    .venv/bin/python scripts/fonts.py --check    compare the files here with fonts.toml (no network)

The packages are pinned by version and by hash. Each file is opened and must be a whole, static
TrueType font with the letters we rely on, under the OFL-1.1: a slice or a variable font would
print, and print wrong.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "assets" / "fonts"
TABLE = FONTS / "fonts.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One package of static fonts, all of one family."""

    name: str
    version: str
    sha512: str
    """As npm writes it: base64."""
    family: str
    prefix: str
    """What the files are called before the hyphen, there and here."""
    scripts: tuple[str, ...] = ("Latn", "Grek", "Cyrl")
    """Those of `PROBES` whose letters it must have."""
    cuts: tuple[str, ...] = ("Regular", "Italic", "SemiBold", "Bold", "BoldItalic")
    """Those of `CUTS` that we take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One weight and slope."""

    name: str
    folder: str
    weight: int
    style: str


PACKAGES = (
    Package(
        name="@expo-google-fonts/noto-sans",
        version="0.4.2",
        sha512="zYD8G2ijWLxqmquoQgghNh/x9p0yxWwArD0oxO1oXY1qx5vOd4t0Kbhnu/Cx8RTy08OgA8RtxuULZFaXwVPnPw==",
        family="Noto Sans",
        prefix="NotoSans",
    ),
    Package(
        name="@expo-google-fonts/noto-serif",
        version="0.4.2",
        sha512="1xvAYegrtpCuPPunSyhvhV9FHWEzCWjikEoUJkvHt+WWvt+h7lKr+vkXNpqwFQM4W3KjXOccfLd5s04xLMjjDQ==",
        family="Noto Serif",
        prefix="NotoSerif",
    ),
    Package(
        name="@expo-google-fonts/noto-naskh-arabic",
        version="0.4.5",
        sha512="KN73tROdoKQubTZ/ZsERCdAlZ1cBLRbRIe196tISAcPLgIqMvIgFCUs1xsrS/pe3fIYxT9l+c95sQF8wv48ijA==",
        family="Noto Naskh Arabic",
        prefix="NotoNaskhArabic",
        scripts=("Arab",),
        cuts=("Regular", "Bold"),
    ),
)

CUTS = (
    Cut(name="Regular", folder="400Regular", weight=400, style="normal"),
    Cut(name="Italic", folder="400Regular_Italic", weight=400, style="italic"),
    Cut(name="SemiBold", folder="600SemiBold", weight=600, style="normal"),
    Cut(name="Bold", folder="700Bold", weight=700, style="normal"),
    Cut(name="BoldItalic", folder="700Bold_Italic", weight=700, style="italic"),
)

# Letters at the edges of each script as our languages write it: where slices are cut first.
PROBES = {
    "Latn": "AZazÀÿĀžƏəȘțẞḤṣẹỹ",  # ə Azerbaijani, ẹ ỹ Vietnamese, Ḥ ṣ transliteration
    "Grek": "ΑΩαωΆώΐΰϊἀᾧῷ",  # monotonic and polytonic
    "Cyrl": "АЯаяЁёЂџҐґӘәҚқҢңӨөҮүҰұҺһ",  # Slavic, Kazakh, Kyrgyz, Tatar
    # Arabic, Persian, Pashto, Uyghur
    "Arab": "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآپچژگکیټډړڼۀڭۇۆۈۋېە٠٩۰۹،؟",
}
PUNCTUATION = "«»‹›–—‘’‚“”„…·•†№€\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"

FAMILY, TYPOGRAPHIC_FAMILY, LICENCE_TEXT = 1, 16, 13  # OpenType name ids
ITALIC_BIT = 1  # OS/2 fsSelection

HEADER = """\
# The fonts that ship with the package. Written by scripts/fonts.py; do not edit by hand.
#
# family, weight and style are the values that reach a file from CSS through Pango and fontconfig:
#     font-family: "Noto Sans"; font-weight: 600; font-style: normal
# legacy_family stands where the file's old family name (name id 1) is another one. Fontconfig
# lists such a file under both names; use the family and the weight, never the old name, or the
# other weights are out of reach. There is no semi-bold italic here: weight 600 in italics prints
# as BoldItalic.
# scripts: ISO 15924, those whose letters were looked for in the file one by one.
"""


class FontsError(Exception):
    """A font or package is not what this script was told to expect."""


def pack(package: Package, folder: Path) -> dict[str, bytes]:
    """Return the files of a package by their path inside it; refuse one with another hash."""
    command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    archive = (folder / done.stdout.strip().splitlines()[-1]).read_bytes()
    found = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if found != package.sha512:
        raise FontsError(
            f"{package.name}@{package.version}: sha512 is '{found}', not '{package.sha512}'"
        )
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return {
            member.name.removeprefix("package/"): stream.read()
            for member in tar
            if (stream := tar.extractfile(member))
        }


def proved(ttf: bytes, *, name: str, package: Package, cut: Cut) -> dict[str, object]:
    """Return what the table says of a font, after finding each word of it in the file."""
    font = TTFont(io.BytesIO(ttf))
    names, os2, letters = font["name"], font["OS/2"], font.getBestCmap()
    legacy = names.getDebugName(FAMILY)
    family = names.getDebugName(TYPOGRAPHIC_FAMILY) or legacy
    wanted = "".join(PROBES[script] for script in package.scripts)
    # The punctuation of Latin is asked of what is set in Latin: the others leave it to these.
    wanted += PUNCTUATION if "Latn" in package.scripts else ""
    missing = "".join(sorted({letter for letter in wanted if ord(letter) not in letters}))
    faults = [
        fault
        for fault, found in {
            "has no TrueType outlines": "glyf" not in font,
            "is a variable font": "fvar" in font,
            f"lacks '{missing}'": bool(missing),
            f"is of the family '{family}'": family != package.family,
            f"is of weight {os2.usWeightClass}": os2.usWeightClass != cut.weight,
            "has the wrong slope": bool(os2.fsSelection & ITALIC_BIT) != (cut.style == "italic"),
            "forbids embedding": os2.fsType != 0,
            "does not say OFL 1.1": "SIL Open Font License, Version 1.1"
            not in (names.getDebugName(LICENCE_TEXT) or ""),
        }.items()
        if found
    ]
    if faults:
        raise FontsError(f"{name}: {'; '.join(faults)}")
    entry: dict[str, object] = {"file": name, "family": family, "style": cut.style}
    entry["weight"] = cut.weight
    if legacy != family:
        entry["legacy_family"] = legacy
    return entry | {
        "scripts": list(package.scripts),
        "sha256": hashlib.sha256(ttf).hexdigest(),
        "package": package.name,
        "version": package.version,
        "licence": "OFL-1.1",
        "licence_file": licence_name(package),
    }


def cuts_of(package: Package) -> tuple[Cut, ...]:
    """The cuts that we take of a package."""
    return tuple(cut for cut in CUTS if cut.name in package.cuts)


def licence_name(package: Package) -> str:
    """Name the licence file that stands beside a family."""
    return f"{package.prefix}-LICENSE.txt"


def as_toml(entries: list[dict[str, object]]) -> str:
    """Write the table; the values are words, numbers and one list of words."""

    def value(thing: object) -> str:
        if isinstance(thing, list):
            return f"[{', '.join(map(value, thing))}]"
        return str(thing) if isinstance(thing, int) else f'"{thing}"'

    tables = (
        "\n[[font]]\n" + "".join(f"{key} = {value(thing)}\n" for key, thing in entry.items())
        for entry in entries
    )
    return HEADER + "".join(tables)


def fetch() -> None:
    """Fetch every package, prove its fonts, then write fonts, licences and the table."""
    files: dict[str, bytes] = {}
    entries = []
    for package in PACKAGES:
        with tempfile.TemporaryDirectory() as folder:
            packed = pack(package, Path(folder))
        licence = packed["LICENSE_FONT"]
        if b"SIL OPEN FONT LICENSE Version 1.1" not in licence:
            raise FontsError(f"{package.name}: LICENSE_FONT is not the OFL 1.1")
        files[licence_name(package)] = licence
        for cut in cuts_of(package):
            name = f"{package.prefix}-{cut.name}.ttf"
            ttf = packed[f"{cut.folder}/{package.prefix}_{cut.folder}.ttf"]
            entries.append(proved(ttf, name=name, package=package, cut=cut))
            files[name] = ttf
    FONTS.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (FONTS / name).write_bytes(content)
    TABLE.write_text(as_toml(entries), encoding="utf-8")


def check() -> None:
    """Compare the fonts on disk with the table, and the table with the pins above."""
    listed = {entry["file"]: entry for entry in tomllib.loads(TABLE.read_text("utf-8"))["font"]}
    pinned = {f"{p.prefix}-{c.name}.ttf": (p, c) for p in PACKAGES for c in cuts_of(p)}
    here = {path.name for path in FONTS.glob("*.ttf")}
    if strangers := (here ^ listed.keys()) | (here ^ pinned.keys()):
        raise FontsError(f"not in all of folder, table and script: {', '.join(sorted(strangers))}")
    for name, (package, cut) in pinned.items():
        entry = proved((FONTS / name).read_bytes(), name=name, package=package, cut=cut)
        if entry != listed[name]:
            raise FontsError(f"{name}: differs from {TABLE.name}; run this script without --check")


def main() -> int:
    """Do what the command line asks; say what is wrong in one line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="only compare the files and the table")
    try:
        check() if parser.parse_args().check else fetch()
    except FontsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
