"""Numbered lines into the parts between the headings."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from actionpack.importing.lines import WRAPPED_MOST, Line, Notes, listed, tidy
from actionpack.source import nearest

_MOST_TITLE_LINES = 3


@dataclass(frozen=True, slots=True)
class Part:
    """The lines below a heading; `number` is the heading's line, None without a heading."""

    number: int | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    title: Line
    briefing: Part
    ask: Part
    letter: Part
    other: Part


_PART_NAMES = {"ask": "TAKE ACTION", "letter": "TEMPLATE LETTER"}


def cut(lines: tuple[Line, ...], notes: Notes) -> Parts:
    """Cut the lines at their headings; says which headings and whether the title are missing."""
    marks = _marks(lines)
    starts = sorted(marks.items(), key=lambda mark: mark[1])
    parts = {}
    for (kind, start), (_, end) in pairwise([*starts, ("", len(lines))]):
        inline = _heading_with_text(lines[start].text)
        first = (replace(lines[start], text=inline[1]),) if inline else ()
        parts[kind] = Part(lines[start].number, (*first, *lines[start + 1 : end]))
    for kind, name in _PART_NAMES.items():
        if kind not in parts:
            _say_no_heading(name, lines, notes)
    top = lines[: starts[0][1]] if starts else lines
    title, rest = _take_title(top, notes)
    none = Part(None, ())
    parts = {kind: _without_second_headings(kind, part, notes) for kind, part in parts.items()}
    return Parts(
        title=title,
        briefing=Part(title.number, rest),
        ask=parts.get("ask", none),
        letter=parts.get("letter", none),
        other=parts.get("other", none),
    )


def _marks(lines: tuple[Line, ...]) -> dict[str, int]:
    """The index of each heading; a line that holds nothing else goes before one with text."""
    whole: dict[str, int] = {}
    with_text: dict[str, int] = {}
    for index, line in enumerate(lines):
        kind = _headings().get(_heading_key(line.text))
        inline = _heading_with_text(line.text)
        if kind:
            whole.setdefault(kind, index)
        elif inline:
            with_text.setdefault(inline[0], index)
    return with_text | whole


@cache
def _headings() -> dict[str, str]:
    return {word: kind for kind in ("ask", "letter", "other") for word in listed("headings", kind)}


def _heading_key(text: str) -> str:
    if len(text) > WRAPPED_MOST:
        return ""
    return " ".join(re.sub(r"\s*/\s*", "/", text.casefold()).strip(" #*_:：.").split())


def _heading_with_text(text: str) -> tuple[str, str] | None:
    """The kind and the text of a line such as `Take action: write to the minister`."""
    head, colon, rest = text.partition(":")
    kind = _headings().get(_heading_key(head)) if colon else None
    return (kind, rest.strip()) if kind and re.search(r"\w", rest) else None


def _say_no_heading(name: str, lines: tuple[Line, ...], notes: Notes) -> None:
    cure = f"write '{name}' on a line of its own where that part begins"
    meant = next((line for line in lines if _may_mean(line.text, name)), None)
    if meant:
        cure += f"; '{meant.text}' may be meant"
    number = meant.number if meant else None
    notes.say("missing-section", number, f"there is no line '{name}'", cure)


def _may_mean(text: str, name: str) -> bool:
    alike = text[:1].casefold() == name[0].casefold() and abs(len(text) - len(name)) <= 3
    return alike and nearest(_heading_key(text), [name.casefold()]) is not None


def _without_second_headings(kind: str, part: Part, notes: Notes) -> Part:
    """Say where a heading comes again; below the last part such lines are headings too."""
    lines = []
    for line in part.lines:
        again = _headings().get(_heading_key(line.text))
        if again and kind == again == "other":
            continue
        if again:
            notes.say(
                "doubtful",
                line.number,
                f"the heading '{line.text}' comes a second time and is taken for text",
                "delete it, or make it a sub-heading that begins with '###'",
            )
        lines.append(line)
    return replace(part, lines=tuple(lines))


def _take_title(lines: tuple[Line, ...], notes: Notes) -> tuple[Line, tuple[Line, ...]]:
    """The first line, and those below it that go on in capitals; '' after a finding."""
    start = next((index for index, line in enumerate(lines) if line.text), None)
    if start is None:
        notes.say("missing-field", 1, "the text has no title", "write it as the first line")
        return Line(1, ""), lines
    end = start + 1
    if lines[start].text.isupper():
        while end < min(len(lines), start + _MOST_TITLE_LINES) and lines[end].text.isupper():
            end += 1
    title = replace(lines[start], text=" ".join(line.text for line in lines[start:end]))
    if end > start + 1:
        notes.say("repaired", title.number, f"the {end - start} lines of the title are joined")
    return replace(title, text=tidy(title, notes)), lines[end:]
