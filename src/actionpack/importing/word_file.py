"""What lies in the zip of a Word document (ECMA-376, WordprocessingML), before anyone reads it.

A document that is none, or that would exhaust the machine, is refused here; and every word that the
document shows is found, so that those that did not come through can be named.
"""

from __future__ import annotations

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from xml.etree import ElementTree as ET

from actionpack.diagnostics import Place, Rejected, finding

# A document of a few pages has 15 parts and 100 kB of XML; pictures come unpacked already.
_MOST_PARTS = 2_000
_MOST_XML_BYTES = 8_000_000
_MOST_BYTES = 300_000_000
# Tables in boxes in tables reach 60; what reads the document goes one step down for each.
_MOST_DEPTH = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class WordFile:
    """The parts of a document by name, those in XML alone."""

    file: str
    names: tuple[str, ...]
    parts: tuple[tuple[str, ET.Element], ...]

    def roots(self, pattern: str) -> Iterator[ET.Element]:
        """The parts whose name matches, in order."""
        return (root for name, root in self.parts if re.fullmatch(pattern, name))


_NOT_WORD = {
    "xl/": "a table of Excel",
    "ppt/": "a presentation of PowerPoint",
    "Index/": "a document of Apple's programs",
    "META-INF/container.xml": "an e-book",
}
# What `zipfile` raises for archives whose bytes were changed.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    ValueError,
    NotImplementedError,
)
_AGAIN = "open it in Word or LibreOffice, save it as .docx, and import that"


def open_word(data: bytes, file: str) -> WordFile:
    """Open a document; raises Rejected when it is none, is locked, damaged or enormous."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _read(archive, file)
    except _DAMAGED as error:
        raise _refused(file, f"the file is damaged ({error})", _AGAIN) from error
    except (OSError, RuntimeError) as error:
        raise _refused(file, f"the file cannot be unpacked ({error})", _AGAIN) from error


def _refused(file: str, message: str, cure: str) -> Rejected:
    return Rejected(finding("bad-file", message, Place(file=file), cure=cure))


def _read(archive: zipfile.ZipFile, file: str) -> WordFile:
    members = archive.infolist()
    names = tuple(member.filename for member in members)
    if any(member.flag_bits & 1 for member in members):
        raise _refused(file, "the file is locked with a password", "save it without a password")
    xml = [member for member in members if member.filename.endswith((".xml", ".rels"))]
    size = sum(member.file_size for member in members)
    xml_size = sum(member.file_size for member in xml)
    if len(members) > _MOST_PARTS or size > _MOST_BYTES or xml_size > _MOST_XML_BYTES:
        raise _refused(
            file,
            f"the file unpacks to {len(members)} parts with {size // 1_000_000} MB, "
            f"{xml_size // 1_000_000} MB of them text, which is no letter",
            "copy the text into a new document, and import that",
        )
    if not any(re.fullmatch(r"word/document\d*\.xml", name) for name in names):
        raise _refused(file, f"the file is {_kind(archive, names)}, not a Word document", _AGAIN)
    parts = tuple((member.filename, _parsed(archive.read(member), file)) for member in xml)
    return WordFile(file=file, names=names, parts=parts)


def _kind(archive: zipfile.ZipFile, names: tuple[str, ...]) -> str:
    if "mimetype" in names and b"opendocument" in archive.read("mimetype")[:100]:
        return "an OpenDocument file (.odt) of LibreOffice"
    found = (kind for name, kind in _NOT_WORD.items() if any(n.startswith(name) for n in names))
    return next(found, "an archive")


def _parsed(data: bytes, file: str) -> ET.Element:
    """The XML of a part; entities, with which a small file becomes a large one, are refused."""
    if b"<!DOCTYPE" in data.replace(b"\x00", b"") or b"<!ENTITY" in data.replace(b"\x00", b""):
        raise _refused(file, "the file defines entities, which Word never does", _AGAIN)
    depth = deepest = 0
    elements: list[ET.Element] = []
    try:
        # Entities were refused, and the size is bounded.
        for event, element in ET.iterparse(BytesIO(data), ("start", "end")):  # noqa: S314
            elements = elements or [element]
            depth += 1 if event == "start" else -1
            deepest = max(deepest, depth)
            if deepest > _MOST_DEPTH:
                raise _refused(file, f"the document is nested {deepest} deep", _AGAIN)
    except (ET.ParseError, ValueError, LookupError) as error:
        raise _refused(file, f"the file is damaged ({error})", _AGAIN) from error
    return elements[0]


# ------------------------------------------------------------------------------ what it shows


def local(element: ET.Element) -> str:
    """An element's name without its namespace; strict and transitional documents differ there."""
    return element.tag.rpartition("}")[2]


# What is there and yet not shown: deleted with tracked changes, or a second form of the same.
_DELETED = ("del", "moveFrom")
_UNSEEN = (*_DELETED, "instrText", "delText", "sectPr", "rPr", "pPr")
_BREAKS = ("tab", "br", "cr", "ptab")


def paragraphs(root: ET.Element) -> list[str]:
    """The text of each paragraph that is not empty; text outside of any paragraph at the end."""
    out: list[str] = []
    loose: list[str] = []

    def walk(element: ET.Element, into: list[str]) -> None:
        name = local(element)
        if name in _UNSEEN:
            return
        if name == "AlternateContent":
            for child in _one_form(element):
                walk(child, into)
            return
        if name == "p":
            own: list[str] = []
            for child in element:
                walk(child, own)
            out.append("".join(own))
            return
        if name == "t":
            into.append(element.text or "")
        elif name in _BREAKS:
            into.append(" ")
        elif name in ("noBreakHyphen", "softHyphen"):
            into.append("-" if name == "noBreakHyphen" else "")
        for child in element:
            walk(child, into)

    walk(root, loose)
    return [text for text in (*out, "".join(loose)) if text.strip()]


def _one_form(element: ET.Element) -> list[ET.Element]:
    """What is there in several forms, in one: the plain one, if it has text at all."""
    plain = [child for child in element if local(child) == "Fallback"]
    if any(local(inner) == "t" for child in plain for inner in child.iter()):
        return plain
    return [child for child in element if local(child) == "Choice"][:1]


def deleted(root: ET.Element) -> list[str]:
    """Text that was deleted, or moved away, and that nobody accepted yet."""
    return [
        text
        for element in root.iter()
        if local(element) in _DELETED
        for text in ["".join(t.text or "" for t in element.iter() if local(t) in ("delText", "t"))]
        if text.strip()
    ]


def has(root: ET.Element, *names: str) -> bool:
    return any(local(element) in names for element in root.iter())


def outline_levels(word: WordFile) -> dict[str, int]:
    """The styles of paragraphs that are headings, by id, with their levels from 1.

    A style has the level of the one that it is based on unless it has its own (17.3.1.20); there
    ten levels count from 0, and the last is body text.
    """
    own: dict[str, int] = {}
    based: dict[str, str] = {}
    for root in word.roots(r"word/styles\d*\.xml"):
        for style in root.iter():
            name = _value(style, "styleId") if local(style) == "style" else ""
            for part in style.iter() if name else ():
                if local(part) == "basedOn":
                    based[name] = _value(part, "val")
                elif local(part) == "outlineLvl" and _value(part, "val").isdigit():
                    own[name] = int(_value(part, "val")) + 1
    levels = {name: _inherited(name, own, based) for name in {*own, *based}}
    return {name: level for name, level in levels.items() if 1 <= level <= 9}


def _inherited(name: str, own: dict[str, int], based: dict[str, str]) -> int:
    seen: set[str] = set()
    while name not in own and name in based and name not in seen:
        seen.add(name)
        name = based[name]
    return own.get(name, 0)


def _value(element: ET.Element, name: str) -> str:
    """An attribute, whatever its namespace."""
    found = (value for key, value in element.attrib.items() if key.rpartition("}")[2] == name)
    return next(found, "")
