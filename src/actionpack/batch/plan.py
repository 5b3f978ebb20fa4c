"""A plan and its table of recipients into a `Plan`, with every fault of both at once.

What is wrong with the plan or with the columns refuses all of it. What is wrong with a row leaves
that row out: the others are printed, each under the serial that it would have had anyway. The
format is described in `docs/batch-plan.md`.
"""

from __future__ import annotations

import os.path
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from actionpack.batch.orders import Kind, Ledger, Orders
from actionpack.batch.recipients import COPIES, Defaults, LeftOut, enter
from actionpack.batch.supply import CHOICES, SERIAL, Asked, Complaint, Desk, Supply, supply_of
from actionpack.content import is_id
from actionpack.diagnostics import Finding, Place, Rejected, finding, has_errors
from actionpack.geometry import Point
from actionpack.impose import Wish, not_for_press, thickness_of
from actionpack.imposition import FLIPS, OFFSET, SCHEMES, SINGLE, Flip, known_scheme, offset_of
from actionpack.language import is_country, is_tag
from actionpack.model import EDITIONS, INK_SAVER, LARGE_PRINT, Edition, variants_of
from actionpack.paper import sheets, stocks
from actionpack.postal import letter_rules, windows
from actionpack.project import Project
from actionpack.source import (
    MOST_TABLE_BYTES,
    Fields,
    Table,
    Value,
    Written,
    parse_number,
    parse_whole,
    read_table,
    read_yaml,
)
from actionpack.store import MOST_TEXT_BYTES, Jail, decode_utf8, digest, read_file

DEFAULT_LAYOUT = "letter"
DEFAULT_VOLUME = 500
MOST_VOLUME = 5_000
# Office paper, and what printers take: airmail paper to card.
DEFAULT_GRAMMAGE = 80.0
LEAST_GRAMMAGE, MOST_GRAMMAGE = 30, 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A batch as it is asked for.

    `layout`, `paper` and `window` are the plan's own; None leaves it to the layout. `volume` is how
    many packs go into one file, `grammage` the weight of the paper in g/m², `sheets` how pages are
    put on sheets, and `sheets_said_in` where that is said; `large_print` and `ink_saver` are as in
    `build`. `positions` is the last that was given away. `findings` are warnings, and what is wrong
    with each row in `left_out`. `said_in` is where each entry of `packs` stands: these are the
    first of the orders. `sources` are the files that were read, by name, with the hash of each.
    """

    file: str
    name: str
    layout: str
    paper: str | None
    edition: Edition
    large_print: bool
    ink_saver: bool
    window: str | None
    letter_language: str | None
    sender_country: str | None
    volume: int
    separators: bool
    tagged: bool
    singles: bool
    grammage: float
    sheets: Wish
    sheets_said_in: Place
    allow_expired: bool
    allow_draft: bool
    allow_stale: bool
    orders: Orders
    positions: int
    left_out: tuple[LeftOut, ...]
    findings: tuple[Finding, ...]
    said_in: tuple[Place, ...]
    sources: tuple[tuple[str, str], ...]


def read_plan(path: Path, project: Project, *, supply: Supply | None = None) -> Plan:
    """Read a plan and its recipients; raises Rejected when the plan or the columns are at fault.

    Everything that is wrong is told then: with the plan, with the columns, and with the rows.
    """
    fields, source = _fields_of(path, project)
    return _Reading(fields, supply or supply_of(project)).plan(_Files(path, project), source)


def asked_of_plan(path: Path, project: Project) -> Fields:
    """What is asked for in a plan; raises Rejected when it is no YAML, or at fault."""
    fields, source = _fields_of(path, project)
    _Reading(fields, supply_of(project)).plan(_Files(path, project), source)
    return fields


def _fields_of(path: Path, project: Project) -> tuple[Fields, tuple[str, str]]:
    """The keys of a plan, its name and its hash."""
    label = project.label(path)
    data = read_file(path, label=label, most=MOST_TEXT_BYTES)
    return Fields(read_yaml(decode_utf8(data, Place(file=label)), label), []), (label, digest(data))


class _Files:
    """The files a plan may name: those of the project, or of the folder it lies in outside one."""

    def __init__(self, path: Path, project: Project) -> None:
        folder, root = path.parent.resolve(), project.root.resolve()
        inside = folder.is_relative_to(root)
        name = "the project" if inside else "the folder of the plan"
        self._jail = Jail(root=root if inside else folder, name=name)
        self._folder = folder.relative_to(self._jail.root)
        self._shown = path.parent
        self._label = project.label

    def read(self, named: Written) -> tuple[str, bytes]:
        """A file's name as the user knows it, and its bytes; faults are told where it is named."""
        try:
            path = self._jail.resolve(self._folder / named.text)
            label = self._label(Path(os.path.normpath(self._shown / named.text)))
            return label, read_file(path, label=label, most=MOST_TABLE_BYTES)
        except Rejected as rejected:
            raise Rejected(*(_at(named, one) for one in rejected.findings)) from rejected


class _Reading:
    """A plan while it is read, and what was found on the way."""

    def __init__(self, fields: Fields, supply: Supply) -> None:
        self._fields = fields
        self._faults = fields.faults
        self._row_findings: list[Finding] = []
        self._left_out: list[LeftOut] = []
        self._said_in: list[Place] = []
        self._sources: list[tuple[str, str]] = []
        self._packs_named = False
        self._desk = self._open(supply)

    def plan(self, files: _Files, source: tuple[str, str]) -> Plan:
        fields, desk = self._fields, self._desk
        ledger = Ledger(desk.all_fields())
        self._sources.append(source)
        name = fields.required("name", self._name)
        edition = self._edition()
        letters = fields.parsed("letter_language", _letters, "'same', 'target' or a language tag")
        sender_country = fields.parsed("sender_country", _country, "a country such as IT")
        volume = fields.parsed(
            "volume", _volume, f"a whole number from 1 to {MOST_VOLUME}", "whole"
        )
        grammage = fields.parsed("grammage", _grammage, _GRAMMAGES, "number")
        sheets_wished = self._sheets(grammage)
        separators, tagged, singles = map(self._flag, ("separators", "tagged", "singles"))
        allow_expired, allow_draft, allow_stale = map(
            self._flag, ("allow_expired", "allow_draft", "allow_stale")
        )
        if tagged and edition == "press":
            told = "files for a press are read by no one aloud, and have no tags"
            cure = "leave 'tagged' out, or the edition"
            fields.fault("bad-value", told, fields.place("tagged"), cure)
        for key, why in not_for_press(sheets_wished) if edition == "press" else ():
            told = f"'{key}' is given for the edition 'press', and {why}"
            cure = f"leave '{key}' out, or the edition"
            fields.fault("bad-value", told, fields.place(key), cure)
        self._packs(ledger)
        self._recipients(ledger, files)
        fields.done()
        findings = tuple(dict.fromkeys((*self._faults, *self._row_findings)))
        if has_errors(self._faults) or name is None:
            raise Rejected(*findings)
        return Plan(
            file=source[0],
            name=name,
            layout=desk.layout,
            paper=desk.paper,
            edition=edition,
            large_print=LARGE_PRINT in desk.variants,
            ink_saver=INK_SAVER in desk.variants,
            window=desk.window,
            letter_language=letters,
            sender_country=sender_country,
            volume=volume or DEFAULT_VOLUME,
            separators=separators,
            tagged=tagged,
            singles=singles,
            grammage=grammage or DEFAULT_GRAMMAGE,
            sheets=sheets_wished,
            sheets_said_in=fields.place("impose"),
            allow_expired=allow_expired,
            allow_draft=allow_draft,
            allow_stale=allow_stale,
            orders=ledger.orders(),
            positions=ledger.next_position - 1,
            left_out=tuple(self._left_out),
            findings=findings,
            said_in=tuple(self._said_in),
            sources=tuple(self._sources),
        )

    # ---------------------------------------------------------------------------- the plan's keys

    def _open(self, supply: Supply) -> Desk:
        """Read layout, paper and window; those that do not go together are told on their lines."""
        fields = self._fields
        layout = fields.choice("layout", supply.layouts, "text") or DEFAULT_LAYOUT
        paper = fields.choice("paper", stocks())
        large_print, ink_saver = map(self._flag, ("large_print", "ink_saver"))
        variants = variants_of(large_print=large_print, ink_saver=ink_saver)
        desk = Desk(supply, layout=layout, paper=paper, window=self._window(), variants=variants)
        for wrong in desk.against_layout(""):
            place = fields.place(wrong.key or wrong.choice)
            fields.fault("bad-value", wrong.message, place, wrong.cure)
        self._faults += desk.told(Asked("", "", "", ""))
        return desk

    def _window(self) -> str | None:
        named = self._fields.optional_text("window")
        if named not in letter_rules():
            return self._fields.choice("window", windows())
        self._fields.fault(
            "bad-value",
            f"'window' is '{named}', which has no envelope to fold a sheet for",
            self._fields.place("window"),
            f"it is for actionpack check; choose one of: {', '.join(windows())}",
        )
        return None

    def _sheets(self, grammage: float | None) -> Wish:
        """How pages are put on sheets; how thick the paper is follows from what it weighs."""
        fields = self._fields
        of_weight = thickness_of(grammage) if grammage else None
        return Wish(
            scheme=fields.parsed("impose", _scheme, f"{', '.join(SCHEMES)} or {SINGLE}"),
            sheet=fields.choice("sheet", sheets()),
            gutter_mm=fields.parsed("gutter", parse_number, "millimetres, such as 3", "number"),
            flip=_FLIPS.get(fields.choice("flip", FLIPS) or ""),
            thickness_mm=fields.parsed(
                "thickness", parse_number, "millimetres, such as 0.1", "number"
            )
            or of_weight,
            shift=Point(*(fields.parsed("offset", offset_of, OFFSET) or (0.0, 0.0))),
        )

    def _edition(self) -> Edition:
        return "press" if self._fields.choice("edition", EDITIONS) == "press" else "home"

    def _name(self, key: str) -> str | None:
        return self._fields.parsed(key, _id, "a name of a-z, 0-9 and hyphens")

    def _flag(self, key: str) -> bool:
        return self._fields.choice(key, ("true", "false")) == "true"

    # --------------------------------------------------------------------------------------- packs

    def _packs(self, ledger: Ledger) -> None:
        """Enter what the plan itself names; of what it names twice there is a warning."""
        earlier: dict[tuple[Kind, frozenset[tuple[str, str]]], int | None] = {}
        for row in self._fields.tables("packs"):
            self._packs_named = True
            before = len(self._faults)
            asked, copies, values = self._asked(row), row.whole(COPIES) or 1, self._values(row)
            row.done()
            settled = self._desk.settle(asked)
            self._faults += self._desk.told(asked)
            if not isinstance(settled, Kind):
                self._blame(row, settled, CHOICES)
                continue
            taken = self._desk.fields(settled.layout) or ()
            for field in (one for one in values if one not in taken):
                row.fault(
                    "unknown-field",
                    f"'{row.where}{field}' is set, and layout '{settled.layout}' has no '{field}'",
                    row.place(field),
                    "delete it, or choose another layout",
                )
            # What is at fault may be another once it is mended, and the plan is refused till then.
            if has_errors(self._faults[before:]):
                continue
            same = (settled, frozenset(values.items()))
            if same in earlier:
                self._faults.append(_again(row.table.place, earlier[same]))
            earlier.setdefault(same, row.table.place.line)
            self._said_in.append(row.table.place)
            ledger.add(settled, copies, [values.get(field, "") for field in ledger.fields], None)

    def _asked(self, row: Fields) -> Asked:
        return Asked(*(row.optional_text(key) or "" for key in CHOICES))

    def _values(self, row: Fields) -> dict[str, str]:
        """The fields, of any layout, that are set in a table of the plan."""
        if row.has(SERIAL):
            row.value(SERIAL)
            row.fault(
                "unknown-field",
                f"'{row.where}{SERIAL}' cannot be set: the program numbers the packs",
                row.place(SERIAL),
                "delete it",
            )
        found = {field: row.optional_text(field) for field in self._desk.all_fields()}
        return {field: text for field, text in found.items() if text}

    def _blame(
        self, row: Fields, wrongs: tuple[Complaint, ...], choices: Collection[str]
    ) -> frozenset[str]:
        """Tell which of some choices cannot be had, each where it is made, and name them."""
        blamed = set()
        for wrong in wrongs:
            if wrong.choice in choices:
                code = "bad-value" if row.has(wrong.choice) else "missing-field"
                row.fault(code, wrong.message, row.place(wrong.choice), wrong.cure)
                blamed.add(wrong.choice)
        return frozenset(blamed)

    # ---------------------------------------------------------------------------------- recipients

    def _recipients(self, ledger: Ledger, files: _Files) -> None:
        """Enter the rows of the table that the plan names, if it names one."""
        value = self._fields.value("recipients")
        if value is None and not self._packs_named:
            self._fields.fault(
                "missing-field",
                "the plan names nothing to print",
                self._fields.table.place,
                "write 'packs', or a table of 'recipients'",
            )
        named, defaults = self._named(value)
        if named is None:
            return
        try:
            label, data = files.read(named)
            self._sources.append((label, digest(data)))
            sheet = read_table(data, label, numbers=(COPIES,))
        except Rejected as rejected:
            self._faults += rejected.findings
            return
        entered = enter(sheet, defaults, self._desk, ledger)
        self._faults += (*sheet.findings, *entered.faults)
        self._row_findings += entered.findings
        self._left_out += entered.left_out

    def _named(self, value: Value | None) -> tuple[Written | None, Defaults]:
        """The file of recipients, and what holds for each row that says nothing else."""
        recipients = self._fields.inner("recipients") if isinstance(value, Table) else None
        if recipients is None:
            file = self._fields.text("recipients") if value is not None else ""
            return (Written(file, self._fields.place("recipients")) if file else None), Defaults()
        file = recipients.text("file")
        row = recipients.inner("defaults")
        recipients.done()
        named = Written(file, recipients.place("file")) if file else None
        return named, Defaults() if row is None else self._defaults(row)

    def _defaults(self, row: Fields) -> Defaults:
        asked, copies, values = self._asked(row), row.whole(COPIES) or 1, self._values(row)
        row.done()
        chosen = {key for key in CHOICES if getattr(asked, key)}
        settled = self._desk.settle(asked)
        self._faults += self._desk.told(asked)
        # What is not said here the rows may say.
        wrongs = () if isinstance(settled, Kind) else settled
        blamed = self._blame(row, wrongs, chosen)
        return Defaults(choices=asked, copies=copies, values=tuple(values.items()), blamed=blamed)


def _again(place: Place, earlier: int | None) -> Finding:
    return finding(
        "duplicate-row",
        f"the entry asks for the same as line {earlier}",
        place,
        cure="delete one of the two, or write how many are wanted into 'copies'",
        severity="warning",
    )


def _at(named: Written, found: Finding) -> Finding:
    """What is wrong with a file, told where the plan names it."""
    cure = found.cure
    if found.code == "blocked-resource":
        cure = "put it beside the plan, and write its name alone"
    return replace(found, place=named.place, cure=cure)


def _id(text: str) -> str:
    if not is_id(text):
        raise ValueError(text)
    return text


def _country(text: str) -> str:
    if not is_country(text):
        raise ValueError(text)
    return text


def _letters(text: str) -> str:
    if text not in ("same", "target") and not is_tag(text):
        raise ValueError(text)
    return text


_FLIPS: dict[str, Flip] = {flip: flip for flip in FLIPS}


def _scheme(text: str) -> str:
    return text if text == SINGLE else known_scheme(text).name


def _volume(text: str) -> int:
    volume = parse_whole(text)
    if volume > MOST_VOLUME:
        raise ValueError(text)
    return volume


_GRAMMAGES = f"a weight of {LEAST_GRAMMAGE} to {MOST_GRAMMAGE} g/m², without the unit"


def _grammage(text: str) -> float:
    grammage = parse_number(text)
    if not LEAST_GRAMMAGE <= grammage <= MOST_GRAMMAGE:
        raise ValueError(text)
    return grammage
