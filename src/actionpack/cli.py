"""The command line: it parses, calls and prints, and decides nothing (gate: click).

Data goes to stdout, everything for people to stderr. With `--json` one object is printed and
nothing else. Whatever a command needs is imported when it runs, so that `--help` answers at once.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from actionpack import __version__
from actionpack.diagnostics import (
    Exit,
    Finding,
    Rejected,
    UsageFault,
    finding,
    has_errors,
    made_strict,
)

if TYPE_CHECKING:
    from actionpack.pack import Pack, Request, Today
    from actionpack.project import Project
    from actionpack.workshop import Workshop


@dataclass(slots=True)
class Outcome:
    """What a command has to say, gathered while it runs and printed once at its end."""

    as_json: bool = False
    project: str | None = None
    files: list[str] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    exit: Exit = Exit.DONE

    def note(self, text: str) -> None:
        """Say something to a person; `--json` keeps quiet."""
        self.notes.append(text)

    def code(self) -> Exit:
        if self.exit is Exit.DONE and has_errors(self.findings):
            return Exit.FINDINGS
        return self.exit

    def show(self) -> None:
        if self.as_json:
            click.echo(json.dumps(self.as_object(), ensure_ascii=False))
            return
        for found in self.findings:
            click.echo(str(found), err=True)
        for note in self.notes:
            click.echo(note, err=True)
        for path in self.files:
            click.echo(path)

    def as_object(self) -> dict[str, Any]:
        return {
            "ok": self.code() is Exit.DONE,
            "files": self.files,
            "items": self.items,
            "findings": [
                {
                    "severity": found.severity,
                    "code": found.code,
                    "file": found.place.file,
                    "line": found.place.line,
                    "row": found.place.row,
                    "page": found.place.page,
                    "message": found.message,
                    "cure": found.cure,
                }
                for found in self.findings
            ],
        }


def main() -> None:
    """Run the command and leave with its exit code."""
    code = run(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # Everything is written and closed by now; to take the interpreter apart, object by object,
    # would take a tenth of the time of a build.
    os._exit(code)


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code."""
    outcome = Outcome(as_json="--json" in arguments)
    try:
        returned = cli.main(args=arguments, standalone_mode=False, obj=outcome)
        if isinstance(returned, int) and not isinstance(returned, bool):
            return returned
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return Exit.USAGE
    except click.ClickException as error:
        _show_usage(error, outcome)
        return Exit.USAGE
    except Rejected as rejected:
        outcome.findings += rejected.findings
        outcome.exit = rejected.exit
    except (KeyboardInterrupt, click.exceptions.Abort):
        outcome.note("interrupted")
        outcome.exit = Exit.INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.FINDINGS
    except Exception as error:
        traceback.print_exc()
        outcome.findings.append(
            finding("internal", f"{type(error).__name__}: {error}"),
        )
    outcome.show()
    return outcome.code()


def _show_usage(error: click.ClickException, outcome: Outcome) -> None:
    if outcome.as_json:
        cure = "see --help"
        outcome.findings.append(finding("bad-value", error.format_message(), cure=cure))
        outcome.exit = Exit.USAGE
        outcome.show()
        return
    error.show()


# ------------------------------------------------------------------------------ what is shared


def _set_json(context: click.Context, _: click.Parameter, value: bool) -> None:
    context.ensure_object(Outcome).as_json |= value


def _set_project(context: click.Context, _: click.Parameter, value: str | None) -> None:
    if value is not None:
        context.ensure_object(Outcome).project = value


def common(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options every command has, and the outcome as first argument."""
    command = click.option(
        "--json",
        "as_json",
        is_flag=True,
        expose_value=False,
        callback=_set_json,
        help="Print one JSON object and nothing else.",
    )(command)
    command = click.option(
        "--project",
        metavar="DIR",
        expose_value=False,
        callback=_set_project,
        help="The project's folder (default: the nearest upward that holds content/).",
    )(command)
    return click.pass_obj(command)


def _project(outcome: Outcome) -> Project:
    from actionpack.project import find_project

    return find_project(outcome.project, Path.cwd())


def _today() -> Today:
    """Today from `ACTIONPACK_TODAY`, or from the clock."""
    from actionpack.pack import Today

    named = os.environ.get("ACTIONPACK_TODAY")
    if named:
        try:
            day = date.fromisoformat(named)
        except ValueError:
            raise UsageFault(
                finding(
                    "bad-value",
                    f"ACTIONPACK_TODAY is '{named}'",
                    cure="write a date such as 2027-12-31",
                )
            ) from None
        return Today(here=day, where_it_ends_last=day)
    now = datetime.now(UTC)
    return Today(here=now.date(), where_it_ends_last=(now - timedelta(hours=12)).date())


class _Examples(click.Command):
    """A command whose help ends in examples, set as they are typed."""

    def __init__(self, *args: Any, examples: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Examples"):
            for line in self.examples.strip().split("\n"):
                formatter.write_text(line.strip())


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="actionpack")
def cli() -> None:
    """Make action packs for letter-writing campaigns: print-ready, proved, in any language.

    Start with `actionpack init` and `actionpack import`, or build the action that comes with it.
    """


# ------------------------------------------------------------------------------------ commands


@cli.command(
    cls=_Examples,
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


@cli.command(
    cls=_Examples,
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

    outcome.files += new_action(_project(outcome), action, tag, _today().here)
    outcome.note(f"next: fill it in; actionpack check {action} says what is missing")


@cli.command(
    "import",
    cls=_Examples,
    examples="""
    actionpack import uyghur-families.txt
    actionpack import action.txt --id river-defenders --online https://www.example.org/act/river
    """,
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--id", "action_id", help="The action's name (default: made from the title).")
@click.option("--lang", "tag", default="en", show_default=True, help="The text's language.")
@click.option("--online", help="The address of the online action, for the QR code.")
@click.option("--force", is_flag=True, help="Write over an action that is there already.")
@common
def import_(
    outcome: Outcome,
    file: Path,
    action_id: str | None,
    tag: str,
    online: str | None,
    force: bool,
) -> None:
    """Turn an action's text in FILE into a folder of content, and list what needs a look."""
    from actionpack.starting import import_file

    imported, paths = import_file(
        _project(outcome),
        file,
        action_id=action_id,
        tag=tag,
        online=online,
        today=_today().here,
        force=force,
    )
    outcome.files += paths
    outcome.findings += imported.findings
    outcome.items.append({"id": imported.id})
    outcome.note(f"next: look at what is listed above, then actionpack build {imported.id}")


@cli.command(
    "list",
    cls=_Examples,
    examples="""
    actionpack list actions
    actionpack list windows --json
    """,
)
@click.argument("what", type=click.Choice(["actions", "layouts", "languages", "papers", "windows"]))
@common
def list_(outcome: Outcome, what: str) -> None:
    """List what there is: actions, layouts, languages, papers or windows."""
    from actionpack import listing

    if what == "papers":
        outcome.items += listing.papers()
    elif what == "windows":
        outcome.items += listing.windows()
    elif what == "layouts":
        outcome.items += listing.layouts(outcome.project)
    else:
        items, findings = getattr(listing, what)(_project(outcome))
        outcome.items += items
        outcome.findings += findings
    if not outcome.as_json:
        for item in outcome.items:
            click.echo("\t".join(_told(value) for value in item.values() if value))


def _told(value: object) -> str:
    """A value of a row as people read it."""
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


_PAPER_HELP = "The sheet (actionpack list papers)."


@cli.command(
    cls=_Examples,
    examples="""
    actionpack build china-uyghur-families
    actionpack build china-uyghur-families --paper letter --sender-country US
    actionpack build china-uyghur-families --set "group=Roma 12" --set "contact=roma@example.org"
    actionpack build china-uyghur-families --window none -o ~/Desktop/pack.pdf
    """,
)
@click.argument("action")
@click.option("--lang", "tags", multiple=True, metavar="TAG", help="A language; may be repeated.")
@click.option("--layout", "layouts", multiple=True, help="A layout, or all; may be repeated.")
@click.option("--paper", default="a4", show_default=True, help=_PAPER_HELP)
@click.option(
    "--edition",
    type=click.Choice(["home"]),
    default="home",
    show_default=True,
    help="For screens and office printers.",
)
@click.option("--window", help="The envelope (actionpack list windows), or none.")
@click.option("--target", metavar="ID", help="Only the letter to this target.")
@click.option("--sender-country", metavar="CC", help="Where the letters are posted, as in IT.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="FIELD=VALUE",
    help="Print VALUE in a field of the layout: group, contact, sender, source, serial. "
    "The same field again is its next line.",
)
@click.option("--allow-expired", is_flag=True, help="Build although the deadline has passed.")
@click.option("--allow-draft", is_flag=True, help="Build a translation nobody has reviewed.")
@click.option("--keep-rejected", is_flag=True, help="Keep a faulty pack as NAME.rejected.pdf.")
@click.option("--strict", is_flag=True, help="Take every warning for an error.")
@click.option("-o", "output", help="The file, or the folder (a name that ends in a slash is one).")
@common
def build(
    outcome: Outcome,
    action: str,
    tags: tuple[str, ...],
    layouts: tuple[str, ...],
    edition: str,
    settings: tuple[str, ...],
    keep_rejected: bool,
    output: str | None,
    **options: Any,
) -> None:
    """Build ACTION into a print-ready PDF, prove it, and put it into out/."""
    from actionpack.pack import Request, place_pack
    from actionpack.workshop import Workshop

    project = _project(outcome)
    today = _today()
    names = layouts or ("letter",)
    if "all" in names:
        from actionpack.layouts import layout_names

        names = layout_names(project.layouts)
    requests = [
        Request(
            action=action,
            language=tag,
            layout=name,
            settings=tuple(_setting(text) for text in settings),
            **options,
        )
        for tag in tags or (None,)
        for name in names
    ]
    place = Path(output) if output else None
    as_folder = output is not None and (
        len(requests) > 1 or Path(output).is_dir() or output.endswith("/")
    )
    with Workshop(project) as workshop:
        for request in requests:
            pack = _pack(outcome, workshop, request, today)
            if pack is None:
                continue
            outcome.findings += pack.findings
            try:
                path = place_pack(
                    pack, project, place, keep_rejected=keep_rejected, as_folder=as_folder
                )
            except Rejected as rejected:
                outcome.findings += rejected.findings
                continue
            if path is not None:
                outcome.files.append(project.label(path))
    if has_errors(outcome.findings):
        outcome.note("not every pack is fit for print: mend what is listed above")
    else:
        outcome.note("print at 100 %, on both sides, flipped on the long edge")


def _pack(outcome: Outcome, workshop: Workshop, request: Request, today: Today) -> Pack | None:
    """A pack; None when there is none, with the reasons in the outcome."""
    try:
        return workshop.pack(request, today)
    except UsageFault:
        raise
    except Rejected as rejected:
        found = rejected.findings
        outcome.findings += made_strict(found) if request.strict else found
        outcome.exit = max(outcome.exit, rejected.exit)
        return None


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UsageFault(
            finding("bad-value", f"--set '{text}'", cure="write it as FIELD=VALUE: group=Roma 12")
        )
    return name.strip(), value.strip()


@cli.command(
    cls=_Examples,
    examples="""
    actionpack check china-uyghur-families
    actionpack check out/china-uyghur-families.en.letter.a4.pdf
    actionpack check letter
    """,
)
@click.argument("what", nargs=-1, required=True)
@click.option("--strict", is_flag=True, help="Take every warning for an error.")
@common
def check(outcome: Outcome, what: tuple[str, ...], strict: bool) -> None:
    """Say everything that is wrong with actions, layouts or PDF files; write nothing."""
    from actionpack.checking import check_one

    for name in what:
        found, item = check_one(name, outcome.project, _today())
        outcome.findings += made_strict(found) if strict else found
        outcome.items.append(item)
    if not outcome.findings:
        outcome.note("nothing found")


@cli.command(cls=_Examples, examples="actionpack doctor")
@common
def doctor(outcome: Outcome) -> None:
    """Say whether this machine has all it needs, and the line that installs what is missing."""
    from actionpack.checking import examine_machine

    outcome.items, found = examine_machine(outcome.project)
    outcome.findings += found
    if has_errors(found):
        outcome.exit = Exit.MISSING_ON_MACHINE
    if not outcome.as_json:
        for item in outcome.items:
            click.echo("\t".join(_told(value) for value in item.values()))


if __name__ == "__main__":
    main()
