"""The volumes of a batch as tasks: what each is made from, whoever makes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from actionpack.batch.manifest import volume_file
from actionpack.batch.masters import LaidKind
from actionpack.batch.plan import Plan
from actionpack.batch.sheets import Print, Separators, Stack, lay_out_separators, stacks
from actionpack.batch.volumes import Arranged, Part, entries, proved
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

    @cached_property
    def duplex(self) -> bool:
        """Whether anything is printed on both sides."""
        return any(
            self._kinds[kind].duplex
            for number in range(1, self.count + 1)
            for kind in self.kinds_in(number)
        )

    def kinds_in(self, number: int) -> frozenset[int]:
        """The kinds in a volume, as their numbers."""
        kind_of = self._plan.orders.kind_of
        return frozenset(kind_of(part.order) for part in self.volumes[number - 1])

    def is_duplex(self, number: int) -> bool:
        """Whether a volume is printed on both sides."""
        both_sides = any(self._kinds[kind].duplex for kind in self.kinds_in(number))
        return both_sides or (self.separated and self.duplex)

    def part(self, left_out: set[int], fonts: tuple[Path, ...]) -> None:
        """Put a sheet before each group of packs, but for those whose serials are left out.

        Raises Rejected when the sheets cannot be laid out.
        """
        self._stacks = stacks(self._plan.orders, self.volumes, left_out)
        used = [self._kinds[stack.kinds[0][0]] for volume in self._stacks for stack in volume]
        told = Print(
            name=self._plan.name,
            grammage=self._plan.grammage,
            duplex=self.duplex,
            tagged=self._plan.tagged,
            issued=max((laid.issued for laid in used), default=date.min),
        )
        papers = (laid.paper for laid in used)
        self._separators = lay_out_separators(papers, told, self._kinds, fonts)

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
                duplex=all(laid.duplex for laid in kinds),
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
        )

    def _before(self, number: int, at: int) -> _Before:
        """The separators of a volume; `at` is the index that the first of their masters gets."""
        if self._separators is None:
            return _Before(masters=(), entries={})
        stacked = self._stacks[number - 1]
        papers = [self._kinds[stack.kinds[0][0]].paper for stack in stacked]
        indexes = {paper: at + index for index, paper in enumerate(dict.fromkeys(papers))}
        return _Before(
            masters=tuple(self._separators.masters[paper] for paper in indexes),
            entries={
                stack.part: self._separators.entry(
                    stack, paper, volume=number, master=indexes[paper]
                )
                for stack, paper in zip(stacked, papers, strict=True)
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    """The separators of a volume: their masters, and what is set on each by the part behind it."""

    masters: tuple[Sealed, ...]
    entries: Mapping[int, Entry]
