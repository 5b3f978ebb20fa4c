"""A title in capitals into one that reads, and a title into a folder's name."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePath

from actionpack.importing.countries import country_of
from actionpack.importing.lines import Line, Notes
from actionpack.importing.parts import Parts
from actionpack.language import country_name

# Folders with longer names are a burden to type.
_MOST_MADE_ID = 60
# Two words are taken for forms of one when they begin alike and differ in their endings.
_LEAST_STEM, _MOST_ENDING = 5, 3
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def typeset_title(parts: Parts, tag: str, notes: Notes) -> str:
    """The title; one in capitals gets the capitals that its words have in the text."""
    title = parts.title.text
    if not title.isupper() or not any(len(word) > 1 for word in _WORD.findall(title)):
        return title
    seen = _spellings((*parts.briefing.lines, *parts.ask.lines, *parts.letter.lines), tag)
    prefix = _country_prefix(title, tag)
    own = _own_spelling(prefix, tag)
    written = [own]
    at = len(prefix) if own else 0
    for match in _WORD.finditer(title, at):
        between = title[at : match.start()]
        in_prefix = match.end() <= len(prefix)
        begins = at == 0 or any(sign in between for sign in ":.!?")
        short = match[0] == prefix and len(prefix) <= 3  # USA, UK, DRC
        kept = short or _is_reference(match, seen, tag)
        word = match[0] if kept else _spelled(match[0], seen, tag=tag, proper=in_prefix)
        written += [between, word[0].upper() + word[1:] if begins else word]
        at = match.end()
    typeset = "".join(written) + title[at:]
    if typeset != title:
        notes.say(
            "doubtful",
            parts.title.number,
            f"the title was all capitals; it is written '{typeset}'",
            f"give its names their capitals, in 'title' of {tag}.md",
        )
    return typeset


def _own_spelling(prefix: str, tag: str) -> str:
    """A country's name as its language or English writes it, with the apostrophes of the title.

    '' when the title calls the country by another name, or by letters such as USA.
    """
    code = country_of(prefix, tag)
    if code is None or len(prefix) <= 3:
        return ""
    names = (country_name(code, tag), country_name(code, "en"))
    own = next((name for name in names if _bare_letters(name) == _bare_letters(prefix)), "")
    signs = (sign for sign in prefix if sign in _APOSTROPHES)
    return "".join(next(signs) if sign in _APOSTROPHES else sign for sign in own)


_APOSTROPHES = "'’‘ʼ`´"


def _bare_letters(name: str) -> str:
    """A name without case and accents, and with one sign for all apostrophes."""
    straight = re.sub(f"[{_APOSTROPHES}]", "'", name).casefold()
    return "".join(
        c for c in unicodedata.normalize("NFKD", straight) if not unicodedata.combining(c)
    )


# What goes with a word: "COVID-19", "UA 12/2025". "IN 2025" and "12-YEAR-OLD" are plain words.
_NUMBERED = re.compile(r"[-–/]\d| \d+/\d")


def _is_reference(match: re.Match[str], seen: dict[str, Counter[str]], tag: str) -> bool:
    """Whether a word in capitals is a part of a number such as `UA 12/2025`, `G20`, `COVID-19`."""
    word, title = match[0], match.string
    if re.search(r"\d", word):
        return not word[0].isdigit()
    if _is_written_small(_key(word, tag), seen):
        return False
    return bool(_NUMBERED.match(title, match.end())) or any(
        found.start() < match.start() and match.end() < found.end()
        for found in re.finditer(r"\([^()]*\d/\d[^()]*\)", title)
    )


def _spellings(lines: Iterable[Line], tag: str) -> dict[str, Counter[str]]:
    """How the text writes each word; lines in capitals do not count."""
    seen: dict[str, Counter[str]] = {}
    for line in lines:
        if not line.text.isupper():
            for word in _WORD.findall(line.text):
                seen.setdefault(_key(word, tag), Counter())[word] += 1
    return seen


def _spelled(word: str, seen: dict[str, Counter[str]], *, tag: str, proper: bool) -> str:
    """A word in capitals as the text writes it; one it does not know is a common word."""
    known = seen.get(_key(word, tag), Counter())
    if len(word) > 1 and word in known:
        return word
    accented = Counter() if known else _accented(_key(word, tag), seen)
    if accented:
        return accented.most_common(1)[0][0]
    small = _is_written_small(_key(word, tag), seen)
    if known and not small:
        return known.most_common(1)[0][0]
    if not proper:
        return _lower(word, tag)
    return _lower(word, tag) if word in ("OF", "THE", "AND") else word[0] + _lower(word[1:], tag)


def _accented(word: str, seen: dict[str, Counter[str]]) -> Counter[str]:
    """How the text writes a word whose capitals went without accents, as in Greek and French."""
    spellings: Counter[str] = Counter()
    for known, found in seen.items():
        if _bare_letters(known) == _bare_letters(word):
            spellings += found
    return spellings


def _is_written_small(word: str, seen: dict[str, Counter[str]]) -> bool:
    """Whether the text begins a word, or another form of it, with a small letter.

    "Families" in the name of a report is a common word if the text has "family" too.
    """
    return any(
        spelling[0].islower()
        for known, spellings in seen.items()
        if known == word or _are_forms(known, word)
        for spelling in spellings
    )


def _are_forms(one: str, other: str) -> bool:
    stem = max(_LEAST_STEM, min(len(one), len(other)) - 1)
    return one[:stem] == other[:stem] and abs(len(one) - len(other)) <= _MOST_ENDING


def _lower(word: str, tag: str) -> str:
    if tag.split("-")[0] in ("tr", "az"):
        word = word.replace("I", "ı").replace("İ", "i")
    return word.lower()


def _key(word: str, tag: str) -> str:
    return _lower(word, tag).replace("’", "'")


def _country_prefix(title: str, tag: str) -> str:
    """What stands before the colon or the dash of a title, if it names a country."""
    prefix = re.split(r"\s*[:：]|\s+[–—-]\s", title, maxsplit=1)[0]
    return prefix if prefix != title and country_of(prefix, tag) else ""


def title_country(title: str, tag: str) -> str | None:
    """The country that a title such as `China: Uyghur families` begins with."""
    return country_of(_country_prefix(title, tag), tag)


# Letters that do not come apart into an ASCII letter and an accent.
_FOLDED = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)


def slug(text: str) -> str:
    """Text as an id, a-z, 0-9 and hyphens; '' when it has letters that cannot be written so."""
    apart = unicodedata.normalize("NFKD", text.lower().translate(_FOLDED))
    bare = re.sub(r"[’'‘ʼ`´]", "", "".join(c for c in apart if not unicodedata.combining(c)))
    if any(c.isalnum() and not c.isascii() for c in bare):
        return ""
    return "-".join(re.findall(r"[a-z0-9]+", bare))


def made_id(title: str, file: str, notes: Notes) -> str:
    """An id from the title, or from the file's name where the title is not in Latin letters."""
    made = shortened(slug(title) or slug(PurePath(file).stem), _MOST_MADE_ID)
    if not made and title:
        notes.say(
            "missing-field",
            None,
            "no id can be made from the title or the file's name",
            "pass --id with a-z, 0-9 and hyphens",
        )
    return made


def shortened(name: str, most: int) -> str:
    """An id cut between two of its words."""
    if len(name) <= most:
        return name
    return name[: most + 1].rpartition("-")[0] or name[:most]
