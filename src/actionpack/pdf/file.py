"""A PDF of ours with what was added to it or changed, page by page.

What is written is an update behind the old bytes (ISO 32000-1, 7.5.6).
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from actionpack.geometry import Box, Point
from actionpack.pdf.embedding import embedded
from actionpack.pdf.marks import Font
from actionpack.pdf.objects import (
    Element,
    content_ids_of,
    kids_of,
    object_stream,
    open_reader,
    pdf_array,
    pdf_bytes,
    pdf_dictionary,
    pdf_name,
    pdf_stream,
    pdf_whole,
    write_object,
)
from actionpack.units import mm_to_pt

if TYPE_CHECKING:
    from pypdf.generic import (
        PdfObject,
        StreamObject,
    )

# The name under which the catalogue's /PieceInfo holds what is ours (ISO 32000-1, 14.5).
PIECE_INFO = "/actionpack"
# An empty figure whose alternative text begins so is a place for a slot.
SLOT_MARK = "slot:"


class File:
    """A PDF with the objects that were added to it or changed."""

    def __init__(self, pdf: bytes, *, strict: bool = True) -> None:
        self._pdf = pdf
        self._reader = open_reader(pdf, strict=strict)
        self._changed: dict[int, PdfObject] = {}
        self._trailer = self._reader.trailer
        self._next = int(self._trailer["/Size"])

    @property
    def root(self) -> Element:
        return self._reader.root_object

    @property
    def info(self) -> Element:
        """The information dictionary (ISO 32000-1, 14.3.3)."""
        return self._trailer["/Info"]

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
        self.root[pdf_name("/PieceInfo")] = pdf_dictionary(**{PIECE_INFO[1:]: own})
        self.touch_root()

    def touch_root(self) -> None:
        """Note that the catalogue was changed."""
        self.touch(self._trailer.raw_get("/Root").idnum)

    def pages(self) -> Iterator[Page]:
        """The pages in order."""
        todo, seen = [self.root.raw_get("/Pages")], set()
        while todo:
            reference = todo.pop()
            if reference.idnum in seen:
                raise ValueError("the page tree runs in a circle")
            seen.add(reference.idnum)
            node = reference.get_object()
            if node["/Type"] == "/Page":
                yield Page(self, reference)
            else:
                todo += reversed(node["/Kids"])

    # --- the structure tree (ISO 32000-1, 14.7)

    def elements(self) -> Iterator[tuple[int, Element]]:
        """The structure elements with their numbers, in reading order."""
        todo, seen = kids_of(self.root["/StructTreeRoot"])[::-1], set()
        while todo:
            reference = todo.pop()
            element = reference.get_object()
            if not isinstance(element, dict) or "/S" not in element:
                continue
            if reference.idnum in seen:
                raise ValueError("the structure tree runs in a circle")
            seen.add(reference.idnum)
            yield reference.idnum, element
            todo += reversed(kids_of(element))

    def take_out(self, element: Element, number: int) -> None:
        """Take an element out of the structure tree, and its content out of the parent tree."""
        above = element.raw_get("/P")
        parent = above.get_object()
        parent[pdf_name("/K")] = pdf_array(
            kid for kid in kids_of(parent) if getattr(kid, "idnum", None) != number
        )
        self.touch(above.idnum)
        Page(self, element.raw_get("/Pg")).forget(content_ids_of(element))

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

    def add_font(self, font: Font, texts: Mapping[int, str]) -> Any:
        """Embed a TrueType font with its glyph ids as they are, and what each stands for."""
        return embedded(font, texts, self.add)

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
                write_object(out, number, changed)
            else:
                packed[number] = changed
        group = self._next
        if packed:
            rows |= {number: (2, group, at) for at, number in enumerate(packed)}
            rows[group] = (1, out.tell(), 0)
            write_object(out, group, object_stream(packed))
        table = group + 1
        rows[table] = (1, out.tell(), 0)
        start = out.tell()
        write_object(out, table, self._table(rows, out.getvalue()))
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
        index = [pdf_whole(part) for number in sorted(rows) for part in (number, 1)]
        return pdf_stream(
            body,
            Type=pdf_name("/XRef"),
            Size=pdf_whole(max(rows) + 1),
            W=pdf_array(map(pdf_whole, (1, 4, 2))),
            Index=pdf_array(index),
            Prev=pdf_whole(int(previous)),
            Root=trailer.raw_get("/Root"),
            Info=trailer.raw_get("/Info"),
            # The first stays with the pages, the second is this very file's (14.4).
            ID=pdf_array((first, pdf_bytes(hashlib.sha256(before).digest()[:16]))),
        )


class Page:
    """A page of a file: its content, its resources, and where a millimetre lies on it."""

    def __init__(self, file: File, reference: Any) -> None:
        self._file = file
        self.number: int = reference.idnum
        self._page = reference.get_object()
        left, _, _, top = self._page.get("/TrimBox", self._page["/MediaBox"])
        self._left, self._top = float(left), float(top)

    @property
    def held(self) -> Element:
        """The page as it stands in the file."""
        return self._page

    @property
    def corner(self) -> tuple[float, float]:
        """The top left corner of the trim box, pt, y up."""
        return self._left, self._top

    def content(self) -> bytes:
        """What the page draws, its streams in one."""
        return b"\n".join(one.get_object().get_data() for one in self._contents())

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
        self._page[pdf_name("/Contents")] = pdf_array(
            (
                self._file.add(pdf_stream(b"q\n")),
                *self._contents(),
                self._file.add(pdf_stream(b"\nQ\n")),
            )
        )
        self._file.touch(self.number)
        for holder in (self._page, self._page["/Resources"]):
            key = "/Resources" if holder is self._page else "/Font"
            if key in holder and hasattr(reference := holder.raw_get(key), "idnum"):
                self._file.touch(reference.idnum)

    def add_content(self, operators: bytes) -> None:
        """Draw on top of what is there."""
        if operators:
            self._page["/Contents"].append(self._file.add(pdf_stream(operators)))
            self._file.touch(self.number)

    def add_font(self, key: str, font: PdfObject) -> None:
        resources = self._page["/Resources"]
        fonts = resources.setdefault(pdf_name("/Font"), pdf_dictionary()).get_object()
        fonts[pdf_name(key)] = font
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
                self._file.replace(reference.idnum, pdf_stream(new))

    def parents(self) -> Any:
        """The page's list in the parent tree: content id → structure element."""
        if "/StructParents" not in self._page:
            return pdf_array()
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

        # A blank page has none.
        if "/Contents" not in self._page:
            return []
        content = self._page.raw_get("/Contents")
        held = content.get_object()
        return list(held) if isinstance(held, ArrayObject) else [content]


def own_info(root: Element) -> Any:
    """What is ours in the catalogue; None when nothing is."""
    return (root.get("/PieceInfo") or {}).get(PIECE_INFO)
