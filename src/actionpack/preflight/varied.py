"""What pages in large print, and pages that save ink, promise besides: measured as they are.

16 pt of body text is what the RNIB calls large print (Clear Print guidelines: 16 to 18 pt); what
only stands aside, such as captions, is never below the 12 pt of clear print.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from actionpack.diagnostics import Finding, Place
from actionpack.geometry import Box
from actionpack.preflight.found import spotted
from actionpack.preflight.ink import RULE_MM, named
from actionpack.preflight.meant import MeantPage, Region
from actionpack.preflight.painted import WHITE, Mark
from actionpack.preflight.reader import Page
from actionpack.preflight.text import text_inside, texts
from actionpack.preflight.words import normal
from actionpack.units import mm_to_pt

LEAST_BODY_PT = 16.0
LEAST_ASIDE_PT = 12.0
# What rounding on the way may cost.
_SLACK_PT = 0.1
# Set as the window or the label wants them: machines read them.
_FREE = frozenset({"address", "label"})
# Looked up, not read: who wrote it, where else to turn to, what stands under lines and pictures.
_ASIDE = frozenset(
    {
        *("credit", "picture_credit", "reference", "caption", "online", "copies", "channels"),
        *("quote_by", "slot"),
    }
)
# One square centimetre; what is more is an area and no sign.
_MOST_AREA_MM2 = 100.0
# Of its box: what is filled less than that is an outline, or a drawing of lines.
_FILLED = 0.5
_COARSE_DPI = 50
_CODE_SLACK_MM = 0.5


def small_print(
    page: Page, meant: MeantPage, hidden: frozenset[int], place: Place
) -> Iterator[Finding]:
    """Find type that is too small for large print, the smallest of each field once."""
    least: dict[str, Mark] = {}
    for line in texts(page.marks):
        if line.at in hidden or not normal(line.text):
            continue
        inside = [one for one in meant.regions if text_inside(page, line, one.box)]
        field = _kind(inside[-1]) if inside else ""
        if field in _FREE or mm_to_pt(line.type_mm) >= _least(field) - _SLACK_PT:
            continue
        if field not in least or line.type_mm < least[field].type_mm:
            least[field] = line
    for field, line in least.items():
        of = f"'{field}'" if field else named(line)
        size, wanted = mm_to_pt(line.type_mm), _least(field)
        told = f"{of} is set in {size:.1f} pt, and large print takes {wanted:g} pt or more"
        yield spotted("small-print", told, place, line.shown)


def _kind(region: Region) -> str:
    """A field without its number and its target: `title` of "title-2:president"."""
    return region.field.partition(":")[0].partition("-")[0]


def _least(field: str) -> float:
    return LEAST_ASIDE_PT if not field or field in _ASIDE else LEAST_BODY_PT


def solid_areas(
    page: Page, meant: MeantPage, inked: Sequence[Mark], place: Place
) -> Iterator[Finding]:
    """Find pictures and filled areas in pages that save ink, QR codes aside."""
    codes = [code.box for code in meant.codes]
    for mark in inked:
        box = mark.shown.intersection(page.sheet)
        if mark.kind == "text" or any(code.contains(box, slack=_CODE_SLACK_MM) for code in codes):
            continue
        if mark.kind == "image" or _is_filled(page, box):
            told = f"{named(mark)} of {box.width:.0f} × {box.height:.0f} mm is printed solid"
            yield spotted("solid-area", told, place, box)


def _is_filled(page: Page, box: Box) -> bool:
    """Whether ink covers most of a box that is no line and larger than a sign, by its pixels."""
    if min(box.width, box.height) <= RULE_MM or box.width * box.height <= _MOST_AREA_MM2:
        return False
    picture = page.picture(box, _COARSE_DPI)
    if picture is None:
        return True
    inked = sum(level < WHITE for level in picture.grey)
    return inked > _FILLED * len(picture.grey)
