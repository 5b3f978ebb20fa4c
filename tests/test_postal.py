"""The tables of sheets, envelopes and windows hold together: every preset can be posted."""

from __future__ import annotations

import pytest

from actionpack.geometry import Box, Size
from actionpack.paper import envelopes, sheets
from actionpack.postal import (
    Handling,
    Hole,
    Window,
    clear_zones,
    default_window,
    letter_rules,
    nearest_window,
    windows,
)

PRESETS = [pytest.param(window, id=window.name) for window in windows().values()]
PROMISED = (
    "din-5008-a din-5008-b dl-left c6-5-left c5-left sn-left sn-right nf dl-uk no-c6-5 no-c5 "
    "us-9 us-10 jp-chou3 none"
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
        ("c5", Size(229, 162)),
        ("c6", Size(162, 114)),
        ("chou-3", Size(235, 120)),
        ("us-9", Size(8.875 * 25.4, 3.875 * 25.4)),
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
    assert window.papers
    assert set(window.papers) <= set(sheets())


def test_only_a_plain_envelope_has_no_window() -> None:
    assert [window.name for window in windows().values() if window.plain] == ["none"]


def test_every_promised_preset_is_a_row_of_data() -> None:
    assert set(PROMISED.split()) == set(windows())


@pytest.mark.parametrize(
    ("name", "paper", "handling"),
    [
        # Twice the fold where nothing else is said.
        ("dl-left", "a4", Handling(fold=105, tear=210, second=210, others_fold=105)),
        # DIN 5008 form A is not folded in thirds: 87, 105 and 105.
        ("din-5008-a", "a4", Handling(fold=87, tear=192, second=192, others_fold=87)),
        # C5 takes a sheet folded once, in half.
        ("c5-left", "a4", Handling(fold=148.5, tear=210, second=None, others_fold=148.5)),
        # French letters are folded in thirds of A4, ours in half of what is torn off.
        ("nf", "a4", Handling(fold=105, tear=210, second=210, others_fold=99)),
    ],
)
def test_a_paper_is_folded_and_torn_as_its_row_says(
    name: str, paper: str, handling: Handling
) -> None:
    assert windows()[name].handling_of(paper) == handling


def test_a_paper_without_a_row_has_no_fold() -> None:
    assert windows()["dl-left"].handling_of("a3") is None


@pytest.mark.parametrize(
    ("name", "edge", "from_it"),
    [
        # Given in the norm or on the maker's sheet from the other edges of the envelope.
        ("sn-right", "right", 17),
        ("nf", "right", 20),
        ("no-c6-5", "top", 39),
        ("no-c5", "top", 44),
        ("jp-chou3", "top", 13),
    ],
)
def test_a_hole_given_from_the_far_edge_lies_there(name: str, edge: str, from_it: float) -> None:
    window = windows()[name]
    envelope = envelopes()[window.envelope].size
    hole = window.hole.box(envelope)
    found = {"right": envelope.width - hole.right, "top": hole.top}[edge]
    assert found == pytest.approx(from_it)


@pytest.mark.parametrize("window", PRESETS)
def test_no_address_is_hidden_in_what_the_post_keeps_clear(window: Window) -> None:
    envelope = envelopes()[window.envelope].size
    for name in window.clear:
        overlap = clear_zones()[name].box(envelope).intersection(window.hole.box(envelope))
        # The barcode zone of USPS is 15.875 high, and American windows begin 12.7 from the foot:
        # the lowest eighth of an inch of those windows is lost to mail inside the country.
        assert overlap.is_empty or overlap.height == pytest.approx(15.875 - 12.7)


def test_a_clear_zone_lies_in_its_corner() -> None:
    dl = Size(220, 110)
    assert clear_zones()["stamp-de"].box(dl) == Box(220 - 74, 0, 74, 40)
    assert clear_zones()["coding-de"].box(dl) == Box(220 - 150, 110 - 15, 150, 15)


def test_what_nobody_measured_says_so() -> None:
    assert [window.name for window in windows().values() if not window.verified] == [
        "dl-uk",
        "jp-chou3",
    ]


def test_the_rules_of_notify_are_those_it_publishes() -> None:
    rule = letter_rules()["notify-uk"]
    edges = (rule.address.left, rule.address.top, rule.address.right, rule.address.bottom)
    assert edges == pytest.approx((24.6, 39.5, 120, 66.3))
    assert dict(rule.areas)["body"].top == 95
    assert (rule.left_margin, rule.right_margin, rule.top_margin, rule.bottom_margin) == (
        15,
        15,
        5,
        5,
    )
    assert (rule.tolerance, rule.most_pages) == (1, 10)


def test_rules_and_windows_share_no_name() -> None:
    assert not set(letter_rules()) & set(windows())


@pytest.mark.parametrize(
    ("name", "able", "nearest"),
    [
        ("no-c5", ("dl-left", "c5-left", "none"), "c5-left"),
        ("us-9", ("dl-left", "us-10", "none"), "us-10"),
        ("nf", ("dl-left", "sn-right", "none"), "dl-left"),
        ("nf", ("sn-right", "c5-left", "none"), "sn-right"),
        ("nf", ("none",), "none"),
        ("nf", ("nf",), None),
    ],
)
def test_the_nearest_window_has_the_same_envelope_or_a_hole_in_the_same_place(
    name: str, able: tuple[str, ...], nearest: str | None
) -> None:
    assert nearest_window(name, able) == nearest


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_every_paper_of_letters_has_a_window(paper: str) -> None:
    assert any(paper in window.papers for window in windows().values())


# --------------------------------------------------------------------------------------- defaults


@pytest.mark.parametrize(
    ("paper", "country", "name"),
    [
        ("a4", None, "dl-left"),
        ("letter", None, "us-10"),
        ("a4", "IT", "dl-left"),
        ("letter", "DE", "dl-left"),
        ("a4", "US", "us-10"),
        ("a4", "FR", "nf"),
        ("letter", "FR", "nf"),
        ("a4", "GB", "dl-uk"),
        ("a4", "CH", "sn-right"),
        ("a4", "NO", "no-c6-5"),
        ("letter", "JP", "jp-chou3"),
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
