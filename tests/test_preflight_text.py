"""Words that are in the file and not on the paper, or not where and as they were meant."""

from __future__ import annotations

import dataclasses
import io
import re
from typing import Any

import pikepdf
import pytest
from test_preflight_pack import (
    LETTER,
    NAME,
    Pack,
    changed,
    codes,
    pack,
    painted,
    saved,
    written,
)

from actionpack.diagnostics import Finding, Place
from actionpack.geometry import Box


def lost(spoilt: Pack) -> Finding:
    """The one finding, which is that text is lost."""
    (found,) = spoilt.found
    assert found.code == "lost-text"
    return found


def with_pdf(pdf: bytes) -> Pack:
    return dataclasses.replace(pack(), pdf=pdf)


def shown(page: int, line: int, change: str) -> Pack:
    """Change one line of text, counted from 0: drop it, double it, or swap it with the next."""

    def edit(content: bytes) -> bytes:
        rows = list(re.finditer(rb"1 0 0 -1 [\d. ]+ Tm\n/\w+ [\d.]+ Tf\n(\[.*?\] TJ)", content))
        here, after = rows[line], rows[line + 1]
        match change:
            case "drop":
                return content[: here.start(1)] + content[here.end(1) :]
            case "double":
                return content[: here.end(1)] + b" " + here[1] + content[here.end(1) :]
        return (
            content[: here.start(1)]
            + after[1]
            + content[here.end(1) : after.start(1)]
            + here[1]
            + content[after.end(1) :]
        )

    return with_pdf(changed(pack().pdf, page, edit))


# On page 1 lines 0 to 6 are caption, five lines of address and salutation; 7 begins the letter.
LETTER_LINE = 7


def test_a_line_that_is_gone_is_counted_and_quoted() -> None:
    found = lost(shown(1, LETTER_LINE, "drop"))
    assert found.place == Place(file=NAME, page=1)
    first_line = "I write to you about the family of Mihriban,"
    assert re.fullmatch(
        rf"1\d words of 'letter' are not on the paper, from '{first_line}.*…'", found.message
    )


def test_lines_that_changed_places_are_found() -> None:
    assert "'letter' says" in lost(shown(1, LETTER_LINE, "swap")).message


def test_a_line_that_is_shown_twice_is_found() -> None:
    # Side by side: the second runs out of the region, and off the sheet.
    assert "lost-text" in codes(shown(4, 0, "double").found) or "overflow" in codes(
        shown(4, 0, "double").found
    )


def test_a_word_painted_into_a_text_does_not_belong_there() -> None:
    # The last line of the ask ends in the middle of the page, at 15 + … mm; a word lands behind it.
    box = next(t for t in pack().proof.texts if t.field == "ask").regions[0][1]
    word = written(pack().pdf, "trial", 150, box.bottom - 1.2)
    found = lost(with_pdf(painted(pack().pdf, word, page=4)))
    assert found.message == "'trial' stands inside 'ask' and does not belong there"
    assert found.cure == "put it elsewhere: in a template, outside of the element of 'ask'"
    assert found.place.page == 4


def test_text_that_moved_out_of_its_place_is_lost() -> None:
    def move(content: bytes) -> bytes:
        # The first line of page 4, 40 mm (40 / 25.4 · 96 = 151 px) lower than laid out.
        return re.sub(
            rb"(1 0 0 -1 \S+ )(\S+) Tm",
            lambda m: m[1] + str(float(m[2]) + 400).encode() + b" Tm",
            content,
            count=1,
        )

    assert "'ask'" in lost(with_pdf(changed(pack().pdf, 4, move))).message


@pytest.mark.parametrize("mode", ["3 Tr", "7 Tr"])
def test_invisible_text_is_lost(mode: str) -> None:
    def hide(content: bytes) -> bytes:
        return content.replace(b"BT\n", b"BT\n" + mode.encode() + b"\n")

    empty, found = with_pdf(changed(pack().pdf, 4, hide)).found
    assert (empty.code, empty.place.page) == ("blank-page", 4)
    words = len(LETTER.split()) * 4
    assert found.message.startswith(f"all {words} words of 'ask' are not on the paper, from 'I wr")


def test_white_text_on_white_paper_is_lost() -> None:
    white = changed(pack().pdf, 4, lambda content: content.replace(b"0 0 0 rg", b"1 1 1 rg"))
    assert "'ask'" in next(f.message for f in with_pdf(white).found if f.code == "lost-text")


def test_white_text_on_black_can_be_read() -> None:
    white = changed(pack().pdf, 4, lambda content: content.replace(b"0 0 0 rg", b"1 1 1 rg"))
    black = painted(white, "0 g 10 10 190 150 re f", page=4, before=True)
    assert with_pdf(black).found == ()


def test_text_that_is_painted_over_is_lost() -> None:
    box = next(t for t in pack().proof.texts if t.field == "salutation:president").regions[0][1]
    patch = f"1 g {box.left - 1} {box.top - 1} {box.width + 2} {box.height + 2} re f"
    found = lost(pack().painted(patch))
    assert found.message == (
        "all 3 words of 'salutation:president' are not on the paper, from 'Dear President Xi,'"
    )


def test_one_word_painted_over_is_enough_to_lose_its_line() -> None:
    box = next(t for t in pack().proof.texts if t.field == "salutation:president").regions[0][1]
    patch = f"1 g {box.left + box.width / 3} {box.top - 1} 16 {box.height + 2} re f"
    assert lost(pack().painted(patch)).place.page == 1


def test_a_frame_round_a_text_hides_nothing() -> None:
    # A frame is painted as what lies between two boxes, and its own box covers the text.
    frame = "0.5 g 12 12 186 60 re 12.4 12.4 185.2 59.2 re f*"
    assert pack().painted(frame, page=4).found == ()


def test_a_text_with_no_place_at_all_is_lost() -> None:
    texts = pack().proof.texts
    nowhere = pack().with_proof(
        texts=(*texts[:-1], type(texts[-1])(field="ask", text="Write.", regions=(), posted=False))
    )
    found = lost(nowhere)
    assert found.place == Place(file=NAME)
    assert found.message == "all 1 word of 'ask' are not on the paper, from 'Write.'"


def test_text_of_no_field_may_stand_on_the_half_that_is_kept() -> None:
    label = written(pack().pdf, "three years", 20, 270)
    assert pack().painted(label).found == ()


def test_a_region_that_ends_inside_a_line_holds_its_letters_alone() -> None:
    # The first line of page 4 begins with "I write to you"; 12 mm hold no more than "I write".
    texts = tuple(
        dataclasses.replace(t, text="I write", regions=((4, Box(15, 15, 12, 4.8)),))
        if t.field == "ask"
        else t
        for t in pack().proof.texts
    )
    assert pack().with_proof(texts=texts).found == ()


def test_a_line_that_leaves_its_region_on_both_sides_is_not_whole() -> None:
    # The region holds the middle of the title, and neither its first nor its last letters.
    (number, box), *_ = next(t for t in pack().proof.texts if t.field == "title").regions
    middle = Box(box.left + 10, box.top, box.width - 20, box.height)
    texts = tuple(
        dataclasses.replace(t, regions=((number, middle),)) if t.field == "title" else t
        for t in pack().proof.texts
    )
    assert "'title'" in lost(pack().with_proof(texts=texts)).message


# ------------------------------------------------------------------------------- hard to read


def grouped(**state: Any) -> Pack:
    """Page 4 inside a form that is painted with a graphics state."""
    with pikepdf.open(io.BytesIO(pack().pdf)) as file:
        sheet = file.pages[3]
        sheet.contents_coalesce()
        form = pikepdf.Stream(file, sheet.Contents.read_bytes())
        form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        form.BBox, form.Resources = sheet.mediabox, sheet.Resources
        form.Group = pikepdf.Dictionary(S=pikepdf.Name.Transparency)
        nothing = pikepdf.Stream(file, b"")
        nothing.Type, nothing.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        nothing.BBox, nothing.Group = sheet.mediabox, form.Group
        if "SMask" in state:
            state["SMask"] = pikepdf.Dictionary(S=pikepdf.Name.Alpha, G=file.make_indirect(nothing))
        sheet.Resources = pikepdf.Dictionary(
            XObject=pikepdf.Dictionary(Fm=file.make_indirect(form)),
            ExtGState=pikepdf.Dictionary(Gs=pikepdf.Dictionary(**state)),
        )
        sheet.Contents = pikepdf.Stream(file, b"q /Gs gs /Fm Do Q")
        return with_pdf(saved(file))


@pytest.mark.parametrize("state", [{"ca": 0}, {"ca": 0.3}, {"SMask": None}])
def test_text_in_a_group_that_lets_little_through_is_lost(state: dict[str, Any]) -> None:
    assert "lost-text" in codes(grouped(**state).found)


def test_text_in_a_group_that_is_opaque_or_nearly_is_there() -> None:
    assert grouped(ca=1).found == ()
    assert grouped(ca=0.7).found == ()


def greyed(grey: float) -> Pack:
    colour = f"{grey} {grey} {grey} rg".encode()
    return with_pdf(changed(pack().pdf, 4, lambda old: old.replace(b"0 0 0 rg", colour)))


@pytest.mark.parametrize("grey", [0.97, 0.8, 0.65])
def test_text_of_too_light_a_grey_is_lost(grey: float) -> None:
    assert codes(greyed(grey).found) == ["lost-text"]


@pytest.mark.parametrize("grey", [0.33, 0.47, 0.55])
def test_text_of_a_darker_grey_can_be_read(grey: float) -> None:
    assert greyed(grey).found == ()


@pytest.mark.parametrize("part", [0.3, 0.5, 0.7])
def test_text_whose_upper_part_is_painted_over_is_lost(part: float) -> None:
    # The ink of "trial" is 0.76 · 3.53 = 2.7 mm high, from 197.3 to 200.
    word = written(pack().pdf, "trial", 150, 270)
    texts = pack().proof.texts
    ask = next(t for t in texts if t.field == "ask")
    new = dataclasses.replace(ask, field="word", text="trial", regions=((4, Box(149, 265, 20, 7)),))
    patch = f"1 g 145 {270 - 2.7} 20 {2.7 * part} re f"
    whole = pack().with_proof(texts=(*texts, new)).painted(word, page=4)
    assert whole.found == ()
    assert codes(whole.painted(patch, page=4).found) == ["lost-text"]


def test_white_just_above_a_text_hides_nothing() -> None:
    box = next(t for t in pack().proof.texts if t.field == "salutation:president").regions[0][1]
    assert pack().painted(f"1 g {box.left} {box.top - 2} {box.width} 2.2 re f").found == ()
