"""A finished PDF and its proof map into findings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from actionpack.deadlines import check_dates
from actionpack.diagnostics import Finding, Place, Rejected, finding
from actionpack.geometry import Size
from actionpack.language import html_tag
from actionpack.model import ProofMap
from actionpack.paper import sheets
from actionpack.pdf import Inside, look_inside, read_proof
from actionpack.preflight.codes import check_codes, find_codes
from actionpack.preflight.fontfacts import fonts_used, wrong_fonts
from actionpack.preflight.glyphs import missing_glyphs
from actionpack.preflight.guides import missing_guides
from actionpack.preflight.ink import (
    coarse_pictures,
    cut_away,
    ink,
    on_the_cut,
    unsafe_margin,
    wrong_blank,
    wrong_size,
)
from actionpack.preflight.meant import MeantPage, Region, by_page, contradiction
from actionpack.preflight.painted import Mark
from actionpack.preflight.posted import posted_marks
from actionpack.preflight.reader import MOST_PAGES, File, Page, UnreadableError
from actionpack.preflight.text import found_in, hidden_text, lost_text, tiny_text, unseen
from actionpack.preflight.window import check_window
from actionpack.proof import from_json

# What most office printers cannot print along each edge, mm.
_USUAL_SAFE_MM = 5.0

Fonts = dict[str, tuple[Mark, int]]


def prove(
    pdf: bytes,
    *,
    name: str,
    proof: ProofMap | None,
    today: date | None,
    deadline_today: date | None,
    allow_expired: bool,
) -> tuple[Finding, ...]:
    """Find everything wrong with a finished file; `name` is what findings call it.

    Without a day no dates are checked. What is no PDF, or damaged, is a finding (`bad-file`). A
    file from a stranger belongs into `prove_apart`, for a PDF can be made to hang its reader.
    """
    place = Place(file=name)
    found: list[Finding] = []
    if proof is not None and (why := contradiction(proof)):
        message = f"the proof map in '{name}' cannot be right: {why}"
        found.append(finding("bad-file", message, place, cure="build it again"))
        proof = None
    if proof is not None and today is not None and deadline_today is not None:
        found += check_dates(
            stopped=(proof.stopped, "") if proof.stopped else None,
            embargo=proof.embargo,
            act_by=proof.act_by,
            today=today,
            deadline_today=deadline_today,
            allow_expired=allow_expired,
            place=place,
        )
    try:
        with File(pdf) as file:
            found += _looked_over(file, name) if proof is None else _proved(file, proof, name)
        found += _insides(pdf, name, is_ours=proof is not None)
    except UnreadableError as error:
        found.append(finding("bad-file", f"'{name}' cannot be read: {error}", place))
    return tuple(dict.fromkeys(found))


def prove_with_its_map(
    pdf: bytes,
    *,
    name: str,
    today: date | None,
    deadline_today: date | None,
    allow_expired: bool,
) -> tuple[Finding, ...]:
    """Prove a finished file against the map inside it, or look it over when there is none."""
    found: tuple[Finding, ...] = ()
    proof = None
    try:
        raw = read_proof(pdf)
        proof = from_json(raw) if raw is not None else None
    except Rejected as rejected:
        return tuple(replace(one, place=Place(file=name)) for one in rejected.findings)
    except ValueError as error:
        told = f"the proof map in '{name}' cannot be read: {error}"
        cure = "build it again, and change nothing in the file"
        found = (finding("bad-file", told, Place(file=name), cure=cure),)
    return found + prove(
        pdf,
        name=name,
        proof=proof,
        today=today,
        deadline_today=deadline_today,
        allow_expired=allow_expired,
    )


def _insides(pdf: bytes, name: str, *, is_ours: bool) -> tuple[Finding, ...]:
    try:
        inside = look_inside(pdf, most_pages=MOST_PAGES)
        return (*(_added(inside, name) if is_ours else ()), *missing_glyphs(inside, name))
    except Rejected as rejected:
        if is_ours:
            return tuple(replace(one, place=Place(file=name)) for one in rejected.findings)
        what = "; ".join(one.message for one in rejected.findings)
        message = f"whether fonts have every character was not checked: {what}"
        return (finding("unproved", message, Place(file=name)),)


def _added(inside: Inside, name: str) -> Iterator[Finding]:
    """Find what actionpack never writes and a printer may print otherwise."""
    for number, page in enumerate(inside.pages, 1):
        wrong = []
        if page.annotations:
            kinds = ", ".join(f"'{kind}'" for kind in page.annotations)
            wrong.append(f"the page carries notes that may be printed: {kinds}")
        if page.user_unit != 1:
            wrong.append(f"the page is to be printed {page.user_unit:g} times its size")
        for message in wrong:
            cure = "build it again, and change nothing in the file"
            yield finding("bad-file", message, Place(file=name, page=number), cure=cure)


# --------------------------------------------------------------------------- against its map


def _proved(file: File, proof: ProofMap, name: str) -> Iterator[Finding]:
    place = Place(file=name)
    pages = by_page(proof)
    if file.page_count != len(pages):
        yield finding(
            "bad-file",
            f"'{name}' has {file.page_count} pages, and {len(pages)} were made",
            place,
            cure="build it again, and change nothing in the file",
        )
    if not file.title:
        yield finding("missing-field", f"'{name}' has no title", place, cure="build it again")
    if file.language not in (proof.language, html_tag(proof.language)):
        yield finding(
            "bad-value",
            f"'{name}' says it is in '{file.language}', and it is in '{proof.language}'",
            place,
            cure="build it again",
        )
    texts: dict[Region, str] = {}
    fonts: Fonts = {}
    for meant in pages[: file.page_count]:
        with file.page(meant.number) as page:
            hidden = unseen(page)
            texts |= found_in(page, meant, hidden)
            fonts = fonts_used(page.marks, meant.number) | fonts
            yield from tiny_text(page, meant, hidden, name)
            yield from _page(page, meant, proof, hidden, name)
    yield from lost_text(proof, texts, pages, name)
    yield from wrong_fonts(fonts, proof.fonts, name)


def _page(
    page: Page, meant: MeantPage, proof: ProofMap, hidden: frozenset[int], name: str
) -> Iterator[Finding]:
    place = Place(file=name, page=meant.number)
    inked = ink(page, hidden)
    if sheet := _sheet(meant, proof):
        yield from wrong_size(page, sheet, place)
    yield from wrong_blank(page, inked, place, meant_blank=meant.blank)
    yield from unsafe_margin(page, inked, proof.safe_mm, place, strict=True)
    yield from on_the_cut(meant, inked, place)
    yield from missing_guides(meant, inked, proof.safe_mm, place)
    yield from cut_away(page, inked, place)
    yield from coarse_pictures(page, [code.box for code in meant.codes], place)
    yield from posted_marks(page, meant, inked, place)
    yield from check_window(page, meant, proof.window, inked, place)
    yield from check_codes(page, meant.codes, place)


def _sheet(meant: MeantPage, proof: ProofMap) -> Size | None:
    """The size a page must have; None when the paper is none that is known here."""
    if meant.piece is not None:
        return meant.piece.sheet
    stock = sheets().get(proof.paper)
    return stock.size if stock else None


# ------------------------------------------------------------------------------- without a map


def _looked_over(file: File, name: str) -> Iterator[Finding]:
    place = Place(file=name)
    yield finding(
        "unproved",
        f"'{name}' holds no proof map, so it was not checked whether every word is there, the "
        "address stays in its window, and the half that is posted carries nothing else",
        place,
        cure="build it with actionpack to prove it",
    )
    if file.page_count > MOST_PAGES:
        yield finding(
            "unproved", f"only the first {MOST_PAGES} of {file.page_count} pages were read", place
        )
    if file.page_count == 0:
        raise UnreadableError("it has no pages")
    fonts: Fonts = {}
    for number in range(1, min(file.page_count, MOST_PAGES) + 1):
        with file.page(number) as page:
            fonts = fonts_used(page.marks, number) | fonts
            yield from _stranger(page, name)
    yield from wrong_fonts(fonts, None, name)


def _stranger(page: Page, name: str) -> Iterator[Finding]:
    place = Place(file=name, page=page.number)
    hidden = unseen(page)
    inked = ink(page, hidden)
    codes, boxes = find_codes(page, place)
    for found in wrong_blank(page, inked, place, meant_blank=False):
        yield replace(found, severity="warning", message="the page is empty", cure="look at it")
    yield from hidden_text(page, hidden, name)
    yield from unsafe_margin(page, inked, _USUAL_SAFE_MM, place, strict=False)
    yield from cut_away(page, inked, place)
    yield from coarse_pictures(page, boxes, place)
    yield from codes
