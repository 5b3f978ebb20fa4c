"""A line of one script and direction into glyphs (HarfBuzz)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter

from actionpack.fonts.faces import Direction, Face, Opened, open_face
from actionpack.fonts.ignorable import IGNORABLE
from actionpack.glyphs import Glyph

# HarfBuzz's HB_BUFFER_CLUSTER_LEVEL_MONOTONE_GRAPHEMES and _CHARACTERS.
_EACH_LETTER, _EACH_CHARACTER = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaped:
    """A line of text as glyphs, from the left, and how wide it is at a size."""

    face: Face
    size_pt: float
    glyphs: tuple[Glyph, ...]
    width_pt: float

    @property
    def missing(self) -> tuple[str, ...]:
        """What the face has no glyph for, each once."""
        return missing_in(self.glyphs)


def missing_in(glyphs: tuple[Glyph, ...]) -> tuple[str, ...]:
    """What there is no glyph for, each once."""
    return tuple(dict.fromkeys([glyph.text for glyph in glyphs if not glyph.gid]))


def shape(
    face: Face, text: str, size_pt: float, *, language: str = "und", direction: Direction = "ltr"
) -> Shaped:
    """Set one line of text in one direction; nothing is reordered or broken.

    Characters that print nothing get no glyph. Text is composed first (Unicode NFC), so that a
    letter with its accents is one glyph wherever the font has it.
    """
    composed = unicodedata.normalize("NFC", text)
    glyphs = shape_run(open_face(face), composed, language=language, direction=direction)
    wide = sum(glyph.advance for glyph in glyphs) * size_pt / 1000
    return Shaped(face=face, size_pt=size_pt, glyphs=glyphs, width_pt=wide)


def shape_run(
    opened: Opened, text: str, *, language: str, direction: Direction, script: str | None = None
) -> tuple[Glyph, ...]:
    """Shape composed text, from the left; without a script it has that of its first letter."""
    import uharfbuzz

    buffer = uharfbuzz.Buffer()
    if direction == "rtl" or not text.isascii():
        # Accents that stay glyphs of their own keep their own text; but from right to left readers
        # find them only with their letter.
        buffer.cluster_level = _EACH_LETTER if direction == "rtl" else _EACH_CHARACTER
    buffer.add_str(text)
    buffer.direction = direction
    # Else HarfBuzz takes the language from the locale of whoever runs the program.
    buffer.language = language
    if script:
        buffer.script = script
    buffer.guess_segment_properties()
    uharfbuzz.shape(opened.font, buffer)
    infos, positions = buffer.glyph_infos, buffer.glyph_positions
    if not infos:
        return ()
    gids = [info.codepoint for info in infos]
    clusters = [info.cluster for info in infos]
    moves = [position.position for position in positions]
    # As it is for most lines: one glyph for each character, in the same order.
    plain = clusters == list(range(len(text)))
    texts = text if plain else _cluster_texts(text, clusters)
    # Glyphs come again and again, and are made once.
    glyphs: tuple[Glyph, ...] = tuple(
        map(opened.glyphs.__getitem__, zip(gids, texts, moves, strict=False))
    )
    if not plain:
        glyphs = tuple(_joined(glyphs, clusters))
    if direction == "rtl":
        glyphs = tuple(_as_it_looks(_on_the_line(glyph), opened) for glyph in glyphs)
    if not plain or direction == "rtl":
        glyphs = tuple(opened.made.setdefault(glyph, glyph) for glyph in glyphs)
    if not text.isascii() and IGNORABLE.search(text):
        glyphs = tuple(glyph for glyph in glyphs if not IGNORABLE.fullmatch(glyph.text))
    return glyphs


def _cluster_texts(text: str, clusters: list[int]) -> Iterator[str]:
    """The text that the cluster of each glyph stands for."""
    ends = dict(pairwise((*sorted(set(clusters)), len(text))))
    return (text[cluster : ends[cluster]] for cluster in clusters)


def _joined(glyphs: tuple[Glyph, ...], clusters: list[int]) -> Iterator[Glyph]:
    """The glyphs, with those of one cluster as parts of one."""
    for _, group in groupby(zip(clusters, glyphs, strict=True), key=itemgetter(0)):
        first, *rest = (glyph for _, glyph in group)
        if not rest:
            yield first
            continue
        parts = []
        pen = 0.0
        for one in (first, *rest):
            parts.append((one.gid, pen + one.dx, one.dy))
            pen += one.advance
        yield Glyph(
            # No font has a glyph for it when it has none for a part.
            gid=min(one.gid for one in (first, *rest)) and first.gid,
            text=first.text,
            advance=pen,
            dx=0,
            dy=0,
            width=sum(one.width for one in (first, *rest)),
            parts=tuple(parts),
        )


def _on_the_line(glyph: Glyph) -> Glyph:
    """A glyph that is shifted, as a part of one that is not: readers take it for another line."""
    if glyph.dy:
        return glyph._replace(dx=0, dy=0, parts=((glyph.gid, glyph.dx, glyph.dy),))
    return glyph


def _as_it_looks(glyph: Glyph, opened: Opened) -> Glyph:
    """A glyph of a run from right to left, with its text from the left, and brackets as they look.

    A PDF has its glyphs from the left and does not say which way they are read: readers see from
    the letters that they must turn them round, and turn the brackets over.
    """
    if len(glyph.text) > 1:
        return glyph._replace(text=glyph.text[::-1])
    if unicodedata.mirrored(glyph.text):
        return glyph._replace(text=opened.letters.get(glyph.gid, glyph.text))
    return glyph
