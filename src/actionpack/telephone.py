"""Where a text has a telephone number, in digits of any script.

Numbers in groups, as ITU-T E.123 writes them and as people do.
"""

from __future__ import annotations

import re

# The digits are European, Arabic-Indic and those of Persian; of the spaces and hyphens two each do
# not break.
_DIGITS = "[0-9\u0660-\u0669\u06f0-\u06f9]+"
_PARTS = "[ \u00a0\u202f./\\-\u2010\u2011]{1,3}"
_IN_BRACKETS = rf"\(\+?{_DIGITS}(?:{_PARTS}{_DIGITS})*\)"
_GROUPED = re.compile(
    rf"\+?(?:{_DIGITS}|{_IN_BRACKETS})"
    rf"(?:{_PARTS}{_DIGITS}|(?<=\)){_DIGITS}|(?:{_PARTS})?{_IN_BRACKETS})*"
)
_GROUP = re.compile(_DIGITS)
# A telephone number has no fewer groups and digits than these.
_FEWEST_GROUPS, _FEWEST_DIGITS = 2, 6
# From one year to another, which runs as its line does.
_YEARS = re.compile("(?:1[0-9]{3}|20[0-9]{2})[-\u2010\u2011](?:1[0-9]{3}|20[0-9]{2})")


def telephone_numbers(text: str) -> tuple[range, ...]:
    """Where something stands in a text that looks like a telephone number."""
    found = []
    for grouped in _GROUPED.finditer(text):
        groups = _GROUP.findall(grouped[0])
        following = text[grouped.end() : grouped.end() + 1]
        if (
            len(groups) >= _FEWEST_GROUPS
            and sum(map(len, groups)) >= _FEWEST_DIGITS
            and not _YEARS.fullmatch(grouped[0])
            # What goes on with a letter or a digit of another script is a code, no number.
            and not following.isalnum()
        ):
            found.append(range(*grouped.span()))
    return tuple(found)
