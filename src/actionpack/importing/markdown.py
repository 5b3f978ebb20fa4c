"""Markdown into lines (gate: markdown-it): CommonMark and its tables; HTML is text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from actionpack.importing.blocks import (
    Piece,
    paragraph_lines,
    say_dead_links,
    say_html,
    say_picture,
    table_lines,
)
from actionpack.importing.lines import Joint, Line, Notes
from actionpack.markup import Run, number_items

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# Deeper than this, markdown-it drops text; nobody writes lists in lists in lists to the hundredth.
_MOST_NESTING = 100


@dataclass(slots=True)
class _List:
    """A list that is being read; `number` is that of the item at hand, none for bullets."""

    number: str = ""
    fresh: bool = True

    @property
    def mark(self) -> str:
        return f"{self.number}." if self.number else "-"


def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": _MOST_NESTING})
    # Every link is read as one, so that those that lead nowhere can be said.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return parser.enable(["table", "strikethrough"])


def read_markdown(source: str, notes: Notes) -> tuple[Line, ...]:
    """Turn Markdown into lines; what has no place in an action is said."""
    # "[^1]" is a footnote in some dialects, and would be a link here.
    plain = re.sub(r"(?<!\\)\[\^", r"\\[^", source)
    env: dict[str, dict[str, dict[str, str]]] = {}
    tokens = number_items(_parser().parse(plain, env))
    deep = next((token for token in tokens if token.level >= _MOST_NESTING - 10), None)
    if deep:
        number = (deep.map or [0])[0] + 1
        notes.say("bad-value", number, "lists or quotes are nested too deep", "write them flat")
        notes.stop_on_errors()
    lines = tuple(_lines(tokens, notes))
    say_dead_links(lines, notes)
    inner = (child for token in tokens for child in token.children or [])
    pictures = {str(child.attrGet("src") or "") for child in inner if child.type == "image"}
    _say_unused(env.get("references", {}), lines, pictures, notes)
    return lines


_COMMENT = re.compile(r"<!--(.*?)-->|%%(.+?)%%", re.DOTALL)
# What is certain in dialects of Markdown, and what it becomes.
_DIALECTS = (
    (
        re.compile(r"^(#{1,6}[ \t].*?)[ \t]*\{#[^{}]*\}[ \t]*$", re.MULTILINE),
        r"\1",
        "a name for links was left out of a heading",
    ),
    (
        re.compile(r"^([ \t]*(?:[-*+]|\d+[.)])[ \t]+)\[[ xX]\][ \t]+", re.MULTILINE),
        r"\1",
        "a box to tick was left out",
    ),
    (
        re.compile(r"^([ \t]*>[ \t]*)\[!\w+\][+-]?[ \t]*", re.MULTILINE),
        r"\1",
        "a mark of a note was left out",
    ),
    (
        re.compile(r"!?\[\[[^\[\]|\n]*\|([^\[\]|\n]+)\]\]"),
        r"\1",
        "a link to another note became its words",
    ),
    (re.compile(r"!?\[\[([^\[\]|\n]+)\]\]"), r"\1", "a link to another note became its words"),
    (re.compile(r"\^\[([^\[\]\n]+)\]"), r" [\1]", "a note stands in brackets in the text"),
    (
        re.compile(r"==(?=\S)([^=\n]+?)(?<=\S)=="),
        r"\1",
        "words that were marked with a pen are plain",
    ),
)


def without_dialect(source: str, notes: Notes) -> str:
    """Markdown without comments, and without what GitHub, Google and Obsidian add to it."""

    def comment(found: re.Match[str]) -> str:
        text = " ".join((found[1] or found[2] or "").split())
        if text:
            notes.say(
                "doubtful",
                source.count("\n", 0, found.start()) + 1,
                f"'{text}' is a comment and was not taken over",
                "settle it",
            )
        return re.sub(r"[^\n]+", "", found[0])

    plain = _COMMENT.sub(comment, source)
    for pattern, becomes, what in _DIALECTS:
        for found in pattern.finditer(plain):
            notes.say("repaired", plain.count("\n", 0, found.start()) + 1, what)
        plain = pattern.sub(becomes, plain)
    return plain


def _say_unused(
    references: dict[str, dict[str, str]],
    lines: tuple[Line, ...],
    pictures: set[str],
    notes: Notes,
) -> None:
    used = {style.href for line in lines for style in line.styles} | pictures
    for name, reference in references.items():
        href = reference.get("href", "")
        if href not in used:
            title = reference.get("title", "")
            notes.say(
                "doubtful",
                None,
                f"the address '{href}' of '{name}' is used nowhere and was not taken over"
                + (f" ('{title}')" if title else ""),
                "write it where it belongs",
            )


def _lines(tokens: list[Token], notes: Notes) -> Iterator[Line]:
    lists: list[_List] = []
    quotes = heading = 0
    waiting = iter(tokens)
    for token in waiting:
        number = (token.map or [0])[0] + 1
        if token.level == 0 and token.nesting >= 0:
            yield Line(number, "")
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(_List())
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "list_item_open":
            lists[-1].fresh = True
            lists[-1].number = token.info
        elif token.type in ("blockquote_open", "blockquote_close"):
            quotes += token.nesting
        elif token.type == "heading_open":
            heading = int(token.tag[1])
        elif token.type == "inline":
            pieces = tuple(_pieces(token, number, notes))
            yield from _block(pieces, lists, quotes, heading, notes)
            heading = 0
        elif token.type in ("code_block", "fence"):
            yield from _block(_code(token, number, notes), lists, quotes, 0, notes)
        elif token.type == "hr":
            told = token.markup[:3]
            notes.say("repaired", number, f"a rule of signs was left out: '{told}'")
        elif token.type == "table_open":
            yield from table_lines(_rows(waiting, number, notes), number, notes)


def _block(
    pieces: tuple[Piece, ...], lists: list[_List], quotes: int, heading: int, notes: Notes
) -> Iterator[Line]:
    if heading:
        yield from paragraph_lines(pieces, notes, mark="#", depth=heading)
    elif lists and lists[-1].fresh:
        lists[-1].fresh = False
        mark = lists[-1].mark
        yield from paragraph_lines(pieces, notes, mark=mark, depth=len(lists) - 1)
    elif lists:
        # A second paragraph of an item goes on below a line break.
        below = (replace(piece, joint="hard") for piece in pieces[:1])
        yield from paragraph_lines(
            (*below, *pieces[1:]), notes, mark=lists[-1].mark, depth=len(lists) - 1
        )
    else:
        yield from paragraph_lines(pieces, notes, mark=">" if quotes else "")


def _code(token: Token, number: int, notes: Notes) -> tuple[Piece, ...]:
    """What is indented or fenced, as the lines that it is."""
    if token.info.strip():
        notes.say("repaired", number, f"'{token.info.strip()}' names a kind of code; left out")
    first = number + (token.type == "fence")
    lines = token.content.rstrip("\n").split("\n")
    return tuple(
        Piece(first + index, "hard" if index else "new", (Run(line),))
        for index, line in enumerate(lines)
    )


def _rows(
    tokens: Iterator[Token], number: int, notes: Notes
) -> Iterator[tuple[int, list[tuple[Run, ...]]]]:
    cells: list[tuple[Run, ...]] = []
    for token in tokens:
        if token.type == "table_close":
            return
        if token.type == "tr_open":
            number, cells = (token.map or [number - 1])[0] + 1, []
        elif token.type == "inline":
            pieces = tuple(_pieces(token, number, notes))
            spaced = [run for piece in pieces for run in (*piece.runs, Run(" "))]
            cells.append(tuple(spaced[:-1]))
        elif token.type == "tr_close":
            yield number, cells


def _pieces(inline: Token, number: int, notes: Notes) -> Iterator[Piece]:
    """The lines of a paragraph."""
    say_html(inline.content, number, notes)
    strong = emphasis = 0
    href: str | None = None
    title = ""
    joint: Joint = "new"
    runs: list[Run] = []
    before = 0
    for token in inline.children or []:
        kind = token.type
        if kind in ("softbreak", "hardbreak"):
            yield Piece(number, joint, tuple(runs))
            number, runs = number + 1, []
            joint = "soft" if kind == "softbreak" else "hard"
        elif kind in ("strong_open", "strong_close"):
            strong += token.nesting
        elif kind in ("em_open", "em_close"):
            emphasis += token.nesting
        elif kind == "s_open":
            notes.say(
                "doubtful",
                number,
                "words that are struck through print as they stand",
                "delete them",
            )
        elif kind == "link_open":
            href, title = str(token.attrGet("href") or ""), str(token.attrGet("title") or "")
            before = len(runs)
        elif kind == "link_close":
            if len(runs) == before and href:
                runs.append(Run(href, href=href))  # a link without words prints its address
            runs += [Run(f" ({title})")] if title else []
            href, title = None, ""
        elif kind == "image":
            say_picture(str(token.attrGet("src") or ""), token.content, number, notes)
        elif kind in ("text", "code_inline"):
            first, *more = re.split(r"<br\s*/?>", token.content)
            runs.append(Run(first, strong > 0, emphasis > 0, href))
            for text in more:
                yield Piece(number, joint, tuple(runs))
                joint, runs = "hard", [Run(text, strong > 0, emphasis > 0, href)]
    yield Piece(number, joint, tuple(runs))
