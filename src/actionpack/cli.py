"""The command line: it parses, calls and prints, and decides nothing (gate: click).

Data goes to stdout, everything for people to stderr. With `--json` one object is printed and
nothing else. Whatever a command needs is imported when it runs, so that `--help` answers at once.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem, get_completion_class

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
    from actionpack.completing import Kind
    from actionpack.pack import Pack, Request, Today
    from actionpack.project import Project
    from actionpack.watching import Round
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
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal that is not set to UTF-8 shows "?" for what it has no letter for.
            stream.reconfigure(errors="replace")
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


# What the shell completes for an argument or option of this name, or of this command and name; not
# for `new`, which wants names that are not there yet.
_COMPLETED: dict[str, Kind] = {
    "action": "actions",
    "check window": "rules",
    "layouts": "layouts",
    "paper": "papers",
    "tag": "languages",
    "tags": "languages",
    "what": "things to check",
    "window": "windows",
}


class _Name(click.types.StringParamType):
    """A word of which the shell can be told what it may be."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from actionpack.completing import names

        outcome = ctx.find_object(Outcome)
        # An option that still waits for its word keeps the arguments from becoming parameters.
        action = ctx.params.get("action") or next(iter(ctx.args), None)
        known = names(self.kind, outcome.project if outcome else None, action)
        found = [CompletionItem(name) for name in known if name.startswith(incomplete)]
        if self.kind == "things to check" and not found:
            return [CompletionItem(incomplete, type="file")]
        return found


class _Examples(click.Command):
    """A command whose help ends in examples, set as they are typed; the shell knows its names."""

    def __init__(self, *args: Any, examples: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples
        for param in self.params:
            kind = _COMPLETED.get(f"{self.name} {param.name}", _COMPLETED.get(param.name or ""))
            if kind and param.type is click.STRING and self.name != "new":
                param.type = _Name(kind)

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
        _project(outcome),
        file,
        action_id=action_id,
        tag=tag,
        online=online,
        headings=headings,
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
    else:
        items, findings = getattr(listing, what)(_project(outcome))
        outcome.items += items
        outcome.findings += findings
    if outcome.as_json:
        return
    for item in outcome.items:
        if what == "windows":
            _show_window(item)
        else:
            click.echo("\t".join(_told(value) for value in item.values() if value))


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


def _told(value: object) -> str:
    """A value of a row as people read it."""
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


_PAPER_HELP = "The sheet, or the envelope to print on (default: a4, or what the layout is for)."


# What can be asked of `build`, and of the commands that build again.
_BUILD_OPTIONS: tuple[Callable[[Callable[..., Any]], Callable[..., Any]], ...] = (
    click.argument("action"),
    click.option(
        "--lang", "tags", multiple=True, metavar="TAG", help="A language; may be repeated."
    ),
    click.option("--layout", "layouts", multiple=True, help="A layout, or all; may be repeated."),
    click.option("--paper", help=_PAPER_HELP),
    click.option(
        "--edition",
        type=click.Choice(["home"]),
        default="home",
        show_default=True,
        help="For screens and office printers.",
    ),
    click.option("--window", help="The envelope (actionpack list windows), or none."),
    click.option("--target", metavar="ID", help="Only the letter to this target."),
    click.option("--sender-country", metavar="CC", help="Where the letters are posted, as in IT."),
    click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="FIELD=VALUE",
        help="Print VALUE in a field of the layout: group, contact, sender, source, serial. "
        "The same field again is its next line.",
    ),
    click.option("--allow-expired", is_flag=True, help="Build although the deadline has passed."),
    click.option("--allow-draft", is_flag=True, help="Build a translation nobody has reviewed."),
    click.option("--keep-rejected", is_flag=True, help="Keep a faulty pack as NAME.rejected.pdf."),
    click.option("--strict", is_flag=True, help="Take every warning for an error."),
    click.option(
        "-o", "output", help="The file, or the folder (a name that ends in a slash is one)."
    ),
)


def building(command: Callable[..., Any]) -> Callable[..., Any]:
    """The argument and the options of `build`, in its order."""
    for option in reversed(_BUILD_OPTIONS):
        command = option(command)
    return command


@cli.command(
    cls=_Examples,
    examples="""
    actionpack build china-uyghur-families
    actionpack build china-uyghur-families --paper letter --sender-country US
    actionpack build china-uyghur-families --set "group=Roma 12" --set "contact=roma@example.org"
    actionpack build china-uyghur-families --window none -o ~/Desktop/pack.pdf
    """,
)
@building
@click.option("--picture", metavar="FILE.png", help="Draw the finished pages side by side there.")
@common
def build(
    outcome: Outcome,
    picture: str | None,
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
    from actionpack.workshop import Workshop

    if picture is not None:
        from actionpack.checking import draw_packs, known_picture

        known_picture(picture)
    project = _project(outcome)
    today = _today()
    requests = _requests(outcome, project, action, tags, layouts, settings, options)
    place = _placing(project, output, len(requests), keep_rejected=keep_rejected)
    packs = []
    with Workshop(project) as workshop:
        for request in requests:
            pack = _pack(outcome, workshop, request, today)
            if pack is None:
                continue
            packs.append(pack)
            outcome.findings += pack.findings
            try:
                path = place(pack)
            except Rejected as rejected:
                outcome.findings += rejected.findings
                continue
            if path is not None:
                outcome.files.append(project.label(path))
    if picture is not None:
        outcome.files += draw_packs(packs, picture)
    if has_errors(outcome.findings):
        outcome.note("not every pack is fit for print: mend what is listed above")
    else:
        outcome.note(_how_to_print(packs))


def _how_to_print(packs: list[Pack]) -> str:
    """What to tick in the printer's dialogue."""
    both = [pack.name for pack in packs if pack.duplex]
    if len(both) == len(packs):
        return "print at 100 %, on both sides, flipped on the long edge"
    if not both:
        return "print at 100 %"
    return f"print at 100 %; on both sides, flipped on the long edge: {', '.join(both)}"


def _requests(
    outcome: Outcome,
    project: Project,
    action: str,
    tags: tuple[str, ...],
    layouts: tuple[str, ...],
    settings: tuple[str, ...],
    options: dict[str, Any],
) -> tuple[Request, ...]:
    """What the words of a command ask for: a pack for each language and layout."""
    from actionpack.pack import Request

    names = layouts or ("letter",)
    if "all" in names:
        from actionpack.layouts import layouts_for

        names, left_out = layouts_for(project.layouts, options["paper"])
        if left_out:
            outcome.note(f"not made for {options['paper']}, and left out: {', '.join(left_out)}")
    return tuple(
        Request(
            action=action,
            language=tag,
            layout=name,
            settings=tuple(_setting(text) for text in settings),
            one_of_many=len(names) > 1,
            **options,
        )
        for tag in tags or (None,)
        for name in names
    )


def _placing(
    project: Project, output: str | None, count: int, *, keep_rejected: bool
) -> Callable[[Pack], Path | None]:
    """What puts each of `count` packs in its place."""
    from actionpack.pack import place_pack

    return partial(
        place_pack,
        project=project,
        output=Path(output) if output else None,
        keep_rejected=keep_rejected,
        as_folder=output is not None
        and (count > 1 or Path(output).is_dir() or output.endswith("/")),
    )


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
    edition: str,
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

    project = _project(outcome)
    requests = _requests(outcome, project, action, tags, layouts, settings, options)
    place = _placing(project, output, len(requests), keep_rejected=keep_rejected)
    _say(outcome, *outcome.notes)
    outcome.notes.clear()
    told: list[Finding] = []

    def tell(found: tuple[Finding, ...]) -> None:
        _say(outcome, *map(str, found))
        told.extend(found)

    try:
        with (
            _ended_as_by_ctrl_c(),
            closing(rounds(project, requests, place=place, today=_today, tell=tell)) as endless,
        ):
            for made in endless:
                _show_round(outcome.as_json, made, told, project)
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


def _show_round(as_json: bool, made: Round, told: list[Finding], project: Project) -> None:
    """Say how one build of `watch` ended; a person was `told` some of it before."""
    files = [project.label(path) for path in made.paths]
    took = f"{made.seconds:.2f} s"
    shown = Outcome(
        as_json=as_json,
        files=files,
        items=[{"seconds": round(made.seconds, 3)}],
        findings=[found for found in made.findings if as_json or found not in told],
        exit=made.exit,
    )
    now = f"{datetime.now().astimezone():%H:%M:%S}"
    if has_errors(made.findings):
        shown.note(f"{now} not fit for print: mend what is listed above ({took})")
    else:
        shown.note(f"{now} built {', '.join(files)} in {took}")
    shown.show()
    sys.stdout.flush()


@cli.command(
    cls=_Examples,
    examples="""
    actionpack check china-uyghur-families
    actionpack check out/china-uyghur-families.en.letter.a4.pdf
    actionpack check letter.pdf --window dl-left --picture letter.png
    actionpack check letter.pdf --window notify-uk
    """,
)
@click.argument("what", nargs=-1, required=True)
@click.option(
    "--window",
    "preset",
    metavar="NAME",
    help="The envelope, or the printing service, that PDF files are meant for "
    "(actionpack list windows).",
)
@click.option(
    "--picture", metavar="FILE.png", help="Draw the pages there, with zones and what is wrong."
)
@click.option("--strict", is_flag=True, help="Take every warning for an error.")
@common
def check(
    outcome: Outcome,
    what: tuple[str, ...],
    preset: str | None,
    picture: str | None,
    strict: bool,
) -> None:
    """Say everything that is wrong with actions, layouts or PDF files from anywhere."""
    from actionpack.checking import check_one, keep_picture, known_picture, known_preset

    known_preset(preset)
    known_picture(picture)
    pictures = []
    for name in what:
        checked = check_one(
            name, outcome.project, _today(), preset=preset, drawn=picture is not None
        )
        outcome.findings += made_strict(checked.findings) if strict else checked.findings
        outcome.items.append(checked.item)
        if checked.note:
            outcome.note(checked.note)
        pictures += [checked.picture] if checked.picture else []
    if picture is not None:
        outcome.files += keep_picture(pictures, picture)
    if not outcome.findings:
        outcome.note("nothing found")


@cli.command(cls=_Examples, examples="actionpack doctor")
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


@cli.command(
    cls=_Examples,
    examples="""
    echo 'eval "$(actionpack completion bash)"' >> ~/.bashrc
    echo 'eval "$(actionpack completion zsh)"' >> ~/.zshrc
    actionpack completion fish > ~/.config/fish/completions/actionpack.fish
    """,
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@common
def completion(outcome: Outcome, shell: str) -> None:
    """Print what makes SHELL complete actions, layouts, languages, windows, papers and options.

    Put it where your shell reads it when it starts, with the line for it below, and open a new
    terminal. The command must be on the PATH.
    """
    completer = get_completion_class(shell)
    if completer is None:
        raise UsageFault(finding("bad-value", f"'{shell}' is no shell that is known here"))
    script = completer(cli, {}, "actionpack", "_ACTIONPACK_COMPLETE").source()
    outcome.items.append({"shell": shell, "script": script})
    if not outcome.as_json:
        click.echo(script)


if __name__ == "__main__":
    main()
