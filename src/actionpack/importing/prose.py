"""The lines of a part into paragraphs, items of lists, and a quote."""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from actionpack.importing.lines import (
    BULLET,
    NUMBER,
    WRAPPED_MOST,
    Line,
    Notes,
    tidied,
    untabbed,
)
from actionpack.importing.styles import Style, Styles, shifted, sliced, spaces_put_in
from actionpack.importing.words import listed

# Most lines of hard-wrapped text come near its width.
_WRAPPED_LEAST = 50
# What somebody is called below their words: "Mihriban", "Mihriban, mother of four".
_MOST_ATTRIBUTION_WORDS = 6


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, an item of a list or a heading (`mark`), or words of somebody (`by`).

    A `\n` in the text is a line break that stays; `depth` counts the lists around an item from 0.
    """

    number: int
    text: str
    mark: str = ""
    by: str = ""
    depth: int = 0
    styles: Styles = ()


@dataclass(frozen=True, slots=True)
class Quote:
    number: int
    text: str
    by: str


_SENTENCE_ENDS = (".", "!", "?", "…", ":", ";", "؟", "۔", "।", "。", "！", "？", "：")
_CLOSERS = "\"'”’“»«›)]"
_OPENERS = "\"'“„‘«»‹(["


def read_paragraphs(lines: tuple[Line, ...], notes: Notes, width: int = 0) -> tuple[Paragraph, ...]:
    """One line, one paragraph, unless the text is hard-wrapped (`_goes_on`).

    `width` is that of the whole text (`wrap_width`), in letters; a part may be too short to tell.
    """
    found = [_paragraph(group, notes) for group in _groups(_mended(lines, notes), width)]
    return tuple(_numbered(found))


def _mended(lines: Iterable[Line], notes: Notes) -> tuple[Line, ...]:
    mended = []
    for line in lines:
        keeps_tabs = _tab_quote(line.text) or BULLET.match(line.text)
        kept = line if keeps_tabs else tidied(line, notes)
        spaced = _spaced(kept.text, line.number, notes)
        mended.append(kept.after(spaces_put_in(kept.text, spaced)))
    return tuple(mended)


# The end of one sentence and the beginning of the next, without a space: `police.For`.
_JOINT = re.compile(r"(?<![^\W_])([^\W_]+)([)”’\"»\]]*[.!?…]+[)”’\"»\]]*)(?=([^\W\d_]+))")


def _spaced(text: str, number: int, notes: Notes) -> str:
    """Put the missing space after a full stop where that is certain, and say where it is not."""
    words = re.split(r"(\s+)", text)
    return "".join(_spaced_word(word, number, notes) for word in words)


def _spaced_word(word: str, number: int, notes: Notes) -> str:
    if "/" in word or "@" in word or word.lower().startswith("www."):
        return word
    out = []
    at = 0
    for match in _JOINT.finditer(word):
        before, _, after = match.groups()
        begins = after in listed("sentences", "single") or (
            after[0].isupper() and after[1:].islower()
        )
        if len(before) < 2 or not begins:
            continue  # initials, abbreviations, names of files and sites
        joint = f"{match[0]}{after}"
        plain = before.isdigit() or before[1:].islower()
        if len(before) > 2 and plain and after.lower() not in listed("sentences", "web"):
            out.append(word[at : match.end()] + " ")
            at = match.end()
            notes.say("repaired", number, f"a space was put into '{joint}'")
        else:
            notes.say("doubtful", number, f"'{joint}' may lack a space", "look at it")
    return "".join(out) + word[at:]


def _groups(lines: tuple[Line, ...], width: int) -> Iterator[list[Line]]:
    """The lines of each paragraph."""
    width = width or wrap_width(lines)
    group: list[Line] = []
    for line in lines:
        if group and not (line.text and _goes_on(group, line, width)):
            yield group
            group = []
        if line.text:
            group.append(line)
    if group:
        yield group


def wrap_width(lines: tuple[Line, ...]) -> int:
    """The longest line of a text that is hard-wrapped throughout; 0 when it is not."""
    longest = max((len(line.text) for line in lines), default=0)
    wrapped = any(
        _breaks_off(line) and _begins_small(after) and after.joint == "typed"
        for line, after in pairwise(lines)
    )
    return longest if wrapped and longest <= WRAPPED_MOST else 0


def _goes_on(group: list[Line], line: Line, width: int) -> bool:
    """Whether a paragraph goes on with `line`.

    It does where a line of 50 to 100 characters breaks off without an end of a sentence and the
    next begins with a small letter. A text with such a place and no longer line is hard-wrapped;
    there any line that breaks off goes on, and any line so full that the next word would not fit.
    """
    first, last = group[0], group[-1]
    if line.joint != "typed":
        return line.joint != "new"
    if first.mark == "#" or line.mark == "#":
        return False
    if BULLET.match(line.text) or _tab_quote(last.text) or _next_number(first, line):
        return False
    if BULLET.match(first.text) or _next_number(first):
        deeper = line.indent > first.indent + 1
        return deeper or (not _ends_sentence(last.text) and _begins_small(line))
    if _breaks_off(last) and (width or _begins_small(line)):
        return True
    full = len(last.text) + 1 + len(line.text.split()[0]) > width
    return bool(width) and full and not _tab_quote(line.text)


def _next_number(first: Line, line: Line | None = None) -> bool:
    """Whether `line` is the next item of a numbered list that `first` is one of, or begins one."""
    one = NUMBER.match(first.text)
    if line is None:
        return bool(one)
    other = NUMBER.match(line.text)
    begins = bool(other) and other is not None and other[1] == "1"
    return begins or bool(one and other and int(other[1]) == int(one[1]) + 1)


def _breaks_off(line: Line) -> bool:
    return _WRAPPED_LEAST <= len(line.text) <= WRAPPED_MOST and not _ends_sentence(line.text)


def _ends_sentence(text: str) -> bool:
    return text.rstrip(_CLOSERS).endswith(_SENTENCE_ENDS)


def _begins_small(line: Line) -> bool:
    """Whether a line begins in the midst of a sentence; scripts without capitals need spaces."""
    first = line.text.lstrip(_OPENERS)[:1]
    if not first or BULLET.match(line.text):
        return False
    return first.islower() or (unicodedata.category(first) == "Lo" and line.text.count(" ") > 2)


def _paragraph(group: list[Line], notes: Notes) -> Paragraph:
    first = group[0]
    bullet = None if first.mark else BULLET.match(first.text)
    quote = _tab_quote(group[-1].text)
    lines = list(group)
    if bullet:
        lines[0] = first.part(bullet.end())
    if quote and not bullet:
        lines[-1] = lines[-1].part(0, lines[-1].text.rindex("\t"))
    text, styles = lines[0].text, lines[0].styles
    for line in lines[1:]:
        text, space = _joined(text, line, notes)
        text += space
        styles += shifted(line.styles, len(text))
        text += line.text
    if len(group) > 1 and group[1].joint == "typed":
        numbers = f"{first.number} to {group[-1].number}"
        notes.say("repaired", first.number, f"the lines {numbers} are joined to one paragraph")
    whole = untabbed(Line(first.number, text, styles=styles))
    return Paragraph(
        first.number,
        whole.text,
        mark=(bullet[1] or bullet[2] or "•") if bullet else first.mark,
        by=quote[1] if quote and not bullet else "",
        depth=first.depth,
        styles=whole.styles,
    )


def _joined(text: str, line: Line, notes: Notes) -> tuple[str, str]:
    """The text so far, and what stands between it and the next line."""
    if line.joint == "hard":
        return text, "\n"
    if text.endswith("\u00ad") and line.text[0].islower():
        notes.say("repaired", line.number, "a word divided by a soft hyphen was put together")
        return text[:-1], ""
    return text, "" if _is_divided(text, line.text, line, notes) else " "


def _numbered(paragraphs: list[Paragraph]) -> Iterator[Paragraph]:
    """Paragraphs in which `1.` and `2.` and so on, one below the other, are items of a list."""
    numbers = [_typed_number(paragraph) for paragraph in paragraphs]
    for at, (paragraph, number) in enumerate(zip(paragraphs, numbers, strict=True)):
        before = numbers[at - 1] if at else None
        after = numbers[at + 1] if at + 1 < len(numbers) else None
        found = NUMBER.match(paragraph.text)
        if number is None or found is None or (before != number - 1 and after != number + 1):
            yield paragraph
            continue
        end = found.end()
        yield replace(
            paragraph,
            mark=f"{number}.",
            text=paragraph.text[end:],
            styles=sliced(paragraph.styles, end, len(paragraph.text)),
        )


def _typed_number(paragraph: Paragraph) -> int | None:
    found = None if paragraph.mark or paragraph.by else NUMBER.match(paragraph.text)
    return int(found[1]) if found else None


def _is_divided(text: str, more: str, line: Line, notes: Notes) -> bool:
    """Whether a word goes on in the next line; its hyphen stays, since it may be its own."""
    divided = bool(re.search(r"[^\W\d_][-\u00ad]$", text)) and more[0].islower()
    if divided:
        word = f"{text.split()[-1]}{more.split()[0]}"
        notes.say("doubtful", line.number, f"'{word}' was divided at the end of a line", "mend it")
    return divided


def _tab_quote(text: str) -> tuple[str, str] | None:
    """The words and their speaker in a line that holds both, with a tab between."""
    said, tab, by = text.rpartition("\t")
    said, by = " ".join(said.split()), by.strip().lstrip("—–―-").strip()
    if not tab or not said or not _is_attribution(by) or said.endswith(":"):
        return None
    if by.endswith((".", "!", "?")) and said[0] not in _OPENERS:
        return None  # the tab stands between two sentences
    return (said, by) if _ends_sentence(said) or len(said.split()) > 3 else None


def _is_attribution(text: str) -> bool:
    return bool(re.search(r"\w", text)) and len(text.split()) <= _MOST_ATTRIBUTION_WORDS


_DASH_QUOTE = re.compile(r"([“„«»\"‘‹].*[”“»«\"’›][.,]?)\s*[—–―-]+\s*([^“”„«»\"—–―]+)")
_NAMED_QUOTE = re.compile(r"([“„«»\"‘‹].*[”“»«\"’›][.,]?)\s*\(([^“”„«»\"()]+)\)\.?")
_SIGNED_QUOTE = re.compile(r"([“„«»\"‘‹].*[”“»«\"’›][.,]?)\s+([^\W\d_][^“”„«»\"]*[^\W_])")
_BLOCK_QUOTE = re.compile(r"(.+?)\s*(?:[—–―]+|(?<=\s)-{1,2})\s*([^—–―]+)")
_PAIRS = ("“”", "„“", "„”", "«»", "»«", '""', "‘’", "‹›")


def take_quote(
    paragraphs: tuple[Paragraph, ...], notes: Notes
) -> tuple[Quote | None, tuple[Paragraph, ...]]:
    """The first quote of the briefing, and the briefing without it; others stay where they are."""
    taken: Quote | None = None
    kept: list[Paragraph] = []
    waiting = deque(paragraphs)
    while waiting:
        paragraph = waiting.popleft()
        quote = _own_quote(paragraph)
        if quote is None and waiting:
            quote = _quote_with_next(paragraph, waiting[0])
            if quote:
                waiting.popleft()
        if quote is None:
            kept.append(paragraph)
        elif taken is None:
            taken = quote
        else:
            kept.append(Paragraph(quote.number, f"{quote.text} — {quote.by}"))
            notes.say(
                "doubtful",
                quote.number,
                f"only one quote can stand out; the one by '{quote.by}' stays in the briefing",
                "choose which one stands in 'quote'",
            )
    return taken, tuple(kept)


def _own_quote(paragraph: Paragraph) -> Quote | None:
    """The quote that a paragraph holds with its speaker, after a tab or a dash."""
    if paragraph.by:
        return Quote(paragraph.number, paragraph.text, paragraph.by)
    text = " ".join(paragraph.text.split("\n"))
    shapes = {"": (_DASH_QUOTE, _NAMED_QUOTE), ">": (_BLOCK_QUOTE, _NAMED_QUOTE, _SIGNED_QUOTE)}
    for shape in shapes.get(paragraph.mark, ()):
        inline = shape.fullmatch(text)
        if not inline or (shape is _SIGNED_QUOTE and not inline[2][0].isupper()):
            continue
        # What stands in a block quote and in quotation marks is a saying, however short.
        certain = shape is not _BLOCK_QUOTE and paragraph.mark == ">"
        if _is_attribution(inline[2]) and (certain or _is_saying(inline[1])):
            return Quote(paragraph.number, inline[1], inline[2].strip())
    return None


def _quote_with_next(paragraph: Paragraph, after: Paragraph) -> Quote | None:
    """The quote of a paragraph in quotation marks whose speaker stands below, after a dash."""
    dash = re.match(r"[—–―-]+\s*", after.text)
    by = after.text if after.mark in ("-", "–") else after.text[dash.end() :] if dash else ""
    text = " ".join(paragraph.text.split("\n"))
    enclosed = text[:1] + text[-1:] in _PAIRS
    if (
        enclosed
        and paragraph.mark == after.mark == ">"
        and not by
        and not _ends_sentence(after.text)
    ):
        by = after.text
    own = (enclosed and not paragraph.mark) or paragraph.mark == ">"
    if own and _is_saying(text) and _is_attribution(by):
        return Quote(paragraph.number, text, by)
    return None


def set_apart(paragraphs: tuple[Paragraph, ...], notes: Notes) -> tuple[Paragraph, ...]:
    """Paragraphs with block quotes, which an action has not, in italics."""
    for paragraph in paragraphs:
        if paragraph.mark == ">":
            notes.say("repaired", paragraph.number, "a block quote became a paragraph in italics")
    return tuple(
        replace(
            paragraph,
            mark="",
            styles=(*paragraph.styles, Style(0, len(paragraph.text), emphasis=True)),
        )
        if paragraph.mark == ">"
        else paragraph
        for paragraph in paragraphs
    )


def _is_saying(text: str) -> bool:
    return len(text.split()) > 3 or len(text) > _WRAPPED_LEAST


def without_tabs(paragraphs: tuple[Paragraph, ...], notes: Notes) -> tuple[Paragraph, ...]:
    """Paragraphs of a part that has no quote: what looked like one is a sentence with a tab."""
    for paragraph in paragraphs:
        if paragraph.by:
            notes.say("doubtful", paragraph.number, f"a tab before '{paragraph.by}' became a space")
    return tuple(
        replace(paragraph, text=f"{paragraph.text} {paragraph.by}", by="")
        if paragraph.by
        else paragraph
        for paragraph in paragraphs
    )
