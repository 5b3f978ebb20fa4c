"""A variant's pages and one row into a copy: what differs is set, drawn and written in its proof.

A `Stamper` decides everything as data: the QR code, the size at which a text fits, the lines to
write on where nothing was set, and every reason against. `make_copy` has its plan drawn.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from actionpack import qr
from actionpack.diagnostics import NOWHERE, Finding, Rejected, finding
from actionpack.fonts import Compositor, Face, FontShelf, SetLine, cure_for, described, metrics
from actionpack.geometry import EPSILON_MM, Box, Point
from actionpack.language import direction, html_tag
from actionpack.model import CodeMeant, ProofMap, Row, Slot, Spot, Variant
from actionpack.pdf import (
    Binding,
    CodeMark,
    Draft,
    EmptyMark,
    Line,
    Mark,
    Placeholder,
    PressBinder,
    TextMark,
    make_stencil,
)
from actionpack.proof import to_json
from actionpack.source import check_characters, did_you_mean
from actionpack.stamp.embedding import fonts_for
from actionpack.stamp.surround import around
from actionpack.typesetting import as_set, left_alone
from actionpack.typography import typography
from actionpack.units import pt_to_mm
from actionpack.web_address import check_url, with_source
from actionpack.wording import words_found

# Lines to write on: half a point of a grey that every printer can print and a pen can cover.
RULE_MM = pt_to_mm(0.5)
RULE_GREY = 0.45
# How high a baseline stands above the line that it replaces.
ABOVE_RULE_MM = 0.8
# So many texts of a slot are remembered.
_MOST_KNOWN = 2048
_SPACES = re.compile("[ \t]+")
_LINE_END = re.compile("\r\n|\r|\n")
# Where a line that is set may break; the marks print nothing.
_MAY_BREAK = re.compile("([ \u200b])")
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


class Plan(NamedTuple):
    """What one copy gets: the marks, the faces they need, and what they must be proved against.

    `texts` are by slot, `url` is what its codes say, '' where it has none, and `small` names the
    slots whose modules are too small to be read. `findings` is why anything was left empty.
    """

    marks: tuple[Mark, ...]
    faces: tuple[Face, ...]
    texts: tuple[tuple[str, str], ...]
    url: str
    small: tuple[Slot, ...]
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
    stamper = Stamper(
        draft.placeholders, variant.proof, slots, shelf=shelf, online=online, words=words
    )
    planned = stamper.plan(row)
    draft.embed(fonts_for(draft.stamp(planned.marks), planned.faces))
    proof = stamper.meant(planned)
    draft.carry(to_json(proof), proof.issued)
    return Copy(pdf=draft.finish(), proof=proof, findings=planned.findings)


def make_press_copy(
    variant: Variant,
    slots: tuple[Slot, ...],
    row: Row,
    *,
    shelf: FontShelf,
    online: str | None,
    words: StampWords,
    binding: Binding,
) -> Copy:
    """The same for pages that are ready for a press: one file without tags, with marks round it."""
    stencil = make_stencil(variant.pdf)
    stamper = Stamper(
        stencil.placeholders, variant.proof, slots, shelf=shelf, online=online, words=words
    )
    planned = stamper.plan(row)
    round_it = around(stamper.proof, shelf)
    binder = PressBinder()
    sides = binder.load(stencil, round_it.marks)
    binder.start(binding.title)
    binder.add(sides, planned.marks)
    proof = stamper.meant(planned)
    said = to_json(proof)
    made_from = hashlib.sha256(ascii((stencil, binding, said)).encode()).digest()[:16]
    fonts = fonts_for(binder.used, (*planned.faces, *round_it.faces))
    pdf = binder.finish(binding, fonts, said, made_from)
    return Copy(pdf=pdf, proof=proof, findings=planned.findings)


# ------------------------------------------------------------------------------------- planning


class _Part(NamedTuple):
    """What one placeholder gets."""

    mark: Mark
    findings: tuple[Finding, ...] = ()
    faces: tuple[Face, ...] = ()
    text: tuple[str, str] | None = None


class Stamper:
    """Plans the copies of one variant: what they share is worked out once.

    `proof` is the map of the variant with its slots and with codes that say nothing yet.
    """

    def __init__(
        self,
        placeholders: tuple[Placeholder, ...],
        proof: ProofMap,
        slots: tuple[Slot, ...],
        *,
        shelf: FontShelf,
        online: str | None,
        words: StampWords,
        right_to_left: bool | None = None,
    ) -> None:
        """`right_to_left`: lines stand at the right edge; None: as the pack's language has it.

        Raises Rejected when a slot's font is not on the shelf, or cannot be read.
        """
        self._words = words
        self._by_name = {slot.name: slot for slot in slots}
        if right_to_left is None:
            right_to_left = direction(proof.language) == "rtl"
        self._setter = _Setter(shelf, proof.language, right_to_left=right_to_left)
        self._places = tuple([self._place(place, proof) for place in placeholders])
        names = {place.name for place in placeholders}
        asked = any(slot.kind == "code" for slot in slots if slot.name in names)
        # None where no code is printed.
        self._online = online if asked else None
        printed = {
            slot.field for slot in slots if slot.name in names and (slot.kind == "text" or online)
        }
        fields = dict.fromkeys(slot.field for slot in slots)
        self._not_printed = tuple(field for field in fields if field not in printed)
        codes = (
            CodeMeant(
                page=place.placeholder.page,
                box=place.placeholder.box,
                text="",
                reading_mm=place.slot.reading_mm,
            )
            for place in self._places
            if isinstance(place, _CodePlace) and self._online
        )
        self.proof = replace(proof, codes=(*proof.codes, *codes), spots=tuple(_spots(placeholders)))

    def plan(self, row: Row) -> Plan:
        """Decide what every placeholder gets; nothing is drawn yet."""
        values = {field: _lines(value) for field, value in row.values}
        code: qr.Code | None = None
        alt = ""
        findings: list[Finding] = [
            finding(
                "unknown-field",
                f"'{field}' is set, but this action prints no {field}",
                cure=f"leave '{field}' out",
            )
            for field in self._not_printed
            if values.get(field)
        ]
        if self._online is not None:
            code, refused = _encode(self._online, row.get("source"), values.get("source", ()))
            findings += refused
            alt = self._words.code_alt.replace("{url}", code.text) if code else ""
        marks: list[Mark] = []
        texts: list[tuple[str, str]] = []
        # By identity: one face is always the same object here, and comparing those takes long.
        faces: dict[int, Face] = {}
        small: list[Slot] = []
        for place in self._places:
            if isinstance(place, _CodePlace):
                marks.append(place.mark(code, alt))
                if code is not None and place.is_small(code):
                    small.append(place.slot)
                continue
            if isinstance(place, _TextPlace):
                part = place.part(values.get(place.field, ()))
            else:
                part = place
            marks.append(part.mark)
            findings += part.findings
            for face in part.faces:
                faces[id(face)] = face
            if part.text:
                texts.append(part.text)
        return Plan(
            marks=tuple(marks),
            faces=tuple(faces.values()),
            texts=tuple(texts),
            url=code.text if code else "",
            small=tuple(dict.fromkeys(small)),
            # A slot may be on the pages twice; what is wrong with it is said once.
            findings=tuple(dict.fromkeys(findings)),
        )

    def meant(self, planned: Plan) -> ProofMap:
        """The map of one copy: with what it says, and the fonts that it says it in."""
        families = (*self.proof.fonts, *(face.family for face in planned.faces))
        return replace(
            self.proof.filled(dict(planned.texts), planned.url),
            fonts=tuple(dict.fromkeys(families)),
        )

    def _place(self, place: Placeholder, proof: ProofMap) -> _TextPlace | _CodePlace | _Part:
        """What fills a placeholder in each copy."""
        slot = self._by_name.get(place.name)
        if slot is None:
            return _unknown(place, self._by_name)
        if faults := _misplaced(place, slot):
            return _Part(mark=_empty(place), findings=faults)
        if slot.kind == "code":
            return _CodePlace(place, slot)
        posted = proof.is_posted(place.page, place.box)
        return _TextPlace(place, slot, self._setter, proof.forbidden if posted else ())


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
    online: str, source: str, lines: tuple[str, ...]
) -> tuple[qr.Code | None, tuple[Finding, ...]]:
    """The code for an address with a source, as written and as its lines; None where there is none.

    With it comes what speaks against it. It is made once however often it is drawn.
    """
    findings: tuple[Finding, ...]
    if not lines:
        # The action's own address was judged where it is written.
        url, findings = online, ()
    elif len(lines) == 1 and _UNRESERVED.fullmatch(lines[0]):
        before, after, findings = _around(online, len(lines[0]))
        url = f"{before}{lines[0]}{after}"
    elif faults := tuple(_no_source(source, lines)):
        return None, faults
    else:
        url = with_source(online, lines[0])
        findings = check_url(url)
    try:
        return _codes(_mask(online)).encode(url), findings
    except Rejected as rejected:
        return None, findings or rejected.findings


# What stands in an address as it is (RFC 3986, 2.3), and can be nothing but a name for a source.
_UNRESERVED = re.compile("[A-Za-z0-9_-]+")


@lru_cache(maxsize=1024)
def _around(online: str, length: int) -> tuple[str, str, tuple[Finding, ...]]:
    """What stands before and after a source of plain letters, and what speaks against any.

    They are all alike to every rule but that of the length.
    """
    filler = "0" * length
    url = with_source(online, filler)
    before, _, after = url.rpartition(f"source={filler}")
    return f"{before}source=", after, check_url(url)


@lru_cache(maxsize=1024)
def _mask(online: str) -> int:
    # The best for the address alone serves whatever the source: the search takes 5 ms.
    return qr.best_mask(online)


@lru_cache(maxsize=8)
def _codes(mask: int) -> qr.Codes:
    return qr.Codes(mask)


def _no_source(source: str, lines: tuple[str, ...]) -> Iterator[Finding]:
    """Why a source cannot stand in a web address, which is one line of what can be seen."""
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


class _CodePlace:
    """A place for a code: where its modules begin is known for each size of code."""

    def __init__(self, place: Placeholder, slot: Slot) -> None:
        self.placeholder, self.slot = place, slot
        self._empty = _empty(place)
        # By how many modules a code has along one side: its top left corner, a module in mm, and
        # whether that is too small to be read.
        self._known: dict[int, tuple[Point, float, bool]] = {}

    def mark(self, code: qr.Code | None, alt: str) -> Mark:
        """The mark of a code; a bare place when there is none."""
        if code is None:
            return self._empty
        corner, module, _ = self._known.get(code.side) or self._sized(code)
        return CodeMark(self.placeholder, alt, corner, module, code.side, code.bits)

    def is_small(self, code: qr.Code) -> bool:
        """Whether the modules of a code are too small here."""
        return (self._known.get(code.side) or self._sized(code))[2]

    def _sized(self, code: qr.Code) -> tuple[Point, float, bool]:
        box = self.placeholder.box
        side = min(box.width, box.height)
        module = qr.module_mm(code, side)
        half = code.side * module / 2
        corner = Point(box.centre.x - half, box.centre.y - half)
        small = bool(qr.check_module_size(code, side, reading_mm=self.slot.reading_mm))
        self._known[code.side] = corner, module, small
        return corner, module, small


# ----------------------------------------------------------------------------------------- texts


class _Setter:
    """What all texts of a variant are set by."""

    def __init__(self, shelf: FontShelf, language: str, *, right_to_left: bool) -> None:
        self.right_to_left = right_to_left
        self._shelf = shelf
        self.tag = language
        self.language, self._script_family = html_tag(language), typography(language).family
        self._compositors: dict[tuple[str, int], Compositor] = {}
        self._harmless: set[str] = set()

    def compositor(self, family: str, weight: int) -> Compositor:
        key = (family, weight)
        if key not in self._compositors:
            self._compositors[key] = Compositor(
                self._shelf,
                family,
                weight,
                language=self.language,
                script_family=self._script_family,
                widen=1000 * typography(self.tag).widen,
            )
        return self._compositors[key]

    def refused(self, text: str) -> tuple[Finding, ...]:
        """What `check_characters` says of a text; most rows have no letter that others had not."""
        if self._harmless.issuperset(text):
            return ()
        found = check_characters(text, NOWHERE)
        if not found:
            self._harmless.update(text)
        return found


class _TextPlace:
    """A place for text: what is known of it before there is any."""

    def __init__(
        self, place: Placeholder, slot: Slot, setter: _Setter, forbidden: tuple[str, ...]
    ) -> None:
        """`forbidden` are words that must not stand there."""
        self.field = slot.field
        self._place, self._slot, self._setter = place, slot, setter
        self._forbidden = forbidden
        self._compositor = setter.compositor(slot.family, slot.weight)
        self._sizes = tuple(sorted(slot.sizes, reverse=True))
        self._baselines: dict[float, tuple[float, ...]] = {}
        self._fitting: dict[int, tuple[tuple[float, float], ...]] = {}
        self._bars = tuple(_rules(place.box, slot))
        self._empty = _Part(mark=_empty(place, self._bars))
        # Copies of a pack, and the packs of a group, say the same.
        self._known: dict[tuple[str, ...], _Part] = {}

    def part(self, lines: tuple[str, ...]) -> _Part:
        """What a text becomes; a bare place with its rules when there is none, or it has faults."""
        if not lines:
            return self._empty
        known = self._known.get(lines)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[lines] = self._part(lines)
        return known

    def _part(self, lines: tuple[str, ...]) -> _Part:
        text = "\n".join(lines)
        if refused := self._setter.refused(text):
            told = f"'{self.field}': {refused[0].message}"
            return self._empty._replace(findings=(replace(refused[0], message=told),))
        for word in words_found(text, self._forbidden) if self._forbidden else ():
            told = f"'{self.field}' says '{word}', which the case forbids on what is posted"
            return self._empty._replace(findings=(finding("unsafe-wording", told),))
        if not left_alone(lines):
            lines = tuple([as_set(line, self._setter.language) for line in lines])
        set_lines = [self._compositor.set(line) for line in lines]
        faults: tuple[Finding, ...] = ()
        if len(lines) > self._slot.lines or any(line.missing for line in set_lines):
            missing = _missing(self._slot, set_lines, self._setter.tag)
            faults = (*_too_many(self._slot, lines), *missing)
        fitted = None if faults else self._fitted(lines, set_lines)
        if fitted is None:
            return self._empty._replace(findings=faults or tuple(self._over(lines, set_lines)))
        size, broken = fitted
        if broken is not lines:
            set_lines = [self._compositor.set(line) for line in broken]
        # Each but the last with a space behind it: screen readers run on without one.
        apart = [*map(self._compositor.spaced, set_lines[:-1]), set_lines[-1]]
        box, right_to_left = self._place.box, self._setter.right_to_left
        shown = [
            Line(
                Point(box.right - _wide(line, size) if right_to_left else box.left, foot),
                size,
                line.runs,
            )
            for line, foot in zip(apart, self._feet(size), strict=False)
            if line.runs
        ]
        faces = tuple([face for line in apart for face in line.faces])
        return _Part(TextMark(self._place, tuple(shown)), (), faces, (self._slot.name, text))

    def _feet(self, size: float) -> tuple[float, ...]:
        if size not in self._baselines:
            feet = _baselines(self._place.box, self._slot, self._compositor.face, size)
            self._baselines[size] = tuple(feet)
        return self._baselines[size]

    def _fitted(
        self, lines: tuple[str, ...], set_lines: list[SetLine]
    ) -> tuple[float, tuple[str, ...]] | None:
        """The largest size at which a text fits, and its lines there; None: it fits at none.

        One line is broken at spaces where that keeps it larger. Lines that somebody broke stay as
        they are, unless they fit at no size.
        """
        width = max([line.width for line in set_lines])
        alone = len(lines) == 1
        for size, most in self._high_enough(len(lines)):
            if width <= most:
                return size, lines
            if alone and (broken := self._broken(lines, size, most)):
                return size, broken
        for size, most in () if alone else self._high_enough(len(lines)):
            if broken := self._broken(lines, size, most):
                return size, broken
        return None

    def _broken(self, lines: tuple[str, ...], size: float, most: float) -> tuple[str, ...] | None:
        """Lines broken at spaces so that they fit at a size; None where that cannot be."""
        if len(lines) == self._slot.lines:
            return None
        filled = self._filled(lines, most)
        if filled is None or len(filled) > self._slot.lines:
            return None
        return filled if any(size == other for other, _ in self._high_enough(len(filled))) else None

    def _filled(self, lines: tuple[str, ...], most: float) -> tuple[str, ...] | None:
        """Lines broken where they may be, none wider than `most`; None when a word alone is."""
        filled: list[str] = []
        for line in lines:
            begun, between = "", ""
            for at, word in enumerate(_MAY_BREAK.split(line)):
                if at % 2:
                    between = word
                    continue
                longer = f"{begun}{between}{word}" if begun else word
                if self._compositor.set(longer).width <= most:
                    begun = longer
                    continue
                if self._compositor.set(word).width > most:
                    return None
                filled.append(begun)
                begun = word
            filled.append(begun)
        return tuple(filled)

    def _over(self, lines: tuple[str, ...], set_lines: list[SetLine]) -> Iterator[Finding]:
        """Why a text fits at no size."""
        least = self._sizes[-1]
        filled = self._filled(lines, self._slot.size.width / pt_to_mm(least) * 1000)
        if filled is not None and len(filled) > self._slot.lines > 1:
            return _too_long(self._slot, lines, len(filled), least)
        width = max([line.width for line in set_lines])
        longest = lines[[line.width for line in set_lines].index(width)]
        over_width = pt_to_mm(width * least / 1000) - self._slot.size.width
        over_height = _height_mm(self._slot, least, len(lines)) - self._slot.size.height
        return _overflows(self._slot, least, lines, longest, over_width, over_height)

    def _high_enough(self, count: int) -> tuple[tuple[float, float], ...]:
        """The sizes at which so many lines fit one below the other, from the largest, and how wide
        a line may be at each, in thousandths of the em."""
        if count not in self._fitting:
            slot = self._slot
            self._fitting[count] = tuple(
                (size, (slot.size.width + EPSILON_MM) / pt_to_mm(size) * 1000)
                for size in self._sizes
                if _height_mm(slot, size, count) <= slot.size.height + EPSILON_MM
            )
        return self._fitting[count]


def _wide(line: SetLine, size: float) -> float:
    """How wide a line is at a size (pt), mm."""
    return pt_to_mm(line.width * size / 1000)


def _missing(slot: Slot, set_lines: list[SetLine], language: str) -> Iterator[Finding]:
    for character in dict.fromkeys(one for line in set_lines for one in line.missing):
        yield finding(
            "missing-glyph",
            f"'{slot.field}' holds {described(character)}, "
            f"which is in no font here for '{language}'",
            cure=cure_for(character),
        )


def _lines(value: str) -> tuple[str, ...]:
    """A value as lines, without white space round them; none when there is nothing to print."""
    if "\r" in value or "\t" in value or "  " in value:
        value = _SPACES.sub(" ", _LINE_END.sub("\n", value))
    lines = [line.strip() for line in value.split("\n")]
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


def _height_mm(slot: Slot, size_pt: float, count: int) -> float:
    # Lines on rules keep the distance of the rules, so that all of them must have room for one.
    return pt_to_mm(size_pt * slot.leading) * (slot.lines if slot.rules else count)


def _overflows(
    slot: Slot,
    size: float,
    lines: tuple[str, ...],
    widest: str,
    over_width: float,
    over_height: float,
) -> Iterator[Finding]:
    if over_width > EPSILON_MM:
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


def _too_many(slot: Slot, lines: tuple[str, ...]) -> Iterator[Finding]:
    if len(lines) > slot.lines:
        yield finding(
            "overflow",
            f"'{slot.field}' has {len(lines)} lines, and there is room for {slot.lines}: "
            f"'{_shown(' / '.join(lines))}'",
            cure=f"write {slot.lines} or fewer",
        )


def _too_long(slot: Slot, lines: tuple[str, ...], needed: int, size: float) -> Iterator[Finding]:
    yield finding(
        "overflow",
        f"'{slot.field}' takes {needed} lines at {size:g} pt, and there is room for {slot.lines}: "
        f"'{_shown(' / '.join(lines))}'",
        cure="shorten it",
    )


def _baselines(box: Box, slot: Slot, face: Face, size_pt: float) -> Iterator[float]:
    """Where the baselines stand, mm from the page's top."""
    if slot.rules:
        pitch = box.height / slot.lines
        for number in range(1, slot.lines + 1):
            yield box.top + pitch * number - ABOVE_RULE_MM
        return
    measures = metrics(face)
    em = pt_to_mm(size_pt)
    ascent, height = measures.ascent / 1000, (measures.ascent - measures.descent) / 1000
    # Half of what the leading adds stands above the letters (CSS 2.2, 10.8.1).
    first = box.top + ((slot.leading - height) / 2 + ascent) * em
    for number in range(slot.lines):
        yield first + number * slot.leading * em


def _up(mm: float) -> str:
    return f"{math.ceil(mm * 10) / 10:g}"


def _shown(text: str) -> str:
    """A value for a message as it was written, cut when it is long."""
    text = text.replace("\u200b", "").replace("\u2060", "")
    return text if len(text) <= 60 else text[:59] + "…"
