"""TOML into values that know their file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from actionpack.diagnostics import Finding, Place, Rejected, finding
from actionpack.source.values import (
    MOST_DEPTH,
    Entry,
    Sequence,
    Table,
    Value,
    Written,
    too_deep,
)


def read_toml(text: str, file: str) -> Table:
    """Read a TOML file; raises Rejected with the line at fault."""
    top = Place(file=file, line=1)
    faults: list[Finding] = []
    try:
        values = tomllib.loads(text, parse_float=str)
        entries = _toml_entries(values, (), _toml_lines(text), top, faults)
    except RecursionError as error:
        raise Rejected(too_deep(top)) from error
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

# A comment, an empty line, or a bare key with a value that is no table; the key is the group.
_SIMPLE = re.compile(r"\s*(?:#|$|([A-Za-z0-9_-]+)[ \t]*=[ \t]*[^{ \t])")


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
        # The short way, which most lines go.
        if simple := _SIMPLE.match(statement):
            if simple[1]:
                lines.setdefault((*table, simple[1]), number)
            continue
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
        faults.append(too_deep(place))
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
