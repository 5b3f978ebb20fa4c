"""What a batch will come to, from making a little of it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple, TypeVar

from actionpack.batch.tasks import Tasks
from actionpack.volume import Made, Task

# So many volumes are made to tell how large all will be, and how long they will take.
_WEIGHED = 8

Numbered = Iterator[tuple[int, Task]]
T = TypeVar("T")


class Weighed(NamedTuple):
    """How many bytes all files will have, and what was made to tell: packs in volumes, in s."""

    bytes: float
    packs: int
    volumes: int
    seconds: float


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What some work gives, and how long it took, s."""
    began = time.perf_counter()
    return work(), time.perf_counter() - began


def first_packs(tasks: Tasks, packs: int, *, times: int = 1) -> Numbered:
    """The first packs of all, at most so many, to be made so many times and all read back."""
    task = tasks.of(1)
    entries = task.entries[:packs]
    serials = frozenset(entry.serial for entry in entries if entry.serial is not None)
    small = replace(task, entries=entries, proved=serials, singles=False)
    return ((1, small) for _ in range(times))


def weigh(
    tasks: Tasks,
    packs: Mapping[int, int],
    make: Callable[[Numbered], Iterator[tuple[int, Made]]],
) -> Weighed:
    """Make some volumes of each mixture of kinds, and read one pack of each back.

    `packs` are how many each volume will have, by its number; `make` makes volumes.
    """
    mixtures: dict[frozenset[int], list[int]] = {}
    for number in packs:
        mixtures.setdefault(tasks.kinds_in(number), []).append(number)
    # The first of each, the last of all, which may be a small one, and others while there is room.
    first = [numbers[0] for numbers in mixtures.values()]
    sample = list(dict.fromkeys((*first, *sorted(packs, reverse=True))))[:_WEIGHED]
    made, seconds = timed(lambda: dict(make(_sampled(tasks, sample))))
    sizes = {
        number: len(one.pdf) + sum(len(pdf) for _, pdf in one.singles)
        for number, one in made.items()
    }
    total = 0.0
    for numbers in mixtures.values():
        # A mixture that there was no room for is taken for the mean of all others.
        alike = [number for number in numbers if number in sizes] or list(sizes)
        a_pack = sum(map(sizes.__getitem__, alike)) / sum(packs[one] for one in alike)
        total += sum(sizes.get(one, a_pack * packs[one]) for one in numbers)
    return Weighed(
        bytes=total,
        packs=sum(packs[number] for number in sample),
        volumes=len(sample),
        seconds=seconds,
    )


def _sampled(tasks: Tasks, numbers: Iterable[int]) -> Numbered:
    """Volumes of each of which one pack is read back, as is usual."""
    for number in numbers:
        task = tasks.of(number)
        serials = (entry.serial for entry in task.entries if entry.serial is not None)
        yield number, replace(task, proved=frozenset([next(serials)]))


def making_s(weighed: Weighed, *, packs: int, volumes: int, workers: int) -> float:
    """How long all volumes take, s, with so many at a time, from how long some took."""
    if not weighed.packs:
        return 0.0
    at_a_time = _together(volumes, workers) / _together(weighed.volumes, workers)
    return weighed.seconds * packs / weighed.packs / at_a_time


def reading_back_s(a_pack: float, *, packs: int, volumes: int, workers: int) -> float:
    """How long reading all packs back takes, s, from how long one does."""
    return a_pack * packs / _together(volumes, workers) if volumes else 0.0


def _together(volumes: int, workers: int) -> float:
    """How many volumes are made at a time in the mean: at the end some workers have none."""
    return volumes / math.ceil(volumes / workers)
