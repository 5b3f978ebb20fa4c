"""Tasks to workers, and what they made of them back, whatever happens to the workers meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, replace

from actionpack.batch.pools import Pool, Work
from actionpack.diagnostics import Finding, Place, Rejected, finding
from actionpack.volume import Made, Placed, Task, make_volume, packed, unpacked

# How often a volume is tried whose worker was killed or hung.
_TRIES = 3
# What a volume may take before its worker is taken for hung: a minute to begin with, and for each
# pack a hundred times what it usually takes, or what reading it back does.
_BEGIN_S, _PACK_S, _PROOF_S = 60.0, 0.06, 2.0
# When nothing comes back for so long, it is looked whether anybody is there, s.
_LOOK_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """What workers do with a task, and how long it may take, s."""

    limit_s: float
    work: Work = make_volume


def usual_hands(packs: int, *, proved: bool) -> Hands:
    """The ones for volumes of so many packs; `proved`: each of them is read back."""
    return Hands(limit_s=_BEGIN_S + packs * (_PROOF_S if proved else _PACK_S))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Handed:
    """A task that was handed out, packed: how often it was before, and until when it may take.

    `refused` says why the last worker would not make it.
    """

    number: int
    name: str
    packs: tuple[int, ...]
    task: bytes
    tries: int = 0
    until: float = 0.0
    refused: tuple[Finding, ...] = ()


def hand_out(
    pool: Pool,
    tasks: Iterator[tuple[int, Task]],
    hands: Hands,
    meanwhile: Callable[[], None] | None = None,
) -> Iterator[tuple[int, Made]]:
    """Hand tasks out and give back what was made of them, as it comes.

    `meanwhile` is called once, as soon as the first are handed out or nobody took them.

    When a worker is killed or hangs, or all are gone and others come, what was handed out is tried
    again, one at a time, so that the one volume that cannot be made is found. Raises PoolLostError
    when nobody is left.
    """
    waiting: dict[Future[bytes], _Handed] = {}
    again: list[_Handed] = []
    while True:
        try:
            while len(waiting) < (1 if again or _any_again(waiting) else pool.wide):
                handed = again.pop(0) if again else _next(tasks)
                if handed is None:
                    break
                if handed.tries == _TRIES:
                    yield handed.number, _given_up(handed)
                    continue
                # It may have to wait for another before it is begun.
                until = time.monotonic() + 2 * hands.limit_s
                waiting[pool.submit(hands.work, handed.task)] = replace(handed, until=until)
        finally:
            if meanwhile is not None:
                meanwhile()
                meanwhile = None
        if not waiting:
            return
        first = min(handed.until for handed in waiting.values())
        timeout = min(_LOOK_S, max(0.0, first - time.monotonic()))
        done, working = wait(waiting, timeout=timeout, return_when=FIRST_COMPLETED)
        now = time.monotonic()
        hung = [future for future in working if waiting[future].until <= now]
        lost = bool(hung) or (not done and pool.is_stranded(working))
        for future in done:
            handed = waiting.pop(future)
            made = _answer(future)
            if isinstance(made, Made):
                yield handed.number, made
            else:
                lost = True
                again.append(_once_more(replace(handed, refused=made)))
        if lost:
            again += map(_once_more, waiting.values())
            waiting.clear()
            pool.renew(hung)


def _next(tasks: Iterator[tuple[int, Task]]) -> _Handed | None:
    number, task = next(tasks, (0, None))
    if task is None:
        return None
    packs = tuple(entry.serial for entry in task.entries if entry.serial is not None)
    return _Handed(number=number, name=task.name, packs=packs, task=packed(task))


def _once_more(handed: _Handed) -> _Handed:
    return replace(handed, tries=handed.tries + 1)


def _any_again(waiting: Mapping[Future[bytes], _Handed]) -> bool:
    return any(handed.tries for handed in waiting.values())


def _answer(future: Future[bytes]) -> Made | tuple[Finding, ...]:
    """What a worker gave back, or why it would not; nothing when it did not live to do so.

    What goes wrong in the work itself comes back as a result, so that whatever is raised here
    tells of the worker or of the way to it.
    """
    # A cancelled future raises what is no Exception.
    if future.cancelled() or future.exception() is not None:
        return ()
    try:
        return unpacked(future.result())
    except Rejected as rejected:
        return rejected.findings


def _given_up(handed: _Handed) -> Made:
    told = f"'{handed.name}' could not be made: its worker was killed or hung {_TRIES} times"
    cure = "close other programs, or pass --jobs 1, which needs less memory; then pass --resume"
    lost = finding("render-failed", told, Place(file=handed.name), cure=cure)
    return Made(
        pdf=b"",
        pages=0,
        packs=tuple(Placed(serial=serial, first=0, pages=0) for serial in handed.packs),
        findings=handed.refused or (lost,),
        singles=(),
    )
