"""Dates as people write them, and the deadline and day of issue that a text names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import pairwise

from actionpack.importing.lines import Line, Notes
from actionpack.importing.words import listed, phrase_key, said
from actionpack.language import long_date

# Shorter beginnings of the names of months are no abbreviations of them.
_LEAST_ABBREVIATION = 3
# Between "Deadline" and its day there stand at most so many words: "is Friday, the".
_MOST_BETWEEN = 3


@dataclass(frozen=True, slots=True)
class Found:
    """A day in a text; `other` is the day it is where months are written first."""

    day: date
    start: int
    end: int
    other: date | None = None


@cache
def _months(tag: str) -> tuple[str, ...]:
    """The names of the twelve months as dates hold them, as keys; '' where they are numbers."""
    words = [phrase_key(long_date(date(2001, month, 1), tag)).split() for month in range(1, 13)]
    often = Counter(word for said_ in words for word in set(said_))
    names = ([word for word in said_ if not word.isdigit() and often[word] == 1] for said_ in words)
    return tuple(max(found, key=len, default="") for found in names)


def _month(word: str, tag: str) -> int | None:
    key = phrase_key(word)
    for names in (_months(tag), _months("en")):
        for number, name in enumerate(names, 1):
            short = len(key) >= _LEAST_ABBREVIATION and name.startswith(key)
            if key and name and (key == name or short):
                return number
    return None


_DAY_FIRST = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|re|ης|η|º|ª|\.|-го)?\s+(?:of\s+|de\s+|d['’]\s*)?"
    r"([^\W\d_]{1,20})\.?,?\s+(?:de\s+|del\s+)?(\d{4})(?!\d)"
)
_MONTH_FIRST = re.compile(
    r"(?<![^\W\d_])([^\W\d_]{1,20})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)"
)
_YEAR_FIRST = re.compile(
    r"(?<!\d)(\d{4})(?:-|/|\.\s?|\s*[年년]\s*)(\d{1,2})(?:-|/|\.\s?|\s*[月월]\s*)(\d{1,2})(?!\d)[日일]?"
)
_HUNGARIAN = re.compile(r"(?<!\d)(\d{4})\.?\s+([^\W\d_]{1,20})\s+(\d{1,2})(?!\d)\.?")
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{4})(?!\d)")


def dates_in(text: str, tag: str) -> tuple[Found, ...]:
    """The days that a text names, in order."""
    found = (
        *(_found(match, match[1], int(match[2]), match[3]) for match in _YEAR_FIRST.finditer(text)),
        *map(_of_numbers, _NUMBERS.finditer(text)),
        *(_found(m, m[3], _month(m[2], tag), m[1]) for m in _DAY_FIRST.finditer(text)),
        *(_found(m, m[3], _month(m[1], tag), m[2]) for m in _MONTH_FIRST.finditer(text)),
        *(_found(m, m[1], _month(m[2], tag), m[3]) for m in _HUNGARIAN.finditer(text)),
    )
    return tuple(sorted((one for one in found if one), key=lambda one: one.start))


def _found(match: re.Match[str], year: str, month: int | None, day: str) -> Found | None:
    made = _day(int(year), month, int(day))
    return Found(made, match.start(), match.end()) if made else None


def _of_numbers(match: re.Match[str]) -> Found | None:
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    made, other = _day(year, second, first), _day(year, first, second)
    if made is None and other is None:
        return None
    day = made or other
    different = other if made and other and made != other else None
    return Found(day, match.start(), match.end(), different) if day else None


def _day(year: int, month: int | None, day: int) -> date | None:
    try:
        return date(year, month or 0, day)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The days of a text, None where it names none, and the lines that say nothing else."""

    act_by: date | None
    issued: date | None
    lines: tuple[Line, ...]


def read_days(top: Iterable[Line], ask: Iterable[Line], tag: str, notes: Notes) -> Days:
    """Find the deadline and the day of issue.

    A line that begins with a word such as "Deadline" counts in any part, a sentence with "before"
    in what the reader is asked to do alone.
    """
    asked = tuple(ask)
    act_by: date | None = None
    issued: date | None = None
    spent: list[Line] = []
    for line in (*top, *_with_whole_dates(asked, tag)):
        # "Until 3 May" can begin any sentence of a story.
        in_ask = any(line.number == one.number for one in asked)
        labels = tuple(
            one for one in said(tag, "deadline") if in_ask or one not in said(tag, "until")
        )
        deadline = _labelled(line, labels, tag)
        issue = _labelled(line, listed("dates", "issued"), tag)
        wished = None if deadline or not in_ask else _until(line, tag)
        if issue and issued is None:
            issued = _told("issued", issue, line, tag, notes)
            spent += [line] if _is_alone(line, issue) else []
        if not deadline and not wished and not dates_in(line.text, tag):
            _say_unread(line, labels, notes)
        found = deadline or wished
        if found and act_by is None:
            act_by = _told("act_by", found, line, tag, notes)
            spent += [line] if deadline and _is_alone(line, deadline) else []
        elif found and found.day != act_by:
            notes.say(
                "doubtful",
                line.number,
                f"'{line.text[found.start : found.end]}' may be a deadline too",
                "correct 'act_by' if it is the right one",
            )
    notes.spent += [line.text for line in spent]
    return Days(act_by=act_by, issued=issued, lines=tuple(spent))


def _with_whole_dates(lines: tuple[Line, ...], tag: str) -> Iterator[Line]:
    """Lines with the first words of the next where a line of wrapped text ends inside a date."""
    for line, after in pairwise((*lines, Line(0, ""))):
        more = " ".join(after.text.split()[:2])
        joined = f"{line.text} {more}"
        inside = (found.start < len(line.text) < found.end for found in dates_in(joined, tag))
        wrapped = bool(line.text and more) and after.joint == "typed" and any(inside)
        yield replace(line, text=joined, styles=()) if wrapped else line


def _say_unread(line: Line, labels: tuple[str, ...], notes: Notes) -> None:
    """Say where a deadline stands in words: `Deadline: the first of August`."""
    known = {phrase_key(one) for one in labels}
    for sentence in re.split(r"(?<=[.!?])\s+", line.text):
        label, colon, day = (part.strip() for part in sentence.partition(":"))
        if colon and day and phrase_key(label) in known:
            notes.say(
                "doubtful",
                line.number,
                f"'{day}' is no day that can be read as the deadline",
                "write the day in figures: 31 December 2027",
            )


def _told(field: str, found: Found, line: Line, tag: str, notes: Notes) -> date:
    written = line.text[found.start : found.end]
    message = f"'{field}' is {found.day.isoformat()}, from '{written}'"
    cure = f"look at it once, and correct '{field}' in action.yaml if it is another day"
    if found.other:
        message += f"; where months are written first it would be {found.other.isoformat()}"
        cure = f"correct '{field}' in action.yaml if the month stands first"
    notes.say("doubtful" if found.other else "repaired", line.number, message, cure)
    return found.day


def _labelled(line: Line, labels: tuple[str, ...], tag: str) -> Found | None:
    """The day of a line that begins with one of these words."""
    key = phrase_key(line.text)
    keys = {phrase_key(label) for label in labels}
    for found in dates_in(line.text, tag):
        words = phrase_key(line.text[: found.start]).split()
        begins = (" ".join(words[:count]) for count in range(1, len(words) + 1))
        known = [one for one in begins if one in keys]
        if known and len(words) - len(known[-1].split()) <= _MOST_BETWEEN:
            return found
        # Chinese and Japanese have no spaces between words.
        if any(key.startswith(one) and not one.isascii() and len(words) == 1 for one in keys):
            return found
    return None


def _until(line: Line, tag: str) -> Found | None:
    """The day of a sentence that asks to act before it."""
    keys = tuple(phrase_key(word) for word in said(tag, "until"))
    for found in dates_in(line.text, tag):
        before = phrase_key(line.text[: found.start])
        if any(f" {before}".endswith(f" {key}") for key in keys if key):
            return found
    return None


def _is_alone(line: Line, found: Found) -> bool:
    """Whether a line says the day, the word before it, and nothing more."""
    before = len(line.text[: found.start].split())
    return not re.search(r"\w", line.text[found.end :]) and before <= 2 * _MOST_BETWEEN
