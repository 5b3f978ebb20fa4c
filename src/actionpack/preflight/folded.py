"""Does the first page of a letter from anywhere show its address, and nothing else, in a window.

Nothing is known of the page but what is painted on it. It is taken as a whole sheet that is folded
where other people's letters are folded first (`Handling.others_fold`), and the text that such a
window can show is taken for the address.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from actionpack.diagnostics import Finding, Place, finding
from actionpack.geometry import Box, Size, union_all
from actionpack.model import WindowMeant
from actionpack.paper import envelopes, sheets
from actionpack.piece import Line as Fold
from actionpack.piece import Piece, always_visible, ever_exposed
from actionpack.postal import (
    FOLD_TOLERANCE_MM,
    Handling,
    Window,
    nearest_window,
    windows,
)
from actionpack.preflight.addresses import (
    Row,
    columns,
    country_line,
    country_of,
    rows_in,
    strange_lines,
    wrong_count,
)
from actionpack.preflight.found import spotted
from actionpack.preflight.ink import RULE_MM
from actionpack.preflight.painted import Mark
from actionpack.preflight.reader import Page
from actionpack.preflight.sheetnames import size_told
from actionpack.preflight.window import (
    Line,
    exposed_drawings,
    hidden_lines,
    move_told,
    on_the_front,
    shortest_move,
    way_out,
)
from actionpack.preflight.words import quoted

# How far a page may be off its paper, mm: what rounding to points and to millimetres makes.
_PAPER_SLACK_MM = 2.0
_LEAST_LINES, _MOST_LINES = 3, 7
# Lines of one block stand no farther apart than this, in sizes of their type.
_PITCH = 1.9
# What follows the country and stands this much farther off than that does begins something else.
_NEW_BLOCK = 1.25
# Words of one line stand no farther apart than this, in sizes of their type.
_WIDEST_GAP = 3.0
# A return line is set in type of at most this much of the address's.
_RETURN_LINE = 0.85
# Its zone and that of notes are together so high (DIN 5008:2020, form B), mm.
_RETURN_ZONE_MM = 17.7
# A rule under a return line stands no farther off, mm.
_UNDERLINED_MM = 2.0
# What begins farther off is no line of the same block, mm.
_INDENT_MM = 12.0
_SLACK_MM = 0.05
# No line of an address is longer than the widest window, mm.
_WIDEST_MM = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A sheet as it is folded for a window: what that always shows, and what it ever shows."""

    window: Window
    piece: Piece
    envelope: Size
    hole: Box
    visible: Box
    exposed: Box

    @property
    def meant(self) -> WindowMeant:
        return WindowMeant(name=self.window.name, envelope=self.envelope, hole=self.hole)


def paper_of(size: Size) -> str | None:
    """The paper that an upright page of this size is printed on; None for any other.

    Letters are folded of some papers alone.
    """
    folded = {paper for window in windows().values() for paper in window.papers}
    return next(
        (
            name
            for name, sheet in sheets().items()
            if name in folded
            and abs(sheet.size.width - size.width) <= _PAPER_SLACK_MM
            and abs(sheet.size.height - size.height) <= _PAPER_SLACK_MM
        ),
        None,
    )


def window_meant(name: str) -> WindowMeant:
    """A window by its name, as a proof map has it."""
    window = windows()[name]
    envelope = envelopes()[window.envelope].size
    hole = None if window.plain else window.hole.box(envelope)
    return WindowMeant(name=name, envelope=envelope, hole=hole)


def fold_for(size: Size, window: Window) -> Folded | None:
    """A whole sheet of this size, folded for a window; None when that cannot be done."""
    paper = paper_of(size)
    handling = None if paper is None else window.handling_of(paper)
    if paper is None or handling is None:
        return None
    sheet = sheets()[paper].size
    piece = Piece(
        name="sheet",
        sheet=sheet,
        folds=tuple(
            Fold(name="fold", at=at, tolerance=FOLD_TOLERANCE_MM)
            for at in _folds(handling, sheet.height)
        ),
        posted_strip=0,
    )
    envelope = envelopes()[window.envelope].size
    hole = window.hole.box(envelope)
    return Folded(
        window=window,
        piece=piece,
        envelope=envelope,
        hole=hole,
        visible=always_visible(piece, envelope, hole),
        exposed=on_the_front(ever_exposed(piece, envelope, hole), piece),
    )


def _folds(handling: Handling, height: float) -> tuple[float, ...]:
    first = handling.others_fold
    second = handling.second if first == handling.fold else 2 * first
    return (first,) if second is None or second >= height else (first, second)


def cannot_be_folded(size: Size, window: Window, place: Place) -> Finding:
    """Say that a page has not the size of a sheet that goes into the window's envelope."""
    paper = paper_of(size)
    others = [one.name for one in windows().values() if paper in one.papers and not one.plain]
    if paper is None or not others:
        cure = "print it on " + " or ".join(sheets()[one].title for one in window.papers)
        told = f"the page is {size_told(size)}, and no letter for '{window.name}' is"
        return finding("page-size", told, place, cure=cure)
    return finding(
        "page-size",
        f"no fold of {sheets()[paper].title} brings an address behind the window '{window.name}'",
        place,
        cure=f"take the nearest that does: --window {nearest_window(window.name, others)}",
    )


# ------------------------------------------------------------------------------------- address


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The address of a page and the return line above it, which may be none.

    `elsewhere` is what looks like the address where the window shows none.
    """

    rows: tuple[Row, ...] = ()
    return_line: tuple[Row, ...] = ()
    elsewhere: tuple[Row, ...] = ()


def find_address(page: Page, inked: Sequence[Mark], folded: Folded) -> Found:
    """Take the block of lines that the window shows most of for the address.

    Where that is only the end of a block that looks like an address, the window shows none.
    """
    found = _in_the_window(page, inked, folded)
    if len(found.rows) >= _LEAST_LINES:
        return found
    elsewhere = _elsewhere(page, inked)
    more = len(elsewhere) > len(found.rows)
    if all(more and any(a.ink.overlaps(b.ink) for b in elsewhere) for a in found.rows):
        return Found(elsewhere=elsewhere)
    return found


def _in_the_window(page: Page, inked: Sequence[Mark], folded: Folded) -> Found:
    exposed = folded.exposed
    column = Box.between(exposed.left, 0, exposed.right, folded.piece.sheet.height)
    blocks = _blocks(rows_in(page, inked, column, whole_mm=_WIDEST_MM))
    shown = [block for block in blocks if any(row.ink.overlaps(exposed) for row in block)]
    if not shown:
        return Found()
    best = max(shown, key=lambda block: (_inside(block, folded.visible), _inside(block, exposed)))
    found = _without_return_line(best)
    if found.return_line:
        return found
    return replace(found, return_line=_return_line(found.rows, shown))


def _inside(block: Sequence[Row], box: Box) -> int:
    return sum(box.top <= row.middle <= box.bottom for row in block)


def _blocks(rows: Sequence[Row]) -> list[list[Row]]:
    """Lines that stand together: at one pitch, and begun at about one place."""
    blocks: list[list[Row]] = []
    for row in rows:
        last = blocks[-1][-1] if blocks else None
        if (
            last is not None
            and not _is_over(blocks[-1], row)
            and row.ink.bottom - last.ink.bottom <= _PITCH * max(row.type_mm, last.type_mm)
            and abs(row.ink.left - last.ink.left) <= _INDENT_MM
        ):
            blocks[-1].append(row)
        else:
            blocks.append([row])
    return blocks


def _is_over(block: Sequence[Row], row: Row) -> bool:
    """Whether a block ends with the country, and a row below it is no other line of it."""
    if len(block) < _LEAST_LINES:
        return False
    above, last = block[-2:]
    off = row.level - last.level > _NEW_BLOCK * (last.level - above.level)
    return off and country_of(last.text) is not None


def _without_return_line(block: Sequence[Row]) -> Found:
    """Set a first line in small type apart: who sends the letter stands there."""
    first, rest = block[0], tuple(block[1:])
    if rest and first.type_mm <= _RETURN_LINE * max(row.type_mm for row in rest):
        return Found(rows=rest, return_line=(first,))
    return Found(rows=tuple(block), return_line=())


def _return_line(rows: Sequence[Row], blocks: Sequence[Sequence[Row]]) -> tuple[Row, ...]:
    """The line in small type that stands alone above an address, where the norms have it."""
    first = rows[0]
    least = _RETURN_LINE * max(row.type_mm for row in rows)
    return tuple(
        block[0]
        for block in blocks
        if len(block) == 1
        and block[0].type_mm <= least
        and 0 < first.ink.top - block[0].ink.bottom <= _RETURN_ZONE_MM
        and abs(block[0].ink.left - first.ink.left) <= _INDENT_MM
    )[-1:]


def check_folded(
    page: Page, found: Found, inked: Sequence[Mark], folded: Folded, place: Place
) -> Iterator[Finding]:
    """Find what is wrong with the address of a folded page and what else its window can show."""
    rows = found.rows
    if not rows:
        yield _no_address(found.elsewhere, folded, place)
    else:
        yield from hidden_lines(
            [Line(text=row.text, ink=row.ink) for row in rows],
            folded.piece,
            folded.meant,
            folded.hole,
            place,
        )
        yield from wrong_count(rows, _LEAST_LINES, _MOST_LINES, place)
        yield from strange_lines(rows, place, "error")
        yield from country_line(rows, place)
        yield from columns(rows, _WIDEST_GAP, place)
    yield from _exposed(page, found, inked, folded, place)


def _exposed(
    page: Page, found: Found, inked: Sequence[Mark], folded: Folded, place: Place
) -> Iterator[Finding]:
    own = [row.ink for row in (*found.rows, *found.return_line, *found.elsewhere)]
    others = [
        mark
        for mark in inked
        if mark.shown.overlaps(folded.exposed, _SLACK_MM)
        and not (mark.kind == "text" and any(_is_of(mark, ink) for ink in own))
        and not any(_underlines(mark, row.ink) for row in found.return_line)
    ]
    texts = [mark for mark in others if mark.kind == "text"]
    if texts:
        first = min(texts, key=lambda mark: mark.middle.y)
        box = union_all(mark.shown for mark in texts)
        more = len(texts) - 1
        yield spotted(
            "window-exposes-text",
            f"the window '{folded.window.name}' can show {quoted(first.text)}"
            + (f", and {more} more line{'s' if more > 1 else ''}" if more else ""),
            place,
            first.shown,
            others=tuple(mark.shown for mark in texts if mark is not first),
            cure=f"move it {way_out(box, folded.exposed, page.sheet)}",
        )
    lines = [Line(text="", ink=ink) for ink in own]
    yield from exposed_drawings(page, lines, others, folded.exposed, folded.meant, place)


def _underlines(mark: Mark, ink: Box) -> bool:
    under = ink.centre.y <= mark.shown.centre.y <= ink.bottom + _UNDERLINED_MM
    return mark.kind == "path" and mark.shown.height <= RULE_MM and under


def _is_of(mark: Mark, ink: Box) -> bool:
    """Whether a mark belongs to a line of the address; a part of its letters may be it."""
    return ink.inset(-_SLACK_MM).contains(mark.box) or (
        mark.box.overlaps(ink) and ink.top <= mark.box.centre.y <= ink.bottom
    )


def _no_address(block: Sequence[Row], folded: Folded, place: Place) -> Finding:
    name, visible = folded.window.name, folded.visible
    where = (
        f"{visible.left:.0f}–{visible.right:.0f} mm from the left and "
        f"{visible.top:.0f}–{visible.bottom:.0f} from the top"
    )
    told = f"the window '{name}' shows no address: it always shows {where}"
    if not block:
        cure = "write the address there, as text"
        return spotted("missing-address", told, place, visible, cure=cure)
    box = union_all(row.ink for row in block)
    across = shortest_move(box.left, box.right, visible.left, visible.right)
    down = shortest_move(box.top, box.bottom, visible.top, visible.bottom)
    return spotted(
        "address-outside-window",
        f"{told}, and the lines from {quoted(block[0].text)} look like the address",
        place,
        box,
        cure=f"move the address {move_told(across, down)}, or take another window",
    )


def _elsewhere(page: Page, inked: Sequence[Mark]) -> tuple[Row, ...]:
    """The block in the upper half that looks most like an address; none where no block does."""
    middle, foot = page.size.width / 2, page.size.height / 2
    texts = [mark for mark in inked if mark.kind == "text"]
    halves = (
        Box.between(0, 0, middle, foot),
        Box.between(middle, 0, page.size.width, foot),
    )
    likely = [
        tuple(found.rows)
        for half in halves
        for block in _blocks(rows_in(page, texts, half))
        if _LEAST_LINES <= len((found := _without_return_line(block)).rows) <= _MOST_LINES
        and union_all(row.ink for row in found.rows).width <= _WIDEST_MM
        and sum(_goes_on(row, texts) for row in found.rows) <= len(found.rows) / 2
    ]
    return max(likely, key=_likeness, default=())


def _goes_on(row: Row, texts: Sequence[Mark]) -> bool:
    """Whether a row is a part of a longer line, as the halves of a letter's lines are."""
    near = row.ink.inset(-row.type_mm)
    return any(
        near.overlaps(mark.shown)
        and (
            mark.shown.left < row.ink.left - _SLACK_MM
            or mark.shown.right > row.ink.right + _SLACK_MM
        )
        and abs(mark.middle.y - row.level) < row.type_mm / 2
        for mark in texts
    )


def _likeness(rows: Sequence[Row]) -> tuple[bool, bool, float]:
    """A country last is a good sign, so is a number in the last two lines, and standing high."""
    last = rows[-1].text
    numbered = any(any(map(str.isdigit, row.text)) for row in rows[-2:])
    return last == last.upper() and any(map(str.isalpha, last)), numbered, -rows[0].ink.top
