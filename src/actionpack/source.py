"""YAML and TOML into values that know their file and line (gate: ruamel.yaml).

Every scalar stays the text that was written: `no` is no answer, `0100017` is a postcode, `12:30`
a time. What it means is decided by whoever asks for it, through `Fields`, which collects what is
wrong instead of stopping at the first fault and names the nearest right key for a misspelt one.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeGuard, TypeVar

from actionpack.diagnostics import Finding, Place, Rejected, finding

# Deeper than any file of ours; a bomb of brackets is refused before it exhausts the stack.
MOST_DEPTH = 20

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Written:
    """One value as written, with surrounding white space gone."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Value, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Entry:
    key: str
    value: Value
    place: Place


@dataclass(frozen=True, slots=True)
class Table:
    entries: tuple[Entry, ...]
    place: Place

    def get(self, key: str) -> Value | None:
        return next((entry.value for entry in self.entries if entry.key == key), None)


Value = Written | Sequence | Table


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` was most likely meant to be."""
    close = difflib.get_close_matches(word.lower(), sorted(known), n=1, cutoff=0.6)
    return close[0] if close else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A cure for a word that is not among `known`."""
    names = sorted(known)
    close = nearest(word, names)
    if close:
        return f"did you mean '{close}'?"
    return f"known are: {', '.join(names)}" if names else "delete it"


# ----------------------------------------------------------------------------------------- YAML


def read_yaml(text: str, file: str, *, first_line: int = 1) -> Table:
    """Read a YAML mapping; raises Rejected with every fault and its line.

    `first_line` is the line of the file on which `text` begins (front matter).
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    control = _control_character(text)
    if control is not None:
        at, character = control
        raise Rejected(
            finding(
                "bad-value",
                f"the file holds the control character U+{ord(character):04X}",
                Place(file=file, line=first_line + text.count("\n", 0, at)),
                cure="delete it",
            )
        )
    yaml = YAML(typ="safe", pure=True)
    yaml.composer.warn_double_anchors = False  # anchors mean nothing here, and aliases are refused
    try:
        node = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = mark.line if mark else 0
        raise Rejected(
            finding(
                "bad-value",
                f"this is not YAML: {error.problem or error.context}",
                Place(file=file, line=first_line + at),
                cure=_yaml_cure(text.split("\n")[at : at + 1]),
            )
        ) from error
    except RecursionError as error:
        raise Rejected(_too_deep(Place(file=file, line=first_line))) from error
    except YAMLError as error:
        raise Rejected(
            finding("bad-value", f"this is not YAML: {error}", Place(file=file, line=first_line))
        ) from error
    except (ValueError, OverflowError) as error:
        # What Python says of it differs from release to release.
        told = "this is not YAML: an escape in it names no character"
        raise Rejected(finding("bad-value", told, Place(file=file, line=first_line))) from error
    if node is None:
        return Table((), Place(file=file, line=first_line))
    faults: list[Finding] = []
    top = Place(file=file, line=first_line)
    value = _from_node(node, first_line, top, faults, set(), 0)
    if faults:
        raise Rejected(*faults)
    if not isinstance(value, Table):
        raise Rejected(
            finding(
                "bad-value",
                "the file is not a list of 'key: value' lines",
                top,
                cure="begin it with a key and a colon",
            )
        )
    return value


def _from_node(
    node: Any, first_line: int, above: Place, faults: list[Finding], seen: set[int], depth: int
) -> Value:
    """`above` is the place of the key or list that holds the node."""
    if id(node) in seen:
        # The node is the one the alias stands for, and knows only its own line.
        faults.append(
            finding("bad-value", "an alias ('*name') is not read here", above, cure="write it out")
        )
        return Written("", above)
    seen.add(id(node))
    place = Place(file=above.file, line=first_line + node.start_mark.line)
    if depth > MOST_DEPTH:
        faults.append(_too_deep(place))
        return Written("", place)
    if node.id == "scalar":
        # The text of a block begins on the line below its mark.
        below = Place(file=place.file, line=first_line + node.start_mark.line + 1)
        return Written(node.value.strip(), below if node.style in ("|", ">") else place)
    if node.id == "sequence":
        items = (
            _from_node(item, first_line, place, faults, seen, depth + 1) for item in node.value
        )
        return Sequence(tuple(items), place)
    entries: dict[str, Entry] = {}
    for key_node, value_node in node.value:
        key_place = Place(file=place.file, line=first_line + key_node.start_mark.line)
        if key_node.id != "scalar":
            faults.append(finding("bad-value", "a key must be one word", key_place))
            continue
        key = key_node.value
        value = _from_node(value_node, first_line, key_place, faults, seen, depth + 1)
        if value == Written("", value.place):
            value = Written("", key_place)  # the parser notes where the next key begins
        if key in entries:
            faults.append(
                finding(
                    "bad-value", f"'{key}' is there twice", key_place, cure="delete one of the two"
                )
            )
            continue
        entries[key] = Entry(key, value, key_place)
    return Table(tuple(entries.values()), place)


def _too_deep(place: Place) -> Finding:
    return finding("bad-value", "nesting this deep is not read here", place, cure="write it flat")


def _yaml_cure(lines_at_fault: list[str]) -> str:
    if any("\t" in line[: len(line) - len(line.lstrip())] for line in lines_at_fault):
        return "indent with spaces, not with tabs"
    return "put values that hold ': ' or begin with a sign into quotes"


# ----------------------------------------------------------------------------------------- TOML


def read_toml(text: str, file: str) -> Table:
    """Read a TOML file; raises Rejected with the line at fault."""
    top = Place(file=file, line=1)
    faults: list[Finding] = []
    try:
        values = tomllib.loads(text, parse_float=str)
        entries = _toml_entries(values, (), _toml_lines(text), top, faults)
    except RecursionError as error:
        raise Rejected(_too_deep(top)) from error
    except ValueError as error:
        told = re.search(r"at line (\d+)", str(error))
        last = text.rstrip("\n").count("\n") + 1
        raise Rejected(
            finding(
                "bad-value",
                f"this is not TOML: {error}",
                Place(file=file, line=int(told[1]) if told else last),
            )
        ) from error
    if faults:
        raise Rejected(*faults)
    return Table(entries, top)


_Path = tuple[str | int, ...]
# What can hold a line end or a bracket that ends no statement, then what can end one.
_TOML_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'  # up to two quotes may stand before the closing three
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'"
    r"|#[^\n]*"
    r"|[\[\]{}\n]",
    re.DOTALL,
)


def _toml_statements(text: str) -> Iterator[tuple[int, str]]:
    """Cut valid TOML into headers and `key = value`, each with its first line, from 1."""
    line, start, depth = 1, 0, 0
    for token in _TOML_TOKEN.finditer(text + "\n"):
        depth += (token[0] in ("[", "{")) - (token[0] in ("]", "}"))
        if token[0] == "\n" and depth == 0:
            statement = text[start : token.end()]
            yield line, statement
            line += statement.count("\n")
            start = token.end()


def _toml_lines(text: str) -> dict[_Path, int]:
    """The line of each key, by its path; what an inline value holds has its key's line."""
    lines: dict[_Path, int] = {}
    table: _Path = ()
    last_item: dict[_Path, int] = {}
    for number, statement in _toml_statements(text):
        # A statement of valid TOML is valid TOML: the parser that reads the values names the keys.
        said: Any = tomllib.loads(statement, parse_float=str)
        if not statement.lstrip().startswith("["):
            for key, value in said.items():
                _note_lines((*table, key), value, number, lines)
            continue
        table = ()
        while isinstance(said, dict) and said:
            name, said = next(iter(said.items()))
            table = (*table, name)
            lines.setdefault(table, number)
            if isinstance(said, list):
                last_item[table] = last_item.get(table, -1) + 1
            if table in last_item:
                table = (*table, last_item[table])
        lines[table] = number
    return lines


def _note_lines(path: _Path, value: Any, line: int, lines: dict[_Path, int]) -> None:
    """Note the first line on which each table of a dotted key is spoken of."""
    lines.setdefault(path, line)
    if isinstance(value, dict) and len(path) <= MOST_DEPTH:
        for key, inner in value.items():
            _note_lines((*path, key), inner, line, lines)


def _toml_entries(
    table: dict[str, Any], path: _Path, lines: dict[_Path, int], above: Place, faults: list[Finding]
) -> tuple[Entry, ...]:
    values = {key: _from_toml(table[key], (*path, key), lines, above, faults) for key in table}
    return tuple(Entry(key, value, value.place) for key, value in values.items())


def _from_toml(
    value: Any, path: _Path, lines: dict[_Path, int], above: Place, faults: list[Finding]
) -> Value:
    place = Place(file=above.file, line=lines.get(path, above.line))
    if len(path) > MOST_DEPTH:
        faults.append(_too_deep(place))
        return Written("", place)
    if isinstance(value, dict):
        return Table(_toml_entries(value, path, lines, place, faults), place)
    if isinstance(value, list):
        items = (
            _from_toml(inner, (*path, i), lines, place, faults) for i, inner in enumerate(value)
        )
        return Sequence(tuple(items), place)
    written = str(value).lower() if isinstance(value, bool) else str(value)
    return Written(written.strip(), place)


# ------------------------------------------------------------------------------ asking for values


_ALLOWED_CONTROLS = "\t\n"
# Characters that reorder or hide what stands beside them (Unicode TR 36, 2.5): in a name or an
# address they make paper say something else than the file.
_HIDDEN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff")


def _control_character(text: str) -> tuple[int, str] | None:
    for at, character in enumerate(text):
        if character < " " and character not in _ALLOWED_CONTROLS:
            return at, character
        if "\x7f" <= character <= "\x9f":
            return at, character
        # U+2028 and U+2029 end a line for YAML and for nobody else, and would shift those below.
        if "\ud800" <= character <= "\udfff" or character in "\u2028\u2029\ufffe\uffff":
            return at, character
    return None


def check_characters(text: str, place: Place) -> tuple[Finding, ...]:
    """Refuse control characters and marks that reorder or hide text; one finding a character."""
    faults = []
    seen: set[str] = set()
    for at, character in enumerate(text):
        control = _control_character(character) is not None or character in _HIDDEN
        if control and character not in seen:
            seen.add(character)
            name = unicodedata.name(character, "a control character")
            line = None if place.line is None else place.line + text.count("\n", 0, at)
            faults.append(
                finding(
                    "bad-value",
                    f"the text holds U+{ord(character):04X} ({name.lower()}), "
                    "which prints nothing and can change what the rest says",
                    Place(file=place.file, line=line),
                    cure="delete it",
                )
            )
    return tuple(faults)


class Fields:
    """The keys of one table, asked for by name; every fault is added to `faults`."""

    def __init__(self, table: Table, faults: list[Finding], *, where: str = "") -> None:
        self.table = table
        self.faults = faults
        self.where = f"{where}." if where else ""
        self._asked: list[str] = []

    def fault(self, code: str, message: str, place: Place, cure: str | None = None) -> None:
        self.faults.append(finding(code, message, place, cure=cure))

    def place(self, key: str) -> Place:
        value = self.table.get(key)
        return value.place if value else self.table.place

    def has(self, key: str) -> bool:
        return self.table.get(key) is not None

    def value(self, key: str) -> Value | None:
        self._asked.append(key)
        return self.table.get(key)

    def required(self, key: str, ask: Callable[[str], T]) -> T:
        """What `ask` gives for a key that must be there; a finding when it gives nothing."""
        told = len(self.faults)
        value = ask(key)
        if not value and len(self.faults) == told:
            missing = "empty" if self.has(key) else "missing"
            self.fault("missing-field", f"'{self.where}{key}' is {missing}", self.place(key))
        return value

    def text(self, key: str) -> str:
        """A text that must be there; '' after a finding."""
        return self.required(key, self.optional_text) or ""

    def optional_text(self, key: str) -> str | None:
        """A text; None when the key is absent or its value empty."""
        value = self.value(key)
        if value is None:
            return None
        if not isinstance(value, Written):
            self.fault("bad-value", f"'{self.where}{key}' must be one text", value.place)
            return None
        self.faults.extend(check_characters(value.text, value.place))
        return value.text or None

    def parsed(self, key: str, parse: Callable[[str], T], what: str) -> T | None:
        """A value that `parse` understands; ValueError from it becomes a finding."""
        text = self.optional_text(key)
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
        return self.parsed(key, parse_date, "a date such as 2027-12-31")

    def number(self, key: str) -> float | None:
        return self.parsed(key, parse_number, "a number")

    def whole(self, key: str) -> int | None:
        return self.parsed(key, parse_whole, "a whole number from 1")

    def choice(self, key: str, known: Iterable[str]) -> str | None:
        text = self.optional_text(key)
        names = tuple(known)
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
        return tuple(
            Fields(item, self.faults, where=f"{self.where}{key}")
            for item in self._items(key)
            if self._is_table(item, key)
        )

    def named_tables(self) -> tuple[tuple[str, Fields], ...]:
        """Every key of this table, each of which must hold a table."""
        return tuple(
            (entry.key, Fields(entry.value, self.faults, where=f"{self.where}{entry.key}"))
            for entry in self.table.entries
            if self._is_table(entry.value, entry.key)
        )

    def inner(self, key: str) -> Fields | None:
        """A table inside this one; None when absent."""
        value = self.value(key)
        if value is None or not self._is_table(value, key):
            return None
        return Fields(value, self.faults, where=f"{self.where}{key}")

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty when absent. One text alone is a list of one."""
        return tuple(scalar.text for scalar in self.scalars(key))

    def scalars(self, key: str) -> tuple[Written, ...]:
        """A list of texts with their places; empty ones are findings."""
        result = []
        for item in self._items(key):
            if not isinstance(item, Written):
                self.fault("bad-value", f"'{self.where}{key}' must be a list of texts", item.place)
            elif not item.text:
                self.fault("bad-value", f"'{self.where}{key}' holds an empty line", item.place)
            else:
                self.faults.extend(check_characters(item.text, item.place))
                result.append(item)
        return tuple(result)

    def done(self) -> None:
        """Say which keys nobody asked for, with the nearest right name."""
        for entry in self.table.entries:
            if entry.key not in self._asked:
                self.fault(
                    "unknown-field",
                    f"'{self.where}{entry.key}' is not known",
                    entry.place,
                    cure=did_you_mean(entry.key, self._asked),
                )

    def _items(self, key: str) -> tuple[Value, ...]:
        value = self.value(key)
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
