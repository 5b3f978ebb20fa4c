"""Text of both directions into the order in which it is drawn (Unicode Standard Annex 9).

The functions are the annex's rules. Text is one line and has no marks that embed, override or
isolate, which nothing here is let print: so the whole line is one isolating run sequence (BD13) at
the level of the paragraph, and the rules X1 to X8 have nothing to do.

One thing is added, as the annex lets a higher protocol do (HL3): a telephone number whose groups
would stand in the opposite order is isolated, and runs from left to right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice

from actionpack.telephone import telephone_numbers

# Blocks of scripts that run from right to left (Unicode 15, DerivedBidiClass.txt), some more than
# have letters: whether a text has any is asked for every line, and then looked at closely.
_MAY_RUN_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_RIGHT_TO_LEFT = frozenset(("R", "AL", "AN"))
# Marks that reorder text, and are as if they were not there (X9).
_UNHEEDED = frozenset(("BN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"))
_NEUTRAL = frozenset(("B", "S", "WS", "ON"))
# Bidi_Paired_Bracket (BidiBrackets.txt): each opening one before the one that closes it.
_PAIRS = (
    "()[]{}༺༻༼༽᚛᚜⁅⁆⁽⁾₍₎⌈⌉⌊⌋〈〉❨❩❪❫❬❭❮❯❰❱❲❳❴❵⟅⟆⟦⟧⟨⟩⟪⟫⟬⟭⟮⟯⦃⦄⦅⦆⦇⦈⦉⦊⦋⦌⦍⦐⦏⦎⦑⦒⦓⦔⦕⦖⦗⦘⧘⧙⧚⧛⧼⧽"
    "⸢⸣⸤⸥⸦⸧⸨⸩⹕⹖⹗⹘⹙⹚⹛⹜〈〉《》「」『』【】〔〕〖〗〘〙〚〛﹙﹚﹛﹜﹝﹞（）［］｛｝｟｠｢｣"
)
CLOSING = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_CLOSES = frozenset(CLOSING.values())
# BD16: behind deeper brackets than these none is looked for.
_DEEPEST = 63
# What an isolate counts as for the line round it: something without a direction.
_OBJECT = "\ufffc"


def runs_right_to_left(text: str) -> bool:
    """Whether any of a text does."""
    return _MAY_RUN_LEFT.search(text) is not None and any(
        unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text
    )


def base_level(text: str) -> int:
    """The level of the paragraph: that of its first letter, 0 when there is none (P2, P3)."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("L", "R", "AL"):
            return int(kind != "L")
    return 0


def levels(text: str, base: int) -> tuple[int, ...]:
    """The level of each character; those of an odd level run from right to left."""
    found = _levels(text, base)
    numbers = telephone_numbers(text)
    isolated: set[range] = set()
    # Those that run from left to right anyway, as behind a Latin word, stay as they are.
    while turned := {one for one in numbers if _is_turned(one, found)} - isolated:
        isolated |= turned
        found = _levels_round(text, base, sorted(isolated, key=lambda one: one.start))
    return found


def _is_turned(run: range, found: Sequence[int]) -> bool:
    (first, *others) = {found[at] for at in run}
    return bool(others) or first % 2 == 1


def _levels_round(text: str, base: int, isolates: Sequence[range]) -> tuple[int, ...]:
    """The levels of a line in which some runs are isolates from left to right (X5b)."""
    starts = [0, *(isolate.stop for isolate in isolates)]
    stops = [*(isolate.start for isolate in isolates), len(text)]
    between = [text[start:stop] for start, stop in zip(starts, stops, strict=True)]
    outside = iter(_levels(_OBJECT.join(between), base))
    found = list(islice(outside, len(between[0])))
    for isolate, following in zip(isolates, between[1:], strict=True):
        # No higher than it must be: no marks that isolate part it from what stands beside it.
        level = next(outside)
        found += [level + level % 2] * len(isolate)
        found += islice(outside, len(following))
    return tuple(found)


def _levels(text: str, base: int) -> tuple[int, ...]:
    """The same by the rules alone."""
    # No character of a kind unknown to Unicode is in any font; it counts as a letter.
    kinds = [unicodedata.bidirectional(character) or "L" for character in text]
    heeded = [at for at, kind in enumerate(kinds) if kind not in _UNHEEDED]
    before = [kinds[at] for at in heeded]
    after = list(before)
    outer = "R" if base % 2 else "L"
    _weak(after, outer)
    _brackets([text[at] for at in heeded], before, after, outer)
    _neutral(after, outer)
    found = [base] * len(text)
    for at, kind in zip(heeded, after, strict=True):
        found[at] = _implicit(kind, base)
    # What is not heeded stays with what stands before it (X9 and 5.2).
    for at in range(1, len(text)):
        if kinds[at] in _UNHEEDED:
            found[at] = base if kinds[at - 1] in ("S", "B") else found[at - 1]
    _white_space(kinds, found, base)
    return tuple(found)


def visual_order(of: Sequence[int]) -> tuple[int, ...]:
    """The indices of things with these levels, those on the left first (L2)."""
    order = list(range(len(of)))
    for level in range(max(of, default=0), 0, -1):
        at = 0
        while at < len(order):
            end = at
            while end < len(order) and of[order[end]] >= level:
                end += 1
            order[at:end] = order[at:end][::-1]
            at = end + 1
    return tuple(order)


# ------------------------------------------------------------------------------------- the rules


def _weak(kinds: list[str], outer: str) -> None:
    """W1 to W7: marks, numbers and what stands in them."""
    _marks_and_letters(kinds, outer)
    # W4: one separator between two numbers of a kind.
    for at in range(1, len(kinds) - 1):
        sides = {kinds[at - 1], kinds[at + 1]}
        if (kinds[at] in ("ES", "CS") and sides == {"EN"}) or (
            kinds[at] == "CS" and sides == {"AN"}
        ):
            kinds[at] = kinds[at - 1]
    # W5: what stands round a number, such as a currency.
    for start, end in list(_stretches(kinds, frozenset(("ET",)))):
        if "EN" in (*kinds[max(start - 1, 0) : start], *kinds[end : end + 1]):
            kinds[start:end] = ["EN"] * (end - start)
    strong = outer
    for at, kind in enumerate(kinds):
        if kind in ("ES", "ET", "CS"):
            kinds[at] = "ON"  # W6
        elif kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[at] = "L"  # W7


def _marks_and_letters(kinds: list[str], outer: str) -> None:
    """W1 to W3."""
    strong = outer
    for at, kind in enumerate(kinds):
        if kind == "NSM":
            kinds[at] = kinds[at - 1] if at else outer  # W1
        if kinds[at] in ("L", "R", "AL"):
            strong = kinds[at]
        elif kinds[at] == "EN" and strong == "AL":
            kinds[at] = "AN"  # W2
    for at, kind in enumerate(kinds):
        if kind == "AL":
            kinds[at] = "R"  # W3


def _brackets(characters: list[str], before: list[str], kinds: list[str], outer: str) -> None:
    """N0: a pair of brackets runs as what stands in it, or before it."""
    for opening, closing in sorted(_pairs(characters, kinds)):
        inside = {_direction(kind) for kind in kinds[opening + 1 : closing]} - {""}
        if not inside:
            continue
        side = outer
        if outer not in inside:
            (other,) = inside
            seen = (_direction(kind) for kind in reversed(kinds[:opening]))
            side = other if next(filter(None, seen), outer) == other else outer
        for at in (opening, closing):
            kinds[at] = side
            # Marks on a bracket go with it.
            for mark in range(at + 1, len(kinds)):
                if before[mark] != "NSM":
                    break
                kinds[mark] = side


def _pairs(characters: list[str], kinds: list[str]) -> list[tuple[int, int]]:
    """Which brackets belong together (BD16)."""
    found: list[tuple[int, int]] = []
    waiting: list[tuple[str, int]] = []
    for at, character in enumerate(characters):
        if kinds[at] != "ON":
            continue
        # U+2329 and U+232A are other ways to write U+3008 and U+3009.
        bracket = unicodedata.normalize("NFC", character)
        if bracket in CLOSING:
            if len(waiting) == _DEEPEST:
                break
            waiting.append((CLOSING[bracket], at))
        elif bracket in _CLOSES:
            for deep in range(len(waiting) - 1, -1, -1):
                if waiting[deep][0] == bracket:
                    found.append((waiting[deep][1], at))
                    del waiting[deep:]
                    break
    return found


def _neutral(kinds: list[str], outer: str) -> None:
    """N1 and N2: what has no direction runs as what is on both its sides, or as the line."""
    for start, end in list(_stretches(kinds, _NEUTRAL)):
        left = _direction(kinds[start - 1]) if start else outer
        right = _direction(kinds[end]) if end < len(kinds) else outer
        kinds[start:end] = [left if left == right else outer] * (end - start)


def _direction(kind: str) -> str:
    """L or R, which numbers count as once W7 is done; '' for what has no direction."""
    return {"L": "L", "R": "R", "EN": "R", "AN": "R"}.get(kind, "")


def _implicit(kind: str, base: int) -> int:
    """I1 and I2."""
    if base % 2:
        return base + (kind != "R")
    return base + {"L": 0, "R": 1}.get(kind, 2)


def _white_space(kinds: list[str], found: list[int], base: int) -> None:
    """L1: separators, and white space before them and at the end of the line."""
    at_end = True
    for at in range(len(kinds) - 1, -1, -1):
        if kinds[at] in ("S", "B"):
            at_end = True
        elif kinds[at] != "WS" and kinds[at] not in _UNHEEDED:
            at_end = False
        if at_end:
            found[at] = base


def _stretches(kinds: Sequence[str], of: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Where things of some kinds stand side by side, from and to."""
    at = 0
    while at < len(kinds):
        end = at
        while end < len(kinds) and kinds[end] in of:
            end += 1
        if end > at:
            yield at, end
        at = end + 1
