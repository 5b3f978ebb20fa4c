"""The fields of a text that are translated, beside those of its source, and their hashes."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from actionpack.diagnostics import Place
from actionpack.markup import segments
from actionpack.model import OPTIONAL_SECTIONS, SECTIONS, Action, PerTarget, Text
from actionpack.source import Written

# So many hex digits tell two versions of a paragraph apart.
_DIGITS = 12
# The field of what a picture shows, which stands in `action.yaml` in each language.
DESCRIPTION = "alt"
# Stands for the hash of a paragraph of which nobody knows what it was translated from.
UNKNOWN = "-"


@dataclass(frozen=True, slots=True)
class Part:
    """What is translated as one, and where it stands. `span` is its lines, as in `Segment`."""

    text: str
    place: Place
    span: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field, as the source has it and as the translation has it; None where it has not.

    `key` is its name, such as `quote.by`, `salutation.mayor` or `alt.images/family.jpg`; `target`
    whom it is for, where it is for one. `marked`: it is Markdown, and may have several parts.
    """

    key: str
    source: Written | None
    text: Written | None
    marked: bool = False
    target: str | None = None

    @property
    def name(self) -> str:
        return self.key.split(".")[0]

    @property
    def is_required(self) -> bool:
        optional = ("summary", "quote", "never_write_if", "safety_notes", DESCRIPTION)
        return self.name not in optional and not self.has_fallback

    @property
    def has_fallback(self) -> bool:
        """Whether something else is printed where it is not translated."""
        return self.name in OPTIONAL_SECTIONS

    def source_parts(self) -> tuple[Part, ...]:
        return _parts(self.source, self.marked)

    def parts(self) -> tuple[Part, ...]:
        return _parts(self.text, self.marked)

    def context(self, number: int) -> str:
        """What names a part in a PO file, below the action; counted from 1."""
        return f"{self.key}/{number}" if self.marked else self.key


def _parts(written: Written | None, marked: bool) -> tuple[Part, ...]:
    if written is None or not written.text:
        return ()
    if not marked:
        return (Part(written.text, written.place),)
    top = written.place.line or 1
    return tuple(
        Part(one.text, replace(written.place, line=top + one.start), (one.start, one.end))
        for one in segments(written.text)
    )


def fields_of(
    action: Action, source: Text, text: Text | None, tag: str | None
) -> tuple[Field, ...]:
    """Every field that the source or its translation to `tag` has, in the order of a file.

    Pictures may be described already in a language that has no text yet.
    """
    return tuple(
        field
        for field in _all_fields(action, source, text, tag)
        if field.source is not None or field.text is not None
    )


def _all_fields(
    action: Action, source: Text, text: Text | None, tag: str | None
) -> Iterator[Field]:
    def plain(key: str, own: Written | None, other: Written | None) -> Field:
        return Field(key=key, source=own, text=other)

    yield plain("title", source.title, text.title if text else None)
    yield plain("summary", source.summary, text.summary if text else None)
    own, other = source.quote, text.quote if text else None
    yield plain("quote.text", own.text if own else None, other.text if other else None)
    yield plain("quote.by", own.by if own else None, other.by if other else None)
    yield from _per_target(
        action, "salutation", source.salutation, text.salutation if text else None
    )
    yield from _per_target(action, "closing", source.closing, text.closing if text else None)
    never = text.never_write_if if text else None
    yield plain("never_write_if", source.never_write_if, never)
    yield plain("safety_notes", source.safety_notes, text.safety_notes if text else None)
    for picture in action.images:
        described = picture.alt_in(tag) if tag else None
        yield plain(f"{DESCRIPTION}.{picture.file.text}", picture.alt_in(source.tag), described)
    for key in (*SECTIONS, *OPTIONAL_SECTIONS):
        yield Field(
            key=key,
            source=source.section(key),
            text=text.section(key) if text else None,
            marked=True,
        )


def _per_target(
    action: Action, key: str, source: PerTarget, text: PerTarget | None
) -> Iterator[Field]:
    """One field, or one for each target as soon as one of the two has them apart."""
    if not source.by_target and not (text and text.by_target):
        yield Field(key=key, source=source.for_all, text=text.for_all if text else None)
        return
    for target in action.everybody:
        yield Field(
            key=f"{key}.{target.id}",
            source=source.get(target.id),
            text=text.get(target.id) if text else None,
            target=target.id,
        )


def hash_of(text: str) -> str:
    """The first digits of the SHA-256 of a text, in NFC, its white space made single spaces."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    return hashlib.sha256(plain.encode()).hexdigest()[:_DIGITS]


def hashes_of(parts: Sequence[Part]) -> tuple[str, ...]:
    return tuple(hash_of(part.text) for part in parts)


def made_from(text: Text | None) -> Mapping[str, tuple[str, ...]]:
    """The hashes that a translation keeps, by field; one for each part its source had."""
    return {key: tuple(said.split()) for key, said in text.made_from} if text else {}


# ------------------------------------------------------------------------------------ side by side


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands translated for a part of the source: the text, and the hash it was made from.

    `is_sure`: it was made from just this part. `gone` are texts that stood beside it, and whose
    source is there no more.
    """

    text: str
    hash: str
    is_sure: bool
    gone: tuple[str, ...] = ()


def beside(
    source: Sequence[str], texts: Sequence[str], made: Sequence[str]
) -> tuple[Standing | None, ...]:
    """What stands translated beside each part of a source, of which the hashes are given.

    `made` are the hashes that the translation keeps. Where these do not go with its parts, one is
    taken to stand for the other by its place, and none is sure.
    """
    if not texts:
        return (None,) * len(source)
    if len(made) != len(texts):
        return _by_place(source, texts, made)
    found: list[Standing | None] = [None] * len(source)
    gone: dict[int, list[str]] = {}
    matcher = SequenceMatcher(a=made, b=source, autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        pairs = min(i2 - i1, j2 - j1)
        for k in range(pairs):
            found[j1 + k] = Standing(texts[i1 + k], made[i1 + k], kind == "equal")
        if i2 - i1 > pairs:
            beside_it = j1 + pairs - 1 if pairs else min(j1, len(source) - 1)
            gone.setdefault(beside_it, []).extend(texts[i1 + pairs : i2])
    for at, lost in gone.items():
        if (there := found[at]) is not None:
            found[at] = replace(there, is_sure=False, gone=tuple(lost))
        else:
            found[at] = Standing("\n\n".join(lost), UNKNOWN, False)
    return tuple(found)


def _by_place(
    source: Sequence[str], texts: Sequence[str], made: Sequence[str]
) -> tuple[Standing | None, ...]:
    last = len(source) - 1
    shared = [*texts[:last], "\n\n".join(texts[last:])] if len(texts) > len(source) else texts
    hashes = made if len(made) == len(source) else (UNKNOWN,) * len(source)
    there = [Standing(text, hashes[at], False) for at, text in enumerate(shared)]
    return (*there, *(None for _ in range(len(source) - len(there))))
