"""Conversions between the units of paper, PDF and screen, exact and never rounded.

1 in = 25.4 mm = 72 pt (ISO 32000-1, 8.3.2.3) = 96 px (CSS Values 4, 6.2).
"""

MM_PER_INCH = 25.4
PT_PER_INCH = 72.0
PX_PER_INCH = 96.0

PT_PER_MM = PT_PER_INCH / MM_PER_INCH
MM_PER_PT = MM_PER_INCH / PT_PER_INCH
MM_PER_PX = MM_PER_INCH / PX_PER_INCH


def mm_to_pt(mm: float) -> float:
    """Convert millimetres to points."""
    return mm * PT_PER_MM


def pt_to_mm(pt: float) -> float:
    """Convert points to millimetres."""
    return pt * MM_PER_PT


def px_to_mm(px: float) -> float:
    """Convert CSS pixels to millimetres."""
    return px * MM_PER_PX
