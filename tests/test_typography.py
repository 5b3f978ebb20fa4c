"""How languages are set: scripts, fonts, marks and room."""

from __future__ import annotations

import pytest

from actionpack.language import is_tag
from actionpack.store import data_jail
from actionpack.typography import language_of, languages, scripts, typography


@pytest.mark.parametrize(
    ("tag", "script", "family"),
    [("en", "Latn", None), ("ar", "Arab", "Noto Naskh Arabic"),
     ("ur", "Arab", "Noto Nastaliq Urdu"), ("zh-Hans", "Hans", "Noto Sans SC"),
     ("zh-TW", "Hant", "Noto Sans TC"), ("ja", "Jpan", "Noto Sans JP"),
     ("sr", "Cyrl", None), ("sr-Latn", "Latn", None)],
)  # fmt: skip
def test_a_language_has_the_font_of_its_script_or_its_own(
    tag: str, script: str, family: str | None
) -> None:
    found = typography(tag)
    assert (found.script, found.family) == (script, family)


def test_french_marks_are_set_off_by_a_space_that_no_line_breaks() -> None:
    assert typography("fr").quotes == ("«\u202f", "\u202f»")
    assert typography("fr-CA").quotes == ("«\u202f", "\u202f»")


def test_a_language_of_no_row_has_the_marks_of_english() -> None:
    assert typography("eu").quotes == ("“", "”")
    assert typography("zh-TW").quotes == ("「", "」")


def test_nastaliq_has_twice_its_size_from_line_to_line() -> None:
    # The body is set 10.6 on 15.4 pt, the letter at 1.31 times its size (layouts/letter/style.css).
    assert 15.4 / 10.6 * typography("ur").leading >= 2
    assert 1.31 * typography("ur").leading >= 1.96


def test_scripts_without_capitals_are_never_spaced_or_slanted() -> None:
    assert [one.code for one in scripts() if one.family is None and one.plain] == []
    assert {one.code for one in scripts() if not one.plain and one.family} == set()


def test_every_language_with_a_catalogue_has_a_row_and_the_other_way_round() -> None:
    catalogues = {name[:-3] for name in data_jail().inner("locale").names() if name.endswith(".po")}
    assert {"en", *catalogues} == set(languages())
    assert all(map(is_tag, languages()))


@pytest.mark.parametrize(
    ("text", "spoken", "found"),
    [
        ("习近平", ("en", "zh-Hans"), "zh-Hans"),
        ("1 Xi Jinping", ("zh-Hans", "en"), "en"),
        ("رئيس", ("ug", "ar"), "ug"),
        ("ประธานาธิบดี", ("th",), "th"),
        ("カ", ("ja",), "ja"),
        ("청와대", ("ko",), "ko"),
        # In none of the scripts of its languages, or in none at all.
        ("Xi Jinping", ("zh-Hans",), None),
        ("100017", ("en",), None),
    ],
)
def test_a_text_is_in_the_first_language_of_its_script(
    text: str, spoken: tuple[str, ...], found: str | None
) -> None:
    assert language_of(text, spoken) == found
