"""Looking over a PDF that holds no proof map: page by page, as far as that goes.

What a window preset or a printing service's rule wants is looked at too, when one is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from actionpack.diagnostics import Finding, Place, finding
from actionpack.geometry import Box, union_all
from actionpack.postal import LetterRule, Window, letter_rules, windows
from actionpack.preflight import ruled
from actionpack.preflight.addresses import Row, stands_in
from actionpack.preflight.codes import find_codes
from actionpack.preflight.distorted import distorted_pictures
from actionpack.preflight.fine import hairlines, tiny_letters
from actionpack.preflight.folded import (
    cannot_be_folded,
    check_folded,
    find_address,
    fold_for,
)
from actionpack.preflight.fontfacts import font_seen, fonts_used, wrong_fonts
from actionpack.preflight.guides import folded_codes
from actionpack.preflight.ink import (
    coarse_pictures,
    cut_away,
    has_ink,
    heavy_pictures,
    ink,
    unsafe_margin,
)
from actionpack.preflight.painted import Mark
from actionpack.preflight.reader import MOST_PAGES, File, Page, UnreadableError
from actionpack.preflight.seen import PageSeen, Step
from actionpack.preflight.sheetnames import sheet_name, size_told
from actionpack.preflight.text import hidden_text, lost_in_grey, unseen

# What most office printers cannot print along each edge, mm.
USUAL_SAFE_MM = 5.0

_UPSIDE_DOWN = 180

Clock = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a file from anywhere is held against: a window, or the rule of a printing service."""

    window: Window | None = None
    rule: LetterRule | None = None

    @classmethod
    def named(cls, name: str | None) -> Asked:
        """By the name of a preset; None asks for nothing. Raises KeyError when there is none."""
        if name is None:
            return cls()
        if name in letter_rules():
            return cls(rule=letter_rules()[name])
        # In an envelope without a window the address may stand anywhere.
        window = windows()[name]
        return cls(window=None if window.plain else window)

    @property
    def name(self) -> str:
        return self.window.name if self.window else self.rule.name if self.rule else ""


def look_over(
    file: File, name: str, asked: Asked, out_of_time: Clock, *, whole: bool = False
) -> Iterator[Step]:
    """Look at every page of a file; `name` is what findings call it. Raises UnreadableError.

    When the time is up, the pages left are named and not looked at. `whole`: that they all be
    looked at was asked for, which nobody can who does not know the file.
    """
    if file.page_count <= 0:
        raise UnreadableError("it has no pages")
    yield Step(findings=(_not_checked(name, asked), *_protected(file, name)))
    pages = sizes_of(file)
    place = Place(file=name)
    found: list[Finding] = []
    if asked.rule is not None:
        found += ruled.too_many_pages(file.page_count, asked.rule, place)
    found += _mixed(pages, asked, name)
    yield Step(page_count=file.page_count, pages=pages, findings=tuple(found))
    cure = "check it in parts" + (": --all is for files that actionpack made" * whole)
    yield from _pages(file, name, asked, out_of_time, cure)


def _pages(file: File, name: str, asked: Asked, out_of_time: Clock, cure: str) -> Iterator[Step]:
    fonts: dict[str, tuple[Mark, int]] = {}
    address: tuple[str, ...] = ()
    again = False
    for number in range(1, file.page_count + 1):
        if number > MOST_PAGES or out_of_time():
            yield Step(findings=(left_out(number, file.page_count, name, cure=cure),))
            break
        yield Step(begins=f"page {number}")
        with file.page(number, whole=asked.rule is not None) as page:
            new = fonts_used(page.marks, number)
            wrong = wrong_fonts({k: v for k, v in new.items() if k not in fonts}, None, name)
            fonts |= new
            step = _page(page, name, asked, () if again else address)
            address = address or step.address
            again = again or any(one.code == "address-repeated" for one in step.findings)
            seen = tuple(font_seen(font, mark.embedded) for font, (mark, _) in new.items())
            yield replace(step, fonts=seen, findings=step.findings + _advised(wrong, asked))


def left_out(number: int, count: int, name: str, *, cure: str) -> Finding:
    """Say from which page on a file was not looked at, for want of time."""
    pages = f"page {number} was" if number == count else f"pages {number} to {count} were"
    told = f"'{name}' is long, and its {pages} not looked at"
    return finding("unproved", told, Place(file=name), cure=cure)


def _not_checked(name: str, asked: Asked) -> Finding:
    """The one finding that lists what cannot be checked for want of a map."""
    missing = ["whether every word is there", "the half that is posted carries nothing else"]
    if not asked.name:
        missing.insert(1, "the address stays in its window (name one: --window NAME)")
    if asked.window is not None:
        missing.append("the sheet is folded where its fold marks are")
    listed = f"{', '.join(missing[:-1])} and {missing[-1]}"
    return finding(
        "unproved",
        f"'{name}' holds no proof map, so it was not checked {listed}",
        Place(file=name),
        cure="build it with actionpack to prove it",
    )


def _protected(file: File, name: str) -> Iterator[Finding]:
    if not file.is_protected:
        return
    place = Place(file=name)
    if not file.may_be_printed:
        cure = "ask whoever made it for a copy that may be printed"
        yield finding("bad-file", f"'{name}' forbids that it is printed", place, cure=cure)
    else:
        told = f"'{name}' is protected: a print shop may not be able to use it"
        cure = "ask whoever made it for a copy without protection"
        yield finding("bad-file", told, place, severity="warning", cure=cure)


# -------------------------------------------------------------------------------- page sizes


def sizes_of(file: File) -> tuple[PageSeen, ...]:
    """The sizes of all pages, without opening them; those that have none are left out."""
    numbers = range(1, min(file.page_count, MOST_PAGES) + 1)
    sizes = ((number, file.size_of(number)) for number in numbers)
    return tuple(PageSeen(number=number, size=size) for number, size in sizes if size is not None)


def _mixed(pages: Sequence[PageSeen], asked: Asked, name: str) -> Iterator[Finding]:
    """Find pages of another size than the first, which a printer scales or stops at."""
    if not pages or asked.rule is not None:
        return
    first = pages[0]
    kind = sheet_name(first.size) or size_told(first.size)
    others = [p for p in pages[1:] if (sheet_name(p.size) or size_told(p.size)) != kind]
    if others:
        more = len(others) - 1
        yield finding(
            "page-size",
            f"the page is {size_told(others[0].size)}, and the first is {size_told(first.size)}"
            + (f"; {more} more page{' differs' if more == 1 else 's differ'}" if more else ""),
            Place(file=name, page=others[0].number),
            severity="warning",
            cure="make all pages of one size, or print those apart",
        )
    elif not sheet_name(first.size):
        yield finding(
            "page-size",
            f"the page is {size_told(first.size)}, which is the size of no sheet",
            Place(file=name, page=first.number),
            severity="warning",
            cure="print it at 100 %, or make it again for A4 or US Letter",
        )
    if asked.window is None and sheet_name(first.size).endswith("landscape"):
        yield finding(
            "page-size",
            f"the page is {size_told(first.size)}, it lies on its side",
            Place(file=name, page=first.number),
            severity="warning",
            cure="look whether it is meant so, and turn it if not",
        )


# --------------------------------------------------------------------------------------- a page


def _page(page: Page, name: str, asked: Asked, address: tuple[str, ...]) -> Step:
    place = Place(file=name, page=page.number)
    hidden = unseen(page)
    inked = ink(page, hidden)
    codes = find_codes(page, place)
    blank = not any(mark.kind == "text" for mark in inked) and not has_ink(page)
    spared = ruled.TAG if asked.rule else ""
    usual = [
        *((_empty(page, place),) if blank else ()),
        *(() if page.has_size else (_sizeless(place),)),
        *_fields(page, place),
        *hidden_text(page, hidden, name, spared=spared),
        *lost_in_grey(page, hidden, place),
        *tiny_letters(page, None, hidden, place),
        *hairlines(inked, place, severity="warning"),
        *unsafe_margin(page, inked, USUAL_SAFE_MM, place, strict=False),
        *cut_away(page, inked, place),
        *distorted_pictures(page, place, strict=False),
        *coarse_pictures(page, codes.boxes, place),
        *heavy_pictures(page, place),
        *codes.findings,
        *_again(page, address, place),
    ]
    rows, asked_for = _as_asked(page, inked, codes.boxes, asked, place)
    own = tuple(row.text for row in rows)
    return Step(
        looked=page.number,
        blank=blank,
        coloured=page.is_coloured(),
        turned=page.turned,
        address=own,
        address_box=union_all(row.ink for row in rows) if rows else None,
        codes=codes.codes,
        colours=tuple(sorted({m.colours for m in page.marks if m.kind == "image" and m.colours})),
        findings=(*asked_for, *_advised(usual, asked)),
    )


def _empty(page: Page, place: Place) -> Finding:
    pictures = any(mark.kind == "image" and mark.is_ink for mark in page.marks)
    told = "the page is empty" + (", though it holds a picture: it may be damaged" * pictures)
    return finding("blank-page", told, place, severity="warning", cure="look at it")


def _sizeless(place: Place) -> Finding:
    told = "the page names a size that no page can have; most programs take it for US Letter"
    return finding("page-size", told, place, cure="ask for another copy, or save it again")


def _fields(page: Page, place: Place) -> Iterator[Finding]:
    """Say that what is typed into a form is not read: it is no part of the page until printed."""
    count = sum(note.kind == "field" for note in page.notes)
    if count:
        fields, them = ("field", "it") if count == 1 else ("fields", "them")
        told = f"the page has {count} form {fields}, and what stands in {them} was not looked at"
        yield finding("unproved", told, place, cure="print the file to a new PDF, and check that")


def _again(page: Page, address: tuple[str, ...], place: Place) -> Iterator[Finding]:
    """Find the address of the first page on a later one."""
    if address and stands_in(address, page.marks):
        told = f"the address of the first page stands here again, from '{address[0]}'"
        yield finding("address-repeated", told, place)


def _advised(found: Iterator[Finding] | Sequence[Finding], asked: Asked) -> tuple[Finding, ...]:
    """What a service mends or does not mind is advice, and never its verdict."""
    if asked.rule is None:
        return tuple(found)
    return tuple(replace(one, severity="warning") for one in found)


def _as_asked(
    page: Page, inked: Sequence[Mark], codes: Sequence[Box], asked: Asked, place: Place
) -> tuple[tuple[Row, ...], tuple[Finding, ...]]:
    """The lines of the address on this page, and what the window or the rule says of the page."""
    if asked.rule is not None:
        return _by_rule(page, inked, asked.rule, place)
    if asked.window is None or page.number > 1:
        return (), ()
    folded = fold_for(page.size, asked.window)
    if folded is None:
        return (), (cannot_be_folded(page.size, asked.window, place),)
    found = find_address(page, inked, folded)
    return found.rows, (
        *check_folded(page, found, inked, folded, place),
        *folded_codes(codes, folded.piece.folds, place, severity="warning"),
    )


def _by_rule(
    page: Page, inked: Sequence[Mark], rule: LetterRule, place: Place
) -> tuple[tuple[Row, ...], tuple[Finding, ...]]:
    wrong = ruled.wrong_paper(page.media, page.turned, rule, place)
    if wrong:
        # Where things stand on another paper says nothing.
        return (), wrong
    found = [
        *ruled.outside_areas(page, inked, rule, place),
        *ruled.strange_tag(page, place),
        *ruled.notes_on(page, rule, place),
    ]
    if page.number > 1:
        return (), tuple(found)
    rows = ruled.address_rows(page, rule)
    if not rows and page.turned == _UPSIDE_DOWN and (rows := ruled.stored_rows(page, rule)):
        told = "the page is shown upside down"
        cure = "turn it: the service takes it, and prints it so"
        found.append(finding("page-size", told, place, severity="warning", cure=cure))
    found += ruled.check_address(page, rows, inked, rule, place)
    return rows, tuple(found)


def by_rule(page: Page, hidden: frozenset[int], asked: Asked, name: str) -> tuple[Finding, ...]:
    """What a printing service's rule says of a page, when one is asked for."""
    if asked.rule is None:
        return ()
    place = Place(file=name, page=page.number)
    return _by_rule(page, ink(page, hidden), asked.rule, place)[1]
