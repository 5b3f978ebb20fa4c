"""Text → QR matrix (ISO/IEC 18004:2015; gate: qrcode).

The matrix is all that leaves here: `pdf` draws it, `preflight` compares it.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from actionpack.diagnostics import NOWHERE, Finding, Place, Rejected, finding
from actionpack.geometry import EPSILON_MM
from actionpack.web_address import counted, no_code_holds, utf8

if TYPE_CHECKING:
    from qrcode.main import QRCode

# The empty margin round a QR code, in modules (ISO/IEC 18004:2015, "quiet zone": 4X).
QUIET_ZONE = 4
# Measured with zxing-cpp at 300 dpi after a blur of σ 0.20 mm, a poor phone or spreading ink:
# modules of 0.5 mm and more were read 100 %, 0.4 to 0.5 mm 89 %, below 0.4 mm 4 %.
WANTED_MODULE_MM = 0.5
LEAST_MODULE_MM = 0.4
# A code that hangs on a wall is read from as far as ten times its side, without its quiet zone. No
# norm says so; sign makers go by it (delivr.com/faq/1289). A camera of 1,920 pixels that sees 65°
# then has five of them for each of 29 modules.
READING_RATIO = 10
# Bytes that one `Codes` keeps: what texts of sixty characters can teach is 0.2 MB.
_MOST_HELD = 4_000_000


class Code(NamedTuple):
    """A QR code: what it says, and its modules as a picture of one bit a dot.

    `side` counts modules, without the quiet zone. `bits` are as PDF takes them (ISO 32000-1:2008,
    8.9.5.2): rows from the top, each filled with 0 to whole bytes, most significant bit first, dark
    1.
    """

    text: str
    side: int
    bits: bytes

    @property
    def version(self) -> int:
        """The version (ISO/IEC 18004:2015, 5.3.1), 1 to 40."""
        return _version_of(self.side)

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules row by row from the top, "1" dark, "0" light."""
        side, wide = self.side, _width_of(self.side)
        digits = f"{int.from_bytes(self.bits, 'big'):0{side * wide}b}"
        return tuple(digits[row : row + side] for row in range(0, side * wide, wide))

    @property
    def side_with_quiet_zone(self) -> int:
        """Modules along one side of the square that must be kept for the code."""
        return self.side + 2 * QUIET_ZONE


class Run(NamedTuple):
    """Dark modules side by side in one row, counted from the code's top left module, from 0."""

    column: int
    row: int
    length: int


def encode(text: str, mask: int | None = None) -> Code:
    """Encode text as UTF-8 in byte mode at level M, in the smallest version that holds it.

    Without a mask (0 to 7) it gets its best one: same text, same code.
    Raises Rejected (`qr-url`) when the text is empty or longer than the largest code holds.
    """
    return _code(text, _drawn(_bytes_of(text), mask))


def best_mask(text: str) -> int:
    """The mask that the library scores best for a text (ISO/IEC 18004:2015, 7.8.3); takes 5 ms.

    Raises Rejected (`qr-url`) as `encode` does.
    """
    best: int = _begun(_bytes_of(text)).best_mask_pattern()
    return best


class Codes:
    """Codes of one mask, quickly: what a code of the same length has taught is not asked again.

    At one mask and length everything in a code, the words that correct errors too, is a sum modulo
    2 of bits of its text (ISO/IEC 18004:2015, 7.5 and 8). So the codes that were made so far give
    those of all texts that are sums of theirs: a thousand texts which differ in eight letters of a
    to z cost some forty codes. Equal to `encode` bit by bit. May be used by several threads.
    """

    def __init__(self, mask: int) -> None:
        self._mask = mask
        self._known: dict[int, _Known] = {}
        self._held = 0

    def encode(self, text: str) -> Code:
        """Encode as `encode` does with this mask, and raise what it raises."""
        bytes_ = utf8(text)
        known = self._known.get(len(bytes_))
        if known is None:
            known = self._start(_bytes_of(text))
        # Text above, modules below. The bit on top makes the first code a sum like all others.
        rest = (1 << 8 * len(bytes_) | int.from_bytes(bytes_, "big")) << known.size
        while (top := rest.bit_length()) > known.size:
            row = known.rows.get(top)
            if row is None:
                return self._learn(text, known, rest)
            rest ^= row
        return Code(text, known.side, rest.to_bytes(known.size >> 3, "big"))

    def _start(self, bytes_: bytes) -> _Known:
        side = _side_of(_begun(bytes_).version)
        known = _Known(side, side * _width_of(side), {})
        self._known[len(bytes_)] = known
        return known

    def _learn(self, text: str, known: _Known, rest: int) -> Code:
        """Ask for a code that is no sum of the known ones, and keep what is new in it."""
        drawn = _drawn(utf8(text), self._mask)
        row = rest ^ drawn.dark
        known.rows[rest.bit_length()] = row
        self._held += sys.getsizeof(row)
        if self._held > _MOST_HELD:
            self._known, self._held = {}, 0
        return _code(text, drawn)


class _Drawn(NamedTuple):
    """The side of a code, and its bits as one number."""

    side: int
    dark: int


class _Known(NamedTuple):
    """Texts of one length with their codes, as rows of a matrix in echelon form.

    Each row is a number, the text above `size` bits of modules, under the number of its bits.
    """

    side: int
    size: int
    rows: dict[int, int]


def _bytes_of(text: str) -> bytes:
    if faults := tuple(no_code_holds(text)):
        raise Rejected(*faults)
    return utf8(text)


def _begun(bytes_: bytes) -> QRCode[Any]:
    """A code of the library's that has its version, and no modules yet."""
    # Imported here: it costs 0.15 s, and most commands never draw a code.
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.main import QRCode
    from qrcode.util import QRData

    begun = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    begun.add_data(QRData(bytes_, mode=4))  # byte mode (ISO/IEC 18004:2015, Table 2)
    begun.best_fit()
    return begun


def _drawn(bytes_: bytes, mask: int | None) -> _Drawn:
    matrix = _begun(bytes_)
    matrix.mask_pattern = mask
    matrix.make(fit=False)
    rows = tuple("".join("01"[bool(dark)] for dark in row) for row in matrix.modules)
    return _Drawn(len(rows), _number(rows))


def code_of(text: str, modules: Sequence[str]) -> Code:
    """A code from its modules, row by row as `Code.modules` has them."""
    return _code(text, _Drawn(len(modules), _number(modules)))


def _code(text: str, drawn: _Drawn) -> Code:
    size = drawn.side * _width_of(drawn.side)
    return Code(text, drawn.side, drawn.dark.to_bytes(size // 8, "big"))


def _number(rows: Sequence[str]) -> int:
    """The bits of rows as one number."""
    filling = "0" * (_width_of(len(rows)) - len(rows))
    return int(filling.join((*rows, "")), 2)


def _width_of(side: int) -> int:
    """The bits of a row, which is filled to whole bytes."""
    return (side + 7) // 8 * 8


def byte_capacity(version: int) -> int:
    """How many bytes a version (1 to 40) holds at level M (ISO/IEC 18004:2015, Table 7)."""
    from qrcode.base import rs_blocks
    from qrcode.constants import ERROR_CORRECT_M

    codewords: int = sum(block.data_count for block in rs_blocks(version, ERROR_CORRECT_M))
    # 7.4.5: the mode takes 4 bits, the count 8 in versions 1 to 9 and 16 above.
    return (8 * codewords - 4 - (8 if version < 10 else 16)) // 8


def dark_runs(code: Code) -> tuple[Run, ...]:
    """The dark modules as horizontal runs, from the top and the left, for drawing rectangles."""
    return tuple(
        Run(dark.start(), row, len(dark.group()))
        for row, modules in enumerate(code.modules)
        for dark in re.finditer("1+", modules)
    )


def module_mm(code: Code, slot_side_mm: float) -> float:
    """The width of one module, mm, when the slot's square holds code and quiet zone."""
    return slot_side_mm / code.side_with_quiet_zone


def quiet_mm(text: str, slot_side_mm: float) -> float:
    """How wide the empty margin of a text's code is, mm, when the slot's square holds both."""
    size = len(utf8(text))
    version = next((one for one in range(1, 40) if byte_capacity(one) >= size), 40)
    return slot_side_mm * QUIET_ZONE / (_side_of(version) + 2 * QUIET_ZONE)


def wanted_module_mm(code: Code, reading_mm: float = 0) -> float:
    """How wide a module must be to be read from a distance, mm; 0: in the hand."""
    return max(WANTED_MODULE_MM, reading_mm / READING_RATIO / code.side)


def check_module_size(
    code: Code, slot_side_mm: float, place: Place = NOWHERE, *, reading_mm: float = 0
) -> tuple[Finding, ...]:
    """Find modules too small to be read: below 0.5 mm a warning, below 0.4 mm an error.

    For a code that must be read from a distance both are more, in the same proportion.
    """
    sides = code.side_with_quiet_zone
    wanted = wanted_module_mm(code, reading_mm)
    least = wanted * LEAST_MODULE_MM / WANTED_MODULE_MM
    if slot_side_mm + EPSILON_MM >= sides * wanted:
        return ()
    readable = slot_side_mm + EPSILON_MM >= sides * least
    far = wanted > WANTED_MODULE_MM
    bound = (
        f"{_hundredth(wanted)} mm is wanted" if readable else f"the least is {_hundredth(least)} mm"
    )
    if far:
        bound += f" for reading from {reading_mm / 1000:g} m"
    shown = _down_to_hundredth(module_mm(code, slot_side_mm))
    message = (
        f"module of the QR code is {shown} mm in a slot of {_hundredth(slot_side_mm)} mm, {bound}"
    )
    # From afar the whole code must be large: a shorter one, of fewer modules, is no larger.
    shorter = "" if far else " or ".join(_shortenings(code, slot_side_mm))
    larger = f"make the slot {math.ceil(sides * wanted * 10 - EPSILON_MM) / 10:g} mm"
    return (
        finding(
            "qr-module-size",
            message,
            place,
            severity="warning" if readable else "error",
            cure=f"shorten the web address {shorter}, or {larger}" if shorter else larger,
        ),
    )


def _shortenings(code: Code, slot_side_mm: float) -> Iterator[str]:
    """Say how much shorter the text must be for modules that can be read, and for those wanted."""
    fitting = {
        _version_of(math.floor((slot_side_mm + EPSILON_MM) / least_mm) - 2 * QUIET_ZONE)
        for least_mm in (LEAST_MODULE_MM, WANTED_MODULE_MM)
    }
    for version in sorted(fitting, reverse=True):
        if 1 <= version < code.version:
            fewer = counted(len(utf8(code.text)) - byte_capacity(version), "character")
            larger = slot_side_mm / (_side_of(version) + 2 * QUIET_ZONE)
            yield f"by {fewer} for {_down_to_hundredth(larger)} mm"


def _side_of(version: int) -> int:
    """Modules along one side, without the quiet zone: 21, 25, … 177."""
    return 17 + 4 * version


def _version_of(side: int) -> int:
    """The largest version that is not wider than `side` modules; 0 and less: there is none."""
    return (side - 17) // 4


def _hundredth(mm: float) -> str:
    return f"{round(mm, 2):g}"


def _down_to_hundredth(mm: float) -> str:
    # Rounded down, so that a module just under the bound is never shown as being on it.
    return f"{math.floor(mm * 100 + 1e-6) / 100:g}"
