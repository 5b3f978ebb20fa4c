"""The pages of a variant, stamped for one copy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from actionpack.geometry import Box
from actionpack.glyphs import Used
from actionpack.pdf.file import (
    SLOT_MARK,
    File,
    Page,
    own_info,
)
from actionpack.pdf.lettering import Lettering
from actionpack.pdf.marks import CodeMark, EmptyMark, Font, Mark, Placeholder, TextMark
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
        self._lettering = Lettering()
        self._lettered: dict[int, Page] = {}

    def stamp(self, marks: Iterable[Mark]) -> tuple[Used, ...]:
        """Draw marks, each in its own placeholder, in the order given.

        Returns what the texts were drawn with, which `embed` must be given.
        """
        with damage_told():
            by_page: dict[int, tuple[Page, list[bytes]]] = {}
            for mark in marks:
                element = self._file.at(mark.place.element)
                page = Page(self._file, element.raw_get("/Pg"))
                _, drawn = by_page.setdefault(page.number, (page, []))
                drawn.append(self._drawn(mark, element, page))
                if isinstance(mark, TextMark):
                    self._lettered[page.number] = page
            for page, drawn in by_page.values():
                page.add_content(b"".join(drawn))
        return self._lettering.used

    def embed(self, fonts: Mapping[str, tuple[Font, Mapping[int, str]]]) -> None:
        """Embed fonts by their names on the pages, each with what its codes stand for."""
        with damage_told():
            for key, (font, texts) in fonts.items():
                reference = self._file.add_font(font, texts)
                for page in self._lettered.values():
                    page.add_font(f"/{key}", reference)

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

    def _drawn(self, mark: Mark, element: Element, page: Page) -> bytes:
        """Settle the structure element of a placeholder; return what is drawn for it."""
        self._file.touch(mark.place.element)
        match mark:
            case TextMark():
                element[pdf_name("/S")] = pdf_name("/Span")
                del element["/Alt"], element["/A"]
                lines = (self._lettering.show(line, *page.point(line.start)) for line in mark.lines)
                return _tagged(element, b"0 g BT %s ET\n" % b" ".join(lines))
            case CodeMark():
                element[pdf_name("/Alt")] = pdf_text(mark.alt)
                edges = page.rectangle(mark.place.box)
                # WeasyPrint counts in CSS pixels from the top; the norm wants points from below.
                element[pdf_name("/A")][pdf_name("/BBox")] = pdf_numbers(edges)
                return _tagged(element, _squares(mark, page))
            case EmptyMark():
                self._file.take_out(element, mark.place.element)
                return _bars(mark, page)


def _tagged(element: Element, operators: bytes) -> bytes:
    (content,) = kids_of(element)
    tag = str(element["/S"]).encode()
    return b"%s <</MCID %d>> BDC q\n%sQ EMC\n" % (tag, int(content), operators)


def _squares(mark: CodeMark, page: Page) -> bytes:
    side = mm_to_pt(mark.module_mm)
    x, y = page.point(mark.corner)
    # One path, so that no viewer shows seams between squares that touch.
    squares = " ".join(f"{column} {row} {length} 1 re" for column, row, length in _runs(mark))
    matrix = f"{num(side)} 0 0 {num(-side)} {num(x)} {num(y)} cm"
    return f"0 g {matrix}\n{squares} f\n".encode()


def _runs(mark: CodeMark) -> Iterator[tuple[int, int, int]]:
    """Dark modules side by side: column and row of the first, from 0, and how many."""
    wide = (mark.side + 7) // 8
    for row in range(mark.side):
        bits = int.from_bytes(mark.bits[row * wide : (row + 1) * wide], "big")
        for dark in re.finditer("1+", f"{bits:0{8 * wide}b}"):
            yield dark.start(), row, len(dark.group())


def _bars(mark: EmptyMark, page: Page) -> bytes:
    if not mark.bars:
        return b""
    drawn = []
    for bar in mark.bars:
        left, bottom, right, top = page.rectangle(bar)
        drawn.append(" ".join(map(num, (left, bottom, right - left, top - bottom))) + " re")
    return f"/Artifact BMC q {num(mark.grey)} g {' '.join(drawn)} f Q EMC\n".encode()
