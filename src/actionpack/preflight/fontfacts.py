"""Are the fonts of a finished file inside it, and the ones that the layout names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from actionpack.diagnostics import Finding, Place
from actionpack.preflight.found import spotted
from actionpack.preflight.painted import Mark
from actionpack.preflight.seen import FontSeen
from actionpack.preflight.words import normal, quoted

# The words for weights, widths and slopes that foundries put after a family's name.
_STYLES = re.compile(
    r"(thin|hairline|extra|ultra|light|semi|demi|regular|roman|book|normal|medium|bold|black|heavy"
    r"|italic|oblique|condensed|expanded|narrow|[1-9]00)*"
)


def fonts_used(marks: Sequence[Mark], page: int) -> dict[str, tuple[Mark, int]]:
    """The fonts that texts are set in, each with the first of them and its page."""
    used: dict[str, tuple[Mark, int]] = {}
    for mark in marks:
        if mark.kind == "text" and normal(mark.text):
            used.setdefault(mark.font, (mark, page))
    return used


def font_seen(font: str, embedded: bool) -> FontSeen:
    """A font by the name it has without its subset's tag."""
    return FontSeen(name=font.partition("+")[2] or font or "without a name", embedded=embedded)


def wrong_fonts(
    used: Mapping[str, tuple[Mark, int]], families: Sequence[str] | None, file: str
) -> Iterator[Finding]:
    """Find fonts that are not embedded, and those of no family named; None: any family is right."""
    for font, (mark, page) in used.items():
        place = Place(file=file, page=page)
        name = font.partition("+")[2] or font or "without a name"
        if not mark.embedded:
            yield spotted(
                "font-not-embedded",
                f"font '{name}', which {quoted(mark.text)} is set in, is not inside the file",
                place,
                mark.shown,
                cure="save the PDF again with its fonts inside: other machines print other letters",
            )
        if families is not None and not any(_is_of(name, family) for family in families):
            yield spotted(
                "strange-font",
                f"{quoted(mark.text)} is set in '{name}', the layout names "
                f"{', '.join(families) or 'no font'}",
                place,
                mark.shown,
            )


def _is_of(font: str, family: str) -> bool:
    """Whether a font's name is a family's name with nothing but words for style behind it."""
    name, wanted = (re.sub("[^a-z0-9]", "", text.lower()) for text in (font, family))
    styles = name.removeprefix(wanted)
    return bool(wanted) and styles != name and bool(_STYLES.fullmatch(styles))
