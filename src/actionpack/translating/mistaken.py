"""A PO file that says it is of one language, and holds what was written in another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from actionpack.catalogues import Catalogue
from actionpack.diagnostics import Finding, finding
from actionpack.model import Action, Text
from actionpack.translating.fields import fields_of

# Shorter paragraphs, such as a name in a heading, may well be the same in two languages.
_LONG = 20
# Languages of which one text may serve readers of another.
_NEAR = (("bs", "cnr", "hr", "sh", "sr"), ("nb", "nn", "no"), ("id", "ms"))


def of_another_language(
    action: Action, source: Text, others: Sequence[Text], catalogue: Catalogue
) -> Iterator[Finding]:
    """Find the language whose text most of the paragraphs are, where that is not the file's own.

    `others` are the texts there are, the source too.
    """
    said = {
        one.context: one.text.strip()
        for one in catalogue.messages
        if one.context and len(one.text) >= _LONG
    }
    for other in others:
        theirs = {
            f"{action.id}/{field.context(number)}": part.text
            for field in fields_of(action, source, other, other.tag)
            if field.marked
            for number, part in enumerate(field.parts(), 1)
        }
        yield from _mistaken(catalogue, said, other.tag, theirs)


def words_of_another_language(
    others: Mapping[str, Catalogue], catalogue: Catalogue
) -> Iterator[Finding]:
    """Find the language whose words most of a layout's words are; `others` are the catalogues."""
    said = {one.id: one.text.strip() for one in catalogue.messages if one.text}
    for tag, other in others.items():
        yield from _mistaken(catalogue, said, tag, {one.id: one.text for one in other.messages})


def _mistaken(
    catalogue: Catalogue, said: Mapping[str, str], tag: str, theirs: Mapping[str, str]
) -> Iterator[Finding]:
    """Say when most of what a file and another language both have is the same.

    The same language as it is written elsewhere, such as `pt` for `pt-BR`, may say the same, and so
    may one that is near to it.
    """
    if _family(tag) == _family(catalogue.tag):
        return
    both = said.keys() & theirs.keys()
    same = [key for key in both if said[key] == theirs[key]]
    if 2 * len(same) > len(both):
        yield finding(
            "bad-value",
            f"the header 'Language' is '{catalogue.tag}', and most of the text is that in '{tag}'",
            catalogue.at(catalogue.header_line),
            cure=f"correct the header, or translate it into '{catalogue.tag}'",
        )


def _family(tag: str) -> tuple[str, ...]:
    """A language, with those that are near to it."""
    language = tag.split("-")[0]
    return next((near for near in _NEAR if language in near), (language,))
