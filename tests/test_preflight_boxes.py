"""Where boxes may lie: in their panel, off the posted half, with their letter."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_preflight_words import laid, lines, page

from actionpack.diagnostics import Finding, Place
from actionpack.geometry import Box, Size
from actionpack.model import LaidBox, LaidPage, Slot
from actionpack.piece import Panel, Piece
from actionpack.preflight import (
    letter_lines_over,
    only_places,
    orphans,
    panel_overflow,
    stray_on_posted,
)

PIECE = Piece(
    name="leaf",
    sheet=Size(210, 297),
    panels=(
        Panel(name="letter", box=Box.between(20, 100, 190, 200), posted=True),
        Panel(name="stub", box=Box.between(20, 210, 190, 290), posted=False),
    ),
    posted_strip=0,
)


def overflow(*boxes: LaidBox) -> tuple[Finding, ...]:
    return panel_overflow([page(*boxes)], {1: PIECE})


def inside(
    text: str = "Dear", *, kind: str = "text", panel: str = "letter", **edges: float
) -> LaidBox:
    corners = {"left": 30.0, "top": 110.0, "right": 80.0, "bottom": 114.8} | edges
    return laid(text, kind=kind, panel=panel, box=Box.between(*corners.values()))


# ---------------------------------------------------------------------------------- the panels


def test_boxes_inside_their_panel_have_no_findings() -> None:
    assert overflow(inside(), inside(panel="stub", top=215, bottom=219.8)) == ()


def test_text_past_the_foot_is_measured_and_quoted() -> None:
    # 203 − 200 = 3 mm, less a tenth of the box's 4.8 mm where no letter stands: 2.5.
    (found,) = overflow(inside("reunite them", top=198.2, bottom=203))
    assert (found.code, found.place) == ("overflow", Place(page=1))
    assert found.message == "text runs, from 'reunite them', 2.5 mm past the foot of panel 'letter'"


def test_text_past_the_right_is_found_to_two_tenths() -> None:
    assert overflow(inside(right=190.19)) == ()
    (found,) = overflow(inside(right=190.5))
    assert found.message == "text runs, from 'Dear', 0.5 mm past the right of panel 'letter'"


def test_text_above_and_left_of_its_panel_is_found() -> None:
    assert "past the left" in overflow(inside(left=18))[0].message
    assert "past the top" in overflow(inside(top=95, bottom=99.8))[0].message


def test_the_first_line_outside_is_quoted_and_the_farthest_measured() -> None:
    (found,) = overflow(inside(), *lines("one", "two", "three", top=198, left=30))
    # "one" ends at 202.8, "three" at 198 + 2 · 4.2 + 4.8 = 211.2, less 0.48: 10.7 mm.
    assert found.message == "text runs, from 'one', 10.7 mm past the foot of panel 'letter'"


def test_what_runs_out_at_the_foot_names_the_longest_text_of_its_panel() -> None:
    ask = [replace(one, field="ask_line") for one in lines("one", "two", top=180, left=30)]
    closing = replace(inside(top=197, bottom=202), field="closing")
    (found,) = overflow(*ask, closing)
    assert found.cure == "shorten 'ask' first, or another text there"
    # One word that is too long to the side is not mended so.
    assert overflow(inside(right=190.5))[0].cure == "shorten the text"


def test_a_picture_has_no_empty_edge() -> None:
    (found,) = overflow(inside("", kind="image", bottom=200.3))
    assert found.message == "a picture runs 0.3 mm past the foot of panel 'letter'"


def test_of_a_list_past_the_foot_its_words_are_quoted_and_not_its_dot() -> None:
    dot = replace(inside("•", top=198.2, bottom=203), made_up=True)
    (found,) = overflow(dot, inside("reunite them", top=198.2, bottom=203))
    assert "from 'reunite them', 2.5 mm past the foot" in found.message
    (alone,) = overflow(dot)
    assert "from '•'" in alone.message


def test_a_slot_outside_its_panel_is_named() -> None:
    (found,) = overflow(inside("code", kind="image", bottom=200.3))
    assert found.message == "the slot 'code' runs 0.3 mm past the foot of panel 'letter'"
    assert found.cure.startswith("move it inwards in the style sheet")


def test_text_in_no_panel_was_carried_over_from_one_that_was_too_full() -> None:
    carried = [replace(inside(text, panel=""), piece="", field="") for text in ("Yours", "words")]
    (found,) = overflow(*carried)
    assert (found.code, found.place.page) == ("overflow", 1)
    assert found.message == "text stands in no panel, from 'Yours' on"


FRONT = replace(PIECE, name="front")
INSIDE = replace(PIECE, name="inside", panels=PIECE.panels[1:])


@pytest.mark.parametrize("kept", ["", "front"])
def test_a_panel_that_runs_on_to_a_page_of_another_piece_is_too_full(kept: str) -> None:
    # What is placed loses its piece where it goes on, beside what the other piece has there.
    own = replace(inside(panel="stub", top=215, bottom=219.8), piece="inside")
    full, over = page(inside("Dear")), page(own, replace(inside("words"), piece=kept))
    (found,) = panel_overflow([full, over], {1: FRONT, 2: INSIDE})
    assert (found.code, found.place.page) == ("overflow", 1)
    assert found.message == (
        "panel 'letter' is too full and runs on to the next page; its longest text is 'letter', "
        "with 2 lines"
    )
    assert found.cure == "shorten 'letter' first, or another text there"


def test_a_panel_that_only_the_page_before_has_is_told_as_a_fault_of_the_template() -> None:
    pages = [page(inside("Dear")), page(replace(inside("words"), piece="inside"))]
    (found,) = panel_overflow(pages, {1: FRONT, 2: INSIDE})
    assert (found.code, found.place.page, found.cure) == ("layout-fault", 2, "name one of: stub")
    assert "names a panel 'letter' that the page's piece does not have" in found.message
    (found,) = panel_overflow(pages, {1: FRONT})
    assert "names a piece 'inside' that layout.toml does not have" in found.message


def test_text_of_a_piece_in_no_panel_is_a_fault_of_the_template() -> None:
    (found,) = overflow(replace(inside("Yours", panel=""), piece="leaf"))
    assert found.code == "layout-fault"
    assert found.cure == "give the element in the template its data-panel; or shorten the text"


def column(field: str, top: float, count: int, *, piece: str = "leaf") -> list[LaidBox]:
    """Lines of a field, one below the other in the side column."""
    return [
        replace(one, field=field, piece=piece, panel="stub" if piece else "")
        for at in range(count)
        for one in [laid("words", box=Box.between(150, top + 4 * at, 180, top + 4 * at + 3))]
    ]


def test_a_column_that_runs_over_its_page_names_the_text_to_shorten() -> None:
    beside = inside("Dear")
    first = page(beside, *column("channels", 212, 2), *column("credit", 220, 17))
    over = page(*column("credit", 10, 3, piece=""))
    (found,) = panel_overflow([first, over], {1: PIECE})
    assert (found.code, found.place) == ("overflow", Place(page=1))
    assert found.message == (
        "a column is too full and runs over its page; its longest text is 'credit', with 20 lines"
    )
    assert found.cure == "shorten 'credit' first, or another text of that column"


def test_the_lines_of_a_list_count_though_they_are_set_in() -> None:
    items = (
        replace(one, box=Box.between(154, one.box.top, 176, one.box.bottom))
        for one in column("ask", 216, 12)
    )
    first = page(*column("ask", 212, 1), *items, *column("credit", 270, 4))
    (found,) = panel_overflow([first, page(*column("credit", 10, 3, piece=""))], {1: PIECE})
    assert "its longest text is 'ask', with 13 lines" in found.message


def test_a_text_that_stands_on_the_paper_twice_is_named_as_the_content_names_it() -> None:
    first = page(*column("ask-1", 212, 17))
    (found,) = panel_overflow([first, page(*column("ask-1", 10, 3, piece=""))], {1: PIECE})
    assert "its longest text is 'ask', with 20 lines" in found.message


def test_a_panel_that_goes_on_keeps_its_name() -> None:
    first = page(*column("credit", 212, 17))
    over = page(*(replace(one, piece="") for one in column("credit", 212, 3)))
    assert panel_overflow([first, over], {1: PIECE, 2: PIECE}) == ()


def test_the_longest_text_of_a_column_need_not_be_the_last() -> None:
    first = page(*column("channels", 212, 18), *column("credit", 286, 1))
    # Only an empty slot ran over: nobody would see it, and the page after would not be blank.
    slot = replace(laid("", kind="image", field="", panel="", box=Box(150, 10, 30, 4)), piece="")
    (found,) = panel_overflow([first, page(slot)], {1: PIECE})
    assert "its longest text is 'fax and email', with 18 lines" in found.message


def test_a_page_with_nothing_but_empty_places_is_told_before_it_is_printed() -> None:
    serial = Slot(
        name="serial", field="serial", kind="text", size=Size(30, 4), family="Noto Sans",
        weight=400, sizes=(7.0,), leading=1.25, lines=1, rules=False,
    )  # fmt: skip
    place = laid("", kind="image", field="", box=Box(150, 10, 30, 4))
    picture = laid("", kind="image", field="", box=Box(20, 10, 90, 60))
    number = laid("3", panel="margin")
    for other in (page(inside(), place), page(picture, place), page(), page(number)):
        assert only_places([other], [serial]) == ()
    (found,) = only_places([page(inside()), page(place, number)], [serial])
    assert (found.code, found.place) == ("overflow", Place(page=2))
    assert found.message == (
        "nothing but the empty place of 'serial' stands on the page: it found no room on the page "
        "before"
    )


def test_a_panel_that_no_piece_has_is_a_fault_of_the_layout() -> None:
    (found,) = overflow(inside(panel="lettr"))
    assert (found.code, found.place.page) == ("layout-fault", 1)
    assert found.cure == "name one of: letter, stub"


def test_the_margin_boxes_of_a_page_have_no_panel() -> None:
    assert overflow(inside(panel="margin", top=285, bottom=289)) == ()


# ------------------------------------------------------------------------------ the posted half


def test_text_of_no_field_on_a_posted_panel_is_found() -> None:
    boxes = (laid("Edition 1", field=""), laid("• ", field="", made_up=True), laid("Dear"))
    (found,) = stray_on_posted([page(*boxes)], {1: PIECE})
    assert (found.code, found.place) == ("posted-mark", Place(page=1))
    assert found.message == "'Edition 1' stands on the half that is posted"


def test_the_stub_may_hold_anything() -> None:
    assert stray_on_posted([page(laid("Edition 1", field="", panel="stub"))], {1: PIECE}) == ()


def test_lines_below_the_letters_panel_are_counted() -> None:
    text = lines("a", "b", "c", top=190, left=30)  # the third is from 198.4 to 203.2
    assert letter_lines_over([page(*text)], {1: PIECE}) == 1


def test_every_line_on_a_further_page_is_too_many() -> None:
    pages = [page(inside()), page(*lines("a", "b", top=110, left=30))]
    assert letter_lines_over(pages, {1: PIECE, 2: PIECE}) == 2


# ----------------------------------------------------------------------------- what stands alone


def closing(top: float = 150) -> LaidBox:
    return laid("Yours sincerely,", field="closing", box=Box(20, top, 40, 4.8))


def test_a_closing_with_two_lines_of_its_letter_is_no_orphan() -> None:
    assert orphans([page(*lines("a", "b"), closing())]) == ()


def test_a_closing_with_one_line_of_its_letter_is_an_orphan() -> None:
    pages: list[LaidPage] = [page(*lines("a", "b", "c")), page(*lines("d"), closing())]
    (found,) = orphans(pages)
    assert (found.code, found.place) == ("orphan-sign-off", Place(page=2))
    assert found.message == "the closing 'Yours sincerely,' stands with 1 line of its letter"


def test_a_letter_of_one_line_is_enough_for_its_closing() -> None:
    assert orphans([page(*lines("a"), closing())]) == ()


def test_each_target_has_its_own_letter() -> None:
    other = laid("Yours,", field="closing", target="b")
    mine = [laid("a", target="a", box=Box(20, 20 + at, 9, 4.8)) for at in (0, 5)]
    theirs = [laid("b", target="b", box=Box(20, 20 + at, 9, 4.8)) for at in (0, 5)]
    assert orphans([page(*mine, *theirs), page(other)]) != ()
    assert orphans([page(*mine), page(*theirs, other)]) == ()


def test_a_sub_heading_at_the_foot_of_its_page_is_a_warning() -> None:
    pages = [page(*lines("text", "What you can do")), page(*lines("Write to them."))]
    (found,) = orphans(pages, [("letter", "What you can do")])
    assert (found.code, found.severity, found.place.page) == ("layout-fault", "warning", 1)
    assert found.message == "the sub-heading 'What you can do' is the last line of its page"


def test_a_sub_heading_above_its_text_is_no_finding() -> None:
    pages = [page(*lines("text")), page(*lines("What you can do", "Write to them."))]
    assert orphans(pages, [("letter", "What you can do")]) == ()
