"""Are the QR codes of a finished page there, readable, and the ones that were meant.

A reader that mends errors, turns codes over and finds them without a margin hides every fault that
a poor phone will meet. So each code is decoded from the page as printed, and then compared module
by module with the one that was meant (ISO/IEC 18004:2015).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile

from actionpack.diagnostics import Finding, Place, finding
from actionpack.geometry import Box
from actionpack.model import CodeMeant
from actionpack.preflight.found import at_box, spotted
from actionpack.preflight.painted import Picture
from actionpack.preflight.reader import Page
from actionpack.preflight.scanner import Scanned, scan
from actionpack.preflight.seen import CodeSeen
from actionpack.preflight.words import quoted
from actionpack.qr import QUIET_ZONE, Code, check_module_size, code_of, encode
from actionpack.units import MM_PER_INCH
from actionpack.web_address import no_code_holds

# A code is looked for at both, and one that is read at either can be read: at 2 to 3 pixels a
# module, decoders miss single ones.
_DPIS = (300, 200)
# How far round its place a code is looked for, mm.
_ROUND_MM = 2.0
# Of 255: lighter than this is the paper.
_LIGHT = 225
# So many drawn things may be a code that is drawn square by square.
_MANY_MARKS = 50
# Of longer texts that begin alike, so many characters are shown before they differ.
_SHOWN, _LEAD = 48, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What looking for codes brought: what is wrong, and the codes that were read."""

    findings: tuple[Finding, ...] = ()
    codes: tuple[CodeSeen, ...] = ()

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Where the codes are, with their quiet zones, which a picture of a code may hold."""
        # And one module for rounding.
        return tuple(code.box.inset(-(QUIET_ZONE + 1) * code.module_mm) for code in self.codes)


def check_codes(page: Page, codes: Sequence[CodeMeant], place: Place) -> Looked:
    """Find everything wrong with the codes that a page must have."""
    seen: list[CodeSeen] = []
    return Looked(findings=tuple(_check(page, codes, place, seen)), codes=tuple(seen))


def _check(
    page: Page, codes: Sequence[CodeMeant], place: Place, seen: list[CodeSeen]
) -> Iterator[Finding]:
    for code in codes:
        if faults := tuple(no_code_holds(code.text)):
            yield from (replace(fault, place=place) for fault in faults)
            continue
        found = _look(page, code.box.inset(-_ROUND_MM))
        right = [(s, picture) for s, picture in found if s.text == code.text]
        if right:
            scanned, picture = right[0]
            expected = _expected(code.text, scanned.mask)
            wrong = [
                *_wrong_modules(scanned, expected, place),
                *_judge(scanned, expected, page, picture, place, code.reading_mm),
            ]
            seen.append(_code_seen(scanned, page.number, wrong))
            yield from (at_box(one, scanned.box) for one in wrong)
        else:
            where = f"{code.box.left:.0f} mm from the left and {code.box.top:.0f} from the top"
            if found:
                seen_text, meant = _from_where_they_differ(found[0][0].text, code.text)
                told = f"the QR code {where} reads {quoted(seen_text)}, not {quoted(meant)}"
            else:
                told = f"the QR code {where} cannot be read, not {quoted(code.text)}"
            yield spotted("qr-unreadable", told, place, code.box)


def _from_where_they_differ(one: str, other: str) -> tuple[str, str]:
    """Two texts without most of what they begin with alike, so that the rest can be shown."""
    pairs = zip(one, other, strict=False)
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    if max(len(one), len(other)) <= _SHOWN or alike <= _LEAD:
        return one, other
    return f"…{one[alike - _LEAD :]}", f"…{other[alike - _LEAD :]}"


@lru_cache(maxsize=16)
def _expected(text: str, mask: int) -> Code:
    """The code with the mask that it says it has: any is right, if all modules follow it."""
    # Both codes of a pack say the same, and so do those of all copies of one group.
    return encode(text, mask if mask in range(8) else None)


def _look(page: Page, area: Box) -> list[tuple[Scanned, Picture]]:
    for dpi in _DPIS:
        picture = page.picture(area, dpi)
        found = [s for s in scan(picture) if not s.broken] if picture else []
        if picture and found:
            return [(scanned, picture) for scanned in found]
    return []


def _code_seen(scanned: Scanned, page: int, wrong: Sequence[Finding]) -> CodeSeen:
    return CodeSeen(
        page=page,
        text=scanned.text,
        module_mm=scanned.module_mm,
        quiet=not any(one.code == "qr-quiet-zone" for one in wrong),
        box=scanned.box,
    )


def find_codes(page: Page, place: Place) -> Looked:
    """Look for codes on a page of which nothing is known.

    A page that shows nothing but text and a few lines is looked at once, any other twice.
    """
    drawn = [mark for mark in page.marks if mark.kind != "text" and mark.is_ink]
    if not drawn:
        return Looked()
    twice = len(drawn) > _MANY_MARKS or any(mark.kind == "image" for mark in drawn)
    picture: Picture | None = None
    codes: tuple[Scanned, ...] = ()
    for dpi in sorted(_DPIS) if twice else _DPIS[-1:]:
        picture = page.picture(page.sheet, dpi)
        codes = scan(picture) if picture else ()
        if any(not code.broken for code in codes):
            break
    if picture is None:
        told = finding("unproved", "the page is too large to be searched for QR codes", place)
        return Looked(findings=(told,))
    read = [code for code in codes if not code.broken]
    broken = [
        code for code in codes if code.broken and not any(r.box.overlaps(code.box) for r in read)
    ]
    wrong = [(code, tuple(_judge_stranger(code, page, picture, place))) for code in read]
    findings = [at_box(fault, code.box) for code, faults in wrong for fault in faults]
    if broken:
        largest = max(broken, key=lambda code: code.box.width).box
        findings.append(
            spotted(
                "qr-unreadable",
                f"what looks like a QR code, {largest.left:.0f} mm from the left and "
                f"{largest.top:.0f} from the top, cannot be read",
                place,
                largest,
                severity="warning",
            )
        )
    return Looked(
        findings=tuple(findings),
        codes=tuple(_code_seen(code, page.number, faults) for code, faults in wrong),
    )


def _judge_stranger(
    scanned: Scanned, page: Page, picture: Picture, place: Place
) -> Iterator[Finding]:
    if _is_mirrored(scanned):
        yield _mirrored(scanned, place)
    as_read = code_of(scanned.text, scanned.modules)
    yield from _judge(scanned, as_read, page, picture, place)


# ------------------------------------------------------------------------------------- modules


def _wrong_modules(scanned: Scanned, expected: Code, place: Place) -> Iterator[Finding]:
    modules = expected.modules
    turned_over = tuple("".join(column) for column in zip(*modules, strict=True))
    if scanned.modules == turned_over:
        yield _mirrored(scanned, place)
    elif len(scanned.modules) != len(modules):
        yield finding(
            "qr-unreadable",
            f"the QR code for {quoted(scanned.text)} has {len(scanned.modules)} modules a side, "
            f"and {len(modules)} were meant",
            place,
            cure="build it again",
        )
    elif scanned.modules != modules:
        wrong = sum(
            a != b
            for seen, meant in zip(scanned.modules, modules, strict=True)
            for a, b in zip(seen, meant, strict=True)
        )
        yield finding(
            "qr-unreadable",
            f"{wrong} of the {len(modules) ** 2} modules of the QR code for "
            f"{quoted(scanned.text)} are not as meant",
            place,
            cure="take away what is printed over it",
        )


def _mirrored(scanned: Scanned, place: Place) -> Finding:
    return finding(
        "qr-unreadable",
        f"the QR code for {quoted(scanned.text)} is printed mirrored, which many phones do not "
        "read",
        place,
        cure="print it the right way round",
    )


_LEVELS = {"M": 0, "L": 1, "H": 2, "Q": 3}


def _is_mirrored(scanned: Scanned) -> bool:
    """Whether a code says what it is the wrong way round (ISO/IEC 18004:2015, 7.9.1)."""
    if scanned.level not in _LEVELS or not 0 <= scanned.mask < 8:
        return False
    data = _LEVELS[scanned.level] << 3 | scanned.mask
    rest = data << 10
    for bit in range(14, 9, -1):
        if rest >> bit & 1:
            rest ^= 0b10100110111 << (bit - 10)
    word = f"{(data << 10 | rest) ^ 0b101010000010010:015b}"
    m = scanned.modules
    across = m[8][:6] + m[8][7:9] + m[7][8] + "".join(m[row][8] for row in range(5, -1, -1))
    down = "".join(m[row][8] for row in range(6)) + m[7][8] + m[8][8] + m[8][7] + m[8][5::-1]
    return _unlike(down, word) < _unlike(across, word)


def _unlike(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


# ------------------------------------------------------------------------ size and surroundings


def _judge(
    scanned: Scanned,
    code: Code,
    page: Page,
    picture: Picture,
    place: Place,
    reading_mm: float = 0,
) -> Iterator[Finding]:
    """Find what any code can have wrong: its colours, its margin, its size."""
    if scanned.inverted:
        yield finding(
            "qr-unreadable",
            f"the QR code for {quoted(scanned.text)} is printed light on dark, which many phones "
            "do not read",
            place,
            cure="print it dark on light",
        )
    elif scanned.is_askew:
        yield finding("unproved", "a QR code stands askew, its margin was not checked", place)
    else:
        yield from _quiet_zone(scanned, page, picture, place)
    # A side is measured to a pixel, and may be a pixel longer.
    side = scanned.side_mm + 1 / picture.per_mm
    slot = side / code.side * code.side_with_quiet_zone
    yield from check_module_size(code, slot, place, reading_mm=reading_mm)


def _quiet_zone(scanned: Scanned, page: Page, picture: Picture, place: Place) -> Iterator[Finding]:
    pixel = 1 / picture.per_mm
    margin = QUIET_ZONE * scanned.module_mm
    outer = scanned.box.inset(pixel - margin)
    inner = scanned.box.inset(-1.5 * pixel)
    sides = {
        "left": Box.between(outer.left, outer.top, inner.left, outer.bottom),
        "right": Box.between(inner.right, outer.top, outer.right, outer.bottom),
        "top": Box.between(outer.left, outer.top, outer.right, inner.top),
        "foot": Box.between(outer.left, inner.bottom, outer.right, outer.bottom),
    }
    if not page.sheet.contains(outer, slack=pixel):
        dirty = ["at the edge of the sheet"]
    else:
        if not picture.box.contains(outer, slack=pixel):
            picture = page.picture(outer, MM_PER_INCH * picture.per_mm) or picture
        dirty = [f"at its {side}" for side, part in sides.items() if picture.darkest(part) < _LIGHT]
    if dirty:
        yield finding(
            "qr-quiet-zone",
            f"the QR code for {quoted(scanned.text)} has not {margin:.1f} mm of empty paper "
            f"{' and '.join(dirty)}",
            place,
            cure=f"keep {QUIET_ZONE} modules, {margin:.1f} mm, free of ink all round",
        )
