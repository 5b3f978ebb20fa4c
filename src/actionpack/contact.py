"""A contact sheet: every page of a kit small, to choose from and to show what there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from actionpack.pack import Pack
from actionpack.paper import sheets
from actionpack.preflight.drawn import MOST_DRAWN, Thumb, draw_plain, thumbs
from actionpack.project import shipped_fonts
from actionpack.render import Job, set_alone
from actionpack.store import data_jail, write_whole

_TEMPLATE, _STYLE = "pages/contact-sheet.html.j2", "pages/contact-sheet.css"
# Six upright pages beside each other, at 200 dots per inch; wide ones are no higher.
_WIDE_MM, _HIGH_MM, _DPI = 28.4, 40.2, 200.0
_PAPER, _OTHERS = "a4", ("letter",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A file of the kit, and how it is printed."""

    pack: Pack
    how: str


def place_contact_sheets(
    shown: Sequence[Shown],
    folder: Path,
    made: date,
    *,
    asked: tuple[str, ...] = (),
    unmade: Sequence[tuple[str | None, str]] = (),
) -> list[Path]:
    """Write a contact sheet of each language, as PDF and as PNG, beside the files; where they are.

    `asked` is what the kit is besides usual, as a paper or a variant: its files have it in their
    names, and so have these; for US Letter they are of that size. `unmade` are languages, None for
    the only one, and layouts of which there is no file. Raises Rejected when one cannot be made or
    written.
    """
    kits: dict[str, list[Shown]] = {}
    for one in shown:
        # A pack's name begins with its action and its language.
        action, language, _ = one.pack.name.split(".", 2)
        kits.setdefault(f"{action}.{language}", []).append(one)
    paper = next((paper for paper in _OTHERS if paper in asked), _PAPER)
    placed = []
    for name, files in kits.items():
        missing = tuple(layout for tag, layout in unmade if tag in (None, name.split(".")[1]))
        title = ", ".join((*name.split("."), *asked))
        pdf = draw_contact_sheet(title, files, made, paper, missing=missing)
        for ending, data in ((".pdf", pdf), (".png", draw_plain(pdf))):
            path = folder / f"{'.'.join((name, 'contact-sheet', *asked))}{ending}"
            write_whole(path, data, inside=folder)
            placed.append(path)
    return placed


def draw_contact_sheet(
    title: str,
    files: Sequence[Shown],
    made: date,
    paper: str = _PAPER,
    *,
    missing: tuple[str, ...] = (),
) -> bytes:
    """A PDF with all pages of all files, each small; raises Rejected when it cannot be laid out.

    `missing` are layouts of the kit that could not be made.
    """
    images: dict[str, bytes] = {}
    jail, sheet = data_jail(), sheets()[paper]
    job = Job(
        template=jail.read_text(_TEMPLATE),
        template_file=jail.label(_TEMPLATE),
        css=f"@page {{ size: {sheet.size.width}mm {sheet.size.height}mm }}\n"
        + jail.read_text(_STYLE),
        values={
            "title": title,
            "issued": made.isoformat(),
            "missing": missing,
            "files": [_told(one, images) for one in files],
        },
        images=images,
    )
    return set_alone(job, shipped_fonts())


def _told(shown: Shown, images: dict[str, bytes]) -> dict[str, Any]:
    """A file as the template takes it; its pictures go to `images`."""
    pack = shown.pack
    drawn, count = thumbs(pack.pdf, _WIDE_MM, _HIGH_MM, _DPI)
    wrong = [found.message for found in pack.findings if found.is_error]
    return {
        "name": pack.name,
        "how": shown.how,
        "more": max(0, count - MOST_DRAWN),
        "wrong": f"{wrong[0]}{' and more' if len(wrong) > 1 else ''}" if wrong else "",
        "pages": list(_placed(pack.name, drawn, images)),
    }


def _placed(
    name: str, drawn: Sequence[Thumb], images: dict[str, bytes]
) -> Iterator[dict[str, Any]]:
    for number, thumb in enumerate(drawn, 1):
        images[f"{name}.{number}.png"] = thumb.png
        yield {
            "src": f"/image/{name}.{number}.png",
            "width": round(thumb.size.width, 2),
            "height": round(thumb.size.height, 2),
        }
