"""Cells on a sheet, in the first way in which they fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from actionpack.diagnostics import Finding, Rejected, finding
from actionpack.geometry import EPSILON_MM, Box, Size
from actionpack.impose.manner import Manner
from actionpack.imposition import Flip, upright_over
from actionpack.paper import Stock, sheets


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Cells on a sheet in the order in which its pages are read; their heads point one way."""

    sheet: Size
    turn: int
    cells: tuple[Box, ...]
    needs: Size

    @property
    def over(self) -> Size:
        """How much wider and higher it is than what the sheet has room for, 0 where it is not."""
        over = (self.needs.width - self.sheet.width, self.needs.height - self.sheet.height)
        return Size(*(by if by > EPSILON_MM else 0.0 for by in over))

    @property
    def fits(self) -> bool:
        return self.over == Size(0, 0)


def _grids(manner: Manner, stock: Stock) -> Iterator[Grid]:
    """Every way to lay the sheet and the pages: pages upright first, the sheet upright first.

    A booklet opens like a book: its pages are never turned.
    """
    turns = (0,) if manner.scheme.kind == "booklet" else (0, 90)
    for turn, sheet in product(turns, (stock.size, stock.size.turned)):
        yield _centred(manner.page.turned if turn else manner.page, sheet, turn, manner)


def _centred(cell: Size, sheet: Size, turn: int, manner: Manner) -> Grid:
    """Cells in the middle of a sheet, whether they fit or not."""
    scheme = manner.scheme
    gutter = 0.0 if scheme.kind == "booklet" else manner.gutter_mm
    step_x, step_y = cell.width + gutter, cell.height + gutter
    wide, high = scheme.columns * step_x - gutter, scheme.rows * step_y - gutter
    left, top = (sheet.width - wide) / 2, (sheet.height - high) / 2
    places = product(range(scheme.rows), range(scheme.columns))

    def order(place: tuple[int, int]) -> tuple[int, int]:
        """As one reads who holds the sheet so that the pages are upright."""
        row, column = place
        line, along = (-column, row) if turn else (row, column)
        return line, -along if manner.rtl else along

    edge = 2 * manner.edge_mm
    return Grid(
        sheet=sheet,
        turn=turn,
        cells=tuple(
            Box(left + column * step_x, top + row * step_y, cell.width, cell.height)
            for row, column in sorted(places, key=order)
        ),
        needs=Size(wide + edge, high + edge),
    )


def grid_for(manner: Manner) -> Grid:
    """The first way in which it fits; raises Rejected when there is none."""
    ways = tuple(_grids(manner, manner.sheet))
    for way in ways:
        if way.fits:
            return way
    nearest = min(ways, key=lambda way: way.over.width + way.over.height)
    raise Rejected(_too_small(nearest, manner))


def _too_small(nearest: Grid, manner: Manner) -> Finding:
    sides = ((nearest.over.width, "wide"), (nearest.over.height, "high"))
    over = " and ".join(f"{by:.4g} mm too {what}" for by, what in sides if by)
    fitting = [
        stock.name
        for stock in sorted(sheets().values(), key=lambda one: one.size.width * one.size.height)
        if any(way.fits for way in _grids(manner, stock))
    ]
    cure = "take smaller pages or fewer on a sheet"
    if fitting:
        cure = f"print on a larger sheet: --sheet {' or '.join(fitting)}"
    if manner.gutter_mm and manner.scheme.kind != "booklet":
        cure += "; or take a smaller gutter"
    return finding(
        "sheet-too-small",
        f"'{manner.scheme.name}' of pages of {told(manner.page)} needs {told(nearest.needs)}, "
        f"which is {over} for {manner.sheet.title}",
        cure=cure,
    )


def told(size: Size) -> str:
    return f"{size.width:.4g} × {size.height:.4g} mm"


def flip_of(manner: Manner) -> Flip:
    """The edge over which sheets are turned; raises Rejected when the pages do not fit."""
    if manner.flip or not manner.both_sides:
        return manner.flip or "long"
    return upright_over(grid_for(manner).sheet)
