"""Characters that no font needs a glyph for, and what is said of those that one lacks."""

from __future__ import annotations

import re
import unicodedata

from actionpack.project import CJK_FONTS, cjk_fonts

# Default_Ignorable_Code_Point (Unicode 15, DerivedCoreProperties.txt).
IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)

# Blocks of letters, marks and full-width forms that Chinese, Japanese and Korean write.
_EAST_ASIAN = re.compile(
    "[\u1100-\u11ff\u2e80-\u33ff\u3400-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\ufe30-\ufe4f\uff01-\uffee\U00020000-\U0003ffff]"
)


# A letter in a form that was chosen for it (Unicode Technical Standard 37): no other will do.
CHOSEN_FORM = re.compile(".[\U000e0100-\U000e01ef]", re.DOTALL)


def prints_nothing(character: str) -> bool:
    """Whether a character is white space, or is never seen."""
    return character.isspace() or IGNORABLE.fullmatch(character) is not None


def described(character: str) -> str:
    """A character for a message: itself, its code point and its Unicode name."""
    shown = character if character.isprintable() else " "
    points = " ".join(f"U+{ord(one):04X}" for one in character)
    names = " and ".join(unicodedata.name(one, "no character").lower() for one in character)
    return f"'{shown}' ({points}, {names})"


def cure_for(character: str) -> str | None:
    """What helps where a character is missing, or letters that begin with it; None: nothing but
    what helps with any.
    """
    if _EAST_ASIAN.match(character) is None or cjk_fonts() is not None:
        return None
    return f"install {CJK_FONTS}, which has the letters of Chinese, Japanese and Korean"
