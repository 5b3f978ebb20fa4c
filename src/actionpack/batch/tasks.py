"""The volumes of a batch as tasks: what each is made from, whoever makes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

from actionpack.batch.manifest import volume_file
from actionpack.batch.masters import LaidKind
from actionpack.batch.plan import Plan
from actionpack.batch.sheets import Print, Separators, Stack, lay_out_separators, stacks
from actionpack.batch.volumes import Arranged, Part, entries, proved
from actionpack.impose import Manner, Medium, impose
from actionpack.pdf import Binding
from actionpack.volume import Entry, Sealed, Task


class Tasks:
    """What each volume of a batch is made from; volumes are counted from 1.

    `separated`: a sheet is put before each language or group, once `part` was called.
    """

    def __init__(
        self,
        plan: Plan,
        kinds: Sequence[LaidKind],
        arranged: Arranged,
        *,
        separated: bool,
        prove_all: bool,
    ) -> None:
        self._plan = plan
        self._kinds = kinds
        self._prove_all = prove_all
        self._separators: Separators | None = None
        self._stacks: tuple[tuple[Stack, ...], ...] = ()
        self.volumes: tuple[tuple[Part, ...], ...] = arranged.volumes
        self.packs = arranged.packs
        self.separated = separated

    @property
    def count(self) -> int:
        """How many volumes there are."""
        return len(self.volumes)

    @property
    def separators(self) -> int:
        """How many sheets stand before groups."""
        return sum(map(len, self._stacks))

    def separators_in(self, number: int) -> int:
        """How many of them are in a volume."""
        return len(self._stacks[number - 1]) if self._stacks else 0

    def sides_in_groups(self, number: int, manner: Manner) -> int:
        """How many sides the packs of a volume take when each group begins a new sheet."""
        sides = 0
        for stack in self._stacks[number - 1]:
            counts: list[int] = []
            for kind, packs in stack.kinds:
                counts += [manner.pages_of(self._kinds[kind].sides)] * packs
            sides += len(impose(counts, manner).sides)
        return sides

    def kinds_in(self, number: int) -> frozenset[int]:
        """The kinds in a volume, as their numbers."""
        kind_of = self._plan.orders.kind_of
        return frozenset(kind_of(part.order) for part in self.volumes[number - 1])

    def medium(self, number: int) -> Medium:
        """What a volume is printed on, which is the same for all of its packs."""
        first = self.volumes[number - 1][0]
        return self._kinds[self._plan.orders.kind_of(first.order)].medium

    def sides(self, number: int) -> tuple[int, ...]:
        """How many sides each pack of a volume has."""
        kind_of = self._plan.orders.kind_of
        return tuple(
            self._kinds[kind_of(part.order)].sides
            for part in self.volumes[number - 1]
            for _ in range(part.packs)
        )

    def serials(self, number: int) -> Iterator[int]:
        """The packs of a volume, by their serials."""
        for part in self.volumes[number - 1]:
            first = self._plan.orders.starts[part.order] + part.first
            yield from range(first, first + part.packs)

    def part(self, left_out: set[int], fonts: tuple[Path, ...]) -> None:
        """Put a sheet before each group of packs, but for those whose serials are left out.

        Raises Rejected when the sheets cannot be laid out.
        """
        self._stacks = stacks(self._plan.orders, self.volumes, left_out)
        used = [
            self._kinds[kind]
            for volume in self._stacks
            for stack in volume
            for kind, _ in stack.kinds
        ]
        told = Print(
            name=self._plan.name,
            grammage=self._plan.grammage,
            tagged=self._plan.tagged,
            issued=max((laid.issued for laid in used), default=date.min),
            edition=self._plan.edition,
        )
        media = (laid.medium for laid in used)
        self._separators = lay_out_separators(media, told, self._kinds, fonts)

    def all(self, *, drawn: bool) -> Iterator[tuple[int, Task]]:
        """The number and the task of every volume."""
        for number in range(1, self.count + 1):
            yield number, self.of(number, drawn=drawn)

    def of(self, number: int, *, drawn: bool = True) -> Task:
        """The task of a volume; not `drawn`: it only looks whether every row can be set."""
        plan, used = self._plan, sorted(self.kinds_in(number))
        kinds = [self._kinds[kind] for kind in used]
        before = self._before(number, len(used))
        packs = tuple(
            entries(
                plan.orders,
                self.volumes[number - 1],
                {kind: at for at, kind in enumerate(used)},
                before=before.entries,
                said_in=plan.said_in,
            )
        )
        languages = {laid.kind.language for laid in kinds}
        return Task(
            name=volume_file(number),
            binding=Binding(
                title=f"{plan.name} · {volume_file(number)}",
                language=languages.pop() if len(languages) == 1 else None,
                made=max(laid.issued for laid in kinds),
                producer=f"actionpack {version('actionpack-print')}",
                duplex=self.medium(number).duplex,
                flip=self.medium(number).flip,
            ),
            masters=(
                *(laid.master for laid in kinds if laid.master is not None),
                *before.masters,
            ),
            entries=packs,
            table=plan.sources[-1][0],
            proved=proved(
                [pack.serial for pack in packs if pack.serial is not None],
                last=plan.positions,
                everyone=self._prove_all,
            ),
            drawn=drawn,
            singles=plan.singles,
            manner=self.medium(number).manner,
        )

    def _before(self, number: int, at: int) -> _Before:
        """The separators of a volume; `at` is the index that their master gets."""
        stacked = self._stacks[number - 1] if self._separators else ()
        if self._separators is None or not stacked:
            return _Before(masters=(), entries={})
        medium = self.medium(number)
        return _Before(
            masters=(self._separators.masters[medium],),
            entries={
                stack.part: self._separators.entry(stack, medium, volume=number, master=at)
                for stack in stacked
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    """The separators of a volume: their master, and what is set on each by the part behind it."""

    masters: tuple[Sealed, ...]
    entries: Mapping[int, Entry]
