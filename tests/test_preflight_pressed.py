"""What a print shop would send back is found: a sound file for a press, and ways to spoil it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from presses import built

from actionpack.diagnostics import Finding
from actionpack.pack import Pack
from actionpack.preflight.finished import map_inside
from actionpack.preflight.pressed import check_press

Spoil = Callable[[pikepdf.Pdf], None]


@pytest.fixture(scope="module")
def card(press_project: Path) -> Pack:
    return built(press_project)


def found_in(pack: Pack, spoil: Spoil) -> list[Finding]:
    """What is found in a pack after something was done to it."""
    with pikepdf.open(io.BytesIO(pack.pdf)) as pdf:
        spoil(pdf)
        out = io.BytesIO()
        pdf.save(out)
    proof, _ = map_inside(out.getvalue())
    assert proof is not None
    return list(check_press(out.getvalue(), "card.pdf", proof))


def drawing(more: bytes, **states: dict[str, object]) -> Spoil:
    """Draw more on the first page, in points from its top left corner, y up."""

    def spoil(pdf: pikepdf.Pdf) -> None:
        form = pdf.pages[0].Resources.XObject.P
        for name, state in states.items():
            form.Resources.ExtGState[f"/{name}"] = pikepdf.Dictionary(state)
        form.write(form.read_bytes() + b"\nq 1 0 0 1 0 841.89 cm " + more + b" Q\n")

    return spoil


def test_a_sound_file_has_nothing_wrong(card: Pack) -> None:
    assert found_in(card, lambda pdf: None) == []


@pytest.mark.parametrize(
    ("more", "code", "message"),
    [
        (
            b"1 0 0 rg 60 -200 20 20 re f",
            "wrong-colours",
            "there is a drawing in RGB, and a press prints inks",
        ),
        (
            b"0 1 0 RG 1 w 60 -200 m 90 -200 l S 0 0 1 RG 60 -210 m 90 -210 l S",
            "wrong-colours",
            "there is a line (and 1 other thing) in RGB, and a press prints inks",
        ),
        (
            b"1 1 0.8 0.4 k 60 -200 20 20 re f",
            "too-much-ink",
            "there is a drawing with up to 320% ink, and the paper takes 300%",
        ),
        (
            b"0 0 0 1 K 0.15 w 60 -200 m 90 -200 l S",
            "hairline",
            "there is a line 0.15 pt wide, which may not print",
        ),
        (
            b"0 0 0 1 k 60 -200 90 0.1 re f",
            "hairline",
            "there is a line 0.10 pt wide, which may not print",
        ),
        (
            b"0 0 0 1 k BT /%(font)s 5 Tf 1 0 0 1 60 -200 Tm (\0\x24) Tj ET",
            "tiny-text",
            "there is text of 5.0 pt, which a press prints badly",
        ),
        (
            b"2 0 0 2 0 0 cm 0 0 0 1 k BT /%(font)s 2.5 Tf 1 0 0 1 30 -100 Tm (\0\x24) Tj ET",
            "tiny-text",
            "there is text of 5.0 pt, which a press prints badly",
        ),
    ],
)
def test_what_is_drawn_wrong_is_found(card: Pack, more: bytes, code: str, message: str) -> None:
    def spoil(pdf: pikepdf.Pdf) -> None:
        font = next(iter(pdf.pages[0].Resources.XObject.P.Resources.Font.keys()))
        drawing(more.replace(b"%(font)s", font[1:].encode()))(pdf)

    (found,) = found_in(card, spoil)
    assert (found.code, found.message) == (code, message)
    assert (found.place.file, found.place.page) == ("card.pdf", 1)
    assert found.cure


@pytest.mark.parametrize(
    "more",
    [
        b"0 0 0 1 k 60 -200 20 20 re f",
        b"0 0 0 1 K 0.2 w 60 -200 m 90 -200 l S",
        b"0.5 g 60 -200 20 20 re f",
        b"1 1 0.6 0.4 k 60 -200 20 20 re f",
    ],
)
def test_what_a_press_prints_well_is_not_told(card: Pack, more: bytes) -> None:
    assert found_in(card, drawing(more)) == []


def test_white_that_overprints_is_found(card: Pack) -> None:
    over: dict[str, object] = {"/op": True, "/OP": True, "/OPM": 1}
    (found,) = found_in(card, drawing(b"/Over gs 0 0 0 0 k 60 -200 20 20 re f", Over=over))
    assert found.code == "white-overprint"
    assert found.message == (
        "there is a drawing in white that overprints, which is to say not at all"
    )
    clear: dict[str, object] = {"/op": False, "/OP": True, "/OPM": 1}
    assert found_in(card, drawing(b"/Clear gs 0 0 0 0 k 60 -200 20 20 re f", Clear=clear)) == []


def test_black_letters_over_a_heavy_ground_are_counted_with_it(card: Pack) -> None:
    def spoil(pdf: pikepdf.Pdf) -> None:
        font = next(iter(pdf.pages[0].Resources.XObject.P.Resources.Font.keys()))
        # 0.8 + 0.8 + 0.7 of the ground, and the black of the letters: 330 %.
        ground = b"0.8 0.8 0.7 0 k 50 -220 60 60 re f 0 0 0 1 k /PressOver gs "
        letters = b"BT /%b 12 Tf 1 0 0 1 60 -200 Tm (\0\x24) Tj ET" % font[1:].encode()
        drawing(ground + letters)(pdf)

    (found,) = found_in(card, spoil)
    assert found.code == "too-much-ink"
    assert found.message == "there is text with up to 330% ink, and the paper takes 300%"


def set_box(name: str, edges: tuple[float, ...]) -> Spoil:
    def spoil(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0][name] = pikepdf.Array(edges)

    return spoil


def without(*way: str) -> Spoil:
    """Take an entry out of the catalogue, or out of what is below it."""

    def spoil(pdf: pikepdf.Pdf) -> None:
        held = pdf.Root
        for key in way[:-1]:
            held = held[key]
        del held[way[-1]]

    return spoil


def without_box(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].BleedBox


def linked(pdf: pikepdf.Pdf) -> None:
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9])
    pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(link)])


def without_profile(pdf: pikepdf.Pdf) -> None:
    for intent in pdf.Root.OutputIntents:
        del intent["/DestOutputProfile"]


def for_newsprint(pdf: pikepdf.Pdf) -> None:
    for intent in pdf.Root.OutputIntents:
        intent.OutputConditionIdentifier = pikepdf.String("IFRA26")


def of_another_norm(pdf: pikepdf.Pdf) -> None:
    claims = pdf.Root.Metadata.read_bytes().replace(b"PDF/X-4", b"PDF/X-3")
    pdf.Root.Metadata = pdf.make_stream(claims)


def untrapped(pdf: pikepdf.Pdf) -> None:
    del pdf.docinfo["/Trapped"]


def with_a_program(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("1"))


def with_a_screen_picture(pdf: pikepdf.Pdf) -> None:
    image = pdf.make_stream(b"\0" * 12)
    image.Type = pikepdf.Name.XObject
    image.Subtype = pikepdf.Name.Image
    image.Width, image.Height, image.BitsPerComponent = 2, 2, 8
    image.ColorSpace = pikepdf.Name.DeviceRGB
    pdf.pages[0].Resources.XObject.P.Resources.XObject.Rgb = image


def unperforated(pdf: pikepdf.Pdf) -> None:
    marks = pdf.pages[0].Resources.XObject.S
    marks.write(marks.read_bytes().replace(b"/SeparationPerforation CS", b"/SeparationFold CS"))


@pytest.mark.parametrize(
    ("spoil", "code", "message"),
    [
        (
            set_box("/TrimBox", (42.5197, 42.5197, 637, 884.4094)),
            "wrong-boxes",
            "the trim box is 209.72 × 297.00 mm, and the page is 210.00 × 297.00 mm",
        ),
        (
            set_box("/BleedBox", (36, 34.0157, 646.2992, 892.9134)),
            "wrong-boxes",
            "the bleed box is 215.30 × 303.00 mm, which is not 3 mm round the trim box",
        ),
        (without_box, "wrong-boxes", "the page has no bleed box"),
        (
            set_box("/MediaBox", (36, 0, 680.315, 926.9291)),
            "wrong-boxes",
            "the bleed box reaches beyond the media box",
        ),
        (
            unperforated,
            "wrong-boxes",
            "the page has no line of 'Perforation' for the tear at 150 mm",
        ),
        (linked, "not-for-press", "the page carries notes or links: 'Link'"),
        (of_another_norm, "not-for-press", "'card.pdf' is no PDF/X-4: it says 'PDF/X-3'"),
        (
            without("/Metadata"),
            "not-for-press",
            "'card.pdf' is no PDF/X-4: it says nothing of it",
        ),
        (
            untrapped,
            "not-for-press",
            "'card.pdf' does not say whether its plates are trapped",
        ),
        (
            with_a_program,
            "not-for-press",
            "'card.pdf' holds programs, forms or files, which a press must not meet",
        ),
        (
            without("/OutputIntents"),
            "missing-output-intent",
            "'card.pdf' does not say which printing condition its inks are for",
        ),
        (
            without_profile,
            "missing-output-intent",
            "'card.pdf' does not say which printing condition its inks are for",
        ),
        (
            for_newsprint,
            "missing-output-intent",
            "the inks of 'card.pdf' are for 'IFRA26', and not for 'FOGRA39'",
        ),
        (
            with_a_screen_picture,
            "wrong-colours",
            "the page holds something in RGB, and a press prints inks",
        ),
    ],
)
def test_a_spoiled_file_is_found(card: Pack, spoil: Spoil, code: str, message: str) -> None:
    told = {(one.code, one.message) for one in found_in(card, spoil)}
    assert (code, message) in told
