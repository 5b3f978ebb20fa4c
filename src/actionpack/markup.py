"""The little Markdown that actions are written in, as frozen blocks (gate: markdown-it).

Paragraphs, emphasis, lists, links and sub-headings; everything else prints as it was typed, raw
HTML, entities and braces too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Literal, NewType

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# CommonMark rules that are kept; the names are markdown-it's own. "hr" is there to be undone: a
# line "* * *" would otherwise be a list of lists of nothing.
_BLOCKS = ["heading", "hr", "list", "paragraph"]
_INLINES = ["newline", "escape", "emphasis", "link", "balance_pairs"]
# A line that begins as a heading, a bullet, a rule or a number does, up to the mark.
_BLOCK_MARK = re.compile(r"\s*(?=##|#(?:\s|$)|[-+](?:\s|$)|-[-\s]*$)|\s*\d+(?=[.)](?:\s|$))")
# Numbers that begin no list, up to their dot: one behind the mark of an item is a date, as in
# "- 12. März", unless another begins the next line of the item; and one of four digits is a year,
# as in "2026. január".
_DATE = re.compile(
    r"^([ \t]*(?:(?:(?:[-+*][ \t]+)+|\d{1,2}[.)][ \t]+)\d+|\d{4,}))(?=[.)](?:[ \t]|$))"
    r"(?![^\n]*\n[ \t]+\d+[.)][ \t])",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style.

    `href`: where it links to; `breaks`: a line ends after it; `added`: it is not in the source
    but was added for print.
    """

    text: str
    strong: bool = False
    emphasis: bool = False
    href: str | None = None
    breaks: bool = False
    added: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a sub-heading or a list. `line` counts from 1 within the source.

    `numbers`: those of the items, where they have some.
    """

    kind: Literal["paragraph", "heading", "bullets", "numbers"]
    runs: tuple[Run, ...] = ()
    items: tuple[tuple[Block, ...], ...] = ()
    numbers: tuple[int, ...] = ()
    line: int = 1


@dataclass(frozen=True, slots=True)
class Segment:
    """What is translated as one: a paragraph, a sub-heading, or an item of a list and all in it.

    `text` is its Markdown, set in no further than needed and without the line ends that mean
    nothing. It takes the lines of the source from `start` up to `end`, counted from 0.
    """

    text: str
    start: int
    end: int


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # Deeper than this, markdown-it drops text; `content` refuses lists long before.
    parser = MarkdownIt("zero", {"html": False, "maxNesting": 100})
    parser.enable(_BLOCKS + _INLINES)
    # Every link is read as one, so that `content` can refuse those that lead nowhere.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser


def read_markup(source: str) -> tuple[Block, ...]:
    """Turn Markdown into blocks."""
    tokens = iter(number_items(_tokens(source)))
    return tuple(_blocks(tokens, source.split("\n"), None))


def _tokens(source: str) -> list[Token]:
    return _parser().parse(_DATE.sub(r"\1\\", source))


def number_items(tokens: list[Token]) -> list[Token]:
    """Write on the items of numbered lists the number they print with: as typed, or counted on.

    Markdown counts on from the first number, whatever stands before the others: of a list of dates
    it would make other dates. Only where all of them are 1 nobody meant what was typed.
    """
    lists: list[list[Token]] = []
    for token in tokens:
        if token.type.endswith("_list_open"):
            lists.append([])
        elif token.type == "list_item_open":
            lists[-1].append(token)
        elif token.type.endswith("_list_close"):
            items = lists.pop()
            if all(item.info and int(item.info) == 1 for item in items):
                for number, item in enumerate(items, 1):
                    item.info = str(number)
    return tokens


def _blocks(tokens: Iterator[Token], lines: list[str], until: str | None) -> Iterator[Block]:
    for token in tokens:
        if token.type == until:
            return
        line = (token.map or [0])[0] + 1
        if token.type == "paragraph_open":
            yield Block("paragraph", runs=_runs(next(tokens)), line=line)
            next(tokens)
        elif token.type == "hr":
            typed = re.search(rf"(?:[{token.markup[0]}]\s*)+$", lines[line - 1])
            yield Block("paragraph", runs=(Run(typed[0].rstrip() if typed else ""),), line=line)
        elif token.type == "heading_open":
            yield Block("heading", runs=_runs(next(tokens)), line=line)
            next(tokens)
        elif token.type == "bullet_list_open":
            items = tuple(item for _, item in _items(tokens, lines, "bullet_list_close"))
            yield Block("bullets", items=items, line=line)
        elif token.type == "ordered_list_open":
            numbered = tuple(_items(tokens, lines, "ordered_list_close"))
            yield Block(
                "numbers",
                items=tuple(item for _, item in numbered),
                numbers=tuple(int(number) for number, _ in numbered),
                line=line,
            )


def _items(
    tokens: Iterator[Token], lines: list[str], until: str
) -> Iterator[tuple[str, tuple[Block, ...]]]:
    """The items of a list, each with the number before it, if any."""
    for token in tokens:
        if token.type == until:
            return
        yield token.info, tuple(_blocks(tokens, lines, "list_item_close"))


def _runs(inline: Token) -> tuple[Run, ...]:
    runs: list[Run] = []
    strong = emphasis = before = 0
    href: str | None = None
    title = ""
    for token in inline.children or []:
        if token.type == "strong_open":
            strong += 1
        elif token.type == "strong_close":
            strong -= 1
        elif token.type == "em_open":
            emphasis += 1
        elif token.type == "em_close":
            emphasis -= 1
        elif token.type == "link_open":
            href = str(token.attrGet("href") or "")
            title = str(token.attrGet("title") or "")
            before = len(runs)
        elif token.type == "link_close":
            if len(runs) == before and href:
                runs.append(Run(href, href=href))  # a link without words prints its address
            href = None
            if title:
                runs.append(Run(f" ({title})"))  # a pointer would show it; paper has none
        else:
            text = " " if token.type == "softbreak" else token.content
            runs.append(Run(text, strong > 0, emphasis > 0, href, token.type == "hardbreak"))
    return tuple(run for run in runs if run.text or run.breaks)


def as_typed(text: str) -> Block:
    """A text that is no Markdown as a paragraph, with the ends of its lines."""
    *lines, last = text.split("\n")
    return Block("paragraph", (*(Run(line, breaks=True) for line in lines), Run(last)))


def segments(source: str) -> tuple[Segment, ...]:
    """Cut Markdown into what is translated as one; no word of it is left out."""
    lines = source.split("\n")
    tokens = _tokens(source)
    found = []
    for at, token in enumerate(tokens):
        is_item = token.type == "list_item_open" and token.level == 1
        if not is_item and not (
            token.level == 0 and token.type in ("paragraph_open", "heading_open", "hr")
        ):
            continue
        start, end = token.map or (0, 0)
        while end > start and not lines[end - 1].strip():
            end -= 1
        bare = not is_item or (
            tokens[at + 1].type == "paragraph_open" and tokens[at + 4].type == "list_item_close"
        )
        found.append(Segment(_one_text(lines[start:end], unwrapped=bare), start, end))
    return tuple(found)


def _one_text(lines: list[str], *, unwrapped: bool) -> str:
    """Lines as one text; `unwrapped`: where a line end prints as a space, it is one."""
    indent = len(lines[0]) - len(lines[0].lstrip())
    dedented = [line[min(indent, len(line) - len(line.lstrip())) :] for line in lines]
    if not unwrapped:
        return "\n".join(dedented).rstrip()
    text = dedented[0]
    for line in dedented[1:]:
        if text.endswith("  ") or re.search(r"(?<!\\)(\\\\)*\\$", text):
            text = f"{text}\n{line}"
        else:
            text = f"{text.rstrip()} {line.lstrip()}"
    return text.rstrip()


def plain(blocks: tuple[Block, ...]) -> str:
    """The words of blocks, as they print: one line a paragraph, without list marks."""
    lines = []
    for block in blocks:
        if block.runs:
            lines.append("".join(run.text + (" " if run.breaks else "") for run in block.runs))
        lines += [plain(item) for item in block.items]
    return "\n".join(lines)


def escaped(text: str) -> str:
    """Plain text as Markdown that prints just that: marks with a meaning get a backslash."""
    out = []
    for line in text.split("\n"):
        body = re.sub(r"[\\*_\[\]]", r"\\\g<0>", line)
        mark = _BLOCK_MARK.match(body)
        out.append(f"{mark[0]}\\{body[mark.end() :]}" if mark else body)
    return "\n".join(out)


# --------------------------------------------------------------------------------- on the page

# Text that is HTML already and must not be escaped again.
Html = NewType("Html", str)


def to_html(blocks: tuple[Block, ...], *, headings: bool = True) -> Html:
    """Blocks as HTML; without `headings`, as in a letter, sub-headings are bold paragraphs."""
    return Html("".join(_block_html(block, headings) for block in blocks))


def isolated(text: str) -> Html:
    """A name as HTML: it runs as its own letters do, whatever is beside it."""
    return Html(f'<bdi dir="auto">{escape(text)}</bdi>')


def _block_html(block: Block, headings: bool) -> str:
    if block.kind == "paragraph":
        return f"<p>{_runs_html(block.runs)}</p>"
    if block.kind == "heading":
        opened, closed = ("<h2>", "</h2>") if headings else ('<p class="sub-heading">', "</p>")
        return f"{opened}{_runs_html(block.runs)}{closed}"
    if block.kind == "bullets":
        return f"<ul>{''.join(_item_html(item, headings) for item in block.items)}</ul>"
    before = (0, *block.numbers)
    items = "".join(
        _item_html(item, headings, step=number - last)
        for item, number, last in zip(block.items, block.numbers, before, strict=False)
    )
    return f"<ol>{items}</ol>"


def _item_html(item: tuple[Block, ...], headings: bool, step: int = 1) -> str:
    """A list item; its first paragraph stands in it bare, as PDF/UA wants (ISO 14289-1, 7.6).

    `step`: how much more its number is than the one before. The layout engine counts by CSS alone
    (CSS Lists 3, 4.5) and passes over `value`.
    """
    bare = bool(item) and item[0].kind == "paragraph"
    first = _runs_html(item[0].runs) if bare else ""
    counted = f' style="counter-increment:list-item {step}"' if step != 1 else ""
    return f"<li{counted}>{first}{to_html(item[1:] if bare else item, headings=headings)}</li>"


def _runs_html(runs: tuple[Run, ...]) -> str:
    return "".join(_run_html(run) for run in with_addresses(runs))


def _run_html(run: Run) -> str:
    piece = escape(run.text)
    if run.emphasis:
        piece = f"<em>{piece}</em>"
    if run.strong:
        piece = f"<strong>{piece}</strong>"
    if run.href is not None:
        piece = f'<a href="{escape(run.href)}">{piece}</a>'
    if run.added:
        piece = f'<span class="href">{piece}</span>'
    return piece + ("<br>" if run.breaks else "")


def with_addresses(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """Runs with the address of each link behind it, where its words do not show it.

    A link leads nowhere on paper; what cannot be clicked must be read.
    """
    out: list[Run] = []
    for href, group in groupby(runs, key=lambda run: run.href):
        linked = tuple(group)
        out += linked
        if href is not None and _on_paper(href) not in "".join(run.text for run in linked):
            out.append(Run(f" ({_on_paper(href)})", added=True))
    return tuple(out)


def _on_paper(href: str) -> str:
    """A link's address as one reads it aloud."""
    return href.removeprefix("https://").removeprefix("http://").removeprefix("mailto:")


def printed_plain(blocks: tuple[Block, ...]) -> str:
    """The words of blocks as they print, with the addresses that are added behind links."""
    return plain(tuple(_as_printed(block) for block in blocks))


def _as_printed(block: Block) -> Block:
    items = tuple(tuple(_as_printed(inner) for inner in item) for item in block.items)
    return replace(block, runs=with_addresses(block.runs), items=items)
