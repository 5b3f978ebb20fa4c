"""Pictures: upright, in their box, as fine as print needs, and with nothing but their pixels."""

from __future__ import annotations

import io
import random
import struct
import zlib

import pytest
from PIL import Image, ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo

from actionpack.diagnostics import Place, Rejected
from actionpack.geometry import Size
from actionpack.images import Fitted, fit

PLACE = Place(file="content/x/images/family.jpg")
BOX = Size(80, 60)


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """A picture with too many colours to be a drawing."""
    bands = len(mode)
    return Image.frombytes(
        mode, (width, height), random.Random(1).randbytes(width * height * bands)
    )


def drawing(width: int, height: int) -> Image.Image:
    """A black line on white."""
    image = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(image).line((0, 0, width, height), fill="black", width=9)
    return image


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def fitted(image: Image.Image, kind: str = "PNG", box: Size = BOX, **options: object) -> Fitted:
    return fit(encoded(image, kind, **options), box_mm=box, label=PLACE)


def decoded(picture: Fitted) -> Image.Image:
    return Image.open(io.BytesIO(picture.data))


def rejection(data: bytes) -> str:
    with pytest.raises(Rejected) as raised:
        fit(data, box_mm=BOX, label=PLACE)
    (found,) = raised.value.findings
    assert (found.code, found.place) == ("bad-file", PLACE)
    return found.message


# --- size -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pixels", "size"),
    [
        ((800, 600), (80, 60)),
        ((1000, 500), (80, 40)),  # as wide as the box
        ((500, 1000), (30, 60)),  # as high as the box
    ],
)
def test_a_picture_is_as_large_as_its_box_allows(
    pixels: tuple[int, int], size: tuple[float, float]
) -> None:
    result = fitted(noise(*pixels))
    assert (result.size_mm.width, result.size_mm.height) == pytest.approx(size)


def test_a_picture_is_at_most_300_dpi_on_paper() -> None:
    # 80 mm at 300 dpi are 80 / 25.4 × 300 = 944.9 pixels, 60 mm are 708.7.
    result = fitted(noise(1200, 900), "JPEG")
    assert decoded(result).size == (945, 709)


def test_a_picture_below_300_dpi_keeps_its_pixels() -> None:
    result = fitted(noise(800, 600), "JPEG")
    assert decoded(result).size == (800, 600)


def test_a_layout_without_room_for_pictures_is_told() -> None:
    with pytest.raises(Rejected, match="the layout leaves no room for a picture"):
        fitted(noise(8, 6), box=Size(80, 0))


# --- colour -----------------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_as_its_camera_was_held(orientation: int) -> None:
    # Black where the scene's top left is: the corner that EXIF says comes first.
    scene = Image.new("L", (40, 20), "white")
    scene.paste(0, (0, 0, 10, 10))
    turn = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = scene.transpose(turn[orientation]) if orientation in turn else scene
    exif = Image.Exif()
    exif[0x0112] = orientation
    result = fitted(stored, "PNG", exif=exif)
    image = decoded(result).convert("L")
    assert image.size == (40, 20)
    assert (image.getpixel((5, 5)), image.getpixel((35, 15))) == (0, 255)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "RGB", "I;16"])
def test_every_kind_of_png_becomes_grey_or_rgb(mode: str) -> None:
    image = drawing(400, 300)
    if mode == "I;16":
        grey = image.convert("L").tobytes()
        image = Image.frombytes(
            "I;16", image.size, bytes(b for value in grey for b in (value,) * 2)
        )
    result = decoded(fitted(image.convert(mode)))
    assert result.mode == "L"
    assert (result.getpixel((390, 10)), result.getpixel((200, 150))) == (255, 0)


def test_sixteen_bits_a_pixel_become_eight() -> None:
    # 32896 of 65535 is 128 of 255.
    image = Image.frombytes("I;16", (400, 300), (32896).to_bytes(2, "little") * 120_000)
    assert decoded(fitted(image)).getextrema() == (128, 128)


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_ink_colours_become_rgb(kind: str) -> None:
    result = decoded(fitted(Image.new("CMYK", (400, 300), (0, 255, 255, 0)), kind))
    assert result.mode == "RGB"
    red, green, blue = result.crop((200, 150, 201, 151)).tobytes()
    assert (red > 200, green < 60, blue < 60) == (True, True, True)


def test_what_is_transparent_shows_the_paper() -> None:
    image = Image.new("RGBA", (400, 300), (255, 0, 0, 0))
    image.paste((0, 0, 255, 128), (0, 0, 200, 300))
    result = decoded(fitted(image)).convert("RGB")
    assert result.getpixel((300, 150)) == (255, 255, 255)
    # Half blue over white.
    assert result.getpixel((100, 150)) == pytest.approx((127, 127, 255), abs=2)


def test_a_colour_profile_is_used_and_left_behind() -> None:
    # A profile in which red and green have changed places.
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = bytearray(srgb)
    count = struct.unpack(">I", srgb[128:132])[0]
    for number in range(count):
        start = 132 + 12 * number
        name = srgb[start : start + 4]
        swapped[start : start + 4] = {b"rXYZ": b"gXYZ", b"gXYZ": b"rXYZ"}.get(name, name)
    picture = Image.new("RGB", (400, 300), (255, 0, 0))
    result = decoded(fitted(picture, icc_profile=bytes(swapped)))
    red, green, blue = result.convert("RGB").crop((200, 150, 201, 151)).tobytes()
    assert (red < 30, green > 225, blue < 30) == (True, True, True)
    assert "icc_profile" not in result.info


def test_a_broken_colour_profile_is_no_reason_to_refuse() -> None:
    result = fitted(Image.new("RGB", (400, 300), (255, 0, 0)), icc_profile=b"no profile")
    assert decoded(result).convert("RGB").getpixel((9, 9)) == (255, 0, 0)


# --- what goes into the PDF -------------------------------------------------------------------


def test_a_photograph_becomes_jpeg_and_a_drawing_png() -> None:
    assert decoded(fitted(noise(800, 600), "PNG")).format == "JPEG"
    soft = noise(80, 60, "L").resize((800, 600), Image.Resampling.BICUBIC)
    assert decoded(fitted(soft, "PNG")).format == "JPEG"
    assert decoded(fitted(drawing(800, 600), "PNG")).format == "PNG"
    # Its edges become grey when it is made smaller.
    assert decoded(fitted(drawing(2400, 1800), "PNG")).format == "PNG"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_nothing_but_pixels_is_kept(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SECRET CAMERA"
    exif.get_ifd(0x8825)[1] = "N"
    text = PngInfo()
    text.add_text("Comment", "SECRET TEXT")
    options: dict[str, dict[str, object]] = {
        "JPEG": {"comment": b"SECRET COMMENT", "dpi": (72, 72), "xmp": b"<SECRET/>"},
        "PNG": {"pnginfo": text, "dpi": (72, 72)},
        "WEBP": {"xmp": b"<SECRET/>"},
        "TIFF": {"description": "SECRET"},
    }
    source = encoded(noise(400, 300), kind, exif=exif, **options[kind])
    assert b"SECRET" in source
    result = fit(source, box_mm=BOX, label=PLACE)
    assert b"SECRET" not in result.data
    assert b"Exif" not in result.data
    assert set(decoded(result).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_same_picture_same_bytes() -> None:
    assert fitted(noise(1200, 900), "JPEG") == fitted(noise(1200, 900), "JPEG")


# --- files that want to do harm ---------------------------------------------------------------


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it is large, and holds next to nothing."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content).to_bytes(4, "big")
        return len(content).to_bytes(4, "big") + kind + content + check

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes((8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [7800, 10_000, 50_000, 2_000_000])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(side: int) -> None:
    # 7800² are 60.84 million. Pillow warns from 89 million on, and refuses from 179 million on.
    assert rejection(png_of(side, side)) == "the picture has more than 60 million pixels"


def test_a_jpeg_of_too_many_scans_is_refused() -> None:
    jpeg = encoded(noise(64, 64), "JPEG", progressive=True)
    scan = jpeg[jpeg.rindex(b"\xff\xda") : -2]
    assert rejection(jpeg[:-2] + scan * 100 + jpeg[-2:]) == "the picture has more than 100 scans"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        encoded(noise(64, 64), "GIF"),
        encoded(noise(64, 64), "BMP"),
        png_of(100, 100),
    ],
)
def test_what_is_no_picture_is_told(data: bytes) -> None:
    message = rejection(data)
    assert message.startswith("the picture is damaged, or none that can be read (")
    # Pillow tells where in memory it looked.
    assert "0x" not in message


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_picture_cut_off_anywhere_is_told(kind: str) -> None:
    data = encoded(noise(200, 150), kind)
    for length in range(len(data) // 10, len(data) - 100, len(data) // 10):
        message = rejection(data[:length])
        assert message.startswith("the picture is damaged, or none that can be read (")
