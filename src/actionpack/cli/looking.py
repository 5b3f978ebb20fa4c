"""Commands that look and change nothing: `check`, `doctor`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from actionpack.cli.outcome import Outcome
from actionpack.cli.progress import Line
from actionpack.cli.shared import Command, common, today
from actionpack.diagnostics import Exit, has_errors, made_strict

if TYPE_CHECKING:
    from actionpack.checking import Read


@click.command(
    cls=Command,
    examples="""
    actionpack check china-uyghur-families
    actionpack check out/china-uyghur-families.en.letter.a4.pdf
    actionpack check letter.pdf --window dl-left --picture letter.png
    actionpack check letter.pdf --window notify-uk
    actionpack check rome.yaml out/rome/volume-001.pdf
    actionpack check --all out/rome/volume-001.pdf
    """,
)
@click.argument("what", nargs=-1, required=True)
@click.option(
    "--window",
    "preset",
    metavar="NAME",
    help="The envelope, or the printing service, that PDF files are meant for; the one envelope "
    "that a layout is tried for (actionpack list windows).",
)
@click.option(
    "--picture",
    metavar="FILE.png",
    help="Draw the pages there, of a layout those of the samples, with zones and what is wrong.",
)
@click.option(
    "--sender-country", metavar="CC", help="Where an action's letters are posted, as in IT."
)
@click.option(
    "--all",
    "whole",
    is_flag=True,
    help="Read all of a file that actionpack made, however long that takes.",
)
@click.option("--strict", is_flag=True, help="Take every warning for an error.")
@common
def check(
    outcome: Outcome,
    what: tuple[str, ...],
    preset: str | None,
    picture: str | None,
    sender_country: str | None,
    whole: bool,
    strict: bool,
) -> None:
    """Say everything that is wrong with actions, layouts, plans, or PDF files from anywhere."""
    from actionpack.checking import check_each, keep_picture, known_picture, known_preset

    known_preset(preset)
    known_picture(picture)
    pictures = []
    line = Line(quiet=outcome.as_json)
    try:
        for checked in check_each(
            what,
            outcome.project,
            today(),
            preset=preset,
            sender_country=sender_country,
            drawn=picture is not None,
            tell=(lambda read: line.say(_told(read))) if whole else None,
        ):
            line.end()
            outcome.findings += made_strict(checked.findings) if strict else checked.findings
            outcome.items.append(checked.item)
            if checked.note:
                outcome.note(checked.note)
            pictures += [checked.picture] if checked.picture else []
    finally:
        line.end()
    if picture is not None:
        outcome.files += keep_picture(pictures, picture)
    if not outcome.findings:
        outcome.note("nothing found")


# After so long it can be said how long the rest will take, s.
_RATE_S = 2.0


def _told(read: Read) -> str:
    told = f"reading {read.name}: page {read.pages} of {read.all_pages}"
    if read.seconds < _RATE_S:
        return told
    rate = read.pages / read.seconds
    return f"{told}, {rate:.0f} a second, {(read.all_pages - read.pages) / rate:.0f} s left"


@click.command(cls=Command, examples="actionpack doctor")
@common
def doctor(outcome: Outcome) -> None:
    """Say whether this machine has all it needs, and the line that installs what is missing."""
    from actionpack.machine import examine_machine

    outcome.items, found = examine_machine(outcome.project, sys.stdout.encoding)
    outcome.findings += found
    if has_errors(found):
        outcome.exit = Exit.MISSING_ON_MACHINE
    if not outcome.as_json:
        _show_machine(outcome.items)
        outcome.note("something is missing" if outcome.exit else "this machine has all it needs")


# What a person sees of an item's state: a sign, the same in ASCII, and a word.
_STATES = {
    "ok": ("✓", "+", "ok"),
    "none": ("–", "-", ""),
    "look": ("!", "!", "look"),
    "missing": ("✗", "x", "missing"),
}


def _show_machine(items: list[dict[str, Any]]) -> None:
    """One line an item, in columns, the groups apart."""
    width = max(len(item["what"]) for item in items)
    group = items[0]["group"]
    is_plain = not sys.stdout.encoding.lower().startswith("utf")
    for item in items:
        if item["group"] != group:
            group = item["group"]
            click.echo()
        sign, plain_sign, word = _STATES[item["state"]]
        sign = plain_sign if is_plain else sign
        click.echo(f"{sign} {word:<7}  {item['what']:<{width}}  {item['told']}".rstrip())
