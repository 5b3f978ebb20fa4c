"""QR codes in a picture of a page (gate: zxing-cpp)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from actionpack.geometry import Box, Point
from actionpack.preflight.painted import Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """A QR code as a phone would read it.

    `modules` are as seen, row by row, "1" for those of the code's own colour, turned so that the
    corner without a finder is the last; a mirrored code stays mirrored. `corners` are the code's
    own, without quiet zone, in mm on the page, clockwise from the first; `level` and `mask` are
    what the code says of itself. `broken`: it was seen and cannot be decoded, and `text` is ''.
    """

    text: str
    modules: tuple[str, ...]
    corners: tuple[Point, Point, Point, Point]
    inverted: bool
    level: str
    mask: int
    broken: bool

    @property
    def box(self) -> Box:
        """The upright box round the code without its quiet zone, mm."""
        xs, ys = [p.x for p in self.corners], [p.y for p in self.corners]
        return Box.between(min(xs), min(ys), max(xs), max(ys))

    @property
    def is_askew(self) -> bool:
        """Whether its sides run neither across nor down the page, by more than a module."""
        first, second, _, _ = self.corners
        return min(abs(first.x - second.x), abs(first.y - second.y)) > self.module_mm

    @property
    def side_mm(self) -> float:
        """The length of its first side."""
        first, second, _, _ = self.corners
        return math.dist((first.x, first.y), (second.x, second.y))

    @property
    def module_mm(self) -> float:
        return self.side_mm / max(1, len(self.modules))


def scan(picture: Picture) -> tuple[Scanned, ...]:
    """Find the QR codes of a picture: dark on light, and where there is none, light on dark."""
    return tuple(_read(picture, inverted=False)) or tuple(_read(picture, inverted=True))


def _read(picture: Picture, *, inverted: bool) -> Iterator[Scanned]:
    # Imported here: most commands never look for a code.
    import zxingcpp

    pixels = memoryview(picture.grey).cast("B", (picture.height, picture.width))
    codes = zxingcpp.read_barcodes(
        pixels,
        formats=zxingcpp.barcode_formats_from_str("QRCode"),
        try_invert=inverted,
        text_mode=zxingcpp.TextMode.Plain,
        return_errors=True,
    )
    for code in codes:
        yield _scanned(code, picture, inverted=inverted)


def _scanned(code: Any, picture: Picture, *, inverted: bool) -> Scanned:
    at = code.position
    points = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
    first, second, third, fourth = (
        Point(
            picture.box.left + point.x / picture.per_mm,
            picture.box.top + point.y / picture.per_mm,
        )
        for point in points
    )
    said = code.extra or {}
    return Scanned(
        text=code.text if code.valid else "",
        modules=_modules(code) if code.valid else (),
        corners=(first, second, third, fourth),
        inverted=inverted,
        level=str(said.get("ECLevel", "")),
        mask=int(said.get("DataMask", -1)),
        broken=not code.valid,
    )


def _modules(code: Any) -> tuple[str, ...]:
    """What the decoder saw before it mended errors."""
    image = memoryview(code.to_image(scale=1, add_quiet_zones=False))
    height, width = image.shape[:2] if image.shape else (0, 0)
    rows = image.tobytes()
    return tuple(
        "".join("0" if grey else "1" for grey in rows[y * width : (y + 1) * width])
        for y in range(height)
    )
