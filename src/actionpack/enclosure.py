"""How a sheet goes into an envelope: paper × window into what the window shows.

A sheet is torn or left whole, folded for the window, and slides in its envelope. From that follow
the box in which an address is always seen and the one in which everything can be seen.
Millimetres from the sheet's top left corner.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from actionpack.diagnostics import Finding, Rejected, finding
from actionpack.geometry import Box, Size, intersection_all, union_all
from actionpack.paper import envelopes, sheets, stocks
from actionpack.piece import Line, Piece, always_visible, ever_exposed
from actionpack.postal import (
    FOLD_TOLERANCE_MM,
    TEAR_TOLERANCE_MM,
    Handling,
    Window,
    nearest_window,
    windows,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """One sheet for one window.

    `hole` counts from the envelope's top left corner. `visible` is where an address may stand:
    what the window always shows, inside the field that its norm names. `exposed` is whatever the
    window can show. Both hold for the letter torn off and for the whole leaf, so that one design
    serves both. `handling` is None for what is not folded.
    """

    window: Window
    handling: Handling | None
    sheet: Size
    envelope: Size
    hole: Box
    visible: Box
    exposed: Box

    @property
    def folds(self) -> tuple[float, ...]:
        """The folds of a whole sheet."""
        both = (self.handling.fold, self.handling.second) if self.handling else ()
        return tuple(at for at in both if at is not None)

    @property
    def is_right(self) -> bool:
        """Whether the window is on the right of the envelope."""
        return self.hole.centre.x > self.envelope.width / 2


@cache
def enclose(paper: str, window_name: str) -> Enclosure:
    """Fold a sheet for a window; raises Rejected, with the nearest that can, when no fold does."""
    window, sheet = windows()[window_name], sheets()[paper].size
    handling = window.handling_of(paper)
    if handling is None:
        raise Rejected(_cannot_be_folded(window, paper))
    envelope = envelopes()[window.envelope].size
    hole = window.hole.box(envelope)
    pieces = [bare(sheet, handling, torn=torn) for torn in (True, False)]
    visible = intersection_all(always_visible(piece, envelope, hole) for piece in pieces)
    return Enclosure(
        window=window,
        handling=handling,
        sheet=sheet,
        envelope=envelope,
        hole=hole,
        visible=visible.intersection(window.field) if window.field else visible,
        exposed=union_all(ever_exposed(piece, envelope, hole) for piece in pieces),
    )


def flat(paper: str, *, landscape: bool = False) -> Enclosure:
    """What is printed and used as it is: labels, cards, and envelopes themselves."""
    upright, nothing = stocks()[paper].size, Box(0, 0, 0, 0)
    sheet = upright.turned if landscape else upright
    return Enclosure(
        window=windows()["none"],
        handling=None,
        sheet=sheet,
        envelope=sheet,
        hole=nothing,
        visible=Box(0, 0, sheet.width, sheet.height),
        exposed=nothing,
    )


def bare(sheet: Size, handling: Handling, *, torn: bool) -> Piece:
    """A sheet without panels, torn or whole, folded for a window."""
    folds = [handling.fold]
    if not torn and handling.second is not None:
        folds.append(handling.second)
    cuts = (Line(name="tear", at=handling.tear, tolerance=TEAR_TOLERANCE_MM),) if torn else ()
    return Piece(
        name="torn" if torn else "whole",
        sheet=sheet,
        cuts=cuts,
        folds=tuple(Line(name="fold", at=at, tolerance=FOLD_TOLERANCE_MM) for at in folds),
        posted_strip=0,
    )


def windows_for(paper: str, able: Callable[[Enclosure], bool] = lambda _: True) -> tuple[str, ...]:
    """The windows for which a sheet can be folded, and of which `able` holds."""
    return tuple(
        name
        for name, window in windows().items()
        if paper in window.papers and able(enclose(paper, name))
    )


def nearest_that(
    paper: str, window_name: str, able: Callable[[Enclosure], bool] = lambda _: True
) -> str | None:
    """The window most like another for which this paper will do; None when there is none."""
    return nearest_window(window_name, windows_for(paper, able))


def _cannot_be_folded(window: Window, paper: str) -> Finding:
    """Say why, by the numbers, and name the nearest window that will do."""
    sheet, envelope = sheets()[paper], envelopes()[window.envelope]
    nearest = nearest_that(paper, window.name)
    return finding(
        "bad-value",
        f"no fold of {sheet.title} brings an address behind the window '{window.name}' "
        f"({envelope.title}, {envelope.size.width:g} × {envelope.size.height:g} mm)",
        cure=f"take the nearest that works: --window {nearest}"
        if nearest
        else "take another paper",
    )
