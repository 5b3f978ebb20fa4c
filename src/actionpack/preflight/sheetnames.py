"""What a page's size is called, and which way it lies."""

from __future__ import annotations

from actionpack.geometry import Size

# ISO 216:2007 (A and B) and ISO 269:1985 (C); ANSI/ASME Y14.1 and what US printers sell. Width
# before height, mm, upright.
_SIZES = {
    "A0": (841, 1189),
    "A1": (594, 841),
    "A2": (420, 594),
    "A3": (297, 420),
    "A4": (210, 297),
    "A5": (148, 210),
    "A6": (105, 148),
    "A7": (74, 105),
    "B3": (353, 500),
    "B4": (250, 353),
    "B5": (176, 250),
    "B6": (125, 176),
    "C4": (229, 324),
    "C5": (162, 229),
    "C6": (114, 162),
    "US Letter": (215.9, 279.4),
    "US Legal": (215.9, 355.6),
    "US Tabloid": (279.4, 431.8),
    "US Executive": (184.15, 266.7),
    "US Half Letter": (139.7, 215.9),
}
# Programs round sizes to points, and some to whole millimetres.
_SLACK_MM = 2.0


def sheet_name(size: Size) -> str:
    """The sheet of a page of this size, "A4" or "A4 landscape"; '' for a size that none has."""
    upright = (min(size.width, size.height), max(size.width, size.height))
    off = {
        name: max(abs(a - b) for a, b in zip(upright, sheet, strict=True))
        for name, sheet in _SIZES.items()
    }
    nearest = min(off, key=lambda name: off[name])
    if off[nearest] > _SLACK_MM:
        return ""
    return f"{nearest} landscape" if size.width > size.height else nearest


def size_told(size: Size) -> str:
    """A size in words: "A5 (148.0 × 210.0 mm)"."""
    mm = f"{size.width:.1f} × {size.height:.1f} mm"
    name = sheet_name(size)
    return f"{name} ({mm})" if name else mm
