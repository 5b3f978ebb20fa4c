"""What `actionpack import` makes of a text, what it mends, and what it leaves to a person."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actionpack.content import read_action, read_text
from actionpack.diagnostics import NOWHERE, Finding, Rejected, has_errors
from actionpack.importing import Imported, decode, import_text
from actionpack.importing.lines import Notes, mended
from actionpack.language import country_code
from actionpack.markup import plain, read_markup
from actionpack.model import Action, Text
from actionpack.source import check_characters
from actionpack.store import Jail

HERE = Path(__file__).parent
SEED = (HERE / "data" / "china-uyghur-families.txt").read_text(encoding="utf-8")
TODAY = date(2026, 11, 22)


def imported(
    source: str, *, tag: str = "en", action_id: str | None = None, online: str | None = None
) -> Imported:
    return import_text(
        source, file="seed.txt", action_id=action_id, tag=tag, online=online, today=TODAY
    )


def read_back(result: Imported, tag: str = "en") -> tuple[Action, Text]:
    """Write the folder and read it as a build does, which raises for every error in it.

    The one thing that a text may lack and a folder may not, the credit, is written by hand first,
    as the import asks for it.
    """
    with TemporaryDirectory() as folder:
        root = Path(folder) / result.id
        root.mkdir()
        for name, text in result.files:
            by_hand = re.sub("^credit: #", 'credit: "By hand" #', text, flags=re.MULTILINE)
            (root / name).write_text(by_hand, encoding="utf-8")
        jail = Jail(root=root, name=result.id)
        action = read_action(jail)
        return action, read_text(jail, action, tag)


def text_of(
    *,
    title: str = "China: Uyghur families",
    briefing: str = "They fled in 2016.",
    ask: str = "Write to the president.",
    address: str = "Xi Jinping\nPresident of China\nBeijing\nChina",
    salutation: str = "Dear President Xi,",
    letter: str = "I am alarmed.",
    closing: str = "Yours sincerely,",
    other: str = "",
) -> str:
    return (
        f"{title}\n\n{briefing}\n\nTAKE ACTION:\n\n{ask}\n\nTEMPLATE LETTER\n\n{address}\n\n"
        f"{salutation}\n{letter}\n\n{closing}\n\nOther action/other address\n{other}\n"
    )


def refused(source: str) -> tuple[Finding, ...]:
    with pytest.raises(Rejected) as caught:
        imported(source)
    return caught.value.findings


def told(found: tuple[Finding, ...], code: str) -> list[tuple[int | None, str]]:
    return [(one.place.line, one.message) for one in found if one.code == code]


def lines_of(action: Action) -> list[list[str]]:
    return [[line.text for line in target.lines] for target in action.targets]


def paragraphs(section: str) -> list[str]:
    return plain(read_markup(section)).split("\n")


# --------------------------------------------------------------------------------------- the seed


def test_the_seed_becomes_the_folder_that_is_checked_in() -> None:
    action, text = read_back(imported(SEED))
    folder = HERE.parent / "content" / "china-uyghur-families"
    jail = Jail(root=folder, name="content/china-uyghur-families")
    kept = read_action(jail)
    kept_text = read_text(jail, kept, "en")

    def fields(action: Action, text: Text) -> tuple[object, ...]:
        target = action.targets[0]
        assert text.quote is not None
        assert text.quote.by is not None
        assert target.fax is not None
        assert target.email is not None
        return (
            action.id,
            action.country,
            action.credit.text,
            target.id,
            target.country,
            target.fax.text,
            target.email.text,
            lines_of(action),
            text.title.text,
            text.quote.text.text,
            text.quote.by.text,
            text.salutation.for_all and text.salutation.for_all.text,
            text.closing.for_all and text.closing.for_all.text,
            text.briefing.text.strip(),
            text.ask.text.strip(),
            text.letter.text.strip(),
        )

    assert fields(action, text) == fields(kept, kept_text)


def test_the_seed_is_read_into_its_fields() -> None:
    action, text = read_back(imported(SEED))
    assert action.id == "china-uyghur-families"
    assert text.title.text == "China: Uyghur families"
    assert action.issued == TODAY
    assert lines_of(action) == [
        [
            "Xi Jinping",
            "President of China",
            "Zhongnanhai",
            "Xichangan’jie",
            "Xichengqu, Beijing Shi 100017",
        ]
    ]
    target = action.targets[0]
    assert (target.id, target.country) == ("president", "CN")
    assert target.fax is not None
    assert target.fax.text == "+86 10 6238 1025"
    assert target.email is not None
    assert target.email.text == "english@mail.gov.cn"
    assert text.quote is not None
    assert text.quote.text.text.startswith("Now my children are in the hands")
    assert text.quote.by is not None
    assert text.quote.by.text == "Mihriban"
    assert len(paragraphs(text.briefing.text.strip())) == 8  # nine lines, one of them the quote
    assert len(paragraphs(text.letter.text.strip())) == 3


def test_every_repair_and_doubt_of_the_seed_is_told_with_its_line() -> None:
    found = imported(SEED).findings
    assert told(found, "repaired") == [
        (1, "space before the text was left out in line 1"),
        (4, "a space was put into 'police.For'"),
    ]
    assert told(found, "doubtful") == [
        (1, "the title was all capitals; it is written 'China: Uyghur families'"),
        (
            8,
            (
                "there is no address behind 'Hearts and Lives Broken: "
                "The Nightmare of Uyghur Families separated by repression'"
            ),
        ),
        (40, "'Other action/other address' is empty"),
        (
            None,
            "the text does not say whom it is from; 'credit' is 'Text: Amnesty International'",
        ),
        (None, "no deadline was taken over"),
        (None, "the date of issue is not in the text; 'issued' is today, 2026-11-22"),
        (None, "there is no link to the online action, and no code will be printed"),
    ]
    assert {one.place.file for one in found} == {"seed.txt"}
    assert not has_errors(found)


def test_every_finding_says_what_to_do() -> None:
    cures = {one.message: one.cure for one in imported(SEED).findings}
    assert cures["no deadline was taken over"] == (
        "write 'act_by' in action.yaml, or delete its line if there is none"
    )
    assert cures["'Other action/other address' is empty"] == (
        "if there is another address, write it as a target or under 'copies'"
    )


def test_every_word_of_the_seed_is_written_once() -> None:
    result = imported(SEED)
    _, text = read_back(result)
    assert text.quote is not None
    assert text.quote.by is not None
    source = SEED.split("\n")
    said = source[10].replace("\t", "")
    briefing = "".join(source[3:10] + source[11:13])
    assert squeezed(plain(read_markup(text.briefing.text))) == squeezed(briefing)
    assert squeezed(text.quote.text.text + text.quote.by.text) == squeezed(said)
    assert squeezed(plain(read_markup(text.ask.text))) == squeezed(source[16])
    assert squeezed(plain(read_markup(text.letter.text))) == squeezed("".join(source[30:36]))


def squeezed(text: str) -> str:
    """Text without any space: what a repair may not change."""
    return "".join(text.split())


# ------------------------------------------------------------------------------------------ title


def test_a_title_in_capitals_gets_the_capitals_its_words_have_in_the_text() -> None:
    source = text_of(
        title="USA: DON’T EXECUTE JOSÉ MCGEE IN TEXAS",
        briefing="José McGee is in a Texas prison. The USA plans to execute him.",
    )
    result = imported(source)
    assert read_back(result)[1].title.text == "USA: Don’t execute José McGee in Texas"
    assert told(result.findings, "doubtful")[0] == (
        1,
        "the title was all capitals; it is written 'USA: Don’t execute José McGee in Texas'",
    )


def test_a_name_in_capitals_does_not_make_another_form_of_the_word_a_name() -> None:
    source = text_of(title="CHINA: FAMILIES", briefing="Read: Broken Families. A family fled.")
    assert read_back(imported(source))[1].title.text == "China: Families"
    source = text_of(title="CHINA: THE FAMILIES", briefing="Read Broken Families. A family fled.")
    assert read_back(imported(source))[1].title.text == "China: The families"


def test_a_country_before_the_colon_has_capitals_though_the_text_does_not_name_it() -> None:
    assert title_of("SOUTH SUDAN: NO NEWS") == "South Sudan: No news"
    assert title_of("UK: NO NEWS") == "UK: No news"
    assert title_of("ISLE OF MAN: NO NEWS") == "Isle of Man: No news"


def title_of(title: str, briefing: str = "They fled.") -> str:
    source = text_of(title=title, briefing=briefing, address="A. Minister\nRome\nItaly")
    return read_back(imported(source))[1].title.text


def test_a_title_in_capitals_begins_with_one_and_keeps_those_of_abbreviations() -> None:
    assert title_of("FREE THE US FOUR", "Help us free the four from the US.") == "Free the US four"


def test_a_turkish_title_keeps_its_dotless_letters_apart() -> None:
    source = text_of(
        title="TÜRKİYE: IŞIK İÇİN", briefing="Bir metin.", address="Cumhurbaşkanı\nAnkara\nTürkiye"
    )
    assert read_back(imported(source, tag="tr"), "tr")[1].title.text == "Türkiye: Işık için"


def test_a_title_that_is_not_all_capitals_stays_as_it_is() -> None:
    result = imported(text_of(title="China: UYGHUR Families"))
    assert read_back(result)[1].title.text == "China: UYGHUR Families"
    assert not [one for one in result.findings if "capitals" in one.message]


def test_a_title_on_two_lines_of_capitals_is_one_title() -> None:
    result = imported(text_of(title="CHINA: UYGHUR FAMILIES\nTORN APART"))
    assert read_back(result)[1].title.text == "China: Uyghur families torn apart"
    assert (1, "the 2 lines of the title are joined") in told(result.findings, "repaired")


def test_a_line_of_capitals_below_a_title_that_is_not_is_text() -> None:
    assert briefing_of(text_of(title="A case in China\nURGENT", briefing="They fled.")) == [
        "URGENT",
        "They fled.",
    ]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("China: Uyghur families", "china-uyghur-families"),
        ("People’s rights & O'Brien {x}", "peoples-rights-obrien-x"),
        ("Łódź, Ærø, Straße, São Tomé", "lodz-aero-strasse-sao-tome"),
        ("Россия: Navalny", "seed"),
        ("Ελλάδα", "seed"),
    ],
)
def test_the_id_is_made_from_the_title_or_else_from_the_name_of_the_file(
    title: str, expected: str
) -> None:
    assert imported(text_of(title=title)).id == expected


def test_an_id_that_is_made_is_cut_between_words() -> None:
    # 6 × "letters-" is 48; with "ends" 52; the next word would make it 60 + 1
    title = "letters " * 6 + "ends another"
    assert imported(text_of(title=title)).id == "letters-" * 6 + "ends-another"
    assert imported(text_of(title=title + " word")).id == "letters-" * 6 + "ends-another"


def test_no_id_is_invented() -> None:
    source = text_of(title="Россия")
    with pytest.raises(Rejected) as caught:
        import_text(source, file="письмо.txt", action_id=None, tag="en", online=None, today=TODAY)
    assert told(caught.value.findings, "missing-field") == [
        (None, "no id can be made from the title or the file's name")
    ]


def test_an_id_that_is_given_is_taken() -> None:
    assert imported(SEED, action_id="uyghurs-2").id == "uyghurs-2"


# ------------------------------------------------------------------------------------------ prose


def briefing_of(source: str) -> list[str]:
    return paragraphs(read_back(imported(source))[1].briefing.text.strip())


def test_one_line_is_one_paragraph() -> None:
    assert briefing_of(text_of(briefing="First.\nSecond.\n\nThird.")) == [
        "First.",
        "Second.",
        "Third.",
    ]


WRAPPED = (
    "Sarah was arrested in Tehran by agents of the ministry of intelligence and\n"
    "has been held in solitary confinement. They arrested Reza on the same day.\n"
    "Nobody has been allowed to see them since, and the lawyers of\n"
    "Reza were turned away."
)


def test_hard_wrapped_lines_are_joined_and_the_repair_is_told() -> None:
    result = imported(text_of(briefing=WRAPPED))
    # Line 1 breaks off before a small letter; line 2 is as long as line 1, so full; line 3 breaks
    # off before a capital, which is enough in a text that is hard-wrapped throughout.
    assert paragraphs(read_back(result)[1].briefing.text.strip()) == [WRAPPED.replace("\n", " ")]
    assert (3, "the lines 3 to 6 are joined to one paragraph") in told(result.findings, "repaired")


def test_a_short_line_in_a_hard_wrapped_text_ends_its_paragraph() -> None:
    briefing = briefing_of(text_of(briefing=f"{WRAPPED}\nHer health\nSarah is ill."))
    assert briefing == [WRAPPED.replace("\n", " "), "Her health", "Sarah is ill."]


def test_a_line_longer_than_any_wrapped_one_leaves_only_the_joints_that_are_certain() -> None:
    long = "They were arrested " + "and arrested again " * 6 + "in Tehran."
    heading = "What has become of the families of the two since then"
    briefing = briefing_of(text_of(briefing=f"{WRAPPED}\n{long}\n{heading}\nNobody knows."))
    first, second, third, last = WRAPPED.split("\n")
    assert briefing == [f"{first} {second}", third, last, long, heading, "Nobody knows."]


def test_a_line_below_a_quote_does_not_go_on_with_it() -> None:
    words = "I do not know whether I will ever see my four children again."
    _, text = read_back(imported(text_of(briefing=f"{words}\tMihriban\nafter this she wept.")))
    assert text.quote is not None
    assert text.quote.text.text == words
    assert text.briefing.text.strip() == "after this she wept."


def test_lines_of_a_text_that_is_not_wrapped_are_never_joined() -> None:
    briefing = (
        "Background to the case of the families from the region\n"
        "Many people were arrested.\n"
        "They live in Italy"
    )
    assert briefing_of(text_of(briefing=briefing)) == briefing.split("\n")


def test_a_word_divided_at_the_end_of_a_line_keeps_its_hyphen_and_is_told() -> None:
    briefing = (
        "Some parents have since learned their children were taken to state-\n"
        "run camps after the relatives taking care of them were all detained."
    )
    result = imported(text_of(briefing=briefing))
    assert "to state-run camps" in read_back(result)[1].briefing.text
    assert (4, "'state-run' was divided at the end of a line") in told(result.findings, "doubtful")


@pytest.mark.parametrize("mark", ["•", "-", "*", "–", "·", "•\t"])
def test_lines_with_a_bullet_become_a_list(mark: str) -> None:
    result = imported(text_of(ask=f"Call on them to:\n{mark} free her\n\n{mark} free *him*\nNow."))
    blocks = read_markup(read_back(result)[1].ask.text.strip())
    assert [block.kind for block in blocks] == ["paragraph", "bullets", "paragraph"]
    assert plain((blocks[1],)) == "free her\nfree *him*"


def test_an_item_goes_on_below_itself_when_it_is_indented_or_in_the_midst_of_a_sentence() -> None:
    ask = "- free her\n  Today\n- free him\nat once\n- stop\nThat is all."
    blocks = read_markup(read_back(imported(text_of(ask=ask)))[1].ask.text.strip())
    assert plain(blocks) == "free her Today\nfree him at once\nstop\nThat is all."


def test_signs_of_markdown_html_and_templates_print_as_they_are() -> None:
    hostile = [
        "1. First *bold* _under_ [link](x) `code` \\ <b>tag</b> &amp; & {{ name }} {% x %}",
        "# Heading",
        "##heading",
        "## letter",
        "+ plus",
        "> quoted",
        "=====x",
    ]
    assert briefing_of(text_of(briefing="\n".join(hostile))) == hostile


def test_a_rule_of_signs_is_left_out_and_told() -> None:
    result = imported(text_of(briefing="One.\n-----\nTwo."))
    assert paragraphs(read_back(result)[1].briefing.text.strip()) == ["One.", "Two."]
    assert (4, "a rule of signs was left out: '-----'") in told(result.findings, "repaired")


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("by police.For decades", "by police. For decades"),
        ("left.”Then", "left.” Then"),
        ("in 2016.Since then", "in 2016. Since then"),
        ("am sad.I write", "am sad. I write"),
        ("Xinjiang?Nobody knows!They say", "Xinjiang? Nobody knows! They say"),
        ("Ελλάδα.Και", "Ελλάδα. Και"),
    ],
)
def test_a_missing_space_after_a_full_stop_is_mended(written: str, mended: str) -> None:
    result = imported(text_of(briefing=written))
    assert read_back(result)[1].briefing.text.strip() == mended
    assert told(result.findings, "repaired")[0][0] == 3


@pytest.mark.parametrize(
    "written", ["www.Example.Org", "a.Person@mail.Example.org", "U.S.A. Ph.D. e.V.", "1.5.2020 x.y"]
)
def test_a_full_stop_inside_a_name_or_a_number_is_no_end_of_a_sentence(written: str) -> None:
    result = imported(text_of(briefing=written))
    assert read_back(result)[1].briefing.text.strip() == written
    assert not [one for one in result.findings if "space" in one.message]


@pytest.mark.parametrize("written", ["St.Petersburg", "Amnesty.Org", "the USA.For"])
def test_a_full_stop_that_may_lack_a_space_is_doubtful(written: str) -> None:
    result = imported(text_of(briefing=written))
    assert read_back(result)[1].briefing.text.strip() == written
    joint = written.split()[-1]
    assert (3, f"'{joint}' may lack a space") in told(result.findings, "doubtful")


def test_a_stray_tab_becomes_a_space() -> None:
    result = imported(text_of(briefing="They\tfled.", ask="Name:\tMihriban"))
    _, text = read_back(result)
    assert text.briefing.text.strip() == "They fled."
    assert text.ask.text.strip() == "Name: Mihriban"
    assert told(result.findings, "repaired") == [(3, "a tab became a space (2 times)")]


def test_breaks_from_a_word_processor_end_a_line() -> None:
    result = imported(text_of(briefing="One.\vTwo.\fThree.\u2028Four.\u2029Five.\x85Six."))
    assert len(paragraphs(read_back(result)[1].briefing.text.strip())) == 6
    assert told(result.findings, "repaired") == [
        (3, "a line or page break from a word processor ends a line")
    ]


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    assert imported("\ufeff" + SEED.replace("\n", "\r\n")) == imported(SEED)
    assert imported(SEED.replace("\n", "\r")) == imported(SEED)


# ------------------------------------------------------------------------------------------ quotes


@pytest.mark.parametrize(
    ("written", "words", "by"),
    [
        ("I want to see my mother.\t Mihriban", "I want to see my mother.", "Mihriban"),
        ("I want to see my mother.\t\t— Mihriban", "I want to see my mother.", "Mihriban"),
        (
            "I miss my mother\tMihriban, mother of four",
            "I miss my mother",
            "Mihriban, mother of four",
        ),
        ("“I want to see her.” — Sarah", "“I want to see her.”", "Sarah"),
        ("« Je veux la voir » – Élodie D’Arc", "« Je veux la voir »", "Élodie D’Arc"),
        ("“I want to see her.”\n— Sarah", "“I want to see her.”", "Sarah"),
        ("“I want to see her.”\n- Sarah", "“I want to see her.”", "Sarah"),
    ],
)
def test_a_quote_leaves_the_briefing_with_its_speaker(written: str, words: str, by: str) -> None:
    _, text = read_back(imported(text_of(briefing=f"Before.\n{written}\nAfter.")))
    assert text.quote is not None
    assert text.quote.by is not None
    assert (text.quote.text.text, text.quote.by.text) == (words, by)
    assert paragraphs(text.briefing.text.strip()) == ["Before.", "After."]


@pytest.mark.parametrize(
    "written",
    [
        "One two three four.\tThen he left.",
        "One two three four.\tthis is a text of seven words",
        "“People’s War on Terror” began in 2014.",
        "“I was beaten” – and then “they left”",
        "- “one two three four” — Anna",
        "- “one two three four”\n- Anna",
    ],
)
def test_what_only_looks_like_a_quote_stays_in_the_briefing(written: str) -> None:
    _, text = read_back(imported(text_of(briefing=written)))
    assert text.quote is None
    words = re.sub("^- ", "", written, flags=re.MULTILINE).replace("\t", " ")
    assert plain(read_markup(text.briefing.text)) == words


def test_a_second_quote_stays_in_the_briefing_and_is_told() -> None:
    result = imported(text_of(briefing="I want my mother.\tAnna\nI want my father.\tBen\nEnd."))
    _, text = read_back(result)
    assert text.quote is not None
    assert text.quote.text.text == "I want my mother."
    assert paragraphs(text.briefing.text.strip()) == ["I want my father. — Ben", "End."]
    assert (
        4,
        "only one quote can stand out; the one by 'Ben' stays in the briefing",
    ) in told(result.findings, "doubtful")


def test_a_tab_in_the_letter_makes_no_quote() -> None:
    result = imported(text_of(letter="I want my mother.\tAnna"))
    assert read_back(result)[1].letter.text.strip() == "I want my mother. Anna"
    assert (17, "a tab before 'Anna' became a space") in told(result.findings, "doubtful")


# --------------------------------------------------------------------------------------- headings


@pytest.mark.parametrize(
    "heading", ["TAKE ACTION", "Take action:", "take  action :", "**TAKE ACTION**"]
)
@pytest.mark.parametrize("letter", ["Template Letter:", "TEMPLATE LETTER", "Sample letter"])
def test_headings_are_known_in_any_case_with_or_without_a_colon(heading: str, letter: str) -> None:
    source = text_of().replace("TAKE ACTION:", heading).replace("TEMPLATE LETTER", letter)
    assert imported(source).files == imported(text_of()).files


def test_text_may_follow_a_heading_on_its_line() -> None:
    source = text_of().replace("TAKE ACTION:\n\n", "TAKE ACTION: ")
    assert read_back(imported(source))[1].ask.text.strip() == "Write to the president."


def test_a_heading_on_a_line_of_its_own_goes_before_one_with_text_behind_it() -> None:
    _, text = read_back(imported(text_of(briefing="They fled.\nTake action: it matters.")))
    assert paragraphs(text.briefing.text.strip()) == ["They fled.", "Take action: it matters."]
    assert text.ask.text.strip() == "Write to the president."


def test_a_heading_that_comes_again_is_text_and_told() -> None:
    result = imported(text_of(ask="Write now.\nTake action\nAgain."))
    assert paragraphs(read_back(result)[1].ask.text.strip()) == [
        "Write now.",
        "Take action",
        "Again.",
    ]
    assert (
        8,
        "the heading 'Take action' comes a second time and is taken for text",
    ) in told(result.findings, "doubtful")


def test_what_stands_below_other_action_is_told_word_for_word() -> None:
    result = imported(text_of(other="Embassy\nRome"))
    assert (
        22,
        "'Embassy / Rome' stands below 'Other action/other address' and was not taken over",
    ) in told(result.findings, "doubtful")


# --------------------------------------------------------------------------------------- addresses


def action_of(address: str, **more: str) -> Action:
    return read_back(imported(text_of(address=address, **more)))[0]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("China", "CN"),
        ("PEOPLE'S REPUBLIC OF CHINA", "CN"),
        ("People’s Republic of China.", "CN"),
        ("P. R. China", "CN"),
        ("Iran", "IR"),
        ("ISLAMIC REPUBLIC OF IRAN", "IR"),
        ("Russian Federation", "RU"),
        ("Côte d'Ivoire", "CI"),
        ("Cote d’Ivoire", "CI"),
        ("Türkiye", "TR"),
        ("TURKEY", "TR"),
        ("U.S.A.", "US"),
        ("United States of America", "US"),
        ("UK", "GB"),
        ("South Korea", "KR"),
        ("Democratic People’s Republic of Korea", "KP"),
        ("The Netherlands", "NL"),
        ("Bosnia and Herzegovina", "BA"),
        ("Myanmar", "MM"),
        ("Viet Nam", "VN"),
        ("DRC", "CD"),
    ],
)
def test_a_last_line_that_names_a_country_becomes_the_country(line: str, code: str) -> None:
    target = action_of(f"A. Minister\nStreet 1\n{line}").targets[0]
    assert target.country == code
    assert [one.text for one in target.lines] == ["A. Minister", "Street 1"]


@pytest.mark.parametrize(
    ("line", "tag", "code"),
    [("Chine", "fr", "CN"), ("Deutschland", "de", "DE"), ("中国", "zh-Hans", "CN")],
)
def test_a_country_is_known_in_the_language_of_the_text(line: str, tag: str, code: str) -> None:
    assert country_code(line, tag) == code


@pytest.mark.parametrize(
    "name", ["Congo", "Korea", "United Nations", "European Union", "", "Beijing"]
)
def test_what_is_no_country_or_two_of_them_is_not_guessed(name: str) -> None:
    assert country_code(name, "en") is None


def test_a_name_that_two_countries_share_is_not_guessed() -> None:
    # In Māori, CLDR calls both Qatar and Chad "Kata".
    assert country_code("Kata", "mi") is None


def test_fax_and_email_never_reach_the_postal_lines() -> None:
    address = (
        "Xi Jinping\nBeijing 100017, Fax: +86 10 1\nTel/Fax: 2; E-mail: a@b.cn\n"
        "Telephone +86 10 3\nother@mail.cn\nTwitter: @xi\nhttps://gov.cn\nChina"
    )
    result = imported(text_of(address=address))
    action, _ = read_back(result)
    target = action.targets[0]
    assert lines_of(action) == [["Xi Jinping", "Beijing 100017"]]
    assert target.fax is not None
    assert target.fax.text == "+86 10 1, 2"
    assert target.email is not None
    assert target.email.text == "a@b.cn, other@mail.cn"
    assert (
        14,
        "'Telephone +86 10 3 / Twitter: @xi / https://gov.cn' has no field and was not taken over",
    ) in told(result.findings, "doubtful")
    assert (13, "'fax' holds 2 entries") in told(result.findings, "doubtful")


def test_cell_12_and_number_0_are_postal_lines() -> None:
    assert lines_of(action_of("A. Prisoner\nCell 12\nMobile 5\nChina")) == [
        ["A. Prisoner", "Cell 12", "Mobile 5"]
    ]


def test_a_fax_without_a_number_is_told() -> None:
    result = imported(text_of(address="Xi Jinping\nBeijing\nChina\nFax: none\nEmail: see above"))
    target = read_back(result)[0].targets[0]
    assert (target.fax, target.email) == (None, None)
    assert (14, "'Fax: none / Email: see above' has no field and was not taken over") in told(
        result.findings, "doubtful"
    )


def test_an_address_of_eight_lines_keeps_them_all() -> None:
    lines = [f"Line {number}" for number in range(1, 9)]
    assert lines_of(action_of("\n".join([*lines, "China"]))) == [lines]


def test_a_country_behind_the_last_comma_is_taken_and_doubtful() -> None:
    result = imported(text_of(address="A. Minister\nTbilisi, Georgia"))
    action, _ = read_back(result)
    assert (lines_of(action), action.targets[0].country) == ([["A. Minister", "Tbilisi"]], "GE")
    assert (
        12,
        "'Georgia' was taken for the country and left out of 'Tbilisi, Georgia'",
    ) in told(result.findings, "doubtful")


def test_an_address_without_a_country_takes_the_one_of_the_title() -> None:
    result = imported(text_of(address="Xi Jinping\nBeijing"))
    assert read_back(result)[0].targets[0].country == "CN"
    assert (
        12,
        "the address names no country; 'CN' was taken from the title",
    ) in told(result.findings, "doubtful")


def test_the_country_of_the_action_is_the_one_of_the_title_or_else_of_the_target() -> None:
    address = "A. Minister\nRome\nItaly"
    assert action_of(address, title="China: A case").country == "CN"
    assert action_of(address, title="South Korea – A case").country == "KR"
    assert action_of(address, title="A case").country == "IT"


TWO = "Xi Jinping\nPresident\nChina\nFax: 1\n\nLi Qiang\nPrime Minister\nChina\nEmail: b@c.cn"


def test_two_addresses_are_two_targets_with_their_salutations() -> None:
    action, text = read_back(
        imported(text_of(address=TWO, salutation="Dear President Xi,\n\nDear Premier Li,"))
    )
    assert [target.id for target in action.targets] == ["president", "prime-minister"]
    assert lines_of(action) == [["Xi Jinping", "President"], ["Li Qiang", "Prime Minister"]]
    assert [(name, one.text) for name, one in text.salutation.by_target] == [
        ("president", "Dear President Xi,"),
        ("prime-minister", "Dear Premier Li,"),
    ]


def test_each_address_may_stand_above_its_own_salutation() -> None:
    first, second = TWO.split("\n\n")
    address = f"{first}\n\nDear President Xi,\n\n{second}"
    action, text = read_back(imported(text_of(address=address, salutation="Dear Premier Li,")))
    assert [target.id for target in action.targets] == ["president", "prime-minister"]
    assert len(text.salutation.by_target) == 2


def test_one_salutation_for_two_targets_is_doubtful() -> None:
    result = imported(text_of(address=TWO))
    _, text = read_back(result)
    assert text.salutation.for_all is not None
    assert text.salutation.for_all.text == "Dear President Xi,"
    assert (21, "there are 2 targets and one salutation, 'Dear President Xi,'") in told(
        result.findings, "doubtful"
    )


def test_two_salutations_for_one_target_are_kept_and_doubtful() -> None:
    result = imported(text_of(salutation="Dear President Xi,\nDear Premier Li,"))
    _, text = read_back(result)
    assert text.salutation.for_all is not None
    assert text.salutation.for_all.text == "Dear President Xi, Dear Premier Li,"
    assert (16, "the number of salutations, 2, is not that of the targets, 1") in told(
        result.findings, "doubtful"
    )


def test_targets_of_one_office_get_ids_of_their_own() -> None:
    address = "A. One\nMinister\nChina\n\nB. Two\nMinister\nChina"
    assert [target.id for target in action_of(address).targets] == ["minister", "minister-2"]


def test_a_target_without_an_office_is_called_by_its_name() -> None:
    assert action_of("Élodie O’Brien\nRue 1\nFrance").targets[0].id == "elodie-obrien"
    assert action_of("习近平\n北京\nChina").targets[0].id == "target"


def test_an_empty_line_inside_an_address_makes_no_second_target() -> None:
    result = imported(
        text_of(address="Xi Jinping\nPresident\n\nZhongnanhai\nBeijing\nChina\n\nFax: 1")
    )
    action, _ = read_back(result)
    assert lines_of(action) == [["Xi Jinping", "President", "Zhongnanhai", "Beijing"]]
    assert (14, "an empty line inside an address was left out") in told(result.findings, "doubtful")


def test_what_is_for_copies_or_for_the_sender_is_told_and_not_posted() -> None:
    address = (
        "[Your name]\n\nXi Jinping\nPresident\nChina\n\nCopies to:\nEmbassy of China\nRome\n\n"
        "One more line"
    )
    result = imported(text_of(address=address))
    assert lines_of(read_back(result)[0]) == [["Xi Jinping", "President"]]
    found = told(result.findings, "doubtful")
    assert (11, "'[Your name]' is for the sender to fill in and was not taken over") in found
    assert (
        17,
        (
            "'Copies to: / Embassy of China / Rome' is for a copy, not for the letter "
            "and was not taken over"
        ),
    ) in found
    assert (21, "'One more line' is no address and was not taken over") in found


# ---------------------------------------------------------------------------- salutation, closing


@pytest.mark.parametrize(
    "salutation",
    [
        "Dear President Xi",
        "Your Excellency,",
        "Your Excellency",
        "Honourable Minister:",
        "To whom it may concern:",
        "Monsieur le Président,",
        "Sehr geehrter Herr Präsident,",
        "尊敬的习近平主席：",
    ],
)
def test_a_salutation_is_known_by_its_words_or_its_end(salutation: str) -> None:
    address = "The Honourable Xi Jinping\nPresident of China\nZhongnanhai, Beijing\nChina"
    action, text = read_back(imported(text_of(address=address, salutation=salutation)))
    assert text.salutation.for_all is not None
    assert text.salutation.for_all.text == salutation
    assert lines_of(action) == [address.split("\n")[:-1]]
    assert text.letter.text.strip() == "I am alarmed."


def test_an_instruction_above_the_address_is_told_and_not_posted() -> None:
    rule = "Please write in English or in your own language to the president of the country."
    result = imported(text_of(address=f"{rule}\n\nXi Jinping\nBeijing\nChina"))
    assert lines_of(read_back(result)[0]) == [["Xi Jinping", "Beijing"]]
    assert (11, f"'{rule}' is no postal line and was not taken over") in told(
        result.findings, "doubtful"
    )


def test_a_title_of_honour_in_the_address_is_no_salutation() -> None:
    address = "Honourable Xi Jinping,\nPresident,\nBeijing\nChina"
    action, text = read_back(imported(text_of(address=address, salutation="Your Excellency,")))
    assert lines_of(action) == [["Honourable Xi Jinping,", "President,", "Beijing"]]
    assert text.salutation.for_all is not None
    assert text.salutation.for_all.text == "Your Excellency,"


def test_commas_at_the_end_of_postal_lines_make_no_salutation() -> None:
    address = "Xi Jinping,\nPresident of China,\nZhongnanhai,\nChina"
    action, text = read_back(imported(text_of(address=address, salutation="Mr President,")))
    assert lines_of(action) == [["Xi Jinping,", "President of China,", "Zhongnanhai,"]]
    assert text.salutation.for_all is not None
    assert text.salutation.for_all.text == "Mr President,"


def test_a_letter_that_begins_behind_its_salutation_gets_a_line_of_its_own() -> None:
    result = imported(text_of(salutation="Dear President Xi, I am sad today.", letter="So sad."))
    _, text = read_back(result)
    assert text.salutation.for_all is not None
    assert text.salutation.for_all.text == "Dear President Xi,"
    assert paragraphs(text.letter.text.strip()) == ["I am sad today.", "So sad."]
    assert (16, "the letter begins on a new line after 'Dear President Xi,'") in told(
        result.findings, "repaired"
    )


def test_a_salutation_inside_the_letter_is_doubtful() -> None:
    letter = (
        "I am alarmed about what I hear from there. Please act.\nLi Qiang\nDear Premier Li,\nAct."
    )
    found = told(imported(text_of(letter=letter)).findings, "doubtful")
    assert (
        19,
        "'Dear Premier Li,' looks like a second salutation inside the letter",
    ) in found


@pytest.mark.parametrize(
    "closing",
    ["Yours sincerely,", "Respectfully", "Yours faithfully and in hope,", "In the name of all,"],
)
def test_a_closing_is_known_by_its_words_or_its_comma(closing: str) -> None:
    _, text = read_back(imported(text_of(closing=closing)))
    assert text.closing.for_all is not None
    assert text.closing.for_all.text == closing
    assert text.letter.text.strip() == "I am alarmed."


def test_what_stands_below_the_closing_is_told() -> None:
    result = imported(text_of(closing="Yours sincerely,\n\n[NAME]\nP.S. Act now."))
    assert read_back(result)[1].letter.text.strip() == "I am alarmed."
    assert (
        21,
        "'[NAME] / P.S. Act now.' stands below the closing and was not taken over",
    ) in told(result.findings, "doubtful")


@pytest.mark.parametrize(
    "letter", ["Respectfully I ask you.", "Respectfully I ask you to release her at once,"]
)
def test_a_paragraph_that_begins_like_a_closing_stays_in_the_letter(letter: str) -> None:
    _, text = read_back(imported(text_of(letter=letter, closing="")))
    assert text.letter.text.strip() == letter


def test_a_letter_without_a_closing_gets_one_and_it_is_doubtful() -> None:
    result = imported(text_of(closing=""))
    _, text = read_back(result)
    assert text.closing.for_all is not None
    assert text.closing.for_all.text == "Yours sincerely,"
    assert (
        17,
        "the letter has no closing that is known; 'Yours sincerely,' was written",
    ) in told(result.findings, "doubtful")


def test_a_blank_to_fill_in_is_doubtful() -> None:
    found = told(imported(text_of(letter="I am [your job] from ____.")).findings, "doubtful")
    assert (
        17,
        "'[your job]' in the letter looks like a blank that somebody should fill in",
    ) in found
    assert (17, "'____' in the letter looks like a blank that somebody should fill in") in found


# ---------------------------------------------------------------------------- credit, links, online


@pytest.mark.parametrize("line", ["Source: Human Rights Watch", "CREDIT: A. Writer & Co"])
def test_a_line_that_says_whom_the_text_is_from_is_the_credit(line: str) -> None:
    result = imported(text_of(briefing=f"They fled.\n{line}"))
    action, text = read_back(result)
    assert action.credit.text == line
    assert text.briefing.text.strip() == "They fled."
    assert not [one for one in result.findings if "credit" in one.message]


def test_a_text_that_names_no_source_says_so() -> None:
    result = imported(text_of())
    credit = [one for one in result.findings if "whom it is from" in one.message]
    assert [str(one) for one in credit] == [
        (
            "seed.txt: warning: the text does not say whom it is from, and nothing can be built "
            "of it; write 'credit' in action.yaml, such as \"Text: Harbour Group\" [doubtful]"
        )
    ]


def test_a_folder_without_a_credit_is_refused_at_its_line(tmp_path: Path) -> None:
    result = imported(text_of())
    for name, text in result.files:
        (tmp_path / result.id / name).parent.mkdir(exist_ok=True)
        (tmp_path / result.id / name).write_text(text, encoding="utf-8")
    with pytest.raises(Rejected) as caught:
        read_action(Jail(root=tmp_path / result.id, name=result.id))
    (found,) = caught.value.findings
    assert (found.code, found.message) == ("missing-field", "'credit' is empty")
    lines = dict(result.files)["action.yaml"].split("\n")
    assert found.place.line is not None
    assert lines[found.place.line - 1] == "credit: # whom the text is from: nothing prints without"


def test_a_text_that_names_amnesty_is_theirs() -> None:
    result = imported(text_of(briefing="Amnesty International asked for them."))
    assert '\ncredit: "Text: Amnesty International"\n' in dict(result.files)["action.yaml"]


@pytest.mark.parametrize("words", ["Read it here: www.example.org", "Click here https://x.org/a"])
def test_words_with_an_address_behind_them_are_no_dead_link(words: str) -> None:
    assert not [
        one for one in imported(text_of(briefing=words)).findings if "behind" in one.message
    ]


def test_words_to_click_on_are_named() -> None:
    found = told(imported(text_of(ask="Click here to sign.")).findings, "doubtful")
    assert (7, "there is no address behind 'Click here'") in found


def test_an_address_of_the_online_action_is_checked_and_written() -> None:
    result = imported(SEED, online="https://www.example.org/act/uyghur-families")
    action, _ = read_back(result)
    assert action.online is not None
    assert action.online.text == "https://www.example.org/act/uyghur-families"
    assert not [one for one in result.findings if "online action" in one.message]
    with pytest.raises(Rejected) as caught:
        imported(SEED, online="javascript:alert(1)")
    assert {one.code for one in caught.value.findings} == {"qr-url"}


def test_no_online_action_can_be_meant() -> None:
    result = imported(SEED, online="none")
    assert read_back(result)[0].online is None
    assert not [one for one in result.findings if "online action" in one.message]


# ---------------------------------------------------------------------------------- what is refused


def test_all_that_is_missing_is_said_at_once() -> None:
    assert [(one.place.line, one.code, one.message) for one in refused("") if one.is_error] == [
        (1, "missing-field", "the text has no title"),
        (1, "missing-section", "the briefing below the title is empty"),
        (None, "missing-section", "there is no line 'TAKE ACTION'"),
        (None, "missing-section", "there is no line 'TEMPLATE LETTER'"),
    ]


def test_a_misspelt_heading_is_named() -> None:
    found = refused(text_of().replace("TEMPLATE LETTER", "TEMPLATE LETTR"))
    wrong = next(one for one in found if one.code == "missing-section")
    assert wrong.place.line == 9
    assert wrong.cure == (
        "write 'TEMPLATE LETTER' on a line of its own where that part begins; "
        "'TEMPLATE LETTR' may be meant"
    )


@pytest.mark.parametrize(
    ("source", "line", "code", "message"),
    [
        (text_of(address=""), 13, "missing-field", "there is no address above the salutation"),
        (text_of(address="Fax: 1"), 11, "missing-field", "an address has no postal line"),
        (
            text_of(title="A case", address="Xi Jinping\nBeijing"),
            12,
            "missing-field",
            "neither the address, which ends with 'Beijing', nor the title names a country",
        ),
        (text_of(letter=""), 9, "missing-section", "the letter is empty"),
        (text_of(ask=""), 5, "missing-section", "what stands below 'TAKE ACTION' is empty"),
        (text_of(briefing=""), 1, "missing-section", "the briefing below the title is empty"),
    ],
)
def test_what_an_action_cannot_be_without_is_an_error_with_its_line(
    source: str, line: int, code: str, message: str
) -> None:
    errors = [one for one in refused(source) if one.is_error]
    assert [(one.place.line, one.code, one.message) for one in errors] == [(line, code, message)]


def test_control_characters_are_refused_with_their_line() -> None:
    found = refused(text_of(briefing="They\x00 fled.\n\u202etxet"))
    assert [(one.place.line, one.code) for one in found] == [(3, "bad-value"), (4, "bad-value")]


def test_a_character_that_was_lost_before_is_doubtful() -> None:
    found = told(imported(text_of(briefing="Caf\ufffd")).findings, "doubtful")
    assert found[0] == (3, "a character was lost before the text came here (it holds U+FFFD)")


# ------------------------------------------------------------------------------------------ bytes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf_8_is_read_with_and_without_a_mark(encoding: str) -> None:
    assert decode(SEED.encode(encoding), "seed.txt") == (SEED, ())


def test_utf_16_is_read_when_it_says_so_and_that_is_told() -> None:
    text, found = decode(SEED.encode("utf-16"), "seed.txt")
    assert text == SEED
    assert told(found, "repaired") == [(None, "the text was UTF-16; what is written is UTF-8")]


def test_an_older_encoding_is_read_and_doubtful() -> None:
    text, found = decode(SEED.encode("cp1252"), "seed.txt")
    assert text == SEED
    (told_of_it,) = found
    assert str(told_of_it) == (
        "seed.txt: warning: the file is not UTF-8; it was read as Windows-1252 (western Europe); "
        "look at every letter with an accent; if they are wrong, save it as UTF-8 (in Word: Save "
        "as, plain text, other encoding, Unicode UTF-8), or name the language with --lang "
        "[doubtful]"
    )


@pytest.mark.parametrize("data", [b"\x81\xff", b"\xff\xfea", b"\xfe\xff\xd8\x00"])
def test_bytes_that_are_no_text_are_refused(data: bytes) -> None:
    with pytest.raises(Rejected) as caught:
        decode(data, "seed.txt")
    assert [one.code for one in caught.value.findings] == ["bad-file"]


# -------------------------------------------------------------------------------------- properties

CHARACTERS = st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co")).filter(
    lambda character: (
        not check_characters(character, NOWHERE) and mended(f"{character}a", 1, Notes("x"))[1:]
    )
)
HOSTILE = st.sampled_from(
    [
        "\\",
        '"',
        "'",
        "{{ x }}",
        "&amp;",
        "<b>",
        "##",
        "---",
        "***",
        "_",
        "[x]",
        ": ",
        " #",
        "1. ",
        "%",
    ]
)
MARKS = st.text(CHARACTERS, max_size=16) | st.lists(HOSTILE, max_size=6).map("".join)
# A letter first, so that no line is a bullet, a rule, a heading or a label.
WORDS = MARKS.map(lambda text: f"Abc {text}".strip())
POSTAL = WORDS.map(lambda text: re.sub(r"[@:：/]", "", text))


@given(
    title=WORDS,
    briefing=st.lists(WORDS, min_size=1, max_size=4),
    ask=st.lists(WORDS, min_size=1, max_size=2),
    address=st.lists(POSTAL, min_size=1, max_size=8),
    salutation=MARKS.map(lambda text: f"Dear {squeezed(text)}!"),
    letter=st.lists(WORDS, min_size=1, max_size=3),
)
def test_every_field_holds_what_was_written_whatever_it_is(
    title: str,
    briefing: list[str],
    ask: list[str],
    address: list[str],
    salutation: str,
    letter: list[str],
) -> None:
    source = text_of(
        title=title,
        briefing="\n".join(briefing),
        ask="\n\n".join(ask),
        address="\n".join([*address, "China"]),
        salutation=salutation,
        letter="\n".join(letter),
    )
    action, text = read_back(imported(source, action_id="a"))
    assert squeezed(text.title.text) == squeezed(title)
    assert squeezed(plain(read_markup(text.briefing.text))) == squeezed("".join(briefing))
    assert squeezed(plain(read_markup(text.ask.text))) == squeezed("".join(ask))
    assert squeezed(plain(read_markup(text.letter.text))) == squeezed("".join(letter))
    assert text.salutation.for_all is not None
    assert text.salutation.for_all.text == salutation
    assert [squeezed(line) for line in lines_of(action)[0]] == [squeezed(line) for line in address]
    assert action.targets[0].country == "CN"


# Lines of words with numbers, so that each can be found again; % is the next word.
SHAPES = st.sampled_from(
    [
        "%", "% %", "% % % % %.", "% % % %,", "% % % % % % % % % % % % % % % % % % %", "", "", "",
        "- %", "• % %", "  %", "% % % %.\t%", "%\t% %", "“% % % %” — %", "“% % % %”", "— %",
        "%.%", "Fax: %", "Email: %@%.%", "Tel: %, Fax: %", "%@%.%", "China", "%, China", "[%]",
        "Copies to: %", "%:", "Dear %,", "Dear %, % % %.", "Yours sincerely,", "%,", "-----",
        "Source: %", "TAKE ACTION", "TAKE ACTION: %", "TEMPLATE LETTER", "Other action", "%-", "%!",
    ]
)  # fmt: skip


def numbered(shapes: list[str]) -> str:
    """The shapes with their words: a letter that makes no id, and a number."""
    count = iter(range(10_000))
    return re.sub("%", lambda _: f"ж{next(count)}ж", "\n".join(shapes))


def words_in(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"ж(\d+)ж", text)]


@settings(max_examples=150)
@given(
    st.lists(SHAPES, max_size=8),
    st.lists(SHAPES, max_size=4),
    st.lists(SHAPES, max_size=8),
    st.lists(SHAPES, max_size=8),
    st.lists(SHAPES, max_size=3),
)
def test_no_word_is_lost_doubled_or_moved(
    briefing: list[str], ask: list[str], address: list[str], letter: list[str], other: list[str]
) -> None:
    source = numbered(
        [
            "China: %",
            *("%", *briefing),
            *("TAKE ACTION", "%", *ask),
            *("TEMPLATE LETTER", "%", *address, "Dear %,", "%", *letter),
            *("Other action/other address", *other),
        ]
    )
    try:
        result = imported(source, action_id="a")
    except Rejected:
        return
    _, text = read_back(result)
    written = words_in("".join(content for _, content in result.files))
    said = {number for one in result.findings for number in words_in(one.message)}
    assert len(written) == len(set(written))
    assert set(words_in(source)) - said <= set(written)
    for section in (text.briefing.text, text.ask.text, text.letter.text):
        assert words_in(section) == sorted(words_in(section))


FRAGMENTS = st.sampled_from(
    [
        "TAKE ACTION:", "TEMPLATE LETTER", "Other action/other address", "Dear Sir,", "China",
        "Yours sincerely,", "Fax: 1", "Email: a@b.c", "CHINA: UYGHURS", "- item", "“A b c d” — e",
        "\t", "\n", "\n\n", " ", "\u2028", "---", "## letter", "Xi Jinping", "]", "King", "1. a",
    ]
)  # fmt: skip


@settings(max_examples=150)
@given(
    st.lists(FRAGMENTS | st.text(CHARACTERS, max_size=12), max_size=40)
    | st.lists(FRAGMENTS | st.text(max_size=12), max_size=40),
    st.booleans(),
)
def test_any_text_is_imported_into_a_folder_that_reads_or_refused_with_findings(
    fragments: list[str], shaped: bool
) -> None:
    noise = "\n".join(fragments)
    source = (
        text_of(briefing=noise, address=f"A\nB\n{noise}", letter=f"A\n{noise}") if shaped else noise
    )
    for tag in ("en", "tr"):
        try:
            result = imported(source, tag=tag)
        except Rejected as error:
            faults = error.findings
        else:
            read_back(result, tag)
            faults = ()
        assert not faults or has_errors(faults)


@given(st.binary())
def test_any_bytes_become_text_or_a_finding(data: bytes) -> None:
    try:
        text, faults = decode(data, "seed.txt")
    except Rejected as error:
        text, faults = None, error.findings
    assert has_errors(faults) == (text is None)


# --------------------------------------------------------------------- found by those who tried it


def test_a_country_written_twice_is_taken_once() -> None:
    result = imported(text_of(address="Xi Jinping\nBeijing\nP.R. China\nChina"))
    action, _ = read_back(result)
    assert lines_of(action) == [["Xi Jinping", "Beijing"]]
    assert action.targets[0].country == "CN"


@pytest.mark.parametrize(
    ("title", "tag", "written"),
    [
        ("CÔTE D'IVOIRE: THE FAMILIES", "en", "Côte d'Ivoire: The families"),
        ("CÔTE D’IVOIRE: THE FAMILIES", "fr", "Côte d’Ivoire: The families"),
        ("BOSNIA AND HERZEGOVINA: FAMILIES", "en", "Bosnia and Herzegovina: Families"),
        ("CHINA: FAMILIES (UA 12/2025)", "en", "China: Families (UA 12/2025)"),
        ("UA 12/2025: FAMILIES IN CHINA", "en", "UA 12/2025: Families in China"),
        ("CHINA: COVID-19 AND A 12-YEAR-OLD", "en", "China: COVID-19 and a 12-year-old"),
        ("CHINA: FAMILIES AFTER 10 YEARS", "en", "China: Families after 10 years"),
        ("CHINA: FAMILIES IN 2025 (AGED 12)", "en", "China: Families in 2025 (aged 12)"),
        ("CHINA: THE 1990S AND G20", "en", "China: The 1990s and G20"),
    ],
)
def test_a_title_keeps_the_capitals_of_countries_and_references(
    title: str, tag: str, written: str
) -> None:
    assert read_back(imported(text_of(title=title), tag=tag), tag)[1].title.text == written


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("Courriel : a@example.org", "email", "a@example.org"),
        ("Correo electrónico: a@example.org", "email", "a@example.org"),
        ("E-posta: a@example.org", "email", "a@example.org"),
        ("Télécopie : +33 1 23", "fax", "+33 1 23"),
        ("Faks: +90 1 23", "fax", "+90 1 23"),
    ],
)
def test_labels_are_known_in_other_languages(line: str, field: str, value: str) -> None:
    action, _ = read_back(imported(text_of(address=f"Xi Jinping\nBeijing\nChina\n{line}")))
    found = getattr(action.targets[0], field)
    assert found is not None
    assert found.text == value


def test_a_phone_in_another_language_is_left_out_and_told() -> None:
    result = imported(text_of(address="Xi Jinping\nBeijing\nChina\nTéléphone : +33 1 23"))
    assert lines_of(read_back(result)[0]) == [["Xi Jinping", "Beijing"]]
    assert "'Téléphone : +33 1 23' has no field" in str(told(result.findings, "doubtful"))


@pytest.mark.parametrize(
    "closing",
    [
        "Veuillez agréer, Monsieur le Président, l’expression de ma haute considération.",
        "Je vous prie d'agréer, Monsieur, l’expression de mes salutations distinguées.",
        "Cordialement,",
    ],
)
def test_a_french_closing_is_a_sentence(closing: str) -> None:
    result = imported(text_of(closing=closing), tag="fr")
    _, text = read_back(result, "fr")
    assert text.closing.for_all is not None
    assert text.closing.for_all.text == closing
    assert not [one for one in result.findings if "closing" in one.message]


def test_a_french_closing_on_two_lines_is_one() -> None:
    closing = "Veuillez agréer, Monsieur le Président,\nl’expression de ma considération."
    result = imported(text_of(closing=f"{closing}\n[NOM]"), tag="fr")
    _, text = read_back(result, "fr")
    assert text.closing.for_all is not None
    assert text.closing.for_all.text == closing.replace("\n", " ")
    below = [one.message for one in result.findings if "below the closing" in one.message]
    assert below == ["'[NOM]' stands below the closing and was not taken over"]


def test_a_paragraph_above_that_begins_like_a_french_closing_stays_in_the_letter() -> None:
    letter = "Veuillez recevoir les familles.\nElles attendent."
    _, text = read_back(imported(text_of(letter=letter, closing="Cordialement,"), tag="fr"), "fr")
    assert paragraphs(text.letter.text.strip()) == letter.split("\n")


def test_a_country_that_is_not_found_may_be_written_in_another_language() -> None:
    errors = refused(text_of(title="A case", address="Xi Jinping\nBeijing\nCina"))
    (found,) = (one for one in errors if one.is_error)
    assert found.cure == (
        "write the country as the last line of the address, or pass --lang if the text is not "
        "in 'en'"
    )


def test_a_repair_made_many_times_is_told_once() -> None:
    result = imported(text_of(briefing="\n".join(f"They fled\tin {year}." for year in range(40))))
    assert told(result.findings, "repaired") == [(3, "a tab became a space (40 times)")]
