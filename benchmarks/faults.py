"""Kills a batch at random moments, goes on, and compares every byte with a clean run's.

    python benchmarks/faults.py [TIMES] [SEED]

Each time the batch is started anew and killed (SIGKILL): all of its processes, or the parent alone;
then what stands under a final name is looked at; then it goes on. The project, its cache and what
is made lie in a temporary folder.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKS, VOLUME = 240, 4
ACTION = "ombrovia-paper-boats"


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "actionpack.cli", "batch", "rome.yaml", "--jobs", "2", *words]


def write_project(root: Path) -> None:
    shutil.copytree(ROOT / "content" / ACTION, root / "content" / ACTION)
    rows = [
        f"{ACTION},en,Group {n},group{n}@example.org,Maria Rossi {n},s{n}"
        for n in range(1, PACKS + 1)
    ]
    head = "action,language,group,contact,sender,source"
    (root / "rome.csv").write_text("\n".join((head, *rows, "")), encoding="utf-8")
    (root / "rome.yaml").write_text(
        f"name: rome\nsender_country: IT\nrecipients: rome.csv\nvolume: {VOLUME}\n"
        "allow_expired: true\n",
        encoding="utf-8",
    )


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*")}


def run(root: Path, *words: str) -> float:
    """Carry the batch out; return the seconds it took."""
    began = time.monotonic()
    subprocess.run(  # noqa: S603 -- our own command
        command(*words), cwd=root, check=True, capture_output=True
    )
    return time.monotonic() - began


def killed(root: Path, after_s: float, *, everyone: bool) -> bool:
    """Start the batch and kill it after some seconds; whether it was still at work."""
    with subprocess.Popen(  # noqa: S603 -- our own command
        command(), cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:  # fmt: skip
        time.sleep(after_s)
        at_work = process.poll() is None
        if at_work:
            (os.killpg if everyone else os.kill)(process.pid, signal.SIGKILL)
        process.wait()
    return at_work


def moment(volumes: int) -> str:
    """When it was killed, told by how many volumes stood there."""
    if not volumes:
        return "before the first volume"
    return "after the last volume" if volumes == PACKS // VOLUME else "between volumes"


def main(times: int, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 -- the same moments for the same seed
    ends = Counter[str]()
    with tempfile.TemporaryDirectory() as named:
        root = Path(named)
        os.environ["ACTIONPACK_CACHE"] = str(root / "cache")
        write_project(root)
        run(root)
        out = root / "out" / "rome"
        clean = hashes(out)
        shutil.rmtree(out)
        usual = run(root)
        print(f"{PACKS} packs in {PACKS // VOLUME} volumes, {usual:.1f} s; seed {seed}")
        for turn in range(1, times + 1):
            shutil.rmtree(out, ignore_errors=True)
            everyone = chance.random() < 0.5
            at_work = killed(root, chance.uniform(0.2, usual), everyone=everyone)
            there = hashes(out) if out.exists() else {}
            finished = {n: h for n, h in there.items() if not n.startswith(".") and n in clean}
            torn = [n for n, h in finished.items() if n != "manifest.json" and h != clean[n]]
            strange = [n for n in there if not n.startswith(".") and n not in clean]
            if torn or strange:
                sys.exit(f"turn {turn}: not whole: {torn}; not ours: {strange}")
            run(root, "--resume")
            if hashes(out) != clean:
                sys.exit(f"turn {turn}: going on made other bytes")
            volumes = sum(1 for name in finished if name.startswith("volume"))
            ends[moment(volumes) if at_work else "too late"] += 1
    print(f"{times} times killed, each time the same bytes in the end: {dict(ends)}")


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 100, int(sys.argv[2]) if len(sys.argv) > 2 else 1
    )
