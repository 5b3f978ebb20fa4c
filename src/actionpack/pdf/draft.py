"""The pages of a variant, stamped for one copy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from actionpack.geometry import Box
from actionpack.pdf.file import (
    NO_WIDTH_SPACE,
    SLOT_MARK,
    File,
    Page,
    own_info,
)
from actionpack.pdf.marks import CodeMark, EmptyMark, Font, Line, Mark, Placeholder, TextMark
from actionpack.pdf.objects import (
    Element,
    damage_told,
    kids_of,
    num,
    pdf_dictionary,
    pdf_name,
    pdf_numbers,
    pdf_stream,
    pdf_text,
)
from actionpack.pdf.prepare import prepare
from actionpack.units import mm_to_pt, px_to_mm

if TYPE_CHECKING:
    pass


class Draft:
    """The pages of a variant, for one copy to be stamped on."""

    def __init__(self, pdf: bytes) -> None:
        """Open pages as `prepare` left them; others are prepared first.

        Raises Rejected (`bad-file`) when that cannot be done.
        """
        with damage_told():
            self._file = File(pdf)
            if not self._is_prepared():
                self._file = File(prepare(pdf))
            self.placeholders = tuple(self._placeholders())

    def stamp(self, marks: Iterable[Mark], fonts: Iterable[Font] = ()) -> None:
        """Draw marks, each in its own placeholder, in the order given."""
        with damage_told():
            marks = tuple(marks)
            embedded = self._embed(marks, {font.name: font for font in fonts})
            by_page: dict[int, tuple[Page, list[bytes]]] = {}
            for mark in marks:
                element = self._file.at(mark.place.element)
                page = Page(self._file, element.raw_get("/Pg"))
                _, drawn = by_page.setdefault(page.number, (page, []))
                drawn.append(self._drawn(mark, element, page, embedded))
            for page, drawn in by_page.values():
                page.add_content(b"".join(drawn))

    def carry(self, proof: bytes, made: date) -> None:
        """Put a proof map (JSON) into the file."""
        with damage_told():
            private = self._file.add(pdf_stream(proof))
            stamp = pdf_text(f"D:{made:%Y%m%d}000000Z")
            self._file.set_piece_info(pdf_dictionary(LastModified=stamp, Private=private))

    def finish(self) -> bytes:
        """The finished file."""
        with damage_told():
            return self._file.written()

    def _is_prepared(self) -> bool:
        return isinstance(own_info(self._file.root), dict)

    def _placeholders(self) -> Iterator[Placeholder]:
        slots = own_info(self._file.root)["/Private"]["/Slots"]
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
        self, mark: Mark, element: Element, page: Page, embedded: Mapping[str, _Embedded]
    ) -> bytes:
        """Settle the structure element of a placeholder; return what is drawn for it."""
        self._file.touch(mark.place.element)
        match mark:
            case TextMark():
                element[pdf_name("/S")] = pdf_name("/Span")
                del element["/Alt"], element["/A"]
                lines = (_line(line, page, embedded[line.font]) for line in mark.lines)
                return _tagged(element, b"0 g\n" + b"".join(lines))
            case CodeMark():
                element[pdf_name("/Alt")] = pdf_text(mark.alt)
                edges = page.rectangle(mark.place.box)
                # WeasyPrint counts in CSS pixels from the top; the norm wants points from below.
                element[pdf_name("/A")][pdf_name("/BBox")] = pdf_numbers(edges)
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
                pages[page.idnum] = Page(self._file, page)
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
    (content,) = kids_of(element)
    tag = str(element["/S"]).encode()
    return b"%s <</MCID %d>> BDC q\n%sQ EMC\n" % (tag, int(content), operators)


def _squares(mark: CodeMark, page: Page) -> bytes:
    side = mm_to_pt(mark.module_mm)
    x, y = page.point(mark.corner)
    # One path, so that no viewer shows seams between squares that touch.
    squares = " ".join(f"{column} {row} {length} 1 re" for column, row, length in mark.runs)
    matrix = f"{num(side)} 0 0 {num(-side)} {num(x)} {num(y)} cm"
    return f"0 g {matrix}\n{squares} f\n".encode()


def _bars(mark: EmptyMark, page: Page) -> bytes:
    if not mark.bars:
        return b""
    drawn = []
    for bar in mark.bars:
        left, bottom, right, top = page.rectangle(bar)
        drawn.append(" ".join(map(num, (left, bottom, right - left, top - bottom))) + " re")
    return f"/Artifact BMC q {num(mark.grey)} g {' '.join(drawn)} f Q EMC\n".encode()


def _line(line: Line, page: Page, font: _Embedded) -> bytes:
    x, y = page.point(line.start)
    drawn = (
        f"BT {font.key} {num(line.size_pt)} Tf 1 0 0 1 {num(x)} {num(y)} Tm"
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
            pieces.append(f"{num(glyph.dy)} Ts")
            row, rise = "", glyph.dy
        # TJ counts thousandths of the size, to the left (ISO 32000-1, 9.4.3).
        before = owed - glyph.dx * 1000 / line.size_pt
        row += (num(before) if abs(before) >= 0.001 else "") + f"<{glyph.gid:04x}>"
        owed = font.widths[glyph.gid] + (glyph.dx - glyph.advance) * 1000 / line.size_pt
    return " ".join((*pieces, f"[{row}] TJ"))
