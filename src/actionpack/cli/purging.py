"""`purge`: nothing of ours stays behind."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from actionpack.cli.outcome import Outcome
from actionpack.cli.shared import Command, common

if TYPE_CHECKING:
    from actionpack.purging import Cleared


@click.command(
    cls=Command,
    examples="""
    actionpack purge
    actionpack purge /media/stick/rome
    """,
)
@click.argument("folders", metavar="[DIR]...", nargs=-1, type=click.Path(path_type=Path))
@common
def purge(outcome: Outcome, folders: tuple[Path, ...]) -> None:
    """Clear what is remembered between builds, and what was half written when a program was killed.

    Half-written files are looked for in out/ and in each DIR. What is finished stays.
    """
    from actionpack.project import project_if_any
    from actionpack.purging import purge as clear

    purged = clear(project_if_any(outcome.project, Path.cwd()), folders)
    outcome.findings += purged.findings
    outcome.items += map(asdict, purged.cleared)
    outcome.note("; ".join(f"{one.what}: {_counted(one)} cleared" for one in purged.cleared))


def _counted(one: Cleared) -> str:
    return f"{one.files} {'file' if one.files == 1 else 'files'}, {_size(one.bytes)},"


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count} bytes"
