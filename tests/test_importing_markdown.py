"""What `actionpack import` makes of Markdown, with fields at its top and without."""

from __future__ import annotations

from datetime import date

import pytest
from test_importing import TODAY, paragraphs, read_back, text_of, told

from actionpack.diagnostics import Finding, Rejected, has_errors
from actionpack.importing import Imported, import_text

ADDRESS = "Xi Jinping\nPresident of China\nBeijing\nChina"


def imported(source: str, *, tag: str | None = "en", file: str = "action.md") -> Imported:
    return import_text(source, file=file, action_id="a", tag=tag, online=None, today=TODAY)


def markdown(
    *,
    title: str = "# China: Uyghur families",
    briefing: str = "They fled in 2016.",
    ask: str = "Write to the president.",
    address: str = ADDRESS,
    salutation: str = "Dear President Xi,",
    letter: str = "I am alarmed.",
    closing: str = "Yours sincerely,",
) -> str:
    return (
        f"{title}\n\n{briefing}\n\n## Take action\n\n{ask}\n\n## Template letter\n\n{address}\n\n"
        f"{salutation}\n\n{letter}\n\n{closing}\n"
    )


def briefing_of(briefing: str) -> str:
    return read_back(imported(markdown(briefing=briefing)))[1].briefing.text.strip()


def doubts(result: Imported) -> list[tuple[int | None, str]]:
    return told(result.findings, "doubtful")


def test_markdown_becomes_the_same_action_as_plain_text() -> None:
    plain = import_text(
        text_of(briefing="They fled in 2016."),
        file="a.txt", action_id="a", tag="en", online=None, today=TODAY,
    )  # fmt: skip
    assert imported(markdown()).files == plain.files


@pytest.mark.parametrize(
    ("head", "letter"),
    [
        ("Take action\n-----------", "Template letter\n==============="),
        ("**Take action**", "**Template letter:**"),
        ("### TAKE ACTION", "Template Letter"),
        ("## 1. Take action", "## 2. Template letter ##"),
    ],
)
def test_headings_of_all_kinds_are_known(head: str, letter: str) -> None:
    source = markdown().replace("## Take action", head).replace("## Template letter", letter)
    assert imported(source).files == imported(markdown()).files


def test_the_lines_of_a_paragraph_are_joined_and_those_of_an_address_are_not() -> None:
    result = imported(markdown(briefing="They fled\nin 2016.\nNobody came."))
    action, text = read_back(result)
    assert text.briefing.text.strip() == "They fled in 2016. Nobody came."
    assert [line.text for line in action.targets[0].lines] == ADDRESS.split("\n")[:-1]


@pytest.mark.parametrize("end", ["  ", "\\", "<br>", "<br/>  "])
def test_a_hard_break_stays(end: str) -> None:
    assert briefing_of(f"One line{end}\nand another.") == "One line\\\nand another."


def test_an_address_with_hard_breaks_or_set_in_is_an_address() -> None:
    for address in (ADDRESS.replace("\n", "  \n"), "    " + ADDRESS.replace("\n", "\n    ")):
        action, _ = read_back(imported(markdown(address=address)))
        assert [line.text for line in action.targets[0].lines] == ADDRESS.split("\n")[:-1]


def test_lists_keep_their_kind_their_depth_and_their_numbers() -> None:
    briefing = "* free her\n* free him\n\n    3. at once\n    4. safely\n\ntext\n\n1) one\n2) two"
    assert briefing_of(briefing).split("\n") == [
        "- free her",
        "- free him",
        "",
        "  3. at once",
        "  4. safely",
        "",
        "text",
        "",
        "1. one",
        "2. two",
    ]


def test_a_list_that_begins_again_is_another_list() -> None:
    assert briefing_of("1. one\n2. two\n\n1) again").split("\n") == [
        "1. one",
        "2. two",
        "1) again",
    ]


def test_a_second_paragraph_of_an_item_stays_with_it() -> None:
    assert briefing_of("- one\n\n  more of it\n- two") == "- one\\\n  more of it\n- two"


def test_emphasis_links_and_sub_headings_stay() -> None:
    briefing = (
        "**They** *fled*, see [the report][1] and <https://www.example.org/x>.\n\n"
        "### Why\n\nIt is `code`, \\*plain\\* &amp; true.\n\n[1]: https://www.example.org/r"
    )
    assert briefing_of(briefing) == (
        "**They** *fled*, see [the report](https://www.example.org/r) and "
        "[https://www.example.org/x](https://www.example.org/x).\n\n### Why\n\n"
        "It is code, \\*plain\\* & true."
    )


def test_what_nobody_refers_to_is_told() -> None:
    result = imported(markdown(briefing="They fled.\n\n[x]: https://www.example.org/r 'A title'"))
    assert (
        None,
        (
            "the address 'https://www.example.org/r' of 'X' is used nowhere and was not taken over "
            "('A title')"
        ),
    ) in doubts(result)


def test_a_link_that_leads_nowhere_is_words_and_told() -> None:
    result = imported(markdown(briefing="See [the report](report.pdf)."))
    assert read_back(result)[1].briefing.text.strip() == "See the report."
    assert (
        3,
        "the link behind 'the report' leads to 'report.pdf', which is nowhere on paper",
    ) in doubts(result)


def test_html_prints_as_it_stands_and_is_told() -> None:
    result = imported(markdown(briefing="They <b>fled</b>.\n\n<div>Text</div>"))
    assert paragraphs(read_back(result)[1].briefing.text.strip()) == [
        "They <b>fled</b>.",
        "<div>Text</div>",
    ]
    assert (3, "'<b>' is HTML and prints as it stands") in doubts(result)
    assert (5, "'</div>' is HTML and prints as it stands") in doubts(result)


def test_a_picture_and_a_table_are_told() -> None:
    source = markdown(
        briefing="![A family](family.jpg) fled.\n\n| a | b |\n|---|---|\n| 1 | **2** |"
    )
    result = imported(source)
    assert paragraphs(read_back(result)[1].briefing.text.strip()) == ["fled.", "a | b", "1 | 2"]
    assert (3, "the picture 'family.jpg' 'A family' was not taken over") in doubts(result)
    assert (5, "a table became lines of text, one for each row") in doubts(result)


def test_a_rule_and_a_footnote_mark_lose_no_word() -> None:
    result = imported(markdown(briefing="They fled[^1].\n\n***\n\n[^1]: Source"))
    assert paragraphs(read_back(result)[1].briefing.text.strip()) == [
        "They fled[^1].",
        "[^1]: Source",
    ]
    assert told(result.findings, "repaired")[0] == (5, "a rule of signs was left out: '***'")


def test_what_is_nested_without_end_is_refused_and_not_dropped() -> None:
    for briefing in ("> " * 200 + "x", "\n".join("  " * depth + "- x" for depth in range(200))):
        with pytest.raises(Rejected) as caught:
            imported(markdown(briefing=briefing))
        assert "lists or quotes are nested too deep" in str(caught.value)


def test_a_long_word_takes_no_time() -> None:
    assert briefing_of("a" * 50_000) == "a" * 50_000


def test_a_block_quote_with_a_speaker_is_the_quote() -> None:
    source = markdown(briefing="Before.\n\n> I want to see\n> my mother.\n>\n> — Sarah\n\nAfter.")
    _, text = read_back(imported(source))
    assert text.quote is not None
    assert text.quote.by is not None
    assert (text.quote.text.text, text.quote.by.text) == ("I want to see my mother.", "Sarah")
    assert paragraphs(text.briefing.text.strip()) == ["Before.", "After."]


def test_a_block_quote_without_a_speaker_stays_in_the_briefing_in_italics() -> None:
    result = imported(markdown(briefing="Before.\n\n> I want to see my mother.\n\nAfter."))
    _, text = read_back(result)
    assert text.quote is None
    assert text.briefing.text.strip() == "Before.\n\n*I want to see my mother.*\n\nAfter."
    assert (5, "a block quote became a paragraph in italics") in told(result.findings, "repaired")


def test_a_letter_that_is_a_block_quote_is_a_letter() -> None:
    plain = markdown()
    start = plain.index(ADDRESS)
    quoted = "\n".join(f"> {line}".rstrip() for line in plain[start:].rstrip().split("\n"))
    assert imported(plain[:start] + quoted + "\n").files == imported(plain).files


# ------------------------------------------------------------------------------------------ fields

FIELDS = """\
---
title: "China: The families"
id: families
summary: They wait.
quote: {text: "I want my mother.", by: Sarah}
issued: 2026-03-01
act_by: 2027-12-31
country: CN
language: fr
credit: "Text: A Group"
online: https://www.example.org/act
salutation: {president: "Monsieur le Président,", mayor: "Madame,"}
closing: Respectueusement,
targets:
  - {id: president, lines: [Xi Jinping, Pékin], country: CN}
  - {id: mayor, lines: ["La maire: X", Paris], country: FR}
---
## briefing
Ils ont fui.

## ask
Écrivez.

## letter
Je suis inquiet.
"""


def fields(source: str) -> Imported:
    return import_text(source, file="a.md", action_id=None, tag=None, online=None, today=TODAY)


def test_fields_at_the_top_are_taken_as_they_are() -> None:
    result = fields(FIELDS)
    action, text = read_back(result, "fr")
    assert (result.id, result.tag, action.source_language) == ("families", "fr", "fr")
    assert (action.issued, action.act_by) == (date(2026, 3, 1), date(2027, 12, 31))
    assert action.credit.text == "Text: A Group"
    assert action.online is not None
    assert action.online.text == "https://www.example.org/act"
    assert [target.id for target in action.targets] == ["president", "mayor"]
    assert action.targets[1].lines[0].text == "La maire: X"
    assert text.title.text == "China: The families"
    assert text.summary is not None
    assert text.quote is not None
    assert text.quote.text.text == "I want my mother."
    assert [one.text for _, one in text.salutation.by_target] == [
        "Monsieur le Président,",
        "Madame,",
    ]
    assert text.letter.text.strip() == "Je suis inquiet."
    assert result.findings == ()


def test_what_stands_in_the_text_too_is_left_out_and_told() -> None:
    below = f"{ADDRESS}\n\nDear President Xi,\n\nJe suis inquiet.\n\nYours sincerely,\n"
    result = fields(FIELDS.replace("Je suis inquiet.\n", below))
    _, text = read_back(result, "fr")
    assert text.letter.text.strip() == "Je suis inquiet."
    assert [message for _, message in doubts(result)] == [
        (
            "the address 'Xi Jinping / President of China / Beijing / CN' was not taken over, "
            "since the fields at the top name 'targets'"
        ),
        (
            "'Dear President Xi,' is not the salutation of the fields at the top and was not taken "
            "over"
        ),
        "'Yours sincerely,' is not the closing of the fields at the top and was not taken over",
    ]


def test_fields_without_the_letters_own_are_filled_from_the_text() -> None:
    source = f"---\ntitle: A title\ntags: [x, y]\nstatus: draft\n---\n{markdown(title='')}"
    result = imported(source)
    action, text = read_back(result)
    assert text.title.text == "A title"
    assert action.targets[0].id == "president"
    assert (3, "'tags: x / y' is no field of an action and was not taken over") in doubts(result)
    assert (
        4,
        "'status: draft' belongs to a translation and was not taken over",
    ) in doubts(result)


def test_a_rule_at_the_top_is_no_field() -> None:
    result = imported(f"---\n\n{markdown()}\n---\n")
    assert read_back(result)[1].title.text == "China: Uyghur families"


def errors(source: str) -> list[tuple[int | None, str, str]]:
    with pytest.raises(Rejected) as caught:
        fields(source)
    found: tuple[Finding, ...] = caught.value.findings
    assert has_errors(found)
    return [(one.place.line, one.code, one.message) for one in found if one.is_error]


def test_fields_that_are_no_yaml_are_refused_with_their_line() -> None:
    (found,) = errors(FIELDS.replace("summary: They wait.", "summary: [They, wait."))
    assert found[1] == "bad-value"
    assert found[2].startswith("this is not YAML")


def test_a_colon_in_a_field_without_quotation_marks_is_mended() -> None:
    result = fields(FIELDS.replace("summary: They wait.", "summary: They wait: now."))
    _, text = read_back(result, "fr")
    assert text.summary is not None
    assert text.summary.text == "They wait: now."
    assert told(result.findings, "repaired") == [
        (4, "quotation marks were put around 'summary: They wait: now.'")
    ]


def test_a_language_that_is_none_is_refused() -> None:
    assert errors(FIELDS.replace("language: fr", "language: french")) == [
        (9, "bad-value", "'french' is no language tag")
    ]


def test_a_case_without_a_country_is_refused() -> None:
    source = FIELDS.replace("country: CN\nlang", "lang").replace("China: The", "The")
    assert errors(source) == [
        (
            None,
            "missing-field",
            "neither the title nor the fields at the top name the country of the case",
        )
    ]
