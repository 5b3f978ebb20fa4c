"""Are the tear line and the fold marks on the paper, and where the sheet is torn and folded.

And on both of its sides: a tear or a fold is made once, and goes through whatever is behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from actionpack.diagnostics import Finding, Place, Severity, finding
from actionpack.geometry import Box
from actionpack.piece import Line
from actionpack.preflight.found import spotted
from actionpack.preflight.ink import RULE_MM
from actionpack.preflight.meant import MeantPage
from actionpack.preflight.painted import Mark

# How far a line may stand from where it is meant, mm.
_OFF_MM = 0.5
# A line this far off is another one, mm.
_FAR_MM = 15.0
# What a tear line must span of what can be printed; scissors and dashes leave gaps, mm.
_LEAST_SPAN = 0.8
_MOST_GAP_MM = 10.0
# What rounding may cost the two sides of a sheet, mm.
_REGISTER_MM = 0.05
_LEAST_FOLD_MARK_MM = 1.0


def missing_guides(
    meant: MeantPage, inked: Sequence[Mark], safe_mm: float, place: Place, *, cuts: bool = True
) -> Iterator[Finding]:
    """Find cuts without a line along them and folds without a mark (`layout-fault`).

    `cuts`: whether the cuts need a line.
    """
    if meant.piece is None or meant.blank:
        return
    rules = _by_height(inked)
    span = _LEAST_SPAN * (meant.piece.sheet.width - 2 * safe_mm)
    for cut in meant.piece.cuts if cuts else ():
        yield from _cut(cut, rules, span, place)
    for fold in meant.piece.folds:
        near = (box for at, boxes in rules.items() if abs(at - fold.at) <= _OFF_MM for box in boxes)
        if not any(box.width >= _LEAST_FOLD_MARK_MM for box in near):
            yield finding("layout-fault", f"there is no mark at the fold at {fold.at:g} mm", place)


def out_of_register(meant: MeantPage, place: Place) -> Iterator[Finding]:
    """Find cuts and folds of a back that miss by a little those of its front (`layout-fault`)."""
    if meant.number % 2 or meant.piece is None or meant.behind is None:
        return
    back, front = meant.piece, meant.behind
    for word, own, others in (
        ("cut", back.cuts, front.cuts),
        ("fold", back.folds, front.folds),
    ):
        for line in own:
            near = min(others, key=lambda other: abs(other.at - line.at), default=None)
            if near and _REGISTER_MM < abs(near.at - line.at) < _FAR_MM:
                told = (
                    f"the {word} '{line.name}' is at {line.at:g} mm, and on the front of the sheet "
                    f"'{near.name}' is at {near.at:g}"
                )
                cure = f"give both the same height: it is one {word}"
                yield finding("layout-fault", told, place, cure=cure)


def folded_codes(
    codes: Sequence[Box], folds: Sequence[Line], place: Place, *, severity: Severity | None = None
) -> Iterator[Finding]:
    """Find codes that are folded through, so that a phone reads them badly (`folded-code`)."""
    for box in codes:
        fold = next((one for one in folds if box.top < one.at < box.bottom), None)
        if fold is not None:
            told = f"the fold at {fold.at:g} mm goes through a QR code"
            yield spotted("folded-code", told, place, box, severity=severity)


def _by_height(inked: Sequence[Mark]) -> dict[float, list[Box]]:
    """The thin marks of a page by where they stand, to a tenth of a millimetre."""
    rules: dict[float, list[Box]] = {}
    for mark in inked:
        if mark.kind == "path" and mark.shown.height <= RULE_MM:
            rules.setdefault(round(mark.shown.centre.y, 1), []).append(mark.shown)
    return rules


def _cut(
    cut: Line, rules: Mapping[float, Sequence[Box]], span: float, place: Place
) -> Iterator[Finding]:
    lines = [at for at, boxes in rules.items() if _longest(boxes) >= span]
    nearest = min(lines, key=lambda at: abs(at - cut.at), default=None)
    if nearest is None or abs(nearest - cut.at) > _FAR_MM:
        yield finding(
            "layout-fault", f"there is no line along the cut '{cut.name}' at {cut.at:g} mm", place
        )
    elif abs(nearest - cut.at) > _OFF_MM:
        way = "below" if nearest > cut.at else "above"
        yield finding(
            "layout-fault",
            f"the line of the cut '{cut.name}' is {abs(nearest - cut.at):.1f} mm {way} where the "
            f"sheet is torn, at {cut.at:g} mm",
            place,
        )


def _longest(boxes: Sequence[Box]) -> float:
    """The longest line that some marks make, small gaps counted in."""
    longest, start, end = 0.0, 0.0, float("-inf")
    for box in sorted(boxes, key=lambda box: box.left):
        if box.left > end + _MOST_GAP_MM:
            start, end = box.left, box.right
        end = max(end, box.right)
        longest = max(longest, end - start)
    return longest
