"""`build`: a pack, once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from actionpack.cli.asking import building, placing, requests_of
from actionpack.cli.outcome import Outcome
from actionpack.cli.shared import Command, common, project_of, today
from actionpack.diagnostics import Rejected, UsageFault, has_errors, made_strict
from actionpack.imposition import printed_sides
from actionpack.model import variants_of

if TYPE_CHECKING:
    from actionpack.imposition import Printed
    from actionpack.pack import Pack, Request, Today
    from actionpack.project import Project
    from actionpack.workshop import Workshop


@click.command(
    cls=Command,
    examples="""
    actionpack build china-uyghur-families
    actionpack build china-uyghur-families --paper letter --sender-country US
    actionpack build china-uyghur-families --set "group=Roma 12" --set "contact=roma@example.org"
    actionpack build china-uyghur-families --window none -o ~/Desktop/pack.pdf
    actionpack build china-uyghur-families --impose 1x2 --sheet a3
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
    project = project_of(outcome)
    day = today()
    requests = requests_of(outcome, project, action, tags, layouts, settings, options)
    place = placing(project, output, len(requests), keep_rejected=keep_rejected)
    packs = []
    unmade: list[tuple[str | None, str]] = []
    with Workshop(project) as workshop:
        for request in requests:
            pack = _pack(outcome, workshop, request, day)
            if pack is None:
                unmade.append((request.language, request.layout))
                if keep_rejected:
                    outcome.note(f"'{request.layout}' could not be made, so there is none to keep")
                continue
            outcome.findings += pack.findings
            try:
                path = place(pack)
            except Rejected as rejected:
                outcome.findings += rejected.findings
                unmade.append((request.language, request.layout))
                continue
            packs.append(pack)
            if path is not None:
                outcome.files.append(project.label(path))
    if picture is not None:
        outcome.files += draw_packs(packs, picture)
    if "all" in layouts:
        besides = _besides(requests[0])
        outcome.files += _contact_sheets(project, packs, unmade, output, day, besides)
    if has_errors(outcome.findings):
        outcome.note("not every pack is fit for print: mend what is listed above")
    else:
        if requests[0].edition == "press":
            outcome.note(_FOR_THE_SHOP)
        if requests[0].edition == "home" or any(pack.sheets for pack in packs):
            outcome.note(_how_to_print(packs))


_FOR_THE_SHOP = "for a print shop: docs/press.md says what to order, and what to tell them"


def _besides(request: Request) -> tuple[str, ...]:
    """What was asked for besides what is usual, in the order of the names of files."""
    paper = () if request.paper is None else (request.paper,)
    edition = () if request.edition == "home" else (request.edition,)
    variants = variants_of(large_print=request.large_print, ink_saver=request.ink_saver)
    return (*paper, *edition, *variants)


def _contact_sheets(
    project: Project,
    packs: list[Pack],
    unmade: list[tuple[str | None, str]],
    output: str | None,
    day: Today,
    asked: tuple[str, ...],
) -> list[str]:
    """Put a contact sheet of each kit beside its files."""
    from actionpack.contact import Shown, place_contact_sheets

    folder = project.out if output is None else Path(output)
    shown = [
        Shown(
            pack=pack,
            how=_on_sheets(pack.sheets)
            if pack.sheets
            else printed_sides(duplex=pack.duplex, flip=pack.flip),
        )
        for pack in packs
    ]
    placed = place_contact_sheets(shown, folder, day.here, asked=asked, unmade=unmade)
    return [project.label(path) for path in placed]


def _how_to_print(packs: list[Pack]) -> str:
    """What to tick in the printer's dialogue."""
    edges = {pack.flip for pack in packs if pack.duplex}
    if any(pack.sheets is not None for pack in packs) or len(edges) > 1:
        return "\n".join(_of_sheets(packs))
    if not edges:
        return "print at 100 %"
    both = [pack.name for pack in packs if pack.duplex]
    how = printed_sides(duplex=True, flip=edges.pop())
    if len(both) == len(packs):
        return f"print at 100 %, {how}"
    return f"print at 100 %; {how}: {', '.join(both)}"


def _of_sheets(packs: list[Pack]) -> Iterator[str]:
    """How to print each file whose pages stand on sheets, and what is done with it then."""

    for pack in packs:
        if pack.sheets is None:
            yield f"{pack.name}: {_how_to_print([pack])}"
        else:
            yield f"{pack.name}: print at 100 %, {_on_sheets(pack.sheets)}"


def _on_sheets(printed: Printed) -> str:
    from actionpack.paper import stocks

    sheets = "1 sheet" if printed.sheets == 1 else f"{printed.sheets} sheets"
    then = f"; then {printed.then}" if printed.then else ""
    return f"{printed.sides}, {sheets} of {stocks()[printed.sheet].title}{then}"


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
