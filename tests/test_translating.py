"""Texts to translators and back: what a translation was made from, and PO files."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import Image
from projects import ACTION, SECTIONS, Bench, Ran, write_action
from quick_batches import Quick, made_here, row

from actionpack.catalogues import read_po, write_po
from actionpack.content import parse_action, parse_text
from actionpack.diagnostics import Rejected, has_errors
from actionpack.markup import segments
from actionpack.model import Action, Text
from actionpack.source import Written
from actionpack.store import Jail
from actionpack.translating import (
    described,
    export,
    hash_of,
    rewritten,
    snapshot,
    stamped,
    take,
)

ROOT = Path(__file__).resolve().parents[1]
SEEDS = sorted(path for path in (ROOT / "content").glob("*/*.md") if path.stem != "en")

FRENCH = {
    "title": "Les défenseurs du fleuve",
    "summary": "Trois personnes attendent leur procès.",
    "salutation": "Madame la Maire,",
    "closing": "Veuillez agréer mes salutations,",
    "status": "draft",
}
FRENCH_SECTIONS = {
    "briefing": "Elles ont été arrêtées en mai. Depuis, elles n’ont vu aucun avocat.",
    "ask": "Écrivez à la maire et demandez leur libération.",
    "letter": "J’écris au sujet des trois personnes arrêtées en mai.\n\nLibérez-les.",
}


@pytest.fixture
def river(bench: Bench) -> Bench:
    """The good action, and a translation that says what it was made from."""
    write_action(bench.root, tag="fr", fields=FRENCH, sections=FRENCH_SECTIONS)
    assert bench.run("translate", "stamp", "river").code == 0
    return bench


def french(bench: Bench) -> Path:
    return bench.root / "content" / "river" / "fr.md"


def edit(path: Path, old: str, new: str) -> None:
    """Replace the one `old` of a file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands there {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")


def edit_source(bench: Bench, old: str, new: str) -> None:
    edit(bench.root / "content" / "river" / "en.md", old, new)


def exported(bench: Bench, tag: str = "fr") -> Path:
    """A fresh PO file."""
    path = bench.root / f"river.{tag}.po"
    ran = bench.run("translate", "export", "river", "--lang", tag, "-o", str(path), "--force")
    assert ran.code == 0
    return path


def imported(bench: Bench, tag: str = "fr", *arguments: str) -> Ran:
    return bench.run("translate", "import", f"river.{tag}.po", *arguments)


def told(ran: Ran) -> list[tuple[str, str]]:
    return [(found["code"], found["message"]) for found in ran.findings]


# ------------------------------------------------------------------------- what it was made from


def test_a_hash_is_of_the_words_and_not_of_the_space_between_them() -> None:
    # printf 'Dear Mayor,' | sha256sum
    assert hash_of("Dear Mayor,") == "2b465664dc1b"
    assert hash_of("  Dear\n  Mayor,") == hash_of("Dear Mayor,")
    assert hash_of("é") == hash_of("é")
    assert hash_of("Dear mayor,") != hash_of("Dear Mayor,")


def test_a_stamped_translation_has_a_hash_for_each_paragraph_of_its_source(river: Bench) -> None:
    text = french(river).read_text(encoding="utf-8")
    first, second = SECTIONS["letter"].split("\n\n")
    assert f"  title: {hash_of('The river defenders')}\n" in text
    assert f"  letter: {hash_of(first)} {hash_of(second)}\n" in text
    assert river.run("check", "river", "--sender-country", "IT").codes == ["draft-translation"]


def test_a_translation_by_hand_has_one_warning_until_it_is_stamped(bench: Bench) -> None:
    write_action(bench.root, tag="fr", fields=FRENCH, sections=FRENCH_SECTIONS)
    arguments = ("check", "river", "--sender-country", "IT")
    found = bench.run(*arguments).only("unstamped-translation")
    assert (found["severity"], found["file"]) == ("warning", "content/river/fr.md")
    assert found["message"] == "it is not known from which text 'fr' was translated"
    assert found["cure"].endswith("actionpack translate stamp river --lang fr")
    assert bench.run("translate", "stamp", "river").files == (Path("content/river/fr.md"),)
    assert "unstamped-translation" not in bench.run(*arguments).codes
    assert bench.run("translate", "stamp", "river").files == ()


def test_a_section_that_a_translation_lacks_is_not_stamped_as_translated(river: Bench) -> None:
    source = river.root / "content" / "river" / "en.md"
    source.write_text(source.read_text(encoding="utf-8") + "\n## card\n\nFree them.\n", "utf-8")
    assert river.run("translate", "stamp", "river", "--lang", "fr").files == ()
    with french(river).open("a", encoding="utf-8") as file:
        file.write("\n## card\n\nLibérez-les.\n")
    found = river.run("check", "river").only("unstamped-translation")
    assert found["message"] == "it is not known from which text 'card' in 'fr' was translated"


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (
            "The river defenders", "The defenders of the river", 2,
            "'title' was translated from an older source; it has changed in content/river/en.md:2",
        ),
        (
            "Please release them.", "Please release them now.", 28,
            ("'letter' was translated from an older source; "
            "it has changed in content/river/en.md:20"),
        ),
        (
            "I am writing", "I am a teacher.\n\nI am writing", 26,
            ("'letter' was translated from an older source; "
            "it has changed in content/river/en.md:18"),
        ),
        (
            "summary", "safety_notes: New.\nsummary", 1,
            "'safety_notes' is not translated; the source has it in content/river/en.md:3",
        ),
        (
            'summary: "Three people wait for their trial."\n', "", 3,
            "'summary' is not there in the source, 'content/river/en.md'",
        ),
    ],
)  # fmt: skip
def test_a_changed_source_is_told_with_the_lines_of_both_texts(
    river: Bench, old: str, new: str, line: int, message: str
) -> None:
    edit_source(river, old, new)
    for command in ("check", "build"):
        more = ("--lang", "fr", "--allow-draft") if command == "build" else ()
        ran = river.run(command, "river", "--sender-country", "IT", *more)
        found = ran.only("stale-translation")
        assert (ran.code, found["severity"]) == (0, "warning")
        assert (found["file"], found["line"]) == ("content/river/fr.md", line)
        assert found["message"] == message


def test_a_letter_in_another_language_is_held_against_its_source_too(river: Bench) -> None:
    edit_source(river, "Please release them.", "Please release them now.")
    arguments = ("build", "river", "--sender-country", "IT", "--allow-draft")
    assert "stale-translation" not in river.run(*arguments).codes
    found = river.run(*arguments, "--letter-lang", "fr").only("stale-translation")
    assert found["file"] == "content/river/fr.md"


def test_what_only_moved_or_was_wrapped_anew_is_not_stale(river: Bench) -> None:
    edit_source(river, "I am writing about the three", "I am writing\nabout   the three")
    ran = river.run("check", "river", "--sender-country", "IT")
    assert ran.codes == ["draft-translation"]


def test_what_only_one_of_two_texts_ever_had_is_told(bench: Bench) -> None:
    write_action(bench.root, fields={"safety_notes": "Think first."})
    write_action(
        bench.root, tag="fr", sections=FRENCH_SECTIONS,
        fields={**FRENCH, "quote": {"text": "Le fleuve."}},
    )  # fmt: skip
    bench.run("translate", "stamp", "river")
    ran = bench.run("check", "river", "--sender-country", "IT")
    assert [one for one in told(ran) if one[0] == "missing-translation"] == [
        (
            "missing-translation",
            "'safety_notes' is not translated; the source has it in content/river/en.md:7",
        ),
        ("missing-translation", "'quote.text' is not there in the source, 'content/river/en.md'"),
    ]


def test_a_source_with_faults_is_said_to_tell_nothing(river: Bench) -> None:
    edit_source(river, "## ask", "## aks")
    ran = river.run("build", "river", "--lang", "fr", "--allow-draft", "--sender-country", "IT")
    found = ran.only("unstamped-translation")
    assert (found["file"], found["cure"]) == (
        "content/river/en.md", "see what is wrong: actionpack check river",
    )  # fmt: skip


def test_made_from_names_fields_there_are(river: Bench) -> None:
    edit(french(river), "  title: ", "  titel: ")
    ran = river.run("check", "river")
    found = ran.only("unknown-field")
    assert (found["message"], found["cure"]) == (
        "'made_from.titel' is not known", "did you mean 'title'?",
    )  # fmt: skip


def test_a_batch_refuses_a_stale_translation_unless_its_plan_allows_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_here(monkeypatch)
    quick = Quick(bench)
    fields = {**FRENCH, "status": "reviewed", "reviewer": "Ada"}
    write_action(bench.root, tag="fr", fields=fields, sections=FRENCH_SECTIONS)
    bench.run("translate", "stamp", "river")
    table = [row(1), row(2, language="fr")]
    quick.plan(table)
    assert quick.run().errors == []
    edit_source(bench, "Please release them.", "Please release them now.")
    ran = quick.run()
    assert (ran.code, ran.errors) == (4, ["stale-translation", "bad-row"])
    assert ran.findings[0]["cure"].endswith("or write 'allow_stale: true' into the plan")
    assert [one["state"] for one in quick.manifest()["packs"]] == ["done", "stale-translation"]
    quick.plan(table, allow_stale="true")
    ran = quick.run()
    assert (ran.code, ran.items[0]["packs"]) == (0, 2)
    assert ran.only("stale-translation")["severity"] == "warning"


# ------------------------------------------------------------------------------- there and back


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: f"{path.parent.name[:5]}-{path.stem}")
def test_a_translation_comes_back_byte_for_byte_and_out_of_the_po_file_alone(
    bench: Bench, seed: Path
) -> None:
    action, tag = seed.parent.name, seed.stem
    shutil.copytree(seed.parent, bench.root / "content" / action)
    file = bench.root / "content" / action / seed.name
    assert bench.run("translate", "export", action, "--lang", tag).code == 0
    po = f"out/{action}.{tag}.po"
    again = bench.run("translate", "import", po)
    assert (again.code, again.files, file.read_bytes()) == (0, (), seed.read_bytes())
    file.unlink()
    made = bench.run("translate", "import", po)
    assert (made.code, file.read_bytes()) == (0, seed.read_bytes())
    # A translation may lack what layouts have other words for, and is told of it.
    assert {*again.codes, *made.codes} <= {"missing-translation"}


def test_everything_of_a_translation_that_is_not_changed_stays(river: Bench) -> None:
    file = french(river)
    text = file.read_text(encoding="utf-8").replace(
        '"Trois personnes attendent leur procès."', "Trois personnes  # vérifié\n# une note"
    )
    text = text.replace("Libérez-les.", "Libérez-\nles.\n")
    file.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    before = file.read_bytes()
    po = exported(river)
    assert imported(river).files == ()
    assert file.read_bytes() == before
    edit(po, "Madame la Maire,", "Madame,")
    assert imported(river).files == (Path("content/river/fr.md"),)
    assert file.read_bytes() == before.replace(b"Madame la Maire,", b"Madame,")


def test_a_new_language_begins_empty_and_its_file_is_made(bench: Bench) -> None:
    po = exported(bench, "fr")
    catalogue, _ = read_po(po.read_bytes(), "river.fr.po")
    assert {one.text for one in catalogue.messages} == {""}
    ran = imported(bench)
    assert (ran.code, french(bench).exists()) == (1, False)
    # Without a summary there can be a text, without the others there cannot.
    assert len(ran.errors) == len(catalogue.messages) - 1
    filled = "".join(
        line.replace('msgstr ""', f'msgstr "Texte {number}."') if number > 12 else line
        for number, line in enumerate(po.read_text(encoding="utf-8").splitlines(keepends=True))
    )
    po.write_text(filled, encoding="utf-8")
    ran = imported(bench)
    assert (ran.code, ran.items[0]["status"]) == (0, "draft")
    assert "made_from" in french(bench).read_text(encoding="utf-8")
    checked = bench.run("check", "river", "--sender-country", "IT")
    assert checked.codes == ["draft-translation"]


def test_a_changed_paragraph_is_marked_and_the_others_are_not(river: Bench) -> None:
    edit_source(river, "I am writing", "I am a teacher.\n\nI am writing")
    edit_source(river, "The river defenders", "The defenders of the river")
    catalogue, _ = read_po(exported(river).read_bytes(), "river.fr.po")
    state = {one.context: (one.text[:6], one.fuzzy) for one in catalogue.messages}
    assert state["river/title"] == ("Les dé", True)
    assert state["river/closing"] == ("Veuill", False)
    assert state["river/letter/1"] == ("", False)
    assert state["river/letter/2"] == ("J’écri", False)
    assert state["river/letter/3"] == ("Libére", False)


def test_a_changed_paragraph_that_was_translated_again_is_stale_no_more(river: Bench) -> None:
    edit_source(river, "Please release them.", "Please release them now.")
    po = exported(river)
    before = french(river).read_bytes()
    ran = imported(river)
    assert (ran.code, ran.codes, ran.files) == (0, ["fuzzy-translation"], ())
    assert french(river).read_bytes() == before
    edit(po, "#, fuzzy\n", "")
    edit(po, 'msgstr "Libérez-les."', 'msgstr "Libérez-les maintenant."')
    ran = imported(river, "fr", "--strict")
    assert (ran.code, ran.items[0]["changed"]) == (0, ["letter"])
    assert "Libérez-les maintenant." in french(river).read_text(encoding="utf-8")
    checked = river.run("check", "river", "--sender-country", "IT")
    assert checked.codes == ["draft-translation"]


def test_a_paragraph_that_the_source_gave_up_goes_when_somebody_agrees(river: Bench) -> None:
    edit_source(river, "\n\nPlease release them.", "")
    po = exported(river)
    assert "#. The source no longer says what was translated as: Libérez-les." in po.read_text(
        encoding="utf-8"
    )
    before = french(river).read_bytes()
    imported(river)
    assert french(river).read_bytes() == before
    edit(po, "#, fuzzy\n", "")
    assert imported(river).code == 0
    assert "Libérez-les" not in french(river).read_text(encoding="utf-8")
    checked = river.run("check", "river", "--sender-country", "IT")
    assert checked.codes == ["draft-translation"]


def test_a_file_that_is_older_than_the_source_is_taken_for_what_it_is(river: Bench) -> None:
    po = exported(river)
    edit(po, "Libérez-les.", "Libérez-les !")
    edit_source(river, "Please release them.", "Please release them now.")
    ran = imported(river)
    assert (ran.code, ran.codes) == (0, ["stale-translation"])
    assert "Libérez-les !" in french(river).read_text(encoding="utf-8")
    checked = river.run("check", "river", "--sender-country", "IT")
    assert sorted(checked.codes) == ["draft-translation", "stale-translation"]


def test_a_paragraph_that_is_missing_leaves_its_field_alone_and_no_other(river: Bench) -> None:
    edit_source(river, "I am writing", "I am a teacher.\n\nI am writing")
    po = exported(river)
    edit(po, "Libérez-les.", "Libérez-les !")
    edit(po, "Madame la Maire,", "Madame,")
    ran = imported(river)
    assert told(ran) == [
        ("missing-translation", "'letter/1' is not translated"),
        ("missing-translation", "'letter' stays as it is, because not all of it is translated"),
    ]
    text = french(river).read_text(encoding="utf-8")
    assert "Madame," in text
    assert "Libérez-les." in text


# -------------------------------------------------------------------------------- who reviewed it


def test_who_reviewed_a_translation_is_said_in_a_header(river: Bench) -> None:
    po = exported(river)
    edit(po, "X-Reviewed-By: nobody yet", "X-Reviewed-By: Inès")
    ran = imported(river)
    assert (ran.code, ran.items[0]["status"]) == (0, "reviewed")
    assert 'status: reviewed\nreviewer: "Inès"\n' in french(river).read_text(encoding="utf-8")
    again = exported(river)
    assert "X-Reviewed-By: Inès" in again.read_text(encoding="utf-8")
    assert imported(river).files == ()


def test_a_reviewed_translation_becomes_a_draft_only_with_a_word(river: Bench) -> None:
    po = exported(river)
    edit(po, "X-Reviewed-By: nobody yet", "X-Reviewed-By: Inès")
    imported(river)
    edit(po, "Madame la Maire,", "Madame,")
    found = imported(river).only("doubtful")
    assert found["message"] == "the text changes, and 'Inès' is named as its reviewer still"
    edit(po, "X-Reviewed-By: Inès", "X-Reviewed-By: nobody yet")
    ran = imported(river)
    assert ran.only("draft-translation")["severity"] == "warning"
    text = french(river).read_text(encoding="utf-8")
    assert "status: draft\n" in text
    assert "reviewer" not in text


# --------------------------------------------------------------------------- what is wrong with it

CALL = "Call +86 10 6238 1025, write to a@example.org or see https://www.example.org/act."
APPEL = "Appelez le +86 10 6238 1025, écrivez à a@example.org ou voyez https://www.example.org/act."


def spoilt(
    bench: Bench, spoil: Callable[[str], str | bytes], *, ask: str = CALL, appel: str = APPEL
) -> Ran:
    """What importing says of a PO file that somebody spoilt; nothing may have been written."""
    write_action(bench.root, sections={"ask": ask})
    write_action(bench.root, tag="fr", fields=FRENCH, sections={**FRENCH_SECTIONS, "ask": appel})
    bench.run("translate", "stamp", "river")
    before = french(bench).read_bytes()
    po = exported(bench)
    new = spoil(po.read_text(encoding="utf-8"))
    po.write_bytes(new.encode() if isinstance(new, str) else new)
    ran = imported(bench)
    if ran.errors:
        assert french(bench).read_bytes() == before
    return ran


@pytest.mark.parametrize(
    ("old", "new", "message", "is_error"),
    [
        (
            "+86 10 6238 1025, écrivez", "+86 10 6238 1026, écrivez",
            "the telephone number '+86 10 6238 1025' of 'ask/1' has become '+86 10 6238 1026'",
            True,
        ),
        (
            "Appelez le +86 10 6238 1025, écrivez", "Écrivez",
            "the translation of 'ask/1' has lost the telephone number '+86 10 6238 1025'", True,
        ),
        (
            "écrivez à a@example.org ou", "écrivez à b@example.org ou",
            "the e-mail address 'a@example.org' of 'ask/1' has become 'b@example.org'", True,
        ),
        (
            'voyez "\n"https://www.example.org/act.', 'voyez "\n"https://www.example.org/fr.',
            ("the web address 'https://www.example.org/act' of 'ask/1' has become "
            "'https://www.example.org/fr'"), False,
        ),
        (
            'ou voyez "\n"https://www.example.org/act.', 'appelez "\n"quelqu’un.',
            "the translation of 'ask/1' has lost the web address 'https://www.example.org/act'",
            True,
        ),
        (
            "Libérez-les.", "Libérez-les. +39 06 1234 5678",
            "the telephone number '+39 06 1234 5678' in 'letter/2' is not in its source", False,
        ),
    ],
)  # fmt: skip
def test_numbers_and_addresses_stay_as_they_are(
    bench: Bench, old: str, new: str, message: str, is_error: bool
) -> None:
    def spoil(text: str) -> str:
        assert text.count(old) == 1
        return text.replace(old, new)

    ran = spoilt(bench, spoil)
    found = ran.only("changed-literal")
    assert (found["message"], found["severity"] == "error") == (message, is_error)
    assert (found["file"], found["line"] > 20) == ("river.fr.po", True)


def test_a_number_in_the_digits_of_another_script_is_the_same_number(bench: Bench) -> None:
    digits = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    ran = spoilt(
        bench,
        lambda text: text.replace(
            "le +86 10 6238 1025", "le " + "+86 10 6238 1025".translate(digits)
        ),
    )
    assert (ran.codes, len(ran.files)) == ([], 1)


LIST = "### Do this\n\n- Write **now**.\n- Send it.\n  - Soon\n"
LISTE = "### Faites ceci\n\n- Écrivez **maintenant**.\n- Envoyez-le.\n  - Bientôt\n"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("### Faites", "Faites", "'ask/1' is a heading, and its translation does not begin so"),
        (
            "### Faites", "## Faites",
            "'ask/1' is a heading, and its translation begins with '##'",
        ),
        (
            "- Écrivez", "1. Écrivez",
            "'ask/2' is an item of a list, and its translation begins with '1.'",
        ),
        (
            "maintenant**", "maintenant", "'**' would print in the translation of 'ask/2'",
        ),
        (
            "**maintenant**.", r"maintenant.\n\nEncore",
            "the translation of 'ask/2' is in 2 parts, and its source in one",
        ),
        ("  - Bientôt", "  Bientôt", "the lists inside 'ask/3' are not those of its source"),
    ],
)  # fmt: skip
def test_a_translation_is_built_as_its_source(
    bench: Bench, old: str, new: str, message: str
) -> None:
    def spoil(text: str) -> str:
        assert text.count(old) == 1, text
        return text.replace(old, new)

    ran = spoilt(bench, spoil, ask=LIST, appel=LISTE)
    assert ran.only("broken-markup")["message"] == message


def test_a_file_that_was_cut_anywhere_is_refused_or_changes_nothing(bench: Bench) -> None:
    write_action(bench.root, tag="fr", fields=FRENCH, sections=FRENCH_SECTIONS)
    bench.run("translate", "stamp", "river")
    before = french(bench).read_bytes()
    whole = exported(bench).read_bytes()
    for end in range(400, len(whole) - 20, 37):
        (bench.root / "river.fr.po").write_bytes(whole[:end])
        ran = imported(bench)
        assert (ran.code, ran.files) == (1, ()), whole[end - 80 : end].decode(errors="replace")
        assert french(bench).read_bytes() == before


def test_the_end_that_is_missing_is_named(bench: Bench) -> None:
    ran = spoilt(bench, lambda text: text[: text.index("#. The letter, which people sign")])
    found = ran.only("bad-file")
    assert found["message"] == (
        "the file ends before 'river/letter/1': it was cut off, or is older than the source"
    )


@pytest.mark.parametrize(
    ("spoil", "code", "message"),
    [
        (
            lambda text: text.encode("utf-16"), "bad-file", "the file is UTF-16 text",
        ),
        (
            lambda text: text.replace("charset=UTF-8", "charset=ISO-8859-1").encode(
                "latin-1", "replace"
            ),
            "bad-file",
            "the file is not UTF-8 text: byte 469 is 0xe9, and says it is in ISO-8859-1",
        ),
        (
            lambda text: text.replace("charset=UTF-8", "charset=KOI8-R"), "bad-file",
            "the file says it is in KOI8-R",
        ),
        (
            lambda text: text.replace("river/summary", "river/sumary"), "unknown-field",
            "'river/sumary' is no text of 'river'",
        ),
        (
            lambda text: text.replace("river/summary", "lake/summary"), "unknown-field",
            "'lake/summary' is of another action than the rest, 'river'",
        ),
        (
            lambda text: text.replace("Language: fr", "Language: de"), "bad-value",
            "the header 'Language' is 'de', and the file is named for 'fr'",
        ),
        (
            lambda text: text.replace("Language: fr", "Language: French"), "bad-value",
            "the header 'Language' is 'French', which is no language",
        ),
        (
            lambda text: text.replace("Language: fr", "Language: "), "bad-value",
            "the file does not say its language in the header 'Language'",
        ),
        (
            lambda text: text + text[text.index("\n#. One sentence") : text.index("\n#. How")]
            .replace("Trois", "Deux"), "bad-value",
            "the entry 'river/summary' is there twice, the first time in line 22",
        ),
        (
            lambda text: text.replace("Les défenseurs", "Les \u202edéfenseurs"),
            "bad-value",
            ("the text holds U+202E (right-to-left override), "
            "which prints nothing and can change what the rest says"),
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_told_with_its_line(
    bench: Bench, spoil: Callable[[str], str | bytes], code: str, message: str
) -> None:
    ran = spoilt(bench, spoil)
    assert ran.code == 1
    assert message in [found["message"] for found in ran.findings]
    found = next(found for found in ran.findings if found["message"] == message)
    assert (found["code"], found["severity"]) == (code, "error")
    assert found["file"] == "river.fr.po"


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda text: text.replace("\n", "\r\n"), lambda text: text.replace("\n", "\r"),
        lambda text: "\ufeff" + text, lambda text: text + "\n\n",
        lambda text: text + '\n#~ msgctxt "river/old"\n#~ msgid "Old"\n#~ msgstr "Ancien"\n',
        lambda text: text.replace("msgctxt", '#| msgid "An older one"\nmsgctxt'),
        lambda text: text.replace("msgctxt", "# Inès: vérifié\nmsgctxt"),
        lambda text: re.sub(r'"\n"', "", text), lambda text: re.sub(r"(?m)^#[.:].*\n", "", text),
    ],
    ids=[
        "crlf", "cr", "bom", "empty-lines", "obsolete", "previous", "notes", "one-line", "bare",
    ],
)  # fmt: skip
def test_a_file_as_another_program_writes_it_says_the_same(
    river: Bench, rewrite: Callable[[str], str]
) -> None:
    po = exported(river)
    edit(po, "Libérez-les.", "Libérez-les !")
    text = po.read_text(encoding="utf-8")
    changed = rewrite(text)
    assert changed != text
    po.write_bytes(changed.encode())
    expected = french(river).read_bytes().replace("Libérez-les.".encode(), "Libérez-les !".encode())
    ran = imported(river)
    assert (ran.code, ran.codes) == (0, [])
    assert french(river).read_bytes() == expected


@pytest.mark.parametrize("said", ["", 'msgid ""\nmsgstr ""\n"Language: fr\\n"\n'])
def test_a_file_with_nothing_to_translate_is_refused(river: Bench, said: str) -> None:
    (river.root / "river.fr.po").write_text(said, encoding="utf-8")
    ran = imported(river)
    assert told(ran) == [
        (
            "bad-file",
            "the file holds nothing to translate: it was cut off, or is none of ours",
        )
    ]


def in_another_language(bench: Bench, tag: str) -> Ran:
    """What importing the French text says when the file claims to be in another language."""
    po = exported(bench)
    edit(po, "Language: fr", f"Language: {tag}")
    po.rename(bench.root / f"river.{tag}.po")
    return imported(bench, tag)


def test_a_text_that_is_in_another_language_than_its_file_says_is_refused(river: Bench) -> None:
    write_action(
        river.root, tag="it", fields={**FRENCH, "title": "I difensori"}, sections=SECTIONS
    )  # fmt: skip
    before = (french(river).parent / "it.md").read_bytes()
    ran = in_another_language(river, "it")
    found = next(one for one in ran.findings if "most of the text" in one["message"])
    assert (found["severity"], found["file"], found["line"]) == ("error", "river.it.po", 3)
    assert found["message"] == (
        "the header 'Language' is 'it', and most of the text is that in 'fr'"
    )
    assert (french(river).parent / "it.md").read_bytes() == before
    # Not translated at all.
    po = exported(river, "it")
    found = imported(river, "it").only("bad-value")
    assert found["message"].endswith("most of the text is that in 'en'")
    assert po.exists()


def test_a_text_may_be_the_same_in_a_language_that_is_near(river: Bench) -> None:
    assert in_another_language(river, "fr-CA").files == (Path("content/river/fr-CA.md"),)
    french(river).rename(french(river).parent / "hr.md")
    (french(river).parent / "fr-CA.md").unlink()
    po = exported(river, "hr")
    edit(po, "Language: hr", "Language: bs")
    po.rename(river.root / "river.bs.po")
    assert imported(river, "bs").files == (Path("content/river/bs.md"),)


def test_all_that_is_wrong_is_told_at_once(bench: Bench) -> None:
    def spoil(text: str) -> str:
        text = text.replace("river/summary", "river/sumary").replace("6238 1025, é", "6238, é")
        return text.replace('"Libérez-les."', '""')

    codes = spoilt(bench, spoil).codes
    assert codes == [
        "unknown-field", "changed-literal", "missing-translation", "missing-translation",
    ]  # fmt: skip


def test_strict_takes_nothing_that_is_not_finished(river: Bench) -> None:
    po = exported(river)
    edit(po, "Madame la Maire,", "Madame,")
    edit(po, '"Libérez-les."', '""')
    before = french(river).read_bytes()
    ran = imported(river, "fr", "--strict")
    assert (ran.code, french(river).read_bytes()) == (1, before)
    assert imported(river).code == 0
    assert b"Madame," in french(river).read_bytes()


def test_a_po_file_is_not_written_over_unless_that_is_asked_for(river: Bench) -> None:
    arguments = ("translate", "export", "river", "--lang", "fr")
    assert river.run(*arguments).files == (Path("out/river.fr.po"),)
    assert river.run(*arguments).code == 0
    edit(river.root / "out" / "river.fr.po", "Madame la Maire,", "Madame,")
    found = river.run(*arguments).only("exists")
    assert found["cure"] == "choose another name, or pass --force"
    assert river.run(*arguments, "--force").code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("export", "river", "--lang", "en"), ("export", "river", "--lang", "english"),
        ("export", "lake", "--lang", "fr"), ("export", "--lang", "fr"),
        ("export", "river", "--ui", "--lang", "fr"), ("stamp", "river", "--lang", "de"),
        ("stamp", "lake"), ("stamp", "river", "--lang", "en"),
    ],
)  # fmt: skip
def test_words_that_cannot_be_used_are_a_usage_fault(
    river: Bench, arguments: tuple[str, ...]
) -> None:
    assert river.run("translate", *arguments).code == 2


# ------------------------------------------------------------------- descriptions of pictures

PICTURED = (
    ACTION
    + """images:
  - file: images/family.jpg
    # read aloud
    alt:
      en: A family. Call +39 06 1234 5678
      fr: Une famille. Appelez le +39 06 1234 5678  # Inès
    credit: Ann
  - {file: "images/a: river.jpg", alt: {en: A river}}
"""
)


@pytest.fixture
def pictured(bench: Bench) -> Bench:
    """An action with two pictures, of which its translation describes one."""
    images = bench.root / "content" / "river" / "images"
    images.mkdir(parents=True)
    for name in ("family.jpg", "a: river.jpg"):
        Image.new("RGB", (1600, 1600), (90, 120, 150)).save(images / name)
    write_action(bench.root, action=PICTURED)
    write_action(
        bench.root, action=PICTURED, tag="fr", fields=FRENCH, sections=FRENCH_SECTIONS
    )  # fmt: skip
    assert bench.run("translate", "stamp", "river").code == 0
    return bench


def action_yaml(bench: Bench) -> Path:
    return bench.root / "content" / "river" / "action.yaml"


def test_what_a_picture_shows_is_translated_where_it_stands(pictured: Bench) -> None:
    file = action_yaml(pictured)
    # As a Windows program left it.
    file.write_bytes(b"\xef\xbb\xbf" + PICTURED.replace("\n", "\r\n").encode())
    po = exported(pictured)
    assert imported(pictured).files == ()
    edit(
        po,
        'msgid "A river"\nmsgstr ""',
        'msgid "A river"\nmsgstr "Un \\"fleuve\\", au printemps."',
    )
    edit(po, 'msgstr "Une famille.', 'msgstr "Une grande famille.')
    ran = imported(pictured, "fr", "--strict")
    # That the river was to be described was stamped before.
    assert (ran.code, ran.files) == (0, (Path("content/river/action.yaml"),))
    assert ran.items[0]["changed"] == ["alt.images/a: river.jpg", "alt.images/family.jpg"]
    expected = PICTURED.replace(
        "fr: Une famille. Appelez le +39 06 1234 5678",
        'fr: "Une grande famille. Appelez le +39 06 1234 5678"',
    ).replace("{en: A river}", '{en: A river, fr: "Un \\"fleuve\\", au printemps."}')
    assert file.read_bytes() == b"\xef\xbb\xbf" + expected.replace("\n", "\r\n").encode()
    assert f'  "alt.images/a: river.jpg": {hash_of("A river")}\n' in french(pictured).read_text(
        encoding="utf-8"
    )
    checked = pictured.run("check", "river", "--sender-country", "IT")
    assert checked.codes == ["draft-translation"]
    assert imported(pictured).files == ()


def test_a_description_that_is_not_translated_stops_no_import(pictured: Bench) -> None:
    po = exported(pictured)
    edit(po, "Madame la Maire,", "Madame,")
    ran = imported(pictured)
    found = ran.only("missing-translation")
    assert (ran.code, found["severity"]) == (0, "warning")
    assert found["message"] == "'alt.images/a: river.jpg' is not translated, and is left out"
    assert ran.files == (Path("content/river/fr.md"),)
    # The picture itself is refused, once, and where its description belongs.
    checked = pictured.run("check", "river", "--sender-country", "IT")
    assert (checked.errors, checked.only("missing-field")["file"]) == (
        ["missing-field"], "content/river/action.yaml",
    )  # fmt: skip
    assert "missing-translation" not in checked.codes


def test_a_description_is_guarded_as_any_text_is(pictured: Bench) -> None:
    po = exported(pictured)
    edit(po, "Appelez le +39 06 1234 5678", "Appelez le +39 06 1234 5679")
    before = action_yaml(pictured).read_bytes()
    ran = imported(pictured)
    assert ran.only("changed-literal")["message"] == (
        "the telephone number '+39 06 1234 5678' of 'alt.images/family.jpg' has become "
        "'+39 06 1234 5679'"
    )
    assert (ran.code, action_yaml(pictured).read_bytes()) == (1, before)


def test_a_description_that_changed_is_stale_and_one_by_hand_is_unstamped(pictured: Bench) -> None:
    edit(action_yaml(pictured), "en: A family.", "en: A mother and her son.")
    found = pictured.run("check", "river", "--sender-country", "IT").only("stale-translation")
    assert (found["file"], found["line"]) == ("content/river/action.yaml", 19)
    assert found["message"] == (
        "'alt.images/family.jpg' in 'fr' was translated from an older source; "
        "it has changed in content/river/action.yaml:18"
    )
    catalogue, _ = read_po(exported(pictured).read_bytes(), "river.fr.po")
    fuzzy = [one.context for one in catalogue.messages if one.fuzzy]
    assert fuzzy == ["river/alt.images/family.jpg"]
    edit(action_yaml(pictured), "{en: A river}", "{en: A river, fr: Un fleuve}")
    edit(french(pictured), f'  "alt.images/a: river.jpg": {hash_of("A river")}\n', "")
    found = pictured.run("check", "river", "--sender-country", "IT").only("unstamped-translation")
    assert "'alt.images/a: river.jpg' in 'fr' was translated" in found["message"]


def test_a_picture_described_before_its_text_is_there_is_to_be_compared(pictured: Bench) -> None:
    french(pictured).unlink()
    po = exported(pictured)
    catalogue, _ = read_po(po.read_bytes(), "river.fr.po")
    told_of = {one.context: one for one in catalogue.messages}
    family = told_of["river/alt.images/family.jpg"]
    assert (family.text[:11], family.fuzzy) == ("Une famille", True)
    assert told_of["river/title"].text == ""


def test_a_picture_is_there_once(pictured: Bench) -> None:
    edit(action_yaml(pictured), '"images/a: river.jpg"', "images/family.jpg")
    found = pictured.run("check", "river").only("bad-value")
    assert (found["message"], found["line"]) == (
        "the picture 'images/family.jpg' is there twice", 21,
    )  # fmt: skip


# ------------------------------------------------------------------------------ any action at all

LETTERS = st.characters(
    codec="utf-8",
    categories=("L", "N", "P", "S", "Zs", "M"),
    exclude_characters="\u200e\u200f\ufeff",
)
WORDS = (
    st.text(LETTERS, min_size=1, max_size=40).map(lambda text: " ".join(text.split())).filter(bool)
)
PARAGRAPH = st.builds(
    lambda mark, lines: mark + "\n".join(lines),
    st.sampled_from(["", "", "- ", "1. ", "### "]),
    st.lists(WORDS, min_size=1, max_size=3),
)
SECTION = st.lists(PARAGRAPH, min_size=1, max_size=5).map("\n\n".join)


def yaml_text(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@st.composite
def files(draw: st.DrawFn, status: str) -> str:
    front = [f"title: {yaml_text(draw(WORDS))}"]
    if draw(st.booleans()):
        front.append(f"summary: {yaml_text(draw(WORDS))}  # a note")
    if draw(st.booleans()):
        front.append(f"quote: {{text: {yaml_text(draw(WORDS))}}}")
    front += [f"salutation: {yaml_text(draw(WORDS))}", f"closing: {yaml_text(draw(WORDS))}"]
    sections = [f"## {key}\n{draw(SECTION)}\n" for key in ("briefing", "ask", "letter")]
    return "---\n" + "\n".join([*front, f"status: {status}", "---", *sections])


def as_text(source: str, action: Action, tag: str) -> Text | None:
    """What a file says; None when it is none that an action can have."""
    try:
        return parse_text(source, action, tag, f"content/river/{tag}.md")
    except Rejected:
        return None


def without_a_paragraph(text: Text, number: int) -> Text:
    """A text whose briefing has lost a paragraph, if it has another."""
    kept = [one.text for one in segments(text.briefing.text)]
    if len(kept) > 1:
        del kept[number % len(kept)]
    return replace(text, briefing=Written("\n\n".join(kept), text.briefing.place))


@st.composite
def actions(draw: st.DrawFn) -> str:
    """An `action.yaml` whose pictures are described in the source, or in the translation too."""
    yaml = ACTION + "images:\n"
    for name in ("a.jpg", "b: c.jpg"):
        alt = {"en": draw(WORDS)} | ({"fr": draw(WORDS)} if draw(st.booleans()) else {})
        said = [f"{tag}: {yaml_text(words)}" for tag, words in alt.items()]
        if draw(st.booleans()):
            yaml += f'  - file: "{name}"\n    alt: {{{", ".join(said)}}}\n'
        else:
            yaml += f'  - file: "{name}"\n    alt:\n' + "".join(f"      {one}\n" for one in said)
    return yaml


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Jail:
    """The folder of an action with two pictures."""
    root = tmp_path_factory.mktemp("some")
    write_action(root)
    folder = root / "content" / "river"
    for name in ("a.jpg", "b: c.jpg"):
        (folder / name).touch()
    return Jail(root=folder, name="content/river")


@settings(max_examples=150)
@given(
    yaml=actions(), source=files("source"), other=files("draft"), changed=files("source"),
    gone=st.integers(0, 4), shows=WORDS,
)  # fmt: skip
def test_whatever_is_exported_comes_back_the_same(
    folder: Jail, yaml: str, source: str, other: str, changed: str, gone: int, shows: str
) -> None:
    try:
        some_action = parse_action(yaml, folder)
    except Rejected:
        assume(False)
    ours, theirs = as_text(source, some_action, "en"), as_text(other, some_action, "fr")
    assume(ours is not None and theirs is not None)
    assert ours is not None
    assert theirs is not None
    other = stamped(theirs, snapshot(some_action, ours, theirs), other)
    now = as_text(changed, some_action, "en")
    stamped_text = as_text(other, some_action, "fr")
    assert stamped_text is not None
    shorter = without_a_paragraph(ours, gone)
    for text in (ours, shorter, *([now] if now else [])):
        catalogue = export(some_action, text, stamped_text, "fr")
        back, twins = read_po(write_po(catalogue), "river.fr.po")
        assert twins == ()
        assert [(m.context, m.id, m.text, m.fuzzy) for m in back.messages] == [
            (m.context, m.id, m.text, m.fuzzy) for m in catalogue.messages
        ]
        taken = take(some_action, text, stamped_text, back)
        assert not has_errors(taken.findings)
        assert rewritten(some_action, text, stamped_text, taken, other) == other
        assert described(some_action, taken, yaml) == yaml
        again = replace(
            back,
            messages=tuple(
                replace(one, text=shows) if "/alt." in str(one.context) else one
                for one in back.messages
            ),
        )
        taken = take(some_action, text, stamped_text, again)
        now_described = parse_action(described(some_action, taken, yaml), folder)
        assert [dict(one.alt)["fr"].text for one in now_described.images] == [shows] * 2
        assert [dict(one.alt)["en"].text for one in now_described.images] == [
            dict(one.alt)["en"].text for one in some_action.images
        ]


@given(SECTION)
def test_every_line_of_markdown_is_in_one_segment(source: str) -> None:
    lines = source.split("\n")
    covered = [at for one in segments(source) for at in range(one.start, one.end)]
    assert covered == sorted(set(covered))
    assert {at for at, line in enumerate(lines) if line.strip()} <= set(covered)


def test_a_template_is_of_no_language_and_is_written_anew(river: Bench) -> None:
    arguments = ("translate", "export", "river", "--template")
    assert river.run(*arguments).files == (Path("out/river.pot"),)
    edit_source(river, "Please release them.", "Please release them now.")
    assert river.run(*arguments).code == 0
    text = (river.root / "out" / "river.pot").read_text(encoding="utf-8")
    assert '"Language: \\n"' in text
    assert 'msgid "Please release them now."\nmsgstr ""\n' in text
    assert "Libérez" not in text
    assert river.run(*arguments, "--lang", "fr").code == 2


# ------------------------------------------------------------------------- front matter as written


def test_a_salutation_for_each_target_comes_where_one_was_for_all(bench: Bench) -> None:
    action = f"{ACTION}  - id: king\n    lines: [The King, Palace]\n    country: CN\n"
    both = {"mayor": "Dear Mayor,", "king": "Your Majesty,"}
    write_action(bench.root, action=action, fields={"salutation": both})
    write_action(bench.root, action=action, tag="fr", fields=FRENCH, sections=FRENCH_SECTIONS)
    bench.run("translate", "stamp", "river")
    po = exported(bench)
    edit(
        po,
        'msgid "Your Majesty,"\nmsgstr "Madame la Maire,"',
        'msgid "Your Majesty,"\nmsgstr "Sire,"',
    )
    ran = imported(bench)
    assert ran.items[0]["changed"] == ["salutation.king"]
    assert 'salutation:\n  mayor: "Madame la Maire,"\n  king: "Sire,"\nclosing:' in french(
        bench
    ).read_text(encoding="utf-8")


def test_a_summary_that_is_translated_later_comes_below_the_title(bench: Bench) -> None:
    fields = {**FRENCH, "summary": None}
    write_action(bench.root, tag="fr", fields=fields, sections=FRENCH_SECTIONS)
    bench.run("translate", "stamp", "river")
    po = exported(bench)
    edit(po, 'trial."\nmsgstr ""', 'trial."\nmsgstr "Ils attendent \\"leur\\" procès."')
    assert imported(bench).code == 0
    assert (
        'title: "Les défenseurs du fleuve"\nsummary: "Ils attendent \\"leur\\" procès."\n'
        "salutation:" in french(bench).read_text(encoding="utf-8")
    )


def test_an_item_of_a_list_stays_set_in_as_far_as_it_was(bench: Bench) -> None:
    write_action(bench.root, sections={"ask": "- Write\n- Send"})
    sections = {**FRENCH_SECTIONS, "ask": "   - Écrivez\n     vite\n   - Envoyez"}
    write_action(bench.root, tag="fr", fields=FRENCH, sections=sections)
    bench.run("translate", "stamp", "river")
    po = exported(bench)
    edit(po, 'msgstr "- Envoyez"', 'msgstr "- Postez"')
    assert imported(bench).code == 0
    assert "   - Écrivez\n     vite\n   - Postez\n" in french(bench).read_text(encoding="utf-8")


# ------------------------------------------------------------------ sections that nobody must write

CARD = "Let them go.\n\nI am waiting for news."


def without_a_reviewer(bench: Bench) -> list[str]:
    """What a build of the letter says about a translation, but that it is a draft."""
    ran = bench.run("build", "river", "--lang", "fr", "--allow-draft", "--sender-country", "FR")
    return [code for code in ran.codes if code != "draft-translation"]


def test_a_translation_may_lack_a_section_that_something_else_stands_in_for(river: Bench) -> None:
    write_action(river.root, sections={"card": CARD})
    assert without_a_reviewer(river) == []
    assert river.run("check", "river", "--sender-country", "FR").codes == ["draft-translation"]


def test_such_a_section_is_translated_and_stands_below_the_others(river: Bench) -> None:
    before = french(river).read_text(encoding="utf-8")
    write_action(river.root, sections={"card": CARD})
    po = exported(river)
    assert 'msgctxt "river/card/2"' in po.read_text(encoding="utf-8")
    edit(po, 'msgid "Let them go."\nmsgstr ""', 'msgid "Let them go."\nmsgstr "Libérez-les."')
    ran = imported(river)
    assert ("missing-translation", "'river/card/2' is not translated, and is left out") in [
        (code, message.replace("'card/2'", "'river/card/2'")) for code, message in told(ran)
    ]
    assert french(river).read_text(encoding="utf-8") == before
    edit(po, 'news."\nmsgstr ""', 'news."\nmsgstr "J’attends."')
    assert imported(river).code == 0
    text = french(river).read_text(encoding="utf-8")
    assert text.endswith("\n\n## card\n\nLibérez-les.\n\nJ’attends.\n")
    assert f"  card: {hash_of('Let them go.')} {hash_of('I am waiting for news.')}\n" in text


def test_such_a_section_is_out_of_date_when_its_source_has_changed(river: Bench) -> None:
    sections = {**FRENCH_SECTIONS, "card": "Libérez-les.\n\nJ’attends."}
    write_action(river.root, sections={"card": CARD})
    write_action(river.root, tag="fr", fields=FRENCH, sections=sections)
    assert river.run("translate", "stamp", "river").code == 0
    assert without_a_reviewer(river) == []
    edit_source(river, "Let them go.", "Let all of them go.")
    assert without_a_reviewer(river) == ["stale-translation"]


def test_a_file_from_before_such_a_section_was_written_is_taken(river: Bench) -> None:
    exported(river)
    write_action(river.root, sections={"card": CARD})
    edit(river.root / "river.fr.po", 'msgstr "Les défenseurs du fleuve"', 'msgstr "Le fleuve"')
    ran = imported(river)
    assert ran.code == 0
    assert [code for code, _ in told(ran)] == ["missing-translation"] * 2
    assert "Le fleuve" in french(river).read_text(encoding="utf-8")


def test_a_text_that_is_made_from_a_file_lacks_what_was_left_empty(bench: Bench) -> None:
    write_action(bench.root, sections={"card": CARD})
    po = exported(bench, "it")
    said = po.read_text(encoding="utf-8")
    for number, entry in enumerate(said.split("\n\n")[1:]):
        if "/card/" not in entry:
            said = said.replace(entry, entry.replace('msgstr ""', f'msgstr "parola {number}"'))
    po.write_text(said, encoding="utf-8")
    assert imported(bench, "it").code == 0
    text = (bench.root / "content" / "river" / "it.md").read_text(encoding="utf-8")
    assert "## letter" in text
    assert "## card" not in text
