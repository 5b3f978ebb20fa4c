"""The parts of one large page, each on a sheet of its own, to be glued together."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from actionpack.diagnostics import Rejected, finding
from actionpack.geometry import EPSILON_MM, Box, Size
from actionpack.impose.grid import told
from actionpack.impose.manner import GAP_MM, Manner
from actionpack.impose.strokes import pair
from actionpack.imposition import Imposition, Mark, Placed, Side

# The edge of a tile keeps free what its strokes take.
_EDGE_MM = GAP_MM + 3.0
# More sheets than anybody glues together.
_MOST = 64


class _Tiling(NamedTuple):
    """How many tiles a page takes, on sheets that lie so."""

    columns: int
    rows: int
    sheet: Size

    @property
    def sheets(self) -> int:
        return self.columns * self.rows


def tiles(count: int, manner: Manner) -> Imposition:
    """Each page over as few sheets as can be, as one looks at it row by row.

    The tiles are alike. Each shows a strip of its neighbours; strokes say where their edges come
    to lie when they are glued. Raises Rejected (`sheet-too-small`) for too many.
    """
    tiling = _tiling(manner)
    return Imposition(
        scheme=manner.scheme.name,
        sheet=manner.sheet.name,
        size=tiling.sheet,
        duplex=False,
        flip=manner.flip or "long",
        margin_mm=manner.margin_mm,
        sides=tuple(
            _tile(number, column, row, tiling, manner)
            for number in range(1, count + 1)
            for row, column in product(range(tiling.rows), range(tiling.columns))
        ),
    )


def _tiling(manner: Manner) -> _Tiling:
    """The way to lay the sheets that takes fewer of them."""
    page, edge = manner.page, manner.margin_mm + _EDGE_MM
    ways = []
    for sheet in (manner.sheet.size, manner.sheet.size.turned):
        room = Size(sheet.width - 2 * edge, sheet.height - 2 * edge)
        if min(room.width, room.height) > manner.overlap_mm:
            across = _parts(page.width, room.width, manner.overlap_mm)
            down = _parts(page.height, room.height, manner.overlap_mm)
            ways.append(_Tiling(across, down, sheet))
    best = min(ways, key=lambda way: way.sheets, default=None)
    if best is None or best.sheets > _MOST:
        what = f"a page of {told(page)} takes more than {_MOST} sheets of {manner.sheet.title}"
        cure = "print on a larger sheet: --sheet a4, a3, …"
        raise Rejected(finding("sheet-too-small", what, cure=cure))
    return best


def _parts(length: float, room: float, overlap: float) -> int:
    """How many parts of a length there must be, each of which shows a strip of the next."""
    if length <= room:
        return 1
    return math.ceil((length - overlap - EPSILON_MM) / (room - overlap))


def _tile(number: int, column: int, row: int, tiling: _Tiling, manner: Manner) -> Side:
    """One part of a page in the middle of its sheet."""
    page, sheet, overlap = manner.page, tiling.sheet, manner.overlap_mm
    width = (page.width + (tiling.columns - 1) * overlap) / tiling.columns
    height = (page.height + (tiling.rows - 1) * overlap) / tiling.rows
    cell = Box((sheet.width - width) / 2, (sheet.height - height) / 2, width, height)
    left, top = cell.x - column * (width - overlap), cell.y - row * (height - overlap)
    last = (column == tiling.columns - 1, row == tiling.rows - 1)
    return Side(
        pages=(
            Placed(page=number, cell=cell, box=Box(left, top, page.width, page.height), turn=0),
        ),
        marks=tuple(_strokes(cell, sheet, manner, last=last)),
    )


def _strokes(cell: Box, sheet: Size, manner: Manner, *, last: tuple[bool, bool]) -> Iterator[Mark]:
    """Where to cut a tile, and up to where the next one is laid over it: right and below."""
    area = Box(0, 0, sheet.width, sheet.height).inset(manner.margin_mm)
    for at in (cell.left, cell.right):
        yield from pair("crop", at, cell.top, cell.bottom, area, upright=True)
    for at in (cell.top, cell.bottom):
        yield from pair("crop", at, cell.left, cell.right, area, upright=False)
    if not last[0]:
        at = cell.right - manner.overlap_mm
        yield from pair("glue", at, cell.top, cell.bottom, area, upright=True)
    if not last[1]:
        at = cell.bottom - manner.overlap_mm
        yield from pair("glue", at, cell.left, cell.right, area, upright=False)
