"""Lines for a tool are on a plate of their own and on none of the four, as poppler makes plates.

With `-overprint` it paints plate by plate, those of spot colours too, and mixes them at the end
by how each spot colour looks. So what changes when nothing but that look does is the spot's plate;
and where spots look like nothing, what is left are the four.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import PIL.Image
import PIL.ImageChops
import pytest
from presses import built

from actionpack.geometry import Box

MM = 72 / 25.4
# Four pixels a millimetre.
_PER_MM = 4
_NOTHING, _SOLID = (0, 0, 0, 0), (0, 0, 0, 1)
_PLATES = ("Cyan", "Magenta", "Yellow", "Black")
Change = Callable[[pikepdf.Pdf], None]


@pytest.fixture(scope="module", autouse=True)
def poppler() -> str:
    found = shutil.which("pdftoppm")
    if found is None:
        pytest.skip("poppler is not installed, which makes the plates here")
    return found


@pytest.fixture(scope="module")
def page(press_project: Path) -> bytes:
    """A card of 210 × 297 mm that is folded at 100 and perforated at 150, on a ground of ink."""
    return on_ink(built(press_project).pdf)


@pytest.fixture(scope="module")
def sheet(press_project: Path) -> bytes:
    """The card twice on SRA3, on its side: its head is at the right, 308.5 mm from the left."""
    return on_ink(built(press_project, impose="repeat-1x2", sheet="sra3").pdf)


def on_ink(pdf: bytes) -> bytes:
    """A page whose middle is covered with all four inks, so that whatever takes of them shows."""

    def change(file: pikepdf.Pdf) -> None:
        held = file.pages[0].Resources.XObject
        drawing = held.P if "/P" in held else held.P1.Resources.XObject.P
        top = 297 * MM
        ground = f"q 0.2 0.3 0.1 0.4 k 0 {top - 170 * MM} {210 * MM} {90 * MM} re f Q"
        drawing.write(drawing.read_bytes() + f"\n{ground}\n".encode())

    return changed(pdf, change)


def changed(pdf: bytes, *changes: Change) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        for change in changes:
            change(file)
        out = io.BytesIO()
        file.save(out)
    return out.getvalue()


def tools(file: pikepdf.Pdf) -> Any:
    """What the lines of the first page are drawn with: its form for them, or the side itself."""
    page = file.pages[0]
    return page.Resources.XObject.get("/S", page)


def looking(**looks: tuple[int, ...]) -> Change:
    """Let spot colours look like some inks, where a plate of theirs is mixed with the four."""

    def change(file: pikepdf.Pdf) -> None:
        for space in tools(file).Resources.ColorSpace.values():
            name = str(space[1]).removeprefix("/")
            if name != "All":
                space[3].C1 = pikepdf.Array(looks.get(name, _NOTHING))

    return change


def drawn(change: Callable[[bytes], bytes]) -> Change:
    """Change the operators that draw the lines."""

    def spoil(file: pikepdf.Pdf) -> None:
        held = tools(file)
        stream = held if isinstance(held, pikepdf.Stream) else held.Contents
        before = stream.read_bytes()
        head, tag, lines = before.rpartition(b"/ProcessingSteps BMC\n")
        assert change(lines) != lines
        stream.write(head + tag + change(lines))

    return spoil


def without_lines(lines: bytes) -> bytes:
    return b"EMC\n" if lines.endswith(b"EMC\nEMC\n") else b""


def plates(poppler: str, pdf: bytes, folder: Path) -> tuple[PIL.Image.Image, ...]:
    """The four plates of the first page, with spots as they look: 255 is solid."""
    folder.mkdir(exist_ok=True)
    (folder / "one.pdf").write_bytes(pdf)
    # It says that the quality is of no use here, and heeds it.
    how = ("-overprint", "-jpegcmyk", "-jpegopt", "quality=100", "-r", str(_PER_MM * 25.4))
    subprocess.run([poppler, *how, folder / "one.pdf", folder / "plates"], check=True)
    (file,) = folder.glob("plates*.jpg")
    with PIL.Image.open(file) as image:
        assert image.mode == "CMYK"
        return image.split()


def differing(
    ones: tuple[PIL.Image.Image, ...], others: tuple[PIL.Image.Image, ...], inside: Box
) -> dict[str, Box]:
    """The plates that differ inside of a box, and round what, mm: by more than JPEG does."""
    left, top, right, bottom = (
        round(edge * _PER_MM) for edge in (inside.left, inside.top, inside.right, inside.bottom)
    )
    found = {}
    for name, one, other in zip(_PLATES, ones, others, strict=True):
        difference = PIL.ImageChops.difference(one, other).crop((left, top, right, bottom))
        edges = difference.point(lambda value: 255 * (value > 16)).getbbox()
        if edges is not None:
            x1, y1, x2, y2 = (edge / _PER_MM for edge in edges)
            found[name] = Box.between(x1, y1, x2, y2).moved(inside.x, inside.y)
    return found


# The page within its bleed, 15 − 3 mm from the edges of the paper, and the block of cards within
# theirs. A pixel less: in that at the end of a mark and the start of a line both are half there.
PAGE = Box(12, 12, 216, 303).inset(1 / _PER_MM)
SHEET = Box(8.5, 9, 303, 432).inset(1 / _PER_MM)
# Folds and tears from edge to edge: at 15 + 100 and 15 + 150 mm of the page's paper, and 308.5 less
# 100 and 150 of the sheet.
LINES = {
    ("page", "Fold"): Box(12, 115, 216, 0),
    ("page", "Perforation"): Box(12, 165, 216, 0),
    ("sheet", "Fold"): Box(208.5, 9, 0, 432),
    ("sheet", "Perforation"): Box(158.5, 9, 0, 432),
}


@pytest.mark.parametrize("kind", ["page", "sheet"])
@pytest.mark.parametrize("step", ["Fold", "Perforation"])
def test_a_line_stands_on_its_own_plate_and_nothing_else_does(
    poppler: str, request: pytest.FixtureRequest, tmp_path: Path, kind: str, step: str
) -> None:
    pdf: bytes = request.getfixturevalue(kind)
    everywhere = Box(0, 0, 240, 327) if kind == "page" else Box(0, 0, 320, 450)
    blank = plates(poppler, changed(pdf, looking()), tmp_path / "blank")
    solid = plates(poppler, changed(pdf, looking(**{step: _SOLID})), tmp_path / "solid")
    found = differing(solid, blank, everywhere)
    assert list(found) == ["Black"]
    line = LINES[kind, step]
    # The marks in the colour All stand on every plate, and are as black without it. The line is
    # half a point wide, and dashed: it may end with a gap of 2 pt.
    assert line.inset(-0.6).contains(found["Black"])
    assert found["Black"].contains(line, slack=1)


@pytest.mark.parametrize(("kind", "inside"), [("page", PAGE), ("sheet", SHEET)])
def test_lines_put_no_ink_on_the_four_plates_and_take_none_off(
    poppler: str, request: pytest.FixtureRequest, tmp_path: Path, kind: str, inside: Box
) -> None:
    pdf: bytes = request.getfixturevalue(kind)
    lines = plates(poppler, changed(pdf, looking()), tmp_path / "lines")
    none = plates(poppler, changed(pdf, looking(), drawn(without_lines)), tmp_path / "none")
    assert differing(lines, none, inside) == {}


def in_black(lines: bytes) -> bytes:
    return lines.replace(b"/SeparationPerforation CS 1 SCN", b"0 0 0 1 K")


def knocking_out(lines: bytes) -> bytes:
    return lines.replace(b"/Overprint gs", b"")


@pytest.mark.parametrize(
    ("spoil", "wrong"),
    [(in_black, {"Black"}), (knocking_out, {"Cyan", "Magenta", "Yellow", "Black"})],
)
@pytest.mark.parametrize(("kind", "inside"), [("page", PAGE), ("sheet", SHEET)])
def test_a_line_that_is_printed_or_takes_ink_away_would_show(
    poppler: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    kind: str,
    inside: Box,
    spoil: Callable[[bytes], bytes],
    wrong: set[str],
) -> None:
    pdf: bytes = request.getfixturevalue(kind)
    spoilt = plates(poppler, changed(pdf, looking(), drawn(spoil)), tmp_path / "spoilt")
    none = plates(poppler, changed(pdf, looking(), drawn(without_lines)), tmp_path / "none")
    assert set(differing(spoilt, none, inside)) == wrong
