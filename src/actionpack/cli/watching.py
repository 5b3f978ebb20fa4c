"""`watch`: a pack again at every save."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from actionpack.cli.asking import building, placing, requests_of
from actionpack.cli.outcome import Outcome
from actionpack.cli.shared import Command, common, project_of, today
from actionpack.diagnostics import Exit, Finding, has_errors

if TYPE_CHECKING:
    from actionpack.project import Project
    from actionpack.watching import Round


@click.command(
    cls=Command,
    examples="""
    actionpack watch china-uyghur-families
    actionpack watch china-uyghur-families --lang it --strict
    """,
)
@building
@common
def watch(
    outcome: Outcome,
    action: str,
    tags: tuple[str, ...],
    layouts: tuple[str, ...],
    settings: tuple[str, ...],
    keep_rejected: bool,
    output: str | None,
    **options: Any,
) -> Exit:
    """Build ACTION, and again at every save, until you press Ctrl-C.

    Saving the action, its layout or what lies in assets/ starts a build. Each says on standard
    error what is wrong and how long it took, and on standard output the path of each file it
    wrote. With --json it prints one JSON object a line, one for each build.
    """
    from actionpack.watching import watch as rounds

    project = project_of(outcome)
    requests = requests_of(outcome, project, action, tags, layouts, settings, options)
    place = placing(project, output, len(requests), keep_rejected=keep_rejected)
    _say(outcome, *outcome.notes)
    outcome.notes.clear()
    told: list[Finding] = []

    def tell(found: tuple[Finding, ...]) -> None:
        _say(outcome, *(str(outcome.told(one)) for one in found))
        told.extend(found)

    try:
        with (
            _ended_as_by_ctrl_c(),
            closing(rounds(project, requests, place=place, today=today, tell=tell)) as endless,
        ):
            for made in endless:
                _show_round(outcome, made, told, project)
                told.clear()
    except KeyboardInterrupt:
        _say(outcome, "stopped")
    return Exit.INTERRUPTED


def _say(outcome: Outcome, *notes: str) -> None:
    """Say something to a person at once."""
    for note in notes:
        if not outcome.as_json:
            click.echo(note, err=True)


@contextmanager
def _ended_as_by_ctrl_c() -> Iterator[None]:
    """Leave no process behind either when a program ends this one, or the terminal is closed."""
    before = {ending: signal.getsignal(ending) for ending in (signal.SIGTERM, signal.SIGHUP)}
    for ending, handler in before.items():
        # Under nohup the terminal may close.
        if handler is not signal.SIG_IGN:
            signal.signal(ending, signal.default_int_handler)
    try:
        yield
    finally:
        for ending, handler in before.items():
            signal.signal(ending, handler)


def _show_round(outcome: Outcome, made: Round, told: list[Finding], project: Project) -> None:
    """Say how one build of `watch` ended; a person was `told` some of it before."""
    files = [project.label(path) for path in made.paths]
    took = f"{made.seconds:.2f} s"
    shown = Outcome(
        options=outcome.options,
        as_json=outcome.as_json,
        files=files,
        items=[{"seconds": round(made.seconds, 3)}],
        findings=[found for found in made.findings if outcome.as_json or found not in told],
        exit=made.exit,
    )
    now = f"{datetime.now().astimezone():%H:%M:%S}"
    if has_errors(made.findings):
        shown.note(f"{now} not fit for print: mend what is listed above ({took})")
    else:
        shown.note(f"{now} built {', '.join(files)} in {took}")
    shown.show()
    sys.stdout.flush()
