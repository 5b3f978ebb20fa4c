"""Boxes and maps: plain numbers with their arithmetic, and what holds for all of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionpack.geometry import Box, Point, Transform, intersection_all, union_all

lengths = st.floats(min_value=-1000, max_value=1000, allow_nan=False)
points = st.builds(Point, lengths, lengths)
boxes = st.builds(Box.between, lengths, lengths, lengths, lengths).filter(lambda b: not b.is_empty)
# Maps that turn, mirror, stretch and move, and are never flat.
factors = st.one_of(
    st.floats(min_value=0.1, max_value=10), st.floats(min_value=-10, max_value=-0.1)
)
maps = st.builds(
    lambda across, along, slant, dx, dy, turned: (
        Transform(0, across, along, slant, dx, dy)
        if turned
        else Transform(across, 0, slant, along, dx, dy)
    ),
    factors,
    factors,
    st.floats(min_value=-1, max_value=1),
    lengths,
    lengths,
    st.booleans(),
)


def near(point: Point) -> object:
    return pytest.approx((point.x, point.y), rel=1e-6, abs=1e-3)


# ----------------------------------------------------------------------------------------- boxes


def test_a_box_has_its_edges_where_its_corner_and_size_put_them() -> None:
    box = Box(20, 45, 85, 45)
    assert (box.left, box.top, box.right, box.bottom) == (20, 45, 20 + 85, 45 + 45)
    assert Box.between(20, 45, 105, 90) == box


def test_the_centre_is_half_way_along_both_sides() -> None:
    assert Box(20, 45, 85, 45).centre == Point(20 + 85 / 2, 45 + 45 / 2)


def test_an_inset_takes_its_width_from_every_edge() -> None:
    assert Box(10, 20, 100, 50).inset(5) == Box(10 + 5, 20 + 5, 100 - 10, 50 - 10)
    assert Box(10, 20, 100, 50).inset(-3) == Box(10 - 3, 20 - 3, 100 + 6, 50 + 6)


def test_a_moved_box_keeps_its_size() -> None:
    assert Box(10, 20, 100, 50).moved(dx=-10, dy=2) == Box(0, 22, 100, 50)


def test_a_box_contains_what_is_a_hundredth_of_a_millimetre_too_large_and_no_more() -> None:
    box = Box(0, 0, 100, 50)
    assert box.contains(Box(-0.01, 0, 100.01, 50.01))
    assert not box.contains(Box(-0.02, 0, 100, 50))
    assert not box.contains(Box(0, 0, 100, 50.02))


def test_neighbours_that_share_an_edge_do_not_overlap() -> None:
    left, right = Box(0, 0, 100, 50), Box(100, 0, 100, 50)
    assert not left.overlaps(right)
    assert not left.overlaps(Box(0, 50, 100, 50))
    assert left.overlaps(right.moved(dx=-0.02))


def test_boxes_that_do_not_meet_share_an_empty_box() -> None:
    assert Box(0, 0, 10, 10).intersection(Box(20, 0, 10, 10)).is_empty
    assert Box(0, 0, 10, 10).intersection(Box(0, 20, 10, 10)).is_empty
    assert Box(0, 0, 10, 10).intersection(Box(10, 0, 10, 10)).is_empty


def test_union_and_intersection_of_three_boxes() -> None:
    three = (Box(0, 0, 30, 30), Box(10, 5, 30, 30), Box(20, 10, 30, 30))
    assert union_all(three) == Box.between(0, 0, 20 + 30, 10 + 30)
    assert intersection_all(three) == Box.between(20, 10, 30, 30)


@pytest.mark.parametrize("join", [union_all, intersection_all])
def test_no_boxes_have_neither_union_nor_intersection(join: object) -> None:
    assert callable(join)
    with pytest.raises(TypeError):
        join([])


@given(boxes, boxes)
def test_a_union_holds_both_boxes_and_an_intersection_lies_in_both(one: Box, other: Box) -> None:
    union, shared = one.union(other), one.intersection(other)
    assert union.contains(one)
    assert union.contains(other)
    assert shared.is_empty or (one.contains(shared) and other.contains(shared))


@given(boxes, boxes, st.floats(0, 1), st.floats(0, 1))
def test_a_point_is_in_the_intersection_just_when_it_is_in_both(
    one: Box, other: Box, across: float, along: float
) -> None:
    point = Point(one.left + across * one.width, one.top + along * one.height)
    shared = one.intersection(other)
    # Edges are rounded: what lies within a hundredth of one is not asked.
    if other.inset(0.01).contains_point(point) and one.inset(0.01).contains_point(point):
        assert shared.contains_point(point)
    if not other.inset(-0.01).contains_point(point):
        assert not shared.contains_point(point)


# ------------------------------------------------------------------------------------------ maps


def test_a_map_is_written_as_pdf_writes_it() -> None:
    # ISO 32000-1, 8.3.3: x' = a·x + c·y + e, y' = b·x + d·y + f.
    placed = Transform(1, 2, 3, 4, 5, 6).apply(Point(10, 100))
    assert placed == Point(1 * 10 + 3 * 100 + 5, 2 * 10 + 4 * 100 + 6)


def test_then_does_the_first_map_first() -> None:
    double, shift = Transform(a=2, d=2), Transform(e=10, f=20)
    assert double.then(shift).apply(Point(1, 1)) == Point(2 * 1 + 10, 2 * 1 + 20)
    assert shift.then(double).apply(Point(1, 1)) == Point(2 * (1 + 10), 2 * (1 + 20))


def test_a_box_turned_upside_down_is_an_upright_box_again() -> None:
    # y' = 210 − y: the lower half of a sheet folded up at 105.
    assert Transform(d=-1, f=210).apply_box(Box(0, 105, 210, 105)) == Box(0, 0, 210, 105)


def test_a_flat_map_has_no_way_back() -> None:
    with pytest.raises(ZeroDivisionError):
        Transform(a=0, d=1).inverse()


@given(maps, maps, points)
def test_then_is_one_map_after_the_other(first: Transform, after: Transform, point: Point) -> None:
    both = first.then(after).apply(point)
    assert (both.x, both.y) == near(after.apply(first.apply(point)))


@given(maps, points)
def test_the_inverse_leads_back(there: Transform, point: Point) -> None:
    back = there.inverse().apply(there.apply(point))
    assert (back.x, back.y) == near(point)


@given(maps, boxes, st.floats(0, 1), st.floats(0, 1))
def test_the_image_of_a_box_holds_the_image_of_each_of_its_points(
    there: Transform, box: Box, across: float, along: float
) -> None:
    point = Point(box.left + across * box.width, box.top + along * box.height)
    assert there.apply_box(box).inset(-1e-6).contains_point(there.apply(point))
