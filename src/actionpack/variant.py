"""A variant's key into a `Variant`: content + layout, laid out, checked, and kept in the cache.

1. Pictures are re-encoded for their printed size, addresses fitted to their window.
2. The pages are fitted: laid out and checked, in one form after the other.
3. The pages are written, with the map of what a finished file must hold.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path

from actionpack.compose import (
    Manuscript,
    Photo,
    unknown_variables,
    unsafe_floats,
    write_manuscript,
)
from actionpack.condition import usual_condition
from actionpack.diagnostics import Finding, Place, Rejected, finding, findings_from, has_errors
from actionpack.fitting import FittedPages, fit, pieces_by_page, printed_words, stands_posted
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
    Geometry,
    Layout,
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
from actionpack.preflight import regions
from actionpack.proof import from_json, to_json
from actionpack.render import Typesetter
from actionpack.source import Written
from actionpack.store import Jail, cache_get, cache_keep


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
        fitted = fit(manuscript, typesetter, mounts, images, while_laid_out)
    except Rejected as rejected:
        # What the style sheet asks for in vain is what the layout engine may have failed at.
        if not unfit:
            raise
        told = [one for one in rejected.findings if one.code != "render-failed"]
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


def _proof_map(manuscript: Manuscript, fitted: FittedPages) -> ProofMap:
    action, geometry = manuscript.action, manuscript.geometry
    own = geometry.of_form(fitted.form)
    post = manuscript.key.sender_country
    pieces = pieces_by_page(fitted.sides, tuple(for_the_post(piece, post) for piece in own))
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


def _press_of(manuscript: Manuscript, fitted: FittedPages) -> PressMeant:
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


def _texts_meant(
    manuscript: Manuscript, fitted: FittedPages, pieces: dict[int, Piece]
) -> list[TextMeant]:
    return [
        TextMeant(
            field=meant.field,
            text=meant.text,
            regions=regions(fitted.pages, meant.field),
            posted=stands_posted(meant, fitted.pages, pieces),
        )
        for meant in printed_words(manuscript, fitted.form)
    ]


def _pictures_meant(manuscript: Manuscript, fitted: FittedPages) -> Iterator[PictureMeant]:
    numbers = {photo.src: number for number, photo in enumerate(manuscript.photos, 1)}
    for page, laid in enumerate(fitted.pages, 1):
        for box in laid.boxes:
            if box.src in numbers:
                yield PictureMeant(number=numbers[box.src], page=page, box=box.box)


def _captions(fitted: FittedPages, pieces: dict[int, Piece]) -> list[TextMeant]:
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
    manuscript: Manuscript, fitted: FittedPages, shelf: FontShelf, locale: tuple[Jail, ...]
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
