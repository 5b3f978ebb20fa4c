"""Pictures that a page is tiled with (ISO 32000-1, 8.7.3): such a ground is a colour to a reader.

Pictures that are written into a tile itself, as no program writes large ones, are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from actionpack.geometry import Transform
from actionpack.pdf.objects import entry_of
from actionpack.pdf.operators import operators

_DEEPEST = 8
_TILING = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TilePicture:
    """A picture in a tile: its pixels, its bits a pixel, and where it lies.

    `square` is from the square of 1 that pictures are painted in to what is tiled, points.
    """

    size_px: tuple[int, int]
    bits: int
    square: Transform


def pictures_in_tile(pattern: Any) -> Iterator[TilePicture]:
    """The pictures that a pattern paints, each once; none where it is no tile."""
    if entry_of(pattern, "/PatternType") == _TILING and hasattr(pattern, "get_data"):
        yield from _painted(pattern, _matrix(pattern), depth=0)


def _painted(drawing: Any, to_page: Transform, *, depth: int) -> Iterator[TilePicture]:
    resources = entry_of(drawing, "/Resources")
    held: Any = entry_of(resources, "/XObject") if resources is not None else None
    if held is None or depth > _DEEPEST:
        return
    kept: list[Transform] = []
    for operator in operators(drawing.get_data()):
        match operator.name:
            case b"q":
                kept.append(to_page)
            case b"Q" if kept:
                to_page = kept.pop()
            case b"cm":
                to_page = Transform(*operator.numbers).then(to_page)
            case b"Do":
                drawn: Any = entry_of(held, operator.operands[0].decode("latin-1"))
                kind = entry_of(drawn, "/Subtype") if drawn is not None else None
                if kind == "/Form":
                    yield from _painted(drawn, _matrix(drawn).then(to_page), depth=depth + 1)
                elif kind == "/Image":
                    yield TilePicture(
                        size_px=(int(drawn["/Width"]), int(drawn["/Height"])),
                        bits=1 if entry_of(drawn, "/ImageMask") else _bits(drawn),
                        square=to_page,
                    )


def _matrix(drawing: Any) -> Transform:
    held: Any = entry_of(drawing, "/Matrix")
    return Transform() if held is None else Transform(*map(float, held))


def _bits(picture: Any) -> int:
    """The bits of one of its colours, which are 1 only where there is no more than one."""
    return int(entry_of(picture, "/BitsPerComponent", 8))
