"""Parts in another language say so in the tags of the PDF, as their HTML does.

WeasyPrint writes /Lang for the document and leaves out the `lang` of all that is in it, so that a
screen reader reads a Chinese letter out as English. This leans on its private API;
`tests/test_text_layer.py` holds the contract.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any


@cache
def tag_languages() -> None:
    """Let WeasyPrint write the language of each part, in all documents of this process."""
    import pydyf
    from weasyprint.pdf import tags

    build = tags._build_box_tree
    spoken = [""]

    def build_box_tree(box: Any, *args: Any) -> Iterator[Any]:
        language = _language(box)
        if language in ("", "und", spoken[-1]):
            yield from build(box, *args)
            return
        spoken.append(language)
        elements = tuple(build(box, *args))
        spoken.pop()
        # The language of the whole is that of the file.
        if len(spoken) > 1:
            for element in elements:
                element["Lang"] = pydyf.String(language)
        yield from elements

    tags._build_box_tree = build_box_tree


def _language(box: Any) -> str:
    """The language that a box itself names, if any."""
    # What is placed absolutely is wrapped up.
    element = getattr(box, "_box", box).element
    return "" if element is None else str(element.get("lang", ""))
