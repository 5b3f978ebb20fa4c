"""Plans of sheets, held against models of paper: it is looked through, cut, stacked and folded.

Nothing here uses what the planner computes with: the back of a sheet is found by turning points
over, a booklet is read by opening sheets that lie in each other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from actionpack import impose as planning
from actionpack.diagnostics import Place, Rejected
from actionpack.geometry import Box, Size
from actionpack.impose import Manner, thickness_of, unfilled
from actionpack.imposition import FLIPS, Imposition, Placed, Side, scheme_of
from actionpack.paper import sheets

SLACK = 0.001


def manner(scheme: str, sheet: str, **how: object) -> Manner:
    known = scheme_of(scheme)
    assert known is not None
    plain = Manner(scheme=known, page=Size(0, 0), sheet=sheets()[sheet], duplex=True)
    return replace(plain, **how)  # type: ignore[arg-type]  # fields of a manner


def impose(counts: list[int], page: Size, how: Manner) -> Imposition:
    return planning.impose(counts, replace(how, page=page))


def paper(name: str) -> Size:
    return sheets()[name].size


# What goes on what, at the usual margin.
FITTING = [
    ("1x1", "a4", "a4"),
    ("1x2", "a4", "a3"),
    ("2x1", "a4", "a3"),
    ("1x2", "letter", "tabloid"),
    ("2x2", "a6", "a4"),
    ("2x2", "quarter-letter", "letter"),
    ("2x4", "a6", "a3"),
    ("3x2", "a6", "sra3"),
    ("1x2", "a5", "sra4"),
]
grids = st.sampled_from(FITTING)
kinds = st.sampled_from(["", "stack-", "repeat-"])
counts = st.integers(1, 40)
flips = st.sampled_from((None, *FLIPS))
manners = st.builds(
    lambda grid, kind, duplex, flip, rtl: (
        manner(kind + grid[0], grid[2], duplex=duplex, flip=flip, rtl=rtl),
        paper(grid[1]),
    ),
    grids,
    kinds,
    st.booleans(),
    flips,
    st.booleans(),
)
booklets = st.builds(
    lambda sizes, flip, rtl, thickness, cover: (
        manner(
            "booklet",
            sizes[1],
            flip=flip,
            rtl=rtl,
            thickness_mm=thickness,
            back_cover=cover,
        ),
        paper(sizes[0]),
    ),
    st.sampled_from([("a5", "a4"), ("a6", "sra4"), ("half-letter", "letter"), ("a4", "sra3")]),
    flips,
    st.booleans(),
    st.sampled_from([0.0, 0.1, 0.2]),
    st.booleans(),
)


# ------------------------------------------------------------------------- a model of the paper


def through(plan: Imposition, x: float, y: float) -> tuple[float, float]:
    """A point of the front as it is seen from the back, after the sheet is turned over.

    The sheet is turned about an edge that is long or short: a point at the edge stays at it.
    """
    upright_is_long = plan.size.height >= plan.size.width
    about_upright_edge = upright_is_long if plan.flip == "long" else not upright_is_long
    return (plan.size.width - x, y) if about_upright_edge else (x, plan.size.height - y)


def corners(placed: Placed) -> dict[str, tuple[float, float]]:
    """Where the four corners of the page itself lie on its side."""
    box, turn = placed.box, placed.turn
    around = [
        (box.left, box.top),
        (box.right, box.top),
        (box.right, box.bottom),
        (box.left, box.bottom),
    ]
    names = ["head left", "head right", "foot right", "foot left"]
    # Turned clockwise by a right angle, the page's own first corner comes to lie one further.
    return {name: around[(at + turn // 90) % 4] for at, name in enumerate(names)}


def close(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return abs(one[0] - other[0]) < SLACK and abs(one[1] - other[1]) < SLACK


def seen(plan: Imposition) -> Counter[int]:
    return Counter(
        placed.page for side in plan.sides for placed in side.pages if placed.page is not None
    )


def apart(one: Box, other: Box) -> bool:
    return (
        one.right <= other.left + SLACK
        or other.right <= one.left + SLACK
        or one.bottom <= other.top + SLACK
        or other.bottom <= one.top + SLACK
    )


def by_cell(side: Side) -> list[Placed]:
    """The pages of a side, row by row as whoever holds their heads up reads them."""

    def seat(placed: Placed) -> tuple[float, float]:
        x, y = placed.cell.centre.x, placed.cell.centre.y
        upright = {0: (y, x), 90: (-x, y), 180: (-y, -x), 270: (x, -y)}
        line, along = upright[placed.turn]
        return round(line, 3), round(along, 3)

    return sorted(side.pages, key=seat)


# ---------------------------------------------------------------------------------- all schemes


@given(manners, counts)
def test_every_page_stands_once_or_once_a_cell(how: tuple[Manner, Size], count: int) -> None:
    plan = impose([count], how[1], how[0])
    times = how[0].scheme.cells if how[0].scheme.kind == "repeat" else 1
    assert seen(plan) == dict.fromkeys(range(1, count + 1), times)


@given(st.one_of(manners, booklets), counts)
def test_no_two_cells_overlap_and_all_lie_where_ink_can_be(
    how: tuple[Manner, Size], count: int
) -> None:
    plan = impose([count], how[1], how[0])
    for side in plan.sides:
        for one, other in combinations(side.pages, 2):
            assert apart(one.cell, other.cell)
        for placed in side.pages:
            ink = placed.cell.inset(how[0].safe_mm)
            edge = how[0].margin_mm
            assert ink.left >= edge - SLACK
            assert ink.top >= edge - SLACK
            assert ink.right <= plan.size.width - edge + SLACK
            assert ink.bottom <= plan.size.height - edge + SLACK
            sides = sorted((placed.cell.width, placed.cell.height))
            assert sides == pytest.approx(sorted((how[1].width, how[1].height)))


@given(
    st.one_of(manners, booklets),
    st.lists(st.integers(1, 9), min_size=1, max_size=4),
    st.lists(st.integers(1, 9), min_size=1, max_size=4),
)
def test_what_stands_between_packs_has_a_sheet_for_itself_and_they_are_as_without_it(
    how: tuple[Manner, Size], packs: list[int], more: list[int]
) -> None:
    # On both sides of leaves what stands between packs has two pages, in booklets one.
    between = 2 if how[0].fills_leaves else 1
    packs, more = ([one + one % between for one in some] for some in (packs, more))
    counts = [between, *packs, between, *more]
    plan = planning.impose(counts, replace(how[0], page=how[1]), apart={0, len(packs) + 1})
    step = 2 if plan.duplex else 1
    alone: list[tuple[Side, ...]] = []
    rest: list[tuple[Side, ...]] = []
    for sheet in plan.sheets:
        front = sheet[0].pages
        is_alone = front[0].page in (1, between + sum(packs) + 1)
        (alone if is_alone else rest).append(sheet)
        if is_alone:
            assert len(front) == 1
            assert front[0].cell == front[0].box == Box(0, 0, plan.size.width, plan.size.height)
            assert sorted(front[0].page_size) == sorted((plan.size.width, plan.size.height))
            assert front[0].page_size == (how[0].sheet.size.width, how[0].sheet.size.height)
    assert len(alone) == 2
    assert plan.sheets[0] == alone[0]
    expected = []
    for some, first in ((packs, between), (more, 2 * between + sum(packs))):
        apart = impose(some, how[1], how[0])
        assert len(apart.sides) % step == 0
        expected += [[p.page and p.page + first for p in side.pages] for side in apart.sides]
    assert [[p.page for p in side.pages] for sheet in rest for side in sheet] == expected
    if between == 2:
        assert [[p.page for p in back.pages] for _, back in alone] == [
            [2], [between + sum(packs) + 2],
        ]  # fmt: skip


@given(st.one_of(manners, booklets), counts)
def test_the_back_of_a_page_lies_exactly_behind_it_with_its_head_at_the_head(
    how: tuple[Manner, Size], count: int
) -> None:
    assume(how[0].duplex)
    plan = impose([count], how[1], how[0])
    for front, back in zip(plan.sides[::2], plan.sides[1::2], strict=True):
        assert len(front.pages) == len(back.pages)
        for recto in front.pages:
            (verso,) = [
                placed
                for placed in back.pages
                if close(
                    (placed.cell.centre.x, placed.cell.centre.y),
                    through(plan, recto.cell.centre.x, recto.cell.centre.y),
                )
            ]
            ours, theirs = corners(recto), corners(verso)
            # A leaf is turned like that of a book: left and right change, head and foot stay.
            for name, point in ours.items():
                head, hand = name.split()
                behind = theirs[f"{head} {'right' if hand == 'left' else 'left'}"]
                assert close(through(plan, *point), behind)
            if recto.page is not None and verso.page is not None:
                assert abs(recto.page - verso.page) == 1


@given(st.one_of(manners, booklets), counts)
def test_strokes_lie_where_the_printer_reaches_and_in_no_page(
    how: tuple[Manner, Size], count: int
) -> None:
    plan = impose([count], how[1], how[0])
    area = Box(0, 0, plan.size.width, plan.size.height).inset(plan.margin_mm - SLACK)
    for side in plan.sides:
        for mark in side.marks:
            box = Box.between(
                min(mark.start.x, mark.end.x),
                min(mark.start.y, mark.end.y),
                max(mark.start.x, mark.end.x),
                max(mark.start.y, mark.end.y),
            )
            assert area.contains_point(mark.start)
            assert area.contains_point(mark.end)
            assert 1.5 <= box.width + box.height <= 5
            for placed in side.pages:
                assert apart(placed.cell.inset(-0.9), box.inset(-SLACK))


# ------------------------------------------------------------------------------- the one or other


@given(grids, counts, st.booleans(), st.booleans())
def test_n_up_reads_in_the_direction_of_the_language(
    grid: tuple[str, str, str], count: int, duplex: bool, rtl: bool
) -> None:
    how = manner(grid[0], grid[2], duplex=duplex, rtl=rtl)
    plan = impose([count], paper(grid[1]), how)
    read = []
    for front in plan.sides[:: 2 if duplex else 1]:
        rows: dict[float, list[Placed]] = defaultdict(list)
        for placed in by_cell(front):
            upright = placed.turn == 0
            line = placed.cell.centre.y if upright else -placed.cell.centre.x
            rows[round(line, 3)].append(placed)
        for _, row in sorted(rows.items()):
            read += [placed.page for placed in (row[::-1] if rtl else row)]
    assert [page for page in read if page] == list(range(1, count + 1, 2 if duplex else 1))


@given(grids, counts, st.booleans(), st.booleans())
def test_piles_of_a_cut_stack_lie_in_order(
    grid: tuple[str, str, str], count: int, duplex: bool, rtl: bool
) -> None:
    how = manner("stack-" + grid[0], grid[2], duplex=duplex, rtl=rtl)
    plan = impose([count], paper(grid[1]), how)
    piles: dict[tuple[float, float], list[tuple[int | None, int | None]]] = defaultdict(list)
    order: list[tuple[float, float]] = []
    for sheet in plan.sheets:
        for placed in sheet[0].pages:
            at = (round(placed.cell.centre.x, 3), round(placed.cell.centre.y, 3))
            order += [] if at in order else [at]
            behind = None
            if duplex:
                (behind,) = [
                    verso.page
                    for verso in sheet[1].pages
                    if close(
                        (verso.cell.centre.x, verso.cell.centre.y),
                        through(plan, placed.cell.centre.x, placed.cell.centre.y),
                    )
                ]
            piles[at].append((placed.page, behind))
    pages = [page for at in order for leaf in piles[at] for page in leaf if page is not None]
    assert pages == list(range(1, count + 1))
    # No pile has a gap before its end: it could not be told from a lost sheet.
    for at in order:
        blank = [leaf == (None, None) for leaf in piles[at]]
        assert blank == sorted(blank)


def opened(plan: Imposition, sheets_of: list[tuple[Side, ...]], *, rtl: bool) -> list[int | None]:
    """Fold the sheets of one booklet in the middle, put them into each other, and read it.

    The first sheet lies outermost, with its front outside. Whoever opens it sees first the half
    of each sheet from the outermost to the innermost, both sides of it, then the other halves
    from the innermost to the outermost.
    """

    def on(side: Side, *, left: bool) -> Placed:
        half = [p for p in side.pages if (p.cell.centre.x < plan.size.width / 2) == left]
        (placed,) = half
        return placed

    first: list[int | None] = []
    second: list[int | None] = []
    for front, back in sheets_of:
        # A book read from left to right opens at its right: its cover is the right half.
        cover = on(front, left=rtl)
        rear = on(front, left=not rtl)
        inside_cover, inside_rear = (
            next(
                p
                for p in back.pages
                if close(
                    (p.cell.centre.x, p.cell.centre.y),
                    through(plan, one.cell.centre.x, one.cell.centre.y),
                )
            )
            for one in (cover, rear)
        )
        first += [cover.page, inside_cover.page]
        second = [inside_rear.page, rear.page, *second]
    return first + second


@given(booklets, st.lists(st.integers(1, 30), min_size=1, max_size=3))
def test_a_folded_booklet_reads_one_two_three(how: tuple[Manner, Size], packs: list[int]) -> None:
    plan = impose(packs, how[1], how[0])
    at, before = 0, 0
    for count in packs:
        sheets_of = [plan.sheets[at + number] for number in range((count + 3) // 4)]
        at += len(sheets_of)
        read = opened(plan, sheets_of, rtl=how[0].rtl)
        own = list(range(before + 1, before + count + 1))
        assert [page for page in read if page] == own
        blank = [page is None for page in read]
        if how[0].back_cover:
            assert read[-1] == own[-1]
            assert blank[:-1] == sorted(blank[:-1])
        else:
            assert blank == sorted(blank)
        before += count
    assert at == len(plan.sheets)


@given(booklets, counts)
def test_after_trimming_every_page_of_a_booklet_has_its_outer_margin(
    how: tuple[Manner, Size], count: int
) -> None:
    """Each sheet lies `thickness` further out at the fold; all are cut flush with the outermost."""
    plan = impose([count], how[1], how[0])
    spine = plan.size.width / 2
    for number, sheet in enumerate(plan.sheets):
        for side in sheet:
            for placed in side.pages:
                left = placed.cell.centre.x < spine
                outer = placed.box.left if left else placed.box.right
                # From the fold of its own sheet to the knife.
                knife = how[1].width - number * how[0].thickness_mm
                assert abs(spine - outer) == pytest.approx(knife)


def test_a_booklet_of_five_leaves_the_last_three_blank_or_keeps_its_back_cover() -> None:
    plain = impose([5], paper("a5"), manner("booklet", "a4"))
    covered = impose([5], paper("a5"), manner("booklet", "a4", back_cover=True))
    # Front of the outermost sheet: back cover and cover.
    assert [placed.page for placed in plain.sides[0].pages] == [None, 1]
    assert [placed.page for placed in covered.sides[0].pages] == [5, 1]
    assert plain.size == Size(297, 210)
    # Turned like the page of a book, a sheet that lies on its long side turns over its short edge.
    assert plain.flip == "short"


@given(
    st.sampled_from(["a3", "a4", "tabloid", "sra3"]),
    st.sampled_from(["a4", "a5", "letter"]),
    st.sampled_from([0.0, 5.0, 10.0, 15.0]),
    st.integers(1, 2),
)
def test_tiles_cover_the_page_with_the_overlap(
    large: str, small: str, overlap: float, count: int
) -> None:
    page = paper(large)
    plan = impose([count], page, manner("tile", small, duplex=False, overlap_mm=overlap))
    for number in range(1, count + 1):
        shown = [
            p.cell.moved(-p.box.x, -p.box.y)
            for side in plan.sides
            for p in side.pages
            if p.page == number
        ]
        xs = sorted({(round(box.left, 3), round(box.right, 3)) for box in shown})
        ys = sorted({(round(box.top, 3), round(box.bottom, 3)) for box in shown})
        assert len(shown) == len(xs) * len(ys)
        for spans, length in ((xs, page.width), (ys, page.height)):
            assert spans[0][0] == pytest.approx(0, abs=0.01)
            assert spans[-1][1] == pytest.approx(length, abs=0.01)
            for (_, end), (start, _) in pairwise(spans):
                assert end - start == pytest.approx(overlap, abs=0.01)
    for side in plan.sides:
        (placed,) = side.pages
        area = Box(0, 0, plan.size.width, plan.size.height).inset(5)
        assert area.contains(placed.cell)


def test_a3_takes_four_sheets_of_a4() -> None:
    plan = impose([1], paper("a3"), manner("tile", "a4", duplex=False))
    # Upright, A4 shows 192 × 279 mm between its strokes, of which 10 mm are shown twice:
    # (297 - 10) / 182 = 1.6 and (420 - 10) / 269 = 1.5.
    assert len(plan.sides) == 4
    assert {mark.kind for mark in plan.sides[0].marks} == {"crop", "glue"}


def test_strokes_to_glue_up_to_lie_where_the_next_tile_comes_to_its_edge() -> None:
    plan = impose([1], paper("a3"), manner("tile", "a4", duplex=False, overlap_mm=12))
    tiles = [side.pages[0] for side in plan.sides]
    corners = [(tile.cell.left - tile.box.left, tile.cell.top - tile.box.top) for tile in tiles]
    columns, rows = (sorted({round(corner[at], 3) for corner in corners}) for at in (0, 1))
    assert (len(columns), len(rows)) == (2, 2)
    for side, tile, (x, y) in zip(plan.sides, tiles, corners, strict=True):
        glued = [mark for mark in side.marks if mark.kind == "glue"]
        upright = {mark.start.x for mark in glued if mark.start.x == mark.end.x}
        level = {mark.start.y for mark in glued if mark.start.y == mark.end.y}
        # Where the tile to the right, and the one below, begin; the last of a row has none.
        beside = [tile.cell.left + at - x for at in columns if at > x + SLACK][:1]
        below = [tile.cell.top + at - y for at in rows if at > y + SLACK][:1]
        assert sorted(upright) == pytest.approx(beside)
        assert sorted(level) == pytest.approx(below)


# ------------------------------------------------------------------------------ plain examples


def test_pages_of_a_booklet_touch_at_the_fold_whatever_the_gutter() -> None:
    for gutter in (0, 6):
        plan = impose([8], paper("a5"), manner("booklet", "sra4", gutter_mm=gutter))
        for side in plan.sides:
            left, right = sorted((placed.cell for placed in side.pages), key=lambda cell: cell.x)
            assert left.right == right.left == pytest.approx(plan.size.width / 2)


def test_two_a4_pages_on_a3_lie_on_their_sides_and_fill_it() -> None:
    plan = impose([4], paper("a4"), manner("1x2", "a3"))
    assert plan.size == Size(297, 420)
    assert [(p.page, p.cell, p.turn) for p in plan.sides[0].pages] == [
        (1, Box(0, 0, 297, 210), 90),
        (3, Box(0, 210, 297, 210), 90),
    ]
    assert [(p.page, p.cell, p.turn) for p in plan.sides[1].pages] == [
        (2, Box(0, 0, 297, 210), 270),
        (4, Box(0, 210, 297, 210), 270),
    ]


def test_over_the_short_edge_the_backs_of_upright_sheets_are_turned() -> None:
    plan = impose([2], paper("a6"), manner("2x2", "a4", flip="short"))
    back = plan.sides[1].pages[0]
    assert (back.page, back.turn) == (2, 180)
    # Cell 1 is top left; behind it, turned over the foot, is bottom left.
    assert (back.cell.x, back.cell.y) == pytest.approx((0, 148.5))


def test_a_sheet_that_is_too_small_says_by_how_much_and_which_are_not() -> None:
    with pytest.raises(Rejected) as rejected:
        impose([2], paper("a4"), manner("1x2", "a4"))
    (found,) = rejected.value.findings
    assert found.code == "sheet-too-small"
    assert found.message == (
        "'1x2' of pages of 210 × 297 mm needs 297 × 420 mm, which is 87 mm too wide and "
        "123 mm too high for A4"
    )
    assert found.cure == "print on a larger sheet: --sheet a3 or 12x18 or sra3"


def test_a_gutter_that_leaves_no_room_is_named_in_the_cure() -> None:
    with pytest.raises(Rejected) as rejected:
        impose([4], paper("a6"), manner("2x2", "a4", gutter_mm=4))
    (found,) = rejected.value.findings
    assert "4 mm too wide and 3 mm too high" in found.message
    assert found.cure.endswith("or take a smaller gutter")


def test_pages_inked_to_their_edges_keep_off_the_edge_of_the_sheet() -> None:
    # Pages whose ink keeps 5 mm from their edges may fill the sheet; others may not.
    assert impose([2], paper("a4"), manner("1x2", "a3")).sides[0].pages[0].cell.y == 0
    with pytest.raises(Rejected) as rejected:
        impose([2], paper("a4"), manner("1x2", "a3", safe_mm=2))
    # 420 mm and twice the 3 mm that are lacking.
    assert "needs 303 × 426 mm" in rejected.value.findings[0].message
    plan = impose([2], paper("a4"), manner("1x2", "sra3", safe_mm=0))
    assert min(placed.cell.y for placed in plan.sides[0].pages) == 15


def test_pages_too_large_for_any_sheet_are_told_so() -> None:
    with pytest.raises(Rejected) as rejected:
        impose([4], paper("a3"), manner("2x2", "sra3"))
    assert rejected.value.findings[0].cure == "take smaller pages or fewer on a sheet"


def test_tiles_without_number_are_refused() -> None:
    with pytest.raises(Rejected) as rejected:
        impose([1], Size(3000, 3000), manner("tile", "a6", duplex=False))
    assert rejected.value.findings[0].code == "sheet-too-small"


def test_touching_cells_share_their_cut_and_a_gutter_has_two() -> None:
    def cuts(gutter: float) -> int:
        plan = impose([8], paper("a6"), manner("2x2", "sra4", gutter_mm=gutter))
        upright = {m.start.x for m in plan.sides[0].marks if m.start.x == m.end.x}
        return len(upright)

    assert cuts(0) == 3
    assert cuts(3) == 4


def test_a_booklet_has_its_fold_marked_where_there_is_room() -> None:
    plan = impose([8], paper("a5"), manner("booklet", "sra4"))
    assert {m.start.x for m in plan.sides[0].marks if m.kind == "fold"} == {160.0}
    assert plan.sides[1].marks == ()


@pytest.mark.parametrize(
    ("scheme", "pages", "duplex", "told"),
    [
        ("2x2", 1, False, "'2x2' has 4 places on a sheet, and it fills only 1: 3 stay empty"),
        ("2x2", 3, False, "'2x2' has 4 places on a sheet, and it fills only 3: 1 stays empty"),
        # Three pages are two leaves of two sides.
        ("stack-3x1", 3, True, "'stack-3x1' has 3 places on a sheet, and it fills only 2: 1 stays"),
    ],
)
def test_places_that_stay_empty_on_the_only_sheet_are_told(
    scheme: str, pages: int, duplex: bool, told: str
) -> None:
    (found,) = unfilled(pages, manner(scheme, "a3", duplex=duplex), "it", Place(file="plan"))
    assert (found.code, found.severity, str(found.place)) == ("empty-places", "warning", "plan")
    assert found.message.startswith(told)
    columns_and_rows = scheme.removeprefix("stack-")
    assert f"take 'repeat-{columns_and_rows}', which has the same page in each" in found.cure


@pytest.mark.parametrize(
    ("scheme", "pages"),
    # Full, a last sheet that is not, one place, the same in each, a book, a page in parts.
    [("2x2", 4), ("2x2", 5), ("1x1", 1), ("repeat-2x2", 1), ("booklet", 2), ("tile", 1)],
)
def test_places_that_are_full_or_must_stay_empty_are_not_told(scheme: str, pages: int) -> None:
    assert unfilled(pages, manner(scheme, "a3", duplex=False), "it") == ()


@pytest.mark.parametrize("name", ["", "2", "2x", "0x2", "13x1", "stack", "pile-2x2", "2X2", "a4"])
def test_what_is_no_scheme_is_none(name: str) -> None:
    assert scheme_of(name) is None


def test_office_paper_is_a_tenth_of_a_millimetre_thick() -> None:
    assert thickness_of(80) == pytest.approx(0.1)


def test_a_pack_fills_its_last_leaf_where_leaves_are_cut_apart() -> None:
    both, one = manner("2x2", "a4"), manner("2x2", "a4", duplex=False)
    assert [both.pages_of(sides) for sides in (1, 2, 3)] == [2, 2, 4]
    assert [one.pages_of(sides) for sides in (1, 2, 3)] == [1, 2, 3]
    assert manner("booklet", "a4").pages_of(5) == 5
