"""Drawings of what there is: every window to scale."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from projects import Bench, page_texts

from actionpack.paper import envelopes
from actionpack.picturing import draw_windows
from actionpack.postal import windows
from actionpack.units import pt_to_mm


def test_every_window_is_on_the_page_with_its_name_and_its_source() -> None:
    (page,) = page_texts(draw_windows())
    # A line may be broken behind a hyphen, for which the reader has a sign of its own.
    told = "".join(filter(str.isalnum, page))
    for window in windows().values():
        assert window.name in page
        assert "".join(filter(str.isalnum, window.source)) in told
    assert page.count("not verified: try one envelope first") == 2


def test_the_window_of_each_envelope_is_drawn_at_a_quarter_of_its_size() -> None:
    page = pypdfium2.PdfDocument(draw_windows())[0]
    # Strokes are as much as 1 mm wide at full size, and bounds hold the stroke.
    drawn = set()
    for thing in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH], max_depth=4):
        left, bottom, right, top = thing.get_bounds()
        drawn.add((round(pt_to_mm(right - left) * 4), round(pt_to_mm(top - bottom) * 4)))
    near = {(width + dx, height + dy) for width, height in drawn for dx in (-2, -1, 0, 1, 2)
            for dy in (-2, -1, 0, 1, 2)}  # fmt: skip
    for window in windows().values():
        size = envelopes()[window.envelope].size
        assert (round(size.width), round(size.height)) in near, window.envelope
        if not window.plain:
            assert (round(window.hole.width), round(window.hole.height)) in near, window.name


@pytest.mark.parametrize(("name", "begins"), [("w.png", b"\x89PNG"), ("w.pdf", b"%PDF")])
def test_the_picture_is_a_png_or_a_pdf_by_its_name(bench: Bench, name: str, begins: bytes) -> None:
    ran = bench.run("list", "windows", "--picture", name)
    assert (ran.code, ran.files) == (0, (Path(name),))
    assert Path(name).read_bytes().startswith(begins)
    assert ran.items[0]["name"] == "din-5008-a"


def test_the_picture_is_large_enough_to_read(bench: Bench) -> None:
    bench.run("list", "windows", "--picture", "w.png")
    with Image.open("w.png") as image:
        assert image.width >= 1600


@pytest.mark.parametrize(
    ("arguments", "message", "cure"),
    [
        (("windows", "--picture", "w.gif"), "'w.gif' is the name of no picture",
         "end it in .png or .pdf"),
        (("papers", "--picture", "p.png"), "there is no picture of papers", "list windows"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_told(
    bench: Bench, arguments: tuple[str, ...], message: str, cure: str
) -> None:
    ran = bench.run("list", *arguments)
    assert ran.code == 2
    found = ran.only("bad-value")
    assert (found["message"], found["cure"]) == (message, cure)
