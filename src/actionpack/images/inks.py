"""Colours of a screen into inks of a press, through the profile of a printing condition.

What has no colour is printed with black alone: four inks that do not meet make a grey with coloured
edges. Everything else goes through the profile (ICC.1:2010), relative colorimetric with black point
compensation, from sRGB.
"""

from __future__ import annotations

import io
import operator
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache, partial, reduce
from typing import TYPE_CHECKING, Any

from actionpack.condition import SOLID_BLACK, Condition, Ink, Pixels

if TYPE_CHECKING:
    from PIL.Image import Image

# A grey as dark as this is printed solid: screened, the edges of letters fray.
SOLID_FROM = 0.9
# How far the three parts of a grey may be apart, of 1: half a step of 8 bits.
_SAME = 0.002
# Pictures stay so far below the limit, since what a JPEG rounds goes either way.
_PICTURE_ROOM = 0.1
# 4:4:4, and fine enough that no ring shows round an edge.
_QUALITY = 93


class Inks:
    """What a press prints colours and pictures with, in one printing condition."""

    def __init__(self, condition: Condition) -> None:
        from PIL import ImageCms

        self.condition = condition
        profile = ImageCms.ImageCmsProfile(io.BytesIO(condition.profile))
        self._turn = ImageCms.buildTransform(
            ImageCms.createProfile("sRGB"),
            profile,
            "RGB",
            "CMYK",
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
        self.colour = lru_cache(maxsize=1024)(self._colour)

    def _colour(self, red: float, green: float, blue: float) -> Ink:
        """The inks of a colour in sRGB, its parts from 0 to 1."""
        lightest = max(red, green, blue)
        if lightest - min(red, green, blue) <= _SAME or 1 - lightest >= SOLID_FROM:
            return black(1 - lightest)
        from PIL import Image, ImageCms

        pixel = Image.new("RGB", (1, 1), tuple(round(part * 255) for part in (red, green, blue)))
        turned = ImageCms.applyTransform(pixel, self._turn)
        if turned is None:
            raise RuntimeError("the profile gave no picture")
        cyan, magenta, yellow, key = turned.tobytes()
        return cyan / 255, magenta / 255, yellow / 255, key / 255

    def picture(self, picture: Pixels) -> Pixels:
        """A picture in colour in four inks, as a JPEG, or as it is where rounding costs more ink.

        Raises OSError or ValueError when the pixels are damaged.
        """
        from PIL import ImageCms

        turned = ImageCms.applyTransform(_opened(picture), self._turn)
        if turned is None:
            raise RuntimeError("the profile gave no picture")
        turned = _thinned(turned, self.condition.most_ink - _PICTURE_ROOM)
        turned.info = {}
        out = io.BytesIO()
        turned.save(out, "JPEG", quality=_QUALITY, subsampling=0, optimize=True)
        packed = replace(picture, mode="CMYK", data=out.getvalue(), jpeg=True)
        if most_ink(packed) <= self.condition.most_ink:
            return packed
        return replace(packed, data=turned.tobytes(), jpeg=False)


def black(darkness: float) -> Ink:
    """A grey from 0 (paper) to 1 (black) with black ink alone."""
    return SOLID_BLACK if darkness >= SOLID_FROM else (0.0, 0.0, 0.0, max(0.0, darkness))


def most_ink(picture: Pixels, *, but_black: bool = False) -> float:
    """The most ink that any pixel of a picture in four inks or in grey gets, 1 being one solid.

    Raises OSError or ValueError when the pixels are damaged.
    """
    return _most_ink(_opened(picture), but_black=but_black)


def _most_ink(image: Image, *, but_black: bool = False) -> float:
    if image.mode != "CMYK":
        least: Any = image.convert("L").getextrema()
        return 0.0 if but_black else 1 - float(least[0]) / 255
    bands = image.split()[: 3 if but_black else 4]
    most: Any = _sum(bands).getextrema()
    return float(most[1]) / 255


def _opened(picture: Pixels) -> Image:
    from PIL import Image

    if picture.jpeg:
        return Image.open(io.BytesIO(picture.data), formats=("JPEG",))
    return Image.frombytes(picture.mode, (picture.width, picture.height), picture.data)


def _sum(bands: Iterable[Image]) -> Image:
    from PIL import ImageMath

    named = {f"band{at}": band.convert("I") for at, band in enumerate(bands)}

    def added(args: Any) -> Any:
        return reduce(operator.add, [args[name] for name in named])

    # Pillow says nothing of what its sums are.
    return ImageMath.lambda_eval(added, **named)  # type: ignore[no-any-return]


def _thinned(image: Image, most: float) -> Image:
    """A picture with less of its three colours where all four inks come to more than `most`."""
    from PIL import Image as Images
    from PIL import ImageMath

    if _most_ink(image) <= most:
        return image
    *colours, key = image.split()
    bands = dict(zip("cmyk", (band.convert("F") for band in (*colours, key)), strict=True))

    def thinner(args: Any, name: str) -> Any:
        coloured = args["c"] + args["m"] + args["y"]
        room = args["max"](most * 255 - args["k"], 0)
        return args[name] * args["min"](room / args["max"](coloured, 1), 1)

    thin = [
        ImageMath.lambda_eval(partial(thinner, name=name), **bands).convert("L") for name in "cmy"
    ]
    return Images.merge("CMYK", (*thin, key))
