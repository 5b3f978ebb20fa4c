"""How a sheet goes into an envelope: every window × paper, however it is folded and lies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionpack.diagnostics import Rejected
from actionpack.enclosure import Enclosure, bare, enclose, nearest_that, windows_for
from actionpack.geometry import Box
from actionpack.piece import fits
from actionpack.postal import Handling, windows
from actionpack.units import pt_to_mm

PRODUCTS = [(paper, name) for name, window in windows().items() for paper in window.papers]
# Five postal lines at 9 pt, 10.6 pt from one to the next.
FIVE_LINES_MM = 5 * pt_to_mm(10.6)
# Chou 3 leaves a sheet of A4 25 mm of room: 90 − 25 = 65. Less would break ordinary postal lines.
LINE_MM = 65


def handling_of(enclosure: Enclosure) -> Handling:
    assert enclosure.handling is not None
    return enclosure.handling


@pytest.mark.parametrize(("paper", "window"), PRODUCTS)
@pytest.mark.parametrize("torn", [True, False])
def test_the_packet_goes_into_its_envelope(paper: str, window: str, torn: bool) -> None:
    enclosure = enclose(paper, window)
    piece = bare(enclosure.sheet, handling_of(enclosure), torn=torn)
    assert fits(piece, enclosure.envelope)
    assert all(0 < line.at < enclosure.sheet.height for line in (*piece.folds, *piece.cuts))


@pytest.mark.parametrize(("paper", "window"), PRODUCTS)
def test_an_address_has_room_where_the_window_always_shows_it(paper: str, window: str) -> None:
    visible = enclose(paper, window).visible
    # A twentieth of a millimetre short is still five lines: letters do not fill their lines.
    assert visible.height >= FIVE_LINES_MM - 0.05
    assert visible.width >= LINE_MM


@pytest.mark.parametrize(("paper", "window"), PRODUCTS)
def test_what_is_visible_is_exposed_and_lies_above_the_first_fold(paper: str, window: str) -> None:
    enclosure = enclose(paper, window)
    visible, exposed = enclosure.visible, enclosure.exposed
    assert exposed.contains(visible)
    assert visible.left > 0
    assert visible.right < enclosure.sheet.width
    assert visible.top > 0
    assert visible.bottom < handling_of(enclosure).fold


@pytest.mark.parametrize(("paper", "window"), PRODUCTS)
def test_the_letter_has_its_room_between_window_and_tear(paper: str, window: str) -> None:
    # 173 words at 9.5/12 take 83.5 mm; they must fit under every window.
    enclosure = enclose(paper, window)
    assert handling_of(enclosure).tear - enclosure.exposed.bottom >= 83.5 + 8


def placed(
    enclosure: Enclosure, torn: bool, errors: tuple[float, float, float], slide: tuple[float, float]
) -> Box:
    """The hole on the sheet for one way to fold, tear and slide, by plain arithmetic."""
    first, second, tear = errors
    end = handling_of(enclosure).tear + tear if torn else enclosure.sheet.height
    turns = [handling_of(enclosure).fold + first]
    second_fold = handling_of(enclosure).second
    if not torn and second_fold is not None:
        turns.append(second_fold + second)
    # Heights over the first fold: the first panel goes up from it, and so does the second.
    heights = [0.0, turns[0]]
    at, way, last = 0.0, 1, turns[0]
    for turn in (*turns[1:], end):
        at += way * (turn - last)
        heights.append(at)
        way, last = -way, turn
    tall = max(heights) - min(heights)
    room_x = enclosure.envelope.width - enclosure.sheet.width
    room_y = max(0.0, enclosure.envelope.height - tall)
    # How far the first fold lies above the envelope's foot, and the sheet's left edge from its own.
    foot = -min(heights) + slide[1] * room_y
    left = slide[0] * room_x
    hole = enclosure.window.hole
    return Box.between(
        hole.left - left,
        turns[0] + foot - hole.bottom - hole.height,
        hole.left + hole.width - left,
        turns[0] + foot - hole.bottom,
    )


WITHIN_FOLD = st.floats(-1.5, 1.5)
SLIDE = st.floats(0, 1)


@pytest.mark.parametrize(("paper", "window"), PRODUCTS)
@given(
    torn=st.booleans(),
    errors=st.tuples(WITHIN_FOLD, WITHIN_FOLD, st.floats(-2, 2)),
    slide=st.tuples(SLIDE, SLIDE),
)
def test_however_hands_fold_and_letters_lie_the_window_shows_what_was_said(
    paper: str,
    window: str,
    torn: bool,
    errors: tuple[float, float, float],
    slide: tuple[float, float],
) -> None:
    enclosure = enclose(paper, window)
    hole = placed(enclosure, torn, errors, slide)
    assert hole.contains(enclosure.visible, slack=1e-6)
    assert enclosure.exposed.contains(hole, slack=1e-6)


@pytest.mark.parametrize(
    ("name", "paper", "left", "top", "bottom", "lowest"),
    [
        # always visible: 5 (9, 3.175) of room below the window's top; a fold 1.5 early at its
        # foot. Ever exposed: pushed up, its foot is as far down as the room.
        pytest.param("dl-left", "a4", 20, 45 + 5, 90 - 1.5, 95, id="dl-left"),
        pytest.param("c6-5-left", "a4", 20, 45 + 9, 90 - 1.5, 99, id="c6-5-left"),
        pytest.param(
            "us-10",
            "letter",
            7 / 8 * 25.4,
            101.6 - 12.7 - 28.575 + 3.175,
            101.6 - 12.7 - 1.5,
            104.775 - 12.7,
            id="us-10",
        ),
        # 162 − 148.5 = 13.5 of room.
        pytest.param("c5-left", "a4", 20, 43.5 + 13.5, 148.5 - 60 - 1.5, 162 - 60, id="c5-left"),
        # The norm's field is smaller than the window: 17.7 of it are for the return line.
        pytest.param("din-5008-b", "a4", 20, 45 + 17.7, 90 - 1.5, 95, id="din-5008-b"),
    ],
)
def test_hands_that_are_off_leave_this_much_of_a_window(
    name: str, paper: str, left: float, top: float, bottom: float, lowest: float
) -> None:
    enclosure = enclose(paper, name)
    seen = enclosure.visible
    assert (seen.left, seen.top, seen.bottom) == pytest.approx((left, top, bottom))
    assert enclosure.exposed.bottom == pytest.approx(lowest)


@pytest.mark.parametrize("name", ["sn-right", "nf"])
def test_a_window_on_the_right_is_known_as_such(name: str) -> None:
    assert enclose("a4", name).is_right
    assert not enclose("a4", "dl-left").is_right


@pytest.mark.parametrize(
    ("paper", "name", "message", "nearest"),
    [
        (
            "letter",
            "din-5008-b",
            (
                "no fold of US Letter brings an address behind the window 'din-5008-b' "
                "(DL, 220 × 110 mm)"
            ),
            "dl-left",
        ),
        (
            "a4",
            "us-9",
            "no fold of A4 brings an address behind the window 'us-9' (No. 9, 225.425 × 98.425 mm)",
            "us-10",
        ),
    ],
)
def test_a_paper_that_no_fold_suits_is_refused_with_the_nearest_window_that_does(
    paper: str, name: str, message: str, nearest: str
) -> None:
    with pytest.raises(Rejected) as refused:
        enclose(paper, name)
    (found,) = refused.value.findings
    assert (found.code, found.message) == ("bad-value", message)
    assert found.cure == f"take the nearest that works: --window {nearest}"
    assert nearest in windows_for(paper)


def test_the_nearest_may_be_asked_for_more_room() -> None:
    # 38.5 mm, as much as any window shows; of the two that show it, dl-left lies nearer.
    assert nearest_that("a4", "no-c5", lambda other: other.visible.height > 35) == "dl-left"
    assert nearest_that("a4", "no-c5", lambda other: other.visible.height > 400) is None


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_a_plain_envelope_takes_every_paper_of_letters(paper: str) -> None:
    assert "none" in windows_for(paper)
