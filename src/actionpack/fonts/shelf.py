"""The faces that may be used, as the `fonts.toml` of their folders list them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from actionpack.diagnostics import Finding, Place, Rejected, finding
from actionpack.fonts.faces import Face, Style, characters, metrics, open_face
from actionpack.fonts.ignorable import CHOSEN_FORM, cure_for, described, prints_nothing
from actionpack.project import FONT_TABLE
from actionpack.source import Fields, did_you_mean, read_toml
from actionpack.store import Jail

# What a row of `fonts.toml` holds for people and for scripts/fonts.py, and nobody here needs.
_FOR_PEOPLE = (
    "scripts",
    "cut_to",
    "package",
    "version",
    "licence",
    "licence_file",
    "legacy_family",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FontShelf:
    """The faces that may be used, those that win first."""

    faces: tuple[Face, ...]

    @property
    def families(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(face.family for face in self.faces))

    def face(self, family: str, weight: int = 400, style: Style = "normal") -> Face:
        """The face nearest to what is asked (CSS Fonts 4, 5.2).

        Raises Rejected (`layout-fault`) when the family is not on the shelf.
        """
        faces = self._family(family)
        styled = tuple(face for face in faces if face.style == style) or faces
        return min(styled, key=lambda face: _distance(weight, face.weight))

    def stack(self, family: str, weight: int = 400, second: str | None = None) -> tuple[Face, ...]:
        """The upright face of each family: the one asked for, then `second` if it is here."""
        ahead = (second,) if second in self.families else ()
        order = dict.fromkeys((family, *ahead, *self.families))
        return tuple(self.face(one, weight) for one in order if one is not None)

    def _family(self, family: str) -> tuple[Face, ...]:
        faces = tuple(face for face in self.faces if face.family == family)
        if not faces:
            raise Rejected(
                finding(
                    "layout-fault",
                    f"there is no font family '{family}'",
                    cure=_other_family(family, self.families),
                )
            )
        return faces

    def missing(self, text: str, families: Iterable[str]) -> tuple[str, ...]:
        """The characters of `text` that no face of `families` can print, each once.

        A family is opened when those before it lack something.
        """
        stack = [self._family(family) for family in families]
        printed: list[frozenset[str]] = []
        missing = [
            character
            for character in dict.fromkeys(_units(unicodedata.normalize("NFC", text)))
            if not prints_nothing(character)
        ]
        for faces in stack:
            if not missing:
                break
            printed.append(_of_all(faces))
            missing = [one for one in missing if not _is_printed(one, printed)]
        return tuple(missing)

    def prove(self, families: Iterable[str]) -> None:
        """Read every file of some families; raises Rejected when one is not what is listed."""
        for family in families:
            _of_all(self._family(family))

    def check_glyphs(
        self, text: str, place: Place, families: Iterable[str], language: str
    ) -> tuple[Finding, ...]:
        """One finding for each character that cannot be printed, on the line where it first is.

        `language` is that of the text.
        """
        stack = tuple(families)
        first: dict[str, int] = {}
        for number, line in enumerate(text.split("\n")):
            for character in self.missing(line, stack):
                first.setdefault(character, number)
        return tuple(
            finding(
                "missing-glyph",
                f"{described(character)} is in no font here for '{language}'",
                Place(
                    file=place.file,
                    line=None if place.line is None else place.line + number,
                    row=place.row,
                    page=place.page,
                ),
                cure=cure_for(character),
            )
            for character, number in first.items()
        )


def read_shelf(folders: tuple[Path, ...]) -> FontShelf:
    """Read the `fonts.toml` of each folder; raises Rejected with everything wrong in them.

    A file in a later folder hides one of the same name in an earlier one.
    """
    faults: list[Finding] = []
    faces: dict[str, Face] = {}
    for folder in reversed(folders):
        for face in _read_folder(fonts_folder(folder), faults):
            faces.setdefault(face.file, face)
    if faults:
        raise Rejected(*faults)
    return FontShelf(faces=tuple(faces.values()))


def fonts_folder(folder: Path) -> Jail:
    """A folder of fonts, by the name that people know."""
    return Jail(root=folder, name="/".join(folder.parts[-2:]))


def _read_folder(folder: Jail, faults: list[Finding]) -> Iterator[Face]:
    table = read_toml(folder.read_text(FONT_TABLE), folder.label(FONT_TABLE))
    fields = Fields(table, faults)
    for row in fields.tables("font"):
        yield Face(
            family=row.text("family"),
            style="italic" if row.choice("style", ("normal", "italic")) == "italic" else "normal",
            weight=row.whole("weight") or 400,
            folder=folder,
            file=row.text("file"),
            sha256=row.text("sha256"),
        )
        for key in _FOR_PEOPLE:
            row.value(key)
        row.done()
    fields.done()


def _distance(wanted: int, weight: int) -> tuple[bool, bool, int]:
    """How far a weight is from the one wanted, for choosing the least (CSS Fonts 4, 5.2)."""
    if 400 <= wanted <= 500:
        # Up to 500 first, then lighter ones, then heavier ones.
        return (weight > 500, not wanted <= weight <= 500, abs(weight - wanted))
    heavier_first = wanted > 500
    wrong_way = weight < wanted if heavier_first else weight > wanted
    return (wrong_way, False, abs(weight - wanted))


def _other_family(family: str, known: tuple[str, ...]) -> str:
    # did_you_mean looks among names in lower case, and families are written with capitals.
    by_lower = {name.lower(): name for name in known}
    cure = did_you_mean(family, by_lower)
    for lower, name in by_lower.items():
        cure = cure.replace(lower, name)
    return cure


def _units(text: str) -> Iterator[str]:
    """Characters, and letters with a form chosen for each."""
    yield from text
    yield from CHOSEN_FORM.findall(text)


def _is_printed(character: str, printed: list[frozenset[str]]) -> bool:
    """Whether one of some fonts has a character, or they have what it is made of."""
    return any(character in one for one in printed) or all(
        any(part in one for one in printed) for part in unicodedata.normalize("NFD", character)
    )


@cache
def _of_all(faces: tuple[Face, ...]) -> frozenset[str]:
    """Every character that one of some faces has; asked for with every line of an action."""
    return frozenset[str]().union(*map(characters, faces))


def forget_opened() -> None:
    """Forget every font that was opened, for a program that lives on while files change."""
    for remembered in (open_face, metrics, _of_all):
        remembered.cache_clear()
