"""A folder of content into an action and its text: every fault with its file, line and cure."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from folders import ACTION, TEXT, TRANSLATION, changed, write_action
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actionpack.content import action_ids, find_action, is_id, read_action, read_text
from actionpack.diagnostics import Finding, Place, Rejected, UsageFault
from actionpack.markup import plain, read_markup
from actionpack.model import Action, Text
from actionpack.source import Written
from actionpack.store import Jail

YAML = "content/harbour/action.yaml"
MD = "content/harbour/en.md"


def action_faults(project: Path, action: str | bytes, **texts: str | bytes) -> list[str]:
    """The findings of `action.yaml`, each as the user reads it, without the file's name."""
    folder = write_action(project, action, texts={"en": TEXT, **texts})
    with pytest.raises(Rejected) as caught:
        read_action(folder)
    return [str(found).removeprefix(YAML) for found in caught.value.findings]


def text_faults(project: Path, text: str | bytes, action: str = ACTION) -> list[str]:
    """The findings of `en.md`, each as the user reads it, without the file's name."""
    folder = write_action(project, action, texts={"en": text})
    with pytest.raises(Rejected) as caught:
        read_text(folder, read_action(folder), "en")
    return [str(found).removeprefix(MD) for found in caught.value.findings]


def read(project: Path, action: str = ACTION, **texts: str) -> tuple[Action, Text]:
    folder = write_action(project, action, texts={"en": TEXT, **texts})
    found = read_action(folder)
    return found, read_text(folder, found, "en")


# ---------------------------------------------------------------------------------- a good folder


def test_a_minimal_folder_is_read(tmp_path: Path) -> None:
    action, text = read(tmp_path)
    assert (action.id, action.file, action.country) == ("harbour", YAML, "CN")
    assert (action.issued, action.act_by) == (date(2027, 3, 1), date(2027, 12, 31))
    assert (action.edition, action.sender, action.languages) == (1, "full", ("en",))
    assert action.credit == Written("Text: Harbour Group", Place(file=YAML, line=6))
    (target,) = action.targets
    assert (target.id, target.country, target.fax) == ("president", "CN", None)
    assert [line.text for line in target.lines][:2] == ["Xi Jinping", "President of China"]
    assert text.title == Written("China: the harbour families", Place(file=MD, line=2))
    assert text.status == "source"
    assert text.salutation.get("president") == Written("Dear President Xi,", Place(file=MD, line=3))
    assert plain(read_markup(text.ask.text)).startswith("Write to the President")
    assert (text.briefing.place.line, text.ask.place.line, text.letter.place.line) == (7, 10, 13)


def test_every_field_there_is_has_its_place_in_the_action(tmp_path: Path) -> None:
    full = ACTION.replace("id: harbour", "id: harbour\nreference: ASA 17/1\nedition: 3") + (
        "    fax: +86 10 6238 1025\n"
        "    email: english@mail.gov.cn\n"
        "    languages: [zh-Hans, en]\n"
        "embargo: 2027-03-02\n"
        "stopped: {date: 2027-06-01, reason: They are free}\n"
        "people: [{name: Mihriban, pronoun: she/her, consent: in writing}]\n"
        "copies: [{sender_country: IT, lines: [Ambasciata, Roma], country: IT}]\n"
        "safety: {sender: initials}\n"
        "images: [{file: a.jpg, alt: {en: A family}, credit: C, licence: CC BY}]\n"
    )
    folder = write_action(tmp_path, full)
    (folder.root / "a.jpg").write_bytes(b"")
    action = read_action(folder)
    assert action.reference == Written("ASA 17/1", Place(file=YAML, line=2))
    assert (action.edition, action.embargo, action.sender) == (3, date(2027, 3, 2), "initials")
    assert action.stopped is not None
    assert (action.stopped.date, action.stopped.reason) == (date(2027, 6, 1), "They are free")
    assert action.people[0].pronoun is not None
    assert action.people[0].pronoun.text == "she/her"
    assert action.targets[0].languages == ("zh-Hans", "en")
    assert action.targets[0].fax is not None
    assert action.targets[0].fax.text == "+86 10 6238 1025"
    assert (action.copies[0].sender_country, action.copies[0].country) == ("IT", "IT")
    alt = action.images[0].alt_in("en")
    assert alt is not None
    assert alt.text == "A family"
    assert action.images[0].alt_in("it") is None


def test_every_field_there_is_has_its_place_in_the_text(tmp_path: Path) -> None:
    full = changed(
        TEXT,
        "closing: Yours sincerely,\n",
        "closing: {president: Yours}\nsummary: S\nquote: {text: Q, by: B}\n"
        "safety_notes: N\nstatus: source\nmade_from: {title: 0a}\n",
    )
    _, text = read(tmp_path, en=full)
    assert text.summary is not None
    assert text.safety_notes is not None
    assert text.quote is not None
    assert text.quote.by is not None
    assert (text.summary.text, text.safety_notes.text) == ("S", "N")
    assert (text.quote.text.text, text.quote.by.text) == ("Q", "B")
    closing = text.closing.get("president")
    assert closing is not None
    assert closing.text == "Yours"
    assert text.made_from == (("title", "0a"),)


def test_a_translation_is_a_draft_until_somebody_says_otherwise(tmp_path: Path) -> None:
    folder = write_action(
        tmp_path,
        texts={
            "en": TEXT,
            "it": TRANSLATION,
            "de": TRANSLATION.replace("status: reviewed\nreviewer: Ada\n", ""),
        },
    )
    action = read_action(folder)
    assert action.languages == ("de", "en", "it")
    assert read_text(folder, action, "it").status == "reviewed"
    assert read_text(folder, action, "it").reviewer == "Ada"
    assert read_text(folder, action, "de").status == "draft"


def test_online_none_prints_no_code(tmp_path: Path) -> None:
    action, _ = read(
        tmp_path, changed(ACTION, "online: https://www.example.org/act/harbour", "online: none")
    )
    assert action.online is None


def test_a_postcode_and_a_country_called_no_stay_what_they_are(tmp_path: Path) -> None:
    text = changed(ACTION, "100017 Beijing]\n    country: CN", "0100017]\n    country: NO")
    action, _ = read(tmp_path, text)
    assert action.targets[0].lines[-1].text == "0100017"
    assert action.targets[0].country == "NO"


# ------------------------------------------------------------------------------------ action.yaml

WRITE_TAG = "write it as BCP 47 does: en, pt-BR, zh-Hans"
WRITE_COUNTRY = "write the two capital letters of ISO 3166, such as CN or IT"


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        pytest.param(
            "credit:",
            "credits:",
            [
                ":1: error: 'credit' is missing; write it [missing-field]",
                ":6: error: 'credits' is not known; did you mean 'credit'? [unknown-field]",
            ],
            id="misspelt key",
        ),
        pytest.param(
            "id: harbour",
            "id: Harbour",
            [
                (
                    ":1: error: 'id' is 'Harbour' but the folder is 'harbour'; "
                    "make the two the same [bad-value]"
                )
            ],
            id="id is not the folder's",
        ),
        pytest.param(
            "issued: 2027-03-01",
            "issued: 1 March 2027",
            [
                (
                    ":2: error: 'issued' is '1 March 2027', which is not a date such as "
                    "2027-12-31; "
                    "write a date such as 2027-12-31 [bad-value]"
                )
            ],
            id="date in words",
        ),
        pytest.param(
            "issued: 2027-03-01",
            "issued:",
            [":2: error: 'issued' is empty; write it [missing-field]"],
            id="empty date",
        ),
        pytest.param(
            "issued: 2027-03-01\n",
            "",
            [":1: error: 'issued' is missing; write it [missing-field]"],
            id="no date",
        ),
        pytest.param(
            "act_by: 2027-12-31",
            "act_by: 2027-02-29",
            [
                (
                    ":3: error: 'act_by' is '2027-02-29', which is not a date such as 2027-12-31; "
                    "write a date such as 2027-12-31 [bad-value]"
                )
            ],
            id="a day that is in no calendar",
        ),
        pytest.param(
            "act_by: 2027-12-31",
            "stopped: {date: , reason: }",
            [
                ":3: error: 'stopped.date' is empty; write it [missing-field]",
                ":3: error: 'stopped.reason' is empty; write it [missing-field]",
            ],
            id="stopped without date and reason",
        ),
        pytest.param(
            "act_by: 2027-12-31",
            "edition: first",
            [
                (
                    ":3: error: 'edition' is 'first', which is not a whole number from 1; "
                    "write a whole number from 1 [bad-value]"
                )
            ],
            id="edition in words",
        ),
        pytest.param(
            "country: CN\nsource",
            "country: China\nsource",
            [
                (
                    ":4: error: 'country' is 'China', which is no country code; "
                    f"{WRITE_COUNTRY} [bad-value]"
                )
            ],
            id="country by its name",
        ),
        pytest.param(
            "country: CN\nsource",
            "country: UK\nsource",
            [
                (
                    ":4: error: 'country' is 'UK', which is no country code; "
                    f"{WRITE_COUNTRY} [bad-value]"
                )
            ],
            id="a code that is none",
        ),
        pytest.param(
            "source_language: en",
            "source_language: english",
            [
                (
                    ":5: error: 'source_language' is 'english', which is no language tag; "
                    f"{WRITE_TAG} [bad-value]"
                )
            ],
            id="language by its name",
        ),
        pytest.param(
            "source_language: en",
            "source_language: fr",
            [
                (
                    ":5: error: there is no text in the source language: 'content/harbour/fr.md'; "
                    "correct the name or add it [missing-file]"
                )
            ],
            id="no text in the source language",
        ),
        pytest.param(
            "online: https://www.example.org/act/harbour\n",
            "",
            [":1: error: 'online' is missing; write it [missing-field]"],
            id="no web address",
        ),
        pytest.param(
            "  - id: president",
            "  - id: The President",
            [":9: error: the target's id is 'The President'; use a-z, 0-9 and hyphens [bad-value]"],
            id="target's id",
        ),
        pytest.param(
            "    lines: [Xi Jinping, President of China, Zhongnanhai, Xichengqu, 100017 Beijing]\n",
            "",
            [":9: error: 'targets.lines' is missing; write it [missing-field]"],
            id="target without lines",
        ),
        pytest.param(
            "[Xi Jinping, President of China, Zhongnanhai, Xichengqu, 100017 Beijing]",
            "[]",
            [":10: error: 'targets.lines' is empty; write it [missing-field]"],
            id="target with no line",
        ),
        pytest.param(
            "[Xi Jinping, President of China, Zhongnanhai, Xichengqu, 100017 Beijing]",
            "{one: Xi Jinping}",
            [":10: error: 'targets.lines' must be a list of texts; correct it [bad-value]"],
            id="lines that are no list",
        ),
        pytest.param(
            "    country: CN",
            "    country: CN\n    langauges: [en]\n    languages: [english]",
            [
                f":13: error: 'english' is no language tag; {WRITE_TAG} [bad-value]",
                (
                    ":12: error: 'targets.langauges' is not known; "
                    "did you mean 'languages'? [unknown-field]"
                ),
            ],
            id="target's languages",
        ),
        pytest.param(
            "targets:\n",
            "targets:\n  - {id: president, lines: [B], country: CN}\n",
            [
                (
                    ":10: error: two targets have the id 'president'; "
                    "give each an id of its own [bad-value]"
                )
            ],
            id="two targets of one id",
        ),
        pytest.param(
            "targets:\n",
            "people: [{pronoun: she/her}]\ntargets:\n",
            [":8: error: 'people.name' is missing; write it [missing-field]"],
            id="nameless person",
        ),
        pytest.param(
            "targets:\n",
            "safety: {sender: initial}\ntargets:\n",
            [":8: error: 'safety.sender' is 'initial'; did you mean 'initials'? [bad-value]"],
            id="safety",
        ),
        pytest.param(
            "targets:\n",
            "copies: [{sender_country: Italy, lines: [Roma], country: IT}]\ntargets:\n",
            [
                (
                    ":8: error: 'copies.sender_country' is 'Italy', which is no country code; "
                    f"{WRITE_COUNTRY} [bad-value]"
                )
            ],
            id="second addressee",
        ),
        pytest.param(
            "Text: Harbour Group",
            "Text: \\u202eHarbour",
            [
                (
                    ":6: error: the text holds U+202E (right-to-left override), which "
                    "prints nothing "
                    "and can change what the rest says; delete it [bad-value]"
                )
            ],
            id="a mark that turns the text",
        ),
    ],
)
def test_a_fault_in_the_action_names_its_line_and_its_cure(
    tmp_path: Path, old: str, new: str, finding: list[str]
) -> None:
    assert action_faults(tmp_path, changed(ACTION, old, new)) == finding


@pytest.mark.parametrize("code", ["EU", "EZ", "UN", "QO", "XA", "ZZ", "cn", "CHN", "C", "001"])
def test_what_has_no_post_is_no_country(tmp_path: Path, code: str) -> None:
    text = changed(ACTION, "100017 Beijing]\n    country: CN", f"x]\n    country: {code}")
    assert action_faults(tmp_path, text) == [
        (
            f":11: error: 'targets.country' is '{code}', which is no country code; "
            f"{WRITE_COUNTRY} [bad-value]"
        )
    ]


def test_what_speaks_against_a_web_address_is_told_on_its_line(tmp_path: Path) -> None:
    (fault,) = action_faults(tmp_path, changed(ACTION, "online: https://", "online: http://"))
    assert fault.startswith(":7: error: web address begins with 'http://'")
    assert fault.endswith("[qr-url]")


def test_an_action_without_targets_is_told_so(tmp_path: Path) -> None:
    at = ACTION.index("targets:")
    assert action_faults(tmp_path, ACTION[:at]) == [
        ":1: error: 'targets' is missing; write it [missing-field]"
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Fax: +86 10 6238 1025",
        "Fax +86 10 6238 1025",
        "FAX：+86",
        "Tel. 06 1234",
        "Telephone (06) 1234",
        "Email: english@mail.gov.cn",
        "E-mail english@mail.gov.cn",
        "english@mail.gov.cn",
    ],
)
def test_fax_phone_and_e_mail_are_no_postal_lines(tmp_path: Path, line: str) -> None:
    text = changed(ACTION, "100017 Beijing]", f'"{line}"]')
    assert action_faults(tmp_path, text) == [
        (
            f":10: error: '{line}' is no postal line; move it to 'fax:' or 'email:'; "
            "it must not reach the envelope [bad-value]"
        )
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Tel Aviv",
        "Faxe 4640",
        "Phone House 12",
        "Mr Fax",
        "Hotel 12",
        "Telegraph Road 1",
        "100017 @",
    ],
)
def test_places_that_only_look_like_it_are_postal_lines(tmp_path: Path, line: str) -> None:
    action, _ = read(tmp_path, changed(ACTION, "100017 Beijing]", f'"{line}"]'))
    assert action.targets[0].lines[-1].text == line


def test_all_faults_of_the_action_are_told_at_once(tmp_path: Path) -> None:
    text = (
        "id: porto\nissued: soon\ncountry: China\nsource_language: en\ncredit:\nonline: none\n"
        "edition: 0\nowner: me\ntargets:\n  - {id: A, lines: [Fax: 1], country: CN}\n"
    )
    told = action_faults(tmp_path, text, xx=TRANSLATION)
    assert [fault.split(" error: ")[1].split(";")[0] for fault in told] == [
        "'xx' is no language tag",
        "'id' is 'porto' but the folder is 'harbour'",
        "the target's id is 'A'",
        "'targets.lines' must be a list of texts",
        "'edition' is '0', which is not a whole number from 1",
        "'issued' is 'soon', which is not a date such as 2027-12-31",
        "'country' is 'China', which is no country code",
        "'credit' is empty",
        "'owner' is not known",
    ]


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("stopped: {date: 2027-06-01, reason: R, x: 1}", "stopped"),
        ("people: [{name: M, x: 1}]", "people"),
        ("copies: [{sender_country: IT, lines: [Roma], country: IT, x: 1}]", "copies"),
        ("safety: {x: 1}", "safety"),
        ("images: [{file: action.yaml, alt: {en: A}, x: 1}]", "images"),
    ],
)
def test_a_key_nobody_knows_is_told_wherever_it_stands(
    tmp_path: Path, line: str, where: str
) -> None:
    (fault,) = action_faults(tmp_path, ACTION + line)
    assert fault.startswith(f":12: error: '{where}.x' is not known; ")


def test_who_says_nothing_of_safety_signs_in_full(tmp_path: Path) -> None:
    assert read(tmp_path, ACTION + "safety: {}\n")[0].sender == "full"


def test_what_is_no_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    assert action_faults(tmp_path, changed(ACTION, '"Text: Harbour Group"', "Text: Harbour")) == [
        (
            ":6: error: this is not YAML: mapping values are not allowed here; "
            "put values that hold ': ' or begin with a sign into quotes [bad-value]"
        )
    ]


def test_a_folder_without_an_action_says_which_file_is_missing(tmp_path: Path) -> None:
    folder = write_action(tmp_path)
    (folder.root / "action.yaml").unlink()
    with pytest.raises(Rejected) as caught:
        read_action(folder)
    assert str(caught.value) == (
        f"{YAML}: error: there is no '{YAML}'; correct the name or add it [missing-file]"
    )


# ----------------------------------------------------------------------------------------- images


@pytest.mark.parametrize(
    ("image", "finding"),
    [
        pytest.param(
            "{file: b.jpg, alt: {en: A}}",
            ":12: error: there is no 'b.jpg'; correct the name or add it [missing-file]",
            id="missing",
        ),
        pytest.param(
            "{file: ../../secret.jpg, alt: {en: A}}",
            ":12: error: '../../secret.jpg' lies outside 'content/harbour'; "
            "put the file into the action, the layout or assets [blocked-resource]",
            id="outside",
        ),
        pytest.param(
            "{file: /etc/hostname, alt: {en: A}}",
            ":12: error: '/etc/hostname' lies outside 'content/harbour'; "
            "put the file into the action, the layout or assets [blocked-resource]",
            id="absolute",
        ),
        pytest.param(
            "{file: link.jpg, alt: {en: A}}",
            ":12: error: 'link.jpg' lies outside 'content/harbour'; "
            "put the file into the action, the layout or assets [blocked-resource]",
            id="a link that leads outside",
        ),
        pytest.param(
            "{file: a.jpg}",
            ":12: error: 'images.alt' is missing; say in one sentence, by language, "
            "what the picture shows: alt: {en: …} [missing-field]",
            id="no words for those who cannot see it",
        ),
        pytest.param(
            "{file: a.jpg, alt: A family}",
            ":12: error: 'images.alt' must hold 'key: value' lines; correct it [bad-value]",
            id="words in no language",
        ),
        pytest.param(
            "{file: a.jpg, alt: {english: A}}",
            ":12: error: 'english' is no language tag; correct it [bad-value]",
            id="words in a language without a tag",
        ),
        pytest.param(
            "{alt: {en: A}}",
            ":12: error: 'images.file' is missing; write it [missing-field]",
            id="no file",
        ),
        pytest.param(
            "{file: " + "x" * 300 + ", alt: {en: A}}",
            f":12: error: there is no '{'x' * 300}'; correct the name or add it [missing-file]",
            id="a name longer than any file has",
        ),
        (
            "{file: .photos/a.jpg, alt: {en: x}}",
            ":12: error: '.photos/a.jpg' is hidden; rename it [bad-value]",
        ),
    ],
)
def test_a_picture_that_cannot_be_printed_is_told(tmp_path: Path, image: str, finding: str) -> None:
    folder = write_action(tmp_path, f"{ACTION}images: [{image}]\n")
    (tmp_path / "secret.jpg").write_bytes(b"")
    (folder.root / "a.jpg").write_bytes(b"")
    (folder.root / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    with pytest.raises(Rejected) as caught:
        read_action(folder)
    assert [str(found).removeprefix(YAML) for found in caught.value.findings] == [finding]


# -------------------------------------------------------------------------------- names and tags


@pytest.mark.parametrize("name", ["harbour", "a", "7", "ua-60-16", "a1-b2", "x" * 80])
def test_ids_are_small_letters_digits_and_single_hyphens(name: str) -> None:
    assert is_id(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Harbour",
        "a_b",
        "-a",
        "a-",
        "a--b",
        "a b",
        "../a",
        "a/b",
        "é",
        "x" * 81,
        "a\n",
        ".",
        "٣",
    ],
)
def test_nothing_else_is_an_id(name: str) -> None:
    assert not is_id(name)


def test_actions_are_the_folders_that_hold_one(tmp_path: Path) -> None:
    write_action(tmp_path)
    write_action(tmp_path, name="bridge")
    for odd in ("Upper", ".hidden", "empty"):
        (tmp_path / "content" / odd).mkdir()
    (tmp_path / "content" / "Upper" / "action.yaml").write_text("")
    (tmp_path / "content" / "notes.txt").write_text("")
    content = Jail(root=tmp_path / "content", name="content")
    assert action_ids(content) == ("bridge", "harbour")
    assert find_action(content, "harbour").name == "content/harbour"
    assert action_ids(Jail(root=tmp_path / "nowhere", name="content")) == ()


@pytest.mark.parametrize(
    ("asked", "cure"),
    [
        ("harbor", "did you mean 'harbour'?"),
        ("zzz", "known are: harbour"),
        ("../harbour", "did you mean 'harbour'?"),
        ("Harbour", "did you mean 'harbour'?"),
    ],
)
def test_an_action_that_is_not_there_gets_the_nearest_name(
    tmp_path: Path, asked: str, cure: str
) -> None:
    write_action(tmp_path)
    with pytest.raises(UsageFault) as caught:
        find_action(Jail(root=tmp_path / "content", name="content"), asked)
    assert str(caught.value) == (
        f"error: there is no action '{asked}' in content; {cure} [missing-file]"
    )


def test_where_there_is_no_action_the_cure_is_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(UsageFault) as caught:
        find_action(Jail(root=tmp_path, name="content"), "harbour")
    assert caught.value.findings[0].cure == "import one, or make one"


@pytest.mark.parametrize(
    "tag", ["EN", "english", "xx", "zh_Hans", "zh-hans", "en-uk", "de-XX", " "]
)
def test_a_file_named_after_no_language_is_told(tmp_path: Path, tag: str) -> None:
    folder = write_action(tmp_path, texts={"en": TEXT, tag: TEXT})
    with pytest.raises(Rejected) as caught:
        read_action(folder)
    assert [str(found) for found in caught.value.findings] == [
        (
            f"content/harbour/{tag}.md: error: '{tag}' is no language tag; "
            "name the file as BCP 47 does: en.md, pt-BR.md, zh-Hans.md [bad-value]"
        )
    ]


def test_tags_with_script_and_region_are_languages(tmp_path: Path) -> None:
    tags = ("en", "es-419", "pt-BR", "ug", "zh-Hans", "zh-Hant-HK")
    action = read_action(write_action(tmp_path, texts=dict.fromkeys(tags, TEXT)))
    assert action.languages == tags


@pytest.mark.parametrize("name", ["fr.MD", "fr.md.txt", "fr.txt", "zh-Hans.markdown"])
def test_a_text_with_another_ending_is_told_and_not_passed_over(tmp_path: Path, name: str) -> None:
    folder = write_action(tmp_path, texts={"en": TEXT})
    (folder.root / name).write_text("")
    tag = name.split(".")[0]
    with pytest.raises(Rejected) as caught:
        read_action(folder)
    assert [str(found) for found in caught.value.findings] == [
        (
            f"content/harbour/{name}: error: '{name}' is not read: a text in '{tag}' is called "
            f"'{tag}.md'; give it that name, or put it elsewhere [bad-value]"
        )
    ]


def test_notes_and_hidden_files_are_no_languages(tmp_path: Path) -> None:
    folder = write_action(tmp_path, texts={"en": TEXT, "README": "", "readme": "", "._en": "\x00"})
    (folder.root / "notes.txt").write_text("")
    assert read_action(folder).languages == ("en",)


def test_a_language_it_is_not_written_in_is_an_error_that_names_the_others(tmp_path: Path) -> None:
    folder = write_action(tmp_path, texts={"en": TEXT, "it": TRANSLATION})
    with pytest.raises(Rejected) as caught:
        read_text(folder, read_action(folder), "fr")
    assert str(caught.value) == (
        "content/harbour/fr.md: error: 'harbour' is not written in 'fr'; "
        "it is written in: en, it [missing-translation]"
    )


# -------------------------------------------------------------------------------------- encodings


def test_a_mark_at_the_start_and_line_ends_of_windows_change_nothing(tmp_path: Path) -> None:
    def windows(text: str) -> bytes:
        return b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()

    there = write_action(tmp_path / "w", windows(ACTION), texts={"en": windows(TEXT)})
    here = write_action(tmp_path / "u")
    assert read_action(there) == read_action(here)
    assert read_text(there, read_action(there), "en") == read_text(here, read_action(here), "en")


@pytest.mark.parametrize(
    ("data", "finding"),
    [
        pytest.param(
            TEXT.encode("utf-16"),
            ":1: error: the file is not UTF-8 text: byte 1 is 0xff; "
            "save it as UTF-8 in the editor [bad-file]",
            id="utf-16",
        ),
        pytest.param(
            TEXT.replace("families", "familiës").encode("latin-1"),
            ":2: error: the file is not UTF-8 text: byte 38 is 0xeb; "
            "save it as UTF-8 in the editor [bad-file]",
            id="latin-1",
        ),
    ],
)
def test_other_encodings_are_told_with_the_line(tmp_path: Path, data: bytes, finding: str) -> None:
    assert text_faults(tmp_path, data) == [finding]


def test_utf_16_without_a_mark_is_told_too(tmp_path: Path) -> None:
    assert action_faults(tmp_path, ACTION.encode("utf-16-le")) == [
        ":1: error: the file holds the control character U+0000; delete it [bad-value]"
    ]


# --------------------------------------------------------------------------------------- <tag>.md


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        pytest.param(
            "salutation:",
            "salutaion:",
            [
                ":2: error: 'salutation' is missing; write it [missing-field]",
                ":3: error: 'salutaion' is not known; did you mean 'salutation'? [unknown-field]",
            ],
            id="misspelt key",
        ),
        pytest.param(
            'title: "China: the harbour families"',
            "title:",
            [":2: error: 'title' is empty; write it [missing-field]"],
            id="empty title",
        ),
        pytest.param(
            '"China: the harbour families"',
            "China: the harbour families",
            [
                (
                    ":2: error: this is not YAML: mapping values are not allowed here; "
                    "put values that hold ': ' or begin with a sign into quotes [bad-value]"
                )
            ],
            id="colon in the title",
        ),
        pytest.param(
            "closing: Yours sincerely,",
            "closing: Yours,\nquote: {by: M}",
            [":5: error: 'quote.text' is missing; write it [missing-field]"],
            id="quote without words",
        ),
        pytest.param(
            "closing: Yours sincerely,",
            "closing: Yours,\nstatus: final",
            [":5: error: 'status' is 'final'; known are: draft, reviewed, source [bad-value]"],
            id="unknown status",
        ),
        pytest.param(
            "closing: Yours sincerely,",
            "closing: Yours,\nstatus: draft",
            [
                (
                    ":5: error: 'status' is 'draft'; write 'source' in the source language alone, "
                    "and 'draft' or 'reviewed' elsewhere [bad-value]"
                )
            ],
            id="a source that is a draft",
        ),
        pytest.param(
            "---\n## briefing",
            "## briefing",
            [
                (
                    ":1: error: the fields at the top have no end; "
                    "write '---' on a line of its own below them [missing-section]"
                )
            ],
            id="fields without an end",
        ),
        pytest.param(
            "---\ntitle",
            "title",
            [
                (
                    ":1: error: the file does not begin with '---'; begin it with '---', "
                    "the title and the other fields, and '---' again [missing-section]"
                )
            ],
            id="no fields",
        ),
        pytest.param(
            "## ask\nWrite to the President, and ask him to let her go.\n\n",
            "",
            [": error: section 'ask' is missing; write it below a line '## ask' [missing-section]"],
            id="missing section",
        ),
        pytest.param(
            "Write to the President, and ask him to let her go.",
            "   ",
            [":10: error: section 'ask' is empty; write the section [missing-section]"],
            id="empty section",
        ),
        pytest.param(
            "## ask",
            "## action",
            [
                (
                    ":9: error: nobody prints the section 'action'; "
                    "known are: ask, briefing, card, discuss, letter, plain, teacher "
                    "(a heading inside a section begins with '###') [unknown-section]"
                ),
                (
                    ": error: section 'ask' is missing; "
                    "write it below a line '## ask' [missing-section]"
                ),
            ],
            id="unknown section",
        ),
        pytest.param(
            "## ask",
            "## brieffing\nx\n\n## ask",
            [
                (
                    ":9: error: nobody prints the section 'brieffing'; did you mean 'briefing'? "
                    "(a heading inside a section begins with '###') [unknown-section]"
                )
            ],
            id="misspelt section",
        ),
        pytest.param(
            "## ask",
            "## Briefing\nx\n\n## ask",
            [":9: error: section 'Briefing' is there twice; make the two one [unknown-section]"],
            id="a section twice",
        ),
        pytest.param(
            "---\n## briefing",
            "---\n\nDear all,\n\n## briefing",
            [
                (
                    ":7: error: there is text before the first heading; "
                    "put it under '## briefing', '## ask' or '## letter' [unknown-section]"
                )
            ],
            id="text before the first heading",
        ),
        pytest.param(
            "I ask you to let her go.",
            "I ask you\nto \u202elet her go.",
            [
                (
                    ":16: error: the text holds U+202E (right-to-left override), which "
                    "prints nothing "
                    "and can change what the rest says; delete it [bad-value]"
                )
            ],
            id="a mark that turns the letter",
        ),
        pytest.param(
            "I ask you to let her go.",
            "- - - - cut here",
            [":15: error: lists are nested more than 3 deep; write it as paragraphs [bad-value]"],
            id="a line that is a list of lists",
        ),
    ],
)
def test_a_fault_in_a_text_names_its_line_and_its_cure(
    tmp_path: Path, old: str, new: str, finding: list[str]
) -> None:
    assert text_faults(tmp_path, changed(TEXT, old, new)) == finding


def test_a_section_that_nobody_must_write_is_read_where_it_is_and_checked_like_the_others(
    tmp_path: Path,
) -> None:
    whole = TEXT + "\n## plain\n\nIn plain words.\n\n## card\n\nLet her go.\n"
    folder = write_action(tmp_path, texts={"en": whole})
    text = read_text(folder, read_action(folder), "en")
    assert text.plain is not None
    assert text.card is not None
    assert (text.plain.text.strip(), text.card.text.strip()) == ("In plain words.", "Let her go.")
    assert (text.discuss, text.teacher) == (None, None)
    told = text_faults(tmp_path / "other", TEXT + "\n## plain\n\n## card\n\n[a](b)\n")
    assert [fault.split(" error: ")[1].split(";")[0] for fault in told] == [
        "section 'plain' is empty",
        "the link to 'b' leads nowhere from paper",
    ]


def test_all_faults_of_a_text_are_told_at_once(tmp_path: Path) -> None:
    text = "---\ntitel: x\nstatus: done\n---\nHello\n## briefing\n[a](b)\n## mood\nx\n## letter\n"
    told = text_faults(tmp_path, text)
    assert [fault.split(" error: ")[1].split(";")[0] for fault in told] == [
        "there is text before the first heading",
        "nobody prints the section 'mood'",
        "the link to 'b' leads nowhere from paper",
        "section 'ask' is missing",
        "section 'letter' is empty",
        "'title' is missing",
        "'salutation' is missing",
        "'closing' is missing",
        "'status' is 'done'",
        "'titel' is not known",
    ]


def test_what_is_wrong_below_is_told_though_the_fields_are_no_yaml(tmp_path: Path) -> None:
    told = text_faults(tmp_path, TEXT.replace('"', "").replace("## ask", "## act"))
    assert [fault.split(";")[0] for fault in told] == [
        ":9: error: nobody prints the section 'act'",
        ": error: section 'ask' is missing",
        ":2: error: this is not YAML: mapping values are not allowed here",
    ]


def test_a_review_names_who_did_it(tmp_path: Path) -> None:
    folder = write_action(
        tmp_path, texts={"en": TEXT, "it": changed(TRANSLATION, "reviewer: Ada\n", "")}
    )
    with pytest.raises(Rejected) as caught:
        read_text(folder, read_action(folder), "it")
    assert str(caught.value) == (
        "content/harbour/it.md:5: error: a reviewed text names its reviewer; "
        "add 'reviewer: …' [missing-field]"
    )


def test_a_translation_is_no_source(tmp_path: Path) -> None:
    folder = write_action(
        tmp_path,
        texts={"en": TEXT, "it": changed(TRANSLATION, "status: reviewed", "status: source")},
    )
    with pytest.raises(Rejected) as caught:
        read_text(folder, read_action(folder), "it")
    assert "'status' is 'source'; write 'source' in the source language alone" in str(caught.value)


# ------------------------------------------------------------------------- one text for each target

TWO = ACTION + "  - {id: minister, lines: [Minister], country: CN}\n"


def test_a_salutation_may_be_one_for_each_target(tmp_path: Path) -> None:
    text = changed(
        TEXT,
        "salutation: Dear President Xi,",
        "salutation:\n  president: Dear P,\n  minister: Dear M,",
    )
    _, read_back = read(tmp_path, TWO, en=text)
    assert [read_back.salutation.get(target) for target in ("president", "minister", "x")] == [
        Written("Dear P,", Place(file=MD, line=4)),
        Written("Dear M,", Place(file=MD, line=5)),
        None,
    ]


@pytest.mark.parametrize(
    ("mapping", "finding"),
    [
        pytest.param(
            "{president: Dear P}",
            [":3: error: 'salutation.minister' is missing; write it [missing-field]"],
            id="a target without one",
        ),
        pytest.param(
            "{president: Dear P, minister: }",
            [":3: error: 'salutation.minister' is empty; write it [missing-field]"],
            id="a target with an empty one",
        ),
        pytest.param(
            "{president: P, minister: M, ministry: N}",
            [
                (
                    ":3: error: 'salutation.ministry' is not known; "
                    "did you mean 'minister'? [unknown-field]"
                )
            ],
            id="one for nobody",
        ),
        pytest.param(
            "[Dear P, Dear M]",
            [":3: error: 'salutation' must be one text; correct it [bad-value]"],
            id="a list",
        ),
    ],
)
def test_a_mapping_names_every_target_and_no_other(
    tmp_path: Path, mapping: str, finding: list[str]
) -> None:
    text = changed(TEXT, "salutation: Dear President Xi,", f"salutation: {mapping}")
    assert text_faults(tmp_path, text, TWO) == finding


# -------------------------------------------------------------------------------------- the words


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script> & <b>bold</b>",
        "{{ config }} {% raw %} {# note #}",
        "&lt; &amp; &#60;",
        "`code` ~~struck~~ | a | table |",
    ],
)
def test_markup_of_others_is_words_and_stays(tmp_path: Path, words: str) -> None:
    _, text = read(tmp_path, en=changed(TEXT, "I ask you to let her go.", words))
    assert words in text.letter.text
    assert plain(read_markup(text.letter.text)).endswith(words)


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "vbscript:x",
        "tel:+861062381025",
        "act/harbour",
        "/act",
        "#top",
        "//example.org",
        "https:",
        "",
    ],
)
def test_a_link_that_leads_nowhere_from_paper_is_told(tmp_path: Path, href: str) -> None:
    letter = f"Two\nlines, and\n\n- a list with [a *link*]({href})"
    assert text_faults(tmp_path, changed(TEXT, "I ask you to let her go.", letter)) == [
        (
            f":18: error: the link to '{href}' leads nowhere from paper; "
            "link to an address that begins with https://, or delete the link [bad-value]"
        )
    ]


@pytest.mark.parametrize(
    "href", ["https://example.org/a?b=c", "http://example.org", "mailto:a@example.org"]
)
def test_links_to_pages_and_mail_may_stand(tmp_path: Path, href: str) -> None:
    _, text = read(
        tmp_path, en=changed(TEXT, "let her go.\n\n## letter", f"[x]({href})\n\n## letter")
    )
    assert [run.href for block in read_markup(text.ask.text) for run in block.runs][-1] == href


def test_sub_headings_stay_in_their_section(tmp_path: Path) -> None:
    _, text = read(tmp_path, en=changed(TEXT, "## ask\n", "### Who\n\nHer.\n\n## Ask ##\n"))
    assert [block.kind for block in read_markup(text.briefing.text)] == [
        "paragraph",
        "heading",
        "paragraph",
    ]
    assert text.ask.text.startswith("Write")


# -------------------------------------------------------------------------------- any file at all


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec="utf-8")), st.integers(0, len(TEXT)))
def test_any_text_is_read_or_told_with_its_file(tmp_path: Path, mess: str, at: int) -> None:
    """Whatever lands in the middle of a good file, nothing but findings comes of it."""
    folder = Jail(root=tmp_path / "content" / "harbour", name="content/harbour")
    if not folder.root.exists():
        write_action(tmp_path)
    (folder.root / "en.md").write_bytes((TEXT[:at] + mess + TEXT[at:]).encode())
    told: tuple[Finding, ...] = ()
    try:
        read_text(folder, read_action(folder), "en")
    except Rejected as rejected:
        told = rejected.findings
    assert all(found.place.file == MD and found.cure for found in told)


def test_a_section_longer_than_any_pack_is_refused_before_it_is_read(tmp_path: Path) -> None:
    text = changed(TEXT, "I ask you to let her go.", "[" * 60_001)
    (told,) = text_faults(tmp_path, text)
    assert "section 'letter' has 6" in told
    assert told.endswith("characters, 60000 are read; shorten it [bad-value]")


# ------------------------------------------------------------------------- the country's own line


@pytest.mark.parametrize("line", ["China", "CHINA.", "P.R. China", "People’s Republic of China"])
def test_a_country_among_the_postal_lines_would_print_twice(tmp_path: Path, line: str) -> None:
    text = changed(ACTION, "100017 Beijing]", f'100017 Beijing, "{line}"]')
    assert action_faults(tmp_path, text) == [
        (
            f":10: error: '{line}' names the country, which is written from 'country'; "
            "delete this line [bad-value]"
        )
    ]


def test_the_country_of_a_copy_would_print_twice_too(tmp_path: Path) -> None:
    copy = "copies:\n  - {sender_country: IT, lines: [Embassy, Roma, Italy], country: IT}\n"
    (fault,) = action_faults(tmp_path, ACTION + copy)
    assert fault.startswith(":13: error: 'Italy' names the country")


def test_a_country_is_known_in_the_languages_of_its_action(tmp_path: Path) -> None:
    text = changed(ACTION, "100017 Beijing]", "100017 Beijing, Cina]")
    text = changed(text, "source_language: en", "source_language: it")
    (fault,) = action_faults(tmp_path, text, it=TRANSLATION)
    assert "'Cina' names the country" in fault


@pytest.mark.parametrize("line", ["Georgia", "Luxembourg", "China Road 1"])
def test_another_country_s_name_is_a_place(tmp_path: Path, line: str) -> None:
    action, _ = read(tmp_path, changed(ACTION, "100017 Beijing]", f"{line}]"))
    assert action.targets[0].lines[-1].text == line


def test_a_place_alone_is_no_country(tmp_path: Path) -> None:
    lines = "[Xi Jinping, President of China, Zhongnanhai, Xichengqu, 100017 Beijing]"
    action, _ = read(tmp_path, changed(ACTION, lines, "[China]"))
    assert action.targets[0].lines[0].text == "China"


@pytest.mark.parametrize(
    "line", ["Télécopie : 01 23", "Courriel: a", "Correo electrónico: a", "E-posta: a", "Faks: 1"]
)
def test_fax_and_e_mail_are_known_in_other_languages(tmp_path: Path, line: str) -> None:
    text = changed(ACTION, "100017 Beijing]", f'"{line}"]')
    (fault,) = action_faults(tmp_path, text)
    assert fault.startswith(f":10: error: '{line}' is no postal line")


@pytest.mark.parametrize("line", ["Cell 12, Evin Prison", "Mobile 36602", "X Street 5", "Tel Aviv"])
def test_words_that_can_begin_a_postal_line_need_a_colon(tmp_path: Path, line: str) -> None:
    action, _ = read(tmp_path, changed(ACTION, "100017 Beijing]", f'"{line}"]'))
    assert action.targets[0].lines[-1].text == line


# ------------------------------------------------------------------- dates that contradict another


def test_a_deadline_before_the_day_of_issue_is_a_slip(tmp_path: Path) -> None:
    text = changed(ACTION, "act_by: 2027-12-31", "act_by: 2026-12-31")
    assert action_faults(tmp_path, text) == [
        (
            ":3: error: 'act_by' is 2026-12-31, before 'issued', 2027-03-01; "
            "correct one of the two [bad-value]"
        )
    ]


def test_an_embargo_after_the_deadline_is_a_slip(tmp_path: Path) -> None:
    text = changed(ACTION, "country: CN\nsource", "embargo: 2028-01-01\ncountry: CN\nsource")
    assert action_faults(tmp_path, text) == [
        (
            ":4: error: 'embargo' is 2028-01-01, after 'act_by', 2027-12-31; "
            "correct one of the two [bad-value]"
        )
    ]


def test_a_deadline_on_the_day_of_issue_and_of_the_embargo_is_no_slip(tmp_path: Path) -> None:
    text = changed(ACTION, "act_by: 2027-12-31", "act_by: 2027-03-01\nembargo: 2027-03-01")
    assert read(tmp_path, text)[0].act_by == date(2027, 3, 1)
