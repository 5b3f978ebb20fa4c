"""A PO file that says it is of one language, and holds the text in another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from actionpack.catalogues import Catalogue
from actionpack.diagnostics import Finding, finding
from actionpack.model import Action, Text
from actionpack.translating.fields import fields_of

# Shorter ones, such as a name in a heading, may well be the same in two languages.
_LONG = 20
# Languages of which one text may serve readers of another.
_NEAR = (("bs", "cnr", "hr", "sh", "sr"), ("nb", "nn", "no"), ("id", "ms"))


def of_another_language(
    action: Action, source: Text, others: Sequence[Text], catalogue: Catalogue
) -> Iterator[Finding]:
    """Find the language whose text most of the paragraphs are, where that is not the file's own.

    `others` are the texts there are, the source too. Those in the same language as it is written
    elsewhere, such as `pt` for `pt-BR`, or in one that is near to it, may say the same.
    """
    said = {
        one.context: one.text.strip()
        for one in catalogue.messages
        if one.context and len(one.text) >= _LONG
    }
    own = _family(catalogue.tag)
    for other in (one for one in others if _family(one.tag) != own):
        theirs = {
            f"{action.id}/{field.context(number)}": part.text
            for field in fields_of(action, source, other, other.tag)
            if field.marked
            for number, part in enumerate(field.parts(), 1)
        }
        paragraphs = said.keys() & theirs.keys()
        same = [context for context in paragraphs if said[context] == theirs[context]]
        if 2 * len(same) > len(paragraphs):
            yield finding(
                "bad-value",
                f"the header 'Language' is '{catalogue.tag}', and most of the text is that in "
                f"'{other.tag}'",
                catalogue.at(catalogue.header_line),
                cure=f"correct the header, or translate it into '{catalogue.tag}'",
            )


def _family(tag: str) -> tuple[str, ...]:
    """A language, with those that are near to it."""
    language = tag.split("-")[0]
    return next((near for near in _NEAR if language in near), (language,))
