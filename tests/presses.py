"""A project with a layout that bleeds and uses every kind of colour, and what is built of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import PIL.Image
import PIL.ImageChops
import pytest
from projects import ACTION, write_action

from actionpack.pack import Pack, Request, Today
from actionpack.project import Project
from actionpack.workshop import Workshop

LAYOUT = """title = "Card"
papers = ["a4", "letter"]
enclosed = false
safe = 5
bleed = 3
families = ["Noto Serif", "Noto Sans"]
prints = ["title", "summary", "briefing", "images", "picture_credit", "people"]

[[form]]
name = "sheet"
letter_sizes = [10.5]

[address]
family = "Noto Serif"
sizes = [10]
leading = 1.2
left = 20
top = 20
right = 100
bottom = 60

[lengths]
photo_width = "width - 2 * edge"
photo_height = "photo_width / 2"

[[piece]]
name = "front"
bleeds = ["start", "end", "top", "bottom"]
cut = [{ name = "tear", at = 150 }]
fold = [{ name = "fold", at = 100 }]

  [[piece.panel]]
  name = "head"
  left = 15
  top = 8
  right = "width - 15"
  bottom = 140

  [[piece.panel]]
  name = "photo"
  left = "edge"
  top = "height - photo_height - edge"
  right = "width - edge"
  bottom = "height - edge"

[[slot]]
name = "code"
field = "source"
kind = "code"
width = 30

[[slot]]
name = "group"
kind = "text"
width = 60
height = 10
family = "Noto Sans"
sizes = [10, 8]
lines = 1
rules = true
"""
STYLE = """
:root { font: 10pt/14pt var(--noto-sans); color: #000; image-rendering: crisp-edges; }
* { margin: 0; padding: 0; }
@page { size: var(--width) var(--height); margin: 0; }
.slot { display: block; visibility: hidden; }
section { position: relative; height: var(--height); }
section > * { position: absolute; }
.mark { left: var(--safe); top: 100mm; width: 4mm; border-top: 0.6pt solid #555; }
.band { left: var(--edge); right: var(--edge); top: var(--edge); height: 60mm;
  background: linear-gradient(90deg, #d9e6c8, #ffd0a0); }
h1 { left: 15mm; top: 12mm; font-size: 24pt; line-height: 30pt; }
.white { left: 15mm; top: 28mm; background: #9c1c14; color: #fff; padding: 2mm; }
.grey { left: 15mm; top: 42mm; color: #808080; width: 80mm; }
.brief { left: 15mm; top: 70mm; width: 80mm; color: #161616; }
.faint { left: 120mm; top: 70mm; width: 40mm; height: 10mm; background: rgb(0 80 200 / 40%); }
.op { left: 120mm; top: 82mm; width: 40mm; height: 10mm; background: #070; opacity: 0.5; }
.pat { left: 120mm; top: 94mm; width: 40mm; height: 10mm; background: url(badge.png);
  background-size: 5mm; }
.badge { left: 165mm; top: 70mm; width: 20mm; height: 20mm; }
.palette { left: 165mm; top: 92mm; width: 20mm; height: 20mm; }
.grey-picture { left: 165mm; top: 114mm; width: 20mm; height: 20mm; }
svg { left: 100mm; top: 30mm; width: 30mm; height: 20mm; }
.code { left: 80mm; top: 105mm; }
.group { left: 15mm; top: 120mm; }
img.photo { left: var(--edge); bottom: var(--edge); width: var(--photo-width);
  height: var(--photo-height); }
.credit { left: 15mm; top: 132mm; font-size: 7pt; }
"""
TEMPLATE = """<!DOCTYPE html>
<html lang="{{ lang }}" dir="{{ direction }}"><head><meta charset="utf-8">
<title>{{ title }}</title><meta name="dcterms.created" content="{{ issued_iso }}">
<meta name="dcterms.modified" content="{{ issued_iso }}"></head>
<body>
<section data-piece="front">
<div class="band"></div><div class="mark"></div>
<h1 data-panel="head" data-field="title">{{ title }}</h1>
<p class="white" data-panel="head" data-field="summary">{{ summary }}</p>
<p class="grey" data-panel="head" data-field="people">{{ people }}</p>
<div class="brief" data-panel="head" data-field="briefing">{{ briefing }}</div>
<div class="faint"></div><div class="op"></div><div class="pat"></div>
<img class="badge" src="badge.png" alt="A badge" data-panel="head">
<img class="palette" src="palette.png" alt="A palette" data-panel="head">
<img class="grey-picture" src="grey.png" alt="A grey picture" data-panel="head">
<svg viewBox="0 0 30 20"><title>A drawing</title><defs><linearGradient id="g">
<stop offset="0" stop-color="#f00"/><stop offset="0.5" stop-color="#0a0" stop-opacity="0.5"/>
<stop offset="1" stop-color="#00f"/></linearGradient></defs>
<rect width="30" height="9" fill="url(#g)"/><circle cx="5" cy="15" r="4"/>
<path d="M12 12h16v6z" stroke="#c60" fill="none"/></svg>
<div class="code" data-panel="head">{{ slot("code") }}</div>
<div class="group" data-panel="head">{{ slot("group") }}</div>
{% for image in images %}<img class="photo" data-panel="photo" src="{{ image.src }}"
alt="{{ image.alt }}"><p class="credit" data-panel="head"
data-field="picture_credit-{{ loop.index }}">{{ image.credit }}</p>{% endfor %}
</section></body></html>
"""
REVIEWED = {
    "title": "المدافعون عن النهر",
    "summary": "ثلاثة أشخاص ينتظرون محاكمتهم.",
    "salutation": "السيد العمدة،",
    "closing": "مع فائق الاحترام،",
    "status": "reviewed",
    "reviewer": "Somebody",
}
ARABIC = {
    "briefing": "اعتقلوا في أيار.",
    "ask": "اكتبوا إلى العمدة.",
    "letter": "أكتب إليكم عن ثلاثة أشخاص.",
}
PEOPLE = """people: [{name: Mihri, consent: "in writing"}]
images: [{file: images/a.png, alt: {en: A picture, ar: صورة}, licence: CC0}]
"""


def write_project(root: Path, *, style: str = STYLE, layout: str = LAYOUT) -> Path:
    """A project with the action `river` and the layout `card`; returns its folder."""
    folder = write_action(root, action=ACTION + PEOPLE)
    write_action(root, action=ACTION + PEOPLE, tag="ar", fields=REVIEWED, sections=ARABIC)
    (folder / "images").mkdir(exist_ok=True)
    photo(1720, 860).save(folder / "images" / "a.png")
    card = root / "layouts" / "card"
    card.mkdir(parents=True, exist_ok=True)
    (card / "layout.toml").write_text(layout)
    (card / "style.css").write_text(style)
    (card / "template.html.j2").write_text(TEMPLATE)
    small = photo(200, 200)
    alpha = PIL.Image.radial_gradient("L").resize((200, 200))
    PIL.Image.merge("RGBA", (*small.split(), alpha)).save(card / "badge.png")
    small.quantize(64).save(card / "palette.png")
    small.convert("L").save(card / "grey.png")
    return root


def photo(width: int, height: int) -> PIL.Image.Image:
    """A picture with colours of many hues, and black in one corner."""
    ramp = PIL.Image.linear_gradient("L").resize((width, height))
    across = ramp.rotate(90, expand=True).resize((width, height))
    down = PIL.Image.eval(ramp, lambda value: 255 - value)
    return PIL.Image.merge("RGB", (ramp, across, PIL.ImageChops.multiply(across, down)))


def built(root: Path, **asked: Any) -> Pack:
    """A pack of a project, `asked` for besides that it is for a press in Italy."""
    day = date(2027, 6, 1)
    wanted = {"layout": "card", "edition": "press", "sender_country": "IT", **asked}
    request = Request(action="river", **wanted)
    with pytest.MonkeyPatch.context() as patch, Workshop(Project(root=root)) as workshop:
        patch.setenv("ACTIONPACK_CACHE", str(root / "cache"))
        return workshop.pack(request, Today(here=day, where_it_ends_last=day))
