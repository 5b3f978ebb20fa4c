"""Pages on sheets as pure plans, before any PDF is opened.

`manner_for` settles what was asked for, `impose` plans the sheets. What a plan is stands in
`imposition`, and `pdf` carries it out.
"""

from actionpack.impose.manner import MARGIN_MM, OVERLAP_MM, THICKNESS_MM, Manner, thickness_of
from actionpack.impose.planning import impose
from actionpack.impose.wish import (
    Medium,
    Wish,
    manner_for,
    not_for_press,
    short_gutter,
    unfilled,
)

__all__ = [
    "MARGIN_MM",
    "OVERLAP_MM",
    "THICKNESS_MM",
    "Manner",
    "Medium",
    "Wish",
    "impose",
    "manner_for",
    "not_for_press",
    "short_gutter",
    "thickness_of",
    "unfilled",
]
