"""Fonts inside the file, of the families the layout names, with a glyph for every character."""

from __future__ import annotations

import dataclasses
import io
import re
from typing import Any

import pikepdf
import pytest
from test_preflight_pack import FONTS, NAME, Pack, codes, pack, proved, saved

from actionpack.diagnostics import Finding, Place
from actionpack.pdf import FontInside, look_inside
from actionpack.preflight.glyphs import missing_glyphs
from actionpack.render import Job, Typesetter


def only(spoilt: Pack) -> Finding:
    (found,) = spoilt.found
    return found


# -------------------------------------------------------------------------- where fonts come from


def test_a_font_that_is_not_in_the_file() -> None:
    with pikepdf.open(io.BytesIO(pack().pdf)) as file:
        file.pages[0].Resources.Font.Ours = file.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
        )
        spoilt = dataclasses.replace(pack(), pdf=saved(file)).painted(
            "BT /Ours 4 Tf 1 0 0 -1 60 250 Tm (Act now) Tj ET"
        )
    embedded, strange = spoilt.found
    assert (embedded.code, embedded.severity) == ("font-not-embedded", "error")
    assert embedded.place == Place(file=NAME, page=1)
    assert embedded.message == (
        "font 'Helvetica', which 'Act now' is set in, is not inside the file"
    )
    assert (strange.code, strange.message) == (
        "strange-font",
        "'Act now' is set in 'Helvetica', the layout names Noto Serif, Noto Sans",
    )


def test_a_font_that_the_layout_does_not_name() -> None:
    found = only(pack().with_proof(fonts=("Noto Serif",)))
    assert (found.code, found.place.page) == ("strange-font", 1)
    assert found.message == (
        "'Your name and address' is set in 'Noto-Sans', the layout names Noto Serif"
    )


def test_weights_and_slopes_belong_to_their_family() -> None:
    # The title is set in Noto-Serif-Bold.
    assert pack().with_proof(fonts=("Noto Serif", "Noto Sans")).found == ()


def test_a_longer_name_is_another_family() -> None:
    assert codes(pack().with_proof(fonts=("Noto", "Noto Se", "")).found) == ["strange-font"] * 3


def test_a_file_without_a_map_may_be_set_in_any_font() -> None:
    assert "strange-font" not in codes(proved(pack().pdf, None))


# --------------------------------------------------------------------------------- their glyphs


def test_a_glyph_that_the_layout_engine_did_not_find() -> None:
    html = '<html lang="en"><title>t</title><p style="font-family:Noto Serif">Ask ◦ now</p>'
    with Typesetter((FONTS,)) as typesetter:
        typesetter.lay_out(Job(template=html, css="", mounts={}, images={}))
        pdf, _ = typesetter.write()
    (found,) = (one for one in proved(pdf, None) if one.code == "missing-glyph")
    assert (found.severity, found.place) == ("error", Place(file=NAME, page=1))
    assert found.message == (
        "font 'Noto-Serif' has no glyph for '◦' (U+25E6), an empty box or nothing is printed"
    )


@pytest.mark.parametrize("gid", [0, 0xFFF0])
def test_a_glyph_that_the_font_program_does_not_have(gid: int) -> None:
    """The text layer stays perfect: only what is shown, and what the program holds, can tell."""

    def replace(font: Any) -> None:
        told = font.ToUnicode.read_bytes()
        code = re.search(rb"<(\w{4})> <0077>", told)  # the w of "write"
        assert code is not None
        font.DescendantFonts[0].CIDToGIDMap = pikepdf.Stream(
            owner, glyph_ids({int(code[1], 16): gid})
        )

    with pikepdf.open(io.BytesIO(pack().pdf)) as owner:
        fonts = owner.pages[0].Resources.Font
        replace(next(f for f in fonts.values() if str(f.BaseFont).endswith("+Noto-Serif")))
        spoilt = dataclasses.replace(pack(), pdf=saved(owner))
    found = only(spoilt)
    assert (found.code, found.place) == ("missing-glyph", Place(file=NAME, page=1))
    assert "no glyph for 'w' (U+0077)" in found.message


def glyph_ids(changes: dict[int, int]) -> bytes:
    return b"".join(changes.get(cid, cid).to_bytes(2, "big") for cid in range(0x10000))


def test_a_glyph_without_outline_that_stands_for_a_letter() -> None:
    # Show the space, glyph 3 of Noto Serif, for every w; the text layer still says w.
    def replace(font: Any) -> None:
        told = font.ToUnicode.read_bytes()
        code = re.search(rb"<(\w{4})> <0077>", told)
        assert code is not None
        ids = glyph_ids({int(code[1], 16): 3})
        font.DescendantFonts[0].CIDToGIDMap = pikepdf.Stream(file, ids)

    with pikepdf.open(io.BytesIO(pack().pdf)) as file:
        fonts = file.pages[0].Resources.Font
        replace(next(f for f in fonts.values() if str(f.BaseFont).endswith("+Noto-Serif")))
        spoilt = dataclasses.replace(pack(), pdf=saved(file))
    assert [one.code for one in spoilt.found if "U+0077" in one.message] == ["missing-glyph"]


def test_a_glyph_shown_in_a_form_and_in_any_way_of_writing_strings() -> None:
    font = {"fonts": {"F": 0}}
    inside = look_inside(pack().pdf, most_pages=1)
    page = dataclasses.replace(
        inside.pages[0], operators=b"q /F 9 Tf Q /Fm Do", fonts=font["fonts"], forms={"Fm": 7}
    )
    ours = FontInside(
        name="ABCDEF+Ours",
        composite=True,
        encoding=b"/Identity-H",
        program=program(glyphs=5),
        glyph_ids=b"",
        to_unicode=b"1 beginbfrange <0000> <00ff> <0041> endbfrange",
    )

    def found(operators: bytes) -> list[str]:
        form = dataclasses.replace(page, operators=operators, forms={"Fm": 7})
        made = dataclasses.replace(inside, pages=(page,), fonts={0: ours}, forms={7: form})
        return [one.message.split(" for ")[1][:3] for one in missing_glyphs(made, NAME)]

    # Glyphs 1 to 4 are there; 5 stands for F and 7 for H, U+0041 + 5 and + 7.
    assert found(b"/F 9 Tf <00010004> Tj") == []
    assert found(b"/F 9 Tf [<0001> -20 <00 0 5>] TJ") == ["'F'"]
    assert found(rb"/F 9 Tf (\000\001\000\007) Tj") == ["'H'"]
    assert found(b"/F 9 Tf [(\0\1) 3 (\0\7)] TJ % <0005> Tj") == ["'H'"]
    assert found(b"/F 9 Tf (\0\7\\\n) '") == ["'H'"]
    assert found(b"q /F 9 Tf Q <0007> Tj") == []
    assert found(b"/F 9 Tf BI /W 1 ID <0007> Tj\n EI <0001> Tj") == []
    assert found(b"/F 9 Tf <0") == []


def program(*, glyphs: int) -> bytes:
    """A TrueType program with nothing but the number of its glyphs."""
    maxp = b"\0\1\0\0" + glyphs.to_bytes(2, "big")
    head = b"\0\1\0\0\0\1" + bytes(6)
    return head + b"maxp" + bytes(4) + (28).to_bytes(4, "big") + (6).to_bytes(4, "big") + maxp


def test_a_simple_font_cannot_be_judged_and_passes() -> None:
    inside = look_inside(pack().pdf, most_pages=1)
    simple = {
        number: dataclasses.replace(font, composite=False, program=b"")
        for number, font in inside.fonts.items()
    }
    assert missing_glyphs(dataclasses.replace(inside, fonts=simple), NAME) == ()
