"""Marks to cut, fold and line up plates by: a file that lacks one, or has it elsewhere, is told."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from presses import LAYOUT, built, write_project

from actionpack.diagnostics import Finding
from actionpack.pack import Pack
from actionpack.preflight.finished import map_inside
from actionpack.preflight.pressed import check_press, check_pressed_sheets, check_sheet_marks

MM = 72 / 25.4
Change = Callable[[str], str]
_STROKE = r"(?m)^\[{dashes}\] 0 d ([\d.]+) ([\d.]+) m ([\d.]+) ([\d.]+) l S$"
CROP, TORN, FOLDED = "", "1 1", "4 1.5"


@pytest.fixture(scope="module")
def card(press_project: Path) -> Pack:
    """A page of 210 × 297 mm that is folded at 100 and perforated at 150."""
    return built(press_project)


@pytest.fixture(scope="module")
def cards(press_project: Path) -> Pack:
    """The card twice on SRA3, on its side: cells of 297 × 210 mm at 11.5, 12 and 11.5, 228."""
    return built(press_project, impose="repeat-1x2", sheet="sra3")


@pytest.fixture(scope="module")
def letter(press_project: Path) -> Pack:
    """Four pages of 210 × 297 mm on both sides of SRA3, without bleed."""
    return built(press_project, layout="letter", impose="1x2", sheet="sra3")


@pytest.fixture(scope="module")
def booklet(press_project: Path) -> Pack:
    """The card in a booklet on SRA3, folded at 225 mm: pages from 8.5 to 311.5 mm with bleed."""
    return built(press_project, impose="booklet", sheet="sra3")


def found_in(pack: Pack, change: Change, *, page: int = 1) -> list[tuple[str, str]]:
    """What is found when the marks on a page, or round it on a sheet, were changed."""
    with pikepdf.open(io.BytesIO(pack.pdf)) as pdf:
        one = pdf.pages[page - 1]
        held = one.Resources.XObject.get("/M", one.Contents)
        before = held.read_bytes().decode("latin-1")
        after = change(before)
        assert after != before
        held.write(after.encode("latin-1"))
        out = io.BytesIO()
        pdf.save(out)
    found = proved(out.getvalue())
    assert {one.severity for one in found} <= {"error"}
    assert {one.place.page for one in found} <= {page}
    assert all(one.cure for one in found)
    return [(one.code, one.message) for one in found]


def proved(pdf: bytes) -> tuple[Finding, ...]:
    proof, plan = map_inside(pdf)
    assert proof is not None
    if plan is None:
        return check_press(pdf, "a.pdf", proof)
    of_sheets, of_pages = check_pressed_sheets(pdf, "a.pdf", proof, plan)
    return (*of_sheets, *of_pages, *check_sheet_marks(pdf, "a.pdf", proof, plan))


def stroke(dashes: str, number: int, to: Callable[[float, float, float, float], str]) -> Change:
    """Draw another thing instead of one of the strokes that are dashed so, counted from 0."""

    def change(content: str) -> str:
        every = list(re.finditer(_STROKE.format(dashes=re.escape(dashes)), content))
        one = every[number]
        x1, y1, x2, y2 = (float(part) for part in one.groups())
        return content[: one.start()] + to(x1, y1, x2, y2) + content[one.end() :]

    return change


def gone(dashes: str, number: int) -> Change:
    return stroke(dashes, number, lambda *_: "")


def moved(dashes: str, number: int, *, right: float = 0, up: float = 0, as_: str = "") -> Change:
    x, y, drawn = right * MM, up * MM, as_ or dashes

    def to(x1: float, y1: float, x2: float, y2: float) -> str:
        return f"[{drawn}] 0 d {x1 + x:.4f} {y1 + y:.4f} m {x2 + x:.4f} {y2 + y:.4f} l S"

    return stroke(dashes, number, to)


def target(number: int, *, right: float = 0, drawn: bool = True) -> Change:
    """Move a register mark, or leave it out."""

    def change(content: str) -> str:
        every = list(re.finditer(r"(?m)^[\d.]+ [\d.]+ m .* c .*S$", content))
        one = every[number]
        after = f"q 1 0 0 1 {right * MM:.4f} 0 cm {one[0]} Q" if drawn else ""
        return content[: one.start()] + after + content[one.end() :]

    return change


# ------------------------------------------------------------------------------- round one page


def test_a_page_with_all_its_marks(card: Pack) -> None:
    assert proved(card.pdf) == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        # The first stroke lies left of the head.
        (gone(CROP, 0), "there is no crop mark at 0.0 mm along the left edge"),
        (gone(CROP, 1), "there is no crop mark at 0.0 mm along the top edge"),
        (moved(CROP, 0, up=-2), "the crop mark at 0.0 mm along the left edge stands 2.0 mm off"),
        (moved(CROP, 1, right=0.2), "the crop mark at 0.0 mm along the top edge stands 0.2 mm off"),
        (gone(TORN, 0), "there is no perforation mark at 150.0 mm along the left edge"),
        (gone(FOLDED, 1), "there is no fold mark at 100.0 mm along the right edge"),
        (
            moved(FOLDED, 1, up=0.5),
            "the fold mark at 100.0 mm along the right edge stands 0.5 mm off",
        ),
        (target(0, drawn=False), "there is no register mark at 105.0 mm along the top edge"),
        (
            target(1, right=1),
            "the register mark at 105.0 mm along the bottom edge stands 1.0 mm off",
        ),
    ],
)
def test_a_mark_that_is_missing_or_off_its_place(card: Pack, change: Change, message: str) -> None:
    assert found_in(card, change) == [("wrong-marks", message)]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(moved(CROP, 0, up=0.05), id="less than a knife is set to"),
        pytest.param(moved(CROP, 0, right=-1), id="farther away from the page"),
        pytest.param(target(0, right=0.05), id="a register mark"),
    ],
)
def test_a_mark_that_is_as_good_where_it_is(card: Pack, change: Change) -> None:
    assert found_in(card, change) == []


def test_a_mark_to_fold_by_that_looks_like_one_to_cut_by(card: Pack) -> None:
    assert found_in(card, moved(FOLDED, 0, as_="  ")) == [
        ("wrong-marks", "there is no fold mark at 100.0 mm along the left edge"),
        (
            "wrong-marks",
            "there is a crop mark at 100.0 mm along the left edge, where none should be",
        ),
    ]


def test_a_mark_where_nothing_is_cut(card: Pack) -> None:
    def more(content: str) -> str:
        return content.replace(
            "[] 0 d ", f"[] 0 d {2 * MM} {200 * MM} m {9 * MM} {200 * MM} l S ", 1
        )

    # The trim box begins 15 mm from the foot of the sheet: 15 + 297 − 200 = 112 from its top.
    assert found_in(card, more) == [
        (
            "wrong-marks",
            "there is a crop mark at 112.0 mm along the left edge, where none should be",
        )
    ]


@pytest.mark.parametrize(
    "to",
    [
        lambda x1, y1, x2, y2: f"[] 0 d {x1 + MM} {y1} m {x2} {y2} l S",
        lambda x1, y1, x2, y2: f"[] 0 d {x1 + 60 * MM} {y1} m {x2} {y2} l S",
    ],
)
def test_a_mark_that_reaches_into_the_page_or_its_bleed(
    card: Pack, to: Callable[[float, float, float, float], str]
) -> None:
    assert found_in(card, stroke(CROP, 0, to)) == [
        ("mark-in-page", "a mark for the print shop reaches into the page or its bleed")
    ]


def test_words_of_the_slug_that_stand_in_the_page(card: Pack) -> None:
    def change(content: str) -> str:
        return content.replace("BT ", f"q 1 0 0 1 0 {30 * MM} cm BT ", 1).replace("ET", "ET Q", 1)

    assert [code for code, _ in found_in(card, change)] == ["mark-in-page"]


def test_marks_that_are_on_the_black_plate_alone(card: Pack) -> None:
    found = found_in(
        card,
        lambda text: text.replace("/SeparationAll CS", "0 0 0 1 K").replace(
            "/SeparationAll cs 1 SCN 1 scn", "/SeparationAll cs 1 scn"
        ),
    )
    # Two at each of the four corners, two for each of two lines, and four to line up plates by.
    assert len(found) == 8 + 4 + 4
    assert {code for code, _ in found} == {"wrong-marks"}


# ------------------------------------------------------------------------------ round a sheet


def test_sheets_with_all_their_marks(cards: Pack, letter: Pack, booklet: Pack) -> None:
    for pack in (cards, letter, booklet):
        assert proved(pack.pdf) == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (gone(CROP, 0), "there is no crop mark at 11.5 mm along the top edge"),
        (gone(CROP, 7), "there is no crop mark at 222.0 mm along the right edge"),
        (
            moved(CROP, 7, up=0.3),
            "the crop mark at 222.0 mm along the right edge stands 0.3 mm off",
        ),
        # 308.5 − 150 and 308.5 − 100: the head of a card is at the right.
        (gone(TORN, 0), "there is no perforation mark at 158.5 mm along the top edge"),
        (
            moved(FOLDED, 1, right=1),
            "the fold mark at 208.5 mm along the bottom edge stands 1.0 mm off",
        ),
    ],
)
def test_a_mark_of_a_sheet(cards: Pack, change: Change, message: str) -> None:
    assert found_in(cards, change) == [("wrong-marks", message)]


def test_the_mark_at_which_a_booklet_is_folded(booklet: Pack) -> None:
    assert found_in(booklet, gone(FOLDED, 0)) == [
        ("wrong-marks", "there is no fold mark at 225.0 mm along the top edge")
    ]


@pytest.mark.parametrize("page", [1, 2])
def test_register_marks_of_both_sides_lie_behind_each_other(letter: Pack, page: int) -> None:
    (told,) = found_in(letter, target(0, right=0.5), page=page)
    assert told[0] == "wrong-marks"
    assert re.fullmatch(
        r"the register mark at [\d.]+ mm along the top edge stands 0.5 mm off", told[1]
    )
    (told,) = found_in(letter, target(2, drawn=False), page=page)
    assert told[0] == "wrong-marks"
    assert re.fullmatch(r"there is no register mark at [\d.]+ mm along the \w+ edge", told[1])


def test_register_marks_of_a_back_are_those_of_its_front_seen_from_behind(tmp_path: Path) -> None:
    # A line in the middle and one above it: the widest gaps of both halves are not alike.
    layout = LAYOUT.replace("enclosed", "duplex = true\nenclosed")
    layout = layout.replace("at = 150 ", "at = 148.5 ").replace("at = 100 ", "at = 60 ")
    root = write_project(tmp_path, layout=layout)
    pack = built(root, impose="1x1", sheet="sra3", flip="short")
    assert proved(pack.pdf) == ()
    # The page begins at 76.5 of 450 mm, and the middles of its gaps lie at 104.25 and 222.75.
    front = {76.5 + 104.25, 76.5 + 222.75}
    assert beside(pack, page=1) == front
    assert beside(pack, page=2) == {450 - at for at in front} != front


def beside(pack: Pack, *, page: int) -> set[float]:
    """How far from the head of SRA3 the register marks left and right of a page stand, mm."""
    with pikepdf.open(io.BytesIO(pack.pdf)) as pdf:
        content = pdf.pages[page - 1].Contents.read_bytes().decode("latin-1")
    every = re.findall(r"(?m)^([\d.]+) ([\d.]+) m .* c .*S$", content)
    # Each begins at the right of its circle.
    at = [(float(x) / MM, 450 - float(y) / MM) for x, y in every]
    return {round(y, 2) for x, y in at if not 55 < x < 265}


def test_a_sheet_without_register_marks(cards: Pack) -> None:
    def change(content: str) -> str:
        return re.sub(r"(?m)^[\d.]+ [\d.]+ m .* c .*S$", "", content)

    found = found_in(cards, change)
    # Two at each edge: the fold of the card stands in the middle.
    assert [told.partition(" at ")[0] for _, told in found] == ["there is no register mark"] * 8


# ------------------------------------------------------------------------------- in every scheme

_TARGET = r"(?m)^([\d.]+) ([\d.]+) m .* c .*S$"
_PATCHES = {
    "white": "0 0 0 0 k {} re f",
    "light": "0 0.1 0 0 k {} re f",
    "line": "0 0 0 0 K 6 w {1} {2} m {1} {3} l S",
    "picture": "{4} cm BI /W 1 /H 1 /CS /CMYK /BPC 8 ID \0\0\0\0 EI",
}


@pytest.fixture(
    scope="module",
    params=[
        ("card", "1x1", "sra3"),
        ("letter", "1x2", "sra3"),
        ("letter", "stack-1x2", "sra3"),
        ("postcard", "2x2", "sra3"),
        ("postcard", "stack-2x2", "sra3"),
        ("postcard", "repeat-2x2", "sra3"),
        ("postcard", "2x4", "12x18"),
        ("handout", "stack-2x2", "sra3"),
        ("handout", "booklet", "sra3"),
    ],
    ids=lambda asked: f"{asked[0]}-{asked[1]}",
)
def sheets(request: pytest.FixtureRequest, press_project: Path) -> Pack:
    layout, scheme, sheet = request.param
    # Eight cards have no room for their bleed between them.
    more = {"paper": "quarter-letter", "gutter": 0.0} if scheme == "2x4" else {}
    return built(press_project, layout=layout, impose=scheme, sheet=sheet, **more)


def marks_of(pdf: bytes, page: int) -> tuple[str, list[tuple[float, ...]], list[re.Match[str]]]:
    """The content of a side, its strokes to cut by, as ends, and its register marks."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        content = file.pages[page - 1].Contents.read_bytes().decode("latin-1")
    strokes = re.finditer(_STROKE.format(dashes=""), content)
    return (
        content,
        [tuple(map(float, one.groups())) for one in strokes],
        list(re.finditer(_TARGET, content)),
    )


def rewritten(pdf: bytes, contents: dict[int, str]) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        for page, content in contents.items():
            file.pages[page - 1].Contents.write(content.encode("latin-1"))
        out = io.BytesIO()
        file.save(out)
    return out.getvalue()


def told_of(pdf: bytes) -> list[str]:
    """What is said of marks on the sides of sheets."""
    return [one.message for one in proved(pdf) if one.code == "wrong-marks"]


def test_sheets_of_every_scheme_have_all_their_marks(sheets: Pack) -> None:
    assert proved(sheets.pdf) == ()


def test_a_mark_that_is_missing_is_told_in_every_scheme(sheets: Pack) -> None:
    content, strokes, targets = marks_of(sheets.pdf, 1)
    assert len(strokes) >= 8
    first = re.search(_STROKE.format(dashes=""), content)
    assert first
    (told,) = told_of(rewritten(sheets.pdf, {1: content.replace(first[0], "", 1)}))
    assert told.startswith("there is no crop mark at ")
    (told,) = told_of(rewritten(sheets.pdf, {1: content.replace(targets[0][0], "", 1)}))
    assert told.startswith("there is no register mark at ")


def painted_over(content: str, patch: str, box: tuple[float, float, float, float]) -> str:
    """The content and over it a patch on a box: left, foot, right and head, pt."""
    left, foot, right, head = box
    middle = (left + right) / 2
    wide, high = right - left, head - foot
    rectangle = f"{left} {foot} {wide} {high}"
    drawn = patch.format(rectangle, middle, foot, head, f"{wide} 0 0 {high} {left} {foot}")
    return f"q {content} Q\nq {drawn} Q\n"


def test_a_mark_that_is_painted_over_is_missing_in_every_scheme(sheets: Pack) -> None:
    content, strokes, targets = marks_of(sheets.pdf, 1)
    x1, y1, x2, y2 = strokes[0]
    over = (min(x1, x2) - 1, min(y1, y2) - 1, max(x1, x2) + 1, max(y1, y2) + 1)
    after = painted_over(content, _PATCHES["white"], over)
    (told,) = told_of(rewritten(sheets.pdf, {1: after}))
    assert told.startswith("there is no crop mark at ")
    # The circle of a register mark begins at its right, three fifths of an arm from its middle.
    x, y = (float(part) for part in targets[0].groups())
    after = painted_over(content, _PATCHES["white"], (x - 11, y - 8, x + 4, y + 8))
    (told,) = told_of(rewritten(sheets.pdf, {1: after}))
    assert told.startswith("there is no register mark at ")


@pytest.mark.parametrize("patch", _PATCHES)
def test_whatever_is_painted_over_a_mark_hides_it(letter: Pack, patch: str) -> None:
    content, strokes, _ = marks_of(letter.pdf, 1)
    x1, y1, x2, y2 = strokes[0]
    over = (min(x1, x2) - 1, min(y1, y2) - 1, max(x1, x2) + 1, max(y1, y2) + 1)
    (told,) = told_of(rewritten(letter.pdf, {1: painted_over(content, _PATCHES[patch], over)}))
    assert told.startswith("there is no crop mark at ")


def test_what_lies_below_a_mark_or_hides_little_of_it_or_overprints_hides_none(
    letter: Pack,
) -> None:
    content, strokes, _ = marks_of(letter.pdf, 1)
    x1, y1, x2, y2 = strokes[0]
    left, foot, right, head = min(x1, x2) - 1, min(y1, y2) - 1, max(x1, x2) + 1, max(y1, y2) + 1
    whole = f"q 0 0 0 0 k {left} {foot} {right - left} {head - foot} re f Q\n"
    third = f"\nq 0 0 0 0 k {left} {foot} {right - left} {(head - foot) / 3} re f Q\n"
    assert told_of(rewritten(letter.pdf, {1: whole + content})) == []
    assert told_of(rewritten(letter.pdf, {1: content + third})) == []
    over = f"\nq /Overprint gs {whole.removeprefix('q ')}"
    assert told_of(rewritten(letter.pdf, {1: content + over})) == []


def test_a_mark_of_no_ink_is_missing(letter: Pack) -> None:
    content, strokes, _ = marks_of(letter.pdf, 1)
    found = told_of(rewritten(letter.pdf, {1: content.replace("cs 1 SCN", "cs 0 SCN", 1)}))
    assert len(found) >= len(strokes)


def test_register_marks_that_are_all_moved_alike_are_told_in_every_scheme(sheets: Pack) -> None:
    _, plan = map_inside(sheets.pdf)
    assert plan is not None
    contents: dict[int, str] = {}
    # On the back the other way, so that both sides still lie behind each other.
    for page in range(1, len(plan.sides) + 1):
        mirrored = plan.duplex and page % 2 == 0
        right = -2 * MM if mirrored else 2 * MM
        content, _, _ = marks_of(sheets.pdf, page)
        contents[page] = re.sub(_TARGET, rf"q 1 0 0 1 {right:.4f} 0 cm \g<0> Q", content)
    told = told_of(rewritten(sheets.pdf, contents))
    assert told
    assert all(re.search(r"the register mark at .* stands 2\.0 mm off$", one) for one in told)


# ------------------------------------------------------------------------------ lines for tools


def lines_changed(pack: Pack, change: Change) -> list[tuple[str, str]]:
    """What is found when the lines on the first page, or on the pages of a sheet, were changed."""
    with pikepdf.open(io.BytesIO(pack.pdf)) as pdf:
        one = pdf.pages[0]
        held = one.Resources.XObject.get("/S", one.Contents)
        head, tag, lines = held.read_bytes().decode("latin-1").rpartition("/ProcessingSteps BMC")
        assert change(lines) != lines
        held.write((head + tag + change(lines)).encode("latin-1"))
        out = io.BytesIO()
        pdf.save(out)
    return [(one.code, one.message) for one in proved(out.getvalue())]


def knocking_out(content: str) -> str:
    return content.replace("/Overprint gs /SeparationFold", "/SeparationFold", 1)


def twice(content: str) -> str:
    """The first line once more, 10 mm to the left and above."""
    line = re.search(r"(?m)^\[?.*l S$", content)
    assert line
    again = f"q 1 0 0 1 {-10 * MM:.4f} {10 * MM:.4f} cm {line[0]} Q"
    return f"{content[: line.end()]}\n{again}{content[line.end() :]}"


def in_black(content: str) -> str:
    return content.replace("/SeparationFold CS 1 SCN", "0 0 0 1 K", 1)


INSIDE = ("mark-in-page", "a mark for the print shop reaches into the page or its bleed")


def test_a_line_that_takes_ink_off(card: Pack, cards: Pack) -> None:
    told = "the line of 'Fold' at 100.0 mm takes the ink off that is under it"
    assert lines_changed(card, knocking_out) == [("wrong-marks", told)]
    # On the sheet the lines of both cards, which say the same.
    assert lines_changed(cards, knocking_out) == [("wrong-marks", f"single page 1: {told}")]


def test_a_line_where_none_should_be(card: Pack, cards: Pack) -> None:
    told = "the line of 'Perforation' at 140.0 mm is where none should be"
    assert lines_changed(card, twice) == [("wrong-marks", told)]
    # The head of a card is at the right, so that what is 10 mm to the left is farther from it.
    told = "single page 1: the line of 'Perforation' at 160.0 mm is where none should be"
    assert lines_changed(cards, twice) == [("wrong-marks", told)]


def test_a_line_that_is_printed(card: Pack, cards: Pack) -> None:
    told = "the page has no line of 'Fold' for the fold at 100 mm"
    assert lines_changed(card, in_black) == [("wrong-boxes", told), INSIDE]
    assert lines_changed(cards, in_black) == [("wrong-boxes", f"single page 1: {told}"), INSIDE]


def test_a_mark_of_a_sheet_that_reaches_into_the_bleed(cards: Pack) -> None:
    # The first stroke of the plan stands above the left edge of the cards.
    longer = stroke(CROP, 0, lambda x1, y1, x2, y2: f"[] 0 d {x1} {y1 - MM} m {x2} {y2} l S")
    assert found_in(cards, longer) == [INSIDE]
