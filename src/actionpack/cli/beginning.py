"""Commands that begin something: `init`, `new`, `new-layout`, `import`."""

from __future__ import annotations

from pathlib import Path

import click

from actionpack.cli.outcome import Outcome
from actionpack.cli.shared import Command, common, project_of, today


@click.command(
    cls=Command,
    examples="""
    actionpack init
    actionpack init our-group
    """,
)
@click.argument("folder", metavar="[DIR]", default=".")
@common
def init(outcome: Outcome, folder: str) -> None:
    """Make DIR (default: here) a project: folders for content, layouts and assets."""
    from actionpack.starting import start_project

    outcome.files += start_project(Path(folder))
    outcome.note("next: actionpack import FILE, or actionpack new ACTION")


@click.command(
    cls=Command,
    examples="""
    actionpack new river-defenders
    actionpack new defensoras-del-rio --lang es
    """,
)
@click.argument("action")
@click.option("--lang", "tag", default="en", show_default=True, help="The source language.")
@common
def new(outcome: Outcome, action: str, tag: str) -> None:
    """Make an empty action to fill in; `actionpack check ACTION` says what is still missing."""
    from actionpack.starting import new_action

    outcome.files += new_action(project_of(outcome), action, tag, today().here)
    outcome.note(f"next: fill it in; actionpack check {action} says what is missing")


@click.command(
    "new-layout",
    cls=Command,
    examples="""
    actionpack new-layout school-letter
    actionpack new-layout street-poster --from poster
    """,
)
@click.argument("name")
@click.option("--from", "like", default="letter", show_default=True, help="The layout to copy.")
@common
def new_layout(outcome: Outcome, name: str, like: str) -> None:
    """Copy a layout under another name, to change it as docs/layouts.md says."""
    from actionpack import starting

    outcome.files += starting.new_layout(project_of(outcome), name, like)
    outcome.note(f"next: change it as docs/layouts.md says; actionpack check {name} tries it")


@click.command(
    "import",
    cls=Command,
    examples="""
    actionpack import uyghur-families.txt
    actionpack import action.docx --id river-defenders --online https://www.example.org/act/river
    actionpack import action.md --lang fr --headings "ask=Agir,letter=Lettre à recopier"
    """,
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--id", "action_id", help="The action's name (default: made from the title).")
@click.option("--lang", "tag", help="The text's language (default: that of its headings).")
@click.option(
    "--headings",
    multiple=True,
    metavar="PART=HEADING,…",
    help="Which heading of the text begins which part: briefing, ask, letter, address, other.",
)
@click.option("--online", help="The address of the online action, for the QR code.")
@click.option("--force", is_flag=True, help="Write over an action that is there already.")
@common
def import_(
    outcome: Outcome,
    file: Path,
    action_id: str | None,
    tag: str | None,
    headings: tuple[str, ...],
    online: str | None,
    force: bool,
) -> None:
    """Turn FILE (.txt, .md or .docx) into a folder of content, and list what needs a look."""
    from actionpack.starting import import_file

    imported, paths = import_file(
        project_of(outcome),
        file,
        action_id=action_id,
        tag=tag,
        online=online,
        headings=headings,
        today=today().here,
        force=force,
    )
    outcome.files += paths
    outcome.findings += imported.findings
    outcome.items.append({"id": imported.id})
    outcome.note(f"next: look at what is listed above, then actionpack build {imported.id}")
