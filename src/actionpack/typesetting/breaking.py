"""Where a line may break that has no spaces, and where it may not (Unicode Standard Annex 14).

Khmer, Lao, Burmese and Thai write no spaces between words, and what lays out pages breaks them at
spaces alone, or knows words on some machines only. ICU's dictionaries know them everywhere.
Korean has spaces, and its readers expect lines to break there; by the annex they may break
between any two syllables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from actionpack.typesetting.edit import Edit

MAY_BREAK, MAY_NOT = "\u200b", "\u2060"

# Blocks of Thai, Lao, Myanmar with its extensions, and Khmer.
_WITHOUT_SPACES = "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\ua9e0-\ua9ff\uaa60-\uaa7f"
_RUN = re.compile(f"[{_WITHOUT_SPACES}]{{2,}}")
# No line begins with what belongs to the letter before it: Thai and Lao vowels and signs, marks of
# Myanmar, of Khmer; a letter of Myanmar that a virama or an asat makes the end of a syllable.
_BELONGS_BEFORE = re.compile(
    "[\u0e2f-\u0e3a\u0e45-\u0e4f\u0eaf-\u0ebd\u0ec6-\u0ecf"
    "\u102b-\u103e\u104a\u104b\u1056-\u1059\u105e-\u1060\u1062-\u1064\u1067-\u106d\u1071-\u1074"
    "\u1082-\u108d\u108f\u109a-\u109d\ua9e5\uaa7b-\uaa7d\u17b4-\u17d6\u17dd]"
    "|[\u1000-\u1021\u103f\u1050-\u1055\u105a-\u105d\u1061\u1065\u1066\u106e-\u1070\u1075-\u1081]"
    "\u103b?[\u1039\u103a]"
)
# No line ends with what belongs to the letter behind it: Thai and Lao vowels that are written
# first, and the signs that stack letters.
_BELONGS_BEHIND = re.compile("[\u0e40-\u0e44\u0ec0-\u0ec4\u1039\u17d2]")

_SYLLABLE = "[\uac00-\ud7a3]"
# They make one syllable with what they stand beside (Hangul Jamo).
_CONJOINING = "[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]"
_KOREAN = re.compile(
    rf"(?<={_SYLLABLE})(?!{_CONJOINING})(?=[^\W_]|[(\[{{‘“「『《])"
    rf"|(?<=[^\W_]|[)\]}}’”」』》%])(?<!{_CONJOINING})(?={_SYLLABLE})"
)


def word_breaks(text: str) -> Iterator[Edit]:
    """Between words that are written without spaces, never inside a cluster.

    Nothing where the text says itself where it breaks.
    """
    if MAY_BREAK in text:
        return
    for run in _RUN.finditer(text):
        for start in _inside(run[0]):
            at = run.start() + start
            if not (_BELONGS_BEFORE.match(text, at) or _BELONGS_BEHIND.match(text, at - 1)):
                yield Edit(at, at, MAY_BREAK)


def _inside(run: str) -> Iterator[int]:
    # It takes 40 MB of address space, and few pages need it.
    from icu4py.breakers import LineBreaker

    return (start for start, _ in LineBreaker(run, "en").segments() if start)


def kept_whole(text: str) -> Iterator[Edit]:
    """Inside Korean words, with their particles and brackets."""
    for place in _KOREAN.finditer(text):
        yield Edit(place.start(), place.start(), MAY_NOT)
