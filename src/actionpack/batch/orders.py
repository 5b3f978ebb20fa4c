"""What a batch is to print, one order a row, packed so that a million of them fit into memory.

An order is kept as a few numbers and one string of bytes, and unpacked when somebody looks at it.
Which variant it needs, its kind, is the number of one in a short list.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, overload

# Between the parts of a packed order. No cell can hold it: control characters are refused.
_BETWEEN = "\x1f"
# So many parts stand before the values: the number of the kind, and the copies.
_BEFORE = 2


class Kind(NamedTuple):
    """What decides which pages a pack has; `target` None: whomever the action names."""

    action: str
    language: str
    target: str | None
    layout: str


class Order(NamedTuple):
    """An entry of `packs`, or a row of the recipients.

    `position` is the serial of its first pack, from 1; its other copies follow. `row` is the row
    that a spreadsheet shows, None for an entry of `packs`. `values` are by field, empty ones left
    out.
    """

    position: int
    row: int | None
    kind: Kind
    copies: int
    values: tuple[tuple[str, str], ...]

    @property
    def action(self) -> str:
        return self.kind.action

    @property
    def language(self) -> str:
        return self.kind.language

    @property
    def target(self) -> str | None:
        return self.kind.target

    @property
    def layout(self) -> str:
        return self.kind.layout


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders(Sequence[Order]):
    """Orders by their position. `fields` names the values.

    The rest is by order: all of it packed, of which the values are read; the number of its kind,
    the copies it asks for, its first position, and its row, 0 where it has none.
    """

    fields: tuple[str, ...]
    kinds: tuple[Kind, ...]
    packed: tuple[bytes, ...]
    kind_numbers: array[int]
    copies: array[int]
    starts: array[int]
    rows: array[int]

    @property
    def packs(self) -> int:
        """How many packs they make."""
        return sum(self.copies)

    def __len__(self) -> int:
        return len(self.packed)

    @overload
    def __getitem__(self, at: int) -> Order: ...
    @overload
    def __getitem__(self, at: slice) -> Orders: ...
    def __getitem__(self, at: int | slice) -> Order | Orders:
        if isinstance(at, slice):
            return Orders(
                fields=self.fields,
                kinds=self.kinds,
                packed=self.packed[at],
                kind_numbers=self.kind_numbers[at],
                copies=self.copies[at],
                starts=self.starts[at],
                rows=self.rows[at],
            )
        return Order(
            position=self.starts[at],
            row=self.rows[at] or None,
            kind=self.kinds[self.kind_numbers[at]],
            copies=self.copies[at],
            values=self.values_of(at),
        )

    def __iter__(self) -> Iterator[Order]:
        return (self[at] for at in range(len(self)))

    def values_of(self, at: int) -> tuple[tuple[str, str], ...]:
        """The values of an order by field, empty ones left out."""
        texts = self.packed[at].decode().split(_BETWEEN)
        del texts[:_BEFORE]
        return tuple([pair for pair in zip(self.fields, texts, strict=False) if pair[1]])

    def kind_of(self, at: int) -> int:
        """The kind of an order, as its number in `kinds`."""
        return self.kind_numbers[at]

    def copies_of(self, at: int) -> int:
        """How many packs an order asks for."""
        return self.copies[at]


class Ledger:
    """Orders as they come in, each at the position that follows those before it."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        self.fields = fields
        self._kinds: dict[Kind, int] = {}
        self._packed: list[bytes] = []
        self._kind_numbers = array("I")
        self._copies = array("I")
        self._starts = array("Q")
        self._rows = array("I")
        self._earlier: dict[bytes, int] = {}
        self.next_position = 1

    def add(self, kind: Kind, copies: int, texts: Sequence[str], row: int | None) -> int | None:
        """Enter an order; None, or the row of an earlier one that is the same: it is not entered.

        `texts` are the values by the fields of the ledger, '' where there is none. Orders without
        a row are never the same as another.
        """
        number = self._kinds.setdefault(kind, len(self._kinds))
        packed = _BETWEEN.join((str(number), str(copies), *texts)).rstrip(_BETWEEN).encode()
        if row is not None and (earlier := self._earlier.setdefault(packed, row)) != row:
            self.leave_out(copies)
            return earlier
        self._packed.append(packed)
        self._kind_numbers.append(number)
        self._copies.append(copies)
        self._starts.append(self.next_position)
        self._rows.append(row or 0)
        self.next_position += copies
        return None

    def leave_out(self, copies: int) -> None:
        """Count packs that are not printed, so that those after them keep their positions."""
        self.next_position += copies

    def orders(self) -> Orders:
        return Orders(
            fields=self.fields,
            kinds=tuple(self._kinds),
            packed=tuple(self._packed),
            kind_numbers=self._kind_numbers,
            copies=self._copies,
            starts=self._starts,
            rows=self._rows,
        )
