"""What a batch will come to, from making a little of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from actionpack.batch.tasks import Tasks
from actionpack.volume import Made, Task, make_volume, packed, unpacked

# So many volumes are made to tell how large all will be.
_WEIGHED = 8
# So many packs are made to tell how long all will take.
_TIMED = 100

Numbered = Iterator[tuple[int, Task]]


def expected_bytes(
    tasks: Tasks,
    packs: Mapping[int, int],
    make: Callable[[Numbered], Iterator[tuple[int, Made]]],
) -> float:
    """How many bytes the files will have, from making some volumes of each mixture of kinds.

    `packs` are how many each volume will have, by its number; `make` makes volumes.
    """
    mixtures: dict[frozenset[int], list[int]] = {}
    for number in packs:
        mixtures.setdefault(tasks.kinds_in(number), []).append(number)
    # The first of each, the last of all, which may be a small one, and others while there is room.
    first = [numbers[0] for numbers in mixtures.values()]
    sample = list(dict.fromkeys((*first, *sorted(packs, reverse=True))))[:_WEIGHED]
    unproved = ((number, replace(tasks.of(number), proved=frozenset())) for number in sample)
    sizes = {
        number: len(made.pdf) + sum(len(pdf) for _, pdf in made.singles)
        for number, made in make(unproved)
    }
    total = 0.0
    for numbers in mixtures.values():
        # A mixture that there was no room for is taken for the mean of all others.
        alike = [number for number in numbers if number in sizes] or list(sizes)
        a_pack = sum(map(sizes.__getitem__, alike)) / sum(packs[one] for one in alike)
        total += sum(sizes.get(one, a_pack * packs[one]) for one in numbers)
    return total


def seconds_a_pack(task: Task) -> float:
    """What a pack takes, s, from making some of a volume, and one before that for a start."""
    seconds = 0.0
    for part in (task.entries[:1], task.entries[:_TIMED]):
        began = time.perf_counter()
        small = replace(task, entries=part, proved=frozenset(), singles=False)
        unpacked(make_volume(packed(small)))
        seconds = (time.perf_counter() - began) / len(part)
    return seconds
