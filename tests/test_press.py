"""The press edition: PDF/X-4 and PDF/A-2b in one file, all in inks, its boxes, marks and steps."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pdfx
import pikepdf
import PIL.Image
import pytest
import verapdf
from presses import LAYOUT, STYLE, built, write_project
from projects import Bench, page_texts, write_action

from actionpack.pack import Pack
from actionpack.pdf import without_marks

SET = (("group", "Roma 12"), ("source", "ROMA12"))


@pytest.fixture(scope="module")
def card(press_project: Path) -> Pack:
    return built(press_project, settings=SET)


@pytest.fixture(scope="module")
def letter(press_project: Path) -> Pack:
    return built(press_project, layout="letter", settings=SET)


def test_a_file_for_a_press_is_sound(card: Pack, letter: Pack) -> None:
    for pack in (card, letter):
        assert [str(found) for found in pack.findings if found.is_error] == []
        assert pdfx.faults(pack.pdf) == []
        assert verapdf.validate(pack.pdf, "2b") == ()


def test_pages_for_a_press_are_single_ones_whatever_the_layout_says(tmp_path: Path) -> None:
    root = write_project(tmp_path, layout=LAYOUT + '[impose]\nscheme = "1x1"\n')
    home, press = built(root, edition="home"), built(root, impose="none")
    assert home.sheets is not None
    assert (press.sheets, press.pdf) == (None, built(root).pdf)
    assert pdfx.faults(press.pdf) == []
    assert pdfx.box_mm(press.pdf, "/TrimBox")[2:] == pytest.approx((210, 297), abs=0.01)


def test_nothing_in_it_is_in_the_colours_of_a_screen(
    card: Pack, letter: Pack, press_project: Path
) -> None:
    assert pdfx.colours_of_a_screen(card.pdf) == []
    assert pdfx.colours_of_a_screen(letter.pdf) == []
    # The same look at the edition for screens finds pictures, gradients, groups and operators.
    home = set(pdfx.colours_of_a_screen(built(press_project, edition="home").pdf))
    assert home >= {"rg", "RG", "/DeviceRGB", "/Lab", "a profile of 3 colours"}


def test_black_is_black_ink_alone_and_grey_a_tint_of_it(card: Pack) -> None:
    drawn = pdfx.drawn_by(card.pdf)
    # #000 and #161616 are solid; #808080 is 128 of 255 light: 1 - 128 / 255 = 0.498.
    assert "0 0 0 1 k" in drawn
    assert "0 0 0 0.498 k" in drawn
    assert "0 0 0 0.9137 k" not in drawn
    # The code and the text that were stamped.
    with pikepdf.open(io.BytesIO(card.pdf)) as pdf:
        stamped = pdf.pages[0].Contents.read_bytes()
    assert b"q 0 0 0 1 k" in stamped
    assert b"0 0 0 1 k BT" in stamped
    assert b" g\n" not in stamped


def test_black_letters_overprint_and_white_ones_do_not(card: Pack) -> None:
    with pikepdf.open(io.BytesIO(card.pdf)) as pdf:
        drawn = " ".join(pdf.pages[0].Resources.XObject.P.read_bytes().decode("latin-1").split())
    title = drawn[drawn.index("0 0 0 1 k BT") :]
    assert title.index("/PressOver gs") < title.index("TJ")
    assert "ET /PressClear gs" in title
    white = drawn[drawn.index("0 0 0 0 k BT") :].partition(" ET")[0]
    assert "/PressOver" not in white


def test_what_overprints_leaves_the_inks_below_it(card: Pack) -> None:
    """In the other mode black of four inks takes off the three it has none of (32000-1, 8.6.7)."""
    with pikepdf.open(io.BytesIO(card.pdf)) as pdf:
        states = [
            (bool(held.op), int(held.OPM))
            for held in pdf.objects
            if isinstance(held, pikepdf.Dictionary) and "/OPM" in held
        ]
    assert {over for over, _ in states} == {True, False}
    assert {mode for _, mode in states} == {1}


def test_pictures_are_in_four_inks_and_grey_ones_stay_grey(card: Pack) -> None:
    with pikepdf.open(io.BytesIO(card.pdf)) as pdf:
        spaces = [
            str(held.ColorSpace)
            for held in pdf.objects
            if isinstance(held, pikepdf.Stream) and held.get("/Subtype") == "/Image"
        ]
    # Photograph, badge and palette; the grey picture, and the mask that lets the badge's ground in.
    assert sorted(spaces) == ["/DeviceCMYK"] * 3 + ["/DeviceGray"] * 2


@pytest.mark.parametrize(("paper", "size"), [("a4", (210, 297)), ("letter", (215.9, 279.4))])
def test_boxes_are_the_numbers_of_the_layout(
    press_project: Path, paper: str, size: tuple[float, float]
) -> None:
    pdf = built(press_project, paper=paper).pdf
    across, up, wide, high = pdfx.box_mm(pdf, "/TrimBox")
    assert (wide, high) == pytest.approx(size, abs=0.01)
    # Three millimetres of bleed on each side, and a strip of 15 mm for marks and slug.
    bled = (across - 3, up - 3, wide + 6, high + 6)
    assert pdfx.box_mm(pdf, "/BleedBox") == pytest.approx(bled, abs=0.01)
    media = pdfx.box_mm(pdf, "/MediaBox")
    assert media == pytest.approx((0, 0, size[0] + 30, size[1] + 30), abs=0.01)


def test_a_layout_that_does_not_bleed_has_no_bleed(letter: Pack) -> None:
    assert pdfx.box_mm(letter.pdf, "/BleedBox") == pdfx.box_mm(letter.pdf, "/TrimBox")


def test_what_bleeds_runs_off_the_page_for_a_press_and_ends_within_the_safe_area_at_home(
    press_project: Path, card: Pack
) -> None:
    def extent(pdf: bytes) -> tuple[int, int, int, int]:
        """The ink of the page without its marks: left, top, right, bottom of 1 mm pixels."""
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            page = opened.pages[0]
            page.CropBox = page.BleedBox
            if "/M" in page.Resources.get("/XObject", {}):
                page.Contents = opened.make_stream(b"/P Do")
            out = io.BytesIO()
            opened.save(out)
        image = picture(out.getvalue()).convert("L").point(lambda value: 255 * (value < 250))
        return image.getbbox() or (0, 0, 0, 0)

    # 210 + 6 by 297 + 6 mm, and all of it has ink at its edges.
    assert extent(card.pdf) == (0, 0, 216, 303)
    # A pixel at the edge may be half white.
    home = built(press_project, edition="home").pdf
    assert extent(home) == pytest.approx((5, 5, 205, 292), abs=1)


def picture(pdf: bytes, per_mm: float = 1) -> PIL.Image.Image:
    """The first page as pdfium paints it."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        image: PIL.Image.Image = document[0].render(scale=per_mm * 25.4 / 72).to_pil()
    return image


def test_marks_begin_outside_the_bleed_and_are_on_every_plate(card: Pack) -> None:
    with pikepdf.open(io.BytesIO(card.pdf)) as pdf:
        marks = pdf.pages[0].Resources.XObject.M
        space = marks.Resources.ColorSpace.SeparationAll
        assert [str(space[0]), str(space[1])] == ["/Separation", "/All"]
        state = marks.Resources.ExtGState.Overprint
        assert [bool(state.OP), bool(state.op), int(state.OPM)] == [True, True, 1]
        drawn = marks.read_bytes().decode("latin-1")
    assert drawn.startswith("q /Overprint gs /SeparationAll CS /SeparationAll cs 1 SCN 1 scn")
    assert "\n0.25 w\n" in drawn
    # The first crop mark lies at the height of the top edge and begins 3 mm left of the page:
    # 15 - 3 = 12 mm from the paper's edge, 8 - 3 = 5 mm long.
    _, _, _, x1, y1, _, x2, y2 = drawn.split("\n0.25 w\n")[1].split("\n")[0].split()[:8]
    top = (15 + 297) * 72 / 25.4
    assert (float(x1), float(y1)) == pytest.approx((12 * 72 / 25.4, top), abs=0.01)
    assert (float(x2), float(y2)) == pytest.approx((7 * 72 / 25.4, top), abs=0.01)


def test_tears_and_folds_are_processing_steps_that_overprint(card: Pack) -> None:
    with pikepdf.open(io.BytesIO(card.pdf)) as pdf:
        steps = {
            str(one.Name): [str(held) for held in one.GTS_Metadata.values()]
            for one in pdf.Root.OCProperties.OCGs
        }
        drawn = pdf.pages[0].Resources.XObject.S.read_bytes().decode("latin-1")
    assert steps == {
        "Perforation": ["/Structural", "/Perforating"],
        "Fold": ["/Structural", "/Folding"],
    }
    for name, at in (("Perforation", 150), ("Fold", 100)):
        head = f"/OC /Step{name} BDC q /Overprint gs /Separation{name} CS 1 SCN"
        line = drawn.partition(head)[2].partition(" S")[0].split("d\n")[1].split()
        y = (15 + 297 - at) * 72 / 25.4
        # From bleed to bleed, 12 and 15 + 210 + 3 = 228 mm from the paper's edge.
        wanted = (12 * 72 / 25.4, y, 228 * 72 / 25.4, y)
        found = tuple(float(line[place]) for place in (0, 1, 3, 4))
        assert found == pytest.approx(wanted, abs=0.01)


def test_the_slug_says_what_the_sheet_is(card: Pack) -> None:
    (text,) = page_texts(card.pdf)
    assert "river · en · card · front · a4 · press · page 1 of 1 · 2027-03-01" in text
    for plate in ("Cyan", "Magenta", "Yellow", "Black", "Perforation", "Fold", "FOGRA39"):
        assert plate in text


def test_a_page_can_be_put_on_a_sheet_without_the_marks_round_it(card: Pack) -> None:
    with pikepdf.open(io.BytesIO(card.pdf)) as pdf:
        content = pdf.pages[0].Contents.read_bytes()
    assert content.startswith(
        b"/P Do /SheetMarks BMC /M Do EMC /ProcessingSteps BMC /S Do EMC /Overprint gs\n"
    )
    assert without_marks(content).split() == [b"/P", b"Do", *content.split()[12:]]
    nested = b"q /SheetMarks BMC /OC /L BDC 1 0 m EMC 2 0 l EMC Q /Span BMC (EMC) Tj EMC"
    assert without_marks(nested) == b"q  Q /Span BMC (EMC) Tj EMC"


def test_no_line_is_printed_where_the_sheet_is_perforated(
    press_project: Path, letter: Pack
) -> None:
    home = built(press_project, layout="letter", edition="home").pdf
    with pikepdf.open(io.BytesIO(home)) as pdf:
        drawn = pikepdf.parse_content_stream(pdf.pages[2])
        assert "c" in {str(one.operator) for one in drawn}
    with pikepdf.open(io.BytesIO(letter.pdf)) as pdf:
        page = pdf.pages[2]
        assert b"Perforation" in page.Resources.XObject.S.read_bytes()
        # The scissors are the only thing on this page that has curves.
        drawn = pikepdf.parse_content_stream(page.Resources.XObject.P)
        assert "c" not in {str(one.operator) for one in drawn}


@pytest.mark.parametrize("layout", ["letter", "double-card"])
def test_the_kept_part_speaks_of_the_perforation_and_not_of_a_line(
    press_project: Path, layout: str
) -> None:
    said = {}
    for edition in ("home", "press"):
        pack = built(press_project, layout=layout, edition=edition)
        assert [str(one) for one in pack.findings if one.is_error] == []
        said[edition] = " ".join(" ".join(page_texts(pack.pdf)).split())
    assert "Tear along the dashed line." in said["home"]
    assert "perforation" not in said["home"]
    assert "Tear along the perforation." in said["press"]
    assert "dashed line" not in said["press"]


def test_the_same_input_gives_the_same_bytes(
    press_project: Path, tmp_path: Path, card: Pack
) -> None:
    # In another folder, with an empty cache.
    assert built(write_project(tmp_path), settings=SET).pdf == card.pdf
    assert built(press_project, settings=(("group", "Roma 13"), SET[1])).pdf != card.pdf


def test_no_more_ink_than_the_paper_takes(card: Pack, tmp_path: Path) -> None:
    poppler = shutil.which("pdftoppm")
    if poppler is None:
        pytest.skip("poppler is not installed, which measures the plates here")
    with pikepdf.open(io.BytesIO(card.pdf)) as pdf:
        page = pdf.pages[0]
        page.CropBox = page.BleedBox
        page.Contents = pdf.make_stream(b"/P Do")
        pdf.save(tmp_path / "bare.pdf")
    how = ("-jpegcmyk", "-jpegopt", "quality=100", "-r", "100", "-cropbox")
    subprocess.run([poppler, *how, tmp_path / "bare.pdf", tmp_path / "plates"], check=True)
    (plates,) = tmp_path.glob("plates*.jpg")
    with PIL.Image.open(plates) as image:
        assert image.mode == "CMYK"
        inks = image.tobytes()
    most = max(map(sum, zip(*(inks[at::4] for at in range(4)), strict=True)))
    # What the picture of the plates is rounded by: 2 of 255 a plate.
    assert 2 * 255 < most <= 3 * 255 + 8


def test_right_to_left_pages_are_as_sound(press_project: Path) -> None:
    pack = built(press_project, language="ar", allow_draft=True)
    assert [str(found) for found in pack.findings if found.is_error] == []
    assert pdfx.faults(pack.pdf) == []
    assert pdfx.colours_of_a_screen(pack.pdf) == []


@pytest.mark.parametrize("layout", ["letter", "labels"])
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_every_layout_can_be_pressed(press_project: Path, layout: str, paper: str) -> None:
    pack = built(press_project, layout=layout, paper=paper, language="ar")
    assert [str(found) for found in pack.findings if found.is_error] == []
    assert pdfx.faults(pack.pdf) == []


def test_who_is_named_must_have_agreed_and_pictures_must_be_free(bench: Bench) -> None:
    action = (bench.root / "content" / "river" / "action.yaml").read_text()
    write_action(bench.root, action=f"{action}people: [{{name: Mihri}}]\n")
    ran = bench.build("--edition", "press")
    assert ran.errors == ["missing-consent"]
    found = ran.only("missing-consent")
    assert (found["file"], found["line"]) == ("content/river/action.yaml", 14)
    assert found["message"] == "nothing says that 'Mihri' agreed to be named in print"
    assert "consent: …" in found["cure"]
    assert bench.build().errors == []


def test_a_picture_without_a_licence_is_not_pressed(bench: Bench) -> None:
    write_project(bench.root)
    file = bench.root / "content" / "river" / "action.yaml"
    file.write_text(file.read_text().replace(", licence: CC0", ""))
    found = bench.build("--layout", "card", "--edition", "press").only("missing-licence")
    assert found["line"] == 15
    assert found["message"] == "nothing says who may print the picture 'images/a.png'"
    assert "licence: …" in found["cure"]


def test_the_two_editions_do_not_write_over_each_other(bench: Bench) -> None:
    bench.build()
    bench.build("--edition", "press")
    names = sorted(path.name for path in (bench.root / "out").iterdir())
    assert names == ["river.en.letter.a4.pdf", "river.en.letter.a4.press.pdf"]


def test_a_ground_that_ends_at_the_edge_is_found(press_project: Path, tmp_path: Path) -> None:
    short = STYLE.replace("left: var(--edge); right: var(--edge)", "left: 0; right: -1mm")
    root = write_project(tmp_path, style=short)
    found = [one for one in built(root).findings if one.code == "short-bleed"]
    assert [(one.place.page, one.message) for one in found] == [
        (1, "there is a drawing that runs 0.0 mm off the left edge of the page"),
        (1, "there is a drawing that runs 1.0 mm off the right edge of the page"),
    ]
    assert found[0].cure == ("let it run 3 mm off: var(--edge) is how far from the edge it ends")


def test_an_edge_that_nothing_reaches_is_found(tmp_path: Path) -> None:
    root = write_project(
        tmp_path, style=STYLE.replace("top: var(--edge); height", "top: 9mm; height")
    )
    (found,) = [one for one in built(root).findings if one.code == "short-bleed"]
    assert found.message == (
        "nothing runs off the top edge of the page, where the layout says it bleeds"
    )


def test_ink_beyond_an_edge_that_does_not_bleed_is_found(tmp_path: Path) -> None:
    layout = LAYOUT.replace('bleeds = ["start", "end", "top", "bottom"]', 'bleeds = ["top"]')
    codes = {one.code for one in built(write_project(tmp_path, layout=layout)).findings}
    assert "unsafe-margin" in codes
    assert "short-bleed" not in codes


@pytest.mark.parametrize(
    ("wrong", "message", "cure"),
    [
        ("bleed = 30", "'bleed' is 30 mm, and a press takes from 0 to 6 mm", "write 3"),
        ('bleeds = ["lefd"]', "'lefd' is no edge of a page", "did you mean 'left'?"),
    ],
)
def test_a_wrong_bleed_is_named_with_its_line(
    bench: Bench, wrong: str, message: str, cure: str
) -> None:
    key = wrong.partition(" ")[0]
    lines = [wrong if line.startswith(f"{key} =") else line for line in LAYOUT.split("\n")]
    write_project(bench.root, layout="\n".join(lines))
    found = bench.build("--layout", "card", "--edition", "press").only("bad-value")
    assert found["message"] == message
    assert cure in found["cure"]
    assert found["line"] == lines.index(wrong) + 1
