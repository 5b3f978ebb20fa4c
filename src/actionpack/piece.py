"""A sheet, its cuts and folds, and where each part of it ends up.

A *piece* is one side of a sheet as it leaves the printer. Cuts and folds are horizontal lines,
given by their distance from the sheet's top. What stays of the sheet after a cut is a *strip*;
a folded strip is a *packet*, whose *facets* lie behind each other. In an envelope the packet
slides: `holes` gives every place, on the sheet, that a window can come to lie over. From them
follow the box that is visible at every slide and the one that is exposed at any.

Millimetres, origin top left, y down, on the sheet and on the packet alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product

from actionpack.geometry import (
    EPSILON_MM,
    Box,
    Point,
    Size,
    Transform,
    intersection_all,
    union_all,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A cut or a fold right across the sheet, and how far off a hand may be, mm."""

    name: str
    at: float
    tolerance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A box with a purpose. `posted`: it goes to the target; else it is kept."""

    name: str
    box: Box
    posted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """What the post keeps free on a card: a box on the sheet, and what it is for."""

    name: str
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One side of a sheet. `posted_strip` counts strips from the top; None: nothing is posted.

    `clear` is what the post keeps free on what is posted without an envelope.
    """

    name: str
    sheet: Size
    cuts: tuple[Line, ...] = ()
    folds: tuple[Line, ...] = ()
    panels: tuple[Panel, ...] = ()
    posted_strip: int | None = None
    blank_back: bool = False
    clear: tuple[Zone, ...] = ()

    def strips(self) -> tuple[Box, ...]:
        """What the cuts leave of the sheet, from the top."""
        edges = (0.0, *(cut.at for cut in self.cuts), self.sheet.height)
        return tuple(
            Box.between(0, top, self.sheet.width, bottom) for top, bottom in pairwise(edges)
        )

    def panel(self, name: str) -> Panel | None:
        return next((panel for panel in self.panels if panel.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """What lies between two folds: its box on the sheet and the map from sheet to packet.

    `layer` 0 faces whoever looks at the address; odd layers show their back to them.
    """

    box: Box
    to_packet: Transform
    layer: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """A folded strip, seen from the side of its first facet."""

    size: Size
    facets: tuple[Facet, ...]

    def place(self, point: Point) -> Point:
        """Where a point of the sheet lies on the packet; raises ValueError off the strip."""
        for facet in self.facets:
            # Edges are rounded: a point on a crease must not fall between two facets.
            if facet.box.inset(-EPSILON_MM).contains_point(point):
                return facet.to_packet.apply(point)
        raise ValueError(f"{point} is not on this strip")


def fold(strip: Box, folds: tuple[float, ...]) -> Packet:
    """Fold a strip like a fan at the given distances from the sheet's top.

    The first facet faces the viewer and hangs from the packet's foot: its lower edge is the
    first fold, on which the packet stands in its envelope. When a later facet is longer, the
    first one's upper edge lies below the packet's top.
    """
    inside = tuple(at for at in sorted(folds) if strip.top < at < strip.bottom)
    edges = (strip.top, *inside, strip.bottom)
    lengths = [bottom - top for top, bottom in pairwise(edges)]
    # The fan's turning points on the packet, measured upwards from its foot.
    heights = _fan_heights(lengths)
    foot = max(heights)
    facets = []
    for layer, (top, bottom) in enumerate(pairwise(edges)):
        start = foot - heights[layer]
        down = 1 if layer % 2 == 0 else -1
        transform = Transform(d=down, f=start - down * top, e=-strip.left)
        box = Box.between(strip.left, top, strip.right, bottom)
        facets.append(Facet(box=box, to_packet=transform, layer=layer))
    return Packet(size=Size(strip.width, foot - min(heights)), facets=tuple(facets))


def _fan_heights(lengths: list[float]) -> list[float]:
    """How high each edge of a fan stands above the first fold: edge 0 is the strip's top."""
    if len(lengths) == 1:
        return [lengths[0], 0.0]
    heights = [lengths[0], 0.0]
    upwards = True
    for length in lengths[1:]:
        heights.append(heights[-1] + (length if upwards else -length))
        upwards = not upwards
    return heights


@dataclass(frozen=True, slots=True, kw_only=True)
class Slide:
    """One extreme way for a packet to lie in its envelope, and the hole then, on the sheet.

    `fold_error` is that of the first fold, on which the packet stands.
    """

    hole: Box
    fold_error: float
    tear_error: float
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
    strip = piece.strips()[at]
    folds = sorted(
        (line for line in piece.folds if strip.top < line.at < strip.bottom),
        key=lambda line: line.at,
    )
    above = piece.cuts[at - 1].tolerance if at else 0.0
    below = piece.cuts[at].tolerance if at < len(piece.cuts) else 0.0
    tolerances = (above, below, *(line.tolerance for line in folds))
    for errors in product(*(dict.fromkeys((-most, most)) for most in tolerances)):
        top_error, tear_error, *fold_errors = errors
        real = Box.between(
            strip.left, strip.top + top_error, strip.right, strip.bottom + tear_error
        )
        packet = fold(real, tuple(line.at + e for line, e in zip(folds, fold_errors, strict=True)))
        room = Size(
            max(0.0, envelope.width - packet.size.width),
            max(0.0, envelope.height - packet.size.height),
        )
        to_sheet = packet.facets[0].to_packet.inverse()
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
                tear_error=tear_error,
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
    strip = piece.strips()[piece.posted_strip]
    packet = fold(strip, tuple(line.at for line in piece.folds))
    return packet.size.width <= envelope.width and packet.size.height <= envelope.height
