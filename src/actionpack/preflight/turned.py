"""Do the words of a line that runs both ways stand in their order, by where their letters stand.

What readers tell of such a line is in an order of their own (`words`); where its letters stand is
not. Of the Unicode Bidirectional Algorithm (Standard Annex 9) this holds for any line, whichever
way it runs as a whole: words from right to left that follow each other go to the left, words from
left to right to the right. In running text, which is all in one paragraph direction, one of the two
kinds keeps its way across the other. A line whose words are not those meant, such as one with half
a word, is left to the checks of words.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from actionpack.diagnostics import Finding, Place, finding
from actionpack.fonts.bidi import runs_right_to_left
from actionpack.geometry import Box
from actionpack.model import TextMeant
from actionpack.preflight.meant import MeantPage, Region
from actionpack.preflight.painted import Letter, Mark
from actionpack.preflight.reader import Page
from actionpack.preflight.text import texts
from actionpack.preflight.words import quoted

# What is written in sentences; other fields put names of any direction side by side.
_RUNNING = frozenset(
    ("title", "summary", "briefing", "quote", "ask", "letter", "meaning", "safety_notes")
)
# What may stand between two words of one stretch that runs the other way.
_SOFT = frozenset(" \u00a0\u202f\u200b'’-.")
# Pairs of these may run as their line does, and part what is on both sides (rule N0).
_BRACKETS = frozenset("()[]{}")
# Lines are further apart than this, and words of a line no nearer, in type sizes.
_BESIDE, _GAP = 0.5, 0.2


class _Word(NamedTuple):
    """The bare letters of a word, in no order, and whether they run from right to left.

    `between` stands before it.
    """

    key: str
    turned: bool
    between: str
    text: str


def turned_round(
    page: Page,
    meant: MeantPage,
    fields: Sequence[TextMeant],
    hidden: frozenset[int],
    place: Place,
) -> Iterator[Finding]:
    """Find lines of two directions whose words are not in their order (`lost-text`)."""
    # Along a line that stands on its head, left is right.
    lines = [
        mark
        for mark in texts(page.marks)
        if mark.at not in hidden and not mark.sideways and not mark.upside_down
    ]
    if not any(runs_right_to_left(mark.text) for mark in lines):
        return
    for region in meant.regions:
        field = fields[region.text]
        if not runs_right_to_left(field.text):
            continue
        letters = [
            _as_read(mark, letter)
            for mark in lines
            if region.box.overlaps(mark.box)
            for letter in page.letters(mark)
            if region.box.contains_point(letter.box.centre)
        ]
        words = tuple(_words(field.text))
        for line in _lines(letters):
            told = [word.key for word in line]
            wrong = _out_of_order(told, words, running=_is_running(region))
            if wrong:
                said = " ".join(word.text for word in wrong)
                yield finding(
                    "lost-text",
                    f"the words of '{region.field}' stand in another order than they are meant: "
                    f"one line should say {quoted(said)}",
                    place,
                )
                break


def _as_read(mark: Mark, letter: Letter) -> tuple[float, float, Letter]:
    """How far down a letter stands, its size, and itself, with the foot of its line down."""
    if not mark.upside_down:
        return mark.middle.y, mark.type_mm, letter
    box = letter.box
    turned = Box.between(-box.right, -box.bottom, -box.left, -box.top)
    return -mark.middle.y, mark.type_mm, letter._replace(box=turned)


def _is_running(region: Region) -> bool:
    return region.field.split(":")[0] in _RUNNING


def _lines(letters: Sequence[tuple[float, float, Letter]]) -> Iterator[tuple[_Word, ...]]:
    """Letters as the words of each line, from the left."""
    rest = sorted(letters, key=lambda one: one[0])
    while rest:
        y, size, _ = rest[0]
        line = [one for one in rest if one[0] - y < _BESIDE * min(size, one[1])]
        rest = rest[len(line) :]
        along = sorted((letter for _, _, letter in line), key=lambda letter: letter.box.left)
        text = along[0].text
        for before, letter in pairwise(along):
            apart = letter.box.left - before.box.right > _GAP * size
            text += f" {letter.text}" if apart else letter.text
        yield tuple(_words(text))


def _words(text: str) -> Iterator[_Word]:
    """Words of letters of one direction; marks and digits belong to none."""
    bare = [mark for letter in text for mark in _apart(letter) if _counts(mark)]
    between = " "
    for kind, same in groupby(bare, _kind):
        word = "".join(same)
        if kind is None:
            between = word
            continue
        yield _Word("".join(sorted(word.casefold())), kind, between, word)
        between = ""


def _apart(letter: str) -> str:
    """A letter with its marks apart; one that stands for several words, as \ufdfa does, is none."""
    apart = unicodedata.normalize("NFKD", letter)
    return " " if " " in apart else apart


def _counts(mark: str) -> bool:
    return unicodedata.category(mark) not in ("Mn", "Mc", "Me", "Cf", "Cc")


def _kind(mark: str) -> bool | None:
    if unicodedata.category(mark)[0] != "L":
        return None
    return unicodedata.bidirectional(mark) in ("R", "AL")


def _out_of_order(told: Sequence[str], words: Sequence[_Word], *, running: bool) -> Sequence[_Word]:
    """The words that a line should say, of which it has all, from the left, and in no order.

    None where it is in order, or has words of its own.
    """
    wanted = sorted(told)
    stretches = (
        words[start : start + len(told)] for start, word in enumerate(words) if word.key in wanted
    )
    some = [one for one in stretches if sorted(word.key for word in one) == wanted]
    if any(_may_stand(told, one, running=running) for one in some):
        return ()
    return some[0] if some else ()


def _may_stand(told: Sequence[str], stretch: Sequence[_Word], *, running: bool) -> bool:
    # A word that is there twice could stand in either place.
    places = {key: at for at, key in enumerate(told) if told.count(key) == 1}
    for one, other in pairwise(stretch):
        left, right = places.get(one.key), places.get(other.key)
        if left is None or right is None or one.turned != other.turned:
            continue
        soft = _SOFT.issuperset(other.between)
        if one.turned and left < right and (soft or _is_bare(other, running=running)):
            return False
        if not one.turned and left > right and soft:
            return False
    if not running:
        return True
    placed = [(places[word.key], word.turned) for word in stretch if word.key in places]
    turned = [at for at, is_turned in placed if is_turned]
    others = [at for at, is_turned in placed if not is_turned]
    return turned == sorted(turned, reverse=True) or others == sorted(others)


def _is_bare(word: _Word, *, running: bool) -> bool:
    return running and _BRACKETS.isdisjoint(word.between)
