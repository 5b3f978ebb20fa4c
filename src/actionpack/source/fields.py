"""The keys of a table, asked for by name, with every fault collected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeGuard, TypeVar

from actionpack.diagnostics import Finding, Place, finding
from actionpack.source.values import (
    Sequence,
    Table,
    Value,
    Written,
    check_characters,
    did_you_mean,
)

T = TypeVar("T")


Kind = Literal["any", "text", "texts", "date", "number", "whole", "choice", "table", "tables"]


@dataclass(slots=True)
class Asked:
    """What was asked for under a key: what it may hold, of a choice which, of tables their keys."""

    kind: Kind
    required: bool = False
    choices: tuple[str, ...] = ()
    inner: list[Fields] = field(default_factory=list)


class Fields:
    """The keys of one table, asked for by name; every fault is added to `faults`.

    `asked` is what was asked for so far, by key; `closed`: nothing else may stand there.
    """

    def __init__(self, table: Table, faults: list[Finding], *, where: str = "") -> None:
        self.table = table
        self.faults = faults
        self.where = f"{where}." if where else ""
        self.asked: dict[str, Asked] = {}
        self.closed = False

    def fault(self, code: str, message: str, place: Place, cure: str | None = None) -> None:
        self.faults.append(finding(code, message, place, cure=cure))

    def place(self, key: str) -> Place:
        value = self.table.get(key)
        return value.place if value else self.table.place

    def has(self, key: str) -> bool:
        return self.table.get(key) is not None

    def value(self, key: str, kind: Kind = "any") -> Value | None:
        asked = self.asked.setdefault(key, Asked(kind))
        if asked.kind == "any":
            asked.kind = kind
        return self.table.get(key)

    def required(self, key: str, ask: Callable[[str], T]) -> T:
        """What `ask` gives for a key that must be there; a finding when it gives nothing."""
        told = len(self.faults)
        value = ask(key)
        self.asked[key].required = True
        if not value and len(self.faults) == told:
            missing = "empty" if self.has(key) else "missing"
            self.fault("missing-field", f"'{self.where}{key}' is {missing}", self.place(key))
        return value

    def text(self, key: str) -> str:
        """A text that must be there; '' after a finding."""
        return self.required(key, self.optional_text) or ""

    def optional_text(self, key: str, kind: Kind = "text") -> str | None:
        """A text; None when the key is absent or its value empty. `kind`: what it is to say."""
        value = self.value(key, kind)
        if value is None:
            return None
        if not isinstance(value, Written):
            self.fault("bad-value", f"'{self.where}{key}' must be one text", value.place)
            return None
        self.faults.extend(check_characters(value.text, value.place))
        return value.text or None

    def parsed(
        self, key: str, parse: Callable[[str], T], what: str, kind: Kind = "text"
    ) -> T | None:
        """A value that `parse` understands; ValueError from it becomes a finding."""
        text = self.optional_text(key, kind)
        if text is None:
            return None
        try:
            return parse(text)
        except ValueError:
            self.fault(
                "bad-value",
                f"'{self.where}{key}' is '{text}', which is not {what}",
                self.place(key),
                cure=f"write {what}",
            )
            return None

    def date(self, key: str) -> date | None:
        return self.parsed(key, parse_date, "a date such as 2027-12-31", "date")

    def number(self, key: str) -> float | None:
        return self.parsed(key, parse_number, "a number", "number")

    def whole(self, key: str) -> int | None:
        return self.parsed(key, parse_whole, "a whole number from 1", "whole")

    def choice(self, key: str, known: Iterable[str], kind: Kind = "choice") -> str | None:
        """One of some names; `kind` is "text" where others know other names."""
        text = self.optional_text(key, kind)
        names = tuple(known)
        self.asked[key].choices = names
        if text is not None and text not in names:
            self.fault(
                "bad-value",
                f"'{self.where}{key}' is '{text}'",
                self.place(key),
                cure=did_you_mean(text, names),
            )
            return None
        return text

    def tables(self, key: str) -> tuple[Fields, ...]:
        """A list of tables; empty when absent."""
        rows = [
            Fields(item, self.faults, where=f"{self.where}{key}")
            for item in self._items(key, "tables")
            if self._is_table(item, key)
        ]
        self.asked[key].inner += rows
        return tuple(rows)

    def named_tables(self) -> tuple[tuple[str, Fields], ...]:
        """Every key of this table, each of which must hold a table."""
        return tuple(
            (entry.key, Fields(entry.value, self.faults, where=f"{self.where}{entry.key}"))
            for entry in self.table.entries
            if self._is_table(entry.value, entry.key)
        )

    def inner(self, key: str) -> Fields | None:
        """A table inside this one; None when absent."""
        value = self.value(key, "table")
        if value is None or not self._is_table(value, key):
            return None
        row = Fields(value, self.faults, where=f"{self.where}{key}")
        self.asked[key].inner.append(row)
        return row

    def texts(self, key: str, known: Iterable[str] = ()) -> tuple[str, ...]:
        """A list of texts; empty when absent. One text alone is a list of one.

        `known` are those that whoever asks will take, where they are the same in every file.
        """
        texts = tuple(scalar.text for scalar in self.scalars(key))
        self.asked[key].choices = tuple(known)
        return texts

    def scalars(self, key: str) -> tuple[Written, ...]:
        """A list of texts with their places; empty ones are findings."""
        result = []
        for item in self._items(key, "texts"):
            if not isinstance(item, Written):
                self.fault("bad-value", f"'{self.where}{key}' must be a list of texts", item.place)
            elif not item.text:
                self.fault("bad-value", f"'{self.where}{key}' holds an empty line", item.place)
            else:
                self.faults.extend(check_characters(item.text, item.place))
                result.append(item)
        return tuple(result)

    def done(self, *, closed: bool = True) -> None:
        """Say which keys nobody asked for, with the nearest right name.

        Not `closed`: in another file these may be others, such as the ids of its targets.
        """
        self.closed = closed
        for entry in self.table.entries:
            if entry.key not in self.asked:
                self.fault(
                    "unknown-field",
                    f"'{self.where}{entry.key}' is not known",
                    entry.place,
                    cure=did_you_mean(entry.key, self.asked),
                )

    def _items(self, key: str, kind: Kind) -> tuple[Value, ...]:
        value = self.value(key, kind)
        if value is None:
            return ()
        if isinstance(value, Sequence):
            return value.items
        return () if isinstance(value, Written) and not value.text else (value,)

    def _is_table(self, value: Value, key: str) -> TypeGuard[Table]:
        if isinstance(value, Table):
            return True
        self.fault("bad-value", f"'{self.where}{key}' must hold 'key: value' lines", value.place)
        return False


def parse_date(text: str) -> date:
    """A date as YYYY-MM-DD; raises ValueError for anything else."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError(text)
    return date.fromisoformat(text)


def parse_number(text: str) -> float:
    """A plain decimal number; raises ValueError for anything else, `nan` and `1e9` too."""
    if not re.fullmatch(r"-?\d+(\.\d+)?", text, re.ASCII):
        raise ValueError(text)
    return float(text)


def parse_whole(text: str) -> int:
    """A whole number from 1 to a million; raises ValueError for anything else."""
    if not re.fullmatch(r"[0-9]{1,7}", text, re.ASCII) or not 1 <= int(text) <= 1_000_000:
        raise ValueError(text)
    return int(text)
