"""Steps as lines of JSON and back, between the process that looks and the one that asked."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import Any

from actionpack.diagnostics import Finding, findings_from
from actionpack.geometry import Box, Size
from actionpack.preflight.found import at_box, boxes_of, plain
from actionpack.preflight.seen import CodeSeen, FontSeen, PageSeen, Step


def to_line(step: Step) -> bytes:
    """A step as one line of JSON, its findings with their boxes."""
    body = {one.name: getattr(step, one.name) for one in fields(Step) if one.name != "findings"}
    body["findings"] = [_finding(one) for one in step.findings]
    return json.dumps(body, default=asdict).encode() + b"\n"


def _finding(found: Finding) -> dict[str, Any]:
    return {**asdict(plain(found)), "boxes": [asdict(box) for box in boxes_of(found)]}


def from_line(line: bytes) -> Step:
    """Read a step; raises ValueError, KeyError or TypeError when it is none."""
    body = json.loads(line)
    body["pages"] = tuple(
        PageSeen(number=page["number"], size=Size(**page["size"])) for page in body["pages"]
    )
    body["codes"] = tuple(CodeSeen(**{**code, "box": Box(**code["box"])}) for code in body["codes"])
    body["fonts"] = tuple(FontSeen(**font) for font in body["fonts"])
    body["address"], body["colours"] = tuple(body["address"]), tuple(body["colours"])
    body["address_box"] = _box(body["address_box"])
    body["findings"] = tuple(_found(one) for one in body["findings"])
    return Step(**body)


def _box(raw: dict[str, float] | None) -> Box | None:
    return None if raw is None else Box(**raw)


def _found(raw: dict[str, Any]) -> Finding:
    boxes = [Box(**box) for box in raw.pop("boxes")]
    (found,) = findings_from([raw])
    return at_box(found, *boxes)
