"""Rows hold people's names: where they may be found afterwards, and where never. And `purge`."""

from __future__ import annotations

import os
import signal
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from projects import Bench, Ran, page_texts
from quick_batches import (
    PATIENCE_S,
    Quick,
    files,
    holding,
    made_here,
    row,
    rows,
    started,
    typed,
    write_plan,
)

from actionpack.store import LOCK, cache_put, hold, parts_in, write_whole

# Words of nobody, one for each thing that a row can set.
CANARIES = {
    "group": "Kanarigroup",
    "contact": "Kanaricontact",
    "sender": "Kanarisender",
    "source": "kanarisource",
}
WORDS = tuple(CANARIES.values())


def canaries(count: int) -> list[dict[str, str]]:
    return [
        row(number, **{field: f"{word}{number}" for field, word in CANARIES.items()})
        for number in range(1, count + 1)
    ]


@pytest.fixture
def places(bench: Bench) -> tuple[Path, dict[str, str]]:
    """A project, and the folders that a command may write to besides."""
    root = bench.root
    for name in ("cache", "tmp", "home"):
        (root / name).mkdir()
    return root, {"TMPDIR": str(root / "tmp"), "HOME": str(root / "home")}


def kept(root: Path) -> list[tuple[str, str]]:
    """Where canaries are found besides the finished PDF files and what the user wrote."""
    found = [
        (f"{name}/{inside}", word)
        for name in ("cache", "tmp", "home")
        for inside, word in holding(root / name, WORDS)
    ]
    out = holding(root / "out", WORDS) if (root / "out").exists() else []
    return found + [(f"out/{name}", word) for name, word in out if not name.endswith(".pdf")]


def test_nothing_of_a_row_is_found_but_on_the_pages(
    places: tuple[Path, dict[str, str]],
) -> None:
    root, env = places
    write_plan(root, canaries(6), singles="true")
    batch = typed(root, "batch", "rome.yaml", "--jobs", "2", "--proof", "all", env=env)
    assert batch.returncode == 0
    pages = " ".join(page_texts((root / "out/rome/volume-001.pdf").read_bytes()))
    # The source is in the address of the code alone.
    assert all(f"{word}1" in pages for word in WORDS[:3])
    sets = [f"--set={field}={word}7" for field, word in CANARIES.items()]
    build = typed(root, "build", "river", "--sender-country", "IT", *sets, env=env)
    assert build.returncode == 0
    assert kept(root) == []
    # They would be found there if they were: the file itself holds them.
    assert {word for _, word in holding(root / "out/rome/packs", WORDS)} == set(WORDS)
    told = batch.stdout + batch.stderr + build.stdout + build.stderr
    assert [word for word in WORDS if word in told] == []
    assert files(root / "tmp") == {}


def test_nor_when_it_is_killed_and_what_was_half_written_is_purged(
    places: tuple[Path, dict[str, str]],
) -> None:
    root, env = places
    write_plan(root, canaries(60), volume="2")
    with started(root, "batch", "rome.yaml", "--jobs", "2", env=env) as process:
        deadline = time.monotonic() + PATIENCE_S
        while not (root / "out/rome/volume-003.pdf").exists():
            assert time.monotonic() < deadline
            time.sleep(0.005)
        os.killpg(process.pid, signal.SIGKILL)
        assert process.stderr is not None
        said = process.stderr.read().decode()
    assert [word for word in WORDS if word in said] == []
    parts = [name for name in files(root / "out/rome") if name.endswith(".part")]
    assert [name for name, _ in kept(root) if name.removeprefix("out/rome/") not in parts] == []
    assert typed(root, "purge", env=env).returncode == 0
    assert kept(root) == []
    assert [name for name in files(root / "out/rome") if name.startswith(".")] == []


def test_the_manifest_names_no_language_or_action_that_a_bad_row_has(
    quick: Quick,
) -> None:
    quick.plan([row(1), row(2, language="Kanari"), row(3, action="Kanari")])
    assert quick.run().code == 4
    assert b"Kanari" not in (quick.out / "manifest.json").read_bytes()


def test_while_it_is_written_a_file_is_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes = []
    fsync = os.fsync

    def looked(handle: int) -> None:
        told = os.fstat(handle)
        if stat.S_ISREG(told.st_mode):
            modes.append(stat.S_IMODE(told.st_mode))
        fsync(handle)

    monkeypatch.setattr("actionpack.store.os.fsync", looked)
    mask = os.umask(0)
    try:
        write_whole(tmp_path / "volume-001.pdf", b"names", inside=tmp_path)
        with hold(tmp_path, label="here"):
            modes.append(stat.S_IMODE((tmp_path / LOCK).stat().st_mode))
    finally:
        os.umask(mask)
    assert modes == [0o600, 0o600]
    # What is finished is to be handed on: it has the mode that files here usually have.
    assert stat.S_IMODE((tmp_path / "volume-001.pdf").stat().st_mode) == 0o666


# ---------------------------------------------------------------------------------------- purge


@pytest.fixture
def quick(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Quick:
    made_here(monkeypatch)
    return Quick(bench)


def cleared(ran: Ran) -> dict[str, tuple[int, int]]:
    return {one["what"]: (one["files"], one["bytes"]) for one in ran.items}


def test_purge_clears_the_cache_and_what_was_half_written(quick: Quick) -> None:
    quick.plan(rows(3), singles="true")
    quick.run()
    finished = files(quick.root / "out")
    size = sum(map(len, files(quick.root / "cache").values()))
    count = len(files(quick.root / "cache"))
    half = "abcd1234.actionpack.part"
    for name in (f"out/.river.en.pdf.{half}", f"out/rome/.volume-001.pdf.{half}",
                 f"out/rome/packs/.1.pdf.{half}", "out/rome/.lock"):  # fmt: skip
        (quick.root / name).write_bytes(b"" if name.endswith("lock") else b"half")
    ran = quick.bench.run("purge")
    assert (ran.code, ran.findings) == (0, ())
    assert cleared(ran) == {"cache": (count, size), "half-written files": (3, 12)}
    assert count >= 2
    assert not (quick.root / "cache").exists()
    assert files(quick.root / "out") == finished
    assert cleared(quick.bench.run("purge")) == {"cache": (0, 0), "half-written files": (0, 0)}


def test_purge_clears_other_folders_that_are_named(
    quick: Quick, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stick = tmp_path_factory.mktemp("stick")
    (stick / ".volume-001.pdf.abcd1234.actionpack.part").write_bytes(b"half")
    (stick / "volume-001.pdf").write_bytes(b"whole")
    ran = quick.bench.run("purge", str(stick))
    assert cleared(ran)["half-written files"] == (1, 4)
    assert sorted(files(stick)) == ["volume-001.pdf"]


@pytest.mark.parametrize(
    "name",
    [
        ".mine.part",
        # As another program may call what it loads: any word of eight letters looks like ours.
        ".film.download.part",
        ".letter.odt.k3v9x_2a.part",
        ".actionpack.part",
        ".abcd1234.actionpack.part",
        "volume-001.pdf.abcd1234.actionpack.part",
        f".{'x' * 41}.abcd1234.actionpack.part",
    ],
)
def test_purge_takes_only_what_this_program_began_to_write(quick: Quick, name: str) -> None:
    quick.out.mkdir(parents=True)
    (quick.out / name).write_bytes(b"mine")
    ran = quick.bench.run("purge", str(quick.out))
    assert cleared(ran)["half-written files"] == (0, 0)
    assert files(quick.out) == {name: b"mine"}


@pytest.mark.parametrize("name", ["x", "volume-001.pdf", "long " * 20, "два\nряда", "a.part"])
def test_whatever_was_being_written_when_a_program_was_killed_is_taken(
    tmp_path: Path, name: str
) -> None:
    child = os.fork()
    if child == 0:

        def halves() -> Iterator[bytes]:
            yield b"half"
            os.kill(os.getpid(), signal.SIGKILL)

        try:
            write_whole(tmp_path / name, halves(), inside=tmp_path)
        finally:
            os._exit(1)
    os.waitpid(child, 0)
    (left,) = tmp_path.iterdir()
    assert parts_in(tmp_path) == (left,)


def test_purge_leaves_a_batch_alone_that_is_being_made(quick: Quick) -> None:
    part = quick.out / ".volume-001.pdf.abcd1234.actionpack.part"
    with hold(quick.out, label="out/rome"):
        part.write_bytes(b"half")
        ran = quick.bench.run("purge")
        assert (ran.code, ran.only("exists")["severity"]) == (0, "warning")
        assert ran.only("exists")["message"] == "another batch is being made in 'out/rome'"
        assert part.exists()
    assert cleared(quick.bench.run("purge"))["half-written files"] == (1, 4)


@pytest.mark.parametrize("name", ["letters.txt", "ab/thesis.doc", "ab/cd/x", "photos/1.jpg"])
def test_purge_refuses_a_folder_that_is_no_cache_of_ours(
    quick: Quick, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    home = quick.root / "home"
    monkeypatch.setenv("ACTIONPACK_CACHE", str(home))
    cache_put("ab" + "0" * 62, {"part": b"kept"})
    (home / name).parent.mkdir(parents=True, exist_ok=True)
    (home / name).write_bytes(b"a life's work")
    before = files(home)
    ran = quick.bench.run("purge")
    told = ran.only("bad-value")
    assert ran.code == 1
    first = (
        name if name.count("/") < 2 and not name.startswith("photos") else name.rpartition("/")[0]
    )
    assert told["message"] == f"'{home}' is no cache of actionpack: it holds '{first}'"
    assert told["cure"] == "correct ACTIONPACK_CACHE, or take that away"
    assert files(home) == before


def test_purge_works_outside_a_project_and_says_what_it_did(tmp_path: Path, bench: Bench) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for path in ("content/river/action.yaml", "content/river/en.md"):
        with suppress(FileNotFoundError):
            (tmp_path / path).unlink()
    (tmp_path / "content/river").rmdir()
    (tmp_path / "content").rmdir()
    cache_put("ab" + "0" * 62, {"part": b"kept" * 40_000})
    ran = typed(elsewhere, "purge")
    assert (ran.returncode, ran.stdout) == (0, "")
    assert ran.stderr == (
        "cache: 1 file, 0.2 MB, cleared; half-written files: 0 files, 0 bytes, cleared\n"
    )
