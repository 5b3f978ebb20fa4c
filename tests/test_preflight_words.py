"""Text as meant against text as found, and the laid-out boxes that hold it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from actionpack.diagnostics import Place
from actionpack.geometry import Box, Size
from actionpack.model import LaidBox, LaidPage
from actionpack.preflight import broken_words, conservation, lost_words, regions
from actionpack.preflight.words import difference, normal, quoted

HERE = Place(file="content/harbour/en.md", line=12)
A4 = Size(210, 297)


def laid(
    text: str,
    *,
    field: str = "letter",
    target: str = "",
    panel: str = "letter",
    box: Box | None = None,
    made_up: bool = False,
    kind: str = "text",
) -> LaidBox:
    return LaidBox(
        kind=kind,
        text=text,
        box=box or Box(20, 20, 100, 4.8),
        made_up=made_up,
        piece="letter",
        panel=panel,
        field=field,
        target=target,
    )


def page(*boxes: LaidBox) -> LaidPage:
    return LaidPage(size=A4, boxes=boxes)


def lines(*texts: str, field: str = "letter", left: float = 20, top: float = 20) -> list[LaidBox]:
    """Lines of 4.8 mm, one below the other at 4.2 mm, as at 10 pt on 12 pt."""
    return [
        laid(text, field=field, box=Box(left, top + 4.2 * at, 100, 4.8))
        for at, text in enumerate(texts)
    ]


def said(meant: str, *boxes: LaidBox, field: str = "letter") -> str | None:
    found = conservation([(field, meant, HERE)], [page(*boxes)])
    assert all(one.code == "lost-text" and one.place == HERE for one in found)
    return found[0].message if found else None


# ------------------------------------------------------------------------------- broken words


@pytest.mark.parametrize(
    ("meant", "set_in", "broken"),
    [
        ("Derechos Humanos", ["Derechos Humano", "s"], "Humanos"),
        ("Derechos\u00a0Humanos", ["Derechos", "Humanos"], None),
        ("Derechos Humanos", ["Derechos Hu\u2010", "manos"], None),  # hyphenated
        ("der Friedens\u00advertrag", ["der Friedens\u00ad", "vertrag"], None),
        ("a well-known case", ["a well-", "known case"], None),
        ("a well-known case", ["a well-kn", "own case"], "well-known"),
        ("große Straßen", ["GROSSE ST", "RASSEN"], "Straßen"),  # in capitals
        ("GROSSE STRASSEN", ["GROSSE", "STRASSEN"], None),
        ("права человека", ["права чело", "века"], "человека"),
        ("حقوق الإنسان", ["حقوق الإن", "سان"], "الإنسان"),
        ("मानव अधिकारों", ["मानव अधिका", "रों"], "अधिकारों"),
        ("世界人权宣言", ["世界人", "权宣言"], None),  # has no spaces
        ("สิทธิมนุษยชน", ["สิทธิมนุษย", "ชน"], None),
        ("세계 인권 선언", ["세계 인", "권 선언"], None),
        ("see www.example.org/act", ["see www.exam", "ple.org/act"], None),  # may be broken
        ("to ana@example.org", ["to ana@exam", "ple.org"], None),
        ("either/or", ["either/", "or"], None),
        ("in 2027", ["in 20", "27"], None),
        ("it is done.", ["it is done", "."], "done"),  # nor does a line begin with a full stop
        ("he said ... nothing", ["he said", "... nothing"], None),
        ("all .org addresses", ["all", ".org addresses"], None),
    ],
)
def test_a_word_that_goes_on_in_the_next_line_has_a_hyphen(
    meant: str, set_in: list[str], broken: str | None
) -> None:
    found = broken_words([("letter", meant, HERE)], "", [page(*lines(*set_in))])
    told = [f"'{broken}' is broken at the end of a line, without a hyphen"] if broken else []
    assert [one.message for one in found] == told
    assert all((one.code, one.place) == ("broken-word", HERE) for one in found)


def test_words_that_are_turned_to_read_upwards_are_whole() -> None:
    parts = [laid(text, box=Box(20, top, 5, 18)) for text, top in (("Ali", 60), (", Ben", 40))]
    assert broken_words([("letter", "Ali, Ben", HERE)], "", [page(*parts)]) == ()


def test_a_word_in_parts_of_one_line_is_whole() -> None:
    one, other = laid("Hu", box=Box(20, 20, 5, 4.8)), laid("manos", box=Box(25, 21, 9, 4.8))
    assert broken_words([("letter", "Humanos", HERE)], "", [page(one, other)]) == ()
    # It goes on at the top of the next page.
    pages = [page(laid("Hu")), page(laid("manos"))]
    (found,) = broken_words([("letter", "Humanos", HERE)], "", pages)
    assert found.message.startswith("'Humanos'")


@pytest.mark.parametrize(
    ("html", "set_in", "broken"),
    [
        ("<p>Signatures</p><p>collected</p>", ["Signatu", "res", "collected"], "Signatures"),
        ("<p>Signatures collected</p>", ["Signatures", "collected"], None),
        ("<p>Unter\u00adschriften</p>", ["Unter\u2010", "schriften"], None),
        ("<p>signed</p>", ["SIG", "NED"], "signed"),
        ("<p>It is done.</p>", ["It is done", "."], "done."),
        ("<p>A</p><p>m</p>", ["A", "m"], None),
        ("<p>收集的签名</p>", ["收集", "的签名"], None),
    ],
)
def test_a_word_of_the_layout_is_not_broken(
    html: str, set_in: list[str], broken: str | None
) -> None:
    found = broken_words([], html, [page(*lines(*set_in, field=""))])
    told = f"the layout's '{broken}' is broken at the end of a line, without a hyphen"
    assert [one.message for one in found] == ([told] if broken else [])
    captions = lines(*set_in, field="caption")
    assert [one.message for one in broken_words([], html, [page(*captions)])] == (
        [told] if broken else []
    )
    # What stands in a field is told of that, by its place in the content.
    assert broken_words([], html, [page(*lines(*set_in))]) == ()


# ------------------------------------------------------------------------------ the normal form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("re\u00adunite  them\n", "reunite them"),  # soft hyphen, white space
        ("re\u2010", "re"),  # the hyphen of a line's end
        ("co-operate", "cooperate"),
        ("Ume\u0301", "Umé"),  # decomposed, composed
        ("e\ufb03cient", "efficient"),  # a ligature and its letters
        ("a\u200bb\u2060c\ufeff", "abc"),
        ("\u202aRTL\u202c", "RTL"),
        ("10\u00a0000", "10 000"),
        ("re\ufffeunite", "re\x02unite"),  # what pdfium makes of a hyphen
    ],
)
def test_what_line_breaking_changes_is_no_difference(one: str, other: str) -> None:
    assert normal(one) == normal(other)


@pytest.mark.parametrize(("one", "other"), [("a", "b"), ("Ab", "ab"), ("«a»", "a"), ("a.", "a")])
def test_a_letter_a_capital_or_a_point_is_a_difference(one: str, other: str) -> None:
    assert normal(one) != normal(other)


@given(st.text())
def test_the_normal_form_of_a_normal_form_is_itself(text: str) -> None:
    assert normal(normal(text)) == normal(text)


def test_a_quotation_ends_after_a_word() -> None:
    assert quoted("reunite\n them") == "'reunite them'"
    # An escape would command a terminal.
    assert quoted("a\x1b[2Jb\u200fc") == "'a [2Jb c'"
    # 48 characters at most: "one two three … nine ten" has 48, and "eleven" no room.
    text = "one two three four five six seven eight nine ten eleven twelve"
    assert quoted(text) == "'one two three four five six seven eight nine…'"
    assert quoted("x" * 60) == f"'{'x' * 48}…'"


# --------------------------------------------------------------------------- words and messages


def test_text_that_is_whole_has_no_finding() -> None:
    meant = "Please reunite them with their families."
    assert said(meant, *lines("Please re\u2010", "unite them ", "with their families.")) is None


def test_the_last_words_are_named_and_counted() -> None:
    # Of eight words two are laid out.
    assert said("Please reunite them with their families, all four", *lines("Please reunite")) == (
        "the last 6 words of 'letter' are not on the paper, from 'them with their families, all "
        "four'"
    )


def test_one_word_in_the_middle_is_named() -> None:
    assert said("to the tower", *lines("to tower")) == (
        "1 word of 'letter' is not on the paper, from 'the'"
    )


def test_the_last_word_is_named() -> None:
    assert said("to the tower", *lines("to the")) == (
        "the last word of 'letter' is not on the paper, from 'tower'"
    )


def test_a_field_without_boxes_is_lost_whole() -> None:
    assert said("to the tower") == (
        "all 3 words of 'letter' are not on the paper, from 'to the tower'"
    )


def test_text_without_spaces_is_counted_in_characters() -> None:
    meant = "致中华人民共和国主席习近平阁下我写信给您是为了表达关切"
    assert said(meant, *lines(meant[:20])) == (
        f"the last {len(meant)} characters of 'letter' are not on the paper, from '{meant}'"
    )


def test_text_that_stands_twice_is_named() -> None:
    assert said("to the tower", *lines("to the tower", "to the tower")) == (
        "'to the tower' of 'letter' is on the paper twice"
    )


def test_text_that_belongs_elsewhere_is_named() -> None:
    assert said("to the tower", *lines("to the old tower")) == (
        "'old' stands inside 'letter' and does not belong there"
    )


def test_words_out_of_order_are_named() -> None:
    assert said("to the white tower", *lines("to white the tower")) == (
        "'letter' says 'white the' where 'the white' is meant"
    )


def test_a_part_of_a_word_counts_as_the_word() -> None:
    assert said("reunite them", *lines("reunite th")) == (
        "the last word of 'letter' is not on the paper, from 'them'"
    )


def test_what_the_style_sheet_makes_up_does_not_count() -> None:
    assert said("to the tower", laid("• ", made_up=True), *lines("to the tower")) is None


def test_a_field_is_looked_for_at_its_target() -> None:
    boxes = (laid("Dear A,", target="a", field="salutation"), laid("Dear B,", target="b"))
    assert said("Dear A,", *boxes, field="salutation:a") is None
    assert said("Dear B,", *boxes, field="salutation:b") is not None


def test_boxes_on_several_pages_are_read_in_order() -> None:
    pages = [page(*lines("to the")), page(*lines("tower"))]
    assert conservation([("letter", "to the tower", HERE)], pages) == ()
    assert len(conservation([("letter", "to the tower", HERE)], pages[::-1])) == 1


words = st.lists(
    st.text(st.characters(exclude_categories=["Z", "C", "M"], codec="utf-8"), min_size=1),
    min_size=1,
).filter(lambda ws: all(normal(w) for w in ws))


def whole(parts: list[str]) -> str:
    return normal(" ".join(parts))


@given(words, st.data())
def test_dropping_any_word_is_found(meant: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(meant) - 1))
    assert difference("letter", " ".join(meant), " ".join(meant[:at] + meant[at + 1 :]))


@given(words, st.data())
def test_doubling_any_word_is_found(meant: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(meant) - 1))
    found = [*meant[: at + 1], *meant[at:]]
    assert difference("letter", " ".join(meant), " ".join(found))


@given(words.filter(lambda ws: len(ws) > 1), st.data())
def test_swapping_any_two_words_is_found(meant: list[str], data: st.DataObject) -> None:
    one = data.draw(st.integers(0, len(meant) - 2))
    other = data.draw(st.integers(one + 1, len(meant) - 1))
    found = meant.copy()
    found[one], found[other] = found[other], found[one]
    # Of a line that runs both ways readers make what they like, and of its punctuation.
    kinds = {unicodedata.bidirectional(mark) for mark in "".join(meant)}
    assume(kinds <= {"R", "AL", "NSM"} or not kinds & {"R", "AL", "AN"})
    # "a aa" and "aa a" are the same letters: what no reader can tell, nothing finds.
    assume(whole(found) != whole(meant))
    assert difference("letter", " ".join(meant), " ".join(found))


@given(words, st.lists(st.integers(0, 200)))
def test_breaking_lines_anywhere_is_no_difference(meant: list[str], breaks: list[int]) -> None:
    text = " ".join(meant)
    for at in sorted((at for at in breaks if at < len(text)), reverse=True):
        text = text[:at] + "\u2010\n" + text[at:]
    assert difference("letter", " ".join(meant), text) is None


# -------------------------------------------------------------------------------------- regions


def test_the_lines_of_a_column_are_one_region() -> None:
    # Three lines from 20 at 4.2: the last ends at 20 + 2 · 4.2 + 4.8 = 33.2.
    ((number, box),) = regions([page(*lines("a", "b", "c"))], "letter")
    assert (number, box.left, box.top, box.right) == (1, 20, 20, 120)
    assert box.bottom == pytest.approx(33.2)


def test_a_second_column_is_a_second_region() -> None:
    columns = (*lines("a", "b"), *lines("c", "d", left=125))
    assert [box.left for _, box in regions([page(*columns)], "letter")] == [20, 125]


def test_each_page_has_its_own_region() -> None:
    assert [at for at, _ in regions([page(*lines("a")), page(*lines("b"))], "letter")] == [1, 2]


def test_words_side_by_side_in_a_line_are_one_region() -> None:
    row = (laid("a ", box=Box(20, 20, 10, 4.8)), laid("bold", box=Box(30, 20, 12, 4.8)))
    ((_, box),) = regions([page(*row)], "letter")
    assert (box.left, box.right) == (20, 42)


def test_a_region_holds_the_middle_of_no_other_text() -> None:
    # The second line is indented for a bullet at 21, in the middle of what all three cover.
    first, second, third = lines("a", "b", "c")
    second = laid("b", box=Box(25, 24.2, 95, 4.8))
    bullet = laid("•", made_up=True, box=Box(21, 24.2, 2, 4.8))
    where = regions([page(first, second, third, bullet)], "letter")
    assert len(where) == 3
    assert not any(box.contains_point(bullet.box.centre) for _, box in where)


# ----------------------------------------------------------------------- the words of the layout


def test_a_label_that_was_dropped_is_found() -> None:
    html = (
        "<head><title>No</title></head><p>Keep this part</p><svg><title>s</title></svg><p>Now</p>"
    )
    assert lost_words(html, [page(laid("KEEP THIS PART"), laid("Now"))]) == ()
    (found,) = lost_words(html, [page(laid("Keep this part"))])
    assert (found.code, found.message) == (
        "lost-text",
        "3 letters of the page were dropped when it was laid out, among them 'Now'",
    )


ARABIC = "فرّت ميهريبان إلى إيطاليا في عام 2016 (روما) بعد أن تعرّضا لمضايقات الشرطة"
# As a reader of the file finds it: each line as a whole, words and numbers in an order of its own.
ARABIC_LINES = (
    "فرّت ميهريبان إلى إيطاليا",
    "2016 في عام",
    ")روما( بعد أن تعرّضا",
    "لمضايقات الشرطة",
)
HINDI = "मिहरिबान और अबलिकिम साल 2016 में शिनजियांग से इटली चले गए थे"
HINDI_LINES = ("मिहरिबान और अबलिकिम", "साल 2016 में शिनजियांग", "से इटली चले गए थे")


@pytest.mark.parametrize(
    ("meant", "shown"),
    [
        ("Via Roma 12 (روما)", "Via Roma 12 )روما("),
        ("Via Roma 12 (روما).", ".(روما( 12 Via Roma"),
        ("قسم » A «", "« A » قسم"),
        ("قسم قسم.", ".قسم قسم"),
        (ARABIC, "\n".join(ARABIC_LINES)),
        (HINDI, "\n".join(HINDI_LINES)),
    ],
)
def test_lines_of_both_directions_are_alike_in_any_order(meant: str, shown: str) -> None:
    assert difference("letter", meant, shown) is None


@pytest.mark.parametrize(
    ("meant", "shown"),
    [
        ("قسم الشرطة", "الشرطة قسم"),
        ("Via Roma 12 (روما)", "Via Roma 2 (روما)"),
        ("Via Roma 12 (روما)", "Via Roma 12 (رما)"),
        ("Via Roma 12 (روما)", "Via Roma 12 روما"),
        ("one two", "two one"),
    ],
)
def test_a_character_that_is_missing_is_a_fault_in_any_order(meant: str, shown: str) -> None:
    assert difference("letter", meant, shown) is not None


def without_a_word(lines: tuple[str, ...]) -> tuple[str, ...]:
    return (*lines[:-1], lines[-1].partition(" ")[2])


def with_one_twice(lines: tuple[str, ...]) -> tuple[str, ...]:
    return (lines[0], *lines)


def with_two_swapped(lines: tuple[str, ...]) -> tuple[str, ...]:
    return (lines[1], lines[0], *lines[2:])


def without_a_letter(lines: tuple[str, ...]) -> tuple[str, ...]:
    return (lines[0].replace("ب", "ى").replace("बा", "ब"), *lines[1:])


@pytest.mark.parametrize(("meant", "lines"), [(ARABIC, ARABIC_LINES), (HINDI, HINDI_LINES)])
@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (without_a_word, "1 word of 'letter' is not on the paper"),
        (with_one_twice, "of 'letter' is on the paper twice"),
        (with_two_swapped, "'letter' says"),
        (without_a_letter, "letter'"),
    ],
)
def test_lines_that_are_lost_doubled_swapped_or_spoilt_are_faults(
    meant: str,
    lines: tuple[str, ...],
    spoil: Callable[[tuple[str, ...]], tuple[str, ...]],
    told: str,
) -> None:
    found = difference("letter", meant, "\n".join(spoil(lines)))
    assert found is not None
    assert told in found.message


def test_only_the_line_with_the_fault_is_named_where_others_run_both_ways() -> None:
    found = difference("letter", ARABIC, "\n".join(ARABIC_LINES).replace("أن ", ""))
    assert found is not None
    assert found.message == ("'letter' says ')روما( بعد' where '(روما) بعد أن' is meant")
