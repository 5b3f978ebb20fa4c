"""Composing: what the template gets, what is escaped, which address fits which window."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image
from projects import ACTION, Bench, write_action

from actionpack.compose import (
    compose,
    country_line_language,
    fit_address,
    printable_country_line,
    write_manuscript,
)
from actionpack.diagnostics import Place, Rejected
from actionpack.fonts import Compositor, read_shelf
from actionpack.layouts import read_layout, resolve
from actionpack.model import Action, Layout, PerTarget, Quote, Safety, Target, Text, VariantKey
from actionpack.render.template import fill
from actionpack.source import Written
from actionpack.store import Jail

ROOT = Path(__file__).resolve().parents[1]
SHELF = read_shelf((ROOT / "assets" / "fonts",))
LETTER = read_layout(Jail(root=ROOT / "layouts" / "letter", name="layouts/letter"))
HERE = Place(file="content/x/en.md", line=3)


def written(text: str) -> Written:
    return Written(text, HERE)


def target(*lines: str, country: str = "CN") -> Target:
    return Target(
        id="president",
        lines=tuple(Written(line, Place(file="a.yaml", line=n)) for n, line in enumerate(lines, 9)),
        country=country,
        fax=written("+86 10 6238 1025"),
        email=written("english@mail.gov.cn"),
        languages=("zh-Hans",),
        place=Place(file="a.yaml", line=8),
    )


def action(*targets: Target) -> Action:
    return Action(
        id="x", file="content/x/action.yaml", reference=written("ASA 17/1"), edition=3,
        issued=date(2027, 3, 1), embargo=None, act_by=date(2027, 12, 31), stopped=None,
        country="CN", source_language="en", credit=written("Text: A & B"),
        online=written("https://www.example.org/act?a=1&b=2"), people=(), targets=targets,
        copies=(), safety=Safety(), images=(), languages=("en",),
    )  # fmt: skip


def text(**changes: str) -> Text:
    fields = {
        "title": "T", "briefing": "B", "ask": "A", "letter": "L", "salutation": "Dear P,",
        "closing": "Yours,", "quote": "Q", "by": "M", "summary": "S", "notes": "N",
    } | changes  # fmt: skip
    one = {name: written(value) for name, value in fields.items()}
    return Text(
        tag="en", file="content/x/en.md", title=one["title"], summary=one["summary"],
        quote=Quote(text=one["quote"], by=one["by"]),
        salutation=PerTarget(for_all=one["salutation"], by_target=()),
        closing=PerTarget(for_all=one["closing"], by_target=()), never_write_if=None,
        safety_notes=one["notes"],
        status="source", reviewer=None, made_from=(), briefing=one["briefing"], ask=one["ask"],
        letter=one["letter"],
    )  # fmt: skip


def key(sender_country: str | None = "IT", window: str = "dl-left") -> VariantKey:
    return VariantKey(
        action="x", language="en", layout="letter", paper="a4", edition="home", window=window,
        target=None, letters=(), sender_country=sender_country, draft=False,
    )  # fmt: skip


def html(
    words: Text,
    *,
    one: VariantKey | None = None,
    layout: Layout = LETTER,
    to: Target | None = None,
) -> str:
    one = one or key()
    geometry = resolve(layout, one.paper, one.window)
    who = action(to or target("Xi Jinping", "Beijing 100017"))
    manuscript = write_manuscript(one, who, words, {}, layout, geometry, (), SHELF)
    composed = compose(manuscript, layout.forms[0].name, 10)
    # As it reaches the typesetter: through JSON.
    return fill(composed.template, json.loads(json.dumps(composed.values)))


# ------------------------------------------------------------------------------------ escaping

HOSTILE = "</p><script>x</script> {{ 7 * 7 }} {% if %} & \"' <img src=x>"
SHOWN = "{{ 7 * 7 }} {% if %}"


@pytest.mark.parametrize(
    "field",
    [
        "title",
        "briefing",
        "ask",
        "letter",
        "salutation",
        "closing",
        "quote",
        "by",
        "summary",
        "notes",
    ],
)
def test_every_field_prints_what_was_typed(field: str) -> None:
    page = html(text(**{field: HOSTILE}))
    assert "<script>" not in page
    assert "<img src=x>" not in page
    assert "&lt;script&gt;" in page
    assert SHOWN in page


def test_a_title_cannot_leave_its_attribute() -> None:
    page = html(text(summary='"><script>x</script>'))
    assert '<meta name="description" content="&#34;&gt;&lt;script&gt;' in page


# ----------------------------------------------------------------------------------- the content


def test_fax_and_email_stand_on_the_leaf_to_read_and_never_on_the_letter() -> None:
    read, letter = html(text()).split('data-piece="letter"', 1)
    assert "+86 10 6238 1025<br>english@mail.gov.cn" in read
    assert "6238" not in letter
    assert "@" not in letter


# ------------------------------------------------------------------------------------- addresses


def fitted(
    *lines: str,
    window: str = "dl-left",
    paper: str = "a4",
    country: str = "CN",
    sender: str | None = "IT",
) -> tuple[tuple[str, ...], float]:
    geometry = resolve(LETTER, paper, window)
    found = fit_address(target(*lines, country=country), sender, "it", LETTER, geometry, SHELF)
    return found.lines, found.size_pt


def test_the_country_line_is_last_alone_and_in_capitals() -> None:
    assert fitted("Xi Jinping", "Beijing 100017")[0] == ("Xi Jinping", "Beijing 100017", "CINA")


def test_domestic_mail_has_no_country_line() -> None:
    assert fitted("Quirinale", "00187 Roma", country="IT")[0] == ("Quirinale", "00187 Roma")


def test_an_unknown_sender_country_gives_english_and_a_warning() -> None:
    language, found = country_line_language(key(sender_country=None))
    assert language == "en"
    assert [(f.code, f.severity) for f in found] == [("unknown-sender-country", "warning")]


def test_a_layout_without_addresses_needs_no_country_of_posting() -> None:
    poster = read_layout(Jail(root=ROOT / "layouts" / "poster", name="layouts/poster"))
    nowhere = key(sender_country=None)
    told = {
        layout.name: [f.code for f in printable_country_line(nowhere, action(), layout, SHELF)[1]]
        for layout in (poster, LETTER)
    }
    assert told == {"poster": [], "letter": ["unknown-sender-country"]}


def test_six_lines_go_into_every_window_here() -> None:
    five = [f"Line {n}" for n in range(1, 6)]
    assert fitted(*five)[1] == 10.5
    assert fitted(*five, window="us-10", paper="letter")[1] == 9.5  # 23.9 mm: 6 × 9.5 pt × 1.18


def test_a_target_is_called_by_its_first_line_or_the_last_below_a_postcode() -> None:
    assert target("The Mayor", "100017 Beijing").name == "The Mayor"
    assert target("〒100-8959", "東京都千代田区", "文部科学大臣 様").name == "文部科学大臣 様"
    assert target("100017", "北京市", "市长 收").name == "市长 收"


def test_lines_stand_so_far_apart_that_they_do_not_touch() -> None:
    # Nastaliq hangs from line to line: 1.18 type sizes are for letters on a line.
    lines = ("وزیرِ اعلیٰ پنجاب", "8 کلب روڈ، جی او آر-I", "لاہور 54000")
    geometry = resolve(LETTER, "a4", "dl-left")
    urdu = replace(target(*lines), languages=("ur",))
    leading = fit_address(urdu, "IT", "it", LETTER, geometry, SHELF).leading
    below, _ = setter("Noto Nastaliq Urdu", "ur").ink(lines[0])
    _, above = setter("Noto Nastaliq Urdu", "ur").ink(lines[1])
    assert 1.18 < (above - below) / 1000 <= leading < 2
    latin = fit_address(target("Ýgq", "Ýgq"), "IT", "it", LETTER, geometry, SHELF)
    assert latin.leading == 1.18


def setter(family: str, language: str) -> Compositor:
    return Compositor(SHELF, family, 400, language=language, script_family="Noto Serif")


def test_too_many_lines_are_an_error_that_says_how_many_fit() -> None:
    with pytest.raises(Rejected) as refused:
        fitted(*[f"Line {n}" for n in range(1, 11)])
    (found,) = refused.value.findings
    # 38.5 mm are 109.1 pt; at 9 pt × 1.18 that holds ten lines.
    assert found.message == (
        "the address of 'president' has 11 lines with the country; "
        "the window 'dl-left' has room for 10"
    )
    assert (found.code, found.place) == ("address-too-long", Place(file="a.yaml", line=8))


def test_a_line_too_wide_is_an_error_on_its_own_line_that_says_by_how_much() -> None:
    with pytest.raises(Rejected) as refused:
        fitted("Xi Jinping", "Ministry of " + "Very " * 12 + "Important Affairs")
    (found,) = refused.value.findings
    assert "mm too wide for the window 'dl-left' at 9 pt" in found.message
    assert found.place == Place(file="a.yaml", line=10)


# --------------------------------------------------------------------------------------- lists


LISTS = """
1. Alpha
2. Bravo
   - Charlie

A paragraph ends the list.

1) Delta
2) Echo

Numbers are those that were typed.

4. Foxtrot
2. Golf

Three signs make dots.

- Hotel

+ India

* Juliett
"""


@pytest.mark.parametrize("field", ["briefing", "ask", "letter"])
def test_lists_print_with_their_dots_and_numbers(bench: Bench, field: str) -> None:
    write_action(bench.root, sections={field: LISTS})
    ran = bench.build()
    assert ran.code == 0, ran.findings
    words = ("Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf")
    marks = ("1.", "2.", "•", "1.", "2.", "4.", "2.")
    dots = dict.fromkeys(("Hotel", "India", "Juliett"), "•")
    assert marks_of(ran.pdf, *words, *dots) == dict(zip(words, marks, strict=True)) | dots


def marks_of(pdf: bytes, *words: str) -> dict[str, str]:
    """What stands before each word in its line, within 8 mm."""
    found = {}
    for page in pypdfium2.PdfDocument(pdf):
        textpage = page.get_textpage()
        for word in words:
            if at := textpage.search(word).get_next():
                left, bottom, _, top = textpage.get_charbox(at[0], loose=True)
                before = textpage.get_text_bounded(left - 8 * 72 / 25.4, bottom, left - 0.5, top)
                found[word] = before.strip()
    return found


# ------------------------------------------------------------------------------------ languages


@pytest.mark.parametrize(
    "layout", ["letter", "envelope", "labels", "handout", "postcard", "double-card"]
)
@pytest.mark.parametrize(
    ("lines", "spoken", "says"),
    [
        (("فخامة الرئيس", "القاهرة"), ("en", "ar"), 'lang="ar" dir="rtl"'),
        (("习近平", "北京"), ("en", "zh-Hans"), 'lang="zh-CN" dir="ltr"'),
        (("Xi Jinping", "北京"), ("zh-Hans",), 'lang="und" dir="ltr"'),
    ],
)
def test_an_address_keeps_its_own_language_and_direction(
    layout: str, lines: tuple[str, ...], spoken: tuple[str, ...], says: str
) -> None:
    one = read_layout(Jail(root=ROOT / "layouts" / layout, name=f"layouts/{layout}"))
    where = replace(key(), layout=layout, paper=one.papers[0], language="fr")
    page = html(text(), one=where, layout=one, to=replace(target(*lines), languages=spoken))
    assert f'{says} translate="no"' in page
    assert f"<p>{lines[1]}</p>" in page


def test_credits_say_their_language_where_it_is_not_the_pages() -> None:
    # The page, the address, the letter, and the caption under its sign-off.
    assert html(text()).count("lang=") == 4
    french = html(text(), one=replace(key(), language="fr"))
    assert '<html lang="fr"' in french
    # In the side column and on the half to keep.
    credit = '<span lang="en" dir="auto">Text: A &amp; B</span>'
    assert french.count(credit) == 2


def test_a_pdf_says_in_which_language_a_credit_is(bench: Bench) -> None:
    folder = write_action(
        bench.root,
        action=f'{ACTION}images: [{{file: a.png, alt: {{en: "A", fr: "Un"}}, credit: Somebody}}]\n',
    )
    write_action(
        bench.root,
        action=(folder / "action.yaml").read_text(),
        tag="fr",
        fields={"status": "reviewed", "reviewer": "Ada"},
    )
    Image.new("RGB", (1200, 900), "red").save(folder / "a.png")
    assert languages(bench.build("--lang", "en").pdf) == []
    # The credit of the picture, that of the text, and again on the half to keep.
    assert languages(bench.build("--lang", "fr").pdf) == ["en", "en", "en"]


def languages(pdf: bytes) -> list[str]:
    """The languages that parts of a file say they are in."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return [
            str(one.Lang)
            for one in file.objects
            if isinstance(one, pikepdf.Dictionary) and "/S" in one and "/Lang" in one
        ]
