"""A text and its translation into a PO file and back, and what each was made from.

A text is cut into fields, and the sections into paragraphs. Of each paragraph of the source a
translation keeps the hash (`made_from`): that is how it is known, when the source has changed,
which paragraphs are no longer what they say, and which still are, wherever they have moved to.
"""

from actionpack.translating.exporting import export
from actionpack.translating.fields import UNKNOWN, Field, fields_of, hash_of
from actionpack.translating.mistaken import of_another_language, words_of_another_language
from actionpack.translating.origin import compared, snapshot
from actionpack.translating.taking import Taken, action_of, take
from actionpack.translating.words import export_words, take_words
from actionpack.translating.writing import described, rewritten, stamped

__all__ = [
    "UNKNOWN",
    "Field",
    "Taken",
    "action_of",
    "compared",
    "described",
    "export",
    "export_words",
    "fields_of",
    "hash_of",
    "of_another_language",
    "rewritten",
    "snapshot",
    "stamped",
    "take",
    "take_words",
    "words_of_another_language",
]
