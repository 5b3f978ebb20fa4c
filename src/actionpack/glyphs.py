"""A line of text as glyphs: what fonts shape and PDFs show.

Lengths are thousandths of the em, x to the right and y up, so that one shaping serves every size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

# A glyph that is drawn as a part of another: its id, and where it stands.
Part = tuple[int, float, float]


class Glyph(NamedTuple):
    """A glyph where shaping put it: the way to the next one, and its own shift.

    `text` is what it stands for. `width` is the way to the next one that the font itself gives
    it. What only several glyphs together stand for, as a letter and its dots do, has these as
    `parts`: it is drawn as one, so that a reader of the page finds one letter; `gid` is then the
    first of them.
    """

    gid: int
    text: str
    advance: float
    dx: float
    dy: float
    width: float
    parts: tuple[Part, ...] = ()


class Run(NamedTuple):
    """Glyphs of one font, those on the left first.

    `font` is the name of a face, `offset` the way from the start of the line. Glyph ids from
    `spare` on mean nothing to the font.
    """

    font: str
    offset: float
    glyphs: tuple[Glyph, ...]
    spare: int


class Code(NamedTuple):
    """What the pages of a file write for a glyph, and what it stands for there.

    `code` is the glyph's id, or one the font does not have where that id stands for something
    else already, or where the glyph has parts.
    """

    code: int
    gid: int
    text: str
    width: float
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What a file has used of a font: its name on the pages, the face, and its codes."""

    key: str
    font: str
    codes: tuple[Code, ...]
