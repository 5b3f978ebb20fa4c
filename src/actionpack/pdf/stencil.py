"""The pages of a variant as a stencil: what all its copies share, ready to be drawn many times.

A page's content becomes a Form XObject (ISO 32000-1, 8.10), which stands in a file once however
many pages show it, so that a press can keep what it made of it. A stencil is plain data: it is
sent to other processes and machines, which need no layout engine for it.
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from actionpack.geometry import Point
from actionpack.pdf.draft import Draft
from actionpack.pdf.file import File, Page
from actionpack.pdf.marks import Placeholder
from actionpack.pdf.objects import (
    damage_told,
    pdf_name,
    pdf_numbers,
    pdf_stream,
    pdf_whole,
)
from actionpack.pdf.sheetmarks import marked, without_marks
from actionpack.pdf.tags import Tags, cut_tags
from actionpack.pdf.template import opened
from actionpack.units import mm_to_pt

if TYPE_CHECKING:
    from pypdf.generic import PdfObject

# What draws a form or a picture, by its name.
_DRAWN = re.compile(rb"(/[^\s/<>\[\](){}%]+)\s+Do\b")
# Marked content that belongs to a structure tree, which these pages do not have.
_TAGGED = re.compile(rb"/\w+\s*<<\s*/MCID\s+\d+\s*>>\s*BDC\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An object of a PDF with its references left open.

    `texts` are what stands round them, one more than there are `refs`; each of those is the index
    of an earlier part. `stream` is what a stream holds, encoded as its text says.
    """

    texts: tuple[bytes, ...]
    refs: tuple[int, ...]
    stream: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A page that all copies share: its boxes as a PDF has them, and what is drawn on it.

    `left` and `top` are the corner of its trim box, pt, y up. `form` is the index of the part that
    draws it: a form, or its plain content in a stencil with tags, since marked contents do not
    count inside a form.
    """

    boxes: bytes
    left: float
    top: float
    form: int

    def point(self, point: Point) -> tuple[float, float]:
        """A point, mm from the top left corner, in the page's own system, pt, y up."""
        return self.left + mm_to_pt(point.x), self.top - mm_to_pt(point.y)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stencil:
    """Pages to stamp. `intents` are the indices of what their colours are for (output intents).

    `tags` are None where copies are for paper alone.
    """

    parts: tuple[Part, ...]
    sides: tuple[Side, ...]
    intents: tuple[int, ...]
    placeholders: tuple[Placeholder, ...]
    tags: Tags | None = None


def make_stencil(pdf: bytes, *, tagged: bool = False) -> Stencil:
    """Cut a stencil from pages that `prepare` has seen.

    Tags, links and bookmarks stay behind unless it is `tagged`: paper needs none. Raises Rejected
    (`bad-file`) when the pages are damaged.
    """
    with damage_told():
        stencil = _cut(File(pdf), tagged=tagged)
        return replace(stencil, placeholders=Draft(pdf).placeholders)


def cut_pages(pdf: bytes) -> Stencil:
    """Cut a stencil from the pages of a finished file, which have no places to stamp any more.

    Of pages for a press it is what lies within their bleed, without the marks round it. Raises
    Rejected (`bad-file`) when they are damaged.
    """
    with damage_told("the pages cannot be put on sheets"):
        file = File(pdf)
        for page in file.pages():
            _bare(page)
        return _cut(file, tagged=False, corner="/TrimBox")


def _bare(page: Page) -> None:
    """Make of a page for a press what lies within its bleed; others have none."""
    held = page.held
    if "/BleedBox" not in held:
        return
    held[pdf_name("/MediaBox")] = held["/BleedBox"]
    content = page.content()
    if not marked(content):
        return
    bare = without_marks(content)
    held[pdf_name("/Contents")] = pdf_stream(bare)
    # What nothing draws any more stays behind.
    forms = held["/Resources"]["/XObject"]
    for name in {*_DRAWN.findall(content)} - {*_DRAWN.findall(bare)}:
        forms.pop(name.decode("latin-1"), None)


def _cut(file: File, *, tagged: bool, corner: str = "/MediaBox") -> Stencil:
    """Cut a stencil; `corner` is the box whose lower left corner forms count from."""
    cutter = _Cutter()
    pages = tuple(file.pages())
    sides = tuple(cutter.side(page, tagged=tagged, corner=corner) for page in pages)
    intents = tuple(cutter.add(intent.get_object()) for intent in file.root["/OutputIntents"])
    tags = cut_tags(file, pages, cutter.part_of) if tagged else None
    return Stencil(
        parts=tuple(cutter.parts), sides=sides, intents=intents, placeholders=(), tags=tags
    )


class _Cutter:
    """Takes objects out of a file, each once, what they refer to before themselves."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._known: dict[int, int] = {}

    def side(self, page: Page, *, tagged: bool, corner: str) -> Side:
        held = page.held
        boxes = io.BytesIO()
        across, up = (float(edge) for edge in held.get(corner, held["/MediaBox"])[:2])
        for key in ("/MediaBox", "/TrimBox", "/BleedBox"):
            if key in held:
                boxes.write(key.encode())
                _from_zero(held[key], across, up).write_to_stream(boxes)
        drawn = pdf_stream(page.content()) if tagged else _form(page, across, up)
        left, top = page.corner
        return Side(boxes=boxes.getvalue(), left=left - across, top=top - up, form=self.add(drawn))

    def add(self, added: PdfObject) -> int:
        """Add an object that stands in no file by itself; return its index."""
        from pypdf.generic import DictionaryObject, StreamObject

        stream = None
        if isinstance(added, StreamObject):
            # As it is encoded: `_data` is the one way to it.
            stream = added._data
            entries = {k: v for k, v in added.items() if k != "/Length"}
            added = DictionaryObject(entries)
            added[pdf_name("/Length")] = pdf_whole(len(stream))
        elif isinstance(added, DictionaryObject):
            added = _renamed(added)
        texts, refs = opened(added, self._gap_for)
        self.parts.append(Part(texts=texts, refs=refs, stream=stream))
        return len(self.parts) - 1

    def _gap_for(self, held: Any) -> tuple[bytes, int, bytes] | None:
        return (b"", self.part_of(held), b"") if hasattr(held, "idnum") else None

    def part_of(self, reference: Any) -> int:
        """The index of what a reference leads to, added when it is new."""
        number = reference.idnum
        if number not in self._known:
            self._known[number] = -1
            self._known[number] = self.add(reference.get_object())
        if self._known[number] < 0:
            raise ValueError("what a page draws with refers to itself")
        return self._known[number]


def _from_zero(box: Any, across: float, up: float) -> Any:
    """A box counted from a point, pt, y up; as it is where that is zero."""
    if not (across or up):
        return box
    left, bottom, right, top = (float(edge) for edge in box)
    return pdf_numbers((left - across, bottom - up, right - across, top - up))


def _form(page: Page, across: float, up: float) -> PdfObject:
    """What a page draws, as a form without tags whose own system begins at a point of the page."""
    form = pdf_stream(
        _TAGGED.sub(b"/Span BMC", page.content()),
        Type=pdf_name("/XObject"),
        Subtype=pdf_name("/Form"),
        BBox=page.held["/MediaBox"],
        Resources=page.held.raw_get("/Resources"),
    )
    if across or up:
        form[pdf_name("/Matrix")] = pdf_numbers((1, 0, 0, 1, -across, -up))
    return form


def _renamed(font: Any) -> Any:
    """A font, or a part of one, under a name that no other subset has.

    WeasyPrint's tag is the hash of a description, which subsets of different glyphs may share; in
    one file a printer would take the one for the other.
    """
    from pypdf.generic import DictionaryObject

    program = _program_of(font)
    if program is None:
        return font
    digest = hashlib.sha256(program.get_data()).digest()
    tag = "".join(chr(65 + byte % 26) for byte in digest[:6])
    renamed = DictionaryObject(font)
    for key in ("/BaseFont", "/FontName"):
        if key in renamed:
            bare = str(renamed[key])[1:].rpartition("+")[2]
            renamed[pdf_name(key)] = pdf_name(f"/{tag}+{bare}")
    return renamed


def _program_of(font: Any) -> Any:
    """The program that a font, its descendant or its descriptor embeds, if any."""
    if "/DescendantFonts" in font:
        return _program_of(font["/DescendantFonts"][0].get_object())
    if "/FontDescriptor" in font:
        return _program_of(font["/FontDescriptor"])
    return font.get("/FontFile2")
