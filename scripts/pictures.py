"""Make the pictures of real pages that the README and the docs show.

    python scripts/pictures.py

Lays the printed sides of the seed's pack next to each other in docs/pictures/pack.png, and draws
every window in docs/pictures/windows.png, and sheets with their marks in docs/pictures/sheets.png.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pypdfium2
from PIL import Image

from actionpack.pack import Request, Today
from actionpack.picturing import draw_windows
from actionpack.project import Project
from actionpack.workshop import Workshop

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
# Enough to read the headings on a screen, and small enough for a repository.
DPI = 64
WINDOWS_DPI = 90
GAP_PX = 10
DAY = date(2027, 1, 1)
# The schemes that are shown, on which sheet, and how many sides of each.
SHEETS = (("1x2", "a3", 2), ("repeat-2x1", "sra3", 1), ("booklet", "sra3", 2), ("tile", "a5", 4))
SHEETS_DPI = 22
GREY = (214, 214, 214)


def main() -> None:
    """Draw every picture anew."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    pack_side_by_side().quantize(64).save(PICTURES / "pack.png", optimize=True)
    (windows,) = pages_of(draw_windows(), WINDOWS_DPI)
    windows.quantize(16).save(PICTURES / "windows.png", optimize=True)
    sheets_side_by_side().quantize(32).save(PICTURES / "sheets.png", optimize=True)


def sheets_side_by_side() -> Image.Image:
    """Some sheets of the seed's pack, one scheme after the other."""
    shown: list[Image.Image] = []
    with Workshop(Project(root=ROOT)) as workshop:
        for scheme, sheet, sides in SHEETS:
            request = Request(
                action="china-uyghur-families", sender_country="IT", impose=scheme, sheet=sheet
            )
            pack = workshop.pack(request, Today(here=DAY, where_it_ends_last=DAY))
            shown += pages_of(pack.pdf, SHEETS_DPI)[:sides]
    return beside(shown)


def pack_side_by_side() -> Image.Image:
    """The seed's pack, its printed sides alone."""
    with Workshop(Project(root=ROOT)) as workshop:
        pack = workshop.pack(
            Request(action="china-uyghur-families", sender_country="IT"),
            Today(here=DAY, where_it_ends_last=DAY),
        )
    pages = pages_of(pack.pdf, DPI)
    return beside([page for page in pages if inked(page)])


def inked(page: Image.Image) -> bool:
    """Whether anything stands on a page."""
    return min(page.convert("L").tobytes()) < 255


def beside(pages: list[Image.Image]) -> Image.Image:
    """Pages next to each other on grey."""
    width = sum(page.width + GAP_PX for page in pages) + GAP_PX
    sheet = Image.new("RGB", (width, max(page.height for page in pages) + 2 * GAP_PX), GREY)
    left = GAP_PX
    for page in pages:
        sheet.paste(page, (left, GAP_PX))
        left += page.width + GAP_PX
    return sheet


def pages_of(pdf: bytes, dpi: int) -> list[Image.Image]:
    """Every page as a screen shows it."""
    return [
        page.render(scale=dpi / 72).to_pil().convert("RGB") for page in pypdfium2.PdfDocument(pdf)
    ]


if __name__ == "__main__":
    main()
