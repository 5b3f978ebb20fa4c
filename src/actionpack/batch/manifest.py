"""What a batch has made, as `manifest.json` beside it: for programs, and to go on after a stop.

It names packs by row and serial and never by what stands on them.
"""

from __future__ import annotations

import heapq
import json
import platform
import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.metadata import version
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path, PurePath
from typing import Any, Literal, NamedTuple

from actionpack.batch.masters import LaidKind, Letter
from actionpack.batch.orders import Kind
from actionpack.batch.plan import Plan
from actionpack.batch.recipients import LeftOut
from actionpack.batch.volumes import Selection
from actionpack.impose import Medium
from actionpack.provenance import made_with
from actionpack.store import write_whole
from actionpack.volume import Placed

FILE = "manifest.json"
# Raised when the shape of the manifest changes.
VERSION = 1

# So many packs are written at a time.
_TOGETHER = 500

State = Literal["running", "done", "in part", "interrupted"]

# What pages are laid out with; what stamps and binds them is in `provenance`.
_LAID_OUT_WITH = ("pydyf", "weasyprint")


def versions() -> dict[str, str]:
    """What the bytes of a batch depend on: this program and its libraries."""
    return {
        **made_with(),
        "python": platform.python_version(),
        **{name: version(name) for name in _LAID_OUT_WITH},
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A file of the batch, by its name in the folder, and what it is to be printed on."""

    name: str
    medium: Medium
    sha256: str
    bytes: int
    pages: int
    packs: int


def whose(head: bytes) -> tuple[str, str] | None:
    """The name of the batch that a manifest is of, and what was asked of it, from its first lines;
    None when they do not say."""
    found = re.findall(rb'^ "(?:name|asked)": (".*"),$', head, re.MULTILINE)[:2]
    try:
        name, asked = map(json.loads, found)
    except ValueError:
        return None
    return name, asked


@dataclass(slots=True)
class Register:
    """Which pack stands where, by position in the plan: twelve bytes a pack, however many."""

    _volume: array[int]
    _first: array[int]
    _pages: array[int]

    @classmethod
    def of(cls, positions: int) -> Register:
        empty = bytes(4 * (positions + 1))
        return cls(array("I", empty), array("I", empty), array("I", empty))

    def enter(self, volume: int, packs: tuple[Placed, ...]) -> None:
        for pack in packs:
            self._volume[pack.serial] = volume if pack.pages else 0
            self._first[pack.serial] = pack.first
            self._pages[pack.serial] = pack.pages

    def at(self, serial: int) -> tuple[int, int, int]:
        """Number of the volume, from 1, first page and pages; zeros for what is not printed."""
        return self._volume[serial], self._first[serial], self._pages[serial]


@dataclass(slots=True, kw_only=True)
class Manifest:
    """What is known of a batch so far.

    `wanted` are the orders of which packs are asked for, by index, and `selection` says which.
    `missing` says of packs that are not printed why, by serial. `letters` are what is to be posted
    to whom, which is known at the end.
    """

    plan: Plan
    kinds: tuple[LaidKind, ...]
    wanted: Sequence[int]
    selection: Selection
    register: Register
    missing: dict[int, str] = field(default_factory=dict)
    files: dict[str, Written] = field(default_factory=dict)
    job_sheet: Written | None = None
    letters: tuple[tuple[Letter, int], ...] = ()
    state: State = "running"

    def names(self) -> list[str]:
        """The files in their order: the volumes, then packs that are files of their own."""
        return sorted(self.files, key=lambda name: ("/" in name, len(name), name))

    def recall(
        self, lines: Iterator[bytes], right: Mapping[str, Written], volumes: Sequence[int]
    ) -> None:
        """Take over what an earlier manifest told of files that are `right`, and of their packs.

        `volumes` are the numbers of those among these files, by the serials of the packs that
        belong in them; 0 for other serials. A manifest that is not as it was written tells nothing.
        """
        missing: dict[int, str] = {}
        try:
            files = {
                one.name: replace(one, medium=right[one.name].medium)
                for one in _files_told(lines)
                if one.name in right and right[one.name].sha256 == one.sha256
            }
            for told in _packs_told(lines):
                number = volumes[told.pack.serial]
                if not number or volume_file(number) not in files:
                    continue
                if told.pack.pages:
                    self.register.enter(number, (told.pack,))
                else:
                    missing[told.pack.serial] = told.state
        except (IndexError, KeyError, TypeError, ValueError, OverflowError):
            self.register = Register.of(self.plan.positions)
            return
        self.files, self.missing = files, missing

    def write(self, folder: Path, *, label: str) -> None:
        """Write it, whole; raises Rejected when the disk refuses."""
        write_whole(folder / FILE, self.pieces(), inside=folder, label=label)

    def pieces(self) -> Iterator[bytes]:
        """The JSON, a pack a line: a million of them never stand in memory at once."""
        head = {
            "version": VERSION,
            "name": self.plan.name,
            "asked": self.selection.told,
            "state": self.state,
            # Their names alone: where they lie is nobody's business who gets the files.
            "sources": [
                {"file": PurePath(name).name, "sha256": sha} for name, sha in self.plan.sources
            ],
            "content": [
                {
                    **laid.kind._asdict(),
                    "act_by": laid.act_by.isoformat() if laid.act_by else None,
                    "sha256": laid.hashed,
                }
                for laid in self.kinds
            ],
            "versions": versions(),
            "files": [
                {
                    "name": one.name,
                    "sha256": one.sha256,
                    "bytes": one.bytes,
                    "pages": one.pages,
                    "packs": one.packs,
                    "paper": one.medium.paper,
                    "duplex": one.medium.duplex,
                    "flip": one.medium.flip if one.medium.duplex else None,
                    "impose": one.medium.manner.scheme.name if one.medium.manner else None,
                }
                for one in self._files()
            ],
            "letters": [
                {
                    "to": letter.to,
                    "country": letter.country,
                    "window": letter.window,
                    "tears_mm": letter.tears,
                    "folds_mm": letter.folds,
                    "letters": count,
                }
                for letter, count in self.letters
            ],
        }
        written = json.dumps(head, ensure_ascii=False, indent=1)
        yield written.removesuffix("\n}").encode() + b",\n" + _PACKS
        before, between, packs = "\n  ", ",\n  ", self._packs()
        while some := between.join(islice(packs, _TOGETHER)):
            yield f"{before}{some}".encode()
            before = between
        yield b"\n" + _END + b"\n}\n"

    def _files(self) -> Iterator[Written]:
        yield from (self.files[name] for name in self.names())
        if self.job_sheet is not None:
            yield self.job_sheet

    def _packs(self) -> Iterator[str]:
        """What is known of each pack, by serial, as JSON."""
        orders, plan = self.plan.orders, self.plan
        kinds = tuple(map(self._kind_told, orders.kinds))
        printed = ((orders.starts[at], at, None) for at in sorted(self.wanted))
        left = ((one.position, -1, one) for one in plan.left_out)
        for _, at, out in heapq.merge(printed, left, key=itemgetter(0)):
            if out is not None:
                yield from self._left(out)
                continue
            # Of a million orders the values are not looked at, which would take most of the time.
            kind, row = kinds[orders.kind_of(at)], orders.rows[at] or None
            for serial in self._asked(row, orders.starts[at], orders.copies[at]):
                volume, first, pages = self.register.at(serial)
                state = "done" if volume else self.missing.get(serial) or kind.refused
                yield _pack_told(row, serial, kind.told, volume, first, pages, state)

    def _asked(self, row: int | None, first: int, copies: int) -> Iterable[int]:
        """The serials of an order or a row left out that are asked for."""
        if self.selection.is_all:
            return range(first, first + copies)
        return chain.from_iterable(self.selection.of(row, first, copies))

    def _kind_told(self, kind: Kind) -> _KindTold:
        laid = next(laid for laid in self.kinds if laid.kind == kind)
        errors = (found.code for found in laid.findings if found.is_error)
        return _KindTold(
            told=_of_kind(kind.action, kind.language), refused=next(errors, "not printed")
        )

    def _left(self, out: LeftOut) -> Iterator[str]:
        nothing = _of_kind(None, None)
        for serial in self._asked(out.row, out.position, out.copies):
            yield _pack_told(out.row, serial, nothing, 0, 0, 0, out.code)


class _KindTold(NamedTuple):
    """What is said of every pack of a kind, as JSON, and why none is printed where none is: the
    first error that was found with it."""

    told: str
    refused: str


def _of_kind(action: str | None, language: str | None) -> str:
    return json.dumps({"action": action, "language": language}, ensure_ascii=False)[1:-1]


def _pack_told(
    row: int | None, serial: int, of_kind: str, volume: int, first: int, pages: int, state: str
) -> str:
    """A pack as JSON: put together by hand, because a library takes ten times as long for it.

    `of_kind` is what is said of its kind; `state` is one of our own words.
    """
    where = f'"{volume_file(volume)}"' if volume else "null"
    return (
        f'{{"row": {row or "null"}, "serial": {serial}, {of_kind}, "volume": {where}, '
        f'"first_page": {first or "null"}, "pages": {pages}, "state": "{state}"}}'
    )


# What each of them begins with, whatever the batch, and the lines about its packs.
_HEAD = b'{\n "version": '
_PACKS, _END = b' "packs": [', b" ]"


def is_manifest(head: bytes) -> bool:
    """Whether a file that begins so is a manifest."""
    return head.startswith(_HEAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What a manifest tells of a pack."""

    pack: Placed
    state: str


def _files_told(lines: Iterator[bytes]) -> tuple[Written, ...]:
    """The files that a manifest lists; its packs are in the lines that are left.

    Raises KeyError, TypeError or ValueError when it is not as it was written.
    """
    head = b"".join(iter(lambda: next(lines, _PACKS).rstrip(b"\n"), _PACKS))
    told = json.loads(head.removesuffix(b",") + b"}")
    if told["version"] != VERSION:
        raise ValueError("it has another shape")
    return tuple(_file_told(one) for one in told["files"])


def _file_told(one: dict[str, Any]) -> Written:
    """A file as a manifest lists it; how its pages were put on sheets the plan knows better."""
    medium = Medium(one.pop("paper"), one.pop("duplex"))
    del one["flip"], one["impose"]
    return Written(medium=medium, **one)


def _packs_told(lines: Iterator[bytes]) -> Iterator[_Told]:
    """The packs that a manifest lists, after its files; raises the same."""
    for line in lines:
        if line.rstrip(b"\n") == _END:
            return
        told = json.loads(line.rstrip(b",\n"))
        first, pages = told["first_page"] or 0, told["pages"]
        pack = Placed(serial=told["serial"], first=first, pages=pages)
        yield _Told(pack=pack, state=told["state"])
    raise ValueError("it was cut short")


@lru_cache(maxsize=1024)
def volume_file(number: int) -> str:
    """The name of a volume's file; numbers count from 1."""
    return f"volume-{number:03d}.pdf"
