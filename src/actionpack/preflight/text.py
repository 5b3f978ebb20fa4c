"""Is every meant word on the finished pages, where it was laid out, and can it be seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

from actionpack.diagnostics import Finding, Place, finding
from actionpack.geometry import Box
from actionpack.model import ProofMap
from actionpack.preflight.meant import MeantPage, Region
from actionpack.preflight.painted import Mark
from actionpack.preflight.reader import Page
from actionpack.preflight.words import alike_on_paper, difference, normal, quoted

# How far the ink of a line may leave the box that the line was laid out in, mm.
_OVERHANG_MM = 1.0
# A grey this much darker or lighter than its surroundings, of 255, can be read.
_LEAST_CONTRAST = 30
# Thinner than this, what is painted over a line strikes it through and hides nothing, mm.
_THIN_MM = 0.5
_DPI = 150
# Above this many pairs of text and cover, only pixels are asked.
_MOST_PAIRS = 1_000_000


def texts(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    return tuple(mark for mark in marks if mark.kind == "text" and normal(mark.text))


# ------------------------------------------------------------------------------ what is unseen


def unseen(page: Page) -> frozenset[int]:
    """Which texts of a page, by `Mark.at`, a reader cannot see.

    They are set invisible, clipped away or off the page; or so pale, or painted over, that a
    picture of the page shows nothing in the place of some letter.
    """
    covers = [
        mark
        for mark in page.marks
        if mark.kind != "text"
        and not mark.unpainted
        and min(mark.shown.width, mark.shown.height) > _THIN_MM
    ]
    lines = texts(page.marks)
    many = len(covers) * len(lines) > _MOST_PAIRS
    gone, doubtful = [], []
    for line in lines:
        if line.unpainted or line.shown.intersection(page.sheet).is_empty:
            gone.append(line.at)
        elif line.pale or many or any(_covers(cover, line) for cover in covers):
            doubtful.append(line)
    return frozenset((*gone, *_hidden(page, doubtful)))


def _covers(cover: Mark, line: Mark) -> bool:
    return cover.at > line.at and cover.shown.overlaps(line.box, slack=_THIN_MM)


def _hidden(page: Page, lines: Sequence[Mark]) -> Iterator[int]:
    """Which lines have a letter without contrast."""
    if lines and (picture := page.picture(page.sheet, _DPI)):
        for line in lines:
            letters = (letter.box for letter in page.letters(line) if normal(letter.text))
            seen = (picture.extremes(box) for box in letters)
            if any(lightest - darkest < _LEAST_CONTRAST for darkest, lightest in seen):
                yield line.at


# ------------------------------------------------------------------------------ what is found


def found_in(page: Page, meant: MeantPage, hidden: frozenset[int]) -> dict[Region, str]:
    """The visible text in each region of a page, in the order of painting."""
    found: dict[Region, list[str]] = {region: [] for region in meant.regions}
    for line in texts(page.marks):
        if line.at in hidden:
            continue
        for region in meant.regions:
            part = text_inside(page, line, region.box)
            if part:
                found[region].append(part)
    return {region: " ".join(parts) for region, parts in found.items()}


def text_inside(page: Page, line: Mark, box: Box) -> str:
    """What of a line stands in a box, by the middle of each character."""
    if not box.contains_point(line.middle) or not _lies_along(box, line.box):
        upright = line.box.width >= line.box.height
        if upright and not box.top <= line.middle.y <= box.bottom:
            return ""
        if not box.overlaps(line.box):
            return ""
        letters = page.letters(line)
        return "".join(a.text for a in letters if box.contains_point(a.box.centre))
    return line.text


def _lies_along(box: Box, ink: Box) -> bool:
    return ink.left >= box.left - _OVERHANG_MM and ink.right <= box.right + _OVERHANG_MM


def lost_text(
    proof: ProofMap, found: Mapping[Region, str], pages: Sequence[MeantPage], file: str
) -> tuple[Finding, ...]:
    """Find fields whose words are not in their regions, once and in order (`lost-text`)."""
    by_text: dict[int, list[tuple[int, str]]] = {at: [] for at in range(len(proof.texts))}
    for page in pages:
        for region in page.regions:
            by_text[region.text].append((page.number, found.get(region, "")))
    faults = []
    for at, text in enumerate(proof.texts):
        parts = by_text[at]
        shown = " ".join(part for _, part in parts)
        wrong = difference(text.field, text.text, shown)
        if wrong and not alike_on_paper(text.text, shown):
            place = Place(file=file, page=_page_of(parts, wrong.start))
            faults.append(finding("lost-text", wrong.message, place))
    return tuple(faults)


def _page_of(parts: Sequence[tuple[int, str]], start: int) -> int | None:
    """The page on which a text stops being as meant; None when it has no page at all."""
    ends = accumulate(len(normal(part)) for _, part in parts)
    inside = (page for (page, _), end in zip(parts, ends, strict=True) if start < end)
    return next(inside, parts[-1][0] if parts else None)


def hidden_text(page: Page, hidden: frozenset[int], file: str) -> tuple[Finding, ...]:
    """Say what a page holds and does not show (`lost-text`), where nothing was meant."""
    lost = [mark for mark in texts(page.marks) if mark.at in hidden]
    if not lost:
        return ()
    return (
        finding(
            "lost-text",
            f"{len(lost)} line{'' if len(lost) == 1 else 's'} of the page cannot be seen, "
            f"the first is {quoted(lost[0].text)}",
            Place(file=file, page=page.number),
            severity="warning",
            cure="look at the page: it is invisible, painted over, or as light as the paper",
        ),
    )
