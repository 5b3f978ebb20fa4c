"""A stretch of text in one language, and what is changed in it when it is set."""

from __future__ import annotations

import re
from collections.abc import Iterable

from actionpack.typesetting.breaking import kept_whole, word_breaks
from actionpack.typesetting.edit import Edit
from actionpack.typesetting.spacing import (
    chinese_closing,
    french_spaces,
    numbers_kept_together,
    stops_kept_together,
)

# Latin words and the marks that no rule speaks of, and numbers that are no part of another, with no
# word before that stays with them and nothing or a word longer than any unit behind: most lines of
# a batch.
_LETTER = "A-Za-z\u00c0-\u024f"
_NO_SHORTENED = r"(?<!\b[nN][or]\. )(?<!\b[aA]rt\. )(?<!\b[aA]bs\. )"
_LEFT_ALONE = re.compile(
    rf"(?:[{_LETTER} ,.'\u2019-]"
    rf"|(?<![-.\d]){_NO_SHORTENED}[0-9]+(?![\d.-]|\s(?![{_LETTER}]{{4}})))*"
)


def edits(text: str, language: str) -> tuple[Edit, ...]:
    """What is changed in a text, in order; of two changes in one place the first holds."""
    if _LEFT_ALONE.fullmatch(text):
        return ()
    found: dict[int, Edit] = {}
    rules = (
        french_spaces(text, language),
        numbers_kept_together(text),
        stops_kept_together(text),
        chinese_closing(text),
    )
    for rule in rules:
        for edit in rule:
            found.setdefault(edit.start, edit)
    for mark in (*word_breaks(text), *kept_whole(text)):
        found.setdefault(mark.start, mark)
    return tuple(found[start] for start in sorted(found))


def left_alone(lines: Iterable[str]) -> bool:
    """Whether nothing is changed in lines, told at a glance; False: it may be that something is."""
    return all(map(_LEFT_ALONE.fullmatch, lines))


def as_set(text: str, language: str) -> str:
    """A text as it is set in a language (BCP 47); what is set already stays as it is."""
    changed = edits(text, language)
    if not changed:
        return text
    parts, at = [], 0
    for edit in changed:
        parts += [text[at : edit.start], edit.text]
        at = edit.stop
    return "".join((*parts, text[at:]))
