"""Letters in the target's language, and what they say on the half that the signer keeps."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf
import pytest
from projects import ACTION, Bench, page_texts, write_action
from verapdf import validate

from actionpack.pdf import read_proof
from actionpack.proof import from_json

GERMAN = {
    "title": "Die Fluss-Leute",
    "salutation": "Sehr geehrter Herr Bürgermeister,",
    "closing": "Hochachtungsvoll",
    "status": "reviewed",
    "reviewer": "Eva",
    "summary": "Drei Menschen warten.",
}
IN_GERMAN = {
    "briefing": "Sie wurden im Mai festgenommen.",
    "ask": "Schreiben Sie dem Bürgermeister.",
    "letter": "ich schreibe wegen der drei Menschen.\n\nBitte lassen Sie sie frei.",
}


@pytest.fixture
def both(bench: Bench) -> Bench:
    """The good action in English and German, for a mayor who reads German best."""
    action = ACTION.replace(
        "    country: CN\n", "    country: CN\n    languages: [zh-Hans, de, en]\n"
    )
    write_action(bench.root, action=action)
    write_action(bench.root, action=action, fields=GERMAN, sections=IN_GERMAN, tag="de")
    return bench


def meant(pdf: bytes) -> dict[str, tuple[str, bool]]:
    """What the file is proved against: by field the words, and whether they are posted."""
    proof = from_json(read_proof(pdf) or b"")
    return {text.field: (text.text, text.posted) for text in proof.texts}


def test_the_letter_is_in_the_language_that_the_target_reads_best_of_those_there_are(
    both: Bench,
) -> None:
    ran = both.build("--letter-lang", "target")
    assert ran.errors == []
    fields = meant(ran.pdf)
    assert fields["salutation:mayor"] == (GERMAN["salutation"], True)
    assert fields["closing:mayor"] == (GERMAN["closing"], True)
    assert fields["letter:mayor"] == (IN_GERMAN["letter"].replace("\n\n", "\n"), True)
    assert fields["title"] == ("The river defenders", False)


def test_what_the_letter_says_stands_on_the_half_that_is_kept(both: Bench) -> None:
    pdf = both.build("--letter-lang", "de").pdf
    said, posted = meant(pdf)["meaning:mayor"]
    assert said == (
        "Dear Mayor,\nI am writing about the three people arrested in May.\n"
        "Please release them.\nYours sincerely,"
    )
    assert not posted
    # Torn off, it is the back of the stub.
    letter, back = page_texts(pdf)[2:4]
    assert "Please release them" not in letter
    assert "What you sign German · English Dear Mayor," in back


def test_paragraphs_stand_beside_each_other_where_the_letter_takes_its_leaf(both: Bench) -> None:
    long = "\n\n".join(f"Absatz {number}. " + "Wort " * 55 for number in range(7))
    own = "\n\n".join(f"Paragraph {number}." for number in range(7))
    action = (both.root / "content" / "river" / "action.yaml").read_text()
    write_action(both.root, action=action, sections={"letter": own})
    sections = IN_GERMAN | {"letter": long}
    write_action(both.root, action=action, fields=GERMAN, sections=sections, tag="de")
    ran = both.build("--letter-lang", "de")
    assert ran.errors == []
    leaf = page_texts(ran.pdf)[5]
    assert "Beside each paragraph stands what it says" in leaf
    for number in range(7):
        assert leaf.index(f"Absatz {number}.") < leaf.index(f"Paragraph {number}.")


def test_letters_with_other_paragraphs_stand_side_by_side_as_wholes(both: Bench) -> None:
    action = (both.root / "content" / "river" / "action.yaml").read_text()
    write_action(both.root, action=action, sections={"letter": "Please\n\nrelease\n\nthem."})
    assert both.build("--letter-lang", "de").errors == []


@pytest.mark.parametrize("layout", ["letter", "selfmailer"])
@pytest.mark.parametrize("paragraphs", [6, 1], ids=["beside each", "as wholes"])
@pytest.mark.parametrize("variant", [(), ("--large-print",)], ids=["usual", "large"])
def test_what_a_letter_says_runs_on_over_pages(
    both: Bench, layout: str, paragraphs: int, variant: tuple[str, ...]
) -> None:
    # Six paragraphs of 150 words, beside letters of six or of one.
    own = "\n\n".join(" ".join(f"w{each}x{one}" for one in range(150)) for each in range(6))
    action = (both.root / "content" / "river" / "action.yaml").read_text()
    write_action(both.root, action=action, sections={"letter": own})
    sections = IN_GERMAN | {"letter": "\n\n".join(["Bitte helfen Sie."] * paragraphs)}
    write_action(both.root, action=action, fields=GERMAN, sections=sections, tag="de")
    ran = both.build("--letter-lang", "de", "--layout", layout, *variant)
    assert ran.errors == []
    first, last = (page for page in page_texts(ran.pdf) if "w0x0 " in page or "w5x149" in page)
    assert ("w0x0 " in first, "w5x149" in last) == (True, True)


@pytest.mark.parametrize("asked", ["same", "en"])
def test_a_letter_in_the_language_of_the_pack_needs_no_explanation(both: Bench, asked: str) -> None:
    asked_for = both.build("--letter-lang", asked).pdf
    assert "meaning:mayor" not in meant(asked_for)
    assert asked_for == both.build().pdf


def test_a_letter_that_is_not_there_is_told_with_the_languages_that_are(both: Bench) -> None:
    ran = both.build("--letter-lang", "ed")
    assert ran.code == 2
    found = ran.only("missing-translation")
    assert found["message"] == "'river' has no letter in 'ed'"
    assert found["cure"] == "known are: de, en, same, target"


def test_a_target_that_reads_nothing_there_is_gets_the_letter_of_the_pack_and_a_warning(
    both: Bench,
) -> None:
    (both.root / "content" / "river" / "de.md").unlink()
    action = (both.root / "content" / "river" / "action.yaml").read_text()
    path = both.root / "content" / "river" / "action.yaml"
    path.write_text(action.replace("[zh-Hans, de, en]", "[zh-Hans, de]"))
    ran = both.build("--letter-lang", "target")
    found = ran.only("missing-translation")
    assert found["severity"] == "warning"
    assert found["line"] == 11
    assert found["message"] == (
        "'mayor' reads zh-Hans, de, which 'river' is not written in; the letter is in 'en'"
    )


def test_a_letter_that_is_a_draft_needs_leave_and_says_so(both: Bench) -> None:
    action = (both.root / "content" / "river" / "action.yaml").read_text()
    draft = GERMAN | {"status": "draft", "reviewer": None}
    write_action(both.root, action=action, fields=draft, sections=IN_GERMAN, tag="de")
    assert both.build().errors == []
    ran = both.build("--letter-lang", "de")
    assert ran.only("draft-translation")["file"] == "content/river/de.md"
    ran = both.build("--letter-lang", "de", "--allow-draft")
    assert ran.errors == []
    assert "Draft translation, not yet reviewed" in page_texts(ran.pdf)[0]


def test_a_batch_takes_the_language_of_its_letters_from_the_plan(both: Bench) -> None:
    plan = (
        "name: two\nsender_country: IT\nletter_language: {}\n"
        "packs:\n  - {{action: river, copies: 2}}\n"
    )
    (both.root / "plan.yaml").write_text(plan.format("target"))
    ran = both.run("batch", "plan.yaml")
    assert ran.errors == []
    assert "Hochachtungsvoll" in page_texts(ran.files[0].read_bytes())[6]
    (both.root / "plan.yaml").write_text(plan.format("German"))
    assert both.run("batch", "plan.yaml").only("bad-value")["line"] == 3


def spoken(pdf: bytes) -> list[tuple[str, str]]:
    """The parts of a file that say their language, in order of reading."""

    def parts(element: pikepdf.Object) -> Iterator[tuple[str, str]]:
        if not isinstance(element, pikepdf.Dictionary):
            return
        if "/Lang" in element:
            yield str(element.S), str(element.Lang)
        kids = element.get("/K", pikepdf.Array())
        for kid in kids if isinstance(kids, pikepdf.Array) else (kids,):
            yield from parts(kid)

    with pikepdf.open(io.BytesIO(pdf)) as file:
        return list(parts(file.Root.StructTreeRoot.K[0]))


def test_the_letter_is_read_aloud_in_its_own_language(both: Bench) -> None:
    pdf = both.build("--letter-lang", "de").pdf
    # The address; salutation, letter and closing; what is written below the line to sign on.
    assert spoken(pdf) == [("/Div", "de"), ("/Div", "de"), ("/P", "en")]
    assert (validate(pdf, "ua1"), validate(pdf, "2a")) == ((), ())


def test_what_is_signed_is_read_aloud_in_its_own_language_on_the_half_to_keep(both: Bench) -> None:
    action = (both.root / "content" / "river" / "action.yaml").read_text()
    long = IN_GERMAN | {"letter": "\n\n".join("Wort " * 55 for _ in range(7))}
    own = {"letter": "\n\n".join(f"Paragraph {number}." for number in range(7))}
    write_action(both.root, action=action, sections=own)
    write_action(both.root, action=action, fields=GERMAN, sections=long, tag="de")
    # Nine paragraphs stand beside what they say: salutation, seven of the letter, closing.
    kept = spoken(both.build("--letter-lang", "de").pdf)[3:]
    assert kept == [("/Div", "de")] * 9
