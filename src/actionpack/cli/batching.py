"""`batch`: thousands of packs from one plan."""

from __future__ import annotations

import os
import shlex
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from actionpack.cli.outcome import Outcome
from actionpack.cli.progress import Line
from actionpack.cli.shared import Command, Once, common, project_of, today
from actionpack.diagnostics import UsageFault, finding

if TYPE_CHECKING:
    from actionpack.batch.asked import Progress


@click.command(
    cls=Command,
    examples="""
    actionpack batch rome.yaml --dry-run
    actionpack batch rome.yaml
    actionpack batch rome.yaml --resume
    actionpack batch rome.yaml --rows 40-60 -o out/again
    """,
)
@click.argument("plan", metavar="PLAN.yaml")
@click.option(
    "-o", "output", cls=Once, metavar="DIR", help="The folder for it (default: out/NAME/)."
)
@click.option(
    "--jobs",
    cls=Once,
    type=click.IntRange(1, 256),
    metavar="N",
    help="How many processes work at a time (default: as many as this machine can run).",
)
@click.option(
    "--executor",
    cls=Once,
    metavar="URL",
    help="A dask scheduler whose workers stamp and bind: tls://NAME:8786.",
)
@click.option("--resume", is_flag=True, help="Go on where an earlier run was stopped.")
@click.option(
    "--rows",
    cls=Once,
    metavar="40-60",
    help="Only these rows of the spreadsheet, under their own numbers.",
)
@click.option(
    "--serials", cls=Once, metavar="40-60", help="Only the packs with these numbers on their pages."
)
@click.option("--dry-run", is_flag=True, help="Look at every row and say what it would come to.")
@click.option("--strict", is_flag=True, help="Refuse all of it for anything found.")
@click.option(
    "--proof",
    cls=Once,
    type=click.Choice(["sample", "all"]),
    help="Which packs are read back from the finished files (default: sample).",
)
@common
def batch(
    outcome: Outcome,
    plan: str,
    output: str | None,
    jobs: int | None,
    executor: str | None,
    resume: bool,
    rows: str | None,
    serials: str | None,
    dry_run: bool,
    strict: bool,
    proof: str | None,
) -> None:
    """Print the packs of a plan: laid out once, stamped many times, in volumes for the printer."""
    from actionpack.batch.asked import Asked
    from actionpack.batch.pools import cores
    from actionpack.batch.run import run_batch

    project = project_of(outcome)
    asked = Asked(
        plan=Path(plan),
        output=_folder(output),
        jobs=jobs or cores(),
        executor=executor,
        resume=resume,
        rows=_spans("--rows", rows),
        serials=_spans("--serials", serials),
        dry_run=dry_run,
        strict=strict,
        prove_all=proof == "all",
        # Until here it hardly waited for anything but its processor.
        started_in=time.process_time(),
    )
    line = _Line(quiet=outcome.as_json)
    try:
        with _ends_as_interrupts():
            result = run_batch(project, asked, today(), line.tell)
    finally:
        line.end()
    outcome.findings += result.findings
    outcome.files += result.files
    outcome.items.append(result.item)
    outcome.exit = result.exit
    outcome.note(_in_words(result.item, dry_run=dry_run))


@contextmanager
def _ends_as_interrupts() -> Iterator[None]:
    """Have what else ends a program, such as a shutdown or a closed terminal, end it like Ctrl-C.

    What is ignored stays so: that is how `nohup` keeps a program at work.
    """
    ends = [
        one for one in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(one) is signal.SIG_DFL
    ]
    for one in ends:
        signal.signal(one, signal.default_int_handler)
    try:
        yield
    finally:
        for one in ends:
            signal.signal(one, signal.SIG_DFL)


def _folder(named: str | None) -> Path | None:
    if named == "":
        cure = "name a folder, or leave the option out"
        raise UsageFault(finding("bad-value", "-o names no folder", cure=cure))
    if named is None:
        return None
    path = Path(named)
    # Of too long a name Path would raise.
    there = next((one for one in (path, *path.parents) if os.path.exists(one)), None)  # noqa: PTH110
    if there is not None and not there.is_dir():
        told = f"-o names a file, '{there}', and the packs go into a folder"
        other = there.with_suffix("") if there.suffix else there.with_name(f"{there.name}-packs")
        raise UsageFault(finding("bad-value", told, cure=f"write -o {shlex.quote(str(other))}"))
    return path


def _spans(option: str, text: str | None) -> tuple[range, ...] | None:
    from actionpack.batch.volumes import spans

    if text is None:
        return None
    try:
        return spans(text)
    except ValueError as error:
        cure = f"write it like this: {option} 40-60,75"
        raise UsageFault(finding("bad-value", f"{option}: {error}", cure=cure)) from None


def _in_words(item: dict[str, object], *, dry_run: bool) -> str:
    if not item:
        return "nothing was printed"
    size = float(str(item.get("bytes", 0))) / 1e6
    told = _count(item["packs"], "pack")
    if item.get("state") == "interrupted":
        told = f"stopped, go on with --resume: {told}"
    if left_out := item.get("left_out"):
        told += f" ({_count(left_out, 'pack')} left out)"
    if dry_run:
        if standing := item["standing"]:
            told += f", {standing} of them printed already; what is left"
        return (
            f"{told}: {_count(item['sheets'], 'sheet')}, {_count(item['sides'], 'side')}, "
            f"{_count(item['files'], 'file')}, about {size:.1f} MB and {item['seconds']} s"
        )
    return (
        f"{told} in {_count(item['volumes'], 'file')}, {_count(item['pages'], 'page')}, "
        f"{item['seconds']} s"
    )


def _count(number: object, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


class _Line(Line):
    """How far a batch is; what halts it is said when it begins and when it ends, and stays."""

    def __init__(self, *, quiet: bool) -> None:
        super().__init__(quiet=quiet)
        self._halted = ""

    def tell(self, progress: Progress) -> None:
        whole = bool(progress.all_packs) and progress.packs == progress.all_packs
        news = progress.halted != self._halted
        self._halted = progress.halted
        self.say(_told(progress), at_once=whole or news, stays=bool(progress.halted))


def _told(progress: Progress) -> str:
    if progress.halted:
        return progress.halted
    if not progress.all_packs:
        return progress.doing
    told = (
        f"{progress.doing}: {progress.packs} of {progress.all_packs} packs, "
        f"{progress.volumes} of {progress.all_volumes} volumes"
    )
    if not progress.packs or progress.seconds <= 0:
        return told
    rate = progress.packs / progress.seconds
    left = (progress.all_packs - progress.packs) / rate
    return f"{told}, {rate:.0f} a second, {left:.0f} s left"
