"""A page, as a tree of HTML, with all that prints on it as it is set.

Text goes by the `lang` and `dir` of the elements round it. Inside `translate="no"`, as of a postal
address, it stays as it was written, and is only isolated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from actionpack.typesetting.isolating import to_isolate
from actionpack.typesetting.stretch import edits

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# What stands inside a line, so that the text round it goes on in it.
_INLINE = frozenset(
    (
        *("a", "abbr", "b", "bdi", "cite", "code", "dfn", "em", "i", "mark", "q", "s", "small"),
        *("span", "strong", "sub", "sup", "time", "u"),
    )
)
# What holds nothing that is set as text.
_PASSED_OVER = frozenset(("head", "script", "style", "pre", "textarea"))


@dataclass(frozen=True, slots=True)
class _Manner:
    """How text is meant where it stands."""

    language: str
    runs_left: bool
    as_written: bool

    def inside(self, element: Element) -> _Manner:
        own = element.get
        return replace(
            self,
            language=own("lang", self.language),
            runs_left=own("dir", "rtl" if self.runs_left else "ltr") == "rtl",
            as_written=own("translate", "no" if self.as_written else "yes") == "no",
        )

    def goes_on(self, before: _Manner) -> bool:
        """Whether text is meant like the text before it, whichever way each runs."""
        return (self.language, self.as_written) == (before.language, before.as_written)


@dataclass(slots=True)
class _Piece:
    """A text of the tree: at the beginning of an element, or behind one of its children."""

    parent: Element
    behind: Element | None
    manner: _Manner

    @property
    def text(self) -> str:
        return (self.parent.text if self.behind is None else self.behind.tail) or ""

    @text.setter
    def text(self, text: str) -> None:
        if self.behind is None:
            self.parent.text = text
        else:
            self.behind.tail = text


def typeset(root: Element) -> None:
    """Set every text of a page, in place."""
    for stretch in list(_stretches(root)):
        if not stretch[0].manner.as_written:
            _set(stretch)
        for piece in stretch:
            if piece.manner.runs_left:
                _isolate(piece)


def _stretches(root: Element) -> Iterator[list[_Piece]]:
    """The texts that follow each other in one line and in one language."""
    stretch: list[_Piece] = []
    for piece in _pieces(root, _Manner("", False, False)):
        if stretch and (piece is None or not piece.manner.goes_on(stretch[-1].manner)):
            yield stretch
            stretch = []
        if piece is not None and piece.text:
            stretch.append(piece)
    if stretch:
        yield stretch


def _pieces(element: Element, around: _Manner) -> Iterator[_Piece | None]:
    """The texts of an element, in order; None where a line ends."""
    manner = around.inside(element)
    within = element.tag in _INLINE
    if not within:
        yield None
    yield _Piece(element, None, manner)
    for child in element:
        if _is_passed_over(child.tag):
            yield None
        else:
            yield from _pieces(child, manner)
        yield _Piece(element, child, manner)
    if not within:
        yield None


def _is_passed_over(tag: object) -> bool:
    # Comments have no name but a function, drawings one in a namespace.
    return not isinstance(tag, str) or tag in _PASSED_OVER or tag.startswith("{")


def _set(stretch: list[_Piece]) -> None:
    """Set the texts of a stretch as the one text that they are."""
    texts = [piece.text for piece in stretch]
    changes = list(edits("".join(texts), stretch[0].manner.language))
    begun = 0
    for piece, text in zip(stretch, texts, strict=True):
        end = begun + len(text)
        parts, at = [], begun
        # What is changed across an end is changed on its left, and gone on its right.
        while changes and changes[0].start <= end:
            if changes[0].start == end and changes[0].stop > end:
                break
            edit = changes.pop(0)
            parts += [text[at - begun : edit.start - begun], edit.text]
            at = min(edit.stop, end)
            if edit.stop > end:
                changes.insert(0, replace(edit, start=end, text=""))
                break
        if parts:
            piece.text = "".join((*parts, text[at - begun :]))
        begun = end


def _isolate(piece: _Piece) -> None:
    """Put what runs from left to right into elements of its own."""
    text = piece.text
    found = to_isolate(text)
    if not found:
        return
    place = 0 if piece.behind is None else list(piece.parent).index(piece.behind) + 1
    piece.text = text[: found[0].start]
    ends = [*(one.start for one in found[1:]), len(text)]
    for at, (one, end) in enumerate(zip(found, ends, strict=True)):
        isolate = piece.parent.makeelement("bdi", {"dir": "ltr"})
        isolate.text, isolate.tail = text[one.start : one.stop], text[one.stop : end]
        piece.parent.insert(place + at, isolate)
