"""What goes through the post without an envelope: is its front as the post wants it.

Of a card and of a sheet that is folded alike, the clear zones are free, the address stands where
the post reads it, and where a post wants the stamp there is its place. What is folded is looked at
as it lies then (`piece.fold_up`): all words upright, the address on the front, and nothing on the
outside that names the case, or a sender against the rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from actionpack.diagnostics import Finding, Place, finding
from actionpack.geometry import Box, union_all
from actionpack.model import ProofMap
from actionpack.piece import Facet, Packet, Piece
from actionpack.preflight.found import spotted
from actionpack.preflight.ink import named
from actionpack.preflight.meant import MeantPage
from actionpack.preflight.painted import Mark
from actionpack.preflight.panels import beyond
from actionpack.preflight.reader import Page
from actionpack.preflight.text import text_inside
from actionpack.preflight.window import way_out
from actionpack.preflight.words import normal, quoted

# What rounding may cost, mm.
_SLACK_MM = 0.05
# As wide as a thin line, mm.
_LINE_MM = 0.2
# The panel that says where the stamp goes, and the title of the zones that posts keep for it.
_STAMP = "stamp"


def check_mailed(
    page: Page, meant: MeantPage, proof: ProofMap, inked: Sequence[Mark], place: Place
) -> Iterator[Finding]:
    """Find what is wrong with a card, or with a piece that is mailed as it is folded."""
    piece = meant.piece
    if piece is None:
        return
    if piece.mailer:
        packet = piece.packet()
        yield from _across_folds(piece, place)
        yield from _upside_down(packet, inked, place)
        yield from _outside(page, meant, packet, proof, inked, place)
        if piece.panel(_STAMP) is None:
            told = "what is mailed without an envelope says nowhere where the stamp goes"
            cure = f"give it a panel '{_STAMP}' at the top right"
            yield finding("post-zone", told, place, cure=cure)
    yield from _address(page, meant, piece, inked, place)
    yield from _stamp(piece, place)
    yield from _clear(page, meant, inked, place)


def _across_folds(piece: Piece, place: Place) -> Iterator[Finding]:
    for panel in piece.panels:
        if piece.landing(panel) is None:
            told = f"a fold runs through panel '{panel.name}'"
            yield spotted("layout-fault", told, place, panel.box, cure="keep it between two folds")


def _upside_down(packet: Packet, inked: Sequence[Mark], place: Place) -> Iterator[Finding]:
    """Text that does not stand as its facet wants it: one finding for each facet."""
    for facet in packet.facets:
        wrong = [
            mark
            for mark in inked
            if mark.kind == "text"
            and not mark.sideways
            and normal(mark.text)
            and facet.box.contains_point(mark.middle)
            and mark.upside_down != facet.turned
        ]
        if wrong:
            way = "upright" if facet.turned else "turned"
            yield spotted(
                "upside-down",
                f"{quoted(wrong[0].text)} stands on its head when the sheet is folded: between "
                f"{facet.box.top:g} and {facet.box.bottom:g} mm it must not be printed {way}",
                place,
                wrong[0].box,
                others=tuple(mark.box for mark in wrong[1:]),
            )


# ----------------------------------------------------------------------------------- the front


def _address(
    page: Page,
    meant: MeantPage,
    piece: Piece,
    inked: Sequence[Mark],
    place: Place,
) -> Iterator[Finding]:
    regions = [region.box for region in meant.regions if region.is_address]
    lines = [
        mark.box
        for mark in inked
        if mark.kind == "text" and any(text_inside(page, mark, box) for box in regions)
    ]
    if not lines:
        # A card has a side without one.
        if piece.mailer:
            told = "there is no address on what is mailed without an envelope"
            yield finding("missing-address", told, place, cure="give it a panel on the front")
        return
    ink = union_all(lines)
    front = piece.packet().front.box
    if piece.mailer and not front.contains(ink, slack=_SLACK_MM):
        told = "the address does not stand on the front of the folded sheet"
        cure = f"move it between {front.top:g} and {front.bottom:g} mm from the top of the page"
        yield spotted("post-zone", told, place, ink, cure=cure)
        return
    for zone in piece.reading:
        by, edge = max(beyond(ink, zone.box))
        if by > _SLACK_MM:
            yield spotted(
                "post-zone",
                f"the address stands {by:.1f} mm outside the {edge} of where the post reads it "
                f"({zone.source})",
                place,
                ink,
            )


def _stamp(piece: Piece, place: Place) -> Iterator[Finding]:
    """A place for the stamp that is not in every zone that a post keeps for one."""
    panel = piece.panel(_STAMP)
    if panel is None:
        return
    if not piece.packet().front.box.contains(panel.box):
        told = "the place for the stamp is not on the front of the folded sheet"
        yield spotted("post-zone", told, place, panel.box)
        return
    for zone in piece.clear:
        if zone.name == _STAMP and not zone.box.contains(panel.box, slack=_SLACK_MM):
            by, edge = max(beyond(panel.box, zone.box))
            yield spotted(
                "post-zone",
                f"the place for the stamp is {by:.1f} mm outside the {edge} of where the post "
                f"looks for it ({zone.source})",
                place,
                panel.box,
            )


def _clear(page: Page, meant: MeantPage, inked: Sequence[Mark], place: Place) -> Iterator[Finding]:
    """Ink, and room for what is stamped on copies, where the post wants none."""
    if meant.piece is None:
        return
    stamp = meant.piece.panel(_STAMP)
    # A line to tear along is gone when the card is posted.
    torn = {mark.at for mark in inked if any(_is_along(mark.shown, cut.at) for cut in meant.cuts)}
    for zone in meant.piece.clear:
        own = stamp.box if stamp and zone.name == _STAMP else None
        there = [
            (named(mark), mark.shown)
            for mark in inked
            if mark.shown.overlaps(zone.box, slack=_SLACK_MM)
            and mark.at not in torn
            and not (own and own.contains(mark.shown, slack=_LINE_MM))
        ]
        there += [
            (f"the slot '{spot.slot}'", spot.box)
            for spot in meant.spots
            if spot.box.overlaps(zone.box)
        ]
        if there:
            what, box = there[0]
            yield spotted(
                "post-zone",
                f"{what} stands where the post wants nothing but its {zone.name} ({zone.source})",
                place,
                box,
                others=tuple(other for _, other in there[1:]),
                cure=f"move it {way_out(box, zone.box, page.sheet)}",
            )


def _is_along(box: Box, at: float) -> bool:
    """Whether it is a sign of a cut; what is too large for one is found there."""
    return box.top - _LINE_MM <= at <= box.bottom + _LINE_MM


# ---------------------------------------------------------------------------------- the outside


def _is_outside(facet: Facet, packet: Packet) -> bool:
    return facet.layer == 0 or (facet.turned and facet.layer == len(packet.facets) - 1)


def _outside(
    page: Page,
    meant: MeantPage,
    packet: Packet,
    proof: ProofMap,
    inked: Sequence[Mark],
    place: Place,
) -> Iterator[Finding]:
    """What names the case, or a sender who must not be named, for everybody to see."""
    outer = [facet.box for facet in packet.facets if _is_outside(facet, packet)]
    stamp = meant.piece.panel(_STAMP) if meant.piece else None
    # Who it goes to, where the stamp goes, and what was set for the sender.
    may = [region.box for region in meant.regions if region.is_address]
    may += [spot.box for spot in meant.spots] + ([stamp.box] if stamp else [])
    for mark in inked:
        if mark.kind != "text" or not any(box.contains_point(mark.middle) for box in outer):
            continue
        if not any(text_inside(page, mark, box) for box in may):
            told = f"{quoted(mark.text)} stands on the outside, for everybody to read"
            yield spotted("posted-mark", told, place, mark.box, cure="move it inside")
            break
    for spot in meant.spots:
        if proof.sender != "full" and any(box.overlaps(spot.box) for box in outer):
            yield spotted(
                "posted-mark",
                f"the slot '{spot.slot}' stands on the outside, and this action names no sender "
                f"there (safety: {proof.sender})",
                place,
                spot.box,
                cure="leave it out of the template where sender is not 'full'",
            )
