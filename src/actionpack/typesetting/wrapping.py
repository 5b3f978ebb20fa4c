"""A stretch of an element's text, and whatever is in it, into an element of its own.

Places are counted in characters of all the text inside an element, from 0. An element that the
stretch begins or ends inside is cut in two of the same kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def wrap(within: Element, start: int, stop: int, tag: str, name: str, value: str) -> None:
    """Put the text from `start` to `stop` into an element with one attribute."""
    at = _size_of(within.text)
    for child in within:
        end = at + _length(child)
        if at <= start and stop <= end and at < end:
            wrap(child, start - at, stop - at, tag, name, value)
            return
        at = end + _size_of(child.tail)
    _part(within, start)
    _part(within, stop)
    _gather(within, start, stop, within.makeelement(tag, {name: value}))


def _size_of(text: str | None) -> int:
    return len(text or "")


def _length(element: Element) -> int:
    return sum(map(len, element.itertext()))


def _part(within: Element, place: int) -> None:
    """Cut the child that a place is inside, so that it stands between two."""
    at = _size_of(within.text)
    for number, child in enumerate(within):
        end = at + _length(child)
        if at < place < end:
            within.insert(number + 1, _cut(child, place - at))
            return
        at = end + _size_of(child.tail)


def _cut(element: Element, place: int) -> Element:
    """The second half of an element, which is taken out of it; its tail goes along."""
    _part(element, place)
    half = element.makeelement(element.tag, dict(element.attrib))
    half.tail, element.tail = element.tail, None
    text, at = element.text or "", _size_of(element.text)
    if place <= at:
        element.text, half.text = text[:place], text[place:]
    for child in list(element):
        tail, begun = child.tail or "", at + _length(child)
        if at >= place:
            element.remove(child)
            half.append(child)
        elif place <= begun + len(tail):
            child.tail, half.text = tail[: place - begun], tail[place - begun :]
        at = begun + len(tail)
    return half


def _gather(within: Element, start: int, stop: int, around: Element) -> None:
    """Move what stands between two places, neither inside a child, into an element."""
    text, at = within.text or "", _size_of(within.text)
    number = None
    if start <= at:
        within.text, around.text, around.tail = text[:start], text[start:stop], text[stop:]
        number = 0
    for place, child in enumerate(list(within)):
        tail, begun = child.tail or "", at + _length(child)
        inside = start <= at < stop and number is not None
        at = begun + len(tail)
        if inside:
            within.remove(child)
            around.append(child)
            child.tail, around.tail = tail[: max(0, stop - begun)], tail[max(0, stop - begun) :]
        elif number is None and start <= at:
            child.tail = tail[: start - begun]
            around.text, around.tail = tail[start - begun : stop - begun], tail[stop - begun :]
            number = place + 1
    within.insert(number or 0, around)
