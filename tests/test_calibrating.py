"""The sheet that tells whether a printer does what packs count on, measured when it is finished."""

from __future__ import annotations

import operator
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise

import pypdfium2
import pytest
import zxingcpp
from projects import Bench

from actionpack import calibrating
from actionpack.calibrating import MODULES_MM, draw_calibration
from actionpack.diagnostics import Rejected
from actionpack.enclosure import enclose, windows_for
from actionpack.geometry import Box, Point
from actionpack.preflight.reader import File
from actionpack.qr import encode
from actionpack.units import pt_to_mm

DAY = date(2026, 1, 2)
EVERY = [(paper, window) for paper in ("a4", "letter") for window in windows_for(paper)]


@cache
def sheet(paper: str = "a4", window: str = "dl-left") -> bytes:
    return draw_calibration(paper, window, DAY)


def marks(pdf: bytes, number: int, kind: str) -> list[Box]:
    """Where things are drawn on a page, mm; pdfium counts a line's width on both sides of it."""
    with File(pdf) as file, file.page(number) as page:
        return [mark.box for mark in page.marks if mark.kind == kind]


def is_drawn(box: Box, drawn: list[Box], stroke: float) -> bool:
    """Whether a frame of this stroke, mm, is drawn there to a twentieth of a millimetre."""
    edges = operator.attrgetter("left", "top", "right", "bottom")
    wanted = edges(box.inset(-stroke))
    return any(edges(one) == pytest.approx(wanted, abs=0.05) for one in drawn)


@pytest.mark.parametrize(("paper", "window"), EVERY)
def test_the_window_is_where_it_is_on_a_letter(paper: str, window: str) -> None:
    enclosure = enclose(paper, window)
    document = pypdfium2.PdfDocument(sheet(paper, window))
    assert len(document) == 2
    page = document[0]
    assert pt_to_mm(page.get_width()) == pytest.approx(enclosure.sheet.width, abs=0.01)
    assert pt_to_mm(page.get_height()) == pytest.approx(enclosure.sheet.height, abs=0.01)
    drawn = marks(sheet(paper, window), 1, "path")
    assert is_drawn(enclosure.visible, drawn, 0.6) is not (window == "none")
    assert is_drawn(enclosure.exposed, drawn, 0.3) is not (window == "none")


@pytest.mark.parametrize(("paper", "window"), EVERY)
def test_no_word_stands_where_it_could_be_taken_for_the_address(paper: str, window: str) -> None:
    enclosure = enclose(paper, window)
    words = marks(sheet(paper, window), 1, "text")
    assert words
    for word in words:
        assert enclosure.visible.contains(word) or not enclosure.exposed.overlaps(word)


@pytest.mark.parametrize(("paper", "window"), EVERY)
def test_no_word_runs_into_another_thing(paper: str, window: str) -> None:
    size = enclose(paper, window).sheet
    whole = Box(0, 0, size.width, size.height).inset(5)
    for number in (1, 2):
        words = marks(sheet(paper, window), number, "text")
        assert all(whole.contains(word) for word in words)
        crosses = [
            one
            for one in marks(sheet(paper, window), number, "path")
            if (one.width, one.height) == pytest.approx((16.3, 16.3), abs=0.2)
        ]
        assert len(crosses) == 3
        assert not [word for word in words for cross in crosses if cross.overlaps(word)]


def test_crosses_of_both_sides_lie_on_each_other() -> None:
    def rings(number: int) -> list[Point]:
        drawn = marks(sheet(), number, "path")
        return [one.centre for one in drawn if one.width == pytest.approx(6.3, abs=0.1)]

    front, back = ({(round(at.x, 1), round(at.y, 1)) for at in rings(number)} for number in (1, 2))
    assert len(front) == 3
    assert {(round(210 - x, 1), y) for x, y in back} == front


@pytest.mark.parametrize(("paper", "window"), EVERY)
def test_no_cross_stands_where_a_window_shows_it(paper: str, window: str) -> None:
    enclosure = enclose(paper, window)
    for one in marks(sheet(paper, window), 1, "path"):
        if one.width == pytest.approx(16.3, abs=0.2) == one.height:
            assert not one.overlaps(enclosure.exposed)


def test_each_step_of_grey_is_as_dark_as_it_says_and_its_words_stand_out() -> None:
    page = pypdfium2.PdfDocument(sheet())[1]
    picture = page.render(scale=4, grayscale=True).to_pil()
    text = page.get_textpage()
    for percent in calibrating._GREYS:
        found = text.search(f"{percent} %", match_whole_word=True).get_next()
        assert found is not None
        left, foot, _, top = text.get_charbox(found[0])
        # Above the words of a step there is nothing but the step.
        x, y = round(4 * left), round(4 * (page.get_height() - top - 6))
        step = 255 * (100 - percent) / 100
        assert picture.getpixel((x, y)) == pytest.approx(step, abs=2)
        word = picture.crop((x, y, x + 24, round(4 * (page.get_height() - foot))))
        darkest, lightest = word.getextrema()
        assert lightest - darkest > 100


def test_the_ladder_of_codes_runs_from_one_edge_of_the_text_to_the_other() -> None:
    placed = calibrating._codes(210)
    # With their quiet zones of four modules, between margins of 20 mm.
    boxes = [one.corner.x - 4 * one.module_mm for one in placed]
    ends = [one.corner.x + one.side_mm + 4 * one.module_mm for one in placed]
    assert (boxes[0], ends[-1]) == pytest.approx((20, 190))
    gaps = [start - end for end, start in zip(ends, boxes[1:], strict=False)]
    assert min(gaps) == pytest.approx(max(gaps))
    assert min(gaps) > 0


def test_lines_are_as_thick_as_they_say() -> None:
    level = [one for one in marks(sheet(), 2, "path") if one.width > 15 and one.height < 1]
    # pdfium counts a line's width on both sides of it.
    drawn = sorted(round(one.height / 2 / 25.4 * 72, 2) for one in level)
    assert drawn == list(calibrating._STROKES_PT)


def test_the_bar_and_the_card_are_as_long_as_they_say() -> None:
    drawn = marks(sheet(), 1, "path")
    assert any(one.width == pytest.approx(160 + 2 * 0.2, abs=0.05) for one in drawn)
    assert is_drawn(Box(104.4, 103, 85.6, 53.98), drawn, 0.25)
    at = sorted(one.centre.x for one in drawn if one.bottom == pytest.approx(269.12, abs=0.05))
    assert len(at) == 161
    assert all(right - left == pytest.approx(1, abs=0.02) for left, right in pairwise(at))


@pytest.mark.parametrize(("paper", "wide", "high"), [("a4", 210, 297), ("letter", 215.9, 279.4)])
def test_the_long_lines_stand_15_mm_from_each_edge(paper: str, wide: float, high: float) -> None:
    drawn = marks(sheet(paper), 1, "path")
    upright = [one.centre.x for one in drawn if one.height == pytest.approx(5.5, abs=0.05)]
    level = [one.centre.y for one in drawn if one.width == pytest.approx(5.5, abs=0.05)]
    assert sorted(upright) == pytest.approx([15, wide - 15], abs=0.02)
    assert sorted(level) == pytest.approx([15, high - 15], abs=0.02)


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_every_code_says_how_wide_its_modules_are(paper: str) -> None:
    page = pypdfium2.PdfDocument(sheet(paper))[1]
    dpi = 600
    found = zxingcpp.read_barcodes(page.render(scale=dpi / 72).to_pil())
    measured = {}
    for one in found:
        side = one.position.top_right.x - one.position.top_left.x
        measured[one.text] = side / dpi * 25.4 / encode(one.text).side
    assert {text: round(mm, 1) for text, mm in measured.items()} == {
        f"actionpack: modules of {mm} mm": mm for mm in MODULES_MM
    }


def test_a_code_that_reads_otherwise_is_told() -> None:
    codes = calibrating._codes(210)
    assert calibrating._unread(sheet(), codes) == ()
    other = replace(codes[0], code=encode("another text of that length, nearly"))
    (found,) = calibrating._unread(sheet(), (other, *codes[1:]))
    assert (found.code, found.place.page) == ("qr-unreadable", 2)


def test_nothing_is_handed_out_when_a_code_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibrating, "_drawn", lambda code: "M0 0h29v29h-29z")
    with pytest.raises(Rejected) as told:
        draw_calibration("a4", "dl-left", DAY)
    assert {found.code for found in told.value.findings} == {"qr-unreadable"}


def test_the_same_sheet_has_the_same_bytes() -> None:
    assert draw_calibration("a4", "dl-left", DAY) == sheet()


def test_it_stands_in_the_projects_folder_or_where_it_is_wanted(bench: Bench) -> None:
    ran = bench.run("calibrate", "--paper", "letter")
    assert (ran.code, [str(file) for file in ran.files]) == (0, ["out/calibrate.letter.us-10.pdf"])
    ran = bench.run("calibrate", "--window", "c5-left", "-o", "test.pdf")
    assert (ran.code, [str(file) for file in ran.files]) == (0, ["test.pdf"])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--paper", "a5"), "there is no paper 'a5' that a letter can be folded for"),
        (("--window", "dl-lft"), "there is no window 'dl-lft' that a letter can be folded for"),
        (("--window", "notify-uk"), "there is no window 'notify-uk'"),
        (("--paper", "letter", "--window", "din-5008-a"), "there is no window 'din-5008-a'"),
    ],
)
def test_what_is_not_there_is_refused_with_the_nearest(
    bench: Bench, arguments: tuple[str, ...], told: str
) -> None:
    ran = bench.run("calibrate", *arguments)
    assert ran.code == 2
    assert told in ran.findings[0]["message"]
    assert ran.findings[0]["cure"]
