"""An imported action into the files of its folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from actionpack.importing.letter import Letter
from actionpack.importing.prose import Paragraph, Quote
from actionpack.markup import escaped

ACTION_FILE = "action.yaml"
NO_CODE = "none"
_NO_CREDIT = "# whom the text is from: nothing prints without"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """All that is written into the folder; a `credit` of '' is left for a person to write."""

    id: str
    issued: date
    country: str
    tag: str
    credit: str
    online: str | None
    title: str
    quote: Quote | None
    letter: Letter
    sections: tuple[tuple[str, tuple[Paragraph, ...]], ...]


def action_yaml(draft: Draft) -> str:
    online = _quoted(draft.online) if draft.online else NO_CODE
    lines = [
        "# What does not depend on language. What stands behind a '#' is a note and is not read.",
        f"id: {draft.id}  # the name of this folder",
        "edition: 1  # printed on the half that is kept; 2 after the first correction",
        f"issued: {draft.issued.isoformat()}  # the day of the import: correct it",
        "# act_by: YYYY-MM-DD  # the deadline: write the day and take away the first '#'",
        f"country: {draft.country}",
        f"source_language: {draft.tag}",
        f"credit: {_quoted(draft.credit) if draft.credit else _NO_CREDIT}",
        f"online: {online}  # the address of the online action; none: no code",
        "targets:",
    ]
    for target in draft.letter.targets:
        lines += [f"  - id: {target.id}", "    lines:  # as on the envelope, without the country"]
        lines += [f"      - {_quoted(line)}" for line in target.lines]
        lines += [f"    country: {target.country}"]
        lines += [f"    fax: {_quoted(target.fax)}"] if target.fax else []
        lines += [f"    email: {_quoted(target.email)}"] if target.email else []
    return "\n".join(lines) + "\n"


def text_md(draft: Draft) -> str:
    lines = ["---", f"title: {_quoted(draft.title)}"]
    if draft.quote:
        lines += ["quote:", f"  text: {_quoted(draft.quote.text)}"]
        lines += [f"  by: {_quoted(draft.quote.by)}"]
    lines += _salutation_lines(draft.letter)
    lines += [f"closing: {_quoted(draft.letter.closing)}", "status: source", "---"]
    for name, paragraphs in draft.sections:
        lines += [f"## {name}", "", *_markdown(paragraphs)]
    return "\n".join(lines)


def _salutation_lines(letter: Letter) -> list[str]:
    if len(letter.salutations) == 1:
        return [f"salutation: {_quoted(letter.salutations[0])}"]
    pairs = zip(letter.targets, letter.salutations, strict=True)
    return ["salutation:", *(f"  {target.id}: {_quoted(text)}" for target, text in pairs)]


def _markdown(paragraphs: tuple[Paragraph, ...]) -> Iterator[str]:
    """Paragraphs with an empty line after each; items of a list stand together."""
    for paragraph, after in pairwise([*paragraphs, None]):
        if paragraph is None:
            continue
        yield f"- {escaped(paragraph.text)}" if paragraph.mark else escaped(paragraph.text)
        if not (paragraph.mark and after and after.mark):
            yield ""


def _quoted(text: str) -> str:
    """Text as a double-quoted YAML scalar; control characters were refused before."""
    escaped_text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped_text}"'
