"""Every language prints: its words are on the page, in the right fonts, and nothing is strange."""

from __future__ import annotations

import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import pypdfium2
import pytest
from projects import ACTION, Bench, Ran, page_texts, write_action
from specimens import SPECIMENS, write_specimen

from actionpack.content import read_content, read_text
from actionpack.model import OPTIONAL_SECTIONS, SECTIONS
from actionpack.store import Jail
from actionpack.translating import compared
from actionpack.typography import languages

SEED = Path(__file__).resolve().parents[1] / "content" / "china-uyghur-families"
DRAFTS = sorted(path.stem for path in SEED.glob("*.md") if path.stem != "en")
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import gallery  # noqa: E402 -- found by the line above


def test_there_is_a_specimen_of_every_language() -> None:
    assert set(SPECIMENS) == set(languages())


@pytest.mark.parametrize("tag", sorted(SPECIMENS))
def test_a_pack_in_every_language_is_made_without_a_fault(bench: Bench, tag: str) -> None:
    write_specimen(bench.root, tag)
    ran = bench.run("build", "declaration", "--sender-country", "US", "--lang", tag)
    assert (ran.codes, ran.code) == ([], 0)


@pytest.mark.parametrize("tag", ["ar", "he", "ur", "th"])
def test_labels_in_a_language_are_made_without_a_fault(bench: Bench, tag: str) -> None:
    write_specimen(bench.root, tag)
    # Posted in Turkey the country is ÇİN: three letters, the same on 21 labels.
    ran = bench.run(
        "build", "declaration", "--sender-country", "TR", "--lang", tag, "--layout", "labels"
    )
    assert (ran.codes, ran.code) == ([], 0)


# All that runs both ways: a reference that ends with a number, names and addresses of two scripts,
# emphasis inside a name, an abbreviation before a number, a link, a name of two lines' length.
MIXED = (
    ACTION.replace("Text: Somebody", "النص: منظمة «المنارة» (Lighthouse e.V.), 2026")
    + """
reference: "MDE 99/1234/2026"
people: [{name: "سلمى O'Hara-عبد الله", pronoun: "هي/لها"}, {name: "يوسف 3D بن علي"}]
copies:
  - sender_country: DE
    lines: ["سفارة جمهورية مصر العربية", "Stauffenbergstr. 6-7", "10785 برلين"]
    country: EG
"""
)
SAID = (
    "*Amnesty* International إلى «نورس 2» و[هنا](https://www.example.org/a_b/), (Well No. 7) "
    "و*بيت* الكتب."
)


@pytest.mark.parametrize("tag", ["ar", "fr"])
def test_a_pack_that_runs_both_ways_is_made_without_a_fault(bench: Bench, tag: str) -> None:
    lines = '["معالي وزير العدل", "12 Via Roma, Apt. 3-B", "القاهرة 11512"]'
    action = MIXED.replace("[The Mayor, City Hall, 100017 Beijing]", lines)
    write_action(
        bench.root,
        action=action.replace("source_language: en", f"source_language: {tag}"),
        tag=tag,
        fields={
            "title": "ميناء: «القوارب!» — 17",
            "quote": {"text": "قالت: «لا»؛ ١٢٣٤ مرة!", "by": "Salma O'Hara, 34"},
            "salutation": "معالي الوزير،",
            "closing": "مع فائق الاحترام،",
        },
        sections={"briefing": SAID, "ask": SAID, "letter": SAID},
    )
    ran = bench.run("build", "river", "--sender-country", "DE", "--lang", tag)
    assert (ran.codes, ran.code) == ([], 0)


def test_uyghur_without_a_window_keeps_its_stub_on_the_letter(bench: Bench) -> None:
    shutil.copytree(SEED, bench.root / "content" / SEED.name)
    said = ("--sender-country", "IT", "--lang", "ug", "--allow-draft", "--window", "none")
    ran = bench.run("build", SEED.name, *said)
    assert ran.codes == ["draft-translation"]
    assert len(pypdfium2.PdfDocument(ran.pdf)) == 4


@pytest.mark.parametrize("field", ["letter", "contact"])
def test_the_parts_of_a_number_stand_apart_in_nastaliq(bench: Bench, field: str) -> None:
    # The space of Nastaliq is 0.13 em wide, and a number in it was one long row of digits.
    number = "+39 06 1234 5678"
    write_specimen(bench.root, "ur")
    text = bench.root / "content" / "declaration" / "ur.md"
    if field == "letter":
        said = text.read_text(encoding="utf-8")
        text.write_text(said.replace("## letter\n\n", f"## letter\n\n{number} آزاد ", 1), "utf-8")
    words = ("--sender-country", "US", "--lang", "ur", "--set", f"contact={number}")
    ran = bench.run("build", "declaration", *words)
    assert ran.errors == []
    page = pypdfium2.PdfDocument(ran.pdf)[2 if field == "letter" else 0].get_textpage()
    # Readers put the parts of a number in an order of their own.
    signs = page.get_text_range()
    before, after = (page.get_charbox(signs.index(part)) for part in ("9", "06"))
    # Digits are about 0.6 em high.
    assert (after[0] - before[2]) / (after[3] - after[1]) > 0.4


def built(bench: Bench, tag: str, layout: str, *more: str) -> Ran:
    """The action that ships, in one of its drafts."""
    shutil.copytree(SEED, bench.root / "content" / SEED.name)
    said = ("--sender-country", "IT", "--lang", tag, "--allow-draft", "--layout", layout)
    return bench.run("build", SEED.name, *said, *more)


@pytest.mark.parametrize("tag", DRAFTS)
def test_every_draft_that_ships_has_each_section_of_its_source_and_is_no_more_than_a_draft(
    tag: str,
) -> None:
    folder = Jail(root=SEED, name=f"content/{SEED.name}")
    action, text, _ = read_content(folder, tag)
    source = read_text(folder, action, "en")
    assert all(text.section(key) for key in (*SECTIONS, *OPTIONAL_SECTIONS) if source.section(key))
    assert compared(action, source, text) == ()
    assert (text.status, text.reviewer) == ("draft", None)


@pytest.mark.parametrize("tag", DRAFTS)
def test_every_draft_that_ships_has_a_letter_for_a_postcard(bench: Bench, tag: str) -> None:
    ran = built(bench, tag, "postcard")
    assert (ran.codes, ran.code) == (["draft-translation"], 0)


def test_names_in_another_script_may_stand_in_the_story_and_beside_it(bench: Bench) -> None:
    ran = built(bench, "hi", "handout")
    assert (ran.errors, ran.code) == ([], 0)


def test_what_is_signed_stands_beside_it_where_the_two_run_each_its_way(bench: Bench) -> None:
    ran = built(bench, "ar", "selfmailer", "--letter-lang", "en")
    assert (ran.errors, ran.code) == ([], 0)


@pytest.mark.parametrize("tag", ["en", "ru", "ug"])
def test_the_half_of_a_card_that_is_kept_has_room_for_what_its_letter_says(
    bench: Bench, tag: str
) -> None:
    ran = built(bench, tag, "double-card", "--letter-lang", "target")
    assert (ran.errors, ran.code) == ([], 0)
    what = {"en": "What you sign", "ru": "Что вы подписываете", "ug": "نېمىگە ئىمزا قويىسىز"}
    assert what[tag] in unicodedata.normalize("NFKC", page_texts(ran.pdf)[0])


def test_the_page_about_languages_says_what_is_so() -> None:
    checked = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "gallery.py"), "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# Languages", "# Tongues"), ("read by no native reader yet", "read by Ada"),
        ("- lines: between words", "- lines: at spaces"), ("pack: a draft", "pack: mine, a draft"),
        ("`sv`", "`se`"), ("fonts: Noto Serif", "fonts: Noto Mono"),
    ],
)  # fmt: skip
def test_a_line_of_that_page_that_is_no_longer_so_is_named(old: str, new: str) -> None:
    page = (ROOT / "docs" / "languages.md").read_text(encoding="utf-8")
    assert gallery.stale(page, languages()) is None
    line = page[: page.index(old)].count("\n") + 1
    told = f"docs/languages.md:{line} is out of date"
    assert gallery.stale(page.replace(old, new, 1), languages()) == told


def test_a_language_without_a_picture_is_named() -> None:
    page = (ROOT / "docs" / "languages.md").read_text(encoding="utf-8")
    there = set(languages()) - {"sv"}
    told = "docs/pictures/languages/sv.png is missing, or of no language"
    assert gallery.stale(page, there) == told


@pytest.mark.parametrize("tag", ["en", "th"])
def test_a_picture_shows_what_is_built_today(tag: str, tmp_path: Path) -> None:
    # Two of them tell: what changes the pages of all languages changes these.
    drawn = (gallery.PICTURES / f"{tag}.png").read_bytes()
    assert gallery.alike(gallery.show(tag, tmp_path).picture, drawn), "run scripts/gallery.py"
    other = (gallery.PICTURES / "fr.png").read_bytes()
    assert not gallery.alike(other, drawn)
