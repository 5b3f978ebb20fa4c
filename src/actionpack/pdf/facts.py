"""What any PDF holds: its proof map, what its pages paint, and with which fonts.

Names and faults that are told to people leave here without the characters that print nothing: a
file can be made so that they command a terminal.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from actionpack.diagnostics import Rejected, finding
from actionpack.pdf.file import (
    File,
    own_info,
)
from actionpack.pdf.objects import (
    damage_told,
    entry_of,
    open_reader,
    unlogged,
)
from actionpack.pdf.tiles import TilePicture, pictures_in_tile

# The proof map of a pack of twenty pages takes 60 kB, that of a volume of 5,000 packs 2 MB.
MOST_PROOF_BYTES = 5_000_000


class DamagedProof(Rejected):
    """The PDF can be read, and the proof map in it cannot."""


def read_proof(pdf: bytes) -> bytes | None:
    """The proof map (JSON) that travels in a PDF; None when it holds none.

    Raises Rejected (`bad-file`) when the PDF is locked or damaged; it is DamagedProof when nothing
    but the map is.
    """
    with _damage_told():
        file = File(pdf, strict=False)
        own = own_info(file.root)
        if own is None:
            return None
        private = own["/Private"]
        packed = getattr(private, "_data", None)
        if not isinstance(packed, bytes) or private.get("/Filter") != "/FlateDecode":
            raise ValueError("the proof map is not where it should be")
        unpacking = zlib.decompressobj()
        proof = unpacking.decompress(packed, MOST_PROOF_BYTES)
    if not unpacking.eof:
        told = "the PDF is damaged (its proof map is cut off or too large)"
        raise DamagedProof(finding("bad-file", told))
    return proof


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
    """What a page or a form paints, and the numbers of the fonts and forms it calls by name.

    `tiles`: the pictures of its patterns, unless something before it has these too. `annotations`:
    the kinds of those on a page that may paint, as links do not. `user_unit`: how many points a
    unit of the page is (ISO 32000-1, table 30).
    """

    operators: bytes
    fonts: Mapping[str, int]
    forms: Mapping[str, int]
    tiles: tuple[TilePicture, ...] = ()
    annotations: tuple[str, ...] = ()
    user_unit: float = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """The content of a file's pages from the `first` on, and the fonts and forms that they use."""

    pages: tuple[Content, ...]
    fonts: Mapping[int, FontInside]
    forms: Mapping[int, Content]
    first: int = 1


def look_inside(pdf: bytes, *, most_pages: int, first: int = 1) -> Inside:
    """Take out what some pages of any PDF paint, from the `first` on, and with which fonts.

    Raises Rejected (`bad-file`) when the PDF is locked or damaged.
    """
    with _damage_told():
        look = _Look()
        pages = []
        for page in open_reader(pdf, strict=False).pages[first - 1 : first - 1 + most_pages]:
            stream = page.get_contents()
            operators = stream.get_data() if stream is not None else b""
            content = look.content(operators, entry_of(page, "/Resources"))
            unit = entry_of(page, "/UserUnit")
            pages.append(
                replace(
                    content,
                    annotations=tuple(_painting_annotations(page)),
                    user_unit=1 if unit is None else float(unit),
                )
            )
        return Inside(pages=tuple(pages), fonts=look.fonts, forms=look.forms, first=first)


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
            if entry_of(form, "/Subtype") == "/Form":
                forms[name], new = self._number_of(form)
                if new:
                    own = entry_of(form, "/Resources") or resources
                    self.forms[forms[name]] = self.content(form.get_data(), own)
        tiles = tuple(
            picture
            for _, pattern in _entries(resources, "/Pattern")
            if self._number_of(pattern)[1]
            for picture in pictures_in_tile(pattern)
        )
        return Content(operators=operators, fonts=fonts, forms=forms, tiles=tiles)

    def _number_of(self, found: Any) -> tuple[int, bool]:
        """A number for an object, and whether it is met for the first time."""
        reference = getattr(found, "indirect_reference", None)
        key = -reference.idnum if reference is not None else id(found)
        new = key not in self._numbers
        return self._numbers.setdefault(key, len(self._numbers)), new


def _painting_annotations(page: Any) -> Iterator[str]:
    """The kinds of a page's annotations that are no link, or a link with a look of its own."""
    for entry in entry_of(page, "/Annots") or ():
        annotation = entry.get_object()
        kind = entry_of(annotation, "/Subtype")
        if kind != "/Link" or "/AP" in annotation:
            yield _shown(kind)[1:]


def _entries(resources: Any, kind: str) -> Iterator[tuple[str, Any]]:
    """The objects of one kind that a page's resources name; what is broken is left out."""
    held: Any = entry_of(resources, kind) if resources is not None else None
    for name in held if held is not None else ():
        entry = held[name]
        if isinstance(entry, dict):
            yield str(name)[1:], entry


def _font_inside(font: Any) -> FontInside:
    below = entry_of(font, "/DescendantFonts")
    descendant = below[0].get_object() if below else font
    descriptor = entry_of(descendant, "/FontDescriptor") or {}
    return FontInside(
        name=_shown(entry_of(font, "/BaseFont"))[1:],
        composite=bool(below),
        encoding=_bytes_of(entry_of(font, "/Encoding")),
        program=_bytes_of(entry_of(descriptor, "/FontFile2")),
        glyph_ids=_bytes_of(entry_of(descendant, "/CIDToGIDMap"), named=b""),
        to_unicode=_bytes_of(entry_of(font, "/ToUnicode"), named=b""),
    )


def _shown(name: object) -> str:
    """A name as people may see it, with a space for each character that prints nothing."""
    return "".join(letter if letter.isprintable() else " " for letter in str(name or ""))


@contextmanager
def _damage_told() -> Iterator[None]:
    """As `damage_told`, for a file from anywhere: pypdf quotes what it stumbles on."""
    try:
        with damage_told("the PDF is damaged"), unlogged():
            yield
    except Rejected as rejected:
        found = (replace(one, message=_shown(one.message)) for one in rejected.findings)
        raise Rejected(*found) from rejected


def _bytes_of(held: Any, *, named: bytes | None = None) -> bytes:
    """A stream's content; of anything else its name, or what `named` says."""
    if hasattr(held, "get_data"):
        return bytes(held.get_data())
    return str(held or "").encode() if named is None else named
