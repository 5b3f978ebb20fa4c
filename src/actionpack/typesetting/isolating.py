"""What runs from left to right inside text that runs from right to left.

By the Unicode Bidirectional Algorithm (Standard Annex 9) a telephone number comes apart in such
text, and so does a web address that ends with a slash. What is found here is isolated from it, as
the annex advises (2.7), and prints in its own order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from actionpack.telephone import telephone_numbers
from actionpack.typesetting.spacing import UNIT

# Kinds of characters, for the patterns below: L runs from left to right, R does not, N is a digit
# of both, h may begin a word that runs from left to right; a space is one, all else a full stop.
_MAY_BEGIN = "+@#/~$_.&=%-\\"
_WORDS = re.compile(
    "(?:(?<![RNh])[Nh]+)?"  # @name, 3D
    "L(?:[LNh. ]*L)?"
    "(?: ?[h.]{0,2}N(?:[Nh.]*N)?)?"  # ASA 17/2016
)
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


def to_isolate(text: str) -> tuple[range, ...]:
    """Where something stands in a text from right to left that must run the other way."""
    if text.isspace() or _ORDERED.search(text):
        return ()
    found = [one for words in _WORDS.finditer(_kinds(text)) for one in _whole(text, words)]
    found += telephone_numbers(text)
    for pattern in (_INTERNATIONAL, _PRODUCT):
        found += (range(*one.span()) for one in pattern.finditer(text))
    return _joined(found)


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
    begun = start
    for at in _alone(text, start, stop):
        if at == stop:
            stop += 1
        else:
            yield from _trimmed(text, begun, at)
            begun = at + 1
    yield from _trimmed(text, begun, stop)


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
    part = text[start:stop]
    if any(character.isalnum() for character in part):
        left = start + len(part) - len(part.lstrip())
        yield range(left, left + len(part.strip()))


def _joined(found: list[range]) -> tuple[range, ...]:
    """Stretches in order, those that overlap as one."""
    joined: list[range] = []
    for one in sorted(found, key=lambda one: one.start):
        if joined and one.start <= joined[-1].stop:
            joined[-1] = range(joined[-1].start, max(joined[-1].stop, one.stop))
        else:
            joined.append(one)
    return tuple(joined)
