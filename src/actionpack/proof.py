"""Proof maps as JSON and back: what a finished file is proved against, inside that file.

The file of one pack holds its map; a volume holds those of its variants, and what each pack adds
to them. The JSON is made from the frozen types themselves and is the same for the same map. What
comes back from a file is checked against those types, since a file from elsewhere may hold
anything.
"""

from __future__ import annotations

import dataclasses
import json
import math
import types
from datetime import date
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from actionpack.imposition import Imposition
from actionpack.model import IF_ANY, ProofMap, VolumeMap

# Raised when the shape of the map changes, so that an old file is not read as a new one.
VERSION = 3
_IMPOSED = "imposition"
_KINDS = {"proof": ProofMap, "volume": VolumeMap}


def to_json(proof: ProofMap | VolumeMap, imposition: Imposition | None = None) -> bytes:
    """The map as UTF-8 JSON with sorted keys, and where its pages stand on sheets, if they do."""
    kind = next(name for name, made in _KINDS.items() if isinstance(proof, made))
    body: dict[str, Any] = {"version": VERSION, kind: proof}
    if imposition is not None:
        body[_IMPOSED] = imposition.bare
    return json.dumps(
        body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain
    ).encode()


def _plain(value: Any) -> Any:
    """What JSON has no word for: a date as text, a frozen type as its fields."""
    if isinstance(value, date):
        return value.isoformat()
    kind: type = type(value)
    rare = _if_any(kind)
    held = ((name, getattr(value, name)) for name in _names(kind))
    return {name: one for name, one in held if name not in rare or one}


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@cache
def _if_any(kind: type) -> frozenset[str]:
    """The fields that are written only where they are something."""
    return frozenset(one.name for one in dataclasses.fields(kind) if IF_ANY in one.metadata)


def any_from_json(data: bytes) -> ProofMap | VolumeMap:
    """Read a map of either kind; raises ValueError when it is none, or of another version."""
    return all_from_json(data)[0]


def all_from_json(data: bytes) -> tuple[ProofMap | VolumeMap, Imposition | None]:
    """Read a map, and where its pages stand on sheets; raises ValueError as above."""
    try:
        body = json.loads(data)
        imposed = body.pop(_IMPOSED, None)
        version = body.pop("version")
        if version != VERSION:
            raise ValueError(f"the proof map has version {version}, not {VERSION}")
        ((kind, held),) = body.items()
        proof: ProofMap | VolumeMap = _value(_KINDS[kind], held)
        imposition = None if imposed is None else _value(Imposition, imposed)
    except (AttributeError, KeyError, TypeError, RecursionError, UnicodeDecodeError) as error:
        raise ValueError(f"this is no proof map: {error!r}") from error
    return proof, imposition


def from_json(data: bytes) -> ProofMap:
    """Read the map of one pack; raises ValueError when it is that of a volume, or none."""
    proof = any_from_json(data)
    if not isinstance(proof, ProofMap):
        raise ValueError("this is the map of a volume, not of one pack")
    return proof


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(kind: Any, raw: Any) -> Any:
    """Make a value of type `kind` from what JSON gave; raises ValueError or TypeError."""
    origin = get_origin(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        if not isinstance(raw, dict) or set(raw) | _if_any(kind) != set(hints):
            raise ValueError(f"{kind.__name__} is not as expected")
        return kind(
            **{name: _value(hint, raw[name]) for name, hint in hints.items() if name in raw}
        )
    if origin is tuple:
        inner = get_args(kind)
        if not isinstance(raw, list):
            raise ValueError("a list was expected")
        if inner[-1] is Ellipsis:
            return tuple(_value(inner[0], item) for item in raw)
        return tuple(_value(one, item) for one, item in zip(inner, raw, strict=True))
    if origin in (Union, types.UnionType):
        if raw is None and type(None) in get_args(kind):
            return None
        return _value(next(k for k in get_args(kind) if k is not type(None)), raw)
    if origin is Literal:
        if raw not in get_args(kind):
            raise ValueError(f"{raw!r} is not among {get_args(kind)}")
        return raw
    if kind is date:
        return date.fromisoformat(raw)
    if kind is float and isinstance(raw, int | float) and not isinstance(raw, bool):
        return _length(raw)
    if type(raw) is not kind:
        raise ValueError(f"{raw!r} is no {kind.__name__}")
    if isinstance(raw, str):
        # Half a character (a lone surrogate) can neither be shown nor written again.
        raw.encode()
    return raw


def _length(raw: float) -> float:
    """A length that a page can have: JSON's NaN and infinities would lie inside everything."""
    try:
        length = float(raw)
    except OverflowError as error:
        raise ValueError("a length is far too long") from error
    if not math.isfinite(length):
        raise ValueError(f"{raw!r} is no length")
    return length
