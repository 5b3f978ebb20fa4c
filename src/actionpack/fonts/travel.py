"""Faces as they travel to other machines: by name and hash, and those of a project as bytes.

A font that ships with the program is on every machine that has it, and is not sent; it is used
only when it is the very same file there.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from actionpack.diagnostics import Finding, Rejected, finding
from actionpack.fonts.faces import Face, Style
from actionpack.fonts.shelf import FontShelf, read_shelf
from actionpack.project import shipped_fonts
from actionpack.store import MOST_FILE_BYTES, Jail


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFace:
    """A face without its folder. `data` is the file; None: it ships with the program.

    What is equal has the same hash, so that the bytes need not be compared.
    """

    family: str
    style: Style
    weight: int
    file: str
    sha256: str
    data: bytes | None = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class _InHand:
    """A folder with the one file that came along."""

    data: bytes = field(repr=False, compare=False)

    def read_bytes(self, _: str | Path, *, most: int = MOST_FILE_BYTES) -> bytes:
        return self.data[:most]

    def label(self, relative: str | Path) -> str:
        return str(relative)


def send(shelf: FontShelf, wanted: Iterable[tuple[str, int]]) -> tuple[SentFace, ...]:
    """The faces that setting text in some families and weights may need, in the shelf's order.

    Raises Rejected when a family is not on the shelf, or a font cannot be read.
    """
    needed = {face for family, weight in wanted for face in shelf.stack(family, weight)}
    everywhere = {(face.file, face.sha256) for face in read_shelf(shipped_fonts()).faces}
    return tuple(_sent(face, everywhere) for face in shelf.faces if face in needed)


def _sent(face: Face, everywhere: set[tuple[str, str]]) -> SentFace:
    ships = (face.file, face.sha256) in everywhere
    return SentFace(
        family=face.family,
        style=face.style,
        weight=face.weight,
        file=face.file,
        sha256=face.sha256,
        data=None if ships else face.folder.read_bytes(face.file),
    )


def received(sent: Iterable[SentFace]) -> FontShelf:
    """The shelf of faces that were sent; raises Rejected for all that this machine lacks."""
    (root,) = shipped_fonts()
    faces: list[Face] = []
    faults: list[Finding] = []
    for one in sent:
        if one.data is None:
            faults += _faults(root, one.file, one.sha256)
        faces.append(
            Face(
                family=one.family,
                style=one.style,
                weight=one.weight,
                folder=_own_folder(root) if one.data is None else _InHand(one.data),
                file=one.file,
                sha256=one.sha256,
            )
        )
    if faults:
        raise Rejected(*faults)
    return FontShelf(faces=tuple(faces))


def _own_folder(root: Path) -> Jail:
    return Jail(root=root, name="assets/fonts")


def _faults(root: Path, file: str, sha256: str) -> Iterator[Finding]:
    """Why a font that everybody should have is not the same on this machine."""
    if _hash(root, file) != sha256:
        has = "has another" if _own_folder(root).has_file(file) else "lacks the"
        yield finding(
            "missing-file",
            f"the worker '{platform.node()}' {has} font '{file}', which ships with actionpack",
            cure="install the same release of actionpack there",
        )


@lru_cache(maxsize=256)
def _hash(root: Path, file: str) -> str:
    """The hash of a font of this installation, '' when there is none; looked up but once."""
    folder = _own_folder(root)
    return hashlib.sha256(folder.read_bytes(file)).hexdigest() if folder.has_file(file) else ""
