"""Languages: tags, dates, countries, capitals."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from actionpack.diagnostics import Rejected
from actionpack.language import (
    _list_corrections,
    capitals,
    country_name,
    direction,
    html_tag,
    is_country,
    is_tag,
    listed,
    long_date,
    posting_language,
)
from actionpack.store import Jail


@pytest.mark.parametrize("tag", ["en", "pt-BR", "zh-Hans", "zh-Hant", "ug", "el", "en-001"])
def test_tags_as_bcp_47_writes_them(tag: str) -> None:
    assert is_tag(tag)


@pytest.mark.parametrize(
    "tag", ["", "EN", "english", "xx", "en_GB", "zh-hans", "en-", "../en", "iw"]
)
def test_what_is_no_tag(tag: str) -> None:
    assert not is_tag(tag)


def test_pango_chooses_chinese_shapes_by_region() -> None:
    assert [html_tag(tag) for tag in ("zh-Hans", "zh-Hant", "el")] == ["zh-CN", "zh-TW", "el"]


def test_directions() -> None:
    assert [direction(tag) for tag in ("en", "el", "ar", "ug", "he")] == [
        "ltr",
        "ltr",
        "rtl",
        "rtl",
        "rtl",
    ]


@pytest.mark.parametrize(
    ("tag", "written"),
    [
        ("en", "31 December 2027"),
        ("en-US", "December 31, 2027"),
        ("de", "31. Dezember 2027"),
        ("fr", "31 décembre 2027"),
        ("el", "31 Δεκεμβρίου 2027"),
        ("es", "31 de diciembre de 2027"),
        ("pt", "31 de dezembro de 2027"),
        ("uk", "31 грудня 2027 р."),
    ],
)
def test_dates_in_words_hold_together_but_before_the_year(tag: str, written: str) -> None:
    found = long_date(date(2027, 12, 31), tag)
    assert found.replace("\u00a0", " ") == written
    _, year = found.split(" ")
    assert year.removeprefix("de\u00a0").startswith("2027")


@pytest.mark.parametrize(
    ("tag", "parts"),
    [
        ("hu", ["2027.", "december 31."]),
        ("kk", ["2027 ж.", "31 желтоқсан"]),
        ("ko", ["2027년", "12월 31일"]),
        ("lt", ["2027 m.", "gruodžio 31 d."]),
        ("lv", ["2027. gada", "31. decembris"]),
        ("zh-Hans", ["2027年12月31日"]),
    ],
)
def test_a_year_that_is_first_stands_in_a_line_of_its_own(tag: str, parts: list[str]) -> None:
    found = long_date(date(2027, 12, 31), tag)
    assert found.replace("\u202f", "\u00a0").split(" ") == [
        part.replace(" ", "\u00a0") for part in parts
    ]


def test_a_country_in_an_official_language_of_where_it_is_posted() -> None:
    # (posted in, the signer's language) → the language of the country line
    cases = {("IT", "en"): "it", ("CH", "fr"): "fr", ("CH", "en"): "de", ("GR", "en"): "el"}
    for (country, prefer), expected in cases.items():
        assert posting_language(country, prefer) == expected
    assert country_name("CN", "it") == "Cina"


def test_a_country_without_known_languages_is_told() -> None:
    assert posting_language("AQ", "en") is None


@pytest.mark.parametrize(
    ("text", "tag", "expected"),
    [
        ("Cina", "it", "CINA"),
        ("Çin", "tr", "ÇİN"),
        ("Κίνα", "el", "ΚΙΝΑ"),
        ("Weißrussland", "de", "WEISSRUSSLAND"),
        ("Китай", "ru", "КИТАЙ"),
        ("Türkiye", "en", "TÜRKIYE"),
        ("Ταϊβάν", "el", "ΤΑΪΒΑΝ"),
    ],
)
def test_capitals_as_the_language_writes_them(text: str, tag: str, expected: str) -> None:
    assert capitals(text, tag) == expected


def test_everything_wrong_in_the_table_of_lists_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "locale-corrections.toml").write_text('[ug]\nlist = "{0}, {1}"\ncoma = ","\n')
    monkeypatch.setattr("actionpack.language.data_jail", lambda: Jail(root=tmp_path, name="data"))
    _list_corrections.cache_clear()
    try:
        with pytest.raises(Rejected) as refused:
            listed(["A", "B"], "ug")
    finally:
        _list_corrections.cache_clear()
    found = [(str(one.place), one.code) for one in refused.value.findings]
    assert found == [
        ("data/locale-corrections.toml:1", "missing-field"),
        ("data/locale-corrections.toml:3", "unknown-field"),
    ]


def test_countries_are_the_codes_of_iso_3166() -> None:
    assert [is_country(code) for code in ("CN", "it", "ZZ", "EU1", "001", "XK")] == [
        True,
        False,
        False,
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("tag", "two", "three"),
    [("en", "A and B", "A, B and C"), ("it", "A e B", "A, B e C"), ("zh-Hans", "A和B", "A、B和C"),
     ("ja", "A、B", "A、B、C"), ("ug", "A ۋە B", "A، B ۋە C")],
)  # fmt: skip
def test_names_are_joined_as_a_sentence_has_them(tag: str, two: str, three: str) -> None:
    assert [listed("ABC"[:count], tag) for count in (1, 2, 3)] == ["A", two, three]
