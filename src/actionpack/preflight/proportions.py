"""Whether pictures keep their own proportions, and whether drawings do as they are laid out.

What is drawn with lines is none any more in a finished file: it is judged by its boxes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from actionpack.diagnostics import Finding, Place, finding
from actionpack.geometry import Transform
from actionpack.model import LaidPage
from actionpack.preflight.found import at_box

# Nobody sees less in a face, and half a pixel at each of the edges goes when one is made smaller.
_SEEN = 0.01
_ROUNDED_PX = 1.0
# What has fewer pixels one way is a colour or a gradient, and has no proportions.
LEAST_PX = 16
_SLANT_DEGREES = 1.0


def distorted_drawings(pages: Sequence[LaidPage]) -> tuple[Finding, ...]:
    """Find drawings that are stretched, squashed or slanted (`distorted-picture`).

    Those seen in a mirror are none: arrows are, where text runs the other way.
    """
    return tuple(_drawings(pages))


def _drawings(pages: Sequence[LaidPage]) -> Iterator[Finding]:
    for number, page in enumerate(pages, 1):
        for box in page.boxes:
            if box.drawn is None:
                continue
            square = box.drawn.square
            sides = math.hypot(square.a, square.b), math.hypot(square.c, square.d)
            told = distortion(box.drawn.size_px, square, sides, what="a drawing")
            if told:
                yield at_box(finding("distorted-picture", told, Place(page=number)), box.box)


def distortion(
    size_px: tuple[int, int],
    square: Transform,
    sides_mm: tuple[float, float],
    what: str = "a picture",
) -> str:
    """What is wrong with the proportions of a picture; '' where nothing is."""
    wide, high = sides_mm
    fewest = min(size_px)
    # Written so that it also turns away what is no number.
    if fewest < LEAST_PX or not (0 < wide < math.inf and 0 < high < math.inf):
        return ""
    what = f"{what} of {wide:.0f} × {high:.0f} mm"
    stretched = (wide / size_px[0]) / (high / size_px[1])
    allowed = 1 + _SEEN + _ROUNDED_PX / fewest
    if stretched > allowed:
        return f"{what} is {stretched - 1:.0%} too wide for its height"
    if 1 / stretched > allowed:
        return f"{what} is {1 / stretched - 1:.0%} too high for its width"
    along = square.a * square.c + square.b * square.d
    across = square.a * square.d - square.b * square.c
    slant = math.degrees(math.atan2(abs(along), abs(across)))
    return f"{what} is slanted by {slant:.1f} degrees" if slant > _SLANT_DEGREES else ""
