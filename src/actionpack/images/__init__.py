"""A picture from anywhere into one that prints: upright, RGB or grey, no larger than needed.

Gate: Pillow. Everything but the pixels is left behind (EXIF, XMP, IPTC, colour profiles), since
it would travel in the PDF with where a photograph was taken and by whom. Same picture, same bytes.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from actionpack.diagnostics import Place, Rejected, finding
from actionpack.geometry import Size
from actionpack.units import MM_PER_INCH

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF")
# Decoded, 60 million pixels are 180 MB; no camera that people carry makes more.
MOST_PIXELS = 60_000_000
# A progressive JPEG is decoded once for each of its scans. Cameras and encoders write about ten.
MOST_SCANS = 100
_START_OF_SCAN = b"\xff\xda"
# Finer than a printer's screen shows.
FINEST_DPI = 300
JPEG_QUALITY = 88
# More colours than a drawing has with its softened edges, and fewer than a photograph in colour.
MOST_LINE_ART_COLOURS = 1024
# What sharp lines may cost: as PNG, a photograph in grey is five times as large as JPEG.
PNG_PER_JPEG = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A picture as it prints: JPEG or PNG, and its size on paper."""

    data: bytes
    size_mm: Size


def fit(data: bytes, *, box_mm: Size, label: Place) -> Fitted:
    """Make a picture as large as `box_mm` allows, its proportions kept.

    Raises Rejected (`bad-file`) when it is no picture, cut off, or too large to decode.
    """
    if box_mm.width <= 0 or box_mm.height <= 0:
        raise Rejected(finding("layout-fault", "the layout leaves no room for a picture", label))
    with _damage_told(label):
        image = _flattened(_upright(_opened(data, label)))
    size = _fitted(image.width, image.height, box_mm)
    if image.width / size.width * MM_PER_INCH > FINEST_DPI:
        image = _resampled(image, size)
    return Fitted(
        data=_encoded(image),
        size_mm=size,
    )


# ------------------------------------------------------------------------------------- decoding


@contextmanager
def _damage_told(label: Place) -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            # What Pillow only warns of is in the metadata, which is left behind anyway.
            warnings.simplefilter("ignore")
            yield
    except Rejected:
        raise
    # A damaged picture can make a decoder raise anything.
    except Exception as error:
        raise Rejected(
            finding(
                "bad-file",
                f"the picture is damaged, or none that can be read ({_first_words(error)})",
                label,
                cure="save it again as JPEG or PNG",
            )
        ) from error


def _first_words(error: Exception) -> str:
    # Pillow names the buffer it read from, by its address in memory.
    return str(error).partition("<")[0].strip()[:80] or type(error).__name__


def _opened(data: bytes, label: Place) -> Image:
    """Read a picture's header, and refuse it when decoding would take too much."""
    import PIL.Image

    try:
        image = PIL.Image.open(io.BytesIO(data), formats=FORMATS)
    except PIL.Image.DecompressionBombError as error:
        raise _too_large(f"more than {MOST_PIXELS // 1_000_000} million pixels", label) from error
    if image.width * image.height > MOST_PIXELS:
        raise _too_large(f"more than {MOST_PIXELS // 1_000_000} million pixels", label)
    if image.format == "JPEG" and data.count(_START_OF_SCAN) > MOST_SCANS:
        raise _too_large(f"more than {MOST_SCANS} scans", label)
    return image


def _too_large(what: str, label: Place) -> Rejected:
    return Rejected(
        finding("bad-file", f"the picture has {what}", label, cure="save it again, smaller")
    )


def _upright(image: Image) -> Image:
    """Turn the picture as its camera was held."""
    import PIL.ImageOps

    # Damaged EXIF is no reason to refuse a sound picture.
    with suppress(SyntaxError, ValueError, KeyError, TypeError):
        return PIL.ImageOps.exif_transpose(image)
    return image


def _flattened(image: Image) -> Image:
    """The picture in RGB or grey, on white where it was transparent."""
    import PIL.Image

    if image.mode.startswith(("I", "F")):
        # 16 bits a pixel: Pillow would cut at 255 what it should divide by 257.
        image = image.convert("F").point(lambda value: value / 257).convert("L")
    if image.has_transparency_data:
        over = image.convert("RGBA")
        grey = image.mode in ("LA", "La", "L", "1")
        image = PIL.Image.new("RGBA", image.size, "white")
        image.alpha_composite(over)
        return image.convert("L" if grey else "RGB")
    if image.mode in ("1", "L"):
        return image.convert("L")
    return _in_srgb(image)


def _in_srgb(image: Image) -> Image:
    """A colour picture in sRGB: its own profile is used once and then left behind."""
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK"):
        from PIL import ImageCms

        with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(
                image, own, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            if turned is not None:
                return turned
    return image.convert("RGB")


# -------------------------------------------------------------------------------------- printing


def _fitted(width_px: int, height_px: int, box: Size) -> Size:
    """The largest size of these proportions inside a box, mm."""
    scale = min(box.width / width_px, box.height / height_px)
    return Size(width_px * scale, height_px * scale)


def _resampled(image: Image, size: Size) -> Image:
    import PIL.Image

    pixels = tuple(max(1, round(mm / MM_PER_INCH * FINEST_DPI)) for mm in (size.width, size.height))
    return image.resize(pixels, PIL.Image.Resampling.LANCZOS, reducing_gap=3.0)


def _encoded(image: Image) -> bytes:
    """JPEG, or PNG when the picture has few colours and that does not make it much larger."""
    image = _greyed(image)
    # Pillow would write what a picture still knows of its old file.
    image.info = {}
    photo = io.BytesIO()
    image.save(photo, "JPEG", quality=JPEG_QUALITY, optimize=True)
    if image.getcolors(MOST_LINE_ART_COLOURS) is None:
        return photo.getvalue()
    drawing = io.BytesIO()
    image.save(drawing, "PNG", optimize=True)
    few_bytes = drawing.tell() <= PNG_PER_JPEG * photo.tell()
    return (drawing if few_bytes else photo).getvalue()


def _greyed(image: Image) -> Image:
    """A picture without colour in grey."""
    from PIL import ImageChops

    if image.mode == "L":
        return image
    red, green, blue = image.split()
    same = not any(ImageChops.difference(red, other).getbbox() for other in (green, blue))
    return red if same else image


# -------------------------------------------------------------------------- pictures of pages

# A picture of pages is no larger than this either way, px, and a page no wider than that.
MOST_PICTURE_PX = 4000
_WIDEST_PAGE_PX = 900
_GAP_PX, _CAPTION_PX, _LINE_PX, _TYPE_PX = 36, 40, 30, 21
# The ground is lighter than ink and darker than paper, so that a page has an edge.
_GROUND, _INK = (225, 228, 232), (25, 25, 25)
_MOST_LEGEND = 30
# Before every line of a text but its first, so that one sees where the next text begins.
_HANGING = " " * 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A box on a page, px, as it is drawn: told apart by its dashes, on paper without colour too.

    `dashes`: px of line and of gap, in turns; () is one line without gaps. `tag` stands at its
    corner, `label` inside of it.
    """

    left: float
    top: float
    right: float
    bottom: float
    colour: tuple[int, int, int]
    dashes: tuple[int, ...] = ()
    width: int = 2
    tag: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPage:
    """A page's pixels, row by row, what is drawn on it, and what is written below it.

    A pixel is one byte of grey, or, when `coloured`, three: red, green and blue.
    """

    pixels: bytes
    width: int
    height: int
    coloured: bool = False
    caption: str
    outlines: tuple[Outline, ...] = ()


def page_px(count: int) -> tuple[int, int]:
    """How many of some pages stand in a row, and how wide each may be, px."""
    across = count if count <= 6 else min(12, math.ceil(math.sqrt(count * 2)))
    rows = math.ceil(count / across)
    wide = (MOST_PICTURE_PX - _GAP_PX) // across - _GAP_PX
    # Half as high again as wide, which is more than any sheet, and room for the legend.
    high = (MOST_PICTURE_PX - 2 * _GAP_PX - _MOST_LEGEND * _LINE_PX // 2) // rows
    return across, max(40, min(_WIDEST_PAGE_PX, wide, int((high - _CAPTION_PX) / 1.5)))


def side_by_side(
    pages: Sequence[DrawnPage],
    *,
    key: Sequence[Outline],
    legend: Sequence[str],
    font: bytes | None,
) -> bytes:
    """Pages in rows on a light ground, their captions under them, and what it all means (PNG).

    `key` are examples of outlines, each with its meaning for a tag; `legend` is text below them.
    """
    import PIL.Image
    import PIL.ImageDraw

    across, _ = page_px(len(pages))
    rows = [pages[at : at + across] for at in range(0, len(pages), across)]
    heights = [max(page.height for page in row) + _CAPTION_PX + _GAP_PX for row in rows]
    width = max(sum(page.width + _GAP_PX for page in row) for row in rows) + _GAP_PX
    width = max(width, min(_WIDEST_PAGE_PX, MOST_PICTURE_PX))
    type_of = _type(font)
    probe = PIL.ImageDraw.Draw(PIL.Image.new("L", (1, 1)))
    told = [
        line for text in legend for line in _wrapped(text, width - 2 * _GAP_PX, probe, type_of)
    ][:_MOST_LEGEND]
    keys = _keys(key, width - 2 * _GAP_PX, probe, type_of)
    high = _GAP_PX + sum(heights) + (len(keys) + len(told)) * _LINE_PX + _GAP_PX
    image = PIL.Image.new("RGB", (width, high), _GROUND)
    draw = PIL.ImageDraw.Draw(image)
    top = _GAP_PX
    for row, height in zip(rows, heights, strict=True):
        left = _GAP_PX
        for page in row:
            _paste(image, draw, page, left, top, type_of)
            left += page.width + _GAP_PX
        top += height
    for line_of_keys in keys:
        _draw_keys(draw, line_of_keys, top, type_of)
        top += _LINE_PX
    for line in told:
        draw.text((_GAP_PX, top), line, fill=_INK, font=type_of)
        top += _LINE_PX
    return _png(image)


def _type(font: bytes | None) -> Any:
    import PIL.ImageFont

    if font is None:
        return PIL.ImageFont.load_default(_TYPE_PX)
    return PIL.ImageFont.truetype(io.BytesIO(font), _TYPE_PX)


def _wrapped(text: str, width: int, draw: Any, type_of: Any) -> Iterator[str]:
    """A text in lines, all but its first indented; a word wider than that has a line of its own."""
    first, *words = text.split() or [""]
    line = first
    for word in words:
        longer = f"{line} {word}"
        if draw.textlength(longer, font=type_of) > width:
            yield line
            longer = f"{_HANGING}{word}"
        line = longer
    if line:
        yield line


def _keys(
    key: Sequence[Outline], width: int, draw: Any, type_of: Any
) -> list[list[tuple[int, Outline]]]:
    """The examples in lines, each with where it begins."""
    rows: list[list[tuple[int, Outline]]] = []
    at = width
    for one in key:
        wide = 64 + int(draw.textlength(one.tag, font=type_of)) + 40
        if at + wide > width:
            rows.append([])
            at = _GAP_PX
        rows[-1].append((at, one))
        at += wide
    return rows


def _draw_keys(draw: Any, keys: Sequence[tuple[int, Outline]], top: int, type_of: Any) -> None:
    for left, one in keys:
        middle = top + _LINE_PX / 2
        _dashed(draw, (left, middle), (left + 54, middle), one)
        draw.text((left + 64, top), one.tag, fill=_INK, font=type_of)


def as_png(page: DrawnPage) -> bytes:
    """The pixels of a page alone, as a PNG."""
    return _png(_pixels(page))


def _pixels(page: DrawnPage) -> Image:
    import PIL.Image

    mode = "RGB" if page.coloured else "L"
    return PIL.Image.frombytes(mode, (page.width, page.height), page.pixels)


def _paste(image: Any, draw: Any, page: DrawnPage, left: int, top: int, type_of: Any) -> None:
    image.paste(_pixels(page).convert("RGB"), (left, top))
    draw.rectangle(
        (left - 1, top - 1, left + page.width, top + page.height), outline=(150, 150, 150)
    )
    for one in page.outlines:
        x1, x2 = left + one.left, left + one.right
        y1, y2 = top + one.top, top + one.bottom
        corners = ((x1, y1), (x2, y1), (x2, y2), (x1, y2))
        sides = list(zip(corners, (*corners[1:], corners[0]), strict=True))
        # The box of a line has one side that can be seen.
        for begin, end in sides[:1] if y2 - y1 < 1 else sides:
            _dashed(draw, begin, end, one)
    for one in page.outlines:
        if one.tag:
            _tag(draw, left, top, one, type_of)
        if one.label:
            at = (left + one.left + 6, top + one.top + 2)
            draw.text(at, one.label, fill=one.colour, font=type_of)
    draw.text((left, top + page.height + 8), page.caption, fill=_INK, font=type_of)


def _tag(draw: Any, left: float, top: float, one: Outline, type_of: Any) -> None:
    """A tag beside its box, where it hides no word: before it, or behind it at the page's edge."""
    wide, high = draw.textlength(one.tag, font=type_of) + 12, _TYPE_PX + 8
    x = left + (one.left - wide - 2 if one.left > wide else one.right + 2)
    y = top + (one.top + min(one.bottom, one.top + 4 * high)) / 2 - high / 2
    draw.rectangle((x, y, x + wide, y + high), fill=one.colour)
    draw.text((x + 6, y - 1), one.tag, fill="white", font=type_of)


def _dashed(draw: Any, begin: tuple[float, float], end: tuple[float, float], one: Outline) -> None:
    (x1, y1), (x2, y2) = begin, end
    length = math.hypot(x2 - x1, y2 - y1)
    if not one.dashes or length < 1:
        draw.line((x1, y1, x2, y2), fill=one.colour, width=one.width)
        return
    at, step = 0.0, 0
    while at < length:
        until = min(length, at + one.dashes[step % len(one.dashes)])
        if step % 2 == 0:
            points = [
                (x1 + (x2 - x1) * part / length, y1 + (y2 - y1) * part / length)
                for part in (at, until)
            ]
            draw.line(points, fill=one.colour, width=one.width)
        at, step = until, step + 1


def below_each_other(pictures: Sequence[bytes]) -> bytes:
    """Pictures one below the other in one (PNG), made smaller where they would be too large."""
    import PIL.Image

    if len(pictures) == 1:
        return pictures[0]
    images = [PIL.Image.open(io.BytesIO(one)).convert("RGB") for one in pictures]
    wide, high = max(one.width for one in images), sum(one.height for one in images)
    scale = min(1.0, MOST_PICTURE_PX / wide, MOST_PICTURE_PX / high)
    if scale < 1:
        images = [
            one.resize((max(1, int(one.width * scale)), max(1, int(one.height * scale))))
            for one in images
        ]
    image = PIL.Image.new(
        "RGB", (max(one.width for one in images), sum(one.height for one in images)), _GROUND
    )
    top = 0
    for one in images:
        image.paste(one, (0, top))
        top += one.height
    return _png(image)


def _png(image: Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
