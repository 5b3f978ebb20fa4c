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
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from actionpack.geometry import Box
from actionpack.impose.grid import Grid, grid_for
from actionpack.impose.manner import Manner
from actionpack.impose.strokes import strokes
from actionpack.impose.tiles import tiles
from actionpack.imposition import Imposition, Placed, Scheme, Side, upright_over


def impose(counts: Sequence[int], manner: Manner, *, apart: Collection[int] = ()) -> Imposition:
    """Plan the sheets of packs that have so many pages each, all of one size.

    Pages are counted through all packs, from 1. Each pack is a booklet of its own; other schemes
    take the pages of all as they come. `apart` are those, by their index, that are no packs but
    stand between some: one page as large as the sheet, on the front of one, with a second one or
    nothing on its back. What comes after it begins a new sheet.

    Raises Rejected (`sheet-too-small`) when it does not fit.
    """
    empty, first, sides = _planned((), manner), 0, list[Side]()
    for alone, run in groupby(range(len(counts)), lambda at: at in apart):
        here = [counts[at] for at in run]
        made = _whole(here, empty, manner) if alone else _planned(here, manner).sides
        sides += (side.counted_from(first) for side in made)
        first += sum(here)
    return replace(empty, sides=tuple(sides)).moved(manner.shift)


def _planned(counts: Sequence[int], manner: Manner) -> Imposition:
    """The sheets of packs that follow one another, not moved yet."""
    if manner.scheme.kind == "tile":
        return tiles(sum(counts), manner)
    grid = grid_for(manner)
    duplex = manner.both_sides
    empty = Imposition(
        scheme=manner.scheme.name,
        sheet=manner.sheet.name,
        size=grid.sheet,
        duplex=duplex,
        flip=manner.flip or upright_over(grid.sheet),
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


def _whole(counts: Sequence[int], plan: Imposition, manner: Manner) -> Iterator[Side]:
    """Pages as large as the sheet, each on a sheet of its own, turned as the sheet lies."""
    sheet = Box(0, 0, plan.size.width, plan.size.height)
    turn = 0 if plan.size == manner.sheet.size else 90
    first = 1
    for count in counts:
        yield Side(pages=(Placed(page=first, cell=sheet, box=sheet, turn=turn),))
        if plan.duplex:
            second = first + 1 if count > 1 else None
            turned = plan.turn_behind(turn)
            yield Side(pages=(Placed(page=second, cell=sheet, box=sheet, turn=turned),))
        first += count


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


def _booklets(counts: Sequence[int], grid: Grid, manner: Manner) -> Iterator[tuple[_Leaf, ...]]:
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
    leaves: Sequence[_Leaf], grid: Grid, sheet: Imposition, manner: Manner
) -> Iterator[Side]:
    """The front of a sheet with leaves, and its back where both sides are printed."""
    marks = tuple(strokes([leaf.box for leaf in leaves], grid.sheet, manner))
    yield Side(
        pages=tuple(
            Placed(page=leaf.front, cell=leaf.box, box=leaf.box.moved(leaf.shift), turn=grid.turn)
            for leaf in leaves
        ),
        marks=marks,
    )
    if sheet.duplex:
        behind = [sheet.behind(leaf.box) for leaf in leaves]
        # A print shop lines its plates up by the marks of both sides.
        both = manner.bleed_mm is not None
        yield Side(
            pages=tuple(
                Placed(
                    page=leaf.back,
                    cell=sheet.behind(leaf.box),
                    box=sheet.behind(leaf.box.moved(leaf.shift)),
                    turn=sheet.turn_behind(grid.turn),
                )
                for leaf in leaves
            ),
            marks=tuple(strokes(behind, grid.sheet, manner)) if both else (),
        )
