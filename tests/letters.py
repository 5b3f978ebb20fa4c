"""Small PDFs that others might have made, written operator by operator.

Lengths are millimetres from the top left corner of the page as it is stored; text is Helvetica,
which is not inside the file, as in most letters that a word processor of an office prints.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pikepdf

PT = 72 / 25.4
A4 = (210.0, 297.0)
ADDRESS = ("Queen Elizabeth", "Buckingham Palace", "London", "SW1 1AA")
# Where the lines of an address begin that a British service takes, at 11 pt on 13 pt.
LEFT, TOP = 25.0, 41.0
PITCH = 13 / PT


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: float = 11,
    height: float = 297,
    mode: int = 0,
    colour: str = "0 g",
) -> str:
    """Operators for one line of text whose baseline stands `size` below y."""
    said = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    down = (height - y) * PT - size
    return f"q {colour} BT /F {size} Tf {mode} Tr {x * PT:.3f} {down:.3f} Td ({said}) Tj ET Q"


def lines(x: float, y: float, words: Sequence[str], *, size: float = 11, **more: Any) -> str:
    """Operators for lines below each other."""
    pitch = size * 13 / 11 / PT
    return " ".join(
        text(x, y + at * pitch, line, size=size, **more) for at, line in enumerate(words)
    )


def box(
    x: float, y: float, width: float, height: float, *, colour: str = "0 g", page: float = 297
) -> str:
    """Operators for a filled rectangle."""
    return (
        f"q {colour} {x * PT:.3f} {(page - y - height) * PT:.3f} "
        f"{width * PT:.3f} {height * PT:.3f} re f Q"
    )


BODY = lines(20, 100, ("Dear Sir or Madam,", "please release the prisoners.", "Yours faithfully"))


def address(words: Sequence[str] = ADDRESS, **more: Any) -> str:
    return lines(LEFT, TOP, words, **more)


def letter(words: Sequence[str] = ADDRESS) -> str:
    """The first page of a letter that a British service takes."""
    return f"{address(words)} {BODY}"


def pdf(
    *contents: str | bytes,
    size: tuple[float, float] = A4,
    rotate: int | None = None,
    crop: Sequence[float] | None = None,
    information: bool = True,
) -> bytes:
    """A file of some pages, each from its operators."""
    with pikepdf.new() as file:
        for content in contents:
            page = file.add_blank_page(page_size=(size[0] * PT, size[1] * PT))
            data = content if isinstance(content, bytes) else content.encode("latin-1", "replace")
            page.Contents = file.make_stream(data)
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=helvetica()))
            if rotate is not None:
                page.Rotate = rotate
            if crop is not None:
                page.CropBox = pikepdf.Array([side * PT for side in crop])
        if information:
            file.docinfo["/Title"] = "Letter"
        return saved(file)


def helvetica() -> pikepdf.Dictionary:
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )


def with_image(
    pdf_file: bytes,
    at: tuple[float, float, float, float],
    *,
    page: int = 1,
    space: str = "DeviceRGB",
    pixels: bytes | None = None,
    side: int = 200,
) -> bytes:
    """The file with a picture on one of its pages: x, y, width, height in mm."""
    channels = {"DeviceRGB": 3, "DeviceCMYK": 4, "DeviceGray": 1}[space]
    with pikepdf.open(io.BytesIO(pdf_file)) as file:
        target = file.pages[page - 1]
        image = pikepdf.Stream(file, pixels or bytes(range(200)) * (side * side * channels // 200))
        image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        image.Width = image.Height = side
        image.BitsPerComponent, image.ColorSpace = 8, pikepdf.Name(f"/{space}")
        target.Resources.XObject = pikepdf.Dictionary(Im=file.make_indirect(image))
        x, y, width, height = (length * PT for length in at)
        operators = f"q {width} 0 0 {height} {x} {297 * PT - y - height} cm /Im Do Q"
        target.contents_add(operators.encode())
        return saved(file)


def saved(file: pikepdf.Pdf, **how: Any) -> bytes:
    out = io.BytesIO()
    file.save(out, deterministic_id="encryption" not in how, **how)
    return out.getvalue()
