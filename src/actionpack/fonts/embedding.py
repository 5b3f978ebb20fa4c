"""The part of a font that a file needs, as a font of its own."""

from __future__ import annotations

from collections.abc import Iterable

from actionpack.composites import Composite, with_glyphs
from actionpack.fonts.faces import Face, open_face
from actionpack.glyphs import Code


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
    units = 1 / open_face(face).scale
    return with_glyphs(
        plain,
        {
            number: Composite(
                tuple((gid, round(x * units), round(y * units)) for gid, x, y in parts[number]),
                round(code.width * units),
            )
            for number, code in added.items()
        },
    )
