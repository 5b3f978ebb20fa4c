"""Text as meant against text as found: on a normal form that line breaking cannot change.

The normal form is NFKC (Unicode Standard Annex 15) without white space, hyphens and marks that
print nothing. Line breaking adds and removes just those, a PDF may hold a ligature for its
letters, and a PDF reader may take the ligature apart: nothing else can differ unless text is
lost, doubled, strange or out of order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

# Space; controls; hyphens, soft and inserted (pdfium reads one at a line's end as U+FFFE or
# U+0002); joiners, direction marks and the rest of what prints nothing (General_Category Cf).
_UNSEEN = re.compile(
    "["
    r"\s\x00-\x1f\x7f-\x9f\-\u00ad\u2010\u2011\ufffe"
    r"\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
    "]+"
)
_QUOTED_CHARACTERS = 48
# Where words are longer than this on average, there is no space between them (CJK, Thai).
_LONGEST_USUAL_WORD = 24


# The same letters and lines are asked for by one check after the other.
@lru_cache(maxsize=16_384)
def normal(text: str) -> str:
    """The normal form."""
    bare = _UNSEEN.sub("", unicodedata.normalize("NFKC", _UNSEEN.sub("", text)))
    # A free-standing accent is a space and a combining one, which now stands on what was before.
    return unicodedata.normalize("NFC", bare)


# Accents of Latin, Greek and Cyrillic.
_ABOVE = re.compile("[\u0300-\u036f]")


def squeezed(text: str) -> str:
    """The normal form with capitals made small, for text that a style sheet may set in capitals.

    Capitals may lose or gain what stands above them: accents in Greek, the dot in Turkish.
    """
    bare = _ABOVE.sub("", unicodedata.normalize("NFD", normal(text).casefold()))
    return bare.replace("ı", "i")


# A bracket that closes is drawn as one that opens where text runs from right to left.
_ONE_WAY = str.maketrans(")]}>»›", "([{<«‹")


def _has(text: str, *kinds: str) -> bool:
    return any(unicodedata.bidirectional(mark) in kinds for mark in text)


def _settled(meant: str, found: str) -> str:
    """The text found, each of its lines as it is meant where it holds just that.

    Readers put a line that runs both ways into the order of reading by rules of their own, and turn
    brackets and full stops between the directions over or round. What they make of the order within
    a line is no fault of the page (`turned` looks where the words stand); a character that is
    missing is, or one that is in another line.
    Lines are looked at from both ends, so that what is left is the part with the fault.
    """
    words, lines = meant.split(), [line for line in found.split("\n") if normal(line)]
    want = [letter for word in words for letter in _letters(word)]
    have = [_letters(line) for line in lines]
    begin, first = 0, 0
    while first < len(lines) and _same(want[begin : begin + len(have[first])], have[first]):
        begin += len(have[first])
        first += 1
    end, last = len(want), len(lines)
    while last > first and end - len(have[last - 1]) >= begin:
        if not _same(want[end - len(have[last - 1]) : end], have[last - 1]):
            break
        end -= len(have[last - 1])
        last -= 1
    before, after = _stretch(words, 0, begin), _stretch(words, end, len(want))
    return " ".join((*before, *lines[first:last], *after))


def _letters(text: str) -> str:
    """The normal form, its accents apart and in one order, its brackets one way."""
    return unicodedata.normalize("NFD", normal(text)).translate(_ONE_WAY)


def _same(some: Sequence[str], line: str) -> bool:
    """Whether a line holds just some letters; in their order, unless it runs both ways."""
    if sorted(some) != sorted(line):
        return False
    return _has(line, "L", "EN", "AN") or list(filter(_is_letter, some)) == list(
        filter(_is_letter, line)
    )


def _is_letter(mark: str) -> bool:
    return unicodedata.category(mark)[0] in "LM"


def _stretch(words: Sequence[str], begin: int, end: int) -> Iterator[str]:
    """What stands in words from one letter to another, as `_letters` counts them."""
    at = 0
    for word in words:
        letters = unicodedata.normalize("NFD", normal(word))
        inside = letters[max(0, begin - at) : max(0, end - at)]
        if inside:
            yield word if inside == letters else inside
        at += len(letters)


def printable(text: str) -> str:
    """Text with a space for each character that prints nothing."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def quoted(text: str) -> str:
    """Text between quotes, on one line, shortened after its first words.

    Of characters that print nothing, which would command a terminal, spaces are left.
    """
    line = " ".join(printable(text).split())
    if len(line) <= _QUOTED_CHARACTERS:
        return f"'{line}'"
    cut = line[:_QUOTED_CHARACTERS]
    return f"'{cut.rpartition(' ')[0] or cut}…'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What is wrong with a text, in words, and where that begins: in the normal form, from 0.

    `cure` is None for the usual one.
    """

    message: str
    start: int
    cure: str | None = None


def difference(field: str, meant: str, found: str) -> Difference | None:
    """Say how the text found differs from the one meant; None when it does not.

    A line that runs both ways may be found in any order.
    """
    if _has(meant, "R", "AL", "AN"):
        found = _settled(meant, found)
    words = meant.split()
    forms = [normal(word) for word in words]
    want, have = normal(meant), normal(found)
    if want == have:
        return None
    begin, lost_end, extra_end = _changed(want, have, starts=_starts(forms))
    lost, extra = want[begin:lost_end], have[begin:extra_end]
    name, cure = f"'{field}'", None
    if not have:
        amount = _amount(words)
        message = f"all {amount} of {name} are not on the paper, from {quoted(meant)}"
    elif lost and not extra:
        message = _lost(name, words, forms, begin, lost_end)
    elif extra and not lost:
        which = quoted(_as_written(found, begin, extra_end))
        beside = want[:begin].endswith(extra) or want[begin:].startswith(extra)
        twice = beside or (extra in want and len(extra) > _LONGEST_USUAL_WORD)
        message = (
            f"{which} of {name} is on the paper twice"
            if twice
            else f"{which} stands inside {name} and does not belong there"
        )
        cure = (
            "print it once, or let the layout say so: 'repeats' on a page, 'each_target' on the "
            "leaf of each"
            if twice
            else f"put it elsewhere: in a template, outside of the element of {name}"
        )
    else:
        message = (
            f"{name} says {quoted(_as_written(found, begin, extra_end))} "
            f"where {quoted(_as_written(meant, begin, lost_end))} is meant"
        )
    return Difference(message=message, start=begin, cure=cure)


def _starts(forms: list[str]) -> set[int]:
    return {0, *accumulate(len(form) for form in forms)}


def _changed(want: str, have: str, *, starts: set[int]) -> tuple[int, int, int]:
    """Where two texts begin to differ, and where each of them ends to."""
    begin = _shared(want, have)
    tail = _shared(want[begin:][::-1], have[begin:][::-1])
    lost_end, extra_end = len(want) - tail, len(have) - tail
    # Of "to the tower", "to tower" has lost "the ", not "he t": what is only there or only
    # missing may slide to the left until it begins with a word.
    one_sided = begin in (lost_end, extra_end)
    text, end = (want, lost_end) if extra_end == begin else (have, extra_end)
    back = 0
    while one_sided and begin - back > 0 and begin - back not in starts:
        if text[begin - back - 1] != text[end - back - 1]:
            return begin, lost_end, extra_end
        back += 1
    return begin - back, lost_end - back, extra_end - back


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _lost(name: str, words: list[str], forms: list[str], begin: int, end: int) -> str:
    ends = list(accumulate(len(form) for form in forms))
    gone = [
        word
        for word, form, until in zip(words, forms, ends, strict=True)
        if until > begin and until - len(form) < end
    ]
    amount = _amount(gone)
    if end >= ends[-1]:
        amount = f"the last {amount.removeprefix('1 ')}"
    verb = "is" if amount.endswith(("word", "character")) else "are"
    return f"{amount} of {name} {verb} not on the paper, from {quoted(' '.join(gone))}"


def _amount(words: list[str]) -> str:
    letters = sum(map(len, words))
    count, unit = (
        (letters, "character")
        if letters > _LONGEST_USUAL_WORD * len(words)
        else (len(words), "word")
    )
    return f"{count} {unit}" + ("" if count == 1 else "s")


def _as_written(text: str, begin: int, end: int) -> str:
    """The words of `text` that hold a stretch of its normal form, with their spaces."""
    words = text.split()
    ends = accumulate(len(normal(word)) for word in words)
    return " ".join(
        word
        for word, until in zip(words, ends, strict=True)
        if until > begin and until - len(normal(word)) < end
    )
