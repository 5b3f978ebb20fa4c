"""What kinds of colours the pages of a file are painted with."""

from __future__ import annotations

import re

from actionpack.pdf import Inside

# ISO 32000-1, table 74: operators behind their operands.
_NUMBER = rb"[-+]?[\d.]+\s+"
_OPERATORS = {
    "grey": re.compile(rb"(?<![\w.])" + _NUMBER + rb"[gG](?![\w*])"),
    "RGB": re.compile(rb"(?<![\w.])(?:" + _NUMBER + rb"){3}(?:rg|RG)(?!\w)"),
    "CMYK": re.compile(rb"(?<![\w.])(?:" + _NUMBER + rb"){4}[kK](?!\w)"),
}
_NAMED = re.compile(rb"/(\w+)\s+(?:cs|CS)(?!\w)")
_KNOWN = {b"DeviceGray": "grey", b"DeviceRGB": "RGB", b"DeviceCMYK": "CMYK"}


def colours_of(inside: Inside) -> tuple[str, ...]:
    """The kinds that text and drawings are painted with: grey, RGB, CMYK, or by a name of its own.

    Those named may be spot colours or have a profile; pictures tell theirs themselves.
    """
    found: set[str] = set()
    for content in (*inside.pages, *inside.forms.values()):
        found |= {name for name, form in _OPERATORS.items() if form.search(content.operators)}
        found |= {_KNOWN.get(name, "named") for name in _NAMED.findall(content.operators)}
    return tuple(sorted(found))
