"""Words that must not stand in a text, found as a reader finds them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator


def words_found(text: str, words: Iterable[str]) -> Iterator[str]:
    """Those of some words, or names of several, that a text has: in any case, whole.

    Where a script writes no spaces, or joins small words to the next, a part of a word counts too.
    """
    plain = _plain(text)
    for word in words:
        looked_for = _plain(word)
        edge = r"(?<!\w){}(?!\w)" if _stands_apart(looked_for) else "{}"
        if looked_for and re.search(edge.format(re.escape(looked_for)), plain):
            yield word


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _stands_apart(word: str) -> bool:
    """Whether it is in a script that puts spaces round every word: Latin, Greek, Cyrillic."""
    named = (unicodedata.name(one, "") for one in word if one.isalpha())
    return all(name.startswith(("LATIN", "GREEK", "CYRILLIC")) for name in named)
