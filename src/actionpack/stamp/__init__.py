"""A variant's pages and one row into a copy, and what a print shop finds round its pages."""

from actionpack.stamp.copies import (
    ABOVE_RULE_MM,
    RULE_MM,
    Copy,
    Plan,
    Stamper,
    StampWords,
    make_copy,
    make_press_copy,
)
from actionpack.stamp.embedding import fonts_for
from actionpack.stamp.surround import Around, around, slug_faces, surround

__all__ = [
    "ABOVE_RULE_MM",
    "RULE_MM",
    "Around",
    "Copy",
    "Plan",
    "StampWords",
    "Stamper",
    "around",
    "fonts_for",
    "make_copy",
    "make_press_copy",
    "slug_faces",
    "surround",
]
