"""Source text into numbered lines without the faults that nobody can see."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from actionpack.diagnostics import Finding, Place, Rejected, finding, has_errors
from actionpack.source import Sequence, Table, Written, check_characters, read_toml
from actionpack.store import data_jail

# A longer line is no line of hard-wrapped text, which programs wrap at 60 to 80 columns.
WRAPPED_MOST = 100


class Notes:
    """The findings of one import, each with its line of the imported file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Finding] = []

    def say(self, code: str, line: int | None, message: str, cure: str | None = None) -> None:
        self.found.append(finding(code, message, Place(file=self.file, line=line), cure=cure))

    def in_order(self) -> tuple[Finding, ...]:
        """The findings by line; those of the whole file come last, and repairs made often once."""
        return _gathered(sorted(self.found, key=lambda found: found.place.line or 10**9))

    def stop_on_errors(self) -> None:
        if has_errors(self.found):
            raise Rejected(*self.in_order())


def _gathered(found: list[Finding]) -> tuple[Finding, ...]:
    """Findings with each repair once, at its first line, and how many times it was made."""
    repairs = Counter(one.message for one in found if one.code == "repaired")
    told: dict[tuple[str, str | int], Finding] = {}
    for index, one in enumerate(found):
        if one.code != "repaired":
            told["", index] = one
        elif repairs[one.message] == 1:
            told[one.message, ""] = one
        else:
            message = f"{one.message} ({repairs[one.message]} times)"
            told.setdefault((one.message, ""), replace(one, message=message))
    return tuple(told.values())


@cache
def _table() -> Table:
    jail = data_jail()
    return read_toml(jail.read_text("import-words.toml"), jail.label("import-words.toml"))


@cache
def listed(part: str, key: str) -> tuple[str, ...]:
    """A list of `data/import-words.toml`."""
    rows = _table().get(part)
    found = rows.get(key) if isinstance(rows, Table) else None
    items = found.items if isinstance(found, Sequence) else ()
    return tuple(item.text for item in items if isinstance(item, Written))


# Signs that end a line or a page in word processors: VT, FF, NEL, LS, PS.
_BREAKS = re.compile("[\v\f\x85\u2028\u2029]")


def check_signs(source: str, notes: Notes) -> None:
    """Refuse signs that print nothing, and say where a character was lost."""
    text = _BREAKS.sub(" ", _unix(source))
    notes.found += check_characters(text, Place(file=notes.file, line=1))
    if "\ufffd" in text:
        notes.say(
            "doubtful",
            text.count("\n", 0, text.index("\ufffd")) + 1,
            "a character was lost before the text came here (it holds U+FFFD)",
            "write the right character",
        )


def _unix(source: str) -> str:
    return source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True, slots=True)
class Line:
    """A line without the space around it; `indent` is how much stood before it."""

    number: int
    text: str
    indent: int = 0


_RULE = re.compile(r"[-=_*~#–—\s]{3,}")
BULLET = re.compile(r"([•●▪◦‣·*–-])\s+(?=\S)")


def read_lines(source: str, notes: Notes) -> tuple[Line, ...]:
    """Cut the text into lines, counted from 1 as an editor counts them."""
    lines = []
    indented = []
    for number, raw in enumerate(_unix(source).split("\n"), 1):
        for piece in _BREAKS.split(raw):
            text = piece.strip()
            indent = len(piece.expandtabs()) - len(piece.expandtabs().lstrip())
            if _RULE.fullmatch(text):
                notes.say("repaired", number, f"a rule of signs was left out: '{text[:20]}'")
                text = ""
            if text and indent and not BULLET.match(text):
                indented.append(number)
            lines.append(Line(number, text, indent))
        if _BREAKS.search(raw):
            notes.say("repaired", number, "a line or page break from a word processor ends a line")
    if indented:
        notes.say("repaired", indented[0], f"space before the text was left out {_at(indented)}")
    return tuple(lines)


def _at(numbers: list[int]) -> str:
    told = ", ".join(str(number) for number in dict.fromkeys(numbers))
    return f"in line {told}" if "," not in told else f"in the lines {told}"


def tidy(line: Line, notes: Notes) -> str:
    """The text of a line without stray tabs."""
    if "\t" in line.text:
        notes.say("repaired", line.number, "a tab became a space")
    return untabbed(line.text)


def untabbed(text: str) -> str:
    return re.sub(r"\s+", lambda space: " " if "\t" in space[0] else space[0], text)


def say_left_out(lines: Iterable[Line], why: str, notes: Notes) -> None:
    """Say which words of the text are not in the folder."""
    kept = [line for line in lines if line.text]
    if kept:
        quoted = " / ".join(line.text for line in kept)
        notes.say(
            "doubtful",
            kept[0].number,
            f"'{quoted}' {why} and was not taken over",
            "decide where it belongs",
        )
