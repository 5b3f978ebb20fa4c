"""What an `action.yaml`, a `<tag>.md`, a `layout.toml` and a plan may hold, as JSON Schemas.

Editors complete and check by them while one types. They are not written by hand: the readers
themselves are asked what they ask for, over files that between them have every table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from actionpack.source import Asked, Fields, Kind

Schema = dict[str, Any]

_DIALECT = "http://json-schema.org/draft-07/schema#"
# YAML and TOML write numbers and dates without quotes; where a text is due they are taken as texts.
_SCALAR: Schema = {"type": ["string", "number", "boolean"]}
_PLAIN: Mapping[Kind, Schema] = {
    "any": {},
    "text": _SCALAR,
    "texts": {"anyOf": [_SCALAR, {"type": "array", "items": _SCALAR}]},
    "date": {"type": "string", "format": "date"},
    "number": {"type": "number"},
    "whole": {"type": "integer", "minimum": 1, "maximum": 1_000_000},
}


def schema(title: str, tables: Iterable[Fields]) -> Schema:
    """The schema of a kind of file, from what was asked for in some of them."""
    return {"$schema": _DIALECT, "title": title, **_object(tuple(tables))}


def _object(tables: tuple[Fields, ...]) -> Schema:
    asked: dict[str, list[Asked]] = {}
    for table in tables:
        for key, one in table.asked.items():
            asked.setdefault(key, []).append(one)
    properties = {key: _value(several) for key, several in asked.items()}
    if not all(table.closed for table in tables):
        # Its keys are the user's own, such as languages or names of lengths.
        return {"type": "object", "additionalProperties": _one_of(list(properties.values()))}
    required = [
        key for key, several in asked.items() if sum(one.required for one in several) == len(tables)
    ]
    found: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**found, "required": required} if required else found


def _value(asked: list[Asked]) -> Schema:
    """What may stand under a key, which some files fill in one way and some in another."""
    kinds = dict.fromkeys(one.kind for one in asked)
    return _one_of([_of_kind(kind, [one for one in asked if one.kind == kind]) for kind in kinds])


def _of_kind(kind: Kind, asked: list[Asked]) -> Schema:
    known = tuple(dict.fromkeys(choice for one in asked for choice in one.choices))
    if kind == "choice":
        return {"type": "boolean"} if set(known) == {"true", "false"} else {"enum": [*known]}
    if kind == "texts" and known:
        one: Schema = {"enum": [*known]}
        return {"anyOf": [one, {"type": "array", "items": one}]}
    if kind not in ("table", "tables"):
        return _PLAIN[kind]
    inner = tuple(table for one in asked for table in one.inner)
    # No file of those that were read has such a table.
    table = _object(inner) if inner else {"type": "object"}
    return table if kind == "table" else {"type": "array", "items": table}


def _one_of(schemas: list[Schema]) -> Schema:
    different = [one for at, one in enumerate(schemas) if one not in schemas[:at]]
    if len(different) == 1:
        return different[0]
    return {"anyOf": different} if different else {}
