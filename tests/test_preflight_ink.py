"""Ink where it must not be: at an edge, on a cut, on a blank page, on the half that is posted."""

from __future__ import annotations

import dataclasses
import io
from typing import Any

import pikepdf
import pytest
from test_preflight_pack import (
    LEAF,
    NAME,
    READING,
    Pack,
    changed,
    codes,
    drawn,
    pack,
    saved,
    with_picture,
    written,
)

from actionpack.diagnostics import Finding, Place
from actionpack.geometry import Box, Size
from actionpack.model import CodeMeant, PageMeant, Spot
from actionpack.piece import Line, Piece, Zone
from actionpack.qr import encode


def only(spoilt: Pack) -> Finding:
    (found,) = spoilt.found
    return found


# --------------------------------------------------------------------------------------- pages


def test_ink_on_a_page_that_must_stay_blank() -> None:
    found = only(pack().painted(written(pack().pdf, "trial", 100, 100), page=2))
    assert (found.code, found.place) == ("blank-page", Place(file=NAME, page=2))
    assert found.message == "the page must stay blank and has ink on it: 'trial'"


def test_white_paint_on_a_blank_page_is_no_ink() -> None:
    assert pack().painted("1 g 20 20 100 100 re f", page=2).found == ()


def test_a_page_that_is_empty_and_should_not_be() -> None:
    sides = (*pack().proof.pages[:1], PageMeant(piece="letter", blank=False))
    found = only(pack().with_proof(pages=(*sides, *pack().proof.pages[2:])))
    assert (found.code, found.place.page) == ("blank-page", 2)
    assert found.message == "the page is empty and should not be"


def test_a_page_of_another_size_than_its_sheet() -> None:
    wrong = dataclasses.replace(LEAF, sheet=Size(215.9, 279.4))
    pieces = (
        *pack().proof.pieces[:2],
        (4, dataclasses.replace(wrong, cuts=(), folds=(), posted_strip=None, panels=())),
    )
    found = only(pack().with_proof(pieces=pieces))
    assert (found.code, found.place.page) == ("bad-file", 4)
    assert found.message == "the page is 210.0 × 297.0 mm, and its sheet 215.9 × 279.4 mm"


def test_a_page_more_than_was_made() -> None:
    with pikepdf.open(io.BytesIO(pack().pdf)) as file:
        file.pages.append(file.pages[3])
        five = saved(file)
    found = only(dataclasses.replace(pack(), pdf=five))
    assert (found.code, found.place) == ("bad-file", Place(file=NAME))
    assert found.message == f"'{NAME}' has 5 pages, and 4 were made"


def test_a_page_less_than_was_made_is_told_once_and_its_text_not_missed() -> None:
    with pikepdf.open(io.BytesIO(pack().pdf)) as file:
        del file.pages[3]
        three = saved(file)
    found = only(dataclasses.replace(pack(), pdf=three))
    assert (found.code, found.place) == ("bad-file", Place(file=NAME))
    assert found.message == f"'{NAME}' has 3 pages, and 4 were made"
    assert found.cure == (
        "take the file as it was built, or build it again, and change nothing in it"
    )


# ------------------------------------------------------------------------------- margins and cuts


@pytest.mark.parametrize(
    ("edge", "square"),
    [
        ("left", "3 150 10 10"),
        ("top", "100 3 10 10"),
        ("right", "197 150 10 10"),
        ("bottom", "100 284 10 10"),
    ],
)
def test_ink_nearer_to_an_edge_than_printers_print(edge: str, square: str) -> None:
    found = only(pack().painted(f"0 g {square} re f", page=4))
    assert (found.code, found.severity, found.place.page) == ("unsafe-margin", "error", 4)
    assert found.message == (
        f"a drawing stands 3.0 mm from the {edge} edge of the sheet, printers need 5 mm"
    )


def test_ink_on_the_safe_area_itself_is_safe() -> None:
    assert pack().painted("0 g 5 60 200 232 re f 1 g 14 14 182 100 re f", page=2) is not None
    edge = "0 g 5 150 200 1 re f 5 150 1 142 re f 204 150 1 142 re f 5 291 200 1 re f"
    assert pack().painted(edge, page=4).found == ()


def test_a_curve_is_measured_by_its_ink_and_not_by_its_handles() -> None:
    # Its handles stand 2 mm from the left, its ink 20 · 1/4 + 2 · 3/4 = 6.5 mm.
    arch = "0.5 w 20 150 m 2 170 2 190 20 210 c S"
    assert pack().painted(arch, page=4).found == ()


def test_a_pixel_at_the_rim_of_the_safe_area_is_none_of_the_margin() -> None:
    # The arch raises a doubt, and the wedge beside it stands on the safe area to a hundredth.
    arch = "0.5 w 20 150 m 2 170 2 190 20 210 c S"
    wedge = "0 g 5.05 100 m 5.05 200 l 15 150 l f"
    assert pack().with_proof(safe_mm=5.05).painted(f"{arch} {wedge}", page=4).found == ()


def test_text_near_the_edge_is_quoted() -> None:
    found = only(pack().painted(written(pack().pdf, "trial", 199, 200), page=4))
    assert found.code == "unsafe-margin"
    assert found.message.startswith("'trial' stands ")


def test_text_on_the_cut_is_measured() -> None:
    # The tear is at 210 and a hand makes it 2 off: a line whose feet stand at 211 is torn through.
    found = only(pack().painted(written(pack().pdf, "trial", 100, 211)))
    assert (found.code, found.place) == ("unsafe-margin", Place(file=NAME, page=1))
    assert (
        found.message
        == "'trial' stands 0.0 mm from the cut 'tear', which a hand makes up to 2 mm off"
    )


def test_text_beyond_what_a_hand_errs_is_safe() -> None:
    # "trial" at 10 pt has ascenders of 0.76 · 3.53 = 2.7 mm: its top is at 212.3, 2.3 from the cut.
    assert pack().painted(written(pack().pdf, "trial", 100, 215)).found == ()


def test_a_rule_may_lie_on_the_cut() -> None:
    dashes = "[2 2] 0 d 0.2 w 0 G 20 210 m 190 210 l S"
    assert pack().painted(dashes).found == ()


def test_a_code_on_the_cut_is_found() -> None:
    box = Box(110, 211, 30, 30)
    meant = CodeMeant(page=1, box=box, text="https://www.example.org/act/uyghur-families")
    spoilt = pack().painted(drawn(encode(meant.text), box))
    found = only(spoilt.with_proof(codes=(*pack().proof.codes, meant)))
    assert found.code == "unsafe-margin"
    assert found.message.startswith("a QR code stands 1.0 mm from the cut 'tear'")


# ---------------------------------------------------------------------------------- what is cut


def test_text_that_is_clipped() -> None:
    # The sub-heading on the stub: 'trial' from x 100, clipped at 104.
    clipped = f"q 90 240 14 20 re W n {written(pack().pdf, 'trial', 100, 250)} Q"
    found = only(pack().painted(clipped))
    assert (found.code, found.severity, found.place.page) == ("overflow", "error", 1)
    assert found.message.startswith("'trial' is cut off by ")
    assert found.message.endswith("mm at its right")


def test_text_inside_its_clip_is_whole() -> None:
    clipped = f"q 90 240 30 20 re W n {written(pack().pdf, 'trial', 100, 250)} Q"
    assert pack().painted(clipped).found == ()


def test_text_that_runs_off_the_sheet() -> None:
    found = pack().painted(written(pack().pdf, "trial", 206, 200), page=4).found
    assert codes(found) == ["unsafe-margin", "overflow"]
    assert found[1].message.startswith("'trial' runs ")
    assert found[1].message.endswith("mm off the sheet at its right")


def test_a_picture_that_is_clipped_is_a_warning() -> None:
    clip = "100 200 30 40 re W n"
    found = only(with_picture(500, Box(100, 200, 40, 40), page=4, clip=clip))
    assert (found.code, found.severity) == ("overflow", "warning")
    assert found.message == "a picture is cut off by 10.0 mm at its right"


def test_a_coarse_picture_is_a_warning() -> None:
    # 400 pixels on 101.6 mm, 4 in: 100 dots per inch.
    found = only(with_picture(400, Box(20, 120, 101.6, 101.6), page=4))
    assert (found.code, found.severity, found.place.page) == ("image-resolution", "warning", 4)
    assert found.message == (
        "a picture has 400 × 400 pixels, which are 100 dpi at 102 × 102 mm; 200 dpi are wanted"
    )
    # 101.6 mm at 200 dpi.
    assert found.cure == "use one of 800 × 800 pixels or more, or print it smaller"


def test_a_fine_picture_is_none() -> None:
    assert with_picture(800, Box(20, 120, 101.6, 101.6), page=4).found == ()


# ----------------------------------------------------------------------------- the posted half


def posted(spoilt: Pack) -> str:
    found = only(spoilt)
    assert (found.code, found.severity, found.place) == (
        "posted-mark",
        "error",
        Place(file=NAME, page=1),
    )
    return found.message


def test_text_of_no_field_on_the_posted_half() -> None:
    label = written(pack().pdf, "three years", 60, 195)
    assert posted(pack().painted(label)) == "'three years' stands on the half that is posted"


def test_text_that_is_kept_on_the_posted_half() -> None:
    texts = tuple(
        dataclasses.replace(t, posted=t.posted and not t.field.startswith("closing"))
        for t in pack().proof.texts
    )
    message = posted(pack().with_proof(texts=texts))
    assert message == "'Yours sincerely,' stands on the half that is posted"


def test_the_bullet_of_a_list_belongs_to_the_letter() -> None:
    assert "• " in [box.text for box in pack().laid[0].boxes if box.made_up]
    assert pack().found == ()


def test_a_caption_where_the_signer_writes_may_stand_there() -> None:
    assert pack().painted(written(pack().pdf, "three years", 130, 39)).found == ()


def test_a_web_address_may_stand_nowhere_on_the_posted_half() -> None:
    address = written(pack().pdf, "www.ill.il", 130, 39)
    assert posted(pack().painted(address)) == (
        "the web address 'www.ill.il' stands on the half that is posted"
    )


def test_a_picture_on_the_posted_half() -> None:
    message = posted(with_picture(500, Box(120, 170, 20, 20), page=1))
    assert message == "a picture stands on the half that is posted"


def test_a_drawing_on_the_posted_half() -> None:
    logo = "0 g 40 170 m 50 190 l 60 170 l f"
    assert posted(pack().painted(logo)) == "a drawing stands on the half that is posted"


def test_a_code_on_the_posted_half_is_called_one() -> None:
    code = drawn(encode("https://example.org"), Box(120, 165, 26, 26))
    assert posted(pack().painted(code)) == "a QR code stands on the half that is posted"


def test_a_code_drawn_square_by_square_is_found_too() -> None:
    code = encode("https://example.org")
    side = 26 / code.side_with_quiet_zone
    squares = " ".join(
        f"{120 + (x + 4) * side:.4f} {165 + (y + 4) * side:.4f} {side:.4f} {side:.4f} re f"
        for y, row in enumerate(code.modules)
        for x, dark in enumerate(row)
        if dark == "1"
    )
    assert "stands on the half that is posted" in posted(pack().painted(f"0 g {squares}"))


def test_a_rule_to_write_on_is_no_mark() -> None:
    assert pack().painted("0 g 40 190 80 0.2 re f 0.1 w 0 G 3 105 m 8 105 l S").found != ()
    assert pack().painted("0 g 40 190 80 0.2 re f 0.1 w 0 G 6 105 m 9 105 l S").found == ()


def test_a_meant_code_on_the_posted_half() -> None:
    box = Box(120, 165, 30, 30)
    meant = CodeMeant(page=1, box=box, text="https://example.org")
    spoilt = pack().painted(drawn(encode(meant.text), box))
    found = spoilt.with_proof(codes=(*pack().proof.codes, meant)).found
    assert set(codes(found)) == {"posted-mark"}
    assert any("('https://example.org')" in one.message for one in found)


def test_a_slot_on_the_posted_half_outside_the_senders_panels() -> None:
    serial = Spot(slot="serial", key="serial", page=1, box=Box(30, 190, 30, 4))
    message = posted(pack().with_proof(spots=(*pack().proof.spots, serial)))
    assert message == "the slot 'serial' stands on the half that is posted"


def test_what_stands_below_the_tear_is_not_posted() -> None:
    stub = written(pack().pdf, "three years", 60, 250) + " 0 g 60 260 20 20 re f"
    assert pack().painted(stub).found == ()


def test_scissors_on_the_cut_belong_to_the_cut() -> None:
    scissors = "0.4 w 0 G 20 208 m 26 212 l S 20 212 m 26 208 l S"
    assert pack().painted(scissors).found == ()


def test_a_leaf_that_is_kept_whole_may_hold_anything() -> None:
    kept = Piece(name="letter", sheet=LEAF.sheet)
    logo = pack().painted("0 g 40 170 m 50 190 l 60 170 l f")
    assert logo.with_proof(pieces=((1, kept), *pack().proof.pieces[1:])).found == ()


def test_changing_nothing_is_refused_by_the_tests_themselves() -> None:
    with pytest.raises(AssertionError, match="changed nothing"):
        changed(pack().pdf, 1, lambda content: content)


@pytest.mark.parametrize("panel", ["130 82", "130 15", "130 29"])
def test_a_solid_drawing_where_the_signer_writes_is_a_mark(panel: str) -> None:
    message = posted(pack().painted(f"0 g {panel} 10 10 re f"))
    assert message == "a drawing stands on the half that is posted"


def test_rules_to_write_on_may_be_drawn_as_one() -> None:
    # The slot for the sender is at 125 … 187 and 14 … 26.
    rules = " ".join(f"126 {y} m 186 {y} l" for y in (15, 19, 23))
    assert pack().painted(f"0.15 w 0.4 G {rules} S").found == ()


def test_pale_text_on_the_posted_half_is_a_mark_too() -> None:
    label = written(pack().pdf, "three years", 60, 195)
    assert posted(pack().painted(f"0.75 g {label}")) == (
        "'three years' stands on the half that is posted"
    )


# ------------------------------------------------------------------------------ lines on the sheet


def test_a_solid_drawing_across_the_tear() -> None:
    found = only(pack().painted("0 g 100 203 12 14 re f"))
    assert (found.code, found.place) == ("unsafe-margin", Place(file=NAME, page=1))
    assert found.message.startswith("a drawing stands 0.0 mm from the cut 'tear'")


def with_lines(*, tear: float = 210, fold: float = 105) -> Pack:
    piece = dataclasses.replace(
        LEAF,
        cuts=(dataclasses.replace(LEAF.cuts[0], at=tear),),
        folds=(dataclasses.replace(LEAF.folds[0], at=fold),),
    )
    return pack().with_proof(pieces=((1, piece), *pack().proof.pieces[1:]))


def test_a_tear_line_that_is_not_where_the_sheet_is_torn() -> None:
    found = only(with_lines(tear=206))
    assert (found.code, found.place) == ("layout-fault", Place(file=NAME, page=1))
    assert found.message == (
        "the line of the cut 'tear' is 4.0 mm below where the sheet is torn, at 206 mm"
    )


def without(old: str, new: str) -> Pack:
    gone = changed(pack().pdf, 1, lambda content: content.replace(old.encode(), new.encode()))
    return dataclasses.replace(pack(), pdf=gone)


def test_a_tear_line_that_is_not_there_or_too_short() -> None:
    # 150 of 200 mm are less than 80 %, 165 are more.
    told = "there is no line along the cut 'tear' at 210 mm"
    assert only(without("5 210 m 205 210 l", "5 210 m 5 210 l")).message == told
    assert only(without("205 210 l", "155 210 l")).message == told
    assert without("205 210 l", "170 210 l").found == ()


def test_the_dashes_of_a_tear_line_count_together() -> None:
    dashes = " ".join(f"{x} 210 m {x + 3} 210 l" for x in range(5, 205, 6))
    assert without("5 210 m 205 210 l", dashes).found == ()
    apart = " ".join(f"{x} 210 m {x + 3} 210 l S" for x in range(5, 205, 6))
    assert without("5 210 m 205 210 l S", apart).found == ()


def test_a_fold_without_a_mark() -> None:
    found = only(without("5 105 m 9 105 l S", ""))
    assert (found.code, found.place) == ("layout-fault", Place(file=NAME, page=1))
    assert found.message == "there is no mark at the fold at 105 mm"
    assert only(without("5 105 m 9 105 l", "5 106 m 9 106 l")).code == "layout-fault"
    assert without("5 105 m 9 105 l", "5 105.4 m 9 105.4 l").found == ()


# ------------------------------------------------------------------------- both sides of a sheet


def torn(**back: Any) -> Pack:
    """The third page is torn at 200 and folded at 230, the fourth is its back."""
    front = dataclasses.replace(
        READING,
        cuts=(Line(name="tear", at=200, tolerance=2),),
        folds=(Line(name="fold", at=230, tolerance=1.5),),
    )
    pieces = (*pack().proof.pieces[:1], (3, front), (4, dataclasses.replace(READING, **back)))
    guides = "q 0.25 w 0.3 G 5 230 m 9 230 l S [2 2] 0 d 5 200 m 205 200 l S Q"
    made = pack().painted(guides, page=3).with_proof(pieces=pieces, duplex=True)
    return made.painted(guides, page=4) if back else made


def test_a_sheet_with_a_free_back_is_torn_and_folded() -> None:
    assert torn().found == ()


def test_what_stands_where_the_front_is_torn_is_found_on_the_back() -> None:
    found = only(torn().painted(written(pack().pdf, "trial", 100, 201), page=4))
    assert (found.code, found.place) == ("unsafe-margin", Place(file=NAME, page=4))
    assert found.message.startswith("'trial' stands 0.0 mm from the cut 'tear', which a hand")


def test_what_stands_there_is_safe_on_another_sheet() -> None:
    assert (
        torn()
        .with_proof(duplex=False)
        .painted(written(pack().pdf, "trial", 100, 201), page=4)
        .found
        == ()
    )


@pytest.mark.parametrize("page", [3, 4])
def test_a_code_that_is_folded_through_is_found_on_both_sides(page: int) -> None:
    box = Box(110, 216, 30, 30)
    meant = CodeMeant(page=page, box=box, text="https://www.example.org/act/uyghur-families")
    spoilt = torn().painted(drawn(encode(meant.text), box), page=page)
    found = only(spoilt.with_proof(codes=(*pack().proof.codes, meant)))
    assert (found.code, found.place) == ("folded-code", Place(file=NAME, page=page))
    assert found.message == "the fold at 230 mm goes through a QR code"
    assert found.cure == "move it between two folds"


def test_a_code_between_two_folds_is_safe() -> None:
    box = Box(110, 110, 30, 30)
    meant = CodeMeant(page=4, box=box, text="https://www.example.org/act/uyghur-families")
    made = torn().painted(drawn(encode(meant.text), box), page=4)
    assert made.with_proof(codes=(*pack().proof.codes, meant)).found == ()


@pytest.mark.parametrize(
    ("own", "message"),
    [
        (
            {"cuts": (Line(name="tear", at=200.4, tolerance=2),)},
            "the cut 'tear' is at 200.4 mm, and on the front of the sheet 'tear' is at 200",
        ),
        (
            {"folds": (Line(name="crease", at=229.8, tolerance=1.5),)},
            "the fold 'crease' is at 229.8 mm, and on the front of the sheet 'fold' is at 230",
        ),
    ],
)
def test_a_line_that_is_not_behind_its_front_is_found(
    own: dict[str, tuple[Line, ...]], message: str
) -> None:
    found = only(torn(**own))
    assert (found.code, found.place) == ("layout-fault", Place(file=NAME, page=4))
    assert found.message == message


def test_lines_that_are_behind_their_fronts_are_right() -> None:
    assert torn(cuts=(Line(name="tear", at=200, tolerance=2),)).found == ()


# --------------------------------------------------------------------------- what a post keeps free


def kept_free(box: Box) -> Pack:
    zone = Zone(name="sorting code", box=box, source="a post")
    pieces = ((1, dataclasses.replace(LEAF, clear=(zone,))), *pack().proof.pieces[1:])
    return pack().with_proof(pieces=pieces)


def test_room_for_what_is_stamped_is_found_where_a_post_wants_nothing() -> None:
    # The slot is 12 mm high from 14, and in the zone from 20.
    found = only(kept_free(Box(136, 20, 74, 8)))
    assert (found.code, found.place) == ("post-zone", Place(file=NAME, page=1))
    assert found.message == (
        "the slot 'sender' stands where the post wants nothing but its sorting code (a post)"
    )
    assert found.cure == "move it up 6 mm"


def test_the_line_to_tear_along_is_gone_before_a_post_looks() -> None:
    assert kept_free(Box(100, 205, 100, 5)).found == ()
    rule = kept_free(Box(100, 200, 100, 10)).painted("0.2 w 0 G 110 205 m 150 205 l S")
    assert only(rule).message.startswith("a drawing stands where the post wants nothing but")
