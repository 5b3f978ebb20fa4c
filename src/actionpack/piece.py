"""A sheet, its cuts and folds, and where each part of it ends up.

A *piece* is one side of a sheet as it leaves the printer. Cuts and folds are horizontal lines,
given by their distance from the sheet's top. What stays of the sheet after a cut is a *strip*;
a folded strip is a *packet*, whose *facets* lie behind each other. Folds are made in their order,
and each turns what lies above or below it behind all the rest: so a fan is folded, a letter that is
wrapped round its middle, and whatever else has parallel folds. In an envelope the packet
slides: `slides` gives every place, on the sheet, that a window can come to lie over. From them
follow the box that is visible at every slide and the one that is exposed at any.

Millimetres, origin top left, y down, on the sheet and on the packet alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Literal, NamedTuple

from actionpack.geometry import (
    EPSILON_MM,
    Box,
    Point,
    Size,
    Transform,
    intersection_all,
    union_all,
)

Side = Literal["above", "below"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A cut or a fold right across the sheet, and how far off a hand may be, mm.

    A fold turns what is `above` or `below` it on the sheet behind the rest.
    """

    name: str
    at: float
    tolerance: float
    moves: Side = "below"


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A box with a purpose. `posted`: it goes to the target; else it is kept."""

    name: str
    box: Box
    posted: bool


class Landing(NamedTuple):
    """Where a panel is on the folded packet.

    `box` counts from the packet's top left corner as one looks at its front. `face` is what it
    lies on: the `front`, the `back`, or `inside`, between other facets. `turned`: it is upside down
    there, or would be for whoever turns the packet over, or opens it, like the page of a book; so
    its text must be printed upside down.
    """

    box: Box
    face: Literal["front", "back", "inside"]
    turned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """What a post asks of what is mailed without an envelope: a box on the sheet, what it is for.

    `source` is where the post says so.
    """

    name: str
    box: Box
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One side of a sheet. `posted_strip` counts strips from the top; None: nothing is posted.

    `mailer`: it goes through the post as it is folded, without an envelope. On what is posted
    without one `clear` is what posts keep free, `reading` where they look for the address.
    """

    name: str
    sheet: Size
    cuts: tuple[Line, ...] = ()
    folds: tuple[Line, ...] = ()
    panels: tuple[Panel, ...] = ()
    posted_strip: int | None = None
    blank_back: bool = False
    mailer: bool = False
    clear: tuple[Zone, ...] = ()
    reading: tuple[Zone, ...] = ()

    def strips(self) -> tuple[Box, ...]:
        """What the cuts leave of the sheet, from the top."""
        edges = (0.0, *(cut.at for cut in self.cuts), self.sheet.height)
        return tuple(
            Box.between(0, top, self.sheet.width, bottom) for top, bottom in pairwise(edges)
        )

    def strip(self) -> Box:
        """What is posted of the sheet, or the whole of it where nothing is."""
        if self.posted_strip is None:
            return Box(0, 0, self.sheet.width, self.sheet.height)
        return self.strips()[self.posted_strip]

    def creases(self) -> tuple[Line, ...]:
        """The folds that cross what is posted, in their order: a stub that is kept has others."""
        strip = self.strip()
        return tuple(line for line in self.folds if strip.top < line.at < strip.bottom)

    def panel(self, name: str) -> Panel | None:
        return next((panel for panel in self.panels if panel.name == name), None)

    def packet(self) -> Packet:
        """The posted strip, or the whole sheet where none is, folded as drawn."""
        creases = tuple(Crease(line.at, line.moves) for line in self.creases())
        return fold_up(self.strip(), creases)

    def landing(self, panel: Panel) -> Landing | None:
        """Where a panel ends up; None when a fold runs through it, or it is not on the packet."""
        packet = self.packet()
        facet = next((one for one in packet.facets if one.box.contains(panel.box)), None)
        if facet is None:
            return None
        last = len(packet.facets) - 1
        outside = facet.turned and facet.layer == last
        return Landing(
            box=facet.to_packet.apply_box(panel.box),
            face="front" if facet.layer == 0 else "back" if outside else "inside",
            turned=facet.turned,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """What lies between two folds: its box on the sheet and the map from sheet to packet.

    `layer` 0 faces whoever looks at the address; they would see the backs of those `turned`.
    """

    box: Box
    to_packet: Transform
    layer: int

    @property
    def turned(self) -> bool:
        """Whether its printed side looks away from whoever looks at the front."""
        return self.to_packet.d < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """A folded strip, seen from the side of its front; its facets in their order on the sheet."""

    size: Size
    facets: tuple[Facet, ...]

    @property
    def front(self) -> Facet:
        """The facet that lies before all others: no fold turned it."""
        return next(facet for facet in self.facets if facet.layer == 0)

    def facet_at(self, point: Point) -> Facet | None:
        """The facet that a point of the sheet is on; None off the strip."""
        # Edges are rounded: a point on a crease must not fall between two facets.
        near = (one for one in self.facets if one.box.inset(-EPSILON_MM).contains_point(point))
        return next(near, None)

    def place(self, point: Point) -> Point:
        """Where a point of the sheet lies on the packet; raises ValueError off the strip."""
        facet = self.facet_at(point)
        if facet is None:
            raise ValueError(f"{point} is not on this strip")
        return facet.to_packet.apply(point)


class Crease(NamedTuple):
    """A fold at a distance from the sheet's top, and which side of it is turned behind the rest."""

    at: float
    moves: Side


def fold(strip: Box, folds: tuple[float, ...]) -> Packet:
    """Fold a strip like a fan at the given distances from the sheet's top.

    The first facet faces the viewer: its lower edge is the first fold, on which the packet stands
    in its envelope. When a later facet is longer, the first one's upper edge lies below the top of
    the packet.
    """
    return fold_up(strip, tuple(Crease(at, "below") for at in sorted(folds)))


def fold_up(strip: Box, creases: tuple[Crease, ...]) -> Packet:
    """Fold a strip at one crease after the other; those that do not cross it fold nothing."""
    inside = tuple(crease for crease in creases if strip.top < crease.at < strip.bottom)
    edges = (strip.top, *sorted(crease.at for crease in inside), strip.bottom)
    spans = tuple(pairwise(edges))
    layers = _stacked(spans, inside)
    flat = _laid_flat(spans, layers.index(0))
    reach = [
        transform.d * edge + transform.f
        for transform, span in zip(flat, spans, strict=True)
        for edge in span
    ]
    head = min(reach)
    return Packet(
        size=Size(strip.width, max(reach) - head),
        facets=tuple(
            Facet(
                box=Box.between(strip.left, top, strip.right, bottom),
                to_packet=Transform(d=one.d, e=-strip.left, f=one.f - head),
                layer=layer,
            )
            for (top, bottom), one, layer in zip(spans, flat, layers, strict=True)
        ),
    )


def _stacked(spans: Sequence[tuple[float, float]], creases: tuple[Crease, ...]) -> list[int]:
    """How deep each span lies when all creases are folded; 0 is in front."""
    layers = [0] * len(spans)
    for crease in creases:
        moving = [
            (top >= crease.at) if crease.moves == "below" else (bottom <= crease.at)
            for top, bottom in spans
        ]
        behind = 1 + max(layer for layer, moves in zip(layers, moving, strict=True) if not moves)
        last = max(layer for layer, moves in zip(layers, moving, strict=True) if moves)
        # What is turned over lies the other way round: what was in front of it is last.
        layers = [
            behind + last - layer if moves else layer
            for layer, moves in zip(layers, moving, strict=True)
        ]
    order = sorted(layers)
    return [order.index(layer) for layer in layers]


def _laid_flat(spans: Sequence[tuple[float, float]], front: int) -> list[Transform]:
    """From the sheet to the plane of the front span: each crease mirrors what lies beyond it."""
    flat = [Transform()] * len(spans)
    for at in range(front + 1, len(spans)):
        flat[at] = _mirrored(flat[at - 1], spans[at][0])
    for at in range(front - 1, -1, -1):
        flat[at] = _mirrored(flat[at + 1], spans[at][1])
    return flat


def _mirrored(one: Transform, crease: float) -> Transform:
    return Transform(d=-one.d, f=one.f + 2 * one.d * crease)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slide:
    """One extreme way for a packet to lie in its envelope, and the hole then, on the sheet.

    `fold_error` is that of the first fold, on which the packet stands.
    """

    hole: Box
    fold_error: float
    to_the_right: bool
    to_the_top: bool

    def __str__(self) -> str:
        across = "right" if self.to_the_right else "left"
        along = "top" if self.to_the_top else "foot"
        return (
            f"slid to the {across} and the {along} of the envelope, "
            f"folded {self.fold_error:+g} mm off"
        )


def slides(piece: Piece, envelope: Size, hole: Box) -> Iterator[Slide]:
    """Every extreme way the posted strip can lie in an envelope.

    `hole` is the window from the envelope's top left corner. Each fold and each tear goes astray
    by itself; where the hole then lies on the sheet moves one way with each error and each slide,
    so that the extremes bound all that lies between them. A packet that an unlucky fold makes too
    large for the envelope is one that does not slide: nobody forces it in, they fold it again.
    """
    if piece.posted_strip is None:
        return
    at = piece.posted_strip
    strip, folds = piece.strip(), piece.creases()
    above = piece.cuts[at - 1].tolerance if at else 0.0
    below = piece.cuts[at].tolerance if at < len(piece.cuts) else 0.0
    tolerances = (above, below, *(line.tolerance for line in folds))
    for errors in product(*(dict.fromkeys((-most, most)) for most in tolerances)):
        top_error, tear_error, *fold_errors = errors
        real = Box.between(
            strip.left, strip.top + top_error, strip.right, strip.bottom + tear_error
        )
        packet = fold_up(
            real,
            tuple(
                Crease(line.at + error, line.moves)
                for line, error in zip(folds, fold_errors, strict=True)
            ),
        )
        room = Size(
            max(0.0, envelope.width - packet.size.width),
            max(0.0, envelope.height - packet.size.height),
        )
        to_sheet = packet.front.to_packet.inverse()
        for right, top in product((False, True), (False, True)):
            moved = hole.moved(
                -room.width if right else 0.0,
                # The packet's own top is `room.height` below the envelope's when it stands at
                # the foot, and level with it when it is pushed up.
                0.0 if top else -room.height,
            )
            if packet.size.height > envelope.height:
                moved = moved.moved(dy=packet.size.height - envelope.height)
            yield Slide(
                hole=to_sheet.apply_box(moved),
                fold_error=next(iter(fold_errors), 0.0),
                to_the_right=right,
                to_the_top=top,
            )


def always_visible(piece: Piece, envelope: Size, hole: Box) -> Box:
    """The part of the sheet that the window shows however the packet lies; may be empty."""
    return intersection_all(slide.hole for slide in slides(piece, envelope, hole))


def ever_exposed(piece: Piece, envelope: Size, hole: Box) -> Box:
    """The part of the sheet that the window can show at any slide."""
    return union_all(slide.hole for slide in slides(piece, envelope, hole))


def fits(piece: Piece, envelope: Size) -> bool:
    """Whether the packet, folded and torn as drawn, goes into the envelope."""
    if piece.posted_strip is None:
        return True
    packet = piece.packet()
    return packet.size.width <= envelope.width and packet.size.height <= envelope.height
