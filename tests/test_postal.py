"""The tables of sheets, envelopes and windows hold together: every preset can be posted."""

from __future__ import annotations

import pytest

from actionpack.geometry import Size
from actionpack.paper import envelopes, sheets
from actionpack.piece import Line, Piece, always_visible, ever_exposed, fits
from actionpack.postal import (
    FOLD_TOLERANCE_MM,
    TEAR_TOLERANCE_MM,
    Hole,
    Window,
    default_window,
    windows,
)
from actionpack.units import pt_to_mm

# Six postal lines, 11 pt from one to the next.
SIX_LINES_MM = 6 * pt_to_mm(11)
# C6/5 leaves a sheet of A4 19 mm of room: 90 − 19 = 71. Less would break ordinary postal lines.
LINE_MM = 70

PRESETS = [pytest.param(window, id=window.name) for window in windows().values()]
PRODUCTS = [
    pytest.param(window, paper, id=f"{window.name}-{paper}")
    for window in windows().values()
    for paper, _ in window.fold_mm
]


def letter(window: Window, paper: str) -> Piece:
    """The posted piece of a preset: torn at twice the fold, so that it is folded in half."""
    fold = window.fold_on(paper)
    assert fold is not None
    return Piece(
        name="leaf",
        sheet=sheets()[paper].size,
        cuts=(Line(name="tear", at=2 * fold, tolerance=TEAR_TOLERANCE_MM),),
        folds=(Line(name="fold", at=fold, tolerance=FOLD_TOLERANCE_MM),),
        posted_strip=0,
    )


# ---------------------------------------------------------------------------------------- tables


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("a4", Size(210, 297)),
        ("letter", Size(8.5 * 25.4, 11 * 25.4)),
    ],
)
def test_a_sheet_has_the_size_of_its_norm(name: str, size: Size) -> None:
    sheet = sheets()[name].size
    assert (sheet.width, sheet.height) == pytest.approx((size.width, size.height))


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("dl", Size(220, 110)),
        ("c6-5", Size(229, 114)),
        ("us-10", Size(9.5 * 25.4, 4.125 * 25.4)),
    ],
)
def test_an_envelope_has_the_size_of_its_norm(name: str, size: Size) -> None:
    envelope = envelopes()[name].size
    assert (envelope.width, envelope.height) == pytest.approx((size.width, size.height))


def test_a_hole_is_given_from_the_left_and_the_foot_and_used_from_the_top() -> None:
    hole = Hole(left=20, bottom=15, width=90, height=45).box(Size(220, 110))
    assert (hole.left, hole.top, hole.right, hole.bottom) == (20, 110 - 15 - 45, 110, 110 - 15)


@pytest.mark.parametrize("window", PRESETS)
def test_a_window_lies_inside_an_envelope_there_is(window: Window) -> None:
    envelope = envelopes()[window.envelope].size
    hole = window.hole.box(envelope)
    assert 0 < hole.left < hole.right < envelope.width
    assert 0 < hole.top < hole.bottom < envelope.height


@pytest.mark.parametrize("window", PRESETS)
def test_a_window_names_its_source_and_papers_there_are(window: Window) -> None:
    assert window.source
    assert {paper for paper, _ in window.fold_mm} <= set(sheets())


def test_only_a_plain_envelope_has_no_window() -> None:
    assert [window.name for window in windows().values() if window.plain] == ["none"]


def test_a_paper_without_a_row_has_no_fold() -> None:
    assert windows()["dl-left"].fold_on("a4") == 105
    assert windows()["dl-left"].fold_on("a3") is None


@pytest.mark.parametrize("paper", sorted(sheets()))
def test_every_sheet_has_a_window(paper: str) -> None:
    assert any(window.fold_on(paper) for window in windows().values())


# ------------------------------------------------------------------------------- window × paper


@pytest.mark.parametrize(("window", "paper"), PRODUCTS)
def test_the_packet_fits_its_envelope_however_it_is_torn(window: Window, paper: str) -> None:
    piece = letter(window, paper)
    assert fits(piece, envelopes()[window.envelope].size)
    torn = piece.cuts[0].at
    assert torn <= piece.sheet.height


@pytest.mark.parametrize(("window", "paper"), PRODUCTS)
def test_six_lines_fit_where_the_window_always_shows_them(window: Window, paper: str) -> None:
    envelope = envelopes()[window.envelope].size
    seen = always_visible(letter(window, paper), envelope, window.hole.box(envelope))
    assert seen.height >= SIX_LINES_MM
    assert seen.width >= LINE_MM


@pytest.mark.parametrize(("window", "paper"), PRODUCTS)
def test_what_is_always_visible_lies_on_the_first_panel(window: Window, paper: str) -> None:
    envelope = envelopes()[window.envelope].size
    piece = letter(window, paper)
    seen = always_visible(piece, envelope, window.hole.box(envelope))
    assert seen.left > 0
    assert seen.right < piece.sheet.width
    assert seen.top > 0
    assert seen.bottom < piece.folds[0].at


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
    ],
)
def test_hands_that_are_off_leave_this_much_of_a_window(
    name: str, paper: str, left: float, top: float, bottom: float, lowest: float
) -> None:
    window = windows()[name]
    envelope = envelopes()[window.envelope].size
    piece, hole = letter(window, paper), window.hole.box(envelope)
    seen = always_visible(piece, envelope, hole)
    assert (seen.left, seen.top, seen.bottom) == pytest.approx((left, top, bottom))
    assert ever_exposed(piece, envelope, hole).bottom == pytest.approx(lowest)


# --------------------------------------------------------------------------------------- defaults


@pytest.mark.parametrize(
    ("paper", "country", "name"),
    [
        ("a4", None, "dl-left"),
        ("letter", None, "us-10"),
        ("a4", "IT", "dl-left"),
        ("letter", "DE", "dl-left"),
        ("a4", "US", "us-10"),
        ("a4", "ZZ", "dl-left"),
        ("a3", "US", "dl-left"),
    ],
)
def test_the_default_is_the_window_people_buy_where_the_sender_lives(
    paper: str, country: str | None, name: str
) -> None:
    assert default_window(paper, country) == name


def test_no_country_has_two_usual_windows() -> None:
    countries = [country for window in windows().values() for country in window.countries]
    assert len(countries) == len(set(countries))
