"""A line of any scripts and directions into runs of glyphs.

A line is set in the slot's own face; what that lacks is taken from the face of the language, which
decides how letters look that several languages share, then from the other faces of the shelf.
Runs are parted where the level of the direction (Unicode Standard Annex 9), the script (Annex 24)
or the face changes, then shaped each by itself and laid side by side.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import groupby
from typing import NamedTuple, TypeVar

from actionpack.diagnostics import Finding, Place, finding
from actionpack.fonts.bidi import base_level, levels, runs_right_to_left, visual_order
from actionpack.fonts.faces import Face, Opened, open_face
from actionpack.fonts.ignorable import CHOSEN_FORM
from actionpack.fonts.shaping import missing_in, shape_run
from actionpack.fonts.shelf import FontShelf
from actionpack.glyphs import Glyph, Run

T = TypeVar("T")

# Latin letters, and what all scripts share (Unicode 15, Scripts.txt); a few more than these.
_ONE_SCRIPT = re.compile("[\0-\u02b8\u1e00-\u1eff\u2000-\u206f\u20a0-\u20bf\u2100-\u214f]*")
# Scripts.txt: what all scripts use, and marks that stand on a letter of any.
_SHARED = frozenset(("Zyyy", "Zinh"))
_DOTTED_CIRCLE = "\u25cc"
# A batch says the same things again and again: names of streets, places and groups.
_MOST_KNOWN = 2048


class SetLine(NamedTuple):
    """A line as it is set, in thousandths of the em.

    `runs` come in the order in which they are read, `faces` are theirs. `missing` is what no face
    has. `right_to_left`: the line as a whole runs that way.
    """

    runs: tuple[Run, ...]
    faces: tuple[Face, ...]
    width: float
    missing: tuple[str, ...]
    right_to_left: bool


class Compositor:
    """Sets lines in one face, and in others what that one lacks."""

    def __init__(
        self,
        shelf: FontShelf,
        family: str,
        weight: int,
        *,
        language: str,
        script_family: str | None = None,
        widen: float = 0,
    ) -> None:
        """`language` is a tag (BCP 47), `script_family` the family that its script is set in.

        `widen`: so much wider are spaces in what runs from left to right.
        Raises Rejected when there is no such family, or its font cannot be read.
        """
        self._stack = shelf.stack(family, weight, script_family)
        self._language, self._widen = language, widen
        self._own = open_face(self._stack[0])
        self._space = shape_run(self._own, " ", language=language, direction="ltr")
        self._known: dict[str, SetLine] = {}
        self._first: dict[str, Opened] = {}

    @property
    def face(self) -> Face:
        """The face that everything is set in, but what it lacks."""
        return self._own.face

    def set(self, text: str) -> SetLine:
        """Set one line; nothing is broken. Raises Rejected when a font cannot be read."""
        known = self._known.get(text)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
                self._first.clear()
            known = self._known[text] = self._set(unicodedata.normalize("NFC", text))
        return known

    def spaced(self, line: SetLine) -> SetLine:
        """A line with a space behind it, which is no part of its width."""
        if not line.runs:
            return line
        (*before, last) = line.runs
        if before or line.right_to_left or last.font != self._own.name:
            at = -self._space[0].advance if line.right_to_left else line.width
            run = self._run(self._space, at)
            return line._replace(runs=(*line.runs, run), faces=(*line.faces, self.face))
        runs = (self._run(last.glyphs + self._space, 0),)
        return SetLine(runs, line.faces, line.width, line.missing, line.right_to_left)

    def ink(self, text: str) -> tuple[float, float]:
        """How far a line reaches below its baseline and above it, thousandths of the em, y up."""
        below = above = 0.0
        line = self.set(text)
        for run, face in zip(line.runs, line.faces, strict=True):
            opened = open_face(face)
            for glyph in run.glyphs:
                for gid, _, up in glyph.parts or ((glyph.gid, 0.0, 0.0),):
                    if extents := opened.font.get_glyph_extents(gid):
                        top = glyph.dy + up + extents.y_bearing * opened.scale
                        above = max(above, top)
                        below = min(below, top + extents.height * opened.scale)
        return below, above

    def broken(self, text: str) -> Iterator[str]:
        """What of a line was set on a dotted circle that the line does not have."""
        line = self.set(text)
        for run, face in zip(line.runs, line.faces, strict=True):
            ring = open_face(face).font.get_nominal_glyph(ord(_DOTTED_CIRCLE))
            for glyph in run.glyphs:
                gids = (glyph.gid, *(gid for gid, _, _ in glyph.parts))
                if ring and ring in gids and _DOTTED_CIRCLE not in glyph.text:
                    yield glyph.text

    def _run(self, glyphs: tuple[Glyph, ...], offset: float) -> Run:
        own = self._own
        return Run(font=own.name, offset=offset, glyphs=glyphs, spare=own.glyph_count)

    def _set(self, text: str) -> SetLine:
        line = self._shaped(text)
        if text.isascii():
            return line
        forms = tuple(one for one in CHOSEN_FORM.findall(text) if not self._has(one))
        return line._replace(missing=(*line.missing, *forms)) if forms else line

    def _has(self, form: str) -> bool:
        return any(form in open_face(face).characters for face in self._stack)

    def _shaped(self, text: str) -> SetLine:
        turned = not text.isascii() and runs_right_to_left(text)
        if not turned and self._own.prints(text) and _of_one_script(text):
            # The short way, which most lines go.
            glyphs = self._widened(
                shape_run(self._own, text, language=self._language, direction="ltr")
            )
            return SetLine(
                runs=(self._run(glyphs, 0),) if glyphs else (),
                faces=(self.face,) if glyphs else (),
                width=sum([glyph.advance for glyph in glyphs]),
                missing=missing_in(glyphs),
                right_to_left=False,
            )
        base = base_level(text) if turned else 0
        found = levels(text, base) if turned else (0,) * len(text)
        kinds = zip(found, _scripts(text), self._faces(text), strict=True)
        start = 0
        runs: list[tuple[int, Opened, tuple[Glyph, ...]]] = []
        for (level, script, opened), same in groupby(kinds):
            end = start + len(tuple(same))
            glyphs = shape_run(
                opened,
                text[start:end],
                language=self._language,
                direction="rtl" if level % 2 else "ltr",
                script=script,
            )
            runs.append((level, opened, glyphs if level % 2 else self._widened(glyphs)))
            start = end
        line = _side_by_side(runs, right_to_left=base == 1)
        return line._replace(missing=tuple(sorted(line.missing, key=text.find)))

    def _widened(self, glyphs: tuple[Glyph, ...]) -> tuple[Glyph, ...]:
        if not self._widen:
            return glyphs
        return tuple(
            glyph._replace(advance=glyph.advance + self._widen) if glyph.text.isspace() else glyph
            for glyph in glyphs
        )

    def _faces(self, text: str) -> tuple[Opened, ...]:
        """The face of each character.

        A letter and its marks have one that has them all, the first of the stack. Punctuation and
        space have that of their neighbour, when it has them.
        """
        chosen: list[Opened | None] = []
        for cluster in _clusters(text):
            leans = unicodedata.category(cluster[0])[0] in "PZ"
            chosen += [None if leans else self._first_with(cluster)] * len(cluster)
        near = _filled(text, chosen)
        return tuple(
            (beside if beside and beside.prints(character) else self._first_with(character))
            if one is None
            else one
            for character, one, beside in zip(text, chosen, near, strict=True)
        )

    def _first_with(self, text: str) -> Opened:
        """The first face that has a letter with its marks."""
        found = self._first.get(text)
        if found is None:
            faces = map(open_face, self._stack)
            found = next((face for face in faces if face.prints(text)), self._own)
            self._first[text] = found
        return found


def check_clusters(text: str, place: Place, compositor: Compositor) -> tuple[Finding, ...]:
    """Find signs that cannot stand on what is before them, each on its line.

    A font shows such a sign on a dotted circle (Unicode 15, 5.13), which nobody wrote.
    """
    found = []
    for number, line in enumerate(text.split("\n")):
        if any(unicodedata.category(character)[0] == "M" for character in line):
            at = None if place.line is None else place.line + number
            found += [
                finding(
                    "bad-value",
                    f"'{cluster}' ({_points(cluster)}) is no letter with its signs",
                    replace(place, line=at),
                    cure="write it anew; a sign may be doubled, or in the wrong place",
                )
                for cluster in dict.fromkeys(compositor.broken(line))
            ]
    return tuple(found)


def _points(text: str) -> str:
    return " ".join(f"U+{ord(character):04X}" for character in text)


def _side_by_side(
    runs: list[tuple[int, Opened, tuple[Glyph, ...]]], *, right_to_left: bool
) -> SetLine:
    """Lay runs, which come in the order of reading, with their levels, beside each other."""
    wide = [sum([glyph.advance for glyph in glyphs]) for _, _, glyphs in runs]
    offsets = [0.0] * len(runs)
    pen = 0.0
    for at in visual_order([level for level, _, _ in runs]):
        offsets[at] = pen
        pen += wide[at]
    return SetLine(
        runs=tuple(
            Run(font=opened.name, offset=offset, glyphs=glyphs, spare=opened.glyph_count)
            for (_, opened, glyphs), offset in zip(runs, offsets, strict=True)
            if glyphs
        ),
        faces=tuple(opened.face for _, opened, glyphs in runs if glyphs),
        width=pen,
        missing=tuple(dict.fromkeys(one for _, _, glyphs in runs for one in missing_in(glyphs))),
        right_to_left=right_to_left,
    )


def _of_one_script(text: str) -> bool:
    if text.isascii() or _ONE_SCRIPT.fullmatch(text):
        return True
    return len(set(map(_script, text)) - _SHARED) <= 1


def _scripts(text: str) -> tuple[str | None, ...]:
    """The script of each character; what scripts share has that of a neighbour (Annex 24, 5.1)."""
    own = [_script(character) for character in text]
    return tuple(_filled(text, [None if one in _SHARED else one for one in own]))


@cache
def _script(character: str) -> str:
    """The script of a character (ISO 15924)."""
    # 50 ms, which those lines do not cost that everybody writes.
    from fontTools.unicodedata import script

    found: str = script(character)
    return found


def _filled(text: str, values: list[T | None]) -> list[T | None]:
    """What has no value gets that of what stands before it, an opening mark that of what follows.

    At the ends of the line it is the other way round, and without any value there is none.
    """
    before: list[T | None] = []
    last = next((value for value in values if value is not None), None)
    for value in values:
        last = last if value is None else value
        before.append(last)
    filled = list(before)
    following = before[-1] if before else None
    for at in range(len(values) - 1, -1, -1):
        if values[at] is not None:
            following = values[at]
        elif unicodedata.category(text[at]) in ("Ps", "Pi"):
            filled[at] = following
    return filled


def _clusters(text: str) -> Iterator[str]:
    """The letters of a text, each with the marks and joiners behind it."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not _is_joined(text[at]):
            yield text[start:at]
            start = at


def _is_joined(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Mc", "Me") or character in "\u200c\u200d"
