"""A picture from anywhere into one that prints: upright, RGB or grey, no larger than needed.

Gate: Pillow. Everything but the pixels is left behind (EXIF, XMP, IPTC, colour profiles), since
it would travel in the PDF with where a photograph was taken and by whom. Same picture, same bytes.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from actionpack.diagnostics import Finding, Place, Rejected, finding
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
# Finer than a printer's screen shows; coarser than the eye sees at reading distance.
FINEST_DPI = 300
COARSEST_DPI = 200
JPEG_QUALITY = 88
# More colours than a drawing has with its softened edges, and fewer than a photograph in colour.
MOST_LINE_ART_COLOURS = 1024
# What sharp lines may cost: as PNG, a photograph in grey is five times as large as JPEG.
PNG_PER_JPEG = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A picture as it prints: JPEG or PNG, its pixels, and its size on paper."""

    data: bytes
    width_px: int
    height_px: int
    size_mm: Size
    findings: tuple[Finding, ...]


def fit(data: bytes, *, box_mm: Size, label: Place) -> Fitted:
    """Make a picture as large as `box_mm` allows, its proportions kept.

    Raises Rejected (`bad-file`) when it is no picture, cut off, or too large to decode.
    """
    if box_mm.width <= 0 or box_mm.height <= 0:
        raise Rejected(finding("layout-fault", "the layout leaves no room for a picture", label))
    with _damage_told(label):
        image = _flattened(_upright(_opened(data, label)))
    size = _fitted(image.width, image.height, box_mm)
    dpi = image.width / size.width * MM_PER_INCH
    findings = tuple(_too_coarse(image, size, dpi, label))
    if dpi > FINEST_DPI:
        image = _resampled(image, size)
    return Fitted(
        data=_encoded(image),
        width_px=image.width,
        height_px=image.height,
        size_mm=size,
        findings=findings,
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


def _too_coarse(image: Image, size: Size, dpi: float, label: Place) -> Iterator[Finding]:
    if dpi < COARSEST_DPI:
        enough = tuple(
            math.ceil(mm / MM_PER_INCH * COARSEST_DPI) for mm in (size.width, size.height)
        )
        yield finding(
            "image-resolution",
            f"the picture has {image.width} × {image.height} pixels, which are {dpi:.0f} dpi "
            f"at {size.width:.0f} × {size.height:.0f} mm; {COARSEST_DPI} dpi are wanted",
            label,
            cure=f"use one of {enough[0]} × {enough[1]} pixels or more",
        )


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
