"""The fields at the top of a Markdown file, between two lines `---`, as an action has them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from actionpack.diagnostics import Rejected
from actionpack.importing.lines import Notes
from actionpack.source import Sequence, Table, Value, Written, did_you_mean, quoted, read_yaml

# The keys of `<tag>.md` and of `action.yaml` (docs/content.md) that an import takes as they are.
TEXT_KEYS = ("title", "summary", "quote", "salutation", "closing", "never_write_if", "safety_notes")
ACTION_KEYS = (
    "id",
    "reference",
    "edition",
    "issued",
    "embargo",
    "act_by",
    "stopped",
    "country",
    "source_language",
    "credit",
    "online",
    "people",
    "targets",
    "copies",
    "safety",
    "images",
)
# What other programs call the same.
_ALSO = {
    "lang": "source_language",
    "language": "source_language",
    "deadline": "act_by",
    "date": "issued",
    "source": "credit",
    "url": "online",
    "link": "online",
}
# What belongs to a translation, or is written by the program.
_NOT_TAKEN = ("status", "reviewer", "made_from")


@dataclass(frozen=True, slots=True)
class Front:
    """Fields by key, in the order of the file."""

    values: tuple[tuple[str, Value], ...] = ()

    def value(self, key: str) -> Value | None:
        return next((value for name, value in self.values if name == key), None)

    def text(self, key: str) -> str:
        """A field that is one text; '' when there is none."""
        value = self.value(key)
        return value.text if isinstance(value, Written) else ""

    def line(self, key: str) -> int | None:
        value = self.value(key)
        return value.place.line if value else None


NO_FRONT = Front()


def take_front(source: str, file: str, notes: Notes) -> tuple[Front, str]:
    """The fields at the top, and the text with empty lines where they stood.

    `NO_FRONT` when the text does not begin with fields. Raises Rejected when they are not YAML.
    """
    lines = source.split("\n")
    if lines[0].rstrip() != "---":
        return NO_FRONT, source
    ends = (i for i, line in enumerate(lines) if i and line.rstrip() in ("---", "..."))
    end = next(ends, None)
    if end is None or not re.match(r"[A-Za-z_]+\s*:(\s|$)", _first_filled(lines[1:end])):
        return NO_FRONT, source
    try:
        table = read_yaml("\n".join(lines[1:end]), file, first_line=2)
    except Rejected:
        mended = [_with_quotes(line) for line in lines[1:end]]
        table = read_yaml("\n".join(mended), file, first_line=2)
        for number, (line, new) in enumerate(zip(lines[1:end], mended, strict=True), 2):
            if line != new:
                notes.say("repaired", number, f"quotation marks were put around '{line}'")
    rest = "\n".join([*[""] * (end + 1), *lines[end + 1 :]])
    return _known(table, notes), rest


def _with_quotes(line: str) -> str:
    """A field such as `title: China: families`, which is YAML in quotation marks alone."""
    field = re.fullmatch(r"([A-Za-z_]+):\s+([^\s'\"\[{|>#&*!].*:(?:\s.*)?)", line)
    return f"{field[1]}: {quoted(field[2].rstrip())}" if field else line


def _first_filled(lines: list[str]) -> str:
    return next((line for line in lines if line.strip() and not line.startswith("#")), "")


def _known(table: Table, notes: Notes) -> Front:
    values: list[tuple[str, Value]] = []
    for entry in table.entries:
        key = _ALSO.get(entry.key.lower(), entry.key)
        told = " / ".join(texts_in(entry.value))
        if key in (*TEXT_KEYS, *ACTION_KEYS):
            if told:
                values.append((key, entry.value))
        elif key in _NOT_TAKEN:
            if told not in ("", "source"):
                notes.say(
                    "doubtful",
                    entry.place.line,
                    f"'{entry.key}: {told}' belongs to a translation and was not taken over",
                    "write it into the new file if it still holds",
                )
        else:
            notes.say(
                "doubtful",
                entry.place.line,
                f"'{entry.key}: {told}' is no field of an action and was not taken over",
                did_you_mean(entry.key, (*TEXT_KEYS, *ACTION_KEYS)),
            )
    return Front(tuple(values)) if values else Front((("", Written("", table.place)),))


def texts_in(value: Value) -> list[str]:
    """Every text that a value holds."""
    if isinstance(value, Written):
        return [value.text] if value.text else []
    if isinstance(value, Sequence):
        return [text for item in value.items for text in texts_in(item)]
    return [text for entry in value.entries for text in texts_in(entry.value)]


def yaml_lines(key: str, value: Value, indent: str = "") -> list[str]:
    """A field as YAML that reads back as the same value."""
    name = key if re.fullmatch(r"[A-Za-z][\w-]*", key) else quoted(key)
    if isinstance(value, Table) and value.entries:
        inner = (yaml_lines(entry.key, entry.value, f"{indent}  ") for entry in value.entries)
        return [f"{indent}{name}:", *(line for lines in inner for line in lines)]
    return [f"{indent}{name}: {_flow(value)}"]


def _flow(value: Value) -> str:
    if isinstance(value, Written):
        return quoted(value.text)
    if isinstance(value, Sequence):
        return "[" + ", ".join(_flow(item) for item in value.items) + "]"
    pairs = (f"{quoted(entry.key)}: {_flow(entry.value)}" for entry in value.entries)
    return "{" + ", ".join(pairs) + "}"
