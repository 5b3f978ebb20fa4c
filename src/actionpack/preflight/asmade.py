"""Are the pages of a file those that were made: their order, their size, the way they lie.

Whoever turns, shrinks or moves a page, or takes one out, makes everything on it wrong at once. That
is one fault and is told once; nothing else is then looked for on such a page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from actionpack.diagnostics import Finding, Place, finding
from actionpack.geometry import Box, Point, Size
from actionpack.model import ProofMap
from actionpack.preflight.ink import wrong_blank, wrong_size
from actionpack.preflight.meant import MeantPage, Region, by_page
from actionpack.preflight.painted import Mark
from actionpack.preflight.reader import File, Page
from actionpack.preflight.text import text_inside, texts
from actionpack.preflight.words import normal

_CURE = "take the file as it was built, or build it again, and change nothing in it"
# Fewer characters stand in many texts, whatever page they are from.
_LEAST_CHARACTERS = 4
# A page of which so much is its own needs no look at the other pages: the rest are captions, or
# what was set on this copy.
_OWN_SHARE = 0.3
# Where less of its fields stands in its place, or more than half of them are not there whole, the
# page was moved, and not a line of it.
_IN_PLACE_SHARE = 0.7
_SIZE_SLACK_MM = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What was made: the pages, and the normal form of every text in the order of the map."""

    pages: tuple[MeantPage, ...]
    forms: tuple[str, ...]


def made_by(proof: ProofMap) -> Made:
    """What a map says of its pages, ready to be looked for."""
    return Made(pages=by_page(proof), forms=tuple(normal(text.text) for text in proof.texts))


# --------------------------------------------------------------------------------------- a page


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFault:
    """The one thing that makes all of a page wrong.

    `made_as`: it was made as the page of that number, and None: as this one. `empty`: it has no
    ink, and whether that is for want of another page is known when all of them were looked at.
    """

    found: tuple[Finding, ...] = ()
    empty: tuple[Finding, ...] = ()
    made_as: int | None = None


def page_fault(
    file: File,
    page: Page,
    meant: MeantPage,
    made: Made,
    sheet: Size | None,
    inked: Sequence[Mark],
    place: Place,
) -> PageFault | None:
    """Say what makes all of a page wrong; None where nothing does.

    `sheet` is the size that it must have, None where that is not known.
    """
    if (number := _made_as(file, page, meant, made)) != meant.number:
        return PageFault(made_as=number)
    if sheet is not None and (wrong := wrong_size(page, sheet, place)):
        lies = _on_its_side(page, sheet)
        return PageFault(found=(replace(wrong[0], message=lies or wrong[0].message, cure=_CURE),))
    if not meant.blank and not texts(page.marks):
        return PageFault(empty=empty) if (empty := _empty(page, inked, place)) else None
    if moved := _moved(page, meant, made):
        return PageFault(found=(finding("bad-file", moved, place, cure=_CURE),))
    return None


def _empty(page: Page, inked: Sequence[Mark], place: Place) -> tuple[Finding, ...]:
    empty = wrong_blank(page, inked, place, meant_blank=False)
    return tuple(replace(one, cure=_CURE) for one in empty)


def _on_its_side(page: Page, sheet: Size) -> str:
    """How a page lies that is as wide as it should be high; '' where it is not."""
    off = (page.size.width - sheet.height, page.size.height - sheet.width)
    if any(abs(side) > _SIZE_SLACK_MM for side in off):
        return ""
    return _turned(page) or (
        f"the page lies on its side: it is {page.size.width:.1f} × {page.size.height:.1f} mm, and "
        f"its sheet {sheet.width:.1f} × {sheet.height:.1f} mm"
    )


def _turned(page: Page) -> str:
    return f"the page is turned by {page.turned} degrees" if page.turned else ""


def _moved(page: Page, meant: MeantPage, made: Made) -> str:
    """What was done to what stands on a page, by where its words stand; '' for nothing."""
    own = [mark for mark in texts(page.marks) if len(normal(mark.text)) >= _LEAST_CHARACTERS]
    if _in_place(own, meant, made, lambda mark, box: len(normal(text_inside(page, mark, box)))):
        return ""
    if page.turned:
        return _turned(page)
    if 2 * sum(mark.sideways for mark in own) > len(own):
        return "what stands on the page is turned on its side"
    if _in_place(own, meant, made, lambda mark, box: _if_turned_over(page, mark, box)):
        return "what stands on the page is upside down"
    return "what stands on the page was moved, or made smaller or larger"


def _in_place(
    lines: Sequence[Mark], meant: MeantPage, made: Made, inside: Callable[[Mark, Box], int]
) -> bool:
    """Whether lines of fields stand where they were made; `inside`: how many characters do."""
    boxes: dict[int, list[Box]] = {}
    for region in meant.regions:
        boxes.setdefault(region.text, []).append(region.box)
    there, held = Counter[int](), Counter[int]()
    for line in lines:
        form = normal(line.text)
        stands = {
            text: sum(inside(line, box) for box in own)
            for text, own in boxes.items()
            if form in made.forms[text]
        }
        # A name stands in its own field and in the story: it is of the field that it stands in.
        for text in [text for text in stands if stands[text]] or stands:
            there[text] += len(form)
            held[text] += stands[text]
    fields = [
        (whole, min(whole, held[text]))
        for text in boxes
        if (whole := min(len(made.forms[text]), there[text]))
    ]
    apart = sum(in_it < whole for whole, in_it in fields)
    enough = _IN_PLACE_SHARE * sum(whole for whole, _ in fields)
    is_most = len(boxes) < 2 or 2 * apart <= len(boxes)
    return sum(in_it for _, in_it in fields) >= enough and is_most


def _if_turned_over(page: Page, mark: Mark, box: Box) -> int:
    """How many characters of a line stand in a box when the page is turned upside down."""
    over = Point(page.size.width - mark.middle.x, page.size.height - mark.middle.y)
    return len(normal(mark.text)) if box.contains_point(over) else 0


# ------------------------------------------------------------------------------- their order


def _made_as(file: File, page: Page, meant: MeantPage, made: Made) -> int:
    """The number of the page that was made with these words; its own where that is not certain."""
    forms = _forms(page)
    own = _share(forms, meant, made)
    if _is_enough(own, forms):
        return meant.number
    shares = {other.number: _share(forms, other, made) for other in made.pages}
    best = max(shares, key=lambda number: shares[number])
    # A title stands on many pages: that alone makes none of them another.
    if shares[best] <= own or not _is_enough(shares[best], forms):
        return meant.number
    # Two pages may say the same; one that is where it was made is not here as well.
    return meant.number if _stands(file, best, made) else best


def _stands(file: File, number: int, made: Made) -> bool:
    """Whether a page is where it was made."""
    if number > file.page_count:
        return False
    with file.page(number) as page:
        return is_of(page, made.pages[number - 1], made)


def likeness(page: Page, meant: MeantPage, made: Made) -> int:
    """How many characters of a page are of the fields that a page was made with."""
    return _share(_forms(page), meant, made)


def is_of(page: Page, meant: MeantPage, made: Made) -> bool:
    """Whether a page has words, and enough of them are of the fields that it was made with."""
    forms = _forms(page)
    return bool(forms) and _is_enough(_share(forms, meant, made), forms)


def is_strange(page: Page, meant: MeantPage, made: Made) -> bool:
    """Whether a page has words, and too few of them are of the fields that it was made with."""
    forms = _forms(page)
    return not _is_enough(_share(forms, meant, made), forms)


def _forms(page: Page) -> list[str]:
    forms = (normal(mark.text) for mark in texts(page.marks))
    return [form for form in forms if len(form) >= _LEAST_CHARACTERS]


def _is_enough(own: int, forms: Sequence[str]) -> bool:
    return own >= _OWN_SHARE * sum(map(len, forms))


def _share(forms: Sequence[str], meant: MeantPage, made: Made) -> int:
    """How many characters of some lines are of the fields of a page."""
    fields = {made.forms[region.text] for region in meant.regions}
    return sum(len(form) for form in forms if any(form in field for field in fields))


def wrong_pages(
    faults: Mapping[int, PageFault], count: int, made: int, name: str
) -> Iterator[Finding]:
    """Find pages that are missing, too many, or not in their place: in one finding.

    `faults` are those of the pages, by their number.
    """
    shown = {at: fault.made_as for at, fault in faults.items() if fault.made_as is not None}
    if not shown and count >= made:
        yield from (one for fault in faults.values() for one in fault.empty)
        if count == made:
            return
    told = (
        f"'{name}' has its pages in another order than they were made"
        if count == made
        else f"'{name}' has {count} page{'' if count == 1 else 's'}, and {made} were made"
    )
    if shown:
        number = min(shown)
        told += f": its page {number} was made as page {shown[number]}"
    yield finding("bad-file", told, Place(file=name), cure=_CURE)


# --------------------------------------------------------------------------- what is left to prove


def without_pages(
    proof: ProofMap, found: Mapping[Region, str], gone: frozenset[int]
) -> tuple[ProofMap, dict[Region, str]]:
    """A map, and what was found of it, without the texts that stand on some pages in part."""
    kept = [
        at
        for at, text in enumerate(proof.texts)
        if not any(number in gone for number, _ in text.regions)
    ]
    new = {old: at for at, old in enumerate(kept)}
    return (
        replace(proof, texts=tuple(proof.texts[at] for at in kept)),
        {replace(r, text=new[r.text]): text for r, text in found.items() if r.text in new},
    )
