"""XLSX into raw rows (ECMA-376, SpreadsheetML; gate: python-calamine).

Calamine reads the cells, and says nothing of formulas, errors and what is hidden: of both the
former it gives what the program that saved the file last computed, or nothing at all. So the
sheet's XML is looked over first, tag by tag. That also tells how far the table reaches, since
calamine takes room for every cell up to the last.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from actionpack.diagnostics import Finding, Place, Rejected, finding
from actionpack.source.sheet import Odd, RawRow, letter

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

# A million rows of ten columns have 700 MB of XML.
_MOST_XML_BYTES = 1_000_000_000
_MOST_PARTS = 5_000
# What calamine keeps for a cell is 32 bytes, without its text: 640 MB.
_MOST_CELLS = 20_000_000
_CHUNK = 1 << 20
_AGAIN = "open it in Excel or LibreOffice, save it as .xlsx or as CSV UTF-8, and use that"
_NOT_XLSX = {
    "word/": "a document of Word",
    "ppt/": "a presentation of PowerPoint",
    "Index/": "a document of Apple's programs",
    "content.xml": "a document of LibreOffice",
    "xl/workbook.bin": "a binary table of Excel",
}
# Cells with their place, what makes them no plain text, and rows and columns, which may be hidden.
_TAG = re.compile(
    rb'<(?:\w+:)?(?:c(?: r="([A-Z]{1,3})([0-9]{1,7})")?((?:\s[^>]*)?)>|(f)\b|(row|col)\b([^>]*)>)'
)
_CELL_PLACE = re.compile(rb"""\sr=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_ROW_PLACE = re.compile(rb"""\sr=["']([0-9]{1,7})["']""")
_IS_ERROR = re.compile(rb"""\st=["']e["']""")
_IS_HIDDEN = re.compile(rb"""\shidden=["'](?:1|true)["']""")
_PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,3})[0-9]{1,7}"[^/>]*>')
_PLAIN_ROW = re.compile(rb'<row r="([0-9]{1,7})"[^/>]*>')
_LAST_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
_CONTENT = re.compile(rb"<(?:\w+:)?(?:v|f|is|t)\b")

_Rows = Callable[[], Iterator[RawRow]]


def xlsx_rows(data: bytes, file: str) -> tuple[_Rows, tuple[Finding, ...]]:
    """A function that reads the rows of the first sheet, and what is to be said of the file.

    Raises Rejected when it is no XLSX, is damaged, or would exhaust the machine.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check_archive(archive, file)
            sheets = _sheets(archive)
            shown = [sheet for sheet in sheets if not sheet.hidden]
            if not shown:
                raise _refused(file, "the file shows no sheet", _AGAIN)
            looked = _look_over(archive, shown[0].part)
            others = [one for one in sheets if one != shown[0] and _holds(archive, one.part)]
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError, ET.ParseError) as error:
        raise _refused(file, f"the file is damaged ({error})", _AGAIN) from error
    except (OSError, RuntimeError, NotImplementedError) as error:
        raise _refused(file, f"the file cannot be unpacked ({error})", _AGAIN) from error
    if looked.last_row * looked.last_column > _MOST_CELLS:
        last = f"{letter(looked.last_column - 1)}{looked.last_row}"
        raise _refused(
            file,
            f"the table reaches to cell {last}",
            "delete what stands far to the right of the table, or far below it",
        )
    sheet = _open(data, shown[0].name, looked, file)
    rows = _reader(sheet, looked, file)
    return rows, (*_of_others(shown[0], others, file), *_of_hidden(looked, file))


def _refused(file: str, message: str, cure: str) -> Rejected:
    return Rejected(finding("bad-file", message, Place(file=file), cure=cure))


# ------------------------------------------------------------------------------------ the archive


@dataclass(frozen=True, slots=True, kw_only=True)
class _SheetPart:
    name: str
    part: str
    hidden: bool


def _check_archive(archive: zipfile.ZipFile, file: str) -> None:
    members = archive.infolist()
    names = archive.NameToInfo
    if "xl/workbook.xml" not in names:
        told = (
            what for start, what in _NOT_XLSX.items() if any(n.startswith(start) for n in names)
        )
        raise _refused(file, f"the file is {next(told, 'an archive')}, and no .xlsx", _AGAIN)
    size = sum(one.file_size for one in members if one.filename.endswith((".xml", ".rels")))
    if len(members) > _MOST_PARTS or size > _MOST_XML_BYTES:
        raise _refused(
            file, "the file is too large when unpacked", "split it into several, or save it as CSV"
        )
    # Read once to its end, a part has the size and the sum that the archive says: calamine, which
    # trusts it, can then take no more room than that.
    for one in members:
        if one.filename.endswith((".xml", ".rels")) and "/worksheets/" not in one.filename:
            for _ in _pieces(archive, one.filename):
                pass


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """A part of the archive in pieces that cut no tag in two."""
    rest = b""
    with archive.open(part) as stream:
        while piece := stream.read(_CHUNK):
            piece = rest + piece
            end = piece.rfind(b"<")
            if end > 0:
                yield piece[:end]
                rest = piece[end:]
            else:
                rest = piece
    yield rest


def _sheets(archive: zipfile.ZipFile) -> tuple[_SheetPart, ...]:
    """The sheets of the workbook that have cells, in its order."""
    targets = {
        one.get("Id"): (one.get("Target") or "", one.get("Type") or "")
        for one in _root(archive, "xl/_rels/workbook.xml.rels")
    }
    sheets = []
    for one in _root(archive, "xl/workbook.xml").iter():
        if _local(one.tag) != "sheet":
            continue
        link = next((value for key, value in one.items() if _local(key) == "id"), None)
        target, kind = targets.get(link, ("", ""))
        if not kind.endswith("/worksheet"):
            continue
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        hidden = one.get("state", "visible") != "visible"
        sheets.append(_SheetPart(name=one.get("name", ""), part=part, hidden=hidden))
    return tuple(sheets)


def _root(archive: zipfile.ZipFile, part: str) -> ET.Element:
    """A small part of the archive, parsed; raises ValueError when it is not small."""
    info = archive.getinfo(part)
    data = archive.read(info) if info.file_size <= _CHUNK else b""
    if not data or b"<!DOCTYPE" in data:
        raise ValueError(f"'{part}' is not what it should be")
    return ET.fromstring(data)  # noqa: S314 -- small, and without entities of its own


def _local(name: str) -> str:
    return name.rpartition("}")[2]


# -------------------------------------------------------------------------------- what is there


@dataclass(slots=True, kw_only=True)
class _Looked:
    """What the XML of a sheet tells: where its reader is, and the last that holds anything."""

    row: int = 0
    column: int = 0
    last_row: int = 0
    last_column: int = 0
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: int = 0
    formulas: dict[int, set[int]] = field(default_factory=dict)
    errors: dict[int, set[int]] = field(default_factory=dict)


def _look_over(archive: zipfile.ZipFile, part: str) -> _Looked:
    """Find out about every cell but what it holds; rows and columns are counted from 1."""
    looked = _Looked()
    for piece in _pieces(archive, part):
        if _is_plain(piece):
            _look_at_plain(piece, looked)
        else:
            _look_at_each(piece, looked)
    return looked


def _is_plain(piece: bytes) -> bool:
    """Whether a piece holds but cells that say where they are, and none out of the ordinary."""
    return (
        piece.count(b"<c") == piece.count(b'<c r="')
        and piece.count(b"<row") == piece.count(b'<row r="')
        and not any(
            sign in piece for sign in (b"<f", b't="e"', b"t='e'", b"hidden=", b":c", b":row")
        )
    )


def _look_at_plain(piece: bytes, looked: _Looked) -> None:
    """What `_look_at_each` does, for a piece of plain cells, in a tenth of the time."""
    for letters in set(_PLAIN_CELL.findall(piece)):
        looked.last_column = max(looked.last_column, _number(letters))
    for row in _PLAIN_ROW.findall(piece):
        looked.last_row = max(looked.last_row, int(row))
    # What is said of it may stand in the next piece.
    if last := _LAST_CELL.match(piece, max(piece.rfind(b"<c "), 0)):
        looked.row, looked.column = int(last[2]), _number(last[1])
        looked.last_row = max(looked.last_row, looked.row)


def _look_at_each(piece: bytes, looked: _Looked) -> None:
    for tag in _TAG.finditer(piece):
        letters, digits, attributes, is_formula, line, told = tag.groups()
        if line == b"row":
            at = _ROW_PLACE.search(told)
            looked.row, looked.column = (int(at[1]) if at else looked.row + 1), 0
            if _IS_HIDDEN.search(told):
                looked.hidden_rows.append(looked.row)
        elif line:
            looked.hidden_columns += _IS_HIDDEN.search(told) is not None
        elif is_formula:
            looked.formulas.setdefault(looked.row, set()).add(looked.column)
        else:
            if letters is None and (at := _CELL_PLACE.search(attributes)):
                letters, digits = at.groups()
            if letters is None:
                looked.column += 1
            else:
                looked.row, looked.column = int(digits), _number(letters)
            if not attributes.endswith(b"/"):
                looked.last_row = max(looked.last_row, looked.row)
                looked.last_column = max(looked.last_column, looked.column)
            if _IS_ERROR.search(attributes):
                looked.errors.setdefault(looked.row, set()).add(looked.column)


@cache
def _number(letters: bytes) -> int:
    """The number of a column, from 1: A is 1, AA is 27."""
    number = 0
    for one in letters:
        number = number * 26 + one - ord("A") + 1
    return number


def _holds(archive: zipfile.ZipFile, part: str) -> bool:
    return any(_CONTENT.search(piece) for piece in _pieces(archive, part))


def _of_others(used: _SheetPart, others: list[_SheetPart], file: str) -> Iterator[Finding]:
    if others:
        names = ", ".join(f"'{one.name}'" for one in others)
        yield finding(
            "doubtful",
            f"only the first sheet, '{used.name}', is read; there is something on {names} too",
            Place(file=file),
            cure="move what is to be printed to the first sheet, and delete the others",
        )


def _of_hidden(looked: _Looked, file: str) -> Iterator[Finding]:
    rows = [row for row in looked.hidden_rows if row <= looked.last_row]
    if rows:
        yield finding(
            "doubtful",
            f"{len(rows)} of the rows are hidden, and are printed too",
            Place(file=file, row=rows[0]),
            cure="take filters off, and delete the rows that are not to be printed",
        )
    if looked.hidden_columns:
        yield finding(
            "doubtful",
            "some columns are hidden, and are read too",
            Place(file=file),
            cure="show all columns, and delete those that are not to be printed",
        )


# ------------------------------------------------------------------------------------- the cells


def _open(data: bytes, name: str, looked: _Looked, file: str) -> CalamineSheet:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_name(name)
    except (CalamineError, OSError, ValueError) as error:
        # Errors that are younger than calamine, such as #SPILL!, keep it from reading the sheet.
        cells = [(row, at) for row, columns in sorted(looked.errors.items()) for at in columns]
        if cells:
            raise Rejected(
                *(
                    finding(
                        "bad-row",
                        f"cell {letter(column - 1)}{row} is an error, such as #SPILL!",
                        Place(file=file, row=row),
                        cure="correct it",
                    )
                    for row, column in cells
                )
            ) from error
        raise _refused(file, f"the file is damaged ({error})", _AGAIN) from error


def _reader(sheet: CalamineSheet, looked: _Looked, file: str) -> _Rows:
    merged = _merged(sheet, looked.last_row, file)
    left = sheet.start[1] if sheet.start else 0

    marked = looked.formulas.keys() | looked.errors.keys()

    def rows() -> Iterator[RawRow]:
        number = 0
        for number, values in enumerate(sheet.iter_rows(), 1):
            cells = [""] * left + [value if isinstance(value, str) else "" for value in values]
            cells += [""] * (looked.last_column - len(cells))
            odd = tuple(_odd(values, left))
            if number in marked:
                strange = _strange(number, looked)
                kept = {one.column for one in strange}
                odd = (*(one for one in odd if one.column not in kept), *strange)
            fault = (merged[number],) if number in merged else ()
            yield RawRow(number, cells, odd, fault)
        # For calamine a table ends before rows that hold nothing but formulas not yet computed.
        for number in sorted(one for one in marked if one > number):
            yield RawRow(number, [""] * looked.last_column, _strange(number, looked))

    return rows


def _odd(values: Sequence[object], left: int) -> Iterator[Odd]:
    """The cells that are not text, with the column of each."""
    for column, value in enumerate(values, left):
        if isinstance(value, bool):
            yield Odd(column, "truth", value)
        elif isinstance(value, int | float):
            yield Odd(column, "number", value)
        elif not isinstance(value, str):
            yield Odd(column, "time", value)


def _strange(row: int, looked: _Looked) -> tuple[Odd, ...]:
    """The formulas and errors of a row, of which calamine says nothing."""
    formulas = looked.formulas.get(row, set())
    errors = looked.errors.get(row, set()) - formulas
    return (
        *(Odd(at - 1, "formula") for at in sorted(formulas)),
        *(Odd(at - 1, "error") for at in sorted(errors)),
    )


def _merged(sheet: CalamineSheet, last_row: int, file: str) -> dict[int, Finding]:
    """What is to be said of the rows in which cells are merged, by their numbers."""
    faults: dict[int, Finding] = {}
    done = 0
    for (top, left), (bottom, right) in sorted(sheet.merged_cell_ranges or ()):
        cells = f"{letter(left)}{top + 1}:{letter(right)}{bottom + 1}"
        for row in range(max(top, done) + 1, min(bottom + 1, last_row) + 1):
            faults[row] = finding(
                "bad-row",
                f"cells {cells} are merged, so that only the first of them holds its text",
                Place(file=file, row=row),
                cure="split them, and write the text into each",
            )
            done = row
    return faults
