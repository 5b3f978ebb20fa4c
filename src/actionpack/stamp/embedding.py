"""The fonts of what was drawn, as a file embeds them."""

from __future__ import annotations

from collections.abc import Iterable

from actionpack.fonts import Face, metrics, program
from actionpack.glyphs import Code, Used
from actionpack.pdf import Font


def fonts_for(
    used: Iterable[Used], faces: Iterable[Face]
) -> dict[str, tuple[Font, dict[int, str]]]:
    """The fonts to embed, with what was used of them alone, and what each code stands for.

    `faces` are those of the plans that were drawn. Fonts go by their names on the pages.
    """
    by_name = {face.name: face for face in faces}
    return {
        one.key: (_font(by_name[one.font], one.codes), {code.code: code.text for code in one.codes})
        for one in used
    }


def _font(face: Face, codes: tuple[Code, ...]) -> Font:
    measures = metrics(face)
    return Font(
        name=face.name,
        family=face.family,
        program=program(face, codes),
        widths=tuple(sorted((code.code, code.width) for code in codes)),
        ascent=measures.ascent,
        descent=measures.descent,
        cap_height=measures.cap_height,
        bbox=measures.bbox,
        italic_angle=measures.italic_angle,
    )
