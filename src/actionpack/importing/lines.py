"""Plain text into numbered lines without the faults that nobody can see."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from actionpack.diagnostics import Finding, Place, Rejected, finding, has_errors
from actionpack.importing.styles import Edit, Styles, edited, sliced
from actionpack.source import check_characters

# A longer line is no line of hard-wrapped text, which programs wrap at 60 to 80 columns.
WRAPPED_MOST = 100


# Fifty thousand words; the three sections of an action hold sixty thousand characters each.
MOST_CHARACTERS = 300_000
TOO_LONG = f"the file is a text of more than {MOST_CHARACTERS} characters, which cannot be imported"
SHORTEN = "copy the text of one action into a file of its own"


class Notes:
    """The findings of one import, each with its line of the imported file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Finding] = []
        # Text that something else says in the folder: headings, labels, countries.
        self.spent: list[str] = []

    def say(self, code: str, line: int | None, message: str, cure: str | None = None) -> None:
        self.found.append(finding(code, message, Place(file=self.file, line=line), cure=cure))

    def in_order(self) -> tuple[Finding, ...]:
        """The findings by line; those of the whole file come last, and repairs made often once."""
        return _gathered(sorted(self.found, key=lambda found: found.place.line or 10**9))

    def stop_on_errors(self) -> None:
        if has_errors(self.found):
            raise Rejected(*self.in_order())


def _gathered(found: list[Finding]) -> tuple[Finding, ...]:
    """Findings with each repair once, at its first line, and how many times it was made."""
    repairs = Counter(one.message for one in found if one.code == "repaired")
    told: dict[tuple[str, str | int], Finding] = {}
    for index, one in enumerate(found):
        if one.code != "repaired":
            told["", index] = one
        elif repairs[one.message] == 1:
            told[one.message, ""] = one
        else:
            message = f"{one.message} ({repairs[one.message]} times)"
            told.setdefault((one.message, ""), replace(one, message=message))
    return tuple(told.values())


# Signs that end a line or a page in word processors: VT, FF, NEL, LS, PS.
BREAKS = re.compile("[\v\f\x85\u2028\u2029]")


def mended_source(source: str, notes: Notes) -> str:
    """A text without what nobody sees; raises Rejected for signs that change what the rest says."""
    lines = unix(source).split("\n")
    text = "\n".join(mended(line, number, notes) for number, line in enumerate(lines, 1))
    check_signs(text, notes)
    notes.stop_on_errors()
    return text


def without_breaks(source: str, notes: Notes) -> str:
    """A text whose line and page breaks of word processors are ends of paragraphs."""
    found = BREAKS.search(source)
    if found:
        number = source.count("\n", 0, found.start()) + 1
        notes.say("repaired", number, "a line or page break from a word processor ends a line")
    return BREAKS.sub("\n\n", source)


def check_signs(source: str, notes: Notes) -> None:
    """Refuse signs that print nothing, and say where a character was lost."""
    text = BREAKS.sub(" ", unix(source))
    # What was lost can be written in the files that are made; it is no reason to make none.
    notes.found += check_characters(text.replace("\ufffd", "?"), Place(file=notes.file, line=1))
    if "\ufffd" in text:
        notes.say(
            "doubtful",
            text.count("\n", 0, text.index("\ufffd")) + 1,
            "a character was lost before the text came here (it holds U+FFFD)",
            "write the right character",
        )


def unix(source: str) -> str:
    return source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


# What nobody sees: zero-width space, word joiner, byte order mark, and the soft hyphen, which stays
# at the end of a line because a word goes on there. U+200C and U+200D shape Persian and Hindi.
_NO_WIDTH = re.compile("[\u200b\u2060\ufeff]+|\u00ad(?!$)")
_DIRECTION = re.compile("[\u200e\u200f\u061c]")
# The bullets of Word's fonts Symbol and Wingdings, which have no meaning outside those fonts.
_SYMBOL_BULLETS = re.compile(
    "[\uf0b7\uf0a7\uf0a8\uf0d8\uf0fc\uf076\uf06e\uf06f\uf071\uf0fe\uf02d](?=\\s|$)"
)
_PRIVATE = re.compile("[\ue000-\uf8ff]")


def mended(text: str, number: int, notes: Notes) -> str:
    """A line without signs of no width and of direction, and with bullets that print."""
    seen = _NO_WIDTH.sub("", text)
    if seen != text:
        notes.say("repaired", number, "signs that have no width were left out")
    straight = _DIRECTION.sub("", seen)
    if straight != seen:
        notes.say(
            "doubtful",
            number,
            "a mark of the direction of writing was left out",
            "look at the order of words and numbers in this line on the page",
        )
    plain = _SYMBOL_BULLETS.sub("•", straight)
    if plain != straight:
        notes.say("repaired", number, "a bullet of a symbol font became '•'")
    for sign in dict.fromkeys(_PRIVATE.findall(plain)):
        notes.say(
            "doubtful",
            number,
            f"the sign U+{ord(sign):04X} has a meaning in one font alone and may print as a box",
            "write it with another sign, or delete it",
        )
    return plain


# How a line goes on from the one above it: "typed": nobody knows, since lines of plain text end
# where paragraphs do or where the page was full; "new": it begins a paragraph; "soft": it goes on
# with a space; "hard": it goes on below a line break.
Joint = Literal["typed", "new", "soft", "hard"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line without the space around it.

    `indent` is how much space stood before it; `mark` what a source that says so made of it: `-`
    or `3.` an item of a list, `#` a heading, `>` a quote; `depth` counts lists around an item from
    0 and the levels of headings from 1.
    """

    number: int
    text: str
    indent: int = 0
    joint: Joint = "typed"
    mark: str = ""
    depth: int = 0
    styles: Styles = ()

    def part(self, start: int, end: int | None = None) -> Line:
        """The letters from `start` to before `end`, without the space around them."""
        cut = self.text[start:end]
        first = start + len(cut) - len(cut.lstrip())
        last = first + len(cut.strip())
        return replace(self, text=self.text[first:last], styles=sliced(self.styles, first, last))

    def after(self, edits: Iterable[Edit]) -> Line:
        text, styles = edited(self.text, self.styles, edits)
        return replace(self, text=text, styles=styles)


RULE = re.compile(r"[-=_*~#–—\s]{3,}")
_BULLET_SIGNS = "•●▪◦‣⁃∙○■□►▶➢➤✓✔"
BULLET = re.compile(rf"([{_BULLET_SIGNS}·*–-])\s+(?=\S)|([{_BULLET_SIGNS}])(?=\w)|(o)\t\s*(?=\S)")
NUMBER = re.compile(r"(\d{1,2})[.)]\s+(?=\S)")


def read_lines(source: str, notes: Notes) -> tuple[Line, ...]:
    """Cut plain text into lines, counted from 1 as an editor counts them."""
    lines = []
    indented = []
    for number, raw in enumerate(unix(source).split("\n"), 1):
        for piece in BREAKS.split(raw):
            text = piece.strip()
            indent = len(piece.expandtabs()) - len(piece.expandtabs().lstrip())
            if RULE.fullmatch(text):
                notes.say("repaired", number, f"a rule of signs was left out: '{text[:20]}'")
                text = ""
            if text and indent and not BULLET.match(text):
                indented.append(number)
            lines.append(Line(number, text, indent))
        if BREAKS.search(raw):
            notes.say("repaired", number, "a line or page break from a word processor ends a line")
    if indented:
        notes.say("repaired", indented[0], f"space before the text was left out {_at(indented)}")
    return tuple(lines)


def _at(numbers: list[int]) -> str:
    told = ", ".join(str(number) for number in dict.fromkeys(numbers))
    return f"in line {told}" if "," not in told else f"in the lines {told}"


def tidy(line: Line, notes: Notes) -> str:
    """The text of a line without stray tabs."""
    return tidied(line, notes).text


def tidied(line: Line, notes: Notes) -> Line:
    if "\t" in line.text:
        notes.say("repaired", line.number, "a tab became a space")
    return untabbed(line)


def untabbed(line: Line) -> Line:
    spaces = (space for space in re.finditer(r"\s+", line.text) if "\t" in space[0])
    return line.after([(space.start(), space.end(), " ") for space in spaces])


def say_left_out(lines: Iterable[Line], why: str, notes: Notes) -> None:
    """Say which words of the text are not in the folder."""
    kept = [line for line in lines if line.text]
    if kept:
        quoted = " / ".join(line.text for line in kept)
        notes.say(
            "doubtful",
            kept[0].number,
            f"'{quoted}' {why} and was not taken over",
            "decide where it belongs",
        )
