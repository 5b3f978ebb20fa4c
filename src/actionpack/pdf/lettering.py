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
@lru_cache(maxsize=4096)
def _num(number: float) -> bytes:
    return num(number).encode()


# A slot has its lines in the same places in every copy.
@lru_cache(maxsize=4096)
def _started(key: bytes, size: float, x: float, y: float) -> bytes:
    """The operators that take a font in a size, and go to a point."""
    return b"/%s %s Tf 1 0 0 1 %s %s Tm " % (key, _num(size), _num(x), _num(y))


# What would end a string, or be read as something else in one (ISO 32000-1, 7.3.4.2).
_ESCAPES = {code: b"\\" + bytes((code,)) for code in b"()\\"} | {0x0D: b"\\r"}


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
            Used(key=codes.key.decode(), font=font, codes=tuple(codes.codes))
            for font, codes in self._fonts.items()
        )

    def show(self, line: Line, x: float, y: float) -> bytes:
        """The operators that show a line whose baseline starts at a point, pt, y up.

        They belong between BT and ET.
        """
        size = line.size_pt
        shown = []
        for run in line.runs:
            codes = self._fonts.get(run.font) or self._opened(run)
            start = x + run.offset * size / 1000
            shown.append(_started(codes.key, size, start, y) + codes.shown(run, size))
        return b" ".join(shown)

    def _opened(self, run: Run) -> _Codes:
        key = f"{self._prefix}{len(self._fonts) + 1}".encode()
        codes = self._fonts[run.font] = _Codes(key, run.spare)
        return codes


class _Codes:
    """The codes of a font in one file."""

    def __init__(self, key: bytes, spare: int) -> None:
        self.key = key
        self.codes: list[Code] = []
        self._spare = spare
        self._taken: set[int] = set()
        self._known: dict[tuple[int, str, tuple[Part, ...]], bytes] = {}
        # What a glyph on the line adds to an array, by the glyph's own identity: most come again
        # and again as the same object. They are kept, so that no other gets that identity.
        self._pieces: dict[int, bytes] = {}
        self._kept: list[Glyph] = []

    def shown(self, run: Run, size: float) -> bytes:
        """The operators that show the glyphs: what differs from their own widths is moved."""
        pieces = self._pieces
        try:
            return b"[(%s)] TJ" % b"".join([pieces[id(glyph)] for glyph in run.glyphs])
        except KeyError:
            return self._shown(run, size)

    def _shown(self, run: Run, size: float) -> bytes:
        """The same for glyphs that come for the first time, or are shifted from their place."""
        operators: list[bytes] = []
        row: list[bytes] = []
        rise = owed = 0.0
        for glyph in run.glyphs:
            code = self._code(glyph)
            if glyph.dy != rise:
                operators += [_array(row), b"%s Ts" % _num(glyph.dy * size / 1000)]
                row, rise = [], glyph.dy
            # TJ counts thousandths of the size, to the left (ISO 32000-1, 9.4.3).
            row += (_moved(owed - glyph.dx), code)
            owed = glyph.width + glyph.dx - glyph.advance
            if not (glyph.dx or glyph.dy) and id(glyph) not in self._pieces:
                self._pieces[id(glyph)] = code + _moved(owed)
                self._kept.append(glyph)
        operators.append(_array(row))
        if rise:
            operators.append(b"0 Ts")
        return b" ".join(filter(None, operators))

    def _code(self, glyph: Glyph) -> bytes:
        """The code of a glyph, as it stands in a string."""
        key = (glyph.gid, glyph.text, glyph.parts)
        if key in self._known:
            return self._known[key]
        number = glyph.gid
        if glyph.parts or number in self._taken:
            number, self._spare = self._spare, self._spare + 1
        else:
            self._taken.add(number)
        self.codes.append(Code(number, glyph.gid, glyph.text, glyph.width, glyph.parts))
        code = b"".join(_ESCAPES.get(byte, bytes((byte,))) for byte in number.to_bytes(2, "big"))
        self._known[key] = code
        return code


def _moved(distance: float) -> bytes:
    """A distance between two strings, if there is any."""
    return b")%s(" % _num(distance) if abs(distance) >= 0.001 else b""


def _array(row: list[bytes]) -> bytes:
    """An operand of strings and distances, and its operator."""
    return b"[(%s)] TJ" % b"".join(row) if row else b""
