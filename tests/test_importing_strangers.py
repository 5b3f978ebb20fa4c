"""Texts as people send them: what stands around a letter, and addresses that stand elsewhere.

Nothing but the letter may reach the letter that is posted, and no word goes without being named.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from test_importing import TODAY, lines_of, paragraphs, read_back, text_of, told
from test_importing_docx import docx, p, run, table, xml

from actionpack.diagnostics import Rejected, has_errors
from actionpack.importing import Imported, Wishes, decode, import_bytes, import_text
from actionpack.importing.countries import country_of
from actionpack.importing.lines import Notes
from actionpack.importing.mail import without_mail
from actionpack.importing.markdown import without_dialect
from actionpack.model import Action, Text
from actionpack.project import Project
from actionpack.starting import import_file, start_project

ADDRESS = "Xi Jinping\nPresident of China\nBeijing\nChina"
COPIES = "Embassy of China\n1 Fictional Street\nLondon W1\nUnited Kingdom"


def imported(source: str, *, tag: str | None = "en", file: str = "a.txt") -> Imported:
    return import_text(source, file=file, action_id="a", tag=tag, online=None, today=TODAY)


def word(*blocks: str, **more: dict[str, str | bytes]) -> Imported:
    wishes = Wishes(action_id="a", tag=None, online=None, today=TODAY)
    return import_bytes(docx(*blocks, **more), file="a.docx", wishes=wishes)  # type: ignore[arg-type]


def doubts(result: Imported) -> list[tuple[int | None, str]]:
    return told(result.findings, "doubtful")


def read(result: Imported, tag: str = "en") -> tuple[Action, Text, list[str]]:
    assert not has_errors(result.findings)
    action, text = read_back(result, tag)
    return action, text, paragraphs(text.letter.text.strip())


def closing_of(text: Text) -> str:
    assert text.closing.for_all is not None
    return text.closing.for_all.text


def salutation_of(text: Text) -> str:
    assert text.salutation.for_all is not None
    return text.salutation.for_all.text


# ------------------------------------------------------------------------------ below the letter


@pytest.mark.parametrize("label", ["Copies to:", "cc:", "Please send a copy to:"])
def test_what_is_for_a_copy_never_reaches_the_letter(label: str) -> None:
    source = text_of(closing=f"Yours sincerely,\n[Name]\n\n{label}\n{COPIES}\nNW1")
    result = imported(source)
    _, text, body = read(result)
    assert body == ["I am alarmed."]
    assert closing_of(text) == "Yours sincerely,"
    number = source.split("\n").index(label) + 1
    assert [line for line, message in doubts(result) if "is for a copy, not" in message] == [number]


def test_copies_in_one_line_and_without_a_closing_are_left_out() -> None:
    source = text_of(closing=f"Copies to: {COPIES}".replace("\n", ", "))
    result = imported(source)
    assert read(result)[2] == ["I am alarmed."]
    assert any("is for a copy, not for the letter" in message for _, message in doubts(result))


def test_a_line_that_only_mentions_a_copy_stays_in_the_letter() -> None:
    body = "I am alarmed.\n\nA copy of the verdict:\n\nIt has two pages."
    assert read(imported(text_of(letter=body)))[2] == [
        "I am alarmed.", "A copy of the verdict:", "It has two pages."
    ]  # fmt: skip


def test_a_closing_far_above_the_end_ends_the_letter() -> None:
    below = "\n".join(f"Line to fill in {number}" for number in range(1, 9))
    result = imported(text_of(closing=f"Yours sincerely,\n{below}"))
    _, text, body = read(result)
    assert (closing_of(text), body) == ("Yours sincerely,", ["I am alarmed."])
    (left,) = (message for _, message in doubts(result) if "stands below the closing" in message)
    assert "Line to fill in 1 / " in left
    assert "Line to fill in 8'" in left


def test_a_word_such_as_sincerely_with_sentences_below_it_ends_nothing() -> None:
    many = [f"This is sentence number {number} of the letter." for number in range(1, 9)]
    body = read(imported(text_of(letter="\n".join(["Sincerely,", *many]), closing="In sorrow,")))[2]
    assert body == ["Sincerely,", *many]


def test_a_short_line_with_a_comma_above_the_last_lines_is_taken_for_the_closing_and_told() -> None:
    result = imported(text_of(closing="In sorrow and in hope,\nSend us a copy of your letter."))
    _, text, body = read(result)
    assert (closing_of(text), body) == ("In sorrow and in hope,", ["I am alarmed."])
    found = next(one for one in result.findings if "was taken for the closing" in one.message)
    assert found.message == "'In sorrow and in hope,' was taken for the closing"
    assert found.cure == "correct 'closing' if the letter goes on below it"
    assert found.place.line == 19


@pytest.mark.parametrize(
    ("closing", "tag"),
    [
        (
            "Je vous remercie et vous\nprie d'agréer, Monsieur, mes\nsalutations les meilleures.",
            "fr",
        ),
        ("In attesa di un Suo riscontro, porgo cordiali saluti.", "it"),
        ("Sin otro particular, la saluda atentamente,", "es"),
    ],
)
def test_a_closing_that_is_a_sentence_is_known_by_what_stands_in_it(closing: str, tag: str) -> None:
    result = imported(text_of(closing=f"{closing}\n\nNome ......"), tag=tag)
    _, text, body = read(result, tag)
    assert (closing_of(text), body) == (closing.replace("\n", " "), ["I am alarmed."])


def test_instructions_in_brackets_are_told_however_long() -> None:
    asked = "[Add a sentence about yourself here, and why this matters to you, if you like.]"
    result = imported(text_of(letter=f"I am alarmed.\n\n{asked}\n\n(Add your own words here)"))
    messages = [message for _, message in doubts(result) if "looks like a blank" in message]
    assert messages == [
        f"'{asked[:40]}' in the letter looks like a blank that somebody should fill in",
        "'(Add your own words here)' in the letter looks like a blank that somebody should fill in",
    ]


def test_an_address_that_the_sender_fills_in_is_no_target() -> None:
    result = imported(text_of(closing="Yours sincerely,\n\nName\nAddress:\nTown\nCountry"))
    action, _, body = read(result)
    assert (len(action.targets), body) == (1, ["I am alarmed."])
    expected = "'Name / Address: / Town / Country' stands below the closing and was not taken over"
    assert (21, expected) in doubts(result)


# --------------------------------------------------------------------------------- the address


def address_of(address: str, *, ask: str = "Write.", tag: str = "en") -> tuple[Imported, Action]:
    result = imported(text_of(address=address, ask=ask), tag=tag)
    return result, read(result, tag)[0]


@pytest.mark.parametrize(
    "above", ["Please sign the letter.", "(Do not forget your name and your address !)"]
)
def test_an_instruction_above_the_address_does_not_reach_the_envelope(above: str) -> None:
    result, action = address_of(f"{above}\n{ADDRESS}")
    assert lines_of(action) == [["Xi Jinping", "President of China", "Beijing"]]
    assert (11, f"'{above}' is no postal line and was not taken over") in doubts(result)


def test_a_place_that_ends_with_an_abbreviation_is_still_a_postal_line() -> None:
    _, action = address_of("Xi Jinping\nGate Jr.\n1 Long St.\nChina")
    assert lines_of(action) == [["Xi Jinping", "Gate Jr.", "1 Long St."]]


def test_lines_below_the_country_are_left_out_of_the_address() -> None:
    result, action = address_of(f"{ADDRESS}\nSubject: families")
    assert lines_of(action) == [["Xi Jinping", "President of China", "Beijing"]]
    assert action.targets[0].country == "CN"
    expected = "'Subject: families' stands below the country of an address and was not taken over"
    assert (15, expected) in doubts(result)


def test_two_addresses_lose_the_numbers_of_their_list() -> None:
    result, action = address_of("1. Xi Jinping\nBeijing\nChina\n\n2. Wang Yi\nBeijing\nChina")
    assert lines_of(action) == [["Xi Jinping", "Beijing"], ["Wang Yi", "Beijing"]]
    assert not any("were not taken over" in message for _, message in doubts(result))


def test_an_address_keeps_the_number_of_its_house() -> None:
    _, action = address_of("10 Main Street\nBeijing\nChina")
    assert lines_of(action) == [["10 Main Street", "Beijing"]]


def test_an_address_in_one_line_is_cut_at_its_commas() -> None:
    _, action = address_of("The Minister, 1 Long Street, Beijing 100017, China")
    assert lines_of(action) == [["The Minister", "1 Long Street", "Beijing 100017"]]


@pytest.mark.parametrize(
    ("written", "code"),
    [("TUNISIE / TUNISIA", "TN"), ("Grèce (Greece)", "GR"), ("France / Tunisie", None)],
)
def test_a_country_may_be_named_in_two_languages(written: str, code: str | None) -> None:
    assert country_of(written, "en") == code


def test_rows_of_a_table_that_end_with_a_country_are_addresses() -> None:
    result = word(
        p("China: families", style="Titre"),
        p("They fled."),
        p("Take action", style="Titre1"),
        p("Write to both."),
        p("Targets", style="Titre1"),
        table(
            ("Target", "Address", "E-mail"),
            ("President", "1 Long Street, Beijing, China", "a@example.org"),
            ("Minister", "2 Long Street, Beijing, China", "b@example.org"),
        ),
        p("Template letter", style="Titre1"),
        p("Dear friends,"),
        p("I am alarmed."),
        p("Yours sincerely,"),
    )
    action, _, _ = read(result)
    assert lines_of(action) == [
        ["President", "1 Long Street, Beijing"], ["Minister", "2 Long Street, Beijing"]
    ]  # fmt: skip
    assert [target.email.text for target in action.targets if target.email] == [
        "a@example.org", "b@example.org"
    ]  # fmt: skip
    row = "'Target | Address | E-mail' is a row of a table and no address and was not taken over"
    assert row in [message for _, message in doubts(result)]


def without_address(*, ask: str, below: str = "") -> str:
    source = text_of(address="-", ask=ask, closing=f"Yours sincerely,\n{below}")
    return source.replace("\n-\n\n", "\n")


@pytest.mark.parametrize("address", [ADDRESS, ADDRESS.replace("\n", ", ")])
def test_an_address_in_what_the_reader_is_to_do_is_found_and_told(address: str) -> None:
    result = imported(without_address(ask=f"Post it to this office:\n\n{address}\n\nUse a stamp."))
    action, text, body = read(result)
    assert lines_of(action) == [["Xi Jinping", "President of China", "Beijing"]]
    assert paragraphs(text.ask.text.strip()) == ["Post it to this office:", "Use a stamp."]
    assert (body, salutation_of(text)) == (["I am alarmed."], "Dear President Xi,")
    told_lines = address.replace("\n", " / ")
    found = next(one for one in result.findings if "taken for the address" in one.message)
    assert found.message == (
        f"'{told_lines}' was taken for the address, since none stands above the salutation"
    )
    assert (found.place.line, found.cure) == (9, "look at it, line by line")


@pytest.mark.parametrize("more", [["Use a stamp."], ["Ask for:", "release", "safety"]])
def test_below_an_address_with_a_heading_the_reader_is_told_more_to_do(more: list[str]) -> None:
    below = "\n".join(more).replace("\n", "\n• ")
    result = imported(without_address(ask=f"Please write to:\n\n{ADDRESS}\n\n{below}"))
    action, text, _ = read(result)
    assert lines_of(action) == [["Xi Jinping", "President of China", "Beijing"]]
    assert paragraphs(text.ask.text.strip()) == ["Please write to:", *more]


def test_an_address_below_the_letter_is_found() -> None:
    result = imported(without_address(ask="Write.", below=f"\n{ADDRESS}"))
    action, text, body = read(result)
    assert lines_of(action) == [["Xi Jinping", "President of China", "Beijing"]]
    assert (body, closing_of(text)) == (["I am alarmed."], "Yours sincerely,")


SECOND = "Wang Yi\nMinister\nBeijing"


@pytest.mark.parametrize(
    ("source", "addresses"),
    [
        (without_address(ask="Write.", below=f"\nAddress:\n{SECOND}"), [SECOND]),
        (
            text_of(closing=f"Yours sincerely,\n\nAddress:\n{SECOND}\nChina"),
            [SECOND, "Xi Jinping\nPresident of China\nBeijing"],
        ),
    ],
)
def test_an_address_with_a_heading_below_the_letter_counts_if_it_is_needed_or_has_a_country(
    source: str, addresses: list[str]
) -> None:
    action, _, body = read(imported(source))
    assert lines_of(action) == [address.split("\n") for address in addresses]
    assert body == ["I am alarmed."]


@pytest.mark.parametrize("ask", [True, False])
def test_an_address_for_copies_is_never_taken_for_the_address(ask: bool) -> None:
    copies = f"Copies to:\n{COPIES}"
    source = (
        without_address(ask=f"Write.\n\n{copies}")
        if ask
        else without_address(ask="Write.", below=f"\n{copies}")
    )
    with pytest.raises(Rejected) as caught:
        imported(source)
    (error,) = (one for one in caught.value.findings if one.severity == "error")
    assert error.message == "there is no address above the salutation"
    assert error.cure is not None
    assert error.cure.endswith('name its heading with --headings "address=…"')


def test_a_salutation_is_known_right_above_the_first_sentence() -> None:
    source = without_address(ask=f"This office:\n{ADDRESS}").replace(
        "Dear President Xi,", "Excellency"
    )
    assert salutation_of(read(imported(source))[1]) == "Excellency"


def test_a_salutation_may_stand_in_two_languages() -> None:
    both = "Madame la Cheffe du gouvernement, / Dear Prime Minister,"
    assert salutation_of(read(imported(text_of(salutation=both)))[1]) == both


# ------------------------------------------------------------------------------------- headings


@pytest.mark.parametrize(
    ("heading", "tag"),
    [
        ("Letter", "en"), ("LETTRE", "fr"), ("Brief:", "de"), ("Carta", "es"),
        ("Letter to the President", "en"), ("Model letter (French)", "en"),
        ("Exemple de lettre à recopier", "fr"),
    ],
)  # fmt: skip
def test_more_headings_begin_the_letter(heading: str, tag: str) -> None:
    result = imported(text_of().replace("TEMPLATE LETTER", heading), tag=tag)
    assert read(result, tag)[2] == ["I am alarmed."]


def test_a_better_heading_goes_before_a_single_word() -> None:
    result = imported(text_of(briefing="They fled.\n\nLetter\n\nIt came in May."))
    _, text, body = read(result)
    assert (body, text.briefing.text.split("\n")[2]) == (["I am alarmed."], "Letter")


def test_a_title_such_as_letter_to_is_no_heading_of_the_letter() -> None:
    source = text_of(title="# Letter to China").replace("TEMPLATE LETTER", "Model letter (French)")
    assert read(imported(source, file="a.md"))[1].title.text == "Letter to China"


@pytest.mark.parametrize("name", ["Überschrift 1", "Επικεφαλίδα 1", "Titolo 2"])
def test_styles_with_names_of_other_languages_are_headings(name: str) -> None:
    assert heading_mark(f'<w:name w:val="{name}"/>') == "#"


def test_a_style_of_its_own_is_a_heading_by_its_level_or_by_what_it_is_based_on() -> None:
    level = '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>'
    assert heading_mark(f'<w:name w:val="Campaign"/>{level}') == "#"
    assert heading_mark('<w:name w:val="Campaign"/><w:basedOn w:val="Base"/>') == "#"
    assert heading_mark('<w:name w:val="Campaign"/><w:basedOn w:val="Own"/>') == ""
    body = '<w:pPr><w:outlineLvl w:val="9"/></w:pPr>'
    assert heading_mark(f'<w:name w:val="Campaign"/>{body}') == ""


def heading_mark(style: str) -> str:
    from actionpack.importing.docx import read_docx

    styles = (
        f'<w:style w:type="paragraph" w:styleId="Own">{style}</w:style>'
        '<w:style w:type="paragraph" w:styleId="Base"><w:name w:val="Base"/>'
        '<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    )
    data = docx(p("Text", style="Own"), parts={"word/styles.xml": xml("styles", styles)})
    (line,) = read_docx(data, "a.docx", Notes("a.docx"))
    return line.mark


def test_a_soft_hyphen_of_word_is_left_out() -> None:
    hyphen = "<w:r><w:softHyphen/></w:r>"
    result = word(
        p("China: families", style="Titre"), p(run("They know noth"), hyphen, run("ing.")),
        p("Take action"), p("Write."), p("Template letter"), *map(p, ADDRESS.split("\n")),
        p("Dear friends,"), p("I am alarmed."), p("Yours sincerely,"),
    )  # fmt: skip
    assert read(result)[1].briefing.text.strip() == "They know nothing."


# --------------------------------------------------------------------------------------- quotes


@pytest.mark.parametrize(
    ("quote", "file"),
    [
        ("“I want to see my children.” (Mihriban)", "a.txt"),
        ("> “We thirst.”\n> Mihriban", "a.md"),
    ],
)
def test_a_speaker_may_stand_in_brackets_or_below_the_quote(quote: str, file: str) -> None:
    text = read(imported(text_of(briefing=f"They fled.\n\n{quote}"), file=file))[1]
    assert text.quote is not None
    assert text.quote.by is not None
    assert text.quote.by.text == "Mihriban"


def test_a_speaker_in_a_second_paragraph_of_the_style_of_quotes_is_known() -> None:
    quote = (p("“I want to see my children.”", style="Citation"), p("Mihriban", style="Citation"))
    result = word(
        p("China: families", style="Titre"), p("They fled."), *quote, p("Take action"), p("Write."),
        p("Template letter"), *map(p, ADDRESS.split("\n")), p("Dear friends,"), p("I am alarmed."),
        p("Yours sincerely,"),
    )  # fmt: skip
    text = read(result)[1]
    assert text.quote is not None
    assert text.quote.by is not None
    assert text.quote.by.text == "Mihriban"


# ----------------------------------------------------------------------------------------- mails


def test_a_quoted_mail_loses_its_signs_and_what_stands_around_it() -> None:
    quoted = "\n".join(f"> {line}".rstrip() for line in text_of().split("\n"))
    result = imported(f"Hi all,\n\nplease print.\n\n{quoted}\n-- \nEllen")
    _, text, body = read(result)
    assert (text.title.text, body) == ("China: Uyghur families", ["I am alarmed."])
    assert (5, "the signs '>' of a mail were left out") in told(result.findings, "repaired")
    around = "stands around the text in a mail and was not taken over"
    said = [one for one in doubts(result) if around in one[1]]
    last = 5 + len(text_of().split("\n"))
    assert said == [(1, f"'Hi all, / please print.' {around}"), (last, f"'-- / Ellen' {around}")]


def test_the_head_of_a_mail_is_left_out_with_what_stands_above_it() -> None:
    head = "---- Forwarded ----\nVon: Ellen <e@example.org>\nDatum: 2.2.2027\nBetreff: Brief\n\n"
    notes = Notes("a.txt")
    assert (
        without_mail(f"{head}China: families\nText.", notes) == "\n" * 5 + "China: families\nText."
    )
    assert [found.place.line for found in notes.found] == [1]


def test_a_greeting_and_what_a_colleague_wrote_are_left_out_above_the_title() -> None:
    greeting = "Bonjour à tous,\n\nVoici le texte,\nmerci !\n\nColette\n\n"
    notes = Notes("a.txt")
    source = f"{greeting}China: Uyghur families\n\nThey fled."
    assert without_mail(source, notes) == "\n" * 7 + "China: Uyghur families\n\nThey fled."
    message = notes.found[0].message
    assert message.startswith("'Bonjour à tous, / Voici le texte, / merci ! / Colette' stands")


@pytest.mark.parametrize(
    "source", ["Dear China, we write\n\nThey fled.", "From: here\nTo: there\n\nA story of two."]
)
def test_a_text_that_only_looks_like_a_mail_stays_whole(source: str) -> None:
    notes = Notes("a.txt")
    assert without_mail(source, notes) == source
    assert not notes.found


# ------------------------------------------------------------------------------------- Markdown


@pytest.mark.parametrize(
    ("written", "plain", "code", "message"),
    [
        ("# Title {#a-b}", "# Title", "repaired", "a name for links was left out of a heading"),
        ("- [x] Post it", "- Post it", "repaired", "a box to tick was left out"),
        ("> [!info] Note", "> Note", "repaired", "a mark of a note was left out"),
        ("See [[A b|this]].", "See this.", "repaired", "a link to another note became its words"),
        ("See [[A b]].", "See A b.", "repaired", "a link to another note became its words"),
        ("It ==is== so", "It is so", "repaired", "words that were marked with a pen are plain"),
        ("Many^[160].", "Many [160].", "repaired", "a note stands in brackets in the text"),
        ("A %%ask Zoe%% b", "A  b", "doubtful", "'ask Zoe' is a comment and was not taken over"),
        ("A <!-- no --> b", "A  b", "doubtful", "'no' is a comment and was not taken over"),
    ],
)
def test_dialects_of_markdown_become_plain(
    written: str, plain: str, code: str, message: str
) -> None:
    notes = Notes("a.md")
    assert without_dialect(f"One.\n\n{written}", notes) == f"One.\n\n{plain}"
    assert told(tuple(notes.found), code) == [(3, message)]


def test_a_comment_over_lines_keeps_the_numbers_of_those_below() -> None:
    assert without_dialect("<!-- a\nb -->\nc", Notes("a.md")) == "\n\nc"


def test_a_link_between_angle_brackets_is_no_html_and_no_dead_link() -> None:
    for ask in ("See <a@example.org> or <https://example.org/a>.", "[Click here](https://a.org)."):
        assert not [one for one in doubts(imported(text_of(ask=ask), file="a.md")) if one[0] == 7]


def test_a_picture_in_letters_does_not_make_a_text_too_long() -> None:
    picture = "data:image/png;base64," + "iVBORw0K" * 300_000
    source = text_of(briefing="They fled.\n\n![][image1]") + f"\n[image1]: <{picture}>\n"
    wishes = Wishes(action_id="a", tag="en", online=None, today=TODAY)
    result = import_bytes(source.encode(), file="a.md", wishes=wishes)
    pictures = [message for _, message in doubts(result) if "picture" in message]
    assert pictures == ["the picture 'embedded-picture' was not taken over"]


# --------------------------------------------------------------------------- days, lines, letters


def test_a_deadline_in_words_is_told_with_its_line() -> None:
    result = imported(text_of(ask="Write soon. Deadline: the first of August."))
    found = next(one for one in result.findings if "can be read as the deadline" in one.message)
    assert found.message == "'the first of August.' is no day that can be read as the deadline"
    assert (found.place.line, found.cure) == (7, "write the day in figures: 31 December 2027")


def test_a_day_over_two_lines_of_wrapped_text_is_read() -> None:
    wrapped = "Please copy the letter by hand and send it before 3 March\n2027. Use a stamp."
    briefing = "They fled in 2016, and nobody has told their families where\nthey are."
    action, text, _ = read(imported(text_of(ask=wrapped, briefing=briefing)))
    assert action.act_by is not None
    assert action.act_by.isoformat() == "2027-03-03"
    assert text.ask.text.strip() == wrapped.replace("\n", " ")


def test_a_text_of_an_old_mac_is_read() -> None:
    text = "Maroc : un cinéaste condamné\rExemple de lettre\r"
    read_text, found = decode(text.encode("mac_roman"), "a.txt")
    assert read_text == text
    assert found[0].message == "the file is not UTF-8; it was read as Mac Roman (western Europe)"


def test_a_greek_text_of_an_old_mac_is_read() -> None:
    text = "Ινδία\rΥπόδειγμα επιστολής\rΜε εκτίμηση,\r"
    assert decode(text.encode("mac_greek"), "a.txt")[0] == text


# ------------------------------------------------------------------------------------ the folder


def test_a_credit_that_is_missing_is_asked_for_once(tmp_path: Path) -> None:
    start_project(tmp_path)
    file = tmp_path / "a.md"
    source = text_of().replace("China:", "# China:").replace("TAKE ACTION:", "## Take action")
    file.write_text(f"---\nissued: 2026-02-01\n---\n{source}", encoding="utf-8")
    result, _ = import_file(
        Project(root=tmp_path), file, action_id="a", tag="en", online=None, headings=(),
        today=TODAY, force=False,
    )  # fmt: skip
    assert not has_errors(result.findings)
    assert [one.message for one in result.findings if "whom it is from" in one.message] == [
        "the text does not say whom it is from, and nothing can be built of it"
    ]


def test_other_faults_of_fields_are_still_said(tmp_path: Path) -> None:
    start_project(tmp_path)
    file = tmp_path / "a.md"
    file.write_text(f"---\ncountry: XX\n---\n{text_of()}", encoding="utf-8")
    result, _ = import_file(
        Project(root=tmp_path), file, action_id="a", tag="en", online=None, headings=(),
        today=TODAY, force=False,
    )  # fmt: skip
    (error,) = (one for one in result.findings if one.severity == "error")
    assert "XX" in error.message
