"""Sheets against the plan they were made from: each page in its cell, front and back in register.

What stands on the pages is proved elsewhere, on the pages as they are when the sheets are cut. Here
are the sheets: their size, where each page lies and how it is turned, that none is scaled, that
marks for the knife are in no page, and that no ink is where the printer prints none.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations
from typing import NamedTuple

from actionpack.diagnostics import Finding, Place, finding
from actionpack.geometry import Box, Point
from actionpack.imposition import FLIPS, MOST_SHIFT_MM, TURNS, Imposition, Placed, Side, scheme_of
from actionpack.paper import stocks
from actionpack.preflight.found import at_box, boxes_of, spotted
from actionpack.preflight.ink import named, unsafe_margin, wrong_size
from actionpack.preflight.painted import FormSeen
from actionpack.preflight.reader import File, Page
from actionpack.preflight.words import normal
from actionpack.units import MM_PER_PT, mm_to_pt

# What rounding in the file may cost: points are written to a ten-thousandth.
_SLACK_MM = 0.05
# Strokes may touch what they stand beside with half their width, and are widened by the slack.
_TOUCH_MM = 0.15
_CURE = "print the file as it was made, or build it again, and change nothing in it"


# ------------------------------------------------------------------------------------- the plan


def plan_contradiction(plan: Imposition) -> str | None:
    """Say why a plan makes no sense, whatever file it is in; None when it does.

    A plan from elsewhere may hold anything that has the right types.
    """
    if scheme_of(plan.scheme) is None or plan.flip not in FLIPS:
        return f"it knows no scheme '{plan.scheme}'"
    if not plan.sides or (plan.duplex and len(plan.sides) % 2):
        return f"{len(plan.sides)} sides make no sheets"
    shift = plan.shift
    if max(abs(shift.x), abs(shift.y)) > MOST_SHIFT_MM:
        return f"it moves pages by {shift.x:g} and {shift.y:g} mm"
    sheet = Box(shift.x, shift.y, plan.size.width, plan.size.height)
    seen = set()
    for at, side in enumerate(plan.sides, 1):
        for placed in side.pages:
            if placed.turn not in TURNS:
                return f"a page on side {at} is turned by {placed.turn} degrees"
            if placed.cell.is_empty or not sheet.contains(placed.cell):
                return f"a cell of side {at} is not on the sheet"
            seen.add(placed.page)
        if any(one.cell.overlaps(other.cell) for one, other in combinations(side.pages, 2)):
            return f"cells of side {at} overlap"
    if missing := set(range(1, plan.page_count + 1)) - seen:
        return f"it has no place for page {min(missing)}"
    return _register(plan) if plan.duplex else None


def _register(plan: Imposition) -> str | None:
    """Say which back does not lie behind its front; None where all do."""
    for number, (front, back) in enumerate(plan.sheets, 1):
        for recto in front.pages:
            cell, turn = plan.behind(recto.cell), plan.turn_behind(recto.turn)
            if not any(_near(verso.cell, cell) and verso.turn == turn for verso in back.pages):
                return f"on sheet {number} nothing lies behind page {recto.page}"
    return None


def _near(one: Box, other: Box) -> bool:
    return one.contains(other, _SLACK_MM) and other.contains(one, _SLACK_MM)


# ------------------------------------------------------------------------------------ the sheets


def side_name(plan: Imposition, side: int) -> str:
    """What people call a side of a file, counted from 1."""
    if not plan.duplex:
        return f"sheet {side}"
    return f"sheet {(side + 1) // 2}, {'back' if side % 2 == 0 else 'front'}"


def page_name(plan: Imposition, number: int | None) -> str:
    """What people call a page, where the file counts the sides of sheets."""
    scheme = scheme_of(plan.scheme)
    is_booklet = scheme is not None and scheme.kind == "booklet"
    return f"{'booklet' if is_booklet else 'single'} page {number}"


def sheets_told(plan: Imposition) -> str:
    """How many sheets of which paper, and how the pages stand on them."""
    count = len(plan.sheets)
    paper = stocks()[plan.sheet].title if plan.sheet in stocks() else plan.sheet
    return f"{plan.scheme} on {count} sheet{'' if count == 1 else 's'} of {paper}"


def on_its_sheet(found: Finding, plan: Imposition) -> Finding:
    """A finding about a page as one about the side that shows it, its boxes on that side."""
    number = found.place.page
    for at, side in enumerate(plan.sides, 1):
        for placed in side.pages:
            if number is not None and placed.page == number:
                boxes = [placed.to_sheet.apply_box(box) for box in boxes_of(found)]
                told = replace(
                    found,
                    place=replace(found.place, page=at),
                    message=f"{page_name(plan, number)}, on {side_name(plan, at)}: {found.message}",
                )
                return at_box(told, *boxes) if boxes else told
    return found


def of_any_page(found: Finding) -> Finding:
    """A finding without the page that `on_its_sheet` says it is about."""
    return replace(found, message=_ITS_PAGE.sub("", found.message))


_ITS_PAGE = re.compile(r"\A(booklet|single) page \d+, on sheet \d+(, (front|back))?: ")


class _Met(NamedTuple):
    """A page in a cell: its words, where it could show and where it does, mm from its corner."""

    words: str
    may: Box
    seen: Box

    def is_like(self, other: _Met) -> bool:
        """Whether both are the same where both can show."""
        common = self.may.intersection(other.may)
        one, two = self.seen.intersection(common), other.seen.intersection(common)
        return self.words == other.words and (one.is_empty == two.is_empty) and _near(one, two)


class Sheets:
    """The sheets of an open file, held against their plan side by side."""

    def __init__(self, file: File, plan: Imposition, name: str, bleed_mm: float = 0.0) -> None:
        self._file, self._plan, self._name = file, plan, name
        # How far pages show beyond their cells.
        self._bleed_mm = bleed_mm
        self._named = partial(page_name, plan)
        self.sides = min(file.page_count, len(plan.sides))
        scheme = scheme_of(plan.scheme)
        # Each page where it was met first: its repetitions are the same.
        self._first: dict[int, _Met] | None = {} if scheme and scheme.kind == "repeat" else None

    def count(self) -> tuple[Finding, ...]:
        """Find sides that are missing or too many."""
        there, made = self._file.page_count, len(self._plan.sides)
        if there == made:
            return ()
        told = f"'{self._name}' has {there} sides of sheets, and {made} were made"
        return (finding("misplaced-page", told, Place(file=self._name), cure=_CURE),)

    def side(self, number: int) -> tuple[Finding, ...]:
        """Find what is wrong with a side, counted from 1."""
        with self._file.page(number) as page:
            return tuple(self._on(page, self._plan.sides[number - 1]))

    def showing(self, pages: Collection[int]) -> Iterator[Finding]:
        """Find what is wrong with the sides that show some pages, and with their number."""
        yield from self.count()
        for number, side in enumerate(self._plan.sides[: self.sides], 1):
            if any(placed.page in pages for placed in side.pages):
                yield from self.side(number)

    def left_out(self, number: int) -> Finding:
        """Say that the sides from one on were not looked at."""
        told = f"'{self._name}' is long: from page {number} on its sheets were not looked at"
        cure = "pass --all, which reads all of it"
        return finding("unproved", told, Place(file=self._name), cure=cure)

    def _on(self, page: Page, side: Side) -> Iterator[Finding]:
        place = Place(file=self._name, page=page.number)
        if page.turned:
            told = f"the sheet is turned by {page.turned} degrees"
            yield finding("misplaced-page", told, place, cure=_CURE)
            return
        if wrong := wrong_size(page, self._plan.size, place):
            yield replace(wrong[0], code="misplaced-page", cure=_CURE)
            return
        shown = [side.shown(placed, self._bleed_mm) for placed in side.pages]
        yield from _pages_on(page, side, shown, self._first, place, self._named)
        yield from _beside(page, side, shown, place)
        # What is moved for a printer that moves it back lies nearer to an edge here.
        shift = self._plan.shift
        margin = self._plan.margin_mm - max(abs(shift.x), abs(shift.y))
        # Pages are in their cells, which keep their distance: how near their own edges they have
        # ink is told of the pages.
        loose = [mark for mark in page.loose if mark.is_ink]
        for one in unsafe_margin(page, loose, margin, place, strict=True):
            yield replace(one, code="outside-printable-area", cure=_CURE)


def _pages_on(
    page: Page,
    side: Side,
    shown: Sequence[Box],
    first: dict[int, _Met] | None,
    place: Place,
    named: Callable[[int | None], str],
) -> Iterator[Finding]:
    """Find pages that are not in their cells, or that the plan knows nothing of.

    `shown` is where each of them shows: its cell, and what it may bleed. `first` has
    each page where it was met first: its repetitions are the same. None: there are none. `named`
    is what people call a page.
    """
    left = list(page.forms)
    for placed, box in zip(side.pages, shown, strict=True):
        if placed.page is None:
            continue
        there = next((form for form in left if not _off(form, placed, box)), None)
        if there is None:
            yield _misplaced(placed, box, left, place, named(placed.page))
            continue
        left.remove(there)
        if first is None:
            continue
        back = placed.to_sheet.inverse()
        met = _Met(
            # What stands between words depends on what is beside them.
            words=normal("".join(page.words_in(there))),
            may=back.apply_box(box),
            seen=back.apply_box(there.shown),
        )
        if not first.setdefault(placed.page, met).is_like(met):
            told = f"{named(placed.page)} is not the same in each of its cells"
            yield spotted("misplaced-page", told, place, placed.cell, cure=_CURE)
    for form in left:
        if not form.shown.is_empty:
            told = "something stands on the sheet that was not put there"
            yield finding("misplaced-page", told, place, cure=_CURE)


def _misplaced(
    placed: Placed, shown: Box, forms: Sequence[FormSeen], place: Place, name: str
) -> Finding:
    """Say what is wrong with a page; of several that stand on the sheet the nearest is meant."""
    corner = placed.to_sheet.apply(Point(0, 0))
    here = [form for form in forms if _shift(form, placed) is not None]
    what = f"{name} is not in its cell"
    if here:
        nearest = min(here, key=lambda form: math.dist(_seen_at(form, placed), _xy(corner)))
        what = f"{name} {_off(nearest, placed, shown)}"
    return spotted("misplaced-page", what, place, placed.cell, cure=_CURE)


def _seen_at(form: FormSeen, placed: Placed) -> tuple[float, float]:
    """Where the top left corner of a page lies, if a form is that page."""
    return _xy(form.to_sheet.apply(Point(0, mm_to_pt(placed.page_size[1]))))


def _xy(point: Point) -> tuple[float, float]:
    return point.x, point.y


def _shift(form: FormSeen, placed: Placed) -> tuple[float, float] | None:
    """How far a form lies off, mm; None where it is nowhere near its cell."""
    x, y = _seen_at(form, placed)
    corner = placed.to_sheet.apply(Point(0, 0))
    shift = (x - corner.x, y - corner.y)
    reach = math.hypot(placed.box.width, placed.box.height)
    return shift if math.hypot(*shift) <= 1.01 * reach else None


def _off(form: FormSeen, placed: Placed, shown: Box) -> str:
    """What keeps a form from being a page in its cell; '' where nothing does."""
    seen, meant = form.to_sheet, placed.to_sheet
    scale = math.hypot(seen.a, seen.b) / MM_PER_PT
    if abs(scale - 1) > _SLACK_MM / max(placed.page_size):
        return f"is printed at {100 * scale:.1f} % of its size"
    turn = round(math.degrees(math.atan2(seen.b, seen.a))) % 360
    if turn != placed.turn:
        return f"is turned by {turn} degrees, and should be by {placed.turn}"
    # Points run upwards: a page that is not mirrored turns the y axis over once.
    if seen.a * seen.d - seen.b * seen.c > 0:
        return "is mirrored"
    if _shift(form, placed) is None:
        return "is not in its cell"
    x, y = _seen_at(form, placed)
    corner = meant.apply(Point(0, 0))
    if math.hypot(x - corner.x, y - corner.y) > _SLACK_MM:
        return f"stands {math.hypot(x - corner.x, y - corner.y):.1f} mm off its place"
    if not form.shown.is_empty and not shown.contains(form.shown, _SLACK_MM):
        return "is not cut to its cell"
    return ""


def _beside(page: Page, side: Side, shown: Sequence[Box], place: Place) -> Iterator[Finding]:
    """Find what is drawn on the sheet itself, such as marks for the knife, inside a page."""
    pages = zip(side.pages, shown, strict=True)
    cells = [box for placed, box in pages if placed.page is not None]
    for mark in page.loose:
        # A stroke has no width of its own, and is not empty.
        box = mark.shown.inset(-_SLACK_MM)
        if (
            not mark.pale
            and not mark.unpainted
            and any(cell.overlaps(box, _TOUCH_MM) for cell in cells)
        ):
            told = f"{named(mark)} that is no part of a page stands in one"
            yield spotted("mark-in-page", told, place, mark.box)
            return
