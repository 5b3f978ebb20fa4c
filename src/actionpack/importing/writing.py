"""An imported action into the files of its folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from actionpack.importing.front import (
    ACTION_KEYS,
    TEXT_KEYS,
    Front,
    texts_in,
    yaml_lines,
)
from actionpack.importing.letter import Letter
from actionpack.importing.lines import Notes
from actionpack.importing.prose import Paragraph, Quote
from actionpack.importing.styles import marked
from actionpack.source import quoted

ACTION_FILE = "action.yaml"
NO_CODE = "none"
_NO_CREDIT = "# whom the text is from: nothing prints without"
# How deep lists may stand in lists in an action (docs/content.md), from 1.
_MOST_LISTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """All that is written into the folder; a `credit` of '' is left for a person to write.

    What `front` says goes before what the text says.
    """

    id: str
    issued: date
    act_by: date | None
    country: str
    tag: str
    credit: str
    online: str | None
    title: str
    quote: Quote | None
    letter: Letter
    sections: tuple[tuple[str, tuple[Paragraph, ...]], ...]
    front: Front

    def words(self) -> Iterator[str]:
        """Every text that is written, plain."""
        for _, value in self.front.values:
            yield from texts_in(value)
        yield from (self.credit, self.title, self.letter.closing, *self.letter.salutations)
        if self.quote:
            yield from (self.quote.text, self.quote.by)
        for target in self.letter.targets:
            yield from (*target.lines, target.fax, target.email)
        for _, paragraphs in self.sections:
            yield from (f"{paragraph.mark} {paragraph.text}" for paragraph in paragraphs)


def action_yaml(draft: Draft) -> str:
    online = quoted(draft.online) if draft.online else NO_CODE
    act_by = "# act_by: YYYY-MM-DD  # the deadline: write the day and take away the first '#'"
    if draft.act_by:
        act_by = f"act_by: {draft.act_by.isoformat()}  # the deadline: no build after this day"
    said: dict[str, list[str]] = {
        "edition": ["edition: 1  # printed on the half that is kept; 2 after the first correction"],
        "issued": [f"issued: {draft.issued.isoformat()}  # the day of the import: correct it"],
        "act_by": [act_by],
        "country": [f"country: {draft.country}"],
        "source_language": [f"source_language: {draft.tag}"],
        "credit": [f"credit: {quoted(draft.credit) if draft.credit else _NO_CREDIT}"],
        "online": [f"online: {online}  # the address of the online action; none: no code"],
        "targets": list(_target_lines(draft.letter)),
    }
    own = {
        key: yaml_lines(key, value)
        for key, value in draft.front.values
        if key in ACTION_KEYS and key not in ("id", "online", "source_language")
    }
    lines = [
        "# What does not depend on language. What stands behind a '#' is a note and is not read.",
        f"id: {draft.id}  # the name of this folder",
    ]
    for written in {**said, **own}.values():
        lines += written
    return "\n".join(lines) + "\n"


def _target_lines(letter: Letter) -> Iterator[str]:
    yield "targets:"
    for target in letter.targets:
        yield from (f"  - id: {target.id}", "    lines:  # as on the envelope, without the country")
        yield from (f"      - {quoted(line)}" for line in target.lines)
        yield f"    country: {target.country}"
        if target.fax:
            yield f"    fax: {quoted(target.fax)}"
        if target.email:
            yield f"    email: {quoted(target.email)}"


def text_md(draft: Draft, notes: Notes) -> str:
    said: dict[str, list[str]] = {"title": [f"title: {quoted(draft.title)}"]}
    if draft.quote:
        by = [f"  by: {quoted(draft.quote.by)}"] if draft.quote.by else []
        said["quote"] = ["quote:", f"  text: {quoted(draft.quote.text)}", *by]
    if draft.letter.salutations:
        said["salutation"] = _salutation_lines(draft.letter)
    if draft.letter.closing:
        said["closing"] = [f"closing: {quoted(draft.letter.closing)}"]
    own = {key: yaml_lines(key, value) for key, value in draft.front.values if key in TEXT_KEYS}
    lines = ["---"]
    for written in {**said, **own}.values():
        lines += written
    lines += ["status: source", "---"]
    for name, paragraphs in draft.sections:
        lines += [f"## {name}", "", *_markdown(paragraphs, notes)]
    return "\n".join(lines)


def _salutation_lines(letter: Letter) -> list[str]:
    if len(letter.salutations) == 1:
        return [f"salutation: {quoted(letter.salutations[0])}"]
    pairs = zip(letter.targets, letter.salutations, strict=True)
    return ["salutation:", *(f"  {target.id}: {quoted(text)}" for target, text in pairs)]


class _Lists:
    """The lists that are open where a paragraph is written: how far their items are set in."""

    def __init__(self) -> None:
        self.widths: list[int] = []
        self.numbers: list[int | None] = []
        self.signs: list[str] = []
        # Below a line of text only a list that begins with 1 is read as one.
        self.needs_gap = False

    def close(self) -> None:
        self.widths, self.numbers, self.signs = [], [], []

    def item(self, mark: str, depth: int) -> tuple[str, str]:
        """The space before an item, and its mark."""
        depth = min(depth, len(self.widths), _MOST_LISTS - 1)
        number = int(mark[:-1]) if re.fullmatch(r"\d+\.", mark) else None
        last = self.numbers[depth] if depth < len(self.numbers) else None
        sign = self.signs[depth] if depth < len(self.signs) else "."
        if number is not None and last is not None and number != last + 1:
            sign = ")" if sign == "." else "."  # another sign begins another list
        for open_lists in (self.widths, self.numbers, self.signs):
            del open_lists[depth:]
        self.needs_gap = depth > 0 and last is None and number not in (None, 1)
        written = "- " if number is None else f"{number}{sign} "
        before = " " * sum(self.widths)
        self.widths.append(len(written))
        self.numbers.append(number)
        self.signs.append(sign)
        return before, written


def _markdown(paragraphs: tuple[Paragraph, ...], notes: Notes) -> Iterator[str]:
    """Paragraphs with an empty line after each; items of a list stand together."""
    lists = _Lists()
    for paragraph, after in pairwise([*paragraphs, None]):
        if paragraph is None:
            continue
        if paragraph.depth >= _MOST_LISTS and paragraph.mark != "#":
            notes.say(
                "doubtful",
                paragraph.number,
                f"a list more than {_MOST_LISTS} lists deep was made flat there",
                "look at it",
            )
        heading = paragraph.mark == "#"
        text = paragraph.text.replace("\n", " ") if heading else paragraph.text
        # A heading is bold already.
        bare = (replace(style, strong=False) for style in paragraph.styles)
        styles = tuple(bare) if heading else paragraph.styles
        written, whole = marked(text, styles)
        if not whole:
            _say_plain(paragraph, notes)
        if heading:
            lists.close()
            yield "### " + re.sub(r"#+$", lambda signs: "\\#" * len(signs[0]), written)
        elif paragraph.mark:
            before, mark = lists.item(paragraph.mark, paragraph.depth)
            if lists.needs_gap:
                yield ""
            yield before + mark + written.replace("\n", "\n" + " " * (len(before) + len(mark)))
        else:
            lists.close()
            yield written
        if not (paragraph.mark and after and after.mark and not heading and after.mark != "#"):
            yield ""


def _say_plain(paragraph: Paragraph, notes: Notes) -> None:
    set_so = [paragraph.text[s.start : s.end] for s in paragraph.styles if s.strong or s.emphasis]
    if set_so:
        notes.say(
            "doubtful",
            paragraph.number,
            f"'{set_so[0]}' was set apart, which cannot be kept there",
            "write '*' or '**' around it if it matters",
        )
