"""A batch that is stopped, in whatever way: what stands under a final name is whole and right.

Every test ends with the same: going on makes the very bytes that a clean run makes.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from projects import ACTION, Bench, write_action
from quick_batches import (
    PATIENCE_S,
    Here,
    Quick,
    command,
    files,
    hashes,
    made_here,
    manifest_of,
    row,
    rows,
    started,
    typed,
    write_plan,
)

from actionpack import cli
from actionpack.batch import masters
from actionpack.batch.handing import Hands
from actionpack.batch.pools import Pool, PoolLostError, Work
from actionpack.diagnostics import Finding, Rejected, finding
from actionpack.store import LOCK, hold
from actionpack.volume import Made, Placed, Task

NO_ROOM = "No space left on device"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache for all tests: what is laid out once is enough."""
    return tmp_path_factory.mktemp("kept")


@pytest.fixture
def quick(bench: Bench, kept: Path, monkeypatch: pytest.MonkeyPatch) -> Quick:
    """A plan of three volumes, the kinds of its packs laid out once for all runs."""
    monkeypatch.setenv("ACTIONPACK_CACHE", str(kept))
    made_here(monkeypatch)
    one = Quick(bench)
    one.plan(rows(6), volume="2")
    return one


def laid_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the kinds of a plan laid out by the next run, and remembered for all after it."""
    remembered: list[tuple[masters.LaidKind, ...]] = []

    def once(*arguments: Any, **words: Any) -> tuple[masters.LaidKind, ...]:
        if not remembered:
            remembered.append(masters.lay_out_kinds(*arguments, **words))
        return remembered[0]

    monkeypatch.setattr("actionpack.batch.run.lay_out_kinds", once)


def assert_whole(folder: Path, clean: dict[str, bytes]) -> None:
    """Nothing but what a clean run makes stands under any final name; the manifest can be read."""
    for name, data in files(folder).items():
        if name == "manifest.json":
            told = json.loads(data)
            assert {one["name"] for one in told["files"]} <= files(folder).keys()
        elif not name.rpartition("/")[2].startswith("."):
            assert data == clean[name], f"'{name}' is not whole"


# -------------------------------------------------------------------------- killed at every step


class Steps:
    """Counts what is done to the disk, and kills this process at one of those steps."""

    def __init__(self, last: int) -> None:
        self._last = last
        self._done = 0

    def __call__(self) -> None:
        self._done += 1
        if self._done == self._last:
            os.kill(os.getpid(), signal.SIGKILL)


class Halting:
    """A stream that can be killed between the two halves of what it writes."""

    def __init__(self, stream: Any, step: Steps) -> None:
        self._stream, self._step = stream, step

    def write(self, data: bytes) -> int:
        half = len(data) // 2
        if half > 1000:
            self._stream.write(data[:half])
            self._stream.flush()
            self._step()
            self._stream.write(data[half:])
        else:
            self._stream.write(data)
        return len(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __enter__(self) -> Halting:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()


TOUCHES = ("tempfile.mkstemp", "os.chmod", "os.rename", "os.remove", "os.mkdir", "os.rmdir")


def killed_at(step: int, arguments: list[str]) -> bool:
    """Run the command in a child that is killed at a step; whether it lived to the end."""
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            count, fdopen = Steps(step), os.fdopen
            sys.addaudithook(lambda event, _: count() if event in TOUCHES else None)
            os.fdopen = lambda *args, **words: Halting(fdopen(*args, **words), count)  # type: ignore[assignment]
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            cli.run(arguments)
            os._exit(0)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return not os.WIFSIGNALED(status)


@pytest.mark.parametrize(
    ("words", "singles"), [((), "false"), (("--resume",), "true")], ids=["anew", "going on"]
)
def test_killed_at_any_step_a_batch_goes_on_to_the_same_bytes(
    quick: Quick, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], singles: str
) -> None:
    laid_out_once(monkeypatch)
    quick.plan(rows(3), volume="2", singles=singles)
    quick.run()
    clean = files(quick.out)
    # What it finds: a volume that is no longer right, and one too many.
    cut, extra = clean["volume-002.pdf"][:-9], clean["volume-001.pdf"]
    before = {**clean, "volume-002.pdf": cut, "volume-003.pdf": extra}
    moments = 0
    while True:
        moments += 1
        lay(quick.out, before)
        ended = killed_at(moments, ["batch", "rome.yaml", "--jobs", "1", "--json", *words])
        for name, data in files(quick.out).items():
            # What it found may still be there, and parts that nobody takes for files.
            if name != "manifest.json" and not name.rpartition("/")[2].startswith("."):
                assert data in (clean.get(name), before[name]), f"{moments}: '{name}' is not whole"
        listed = {one["name"] for one in quick.manifest()["files"]}
        # What is right when it begins to go on stays listed all the way.
        assert not words or {"volume-001.pdf", "packs/1.pdf", "packs/2.pdf"} <= listed, moments
        # Going on takes as long as all the rest: after one in five.
        if moments % 5 == 0 or ended:
            assert quick.run("--resume").code == 0
            assert hashes(files(quick.out)) == hashes(clean), moments
        if ended:
            break
    assert moments > 15


def lay(folder: Path, found: dict[str, bytes]) -> None:
    """Have exactly these files in a folder."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, data in found.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


# --------------------------------------------------------------------------- killed while at work


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory, kept: Path) -> Iterator[Path]:
    """A project with a plan of forty volumes that was carried out once, in `clean`."""
    root = tmp_path_factory.mktemp("big")
    write_action(root)
    write_plan(root, rows(80), volume="2")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACTIONPACK_CACHE", str(kept))
        patch.setenv("ACTIONPACK_TODAY", "2027-06-01")
        patch.delenv("ACTIONPACK_PROJECT", raising=False)
        assert typed(root, "batch", "rome.yaml", "--jobs", "2").returncode == 0
        (root / "out" / "rome").rename(root / "clean")
        yield root


def family(pid: int) -> list[int]:
    """A process and all that it started, directly or not."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            # It may have ended since it was listed.
            with suppress(OSError):
                told = (folder / "stat").read_text().rpartition(")")[2].split()
                if told[0] != "Z":
                    parents.setdefault(int(told[1]), []).append(int(folder.name))
    found = [pid]
    for one in found:
        found += parents.get(one, [])
    return found


def wait_until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, f"it never came: {what}"
        time.sleep(0.005)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


# Run by Python before anything else: a disk that is slow from some volume on, so that whoever is to
# be stopped there is still at work however late this process comes to it.
SLOW_DISK = """
import os, sys, time
def slow(event, told):
    if event == "os.rename":
        name = os.path.basename(os.fsdecode(told[1]))
        if name.startswith("volume-") and name > os.environ["ACTIONPACK_TEST_SLOW_AFTER"]:
            time.sleep(0.5)
sys.addaudithook(slow)
"""


@contextmanager
def at_work(root: Path, volumes: int, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """The command once it has made so many volumes; at the end none of its processes is left."""
    slow = root / "slow"
    slow.mkdir(exist_ok=True)
    (slow / "sitecustomize.py").write_text(SLOW_DISK)
    env = {
        "ACTIONPACK_TEST_SLOW_AFTER": f"volume-{volumes:03d}.pdf",
        "PYTHONPATH": os.pathsep.join(filter(None, (str(slow), os.environ.get("PYTHONPATH")))),
    }
    with started(root, "batch", "rome.yaml", "--jobs", "2", *words, env=env) as process:
        try:
            last = root / "out" / "rome" / f"volume-{volumes:03d}.pdf"
            wait_until(lambda: last.exists() or process.poll() is not None, last.name)
            born = family(process.pid)
            yield process
            wait_until(lambda: not any(map(is_running, born)), "the end of all its processes")
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def test_killed_again_and_again_while_at_work_it_ends_with_the_same_bytes(big: Path) -> None:
    clean, out = files(big / "clean"), big / "out" / "rome"
    chance = random.Random(4)
    for turn, volumes in enumerate((2, 20)):
        with at_work(big, volumes, "--resume") as process:
            time.sleep(chance.uniform(0, 0.02))
            # Everything that it started with it; or it alone, as when memory runs out.
            (os.killpg if turn % 2 else os.kill)(process.pid, signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        assert_whole(out, clean)
        assert (out / f"volume-{volumes:03d}.pdf").exists()
    ran = typed(big, "batch", "rome.yaml", "--jobs", "2", "--resume")
    assert ran.returncode == 0
    assert hashes(files(out)) == hashes(clean)
    shutil.rmtree(out)


@pytest.mark.parametrize(
    ("number", "everyone"),
    [(signal.SIGINT, True), (signal.SIGTERM, False), (signal.SIGHUP, False)],
)
def test_interrupted_it_says_so_and_leaves_nobody_at_work(
    big: Path, number: signal.Signals, everyone: bool
) -> None:
    clean, out = files(big / "clean"), big / "out" / "rome"
    # What an earlier test left, which failed, would be taken for what this run made.
    shutil.rmtree(out, ignore_errors=True)
    # Ctrl-C reaches every process of a terminal, what else ends a program only one.
    with at_work(big, 3) as process:
        (os.killpg if everyone else os.kill)(process.pid, number)
        _, told = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130
    assert b"Traceback" not in told
    assert told.splitlines()[-1] == b"interrupted"
    assert manifest_of(out)["state"] == "interrupted"
    assert [name for name in files(out) if name.startswith(".")] == []
    assert_whole(out, clean)
    shutil.rmtree(out)


# ------------------------------------------------------------------ stopped again while it goes on


class Stopped(Here):
    """A pool that is interrupted when it is given something, after so many tasks."""

    after = 0

    def submit(self, work: Work, task: bytes) -> Future[bytes]:
        if not type(self).after:
            raise KeyboardInterrupt
        type(self).after -= 1
        return super().submit(work, task)


def stopped(quick: Quick, monkeypatch: pytest.MonkeyPatch, *, after: int = 0) -> dict[str, Any]:
    """Go on, be interrupted after so many volumes, and return the manifest."""
    Stopped.after = after
    with monkeypatch.context() as patch:
        patch.setattr("actionpack.batch.run.LocalPool", Stopped)
        assert quick.run("--resume").code == 130
    return quick.manifest()


def volumes_in(manifest: dict[str, Any]) -> list[str]:
    return [one["name"] for one in manifest["files"]]


def states_in(manifest: dict[str, Any]) -> list[str]:
    return [one["state"] for one in manifest["packs"]]


@pytest.mark.parametrize("singles", ["false", "true"])
def test_stopped_before_it_has_looked_at_anything_again_it_knows_what_was_known(
    quick: Quick, monkeypatch: pytest.MonkeyPatch, singles: str
) -> None:
    # The second of four rows cannot be printed: no font has that character.
    quick.plan([row(1), row(2, group="\U00012345"), *rows(4)[2:]], volume="2", singles=singles)
    assert quick.run().code == 4
    before, clean = quick.manifest(), files(quick.out)
    again = stopped(quick, monkeypatch)
    assert again == {
        **before,
        "state": "interrupted",
        # The job sheet and what it tells are made at the end.
        "files": [one for one in before["files"] if one["name"] != "job-sheet.pdf"],
        "letters": [],
    }
    assert states_in(again) == ["done", "bad-row", "done", "done"]
    assert quick.run("--resume").code == 4
    assert hashes(files(quick.out)) == hashes(clean)


def test_stopped_while_it_goes_on_only_what_is_right_is_known(
    quick: Quick, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick.run()
    quick.plan([*rows(2), row(3, group="Another"), *rows(6)[3:]], volume="2")
    told = stopped(quick, monkeypatch)
    assert volumes_in(told) == ["volume-001.pdf", "volume-003.pdf"]
    assert states_in(told) == ["done", "done", "not printed", "not printed", "done", "done"]
    assert [one["first_page"] for one in told["packs"]] == [1, 5, None, None, 1, 5]


def test_stopped_again_and_again_the_manifest_never_knows_less(
    quick: Quick, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick.run()
    clean = files(quick.out)
    for name in ("volume-001.pdf", "volume-002.pdf"):
        (quick.out / name).unlink()
    known = [volumes_in(stopped(quick, monkeypatch, after=after)) for after in (0, 1, 0, 2)]
    assert known == [
        ["volume-003.pdf"],
        ["volume-001.pdf", "volume-003.pdf"],
        ["volume-001.pdf", "volume-003.pdf"],
        ["volume-001.pdf", "volume-002.pdf", "volume-003.pdf"],
    ]
    assert quick.run("--resume").code == 0
    assert hashes(files(quick.out)) == hashes(clean)


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: b"",
        lambda data: data[: data.index(b'"packs": [') + 200],
        lambda data: data.replace(b'"serial": 6', b'"serial": 60'),
        lambda data: data.replace(b'"serial": 6', b'"serial": "6"'),
        lambda data: data.replace(b'"pages": 4, ', b'"pages": -4, '),
        lambda data: data.replace(b'"sha256"', b'"sha"'),
        lambda data: data.replace(b'"version": 1', b'"version": 0'),
    ],
    ids=["empty", "half", "another pack", "a word", "no pages", "no hash", "another version"],
)  # fmt: skip
def test_of_a_manifest_that_was_harmed_nothing_is_taken_over_and_volumes_are_looked_at_first(
    quick: Quick, monkeypatch: pytest.MonkeyPatch, harm: Callable[[bytes], bytes]
) -> None:
    quick.run()
    clean = files(quick.out)
    harmed = harm(clean["manifest.json"])
    assert harmed != clean["manifest.json"]
    (quick.out / "manifest.json").write_bytes(harmed)
    (quick.out / "volume-001.pdf").unlink()
    # They would be the last to come.
    told = stopped(quick, monkeypatch, after=2)
    assert volumes_in(told) == ["volume-002.pdf", "volume-003.pdf"]
    assert states_in(told) == ["not printed", "not printed", "done", "done", "done", "done"]
    assert quick.run("--resume").code == 0
    assert hashes(files(quick.out)) == hashes(clean)


def test_when_the_disk_is_full_while_it_goes_on_what_was_known_stays_known(
    quick: Quick, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick.run()
    (quick.out / "volume-001.pdf").unlink()
    with monkeypatch.context() as patch:
        # The manifest and its folder have room, and nothing after them.
        full(patch, range(3, 10**6))
        assert quick.run("--resume").errors == ["bad-file"]
    assert volumes_in(quick.manifest()) == ["volume-002.pdf", "volume-003.pdf"]


def test_a_volume_is_still_known_when_whoever_was_to_look_at_it_again_is_lost(
    quick: Quick, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick.run()
    before = quick.manifest()
    with monkeypatch.context() as patch:
        patch.setattr("actionpack.batch.run.hand_out", nobody_left)
        ran = quick.run("--resume")
    assert (ran.code, ran.errors) == (4, ["render-failed"])
    assert ran.items[0]["packs"] == 6
    assert quick.manifest() == {**before, "state": "in part"}


def nobody_left(
    pool: Pool,
    tasks: Iterator[tuple[int, Task]],
    hands: Hands,
    meanwhile: Callable[[], None] | None = None,
) -> Iterator[tuple[int, Made]]:
    """Every volume is given up, as when each of its workers is killed."""
    if meanwhile is not None:
        meanwhile()
    lost = (finding("render-failed", "it could not be made"),)
    for number, task in tasks:
        packs = tuple(Placed(serial=one.serial or 0, first=0, pages=0) for one in task.entries)
        yield number, Made(pdf=b"", pages=0, packs=packs, findings=lost, singles=())


def test_the_manifest_is_written_while_the_first_volumes_are_made(
    quick: Quick, monkeypatch: pytest.MonkeyPatch
) -> None:
    there: list[bool] = []

    class Watching(Here):
        def submit(self, work: Work, task: bytes) -> Future[bytes]:
            there.append((quick.out / "manifest.json").exists())
            return super().submit(work, task)

    monkeypatch.setattr("actionpack.batch.run.LocalPool", Watching)
    assert quick.run().code == 0
    assert there == [False, True, True]


def test_where_nobody_takes_even_the_first_volume_the_manifest_says_so(
    quick: Quick, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Gone(Here):
        def submit(self, work: Work, task: bytes) -> Future[bytes]:
            raise PoolLostError(finding("render-failed", "nobody is left", cure="start some"))

    with monkeypatch.context() as patch:
        patch.setattr("actionpack.batch.run.LocalPool", Gone)
        ran = quick.run()
    assert (ran.code, ran.errors) == (4, ["render-failed"])
    assert quick.manifest()["state"] == "in part"
    assert quick.run("--resume").code == 0


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a plan of four kinds of packs, which two processes lay out."""
    root, names = tmp_path_factory.mktemp("four"), ("river", "lake", "sea", "shore")
    for name in names:
        write_action(root, action=ACTION.replace("id: river", f"id: {name}"), name=name)
    write_plan(root, [row(number, action=name) for number, name in enumerate(names, 1)])
    return root


# Of the command, a helper of Python's, the one worker, one process that lays out beside the
# command, and the typesetters of both, so many are there, and for so long.
@pytest.mark.parametrize("moment", [(1, 0.0), (3, 0.0), (5, 0.0), (6, 0.3)])
@pytest.mark.parametrize(
    ("number", "everyone"),
    [
        (signal.SIGINT, True),
        (signal.SIGTERM, True),
        (signal.SIGTERM, False),
        (signal.SIGHUP, True),
    ],
)
def test_ended_while_processes_lay_out_it_says_one_line_and_leaves_nothing(
    four: Path,
    tmp_path: Path,
    number: signal.Signals,
    everyone: bool,
    moment: tuple[int, float],
) -> None:
    room = tmp_path / "room"
    room.mkdir()
    own = {"ACTIONPACK_CACHE": str(tmp_path / "cold"), "TMPDIR": str(room)}
    own["ACTIONPACK_TODAY"] = "2027-06-01"
    with started(four, "batch", "rome.yaml", "--jobs", "2", env=own) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == b"laying out\n"
        many, more_s = moment
        wait_until(lambda: len(family(process.pid)) >= many, f"{many} processes")
        time.sleep(more_s)
        born = family(process.pid)
        (os.killpg if everyone else os.kill)(process.pid, number)
        _, told = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, told.lstrip()) == (130, b"interrupted\n")
    wait_until(lambda: not any(map(is_running, born)), "the end of all its processes")
    # One that was born after they were counted may still be taking its own things away.
    wait_until(lambda: not any(room.iterdir()), "an empty room")
    assert not (four / "out").exists()


@pytest.mark.parametrize("nobody", ["a full disk", "whoever has gone"])
def test_where_nobody_can_be_told_all_is_printed_and_its_processes_start(
    four: Path, tmp_path: Path, nobody: str
) -> None:
    """What it says first cannot be written; after that it starts a process that lays out."""
    env = {**os.environ, "ACTIONPACK_CACHE": str(tmp_path), "ACTIONPACK_TODAY": "2027-06-01"}
    # Else Python would keep nothing back anyway.
    env.pop("PYTHONUNBUFFERED", None)
    if nobody == "a full disk":
        told = os.open("/dev/full", os.O_WRONLY)
    else:
        unread, told = os.pipe()
        os.close(unread)
    try:
        ran = subprocess.run(
            command("batch", "rome.yaml", "--jobs", "2", "--rows", "2-3", "-o", "untold"),
            cwd=four, env=env, stdout=subprocess.PIPE, stderr=told, check=False,
            timeout=PATIENCE_S,
        )  # fmt: skip
    finally:
        os.close(told)
    out = four / "untold"
    assert (ran.returncode, manifest_of(out)["state"]) == (0, "done")
    assert sorted(ran.stdout.decode().split()) == [f"untold/{name}" for name in files(out)]
    shutil.rmtree(out)


def test_interrupted_while_it_lays_out_it_writes_nothing(four: Path, tmp_path: Path) -> None:
    cold = {"ACTIONPACK_CACHE": str(tmp_path / "cold"), "ACTIONPACK_TODAY": "2027-06-01"}
    words = ("batch", "rome.yaml", "--jobs", "2", "-o", "never")
    with started(four, *words, env=cold) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == b"laying out\n"
        time.sleep(0.4)
        born = family(process.pid)
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, told) == (130, b"\ninterrupted\n")
    wait_until(lambda: not any(map(is_running, born)), "the end of all its processes")
    assert not (four / "never").exists()


# ------------------------------------------------------------------------------------- the disk


def full(monkeypatch: pytest.MonkeyPatch, calls: range) -> None:
    """Have the disk full when it is synced for some of the next times, counted from 1."""
    fsync, count = os.fsync, [0]

    def no_room(handle: int) -> None:
        count[0] += 1
        if count[0] in calls:
            raise OSError(errno.ENOSPC, NO_ROOM)
        fsync(handle)

    monkeypatch.setattr("actionpack.store.os.fsync", no_room)


def test_a_full_disk_ends_it_clearly_wherever_it_is_full(
    quick: Quick, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid_out_once(monkeypatch)
    quick.run()
    clean = files(quick.out)
    times = 0
    while True:
        times += 1
        shutil.rmtree(quick.out, ignore_errors=True)
        with monkeypatch.context() as patch:
            full(patch, range(times, 10**6))
            ran = quick.run()
        if ran.code == 0:
            break
        assert (ran.code, ran.errors) == (1, ["bad-file"])
        assert f"cannot be written ({NO_ROOM})" in ran.findings[0]["message"]
        assert [name for name in files(quick.out) if name.startswith(".")] == []
        assert_whole(quick.out, clean)
        if times % 5 == 0:
            assert quick.run("--resume").code == 0
            assert hashes(files(quick.out)) == hashes(clean)
    # Three volumes, a job sheet, and the manifest at the least twice; each with its folder.
    assert times > 12


def test_when_the_disk_was_full_for_a_moment_the_manifest_says_it_was_interrupted(
    quick: Quick, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        # The manifest and its folder, the first volume and its folder, and then the second volume.
        full(patch, range(7, 8))
        ran = quick.run()
    assert ran.code == 1
    assert ran.only("bad-file")["cure"] == (
        "make room on its disk, see that you may write there, then pass --resume"
    )
    assert quick.manifest()["state"] == "interrupted"


def mounted(folder: Path, options: str) -> bool:
    if os.geteuid() or not shutil.which("mount"):
        return False
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)],
        capture_output=True, check=False,
    )  # fmt: skip
    return done.returncode == 0


def test_a_real_disk_that_is_full_and_then_has_room(quick: Quick, tmp_path: Path) -> None:
    quick.run()
    clean = files(quick.out)
    disk = tmp_path / "disk"
    # Room for the first volume, and not for all three.
    if not mounted(disk, f"size={2 * len(clean['volume-001.pdf'])}"):
        pytest.skip("no disk can be mounted here")
    try:
        ran = quick.run("-o", "disk/rome")
        assert (ran.code, ran.errors) == (1, ["bad-file"])
        assert NO_ROOM in ran.only("bad-file")["message"]
        assert_whole(disk / "rome", clean)
        assert "volume-001.pdf" in files(disk / "rome")
        subprocess.run(["mount", "-o", "remount,size=4m", str(disk)], check=True)
        assert quick.run("-o", "disk/rome", "--resume").code == 0
        assert hashes(files(disk / "rome")) == hashes(clean)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        ran = quick.run("-o", "disk/rome")
        assert ran.only("bad-file")["message"] == (
            "'disk/rome' cannot be written (Read-only file system)"
        )
        assert hashes(files(disk / "rome")) == hashes(clean)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_folder_that_cannot_be_made_is_told(quick: Quick) -> None:
    (quick.root / "out").write_text("a file")
    ran = quick.run()
    assert (ran.code, ran.files) == (1, ())
    told = ran.only("bad-file")
    assert told["message"] == "'out/rome' cannot be written (Not a directory)"
    assert told["cure"] == "choose a folder you may write to, with room left on its disk"


def test_a_damaged_cache_changes_nothing(
    quick: Quick, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: Path
) -> None:
    quick.run()
    clean = files(quick.out)
    mine = tmp_path / "mine"
    shutil.copytree(kept, mine)
    monkeypatch.setenv("ACTIONPACK_CACHE", str(mine))
    for path in mine.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            path.write_bytes(data[:-3] + b"\0\0\0")
    assert quick.run().code == 0
    assert hashes(files(quick.out)) == hashes(clean)


# ------------------------------------------------------------------------------- what lies there


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1],
        lambda data: b"",
        lambda data: data.replace(b"/S/D", b"/S/A", 1).replace(b"/ID[<", b"/ID[<0", 1),
        lambda data: data + b"\n",
        lambda data: data[:5000] + b"\0" + data[5001:],
    ],
    ids=["half", "a byte less", "empty", "edited", "longer", "a byte"],
)  # fmt: skip
def test_a_volume_that_was_harmed_is_made_again(
    quick: Quick, harm: Callable[[bytes], bytes]
) -> None:
    quick.run()
    clean = files(quick.out)
    harmed = harm(clean["volume-002.pdf"])
    assert harmed != clean["volume-002.pdf"]
    (quick.out / "volume-002.pdf").write_bytes(harmed)
    assert quick.run("--resume").code == 0
    assert hashes(files(quick.out)) == hashes(clean)


def test_what_is_right_is_not_written_again(quick: Quick) -> None:
    quick.run()
    told = {path.name: path.stat().st_ino for path in quick.out.glob("volume-*")}
    (quick.out / "volume-002.pdf").unlink()
    quick.run("--resume")
    again = {path.name: path.stat().st_ino for path in quick.out.glob("volume-*")}
    assert again | {"volume-002.pdf": 0} == told | {"volume-002.pdf": 0}


@pytest.mark.parametrize("words", [(), ("--resume",)])
@pytest.mark.parametrize(
    "name", ["volume-002.pdf", "manifest.json", "job-sheet.pdf", "packs/3.pdf"]
)
def test_a_file_that_is_not_ours_is_never_written_over(
    quick: Quick, name: str, words: tuple[str, ...]
) -> None:
    quick.plan(rows(6), volume="2", singles="true")
    path = quick.out / name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"%PDF-1.4 somebody's own work")
    ran = quick.run(*words)
    assert (ran.code, ran.files) == (1, ())
    told = ran.only("exists")
    assert (
        told["message"]
        == f"'out/rome/{name}' is there and was not made by a batch; it was left alone"
    )
    assert told["cure"] == "move it away, or name another folder with -o"
    assert files(quick.out) == {name: b"%PDF-1.4 somebody's own work"}


def test_all_that_is_not_ours_is_told_at_once_and_links_are_not_followed(quick: Quick) -> None:
    quick.out.mkdir(parents=True)
    (quick.root / "precious.pdf").write_bytes(b"precious")
    (quick.out / "volume-001.pdf").symlink_to(quick.root / "precious.pdf")
    (quick.out / "volume-003.pdf").mkdir()
    ran = quick.run()
    assert [found["file"] for found in ran.findings] == [
        "out/rome/volume-001.pdf", "out/rome/volume-003.pdf",
    ]  # fmt: skip
    assert (quick.root / "precious.pdf").read_bytes() == b"precious"


def test_files_beside_a_batch_are_left_alone(quick: Quick) -> None:
    others = {"volume-009.pdf": b"mine", "volume-final.pdf": b"mine", "notes.txt": b"mine",
              ".secret": b"mine", ".mine.part": b"mine"}  # fmt: skip
    lay(quick.out, others)
    assert quick.run().code == 0
    assert quick.run().code == 0
    assert others.items() <= files(quick.out).items()


@pytest.mark.parametrize("words", [(), ("--resume",)])
def test_volumes_that_no_longer_belong_to_it_are_removed(
    quick: Quick, words: tuple[str, ...]
) -> None:
    quick.plan(rows(9), volume="2")
    quick.run()
    quick.plan(rows(6), volume="2")
    assert quick.run(*words).code == 0
    assert [one for one in files(quick.out) if one.startswith("volume")] == [
        "volume-001.pdf", "volume-002.pdf", "volume-003.pdf",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.plan([*rows(2), row(3, group="Another"), *rows(6)[3:]], volume="2"),
        lambda one: one.plan(rows(6)[1:], volume="2"),
        lambda one: one.plan(rows(6), volume="3"),
        lambda one: one.plan(rows(6), volume="2", sender_country="FR"),
        lambda one: write_action(one.root, action=ACTION.replace("edition: 2", "edition: 3")),
    ],
    ids=["a cell", "a row less", "volumes", "the plan", "the action"],
)
def test_what_was_made_from_something_else_is_made_again(
    quick: Quick, change: Callable[[Quick], object]
) -> None:
    quick.run()
    change(quick)
    assert quick.run("--resume").code == 0
    resumed = files(quick.out)
    shutil.rmtree(quick.out)
    quick.run()
    assert hashes(resumed) == hashes(files(quick.out))


def test_a_cell_changed_in_one_volume_leaves_the_others_as_they_are(quick: Quick) -> None:
    quick.run()
    before = hashes(files(quick.out))
    quick.plan([*rows(2), row(3, group="Another"), *rows(6)[3:]], volume="2")
    quick.run("--resume")
    after = hashes(files(quick.out))
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"volume-002.pdf", "manifest.json"}


def test_a_volume_whose_packs_cannot_be_read_back_is_not_put_in_its_place(
    quick: Quick, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*_: object, name: str, **__: object) -> tuple[Finding, ...]:
        return (finding("qr-unreadable", "wrong"),) if name == "volume-002.pdf" else ()

    with monkeypatch.context() as patch:
        patch.setattr("actionpack.preflight.copies.prove_copies", unreadable)
        ran = quick.run()
    assert (ran.code, ran.codes) == (4, ["qr-unreadable"])
    assert "volume-002.pdf" not in files(quick.out)
    assert [one["state"] for one in quick.manifest()["packs"]] == [
        "done", "done", "not printed", "not printed", "done", "done",
    ]  # fmt: skip
    assert quick.run("--resume").code == 0


# -------------------------------------------------------------------------------- two at a time


def test_a_second_batch_in_the_same_folder_is_refused_and_harms_nothing(quick: Quick) -> None:
    quick.run()
    before = files(quick.out)
    with hold(quick.out, label="out/rome"):
        ran = quick.run()
        assert (ran.code, ran.files) == (1, ())
        told = ran.only("exists")
        assert told["message"] == "another batch is being made in 'out/rome'"
        assert told["cure"] == "wait for its end, or name another folder with -o"
        assert {name: data for name, data in files(quick.out).items() if name != LOCK} == before
    assert quick.run().code == 0


def test_a_lock_that_goes_while_it_is_being_taken_is_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flock = fcntl.flock

    def as_the_holder_ends(handle: int, how: int) -> None:
        # It removes its lock and lets go of it: the next to come makes another.
        (tmp_path / LOCK).unlink()
        flock(handle, how)

    monkeypatch.setattr("fcntl.flock", as_the_holder_ends)
    with pytest.raises(Rejected, match="another batch is being made"), hold(tmp_path, label="here"):
        pass


def test_a_lock_that_was_left_by_a_killed_run_is_no_hindrance(quick: Quick) -> None:
    lay(quick.out, {LOCK: b"", ".volume-001.pdf.abcd1234.actionpack.part": b"half"})
    assert quick.run().code == 0
    assert [name for name in files(quick.out) if name.startswith(".")] == []
