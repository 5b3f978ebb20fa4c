"""Pictures of what there is: every window on one page, to find the envelope one has."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from actionpack.diagnostics import UsageFault, finding
from actionpack.enclosure import enclose
from actionpack.listing import Item
from actionpack.listing import windows as listed_windows
from actionpack.paper import envelopes, stocks
from actionpack.postal import Window, clear_zones, windows
from actionpack.preflight.drawn import draw_poster
from actionpack.project import shipped_fonts
from actionpack.render import Job, set_alone
from actionpack.store import data_jail, write_whole

# Wide enough to read 7 pt on a screen: 120 dots per inch of A3.
_WIDE_PX = 1984
_TEMPLATE, _STYLE = "pages/windows.html.j2", "pages/windows.css"


def place_windows(path: Path) -> str:
    """Write a drawing of every window, PNG or PDF by the name of the file; returns that name.

    Raises UsageFault for another kind of file.
    """
    kind = path.suffix.lower()
    if kind not in (".png", ".pdf"):
        told = f"'{path}' is the name of no picture"
        raise UsageFault(finding("bad-value", told, cure="end it in .png or .pdf"))
    pdf = draw_windows()
    write_whole(path, pdf if kind == ".pdf" else draw_poster(pdf, _WIDE_PX), inside=path.parent)
    return str(path)


def draw_windows() -> bytes:
    """A PDF page with every window drawn to scale, on its envelope and on its sheet."""
    jail = data_jail()
    listed = {item["name"]: item for item in listed_windows()}
    job = Job(
        template=jail.read_text(_TEMPLATE),
        template_file=jail.label(_TEMPLATE),
        css=jail.read_text(_STYLE),
        values={"windows": [_drawn(window, listed[name]) for name, window in windows().items()]},
    )
    return set_alone(job, shipped_fonts())


def _drawn(window: Window, item: Item) -> dict[str, Any]:
    """A window as the template takes it; the sheet is the first that it is made for."""
    enclosure = enclose(window.papers[0], window.name)
    handling = enclosure.handling
    return {
        **item,
        "envelope": asdict(envelopes()[window.envelope].size),
        "size": f"{item['envelope']}; window {item['window']}",
        "hole": None if window.plain else asdict(enclosure.hole),
        "zones": [asdict(clear_zones()[name].box(enclosure.envelope)) for name in window.clear],
        "sheet": {
            "title": stocks()[window.papers[0]].title,
            "visible": asdict(enclosure.visible),
            "exposed": asdict(enclosure.exposed),
            "fold": handling.fold if handling else 0,
            "tear": handling.tear if handling else 0,
            **asdict(enclosure.sheet),
        },
    }
