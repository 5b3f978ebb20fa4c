"""`list`, `fonts`: what there is, and what prints what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from actionpack.cli.outcome import Outcome
from actionpack.cli.shared import Command, common, project_of
from actionpack.diagnostics import UsageFault, finding


@click.command(
    "list",
    cls=Command,
    examples="""
    actionpack list actions
    actionpack list windows --json
    actionpack list windows --picture windows.png
    """,
)
@click.argument("what", type=click.Choice(["actions", "layouts", "languages", "papers", "windows"]))
@click.option("--picture", metavar="FILE", help="Draw the windows to scale (a .png or .pdf file).")
@common
def list_(outcome: Outcome, what: str, picture: str | None) -> None:
    """List what there is: actions, layouts, languages, papers or windows."""
    from actionpack import listing

    if picture is not None:
        from actionpack.picturing import place_windows

        if what != "windows":
            raise UsageFault(
                finding("bad-value", f"there is no picture of {what}", cure="list windows")
            )
        outcome.files.append(place_windows(Path(picture)))
    if what == "papers":
        outcome.items += listing.papers()
    elif what == "windows":
        outcome.items += listing.windows()
    elif what == "layouts":
        outcome.items += listing.layouts(outcome.project)
    elif what == "actions":
        outcome.items += listing.actions(project_of(outcome))
    else:
        items, findings = listing.languages(project_of(outcome))
        outcome.items += items
        outcome.findings += findings
    if outcome.as_json:
        return
    for item in outcome.items:
        if what == "windows":
            _show_window(item)
        elif what == "languages":
            _show_language(item)
        elif faults := item.pop("faults", 0):
            click.echo("\t".join((*_columns(item), _unfinished(next(iter(item.values())), faults))))
        else:
            click.echo("\t".join(_columns(item)))
    if what == "languages":
        told = ((name, said) for item in outcome.items for name, said in item["actions"].items())
        for name in dict.fromkeys(name for name, said in told if said == listing.UNFINISHED):
            outcome.note(f"'{name}' is unfinished: actionpack check {name} says what is missing")


@click.command(
    cls=Command,
    examples="""
    actionpack fonts
    actionpack fonts --json
    """,
)
@common
def fonts(outcome: Outcome) -> None:
    """List the languages, with the font that prints each and the letters that it lacks."""
    from actionpack import listing

    outcome.items += listing.fonts(outcome.project)
    if outcome.as_json:
        return
    rows = [_shown(item) for item in outcome.items]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row, item in zip(rows, outcome.items, strict=True):
        # Its own name last: some terminals turn what stands behind letters that run leftwards.
        told = "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        click.echo(f"{told}  {item['name']}")
    for cure in dict.fromkeys(item["cure"] for item in outcome.items if item["cure"]):
        outcome.note(cure)


def _shown(item: dict[str, Any]) -> tuple[str, ...]:
    """The columns of a language that everybody can read."""
    lacks = "all letters"
    if item["missing"]:
        some = " ".join(f"U+{ord(one):04X}" for one in item["missing"][:3])
        lacks = f"lacks {some}" if item["families"] else "no font here"
    return item["tag"], item["english"], item["script"], ", ".join(item["families"]), lacks


def _show_window(item: dict[str, Any]) -> None:
    """A window in a few lines: what to measure, how it is folded, who uses it, who says so."""
    lines = [item["title"]]
    if "window" in item:
        lines += [f"{item['envelope']}; window {item['window']}", *item["folds"]]
    else:
        lines += [item["use"]]
    if item.get("clear"):
        lines.append(f"the post keeps free: {', '.join(item['clear'])}")
    if item.get("countries"):
        lines.append(f"usual in {', '.join(item['countries'])}")
    lines.append(f"source: {item['source']}")
    if not item.get("verified", True):
        lines.append("not verified: try one envelope first")
    click.echo(f"{item['name']:<12}{lines[0]}")
    for line in lines[1:]:
        click.echo(f"{'':<12}{line}")


def _show_language(item: dict[str, Any]) -> None:
    """A language on one line: whose words the layouts print in it, and the state of each action."""
    words = "the layouts' words are in English"
    if item["words"] is not None:
        made_by = item["words"]["made_by"] or "nobody named"
        words = f"words by {made_by}; reviewed by {item['words']['reviewed_by'] or 'nobody'}"
    if item["tag"].split("-")[0] == "en" and item["words"] is None:
        words = "the layouts' own words"
    actions = ", ".join(f"{name} ({status})" for name, status in item["actions"].items())
    click.echo("\t".join((item["tag"], item["name"], words, *([actions] if actions else []))))


def _columns(item: dict[str, Any]) -> tuple[str, ...]:
    return tuple(_told(value) for value in item.values() if value)


def _unfinished(name: str, faults: int) -> str:
    """The state of what cannot be printed yet, and what says why."""
    counted = "1 fault" if faults == 1 else f"{faults} faults"
    return f"unfinished: {counted}, see actionpack check {name}"


def _told(value: object) -> str:
    """A value of a row as people read it."""
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
