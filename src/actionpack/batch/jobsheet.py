"""The job sheet of a batch: one page for the print shop, and for whoever posts the letters.

It tells of files, paper and folds, and of letters by target. Nothing of a row stands on it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import ascii_uppercase
from typing import Any, NamedTuple

from actionpack.batch.manifest import FILE, Written
from actionpack.batch.masters import LaidKind, Letter
from actionpack.batch.sheets import family_stack
from actionpack.condition import usual_condition
from actionpack.diagnostics import Rejected, finding, has_errors
from actionpack.fonts import read_shelf
from actionpack.geometry import Size
from actionpack.impose import Medium
from actionpack.imposition import ONE_UP, done_with, known_scheme
from actionpack.language import country_name, long_date
from actionpack.model import Edition
from actionpack.paper import envelopes, sheets, stocks
from actionpack.pdf import prepare
from actionpack.postal import windows
from actionpack.render import Job, Typesetter
from actionpack.store import data_jail

JOB_SHEET = "job-sheet.pdf"

_TEMPLATE, _STYLE = "pages/job-sheet.html.j2", "pages/job-sheet.css"
# An envelope is cut from one sheet: its front, its back, and flaps that overlap, of office paper.
ENVELOPE_FACES = 2.2
ENVELOPE_GRAMMAGE = 80.0
# A narrower sheet has no room for all of it: A4 is 210 mm wide, US Letter 215.9.
LEAST_WIDTH_MM = 200.0


class Listed(NamedTuple):
    """How many volumes, ways to fold, targets and deadlines are listed, and actions by fold."""

    volumes: int
    ways: int
    targets: int
    deadlines: int
    actions: int


# Fewer are listed when they would need a second page.
_LISTED = (
    Listed(25, 6, 12, 12, 12),
    Listed(25, 4, 6, 12, 12),
    Listed(25, 4, 6, 6, 4),
    Listed(0, 6, 12, 12, 12),
    Listed(0, 4, 6, 12, 12),
    Listed(0, 4, 6, 6, 4),
    Listed(0, 2, 2, 2, 4),
    Listed(0, 0, 0, 1, 0),
)
# So many actions are named at the top, and so many languages of one anywhere.
_ACTIONS, _LANGUAGES = 4, 12
# From so many volumes on they are listed in two columns.
_TWO_COLUMNS = 9
# Of a hash so much is compared by eye.
_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSheet:
    """What a job sheet tells.

    `kinds` are those that were printed, with how many packs of each. `asked_for` is how many packs
    there should be, `grammage` in g/m², `separators` how many sheets are some. `reprint`: these
    are only some packs of the plan.
    """

    name: str
    volumes: tuple[Written, ...]
    kinds: tuple[tuple[LaidKind, int], ...]
    asked_for: int
    grammage: float
    separators: int
    reprint: bool
    edition: Edition = "home"

    @property
    def issued(self) -> date:
        return max(laid.issued for laid, _ in self.kinds)

    @property
    def paper(self) -> str:
        """What the sheet itself is printed on: that of the packs, or A4 for envelopes and cards."""
        wide = {name for name, stock in sheets().items() if stock.size.width >= LEAST_WIDTH_MM}
        return next((laid.paper for laid, _ in self.kinds if laid.paper in wide), "a4")


def tally(kinds: Sequence[tuple[LaidKind, int]]) -> tuple[tuple[Letter, int], ...]:
    """How many letters go where, the most first; those to one address in one way are one entry."""
    counted: Counter[Letter] = Counter()
    for laid, packs in kinds:
        for letter in laid.letters:
            counted[letter] += packs
    return tuple(
        sorted(counted.items(), key=lambda one: (-one[1], one[0].country, one[0].to, repr(one[0])))
    )


def weight_g(letter: Letter, grammage: float) -> float:
    """What a letter weighs in its envelope, g, without stamp and ink."""
    face = _envelope(letter).width * _envelope(letter).height
    return (letter.area_mm2 * grammage + face * ENVELOPE_FACES * ENVELOPE_GRAMMAGE) / 1e6


def _envelope(letter: Letter) -> Size:
    return envelopes()[windows()[letter.window].envelope].size


def lay_out_job_sheet(sheet: JobSheet, fonts: tuple[Path, ...], typesetter: Typesetter) -> bytes:
    """The page as PDF; raises Rejected when it cannot be made."""
    jail, shelf = data_jail(), read_shelf(fonts)
    size = sheets()[sheet.paper].size
    css = f":root{{font-family:{family_stack(shelf)}}}\n" + jail.read_text(_STYLE)
    css += f"@page{{size:{size.width}mm {size.height}mm}}"
    for listed in _LISTED:
        job = Job(
            template=jail.read_text(_TEMPLATE),
            template_file=jail.label(_TEMPLATE),
            css=css,
            values=_values(sheet, listed),
        )
        laid = typesetter.lay_out(job)
        if len(laid.pages) == 1:
            break
    else:
        raise Rejected(finding("overflow", f"'{JOB_SHEET}' needs more than a page"))
    pdf, logged = typesetter.write()
    if has_errors(laid.findings + logged):
        raise Rejected(*laid.findings, *logged)
    return prepare(pdf)


# ------------------------------------------------------------------------------------- its words


def _values(sheet: JobSheet, listed: Listed) -> dict[str, Any]:
    written = sheet.volumes
    media = tuple(dict.fromkeys(one.medium for one in written))
    letters = tally(sheet.kinds)
    ways = _ways(sheet.kinds)
    marks = dict(zip(ways[: listed.ways], ascii_uppercase, strict=False))
    deadlines = _deadlines(sheet.kinds)
    return {
        "batch": sheet.name,
        "reprint": sheet.reprint,
        "issued": sheet.issued.isoformat(),
        "contents": _in_short(_contents(sheet.kinds), _ACTIONS),
        "totals": [
            _counted(sum(one.packs for one in written), "pack"),
            _counted(len(written), "file"),
            _counted(sum(one.pages for one in written), "page"),
            _counted(sum(_sheets(one) for one in written), "sheet"),
        ],
        "left_out": sheet.asked_for - sum(one.packs for one in written),
        "media": [_fed(medium, written) for medium in media],
        "grammage": f"{sheet.grammage:g}",
        "sides": sorted({medium.duplex for medium in media}),
        "edge": _edge(media),
        "imposed": [_imposed(medium, written) for medium in media if medium.manner],
        "booklets": sorted({laid.kind.layout for laid, _ in sheet.kinds if laid.booklet}),
        "saddle_stitch": done_with(known_scheme("booklet")),
        "separators": sheet.separators,
        "press": usual_condition().name if sheet.edition == "press" else "",
        "volumes": [_row(one) for one in written] if len(written) <= listed.volumes else [],
        "first": written[0].name,
        "last": written[-1].name,
        "two_columns": len(written) >= _TWO_COLUMNS,
        "digits": _DIGITS,
        "manifest": FILE,
        "deadlines": deadlines[: listed.deadlines],
        "later": sum(len(one["actions"]) for one in deadlines[listed.deadlines :]),
        "ways": [
            {"mark": marks[way], **_folded(way, sheet, 0 if len(ways) == 1 else listed.actions)}
            for way in marks
        ],
        "other_ways": len(ways) - len(marks),
        "letters": [
            {"mark": marks.get(_way(letter), ""), **_addressed(letter, count)}
            for letter, count in letters[: listed.targets]
        ],
        "other_letters": _letters(letters[listed.targets :]),
        "other_targets": len(letters[listed.targets :]),
        "all_letters": _letters(letters) if letters else "",
        "assumed": {"grammage": f"{ENVELOPE_GRAMMAGE:g}", "faces": f"{ENVELOPE_FACES:g}"},
    }


def _contents(kinds: Sequence[tuple[LaidKind, int]]) -> list[str]:
    """Which editions of which actions, of what day, in which languages."""
    languages: dict[tuple[str, int, date], dict[str, None]] = {}
    for laid, _ in kinds:
        known = languages.setdefault((laid.kind.action, laid.edition, laid.issued), {})
        known[laid.kind.language] = None
    return [
        f"{action}, edition {edition} of {long_date(issued, 'en')} ({_in_languages(tags)})"
        for (action, edition, issued), tags in languages.items()
    ]


def _in_languages(tags: Iterable[str]) -> str:
    """Languages, as many as are named together."""
    named = tuple(tags)
    more = len(named) - _LANGUAGES
    others = f" and {' '.join(_counted(more, 'more language'))}" if more > 0 else ""
    return ", ".join(named[:_LANGUAGES]) + others


def _in_short(actions: Sequence[str], most: int) -> str:
    """Actions with their languages, as many as are named together."""
    more = len(actions) - most
    others = f"; and {' '.join(_counted(more, 'more action'))}" if more > 0 else ""
    return "; ".join(actions[:most]) + others


def _deadlines(kinds: Sequence[tuple[LaidKind, int]]) -> list[dict[str, Any]]:
    """Until when which actions are to be posted, the first one first and those without one last."""
    actions: dict[date | None, dict[str, None]] = {}
    for laid, _ in kinds:
        actions.setdefault(laid.act_by, {})[laid.kind.action] = None
    return [
        {"day": long_date(day, "en") if day else "", "actions": list(actions[day])}
        for day in sorted(actions, key=lambda day: day or date.max)
    ]


def _sheets(one: Written) -> int:
    return one.medium.sheets(one.pages)


def _fed(medium: Medium, volumes: Sequence[Written]) -> dict[str, Any]:
    """What is printed on one medium; its volumes follow one another."""
    on_it = [one for one in volumes if one.medium == medium]
    names = dict.fromkeys((on_it[0].name, on_it[-1].name))
    return {
        "paper": stocks()[medium.paper].title,
        "is_sheet": medium.paper in sheets(),
        "sheets": " ".join(_counted(sum(map(_sheets, on_it)), "sheet")),
        "sides": _sides(medium),
        "files": " to ".join(names),
    }


def _imposed(medium: Medium, volumes: Sequence[Written]) -> dict[str, Any]:
    """How pages stand on the sheets of a medium, and what is done with these."""
    scheme = medium.manner.scheme if medium.manner else ONE_UP
    return {
        "files": _fed(medium, volumes)["files"],
        "scheme": scheme.name,
        "flip": medium.flip if medium.duplex else "",
        "then": done_with(scheme),
    }


def _edge(media: Sequence[Medium]) -> str:
    """The edge on which sheets are flipped that are printed on both sides."""
    edges = {medium.flip for medium in media if medium.duplex}
    return f"the {edges.pop()} edge" if len(edges) == 1 else "the edge that “Sheets” names"


def _sides(medium: Medium) -> str:
    return "both sides" if medium.duplex else "one side"


def _row(one: Written) -> dict[str, str]:
    return {
        "name": one.name,
        "packs": _number(one.packs),
        "pages": _number(one.pages),
        "sheets": _number(_sheets(one)),
        "paper": stocks()[one.medium.paper].title,
        "sides": "2" if one.medium.duplex else "1",
        "hash": one.sha256[:_DIGITS],
    }


class _Way(NamedTuple):
    """How letters are torn, folded and enclosed; lengths as `Letter` has them."""

    window: str
    area_mm2: float
    tears: tuple[float, ...]
    folds: tuple[float, ...]


def _way(letter: Letter) -> _Way:
    return _Way(letter.window, letter.area_mm2, letter.tears, letter.folds)


def _ways(kinds: Sequence[tuple[LaidKind, int]]) -> tuple[_Way, ...]:
    """Every way in which letters are folded, the smallest ones first."""
    return tuple(sorted({_way(letter) for laid, _ in kinds for letter in laid.letters}))


def _folded(way: _Way, sheet: JobSheet, actions: int) -> dict[str, str]:
    """How letters are folded in one way, what one weighs, and of which actions they are.

    At most so many actions are named, and with 0 none.
    """
    letters = [
        (laid, letter, count)
        for laid, count in sheet.kinds
        for letter in laid.letters
        if _way(letter) == way
    ]
    layouts = {laid.kind.layout for laid, _ in sheet.kinds if laid.letters}
    folds = f"folded at {_at(way.folds)}" if way.folds else "not folded"
    return {
        "how": f"torn at {_at(way.tears)}, then {folds}" if way.tears else f"whole leaf, {folds}",
        "envelope": _envelope_told(letters[0][1]),
        "weight": f"{weight_g(letters[0][1], sheet.grammage):.1f}",
        "count": _number(sum(count for _, _, count in letters)),
        "which": _which([laid for laid, _, _ in letters], actions, several=len(layouts) > 1)
        if actions
        else "",
    }


def _which(kinds: Sequence[LaidKind], most: int, *, several: bool) -> str:
    """Kinds by action, with their target where it is one of several, and of `several` layouts."""
    actions: dict[str, dict[str, None]] = {}
    for laid in kinds:
        layout = f" as {laid.kind.layout}" if several else ""
        target = f" to {laid.to}" if laid.kind.target else ""
        actions.setdefault(laid.kind.action, {})[laid.kind.language + layout + target] = None
    return _in_short([f"{name} ({_in_languages(one)})" for name, one in actions.items()], most)


def _letters(tallied: Sequence[tuple[Letter, int]]) -> str:
    return " ".join(_counted(sum(count for _, count in tallied), "letter"))


def _at(lengths: Sequence[float]) -> str:
    return " and ".join(f"{mm:.1f}".removesuffix(".0") + "\u00a0mm" for mm in lengths)


def _envelope_told(letter: Letter) -> str:
    window = windows()[letter.window]
    size = _envelope(letter)
    return f"{window.title}, {size.width:g} × {size.height:g} mm"


def _addressed(letter: Letter, count: int) -> dict[str, str]:
    return {
        "count": _number(count),
        "to": letter.to,
        "country": country_name(letter.country, "en"),
    }


def _counted(number: int, noun: str) -> tuple[str, str]:
    return _number(number), noun if number == 1 else f"{noun}s"


def _number(number: int) -> str:
    """A number as people read it: a thin space between thousands, ISO 80000-1, 7.3.1."""
    return f"{number:,}".replace(",", "\u202f")
