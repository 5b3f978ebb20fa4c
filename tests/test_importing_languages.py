"""How `actionpack import` knows the parts of a text in any language, and reads any encoding."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from projects import Bench
from test_importing import SEED, TODAY, lines_of, paragraphs, read_back, text_of, told

from actionpack.diagnostics import Rejected, UsageFault
from actionpack.importing import Imported, decode, import_text, read_named
from actionpack.importing.audit import say_lost
from actionpack.importing.countries import country_of
from actionpack.importing.dates import dates_in
from actionpack.importing.lines import Line, Notes
from actionpack.importing.parts import NONE_NAMED, Named
from actionpack.importing.words import KINDS, default_of, headings, known_tags, phrase_key, said_in
from actionpack.language import country_name, is_tag
from actionpack.markup import read_markup

# Letters that a title in capitals would change.
TITLES = {"tr": "Bir başlık"}


def imported(
    source: str, *, tag: str | None = None, named: Named = NONE_NAMED, file: str = "a.txt"
) -> Imported:
    return import_text(
        source, file=file, action_id="a", tag=tag, online=None, today=TODAY, named=named
    )


def text_in(tag: str, **more: str) -> str:
    """A text in a language, of the first words that the table has for each of its parts."""
    parts = {
        "title": country_name("CN", tag) + " – A",
        "ask": "Abc.",
        "salutation": (said_in(tag, "salutation"))[0],
        "closing": default_of(tag, "default"),
    } | more
    return (
        f"{parts['title']}\n\nAbc def.\n\n{said_in(tag, 'ask')[0]}\n\n{parts['ask']}\n\n"
        f"{said_in(tag, 'letter')[0]}:\n\n"
        f"A. Minister\nStreet 1\n{country_name('CN', tag)}\n\n"
        f"{parts['salutation']}\n\nAbc def ghi.\n\n{parts['closing']}\n"
    )


# ---------------------------------------------------------------------------------------- the table


def test_every_language_of_the_table_is_one_and_has_what_it_needs() -> None:
    for tag in known_tags():
        assert is_tag(tag)
        for key in ("ask", "letter", "briefing", "address", "salutation", "default", "closing"):
            assert said_in(tag, key), (tag, key)


def test_no_heading_means_two_parts() -> None:
    for tag in known_tags():
        for kind in KINDS:
            for phrase in said_in(tag, kind):
                assert headings()[phrase_key(phrase)].kind == kind, (tag, phrase)


def test_the_twenty_languages_are_there() -> None:
    twenty = "en fr el it es de pt nl pl tr uk ru ar zh-Hans ja ko hu da nb sv"
    assert " ".join(known_tags()) == twenty


@pytest.mark.parametrize("tag", known_tags())
def test_a_text_in_any_language_is_filed_in_it_and_read_into_its_parts(tag: str) -> None:
    result = imported(text_in(tag))
    action, text = read_back(result, result.tag)
    assert result.tag == tag
    assert lines_of(action) == [["A. Minister", "Street 1"]]
    assert text.briefing.text.strip() == "Abc def."
    assert text.ask.text.strip() == "Abc."
    assert text.letter.text.strip() == "Abc def ghi."
    assert text.salutation.for_all is not None
    assert text.salutation.for_all.text == said_in(tag, "salutation")[0]
    assert text.closing.for_all is not None
    assert text.closing.for_all.text == default_of(tag, "default")
    named = [one.message for one in result.findings if "filed as" in one.message]
    assert bool(named) is (tag != "en")


@pytest.mark.parametrize("tag", known_tags())
def test_a_letter_without_salutation_and_closing_gets_those_of_its_language(tag: str) -> None:
    result = imported(text_in(tag, salutation="", closing=""), tag=tag)
    _, text = read_back(result, tag)
    assert text.salutation.for_all is not None
    assert text.salutation.for_all.text == said_in(tag, "salutation")[0]
    assert text.closing.for_all is not None
    assert text.closing.for_all.text == default_of(tag, "default")
    assert text.letter.text.strip() == "Abc def ghi."
    messages = [message for _, message in told(result.findings, "doubtful")]
    assert (
        f"the letter has no salutation that is known; '{said_in(tag, 'salutation')[0]}' was written"
    ) in messages
    assert (
        f"the letter has no closing that is known; '{default_of(tag, 'default')}' was written"
    ) in messages


@pytest.mark.parametrize(
    "heading",
    [
        "PASSEZ A L'ACTION !",
        "Passez à l’action :",
        "« Passez à l'action »",
        "2. Passez à l`action",
        "✍ PASSEZ À L\u00a0’\u00a0ACTION…",
    ],
)
def test_case_accents_apostrophes_and_signs_do_not_matter(heading: str) -> None:
    source = text_of().replace("TAKE ACTION:", heading).replace("TEMPLATE LETTER", "Lettre-type")
    assert read_back(imported(source, tag="en"))[1].ask.text.strip() == "Write to the president."


def test_a_turkish_heading_in_capitals_keeps_no_dots_apart() -> None:
    source = text_in("tr").replace(said_in("tr", "ask")[0], "NASIL YARDIM EDEBİLİRSİNİZ?")
    assert imported(source).tag == "tr"


def test_a_greek_heading_in_capitals_needs_no_accents() -> None:
    source = text_in("el").replace("αναλάβετε δράση", "ΑΝΑΛΑΒΕΤΕ ΔΡΑΣΗ:")
    assert "ΑΝΑΛΑΒΕΤΕ" in source
    assert imported(source).tag == "el"


def test_a_language_that_is_given_is_taken_without_a_word() -> None:
    result = imported(text_in("fr"), tag="fr")
    assert result.tag == "fr"
    assert not [one for one in result.findings if "filed as" in one.message]


def test_headings_of_two_languages_are_settled_by_the_letter_or_doubtful() -> None:
    # "Contexto" and "modelo de carta" are Spanish and Portuguese.
    source = (
        "China: A\n\nAbc def.\n\nContexto\n\nAbc.\n\nTAKE ACTION\n\nAbc.\n\nModelo de carta\n\n"
        "A. Minister\nStreet 1\nChina\n\n{}\n\nAbc def ghi.\n\n{}\n"
    )
    settled = imported(source.format("Prezado Senhor Ministro,", "Respeitosamente,"))
    assert settled.tag == "pt"
    open_ = imported(source.format("Dear Minister,", "Yours sincerely,"))
    assert (5, "the text was filed as 'es'; it may as well be in 'pt'") in told(
        open_.findings, "doubtful"
    )


def test_a_text_in_greek_letters_below_english_headings_is_greek() -> None:
    source = text_of(
        title="Κίνα: Οικογένειες", briefing="Έφυγαν από την πόλη.", ask="Γράψτε στον πρόεδρο.",
        letter="Ανησυχώ πολύ για αυτό.",
    )  # fmt: skip
    result = imported(source)
    assert result.tag == "el"
    assert (
        None, "the text is written in letters of 'el', and was filed as 'el'"
    ) in told(result.findings, "doubtful")  # fmt: skip


def test_a_french_letter_below_english_headings_is_french() -> None:
    source = text_of(salutation="Monsieur le Président,", closing="Cordialement,")
    result = imported(source)
    assert result.tag == "fr"
    assert (
        None, "the salutation and the closing are in 'fr', and the text was filed as 'fr'"
    ) in told(result.findings, "doubtful")  # fmt: skip


# --------------------------------------------------------------------------- what the table has not

SWAHILI = (
    text_of()
    .replace("TAKE ACTION:", "Chukua hatua")
    .replace("TEMPLATE LETTER", "Barua ya mfano, rasmi")
)


def test_headings_can_be_named() -> None:
    named = read_named(("ask=Chukua hatua,letter=barua ya MFANO, rasmi",))
    assert imported(SWAHILI, named=named).files == imported(text_of()).files
    again = read_named(("ask=Chukua hatua", "letter = Barua ya mfano, rasmi:"))
    assert imported(SWAHILI, named=again).files == imported(text_of()).files


def test_a_named_heading_goes_before_the_words_of_the_table() -> None:
    source = text_of(briefing="Take action\nThey fled.").replace("TAKE ACTION:", "Act")
    _, text = read_back(imported(source, named=read_named(("ask=Act",))))
    assert text.ask.text.strip() == "Write to the president."
    assert paragraphs(text.briefing.text.strip()) == ["Take action", "They fled."]


def test_a_named_heading_that_is_not_there_is_an_error_with_what_may_be_meant() -> None:
    with pytest.raises(Rejected) as caught:
        imported(SWAHILI, named=read_named(("ask=Chukua hatwa,letter=Barua ya mfano, rasmi",)))
    found = [str(one) for one in caught.value.findings if "--headings names" in one.message]
    assert found == [
        (
            "a.txt: error: there is no line 'Chukua hatwa', which --headings names for 'ask'; "
            "write the heading as it stands in the text; 'Chukua hatua' may be meant "
            "[missing-section]"
        )
    ]


def test_all_that_is_wrong_with_named_headings_is_said_at_once() -> None:
    with pytest.raises(UsageFault) as caught:
        read_named(("brefing=Contexte", "ask", "letter="))
    assert [str(one) for one in caught.value.findings] == [
        "error: --headings names the part 'brefing'; did you mean 'briefing'? [bad-value]",
        "error: --headings 'ask'; write it as PART=HEADING: letter=Lettre type [bad-value]",
        "error: --headings 'letter='; write it as PART=HEADING: letter=Lettre type [bad-value]",
    ]


def test_a_heading_that_is_missing_is_told_with_those_that_may_be_it() -> None:
    source = SWAHILI.replace("Chukua hatua", "CHUKUA HATUA SASA")
    with pytest.raises(Rejected) as caught:
        imported(source)
    cure = next(one.cure for one in caught.value.findings if "TAKE ACTION" in one.message)
    assert cure == (
        "write 'TAKE ACTION' on a line of its own where that part begins, or name the heading with "
        '--headings "ask=…"; these look like headings: CHUKUA HATUA SASA'
    )


def test_the_command_takes_headings_and_says_what_language_it_took(bench: Bench) -> None:
    (bench.root / "fr.txt").write_text(
        text_in("fr").replace(said_in("fr", "ask")[0], "Ensemble"), encoding="utf-8"
    )
    ran = bench.run("import", "fr.txt", "--id", "a", "--headings", "ask=Ensemble")
    assert ran.code == 0
    assert any("filed as 'fr'" in one["message"] for one in ran.findings)
    assert (bench.root / "content" / "a" / "fr.md").is_file()
    wrong = bench.run("import", "fr.txt", "--headings", "asks=Ensemble")
    assert (wrong.code, wrong.only("bad-value")["cure"]) == (2, "did you mean 'ask'?")


def test_the_command_says_what_is_wrong_in_fields_that_it_took(bench: Bench) -> None:
    source = f"---\ntitle: A\nissued: yesterday\n---\n{text_of(title='')}"
    (bench.root / "a.md").write_text(source, encoding="utf-8")
    ran = bench.run("import", "a.md", "--id", "a", "--lang", "en")
    assert ran.code == 1
    assert ran.files
    assert "'issued' is 'yesterday', which is not a date such as 2027-12-31" in [
        one["message"] for one in ran.findings
    ]
    (bench.root / "b.md").write_text(
        source.replace("title: A", "title: A\nid: A B"), encoding="utf-8"
    )
    refused = bench.run("import", "b.md")
    assert refused.only("bad-value")["message"] == "'A B' cannot name an action"


# --------------------------------------------------------------------------- titles and countries


@pytest.mark.parametrize(
    ("title", "briefing", "tag", "written"),
    [
        (
            "ΚΙΝΑ: ΟΙ ΟΙΚΟΓΕΝΕΙΕΣ ΤΩΝ ΟΥΙΓΟΥΡΩΝ",
            "Οι οικογένειες των Ουιγούρων έφυγαν.",
            "el",
            "Κίνα: Οι οικογένειες των Ουιγούρων",
        ),
        (
            "CHINE : LES FAMILLES OUIGHOURES",
            "Des familles ouïghoures et les autres.",
            "fr",
            "Chine : Les familles ouïghoures",
        ),
    ],
)
def test_a_title_whose_capitals_have_no_accents_gets_those_of_the_text(
    title: str, briefing: str, tag: str, written: str
) -> None:
    result = imported(text_of(title=title, briefing=briefing), tag=tag)
    assert read_back(result, tag)[1].title.text == written


def test_the_name_of_the_kind_of_text_is_no_title() -> None:
    result = imported(text_of(title="URGENT ACTION\n\nChina: A case"))
    assert read_back(result)[1].title.text == "China: A case"
    assert (1, "'URGENT ACTION' names the kind of text and was not taken over") in told(
        result.findings, "doubtful"
    )


@pytest.mark.parametrize(
    ("line", "tag", "code"),
    [
        ("République populaire de Chine", "fr", "CN"),
        ("RÉPUBLIQUE ISLAMIQUE D’IRAN", "fr", "IR"),
        ("République du Sénégal", "fr", "SN"),
        ("Fédération de Russie", "fr", "RU"),
        ("Λαϊκή Δημοκρατία της Κίνας", "el", "CN"),
        ("ΙΣΛΑΜΙΚΗ ΔΗΜΟΚΡΑΤΙΑ ΤΟΥ ΙΡΑΝ", "el", "IR"),
        ("Repubblica Popolare Cinese", "it", "CN"),
        ("Bundesrepublik Deutschland", "de", "DE"),
        ("中华人民共和国", "zh-Hans", "CN"),
        ("Российская Федерация", "ru", "RU"),
        ("République du Congo", "fr", None),
        ("Republik", "de", None),
        ("Rue de la République de Chine", "fr", None),
    ],
)
def test_formal_names_of_countries_are_known(line: str, tag: str, code: str | None) -> None:
    assert country_of(line, tag) == code


# ------------------------------------------------------------------------------------- the sections


def test_a_background_below_the_letter_is_the_end_of_the_briefing() -> None:
    source = text_of().replace("Other action/other address\n", "BACKGROUND\n\nSince 2017.\n")
    _, text = read_back(imported(source))
    assert text.briefing.text.strip() == "They fled in 2016.\n\n### BACKGROUND\n\nSince 2017."
    assert text.letter.text.strip() == "I am alarmed."


def test_a_background_right_below_the_title_is_the_briefing() -> None:
    _, text = read_back(imported(text_of(briefing="Background\n\nThey fled.")))
    assert text.briefing.text.strip() == "They fled."


ADDRESSES = (
    "Xi Jinping\nPresident\nBeijing\nChina\nFax: 1\nand\nLi Qiang\nPrime Minister\nBeijing\nChina"
)


@pytest.mark.parametrize("place", ["above", "below"])
def test_addresses_may_have_a_heading_of_their_own(place: str) -> None:
    part = f"Send your letter to:\n\n{ADDRESSES}\n\n"
    source = text_of(address="", salutation="Dear President Xi,\n\nDear Premier Li,")
    mark = "TEMPLATE LETTER" if place == "above" else "Other action/other address"
    action, text = read_back(imported(source.replace(mark, part + mark)))
    assert [target.id for target in action.targets] == ["president", "prime-minister"]
    assert len(text.salutation.by_target) == 2
    assert text.letter.text.strip() == "I am alarmed."


def test_a_heading_above_the_address_of_the_letter_says_nothing_more() -> None:
    address = "Send your letter to:\n\nXi Jinping\nPresident of China\nBeijing\nChina"
    assert imported(text_of(address=address)).files == imported(text_of()).files


def test_a_salutation_may_be_the_first_line_below_the_heading() -> None:
    part = "Address\n\nXi Jinping\nBeijing\nChina\n\nTEMPLATE LETTER"
    source = text_of(address="", salutation="Your Excellency,")
    _, text = read_back(imported(source.replace("TEMPLATE LETTER", part)))
    assert text.salutation.for_all is not None
    assert text.salutation.for_all.text == "Your Excellency,"
    assert text.letter.text.strip() == "I am alarmed."


def test_a_french_closing_at_the_end_of_a_paragraph_gets_a_line_of_its_own() -> None:
    closing = "Veuillez agréer, Monsieur, l’expression de ma considération."
    result = imported(text_of(letter=f"Je suis inquiet. {closing}", closing=""), tag="fr")
    _, text = read_back(result, "fr")
    assert text.closing.for_all is not None
    assert text.closing.for_all.text == closing
    assert text.letter.text.strip() == "Je suis inquiet."
    assert (17, "the closing was put on a line of its own") in told(result.findings, "repaired")


def test_a_letter_without_a_salutation_begins_at_its_first_sentence() -> None:
    result = imported(text_of(salutation=""))
    action, text = read_back(result)
    assert lines_of(action) == [["Xi Jinping", "President of China", "Beijing"]]
    assert text.letter.text.strip() == "I am alarmed."
    assert (
        9,
        "the letter has no salutation that is known; 'Dear Sir or Madam,' was written",
    ) in told(result.findings, "doubtful")


def test_numbered_lines_are_a_list_if_there_are_two_in_order() -> None:
    ask = "Ask them:\n1. to free her;\n2) to free him.\n\n2016. A year."
    _, text = read_back(imported(text_of(ask=ask)))
    assert text.ask.text.strip() == (
        "Ask them:\n\n1. to free her;\n2. to free him.\n\n2016\\. A year."
    )
    _, text = read_back(imported(text_of(ask="1. One.\n3. Three.")))
    assert text.ask.text.strip() == "1\\. One.\n\n3\\. Three."


def test_numbered_lines_of_hard_wrapped_text_are_items() -> None:
    ask = (
        "Please write to the president of the country and ask him at once to do\n"
        "the following things for the families that wait for their children in the\n"
        "1. city of Rome, where they live in one room and hope that they may come\n"
        "2. city of Milan."
    )
    _, text = read_back(imported(text_of(ask=ask)))
    assert [block.kind for block in read_markup(text.ask.text.strip())] == ["paragraph", "numbers"]


@pytest.mark.parametrize("mark", ["▪ ", "‣ ", "◦ ", "•", "\uf0b7\t", "\uf0a7 ", "o\t", "➢ ", "✓ "])
def test_bullets_of_all_kinds_are_a_list(mark: str) -> None:
    _, text = read_back(imported(text_of(ask=f"{mark}free her\n{mark}free him")))
    assert text.ask.text.strip() == "- free her\n- free him"


def test_signs_of_no_width_and_of_direction_are_left_out_and_told() -> None:
    result = imported(text_of(briefing="The\u200by co\u00adope\u2060rate.\n\u200fThey fled.\u200e"))
    assert paragraphs(read_back(result)[1].briefing.text.strip()) == [
        "They cooperate.",
        "They fled.",
    ]
    assert (3, "signs that have no width were left out") in told(result.findings, "repaired")
    assert (4, "a mark of the direction of writing was left out") in told(
        result.findings, "doubtful"
    )


def test_a_soft_hyphen_at_the_end_of_a_line_joins_the_word() -> None:
    briefing = "They were arrested in Tehran by agents of the intelli\u00ad\ngence services."
    result = imported(text_of(briefing=briefing))
    assert "the intelligence services" in read_back(result)[1].briefing.text
    assert (4, "a word divided by a soft hyphen was put together") in told(
        result.findings, "repaired"
    )


def test_a_sign_of_one_font_alone_is_told() -> None:
    result = imported(text_of(briefing="They fled \ue123 in 2016."))
    assert (3, "the sign U+E123 has a meaning in one font alone and may print as a box") in told(
        result.findings, "doubtful"
    )


# -------------------------------------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("31 December 2027", "en"),
        ("December 31st, 2027", "en"),
        ("31st of December, 2027", "en"),
        ("31 Dec. 2027", "en"),
        ("2027-12-31", "en"),
        ("31/12/2027", "en"),
        ("31.12.2027", "de"),
        ("31 décembre 2027", "fr"),
        ("31 Δεκεμβρίου 2027", "el"),
        ("31 ΔΕΚΕΜΒΡΙΟΥ 2027", "el"),
        ("31 dicembre 2027", "it"),
        ("31 de diciembre de 2027", "es"),
        ("31. Dezember 2027", "de"),
        ("31 de dezembro de 2027", "pt"),
        ("31 december 2027", "nl"),
        ("31 grudnia 2027", "pl"),
        ("31 Aralık 2027", "tr"),
        ("31 грудня 2027", "uk"),
        ("31 декабря 2027 г.", "ru"),
        ("31 ديسمبر 2027", "ar"),
        ("2027年12月31日", "zh-Hans"),
        ("2027 年 12 月 31 日", "ja"),
        ("2027년 12월 31일", "ko"),
        ("2027. december 31.", "hu"),
        ("31. december 2027", "da"),
        ("31. desember 2027", "nb"),
        ("31 december 2027", "sv"),
    ],
)
def test_a_day_is_read_as_its_language_writes_it(written: str, tag: str) -> None:
    (found,) = dates_in(f"Abc {written} abc", tag)
    assert (found.day, found.other) == (date(2027, 12, 31), None)


def test_what_is_no_day_is_none() -> None:
    assert dates_in("31 February 2027, 32/12/2027, 12 years 2027, 3 of 2020, 1/2/3", "en") == ()


@given(st.dates(min_value=date(1000, 1, 1)), st.sampled_from(known_tags()))
def test_a_date_written_by_the_program_is_read_again(day: date, tag: str) -> None:
    from actionpack.language import long_date

    assert [found.day for found in dates_in(long_date(day, tag), tag)] == [day]


def test_a_deadline_on_a_line_of_its_own_becomes_act_by() -> None:
    result = imported(text_of(ask="Deadline: Friday 31 December 2027\nWrite now."))
    action, text = read_back(result)
    assert action.act_by == date(2027, 12, 31)
    assert text.ask.text.strip() == "Write now."
    assert (7, "'act_by' is 2027-12-31, from '31 December 2027'") in told(
        result.findings, "repaired"
    )
    assert "no deadline was taken over" not in str(result.findings)


def test_a_deadline_in_a_sentence_stays_there_too() -> None:
    ask = "Please write to the president before 31 December 2027 and tell us."
    action, text = read_back(imported(text_of(ask=ask)))
    assert action.act_by == date(2027, 12, 31)
    assert text.ask.text.strip() == ask


def test_a_deadline_that_may_be_two_days_is_doubtful() -> None:
    result = imported(text_of(ask="Deadline: 03/04/2027\nWrite now."))
    assert read_back(result)[0].act_by == date(2027, 4, 3)
    assert (
        7,
        (
            "'act_by' is 2027-04-03, from '03/04/2027'; where months are written first it would be "
            "2027-03-04"
        ),
    ) in told(result.findings, "doubtful")


def test_a_day_in_the_story_is_no_deadline() -> None:
    briefing = "Until 3 May 2020 she was held. Before 1 June 2020 nobody knew."
    assert read_back(imported(text_of(briefing=briefing)))[0].act_by is None


def test_a_deadline_that_has_passed_is_told_and_builds_no_contradiction() -> None:
    result = imported(text_of(ask="Deadline: 31 December 2020\nWrite now."))
    action, _ = read_back(result)
    assert (action.act_by, action.issued) == (date(2020, 12, 31), date(2020, 12, 31))
    messages = [message for _, message in told(result.findings, "doubtful")]
    assert "the deadline, 2020-12-31, has passed" in messages
    assert "the date of issue is not in the text; 'issued' is the deadline, 2020-12-31" in messages


def test_a_second_deadline_and_a_day_of_issue_are_told() -> None:
    briefing = "Issued: 19 March 2026\nThey fled."
    ask = "Deadline: 31 December 2027\nWrite before 30 November 2027."
    result = imported(text_of(briefing=briefing, ask=ask))
    action, text = read_back(result)
    assert (action.issued, action.act_by) == (date(2026, 3, 19), date(2027, 12, 31))
    assert text.briefing.text.strip() == "They fled."
    assert (9, "'30 November 2027' may be a deadline too") in told(result.findings, "doubtful")


# ----------------------------------------------------------------------------------- lost and found


def test_words_that_nobody_wrote_or_named_are_found() -> None:
    notes = Notes("a.txt")
    notes.say("doubtful", 2, "'three' was not taken over")
    notes.spent.append("Four:")
    lines = (Line(1, "One two two"), Line(2, "three Four fax"), Line(3, "ΕΝΑ Éva"))
    say_lost(lines, ["one two", "ένα eva"], notes)
    assert told(tuple(notes.found), "doubtful")[1:] == [
        (1, "words of the text were not taken over: 'two'")
    ]
    say_lost((Line(7, " ".join(f"w{number}" for number in range(14))),), [], notes)
    assert notes.found[-1].message.endswith("'w11' and 2 more")


# ---------------------------------------------------------------------------------------- encodings


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [SEED, text_in("el"), text_in("zh-Hans")])
def test_utf_16_is_read_with_and_without_a_mark(encoding: str, text: str) -> None:
    read, found = decode(text.encode(encoding), "a.txt")
    assert read == text
    assert told(found, "repaired") == [(None, "the text was UTF-16; what is written is UTF-8")]


@pytest.mark.parametrize(
    ("tag", "encoding", "name"),
    [
        ("fr", "cp1252", "Windows-1252 (western Europe)"),
        ("el", "cp1253", "Windows-1253 (Greek)"),
        ("ru", "cp1251", "Windows-1251 (Cyrillic)"),
        ("pl", "cp1250", "Windows-1250 (central Europe)"),
        ("tr", "cp1254", "Windows-1254 (Turkish)"),
        ("ar", "cp1256", "Windows-1256 (Arabic)"),
    ],
)
@pytest.mark.parametrize("given_", [True, False])
def test_old_encodings_are_known_by_the_language_or_by_the_headings(
    tag: str, encoding: str, name: str, given_: bool
) -> None:
    text = text_in(tag).replace("–", "-")
    if tag == "pl" and not given_:
        text = text.replace("Szanowni Państwo,", "Szanowni Państwo,\n\nDziałaj")
    if tag == "ar":
        text = text.replace("تفضّلوا", "تفضلوا")
    read, found = decode(text.encode(encoding), "a.txt", tag if given_ else None)
    assert read == text
    assert [one.message for one in found] == [f"the file is not UTF-8; it was read as {name}"]


def test_bytes_that_several_encodings_fit_are_refused() -> None:
    with pytest.raises(Rejected) as caught:
        decode("Αυτό το κείμενο δεν έχει επικεφαλίδες.".encode("cp1253"), "a.txt")
    (found,) = caught.value.findings
    assert (found.code, found.place.line) == ("bad-file", 1)


def test_one_zero_in_a_text_makes_no_utf_16_of_it() -> None:
    text, found = decode(b"They\x00 fled. " * 20, "a.txt")
    assert (text.count("\x00"), found) == (20, ())
