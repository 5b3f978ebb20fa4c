"""The bytes of a text file into text."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import replace

from actionpack.diagnostics import Finding, Place, Rejected, finding
from actionpack.importing.words import headings, own_tag, phrase_key, said_in
from actionpack.store import decode_utf8

_SAVE_AS = "save it as UTF-8 (in Word: Save as, plain text, other encoding, Unicode UTF-8)"

# The encodings of Windows before Unicode, by the languages that were written in them.
_WINDOWS = {
    "cp1252": ("en", "fr", "it", "es", "de", "pt", "nl", "da", "nb", "sv"),
    "cp1253": ("el",),
    "cp1251": ("ru", "uk"),
    "cp1250": ("pl", "hu"),
    "cp1254": ("tr",),
    "cp1256": ("ar",),
}
# Those of the Mac before Unicode, whose lines end with CR alone.
_MAC = {
    "mac_roman": ("en", "fr", "it", "es", "de", "pt", "nl", "da", "nb", "sv"),
    "mac_greek": ("el",),
}
_NAMES = {
    "cp1252": "Windows-1252 (western Europe)",
    "cp1253": "Windows-1253 (Greek)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "cp1250": "Windows-1250 (central Europe)",
    "cp1254": "Windows-1254 (Turkish)",
    "cp1256": "Windows-1256 (Arabic)",
    "mac_roman": "Mac Roman (western Europe)",
    "mac_greek": "Mac Greek",
}
# In text of a western language fewer of the letters have accents than this.
_MOST_ACCENTED = 0.4


def decode(data: bytes, file: str, tag: str | None = None) -> tuple[str, tuple[Finding, ...]]:
    """Turn the bytes of a text file into text: UTF-8, UTF-16, or an older encoding of Windows.

    The older ones look alike; which one it is follows from the language (`tag`, or the headings
    that it makes readable), and is always said. Raises Rejected when no encoding makes text of it.
    """
    place = Place(file=file)
    utf_16 = _utf_16(data)
    if utf_16 is not None:
        said = finding("repaired", "the text was UTF-16; what is written is UTF-8", place)
        return utf_16, (said,)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Rejected(
            finding(
                "bad-file", "the file begins like UTF-16 text but is none", place, cure=_SAVE_AS
            )
        )
    try:
        return decode_utf8(data, place), ()
    except Rejected as refused:
        found = _windows(data, tag)
        if found is None:
            raise Rejected(*(replace(one, cure=_SAVE_AS) for one in refused.findings)) from refused
    text, encoding = found
    told = finding(
        "doubtful",
        f"the file is not UTF-8; it was read as {_NAMES[encoding]}",
        place,
        cure=f"look at every letter with an accent; if they are wrong, {_SAVE_AS}, "
        "or name the language with --lang",
    )
    return text, (told,)


def _utf_16(data: bytes) -> str | None:
    """UTF-16 text, by its mark, or by the zeros that its spaces and line ends have on one side."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(data, "utf-16")
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if len(data) % 2 or max(even, odd) * 50 < len(data) or min(even, odd) * 10 > max(even, odd):
        return None
    # Text of our own letters is half zeros; other letters read as no text without them.
    rest = _decoded(data.replace(b"\x00", b""), "utf-8")
    if max(even, odd) * 4 < len(data) and rest is not None and _reads(rest):
        return None
    text = _decoded(data, "utf-16-le" if odd > even else "utf-16-be")
    return text if text is not None and _reads(text) else None


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _reads(text: str) -> bool:
    """Whether nothing in a text is a control character, unassigned or private."""
    return all(sign in "\t\n\r\v\f" or unicodedata.category(sign)[0] != "C" for sign in text)


def _windows(data: bytes, tag: str | None) -> tuple[str, str] | None:
    """The text and its encoding; None when none fits, or several do."""
    if b"\r" in data and b"\n" not in data:
        return _best({**_MAC, **_WINDOWS}, data, tag, "mac_roman")
    return _best(_WINDOWS, data, tag, "cp1252")


def _best(
    tables: dict[str, tuple[str, ...]], data: bytes, tag: str | None, usual: str
) -> tuple[str, str] | None:
    texts = {name: _decoded(data, name) for name in tables}
    read = {name: text for name, text in texts.items() if text is not None and _reads(text)}
    own = own_tag(tag) if tag else None
    if own:
        wanted = next((name for name, tags in tables.items() if own in tags), None)
        return (read[wanted], wanted) if wanted in read else None
    known = Counter({name: _known_lines(text, tables[name]) for name, text in read.items()})
    best = known.most_common(2)
    if best and best[0][1] and (len(best) == 1 or best[0][1] > best[1][1]):
        return read[best[0][0]], best[0][0]
    western = read.get(usual)
    if western is None or _accented(western) > _MOST_ACCENTED:
        return None
    return western, usual


def _known_lines(text: str, tags: tuple[str, ...]) -> int:
    """How many lines are headings, salutations or closings of these languages.

    Those that no accent tells apart count for no encoding.
    """
    closings = {phrase_key(word) for tag in tags for word in said_in(tag, "closing")}
    keys = (phrase_key(line) for line in text.splitlines() if not line.isascii())
    return sum(
        1
        for key in keys
        if key in closings or (key in headings() and headings()[key].tags & set(tags))
    )


def _accented(text: str) -> float:
    letters = re.findall(r"[^\W\d_]", text)
    return sum(not letter.isascii() for letter in letters) / max(1, len(letters))
