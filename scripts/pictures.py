"""Make the pictures of real pages that the README and the docs show.

    python scripts/pictures.py

Builds the seed's pack and lays its printed sides next to each other in docs/pictures/pack.png.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pypdfium2
from PIL import Image

from actionpack.pack import Request, Today
from actionpack.project import Project
from actionpack.workshop import Workshop

ROOT = Path(__file__).resolve().parents[1]
# Enough to read the headings on a screen, and small enough for a repository.
DPI = 64
GAP_PX = 10
GREY = (214, 214, 214)


def main() -> None:
    """Build, rasterise, and put the pages side by side."""
    day = date(2027, 1, 1)
    with Workshop(Project(root=ROOT)) as workshop:
        pack = workshop.pack(
            Request(action="china-uyghur-families", sender_country="IT"),
            Today(here=day, where_it_ends_last=day),
        )
    pages = [
        page.render(scale=DPI / 72).to_pil().convert("RGB")
        for page in pypdfium2.PdfDocument(pack.pdf)
    ]
    printed = [page for page in pages if min(page.convert("L").tobytes()) < 255]
    width = sum(page.width + GAP_PX for page in printed) + GAP_PX
    sheet = Image.new("RGB", (width, printed[0].height + 2 * GAP_PX), GREY)
    left = GAP_PX
    for page in printed:
        sheet.paste(page, (left, GAP_PX))
        left += page.width + GAP_PX
    target = ROOT / "docs" / "pictures" / "pack.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    sheet.quantize(64).save(target, optimize=True)


if __name__ == "__main__":
    main()
