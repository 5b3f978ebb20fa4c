"""A pack as it is asked for and as it is finished, and the memory of finished ones.

What nobody set and nothing changed is taken from the cache whole, before any stage is imported:
its key is the hash of the request and of every file that went in. Only the date is looked at
anew, since a deadline may have passed meanwhile.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from actionpack.deadlines import check_dates
from actionpack.diagnostics import (
    Finding,
    Place,
    Rejected,
    finding,
    findings_from,
    has_errors,
    made_strict,
)
from actionpack.imposition import Flip, Printed
from actionpack.project import FONT_TABLE, PROFILE_TABLE, Project, shipped_profiles
from actionpack.store import (
    cache_get,
    cache_keep,
    digest,
    files_below,
    first_existing,
    folder_digest,
    is_plain,
    program_digest,
    read_file,
    write_whole,
)

if TYPE_CHECKING:
    from actionpack.model import Edition


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a person asked for. `settings` are the fields set on the copy, in the order given.

    `letter_language` is a tag, "same" as the pack's (as None is), or "target": what each target
    reads best. `impose` is a scheme, or "none" for single pages; None leaves it to the layout.
    `gutter` and `thickness` are mm, and so is `offset`, to the right and down. `large_print`: body
    type of 16 pt or more; `ink_saver`: no pictures and no solid areas.
    """

    action: str
    language: str | None = None
    layout: str = "letter"
    paper: str | None = None
    window: str | None = None
    target: str | None = None
    letter_language: str | None = None
    sender_country: str | None = None
    edition: Edition = "home"
    large_print: bool = False
    ink_saver: bool = False
    settings: tuple[tuple[str, str], ...] = ()
    impose: str | None = None
    sheet: str | None = None
    gutter: float | None = None
    flip: Flip | None = None
    thickness: float | None = None
    offset: tuple[float, float] = (0.0, 0.0)
    allow_expired: bool = False
    allow_draft: bool = False
    allow_stale: bool = True
    strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """What day it is: here, and where the day ends last (UTC−12), where deadlines are kept."""

    here: date
    where_it_ends_last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """What decides, day by day, whether a pack may be printed.

    It stands in `file`, each on the line that `lines` gives by its key.
    """

    stopped: tuple[date, str] | None
    embargo: date | None
    act_by: date | None
    file: str
    lines: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A finished pack: its file name, its bytes, and everything found that holds on any day.

    `duplex`: it is printed on both sides, turned over the edge `flip`. `sheets`: what it is printed
    on and what is done then; None where its pages are the sides of its sheets.
    """

    name: str
    duplex: bool
    flip: Flip = "long"
    sheets: Printed | None = None
    pdf: bytes
    findings: tuple[Finding, ...]
    gates: Gates


def judged(pack: Pack, request: Request, today: Today) -> Pack:
    """The pack with what is to be said of it today, as strictly as was asked."""
    gates = pack.gates
    dated = check_dates(
        stopped=gates.stopped,
        embargo=gates.embargo,
        act_by=gates.act_by,
        today=today.here,
        deadline_today=today.where_it_ends_last,
        allow_expired=request.allow_expired,
        place=Place(file=gates.file),
        places={key: Place(file=gates.file, line=line) for key, line in gates.lines},
    )
    findings = dated + pack.findings
    return replace(pack, findings=made_strict(findings) if request.strict else findings)


def place_pack(
    pack: Pack, project: Project, output: Path | None, *, keep_rejected: bool, as_folder: bool
) -> Path | None:
    """Put a pack in its place; one with errors only beside it, as `NAME.rejected.pdf`.

    None when nothing was written. Raises Rejected when the place cannot be written, or holds
    something that is no PDF and may be somebody's work.
    """
    folder, name = project.out, pack.name
    if output is not None:
        folder, name = (output, name) if as_folder else (output.parent, output.name)
    inside = _where_it_seems(folder, project)
    if has_errors(pack.findings):
        if not keep_rejected:
            return None
        name = f"{name.removesuffix('.pdf')}.rejected.pdf"
    path, label = folder / name, project.label(folder / name)
    # os.path says of a name too long to be one that it is no file; Path would raise.
    if os.path.isfile(path) and not path.is_symlink():  # noqa: PTH113
        there = read_file(path, label=label)
        if there == pack.pdf:
            return path
        if not there.startswith(b"%PDF"):
            raise Rejected(
                finding(
                    "exists",
                    f"'{label}' is there and is no PDF; it was left alone",
                    Place(file=label),
                    cure="name another output with -o",
                )
            )
    write_whole(path, pack.pdf, inside=inside, label=label)
    return path


def _where_it_seems(folder: Path, project: Project) -> Path:
    """What a folder seems to lie in, and a symbolic link on the way must not lead out of."""
    named = Path(os.path.abspath(folder))  # noqa: PTH100 -- resolve() would follow the link
    around = (project.root, Path.cwd())
    return next((place for place in around if named.is_relative_to(place)), folder)


# ------------------------------------------------------------------------------------ remembering


class ChangedMeanwhileError(Rejected):
    """The sources changed while they were being read: what was made of them is worth nothing."""

    def __init__(self, request: Request) -> None:
        super().__init__(
            finding(
                "bad-file",
                f"files of '{request.action}' changed while they were being read",
                cure="build it again",
            )
        )


def inputs(
    project: Project, request: Request, hash_folder: Callable[[Path], str] = folder_digest
) -> str:
    """The hash of all that goes into a pack; what is not there counts as empty.

    Raises Rejected when a file cannot be read, or goes while it is being looked for.
    """
    folders = (
        project.content.root / request.action if is_plain(request.action) else None,
        first_existing(shelf.root / request.layout for shelf in project.layouts)
        if is_plain(request.layout)
        else None,
        # Not `project.assets`: what ships there is fonts, and their table stands for them below.
        project.root / "assets",
        *(shelf.root for shelf in project.locale),
    )
    try:
        return digest(
            _program(),
            *(hash_folder(folder) if folder and folder.is_dir() else "" for folder in folders),
            # Their table has their hashes, and what uses a font looks whether it is that one.
            *(folder_digest(f, (FONT_TABLE,)) if f.is_dir() else "" for f in project.fonts),
            folder_digest(shipped_profiles(), (PROFILE_TABLE,)),
        )
    except FileNotFoundError as error:
        raise ChangedMeanwhileError(request) from error
    except OSError as error:
        label = project.label(Path(error.filename or project.root))
        raise Rejected(
            finding("bad-file", f"'{label}' cannot be read ({error.strerror})", Place(file=label))
        ) from error


# Of each file: its path, device, inode, size, and the times it and its inode changed, ns.
_State = tuple[tuple[str, int, int, int, int, int], ...]


class FolderHashes:
    """Hashes of folders for a program that asks again and again: read anew only after a change.

    A change is told by a file's inode, size and times. Nobody can set the time of the change of an
    inode, but it ticks only every few milliseconds: a folder that changed a moment ago is read
    each time, until a later change cannot have the same time.
    """

    # FAT keeps times to two seconds; everything else is finer.
    _COARSEST_TICK_NS = 2_000_000_000

    def __init__(self) -> None:
        self._known: dict[Path, tuple[_State, str]] = {}

    def __call__(self, folder: Path) -> str:
        """The hash of a folder, as `store.folder_digest` makes it."""
        looked = time.time_ns()
        seen: list[tuple[str, int, int, int, int, int]] = []
        newest = 0
        for path in files_below(folder):
            told = path.stat()
            changed = (told.st_mtime_ns, told.st_ctime_ns)
            seen.append((str(path), told.st_dev, told.st_ino, told.st_size, *changed))
            newest = max(newest, told.st_ctime_ns)
        state = tuple(seen)
        known = self._known.get(folder)
        if known is not None and known[0] == state:
            return known[1]
        hashed = folder_digest(folder)
        if newest < looked - self._COARSEST_TICK_NS:
            self._known[folder] = state, hashed
        return hashed


@cache
def _program() -> str:
    """The hash of this program, and of the names and versions of the libraries beside it.

    Read from the folder of installed packages: asking `importlib.metadata` takes longer than all
    the rest of a remembered build.
    """
    layout_engine = find_spec("weasyprint")
    installed: list[str] = []
    if layout_engine is not None and layout_engine.origin is not None:
        beside = Path(layout_engine.origin).parents[1]
        installed = sorted(path.name for path in beside.glob("*.dist-info"))
    return digest(program_digest(), *installed)


def recall(request: Request, hashed: str) -> Pack | None:
    """The finished pack of the same request from the same files; None when there is none.

    What is set on a copy may be a person's name, so that such a pack is never kept.
    """
    if request.settings:
        return None
    parts = cache_get(_key(hashed, request))
    if parts is None:
        return None
    facts = json.loads(parts["facts"])
    gates = facts["gates"]
    stopped = gates["stopped"]
    return Pack(
        name=facts["name"],
        duplex=facts["duplex"],
        flip=facts["flip"],
        sheets=Printed(**facts["sheets"]) if facts["sheets"] else None,
        pdf=parts["pdf"],
        findings=findings_from(facts["findings"]),
        gates=Gates(
            stopped=(date.fromisoformat(stopped[0]), stopped[1]) if stopped else None,
            embargo=_day(gates["embargo"]),
            act_by=_day(gates["act_by"]),
            file=gates["file"],
            lines=tuple((key, line) for key, line in gates["lines"]),
        ),
    )


def remember(pack: Pack, request: Request, hashed: str) -> tuple[Finding, ...]:
    """Keep a finished pack under the hash of what it was made from, unless a row was set.

    Returns a warning when the cache cannot be written.
    """
    if request.settings:
        return ()
    facts = {
        "name": pack.name,
        "duplex": pack.duplex,
        "flip": pack.flip,
        "sheets": pack.sheets and asdict(pack.sheets),
        "findings": [asdict(found) for found in pack.findings],
        "gates": asdict(pack.gates),
    }
    data = json.dumps(facts, default=date.isoformat).encode()
    return cache_keep(_key(hashed, request), {"facts": data, "pdf": pack.pdf})


def _key(hashed: str, request: Request) -> str:
    # Neither changes the pack, only what is said of it.
    asked = replace(request, strict=False, allow_expired=False)
    return digest("pack", hashed, repr(asked))


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
