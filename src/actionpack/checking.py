"""Looking without building: `check` on actions, layouts, plans of batches, and PDFs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from actionpack.batch.plan import Plan, read_plan
from actionpack.batch.pools import cores, in_shares
from actionpack.content import ACTION_FILE, action_ids, find_action, is_id, read_action
from actionpack.diagnostics import (
    Finding,
    Place,
    Rejected,
    UsageFault,
    finding,
)
from actionpack.images import below_each_other
from actionpack.impose import Wish, impose, manner_for
from actionpack.layouts import (
    bare_words,
    find_layout,
    layout_names,
    read_layout,
    resolve,
    unplaced_slots,
    windows_of,
)
from actionpack.model import LARGE_PRINT, LAYOUT_FILE, Layout
from actionpack.pack import Pack, Request, Today, inputs, recall
from actionpack.postal import default_window, letter_rules, windows
from actionpack.preflight.apart import MOST_PDF_BYTES, look_apart
from actionpack.preflight.finished import Days
from actionpack.preflight.seen import Step
from actionpack.preflight.told import facts, told
from actionpack.project import Project, find_project, layout_shelves, project_if_any
from actionpack.source import did_you_mean
from actionpack.store import read_file, write_whole
from actionpack.workshop import Workshop

if TYPE_CHECKING:
    from actionpack.trying import Tried

Item = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found, its row for programs, a line for people, and a picture (PNG) of pages."""

    findings: tuple[Finding, ...]
    item: Item
    note: str = ""
    picture: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """How far a file is read: pages so far and in all, seconds so far."""

    name: str
    pages: int
    all_pages: int
    seconds: float


Tell = Callable[[Read], None]


class _Counter:
    """Counts the pages of a file of ours as they are read, and tells of them."""

    def __init__(self, name: str, tell: Tell) -> None:
        self._name, self._tell = name, tell
        self._began = time.monotonic()
        self._is_ours = False
        self._pages = self._all_pages = 0

    def __call__(self, step: Step) -> None:
        if step.is_ours:
            self._is_ours, self._began = True, time.monotonic()
        self._all_pages = step.page_count or self._all_pages
        if step.looked is None or not self._is_ours:
            return
        self._pages += 1
        seconds = time.monotonic() - self._began
        told = Read(name=self._name, pages=self._pages, all_pages=self._all_pages, seconds=seconds)
        self._tell(told)


def check_each(
    names: Sequence[str],
    project_named: str | None,
    today: Today,
    *,
    preset: str | None = None,
    sender_country: str | None = None,
    drawn: bool = False,
    tell: Tell | None = None,
) -> Iterator[Checked]:
    """Check whatever each of `names` is: a PDF file, a plan, an action, or a layout.

    `preset` is the window, or the rule of a printing service, that a PDF is held against. `drawn`:
    make a picture of the pages. `sender_country` is where the letters of an action are posted.
    `tell`: all of a file of ours is read, and this is told how far it is; None: what there is time
    for. Raises UsageFault when one is none of them.
    """
    actions: dict[str, Checked] = {}
    project = None if all(map(_is_file, names)) else project_if_any(project_named, Path.cwd())
    if project is not None:
        there = action_ids(project.content)
        # All of them together, so that every core has something to do.
        ids = [one for one in dict.fromkeys(names) if one in there and not _is_file(one)]
        checked = check_actions(
            project, ids, today, preset=preset, sender_country=sender_country, drawn=drawn
        )
        actions = dict(zip(ids, checked, strict=True))
    for name in names:
        if name in actions:
            yield actions[name]
        elif Path(name).suffix.lower() in _PLANS:
            yield check_plan(find_project(project_named, Path.cwd()), name, preset=preset)
        elif _is_file(name):
            yield check_pdf(name, today, preset=preset, drawn=drawn, tell=tell)
        else:
            yield _check_layout_named(name, project, today, preset, drawn=drawn)


def _is_file(name: str) -> bool:
    """Whether it is a plan or a PDF by its name, or a file that is there."""
    return name.lower().endswith((".pdf", *_PLANS)) or Path(name).is_file()


def _check_layout_named(
    name: str, project: Project | None, today: Today, preset: str | None, *, drawn: bool
) -> Checked:
    shelves = project.layouts if project else layout_shelves(None)
    layouts = layout_names(shelves)
    if name in layouts:
        layout = read_layout(find_layout(shelves, name))
        wrong = _unused_window(layout, preset)
        window = None if wrong or not layout.enclosed else preset
        tried = check_layout(layout, project, today, window)
        return Checked(
            findings=(*wrong, *tried.findings),
            item={"what": "layout", "name": name},
            picture=_drawn(tried.packs, today) if drawn else None,
        )
    if project is not None and is_id(name) and (project.content.root / name).is_dir():
        label = project.content.label(name)
        told = f"'{label}' holds no '{ACTION_FILE}'"
        raise Rejected(finding("missing-file", told, Place(file=label), cure="write one"))
    actions = action_ids(project.content) if project else ()
    raise UsageFault(
        finding(
            "missing-file",
            f"'{name}' is no action, no layout, no plan and no PDF file",
            cure=did_you_mean(name, (*actions, *layouts)),
        )
    )


def known_preset(name: str | None) -> str | None:
    """The name of a window or a rule; raises UsageFault when there is no such."""
    known = (*windows(), *letter_rules())
    if name is None or name in known:
        return name
    raise UsageFault(
        finding("bad-value", f"there is no window '{name}'", cure=did_you_mean(name, known))
    )


def check_pdf(
    name: str,
    today: Today,
    *,
    preset: str | None = None,
    drawn: bool = False,
    tell: Tell | None = None,
) -> Checked:
    """Prove a finished file against the map inside it, or as far as that goes without one."""
    item: Item = {"what": "pdf", "name": name}
    try:
        data = read_file(Path(name), label=name, most=MOST_PDF_BYTES)
    except Rejected as rejected:
        return Checked(findings=rejected.findings, item=item)
    if b"%PDF" not in data[:1024] or data.startswith(_OTHERS):
        return Checked(findings=(_no_pdf(name, data),), item=item)
    return _looked_at(data, name, today, item, preset=preset, drawn=drawn, tell=tell)


def _looked_at(
    pdf: bytes,
    name: str,
    today: Today,
    item: Item,
    *,
    preset: str | None,
    drawn: bool,
    tell: Tell | None = None,
) -> Checked:
    days = Days(today=today.here, deadline_today=today.where_it_ends_last)
    watch = None if tell is None else _Counter(name, tell)
    looked = look_apart(pdf, name=name, preset=preset, days=days, drawn=drawn, watch=watch)
    return Checked(
        findings=looked.findings,
        item=item | facts(looked.seen),
        note=f"{name}: {told(looked.seen)}" if looked.seen.page_count else "",
        picture=looked.picture,
    )


# What people hand in for a PDF, by its first bytes, and what to do then.
_KINDS = (
    (b"PK\x03\x04", "a ZIP archive or an office document", "unpack it, or save it as PDF"),
    (b"\xd0\xcf\x11\xe0", "an old office document", "save it as PDF"),
    (b"\x89PNG", "a picture", "save it as PDF"),
    (b"\xff\xd8\xff", "a picture", "save it as PDF"),
    (b"%!PS", "a PostScript file", "make a PDF of it"),
    (b"<", "a web page or a drawing", "download the PDF itself, or print the page to a PDF"),
)


# Of those, the ones that may hold a PDF whole.
_OTHERS = tuple(begin for begin, _, _ in _KINDS[:2])


def _no_pdf(name: str, data: bytes) -> Finding:
    place = Place(file=name)
    if not data.strip(b"\0 \t\r\n"):
        return finding("bad-file", f"'{name}' is empty", place, cure="fetch or save it again")
    start = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    for begin, kind, cure in _KINDS:
        if start.startswith(begin):
            return finding("bad-file", f"'{name}' is no PDF but {kind}", place, cure=cure)
    cure = "to make an action of a text: actionpack import FILE"
    return finding("bad-file", f"'{name}' is no PDF", place, cure=cure)


def check_actions(
    project: Project,
    ids: Sequence[str],
    today: Today,
    *,
    preset: str | None = None,
    sender_country: str | None = None,
    drawn: bool = False,
) -> tuple[Checked, ...]:
    """Build actions in each of their languages, keep the findings, and draw what was built."""
    wanted = {
        action_id: [
            Request(
                action=action_id,
                language=tag,
                window=preset,
                sender_country=sender_country,
                allow_draft=True,
            )
            for tag in _languages(project, action_id)
        ]
        for action_id in ids
    }
    requests = [request for each in wanted.values() for request in each]
    made = dict(zip(requests, _made(project, requests, today), strict=True))
    checked = []
    for action_id in ids:
        packs = [made[request] for request in wanted[action_id]]
        found = (pack.findings if isinstance(pack, Pack) else pack for pack in packs)
        checked.append(
            Checked(
                findings=tuple(dict.fromkeys(chain.from_iterable(found))),
                item={"what": "action", "name": action_id},
                picture=_drawn([one for one in packs if isinstance(one, Pack)], today)
                if drawn
                else None,
            )
        )
    return tuple(checked)


def _drawn(packs: Sequence[Pack], today: Today) -> bytes | None:
    """The pages of packs below each other, with zones and what is wrong (PNG); None for no pack."""
    seen = (
        _looked_at(pack.pdf, pack.name, today, {}, preset=None, drawn=True).picture
        for pack in packs
    )
    pictures = [picture for picture in seen if picture]
    return below_each_other(pictures) if pictures else None


def _languages(project: Project, action_id: str) -> tuple[str | None, ...]:
    """The languages of an action; None: its source, where they cannot be read."""
    try:
        return read_action(find_action(project.content, action_id)).languages or (None,)
    except Rejected:
        # The build says the same, with what else is wrong.
        return (None,)


# A pack, or why there is none.
_Made = Pack | tuple[Finding, ...]
# A process takes so long to start as so many packs to be made.
_WORTH_A_PROCESS = 3


def _made(project: Project, requests: Sequence[Request], today: Today) -> tuple[_Made, ...]:
    """A pack for each request: those that are kept, and others made by as many processes as pay."""
    new = [request for request in requests if not _is_kept(project, request)]
    jobs = max(1, min(cores(), len(new) // _WORTH_A_PROCESS))
    some = partial(_make_some, project.root, today)
    made = dict(zip(new, in_shares(some, new, jobs, cure="close other programs"), strict=True))
    kept = [request for request in requests if request not in made]
    made |= zip(kept, some(tuple(kept), None), strict=True)
    return tuple(made[request] for request in requests)


def _is_kept(project: Project, request: Request) -> bool:
    try:
        return recall(request, inputs(project, request)) is not None
    except Rejected:
        return False


def _make_some(
    root: Path, today: Today, requests: tuple[Request, ...], room: Path | None
) -> tuple[_Made, ...]:
    made: list[_Made] = []
    with Workshop(Project(root=root), room=room) as workshop:
        for request in requests:
            try:
                made.append(workshop.pack(request, today))
            except Rejected as rejected:
                made.append(rejected.findings)
    return tuple(made)


# How the name of a plan ends.
_PLANS = (".yaml", ".yml")


def check_plan(project: Project, name: str, *, preset: str | None = None) -> Checked:
    """Read the plan of a batch and its recipients; nothing is laid out, nothing written.

    The window is one of the plan's own lines, so that `preset` cannot be had.
    """
    path = Path(name)
    item: Item = {"what": "plan", "name": name}
    folder = path.absolute().parent
    if path.name == ACTION_FILE and folder.parent == project.content.root.absolute():
        told, cure = f"'{name}' is no plan but an action", f"actionpack check {folder.name}"
        raise UsageFault(finding("bad-file", told, Place(file=name), cure=cure))
    wrong: tuple[Finding, ...] = ()
    if preset is not None:
        told, cure = f"--window {preset}: a plan names its own", f"write 'window: {preset}' into it"
        wrong = (finding("bad-value", told, Place(file=name), cure=cure),)
    try:
        plan = read_plan(path, project)
    except Rejected as rejected:
        return Checked(findings=(*wrong, *rejected.findings), item=item)
    counts = {
        "packs": plan.orders.packs,
        "kinds": len(plan.orders.kinds),
        "rows_left_out": len(plan.left_out),
    }
    return Checked(
        findings=(*wrong, *plan.findings), item=item | counts, note=f"{name}: {_of_plan(plan)}"
    )


def _of_plan(plan: Plan) -> str:
    told = f"{_count(plan.orders.packs, 'pack')} of {_count(len(plan.orders.kinds), 'kind')}"
    if plan.left_out:
        told += f", {_count(len(plan.left_out), 'row')} left out"
    return (
        f"{told}; whether it all fits on the page was not looked at: "
        f"actionpack batch {plan.file} --dry-run"
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def check_layout(
    layout: Layout, project: Project | None, today: Today, window: str | None = None
) -> Tried:
    """Resolve a layout on each of its papers for each window, put its pages on sheets, and then
    try it with sample texts.

    `window` is the only one to be looked at, on the papers that can be folded for it.
    """
    # Imported late: whoever checks a text needs no typesetter.
    from actionpack.trying import Tried, try_layout

    findings = [*_unresolved(layout, window)]
    if layout.large_print is not None:
        varied = layout.printed_as((LARGE_PRINT,))
        findings += _unresolved(varied, window, large_print=True)
    findings += unplaced_slots(layout)
    if findings:
        return Tried(findings=tuple(dict.fromkeys(findings)), packs=())
    tried = try_layout(layout, project, today, window)
    return replace(tried, findings=(*bare_words(layout), *tried.findings))


def _unresolved(
    layout: Layout, only: str | None, *, large_print: bool = False
) -> Iterator[Finding]:
    """What is wrong with the numbers of a layout on its papers, and with its pages on sheets."""
    able = [paper for paper in layout.papers if only in (None, *windows_of(layout, paper))]
    # One that no paper can be folded for is refused with the nearest that will do.
    for paper in able or layout.papers[:1]:
        try:
            manner = manner_for(Wish(), layout, paper, rtl=False)
            if manner is not None:
                impose((1,), manner)
        except Rejected as rejected:
            place = Place(file=layout.folder.label(LAYOUT_FILE))
            cure = "correct its table [impose]: another scheme, or smaller pages"
            yield from (replace(one, place=place, cure=cure) for one in rejected.findings)
        windows = (only,) if only else windows_of(layout, paper) or (default_window(paper, None),)
        for window in windows:
            try:
                resolve(layout, paper, window, large_print=large_print)
            except Rejected as rejected:
                yield from rejected.findings


def _unused_window(layout: Layout, preset: str | None) -> tuple[Finding, ...]:
    """Refuse a window for a layout of what goes into no envelope, as building it would, and what
    only a PDF can be held against."""
    if preset in letter_rules():
        told = f"--window {preset}: it is no envelope, but what PDF files are held against"
        return (finding("bad-value", told, cure="name a window: actionpack list windows"),)
    if layout.enclosed or preset is None or preset == "none":
        return ()
    told = f"--window {preset}: layout '{layout.name}' is for plain envelopes"
    return (finding("bad-value", told, cure="leave the option out"),)


# ------------------------------------------------------------------------------------- pictures

_PNG = b"\x89PNG"


def known_picture(name: str | None) -> str | None:
    """The name of a file for a picture; raises UsageFault when it is no .png."""
    if name is None or Path(name).suffix.lower() == ".png":
        return name
    cure = f"call it {Path(name).with_suffix('.png').name}"
    raise UsageFault(finding("bad-value", f"--picture '{name}' is no .png", cure=cure))


def keep_picture(pictures: Sequence[bytes], name: str) -> tuple[str, ...]:
    """Put pictures of pages below each other into one file, and return its name.

    Nothing is written when there is none. Raises Rejected when the place cannot be written, or
    holds something that is no PNG and may be somebody's work.
    """
    if not pictures:
        return ()
    path, place = Path(name), Place(file=name)
    if path.exists() and not read_file(path, label=name).startswith(_PNG):
        cure = "choose another name: it is not written over"
        raise Rejected(finding("exists", f"'{name}' is there and is no picture", place, cure=cure))
    folder = path.parent.resolve()
    write_whole(folder / path.name, below_each_other(pictures), inside=folder, label=name)
    return (name,)


def draw_packs(packs: Sequence[Pack], name: str) -> tuple[str, ...]:
    """Draw the pages of finished packs as they will print, and return the names of the files.

    Of several packs each has a picture of its own, with the pack's name in its name.
    """
    # Imported late: reading PDFs is none of a build's business that draws nothing.
    from actionpack.preflight.drawn import draw_plain

    named = [(Path(pack.name).stem, pack.pdf) for pack in packs]
    path = Path(name)
    return tuple(
        written
        for stem, pdf in named
        for written in keep_picture(
            [draw_plain(pdf)],
            name if len(named) == 1 else str(path.with_name(f"{path.stem}.{stem}.png")),
        )
    )
