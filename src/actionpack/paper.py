"""Sheets and envelopes by name, from `data/paper.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from actionpack.diagnostics import Finding, Rejected
from actionpack.geometry import Size
from actionpack.source import Fields, read_toml
from actionpack.store import data_jail

TABLE = "paper.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """A sheet of paper or an envelope, mm, upright as it is sold."""

    name: str
    title: str
    size: Size
    source: str


@cache
def sheets() -> dict[str, Stock]:
    """Every sheet that a printer takes, by name."""
    return _read("sheet")


@cache
def envelopes() -> dict[str, Stock]:
    """Every envelope, by name."""
    return _read("envelope")


@cache
def stocks() -> dict[str, Stock]:
    """Everything that can be printed on: sheets, and envelopes fed as they are."""
    return sheets() | envelopes()


def _read(kind: str) -> dict[str, Stock]:
    jail = data_jail()
    faults: list[Finding] = []
    group = Fields(read_toml(jail.read_text(TABLE), jail.label(TABLE)), faults).inner(kind)
    stock = {}
    for name, row in group.named_tables() if group else ():
        stock[name] = Stock(
            name=name,
            title=row.text("title"),
            size=Size(row.number("width") or 0, row.number("height") or 0),
            source=row.text("source"),
        )
        row.done()
    if faults:
        raise Rejected(*faults)
    return stock
