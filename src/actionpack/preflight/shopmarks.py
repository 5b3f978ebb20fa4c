"""The marks that a print shop cuts, folds and lines up by, read back from the finished pages.

Where they must be follows from the boxes of a page and the lines of its piece, or from the cells of
a sheet, and not from what was drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from actionpack.diagnostics import Finding, Place, finding
from actionpack.geometry import Box, Point
from actionpack.imposition import Imposition, Placed, Side, scheme_of
from actionpack.pdf import FOLDED, TORN, MarkedPage, Paint, register_places, strip_beside
from actionpack.piece import Piece
from actionpack.preflight.found import spotted

# A knife is set to a tenth of a millimetre.
_OFF_MM = 0.1
# A mark this far off is another one.
_FAR_MM = 10.0
# What is as long as this is a stroke, and what is as wide as it is long a register mark.
_LEAST_MM = 1.0
_THIN = 0.2
# A mark of less than all the ink may be gone on a plate.
_SOLID = 0.99
_EDGES = ("left", "top", "right", "bottom")
_OPPOSITE = {"left": "right", "right": "left", "top": "bottom", "bottom": "top"}
_KINDS = {(): "crop", TORN: "perforation", FOLDED: "fold"}
_REGISTER = "register"
# What is on a sheet counts from its own corner.
_SHEET = Box(0, 0, 0, 0)


class _Mark(NamedTuple):
    """A mark of a kind beside an edge of what is cut out, and where along that edge, mm."""

    kind: str
    edge: str
    at: float

    def __str__(self) -> str:
        return f"{self.kind} mark"

    def is_near(self, other: _Mark, by: float = _OFF_MM) -> bool:
        """Whether another one of its kind is beside the same edge, and no farther off."""
        return self[:2] == other[:2] and abs(self.at - other.at) <= by


Met = tuple[_Mark, Box]


def check_marks(
    page: MarkedPage, piece: Piece | None, bleed_mm: float, place: Place
) -> Iterator[Finding]:
    """Find what is wrong with the marks round one page (`wrong-marks`, `mark-in-page`).

    Without a trim box, which is told elsewhere, nobody knows where they should be.
    """
    if page.trim is None:
        return
    trim = page.trim
    yield from _reaching(page, trim.inset(-bleed_mm), trim, place)
    wanted = [_Mark("crop", edge, at) for edge in _EDGES for at in _ends(trim, edge)]
    for kind, lines in (("perforation", piece.cuts), ("fold", piece.folds)) if piece else ():
        wanted += [_Mark(kind, e, trim.top + one.at) for one in lines for e in ("left", "right")]
    wanted += [_Mark(_REGISTER, edge, sum(_ends(trim, edge)) / 2) for edge in _EDGES]
    yield from _compared(_met(page, trim), wanted, trim, place)


# The piece of a page, which counts from 1; None where nothing is known of it.
PieceOf = Callable[[int], Piece | None]


def check_marks_of_sheets(
    pages: Sequence[MarkedPage],
    plan: Imposition,
    piece_of: PieceOf,
    bleed_mm: float,
    name: str,
) -> Iterator[Finding]:
    """Find the same round the pages on sheets, of which `pages` are the sides of some."""
    step = 2 if plan.duplex else 1
    for at in range(0, len(pages) - step + 1, step):
        sheet = pages[at : at + step]
        sides = [plan.sides[page.number - 1] for page in sheet]
        wanted = [tuple(_of_side(side, plan, piece_of)) for side in sides]
        registers = _registers(wanted, sides[0].block, plan, bleed_mm)
        for page, side, own, lined_up in zip(sheet, sides, wanted, registers, strict=True):
            place = Place(file=name, page=page.number)
            yield from _reaching(page, side.block.inset(-bleed_mm), _SHEET, place)
            yield from _compared(_met(page, side.block), (*own, *lined_up), _SHEET, place)


def _reaching(page: MarkedPage, bled: Box, origin: Box, place: Place) -> Iterator[Finding]:
    """Find marks that reach into what is cut out or its bleed; boxes count from `origin`."""
    inside = [one for one in page.marks if not _is_step(one) and one.box.overlaps(bled, _OFF_MM)]
    if inside:
        told = "a mark for the print shop reaches into the page or its bleed"
        boxes = [one.box.moved(-origin.x, -origin.y) for one in inside]
        yield spotted("mark-in-page", told, place, boxes[0], others=tuple(boxes[1:]))


def _ends(box: Box, edge: str) -> tuple[float, float]:
    """Where an edge begins and ends, along itself."""
    return (box.top, box.bottom) if edge in ("left", "right") else (box.left, box.right)


def _is_step(paint: Paint) -> bool:
    """Whether it is a line for a tool, which runs across the page (`pressed`)."""
    return paint.space.startswith("spot ") and paint.space != "spot All"


def _met(page: MarkedPage, block: Box) -> list[Met]:
    """The marks that are on every plate and on the paper, and where they are."""
    return [
        (_read(one, block), one.box)
        for one in page.marks
        if one.kind == "stroke"
        and one.space == "spot All"
        and one.tint >= _SOLID
        and max(one.box.width, one.box.height) >= _LEAST_MM
        and page.media.contains(one.box)
    ]


def _read(paint: Paint, block: Box) -> _Mark:
    box, middle = paint.box, paint.box.centre
    upright = box.height > box.width
    kind = _KINDS.get(paint.dashes, "dashed")
    if min(box.width, box.height) > _THIN * max(box.width, box.height):
        # It stands beside the edge from which it is farther away than from the ends of others.
        upright = not block.top < middle.y < block.bottom
        kind = _REGISTER
    if upright:
        return _Mark(kind, "top" if middle.y < block.centre.y else "bottom", middle.x)
    return _Mark(kind, "left" if middle.x < block.centre.x else "right", middle.y)


# ------------------------------------------------------------------------------------- on sheets


def _of_side(side: Side, plan: Imposition, piece_of: PieceOf) -> Iterator[_Mark]:
    """The marks to cut, tear and fold by that a side must have round its pages."""
    scheme, spine = scheme_of(plan.scheme), side.block.centre.x
    is_booklet = scheme is not None and scheme.kind == "booklet"
    for cell in (placed.cell for placed in side.pages):
        for edge in _EDGES:
            for at in _ends(cell, edge):
                upright = edge in ("top", "bottom")
                is_spine = is_booklet and upright and abs(at - spine) <= _OFF_MM
                yield _Mark("fold" if is_spine else "crop", edge, at)
    for placed in side.pages:
        piece = None if placed.page is None else piece_of(placed.page)
        for kind, lines in (("perforation", piece.cuts), ("fold", piece.folds)) if piece else ():
            for line in lines:
                yield from _beside(placed, line.at, kind)


def _beside(placed: Placed, height: float, kind: str) -> Iterator[_Mark]:
    """The marks on both sides of the pages where a line of one of them comes out."""
    wide, _ = placed.page_size
    start, end = (placed.to_sheet.apply(Point(x, height)) for x in (0, wide))
    upright = abs(start.x - end.x) < abs(start.y - end.y)
    for edge in ("top", "bottom") if upright else ("left", "right"):
        yield _Mark(kind, edge, start.x if upright else start.y)


def _registers(
    wanted: Sequence[Iterable[_Mark]], block: Box, plan: Imposition, bleed_mm: float
) -> list[list[_Mark]]:
    """The register marks that each side of a sheet must have, beside its other marks.

    Opposite edges have the same, and a back has those of its front, seen from behind. `block` is
    round the pages of the front.
    """
    _, wide = strip_beside(block, plan, bleed_mm)
    registers: list[list[_Mark]] = [[] for _ in wanted]
    for axis in ("left", "top"):
        edges = (axis, _OPPOSITE[axis])
        taken = [
            _seen_from_the_front(mark.at, axis, side, plan)
            for side, marks in enumerate(wanted)
            for mark in marks
            if mark.edge in edges
        ]
        for place in register_places(*_ends(block, axis), taken, wide):
            for side, marks in enumerate(registers):
                at = _seen_from_the_front(place, axis, side, plan)
                marks += [_Mark(_REGISTER, edge, at) for edge in edges]
    return registers


def _seen_from_the_front(at: float, axis: str, side: int, plan: Imposition) -> float:
    """Where a mark of a side lies as one looks at the front; it is the same the other way round."""
    if not side:
        return at
    upright = axis == "left"
    behind = plan.behind(Box(0, at, 0, 0) if upright else Box(at, 0, 0, 0))
    return behind.y if upright else behind.x


# ------------------------------------------------------------------------------------- comparing


def _compared(
    met: Sequence[Met], wanted: Iterable[_Mark], origin: Box, place: Place
) -> Iterator[Finding]:
    """Find marks that are missing, off their place or too many; boxes count from `origin`."""
    wanted = tuple(dict.fromkeys(_rounded(one) for one in wanted))
    strays = [one for one in met if not any(one[0].is_near(mark) for mark in wanted)]
    for mark in wanted:
        if any(mark.is_near(one) for one, _ in met):
            continue
        where = _where(mark, origin)
        near = [one for one in strays if mark.is_near(one[0], _FAR_MM)]
        if not near:
            yield finding("wrong-marks", f"there is no {mark} {where}", place)
            continue
        stray = min(near, key=lambda one: abs(one[0].at - mark.at))
        strays.remove(stray)
        told = f"the {mark} {where} stands {abs(stray[0].at - mark.at):.1f} mm off"
        yield spotted("wrong-marks", told, place, stray[1].moved(-origin.x, -origin.y))
    for mark, box in strays:
        told = f"there is a {mark} {_where(mark, origin)}, where none should be"
        yield spotted("wrong-marks", told, place, box.moved(-origin.x, -origin.y))


def _rounded(mark: _Mark) -> _Mark:
    """The same, a hundredth of a millimetre off at most: what cells share is wanted once."""
    return mark._replace(at=round(mark.at, 2))


def _where(mark: _Mark, origin: Box) -> str:
    at = mark.at - (origin.y if mark.edge in ("left", "right") else origin.x)
    # A corner is at nothing, and not at a little less.
    return f"at {round(at, 1) + 0.0:.1f} mm along the {mark.edge} edge"
