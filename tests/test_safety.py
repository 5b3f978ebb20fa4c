"""What a case asks for so that letters harm nobody: on the paper, in the words, in every copy."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from projects import ACTION, Bench, page_texts, write_action

from actionpack.compose import FOR_HELPERS, NAME_NOBODY, NO_RELIGION
from actionpack.store import shipped_folder
from actionpack.wording import words_found

NEVER = "Do not write if you have family there."


def write(bench: Bench, safety: str, **fields: str) -> None:
    write_action(bench.root, action=f"{ACTION}safety: {safety}\n", fields=fields or None)


def told(pdf: bytes) -> list[str]:
    return [" ".join(text.split()) for text in page_texts(pdf)]


# ----------------------------------------------------------------------------------- on the paper


@pytest.mark.parametrize(
    ("safety", "rule", "others"),
    [
        ("{unnamed: [Amnesty]}", NAME_NOBODY, NO_RELIGION),
        ("{religion: false}", NO_RELIGION, NAME_NOBODY),
    ],
)
def test_a_rule_prints_on_the_half_that_is_kept_with_a_line_for_helpers(
    bench: Bench, safety: str, rule: str, others: str
) -> None:
    write(bench, safety)
    pages = told(bench.run("build", "river").pdf)
    (on,) = (number for number, text in enumerate(pages) if rule in text)
    assert FOR_HELPERS in pages[on]
    assert others not in pages[on]
    assert "Keep this part" in pages[on]


def test_who_must_never_write_is_said_first(bench: Bench) -> None:
    write(bench, "{sender: full}", never_write_if=NEVER, safety_notes="Take care.")
    text = " ".join(told(bench.run("build", "river").pdf))
    assert f"{NEVER} Take care. {FOR_HELPERS}" in text


def test_a_case_without_rules_says_nothing_of_them(bench: Bench) -> None:
    write(bench, "{sender: full}", safety_notes="Take care.")
    text = " ".join(told(bench.run("build", "river").pdf))
    assert "Take care." in text
    assert FOR_HELPERS not in text


def test_at_school_there_is_no_stall_with_helpers(bench: Bench) -> None:
    write(bench, "{unnamed: [Amnesty]}")
    text = " ".join(told(bench.run("build", "river", "--layout", "handout").pdf))
    assert NAME_NOBODY in text
    assert FOR_HELPERS not in text


# ------------------------------------------------------------------------------------- the words


@pytest.mark.parametrize("field", ["salutation", "closing"])
def test_a_word_that_is_forbidden_is_refused_where_it_stands(bench: Bench, field: str) -> None:
    write(bench, "{unnamed: [Amnesty International]}", **{field: "For amnesty  International,"})
    ran = bench.run("check", "river")
    found = ran.only("unsafe-wording")
    assert (ran.code, found["file"]) == (1, "content/river/en.md")
    assert "'Amnesty International'" in found["message"]


def test_a_word_in_the_letter_is_refused_with_its_line(bench: Bench) -> None:
    letter = "Please release them.\n\nWe of AMNESTY ask for it."
    write_action(
        bench.root,
        action=f"{ACTION}safety: {{avoid: [Amnesty]}}\n",
        sections={"letter": letter},
    )
    found = bench.run("check", "river").only("unsafe-wording")
    lines = Path("content/river/en.md").read_text(encoding="utf-8").split("\n")
    assert "AMNESTY" in lines[found["line"] - 1]


def test_the_briefing_may_say_what_the_letter_may_not(bench: Bench) -> None:
    write_action(
        bench.root,
        action=f"{ACTION}safety: {{avoid: [Amnesty]}}\n",
        sections={"briefing": "Amnesty has documented it."},
    )
    assert bench.run("check", "river").errors == []


@pytest.mark.parametrize("field", ["title", "summary"])
def test_what_a_layout_posts_beside_the_letter_may_not_say_it_either(
    bench: Bench, field: str
) -> None:
    write(bench, "{unnamed: [Amnesty]}", **{field: "Amnesty asks for three people"})
    for layout in ("letter", "selfmailer"):  # of these the letter alone is posted
        assert bench.run("build", "river", "--layout", layout).errors == []
    for layout in ("postcard", "double-card"):
        found = bench.run("build", "river", "--layout", layout).only("unsafe-wording")
        lines = Path("content/river/en.md").read_text(encoding="utf-8").split("\n")
        assert lines[found["line"] - 1].startswith(f"{field}: ")
        assert f"'{field}', which '{layout}' posts" in found["message"]


def test_a_credit_of_a_picture_may_not_say_it_where_it_is_posted(bench: Bench) -> None:
    action = f"{ACTION}safety: {{unnamed: [Amnesty]}}\n"
    picture = "images: [{file: a.png, alt: {en: A river}, credit: 'Photo: Amnesty'}]\n"
    folder = write_action(bench.root, action=action + picture)
    Image.new("RGB", (1200, 800), "grey").save(folder / "a.png")
    assert bench.run("build", "river").errors == []
    found = bench.run("build", "river", "--layout", "postcard").only("unsafe-wording")
    assert found["file"] == "content/river/action.yaml"
    assert "which 'postcard' posts" in found["message"]


def test_a_caption_that_a_layout_of_ones_own_posts_may_not_say_it(bench: Bench) -> None:
    write(bench, "{unnamed: [Amnesty], avoid: [Beijing]}", title="Amnesty asks")
    own = bench.root / "layouts" / "postcard"
    shutil.copytree(shipped_folder() / "layouts" / "postcard", own)
    template = own / "template.html.j2"
    before = template.read_text(encoding="utf-8")
    after = before.replace('data-field="title"', 'data-field="caption"')
    assert after != before
    # Whom it is to stands there too, as in the address, which says so anyhow.
    template.write_text(after.replace("{{ title }}", "{{ title }} Beijing"), encoding="utf-8")
    numbers = own / "layout.toml"
    numbers.write_text(
        numbers.read_text(encoding="utf-8").replace('prints = ["title", ', "prints = ["),
        encoding="utf-8",
    )
    found = bench.run("build", "river", "--layout", "postcard").only("unsafe-wording")
    assert found["message"].startswith("'Amnesty' stands in a caption that 'postcard' posts")
    assert found["file"] == "layouts/postcard/template.html.j2"


@pytest.mark.parametrize("value", ["Maria Rossi\nAmnesty Roma 12", "amnesty"])
def test_a_copy_that_would_print_one_on_what_is_posted_is_refused(bench: Bench, value: str) -> None:
    write(bench, "{unnamed: [Amnesty]}")
    ran = bench.run("build", "river", "--set", f"sender={value}")
    assert (ran.code, ran.errors) == (1, ["unsafe-wording"])
    # The group's own line stands on the half that is kept.
    assert bench.run("build", "river", "--set", "group=Amnesty Roma 12").errors == []


def test_a_row_of_a_batch_that_would_print_one_is_left_out(bench: Bench) -> None:
    write(bench, "{unnamed: [Amnesty]}")
    Path("rows.csv").write_text("sender\nMaria Rossi\nAmnesty Roma\n", encoding="utf-8")
    Path("plan.yaml").write_text(
        "name: rome\nrecipients: {file: rows.csv, defaults: {action: river, language: en}}\n"
    )
    ran = bench.run("batch", "plan.yaml")
    assert ran.code == 4
    assert ran.only("bad-row")["row"] == 3
    manifest = json.loads(Path("out/rome/manifest.json").read_text())
    assert [pack["state"] for pack in manifest["packs"]] == ["done", "bad-row"]


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ("I write for Amnesty.", "amnesty", True),
        ("An amnestied man", "amnesty", False),
        ("Dear ΑΜΝΗΣΤΊΑ,", "Αμνηστία", True),
        ("Я член Амнистии", "Амнисти", False),
        ("我代表国际特赦组织写信", "国际特赦组织", True),
        ("أكتب باسم ومنظمة العفو", "منظمة العفو", True),
        ("full\nwidth ＡＭＮＥＳＴＹ", "Amnesty", True),
        ("Amnesty\nInternational", "Amnesty International", True),
        ("a.b", "a.b", True),
        ("axb", "a.b", False),
    ],
)
def test_words_are_found_as_a_reader_finds_them(text: str, word: str, found: bool) -> None:
    assert list(words_found(text, [word])) == ([word] if found else [])


@given(st.text(), st.text())
def test_any_text_can_be_looked_through(text: str, word: str) -> None:
    assert list(words_found(f" {word} {text}", [word])) == ([word] if word.split() else [])


# ---------------------------------------------------------------------------------------- copies

EMBASSY = (
    "copies: [{id: embassy-it, sender_country: IT, lines: [Embassy, Via Bruxelles 56, 00198 Roma], "
    "country: IT}]\n"
)
BOTH = {"president": "Dear President,", "embassy-it": "Dear Ambassador,"}


def with_copy(bench: Bench, salutation: object = BOTH) -> None:
    target = ACTION.split("id: ")[2].split()[0].strip(",")
    named = {target if key == "president" else key: one for key, one in BOTH.items()}
    write_action(
        bench.root,
        action=ACTION + EMBASSY,
        fields={"salutation": named if salutation is BOTH else str(salutation)},
    )


def test_the_embassy_gets_a_letter_of_its_own_in_the_same_pack(bench: Bench) -> None:
    with_copy(bench)
    ran = bench.run("build", "river", "--sender-country", "IT")
    assert ran.errors == []
    pages = told(ran.pdf)
    (letter,) = (text for text in pages if "Dear Ambassador," in text)
    assert "Via Bruxelles 56" in letter
    assert "Dear President," not in letter
    # Domestic mail has no country line.
    assert "ITALIA" not in letter
    assert any("Dear President," in text for text in pages)


def test_whoever_writes_from_elsewhere_sends_no_copy(bench: Bench) -> None:
    with_copy(bench)
    pages = told(bench.run("build", "river", "--sender-country", "FR").pdf)
    assert "Ambassador" not in " ".join(pages)


def test_one_target_has_its_copy_too_and_labels_as_well(bench: Bench) -> None:
    with_copy(bench)
    ran = bench.run("build", "river", "--sender-country", "IT", "--layout", "labels")
    assert sum(text.count("Via Bruxelles 56") for text in told(ran.pdf)) == 21


def test_a_copy_without_a_salutation_of_its_own_is_refused(bench: Bench) -> None:
    with_copy(bench, "Dear President,")
    found = bench.run("check", "river").only("missing-field")
    assert "embassy-it" in found["message"]
    assert "embassy-it: …" in found["cure"]
