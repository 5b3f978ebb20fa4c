"""Lines that no printer prints all along, and letters that fill up: in packs and in any file."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from letters import PT, box, lines, pdf
from presses import STYLE, built, write_project
from test_check_window import LETTER, found
from test_preflight_pack import NAME, Pack, codes, pack, written

from actionpack.diagnostics import Place
from actionpack.geometry import Box
from actionpack.preflight.found import boxes_of

# A point in the millimetres in which packs are painted on.
MM = 25.4 / 72


# ------------------------------------------------------------------------------------------ lines


@pytest.mark.parametrize(
    ("drawn", "message"),
    [
        (
            f"0 G {0.15 * MM} w 60 200 m 90 200 l S",
            "there is a line 0.15 pt wide, which may not print",
        ),
        ("0 G 0 w 60 200 m 90 200 l S", "there is a line 0.00 pt wide, which may not print"),
        (
            f"0 g 60 200 30 {0.1 * MM} re f",
            "there is a line 0.10 pt wide, which may not print",
        ),
        (
            f"0 G {0.18 * MM} w 60 200 m 90 200 l S {0.1 * MM} w 60 202 m 90 202 l S",
            "there is a line (and 1 other) 0.10 pt wide, which may not print",
        ),
        # Drawn twice, it is no thicker.
        (
            2 * f"0 g 60 200 30 {0.1 * MM} re f ",
            "there is a line (and 1 other) 0.10 pt wide, which may not print",
        ),
        # Twice as large, and a quarter of it upwards: that is what a nib would draw.
        (
            f"q 2 0 0 0.5 0 0 cm 0 G {0.3 * MM} w 30 400 m 45 400 l S Q",
            "there is a line 0.15 pt wide, which may not print",
        ),
    ],
)
def test_a_line_that_is_too_thin_is_found(drawn: str, message: str) -> None:
    (one,) = pack().painted(drawn, page=4).found
    assert (one.code, one.severity, one.place) == ("hairline", "error", Place(file=NAME, page=4))
    assert one.message == message
    assert one.cure == "make it 0.25 pt wide or more"
    assert pdf_warns(drawn) == [("hairline", "warning")]


def pdf_warns(drawn: str) -> list[tuple[str, str]]:
    """What is found in a letter from elsewhere with the same drawing on it."""
    turned = f"q {PT} 0 0 {-PT} 0 {297 * PT} cm {drawn} Q"
    return [(one.code, one.severity) for one in found(pdf(LETTER + turned), None)]


@pytest.mark.parametrize(
    "drawn",
    [
        f"0 G {0.2 * MM} w 60 200 m 90 200 l S",
        f"0 g 60 200 30 {0.2 * MM} re f",
        # Nobody sees what is white, or is painted with nothing.
        "1 G 0 w 60 200 m 90 200 l S",
        "0 G 0 w 60 200 m 90 200 l n",
        # The serif of a letter that is drawn.
        f"0 g 60 200 2 {0.1 * MM} re f",
        # A ground that is made of strips.
        "0.5 g " + " ".join(f"60 {200 + at * 0.1 * MM} 30 {0.11 * MM} re f" for at in range(40)),
    ],
)
def test_what_prints_is_no_hairline(drawn: str) -> None:
    assert pack().painted(drawn, page=4).found == ()
    assert pdf_warns(drawn) == []


def test_the_picture_shows_each_line() -> None:
    thin = "0 G 0 w 60 200 m 90 200 l S 60 210 m 90 210 l S"
    (one,) = (
        one for one in found(pdf(LETTER + f"q {PT} 0 0 {-PT} 0 {297 * PT} cm {thin} Q"), None)
    )
    assert [round(at.centre.y) for at in boxes_of(one)] == [200, 210]


def test_a_layout_that_draws_a_hairline_is_refused_by_both_editions(tmp_path: Path) -> None:
    style = STYLE.replace("0.6pt solid #555", "0.1pt solid #555")
    assert style != STYLE
    for edition in ("home", "press"):
        root = write_project(tmp_path / edition, style=style)
        (one,) = (o for o in built(root, edition=edition).findings if o.code == "hairline")
        assert "line 0.10 pt wide, which may not print" in one.message
        assert (one.severity, one.place.page) == ("error", 1)


# ---------------------------------------------------------------------------------------- letters


def small(size: float) -> Pack:
    """A word in the foot of page 4, which is of no field."""
    return pack().painted(written(pack().pdf, "trial", 100, 270, size=size), page=4)


@pytest.mark.parametrize("size", [3, 5.5, 5.9])
def test_letters_below_six_points_are_found(size: float) -> None:
    (one,) = small(size).found
    assert (one.code, one.severity, one.place) == ("tiny-text", "warning", Place(file=NAME, page=4))
    assert one.message == f"'trial' is set in {size:.1f} pt, which prints badly"
    assert one.cure == "set them in 6 pt or more"
    letter = found(pdf(LETTER + lines(60, 200, ("trial",), size=size)), None)
    assert [(o.code, o.message) for o in letter] == [("tiny-text", one.message)]


def test_letters_of_six_points_are_not_told() -> None:
    assert small(6).found == ()
    assert found(pdf(LETTER + lines(60, 200, ("trial",), size=6)), None) == []


def test_of_several_the_smallest_is_told() -> None:
    words = lines(60, 200, ("One",), size=5) + lines(60, 220, ("Two",), size=4)
    (one,) = found(pdf(LETTER + words), None)
    assert one.message == "'Two' (and 1 other) is set in 4.0 pt, which prints badly"


def test_small_letters_that_nobody_sees_are_no_matter_of_print() -> None:
    hidden = lines(60, 200, ("trial",), size=5, mode=3)
    assert "tiny-text" not in [one.code for one in found(pdf(LETTER + hidden), None)]
    covered = lines(60, 200, ("trial",), size=5) + box(55, 195, 30, 10)
    assert "tiny-text" not in [one.code for one in found(pdf(LETTER + covered), None)]


def test_a_field_below_five_points_is_lost() -> None:
    # Page 4 at 45 % of 10 pt, in the top left corner of its regions.
    texts = pack().proof.texts
    text = next(t for t in texts if t.field == "ask")
    whole = dataclasses.replace(text, text="trial", regions=((4, Box(90, 262, 20, 12)),))
    rest = tuple(t for t in texts if t.field != "ask")
    for size, wrong in ((4.5, ["lost-text"]), (5, ["tiny-text"]), (6, [])):
        found = small(size).with_proof(texts=(*rest, whole)).found
        assert codes(found) == wrong
        if size == 4.5:
            assert found[0].message == "'ask' is printed in type of 4.5 pt, which cannot be read"
            assert found[0].place == Place(file=NAME, page=4)


def test_small_type_of_a_layout_is_told_in_both_editions(tmp_path: Path) -> None:
    style = STYLE.replace("font-size: 7pt", "font-size: 5.5pt")
    assert style != STYLE
    for edition in ("home", "press"):
        root = write_project(tmp_path / edition, style=style)
        made = built(root, edition=edition)
        (one,) = (o for o in made.findings if o.code == "tiny-text")
        assert "5.5 pt" in one.message
