"""The part of a font that a file needs, as a font of its own."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from actionpack.fonts.faces import Face, open_face
from actionpack.glyphs import Code, Part

# OpenType, 'glyf': a component's arguments say where it stands, to whole units.
_PLACED = 0x0002 | 0x0004


def subset(face: Face, gids: Iterable[int]) -> bytes:
    """The font with these glyphs alone, each under its old id; same glyphs, same bytes."""
    import uharfbuzz

    flags = uharfbuzz.SubsetFlags
    wanted = uharfbuzz.SubsetInput()
    wanted.flags = (
        flags.RETAIN_GIDS | flags.NO_HINTING | flags.NOTDEF_OUTLINE | flags.NO_LAYOUT_CLOSURE
    )
    wanted.glyph_set.update(set(gids))
    # A PDF asks for glyphs by their id, so what finds or moves them can go.
    unused = ("cmap", "GDEF", "GPOS", "GSUB", "STAT")
    wanted.drop_table_tag_set.update({int.from_bytes(name.encode(), "big") for name in unused})
    data: bytes = wanted.subset(open_face(face).file).blob.data
    return data


def program(face: Face, codes: Iterable[Code]) -> bytes:
    """The font with what some codes mean, each under its code; same codes, same bytes.

    A code that is no glyph of the font becomes a glyph that is made of some: a letter that the
    font draws as two, or one more for a shape that stands for two letters.
    """
    codes = tuple(codes)
    parts = {code.code: code.parts or ((code.gid, 0.0, 0.0),) for code in codes}
    plain = subset(face, {gid for made in parts.values() for gid, _, _ in made})
    added = {code.code: code for code in codes if code.parts or code.code != code.gid}
    if not added:
        return plain
    return _with_glyphs(
        plain,
        {number: (parts[number], code.width) for number, code in added.items()},
        1 / open_face(face).scale,
    )


def _with_glyphs(
    plain: bytes, added: dict[int, tuple[tuple[Part, ...], float]], units: float
) -> bytes:
    """A font with composite glyphs (OpenType, 'glyf'); `units` are those of a thousandth em."""
    from fontTools.ttLib import TTFont
    from fontTools.ttLib.tables._g_l_y_f import Glyph

    font = TTFont(io.BytesIO(plain), recalcTimestamp=False)
    outlines, widths = font["glyf"], font["hmtx"]
    order = font.getGlyphOrder()
    empty = [f"spare{number}" for number in range(len(order), max(added) + 1)]
    font.setGlyphOrder([*order, *empty])
    names = font.getGlyphOrder()
    for name in empty:
        outlines[name], widths[name] = Glyph(), (0, 0)
    for number, (parts, width) in sorted(added.items()):
        made = Glyph()
        drawn = [part for part in parts if outlines[names[part[0]]].numberOfContours]
        if drawn:
            made.numberOfContours = -1
            made.components = [
                _component(names[gid], round(x * units), round(y * units)) for gid, x, y in drawn
            ]
        outlines[names[number]] = made
        made.recalcBounds(outlines)
        # What is drawn is moved to where this says that it begins ('hmtx', lsb).
        widths[names[number]] = (round(width * units), made.xMin)
    font["maxp"].numGlyphs = len(names)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _component(name: str, x: int, y: int) -> Any:
    from fontTools.ttLib.tables._g_l_y_f import GlyphComponent

    made = GlyphComponent()
    made.glyphName, made.x, made.y = name, x, y
    made.flags = _PLACED
    return made
