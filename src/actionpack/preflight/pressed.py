"""What a print shop would send a file back for: colours, ink, boxes, bleed, marks, keys of PDF/X-4.

Every finding names the page and what on it; of one kind there is one a page, with how many more
there are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from actionpack.condition import NO_INK
from actionpack.diagnostics import Finding, Place, Rejected, finding
from actionpack.geometry import Box, Size
from actionpack.images.inks import most_ink
from actionpack.imposition import Imposition, Placed, Side
from actionpack.model import PressMeant, ProofMap, VolumeMap
from actionpack.paper import stocks
from actionpack.pdf import (
    Paint,
    PressFile,
    PressPage,
    cut_apart,
    look_at_marks,
    look_at_paints,
)
from actionpack.piece import Piece
from actionpack.preflight.bound import firsts
from actionpack.preflight.fine import LEAST_LINE_PT, LEAST_TYPE_PT
from actionpack.preflight.found import spotted
from actionpack.preflight.imposed import page_name
from actionpack.preflight.meant import press_of
from actionpack.preflight.shopmarks import check_marks, check_marks_of_sheets
from actionpack.units import pt_to_mm
from actionpack.web_address import counted

BOX_SLACK_MM = 0.01
# What rounding on the way may cost.
_PT_SLACK = 0.01
_INK_SLACK = 0.005
_BLEED_SLACK_MM = 0.05
# A ground that ends so near the edge of the page was meant to reach it.
_NEAR_EDGE_MM = 0.5
# What is left of a box where a clip takes all of it away, mm.
_NOTHING_MM = 0.002
_ALLOWED = ("CMYK", "grey", "pattern")
_REBUILD = "build it again, and change nothing in the file"


def check_press(
    pdf: bytes, name: str, proof: ProofMap | VolumeMap, *, kinds: int | None = None
) -> tuple[Finding, ...]:
    """Find what is wrong with a file for a press; `name` is what findings call it.

    Of a volume the first pack of each of its kinds is looked at, or of the first `kinds`, and what
    the file says of itself.
    """
    parts = tuple(_parts(proof))[:kinds]
    numbers = [first + at for first, one in parts for at in range(len(one.pages))]
    try:
        file = look_at_paints(pdf, numbers)
        marked = {page.number: page for page in look_at_marks(pdf, numbers)}
    except Rejected as rejected:
        return tuple(finding(one.code, one.message, Place(file=name)) for one in rejected.findings)
    pages = {page.number: page for page in file.pages}
    found = list(_as_a_whole(file, parts[0][1], name))
    for first, one in parts:
        for at in range(len(one.pages)):
            page = pages.get(first + at)
            if page is not None and one.press is not None:
                found += _of_page(page, at + 1, one, one.press, name)
                found += check_marks(
                    marked[page.number],
                    dict(one.pieces).get(at + 1),
                    one.press.bleed_mm,
                    Place(file=name, page=page.number),
                )
    return tuple(dict.fromkeys(found))


def check_pressed_sheets(
    pdf: bytes,
    name: str,
    proof: ProofMap | VolumeMap,
    plan: Imposition,
    *,
    kinds: int | None = None,
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Find the same in a file whose pages stand on sheets: on the sheets, and on the pages.

    What is printed is looked at on the sheets, and findings count their sides; whether a page
    bleeds, as it is cut out of the first cell that shows it, and findings count pages.
    """
    parts = tuple(_parts(proof))[:kinds]
    known = {first + at: (at + 1, one) for first, one in parts for at in range(len(one.pages))}
    press = next((one.press for _, one in parts if one.press), None)
    if press is None:
        raise ValueError("these pages are not for a press")
    sides = {
        number: side
        for number, side in enumerate(plan.sides, 1)
        if any(placed.page in known for placed in side.pages)
    }
    try:
        sheets = look_at_paints(pdf, sides, whole=True)
        cut = cut_apart(pdf, plan, only=known.keys(), bleed_mm=press.bleed_mm)
        pages = {page.number: page for page in look_at_paints(cut, known).pages}
    except Rejected as rejected:
        told = (finding(one.code, one.message, Place(file=name)) for one in rejected.findings)
        return tuple(told), ()
    of_sheets = list(_as_a_whole(sheets, parts[0][1], name))
    of_pages: list[Finding] = []
    for sheet in sheets.pages:
        side, place = sides[sheet.number], Place(file=name, page=sheet.number)
        of_sheets += _of_sheet(sheet, side, press, place)
        for placed in side.pages:
            if placed.page in known:
                page = page_name(plan, placed.page)
                of_sheets += _lines_of(sheet, side, placed, *known[placed.page], place, page)
    for number, (at, one) in known.items():
        if number in pages:
            of_pages += _of_cut_page(pages[number], at, one, Place(file=name, page=number))
    return tuple(dict.fromkeys(of_sheets)), tuple(dict.fromkeys(of_pages))


def _of_sheet(sheet: PressPage, side: Side, press: PressMeant, place: Place) -> Iterator[Finding]:
    """What is wrong with a side of a sheet."""
    if sheet.trim is None or sheet.bleed is None:
        lacks = "trim box" if sheet.trim is None else "bleed box"
        yield finding("wrong-boxes", f"the sheet has no {lacks}", place)
    else:
        for box, meant, what in (
            (sheet.trim, side.block, "the trim box is not round the pages"),
            (
                sheet.bleed,
                side.block.inset(-press.bleed_mm),
                f"the bleed box is not {press.bleed_mm:g} mm round the pages",
            ),
        ):
            if not _same(box, meant):
                yield finding("wrong-boxes", f"{what} of the sheet", place)
    own = [paint for paint in sheet.paints if not paint.mark and _shows(paint)]
    yield from _notes(sheet, place)
    yield from _printed(sheet, own, press, place)


def _lines_of(
    sheet: PressPage, side: Side, placed: Placed, at: int, proof: ProofMap, place: Place, name: str
) -> Iterator[Finding]:
    """Find what is wrong with the lines for tools in a cell of the `at`-th page of a pack."""
    piece = dict(proof.pieces).get(at)
    if proof.press is None:
        return
    shown, back = side.shown(placed, proof.press.bleed_mm), placed.to_sheet.inverse()
    lines = [
        replace(paint, box=back.apply_box(paint.box))
        for paint in sheet.paints
        if paint.mark and shown.contains_point(paint.box.centre)
    ]
    wide = min(placed.page_size[0], back.apply_box(shown).width)
    for one in _steps(lines, piece, wide, place):
        yield replace(one, message=f"{name}: {one.message}")


def _of_cut_page(page: PressPage, at: int, proof: ProofMap, place: Place) -> Iterator[Finding]:
    """What is wrong with a page that is cut out of a sheet, the `at`-th of its pack."""
    own = [paint for paint in page.paints if _shows(paint)]
    if page.trim is None or page.bleed is None or proof.press is None:
        raise ValueError("a page that was cut out has all boxes")
    sheet = Box(0, 0, page.trim.width, page.trim.height)
    shown = page.bleed.moved(-page.trim.x, -page.trim.y)
    for edge in dict(proof.press.edges).get(at, ()):
        # Where neighbours are near there is less of it, and none at the fold of a booklet.
        bleed = min(proof.press.bleed_mm, _FAR[edge](shown, sheet))
        if bleed > _BLEED_SLACK_MM:
            yield from _bleed(own, sheet, (edge,), bleed, place)


def _parts(proof: ProofMap | VolumeMap) -> Iterator[tuple[int, ProofMap]]:
    """The packs that are looked at: first page and map."""
    if isinstance(proof, ProofMap):
        yield 1, proof
        return
    for pack in firsts(proof):
        yield pack.first, proof.proofs[pack.proof]


def check_sheet_marks(
    pdf: bytes,
    name: str,
    proof: ProofMap | VolumeMap,
    plan: Imposition,
    *,
    shown: Collection[int] | None = None,
) -> tuple[Finding, ...]:
    """Find what is wrong with the marks of sheets, of which each has its own.

    `shown`: only those sheets are looked at that show some of these pages. Findings count sides.
    """
    step = 2 if plan.duplex else 1
    numbers = [
        first * step + at + 1
        for first, sheet in enumerate(plan.sheets)
        if shown is None or any(placed.page in shown for side in sheet for placed in side.pages)
        for at in range(step)
    ]
    press = press_of(proof)
    if press is None:
        raise ValueError("these pages are not for a press")
    try:
        marked = look_at_marks(pdf, numbers)
    except Rejected as rejected:
        return tuple(finding(one.code, one.message, Place(file=name)) for one in rejected.findings)
    pieces = _pieces(proof).get
    return tuple(check_marks_of_sheets(marked, plan, pieces, press.bleed_mm, name))


def _pieces(proof: ProofMap | VolumeMap) -> dict[int, Piece]:
    """The piece of each page of a file that has one."""
    packs = (
        [(1, proof)]
        if isinstance(proof, ProofMap)
        else [(pack.first, proof.proofs[pack.proof]) for pack in proof.packs]
    )
    return {first + at - 1: piece for first, one in packs for at, piece in one.pieces}


# ---------------------------------------------------------------------------------------- the file


def _as_a_whole(file: PressFile, proof: ProofMap, name: str) -> Iterator[Finding]:
    place = Place(file=name)
    wanted = proof.press.condition if proof.press else ""
    named = dict(file.conditions).get("/GTS_PDFX")
    if not named:
        told = f"'{name}' does not say which printing condition its inks are for"
        yield finding("missing-output-intent", told, place)
    elif named != wanted:
        told = f"the inks of '{name}' are for '{named}', and not for '{wanted}'"
        yield finding("missing-output-intent", told, place)
    if file.version != "PDF/X-4":
        said = f"it says '{file.version}'" if file.version else "it says nothing of it"
        yield finding("not-for-press", f"'{name}' is no PDF/X-4: {said}", place)
    if file.trapped not in ("True", "False"):
        told = f"'{name}' does not say whether its plates are trapped"
        yield finding("not-for-press", told, place)
    if file.scripts:
        told = f"'{name}' holds programs, forms or files, which a press must not meet"
        yield finding("not-for-press", told, place)


# ---------------------------------------------------------------------------------------- its pages


def _of_page(
    page: PressPage, at: int, proof: ProofMap, press: PressMeant, name: str
) -> Iterator[Finding]:
    """What is wrong with a page, the `at`-th of its pack."""
    place = Place(file=name, page=page.number)
    piece = dict(proof.pieces).get(at)
    own = [paint for paint in page.paints if not paint.mark and _shows(paint)]
    yield from _notes(page, place)
    yield from _boxes(page, piece.sheet if piece else stocks()[proof.paper].size, press, place)
    yield from _printed(page, own, press, place)
    edges = dict(press.edges).get(at, ())
    if page.trim is not None:
        sheet = Box(0, 0, page.trim.width, page.trim.height)
        yield from _bleed(own, sheet, edges, press.bleed_mm, place)
    lines = [paint for paint in page.paints if paint.mark]
    yield from _steps(lines, piece, piece.sheet.width if piece else 0.0, place)


def _notes(page: PressPage, place: Place) -> Iterator[Finding]:
    if page.notes:
        kinds = ", ".join(f"'{kind}'" for kind in dict.fromkeys(page.notes))
        told = f"the page carries notes or links: {kinds}"
        yield finding("not-for-press", told, place, cure=_REBUILD)


def _printed(
    page: PressPage, own: Sequence[Paint], press: PressMeant, place: Place
) -> Iterator[Finding]:
    """What is wrong with what a page prints, but for the marks."""
    yield from _colours(page, own, place)
    yield from _ink(own, press.most_ink, place)
    yield from _lines(own, place)
    yield from _letters(own, place)
    yield from _white(own, place)


def _shows(paint: Paint) -> bool:
    return min(paint.box.width, paint.box.height) > _NOTHING_MM


def _boxes(page: PressPage, sheet: Size, press: PressMeant, place: Place) -> Iterator[Finding]:
    if page.trim is None or page.bleed is None:
        lacks = "trim box" if page.trim is None else "bleed box"
        yield finding("wrong-boxes", f"the page has no {lacks}", place)
        return
    trim = page.trim
    if max(abs(trim.width - sheet.width), abs(trim.height - sheet.height)) > BOX_SLACK_MM:
        yield finding(
            "wrong-boxes",
            f"the trim box is {trim.width:.2f} × {trim.height:.2f} mm, and the page is "
            f"{sheet.width:.2f} × {sheet.height:.2f} mm",
            place,
        )
    meant = trim.inset(-press.bleed_mm)
    if not _same(page.bleed, meant):
        yield finding(
            "wrong-boxes",
            f"the bleed box is {page.bleed.width:.2f} × {page.bleed.height:.2f} mm, which is not "
            f"{press.bleed_mm:g} mm round the trim box",
            place,
        )
    if not page.media.contains(page.bleed, slack=BOX_SLACK_MM):
        yield finding("wrong-boxes", "the bleed box reaches beyond the media box", place)


def _same(one: Box, other: Box) -> bool:
    pairs = zip(
        (one.left, one.top, one.right, one.bottom),
        (other.left, other.top, other.right, other.bottom),
        strict=True,
    )
    return all(abs(a - b) <= BOX_SLACK_MM for a, b in pairs)


def _colours(page: PressPage, paints: Sequence[Paint], place: Place) -> Iterator[Finding]:
    """Find what is painted in other colours than inks, or could be."""
    wrong = [paint for paint in paints if paint.space not in _ALLOWED]
    by_space: dict[str, list[Paint]] = {}
    for paint in wrong:
        by_space.setdefault(paint.space, []).append(paint)
    for space, some in by_space.items():
        told = f"{_named(some)} in {space}, and a press prints inks"
        yield spotted(
            "wrong-colours", told, place, some[0].box, others=tuple(p.box for p in some[1:])
        )
    strange = {one for one in page.spaces if one not in _ALLOWED and not one.startswith("spot ")}
    for space in sorted(strange - set(by_space)):
        told = f"the page holds something in {space}, and a press prints inks"
        yield finding("wrong-colours", told, place)


def _ink(paints: Sequence[Paint], most: float, place: Place) -> Iterator[Finding]:
    heavy, grounds = [], list[Paint]()
    for paint in paints:
        ink = _ink_of(paint, grounds)
        if ink > most + _INK_SLACK:
            heavy.append((ink, paint))
        if paint.kind in ("fill", "image"):
            grounds.append(paint)
    if heavy:
        ink, paint = max(heavy, key=lambda one: one[0])
        yield spotted(
            "too-much-ink",
            f"{_named([p for _, p in heavy])} with up to {ink:.0%} ink, and the paper takes "
            f"{most:.0%}",
            place,
            paint.box,
        )


def _ink_of(paint: Paint, grounds: Sequence[Paint]) -> float:
    """How much ink lies where something is painted on grounds, 1 being one solid."""
    if paint.picture is not None:
        try:
            return most_ink(paint.picture)
        except (OSError, ValueError):
            # A picture that cannot be read is told of where pictures are looked at.
            return 0.0
    if paint.ink is None:
        return 0.0
    if not paint.over:
        return sum(paint.ink)
    ground = next((one for one in reversed(grounds) if one.box.contains(paint.box)), None)
    if ground is None:
        return sum(paint.ink)
    if ground.picture is not None:
        return most_ink(ground.picture, but_black=True) + paint.ink[3]
    return sum(max(pair) for pair in zip(ground.ink or paint.ink, paint.ink, strict=True))


def _lines(paints: Sequence[Paint], place: Place) -> Iterator[Finding]:
    thin = []
    for paint in paints:
        wide = paint.pt if paint.kind == "stroke" else _thickness(paint)
        if wide is not None and wide < LEAST_LINE_PT - _PT_SLACK:
            thin.append((wide, paint))
    if thin:
        wide, paint = min(thin, key=lambda one: one[0])
        told = f"{_named([p for _, p in thin], 'line')} {wide:.2f} pt wide, which may not print"
        yield spotted("hairline", told, place, paint.box, others=tuple(p.box for _, p in thin))


def _thickness(paint: Paint) -> float | None:
    """How thick a line is that is painted as a surface, pt; None: it is no line."""
    if paint.kind != "fill" or not paint.ink or not any(paint.ink):
        return None
    return min(paint.box.width, paint.box.height) / pt_to_mm(1)


def _letters(paints: Sequence[Paint], place: Place) -> Iterator[Finding]:
    small = [one for one in paints if one.kind == "text" and one.pt < LEAST_TYPE_PT - _PT_SLACK]
    if small:
        least = min(one.pt for one in small)
        told = f"{_named(small)} of {least:.1f} pt, which a press prints badly"
        yield spotted("tiny-text", told, place, small[0].box)


def _white(paints: Sequence[Paint], place: Place) -> Iterator[Finding]:
    gone = [one for one in paints if one.over and one.space == "CMYK" and one.ink == NO_INK]
    if gone:
        told = f"{_named(gone)} in white that overprints, which is to say not at all"
        yield spotted("white-overprint", told, place, gone[0].box)


_FAR: dict[str, Callable[[Box, Box], float]] = {
    "left": lambda box, sheet: sheet.left - box.left,
    "top": lambda box, sheet: sheet.top - box.top,
    "right": lambda box, sheet: box.right - sheet.right,
    "bottom": lambda box, sheet: box.bottom - sheet.bottom,
}


def _bleed(
    paints: Iterable[Paint], sheet: Box, edges: Iterable[str], bleed_mm: float, place: Place
) -> Iterator[Finding]:
    """Find what should run off the page and ends too near its edge, or does not reach it at all."""
    grounds = [
        one
        for one in paints
        if one.kind in ("fill", "image", "shading") and (one.ink is None or any(one.ink))
    ]
    for edge in edges:
        beyond = [(_FAR[edge](one.box, sheet), one) for one in grounds]
        reaching = [(far, one) for far, one in beyond if far > -_NEAR_EDGE_MM]
        short = [(far, one) for far, one in reaching if far < bleed_mm - _BLEED_SLACK_MM]
        if short:
            far, one = min(short, key=lambda pair: pair[0])
            told = f"{_named([one])} that runs {max(far, 0):.1f} mm off the {edge} edge of the page"
            cure = f"let it run {bleed_mm:g} mm off: var(--edge) is how far from the edge it ends"
            yield spotted("short-bleed", told, place, one.box, cure=cure)
        elif not reaching:
            told = f"nothing runs off the {edge} edge of the page, where the layout says it bleeds"
            cure = f"let something reach it with var(--edge), or take '{edge}' out of 'bleeds'"
            yield finding("short-bleed", told, place, cure=cure)


def _steps(
    marks: Sequence[Paint], piece: Piece | None, wide: float, place: Place
) -> Iterator[Finding]:
    """Find cuts and folds that the shop's tools are not told of, and such as there are none.

    `wide` is what shows of a page. The fold of a booklet runs along it, and is no line of the page.
    """
    cuts, folds = (piece.cuts, piece.folds) if piece else ((), ())
    for step, lines in (("Perforation", cuts), ("Fold", folds)):
        drawn = [
            (one.box.centre.y, one)
            for one in marks
            if one.space == f"spot {step}" and one.box.width > one.box.height
        ]
        there = [at for at, one in drawn if one.box.width >= wide - BOX_SLACK_MM]
        for line in lines:
            if not any(abs(at - line.at) <= _BLEED_SLACK_MM for at in there):
                told = f"no line of '{step}' for the {line.name}"
                yield finding("wrong-boxes", f"the page has {told} at {line.at:g} mm", place)
        for at, one in drawn:
            told = f"the line of '{step}' at {at:.1f} mm"
            if not any(abs(at - line.at) <= _BLEED_SLACK_MM for line in lines):
                yield finding("wrong-marks", f"{told} is where none should be", place)
            if not one.over:
                yield finding("wrong-marks", f"{told} takes the ink off that is under it", place)


_KINDS = {
    "text": "text",
    "fill": "drawing",
    "stroke": "line",
    "image": "picture",
    "shading": "gradient",
}


def _named(paints: Sequence[Paint], kind: str = "") -> str:
    """What is wrong in words: the first of it, and how many more."""
    word = kind or _KINDS[paints[0].kind]
    first = "there is text" if word == "text" else f"there is a {word}"
    more = len(paints) - 1
    return f"{first} (and {counted(more, 'other thing')})" if more else first
