"""A text out of the mail that passed it on: without quote signs, heads and greetings.

What is left out is named; line numbers stay those of the file.
"""

from __future__ import annotations

import re

from actionpack.importing.lines import Line, Notes, say_left_out
from actionpack.importing.words import begins_with, listed

_QUOTED = re.compile(r"\s*(?:>\s?)+")
# A head of a mail has three lines at least: from, to, subject.
_LEAST_HEAD = 3
# What a colleague writes above the text is no longer than this, in lines.
_MOST_ABOVE = 30
_MOST_GREETING_WORDS = 6
# "Ellen" and "Best wishes" are no titles.
_LEAST_TITLE_WORDS = 3


def without_mail(source: str, notes: Notes) -> str:
    """A text with empty lines where a mail program or a colleague wrote something around it."""
    lines = _unquoted(source.split("\n"), notes)
    lines = _without_head(lines, notes)
    return "\n".join(_without_greeting(lines, notes))


def _unquoted(lines: list[str], notes: Notes) -> list[str]:
    """Lines without `>` where most have it; the others stand around what is quoted."""
    filled = [index for index, line in enumerate(lines) if line.strip()]
    quoted = [index for index in filled if _QUOTED.match(lines[index])]
    if 2 * len(quoted) <= len(filled):
        return lines
    notes.say("repaired", quoted[0] + 1, "the signs '>' of a mail were left out")
    around = [index for index in filled if index not in set(quoted)]
    _say_around([index for index in around if index < quoted[0]], lines, notes)
    _say_around([index for index in around if index > quoted[0]], lines, notes)
    bare = [_QUOTED.sub("", line, count=1) for line in lines]
    return ["" if index in set(around) else line for index, line in enumerate(bare)]


def _without_head(lines: list[str], notes: Notes) -> list[str]:
    """Lines without the head of a mail, and without what stands above it."""
    names = "|".join(re.escape(word) for word in listed("mail", "head"))
    field = re.compile(rf"\W*(?:{names})\W{{0,2}}\s?:\s?.*\S", re.IGNORECASE)
    start = 0
    while start < min(len(lines), _MOST_ABOVE):
        end = start
        while end < len(lines) and field.fullmatch(lines[end].strip()):
            end += 1
        if end - start >= _LEAST_HEAD:
            _say_around(range(end), lines, notes)
            return [""] * end + lines[end:]
        start = max(end, start + 1)
    return lines


def _without_greeting(lines: list[str], notes: Notes) -> list[str]:
    """Lines without a greeting such as `Hi all,` and the sentences between it and the title."""
    filled = [index for index, line in enumerate(lines) if line.strip()]
    if not filled or not _is_greeting(lines[filled[0]].strip()):
        return lines
    blocks: list[list[int]] = []
    for index in filled[1:]:
        if blocks and blocks[-1][-1] == index - 1:
            blocks[-1].append(index)
        else:
            blocks.append([index])
    near = (block for block in blocks if block[0] - filled[0] <= _MOST_ABOVE)
    title = next((block[0] for block in near if _may_be_title(lines, block)), None)
    if title is None:
        return lines
    _say_around(range(title), lines, notes)
    return [""] * title + lines[title:]


def _is_greeting(text: str) -> bool:
    short = len(text.split()) <= _MOST_GREETING_WORDS and text.endswith((",", "!", "，"))
    return short and begins_with(text, listed("mail", "greetings"))


def _may_be_title(lines: list[str], block: list[int]) -> bool:
    text = lines[block[0]].strip()
    return len(block) == 1 and (
        len(text.split()) >= _LEAST_TITLE_WORDS
        and not text.endswith((".", "!", "…", ":", ",", ";"))
        and not re.match(r"[-=_*>]{3,}", text)
    )


def _say_around(indices: range | list[int], lines: list[str], notes: Notes) -> None:
    around = [Line(index + 1, " ".join(lines[index].split())) for index in indices]
    say_left_out(around, "stands around the text in a mail", notes)
