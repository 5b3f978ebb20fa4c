"""A plan into volumes: laid out once, stamped many times, written one by one.

1. The plan and its rows are read; each kind of pack in it is laid out and proved.
2. The rows are arranged in volumes. Each is a task: bytes in, bytes out, on any executor.
3. A volume that is done is written beside its place, synced, renamed, then entered in the manifest.

Whatever stops this on the way, what stands under a final name is whole and right, and says what
it was made from: going on takes such a volume as it is, and makes the others.
"""

from __future__ import annotations

import hashlib
import pickle
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from actionpack.batch.manifest import FILE, Manifest, Register, Written, volume_file
from actionpack.batch.masters import LaidKind, lay_out_kinds
from actionpack.batch.plan import Plan, read_plan
from actionpack.batch.pools import DaskPool, LocalPool, Pool, cores
from actionpack.batch.volumes import among, arrange, entries, proved
from actionpack.diagnostics import (
    Exit,
    Finding,
    Place,
    Rejected,
    finding,
    has_errors,
    made_strict,
)
from actionpack.pack import Request, Today
from actionpack.pdf import Binding, identity_of
from actionpack.project import Project
from actionpack.store import clear_parts, hold, read_file, remove, write_whole
from actionpack.volume import Made, Placed, Task, identity, make_volume

# What a volume may take before its worker is taken for hung: half a minute to begin with, and for
# each pack a hundred times what it usually takes, or what reading it back does.
_BEGIN_S, _PACK_S, _PROOF_S = 60.0, 0.06, 2.0
# How often a volume is tried whose worker was killed or hung.
_TRIES = 3
# Writing the manifest may take this share of the time.
_MANIFEST_SHARE = 0.05
# So many packs are made to tell how long all will take.
_REHEARSED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a plan is to be carried out. `output` None: its folder in `out/`.

    `rows` are those of the spreadsheet, `serials` positions in the plan; None: all.
    """

    plan: Path
    output: Path | None = None
    jobs: int = 1
    executor: str | None = None
    resume: bool = False
    rows: tuple[range, ...] | None = None
    serials: tuple[range, ...] | None = None
    dry_run: bool = False
    strict: bool = False
    prove_all: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a batch is: `doing` in words, packs and volumes done and in all, seconds so far."""

    doing: str
    packs: int = 0
    all_packs: int = 0
    volumes: int = 0
    all_volumes: int = 0
    seconds: float = 0.0


Tell = Callable[[Progress], None]


@dataclass(slots=True)
class Result:
    """What a batch came to. `files` are paths as the user knows them."""

    findings: list[Finding] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    item: dict[str, Any] = field(default_factory=dict)
    exit: Exit = Exit.DONE


def run_batch(project: Project, asked: Asked, today: Today, tell: Tell) -> Result:
    """Carry out a plan.

    Raises Rejected when nothing can be printed, UsageFault for what cannot be asked.
    """
    plan = read_plan(asked.plan, project)
    tell(Progress(doing="laying out"))
    kinds = _laid_kinds(project, plan, asked, today)
    work = _Work(project, plan, kinds, asked, tell)
    if asked.dry_run:
        return work.rehearse()
    label = project.label(work.folder)
    with hold(work.folder, label=label):
        return work.carry_out()


def _laid_kinds(project: Project, plan: Plan, asked: Asked, today: Today) -> tuple[LaidKind, ...]:
    wanted = [
        (
            kind,
            Request(
                action=kind.action,
                language=kind.language,
                layout=kind.layout,
                target=kind.target,
                paper=plan.paper,
                window=plan.window,
                sender_country=plan.sender_country,
                allow_expired=plan.allow_expired,
                allow_draft=plan.allow_draft,
            ),
        )
        for kind in plan.orders.kinds
    ]
    return lay_out_kinds(project, wanted, today, asked.jobs)


class _Work:
    """One batch under way."""

    def __init__(
        self,
        project: Project,
        plan: Plan,
        kinds: tuple[LaidKind, ...],
        asked: Asked,
        tell: Tell,
    ) -> None:
        self._project = project
        self._plan = plan
        self._kinds = kinds
        self._asked = asked
        self._tell = tell
        self._began = time.monotonic()
        self.folder = asked.output or project.out / plan.name
        self._findings = list(
            dict.fromkeys((*plan.findings, *(f for laid in kinds for f in laid.findings)))
        )
        printable = [laid.master is not None for laid in kinds]
        self._reprint = asked.rows is not None or asked.serials is not None
        self._wanted = [
            at
            for at in range(len(plan.orders))
            if printable[plan.orders.kind_of(at)] and self._is_asked_for(at)
        ]
        self._asked_for = sum(
            plan.orders.copies_of(at) for at in range(len(plan.orders)) if self._is_asked_for(at)
        ) + (0 if self._reprint else sum(out.copies for out in plan.left_out))
        self._manifest_due = 0.0
        if not self._wanted:
            raise Rejected(*self._findings, *self._nothing())
        self._arranged = arrange(
            plan.orders, self._wanted, size=plan.volume, separators=plan.separators
        )
        self._manifest = Manifest(
            plan=plan,
            kinds=kinds,
            wanted=[at for at in range(len(plan.orders)) if self._is_asked_for(at)],
            reprint=self._reprint,
            register=Register.of(plan.positions),
        )

    # --- what is asked for

    def _is_asked_for(self, at: int) -> bool:
        rows, serials = self._asked.rows, self._asked.serials
        if rows is None and serials is None:
            return True
        order = self._plan.orders[at]
        return among(order.row, rows or ()) or any(
            among(serial, serials or ())
            for serial in range(order.position, order.position + order.copies)
        )

    def _nothing(self) -> tuple[Finding, ...]:
        place = Place(file=self._plan.file)
        if self._reprint and self._plan.orders:
            told = "none of the rows asked for can be printed"
            cure = f"the plan has packs 1 to {self._plan.positions}"
            return (finding("bad-value", told, place, cure=cure),)
        told = "there is no pack that can be printed"
        return (finding("bad-row", told, place, cure="mend what is listed above"),)

    # --- tasks

    @property
    def _count(self) -> int:
        return len(self._arranged.volumes)

    def _task(self, number: int, *, drawn: bool = True) -> Task:
        """The task of a volume; numbers count from 1."""
        plan, volume = self._plan, self._arranged.volumes[number - 1]
        orders = plan.orders
        used = sorted({orders.kind_of(part.order) for part in volume})
        kinds = [self._kinds[kind] for kind in used]
        packs = tuple(
            entries(
                orders,
                volume,
                {kind: at for at, kind in enumerate(used)},
                level=0,
                wanted=self._asked.serials,
            )
        )
        languages = {laid.kind.language for laid in kinds}
        return Task(
            name=volume_file(number),
            binding=Binding(
                title=f"{plan.name} · {number}/{self._count}",
                language=languages.pop() if len(languages) == 1 else None,
                made=max(laid.issued for laid in kinds),
                producer=f"actionpack {version('actionpack-print')}",
                duplex=all(laid.duplex for laid in kinds),
            ),
            masters=tuple(laid.master for laid in kinds if laid.master is not None),
            entries=packs,
            table=plan.sources[-1][0],
            proved=proved(
                [pack.serial for pack in packs if pack.serial is not None],
                last=plan.positions,
                everyone=self._asked.prove_all,
            ),
            drawn=drawn,
            singles=plan.singles,
        )

    # --- carrying it out

    def carry_out(self) -> Result:
        """Make every volume and put it in its place."""
        pool = self._pool()
        try:
            if self._asked.strict:
                self._refuse_any(pool)
            self._begin()
            self._make(pool)
        except KeyboardInterrupt:
            self._manifest.state = "interrupted"
            self._write_manifest()
            raise
        finally:
            pool.close()
        return self._result()

    def _pool(self) -> Pool:
        if self._asked.executor is not None:
            return DaskPool(self._asked.executor)
        return LocalPool(min(self._asked.jobs, self._count))

    def _refuse_any(self, pool: Pool) -> None:
        """Look at every row before anything is written; raises Rejected for whatever is wrong."""
        for _, made in self._done(pool, self._tasks(drawn=False), "looking at every row"):
            self._note(made)
        if self._findings:
            raise Rejected(*made_strict(tuple(self._findings)))

    def _begin(self) -> None:
        """Clear the folder of what an earlier run left, but for the volumes that are taken over."""
        clear_parts(self.folder)
        if not self._asked.resume:
            for path in sorted(self.folder.glob("volume-*.pdf")):
                remove(path)
        self._write_manifest()

    def _make(self, pool: Pool) -> None:
        for number, made in self._done(pool, self._to_do(), "printing"):
            self._note(made)
            self._place(number, made)
            if time.monotonic() >= self._manifest_due:
                self._write_manifest()

    def _tasks(self, *, drawn: bool) -> Iterator[tuple[int, Task]]:
        for number in range(1, self._count + 1):
            yield number, self._task(number, drawn=drawn)

    def _to_do(self) -> Iterator[tuple[int, Task]]:
        """The volumes to make; those that are there and right are only looked through again."""
        for number, task in self._tasks(drawn=True):
            there = self._there(task) if self._asked.resume else None
            yield number, task if there is None else replace(task, drawn=False)

    def _there(self, task: Task) -> bytes | None:
        """The volume of a task where it stands in the folder, whole and made from the same."""
        path = self.folder / task.name
        if not path.is_file():
            return None
        pdf = read_file(path, label=self._label(task.name))
        return pdf if identity_of(pdf) == identity(task) else None

    def _place(self, number: int, made: Made) -> None:
        """Put a volume in its place, and its packs into the register."""
        name = volume_file(number)
        pdf = made.pdf
        if not pdf and any(pack.pages for pack in made.packs):
            pdf = read_file(self.folder / name, label=self._label(name))
        elif pdf:
            write_whole(self.folder / name, pdf, inside=self.folder, label=self._label(name))
        self._manifest.register.enter(number if pdf else 0, made.packs)
        for pack in made.packs:
            if not pack.pages:
                self._manifest.missing[pack.serial] = "bad-row"
        if pdf:
            packs = sum(1 for pack in made.packs if pack.pages)
            self._manifest.files[name] = Written(
                name=name,
                sha256=hashlib.sha256(pdf).hexdigest(),
                bytes=len(pdf),
                pages=made.pages,
                packs=packs,
            )

    # --- handing out

    def _done(
        self, pool: Pool, tasks: Iterator[tuple[int, Task]], doing: str
    ) -> Iterator[tuple[int, Made]]:
        """Hand tasks out and give back what was made of them, as it comes.

        When a worker is killed or hangs, what was handed out is tried again, one at a time, so
        that the one volume that cannot be made is found.
        """
        waiting: dict[Future[bytes], _Handed] = {}
        again: list[_Handed] = []
        packs = volumes = 0
        self._progress(doing, packs, volumes)
        while True:
            while len(waiting) < (1 if again or _any_again(waiting) else pool.wide):
                handed = again.pop(0) if again else _next(tasks)
                if handed is None:
                    break
                if handed.tries == _TRIES:
                    yield handed.number, _given_up(handed)
                    continue
                waiting[pool.submit(make_volume, handed.task)] = handed
            if not waiting:
                return
            done, _ = wait(waiting, timeout=self._limit_s, return_when=FIRST_COMPLETED)
            lost = not done
            for future in done:
                handed = waiting.pop(future)
                made = _result_of(future)
                if made is None:
                    lost = True
                    again.append(handed.again())
                    continue
                volumes += 1
                packs += len(made.packs)
                self._progress(doing, packs, volumes)
                yield handed.number, made
            if lost:
                again += (handed.again() for handed in waiting.values())
                waiting.clear()
                pool.renew()

    @property
    def _limit_s(self) -> float:
        a_pack = _PROOF_S if self._asked.prove_all else _PACK_S
        return _BEGIN_S + a_pack * self._plan.volume

    def _progress(self, doing: str, packs: int, volumes: int) -> None:
        self._tell(
            Progress(
                doing=doing,
                packs=packs,
                all_packs=self._arranged.packs,
                volumes=volumes,
                all_volumes=self._count,
                seconds=time.monotonic() - self._began,
            )
        )

    def _note(self, made: Made) -> None:
        known = set(self._findings)
        self._findings += (found for found in made.findings if found not in known)

    def _write_manifest(self) -> None:
        began = time.monotonic()
        self._manifest.write(self.folder, label=self._label(FILE))
        ended = time.monotonic()
        self._manifest_due = ended + (ended - began) / _MANIFEST_SHARE

    def _label(self, name: str) -> str:
        return self._project.label(self.folder / name)

    def _result(self) -> Result:
        printed = sum(one.packs for one in self._manifest.files.values())
        in_part = printed < self._asked_for or has_errors(self._findings)
        self._manifest.state = "in part" if in_part else "done"
        self._write_manifest()
        names = [*sorted(self._manifest.files), FILE]
        return Result(
            findings=self._findings,
            files=[self._label(name) for name in names],
            item={
                "name": self._plan.name,
                "packs": printed,
                "volumes": len(self._manifest.files),
                "pages": sum(one.pages for one in self._manifest.files.values()),
                "seconds": round(time.monotonic() - self._began, 3),
            },
            exit=Exit.DONE if not in_part else Exit.IN_PART if printed else Exit.FINDINGS,
        )

    # --- rehearsing

    def rehearse(self) -> Result:
        """Look at every row, and say what carrying it out would come to; nothing is written."""
        pool = self._pool()
        sides = packs = 0
        try:
            for _, made in self._done(pool, self._tasks(drawn=False), "looking at every row"):
                self._note(made)
                sides += made.pages
                packs += sum(1 for pack in made.packs if pack.pages)
        finally:
            pool.close()
        guessed = _guess(self._task(1))
        duplex = any(self._kinds[self._plan.orders.kind_of(at)].duplex for at in self._wanted)
        found = tuple(self._findings)
        size = self._count * guessed.bytes_a_volume + packs * guessed.bytes_a_pack
        together = min(self._asked.jobs, self._count, cores())
        in_part = packs < self._asked_for or has_errors(found)
        return Result(
            findings=list(made_strict(found) if self._asked.strict else found),
            item={
                "name": self._plan.name,
                "packs": packs,
                "volumes": self._count,
                "sides": sides,
                "sheets": sides // 2 if duplex else sides,
                "bytes": round(size),
                "seconds": round(
                    packs * guessed.seconds_a_pack / min(self._asked.jobs, cores()), 1
                ),
            },
            exit=Exit.DONE if not in_part else Exit.IN_PART if packs else Exit.FINDINGS,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Handed:
    """A task that was handed out, pickled, and how often it was before."""

    number: int
    name: str
    packs: tuple[int, ...]
    task: bytes
    tries: int = 0

    def again(self) -> _Handed:
        return replace(self, tries=self.tries + 1)


def _next(tasks: Iterator[tuple[int, Task]]) -> _Handed | None:
    number, task = next(tasks, (0, None))
    if task is None:
        return None
    packs = tuple(entry.serial for entry in task.entries if entry.serial is not None)
    return _Handed(number=number, name=task.name, packs=packs, task=pickle.dumps(task))


def _any_again(waiting: Mapping[Future[bytes], _Handed]) -> bool:
    return any(handed.tries for handed in waiting.values())


def _result_of(future: Future[bytes]) -> Made | None:
    """What a worker gave back; None when it did not live to do so.

    What goes wrong in the work itself comes back as a result, so that whatever is raised here
    tells of the worker or of the way to it.
    """
    # A cancelled future raises what is no Exception.
    error = CancelledError() if future.cancelled() else future.exception()
    if error is not None:
        return None
    made: Made = pickle.loads(future.result())  # noqa: S301 -- made by this program
    return made


def _given_up(handed: _Handed) -> Made:
    told = f"'{handed.name}' could not be made: its worker was killed or hung {_TRIES} times"
    cure = "close other programs, or pass --jobs 1, which needs less memory; then pass --resume"
    return Made(
        pdf=b"",
        pages=0,
        packs=tuple(Placed(serial=serial, first=0, pages=0) for serial in handed.packs),
        findings=(finding("render-failed", told, Place(file=handed.name), cure=cure),),
        singles=(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Guess:
    bytes_a_volume: float
    bytes_a_pack: float
    seconds_a_pack: float


def _guess(task: Task) -> _Guess:
    """What volumes will come to, from making some packs of one."""
    sizes, began = [], time.perf_counter()
    few = task.entries[:1], task.entries[:_REHEARSED]
    for part in few:
        began = time.perf_counter()
        made: Made = pickle.loads(  # noqa: S301 -- made by this program
            make_volume(pickle.dumps(replace(task, entries=part, proved=frozenset())))
        )
        sizes.append(len(made.pdf))
    seconds = time.perf_counter() - began
    a_pack = (sizes[-1] - sizes[0]) / max(1, len(few[-1]) - 1)
    return _Guess(
        bytes_a_volume=sizes[0] - a_pack,
        bytes_a_pack=a_pack,
        seconds_a_pack=seconds / len(few[-1]),
    )
