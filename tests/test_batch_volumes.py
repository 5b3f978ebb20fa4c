"""Arranging: every pack stands in one volume, once, under the number that the plan gives it."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionpack.batch.orders import Kind, Ledger, Orders
from actionpack.batch.volumes import (
    PROVED_EVERY,
    Arranged,
    Selection,
    among,
    arrange,
    entries,
    group_of,
    proved,
    spans,
)
from actionpack.impose import Medium

KINDS = tuple(Kind("river", tag, None, "letter") for tag in ("en", "it", "ar"))
A4, A4_ONE_SIDE, DL = Medium("a4", True), Medium("a4", False), Medium("dl", False)
ALIKE = (A4,) * len(KINDS)


def plan(rows: list[tuple[int, int, str]]) -> Orders:
    """Orders of a kind, so many copies, and a group; each row differs from the others."""
    ledger = Ledger(("group", "contact"))
    for number, (kind, copies, group) in enumerate(rows):
        ledger.add(KINDS[kind], copies, (group, f"{number}"), number + 2)
    return ledger.orders()


ROWS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(1, 9), st.sampled_from(["", "Roma 12", "Como"])),
    min_size=1,
    max_size=30,
)


def serials(orders: Orders, arranged: Arranged) -> list[list[int]]:
    masters = {kind: kind for kind in range(len(orders.kinds))}
    return [
        [pack.serial for pack in entries(orders, one, masters, before={}) if pack.serial]
        for one in arranged.volumes
    ]


@given(ROWS, st.integers(1, 12), st.booleans())
def test_every_pack_stands_in_one_volume_once(
    rows: list[tuple[int, int, str]], size: int, separators: bool
) -> None:
    orders = plan(rows)
    arranged = arrange(orders, range(len(orders)), media=ALIKE, size=size, separators=separators)
    found = serials(orders, arranged)
    assert Counter(one for volume in found for one in volume) == Counter(range(1, orders.packs + 1))
    assert arranged.packs == orders.packs
    assert all(len(volume) == size for volume in found[:-1])
    assert 1 <= len(found[-1]) <= size


@given(ROWS, st.integers(1, 12))
def test_with_separators_a_group_lies_together(rows: list[tuple[int, int, str]], size: int) -> None:
    orders = plan(rows)
    arranged = arrange(orders, range(len(orders)), media=ALIKE, size=size, separators=True)
    parts = [part for volume in arranged.volumes for part in volume]
    groups = [(orders[part.order].language, group_of(orders[part.order].values)) for part in parts]
    runs = [group for group, _ in groupby(groups)]
    assert len(runs) == len(set(runs))
    assert sum(part.packs for part in parts) == orders.packs


@given(
    ROWS,
    st.integers(1, 12),
    st.booleans(),
    st.tuples(*[st.sampled_from([A4, A4_ONE_SIDE, DL])] * len(KINDS)),
)
def test_each_volume_is_of_one_medium_and_holds_every_pack_once_in_order(
    rows: list[tuple[int, int, str]], size: int, separators: bool, by_tag: tuple[Medium, ...]
) -> None:
    orders = plan(rows)
    media = [by_tag[KINDS.index(kind)] for kind in orders.kinds]
    found = arrange(orders, range(len(orders)), media=media, size=size, separators=separators)
    on = [{media[orders.kind_of(part.order)] for part in volume} for volume in found.volumes]
    assert all(len(one) == 1 for one in on)
    numbers = serials(orders, found)
    every = [one for volume in numbers for one in volume]
    assert sorted(every) == list(range(1, orders.packs + 1))
    # The volumes of a medium follow one another, and all but its last are full.
    runs = [(medium, [len(numbers[at]) for at, _ in run]) for medium, run in _runs_of(on)]
    assert len({medium for medium, _ in runs}) == len(runs)
    assert all(set(full) <= {size} and 1 <= last <= size for _, (*full, last) in runs)
    # Whatever its medium, a pack stands before the same others of its medium as without the cut.
    whole = arrange(
        orders, range(len(orders)), media=[A4] * len(media), size=size, separators=separators
    )
    uncut = [one for volume in serials(orders, whole) for one in volume]
    for medium in by_tag:
        alike = {
            one
            for volume, used in zip(numbers, on, strict=True)
            if medium in used
            for one in volume
        }
        assert [one for one in every if one in alike] == [one for one in uncut if one in alike]


def _runs_of(on: list[set[Medium]]) -> list[tuple[Medium, list[tuple[int, Medium]]]]:
    numbered = enumerate(medium for (medium,) in on)
    return [(medium, list(run)) for medium, run in groupby(numbered, key=lambda one: one[1])]


def test_papers_that_take_turns_in_the_plan_are_parted_and_keep_their_serials() -> None:
    orders = plan([(0, 2, "a"), (1, 1, "b"), (0, 1, "c"), (1, 2, "d")])
    found = arrange(orders, range(4), media=[A4, DL], size=2, separators=False)
    assert serials(orders, found) == [[1, 2], [4], [3, 5], [6]]


def test_a_reprint_is_parted_by_paper_as_well() -> None:
    orders = plan([(0, 2, "a"), (1, 1, "b"), (0, 1, "c")])
    asked = Selection(serials=spans("2-4"))
    found = arrange(orders, range(3), media=[A4, DL], size=9, separators=False, selection=asked)
    assert serials(orders, found) == [[2, 4], [3]]


def test_without_separators_packs_stand_as_in_the_plan() -> None:
    orders = plan([(0, 2, "b"), (1, 1, "a"), (0, 1, "b")])
    arranged = arrange(orders, range(3), media=ALIKE, size=3, separators=False)
    assert serials(orders, arranged) == [[1, 2, 3], [4]]


def test_a_reprint_keeps_rows_and_serials() -> None:
    orders = plan([(0, 3, "a"), (1, 2, "b"), (0, 1, "c")])
    asked = Selection(serials=spans("5-6"))
    arranged = arrange(orders, [1, 2], media=ALIKE, size=10, separators=False, selection=asked)
    (volume,) = arranged.volumes
    found = list(entries(orders, volume, {0: 0, 1: 1}, before={}))
    assert [(one.serial, one.row, one.label) for one in found] == [
        (5, 3, "5 · it · b"),
        (6, 4, "6 · en · c"),
    ]


def test_a_pack_without_a_group_goes_by_its_action() -> None:
    orders = plan([(0, 1, ""), (0, 1, "Amnesty\n  Roma 12")])
    (volume,) = arrange(orders, range(2), media=ALIKE, size=10, separators=False).volumes
    labels = [one.label for one in entries(orders, volume, {0: 0}, before={})]
    assert labels == ["1 · en · river", "2 · en · Amnesty Roma 12"]


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("7", (7,), (6, 8)),
        ("40-60", (40, 50, 60), (39, 61)),
        (" 3 - 5 , 9 ", (3, 4, 5, 9), (2, 6, 8, 10)),
    ],
)
def test_spans_of_numbers(text: str, inside: tuple[int, ...], outside: tuple[int, ...]) -> None:
    wanted = spans(text)
    assert all(among(number, wanted) for number in inside)
    assert not any(among(number, wanted) for number in outside)
    assert not among(None, wanted)


@pytest.mark.parametrize(
    "text", ["", "a", "0", "-3", "3-", "5-4", "1-2-3", "1,,2", "1.5", "٣", "9999999999"]
)
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no number and no span|runs backwards"):
        spans(text)


@given(st.integers(1, 5000), st.integers(1, 700), st.integers(0, 3000))
def test_every_volume_has_a_pack_that_is_read_back(first: int, count: int, more: int) -> None:
    last = first + count - 1 + more
    numbers = range(first, first + count)
    sample = proved(numbers, last=last, everyone=False)
    assert sample
    assert sample <= set(numbers)
    wanted = {last, *range(1, last + 1, PROVED_EVERY)}
    assert wanted & set(numbers) <= sample
    assert proved(numbers, last=last, everyone=True) == set(numbers)
