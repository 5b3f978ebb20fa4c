"""Text as it is set: nothing that prints changes, and lines break where readers expect it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pypdfium2 as pdfium
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from icu4py.breakers import CharacterBreaker

from actionpack.catalogues import printed_words
from actionpack.model import LaidBox
from actionpack.preflight.words import normal
from actionpack.render import Job, Typesetter
from actionpack.typesetting import as_set, own_direction, to_isolate, typeset

ROOT = Path(__file__).resolve().parents[1]
CATALOGUES = sorted(path.stem for path in (ROOT / "src/actionpack/data/locale").glob("*.po"))
DRAFTS = sorted((ROOT / "content" / "china-uyghur-families").glob("*.md"))

KHMER = "យើងខ្ញុំសូមអំពាវនាវដល់រដ្ឋាភិបាលចិនឱ្យដោះលែងអ្នកទោសមនសិការទាំងអស់ជាបន្ទាន់និងដោយគ្មានលក្ខខណ្ឌ។"
BURMESE = "တရုတ်အစိုးရအား အကျဉ်းကျခံနေရသူများကို ချက်ချင်းလွှတ်ပေးရန် ကျွန်ုပ်တို့တောင်းဆိုပါသည်။"
THAI = "เราขอเรียกร้องให้รัฐบาลจีนปล่อยตัวนักโทษทางความคิดทั้งหมดทันทีและโดยไม่มีเงื่อนไข"
LAO = "ພວກເຮົາຮຽກຮ້ອງໃຫ້ລັດຖະບານຈີນປ່ອຍຕົວນັກໂທດທາງຄວາມຄິດທັງໝົດທັນທີ"
KOREAN = (
    "중국 정부는 강제로 헤어진 위구르 가족들이 2027년까지 다시 만날 수 있도록 조치를 취해야 합니다."
)

SEEN = str.maketrans({"\u00a0": "~", "\u202f": "·", "\u200b": "|", "\u2060": "_"})


def shown(text: str, language: str) -> str:
    """A text as it is set, with its spaces and breaks to be seen."""
    return as_set(text, language).translate(SEEN)


# ------------------------------------------------------------------------------ nothing is changed


# Of every script that a rule speaks of, and what stands round words and in numbers.
ALPHABET = (
    "aéΩ 1250+-./:;!?«»()[]@#%\u00a0\u202f\u200bmkgx×№ابאب،۱٢កខ្ញុំ​ក်တွေ့သည်။กำไรเๆลາວ한국ᄒ漢か\u0301"
)
LANGUAGES = st.sampled_from(("fr", "fr-CA", "en", "ar", "km", "ko", ""))


@given(st.text(st.sampled_from(ALPHABET), max_size=40) | st.text(max_size=20), LANGUAGES)
@example("2 3 456 789", "en")
@example("«\n»", "fr")
@settings(max_examples=2000, deadline=None)
def test_what_prints_stays_as_it_was_and_is_set_once(text: str, language: str) -> None:
    done = as_set(text, language)
    assert normal(done) == normal(text)
    assert as_set(done, language) == done


def words_of(tag: str) -> list[str]:
    words, _ = printed_words(tag)
    return list(words.values())


@pytest.mark.parametrize("tag", CATALOGUES)
def test_a_catalogue_stays_what_it_says(tag: str) -> None:
    for words in words_of(tag):
        done = as_set(words, tag)
        assert normal(done) == normal(words)
        assert as_set(done, tag) == done


@pytest.mark.parametrize("draft", DRAFTS, ids=lambda path: str(path.stem))
def test_a_draft_stays_what_it_says(draft: Path) -> None:
    text = draft.read_text(encoding="utf-8")
    done = as_set(text, draft.stem)
    assert normal(done) == normal(text)
    assert as_set(done, draft.stem) == done


# ---------------------------------------------------------------------------------- where it breaks


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("សូមបត់លិខិតត្រង់នេះ", "សូម|បត់|លិខិត|ត្រង់នេះ"),
        ("ဘာသာပြန်မူကြမ်း", "ဘာသာ|ပြန်|မူ|ကြမ်း"),
        ("รัฐบาลจีนปล่อยตัวนักโทษ", "รัฐบาล|จีน|ปล่อย|ตัว|นักโทษ"),
        ("ລັດຖະບານຈີນປ່ອຍຕົວ", "ລັດຖະບານ|ຈີນ|ປ່ອຍຕົວ"),
    ],
)
def test_a_line_may_break_between_words_that_have_no_spaces(text: str, words: str) -> None:
    assert shown(text, "und") == words


PIECES = ("Roma", "Łódź", "é", "m", "mg", "kg", "x", "tel", "www", "0", "12", "00123", "1234",
          " ", "  ", ",", ".", "'", "’", "-")  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join), st.sampled_from(["en", "fr"]))
@example("00123 Roma", "en")
@example("00123 mg", "en")
def test_what_is_told_at_a_glance_to_be_left_alone_is(text: str, language: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("actionpack.typesetting.stretch._LEFT_ALONE", re.compile("(?!)"))
        looked_through = as_set(text, language)
    assert as_set(text, language) == looked_through


def test_a_text_that_says_where_it_breaks_is_left_alone() -> None:
    text = "ការបកប្រែ\u200bព្រាង មិនទាន់បានត្រួតពិនិត្យ"
    assert as_set(text, "km") == text


SYLLABLES = "កខងញដនមរលសអាិីុូេែោៅំះ់៌៍្ကခငစညတနမယရလသအာိီုူေဲံ့း္်ျြွှกงนมรลสอะาำิีเแโใไๆฯ่้์ກງຈນລສະາຳິເແໂໃໄໆ່້ຼ"


@given(st.text(st.sampled_from(SYLLABLES), max_size=30))
@settings(max_examples=2000, deadline=None)
def test_no_break_stands_inside_a_cluster(text: str) -> None:
    done = as_set(text, "und")
    clusters = {end for _, end in CharacterBreaker(text, "en").segments()}
    at = 0
    for before, character, after in zip("x" + done, done, done[1:] + "x", strict=False):
        if character == "\u200b":
            assert at in clusters
            # What stacks letters, and vowels that are written before theirs, end no line.
            assert before not in "\u17d2\u1039เแโใไເແໂໃໄ"
            assert after not in "ะาำๆฯະາຳໆ"
        else:
            at += 1


def test_a_letter_that_ends_a_syllable_begins_no_line() -> None:
    for text in (BURMESE, "ကျွန်ုပ်တို့", "တတတတ်တတ္တတ်"):
        assert not re.search("\u200b[က-အ][\u1039\u103a]", as_set(text, "my"))


def test_korean_words_are_kept_whole_with_their_particles_and_brackets() -> None:
    text = "2027년 위구르(Uyghur) UN에 100%가"
    assert shown(text, "ko") == "2027_년 위_구_르_(Uyghur) UN_에 100%_가"


def test_a_number_is_whole_in_thai_text_whatever_dictionary_a_machine_has(
    typesetter: Typesetter,
) -> None:
    body = "<p>โทร. +66 2 221 2141 หรือ 30 มีนาคม</p>"
    held = '<span style="white-space:nowrap">+66~2~221~2141</span>'
    assert page(body).translate(SEEN) == f"<p>โทร. {held} หรือ 30 มีนาคม</p>"
    assert page(page(body)) == page(body)
    for width in range(34, 60):
        for line in lines(typesetter, "ตัวตั้งแต่วันที่ โทร. +66 2 221 2141", "th", width):
            assert sum(map(str.isdigit, line.text)) in (0, 10)


def test_conjoining_letters_of_korean_are_not_parted() -> None:
    assert as_set("한\u1100\u1161한 \u1100가\u11a8", "ko") == "한\u1100\u1161한 \u1100가\u11a8"


@pytest.fixture(scope="module")
def typesetter() -> Iterator[Typesetter]:
    with Typesetter((ROOT / "assets" / "fonts",)) as one:
        yield one


CSS = """
:root { font: 11pt/16pt "Noto Sans", "Noto Sans Khmer", "Noto Sans Myanmar", "Noto Sans Thai",
  "Noto Sans Lao", "Noto Naskh Arabic"; image-rendering: crisp-edges }
@page { size: 100mm 200mm; margin: 10mm }
* { margin: 0 }
"""


def lines(typesetter: Typesetter, text: str, language: str, width_mm: float) -> list[LaidBox]:
    """A text as it is broken in a column."""
    html = f'<html lang="{language}"><title>t</title><body><p>{text}</p></body></html>'
    css = f"{CSS} p {{ width: {width_mm}mm }}"
    laid = typesetter.lay_out(Job(template=html, css=css))
    return [box for box in laid.pages[0].boxes if box.kind == "text"]


@pytest.mark.parametrize(
    ("text", "language"), [(KHMER, "km"), (BURMESE, "my"), (THAI, "th"), (LAO, "lo")]
)
def test_no_line_runs_out_of_a_narrow_column(
    typesetter: Typesetter, text: str, language: str
) -> None:
    found = lines(typesetter, text, language, 46)
    assert len(found) > 2
    assert max(line.box.width for line in found) <= 46
    # A column that is full, not one that breaks after each word.
    assert min(line.box.width for line in found[:-1]) > 46 / 2
    words = re.split("[\u200b ]+", as_set(text, language))
    for line in found:
        assert set(re.split("[\u200b ]+", line.text.strip("\u200b "))) <= set(words)


def test_korean_lines_break_at_spaces_only(typesetter: Typesetter) -> None:
    for width in range(20, 60, 2):
        found = lines(typesetter, KOREAN, "ko", width)
        told = [word for line in found for word in line.text.replace("\u2060", "").split()]
        assert told == KOREAN.split()


def test_no_french_line_begins_with_a_mark(typesetter: Typesetter) -> None:
    text = "Voici : « oui » ; non ! Quoi ? C’est dit: «ceci» et cela; bien sûr! Vrai? Oui : ici."
    for width in range(10, 60):
        for line in lines(typesetter, text, "fr", width):
            assert line.text.strip()[0] not in ":;!?»"
            assert line.text.strip()[-1] != "«"


# ------------------------------------------------------------------------------------------- French


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("Quoi? Non ! Oui; vraiment?!", "Quoi·? Non·! Oui·; vraiment·?!"),
        ("« mot » et «mot»", "«·mot·» et «·mot·»"),
        ("Lettre: à vous : ici", "Lettre~: à vous~: ici"),
        ("déjà\u00a0: là\u202f!", "déjà~: là·!"),
        # None of these is punctuation.
        (
            "à 12:30, 3:1, https://x.org/a?b;c:d a@b.org",
            "à 12:30, 3:1, https://x.org/a?b;c:d a@b.org",
        ),
        ("(?) [!]", "(?) [!]"),
        ("Vu https://x.org?", "Vu https://x.org·?"),
    ],
)
def test_french_marks_have_spaces_that_no_line_breaks(text: str, done: str) -> None:
    assert shown(text, "fr") == done


def test_in_canada_only_the_colon_and_the_quotes_have_spaces() -> None:
    assert shown("Quoi? « Oui »: non!", "fr-CA") == "Quoi? «·Oui·»~: non!"


def test_other_languages_have_no_french_spaces() -> None:
    assert shown("What? Oh: «no»!", "en") == "What? Oh: «no»!"


# ----------------------------------------------------------------------------------------- Chinese


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("此致\n敬礼！", "\u3000\u3000此致\n敬礼！"),
        ("谢谢。\n  此致\n\n敬禮", "谢谢。\n\u3000\u3000此致\n\n敬禮"),
        ("此致敬礼", "此致敬礼"),
        ("我此致\n敬礼", "我此致\n敬礼"),
    ],
)
def test_the_words_that_end_a_chinese_letter_stand_two_characters_in(text: str, done: str) -> None:
    assert as_set(text, "zh-CN") == done


# ------------------------------------------------------------------------------------------ numbers


@pytest.mark.parametrize("text", ["जाएगा ।", "ঘোষণা । ", "អ្នក ។", "เด็ก ๆ"])
def test_a_full_stop_that_stands_apart_begins_no_line(text: str) -> None:
    done = as_set(text, "hi").replace("\u200b", "")
    assert done == text.replace(" ", "\u00a0", 1)


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("50 mm at 100 %, 5 months", "50~mm at 100~%, 5 months"),
        ("в 2016 г. 1 000 000 человек", "в 2016~г. 1~000~000 человек"),
        ("+86 10 6238 1025 or 06 6238 1025", "+86~10~6238~1025 or 06~6238~1025"),
        ("in 2019 200 people, in 2019 and 2020", "in 2019 200 people, in 2019 and 2020"),
        ("3 × 7 labels, № 5, n° 5", "3~×~7 labels, №~5, n°~5"),
        ("Convention No. 169, Nr. 12", "Convention No.~169, Nr.~12"),
        ("Art. 7 Abs. 2, art. x, piano. 5", "Art.~7 Abs.~2, art. x, piano. 5"),
        ("फ़ोन +91 755 255 1234।", "फ़ोन +91~755~255~1234।"),
    ],
)
def test_numbers_stay_on_a_line_with_their_units_and_groups(text: str, done: str) -> None:
    assert shown(text, "en") == done


# ---------------------------------------------------------------------------------------- direction


@pytest.mark.parametrize(
    ("text", "isolated"),
    [
        ("اتصلوا على +86 10 6238 1025، أو", ["+86 10 6238 1025"]),
        ("إلى english@mail.gov.cn.", ["english@mail.gov.cn"]),
        ("انظروا https://www.example.org/a/.", ["https://www.example.org/a/"]),
        ("طول 50 mm وعمره 12 عامًا", ["50 mm"]),
        ("מעטפה 241 × 105 mm, 3 × 7", ["241 × 105 mm", "3 × 7"]),
        ("التحرك UA 60/16 (ASA 17/2016)!", ["UA 60/16 (ASA 17/2016)"]),
        ("الـUN و@user و+86", ["UN", "@user", "+86"]),
        ("«Foo» Bar، (Baz بار) Amnesty, 12 طفلا", ["Foo", "Bar", "Baz", "Amnesty"]),
        # Years, times and amounts run as their line does.
        ("בין 2014-2019 בשעה 12:30 ב-2016", []),
        ("با شمارهٔ ۰۲۱-۱۲۳۴۵۶۷۸", ["۰۲۱-۱۲۳۴۵۶۷۸"]),
        ("דוח report-2019_v2.pdf", ["report-2019_v2.pdf"]),
        # A line with no letter from right to left runs its own way as a whole.
        ("12 Via Roma, Apt. 3-B", ["12 Via Roma, Apt. 3-B"]),
        (" Salma O'Hara, 34. ", ["Salma O'Hara, 34."]),
        ("12 (3).", []),
        # Full stops that belong to what is before them.
        ("(Lighthouse e.V.) و D.C., و U.S.", ["Lighthouse e.V.", "D.C.", "U.S."]),
        ("بئر (Well No. 7)، Hauptstr. 6-7، Roma. 12", ["Well No. 7", "Hauptstr. 6-7", "Roma"]),
        # An address of the web has its letters of any script.
        ("في http://example.org/مسار/ملف.pdf، ثم", ["http://example.org/مسار/ملف.pdf"]),
    ],
)
def test_what_runs_the_other_way_is_found(text: str, isolated: list[str]) -> None:
    assert [text[one.start : one.stop] for one in to_isolate(text)] == isolated


def page(body: str) -> str:
    root = ET.fromstring(f"<html>{body}</html>")
    typeset(root)
    return ET.tostring(root, encoding="unicode")[6:-7]


def test_it_is_isolated_wherever_it_stands_in_text_from_right_to_left() -> None:
    body = '<p dir="rtl">رقم +86 10 62 و<b>ب UN</b> إلى a@b.org.</p><p>ب +86 10 62</p>'
    assert page(body).replace("\u00a0", " ") == (
        '<p dir="rtl">رقم <bdi dir="ltr">+86 10 62</bdi> و<b>ب <bdi dir="ltr">UN</bdi></b>'
        ' إلى <bdi dir="ltr">a@b.org</bdi>.</p><p>ب +86 10 62</p>'
    )


@pytest.mark.parametrize(
    ("body", "done"),
    [
        (
            '<p dir="rtl">في <em>Amnesty</em> International.</p>',
            '<p dir="rtl">في <bdi dir="ltr"><em>Amnesty</em> International</bdi>.</p>',
        ),
        (
            '<p dir="rtl"><b>في <i>an Old</i></b> <u>Man</u> في</p>',
            '<p dir="rtl"><b>في </b><bdi dir="ltr"><b><i>an Old</i></b> <u>Man</u></bdi> في</p>',
        ),
        ('<p dir="rtl">In <b>a</b>.</p>', '<p dir="rtl"><bdi dir="ltr">In <b>a</b>.</bdi></p>'),
        (
            "<p>An <i>in بيت</i> الكتب (في) house</p>",
            '<p>An <i>in </i><bdi dir="rtl"><i>بيت</i> الكتب (في</bdi>) house</p>',
        ),
        # Inside one element the text is in order.
        ("<p>An <i>بيت الكتب</i> house</p>", "<p>An <i>بيت الكتب</i> house</p>"),
        # What has a name or a direction of its own is not cut.
        (
            '<p dir="rtl"><i data-field="a">A</i> B في <bdi dir="rtl">C</bdi> D</p>',
            (
                '<p dir="rtl"><i data-field="a"><bdi dir="ltr">A</bdi></i> '
                '<bdi dir="ltr">B</bdi> في <bdi dir="rtl"><bdi dir="ltr">C</bdi></bdi> '
                '<bdi dir="ltr">D</bdi></p>'
            ),
        ),
    ],
)
def test_words_that_run_the_other_way_stay_in_order_across_elements(body: str, done: str) -> None:
    assert page(body) == done
    assert page(done) == done


def test_a_text_runs_as_its_first_letter() -> None:
    found = [
        own_direction(text) for text in ("12 القاهرة, Cairo", "Cairo, القاهرة", "(3) תל", "12")
    ]
    assert found == ["rtl", "ltr", "rtl", "ltr"]


def test_what_may_run_either_way_goes_by_its_first_letter() -> None:
    assert page('<p dir="auto">12 בית</p><bdi dir="auto">12 <i>ab</i> בית</bdi>') == (
        '<p dir="rtl">12 בית</p><bdi dir="ltr">12 <i>ab</i> בית</bdi>'
    )


def test_a_telephone_number_is_printed_in_its_order(typesetter: Typesetter) -> None:
    html = '<html lang="ar" dir="rtl"><title>t</title><p>اتصلوا على +86 10 6238 1025، أو</p></html>'
    typesetter.lay_out(Job(template=html, css=CSS))
    pdf, _ = typesetter.write()
    page = pdfium.PdfDocument(pdf)[0].get_textpage()
    number = [
        (page.get_charbox(at)[0], letter)
        for at, letter in enumerate(page.get_text_range())
        if letter in "+0123456789"
    ]
    assert "".join(letter for _, letter in sorted(number)) == "+861062381025"


def test_what_is_isolated_already_stays_so() -> None:
    body = '<p dir="rtl">رقم <bdi dir="ltr">a@b.org</bdi></p>'
    assert page(body) == body


def test_a_mark_belongs_to_the_word_before_it_across_elements() -> None:
    body = '<p lang="fr">Un <b>mot </b>: <i>oui</i>!<br />: <em>a</em><span lang="en">b:</span></p>'
    assert page(body).translate(SEEN) == (
        '<p lang="fr">Un <b>mot~</b>: <i>oui·</i>!<br />: <em>a</em><span lang="en">b:</span></p>'
    )


@pytest.mark.parametrize(
    ("heading", "done"),
    [
        ("Trois cents bateaux de papier", "Trois cents bateaux de~papier"),
        ("The rights of <em>all of us</em>", "The rights of <em>all of~us</em>"),
        # Three words are few, and two long ones may be too wide for a card.
        ("Three paper boats", "Three paper boats"),
        ("Die Allgemeine Erklärung der Menschenrechte",) * 2,
    ],
)
def test_no_short_word_stands_alone_at_the_end_of_a_heading(heading: str, done: str) -> None:
    once = page(f'<h1 lang="fr">{heading}</h1>')
    assert once.translate(SEEN) == f'<h1 lang="fr">{done}</h1>'
    assert page(once) == once
    assert page(f'<p lang="fr">{heading}</p>') == f'<p lang="fr">{heading}</p>'


def test_an_address_stays_as_it_was_written() -> None:
    body = '<p lang="fr">Non! <span translate="no">À: M. X</span></p>'
    assert page(body).translate(SEEN) == (
        '<p lang="fr">Non·! <span translate="no">À: M. X</span></p>'
    )


def test_what_does_not_print_is_left_alone() -> None:
    body = '<head lang="fr"><title>Quoi?</title></head><style lang="fr">a: b !</style>'
    assert page(body) == body


@given(
    st.lists(st.text(st.sampled_from(ALPHABET), max_size=12), min_size=6, max_size=6),
    st.sampled_from(("fr", "km", "ko", "ar")),
    st.sampled_from(("ltr", "rtl")),
)
@settings(max_examples=1000, deadline=None)
def test_a_page_says_what_it_said(texts: list[str], language: str, way: str) -> None:
    root = ET.Element("p", {"lang": language, "dir": way})
    root.text, root.tail = texts[0], ""
    child = ET.SubElement(root, "em")
    child.text, child.tail = texts[1:3]
    inner = ET.SubElement(child, "b")
    inner.text, inner.tail = texts[4:]
    ET.SubElement(root, "br").tail = texts[3]
    typeset(root)
    told = (*texts[:2], *texts[4:], *texts[2:4])
    assert normal("".join(root.itertext())) == normal("".join(told))
    once = ET.tostring(root, encoding="unicode")
    typeset(root)
    assert ET.tostring(root, encoding="unicode") == once
