"""A plan's orders into volumes: which pack stands where, under which number.

A volume is what a printer takes without being set anew: one paper, on both sides or on one.
A pack's serial is its position in the plan, whatever is printed of it and in which order, so that
a jam can be printed again by number.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from actionpack.batch.orders import Orders
from actionpack.diagnostics import Place
from actionpack.impose import Medium
from actionpack.volume import Entry

# Besides the first and the last of a batch, one in so many packs is read back from the finished
# file, and the first of a volume that has none of those.
PROVED_EVERY = 500


class Part(NamedTuple):
    """Some copies of one order: its index, and the first and how many of its copies."""

    order: int
    first: int
    packs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """Volumes of parts."""

    volumes: tuple[tuple[Part, ...], ...]

    @property
    def packs(self) -> int:
        return sum(part.packs for volume in self.volumes for part in volume)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which packs are asked for: those of some rows, and some by their serials; None: no limit."""

    rows: tuple[range, ...] | None = None
    serials: tuple[range, ...] | None = None

    @property
    def is_all(self) -> bool:
        return self.rows is None and self.serials is None

    @property
    def told(self) -> str:
        """What is asked for, in words."""
        asked = [("rows", self.rows), ("serials", self.serials)]
        spans_of = (f"{word} {_in_short(spans)}" for word, spans in asked if spans is not None)
        return " and ".join(spans_of) or "all"

    def of(self, row: int | None, position: int, copies: int) -> tuple[range, ...]:
        """The serials asked for among those that a row has, in runs and in order."""
        every = range(position, position + copies)
        if self.is_all or among(row, self.rows or ()):
            return (every,)
        runs: list[range] = []
        for span in sorted(self.serials or (), key=lambda span: span.start):
            start = max(span.start, runs[-1].stop if runs else every.start)
            run = range(start, min(span.stop, every.stop))
            runs += [run] if run else []
        return tuple(runs)

    def packs_of(self, orders: Orders, at: int) -> int:
        """How many packs of an order, by index, are asked for."""
        copies = orders.copies_of(at)
        if self.is_all:
            return copies
        return sum(map(len, self.of(orders.rows[at] or None, orders.starts[at], copies)))


def _in_short(spans: Sequence[range]) -> str:
    return ",".join(f"{one[0]}-{one[-1]}" if len(one) > 1 else f"{one[0]}" for one in spans)


EVERYTHING = Selection()


def arrange(
    orders: Orders,
    wanted: Sequence[int],
    *,
    media: Sequence[Medium],
    size: int,
    separators: bool,
    selection: Selection = EVERYTHING,
) -> Arranged:
    """Put orders, by index, into volumes of `size` packs, those of a group together.

    `media` are what each kind is printed on, by its number. The volumes on one follow those on
    another, and in both the packs stand in the same order.
    """
    if separators:
        wanted = _grouped(orders, wanted)
    alike: dict[Medium, list[int]] = {}
    for order in wanted:
        alike.setdefault(media[orders.kind_of(order)], []).append(order)
    filled = (_filled(orders, together, size, selection) for together in alike.values())
    return Arranged(volumes=tuple(map(tuple, chain.from_iterable(filled))))


def _filled(
    orders: Orders, wanted: Sequence[int], size: int, selection: Selection
) -> list[list[Part]]:
    """Orders in volumes, each filled up before the next is begun."""
    volumes: list[list[Part]] = []
    volume: list[Part] = []
    room = 0
    every, copies_of = selection.is_all, orders.copies
    for order in wanted:
        # Of a million orders most ask for one pack, and all of them are wanted.
        if every and room and copies_of[order] == 1:
            volume.append(Part(order, 0, 1))
            room -= 1
            continue
        for run in _runs(orders, order, selection):
            done, copies = run.start, run.stop
            while done < copies:
                if not room:
                    volume = []
                    volumes.append(volume)
                    room = size
                count = min(room, copies - done)
                volume.append(Part(order, done, count))
                done += count
                room -= count
    return volumes


def _runs(orders: Orders, at: int, selection: Selection) -> tuple[range, ...]:
    """Which of an order's copies are asked for, counted from 0."""
    copies = orders.copies_of(at)
    if selection.is_all:
        return (range(copies),)
    order = orders[at]
    runs = selection.of(order.row, order.position, copies)
    return tuple(range(run.start - order.position, run.stop - order.position) for run in runs)


def _grouped(orders: Orders, wanted: Sequence[int]) -> list[int]:
    """Orders by language and group, each in the order in which it first comes."""
    together: dict[tuple[str, str], list[int]] = {}
    for index in wanted:
        order = orders[index]
        together.setdefault((order.language, group_of(order.values)), []).append(index)
    return list(chain.from_iterable(together.values()))


def group_of(values: tuple[tuple[str, str], ...]) -> str:
    """The name of the group among an order's values, on one line, '' where it has none."""
    for field, text in values:
        if field == "group":
            return " ".join(text.split())
    return ""


def entries(
    orders: Orders,
    volume: Sequence[Part],
    masters: Mapping[int, int],
    *,
    before: Mapping[int, Entry],
    said_in: Sequence[Place] = (),
) -> Iterator[Entry]:
    """The packs of a volume; `masters` are the indexes of its masters by kind.

    `said_in` is where the orders that are no rows stand, which come before all others.
    `before` are the separators, each by the index of the part that it stands before; where there
    are any, packs are bookmarked below them.
    """
    level = 1 if before else 0
    for at, part in enumerate(volume):
        if at in before:
            yield before[at]
        number, values = orders.kind_numbers[part.order], orders.values_of(part.order)
        kind, row = orders.kinds[number], orders.rows[part.order] or None
        known_as = f" · {kind.language} · {group_of(values) or kind.action}"
        place = None if row else said_in[part.order]
        first = orders.starts[part.order] + part.first
        for serial in range(first, first + part.packs):
            label = f"{serial}{known_as}"
            yield Entry(masters[number], serial, row, values, label, level, place)


def proved(serials: Collection[int], *, last: int, everyone: bool) -> frozenset[int]:
    """The serials of a volume whose packs are read back from the finished file."""
    if everyone:
        return frozenset(serials)
    # The first of so many, which is near the beginning of a volume more often than not: a reader
    # goes through all the pages before the one that it is asked for.
    sample = {one for one in serials if one == last or one % PROVED_EVERY == 1}
    return frozenset(sample or [min(serials, default=0)])


def spans(text: str) -> tuple[range, ...]:
    """Numbers and spans of them, such as `40-60,75`; raises ValueError for anything else."""
    return tuple(_span(part.strip()) for part in text.split(","))


def _span(text: str) -> range:
    ends = [piece.strip() for piece in text.split("-")]
    if len(ends) > 2 or not all(re.fullmatch("[0-9]{1,9}", end) and int(end) for end in ends):
        raise ValueError(f"'{text}' is no number and no span of two")
    low, high = int(ends[0]), int(ends[-1])
    if low > high:
        raise ValueError(f"'{text}' runs backwards")
    return range(low, high + 1)


def among(number: int | None, wanted: Sequence[range]) -> bool:
    """Whether a number is in one of some spans."""
    return number is not None and any(number in span for span in wanted)
