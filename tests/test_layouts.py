"""Layouts: layout × paper × window into numbers, and everything a data file can get wrong."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from projects import Bench

from actionpack.diagnostics import Place, Rejected
from actionpack.enclosure import windows_for
from actionpack.layouts import evaluate, find_layout, layout_names, read_layout, resolve
from actionpack.model import Geometry, Layout
from actionpack.piece import Piece, always_visible, ever_exposed
from actionpack.source import Written
from actionpack.store import Jail

LAYOUTS = Path(__file__).resolve().parents[1] / "layouts"
SHELF = (Jail(root=LAYOUTS, name="layouts"),)
PRODUCTS = tuple((paper, name) for paper in ("a4", "letter") for name in windows_for(paper))


def letter() -> Layout:
    return read_layout(find_layout(SHELF, "letter"))


def lengths(geometry: Geometry) -> dict[str, float]:
    return dict(geometry.lengths)


@pytest.mark.parametrize(("paper", "window"), PRODUCTS)
def test_every_panel_lies_on_the_sheet_inside_the_safe_distance(paper: str, window: str) -> None:
    geometry = resolve(letter(), paper, window)
    for form in letter().forms:
        for piece in geometry.of_form(form.name):
            for panel in piece.panels:
                assert panel.box.width > 0
                assert panel.box.height > 0
                assert panel.box.left >= 5
                assert panel.box.top >= 5
                assert panel.box.right <= piece.sheet.width - 5
                assert panel.box.bottom <= piece.sheet.height - 5


@pytest.mark.parametrize(("paper", "window"), PRODUCTS)
def test_posted_panels_end_before_the_tear_and_the_stub_begins_after_it(
    paper: str, window: str
) -> None:
    geometry = resolve(letter(), paper, window)
    piece = next(p for p in geometry.of_form("torn") if p.name == "letter")
    (cut,) = piece.cuts
    for panel in piece.panels:
        if panel.posted:
            assert panel.box.bottom <= cut.at - cut.tolerance
        else:
            assert panel.box.top >= cut.at + cut.tolerance


@pytest.mark.parametrize(("paper", "window"), PRODUCTS)
def test_nothing_but_the_address_can_show_in_the_window(paper: str, window: str) -> None:
    geometry = resolve(letter(), paper, window)
    for form in letter().forms:
        piece = next(p for p in geometry.of_form(form.name) if p.name == "letter")
        exposed = ever_exposed(piece, geometry.envelope, geometry.hole)
        for panel in piece.panels:
            if panel.name != "address":
                assert not panel.box.overlaps(exposed), panel.name


@pytest.mark.parametrize(("paper", "window"), PRODUCTS)
def test_the_address_panel_is_what_every_form_shows_at_every_slide(paper: str, window: str) -> None:
    geometry = resolve(letter(), paper, window)
    for form in letter().forms:
        piece = next(p for p in geometry.of_form(form.name) if p.name == "letter")
        address = piece.panel("address")
        assert address is not None
        assert always_visible(piece, geometry.envelope, geometry.hole).contains(address.box)


@pytest.mark.parametrize(
    ("paper", "window", "fold", "second_fold", "tear"),
    [
        ("a4", "dl-left", 105, 210, 210),
        ("letter", "us-10", 101.6, 203.2, 203.2),
        ("a4", "din-5008-a", 87, 192, 192),
        # Folded once: a second fold at the sheet's own foot is none.
        ("a4", "c5-left", 148.5, 297, 210),
    ],
)
def test_folds_and_tear_follow_the_window(
    paper: str, window: str, fold: float, second_fold: float, tear: float
) -> None:
    found = lengths(resolve(letter(), paper, window))
    assert (found["fold"], found["second_fold"], found["tear"]) == (fold, second_fold, tear)


@pytest.mark.parametrize(("paper", "window"), PRODUCTS)
def test_the_sender_and_the_date_stand_on_the_free_side_of_the_window(
    paper: str, window: str
) -> None:
    geometry = resolve(letter(), paper, window)
    for form in letter().forms:
        piece = next(p for p in geometry.of_form(form.name) if p.name == "letter")
        boxes = {panel.name: panel.box for panel in piece.panels}
        at_right = geometry.hole.centre.x > geometry.envelope.width / 2
        for name in ("sender", "date"):
            if at_right:
                assert boxes[name].right < boxes["address"].left
            else:
                assert boxes[name].left > boxes["address"].right
        assert not boxes["sender"].overlaps(boxes["date"])
        # Room to write a place and a date, and a name.
        assert boxes["date"].width >= 45
        assert boxes["sender"].width == pytest.approx(62)


def test_a_paper_the_layout_is_not_made_for_is_refused(tmp_path: Path) -> None:
    layout = changed(tmp_path, 'papers = ["a4", "letter"]', 'papers = ["a4"]')
    with pytest.raises(Rejected) as refused:
        resolve(layout, "letter", "us-10")
    (found,) = refused.value.findings
    assert found.message == "layout 'letter' is not made for US Letter"
    assert found.cure == "it is made for: a4"


def changed(folder: Path, before: str, after: str) -> Layout:
    text = (LAYOUTS / "letter" / "layout.toml").read_text()
    assert before in text
    (folder / "letter").mkdir()
    (folder / "letter" / "layout.toml").write_text(text.replace(before, after))
    return read_layout(Jail(root=folder / "letter", name="layouts/letter"))


def line_of(text: str) -> int:
    lines = (LAYOUTS / "letter" / "layout.toml").read_text().split("\n")
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_a_misspelt_length_is_named_with_its_line_and_the_nearest_name(tmp_path: Path) -> None:
    layout = changed(tmp_path, '"tear - 5"', '"taer - 5"')
    with pytest.raises(Rejected) as refused:
        resolve(layout, "a4", "dl-left")
    (found,) = refused.value.findings
    assert found.place == Place(file="layouts/letter/layout.toml", line=line_of('"tear - 5"'))
    assert (found.code, found.cure) == ("layout-fault", "did you mean 'tear'?")


def test_a_misspelt_key_is_named_with_its_line_and_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(Rejected) as refused:
        changed(tmp_path, "\nsafe = 5", "\nsaef = 5")
    found = next(f for f in refused.value.findings if f.code == "unknown-field")
    assert found.place.line == line_of("safe = 5")
    assert found.cure == "did you mean 'safe'?"


def test_a_piece_too_large_for_its_envelope_is_refused(tmp_path: Path) -> None:
    layout = changed(tmp_path, '{ name = "fold", at = "fold" }', '{ name = "fold", at = 70 }')
    with pytest.raises(Rejected) as refused:
        resolve(layout, "a4", "dl-left")
    assert "does not go into 'dl-left'" in refused.value.findings[0].message


def test_an_unknown_layout_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(Rejected) as refused:
        find_layout(SHELF, "leter")
    assert refused.value.findings[0].cure == "did you mean 'letter'?"


def test_the_first_shelf_wins(tmp_path: Path) -> None:
    (tmp_path / "letter").mkdir()
    (tmp_path / "letter" / "layout.toml").write_text("")
    own = Jail(root=tmp_path, name="own")
    assert find_layout((own, *SHELF), "letter").root == tmp_path / "letter"
    assert layout_names((own, *SHELF)) == layout_names(SHELF)


def at(text: str) -> Written:
    return Written(text, Place(file="layout.toml", line=7))


@given(st.integers(-99, 99), st.integers(-99, 99), st.integers(1, 99))
def test_lengths_are_sums(a: int, b: int, c: int) -> None:
    names = {"fold": float(a)}
    assert evaluate(at(f"fold + {b} * ({c} - 2)"), names) == a + b * (c - 2)
    assert evaluate(at(f"max(fold, {b}) - min(fold, {b})"), names) == abs(a - b)
    assert evaluate(at(f"-fold / {c}"), names) == -a / c
    assert evaluate(at(f"where(fold, {b}, {c})"), names) == (b if a else c)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 +",
        "fold / 0",
        "__import__('os')",
        "fold.x",
        "'a' * 9",
        "2 ** 9",
        "max()",
        "where(1, 2)",
        "[1]",
        "fold if 1 else 2",
        "1e999",
        "(" * 300,
        "True",
    ],
)
def test_what_is_no_length_is_a_finding_with_its_line(text: str) -> None:
    with pytest.raises(Rejected) as refused:
        evaluate(at(text), {"fold": 105.0})
    (found,) = refused.value.findings
    assert (found.code, found.place.line) == ("layout-fault", 7)


# ------------------------------------------------------------------------------- black and white

STYLES = sorted((*LAYOUTS.glob("*/*.css"), *(LAYOUTS.parent / "src").rglob("pages/*.css")))


def contrast(colour: str) -> float:
    """How a colour stands out from white paper, 1 to 21 (WCAG 2.2, relative luminance)."""
    digits = colour.lstrip("#")
    digits = "".join(2 * one for one in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    lit = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 1.05 / (0.2126 * lit[0] + 0.7152 * lit[1] + 0.0722 * lit[2] + 0.05)


def pale(css: str) -> list[str]:
    """What does not hold in black and white: words below 7 : 1 (WCAG 1.4.6), as they are small and
    a printer screens them, lines below 3 : 1 (1.4.11); and grounds on which words of 9 : 1 would
    not hold."""
    return [
        declared[0]
        for declared in re.finditer(r"([\w-]+): [^;]*?(#[0-9a-f]{3,6})\b[^;]*;", css)
        if declared[2] != "#fff"
        if contrast(declared[2]) < (3 if declared[1].startswith("border") else 7)
        if declared[1] != "background" or contrast(declared[2]) > 9 / 7
    ]


@pytest.mark.parametrize("style", STYLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_colour_of_a_shipped_style_holds_in_black_and_white(style: Path) -> None:
    css = style.read_text(encoding="utf-8")
    assert css.count("#") > 0
    assert pale(css) == []


def test_a_colour_that_does_not_hold_is_named() -> None:
    css = "a { color: #767676; } b { border-top: 0.4pt solid #999; } c { --x: #595959; }"
    css += "d { background: #e8e8e8; } e { background: #ccc; } f { background: #595959; }"
    assert pale(css) == ["color: #767676;", "border-top: 0.4pt solid #999;", "background: #ccc;"]
    # Black on white is 1.05 / 0.05, and white on white 1.
    assert (round(contrast("#000"), 6), round(contrast("#fff"), 6)) == (21, 1)


# ------------------------------------------------------------------------ what forms and fields say

SHEET = """
title = "A sheet"
papers = ["a4", "letter"]
enclosed = false
families = ["Noto Sans"]
prints = ["title"]
[repeats]
row = "floor(rows / 9)"
[[form]]
name = "low"
letter_sizes = [10]
lengths = { head = 40 }
[[form]]
name = "high"
letter_sizes = [10]
needs = ["online"]
lacks = ["quote", "pictures"]
[lengths]
head = 80
rows = "height - head"
code = 50
[[piece]]
name = "sheet"
  [[piece.panel]]
  name = "rows"
  left = 0
  top = "head"
  right = "width"
  bottom = "height"
[[slot]]
name = "code"
kind = "code"
width = "code"
reading_distance = "10 * head"
"""


def sheet(folder: Path, before: str = "", after: str = "") -> Layout:
    assert before in SHEET
    (folder / "sheet").mkdir()
    (folder / "sheet" / "layout.toml").write_text(SHEET.replace(before, after, 1))
    return read_layout(Jail(root=folder / "sheet", name="layouts/sheet"))


def test_a_form_has_lengths_of_its_own_which_all_that_follows_is_summed_up_from(
    tmp_path: Path,
) -> None:
    found = resolve(sheet(tmp_path), "a4", "none")
    heads = {form: dict(numbers)["head"] for form, numbers in found.numbers}
    assert heads == {"low": 40, "high": 80}
    assert {form: dict(numbers)["rows"] for form, numbers in found.numbers} == {
        "low": 297 - 40,
        "high": 297 - 80,
    }
    tops = {form: piece.panels[0].box.top for form, (piece,) in found.pieces}
    assert tops == heads
    # 257 ÷ 9 = 28.6, 217 ÷ 9 = 24.1.
    assert {form: dict(times)["row"] for form, times in found.repeats} == {"low": 28, "high": 24}
    # Slots are the same in all forms, and measured by the first.
    assert (found.slots[0].size.width, found.slots[0].reading_mm) == (50, 400)


@pytest.mark.parametrize("times", ["rows / 9", "0.5", "1 - 1", "-3"])
def test_nothing_stands_on_the_paper_half_a_time(tmp_path: Path, times: str) -> None:
    layout = sheet(tmp_path, '"floor(rows / 9)"', f'"{times}"')
    with pytest.raises(Rejected) as refused:
        resolve(layout, "a4", "none")
    (found,) = refused.value.findings
    assert (found.code, found.place.line) == ("layout-fault", 8)
    assert found.message.startswith("'row' repeats ")
    assert found.cure == "write a whole number, or floor( ) round the sum"


def test_a_form_is_for_actions_that_have_what_it_needs_and_lack_the_rest(tmp_path: Path) -> None:
    low, high = sheet(tmp_path).forms
    for there in ((), ("online",), ("online", "quote"), ("pictures",)):
        assert low.suits(frozenset(there))
        assert high.suits(frozenset(there)) == (there == ("online",))


def test_a_form_that_asks_for_something_unknown_is_refused_with_the_nearest(
    tmp_path: Path,
) -> None:
    with pytest.raises(Rejected) as refused:
        sheet(tmp_path, '"pictures"', '"picture"')
    (found,) = refused.value.findings
    assert (found.code, found.cure) == ("bad-value", "did you mean 'pictures'?")
    assert found.place == Place(file="layouts/sheet/layout.toml", line=17)


def test_only_a_layout_that_prints_an_address_must_say_how(tmp_path: Path) -> None:
    assert not sheet(tmp_path).prints_addresses
    (tmp_path / "other").mkdir()
    with pytest.raises(Rejected) as refused:
        sheet(tmp_path / "other", '["title"]', '["title", "address"]')
    assert [found.message for found in refused.value.findings] == ["'address' is missing"]
    assert "take 'address' and 'label' out of 'prints'" in refused.value.findings[0].cure


def test_an_action_that_no_form_is_for_is_told(bench: Bench) -> None:
    folder = bench.root / "layouts" / "poster"
    shutil.copytree(LAYOUTS / "poster", folder)
    text = (folder / "layout.toml").read_text()
    (folder / "layout.toml").write_text(
        text.replace('needs = ["online"]', 'needs = ["quote"]').replace(
            'lacks = ["online"]', 'needs = ["quote"]'
        )
    )
    found = bench.build("--layout", "poster").only("layout-fault")
    assert found["message"] == (
        "layout 'poster' has no form for an action like this: it has online, open_ask"
    )


@pytest.mark.parametrize(
    ("before", "after", "line", "message", "cure"),
    [
        (
            '[[piece]]\nname = "sheet"',
            '[[piece]]\nname = "sheet"\nforms = ["hihg"]',
            24,
            "'piece.forms' names 'hihg'",
            "did you mean 'high'?",
        ),
        (
            '  name = "rows"',
            '  name = "rows"\n  forms = ["hihg"]',
            26,
            "'piece.panel.forms' names 'hihg'",
            "did you mean 'high'?",
        ),
        (
            'name = "high"',
            'name = "low"',
            14,
            "two forms have the name 'low'",
            "give each a name of its own",
        ),
        (
            'needs = ["online"]',
            'leaves_out = ["quote"]',
            16,
            "'form.leaves_out' names 'quote', which 'prints' does not",
            "known are: title",
        ),
        (
            '[[piece]]\nname = "sheet"',
            '[[piece]]\nname = "sheet"\nbleeds = ["top"]',
            24,
            "'piece.bleeds' names edges, and the layout has no 'bleed'",
            "write bleed = 3 above all tables: how far it runs off, mm",
        ),
        (
            'title = "A sheet"',
            'title = "A sheet"\nbleed = 3',
            3,
            "'bleed' is 3 mm, and no piece names the edges that bleed",
            'write bleeds = ["top"], or which edges they are, into a [[piece]]',
        ),
        (
            '[[piece]]\nname = "sheet"',
            '[[piece]]\nname = "sheet"\ncut = [{ name = "tear", at = 9, moves = "above" }]',
            24,
            "'piece.cut.moves' is not known",
            "known are: at, forms, name",
        ),
    ],
)
def test_what_would_do_nothing_is_refused_with_its_line(
    tmp_path: Path, before: str, after: str, line: int, message: str, cure: str
) -> None:
    with pytest.raises(Rejected) as refused:
        sheet(tmp_path, before, after)
    (found,) = refused.value.findings
    assert (found.message, found.place.line, found.cure) == (message, line, cure)


PICTURED = (
    SHEET.replace('["title"]', '["title", "images", "picture_credit"]')
    .replace('lacks = ["quote", "pictures"]', "lengths = { face = 8 }")
    .replace(
        "[lengths]", '[lengths]\nface = 8\nphoto_width = "width - 2 * face"\nphoto_height = 60'
    )
)


def pictured(folder: Path, second: str) -> Layout:
    (folder / "layout.toml").write_text(PICTURED.replace("lengths = { face = 8 }", second))
    return read_layout(Jail(root=folder, name="layouts/sheet"))


@pytest.mark.parametrize(
    ("second", "name", "line", "cure"),
    [
        ("lengths = { photo_height = 9 }", "photo_height", 17, "write it into the first form"),
        (
            "lengths = { face = 9 }",
            "photo_width",
            20,
            "sum it up from what no form changes",
        ),
    ],
)
def test_a_later_form_that_changes_the_room_of_pictures_is_refused(
    tmp_path: Path, second: str, name: str, line: int, cure: str
) -> None:
    with pytest.raises(Rejected) as refused:
        resolve(pictured(tmp_path, second), "a4", "none")
    (found,) = refused.value.findings
    assert (found.code, found.place.line) == ("layout-fault", line)
    assert found.message == (f"form 'high' changes '{name}', and the first form measures pictures")
    assert found.cure == (
        f"{cure}; print smaller in the template, as in width:{{{{ image.width_mm * 0.6 }}}}mm"
    )


@pytest.mark.parametrize(
    "second",
    [
        "lengths = { face = 8 }",
        'lengths = { face = 9 }\nlacks = ["pictures"]',
        'lengths = { face = 9 }\nleaves_out = ["images", "picture_credit"]',
    ],
)
def test_the_room_of_pictures_may_be_another_where_there_are_none(
    tmp_path: Path, second: str
) -> None:
    geometry = resolve(pictured(tmp_path, second), "a4", "none")
    assert dict(geometry.lengths)["photo_width"] == 194


@pytest.mark.parametrize("at", ["-1", "height + 1"])
def test_a_fold_that_is_not_on_the_sheet_is_refused(tmp_path: Path, at: str) -> None:
    line = f'name = "sheet"\nfold = [{{ name = "middle", at = "{at}" }}]'
    layout = sheet(tmp_path, 'name = "sheet"', line)
    with pytest.raises(Rejected) as refused:
        resolve(layout, "a4", "none")
    (found,) = refused.value.findings
    assert (found.code, found.place.line) == ("layout-fault", 24)
    assert found.message.startswith("'middle' is at ")
    assert found.cure == "measure it from the top: cuts and folds run across the sheet"


PIECE = SHEET[SHEET.index("[[piece]]") : SHEET.index("[[slot]]")]


def posted(folder: Path, lines: str, **panels: tuple[object, object]) -> Piece:
    """A posted piece of A4 with cuts and folds, and posted panels by top and bottom, mm."""
    rows = "".join(
        f'[[piece.panel]]\nname = "{name}"\nposted = true\nleft = 0\nright = 9\n'
        f'top = "{top}"\nbottom = "{bottom}"\n'
        for name, (top, bottom) in panels.items()
    )
    written = f'[[piece]]\nname = "sheet"\nposted = true\n{lines}\n{rows}'
    (piece,) = resolve(sheet(folder, PIECE, written), "a4", "none").of_form("low")
    return piece


def test_cuts_are_counted_from_the_top_and_folds_are_made_as_they_are_written(
    tmp_path: Path,
) -> None:
    piece = posted(
        tmp_path,
        'cut = [{ name = "lower", at = 250 }, { name = "upper", at = 50 }]\n'
        'fold = [{ name = "first", at = 200 }, { name = "second", at = 100 }]',
        letter=(60, 90),
    )
    assert [(one.top, one.bottom) for one in piece.strips()] == [(0, 50), (50, 250), (250, 297)]
    assert piece.posted_strip == 1
    assert [line.name for line in piece.folds] == ["first", "second"]


# Of panels that reach a cut at 43.3, some leave the sheet; 0.1 + 43.2 is 43.300000000000004.
@pytest.mark.parametrize(
    ("panel", "strip"),
    [((0, 43.3), 0), ((-3, "0.1 + 43.2"), 0), ((43.3, 90), 1), ((43.3, 300), 1)],
)
def test_the_part_on_which_posted_panels_stand_is_posted(
    tmp_path: Path, panel: tuple[object, object], strip: int
) -> None:
    for name, at in (("sum", '"0.1 + 43.2"'), ("number", "43.3")):
        (tmp_path / name).mkdir()
        piece = posted(tmp_path / name, f'cut = [{{ name = "tear", at = {at} }}]', letter=panel)
        assert piece.posted_strip == strip


def test_a_piece_that_nobody_tears_is_posted_as_a_whole(tmp_path: Path) -> None:
    assert posted(tmp_path, "").posted_strip == 0


@pytest.mark.parametrize(
    ("panels", "message", "cure"),
    [
        (
            {"address": (10, 40), "letter": (60, 90)},
            "the cut 'tear' at 50 mm goes through what is posted of 'sheet', from 10 to 90 mm",
            "keep all posted panels on one side of it: one part of the sheet is posted",
        ),
        (
            {"letter": (10, 90)},
            "the cut 'tear' at 50 mm goes through what is posted of 'sheet', from 10 to 90 mm",
            "keep all posted panels on one side of it: one part of the sheet is posted",
        ),
        (
            {},
            "'sheet' is posted and has a cut, and no panel says which part is posted",
            "write posted = true into the panels that are, or take it from the piece",
        ),
    ],
)
def test_what_is_posted_of_a_sheet_that_is_torn_is_one_part_of_it(
    tmp_path: Path, panels: dict[str, tuple[object, object]], message: str, cure: str
) -> None:
    with pytest.raises(Rejected) as refused:
        posted(tmp_path, 'cut = [{ name = "tear", at = 50 }]', **panels)
    (found,) = refused.value.findings
    # The line of the cut.
    place = Place(file="layouts/sheet/layout.toml", line=25)
    assert (found.code, found.place) == ("layout-fault", place)
    assert (found.message, found.cure) == (message, cure)


def stub_at_the_head(folder: Path) -> Layout:
    """A layout of what docs/layouts.md shows of a stub at the head."""
    page = (LAYOUTS.parent / "docs" / "layouts.md").read_text()
    shown = re.search(r"```toml\n(\[lengths\]\nstub = .+?)```", page, re.DOTALL)
    assert shown is not None
    head = SHEET[: SHEET.index("[repeats]")].replace("enclosed = false\n", "")
    form = '[[form]]\nname = "torn"\nletter_sizes = [10]\n'
    (folder / "layout.toml").write_text(head + form + shown[1])
    return read_layout(Jail(root=folder, name="layouts/stub"))


@pytest.mark.parametrize(("paper", "window"), PRODUCTS)
def test_below_a_stub_as_it_is_documented_every_window_shows_the_address_alone(
    tmp_path: Path, paper: str, window: str
) -> None:
    geometry = resolve(stub_at_the_head(tmp_path), paper, window)
    (piece,) = geometry.of_form("torn")
    address = piece.panel("address")
    assert address is not None
    visible = always_visible(piece, geometry.envelope, geometry.hole)
    assert visible.inset(-1e-9).contains(address.box)
    assert geometry.address == address.box
    exposed = ever_exposed(piece, geometry.envelope, geometry.hole)
    assert lengths(geometry)["letter_top"] >= exposed.bottom + 4 - 1e-9


def test_a_length_that_is_summed_up_from_one_below_it_is_told_to_stand_above(
    tmp_path: Path,
) -> None:
    layout = sheet(tmp_path, "head = 80", 'head = "code + 2"')
    with pytest.raises(Rejected) as refused:
        resolve(layout, "a4", "none")
    (found,) = refused.value.findings
    assert found.cure == "'code' must stand above: move it up in [lengths]"
