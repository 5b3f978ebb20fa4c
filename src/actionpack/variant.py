"""A variant's key into a `Variant`: content + layout, laid out, checked, and kept in the cache.

1. Pictures are re-encoded for their printed size, addresses fitted to their window.
2. Each form is tried at each letter size; the first in which everything has its place is taken.
3. The boxes are checked: every word there, nothing outside its panel, nothing strange on the
   half that is posted.
4. The pages are written, with the map of what a finished file must hold.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from pathlib import Path

from actionpack.compose import (
    Manuscript,
    Meant,
    Photo,
    compose,
    target_ids,
    unknown_variables,
    unsafe_floats,
    write_manuscript,
)
from actionpack.condition import usual_condition
from actionpack.diagnostics import Finding, Place, Rejected, finding, findings_from, has_errors
from actionpack.fonts import Compositor, FontShelf, check_clusters
from actionpack.geometry import Size
from actionpack.images import Fitted
from actionpack.imposition import upright_over
from actionpack.language import direction
from actionpack.layouts import for_the_post, unplaced_slots
from actionpack.model import (
    LAYOUT_FILE,
    OPTIONAL_SECTIONS,
    STYLE_FILE,
    TEMPLATE_FILE,
    Action,
    Edge,
    Form,
    Geometry,
    LaidPage,
    Layout,
    PageMeant,
    Picture,
    PictureMeant,
    PressMeant,
    ProofMap,
    Text,
    TextMeant,
    Variant,
    VariantKey,
    WindowMeant,
)
from actionpack.pdf import Separator, prepare, to_press
from actionpack.piece import Piece
from actionpack.preflight import (
    broken_labels,
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
from actionpack.proof import from_json, to_json
from actionpack.render import Job, LaidOut, Typesetter
from actionpack.source import Written
from actionpack.store import Jail, cache_get, cache_keep
from actionpack.web_address import counted
from actionpack.wording import words_found


def render_variant(
    key: VariantKey,
    *,
    action: Action,
    text: Text,
    letters: Mapping[str, Text],
    layout: Layout,
    geometry: Geometry,
    folder: Jail,
    shelf: FontShelf,
    typesetter: Typesetter,
    assets: Path,
    locale: tuple[Jail, ...],
    fit_picture: Callable[[bytes, Size, Place], Fitted],
    meanwhile: Callable[[], None],
    checked: Callable[[tuple[Finding, ...]], None],
) -> Variant:
    """Lay a pack out, check its boxes, and write it with its proof map.

    `letters` are the texts that letters are taken from where that is not `text`, by target;
    `fit_picture` re-encodes a picture for its printed size, as `images.fit` does; `meanwhile` is
    called while the typesetter is busy.

    Raises Rejected with everything found when the pages cannot be made, or are not worth making.
    """
    photos, images, found = (
        _photos(action, folder, text.tag, geometry, layout.pictures, fit_picture)
        if "images" in layout.prints and not key.ink_saver
        else ((), {}, ())
    )
    manuscript = write_manuscript(
        key, action, text, letters, layout, geometry, photos, shelf, locale
    )
    found += manuscript.findings
    if has_errors(found):
        raise Rejected(*found)
    mounts = {"layout": layout.folder.root, "action": folder.root, "assets": assets}

    # The words are the same in every size that is tried.
    unprintable = cache(lambda: _glyphs(manuscript, shelf))

    def while_laid_out() -> None:
        meanwhile()
        if unprintable():
            raise Rejected(*found, *unprintable())

    unfit = unknown_variables(manuscript) + unsafe_floats(layout) + unplaced_slots(layout)
    try:
        fitted = _fit(manuscript, typesetter, mounts, images, while_laid_out)
    except Rejected as rejected:
        # What the style sheet asks for in vain is what the layout engine may have failed at.
        told = [one for one in rejected.findings if not unfit or one.code != "render-failed"]
        raise Rejected(*told, *unfit) from rejected
    found += unfit
    found += fitted.findings
    if has_errors(found):
        raise Rejected(*found)
    maps: list[ProofMap] = []

    def while_written() -> None:
        checked(found)
        maps.append(_proof_map(manuscript, fitted))

    pdf, logged = typesetter.write(while_written)
    if has_errors(logged):
        raise Rejected(*found, *(_own_glyphs(manuscript, fitted, shelf, locale) or logged))
    prepared = prepare(pdf, duplex=layout.duplex, flip=upright_over(geometry.sheet))
    if key.edition == "press":
        prepared = to_press(prepared, press_separator(), bleed_mm=layout.bleed_mm)
    return Variant(pdf=prepared, proof=maps[0], findings=found + logged)


def press_separator() -> Separator:
    """What the pages of the press edition are printed with."""
    # Imported here: whoever builds for an office printer needs none of it.
    from actionpack.images.inks import Inks

    inks = Inks(usual_condition())
    return Separator(condition=inks.condition, colour=inks.colour, picture=inks.picture)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fitted:
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


def _fit(
    manuscript: Manuscript,
    typesetter: Typesetter,
    mounts: dict[str, Path],
    images: dict[str, bytes],
    meanwhile: Callable[[], None],
) -> _Fitted:
    """Try each form at each letter size, and take the first in which everything has its place.

    Where words are broken in it, since they are too long for their lines, those that follow are
    tried too: one that has them whole, leaves out no more, and has no more pages, is better.
    """
    fitting: list[tuple[_Fitted, _Tried]] = []
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
    pieces = _pieces_by_page(sides, panels)
    return _Tried(
        lay_out=again,
        laid=laid,
        unfilled=unfilled,
        sides=sides,
        pieces=pieces,
        over=letter_lines_over(laid.pages, pieces),
    )


def _judged(manuscript: Manuscript, form: Form, tried: _Tried) -> _Fitted:
    """What was tried, with all that is wrong with it."""
    pages, pieces = tried.laid.pages, tried.pieces
    words = tuple(
        (meant.field, meant.text, meant.place) for meant in _printed(manuscript, form.name)
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
        + broken_words(words, pages)
        + broken_labels(tried.laid.html, pages)
        + _left_out(manuscript, form)
        + tuple(_unsafe(manuscript, form.name, pages, pieces))
    )
    return _Fitted(form=form.name, pages=pages, sides=tried.sides, findings=findings)


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
    for meant in _printed(manuscript, form):
        if meant.kind in _ALWAYS_POSTED or not _posted(meant, pages, pieces):
            continue
        for word in words_found(meant.text, manuscript.action.safety.forbidden):
            yield finding(
                "unsafe-wording",
                f"'{word}' stands in '{in_content(meant.kind)}', which '{manuscript.layout.name}' "
                "posts, and 'safety' forbids it there",
                meant.place,
                cure="say it without that word, or build another layout",
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


def _pieces_by_page(sides: tuple[PageMeant, ...], pieces: tuple[Piece, ...]) -> dict[int, Piece]:
    by_name = {piece.name: piece for piece in pieces}
    return {
        number: by_name[side.piece]
        for number, side in enumerate(sides, 1)
        if side.piece in by_name and not side.blank
    }


def _proof_map(manuscript: Manuscript, fitted: _Fitted) -> ProofMap:
    action, geometry = manuscript.action, manuscript.geometry
    own = geometry.of_form(fitted.form)
    post = manuscript.key.sender_country
    pieces = _pieces_by_page(fitted.sides, tuple(for_the_post(piece, post) for piece in own))
    window = geometry.window
    return ProofMap(
        action=action.id,
        language=manuscript.key.language,
        layout=manuscript.layout.name,
        paper=geometry.paper,
        window=WindowMeant(
            name=window.name,
            envelope=geometry.envelope,
            hole=None if window.plain else geometry.hole,
        ),
        issued=action.issued,
        embargo=action.embargo,
        act_by=action.act_by,
        stopped=action.stopped.date if action.stopped else None,
        safe_mm=manuscript.layout.safe_mm,
        fonts=manuscript.families,
        pages=fitted.sides,
        pieces=tuple(pieces.items()),
        texts=(*_texts_meant(manuscript, fitted, pieces), *_captions(fitted, pieces)),
        codes=(),
        spots=(),
        pictures=tuple(_pictures_meant(manuscript, fitted)),
        sender=action.sender,
        forbidden=action.safety.forbidden,
        press=_press_of(manuscript, fitted) if manuscript.key.edition == "press" else None,
        large_print=manuscript.key.large_print,
        ink_saver=manuscript.key.ink_saver,
        duplex=manuscript.layout.duplex,
    )


def press_meant(
    *, bleed_mm: float, edges: tuple[tuple[int, tuple[Edge, ...]], ...] = ()
) -> PressMeant:
    """What pages for the usual printing condition are proved against."""
    condition = usual_condition()
    return PressMeant(
        condition=condition.name, most_ink=condition.most_ink, bleed_mm=bleed_mm, edges=edges
    )


def _press_of(manuscript: Manuscript, fitted: _Fitted) -> PressMeant:
    layout = manuscript.layout
    rows = {row.name: row for row in layout.pieces if row.bleeds and manuscript.key.bleeds}
    return press_meant(
        bleed_mm=layout.bleed_mm,
        edges=tuple(
            (number, tuple(_physical(rows[side.piece].bleeds, manuscript.key.language)))
            for number, side in enumerate(fitted.sides, 1)
            if side.piece in rows and not side.blank
        ),
    )


def _physical(edges: Iterable[Edge], tag: str) -> Iterator[Edge]:
    """Edges as they lie on a page of a language."""
    left_to_right = direction(tag) == "ltr"
    start: Edge = "left" if left_to_right else "right"
    end: Edge = "right" if left_to_right else "left"
    turned = {"start": start, "end": end}
    return iter(dict.fromkeys(turned.get(edge, edge) for edge in edges))


def _printed(manuscript: Manuscript, form: str) -> Iterator[Meant]:
    """The words that must be on the paper in a form."""
    left_out = {one.name: one.leaves_out for one in manuscript.layout.forms}[form]
    return (meant for meant in manuscript.meant if meant.kind not in left_out)


def _texts_meant(
    manuscript: Manuscript, fitted: _Fitted, pieces: dict[int, Piece]
) -> list[TextMeant]:
    return [
        TextMeant(
            field=meant.field,
            text=meant.text,
            regions=regions(fitted.pages, meant.field),
            posted=_posted(meant, fitted.pages, pieces),
        )
        for meant in _printed(manuscript, fitted.form)
    ]


def _posted(meant: Meant, pages: tuple[LaidPage, ...], pieces: dict[int, Piece]) -> bool:
    """Whether some of it stands on what is posted."""
    return any(
        _is_posted(pieces.get(page), pages[page - 1], meant.field)
        for page, _ in regions(pages, meant.field)
    )


def _is_posted(piece: Piece | None, page: LaidPage, field: str) -> bool:
    name, _, target = field.partition(":")
    panels = {box.panel for box in page.boxes if box.field == name and target in ("", box.target)}
    return any(panel.posted for panel in (piece.panels if piece else ()) if panel.name in panels)


def _pictures_meant(manuscript: Manuscript, fitted: _Fitted) -> Iterator[PictureMeant]:
    numbers = {photo.src: number for number, photo in enumerate(manuscript.photos, 1)}
    for page, laid in enumerate(fitted.pages, 1):
        for box in laid.boxes:
            if box.src in numbers:
                yield PictureMeant(number=numbers[box.src], page=page, box=box.box)


def _captions(fitted: _Fitted, pieces: dict[int, Piece]) -> list[TextMeant]:
    """What stands under the lines to write on: part of the letter, though not of the content."""
    return [
        TextMeant(field="caption", text=box.text, regions=((number, box.box),), posted=True)
        for number, page in enumerate(fitted.pages, 1)
        for box in page.boxes
        if box.field == "caption" and box.kind == "text" and not box.made_up and number in pieces
    ]


def _glyphs(manuscript: Manuscript, shelf: FontShelf) -> tuple[Finding, ...]:
    """Look every character up before it is laid out, where its line is still known.

    Raises Rejected when a font of the pages is not the listed one.
    """
    shelf.prove(manuscript.families)
    families = dict.fromkeys((*manuscript.families, *shelf.families))
    text, action = manuscript.text, manuscript.action
    written = [text.title, text.briefing, text.ask, action.credit]
    notes = (text.summary, text.never_write_if, text.safety_notes, action.reference)
    written += [one for one in notes if one]
    written += [one for one in map(text.section, OPTIONAL_SECTIONS) if one]
    if text.quote:
        written += [text.quote.text, *([text.quote.by] if text.quote.by else [])]
    written += [line for copy in action.copies for line in copy.lines]
    written += [
        one for picture in action.images for one in (picture.credit, picture.licence) if one
    ]
    for person in action.people:
        written += [person.name, *([person.pronoun] if person.pronoun else [])]
    for addressee in manuscript.addressees:
        target = addressee.target
        written += target.lines
        written += [one for one in (target.fax, target.email) if one]
        for letter in dict.fromkeys((text, manuscript.letter_to(target))):
            own = (letter.salutation.get(target.id), letter.closing.get(target.id))
            written += [one for one in (*own, letter.letter, letter.card) if one]
    letters = (manuscript.letter_to(addressee.target) for addressee in manuscript.addressees)
    tags = {one.file: one.tag for one in (text, *letters)}
    found: list[Finding] = []
    for one in written:
        tag = tags.get(one.place.file or "", action.source_language)
        found += shelf.check_glyphs(one.text, one.place, families, tag)
        compositor = Compositor(shelf, manuscript.families[0], 400, language=tag)
        found += check_clusters(one.text, one.place, compositor)
    return tuple(dict.fromkeys(found))


def _own_glyphs(
    manuscript: Manuscript, fitted: _Fitted, shelf: FontShelf, locale: tuple[Jail, ...]
) -> tuple[Finding, ...]:
    """The lines of a layout, and of its catalogues, that hold a character which no font has."""
    families = dict.fromkeys((*manuscript.families, *shelf.families))
    boxes = "".join(box.text for page in fitted.pages for box in page.boxes)
    missing = {*shelf.missing(boxes, families)}
    tag, folder = manuscript.key.language, manuscript.layout.folder
    files = [(folder, name) for name in (TEMPLATE_FILE, LAYOUT_FILE, STYLE_FILE)]
    files += [(one, name) for one in locale if one.has_file(name := f"{tag}.po")]
    found: list[Finding] = []
    for jail, name in files:
        # Only what is printed: comments may hold what they like.
        text = "".join(
            one if one in missing or one == "\n" else " " for one in jail.read_text(name)
        )
        found += shelf.check_glyphs(text, Place(file=jail.label(name), line=1), families, tag)
    return tuple(found)


# ------------------------------------------------------------------------------------ pictures


def _photos(
    action: Action,
    folder: Jail,
    tag: str,
    geometry: Geometry,
    pictures: int | None,
    fit_picture: Callable[[bytes, Size, Place], Fitted],
) -> tuple[tuple[Photo, ...], dict[str, bytes], tuple[Finding, ...]]:
    """The first pictures of the action, all when None, re-encoded for their printed size."""
    lengths = dict(geometry.lengths)
    room = Size(lengths.get("photo_width", 0), lengths.get("photo_height", 0))
    photos: list[Photo] = []
    images: dict[str, bytes] = {}
    findings: list[Finding] = []
    for number, picture in enumerate(action.images[:pictures]):
        alt = picture.alt_in(tag)
        if alt is None:
            findings.append(
                finding(
                    "missing-field",
                    f"picture '{picture.file.text}' has no description in '{tag}'",
                    picture.file.place,
                    cure=f"add it: alt: {{{tag}: …}}",
                )
            )
            continue
        place = Place(file=folder.label(picture.file.text))
        fitted = fit_picture(folder.read_bytes(picture.file.text), room, place)
        name = f"{number}"
        images[name] = fitted.data
        photos.append(
            Photo(
                file=picture.file,
                src=f"/image/{name}",
                alt=alt.text,
                credit=_credit(picture),
                size=fitted.size_mm,
            )
        )
    return tuple(photos), images, tuple(findings)


def _credit(picture: Picture) -> Written | None:
    """Who made a picture, and what may be done with it, on one line."""
    parts = tuple(part for part in (picture.credit, picture.licence) if part)
    return Written(" · ".join(part.text for part in parts), parts[0].place) if parts else None


# --------------------------------------------------------------------------------------- cache


def recall_variant(key: str) -> Variant | None:
    """Fetch a variant from the cache; None when it is not there."""
    parts = cache_get(key)
    if parts is None:
        return None
    return Variant(
        pdf=parts["pdf"],
        proof=from_json(parts["proof"]),
        findings=findings_from(json.loads(parts["findings"])),
    )


def keep_variant(key: str, variant: Variant) -> tuple[Finding, ...]:
    """Keep a variant in the cache, with its findings; a warning when that cannot be done."""
    findings = [asdict(found) for found in variant.findings]
    return cache_keep(
        key,
        {
            "pdf": variant.pdf,
            "proof": to_json(variant.proof),
            "findings": json.dumps(findings).encode(),
        },
    )
