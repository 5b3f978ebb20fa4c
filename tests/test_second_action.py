"""The example action that uses everything, and whether everything reaches the paper."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image
from projects import Bench, Ran, page_texts

from actionpack.content import read_content
from actionpack.markup import printed_plain, read_markup
from actionpack.model import Action, Person, Picture, Text
from actionpack.store import Jail
from actionpack.web_address import printed

NAME = "ombrovia-paper-boats"
FOLDER = Path(__file__).resolve().parents[1] / "content" / NAME
LANGUAGES = ("en", "fr", "el")
TARGETS = ("minister", "company")
MM = 72 / 25.4


def read(tag: str) -> tuple[Action, Text]:
    action, text, found = read_content(Jail(root=FOLDER, name=f"content/{NAME}"), tag)
    assert found == ()
    return action, text


@pytest.fixture
def boats(bench: Bench) -> Bench:
    """A project that holds the example beside the action which is there in every test."""
    shutil.copytree(FOLDER, bench.root / "content" / NAME)
    return bench


def build(boats: Bench, tag: str, *arguments: str, country: str = "IT") -> Ran:
    return boats.run(
        "build", NAME, "--lang", tag, "--paper", "a4", "--sender-country", country, *arguments
    )


# ------------------------------------------------------------------------------------ the folder


def test_it_has_whatever_an_action_can_have_but_what_would_stop_it() -> None:
    action, text = read("en")
    # A folder cannot be stopped, or not yet out, and be built; the program writes made_from.
    # Anybody may write for it.
    left_out = {"stopped", "embargo", "made_from", "reviewer", "never_write_if"}
    nouns: tuple[Action | Text | Person | Picture, ...] = (
        action, text, *action.people, *action.images,
    )  # fmt: skip
    for noun in nouns:
        empty = {one.name for one in fields(noun) if not getattr(noun, one.name)}
        assert empty <= left_out
    assert all(target.languages and target.email for target in action.targets)
    assert [target.id for target in action.targets if target.fax] == ["minister"]
    assert action.sender == "initials"
    assert {copy.sender_country for copy in action.copies} == {"FR", "GR"}


def test_its_briefing_has_every_kind_of_block_and_run() -> None:
    for tag in LANGUAGES:
        blocks = read_markup(read(tag)[1].briefing.text)
        assert {block.kind for block in blocks} == {"paragraph", "heading", "bullets", "numbers"}
        inner = (block for outer in blocks for item in outer.items for block in item)
        runs = [run for block in (*blocks, *inner) for run in block.runs]
        assert any(run.strong for run in runs)
        assert any(run.emphasis for run in runs)
        assert {run.href for run in runs if run.href} == {
            "https://www.example.org/cases/paper-boats", "mailto:boats@example.org",
        }  # fmt: skip


@pytest.mark.parametrize(
    ("tag", "word"), [("en", "invented"), ("fr", "inventés"), ("el", "επινοημένα")]
)
def test_its_first_words_and_its_credit_say_that_it_is_invented(tag: str, word: str) -> None:
    action, text = read(tag)
    first, *_ = text.briefing.text.split("\n")
    assert word in first
    assert "invented" in action.credit.text


def test_one_translation_is_reviewed_and_one_is_a_draft() -> None:
    assert [read(tag)[1].status for tag in LANGUAGES] == ["source", "reviewed", "draft"]


def test_all_languages_speak_to_both_targets_in_their_own_way() -> None:
    for tag in LANGUAGES:
        _, text = read(tag)
        for words in (text.salutation, text.closing):
            assert words.for_all is None
            said = [written.text for target in TARGETS if (written := words.get(target))]
            assert len(set(said)) == len(TARGETS)


def test_its_texts_have_the_spaces_and_quotes_of_their_language() -> None:
    for tag in LANGUAGES:
        whole = (FOLDER / f"{tag}.md").read_text(encoding="utf-8")
        body = whole.split("---\n", 2)[2]
        assert not re.search(r"""["'`]""", body)
        assert not re.search(r"\d [a-zA-Zα-ωΑ-Ω]", re.sub(r"(?m)^.*\d{4} .*$", "", body))
    french = (FOLDER / "fr.md").read_text(encoding="utf-8").split("---\n", 2)[2]
    french = re.sub(r"\]\([^)]*\)", "", french)
    assert not re.search(r"[^\u00a0][:»]", french)
    assert not re.search(r"[^\u202f][;?!]", french)
    assert not re.search(r"«[^\u00a0]", french)


def test_its_pictures_are_fine_enough_and_small_enough() -> None:
    for picture in read("en")[0].images:
        file = FOLDER / picture.file.text
        with Image.open(file) as image:
            assert image.width >= 1600
        assert file.stat().st_size < 300_000
        assert file.with_suffix(".svg").is_file()


def test_check_names_the_draft_and_nothing_that_is_wrong(boats: Bench) -> None:
    ran = boats.run("check", NAME)
    assert ran.errors == []
    assert ran.only("draft-translation")["file"] == f"content/{NAME}/el.md"
    # `check` does not know where letters are posted, and not every language has the layout's words.
    others = {"unknown-sender-country", "missing-translation"}
    assert set(ran.codes) - {"draft-translation"} <= others


# ------------------------------------------------------------------------------------- the paper


def words(text: str) -> list[str]:
    """Words without the marks between them, at which lines may break; broken ones are mended."""
    # What pdfium makes of a hyphen at the end of a line.
    return re.findall(r"\w+", re.sub("[\u2010\ufffe\x02]\\s*", "", text))


def one_line(text: str) -> str:
    """Text with the white space that `page_texts` has."""
    return " ".join(text.split())


def in_order(wanted: str, page: str) -> bool:
    """Whether the words are on the page in their order; others may stand between them."""
    there = iter(words(page))
    return all(word in there for word in words(wanted))


def for_the_reader(action: Action, text: Text) -> Iterator[str]:
    """What the leaves to read must show, in no order."""
    assert action.reference
    assert action.online
    assert text.summary
    assert text.quote
    assert text.quote.by
    yield from (text.title.text, text.summary.text, action.reference.text, action.credit.text)
    yield from (text.quote.text.text, text.quote.by.text, printed(action.online.text))
    yield from (printed_plain(read_markup(one.text)) for one in (text.briefing, text.ask))
    for person in action.people:
        assert person.pronoun
        yield f"{person.name.text} ({person.pronoun.text})"
    for target in action.targets:
        yield from (channel.text for channel in (target.fax, target.email) if channel)
    for picture in action.images:
        assert picture.credit
        assert picture.licence
        yield f"{picture.credit.text} · {picture.licence.text}"


def letters(texts: list[str], text: Text) -> dict[str, str]:
    """The one page with each target's salutation."""
    found = {}
    for target in TARGETS:
        salutation = text.salutation.get(target)
        assert salutation
        (found[target],) = (page for page in texts if one_line(salutation.text) in page)
    return found


@pytest.mark.parametrize("window", ["dl-left", "none"])
@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_word_of_it_is_on_the_paper(boats: Bench, tag: str, window: str) -> None:
    action, text = read(tag)
    ran = build(boats, tag, "--allow-draft", "--window", window)
    assert ran.errors == []
    texts = page_texts(ran.pdf)
    by_target = letters(texts, text)
    story = " ".join(page for page in texts if page not in by_target.values())
    for wanted in for_the_reader(action, text):
        assert in_order(wanted, story)
    for target in action.targets:
        page = by_target[target.id]
        salutation, closing = text.salutation.get(target.id), text.closing.get(target.id)
        assert salutation
        assert closing
        assert text.safety_notes
        address = " ".join(line.text for line in target.lines)
        letter = printed_plain(read_markup(text.letter.text))
        assert in_order(f"{address} ANTARTIDE", page)
        assert in_order(f"{salutation.text} {letter} {closing.text}", page)
        assert in_order(text.safety_notes.text, page)


@pytest.mark.parametrize("target", TARGETS)
def test_a_pack_for_one_target_says_nothing_to_the_other(boats: Bench, target: str) -> None:
    (other,) = {*TARGETS} - {target}
    _, text = read("en")
    ran = build(boats, "en", "--target", target)
    whole = " ".join(page_texts(ran.pdf))
    for of_both in (text.salutation, text.closing):
        mine, theirs = of_both.get(target), of_both.get(other)
        assert mine
        assert theirs
        assert one_line(mine.text) in whole
        assert one_line(theirs.text) not in whole


@pytest.mark.parametrize(
    ("country", "embassy"),
    [
        ("FR", "Ambassade d’Ombrovie, 0 rue du Gué-Perdu, 99999 Villefeinte"),
        ("GR", "Πρεσβεία της Ομβροβίας, Οδός Χάρτινης Βάρκας 0, 000 00 Πλασματούπολη"),
        ("IT", None),
    ],
)
def test_the_embassy_of_the_country_of_posting_gets_a_copy(
    boats: Bench, country: str, embassy: str | None
) -> None:
    whole = " ".join(page_texts(build(boats, "en", country=country).pdf))
    assert ("Send a copy to" in whole) == (embassy is not None)
    for one in ("Ambassade", "Πρεσβεία"):
        assert (one in whole) == (one in (embassy or ""))
    if embassy:
        assert in_order(embassy, whole)


def test_the_draft_is_built_only_when_asked_and_says_what_it_is(boats: Bench) -> None:
    refused = build(boats, "el")
    assert (refused.code, refused.errors, refused.files) == (1, ["draft-translation"], ())
    assert refused.only("draft-translation")["file"] == f"content/{NAME}/el.md"
    assert build(boats, "fr").codes.count("draft-translation") == 0
    asked = build(boats, "el", "--allow-draft")
    assert asked.only("draft-translation")["severity"] == "warning"


# ------------------------------------------------------------------------------- what is given away


def rules_above_caption(page: pypdfium2.PdfPage, caption: str) -> int:
    """How many lines to write on stand in the 40 mm above a caption."""
    text = page.get_textpage()
    at = text.search(caption).get_next()
    assert at is not None
    left, _, _, top = text.get_charbox(at[0])
    scale = 200 / 72  # 200 dpi
    image = page.render(scale=scale).to_pil().convert("L")
    foot = round((page.get_height() - top) * scale) - 2
    # 40 mm wide: rules run over all of it, letters do not.
    strip = image.crop(
        (
            round(left * scale) + 2,
            max(0, foot - round(40 * MM * scale)),
            round((left + 40 * MM) * scale),
            foot,
        )
    )
    ruled = [
        max(strip.crop((0, y, strip.width, y + 1)).tobytes()) < 200 for y in range(strip.height)
    ]
    return sum(now and not before for before, now in zip([False, *ruled], ruled, strict=False))


def test_the_writer_is_asked_for_initials_alone(boats: Bench) -> None:
    _, text = read("en")
    pdf = build(boats, "en").pdf
    pages = pypdfium2.PdfDocument(pdf)
    texts = page_texts(pdf)
    for page in letters(texts, text).values():
        posted = pages[texts.index(page)]
        assert rules_above_caption(posted, "Your initials and town") == 1
        assert "Your name and address" not in page
        assert "Signature and name" not in page
    # The same ruler on a pack that asks for a full address.
    file = boats.root / "content" / NAME / "action.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("sender: initials", "sender: full"),
        encoding="utf-8",
    )
    full = pypdfium2.PdfDocument(build(boats, "en").pdf)
    assert rules_above_caption(full[texts.index(page)], "Your name and address") == 4


def test_a_second_line_for_an_address_cannot_be_set(boats: Bench) -> None:
    one = build(boats, "en", "--set", "sender=Ł. Z., Lyon")
    assert one.errors == []
    assert "Ł. Z., Lyon" in " ".join(page_texts(one.pdf))
    two = build(boats, "en", "--set", "sender=Ł. Z.", "--set", "sender=12 Nowhere Square")
    assert (two.code, two.files) == (1, ())
    assert two.errors == ["overflow"]


# ---------------------------------------------------------------------------------- the pictures


@pytest.mark.parametrize("tag", LANGUAGES)
def test_both_pictures_are_there_and_described_in_the_language_of_the_pack(
    boats: Bench, tag: str
) -> None:
    action, _ = read(tag)
    ran = build(boats, tag, "--allow-draft")
    with pikepdf.open(boats.root / ran.files[0]) as pdf:
        figures = [
            str(each.Alt)
            for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure"
        ]
        images = [
            each
            for each in pdf.objects
            if isinstance(each, pikepdf.Stream)
            and each.get("/Subtype") == "/Image"
            and int(each.Width) > 1000
        ]
    described = [picture.alt_in(tag) for picture in action.images]
    assert [alt for alt in figures if any(one and one.text == alt for one in described)] == [
        one.text for one in described if one
    ]
    assert len(images) == 2
