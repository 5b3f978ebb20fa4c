"""A plan into volumes: laid out once, stamped many times, written one by one.

1. The plan and its rows are read; each kind of pack in it is laid out and proved.
2. The rows are arranged in volumes. Each is a task: bytes in, bytes out, on any executor.
3. A volume that is done is written beside its place, synced, renamed, then entered in the manifest.

Whatever stops this on the way, what stands under a final name is whole and right, and says what
it was made from: going on takes such a volume as it is, and makes the others.
"""

from __future__ import annotations

import hashlib
import time
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field, replace
from functools import partial

from actionpack.batch.asked import Asked, Progress, Result, Tell
from actionpack.batch.folder import SINGLES, Folder, single_file
from actionpack.batch.handing import Hands, hand_out, usual_hands
from actionpack.batch.jobsheet import JOB_SHEET, JobSheet, lay_out_job_sheet, tally
from actionpack.batch.manifest import FILE, Manifest, Register, Written, volume_file
from actionpack.batch.masters import LaidKind, lay_out_kinds
from actionpack.batch.plan import Plan, read_plan
from actionpack.batch.planned import in_a_plan, not_there
from actionpack.batch.pools import DaskPool, LocalPool, Pool, PoolLostError, held_back
from actionpack.batch.tasks import Tasks
from actionpack.batch.volumes import Selection, arrange
from actionpack.batch.weighing import first_packs, making_s, reading_back_s, timed, weigh
from actionpack.diagnostics import (
    Exit,
    Finding,
    Place,
    Rejected,
    finding,
    has_errors,
    made_strict,
)
from actionpack.impose import Manner, Medium, unfilled
from actionpack.pack import Request, Today
from actionpack.project import Project
from actionpack.store import digest, hold, write_whole
from actionpack.volume import (
    Made,
    Task,
    get_ready,
    identity,
    identity_of_single,
    uncollected,
)
from actionpack.workshop import Workshop

# What is known of so many packs takes 240 MB. More are most likely a slip in a column of copies.
MOST_PACKS = 20_000_000
# So many rows are named one by one that cannot be printed for what is not their own fault.
_MOST_NAMED = 1000
# Writing the manifest may take this share of the time.
_MANIFEST_SHARE = 0.02
# So many packs more are read back to tell how long that takes.
_READ_BACK = 8
# So many characters of a folder's name say which packs are printed again.
_LONGEST_NAME = 80


def run_batch(
    project: Project, asked: Asked, today: Today, tell: Tell, hands: Hands | None = None
) -> Result:
    """Carry out a plan; `hands` is what workers do, where it is not the usual.

    Raises Rejected when nothing can be printed, UsageFault for what cannot be asked.
    """
    began = time.monotonic() - asked.started_in
    with ExitStack() as stack:
        # The first works on what it imports while rows are read, the others while pages are laid
        # out.
        local, workers = _workers(asked, stack)
        workshop = stack.enter_context(Workshop(project))
        if not (asked.resume or asked.rows or asked.serials):
            # What is printed again is laid out already; else the typesetter wakes meanwhile too.
            workshop.wake()
        plan = _plan(asked, project)
        if local is not None:
            local.start(_volumes(plan, asked))
        tell(Progress(doing="laying out"))
        lay_out = partial(_laid_kinds, project, plan, asked, today, workshop)
        kinds, laying_out_s = timed(lay_out)
        hands = hands or usual_hands(plan.volume, proved=asked.prove_all)
        with uncollected():
            work = _Work(project, plan, kinds, asked, tell, hands, began, workers, workshop)
        if asked.dry_run:
            began_in = time.monotonic() - began
            if any(laid.kept for laid in kinds):
                # The run that is rehearsed finds all of this in the cache.
                _, again_s = timed(lay_out)
                began_in += again_s - laying_out_s
            return work.rehearse(began_in)
        stack.enter_context(hold(work.folder, label=project.label(work.folder)))
        return work.carry_out()


# Whoever makes the volumes, given whom to tell why nobody works.
_Workers = Callable[[Callable[[str], None]], Pool]


def _workers(asked: Asked, stack: ExitStack) -> tuple[LocalPool | None, _Workers]:
    """Those of a cluster where one was asked for, else processes of this machine, with the stack's
    end."""
    if asked.executor is not None:
        return None, partial(DaskPool, asked.executor)
    # Whatever ends the program meanwhile would leave processes that nobody ends.
    with held_back():
        local = LocalPool(asked.jobs, get_ready)
        stack.callback(local.close)
    return local, lambda _: local


def _plan(asked: Asked, project: Project) -> Plan:
    # Python looks for what refers to itself in all that rows leave behind, and there is nothing.
    with uncollected():
        plan = read_plan(asked.plan, project)
    if plan.positions > MOST_PACKS:
        told = f"the plan asks for {plan.positions} packs, and one batch has {MOST_PACKS} at most"
        cure = "look at its copies, or make several plans of it"
        raise Rejected(finding("bad-value", told, Place(file=plan.file), cure=cure))
    return plan


def _volumes(plan: Plan, asked: Asked) -> int:
    """How many volumes there are to make, at the least one."""
    packs_of = partial(_selected(asked).packs_of, plan.orders)
    packs = sum(map(packs_of, range(len(plan.orders))))
    return max(1, -(-packs // plan.volume))


def _selected(asked: Asked) -> Selection:
    return Selection(rows=asked.rows, serials=asked.serials)


def _laid_kinds(
    project: Project, plan: Plan, asked: Asked, today: Today, workshop: Workshop
) -> tuple[LaidKind, ...]:
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
                letter_language=plan.letter_language,
                sender_country=plan.sender_country,
                impose=plan.sheets.scheme,
                sheet=plan.sheets.sheet,
                gutter=plan.sheets.gutter_mm,
                flip=plan.sheets.flip,
                thickness=plan.sheets.thickness_mm,
                offset=(plan.sheets.shift.x, plan.sheets.shift.y),
                edition=plan.edition,
                large_print=plan.large_print,
                ink_saver=plan.ink_saver,
                allow_expired=plan.allow_expired,
                allow_draft=plan.allow_draft,
                allow_stale=plan.allow_stale,
            ),
        )
        for kind in plan.orders.kinds
    ]
    kinds = lay_out_kinds(project, wanted, today, asked.jobs, workshop=workshop, tagged=plan.tagged)
    # The workers need its room.
    workshop.dismiss()
    manners = {laid.manner for laid in kinds if laid.manner is not None}
    if faults := tuple(_not_on_sheets(plan, manners)):
        raise Rejected(*faults)
    return kinds


def _not_on_sheets(plan: Plan, manners: Collection[Manner]) -> Iterator[Finding]:
    """What cannot be had of packs whose pages are put on sheets."""
    place = Place(file=plan.file)
    stacked = sorted({one.scheme.name for one in manners if one.scheme.kind == "stack"})
    if plan.separators and manners and plan.edition == "press":
        # They fill their sheets, and leave no room for marks.
        told = "'separators' stand between sheets for office printers, and these are for a press"
        cure = "leave 'separators' out: bookmarks tell packs apart; or write 'impose: none'"
        yield finding("bad-value", told, place, cure=cure)
    elif plan.separators and stacked:
        told = f"'separators' would be cut up with the stack that '{stacked[0]}' is cut from"
        cure = f"write 'impose: {stacked[0].removeprefix('stack-')}', or leave 'separators' out"
        yield finding("bad-value", told, place, cure=cure)
    if plan.tagged and manners:
        told = "'tagged': pages that are put on sheets cannot be read aloud in their order"
        cure = "leave 'tagged' out, or write 'impose: none'"
        yield finding("bad-value", told, place, cure=cure)


class _Work:
    """One batch under way."""

    def __init__(
        self,
        project: Project,
        plan: Plan,
        kinds: tuple[LaidKind, ...],
        asked: Asked,
        tell: Tell,
        hands: Hands,
        began: float,
        workers: _Workers,
        workshop: Workshop,
    ) -> None:
        self._project = project
        self._plan = plan
        self._kinds = kinds
        self._asked = asked
        self._tell = tell
        self._hands = hands
        self._told = Progress(doing="laying out")
        self._began = began
        self._workers = workers
        self._workshop = workshop
        self.folder = asked.output or project.out / _folder_name(plan, asked)
        self._place = Folder(path=self.folder, label=project.label(self.folder))
        # What an earlier run left that is whole and made from the same, by its name.
        self._taken: dict[str, Written] = {}
        self._begun = False
        self._deserted = False
        self._selection = _selected(asked)
        self._reprint = not self._selection.is_all
        orders = plan.orders
        packs_of = partial(self._selection.packs_of, orders)
        asked_for = [at for at in range(len(orders)) if packs_of(at)]
        left_out = {
            out.row: self._selection.of(out.row, out.position, out.copies) for out in plan.left_out
        }
        self._wanted = [at for at in asked_for if kinds[orders.kind_of(at)].master is not None]
        self._asked_for = sum(map(packs_of, asked_for)) + sum(
            len(run) for runs in left_out.values() for run in runs
        )
        used = {orders.kind_of(at) for at in asked_for}
        found = plan.findings
        if self._reprint:
            rows = {None, *(row for row, runs in left_out.items() if runs)}
            rows |= {orders.rows[at] for at in asked_for}
            found = tuple(one for one in found if one.place.row in rows)
        of_kinds = (in_a_plan(one) for at in sorted(used) for one in kinds[at].findings)
        unprintable = [at for at in asked_for if kinds[orders.kind_of(at)].master is None]
        refused = [_refused(plan, at) for at in unprintable[:_MOST_NAMED]]
        if len(unprintable) > _MOST_NAMED:
            told = f"{len(unprintable) - _MOST_NAMED} more rows cannot be printed for the same"
            refused.append(finding("bad-row", told, Place(file=plan.file)))
        self._findings = list(
            dict.fromkeys((*found, *of_kinds, *refused, *not_there(plan, self._selection)))
        )
        self._manifest_due = 0.0
        if not self._wanted:
            raise Rejected(*self._findings, *self._nothing())
        self._tasks = Tasks(
            plan,
            kinds,
            arrange(
                orders,
                self._wanted,
                media=[laid.medium for laid in kinds],
                size=plan.volume,
                separators=plan.separators,
                selection=self._selection,
            ),
            # What is printed again are single packs, to be put where they belong.
            separated=plan.separators and not self._reprint,
            prove_all=asked.prove_all,
        )
        if not self._reprint:
            self._findings += self._unfilled()
        self._manifest = Manifest(
            plan=plan,
            kinds=kinds,
            wanted=asked_for,
            selection=self._selection,
            register=Register.of(plan.positions),
        )

    # --- what is asked for

    def _nothing(self) -> tuple[Finding, ...]:
        place = Place(file=self._plan.file)
        if self._reprint and self._plan.orders:
            told = "none of the rows asked for can be printed"
            cure = f"the plan has packs 1 to {self._plan.positions}"
            return (finding("bad-value", told, place, cure=cure),)
        told = "there is no pack that can be printed"
        return (finding("bad-row", told, place, cure="mend what is listed above"),)

    def _unfilled(self) -> Iterator[Finding]:
        """Find sheets that have more places than there are pages for them.

        The last volume on a medium may have few pages, the first has as many as any.
        """
        place = self._plan.sheets_said_in
        looked: set[Medium] = set()
        for number in range(1, self._tasks.count + 1):
            medium = self._tasks.medium(number)
            if medium in looked:
                continue
            looked.add(medium)
            if medium.manner is None:
                continue
            sides = list(map(medium.manner.pages_of, self._tasks.sides(number)))
            yield from unfilled(sum(sides), medium.manner, f"'{volume_file(number)}'", place)
            if self._plan.singles:
                what = f"each file of '{SINGLES}'"
                yield from unfilled(max(sides), medium.manner, what, place)

    # --- carrying it out

    def carry_out(self) -> Result:
        """Make every volume and put it in its place."""
        try:
            with closing(self._workers(self._halted)) as pool:
                if self._asked.strict or self._tasks.separated:
                    self._look(pool)
                self._claim()
                self._make(pool)
                # Who lays out the job sheet wakes while the workers go, whose room it needs.
                self._workshop.wake()
            self._tell_the_printer()
        except PoolLostError as lost:
            if not self._begun:
                raise
            # What is in its place is right, and the others can be made later.
            self._findings += lost.findings
            self._deserted = True
        except Rejected as rejected:
            if not self._begun:
                raise
            # Most likely the disk: it may even refuse to be told, and was told of already.
            with suppress(Rejected):
                self._interrupted()
            told = map(_to_be_resumed, rejected.findings)
            raise Rejected(*self._findings, *told) from rejected
        except KeyboardInterrupt:
            if self._begun:
                self._interrupted()
            raise
        return self._result()

    def _look(self, pool: Pool) -> _Looked:
        """Look at every row before anything is written.

        Raises Rejected for whatever is wrong, when all of it is to be refused for that.
        """
        looked = _Looked()
        left_out: set[int] = set()
        for number, made in self._done(pool, self._tasks.all(drawn=False), "looking at every row"):
            self._note(made)
            if packs := sum(1 for pack in made.packs if pack.pages):
                looked.packs[number] = packs
                looked.pages[number] = made.pages
            if self._asked.dry_run:
                self._manifest.register.enter(number, made.packs)
            # What a lost worker looked at may yet be printed by another.
            if all(found.code == "bad-row" for found in made.findings if found.is_error):
                left_out.update(pack.serial for pack in made.packs if not pack.pages)
        if self._asked.strict and self._findings and not self._asked.dry_run:
            raise Rejected(*made_strict(_by_row(self._findings)))
        if self._tasks.separated:
            self._tasks.part(left_out, self._project.fonts)
        return looked

    def _paper_of(self, number: int, pages: int) -> tuple[int, int]:
        """On how many sides and sheets a volume is printed that has so many pages of packs."""
        medium, separators = self._tasks.medium(number), self._tasks.separators_in(number)
        if medium.manner is not None and separators:
            pages = self._tasks.sides_in_groups(number, medium.manner)
        return pages + (1 + medium.duplex) * separators, medium.sheets(pages) + separators

    def _claim(self) -> None:
        """Make the folder ours, and find what an earlier run left there that is taken over.

        Raises Rejected (`exists`) when something stands there that is not ours.
        """
        volumes = {volume_file(number) for number in range(1, self._tasks.count + 1)}
        self._place.claim(
            {FILE, JOB_SHEET, *volumes, *self._singles(self._wanted)},
            name=self._plan.name,
            asked=self._selection.told,
        )
        self._place.clear_parts()
        if self._asked.resume:
            self._take_over()

    def _begin(self) -> None:
        """Clear the folder of what an earlier run left, but for the files that are taken over."""
        # From here on the manifest says of no file that it is right which may not be.
        self._write_manifest()
        self._begun = True
        self._place.keep_only(self._taken)

    def _interrupted(self) -> None:
        self._manifest.state = "interrupted"
        self._write_manifest()

    def _singles(self, orders: Iterable[int]) -> Iterator[str]:
        """The names of the files of single packs, of some orders by index."""
        if self._plan.singles:
            for order in map(self._plan.orders.__getitem__, orders):
                for serial in range(order.position, order.position + order.copies):
                    yield single_file(serial, self._plan.positions)

    def _take_over(self) -> None:
        """Find what an earlier run left that is right, and what it knew of that.

        Nothing is changed yet: what stops this leaves the folder as that run left it.
        """
        self._taken = {one.name: one for one in self._still_right()}
        volumes = array("I", bytes(4 * (self._plan.positions + 1)))
        for number in range(1, self._tasks.count + 1):
            if volume_file(number) in self._taken:
                for serial in self._tasks.serials(number):
                    volumes[serial] = number
        self._manifest.recall(self._place.manifest(), self._taken, volumes)

    def _still_right(self) -> Iterator[Written]:
        """What stands in the folder whole, and made from the same."""
        for number, task in self._tasks.all(drawn=True):
            volume, medium = identity(task), self._tasks.medium(number)
            named = [(task.name, volume)]
            if task.singles:
                named += (
                    (single_file(serial, self._plan.positions), identity_of_single(volume, serial))
                    for serial in (entry.serial for entry in task.entries)
                    if serial is not None
                )
            there = (self._place.taken_over(name, medium, made_from) for name, made_from in named)
            yield from (written for written in there if written is not None)

    def _make(self, pool: Pool) -> None:
        incomplete: list[int] = []
        # The first volumes are made while the manifest of all packs is written.
        for number, made in self._done(pool, self._to_do(), "printing", self._begin):
            self._note(made)
            if self._lacks_singles(number, made):
                incomplete.append(number)
                continue
            self._put(number, made)
        again = ((number, self._tasks.of(number)) for number in incomplete)
        for number, made in self._done(pool, again, "printing"):
            self._put(number, made)

    def _lacks_singles(self, number: int, made: Made) -> bool:
        """Whether a volume that was taken over stands there without all its single packs."""
        return volume_file(number) in self._taken and any(
            single_file(pack.serial, self._plan.positions) not in self._taken
            for pack in made.packs
            if pack.pages and self._plan.singles
        )

    def _to_do(self) -> Iterator[tuple[int, Task]]:
        """The volumes to make; those that are there and right are only looked through again.

        Of these the ones come first of which nothing else is known, so that the manifest tells of
        them soon.
        """
        unknown = self._taken.keys() - self._manifest.files.keys()
        numbers = range(1, self._tasks.count + 1)
        for number in sorted(numbers, key=lambda number: volume_file(number) not in unknown):
            yield number, self._tasks.of(number, drawn=volume_file(number) not in self._taken)

    def _put(self, number: int, made: Made) -> None:
        """Put a volume and its single packs in their places, and its packs into the register."""
        name, medium = volume_file(number), self._tasks.medium(number)
        packs = sum(1 for pack in made.packs if pack.pages)
        for serial, pdf in made.singles:
            pages = next(pack.own_pages for pack in made.packs if pack.serial == serial)
            self._put_file(single_file(serial, self._plan.positions), medium, pdf, pages, 1)
        if made.pdf:
            self._put_file(name, medium, made.pdf, made.pages, packs)
        elif packs:
            self._take(name, made.pages, packs)
            if self._plan.singles:
                for pack in made.packs:
                    if pack.pages:
                        self._take(
                            single_file(pack.serial, self._plan.positions), pack.own_pages, 1
                        )
        elif name in self._manifest.files:
            # Whoever was to look through it was lost. It stands there, and is known from before.
            return
        self._manifest.register.enter(number if packs else 0, made.packs)
        lost = any(found.is_error and found.code != "bad-row" for found in made.findings)
        for pack in made.packs:
            if not pack.pages:
                self._manifest.missing[pack.serial] = (
                    "not printed" if lost and not packs else "bad-row"
                )
        if time.monotonic() >= self._manifest_due:
            self._write_manifest()

    def _put_file(self, name: str, medium: Medium, pdf: bytes, pages: int, packs: int) -> None:
        written = self._place.put(name, medium, pdf, pages=pages, packs=packs)
        self._manifest.files[name] = written

    def _take(self, name: str, pages: int, packs: int) -> None:
        """Enter a file that stands there already into the manifest."""
        self._manifest.files[name] = replace(self._taken[name], pages=pages, packs=packs)

    # --- telling of it

    def _tell_the_printer(self) -> None:
        """Write the job sheet; what keeps it from being made is told, and the packs stand."""
        files = self._manifest.files
        named = map(volume_file, range(1, self._tasks.count + 1))
        volumes = tuple(files[name] for name in named if name in files)
        if not volumes:
            return
        sheet = self._job_sheet(volumes)
        self._manifest.letters = tally(sheet.kinds)
        try:
            pdf = lay_out_job_sheet(sheet, self._project.fonts, self._workshop.wake())
        except Rejected as rejected:
            self._findings += rejected.findings
            return
        write_whole(self.folder / JOB_SHEET, pdf, inside=self.folder, label=self._label(JOB_SHEET))
        self._manifest.job_sheet = Written(
            name=JOB_SHEET,
            medium=Medium(sheet.paper, duplex=False),
            sha256=hashlib.sha256(pdf).hexdigest(),
            bytes=len(pdf),
            pages=1,
            packs=0,
        )

    def _job_sheet(self, volumes: tuple[Written, ...]) -> JobSheet:
        return JobSheet(
            name=self._plan.name,
            volumes=volumes,
            kinds=tuple(self._printed_kinds()),
            asked_for=self._asked_for,
            grammage=self._plan.grammage,
            separators=self._tasks.separators,
            reprint=self._reprint,
            edition=self._plan.edition,
        )

    def _printed_kinds(self) -> Iterator[tuple[LaidKind, int]]:
        """The kinds that were printed, with how many packs of each."""
        orders, register = self._plan.orders, self._manifest.register
        packs = [0] * len(self._kinds)
        for at in self._wanted:
            first = orders.starts[at]
            packs[orders.kind_of(at)] += sum(
                1 for serial in range(first, first + orders.copies_of(at)) if register.at(serial)[0]
            )
        return ((laid, count) for laid, count in zip(self._kinds, packs, strict=True) if count)

    # --- handing out

    def _done(
        self,
        pool: Pool,
        tasks: Iterator[tuple[int, Task]],
        doing: str,
        meanwhile: Callable[[], None] | None = None,
    ) -> Iterator[tuple[int, Made]]:
        """Hand tasks out and give back what was made of them, as it comes; tell of each."""
        packs = volumes = 0
        began = time.monotonic()
        self._progress(doing, packs, volumes, began)
        for number, made in hand_out(pool, tasks, self._hands, meanwhile):
            volumes += 1
            packs += len(made.packs)
            self._progress(doing, packs, volumes, began)
            yield number, made
        self._findings += (found for found in pool.findings if found not in self._findings)

    def _progress(self, doing: str, packs: int, volumes: int, began: float) -> None:
        self._told = Progress(
            doing=doing,
            packs=packs,
            all_packs=self._tasks.packs,
            volumes=volumes,
            all_volumes=self._tasks.count,
            seconds=time.monotonic() - began,
        )
        self._tell(self._told)

    def _halted(self, why: str) -> None:
        self._tell(replace(self._told, halted=why))

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
        volumes = [one for name, one in self._manifest.files.items() if "/" not in name]
        printed = sum(one.packs for one in volumes)
        in_part = printed < self._asked_for or has_errors(self._findings)
        self._manifest.state = "in part" if in_part else "done"
        self._write_manifest()
        sheet = (JOB_SHEET,) if self._manifest.job_sheet else ()
        names = [*self._manifest.names(), *sheet, FILE]
        return Result(
            findings=_by_row(self._findings),
            files=[self._label(name) for name in names],
            item={
                "name": self._plan.name,
                "state": self._manifest.state,
                "packs": printed,
                "left_out": self._asked_for - printed,
                "volumes": len(volumes),
                "pages": sum(one.pages for one in volumes),
                "seconds": round(time.monotonic() - self._began, 3),
            },
            exit=self._exit(printed, in_part=in_part),
        )

    def _exit(self, printed: int, *, in_part: bool) -> Exit:
        if not in_part:
            return Exit.DONE
        # What nobody was left to print was begun, and can be gone on with.
        return Exit.IN_PART if printed or self._deserted else Exit.FINDINGS

    # --- rehearsing

    def rehearse(self, began_in: float) -> Result:
        """Look at every row, and say what carrying it out would come to; nothing is written.

        What an earlier run left that is right is not counted when that is to be gone on with.
        `began_in` is how long it takes until this begins, s.
        """
        pool = self._workers(self._halted)
        try:
            # Those of a cluster may all be gone for a moment.
            workers = max(1, pool.workers)
            starting_s = self._make_first(pool, 1, times=workers)
            a_pack_s = self._reading_back_a_pack_s(pool, workers) if self._asked.prove_all else 0.0
            looked, looking_s = timed(lambda: self._look(pool))
            left, finding_s = timed(lambda: self._left_to_do(looked))
            weighed = weigh(self._tasks, left, partial(self._weighed, pool))
        finally:
            pool.close()
        packs, to_print, volumes = sum(looked.packs.values()), sum(left.values()), len(left)
        # What is there already is looked through again while the rest is printed.
        again_s = looking_s * (1 - to_print / packs) if packs else 0.0
        if not (self._asked.strict or self._tasks.separated):
            # Without these the rows are looked at while they are printed.
            looking_s = 0.0
        printing_s = making_s(weighed, packs=to_print, volumes=volumes, workers=workers)
        seconds = sum(
            (
                began_in,
                starting_s,
                looking_s,
                finding_s,
                again_s,
                printing_s * (1 + _MANIFEST_SHARE),
                reading_back_s(a_pack_s, packs=to_print, volumes=volumes, workers=workers),
                self._telling_s(looked),
            )
        )
        paper = [self._paper_of(number, looked.pages[number]) for number in left]
        found = tuple(_by_row(self._findings))
        in_part = packs < self._asked_for or has_errors(found)
        refused = not packs or (self._asked.strict and found)
        return Result(
            findings=list(made_strict(found) if self._asked.strict else found),
            item={
                "name": self._plan.name,
                "packs": packs,
                "left_out": self._asked_for - packs,
                "standing": packs - to_print,
                "volumes": volumes,
                "files": volumes + (to_print if self._plan.singles else 0),
                "sides": sum(sides for sides, _ in paper),
                "sheets": sum(sheets for _, sheets in paper),
                "bytes": round(weighed.bytes),
                "seconds": round(seconds, 1),
            },
            exit=Exit.FINDINGS if refused else Exit.IN_PART if in_part else Exit.DONE,
        )

    def _weighed(self, pool: Pool, tasks: Iterator[tuple[int, Task]]) -> Iterator[tuple[int, Made]]:
        """Make volumes to be weighed; what is wrong with them will be when they are printed."""
        for number, made in self._done(pool, tasks, "weighing"):
            self._note(made)
            yield number, made

    def _left_to_do(self, looked: _Looked) -> dict[int, int]:
        """How many packs each volume has that is to be made, by its number."""
        if not self._asked.resume:
            return looked.packs
        right = {one.name for one in self._still_right()}

        def is_there(number: int, packs: int) -> bool:
            singles = (
                single_file(serial, self._plan.positions) in right
                for serial in self._tasks.serials(number)
            )
            return volume_file(number) in right and (
                not self._plan.singles or sum(singles) == packs
            )

        return {number: n for number, n in looked.packs.items() if not is_there(number, n)}

    def _make_first(self, pool: Pool, packs: int, *, times: int = 1) -> float:
        """Make the first packs and read them back, so many times; return how long it takes, s."""
        tasks = first_packs(self._tasks, packs, times=times)
        _, seconds = timed(lambda: list(hand_out(pool, tasks, self._hands)))
        return seconds

    def _reading_back_a_pack_s(self, pool: Pool, workers: int) -> float:
        """How long a worker takes to read a pack back, s, when all of them are at work.

        What comes before its first pack does not count.
        """
        more = min(_READ_BACK, sum(part.packs for part in self._tasks.volumes[0]) - 1)
        several, one = (self._make_first(pool, packs, times=workers) for packs in (1 + more, 1))
        return max(0.0, several - one) / more if more else one

    def _telling_s(self, looked: _Looked) -> float:
        """How long it takes to say what was made, s: that is done here, and thrown away.

        What keeps the job sheet from being made is told.
        """
        volumes = tuple(
            Written(
                name=volume_file(number),
                medium=self._tasks.medium(number),
                sha256="0" * 64,
                bytes=0,
                pages=looked.pages[number],
                packs=packs,
            )
            for number, packs in sorted(looked.packs.items())
        )
        if not volumes:
            return 0.0
        sheet = self._job_sheet(volumes)
        try:
            lay_out = partial(lay_out_job_sheet, sheet, self._project.fonts)
            _, sheet_s = timed(lambda: lay_out(self._workshop.wake()))
        except Rejected as rejected:
            self._findings += rejected.findings
            sheet_s = 0.0
        _, manifest_s = timed(lambda: sum(map(len, self._manifest.pieces())))
        # It is written while the first volumes are made, and after the last.
        return sheet_s + 2 * manifest_s


def _folder_name(plan: Plan, asked: Asked) -> str:
    """The folder of a batch in `out/`; what is printed again never writes over what was first."""
    spans = [
        (word, part) for word, part in (("rows", asked.rows), ("serials", asked.serials)) if part
    ]
    return "-".join([plan.name, *(f"{word}-{_named(part)}" for word, part in spans)])


def _named(spans: tuple[range, ...]) -> str:
    """Spans as part of a name, as long as one may be."""
    named = ",".join(f"{one[0]}-{one[-1]}" if len(one) > 1 else f"{one[0]}" for one in spans)
    return named if len(named) <= _LONGEST_NAME else digest(named)[:16]


def _refused(plan: Plan, at: int) -> Finding:
    """Say that an order, by index, is not printed, because its kind cannot be."""
    order = plan.orders[at]
    told = f"'{order.action}' in '{order.language}' cannot be printed, for what is said of it above"
    place = Place(file=plan.sources[-1][0], row=order.row) if order.row else plan.said_in[at]
    return finding("bad-row", told, place, cure="mend that, then print this row again with --rows")


def _to_be_resumed(found: Finding) -> Finding:
    if found.code != "bad-file":
        return found
    return replace(
        found, cure="make room on its disk, see that you may write there, then pass --resume"
    )


@dataclass(slots=True)
class _Looked:
    """What came of looking at every row: how many packs of each volume can be printed, by its
    number, and on how many pages without separators."""

    packs: dict[int, int] = field(default_factory=dict)
    pages: dict[int, int] = field(default_factory=dict)


def _by_row(findings: Iterable[Finding]) -> list[Finding]:
    """Findings in the order of the rows they are about, after those about no row."""
    return sorted(findings, key=lambda found: found.place.row or 0)
