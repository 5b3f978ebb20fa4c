"""Thousands of packs: `actionpack batch` against what people use today, on the same pack.

    python benchmarks/batch.py [--json FILE] [--only ours,typst] [--most 5000] [--times 3]
                               [--pages FOLDER] [--typst PYTHON]

The pack is the seed's letter: four pages, with two QR codes, a group, a contact, a serial and a
sender of four lines, all of its own. The peers are in `peers/`: a WeasyPrint document a pack,
appended with pypdf (`naive`); one WeasyPrint document for all (`one document`); Typst, in documents
of 500 packs (`typst`; one of 5,000 was killed at 24 GB). They prove nothing of what they wrote;
ours does. With two workers a peer is two processes with half of the rows each. Every run has as
many cores as workers, is timed as a whole process with nothing kept from before, and its last pack
is read back: its pages counted, its words looked for, its codes decoded. Memory is what all
processes hold together at its highest (Linux), seen ten times a second. On a machine that is
busy with other things, the seconds of its processors say more than those of the clock.

What a second worker brings is measured several times, one and two by turns, and the middle of it
counts; before each, two processes that do nothing but count say what a second core brings just
then.

Typst is installed into an environment of its own for the time of the run (peers/requirements.txt),
unless the Python of one that has it is named.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pypdfium2
import zxingcpp

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "peers")]

from build import ACTION, ROOT, TODAY, pages  # noqa: E402 -- found by the line above
from html_pages import png  # noqa: E402 -- the same
from people import ONLINE, Person, people, read, write  # noqa: E402 -- the same

from actionpack.qr import Codes, best_mask  # noqa: E402 -- below what finds the lines above
from actionpack.render import fontconfig  # noqa: E402 -- the same

PAGES = 4
SECONDS_BETWEEN_LOOKS = 0.1
FONTS = ROOT / "assets" / "fonts"
# A second or two of work that needs nothing but a core.
COUNTING = [sys.executable, "-c", "for _ in range(60_000_000): pass"]

PLAN = f"""\
name: benchmark
layout: letter
paper: a4
window: dl-left
recipients:
  file: rows.csv
  defaults: {{action: {ACTION}, language: en}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One measured run: seconds of wall clock and of all processors together, bytes of all files,
    bytes held at the highest."""

    peer: str
    packs: int
    workers: int
    seconds: float
    worked: float
    size: int
    memory: int

    @property
    def ms(self) -> float:
        return self.seconds * 1000 / self.packs

    @property
    def kilobytes(self) -> float:
        return self.size / 1000 / self.packs


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one process of a peer gets: a folder with its rows, and the serial of the first."""

    folder: Path
    persons: list[Person]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What all runs share."""

    folder: Path
    html: Path
    css: Path
    environment: dict[str, str]
    typst: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """How a peer is run: how many packs it is asked for, and the commands for its shares.

    `at_once`: the peer is one process that is told the number of workers.
    """

    name: str
    sizes: tuple[int, ...]
    commands: Callable[[Bench, Share, int], list[str]]
    at_once: bool = False


def ours(bench: Bench, share: Share, workers: int) -> list[str]:
    plan = share.folder / "plan.yaml"
    plan.write_text(PLAN, encoding="utf-8")
    command = str(Path(sys.executable).parent / "actionpack")
    out = str(share.folder / "out")
    return [command, "batch", str(plan), "-o", out, "--jobs", str(workers), "--json"]


def html_pages(how: str) -> Callable[[Bench, Share, int], list[str]]:
    def command(bench: Bench, share: Share, workers: int) -> list[str]:
        script = [sys.executable, str(HERE / "peers" / "html_pages.py"), how]
        rows = [str(share.folder / "rows.csv"), str(share.persons[0].serial)]
        (share.folder / "out").mkdir()
        return [*script, *rows, str(bench.html), str(bench.css), str(share.folder / "out/all.pdf")]

    return command


def typst(bench: Bench, share: Share, workers: int) -> list[str]:
    """The codes are made before the clock starts, which Typst has not to answer for."""
    for name in ("letter.typ", "scissors.svg"):
        shutil.copy(HERE / "peers" / name, share.folder)
    codes = Codes(best_mask(ONLINE))
    rows = []
    for person in share.persons:
        picture = share.folder / f"{person.serial}.png"
        picture.write_bytes(base64.b64decode(png(codes, person.url)))
        row = {"group": person.group, "contact": person.contact, "sender": person.sender}
        rows.append(row | {"serial": str(person.serial), "code": picture.name})
    (share.folder / "rows.json").write_text(json.dumps(rows), encoding="utf-8")
    (share.folder / "out").mkdir()
    script = [bench.typst, str(HERE / "peers" / "typst_pages.py")]
    return [*script, str(share.folder), str(FONTS), str(len(rows))]


PEERS = (
    Peer(name="naive", sizes=(50, 500), commands=html_pages("naive")),
    Peer(name="one document", sizes=(50, 200), commands=html_pages("one")),
    Peer(name="typst", sizes=(50, 500, 5000), commands=typst),
    Peer(name="ours", sizes=(50, 500, 5000, 100_000), commands=ours, at_once=True),
)


def main() -> None:
    """Measure, print a line for each run, then what it comes to."""
    asked = arguments()
    chosen = [peer for peer in PEERS if not asked.only or peer.name in asked.only.split(",")]
    runs: list[Run] = []
    machine: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        bench = made_ready(
            Path(name), asked.typst, needs_typst=any(p.name == "typst" for p in chosen)
        )
        print(f"{'':<14}   packs  workers   seconds  CPU secs   ms each   KB each  MB held")
        for peer in chosen:
            sizes = [size for size in peer.sizes if size <= asked.most]
            often = asked.times if peer.name == "ours" else 1
            for packs in [*sizes, *sizes[-1:] * (often - 1)]:
                if packs == sizes[-1]:
                    machine.append(second_core(bench.environment))
                for workers in (1, 2):
                    run = measured(bench, peer, packs, workers, asked.pages)
                    runs.append(run)
                    print(
                        f"{run.peer:<14}{run.packs:>8}{run.workers:>9}{run.seconds:>10.2f}{run.worked:>10.2f}"
                        f"{run.ms:>10.2f}{run.kilobytes:>10.2f}{run.memory / 1e6:>9.0f}",
                        flush=True,
                    )
    for line in told(list(middle(runs))):
        print(line)
    each = ", ".join(f"{brought:.2f}" for brought in machine)
    print(f"{'this machine':<14}two processes that only count are {each} x as fast as one")
    if asked.json:
        Path(asked.json).write_text(json.dumps([asdict(run) for run in runs], indent=1) + "\n")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Time thousands of packs.")
    parser.add_argument("--json", help="write the figures into this file")
    parser.add_argument("--only", default="", help="peers, with commas between them")
    parser.add_argument("--most", type=int, default=100_000, help="no run of more packs than this")
    parser.add_argument(
        "--times", type=int, default=3, help="how often our largest run is measured"
    )
    parser.add_argument(
        "--pages", type=Path, help="draw the last pack of each peer into this folder"
    )
    parser.add_argument("--typst", default="", help="a Python that has typst")
    return parser.parse_args()


def made_ready(folder: Path, python: str, *, needs_typst: bool) -> Bench:
    """The page that a build hands to WeasyPrint, our fonts for it, and Typst."""
    html, css = pages(folder / "cache")
    fonts = folder / "fonts.conf"
    fonts.write_text(fontconfig((FONTS,), folder / "fontcache"))
    own = {
        "ACTIONPACK_CACHE": str(folder / "cache"),
        "ACTIONPACK_TODAY": TODAY.isoformat(),
        "ACTIONPACK_PROJECT": str(ROOT),
        "FONTCONFIG_FILE": str(fonts),
    }
    if needs_typst and not python:
        python = typst_environment(folder / "typst")
    return Bench(folder=folder, html=html, css=css, environment=os.environ | own, typst=python)


def typst_environment(folder: Path) -> str:
    """Install Typst apart; raises SystemExit when that cannot be."""
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    wanted = HERE / "peers" / "requirements.txt"
    done = subprocess.run(  # noqa: S603 -- our own words
        [python, "-m", "pip", "install", "--quiet", "-r", str(wanted)],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(
            f"typst cannot be installed from {wanted}:\n{done.stderr}\n"
            "name a Python that has it with --typst, or leave it out with --only"
        )
    return python


# --------------------------------------------------------------------------------- measuring


def measured(bench: Bench, peer: Peer, packs: int, workers: int, drawn: Path | None) -> Run:
    """Run a peer once, and look at what it wrote; raises SystemExit when that is not right."""
    folder = bench.folder / "run"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(bench.environment["ACTIONPACK_CACHE"], ignore_errors=True)
    persons = list(people(packs))
    shares = list(shared(folder, persons, 1 if peer.at_once else workers))
    commands = [peer.commands(bench, share, workers) for share in shares]
    seconds, worked, memory = timed(commands, bench.environment, workers)
    files = sorted(folder.glob("*/out/**/*.pdf"))
    written = [file for file in files if file.name.startswith(("all", "volume-"))]
    counted = sum(len(pypdfium2.PdfDocument(file)) for file in written)
    if counted != packs * PAGES:
        raise SystemExit(f"{peer.name}: {counted} pages for {packs} packs of {PAGES}")
    # With two workers, the file that holds the last pack is the last as well.
    look_at(written[-1], persons[-1], peer.name)
    if drawn:
        draw(written[-1], drawn / f"{peer.name.replace(' ', '-')}.png")
    size = sum(file.stat().st_size for file in written)
    return Run(
        peer=peer.name,
        packs=packs,
        workers=workers,
        seconds=seconds,
        worked=worked,
        size=size,
        memory=memory,
    )


def shared(folder: Path, persons: list[Person], parts: int) -> Iterator[Share]:
    """Cut the rows into parts of about the same length, each in a folder of its own."""
    for part in range(parts):
        own = persons[len(persons) * part // parts : len(persons) * (part + 1) // parts]
        place = folder / str(part)
        place.mkdir(parents=True)
        write(place / "rows.csv", iter(own))
        if read(place / "rows.csv", own[0].serial) != own:
            raise SystemExit("the rows do not read back as they were written")
        yield Share(folder=place, persons=own)


def timed(
    commands: Sequence[list[str]], environment: dict[str, str], cores: int
) -> tuple[float, float, int]:
    """Seconds until all have ended, those that processors worked, and the bytes held at most."""
    allowed = sorted(os.sched_getaffinity(0))[:cores]
    most = 0
    with tempfile.TemporaryFile() as said:
        os.sched_setaffinity(0, allowed)  # which the processes inherit
        try:
            start, before = time.perf_counter(), processors()
            running = [
                subprocess.Popen(  # noqa: S603 -- the benchmark's own words
                    words, env=environment, stdout=said, stderr=said
                )
                for words in commands
            ]
            # Looking costs a little, and falls on all alike.
            while any(process.poll() is None for process in running):
                most = max(most, sum(held(process.pid) for process in running))
                time.sleep(SECONDS_BETWEEN_LOOKS)
            seconds, worked = time.perf_counter() - start, processors() - before
        finally:
            os.sched_setaffinity(0, range(os.cpu_count() or 1))
        if any(process.returncode for process in running):
            said.seek(0)
            ends = ", ".join(str(process.returncode) for process in running)
            raise SystemExit(f"{said.read().decode(errors='replace')[-3000:]}\nended with {ends}")
    return seconds, worked, most


def second_core(environment: dict[str, str]) -> float:
    """How much faster two processes on two cores count than one on one, just now."""
    one, _, _ = timed([COUNTING], environment, 1)
    two, _, _ = timed([COUNTING] * 2, environment, 2)
    return 2 * one / two


def processors() -> float:
    """Seconds that processors worked for processes which have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def held(pid: int) -> int:
    """Bytes that a process and all below it hold; what they share counts once."""
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0  # ended meanwhile
    own = re.search(r"^Pss: +(\d+) kB", rollup, re.MULTILINE)
    return (int(own[1]) * 1024 if own else 0) + sum(held(int(child)) for child in below)


# ---------------------------------------------------------------------------- honest work


def look_at(file: Path, person: Person, peer: str) -> None:
    """See that the last four pages are this person's."""
    document = pypdfium2.PdfDocument(file)
    last = [document[len(document) - PAGES + number] for number in range(PAGES)]
    text = "\n".join(page.get_textpage().get_text_range() for page in last)
    words = " ".join(text.split())
    missing = [
        wanted
        for wanted in (
            *(person.group, person.contact, *person.sender, str(person.serial)),
            *("China: Uyghur families", "Mihriban and Ablikim fled from Xinjiang", "Take action"),
            *("Dear President Xi,", "Yours sincerely,", "Keep this part", "CHINA"),
        )
        if wanted not in words
    ]
    codes = [
        code.text
        for page in last
        for code in zxingcpp.read_barcodes(page.render(scale=200 / 72).to_pil())
    ]
    if missing or codes != [person.url] * 2:
        raise SystemExit(f"{peer}: the last pack lacks {missing}, and its codes say {codes}")


def draw(file: Path, to: Path) -> None:
    """Draw the last pack, its pages side by side."""
    from PIL import Image

    document = pypdfium2.PdfDocument(file)
    last = [
        document[len(document) - PAGES + number].render(scale=1).to_pil() for number in range(PAGES)
    ]
    whole = Image.new("RGB", (sum(page.width + 4 for page in last), last[0].height), "grey")
    left = 0
    for page in last:
        whole.paste(page, (left, 0))
        left += page.width + 4
    to.parent.mkdir(parents=True, exist_ok=True)
    whole.save(to)


# ------------------------------------------------------------------------------ what it comes to


def middle(runs: Sequence[Run]) -> Iterator[Run]:
    """One run for each peer, size and number of workers: the middle of those that were measured."""
    for key in dict.fromkeys((run.peer, run.packs, run.workers) for run in runs):
        same = [run for run in runs if (run.peer, run.packs, run.workers) == key]
        yield replace(
            same[0],
            seconds=statistics.median(run.seconds for run in same),
            worked=statistics.median(run.worked for run in same),
            memory=max(run.memory for run in same),
        )


def told(runs: Sequence[Run]) -> Iterator[str]:
    """What each further pack costs on one core, against ours; and what a second worker brings."""
    yield ""
    further = {
        name: each_further([run for run in runs if run.peer == name and run.workers == 1])
        for name in dict.fromkeys(run.peer for run in runs)
    }
    own = further.get("ours")
    for name, cost in further.items():
        if cost is None:
            continue
        ms, kilobytes = cost
        line = f"{name:<14}each further pack on one core {ms:8.2f} ms {kilobytes:7.2f} KB"
        if own and name != "ours":
            line += f"   {ms / own[0]:.0f} x our time, {kilobytes / own[1]:.0f} x our size"
        yield line
    seconds = {(run.peer, run.packs, run.workers): run.seconds for run in runs}
    for name in further:
        sizes = sorted({packs for peer, packs, workers in seconds if (peer, workers) == (name, 2)})
        if not sizes:
            continue
        one, two = ([seconds[name, packs, workers] for packs in sizes[-2:]] for workers in (1, 2))
        line = f"{name:<14}two workers are {one[-1] / two[-1]:.2f} x as fast at {sizes[-1]} packs"
        if len(one) == 2:
            line += f", {(one[1] - one[0]) / (two[1] - two[0]):.2f} x for each further pack"
        yield line


def each_further(runs: Sequence[Run]) -> tuple[float, float] | None:
    """Milliseconds of processor and kilobytes of one pack more, from the two largest runs.

    What is paid once, to start and to lay out, falls away. None: there is only one run.
    """
    if len(runs) < 2:
        return None
    less, more = sorted(runs, key=lambda run: run.packs)[-2:]
    packs = more.packs - less.packs
    return (more.worked - less.worked) * 1000 / packs, (more.size - less.size) / 1000 / packs


if __name__ == "__main__":
    main()
