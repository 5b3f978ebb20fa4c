"""A finished PDF into marks and pixels (gate: pypdfium2).

Crop boxes, rotation and forms are taken into account here: what leaves is where it shows. pdfium is
not safe in threads.
"""

from __future__ import annotations

import copy
import ctypes
import functools
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Literal

from actionpack.geometry import Box, Point, Size, Transform
from actionpack.pdf import MARKS_TAG, STEPS_TAG
from actionpack.preflight.painted import PALE_TEXT, WHITE, FormSeen, Letter, Mark, Note, Picture
from actionpack.units import MM_PER_INCH, pt_to_mm

# More than a volume holds; whoever hands in more does not want them looked at one by one.
MOST_PAGES = 2_000
# More than a volume of 500 packs holds, at 160 a pack.
MOST_MARKS = 200_000
# Whoever wrote more notes on one page does not want them looked at one by one.
MOST_NOTES = 10_000
# 30 megapixels: A4 at 550 dpi.
MOST_PIXELS = 30_000_000
_DEEPEST_FORM = 8
# Longer than anything that is printed, 350 m.
_LONGEST_PT = 1e6
_SHORTEST_MM = 1.0

# ISO 32000-1, table 106: 3 neither fills nor strokes, 7 only clips.
_INVISIBLE_MODES = (3, 7)
_STROKE_MODES = (1, 5)
# The line's middle above its baseline, in type sizes: half the height of what stands on it.
_MIDDLE = 0.35
# Enough to meet every coloured word; a page is asked for no more pixels a side.
_COLOUR_DPI = 36
_MOST_COLOUR_PIXELS = 800
# Of 255: what a warm black may differ by in its three parts.
_LEAST_COLOUR = 24
# Page coordinates are asked for in this many steps across the page: 0.3 µm on A4.
_STEPS = 1_000_000
# What pdfium writes names and words into, once for all: each would be a type of its own that
# refers to itself.
_MarkName, _FontName, _Words = ctypes.c_ushort * 32, ctypes.c_char * 256, ctypes.c_ushort * 512


class UnreadableError(Exception):
    """The file, or a page of it, is not what it should be; says why."""


class File:
    """An open PDF; close it, or use it in a `with` statement."""

    def __init__(self, pdf: bytes, *, cut: bool = False) -> None:
        """Open it; raises UnreadableError.

        `cut`: its pages were parts of sheets, and what stood on the sheets beside them is left out.
        """
        self.is_cut = cut
        # Imported here: it costs 0.1 s, and most commands never look into a PDF.
        import pypdfium2.raw as pdfium

        self._pdfium: Any = pdfium
        self._pdf = pdf  # pdfium reads from this memory as long as the file is open
        self._document = pdfium.FPDF_LoadMemDocument64(pdf, len(pdf), None)
        if not self._document:
            why = pdfium.FPDF_GetLastError()
            raise UnreadableError(
                "it is locked with a password"
                if why == pdfium.FPDF_ERR_PASSWORD
                else "it is no PDF, or damaged"
            )
        self.page_count: int = pdfium.FPDF_GetPageCount(self._document)
        self.marks_left = MOST_MARKS
        # How many pages of the whole file come before the first.
        self.before = 0
        # Whether pages are what is cut out of them, without bleed and what stands round it.
        self.trimmed = False

    def __enter__(self) -> File:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._pdfium.FPDF_CloseDocument(self._document)

    def part(self, first: int, count: int) -> File:
        """Some pages, from `first` on, as a file of which they are pages 1 to `count`.

        It is open as long as the whole, which alone is closed.
        """
        part = copy.copy(self)
        part.before = self.before + first - 1
        part.page_count = max(0, min(count, self.page_count - first + 1))
        part.marks_left = MOST_MARKS
        return part

    @property
    def title(self) -> str:
        """The title of the document; '' where it has none."""
        size = self._pdfium.FPDF_GetMetaText(self._document, b"Title", None, 0)
        text = (ctypes.c_char * max(2, min(size, 4096)))()
        self._pdfium.FPDF_GetMetaText(self._document, b"Title", text, len(text))
        return bytes(text).decode("utf-16-le", "replace").rstrip("\0")

    @property
    def language(self) -> str:
        """The language of the document as a tag; '' where it says none."""
        size = self._pdfium.FPDFCatalog_GetLanguage(self._document, None, 0)
        text = (ctypes.c_ushort * max(1, min(size // 2, 128)))()
        self._pdfium.FPDFCatalog_GetLanguage(self._document, text, len(text) * 2)
        return bytes(text).decode("utf-16-le", "replace").rstrip("\0")

    @property
    def is_protected(self) -> bool:
        """Whether it opens without a password and yet forbids something (ISO 32000-1, 7.6)."""
        return int(self._pdfium.FPDF_GetSecurityHandlerRevision(self._document)) >= 0

    @property
    def may_be_printed(self) -> bool:
        """Whether its permissions let a viewer print it (ISO 32000-1, table 22, bit 3)."""
        return bool(self._pdfium.FPDF_GetDocPermissions(self._document) & 0b100)

    def size_of(self, number: int) -> Size | None:
        """A page's size as it is shown, without opening it; None where it has none."""
        if self.trimmed:
            with self.page(number) as page:
                return page.size
        size = self._pdfium.FS_SIZEF()
        at = self.before + number - 1
        if not self._pdfium.FPDF_GetPageSizeByIndexF(self._document, at, size):
            return None
        sides = (size.width, size.height)
        if not all(0 < side < _LONGEST_PT for side in sides):
            return None
        return Size(*map(pt_to_mm, sides))

    def page(self, number: int, *, whole: bool = False) -> Page:
        """Open a page, counted from 1; `whole`: without its crop box. Raises UnreadableError."""
        return Page(self, self._pdfium, self._document, number, whole=whole)


class Page:
    """An open page of a file; close it, or use it in a `with` statement."""

    def __init__(
        self,
        file: File,
        pdfium: Any,
        document: Any,
        number: int,
        *,
        whole: bool = False,
        unturned: bool = False,
    ) -> None:
        self._file, self._pdfium, self._document = file, pdfium, document
        self.number = number
        in_file = file.before + number
        self._page = pdfium.FPDF_LoadPage(document, in_file - 1)
        if not self._page:
            raise UnreadableError(f"its page {in_file} is damaged")
        if whole:
            # A crop box is cut to the paper (ISO 32000-1, 14.11.2.1), so this one leaves all of it.
            far = _LONGEST_PT
            pdfium.FPDFPage_SetCropBox(self._page, -far, -far, far, far)
        if file.trimmed and not whole:
            self._trim()
        self._turn_back = pdfium.FPDFPage_GetRotation(self._page) if unturned else None
        if unturned:
            pdfium.FPDFPage_SetRotation(self._page, 0)
        width, height = (
            pdfium.FPDF_GetPageWidthF(self._page),
            pdfium.FPDF_GetPageHeightF(self._page),
        )
        if not (0 < width < _LONGEST_PT and 0 < height < _LONGEST_PT):
            pdfium.FPDF_ClosePage(self._page)
            raise UnreadableError(f"its page {in_file} has no size")
        self.size = Size(pt_to_mm(width), pt_to_mm(height))
        self.turned: int = 90 * max(0, pdfium.FPDFPage_GetRotation(self._page))
        self._text = pdfium.FPDFText_LoadPage(self._page)
        self._fonts: dict[int, tuple[str, bool]] = {}
        self._handles: list[Any] = []

    def _trim(self) -> None:
        """Make the page what is cut out of it, without the marks that print shops work by."""
        pdfium = self._pdfium
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        if pdfium.FPDFPage_GetTrimBox(self._page, left, bottom, right, top):
            pdfium.FPDFPage_SetCropBox(self._page, left, bottom, right, top)
        objects = [
            pdfium.FPDFPage_GetObject(self._page, at)
            for at in range(pdfium.FPDFPage_CountObjects(self._page))
        ]
        for handle in objects:
            if any(_marked(pdfium, handle, tag) for tag in (MARKS_TAG, STEPS_TAG)):
                pdfium.FPDFPage_RemoveObject(self._page, handle)
                pdfium.FPDFPageObj_Destroy(handle)

    def __enter__(self) -> Page:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._turn_back is not None:
            self._pdfium.FPDFPage_SetRotation(self._page, self._turn_back)
        self._pdfium.FPDFText_ClosePage(self._text)
        self._pdfium.FPDF_ClosePage(self._page)

    def as_stored(self) -> Page:
        """The whole page again, as it is before it is turned to be shown."""
        pdfium, document = self._pdfium, self._document
        return Page(self._file, pdfium, document, self.number, whole=True, unturned=True)

    @property
    def sheet(self) -> Box:
        """The whole page."""
        return Box(0, 0, self.size.width, self.size.height)

    @property
    def media(self) -> Size:
        """The paper that the page itself names, as it is shown: more than a crop box leaves of it.

        The size of the page where it names none that can be.
        """
        return self._media or self.size

    @property
    def has_size(self) -> bool:
        """Whether the size that it names can be one; viewers take any other for US Letter."""
        return self._media is not None

    @functools.cached_property
    def _media(self) -> Size | None:
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        if not self._pdfium.FPDFPage_GetMediaBox(self._page, left, bottom, right, top):
            return self.size
        sides = (pt_to_mm(abs(right.value - left.value)), pt_to_mm(abs(top.value - bottom.value)))
        if not all(_SHORTEST_MM < side < pt_to_mm(_LONGEST_PT) for side in sides):
            return None
        return Size(*(sides[::-1] if self.turned % 180 else sides))

    # ------------------------------------------------------------------------------ marks

    @functools.cached_property
    def marks(self) -> tuple[Mark, ...]:
        """Everything painted, in the order of painting."""
        if not self._file.is_cut:
            return tuple(self._marks(self._objects(), self._to_paper, None))
        parts = [tuple(self._marks(iter([one]), self._to_paper, None)) for one in self._objects()]
        return tuple(_glued(parts))

    @functools.cached_property
    def forms(self) -> tuple[FormSeen, ...]:
        """The forms that the page draws itself."""
        pdfium = self._pdfium
        return tuple(
            FormSeen(
                at=at,
                to_sheet=self._matrix(handle).then(self._to_paper),
                shown=self._shown(handle, self._to_paper, None),
            )
            for at, handle in enumerate(self._objects())
            if pdfium.FPDFPageObj_GetType(handle) == pdfium.FPDF_PAGEOBJ_FORM
        )

    def words_in(self, form: FormSeen) -> tuple[str, ...]:
        """The texts of a form, in the order of painting."""
        handle = self._pdfium.FPDFPage_GetObject(self._page, form.at)
        marks = self._marks(iter([handle]), self._to_paper, None)
        return tuple(mark.text for mark in marks if mark.kind == "text")

    @functools.cached_property
    def loose(self) -> tuple[Mark, ...]:
        """What the page paints itself, outside of all forms; not lines that a tool makes."""
        pdfium = self._pdfium
        bare = (
            handle
            for handle in self._objects()
            if pdfium.FPDFPageObj_GetType(handle) != pdfium.FPDF_PAGEOBJ_FORM
            and not _marked(pdfium, handle, STEPS_TAG)
        )
        return tuple(self._marks(bare, self._to_paper, None))

    def _shown(self, handle: Any, to_paper: Transform, clip: Box | None) -> Box:
        """What shows of an object, inside what clips the forms round it."""
        box, own = self._box(handle, to_paper), self._clip(handle, to_paper)
        for one in (own, clip):
            box = box if one is None else box.intersection(one)
        return box

    def _objects(self) -> Iterator[Any]:
        count = self._pdfium.FPDFPage_CountObjects(self._page)
        return (self._pdfium.FPDFPage_GetObject(self._page, at) for at in range(count))

    @functools.cached_property
    def _to_paper(self) -> Transform:
        """From the page's own points to millimetres on it as shown."""
        x, y = ctypes.c_int(), ctypes.c_int()

        def shown(at_x: float, at_y: float) -> Point:
            self._pdfium.FPDF_PageToDevice(self._page, 0, 0, _STEPS, _STEPS, 0, at_x, at_y, x, y)
            return Point(x.value / _STEPS * self.size.width, y.value / _STEPS * self.size.height)

        zero, right, up = shown(0, 0), shown(1000, 0), shown(0, 1000)
        return Transform(
            (right.x - zero.x) / 1000,
            (right.y - zero.y) / 1000,
            (up.x - zero.x) / 1000,
            (up.y - zero.y) / 1000,
            zero.x,
            zero.y,
        )

    def _marks(
        self,
        objects: Iterator[Any],
        to_paper: Transform,
        clip: Box | None,
        *,
        depth: int = 0,
        faint: bool = False,
    ) -> Iterator[Mark]:
        """What some objects paint; `faint`: a form round them may let little of it through."""
        pdfium = self._pdfium
        for handle in objects:
            if self._file.marks_left <= 0:
                raise UnreadableError(f"it paints more than {MOST_MARKS} things")
            self._file.marks_left -= 1
            kind = pdfium.FPDFPageObj_GetType(handle)
            own = self._clip(handle, to_paper)
            both = clip if own is None else own if clip is None else own.intersection(clip)
            if kind == pdfium.FPDF_PAGEOBJ_FORM:
                if self._file.is_cut and not self._shown(handle, to_paper, clip).overlaps(
                    self.sheet
                ):
                    continue
                if depth < _DEEPEST_FORM:
                    inner = range(pdfium.FPDFFormObj_CountObjects(handle))
                    parts = (pdfium.FPDFFormObj_GetObject(handle, at) for at in inner)
                    yield from self._marks(
                        parts,
                        self._matrix(handle).then(to_paper),
                        both,
                        depth=depth + 1,
                        faint=faint or self._is_faint(handle),
                    )
            elif mark := self._mark(handle, kind, to_paper, both):
                if mark.kind == "text" and (faint or self._is_faint(handle)):
                    mark = replace(mark, pale=True)
                self._handles.append(handle)
                yield mark

    def _mark(self, handle: Any, kind: int, to_paper: Transform, clip: Box | None) -> Mark | None:
        pdfium, at, box = self._pdfium, len(self._handles), self._box(handle, to_paper)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            return self._text_mark(handle, at, box, to_paper, clip)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            fill, stroke = ctypes.c_int(), ctypes.c_int()
            pdfium.FPDFPath_GetDrawMode(handle, fill, stroke)
            pale = (not fill.value or self._is_pale(handle, stroke=False)) and (
                not stroke.value or self._is_pale(handle, stroke=True)
            )
            unpainted = not fill.value and not stroke.value
            line = None if fill.value else self._line(handle, to_paper)
            return Mark(
                at=at,
                kind="path",
                box=box,
                clip=clip,
                pale=pale,
                unpainted=unpainted,
                line_mm=line,
            )
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            across, down = ctypes.c_uint(), ctypes.c_uint()
            pdfium.FPDFImageObj_GetImagePixelSize(handle, across, down)
            colours, bits = self._colours(handle)
            return Mark(
                at=at,
                kind="image",
                box=box,
                clip=clip,
                pale=False,
                unpainted=False,
                size_px=(across.value, down.value),
                square=self._matrix(handle).then(to_paper),
                colours=colours,
                bits=bits,
            )
        if kind == pdfium.FPDF_PAGEOBJ_SHADING:
            return Mark(at=at, kind="shading", box=box, clip=clip, pale=False, unpainted=False)
        return None

    def _text_mark(
        self, handle: Any, at: int, box: Box, to_paper: Transform, clip: Box | None
    ) -> Mark:
        pdfium = self._pdfium
        mode = pdfium.FPDFTextObj_GetTextRenderMode(handle)
        size = ctypes.c_float()
        pdfium.FPDFTextObj_GetFontSize(handle, size)
        line = self._matrix(handle).then(to_paper)
        baseline, middle = (
            line.apply(Point(0, 0)),
            line.apply(Point(0, _MIDDLE * size.value)),
        )
        # Along the line its ink says where the middle is, across it the baseline does.
        upright = abs(middle.x - baseline.x) <= abs(middle.y - baseline.y)
        centre = Point(box.centre.x, middle.y) if upright else Point(middle.x, box.centre.y)
        name, embedded = self._font(handle)
        return Mark(
            at=at,
            kind="text",
            box=box,
            clip=clip,
            pale=self._is_pale(handle, stroke=mode in _STROKE_MODES, least=PALE_TEXT)
            or self._is_optional(handle),
            unpainted=mode in _INVISIBLE_MODES,
            text=self._words(handle),
            middle=centre,
            font=name,
            type_mm=size.value * min(_length(line.a, line.b), _length(line.c, line.d)),
            sideways=not upright,
            upside_down=upright and middle.y > baseline.y,
            embedded=embedded,
        )

    def _box(self, handle: Any, to_paper: Transform) -> Box:
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        self._pdfium.FPDFPageObj_GetBounds(handle, left, bottom, right, top)
        edges = Box.between(left.value, bottom.value, right.value, top.value)
        return _finite(to_paper.apply_box(edges))

    def _matrix(self, handle: Any) -> Transform:
        matrix = self._pdfium.FS_MATRIX()
        self._pdfium.FPDFPageObj_GetMatrix(handle, matrix)
        return Transform(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)

    def _line(self, handle: Any, to_paper: Transform) -> float:
        """How thick the lines of a path are, mm, where it is thinner if it is stretched."""
        wide = ctypes.c_float()
        self._pdfium.FPDFPageObj_GetStrokeWidth(handle, wide)
        own = self._matrix(handle).then(to_paper)
        return wide.value * min(_length(own.a, own.b), _length(own.c, own.d))

    def _clip(self, handle: Any, to_paper: Transform) -> Box | None:
        """The box that every path of an object's clip leaves; None where nothing clips it."""
        pdfium = self._pdfium
        path = pdfium.FPDFPageObj_GetClipPath(handle)
        left: Box | None = None
        x, y = ctypes.c_float(), ctypes.c_float()
        for at in range(max(0, pdfium.FPDFClipPath_CountPaths(path))):
            points = []
            for step in range(max(0, pdfium.FPDFClipPath_CountPathSegments(path, at))):
                segment = pdfium.FPDFClipPath_GetPathSegment(path, at, step)
                pdfium.FPDFPathSegment_GetPoint(segment, x, y)
                points.append(to_paper.apply(Point(x.value, y.value)))
            if points:
                xs, ys = [p.x for p in points], [p.y for p in points]
                box = _finite(Box.between(min(xs), min(ys), max(xs), max(ys)))
                left = box if left is None else left.intersection(box)
        return left

    def _colours(self, handle: Any) -> tuple[str, int]:
        """What kind of colours a picture has, and how many bits a pixel has; 0: it does not say."""
        pdfium = self._pdfium
        said = pdfium.FPDF_IMAGEOBJ_METADATA()
        if not pdfium.FPDFImageObj_GetImageMetadata(handle, self._page, said):
            return "", 0
        kinds = {
            pdfium.FPDF_COLORSPACE_DEVICEGRAY: "grey",
            pdfium.FPDF_COLORSPACE_CALGRAY: "grey",
            pdfium.FPDF_COLORSPACE_DEVICERGB: "RGB",
            pdfium.FPDF_COLORSPACE_CALRGB: "RGB",
            pdfium.FPDF_COLORSPACE_DEVICECMYK: "CMYK",
            pdfium.FPDF_COLORSPACE_LAB: "Lab",
            pdfium.FPDF_COLORSPACE_SEPARATION: "spot",
            pdfium.FPDF_COLORSPACE_DEVICEN: "spot",
        }
        return kinds.get(said.colorspace, ""), int(said.bits_per_pixel)

    def _is_faint(self, handle: Any) -> bool:
        """Whether an object is a group, or has an opacity, a soft mask or a blend mode."""
        return bool(self._pdfium.FPDFPageObj_HasTransparency(handle))

    def _is_pale(self, handle: Any, *, stroke: bool, least: int = WHITE) -> bool:
        """Whether a colour is `least` or lighter, or transparent; a pattern is neither."""
        ask = (
            self._pdfium.FPDFPageObj_GetStrokeColor
            if stroke
            else self._pdfium.FPDFPageObj_GetFillColor
        )
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        if not ask(handle, red, green, blue, alpha):
            return False
        # Rec. 601 luma, laid over white paper.
        luma = 0.299 * red.value + 0.587 * green.value + 0.114 * blue.value
        return 255 - (255 - luma) * alpha.value / 255 >= least

    def _is_optional(self, handle: Any) -> bool:
        """Whether an object belongs to a layer, which may be off (ISO 32000-1, 8.11)."""
        return _marked(self._pdfium, handle, "OC")

    def _font(self, handle: Any) -> tuple[str, bool]:
        pdfium = self._pdfium
        font = pdfium.FPDFTextObj_GetFont(handle)
        key = _address(font)
        if key not in self._fonts:
            name = _FontName()
            pdfium.FPDFFont_GetBaseFontName(font, name, ctypes.sizeof(name))
            self._fonts[key] = (
                name.value.decode("utf-8", "replace"),
                pdfium.FPDFFont_GetIsEmbedded(font) == 1,
            )
        return self._fonts[key]

    def _words(self, handle: Any) -> str:
        text = _Words()
        room = ctypes.sizeof(text)
        size = self._pdfium.FPDFTextObj_GetText(handle, self._text, text, room)
        if size > room:
            text = (ctypes.c_ushort * (size // 2))()
            self._pdfium.FPDFTextObj_GetText(handle, self._text, text, size)
        return bytes(text)[: max(0, size - 2)].decode("utf-16-le", "replace")

    # ----------------------------------------------------------------------------- letters

    def letters(self, mark: Mark) -> tuple[Letter, ...]:
        """The characters of a text, each with the box its line keeps for it."""
        handle = _address(self._handles[mark.at])
        return tuple(self._letter(at) for at in self._letters_of.get(handle, ()))

    @functools.cached_property
    def _letters_of(self) -> dict[int, list[int]]:
        """By text object, the places of its characters in pdfium's list of them."""
        places: dict[int, list[int]] = {}
        for at in range(max(0, self._pdfium.FPDFText_CountChars(self._text))):
            handle = self._pdfium.FPDFText_GetTextObject(self._text, at)
            places.setdefault(_address(handle), []).append(at)
        return places

    def _letter(self, at: int) -> Letter:
        edges = self._pdfium.FS_RECTF()
        self._pdfium.FPDFText_GetLooseCharBox(self._text, at, edges)
        box = Box.between(edges.left, edges.bottom, edges.right, edges.top)
        code = self._pdfium.FPDFText_GetUnicode(self._text, at)
        text = chr(code) if code <= 0x10FFFF else "\ufffd"
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        self._pdfium.FPDFText_GetCharBox(self._text, at, left, right, bottom, top)
        ink = Box.between(left.value, bottom.value, right.value, top.value)
        return Letter(
            text, _finite(self._to_paper.apply_box(box)), _finite(self._to_paper.apply_box(ink))
        )

    # ------------------------------------------------------------------------------- notes

    @functools.cached_property
    def notes(self) -> tuple[Note, ...]:
        """The annotations of the page that are not hidden (ISO 32000-1, 12.5)."""
        count = min(MOST_NOTES, self._pdfium.FPDFPage_GetAnnotCount(self._page))
        return tuple(note for at in range(count) if (note := self._note(at)) is not None)

    def _note(self, at: int) -> Note | None:
        pdfium = self._pdfium
        handle = pdfium.FPDFPage_GetAnnot(self._page, at)
        if not handle:
            return None
        edges = pdfium.FS_RECTF()
        pdfium.FPDFAnnot_GetRect(handle, edges)
        box = self._to_paper.apply_box(
            Box.between(edges.left, edges.bottom, edges.right, edges.top)
        )
        kinds = {pdfium.FPDF_ANNOT_LINK: "link", pdfium.FPDF_ANNOT_WIDGET: "field"}
        note = Note(
            kind=kinds.get(pdfium.FPDFAnnot_GetSubtype(handle), "note"),
            box=_finite(box),
            framed=self._is_framed(handle),
        )
        hidden = pdfium.FPDFAnnot_GetFlags(handle) & pdfium.FPDF_ANNOT_FLAG_HIDDEN
        pdfium.FPDFPage_CloseAnnot(handle)
        return None if hidden else note

    def _is_framed(self, handle: Any) -> bool:
        """Whether an annotation names a border, or names none and so has one of 1 pt.

        Of the newer border styles nothing can be asked: an annotation that has one passes.
        """
        across, down, width = (ctypes.c_float() for _ in range(3))
        if self._pdfium.FPDFAnnot_HasKey(handle, b"BS"):
            return False
        if not self._pdfium.FPDFAnnot_GetBorder(handle, across, down, width):
            return True
        return width.value > 0

    # ------------------------------------------------------------------------------ pixels

    def picture(
        self, part: Box, dpi: float, *, notes: Literal["printed", "seen", "none"] = "printed"
    ) -> Picture | None:
        """Paint a part of the page on white paper; None when it is too large.

        The part is cut to the page; None when nothing of it is left. `notes`: which annotations
        are painted, those that are printed, those that a screen shows, or none. Form fields and
        the frames of links never are.
        """
        pdfium = self._pdfium
        inside = part.intersection(self.sheet)
        scale = dpi / MM_PER_INCH
        # Written so that it also turns away what is no number.
        if not (inside.width * scale >= 1 and inside.height * scale >= 1):
            return None
        if not inside.width * inside.height * scale * scale <= MOST_PIXELS:
            return None
        left, top = int(inside.left * scale), int(inside.top * scale)
        width, height = (
            int(inside.right * scale + 0.999) - left,
            int(inside.bottom * scale + 0.999) - top,
        )
        grey = bytearray(width * height)
        bitmap = pdfium.FPDFBitmap_CreateEx(
            width, height, pdfium.FPDFBitmap_Gray, _memory(grey), width
        )
        if not bitmap:
            return None
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
        pdfium.FPDF_RenderPageBitmap(
            bitmap,
            self._page,
            -left,
            -top,
            round(self.size.width * scale),
            round(self.size.height * scale),
            0,
            pdfium.FPDF_GRAYSCALE
            | {
                "printed": pdfium.FPDF_ANNOT | pdfium.FPDF_PRINTING,
                "seen": pdfium.FPDF_ANNOT,
                "none": 0,
            }[notes],
        )
        pdfium.FPDFBitmap_Destroy(bitmap)
        box = Box(left / scale, top / scale, width / scale, height / scale)
        return Picture(box=box, width=width, height=height, grey=bytes(grey))

    def is_coloured(self) -> bool:
        """Whether anything on the page has a colour, by its pixels."""
        pdfium, scale = self._pdfium, _COLOUR_DPI / MM_PER_INCH
        width, height = (
            max(1, min(_MOST_COLOUR_PIXELS, round(side * scale)))
            for side in (self.size.width, self.size.height)
        )
        pixels = bytearray(width * height * 4)
        bitmap = pdfium.FPDFBitmap_CreateEx(
            width, height, pdfium.FPDFBitmap_BGRx, _memory(pixels), width * 4
        )
        if not bitmap:
            return False
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
        flags = pdfium.FPDF_ANNOT | pdfium.FPDF_PRINTING
        pdfium.FPDF_RenderPageBitmap(bitmap, self._page, 0, 0, width, height, 0, flags)
        pdfium.FPDFBitmap_Destroy(bitmap)
        blue, green, red = (pixels[at::4] for at in range(3))
        if blue == green == red:
            return False
        return any(
            max(three) - min(three) > _LEAST_COLOUR for three in zip(blue, green, red, strict=True)
        )


def _glued(parts: Sequence[Sequence[Mark]]) -> Iterator[Mark]:
    """What is painted on the parts of a page, where each shows some of what the others show."""
    whole: dict[tuple[object, ...], Mark] = {}
    for number, part in enumerate(parts):
        for mark in part:
            edges = (mark.box.left, mark.box.top, mark.box.right, mark.box.bottom)
            own = (mark.kind, mark.text, *(round(edge, 1) for edge in edges))
            first = whole.get(own)
            if len(parts) == 1 or first is None or first in part:
                whole[own if first is None else (own, number, mark.at)] = mark
            elif first.clip is not None and not mark.shown.is_empty:
                shown = mark.shown if first.shown.is_empty else first.shown.union(mark.shown)
                whole[own] = replace(first, clip=None if mark.clip is None else shown)
    return iter(sorted(whole.values(), key=lambda mark: mark.at))


def _marked(pdfium: Any, handle: Any, tag: str) -> bool:
    """Whether an object stands in marked content of a tag."""
    for at in range(max(0, pdfium.FPDFPageObj_CountMarks(handle))):
        name, size = _MarkName(), ctypes.c_ulong()
        mark = pdfium.FPDFPageObj_GetMark(handle, at)
        named = pdfium.FPDFPageObjMark_GetName(mark, name, ctypes.sizeof(name), size)
        if named and bytes(name)[: size.value] == f"{tag}\0".encode("utf-16-le"):
            return True
    return False


def _address(handle: Any) -> int:
    """Where what pdfium names stands in memory; 0 for nothing."""
    # `ctypes.cast` would do, and leave a circle of two objects behind at each call.
    return ctypes.c_void_p.from_buffer(handle).value or 0


def _memory(pixels: bytearray) -> Any:
    """What pdfium writes pixels to; an array of ctypes would be a type of its own at each size."""
    return ctypes.byref(ctypes.c_char.from_buffer(pixels))


def _finite(box: Box) -> Box:
    """The box, or an empty one where a damaged file gives no number."""
    edges = (box.x, box.y, box.width, box.height)
    return box if all(map(math.isfinite, edges)) else Box(0, 0, 0, 0)


def _length(x: float, y: float) -> float:
    return float((x * x + y * y) ** 0.5)
