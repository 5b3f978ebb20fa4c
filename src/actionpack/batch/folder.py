"""The folder of a batch: what of it is ours, what can be taken over, and what goes where.

A file is ours when it says so itself, and so does one that was cut short or changed since. What is
not ours is never written over and never removed, whatever it is called.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Container, Iterator
from dataclasses import dataclass
from pathlib import Path

from actionpack.batch.jobsheet import JOB_SHEET
from actionpack.batch.manifest import FILE, Written, is_manifest, whose
from actionpack.diagnostics import Finding, Place, Rejected, finding
from actionpack.impose import Medium
from actionpack.pdf import identity_of, is_bound
from actionpack.store import clear_parts, head_of, lines_of, read_file, remove, write_whole

# Where packs lie that are files of their own.
SINGLES = "packs"
_OURS = re.compile(rf"volume-[0-9]{{3,}}\.pdf|{re.escape(FILE)}|{re.escape(JOB_SHEET)}")
_SINGLE = re.compile(r"[0-9]+\.pdf")
# So much of a file says whose it is.
_HEAD_BYTES = 64
# And so much of a manifest which batch it is of.
_MANIFEST_HEAD_BYTES = 2048
_MOVE_IT = "move it away, or name another folder with -o"


def single_file(serial: int, last: int) -> str:
    """The name of a pack's own file, so that they sort as they are numbered to the `last`."""
    return f"{SINGLES}/{serial:0{len(str(last))}d}.pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """Where a batch goes; `label` is how the user knows it."""

    path: Path
    label: str

    def label_of(self, name: str) -> str:
        return f"{self.label}/{name}"

    def claim(self, wanted: Container[str], *, name: str, asked: str) -> None:
        """Make sure that what will be written over is an earlier run of the same batch.

        `name` and `asked` are the batch's own. Raises Rejected (`exists`) when another batch is
        there, or files that are not ours stand under wanted names.
        """
        head = head_of(self.path / FILE, _MANIFEST_HEAD_BYTES) or b""
        there = whose(head) if is_manifest(head) else None
        if there is not None and there != (name, asked):
            told = f"'{self.label}' holds another batch: '{there[0]}', {there[1]}"
            cure = "name another folder with -o, or remove that one first"
            raise Rejected(finding("exists", told, Place(file=self.label), cure=cure))
        foreign = [name for name in self._there() if name in wanted and not self._is_ours(name)]
        if foreign:
            raise Rejected(*map(self._not_ours, foreign))

    def manifest(self) -> Iterator[bytes]:
        """The lines of the manifest that an earlier run left."""
        return lines_of(self.path / FILE)

    def clear_parts(self) -> None:
        """Remove what a run that was killed left half written."""
        for folder in (self.path, self.path / SINGLES):
            clear_parts(folder)

    def keep_only(self, names: Collection[str]) -> None:
        """Remove what earlier runs made, but for some files."""
        for name in sorted(self._there()):
            if name not in names and name != FILE and self._is_ours(name):
                remove(self.path / name)

    def taken_over(self, name: str, medium: Medium, made_from: bytes) -> Written | None:
        """A bound file that stands there whole, and was made from this; None when none does."""
        path = self.path / name
        if path.is_symlink() or not path.is_file():
            return None
        pdf = read_file(path, label=self.label_of(name))
        if identity_of(pdf) != made_from:
            return None
        return _written(name, medium, pdf, pages=0, packs=0)

    def put(self, name: str, medium: Medium, pdf: bytes, *, pages: int, packs: int) -> Written:
        """Put a file in its place; raises Rejected when the disk refuses."""
        write_whole(self.path / name, pdf, inside=self.path, label=self.label_of(name))
        return _written(name, medium, pdf, pages=pages, packs=packs)

    def _there(self) -> Iterator[str]:
        """The files, by name, that are called as ours are."""
        for folder, pattern in (("", _OURS), (f"{SINGLES}/", _SINGLE)):
            try:
                names = [path.name for path in (self.path / folder).iterdir()]
            except (FileNotFoundError, NotADirectoryError):
                continue
            yield from (folder + name for name in names if pattern.fullmatch(name))

    def _is_ours(self, name: str) -> bool:
        if name == JOB_SHEET:
            # It is laid out like any page, and is ours where the manifest is.
            return self._is_ours(FILE)
        head = head_of(self.path / name, _HEAD_BYTES)
        return head is not None and (not head or is_bound(head) or is_manifest(head))

    def _not_ours(self, name: str) -> Finding:
        label = self.label_of(name)
        told = f"'{label}' is there and was not made by a batch; it was left alone"
        return finding("exists", told, Place(file=label), cure=_MOVE_IT)


def _written(name: str, medium: Medium, pdf: bytes, *, pages: int, packs: int) -> Written:
    return Written(
        name=name,
        medium=medium,
        sha256=hashlib.sha256(pdf).hexdigest(),
        bytes=len(pdf),
        pages=pages,
        packs=packs,
    )
