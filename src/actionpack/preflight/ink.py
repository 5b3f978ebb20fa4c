"""Where ink lies on the finished pages: blank pages, margins, cuts, clipping, coarse pictures.

Boxes of what is painted are exact enough to clear a page; where they raise a doubt, pixels decide.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence

from actionpack.diagnostics import Finding, Place, finding
from actionpack.geometry import Box, Size
from actionpack.preflight.found import spotted
from actionpack.preflight.meant import MeantPage
from actionpack.preflight.painted import WHITE, Mark, Picture, sides_of
from actionpack.preflight.panels import beyond
from actionpack.preflight.reader import Page
from actionpack.preflight.words import normal, quoted
from actionpack.units import MM_PER_INCH

# What rounding in the PDF may cost, mm.
_SLACK_MM = 0.05
# A letter's outline may leave the box that its font gives for it by this much, mm.
_CLIP_SLACK_MM = 0.3
_SIZE_SLACK_MM = 0.2
# A rule to write on, to tear along or to fold at; thicker both ways is a drawing, mm.
RULE_MM = 1.0
# A pair of scissors on a cut, 4.5 × 6.5 mm, and what mitres may add to its outline, mm.
_SIGN_MM = (5.2, 7.2)
_COARSE_DPI = 50
_FINE_DPI = 200
_LEAST_PICTURE_DPI = 200
# A3 at 1200 dpi, as finely as line art is scanned, has 278 million.
_MOST_PIXELS = 300_000_000


def ink(page: Page, hidden: frozenset[int]) -> tuple[Mark, ...]:
    """What puts ink on a page, as far as boxes and colours tell; text that is hidden, by pixels.

    Text may be too pale to be read and yet be seen.
    """
    return tuple(
        mark
        for mark in page.marks
        if mark.is_ink
        and (mark.kind != "text" or normal(mark.text))
        and (mark.at not in hidden or _shows(page, mark.shown))
    )


def named(mark: Mark) -> str:
    """A mark in words."""
    words = {"image": "a picture", "shading": "a colour", "path": "a drawing"}
    return quoted(mark.text) if mark.kind == "text" else words[mark.kind]


# --------------------------------------------------------------------------------------- pages


def wrong_size(page: Page, meant: Size, place: Place) -> tuple[Finding, ...]:
    """Find a page that has not the size of its sheet."""
    width, height = page.size.width, page.size.height
    if abs(width - meant.width) < _SIZE_SLACK_MM and abs(height - meant.height) < _SIZE_SLACK_MM:
        return ()
    return (
        finding(
            "bad-file",
            f"the page is {width:.1f} × {height:.1f} mm, and its sheet "
            f"{meant.width:.1f} × {meant.height:.1f} mm",
            place,
            cure="build it again, and change nothing in the file",
        ),
    )


# What is as light as paper.
_PAPER = bytes(range(WHITE, 256))


def has_ink(page: Page) -> bool:
    """Whether anything shows on a page, by its pixels."""
    picture = page.picture(page.sheet, _COARSE_DPI)
    return picture is None or bool(picture.grey.translate(None, _PAPER))


def wrong_blank(
    page: Page, inked: Sequence[Mark], place: Place, *, meant_blank: bool
) -> tuple[Finding, ...]:
    """Find a blank page with ink on it, and a page without ink that is not meant to be blank."""
    if meant_blank:
        if not has_ink(page):
            return ()
        # Words say best what it is.
        told = sorted(inked, key=lambda mark: mark.kind != "text")
        what = f": {named(told[0])}" if told else ""
        message, cure = f"the page must stay blank and has ink on it{what}", "take it off the page"
    else:
        if any(mark.kind == "text" for mark in inked) or has_ink(page):
            return ()
        message, cure = "the page is empty and should not be", "correct the layout"
    return (finding("blank-page", message, place, cure=cure),)


# ------------------------------------------------------------------------------- margins and cuts


def unsafe_margin(
    page: Page, inked: Sequence[Mark], safe_mm: float, place: Place, *, strict: bool
) -> Iterator[Finding]:
    """Find ink nearer to an edge of the sheet than printers can print; not `strict`: it warns."""
    sheet = page.sheet
    if safe_mm <= 0 or min(sheet.width, sheet.height) <= 2 * safe_mm:
        return
    # Pixels that lie half in the strip belong to what is beside it as well.
    sure = strips(sheet, safe_mm - MM_PER_INCH / _FINE_DPI)
    for edge, strip in strips(sheet, safe_mm).items():
        near = [mark for mark in inked if mark.shown.overlaps(strip, slack=_SLACK_MM)]
        if not near or not _shows(page, sure[edge]):
            continue
        nearest = min(near, key=lambda mark: _from_edge(mark.shown, sheet, edge))
        by = max(0.0, _from_edge(nearest.shown, sheet, edge))
        yield spotted(
            "unsafe-margin",
            f"{named(nearest)} stands {by:.1f} mm from the {edge} edge of the sheet, printers "
            f"need {safe_mm:g} mm",
            place,
            nearest.shown,
            severity="error" if strict else "warning",
        )


def bleeds(mark: Mark, sheet: Box, edges: Collection[str]) -> bool:
    """Whether a mark is a ground or a picture that runs off an edge where the design bleeds."""
    return mark.kind != "text" and any(
        _from_edge(mark.shown, sheet, edge) < -_SLACK_MM for edge in edges
    )


def _from_edge(box: Box, sheet: Box, edge: str) -> float:
    return {
        "left": box.left,
        "top": box.top,
        "right": sheet.right - box.right,
        "bottom": sheet.bottom - box.bottom,
    }[edge]


def strips(sheet: Box, wide: float) -> dict[str, Box]:
    """The strips along the edges of a sheet."""
    return {
        "left": Box.between(0, 0, wide, sheet.bottom),
        "top": Box.between(0, 0, sheet.right, wide),
        "right": Box.between(sheet.right - wide, 0, sheet.right, sheet.bottom),
        "bottom": Box.between(0, sheet.bottom - wide, sheet.right, sheet.bottom),
    }


def _shows(page: Page, part: Box) -> bool:
    picture = page.picture(part, _FINE_DPI)
    return picture is None or picture.darkest(part) < WHITE


def on_the_cut(meant: MeantPage, inked: Sequence[Mark], place: Place) -> Iterator[Finding]:
    """Find what stands so near a cut that a hand can tear through it.

    Rules may lie on a cut or cross it, and small signs such as scissors stand on it.
    """
    for cut in meant.cuts:
        band = (cut.at - cut.tolerance, cut.at + cut.tolerance)
        near = [
            (mark.shown, named(mark))
            for mark in inked
            if not _may_be_torn(mark) and _meets(mark.shown, band)
        ]
        near += [(code.box, "a QR code") for code in meant.codes if _meets(code.box, band)]
        if near:
            box, name = min(near, key=lambda one: _from_line(one[0], cut.at))
            yield spotted(
                "unsafe-margin",
                f"{name} stands {_from_line(box, cut.at):.1f} mm from the cut '{cut.name}', which "
                f"a hand makes up to {cut.tolerance:g} mm off",
                place,
                box,
                cure=f"keep {cut.tolerance:g} mm free on both sides of the cut",
            )


def _may_be_torn(mark: Mark) -> bool:
    thin, long = sorted((mark.shown.width, mark.shown.height))
    return mark.kind == "path" and (
        thin <= RULE_MM or (thin <= _SIGN_MM[0] and long <= _SIGN_MM[1])
    )


def _meets(box: Box, band: tuple[float, float]) -> bool:
    return box.top < band[1] - _SLACK_MM and box.bottom > band[0] + _SLACK_MM


def _from_line(box: Box, at: float) -> float:
    return max(0.0, box.top - at, at - box.bottom)


# ------------------------------------------------------------------------------ what is cut away


def cut_away(
    page: Page, inked: Sequence[Mark], place: Place, edges: Collection[str] = ()
) -> Iterator[Finding]:
    """Find text and pictures that are clipped or run off the sheet (`overflow`).

    At the `edges` that the design runs off a picture is cut with the page.
    """
    words = [mark for mark in page.marks if mark.kind == "text" and normal(mark.text)]
    clipped = [
        (by, edge, mark)
        for mark in words
        if not mark.unpainted and mark.clip is not None
        for by, edge in beyond(mark.box, mark.clip)
        if by > _CLIP_SLACK_MM
    ]
    if clipped:
        by, edge, mark = max(clipped, key=lambda one: one[0])
        more = len({one[2].at for one in clipped}) - 1
        others = f", and {more} more line{'s' if more > 1 else ''}" if more else ""
        told = f"{named(mark)} is cut off by {by:.1f} mm at its {edge}{others}"
        yield spotted("overflow", told, place, mark.box)
    for mark in inked:
        by, edge = max(beyond(mark.box, page.sheet))
        if mark.kind == "text" and by > _CLIP_SLACK_MM:
            told = f"{named(mark)} runs {by:.1f} mm off the sheet at its {edge}"
            yield spotted("overflow", told, place, mark.box)
            break
    for mark in page.marks:
        if mark.kind == "image" and mark.clip is not None:
            by, edge = max(beyond(_trimmed(mark.box, page.sheet, edges), mark.clip))
            if by > _CLIP_SLACK_MM:
                yield spotted(
                    "overflow",
                    f"a picture is cut off by {by:.1f} mm at its {edge}",
                    place,
                    mark.shown,
                    severity="warning",
                    cure="put it wholly on the page, or crop the picture itself",
                )


def _trimmed(box: Box, sheet: Box, edges: Collection[str]) -> Box:
    """What of a box is left when the page is cut at some of its edges."""
    return Box.between(
        max(box.left, sheet.left) if "left" in edges else box.left,
        max(box.top, sheet.top) if "top" in edges else box.top,
        min(box.right, sheet.right) if "right" in edges else box.right,
        min(box.bottom, sheet.bottom) if "bottom" in edges else box.bottom,
    )


def heavy_pictures(page: Page, place: Place) -> Iterator[Finding]:
    """Find pictures of so many pixels that printers and viewers give up over them."""
    heaviest = max(
        (mark for mark in page.marks if mark.kind == "image" and mark.pixels > _MOST_PIXELS),
        key=lambda mark: mark.pixels,
        default=None,
    )
    if heaviest is not None:
        yield spotted(
            "bad-file",
            f"a picture has {heaviest.pixels / 1e6:,.0f} million pixels, which no printer takes",
            place,
            heaviest.shown,
            cure="save it again, smaller: 300 dots per inch are enough",
        )


def coarse_pictures(
    page: Page, codes: Sequence[Box], place: Place, known: Sequence[tuple[int, Box]] = ()
) -> Iterator[Finding]:
    """Find pictures of less than 200 dpi, those that are QR codes aside.

    `known` are the numbers of an action's pictures, with where they stand.
    """
    for mark in page.marks:
        shown = mark.shown
        if mark.kind != "image" or shown.is_empty or round(mark.dpi) >= _LEAST_PICTURE_DPI:
            continue
        if not any(code.contains(mark.box, slack=_CLIP_SLACK_MM) for code in codes):
            which = next((n for n, box in known if box.contains_point(shown.centre)), None)
            wide, high = sides_of(mark.square)
            pixels = (
                math.ceil(round(mm / MM_PER_INCH * _LEAST_PICTURE_DPI, 1)) for mm in (wide, high)
            )
            yield spotted(
                "image-resolution",
                f"{f'picture {which} of the action' if which else 'a picture'} has "
                f"{mark.size_px[0]} × {mark.size_px[1]} pixels, which are {mark.dpi:.0f} dpi at "
                f"{wide:.0f} × {high:.0f} mm; {_LEAST_PICTURE_DPI} dpi are wanted",
                place,
                shown,
                cure="use one of {} × {} pixels or more, or print it smaller".format(*pixels),
            )


def darkest_outside(picture: Picture, part: Box, spared: Sequence[Box]) -> int:
    """The darkest pixel of a part of the page, mm, that lies in none of some boxes."""
    darkest = 255
    holes = [picture.pixels_of(box.inset(-MM_PER_INCH / _COARSE_DPI)) for box in spared]
    left, top, right, bottom = picture.pixels_of(part)
    for y in range(top, bottom):
        at = left
        across = [(x1, x2) for x1, y1, x2, y2 in holes if y1 <= y < y2]
        for start, end in (*sorted(across), (right, right)):
            darkest = min(picture.row(y, at, start), default=255) if start > at else 255
            if darkest < WHITE:
                return darkest
            at = max(at, end)
    return darkest
