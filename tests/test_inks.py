"""Colours into inks, content streams into those of a press, and marks as plain data."""

from __future__ import annotations

from dataclasses import replace

import pytest
from presses import photo

from actionpack.condition import NO_INK, SOLID_BLACK, Condition, Pixels, usual_condition
from actionpack.diagnostics import Rejected
from actionpack.geometry import Box, Point
from actionpack.images.inks import Inks, black, most_ink
from actionpack.pdf.operators import operators
from actionpack.pdf.press import recoloured
from actionpack.pdf.sheetmarks import PERFORATION, crop_marks, page_marks, step_lines


@pytest.fixture(scope="module")
def inks() -> Inks:
    return Inks(usual_condition())


def test_what_has_no_colour_is_black_ink_alone(inks: Inks) -> None:
    assert inks.colour(0, 0, 0) == SOLID_BLACK
    assert inks.colour(1, 1, 1) == NO_INK
    assert inks.colour(0.5, 0.5, 0.5) == (0, 0, 0, 0.5)
    # Almost black, and a tint that nobody sees: letters of four inks would fray.
    assert inks.colour(0.0, 0.0, 0.09) == SOLID_BLACK


@pytest.mark.parametrize(("darkness", "ink"), [(0.89, 0.89), (0.9, 1.0), (0.0, 0.0)])
def test_a_grey_that_is_nearly_black_is_solid(darkness: float, ink: float) -> None:
    assert black(darkness) == (0, 0, 0, ink)


def test_colours_go_through_the_profile(inks: Inks) -> None:
    cyan, magenta, yellow, key = inks.colour(1, 0, 0)
    # Red is magenta and yellow, with neither of the others.
    assert cyan == key == 0
    assert magenta > 0.8
    assert yellow > 0.8


def test_a_picture_takes_no_more_ink_than_the_paper(inks: Inks) -> None:
    image = photo(300, 200)
    picture = Pixels(mode="RGB", width=300, height=200, data=image.tobytes(), jpeg=False)
    made = inks.picture(picture)
    assert (made.mode, made.jpeg, made.width, made.height) == ("CMYK", True, 300, 200)
    assert 2.0 < most_ink(made) <= 3.0
    assert most_ink(made, but_black=True) < most_ink(made)


def test_a_condition_that_takes_less_ink_gets_less(inks: Inks) -> None:
    usual = usual_condition()
    thrifty = Inks(replace(usual, most_ink=2.4))
    image = photo(300, 200)
    picture = Pixels(mode="RGB", width=300, height=200, data=image.tobytes(), jpeg=False)
    assert most_ink(thrifty.picture(picture)) <= 2.4 < most_ink(inks.picture(picture))


def test_a_profile_that_is_not_the_listed_one_is_refused(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    from actionpack import condition
    from actionpack.project import shipped_profiles

    folder = tmp_path_factory.mktemp("profiles")
    for path in shipped_profiles().iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    (profile,) = folder.glob("*.icc")
    profile.write_bytes(profile.read_bytes()[:-1] + b"!")
    monkeypatch.setattr(condition, "shipped_profiles", lambda: folder)
    with pytest.raises(Rejected) as refused:
        condition.usual_condition.__wrapped__()
    (found,) = refused.value.findings
    assert (found.code, found.place.file) == (
        "bad-file",
        "assets/profiles/ISOcoated_v2_300_bas.icc",
    )
    assert found.message == "the colour profile is not the one that profiles.toml lists"
    assert found.cure == "install it again: sh setup.sh"


def test_the_condition_is_the_one_of_the_table() -> None:
    usual: Condition = usual_condition()
    assert (usual.name, usual.most_ink) == ("FOGRA39", 3.0)
    # ICC.1:2010, 7.2: the class of the profile and its colour space.
    assert usual.profile[12:20] == b"prtrCMYK"


# ---------------------------------------------------------------------------------------- contents


def test_operators_come_with_their_operands() -> None:
    content = b"q 1 0 0 1 0 0 cm % rg\n/F1 12 Tf [(a\\) rg)-3<0a>]TJ /Span<</MCID 1>>BDC EMC Q"
    assert [(one.name, one.operands) for one in operators(content)] == [
        (b"q", ()),
        (b"cm", (b"1", b"0", b"0", b"1", b"0", b"0")),
        (b"Tf", (b"/F1", b"12")),
        (b"TJ", (b"[(a\\) rg)-3<0a>]",)),
        (b"BDC", (b"/Span", b"<</MCID 1>>")),
        (b"EMC", ()),
        (b"Q", ()),
    ]


def test_a_picture_in_the_content_is_one_operator() -> None:
    content = b"BI /W 1 /H 1 /IM true ID \xff rg EI Q"
    assert [one.name for one in operators(content)] == [b"BI", b"Q"]


def halved(red: float, green: float, blue: float) -> tuple[float, float, float, float]:
    return (red / 2, green / 2, blue / 2, 0.0) if red + green + blue else SOLID_BLACK


def test_every_colour_is_replaced_where_it_is_set() -> None:
    made = recoloured(b"1 0 0 rg 0 1 0 RG 0 0 1 rg (1 0 0 rg) Tj 0 g 1 G", halved)
    assert made == (b"0.5 0 0 0 k 0 0.5 0 0 K 0 0 0.5 0 k (1 0 0 rg) Tj 0 0 0 1 k 0.5 0.5 0.5 0 K")


def test_overprinting_ends_with_the_text_and_with_q() -> None:
    made = recoloured(b"0 g BT (a) Tj (b) Tj ET 0 0 9 9 re f BT 1 0 0 rg (c) Tj ET", halved)
    assert made == (
        b"0 0 0 1 k BT /PressOver gs (a) Tj (b) Tj ET /PressClear gs 0 0 9 9 re f "
        b"BT 0.5 0 0 0 k (c) Tj ET"
    )
    turned = recoloured(b"0 g BT (a) Tj 1 0 0 rg (b) Tj 0 g (c) Tj ET", halved)
    assert turned == (
        b"0 0 0 1 k BT /PressOver gs (a) Tj 0.5 0 0 0 k /PressClear gs (b) Tj 0 0 0 1 k "
        b"/PressOver gs (c) Tj ET /PressClear gs"
    )
    kept = recoloured(b"q 0 g Q BT (a) Tj ET", halved)
    assert kept == b"q 0 0 0 1 k Q BT (a) Tj ET"


def test_a_colour_with_no_way_into_inks_is_refused() -> None:
    with pytest.raises(Rejected) as refused:
        recoloured(b"/lab-d65 cs 50 20 20 scn", halved)
    (found,) = refused.value.findings
    assert found.code == "layout-fault"
    assert found.message == (
        "the layout uses a colour of the kind '/lab-d65', which cannot be turned into inks"
    )
    assert found.cure == "write colours as #rrggbb or rgb(), and use pictures in JPEG or PNG"


# ------------------------------------------------------------------------------------------- marks


def test_crop_marks_point_at_the_corners_from_outside_the_bleed() -> None:
    strokes = crop_marks(Box(0, 0, 100, 50), bleed_mm=4)
    ends = {(one.start, one.end) for one in strokes}
    # Four millimetres of bleed, then five of mark.
    assert (Point(-4, 0), Point(-9, 0)) in ends
    assert (Point(100, 54), Point(100, 59)) in ends
    assert len(ends) == 8
    assert min(abs(one.start.x) + abs(one.start.y) for one in crop_marks(Box(0, 0, 100, 50))) == 3


def test_step_lines_cross_page_and_bleed() -> None:
    (line,) = step_lines(Box(10, 20, 100, 50), (30,), PERFORATION, bleed_mm=3)
    assert (line.start, line.end) == (Point(7, 50), Point(113, 50))


def test_a_page_without_cuts_has_no_steps() -> None:
    assert page_marks(Box(0, 0, 100, 50), bleed_mm=0).steps == ()
    marks = page_marks(Box(0, 0, 100, 50), bleed_mm=0, perforations=(20,))
    assert marks.steps == (PERFORATION,)
