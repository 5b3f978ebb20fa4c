"""Layouts: layout × paper × window into numbers, and everything a data file can get wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionpack.diagnostics import Place, Rejected
from actionpack.enclosure import windows_for
from actionpack.layouts import evaluate, find_layout, layout_names, read_layout, resolve
from actionpack.model import Geometry, Layout
from actionpack.piece import always_visible, ever_exposed
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
