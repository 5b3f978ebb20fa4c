"""What a paragraph of a file with paragraphs, Markdown or .docx, becomes: lines of text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from actionpack.importing.lines import RULE, Joint, Line, Notes
from actionpack.importing.styles import from_runs, leads_somewhere
from actionpack.markup import Run


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of a paragraph, and how it goes on from the one above it."""

    number: int
    joint: Joint
    runs: tuple[Run, ...]


def paragraph_lines(
    pieces: Iterable[Piece], notes: Notes, *, mark: str = "", depth: int = 0
) -> Iterator[Line]:
    """The lines of a paragraph; nothing when it holds no text."""
    first = True
    hard = False
    for piece in pieces:
        text, styles = from_runs(piece.runs)
        hard = hard or piece.joint == "hard"
        line = Line(piece.number, text, mark=mark, depth=depth, styles=styles).part(0)
        if not line.text:
            continue
        if RULE.fullmatch(line.text):
            notes.say("repaired", line.number, f"a rule of signs was left out: '{line.text[:20]}'")
            continue
        joint: Joint = piece.joint if piece.joint == "new" else "hard" if hard else piece.joint
        yield Line(
            line.number,
            line.text,
            joint="new" if first and joint == "soft" else joint,
            mark=mark,
            depth=depth,
            styles=line.styles,
        )
        first = hard = False


def table_lines(
    rows: Iterable[tuple[int, list[tuple[Run, ...]]]], number: int, notes: Notes
) -> Iterator[Line]:
    """A table as lines, one for each row, with a bar between the cells."""
    found = False
    for row_number, cells in rows:
        runs: list[Run] = []
        for cell in cells:
            if "".join(run.text for run in cell).strip():
                runs += [*([Run(" | ")] if runs else []), *cell]
        for line in paragraph_lines([Piece(row_number, "new", tuple(runs))], notes):
            found = True
            yield line
    if found:
        notes.say(
            "doubtful",
            number,
            "a table became lines of text, one for each row",
            "write it as sentences or as a list",
        )


# Neither a line break nor a link such as <https://…> or <name@…> is meant as a tag.
_TAG = re.compile(r"(?!<br\s*/?>)(?!<[A-Za-z][\w.+-]*(?::|@))</?[A-Za-z][^<>\n]*>|<!--")


def say_html(text: str, number: int, notes: Notes) -> None:
    """Say where tags of HTML stand, which print as they were typed."""
    for tag in dict.fromkeys(_TAG.findall(text)):
        notes.say(
            "doubtful",
            number,
            f"'{tag[:40]}' is HTML and prints as it stands",
            "delete it, or write it as Markdown",
        )


def say_picture(source: str, alt: str, number: int, notes: Notes) -> None:
    named = " ".join(
        part for part in (f"'{source}'" if source else "", f"'{alt}'" if alt else "") if part
    )
    notes.say(
        "doubtful",
        number,
        f"the picture {named} was not taken over".replace("  ", " "),
        "put its file into the action's folder, and name it under 'images'",
    )


def say_dead_links(lines: Iterable[Line], notes: Notes) -> None:
    """Say which links lead nowhere from paper; their words stay."""
    for line in lines:
        for style in line.styles:
            if style.href and not leads_somewhere(style.href):
                words = line.text[style.start : style.end]
                notes.say(
                    "doubtful",
                    line.number,
                    f"the link behind '{words}' leads to '{style.href}', which is nowhere on paper",
                    "the words stay; write a full address, such as https://…, if there is one",
                )
