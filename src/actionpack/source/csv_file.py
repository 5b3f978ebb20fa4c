"""CSV as people have it into raw rows (RFC 4180, and what Excel makes of it).

Cells stand between `;`, `,` or tabs, in UTF-8, UTF-16 with its mark, or Windows-1252, which is
said with some of its words, and refused where those are none. Rows are counted as a spreadsheet
shows them: a quoted cell may hold line ends, empty lines count, Excel's `sep=;` line does not.
Where a quote is not closed, only its own line is lost: the lines below are read as if it were not
there.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO, TextIOWrapper
from itertools import count
from typing import NamedTuple

from actionpack.diagnostics import Finding, Place, Rejected, finding
from actionpack.source.sheet import MOST_CELL, RawRow, letter

_DELIMITERS = ";\t,"
# A cell of more lines than this is a quote left open; a sender block has four.
_MOST_LINES = 40
_CHUNK = 1 << 20
_SEP = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_SAVE_AS = "save it as 'CSV UTF-8' in the spreadsheet program"
_WESTERN = "Windows-1252 (western Europe)"
_MOST_QUOTED = 3
_MOST_SHOWN = 40


def csv_rows(
    data: bytes, file: str
) -> tuple[Callable[[], Iterator[RawRow]], str, tuple[Finding, ...]]:
    """A function that reads the rows, the delimiter, and what is to be said of the file.

    Raises Rejected when the bytes are no text.
    """
    encoding = _encoding(data, file)

    def lines() -> TextIOWrapper:
        return TextIOWrapper(BytesIO(data), encoding=encoding, newline="")

    first = next((line.strip("\r\n") for line in lines() if line.strip()), "")
    told = _SEP.fullmatch(first)
    delimiter = told[1] if told and told[1] in _DELIMITERS else _delimiter(first, data)

    def rows() -> Iterator[RawRow]:
        stream = lines()
        if told:
            next(line for line in stream if line.strip())
        yield from _rows(stream, delimiter, file)

    return rows, delimiter, (_western(rows(), file),) if encoding == "cp1252" else ()


def _delimiter(header: str, data: bytes) -> str:
    """The delimiter that the header has most of; for a single column one that nothing holds."""
    bare = re.sub(r'"[^"]*"', "", header)
    count = Counter({sign: bare.count(sign) for sign in _DELIMITERS})
    best, most = count.most_common(1)[0]
    if most:
        return best
    return next((sign for sign in _DELIMITERS if sign.encode() not in data), best)


# ------------------------------------------------------------------------------------ encodings


def _encoding(data: bytes, file: str) -> str:
    place = Place(file=file)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        if (at := _undecodable(data, "utf-16")) is None:
            return "utf-16"
        raise Rejected(
            finding(
                "bad-file",
                f"the file begins like UTF-16 text, but byte {at + 1} is none",
                place,
                cure=_SAVE_AS,
            )
        )
    if data.count(0) * 10 > len(data):
        raise Rejected(
            finding("bad-file", "the file is no text that is known", place, cure=_SAVE_AS)
        )
    at = _undecodable(data, "utf-8")
    if at is None:
        return "utf-8-sig"
    if _undecodable(data, "cp1252") is not None or not _is_western(data) or _is_mostly_utf_8(data):
        raise Rejected(
            finding(
                "bad-file",
                f"the file is not UTF-8: byte {at + 1}, in line {_line(data, at)}, "
                f"is 0x{data[at]:02x}",
                place,
                cure=_SAVE_AS,
            )
        )
    if wrong := _not_western(data):
        raise Rejected(
            finding(
                "bad-file",
                f"the file is not UTF-8: read as {_WESTERN}, line {_line(data, wrong.start())} "
                f"would say '{_word_round(data, wrong)}'",
                place,
                cure=_SAVE_AS,
            )
        )
    return "cp1252"


def _line(data: bytes, at: int) -> int:
    """The line in which a byte stands, from 1."""
    return len(re.findall(rb"\r\n|\r|\n", data[:at])) + 1


def _undecodable(data: bytes, encoding: str) -> int | None:
    """Where the first byte stands that is not of an encoding, from 0; None when all are.

    Looked at piece by piece: as one text a file takes up to four times its size.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    for start in range(0, len(data), _CHUNK):
        held = len(decoder.getstate()[0])
        try:
            decoder.decode(data[start : start + _CHUNK], final=start + _CHUNK >= len(data))
        except UnicodeDecodeError as error:
            return start - held + error.start
    return None


def _is_western(data: bytes) -> bool:
    """Whether bytes read as Windows-1252 are words of western languages.

    In those an accent is the exception; Greek or Cyrillic read so is hardly anything else.
    """
    words = re.findall(rb"[A-Za-z\x80-\xff]{3,}", data)
    accented = [word for word in words if not word.isascii()]
    strange: int = sum(2 * sum(byte > 0x7F for byte in word) > len(word) for word in accented)
    return 2 * strange <= len(accented)


def _is_mostly_utf_8(data: bytes) -> bool:
    """Whether most letters beyond ASCII are of UTF-8, so that a broken one is damage."""
    right = len(re.findall(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}", data))
    return right > len(re.findall(rb"[\x80-\xff]", data)) / 4


# Bytes of Windows-1252: its letters, and signs that stand inside no word. Other encodings have
# letters there: Windows-1250 and ISO 8859-2 (central Europe), 1254 (Turkish), those of DOS and Mac.
_LETTER = rb"A-Za-z\x8a\x8c\x8e\x9a\x9c\x9e\x9f\xc0-\xd6\xd8-\xf6\xf8-\xff"
_SMALL = rb"a-z\x9a\x9c\x9e\xdf-\xf6\xf8-\xff"
_SIGN = rb"\x82-\x84\x86-\x89\x98\xa1-\xa6\xac\xaf\xb1\xb3\xb5\xb6\xb8\xb9\xbc-\xbf"
# Each of the faults below begins with one of these; to look for them first saves much time.
_DOUBTFUL = re.compile(rb"[\x8a\x8c\x8e\x9c\x9f\xaa\xb2\xba\xde\xfe%b]" % _SIGN)
_NOT_WESTERN = re.compile(
    b"|".join(
        one.replace(b"LETTER", _LETTER).replace(b"SMALL", _SMALL).replace(b"SIGN", _SIGN)
        for one in (
            rb"(?<=[LETTER])[SIGN]+(?=[LETTER])",  # Wroc³aw
            # Also of names and units, as in H²O, MªJosé and the plural nºs.
            rb"(?<=[LETTER])[\xb2\xaa\xba](?=[SMALL])(?!s(?![LETTER]))",  # Iaºi
            rb"(?<![LETTER0-9])[\xa3\xa5](?=[LETTER]{2})",  # £ódz, but £20 and 20£
            rb"(?<![LETTER0-9.])[\xa6\xaa\xaf\xb3\xb9\xba\xbc-\xbe](?=[LETTER])",  # ¯ywiec
            rb"(?<=[LETTER])[\xa1\xbf]",  # Papie¿
            rb"(?<=[LETTER]{3})[\xb3\xb9]",  # Micha³, but cm³
            rb"(?<=[SMALL]{2})[\xbc-\xbe]",  # Pop¾
            # What begins a question or a cry, of which no end is in sight: ¿ary, but ¿Qué?
            rb"\xbf(?=[LETTER])(?![^;\t\xbf]{0,300}\?)",
            rb"\xa1(?=[LETTER])(?![^;\t\xa1]{0,300}!)",
            rb"(?<=[SMALL])[\x8a\x8c\x8e\x9f]",  # £ódŸ, JosŽ, but HAŸ
            rb"\x9f(?=[SMALL])",  # Ÿród
            rb"[\x8c\x9c](?=[Ww\xe6])",  # Œwiêty, Zamoœæ, but Œuvre
            # No word of Icelandic ends with a thorn, or has one before these consonants.
            rb"(?<=[LETTER])\xfe(?![LETTER.])",  # Muþ
            rb"[\xde\xfe](?=[BCDFGHKLMNPQSTZbcdfghklmnpqstz][AEIOUYaeiouy\xdd\xfd])",  # Þiþli
        )
    )
)
_NEXT_TO = re.compile(rb"[%b%b\xaa\xb2\xba]" % (_LETTER, _SIGN))


def _not_western(data: bytes) -> re.Match[bytes] | None:
    """The first place where bytes read as Windows-1252 are no word of a western language."""
    places = (_NOT_WESTERN.match(data, one.start()) for one in _DOUBTFUL.finditer(data))
    return next(filter(None, places), None)


def _word_round(data: bytes, found: re.Match[bytes]) -> str:
    """The word in which something stands, as Windows-1252 has it."""
    start, end = found.span()
    while found.start() - start < _MOST_SHOWN and _NEXT_TO.fullmatch(data[start - 1 : start]):
        start -= 1
    while end - found.end() < _MOST_SHOWN and _NEXT_TO.fullmatch(data[end : end + 1]):
        end += 1
    return data[start:end].decode("cp1252")


def _western(rows: Iterator[RawRow], file: str) -> Finding:
    """That a file was read as Windows-1252, with words by which a person sees whether it is.

    They are those that say most: other encodings have other letters there.
    """
    first: dict[str, tuple[str, int]] = {}
    for row in rows:
        text = " ".join(row.cells)
        for sign in () if text.isascii() else set(text).difference(first):
            if not sign.isascii() and sign.isprintable():
                word = next(one for one in text.split() if sign in one)
                bare = word.strip(".,;:!?()'\"“”„«»¿¡")
                first[sign] = (bare if sign in bare else word, row.number)
    telling = {one for sign, one in first.items() if sign.isalpha() or _differs(sign)}
    words = sorted(
        (one for one in telling or set(first.values()) if one[0].isprintable()),
        key=lambda one: (-len(set(filter(_differs, one[0]))), one[1], one[0]),
    )
    quoted = ", ".join(f"'{_shown(word)}' in row {number}" for word, number in words[:_MOST_QUOTED])
    return finding(
        "doubtful",
        f"the file is not UTF-8; it was read as {_WESTERN}{': ' if quoted else ''}{quoted}",
        Place(file=file),
        cure="look at these words, and at every other letter with an accent; "
        f"if any is wrong, {_SAVE_AS}",
    )


def _differs(sign: str) -> bool:
    """Whether a letter is another one in central Europe or in Turkey."""
    byte = sign.encode("cp1252")
    return any(byte.decode(other, "replace") != sign for other in ("cp1250", "cp1254"))


def _shown(word: str) -> str:
    return word if len(word) <= _MOST_SHOWN else f"{word[: _MOST_SHOWN - 1]}…"


# ----------------------------------------------------------------------------------------- rows


def _kept(stream: Iterator[str], back: list[str], taken: list[str]) -> Iterator[str]:
    """Lines for the CSV reader, those that were given `back` first, the last of them before all.

    Each is put to those of the row that is being read, and they seem to end when these are more
    than any row has.
    """
    while len(taken) < _MOST_LINES:
        line = back.pop() if back else next(stream, "")
        if not line:
            return
        taken.append(line)
        yield line


def _rows(stream: Iterator[str], delimiter: str, file: str) -> Iterator[RawRow]:
    back: list[str] = []
    taken: list[str] = []

    def read() -> Iterator[list[str]]:
        return csv.reader(_kept(stream, back, taken), delimiter=delimiter, strict=True)

    reader = read()
    for number in count(1):
        taken.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield RawRow(number, [], (), (_told(_fault(taken, delimiter), number, file),))
            # All lines of the row but the first are read once more.
            back += reversed(taken[1:])
            reader = read()
        else:
            yield RawRow(number, cells)


class _Fault(NamedTuple):
    """What the reader stumbled over, and in which column, from 0."""

    kind: str
    column: int


def _fault(lines: list[str], delimiter: str) -> _Fault:
    """Find what is wrong with a row that cannot be read, letter by letter."""
    column, start, quoted, closed = 0, 0, False, False
    text = "".join(lines)
    first, longest = len(lines[0]), csv.field_size_limit()
    for at, sign in enumerate(text):
        if at - start > longest:
            return _Fault("open" if at >= first else "long", column)
        if closed and sign != '"':
            if sign not in (delimiter, "\r", "\n"):
                # A quote that opened on another line was closed by one that was to open a cell.
                return _Fault("open" if at >= first else "after", column)
            quoted = closed = False
        elif quoted and sign == '"':
            closed = not closed
            continue
        elif not quoted and sign == '"' and at == start:
            quoted = True
            continue
        if quoted:
            continue
        if sign == delimiter:
            column, start = column + 1, at + 1
        if sign in "\r\n":
            break
    return _Fault("open" if quoted else "long", column)


def _told(fault: _Fault, number: int, file: str) -> Finding:
    cell = f"cell {letter(fault.column)}{number}"
    said = f"{cell} is longer than {MOST_CELL} characters"
    cure = "shorten it"
    if fault.kind == "open":
        said = (
            f"the quote that {cell} begins with is not closed; the lines below were read as if it "
            "were not there"
        )
        cure = "close it at the end of the cell, or take it away"
    if fault.kind == "after":
        said = f"{cell} goes on after its closing quote"
        cure = "write a quote inside a quoted cell twice, or take all of them away"
    return finding("bad-row", said, Place(file=file, row=number), cure=cure)
