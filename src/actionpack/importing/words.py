"""The words by which the parts of a text are known, by language (`data/import-words.toml`)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from actionpack.source import Sequence, Table, Written, read_toml
from actionpack.store import data_jail

# What a heading can begin. The first three are the sections of an action; `address` holds whom the
# letter is for, `other` what has no place in a pack.
KINDS = ("briefing", "ask", "letter", "address", "other")


@cache
def _table() -> Table:
    jail = data_jail()
    return read_toml(jail.read_text("import-words.toml"), jail.label("import-words.toml"))


@cache
def listed(part: str, key: str) -> tuple[str, ...]:
    """A list of `data/import-words.toml` that does not depend on language."""
    return _texts(_table().get(part), key)


def _texts(rows: object, key: str) -> tuple[str, ...]:
    found = rows.get(key) if isinstance(rows, Table) else None
    items = found.items if isinstance(found, Sequence) else ()
    return tuple(item.text for item in items if isinstance(item, Written))


@cache
def known_tags() -> tuple[str, ...]:
    """The languages whose words are known."""
    languages = _table().get("languages")
    if not isinstance(languages, Table):
        raise LookupError("data/import-words.toml has no [languages]")
    return tuple(entry.key for entry in languages.entries)


def formal_names() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Full names of countries by their codes."""
    rows = _table().get("country_names")
    entries = rows.entries if isinstance(rows, Table) else ()
    return tuple((entry.key, _texts(rows, entry.key)) for entry in entries)


def own_tag(tag: str) -> str | None:
    """The language of the table that a tag means: `fr` for `fr-CA`; None when it has none."""
    base = {"no": "nb", "nn": "nb", "zh": "zh-Hans"}.get(tag.split("-")[0], tag.split("-")[0])
    return next((one for one in (tag, base) if one in known_tags()), None)


@cache
def said_in(tag: str, key: str) -> tuple[str, ...]:
    """The words of one language alone; nothing when it is not in the table."""
    languages = _table().get("languages")
    own = own_tag(tag)
    rows = languages.get(own) if isinstance(languages, Table) and own else None
    return _texts(rows, key)


@cache
def said(tag: str, key: str) -> tuple[str, ...]:
    """The words of a language, and those of English, which texts of all languages hold."""
    return tuple(dict.fromkeys((*said_in(tag, key), *said_in("en", key))))


def default_of(tag: str, key: str) -> str:
    """What is written where a text has no such line, in its language or else in English."""
    return next(iter((*said_in(tag, key), *said_in("en", key))))


# Accents of Latin, Greek and Cyrillic, and the vowel signs and lengthening stroke of Arabic.
_UNHEARD = re.compile("[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670]")


@cache
def phrase_key(text: str) -> str:
    """Words alone: without case, accents and signs. Turkish dotless letters count as dotted."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    return " ".join(re.findall(r"[^\W_]+", _UNHEARD.sub("", apart)))


def begins_with(text: str, phrases: Iterable[str]) -> bool:
    """Whether a text begins with one of these phrases, and not in the midst of a word."""
    return begun(phrase_key(text), phrases) is not None


def begun(key: str, phrases: Iterable[str]) -> str | None:
    """The longest of these phrases, as a key, that a key begins with."""
    keys = sorted((phrase_key(phrase) for phrase in phrases), key=len, reverse=True)
    return next((one for one in keys if one and _is_whole(key, one)), None)


def _is_whole(key: str, phrase: str) -> bool:
    after = key[len(phrase) : len(phrase) + 1]
    # Chinese and Japanese have no spaces between words.
    return key.startswith(phrase) and (after in ("", " ") or _is_ideograph(phrase[-1]))


def _is_ideograph(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(("CJK", "HIRAGANA", "KATAKANA"))


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading begins, and the languages that call it so.

    `alone`: it is one only where nothing else stands in its line, such as "Letter".
    """

    kind: str
    tags: frozenset[str]
    alone: bool = False


@cache
def headings() -> dict[str, Heading]:
    """Every heading of every language, by its key."""
    found: dict[str, Heading] = {}
    for tag in known_tags():
        for kind in KINDS:
            for phrase in said_in(tag, kind):
                key = phrase_key(phrase)
                known = found.get(key, Heading(kind, frozenset()))
                found[key] = replace(known, tags=known.tags | {tag})
        for phrase in said_in(tag, "alone"):
            key = phrase_key(phrase)
            known = found.get(key, Heading("letter", frozenset(), alone=True))
            found[key] = replace(known, tags=known.tags | {tag})
    return found


@cache
def section_names() -> dict[str, str]:
    """The names of an action's own sections, which count as headings where they are set as such."""
    return {phrase_key(name): name for name in KINDS[:3]}
