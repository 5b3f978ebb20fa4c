"""Lines of glyphs into the operators that show them (ISO 32000-1, 9.4), and the codes of a file.

What a glyph stands for is said once a file and font, so that whoever searches or copies finds it.
A glyph that stands for different texts in one file, or is made of several, gets a code of its own.
"""

from __future__ import annotations

from functools import lru_cache

from actionpack.glyphs import Code, Glyph, Part, Run, Used
from actionpack.pdf.marks import Line
from actionpack.pdf.objects import num

# The same few distances come again and again.
_num = lru_cache(maxsize=4096)(num)


class Lettering:
    """What the lines of one file are shown with."""

    def __init__(self, prefix: str = "Stamp") -> None:
        """Fonts are called by the prefix and a number on the pages."""
        self._prefix = prefix
        self._fonts: dict[str, _Codes] = {}

    @property
    def used(self) -> tuple[Used, ...]:
        """The fonts of all lines so far, in the order of their first use."""
        return tuple(
            Used(key=codes.key, font=font, codes=tuple(codes.codes))
            for font, codes in self._fonts.items()
        )

    def show(self, line: Line, x: float, y: float) -> str:
        """The operators that show a line whose baseline starts at a point, pt, y up.

        They belong between BT and ET.
        """
        size = line.size_pt
        return " ".join(
            f"/{codes.key} {_num(size)} Tf"
            f" 1 0 0 1 {_num(x + run.offset * size / 1000)} {_num(y)} Tm {codes.shown(run, size)}"
            for run in line.runs
            for codes in (self._codes(run),)
        )

    def _codes(self, run: Run) -> _Codes:
        codes = self._fonts.get(run.font)
        if codes is None:
            key = f"{self._prefix}{len(self._fonts) + 1}"
            codes = self._fonts[run.font] = _Codes(key, run.spare)
        return codes


class _Codes:
    """The codes of a font in one file."""

    def __init__(self, key: str, spare: int) -> None:
        self.key = key
        self.codes: list[Code] = []
        self._spare = spare
        self._taken: set[int] = set()
        self._known: dict[tuple[int, str, tuple[Part, ...]], str] = {}

    def shown(self, run: Run, size: float) -> str:
        """The operators that show the glyphs: what differs from their own widths is moved."""
        operators: list[str] = []
        row: list[str] = []
        rise = owed = 0.0
        known = self._known
        for glyph in run.glyphs:
            gid, text, advance, dx, dy, width, parts = glyph
            code = known.get((gid, text, parts)) or self._code(glyph)
            if dy != rise:
                operators += [_array(row), f"{_num(dy * size / 1000)} Ts"]
                row, rise = [], dy
            # TJ counts thousandths of the size, to the left (ISO 32000-1, 9.4.3).
            before = owed - dx
            if before and abs(before) >= 0.001:
                row.append(f">{_num(before)}<")
            row.append(code)
            owed = width + dx - advance
        operators.append(_array(row))
        if rise:
            operators.append("0 Ts")
        return " ".join(filter(None, operators))

    def _code(self, glyph: Glyph) -> str:
        """The code of a glyph that comes for the first time."""
        number = glyph.gid
        if glyph.parts or number in self._taken:
            number, self._spare = self._spare, self._spare + 1
        else:
            self._taken.add(number)
        self.codes.append(Code(number, glyph.gid, glyph.text, glyph.width, glyph.parts))
        code = self._known[glyph.gid, glyph.text, glyph.parts] = f"{number:04x}"
        return code


def _array(row: list[str]) -> str:
    """An operand of hexadecimal strings and distances (9.4.3), and its operator."""
    return f"[<{''.join(row)}>] TJ".replace("<>", "") if row else ""
