"""How a press prints: the printing condition that the press edition's colours are made for.

Its profile ships, and `profiles.toml` beside it says what it is; both are read here and nowhere
else.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from actionpack.diagnostics import Finding, Place, Rejected, finding
from actionpack.project import PROFILE_TABLE, shipped_profiles
from actionpack.source import Fields, read_toml
from actionpack.store import Jail

# Cyan, magenta, yellow, black: 0 none to 1 solid.
Ink = tuple[float, float, float, float]
SOLID_BLACK: Ink = (0.0, 0.0, 0.0, 1.0)
NO_INK: Ink = (0.0, 0.0, 0.0, 0.0)
# What a row of the table holds for people and for scripts/profiles.py.
_FOR_PEOPLE = ("package", "version", "licence", "licence_file")


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A printing condition: its name in the ICC's `registry`, what it `means`, its profile (ICC).

    `most_ink` is what all four inks may come to, 1 being a solid area of one.
    """

    name: str
    means: str
    registry: str
    most_ink: float
    profile: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pixels:
    """A picture: grey ("L"), of light, or of four inks, 8 bits each, row by row from the top.

    `jpeg`: `data` is a JPEG, in which four inks stand as Adobe writes them, 255 being none.
    """

    mode: Literal["L", "RGB", "CMYK"]
    width: int
    height: int
    data: bytes = field(repr=False)
    jpeg: bool


@cache
def usual_condition() -> Condition:
    """The first condition of the table.

    Raises Rejected when the profile is not the one that is listed.
    """
    folder = Jail(root=shipped_profiles(), name="assets/profiles")
    faults: list[Finding] = []
    label = folder.label(PROFILE_TABLE)
    fields = Fields(read_toml(folder.read_text(PROFILE_TABLE), label), faults)
    row, *_ = fields.tables("profile")
    file = row.text("file")
    profile = folder.read_bytes(file)
    condition = Condition(
        name=row.text("condition"),
        means=row.text("means"),
        registry=row.text("registry"),
        most_ink=(row.number("ink_limit") or 0) / 100,
        profile=profile,
    )
    if hashlib.sha256(profile).hexdigest() != row.text("sha256"):
        told = f"the colour profile is not the one that {PROFILE_TABLE} lists"
        cure = "install it again: sh setup.sh"
        faults.append(finding("bad-file", told, Place(file=folder.label(file)), cure=cure))
    for key in _FOR_PEOPLE:
        row.value(key)
    row.done()
    if faults:
        raise Rejected(*faults)
    return condition
