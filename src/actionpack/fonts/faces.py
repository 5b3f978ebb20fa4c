"""A font file, opened: what it has glyphs for, and its measures."""

from __future__ import annotations

import hashlib
import struct
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from actionpack.diagnostics import Place, Rejected, finding
from actionpack.fonts.ignorable import prints_nothing
from actionpack.glyphs import Glyph
from actionpack.project import FONT_TABLE
from actionpack.store import MOST_FILE_BYTES

if TYPE_CHECKING:
    import uharfbuzz

Style = Literal["normal", "italic"]
Direction = Literal["ltr", "rtl"]

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


class Folder(Protocol):
    """Where a font file is: a folder of this machine, or what came along with a task."""

    def read_bytes(self, relative: str | Path, *, most: int = MOST_FILE_BYTES) -> bytes:
        """Read a file; raises Rejected when that cannot be done."""

    def label(self, relative: str | Path) -> str:
        """The file's name as the user knows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """One font file, as `fonts.toml` lists it."""

    family: str
    style: Style
    weight: int
    folder: Folder
    file: str
    sha256: str

    @property
    def name(self) -> str:
        """Family, weight and style as Pango and so WeasyPrint write them: `Noto Sans Bold`."""
        italic = "Italic" if self.style == "italic" else ""
        return " ".join(filter(None, (self.family, _WEIGHTS.get(self.weight, ""), italic)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """Measures of a face in thousandths of its em, y up; `descent` is negative."""

    ascent: float
    descent: float
    cap_height: float
    bbox: tuple[float, float, float, float]
    italic_angle: float


class Opened:
    """A face with what HarfBuzz knows of it; `scale` turns its units into thousandths of the em."""

    def __init__(self, face: Face, opened: uharfbuzz.Face) -> None:
        import uharfbuzz

        self.face = face
        self.name = face.name
        self.file = opened
        self.font = uharfbuzz.Font(opened)
        self.scale = 1000 / opened.upem
        # And letters with the selector of a form that the font has for them.
        self.characters = frozenset(map(chr, opened.unicodes)) | {
            chr(letter) + chr(selector)
            for selector in opened.variation_selectors
            for letter in opened.variation_unicodes(selector)
        }
        self.widths = _Widths(self)
        self.glyphs = _Glyphs(self)
        # Those that were made of several or turned round, each as one object.
        self.made: dict[Glyph, Glyph] = {}
        self.glyph_count: int = opened.glyph_count

    @cached_property
    def letters(self) -> dict[int, str]:
        """What a glyph looks like: the first of the characters that it is the plain glyph of."""
        found: dict[int, str] = {}
        for character in sorted(one for one in self.characters if len(one) == 1):
            found.setdefault(self.font.get_nominal_glyph(ord(character)), character)
        return found

    def prints(self, text: str) -> bool:
        """Whether the face has a glyph for all that prints in a text (Unicode NFC)."""
        return self.characters.issuperset(text) or all(
            character in self.characters
            or prints_nothing(character)
            or self.characters.issuperset(unicodedata.normalize("NFD", character))
            for character in text
        )


class _Widths(dict[int, float]):
    """How far each glyph leads by itself, in thousandths of the em, as it is asked for."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened

    def __missing__(self, gid: int) -> float:
        wide: float = self._opened.font.get_glyph_h_advance(gid) * self._opened.scale
        self[gid] = wide
        return wide


# A glyph's id, what it stands for, and HarfBuzz's shift and way to the next one (x, y; x, y).
_Shaped = tuple[int, str, tuple[int, int, int, int]]


class _Glyphs(dict[_Shaped, Glyph]):
    """Glyphs as shaping gives them, in thousandths of the em, as they are asked for."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened

    def __missing__(self, shaped: _Shaped) -> Glyph:
        gid, text, (dx, dy, advance, _) = shaped
        scale = self._opened.scale
        width = self._opened.widths[gid]
        glyph = self[shaped] = Glyph(gid, text, advance * scale, dx * scale, dy * scale, width)
        return glyph


@lru_cache(maxsize=64)
def open_face(face: Face) -> Opened:
    """Open a font; raises Rejected when it is none, or not the one that is listed."""
    import uharfbuzz

    data = face.folder.read_bytes(face.file)
    place = Place(file=face.folder.label(face.file))
    digest = hashlib.sha256(data).hexdigest()
    if digest != face.sha256:
        raise Rejected(
            finding(
                "bad-file",
                f"the font is not the one that {FONT_TABLE} lists",
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
    return Opened(face, opened)


def characters(face: Face) -> frozenset[str]:
    """Every character that the face has a glyph for, and every letter with a form chosen for it.

    Raises Rejected when it cannot be read.
    """
    return open_face(face).characters


def widths(face: Face, gids: Iterable[int]) -> tuple[tuple[int, float], ...]:
    """How far each glyph leads by itself, in thousandths of the em, by glyph id."""
    wide = open_face(face).widths
    return tuple((gid, wide[gid]) for gid in sorted(set(gids)))


@lru_cache(maxsize=64)
def metrics(face: Face) -> Metrics:
    """The measures that a PDF and a line of text need."""
    import uharfbuzz

    opened = open_face(face)
    font, file, scale = opened.font, opened.file, opened.scale
    extents = font.get_font_extents("ltr")
    cap_height = font.get_metric_position_with_fallback(uharfbuzz.OTMetricsTag.CAP_HEIGHT)
    # OpenType, 'head' table: xMin, yMin, xMax, yMax; 'post' table: italicAngle as 16.16.
    left, bottom, right, top = struct.unpack_from(">4h", file.reference_table("head").data, 36)
    (angle,) = struct.unpack_from(">i", file.reference_table("post").data, 4)
    return Metrics(
        ascent=extents.ascender * scale,
        descent=extents.descender * scale,
        cap_height=cap_height * scale,
        bbox=(left * scale, bottom * scale, right * scale, top * scale),
        italic_angle=angle / 65536,
    )
