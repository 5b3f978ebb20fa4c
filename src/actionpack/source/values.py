"""Values that know where they were written, and what may stand in them."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from actionpack.diagnostics import Finding, Place, finding

# Deeper than any file of ours; a bomb of brackets is refused before it exhausts the stack.
MOST_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Written:
    """One value as written, with surrounding white space gone."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Value, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Entry:
    key: str
    value: Value
    place: Place


@dataclass(frozen=True, slots=True)
class Table:
    entries: tuple[Entry, ...]
    place: Place

    def get(self, key: str) -> Value | None:
        return next((entry.value for entry in self.entries if entry.key == key), None)


Value = Written | Sequence | Table


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` was most likely meant to be."""
    close = difflib.get_close_matches(word.lower(), sorted(known), n=1, cutoff=0.6)
    return close[0] if close else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A cure for a word that is not among `known`."""
    names = sorted(known)
    close = nearest(word, names)
    if close:
        return f"did you mean '{close}'?"
    return f"known are: {', '.join(names)}" if names else "delete it"


def too_deep(place: Place) -> Finding:
    """What is said of brackets in brackets in brackets."""
    return finding("bad-value", "nesting this deep is not read here", place, cure="write it flat")


_ALLOWED_CONTROLS = "\t\n"
# Characters that reorder or hide what stands beside them (Unicode TR 36, 2.5): in a name or an
# address they make paper say something else than the file.
_HIDDEN = frozenset(
    "\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff"
    # Letters of Hangul that are none, and tags.
    "\u115f\u1160\u3164\uffa0" + "".join(map(chr, range(0xE0000, 0xE0080)))
)
# What programs write where they could not read a character.
_LOST = "\ufffd"


def control_character(text: str) -> tuple[int, str] | None:
    """The first character that no text may hold, and where it stands, from 0."""
    for at, character in enumerate(text):
        if character < " " and character not in _ALLOWED_CONTROLS:
            return at, character
        if "\x7f" <= character <= "\x9f":
            return at, character
        # U+2028 and U+2029 end a line for YAML and for nobody else, and would shift those below.
        if "\ud800" <= character <= "\udfff" or character in "\u2028\u2029\ufffe\uffff":
            return at, character
    return None


def check_characters(text: str, place: Place) -> tuple[Finding, ...]:
    """Refuse what no text should hold, each with its line.

    Control characters and marks that reorder or hide text, one finding a character; characters
    that were lost; marks that stand on no letter; and text that was read in the wrong encoding.
    """
    # The short way, which most values go.
    return () if HARMLESS.fullmatch(text) else _looked_through(text, place)


def _looked_through(text: str, place: Place) -> tuple[Finding, ...]:
    return (
        *_unprintable(text, place),
        *_lost(text, place),
        *_bare_marks(text, place),
        *_misread(text, place),
    )


def _lost(text: str, place: Place) -> Iterator[Finding]:
    if _LOST in text:
        yield finding(
            "bad-value",
            f"the text holds {_LOST} (U+FFFD), which stands for a character that was lost",
            _at(text, text.index(_LOST), place),
            cure="look it up in the original, and write it again",
        )


def _bare_marks(text: str, place: Place) -> Iterator[Finding]:
    before = " "
    for at, character in enumerate(text):
        if before in BEHIND_NO_LETTER and _is_mark(character):
            yield finding(
                "bad-value",
                f"'\u25cc{character}' (U+{ord(character):04X}, "
                f"{unicodedata.name(character, 'a mark').lower()}) stands on no letter",
                _at(text, at, place),
                cure="write the letter before it, or delete it",
            )
        before = character


def _is_mark(character: str) -> bool:
    """Whether a character stands on another; variation selectors only change its looks."""
    is_selector = "\ufe00" <= character <= "\ufe0f"
    return unicodedata.category(character)[0] == "M" and not is_selector


# Behind these stands no letter that a combining mark could be on. On a no-break space or a dotted
# circle marks are shown by themselves (Unicode 15, 7.9).
BEHIND_NO_LETTER = " \t\n.,;:!?()«»„“”‘’"
# What UTF-8 becomes when it is read as Windows-1252: a first byte and the others of a character.
_BYTES = {
    byte: bytes((byte,)).decode("cp1252", "replace").replace("\ufffd", chr(byte))
    for byte in range(0x80, 0x100)
}
_FOLLOWING = "".join(_BYTES[byte] for byte in range(0x80, 0xC0))
MISREAD = (
    f"[{_BYTES[0xC2]}-{_BYTES[0xDF]}][{re.escape(_FOLLOWING)}]"
    f"|[{_BYTES[0xE0]}-{_BYTES[0xEF]}][{re.escape(_FOLLOWING)}]{{2}}"
)
_MISREAD = re.compile(MISREAD)
# Most text of Europe, told at a glance, in which nothing of all this can be: letters, and signs
# that stand behind none that begins what was misread.
_LETTERS = "".join(letter for letter in map(chr, range(0xC0, 0x250)) if letter not in _FOLLOWING)
HARMLESS = re.compile(
    f"[\t\n -~{_LETTERS}]*(?:(?<=[ -~])[\u2013\u2014\u2018-\u201e][\t\n -~{_LETTERS}]*)*"
)
_BYTE_OF = {character: byte for byte, character in _BYTES.items()}
# What may have been meant: letters and signs of living languages, and nothing odd.
_USUAL = re.compile(
    "[\u00a0-\u017f\u0386-\u03ce\u0400-\u045f\u0490-\u04e9\u05d0-\u05ea\u0621-\u064a"
    "\u0900-\u0eff\u1000-\u13ff\u1780-\u17ff\u1e00-\u1eff\u2010-\u203a\u20ac\u3000-\u9fff\uac00-\ud7a3]"
)
# So many such pairs are no accident; three characters in a row that make up one are none either,
# nor is a capital behind a small letter or a figure (`CafÃ©`), or `Ã‰` where a word begins.
_NO_ACCIDENT = 2
_IN_A_WORD = re.compile(f"(?<=[0-9a-zß-ÿ])[Â-ÖØ-Þ][{_FOLLOWING}]|\\bÃ[{_FOLLOWING}](?=[a-zß-ÿ])")


def _misread(text: str, place: Place) -> Iterator[Finding]:
    """Text that was UTF-8 and was read as Windows-1252, such as `Ã©` for é and `â€™` for ’."""
    found = [(match, _decoded(match[0])) for match in _MISREAD.finditer(text)]
    told = [(match, meant) for match, meant in found if _USUAL.fullmatch(meant)]
    if not told:
        return
    match, meant = told[0]
    is_certain = len(match[0]) > 2 or _IN_A_WORD.match(text, match.start())
    if len(told) < _NO_ACCIDENT and not is_certain:
        return
    yield finding(
        "bad-value",
        f"'{match[0]}' was most likely '{meant}' and was read in the wrong encoding",
        _at(text, match.start(), place),
        cure="open the original again as UTF-8, and copy it anew",
    )


def _decoded(misread: str) -> str:
    try:
        return bytes(_BYTE_OF[character] for character in misread).decode()
    except (KeyError, UnicodeDecodeError):
        return ""


def _at(text: str, at: int, place: Place) -> Place:
    line = None if place.line is None else place.line + text.count("\n", 0, at)
    return Place(file=place.file, line=line, row=place.row, page=place.page)


def _unprintable(text: str, place: Place) -> tuple[Finding, ...]:
    faults = []
    seen: set[str] = set()
    for at, character in enumerate(text):
        control = control_character(character) is not None or character in _HIDDEN
        if control and character not in seen:
            seen.add(character)
            is_half = "\ud800" <= character <= "\udfff"
            unnamed = "half of a character" if is_half else "a control character"
            name = unicodedata.name(character, unnamed)
            faults.append(
                finding(
                    "bad-value",
                    f"the text holds U+{ord(character):04X} ({name.lower()}), "
                    "which prints nothing and can change what the rest says",
                    _at(text, at, place),
                    cure="delete it",
                )
            )
    return tuple(faults)
