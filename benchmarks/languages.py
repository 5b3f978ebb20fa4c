"""How long a pack takes in each language, against English.

    python benchmarks/languages.py [--runs 5] [--only TAG …] [--profile TAG]

The seed's pack in each language that it has, and some articles of the Universal Declaration in
every language whose words ship (tests/specimens.py), with all proofs. The processes run and have
their fonts; nothing finished is taken from the cache. CPU time is that of this process and of the
typesetter together, as the machine may do other things besides; the least of all runs counts.

Then a plan over twelve languages, of which nothing is laid out yet, with one worker and with two.
`--profile` prints where this process spends its time on a pack of the Declaration.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from actionpack.build import Means
from actionpack.pack import Request, Today
from actionpack.project import Project, find_project
from actionpack.typography import languages
from actionpack.workshop import Workshop

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from specimens import write_specimen  # noqa: E402 -- found by the line above

SEED, DECLARATION = "china-uyghur-families", "declaration"
TODAY = Today(here=date(2027, 1, 1), where_it_ends_last=date(2027, 1, 1))
MOST = 2.0
TWELVE = ("en", "fr", "de", "es", "it", "el", "ru", "tr", "ar", "hi", "ug", "zh-Hans")


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds that something took: of processors, and on the clock."""

    cpu: float
    wall: float


def main() -> int:
    """Measure and print; 1 when a language takes more than twice as long as English."""
    parser = argparse.ArgumentParser(description="Time packs in every language.")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--profile")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["ACTIONPACK_CACHE"] = str(folder / "cache")
        if asked.profile:
            profile(specimen(folder, asked.profile), asked.profile)
            return 0
        print("| | seed, CPU | clock | of English | declaration, CPU | clock | of English |")
        print("|---|--:|--:|--:|--:|--:|--:|")
        worst = 0.0
        for tag in asked.only or languages():
            cells = []
            for action in (SEED, DECLARATION):
                if action == SEED and not (ROOT / "content" / SEED / f"{tag}.md").exists():
                    cells += ["", "", ""]
                    continue
                took, english = beside_english(folder, action, tag, asked.runs)
                times = took.cpu / english.cpu
                worst = max(worst, times)
                cells += [f"{took.cpu:.2f} s", f"{took.wall:.2f} s", f"{times:.2f}"]
            print(f"| `{tag}` | {' | '.join(cells)} |", flush=True)
        if not asked.only:
            print(f"\na plan over {len(TWELVE)} languages, nothing laid out before")
            for jobs in (1, 2):
                runs = [plan(folder, jobs) for _ in range(3)]
                print(f"--jobs {jobs}   {least(runs).wall:.2f} s, {least(runs).cpu:.2f} s of CPU")
    return 1 if worst > MOST else 0


def specimen(folder: Path, tag: str) -> Project:
    """A project with some articles of the Declaration in a language."""
    root = folder / tag
    write_specimen(root, tag)
    return find_project(str(root), root)


def beside_english(folder: Path, action: str, tag: str, runs: int) -> tuple[Took, Took]:
    """The least that a pack takes, and one in English, after one that has loaded everything.

    The two take turns, so that whatever else the machine does falls on both alike.
    """
    took: dict[str, list[Took]] = {tag: [], "en": []}
    with ExitStack() as stack:
        at_work = {}
        for one in took:
            project = specimen(folder, one) if action == DECLARATION else seed()
            at_work[one] = stack.enter_context(Workshop(project, Means(keep=False)))
        for _ in range(runs + 1):
            for one, workshop in at_work.items():
                took[one].append(once(workshop, action, one))
    return least(took[tag][1:]), least(took["en"][1:])


def least(runs: Sequence[Took]) -> Took:
    return Took(min(one.cpu for one in runs), min(one.wall for one in runs))


def seed() -> Project:
    return find_project(str(ROOT), ROOT)


def once(workshop: Workshop, action: str, tag: str) -> Took:
    request = Request(action=action, language=tag, sender_country="IT", allow_draft=True)
    cpu, wall = busy_s(), time.perf_counter()
    workshop.pack(request, TODAY)
    return Took(busy_s() - cpu, time.perf_counter() - wall)


def busy_s() -> float:
    """Seconds of CPU of this process and of the children that it has (Linux).

    Those of another language wait meanwhile.
    """
    own = Path("/proc/self/task")
    children = [pid for task in own.iterdir() for pid in (task / "children").read_text().split()]
    spent = 0
    for pid in children:
        for task in Path(f"/proc/{pid}/task").iterdir():
            spent += int((task / "schedstat").read_text().split()[0])
    return time.process_time() + spent / 1e9


def plan(folder: Path, jobs: int) -> Took:
    """A whole process that prints one pack in each of twelve languages, its cache empty."""
    root = folder / "plan"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(ROOT / "content" / SEED, root / "content" / SEED)
    packs = "".join(f"  - {{action: {SEED}, language: {tag}}}\n" for tag in TWELVE)
    (root / "plan.yaml").write_text(
        f"name: twelve\nsender_country: IT\nallow_draft: true\nallow_stale: true\npacks:\n{packs}"
    )
    command = [str(Path(sys.executable).parent / "actionpack"), "batch", "plan.yaml"]
    environment = os.environ | {
        "ACTIONPACK_PROJECT": str(root),
        "ACTIONPACK_CACHE": str(root / "cache"),
        "ACTIONPACK_TODAY": TODAY.here.isoformat(),
    }
    cpu, wall = children_s(), time.perf_counter()
    subprocess.run(  # noqa: S603 -- ours
        [*command, "--jobs", str(jobs)], env=environment, cwd=root, check=True, capture_output=True
    )
    return Took(children_s() - cpu, time.perf_counter() - wall)


def children_s() -> float:
    """Seconds of CPU of the children that have ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def profile(project: Project, tag: str) -> None:
    """Print what takes time in this process; the typesetter's is the difference to the clock."""
    with Workshop(project, Means(keep=False)) as workshop:
        once(workshop, DECLARATION, tag)
        profiler = cProfile.Profile()
        took = profiler.runcall(once, workshop, DECLARATION, tag)
    print(f"{took.cpu:.2f} s of CPU, {took.wall:.2f} s on the clock")
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(40)


if __name__ == "__main__":
    sys.exit(main())
