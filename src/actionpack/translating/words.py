"""The words that layouts print, into a PO file for a translator and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from actionpack.catalogues import (
    MADE_BY,
    REVIEWED_BY,
    Catalogue,
    Message,
    changed_placeholders,
    standard_headers,
    unknown_words,
)
from actionpack.diagnostics import Finding, finding
from actionpack.language import english_name
from actionpack.source import check_characters
from actionpack.translating.exporting import NOBODY
from actionpack.translating.taking import cut_off

_NOTE = "{}: the words that layouts print of their own."


def export_words(
    words: Sequence[Message],
    known: Mapping[str, Message],
    tag: str | None,
    *,
    made_by: str,
    reviewer: str,
) -> Catalogue:
    """Every word that is to be translated, with what is translated already."""
    messages = [
        replace(word, text=known[word.id].text, fuzzy=known[word.id].fuzzy, line=0)
        if word.id in known
        else replace(word, text="", fuzzy=False, line=0)
        for word in words
    ]
    return Catalogue(
        file="",
        note=_NOTE.format(english_name(tag) if tag else "Template"),
        headers=_headers(tag or "", made_by, reviewer),
        messages=tuple(messages),
    )


def _headers(tag: str, made_by: str, reviewer: str) -> tuple[tuple[str, str], ...]:
    return (
        *standard_headers("actionpack", tag),
        (MADE_BY, made_by),
        (REVIEWED_BY, reviewer or NOBODY),
    )


def take_words(
    words: Sequence[Message], standing: Mapping[str, str], catalogue: Catalogue
) -> tuple[Catalogue, tuple[Finding, ...]]:
    """The catalogue to keep, in the order of the words; and what is wrong.

    `standing` is what is translated already: it stays where nothing better came.
    """
    known = {word.id for word in words}
    done = [one for one in catalogue.messages if one.id in known and one.text and not one.fuzzy]
    texts = {**standing, **{one.id: one.text.strip() for one in done}}
    found = [
        *_unfinished(words, standing, catalogue),
        *unknown_words(catalogue, known),
        *changed_placeholders(catalogue),
        *(
            found
            for one in done
            for found in check_characters(one.text.strip(), catalogue.at(one.line))
        ),
    ]
    if not catalogue.header(MADE_BY):
        found.append(
            finding(
                "missing-field",
                f"the header {MADE_BY} does not say who translated this",
                catalogue.at(catalogue.header_line),
                cure="write a name into it, or what program it was",
                severity="warning",
            )
        )
    tag = catalogue.tag
    made = Catalogue(
        file="",
        note=_NOTE.format(english_name(tag)),
        headers=_headers(tag, catalogue.header(MADE_BY), catalogue.header(REVIEWED_BY)),
        messages=tuple(
            Message(id=word.id, text=texts[word.id]) for word in words if word.id in texts
        ),
    )
    return made, tuple(sorted(found, key=lambda one: one.place.line or 0))


def _unfinished(
    words: Sequence[Message], standing: Mapping[str, str], catalogue: Catalogue
) -> Iterator[Finding]:
    """Find words that are not translated; those that are not there at the end were cut off."""
    given = {one.id: one for one in catalogue.messages}
    absent = [word.id for word in words if word.id not in given]
    if words and words[-1].id in absent:
        yield cut_off(catalogue, absent[0])
        return
    for word in words:
        one = given.get(word.id)
        place = catalogue.at(one.line if one else catalogue.end)
        then = "what was there stays" if word.id in standing else "it prints in English"
        if one is None:
            told = f"'{word.id}' is not in the file, and {then}"
            yield finding("missing-translation", told, place, cure="export it again")
        elif not one.text.strip():
            told = f"'{word.id}' is not translated, and {then}"
            yield finding("missing-translation", told, place, cure="translate it")
        elif one.fuzzy:
            told = f"'{word.id}' is marked as unfinished (fuzzy), and {then}"
            yield finding("fuzzy-translation", told, place)
