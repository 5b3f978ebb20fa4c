"""Changes to a YAML mapping that leave everything else as somebody wrote it (gate: ruamel.yaml).

Comments, order, quotes and empty lines stay. What is set is a key at the top of the mapping, with
all that it holds, or one text inside of what is there. A way leads to a text by the keys of
mappings and the numbers of items, from 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actionpack.diagnostics import Place, Rejected, finding


@dataclass(frozen=True, slots=True)
class YamlEntry:
    """What is to stand under a key: the lines of YAML, its own first; none: it is taken away."""

    key: str
    lines: tuple[str, ...]


def quoted(text: str) -> str:
    """Text as a double-quoted YAML scalar; control characters were refused before."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\t", "\\t") + '"'


def set_texts(text: str, values: Mapping[tuple[str, ...], str], place: Place) -> str:
    """Write other texts in the place of those that stand at the end of each way.

    Raises KeyError for a way that leads to no text.
    """
    spans = _spans(_top(text, place), ())
    for way, value in sorted(values.items(), key=lambda item: spans[item[0]][0], reverse=True):
        start, end, before, after = spans[way]
        text = f"{text[:start]}{before}{quoted(value)}{after}{text[end:]}"
    return text


def put_texts(text: str, values: Mapping[tuple[str, ...], str], place: Place) -> str:
    """Write texts at the end of each way; where none is there, as the last of its mapping.

    Raises KeyError for a way that leads into no mapping that holds something.
    """
    there = ways(text, place)
    text = set_texts(text, {way: new for way, new in values.items() if way in there}, place)
    for way, value in values.items():
        if way not in there:
            text = _appended(text, way, value, place)
    return text


def _appended(text: str, way: tuple[str, ...], value: str, place: Place) -> str:
    node = _top(text, place)
    for step in way[:-1]:
        node = _inside(node)[step]
    if not node.value:
        raise KeyError(way)
    key, last = node.value[-1]
    new = f"{way[-1]}: {quoted(value)}"
    if node.flow_style:
        end = last.end_mark.index
        return f"{text[:end]}, {new}{text[end:]}"
    lines = text.split("\n")
    at = _end_line(key, last)
    lines[at:at] = [" " * key.start_mark.column + new]
    return "\n".join(lines)


def _inside(node: Any) -> dict[str, Any]:
    """What a mapping or a sequence holds, by key or by number."""
    if node.id == "mapping":
        return {key.value: value for key, value in node.value}
    return {f"{at}": value for at, value in enumerate(node.value)} if node.id == "sequence" else {}


def ways(text: str, place: Place) -> frozenset[tuple[str, ...]]:
    """The way to each text that is there."""
    return frozenset(_spans(_top(text, place), ()))


def set_entries(text: str, entries: Sequence[YamlEntry], order: Sequence[str], place: Place) -> str:
    """Set entries at the top; a new one comes where `order` has it among those that are there.

    Raises Rejected for a mapping in braces, into which no line can be set.
    """
    for entry in entries:
        top = _top(text, place)
        if top is not None and top.flow_style:
            raise Rejected(
                finding(
                    "bad-value",
                    "these fields stand in braces",
                    place,
                    cure="write each on a line of its own, as 'key: value'",
                )
            )
        pairs = [] if top is None else top.value
        there = {key.value: (key.start_mark.line, _end_line(key, value)) for key, value in pairs}
        lines = text.split("\n")
        if entry.key in there:
            start, end = there[entry.key]
        else:
            earlier = set(order[: order.index(entry.key)])
            start = max((last for key, (_, last) in there.items() if key in earlier), default=0)
            end = start
        lines[start:end] = entry.lines
        text = "\n".join(lines)
    return text


def _top(text: str, place: Place) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return YAML(typ="safe", pure=True).compose(text)
    except YAMLError as error:
        raise Rejected(finding("bad-value", f"this is not YAML: {error}", place)) from error


# Where a text begins and ends, and what stands before and after another in its place.
_Span = tuple[int, int, str, str]


def _spans(node: Any, way: tuple[str, ...]) -> dict[tuple[str, ...], _Span]:
    found: dict[tuple[str, ...], _Span] = {}
    if node is None:
        return found
    if node.id == "sequence":
        for step, item in _inside(node).items():
            found |= _spans(item, (*way, step))
        return found
    if node.id != "mapping":
        return found
    for key, value in node.value:
        here = (*way, key.value)
        if value.id != "scalar":
            found |= _spans(value, here)
        else:
            start, end = value.start_mark.index, value.end_mark.index
            if start == end:
                # Nothing is there; the parser notes where the next thing begins.
                colon = key.end_mark.index + 1
                found[here] = colon, colon, " ", ""
            else:
                found[here] = start, end, "", "\n" if value.style in ("|", ">") else ""
    return found


def _end_line(key: Any, value: Any) -> int:
    """The line, from 0, below the last that an entry takes."""
    if value.id == "scalar" and value.start_mark.index == value.end_mark.index:
        return int(key.end_mark.line) + 1
    if value.id == "mapping" and not value.flow_style and value.value:
        return _end_line(*value.value[-1])
    if value.id == "sequence" and not value.flow_style and value.value:
        return _end_line(key, value.value[-1])
    return int(value.end_mark.line) + (1 if value.end_mark.column else 0)
