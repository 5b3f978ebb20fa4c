"""Faces as they travel to other machines: by name and hash, and those of a project as bytes.

A font that ships, with the program or as the fonts of East Asia, is on every machine that has
these installed, and is not sent; it is used only when it is the very same file there.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from actionpack.diagnostics import Finding, Rejected, finding
from actionpack.fonts.faces import Face, Folder, Style
from actionpack.fonts.shelf import FontShelf, fonts_folder, read_shelf
from actionpack.project import CJK_FONTS, cjk_fonts, shipped_fonts
from actionpack.provenance import PROGRAM
from actionpack.store import MOST_FILE_BYTES, Jail


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFace:
    """A face without its folder. `data` is the file; None: it ships with the distribution `home`,
    which is '' otherwise.

    What is equal has the same hash, so that the bytes need not be compared.
    """

    family: str
    style: Style
    weight: int
    file: str
    sha256: str
    home: str
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
    homes = {
        (face.file, face.sha256): CJK_FONTS if folder == cjk_fonts() else PROGRAM
        for folder in shipped_fonts()
        for face in read_shelf((folder,)).faces
    }
    return tuple(_sent(face, homes) for face in shelf.faces if face in needed)


def _sent(face: Face, homes: Mapping[tuple[str, str], str]) -> SentFace:
    home = homes.get((face.file, face.sha256), "")
    return SentFace(
        family=face.family,
        style=face.style,
        weight=face.weight,
        file=face.file,
        sha256=face.sha256,
        home=home,
        data=None if home else face.folder.read_bytes(face.file),
    )


def received(sent: Iterable[SentFace]) -> FontShelf:
    """The shelf of faces that were sent; raises Rejected for all that this machine lacks."""
    faces: list[Face] = []
    faults: list[Finding] = []
    for one in sent:
        folder: Folder | None = _shipped(one) if one.data is None else _InHand(one.data)
        if folder is None:
            faults.append(_fault(one))
            continue
        faces.append(
            Face(
                family=one.family,
                style=one.style,
                weight=one.weight,
                folder=folder,
                file=one.file,
                sha256=one.sha256,
            )
        )
    if faults:
        raise Rejected(*faults)
    return FontShelf(faces=tuple(faces))


def _shipped(one: SentFace) -> Jail | None:
    """The folder of this installation that has the very same file."""
    roots = (root for root in shipped_fonts() if _hash(root, one.file) == one.sha256)
    return next(map(fonts_folder, roots), None)


def _fault(one: SentFace) -> Finding:
    """Why a font that everybody should have is not the same on this machine."""
    there = any(fonts_folder(root).has_file(one.file) for root in shipped_fonts())
    has = "has another" if there else "lacks the"
    return finding(
        "missing-file",
        f"the worker '{platform.node()}' {has} font '{one.file}', which ships with {one.home}",
        cure=f"install the same release of {one.home} there",
    )


@lru_cache(maxsize=256)
def _hash(root: Path, file: str) -> str:
    """The hash of a font of this installation, '' when there is none; looked up but once."""
    folder = fonts_folder(root)
    return hashlib.sha256(folder.read_bytes(file)).hexdigest() if folder.has_file(file) else ""
