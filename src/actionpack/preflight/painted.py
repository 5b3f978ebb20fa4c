"""What is painted on a page: marks, letters and pixels.

Millimetres from the top left corner of the page as it is shown.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

from actionpack.geometry import Box, Point, Transform
from actionpack.units import MM_PER_INCH

# Of 255. Lighter than this is the paper's own white, give or take what rounding does.
WHITE = 250
# Text as light as this on white paper, or lighter, is hard to read: a contrast of 105 of 255.
PALE_TEXT = 150
_CORNER = Point(0, 0)
_AS_IT_IS = Transform()


def sides_of(square: Transform) -> tuple[float, float]:
    """How wide and how high a picture is, however it is turned."""
    return math.hypot(square.a, square.b), math.hypot(square.c, square.d)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One thing painted on a page, in the order of painting.

    `box` is round its ink, before clipping; `clip` is None where nothing clips it. `pale`: its
    colour is white or nearly, and of text too light to read on white, or it is on a layer that
    may be off, or in a group that may be transparent, so that only pixels tell whether it shows;
    `unpainted`: it is there but prints nothing. Text has its words, its font, the size of its
    type, the `middle` of its line, and whether that runs up or down the page (`sideways`) or
    stands on its head (`upside_down`); a picture has its colours, how many bits a pixel has,
    how many pixels it has across and down, and where the `square` lies that pictures are painted
    in: its corners are 0 and 1, and y runs up. `line_mm` is how thick the lines of a drawing are;
    None where it is filled.
    """

    at: int
    kind: Literal["text", "path", "image", "shading"]
    box: Box
    clip: Box | None
    pale: bool
    unpainted: bool
    text: str = ""
    middle: Point = _CORNER
    font: str = ""
    type_mm: float = 0
    sideways: bool = False
    upside_down: bool = False
    embedded: bool = True
    size_px: tuple[int, int] = (0, 0)
    square: Transform = _AS_IT_IS
    colours: str = ""
    bits: int = 0
    line_mm: float | None = None

    @property
    def shown(self) -> Box:
        """What is left of its box after clipping; may be empty."""
        return self.box if self.clip is None else self.box.intersection(self.clip)

    @property
    def pixels(self) -> int:
        """How many pixels a picture has in all."""
        return self.size_px[0] * self.size_px[1]

    @property
    def dpi(self) -> float:
        """How many dots of a picture there are to the inch, the lesser of both ways."""
        return min(
            pixels / side * MM_PER_INCH if side > 0 else 0
            for pixels, side in zip(self.size_px, sides_of(self.square), strict=True)
        )

    @property
    def is_ink(self) -> bool:
        """Whether it puts ink on the paper, unless something is painted over it.

        Of text that is pale, pixels tell.
        """
        pale = self.pale and self.kind != "text"
        return not pale and not self.unpainted and not self.shown.is_empty


class FormSeen(NamedTuple):
    """A form that a page draws itself: from the form's own points to the page, and what shows.

    `at` is its place among all that the page draws.
    """

    at: int
    to_sheet: Transform
    shown: Box


class Letter(NamedTuple):
    """A character of a page, the box that its line keeps for it, and the box of its ink."""

    text: str
    box: Box
    ink: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """An annotation: a link, a form field, or what a reader wrote on the page.

    `framed`: viewers draw a line round its box, if it has no looks of its own.
    """

    kind: str
    box: Box
    framed: bool


_WHITE = b"\xff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A part of a page in grey, 0 black to 255 white, row by row from the top."""

    box: Box
    width: int
    height: int
    grey: bytes

    @property
    def per_mm(self) -> float:
        return self.width / self.box.width

    def row(self, y: int, left: int = 0, right: int | None = None) -> bytes:
        """The pixels of one row from `left` up to `right`, counted from 0; no further than it."""
        end = self.width if right is None else max(0, min(right, self.width))
        return self.grey[y * self.width + max(0, left) : y * self.width + end]

    def darkest(self, part: Box) -> int:
        """The darkest pixel of a part of the page, mm; 255 where the part is empty."""
        return self.extremes(part)[0]

    def extremes(self, part: Box) -> tuple[int, int]:
        """The darkest and the lightest pixel of a part of the page, mm; (255, 0): there is none."""
        left, top, right, bottom = self.pixels_of(part)
        pixels = b"".join([self.row(y, left, right) for y in range(top, bottom)])
        # Most of a page is white, which need not be looked at dot by dot.
        inked = pixels.translate(None, _WHITE)
        lightest = 255 if len(inked) < len(pixels) else max(inked, default=0)
        return min(inked, default=255), lightest

    def pixels_of(self, part: Box) -> tuple[int, int, int, int]:
        """The pixels that lie at least half in a part: left, top, right, bottom, ends excluded."""
        inside = part.intersection(self.box)
        if inside.is_empty:
            return 0, 0, 0, 0
        across, down = self.per_mm, self.height / self.box.height
        return (
            round((inside.left - self.box.left) * across),
            round((inside.top - self.box.top) * down),
            round((inside.right - self.box.left) * across),
            round((inside.bottom - self.box.top) * down),
        )
