"""Pages for a press on sheets keep all that single ones have, and have it round the sheet."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pdfx
import pikepdf
import PIL.Image
import PIL.ImageChops
import pypdfium2
import pytest
import verapdf
from presses import LAYOUT, built, write_project
from projects import page_texts

from actionpack import cli
from actionpack.diagnostics import Finding, Rejected
from actionpack.fonts import read_shelf
from actionpack.geometry import Box, Point, Size
from actionpack.impose import Manner, impose
from actionpack.imposition import FLIPS, Imposition, known_scheme
from actionpack.model import ProofMap
from actionpack.pack import Pack
from actionpack.paper import sheets
from actionpack.pdf import SheetMarks, read_proof
from actionpack.preflight.finished import Days, examine
from actionpack.preflight.stranger import Asked
from actionpack.project import Project
from actionpack.proof import all_from_json, from_json
from actionpack.stamp import surround

SET = (("group", "Roma 12"), ("source", "ROMA12"))
MM = 72 / 25.4
# Two cards on SRA3, on their sides: 297 mm wide, and 210 + 6 + 210 = 426 mm high in the middle.
CELLS = (Box(11.5, 12, 297, 210), Box(11.5, 228, 297, 210))


@pytest.fixture(scope="module")
def cards(press_project: Path) -> Pack:
    """A card that bleeds on all sides, twice."""
    return built(press_project, settings=SET, impose="repeat-1x2", sheet="sra3")


@pytest.fixture(scope="module")
def letter(press_project: Path) -> Pack:
    """Four pages without bleed, the third of which is torn and folded."""
    return built(press_project, layout="letter", settings=SET, impose="1x2", sheet="sra3")


def found_in(pdf: bytes) -> list[Finding]:
    steps = examine(pdf, name="a.pdf", asked=Asked(), days=Days(), out_of_time=lambda: False)
    return [one for step in steps for one in step.findings]


# ------------------------------------------------------------------------------------ all of it


@pytest.mark.parametrize(
    ("layout", "scheme", "sheet"),
    [
        ("card", "1x1", "a3"),
        ("card", "repeat-1x2", "sra3"),
        ("card", "booklet", "sra3"),
        ("letter", "stack-1x2", "sra3"),
        ("letter", "booklet", "sra3"),
    ],
)
def test_a_file_for_a_press_on_sheets_is_sound(
    press_project: Path, layout: str, scheme: str, sheet: str
) -> None:
    pack = built(press_project, layout=layout, settings=SET, impose=scheme, sheet=sheet)
    assert [str(one) for one in pack.findings] == []
    assert [str(one) for one in found_in(pack.pdf)] == []
    assert pdfx.faults(pack.pdf) == []
    assert pdfx.colours_of_a_screen(pack.pdf) == []
    assert verapdf.validate(pack.pdf, "2b") == ()


def test_pages_read_from_right_to_left_are_as_sound(press_project: Path) -> None:
    pack = built(press_project, language="ar", layout="letter", impose="booklet", sheet="sra3")
    assert [str(one) for one in pack.findings if one.is_error] == []
    assert pdfx.faults(pack.pdf) == []


def test_the_boxes_are_those_of_the_sheet(cards: Pack, letter: Pack) -> None:
    assert pdfx.box_mm(cards.pdf, "/MediaBox") == pytest.approx((0, 0, 320, 450), abs=0.01)
    assert pdfx.box_mm(cards.pdf, "/TrimBox") == pytest.approx((11.5, 12, 297, 426), abs=0.01)
    assert pdfx.box_mm(cards.pdf, "/BleedBox") == pytest.approx((8.5, 9, 303, 432), abs=0.01)
    for page in (1, 2):
        trim = pdfx.box_mm(letter.pdf, "/TrimBox", page)
        assert trim == pytest.approx((11.5, 15, 297, 420), abs=0.01)
        assert pdfx.box_mm(letter.pdf, "/BleedBox", page) == trim


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, cards: Pack) -> None:
    again = built(write_project(tmp_path), settings=SET, impose="repeat-1x2", sheet="sra3")
    assert again.pdf == cards.pdf


# ----------------------------------------------------------------------------- what is printed

_PER_MM = 4


def picture(pdf: bytes, number: int = 1, *, box: str | None = None) -> PIL.Image.Image:
    """A page as pdfium paints it, four pixels a millimetre, without the lines for tools."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        page = opened.pages[number - 1]
        left, bottom, right, top = map(float, page[box or "/MediaBox"])
        # A whole number of pixels, whatever was rounded in the file.
        page.CropBox = [left, bottom + 0.01, right - 0.01, top]
        blank_steps(page)
        out = io.BytesIO()
        opened.save(out)
    with pypdfium2.PdfDocument(out.getvalue()) as document:
        image: PIL.Image.Image = document[number - 1].render(scale=_PER_MM / MM).to_pil()
    return image.convert("RGB")


def blank_steps(page: pikepdf.Page) -> None:
    """Let the lines for tools look like nothing, as they do on the four plates."""
    drawings: list[Any] = [page, *page.Resources.XObject.values()]
    for one in drawings:
        for space in one.Resources.get("/ColorSpace", {}).values():
            if str(space[1]) in ("/Perforation", "/Fold"):
                space[3].C1 = pikepdf.Array([0, 0, 0, 0])


def part(image: PIL.Image.Image, box: Box) -> PIL.Image.Image:
    """What lies well inside of a box, mm."""
    edges = (box.left, box.top, box.right, box.bottom)
    left, top, right, bottom = (round(edge * _PER_MM) for edge in edges)
    return image.crop((left + 1, top + 1, right - 1, bottom - 1))


def is_white(image: PIL.Image.Image) -> bool:
    return min(image.convert("L").tobytes()) >= 250


def is_inked(image: PIL.Image.Image) -> bool:
    return max(image.convert("L").tobytes()) < 250


def test_each_cell_shows_the_page_as_a_press_gets_it_alone(
    press_project: Path, cards: Pack
) -> None:
    alone = picture(built(press_project, settings=SET).pdf, box="/BleedBox")
    # The page lies on its left side: its head is at the right of the sheet.
    turned = alone.rotate(-90, expand=True)
    sheet = picture(cards.pdf)
    for cell in CELLS:
        seen = part(sheet, cell.inset(-3))
        meant = turned.crop((1, 1, seen.width + 1, seen.height + 1))
        difference = PIL.ImageChops.difference(seen, meant).convert("L")
        # Pixels at edges differ by how the page lies in their grid.
        far = difference.point(lambda value: 255 * (value > 60)).histogram()[255]
        assert far < 0.004 * seen.width * seen.height


def test_pages_bleed_on_all_sides_and_no_farther(cards: Pack) -> None:
    sheet = picture(cards.pdf)
    # The band at the head is at the right; the photograph at the foot, at the left.
    assert is_inked(part(sheet, Box(308.5, 60, 3, 100)))
    assert is_white(part(sheet, Box(311.5, 60, 3, 20)))
    assert is_inked(part(sheet, Box(8.5, 130, 3, 60)))
    assert is_white(part(sheet, Box(5.5, 130, 3, 60)))
    # Between neighbours each bleeds to the middle: nothing is left white.
    assert is_inked(part(sheet, Box(20, 222, 60, 6)))


def test_a_gutter_that_is_too_small_is_told_and_shared(press_project: Path) -> None:
    pack = built(press_project, settings=SET, impose="repeat-1x2", sheet="sra3", gutter=2.0)
    (told,) = pack.findings
    assert (told.code, told.severity) == ("short-bleed", "warning")
    assert told.message == (
        "pages bleed 3 mm, and between neighbours 1 mm of it show: the gutter is 2 mm"
    )
    assert "a gutter of 6 mm" in told.cure
    sheet = picture(pack.pdf)
    # 210 + 2 + 210 mm in the middle of 450: the cells meet at 225.
    assert is_inked(part(sheet, Box(20, 224, 60, 2)))
    alone = picture(built(press_project, settings=SET).pdf, box="/BleedBox").rotate(
        -90, expand=True
    )
    spoiled = spoilt(pack.pdf, redrawn(over_the_neighbour))
    assert "single page 1 is not cut to its cell" in [one.message for one in found_in(spoiled)]
    # Of the first card the first millimetre beyond its foot shows,
    seen, meant = part(sheet, Box(20, 224, 60, 1)), part(alone, Box(20 - 8.5, 213, 60, 1))
    assert max(PIL.ImageChops.difference(seen, meant).convert("L").tobytes()) < 40
    # and of the second card that beyond its head.
    seen, meant = part(sheet, Box(20, 225, 60, 1)), part(alone, Box(20 - 8.5, 2, 60, 1))
    assert max(PIL.ImageChops.difference(seen, meant).convert("L").tobytes()) < 40


def test_the_fold_of_a_booklet_has_no_bleed(press_project: Path) -> None:
    pack = built(press_project, settings=SET, impose="booklet", sheet="sra3")
    # The front of the one sheet: nothing on the left, and the card right of the fold at 225 mm.
    sheet = picture(pack.pdf)
    assert is_white(part(sheet, Box(221, 80, 4, 200)))
    assert is_inked(part(sheet, Box(225, 20, 100, 20)))
    assert is_inked(part(sheet, Box(435, 230, 3, 60)))


@cache
def _poppler() -> str:
    found = shutil.which("pdftoppm")
    if found is None:
        pytest.skip("poppler is not installed, which makes the plates here")
    return found


def plates(pdf: bytes, folder: Path, *, box: str) -> tuple[PIL.Image.Image, ...]:
    """The four plates of the first page, two pixels a millimetre: 255 is solid."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        page = opened.pages[0]
        page.CropBox = page[box]
        blank_steps(page)
        opened.save(folder / "one.pdf")
    how = ("-jpegcmyk", "-jpegopt", "quality=100", "-r", "50.8", "-cropbox", "-f", "1", "-l", "1")
    subprocess.run([_poppler(), *how, folder / "one.pdf", folder / "plates"], check=True)
    (file,) = folder.glob("plates*.jpg")
    with PIL.Image.open(file) as image:
        assert image.mode == "CMYK"
        return image.split()


def test_no_more_ink_than_the_paper_takes(cards: Pack, tmp_path: Path) -> None:
    bled = plates(cards.pdf, tmp_path, box="/BleedBox")
    # The marks begin where the bleed ends, which is in the middle of a pixel.
    inks = [plate.crop((1, 1, plate.width - 1, plate.height - 1)).tobytes() for plate in bled]
    most = max(map(sum, zip(*inks, strict=True)))
    assert 2 * 255 < most <= 3 * 255 + 8


def test_black_is_on_one_plate_and_marks_on_all(letter: Pack, tmp_path: Path) -> None:
    cyan, magenta, yellow, black = plates(letter.pdf, tmp_path, box="/MediaBox")

    def most(plate: PIL.Image.Image, box: Box) -> int:
        left, top, right, bottom = (
            round(2 * edge) for edge in (box.left, box.top, box.right, box.bottom)
        )
        return max(plate.crop((left, top, right, bottom)).tobytes())

    # The first crop mark: 3 mm left of the trim box, at its top, 3.5 mm long.
    mark = Box(5.5, 14, 2, 2)
    assert min(most(plate, mark) for plate in (cyan, magenta, yellow, black)) > 60
    # The title lies between 20 and 60 mm of the first page's head, which is at the right.
    title = Box(308.5 - 45, 40, 15, 120)
    assert most(black, title) > 200
    assert max(most(plate, title) for plate in (cyan, magenta, yellow)) < 12


# ------------------------------------------------------------------------- marks and steps


def content(pdf: bytes, number: int = 1) -> str:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return opened.pages[number - 1].Contents.read_bytes().decode("latin-1")


def step_lines(pdf: bytes, name: str) -> list[tuple[float, ...]]:
    """The lines of a processing step on the first side: x1, y1, x2, y2, mm from the top left."""
    head = f"/OC /Step{name} BDC q /Overprint gs /Separation{name} CS 1 SCN"
    drawn = content(pdf).partition("/ProcessingSteps BMC")[2].partition(head)[2].partition("EMC")[0]
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        high = float(opened.pages[0].MediaBox[3])
    lines = re.findall(r"([\d.]+) ([\d.]+) m ([\d.]+) ([\d.]+) l S", drawn)
    return [
        (float(x1) / MM, (high - float(y1)) / MM, float(x2) / MM, (high - float(y2)) / MM)
        for x1, y1, x2, y2 in lines
    ]


def test_tears_and_folds_are_processing_steps_across_each_page(cards: Pack) -> None:
    with pikepdf.open(io.BytesIO(cards.pdf)) as pdf:
        layers = {
            str(one.Name): [str(held) for held in one.GTS_Metadata.values()]
            for one in pdf.Root.OCProperties.OCGs
        }
        held = pdf.pages[0].Resources
        state = held.ExtGState.Overprint
        assert [bool(state.OP), bool(state.op), int(state.OPM)] == [True, True, 1]
        assert str(held.ColorSpace.SeparationPerforation[1]) == "/Perforation"
        assert held.Properties.StepFold.Name == "Fold"
        # Nothing of the pages' own marks and lines came along.
        drawings = {str(key) for form in held.XObject.values() for key in form.Resources.XObject}
        assert drawings == {"/P"}
    assert layers == {
        "Perforation": ["/Structural", "/Perforating"],
        "Fold": ["/Structural", "/Folding"],
    }
    # The card is torn 150 mm and folded 100 mm from its head, which is at the right, 308.5 mm; the
    # lines run through the bleed above the first card to the middle between both.
    for name, at in (("Perforation", 158.5), ("Fold", 208.5)):
        first, second = (sorted(line[1::2]) for line in step_lines(cards.pdf, name))
        assert {round(x, 2) for line in step_lines(cards.pdf, name) for x in line[::2]} == {at}
        assert first == pytest.approx((9, 225), abs=0.01)
        assert second == pytest.approx((225, 441), abs=0.01)


def test_the_fold_of_a_booklet_is_a_processing_step(press_project: Path) -> None:
    pack = built(press_project, settings=SET, impose="booklet", sheet="sra3")
    spine = [line for line in step_lines(pack.pdf, "Fold") if abs(line[0] - line[2]) < 0.01]
    # SRA3 lying: 450 × 320 mm, pages of 297 mm in the middle of its height, and 3 mm of bleed.
    assert spine == [pytest.approx((225, 8.5, 225, 311.5), abs=0.01)]


def test_the_slug_says_what_the_sheet_is(letter: Pack) -> None:
    front, back = page_texts(letter.pdf)
    assert "river · en · letter · press" in front
    assert "1x2 on SRA3 · sheet 1 of 1, front" in front
    assert "1x2 on SRA3 · sheet 1 of 1, back" in back
    for plate in ("Cyan", "Magenta", "Yellow", "Black", "FOGRA39"):
        assert plate in front
        assert plate in back
    assert "page 1 of 4" not in front
    assert "2027-03-01" in front
    assert "Perforation (not printed)" in front


@cache
def proof_of(pdf: bytes) -> ProofMap:
    return from_json(read_proof(pdf) or b"")


def between(one: Point, other: Point) -> Box:
    left, right = sorted((one.x, other.x))
    top, bottom = sorted((one.y, other.y))
    return Box.between(left, top, right, bottom)


def around(plan: Imposition, proof: ProofMap) -> tuple[SheetMarks, ...]:
    """The marks of sheets with pages of packs whose backs are blank."""
    shelf = read_shelf(Project(root=Path("/nowhere")).fonts)

    def meant(page: int) -> tuple[ProofMap, int] | None:
        return (proof, (page - 1) % len(proof.pages) + 1) if page % 2 else None

    return surround(plan, meant, shelf).marks


@pytest.mark.parametrize("flip", FLIPS)
@pytest.mark.parametrize(
    ("scheme", "sheet"),
    [("1x1", "a3"), ("1x2", "sra3"), ("stack-1x2", "sra3"), ("booklet", "sra3")],
)
@pytest.mark.parametrize("layout", ["card", "letter"])
def test_marks_stand_outside_the_bleed_where_the_press_prints_and_register(
    press_project: Path, layout: str, scheme: str, sheet: str, flip: str
) -> None:
    proof = proof_of(built(press_project, layout=layout, settings=SET).pdf)
    assert proof.press is not None
    bleed = proof.press.bleed_mm
    manner = Manner(
        scheme=known_scheme(scheme),
        page=Size(210, 297),
        sheet=sheets()[sheet],
        duplex=True,
        flip=flip,  # type: ignore[arg-type]  # a literal
        gutter_mm=2 * bleed,
        bleed_mm=bleed,
    )
    plan = impose([8], manner)
    marks = around(plan, proof)
    assert len(marks) == len(plan.sides)
    for side, own in zip(plan.sides, marks, strict=True):
        area = Box(0, 0, plan.size.width, plan.size.height).inset(manner.margin_mm)
        bled = side.block.inset(-bleed)
        for stroke in (one for one in own.strokes if one.step is None):
            box = between(stroke.start, stroke.end)
            assert area.contains(box)
            assert not bled.inset(0.01).overlaps(box.inset(-0.001))
        for target in own.targets:
            cross = Box(target.x, target.y, 0, 0).inset(-own.arm_mm)
            assert area.contains(cross)
            assert not bled.overlaps(cross)
            # No stroke runs through it.
            for one in (one for one in own.strokes if one.step is None):
                assert not cross.contains_point(one.start)
        corners = {(round(p.x, 2), round(p.y, 2)) for p in own.targets}
        assert len(corners) >= 4
    for sheet_at in range(0, len(marks), 2):
        front, back = marks[sheet_at : sheet_at + 2]
        strokes = [
            {
                tuple(round(edge, 2) for edge in (box.x, box.y, box.right, box.bottom))
                for mark in side.marks
                for there in [between(mark.start, mark.end)]
                for box in [plan.behind(there) if turned else there]
            }
            for side, turned in zip(plan.sides[sheet_at : sheet_at + 2], (True, False), strict=True)
        ]
        assert strokes[0] == strokes[1] != set()
        behind = {
            (round(box.x, 2), round(box.y, 2))
            for at in front.targets
            for box in [plan.behind(Box(at.x, at.y, 0, 0))]
        }
        assert behind == {(round(at.x, 2), round(at.y, 2)) for at in back.targets}


def test_words_of_the_slug_keep_clear_of_marks_on_the_smallest_sheet(press_project: Path) -> None:
    proof = proof_of(built(press_project, settings=SET).pdf)
    manner = Manner(
        scheme=known_scheme("3x3"),
        page=Size(30, 30),
        sheet=sheets()["a5"],
        duplex=True,
        bleed_mm=3,
    )
    plan = impose([9], manner)
    for side, own in zip(plan.sides, around(plan, proof), strict=True):
        upright = [one.start.x for one in own.strokes if one.step is None]
        for slug in own.slugs:
            for line in slug.lines:
                ems = sum(glyph.advance for run in line.runs for glyph in run.glyphs) / 1000
                wide = ems * line.size_pt / MM
                assert all(not line.start.x - 1 < x < line.start.x + wide + 1 for x in upright)
                assert side.block.left < line.start.x
                assert line.start.x + wide < side.block.right


# ------------------------------------------------------------------------------------ asking


def test_a_layout_s_own_scheme_is_taken_where_a_sheet_is_named(tmp_path: Path) -> None:
    own = LAYOUT + '[impose]\nscheme = "repeat-1x2"\n'
    root = write_project(tmp_path, layout=own)
    assert built(root).sheets is None
    printed = built(root, sheet="sra3").sheets
    assert printed is not None
    assert (printed.scheme, printed.sheet, printed.sheets) == ("repeat-1x2", "sra3", 1)


def test_the_booklet_for_schools_can_be_had_on_sheets(press_project: Path) -> None:
    pack = built(press_project, layout="handout", sheet="a3")
    assert [str(one) for one in pack.findings if one.is_error] == []
    assert pack.sheets is not None
    assert pack.sheets.scheme == "booklet"
    assert pdfx.faults(pack.pdf) == []
    # A5 pages: 2 × 148 mm wide.
    assert pdfx.box_mm(pack.pdf, "/TrimBox")[2:] == pytest.approx((296, 210), abs=0.01)


def test_a_sheet_without_room_for_bleed_and_marks_is_too_small(press_project: Path) -> None:
    with pytest.raises(Rejected) as refused:
        built(press_project, impose="1x2", sheet="a3")
    (found,) = refused.value.findings
    assert found.code == "sheet-too-small"
    # 210 + 6 + 210 mm, and on each side 5 mm that the press leaves white, 3 mm of bleed and 3 mm
    # for marks.
    assert "needs 319 × 448 mm" in found.message
    assert "--sheet sra3" in found.cure


@pytest.mark.usefixtures("bench")
def test_build_says_what_to_order_and_what_is_done_with_the_sheets(
    capsys: pytest.CaptureFixture[str],
) -> None:
    options = ("--edition", "press", "--impose", "booklet", "--sheet", "sra3", "--sender-country")
    assert cli.run(["build", "river", *options, "IT"]) == 0
    told = " ".join(capsys.readouterr().err.split())
    assert "docs/press.md says what to order" in told
    assert "1 sheet of SRA3" in told
    assert "staple them through the fold" in told


# ------------------------------------------------------------------------------ what is found

Spoil = Callable[[pikepdf.Pdf], None]


def spoilt(pdf: bytes, spoil: Spoil) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        spoil(file)
        out = io.BytesIO()
        file.save(out)
    return out.getvalue()


def redrawn(change: Callable[[str], str]) -> Spoil:
    def spoil(file: pikepdf.Pdf) -> None:
        page = file.pages[0]
        old = page.Contents.read_bytes().decode("latin-1")
        new = change(old)
        assert new != old
        page.Contents = file.make_stream(new.encode("latin-1"))

    return spoil


def wrong_trim(file: pikepdf.Pdf) -> None:
    file.pages[0].TrimBox = file.pages[0].MediaBox


def no_bleed(file: pikepdf.Pdf) -> None:
    del file.pages[0].BleedBox


def unperforated(content: str) -> str:
    return re.sub(r"(?s)/OC /StepPerforation BDC.*?EMC", "", content)


def half_perforated(content: str) -> str:
    """Without the line of the first card."""
    head, mark, tail = content.partition("/OC /StepPerforation BDC")
    first = re.search(r"[\d.]+ [\d.]+ m [\d.]+ [\d.]+ l S\n", tail)
    assert first
    return head + mark + tail.replace(first[0], "", 1)


def cut_to_its_cell(content: str) -> str:
    """The first card without its bleed: 297 × 210 mm, 11.5 mm from the left and 228 from below."""
    cell = f"{11.5 * MM:.4f} {228 * MM:.4f} {297 * MM:.4f} {210 * MM:.4f} re"
    return re.sub(r"q [\d. ]+ re", f"q {cell}", content, count=1)


def second_cut_to_its_cell(content: str) -> str:
    head, drawn, tail = content.partition("Do Q\n")
    cell = f"{11.5 * MM:.4f} {12 * MM:.4f} {297 * MM:.4f} {210 * MM:.4f} re"
    return head + drawn + re.sub(r"q [\d. ]+ re", f"q {cell}", tail, count=1)


def over_the_neighbour(content: str) -> str:
    return re.sub(r"q [\d. ]+ re", f"q 0 0 {320 * MM:.3f} {450 * MM:.3f} re", content, count=1)


def without_profile(file: pikepdf.Pdf) -> None:
    del file.Root.OutputIntents


@pytest.mark.parametrize(
    ("spoil", "code", "message"),
    [
        (wrong_trim, "wrong-boxes", "the trim box is not round the pages of the sheet"),
        (no_bleed, "wrong-boxes", "the sheet has no bleed box"),
        (
            redrawn(unperforated),
            "wrong-boxes",
            "single page 1: the page has no line of 'Perforation' for the tear at 150 mm",
        ),
        (
            redrawn(half_perforated),
            "wrong-boxes",
            "single page 1: the page has no line of 'Perforation' for the tear at 150 mm",
        ),
        (redrawn(cut_to_its_cell), "short-bleed", "that runs 0.0 mm off the left edge"),
        (
            redrawn(second_cut_to_its_cell),
            "misplaced-page",
            "single page 1 is not the same in each of its cells",
        ),
        (
            redrawn(lambda text: text + f" 1 0 0 rg {20 * MM} {20 * MM} 20 20 re f"),
            "wrong-colours",
            "there is a drawing in RGB",
        ),
        (
            redrawn(lambda text: text + f" 0 0 0 1 k {9 * MM} {20 * MM} 2 2 re f"),
            "mark-in-page",
            "a drawing that is no part of a page stands in one",
        ),
        (
            redrawn(lambda text: text + f" 1 1 1 1 k {20 * MM} {20 * MM} 20 20 re f"),
            "too-much-ink",
            "up to 400% ink",
        ),
        (without_profile, "missing-output-intent", "which printing condition"),
    ],
)
def test_a_spoiled_sheet_is_found(cards: Pack, spoil: Spoil, code: str, message: str) -> None:
    found = [one for one in found_in(spoilt(cards.pdf, spoil)) if one.code == code]
    assert any(message in one.message for one in found), found
    if code != "missing-output-intent":
        assert {one.place.page for one in found} == {1}


def test_sheets_that_were_saved_again_are_sound(cards: Pack) -> None:
    assert found_in(spoilt(cards.pdf, lambda file: None)) == []


def test_the_plan_comes_back_from_the_file(cards: Pack) -> None:
    _, plan = all_from_json(read_proof(cards.pdf) or b"")
    assert plan is not None
    assert tuple(placed.cell for placed in plan.sides[0].pages) == CELLS
    assert plan.bare == plan
