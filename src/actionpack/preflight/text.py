"""Is every meant word on the finished pages, where it was laid out, and can it be seen."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from actionpack.diagnostics import Finding, Place, finding
from actionpack.fonts.bidi import runs_right_to_left
from actionpack.geometry import Box
from actionpack.model import ProofMap
from actionpack.preflight.found import spotted
from actionpack.preflight.meant import MeantPage, Region
from actionpack.preflight.painted import PALE_TEXT, Letter, Mark, Picture
from actionpack.preflight.reader import Page
from actionpack.preflight.words import difference, normal, quoted

# How far the ink of a line may leave the box that the line was laid out in, mm.
_OVERHANG_MM = 1.0
# The same in type sizes for text from right to left: a stroke of Nastaliq reaches over two letters.
_TURNED_OVERHANG = 0.6
# A grey this much darker or lighter than its surroundings, of 255, shows that something is there.
_LEAST_CONTRAST = 30
# What is pale must differ by this much to be read.
_LEAST_CONTRAST_OF_PALE = 255 - PALE_TEXT
# So much of a letter's box may lie under what is painted later, whatever it hides.
_MOST_COVERED = 0.15
# What is looked at round a part of a letter, so that a bar has contrast too, mm.
_ROUND_MM = 0.3
# Thinner than this, what is painted over a line strikes it through and hides nothing, mm.
_THIN_MM = 0.5
# Lines are further apart than this, in type sizes.
_BESIDE = 0.5
# Letters and numbers from left to right, by their bidirectional class.
_FROM_THE_LEFT = frozenset(("L", "EN", "AN"))
# Enough for the thinnest stroke of small type to fill a pixel; large sheets get the second.
_DPIS = (300, 150)
# Above this many pairs of text and cover, only pixels are asked.
_MOST_PAIRS = 1_000_000


def texts(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    return tuple(mark for mark in marks if mark.kind == "text" and normal(mark.text))


# ------------------------------------------------------------------------------ what is unseen


def unseen(page: Page) -> frozenset[int]:
    """Which texts of a page, by `Mark.at`, a reader cannot see.

    They are set invisible, clipped away or off the page; or so pale, or painted over, that a
    picture of the page shows nothing, or too little to read, in the place of some letter.
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
    gone: list[int] = []
    doubtful: list[tuple[Mark, tuple[Mark, ...]]] = []
    for line in lines:
        if line.unpainted or line.shown.intersection(page.sheet).is_empty:
            gone.append(line.at)
            continue
        over = () if many else tuple(cover for cover in covers if _covers(cover, line))
        if line.pale or many or over:
            doubtful.append((line, over))
    return frozenset((*gone, *_hidden(page, doubtful)))


def _covers(cover: Mark, line: Mark) -> bool:
    return cover.at > line.at and cover.shown.overlaps(line.box, slack=_THIN_MM)


def _hidden(page: Page, lines: Sequence[tuple[Mark, tuple[Mark, ...]]]) -> Iterator[int]:
    """Which lines, each with what is painted over it, have a letter without contrast."""
    if not lines:
        return
    pictures = (page.picture(page.sheet, dpi) for dpi in _DPIS)
    if picture := next((one for one in pictures if one is not None), None):
        for line, covers in lines:
            least = _LEAST_CONTRAST_OF_PALE if line.pale else _LEAST_CONTRAST
            letters = [letter for letter in page.letters(line) if normal(letter.text)]
            if any(
                _contrast(picture, letter.box) < least
                or any(_cuts_off(picture, cover, letter) for cover in covers)
                for letter in letters
            ):
                yield line.at


def _contrast(picture: Picture, box: Box) -> int:
    darkest, lightest = picture.extremes(box)
    return lightest - darkest


def _cuts_off(picture: Picture, cover: Mark, letter: Letter) -> bool:
    """Whether a cover hides what of a letter lies under it, and that is more than a rim."""
    under = letter.ink.intersection(cover.shown)
    whole = letter.ink.width * letter.ink.height
    if under.width * under.height <= _MOST_COVERED * whole:
        return False
    # A pixel at the cover's edge may be half the letter's.
    inside = cover.shown.inset(1 / picture.per_mm)
    seen = under.inset(-_ROUND_MM).intersection(inside)
    return not seen.is_empty and _contrast(picture, seen) < _LEAST_CONTRAST


# ------------------------------------------------------------------------------ what is found


def found_in(page: Page, meant: MeantPage, hidden: frozenset[int]) -> dict[Region, str]:
    """The visible text in each region of a page, in the order of painting, line by line."""
    found: dict[Region, list[tuple[Mark, str]]] = {region: [] for region in meant.regions}
    lines = texts(page.marks)
    if any(runs_right_to_left(line.text) for line in lines):
        others = [line for line in lines if not runs_right_to_left(line.text)]
        lines = tuple(
            _from_the_right(page, line)
            if runs_right_to_left(line.text) and any(_is_beside(line, one) for one in others)
            else _in_order(page, line)
            for line in lines
        )
    for line in lines:
        if line.at in hidden:
            continue
        for region in meant.regions:
            # Most regions are elsewhere, and this is soon said.
            if not _may_meet(region.box, line.box):
                continue
            part = text_inside(page, line, region.box)
            if part:
                found[region].append((line, part))
    return {region: _joined(parts) for region, parts in found.items()}


def _joined(parts: Sequence[tuple[Mark, str]]) -> str:
    rows: list[list[tuple[Mark, str]]] = []
    for line, part in parts:
        if rows and _is_beside(line, rows[-1][-1][0]):
            rows[-1].append((line, part))
        else:
            rows.append([(line, part)])
    return "\n".join(" ".join(part for _, part in _as_it_runs(row)) for row in rows)


def _as_it_runs(row: Sequence[tuple[Mark, str]]) -> Sequence[tuple[Mark, str]]:
    """The parts of a line, from the right where all of them run that way.

    They are several where the font of its letters has no brackets and colons, and those are of
    another; all are painted from the left.
    """
    first = row[0][0]
    said = "".join(part for _, part in row)
    mixed = not _FROM_THE_LEFT.isdisjoint(map(unicodedata.bidirectional, said))
    if first.sideways or mixed or not runs_right_to_left(said):
        return row
    return sorted(row, key=lambda part: part[0].box.left, reverse=not first.upside_down)


def _in_order(page: Page, line: Mark) -> Mark:
    """A text with its letters from left to right, where all of them run that way.

    Beside text from right to left readers put numbers before the words that they stand behind, and
    words, or the parts of a web address, before those that they follow.
    """
    if line.sideways or runs_right_to_left(line.text) or line.text.strip().isalnum():
        return line
    letters = sorted(
        page.letters(line), key=lambda letter: letter.box.left, reverse=line.upside_down
    )
    return replace(line, text="".join(letter.text for letter in letters))


def _from_the_right(page: Page, line: Mark) -> Mark:
    """A text with its words from right to left, where all of them run that way.

    Beside a text from left to right readers may put them into the order of that one.
    """
    if line.sideways or not _FROM_THE_LEFT.isdisjoint(map(unicodedata.bidirectional, line.text)):
        return line
    words: list[list[Letter]] = [[]]
    for letter in page.letters(line):
        if letter.text.isspace():
            words.append([])
        else:
            words[-1].append(letter)
    along = sorted(
        filter(None, words),
        key=lambda word: min(letter.box.left for letter in word),
        reverse=not line.upside_down,
    )
    return replace(line, text=" ".join("".join(one.text for one in word) for word in along))


def _may_meet(box: Box, ink: Box) -> bool:
    """Whether a text may stand in a box at all; an empty one counts like any other."""
    return (
        ink.y <= box.y + box.height
        and ink.y + ink.height >= box.y
        and ink.x <= box.x + box.width
        and ink.x + ink.width >= box.x
    )


def _is_beside(one: Mark, other: Mark) -> bool:
    """Whether two texts stand on one line."""
    away = one.middle.x - other.middle.x if one.sideways else one.middle.y - other.middle.y
    return abs(away) < _BESIDE * min(one.type_mm, other.type_mm)


def text_inside(page: Page, line: Mark, box: Box) -> str:
    """What of a line stands in a box, by the middle of each character."""
    if not box.contains_point(line.middle) or not _lies_along(box, line):
        upright = line.box.width >= line.box.height
        if upright and not box.top <= line.middle.y <= box.bottom:
            return ""
        if not box.overlaps(line.box):
            return ""
        letters = page.letters(line)
        return "".join(a.text for a in letters if box.contains_point(a.box.centre))
    return line.text


def _lies_along(box: Box, line: Mark) -> bool:
    over = _OVERHANG_MM
    if runs_right_to_left(line.text):
        over = max(over, _TURNED_OVERHANG * line.type_mm)
    return line.box.left >= box.left - over and line.box.right <= box.right + over


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
        wrong = difference(text.field, text.text, "\n".join(part for _, part in parts))
        if wrong:
            place = Place(file=file, page=_page_of(parts, wrong.start))
            faults.append(finding("lost-text", wrong.message, place, cure=wrong.cure))
    return tuple(faults)


def _page_of(parts: Sequence[tuple[int, str]], start: int) -> int | None:
    """The page on which a text stops being as meant; None when it has no page at all."""
    ends = accumulate(len(normal(part)) for _, part in parts)
    inside = (page for (page, _), end in zip(parts, ends, strict=True) if start < end)
    return next(inside, parts[-1][0] if parts else None)


def lost_in_grey(page: Page, hidden: frozenset[int], place: Place) -> Iterator[Finding]:
    """Find text on a coloured ground that a black and white printer prints as dark as the ground.

    Text that is pale, or painted over, is found by `unseen`.
    """
    grounds = [
        mark
        for mark in page.marks
        if mark.kind != "text"
        and mark.is_ink
        and min(mark.shown.width, mark.shown.height) > _THIN_MM
    ]
    lines = [line for line in texts(page.marks) if line.at not in hidden and not line.pale]
    if len(grounds) * len(lines) > _MOST_PAIRS:
        return
    on = [
        line
        for line in lines
        if any(g.at < line.at and g.shown.overlaps(line.box, slack=_THIN_MM) for g in grounds)
    ]
    picture = page.picture(page.sheet, _DPIS[1]) if on else None
    if picture is None:
        return
    lost = [line for line in on if _contrast(picture, line.shown) < _LEAST_CONTRAST]
    if lost:
        yield spotted(
            "lost-in-grey",
            f"{quoted(lost[0].text)} is as dark as what it stands on when it is printed in black "
            f"and white{_and_more(len(lost) - 1)}",
            place,
            lost[0].box,
        )


def _and_more(count: int) -> str:
    return f", and {count} more line{'' if count == 1 else 's'}" if count else ""


def hidden_text(
    page: Page, hidden: frozenset[int], file: str, *, spared: str = ""
) -> tuple[Finding, ...]:
    """Say what a page holds and does not show (`lost-text`), where nothing was meant.

    A line that says nothing but `spared` may be hidden.
    """
    lost = [mark for mark in texts(page.marks) if mark.at in hidden and mark.text.strip() != spared]
    if not lost:
        return ()
    return (
        spotted(
            "lost-text",
            f"{len(lost)} line{'' if len(lost) == 1 else 's'} of the page cannot be seen, "
            f"the first is {quoted(lost[0].text)}",
            Place(file=file, page=page.number),
            lost[0].box,
            severity="warning",
            cure="look at the page: it is invisible, painted over, or as light as the paper",
        ),
    )
