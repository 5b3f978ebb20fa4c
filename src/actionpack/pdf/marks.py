"""What a stamp draws, as plain data in mm, and the places it is drawn in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from actionpack.geometry import Box, Point
from actionpack.glyphs import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """An empty place in the pages; `element` is what the file itself calls it."""

    name: str
    page: int
    box: Box
    element: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Font:
    """A TrueType font to embed. Measures in thousandths of the em, y up; widths by code."""

    name: str
    family: str
    program: bytes
    widths: tuple[tuple[int, float], ...]
    ascent: float
    descent: float
    cap_height: float
    bbox: tuple[float, float, float, float]
    italic_angle: float


class Line(NamedTuple):
    """A line of glyphs, in the order of reading; `start` is the left end of its baseline."""

    start: Point
    size_pt: float
    runs: tuple[Run, ...]


class TextMark(NamedTuple):
    """Lines of black text in a placeholder."""

    place: Placeholder
    lines: tuple[Line, ...]


class CodeMark(NamedTuple):
    """Squares of a QR code in a placeholder.

    `corner` is the code's top left, without its quiet zone, `side` how many modules it has along
    one side. `bits` are its modules row by row, each row padded to whole bytes, dark 1.
    """

    place: Placeholder
    alt: str
    corner: Point
    module_mm: float
    side: int
    bits: bytes


class EmptyMark(NamedTuple):
    """A placeholder that stays empty, but for bars of a grey (0 black to 1 white) to write on."""

    place: Placeholder
    bars: tuple[Box, ...]
    grey: float


Mark = TextMark | CodeMark | EmptyMark
