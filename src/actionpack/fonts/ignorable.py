"""Characters that no font needs a glyph for, and how a character is named in a message."""

from __future__ import annotations

import re
import unicodedata

# Default_Ignorable_Code_Point (Unicode 15, DerivedCoreProperties.txt).
IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)


def prints_nothing(character: str) -> bool:
    """Whether a character is white space, or is never seen."""
    return character.isspace() or IGNORABLE.fullmatch(character) is not None


def described(character: str) -> str:
    """A character for a message: itself, its code point and its Unicode name."""
    shown = character if character.isprintable() else " "
    points = " ".join(f"U+{ord(one):04X}" for one in character)
    names = " and ".join(unicodedata.name(one, "no character").lower() for one in character)
    return f"'{shown}' ({points}, {names})"
