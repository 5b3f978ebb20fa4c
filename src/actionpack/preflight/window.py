"""Does the window of the envelope show the whole address and nothing else, however the letter lies.

The letter slides in its envelope and is folded and torn by hand; `piece.slides` gives every extreme
place of the hole on the sheet. Each line of the address, by the ink it has in the finished file,
must be inside all of them, and any other ink outside all of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from actionpack.diagnostics import Finding, Place, finding
from actionpack.enclosure import nearest_that
from actionpack.geometry import Box, union_all
from actionpack.model import ProofMap, WindowMeant
from actionpack.paper import sheets
from actionpack.piece import Piece, always_visible, ever_exposed, fits, slides
from actionpack.postal import windows
from actionpack.preflight.found import at_box, boxes_of, spotted
from actionpack.preflight.ink import darkest_outside, named
from actionpack.preflight.meant import MeantPage, Region
from actionpack.preflight.painted import WHITE, Mark
from actionpack.preflight.panels import beyond
from actionpack.preflight.reader import Page
from actionpack.preflight.text import text_inside
from actionpack.preflight.words import quoted

_SLACK_MM = 0.05
_SAME_LINE_MM = 1.0
_DPI = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the address as printed: its words and the box round its ink."""

    text: str
    ink: Box


def check_window(
    page: Page, meant: MeantPage, window: WindowMeant, inked: Sequence[Mark], place: Place
) -> Iterator[Finding]:
    """Find lines of the address that a slide hides, and other ink that a slide shows."""
    piece, hole = meant.piece, window.hole
    if hole is None or piece is None or piece.posted_strip is None:
        return
    address = [region for region in meant.regions if region.is_address]
    own = [
        mark
        for mark in inked
        if mark.kind == "text" and any(text_inside(page, mark, r.box) for r in address)
    ]
    lines = _lines(own)
    yield from hidden_lines(lines, piece, window, hole, place)
    exposed = on_the_front(ever_exposed(piece, window.envelope, hole), piece)
    others = [mark for mark in inked if mark not in own and mark.shown.overlaps(exposed, _SLACK_MM)]
    yield from _exposed_text(page, meant, others, exposed, window, place)
    yield from exposed_drawings(page, lines, others, exposed, window, place)


def check_other_window(
    page: Page,
    meant: MeantPage,
    proof: ProofMap,
    window: WindowMeant,
    inked: Sequence[Mark],
    place: Place,
) -> Iterator[Finding]:
    """Say that a letter which was made for one window does not do for another.

    Moving what is printed helps as little as folding elsewhere: the marks for that are printed
    too. So there is one finding, and it is built again.
    """
    piece = meant.piece
    if piece is None or piece.posted_strip is None:
        return
    found = tuple(check_window(page, meant, window, inked, place))
    goes_in = fits(piece, window.envelope)
    if goes_in and not found:
        return
    own = (
        "an envelope without a window"
        if proof.window.hole is None
        else f"the window '{proof.window.name}'"
    )
    wrong = (
        found[0].message
        if goes_in
        else "folded where it is marked, it does not go into that envelope, which is "
        f"{window.envelope.width:.1f} × {window.envelope.height:.1f} mm"
    )
    yield at_box(
        finding(
            found[0].code if goes_in else "address-outside-window",
            f"the letter was made for {own}, and does not do for '{window.name}': {wrong}",
            place,
            cure=_built_for(proof.paper, window.name),
        ),
        *(box for one in found if goes_in for box in boxes_of(one)),
    )


def _built_for(paper: str, window: str) -> str:
    """For which window to build a letter, when it is wanted for one."""
    if paper not in sheets() or windows()[window].handling_of(paper) is not None:
        return f"build it with --window {window}"
    none = f"no fold of {sheets()[paper].title} brings an address behind '{window}'"
    nearest = nearest_that(paper, window)
    if nearest is None:
        return f"take another paper: {none}"
    return f"{none}: build it for the nearest that works, --window {nearest}"


def _lines(marks: Sequence[Mark]) -> tuple[Line, ...]:
    """The lines of an address from its top; marks side by side make one."""
    rows: list[list[Mark]] = []
    for mark in sorted(marks, key=lambda mark: mark.middle.y):
        if rows and mark.middle.y - rows[-1][0].middle.y < _SAME_LINE_MM:
            rows[-1].append(mark)
        else:
            rows.append([mark])
    return tuple(
        Line(text=" ".join(mark.text for mark in row), ink=union_all(mark.box for mark in row))
        for row in rows
    )


def on_the_front(exposed: Box, piece: Piece) -> Box:
    """What is exposed of the facet that faces the window: the paper above the first fold."""
    if not piece.creases() or piece.posted_strip is None:
        return exposed
    strip = piece.strip()
    first = min(piece.creases(), key=lambda line: line.at)
    front = Box.between(strip.left, strip.top, strip.right, first.at + first.tolerance)
    return exposed.intersection(front)


# ------------------------------------------------------------------------------- the address


def hidden_lines(
    lines: Sequence[Line], piece: Piece, window: WindowMeant, hole: Box, place: Place
) -> Iterator[Finding]:
    """The line that leaves the window farthest, at which slide, and what cures all of them."""
    worst = [
        max(
            (by, edge, str(slide), number, line)
            for slide in slides(piece, window.envelope, hole)
            for by, edge in beyond(line.ink, slide.hole)
        )
        for number, line in enumerate(lines, 1)
    ]
    out = [one for one in worst if one[0] > _SLACK_MM]
    if not out:
        return
    by, edge, slide, number, line = max(out)
    more = len(out) - 1
    others = f", and {more} more line{'s' if more > 1 else ''}" if more else ""
    yield spotted(
        "address-outside-window",
        f"line {number} of the address, {quoted(line.text)}, is {by:.1f} mm outside the window "
        f"'{window.name}' at its {edge} when the letter is {slide}{others}",
        place,
        line.ink,
        cure=_way_in(
            union_all(line.ink for line in lines),
            always_visible(piece, window.envelope, hole),
            window.name,
        ),
    )


def _way_in(address: Box, visible: Box, window: str) -> str:
    """How to move the address so that the window always shows it, or why that does not help."""
    if visible.is_empty:
        return f"fold it for another window: '{window}' shows no part of this sheet at every slide"
    too_wide, too_high = address.width - visible.width, address.height - visible.height
    if max(too_wide, too_high) > 2 * _SLACK_MM:
        faults = [
            f"{_up_to_tenth(by):g} mm too {word}"
            for by, word in ((too_wide, "wide"), (too_high, "high"))
            if by > 2 * _SLACK_MM
        ]
        return (
            f"shorten the address or set it smaller: it is {' and '.join(faults)} for what "
            f"'{window}' always shows, so moving it does not help"
        )
    across = shortest_move(address.left, address.right, visible.left, visible.right)
    down = shortest_move(address.top, address.bottom, visible.top, visible.bottom)
    return f"move the address {move_told(across, down)}"


def shortest_move(low: float, high: float, least: float, most: float) -> float:
    """The shortest way for low…high into least…most, a tenth more where there is room."""
    if low < least - _SLACK_MM:
        return min(_up_to_tenth(least - low), max(least - low, most - high))
    if high > most + _SLACK_MM:
        return -min(_up_to_tenth(high - most), max(high - most, low - least))
    return 0.0


def _up_to_tenth(mm: float) -> float:
    # Rounded up, so that moving by what is said is enough.
    return math.ceil(mm * 10 - 1e-6) / 10


def move_told(across: float, down: float) -> str:
    ways = (
        (across, "to the right" if across > 0 else "to the left"),
        (down, "down" if down > 0 else "up"),
    )
    return " and ".join(f"{way} {abs(round(by, 2)):g} mm" for by, way in ways if by)


# ---------------------------------------------------------------------------- what else shows


def _exposed_text(
    page: Page,
    meant: MeantPage,
    others: Sequence[Mark],
    exposed: Box,
    window: WindowMeant,
    place: Place,
) -> Iterator[Finding]:
    by_field: dict[str, list[Mark]] = {}
    for mark in others:
        if mark.kind == "text":
            by_field.setdefault(_field(page, mark, meant.regions), []).append(mark)
    for field, marks in by_field.items():
        first = min(marks, key=lambda mark: mark.middle.y)
        of = f" of '{field}'" if field else ""
        box = union_all(m.box for m in marks)
        yield spotted(
            "window-exposes-text",
            f"the window '{window.name}' can show {quoted(first.text)}{of}",
            place,
            box,
            cure=f"move it {way_out(box, exposed, page.sheet)}",
        )


def _field(page: Page, mark: Mark, regions: Sequence[Region]) -> str:
    return next((r.field for r in regions if text_inside(page, mark, r.box)), "")


def way_out(box: Box, exposed: Box, sheet: Box) -> str:
    """The shortest way out of what is exposed that stays on the sheet."""
    ways = (
        (exposed.bottom - box.top, "down", sheet.bottom - box.bottom),
        (box.bottom - exposed.top, "up", box.top),
        (exposed.right - box.left, "to the right", sheet.right - box.right),
        (box.right - exposed.left, "to the left", box.left),
    )
    by, way, _ = min((w for w in ways if w[0] <= w[2]), default=ways[0])
    return f"{way} {_up_to_tenth(by):g} mm"


def exposed_drawings(
    page: Page,
    lines: Sequence[Line],
    others: Sequence[Mark],
    exposed: Box,
    window: WindowMeant,
    place: Place,
) -> Iterator[Finding]:
    """Pictures, rules and drawings; pixels decide, since the box of a frame is not full of ink."""
    drawn = [mark for mark in others if mark.kind != "text"]
    picture = page.picture(exposed, _DPI) if drawn else None
    if picture is None:
        return
    spared = [line.ink for line in lines]
    spared += [mark.box for mark in others if mark.kind == "text"]
    for mark in drawn:
        part = mark.shown.intersection(exposed)
        if darkest_outside(picture, part, spared) < WHITE:
            way = way_out(part, exposed, page.sheet)
            yield spotted(
                "window-exposes-text",
                f"the window '{window.name}' can show {named(mark)}",
                place,
                part,
                cure=f"move it {way}",
            )
            return
