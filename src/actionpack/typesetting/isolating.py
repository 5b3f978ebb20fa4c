"""What runs from left to right inside text that runs from right to left.

By the Unicode Bidirectional Algorithm (Standard Annex 9) a telephone number comes apart in such
text, and so does a web address that ends with a slash. What is found here is isolated from it, as
the annex advises (2.7), and prints in its own order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

from actionpack.telephone import telephone_numbers
from actionpack.typesetting.spacing import UNIT

Way = Literal["ltr", "rtl"]

# Kinds of characters, for the patterns below: L runs from left to right, R does not, N is a digit
# of both, h may begin a word that runs from left to right; a space is one, all else a full stop.
_MAY_BEGIN = "+@#/~$_.&=%-\\"
_WORDS = re.compile(
    "(?:(?<![RNh])[Nh]+)?"  # @name, 3D
    "L(?:[LNh. ]*L)?"
    "(?: ?[h.]{0,2}N(?:[Nh.]*N)?)?"  # ASA 17/2016
)
_TURNED_WORDS = re.compile("R(?:[RNh. ]*R)?")
# A full stop that belongs to what is before it: e.V., what closes a bracket or goes on behind a
# comma, and what an abbreviation says the number of: No. 7, Hauptstr. 6-7.
_ABBREVIATED = re.compile(
    r"(?<=\.[^\W\d_])\.|\.(?=[)\],;:\u060c\u061b])"
    r"|\.\s?\d+(?:[-\u2010-\u2013/.,]\d+)*"
)
_SHORT = re.compile(r"(?<![^\W\d_])(?:[^\W\d_]{1,3}|[^\W\d_]+str)$", re.IGNORECASE)
_LONGEST_WORD = 24
# An address of the web may have names in any script; it runs as its scheme does (RFC 3987, 4.1).
_WEB = re.compile(r"https?://[^\s<>«»\"]*[^\s<>«»\".,;:!?)\]}\u060c\u061b\u061f]")
# What a word may begin with even where it is written to one that runs the other way: و@name.
_BEGINS = "+@#/~$\\"
# What an address of the web may end with.
_MAY_END = "/#=+_"
_INTERNATIONAL = re.compile(r"(?<!\d)\+\d+")
_NUMBER = r"\d++(?:[.,/]\d++)*+"
_PRODUCT = re.compile(rf"(?<![\d.,/]){_NUMBER}(?:\s?[×x]\s?{_NUMBER})+")
_NUMBER_BEFORE = re.compile(rf"(?<![\d.,/]){_NUMBER}(?:\s?[×x]\s?{_NUMBER})*\s$")
_LONGEST_NUMBER = 40
_PAIRS = dict(zip("([{«‹", ")]}»›", strict=True))
# A text that orders itself.
_ORDERED = re.compile("[\u202a-\u202e\u2066-\u2069]")


def own_direction(text: str) -> Way:
    """Which way a text runs by its first letter, whatever is round it (Unicode UAX 9, P2)."""
    kinds = map(unicodedata.bidirectional, text)
    first = next((kind for kind in kinds if kind in ("L", "R", "AL")), "L")
    return "ltr" if first == "L" else "rtl"


def to_isolate(text: str) -> tuple[range, ...]:
    """Where something stands in a text from right to left that must run the other way."""
    if text.isspace() or _ORDERED.search(text):
        return ()
    kinds = _kinds(text)
    if "L" in kinds and "R" not in kinds:
        # A line that is all in another direction, with what it begins and ends with.
        return (_bare(text, range(len(text))),)
    found = [one for words in _WORDS.finditer(kinds) for one in _whole(text, words)]
    found += telephone_numbers(text)
    for pattern in (_INTERNATIONAL, _PRODUCT, _WEB):
        found += (range(*one.span()) for one in pattern.finditer(text))
    return _joined(found)


def to_turn(text: str) -> tuple[range, ...]:
    """Where something stands in a text from left to right that runs the other way."""
    if _ORDERED.search(text):
        return ()
    found = (range(*one.span()) for one in _TURNED_WORDS.finditer(_kinds(text)))
    return tuple(one for one in found if own_direction(text[one.start : one.stop]) == "rtl")


def _kinds(text: str) -> str:
    return "".join(map(_kind, text))


def _kind(character: str) -> str:
    # Hebrew, Arabic and their kin: of their punctuation some has no direction.
    if "\u0590" <= character <= "\u08ff":
        return "R"
    if character in _MAY_BEGIN:
        return "h"
    if character.isspace():
        return " "
    if character in "0123456789":
        return "N"
    kind = unicodedata.bidirectional(character)
    if kind == "L":
        return "L" if character.isalnum() else "."
    return "R" if kind in ("R", "AL", "AN", "EN") else "."


def _whole(text: str, words: re.Match[str]) -> Iterator[range]:
    """Words with what belongs to them, parted where a bracket stands without its other half."""
    start, stop = words.span()
    near = max(0, start - _LONGEST_NUMBER)
    if UNIT.match(text, start) and (number := _NUMBER_BEFORE.search(text, near, start)):
        start = number.start()
    while start and text[start - 1] in _BEGINS:
        start -= 1
    while text[stop : stop + 1] and text[stop] in _MAY_END:
        stop += 1
    stop = _with_full_stop(text, stop)
    begun = start
    for at in _alone(text, start, stop):
        if at == stop:
            stop += 1
        else:
            yield from _trimmed(text, begun, at)
            begun = at + 1
    yield from _trimmed(text, begun, stop)


def _with_full_stop(text: str, stop: int) -> int:
    """Where words end, with the full stop of an abbreviation and its number."""
    found = _ABBREVIATED.match(text, stop)
    if found is None:
        return stop
    if found[0] != "." and not _SHORT.search(text, max(0, stop - _LONGEST_WORD), stop):
        return stop
    return found.end()


def _alone(text: str, start: int, stop: int) -> list[int]:
    """Where brackets stand that are not in pairs; `stop` itself where one closes there."""
    alone: list[int] = []
    opened: list[int] = []
    for at in range(start, stop):
        if text[at] in _PAIRS:
            opened.append(at)
        elif text[at] in _PAIRS.values():
            if opened and _PAIRS[text[opened[-1]]] == text[at]:
                opened.pop()
            else:
                alone.append(at)
    if opened and text[stop : stop + 1] == _PAIRS[text[opened[-1]]]:
        opened.pop()
        alone.append(stop)
    return sorted((*alone, *opened))


def _trimmed(text: str, start: int, stop: int) -> Iterator[range]:
    """A stretch without the space round it; nothing where it has no letter and no digit."""
    if any(character.isalnum() for character in text[start:stop]):
        yield _bare(text, range(start, stop))


def _bare(text: str, stretch: range) -> range:
    part = text[stretch.start : stretch.stop]
    left = stretch.start + len(part) - len(part.lstrip())
    return range(left, left + len(part.strip()))


def _joined(found: list[range]) -> tuple[range, ...]:
    """Stretches in order, those that overlap as one."""
    joined: list[range] = []
    for one in sorted(found, key=lambda one: one.start):
        if joined and one.start <= joined[-1].stop:
            joined[-1] = range(joined[-1].start, max(joined[-1].stop, one.stop))
        else:
            joined.append(one)
    return tuple(joined)
