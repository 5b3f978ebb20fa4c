"""Short strokes beside the pages: where to cut, to fold, and how far to glue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from actionpack.geometry import Box, Point, Size, union_all
from actionpack.impose.manner import GAP_MM, Manner
from actionpack.imposition import Mark, Stroke

# A stroke is so long where there is room, and is left out where there is less room than for the
# shortest.
_LONG_MM, _SHORT_MM = 5.0, 1.5


def strokes(cells: Sequence[Box], sheet: Size, manner: Manner) -> Iterator[Mark]:
    """Where to cut and fold: short strokes round the cells, where the printer reaches.

    Cells that touch share a cut. Where the cells reach the edges of the sheet there is no room.
    """
    around = union_all(cells)
    across = {round(at, 4) for cell in cells for at in (cell.left, cell.right)}
    down = {round(at, 4) for cell in cells for at in (cell.top, cell.bottom)}
    fold = round(around.centre.x, 4) if manner.scheme.kind == "booklet" else None
    area = Box(0, 0, sheet.width, sheet.height).inset(manner.margin_mm)
    gap = manner.marks_from_mm
    for at in sorted(across):
        kind: Stroke = "fold" if at == fold else "crop"
        yield from pair(kind, at, around.top, around.bottom, area, upright=True, gap=gap)
    for at in sorted(down):
        yield from pair("crop", at, around.left, around.right, area, upright=False, gap=gap)


def pair(
    kind: Stroke,
    at: float,
    low: float,
    high: float,
    area: Box,
    *,
    upright: bool,
    gap: float = GAP_MM,
) -> Iterator[Mark]:
    """A stroke before and one behind the pages, which lie from `low` to `high`."""
    first, last = (area.top, area.bottom) if upright else (area.left, area.right)
    sides = (area.left, area.right) if upright else (area.top, area.bottom)
    if not sides[0] <= at <= sides[1]:
        return
    for inner, room, way in ((low, low - first, -1), (high, last - high, 1)):
        long = min(_LONG_MM, room - gap)
        if long < _SHORT_MM:
            continue
        near, far = inner + way * gap, inner + way * (gap + long)
        ends = [Point(at, y) if upright else Point(y, at) for y in (near, far)]
        yield Mark(kind=kind, start=ends[0], end=ends[1])
