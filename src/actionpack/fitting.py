"""A manuscript into pages in the first form, at the first letter size, in which everything fits.

Each try is laid out and its boxes are checked: every word there and whole, nothing outside its
panel, nothing strange on the half that is posted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from actionpack.compose import Manuscript, Meant, compose, target_ids
from actionpack.diagnostics import Finding, Place, Rejected, finding
from actionpack.model import (
    STYLE_FILE,
    TEMPLATE_FILE,
    Form,
    LaidPage,
    Layout,
    PageMeant,
)
from actionpack.piece import Piece
from actionpack.preflight import (
    broken_words,
    conservation,
    distorted_drawings,
    in_content,
    letter_lines_over,
    lost_words,
    nearly_empty,
    only_places,
    orphans,
    panel_overflow,
    regions,
    run_on,
    stray_on_posted,
)
from actionpack.render import Job, LaidOut, Typesetter
from actionpack.web_address import counted
from actionpack.wording import words_found


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedPages:
    """Pages in a form and a size of the letter, and what is wrong with them."""

    form: str
    pages: tuple[LaidPage, ...]
    sides: tuple[PageMeant, ...]
    findings: tuple[Finding, ...]

    @property
    def fits(self) -> bool:
        """Whether everything has its place."""
        return not self.count("overflow") and not self.count("lost-text")

    @property
    def lacks(self) -> tuple[int, int, int]:
        """What speaks against it where it fits: what is left out, its pages, broken words."""
        return self.count("left-out"), len(self.pages), self.count("broken-word")

    def count(self, code: str) -> int:
        """How often something is wrong with them."""
        return sum(found.code == code for found in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    """A form in a size of the letter, laid out; `over`: lines of the letter beside its place.

    `lay_out` does so again.
    """

    lay_out: Callable[..., LaidOut]
    laid: LaidOut
    unfilled: tuple[Finding, ...]
    sides: tuple[PageMeant, ...]
    pieces: dict[int, Piece]
    over: int


def fit(
    manuscript: Manuscript,
    typesetter: Typesetter,
    mounts: dict[str, Path],
    images: dict[str, bytes],
    meanwhile: Callable[[], None],
) -> FittedPages:
    """Try each form at each letter size, and take the first in which everything has its place.

    Where words are broken in it, since they are too long for their lines, those that follow are
    tried too: one that has them whole, leaves out no more, and has no more pages, is better.
    """
    fitting: list[tuple[FittedPages, _Tried]] = []
    forms = [form for form in manuscript.layout.forms if form.suits(manuscript.has)]
    for form in forms:
        for size in form.sizes:
            lay_out = partial(
                _lay_out, manuscript, form.name, size, typesetter, mounts, images, meanwhile
            )
            tried = _tried(manuscript, form.name, lay_out)
            # A smaller letter would not mend what is not the letter's fault.
            if not tried.over:
                break
        if tried.over and form is not forms[-1]:
            continue  # nothing else about it matters
        fitted = _judged(manuscript, form, tried)
        if tried.over or not fitted.fits:
            continue
        fitting.append((fitted, tried))
        if not fitted.count("broken-word"):
            break
    if fitting:
        best, its = min(fitting, key=lambda one: one[0].lacks)
        if its is not tried:
            # What was laid out last is what will be written.
            _tried(manuscript, best.form, its.lay_out)
        return best
    if not forms:
        raise Rejected(
            finding(
                "layout-fault",
                f"layout '{manuscript.layout.name}' has no form for an action like this: "
                f"it has {', '.join(sorted(manuscript.has)) or 'nothing that forms ask for'}",
            )
        )
    if tried.over:
        too_long = _too_long(manuscript, fitted.form, counted(tried.over, "line"))
        others = (found for found in fitted.findings if found.code != "overflow")
        return replace(fitted, findings=(too_long, *others))
    return fitted


def _tried(manuscript: Manuscript, form: str, lay_out: Callable[..., LaidOut]) -> _Tried:
    layout = manuscript.layout
    backs = layout.backs_in(form)
    panels = manuscript.geometry.of_form(form)
    again = lay_out
    if layout.closer:
        lay_out = partial(lay_out, closer=_closer(lay_out, layout, panels))
    laid, unfilled = _filled(lay_out, layout)
    goes_on = _going_on(laid.pages, backs)
    if backs and goes_on != target_ids(manuscript):
        # Where a letter ends on its front, nothing may tell people to turn it over.
        laid, unfilled = _filled(partial(lay_out, goes_on=goes_on), layout)
    sides = _sides(laid.pages, backs)
    pieces = pieces_by_page(sides, panels)
    return _Tried(
        lay_out=again,
        laid=laid,
        unfilled=unfilled,
        sides=sides,
        pieces=pieces,
        over=letter_lines_over(laid.pages, pieces),
    )


def _judged(manuscript: Manuscript, form: Form, tried: _Tried) -> FittedPages:
    """What was tried, with all that is wrong with it."""
    pages, pieces = tried.laid.pages, tried.pieces
    words = tuple(
        (meant.field, meant.text, meant.place) for meant in printed_words(manuscript, form.name)
    )
    findings = (
        tried.laid.findings
        + tried.unfilled
        + _not_laid_out(manuscript.layout, words, pages)
        + _lost_pictures(manuscript, form, pages)
        + lost_words(tried.laid.html, pages)
        + panel_overflow(pages, pieces)
        + run_on(pages, pieces)
        + only_places(pages, manuscript.geometry.slots)
        + stray_on_posted(pages, pieces)
        + orphans(pages)
        + distorted_drawings(pages)
        + strange_families(pages, manuscript)
        + broken_words(words, tried.laid.html, pages)
        + _left_out(manuscript, form)
        + tuple(_unsafe(manuscript, form.name, pages, pieces))
    )
    return FittedPages(form=form.name, pages=pages, sides=tried.sides, findings=findings)


def _lost_pictures(
    manuscript: Manuscript, form: Form, pages: Iterable[LaidPage]
) -> tuple[Finding, ...]:
    """The pictures that a form should print and the template shows nowhere."""
    shown = {box.src for page in pages for box in page.boxes}
    return tuple(
        finding(
            "lost-picture",
            f"the picture '{photo.file.text}' is not on the paper",
            photo.file.place,
        )
        for photo in manuscript.photos
        if photo.src not in shown and "images" not in form.leaves_out
    )


def _left_out(manuscript: Manuscript, form: Form) -> tuple[Finding, ...]:
    """What of the content a form has no room for, once each, so that it never goes in silence."""
    written = {one.kind: one.place for one in manuscript.meant}
    if manuscript.photos:
        written["images"] = Place(file=manuscript.action.file)
    layout = manuscript.layout.name
    return tuple(
        finding(
            "left-out",
            f"'{in_content(field)}' has no room in '{layout}' and is left out",
            written[field],
        )
        for field in form.leaves_out
        if field in written
    )


def _not_laid_out(
    layout: Layout, words: tuple[tuple[str, str, Place], ...], pages: tuple[LaidPage, ...]
) -> tuple[Finding, ...]:
    """What has no place on the pages; in a kit it must be said in which layout."""
    return tuple(
        replace(one, message=f"in '{layout.name}' {one.message}")
        for one in conservation(words, pages)
    )


# Looked at for every layout as soon as they are read; an address is as its owner writes it.
_ALWAYS_POSTED = ("salutation", "letter", "closing", "address")


def _unsafe(
    manuscript: Manuscript, form: str, pages: tuple[LaidPage, ...], pieces: dict[int, Piece]
) -> Iterator[Finding]:
    """What the case forbids, in what a layout posts beside the letter."""
    forbidden = manuscript.action.safety.forbidden
    if not forbidden:
        return
    layout = manuscript.layout
    for meant in printed_words(manuscript, form):
        if meant.kind in _ALWAYS_POSTED or not stands_posted(meant, pages, pieces):
            continue
        for word in words_found(meant.text, forbidden):
            yield finding(
                "unsafe-wording",
                f"'{word}' stands in '{in_content(meant.kind)}', which '{layout.name}' "
                "posts, and 'safety' forbids it there",
                meant.place,
                cure="say it without that word, or build another layout",
            )
    # A caption may say whom a letter is to, as the address does.
    addresses = " ".join(meant.text for meant in manuscript.meant if meant.kind == "address")
    for word in words_found(_captions_posted(pages, pieces), forbidden):
        if not any(words_found(addresses, (word,))):
            yield finding(
                "unsafe-wording",
                f"'{word}' stands in a caption that '{layout.name}' posts, and 'safety' forbids it "
                "there",
                Place(file=layout.folder.label(TEMPLATE_FILE)),
                cure="take it out of the template, or build another layout",
            )


def _captions_posted(pages: tuple[LaidPage, ...], pieces: dict[int, Piece]) -> str:
    return " ".join(
        box.text
        for number, page in enumerate(pages, 1)
        for box in page.boxes
        if box.field == "caption" and _is_posted_panel(pieces.get(number), box.panel)
    )


def _too_long(manuscript: Manuscript, form: str, by: str) -> Finding:
    """That a letter has not its place in the last form, and which words to shorten."""
    text, layout = manuscript.text, manuscript.layout
    if manuscript.key.large_print:
        printed = text.card if layout.prints_cards and text.card else text.letter
        told = f"the letter is {by} too long for '{layout.name}' in large print"
        cure = "shorten it"
        # Both sides of a leaf hold as much in large print as one of them in usual type.
        if not layout.backs_in(form):
            cure += ", or print this layout in type of the usual size"
            if not layout.prints_cards:
                cure += ", or one whose letters go on overleaf: build with --layout letter"
        return finding("letter-too-long", told, printed.place, cure=cure)
    if not layout.prints_cards:
        told = f"the letter is {by} too long for '{layout.name}'"
        return finding("letter-too-long", told, text.letter.place)
    if text.card is None:
        return finding(
            "letter-too-long",
            f"the letter is {by} too long for a card, '{layout.name}'",
            text.letter.place,
            cure="write one of about fifty words below a line '## card'",
        )
    return finding(
        "letter-too-long",
        f"'card' is {by} too long for '{layout.name}'",
        text.card.place,
        cure="shorten it: a card holds about fifty words",
    )


def _lay_out(
    manuscript: Manuscript,
    form: str,
    size: float,
    typesetter: Typesetter,
    mounts: dict[str, Path],
    images: dict[str, bytes],
    meanwhile: Callable[[], None],
    filling: int,
    closer: int = 0,
    goes_on: frozenset[str] | None = None,
) -> LaidOut:
    composed = compose(manuscript, form, size, filling=filling, closer=closer, goes_on=goes_on)
    job = Job(
        template=composed.template,
        template_file=composed.template_file,
        values=composed.values,
        css=composed.css,
        css_file=composed.css_file,
        mounts=mounts,
        images=images,
    )
    return typesetter.lay_out(job, meanwhile)


def _closer(lay_out: Callable[..., LaidOut], layout: Layout, pieces: tuple[Piece, ...]) -> int:
    """How many steps closer to set all: the first with the fewest pages that are nearly empty."""
    empty: list[int] = []
    for step in range(layout.closer + 1):
        laid = lay_out(0, closer=step)
        empty.append(nearly_empty(laid.pages, pieces))
        if not empty[-1]:
            break
    return empty.index(min(empty))


def _filled(
    lay_out: Callable[[int], LaidOut], layout: Layout
) -> tuple[LaidOut, tuple[Finding, ...]]:
    """Lay out with as many filling pages as make up the number that a booklet needs.

    `lay_out` takes how many pages are to be filled. A template that fills none of them is found.
    """
    laid = lay_out(0)
    lacking = -len(laid.pages) % layout.multiple_of
    if not lacking:
        return laid, ()
    laid = lay_out(lacking)
    if not len(laid.pages) % layout.multiple_of:
        return laid, ()
    return laid, (
        finding(
            "layout-fault",
            f"there are {len(laid.pages)} pages, which is no multiple of {layout.multiple_of}",
            Place(file=layout.folder.label(TEMPLATE_FILE)),
            cure="let the template make one page more for each of range(filling)",
        ),
    )


def strange_families(pages: tuple[LaidPage, ...], manuscript: Manuscript) -> tuple[Finding, ...]:
    """Find fonts that the style sheet asks for and the layout does not name.

    The layout engine would take another one instead, without a word.
    """
    asked = {box.family: box for page in pages for box in page.boxes if box.family}
    return tuple(
        finding(
            "strange-font",
            f"'{box.text.strip()[:40]}' is to be set in '{family}', which the layout does not name",
            Place(file=manuscript.layout.folder.label(STYLE_FILE)),
            cure=f"use one of: {', '.join(manuscript.layout.families)}; or add it to 'families'",
        )
        for family, box in asked.items()
        if family not in manuscript.families
    )


def _sides(pages: tuple[LaidPage, ...], backs: Mapping[str, str]) -> tuple[PageMeant, ...]:
    """Which piece each page is a side of: a page without one is the back of the page before.

    `backs` are the pieces that may go on, each with that which its further pages are sides of.
    """
    sides: list[PageMeant] = []
    before: tuple[str, str] | None = None
    for page in pages:
        names = [(box.piece, box.target) for box in page.boxes if box.piece]
        blank = not any(box.kind != "piece" for box in page.boxes)
        piece = names[0][0] if names else (sides[-1].piece if sides else "")
        if names and names[0] == before:
            piece = backs.get(piece, piece)
        before = names[0] if names else None
        sides.append(PageMeant(piece=piece, blank=blank))
    return tuple(sides)


def _going_on(pages: tuple[LaidPage, ...], backs: Mapping[str, str]) -> frozenset[str]:
    """The targets of whose letters something stands on the back."""
    fronts = (
        next(((box.piece, box.target) for box in page.boxes if box.piece), None) for page in pages
    )
    met = Counter(front for front in fronts if front is not None)
    return frozenset(
        target for (piece, target), count in met.items() if piece in backs and count > 1
    )


def pieces_by_page(sides: tuple[PageMeant, ...], pieces: tuple[Piece, ...]) -> dict[int, Piece]:
    by_name = {piece.name: piece for piece in pieces}
    return {
        number: by_name[side.piece]
        for number, side in enumerate(sides, 1)
        if side.piece in by_name and not side.blank
    }


def printed_words(manuscript: Manuscript, form: str) -> Iterator[Meant]:
    """The words that must be on the paper in a form."""
    left_out = {one.name: one.leaves_out for one in manuscript.layout.forms}[form]
    return (meant for meant in manuscript.meant if meant.kind not in left_out)


def stands_posted(meant: Meant, pages: tuple[LaidPage, ...], pieces: dict[int, Piece]) -> bool:
    """Whether some of it stands on what is posted."""
    return any(
        _isstands_posted(pieces.get(page), pages[page - 1], meant.field)
        for page, _ in regions(pages, meant.field)
    )


def _isstands_posted(piece: Piece | None, page: LaidPage, field: str) -> bool:
    name, _, target = field.partition(":")
    panels = {box.panel for box in page.boxes if box.field == name and target in ("", box.target)}
    return any(_is_posted_panel(piece, panel) for panel in panels)


def _is_posted_panel(piece: Piece | None, name: str) -> bool:
    return any(panel.posted for panel in (piece.panels if piece else ()) if panel.name == name)
