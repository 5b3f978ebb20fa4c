"""Small batches to test with, what workers may do to them, and who is still there afterwards."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from projects import write_action

from actionpack.batch.asked import Asked, Progress, Result, Tell
from actionpack.batch.handing import Hands
from actionpack.batch.pools import Work
from actionpack.batch.run import run_batch
from actionpack.pack import Today
from actionpack.project import Project
from actionpack.volume import Task, make_volume

PLAN = "plan.yaml"
# Long enough for any machine; a test that needs it has failed.
PATIENCE_S = 120.0
# Four volumes: three of three packs, and one of one.
NAMES = ("volume-001.pdf", "volume-002.pdf", "volume-003.pdf", "volume-004.pdf")
_DAY = date(2027, 6, 1)
_ROWS = (
    ("Gruppo {}", "gruppo{}@example.org", "uno"),
    ("Groupe Žižkov", "a{}@example.org", "dos"),
    ("مجموعة الرياض 7", "b{}@example.org", "tres"),
)


def write_batch(root: Path) -> Path:
    """A project with a plan of ten packs, in Latin letters and Arabic ones."""
    write_action(root)
    rows = "\n".join(",".join(_ROWS[at % len(_ROWS)]).replace("{}", str(at)) for at in range(10))
    (root / "rows.csv").write_text(f"group,contact,source\n{rows}\n", encoding="utf-8")
    (root / PLAN).write_text(
        "name: rome\nlayout: letter\nsender_country: IT\nvolume: 3\n"
        "recipients: {file: rows.csv, defaults: {action: river, language: en}}\n"
    )
    return root


def run(root: Path, output: Path, *, tell: Tell | None = None, **asked: object) -> Result:
    """Carry the plan out; `hands` among what is asked is what the workers do."""
    hands = asked.pop("hands", None)
    assert hands is None or isinstance(hands, Hands)
    return run_batch(
        Project(root=root),
        Asked(plan=root / PLAN, output=output, **asked),  # type: ignore[arg-type]
        Today(here=_DAY, where_it_ends_last=_DAY),
        tell or _say_nothing,
        hands,
    )


def _say_nothing(_: Progress) -> None:
    """A batch that nobody watches."""


def volumes(folder: Path) -> dict[str, bytes]:
    """What stands in a folder, but for the manifest and the job sheet."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("volume-*"))}


def begun(folder: Path) -> list[str]:
    """Files in a folder that nobody finished."""
    return [path.name for path in folder.iterdir() if path.name.endswith((".part", ".lock"))]


def empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    return folder


# ------------------------------------------------------------------- what workers do to a volume


def hands(work: Work, limit_s: float = PATIENCE_S) -> Hands:
    return Hands(work=work, limit_s=limit_s)


def name_of(task: bytes) -> str:
    opened: Task = pickle.loads(task.partition(b"\n")[2])
    return opened.name


def dies_on_the_second(task: bytes) -> bytes:
    if name_of(task) == NAMES[1]:
        os.kill(os.getpid(), signal.SIGKILL)
    return make_volume(task)


def dies_once(task: bytes) -> bytes:
    if name_of(task) == NAMES[1] and _first_time():
        os.kill(os.getpid(), signal.SIGKILL)
    return make_volume(task)


def hangs_once(task: bytes) -> bytes:
    if name_of(task) == NAMES[1] and _first_time():
        hangs(task)
    return make_volume(task)


def hangs(_: bytes) -> bytes:
    _note(f".{os.getpid()}")
    time.sleep(3600)
    raise AssertionError("nobody ended this worker")


def waits_after_the_first(task: bytes) -> bytes:
    if name_of(task) != NAMES[0]:
        wait_until(Path(os.environ[ONCE] + ".go").exists)
    return make_volume(task)


# Where the workers of a test note that something has happened once.
ONCE = "ACTIONPACK_TEST_ONCE"


def let_all_go_on() -> None:
    Path(os.environ[ONCE] + ".go").touch()


def _first_time() -> bool:
    try:
        _note("")
    except FileExistsError:
        return False
    return True


def _note(what: str) -> None:
    Path(os.environ[ONCE] + what).touch(exist_ok=False)


@dataclass(slots=True)
class ForwardClock:
    """A clock that is put forward by so many seconds once something is so."""

    is_so: Callable[[], bool]
    by_s: float

    def monotonic(self) -> float:
        return time.monotonic() + (self.by_s if self.is_so() else 0.0)


# -------------------------------------------------------------------------------- who is there


def workers_of(parent: int) -> list[int]:
    """The processes that were started to work for another, dead ones that linger among them."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            told = (entry / "stat").read_text().rpartition(")")[2].split()
            line = (entry / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended while we looked
        if int(told[1]) == parent and (told[0] == "Z" or b"spawn_main" in line):
            found.append(int(entry.name))
    return found


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def wait_until(there: Callable[[], bool], limit_s: float = PATIENCE_S) -> None:
    until = time.monotonic() + limit_s
    while not there():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.05)
