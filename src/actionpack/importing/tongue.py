"""The language of a text, by its headings, its salutation and its letters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from actionpack.importing.lines import Line, Notes
from actionpack.importing.parts import Parts
from actionpack.importing.words import begins_with, headings, known_tags, phrase_key, said_in

_DEFAULT = "en"
# Scripts that tell a language apart from all others in the table, by a range of letters.
_SCRIPTS = {
    "el": "[\u0370-\u03ff\u1f00-\u1fff]",
    "ar": "[\u0600-\u06ff]",
    "ko": "[\uac00-\ud7af]",
    "ja": "[\u3040-\u30ff]",
    "zh-Hans": "[\u4e00-\u9fff]",
    "uk": "[іїєґІЇЄҐ]",
    "ru": "[ыэъёЫЭЪЁ]",
}
# Letters of its script that a text of a language has at least, of a hundred; of the last two,
# letters that the other has not.
_LEAST_PERCENT = {"uk": 1, "ru": 1, "ja": 5}
_MANY_PERCENT = 30


def find_tongue(parts: Parts, notes: Notes) -> str:
    """The language in which to file a text whose language nobody named; says what it rests on.

    English when nothing speaks for another.
    """
    votes = Counter(_heading_votes(parts.heads))
    if votes and votes[_DEFAULT] == max(votes.values()):
        return _with_letters_looked_at(parts, notes)
    if not votes:
        return _with_letters_looked_at(parts, notes)
    most = max(votes.values())
    best = [tag for tag in known_tags() if votes[tag] == most]
    if len(best) > 1:
        more = Counter({tag: _line_votes(parts, tag) for tag in best})
        best = [tag for tag in best if more[tag] == max(more.values())]
    told = " / ".join(f"'{line.text[:40]}'" for line in parts.heads)
    if len(best) == 1:
        notes.say(
            "repaired",
            parts.heads[0].number,
            f"the headings {told} are in '{best[0]}', and so the text was filed as '{best[0]}'",
            "pass --lang if it is in another language",
        )
    else:
        notes.say(
            "doubtful",
            parts.heads[0].number,
            f"the text was filed as '{best[0]}'; it may as well be in {_listed(best[1:])}",
            "pass --lang with the language it is in",
        )
    return best[0]


def _listed(tags: Iterable[str]) -> str:
    return " or ".join(f"'{tag}'" for tag in tags)


def _heading_votes(heads: tuple[Line, ...]) -> list[str]:
    """One vote for each language that calls a part so."""
    votes: list[str] = []
    for line in heads:
        for text in (line.text, re.split(r"\s*[:：]", line.text, maxsplit=1)[0]):
            known = headings().get(phrase_key(text))
            if known:
                votes += known.tags
                break
    return votes


def _line_votes(parts: Parts, tag: str) -> int:
    """How many lines of the letter begin as a salutation or closing of one language alone."""
    phrases = (*said_in(tag, "certain"), *said_in(tag, "formal"), *said_in(tag, "closing"))
    return sum(begins_with(line.text, phrases) for line in parts.letter.lines if line.text)


def _with_letters_looked_at(parts: Parts, notes: Notes) -> str:
    """English, unless no English letter stands in the text's prose."""
    lines = (*parts.briefing.lines, *parts.ask.lines, *parts.letter.lines)
    letters = "".join(re.findall(r"[^\W\d_]", " ".join(line.text for line in lines)))
    for tag, pattern in _SCRIPTS.items():
        least = _LEAST_PERCENT.get(tag, _MANY_PERCENT)
        if letters and len(re.findall(pattern, letters)) * 100 >= least * len(letters):
            notes.say(
                "doubtful",
                None,
                f"the text is written in letters of '{tag}', and was filed as '{tag}'",
                "pass --lang if it is in another language",
            )
            return tag
    words = {tag: _line_votes(parts, tag) for tag in known_tags()}
    best = max(words, key=lambda tag: words[tag])
    if words[best] > words[_DEFAULT] + 1:
        notes.say(
            "doubtful",
            None,
            f"the salutation and the closing are in '{best}', and the text was filed as '{best}'",
            "pass --lang if it is in another language",
        )
        return best
    return _DEFAULT
