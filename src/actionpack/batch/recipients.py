"""The rows of a table of recipients into orders.

What is wrong with the columns is wrong with every row. What is wrong with a row leaves that row
out; its packs are counted all the same, so that all others keep their serials.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from actionpack.batch.orders import Kind, Ledger
from actionpack.batch.supply import CHOICES, SERIAL, Asked, Complaint, Desk
from actionpack.diagnostics import Finding, Place, finding
from actionpack.source import Sheet, SheetRow, did_you_mean, parse_whole

COPIES = "copies"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A row that is not printed, the position that its first pack would have, and why not."""

    row: int
    position: int
    copies: int
    code: str


_NOTHING = Asked("", "", "", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What holds for each row that says nothing else.

    `blamed` are choices of which it was told already that they cannot be had.
    """

    choices: Asked = _NOTHING
    copies: int = 1
    values: tuple[tuple[str, str], ...] = ()
    blamed: frozenset[str] = frozenset()


@dataclass(slots=True)
class Entered:
    """What came of a table: faults of its columns, findings on its rows, and the rows left out."""

    faults: list[Finding] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def enter(sheet: Sheet, defaults: Defaults, desk: Desk, ledger: Ledger) -> Entered:
    """Enter every row that can be printed into the ledger, in the table's order."""
    entered = Entered(faults=list(_column_faults(sheet, defaults, desk)))
    reader = _Reader(sheet, defaults, desk, ledger, entered)
    empty = True
    for row in sheet.rows():
        empty = False
        reader.enter(row)
    if empty:
        place = Place(file=sheet.file, row=sheet.header)
        entered.faults.append(
            finding(
                "missing-field",
                "the table has no rows below its header",
                place,
                cure="write one pack into each row",
            )
        )
    return entered


def _column_faults(sheet: Sheet, defaults: Defaults, desk: Desk) -> Iterator[Finding]:
    names = {column.name for column in sheet.columns}
    layout = defaults.choices.layout or desk.layout
    # Rows that choose their layout may set what any layout takes, and so may those of a layout
    # that cannot be read.
    fields = None if "layout" in names else desk.fields(layout)
    known = (*CHOICES, COPIES, *(desk.all_fields() if fields is None else fields))
    for column in sheet.columns:
        if column.name == SERIAL:
            said = "column 'serial' cannot be set: the program numbers the packs"
            yield finding("unknown-field", said, column.place, cure="delete the column")
        elif column.name and column.name not in known:
            yield finding(
                "unknown-field",
                f"column {column.letter}, '{column.name}', is not known",
                column.place,
                cure=did_you_mean(column.name, known),
            )
    if "action" not in names and not (defaults.choices.action or "action" in defaults.blamed):
        yield finding(
            "missing-field",
            "there is no column 'action'",
            Place(file=sheet.file, row=sheet.header),
            cure="add it, or name one action for all rows under 'defaults' in the plan",
        )


class _Reader:
    """Reads rows one by one; what all of them share is worked out once."""

    def __init__(
        self, sheet: Sheet, defaults: Defaults, desk: Desk, ledger: Ledger, entered: Entered
    ) -> None:
        self._sheet = sheet
        self._defaults = defaults
        self._desk = desk
        self._ledger = ledger
        self._entered = entered
        self._at = {column.name: at for at, column in reversed([*enumerate(sheet.columns)])}
        values = dict(defaults.values)
        self._values = [(self._at.get(name), values.get(name, "")) for name in ledger.fields]
        self._choices = [
            (self._at.get(name), usual)
            for name, usual in zip(CHOICES, defaults.choices, strict=True)
        ]
        # What every row asks for where no column says it.
        self._asked = None
        if all(at is None for at, _ in self._choices):
            self._asked = defaults.choices
        self._whole: dict[str, int | None] = {"": defaults.copies}
        self._not_taken: dict[str, tuple[int, ...]] = {}

    def enter(self, row: SheetRow) -> None:
        """Enter a row, or leave it out and say why."""
        copies = self._copies(row)
        if row.faults:
            self._leave_out(row, copies or 1, *row.faults)
            return
        cells = row.cells
        asked = self._asked or Asked(
            *[(cells[at] or usual) if at is not None else usual for at, usual in self._choices]
        )
        settled = self._desk.settle(asked)
        faults: list[Finding] = []
        if not isinstance(settled, Kind):
            self._entered.findings += self._desk.told(asked)
            faults += self._complaints(row, settled)
        if copies is None:
            faults.append(self._bad_copies(row))
        texts = [(cells[at] or usual) if at is not None else usual for at, usual in self._values]
        for field_at in self._refused(asked.layout or self._desk.layout):
            if texts[field_at]:
                faults += self._not_for(row, field_at, asked)
                texts[field_at] = ""
        if faults or copies is None or not isinstance(settled, Kind):
            self._leave_out(row, copies or 1, *faults)
            return
        position = self._ledger.next_position
        earlier = self._ledger.add(settled, copies, texts, row.number)
        if earlier is not None:
            told = finding(
                "duplicate-row",
                f"the row asks for the same as row {earlier}",
                self._place(row),
                cure="delete one of the two, or write how many are wanted into 'copies'",
            )
            self._entered.findings.append(told)
            self._note(row, position, copies, told.code)

    def _copies(self, row: SheetRow) -> int | None:
        """How many packs a row asks for; None when that cannot be read."""
        at = self._at.get(COPIES)
        text = row.cells[at] if at is not None and row.cells else ""
        if not row.cells:
            return None
        if text not in self._whole:
            try:
                self._whole[text] = parse_whole(text)
            except ValueError:
                self._whole[text] = None
        return self._whole[text]

    def _bad_copies(self, row: SheetRow) -> Finding:
        at = self._at[COPIES]
        said = f"{self._sheet.cell(row.number, at)} is '{row.cells[at]}', which is no number from 1"
        return self._bad(row, said, "write a whole number from 1, or delete the row")

    def _complaints(self, row: SheetRow, complaints: tuple[Complaint, ...]) -> Iterator[Finding]:
        for wrong in complaints:
            at = self._at.get(wrong.choice)
            if at is not None and row.cells[at]:
                said = f"{self._sheet.cell(row.number, at)}: {wrong.message}"
                yield self._bad(row, said, wrong.cure)
            elif wrong.choice not in self._defaults.blamed:
                yield self._bad(row, wrong.message, wrong.cure)

    def _refused(self, layout: str) -> tuple[int, ...]:
        """The fields, by their place in the ledger, that a layout has no use for."""
        if layout not in self._not_taken:
            taken = self._desk.fields(layout)
            # Of a layout that cannot be read it is not known what it takes.
            fields = enumerate(self._ledger.fields)
            refused = (at for at, name in fields if name not in (taken or ()))
            self._not_taken[layout] = () if taken is None else tuple(refused)
        return self._not_taken[layout]

    def _not_for(self, row: SheetRow, field_at: int, asked: Asked) -> Iterator[Finding]:
        """That a cell is set which the layout does not print; what is usual is left out unsaid."""
        at = self._values[field_at][0]
        # Where no row chooses its layout, the column itself was refused.
        if at is not None and row.cells[at] and "layout" in self._at:
            layout = asked.layout or self._desk.layout
            name = self._ledger.fields[field_at]
            said = (
                f"{self._sheet.cell(row.number, at)} is set, and layout '{layout}' has no '{name}'"
            )
            yield self._bad(row, said, "empty the cell, or choose another layout")

    def _leave_out(self, row: SheetRow, copies: int, *faults: Finding) -> None:
        self._entered.findings += faults
        position = self._ledger.next_position
        self._ledger.leave_out(copies)
        self._note(row, position, copies, "bad-row")

    def _note(self, row: SheetRow, position: int, copies: int, code: str) -> None:
        self._entered.left_out.append(
            LeftOut(row=row.number, position=position, copies=copies, code=code)
        )

    def _bad(self, row: SheetRow, message: str, cure: str) -> Finding:
        return finding("bad-row", message, self._place(row), cure=cure)

    def _place(self, row: SheetRow) -> Place:
        return Place(file=self._sheet.file, row=row.number)
