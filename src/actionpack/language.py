"""Language tags, dates and country names (gate: Babel).

Tags are BCP 47 (RFC 5646) as people write them, `zh-Hans` and `pt-BR`; Babel's own spelling stays
inside.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Literal

from actionpack.diagnostics import Finding, Rejected
from actionpack.store import data_jail

if TYPE_CHECKING:
    from babel import Locale

_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
# Indonesian, Hebrew, Yiddish, Javanese and Romanian as they were called (IANA's registry of
# subtags, "Deprecated"): nothing else here knows them by these names.
_WITHDRAWN = frozenset(("in", "iw", "ji", "jw", "mo"))


def is_tag(tag: str) -> bool:
    """Whether `tag` is a well-formed tag of a language that has locale data."""
    named = _TAG.fullmatch(tag) and tag.split("-")[0] not in _WITHDRAWN
    return bool(named) and _locale_or_none(tag) is not None


@cache
def _locale_or_none(tag: str) -> Locale | None:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def _locale(tag: str) -> Locale:
    found = _locale_or_none(tag)
    if found is None:
        raise ValueError(f"no locale data for {tag!r}")
    return found


def html_tag(tag: str) -> str:
    """The tag a layout engine needs: Pango chooses Chinese shapes by region, not by script."""
    return {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW"}.get(tag, tag)


def direction(tag: str) -> Literal["ltr", "rtl"]:
    """Which way lines run."""
    return "rtl" if _locale(tag).text_direction == "rtl" else "ltr"


def endonym(tag: str) -> str:
    """The language's name in itself."""
    return str(_locale(tag).get_display_name() or tag)


def english_name(tag: str) -> str:
    """The language's name in English."""
    return str(_locale(tag).get_display_name("en") or tag)


def name_in(named: str, tag: str) -> str:
    """The name of a language in another one, in English where that one has none."""
    return str(_locale(named).get_display_name(_locale(tag)) or english_name(named))


# A year that is first, with what says that it is one: "2027 m.", "2027 gada"; or all before a year
# and the "de" that it has in Spanish and Portuguese.
_TO_YEAR = re.compile(r"\d{4}\S*(?: [^\W\d]{1,4}\.?(?= ))?|.*?(?= (?:del? )?\d{4})")


def long_date(day: date, tag: str) -> str:
    """A date as a letter writes it, which lines break beside the year and nowhere else.

    Without that place a narrow column would break it inside the year or the month.
    """
    from babel.dates import format_date

    # Plain "en" is nobody's country: the world's English puts the day before the month.
    written = format_date(day, "long", locale=_locale("en-001" if tag == "en" else tag))
    said = re.sub(r"\s", " ", str(written))
    first = found[0] if (found := _TO_YEAR.match(said)) else said
    parts = (first, said.removeprefix(first).lstrip(" "))
    return " ".join(part.replace(" ", "\u00a0") for part in parts if part)


def listed(items: Sequence[str], tag: str) -> str:
    """Some names as a sentence has them: "A, B and C"."""
    from babel.lists import format_list

    if (joined := _list_corrections().get(tag.split("-")[0])) and len(items) > 1:
        last_two, comma = joined
        *others, last = items
        return last_two.format(f"{comma} ".join(others), last)
    return format_list(list(items), locale=_locale("en-001" if tag == "en" else tag))


@cache
def _list_corrections() -> Mapping[str, tuple[str, str]]:
    """How lists are joined in languages whose lists Babel has in English, by language.

    Raises Rejected with everything that is wrong in the table.
    """
    from actionpack.source import Fields, read_toml

    faults: list[Finding] = []
    jail, name = data_jail(), "locale-corrections.toml"
    table = Fields(read_toml(jail.read_text(name), jail.label(name)), faults)
    corrections = {}
    for tag, row in table.named_tables():
        corrections[tag] = row.text("list"), row.text("comma")
        row.done()
    if faults:
        raise Rejected(*faults)
    return corrections


# What CLDR lists beside the countries: unions, made-up places for tests, and "unknown".
_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


def is_country(code: str) -> bool:
    """Whether `code` is a country's two letters (ISO 3166-1, as CLDR lists them)."""
    territories = _locale("en").territories
    two_letters = re.fullmatch(r"[A-Z]{2}", code)
    return bool(two_letters) and code in territories and code not in _NO_COUNTRIES


def country_name(code: str, tag: str) -> str:
    """A country's name in a language, in English where that language has none."""
    name = _locale(tag).territories.get(code) or _locale("en").territories[code]
    return str(name)


def country_code(name: str, tag: str) -> str | None:
    """The country that a text in language `tag` calls `name`; None when it is no country.

    Known are its names in that language, in English, and in `data/country-names.toml`. Case,
    accents, apostrophes, full stops and a leading "the" do not count.
    """
    return _codes_by_name(tag).get(_name_key(name))


@cache
def _codes_by_name(tag: str) -> dict[str, str]:
    """Each key of a country's name; names that two countries share are left out."""
    codes: dict[str, set[str]] = {}
    for code, name in _country_names(tag):
        codes.setdefault(_name_key(name), set()).add(code)
    return {key: min(found) for key, found in codes.items() if key and len(found) == 1}


def _country_names(tag: str) -> Iterator[tuple[str, str]]:
    for code in map(str, _locale("en").territories):
        if is_country(code):
            yield code, country_name(code, "en")
            yield code, country_name(code, tag)
    yield from _other_names()


@cache
def _other_names() -> tuple[tuple[str, str], ...]:
    """Names of countries that CLDR does not have, in any language."""
    # The table is needed by import alone.
    from actionpack import source

    jail = data_jail()
    name = "country-names.toml"
    table = source.read_toml(jail.read_text(name), jail.label(name))
    return tuple(
        (entry.key, item.text)
        for entry in table.entries
        if isinstance(entry.value, source.Sequence)
        for item in entry.value.items
        if isinstance(item, source.Written)
    )


# Accents of Latin, Greek and Cyrillic (U+0300 to U+036F, left alone by themselves after NFKD), full
# stops and apostrophes. The vowel signs of other scripts tell countries apart and stay.
_UNHEARD = re.compile(r"[\u0300-\u036f.'’‘ʼ`´]")


def _name_key(name: str) -> str:
    apart = unicodedata.normalize("NFKD", name.casefold().replace("&", " and "))
    words = re.split(r"[\s,()/–-]+", _UNHEARD.sub("", apart).strip(" ,()/–-"))
    return " ".join(words[1:] if words[0] == "the" else words)


def posting_language(sender_country: str, prefer: str) -> str | None:
    """An official language of the country of posting; `prefer` if it is one of them.

    None when the country's official languages are not known.
    """
    from babel.languages import get_official_languages

    official = [
        tag.replace("_", "-")
        for tag in get_official_languages(sender_country, de_facto=True)
        if is_tag(tag.replace("_", "-"))
    ]
    spoken = prefer.split("-")[0]
    for tag in official:
        if tag == prefer or tag.split("-")[0] == spoken:
            return tag
    return official[0] if official else None


def capitals(text: str, tag: str) -> str:
    """Text in capitals as its language writes them (Unicode SpecialCasing: tr az lt el)."""
    language = tag.split("-")[0]
    if language in ("tr", "az"):
        return text.replace("i", "İ").upper()
    if language == "el":
        bare = "".join(c for c in unicodedata.normalize("NFD", text) if c != "\u0301")
        return unicodedata.normalize("NFC", bare).upper()
    return text.upper()
