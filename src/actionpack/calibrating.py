"""A sheet that tells whether a printer, a window and an envelope do what packs count on.

It is measured with a ruler, a bank card, an envelope and a phone. Before it is handed out, every
code on it is read back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from actionpack.diagnostics import Finding, Place, Rejected, UsageFault, finding
from actionpack.enclosure import Enclosure, enclose, windows_for
from actionpack.geometry import Box, Point
from actionpack.model import CodeMeant
from actionpack.paper import envelopes, stocks
from actionpack.postal import default_window
from actionpack.preflight.codes import check_codes
from actionpack.preflight.reader import File
from actionpack.project import shipped_fonts
from actionpack.qr import QUIET_ZONE, WANTED_MODULE_MM, Code, dark_runs, encode
from actionpack.render import Job, set_alone
from actionpack.source import did_you_mean
from actionpack.store import data_jail, write_whole
from actionpack.units import pt_to_mm

_TEMPLATE, _STYLE = "pages/calibrate.html.j2", "pages/calibrate.css"
# A bank card: ISO/IEC 7810, ID-1, mm.
_CARD_MM = (85.60, 53.98)
# Where words and codes begin, mm: beside the lines that are measured from the edge.
_LEFT_MM = 20.0
# The widths of modules that are to be read, mm, and of lines, pt.
MODULES_MM = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
_STROKES_PT = (0.1, 0.2, 0.3, 0.5, 0.75, 1.0)
_SIZES_PT = (5, 6, 7, 8, 9, 10)
_GREYS = (0, 5, 10, 20, 30, 40, 50, 60, 80, 100)
# From here on words are white.
_DARK = 50
_CODES_TOP_MM, _GREYS_TOP_MM, _LINES_TOP_MM = 72.0, 120.0, 165.0


def place_calibration(paper: str, window: str | None, made: date, place: Path) -> Path:
    """Write the sheet for a paper and a window into a folder, or as a file that ends in .pdf.

    `window` None is the paper's usual one, 'none' leaves it out. Returns where it stands. Raises
    UsageFault for what is not there, Rejected when a code on it cannot be read.
    """
    _known("paper", paper, tuple(name for name in stocks() if windows_for(name)))
    window = window or default_window(paper, None)
    _known("window", window, windows_for(paper))
    named = place.suffix.lower() == ".pdf"
    path = place if named else place / f"calibrate.{paper}.{window}.pdf"
    pdf = draw_calibration(paper, window, made)
    write_whole(path, pdf, inside=path.parent)
    return path


def draw_calibration(paper: str, window: str, made: date) -> bytes:
    """The two pages, for a window that the paper can be folded for; raises Rejected as above."""
    enclosure = enclose(paper, window)
    codes = _codes(enclosure.sheet.width)
    jail = data_jail()
    job = Job(
        template=jail.read_text(_TEMPLATE),
        template_file=jail.label(_TEMPLATE),
        css=jail.read_text(_STYLE),
        values=_values(paper, enclosure, codes, made),
    )
    pdf = set_alone(job, shipped_fonts())
    if found := _unread(pdf, codes):
        raise Rejected(*found)
    return pdf


def _known(what: str, name: str, names: tuple[str, ...]) -> None:
    if name not in names:
        told = f"there is no {what} '{name}' that a letter can be folded for"
        raise UsageFault(finding("bad-value", told, cure=did_you_mean(name, names)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """A code of the ladder: the width of a module, and its top left one on the back, mm."""

    code: Code
    module_mm: float
    corner: Point

    @property
    def side_mm(self) -> float:
        return self.code.side * self.module_mm


def _codes(width: float) -> list[_Placed]:
    """The codes side by side over the width of the text, each with its quiet zone."""
    made = [(encode(f"actionpack: modules of {mm:.1f} mm"), mm) for mm in MODULES_MM]
    taken = sum(code.side_with_quiet_zone * mm for code, mm in made)
    gap = (width - 2 * _LEFT_MM - taken) / (len(made) - 1)
    placed, pen = [], _LEFT_MM
    for code, mm in made:
        corner = Point(pen + QUIET_ZONE * mm, _CODES_TOP_MM)
        placed.append(_Placed(code=code, module_mm=mm, corner=corner))
        pen += code.side_with_quiet_zone * mm + gap
    return placed


def _drawn(code: Code) -> str:
    """The dark modules as an SVG path, a module wide and high 1."""
    return "".join(
        f"M{run.column} {run.row}h{run.length}v1h-{run.length}z" for run in dark_runs(code)
    )


def _unread(pdf: bytes, codes: Sequence[_Placed]) -> tuple[Finding, ...]:
    """What is wrong with the codes, but for their size: the small ones are there to fail."""
    with File(pdf) as file, file.page(2) as back:
        looked = check_codes(back, [_meant(code) for code in codes], Place(page=2))
    return tuple(found for found in looked.findings if found.code != "qr-module-size")


def _meant(placed: _Placed) -> CodeMeant:
    side = placed.side_mm
    box = Box(placed.corner.x, placed.corner.y, side, side)
    return CodeMeant(page=2, box=box.inset(-QUIET_ZONE * placed.module_mm), text=placed.code.text)


def _values(
    paper: str, enclosure: Enclosure, codes: Sequence[_Placed], made: date
) -> dict[str, Any]:
    """All that the template says and draws; millimetres from the top left of a side."""
    sheet, window, handling = enclosure.sheet, enclosure.window, enclosure.handling
    if handling is None:
        raise AssertionError("only papers that a window is folded for come here")
    # Whatever a window can show stays free of words.
    text_top = max(enclosure.exposed.bottom, 84) + 6
    free = sheet.width * (0.25 if enclosure.is_right else 0.75)
    card = Box(sheet.width - _LEFT_MM - _CARD_MM[0], text_top + 2, *_CARD_MM)
    return {
        "title": f"Print test: {stocks()[paper].title}"
        + ("" if window.plain else f", window {window.name}"),
        "issued": made.isoformat(),
        "width": sheet.width,
        "height": sheet.height,
        "left": _LEFT_MM,
        "band": text_top + 30,
        "free": free,
        "window": not window.plain,
        "verified": window.verified,
        "visible": asdict(enclosure.visible),
        "exposed": asdict(enclosure.exposed),
        "folds": enclosure.folds,
        "tear": handling.tear,
        "how": _how(enclosure),
        "text_top": text_top,
        "card": asdict(card),
        "bar": 160,
        "ruler": sheet.height - 28,
        "spots": _spots(enclosure),
        "codes": [
            {
                "x": one.corner.x,
                "y": one.corner.y,
                "module": one.module_mm,
                "side": one.side_mm,
                "drawn": _drawn(one.code),
                "told": f"{one.module_mm:.1f} mm",
            }
            for one in codes
        ],
        "codes_top": _CODES_TOP_MM,
        "wanted": WANTED_MODULE_MM,
        "greys": list(_greys(sheet.width)),
        "greys_top": _GREYS_TOP_MM,
        "lines": list(_lines(sheet.width)),
        "lines_top": _LINES_TOP_MM,
        "sizes": _SIZES_PT,
    }


def _how(enclosure: Enclosure) -> str:
    """What to do with the sheet to look through the window."""
    envelope = envelopes()[enclosure.window.envelope].title
    folds = "the mark" if len(enclosure.folds) == 1 else "both marks, like a fan"
    return (
        f"Fold the sheet at {folds}, with this side outside, and put it into the envelope "
        f"({envelope}). Then tear it at the dashed line, fold it once, and try again."
    )


def _spots(enclosure: Enclosure) -> list[dict[str, float]]:
    """Where the crosses stand on the front: far apart, and off what a window shows."""
    sheet = enclosure.sheet
    beside = 35 if enclosure.is_right else sheet.width - 35
    low = sheet.height - 55
    return [
        {"x": beside, "y": 26},
        {"x": 35, "y": low},
        {"x": sheet.width - 35, "y": low},
    ]


def _greys(width: float) -> list[dict[str, Any]]:
    each = (width - 2 * _LEFT_MM) / len(_GREYS)
    return [
        {
            "x": round(_LEFT_MM + at * each, 3),
            "width": round(each, 3),
            "colour": "#" + f"{round(255 * (100 - percent) / 100):02x}" * 3,
            "ink": "#fff" if percent >= _DARK else "#111",
            "told": f"{percent} %",
        }
        for at, percent in enumerate(_GREYS)
    ]


def _lines(width: float) -> list[dict[str, Any]]:
    each = (width - 2 * _LEFT_MM) / len(_STROKES_PT)
    return [
        {
            "x": round(_LEFT_MM + at * each, 3),
            "width": round(each - 4, 3),
            "stroke": round(pt_to_mm(pt), 4),
            "told": f"{pt:g} pt",
        }
        for at, pt in enumerate(_STROKES_PT)
    ]
