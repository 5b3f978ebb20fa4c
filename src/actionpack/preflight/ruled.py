"""Does a letter keep the rules of a service that prints and posts it (`postal.LetterRule`).

The service looks at pixels: it paints white over what may be printed, and refuses what is left. So
does this; boxes of marks then say what it is and where to move it. Numbers are millimetres.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from actionpack.diagnostics import Finding, Place, finding
from actionpack.geometry import Box, Size, union_all
from actionpack.paper import sheets
from actionpack.postal import LetterRule
from actionpack.preflight.addresses import Row, columns, rows_in
from actionpack.preflight.found import spotted
from actionpack.preflight.ink import named
from actionpack.preflight.painted import WHITE, Mark, Picture
from actionpack.preflight.reader import Page
from actionpack.preflight.sheetnames import size_told
from actionpack.preflight.uk import check_uk_address, in_file_order
from actionpack.preflight.window import move_told, shortest_move

# The resolution at which the service looks (pdf2image's own).
_DPI = 200
_COARSE_DPI = 100
# The service looks for the address this far round its block.
_ROUND_MM = 3.0
# What it writes into the corner of the first page, in white, to tell letters apart, and where; on
# any other page that is taken for the start of another letter.
TAG = "NOTIFY"
_TAG_BOX = Box(0, 0, 15.191, 6.149)
# Ink with less white between than this is one thing.
_APART_MM = 1.0
# Text of two greys at most is none: so much may a block differ that is filled with one colour.
_FLAT = 3
# Only pure white is nothing to the service.
_PURE = 255
_DARK = bytes(1 if grey < _PURE else 0 for grey in range(256))
# No more of one kind of note are outlined.
_MOST_BOXES = 100
# Words of a line that stand farther apart, in sizes of their type, may be read as two lines.
_WIDEST_GAP = 1.0


def wrong_paper(size: Size, turned: int, rule: LetterRule, place: Place) -> tuple[Finding, ...]:
    """Find a page that is not the rule's paper, upright as it is shown."""
    paper = sheets()[rule.paper]
    sides = (size.width - paper.size.width, size.height - paper.size.height)
    if all(abs(off) <= rule.paper_tolerance for off in sides):
        return ()
    lies = size.width > size.height
    told = f"the page is {size_told(size)}"
    if turned % 180:
        told += f", turned by {turned} degrees"
    return (
        finding(
            "page-size",
            f"{told}, and '{rule.name}' wants {paper.title} upright",
            place,
            cure="turn it upright"
            if lies and _is_turned(size, paper.size, rule)
            else f"make it {paper.size.width:g} × {paper.size.height:g} mm",
        ),
    )


def _is_turned(size: Size, paper: Size, rule: LetterRule) -> bool:
    return (
        abs(size.height - paper.width) <= rule.paper_tolerance
        and abs(size.width - paper.height) <= rule.paper_tolerance
    )


def too_many_pages(count: int, rule: LetterRule, place: Place) -> tuple[Finding, ...]:
    """Find a letter of more pages than the service takes."""
    if count <= rule.most_pages:
        return ()
    told = f"the letter has {count} pages, and '{rule.name}' takes {rule.most_pages}"
    over = count - rule.most_pages
    cure = f"take off {over} page{'' if over == 1 else 's'}, or send two letters"
    return (finding("too-many-pages", told, place, cure=cure),)


# ------------------------------------------------------------------------------ printable area


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A box that may carry ink."""

    name: str
    box: Box


def areas_of(number: int, rule: LetterRule, sheet: Size) -> tuple[Area, ...]:
    """Where ink may stand on a page, counted from 1."""
    if number > 1:
        return (Area(name="printable area", box=rule.body(sheet)),)
    named_areas = (Area(name=name, box=box) for name, box in rule.areas)
    return (Area(name="address", box=rule.address), *named_areas)


def outside_areas(
    page: Page, inked: Sequence[Mark], rule: LetterRule, place: Place
) -> Iterator[Finding]:
    """Find ink on a page that stands in none of the areas, with how far to move it."""
    areas = areas_of(page.number, rule, page.size)
    picture = page.picture(page.sheet, _DPI, notes="none")
    if picture is None:
        return  # which a page of the rule's paper never is
    stray = _stray(picture, [area.box for area in areas], rule.tolerance)
    # The service lays its areas over a page before it is turned: what it lets pass there is right.
    if not stray or (
        page.turned and not _stray(picture, [_turned(a.box, page) for a in areas], rule.tolerance)
    ):
        return
    things = _things(stray, inked)
    name, box = max(things, key=lambda thing: _distance(thing[1], areas))
    area = min(areas, key=lambda area: _beyond(box, area.box))
    more = len(things) - 1
    pale = min(map(picture.darkest, stray)) >= WHITE
    yield spotted(
        "outside-printable-area",
        f"{name} stands {box.left:.1f} mm from the left and {box.top:.1f} from the top, up to "
        f"{_distance(box, areas):.1f} mm outside what '{rule.name}' prints on this page"
        + (f"; so do {more} more things" if more > 1 else "; so does 1 more" if more else "")
        + ("; it is so pale that it is hardly seen, and only pure white is taken" * pale),
        place,
        box,
        others=tuple(one for _, one in things if one != box),
        cure=_way_in(box, area),
    )


def _turned(box: Box, page: Page) -> Box:
    """Where a box of a page that is not turned lies on the page as it is shown.

    A box is measured from the top left of upright paper, whatever the page's own shape is: so does
    the service, which counts 297 mm up from the foot.
    """
    upright = sorted((page.size.width, page.size.height))[1]
    # From the page's own foot, which is where PDFs count from (ISO 32000-1, 8.3.2.3).
    left, low, right, high = box.left, upright - box.bottom, box.right, upright - box.top
    width, height = page.size.width, page.size.height
    corners = {
        90: (low, left, high, right),
        180: (width - right, low, width - left, high),
        270: (width - high, height - right, width - low, height - left),
    }
    return Box.between(*corners.get(page.turned, (left, height - high, right, height - low)))


def _stray(picture: Picture, allowed: Sequence[Box], tolerance: float) -> list[Box]:
    """The boxes round what is darker than paper and in none of some boxes."""
    per_mm = picture.per_mm
    holes = [
        (
            int((box.left - tolerance) * per_mm),
            int((box.top - tolerance) * per_mm),
            int((box.right + tolerance) * per_mm) + 1,
            int((box.bottom + tolerance) * per_mm) + 1,
        )
        for box in allowed
    ]
    found: list[list[int]] = []  # left, top, right, bottom, in pixels
    near = max(1, round(_APART_MM * per_mm))
    for y in range(picture.height):
        at = 0
        across = sorted((left, right) for left, top, right, bottom in holes if top <= y < bottom)
        for start, end in (*across, (picture.width, picture.width)):
            row = picture.row(y, at, start) if start > at else b""
            if row and min(row) < _PURE:
                dark = row.translate(_DARK)
                _add(found, at + dark.find(1), at + dark.rfind(1) + 1, y, near)
            at = max(at, end)
    return [
        Box.between(left / per_mm, top / per_mm, right / per_mm, bottom / per_mm)
        for left, top, right, bottom in found
    ]


def notes_on(page: Page, rule: LetterRule, place: Place) -> Iterator[Finding]:
    """Find notes, stamps and framed links.

    The service paints its white under them, so that it finds them outside wherever they stand.
    """
    frames = [note.box for note in page.notes if note.kind == "link" and note.framed]
    if frames:
        yield _note("a frame round a link", frames, rule, place)
    boxes = [note.box for note in page.notes if note.kind == "note"]
    if not boxes:
        return
    bare, seen = (page.picture(page.sheet, _DPI, notes=notes) for notes in ("none", "seen"))
    if bare is not None and seen is not None and bare.grey != seen.grey:
        yield _note("a note, a stamp or a mark of a reader", boxes, rule, place)


def _note(what: str, boxes: Sequence[Box], rule: LetterRule, place: Place) -> Finding:
    return spotted(
        "outside-printable-area",
        f"{what} stands on the page, and '{rule.name}' takes none, wherever it stands",
        place,
        boxes[0],
        others=tuple(boxes[1:_MOST_BOXES]),
        cure="take it off, or print the letter to a new PDF, of which it is then a part",
    )


def _add(found: list[list[int]], left: int, right: int, y: int, near: int) -> None:
    for one in reversed(found):
        if y - one[3] <= near and left <= one[2] + near and right >= one[0] - near:
            one[0], one[2], one[3] = min(one[0], left), max(one[2], right), y + 1
            return
    found.append([left, y, right, y + 1])


def _things(stray: Sequence[Box], inked: Sequence[Mark]) -> list[tuple[str, Box]]:
    """What stands where ink is astray, each thing once, by its name and its box."""
    things: dict[tuple[str, Box], None] = {}
    for spot in stray:
        over = [mark for mark in inked if mark.shown.overlaps(spot.inset(-0.2))]
        if over:
            mark = min(over, key=lambda m: (m.kind != "text", m.shown.width * m.shown.height))
            things[named(mark), mark.shown] = None
        else:
            things["something", spot] = None
    return list(things)


def _beyond(box: Box, area: Box) -> float:
    """How far a box reaches out of another, on the side where it does most."""
    sides = (area.left - box.left, area.top - box.top, box.right - area.right)
    return max(0.0, *sides, box.bottom - area.bottom)


def _distance(box: Box, areas: Sequence[Area]) -> float:
    return min(_beyond(box, area.box) for area in areas)


def _way_in(box: Box, area: Area) -> str:
    edges = f"{area.box.left:g}–{area.box.right:g} × {area.box.top:g}–{area.box.bottom:g} mm"
    if box.width > area.box.width or box.height > area.box.height:
        return f"make it small enough for '{area.name}' ({edges}), or take it off"
    across = shortest_move(box.left, box.right, area.box.left, area.box.right)
    down = shortest_move(box.top, box.bottom, area.box.top, area.box.bottom)
    return f"move it {move_told(across, down)}, into '{area.name}' ({edges}), or take it off"


# ------------------------------------------------------------------------------------- address


def address_rows(page: Page, rule: LetterRule) -> tuple[Row, ...]:
    """The lines that the service takes for the address: all text in the block, seen or not."""
    return rows_in(page, page.marks, rule.address.inset(-_ROUND_MM))


def stored_rows(page: Page, rule: LetterRule) -> tuple[Row, ...]:
    """The same lines of a page before it is turned to be shown, which is how the service looks.

    Their ink is told as it is shown.
    """
    with page.as_stored() as stored:
        rows = address_rows(stored, rule)
    return tuple(replace(row, ink=_turned(row.ink, page)) for row in rows)


def check_address(
    page: Page, rows: Sequence[Row], inked: Sequence[Mark], rule: LetterRule, place: Place
) -> Iterator[Finding]:
    """Find what is wrong with the address of a letter's first page."""
    if rows:
        least, most = rule.least_lines, rule.most_lines
        yield from check_uk_address(rows, least, most, place)
        yield from in_file_order(rows, least, most, place)
        yield from columns(rows, _WIDEST_GAP, place)
        return
    text = [mark for mark in page.marks if mark.kind == "text" and mark.text.strip()]
    # On a page that is not turned, the service finds nothing where nothing stands.
    unsure = page.turned or any(mark.box.overlaps(rule.address) for mark in text if mark.sideways)
    if unsure and sum(mark.sideways for mark in text) > len(text) / 2:
        told = "the text of the page runs up or down it, and its address was not read"
        yield finding("unproved", told, place, cure="make the page so that its text is upright")
        return
    yield _no_address(page, inked, rule, place)


def _no_address(page: Page, inked: Sequence[Mark], rule: LetterRule, place: Place) -> Finding:
    block = rule.address
    edges = f"{block.left:g}–{block.right:g} × {block.top:g}–{block.bottom:g} mm"
    picture = page.picture(block.inset(rule.tolerance), _COARSE_DPI)
    darkest, lightest = (min(picture.grey), max(picture.grey)) if picture else (255, 255)
    if darkest < WHITE and lightest - darkest <= _FLAT:
        told = f"the address block ({edges}) is filled with one colour, and no text could be read"
        return spotted("unproved", told, place, block, cure="look whether an address stands there")
    if darkest < WHITE:
        return spotted(
            "missing-address",
            f"the address block ({edges}) holds a picture or a drawing and no text",
            place,
            block,
            cure="write the address as text: the service does not read pictures",
        )
    near = _nearest_text(inked, block)
    if near is None:
        cure = f"write the address, {rule.least_lines} to {rule.most_lines} lines, into that block"
    else:
        cure = f"write it there; the nearest text is {near}"
    return spotted(
        "missing-address", f"there is no address in its block ({edges})", place, block, cure=cure
    )


def _nearest_text(inked: Sequence[Mark], block: Box) -> str | None:
    """The nearest text to a block, and the way from it; None where a page has none near."""
    texts = [mark for mark in inked if mark.kind == "text" and not mark.sideways]
    if not texts:
        return None
    first = min(texts, key=lambda mark: _apart(mark.shown, block))
    across = shortest_move(first.shown.left, first.shown.right, block.left, block.right)
    down = shortest_move(first.shown.top, first.shown.bottom, block.top, block.bottom)
    return f"{named(first)}, which would have to go {move_told(across, down)}"


def _apart(box: Box, other: Box) -> float:
    across = max(0.0, other.left - box.right, box.left - other.right)
    down = max(0.0, other.top - box.bottom, box.top - other.bottom)
    return across + down


def strange_tag(page: Page, place: Place) -> tuple[Finding, ...]:
    """Find the service's own mark on a page that is not the first."""
    corner = [
        mark
        for mark in page.marks
        if mark.kind == "text" and mark.box.overlaps(_TAG_BOX) and mark.text.strip()
    ]
    if page.number == 1 or "".join(mark.text for mark in corner).strip() != TAG:
        return ()
    return (
        spotted(
            "strange-tag",
            f"the word '{TAG}' stands in the corner of the page, by which the service knows the "
            "first page of a letter",
            place,
            union_all(mark.box for mark in corner),
            cure="take it off every page but the first; it may be white, and not be seen",
        ),
    )
