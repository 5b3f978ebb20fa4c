"""Pictures that are stretched, squashed or slanted on the page: faces that nobody knows again.

A picture's own proportions are those of its pixels, and what is clipped off it changes none of
them. What is drawn with lines has no pixels, and nothing to be held against.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from actionpack.diagnostics import Finding, Place, finding
from actionpack.geometry import Transform
from actionpack.pdf import Content, Inside, TilePicture
from actionpack.preflight.found import at_box
from actionpack.preflight.painted import sides_of
from actionpack.preflight.reader import Page
from actionpack.units import pt_to_mm

# Nobody sees less in a face, and half a pixel at each of the edges goes when one is made smaller.
_SEEN = 0.01
_ROUNDED_PX = 1.0
# What has fewer pixels one way is a colour or a gradient, and has no proportions.
_LEAST_PX = 16
_SLANT_DEGREES = 1.0
_A_FAX = 1
_STRANGE_CURE = "look whether it is meant so, and print it in its own proportions if not"


def distorted_pictures(page: Page, place: Place, *, strict: bool) -> Iterator[Finding]:
    """Find pictures that are not in their own proportions on a page (`distorted-picture`).

    Not `strict`: it warns, and leaves out those of one bit, since a fax has no square pixels.
    """
    for mark in page.marks:
        if mark.kind != "image" or mark.shown.is_empty or (mark.bits == _A_FAX and not strict):
            continue
        told = _distortion(mark.size_px, mark.square, sides_of(mark.square))
        if told:
            yield at_box(_found(told, place, strict=strict), mark.shown)


def distorted_tiles(inside: Inside, name: str, *, strict: bool) -> Iterator[Finding]:
    """Find the same of pictures that a ground is made of, on the first page that has it."""
    met: set[int] = set()
    for number, page in enumerate(inside.pages, inside.first):
        for tile in _tiles(page, inside, met):
            if tile.bits == _A_FAX and not strict:
                continue
            wide, high = map(pt_to_mm, sides_of(tile.square))
            told = _distortion(tile.size_px, tile.square, (wide, high))
            if told:
                yield _found(told, Place(file=name, page=number), strict=strict)


def _tiles(content: Content, inside: Inside, met: set[int]) -> Iterator[TilePicture]:
    """The pictures of the patterns of a page, and of the forms in it that were not `met` yet."""
    yield from content.tiles
    for number in content.forms.values():
        if number not in met:
            met.add(number)
            yield from _tiles(inside.forms[number], inside, met)


def _found(told: str, place: Place, *, strict: bool) -> Finding:
    return finding(
        "distorted-picture",
        told,
        place,
        severity=None if strict else "warning",
        cure=None if strict else _STRANGE_CURE,
    )


def _distortion(size_px: tuple[int, int], square: Transform, sides_mm: tuple[float, float]) -> str:
    """What is wrong with the proportions of a picture; '' where nothing is."""
    wide, high = sides_mm
    fewest = min(size_px)
    # Written so that it also turns away what is no number.
    if fewest < _LEAST_PX or not (0 < wide < math.inf and 0 < high < math.inf):
        return ""
    what = f"a picture of {wide:.0f} × {high:.0f} mm"
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
