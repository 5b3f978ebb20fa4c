"""Windows by name, from `data/windows.toml`: the hole, the envelope round it, the fold for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from actionpack.diagnostics import Finding, Rejected
from actionpack.geometry import Box, Size
from actionpack.source import Fields, read_toml
from actionpack.store import data_jail

TABLE = "windows.toml"
# What a hand does to the sheet, mm either way: a fold goes astray by 1.5, a tear by 2.
FOLD_TOLERANCE_MM = 1.5
TEAR_TOLERANCE_MM = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """The window in its envelope, mm from the envelope's left and bottom edges."""

    left: float
    bottom: float
    width: float
    height: float

    def box(self, envelope: Size) -> Box:
        """The hole from the envelope's top left corner."""
        top = envelope.height - self.bottom - self.height
        return Box(self.left, top, self.width, self.height)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One preset: one envelope and one fold.

    `plain`: the envelope has no window, and the hole only says where the inside address stands.
    """

    name: str
    title: str
    envelope: str
    hole: Hole
    plain: bool
    fold_mm: tuple[tuple[str, float], ...]
    countries: tuple[str, ...]
    source: str

    def fold_on(self, paper: str) -> float | None:
        """The first fold from the top of a sheet, mm; None when that paper does not fit."""
        return dict(self.fold_mm).get(paper)


@cache
def windows() -> dict[str, Window]:
    """Every window preset, by name."""
    jail = data_jail()
    faults: list[Finding] = []
    presets = {}
    table = Fields(read_toml(jail.read_text(TABLE), jail.label(TABLE)), faults)
    for name, row in table.named_tables():
        presets[name] = Window(
            name=name,
            title=row.text("title"),
            envelope=row.text("envelope"),
            hole=_hole(row.inner("hole"), row),
            plain=row.choice("plain", ("true", "false")) == "true",
            fold_mm=_folds(row.inner("fold")),
            countries=row.texts("countries"),
            source=row.text("source"),
        )
        row.done()
    if faults:
        raise Rejected(*faults)
    return presets


def _hole(row: Fields | None, window: Fields) -> Hole:
    if row is None:
        window.fault("missing-field", f"'{window.where}hole' is missing", window.table.place)
        return Hole(left=0, bottom=0, width=0, height=0)
    left, bottom, width, height = (
        row.number(key) or 0 for key in ("left", "bottom", "width", "height")
    )
    row.done()
    return Hole(left=left, bottom=bottom, width=width, height=height)


def _folds(row: Fields | None) -> tuple[tuple[str, float], ...]:
    if row is None:
        return ()
    return tuple((entry.key, row.number(entry.key) or 0) for entry in row.table.entries)


def default_window(paper: str, sender_country: str | None) -> str:
    """The usual window where the sender lives, else the usual one for the paper."""
    for window in windows().values():
        if sender_country in window.countries and window.fold_on(paper):
            return window.name
    return "us-10" if paper == "letter" else "dl-left"
