"""The layouts whose design runs off the page for a press, and how they look from other printers."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pdfx
import pikepdf
import PIL.Image
import pypdfium2
import pytest
from presses import built, write_project
from projects import ACTION

from actionpack.store import shipped_folder

PAPERS = {"postcard": ("a6", "quarter-letter"), "poster": ("a3", "tabloid", "a4", "letter")}
BLEEDING = [(layout, paper) for layout, papers in PAPERS.items() for paper in papers]
# A poster's foot is white: there stands its code.
EDGES = {"postcard": ("left", "top", "right", "bottom"), "poster": ("left", "top", "right")}


def project(root: Path, *, pictures: bool = True) -> Path:
    write_project(root)
    folder = root / "content" / "river"
    with (folder / "ar.md").open("a", encoding="utf-8") as file:
        file.write("\n## card\n\nأطلب الإفراج عنهم.\n")
    if not pictures:
        (folder / "action.yaml").write_text(ACTION, encoding="utf-8")
    return root


def spoilt(root: Path, layout: str, before: str, after: str) -> Path:
    """A project whose own copy of a layout has something else in its style sheet."""
    folder = project(root) / "layouts" / layout
    shutil.copytree(shipped_folder() / "layouts" / layout, folder)
    style = (folder / "style.css").read_text(encoding="utf-8")
    assert before in style
    (folder / "style.css").write_text(style.replace(before, after), encoding="utf-8")
    return root


def without_marks(pdf: bytes) -> PIL.Image.Image:
    """The first page within its bleed, 2 pixels to the millimetre."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        page = opened.pages[0]
        page.CropBox = page.BleedBox
        page.Contents = opened.make_stream(b"/P Do")
        out = io.BytesIO()
        opened.save(out)
    with pypdfium2.PdfDocument(out.getvalue()) as document:
        image: PIL.Image.Image = document[0].render(scale=2 * 25.4 / 72).to_pil()
        return image.convert("L")


def is_inked(page: PIL.Image.Image, edge: str) -> bool:
    """Whether ink covers the outermost millimetre at the middle of an edge, to its end."""
    wide, high = page.size
    boxes = {
        "left": (0, 4, 2, 20),
        "right": (wide - 2, 4, wide, 20),
        "top": (4, 0, wide - 4, 2),
        "bottom": (4, high - 2, wide - 4, high),
    }
    return max(page.crop(boxes[edge]).tobytes()) < 250


@pytest.mark.parametrize("pictures", [True, False])
@pytest.mark.parametrize("tag", ["en", "ar"])
@pytest.mark.parametrize(("layout", "paper"), BLEEDING)
def test_the_ground_runs_off_the_page(
    tmp_path: Path, layout: str, paper: str, tag: str, pictures: bool
) -> None:
    pack = built(project(tmp_path, pictures=pictures), layout=layout, paper=paper, language=tag)
    assert [one for one in pack.findings if one.is_error] == []
    assert pdfx.faults(pack.pdf) == []
    across, up, wide, high = pdfx.box_mm(pack.pdf, "/TrimBox")
    bled = (across - 3, up - 3, wide + 6, high + 6)
    assert pdfx.box_mm(pack.pdf, "/BleedBox") == pytest.approx(bled, abs=0.01)
    page = without_marks(pack.pdf)
    reached = [edge for edge in ("left", "top", "right", "bottom") if is_inked(page, edge)]
    assert tuple(reached) == EDGES[layout]


@pytest.mark.parametrize("layout", ["postcard", "poster"])
def test_other_printers_find_nothing_at_the_edges(tmp_path: Path, layout: str) -> None:
    pack = built(project(tmp_path), layout=layout, edition="home", impose="none")
    assert pack.findings == ()
    with pypdfium2.PdfDocument(pack.pdf) as document:
        image: PIL.Image.Image = document[0].render(scale=2 * 25.4 / 72).to_pil()
    inked = image.convert("L").point(lambda value: 255 * (value < 250))
    left, top, right, bottom = inked.getbbox() or (0, 0, 0, 0)
    # 5 mm are 10 pixels, of which the first may be half white.
    assert min(left, top, image.width - right, image.height - bottom) >= 9


@pytest.mark.parametrize(
    ("layout", "before", "after", "message"),
    [
        (
            "postcard",
            "left: calc(var(--edge) - var(--face))",
            "left: calc(var(--safe) - var(--face))",
            "nothing runs off the left edge of the page, where the layout says it bleeds",
        ),
        (
            "postcard",
            "top: calc(var(--edge) - var(--face))",
            "top: calc(-1mm - var(--face))",
            "there is a drawing that runs 1.0 mm off the top edge of the page",
        ),
        (
            "poster",
            "width: calc(var(--width) - 2 * var(--edge))",
            "width: calc(var(--width) + var(--bleed))",
            "there is a drawing that runs 0.0 mm off the right edge of the page",
        ),
        (
            "poster",
            "top: calc(var(--edge) - var(--top))",
            "top: 0",
            "nothing runs off the top edge of the page, where the layout says it bleeds",
        ),
    ],
)
def test_a_ground_that_does_not_run_off_is_found(
    tmp_path: Path, layout: str, before: str, after: str, message: str
) -> None:
    pack = built(spoilt(tmp_path, layout, before, after), layout=layout)
    assert message in [one.message for one in pack.findings if one.code == "short-bleed"]


@pytest.mark.parametrize("layout", ["postcard", "poster"])
def test_to_save_ink_nothing_runs_off(tmp_path: Path, layout: str) -> None:
    pack = built(project(tmp_path), layout=layout, ink_saver=True)
    assert pack.findings == ()
    page = without_marks(pack.pdf)
    assert [edge for edge in ("left", "top", "right", "bottom") if is_inked(page, edge)] == []


def test_a_drawing_on_the_posted_half_is_found_where_it_does_not_bleed(tmp_path: Path) -> None:
    inside = "left: 0; top: 0; width: 60mm; height: 20mm; background: #e2ebe6"
    root = spoilt(tmp_path, "postcard", "background: #e2ebe6", inside)
    found = [one.message for one in built(root, layout="postcard").findings]
    assert "a drawing stands on the half that is posted" in found
