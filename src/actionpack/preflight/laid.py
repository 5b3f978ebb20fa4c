"""Is every word in the boxes as laid out, and where do they lie.

A box beyond the foot of a page is deleted by the layout engine without a word: only text that is
compared with what went in can show it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html.parser import HTMLParser
from itertools import chain, pairwise

from actionpack.diagnostics import Finding, Place, finding
from actionpack.geometry import Box
from actionpack.model import LaidBox, LaidPage
from actionpack.preflight.words import difference, quoted, squeezed


def is_of(box: LaidBox, field: str) -> bool:
    """Whether a box holds text of `field`, which may name its target after a colon."""
    name, _, target = field.partition(":")
    return (
        box.kind == "text" and not box.made_up and box.field == name and target in ("", box.target)
    )


def conservation(
    meant: Iterable[tuple[str, str, Place]], pages: Sequence[LaidPage]
) -> tuple[Finding, ...]:
    """Find fields whose words are not in their boxes, once and in order (`lost-text`).

    `meant` holds field, text and the place it was written in.
    """
    found = []
    for field, text, place in meant:
        laid = " ".join(box.text for page in pages for box in page.boxes if is_of(box, field))
        if wrong := difference(field, text, laid):
            found.append(finding("lost-text", wrong.message, place))
    return tuple(found)


# -------------------------------------------------------------------------------- broken words

# Scripts with spaces between words, by the first word of the names of their letters (Unicode).
_SPACED = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN", "ARABIC", "HEBREW", "DEVANAGARI",
           "BENGALI", "TAMIL", "ETHIOPIC")  # fmt: skip
# What no line begins with.
_CLOSING = tuple(".,;:!?")
_HYPHENS = "-\u00ad\u058a\u2010\u2011"
# What web addresses have, which may be broken anywhere.
_NO_WORD = re.compile(r"[/@_=\d]|\w\.\w")


def broken_words(
    meant: Iterable[tuple[str, str, Place]], pages: Sequence[LaidPage]
) -> tuple[Finding, ...]:
    """Find words that are too long for their line, and go on in the next without a hyphen.

    `meant` is as for `conservation`. Of each field the first is told.
    """
    found = []
    for field, text, place in meant:
        by_page = ([box for box in page.boxes if is_of(box, field)] for page in pages)
        if word := _first_broken(text, chain.from_iterable(map(_lines, by_page))):
            told = f"{quoted(word)} is broken at the end of a line, without a hyphen"
            found.append(finding("broken-word", told, place))
    return tuple(found)


def broken_labels(html: str, pages: Sequence[LaidPage]) -> tuple[Finding, ...]:
    """The same for a layout's own words, which stand in no field."""
    words = _Words()
    words.feed(html)
    written = f" {' '.join(' '.join(words.texts).split())} ".casefold()
    boxes = [[box for box in page.boxes if box.kind == "text"] for page in pages]
    found = dict.fromkeys(
        word
        for one, other in chain.from_iterable(map(pairwise, boxes))
        if not (
            one.field or other.field or one.made_up or other.made_up or _in_line(one.box, other.box)
        )
        for word in _joined(one.text, other.text, written)
    )
    return tuple(
        finding(
            "broken-word",
            f"the layout's {quoted(word)} is broken at the end of a line, without a hyphen",
            cure="give it more room in the layout",
        )
        for word in found
    )


def _joined(line: str, following: str, written: str) -> Iterator[str]:
    """The word that a line ends inside of, by what is written, if there is one."""
    for end, start in zip(line.split()[-1:], following.split()[:1], strict=False):
        whole = f"{end}{start}"
        letters = _is_spaced(end[-1]) and (_is_spaced(start[0]) or start[0] in _CLOSING)
        if letters and whole.casefold() in written and f"{end} {start}".casefold() not in written:
            yield whole


def _lines(boxes: Iterable[LaidBox]) -> Iterator[str]:
    """The text of boxes, line by line."""
    line = ""
    last: Box | None = None
    for one in boxes:
        if last is not None and not _in_line(last, one.box):
            yield line
            line = ""
        line += one.text
        last = one.box
    yield line


def _first_broken(text: str, lines: Iterable[str]) -> str:
    """The first word of a text that a line ends inside of; '' where there is none."""
    inside = _insides(text)
    at, last = 0, ""
    for line in lines:
        if last and line.lstrip().startswith(_CLOSING):
            return last
        at += len(_insides(line))
        last = "".join(line.split()[-1:])
        word = inside[at] if at < len(inside) else ""
        if word and not line.rstrip().endswith(tuple(_HYPHENS)):
            return word
    return ""


def _insides(text: str) -> list[str]:
    """For each letter of a text the word that it stands inside of; '' where it begins one."""
    found = []
    for word in text.split():
        whole = not _NO_WORD.search(word)
        before = ""
        for mark in unicodedata.normalize("NFKD", word):
            kind = unicodedata.category(mark)
            if kind[0] == "L":
                joined = whole and _is_spaced(mark) and _is_spaced(before)
                found += [word if joined else "", *[""] * (len(mark.casefold()) - 1)]
                before = mark
            elif kind[0] != "M":
                before = ""
    return found


def _is_spaced(letter: str) -> bool:
    return bool(letter) and unicodedata.name(letter, "").partition(" ")[0] in _SPACED


# ------------------------------------------------------------------------------------- regions


def regions(pages: Sequence[LaidPage], field: str) -> tuple[tuple[int, Box], ...]:
    """Where a field's text lies: pages (from 1) and boxes (mm) in reading order.

    A box holds all of the field's lines that stand together in one column, and the middle of no
    other text: where something stands between them, the field is cut in more boxes.
    """
    return tuple(
        (number, box)
        for number, page in enumerate(pages, 1)
        for box in _fragments(page.boxes, field)
    )


def _fragments(boxes: Sequence[LaidBox], field: str) -> Iterator[Box]:
    others = [box.box.centre for box in boxes if box.kind == "text" and not is_of(box, field)]
    whole: Box | None = None
    last: Box | None = None
    for box in (box.box for box in boxes if is_of(box, field)):
        if whole is None or last is None:
            whole, last = box, box
            continue
        grown = whole.union(box)
        if not _follows(whole, last, box) or any(map(grown.contains_point, others)):
            yield whole
            grown = box
        whole, last = grown, box
    if whole is not None:
        yield whole


def _follows(whole: Box, last: Box, box: Box) -> bool:
    """Whether a box goes on in the same line, or below in the same column."""
    below = box.top >= last.top and box.left < whole.right and box.right > whole.left
    return _in_line(last, box) or below


def _in_line(one: Box, other: Box) -> bool:
    return other.top < one.centre.y < other.bottom and one.top < other.centre.y < one.bottom


# --------------------------------------------------------------------------- the layout's words


def lost_words(html: str, pages: Sequence[LaidPage]) -> tuple[Finding, ...]:
    """Find letters of a page's HTML, the layout's own words too, that are in no box.

    They are counted, not ordered: `conservation` proves the content, this a label or an
    instruction that was dropped.
    """
    words = _Words()
    words.feed(html)
    boxes = [box for page in pages for box in page.boxes]
    laid = Counter(squeezed("".join(box.text for box in boxes if not box.made_up)))
    missing = (Counter(squeezed("".join(words.texts))) - laid).total()
    if not missing:
        return ()
    on_paper = squeezed("".join(box.text for box in boxes))
    first = next((text for text in words.texts if squeezed(text) not in on_paper), "")
    return (
        finding(
            "lost-text",
            f"{missing} letters of the page were dropped when it was laid out"
            + (f", among them {quoted(first)}" if first else ""),
        ),
    )


class _Words(HTMLParser):
    """Collects what a page shows: the text outside its head and outside drawings."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._hidden += tag in ("head", "svg")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("head", "svg")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.texts.append(data)
