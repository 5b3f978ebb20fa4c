"""A table of people as a spreadsheet shows it: named columns, numbered rows, cells of text.

What is wrong with a row is said with the row, so that the others can be used. A row that is all
empty is nothing, but it counts. The readers of CSV and XLSX hand raw rows in; whatever no longer
is the text that somebody typed comes as an `Odd` cell, and is refused here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from actionpack.diagnostics import Finding, Place, Rejected, finding
from actionpack.source.values import BEHIND_NO_LETTER, HARMLESS, MISREAD, check_characters

# The longest cell: ten times a sender block of four long lines. Far more is a quote left open, or
# a page of text in the wrong place, and would keep whoever shapes it busy.
MOST_CELL = 2_000
# Whatever `check_characters` refuses, found in one look at a whole row; tabs and line ends may be.
# What stands behind a space or a sign and is no letter may be a mark without one.
_SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
    "\u061c\u115f\u1160\u3164\uffa0\U000e0000-\U000e007f"
    f"\ufeff\ufffd\ufffe\uffff]|(?:^|(?<=[{BEHIND_NO_LETTER}]))(?=[^\x00-\xbf])\\W|{MISREAD}"
)
_CURLY = "“”„«»"
_EACH_CURLY = re.compile(f"[{_CURLY}]")
# Between cells while they are looked at together.
_BETWEEN = "\n"


class Odd(NamedTuple):
    """A cell that is not the text somebody typed; `value` is what it holds instead, if known."""

    column: int
    kind: Literal["number", "truth", "time", "formula", "error"]
    value: object = None


class RawRow(NamedTuple):
    """A row as its reader found it. With `faults` its cells may not be what was meant."""

    number: int
    cells: list[str]
    odd: tuple[Odd, ...] = ()
    faults: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name as written, its letter, and the place of the header."""

    name: str
    letter: str
    place: Place


class SheetRow(NamedTuple):
    """A row by the number that a spreadsheet shows, with one text for each column, '' if empty.

    `faults` are its own, each a `bad-row`; a row with any is not to be used. No cells: they cannot
    be told apart.
    """

    number: int
    cells: tuple[str, ...]
    faults: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table. `findings` are of the file and its columns; those of rows come with the rows.

    `width` is how many cells a row has, nameless ones at the end counted; `between` what stands
    between them in a CSV file; `numbers` names the columns in which whole numbers are fine.
    """

    file: str
    columns: tuple[Column, ...]
    findings: tuple[Finding, ...]
    header: int
    width: int
    between: str | None
    numbers: frozenset[str]
    raw_rows: Callable[[], Iterator[RawRow]] = field(repr=False)

    def rows(self) -> Iterator[SheetRow]:
        """Every row below the header that holds anything, from the start at each call."""
        for raw in self.raw_rows():
            if raw.number > self.header and not is_blank(raw):
                yield self._row(raw)

    def cell(self, row: int, column: int) -> str:
        """A cell as findings speak of it."""
        if column < len(self.columns):
            return f"cell {letter(column)}{row} ('{self.columns[column].name}')"
        return f"cell {letter(column)}{row}"

    def _row(self, raw: RawRow) -> SheetRow:
        number = raw.number
        texts = [text.strip() for text in raw.cells]
        together = _BETWEEN + _BETWEEN.join(texts)
        if (
            len(texts) == self.width
            and len(together) <= MOST_CELL
            and HARMLESS.fullmatch(together)
            and f"{_BETWEEN}=" not in together
            and not (raw.odd or raw.faults)
        ):
            # The short way, which most rows go.
            return SheetRow(number, self._named(texts))
        if raw.faults:
            return SheetRow(number, self._named(texts), raw.faults)
        faults: list[Finding] = []
        if len(texts) != self.width:
            faults.append(self._ragged(number, texts))
        for odd in raw.odd:
            name = self.columns[odd.column].name if odd.column < len(self.columns) else ""
            whole = _whole(odd) if name in self.numbers else None
            if whole is not None:
                texts[odd.column] = whole
            else:
                said, cure = _against(odd, whole=name in self.numbers)
                faults.append(self._bad(number, f"{self.cell(number, odd.column)} {said}", cure))
        together = _BETWEEN + _BETWEEN.join(texts)
        if "\r" in together:
            texts = [_plain_line_ends(text) for text in texts]
            together = _BETWEEN + _BETWEEN.join(texts)
        if (
            len(together) > MOST_CELL
            or f"{_BETWEEN}=" in together
            or (not HARMLESS.fullmatch(together) and _SUSPECT.search(together))
        ):
            faults += self._cell_faults(number, texts)
        return SheetRow(number, self._named(texts), tuple(faults))

    def _named(self, texts: list[str]) -> tuple[str, ...]:
        """One text for each named column; none when there are too many or too few."""
        return tuple(texts[: len(self.columns)]) if len(texts) == self.width else ()

    def _bad(self, number: int, message: str, cure: str) -> Finding:
        return finding("bad-row", message, Place(file=self.file, row=number), cure=cure)

    def _ragged(self, number: int, texts: list[str]) -> Finding:
        count = len(texts)
        said = f"the row has {_cells(count)}, and the header has {self.width}"
        if any(map(_is_half_quoted, texts)):
            cure = 'write straight quotes (") round the cell; curly ones, as in “…”, do not count'
            return self._bad(number, said, cure)
        if count < self.width:
            return self._bad(number, said, "add what is missing; an empty cell counts too")
        between = {None: "", "\t": " that holds a tab"}.get(
            self.between, f" that holds '{self.between}'"
        )
        return self._bad(
            number,
            said,
            f'put straight quotes (") round a cell{between}, or take away what is too many',
        )

    def _cell_faults(self, number: int, texts: list[str]) -> Iterator[Finding]:
        for at, text in enumerate(texts):
            cell = self.cell(number, at)
            if text.startswith("="):
                yield self._bad(
                    number,
                    f"{cell} begins with '=', as a formula does",
                    "write the text itself, without '='",
                )
            if len(text) > MOST_CELL:
                yield self._bad(
                    number,
                    f"{cell} holds {len(text)} characters, and {MOST_CELL} are the most",
                    "shorten it, or look for a quote that is not closed",
                )
            for found in check_characters(text, Place(file=self.file)):
                yield self._bad(number, f"{cell}: {found.message}", found.cure)


def make_sheet(
    raw_rows: Callable[[], Iterator[RawRow]],
    file: str,
    *,
    numbers: Collection[str] = (),
    between: str | None = None,
    findings: tuple[Finding, ...] = (),
) -> Sheet:
    """Make a table of raw rows: the first that holds anything is the header.

    What is wrong with the columns stands in the findings of the sheet. Raises Rejected when there
    is no header to go by.
    """
    header = next((raw for raw in raw_rows() if not is_blank(raw)), None)
    if header is None:
        raise Rejected(
            *findings,
            finding(
                "bad-file",
                "the table is empty",
                Place(file=file),
                cure="write the names of the columns into row 1, and one pack into each row below",
            ),
        )
    if header.faults:
        raise Rejected(*findings, *header.faults)
    names = [text.strip() for text in header.cells]
    width = len(names)
    odd = {one.column for one in header.odd}
    while names and not names[-1] and len(names) - 1 not in odd:
        names.pop()
    place = Place(file=file, row=header.number)
    nameless: Collection[int] = ()
    if len(names) < width:
        nameless = set(_used_beyond(raw_rows, header.number, len(names), width))
    faults = (*_column_faults(names, header, place), *_nameless(nameless, place))
    return Sheet(
        file=file,
        columns=tuple(Column(name, letter(at), place) for at, name in enumerate(names)),
        findings=findings + faults,
        header=header.number,
        width=width,
        between=between,
        numbers=frozenset(numbers),
        raw_rows=raw_rows,
    )


def is_blank(raw: RawRow) -> bool:
    """Whether nobody wrote anything into a row."""
    return not ("".join(raw.cells).strip() or raw.odd or raw.faults)


def letter(column: int) -> str:
    """The letters over a column, counted from 0: A … Z, AA, AB …"""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _whole(odd: Odd) -> str | None:
    """The text of a whole number; None for anything else."""
    if not isinstance(odd.value, int | float) or odd.kind != "number":
        return None
    # Spreadsheets keep every number as a fraction of 15 digits.
    return str(int(odd.value)) if odd.value == odd.value // 1 and abs(odd.value) < 1e15 else None


def _against(odd: Odd, *, whole: bool = False) -> tuple[str, str]:
    """Why an odd cell is refused, and the cure; `whole`: a whole number is due, else text."""
    due, form = ("whole number", "a number") if whole else ("text", "text")
    again = f"format the column as {form}, and type it again"
    match odd.kind:
        case "number" if whole:
            return f"is {odd.value}, and no whole number", "write a whole number"
        case "number":
            said = f"is the number {_whole(odd) or odd.value}, and no text"
            return f"{said}: zeros that were typed before it are lost", again
        case "truth":
            return f"is the truth value {'TRUE' if odd.value else 'FALSE'}, and no {due}", again
        case "time":
            return f"is the date or time {odd.value}, and no {due}", again
        case "formula":
            cure = "copy the cells, and paste them over themselves as values only"
            return f"is a formula, and no {due}", cure
        case "error":
            return "is an error, such as #N/A", "correct it"


def _used_beyond(
    raw_rows: Callable[[], Iterator[RawRow]], header: int, named: int, width: int
) -> Iterator[int]:
    """The columns without a name in which rows of the right width hold something."""
    for raw in raw_rows():
        if raw.number > header and len(raw.cells) == width and not raw.faults:
            yield from (odd.column for odd in raw.odd if odd.column >= named)
            yield from (at for at in range(named, width) if raw.cells[at].strip())


def _column_faults(names: list[str], header: RawRow, place: Place) -> Iterator[Finding]:
    for odd in header.odd:
        said = f"the name of column {letter(odd.column)} {_against(odd)[0]}"
        yield finding("bad-value", said, place, cure="write the name of the column as text")
    taken = {odd.column for odd in header.odd}
    yield from _nameless(
        (at for at, name in enumerate(names) if not name and at not in taken), place
    )
    for name, count in Counter(filter(None, names)).items():
        if count > 1:
            where = " and ".join(letter(at) for at, other in enumerate(names) if other == name)
            yield finding(
                "bad-value",
                f"column '{name}' is there {'twice' if count == 2 else f'{count} times'} ({where})",
                place,
                cure="delete all but one of them",
            )
        for found in check_characters(name, Place(file=place.file)):
            said = f"the name of column {letter(names.index(name))}: {found.message}"
            yield finding("bad-value", said, place, cure=found.cure)


def _nameless(columns: Collection[int] | Iterator[int], place: Place) -> Iterator[Finding]:
    for at in sorted(columns):
        yield finding(
            "missing-field",
            f"column {letter(at)} has no name",
            place,
            cure="write its name into the header, or delete the column",
        )


def _is_half_quoted(text: str) -> bool:
    """Whether a text begins or ends with a curly quote whose other half stands elsewhere."""
    return text.strip(_CURLY) != text and len(_EACH_CURLY.findall(text)) % 2 == 1


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def _plain_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
