"""How many pages of which size into a plan of sheets, before any PDF is opened.

The schemes, in the words of the trade: *n-up* puts pages side by side in reading order; *cut and
stack* orders them so that the piles of a cut stack lie in order when put on each other; *step and
repeat* puts the same page into every cell; a *booklet* is folded in the middle and stitched through
the fold (saddle stitch); *tiles* are the parts of one large page, to be glued together.

Pages that are printed on both sides are two sides of a leaf: page 2 stands exactly behind page 1,
its head where the head of page 1 is. Millimetres from a side's top left corner.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

from actionpack.diagnostics import Finding, Rejected, UsageFault, finding
from actionpack.geometry import EPSILON_MM, Box, Point, Size, union_all
from actionpack.imposition import (
    SCHEMES,
    SINGLE,
    Flip,
    Imposition,
    Mark,
    Placed,
    Scheme,
    Side,
    Stroke,
    scheme_of,
    turns_sideways,
)
from actionpack.model import Layout
from actionpack.paper import Stock, sheets, stocks
from actionpack.source import did_you_mean

# Office paper of 80 g/m² is a tenth of a millimetre thick (ISO 534: volume 1.25 cm³/g).
_MM_PER_GRAM = 0.1 / 80
THICKNESS_MM = 0.1
# What most office printers leave white along the edges of a sheet.
MARGIN_MM = 5.0
# How much of a tile its neighbour shows too: what a glue stick wants, and a hand goes astray.
OVERLAP_MM = 10.0
# A stroke keeps so far from the pages, is so long where there is room, and is left out where there
# is less room than for the shortest.
_GAP_MM, _LONG_MM, _SHORT_MM = 1.0, 5.0, 1.5
# The edge of a tile keeps free what its strokes take.
_TILE_EDGE_MM = _GAP_MM + 3.0
# More sheets than anybody glues together.
_MOST_TILES = 64


def thickness_of(grammage: float) -> float:
    """How thick a sheet of so many grams a square metre is, mm."""
    return grammage * _MM_PER_GRAM


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How pages of the size `page` are put on sheets.

    `flip` None: over the edge that lets the backs stand upright. `rtl`: the pages are read from
    right to left. `gutter_mm` is between neighbours. `safe_mm` is how far the ink of a page keeps
    from its edges, so that a cell may lie nearer to the edge of the sheet by so much than
    `margin_mm`, within which the printer prints nothing. `back_cover`: the last page of a booklet
    stays its back cover, and blank pages come before it.
    """

    scheme: Scheme
    page: Size
    sheet: Stock
    duplex: bool
    flip: Flip | None = None
    rtl: bool = False
    gutter_mm: float = 0.0
    margin_mm: float = MARGIN_MM
    safe_mm: float = MARGIN_MM
    thickness_mm: float = THICKNESS_MM
    overlap_mm: float = OVERLAP_MM
    back_cover: bool = False

    @property
    def both_sides(self) -> bool:
        """Whether sheets are printed on both sides: booklets always are, tiles never."""
        kind = self.scheme.kind
        return kind == "booklet" or (self.duplex and kind != "tile")

    @property
    def turned_over(self) -> Flip:
        """The edge over which sheets are turned; raises Rejected when the pages do not fit."""
        if self.flip or not self.both_sides:
            return self.flip or "long"
        return _upright_over(_grid(self).sheet)


def _upright_over(sheet: Size) -> Flip:
    """The edge over which a sheet turns like the page of a book, so that backs stand upright."""
    return "long" if turns_sideways(sheet, "long") else "short"


def impose(counts: Sequence[int], manner: Manner) -> Imposition:
    """Plan the sheets of packs that have so many pages each, all of one size.

    Pages are counted through all packs, from 1. Each pack is a booklet of its own; other schemes
    take the pages of all as they come. Raises Rejected (`sheet-too-small`) when it does not fit.
    """
    if manner.scheme.kind == "tile":
        return _tiles(sum(counts), manner)
    grid = _grid(manner)
    duplex = manner.both_sides
    empty = Imposition(
        scheme=manner.scheme.name,
        sheet=manner.sheet.name,
        size=grid.sheet,
        duplex=duplex,
        flip=manner.flip or _upright_over(grid.sheet),
        margin_mm=manner.margin_mm,
        sides=(),
    )
    if manner.scheme.kind == "booklet":
        fronts = tuple(_booklets(counts, grid, manner))
    else:
        leaves = _leaves(sum(counts), duplex=duplex)
        fronts = tuple(
            tuple(_Leaf(*leaf, box=box) for leaf, box in zip(group, grid.cells, strict=True))
            for group in _groups(leaves, manner.scheme)
        )
    sides = (side for front in fronts for side in _sides(front, grid, empty, manner))
    return replace(empty, sides=tuple(sides))


# ----------------------------------------------------------------------------------- the grid


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grid:
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


def _turned(size: Size) -> Size:
    return Size(size.height, size.width)


def _grids(manner: Manner, stock: Stock) -> Iterator[_Grid]:
    """Every way to lay the sheet and the pages: pages upright first, the sheet upright first.

    A booklet opens like a book: its pages are never turned.
    """
    turns = (0,) if manner.scheme.kind == "booklet" else (0, 90)
    for turn, sheet in product(turns, (stock.size, _turned(stock.size))):
        yield _centred(_turned(manner.page) if turn else manner.page, sheet, turn, manner)


def _centred(cell: Size, sheet: Size, turn: int, manner: Manner) -> _Grid:
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

    edge = 2 * max(0.0, manner.margin_mm - manner.safe_mm)
    return _Grid(
        sheet=sheet,
        turn=turn,
        cells=tuple(
            Box(left + column * step_x, top + row * step_y, cell.width, cell.height)
            for row, column in sorted(places, key=order)
        ),
        needs=Size(wide + edge, high + edge),
    )


def _grid(manner: Manner) -> _Grid:
    """The first way in which it fits; raises Rejected when there is none."""
    ways = tuple(_grids(manner, manner.sheet))
    for way in ways:
        if way.fits:
            return way
    nearest = min(ways, key=lambda way: way.over.width + way.over.height)
    raise Rejected(_too_small(nearest, manner))


def _too_small(nearest: _Grid, manner: Manner) -> Finding:
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
        f"'{manner.scheme.name}' of pages of {_told(manner.page)} needs {_told(nearest.needs)}, "
        f"which is {over} for {manner.sheet.title}",
        cure=cure,
    )


def _told(size: Size) -> str:
    return f"{size.width:.4g} × {size.height:.4g} mm"


# ---------------------------------------------------------------------------------- the leaves


@dataclass(frozen=True, slots=True)
class _Leaf:
    """Two sides of a leaf on one sheet: the page on its front and the one behind it.

    `shift` moves both pages within their cells to the right, as one looks at the front.
    """

    front: int | None
    back: int | None
    box: Box
    shift: float = 0.0


_Pair = tuple[int | None, int | None]


def _leaves(count: int, *, duplex: bool) -> tuple[_Pair, ...]:
    """Pages as leaves: two and two where both sides are printed."""
    step = 2 if duplex else 1
    return tuple(
        (first, first + 1 if duplex and first < count else None)
        for first in range(1, count + 1, step)
    )


def _groups(leaves: Sequence[_Pair], scheme: Scheme) -> Iterator[tuple[_Pair, ...]]:
    """Which leaves stand on each sheet, cell by cell."""
    blank: _Pair = (None, None)
    if scheme.kind == "repeat":
        yield from ((leaf,) * scheme.cells for leaf in leaves)
        return
    count = math.ceil(len(leaves) / scheme.cells)
    padded = (*leaves, *[blank] * (count * scheme.cells - len(leaves)))
    for at in range(count):
        if scheme.kind == "stack":
            yield padded[at::count]
        else:
            yield padded[at * scheme.cells : (at + 1) * scheme.cells]


def _booklets(counts: Sequence[int], grid: _Grid, manner: Manner) -> Iterator[tuple[_Leaf, ...]]:
    """The sheets of one booklet after the other, the outermost first.

    Each sheet pushes those inside it outwards by its thickness. Their pages are shifted back
    towards the spine by as much: their outer margins are right when the edges are trimmed.
    """
    first = 1
    cover, inner = grid.cells
    for count in counts:
        numbers = list(_padded(count, first, back_cover=manner.back_cover))
        first += count
        for at in range(len(numbers) // 4):
            creep = at * manner.thickness_mm
            # The page on the left stands left of the spine, and so moves right.
            towards = creep if cover.x < inner.x else -creep
            last = len(numbers) - 2 * at
            yield (
                _Leaf(numbers[last - 1], numbers[last - 2], cover, towards),
                _Leaf(numbers[2 * at], numbers[2 * at + 1], inner, -towards),
            )


def _padded(count: int, first: int, *, back_cover: bool) -> Iterator[int | None]:
    """The pages of a booklet, with blank ones to a multiple of four."""
    blanks = -count % 4
    head = count - 1 if back_cover and blanks else count
    yield from range(first, first + head)
    yield from [None] * blanks
    yield from range(first + head, first + count)


def _sides(
    leaves: Sequence[_Leaf], grid: _Grid, sheet: Imposition, manner: Manner
) -> Iterator[Side]:
    """The front of a sheet with leaves, and its back where both sides are printed."""
    marks = tuple(_strokes([leaf.box for leaf in leaves], grid, manner))
    yield Side(
        pages=tuple(
            Placed(page=leaf.front, cell=leaf.box, box=leaf.box.moved(leaf.shift), turn=grid.turn)
            for leaf in leaves
        ),
        marks=marks,
    )
    if sheet.duplex:
        yield Side(
            pages=tuple(
                Placed(
                    page=leaf.back,
                    cell=sheet.behind(leaf.box),
                    box=sheet.behind(leaf.box.moved(leaf.shift)),
                    turn=sheet.turn_behind(grid.turn),
                )
                for leaf in leaves
            )
        )


# ---------------------------------------------------------------------------------- the strokes


def _strokes(cells: Sequence[Box], grid: _Grid, manner: Manner) -> Iterator[Mark]:
    """Where to cut and fold: short strokes round the cells, where the printer reaches.

    Cells that touch share a cut. Where the cells reach the edges of the sheet there is no room.
    """
    around = union_all(cells)
    across = {round(at, 4) for cell in cells for at in (cell.left, cell.right)}
    down = {round(at, 4) for cell in cells for at in (cell.top, cell.bottom)}
    fold = round(around.centre.x, 4) if manner.scheme.kind == "booklet" else None
    area = Box(0, 0, grid.sheet.width, grid.sheet.height).inset(manner.margin_mm)
    for at in sorted(across):
        kind: Stroke = "fold" if at == fold else "crop"
        yield from _pair(kind, at, around.top, around.bottom, area, upright=True)
    for at in sorted(down):
        yield from _pair("crop", at, around.left, around.right, area, upright=False)


def _pair(
    kind: Stroke, at: float, low: float, high: float, area: Box, *, upright: bool
) -> Iterator[Mark]:
    """A stroke before and one behind the pages, which lie from `low` to `high`."""
    first, last = (area.top, area.bottom) if upright else (area.left, area.right)
    sides = (area.left, area.right) if upright else (area.top, area.bottom)
    if not sides[0] <= at <= sides[1]:
        return
    for inner, room, way in ((low, low - first, -1), (high, last - high, 1)):
        long = min(_LONG_MM, room - _GAP_MM)
        if long < _SHORT_MM:
            continue
        near, far = inner + way * _GAP_MM, inner + way * (_GAP_MM + long)
        ends = [Point(at, y) if upright else Point(y, at) for y in (near, far)]
        yield Mark(kind=kind, start=ends[0], end=ends[1])


# ------------------------------------------------------------------------------------ the tiles


def _tiles(count: int, manner: Manner) -> Imposition:
    """Each page over as few sheets as can be, as one looks at it row by row.

    The tiles are alike. Each shows a strip of its neighbours; strokes say where their edges come
    to lie when they are glued.
    """
    edge = manner.margin_mm + _TILE_EDGE_MM
    page, overlap = manner.page, manner.overlap_mm

    def parts(length: float, room: float) -> int:
        if length <= room:
            return 1
        return math.ceil((length - overlap - EPSILON_MM) / (room - overlap))

    ways = []
    for size in (manner.sheet.size, _turned(manner.sheet.size)):
        room = Size(size.width - 2 * edge, size.height - 2 * edge)
        if min(room.width, room.height) > overlap:
            ways.append((parts(page.width, room.width), parts(page.height, room.height), size))
    columns, rows, sheet = min(
        ways, key=lambda way: way[0] * way[1], default=(_MOST_TILES, 2, manner.sheet.size)
    )
    if columns * rows > _MOST_TILES:
        told = f"a page of {_told(page)} takes more than {_MOST_TILES} sheets of this size"
        raise Rejected(
            finding(
                "sheet-too-small",
                f"{told}: {manner.sheet.title}",
                cure="print on a larger sheet, or take a smaller overlap",
            )
        )
    tile = Size(
        (page.width + (columns - 1) * overlap) / columns,
        (page.height + (rows - 1) * overlap) / rows,
    )
    corner = Point((sheet.width - tile.width) / 2, (sheet.height - tile.height) / 2)
    cell = Box(corner.x, corner.y, tile.width, tile.height)
    step = Point(tile.width - overlap, tile.height - overlap)
    return Imposition(
        scheme=manner.scheme.name,
        sheet=manner.sheet.name,
        size=sheet,
        duplex=False,
        flip=manner.flip or "long",
        margin_mm=manner.margin_mm,
        sides=tuple(
            Side(
                pages=(
                    Placed(
                        page=number,
                        cell=cell,
                        box=Box(
                            corner.x - column * step.x,
                            corner.y - row * step.y,
                            page.width,
                            page.height,
                        ),
                        turn=0,
                    ),
                ),
                marks=tuple(
                    _tile_strokes(
                        cell, sheet, manner, last=(column == columns - 1, row == rows - 1)
                    )
                ),
            )
            for number in range(1, count + 1)
            for row, column in product(range(rows), range(columns))
        ),
    )


def _tile_strokes(
    cell: Box, sheet: Size, manner: Manner, *, last: tuple[bool, bool]
) -> Iterator[Mark]:
    """Where to cut a tile, and up to where the next one is laid over it: right and below."""
    area = Box(0, 0, sheet.width, sheet.height).inset(manner.margin_mm)
    for at in (cell.left, cell.right):
        yield from _pair("crop", at, cell.top, cell.bottom, area, upright=True)
    for at in (cell.top, cell.bottom):
        yield from _pair("crop", at, cell.left, cell.right, area, upright=False)
    if not last[0]:
        at = cell.right - manner.overlap_mm
        yield from _pair("glue", at, cell.top, cell.bottom, area, upright=True)
    if not last[1]:
        at = cell.bottom - manner.overlap_mm
        yield from _pair("glue", at, cell.left, cell.right, area, upright=False)


# ------------------------------------------------------------------------------ what was asked for


class Wish(NamedTuple):
    """What somebody asked for; None: the layout says, or what is usual. Lengths in mm.

    `scheme` may be "none": single pages, whatever the layout says.
    """

    scheme: str | None = None
    sheet: str | None = None
    gutter_mm: float | None = None
    flip: Flip | None = None
    thickness_mm: float | None = None


# More than anybody leaves between pages, and thicker than any paper.
_MOST_GUTTER_MM, _MOST_THICKNESS_MM = 50.0, 1.0


def manner_for(wish: Wish, layout: Layout, paper: str, *, rtl: bool) -> Manner | None:
    """How the pages of a layout for a paper are put on sheets; None: a page is a side of a sheet.

    Raises UsageFault for what names nothing or cannot be.
    """
    own = layout.impose
    faults = list(_faults(wish, paper, imposed=own is not None))
    if faults:
        raise UsageFault(*faults)
    scheme = scheme_of(wish.scheme) if wish.scheme else own.scheme if own else None
    if scheme is None or wish.scheme == SINGLE:
        return None
    gutter = own.gutter_mm if own and not wish.scheme else 0.0
    return Manner(
        scheme=scheme,
        page=stocks()[layout.page_on(paper)].size,
        sheet=sheets()[wish.sheet or paper],
        duplex=layout.duplex,
        flip=wish.flip,
        rtl=rtl,
        gutter_mm=gutter if wish.gutter_mm is None else wish.gutter_mm,
        safe_mm=layout.safe_mm,
        thickness_mm=wish.thickness_mm or THICKNESS_MM,
        back_cover=own is not None and own.back_cover,
    )


def _faults(wish: Wish, paper: str, *, imposed: bool) -> Iterator[Finding]:
    scheme, sheet, gutter, flip, thickness = wish
    if scheme not in (None, SINGLE) and scheme_of(scheme) is None:
        cure = f"write {', '.join(SCHEMES)}, other columns and rows, or {SINGLE}"
        yield finding("bad-value", f"--impose is '{scheme}'", cure=cure)
    if sheet is not None and sheet not in sheets():
        cure = did_you_mean(sheet, sheets())
        yield finding("bad-value", f"--sheet is '{sheet}'", cure=cure)
    if gutter is not None and not 0 <= gutter <= _MOST_GUTTER_MM:
        cure = f"write millimetres from 0 to {_MOST_GUTTER_MM:g}"
        yield finding("bad-value", f"--gutter is {gutter:g}", cure=cure)
    if thickness is not None and not 0 < thickness <= _MOST_THICKNESS_MM:
        cure = "write the thickness of one sheet in millimetres, such as 0.1"
        yield finding("bad-value", f"--thickness is {thickness:g}", cure=cure)
    is_imposed = scheme != SINGLE if scheme else imposed
    # How thick the paper is may be known whatever is done with it.
    given = (("sheet", sheet), ("gutter", gutter), ("flip", flip))
    for name, value in given:
        if value is not None and not is_imposed:
            told = f"--{name} is given, and each page is a sheet of its own"
            yield finding("bad-value", told, cure="choose a scheme with --impose too")
    if is_imposed and sheet is None and paper not in sheets():
        told = "--impose: an envelope is printed by itself"
        yield finding("bad-value", told, cure="leave --impose out, or name a --sheet")


class Medium(NamedTuple):
    """What a printer is set to for a file: the paper, by its name, and both sides of it or one.

    `manner` is how pages are put on it, None where a page is one of its sides.
    """

    paper: str
    duplex: bool
    manner: Manner | None = None

    @classmethod
    def of(cls, manner: Manner) -> Medium:
        """That of pages which are put on sheets."""
        return cls(manner.sheet.name, manner.both_sides, manner)

    @property
    def flip(self) -> Flip:
        """The edge over which the printer turns a sheet."""
        return "long" if self.manner is None else self.manner.turned_over

    def sheets(self, sides: int) -> int:
        """How many sheets so many sides take; on both sides each pack fills its last one."""
        return sides // 2 if self.duplex else sides
