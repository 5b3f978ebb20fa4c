"""Folders of fonts into faces: what each can print, how wide a line is, and a subset to embed.

Gate: uharfbuzz. A shelf is read from the `fonts.toml` of its folders; a font is opened when it is
first asked for, and only if it is the very file that was listed. Text is shaped with HarfBuzz's
own features and kerning, so that a stamped line looks like one that WeasyPrint set.
"""

from __future__ import annotations

import hashlib
import struct
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from actionpack.diagnostics import Finding, Place, Rejected, finding
from actionpack.source import Fields, did_you_mean, read_toml
from actionpack.store import Jail

if TYPE_CHECKING:
    import uharfbuzz

TABLE = "fonts.toml"

Style = Literal["normal", "italic"]
Direction = Literal["ltr", "rtl"]

# What a row of `fonts.toml` holds for people and for scripts/fonts.py, and nobody here needs.
_FOR_PEOPLE = ("scripts", "package", "version", "licence", "licence_file", "legacy_family")

# Pango's words for weights (PangoWeight); 400 has none.
_WEIGHTS = {
    100: "Thin",
    200: "Ultra-Light",
    300: "Light",
    500: "Medium",
    600: "Semi-Bold",
    700: "Bold",
    800: "Ultra-Bold",
    900: "Heavy",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """One font file, as `fonts.toml` lists it."""

    family: str
    style: Style
    weight: int
    folder: Jail
    file: str
    sha256: str

    @property
    def name(self) -> str:
        """Family, weight and style as Pango and so WeasyPrint write them: `Noto Sans Bold`."""
        italic = "Italic" if self.style == "italic" else ""
        return " ".join(filter(None, (self.family, _WEIGHTS.get(self.weight, ""), italic)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyph:
    """A glyph where shaping put it, pt: the way to the next one, and its own shift (y up).

    `text` is what it stands for, '' when an earlier glyph stands for it already.
    """

    gid: int
    text: str
    advance: float
    dx: float
    dy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaped:
    """A line of text as glyphs, from the left."""

    face: Face
    size_pt: float
    glyphs: tuple[Glyph, ...]
    width_pt: float

    @property
    def missing(self) -> tuple[str, ...]:
        """What the face has no glyph for, each once."""
        return tuple(dict.fromkeys(glyph.text for glyph in self.glyphs if glyph.gid == 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """Measures of a face in thousandths of its em, y up; `descent` is negative."""

    ascent: float
    descent: float
    cap_height: float
    bbox: tuple[float, float, float, float]
    italic_angle: float


# ----------------------------------------------------------------------------------- the shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class FontShelf:
    """The faces that may be used, those that win first."""

    faces: tuple[Face, ...]

    @property
    def families(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(face.family for face in self.faces))

    def face(self, family: str, weight: int = 400, style: Style = "normal") -> Face:
        """The face nearest to what is asked (CSS Fonts 4, 5.2).

        Raises Rejected (`layout-fault`) when the family is not on the shelf.
        """
        faces = self._family(family)
        styled = tuple(face for face in faces if face.style == style) or faces
        return min(styled, key=lambda face: _distance(weight, face.weight))

    def _family(self, family: str) -> tuple[Face, ...]:
        faces = tuple(face for face in self.faces if face.family == family)
        if not faces:
            raise Rejected(
                finding(
                    "layout-fault",
                    f"there is no font family '{family}'",
                    cure=_other_family(family, self.families),
                )
            )
        return faces

    def missing(self, text: str, families: Iterable[str]) -> tuple[str, ...]:
        """The characters of `text` that no face of `families` can print, each once."""
        printed = _of_all(tuple(face for family in families for face in self._family(family)))
        return tuple(
            character
            for character in dict.fromkeys(unicodedata.normalize("NFC", text))
            if character not in printed
            and not _prints_nothing(character)
            and not printed.issuperset(unicodedata.normalize("NFD", character))
        )

    def check_glyphs(self, text: str, place: Place, families: Iterable[str]) -> tuple[Finding, ...]:
        """One finding for each character that cannot be printed, on the line where it first is."""
        stack = tuple(families)
        first: dict[str, int] = {}
        for number, line in enumerate(text.split("\n")):
            for character in self.missing(line, stack):
                first.setdefault(character, number)
        return tuple(
            finding(
                "missing-glyph",
                f"{described(character)} is in no font of this layout",
                Place(
                    file=place.file,
                    line=None if place.line is None else place.line + number,
                    row=place.row,
                    page=place.page,
                ),
            )
            for character, number in first.items()
        )


def read_shelf(folders: tuple[Path, ...]) -> FontShelf:
    """Read the `fonts.toml` of each folder; raises Rejected with everything wrong in them.

    A file in a later folder hides one of the same name in an earlier one.
    """
    faults: list[Finding] = []
    faces: dict[str, Face] = {}
    for folder in reversed(folders):
        jail = Jail(root=folder, name="/".join(folder.parts[-2:]))
        for face in _read_folder(jail, faults):
            faces.setdefault(face.file, face)
    if faults:
        raise Rejected(*faults)
    return FontShelf(faces=tuple(faces.values()))


def _read_folder(folder: Jail, faults: list[Finding]) -> Iterator[Face]:
    table = read_toml(folder.read_text(TABLE), folder.label(TABLE))
    fields = Fields(table, faults)
    for row in fields.tables("font"):
        yield Face(
            family=row.text("family"),
            style="italic" if row.choice("style", ("normal", "italic")) == "italic" else "normal",
            weight=row.whole("weight") or 400,
            folder=folder,
            file=row.text("file"),
            sha256=row.text("sha256"),
        )
        for key in _FOR_PEOPLE:
            row.value(key)
        row.done()
    fields.done()


def _distance(wanted: int, weight: int) -> tuple[bool, bool, int]:
    """How far a weight is from the one wanted, for choosing the least (CSS Fonts 4, 5.2)."""
    if 400 <= wanted <= 500:
        # Up to 500 first, then lighter ones, then heavier ones.
        return (weight > 500, not wanted <= weight <= 500, abs(weight - wanted))
    heavier_first = wanted > 500
    wrong_way = weight < wanted if heavier_first else weight > wanted
    return (wrong_way, False, abs(weight - wanted))


def _other_family(family: str, known: tuple[str, ...]) -> str:
    # did_you_mean looks among names in lower case, and families are written with capitals.
    by_lower = {name.lower(): name for name in known}
    cure = did_you_mean(family, by_lower)
    for lower, name in by_lower.items():
        cure = cure.replace(lower, name)
    return cure


# ---------------------------------------------------------------------------- what can be printed

# Default_Ignorable_Code_Point (Unicode 15, DerivedCoreProperties.txt): no font needs a glyph.
_IGNORABLE = (
    *((0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5)),
    *((0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164)),
    *((0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8)),
    *((0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)),
)


def _prints_nothing(character: str) -> bool:
    return character.isspace() or _is_ignorable(character)


def _is_ignorable(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _IGNORABLE)


def described(character: str) -> str:
    """A character for a message: itself, its code point and its Unicode name."""
    shown = character if character.isprintable() else " "
    points = " ".join(f"U+{ord(one):04X}" for one in character)
    names = " and ".join(unicodedata.name(one, "no character").lower() for one in character)
    return f"'{shown}' ({points}, {names})"


def characters(face: Face) -> frozenset[str]:
    """Every character that the face has a glyph for; raises Rejected when it cannot be read."""
    return _characters(face)


@cache
def _characters(face: Face) -> frozenset[str]:
    return frozenset(chr(point) for point in _opened(face).unicodes)


@cache
def _of_all(faces: tuple[Face, ...]) -> frozenset[str]:
    """Every character that one of some faces has; asked for with every line of an action."""
    return frozenset[str]().union(*map(characters, faces))


# ------------------------------------------------------------------------------ what it looks like


def shape(
    face: Face, text: str, size_pt: float, *, language: str = "und", direction: Direction = "ltr"
) -> Shaped:
    """Set one line of text in one direction; nothing is reordered or broken.

    Characters that print nothing get no glyph. Text is composed first (Unicode NFC), so that a
    letter with its accents is one glyph wherever the font has it.
    """
    import uharfbuzz

    composed = unicodedata.normalize("NFC", text)
    buffer = uharfbuzz.Buffer()
    # One cluster a character: accents that stay glyphs of their own keep their own text.
    buffer.cluster_level = uharfbuzz.BufferClusterLevel.MONOTONE_CHARACTERS
    buffer.add_str(composed)
    buffer.direction = direction
    # Else HarfBuzz takes the language from the locale of whoever runs the program.
    buffer.language = language
    buffer.guess_segment_properties()
    uharfbuzz.shape(_font(face), buffer)
    # None when there are no glyphs.
    positions = buffer.glyph_positions or ()
    scale = size_pt / _opened(face).upem
    told = _cluster_texts(composed, [glyph.cluster for glyph in buffer.glyph_infos])
    glyphs = tuple(
        Glyph(
            gid=glyph.codepoint,
            text=stands_for,
            advance=position.x_advance * scale,
            dx=position.x_offset * scale,
            dy=position.y_offset * scale,
        )
        for glyph, position, stands_for in zip(buffer.glyph_infos, positions, told, strict=True)
        if not (stands_for and all(map(_is_ignorable, stands_for)))
    )
    return Shaped(
        face=face,
        size_pt=size_pt,
        glyphs=glyphs,
        width_pt=sum(glyph.advance for glyph in glyphs),
    )


def _cluster_texts(text: str, clusters: list[int]) -> Iterator[str]:
    """The text that each glyph stands for; the first glyph of a cluster stands for all of it."""
    ends = dict(pairwise((*sorted(set(clusters)), len(text))))
    for cluster in clusters:
        yield text[cluster : ends.pop(cluster, cluster)]


def widths(face: Face, gids: Iterable[int]) -> tuple[tuple[int, float], ...]:
    """How far each glyph leads by itself, in thousandths of the em, by glyph id."""
    font, upem = _font(face), _opened(face).upem
    return tuple((gid, font.get_glyph_h_advance(gid) * 1000 / upem) for gid in sorted(set(gids)))


def metrics(face: Face) -> Metrics:
    """The measures that a PDF and a line of text need."""
    opened, font = _opened(face), _font(face)
    scale = 1000 / opened.upem
    extents = font.get_font_extents("ltr")
    # OpenType, 'head' table: xMin, yMin, xMax, yMax; 'post' table: italicAngle as 16.16.
    left, bottom, right, top = struct.unpack_from(">4h", opened.reference_table("head").data, 36)
    (angle,) = struct.unpack_from(">i", opened.reference_table("post").data, 4)
    return Metrics(
        ascent=extents.ascender * scale,
        descent=extents.descender * scale,
        cap_height=_cap_height(face) * scale,
        bbox=(left * scale, bottom * scale, right * scale, top * scale),
        italic_angle=angle / 65536,
    )


def _cap_height(face: Face) -> int:
    import uharfbuzz

    tag = uharfbuzz.OTMetricsTag.CAP_HEIGHT
    height: int = _font(face).get_metric_position_with_fallback(tag)
    return height


def subset(face: Face, gids: Iterable[int]) -> bytes:
    """The font with these glyphs alone, each under its old id; same glyphs, same bytes."""
    import uharfbuzz

    flags = uharfbuzz.SubsetFlags
    wanted = uharfbuzz.SubsetInput()
    wanted.flags = (
        flags.RETAIN_GIDS | flags.NO_HINTING | flags.NOTDEF_OUTLINE | flags.NO_LAYOUT_CLOSURE
    )
    wanted.glyph_set.update(set(gids))
    # A PDF asks for glyphs by their id, so what finds or moves them can go.
    unused = ("cmap", "GDEF", "GPOS", "GSUB", "STAT")
    wanted.drop_table_tag_set.update({int.from_bytes(name.encode(), "big") for name in unused})
    data: bytes = wanted.subset(_opened(face)).blob.data
    return data


# --------------------------------------------------------------------------------- opening a font


@lru_cache(maxsize=64)
def _opened(face: Face) -> uharfbuzz.Face:
    """Open a font; raises Rejected when it is none, or not the one that is listed."""
    import uharfbuzz

    data = face.folder.read_bytes(face.file)
    place = Place(file=face.folder.label(face.file))
    digest = hashlib.sha256(data).hexdigest()
    if digest != face.sha256:
        raise Rejected(
            finding(
                "bad-file",
                f"the font is not the one that {TABLE} lists",
                place,
                cure=f'put that one back, or write sha256 = "{digest}" when the change is meant',
            )
        )
    opened = uharfbuzz.Face(uharfbuzz.Blob(data))
    if not opened.upem or "glyf" not in opened.table_tags or not opened.unicodes:
        raise Rejected(
            finding(
                "bad-file",
                "the file is no TrueType font",
                place,
                cure="use a static .ttf file with TrueType outlines",
            )
        )
    return opened


@lru_cache(maxsize=64)
def _font(face: Face) -> uharfbuzz.Font:
    import uharfbuzz

    return uharfbuzz.Font(_opened(face))
