"""A small pack to prove and to spoil, and the tests that it is good before it is spoilt.

Four pages: a leaf with a letter above its tear and a stub below, its blank back, and two pages to
read. It is laid out once in each test process; what other tests need wrong is painted on it.
"""

from __future__ import annotations

import dataclasses
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image

from actionpack.diagnostics import Finding, Place
from actionpack.geometry import Box, Size
from actionpack.model import (
    CodeMeant,
    LaidPage,
    PageMeant,
    ProofMap,
    Spot,
    TextMeant,
    WindowMeant,
)
from actionpack.piece import Line, Panel, Piece
from actionpack.preflight import conservation, orphans, panel_overflow, regions
from actionpack.preflight.finished import prove
from actionpack.qr import Code, code_of, dark_runs, encode
from actionpack.render import Job, Typesetter

FONTS = Path(__file__).parents[1] / "assets" / "fonts"
A4 = Size(210, 297)
DAY = date(2020, 3, 20)
NAME = "out/pack.pdf"

LETTER = (
    "I write to you about the family of Mihriban, who have been held without trial for three "
    "years. Please release every person who has been arbitrarily detained, reunite them with "
    "their families, and make sure that efficient officials end this difficult affair."
)
FIELDS = {
    "address:president": "Xi Jinping\nPresident of China\nZhongnanhai Xichang’anjie\n"
    "Xichengqu, Beijing Shi 100017\nCHINA",
    "salutation:president": "Dear President Xi,",
    "letter": f"{LETTER}\n{LETTER}",
    "closing:president": "Yours sincerely,",
    "title": "China: Uyghur families",
    "briefing": " ".join([LETTER] * 6),
    "ask": " ".join([LETTER] * 4),
}
URL = "https://www.example.org/act/uyghur-families"

# Torn at 210 and folded at 105, for a DL envelope: the window always shows x 30…110, y 51.5…91
# or so, and never anything below 96 (tests/test_piece.py has the arithmetic).
LEAF = Piece(
    name="letter",
    sheet=A4,
    cuts=(Line(name="tear", at=210, tolerance=2),),
    folds=(Line(name="fold", at=105, tolerance=1.5),),
    panels=(
        Panel(name="sender", box=Box(120, 12, 75, 30), posted=True),
        Panel(name="address", box=Box(30, 50, 80, 40), posted=True),
        Panel(name="date", box=Box(125, 80, 60, 20), posted=True),
        Panel(name="letter", box=Box(22, 104, 166, 100), posted=True),
        Panel(name="stub", box=Box(18, 214, 174, 77), posted=False),
    ),
    posted_strip=0,
    blank_back=True,
)
READING = Piece(
    name="briefing",
    sheet=A4,
    panels=(Panel(name="briefing", box=Box(15, 15, 180, 267), posted=False),),
)
WINDOW = WindowMeant(name="dl-left", envelope=Size(220, 110), hole=Box(20, 50, 90, 45))

# A dashed line to tear along, over the safe width of 200 mm, and a mark to fold at.
GUIDES = "q 0.25 w 0.3 G 5 105 m 9 105 l S [2 2] 0 d 5 210 m 205 210 l S Q"

HTML = f"""<html lang="en"><head><title>{FIELDS["title"]}</title>
<meta name="dcterms.created" content="2020-03-19"></head><body>
<section data-piece="letter" data-target="president">
<div class="sender" data-panel="sender"><hr><p data-field="caption">Your name and address</p></div>
<div class="address" data-panel="address" data-field="address">
{"".join(f"<p>{line}</p>" for line in FIELDS["address:president"].split(chr(10)))}</div>
<div class="letter" data-panel="letter">
<p data-field="salutation">{FIELDS["salutation:president"]}</p>
<div data-field="letter"><p>{LETTER}</p><ul><li>{LETTER}</li></ul></div>
<p data-field="closing">{FIELDS["closing:president"]}</p></div>
<div class="stub" data-panel="stub"><h1 data-field="title">{FIELDS["title"]}</h1>
<p>Scan to act online</p></div></section>
<section></section>
<section data-piece="briefing" data-panel="briefing"><div class="read">
<img src="/image/family" alt="A family">
<div class="columns" data-field="briefing">{FIELDS["briefing"]}</div></div></section>
<section data-piece="briefing" data-panel="briefing">
<div class="read" data-field="ask">{FIELDS["ask"]}</div></section></body></html>"""

CSS = """@page { size: 210mm 297mm; margin: 0 }
:root { font: 10pt/1.3 "Noto Serif"; hyphens: auto; image-rendering: crisp-edges }
body, p, h1 { margin: 0 }
section { position: relative; width: 210mm; height: 296.9mm; break-after: page }
section:last-child { break-after: auto }
.sender { position: absolute; left: 120mm; top: 30mm; width: 75mm; font: 7pt "Noto Sans" }
hr { border: 0; border-top: 0.2mm solid #333; margin: 0 0 1mm }
.address { position: absolute; left: 31mm; top: 55mm }
.letter { position: absolute; left: 22mm; top: 106mm; width: 166mm; text-align: justify }
.stub { position: absolute; left: 18mm; top: 220mm }
.read { padding: 15mm }
img { width: 40mm; height: 30mm }
.columns { columns: 2 }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A finished file and its map."""

    pdf: bytes
    proof: ProofMap
    laid: tuple[LaidPage, ...]

    @property
    def found(self) -> tuple[Finding, ...]:
        return proved(self.pdf, self.proof)

    def with_proof(self, **changes: Any) -> Pack:
        return dataclasses.replace(self, proof=dataclasses.replace(self.proof, **changes))

    def painted(self, operators: str, *, page: int = 1, before: bool = False) -> Pack:
        return dataclasses.replace(self, pdf=painted(self.pdf, operators, page=page, before=before))


def proved(pdf: bytes, proof: ProofMap | None) -> tuple[Finding, ...]:
    return prove(pdf, name=NAME, proof=proof, today=DAY, deadline_today=DAY, allow_expired=False)


def codes(found: Sequence[Finding]) -> list[str]:
    return [one.code for one in found]


@cache
def laid_out() -> tuple[bytes, tuple[LaidPage, ...]]:
    """The pages without codes, as the typesetter wrote them."""
    picture = io.BytesIO()
    # 40 × 30 mm at 300 dots per inch: 40 / 25.4 · 300 = 472.
    Image.linear_gradient("L").resize((473, 355)).save(picture, "PNG")
    images = {"family": picture.getvalue()}
    with Typesetter((FONTS,)) as typesetter:
        laid = typesetter.lay_out(Job(template=HTML, css=CSS, mounts={}, images=images))
        pdf, logged = typesetter.write()
    assert laid.findings + logged == ()
    return pdf, laid.pages


@cache
def pack() -> Pack:
    """The good pack: a code on the stub, another beside the briefing."""
    pdf, laid = laid_out()
    codes = (
        CodeMeant(page=1, box=Box(150, 220, 30, 30), text=URL),
        CodeMeant(page=3, box=Box(150, 250, 30, 30), text=f"{URL}?source=rome"),
    )
    for code in codes:
        pdf = painted(pdf, drawn(encode(code.text), code.box), page=code.page)
    pdf = painted(pdf, GUIDES)
    texts = tuple(
        TextMeant(
            field=field,
            text=text,
            regions=regions(laid, field),
            posted=field.partition(":")[0] in ("address", "salutation", "letter", "closing"),
        )
        for field, text in FIELDS.items()
    )
    proof = ProofMap(
        action="china-uyghur-families",
        language="en",
        layout="letter",
        paper="a4",
        window=WINDOW,
        issued=date(2020, 3, 19),
        embargo=None,
        act_by=None,
        stopped=None,
        safe_mm=5,
        fonts=("Noto Serif", "Noto Sans"),
        pages=(
            PageMeant(piece="letter", blank=False),
            PageMeant(piece="letter", blank=True),
            PageMeant(piece="briefing", blank=False),
            PageMeant(piece="briefing", blank=False),
        ),
        pieces=((1, LEAF), (3, READING), (4, READING)),
        texts=texts,
        codes=codes,
        spots=(Spot(slot="sender", key="sender", page=1, box=Box(125, 14, 62, 12)),),
    )
    return Pack(pdf=pdf, proof=proof, laid=laid)


# ------------------------------------------------------------------------------- paint on a page


def painted(pdf: bytes, operators: str, *, page: int = 1, before: bool = False) -> bytes:
    """Paint on a page, in mm from its top left corner, y down; text goes through `written`."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        sheet = file.pages[page - 1]
        height = float(sheet.mediabox[3])
        scale = 72 / 25.4
        ours = f"q {scale:.6f} 0 0 {-scale:.6f} 0 {height:.4f} cm\n{operators}\nQ".encode()
        # WeasyPrint turns the page over outside its first q.
        sheet.contents_add(b"q", prepend=True)
        sheet.contents_add(b"Q", prepend=False)
        sheet.contents_add(ours, prepend=before)
        return saved(file)


def saved(file: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    file.save(out, deterministic_id=True)
    return out.getvalue()


def changed(pdf: bytes, page: int, change: Callable[[bytes], bytes]) -> bytes:
    """Change the content of a page."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        sheet = file.pages[page - 1]
        sheet.contents_coalesce()
        old = sheet.Contents.read_bytes()
        new = change(old)
        assert new != old, "the change changed nothing"
        sheet.Contents.write(new)
        return saved(file)


def written(pdf: bytes, text: str, x: float, y: float, *, size: float = 10) -> str:
    """The operators that write a line in the file's own Noto Serif, at most in its letters."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        fonts = file.pages[0].Resources.Font
        name, font = next(
            (name, font)
            for name, font in fonts.items()
            if str(font.BaseFont).endswith("+Noto-Serif")
        )
        rows = re.findall(rb"<(\w{4})> <(\w{4})>\n", font.ToUnicode.read_bytes())
    code = {chr(int(uni, 16)): code.decode() for code, uni in rows}
    shown = "".join(code[letter] for letter in text)
    mm = size * 25.4 / 72
    return f"BT {name} {mm:.4f} Tf 1 0 0 -1 {x} {y} Tm <{shown}> Tj ET"


def drawn(code: Code, box: Box, *, modules: Sequence[str] | None = None) -> str:
    """The operators that draw a code in a box that holds its quiet zone too."""
    if modules is not None:
        code = code_of(code.text, modules)
    side = box.width / code.side_with_quiet_zone
    squares = " ".join(
        f"{box.left + (run.column + 4) * side:.5f} {box.top + (run.row + 4) * side:.5f} "
        f"{run.length * side:.5f} {side:.5f} re"
        for run in dark_runs(code)
    )
    return f"0 g {squares} f"


def with_picture(
    pixels: int, box: Box, *, page: int, clip: str = "", grey: bytes | None = None
) -> Pack:
    """Paint a square picture of so many pixels a side."""
    if grey is None:
        grey = Image.linear_gradient("L").resize((pixels, pixels)).tobytes()
    with pikepdf.open(io.BytesIO(pack().pdf)) as file:
        picture = pikepdf.Stream(file, grey)
        picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        picture.Width = picture.Height = pixels
        picture.ColorSpace, picture.BitsPerComponent = pikepdf.Name.DeviceGray, 8
        resources = file.pages[page - 1].Resources
        if pikepdf.Name.XObject not in resources:
            resources.XObject = pikepdf.Dictionary()
        resources.XObject.Ours = file.make_indirect(picture)
        pdf = saved(file)
    place = f"{box.width} 0 0 {-box.height} {box.left} {box.bottom} cm /Ours Do"
    return dataclasses.replace(pack(), pdf=painted(pdf, f"{clip} {place}", page=page))


# --------------------------------------------------------------------------------- the good pack


def test_good_boxes_have_no_findings() -> None:
    laid = pack().laid
    meant = tuple((field, text, Place()) for field, text in FIELDS.items())
    assert conservation(meant, laid) == ()
    assert panel_overflow(laid, {1: LEAF, 3: READING, 4: READING}) == ()
    assert orphans(laid) == ()


def test_a_good_pack_has_no_findings() -> None:
    assert pack().found == ()


def test_the_same_pack_has_the_same_findings() -> None:
    assert proved(pack().pdf, None) == proved(pack().pdf, None)
