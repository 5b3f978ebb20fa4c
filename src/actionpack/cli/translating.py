"""`translate`: texts to translators and back."""

from __future__ import annotations

from pathlib import Path

import click

from actionpack.cli.outcome import Outcome
from actionpack.cli.shared import Command, Group, Once, common, project_of
from actionpack.diagnostics import UsageFault, finding


@click.group(
    cls=Group,
    examples="""
    actionpack translate export china-uyghur-families --lang fr
    actionpack translate import out/china-uyghur-families.fr.po
    """,
)
@common
def translate(outcome: Outcome) -> None:
    """Send texts to translators as PO files (gettext), and take them back."""
    del outcome


@translate.command(
    cls=Command,
    examples="""
    actionpack translate export china-uyghur-families --lang fr
    actionpack translate export river-defenders --lang pt-BR -o river.pt-BR.po
    actionpack translate export river-defenders --template -o po/river-defenders.pot
    actionpack translate export --ui --lang sw
    """,
)
@click.argument("action", required=False)
@click.option("--lang", "tag", cls=Once, metavar="TAG", help="The language to translate into.")
@click.option("--template", is_flag=True, help="A template (POT) for Weblate: of no language.")
@click.option("--ui", is_flag=True, help="The words that layouts print, instead of an action.")
@click.option("--force", is_flag=True, help="Write over a PO file that is there already.")
@click.option("-o", "output", cls=Once, metavar="FILE", help="The file (default: in out/).")
@common
def export(
    outcome: Outcome,
    action: str | None,
    tag: str | None,
    template: bool,
    ui: bool,
    force: bool,
    output: str | None,
) -> None:
    """Write a PO file for a language.

    It holds every text of ACTION, or with --ui every word that layouts print, and what of it is
    translated already.
    """
    from actionpack.exchanging import export_action, export_layout_words

    if ui == (action is not None):
        cure = "actionpack translate export ACTION, or actionpack translate export --ui"
        raise UsageFault(finding("bad-value", "name an action, or pass --ui", cure=cure))
    if template == (tag is not None):
        cure = "--lang fr, or --template"
        raise UsageFault(finding("bad-value", "name one language, or ask for none", cure=cure))
    project, path = project_of(outcome), Path(output).absolute() if output else None
    if action is None:
        done = export_layout_words(project, tag, path, force=force)
    else:
        done = export_action(project, action, tag, path, force=force)
    outcome.files += done.files
    outcome.findings += done.findings
    outcome.note("next: fill it in (Poedit, Weblate), then actionpack translate import FILE")


@translate.command(
    "import",
    cls=Command,
    examples="""
    actionpack translate import out/china-uyghur-families.fr.po
    actionpack translate import river.pt-BR.po --strict
    """,
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Take every warning for an error.")
@common
def import_(outcome: Outcome, file: Path, strict: bool) -> None:
    """Take a PO file back.

    Everything that is wrong with it is said at once; with an error in it nothing is written.
    """
    from actionpack.exchanging import import_po

    done = import_po(project_of(outcome), file, strict=strict)
    outcome.files += done.files
    outcome.findings += done.findings
    outcome.items += [done.item] if done.item else []
    if not done.files:
        errors = any(found.is_error for found in done.findings)
        outcome.note("nothing was written" if errors else "nothing has changed")


@translate.command(
    cls=Command,
    examples="""
    actionpack translate stamp river-defenders
    actionpack translate stamp river-defenders --lang fr --lang es
    """,
)
@click.argument("action")
@click.option(
    "--lang", "tags", multiple=True, metavar="TAG", help="A translation that says what the source "
    "says now; may be repeated (default: those that do not say what they were made from).",
)  # fmt: skip
@common
def stamp(outcome: Outcome, action: str, tags: tuple[str, ...]) -> None:
    """Say that translations are of the source as it is.

    For those that somebody wrote by hand: what they were made from is written into them.
    """
    from actionpack.exchanging import stamp as stamp_texts

    done = stamp_texts(project_of(outcome), action, tags)
    outcome.files += done.files
    if not done.files:
        outcome.note("nothing has changed")
