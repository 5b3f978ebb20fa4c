"""What is too fine for an office printer: lines that break up or vanish, letters that fill up.

It is as on a press (`pressed`): 0.2 pt are less than two dots of a laser printer of 600 to the
inch, and fewer of one that saves toner.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from actionpack.diagnostics import Finding, Place, Severity, finding
from actionpack.geometry import Box
from actionpack.preflight.found import spotted
from actionpack.preflight.meant import MeantPage
from actionpack.preflight.painted import Mark
from actionpack.preflight.reader import Page
from actionpack.preflight.text import text_inside, texts
from actionpack.preflight.words import quoted
from actionpack.units import mm_to_pt
from actionpack.web_address import counted

# Below it a line may not take ink all along (ISO 12647-2 presses, 2400 dpi plates), pt.
LEAST_LINE_PT = 0.2
# Below it letters fill up or break, pt.
LEAST_TYPE_PT = 6.0
# Smaller type cannot be read, pt.
_LEAST_READ_PT = 5.0
# What rounding on the way may cost.
_LINE_SLACK_PT = 0.01
_TYPE_SLACK_PT = 0.05
# What is filled and shorter is a part of a drawing, mm.
_SHORTEST_MM = 3.0
# What is painted nearer to a line than this, along more than half of it, makes it part of an area.
_BESIDE_MM = 0.1
# Above this many pairs of line and neighbour, surfaces are not looked at.
_MOST_PAIRS = 100_000


def hairlines(
    inked: Sequence[Mark], place: Place, *, severity: Severity | None = None
) -> Iterator[Finding]:
    """Find lines that are too thin, drawn as lines or as surfaces (`hairline`)."""
    thin = [
        (wide, mark)
        for mark in inked
        if (wide := _width(mark)) is not None and mm_to_pt(wide) < LEAST_LINE_PT - _LINE_SLACK_PT
    ]
    paths = [mark for mark in inked if mark.kind != "text"]
    many = len(thin) * len(paths) > _MOST_PAIRS
    alone = [
        (wide, mark)
        for wide, mark in thin
        if mark.line_mm is not None or not (many or _is_beside(mark, paths))
    ]
    if alone:
        wide, mark = min(alone, key=lambda one: one[0])
        yield spotted(
            "hairline",
            f"there is a line{_more(alone)} {mm_to_pt(wide):.2f} pt wide, which may not print",
            place,
            mark.shown,
            others=tuple(one.shown for _, one in alone if one is not mark),
            severity=severity,
        )


def _width(mark: Mark) -> float | None:
    """How thick a line is, mm; None: it is no line."""
    if mark.kind != "path" or mark.line_mm is not None:
        return mark.line_mm
    thin, long = sorted((mark.shown.width, mark.shown.height))
    return thin if long >= _SHORTEST_MM else None


def _is_beside(line: Mark, paths: Sequence[Mark]) -> bool:
    """Whether something is painted along a line, so that both make one area."""
    around = line.shown.inset(-_BESIDE_MM)
    reach = max(around.width, around.height) / 2
    return any(
        path is not line
        and not (near := path.shown.intersection(around)).is_empty
        and max(near.width, near.height) > reach
        and not _is_thin(path.shown.union(line.shown))
        for path in paths
    )


def _is_thin(box: Box) -> bool:
    return mm_to_pt(min(box.width, box.height)) < LEAST_LINE_PT - _LINE_SLACK_PT


def lost_letters(
    page: Page, meant: MeantPage, hidden: frozenset[int], place: Place
) -> Iterator[Finding]:
    """Find fields printed so small that they cannot be read (`lost-text`), each once."""
    least: dict[str, float] = {}
    for size, line in _smaller(page, hidden, _LEAST_READ_PT):
        for field in _fields(page, meant, line):
            least[field] = min(size, least.get(field, size))
    for field, size in least.items():
        told = f"'{field}' is printed in type of {size:.1f} pt, which cannot be read"
        yield finding("lost-text", told, place, cure=f"print it in {LEAST_TYPE_PT:g} pt or more")


def tiny_letters(
    page: Page, meant: MeantPage | None, hidden: frozenset[int], place: Place
) -> Iterator[Finding]:
    """Find letters too small to print well (`tiny-text`); `lost_letters` tells of lost fields."""
    small = [
        (size, line)
        for size, line in _smaller(page, hidden, LEAST_TYPE_PT)
        if size >= _LEAST_READ_PT - _TYPE_SLACK_PT
        or meant is None
        or not _fields(page, meant, line)
    ]
    if small:
        size, line = min(small, key=lambda one: one[0])
        yield spotted(
            "tiny-text",
            f"{quoted(line.text)}{_more(small)} is set in {size:.1f} pt, which prints badly",
            place,
            line.shown,
            others=tuple(one.shown for _, one in small if one is not line),
        )


def _smaller(page: Page, hidden: frozenset[int], least_pt: float) -> list[tuple[float, Mark]]:
    """The lines set in smaller type, with its size, pt."""
    return [
        (size, line)
        for line in texts(page.marks)
        if (size := mm_to_pt(line.type_mm)) < least_pt - _TYPE_SLACK_PT and line.at not in hidden
    ]


def _fields(page: Page, meant: MeantPage, line: Mark) -> list[str]:
    return [one.field for one in meant.regions if text_inside(page, line, one.box)]


def _more(found: Sequence[object]) -> str:
    others = len(found) - 1
    return f" (and {counted(others, 'other')})" if others else ""
