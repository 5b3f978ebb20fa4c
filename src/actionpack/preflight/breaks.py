"""Is a word whole: does none go on in the next line without a hyphen.

The layout engine breaks what is too long for its line anywhere (`overflow-wrap: anywhere`), rather
than have it run out of its column; only the lines that come of it can show it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise

from actionpack.diagnostics import Finding, Place, finding
from actionpack.geometry import Box
from actionpack.model import LaidBox, LaidPage
from actionpack.preflight.laid import Words, in_line, is_of
from actionpack.preflight.words import quoted

# Scripts with spaces between words, by the first word of the names of their letters (Unicode).
_SPACED = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN", "ARABIC", "HEBREW", "DEVANAGARI",
           "BENGALI", "TAMIL", "ETHIOPIC")  # fmt: skip
# What no line begins with.
_CLOSING = tuple(".,;:!?")
_HYPHENS = "-\u00ad\u058a\u2010\u2011"
# What web addresses have, which may be broken anywhere.
_NO_WORD = re.compile(r"[/@_=\d]|\w\.\w")


def broken_words(
    meant: Iterable[tuple[str, str, Place]], html: str, pages: Sequence[LaidPage]
) -> tuple[Finding, ...]:
    """Find words that are too long for their line, and go on in the next without a hyphen.

    `meant` is as for `conservation`. Of each field the first is told; and of what stands in none,
    which are the layout's own words in `html`, each that was not told of a field.
    """
    found: dict[str, list[Finding]] = {}
    for field, text, place in meant:
        by_page = [[box for box in page.boxes if is_of(box, field)] for page in pages]
        if any(map(_is_sideways, chain.from_iterable(by_page))):
            continue  # its lines stand beside each other
        if word := _first_broken(text, chain.from_iterable(map(_lines, by_page))):
            told = f"{quoted(word)} is broken at the end of a line, without a hyphen"
            found.setdefault(word, []).append(finding("broken-word", told, place))
    for word in _broken_labels(html, pages):
        told = f"the layout's {quoted(word)} is broken at the end of a line, without a hyphen"
        cure = "give it more room in the layout"
        found.setdefault(word, [finding("broken-word", told, cure=cure)])
    return tuple(chain.from_iterable(found.values()))


def _broken_labels(html: str, pages: Sequence[LaidPage]) -> Iterator[str]:
    words = Words()
    words.feed(html)
    written = " ".join(words.texts).split()
    whole = " ".join(written).casefold()
    for page in pages:
        boxes = [box for box in page.boxes if box.kind == "text"]
        for one, other in pairwise(boxes):
            if _is_label(one) and _is_label(other) and not in_line(one.box, other.box):
                yield from _joined(one.text, other.text, written, whole)


def _is_label(box: LaidBox) -> bool:
    return box.field in ("", "caption") and not box.made_up and not _is_sideways(box)


def _is_sideways(box: LaidBox) -> bool:
    """Whether text is turned to read upwards or downwards."""
    return len(box.text.strip()) > 2 and box.box.height > 1.5 * box.box.width


def _joined(line: str, following: str, written: list[str], whole: str) -> Iterator[str]:
    """The word that a line ends inside of, by the words written and the whole of them."""
    for end, start in zip(line.split()[-1:], following.split()[:1], strict=False):
        joined = f"{end}{start}".casefold()
        letters = _is_spaced(end[-1]) and (_is_spaced(start[0]) or start[0] in _CLOSING)
        if letters and joined in whole and f"{end} {start}".casefold() not in whole:
            yield next((word for word in written if joined in word.casefold()), end + start)


def _lines(boxes: Iterable[LaidBox]) -> Iterator[str]:
    """The text of boxes, line by line."""
    line = ""
    last: Box | None = None
    for one in boxes:
        if last is not None and not in_line(last, one.box):
            yield line
            line = ""
        line += one.text
        last = one.box
    yield line


def _first_broken(text: str, lines: Iterable[str]) -> str:
    """The first word of a text that a line ends inside of; '' where there is none."""
    inside, written = _insides(text), " ".join(text.split())
    at, last = 0, ""
    for line in lines:
        first = line.lstrip()[:1]
        if last and first in _CLOSING and f"{last}{first}" in written:
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
