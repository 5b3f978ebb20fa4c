"""Stamping: what differs in one copy stands where it should, can be read, and is in the proof."""

from __future__ import annotations

import ctypes
import hashlib
import io
import itertools
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import cast

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL.Image import Image
from verapdf import validate

from actionpack.diagnostics import Finding
from actionpack.fonts import FontShelf, read_shelf
from actionpack.geometry import Box, Size
from actionpack.model import (
    PageMeant,
    ProofMap,
    Row,
    Slot,
    TextMeant,
    Variant,
    WindowMeant,
)
from actionpack.pdf import Draft, prepare, read_proof
from actionpack.piece import Panel, Piece
from actionpack.proof import from_json
from actionpack.qr import best_mask
from actionpack.render import Job, Typesetter
from actionpack.stamp import ABOVE_RULE_MM, RULE_MM, Copy, Stamper, StampWords, make_copy
from actionpack.typesetting import as_set
from actionpack.units import MM_PER_PT, pt_to_mm

FONTS = Path(__file__).parents[1] / "assets" / "fonts"
SHELF: FontShelf = read_shelf((FONTS,))
ONLINE = "https://www.example.org/act/uyghur-families"
DPI = 300


def text_slot(name: str, width: float, height: float, **other: object) -> Slot:
    values: dict[str, object] = {
        "field": name,
        "family": "Noto Sans",
        "weight": 400,
        "sizes": (10.0, 9.0, 8.0),
        "leading": 1.25,
        "lines": 1,
        "rules": False,
    }
    return Slot(name=name, kind="text", size=Size(width, height), **(values | other))  # type: ignore[arg-type]  # the values above


CODE = text_slot("code", 26, 26, field="source")
SLOTS = (
    replace(CODE, kind="code"),
    replace(CODE, name="small-code", kind="code", size=Size(16, 16)),
    text_slot("group", 60, 13, lines=2, rules=True, weight=600),
    text_slot("sender", 62, 25.6, lines=4, rules=True, family="Noto Serif"),
    text_slot("initials", 62, 6.4, field="sender", rules=True),
    text_slot("serial", 30, 4, sizes=(7.0, 6.5)),
    text_slot("note", 60, 20, lines=3),
    text_slot("contact", 60, 13),
)

# Where the slots lie: page and top left corner, mm.
PLACES = {
    "code": ((1, 20, 30), (2, 20, 200)),
    "group": ((1, 60, 30),),
    "note": ((1, 60, 60),),
    "sender": ((2, 130, 14),),
    "serial": ((2, 20, 40),),
}

CSS = """
@page { size: 210mm 297mm; margin: 0 }
:root { font: 10pt/12.5pt "Noto Sans"; image-rendering: crisp-edges }
body { margin: 0 }
section { position: relative; height: 290mm }
section > * { position: absolute }
.slot { visibility: hidden; display: block }
"""


def at(x: float, y: float, inner: str) -> str:
    return f'<div style="left:{x}mm;top:{y}mm">{inner}</div>'


def place_of(name: str, size: Size) -> str:
    style = f"width:{size.width}mm;height:{size.height}mm"
    return f'<svg class="slot" style="{style}"><title>slot:{name}</title></svg>'


def pages_with(places: Mapping[str, tuple[tuple[int, float, float], ...]]) -> str:
    sizes = {slot.name: slot.size for slot in SLOTS}
    bodies = {1: "", 2: ""}
    for name, spots in places.items():
        for page, x, y in spots:
            bodies[page] += at(x, y, place_of(name, sizes[name]))
    return "".join(f"<section>{body}</section>" for body in bodies.values())


# What CSS does with the lines that the slot "note" gets, at the same place on a third page.
SAME_IN_CSS = f"<section>{at(60, 60, 'AVATAR one<br>Zwölf fi<br>Три')}</section>"

PAGES = {
    "pack": pages_with(PLACES) + SAME_IN_CSS,
    "small code": pages_with({"small-code": ((1, 20, 30),)}),
    "no code": pages_with({"group": ((1, 60, 30),)}),
    "twice": pages_with({"serial": ((1, 20, 30), (2, 20, 30))}),
    "squeezed": f"<section>{at(20, 30, place_of('serial', Size(29, 4)))}</section>",
    "unknown": f"<section>{at(20, 30, place_of('serail', Size(30, 4)))}</section>",
    "note": pages_with({"note": ((1, 20, 30),)}),
    # In the stub of page 2, and on page 1 where page 2 has what is posted.
    "kept": pages_with({"note": ((1, 130, 14),), "contact": ((2, 60, 210),)}),
    "contact": pages_with({"contact": ((1, 20, 30),)}),
    "initials": pages_with({"initials": ((1, 20, 30),)}),
}

LETTER = Piece(
    name="letter",
    sheet=Size(210, 297),
    panels=(
        Panel(name="sender", box=Box(125, 10, 75, 35), posted=True),
        Panel(name="stub", box=Box(10, 195, 190, 90), posted=False),
    ),
)
PROOF = ProofMap(
    action="uyghur-families",
    language="en",
    layout="letter",
    paper="a4",
    window=WindowMeant(name="none", envelope=Size(229, 162), hole=None),
    issued=date(2020, 3, 19),
    embargo=None,
    act_by=None,
    stopped=None,
    safe_mm=5,
    fonts=("Noto Sans", "Noto Serif"),
    pages=(PageMeant(piece="letter", blank=False),),
    pieces=((2, LETTER),),
    texts=(TextMeant(field="title", text="A title", regions=(), posted=False),),
    codes=(),
    spots=(),
)


@pytest.fixture(scope="module")
def variants() -> dict[str, Variant]:
    """The pages, laid out and ready for stamping."""
    made = {}
    with Typesetter((FONTS,)) as typesetter:
        for name, body in PAGES.items():
            html = f"<!doctype html><html lang='en'><title>A pack</title><body>{body}</html>"
            laid = typesetter.lay_out(Job(template=html, css=CSS, mounts={}, images={}))
            pdf, logged = typesetter.write()
            assert laid.findings + logged == ()
            made[name] = Variant(pdf=prepare(pdf), proof=PROOF, findings=())
    return made


def stamp(variant: Variant, online: str | None = ONLINE, **values: str) -> Copy:
    return make_copy(
        variant,
        SLOTS,
        Row(values=tuple(values.items())),
        shelf=SHELF,
        online=online,
        words=StampWords(),
    )


def the_finding(copy: Copy) -> Finding:
    (found,) = copy.findings
    return found


def told(copy: Copy) -> str:
    return str(the_finding(copy))


def grey(pdf: bytes, page: int, dpi: int = DPI) -> Image:
    """A page as a picture in grey."""
    image: Image = pypdfium2.PdfDocument(pdf)[page - 1].render(scale=dpi / 72).to_pil()
    return image.convert("L")


def codes(pdf: bytes, page: int) -> list[tuple[str, Box]]:
    """What decodes on a page at 300 dpi, and the box of the modules, mm."""
    found = []
    image = grey(pdf, page)
    pixels = memoryview(image.tobytes()).cast("B", (image.height, image.width))
    for code in zxingcpp.read_barcodes(pixels):
        corners = code.position.top_left, code.position.bottom_right
        edges = [edge * 25.4 / DPI for corner in corners for edge in (corner.x, corner.y)]
        found.append((code.text, Box.between(*edges)))
    return found


def text_of(pdf: bytes, page: int) -> list[str]:
    text = pypdfium2.PdfDocument(pdf)[page - 1].get_textpage().get_text_range()
    # The space that keeps lines apart for a screen reader is no part of what was set.
    return [line.rstrip(" ") for line in text.replace("\r\n", "\n").split("\n")] if text else []


def origins(pdf: bytes, page: int) -> list[tuple[float, float]]:
    """Where the baseline of each character begins, mm from the page's top left."""
    sheet = pypdfium2.PdfDocument(pdf)[page - 1]
    text = sheet.get_textpage()
    found = []
    for number in range(text.count_chars()):
        x, y = ctypes.c_double(), ctypes.c_double()
        pypdfium2.raw.FPDFText_GetCharOrigin(text, number, x, y)
        if not chr(pypdfium2.raw.FPDFText_GetUnicode(text, number)).isspace():
            found.append((x.value * MM_PER_PT, (sheet.get_height() - y.value) * MM_PER_PT))
    return found


def bars_in(pdf: bytes, page: int, box: Box) -> list[tuple[float, float]]:
    """Where ink begins and ends, mm from the page's top, in a box and 1 mm above and below it."""
    dots = 600 / 25.4
    top = round((box.top - 1) * dots)
    image = grey(pdf, page, 600).crop(
        (round(box.left * dots), top, round(box.right * dots), round((box.bottom + 1) * dots))
    )
    rows = (min(image.crop((0, y, image.width, y + 1)).tobytes()) for y in range(image.height))
    runs = itertools.groupby(enumerate(rows), key=lambda row: row[1] < 200)
    inked = [[y for y, _ in run] for dark, run in runs if dark]
    return [((top + run[0]) / dots, (top + run[-1] + 1) / dots) for run in inked]


# --- codes ------------------------------------------------------------------------------------


def test_every_code_of_the_pages_decodes_to_the_address_with_its_source(
    variants: dict[str, Variant],
) -> None:
    copy = stamp(variants["pack"], source="rome-1")
    url = f"{ONLINE}?source=rome-1"
    assert [text for page in (1, 2) for text, _ in codes(copy.pdf, page)] == [url, url]
    assert copy.findings == ()


def test_codes_have_the_mask_of_the_address_without_its_source(
    variants: dict[str, Variant],
) -> None:
    # With sources of their own some would have mask 3, and a batch would search for each.
    assert (best_mask(ONLINE), best_mask(f"{ONLINE}?source=rome-0")) == (2, 3)
    for source in ("", "rome-0", "rome-1", "rome-2"):
        image = grey(stamp(variants["pack"], source=source).pdf, 1)
        pixels = memoryview(image.tobytes()).cast("B", (image.height, image.width))
        (found,) = zxingcpp.read_barcodes(pixels)
        assert cast(dict[str, int], found.extra)["DataMask"] == 2


def test_a_code_leaves_four_modules_free_inside_its_slot(variants: dict[str, Variant]) -> None:
    ((text, modules),) = codes(stamp(variants["pack"]).pdf, 1)
    # 43 bytes take version 4, 33 modules; with twice 4 they are 26 mm wide.
    module = 26 / (33 + 2 * 4)
    assert text == ONLINE
    assert (modules.x, modules.y) == pytest.approx((20 + 4 * module, 30 + 4 * module), abs=0.2)
    assert (modules.width, modules.height) == pytest.approx((33 * module,) * 2, abs=0.3)


def test_the_proof_says_what_code_stands_where(variants: dict[str, Variant]) -> None:
    first, second = stamp(variants["pack"], source="rome-1").proof.codes
    assert (first.page, second.page) == (1, 2)
    assert {first.text, second.text} == {f"{ONLINE}?source=rome-1"}
    box = (first.box.x, first.box.y, first.box.width, first.box.height)
    assert box == pytest.approx((20, 30, 26, 26), abs=1e-4)


def test_an_action_without_an_address_prints_no_code(variants: dict[str, Variant]) -> None:
    copy = stamp(variants["pack"], online=None)
    assert (codes(copy.pdf, 1), copy.proof.codes, copy.findings) == ([], (), ())
    assert (validate(copy.pdf, "ua1"), validate(copy.pdf, "2a")) == ((), ())


def test_the_size_of_modules_is_left_to_preflight(variants: dict[str, Variant]) -> None:
    # 33 modules and 8 in 16 mm are 0.39 mm each, which is measured in the finished file.
    assert stamp(variants["small code"]).findings == ()


@pytest.mark.parametrize("source", ["rome-1\nrome-2", "rome\r1", "a\u2028b", "\n\x07"])
def test_a_source_of_two_lines_is_no_source(variants: dict[str, Variant], source: str) -> None:
    copy = stamp(variants["pack"], source=source)
    found = the_finding(copy)
    assert (found.code, found.severity) == ("bad-value", "error")
    assert found.message.startswith("'source' ")
    assert (codes(copy.pdf, 1), copy.proof.codes) == ([], ())


def test_space_round_a_source_is_no_part_of_it(variants: dict[str, Variant]) -> None:
    copy = stamp(variants["pack"], source=" rome-1\n")
    assert {text for text, _ in codes(copy.pdf, 1)} == {f"{ONLINE}?source=rome-1"}
    assert copy.findings == ()


def test_a_source_given_twice_is_told_with_its_cure(variants: dict[str, Variant]) -> None:
    found = the_finding(stamp(variants["pack"], source="rome-1\nrome-2"))
    assert str(found) == (
        "error: 'source' has 2 lines, and a web address has one: 'rome-1 / rome-2'; "
        "write it once [bad-value]"
    )


def test_an_address_is_judged_with_its_source(variants: dict[str, Variant]) -> None:
    # 43 characters, and 8 for "?source=", and 10: one more than 60.
    found = the_finding(stamp(variants["pack"], source="x" * 10))
    assert (found.code, found.severity) == ("qr-url", "warning")
    assert found.message.startswith("web address has 61 characters")


def test_an_address_that_no_code_holds_is_told_and_not_drawn(variants: dict[str, Variant]) -> None:
    copy = stamp(variants["pack"], source="x" * 3000)
    assert [found.code for found in copy.findings] == ["qr-url"]
    assert (codes(copy.pdf, 1), copy.proof.codes) == ([], ())


def test_a_code_says_its_address_aloud_in_the_words_given(variants: dict[str, Variant]) -> None:
    words = StampWords(code_alt="Code QR {pour} agir : {url}")
    copy = make_copy(variants["pack"], SLOTS, Row(), shelf=SHELF, online=ONLINE, words=words)
    with pikepdf.open(io.BytesIO(copy.pdf)) as pdf:
        alts = {
            str(o.Alt) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o
        }
    assert f"Code QR {{pour}} agir : {ONLINE}" in alts


# --- texts ------------------------------------------------------------------------------------


def test_text_is_read_back_as_it_was_set(variants: dict[str, Variant]) -> None:
    copy = stamp(
        variants["pack"],
        online=None,
        group="Gruppo Italia 001",
        note="AVATAR “fi”, ǹ\nΔρόμος 12",
        sender="María Über-Łódź\nУлица Ґонти 3\nm\u0302",
        serial="№ 7",
    )
    assert copy.findings == ()
    assert text_of(copy.pdf, 1) == ["Gruppo Italia 001", "AVATAR “fi”, ǹ", "Δρόμος 12"]
    # In the order of the pages' structure.
    assert text_of(copy.pdf, 2) == ["María Über-Łódź", "Улица Ґонти 3", "m\u0302", "№\u00a07"]
    assert (validate(copy.pdf, "ua1"), validate(copy.pdf, "2a")) == ((), ())


def test_lines_are_kept_apart_for_those_who_hear_them(variants: dict[str, Variant]) -> None:
    copy = stamp(variants["pack"], online=None, sender="A B\nC\n\nD E")
    with pikepdf.open(io.BytesIO(copy.pdf)) as pdf:
        shown = [
            instruction.operands[0]
            for instruction in pikepdf.parse_content_stream(pdf.pages[1])
            if str(instruction.operator) == "TJ"
        ][-3:]
        rows = [
            b"".join(bytes(piece) for piece in row if isinstance(piece, pikepdf.String))
            for row in shown
        ]
    # Two bytes a glyph: a screen reader would say "A BCD E" if no space ended the lines.
    glyphs = [[row[at : at + 2] for at in range(0, len(row), 2)] for row in rows]
    space = glyphs[0][1]
    assert [[glyph == space for glyph in row] for row in glyphs] == [
        [False, True, False, True],
        [False, True],
        [False, True, False],
    ]
    assert text_of(copy.pdf, 2) == ["A B", "C", "D E"]
    assert (validate(copy.pdf, "ua1"), validate(copy.pdf, "2a")) == ((), ())


def test_lines_without_rules_stand_where_css_would_set_them(variants: dict[str, Variant]) -> None:
    copy = stamp(variants["pack"], online=None, note="AVATAR one\nZwölf fi\nТри")
    ours, theirs = origins(copy.pdf, 1), origins(copy.pdf, 3)
    assert len(ours) == len("AVATARoneZwölffiТри")
    assert ours == [pytest.approx(place, abs=0.01) for place in theirs]


def test_lines_with_rules_stand_on_them(variants: dict[str, Variant]) -> None:
    copy = stamp(variants["pack"], online=None, sender="Ada\nBea")
    baselines = sorted({round(y, 3) for _, y in origins(copy.pdf, 2)})
    # Four lines in 25.6 mm, from 14 mm down: the first two rules lie at 20.4 and 26.8 mm.
    assert baselines == pytest.approx([20.4 - ABOVE_RULE_MM, 26.8 - ABOVE_RULE_MM], abs=0.002)
    assert min(x for x, _ in origins(copy.pdf, 2)) == pytest.approx(130, abs=0.002)


# An n of Noto Sans is 0.618 em wide; 60 mm are 170.08 pt.
@pytest.mark.parametrize(("letters", "size"), [(27, 10), (28, 9), (30, 9), (31, 8), (34, 8)])
def test_text_is_set_at_the_largest_size_at_which_it_fits(
    variants: dict[str, Variant], letters: int, size: float
) -> None:
    assert letters * 0.618 * size <= 170.08
    copy = stamp(variants["pack"], online=None, note="n" * letters)
    assert copy.findings == ()
    xs = [x for x, _ in origins(copy.pdf, 1)]
    assert xs[1] - xs[0] == pytest.approx(pt_to_mm(0.618 * size), abs=0.002)


def test_text_too_wide_at_every_size_is_told_with_how_much(variants: dict[str, Variant]) -> None:
    text = "n" * 40
    over = pt_to_mm(40 * 0.618 * 8) - 60
    assert over == pytest.approx(9.76, abs=0.01)
    copy = stamp(variants["pack"], note=text)
    assert told(copy) == (
        f"error: 'note' is 9.8 mm too wide at 8 pt: '{text}'; "
        "shorten it, or break it into lines; there is room for 3 [overflow]"
    )
    # Nothing is printed that runs out of its place.
    assert "note" not in {text.field.removeprefix("slot:") for text in copy.proof.texts}
    assert text_of(copy.pdf, 1) == []


def sizes_and_lines(pdf: bytes) -> tuple[set[float], int]:
    """The sizes of what was stamped on page 1, and on how many baselines it stands."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        drawn = file.pages[0].Contents[-1].read_bytes()
    sizes = {float(size) for size in re.findall(rb"([\d.]+) Tf", drawn)}
    return sizes, len(set(re.findall(rb"([\d.]+) Tm", drawn)))


def test_one_line_is_broken_at_spaces_before_it_is_shrunk(variants: dict[str, Variant]) -> None:
    # 60 mm are 170 pt: twelve n of 6.18 pt and a space go twice into one, not three times.
    text = " ".join(["n" * 12] * 5)
    copy = stamp(variants["note"], note=text)
    assert copy.findings == ()
    assert sizes_and_lines(copy.pdf) == ({10.0}, 3)
    assert text_of(copy.pdf, 1) == ["n" * 12 + " " + "n" * 12] * 2 + ["n" * 12]
    # The proof is held against what was asked for, in however many lines it came.
    assert [meant.text for meant in copy.proof.texts if meant.field == "slot:note"] == [text]


def test_lines_that_somebody_broke_are_shrunk_before_they_are_broken_again(
    variants: dict[str, Variant],
) -> None:
    # 2 × 14 n and a space are 175.6 pt at 10 pt, 158.1 at 9.
    line = "n" * 14 + " " + "n" * 14
    assert sizes_and_lines(stamp(variants["note"], note=f"{line}\nb").pdf) == ({9.0}, 2)
    # 2 × 18 are too many at 8 pt, and there is a line left to break them into.
    line = "n" * 18 + " " + "n" * 18
    assert sizes_and_lines(stamp(variants["note"], note=f"{line}\nb").pdf) == ({10.0}, 3)


def test_a_text_that_takes_more_lines_than_there_are_is_told(variants: dict[str, Variant]) -> None:
    # Two words of 16 n are 164.8 pt at 8 pt, so seven take four lines.
    text = " ".join(["n" * 16] * 7)
    assert told(stamp(variants["note"], note=text)) == (
        f"error: 'note' takes 4 lines at 8 pt, and there is room for 3: '{text[:59]}…'; "
        "shorten it [overflow]"
    )


def test_more_lines_than_there_is_room_for_are_told(variants: dict[str, Variant]) -> None:
    assert told(stamp(variants["pack"], note="a\nb\nc\nd")) == (
        "error: 'note' has 4 lines, and there is room for 3: 'a / b / c / d'; "
        "write 3 or fewer [overflow]"
    )


def test_lines_higher_than_their_slot_are_told(variants: dict[str, Variant]) -> None:
    slots = tuple(replace(slot, leading=3.0) if slot.name == "note" else slot for slot in SLOTS)
    row = Row(values=(("note", "a\nb\nc"),))
    copy = make_copy(variants["pack"], slots, row, shelf=SHELF, online=None, words=StampWords())
    # 3 lines of 8 pt × 3 are 72 pt, 25.4 mm; the slot has 20.
    assert the_finding(copy).message == "'note' is 5.4 mm too high at 8 pt: 'a / b / c'"


def test_a_line_higher_than_the_distance_of_its_rules_is_told(variants: dict[str, Variant]) -> None:
    slots = tuple(replace(slot, leading=3.0) if slot.name == "sender" else slot for slot in SLOTS)
    row = Row(values=(("sender", "Ada"),))
    copy = make_copy(variants["pack"], slots, row, shelf=SHELF, online=None, words=StampWords())
    # One line would fit, four of 8 pt × 3 are 96 pt, 33.87 mm; the slot has 25.6 for its four.
    assert the_finding(copy).message == "'sender' is 8.3 mm too high at 8 pt: 'Ada'"


def test_a_character_that_the_font_lacks_is_told_by_name(variants: dict[str, Variant]) -> None:
    assert told(stamp(variants["pack"], group="漢 and 漢")) == (
        "error: 'group' holds '漢' (U+6F22, cjk unified ideograph-6f22), which "
        "is in no font here for 'en'; "
        "write it with other characters, or add a font that has it [missing-glyph]"
    )


def test_a_text_is_set_like_those_of_the_pages(variants: dict[str, Variant]) -> None:
    french = replace(variants["pack"], proof=replace(PROOF, language="fr"))
    copy = stamp(french, group="Lettre: «oui»!")
    assert text_of(copy.pdf, 1)[0] == "Lettre\u00a0: «\u202foui\u202f»\u202f!"


def test_a_text_without_spaces_is_broken_between_words(variants: dict[str, Variant]) -> None:
    thai = replace(variants["pack"], proof=replace(PROOF, language="th"))
    words = "กลุ่มสิทธิมนุษยชนเพื่อนักโทษทางความคิดแห่งกรุงเทพมหานครและปริมณฑลใกล้เคียงทั้งหมด"
    copy = stamp(thai, group=words)
    assert copy.findings == ()
    first, second = text_of(copy.pdf, 1)
    assert first + second == words
    parts = as_set(words, "th").split("\u200b")
    assert first in ["".join(parts[:count]) for count in range(1, len(parts))]


def test_everything_wrong_with_a_text_is_told_at_once(variants: dict[str, Variant]) -> None:
    copy = stamp(variants["pack"], group="漢\nb\nc 字")
    assert [found.code for found in copy.findings] == [
        "overflow",
        "missing-glyph",
        "missing-glyph",
    ]


def in_poppler(pdf: bytes, tmp_path: Path) -> str:
    """What poppler reads on page 1, without the marks of direction that it adds."""
    file = tmp_path / "copy.pdf"
    file.write_bytes(pdf)
    command = ["pdftotext", "-f", "1", "-l", "1", str(file), "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", done.stdout)


@pytest.mark.parametrize(
    "line",
    [
        "منزل Garibaldi رقم 12",
        "Via Roma 12, روما",
        "مُحَمَّد علي لا",
        # Two letters of one shape at the start of a word: ك and ک.
        "كتاب کتاب",
        "ئۇيغۇر علی ملک بيت",
        "١٢٣ شارع",
        "می\u200cخواهم",
    ],
)
def test_words_of_both_directions_are_found_by_readers(
    variants: dict[str, Variant], tmp_path: Path, line: str
) -> None:
    copy = stamp(variants["pack"], online=None, group=line)
    assert copy.findings == ()
    # Readers differ in which of two marks on a letter comes first; normal forms do not.
    read = (" ".join(text_of(copy.pdf, 1)), in_poppler(copy.pdf, tmp_path))
    for text in (unicodedata.normalize("NFC", text) for text in read):
        for word in unicodedata.normalize("NFC", line.replace("\u200c", "")).split():
            assert word in text
    assert (validate(copy.pdf, "ua1"), validate(copy.pdf, "2a")) == ((), ())


def test_no_line_of_arabic_says_its_text_a_second_time(variants: dict[str, Variant]) -> None:
    # Readers turn that text round as well, and then it stands the wrong way.
    copy = stamp(variants["pack"], online=None, group="بيت نبيه", note="ǹ m\u0302")
    with pikepdf.open(io.BytesIO(copy.pdf)) as pdf:
        drawn = pdf.pages[0].Contents[-1].read_bytes()
    assert b"ActualText" not in drawn


def test_a_glyph_of_its_own_and_as_a_part_of_another_is_read_as_each(
    variants: dict[str, Variant],
) -> None:
    # Noto Sans has no ǹ: it is drawn as n with a grave, and n alone means n.
    copy = stamp(variants["pack"], online=None, note="n ǹ\nn")
    assert text_of(copy.pdf, 1) == ["n ǹ", "n"]
    assert (validate(copy.pdf, "ua1"), validate(copy.pdf, "2a")) == ((), ())


def test_fonts_that_came_to_help_are_fonts_of_the_copy(variants: dict[str, Variant]) -> None:
    assert stamp(variants["pack"], group="Roma").proof.fonts == PROOF.fonts
    copy = stamp(variants["pack"], group="Roma روما")
    assert copy.proof.fonts == (*PROOF.fonts, "Noto Naskh Arabic")
    with pikepdf.open(io.BytesIO(copy.pdf)) as pdf:
        objects = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary)]
        assert "Noto Naskh Arabic" in {str(o.FontFamily) for o in objects if "/FontFamily" in o}


def ends_of_ink(pdf: bytes) -> tuple[float, float]:
    """Where the ink of page 1 begins and ends, mm from its left edge."""
    inked = grey(pdf, 1).point(lambda value: 255 if value < 200 else 0).getbbox()
    assert inked is not None
    return inked[0] / DPI * 25.4, inked[2] / DPI * 25.4


@pytest.mark.parametrize("text", ["Roma", "روما", "Roma روما\nabc"])
def test_lines_begin_at_the_edge_where_the_pack_begins_its_lines(
    variants: dict[str, Variant], text: str
) -> None:
    # The slot stands from 20 to 80 mm.
    variant = variants["note"]
    left, _ = ends_of_ink(stamp(variant, note=text).pdf)
    assert left == pytest.approx(20, abs=0.4)
    arabic = replace(variant, proof=replace(variant.proof, language="ar"))
    _, right = ends_of_ink(stamp(arabic, note=text).pdf)
    assert right == pytest.approx(80, abs=0.4)


def test_a_text_from_right_to_left_is_shrunk_and_then_told(variants: dict[str, Variant]) -> None:
    # No-break spaces: else it would be broken before it is shrunk.
    wide = "\u00a0".join(["مجموعة"] * 6)
    copy = stamp(variants["note"], note=wide)
    assert copy.findings == ()
    with pikepdf.open(io.BytesIO(copy.pdf)) as pdf:
        drawn = pdf.pages[0].Contents[-1].read_bytes()
    assert {float(size) for size in re.findall(rb"([\d.]+) Tf", drawn)} == {9.0}
    assert the_finding(stamp(variants["note"], note=wide * 2)).code == "overflow"


def test_a_stamper_plans_many_rows_as_if_each_were_its_first(
    variants: dict[str, Variant],
) -> None:
    places = Draft(variants["pack"].pdf).placeholders

    def stamper() -> Stamper:
        words = StampWords()
        return Stamper(places, PROOF, SLOTS, shelf=SHELF, online=ONLINE, words=words)

    one = stamper()
    rows = [
        Row(values=(("group", f"Roma {number}"), ("note", "a\x07" if number == 2 else "بيت")))
        for number in range(4)
    ]
    assert [one.plan(row) for row in rows] == [stamper().plan(row) for row in rows]


@pytest.mark.parametrize(
    ("pages", "reading_mm", "small"),
    [("small code", 0, ["small-code"]), ("pack", 0, []), ("pack", 1000, ["code"])],
)
def test_a_plan_names_the_slots_whose_codes_are_too_small(
    variants: dict[str, Variant], pages: str, reading_mm: float, small: list[str]
) -> None:
    slots = tuple(replace(slot, reading_mm=reading_mm) for slot in SLOTS)
    places = Draft(variants[pages].pdf).placeholders
    words = StampWords()
    stamper = Stamper(places, PROOF, slots, shelf=SHELF, online=ONLINE, words=words)
    assert [slot.name for slot in stamper.plan(Row()).small] == small
    assert {code.reading_mm for code in stamper.proof.codes} == {reading_mm}


@pytest.mark.parametrize("mark", ["\x07", "\u202e", "\ud800"])
def test_marks_that_hide_or_reorder_are_told(variants: dict[str, Variant], mark: str) -> None:
    found = the_finding(stamp(variants["pack"], group=f"Ada{mark}"))
    assert found.code == "bad-value"
    assert found.message.startswith(f"'group': the text holds U+{ord(mark):04X} (")


@pytest.mark.parametrize("value", ["", " ", "\n\t\n"])
def test_white_space_alone_is_nothing(variants: dict[str, Variant], value: str) -> None:
    assert stamp(variants["pack"], group=value).pdf == stamp(variants["pack"]).pdf


def test_white_space_round_lines_does_not_print(variants: dict[str, Variant]) -> None:
    tidy = stamp(variants["pack"], note="Ada B\nCeo")
    assert stamp(variants["pack"], note="\n  Ada \t B \r\n Ceo\n\n").pdf == tidy.pdf


def test_the_proof_says_what_text_stands_where_and_whether_it_is_posted(
    variants: dict[str, Variant],
) -> None:
    copy = stamp(variants["pack"], sender="Ada\nRoma", serial="7")
    title, sender, serial = copy.proof.texts
    assert title == PROOF.texts[0]
    assert (sender.field, sender.text, sender.posted) == ("slot:sender", "Ada\nRoma", True)
    assert (serial.field, serial.text, serial.posted) == ("slot:serial", "7", False)
    ((page, box),) = sender.regions
    assert (page, box.x, box.y, box.width, box.height) == pytest.approx(
        (2, 130, 14, 62, 25.6), abs=1e-4
    )


def test_what_stands_on_a_panel_that_is_kept_is_not_posted(variants: dict[str, Variant]) -> None:
    copy = stamp(variants["kept"], note="Ada", contact="Bea")
    assert [(text.text, text.posted) for text in copy.proof.texts[1:]] == [
        ("Ada", False),
        ("Bea", False),
    ]


def test_ink_stays_inside_the_region_that_the_proof_gives(variants: dict[str, Variant]) -> None:
    copy = stamp(variants["note"], note="Ägypten qgj\nÅÉ\nqgj")
    ((_, region),) = copy.proof.texts[-1].regions
    inked = grey(copy.pdf, 1).point(lambda value: 255 if value < 200 else 0).getbbox()
    assert inked is not None
    assert region.contains(Box.between(*(edge / DPI * 25.4 for edge in inked)), slack=0.1)


# --- empty slots ------------------------------------------------------------------------------


def test_an_empty_slot_with_rules_has_a_line_for_each_of_its_lines(
    variants: dict[str, Variant],
) -> None:
    copy = stamp(variants["pack"], online=None)
    rules = bars_in(copy.pdf, 2, Box(130, 14, 62, 25.6))
    # The foot of each lies at 14 + 6.4 × 1, 2, 3, 4 mm.
    assert [foot for _, foot in rules] == pytest.approx([20.4, 26.8, 33.2, 39.6], abs=0.06)
    assert [foot - head for head, foot in rules] == pytest.approx([RULE_MM] * 4, abs=0.06)
    assert pt_to_mm(0.25) <= RULE_MM
    assert (validate(copy.pdf, "ua1"), validate(copy.pdf, "2a")) == ((), ())


def test_a_filled_slot_has_no_rules_even_where_lines_are_left(variants: dict[str, Variant]) -> None:
    copy = stamp(variants["pack"], online=None, sender="x")
    # An x alone, and nothing below it.
    ((_, foot),) = bars_in(copy.pdf, 2, Box(130, 14, 62, 25.6))
    assert foot == pytest.approx(20.4 - ABOVE_RULE_MM, abs=0.1)


def test_what_cannot_be_set_leaves_lines_to_write_on(variants: dict[str, Variant]) -> None:
    copy = stamp(variants["pack"], online=None, sender="漢")
    assert len(bars_in(copy.pdf, 2, Box(130, 14, 62, 25.6))) == 4


def test_an_empty_slot_without_rules_is_empty(variants: dict[str, Variant]) -> None:
    copy = stamp(variants["contact"])
    assert grey(copy.pdf, 1).getextrema() == (255, 255)


# --- the row and the layout -------------------------------------------------------------------


def test_a_value_that_this_action_does_not_print_is_told(variants: dict[str, Variant]) -> None:
    assert told(stamp(variants["no code"], sender="Ada", group="Roma")) == (
        "error: 'sender' is set, but this action prints no sender; leave 'sender' out "
        "[unknown-field]"
    )


@pytest.mark.parametrize(("page", "online"), [("no code", ONLINE), ("pack", None)])
def test_a_source_without_a_code_is_told(
    variants: dict[str, Variant], page: str, online: str | None
) -> None:
    found = the_finding(stamp(variants[page], online=online, source="rome"))
    assert found.message == "'source' is set, but this action prints no source"


def test_one_field_may_fill_different_slots(variants: dict[str, Variant]) -> None:
    copy = stamp(variants["initials"], sender="A. B.")
    assert (text_of(copy.pdf, 1), copy.findings) == (["A. B."], ())


def test_a_slot_on_two_pages_is_filled_twice_and_its_fault_told_once(
    variants: dict[str, Variant],
) -> None:
    filled = stamp(variants["twice"], serial="7")
    assert [text_of(filled.pdf, page) for page in (1, 2)] == [["7"], ["7"]]
    assert len(stamp(variants["twice"], serial="n" * 60).findings) == 1


def test_a_slot_that_the_page_squeezed_is_told(variants: dict[str, Variant]) -> None:
    found = the_finding(stamp(variants["squeezed"], serial="7"))
    assert (found.code, found.message) == (
        "layout-fault",
        "slot 'serial' is 29.0 × 4.0 mm on page 1, not 30.0 × 4.0 mm",
    )


def test_a_place_for_no_slot_is_told_with_the_nearest_name(variants: dict[str, Variant]) -> None:
    found = the_finding(stamp(variants["unknown"]))
    assert found.code == "layout-fault"
    assert found.message == "the pages hold a place for 'serail', which is no slot of the layout"
    assert found.cure == "did you mean 'serial'?"


def test_the_proof_says_where_every_slot_is(variants: dict[str, Variant]) -> None:
    spots = stamp(variants["pack"]).proof.spots
    assert [(spot.slot, spot.key, spot.page) for spot in spots] == [
        ("code", "code:1", 1),
        ("group", "group:1", 1),
        ("note", "note:1", 1),
        ("code", "code:2", 2),
        ("sender", "sender:1", 2),
        ("serial", "serial:1", 2),
    ]


# --- the file ---------------------------------------------------------------------------------


def test_the_finished_proof_travels_in_the_file(variants: dict[str, Variant]) -> None:
    copy = stamp(variants["pack"], sender="Ada", source="rome")
    inside = read_proof(copy.pdf)
    assert inside is not None
    assert from_json(inside) == copy.proof


def test_the_fonts_are_named_as_the_layout_names_them(variants: dict[str, Variant]) -> None:
    copy = stamp(variants["pack"], group="Roma", sender="Ada")
    with pikepdf.open(io.BytesIO(copy.pdf)) as pdf:
        objects = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary)]
        families = {str(o.FontFamily) for o in objects if "/FontFamily" in o}
        names = {str(o.FontName).partition("+")[2] for o in objects if "/FontName" in o}
    assert families == {"Noto Sans", "Noto Serif"}
    assert names == {"Noto-Sans", "Noto-Sans-Semi-Bold", "Noto-Serif"}


def test_a_stamp_adds_a_few_kilobytes(variants: dict[str, Variant]) -> None:
    variant = variants["pack"]
    bare, full = stamp(variant), stamp(variant, group="Gruppo Italia 001", sender="Ada\nRoma")
    assert bare.pdf.startswith(variant.pdf)
    assert len(bare.pdf) - len(variant.pdf) < 6_000
    assert len(full.pdf) - len(bare.pdf) < 8_000


AGAIN = """
import hashlib, sys
from pathlib import Path
import test_stamp as t
pdf = t.prepare(Path(sys.argv[1]).read_bytes())
copy = t.stamp(t.Variant(pdf=pdf, proof=t.PROOF, findings=()), source="rome", **t.VALUES)
print(hashlib.sha256(copy.pdf).hexdigest())
"""
VALUES = {"group": "Gruppo Italia 001", "sender": "María Über\nΔρόμος 12", "serial": "7"}


@pytest.fixture
def pages_file(variants: dict[str, Variant], tmp_path: Path) -> Path:
    file = tmp_path / "pages.pdf"
    # Up to the end of its first revision the prepared file is what WeasyPrint wrote.
    pdf = variants["pack"].pdf
    file.write_bytes(pdf[: pdf.index(b"%%EOF") + 5] + b"\n")
    return file


def test_same_row_same_bytes_whatever_the_process(
    variants: dict[str, Variant], pages_file: Path
) -> None:
    here = hashlib.sha256(stamp(variants["pack"], source="rome", **VALUES).pdf).hexdigest()
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    for seed, zone, locale in (("1", "Pacific/Kiritimati", "tr_TR.UTF-8"), ("2", "UTC", "C")):
        environment = {
            "PYTHONPATH": path,
            "PYTHONHASHSEED": seed,
            "TZ": zone,
            "LC_ALL": locale,
            "HOME": "/x",
        }
        done = subprocess.run(
            [sys.executable, "-c", AGAIN, str(pages_file)],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == here


def test_a_copy_holds_nothing_of_the_machine_it_was_made_on(variants: dict[str, Variant]) -> None:
    copy = stamp(variants["pack"], source="rome", **VALUES)
    with pikepdf.open(io.BytesIO(copy.pdf)) as pdf:
        streams = [o.read_bytes() for o in pdf.objects if isinstance(o, pikepdf.Stream)]
        rest = [o.unparse() for o in pdf.objects if not isinstance(o, pikepdf.Stream)]
    everything = b"\n".join([copy.pdf, *streams, *rest])
    # As a PDF writes days, and as its metadata does: six digits alone may stand there by chance.
    days = [f"{datetime.now(tz=UTC):{way}}" for way in ("D:%Y%m", "%Y-%m-")]
    for word in (str(Path.cwd()), str(Path.home()), os.uname().nodename, *days):
        assert word.encode() not in everything
