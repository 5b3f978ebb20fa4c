"""What is in one's hands after folding, from the finished file and the paper alone.

No plan, panel or fold of ours is asked: a sheet is turned over the edge that the file names to the
printer, folded where a reader is told to, and read.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from projects import ACTION, Bench, page_texts, write_action
from pypdf import PdfReader
from specimens import write_specimen

from actionpack import cli
from actionpack.units import pt_to_mm


def half(page: pypdfium2.PdfPage, side: str) -> str:
    """What stands on the left or the right half of a sheet's side, without its white space."""
    width, height = page.get_size()
    left, right = (0, width / 2) if side == "left" else (width / 2, width)
    text = page.get_textpage().get_text_bounded(left, 0, right, height)
    return "".join(text.split())


def folded(pdf: bytes, *, from_right: bool) -> Iterator[str]:
    """The pages of a booklet as they are turned.

    The sheets lie in each other, the first outside, each with its front outwards. Its back was
    printed over the short edge, so that what is on its left lies behind the front's right.
    """
    viewer = PdfReader(BytesIO(pdf)).root_object["/ViewerPreferences"].get_object()
    assert "'/Duplex': '/DuplexFlipShortEdge'" in str(viewer)
    sides = list(pypdfium2.PdfDocument(pdf))
    assert all(width > height for width, height in (page.get_size() for page in sides))
    sheets = list(zip(sides[::2], sides[1::2], strict=True))
    first, second = ("left", "right") if from_right else ("right", "left")
    for front, back in sheets:
        yield half(front, first)
        yield half(back, second)
    for front, back in reversed(sheets):
        yield half(back, first)
        yield half(front, second)


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("tag", ["en", "ar", "ur"])
def test_a_folded_booklet_reads_page_after_page(bench: Bench, tag: str, paper: str) -> None:
    write_specimen(bench.root, tag)
    asked = ("build", "declaration", "--layout", "handout", "--sender-country", "IT")
    sheets = bench.run(*asked, "--paper", paper)
    pages = {"a4": "a5", "letter": "half-letter"}[paper]
    single = bench.run(*asked, "--paper", pages, "--impose", "none")
    assert (sheets.errors, single.errors) == ([], [])
    wanted = ["".join(text.split()) for text in page_texts(single.pdf)]
    assert len(wanted) >= 8
    assert len(set(wanted)) > 4
    read = list(folded(sheets.pdf, from_right=tag != "en"))
    assert [sorted(page) for page in read] == [sorted(page) for page in wanted]
    numbered = [(at, page) for at, page in enumerate(read, 1) if page.endswith(str(at))]
    assert len(numbered) >= len(read) - 2


class Letter(NamedTuple):
    """A letter on a page: its middle in mm from the top left, and the way it is turned, degrees."""

    text: str
    x: float
    y: float
    angle: float


def letters(page: pypdfium2.PdfPage) -> list[Letter]:
    text, height = page.get_textpage(), page.get_height()
    found = []
    for at in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(at)
        sign = text.get_text_range(at, 1)
        if sign.strip():
            angle = math.degrees(pdfium.FPDFText_GetCharAngle(text.raw, at)) % 360
            x, y = pt_to_mm((left + right) / 2), pt_to_mm(height - (top + bottom) / 2)
            found.append(Letter(sign, x, y, round(angle) % 360))
    return found


def marks(page: pypdfium2.PdfPage) -> list[float]:
    """Where a short rule at the left edge tells to fold, mm from the top."""
    found = set()
    for thing in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]):
        left, bottom, right, top = map(pt_to_mm, thing.get_bounds())
        if left < 8 and right < 12 and top - bottom < 1:
            found.add(round(pt_to_mm(page.get_height()) - (top + bottom) / 2, 1))
    return sorted(found)


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("tag", ["en", "ar"])
def test_a_folded_self_mailer_shows_the_address_and_reads_upright(
    bench: Bench, tag: str, paper: str
) -> None:
    write_specimen(bench.root, tag)
    ran = bench.run("build", "declaration", "--layout", "selfmailer", "--sender-country", "IT",
                    "--paper", paper)  # fmt: skip
    assert ran.errors == []
    outside, inside, *_ = pypdfium2.PdfDocument(ran.pdf)
    width, height = (pt_to_mm(side) for side in outside.get_size())
    first, second = marks(outside)
    # A third each, to the tenth of a millimetre that a mark's own thickness may cost.
    assert (first, second) == pytest.approx((height / 3, 2 * height / 3), abs=0.3)

    # With the letter up, the outside lies below, and left is right. The top third is folded down
    # over the letter: what was at (x, y) comes to (width − x, 2 · first − y), turned by 180°.
    flap = [one for one in letters(outside) if one.y < first]
    landed = [Letter(one.text, width - one.x, 2 * first - one.y, (one.angle + 180) % 360)
              for one in flap]  # fmt: skip
    assert {one.angle for one in landed} == {0}
    assert all(first < one.y < second for one in landed)
    steps = [next(one.y for one in landed if one.text == number) for number in "1234"]
    assert steps == sorted(steps)
    # Then the bottom third is folded up, over it all: on it stands nothing to read, and the edge
    # that the stickers close, the sheet's foot, comes to the upper edge: 2 · second − height.
    assert not [one for one in letters(outside) if one.y > second]
    assert 2 * second - height == pytest.approx(first, abs=0.5)
    # Turned over, the middle third lies in front, as it was printed: the address, upright.
    front = [one for one in letters(outside) if first < one.y < second]
    assert {one.angle for one in front} == {0}
    read = "".join(one.text for one in front)
    for word in ("Mayor", "Hall", "100017"):
        assert word in read
    # And the letter is read as one unfolds it.
    assert {one.angle for one in letters(inside)} == {0}


def test_no_line_stands_across_a_fold_of_a_self_mailer(bench: Bench) -> None:
    write_action(bench.root, action=ACTION)
    ran = bench.build("--layout", "selfmailer")
    outside = pypdfium2.PdfDocument(ran.pdf)[0]
    for fold in marks(outside):
        assert not [one for one in letters(outside) if abs(one.y - fold) < 3]


@pytest.mark.parametrize(
    ("layout", "paper", "edge"),
    [("postcard", "a6", "Short"), ("double-card", "a5", "Long"), ("letter", "a4", "Long")],
)
def test_a_single_sheet_is_turned_so_that_its_back_stands_upright(
    bench: Bench, layout: str, paper: str, edge: str
) -> None:
    """Over an upright edge, like the page of a book: the short one where the sheet lies."""
    write_action(bench.root, action=ACTION)
    single = ("--impose", "none") if layout != "letter" else ()
    ran = bench.build("--layout", layout, "--paper", paper, *single)
    width, height = pypdfium2.PdfDocument(ran.pdf)[0].get_size()
    assert (width > height) == (edge == "Short")
    viewer = PdfReader(BytesIO(ran.pdf)).root_object["/ViewerPreferences"].get_object()
    assert f"'/Duplex': '/DuplexFlip{edge}Edge'" in str(viewer)
    bench.capture.readouterr()
    cli.run(["build", "river", "--layout", layout, "--paper", paper, *single])
    assert f"on both sides, flipped on the {edge.lower()} edge" in bench.capture.readouterr().err
