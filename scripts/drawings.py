"""Make the pictures of the example action from its drawings.

    python scripts/drawings.py

Each `content/ombrovia-paper-boats/images/*.svg` becomes a JPEG of the same name and of
the pixels that it names, beside it. 1920 pixels are 400 dpi across the column that holds a picture.
"""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import Image
from weasyprint import HTML

DRAWINGS = Path(__file__).resolve().parents[1] / "content" / "ombrovia-paper-boats" / "images"
# Drawn larger and made smaller: edges are softer than the rasteriser's own.
OVERSAMPLED = 2
JPEG_QUALITY = 86


def main() -> None:
    """Rasterise each drawing."""
    for drawing in sorted(DRAWINGS.glob("*.svg")):
        rasterised(drawing).save(
            drawing.with_suffix(".jpg"), quality=JPEG_QUALITY, optimize=True, subsampling=0
        )


def rasterised(drawing: Path) -> Image.Image:
    """An SVG file as pixels, by way of a PDF page of its size."""
    svg = drawing.read_text(encoding="utf-8")
    size = re.search(r' width="(\d+)" height="(\d+)"', svg)
    if size is None:
        raise SystemExit(f"{drawing}: the drawing has no width and height; write both in pixels")
    width, height = int(size[1]), int(size[2])
    page = (
        f"<style>@page {{ size: {width}px {height}px; margin: 0 }}"
        "body { margin: 0 } img { display: block }</style>"
        f'<img src="{drawing.name}" width="{width}" height="{height}">'
    )
    pdf = HTML(string=page, base_url=str(drawing)).write_pdf()
    # A CSS pixel is 0.75 pt, and a page is rasterised at one pixel for each point.
    scale = OVERSAMPLED / 0.75
    with BytesIO(pdf) as file:
        large: Image.Image = (
            pypdfium2.PdfDocument(file)[0].render(scale=scale).to_pil().convert("RGB")
        )
    return large.resize((width, height), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main()
