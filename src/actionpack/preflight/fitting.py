"""What decides whether pages as laid out can be taken: is the letter too long, is a word gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser

from actionpack.diagnostics import Finding, Place, finding
from actionpack.model import LaidPage
from actionpack.piece import Piece

LETTER_PANEL = "letter"
# How far a line may hang out of its panel, mm: the empty foot of its box.
_SLACK_MM = 0.6


def letter_lines_over(pages: Sequence[LaidPage], pieces: Mapping[int, Piece]) -> int:
    """How many lines the longest letter has too many: below its panel, or on a further page."""
    over: dict[str, int] = {}
    first_page: dict[str, int] = {}
    for number, page in enumerate(pages, 1):
        piece = pieces.get(number)
        panel = piece.panel(LETTER_PANEL) if piece else None
        outside: dict[str, set[float]] = {}
        for box in page.boxes:
            if box.panel != LETTER_PANEL or box.kind != "text":
                continue
            started = first_page.setdefault(box.target, number)
            below = panel is None or box.box.bottom > panel.box.bottom + _SLACK_MM
            if below or started != number:
                outside.setdefault(box.target, set()).add(round(box.box.bottom, 1))
        for target, lines in outside.items():
            over[target] = over.get(target, 0) + len(lines)
    return max(over.values(), default=0)


def lost_words(html: str, pages: Sequence[LaidPage]) -> tuple[Finding, ...]:
    """Find letters of the HTML that are in no box, the layout's own words too (`lost-text`).

    `conservation` proves the content, word by word; this counts, and catches a label or an
    instruction that was dropped.
    """
    words = _Words()
    words.feed(html)
    boxes = [box for page in pages for box in page.boxes]
    laid = Counter(_squeezed("".join(box.text for box in boxes if not box.made_up)))
    missing = Counter(_squeezed("".join(words.texts))) - laid
    if not missing:
        return ()
    everything = _squeezed("".join(box.text for box in boxes))
    gone = (text for text in words.texts if _squeezed(text) not in everything)
    example = " ".join(next(gone, "").split())[:60]
    return (
        finding(
            "lost-text",
            f"{missing.total()} letters of the page were dropped when it was laid out"
            + (f", from '{example}' on" if example else ""),
        ),
    )


class _Words(HTMLParser):
    """Collects what a page shows: text outside its head and outside the names of pictures."""

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


def _squeezed(text: str) -> str:
    """Text without what line breaking adds or takes, in one case: labels may be set in capitals."""
    return "".join(
        c
        for c in text.upper().casefold()
        if not c.isspace() and c not in "\u00ad\u2010\u200b\u2060"
    )


def stray_on_posted(pages: Sequence[LaidPage], pieces: Mapping[int, Piece]) -> tuple[Finding, ...]:
    """Find text on a posted panel that is neither content nor a caption (`posted-mark`)."""
    found = []
    for number, page in enumerate(pages, 1):
        piece = pieces.get(number)
        posted = {panel.name for panel in piece.panels if panel.posted} if piece else set()
        found += [
            finding(
                "posted-mark",
                f"'{box.text.strip()[:60]}' stands on the half that is posted",
                Place(page=number),
                cure='take it off the panel, or mark it data-field="caption"',
            )
            for box in page.boxes
            if box.panel in posted and box.kind == "text" and not box.field and not box.made_up
        ]
    return tuple(found)
