"""What is painted on a page, where it shows, whatever turns, crops or nests it."""

from __future__ import annotations

import io

import pikepdf
import pytest
from test_preflight_pack import pack, painted, saved, written

from actionpack.geometry import Box
from actionpack.preflight.painted import Mark, Picture
from actionpack.preflight.reader import File, Page, UnreadableError


def edited(rotate: int = 0, crop: tuple[float, float, float, float] | None = None) -> bytes:
    """Page 4 with one square of 20 mm at 100, 200 from the top left, turned or cropped (pt)."""
    pdf = painted(pack().pdf, "0 g 100 200 20 20 re f", page=4)
    with pikepdf.open(io.BytesIO(pdf)) as file:
        if rotate:
            file.pages[3].Rotate = rotate
        if crop:
            file.pages[3].CropBox = list(crop)
        return saved(file)


def square(page: Page) -> Mark:
    return page.marks[-1]


def near(box: Box, *edges: float) -> bool:
    return (box.left, box.top, box.right, box.bottom) == pytest.approx(edges, abs=0.02)


@pytest.mark.parametrize(
    ("rotate", "edges"),
    [
        (0, (100, 200, 120, 220)),
        # Turned to the right: what was 297 − 220 = 77 from the foot is now that from the left.
        (90, (77, 100, 97, 120)),
        (180, (90, 77, 110, 97)),
        (270, (200, 90, 220, 110)),
    ],
)
def test_boxes_are_those_of_the_page_as_shown(rotate: int, edges: tuple[float, ...]) -> None:
    with File(edited(rotate)) as file, file.page(4) as page:
        box = square(page).box
        assert near(box, *edges)
        picture = page.picture(page.sheet, 50)
        assert picture is not None
        assert picture.extremes(box.inset(1)) == (0, 0)
        assert picture.extremes(Box(5, 5, 5, 5)) == (255, 255)


def test_a_crop_box_is_the_page() -> None:
    # 36 pt, 12.7 mm, less on the left and at the top.
    with File(edited(crop=(36, 0, 595.276, 805.89))) as file, file.page(4) as page:
        assert page.size.width == pytest.approx(210 - 12.7, abs=0.01)
        assert near(square(page).box, 87.3, 187.3, 107.3, 207.3)


def test_letters_lie_on_their_ink() -> None:
    with File(edited(90)) as file, file.page(4) as page:
        line = page.marks[0]
        picture = page.picture(page.sheet, 100)
        assert picture is not None
        letters = [letter for letter in page.letters(line) if letter.text.strip()]
        assert "".join(letter.text for letter in letters).startswith("Iwritetoyou")
        assert all(picture.darkest(letter.box) < 200 for letter in letters)


def nested(matrix: list[float]) -> bytes:
    """A word and a square that is clipped, inside a form that is painted with a matrix."""
    word = written(pack().pdf, "trial", 10, 20)
    with pikepdf.open(io.BytesIO(pack().pdf)) as file:
        form = pikepdf.Stream(file, f"10 10 45 100 re W n {word} 0 g 50 50 9 9 re f".encode())
        form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        form.BBox, form.Matrix = [0, 0, 600, 600], matrix
        form.Resources = file.pages[0].Resources
        file.pages[3].Resources.XObject = pikepdf.Dictionary(Fm=file.make_indirect(form))
        return painted(saved(file), "1 0 0 1 30 100 cm /Fm Do", page=4)


def test_what_a_form_paints_is_where_the_form_is_painted() -> None:
    # The form's own matrix doubles it, and 30, 100 moves it: 50 … 59 becomes 130 … 148 across.
    with File(nested([2, 0, 0, 2, 0, 0])) as file, file.page(4) as page:
        word, box = page.marks[-2:]
        assert near(box.box, 130, 200, 148, 218)
        assert word.text == "trial"
        # The baseline is at 100 + 2 · 20, the middle 0.35 · 2 · 3.53 mm above it.
        assert word.middle.y == pytest.approx(140 - 0.35 * 2 * 10 * 25.4 / 72, abs=0.02)
        assert box.clip is not None
        assert near(box.clip, 50, 120, 140, 320)
        assert near(box.shown, 130, 200, 140, 218)
        assert page.letters(word)[0].text == "t"


def test_what_clips_a_form_clips_what_it_paints() -> None:
    pdf = nested([1, 0, 0, 1, 0, 0])
    with pikepdf.open(io.BytesIO(pdf)) as spoilt:
        spoilt.pages[3].Resources.XObject.Fm.write(b"0 g 50 50 9 9 re f")
        pdf = painted(saved(spoilt), "0 0 85 297 re W n 1 0 0 1 30 100 cm /Fm Do", page=4)
    with File(pdf) as file, file.page(4) as page:
        # 50 … 59 becomes 80 … 89, of which 80 … 85 is left.
        assert near(page.marks[-1].shown, 80, 150, 85, 159)


def test_colours_and_layers_raise_a_doubt_and_modes_settle_it() -> None:
    word = written(pack().pdf, "trial", 100, 200)
    layer = f"/OC <</Type /OCG>> BDC {word} EMC"
    painting = f"1 g {word} 0 g {word} 3 Tr {word} 0 Tr {layer} 0.99 0.98 1 rg {word}"
    with File(painted(pack().pdf, painting, page=4)) as file, file.page(4) as page:
        words = [(mark.pale, mark.unpainted) for mark in page.marks[-5:]]
        assert words == [(True, False), (False, False), (False, True), (True, False), (True, False)]


def test_a_path_that_paints_nothing_or_white_is_no_ink() -> None:
    pdf = painted(pack().pdf, "9 9 50 50 re n 1 g 9 9 5 5 re f", page=4)
    with File(pdf) as file, file.page(4) as page:
        assert not any(mark.is_ink for mark in page.marks if mark.kind == "path")


def test_a_picture_of_nothing_or_of_too_much_is_none() -> None:
    with File(pack().pdf) as file, file.page(1) as page:
        assert page.picture(Box(300, 300, 10, 10), 100) is None
        assert page.picture(page.sheet, 5000) is None
        assert page.picture(Box(0, 0, float("nan"), 10), 100) is None


def test_the_pixels_of_a_part() -> None:
    # Four columns and two rows on 4 × 2 mm: one dark pixel at column 2, row 1.
    grey = bytes([255, 255, 255, 255, 255, 255, 9, 250])
    picture = Picture(box=Box(10, 10, 4, 2), width=4, height=2, grey=grey)
    assert picture.extremes(Box(10, 10, 4, 2)) == (9, 255)
    assert picture.extremes(Box(10, 10, 2, 2)) == (255, 255)
    assert picture.extremes(Box(12, 11, 1, 1)) == (9, 9)
    assert picture.extremes(Box(50, 50, 1, 1)) == (255, 0)


def test_a_page_that_is_not_there_is_unreadable() -> None:
    with File(pack().pdf) as file, pytest.raises(UnreadableError, match="page 9"):
        file.page(9)
