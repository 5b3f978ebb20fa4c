"""Folders of fonts into faces: what each can print, how a line is set, and a subset to embed.

Gate: uharfbuzz, fontTools. A shelf is read from the `fonts.toml` of its folders; a font is opened
when it is first asked for, and only if it is the very file that was listed. Text is shaped with
HarfBuzz's own features and kerning, so that a stamped line looks like one that WeasyPrint set.
"""

from actionpack.fonts.embedding import program, subset
from actionpack.fonts.faces import (
    Direction,
    Face,
    Metrics,
    Style,
    characters,
    metrics,
    widths,
)
from actionpack.fonts.ignorable import cure_for, described
from actionpack.fonts.setting import Compositor, SetLine, check_clusters
from actionpack.fonts.shaping import Shaped, shape
from actionpack.fonts.shelf import FontShelf, forget_opened, read_shelf
from actionpack.fonts.travel import SentFace, received, send
from actionpack.glyphs import Glyph

__all__ = [
    "Compositor",
    "Direction",
    "Face",
    "FontShelf",
    "Glyph",
    "Metrics",
    "SentFace",
    "SetLine",
    "Shaped",
    "Style",
    "characters",
    "check_clusters",
    "cure_for",
    "described",
    "forget_opened",
    "metrics",
    "program",
    "read_shelf",
    "received",
    "send",
    "shape",
    "subset",
    "widths",
]
