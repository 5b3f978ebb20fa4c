"""The order of words within lines that run both ways, by where their letters stand."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from specimens import SPECIMENS

from actionpack.diagnostics import Place
from actionpack.geometry import Box
from actionpack.language import direction, html_tag
from actionpack.markup import printed_plain, read_markup, to_html
from actionpack.model import TextMeant
from actionpack.preflight.meant import MeantPage, Region
from actionpack.preflight.reader import File
from actionpack.preflight.text import found_in
from actionpack.preflight.turned import turned_round
from actionpack.preflight.words import difference
from actionpack.project import shipped_fonts
from actionpack.render import Job, Typesetter
from actionpack.typography import typography

PAGE = Box(0, 0, 210, 297)
SEED = Path(__file__).resolve().parents[1] / "content" / "china-uyghur-families"


@pytest.fixture(scope="module")
def typesetter() -> Iterator[Typesetter]:
    with Typesetter(shipped_fonts()) as one:
        yield one


def page(typesetter: Typesetter, tag: str, text: str, width: int) -> bytes:
    """A page with a text in Markdown, in a column."""
    family = typography(tag).family or "Noto Serif"
    css = (
        f':root {{ font: 10pt/2 "{family}", "Noto Serif"; image-rendering: crisp-edges }}'
        f"@page {{ size: 210mm 297mm; margin: 10mm }} div {{ width: {width}mm }}"
    )
    body = to_html(read_markup(text))
    lang = f'lang="{html_tag(tag)}" dir="{direction(tag)}"'
    template = f"<html {lang}><title>{html.escape(tag)}</title><div>{body}</div></html>"
    typesetter.lay_out(Job(template=template, css=css))
    pdf, _ = typesetter.write()
    return pdf


def found(pdf: bytes, text: str, field: str = "briefing") -> list[str]:
    """What is found of a text on the first page of a file."""
    region = Region(page=1, text=0, field=field, posted=False, box=PAGE)
    meant = MeantPage(number=1, blank=False, piece=None, regions=(region,), codes=(), spots=())
    fields = (TextMeant(field=field, text=text, regions=((1, PAGE),), posted=False),)
    with File(pdf) as file, file.page(1) as one:
        told = turned_round(one, meant, fields, frozenset(), Place(file="a.pdf", page=1))
        return [finding.message for finding in told]


MIXED = {
    "ar": "كتبت *Amnesty* International إلى «نورس 2» في 12 Via Roma، ورقم +20 2 2792 1234 "
    "(Well No. 7) ثم قالت سلمى O'Hara-عبد الله: **«UN** Women» "
    "و[هنا](https://www.example.org/a_b/) كتب أحمد وعلي.",
    "he": "כתבה *Amnesty* International אל «הבית 2» ב-12 Via Roma, ומספר +972 2 654 3210 "
    "(Well No. 7), ואז אמרה שרה O'Hara-לוי: **«UN** Women» ו[כאן](https://www.example.org/a_b/) "
    "כתב אברהם ויצחק.",
    "fr": "La lettre de سلمى *عبد الله* et de יצחק לוי, dite «بيت الكتب» (دار 3D), à Rome: "
    "שלום *עליכם* oui.",
}


def texts() -> Iterator[tuple[str, str]]:
    yield from MIXED.items()
    for tag in ("ar", "fa", "he", "ug", "ur"):
        yield tag, "\n\n".join(SPECIMENS[tag].articles)
    for tag in ("ar", "ug"):
        _, letter = (SEED / f"{tag}.md").read_text(encoding="utf-8").split("## letter", 1)
        yield tag, letter


@pytest.mark.parametrize(("tag", "text"), list(texts()))
def test_lines_as_they_are_laid_out_are_in_order(
    typesetter: Typesetter, tag: str, text: str
) -> None:
    plain = printed_plain(read_markup(text))
    for width in range(40, 180, 20):
        assert found(page(typesetter, tag, text, width), plain) == []


@pytest.mark.parametrize("tag", MIXED)
def test_words_that_were_swapped_within_a_line_are_found(typesetter: Typesetter, tag: str) -> None:
    plain = printed_plain(read_markup(MIXED[tag]))
    pdf = page(typesetter, tag, MIXED[tag], 180)
    words = re.findall(r"[^\W\d_]{2,}", plain)
    # A word that is there twice may stand in either place.
    pairs = [
        (one, other)
        for one, other in pairwise(words)
        if turned(one) == turned(other)
        and f"{one} {other}" in plain
        and words.count(one) == words.count(other) == 1
    ]
    assert len(pairs) > 2
    for one, other in pairs:
        assert found(pdf, plain.replace(f"{one} {other}", f"{other} {one}")), (one, other)


@pytest.mark.parametrize("tag", ["en", "ar"])
@pytest.mark.parametrize("text", ["النص: شبكة الصحافة الحرّة", "ليلى منصور (هي)", "דנה (היא): כאן"])
def test_a_line_from_right_to_left_is_read_from_the_right_whatever_the_page(
    typesetter: Typesetter, tag: str, text: str
) -> None:
    """On a page in English its marks are of another font, and so stretches of their own."""
    region = Region(page=1, text=0, field="credit", posted=False, box=PAGE)
    meant = MeantPage(number=1, blank=False, piece=None, regions=(region,), codes=(), spots=())
    with File(page(typesetter, tag, text, 180)) as file, file.page(1) as one:
        told = found_in(one, meant, frozenset())[region]
    assert difference("credit", text, told) is None
    swapped = " ".join(reversed(text.split()))
    assert difference("credit", swapped, told)


def turned(word: str) -> bool:
    return "\u0590" < word[0] < "\u0800"


def test_it_says_in_which_line(typesetter: Typesetter) -> None:
    pdf = page(typesetter, "he", "שלום לכל העולם, Via Roma", 180)
    (told,) = found(pdf, "לכל שלום העולם, Via Roma")
    assert told == (
        "the words of 'briefing' stand in another order than they are meant: "
        "one line should say 'לכל שלום העולם Via Roma'"
    )
    assert found(pdf, "שלום לכל העולם, Roma Via")
    assert found(pdf, "לכל העולם שלום, Via Roma")
    # Names side by side, each of which runs its own way, may stand in either order.
    assert found(pdf, "לכל, העולם, שלום, Via Roma", "people") == []


def test_a_line_with_other_words_is_left_to_the_check_of_words(typesetter: Typesetter) -> None:
    pdf = page(typesetter, "he", "שלום לכל העולם", 180)
    assert found(pdf, "לכל שלום עולמות") == []
