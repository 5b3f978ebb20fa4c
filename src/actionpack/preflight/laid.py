"""Is every word in the boxes as laid out, and where do they lie.

A box beyond the foot of a page is deleted by the layout engine without a word: only text that is
compared with what went in can show it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html.parser import HTMLParser

from actionpack.diagnostics import Finding, Place, finding
from actionpack.geometry import Box
from actionpack.model import LaidBox, LaidPage
from actionpack.preflight.words import difference, quoted, squeezed


def is_of(box: LaidBox, field: str) -> bool:
    """Whether a box holds text of `field`, which may name its target after a colon."""
    name, _, target = field.partition(":")
    return (
        box.kind == "text" and not box.made_up and box.field == name and target in ("", box.target)
    )


def conservation(
    meant: Iterable[tuple[str, str, Place]], pages: Sequence[LaidPage]
) -> tuple[Finding, ...]:
    """Find fields whose words are not in their boxes, once and in order (`lost-text`).

    `meant` holds field, text and the place it was written in.
    """
    found = []
    for field, text, place in meant:
        laid = " ".join(box.text for page in pages for box in page.boxes if is_of(box, field))
        if wrong := difference(field, text, laid):
            cure = wrong.cure if laid else _not_marked(field)
            found.append(finding("lost-text", wrong.message, place, cure=cure))
    return tuple(found)


def _not_marked(field: str) -> str:
    """What to do where not a word of a field was found: the template may not say which it is."""
    name, _, target = field.partition(":")
    whose = ", inside one with the data-target" if target else ""
    element = f'give it an element with data-field="{name}" in the template{whose}'
    return f"shorten the text; or {element}, or take it out of 'prints'"


# ------------------------------------------------------------------------------------- regions


def regions(pages: Sequence[LaidPage], field: str) -> tuple[tuple[int, Box], ...]:
    """Where a field's text lies: pages (from 1) and boxes (mm) in reading order.

    A box holds all of the field's lines that stand together in one column, and the middle of no
    other text: where something stands between them, the field is cut in more boxes.
    """
    return tuple(
        (number, box)
        for number, page in enumerate(pages, 1)
        for box in _fragments(page.boxes, field)
    )


def _fragments(boxes: Sequence[LaidBox], field: str) -> Iterator[Box]:
    others = [box.box.centre for box in boxes if box.kind == "text" and not is_of(box, field)]
    whole: Box | None = None
    last: Box | None = None
    for box in (box.box for box in boxes if is_of(box, field)):
        if whole is None or last is None:
            whole, last = box, box
            continue
        grown = whole.union(box)
        if not _follows(whole, last, box) or any(map(grown.contains_point, others)):
            yield whole
            grown = box
        whole, last = grown, box
    if whole is not None:
        yield whole


def _follows(whole: Box, last: Box, box: Box) -> bool:
    """Whether a box goes on in the same line, or below in the same column."""
    below = box.top >= last.top and box.left < whole.right and box.right > whole.left
    return in_line(last, box) or below


def in_line(one: Box, other: Box) -> bool:
    """Whether two boxes stand in one line."""
    return other.top < one.centre.y < other.bottom and one.top < other.centre.y < one.bottom


# --------------------------------------------------------------------------- the layout's words


def lost_words(html: str, pages: Sequence[LaidPage]) -> tuple[Finding, ...]:
    """Find letters of a page's HTML, the layout's own words too, that are in no box.

    They are counted, not ordered: `conservation` proves the content, this a label or an
    instruction that was dropped.
    """
    words = Words()
    words.feed(html)
    boxes = [box for page in pages for box in page.boxes]
    laid = Counter(squeezed("".join(box.text for box in boxes if not box.made_up)))
    missing = (Counter(squeezed("".join(words.texts))) - laid).total()
    if not missing:
        return ()
    on_paper = squeezed("".join(box.text for box in boxes))
    first = next((text for text in words.texts if squeezed(text) not in on_paper), "")
    return (
        finding(
            "lost-text",
            f"{missing} letters of the page were dropped when it was laid out"
            + (f", among them {quoted(first)}" if first else ""),
        ),
    )


class Words(HTMLParser):
    """Collects what a page shows: the text outside its head and outside drawings."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._hidden += tag in ("head", "svg")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("head", "svg")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.texts.append(data)
