"""The pages of one pack against its map, each page once: whatever is read is judged there and then.

The pages are those of a file, or a part of one: the packs of a volume are proved here too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from actionpack.diagnostics import Finding, Place, finding
from actionpack.geometry import Size, union_all
from actionpack.language import html_tag
from actionpack.model import ProofMap, WindowMeant
from actionpack.paper import envelopes, stocks
from actionpack.preflight.addresses import Row, rows_in
from actionpack.preflight.asmade import (
    Made,
    PageFault,
    made_by,
    page_fault,
    without_pages,
    wrong_pages,
)
from actionpack.preflight.codes import check_codes
from actionpack.preflight.distorted import distorted_pictures
from actionpack.preflight.fine import hairlines, lost_letters, tiny_letters
from actionpack.preflight.folded import window_meant
from actionpack.preflight.fontfacts import font_seen, fonts_used, wrong_fonts
from actionpack.preflight.guides import folded_codes, missing_guides, out_of_register
from actionpack.preflight.ink import (
    bleeds,
    coarse_pictures,
    cut_away,
    ink,
    on_the_cut,
    unsafe_margin,
    wrong_blank,
)
from actionpack.preflight.mailed import check_mailed
from actionpack.preflight.meant import MeantPage, Region, by_page
from actionpack.preflight.painted import Mark
from actionpack.preflight.posted import posted_marks
from actionpack.preflight.reader import File, Page
from actionpack.preflight.ruled import too_many_pages
from actionpack.preflight.seen import FontSeen, Step
from actionpack.preflight.stranger import Asked, Clock, by_rule, left_out, sizes_of
from actionpack.preflight.text import found_in, lost_text, unseen
from actionpack.preflight.turned import turned_round
from actionpack.preflight.varied import small_print, solid_areas
from actionpack.preflight.window import check_other_window, check_window

Fonts = dict[str, tuple[Mark, int]]


@dataclass(slots=True, kw_only=True)
class Reading:
    """A pack while it is read: what it was made as, and what was found of that so far.

    `whole`: every page that is there was looked at. `elsewhere` knows of pages that were made for
    other packs: the number of such a page, counted from the first of this pack, else None.
    """

    name: str
    proof: ProofMap
    made: Made
    texts: dict[Region, str] = field(default_factory=dict)
    fonts: Fonts = field(default_factory=dict)
    faults: dict[int, PageFault] = field(default_factory=dict)
    whole: bool = True
    elsewhere: Callable[[Page, MeantPage], int | None] = lambda page, meant: None

    @classmethod
    def of(cls, proof: ProofMap, name: str) -> Reading:
        """Begin to read."""
        return cls(name=name, proof=proof, made=made_by(proof))

    def pages_in(self, file: File) -> Sequence[MeantPage]:
        """The pages that the file has."""
        return self.made.pages[: file.page_count]

    def fault(
        self, file: File, page: Page, meant: MeantPage, inked: Sequence[Mark]
    ) -> PageFault | None:
        """What makes all of a page wrong, which is kept; None where nothing does."""
        here = Place(file=self.name, page=meant.number)
        fault: PageFault | None
        if (number := self.elsewhere(page, meant)) is not None:
            fault = PageFault(made_as=number)
        else:
            sheet = _sheet(meant, self.proof)
            fault = page_fault(file, page, meant, self.made, sheet, inked, here)
        if fault is not None:
            self.faults[meant.number] = fault
        return fault

    def lost(self, file: File) -> tuple[Finding, ...]:
        """The words that are not on the pages that were read.

        Of pages that are not there, or are not as they were made, that is all there is to say; of
        what stands on pages that were not looked at, nothing is known.
        """
        if not self.whole:
            return ()
        missing = range(file.page_count + 1, len(self.made.pages) + 1)
        left, texts = without_pages(self.proof, self.texts, frozenset((*self.faults, *missing)))
        return lost_text(left, texts, by_page(left), self.name)


# ----------------------------------------------------------------------------------- a pack alone


def prove_pack(
    file: File, proof: ProofMap, name: str, asked: Asked, out_of_time: Clock
) -> Iterator[Step]:
    """Hold all of a file against the map of the one pack that it is."""
    reading = Reading.of(proof, name)
    made = len(reading.made.pages)
    yield Step(
        page_count=file.page_count,
        pages=sizes_of(file),
        findings=(*_as_a_whole(file, proof, name), *no_window(proof, asked, name)),
    )
    yield from prove_pages(file, reading, asked, out_of_time)
    yield Step(
        fonts=fonts_seen(reading.fonts),
        findings=(
            *wrong_pages(reading.faults, file.page_count, made, name),
            *reading.lost(file),
            *wrong_fonts(reading.fonts, proof.fonts, name),
            *too_many(file, asked, Place(file=name)),
        ),
    )


def _as_a_whole(file: File, proof: ProofMap, name: str) -> Iterator[Finding]:
    yield from no_title(file, name)
    yield from wrong_language(file, proof.language, name)


def too_many(file: File, asked: Asked, place: Place) -> tuple[Finding, ...]:
    """Find more pages than the printing service takes that was asked for."""
    return tuple(too_many_pages(file.page_count, asked.rule, place)) if asked.rule else ()


def no_title(file: File, name: str) -> Iterator[Finding]:
    """Find a file that does not say what it is called."""
    if not file.title:
        place = Place(file=name)
        yield finding("missing-field", f"'{name}' has no title", place, cure="build it again")


def wrong_language(file: File, language: str, name: str) -> Iterator[Finding]:
    """Find a file that says it is in another language than it is, or in none."""
    if file.language not in (language, html_tag(language)):
        yield finding(
            "bad-value",
            f"'{name}' says it is in '{file.language}', and it is in '{language}'",
            Place(file=name),
            cure="build it again",
        )


def fonts_seen(fonts: Fonts) -> tuple[FontSeen, ...]:
    """The fonts that were found."""
    return tuple(font_seen(font, mark.embedded) for font, (mark, _) in fonts.items())


# ------------------------------------------------------------------------------------- its pages


def prove_pages(file: File, reading: Reading, asked: Asked, out_of_time: Clock) -> Iterator[Step]:
    """Look for everything that can be wrong with each page of a pack."""
    proof, name = reading.proof, reading.name
    window = for_window(proof, asked).window
    for meant in reading.pages_in(file):
        if out_of_time():
            cure = "pass --all, which reads all of it"
            yield Step(findings=(left_out(meant.number, file.page_count, name, cure=cure),))
            reading.whole = False
            break
        yield Step(begins=f"page {meant.number}")
        with file.page(meant.number) as page:
            here = Place(file=name, page=meant.number)
            hidden = unseen(page)
            inked = ink(page, hidden)
            reading.fonts = fonts_used(page.marks, meant.number) | reading.fonts
            ruled = by_rule(page, hidden, asked, name)
            fault = reading.fault(file, page, meant, inked)
            if fault is not None:
                findings = (*fault.found, *ruled)
                yield Step(looked=meant.number, turned=page.turned, findings=findings)
                continue
            reading.texts |= found_in(page, meant, hidden)
            codes = check_codes(page, meant.codes, here)
            address = _address(page, meant)
            yield Step(
                looked=meant.number,
                blank=meant.blank,
                turned=page.turned,
                address=tuple(row.text for row in address),
                address_box=union_all(row.ink for row in address) if address else None,
                codes=codes.codes,
                findings=(
                    *lost_letters(page, meant, hidden, here),
                    # Of pages for a press that is told where their inks are looked at.
                    *(_fine(page, meant, hidden, inked, here) if proof.press is None else ()),
                    *(small_print(page, meant, hidden, here) if proof.large_print else ()),
                    *(solid_areas(page, meant, inked, here) if proof.ink_saver else ()),
                    *turned_round(page, meant, proof.texts, hidden, here),
                    *_page(page, meant, proof, inked, here),
                    *_behind(page, meant, proof, window, inked, here),
                    *codes.findings,
                    *ruled,
                ),
            )


def read_pages(file: File, reading: Reading) -> Iterator[Step]:
    """Read the words and codes of each page of a pack whose pages were proved in another copy."""
    name = reading.name
    for meant in reading.pages_in(file):
        yield Step(begins=f"page {meant.number}")
        with file.page(meant.number) as page:
            here = Place(file=name, page=meant.number)
            hidden = unseen(page)
            inked = ink(page, hidden)
            reading.fonts = fonts_used(page.marks, meant.number) | reading.fonts
            fault = reading.fault(file, page, meant, inked)
            if fault is not None:
                yield Step(looked=meant.number, turned=page.turned, findings=fault.found)
                continue
            reading.texts |= found_in(page, meant, hidden)
            codes = check_codes(page, meant.codes, here)
            blank = wrong_blank(page, inked, here, meant_blank=meant.blank)
            yield Step(
                looked=meant.number,
                blank=meant.blank,
                turned=page.turned,
                codes=codes.codes,
                findings=(*blank, *codes.findings),
            )


def _address(page: Page, meant: MeantPage) -> tuple[Row, ...]:
    """The lines of the address of a page, as they are printed."""
    boxes = [region.box for region in meant.regions if region.is_address and region.posted]
    return rows_in(page, page.marks, union_all(boxes)) if boxes else ()


def _fine(
    page: Page, meant: MeantPage, hidden: frozenset[int], inked: Sequence[Mark], place: Place
) -> Iterator[Finding]:
    yield from tiny_letters(page, meant, hidden, place)
    yield from hairlines(inked, place)


def _page(
    page: Page, meant: MeantPage, proof: ProofMap, inked: Sequence[Mark], place: Place
) -> Iterator[Finding]:
    yield from wrong_blank(page, inked, place, meant_blank=meant.blank)
    edges = dict(proof.press.edges).get(meant.number, ()) if proof.press else ()
    bled = {mark.at for mark in inked if bleeds(mark, page.sheet, edges)}
    inside = [mark for mark in inked if mark.at not in bled]
    # A ground that runs off the page tells nobody anything; a picture there might.
    telling = [mark for mark in inked if mark.kind != "path" or mark.at not in bled]
    yield from unsafe_margin(page, inside, proof.safe_mm, place, strict=True)
    yield from on_the_cut(meant, inked, place)
    yield from out_of_register(meant, place)
    yield from folded_codes([code.box for code in meant.codes], meant.folds, place)
    # For a press the tear is a perforation, and no line is printed along it.
    yield from missing_guides(meant, inked, proof.safe_mm, place, cuts=proof.press is None)
    yield from cut_away(page, inked, place, edges)
    yield from distorted_pictures(page, place, strict=True)
    pictures = [(one.number, one.box) for one in proof.pictures if one.page == meant.number]
    yield from coarse_pictures(page, [code.box for code in meant.codes], place, pictures)
    yield from posted_marks(page, meant, telling, place)
    yield from check_mailed(page, meant, proof, inked, place)


def _behind(
    page: Page,
    meant: MeantPage,
    proof: ProofMap,
    window: WindowMeant,
    inked: Sequence[Mark],
    place: Place,
) -> Iterator[Finding]:
    """What is wrong with a page behind a window: its own, or another that was asked for."""
    if window == proof.window:
        return check_window(page, meant, window, inked, place)
    return check_other_window(page, meant, proof, window, inked, place)


def _sheet(meant: MeantPage, proof: ProofMap) -> Size | None:
    """The size a page must have; None when the paper is none that is known here."""
    if meant.piece is not None:
        return meant.piece.sheet
    if proof.pieces:
        # A page of which only its blank side is known is of the same paper as the rest.
        return proof.pieces[0][1].sheet
    stock = stocks().get(proof.paper)
    return stock.size if stock else None


# ----------------------------------------------------------------------------------- its window


def for_window(proof: ProofMap, asked: Asked) -> ProofMap:
    """The map with the window that is asked for instead of its own, where one can be."""
    if asked.window is None or asked.window.name == proof.window.name or _is_flat(proof):
        return proof
    return replace(proof, window=window_meant(asked.window.name))


def _is_flat(proof: ProofMap) -> bool:
    """Whether the pages go into no envelope: labels, and envelopes themselves."""
    stock = stocks().get(proof.paper)
    if stock is None or proof.window.hole is not None:
        return False
    return proof.window.envelope in (stock.size, stock.size.turned)


def no_window(proof: ProofMap, asked: Asked, name: str) -> Iterator[Finding]:
    """Say that a window was named for pages that none shows."""
    if asked.window is None or not _is_flat(proof):
        return
    told = f"'{name}' was not held against the window '{asked.window.name}': "
    if proof.paper in envelopes():
        told += "it is printed on the envelope itself"
        cure = "print it on envelopes without a window, and leave --window out"
    else:
        told += f"the sheets of layout '{proof.layout}' go into no envelope"
        cure = "leave --window out: they are for envelopes without a window"
    yield finding("unproved", told, Place(file=name), cure=cure)
