"""How text in a language is set: its script, the fonts for it, the room its lines need.

The tables are `data/scripts.toml` and `data/languages.toml`; whose marks stand in none of them is
set like English.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from actionpack.diagnostics import Finding, Rejected
from actionpack.source import Fields, read_toml
from actionpack.store import data_jail

# What Unicode calls letters that more than one script has, or that have another name.
_EAST_ASIAN = {
    "CJK": ["Hans", "Hant", "Jpan"],
    "HIRAGANA": ["Jpan"],
    "KATAKANA": ["Jpan"],
    "HANGUL": ["Kore"],
}
_SCRIPTS, _LANGUAGES = "scripts.toml", "languages.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A script (ISO 15924), letters that a font for it must have, and languages written in it.

    `family` is None where a layout's own fonts have its letters. `leading` is the room of its lines
    against that of Latin ones. `plain`: it has no italics and no capitals, and is never spaced.
    """

    code: str
    name: str
    letters: str
    languages: tuple[str, ...]
    family: str | None
    leading: float
    plain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Typography:
    """How a language is set; see `Script`. `quotes` go round a quotation, with their space.

    `widen` is what spaces need besides in text from left to right, em.
    """

    script: str
    letters: str
    family: str | None
    leading: float
    plain: bool
    quotes: tuple[str, str]
    hyphens: bool
    widen: float


def typography(tag: str) -> Typography:
    """How a language is set; raises Rejected when a table is wrong."""
    script = next(one for one in scripts() if one.code == script_of(tag))
    language = tag.split("-")[0]
    known = _languages()
    keys = (tag, f"{language}-{script.code}", language, "en")
    named = next(known[key] for key in keys if key in known)
    return Typography(
        script=script.code,
        letters=named.letters or script.letters,
        family=named.family or script.family,
        leading=named.leading or script.leading,
        plain=script.plain,
        quotes=named.quotes,
        hyphens=named.hyphens,
        widen=named.widen,
    )


def script_of(tag: str) -> str:
    """The script (ISO 15924) that a language tag means; Latin when no row claims the language."""
    language, *rest = tag.split("-")
    codes = {script.code for script in scripts()}
    if named := [part for part in rest if part in codes]:
        return named[0]
    if language == "zh" and rest in (["TW"], ["HK"], ["MO"]):
        return "Hant"
    return next((one.code for one in scripts() if language in one.languages), "Latn")


def language_of(text: str, spoken: tuple[str, ...]) -> str | None:
    """The first of the languages spoken in whose script a text begins; None when there is none."""
    first = next((character for character in text if character.isalpha()), None)
    called = re.split("[ -]", unicodedata.name(first, ""))[0] if first else ""
    codes = _EAST_ASIAN.get(called) or [one.code for one in scripts() if one.name.upper() == called]
    return next((tag for tag in spoken if script_of(tag) in codes), None)


@cache
def scripts() -> tuple[Script, ...]:
    """Every script of `data/scripts.toml`; raises Rejected when the table is wrong."""
    return tuple(
        Script(
            code=row.text("code"),
            name=row.text("name"),
            letters=row.text("letters"),
            languages=row.texts("languages"),
            family=row.optional_text("family"),
            leading=row.number("leading") or 1.0,
            plain=row.choice("plain", ("true",)) is not None,
        )
        for row in _rows(_SCRIPTS, "script")
    )


def languages() -> tuple[str, ...]:
    """The tags of the languages that `data/languages.toml` knows how to set."""
    return tuple(_languages())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Language:
    """A row of `data/languages.toml`."""

    quotes: tuple[str, str]
    hyphens: bool
    letters: str | None
    family: str | None
    leading: float | None
    widen: float


@cache
def _languages() -> dict[str, _Language]:
    known = {}
    for row in _rows(_LANGUAGES, "language"):
        opened, closed = row.texts("quotes")
        space = "\u202f" if row.choice("apart", ("true",)) else ""
        known[row.text("tag")] = _Language(
            quotes=(opened + space, space + closed),
            hyphens=row.choice("hyphens", ("true",)) is not None,
            letters=row.optional_text("letters"),
            family=row.optional_text("family"),
            leading=row.number("leading"),
            widen=row.number("widen") or 0.0,
        )
    return known


def _rows(file: str, key: str) -> Iterator[Fields]:
    """The rows of a table; raises Rejected with everything that is wrong in it."""
    faults: list[Finding] = []
    jail = data_jail()
    table = Fields(read_toml(jail.read_text(file), jail.label(file)), faults)
    for row in table.tables(key):
        yield row
        row.done()
    table.done()
    if faults:
        raise Rejected(*faults)
