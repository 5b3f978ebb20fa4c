"""The pack as a script of a few lines makes it with WeasyPrint: a document each, or one for all.

    python html_pages.py naive|one ROWS.csv FIRST PACK.html PACK.css OUT.pdf

`naive` lays a document out for each row and appends it with pypdf. `one` lays all rows out as one
document. The style sheet is read once, fonts and pictures are shared; the QR codes are made by our
encoder, which is quicker than any that such a script would take.
"""

from __future__ import annotations

import base64
import io
import sys
from html import escape
from pathlib import Path
from typing import Any

from people import Person, read
from PIL import Image
from pypdf import PdfReader, PdfWriter
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from actionpack.qr import Codes, best_mask

# What the stamp does in our own packs: sizes of layout.toml, lines on their rules.
STYLE = """
.filled { display: block; white-space: nowrap; }
.filled img { width: 100%; height: 100%; image-rendering: pixelated; }
.of-group { font: 600 10pt/6.5mm "Noto Sans"; }
.of-contact { font: 8.5pt/6.5mm "Noto Sans"; }
.of-sender { font: 10pt/6.4mm "Noto Serif"; }
.of-serial { font: 7pt/4mm "Noto Sans"; }
@page :nth(1 of briefing) { counter-reset: page 1; }
section.briefing { break-before: recto; }
"""
NAMES = ("code", "stub-code", "group", "contact", "sender", "serial")


def main() -> None:
    """Write one file."""
    how, rows, first, html, css, out = sys.argv[1:]
    persons = read(Path(rows), int(first))
    template = Path(html).read_text(encoding="utf-8")
    fonts = FontConfiguration()
    style = [CSS(string=Path(css).read_text(encoding="utf-8") + STYLE, font_config=fonts)]
    codes = Codes(best_mask(persons[0].url.partition("?")[0]))
    pages = [filled(template, person, codes) for person in persons]
    if how == "one":
        start, end = '<section class="briefing"', "</body>"
        head = pages[0].partition(start)[0]
        bodies = [start + page.partition(start)[2].rpartition(end)[0] for page in pages]
        write("".join((head, *bodies, end, "</html>")), style, fonts, out)
        return
    writer = PdfWriter()
    for page in pages:
        one = io.BytesIO()
        write(page, style, fonts, one)
        writer.append(PdfReader(one))
    writer.write(out)


def write(html: str, style: list[Any], fonts: FontConfiguration, to: str | io.BytesIO) -> None:
    HTML(string=html).write_pdf(to, stylesheets=style, font_config=fonts)


def filled(template: str, person: Person, codes: Codes) -> str:
    """The page with each empty slot replaced by what this person gets."""
    picture = f'<img alt="" src="data:image/png;base64,{png(codes, person.url)}">'
    shown = {
        "code": picture,
        "stub-code": picture,
        "group": escape(person.group),
        "contact": escape(person.contact),
        "sender": "<br>".join(escape(line) for line in person.sender),
        "serial": str(person.serial),
    }
    for name in NAMES:
        size = f'style="width:var(--slot-{name}-width);height:var(--slot-{name}-height)"'
        empty = f'<svg class="slot" {size}><title>slot:{name}</title></svg>'
        if template.count(empty) != 1:
            raise SystemExit(f"the page has not one place for '{name}'")
        full = f'<div class="slot filled of-{name}" style="visibility:visible;{size[7:]}>'
        template = template.replace(empty, f"{full}{shown[name]}</div>")
    return template


def png(codes: Codes, url: str) -> str:
    """The code with its quiet zone, one bit a module, as a PNG in base 64."""
    code = codes.encode(url)
    inner = Image.frombytes("1", (code.side, code.side), code.bits)
    whole = Image.new("1", (code.side_with_quiet_zone,) * 2)
    whole.paste(inner, (4, 4))
    file = io.BytesIO()
    whole.point(lambda dark: not dark).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


if __name__ == "__main__":
    main()
