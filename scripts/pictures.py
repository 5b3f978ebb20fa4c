"""Make the pictures of real pages that the README and the docs show.

    python scripts/pictures.py

Lays the printed sides of the seed's pack next to each other in docs/pictures/pack.png, and draws
every window in docs/pictures/windows.png.
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
GREY = (214, 214, 214)


def main() -> None:
    """Draw every picture anew."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    pack_side_by_side().quantize(64).save(PICTURES / "pack.png", optimize=True)
    (windows,) = pages_of(draw_windows(), WINDOWS_DPI)
    windows.quantize(16).save(PICTURES / "windows.png", optimize=True)


def pack_side_by_side() -> Image.Image:
    """The seed's pack, its printed sides alone."""
    day = date(2027, 1, 1)
    with Workshop(Project(root=ROOT)) as workshop:
        pack = workshop.pack(
            Request(action="china-uyghur-families", sender_country="IT"),
            Today(here=day, where_it_ends_last=day),
        )
    pages = pages_of(pack.pdf, DPI)
    printed = [page for page in pages if min(page.convert("L").tobytes()) < 255]
    width = sum(page.width + GAP_PX for page in printed) + GAP_PX
    sheet = Image.new("RGB", (width, printed[0].height + 2 * GAP_PX), GREY)
    left = GAP_PX
    for page in printed:
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
