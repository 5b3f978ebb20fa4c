"""The pages of a finished file on sheets, as a plan says; and back: the pages as they will be cut.

Each page becomes a form (ISO 32000-1, 8.10), which stands in the file once however many cells show
it. A cell draws it moved, turned and cut to the cell, and never scaled. What is written is
PDF/A-2b (ISO 19005-2) without tags, and PDF/X-4 at once where pages are for a press. The same calls
make the same bytes.
"""

from __future__ import annotations

import hashlib
import zlib
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from actionpack.geometry import Box, Point, Transform
from actionpack.glyphs import Used
from actionpack.imposition import Imposition, Mark, Placed, Side
from actionpack.pdf.binder import LEVEL, Binder, Binding
from actionpack.pdf.file import File, Page
from actionpack.pdf.marks import Font
from actionpack.pdf.objects import (
    damage_told,
    num,
    pdf_array,
    pdf_dictionary,
    pdf_name,
    pdf_numbers,
    pdf_stream,
    pdf_whole,
)
from actionpack.pdf.pressed import PressBinder
from actionpack.pdf.sheetmarks import (
    MARKS_TAG,
    STEPS_TAG,
    SheetMarks,
    marked,
    resources,
    steps_drawn,
    without_marks,
)
from actionpack.pdf.sheetmarks import drawn as marks_drawn
from actionpack.pdf.stencil import Side as Form
from actionpack.pdf.stencil import cut_pages
from actionpack.units import mm_to_pt

if TYPE_CHECKING:
    from pypdf.generic import PdfObject

# Thin, and thick enough for every printer: ISO 12647 names none, presses ask for 0.25 pt.
_STROKE_PT = 0.25
_DASHES = {"crop": b"[] 0 d", "fold": b"[3 2] 0 d", "glue": b"[0.5 1.5] 0 d"}


class Start(NamedTuple):
    """Where a pack begins: its first page, from 1, what it is called, the level of its bookmark."""

    page: int
    label: str
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Surround:
    """What sheets for a press have besides their pages.

    `bleed_mm` is how far pages show beyond their cells. `marks` are those of each side, from its
    top left corner; `fonts` gives the fonts that their words were set in, as `Binder.finish` wants
    them.
    """

    bleed_mm: float
    marks: tuple[SheetMarks, ...]
    fonts: Callable[[Iterable[Used]], Mapping[str, tuple[Font, Mapping[int, str]]]]


def impose_pages(
    pdf: bytes,
    plan: Imposition,
    *,
    binding: Binding,
    private: bytes,
    made_from: bytes,
    starts: Sequence[Start] = (),
    surround: Surround | None = None,
) -> bytes:
    """Put the pages of a finished file on sheets; `private` and `made_from` as `Binder.finish`.

    `surround` is for pages for a press, whose own marks are left out. Raises Rejected (`bad-file`)
    when the pages are damaged or fewer than the plan has.
    """
    sheets = _Sheets(pdf) if surround is None else _PressSheets(pdf, surround)
    with damage_told("the pages cannot be put on sheets"):
        for side in plan.sides:
            sheets.add_side(side, plan)
        sheets.name(plan, starts)
        fonts = {} if surround is None else surround.fonts(sheets.used)
        return sheets.finish(binding, fonts, private, made_from)


def binding_of(pdf: bytes, *, made: date, plan: Imposition) -> Binding:
    """What a finished file says of itself, for the same on sheets."""
    with damage_told("the pages cannot be put on sheets"):
        file = File(pdf)
        language = file.root.get("/Lang")
        return Binding(
            title=str(file.info["/Title"]),
            language=None if language is None else str(language),
            made=made,
            producer=str(file.info["/Producer"]),
            duplex=plan.duplex,
            flip=plan.flip,
        )


def made_from(pdf: bytes, plan: Imposition) -> bytes:
    """What a file on sheets is made from, as 16 bytes."""
    return hashlib.sha256(pdf + ascii(plan).encode()).digest()[:16]


class _Sheets(Binder):
    """A file whose pages are sides of sheets."""

    # How far pages show beyond their cells, mm.
    bleed_mm = 0.0

    def __init__(self, pdf: bytes) -> None:
        super().__init__()
        stencil = cut_pages(pdf)
        numbers = self._parts_of(stencil)
        self._intents = [numbers[intent] for intent in stencil.intents]
        self._forms: tuple[tuple[Form, int], ...] = tuple(
            (side, numbers[side.form]) for side in stencil.sides
        )
        self._sides: list[int] = []

    def add_side(self, side: Side, plan: Imposition) -> None:
        """Add a side of a sheet."""
        wide, high = mm_to_pt(plan.size.width), mm_to_pt(plan.size.height)
        drawn: list[bytes] = []
        named: dict[int, bytes] = {}
        for placed in side.pages:
            if placed.page is not None:
                form, number = self._forms[placed.page - 1]
                shown = side.shown(placed, self.bleed_mm)
                drawn.append(_placed(placed, shown, form, high))
                named[placed.page] = b"/P%d %d 0 R" % (placed.page, number)
        beside, held = self._beside(side, high)
        content = self._stream(b"", zlib.compress(b"".join(drawn) + beside, LEVEL))
        number = self._reserved()
        self._pack(
            number,
            b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %s %s]%s/Resources<</XObject<<%s>>%s>>"
            b"/Contents %d 0 R>>"
            % (
                self._branch(number),
                num(wide).encode(),
                num(high).encode(),
                self._boxes(side, high),
                b"".join(named.values()),
                held,
                content,
            ),
        )
        self._sides.append(number)
        self.page_count += 1

    def _beside(self, side: Side, high: float) -> tuple[bytes, bytes]:
        """What is drawn beside the pages, and the entries of the resources for it."""
        return _strokes(side.marks, high), b""

    def _boxes(self, side: Side, high: float) -> bytes:
        """The boxes of a side besides its media box."""
        return b""

    def name(self, plan: Imposition, starts: Sequence[Start]) -> None:
        """Call the sides after the packs on them, and lead from each pack to where it begins."""
        begins = [start.page for start in starts]
        side_of: dict[int, int] = {}
        for at, side in enumerate(plan.sides):
            here: dict[str, None] = {}
            for placed in side.pages:
                if placed.page is None:
                    continue
                side_of.setdefault(placed.page, at)
                if pack := bisect_right(begins, placed.page):
                    here[starts[pack - 1].label] = None
            if here:
                label = " … ".join(dict.fromkeys((next(iter(here)), next(reversed(here)))))
                if not self._labels or self._labels[-1][1] != label:
                    self._labels.append((at, label))
        for start in starts:
            goal = b"[%d 0 R/Fit]" % self._sides[side_of[start.page]]
            self._marks.append((start.label, start.level, goal))


class _PressSheets(_Sheets, PressBinder):
    """The same for a press: what is cut out is the trim box, and the marks stand outside of it."""

    def __init__(self, pdf: bytes, surround: Surround) -> None:
        super().__init__(pdf)
        self.bleed_mm = surround.bleed_mm
        self._marks_left = iter(surround.marks)

    def _beside(self, side: Side, high: float) -> tuple[bytes, bytes]:
        marks = next(self._marks_left)

        def point(at: Point) -> tuple[float, float]:
            return mm_to_pt(at.x), high - mm_to_pt(at.y)

        layers = self._layers_of(marks)
        self._fonts = self._fonts or self._reserved()
        held = resources(layers) + b"/Font %d 0 R" % self._fonts
        around = marks_drawn(marks, point, self._lettering.show)
        operators = b"/%s BMC\n%sEMC\n" % (MARKS_TAG.encode(), around)
        if layers:
            operators += b"/%s BMC\n%sEMC\n" % (STEPS_TAG.encode(), steps_drawn(marks, point))
        return operators, held

    def _boxes(self, side: Side, high: float) -> bytes:
        boxes = (("Trim", side.block), ("Bleed", side.block.inset(-self.bleed_mm)))
        return "".join(f"/{name}Box[{_edges(box, high)}]" for name, box in boxes).encode()


def _placed(placed: Placed, shown: Box, form: Form, high: float) -> bytes:
    """The operators that draw a page where it shows; the side is so many points high."""
    a, b, c, d, e, f = _to_points(placed.to_sheet, form.left, form.top, high)
    matrix = " ".join(map(num, (a, b, c, d, e, f)))
    return f"q {_rectangle(shown, high)} W n {matrix} cm /P{placed.page} Do Q\n".encode()


def _to_points(
    to_sheet: Transform, left: float, top: float, high: float
) -> tuple[float, float, float, float, float, float]:
    """A map in mm, y down, as one from a page's points, y up, to those of a side.

    `left` and `top` are the page's corner in its own points, `high` is the height of the side.
    """
    t = to_sheet
    return (
        t.a,
        -t.b,
        -t.c,
        t.d,
        mm_to_pt(t.e) - t.a * left + t.c * top,
        high - mm_to_pt(t.f) + t.b * left - t.d * top,
    )


def _rectangle(box: Box, high: float) -> str:
    corner = (mm_to_pt(box.x), high - mm_to_pt(box.bottom))
    return " ".join(map(num, (*corner, mm_to_pt(box.width), mm_to_pt(box.height)))) + " re"


def _edges(box: Box, high: float) -> str:
    """A box on a side as a PDF has it: left, bottom, right, top."""
    edges = (box.left, high - mm_to_pt(box.bottom), box.right, high - mm_to_pt(box.top))
    return " ".join(map(num, (mm_to_pt(edges[0]), edges[1], mm_to_pt(edges[2]), edges[3])))


def _strokes(marks: Iterable[Mark], high: float) -> bytes:
    """Strokes in black, each a path of its own: a reader finds each where it is."""
    by_kind: dict[str, list[Mark]] = {}
    for mark in marks:
        by_kind.setdefault(mark.kind, []).append(mark)
    drawn = []
    for kind, strokes in by_kind.items():
        path = " ".join(
            "{} {} m {} {} l S".format(
                *(
                    num(at)
                    for end in (stroke.start, stroke.end)
                    for at in (mm_to_pt(end.x), high - mm_to_pt(end.y))
                )
            )
            for stroke in strokes
        )
        drawn.append(
            b"q 0 G %s w %s %s Q\n" % (num(_STROKE_PT).encode(), _DASHES[kind], path.encode())
        )
    return b"".join(drawn)


# ------------------------------------------------------------------------------------- and back


def cut_apart(
    pdf: bytes,
    plan: Imposition,
    *,
    only: Collection[int] | None = None,
    bleed_mm: float | None = None,
) -> bytes:
    """The pages of a file on sheets, as they are when it is cut: for whoever proves them.

    Each page shows what the sheets show in its cell, turned upright; of a page that stands in
    several cells the first counts, and tiles are put together. Nothing is copied from the pages
    that were imposed: what is drawn is what the sheets draw. `only`: the others stay empty.
    `bleed_mm` is that of pages for a press: they have it round their trim box, as far as it shows,
    and neither marks nor the lines of processing steps. None: they end with their cells.

    Raises Rejected (`bad-file`) when the file is damaged or has fewer sides than the plan.
    """
    with damage_told("the sheets cannot be read"):
        file = File(pdf, strict=False)
        pages = tuple(file.pages())
        sides: dict[int, _SideForm] = {}
        places: dict[int, list[tuple[int, Placed]]] = {}
        for at, side in enumerate(plan.sides):
            for placed in side.pages:
                if placed.page is not None and (plan.scheme == "tile" or placed.page not in places):
                    places.setdefault(placed.page, []).append((at, placed))
        tree = file.root.raw_get("/Pages")
        kids = []
        for number, found in sorted(places.items()):
            if any(at >= len(pages) for at, _ in found):
                continue
            if only is not None and number not in only:
                kids.append(file.add(_empty_page(tree, found[0][1])))
                continue
            for at in (at for at, _ in found if at not in sides):
                sides[at] = _side_form(file, pages[at])
            parts = [
                _Part(sides[at], placed, plan.sides[at].shown(placed, bleed_mm or 0.0))
                for at, placed in found
            ]
            kids.append(file.add(_cut_page(file, tree, parts, pressed=bleed_mm is not None)))
        file.replace(
            tree.idnum,
            pdf_dictionary(
                Type=pdf_name("/Pages"), Count=pdf_whole(len(kids)), Kids=pdf_array(kids)
            ),
        )
        return file.written()


class _SideForm(NamedTuple):
    """A side as a form, and its height, pt."""

    form: Any
    high: float


class _Part(NamedTuple):
    """What shows of a page on a side."""

    side: _SideForm
    placed: Placed
    shown: Box


def _side_form(file: File, page: Page) -> _SideForm:
    held, content = page.held, page.content()
    form = pdf_stream(
        without_marks(content) if marked(content) else content,
        Type=pdf_name("/XObject"),
        Subtype=pdf_name("/Form"),
        BBox=held["/MediaBox"],
        Resources=held.raw_get("/Resources") if "/Resources" in held else pdf_dictionary(),
    )
    return _SideForm(form=file.add(form), high=float(held["/MediaBox"][3]))


def _empty_page(tree: Any, placed: Placed) -> PdfObject:
    return pdf_dictionary(
        Type=pdf_name("/Page"),
        Parent=tree,
        MediaBox=pdf_numbers((0, 0, *map(mm_to_pt, placed.page_size))),
        Resources=pdf_dictionary(),
    )


def _cut_page(file: File, tree: Any, parts: Sequence[_Part], *, pressed: bool) -> PdfObject:
    """A page that shows what stands in its cells; `tree` is the root of the pages."""
    wide, high = parts[0].placed.page_size
    drawn = []
    around = Box(0, 0, wide, high)
    for at, (side, placed, shown) in enumerate(parts):
        back = Transform(*_to_points(placed.to_sheet, 0, mm_to_pt(high), side.high)).inverse()
        matrix = " ".join(map(num, (back.a, back.b, back.c, back.d, back.e, back.f)))
        drawn.append(f"q {matrix} cm {_rectangle(shown, side.high)} W n /S{at} Do Q\n")
        around = around.union(placed.to_sheet.inverse().apply_box(shown)) if pressed else around
    page = pdf_dictionary(
        Type=pdf_name("/Page"),
        Parent=tree,
        MediaBox=_box(around, high),
        Resources=pdf_dictionary(
            XObject=pdf_dictionary(**{f"S{at}": part.side.form for at, part in enumerate(parts)})
        ),
        Contents=file.add(pdf_stream("".join(drawn).encode())),
    )
    if pressed:
        page[pdf_name("/TrimBox")] = _box(Box(0, 0, wide, high), high)
        page[pdf_name("/BleedBox")] = page["/MediaBox"]
    return page


def _box(box: Box, high: float) -> PdfObject:
    """A box on a page so many millimetres high as a PDF has it."""
    edges = (box.left, high - box.bottom, box.right, high - box.top)
    return pdf_numbers(map(mm_to_pt, edges))
