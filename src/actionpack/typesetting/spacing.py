"""Spaces that no line may break: French punctuation, numbers, the ends of headings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actionpack.telephone import telephone_numbers
from actionpack.typesetting.edit import Edit

_NO_BREAK, _NARROW = "\u00a0", "\u202f"
# What a page shows as one ordinary space.
_SPACE = "[ \t\r\n]"

# ----------------------------------------------------------------------------------------- French

# Before a mark of punctuation stands a word, or what closes one; behind it a space, the end or
# another mark. So the marks of web addresses, times and ratios are none.
_WORD = r"(?<=[\w)\]}»”’\"'%‰°…*])"
_END = r"(?:[\s»”’\")\]}…!?.,;:]|$)"


def _marks(marks: str, end: str = "") -> re.Pattern[str]:
    """The place before marks: ordinary spaces behind anything, or nothing behind a word."""
    return re.compile(rf"(?:(?<=\S){_SPACE}+|{_WORD})(?={marks}{end})")


_HIGH = _marks("[;!?]+", _END)
_COLON = _marks(":", _END)
_CLOSING = _marks("»")
_OPENING = re.compile(rf"(?<=«)(?:{_SPACE}+(?=\S)|(?=[^\s»]))")


def french_spaces(text: str, language: str) -> Iterator[Edit]:
    """No-break spaces round the marks of a French text; those of the writer stay as they are.

    Before ; ! ? and inside « » narrow ones, before the colon a whole one (Lexique des règles
    typographiques en usage à l'Imprimerie nationale, "Espacement"). In Canada there is none before
    ; ! ? (OQLF, "Espacement avant et après les signes de ponctuation").
    """
    if language.split("-")[0].lower() != "fr":
        return
    for pattern, space in (
        (_COLON, _NO_BREAK),
        (_CLOSING, _NARROW),
        (_OPENING, _NARROW),
        *(() if language.lower() == "fr-ca" else ((_HIGH, _NARROW),)),
    ):
        for place in pattern.finditer(text):
            yield Edit(place.start(), place.end(), space)


# ------------------------------------------------------------------------------------------ stops

# The full stops of Devanagari, Bengali and Khmer, and the Thai mark that says a word again, which
# some write behind a space: none of them begins a line (Unicode Standard Annex 14, EX and BA).
_STOPS = re.compile(rf"(?<=\S){_SPACE}+(?=[\u0964\u0965\u17d4\u17d5\u0e46])")


def stops_kept_together(text: str) -> Iterator[Edit]:
    """No-break spaces before full stops that stand apart from their sentence."""
    for place in _STOPS.finditer(text):
        yield Edit(place.start(), place.end(), _NO_BREAK)


# ---------------------------------------------------------------------------------------- Chinese

# A letter ends with 此致, two characters in, and 敬礼 on the next line, which is not.
_WITH_THIS = re.compile(r"(?:^|(?<=\n))[ \t]*(?=此致[ \t]*\n\s*敬[礼禮])")
_CHINESE_INDENT = "\u3000\u3000"


def chinese_closing(text: str) -> Iterator[Edit]:
    """The indent of the words that end a Chinese letter."""
    for place in _WITH_THIS.finditer(text):
        yield Edit(place.start(), place.end(), _CHINESE_INDENT)


# ---------------------------------------------------------------------------------------- numbers

# Units of the SI and of computers, the Russian ones, and signs that stand behind a number.
_UNIT = (
    r"(?:[kcdmµμ]?m[²³23]?|[kmµμ]?g|[mcd]?l|pt|px|[kMG]?Hz|[kMGT]?B|[kM]?W|[°º][CF]?"
    r"|[кдсм]?м|[км]?г|л|руб|[%‰€£¥₽₺₹₩])(?!\w)"
)
UNIT = re.compile(_UNIT)
_KEPT = re.compile(
    rf"(?<=\d){_SPACE}+(?={_UNIT})"
    rf"|(?<=\d){_SPACE}+(?=[×x]\s+\d)|(?<=\d\s[×x]){_SPACE}+(?=\d)"
    rf"|(?<=[№§]){_SPACE}+(?=\d)|(?<=\b[nN]°){_SPACE}+(?=\d)"
    rf"|(?<=\b[nN][or]\.){_SPACE}+(?=\d)|(?<=\b(?:[aA]rt|[aA]bs)\.){_SPACE}+(?=\d)"
)
# 1 000 000
_THOUSANDS = re.compile(r"(?<![\d.,+] )(?<![\d.,+])\d{1,3}(?: \d{3})+(?!\d)")
# Two numbers, of which the first begins with no trunk prefix, may be a year and an amount; what is
# longer than this is a row of numbers.
_TELEPHONE = re.compile(r"[+(0].*|\d+\D+\d+\D+\d.*")
_LONGEST_TELEPHONE_NUMBER = 24


# A digit before a space, or a sign or a full stop that stands before one: all else holds nothing to
# keep, as most lines do.
_BESIDE_A_NUMBER = re.compile(r"\d\s|[№§°]|\.\s+\d")


def numbers_kept_together(text: str) -> Iterator[Edit]:
    """No-break spaces between a number and its unit, and between the groups of a number."""
    if not _BESIDE_A_NUMBER.search(text):
        return
    for place in _KEPT.finditer(text):
        yield Edit(place.start(), place.end(), _NO_BREAK)
    numbers = [range(*one.span()) for one in _THOUSANDS.finditer(text)]
    numbers += [
        one for one in telephone_numbers(text) if _is_surely_one(text[one.start : one.stop])
    ]
    for number in numbers:
        for at in number:
            if text[at] == " ":
                yield Edit(at, at + 1, _NO_BREAK)


# --------------------------------------------------------------------------------------- headings

# The last two words of four or more; they stay together where no column is too narrow for both.
_LAST_TWO = re.compile(r"(?:\S+ +){2,}(\S+( )\S+)\s*")
_LONGEST_LAST_TWO = 16


def heading_end(text: str) -> Iterator[Edit]:
    """A no-break space before the last word of a heading, which would stand on a line by itself."""
    found = _LAST_TWO.fullmatch(text)
    if found and len(found[1]) <= _LONGEST_LAST_TWO:
        yield Edit(found.start(2), found.end(2), _NO_BREAK)


# What stands together by no-break spaces, without a letter of Thai.
_TOGETHER = re.compile("[^\\s\u200b\u0e00-\u0e7f]+(?:[\u00a0\u202f][^\\s\u200b\u0e00-\u0e7f]+)+")
_THAI = re.compile("[\u0e00-\u0e7f]")


def to_hold(text: str) -> tuple[range, ...]:
    """Where something stands in Thai text that no line may break, though it has spaces.

    Where a machine has a dictionary of Thai, it breaks lines at no-break spaces too (libthai).
    """
    if not _THAI.search(text):
        return ()
    return tuple(range(*one.span()) for one in _TOGETHER.finditer(text))


def _is_surely_one(number: str) -> bool:
    return len(number) <= _LONGEST_TELEPHONE_NUMBER and _TELEPHONE.fullmatch(number) is not None
