"""How long it takes from a save to the proved file, in `watch`, against a cold `build`.

    python benchmarks/watch.py [--saves 30] [--memory]

Changes one word of the text, and looks at the clock when the findings of text and boxes are shown,
and when the proved file is in its place. Between saves it waits as a writer would: nothing is
measured in a row. `--memory` also prints what the processes hold at the beginning and at the end.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, cast

ROOT = Path(__file__).resolve().parents[1]
ACTION = "china-uyghur-families"
WORD = "Mihriban"
PAUSE_S = 0.3


def main() -> None:
    """Measure, print, and leave nothing behind."""
    parser = argparse.ArgumentParser(description="Time a save.")
    parser.add_argument("--saves", type=int, default=30)
    parser.add_argument("--memory", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        project = Path(name) / "project"
        shutil.copytree(ROOT / "content", project / "content")
        environment = os.environ | {
            "ACTIONPACK_CACHE": str(Path(name) / "cache"),
            "ACTIONPACK_TODAY": "2027-01-01",
            "ACTIONPACK_PROJECT": str(project),
        }
        cold = statistics.median(cold_build(environment) for _ in range(5))
        saves = warm_saves(project, environment, asked.saves, show_memory=asked.memory)
    print(f"{len(saves)} saves, each of one word")
    print(f"cold build, whole process       {cold:.3f} s")
    for what, times in zip(
        ("findings shown", "and the file in its place"), zip(*saves, strict=True), strict=True
    ):
        middle, worst = statistics.median(times), sorted(times)[int(len(times) * 0.95)]
        print(
            f"{what:<30}  {middle:.3f} s  {middle / cold:.2f} x cold"
            f"   (best {min(times):.3f}, 95 of 100 within {worst:.3f})"
        )


def command(*words: str) -> list[str]:
    return [str(Path(sys.executable).parent / "actionpack"), *words]


def cold_build(environment: dict[str, str]) -> float:
    """Seconds of one build that remembers nothing, whole process."""
    shutil.rmtree(environment["ACTIONPACK_CACHE"], ignore_errors=True)
    start = time.perf_counter()
    subprocess.run(  # noqa: S603 -- ours
        command("build", ACTION), env=environment, check=True, capture_output=True
    )
    return time.perf_counter() - start


def warm_saves(
    project: Path, environment: dict[str, str], count: int, *, show_memory: bool
) -> list[tuple[float, float]]:
    """Seconds of each save until the findings are shown, and until the file is in its place.

    There is always something to say: that the sender's country is not known. The first saves, in
    which everything is still waking, are left out.
    """
    text = project / "content" / ACTION / "en.md"
    pdf = project / "out" / f"{ACTION}.en.letter.a4.pdf"
    written = text.read_text(encoding="utf-8")
    with subprocess.Popen(  # noqa: S603 -- ours
        command("watch", ACTION),
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as watcher:
        paths, told = cast(IO[bytes], watcher.stdout), cast(IO[bytes], watcher.stderr)
        paths.readline()
        told.readline()
        told.readline()
        saves = []
        for number in range(count + 3):
            time.sleep(PAUSE_S)
            before = pdf.read_bytes()
            changed = written.replace(WORD, f"Mihri{number:03}")
            start = time.perf_counter()
            text.write_text(changed, encoding="utf-8")
            finding = told.readline()
            shown = time.perf_counter() - start
            said = told.readline()
            saves.append((shown, time.perf_counter() - start))
            if b"unknown-sender-country" not in finding or b" built " not in said:
                raise SystemExit(f"save {number} was not built: {finding!r} {said!r}")
            if pdf.read_bytes() == before:
                raise SystemExit(f"after save {number} the file is the one of before")
            paths.readline()
            if show_memory and number in (3, count + 2):
                print(f"after {number} saves: {held(watcher.pid)}")
        watcher.send_signal(signal.SIGINT)
    return saves[3:]


def held(parent: int) -> str:
    """What a process and those it started hold in memory (Linux), MB."""
    listed = subprocess.run(  # noqa: S603 -- a list of words, and the pids are numbers
        ["ps", "-o", "rss=", "--pid", str(parent), "--ppid", str(parent)],  # noqa: S607 -- of the system
        check=True,
        capture_output=True,
        text=True,
    )
    return " + ".join(f"{int(line) / 1024:.0f}" for line in listed.stdout.split()) + " MB"


if __name__ == "__main__":
    main()
