"""What may be a line of an address, and what is a sentence."""

from __future__ import annotations

import re
from functools import cache

from actionpack.importing.words import listed

# "Ministry of Foreign Affairs of the Islamic Republic of Iran" is one postal line.
MOST_POSTAL_WORDS = 10
# A sentence of this length may be a postal line that ends with "St.".
_MOST_ABBREVIATED_WORDS = 5


def may_be_postal(text: str) -> bool:
    """Whether a line can stand in an address, with fax and e-mail; if not, it is prose."""
    if contact_pattern().match(text):
        return True
    words = len(text.split())
    if text.endswith("."):
        return words <= _MOST_ABBREVIATED_WORDS
    return words <= MOST_POSTAL_WORDS and not text.endswith(("!", "?", "。", "！", "？", "؟"))


def is_sentence(text: str) -> bool:
    """Whether a line that may be short is a sentence, which no address holds."""
    bare = text.strip("()[] ")
    long = len(bare.split()) > MOST_POSTAL_WORDS
    ends = bare.endswith((".", "!", "?"))
    # "St." and "Jr." end lines of addresses; a word in small letters ends a sentence.
    last = re.search(r"([^\W\d_]{4,})\s*[.!?]$", bare)
    small = last is not None and last[1].islower() and len(bare.split()) > 2
    return ends and not contact_pattern().match(text) and (long or small)


@cache
def contact_pattern() -> re.Pattern[str]:
    """A label such as `Fax:`, `Tel/Fax:`, or `Fax` before a number."""
    kinds = ("fax", "email", "phone", "neither")
    known = sorted((word for kind in kinds for word in listed("contact", kind)), key=len)
    label = "|".join(re.escape(word) for word in reversed(known))
    return re.compile(
        rf"(?<![^\s,;/|(])((?:{label})(?:\s*(?:/|&|and|or|et|und|y|e|και)\s*(?:{label}))*)"
        r"\.?\s*(?:[:：]|(?=[+(0]))",
        re.IGNORECASE,
    )
