"""A finished PDF and its proof map into findings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from actionpack.deadlines import check_dates
from actionpack.diagnostics import Finding, Place, Rejected, finding
from actionpack.imposition import Imposition
from actionpack.model import ProofMap, VolumeMap
from actionpack.pdf import (
    DamagedProof,
    Inside,
    cut_apart,
    identity_of,
    look_inside,
    read_proof,
)
from actionpack.preflight.bound import firsts, prove_volume, volume_contradiction
from actionpack.preflight.colours import colours_of
from actionpack.preflight.distorted import distorted_tiles
from actionpack.preflight.found import plain
from actionpack.preflight.glyphs import missing_glyphs
from actionpack.preflight.imposed import (
    Sheets,
    on_its_sheet,
    plan_contradiction,
    sheets_told,
    side_name,
)
from actionpack.preflight.meant import contradiction, press_of
from actionpack.preflight.pressed import check_press, check_pressed_sheets, check_sheet_marks
from actionpack.preflight.proving import prove_pack
from actionpack.preflight.reader import MOST_PAGES, File, UnreadableError
from actionpack.preflight.seen import Step
from actionpack.preflight.stranger import Asked, Clock, look_over
from actionpack.preflight.words import printable
from actionpack.proof import all_from_json

# What follows the last end mark of a file that was cut off while it was added to.
_AN_OBJECT = re.compile(rb"\d+\s+\d+\s+obj\b")
_END = b"%%EOF"
# What a trailer names when the rest of the file is encrypted; it is never so itself (ISO 32000-1,
# 7.6.1).
_ENCRYPTED = b"/Encrypt"
_UNLOCKED = (
    "take the password off: open it with its password, print it into a new PDF file, and check "
    "that one; or ask for a copy without a password"
)

# What travels in a file that actionpack made: the map of a pack, or that of a volume.
Map = ProofMap | VolumeMap
# Begins to look into a file of our own, by its bytes and name; calling what comes back waits for
# what is found. `check_insides` does so in no other process.
Insides = Callable[[bytes, str], Callable[[], tuple[Finding, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """What day it is for embargoes and for deadlines; None: dates are not checked."""

    today: date | None = None
    deadline_today: date | None = None
    allow_expired: bool = False


def prove(
    pdf: bytes,
    *,
    name: str,
    proof: ProofMap | None,
    today: date | None,
    deadline_today: date | None,
    allow_expired: bool,
    insides: Insides | None = None,
    plan: Imposition | None = None,
) -> tuple[Finding, ...]:
    """Find everything wrong with a finished file; `name` is what findings call it.

    `plan` is how its pages stand on sheets, if they do.

    Without a day no dates are checked. What is no PDF, or damaged, is a finding (`bad-file`). A
    file from a stranger belongs into `look_apart`, for a PDF can be made to hang its reader.
    `insides` looks into the file elsewhere meanwhile; None: it is done here.
    """
    days = Days(today=today, deadline_today=deadline_today, allow_expired=allow_expired)
    steps = _steps(pdf, name, proof, plan, Asked(), days, lambda: False, insides)
    return tuple(dict.fromkeys(plain(one) for step in steps for one in step.findings))


def examine(
    pdf: bytes,
    *,
    name: str,
    asked: Asked,
    days: Days,
    out_of_time: Clock,
    whole: bool = False,
) -> Iterator[Step]:
    """Hold a finished file against the map inside it and what is asked for, step by step.

    A file without a map is looked over. Its pages are left out when the time is up, which is never
    where all of a file with a map is wanted (`whole`).
    """
    yield Step(begins="its proof map")
    proof = plan = None
    try:
        proof, plan = map_inside(pdf)
    except ValueError as error:
        told = f"the proof map in '{name}' cannot be read: {error}"
        cure = "build it again, and change nothing in the file"
        yield Step(findings=(finding("bad-file", told, Place(file=name), cure=cure),))
    yield from _steps(pdf, name, proof, plan, asked, days, out_of_time, whole=whole)


def map_inside(pdf: bytes) -> tuple[Map | None, Imposition | None]:
    """The map in a file, and how its pages stand on sheets; None when it has none, or they do not.

    Raises ValueError when it cannot be read.
    """
    try:
        raw = read_proof(pdf) if _may_hold_a_map(pdf) else None
    except DamagedProof as damaged:
        raise ValueError("it is cut off or too large") from damaged
    except Rejected:
        # What cannot be read here is damaged or locked: reading its pages tells which.
        return None, None
    return all_from_json(raw) if raw is not None else (None, None)


def _may_hold_a_map(pdf: bytes) -> bool:
    """Whether a file names what a map hangs on, or may do so where objects are compressed."""
    return b"/PieceInfo" in pdf or b"/ObjStm" in pdf


def _steps(
    pdf: bytes,
    name: str,
    proof: Map | None,
    plan: Imposition | None,
    asked: Asked,
    days: Days,
    out_of_time: Clock,
    insides: Insides | None = None,
    *,
    whole: bool = False,
) -> Iterator[Step]:
    place = Place(file=name)
    if proof is not None and (why := nonsense(proof, plan)):
        message = f"the proof map in '{name}' cannot be right: {why}"
        cure = "build it again"
        yield Step(findings=(finding("bad-file", message, place, cure=cure),))
        proof = plan = None
    if proof is not None:
        yield Step(is_ours=True, findings=tuple(_dated(proof, days, place)))
    if isinstance(proof, VolumeMap):
        yield Step(findings=_changed(pdf, name))
    press = press_of(proof)
    bleed = press.bleed_mm if press else None
    begun = insides(pdf, name) if insides is not None and proof is not None else None
    yield Step(begins="its first page")
    looked = 0
    try:
        if plan is not None:
            yield Step(sheets=sheets_told(plan))
        cut = pdf if plan is None else cut_apart(pdf, plan, bleed_mm=bleed)
        opened = File(cut, cut=plan is not None)
    except Rejected as rejected:
        yield Step(findings=tuple(replace(one, place=place) for one in rejected.findings))
        return
    except UnreadableError as error:
        yield Step(findings=(_unread(name, error, cure=_UNLOCKED if _ENCRYPTED in pdf else None),))
        return
    try:
        with opened as file:
            file.trimmed = press is not None
            yield Step(findings=_cut_off(pdf, name))
            for step in _against(file, proof, name, asked, out_of_time, whole=whole):
                looked = max(looked, step.looked or 0)
                yield step if plan is None else _on_sheets(step, plan)
        if plan is not None:
            clock = (lambda: False) if whole else out_of_time
            yield from _sheets(pdf, plan, name, clock, bleed or 0.0)
        if proof is not None and press is not None:
            yield Step(begins="its inks")
            if plan is None:
                yield Step(findings=check_press(pdf, name, proof))
            else:
                of_sheets, of_pages = check_pressed_sheets(pdf, name, proof, plan)
                yield _on_sheets(Step(findings=of_pages), plan)
                yield Step(findings=(*of_sheets, *check_sheet_marks(pdf, name, proof, plan)))
        yield Step(begins="its fonts")
        if begun is not None:
            yield Step(findings=begun())
        else:
            # Of a pack all pages are looked into, though time was up.
            pages = MOST_PAGES if isinstance(proof, ProofMap) else looked
            most = pages if whole else min(MOST_PAGES, pages)
            yield from _all_insides(pdf, name, most, is_ours=proof is not None)
    except UnreadableError as error:
        yield Step(findings=(_unread(name, error),))


def _sheets(
    pdf: bytes, plan: Imposition, name: str, out_of_time: Clock, bleed_mm: float
) -> Iterator[Step]:
    """Hold the sheets of a file against their plan, as far as the time goes."""
    with File(pdf) as file:
        sheets = Sheets(file, plan, name, bleed_mm)
        yield Step(findings=sheets.count())
        for number in range(1, sheets.sides + 1):
            if out_of_time():
                yield Step(findings=(sheets.left_out(number),))
                return
            yield Step(begins=side_name(plan, number))
            yield Step(findings=sheets.side(number))


def _on_sheets(step: Step, plan: Imposition) -> Step:
    """What was found on pages, told of the sheets that show them."""
    return replace(step, findings=tuple(on_its_sheet(one, plan) for one in step.findings))


def _unread(name: str, error: UnreadableError, cure: str | None = None) -> Finding:
    return finding("bad-file", f"'{name}' cannot be read: {error}", Place(file=name), cure=cure)


def _against(
    file: File, proof: Map | None, name: str, asked: Asked, out_of_time: Clock, *, whole: bool
) -> Iterator[Step]:
    """Hold a file against its map; look it over where it has none."""
    clock = (lambda: False) if whole else out_of_time
    match proof:
        case None:
            return look_over(file, name, asked, out_of_time, whole=whole)
        case ProofMap():
            return prove_pack(file, proof, name, asked, clock)
        case VolumeMap():
            return prove_volume(file, proof, name, asked, clock, whole=whole)


def nonsense(proof: Map, plan: Imposition | None = None) -> str | None:
    """Say why a map makes no sense, whatever file it is in; None when it does.

    `plan` is how its pages stand on sheets.
    """
    why = volume_contradiction(proof) if isinstance(proof, VolumeMap) else contradiction(proof)
    return why or (None if plan is None else plan_contradiction(plan))


def _dated(proof: Map, days: Days, place: Place) -> Iterator[Finding]:
    if isinstance(proof, ProofMap):
        yield from _dated_pack(proof, days, place)
        return
    actions: dict[tuple[object, ...], Place] = {}
    for pack in firsts(proof):
        kind = proof.proofs[pack.proof]
        dates = (kind.action, kind.stopped, kind.embargo, kind.act_by)
        if dates not in actions:
            actions[dates] = replace(place, page=pack.first)
            yield from _dated_pack(kind, days, actions[dates])


def _dated_pack(proof: ProofMap, days: Days, place: Place) -> tuple[Finding, ...]:
    if days.today is None or days.deadline_today is None:
        return ()
    return check_dates(
        stopped=(proof.stopped, "") if proof.stopped else None,
        embargo=proof.embargo,
        act_by=proof.act_by,
        today=days.today,
        deadline_today=days.deadline_today,
        allow_expired=days.allow_expired,
        place=place,
    )


def _changed(pdf: bytes, name: str) -> tuple[Finding, ...]:
    """Find a volume that is not, byte for byte, as it was made."""
    if identity_of(pdf) is not None:
        return ()
    told = f"'{name}' was changed after it was made, as saving it in another program does"
    cure = "print the file that the batch made, or look at what else is told here"
    return (finding("bad-file", told, Place(file=name), severity="warning", cure=cure),)


def _cut_off(pdf: bytes, name: str) -> tuple[Finding, ...]:
    """Find a file that ends before its end mark (ISO 32000-1, 7.5.5): pages may be missing."""
    end = pdf.rfind(_END)
    if end >= 0 and not _AN_OBJECT.search(pdf, end):
        return ()
    told = f"'{name}' is cut off: it has no end mark, and pages or pictures may be missing"
    cure = "fetch or save it again"
    return (finding("bad-file", told, Place(file=name), cure=cure),)


def check_insides(pdf: bytes, name: str, *, is_ours: bool) -> tuple[Finding, ...]:
    """Find what only a look into a file's objects tells: strange notes, missing glyphs."""
    return _insides(pdf, name, MOST_PAGES, is_ours=is_ours).findings


def _all_insides(pdf: bytes, name: str, pages: int, *, is_ours: bool) -> Iterator[Step]:
    """The same for a file of any length, as the contents of so many pages find room in memory."""
    lacking: set[str] = set()
    for first in range(1, max(pages, 1) + 1, MOST_PAGES):
        step = _insides(pdf, name, min(MOST_PAGES, pages + 1 - first), is_ours=is_ours, first=first)
        # A character that a font lacks is told once.
        new = (one for one in step.findings if one.message not in lacking)
        yield replace(step, findings=tuple(new))
        lacking |= {one.message for one in step.findings if one.code == "missing-glyph"}


def _insides(pdf: bytes, name: str, pages: int, *, is_ours: bool, first: int = 1) -> Step:
    try:
        inside = look_inside(pdf, first=first, most_pages=pages)
    except Rejected as rejected:
        if is_ours:
            return Step(
                findings=tuple(replace(one, place=Place(file=name)) for one in rejected.findings)
            )
        what = printable("; ".join(one.message for one in rejected.findings))
        message = f"whether fonts have every character was not checked: {what}"
        return Step(findings=(finding("unproved", message, Place(file=name)),))
    added = _added(inside, name) if is_ours else _scaled(inside, name)
    wrong = (*distorted_tiles(inside, name, strict=is_ours), *missing_glyphs(inside, name))
    return Step(colours=colours_of(inside), findings=(*added, *wrong))


def _scaled(inside: Inside, name: str) -> Iterator[Finding]:
    """Find pages that printers print larger or smaller than they are drawn."""
    for number, page in enumerate(inside.pages, inside.first):
        if page.user_unit != 1:
            yield finding(
                "page-size",
                f"the page is to be printed {page.user_unit:g} times its size",
                Place(file=name, page=number),
                severity="warning",
                cure="ask for a copy in its true size: not every printer heeds this",
            )


def _added(inside: Inside, name: str) -> Iterator[Finding]:
    """Find what actionpack never writes and a printer may print otherwise."""
    for number, page in enumerate(inside.pages, inside.first):
        wrong = []
        if page.annotations:
            kinds = ", ".join(f"'{kind}'" for kind in page.annotations)
            wrong.append(f"the page carries notes that may be printed: {kinds}")
        if page.user_unit != 1:
            wrong.append(f"the page is to be printed {page.user_unit:g} times its size")
        for message in wrong:
            cure = "build it again, and change nothing in the file"
            yield finding("bad-file", message, Place(file=name, page=number), cure=cure)
