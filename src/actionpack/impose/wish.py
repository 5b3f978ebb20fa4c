"""What somebody asked for of the sheets, settled; and what the printer is set to for them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from actionpack.diagnostics import NOWHERE, Finding, Place, UsageFault, finding
from actionpack.geometry import ORIGIN, Point, Size
from actionpack.impose.grid import flip_of
from actionpack.impose.manner import THICKNESS_MM, Manner
from actionpack.imposition import (
    MOST_SHIFT_MM,
    ONE_UP,
    SCHEMES,
    SINGLE,
    Flip,
    scheme_of,
    upright_over,
)
from actionpack.model import Edition, Layout
from actionpack.paper import sheets, stocks
from actionpack.source import did_you_mean


class Wish(NamedTuple):
    """What somebody asked for; None: the layout says, or what is usual. Lengths in mm.

    `scheme` may be "none": single pages, whatever the layout says. `shift` moves what is printed to
    the right and down.
    """

    scheme: str | None = None
    sheet: str | None = None
    gutter_mm: float | None = None
    flip: Flip | None = None
    thickness_mm: float | None = None
    shift: Point = ORIGIN

    @property
    def of_sheets(self) -> tuple[str, ...]:
        """What is asked for that only sheets have: options of a command, and keys of a plan."""
        asked = (
            ("impose", None if self.scheme == SINGLE else self.scheme),
            ("sheet", self.sheet),
            ("gutter", self.gutter_mm),
            ("flip", self.flip),
            ("offset", None if self.shift == ORIGIN else self.shift),
        )
        return tuple(name for name, value in asked if value is not None)


# More than anybody leaves between pages, and thicker than any paper.
_MOST_GUTTER_MM, _MOST_THICKNESS_MM = 50.0, 1.0


def manner_for(
    wish: Wish, layout: Layout, paper: str, *, rtl: bool, edition: Edition = "home"
) -> Manner | None:
    """How the pages of a layout for a paper are put on sheets; None: a page is a side of a sheet.

    Pages for a press are single ones unless sheets are asked for, since print shops put them on
    sheets of their own; the layout's scheme is taken where a sheet alone is named. Raises
    UsageFault for what names nothing or cannot be.
    """
    own = layout.impose_on(paper)
    for_press = edition == "press"
    faults = [*_faults(wish, paper, imposed=own is not None)]
    if for_press:
        faults += (_refused(*one) for one in not_for_press(wish))
    if faults:
        raise UsageFault(*faults)
    if for_press and not wish.of_sheets:
        return None
    scheme = scheme_of(wish.scheme) if wish.scheme else own.scheme if own else None
    of_page = stocks()[layout.page_on(paper)]
    sheet = stocks()[wish.sheet or paper]
    if scheme is None or wish.scheme == SINGLE:
        if wish.shift == ORIGIN:
            return None
        scheme, own, sheet = ONE_UP, None, of_page
    gutter = own.gutter_mm if own and not wish.scheme else 0.0
    bleed = layout.bleed_mm if for_press else None
    page = of_page.size
    return Manner(
        scheme=scheme,
        page=page.turned if layout.landscape else page,
        sheet=sheet,
        duplex=layout.duplex,
        flip=wish.flip,
        rtl=rtl,
        # Neighbours that bleed want room for the bleed of both, and a cut on each side of it.
        gutter_mm=max(gutter, 2 * (bleed or 0.0)) if wish.gutter_mm is None else wish.gutter_mm,
        safe_mm=layout.safe_mm,
        thickness_mm=wish.thickness_mm or THICKNESS_MM,
        back_cover=own is not None and own.back_cover,
        shift=wish.shift,
        bleed_mm=bleed,
    )


def not_for_press(wish: Wish) -> Iterator[tuple[str, str]]:
    """What no file for a press can have: the option or key of a plan, and why not."""
    scheme = scheme_of(wish.scheme) if wish.scheme else None
    if scheme is not None and scheme.kind == "tile":
        yield "impose", "a press prints a large page in one piece, which 'tile' cuts up to be glued"
    if wish.shift != ORIGIN:
        yield "offset", "a press is set by its own printer, and not by what a file moves"


def _refused(option: str, why: str) -> Finding:
    told = f"--{option} is given with --edition press, and {why}"
    cure = f"leave --{option} out, or take --edition home"
    return finding("bad-value", told, cure=cure)


def short_gutter(manner: Manner | None) -> tuple[Finding, ...]:
    """Find neighbours that stand too near each other for the bleed of both."""
    bleed = manner.bleed_mm if manner else None
    if not manner or not bleed or manner.scheme.kind == "booklet" or manner.scheme.cells == 1:
        return ()
    if manner.gutter_mm >= 2 * bleed:
        return ()
    told = (
        f"pages bleed {bleed:g} mm, and between neighbours {manner.gutter_mm / 2:g} mm of it show: "
        f"the gutter is {manner.gutter_mm:g} mm"
    )
    cure = f"take a gutter of {2 * bleed:g} mm, or make sure that the print shop cuts so exactly"
    return (finding("short-bleed", told, severity="warning", cure=cure),)


def unfilled(
    pages: int, manner: Manner | None, what: str, place: Place = NOWHERE
) -> tuple[Finding, ...]:
    """Find a scheme with more places on a sheet than a file has pages for them.

    `what` is the file, in words. Of a file of several sheets the last one may have places left.
    """
    if manner is None or manner.scheme.kind not in ("n-up", "stack"):
        return ()
    scheme = manner.scheme
    filled = math.ceil(pages / 2) if manner.both_sides else pages
    empty = scheme.cells - filled
    if empty <= 0:
        return ()
    told = (
        f"'{scheme.name}' has {scheme.cells} places on a sheet, and {what} fills only {filled}: "
        f"{empty} {'stays' if empty == 1 else 'stay'} empty"
    )
    cure = f"take '{scheme.repeating}', which has the same page in each place, or fewer places"
    return (finding("empty-places", told, place, cure=cure),)


def _faults(wish: Wish, paper: str, *, imposed: bool) -> Iterator[Finding]:
    scheme, sheet, gutter, flip, thickness, shift = wish
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
    if max(abs(shift.x), abs(shift.y)) > MOST_SHIFT_MM:
        cure = "write millimetres to the right and down, such as -1,0.5"
        yield finding("bad-value", f"--offset is {shift.x:g},{shift.y:g}", cure=cure)
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

    `manner` is how pages are put on it, None where a page is one of its sides; then, where the
    pages are wider than high, it is `landscape`.
    """

    paper: str
    duplex: bool
    manner: Manner | None = None
    landscape: bool = False

    @classmethod
    def of(cls, manner: Manner) -> Medium:
        """That of pages which are put on sheets."""
        return cls(manner.sheet.name, manner.both_sides, manner)

    @property
    def size(self) -> Size:
        """The size of its sides, mm, as they are read."""
        upright = stocks()[self.paper].size
        return upright.turned if self.landscape else upright

    @property
    def flip(self) -> Flip:
        """The edge over which the printer turns a sheet."""
        return upright_over(self.size) if self.manner is None else flip_of(self.manner)

    def sheets(self, sides: int) -> int:
        """How many sheets so many sides take; on both sides each pack fills its last one."""
        return sides // 2 if self.duplex else sides
