"""What readers of a PDF find is the text: each letter is one glyph, and says what it stands for.

Many fonts draw a letter as several glyphs, a bowl and its dots or a consonant and its vowels, or
two letters with the same one. WeasyPrint writes down one text for each glyph, that of its first
use (issue 2841), and lifts what stands above the line, which readers take for another line. So a
line with such letters is shown here in its place: each becomes one glyph of the embedded font,
made of those that draw it, with a text of its own. Nothing moves on paper.

All other lines are left to WeasyPrint. This leans on its private API, and on Pango's through it;
`tests/test_text_layer.py` holds the contract.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from actionpack.composites import Composite, with_glyphs

# Latin, Greek, Cyrillic, Armenian and Georgian letters, each of which is one glyph, punctuation and
# signs: what most lines are made of is not looked at closely.
_PLAIN = re.compile(
    "[\0-\u02af\u0370-\u0482\u048a-\u0590\u10a0-\u10ff\u1f00-\u200a\u2010-\u2027\u202f-\u205e"
    "\u20a0-\u20cf\u2100-\u214f]*"
)
# Joiners that print nothing, and tell words apart: they stay with the letter before them.
_JOINERS = "\u200c\u200d"
# Readers see a new word where a letter is moved by more than this from where the last one ends,
# in thousandths of the em.
_FAR = 50
# Ids that WeasyPrint may need, beyond those of the font, for characters that it lacks.
_KEPT_IDS = 256
# What is left of 65,536 is more than a pack has letters.
_MOST_GLYPHS = 50_000


class _Placed(NamedTuple):
    """A glyph where Pango put it, in its units: y runs down."""

    gid: int
    x: int
    y: int
    advance: int


class _Letter(NamedTuple):
    """What stands for itself in a line: a letter with all that is drawn with it, from the left."""

    text: str
    glyphs: tuple[_Placed, ...]

    @property
    def is_one_glyph(self) -> bool:
        return len(self.glyphs) == 1 and not self.glyphs[0].y


class _Run(NamedTuple):
    """Letters in one font, from the left; `pango` is the same font to Pango.

    `unit` is that of Pango, in thousandths of the em.
    """

    font: Any
    pango: Any
    size: float
    unit: float
    letters: tuple[_Letter, ...]


class _Shown(NamedTuple):
    """A glyph of the PDF: its id, how far it is shifted, and how wide it is, in 1/1000 em.

    `advance` is the way to the next one on this line.
    """

    gid: int
    shift: float
    width: int
    advance: float


@dataclass(slots=True)
class _Made:
    """The glyphs made for a font in one document, by what they are made of and stand for."""

    first: int
    ids: dict[tuple[Composite, str], int] = field(default_factory=dict)


@cache
def show_whole_letters() -> None:
    """Let WeasyPrint show letters of several glyphs as one, in all documents of this process."""
    from weasyprint.draw import text
    from weasyprint.pdf import fonts

    draw, clean = text.draw_first_line, fonts.Font.clean

    def draw_first_line(
        stream: Any, textbox: Any, text_overflow: str, block_ellipsis: str, matrix: Any
    ) -> Any:
        if text_overflow != "ellipsis" and block_ellipsis == "none" and _may_need_it(textbox):
            runs = _runs(stream, textbox.pango_layout)
            if any(_needs_it(run) for run in runs):
                _show(stream, runs, matrix)
                return []
        return draw(stream, textbox, text_overflow, block_ellipsis, matrix)

    def clean_with_letters(font: Any, to_unicode: dict[int, str], hinting: bool) -> None:
        made: _Made | None = getattr(font, "made", None)
        if made is None:
            clean(font, to_unicode, hinting)
            return
        added = {gid: composite for (composite, _), gid in made.ids.items()}
        kept = {gid: text for gid, text in to_unicode.items() if gid not in added}
        drawn = {gid for one in added.values() for gid, _, _ in one.parts}
        clean(font, dict.fromkeys(drawn, "") | kept, hinting)
        font.file_content = with_glyphs(font.file_content, added)

    text.draw_first_line = draw_first_line
    fonts.Font.clean = clean_with_letters


def _may_need_it(textbox: Any) -> bool:
    text = textbox.pango_layout.text
    return not _PLAIN.fullmatch(text) and bool(text.strip()) and textbox.style["font_size"] >= 1e-6


# ------------------------------------------------------------------------------------- reading


def _runs(stream: Any, layout: Any) -> list[_Run]:
    """The runs of the first line; none where WeasyPrint itself must show it.

    That is so for pictures of letters, fonts with other outlines or too many, and missing glyphs.
    """
    from weasyprint.text.ffi import FROM_UNITS, ffi, pango

    pango.pango_layout_set_single_paragraph_mode(layout.layout, True)
    line, _ = layout.get_first_line()
    utf8 = layout.text.encode()
    runs = []
    at = line.runs[0]
    while at != ffi.NULL:
        item, glyphs = at.data.item, at.data.glyphs
        font, size = stream.add_font(item.analysis.font)
        if (
            font.glyph_count > _MOST_GLYPHS
            or "glyf" not in font.tables
            or font.bitmap
            or font.png
            or font.svg
            or font.colr
        ):
            return []
        infos = glyphs.glyphs[0 : glyphs.num_glyphs]
        if any(info.glyph & pango.PANGO_GLYPH_UNKNOWN_FLAG for info in infos):
            return []
        placed = [
            ()
            if info.glyph == pango.PANGO_GLYPH_EMPTY
            else (
                _Placed(
                    info.glyph,
                    info.geometry.x_offset,
                    info.geometry.y_offset,
                    info.geometry.width,
                ),
            )
            for info in infos
        ]
        starts = list(glyphs.log_clusters[0 : glyphs.num_glyphs])
        text = utf8[item.offset : item.offset + item.length]
        turned = bool(item.analysis.level % 2)
        letters = tuple(_letters(text, starts, placed, turned=turned))
        unit = FROM_UNITS * 1000 / size
        runs.append(_Run(font, item.analysis.font, size, unit, letters))
        at = at.next
    return runs


def _letters(
    utf8: bytes, starts: Sequence[int], placed: Sequence[tuple[_Placed, ...]], *, turned: bool
) -> Iterator[_Letter]:
    """The letters of a run, from the left: clusters, and marks with what they stand on.

    `starts` says where in the text the cluster of each glyph begins; `turned`: the run is read
    from right to left.
    """
    ends = dict(zip(sorted(set(starts)), [*sorted(set(starts))[1:], len(utf8)], strict=True))
    glyphs: dict[int, tuple[_Placed, ...]] = {}
    for start, one in zip(starts, placed, strict=True):
        glyphs[start] = glyphs.get(start, ()) + one
    found: list[_Letter] = []
    for start, end in ends.items():
        text, own = utf8[start:end].decode(), glyphs[start]
        if found and _leans(text):
            before = found.pop()
            both = own + before.glyphs if turned else before.glyphs + own
            found.append(_Letter(before.text + text, both))
        else:
            found.append(_Letter(text, own))
    for letter in reversed(found) if turned else found:
        if letter.glyphs:
            # A PDF has its glyphs from the left and does not say which way they are read: readers
            # see from the letters that they must turn them round, each character by itself.
            yield letter._replace(text=letter.text[::-1]) if turned else letter


def _leans(text: str) -> bool:
    """Whether a cluster belongs to the letter before it."""
    return unicodedata.category(text[0])[0] == "M" or text in _JOINERS


# ------------------------------------------------------------------------------------- showing


def _needs_it(run: _Run) -> bool:
    """Whether WeasyPrint would show a letter of a run in several glyphs, or with another text."""
    return not all(letter.is_one_glyph and _says(run, letter) for letter in run.letters)


def _says(run: _Run, letter: _Letter) -> bool:
    """Whether the glyph of a letter has its text in the file; it gets it at its first use."""
    text = run.font.to_unicode.setdefault(letter.glyphs[0].gid, letter.text)
    # Spaces that do and do not break are one glyph, and the same to readers.
    return bool(text == letter.text or (text.isspace() and letter.text.isspace()))


def _show(stream: Any, runs: Sequence[_Run], matrix: Any) -> None:
    stream.set_text_matrix(*matrix.values)
    for run in runs:
        stream.set_font_size(run.font.hash, run.size)
        shown: list[str] = []
        moved = 0.0
        # The same few letters come again and again.
        known: dict[tuple[float, _Letter], _Shown] = vars(run.font).setdefault("shown", {})
        for letter in run.letters:
            glyph = known.get((run.unit, letter))
            if glyph is None:
                glyph = known[run.unit, letter] = _glyph(stream, run, letter)
            # TJ counts to the left (ISO 32000-1, 9.4.3).
            back = round(moved - glyph.shift)
            if back:
                shown.append(f"{back}")
            moved -= back
            shown.append(f"<{glyph.gid:04x}>")
            moved += glyph.width - glyph.advance
        if round(moved):
            shown.append(f"{round(moved)}")
        if shown:
            stream.show_text("".join(shown).replace("><", ""))


def _glyph(stream: Any, run: _Run, letter: _Letter) -> _Shown:
    """The glyph for a letter: the font's own, or one that is made for it."""
    width = sum(_width(stream, run, one.gid) for one in letter.glyphs)
    advance = sum(one.advance for one in letter.glyphs) * run.unit
    first = letter.glyphs[0]
    shift = first.x * run.unit
    near = abs(width + shift - advance) <= _FAR and abs(shift) <= _FAR
    if letter.is_one_glyph and (near or letter.text.isspace()) and _says(run, letter):
        return _Shown(first.gid, shift, width, advance)
    if abs(width - advance) > _FAR and advance >= 1:
        width = round(advance)
    return _Shown(_made(stream, run, letter, width), 0, width, advance)


def _made(stream: Any, run: _Run, letter: _Letter, width: int) -> int:
    """The id of the glyph that is made for a letter."""
    font = run.font
    units = run.unit * font.upem / 1000
    parts = []
    pen = 0
    for one in letter.glyphs:
        parts.append((one.gid, round((pen + one.x) * units), round(-one.y * units)))
        pen += one.advance
    composite = Composite(tuple(parts), round(width * font.upem / 1000))
    if not hasattr(font, "made"):
        # Fonts of one name become one font of the file.
        alike = (other for other in stream._fonts.values() if other.hash == font.hash)
        made = next((other.made for other in alike if hasattr(other, "made")), None)
        font.made = made or _Made(font.glyph_count + _KEPT_IDS)
    ids: dict[tuple[Composite, str], int] = font.made.ids
    gid = ids.setdefault((composite, letter.text), font.made.first + len(ids))
    font.widths[gid], font.to_unicode[gid] = width, letter.text
    return gid


def _width(stream: Any, run: _Run, gid: int) -> int:
    """How far a glyph leads by itself, 1/1000 em, as WeasyPrint works it out."""
    from weasyprint.text.ffi import pango

    if gid not in run.font.widths:
        pango.pango_font_get_glyph_extents(run.pango, gid, stream.ink_rect, stream.logical_rect)
        run.font.widths[gid] = round(stream.logical_rect.width * run.unit)
    return int(run.font.widths[gid])
