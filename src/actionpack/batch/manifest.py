"""What a batch has made, as `manifest.json` beside it: for programs, and to go on after a stop.

It names packs by row and serial and never by what stands on them.
"""

from __future__ import annotations

import heapq
import json
import platform
import re
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import chain
from operator import itemgetter
from pathlib import Path, PurePath
from typing import Literal

from actionpack.batch.masters import LaidKind, Letter
from actionpack.batch.orders import Order
from actionpack.batch.plan import Plan
from actionpack.batch.recipients import LeftOut
from actionpack.batch.volumes import Selection
from actionpack.paper import Medium
from actionpack.provenance import made_with
from actionpack.store import write_whole
from actionpack.volume import Placed

FILE = "manifest.json"
# Raised when the shape of the manifest changes.
VERSION = 1

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
    """Which pack stands where, by position in the plan: ten bytes a pack, however many."""

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
                one.name: one
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
        between = b"\n  "
        for pack in self._packs():
            yield between + json.dumps(pack, ensure_ascii=False).encode()
            between = b",\n  "
        yield b"\n" + _END + b"\n}\n"

    def _files(self) -> Iterator[Written]:
        yield from (self.files[name] for name in self.names())
        if self.job_sheet is not None:
            yield self.job_sheet

    def _packs(self) -> Iterator[dict[str, object]]:
        """What is known of each pack, by serial."""
        orders, plan = self.plan.orders, self.plan
        printed = ((orders[index].position, index, None) for index in sorted(self.wanted))
        left = ((one.position, -1, one) for one in plan.left_out)
        for _, index, out in heapq.merge(printed, left, key=itemgetter(0)):
            if out is not None:
                yield from self._left(out)
            else:
                yield from self._ordered(orders[index])

    def _ordered(self, order: Order) -> Iterator[dict[str, object]]:
        asked = self.selection.of(order.row, order.position, order.copies)
        for serial in chain.from_iterable(asked):
            volume, first, pages = self.register.at(serial)
            yield {
                "row": order.row,
                "serial": serial,
                "action": order.action,
                "language": order.language,
                "volume": volume_file(volume) if volume else None,
                "first_page": first or None,
                "pages": pages,
                "state": "done" if volume else self.missing.get(serial) or self._refused(order),
            }

    def _refused(self, order: Order) -> str:
        """Why nothing of its kind is printed: the first error that was found with it."""
        laid = next(laid for laid in self.kinds if laid.kind == order.kind)
        errors = (found.code for found in laid.findings if found.is_error)
        return next(errors, "not printed")

    def _left(self, out: LeftOut) -> Iterator[dict[str, object]]:
        asked = self.selection.of(out.row, out.position, out.copies)
        for serial in chain.from_iterable(asked):
            yield {
                "row": out.row,
                "serial": serial,
                "action": None,
                "language": None,
                "volume": None,
                "first_page": None,
                "pages": 0,
                "state": out.code,
            }


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
    return tuple(
        Written(medium=Medium(one.pop("paper"), one.pop("duplex")), **one) for one in told["files"]
    )


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


def volume_file(number: int) -> str:
    """The name of a volume's file; numbers count from 1."""
    return f"volume-{number:03d}.pdf"
