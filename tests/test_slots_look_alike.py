"""A stamped text looks as it would look had the layout engine set it in the page.

Each page is laid out twice: once with an empty slot that is stamped, and once with the text itself
in the slot's place, in the same family, size and leading. Pictures of both are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import escape

import pypdfium2
import pytest
from PIL import ImageChops, ImageFilter
from PIL.Image import Image
from test_stamp import CSS, PROOF, at, place_of, text_slot

from actionpack.fonts import read_shelf
from actionpack.model import Row, Slot, Variant
from actionpack.pdf import prepare
from actionpack.project import shipped_fonts
from actionpack.render import Job, Typesetter
from actionpack.stamp import StampWords, make_copy

SHELF = read_shelf(shipped_fonts())
DPI = 150
# A pixel is different when it is this much darker or lighter (of 255) than every pixel of the other
# picture that is not farther than one: an edge half a pixel, 0.08 mm, beside the other's is the
# same edge, since the engine places in 1/1024 of a CSS pixel and kerns in whole thousandths.
STEP = 64
# So many of the inked pixels may differ. Measured are none at all; an i without its acute in a
# line of fifteen letters is twice as many.
MOST_DIFFERENT = 0.0005

SLOT = text_slot("note", 120, 24, sizes=(12.0,), lines=4)
TEXTS = {
    "Latin": "AVATAR To. Wa “fi” ffl\nMaría Über-Łódź, Çeşme\nTrần Văn Đức, № 7\nǹ m\u0302 q\u0303",
    "Cyrillic": "Улица Ґонти 3, Київ\nЦентральная ул., 12\nҚазақстан, Өскемен\nЂорђе, Јован",
    "Greek": "Δρόμος 12, Αθήνα\nΤαΰγετος, Ἀθῆναι\nΆγιος Νικόλαος\nᾠδή, Ῥόδος",
    "Arabic": "شارع الملك فيصل\nمنزل Garibaldi رقم 12\nمُحَمَّد علي، القاهرة\nئۇيغۇر ۋە چاي",
    "Hindi": "राम मोहन शर्मा\nगली नंबर १२, नई दिल्ली\nक्षेत्रीय कार्यालय\nश्री Garibaldi, हिंदी",
    "Chinese": "王小明\n北京市朝阳区 12 号\n人权小组，上海\n陈 Garibaldi 先生",
    "of three scripts": "Anna Анна Άννα 1, Roma\nсело Roma, χωριό\nVia Улица Οδός\n№ 7, “Да”",
}


def page(family: str, weight: int, slot: Slot, text: str) -> str:
    """A page with the slot empty, and one with its text in its place."""
    # Each has its height, which the engine lets grow with a font that is not the first.
    lines = "".join(
        f"<div style='height:15pt' dir='{'rtl' if 'ء' <= line[0] <= 'ۿ' else 'ltr'}'>"
        f"{escape(line)}</div>"
        for line in text.split("\n")
    )
    style = (
        f"font: {weight} 12pt/15pt '{family}', 'Noto Sans', 'Noto Naskh Arabic', "
        "'Noto Sans Devanagari', 'Noto Sans SC'; text-align: left"
    )
    there = at(20, 30, f'<div style="width:{slot.size.width}mm;{style}">{lines}</div>')
    return (
        f"<section>{at(20, 30, place_of(slot.name, slot.size))}</section><section>{there}</section>"
    )


@pytest.fixture(scope="module")
def typesetter() -> Iterator[Typesetter]:
    with Typesetter(shipped_fonts()) as one:
        yield one


def pictures(typesetter: Typesetter, slot: Slot, meant: str, stamped: str) -> tuple[Image, Image]:
    """The stamped page, and the one that was laid out whole."""
    body = page(slot.family, slot.weight, slot, meant)
    html = f"<!doctype html><html lang='en'><title>A pack</title><body>{body}</html>"
    laid = typesetter.lay_out(Job(template=html, css=CSS, mounts={}, images={}))
    pdf, logged = typesetter.write()
    assert laid.findings + logged == ()
    copy = make_copy(
        Variant(pdf=prepare(pdf), proof=PROOF, findings=()),
        (slot,),
        Row(values=(("note", stamped),)),
        shelf=SHELF,
        online=None,
        words=StampWords(),
    )
    assert copy.findings == ()
    document = pypdfium2.PdfDocument(copy.pdf)
    one, other = (
        document[number].render(scale=DPI / 72).to_pil().convert("L") for number in (0, 1)
    )
    return one, other


def different(one: Image, other: Image) -> float:
    """The share of inked pixels that differ by more than a step from all that are near."""
    ink = ImageChops.darker(one, other).point(lambda value: 255 - value).getbbox()
    assert ink is not None
    left, top, right, bottom = ink
    one, other = (
        picture.crop((left - 2, top - 2, right + 2, bottom + 2)) for picture in (one, other)
    )
    beyond = 0
    for ours, theirs in ((one, other), (other, one)):
        darkest = theirs.filter(ImageFilter.MinFilter(3)).tobytes()
        lightest = theirs.filter(ImageFilter.MaxFilter(3)).tobytes()
        beyond += sum(
            not low - STEP <= pixel <= high + STEP
            for pixel, low, high in zip(ours.tobytes(), darkest, lightest, strict=True)
        )
    return beyond / sum(pixel < 128 for picture in (one, other) for pixel in picture.tobytes())


@pytest.mark.parametrize(("family", "weight"), [("Noto Sans", 400), ("Noto Serif", 700)])
@pytest.mark.parametrize("script", TEXTS)
def test_a_stamped_text_looks_like_one_that_was_laid_out(
    typesetter: Typesetter, script: str, family: str, weight: int
) -> None:
    # A pack in Chinese has its slots in the font of its own letters.
    slot = replace(SLOT, family="Noto Sans SC" if script == "Chinese" else family, weight=weight)
    one, other = pictures(typesetter, slot, TEXTS[script], TEXTS[script])
    assert different(one, other) <= MOST_DIFFERENT


@pytest.mark.parametrize(
    ("meant", "stamped"),
    [
        ("María Über-Łódź", "Maria Über-Łódź"),
        ("منزل Garibaldi رقم 12", "12 منزل Garibaldi رقم"),
        ("شارع", "سارع"),
    ],
)
def test_one_accent_or_two_words_changed_are_seen(
    typesetter: Typesetter, meant: str, stamped: str
) -> None:
    one, other = pictures(typesetter, SLOT, meant, stamped)
    assert different(one, other) > MOST_DIFFERENT
