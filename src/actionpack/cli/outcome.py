"""What a command has to say, in words or as one JSON object."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import click

from actionpack.diagnostics import Exit, Finding, has_errors, in_order

# So many rows are named that have the same fault.
_MOST_ROWS = 12


@dataclass(slots=True)
class Outcome:
    """What a command has to say, gathered while it runs and printed once at its end.

    `options` are those that the command has and was not given.
    """

    options: frozenset[str] = frozenset()
    as_json: bool = False
    project: str | None = None
    files: list[str] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    exit: Exit = Exit.DONE

    def note(self, text: str) -> None:
        """Say something to a person; `--json` keeps quiet."""
        self.notes.append(text)

    def told(self, found: Finding) -> Finding:
        """A finding as this command says it: with the option that settles it, if it has that."""
        if not found.is_error or found.option not in self.options:
            return found
        return replace(found, cure=f"{found.cure}, or pass {found.option}")

    def _all_told(self) -> Iterable[Finding]:
        """Every finding once: what is wrong in a text is found with each layout that prints it."""
        return dict.fromkeys(map(self.told, in_order(self.findings)))

    def code(self) -> Exit:
        if self.exit is Exit.DONE and has_errors(self.findings):
            return Exit.FINDINGS
        return self.exit

    def show(self) -> None:
        if self.as_json:
            click.echo(json.dumps(self.as_object(), ensure_ascii=False))
            return
        for found in _gathered(self._all_told()):
            _say(str(found))
        for note in self.notes:
            _say(note)
        for path in self.files:
            click.echo(path)

    def as_object(self) -> dict[str, Any]:
        return {
            "ok": self.code() is Exit.DONE,
            "files": self.files,
            "items": self.items,
            "findings": [
                {
                    "severity": found.severity,
                    "code": found.code,
                    "file": found.place.file,
                    "line": found.place.line,
                    "row": found.place.row,
                    "page": found.place.page,
                    "message": found.message,
                    "cure": found.cure,
                }
                for found in self._all_told()
            ],
        }


def _say(text: str) -> None:
    # Where nobody can be told, nobody is: the exit code and the paths on stdout are still to come.
    with suppress(OSError):
        click.echo(text, err=True)


def _gathered(findings: Iterable[Finding]) -> Iterator[Finding]:
    """What is wrong with many rows alike, as one finding that names the first of them."""
    alike: dict[Finding, list[int]] = {}
    for found in findings:
        rows = alike.setdefault(replace(found, place=replace(found.place, row=None)), [])
        rows += [found.place.row] if found.place.row is not None else []
    for found, rows in alike.items():
        if not rows:
            yield found
            continue
        more = ", ".join(map(str, rows[1:_MOST_ROWS])) + (", …" if len(rows) > _MOST_ROWS else "")
        told = f"{found.message} (and {len(rows) - 1} more: rows {more})" if more else found.message
        yield replace(found, message=told, place=replace(found.place, row=rows[0]))
