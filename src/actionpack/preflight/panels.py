"""Is everything as laid out where it belongs: in its panel, off the posted half, with its letter.

Boxes of text and pictures are compared with the panels of the piece, before a PDF exists. One
beyond its panel may be clipped, or lie on something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from actionpack.diagnostics import Finding, Place, finding
from actionpack.geometry import Box
from actionpack.model import LaidBox, LaidPage, Slot
from actionpack.piece import Piece
from actionpack.preflight.laid import is_of
from actionpack.preflight.words import normal, quoted

# What may stand outside its panel, mm: rounding, and the overhang of an italic.
SLACK_MM = 0.2
# Fonts keep room for accents above and below what most lines print: this much of a text box, at
# its top and at its foot, holds no letter.
_EMPTY_EDGE = 0.1
# The layout engine's own boxes round the page; they have no panel.
_MARGIN = "margin"
_LETTER = "letter"
# A page that goes on with less than this much of its panel looks like a mistake.
_NEARLY_EMPTY = 0.25
# Fields of a layout that have another name where they are written.
_IN_CONTENT = {
    "channels": "fax and email",
    "ask_line": "ask",
    "open_ask": "ask",
    "brief": "briefing",
}


def in_content(field: str) -> str:
    """What a field of a layout is called where it is written."""
    return _IN_CONTENT.get(field, re.sub(r"-\d+$", "", field))


def panel_overflow(pages: Sequence[LaidPage], pieces: Mapping[int, Piece]) -> tuple[Finding, ...]:
    """Find text and pictures outside their panel, by page, and panels that no piece has.

    What stands in no panel and no piece at all is what the layout engine carried over to the next
    page from a box that was too full: there it has lost whatever it belonged to. A box that is
    itself the panel keeps its name: that is how a template says that it may go on.
    """
    found: list[Finding] = []
    for number, page in enumerate(pages, 1):
        piece = pieces.get(number)
        sheet = Box(0, 0, page.size.width, page.size.height)
        by_panel: dict[str, list[LaidBox]] = {}
        for box in page.boxes:
            if box.kind in ("text", "image"):
                by_panel.setdefault(box.panel, []).append(box)
        strays = by_panel.pop("", [])
        if carried := [box for box in strays if not box.piece]:
            found += _too_full(carried, pages[number - 2].boxes if number > 1 else (), number)
        else:
            found += _in_no_panel(strays, number)
        for name, boxes in by_panel.items():
            panel = piece.panel(name) if piece else None
            before = pieces.get(number - 1)
            if panel is None and before and before.panel(name) and _are_of(boxes, before):
                found += _runs_over(name, pages[number - 2 : number], number - 1)
                continue
            if panel is None and name != _MARGIN:
                named = next((box.piece for box in page.boxes if box.piece), "")
                found.append(
                    _unknown_panel(name, piece, number)
                    if piece or not named
                    else _unknown_piece(named, number)
                )
            frame, label = (panel.box, f"panel '{name}'") if panel else (sheet, "the page")
            found += _worst_overflow(boxes, frame, label, Place(page=number))
    return tuple(found)


def _are_of(boxes: Sequence[LaidBox], before: Piece) -> bool:
    """Whether boxes come from the piece of the page before, or lost theirs on the way here."""
    return all(box.piece in ("", before.name) for box in boxes)


def _runs_over(name: str, pages: Sequence[LaidPage], number: int) -> Iterator[Finding]:
    """A panel that goes on on a page of another piece, which has no such panel."""
    boxes = [[box for box in page.boxes if box.panel == name] for page in pages]
    longest, lines = _longest(*boxes) or (name, 0)
    yield finding(
        "overflow",
        f"panel '{name}' is too full and runs on to the next page; its longest text is "
        f"'{longest}', with {lines} lines",
        Place(page=number),
        cure=f"shorten '{longest}' first, or another text there",
    )


def _unknown_panel(name: str, piece: Piece | None, page: int) -> Finding:
    known = ", ".join(panel.name for panel in piece.panels) if piece else ""
    return finding(
        "layout-fault",
        f"the template names a panel '{name}' that the page's piece does not have",
        Place(page=page),
        cure=f"name one of: {known}" if known else "give the piece this panel in layout.toml",
    )


def _unknown_piece(name: str, page: int) -> Finding:
    return finding(
        "layout-fault",
        f"the template names a piece '{name}' that layout.toml does not have in this form",
        Place(page=page),
        cure="write the name of a piece of layout.toml into data-piece",
    )


def _in_no_panel(strays: Sequence[LaidBox], page: int) -> Iterator[Finding]:
    texts = [box.text for box in strays if box.kind == "text"]
    if texts:
        yield finding(
            # What the layout engine carried over from a page that was too full has lost its piece.
            "layout-fault" if any(box.piece for box in strays) else "overflow",
            f"text stands in no panel, from {quoted(texts[0])} on",
            Place(page=page),
            cure="give the element in the template its data-panel; or shorten the text",
        )


def _too_full(
    carried: Sequence[LaidBox], before: Sequence[LaidBox], page: int
) -> Iterator[Finding]:
    """A column that ran over its page, by the longest of its texts: that is the one to shorten.

    `before` is what stands on the page before; of the same column is what begins or ends where
    the things that were `carried` over do, with all of its lines: those of a list are set in.
    """
    edges = [edge for box in carried for edge in (box.box.left, box.box.right)]
    aligned = {
        box.field
        for box in before
        if abs(box.box.left - min(edges)) < SLACK_MM or abs(box.box.right - max(edges)) < SLACK_MM
    }
    column = [box for box in before if box.field in aligned]
    longest = _longest(column, carried)
    if not longest:
        yield from _in_no_panel(carried, page)
        return
    name, lines = longest
    yield finding(
        "overflow",
        f"a column is too full and runs over its page; its longest text is '{name}', "
        f"with {lines} lines",
        Place(page=page - 1),
        cure=f"shorten '{name}' first, or another text of that column",
    )


def _longest(*pages: Sequence[LaidBox]) -> tuple[str, int] | None:
    """The field with the most lines on some pages, as the content calls it, and how many they are.

    None where no field has any.
    """
    lines: dict[str, set[tuple[int, float]]] = {}
    for at, boxes in enumerate(pages):
        for box in boxes:
            if box.field and box.kind == "text":
                lines.setdefault(box.field, set()).add((at, round(box.box.top, 1)))
    if not lines:
        return None
    longest = max(lines, key=lambda field: len(lines[field]))
    # Of what stands on the paper several times each is numbered: 'ask-2'.
    return in_content(longest), len(lines[longest])


def run_on(pages: Sequence[LaidPage], pieces: Mapping[int, Piece]) -> tuple[Finding, ...]:
    """Find what is posted and runs on to another page: a letter and a card have one each."""
    found: list[Finding] = []
    for number in range(2, len(pages) + 1):
        piece, before = pieces.get(number), pieces.get(number - 1)
        if piece is None or before is None or piece.posted_strip is None:
            continue
        two = pages[number - 2 : number]
        if piece.name == before.name and _target(two[0]) == _target(two[1]):
            found += _on_two_pages(two, piece.name, number - 1)
    return tuple(found)


def _target(page: LaidPage) -> str:
    return next((box.target for box in page.boxes if box.target), "")


def _on_two_pages(pages: Sequence[LaidPage], piece: str, number: int) -> Iterator[Finding]:
    name, lines = _longest(*(page.boxes for page in pages)) or (piece, 0)
    yield finding(
        "overflow",
        f"'{piece}' is too full and runs on to another page; its longest text is '{name}', "
        f"with {lines} lines",
        Place(page=number),
        cure=f"shorten '{name}' first, or another text of that page",
    )


def only_places(pages: Sequence[LaidPage], slots: Sequence[Slot]) -> tuple[Finding, ...]:
    """Find pages with nothing on them but the empty places of slots, which had no room before."""
    return tuple(
        finding(
            "overflow",
            f"nothing but the empty place of '{names[0]}' stands on the page: it found no room "
            "on the page before",
            Place(page=number),
        )
        for number, page in enumerate(pages, 1)
        if (boxes := [box for box in page.boxes if box.kind != "piece" and box.panel != _MARGIN])
        and all(names := [_slot_of(box, slots) for box in boxes])
    )


def _slot_of(box: LaidBox, slots: Sequence[Slot]) -> str:
    """The slot whose place a box is, by its size; '' for anything else."""
    if box.kind != "image":
        return ""
    return next(
        (
            slot.name
            for slot in slots
            if abs(slot.size.width - box.box.width) < SLACK_MM
            and abs(slot.size.height - box.box.height) < SLACK_MM
        ),
        "",
    )


def _worst_overflow(
    boxes: Sequence[LaidBox], frame: Box, label: str, place: Place
) -> Iterator[Finding]:
    out = [(by, edge, box) for box in boxes for by, edge in _past(box, frame) if by > SLACK_MM]
    if not out:
        return
    by, edge, _ = max(out, key=lambda one: one[0])
    # The dot of a list tells nobody which words are meant.
    first = next((box for *_, box in out if not box.made_up), out[0][2])
    what, cure = "a picture runs", None
    if first.kind == "text":
        what = f"text runs, from {quoted(first.text)},"
        if edge == "foot" and (longest := _longest(boxes)):
            cure = f"shorten '{longest[0]}' first, or another text there"
    elif first.text:
        what = f"the slot '{first.text}' runs"
        cure = "move it inwards in the style sheet, make it smaller, or shorten the text before it"
    yield finding("overflow", f"{what} {by:.1f} mm past the {edge} of {label}", place, cure=cure)


def _past(laid: LaidBox, frame: Box) -> tuple[tuple[float, str], ...]:
    """How far a laid-out box leaves a frame at each edge, mm."""
    box = laid.box
    if laid.kind == "text":
        edge = box.height * _EMPTY_EDGE
        box = Box.between(box.left, box.top + edge, box.right, box.bottom - edge)
    return beyond(box, frame)


def beyond(box: Box, frame: Box) -> tuple[tuple[float, str], ...]:
    """How far a box leaves a frame at each edge, mm; negative: not at all."""
    return (
        (frame.left - box.left, "left"),
        (frame.top - box.top, "top"),
        (box.right - frame.right, "right"),
        (box.bottom - frame.bottom, "foot"),
    )


# ------------------------------------------------------------------------------- what is posted


def stray_on_posted(pages: Sequence[LaidPage], pieces: Mapping[int, Piece]) -> tuple[Finding, ...]:
    """Find text on a posted panel that is neither content nor a caption to write over."""
    return tuple(
        finding(
            "posted-mark",
            f"{quoted(box.text)} stands on the half that is posted",
            Place(page=number),
            cure='take it off the panel, or mark it data-field="caption"',
        )
        for number, page in enumerate(pages, 1)
        for box in page.boxes
        if box.kind == "text"
        and not box.field
        and not box.made_up
        and box.panel in _posted(pieces.get(number))
    )


def _posted(piece: Piece | None) -> frozenset[str]:
    return frozenset(panel.name for panel in piece.panels if panel.posted) if piece else frozenset()


def letter_lines_over(pages: Sequence[LaidPage], pieces: Mapping[int, Piece]) -> int:
    """Count the lines of a letter below its panel or on a further page; the worst target counts.

    A page of another piece, such as the back of the leaf, is none too many.
    """
    over = 0
    begun: set[tuple[str, str]] = set()
    for number, page in enumerate(pages, 1):
        piece = pieces.get(number)
        panel, name = (piece.panel(_LETTER), piece.name) if piece else (None, "")
        lines: dict[str, set[float]] = {}
        for box in page.boxes:
            if box.panel == _LETTER and box.kind == "text":
                outside = lines.setdefault(box.target, set())
                if panel is None or (box.target, name) in begun or _is_below(box, panel.box):
                    outside.add(round(box.box.bottom, 1))
        begun |= {(target, name) for target in lines}
        over = max([over, *map(len, lines.values())])
    return over


def _is_below(laid: LaidBox, frame: Box) -> bool:
    return any(edge == "foot" and by > SLACK_MM for by, edge in _past(laid, frame))


# -------------------------------------------------------------------------- what stands alone


def nearly_empty(pages: Sequence[LaidPage], pieces: Iterable[Piece]) -> int:
    """How many pages are filled to less than a fourth of their panel, from the top."""
    panels = {(piece.name, panel.name): panel.box for piece in pieces for panel in piece.panels}
    count = 0
    for page in pages:
        filled = [
            box.box.height / panel.height
            for box in page.boxes
            if box.kind == "piece" and (panel := panels.get((box.piece, box.panel)))
        ]
        count += bool(filled) and max(filled) < _NEARLY_EMPTY
    return count


def orphans(
    pages: Sequence[LaidPage], headings: Iterable[tuple[str, str]] = ()
) -> tuple[Finding, ...]:
    """Find a closing without two lines of its letter above it, and a sub-heading below its page.

    `headings` are pairs of field and text, as they print.
    """
    return (*_lone_closings(pages), *_lone_headings(pages, tuple(headings)))


def _lone_closings(pages: Sequence[LaidPage]) -> Iterator[Finding]:
    targets = dict.fromkeys(
        box.target for page in pages for box in page.boxes if is_of(box, "closing")
    )
    for target in targets:
        letters = [_letter_lines(page, target) for page in pages]
        enough = min(2, sum(letters))
        for number, (page, lines) in enumerate(zip(pages, letters, strict=True), 1):
            closes = [b for b in page.boxes if is_of(b, "closing") and b.target == target]
            if closes and lines < enough:
                yield finding(
                    "orphan-sign-off",
                    f"the closing {quoted(closes[0].text)} stands with {lines} "
                    f"line{'' if lines == 1 else 's'} of its letter",
                    Place(page=number),
                )


def _letter_lines(page: LaidPage, target: str) -> int:
    return len(
        {
            round(box.box.top, 1)
            for box in page.boxes
            if is_of(box, "letter") and (box.target == target or not box.target)
        }
    )


def _lone_headings(
    pages: Sequence[LaidPage], headings: tuple[tuple[str, str], ...]
) -> Iterator[Finding]:
    for field in dict.fromkeys(field for field, _ in headings):
        by_page = [
            normal(" ".join(box.text for box in page.boxes if is_of(box, field))) for page in pages
        ]
        texts = [text for of, text in headings if of == field]
        for number, laid in enumerate(by_page[:-1], 1):
            goes_on = any(by_page[number:])
            for text in texts:
                if goes_on and laid and laid.endswith(normal(text)):
                    yield finding(
                        "layout-fault",
                        f"the sub-heading {quoted(text)} is the last line of its page",
                        Place(page=number),
                        severity="warning",
                        cure="set break-after: avoid for headings in the layout's style.css",
                    )
