"""A variant's pages and one row into a copy: what differs is set, drawn and written in its proof.

`plan` decides everything as data: the QR code, the size at which a text fits, the lines to write
on where nothing was set, and every reason against. `make_copy` has the plan drawn.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from actionpack import qr
from actionpack.diagnostics import NOWHERE, Finding, Rejected, finding
from actionpack.fonts import Face, FontShelf, Shaped, described, metrics, shape, subset, widths
from actionpack.geometry import EPSILON_MM, Box, Point
from actionpack.model import CodeMeant, ProofMap, Row, Slot, Spot, TextMeant, Variant
from actionpack.pdf import (
    CodeMark,
    Draft,
    EmptyMark,
    Font,
    Glyph,
    Line,
    Mark,
    Placeholder,
    TextMark,
)
from actionpack.proof import to_json
from actionpack.source import check_characters, did_you_mean
from actionpack.units import pt_to_mm
from actionpack.web_address import check_url, with_source

# Lines to write on: half a point of a grey that every printer can print and a pen can cover.
RULE_MM = pt_to_mm(0.5)
RULE_GREY = 0.45
# How high a baseline stands above the line that it replaces.
ABOVE_RULE_MM = 0.8
# Laid out in CSS pixels and written to six places, a box comes out as it was meant to a micrometre.
BOX_TOLERANCE_MM = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class StampWords:
    """Words a stamp brings along, in the pack's language; `{url}` is the address."""

    code_alt: str = "QR code: {url}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A finished pack, the map it is proved against, and what was found wrong with its row."""

    pdf: bytes
    proof: ProofMap
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one copy gets: the marks, the glyphs they need, and what they must be proved against."""

    marks: tuple[Mark, ...]
    glyphs: tuple[tuple[Face, tuple[int, ...]], ...]
    codes: tuple[CodeMeant, ...]
    texts: tuple[TextMeant, ...]
    spots: tuple[Spot, ...]
    findings: tuple[Finding, ...]


def make_copy(
    variant: Variant,
    slots: tuple[Slot, ...],
    row: Row,
    *,
    shelf: FontShelf,
    online: str | None,
    words: StampWords,
) -> Copy:
    """Stamp one row on a variant's pages.

    What cannot be set is left as an empty slot and told in the findings. Pages that `pdf.prepare`
    has seen cost a tenth of the time.
    """
    draft = Draft(variant.pdf)
    planned = plan(
        draft.placeholders, variant.proof, slots, row, shelf=shelf, online=online, words=words
    )
    draft.stamp(planned.marks, fonts_for(planned.glyphs))
    proof = replace(
        variant.proof,
        codes=(*variant.proof.codes, *planned.codes),
        texts=(*variant.proof.texts, *planned.texts),
        spots=planned.spots,
    )
    draft.carry(to_json(proof), proof.issued)
    return Copy(pdf=draft.finish(), proof=proof, findings=planned.findings)


def fonts_for(glyphs: Iterable[tuple[Face, tuple[int, ...]]]) -> tuple[Font, ...]:
    """The fonts to embed, with these glyphs alone."""
    return tuple(_font(face, gids) for face, gids in glyphs)


def _font(face: Face, gids: tuple[int, ...]) -> Font:
    measures = metrics(face)
    return Font(
        name=face.name,
        family=face.family,
        program=subset(face, gids),
        widths=widths(face, gids),
        ascent=measures.ascent,
        descent=measures.descent,
        cap_height=measures.cap_height,
        bbox=measures.bbox,
        italic_angle=measures.italic_angle,
    )


# ------------------------------------------------------------------------------------- planning


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What one placeholder gets."""

    mark: Mark
    findings: tuple[Finding, ...] = ()
    shaped: tuple[Shaped, ...] = ()
    code: CodeMeant | None = None
    text: TextMeant | None = None


def plan(
    placeholders: tuple[Placeholder, ...],
    proof: ProofMap,
    slots: tuple[Slot, ...],
    row: Row,
    *,
    shelf: FontShelf,
    online: str | None,
    words: StampWords,
) -> Plan:
    """Decide what every placeholder gets; nothing is drawn yet."""
    by_name = {slot.name: slot for slot in slots}
    code, refused = _encode(online, row, placeholders, by_name)
    parts = []
    for place in placeholders:
        slot = by_name.get(place.name)
        if slot is None:
            parts.append(_unknown(place, by_name))
        elif faults := _misplaced(place, slot):
            parts.append(_Part(mark=_empty(place), findings=faults))
        elif slot.kind == "code":
            parts.append(_code(place, code, words) if code else _Part(mark=_empty(place)))
        else:
            parts.append(_text(place, slot, row.get(slot.field), shelf, proof))
    findings = (
        *_not_printed(placeholders, slots, row, online),
        *refused,
        *(found for part in parts for found in part.findings),
    )
    return Plan(
        marks=tuple(part.mark for part in parts),
        glyphs=_glyphs(shaped for part in parts for shaped in part.shaped),
        codes=tuple(part.code for part in parts if part.code),
        texts=tuple(part.text for part in parts if part.text),
        spots=tuple(_spots(placeholders)),
        # A slot may be on the pages twice; what is wrong with it is said once.
        findings=tuple(dict.fromkeys(findings)),
    )


def _not_printed(
    placeholders: tuple[Placeholder, ...], slots: tuple[Slot, ...], row: Row, online: str | None
) -> Iterator[Finding]:
    """Values for fields that these pages have no place for."""
    names = {place.name for place in placeholders}
    printed = {
        slot.field for slot in slots if slot.name in names and (slot.kind == "text" or online)
    }
    for field in dict.fromkeys(slot.field for slot in slots):
        if _lines(row.get(field)) and field not in printed:
            yield finding(
                "unknown-field",
                f"'{field}' is set, but this action prints no {field}",
                cure=f"leave '{field}' out",
            )


def _glyphs(shaped: Iterable[Shaped]) -> tuple[tuple[Face, tuple[int, ...]], ...]:
    used: dict[Face, set[int]] = {}
    for line in shaped:
        used.setdefault(line.face, set()).update(glyph.gid for glyph in line.glyphs)
    return tuple((face, tuple(sorted(gids))) for face, gids in used.items())


def _spots(placeholders: tuple[Placeholder, ...]) -> Iterator[Spot]:
    seen: dict[str, int] = {}
    for place in placeholders:
        seen[place.name] = seen.get(place.name, 0) + 1
        key = f"{place.name}:{seen[place.name]}"
        yield Spot(slot=place.name, key=key, page=place.page, box=place.box)


def _empty(place: Placeholder, bars: tuple[Box, ...] = ()) -> EmptyMark:
    return EmptyMark(place=place, bars=bars, grey=RULE_GREY)


def _unknown(place: Placeholder, known: Iterable[str]) -> _Part:
    fault = finding(
        "layout-fault",
        f"the pages hold a place for '{place.name}', which is no slot of the layout",
        cure=did_you_mean(place.name, known),
    )
    return _Part(mark=_empty(place), findings=(fault,))


def _misplaced(place: Placeholder, slot: Slot) -> tuple[Finding, ...]:
    """A slot that the page squeezed or stretched; style sheets can do that unasked."""
    laid, meant = place.box, slot.size
    off = max(abs(laid.width - meant.width), abs(laid.height - meant.height))
    if off <= BOX_TOLERANCE_MM:
        return ()
    return (
        finding(
            "layout-fault",
            f"slot '{slot.name}' is {laid.width:.1f} × {laid.height:.1f} mm on page {place.page}, "
            f"not {meant.width:.1f} × {meant.height:.1f} mm",
            cure="give it room there, and keep flex and grid from stretching it",
        ),
    )


# ----------------------------------------------------------------------------------------- codes


def _encode(
    online: str | None,
    row: Row,
    placeholders: tuple[Placeholder, ...],
    slots: Mapping[str, Slot],
) -> tuple[qr.Code | None, tuple[Finding, ...]]:
    """The code of the pages, made once however often it is drawn; None when none is printed."""
    asked = any(slots[p.name].kind == "code" for p in placeholders if p.name in slots)
    if online is None or not asked:
        return None, ()
    if faults := tuple(_no_source(row.get("source"))):
        return None, faults
    url = with_source(online, "".join(_lines(row.get("source"))))
    # The action's own address was judged where it is written.
    findings = check_url(url) if url != online else ()
    try:
        return _encoded(url), findings
    except Rejected as rejected:
        return None, findings or rejected.findings


@lru_cache(maxsize=16)
def _encoded(url: str) -> qr.Code:
    # The copies of a group, and a pack that is built again, have the same; one takes 5 ms.
    return qr.encode(url)


def _no_source(source: str) -> Iterator[Finding]:
    """Why a source cannot stand in a web address, which is one line of what can be seen."""
    lines = _lines(source)
    if len(lines) > 1:
        yield finding(
            "bad-value",
            f"'source' has {len(lines)} lines, and a web address has one: "
            f"'{_shown(' / '.join(lines))}'",
            cure="write it once",
        )
        return
    for found in check_characters(source, NOWHERE):
        yield replace(found, message=f"'source' is no source: {found.message}")


def _code(place: Placeholder, code: qr.Code, words: StampWords) -> _Part:
    side = min(place.box.width, place.box.height)
    module = qr.module_mm(code, side)
    half = code.side * module / 2
    mark = CodeMark(
        place=place,
        alt=words.code_alt.replace("{url}", code.text),
        corner=Point(place.box.centre.x - half, place.box.centre.y - half),
        module_mm=module,
        runs=qr.dark_runs(code),
    )
    return _Part(
        mark=mark,
        code=CodeMeant(page=place.page, box=place.box, text=code.text),
    )


# ----------------------------------------------------------------------------------------- texts


def _text(place: Placeholder, slot: Slot, value: str, shelf: FontShelf, proof: ProofMap) -> _Part:
    lines = _lines(value)
    if not lines:
        return _Part(mark=_empty(place, _rules(place.box, slot)))
    face = shelf.face(slot.family, slot.weight)
    set_lines, faults = _set(face, slot, lines)
    if faults:
        return _Part(mark=_empty(place, _rules(place.box, slot)), findings=faults)
    drawn = _kept_apart(face, lines, set_lines[0].size_pt)
    mark = TextMark(
        place=place,
        lines=tuple(
            Line(
                start=Point(place.box.left, baseline),
                font=face.name,
                size_pt=shaped.size_pt,
                glyphs=tuple(
                    Glyph(gid=g.gid, text=g.text, advance=g.advance, dx=g.dx, dy=g.dy)
                    for g in shaped.glyphs
                ),
            )
            for shaped, baseline in zip(drawn, _baselines(place.box, slot, set_lines), strict=True)
            if shaped.glyphs
        ),
    )
    meant = TextMeant(
        field=f"slot:{slot.name}",
        text="\n".join(lines),
        regions=((place.page, place.box),),
        posted=_is_posted(place, proof),
    )
    return _Part(mark=mark, shaped=drawn, text=meant)


def _kept_apart(face: Face, lines: tuple[str, ...], size_pt: float) -> tuple[Shaped, ...]:
    """Lines with a space at the end of each but the last: screen readers run on without one."""
    ends = (*(" " for _ in lines[1:]), "")
    return tuple(
        shape(face, line + end if line else "", size_pt)
        for line, end in zip(lines, ends, strict=True)
    )


def _lines(value: str) -> tuple[str, ...]:
    """A value as lines, without white space round them; none when there is nothing to print."""
    lines = [re.sub("[ \t]+", " ", line).strip() for line in re.split("\r\n|\r|\n", value)]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return tuple(lines)


def _rules(box: Box, slot: Slot) -> tuple[Box, ...]:
    """The lines to write on: each is the foot of one of the slot's lines."""
    pitch = box.height / slot.lines
    feet = (box.top + pitch * number for number in range(1, slot.lines + 1))
    return tuple(Box(box.left, foot - RULE_MM, box.width, RULE_MM) for foot in feet if slot.rules)


def _set(
    face: Face, slot: Slot, lines: tuple[str, ...]
) -> tuple[tuple[Shaped, ...], tuple[Finding, ...]]:
    """Set lines at the largest size at which they fit, or say why that cannot be."""
    if faults := tuple(_cannot_be_set(face, slot, lines)):
        return (), faults
    over_width = over_height = 0.0
    set_lines: tuple[Shaped, ...] = ()
    for size in sorted(slot.sizes, reverse=True):
        set_lines = tuple(shape(face, line, size) for line in lines)
        over_width = pt_to_mm(max(line.width_pt for line in set_lines)) - slot.size.width
        over_height = _height_mm(slot, size, len(lines)) - slot.size.height
        if over_width <= EPSILON_MM and over_height <= EPSILON_MM:
            return set_lines, ()
    return (), tuple(_overflows(slot, lines, set_lines, over_width, over_height))


def _height_mm(slot: Slot, size_pt: float, count: int) -> float:
    # Lines on rules keep the distance of the rules, so that all of them must have room for one.
    return pt_to_mm(size_pt * slot.leading) * (slot.lines if slot.rules else count)


def _overflows(
    slot: Slot,
    lines: tuple[str, ...],
    set_lines: tuple[Shaped, ...],
    over_width: float,
    over_height: float,
) -> Iterator[Finding]:
    size = set_lines[0].size_pt
    if over_width > EPSILON_MM:
        widest = max(zip(set_lines, lines, strict=True), key=lambda pair: pair[0].width_pt)[1]
        yield finding(
            "overflow",
            f"'{slot.field}' is {_up(over_width)} mm too wide at {size:g} pt: '{_shown(widest)}'",
            cure=f"shorten it, or break it into lines; there is room for {slot.lines}"
            if slot.lines > 1
            else "shorten it",
        )
    if over_height > EPSILON_MM:
        yield finding(
            "overflow",
            f"'{slot.field}' is {_up(over_height)} mm too high at {size:g} pt: "
            f"'{_shown(' / '.join(lines))}'",
            cure=f"write fewer lines, or give slot '{slot.name}' more height or a smaller size",
        )


def _cannot_be_set(face: Face, slot: Slot, lines: tuple[str, ...]) -> Iterator[Finding]:
    """Whatever is wrong with a text before its size is asked for."""
    text = "\n".join(lines)
    shown = _shown(" / ".join(lines))
    for found in check_characters(text, NOWHERE):
        yield replace(found, message=f"'{slot.field}': {found.message}")
        return
    if any(unicodedata.bidirectional(character) in ("R", "AL", "AN") for character in text):
        yield finding(
            "bad-value",
            f"'{slot.field}' is '{shown}', and text that runs from right to left "
            "cannot be set in a slot yet",
            cure="leave it out, and write it by hand",
        )
        return
    if len(lines) > slot.lines:
        yield finding(
            "overflow",
            f"'{slot.field}' has {len(lines)} lines, and there is room for {slot.lines}: '{shown}'",
            cure=f"write {slot.lines} or fewer",
        )
    missing = (c for line in lines for c in shape(face, line, 1).missing)
    for character in dict.fromkeys(missing):
        yield finding(
            "missing-glyph",
            f"'{slot.field}' holds {described(character)}, which '{face.name}' cannot print",
        )


def _baselines(box: Box, slot: Slot, set_lines: tuple[Shaped, ...]) -> Iterator[float]:
    """Where the baselines stand, mm from the page's top."""
    if slot.rules:
        pitch = box.height / slot.lines
        for number, _ in enumerate(set_lines, 1):
            yield box.top + pitch * number - ABOVE_RULE_MM
        return
    measures = metrics(set_lines[0].face)
    em = pt_to_mm(set_lines[0].size_pt)
    ascent, height = measures.ascent / 1000, (measures.ascent - measures.descent) / 1000
    # Half of what the leading adds stands above the letters (CSS 2.2, 10.8.1).
    first = box.top + ((slot.leading - height) / 2 + ascent) * em
    for number, _ in enumerate(set_lines):
        yield first + number * slot.leading * em


def _is_posted(place: Placeholder, proof: ProofMap) -> bool:
    """Whether any of a place lies in a panel that goes to the target."""
    return any(
        panel.posted and panel.box.overlaps(place.box)
        for page, piece in proof.pieces
        if page == place.page
        for panel in piece.panels
    )


def _up(mm: float) -> str:
    return f"{math.ceil(mm * 10) / 10:g}"


def _shown(text: str) -> str:
    """A value for a message, cut when it is long."""
    return text if len(text) <= 60 else text[:59] + "…"
