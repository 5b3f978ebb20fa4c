"""`calibrate`: a sheet to measure a printer with."""

from __future__ import annotations

from pathlib import Path

import click

from actionpack.cli.outcome import Outcome
from actionpack.cli.shared import Command, common, today


@click.command(
    cls=Command,
    examples="""
    actionpack calibrate
    actionpack calibrate --window c6-5-left
    actionpack calibrate --paper letter --window us-10 -o test.pdf
    """,
)
@click.option("--paper", default="a4", show_default=True, help="The paper to print on.")
@click.option("--window", help="The window of your envelopes (default: the paper's usual one).")
@click.option("-o", "--output", metavar="FILE", help="Where to write it.")
@common
def calibrate(outcome: Outcome, paper: str, window: str | None, output: str | None) -> None:
    """Make a sheet that shows whether your printer and envelopes do what packs count on."""
    from actionpack.calibrating import place_calibration
    from actionpack.project import project_if_any

    project = project_if_any(outcome.project, Path.cwd())
    out = project.out if project else Path()
    path = place_calibration(paper, window, today().here, Path(output) if output else out)
    outcome.files.append(project.label(path) if project else str(path))
    outcome.note("print it at 100 %, on both sides, flipped on the long edge, and follow it")
