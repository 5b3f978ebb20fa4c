"""Where folded paper ends up, and what an envelope's window then shows of it.

The first half is arithmetic. In the second, paper is folded and slid at random by a simulation
that looks from the envelope's foot upwards and calls nothing of `piece`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from actionpack.geometry import EPSILON_MM, Box, Point, Size
from actionpack.piece import (
    Crease,
    Landing,
    Line,
    Panel,
    Piece,
    Side,
    always_visible,
    ever_exposed,
    fits,
    fold,
    fold_up,
    slides,
)

A4 = Size(210, 297)
LETTER = Size(215.9, 279.4)
DL = Size(220, 110)
C6_5 = Size(229, 114)
US_10 = Size(241.3, 104.775)
US_9 = Size(225.425, 98.425)
C5 = Size(229, 162)
CHOU_3 = Size(235, 120)


def letter(
    sheet: Size = A4,
    *,
    fold_at: float = 105,
    torn_at: float | None = 210,
    fold_off: float = 0,
    tear_off: float = 0,
) -> Piece:
    """A letter that is torn off the top of a sheet and folded once."""
    tear = () if torn_at is None else (Line(name="tear", at=torn_at, tolerance=tear_off),)
    folded = (Line(name="fold", at=fold_at, tolerance=fold_off),)
    return Piece(name="leaf", sheet=sheet, cuts=tear, folds=folded, posted_strip=0)


def hole(envelope: Size, left: float, bottom: float, width: float, height: float) -> Box:
    """A window given as makers give it, from the envelope's left and bottom edges."""
    return Box(left, envelope.height - bottom - height, width, height)


def edges(box: Box) -> object:
    return pytest.approx((box.left, box.top, box.right, box.bottom))


# ---------------------------------------------------------------------------------------- strips


def test_a_sheet_without_cuts_is_one_strip() -> None:
    assert Piece(name="leaf", sheet=A4).strips() == (Box(0, 0, 210, 297),)


def test_two_cuts_leave_three_strips_from_the_top() -> None:
    cuts = (Line(name="a", at=99, tolerance=2), Line(name="b", at=198, tolerance=2))
    strips = Piece(name="leaf", sheet=A4, cuts=cuts).strips()
    assert [(s.top, s.height) for s in strips] == [(0, 99), (99, 198 - 99), (198, 297 - 198)]


def test_a_panel_is_found_by_its_name() -> None:
    stub = Panel(name="stub", box=Box(0, 210, 210, 87), posted=False)
    piece = Piece(name="leaf", sheet=A4, panels=(stub,))
    assert piece.panel("stub") == stub
    assert piece.panel("letter") is None


# --------------------------------------------------------------------------------------- folding


def test_a_sheet_folded_in_half_has_its_lower_half_upside_down_behind_the_upper() -> None:
    packet = fold(Box(0, 0, 210, 210), (105,))
    assert packet.size == Size(210, 105)
    assert [facet.layer for facet in packet.facets] == [0, 1]
    assert packet.place(Point(20, 45)) == Point(20, 45)
    # 30 mm below the fold is 30 mm above the packet's foot.
    assert packet.place(Point(20, 105 + 30)) == Point(20, 105 - 30)


def test_a_letter_fold_shows_its_last_third_upright_behind_the_others() -> None:
    packet = fold(Box(0, 0, 210, 297), (99, 198))
    assert packet.size == Size(210, 99)
    # 40 mm below the second fold, which lies at the packet's top.
    assert packet.place(Point(10, 198 + 40)) == Point(10, 40)


def test_a_short_first_facet_hangs_below_the_top_of_its_packet() -> None:
    # DIN 5008 form A: 87 mm before 105 mm, so the sheet's top is 105 − 87 = 18 mm down.
    packet = fold(Box(0, 0, 210, 192), (87,))
    assert packet.size.height == 192 - 87
    assert packet.place(Point(0, 0)).y == 105 - 87
    assert packet.place(Point(0, 87)).y == 105


def test_a_long_last_facet_reaches_below_the_first_fold() -> None:
    # 60 down, 40 up, 90 down: the foot lies 90 − 40 = 50 mm below the first fold.
    packet = fold(Box(0, 0, 210, 190), (60, 100))
    assert packet.size.height == 60 + 50
    assert packet.place(Point(0, 60)).y == 60
    assert packet.place(Point(0, 190)).y == 60 + 50


def test_a_packet_counts_from_its_own_corner_wherever_its_strip_lay() -> None:
    packet = fold(Box(30, 200, 150, 90), (240,))
    assert packet.place(Point(30 + 7, 200 + 3)) == Point(7, 3 + (50 - 40))


def test_folds_outside_the_strip_fold_nothing() -> None:
    below_the_tear = fold(Box(0, 210, 210, 87), (105, 210, 297))
    assert len(below_the_tear.facets) == 1
    assert below_the_tear.place(Point(20, 230)) == Point(20, 230 - 210)


def test_a_point_off_the_strip_has_no_place_on_the_packet() -> None:
    with pytest.raises(ValueError, match="not on this strip"):
        fold(Box(0, 0, 210, 210), (105,)).place(Point(20, 211))


@st.composite
def folded(draw: st.DrawFn) -> tuple[Box, tuple[float, ...]]:
    top = draw(st.floats(0, 200))
    strip = Box(0, top, draw(st.floats(50, 300)), draw(st.floats(20, 400)))
    shares = draw(st.lists(st.floats(0.02, 0.98), max_size=4, unique=True))
    return strip, tuple(top + share * strip.height for share in shares)


def on(draw_share: float, low: float, high: float) -> float:
    return low + draw_share * (high - low)


@given(folded(), st.floats(0, 1), st.floats(0, 1))
def test_every_point_of_the_strip_lands_inside_the_packet(
    paper: tuple[Box, tuple[float, ...]], across: float, along: float
) -> None:
    strip, folds = paper
    packet = fold(strip, folds)
    point = Point(on(across, strip.left, strip.right), on(along, strip.top, strip.bottom))
    landed = packet.place(point)
    assert (
        Box(0, 0, packet.size.width, packet.size.height).inset(-EPSILON_MM).contains_point(landed)
    )


@given(folded())
def test_a_packet_is_no_larger_than_its_facets_need(paper: tuple[Box, tuple[float, ...]]) -> None:
    packet = fold(*paper)
    images = [facet.to_packet.apply_box(facet.box) for facet in packet.facets]
    assert min(image.top for image in images) == pytest.approx(0, abs=1e-9)
    assert max(image.bottom for image in images) == pytest.approx(packet.size.height)
    assert {image.width for image in images} == {packet.size.width}


@given(folded())
def test_neighbouring_facets_meet_at_their_fold(paper: tuple[Box, tuple[float, ...]]) -> None:
    for one, other in pairwise(fold(*paper).facets):
        assert one.box.bottom == pytest.approx(other.box.top)
        crease = Point(30, one.box.bottom)
        assert one.to_packet.apply(crease).y == pytest.approx(other.to_packet.apply(crease).y)
        # Folded flat, they lie on the same side of it: the shorter one covers nothing else.
        lengths = sorted((one.box.height, other.box.height))
        shared = one.to_packet.apply_box(one.box).intersection(other.to_packet.apply_box(other.box))
        assert shared.height == pytest.approx(lengths[0])


@given(folded(), st.floats(0, 1), st.floats(0, 1))
def test_paper_does_not_stretch(
    paper: tuple[Box, tuple[float, ...]], one: float, other: float
) -> None:
    packet = fold(*paper)
    assert sum(facet.box.height for facet in packet.facets) == pytest.approx(paper[0].height)
    for facet in packet.facets:
        first, second = (
            Point(0, on(share, facet.box.top, facet.box.bottom)) for share in (one, other)
        )
        apart = abs(facet.to_packet.apply(first).y - facet.to_packet.apply(second).y)
        assert apart == pytest.approx(abs(first.y - second.y), abs=1e-9)


# ---------------------------------------------------------------------------- the window, exactly


@pytest.mark.parametrize(
    ("envelope", "window", "paper", "high"),
    [
        # The window's height less the room that the packet has to slide up and down in.
        pytest.param(DL, (20, 15, 90, 45), letter(), 45 - (110 - 105), id="dl-left"),
        pytest.param(C6_5, (20, 15, 90, 45), letter(), 45 - (114 - 105), id="c6-5-left"),
        pytest.param(C6_5, (20, 21, 100, 45), letter(), 45 - (114 - 105), id="sn-left"),
        pytest.param(C6_5, (122, 30, 90, 40), letter(), 40 - (114 - 105), id="sn-right"),
        pytest.param(DL, (100, 20, 100, 45), letter(), 45 - (110 - 105), id="nf"),
        pytest.param(DL, (20, 18, 90, 35), letter(), 35 - (110 - 105), id="dl-uk"),
        pytest.param(CHOU_3, (23, 62, 90, 45), letter(), 45 - (120 - 105), id="jp-chou3"),
        pytest.param(C6_5, (15, 40, 100, 35), letter(), 35 - (114 - 105), id="no-c6-5"),
        pytest.param(
            DL, (20, 15, 90, 45), letter(fold_at=87, torn_at=192), 45 - (110 - 105), id="form-a"
        ),
        pytest.param(
            C5, (20, 60, 90, 45), letter(fold_at=148.5, torn_at=None), 45 - 13.5, id="c5-left"
        ),
        pytest.param(
            US_10,
            (22.225, 12.7, 114.3, 28.575),
            letter(LETTER, fold_at=101.6, torn_at=203.2),
            28.575 - (104.775 - 101.6),  # 25.4: an inch
            id="us-10",
        ),
        pytest.param(
            US_9,
            (22.225, 12.7, 114.3, 28.575),
            letter(LETTER, fold_at=95.25, torn_at=190.5),
            28.575 - (98.425 - 95.25),
            id="us-9",
        ),
    ],
)
def test_an_exact_fold_shows_the_window_less_the_room_to_slide(
    envelope: Size, window: tuple[float, float, float, float], paper: Piece, high: float
) -> None:
    place = hole(envelope, *window)
    seen, ever = always_visible(paper, envelope, place), ever_exposed(paper, envelope, place)
    room = Size(envelope.width - paper.sheet.width, window[3] - high)
    assert seen.height == pytest.approx(high)
    assert seen.width == pytest.approx(window[2] - room.width)
    assert ever.height == pytest.approx(window[3] + room.height)
    assert ever.width == pytest.approx(window[2] + room.width)


def test_the_box_of_the_norm_is_the_window_on_a_packet_that_stands_at_the_foot() -> None:
    # DIN 5008 B: the field begins 45 mm from the top. Foot 105, window 15 to 60 above it; slid
    # up by 110 − 105 = 5 it shows 5 mm more below; slid right by 220 − 210 = 10, 10 more left.
    place = hole(DL, 20, 15, 90, 45)
    seen = Box.between(20, 105 - 60 + 5, 20 + 90 - 10, 105 - 15)
    ever = Box.between(20 - 10, 105 - 60, 20 + 90, 105 - 15 + 5)
    assert edges(seen) == edges_of(always_visible(letter(), DL, place))
    assert edges(ever) == edges_of(ever_exposed(letter(), DL, place))


def edges_of(box: Box) -> tuple[float, ...]:
    return (box.left, box.top, box.right, box.bottom)


def test_the_foot_of_a_first_panel_shorter_than_the_stack_is_the_reference() -> None:
    # DIN 5008 A: the field begins 27 mm from the top: 87 − 15 − 45. The stack is 105 high.
    seen = always_visible(letter(fold_at=87, torn_at=192), DL, hole(DL, 20, 15, 90, 45))
    assert (seen.top, seen.bottom) == pytest.approx((87 - 60 + 5, 87 - 15))


def test_a_fold_astray_moves_the_window_by_as_much_and_a_tear_adds_to_the_stack() -> None:
    place = hole(DL, 20, 15, 90, 45)
    seen = always_visible(letter(fold_off=1.5, tear_off=2), DL, place)
    ever = ever_exposed(letter(fold_off=1.5, tear_off=2), DL, place)
    # At the foot the window is 45 to 90, give or take the fold. Pushed up, it is lowest when the
    # first panel is the longer one and reaches the top: 50 to 95.
    assert (seen.top, seen.bottom) == pytest.approx((50, 90 - 1.5))
    # The second panel is the longer one by 2 × 1.5 + 2 = 5 when the fold is early and the tear
    # late; pushed up it then stops the first panel 5 mm early, at 45, but the foot is at 43.5.
    assert (ever.top, ever.bottom) == pytest.approx((45 - 1.5, 95))


def test_each_fold_goes_astray_by_itself() -> None:
    # Thirds in an envelope with 110 − 99 = 11 to spare. The first fold early and the second late
    # make the middle third 99 + 2 × 1.5 = 102 beside a first third of 97.5: pushed up, the
    # sheet's top is 4.5 below the packet's, so the window from 50 on shows it from 45.5 on.
    folds = tuple(Line(name=name, at=at, tolerance=1.5) for name, at in (("a", 99), ("b", 198)))
    piece = Piece(name="leaf", sheet=A4, folds=folds, posted_strip=0)
    pushed_up = [slide for slide in slides(piece, DL, Box(20, 50, 90, 45)) if slide.to_the_top]
    assert min(slide.hole.top for slide in pushed_up) == pytest.approx(50 - 4.5)


def test_a_strip_torn_at_both_ends_goes_astray_at_both() -> None:
    # 105 mm between two tears, not folded: its head is 2 mm off, its foot is 3 mm off.
    cuts = tuple(
        Line(name=name, at=at, tolerance=off)
        for name, at, off in (("card", 30, 1), ("head", 90, 2), ("foot", 195, 3))
    )
    piece = Piece(name="leaf", sheet=A4, cuts=cuts, posted_strip=2)
    place = hole(DL, 20, 15, 90, 45)
    ever = ever_exposed(piece, DL, place)
    # At the foot: 195 ± 3 less 60. At the top: 90 ± 2 plus 110 − 15.
    assert ever.top == pytest.approx(195 - 3 - 60)
    assert ever.bottom == pytest.approx(90 + 2 + 110 - 15)


def test_a_panel_of_105_in_a_c5_envelope_is_never_surely_visible() -> None:
    # It slides by 162 − 105 = 57, and the window is 45 high.
    assert always_visible(letter(), C5, hole(C5, 20, 60, 90, 45)).is_empty


def test_what_is_not_posted_meets_no_window() -> None:
    stub = Piece(name="stub", sheet=A4)
    assert list(slides(stub, DL, Box(20, 50, 90, 45))) == []
    assert fits(stub, Size(10, 10))


def test_a_slide_says_how_the_packet_lies() -> None:
    told = {str(slide) for slide in slides(letter(fold_off=1.5), DL, Box(20, 50, 90, 45))}
    assert "slid to the right and the foot of the envelope, folded -1.5 mm off" in told
    assert "slid to the left and the top of the envelope, folded +1.5 mm off" in told
    assert len(told) == 2 * 2 * 2


# --------------------------------------------------------------------- a packet that does not fit


@pytest.mark.parametrize(
    ("packet", "goes_in"),
    [
        pytest.param(letter(), True, id="105 into 110"),
        pytest.param(letter(fold_at=110, torn_at=220), True, id="110 into 110"),
        pytest.param(letter(fold_at=110.1, torn_at=220), False, id="110.1 into 110"),
        pytest.param(letter(fold_at=105, torn_at=216), False, id="second panel of 111 into 110"),
        pytest.param(letter(LETTER), True, id="215.9 wide into 220"),
        pytest.param(letter(Size(221, 297)), False, id="221 wide into 220"),
    ],
)
def test_a_packet_fits_when_neither_side_is_longer_than_the_envelopes(
    packet: Piece, goes_in: bool
) -> None:
    assert fits(packet, DL) is goes_in


def test_a_packet_larger_than_its_envelope_stands_on_its_foot_and_does_not_slide() -> None:
    # Folded at 148.5 for an envelope 110 high: 38.5 mm look out at the top.
    half = letter(fold_at=148.5, torn_at=None)
    place = hole(DL, 20, 15, 90, 45)
    tops = {slide.hole.top for slide in slides(half, DL, place)}
    assert tops == {148.5 - 15 - 45}


def test_a_packet_wider_than_its_envelope_does_not_slide_across() -> None:
    wide = letter(Size(230, 297))
    lefts = {slide.hole.left for slide in slides(wide, DL, hole(DL, 20, 15, 90, 45))}
    assert lefts == {20}


# ------------------------------------------------------------------------------- any packet at all


@dataclass(frozen=True)
class Post:
    """A packet as hands made it, lying in its envelope. Heights count from the envelope's foot."""

    first_fold: float  # on the sheet, from its top
    first_fold_height: float
    left_edge: float  # of the sheet, from the envelope's left edge

    def seen_through(self, window: tuple[float, float, float, float]) -> Box:
        """What of the sheet lies behind a window given from the envelope's left and foot."""
        left, bottom, width, height = window
        below_first_fold = self.first_fold_height - bottom
        return Box(
            left - self.left_edge,
            self.first_fold + below_first_fold - height,
            width,
            height,
        )


def posted(
    *,
    head: float,
    folds: list[float],
    foot: float,
    width: float,
    envelope: Size,
    slid: tuple[float, float],
) -> Post:
    """Fold paper that begins at `head` and ends at `foot` like a fan, and slide it in."""
    creases = [head, *folds, foot]
    # Climb from crease to crease, as a finger does along the paper seen from the side.
    at, direction = 0.0, 1
    reached = [creases[1] - head, 0.0]
    for near, far in pairwise(creases[1:]):
        at += direction * (far - near)
        direction = -direction
        reached.append(at)
    stack = max(reached) - min(reached)
    room_across = max(envelope.width - width, 0.0)
    room_up = max(envelope.height - stack, 0.0)
    return Post(
        first_fold=creases[1],
        first_fold_height=slid[1] * room_up - min(reached),
        left_edge=slid[0] * room_across,
    )


# Hands are at their worst as often as not.
shares = st.sampled_from((0.0, 1.0)) | st.floats(0, 1)
signed = st.sampled_from((-1.0, 1.0)) | st.floats(-1, 1)


@st.composite
def pieces_and_envelopes(
    draw: st.DrawFn,
) -> tuple[Piece, Size, tuple[float, float, float, float]]:
    """Sheets torn and folded as letters are, into envelopes that fit them well, badly or not."""
    sheet = draw(st.sampled_from((A4, LETTER, Size(148, 210))))
    cuts = draw(st.sampled_from(((), (0.7,), (0.66,), (0.3, 0.8))))
    tolerances = st.floats(0, 3)
    tears = tuple(
        Line(name=f"tear {i}", at=share * sheet.height, tolerance=draw(tolerances))
        for i, share in enumerate(cuts)
    )
    strip = draw(st.integers(0, len(cuts)))
    bare = Piece(name="leaf", sheet=sheet, cuts=tears, posted_strip=strip)
    box = bare.strips()[strip]
    steps = draw(st.sampled_from(((), (0.5,), (0.45,), (0.55,), (1 / 3, 2 / 3), (0.4, 0.75))))
    folds = tuple(
        Line(name=f"fold {i}", at=box.top + share * box.height, tolerance=draw(tolerances))
        for i, share in enumerate(steps)
    )
    piece = Piece(name="leaf", sheet=sheet, cuts=tears, folds=folds, posted_strip=strip)
    tall = fold(box, tuple(line.at for line in folds)).size.height
    envelope = Size(sheet.width + draw(st.floats(-5, 30)), round(tall + draw(st.floats(-6, 20)), 3))
    window = (
        draw(st.floats(5, 60)),
        draw(st.floats(5, 40)),
        draw(st.floats(40, 120)),
        draw(st.floats(20, 60)),
    )
    return piece, envelope, window


@settings(max_examples=300)
@given(pieces_and_envelopes(), st.data())
def test_no_hand_shows_less_than_always_or_more_than_ever(
    case: tuple[Piece, Size, tuple[float, float, float, float]], data: st.DataObject
) -> None:
    piece, envelope, window = case
    place = hole(envelope, *window)
    seen, ever = always_visible(piece, envelope, place), ever_exposed(piece, envelope, place)
    assert piece.posted_strip is not None
    strip = piece.strips()[piece.posted_strip]
    tears = {cut.at: cut.tolerance for cut in piece.cuts}
    for _ in range(8):
        astray = {at: data.draw(signed) * most for at, most in tears.items()}
        head = strip.top + astray.get(strip.top, 0.0)
        foot = strip.bottom + astray.get(strip.bottom, 0.0)
        folds = [line.at + data.draw(signed) * line.tolerance for line in piece.folds]
        post = posted(
            head=head,
            folds=folds,
            foot=foot,
            width=strip.width,
            envelope=envelope,
            slid=(data.draw(shares), data.draw(shares)),
        )
        assert ever.contains(post.seen_through(window), slack=1e-6), "more than ever_exposed"
        if not seen.is_empty:
            assert post.seen_through(window).contains(seen, slack=1e-6), "less than always_visible"


@given(pieces_and_envelopes())
def test_what_is_always_visible_lies_in_every_slide_and_every_slide_in_what_is_exposed(
    case: tuple[Piece, Size, tuple[float, float, float, float]],
) -> None:
    piece, envelope, window = case
    place = hole(envelope, *window)
    seen, ever = always_visible(piece, envelope, place), ever_exposed(piece, envelope, place)
    for slide in slides(piece, envelope, place):
        assert ever.contains(slide.hole)
        assert seen.is_empty or slide.hole.contains(seen)


@given(pieces_and_envelopes(), shares)
def test_steadier_hands_are_sure_of_more_and_risk_less(
    case: tuple[Piece, Size, tuple[float, float, float, float]], share: float
) -> None:
    piece, envelope, window = case
    place = hole(envelope, *window)

    def steadier(lines: tuple[Line, ...]) -> tuple[Line, ...]:
        return tuple(
            Line(name=line.name, at=line.at, tolerance=share * line.tolerance) for line in lines
        )

    steady = Piece(
        name="leaf",
        sheet=piece.sheet,
        cuts=steadier(piece.cuts),
        folds=steadier(piece.folds),
        posted_strip=piece.posted_strip,
    )
    seen = always_visible(piece, envelope, place)
    assume(not seen.is_empty)
    assert always_visible(steady, envelope, place).contains(seen)
    assert ever_exposed(piece, envelope, place).contains(ever_exposed(steady, envelope, place))


# ---------------------------------------------------------------------- folded one after the other


def creases(*steps: tuple[float, Side]) -> tuple[Crease, ...]:
    return tuple(Crease(*step) for step in steps)


WRAPPED = creases((99, "above"), (198, "below"))


def test_a_sheet_wrapped_round_its_middle_has_the_first_flap_inside() -> None:
    packet = fold_up(Box(0, 0, 210, 297), WRAPPED)
    assert packet.size == Size(210, 99)
    assert [(facet.layer, facet.turned) for facet in packet.facets] == [
        (1, True),
        (0, False),
        (2, True),
    ]
    assert packet.front == packet.facets[1]
    # The middle third is moved up by 99. Both flaps are mirrored at their folds: the sheet's head,
    # 99 above the first fold, lies 99 below it, and its foot comes up to the front's upper edge.
    assert packet.place(Point(30, 148.5)) == Point(30, 49.5)
    assert packet.place(Point(30, 0)) == Point(30, 99)
    assert packet.place(Point(30, 297)) == Point(30, 0)


def test_which_flap_is_inside_is_a_matter_of_which_is_folded_first() -> None:
    sheet = Box(0, 0, 210, 297)
    first, then = WRAPPED
    assert [facet.layer for facet in fold_up(sheet, (first, then)).facets] == [1, 0, 2]
    assert [facet.layer for facet in fold_up(sheet, (then, first)).facets] == [2, 0, 1]


def test_a_letter_with_its_foot_tucked_in_shows_its_head() -> None:
    packet = fold_up(Box(0, 0, 210, 297), creases((198, "below"), (99, "below")))
    assert [(facet.layer, facet.turned) for facet in packet.facets] == [
        (0, False),
        (2, True),
        (1, False),
    ]


@st.composite
def folded_up(draw: st.DrawFn) -> tuple[Box, tuple[Crease, ...]]:
    """A strip, folded up to five times at different places, in any order and either way."""
    strip = Box(0, draw(st.floats(0, 50)), 210, draw(st.floats(60, 420)))
    shares = draw(st.lists(st.integers(1, 19), max_size=5, unique=True))
    sides: st.SearchStrategy[Side] = st.sampled_from(("above", "below"))
    return strip, tuple(
        Crease(strip.top + share / 20 * strip.height, draw(sides)) for share in shares
    )


@given(folded_up())
def test_every_facet_lies_in_a_layer_of_its_own(paper: tuple[Box, tuple[Crease, ...]]) -> None:
    packet = fold_up(*paper)
    assert sorted(facet.layer for facet in packet.facets) == list(range(len(paper[1]) + 1))
    assert not packet.front.turned


@given(folded_up())
def test_facets_that_hang_together_look_opposite_ways_and_meet_at_their_crease(
    paper: tuple[Box, tuple[Crease, ...]],
) -> None:
    for one, other in pairwise(fold_up(*paper).facets):
        assert one.turned != other.turned
        crease = Point(30, one.box.bottom)
        assert one.to_packet.apply(crease).y == pytest.approx(other.to_packet.apply(crease).y)


@given(folded_up())
def test_what_a_crease_turns_lies_behind_what_it_leaves(
    paper: tuple[Box, tuple[Crease, ...]],
) -> None:
    strip, steps = paper
    if not steps:
        return
    last, facets = steps[-1], fold_up(strip, steps).facets
    below = {facet.layer for facet in facets if facet.box.centre.y > last.at}
    above = {facet.layer for facet in facets} - below
    moved, left = (below, above) if last.moves == "below" else (above, below)
    assert max(left) < min(moved)


@given(folded_up())
def test_a_packet_folded_in_any_order_is_as_large_as_its_facets_need(
    paper: tuple[Box, tuple[Crease, ...]],
) -> None:
    packet = fold_up(*paper)
    images = [facet.to_packet.apply_box(facet.box) for facet in packet.facets]
    assert min(image.top for image in images) == pytest.approx(0, abs=1e-9)
    assert max(image.bottom for image in images) == pytest.approx(packet.size.height)
    assert sum(image.height for image in images) == pytest.approx(paper[0].height)


@given(folded())
def test_a_fan_is_what_is_folded_from_its_head_each_time_behind_the_rest(
    paper: tuple[Box, tuple[float, ...]],
) -> None:
    strip, folds = paper
    packet = fold(strip, folds)
    assert packet == fold_up(strip, creases(*((at, "below") for at in sorted(folds))))
    assert [facet.layer for facet in packet.facets] == list(range(len(packet.facets)))


def test_a_panel_lands_on_the_front_on_the_back_or_inside() -> None:
    def panel(name: str, top: float) -> Panel:
        return Panel(name=name, box=Box(20, top, 60, 40), posted=True)

    flap, front, back, across = panel("flap", 10), panel("a", 120), panel("b", 220), panel("c", 90)
    lines = (
        Line(name="first", at=99, tolerance=1.5, moves="above"),
        Line(name="second", at=198, tolerance=1.5, moves="below"),
    )
    piece = Piece(name="mailer", sheet=A4, folds=lines, panels=(flap, front, back, across))
    # Box(20, 120 − 99); the flap's 10 to 50 are 188 to 148 down the sheet, and so 89 to 49; the
    # back's 220 to 260 come to 176 to 136, and so to 77 to 37.
    assert piece.landing(front) == Landing(Box(20, 21, 60, 40), "front", turned=False)
    assert piece.landing(flap) == Landing(Box(20, 49, 60, 40), "inside", turned=True)
    assert piece.landing(back) == Landing(Box(20, 37, 60, 40), "back", turned=True)
    assert piece.landing(across) is None
    # On a fan's last facet the printed side looks inwards.
    fanned = (Line(name="first", at=99, tolerance=1.5), lines[1])
    fan = Piece(name="fan", sheet=A4, folds=fanned, panels=(back,))
    landed = fan.landing(back)
    assert landed is not None
    assert (landed.face, landed.turned) == ("inside", False)
