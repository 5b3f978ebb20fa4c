"""The contact sheet of a kit: every page of every file, small."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from PIL import Image, ImageChops
from projects import Bench, page_texts, words, write_action

from actionpack.contact import Shown, draw_contact_sheet
from actionpack.diagnostics import finding
from actionpack.pack import Gates, Pack

DAY = date(2026, 1, 2)


def pack(pdf: bytes, *, name: str = "river.en.letter.a4.pdf", wrong: str | None = None) -> Pack:
    gates = Gates(file="action.yaml", stopped=None, embargo=None, act_by=None, lines=())
    found = (finding("overflow", wrong),) if wrong else ()
    return Pack(name=name, duplex=True, pdf=pdf, findings=found, gates=gates)


def blank(pages: int, width: float = 595, height: float = 842) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(width, height)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pictures(pdf: bytes) -> list[tuple[float, float]]:
    """The pictures of a file, width and height in points."""
    found = []
    for page in pypdfium2.PdfDocument(pdf):
        for thing in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4):
            left, bottom, right, top = thing.get_bounds()
            found.append((right - left, top - bottom))
    return found


def test_the_whole_kit_is_shown_page_by_page(bench: Bench) -> None:
    write_action(bench.root)
    ran = bench.run("build", "river", "--layout", "all", "-o", "kit")
    assert ran.code == 0
    sheets = [path for path in ran.files if "contact-sheet" in path.name]
    assert [path.suffix for path in sheets] == [".pdf", ".png"]
    files = [path for path in ran.files if path not in sheets]
    pages = sum(len(pypdfium2.PdfDocument(path)) for path in files)
    pdf = sheets[0].read_bytes()
    assert len(pictures(pdf)) == pages
    assert pypdfium2.PdfDocument(pdf)[0].get_size() == pytest.approx((595.3, 841.9), abs=0.1)
    told = " ".join(page_texts(pdf))
    assert all(path.name in told.replace("￾", "-") for path in files)
    with Image.open(sheets[1]) as picture:
        inked = ImageChops.invert(picture.convert("L")).getbbox()
    assert inked is not None


def test_what_could_not_be_made_is_named_on_the_sheet(bench: Bench) -> None:
    write_action(bench.root, sections={"letter": words(120)})
    ran = bench.run("build", "river", "--layout", "all", "-o", "kit")
    assert ran.code == 1
    (sheet,) = [path for path in ran.files if path.name.endswith("contact-sheet.pdf")]
    told = page_texts(sheet.read_bytes())[0].replace("￾", "-")
    assert "Could not be made, and is not here: double-card, postcard." in told


def test_what_could_not_be_put_in_its_place_is_named_and_not_shown(bench: Bench) -> None:
    write_action(bench.root)
    (bench.root / "kit").mkdir()
    (bench.root / "kit" / "river.en.labels.a4.pdf").write_text("no PDF")
    ran = bench.run("build", "river", "--layout", "all", "-o", "kit")
    assert ran.errors == ["exists"]
    (sheet,) = [path for path in ran.files if path.name.endswith("contact-sheet.pdf")]
    told = page_texts(sheet.read_bytes())[0].replace("￾", "-")
    assert "Could not be made, and is not here: labels." in told
    assert "river.en.labels" not in told


def test_one_layout_has_no_contact_sheet(bench: Bench) -> None:
    write_action(bench.root)
    assert len(bench.run("build", "river").files) == 1


def test_each_language_has_its_own(bench: Bench) -> None:
    write_action(bench.root)
    write_action(bench.root, tag="fr", fields={"status": "draft"})
    languages = ("--lang", "en", "--lang", "fr", "--allow-draft")
    ran = bench.run("build", "river", "--layout", "all", *languages, "-o", "kit")
    # A draft is one however many layouts print it.
    assert ran.codes.count("draft-translation") == 1
    assert {path.name for path in ran.files if "contact" in path.name} == {
        f"river.{tag}.contact-sheet.{ending}" for tag in ("en", "fr") for ending in ("pdf", "png")
    }


def test_a_kit_that_is_not_the_usual_one_leaves_its_contact_sheet_alone(bench: Bench) -> None:
    write_action(bench.root)
    asked = ("--large-print", "--paper", "letter")
    ran = bench.run("build", "river", "--layout", "all", *asked, "-o", "kit")
    names = {path.name for path in ran.files if "contact" in path.name}
    assert names == {
        f"river.en.contact-sheet.letter.large-print.{ending}" for ending in ("pdf", "png")
    }
    (pdf,) = (
        path
        for path in ran.files
        if path.name.endswith("large-print.pdf") and "contact" in path.name
    )
    sheet = next(path for path in ran.files if "contact-sheet" in path.name)
    (sizes,) = {page.get_size() for page in pypdfium2.PdfDocument(sheet)}
    assert sizes == pytest.approx((612, 792), abs=0.1)  # US Letter, as what it shows
    assert "river, en, letter, large-print" in page_texts(pdf.read_bytes())[0].replace("￾", "-")


def test_pages_keep_their_shape_and_wide_ones_are_no_larger() -> None:
    sizes = [(595.0, 842.0), (842.0, 595.0), (298.0, 420.0), (1191.0, 842.0)]
    shown = [Shown(pack=pack(blank(1, *size)), how="on one side") for size in sizes]
    found = pictures(draw_contact_sheet("kit", shown, DAY))
    for (width, height), (across, down) in zip(sizes, found, strict=True):
        assert abs(across / down - width / height) < 0.03
        assert across <= 28.5 * 72 / 25.4
        assert down <= 40.3 * 72 / 25.4


def test_a_file_that_is_not_fit_for_print_says_so() -> None:
    shown = [Shown(pack=pack(blank(1), wrong="the title is cut"), how="on one side")]
    (text,) = page_texts(draw_contact_sheet("kit", shown, DAY))
    assert "Not fit for print: the title is cut" in text


def test_what_is_not_shown_of_a_long_file_is_counted() -> None:
    shown = [Shown(pack=pack(blank(64)), how="on both sides")]
    pdf = draw_contact_sheet("kit", shown, DAY)
    assert len(pictures(pdf)) == 60
    assert "4 more pages are not shown" in page_texts(pdf)[0]


def test_the_same_kit_has_the_same_bytes(tmp_path: Path) -> None:
    shown = [Shown(pack=pack(blank(2)), how="on one side")]
    assert draw_contact_sheet("kit", shown, DAY) == draw_contact_sheet("kit", shown, DAY)
