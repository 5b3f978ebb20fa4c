"""The country that a line means, in full and formal names of other languages too."""

from __future__ import annotations

from functools import cache

from actionpack.importing.words import begun, formal_names, listed, phrase_key
from actionpack.language import country_code


def country_of(text: str, tag: str) -> str | None:
    """The country that a text in language `tag` calls so; None when it is no country."""
    bare = text.strip(" .,;:")
    return country_code(bare, tag) or _formal().get(phrase_key(bare)) or _described(bare, tag)


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
