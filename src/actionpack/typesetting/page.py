"""A page, as a tree of HTML, with all that prints on it as it is set.

Text goes by the `lang` and `dir` of the elements round it; `dir="auto"` is the way of their own
first letter. Inside `translate="no"`, as of a postal address, it stays as it was written, and is
only isolated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate, groupby
from typing import TYPE_CHECKING

from actionpack.typesetting.isolating import Way, own_direction, to_isolate, to_turn
from actionpack.typesetting.spacing import heading_end, to_hold
from actionpack.typesetting.stretch import edits
from actionpack.typesetting.wrapping import wrap

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# What stands inside a line, so that the text round it goes on in it.
_INLINE = frozenset(
    (
        *("a", "abbr", "b", "bdi", "cite", "code", "dfn", "em", "i", "mark", "q", "s", "small"),
        *("span", "strong", "sub", "sup", "time", "u"),
    )
)
_HEADINGS = frozenset(("h1", "h2", "h3"))
_HELD = "white-space:nowrap"
# What holds nothing that is set as text.
_PASSED_OVER = frozenset(("head", "script", "style", "pre", "textarea"))


@dataclass(frozen=True, slots=True)
class _Manner:
    """How text is meant where it stands."""

    language: str
    runs_left: bool
    as_written: bool
    # What is put in order by itself: a block, or what in one has a direction or a name of its own.
    island: Element | None

    def inside(self, element: Element) -> _Manner:
        own = element.get
        within = element.tag in _INLINE and own("style") != _HELD
        alone = not within or own("dir") is not None or own("data-field") is not None
        return replace(
            self,
            language=own("lang", self.language),
            runs_left=own("dir", "rtl" if self.runs_left else "ltr") == "rtl",
            as_written=own("translate", "no" if self.as_written else "yes") == "no",
            island=element if alone else self.island,
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
    for element in root.iter():
        if element.get("dir") == "auto":
            element.set("dir", own_direction("".join(element.itertext())))
    for stretch in list(_stretches(root)):
        if not stretch[0].manner.as_written:
            _set(stretch)
    _hold(root)
    _put_in_order(root, "rtl")
    _put_in_order(root, "ltr")


def _stretches(root: Element) -> Iterator[list[_Piece]]:
    """The texts that follow each other in one line and in one language."""
    stretch: list[_Piece] = []
    for piece in _pieces(root, _Manner("", False, False, None)):
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
    island = stretch[0].manner.island
    if not changes and island is not None and island.tag in _HEADINGS:
        changes = list(heading_end("".join(texts)))
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


def _hold(root: Element) -> None:
    """Put what no line may break into elements that say so."""

    def held(part: list[_Piece]) -> tuple[range, ...]:
        island = part[0].manner.island
        return () if island is not None and island.get("style") == _HELD else to_hold(_said(part))

    _wrap_each(root, held, "span", "style", _HELD)


def _put_in_order(root: Element, way: Way) -> None:
    """Put what runs one way, in text that runs the other, into elements of its own.

    What lays out pages orders the text of one element, and sets elements side by side as they come:
    from left to right it needs help only where such words go on from one element into another.
    """

    def turned(part: list[_Piece]) -> tuple[range, ...]:
        if part[0].manner.runs_left == (way == "rtl"):
            return ()
        return to_isolate(_said(part)) if way == "ltr" else _across(part, to_turn(_said(part)))

    _wrap_each(root, turned, "bdi", "dir", way)


def _wrap_each(
    root: Element,
    find: Callable[[list[_Piece]], tuple[range, ...]],
    tag: str,
    name: str,
    value: str,
) -> None:
    """Put what is found in texts that belong together into elements with one attribute."""
    found: list[tuple[Element, range]] = []
    for stretch in _stretches(root):
        for part in _of_one_island(stretch):
            island, ranges = part[0].manner.island, find(part)
            if ranges and island is not None:
                begin = _place(island, part[0])
                found += ((island, range(begin + one.start, begin + one.stop)) for one in ranges)
    # No text moves: places stay what they are.
    for island, one in found:
        wrap(island, one.start, one.stop, tag, name, value)


def _said(part: list[_Piece]) -> str:
    return "".join(piece.text for piece in part)


def _of_one_island(stretch: list[_Piece]) -> Iterator[list[_Piece]]:
    for _, part in groupby(stretch, lambda piece: id(piece.manner.island)):
        yield list(part)


def _across(part: list[_Piece], ranges: tuple[range, ...]) -> tuple[range, ...]:
    """The stretches that go on from one piece into another."""
    ends = list(accumulate(len(piece.text) for piece in part))
    return tuple(one for one in ranges if any(one.start < end < one.stop for end in ends))


def _place(island: Element, piece: _Piece) -> int:
    """Where a piece begins in all the text of an element."""
    at = 0
    for parent, behind, text in _texts(island):
        if parent is piece.parent and behind is piece.behind:
            break
        at += len(text)
    return at


def _texts(element: Element) -> Iterator[tuple[Element, Element | None, str]]:
    """All texts inside an element, as `itertext` has them, each with where it stands."""
    tag: object = element.tag
    if not isinstance(tag, str):
        # A comment.
        return
    yield element, None, element.text or ""
    for child in element:
        yield from _texts(child)
        yield element, child, child.tail or ""
