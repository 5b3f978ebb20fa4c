"""Pages as a picture, with the zones that count on them and what is wrong outlined and numbered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from actionpack.diagnostics import Finding
from actionpack.geometry import Box, Size
from actionpack.images import DrawnPage, Outline, as_png, page_px, side_by_side
from actionpack.imposition import Imposition, Placed
from actionpack.model import ProofMap, VolumeMap, WindowMeant
from actionpack.piece import Piece, always_visible, ever_exposed
from actionpack.preflight.bound import firsts
from actionpack.preflight.finished import Map, map_inside, nonsense
from actionpack.preflight.folded import fold_for
from actionpack.preflight.found import boxes_of
from actionpack.preflight.imposed import side_name
from actionpack.preflight.ink import strips
from actionpack.preflight.meant import by_page, is_for_press
from actionpack.preflight.proving import for_window
from actionpack.preflight.reader import File, Page
from actionpack.preflight.ruled import areas_of
from actionpack.preflight.seen import Step
from actionpack.preflight.stranger import USUAL_SAFE_MM, Asked
from actionpack.preflight.window import on_the_front
from actionpack.store import read_file, shipped_folder
from actionpack.units import MM_PER_INCH

# More pages than this are thumbs without a face.
MOST_DRAWN = 60
_FONT = "NotoSans-Regular.ttf"
# How wide a line is that is drawn as a box, mm.
_HAIR_MM = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class _Style:
    """How a kind of zone is drawn, and what it means."""

    means: str
    colour: tuple[int, int, int]
    dashes: tuple[int, ...]
    width: int = 2


_STYLES = {
    "area": _Style(means="may carry ink", colour=(30, 90, 160), dashes=(3, 5)),
    "cell": _Style(means="page", colour=(0, 0, 0), dashes=(1, 4)),
    "panel": _Style(means="panel", colour=(120, 120, 120), dashes=(2, 6), width=1),
    "visible": _Style(means="the window always shows", colour=(0, 110, 60), dashes=(18, 6)),
    "exposed": _Style(means="the window can show", colour=(180, 100, 0), dashes=(8, 8)),
    "clear": _Style(means="the post keeps free", colour=(150, 40, 90), dashes=(4, 4)),
    "reading": _Style(
        means="the post reads the address", colour=(0, 90, 120), dashes=(14, 4, 3, 4)
    ),
    "bleed": _Style(means="runs off the page", colour=(0, 120, 120), dashes=(), width=8),
    "code": _Style(means="a code and its empty margin", colour=(90, 90, 20), dashes=(6, 3, 2, 3)),
    "fold": _Style(means="fold", colour=(110, 60, 140), dashes=(16, 6, 3, 6)),
    "cut": _Style(means="tear", colour=(60, 60, 60), dashes=(10, 10)),
    "wrong": _Style(means="wrong, see the number", colour=(190, 0, 0), dashes=(), width=4),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Zone:
    kind: str
    box: Box
    label: str = ""


def draw(
    pdf: bytes, steps: Sequence[Step], asked: Asked, out_of_time: Callable[[], bool]
) -> bytes | None:
    """Draw a file's pages with zones and findings (PNG); None where there is no time for one."""
    findings = [one for step in steps for one in step.findings]
    numbers = {one: at for at, one in enumerate(_placed(findings), 1)}
    looked = [step.looked for step in steps if step.looked is not None]
    if not looked:
        return None
    sound, plan = _sound_map(pdf)
    if sound is not None and plan is not None:
        return _draw_sheets(pdf, sound, plan, findings, numbers, asked, out_of_time)
    parts = _parts(sound, looked)
    drawn: list[DrawnPage] = []
    kinds: dict[str, None] = {}
    with File(pdf) as file:
        file.trimmed = is_for_press(sound)
        pages = [(part, number) for part in parts for number in part.pages][:MOST_DRAWN]
        _, wide = page_px(len(pages))
        for part, number in pages:
            if out_of_time():
                break
            own = file.part(part.first, file.page_count)
            with own.page(number - part.first + 1, whole=asked.rule is not None) as page:
                proof = part.proof and for_window(part.proof, asked)
                zones = [zone for zone in _zones(page, asked, proof) if not zone.box.is_empty]
                wrong = _wrong(number, numbers)
                kinds |= dict.fromkeys(zone.kind for zone in zones)
                kinds |= {"wrong": None} if wrong else {}
                caption = f"page {number} of {file.page_count}{_piece_named(part, number)}"
                drawn.append(_drawn(page, wide, zones, wrong, caption))
    if not drawn:
        return None
    legend = _legend(findings, numbers)
    if len(drawn) < file.page_count:
        legend.insert(0, _left_out(sound, len(drawn), file.page_count))
    return side_by_side(drawn, key=[_example(kind) for kind in kinds], legend=legend, font=_font())


def _legend(findings: Sequence[Finding], numbers: Mapping[Finding, int]) -> list[str]:
    """What is wrong, with the numbers that the picture has where it is on a page."""
    legend = [_told(one) for one in dict.fromkeys(findings) if one.is_error and not one.place.page]
    return legend + [f"{at}: {_told(one)}" for one, at in numbers.items()]


def _draw_sheets(
    pdf: bytes,
    sound: Map,
    plan: Imposition,
    findings: Sequence[Finding],
    numbers: Mapping[Finding, int],
    asked: Asked,
    out_of_time: Callable[[], bool],
) -> bytes | None:
    """Draw the sheets of a file as they come from the printer, with the zones of their pages."""
    drawn: list[DrawnPage] = []
    kinds: dict[str, None] = {}
    with File(pdf) as file:
        count = min(file.page_count, len(plan.sides), MOST_DRAWN)
        _, wide = page_px(count)
        for number, side in enumerate(plan.sides[:count], 1):
            if out_of_time():
                break
            with file.page(number) as page:
                area = _Zone(kind="area", box=page.sheet.inset(plan.margin_mm))
                inner = (zone for p in side.pages for zone in _on_side(p, sound, asked))
                zones = [zone for zone in (area, *inner) if not zone.box.is_empty]
                wrong = _wrong(number, numbers)
                kinds |= dict.fromkeys(zone.kind for zone in zones)
                kinds |= {"wrong": None} if wrong else {}
                drawn.append(_drawn(page, wide, zones, wrong, side_name(plan, number)))
    if not drawn:
        return None
    legend = _legend(findings, numbers)
    if len(drawn) < file.page_count:
        legend.insert(0, f"the first {len(drawn)} of {file.page_count} sides are drawn")
    return side_by_side(drawn, key=[_example(kind) for kind in kinds], legend=legend, font=_font())


def _on_side(placed: Placed, sound: Map, asked: Asked) -> Iterator[_Zone]:
    """A cell, and the zones of the page in it, on the side of the sheet."""
    yield _Zone(kind="cell", box=placed.cell)
    at, proof = _own(sound, placed.page)
    if proof is None:
        return
    proof = for_window(proof, asked)
    for zone in _of_page(at, Box(0, 0, *placed.page_size), proof):
        yield replace(zone, box=placed.to_sheet.apply_box(zone.box))


def _own(sound: Map, page: int | None) -> tuple[int, ProofMap | None]:
    """The map that holds for a page, and the page's number in it."""
    if page is None or isinstance(sound, ProofMap):
        return page or 0, sound if page and isinstance(sound, ProofMap) else None
    pack = max(
        (one for one in sound.packs if one.first <= page), key=lambda one: one.first, default=None
    )
    return (0, None) if pack is None else (page - pack.first + 1, sound.proofs[pack.proof])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Pages that are drawn, by their numbers, and the map that holds for them from `first` on."""

    first: int
    proof: ProofMap | None
    pages: tuple[int, ...]


def _parts(sound: Map | None, looked: Sequence[int]) -> tuple[_Part, ...]:
    """What is drawn of a file: of a volume the first pack of each kind, else all of it."""
    if not isinstance(sound, VolumeMap):
        return (_Part(first=1, proof=sound, pages=tuple(looked)),)
    there = set(looked)
    return tuple(
        _Part(first=pack.first, proof=proof, pages=tuple(n for n in numbers if n in there))
        for pack in firsts(sound)
        for proof in (sound.proofs[pack.proof],)
        for numbers in (range(pack.first, pack.first + len(proof.pages)),)
    )


def _left_out(sound: Map | None, drawn: int, count: int) -> str:
    """Say that not all pages are drawn, and which are."""
    if isinstance(sound, VolumeMap):
        return (
            f"of {len(sound.packs)} packs the first of each kind is drawn: {drawn} of {count} pages"
        )
    return f"the first {drawn} of {count} pages are drawn"


def _wrong(page: int, numbers: Mapping[Finding, int]) -> list[tuple[str, Box]]:
    """The boxes of what is wrong on a page, each with the numbers of all that is wrong there."""
    tags: dict[Box, list[str]] = {}
    for found, at in numbers.items():
        for box in boxes_of(found) if found.place.page == page else ():
            tags.setdefault(box, []).append(str(at))
    return [(" ".join(tag), box) for box, tag in tags.items()]


def draw_plain(pdf: bytes) -> bytes:
    """Draw a finished pack's pages as they will print, in colour (PNG)."""
    drawn = _as_printed(pdf, lambda count: page_px(count)[1])
    return side_by_side(drawn, key=(), legend=(), font=_font())


def draw_poster(pdf: bytes, wide: int) -> bytes:
    """Draw a drawing's first page `wide` px across, with nothing round it but a ground (PNG)."""
    first = _as_printed(pdf, lambda _: wide)[0]
    return side_by_side([replace(first, caption="")], key=(), legend=(), font=_font())


@dataclass(frozen=True, slots=True, kw_only=True)
class Thumb:
    """A page drawn small (PNG), and how large it is meant to be shown, mm."""

    png: bytes
    size: Size


def thumbs(pdf: bytes, wide_mm: float, high_mm: float, dpi: float) -> tuple[list[Thumb], int]:
    """The first pages of a file of ours, each within a width and a height, and how many it has."""
    import pypdfium2

    drawn = []
    with pypdfium2.PdfDocument(pdf) as document:
        count = len(document)
        for at in range(min(count, MOST_DRAWN)):
            across, down = document[at].get_size()
            shrunk = min(wide_mm / across, high_mm / down)
            size = Size(across * shrunk, down * shrunk)
            page = _in_colour(document[at], round(size.width / MM_PER_INCH * dpi), "")
            drawn.append(Thumb(png=as_png(page), size=size))
    return drawn, count


def _as_printed(pdf: bytes, width_of: Callable[[int], int]) -> list[DrawnPage]:
    """The pages of a file of ours as a printer paints them; `width_of` so many pages, px."""
    # Imported here for the same reason as in `reader`.
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        count = len(document)
        wide = width_of(min(count, MOST_DRAWN))
        return [
            _in_colour(document[at], wide, f"page {at + 1} of {count}")
            for at in range(min(count, MOST_DRAWN))
        ]


def _in_colour(page: Any, wide: int, caption: str) -> DrawnPage:
    across, down = page.get_size()
    bitmap = page.render(
        scale=_scale(wide, across, down), optimize_mode="print", rev_byteorder=True
    )
    return DrawnPage(
        # Packed: a row holds its pixels and nothing else.
        pixels=bytes(bitmap.buffer),
        width=bitmap.width,
        height=bitmap.height,
        coloured=True,
        caption=caption,
    )


def _scale(wide: int, across: float, down: float) -> float:
    """How large to draw a page: `wide` px across, and half as much again in height at most."""
    return min(wide / across, 1.5 * wide / down)


def _font() -> bytes:
    path = shipped_folder() / "assets" / "fonts" / _FONT
    return read_file(path, label=_FONT)


def _placed(findings: Sequence[Finding]) -> Iterator[Finding]:
    """What is wrong on some page: errors first, then by page."""
    once = dict.fromkeys(one for one in findings if one.place.page is not None)
    yield from sorted(once, key=lambda one: (not one.is_error, one.place.page or 0))


def _told(found: Finding) -> str:
    where = f"page {found.place.page}, " if found.place.page else ""
    return f"{where}{found.severity}: {found.message}; {found.cure}"


def _sound_map(pdf: bytes) -> tuple[Map | None, Imposition | None]:
    # A map that cannot be read is a finding already, and there is nothing to draw of it.
    with suppress(ValueError):
        proof, plan = map_inside(pdf)
        if proof is not None and not nonsense(proof, plan):
            return proof, plan
    return None, None


# --------------------------------------------------------------------------------------- zones


def _zones(page: Page, asked: Asked, proof: ProofMap | None) -> Iterator[_Zone]:
    if proof is not None:
        yield from _of_page(page.number, page.sheet, proof)
    if asked.rule is not None:
        for area in areas_of(page.number, asked.rule, page.size):
            yield _Zone(kind="area", box=area.box)
        return
    yield _Zone(kind="area", box=page.sheet.inset(proof.safe_mm if proof else USUAL_SAFE_MM))
    if asked.window is not None and proof is None and page.number == 1:
        folded = fold_for(page.size, asked.window)
        if folded is not None:
            for fold in folded.piece.folds:
                yield _Zone(kind="fold", box=_across(page.sheet, fold.at))
            yield from _of_window(folded.piece, folded.meant)


def _of_page(number: int, sheet: Box, proof: ProofMap) -> Iterator[_Zone]:
    """What counts on a page of a pack, and what goes through it from its other side."""
    meant = by_page(proof)[number - 1]
    for panel in meant.piece.panels if meant.piece else ():
        yield _Zone(kind="panel", box=panel.box)
    for zone in meant.piece.clear if meant.piece else ():
        yield _Zone(kind="clear", box=zone.box, label=zone.name)
    for zone in meant.piece.reading if meant.piece else ():
        yield _Zone(kind="reading", box=zone.box, label=zone.name)
    for code in meant.codes:
        yield _Zone(kind="code", box=code.box)
    for cut in meant.cuts:
        yield _Zone(kind="cut", box=_across(sheet, cut.at))
    for fold in meant.folds:
        yield _Zone(kind="fold", box=_across(sheet, fold.at))
    for edge in dict(proof.press.edges).get(number, ()) if proof.press else ():
        yield _Zone(kind="bleed", box=strips(sheet, _HAIR_MM)[edge])
    if meant.piece:
        yield from _of_window(meant.piece, proof.window)


def _piece_named(part: _Part, number: int) -> str:
    """Which piece a page is, as its layout calls it; '' where that is not known."""
    piece = dict(part.proof.pieces).get(number - part.first + 1) if part.proof else None
    return f": {piece.name}" if piece else ""


def _of_window(piece: Piece, window: WindowMeant) -> Iterator[_Zone]:
    if piece.posted_strip is None or window.hole is None:
        return
    exposed = on_the_front(ever_exposed(piece, window.envelope, window.hole), piece)
    yield _Zone(kind="exposed", box=exposed)
    yield _Zone(kind="visible", box=always_visible(piece, window.envelope, window.hole))


def _across(sheet: Box, at: float) -> Box:
    """A line right across a sheet, as a box that is hardly one."""
    return Box(0, at, sheet.width, _HAIR_MM)


def _drawn(
    page: Page,
    wide: int,
    zones: Sequence[_Zone],
    wrong: Sequence[tuple[str, Box]],
    caption: str,
) -> DrawnPage:
    per_mm = _scale(wide, page.size.width, page.size.height)
    picture = page.picture(page.sheet, per_mm * MM_PER_INCH)
    if picture is None:
        width, height = max(1, round(page.size.width * per_mm)), 1
        grey = b"\xff" * width
    else:
        width, height, grey = picture.width, picture.height, picture.grey
    return DrawnPage(
        pixels=grey,
        width=width,
        height=height,
        caption=caption,
        outlines=(
            *(_outline(zone.kind, zone.box, per_mm, label=zone.label) for zone in zones),
            *(_outline("wrong", box.inset(-0.5), per_mm, tag=tag) for tag, box in wrong),
        ),
    )


def _outline(kind: str, box: Box, per_mm: float, *, tag: str = "", label: str = "") -> Outline:
    style = _STYLES[kind]
    return Outline(
        left=box.left * per_mm,
        top=box.top * per_mm,
        right=box.right * per_mm,
        bottom=box.bottom * per_mm,
        colour=style.colour,
        dashes=style.dashes,
        width=style.width,
        tag=tag,
        label=label,
    )


def _example(kind: str) -> Outline:
    style = _STYLES[kind]
    return Outline(
        left=0,
        top=0,
        right=0,
        bottom=0,
        colour=style.colour,
        dashes=style.dashes,
        width=style.width,
        tag=style.means,
    )
