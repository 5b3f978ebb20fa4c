"""Does the half that is posted carry the letter, and nothing else.

What reaches a government's desk names nobody but the signer: no logo, no code, no web address, no
serial number that would tell where a letter came from. A card shows a picture of the action too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from actionpack.diagnostics import Finding, Place, finding
from actionpack.geometry import Box
from actionpack.preflight.ink import RULE_MM, named
from actionpack.preflight.meant import MeantPage
from actionpack.preflight.painted import WHITE, Mark
from actionpack.preflight.reader import Page
from actionpack.preflight.scanner import scan
from actionpack.preflight.text import text_inside
from actionpack.preflight.words import normal, quoted

# Here the signer writes, so captions and what was stamped for the signer may stand here.
_WRITTEN_OVER = ("sender", "date", "signature")
# Here a card shows a picture of the action.
_PICTURED = "picture"
# Bullets and numbers of lists, which the style sheet makes and no field holds; where text runs from
# right to left, the point of a number is painted before it.
_NUMBER = r"(\d{1,3}|[a-z]|[ivxlc]{1,6})"
_LIST_MARK = re.compile(rf"[•◦▪▸‣–—*]|{_NUMBER}[.)]|[.)]{_NUMBER}", re.IGNORECASE)
# Marks of a quotation, which it makes as well.
_QUOTE_MARK = re.compile(r"[\"“”„«»‹›‘’‚「」『』《》]+")
_LIST_INDENT_MM = 15.0
_WEB_ADDRESS = re.compile(r"https?://|www\.|\w\.(org|com|net|info|eu)\b", re.IGNORECASE)
# So many small squares are no dotted rule.
_MOST_DOTS = 150
# Rules to write on cover no more than this of their box.
_MOST_OF_RULES = 0.15
_SCAN_DPI = 200
# The greys that are paper's own.
_PAPER = bytes(range(WHITE, 256))


def posted_marks(
    page: Page, meant: MeantPage, inked: Sequence[Mark], place: Place
) -> Iterator[Finding]:
    """Find what stands on the posted strip of a page and is no part of the letter."""
    strip = meant.posted
    if strip is None or meant.piece is None:
        return
    cuts = tuple(cut.at for cut in meant.cuts)
    here = [
        mark for mark in inked if mark.shown.overlaps(strip) and not _is_on_a_cut(mark.shown, cuts)
    ]
    frames = tuple(
        panel.box for panel in meant.piece.panels if panel.posted and panel.name in _WRITTEN_OVER
    )
    yield from _strange_text(page, meant, here, frames, place)
    written_on = tuple(spot.box for spot in meant.spots if _is_in(frames, spot.box))
    pictured = tuple(
        panel.box for panel in meant.piece.panels if panel.posted and panel.name == _PICTURED
    )
    drawn = [mark for mark in here if not _is_picture(page, mark, pictured)]
    yield from _drawings(page, drawn, written_on, place)
    for code in meant.codes:
        if code.box.overlaps(strip):
            yield _finding(f"a QR code ({quoted(code.text)})", place)
    for spot in meant.spots:
        if spot.box.overlaps(strip) and not _is_in(frames, spot.box):
            yield _finding(f"the slot '{spot.slot}'", place)


def _finding(what: str, place: Place) -> Finding:
    return finding("posted-mark", f"{what} stands on the half that is posted", place)


def _is_on_a_cut(box: Box, cuts: Sequence[float]) -> bool:
    """Whether it is a sign of the cut; what is too large for one is found there."""
    return any(box.top <= at <= box.bottom for at in cuts)


def _is_in(frames: Sequence[Box], box: Box) -> bool:
    return any(frame.contains_point(box.centre) for frame in frames)


# ---------------------------------------------------------------------------------------- text


def _strange_text(
    page: Page, meant: MeantPage, here: Sequence[Mark], frames: Sequence[Box], place: Place
) -> Iterator[Finding]:
    posted = [region.box for region in meant.regions if region.posted]
    for mark in here:
        if mark.kind != "text":
            continue
        outside = _outside(page, mark, posted)
        if not outside:
            continue
        if _is_in(frames, mark.box):
            if _WEB_ADDRESS.search(mark.text):
                yield _finding(f"the web address {quoted(mark.text)}", place)
        elif not _is_list_mark(mark, posted) and not _QUOTE_MARK.fullmatch(outside.strip()):
            yield _finding(quoted(outside), place)


def _outside(page: Page, mark: Mark, regions: Sequence[Box]) -> str:
    """What of a line stands in none of the regions."""
    parts = [text_inside(page, mark, region) for region in regions]
    if mark.text in parts:
        return ""
    if not any(parts):
        return mark.text
    return "".join(
        letter.text
        for letter in page.letters(mark)
        if normal(letter.text)
        and not any(region.contains_point(letter.box.centre) for region in regions)
    )


def _is_list_mark(mark: Mark, regions: Sequence[Box]) -> bool:
    indent = mark.box.inset(-_LIST_INDENT_MM)
    return bool(_LIST_MARK.fullmatch(mark.text.strip())) and any(map(indent.overlaps, regions))


# ------------------------------------------------------------------------------------ drawings


def _drawings(
    page: Page, here: Sequence[Mark], written_on: Sequence[Box], place: Place
) -> Iterator[Finding]:
    """Pictures and drawings; rules to write on are none, alone or several drawn as one."""
    painted = [mark for mark in here if mark.kind != "text"]
    thick = [
        mark
        for mark in painted
        if mark.kind != "path"
        or (
            min(mark.shown.width, mark.shown.height) > RULE_MM
            and not _are_rules(page, mark, written_on)
        )
    ]
    small = [mark for mark in painted if max(mark.shown.width, mark.shown.height) <= RULE_MM]
    if len(small) > _MOST_DOTS:
        thick += small[:1]
    if thick:
        code = any(_is_code(page, mark) for mark in thick[:10])
        yield _finding("a QR code" if code else named(thick[0]), place)


def _is_picture(page: Page, mark: Mark, frames: Sequence[Box]) -> bool:
    """Whether it is an action's picture on a card, and no code."""
    if mark.kind != "image" or not any(frame.contains(mark.shown, slack=0.2) for frame in frames):
        return False
    return not _is_code(page, mark)


def _are_rules(page: Page, mark: Mark, written_on: Sequence[Box]) -> bool:
    """Whether a drawing stands where the signer's lines are stamped and is mostly paper."""
    if not any(box.contains(mark.shown, slack=RULE_MM) for box in written_on):
        return False
    picture = page.picture(mark.shown, _SCAN_DPI)
    if picture is None:
        return False
    dark = len(picture.grey.translate(None, delete=_PAPER))
    return dark <= _MOST_OF_RULES * len(picture.grey)


def _is_code(page: Page, mark: Mark) -> bool:
    picture = page.picture(mark.shown.inset(-2), _SCAN_DPI)
    return picture is not None and any(not found.broken for found in scan(picture))
