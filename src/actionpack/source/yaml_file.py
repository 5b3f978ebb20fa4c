"""YAML into values that know their file and line (gate: ruamel.yaml)."""

from __future__ import annotations

from typing import Any

from actionpack.diagnostics import Finding, Place, Rejected, finding
from actionpack.source.values import (
    MOST_DEPTH,
    Entry,
    Sequence,
    Table,
    Value,
    Written,
    control_character,
    too_deep,
)


def read_yaml(text: str, file: str, *, first_line: int = 1) -> Table:
    """Read a YAML mapping; raises Rejected with every fault and its line.

    `first_line` is the line of the file on which `text` begins (front matter).
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    control = control_character(text)
    if control is not None:
        at, character = control
        raise Rejected(
            finding(
                "bad-value",
                f"the file holds the control character U+{ord(character):04X}",
                Place(file=file, line=first_line + text.count("\n", 0, at)),
                cure="delete it",
            )
        )
    yaml = YAML(typ="safe", pure=True)
    yaml.composer.warn_double_anchors = False  # anchors mean nothing here, and aliases are refused
    try:
        node = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = mark.line if mark else 0
        raise Rejected(
            finding(
                "bad-value",
                f"this is not YAML: {error.problem or error.context}",
                Place(file=file, line=first_line + at),
                cure=_yaml_cure(text.split("\n")[at : at + 1]),
            )
        ) from error
    except RecursionError as error:
        raise Rejected(too_deep(Place(file=file, line=first_line))) from error
    except YAMLError as error:
        raise Rejected(
            finding("bad-value", f"this is not YAML: {error}", Place(file=file, line=first_line))
        ) from error
    except (ValueError, OverflowError) as error:
        # What Python says of it differs from release to release.
        told = "this is not YAML: an escape in it names no character"
        raise Rejected(finding("bad-value", told, Place(file=file, line=first_line))) from error
    if node is None:
        return Table((), Place(file=file, line=first_line))
    faults: list[Finding] = []
    top = Place(file=file, line=first_line)
    value = _from_node(node, first_line, top, faults, set(), 0)
    if faults:
        raise Rejected(*faults)
    if not isinstance(value, Table):
        raise Rejected(
            finding(
                "bad-value",
                "the file is not a list of 'key: value' lines",
                top,
                cure="begin it with a key and a colon",
            )
        )
    return value


def _from_node(
    node: Any, first_line: int, above: Place, faults: list[Finding], seen: set[int], depth: int
) -> Value:
    """`above` is the place of the key or list that holds the node."""
    if id(node) in seen:
        # The node is the one the alias stands for, and knows only its own line.
        faults.append(
            finding("bad-value", "an alias ('*name') is not read here", above, cure="write it out")
        )
        return Written("", above)
    seen.add(id(node))
    place = Place(file=above.file, line=first_line + node.start_mark.line)
    if depth > MOST_DEPTH:
        faults.append(too_deep(place))
        return Written("", place)
    if node.id == "scalar":
        # The text of a block begins on the line below its mark.
        below = Place(file=place.file, line=first_line + node.start_mark.line + 1)
        return Written(node.value.strip(), below if node.style in ("|", ">") else place)
    if node.id == "sequence":
        items = (
            _from_node(item, first_line, place, faults, seen, depth + 1) for item in node.value
        )
        return Sequence(tuple(items), place)
    entries: dict[str, Entry] = {}
    for key_node, value_node in node.value:
        key_place = Place(file=place.file, line=first_line + key_node.start_mark.line)
        if key_node.id != "scalar":
            faults.append(finding("bad-value", "a key must be one word", key_place))
            continue
        key = key_node.value
        value = _from_node(value_node, first_line, key_place, faults, seen, depth + 1)
        if value == Written("", value.place):
            value = Written("", key_place)  # the parser notes where the next key begins
        if key in entries:
            faults.append(
                finding(
                    "bad-value", f"'{key}' is there twice", key_place, cure="delete one of the two"
                )
            )
            continue
        entries[key] = Entry(key, value, key_place)
    return Table(tuple(entries.values()), place)


def _yaml_cure(lines_at_fault: list[str]) -> str:
    if any("\t" in line[: len(line) - len(line.lstrip())] for line in lines_at_fault):
        return "indent with spaces, not with tabs"
    return "put values that hold ': ' or begin with a sign into quotes"
