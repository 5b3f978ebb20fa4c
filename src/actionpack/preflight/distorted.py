"""Pictures that are stretched, squashed or slanted on the page: faces that nobody knows again.

A picture's own proportions are those of its pixels, and what is clipped off it changes none of
them. What is drawn with lines has no pixels in a finished file, and nothing to be held against: it
is judged where it was laid out, by its own width and height.
"""

from __future__ import annotations

from collections.abc import Iterator

from actionpack.diagnostics import Finding, Place, finding
from actionpack.geometry import Transform
from actionpack.pdf import Content, Inside, TilePicture
from actionpack.preflight.found import at_box
from actionpack.preflight.painted import sides_of
from actionpack.preflight.proportions import LEAST_PX, distortion
from actionpack.preflight.reader import Page
from actionpack.units import pt_to_mm

_A_FAX = 1
_STRANGE_CURE = "look whether it is meant so, and print it in its own proportions if not"


def distorted_pictures(page: Page, place: Place, *, strict: bool) -> Iterator[Finding]:
    """Find pictures that are not in their own proportions on a page (`distorted-picture`).

    Not `strict`: it warns, and leaves out those of one bit, since a fax has no square pixels.
    """
    for mark in page.marks:
        if mark.kind != "image" or mark.shown.is_empty or (mark.bits == _A_FAX and not strict):
            continue
        sides = sides_of(mark.square)
        told = distortion(mark.size_px, mark.square, sides)
        # Other programs keep pictures upside down and turn them over when they print them.
        if not told and strict and _is_mirrored(mark.square) and min(mark.size_px) >= LEAST_PX:
            told = f"a picture of {sides[0]:.0f} × {sides[1]:.0f} mm is printed as in a mirror"
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
            told = distortion(tile.size_px, tile.square, (wide, high))
            if told:
                yield _found(told, Place(file=name, page=number), strict=strict)


def _is_mirrored(square: Transform) -> bool:
    """Whether a picture is turned over: millimetres run downwards, and its own lines upwards."""
    return square.a * square.d - square.b * square.c > 0


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
