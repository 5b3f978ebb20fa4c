"""Who gets a pack: the rows of a benchmark, the same for every peer."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ONLINE = "https://www.example.org/act/uyghur-families"
_FIRST = ("Ada", "Zoë", "José", "Łucja", "Jürgen", "Siân", "Nikola", "Oddný", "Åse", "Chloé")
_LAST = ("Moretti", "O’Brien", "Núñez", "Wójcik", "Öztürk", "van Dijk", "Dvořák", "Bianchi")
_TOWNS = ("Roma", "Milano", "Napoli", "Torino", "Palermo", "Genova", "Bologna", "Firenze", "Bari")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One row: what differs in one pack."""

    serial: int
    group: str
    contact: str
    sender: tuple[str, ...]
    source: str

    @property
    def url(self) -> str:
        return f"{ONLINE}?source={self.source}"


def people(count: int) -> Iterator[Person]:
    """As many as asked, no two alike; names repeat as they do in a real list."""
    for serial in range(1, count + 1):
        town = _TOWNS[serial % len(_TOWNS)]
        name = f"{_FIRST[serial % len(_FIRST)]} {_LAST[serial // 7 % len(_LAST)]}"
        yield Person(
            serial=serial,
            group=f"Group {serial % 997}, {town}",
            contact=f"group{serial % 997}@example.org",
            sender=(name, f"Via Appia {serial % 311 + 1}", f"{serial:05} {town}", "Italy"),
            source=f"it{serial:06}",
        )


def write(path: Path, persons: Iterator[Person]) -> None:
    """Write rows as a spreadsheet program would; the sender's lines stand in one cell."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("group", "contact", "sender", "source"))
        for person in persons:
            rows.writerow((person.group, person.contact, "\n".join(person.sender), person.source))


def read(path: Path, first: int) -> list[Person]:
    """Read such rows back; the first has this serial."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Person(
                serial=serial,
                group=row["group"],
                contact=row["contact"],
                sender=tuple(row["sender"].split("\n")),
                source=row["source"],
            )
            for serial, row in enumerate(csv.DictReader(file), first)
        ]
