"""What a page for a press paints with: inks, other colours, overprinting, widths; its boxes.

Contents, forms and patterns are read operator by operator. What all copies share is a form, and is
read once a page; whoever asks names the pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from actionpack.condition import NO_INK, SOLID_BLACK, Ink, Pixels
from actionpack.geometry import Box, Point, Transform
from actionpack.pdf.objects import damage_told, entry_of, open_reader
from actionpack.pdf.operators import Operator, operators
from actionpack.pdf.sheetmarks import AROUND
from actionpack.units import pt_to_mm

Kind = Literal["text", "fill", "stroke", "image", "shading"]
_DEEPEST = 8
_FILLING = (b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*")
_STROKING = (b"S", b"s", b"B", b"B*", b"b", b"b*")
_PATH_ENDS = {*_FILLING, *_STROKING, b"n"}
_SHOWING = (b"Tj", b"TJ", b"'", b'"')
_NAMES = {
    "/DeviceGray": "grey",
    "/G": "grey",
    "/CalGray": "grey",
    "/DeviceRGB": "RGB",
    "/RGB": "RGB",
    "/CalRGB": "RGB",
    "/DeviceCMYK": "CMYK",
    "/CMYK": "CMYK",
    "/Lab": "Lab",
    "/Pattern": "pattern",
}
_MASK = re.compile(rb"/(?:IM|ImageMask)\s+true\b")
# Whatever has no edge: wider than any sheet, mm.
_EVERYWHERE = Box(-1e5, -1e5, 2e5, 2e5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paint:
    """One thing painted, in the order of painting.

    `space` is "CMYK", "grey", "RGB", "Lab", "pattern", or that of a spot colour: "spot Fold". `ink`
    is what is printed, None where a picture or gradient has many. `over`: it overprints. `box` is
    round what is painted, mm from the top left of the trim box; of text it is round its first
    letter. `pt` is the size of type or the width of a line, `dashes` are those of a line, pt.
    `mark`: it is one round the page. `tint` is how much of a spot colour is painted, 1 being all.
    """

    kind: Kind
    space: str
    ink: Ink | None
    over: bool
    box: Box
    pt: float
    mark: bool
    dashes: tuple[float, ...] = ()
    picture: Pixels | None = None
    tint: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PressPage:
    """A page: its boxes, mm from the top left of its media box, None for one that is not there.

    `notes` are the kinds of its annotations, `spaces` the colour spaces that its resources name.
    """

    number: int
    media: Box
    bleed: Box | None
    trim: Box | None
    notes: tuple[str, ...]
    spaces: tuple[str, ...]
    paints: tuple[Paint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedPage:
    """What is painted round the pages on a page of a file: `marks`, mm from its top left corner.

    What something is painted over is none of them. `trim` is its trim box, None where it has none.
    """

    number: int
    media: Box
    trim: Box | None
    marks: tuple[Paint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PressFile:
    """What a file says it is for, and some of its pages.

    `conditions` are pairs of the kind of an output intent and its condition, '' where it embeds no
    profile; `trapped` is '' where nothing is said; `scripts`: it holds programs or files.
    """

    version: str
    trapped: str
    conditions: tuple[tuple[str, str], ...]
    scripts: bool
    pages: tuple[PressPage, ...]


def look_at_paints(pdf: bytes, numbers: Iterable[int], *, whole: bool = False) -> PressFile:
    """Read some pages of a file, counted from 1; raises Rejected (`bad-file`) when it is damaged.

    Pages that are not there are left out. `whole`: what is painted counts from the top left corner
    of the media box, as the page's boxes do.
    """
    with damage_told("the colours of the file cannot be read"):
        reader = open_reader(pdf, strict=False)
        root = reader.root_object
        metadata = root["/Metadata"].get_data() if "/Metadata" in root else b""
        version = metadata.partition(b"<pdfxid:GTS_PDFXVersion>")[2].partition(b"<")[0]
        information = entry_of(reader.trailer, "/Info", {})
        count = int(root["/Pages"]["/Count"])
        return PressFile(
            version=version.decode("latin-1"),
            trapped=str(information.get("/Trapped", "")).removeprefix("/"),
            conditions=tuple(_conditions(root)),
            scripts=any(key in root for key in ("/OpenAction", "/AA", "/AcroForm"))
            or any(key in root.get("/Names", {}) for key in ("/JavaScript", "/EmbeddedFiles")),
            pages=tuple(
                _page(_page_at(root, at), at, whole=whole) for at in numbers if at <= count
            ),
        )


def look_at_marks(pdf: bytes, numbers: Iterable[int]) -> tuple[MarkedPage, ...]:
    """Read the marks on some pages of a file and nothing else, which takes little time.

    Pages that are not there are left out. Raises Rejected (`bad-file`) when the file is damaged.
    """
    with damage_told("the marks of the file cannot be read"):
        root = open_reader(pdf, strict=False).root_object
        count = int(root["/Pages"]["/Count"])
        return tuple(_marked(_page_at(root, at), at) for at in numbers if at <= count)


def _marked(page: Any, number: int) -> MarkedPage:
    media = _edges(_inherited(page, "/MediaBox"))
    resources = _inherited(page, "/Resources") or {}
    reader = _Reader(resources, _State(to_trim=_from_corner(media)), marks_only=True)
    return MarkedPage(
        number=number,
        media=_placed(media, media),
        trim=_placed(_edges(page["/TrimBox"]), media) if "/TrimBox" in page else None,
        marks=tuple(_not_hidden(reader.paints(_content(page)))),
    )


def _not_hidden(paints: Iterable[Paint]) -> Iterator[Paint]:
    """The marks of which at least half is left by what is painted over them, in any colour."""
    left: dict[int, float] = {}
    marks: list[Paint] = []
    for paint in paints:
        if _covers(paint):
            for at, mark in enumerate(marks):
                common = mark.box.intersection(paint.box)
                if not common.is_empty:
                    left[at] -= common.width * common.height
        if paint.mark:
            left[len(marks)] = paint.box.width * paint.box.height
            marks.append(paint)
    for at, mark in enumerate(marks):
        if 2 * left[at] >= mark.box.width * mark.box.height:
            yield mark


def _covers(paint: Paint) -> bool:
    """Whether it takes off what is below its box; of lines only those along an edge fill theirs."""
    if paint.kind == "stroke" and min(paint.box.width, paint.box.height) > 2 * pt_to_mm(paint.pt):
        return False
    return paint.kind != "text" and not paint.over


def _placed(edges: tuple[float, ...], media: tuple[float, ...]) -> Box:
    """A box of a page, mm from the top left of its media box."""
    left, bottom, right, top = edges
    return Box.between(
        *map(pt_to_mm, (left - media[0], media[3] - top, right - media[0], media[3] - bottom))
    )


def _from_corner(box: tuple[float, ...]) -> Transform:
    """From a page's own points to millimetres from the top left corner of one of its boxes."""
    scale = pt_to_mm(1)
    return Transform(a=scale, d=-scale, e=-box[0] * scale, f=box[3] * scale)


def _page_at(root: Any, number: int) -> Any:
    """A page by its number, from 1, without a look at those before it (ISO 32000-1, 7.7.3)."""
    node, left = root["/Pages"], number - 1
    for _ in range(_DEEPEST):
        if node["/Type"] == "/Page":
            return node
        for reference in node["/Kids"]:
            kid = reference.get_object()
            count = int(kid["/Count"]) if kid["/Type"] == "/Pages" else 1
            if left < count:
                node = kid
                break
            left -= count
    raise ValueError("the page tree does not hold what it says")


def _inherited(page: Any, key: str) -> Any:
    """What a page or a node above it says (ISO 32000-1, 7.7.3.4)."""
    node = page
    for _ in range(_DEEPEST):
        if key in node:
            return node[key]
        if "/Parent" not in node:
            break
        node = node["/Parent"]
    return None


def _content(page: Any) -> bytes:
    from pypdf.generic import ArrayObject

    held = entry_of(page, "/Contents")
    parts = held if isinstance(held, ArrayObject) else [held] if held is not None else []
    return b"\n".join(bytes(part.get_object().get_data()) for part in parts)


def _conditions(root: Any) -> Iterator[tuple[str, str]]:
    for reference in entry_of(root, "/OutputIntents", ()):
        intent = reference.get_object()
        named = str(intent.get("/OutputConditionIdentifier", ""))
        yield str(intent["/S"]), named if "/DestOutputProfile" in intent else ""


def _page(page: Any, number: int, *, whole: bool) -> PressPage:
    media = _edges(_inherited(page, "/MediaBox"))
    trim = _edges(page["/TrimBox"]) if "/TrimBox" in page and not whole else media
    boxes = {key: _edges(page[key]) for key in ("/BleedBox", "/TrimBox") if key in page}
    resources = _inherited(page, "/Resources") or {}
    return PressPage(
        number=number,
        media=_placed(media, media),
        bleed=_placed(boxes["/BleedBox"], media) if "/BleedBox" in boxes else None,
        trim=_placed(boxes["/TrimBox"], media) if "/TrimBox" in boxes else None,
        notes=tuple(
            str(note.get_object()["/Subtype"]).removeprefix("/")
            for note in (entry_of(page, "/Annots", ()))
        ),
        spaces=tuple(sorted(set(_spaces(resources, 0)))),
        paints=tuple(_Reader(resources, _State(to_trim=_from_corner(trim))).paints(_content(page))),
    )


def _edges(box: Any) -> tuple[float, ...]:
    return tuple(float(edge) for edge in box)


# ----------------------------------------------------------------------------------- colour spaces


def space_name(space: Any) -> str:
    """What people call a colour space (ISO 32000-1, 8.6.3)."""
    held = space.get_object()
    if isinstance(held, str):
        return _NAMES.get(held, held.removeprefix("/"))
    kind = held[0]
    if kind == "/ICCBased":
        return {1: "grey", 3: "RGB", 4: "CMYK with a profile"}.get(int(held[1]["/N"]), "ICC")
    if kind == "/Separation":
        return f"spot {str(held[1]).removeprefix('/')}"
    if kind == "/DeviceN":
        return "spot " + ", ".join(str(one).removeprefix("/") for one in held[1])
    if kind == "/Indexed":
        return space_name(held[1])
    return _NAMES.get(kind, str(kind).removeprefix("/"))


def _spaces(resources: Any, depth: int) -> Iterator[str]:
    """The colour spaces that resources name, and those of the pictures and drawings in them."""
    if depth > _DEEPEST:
        return
    for space in _each(resources, "/ColorSpace"):
        yield space_name(space)
    for shading in _each(resources, "/Shading"):
        yield space_name(shading["/ColorSpace"])
    drawings = [*_each(resources, "/XObject"), *_each(resources, "/Pattern")]
    for state in _each(resources, "/ExtGState"):
        mask = entry_of(state, "/SMask", None)
        if hasattr(mask, "raw_get"):
            drawings.append(mask["/G"])
    for drawing in drawings:
        if "/ColorSpace" in drawing:
            yield space_name(drawing["/ColorSpace"])
        if "/Shading" in drawing:
            yield space_name(drawing["/Shading"]["/ColorSpace"])
        if "/Group" in drawing and "/CS" in drawing["/Group"]:
            yield space_name(drawing["/Group"]["/CS"])
        if "/Resources" in drawing:
            yield from _spaces(drawing["/Resources"], depth + 1)


def _each(resources: Any, kind: str) -> list[Any]:
    held = entry_of(resources, kind, {})
    return [held[name] for name in held]


# ----------------------------------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True, kw_only=True)
class _Colour:
    space: str = "grey"
    ink: Ink | None = SOLID_BLACK
    tint: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """What q keeps and Q gives back."""

    to_trim: Transform
    clip: Box = _EVERYWHERE
    fill: _Colour = _Colour()
    stroke: _Colour = _Colour()
    fill_over: bool = False
    stroke_over: bool = False
    mode: int = 0
    width: float = 1.0
    dashes: tuple[float, ...] = ()
    size: float = 0.0
    rendering: int = 0
    mark: bool = False


class _Reader:
    """Reads one stream, with `marks_only` from the first mark on; others read the forms inside."""

    def __init__(
        self, resources: Any, state: _State, depth: int = 0, *, marks_only: bool = False
    ) -> None:
        self._resources, self._state, self._depth = resources, state, depth
        # What is painted before the first mark hides none.
        self._marks_only = marks_only
        self._kept: list[_State] = []
        self._points: list[Point] = []
        self._clips = False
        self._line = self._start = Transform()
        self._tags: list[bool] = []

    def paints(self, content: bytes) -> Iterator[Paint]:
        """What the stream paints, in turn."""
        for operator in operators(content):
            name = operator.name
            if name in _PATH_ENDS:
                yield from self._painted(name)
            elif name in _SHOWING:
                yield from self._shown()
            elif name == b"Do":
                yield from self._drawn(operator.operands[0].decode("latin-1"))
            elif name == b"sh":
                shading = self._named("/Shading", operator.operands[0])
                space = space_name(shading["/ColorSpace"])
                yield self._paint("shading", _Colour(space=space, ink=None), self._state.clip)
            elif name == b"BI":
                yield self._inline(operator)
            else:
                self._set(operator)

    # --- painting

    def _paint(
        self, kind: Kind, colour: _Colour, box: Box, *, pt: float = 0, stroke: bool = False
    ) -> Paint:
        state = self._state
        over = (state.stroke_over if stroke else state.fill_over) and state.mode == 1
        return Paint(
            kind=kind,
            space=colour.space,
            ink=colour.ink,
            over=over,
            box=box.intersection(state.clip),
            pt=pt,
            mark=state.mark,
            dashes=state.dashes if stroke else (),
            tint=colour.tint,
        )

    def _painted(self, name: bytes) -> Iterator[Paint]:
        state, points = self._state, self._points
        box = _round(points)
        if points and name in _FILLING:
            yield self._paint("fill", state.fill, box)
        if points and name in _STROKING:
            wide = state.width * _scale(state.to_trim) / pt_to_mm(1)
            yield self._paint(
                "stroke", state.stroke, box.inset(-pt_to_mm(wide) / 2), pt=wide, stroke=True
            )
        if self._clips and points:
            self._state = replace(state, clip=state.clip.intersection(box))
        self._points, self._clips = [], False

    def _shown(self) -> Iterator[Paint]:
        state = self._state
        if state.rendering in (3, 7):
            return
        matrix = self._line.then(state.to_trim)
        size = state.size * _scale(matrix)
        at = matrix.apply(Point(0, 0))
        stroke = state.rendering in (1, 5)
        yield self._paint(
            "text",
            state.stroke if stroke else state.fill,
            Box(at.x, at.y - size, size / 2, size),
            pt=size / pt_to_mm(1),
            stroke=stroke,
        )

    def _drawn(self, name: str) -> Iterator[Paint]:
        if self._marks_only and not self._state.mark:
            return
        drawn = self._named("/XObject", name.encode("latin-1"))
        if drawn["/Subtype"] == "/Form":
            if self._depth >= _DEEPEST:
                return
            own = entry_of(drawn, "/Resources", self._resources)
            matrix = Transform(*_edges(drawn["/Matrix"])) if "/Matrix" in drawn else Transform()
            inner = replace(self._state, to_trim=matrix.then(self._state.to_trim))
            reader = _Reader(own, inner, self._depth + 1, marks_only=self._marks_only)
            yield from reader.paints(drawn.get_data())
            return
        square = _round([self._state.to_trim.apply(Point(x, y)) for x in (0, 1) for y in (0, 1)])
        if drawn.get("/ImageMask"):
            yield self._paint("fill", self._state.fill, square)
            return
        space = space_name(drawn["/ColorSpace"])
        paint = self._paint("image", _Colour(space=space, ink=None), square)
        yield replace(paint, picture=_pixels(drawn, space))

    def _inline(self, operator: Operator) -> Paint:
        """A picture in the content: a mask is painted as a surface is."""
        box = _round([self._state.to_trim.apply(Point(x, y)) for x in (0, 1) for y in (0, 1)])
        if _MASK.search(operator.operands[0].partition(b"ID")[0]):
            return self._paint("fill", self._state.fill, box)
        return self._paint("image", _Colour(space="colours of its own", ink=None), box)

    def _named(self, kind: str, name: bytes) -> Any:
        return self._resources[kind][name.decode("latin-1")]

    # --- state

    def _set(self, operator: Operator) -> None:
        state = self._state
        match operator.name:
            case b"q":
                self._kept.append(state)
            case b"Q" if self._kept:
                self._state = self._kept.pop()
            case b"cm":
                self._state = replace(
                    state, to_trim=Transform(*operator.numbers).then(state.to_trim)
                )
            case b"w":
                self._state = replace(state, width=operator.numbers[0])
            case b"d":
                dashes = tuple(map(float, operator.operands[0].strip(b"[] ").split()))
                self._state = replace(state, dashes=dashes)
            case b"gs":
                self._merge(self._named("/ExtGState", operator.operands[0]))
            case b"W" | b"W*":
                self._clips = True
            case b"m" | b"l" | b"c" | b"v" | b"y" | b"re":
                self._go(operator)
            case b"BMC" | b"BDC":
                self._tags.append(state.mark)
                if operator.operands[0] in AROUND:
                    self._state = replace(state, mark=True)
                    self._marks_only = False
            case b"EMC" if self._tags:
                self._state = replace(state, mark=self._tags.pop())
            case b"BT" | b"Tf" | b"Tm" | b"Td" | b"TD" | b"Tr":
                self._write(operator)
            case _:
                self._colour(operator)

    def _go(self, operator: Operator) -> None:
        numbers = operator.numbers
        if operator.name == b"re":
            x, y, wide, high = numbers
            pairs = [(x, y), (x + wide, y), (x, y + high), (x + wide, y + high)]
        else:
            pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        self._points += (self._state.to_trim.apply(Point(x, y)) for x, y in pairs)

    def _write(self, operator: Operator) -> None:
        match operator.name:
            case b"BT":
                self._line = self._start = Transform()
            case b"Tf":
                self._state = replace(self._state, size=float(operator.operands[1]))
            case b"Tm":
                self._line = self._start = Transform(*operator.numbers)
            case b"Tr":
                self._state = replace(self._state, rendering=int(operator.operands[0]))
            case _:
                x, y = operator.numbers
                self._line = self._start = Transform(e=x, f=y).then(self._start)

    def _merge(self, held: Any) -> None:
        state = self._state
        stroke = _truth(held["/OP"]) if "/OP" in held else state.stroke_over
        # Where nothing is said of fills, what is said of strokes holds (ISO 32000-1, table 58).
        fill = (
            _truth(held["/op"]) if "/op" in held else stroke if "/OP" in held else state.fill_over
        )
        mode = int(held["/OPM"]) if "/OPM" in held else state.mode
        width = float(held["/LW"]) if "/LW" in held else state.width
        self._state = replace(state, stroke_over=stroke, fill_over=fill, mode=mode, width=width)

    def _colour(self, operator: Operator) -> None:
        lower = operator.name.lower()
        colour = self._state.stroke if operator.name.isupper() else self._state.fill
        match lower:
            case b"g":
                colour = _Colour(space="grey", ink=(0.0, 0.0, 0.0, 1 - operator.numbers[0]))
            case b"rg":
                colour = _Colour(space="RGB", ink=None)
            case b"k":
                colour = _Colour(space="CMYK", ink=_ink(operator))
            case b"cs":
                colour = _Colour(space=self._space(operator.operands[0]), ink=None)
            case b"sc" | b"scn" if colour.space == "CMYK":
                colour = _Colour(space="CMYK", ink=_ink(operator))
            case b"sc" | b"scn" if colour.space.startswith("spot "):
                # What a plate of its own costs none of the four.
                colour = replace(colour, ink=NO_INK, tint=max(operator.numbers, default=1.0))
            case b"scn" if colour.space == "pattern":
                pattern = self._named("/Pattern", operator.operands[-1])
                if "/Shading" in pattern:
                    space = space_name(pattern["/Shading"]["/ColorSpace"])
                    colour = (
                        _Colour(space="pattern", ink=None)
                        if space == "CMYK"
                        else _Colour(space=space, ink=None)
                    )
            case _:
                return
        key = "stroke" if operator.name.isupper() else "fill"
        self._state = (
            replace(self._state, stroke=colour)
            if key == "stroke"
            else replace(self._state, fill=colour)
        )

    def _space(self, name: bytes) -> str:
        text = name.decode("latin-1")
        spaces = entry_of(self._resources, "/ColorSpace", {})
        return space_name(spaces[text]) if text in spaces else _NAMES.get(text, text)


def _truth(held: Any) -> bool:
    """What a boolean of a PDF says; as an object of Python it is always something."""
    return bool(held.value)


def _ink(operator: Operator) -> Ink:
    cyan, magenta, yellow, black = operator.numbers
    return cyan, magenta, yellow, black


def _round(points: list[Point]) -> Box:
    if not points:
        return Box(0, 0, 0, 0)
    xs, ys = [point.x for point in points], [point.y for point in points]
    return Box.between(min(xs), min(ys), max(xs), max(ys))


def _scale(matrix: Transform) -> float:
    """How much longer lengths become, as the mean of all directions."""
    return float(abs(matrix.a * matrix.d - matrix.b * matrix.c) ** 0.5)


def _pixels(image: Any, space: str) -> Pixels | None:
    """A picture's pixels; None for one that is packed in a way that presses need not know."""
    modes: dict[str, Literal["L", "RGB", "CMYK"]] = {"grey": "L", "RGB": "RGB", "CMYK": "CMYK"}
    packing = image.get("/Filter")
    if space not in modes or packing not in ("/DCTDecode", "/FlateDecode"):
        return None
    jpeg = packing == "/DCTDecode"
    if not jpeg and image["/BitsPerComponent"] != 8:
        return None
    return Pixels(
        mode=modes[space],
        width=int(image["/Width"]),
        height=int(image["/Height"]),
        data=bytes(image._data if jpeg else image.get_data()),
        jpeg=jpeg,
    )
