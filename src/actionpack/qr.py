"""Text → QR matrix (ISO/IEC 18004:2015; gate: qrcode).

The matrix is all that leaves here: `pdf` draws it, `preflight` compares it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from actionpack.diagnostics import NOWHERE, Finding, Place, Rejected, finding
from actionpack.geometry import EPSILON_MM
from actionpack.web_address import counted, no_code_holds, utf8

# The empty margin round a QR code, in modules (ISO/IEC 18004:2015, "quiet zone": 4X).
QUIET_ZONE = 4
# Measured with zxing-cpp at 300 dpi after a blur of σ 0.20 mm, a poor phone or spreading ink:
# modules of 0.5 mm and more were read 100 %, 0.4 to 0.5 mm 89 %, below 0.4 mm 4 %.
WANTED_MODULE_MM = 0.5
LEAST_MODULE_MM = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A QR code: what it says and its modules, row by row from the top, "1" dark, "0" light."""

    text: str
    version: int
    modules: tuple[str, ...]

    @property
    def side(self) -> int:
        """Modules along one side, without the quiet zone."""
        return len(self.modules)

    @property
    def side_with_quiet_zone(self) -> int:
        """Modules along one side of the square that must be kept for the code."""
        return self.side + 2 * QUIET_ZONE


class Run(NamedTuple):
    """Dark modules side by side in one row, counted from the code's top left module, from 0."""

    column: int
    row: int
    length: int


def encode(text: str) -> Code:
    """Encode text as UTF-8 in byte mode at level M, in the smallest version that holds it.

    The mask is the one the library scores best (ISO/IEC 18004:2015, 7.8.3): same text, same code.
    Raises Rejected (`qr-url`) when the text is empty or longer than the largest code holds.
    """
    # Imported here: it costs 0.15 s, and most commands never draw a code.
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.main import QRCode
    from qrcode.util import QRData

    if faults := tuple(no_code_holds(text)):
        raise Rejected(*faults)
    matrix = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    matrix.add_data(QRData(utf8(text), mode=4))  # byte mode (ISO/IEC 18004:2015, Table 2)
    matrix.make(fit=True)
    modules = tuple("".join("01"[bool(dark)] for dark in row) for row in matrix.modules)
    return Code(text=text, version=matrix.version, modules=modules)


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


def check_module_size(
    code: Code, slot_side_mm: float, place: Place = NOWHERE
) -> tuple[Finding, ...]:
    """Find modules too small to be read: below 0.5 mm a warning, below 0.4 mm an error."""
    sides = code.side_with_quiet_zone
    if slot_side_mm + EPSILON_MM >= sides * WANTED_MODULE_MM:
        return ()
    readable = slot_side_mm + EPSILON_MM >= sides * LEAST_MODULE_MM
    bound = f"{WANTED_MODULE_MM} mm is wanted" if readable else f"the least is {LEAST_MODULE_MM} mm"
    shown = _down_to_hundredth(module_mm(code, slot_side_mm))
    message = (
        f"module of the QR code is {shown} mm in a slot of {_hundredth(slot_side_mm)} mm, {bound}"
    )
    shorter = " or ".join(_shortenings(code, slot_side_mm))
    larger = f"make the slot {sides * WANTED_MODULE_MM:g} mm"
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
