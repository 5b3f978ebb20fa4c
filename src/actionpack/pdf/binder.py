"""Copies of stencils, bound into one file: a volume for the printer.

Every copy of a page is a dictionary of its own that draws the shared page and then one small
stream, with what differs. Such objects are written as bytes, as they come, and packed (ISO 32000-1,
7.5.7), so that the time and the size of a copy are those of what differs in it. What is written
is PDF/A-2b (ISO 19005-2) without tags. Same calls, same bytes.
"""

from __future__ import annotations

import hashlib
import io
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from actionpack.geometry import Point
from actionpack.glyphs import Used
from actionpack.imposition import Flip
from actionpack.pdf.embedding import embedded
from actionpack.pdf.lettering import Lettering
from actionpack.pdf.marks import CodeMark, EmptyMark, Font, Mark, TextMark
from actionpack.pdf.objects import num, sides
from actionpack.pdf.stencil import Side, Stencil
from actionpack.units import mm_to_pt

if TYPE_CHECKING:
    from pypdf.generic import PdfObject

# So many objects are packed into one stream, and hang on one branch of a tree: few enough for a
# reader that wants one of them, many enough to be small.
_PACKED = 128
BRANCH = 64
# A further pack takes 1 % more than at 6, and half of the time that packing takes there.
LEVEL = 3

# Four bytes that no text has (ISO 19005-2, 6.1.2), and by whom the file was written.
_BELOW_HEAD = b"\n%\xe2\xe3\xcf\xd3 actionpack volume\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A side in a file: the numbers of its resources, and of a content that draws it bare.

    `draws` is that content. `stencil` counts what was loaded, from 0.
    """

    side: Side
    resources: int
    bare: int
    stencil: int
    draws: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """What a volume says of itself. `language` is None where its packs have several.

    `duplex`: it is printed on both sides, turned over the edge `flip`.
    """

    title: str
    language: str | None
    made: date
    producer: str
    duplex: bool
    flip: Flip = "long"


class Binder:
    """A file that grows copy by copy."""

    version = b"%PDF-1.7"
    # How black is set, and any other grey from 0 (black) to 1 (white).
    black = b"0 g"

    def __init__(self) -> None:
        self._out = io.BytesIO()
        self._out.write(self.version + _BELOW_HEAD)
        # The row of each object (ISO 32000-1, Table 18).
        self._rows: dict[int, int] = {}
        self._next = 1
        self._packed: list[tuple[int, bytes]] = []
        self._shared: dict[bytes, int] = {}
        self._lettering = Lettering("S")
        self._fonts = 0
        self._loads = 0
        self._tree = self._reserved()
        self._branches: list[tuple[int, list[int]]] = []
        self._labels: list[tuple[int, str]] = []
        # Bookmarks: title, level, and where they lead to (ISO 32000-1, 12.3.2).
        self._marks: list[tuple[str, int, bytes]] = []
        self._intents: list[int] = []
        self.page_count = 0

    def load(self, stencil: Stencil) -> tuple[Loaded, ...]:
        """Put what all copies of a stencil share into the file, once."""
        numbers = self._parts_of(stencil)
        self._intents = self._intents or [numbers[intent] for intent in stencil.intents]
        self._loads += 1
        return tuple(self._loaded(side, numbers[side.form]) for side in stencil.sides)

    def _parts_of(self, stencil: Stencil) -> list[int]:
        """The numbers of a stencil's parts, which stand in the file after this."""
        numbers: list[int] = []
        for part in stencil.parts:
            text = part.texts[0] + b"".join(
                b"%d 0 R%s" % (numbers[ref], after)
                for ref, after in zip(part.refs, part.texts[1:], strict=True)
            )
            numbers.append(self._once(text, part.stream))
        return numbers

    def start(self, label: str, *, level: int = 0) -> None:
        """Begin a pack: `label` names its pages, and a bookmark to the first of them.

        `level` 0 stands at the margin of the bookmarks, others below the last that is less.
        """
        self._labels.append((self.page_count, label))
        self._marks.append((label, level, b"[%d 0 R/Fit]" % self._next))

    def add(self, sides: tuple[Loaded, ...], marks: Iterable[Mark]) -> None:
        """Add a copy of the pages, with marks drawn on them."""
        drawn: dict[int, list[bytes]] = {}
        for mark in marks:
            side = sides[mark.place.page - 1].side
            drawn.setdefault(mark.place.page, []).append(self._drawn(mark, side))
        for number, loaded in enumerate(sides, 1):
            self._page(loaded, b"".join(drawn.get(number, ())))

    @property
    def used(self) -> tuple[Used, ...]:
        """The fonts that were drawn with so far."""
        return self._lettering.used

    def _drawn(self, mark: Mark, side: Side) -> bytes:
        match mark:
            case TextMark():
                lines = (self._lettering.show(line, *side.point(line.start)) for line in mark.lines)
                return self.black + b" BT %s ET\n" % b" ".join(lines)
            case CodeMark():
                return _mask(mark, side, self.black)
            case EmptyMark():
                return self._bars(mark, side)

    def grey(self, grey: float) -> bytes:
        """How a grey is set, from 0 (black) to 1 (white)."""
        return f"{num(grey)} g".encode()

    def _bars(self, mark: EmptyMark, side: Side) -> bytes:
        if not mark.bars:
            return b""
        drawn = []
        for bar in mark.bars:
            x, y = side.point(Point(bar.left, bar.bottom))
            sizes = (x, y, mm_to_pt(bar.width), mm_to_pt(bar.height))
            drawn.append(" ".join(map(num, sizes)) + " re")
        return self.grey(mark.grey) + f" {' '.join(drawn)} f\n".encode()

    def _page(self, loaded: Loaded, drawn: bytes) -> None:
        number = self._reserved()
        content = loaded.bare
        if drawn:
            # As it is: packing two hundred bytes less costs a sixth of the time of a copy.
            content = self._stream(b"", loaded.draws + drawn, packed=False)
        self._pack(
            number,
            b"<</Type/Page/Parent %d 0 R%s/Resources %d 0 R/Contents %d 0 R>>"
            % (self._branch(number), loaded.side.boxes, loaded.resources, content),
        )
        self.page_count += 1

    def blank(self, like: Side) -> None:
        """Add an empty page of the same size."""
        number = self._reserved()
        self._pack(
            number,
            b"<</Type/Page/Parent %d 0 R%s/Resources<<>>>>" % (self._branch(number), like.boxes),
        )
        self.page_count += 1

    def finish(
        self,
        binding: Binding,
        fonts: Mapping[str, tuple[Font, Mapping[int, str]]],
        private: bytes,
        made_from: bytes,
    ) -> bytes:
        """The file, with the fonts that were drawn with, by their keys on the pages.

        `private` is what the file says of itself to actionpack (JSON), `made_from` 16 bytes that
        tell what it was made from; `identity_of` gives them back.
        """
        fonts_held = b"".join(
            b"/%s %d 0 R" % (key.encode(), embedded(font, texts, self._add).idnum)
            for key, (font, texts) in fonts.items()
        )
        self._hold_fonts(fonts_held)
        for number, kids in self._branches:
            self._pack(
                number,
                b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%s]>>"
                % (self._tree, len(kids), references(kids)),
            )
        self._pack(
            self._tree,
            b"<</Type/Pages/Count %d/Kids[%s]>>"
            % (self.page_count, references([number for number, _ in self._branches])),
        )
        root = self._object(self._catalogue(binding, private, made_from))
        stamp = text_string(f"D:{binding.made:%Y%m%d}000000Z")
        info = self._object(
            b"<</Title%s/Producer%s/CreationDate%s/ModDate%s%s>>"
            % (
                text_string(binding.title),
                text_string(binding.producer),
                stamp,
                stamp,
                self._information(),
            )
        )
        self._flush()
        return self._with_table(root, info, made_from)

    # --- what stands in the file

    def _hold_fonts(self, fonts: bytes) -> None:
        """Put the entries of the fonts that were stamped with where pages find them."""
        if self._fonts:
            self._pack(self._fonts, b"<<%s>>" % fonts)

    def _claims(self, binding: Binding, made_from: bytes) -> bytes:
        """The metadata, with the norms that the file follows."""
        return xmp(binding, level="B")

    def _information(self) -> bytes:
        """More entries of what the file says of itself in its trailer."""
        return b""

    def _structure(self) -> bytes:
        """The entries of the catalogue for what stands beside the pages."""
        return b""

    def _catalogue(self, binding: Binding, private: bytes, made_from: bytes) -> bytes:
        claims = self._claims(binding, made_from)
        metadata = self._stream(b"/Type/Metadata/Subtype/XML", claims, packed=False)
        own = self._stream(b"", zlib.compress(private, LEVEL))
        stamp = text_string(f"D:{binding.made:%Y%m%d}000000Z")
        language = b"/Lang" + text_string(binding.language) if binding.language else b""
        return (
            b"<</Type/Catalog/Pages %d 0 R/Outlines %d 0 R/PageLabels<</Nums[%s]>>"
            b"/Metadata %d 0 R/OutputIntents[%s]%s"
            b"/ViewerPreferences<</DisplayDocTitle true/PrintScaling/None/Duplex/%s>>"
            b"/PieceInfo<</actionpack<</LastModified%s/Private %d 0 R>>>>%s>>"
        ) % (
            self._tree,
            self._outlines(),
            self._numbering(),
            metadata,
            references(self._intents),
            language,
            sides(duplex=binding.duplex, flip=binding.flip).encode(),
            stamp,
            own,
            self._structure(),
        )

    def _numbering(self) -> bytes:
        """What pages are called (ISO 32000-1, 12.4.2): numbers alone where nothing else is said."""
        return (
            b"".join(
                b"%d<</P%s/S/D>>" % (page, text_string(f"{label} · "))
                for page, label in self._labels
            )
            or b"0<</S/D>>"
        )

    def _outlines(self) -> int:
        """The bookmarks (ISO 32000-1, 12.3.3), each below the last one of a smaller level."""
        top = self._reserved()
        numbers = [self._reserved() for _ in self._marks]
        kids: dict[int, list[int]] = {top: []}
        path = [top]
        for number, (_, level, _) in zip(numbers, self._marks, strict=True):
            path = [*path[: level + 1], number]
            kids.setdefault(path[-2], []).append(number)
        beside = {
            number: (under, at, siblings)
            for under, siblings in kids.items()
            for at, number in enumerate(siblings)
        }
        for number, (label, _, goal) in zip(numbers, self._marks, strict=True):
            under, at, siblings = beside[number]
            before = b"/Prev %d 0 R" % siblings[at - 1] if at else b""
            after = b"/Next %d 0 R" % siblings[at + 1] if at + 1 < len(siblings) else b""
            own = kids.get(number, ())
            # Less than nothing: closed until somebody opens it.
            below = (
                b"/First %d 0 R/Last %d 0 R/Count %d" % (own[0], own[-1], -len(own)) if own else b""
            )
            self._pack(
                number,
                b"<</Title%s/Parent %d 0 R%s%s%s/Dest%s>>"
                % (text_string(label), under, before, after, below, goal),
            )
        first = kids[top]
        ends = b"/First %d 0 R/Last %d 0 R" % (first[0], first[-1]) if first else b""
        self._pack(top, b"<</Type/Outlines%s/Count %d>>" % (ends, len(first)))
        return top

    def _loaded(self, side: Side, form: int) -> Loaded:
        return self._drawn_by(side, b"/P %d 0 R" % form, b"/P Do\n")

    def _drawn_by(self, side: Side, forms: bytes, draws: bytes, besides: bytes = b"") -> Loaded:
        """A side that is drawn by forms; `besides` are more entries of its resources."""
        self._fonts = self._fonts or self._reserved()
        resources = self._once(
            b"<</XObject<<%s>>/Font %d 0 R%s>>" % (forms, self._fonts, besides), None
        )
        bare = zlib.compress(draws, LEVEL)
        text = b"<</Filter/FlateDecode/Length %d>>" % len(bare)
        return Loaded(
            side=side,
            resources=resources,
            bare=self._once(text, bare),
            stencil=self._loads - 1,
            draws=draws,
        )

    def _branch(self, page: int) -> int:
        """The branch of the page tree that a page hangs on."""
        if not self._branches or len(self._branches[-1][1]) == BRANCH:
            self._branches.append((self._reserved(), []))
        number, kids = self._branches[-1]
        kids.append(page)
        return number

    # --- objects

    def _reserved(self) -> int:
        number = self._next
        self._next += 1
        return number

    def _once(self, text: bytes, stream: bytes | None) -> int:
        """An object that stands in the file but once, however often it is asked for."""
        key = hashlib.sha256(text + b"\0" + (stream or b"")).digest()
        if key not in self._shared:
            number = self._reserved()
            if stream is None:
                self._pack(number, text)
            else:
                self._write(number, text, stream)
            self._shared[key] = number
        return self._shared[key]

    def _object(self, text: bytes) -> int:
        number = self._reserved()
        self._pack(number, text)
        return number

    def _stream(self, entries: bytes, data: bytes, *, packed: bool = True) -> int:
        number = self._reserved()
        how = b"/Filter/FlateDecode" if packed else b""
        self._write(number, b"<<%s%s/Length %d>>" % (entries, how, len(data)), data)
        return number

    def _add(self, added: PdfObject) -> Any:
        """Add an object of pypdf's."""
        from pypdf.generic import IndirectObject, StreamObject

        out = io.BytesIO()
        number = self._reserved()
        if isinstance(added, StreamObject):
            self._rows[number] = _row(1, self._out.tell(), 0)
            self._out.write(b"%d 0 obj\n" % number)
            added.write_to_stream(self._out)
            self._out.write(b"\nendobj\n")
        else:
            added.write_to_stream(out)
            self._pack(number, out.getvalue())
        return IndirectObject(number, 0, None)

    def _write(self, number: int, text: bytes, stream: bytes) -> None:
        self._rows[number] = _row(1, self._out.tell(), 0)
        self._out.write(b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, text, stream))

    def _pack(self, number: int, text: bytes) -> None:
        self._packed.append((number, text))
        if len(self._packed) >= _PACKED:
            self._flush()

    def _flush(self) -> None:
        """Write what is packed as one stream."""
        if not self._packed:
            return
        group = self._reserved()
        places, at = [], 0
        for place, (number, text) in enumerate(self._packed):
            places.append(b"%d %d" % (number, at))
            at += len(text) + 1
            self._rows[number] = _row(2, group, place)
        head = b" ".join(places) + b"\n"
        body = zlib.compress(head + b"\n".join(text for _, text in self._packed), LEVEL)
        self._write(
            group,
            b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>"
            % (len(self._packed), len(head), len(body)),
            body,
        )
        self._packed.clear()

    def _with_table(self, root: int, info: int, made_from: bytes) -> bytes:
        """The file with its cross-reference stream (ISO 32000-1, 7.5.8).

        Its identifiers (14.4) are what it was made from, and the hash of all that stands above.
        """
        table = self._reserved()
        start = self._out.tell()
        self._rows[table] = _row(1, start, 0)
        # Each row as its difference from the one above (PNG's "up"), which packs to a fifth.
        body = zlib.compress(_up([_FREE, *(self._rows[at] for at in range(1, self._next))]), LEVEL)
        digest = hashlib.sha256(self._out.getbuffer()).digest()[:16]
        self._write(
            table,
            b"<</Type/XRef/Size %d/W[1 4 2]/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]"
            b"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 7>>/Length %d>>"
            % (self._next, root, info, made_from.hex().encode(), digest.hex().encode(), len(body)),
            body,
        )
        self._out.write(b"startxref\n%d\n%%%%EOF\n" % start)
        return self._out.getvalue()


_IDENTIFIERS = re.compile(rb"/ID\[<([0-9a-f]{32})><([0-9a-f]{32})>\]")


def is_bound(head: bytes) -> bool:
    """Whether a file that begins so was bound here, whatever became of the rest of it."""
    first, end, rest = head.partition(b"\n")
    return (end + rest).startswith(_BELOW_HEAD) and first.startswith(b"%PDF-1.")


def identity_of(pdf: bytes) -> bytes | None:
    """What a bound file was made from; None when it is none, or not as it was written."""
    end = re.search(rb"startxref\n(\d+)\n%%EOF\n\Z", pdf[-40:])
    start = int(end[1]) if end else len(pdf)
    named = _IDENTIFIERS.search(pdf, start, start + 400)
    if (
        not named
        or hashlib.sha256(memoryview(pdf)[:start]).digest()[:16].hex() != named[2].decode()
    ):
        return None
    return bytes.fromhex(named[1].decode())


def _mask(mark: CodeMark, side: Side, black: bytes) -> bytes:
    """A QR code as a stencil mask in the content (ISO 32000-1, 8.9.6.2 and 8.9.7).

    Its modules are its pixels: a tenth of the bytes of squares, and as sharp, for a mask is painted
    and never smoothed.
    """
    left, top = side.point(mark.corner)
    wide = mm_to_pt(mark.module_mm * mark.side)
    return _mask_head(left, top, wide, mark.side, black) + mark.bits + b"\nEI Q\n"


# A slot has its code in the same place in every copy.
@lru_cache(maxsize=1024)
def _mask_head(left: float, top: float, wide: float, modules: int, black: bytes) -> bytes:
    """All of a mask in front of its bits. Lengths in pt."""
    size = num(wide)
    head = f"q {black.decode()} {size} 0 0 {size} {num(left)} {num(top - wide)} cm\n"
    how = f"BI /W {modules} /H {modules} /IM true /D [1 0]\nID "
    return head.encode() + how.encode()


# The row of object 0 (ISO 32000-1, 7.5.8.3).
_FREE = 0xFFFF
# What each row of a table begins with that is its difference from the one above.
_UP = 2


def _row(kind: int, second: int, third: int) -> int:
    """A row of the table as a number: one byte, four and two."""
    return kind << 48 | second << 16 | third


def _up(rows: list[int]) -> bytes:
    """Rows of seven bytes, each as its difference from the one above (ISO 32000-1, 7.4.4.4).

    All bytes are subtracted at once, as two long numbers: the highest bit of each is kept apart, so
    that no byte borrows from its neighbour.
    """
    body = b"".join([(_UP << 56 | row).to_bytes(8, "big") for row in rows])
    size = len(body)
    highest = int.from_bytes(b"\0" + b"\x80" * 7, "big") * _repeated(len(rows))
    one, over = int.from_bytes(body, "big"), int.from_bytes(body, "big") >> 64
    # The byte in front of a row is no part of it, and stays.
    over &= int.from_bytes(b"\0" + b"\xff" * 7, "big") * _repeated(len(rows))
    low = (one | highest) - (over & ~highest)
    return (low ^ ((one ^ ~over) & highest)).to_bytes(size, "big")


def _repeated(count: int) -> int:
    """What a number of 64 bits is multiplied with to be written so many times."""
    return int.from_bytes(bytes(7) + (b"\1" + bytes(7)) * (count - 1) + b"\1", "big")


def references(numbers: list[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)


def text_string(text: str) -> bytes:
    """A text string (ISO 32000-1, 7.9.2.2), in Latin letters where it has no others."""
    if _IN_BOTH.fullmatch(text):
        return b"(%s)" % _ESCAPED.sub(rb"\\\g<0>", text.encode("latin-1"))
    return b"<feff%s>" % text.encode("utf-16-be").hex().encode()


# Where PDFDocEncoding and Latin-1 are one (ISO 32000-1, Annex D.2), and what ends a string.
_IN_BOTH = re.compile("[ -~\xa1-\xac\xae-\xff]*")
_ESCAPED = re.compile(rb"[()\\]")


def xmp(binding: Binding, *, level: str, besides: bytes = b"") -> bytes:
    """The metadata that ISO 19005-2, 6.6 asks for, with the claim of conformance at a level.

    `besides` are more descriptions in RDF.
    """
    made = binding.made.isoformat()
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"'
        ' xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/">'
        f"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>{level}</pdfaid:conformance>"
        f"<pdf:Producer>{escape(binding.producer, quote=False)}</pdf:Producer>"
        '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">'
        f"{escape(binding.title, quote=False)}</rdf:li></rdf:Alt></dc:title>"
        f"<xmp:CreateDate>{made}T00:00:00Z</xmp:CreateDate>"
        f"<xmp:ModifyDate>{made}T00:00:00Z</xmp:ModifyDate>"
        f"</rdf:Description>{besides.decode()}</rdf:RDF></x:xmpmeta>"
        '<?xpacket end="w"?>'
    ).encode()
