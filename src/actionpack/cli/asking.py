"""What can be asked of `build` and of `watch`, and what is meant by it."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from actionpack.cli.outcome import Outcome
from actionpack.cli.shared import Once
from actionpack.diagnostics import UsageFault, finding
from actionpack.imposition import FLIPS

if TYPE_CHECKING:
    from actionpack.pack import Pack, Request
    from actionpack.project import Project

_PAPER_HELP = "The sheet, or the envelope to print on (default: a4, or what the layout is for)."


# What can be asked of `build`, and of the commands that build again.
_BUILD_OPTIONS: tuple[Callable[[Callable[..., Any]], Callable[..., Any]], ...] = (
    click.argument("action"),
    click.option(
        "--lang",
        "tags",
        multiple=True,
        metavar="TAG",
        help="A language, or all that the action is written in; may be repeated.",
    ),
    click.option("--layout", "layouts", multiple=True, help="A layout, or all; may be repeated."),
    click.option("--paper", cls=Once, help=_PAPER_HELP),
    click.option(
        "--edition",
        type=click.Choice(["home", "press"]),
        default="home",
        show_default=True,
        help="For screens and office printers, or for a print shop.",
    ),
    click.option("--window", cls=Once, help="The envelope (actionpack list windows), or none."),
    click.option("--target", cls=Once, metavar="ID", help="Only the letter to this target."),
    click.option(
        "--letter-lang",
        "letter_language",
        cls=Once,
        metavar="same|target|TAG",
        help="The language of the letter: that of the pack, the one the target reads best, or TAG. "
        "What it says stands on the half that is kept.",
    ),
    click.option(
        "--sender-country", cls=Once, metavar="CC", help="Where the letters are posted, as in IT."
    ),
    click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="FIELD=VALUE",
        help="Print VALUE in a field of the layout: group, contact, sender, source, serial. "
        "The same field again is its next line.",
    ),
    click.option(
        "--impose",
        cls=Once,
        metavar="SCHEME|none",
        help="Put several pages on a sheet: 1x2, 2x2, stack-2x2, repeat-2x2, booklet, tile, …; "
        "none: single pages (default: what the layout says).",
    ),
    click.option(
        "--sheet", cls=Once, metavar="PAPER", help="The sheet for that (default: the paper)."
    ),
    click.option(
        "--gutter", cls=Once, type=float, metavar="MM", help="The space between pages on a sheet."
    ),
    click.option(
        "--flip",
        cls=Once,
        type=click.Choice(FLIPS),
        help="The edge over which the printer turns sheets (default: backs stand upright).",
    ),
    click.option(
        "--thickness", cls=Once, type=float, metavar="MM", help="Of one sheet of a booklet."
    ),
    click.option(
        "--offset",
        cls=Once,
        metavar="X,Y",
        help="Move what is printed, mm to the right and down, for a printer that shifts it "
        "(actionpack calibrate tells).",
    ),
    click.option(
        "--large-print", is_flag=True, help="Body type of 16 pt or more (docs/layouts.md)."
    ),
    click.option("--ink-saver", is_flag=True, help="No pictures, no solid areas, thin lines."),
    click.option("--allow-expired", is_flag=True, help="Build although the deadline has passed."),
    click.option("--allow-draft", is_flag=True, help="Build a translation nobody has reviewed."),
    click.option("--keep-rejected", is_flag=True, help="Keep a faulty pack as NAME.rejected.pdf."),
    click.option("--strict", is_flag=True, help="Take every warning for an error."),
    click.option(
        "-o",
        "output",
        cls=Once,
        help="The file, or the folder (a name that ends in a slash is one).",
    ),
)


def building(command: Callable[..., Any]) -> Callable[..., Any]:
    """The argument and the options of `build`, in its order."""
    for option in reversed(_BUILD_OPTIONS):
        command = option(command)
    return command


def requests_of(
    outcome: Outcome,
    project: Project,
    action: str,
    tags: tuple[str, ...],
    layouts: tuple[str, ...],
    settings: tuple[str, ...],
    options: dict[str, Any],
) -> tuple[Request, ...]:
    """What the words of a command ask for: a pack for each language and layout."""
    from actionpack.imposition import OFFSET, offset_of
    from actionpack.pack import Request

    if (offset := options.pop("offset", None)) is not None:
        try:
            options["offset"] = offset_of(offset)
        except ValueError:
            told = f"--offset '{offset}' is not {OFFSET}"
            raise UsageFault(finding("bad-value", told, cure=f"write {OFFSET}")) from None
    names = layouts or ("letter",)
    if "all" in names:
        from actionpack.layouts import layouts_for
        from actionpack.model import variants_of

        paper = options["paper"]
        variants = variants_of(large_print=options["large_print"], ink_saver=options["ink_saver"])
        names, left_out = layouts_for(project.layouts, paper, variants)
        if left_out:
            asked = ", ".join((*((paper,) if paper else ()), *variants))
            outcome.note(f"not made for {asked}, and left out: {', '.join(left_out)}")
    names = tuple(dict.fromkeys(names))
    if "all" in tags:
        from actionpack.content import find_action, written_in

        tags = written_in(find_action(project.content, action))
    set_, window = tuple(_setting(text) for text in settings), options.pop("window")
    wanted = [(names[0], set_, window)]
    if len(names) > 1:
        # Imported only here: a pack that is remembered is there before any stage is read.
        from actionpack.layouts import shared_out

        wanted = list(shared_out(project.layouts, names, set_, window))
    return tuple(
        Request(action=action, language=tag, layout=name, settings=own, window=shown_by, **options)
        for tag in dict.fromkeys(tags) or (None,)
        for name, own, shown_by in wanted
    )


def placing(
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
        # Of a name too long to be one, os.path says that it is none; Path raises.
        and (count > 1 or os.path.isdir(output) or output.endswith("/")),  # noqa: PTH112
    )


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UsageFault(
            finding("bad-value", f"--set '{text}'", cure="write it as FIELD=VALUE: group=Roma 12")
        )
    return name.strip(), value.strip()
