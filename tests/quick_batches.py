"""Batches to test with: a small plan over one action, and the command run on it.

`quick` runs the command in this process, its volumes made here and its job sheet left blank;
`typed` starts it as a user does.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from projects import Bench, Ran

from actionpack.batch.pools import Work
from actionpack.diagnostics import Finding

PLAN = {"name": "rome", "sender_country": "IT", "recipients": "rome.csv", "volume": "4"}
COLUMNS = ("action", "language", "group", "contact", "sender", "source")
# Long enough for any machine; a test that needs it has failed.
PATIENCE_S = 120


def row(number: int, **changed: str) -> dict[str, str]:
    """A good row; no two of different numbers are the same."""
    return {
        "action": "river",
        "language": "en",
        "group": f"Group {number}",
        "contact": f"group{number}@example.org",
        "sender": f"Maria Rossi {number}\nvia Garibaldi {number}\n05100 Terni",
        "source": f"s{number}",
        **changed,
    }


def rows(count: int) -> list[dict[str, str]]:
    return [row(number) for number in range(1, count + 1)]


def write_plan(root: Path, table: Sequence[Mapping[str, str]], **keys: str | None) -> Path:
    """Write a plan and its table; a key that is None is left out."""
    out = io.StringIO(newline="")
    columns = dict.fromkeys((*COLUMNS, *(name for one in table for name in one)))
    writer = csv.DictWriter(out, tuple(columns), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    (root / "rome.csv").write_text(out.getvalue(), encoding="utf-8")
    said = {key: value for key, value in {**PLAN, **keys}.items() if value is not None}
    plan = root / "rome.yaml"
    plan.write_text("".join(f"{key}: {value}\n" for key, value in said.items()), encoding="utf-8")
    return plan


class Here:
    """A pool whose one worker is this process."""

    def __init__(self, jobs: int, get_ready: Callable[[], object]) -> None:
        del get_ready
        self.findings: list[Finding] = []
        self._jobs = jobs
        self.wide = self.workers = 1

    def start(self, workers: int) -> None:
        self.wide = self.workers = min(workers, self._jobs)

    def submit(self, work: Work, task: bytes) -> Future[bytes]:
        done: Future[bytes] = Future()
        done.set_result(work(task))
        return done

    def is_stranded(self, handed: Collection[Future[bytes]]) -> bool:
        return False

    def renew(self, hung: Collection[Future[bytes]]) -> None:
        raise AssertionError("nothing is lost or hangs here")

    def close(self) -> None:
        """There is nobody to end."""


BLANK = b"%PDF-1.7\n% a job sheet that says nothing\n%%EOF\n"


def made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have volumes made in this process, and job sheets left blank: both cost a second to start."""

    def blank(*_: object) -> bytes:
        return BLANK

    monkeypatch.setattr("actionpack.batch.run.LocalPool", Here)
    monkeypatch.setattr("actionpack.batch.run.lay_out_job_sheet", blank)


@dataclass(frozen=True, slots=True)
class Quick:
    """A project with a plan of twelve rows, and the command run on it in this process."""

    bench: Bench

    @property
    def root(self) -> Path:
        return self.bench.root

    @property
    def out(self) -> Path:
        return self.root / "out" / "rome"

    def plan(self, table: Sequence[Mapping[str, str]], **keys: str | None) -> None:
        write_plan(self.root, table, **keys)

    def run(self, *arguments: str) -> Ran:
        return self.bench.run("batch", "rome.yaml", "--jobs", "1", *arguments)

    def manifest(self, folder: str = "rome") -> dict[str, Any]:
        return manifest_of(self.root / "out" / folder)


def manifest_of(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
    return told


def typed(
    root: Path, *words: str, env: Mapping[str, str] | None = None, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run the command as a user types it."""
    return subprocess.run(
        command(*words),
        cwd=root,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
        **options,
    )


def started(
    root: Path, *words: str, env: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start the command as a terminal does: in a process group of its own."""
    return subprocess.Popen(
        command(*words),
        cwd=root,
        env={**os.environ, **(env or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "actionpack.cli", *words]


def files(folder: Path) -> dict[str, bytes]:
    """Everything in a folder and below, by its name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def hashes(found: Mapping[str, bytes]) -> dict[str, str]:
    """The same in short, so that what differs can be read."""
    return {name: hashlib.sha256(data).hexdigest()[:12] for name, data in found.items()}


def holding(folder: Path, words: Iterable[str]) -> list[tuple[str, str]]:
    """The files of a folder in which one of some words stands, packed or not, with the word."""
    return [
        (name, word)
        for name, data in files(folder).items()
        for plain in (data + b"".join(unpacked_streams(data)),)
        for word in words
        if word.encode() in plain or word.encode("utf-16-be") in plain
    ]


def unpacked_streams(data: bytes) -> Iterator[bytes]:
    """What the streams of a PDF hold, wherever in a file they stand."""
    for found in re.finditer(rb"stream\r?\n", data):
        with suppress(zlib.error):
            yield zlib.decompressobj().decompress(data[found.end() :])
