"""The lines of a part into paragraphs, items of lists, and a quote."""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from actionpack.importing.lines import BULLET, WRAPPED_MOST, Line, Notes, listed, tidy, untabbed

# Most lines of hard-wrapped text come near its width.
_WRAPPED_LEAST = 50
# What somebody is called below their words: "Mihriban", "Mihriban, mother of four".
_MOST_ATTRIBUTION_WORDS = 6


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, or an item of a list (`mark`), or words of somebody (`by`)."""

    number: int
    text: str
    mark: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    number: int
    text: str
    by: str


_SENTENCE_ENDS = (".", "!", "?", "…", ":", ";", "؟", "۔", "।", "。", "！", "？", "：")
_CLOSERS = "\"'”’“»«›)]"
_OPENERS = "\"'“„‘«»‹(["


def read_paragraphs(lines: tuple[Line, ...], notes: Notes) -> tuple[Paragraph, ...]:
    """One line, one paragraph, unless the text is hard-wrapped (`_goes_on`)."""
    return tuple(_paragraph(group, notes) for group in _groups(_mended(lines, notes)))


def _mended(lines: Iterable[Line], notes: Notes) -> tuple[Line, ...]:
    mended = []
    for line in lines:
        keeps_tabs = _tab_quote(line.text) or BULLET.match(line.text)
        text = line.text if keeps_tabs else tidy(line, notes)
        mended.append(replace(line, text=_spaced(text, line.number, notes)))
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


def _groups(lines: tuple[Line, ...]) -> Iterator[list[Line]]:
    """The lines of each paragraph."""
    width = _wrap_width(lines)
    group: list[Line] = []
    for line in lines:
        if group and not (line.text and _goes_on(group, line, width)):
            yield group
            group = []
        if line.text:
            group.append(line)
    if group:
        yield group


def _wrap_width(lines: tuple[Line, ...]) -> int:
    """The longest line of a text that is hard-wrapped throughout; 0 when it is not."""
    longest = max((len(line.text) for line in lines), default=0)
    wrapped = any(_breaks_off(line) and _begins_small(after) for line, after in pairwise(lines))
    return longest if wrapped and longest <= WRAPPED_MOST else 0


def _goes_on(group: list[Line], line: Line, width: int) -> bool:
    """Whether a paragraph goes on with `line`.

    It does where a line of 50 to 100 characters breaks off without an end of a sentence and the
    next begins with a small letter. A text with such a place and no longer line is hard-wrapped;
    there any line that breaks off goes on, and any line so full that the next word would not fit.
    """
    first, last = group[0], group[-1]
    if BULLET.match(line.text) or _tab_quote(last.text):
        return False
    if BULLET.match(first.text):
        deeper = line.indent > first.indent + 1
        return deeper or (not _ends_sentence(last.text) and _begins_small(line))
    if _breaks_off(last) and (width or _begins_small(line)):
        return True
    full = len(last.text) + 1 + len(line.text.split()[0]) > width
    return bool(width) and full and not _tab_quote(line.text)


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
    bullet = BULLET.match(group[0].text)
    quote = _tab_quote(group[-1].text)
    texts = [line.text for line in group]
    if bullet:
        texts[0] = texts[0][bullet.end() :]
    elif quote:
        texts[-1] = quote[0]
    text = texts[0]
    for line, more in zip(group[1:], texts[1:], strict=True):
        text += more if _is_divided(text, more, line, notes) else f" {more}"
    if len(group) > 1:
        lines = f"{group[0].number} to {group[-1].number}"
        notes.say("repaired", group[0].number, f"the lines {lines} are joined to one paragraph")
    by = quote[1] if quote and not bullet else ""
    return Paragraph(group[0].number, untabbed(text), bullet[1] if bullet else "", by)


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
    said, by = untabbed(said).strip(), by.strip().lstrip("—–―-").strip()
    if not tab or not said or not _is_attribution(by) or said.endswith(":"):
        return None
    if by.endswith((".", "!", "?")) and said[0] not in _OPENERS:
        return None  # the tab stands between two sentences
    return (said, by) if _ends_sentence(said) or len(said.split()) > 3 else None


def _is_attribution(text: str) -> bool:
    return bool(re.search(r"\w", text)) and len(text.split()) <= _MOST_ATTRIBUTION_WORDS


_DASH_QUOTE = re.compile(r"([“„«»\"‘‹].*[”“»«\"’›][.,]?)\s*[—–―-]+\s*([^“”„«»\"—–―]+)")
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
    inline = None if paragraph.mark else _DASH_QUOTE.fullmatch(paragraph.text)
    if inline and _is_attribution(inline[2]) and _is_saying(inline[1]):
        return Quote(paragraph.number, inline[1], inline[2].strip())
    return None


def _quote_with_next(paragraph: Paragraph, after: Paragraph) -> Quote | None:
    """The quote of a paragraph in quotation marks whose speaker stands below, after a dash."""
    dash = re.match(r"[—–―-]+\s*", after.text)
    by = after.text if after.mark in ("-", "–") else after.text[dash.end() :] if dash else ""
    enclosed = paragraph.text[:1] + paragraph.text[-1:] in _PAIRS and not paragraph.mark
    if enclosed and _is_saying(paragraph.text) and _is_attribution(by):
        return Quote(paragraph.number, paragraph.text, by)
    return None


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
