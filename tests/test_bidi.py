"""Text of both directions: its order on the page is the one of Unicode Standard Annex 9."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from bidi import get_display
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from actionpack.fonts import bidi
from actionpack.telephone import telephone_numbers

# Of every kind that a rule speaks of: letters, numbers of both sorts, what stands in them and round
# them, brackets (two of them in another spelling), marks, space, and what is never seen.
ALPHABET = "abאבلم12٣٤+-./,:%$€()[]<»〈\u2329\u3009«!'# \t\u0301\u064b\u05b0\u200b\u00ad𐤀"
UNSEEN = {0x200B: None, 0xAD: None}


def shown(text: str, base: int) -> str:
    """The text as it stands on the page, from the left; brackets are not turned over."""
    return "".join(text[at] for at in bidi.visual_order(bidi.levels(text, base)))


@given(st.text(st.sampled_from(ALPHABET), max_size=14), st.sampled_from("LR"))
@example("a(ب)c", "R")
@example("ب(a[ب]", "L")
@settings(max_examples=3000, deadline=None)
def test_the_order_is_that_of_another_implementation(text: str, side: str) -> None:
    base = "LR".index(side)
    # Those are a rule of our own.
    assume(not telephone_numbers(text))
    # The other leaves L1 out when nothing runs from right to left, and that is never asked here.
    assume("\t" not in text or bidi.runs_right_to_left(text))
    # Where something stands that is never seen is left to each (5.2).
    ours, theirs = (
        order.translate(UNSEEN) for order in (shown(text, base), get_display(text, base_dir=side))
    )
    assert ours == theirs


@given(st.text(st.sampled_from(ALPHABET), max_size=40))
def test_nothing_is_lost_or_doubled(text: str) -> None:
    order = bidi.visual_order(bidi.levels(text, bidi.base_level(text)))
    assert sorted(order) == list(range(len(text)))


# R stands for a letter that runs from right to left; the levels are worked out by hand.
@pytest.mark.parametrize(
    ("text", "base", "levels"),
    [
        ("abc", 0, "000"),
        ("ابج", 1, "111"),
        # A number runs from left to right inside its sentence (I2), and a word does so.
        ("اب 12 جد", 1, "11122111"),
        ("اب ab جد", 1, "11122111"),
        # Punctuation between two letters of a direction has it (N1), else that of the line (N2).
        ("ab اب!", 0, "000110"),
        ("اب ab!", 1, "111221"),
        # A pair of brackets runs as what is in it and before it (N0).
        ("ab (اب) cd", 0, "0000110000"),
        ("اب (ab) cd", 1, "1111221122"),
        # After an Arabic letter a comma between numbers stays in them, and a hyphen does not (W4).
        ("ا1,2", 1, "1222"),
        ("ا1-2", 1, "1212"),
        # A separator parts a line that runs from right to left, whatever is on its sides (L1).
        ("a\t1", 1, "212"),
    ],
)
def test_levels_worked_out_by_hand(text: str, base: int, levels: str) -> None:
    assert "".join(map(str, bidi.levels(text, base))) == levels


@pytest.mark.parametrize(
    ("text", "base"), [("", 0), ("12 - (!)", 0), ("12 a ب", 0), ("(12) ب a", 1), ("٣ a", 0)]
)
def test_a_line_runs_as_its_first_letter_does(text: str, base: int) -> None:
    assert bidi.base_level(text) == base


@pytest.mark.parametrize(("deep", "levels"), [(63, "111"), (64, "110")])
def test_behind_64_open_brackets_none_is_looked_for(deep: int, levels: str) -> None:
    # BD16. As a pair the brackets run as what is in and before them, as two as the line does.
    text = "[" * (deep - 1) + "ب(ب)a"
    assert "".join(map(str, bidi.levels(text, 0)[-4:-1])) == levels
    assert shown(text, 0) == get_display(text, base_dir="L")


def test_the_pairs_of_brackets_are_those_that_unicode_defines() -> None:
    # Bidi_Paired_Bracket_Type (UAX 9, BD14 and BD15): opening or closing, mirrored, neutral.
    every = map(chr, range(sys.maxunicode + 1))
    found = {
        character
        for character in every
        if unicodedata.category(character) in ("Ps", "Pe")
        and unicodedata.mirrored(character)
        and unicodedata.bidirectional(character) == "ON"
    }
    # U+2329 and U+232A are U+3008 and U+3009 once they are composed.
    known = {*bidi.CLOSING, *bidi.CLOSING.values()} | {"\u2329", "\u232a"}
    assert found == known
    for opening, closing in bidi.CLOSING.items():
        assert (unicodedata.category(opening), unicodedata.category(closing)) == ("Ps", "Pe")


@given(st.text(max_size=20))
def test_whether_text_runs_right_to_left_is_told_by_its_letters(text: str) -> None:
    kinds = {unicodedata.bidirectional(character) for character in text}
    assert bidi.runs_right_to_left(text) is bool(kinds & {"R", "AL", "AN"})


def test_no_letter_that_runs_right_to_left_is_overlooked() -> None:
    for character in map(chr, range(sys.maxunicode + 1)):
        if unicodedata.bidirectional(character) in ("R", "AL", "AN"):
            assert bidi.runs_right_to_left(character), hex(ord(character))


# --- telephone numbers ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown_as"),
    [
        ("هاتف +966 11 555 1234", "+966 11 555 1234 فتاه"),
        (
            "هاتف: (011) 555-1234، فاكس: (011) 555-1235",
            "(011) 555-1235 :سكاف ،(011) 555-1234 :فتاه",
        ),
        ("هاتف +44(0)20 7946 0958 نهارا", "اراهن +44(0)20 7946 0958 فتاه"),
        ("טלפון 02-555-1234", "02-555-1234 ןופלט"),
        ("هاتف ٠١١ ٥٥٥ ١٢٣٤", "٠١١ ٥٥٥ ١٢٣٤ فتاه"),
        # Of a whole number in brackets both of them stand with it.
        ("هاتف (011 555 1234)", "(011 555 1234) فتاه"),
        ("٠١١ ٥٥٥ ١٢٣٤", "٠١١ ٥٥٥ ١٢٣٤"),
        ("Tel هاتف +966 11 555 1234", "Tel فتاه +966 11 555 1234"),
        # Behind a Latin word it runs with that anyway, and the two stay together.
        ("هاتف Tel. +966 11 555 1234", "Tel. +966 11 555 1234 فتاه"),
        ("رقم X12-345-678", "X12-345-678 مقر"),
        # One group, or few digits: what it is nobody can tell, and the annex has its way.
        ("من 12-14", "14-12 نم"),
        ("ب 123456 - ج", "ج - 123456 ب"),
    ],
)
def test_a_telephone_number_runs_from_left_to_right(text: str, shown_as: str) -> None:
    assert shown(text, bidi.base_level(text)) == shown_as


GROUP = st.text(st.sampled_from("0123456789"), min_size=1, max_size=4) | st.text(
    st.sampled_from("٠١٢٣٤٥٦٧٨٩"), min_size=1, max_size=4
)
PART = st.sampled_from((" ", "-", ".", "/", " - ", "\u00a0", "\u2011", ") ", " (", ")", "("))
NUMBER = st.builds(
    lambda plus, groups, parts: plus + "".join(map("".join, zip(groups, parts, strict=True))),
    st.sampled_from(("", "+", "(", "+(")),
    st.lists(GROUP, min_size=5, max_size=5),
    st.tuples(PART, PART, PART, PART, st.sampled_from(("", ")"))),
)


@given(st.lists(NUMBER | st.text(st.sampled_from(ALPHABET), max_size=8), max_size=4), st.booleans())
@settings(max_examples=1000, deadline=None)
def test_wherever_it_stands_its_characters_follow_each_other(parts: list[str], left: bool) -> None:
    text = "".join(parts)
    numbers = telephone_numbers(text)
    assume(numbers)
    order = bidi.visual_order(bidi.levels(text, int(left)))
    assert sorted(order) == list(range(len(text)))
    for number in numbers:
        at = order.index(number.start)
        assert order[at : at + len(number)] == tuple(number)


@given(
    st.text(st.sampled_from("abאب,!% "), max_size=8),
    st.text(st.sampled_from("abאب,!% "), max_size=8),
    st.sampled_from("LR"),
)
@settings(max_examples=500, deadline=None)
def test_to_the_line_a_number_is_one_thing_without_direction(
    before: str, after: str, side: str
) -> None:
    # A Latin word before it has it run with that.
    assume(not before.rstrip(",!% ").endswith(("a", "b")))
    number = "011 555 1234"
    text = f"{before}{number}{after}"
    assume(telephone_numbers(text))
    theirs = get_display(f"{before}\ufffc{after}", base_dir=side).replace("\ufffc", number)
    assert shown(text, "LR".index(side)) == theirs
