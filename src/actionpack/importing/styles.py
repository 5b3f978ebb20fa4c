"""What is set apart in a line of text: bold, emphasis and links, as spans over its letters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from actionpack.markup import Block, Run, escaped, read_markup


@dataclass(frozen=True, slots=True)
class Style:
    """How the letters from `start` to before `end` are set; they count from 0."""

    start: int
    end: int
    strong: bool = False
    emphasis: bool = False
    href: str = ""


Styles = tuple[Style, ...]
# What stands from `start` to before `end` becomes the text.
Edit = tuple[int, int, str]


def sliced(styles: Styles, start: int, end: int) -> Styles:
    """The styles of a part of a text, counted from the part's own beginning."""
    return tuple(
        replace(style, start=max(style.start, start) - start, end=min(style.end, end) - start)
        for style in styles
        if style.start < end and style.end > start
    )


def shifted(styles: Styles, by: int) -> Styles:
    return tuple(replace(style, start=style.start + by, end=style.end + by) for style in styles)


def edited(text: str, styles: Styles, edits: Iterable[Edit]) -> tuple[str, Styles]:
    """A text after edits, in order and apart from each other, with its styles in their place."""
    pieces: list[str] = []
    at = 0
    moves: list[Edit] = []
    for start, end, new in edits:
        pieces += [text[at:start], new]
        at = end
        moves.append((start, end, new))
    pieces.append(text[at:])
    moved = (
        replace(style, start=_moved(style.start, moves), end=_moved(style.end, moves))
        for style in styles
    )
    return "".join(pieces), tuple(style for style in moved if style.start < style.end)


def _moved(position: int, edits: list[Edit]) -> int:
    by = 0
    for start, end, new in edits:
        if end <= position:
            by += len(new) - (end - start)
        elif start < position:
            by += min(len(new), position - start) - (position - start)
    return position + by


def spaces_put_in(text: str, spaced: str) -> Iterator[Edit]:
    """The edits that made `spaced` out of `text` by nothing but putting spaces in."""
    at = 0
    for letter in spaced:
        if at < len(text) and text[at] == letter:
            at += 1
        else:
            yield at, at, letter


def from_runs(runs: Iterable[Run]) -> tuple[str, Styles]:
    """Runs as one text and its styles."""
    text = ""
    styles: list[Style] = []
    for run in runs:
        end = len(text) + len(run.text)
        if run.strong or run.emphasis or run.href:
            styles.append(Style(len(text), end, run.strong, run.emphasis, run.href or ""))
        text += run.text
    return text, tuple(styles)


# Where a link may lead to on paper: what `content` takes.
_ON_PAPER = re.compile(r"(https?://|mailto:)\S+", re.IGNORECASE)


def leads_somewhere(href: str) -> bool:
    return bool(_ON_PAPER.fullmatch(href)) and not re.search(r"[<>\\\n]", href)


def marked(text: str, styles: Styles) -> tuple[str, bool]:
    """A text as the Markdown of an action that prints just that, and whether all styles are kept.

    Emphasis in the midst of words and signs cannot always be written in Markdown; then it goes,
    links last. A `\\n` in the text is a line break that stays.
    """
    if not styles:
        return _broken(escaped(text)), True
    links = tuple(
        replace(style, strong=False, emphasis=False)
        for style in styles
        if leads_somewhere(style.href)
    )
    known = tuple(
        replace(style, href=style.href if leads_somewhere(style.href) else "") for style in styles
    )
    for kept in (known, links):
        runs = _runs(text, kept)
        written = _broken(_wrapped(runs, ("href", "strong", "emphasis"), runs[0]))
        if _means(written, text, kept):
            return written, kept == known
    return _broken(escaped(text)), False


def _broken(markdown: str) -> str:
    return markdown.replace("\n", "\\\n")


def _runs(text: str, styles: Styles) -> list[Run]:
    """The text cut wherever its style changes."""
    edges = sorted({0, len(text), *(s.start for s in styles), *(s.end for s in styles)})
    runs = []
    for start, end in pairwise(edges):
        over = [style for style in styles if style.start <= start and style.end >= end]
        runs.append(
            Run(
                text[start:end],
                strong=any(style.strong for style in over),
                emphasis=any(style.emphasis for style in over),
                href=next((style.href for style in over if style.href), None),
            )
        )
    return runs


_MARKS = {"strong": "**", "emphasis": "*"}


def _wrapped(runs: list[Run], keys: tuple[str, ...], first: Run) -> str:
    """Runs as Markdown, the first key outermost; space at an edge stands outside the marks.

    `first` is the one that begins the paragraph.
    """
    if not keys:
        text = "".join(run.text for run in runs)
        # What begins a list or a heading at the start of a line does not elsewhere.
        return escaped(text) if runs[0] is first else escaped(f"a{text}")[1:]
    key, *inner = keys
    out = []
    for value, group in groupby(runs, key=lambda run: getattr(run, key)):
        written = _wrapped(list(group), tuple(inner), first)
        body = written.strip()
        if not value or not body:
            out.append(written)
            continue
        before, _, after = written.partition(body)
        mark = _MARKS.get(key)
        out.append(f"{before}{mark}{body}{mark}" if mark else f"{before}[{body}]({_target(value)})")
        out.append(after)
    return "".join(out)


def _target(href: str) -> str:
    return f"<{href}>" if re.search(r"[()]", href) else href


def _means(markdown: str, text: str, styles: Styles) -> bool:
    """Whether Markdown reads back as one paragraph with these words and these links."""
    blocks = read_markup(markdown)
    if len(blocks) != 1 or blocks[0].kind != "paragraph":
        return False
    (block,) = blocks
    said = "".join(run.text for run in block.runs)
    links = {style.href for style in styles if style.href and text[style.start : style.end].strip()}
    return _squeezed(said) == _squeezed(text) and _links(block) == links


def _links(block: Block) -> set[str]:
    return {run.href for run in block.runs if run.href is not None}


def _squeezed(text: str) -> str:
    return "".join(text.split())
