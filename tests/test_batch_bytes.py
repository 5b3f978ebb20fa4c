"""A batch comes to the same bytes wherever and by whomever it is made, or it says why not."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from batches import (
    NAMES,
    ONCE,
    PATIENCE_S,
    PLAN,
    ForwardClock,
    begun,
    dies_on_the_second,
    dies_once,
    hands,
    hangs_once,
    is_alive,
    run,
    volumes,
    wait_until,
    workers_of,
    write_batch,
)

from actionpack import volume
from actionpack.batch.handing import usual_hands
from actionpack.batch.masters import LaidKind, lay_out_kinds
from actionpack.batch.orders import Kind
from actionpack.batch.pools import LocalPool
from actionpack.diagnostics import Exit, Rejected
from actionpack.fonts import Compositor, FontShelf, read_shelf, received, send
from actionpack.fonts import travel as travelling
from actionpack.pack import Request, Today
from actionpack.pdf import Binding
from actionpack.project import Project, shipped_fonts
from actionpack.provenance import differences, made_with
from actionpack.store import Jail, program_digest
from actionpack.volume import (
    Entry,
    Made,
    Master,
    Sealed,
    Task,
    get_ready,
    identity,
    make_volume,
    packed,
    seal,
    unpacked,
)
from actionpack.workshop import Workshop

SHIPPED = shipped_fonts()[-1]
TESTS = Path(__file__).parent


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project with a plan, and a cache of its own."""
    root = write_batch(tmp_path_factory.mktemp("rome"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACTIONPACK_CACHE", str(root / "cache"))
        patch.setenv("ACTIONPACK_TODAY", "2027-06-01")
        patch.delenv("ACTIONPACK_PROJECT", raising=False)
        patch.chdir(root)
        yield root


@pytest.fixture(scope="module")
def meant(root: Path) -> dict[str, bytes]:
    """The volumes as one process makes them, from pages laid out just before."""
    result = run(root, root / "meant", jobs=1)
    assert (result.exit, result.findings) == (Exit.DONE, [])
    made = volumes(root / "meant")
    assert tuple(made) == NAMES
    return made


@pytest.fixture
def once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ONCE, str(tmp_path / "once"))


# ---------------------------------------------------------------------------------- the same bytes


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_the_number_of_processes_changes_no_byte(
    root: Path, tmp_path: Path, meant: dict[str, bytes], jobs: int
) -> None:
    # The pages come from the cache now: that changes nothing either.
    assert run(root, tmp_path / "out", jobs=jobs).exit is Exit.DONE
    assert volumes(tmp_path / "out") == meant


@pytest.mark.parametrize("cached", [True, False])
def test_folder_zone_locale_home_and_hash_seed_change_no_byte(
    root: Path, tmp_path: Path, meant: dict[str, bytes], *, cached: bool
) -> None:
    elsewhere = tmp_path / "another folder"
    shutil.copytree(root, elsewhere, ignore=shutil.ignore_patterns("meant"))
    if not cached:
        shutil.rmtree(elsewhere / "cache")
    surroundings = {
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "LANG": "tr_TR.UTF-8",
        "HOME": str(tmp_path),
        "USER": "somebody",
        "PYTHONHASHSEED": "7",
        "ACTIONPACK_CACHE": str(elsewhere / "cache"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "actionpack.cli", "batch", PLAN, "-o", "out", "--jobs", "2"],
        cwd=elsewhere,
        env={**os.environ, **surroundings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert volumes(elsewhere / "out") == meant


def test_going_on_makes_the_volumes_of_another_release_again(
    root: Path, tmp_path: Path, meant: dict[str, bytes]
) -> None:
    out = tmp_path / "out"
    shutil.copytree(root / "meant", out)
    # The first as another release made it: the same but for what it says it was made from.
    ours = meant[NAMES[0]]
    start = ours.index(b"/ID[<") + len(b"/ID[<")
    (out / NAMES[0]).write_bytes(ours[:start] + b"0" * 32 + ours[start + 32 :])
    before = {path.name: path.stat().st_mtime_ns for path in out.glob("volume-*")}
    assert run(root, out, resume=True).exit is Exit.DONE
    after = {path.name: path.stat().st_mtime_ns for path in out.glob("volume-*")}
    assert [name for name in NAMES if after[name] != before[name]] == [NAMES[0]]
    assert volumes(out) == meant


# ------------------------------------------------------------------------- what it is made from


@pytest.fixture(scope="module")
def laid(root: Path, meant: dict[str, bytes]) -> LaidKind:
    kind = Kind(action="river", language="en", layout="letter", target=None)
    request = Request(action="river", language="en", sender_country="IT")
    today = Today(here=date(2027, 6, 1), where_it_ends_last=date(2027, 6, 1))
    project = Project(root=root)
    with Workshop(project) as workshop:
        (found,) = lay_out_kinds(project, [(kind, request)], today, 1, workshop=workshop)
    assert meant
    return found


@pytest.fixture
def task(laid: LaidKind) -> Task:
    assert laid.master is not None
    pack = Entry(
        master=0, serial=1, row=2, values=(("group", "Roma"),), label="1 · en · Roma", level=0
    )
    binding = Binding(
        title="rome · 1/1", language="en", made=laid.issued, producer="actionpack", duplex=True
    )
    return Task(
        name=NAMES[0],
        binding=binding,
        masters=(laid.master,),
        entries=(pack,),
        table="rows.csv",
        proved=frozenset(),
    )


def test_a_volume_is_told_by_what_is_said_and_not_by_how_it_is_pickled(task: Task) -> None:
    (sealed,) = task.masters
    master: Master = pickle.loads(sealed.pickled)
    # Opened and closed again, and closed by an older protocol: other bytes, the same master.
    again, older = seal(master), pickle.dumps(master, protocol=2)
    assert older != sealed.pickled
    for same in (again, Sealed(digest=again.digest, pickled=older)):
        other = replace(task, masters=(same,))
        assert identity(other) == identity(task)
        assert unpacked(make_volume(packed(other))) == unpacked(make_volume(packed(task)))


def test_whatever_changes_a_volume_changes_what_it_is_told_by(
    task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    (sealed,) = task.masters
    master: Master = pickle.loads(sealed.pickled)
    (face, *faces) = master.faces
    other_font = replace(master, faces=(replace(face, sha256="0" * 64), *faces))
    others = [
        replace(task, name=NAMES[1]),
        replace(task, masters=(seal(replace(master, online="https://www.example.org/b")),)),
        replace(task, masters=(seal(other_font),)),
        replace(task, entries=(task.entries[0]._replace(values=(("group", "Terni"),)),)),
        replace(task, binding=replace(task.binding, language=None)),
    ]
    told = {identity(task), *map(identity, others)}
    with monkeypatch.context() as patch:
        patch.setattr("actionpack.volume.as_line", lambda: b'{"uharfbuzz": "0.1"}')
        told.add(identity(task))
    assert len(told) == 1 + len(others) + 1


def test_what_a_volume_is_made_with_is_this_program_and_what_writes_its_bytes() -> None:
    assert list(made_with()) == [
        *("actionpack-print", "program", "python", "zlib"),
        *("fonttools", "pypdf", "qrcode", "uharfbuzz"),
    ]
    assert program_digest().startswith(made_with()["program"])


# ------------------------------------------------------------------------------ who may make it


def test_a_worker_with_other_versions_opens_nothing_and_says_what_it_has(
    task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = packed(task)
    theirs = json.dumps({**made_with(), "uharfbuzz": "0.1"}, sort_keys=True).encode()
    with monkeypatch.context() as patch:
        patch.setattr("actionpack.volume.as_line", lambda: theirs)
        patch.setattr("actionpack.volume.platform.node", lambda: "press-3")
        patch.setattr("actionpack.volume.pickle.loads", pytest.fail)
        answer = make_volume(ours)
    here = made_with()["uharfbuzz"]
    with pytest.raises(Rejected) as caught:
        unpacked(answer)
    assert str(caught.value) == (
        f"error: the worker 'press-3' has uharfbuzz 0.1, and this machine has {here}; "
        f"install the same there: pip install uharfbuzz=={here} [missing-file]"
    )


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (
            {"actionpack-print": "0.0.9", "program": "f00"},
            (
                "'w' has actionpack-print 0.0.9, and this machine has {actionpack-print}; "
                "install the same there: pip install actionpack-print=={actionpack-print}"
            ),
        ),
        (
            {"program": "f00"},
            (
                "'w' has another copy of actionpack-print {actionpack-print}: f00, "
                "and this machine has {program}; install the very same files there"
            ),
        ),
        (
            {"python": "3.4"},
            (
                "'w' has python 3.4, and this machine has {python}; run the worker with Python "
                "{python}"
            ),
        ),
        (
            {"zlib": "1.1"},
            (
                "'w' has zlib 1.1, and this machine has {zlib}; run both on the same system, "
                "such as one container image"
            ),
        ),
    ],
)
def test_every_difference_names_both_and_its_cure(other: dict[str, str], told: str) -> None:
    (found,) = differences("w", {**made_with(), **other})
    told = told.replace("{actionpack-print}", made_with()["actionpack-print"])
    assert str(found) == f"error: the worker {told.format(**made_with())} [missing-file]"


def test_one_process_makes_one_volume_at_a_time(
    task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = volume._made
    inside: list[Task] = []
    seen: list[int] = []

    def watched(one: Task) -> Made:
        inside.append(one)
        seen.append(len(inside))
        time.sleep(0.02)
        made = real(one)
        inside.pop()
        return made

    monkeypatch.setattr(volume, "_made", watched)
    with ThreadPoolExecutor(4) as threads:
        answers = set(threads.map(make_volume, 8 * [packed(task)]))
    assert (len(answers), seen) == (1, 8 * [1])


# ------------------------------------------------------------------------------------ its fonts


@pytest.fixture
def own(tmp_path: Path) -> FontShelf:
    """The shelf of a project with one font of its own, in a folder that is gone by now."""
    folder = tmp_path / "fonts"
    folder.mkdir()
    font = (SHIPPED / "NotoSerif-Regular.ttf").read_bytes() + bytes(4)
    (folder / "Mine.ttf").write_bytes(font)
    row = f'file = "Mine.ttf"\nfamily = "Mine"\nweight = 400\nsha256 = "{sha256(font)}"\n'
    (folder / "fonts.toml").write_text(f"[[font]]\n{row}")
    return read_shelf((SHIPPED, folder))


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_shipped_fonts_travel_by_name_and_hash_and_those_of_a_project_as_bytes(
    own: FontShelf, tmp_path: Path
) -> None:
    sent = send(own, [("Noto Sans", 400)])
    assert [face.file for face in sent if face.data is not None] == ["Mine.ttf"]
    # One face of each family: what is not needed stays at home.
    assert sorted(face.family for face in sent) == sorted(own.families)
    travelled = pickle.dumps(sent)
    assert str(SHIPPED).encode() not in travelled
    assert str(tmp_path).encode() not in travelled
    shutil.rmtree(tmp_path / "fonts")
    there = received(pickle.loads(travelled))
    assert [face.file for face in there.stack("Mine")] == [face.file for face in own.stack("Mine")]
    line = Compositor(there, "Mine", 400, language="it").set("Città di Castello")
    assert (line.missing, [face.name for face in line.faces]) == ((), ["Mine"])


def test_a_worker_that_lacks_a_shipped_font_or_has_another_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = send(read_shelf((SHIPPED,)), [("Noto Sans", 400)])
    assert len(sent) > 1
    here = tmp_path / "assets" / "fonts"
    here.mkdir(parents=True)
    (here / sent[0].file).write_bytes(b"another")
    monkeypatch.setattr(travelling, "shipped_fonts", lambda: (here,))
    monkeypatch.setattr("actionpack.fonts.travel.platform.node", lambda: "press-3")
    with pytest.raises(Rejected) as caught:
        received(sent)
    cure = "install the same release of actionpack-print there [missing-file]"
    assert str(caught.value).splitlines() == [
        (
            f"error: the worker 'press-3' has another font '{sent[0].file}', "
            f"which ships with actionpack-print; {cure}"
        ),
        *(
            f"error: the worker 'press-3' lacks the font '{face.file}', "
            f"which ships with actionpack-print; {cure}"
            for face in sent[1:]
        ),
    ]


def test_a_worker_without_the_fonts_of_east_asia_is_told_what_they_ship_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cjk, own = shipped_fonts()
    sent = send(read_shelf((cjk, own)), [("Noto Sans SC", 400)])
    assert [face.folder for face in received(sent).stack("Noto Sans SC")[:2]] == [
        Jail(root=cjk, name="actionpack_cjk/fonts"),
        Jail(root=own, name="assets/fonts"),
    ]
    monkeypatch.setattr(travelling, "shipped_fonts", lambda: (own,))
    monkeypatch.setattr("actionpack.fonts.travel.platform.node", lambda: "press-3")
    with pytest.raises(Rejected) as caught:
        received(sent)
    assert len(caught.value.findings) == 4
    assert str(caught.value).splitlines()[0] == (
        "error: the worker 'press-3' lacks the font 'NotoSansSC-Regular.ttf', which ships with "
        "actionpack-print-cjk; install the same release of actionpack-print-cjk there "
        "[missing-file]"
    )


# ------------------------------------------------------------------------------------ its workers


@pytest.mark.usefixtures("once")
def test_a_killed_worker_changes_no_byte(
    root: Path, tmp_path: Path, meant: dict[str, bytes]
) -> None:
    result = run(root, tmp_path / "out", jobs=2, hands=hands(dies_once))
    assert (result.exit, result.findings) == (Exit.DONE, [])
    assert volumes(tmp_path / "out") == meant
    assert workers_of(os.getpid()) == []


@pytest.mark.usefixtures("once")
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_worker_that_hangs_is_ended_at_its_limit(
    root: Path,
    tmp_path: Path,
    meant: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
    jobs: int,
) -> None:
    # Twice the limit, since a volume may wait for another.
    clock = ForwardClock(lambda: any(tmp_path.glob("once.*")), by_s=2 * 3600)
    monkeypatch.setattr("actionpack.batch.handing.time", clock)
    result = run(root, tmp_path / "out", jobs=jobs, hands=hands(hangs_once, limit_s=3600))
    assert (result.exit, result.findings) == (Exit.DONE, [])
    assert volumes(tmp_path / "out") == meant
    assert workers_of(os.getpid()) == []


def test_a_volume_that_kills_every_worker_is_named_and_the_others_are_printed(
    root: Path, tmp_path: Path, meant: dict[str, bytes]
) -> None:
    out = tmp_path / "out"
    result = run(root, out, jobs=2, hands=hands(dies_on_the_second))
    assert result.exit is Exit.IN_PART
    assert [str(found) for found in result.findings] == [
        (
            f"{NAMES[1]}: error: '{NAMES[1]}' could not be made: its worker was killed or hung "
            "3 times; close other programs, or pass --jobs 1, which needs less memory; "
            "then pass --resume [render-failed]"
        )
    ]
    assert volumes(out) == {name: pdf for name, pdf in meant.items() if name != NAMES[1]}
    states = [pack["state"] for pack in json.loads((out / "manifest.json").read_text())["packs"]]
    assert states == 3 * ["done"] + 3 * ["not printed"] + 4 * ["done"]
    assert workers_of(os.getpid()) == []
    assert run(root, out, jobs=2, resume=True).exit is Exit.DONE
    assert volumes(out) == meant


def test_a_worker_that_is_killed_while_it_waits_is_replaced(task: Task) -> None:
    pool = LocalPool(1, get_ready)
    try:
        first = pool.submit(make_volume, packed(task)).result(PATIENCE_S)
        for pid in workers_of(os.getpid()):
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: workers_of(os.getpid()) == [])
        lost = pool.submit(make_volume, packed(task))
        assert lost.exception(PATIENCE_S) is not None
        pool.renew([])
        assert pool.submit(make_volume, packed(task)).result(PATIENCE_S) == first
    finally:
        pool.close()
    assert workers_of(os.getpid()) == []


@pytest.mark.parametrize("idle", [False, True])
def test_workers_begin_at_once_and_are_ended_however_often_that_is_said(
    tmp_path: Path, idle: bool
) -> None:
    ready = tmp_path / "ready"
    pool = LocalPool(3, partial(Path.touch, ready))
    wait_until(lambda: len(workers_of(os.getpid())) == 1)
    if idle:
        wait_until(ready.exists)
        # It is not known here before it was told.
        time.sleep(0.2)
    pool.start(2)
    wait_until(lambda: len(workers_of(os.getpid())) == 2)
    # Nor do others follow, however much there is to do.
    given = [pool.submit(bytes.upper, b"a") for _ in range(6)]
    assert [one.result(PATIENCE_S) for one in given] == [b"A"] * 6
    assert len(workers_of(os.getpid())) == 2
    pool.close()
    pool.close()
    assert workers_of(os.getpid()) == []


# What takes more than a few milliseconds to import.
SLOW = {"cryptography", "fontTools", "pypdfium2", "qrcode", "uharfbuzz", "zxingcpp"}


def test_a_worker_that_is_ready_imports_nothing_slow_for_its_first_volume(
    task: Task, tmp_path: Path
) -> None:
    (tmp_path / "task").write_bytes(packed(task))
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from actionpack.volume import get_ready, make_volume\n"
        "get_ready()\n"
        "before = set(sys.modules)\n"
        "make_volume(Path(sys.argv[1]).read_bytes())\n"
        "print(*sorted(set(sys.modules) - before))\n"
    )
    words = [sys.executable, "-c", script, str(tmp_path / "task")]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    imported = {name.partition(".")[0] for name in done.stdout.split()}
    assert imported.isdisjoint(SLOW), done.stdout
    assert "actionpack.preflight" not in done.stdout


def test_only_its_own_workers_are_ended() -> None:
    stranger = multiprocessing.get_context("spawn").Process(target=time.sleep, args=(3600,))
    stranger.start()
    try:
        pool = LocalPool(1, get_ready)
        assert pool.submit(bytes.upper, b"a").result(PATIENCE_S) == b"A"
        pool.close()
        assert stranger.is_alive()
    finally:
        stranger.kill()
        stranger.join()


@pytest.mark.usefixtures("once")
def test_workers_do_not_outlive_who_started_them(root: Path, tmp_path: Path) -> None:
    script = (
        "from batches import *; from pathlib import Path; import sys\n"
        "if __name__ == '__main__':\n"
        "    run(Path(sys.argv[1]), Path(sys.argv[2]), jobs=2, hands=hands(hangs))\n"
    )
    (tmp_path / "start.py").write_text(script)
    path = os.pathsep.join(filter(None, (str(TESTS), os.environ.get("PYTHONPATH"))))
    started = subprocess.Popen(
        [sys.executable, str(tmp_path / "start.py"), str(root), str(tmp_path / "out")],
        env={**os.environ, "PYTHONPATH": path},
    )
    try:
        # Both have begun: one that has not ends by itself.
        wait_until(lambda: len(list(tmp_path.glob("once.*"))) == 2)
        workers = workers_of(started.pid)
        assert len(workers) == 2
    finally:
        started.kill()
        started.wait()
    wait_until(lambda: not any(map(is_alive, workers)))
    # Whoever goes on finds a folder without a lock.
    assert run(root, tmp_path / "out", resume=True).exit is Exit.DONE
    assert begun(tmp_path / "out") == []


def test_the_usual_limit_grows_with_the_packs_and_with_what_is_read_back() -> None:
    # A minute to begin with; 500 packs at 0.06 s, or at 2 s when each is read back.
    assert usual_hands(500, proved=False).limit_s == 60 + 500 * 0.06
    assert usual_hands(500, proved=True).limit_s == 60 + 500 * 2
