"""The bytes of a file into lines: what kind of file it is, told by what it holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath

from actionpack.diagnostics import Finding, Place, Rejected, finding
from actionpack.importing.encodings import decode
from actionpack.importing.front import NO_FRONT, Front, take_front
from actionpack.importing.lines import (
    MOST_CHARACTERS,
    SHORTEN,
    TOO_LONG,
    Line,
    Notes,
    mended_source,
    read_lines,
    without_breaks,
)
from actionpack.importing.mail import without_mail
from actionpack.importing.markdown import read_markdown, without_dialect
from actionpack.store import MOST_TEXT_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A text as lines, whatever file it was in, and the fields that stood at its top."""

    lines: tuple[Line, ...]
    front: Front = NO_FRONT


def read_bytes(data: bytes, file: str, tag: str | None, notes: Notes) -> Source:
    """Read a .docx, a Markdown or a plain text file; raises Rejected for any other."""
    if data.startswith(b"PK\x03\x04"):
        # Word documents are rare among texts, and the library that reads them is not small.
        from actionpack.importing.docx import read_docx

        return Source(lines=read_docx(data, file, notes))
    stranger = _stranger(data)
    if stranger:
        raise Rejected(_refused(stranger, file))
    data = _EMBEDDED.sub(b"embedded-picture", data)
    if len(data) > MOST_TEXT_BYTES:
        raise Rejected(finding("bad-file", TOO_LONG, Place(file=file), cure=SHORTEN))
    text, found = decode(data, file, tag)
    notes.found += found
    return read_string(text, file, notes)


def read_string(text: str, file: str, notes: Notes) -> Source:
    """Read Markdown or plain text; raises Rejected for signs that no text may hold."""
    if len(text) > MOST_CHARACTERS:
        raise Rejected(finding("bad-file", TOO_LONG, Place(file=file), cure=SHORTEN))
    clean = mended_source(text, notes)
    front, rest = take_front(clean, file, notes)
    if front is not NO_FRONT or PurePath(file).suffix.lower() in (".md", ".markdown", ".mdown"):
        plain = without_dialect(without_breaks(rest, notes), notes)
        return Source(lines=read_markdown(plain, notes), front=front)
    return Source(lines=read_lines(without_mail(clean, notes), notes))


# Google Docs writes the pictures of a document into its Markdown, in letters.
_EMBEDDED = re.compile(rb"data:image/[\w.+-]+;base64,[A-Za-z0-9+/=]*")
_OPEN_AND_SAVE = "open it in a word processor, save it as .docx, and import that"


def _stranger(data: bytes) -> tuple[str, str] | None:
    """What a file is instead of a text, and what to do; None for what may be one."""
    head = data[:1024].lstrip()
    if head.startswith(b"%PDF-"):
        return "a PDF", "open it, copy its text into a .txt file, and import that"
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return (
                "a document with a password",
                "open it in Word, take the password away (File, Info), and save it",
            )
        return "a document of an old Word (.doc) or of another office program", _OPEN_AND_SAVE
    if head.startswith(b"{\\rtf"):
        return "an RTF document", _OPEN_AND_SAVE
    lower = head[:200].lower()
    if lower.startswith((b"<!doctype html", b"<html")) or (
        lower.startswith(b"<?xml") and b"<html" in lower
    ):
        return "a web page", "copy its text into a .txt file, and import that"
    pictures = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")
    if data.startswith(pictures):
        return "a picture", "write its text into a .txt file, and import that"
    packed = (b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"PK\x05\x06", b"PK\x07\x08")
    if data.startswith(packed):
        return "an archive", "unpack it, and import the text that is in it"
    return None


def _refused(stranger: tuple[str, str], file: str) -> Finding:
    what, cure = stranger
    message = f"the file is {what}, which cannot be imported"
    return finding("bad-file", message, Place(file=file), cure=cure)
