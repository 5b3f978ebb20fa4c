"""PDFs of ours, read, repaired and stamped; the proof map of any PDF (gate: pypdf).

WeasyPrint's PDF/A-2a becomes, in `prepare`, one file that is PDF/UA-1 (ISO 14289-1) and PDF/A-2a
(ISO 19005-2) too, once for all copies. `Draft` then draws what differs in one copy: it takes marks,
plain data in millimetres, and decides nothing. Both append an update to the file (ISO 32000-1,
7.5.6) and leave what stands there untouched, which costs a tenth of writing it anew and keeps it
compressed. Same input, same bytes.

Boxes and points count from the top left corner of the page's trim box, in mm, y down.
"""

from __future__ import annotations

import hashlib
import io
import logging
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from actionpack.diagnostics import Rejected, finding
from actionpack.geometry import Box, Point
from actionpack.units import mm_to_pt, px_to_mm

if TYPE_CHECKING:
    from pypdf.generic import (
        ArrayObject,
        DictionaryObject,
        NameObject,
        PdfObject,
        StreamObject,
    )

# What a key of a PDF holds is known when it is read, and not before.
Element: TypeAlias = Any

# The name under which the catalogue's /PieceInfo holds what is ours (ISO 32000-1, 14.5).
PIECE_INFO = "/actionpack"
# An empty figure whose alternative text begins so is a place for a slot, or names a language.
SLOT_MARK = "slot:"
LANGUAGE_MARK = "lang:"
NO_WIDTH_SPACE = "\u200b"
# The proof map of a pack of twenty pages takes 60 kB.
MOST_PROOF_BYTES = 5_000_000


# ---------------------------------------------------------------------------------- the marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """An empty place in the pages; `element` is what the file itself calls it."""

    name: str
    page: int
    box: Box
    element: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Font:
    """A TrueType font to embed. Measures in thousandths of the em, y up; widths by glyph id."""

    name: str
    family: str
    program: bytes
    widths: tuple[tuple[int, float], ...]
    ascent: float
    descent: float
    cap_height: float
    bbox: tuple[float, float, float, float]
    italic_angle: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyph:
    """A glyph, the way to the next one and its own shift, pt, y up; `text`: what it stands for."""

    gid: int
    text: str
    advance: float
    dx: float
    dy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of glyphs; `start` is where its baseline begins, `font` the name of a `Font`."""

    start: Point
    font: str
    size_pt: float
    glyphs: tuple[Glyph, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMark:
    """Lines of black text in a placeholder."""

    place: Placeholder
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMark:
    """Squares of a QR code in a placeholder.

    `corner` is the code's top left, without its quiet zone; `runs` are dark modules side by
    side: column and row of the first, counted from 0, and how many.
    """

    place: Placeholder
    alt: str
    corner: Point
    module_mm: float
    runs: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EmptyMark:
    """A placeholder that stays empty, but for bars of a grey (0 black to 1 white) to write on."""

    place: Placeholder
    bars: tuple[Box, ...]
    grey: float


Mark = TextMark | CodeMark | EmptyMark


# ------------------------------------------------------------------------------------- the draft


class Draft:
    """The pages of a variant, for one copy to be stamped on."""

    def __init__(self, pdf: bytes) -> None:
        """Open pages as `prepare` left them; others are prepared first.

        Raises Rejected (`bad-file`) when that cannot be done.
        """
        with _damage_told():
            self._file = _File(pdf)
            if not self._is_prepared():
                self._file = _File(prepare(pdf))
            self.placeholders = tuple(self._placeholders())

    def stamp(self, marks: Iterable[Mark], fonts: Iterable[Font] = ()) -> None:
        """Draw marks, each in its own placeholder, in the order given."""
        with _damage_told():
            marks = tuple(marks)
            embedded = self._embed(marks, {font.name: font for font in fonts})
            by_page: dict[int, tuple[_Page, list[bytes]]] = {}
            for mark in marks:
                element = self._file.at(mark.place.element)
                page = _Page(self._file, element.raw_get("/Pg"))
                _, drawn = by_page.setdefault(page.number, (page, []))
                drawn.append(self._drawn(mark, element, page, embedded))
            for page, drawn in by_page.values():
                page.add_content(b"".join(drawn))

    def carry(self, proof: bytes, made: date) -> None:
        """Put a proof map (JSON) into the file."""
        with _damage_told():
            private = self._file.add(_stream(proof))
            stamp = _text(f"D:{made:%Y%m%d}000000Z")
            self._file.set_piece_info(_dictionary(LastModified=stamp, Private=private))

    def finish(self) -> bytes:
        """The finished file."""
        with _damage_told():
            return self._file.written()

    def _is_prepared(self) -> bool:
        return isinstance(_own_info(self._file.root), dict)

    def _placeholders(self) -> Iterator[Placeholder]:
        slots = _own_info(self._file.root)["/Private"]["/Slots"]
        for reference, page in zip(slots[::2], slots[1::2], strict=True):
            element = reference.get_object()
            left, top, right, bottom = (px_to_mm(float(at)) for at in element["/A"]["/BBox"])
            yield Placeholder(
                name=str(element["/Alt"]).removeprefix(SLOT_MARK),
                page=int(page),
                box=Box.between(left, top, right, bottom),
                element=reference.idnum,
            )

    def _drawn(
        self, mark: Mark, element: Element, page: _Page, embedded: Mapping[str, _Embedded]
    ) -> bytes:
        """Settle the structure element of a placeholder; return what is drawn for it."""
        self._file.touch(mark.place.element)
        match mark:
            case TextMark():
                element[_name("/S")] = _name("/Span")
                del element["/Alt"], element["/A"]
                lines = (_line(line, page, embedded[line.font]) for line in mark.lines)
                return _tagged(element, b"0 g\n" + b"".join(lines))
            case CodeMark():
                element[_name("/Alt")] = _text(mark.alt)
                edges = page.rectangle(mark.place.box)
                # WeasyPrint counts in CSS pixels from the top; the norm wants points from below.
                element[_name("/A")][_name("/BBox")] = _numbers(edges)
                return _tagged(element, _squares(mark, page))
            case EmptyMark():
                self._file.take_out(element, mark.place.element)
                return _bars(mark, page)

    def _embed(self, marks: tuple[Mark, ...], fonts: Mapping[str, Font]) -> dict[str, _Embedded]:
        """Embed the fonts that the marks use, with what each of their glyphs stands for."""
        told: dict[str, dict[int, str]] = {}
        pages = {}
        for mark in marks:
            for line in mark.lines if isinstance(mark, TextMark) else ():
                texts = told.setdefault(line.font, {})
                for glyph in line.glyphs:
                    if glyph.text:
                        texts.setdefault(glyph.gid, glyph.text)
                page = self._file.at(mark.place.element).raw_get("/Pg")
                pages[page.idnum] = _Page(self._file, page)
        embedded = {}
        for number, (name, texts) in enumerate(told.items(), 1):
            key, font = f"/Stamp{number}", fonts[name]
            # A glyph that is a part of what another one stands for must stand for something too
            # (ISO 19005-2, 6.2.11.7.2).
            texts = dict.fromkeys((gid for gid, _ in font.widths), NO_WIDTH_SPACE) | texts
            reference = self._file.add_font(font, texts)
            for page in pages.values():
                page.add_font(key, reference)
            embedded[name] = _Embedded(key=key, widths=dict(font.widths), texts=texts)
        return embedded


@dataclass(frozen=True, slots=True, kw_only=True)
class _Embedded:
    """What drawing must know of a font: its name on the page, and its glyphs' widths and text."""

    key: str
    widths: Mapping[int, float]
    texts: Mapping[int, str]


def _tagged(element: Element, operators: bytes) -> bytes:
    (content,) = _kids(element)
    tag = str(element["/S"]).encode()
    return b"%s <</MCID %d>> BDC q\n%sQ EMC\n" % (tag, int(content), operators)


def _squares(mark: CodeMark, page: _Page) -> bytes:
    side = mm_to_pt(mark.module_mm)
    x, y = page.point(mark.corner)
    # One path, so that no viewer shows seams between squares that touch.
    squares = " ".join(f"{column} {row} {length} 1 re" for column, row, length in mark.runs)
    matrix = f"{_number(side)} 0 0 {_number(-side)} {_number(x)} {_number(y)} cm"
    return f"0 g {matrix}\n{squares} f\n".encode()


def _bars(mark: EmptyMark, page: _Page) -> bytes:
    if not mark.bars:
        return b""
    drawn = []
    for bar in mark.bars:
        left, bottom, right, top = page.rectangle(bar)
        drawn.append(" ".join(map(_number, (left, bottom, right - left, top - bottom))) + " re")
    return f"/Artifact BMC q {_number(mark.grey)} g {' '.join(drawn)} f Q EMC\n".encode()


def _line(line: Line, page: _Page, font: _Embedded) -> bytes:
    x, y = page.point(line.start)
    drawn = (
        f"BT {font.key} {_number(line.size_pt)} Tf 1 0 0 1 {_number(x)} {_number(y)} Tm"
        f" {_shown(line, font)} ET\n"
    ).encode()
    meant = "".join(glyph.text for glyph in line.glyphs)
    if meant == "".join(font.texts.get(glyph.gid, "") for glyph in line.glyphs):
        return drawn
    # One glyph stands for different texts, or one text for several glyphs.
    actual = meant.encode("utf-16-be").hex()
    return f"/Span <</ActualText <feff{actual}>>> BDC\n".encode() + drawn + b"EMC\n"


def _shown(line: Line, font: _Embedded) -> str:
    """The operators that show the glyphs: what differs from their own widths is moved by hand."""
    pieces: list[str] = []
    row, rise, owed = "", 0.0, 0.0
    for glyph in line.glyphs:
        if glyph.dy != rise:
            pieces += [f"[{row}] TJ"] if row else []
            pieces.append(f"{_number(glyph.dy)} Ts")
            row, rise = "", glyph.dy
        # TJ counts thousandths of the size, to the left (ISO 32000-1, 9.4.3).
        before = owed - glyph.dx * 1000 / line.size_pt
        row += (_number(before) if abs(before) >= 0.001 else "") + f"<{glyph.gid:04x}>"
        owed = font.widths[glyph.gid] + (glyph.dx - glyph.advance) * 1000 / line.size_pt
    return " ".join((*pieces, f"[{row}] TJ"))


# ---------------------------------------------------------------------------------- the proof map


def read_proof(pdf: bytes) -> bytes | None:
    """The proof map (JSON) that travels in a PDF; None when it holds none.

    Raises Rejected (`bad-file`) when the PDF is locked or damaged.
    """
    with _damage_told("the PDF is damaged"), _unlogged():
        file = _File(pdf, strict=False)
        own = _own_info(file.root)
        if own is None:
            return None
        private = own["/Private"]
        packed = getattr(private, "_data", None)
        if not isinstance(packed, bytes) or private.get("/Filter") != "/FlateDecode":
            raise ValueError("the proof map is not where it should be")
        unpacking = zlib.decompressobj()
        proof = unpacking.decompress(packed, MOST_PROOF_BYTES)
        if not unpacking.eof:
            raise ValueError("the proof map is cut off or too large")
        return proof


def _own_info(root: Element) -> Any:
    """What is ours in the catalogue; None when nothing is."""
    return (root.get("/PieceInfo") or {}).get(PIECE_INFO)


# --------------------------------------------------------------------------- what all copies need

# ISO 14289-1, 5, and for PDF/A the description of its schema (ISO 19005-2, 6.6.2.3.2).
_PDFUA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>\
<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>\
<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 that is followed</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>\
</rdf:Description>"""


def prepare(pdf: bytes) -> bytes:
    """Do to WeasyPrint's pages all that every copy needs, and note where the placeholders are.

    Raises Rejected (`bad-file`) when they are damaged or not tagged.
    """
    with _damage_told():
        file = _File(pdf)
        pages = tuple(file.pages())
        _set_languages(file)
        _mend_lists(file)
        _mend_links(file)
        _set_aside_orphans(file, pages)
        _note_placeholders(file, pages)
        for page in pages:
            page.enclose()
        _claim_pdfua(file)
        return file.written()


def _claim_pdfua(file: _File) -> None:
    """Claim PDF/UA-1 in the XMP, inside the one rdf:RDF that readers look at."""
    metadata = file.root["/Metadata"]
    head, end, tail = metadata.get_data().rpartition(b"</rdf:RDF>")
    if not end:
        raise ValueError("the file has no XMP")
    file.root[_name("/Metadata")] = file.add(
        _stream(head + _PDFUA + end + tail, Type=_name("/Metadata"), Subtype=_name("/XML"))
    )


def _set_languages(file: _File) -> None:
    """Give the parent of each language mark its /Lang, which WeasyPrint leaves out."""
    for number, element in tuple(file.elements()):
        alt = str(element.get("/Alt", ""))
        if alt.startswith(LANGUAGE_MARK):
            element["/P"][_name("/Lang")] = _text(alt.removeprefix(LANGUAGE_MARK))
            _Page(file, element.raw_get("/Pg")).unmark(_content_ids(element))
            file.take_out(element, number)


def _mend_lists(file: _File) -> None:
    """Put what stands loose in a list item into its body (ISO 14289-1, 7.2: LI holds Lbl, LBody).

    WeasyPrint leaves it loose when an item holds paragraphs or is split over pages.
    """
    for number, item in tuple(file.elements()):
        if item.get("/S") != "/LI":
            continue
        kids = _kids(item)
        loose = [kid for kid in kids if _kind(kid) not in ("/Lbl", "/LBody")]
        if not loose:
            continue
        bodies = [kid for kid in kids if _kind(kid) == "/LBody"]
        if bodies:
            body = bodies[-1]
        else:
            body = file.add(_dictionary(Type=_name("/StructElem"), S=_name("/LBody")))
            body.get_object()[_name("/P")] = file.reference(number)
            body.get_object()[_name("/K")] = _array()
        own = body.get_object()
        own[_name("/K")] = _array((*_kids(own), *loose))
        file.touch(body.idnum)
        for kid in loose:
            kid.get_object()[_name("/P")] = body
            file.touch(kid.idnum)
        left = [kid for kid in kids if kid not in loose]
        item[_name("/K")] = _array(left if bodies else (*left, body))
        file.touch(number)


def _mend_links(file: _File) -> None:
    """Move each link annotation straight below its Link (ISO 14289-1, 7.18.5).

    WeasyPrint puts it into the Figure or Span when a picture or an inline block is the link.
    """
    for number, element in tuple(file.elements()):
        for kid in _kids(element):
            annotation = _linked(kid)
            if annotation is None or element["/S"] == "/Link":
                continue
            above = element.raw_get("/P")
            while above.get_object()["/S"] != "/Link":
                above = above.get_object().raw_get("/P")
            element[_name("/K")] = _array(other for other in _kids(element) if other != kid)
            link = above.get_object()
            link[_name("/K")] = _array((*_kids(link), kid))
            file.set_parent(int(annotation["/StructParent"]), above)
            file.touch(number)
            file.touch(above.idnum)


def _linked(kid: Any) -> Any:
    """The link annotation that an object reference in the structure tree points to, if any."""
    reference = kid.get_object()
    if not isinstance(reference, dict) or reference.get("/Type") != "/OBJR":
        return None
    annotation = reference["/Obj"]
    return annotation if annotation.get("/Subtype") == "/Link" else None


def _set_aside_orphans(file: _File, pages: Iterable[_Page]) -> None:
    """Make artifacts of what hangs outside the structure tree: WeasyPrint's page-margin boxes."""
    inside = {number for number, _ in file.elements()}
    for page in pages:
        orphans = tuple(
            content
            for content, element in enumerate(page.parents())
            if hasattr(element, "idnum") and element.idnum not in inside
        )
        page.unmark(orphans)
        page.forget(orphans)


def _note_placeholders(file: _File, pages: tuple[_Page, ...]) -> None:
    """List the placeholders for `Draft`, and take their empty marks from the pages.

    What a copy has to read or change is written again here, so that it lies together.
    """
    numbers = {page.number: number for number, page in enumerate(pages, 1)}
    slots: list[PdfObject] = []
    for number, element in tuple(file.elements()):
        if str(element.get("/Alt", "")).startswith(SLOT_MARK):
            page = _Page(file, element.raw_get("/Pg"))
            page.unmark(_content_ids(element))
            slots += [file.reference(number), _whole(numbers[page.number])]
            file.touch(number)
            file.touch(element.raw_get("/P").idnum)
    file.touch_parent_tree()
    file.set_piece_info(_dictionary(Private=_dictionary(Slots=_array(slots))))


# --------------------------------------------------------------------------------------- the file


class _File:
    """A PDF with the objects that were added to it or changed."""

    def __init__(self, pdf: bytes, *, strict: bool = True) -> None:
        self._pdf = pdf
        self._reader = _reader(pdf, strict=strict)
        self._changed: dict[int, PdfObject] = {}
        self._trailer = self._reader.trailer
        self._next = int(self._trailer["/Size"])

    @property
    def root(self) -> Element:
        return self._reader.root_object

    def reference(self, number: int) -> Any:
        from pypdf.generic import IndirectObject

        return IndirectObject(number, 0, self._reader)

    def at(self, number: int) -> Any:
        """The object of a number, the same each time."""
        return self._reader.get_object(self.reference(number))

    def touch(self, number: int) -> None:
        """Note that an object was changed."""
        self._changed[number] = self.at(number)

    def add(self, added: PdfObject) -> Any:
        """Add an object; return the reference to it."""
        number = self._next
        self._next += 1
        self.replace(number, added)
        return self.reference(number)

    def replace(self, number: int, by: PdfObject) -> None:
        """Put another object under a number."""
        self._changed[number] = self._reader.resolved_objects[(0, number)] = by

    def set_piece_info(self, own: Element) -> None:
        self.root[_name("/PieceInfo")] = _dictionary(**{PIECE_INFO[1:]: own})
        self.touch(self._trailer.raw_get("/Root").idnum)

    def pages(self) -> Iterator[_Page]:
        """The pages in order."""
        todo, seen = [self.root.raw_get("/Pages")], set()
        while todo:
            reference = todo.pop()
            if reference.idnum in seen:
                raise ValueError("the page tree runs in a circle")
            seen.add(reference.idnum)
            node = reference.get_object()
            if node["/Type"] == "/Page":
                yield _Page(self, reference)
            else:
                todo += reversed(node["/Kids"])

    # --- the structure tree (ISO 32000-1, 14.7)

    def elements(self) -> Iterator[tuple[int, Element]]:
        """The structure elements with their numbers, in reading order."""
        todo, seen = _kids(self.root["/StructTreeRoot"])[::-1], set()
        while todo:
            reference = todo.pop()
            element = reference.get_object()
            if not isinstance(element, dict) or "/S" not in element:
                continue
            if reference.idnum in seen:
                raise ValueError("the structure tree runs in a circle")
            seen.add(reference.idnum)
            yield reference.idnum, element
            todo += reversed(_kids(element))

    def take_out(self, element: Element, number: int) -> None:
        """Take an element out of the structure tree, and its content out of the parent tree."""
        above = element.raw_get("/P")
        parent = above.get_object()
        parent[_name("/K")] = _array(
            kid for kid in _kids(parent) if getattr(kid, "idnum", None) != number
        )
        self.touch(above.idnum)
        _Page(self, element.raw_get("/Pg")).forget(_content_ids(element))

    def touch_parent_tree(self) -> None:
        self.touch(self.root["/StructTreeRoot"].raw_get("/ParentTree").idnum)
        self.touch(self.root.raw_get("/StructTreeRoot").idnum)

    def parent(self, key: int) -> Any:
        """What the parent tree holds under a key: a page's list, or an annotation's element."""
        numbers = self.root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
        return next(numbers[at + 1] for at in range(0, len(numbers), 2) if numbers[at] == key)

    def set_parent(self, key: int, element: PdfObject) -> None:
        numbers = self.root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
        at = next(at for at in range(0, len(numbers), 2) if numbers[at] == key)
        numbers[at + 1] = element
        self.touch_parent_tree()

    # --- fonts (ISO 32000-1, 9.7)

    def add_font(self, font: Font, texts: Mapping[int, str]) -> Any:
        """Embed a TrueType font with its glyph ids as they are, and what each stands for."""
        tag = "".join(chr(65 + byte % 26) for byte in hashlib.sha256(font.program).digest()[:6])
        base = _name(f"/{tag}+{font.name.replace(' ', '-')}")
        program = self.add(_stream(font.program, Length1=_whole(len(font.program))))
        descriptor = _dictionary(
            Type=_name("/FontDescriptor"),
            FontName=base,
            FontFamily=_text(font.family),
            # Bits 3 and 7: glyphs outside the standard Latin set; italic.
            Flags=_whole(4 + (64 if font.italic_angle else 0)),
            FontBBox=_numbers(font.bbox),
            ItalicAngle=_real(font.italic_angle),
            Ascent=_real(font.ascent),
            Descent=_real(font.descent),
            CapHeight=_real(font.cap_height),
            # Asked for by the norm, and used by nobody who has the font itself.
            StemV=_whole(80),
            FontFile2=program,
        )
        advances = [part for gid, wide in font.widths for part in (_whole(gid), _numbers([wide]))]
        descendant = _dictionary(
            Type=_name("/Font"),
            Subtype=_name("/CIDFontType2"),
            BaseFont=base,
            CIDSystemInfo=_dictionary(
                Registry=_text("Adobe"), Ordering=_text("Identity"), Supplement=_whole(0)
            ),
            CIDToGIDMap=_name("/Identity"),
            FontDescriptor=self.add(descriptor),
            W=_array(advances),
            DW=_whole(0),
        )
        return self.add(
            _dictionary(
                Type=_name("/Font"),
                Subtype=_name("/Type0"),
                BaseFont=base,
                Encoding=_name("/Identity-H"),
                DescendantFonts=_array([self.add(descendant)]),
                ToUnicode=self.add(_stream(_to_unicode(texts))),
            )
        )

    # --- writing (ISO 32000-1, 7.5.6: incremental updates; 7.5.7 and 7.5.8: their streams)

    def written(self) -> bytes:
        """The file with one update behind it that holds what was added and changed."""
        from pypdf.generic import StreamObject

        out = io.BytesIO()
        out.write(self._pdf if self._pdf.endswith(b"\n") else self._pdf + b"\n")
        # Object number → type and two fields of its row (ISO 32000-1, Table 18).
        rows: dict[int, tuple[int, int, int]] = {}
        packed = {}
        for number, changed in sorted(self._changed.items()):
            if isinstance(changed, StreamObject):
                rows[number] = (1, out.tell(), 0)
                _write_object(out, number, changed)
            else:
                packed[number] = changed
        group = self._next
        if packed:
            rows |= {number: (2, group, at) for at, number in enumerate(packed)}
            rows[group] = (1, out.tell(), 0)
            _write_object(out, group, _object_stream(packed))
        table = group + 1
        rows[table] = (1, out.tell(), 0)
        start = out.tell()
        _write_object(out, table, self._table(rows, out.getvalue()))
        out.write(b"startxref\n%d\n%%%%EOF\n" % start)
        return out.getvalue()

    def _table(self, rows: Mapping[int, tuple[int, int, int]], before: bytes) -> StreamObject:
        trailer = self._trailer
        (previous,) = re.findall(rb"startxref\s+(\d+)\s+%%EOF\s*$", self._pdf[-100:])
        body = b"".join(
            bytes((kind,)) + second.to_bytes(4, "big") + third.to_bytes(2, "big")
            for _, (kind, second, third) in sorted(rows.items())
        )
        first = trailer["/ID"][0]
        index = [_whole(part) for number in sorted(rows) for part in (number, 1)]
        return _stream(
            body,
            Type=_name("/XRef"),
            Size=_whole(max(rows) + 1),
            W=_array(map(_whole, (1, 4, 2))),
            Index=_array(index),
            Prev=_whole(int(previous)),
            Root=trailer.raw_get("/Root"),
            Info=trailer.raw_get("/Info"),
            # The first stays with the pages, the second is this very file's (14.4).
            ID=_array((first, _bytes(hashlib.sha256(before).digest()[:16]))),
        )


class _Page:
    """A page of a file: its content, its resources, and where a millimetre lies on it."""

    def __init__(self, file: _File, reference: Any) -> None:
        self._file = file
        self.number: int = reference.idnum
        self._page = reference.get_object()
        left, _, _, top = self._page.get("/TrimBox", self._page["/MediaBox"])
        self._left, self._top = float(left), float(top)

    def point(self, point: Point) -> tuple[float, float]:
        """A point in the page's own system, pt, y up."""
        return self._left + mm_to_pt(point.x), self._top - mm_to_pt(point.y)

    def rectangle(self, box: Box) -> tuple[float, float, float, float]:
        """A box as left, bottom, right, top, pt."""
        return (
            *self.point(Point(box.left, box.bottom)),
            *self.point(Point(box.right, box.top)),
        )

    def enclose(self) -> None:
        """Put q and Q round the content, since WeasyPrint turns the page over outside its own."""
        self._page[_name("/Contents")] = _array(
            (self._file.add(_stream(b"q\n")), *self._contents(), self._file.add(_stream(b"\nQ\n")))
        )
        self._file.touch(self.number)
        for holder in (self._page, self._page["/Resources"]):
            key = "/Resources" if holder is self._page else "/Font"
            if key in holder and hasattr(reference := holder.raw_get(key), "idnum"):
                self._file.touch(reference.idnum)

    def add_content(self, operators: bytes) -> None:
        """Draw on top of what is there."""
        if operators:
            self._page["/Contents"].append(self._file.add(_stream(operators)))
            self._file.touch(self.number)

    def add_font(self, key: str, font: PdfObject) -> None:
        resources = self._page["/Resources"]
        fonts = resources.setdefault(_name("/Font"), _dictionary()).get_object()
        fonts[_name(key)] = font
        for holder, part in ((self._page, "/Resources"), (resources, "/Font")):
            reference = holder.raw_get(part)
            self._file.touch(getattr(reference, "idnum", self.number))

    def unmark(self, contents: Iterable[int]) -> None:
        """Make artifacts of marked contents, and nothing of empty ones."""
        wanted = "|".join(map(str, contents))
        if not wanted:
            return
        start = rb"/\w+\s*<</MCID (?:%s)>>\s*BDC\b" % wanted.encode()
        for reference in self._contents():
            old = reference.get_object().get_data()
            new = re.sub(start, b"/Artifact BMC", re.sub(start + rb"\s*EMC\b", b"", old))
            if new != old:
                self._file.replace(reference.idnum, _stream(new))

    def parents(self) -> Any:
        """The page's list in the parent tree: content id → structure element."""
        if "/StructParents" not in self._page:
            return _array()
        return self._file.parent(self._page["/StructParents"]).get_object()

    def forget(self, contents: Iterable[int]) -> None:
        """Take contents out of the parent tree."""
        from pypdf.generic import NullObject

        parents = self.parents()
        for content in contents:
            parents[content] = NullObject()
            self._file.touch_parent_tree()

    def _contents(self) -> list[Any]:
        from pypdf.generic import ArrayObject

        content = self._page.raw_get("/Contents")
        held = content.get_object()
        return list(held) if isinstance(held, ArrayObject) else [content]


# ------------------------------------------------------------------------------- words of a PDF


def _reader(pdf: bytes, *, strict: bool) -> Element:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(pdf), strict=strict)
    if reader.is_encrypted:
        raise Rejected(
            finding(
                "bad-file",
                "the PDF is locked with a password or against changes",
                cure="save it without protection",
            )
        )
    return reader


@contextmanager
def _damage_told(what: str = "the pages cannot be stamped") -> Iterator[None]:
    try:
        yield
    except Rejected:
        raise
    # A damaged file can raise anything; pypdf's own errors are a part of it.
    except Exception as error:
        told = f"{type(error).__name__}: {error}"[:200]
        raise Rejected(finding("bad-file", f"{what} ({told})")) from error


@contextmanager
def _unlogged() -> Iterator[None]:
    """Keep pypdf from logging what it overlooks in a stranger's file; here nothing hangs on it."""
    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _name(name: str) -> NameObject:
    from pypdf.generic import NameObject

    return NameObject(name)


def _text(text: str) -> PdfObject:
    from pypdf.generic import TextStringObject

    return TextStringObject(text)


def _bytes(data: bytes) -> PdfObject:
    from pypdf.generic import ByteStringObject

    return ByteStringObject(data)


def _whole(number: int) -> PdfObject:
    from pypdf.generic import NumberObject

    return NumberObject(number)


def _real(number: float) -> PdfObject:
    from pypdf.generic import FloatObject

    return FloatObject(_number(number))


def _array(items: Iterable[PdfObject] = ()) -> ArrayObject:
    from pypdf.generic import ArrayObject

    return ArrayObject(items)


def _numbers(numbers: Iterable[float]) -> ArrayObject:
    return _array(map(_real, numbers))


def _dictionary(**entries: PdfObject) -> DictionaryObject:
    from pypdf.generic import DictionaryObject

    return DictionaryObject({_name(f"/{key}"): entry for key, entry in entries.items()})


def _stream(content: bytes, **entries: PdfObject) -> StreamObject:
    from pypdf.generic import DecodedStreamObject

    stream = DecodedStreamObject()
    stream.set_data(content)
    stream.update(_dictionary(**entries))
    return stream.flate_encode()


def _number(number: float) -> str:
    """A number as a PDF has it, to a ten-thousandth: no exponent, no `-0`, no empty decimals."""
    return f"{round(number, 4) + 0.0:.4f}".rstrip("0").rstrip(".")


def _kids(element: Element) -> list[Any]:
    """What stands straight below a structure element: references and content ids."""
    from pypdf.generic import ArrayObject

    if "/K" not in element:
        return []
    held = element.raw_get("/K")
    inner = held.get_object()
    return list(inner) if isinstance(inner, ArrayObject) else [held]


def _kind(kid: Any) -> str | None:
    """The type of the structure element that a kid is; None when it is something else."""
    element = kid.get_object()
    return element.get("/S") if isinstance(element, dict) else None


def _content_ids(element: Element) -> tuple[int, ...]:
    """The marked contents that stand straight below a structure element."""
    return tuple(int(kid) for kid in _kids(element) if isinstance(kid, int))


def _to_unicode(texts: Mapping[int, str]) -> bytes:
    """What each glyph stands for (ISO 32000-1, 9.10.3; Adobe Technical Note 5014)."""
    rows = [
        f"<{gid:04x}> <{text.encode('utf-16-be').hex()}>" for gid, text in sorted(texts.items())
    ]
    # At most 100 rows stand in one block.
    blocks = (rows[at : at + 100] for at in range(0, len(rows), 100))
    return "\n".join(
        (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <ffff> endcodespacerange",
            *("\n".join((f"{len(b)} beginbfchar", *b, "endbfchar")) for b in blocks),
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        )
    ).encode()


def _write_object(out: io.BytesIO, number: int, written: PdfObject) -> None:
    out.write(b"%d 0 obj\n" % number)
    written.write_to_stream(out)
    out.write(b"\nendobj\n")


def _object_stream(packed: Mapping[int, PdfObject]) -> StreamObject:
    """Objects in one compressed stream (ISO 32000-1, 7.5.7)."""
    body, places = io.BytesIO(), []
    for number, written in packed.items():
        places.append(f"{number} {body.tell()}")
        written.write_to_stream(body)
        body.write(b"\n")
    head = " ".join(places).encode() + b"\n"
    return _stream(
        head + body.getvalue(),
        Type=_name("/ObjStm"),
        N=_whole(len(packed)),
        First=_whole(len(head)),
    )


# --------------------------------------------------------------------------------------- facts


@dataclass(frozen=True, slots=True, kw_only=True)
class FontInside:
    """A font as a page finds it.

    `composite`: its codes stand for CIDs (ISO 32000-1, 9.7). `encoding` is the name or the
    program of the CMap from one to the other. `program`: the TrueType font, b"" where there is
    none; `glyph_ids` turns CIDs into its glyphs, b"" where they are the same.
    """

    name: str
    composite: bool
    encoding: bytes
    program: bytes
    glyph_ids: bytes
    to_unicode: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a page or a form paints, and the numbers of the fonts and forms it calls by name."""

    operators: bytes
    fonts: Mapping[str, int]
    forms: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """The content of a file's pages, and the fonts and forms that it uses."""

    pages: tuple[Content, ...]
    fonts: Mapping[int, FontInside]
    forms: Mapping[int, Content]


def look_inside(pdf: bytes, *, most_pages: int) -> Inside:
    """Take out what the first pages of any PDF paint, and with which fonts.

    Raises Rejected (`bad-file`) when the PDF is locked or damaged.
    """
    with _damage_told("the PDF is damaged"), _unlogged():
        look = _Look()
        pages = []
        for page in _reader(pdf, strict=False).pages[:most_pages]:
            stream = page.get_contents()
            operators = stream.get_data() if stream is not None else b""
            pages.append(look.content(operators, _held(page, "/Resources")))
        return Inside(pages=tuple(pages), fonts=look.fonts, forms=look.forms)


class _Look:
    """What was found so far; an object that several pages share is looked at once."""

    def __init__(self) -> None:
        self.fonts: dict[int, FontInside] = {}
        self.forms: dict[int, Content] = {}
        self._numbers: dict[int, int] = {}

    def content(self, operators: bytes, resources: Any) -> Content:
        fonts, forms = {}, {}
        for name, font in _entries(resources, "/Font"):
            fonts[name], new = self._number_of(font)
            if new:
                self.fonts[fonts[name]] = _font_inside(font)
        for name, form in _entries(resources, "/XObject"):
            if _held(form, "/Subtype") == "/Form":
                forms[name], new = self._number_of(form)
                if new:
                    own = _held(form, "/Resources") or resources
                    self.forms[forms[name]] = self.content(form.get_data(), own)
        return Content(operators=operators, fonts=fonts, forms=forms)

    def _number_of(self, found: Any) -> tuple[int, bool]:
        """A number for an object, and whether it is met for the first time."""
        reference = getattr(found, "indirect_reference", None)
        key = -reference.idnum if reference is not None else id(found)
        new = key not in self._numbers
        return self._numbers.setdefault(key, len(self._numbers)), new


def _entries(resources: Any, kind: str) -> Iterator[tuple[str, Any]]:
    """The objects of one kind that a page's resources name; what is broken is left out."""
    held: Any = _held(resources, kind) if resources is not None else None
    for name in held if held is not None else ():
        entry = held[name]
        if isinstance(entry, dict):
            yield str(name)[1:], entry


def _font_inside(font: Any) -> FontInside:
    below = _held(font, "/DescendantFonts")
    descendant = below[0].get_object() if below else font
    descriptor = _held(descendant, "/FontDescriptor") or {}
    return FontInside(
        name=str(_held(font, "/BaseFont") or "")[1:],
        composite=bool(below),
        encoding=_bytes_of(_held(font, "/Encoding")),
        program=_bytes_of(_held(descriptor, "/FontFile2")),
        glyph_ids=_bytes_of(_held(descendant, "/CIDToGIDMap"), named=b""),
        to_unicode=_bytes_of(_held(font, "/ToUnicode"), named=b""),
    )


def _bytes_of(held: Any, *, named: bytes | None = None) -> bytes:
    """A stream's content; of anything else its name, or what `named` says."""
    if hasattr(held, "get_data"):
        return bytes(held.get_data())
    return str(held or "").encode() if named is None else named


def _held(dictionary: Any, key: str) -> Any:
    """What a dictionary holds under a key; None when it holds nothing.

    Its own `get` may hand out a reference instead.
    """
    return dictionary[key] if key in dictionary else None  # noqa: SIM401 -- see above
