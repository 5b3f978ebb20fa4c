"""Where pages stand on sheets: the names of the schemes, and a plan as plain data.

A *sheet* is fed to the printer, and has one or two *sides*; a *cell* is the part of a side that is
kept for a page. Millimetres from the top left corner of the side as one looks at it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from actionpack.geometry import EPSILON_MM, ORIGIN, Box, Point, Size, Transform, union_all

Kind = Literal["n-up", "stack", "repeat", "booklet", "tile"]
# The edge over which a sheet is turned to its back.
Flip = Literal["long", "short"]
# What lies beside the pages: where to cut, where to fold, and how far to glue.
Stroke = Literal["crop", "fold", "glue"]

FLIPS: tuple[Flip, ...] = ("long", "short")
# More columns or rows than anybody cuts.
_MOST = 12
_GRID = re.compile(r"(?:(stack|repeat)-)?([1-9]\d?)x([1-9]\d?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """How pages are put on sheets; columns and rows as one looks at a side."""

    name: str
    kind: Kind
    columns: int
    rows: int

    @property
    def cells(self) -> int:
        return self.columns * self.rows

    @property
    def repeating(self) -> str:
        """The name of the scheme that has the same page in each of these cells."""
        return f"repeat-{self.columns}x{self.rows}"


# Each page is a sheet, or a side of one, as it was laid out.
SINGLE = "none"
# What stands in messages for those that can be named.
SCHEMES = ("1x1", "1x2", "2x2", "2x4", "stack-2x2", "repeat-2x2", "booklet", "tile")


def scheme_of(name: str) -> Scheme | None:
    """The scheme of a name; None when there is none."""
    if name == "booklet":
        return Scheme(name=name, kind="booklet", columns=2, rows=1)
    if name == "tile":
        return Scheme(name=name, kind="tile", columns=1, rows=1)
    found = _GRID.fullmatch(name)
    if found is None or max(int(found[2]), int(found[3])) > _MOST:
        return None
    kinds: dict[str | None, Kind] = {None: "n-up", "stack": "stack", "repeat": "repeat"}
    return Scheme(name=name, kind=kinds[found[1]], columns=int(found[2]), rows=int(found[3]))


def known_scheme(name: str) -> Scheme:
    """The scheme of a name; raises ValueError when there is none."""
    scheme = scheme_of(name)
    if scheme is None:
        raise ValueError(name)
    return scheme


ONE_UP = known_scheme("1x1")
# The marks of a print shop begin so far outside of what is cut out, mm, or outside of its bleed.
MARK_START_MM = 3.0
# Printers go astray by a millimetre or two; what is further off is a slip of the pen.
MOST_SHIFT_MM = 10.0
# What `offset_of` wants, in words.
OFFSET = "millimetres to the right and down, such as -1,0.5"
_OFFSET = re.compile(r"([-+]?\d{1,3}(?:\.\d{1,3})?),([-+]?\d{1,3}(?:\.\d{1,3})?)", re.ASCII)


def offset_of(text: str) -> tuple[float, float]:
    """Millimetres to the right and down, written as X,Y; raises ValueError for anything else."""
    found = _OFFSET.fullmatch(text.replace(" ", "").replace("\N{MINUS SIGN}", "-"))
    if found is None:
        raise ValueError(text)
    return float(found[1]), float(found[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A page in its cell.

    `page` counts from 1; None: the cell stays blank. `box` is where all of the page lies, turned
    by `turn` degrees clockwise; what of it is outside the cell does not show. It is the cell,
    but for booklets, where it is shifted towards the spine (creep), and for tiles.
    """

    page: int | None
    cell: Box
    box: Box
    turn: int

    @property
    def to_sheet(self) -> Transform:
        """From the page, mm from its own top left corner, to the side."""
        a, b = _TURNS[self.turn]
        turned = Transform(a, b, -b, a)
        page = turned.apply_box(Box(0, 0, *self.page_size))
        return turned.then(Transform(e=self.box.x - page.x, f=self.box.y - page.y))

    @property
    def page_size(self) -> tuple[float, float]:
        """Width and height of the page when it is upright."""
        sides = (self.box.width, self.box.height)
        return sides[::-1] if self.turn % 180 else sides


# Cosine and sine of a turn, which runs clockwise where y runs down.
_TURNS = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}
TURNS = tuple(_TURNS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A stroke beside the pages."""

    kind: Stroke
    start: Point
    end: Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a sheet, which is a page of the finished file."""

    pages: tuple[Placed, ...]
    marks: tuple[Mark, ...] = ()

    @property
    def block(self) -> Box:
        """All cells together: what is left of the sheet when its margins are cut off."""
        return union_all(placed.cell for placed in self.pages)

    def shown(self, placed: Placed, bleed_mm: float) -> Box:
        """Where a page of this side shows, if it runs off its edges by its bleed, mm.

        Neighbours meet in the middle between them; where they touch, such as at the fold of a
        booklet, neither bleeds.
        """
        cell = placed.cell
        if not bleed_mm:
            return cell
        edges = {"left": bleed_mm, "top": bleed_mm, "right": bleed_mm, "bottom": bleed_mm}
        for other in (one.cell for one in self.pages if one is not placed):
            beside = other.top < cell.bottom and cell.top < other.bottom
            above = other.left < cell.right and cell.left < other.right
            for edge, apart, is_neighbour in (
                ("left", cell.left - other.right, beside),
                ("right", other.left - cell.right, beside),
                ("top", cell.top - other.bottom, above),
                ("bottom", other.top - cell.bottom, above),
            ):
                if is_neighbour and apart > -EPSILON_MM:
                    edges[edge] = min(edges[edge], max(0.0, apart / 2))
        return Box.between(
            cell.left - edges["left"],
            cell.top - edges["top"],
            cell.right + edges["right"],
            cell.bottom + edges["bottom"],
        )

    def counted_from(self, first: int) -> Side:
        """The same side of pages that so many others come before."""
        if not first:
            return self
        pages = tuple(
            one if one.page is None else replace(one, page=one.page + first) for one in self.pages
        )
        return replace(self, pages=pages)

    def moved(self, by: Point) -> Side:
        """The same side with all that is on it moved, mm."""

        def at(point: Point) -> Point:
            return Point(point.x + by.x, point.y + by.y)

        return Side(
            pages=tuple(
                replace(one, cell=one.cell.moved(by.x, by.y), box=one.box.moved(by.x, by.y))
                for one in self.pages
            ),
            marks=tuple(replace(one, start=at(one.start), end=at(one.end)) for one in self.marks),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Imposition:
    """Pages on sheets. `sheet` is the name of the paper, `size` that of a side as one looks at it.

    `sides` are in the order of the file: front and back in turn where it is printed on both sides
    (`duplex`), else fronts alone. `margin_mm`: nearer to an edge the printer prints nothing.
    `shift` is how far all of it is moved on each side, for a printer that moves it back.
    """

    scheme: str
    sheet: str
    size: Size
    duplex: bool
    flip: Flip
    margin_mm: float
    sides: tuple[Side, ...]
    shift: Point = ORIGIN

    @property
    def sheets(self) -> tuple[tuple[Side, ...], ...]:
        """The sides of each sheet: its front and, where it is printed, its back."""
        step = 2 if self.duplex else 1
        return tuple(self.sides[at : at + step] for at in range(0, len(self.sides), step))

    @property
    def page_count(self) -> int:
        """How many pages there are."""
        numbers = (placed.page or 0 for side in self.sides for placed in side.pages)
        return max(numbers, default=0)

    @property
    def bare(self) -> Imposition:
        """The same without what lies beside the pages."""
        return replace(self, sides=tuple(replace(side, marks=()) for side in self.sides))

    def behind(self, box: Box) -> Box:
        """The box on the other side of the sheet that lies behind a box."""
        # A printer that moves what it prints moves it the same way on both sides.
        box = box.moved(-self.shift.x, -self.shift.y)
        if turns_sideways(self.size, self.flip):
            box = Box(self.size.width - box.right, box.y, box.width, box.height)
        else:
            box = Box(box.x, self.size.height - box.bottom, box.width, box.height)
        return box.moved(self.shift.x, self.shift.y)

    def moved(self, by: Point) -> Imposition:
        """The same with all that is printed moved, mm to the right and down, on each side."""
        moved = tuple(side.moved(by) for side in self.sides)
        shift = Point(self.shift.x + by.x, self.shift.y + by.y)
        return replace(self, sides=moved, shift=shift)

    def turn_behind(self, turn: int) -> int:
        """The turn of a page whose head points where that of the page in front of it does."""
        upright = turn % 180 == 0
        return turn if upright == turns_sideways(self.size, self.flip) else (turn + 180) % 360


def turns_sideways(size: Size, flip: Flip) -> bool:
    """Whether a sheet is turned to its back like a page of a book, else like that of a calendar."""
    long_edge_is_upright = size.height >= size.width
    return long_edge_is_upright == (flip == "long")


def upright_over(sheet: Size) -> Flip:
    """The edge over which a sheet turns like the page of a book, so that backs stand upright."""
    return "long" if turns_sideways(sheet, "long") else "short"


def printed_sides(*, duplex: bool, flip: Flip) -> str:
    """What to tick in the printer's dialogue."""
    return f"on both sides, flipped on the {flip} edge" if duplex else "on one side"


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What whoever prints a file on sheets must know; `sheet` is the name of the paper."""

    scheme: str
    sheet: str
    sheets: int
    duplex: bool
    flip: Flip

    @classmethod
    def of(cls, plan: Imposition) -> Printed:
        return cls(
            scheme=plan.scheme,
            sheet=plan.sheet,
            sheets=len(plan.sheets),
            duplex=plan.duplex,
            flip=plan.flip,
        )

    @property
    def sides(self) -> str:
        """What to tick in the printer's dialogue."""
        return printed_sides(duplex=self.duplex, flip=self.flip)

    @property
    def then(self) -> str:
        """What is done with the printed sheets; '' for nothing."""
        return done_with(known_scheme(self.scheme))


def done_with(scheme: Scheme) -> str:
    """What is done with the printed sheets of a scheme; '' for nothing."""
    return "" if scheme == ONE_UP else _THEN[scheme.kind]


_THEN: dict[Kind, str] = {
    "n-up": "cut between the pages",
    "stack": "cut the whole stack, and put the piles on each other, the first one on top",
    "repeat": "cut between the pages",
    "booklet": "put the sheets of a booklet into each other, fold them in the middle, staple them "
    "through the fold",
    "tile": "cut along the marks, and glue each sheet over its neighbour up to the dotted strokes",
}
