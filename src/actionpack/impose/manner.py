"""How pages are put on sheets: what is settled before anything is planned."""

from __future__ import annotations

from dataclasses import dataclass

from actionpack.geometry import ORIGIN, Point, Size
from actionpack.imposition import MARK_START_MM, Flip, Scheme
from actionpack.paper import Stock

# Office paper of 80 g/m² is a tenth of a millimetre thick (ISO 534: volume 1.25 cm³/g).
_MM_PER_GRAM = 0.1 / 80
THICKNESS_MM = 0.1
# What most office printers leave white along the edges of a sheet.
MARGIN_MM = 5.0
# Strokes for an office printer keep so far from the pages.
GAP_MM = 1.0
# The strip round the pages that a print shop's marks and the slug stand in has this at least: what
# a register mark and a line of small type need.
MARKS_ROOM_MM = 3.0
# How much of a tile its neighbour shows too: what a glue stick wants, and a hand goes astray.
OVERLAP_MM = 10.0


def thickness_of(grammage: float) -> float:
    """How thick a sheet of so many grams a square metre is, mm."""
    return grammage * _MM_PER_GRAM


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How pages of the size `page` are put on sheets.

    `flip` None: over the edge that lets the backs stand upright. `rtl`: the pages are read from
    right to left. `gutter_mm` is between neighbours. `safe_mm` is how far the ink of a page keeps
    from its edges, so that a cell may lie nearer to the edge of the sheet by so much than
    `margin_mm`, within which the printer prints nothing. `back_cover`: the last page of a booklet
    stays its back cover, and blank pages come before it. `shift` moves all of it, for a printer
    that moves it back.

    `bleed_mm` is None for an office printer. For a press it is how far the design runs off the
    pages, 0 and more: they keep as far from the edges of the sheet as their bleed and the marks
    outside of it need, and both sides have marks.
    """

    scheme: Scheme
    page: Size
    sheet: Stock
    duplex: bool
    flip: Flip | None = None
    rtl: bool = False
    gutter_mm: float = 0.0
    margin_mm: float = MARGIN_MM
    safe_mm: float = MARGIN_MM
    thickness_mm: float = THICKNESS_MM
    overlap_mm: float = OVERLAP_MM
    back_cover: bool = False
    shift: Point = ORIGIN
    bleed_mm: float | None = None

    @property
    def marks_from_mm(self) -> float:
        """How far outside of the pages the strokes beside them begin."""
        return GAP_MM if self.bleed_mm is None else max(MARK_START_MM, self.bleed_mm)

    @property
    def edge_mm(self) -> float:
        """How far the outermost cells keep from the edges of the sheet at least."""
        if self.bleed_mm is None:
            return max(0.0, self.margin_mm - self.safe_mm)
        return self.margin_mm + self.marks_from_mm + MARKS_ROOM_MM

    @property
    def both_sides(self) -> bool:
        """Whether sheets are printed on both sides: booklets always are, tiles never."""
        kind = self.scheme.kind
        return kind == "booklet" or (self.duplex and kind != "tile")

    @property
    def fills_leaves(self) -> bool:
        """Whether every pack begins with the front of a leaf, and a blank page fills its last one.

        A booklet does so by itself, and tiles have no backs.
        """
        return self.duplex and self.scheme.kind not in ("booklet", "tile")

    def pages_of(self, sides: int) -> int:
        """How many pages a pack of so many takes, with the blank one that fills its last leaf."""
        return sides + (sides % 2 if self.fills_leaves else 0)
