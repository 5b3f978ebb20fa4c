"""Packs built again on every save, by processes that are kept warm.

Whether something was saved is not asked of the system, whose news differ from one to the next, are
lost on network drives and stop when a folder is replaced: the hash of all that goes into a pack is
looked at many times a second, which costs a look at some hundred file times. So whatever way an
editor saves, a pack is built of what stands there in the end, and never twice of the same.

Everything is proved as in `build`. It takes less time because nothing has to start, and because
what stayed the same is not read again: the layout, fonts, pictures.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from actionpack.build import Means, fit_picture
from actionpack.content import find_action
from actionpack.diagnostics import Exit, Finding, Place, Rejected, has_errors, made_strict
from actionpack.fonts import FontShelf, forget_opened, read_shelf
from actionpack.geometry import Size
from actionpack.images import Fitted
from actionpack.layouts import find_layout, read_layout
from actionpack.model import Layout
from actionpack.pack import ChangedMeanwhileError, FolderHashes, Pack, Request, Today, inputs
from actionpack.preflight.beside import Beside
from actionpack.project import Project
from actionpack.store import Jail, digest
from actionpack.workshop import Workshop

# How long it takes at most until a save is noticed, and how long nothing must change before it is
# built: editors write, rename and delete within a few milliseconds.
_LOOK_S = 0.01
_SETTLED_S = 0.005
# The same for fonts and pictures of the whole project: a hundred files that nobody types in.
_LOOK_AT_ASSETS_S = 0.5
# A look is never more than this part of the time, so that a slow drive is not asked without end.
_SHARE = 0.1
# Pictures as they were re-encoded; an action has a handful.
_MOST_PICTURES = 32

# What one look at a request tells: the hash of its sources, or why they cannot be read.
_State = str | tuple[Finding, ...]
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One building of all that was asked for: what was placed, what was found, how long it took.

    `seconds` count from when the save was noticed. `exit` is what `build` would have left with.
    """

    paths: tuple[Path, ...]
    findings: tuple[Finding, ...]
    seconds: float
    exit: Exit


def watch(
    project: Project,
    requests: tuple[Request, ...],
    *,
    place: Callable[[Pack], Path | None],
    today: Callable[[], Today],
    tell: Callable[[tuple[Finding, ...]], None],
) -> Generator[Round]:
    """Build what was asked for, and again whenever its sources have changed, without end.

    `place` puts a pack in its place (`pack.place_pack`). `tell` is called with what is wrong with
    the text and the boxes of a pack before its file is made; the round has it again. Raises
    Rejected when there is no such action or layout, or when nothing can be built with these words
    or on this machine; whatever else is wrong stands in the rounds. Close the iterator to end the
    processes.
    """
    for request in requests:
        find_action(project.content, request.action)
        find_layout(project.layouts, request.layout)
    hashes = FolderHashes()

    def checked(request: Request, found: tuple[Finding, ...]) -> None:
        tell(made_strict(found) if request.strict else found)

    with Beside() as beside, Workshop(project, _warm(hashes, beside, checked)) as workshop:
        workshop.wake()
        look = partial(_look, project, requests, hashes)
        glance = partial(_look, project, requests, _now_and_then(project, hashes))
        built: tuple[_State, ...] | None = None
        fonts: tuple[str, ...] = ()
        first = True
        while True:
            start, states = _changed(glance, look, built, settled=not first)
            if states == built:
                continue  # it was changed back, or a glance was behind
            if (found := _fonts(project, hashes)) != fonts:
                # The typesetter saw the folders as they were when it started.
                fonts = found
                # Nor must a font count as the listed one because it once was.
                forget_opened()
                if not first:
                    workshop.dismiss()
            try:
                made = _build(workshop, requests, states, place, today(), first=first)
            except ChangedMeanwhileError:
                # Half of it may be placed already: build it all again, whatever it is by then.
                built = None
                continue
            built, first = states, False
            yield Round(
                paths=made.paths,
                findings=made.findings,
                seconds=time.monotonic() - start,
                exit=made.exit,
            )
            # Another one, where the typesetter was ended, warms up before it is needed.
            workshop.wake()


# ------------------------------------------------------------------------------------- looking


def _now_and_then(project: Project, hashes: FolderHashes) -> Callable[[Path], str]:
    """Hashes of folders, those of assets and fonts as they were a moment ago."""
    looked: dict[Path, tuple[float, str]] = {}

    def hashed(folder: Path) -> str:
        if folder != project.assets and folder not in project.fonts:
            return hashes(folder)
        at, last = looked.get(folder, (-_LOOK_AT_ASSETS_S, ""))
        now = time.monotonic()
        if now - at >= _LOOK_AT_ASSETS_S:
            at, last = looked[folder] = now, hashes(folder)
        return last

    return hashed


def _look(
    project: Project, requests: tuple[Request, ...], hash_folder: Callable[[Path], str]
) -> tuple[_State, ...]:
    states: list[_State] = []
    for request in requests:
        try:
            states.append(inputs(project, request, hash_folder))
        except Rejected as rejected:
            states.append(rejected.findings)
    return tuple(states)


def _changed(
    glance: Callable[[], tuple[_State, ...]],
    look: Callable[[], tuple[_State, ...]],
    built: tuple[_State, ...] | None,
    *,
    settled: bool,
) -> tuple[float, tuple[_State, ...]]:
    """Wait for a change, and until it has come to rest when it should be `settled`.

    Returns when it was noticed (monotonic), and what is there now.
    """
    start = time.monotonic()
    while glance() == built:
        time.sleep(max(_LOOK_S, (time.monotonic() - start) / _SHARE))
        start = time.monotonic()
    states = look()
    while settled:
        time.sleep(_SETTLED_S)
        before, states = states, look()
        if states == before:
            break
    return start, states


def _fonts(project: Project, hashes: FolderHashes) -> tuple[str, ...]:
    try:
        return tuple(hashes(folder) for folder in project.fonts)
    except OSError:
        # They are part of the sources, and the look at those tells what is wrong.
        return ()


# ------------------------------------------------------------------------------------ building


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    paths: tuple[Path, ...]
    findings: tuple[Finding, ...]
    exit: Exit


def _build(
    workshop: Workshop,
    requests: tuple[Request, ...],
    states: tuple[_State, ...],
    place: Callable[[Pack], Path | None],
    today: Today,
    *,
    first: bool,
) -> _Made:
    paths: list[Path] = []
    findings: list[Finding] = []
    code = Exit.DONE
    for request, state in zip(requests, states, strict=True):
        try:
            if not isinstance(state, str):
                raise Rejected(*state)
            pack = workshop.pack(request, today, state)
            findings += pack.findings
            path = place(pack)
        except ChangedMeanwhileError:
            raise
        except Rejected as rejected:
            # What is wrong with the words or the machine does not go away by saving.
            if first and rejected.exit is not Exit.FINDINGS:
                raise
            found = rejected.findings
            findings += made_strict(found) if request.strict else found
            code = max(code, rejected.exit)
            if any(one.code == "render-failed" for one in found):
                # It may live on at the end of its memory.
                workshop.dismiss()
            continue
        if path is not None:
            paths.append(path)
    if code is Exit.DONE and has_errors(findings):
        code = Exit.FINDINGS
    return _Made(paths=tuple(paths), findings=tuple(dict.fromkeys(findings)), exit=code)


def _warm(
    hashes: FolderHashes,
    beside: Beside,
    checked: Callable[[Request, tuple[Finding, ...]], None],
) -> Means:
    """What a pack is made with by somebody who has made it before."""
    layouts: dict[Jail, tuple[str, Layout]] = {}
    shelves: dict[tuple[Path, ...], tuple[str, FontShelf]] = {}
    pictures: dict[tuple[str, Size, Place], Fitted] = {}

    def layout(folder: Jail) -> Layout:
        return _read_once(layouts, folder, lambda: hashes(folder.root), lambda: read_layout(folder))

    def shelf(folders: tuple[Path, ...]) -> FontShelf:
        return _read_once(
            shelves, folders, lambda: digest(*map(hashes, folders)), lambda: read_shelf(folders)
        )

    def picture(data: bytes, room: Size, label: Place) -> Fitted:
        key = (digest(data), room, label)
        if key not in pictures:
            if len(pictures) >= _MOST_PICTURES:
                pictures.clear()
            pictures[key] = fit_picture(data, room, label)
        return pictures[key]

    return Means(
        hash_folder=hashes,
        read_layout=layout,
        read_shelf=shelf,
        fit=picture,
        insides=beside,
        # What is typed on the way is not worth keeping.
        keep=False,
        checked=checked,
    )


_Key = TypeVar("_Key")


def _read_once(
    kept: dict[_Key, tuple[str, _Read]],
    key: _Key,
    hashed: Callable[[], str],
    read: Callable[[], _Read],
) -> _Read:
    """What was read before, unless its files have changed since."""
    before = hashed()
    if key in kept and kept[key][0] == before:
        return kept[key][1]
    value = read()
    # What changed while it was read is no more than what this one build saw.
    if hashed() == before:
        kept[key] = before, value
    return value
