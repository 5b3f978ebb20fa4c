"""Which glyphs a file shows and its fonts do not have, though its text layer has the right words.

A missing glyph prints as a box or not at all, and every text extraction still finds it. So the
content streams are read (ISO 32000-1, 7.8 and 9.4), and the glyphs they show are looked for in the
TrueType programs themselves (OpenType 1.9: head, maxp, loca). Only fonts with two-byte codes can
be judged, which is what layout engines embed; others pass.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from actionpack.diagnostics import Finding, Place, finding
from actionpack.pdf import Content, FontInside, Inside
from actionpack.preflight.words import quoted

# Deeper than any drawing nests; it also ends a circle.
_DEEPEST_FORM = 8

# Operands and operators. An array without strings in brackets, which is how layout engines show
# text, is taken whole; strings may hold brackets in pairs, three deep.
_TOKEN = re.compile(
    rb"""\[[^\[\]()%]*\]
    | \( (?: [^()\\] | \\. | \( (?: [^()\\] | \\. | \( (?:[^()\\]|\\.)* \) )* \) )* \)
    | <[0-9A-Fa-f\s]*>
    | /[^\s/<>\[\](){}%]*
    | %[^\r\n]*
    | \[ | \]
    | [^\s/<>\[\](){}%]+
    """,
    re.VERBOSE | re.DOTALL,
)
_INLINE_IMAGE = re.compile(rb"\bBI\b.*?\bID\s.*?\sEI\b", re.DOTALL)
_HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def missing_glyphs(inside: Inside, name: str) -> tuple[Finding, ...]:
    """Find the characters of a file named `name` that its fonts cannot print (`missing-glyph`)."""
    fonts = {number: _Font(font) for number, font in inside.fonts.items()}
    found: dict[tuple[str, str], Finding] = {}
    # What thousands of copies share is read once.
    forms = {number: _codes(form) for number, form in inside.forms.items()}
    for page, content in enumerate(inside.pages, inside.first):
        for number, codes in _shown(content, inside.forms, forms).items():
            for text in sorted(
                {t for code in codes if (t := fonts[number].lacks(code)) is not None}
            ):
                base = inside.fonts[number].name.partition("+")[2] or inside.fonts[number].name
                found.setdefault(
                    (base, text),
                    finding(
                        "missing-glyph",
                        f"font '{base}' has no glyph for {_character(text)}, an empty box or "
                        "nothing is printed",
                        Place(file=name, page=page),
                    ),
                )
    return tuple(found.values())


def _character(text: str) -> str:
    codes = " ".join(f"U+{ord(c):04X}" for c in text[:4])
    return f"{quoted(text)} ({codes})" if text else "a character that it does not name"


# ---------------------------------------------------------------------------- what is shown


Codes = Mapping[int, Collection[int]]


def _shown(content: Content, forms: Mapping[int, Content], own: Mapping[int, Codes]) -> Codes:
    """By the number of the font, the two-byte codes that a page shows; `own` are those of forms."""
    shown: dict[int, set[int]] = {}
    done: set[int] = set()

    def collect(part: Content, codes: Codes, depth: int) -> None:
        for font, of_font in codes.items():
            shown.setdefault(font, set()).update(of_font)
        for form in part.forms.values():
            if form not in done and depth < _DEEPEST_FORM:
                done.add(form)
                collect(forms[form], own[form], depth + 1)

    collect(content, _codes(content), 0)
    return shown


def _codes(content: Content) -> Codes:
    """By the number of the font, the two-byte codes that a content shows itself."""
    shown: dict[int, set[int]] = {}
    for font, text in _strings(content):
        codes = struct.unpack(f">{len(text) // 2}H", text[: len(text) // 2 * 2])
        shown.setdefault(font, set()).update(codes)
    return shown


def _strings(content: Content) -> Iterator[tuple[int, bytes]]:
    """The strings that text operators show, each with the number of its font."""
    operators = content.operators
    if b"BI" in operators:
        operators = _INLINE_IMAGE.sub(b" ", operators)
    font: int | None = None
    kept: list[int | None] = []
    operands: list[bytes] = []
    for match in _TOKEN.finditer(operators):
        token = match[0]
        if token[0] in b"/(<[]+-.0123456789%":
            operands.append(token)
            continue
        if token == b"Tf" and len(operands) >= 2:
            font = content.fonts.get(operands[-2][1:].decode("latin-1"))
        elif token in (b"Tj", b"TJ", b"'", b'"') and font is not None:
            yield font, b"".join(map(_decoded, operands))
        elif token == b"q":
            kept.append(font)
        elif token == b"Q" and kept:
            font = kept.pop()
        operands.clear()


def _decoded(operand: bytes) -> bytes:
    """The bytes of a string, or of the strings of an array; numbers have none."""
    if operand[:1] == b"(":
        return _ESCAPE.sub(_unescaped, operand[1:-1])
    strings = _HEX.findall(operand)
    digits = b"".join(strings)
    if any(len(string) % 4 for string in strings) or not digits.isalnum():
        # Space may stand anywhere; a last digit that is missing is 0 (ISO 32000-1, 7.3.4.3).
        strings = [b"".join(string.split()) for string in strings]
        digits = b"".join(string + b"0" * (len(string) % 2) for string in strings)
    return bytes.fromhex(digits.decode())


def _unescaped(match: re.Match[bytes]) -> bytes:
    escaped = match[1]
    if escaped[:1].isdigit() and escaped[:1] < b"8":
        return bytes((int(escaped, 8) & 255,))
    return b"" if escaped in (b"\n", b"\r", b"\r\n") else _ESCAPES.get(escaped, escaped)


# ---------------------------------------------------------------------------- what fonts have


@dataclass(frozen=True)
class _Font:
    """A font's program, opened where it can be."""

    font: FontInside

    def lacks(self, code: int) -> str | None:
        """What a code stands for when the font cannot print it; None when it can."""
        gid = self._glyph(code)
        if gid is None:
            return None
        text = self._texts.get(code, "")
        if gid == 0:
            return text
        if self._count is None:
            return None
        if gid >= self._count:
            return None if text and not _is_visible(text) else text
        return text if _is_visible(text) and self._is_empty(gid) else None

    def _glyph(self, code: int) -> int | None:
        """The glyph of a two-byte code; None where the font has other codes."""
        cid = None if self._cids is None else self._cids.get(code, 0) if self._cids else code
        ids = self.font.glyph_ids
        if cid is None or not ids:
            return cid
        return _number(ids, 2 * cid, 2)

    @cached_property
    def _cids(self) -> dict[int, int] | None:
        """The CID of each code; {}: they are the same; None: codes are not two bytes long."""
        encoding = self.font.encoding
        if not self.font.composite:
            return None
        if encoding in _IDENTITY:
            return {}
        spaces = [body.split() for body in _CODE_SPACE.findall(encoding)]
        if spaces != [[b"<0000>", b"<ffff>"]] or b"usecmap" in encoding:
            return None
        return _to_cid(encoding)

    @cached_property
    def _tables(self) -> dict[bytes, bytes]:
        program = self.font.program
        tables: dict[bytes, bytes] = {}
        for at in range(12, 12 + 16 * _number(program, 4, 2), 16):
            name, start, size = (
                program[at : at + 4],
                *struct.unpack(">4x4xII", program[at : at + 16].ljust(16, b"\0")),
            )
            if name in _TABLES and name not in tables:
                tables[name] = program[start : start + size]
        return tables

    @cached_property
    def _count(self) -> int | None:
        """How many glyphs the program has; None when it is no TrueType program."""
        maxp = self._tables.get(b"maxp", b"")
        return _number(maxp, 4, 2) if len(maxp) >= 6 else None

    def _is_empty(self, gid: int) -> bool:
        """Whether a glyph has no outline; where outlines are kept elsewhere, it has one."""
        loca, head = self._tables.get(b"loca", b""), self._tables.get(b"head", b"")
        if not loca or not self._tables.get(b"glyf"):
            return False
        size = 4 if _number(head, 50, 2) else 2
        return _number(loca, gid * size, size) == _number(loca, (gid + 1) * size, size)

    @cached_property
    def _texts(self) -> dict[int, str]:
        return _to_unicode(self.font.to_unicode)


def _number(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "big")


def _is_visible(text: str) -> bool:
    """Whether a text should leave ink: it has letters, digits, marks of writing or symbols."""
    return any(unicodedata.category(c)[0] in "LNPS" for c in text)


_TABLES = (b"glyf", b"head", b"loca", b"maxp")
_IDENTITY = (b"/Identity-H", b"/Identity-V")
_CODE_SPACE = re.compile(rb"begincodespacerange(.*?)endcodespacerange", re.DOTALL)
_CIDS = re.compile(rb"begincid(?:char|range)(.*?)endcid(?:char|range)", re.DOTALL)
_CID = re.compile(rb"<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f]+)>\s*)?(\d{1,9})")
_BLOCK = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_ROW = re.compile(rb"<([0-9A-Fa-f\s]*)>\s*<([0-9A-Fa-f\s]*)>")
_RANGE = re.compile(
    rb"<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]+)>\s*(?:<([0-9A-Fa-f\s]*)>|\[([^\]]*)\])"
)


def _to_cid(cmap: bytes) -> dict[int, int]:
    """The CID that each code stands for (ISO 32000-1, 9.7.5.4)."""
    cids: dict[int, int] = {}
    for body in _CIDS.findall(cmap):
        for first, last, cid in _CID.findall(body):
            codes = range(_code(first), min(_code(last or first), 0xFFFF) + 1)
            cids |= {code: int(cid) + at for at, code in enumerate(codes)}
    return cids


def _to_unicode(cmap: bytes) -> dict[int, str]:
    """What each code stands for (ISO 32000-1, 9.10.3)."""
    texts: dict[int, str] = {}
    for kind, body in _BLOCK.findall(cmap):
        if kind == b"bfchar":
            texts |= {_code(code): _utf16(text) for code, text in _ROW.findall(body)}
            continue
        for first, last, start, several in _RANGE.findall(body):
            codes = range(_code(first), min(_code(last), 0xFFFF) + 1)
            if several:
                texts |= dict(zip(codes, map(_utf16, _HEX.findall(several)), strict=False))
            elif start:
                base = _utf16(start)
                texts |= {
                    code: base[:-1] + chr(min(ord(base[-1:] or "\0") + at, 0x10FFFF))
                    for at, code in enumerate(codes)
                }
    return texts


def _code(digits: bytes) -> int:
    return int(b"".join(digits.split()) or b"0", 16)


def _utf16(digits: bytes) -> str:
    clean = b"".join(digits.split())
    return bytes.fromhex((clean + b"0" * (len(clean) % 2)).decode()).decode("utf-16-be", "replace")
