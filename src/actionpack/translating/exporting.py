"""A text and its translation into the messages of a PO file."""

from __future__ import annotations

from collections.abc import Iterator

from actionpack.catalogues import REVIEWED_BY, Catalogue, Message, standard_headers
from actionpack.language import english_name
from actionpack.markup import read_markup
from actionpack.model import Action, Text
from actionpack.translating.fields import (
    UNKNOWN,
    Field,
    Part,
    Standing,
    beside,
    fields_of,
    hash_of,
    hashes_of,
    made_from,
)
from actionpack.translating.guarding import literals

NOBODY = "nobody yet"
# Where on the paper a field stands, for whoever translates it.
_WHERE = {
    "title": "The title, large at the head of the page.",
    "summary": "One sentence below the title.",
    "quote.text": "A quotation, set apart.",
    "quote.by": "Who says the quotation.",
    "salutation": "How the letter to {to} begins. Write what is usual in your language, with its "
    "own comma or colon; do not translate word by word.",
    "closing": "How the letter to {to} ends, above the signature. Write what is usual in your "
    "language.",
    "never_write_if": "Who must not write, in one sentence; printed on the half that is kept.",
    "safety_notes": "What whoever signs must know first; printed on the half that is kept.",
    "alt": "What a picture shows, for those who cannot see it: read aloud, never printed.",
    "briefing": "What happened: text on the leaf to read.",
    "ask": "What the reader is asked to do.",
    "letter": "The letter, which people sign and post.",
    "plain": "What happened, in plain words for readers from 12 years on; printed in the booklet "
    "for schools.",
    "discuss": "Questions to talk about in class; printed in the booklet for schools.",
    "teacher": "For the teacher: aims, plan of the lesson, safety; in the booklet for schools.",
    "card": "The letter as short as a postcard, which people sign and post.",
}
_KEEP_MARK = {
    "heading": "A sub-heading: keep the signs '#' before it.",
    "bullets": "An item of a list: keep the sign and the space before it.",
    "numbers": "An item of a list: keep the number and the space before it.",
}


def export(action: Action, source: Text, text: Text | None, tag: str | None) -> Catalogue:
    """Everything that is to be translated, with what is translated already.

    Without a language it is a template, from which translations to any can begin.
    """
    reviewer = text.reviewer if text and text.status == "reviewed" else None
    return Catalogue(
        file="",
        note=f"{action.id}: {english_name(tag) if tag else 'template'}.\n"
        "Come back with it: actionpack translate import FILE (docs/translating.md).",
        headers=(
            *standard_headers(f"actionpack {action.id}", tag or ""),
            ("X-Source-Language", source.tag),
            (REVIEWED_BY, reviewer or NOBODY),
        ),
        messages=tuple(_messages(action, source, text, tag)),
    )


def _messages(
    action: Action, source: Text, text: Text | None, tag: str | None
) -> Iterator[Message]:
    made = made_from(text)
    for field in (one for one in fields_of(action, source, text, tag) if one.source):
        parts = field.source_parts()
        there = beside(
            hashes_of(parts), [part.text for part in field.parts()], made.get(field.key, ())
        )
        for number, (part, standing) in enumerate(zip(parts, there, strict=True), 1):
            yield Message(
                id=part.text,
                text=standing.text if standing else "",
                context=f"{action.id}/{field.context(number)}",
                fuzzy=standing is not None and not standing.is_sure,
                comments=tuple(_told(action, field, part, standing, number, len(parts))),
                places=(part.place,),
            )


def _told(
    action: Action, field: Field, part: Part, standing: Standing | None, number: int, count: int
) -> Iterator[str]:
    """What a translator must know of a part."""
    to = next((t.name for t in action.targets if t.id == field.target), "")
    to = to or ", ".join(target.name for target in action.targets)
    where = _WHERE.get(field.key) or _WHERE[field.name]
    yield where.format(to=to) + (f" Part {number} of {count}." if count > 1 else "")
    kind = read_markup(part.text)[0].kind if field.marked else "paragraph"
    if kind in _KEEP_MARK:
        yield _KEEP_MARK[kind]
    if kept := dict.fromkeys(one.written for one in literals(part.text)):
        yield f"Keep as it is: {', '.join(kept)}"
    if names := [one for one in _names(action) if one in part.text]:
        yield f"Names: {', '.join(names)}"
    if standing is not None and not standing.is_sure:
        yield from _why(standing, part)


def _why(standing: Standing, part: Part) -> Iterator[str]:
    """Why what stands translated has to be looked at."""
    if standing.hash == UNKNOWN:
        yield "It is not known from which text this was translated: compare the two."
    elif standing.hash != hash_of(part.text):
        yield "The source has changed since this was translated."
    elif not standing.gone:
        yield "The translation has not as many paragraphs as the source: compare the two."
    for lost in standing.gone:
        yield f"The source no longer says what was translated as: {' '.join(lost.split())}"


def _names(action: Action) -> Iterator[str]:
    people = (person.name.text for person in action.people)
    yield from dict.fromkeys((*people, *(target.name for target in action.everybody)))
