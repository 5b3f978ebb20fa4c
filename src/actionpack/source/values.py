"""Values that know where they were written, and what may stand in them."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
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
_HIDDEN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff")


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
    """Refuse control characters and marks that reorder or hide text; one finding a character."""
    if text.isprintable():
        # The short way, which most values go: such text has neither.
        return ()
    faults = []
    seen: set[str] = set()
    for at, character in enumerate(text):
        control = control_character(character) is not None or character in _HIDDEN
        if control and character not in seen:
            seen.add(character)
            name = unicodedata.name(character, "a control character")
            line = None if place.line is None else place.line + text.count("\n", 0, at)
            faults.append(
                finding(
                    "bad-value",
                    f"the text holds U+{ord(character):04X} ({name.lower()}), "
                    "which prints nothing and can change what the rest says",
                    Place(file=place.file, line=line),
                    cure="delete it",
                )
            )
    return tuple(faults)
