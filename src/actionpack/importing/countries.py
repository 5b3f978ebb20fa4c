"""The country that a line means, in full and formal names of other languages too."""

from __future__ import annotations

import re
from functools import cache

from actionpack.importing.words import begun, formal_names, known_tags, listed, phrase_key
from actionpack.language import country_code


def country_of(text: str, tag: str) -> str | None:
    """The country that a text in language `tag` calls so; None when it is no country.

    It may be named in two languages, `TUNISIE / TUNISIA` or `Grèce (Greece)`.
    """
    bare = text.strip(" .,;:")
    found = country_code(bare, tag) or _formal().get(phrase_key(bare)) or _described(bare, tag)
    names = [name for name in re.split(r"\s*[/()]\s*", bare) if name] if not found else []
    if len(names) != 2:
        return found
    first, second = (country_of(name, tag) or _in_any_language(name) for name in names)
    return first if first == second else None


@cache
def _in_any_language(name: str) -> str | None:
    """The country that all languages which know the name mean by it."""
    codes = {country_code(name, tag) for tag in known_tags()} - {None}
    return codes.pop() if len(codes) == 1 else None


@cache
def _formal() -> dict[str, str]:
    return {phrase_key(name): code for code, names in formal_names() for name in names}


def _described(text: str, tag: str) -> str | None:
    """The country behind words such as "République de"; Greek names have an ending there."""
    key = phrase_key(text)
    words = begun(key, listed("country_words", "before"))
    name = key[len(words) :].strip() if words else ""
    if not name:
        return None
    return country_code(name, tag) or (country_code(name.removesuffix("σ"), tag))
