"""A volume: one task of a batch, from plain bytes to plain bytes, in any process on any machine.

A task holds all that its volume is made from: what copies share as stencils, and what each pack
adds. Making it stamps, binds and proves. Nothing is laid out for it, nothing is read from a disk
but fonts, and the same task gives the same bytes wherever it is done. Tasks travel pickled, between
a batch and its own workers and nowhere else; before them goes what they were made with, and who has
other versions refuses.
"""

from __future__ import annotations

import gc
import hashlib
import json
import pickle
import platform
import threading
import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import import_module
from typing import NamedTuple

from actionpack.diagnostics import Finding, Place, Rejected, finding, has_errors
from actionpack.fonts import Face, FontShelf, SentFace, received
from actionpack.impose import Manner, impose
from actionpack.imposition import Imposition
from actionpack.language import html_tag
from actionpack.model import PackMeant, ProofMap, Row, Slot, VolumeMap
from actionpack.pdf import (
    Binder,
    Binding,
    Loaded,
    PressBinder,
    Start,
    Stencil,
    Surround,
    TaggedBinder,
    impose_pages,
)
from actionpack.proof import to_json
from actionpack.provenance import as_line, differences
from actionpack.qr import check_module_size, encode
from actionpack.stamp import Plan, Stamper, StampWords, around, fonts_for, surround


@dataclass(frozen=True, slots=True, kw_only=True)
class Master:
    """What all copies of a variant share, wherever they are made.

    `online` is the address of their codes; None: they have none.
    """

    stencil: Stencil
    proof: ProofMap
    slots: tuple[Slot, ...]
    faces: tuple[SentFace, ...]
    online: str | None
    words: StampWords
    duplex: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A master as it travels: pickled, and the hash of what it says.

    Equal masters may be pickled to different bytes, and have the same hash.
    """

    digest: str
    pickled: bytes = field(repr=False, compare=False)


class Entry(NamedTuple):
    """One pack of a volume, or the sheet before some: its master, and what is set in its slots.

    `row` is that of the spreadsheet it comes from, if any; `said_in` where it stands if it does
    not come from one. `serial` is None for what is no pack. `label` names its pages, `level` is
    that of its bookmark.
    """

    master: int
    serial: int | None
    row: int | None
    values: tuple[tuple[str, str], ...]
    label: str
    level: int
    said_in: Place | None = None

    def place(self, table: str) -> Place:
        """Where it is written, by the name of the spreadsheet."""
        return self.said_in or Place(file=table, row=self.row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """All that a volume is made from.

    `masters` are sealed, so that a worker opens each of them once. `table` is what findings call
    the spreadsheet. `proved` are the serials of the packs that are read back from the finished
    file. `drawn`: False only looks whether every row can be set. `singles`: each pack is a file
    of its own too. `manner` is how pages are put on sheets, if they are.
    """

    name: str
    binding: Binding
    masters: tuple[Sealed, ...]
    entries: tuple[Entry, ...]
    table: str
    proved: frozenset[int]
    drawn: bool = True
    singles: bool = False
    manner: Manner | None = None


class Placed(NamedTuple):
    """Where a pack stands in its volume: its first page, from 1, and how many it has; 0 and 0
    when its row cannot be printed.

    Of pages on sheets these are sides, of which a file of its own has `alone`; else that is 0.
    """

    serial: int
    first: int
    pages: int
    alone: int = 0

    @property
    def own_pages(self) -> int:
        """How many pages a file of its own has."""
        return self.alone or self.pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A volume, where its packs stand in it, and what was found; `pdf` is empty for want of packs.

    `singles` are files of one pack, by serial.
    """

    pdf: bytes
    pages: int
    packs: tuple[Placed, ...]
    findings: tuple[Finding, ...]
    singles: tuple[tuple[int, bytes], ...]


def seal(master: Master) -> Sealed:
    """Make a master ready to travel."""
    said = (
        master.stencil,
        to_json(master.proof),
        master.slots,
        master.faces,
        master.online,
        master.words,
        master.duplex,
    )
    digest = hashlib.sha256(ascii(said).encode()).hexdigest()
    return Sealed(digest=digest, pickled=pickle.dumps(master))


_MADE, _REFUSED = b"made\n", b"refused\n"
# Pages are read back by a library that knows no threads, which workers of a cluster may have.
_AT_WORK = threading.Lock()


def packed(task: Task) -> bytes:
    """A task as `make_volume` takes it."""
    return as_line() + b"\n" + pickle.dumps(task)


def unpacked(answer: bytes) -> Made:
    """What `make_volume` gave back; raises Rejected when it was done by other versions."""
    if not answer.startswith(_MADE):
        worker, theirs = json.loads(answer.removeprefix(_REFUSED))
        raise Rejected(*differences(worker, theirs))
    made: Made = pickle.loads(memoryview(answer)[len(_MADE) :])  # noqa: S301 -- made by this program
    return made


# What a volume takes and most commands never need: each is imported at its gate, when it is used.
_SLOW = (
    "actionpack.preflight.copies",
    "babel.dates",
    "fontTools.ttLib",
    "pypdf.filters",
    "pypdfium2",
    "qrcode.main",
    "uharfbuzz",
    "zxingcpp",
)


def get_ready() -> None:
    """Import half a second's worth, which the first volume would otherwise wait for."""
    for name in _SLOW:
        import_module(name)


def make_volume(task: bytes) -> bytes:
    """Make a packed `Task` into a packed `Made`; a plain function, for any executor."""
    if not task.startswith(as_line() + b"\n"):
        # Not even opened: with other versions it may be something else.
        return _REFUSED + json.dumps([platform.node(), json.loads(as_line())]).encode()
    pickled = memoryview(task)[len(as_line()) + 1 :]
    opened: Task = pickle.loads(pickled)  # noqa: S301 -- made by this program
    try:
        # A volume makes no cycles.
        with _AT_WORK, uncollected():
            made = _made(opened)
    except Rejected as rejected:
        made = _failed(opened, rejected.findings)
    # Told as a result: what an executor raises tells of the worker alone.
    except Exception as error:
        told = f"{type(error).__name__}: {error}"
        traceback.print_exc()
        made = _failed(opened, (finding("internal", told, Place(file=opened.name)),))
    return _MADE + pickle.dumps(made)


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the collector of cycles still: where there are none it looks in vain, and what it finds
    it ends at any moment, whatever locks are held then.

    Cycles that were made meanwhile are collected after."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _failed(task: Task, findings: tuple[Finding, ...]) -> Made:
    serials = (entry.serial for entry in task.entries if entry.serial is not None)
    packs = tuple(Placed(serial=serial, first=0, pages=0) for serial in serials)
    return Made(pdf=b"", pages=0, packs=packs, findings=findings, singles=())


def identity(task: Task) -> bytes:
    """What a volume is made from and with, as 16 bytes: the same, the same volume.

    It is of what is said and never of how it is pickled, and `ascii` writes the same everywhere.
    """
    parts = (as_line(), task.name, task.binding, task.masters, task.entries, task.manner)
    return hashlib.sha256(ascii(parts).encode()).digest()[:16]


def identity_of_single(volume: bytes, serial: int) -> bytes:
    """What the file of one pack is made from, given what its volume is, as 16 bytes."""
    return hashlib.sha256(b"%b %d" % (volume, serial)).digest()[:16]


# ---------------------------------------------------------------------------------- making it


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """A master that is ready to work with."""

    master: Master
    stamper: Stamper
    shelf: FontShelf


@lru_cache(maxsize=64)
def _opened(sealed: Sealed) -> _Opened:
    master: Master = pickle.loads(sealed.pickled)  # noqa: S301 -- made by this program
    shelf = received(master.faces)
    stamper = Stamper(
        placeholders=master.stencil.placeholders,
        proof=master.proof,
        slots=master.slots,
        shelf=shelf,
        online=master.online,
        words=master.words,
    )
    return _Opened(master=master, stamper=stamper, shelf=shelf)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Set:
    """A pack whose row can be set."""

    entry: Entry
    opened: _Opened
    plan: Plan


def _made(task: Task) -> Made:
    opened = tuple(_opened(sealed) for sealed in task.masters)
    findings: list[Finding] = []
    ready = tuple(_settable(task, opened, findings))
    recto = _recto(task.manner, opened)
    packs, pages = _places(task, ready, recto=recto)
    pdf, plan = b"", _planned(task, ready, recto=recto)
    singles: tuple[tuple[int, bytes], ...] = ()
    proved = task.proved
    while task.drawn and any(place.pages for place in packs):
        pdf, meant = _bound(
            task.binding,
            opened,
            ready,
            identity(task),
            name=task.name,
            manner=task.manner,
            plan=plan,
        )
        wrong = _proved(task, meant, packs, pdf, proved, plan)
        if not has_errors(wrong):
            findings += wrong
            break
        at_fault, told = _at_fault(task, packs, wrong)
        findings += told
        if not at_fault:
            return _failed(task, tuple(dict.fromkeys(findings)))
        # Where one pack is at fault others may be: all that are left are read back.
        ready = tuple(one for one in ready if one.entry.serial not in at_fault)
        packs, pages = _places(task, ready, recto=recto)
        plan = _planned(task, ready, recto=recto)
        proved = frozenset(place.serial for place in packs)
        pdf = b""
    if pdf and task.singles:
        singles = tuple(_singles(task, opened, ready))
    return Made(
        pdf=pdf,
        pages=pages if plan is None else len(plan.sides),
        packs=packs if plan is None else tuple(_on_sides(task, packs, plan)),
        findings=tuple(dict.fromkeys(findings)),
        singles=singles,
    )


def _planned(task: Task, ready: Iterable[_Set], *, recto: bool) -> Imposition | None:
    """How the pages of a task stand on sheets; None where a page is a side of one."""
    if task.manner is None:
        return None
    counts = [(_pages_of(one, recto=recto), one.entry.serial is None) for one in ready]
    # The sheets before groups are as large as those of the packs.
    apart = frozenset(at for at, (_, is_sheet) in enumerate(counts) if is_sheet)
    return impose([pages for pages, _ in counts], task.manner, apart=apart)


def _pages_of(one: _Set, *, recto: bool) -> int:
    """How many pages a pack takes, with the blank one that fills its last leaf."""
    pages = len(one.opened.master.stencil.sides)
    return pages + (pages % 2 if recto else 0)


def _on_sides(task: Task, packs: Iterable[Placed], plan: Imposition) -> Iterator[Placed]:
    """Where packs stand as their volume is printed: on which sides of its sheets."""
    sides: dict[int, list[int]] = {}
    for number, side in enumerate(plan.sides, 1):
        for placed in side.pages:
            if placed.page is not None:
                sides.setdefault(placed.page, []).append(number)
    alone: dict[int, int] = {}
    for pack in packs:
        if not pack.pages or task.manner is None:
            yield pack
            continue
        on = [one for page in range(pack.first, pack.first + pack.pages) for one in sides[page]]
        if pack.pages not in alone:
            alone[pack.pages] = len(impose((pack.pages,), task.manner).sides)
        first = min(on)
        yield Placed(pack.serial, first, max(on) - first + 1, alone[pack.pages])


def _at_fault(
    task: Task, packs: Iterable[Placed], wrong: Iterable[Finding]
) -> tuple[frozenset[int], tuple[Finding, ...]]:
    """The serials of packs whose pages are wrong, and the same findings as of their rows."""
    by_page = {
        page: pack.serial for pack in packs for page in range(pack.first, pack.first + pack.pages)
    }
    places = {entry.serial: entry.place(task.table) for entry in task.entries}
    serials: set[int] = set()
    told: list[Finding] = []
    for found in wrong:
        serial = by_page.get(found.place.page or 0)
        if serial is None:
            told.append(found)
            continue
        if found.is_error:
            serials.add(serial)
        told.append(_of_row(replace(found, cure="write the row in another way"), places[serial]))
    return frozenset(serials), tuple(told)


def _recto(manner: Manner | None, opened: Iterable[_Opened]) -> bool:
    """Whether every pack begins with the front of a leaf: all that is printed on both sides."""
    if manner is not None:
        return manner.fills_leaves
    return any(one.master.duplex for one in opened)


def _places(task: Task, ready: Iterable[_Set], *, recto: bool) -> tuple[tuple[Placed, ...], int]:
    """Where each pack of a task will stand, and how many pages there will be."""
    at = 0
    placed: dict[int, Placed] = {}
    for one in ready:
        pages = len(one.opened.master.stencil.sides)
        if one.entry.serial is not None:
            placed[one.entry.serial] = Placed(serial=one.entry.serial, first=at + 1, pages=pages)
        at += _pages_of(one, recto=recto)
    serials = (entry.serial for entry in task.entries if entry.serial is not None)
    return (
        tuple(placed.get(serial, Placed(serial=serial, first=0, pages=0)) for serial in serials),
        at,
    )


def _settable(task: Task, opened: Sequence[_Opened], findings: list[Finding]) -> Iterator[_Set]:
    """The packs whose rows can be set; what is wrong with the others goes to the findings."""
    for entry in task.entries:
        one = opened[entry.master]
        values = entry.values
        if entry.serial is not None:
            values = (*values, ("serial", str(entry.serial)))
        plan = one.stamper.plan(Row(values=values))
        if wrong := plan.findings + _too_small(plan):
            findings += (_of_row(found, entry.place(task.table)) for found in wrong)
            if has_errors(wrong):
                continue
        yield _Set(entry=entry, opened=one, plan=plan)


def _too_small(plan: Plan) -> tuple[Finding, ...]:
    """What is to be said of codes whose modules are too small to be read; most are not."""
    if not plan.small:
        return ()
    code = encode(plan.url, 0)
    sizes = sorted({(slot.size.width, slot.reading_mm) for slot in plan.small})
    found = (one for side, far in sizes for one in check_module_size(code, side, reading_mm=far))
    # Nobody who fills in a table can make the slot larger.
    return tuple(
        replace(one, message=f"'source': {one.message}", cure=one.cure.rpartition(", or ")[0])
        if ", or " in one.cure
        else one
        for one in found
    )


def _of_row(found: Finding, place: Place) -> Finding:
    """A finding as one about the row: what cannot be set leaves the row out."""
    code = "bad-row" if found.is_error else found.code
    return replace(found, code=code, place=place)


def _bound(
    binding: Binding,
    opened: Sequence[_Opened],
    ready: Iterable[_Set],
    made_from: bytes,
    *,
    name: str,
    manner: Manner | None = None,
    plan: Imposition | None = None,
) -> tuple[bytes, VolumeMap]:
    """Packs in one file, and the map that it carries; its pages are put on sheets as planned.

    `name` is that of the volume that they are in.
    """
    binder = _binder(opened)
    recto = _recto(manner, opened)
    starts: list[Start] = []
    loaded: dict[int, tuple[Loaded, ...]] = {}
    proofs: dict[int, ProofMap] = {}
    # By identity: a face is always the same object here, and its name is put together each time.
    faces: dict[int, Face] = {}
    packs: list[PackMeant] = []
    for one in ready:
        entry, copy = one.entry, one.plan
        if entry.master not in loaded:
            loaded[entry.master] = _loaded(binder, one.opened, faces)
            proofs[entry.master] = one.opened.stamper.proof
        sides = loaded[entry.master]
        if entry.serial is not None:
            packs.append(
                PackMeant(
                    proof=list(proofs).index(entry.master),
                    first=binder.page_count + 1,
                    texts=copy.texts,
                    url=copy.url,
                )
            )
        starts.append(Start(binder.page_count + 1, entry.label, entry.level))
        binder.start(entry.label, level=entry.level)
        binder.add(sides, copy.marks)
        for face in copy.faces:
            faces[id(face)] = face
        if recto and binder.page_count % 2:
            binder.blank(sides[-1].side)
    families = tuple(dict.fromkeys(face.family for face in faces.values()))
    meant = VolumeMap(
        proofs=tuple(
            replace(proof, fonts=tuple(dict.fromkeys((*proof.fonts, *families))))
            for proof in proofs.values()
        ),
        packs=tuple(packs),
    )
    fonts = fonts_for(binder.used, faces.values())
    pdf = binder.finish(binding, fonts, to_json(meant), made_from)
    if plan is not None:
        pdf = impose_pages(
            pdf,
            plan,
            binding=replace(binding, duplex=plan.duplex, flip=plan.flip),
            private=to_json(meant, plan),
            made_from=made_from,
            starts=starts,
            surround=_surround(plan, meant, opened, name) if _is_for_press(opened) else None,
        )
    return pdf, meant


def _surround(plan: Imposition, meant: VolumeMap, opened: Sequence[_Opened], name: str) -> Surround:
    """What a print shop finds on the sheets of a volume beside the pages."""
    pages = {
        pack.first + at: (meant.proofs[pack.proof], at + 1)
        for pack in meant.packs
        for at in range(len(meant.proofs[pack.proof].pages))
    }
    return surround(plan, pages.get, opened[0].shelf, name=name)


def _is_for_press(opened: Iterable[_Opened]) -> bool:
    return any(one.master.proof.press is not None for one in opened)


def _binder(opened: Sequence[_Opened]) -> Binder:
    """An empty file of the kind that some masters are for."""
    if _is_for_press(opened):
        return PressBinder()
    # Sheets without tags between packs that have them would be silent: the binder refuses them.
    tagged = any(one.master.stencil.tags is not None for one in opened)
    return TaggedBinder() if tagged else Binder()


def _loaded(binder: Binder, opened: _Opened, faces: dict[int, Face]) -> tuple[Loaded, ...]:
    """Put the pages of a master into a file, for a press with marks round them."""
    stencil = opened.master.stencil
    if not isinstance(binder, PressBinder):
        return binder.load(stencil)
    round_it = around(opened.master.proof, opened.shelf)
    for face in round_it.faces:
        faces[id(face)] = face
    return binder.load(stencil, round_it.marks)


def _singles(
    task: Task, opened: Sequence[_Opened], ready: Iterable[_Set]
) -> Iterator[tuple[int, bytes]]:
    """Each pack as a file of its own."""
    volume = identity(task)
    for one in ready:
        if one.entry.serial is not None:
            tag = html_tag(one.opened.master.proof.language)
            binding = replace(task.binding, title=one.entry.label, language=tag)
            made_from = identity_of_single(volume, one.entry.serial)
            plan = _planned(task, (one,), recto=_recto(task.manner, opened))
            pdf, _ = _bound(
                binding,
                opened,
                (one,),
                made_from,
                name=task.name,
                manner=task.manner,
                plan=plan,
            )
            yield one.entry.serial, pdf


def _proved(
    task: Task,
    meant: VolumeMap,
    packs: Iterable[Placed],
    pdf: bytes,
    serials: frozenset[int],
    plan: Imposition | None,
) -> tuple[Finding, ...]:
    """Read a sample of the packs back from the finished file."""
    # Imported here: who only looks whether rows can be set needs no reader.
    from actionpack.preflight.copies import prove_copies

    wanted = {place.first for place in packs if place.pages and place.serial in serials}
    sample = tuple(pack for pack in meant.packs if pack.first in wanted)
    # All volumes say the same of themselves, and to read that of one takes the time of its packs:
    # it is read back from the first of the plan, and where every pack is.
    everything = len(sample) == len(meant.packs)
    keys = 1 in serials or everything
    return prove_copies(pdf, meant, sample, name=task.name, plan=plan, keys=keys)
