"""Findings that still know where on the page they were found, for a picture of the page.

The box stays inside preflight: what leaves for a person or a program is a plain `Finding`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from actionpack.diagnostics import Finding, Place, Severity, finding
from actionpack.geometry import Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Spotted(Finding):
    """A finding and the box round what is wrong, mm on the page as it is shown.

    `others` are the boxes of more things of which the same is wrong.
    """

    box: Box
    others: tuple[Box, ...] = ()


def spotted(
    code: str,
    message: str,
    place: Place,
    box: Box,
    *,
    others: tuple[Box, ...] = (),
    cure: str | None = None,
    severity: Severity | None = None,
) -> Finding:
    """Make a finding that knows its box; severity and cure are the table's unless given."""
    found = finding(code, message, place, cure=cure, severity=severity)
    return Spotted(box=box, others=others, **_values(found))


def plain(found: Finding) -> Finding:
    """The finding without its box, as it leaves preflight."""
    return Finding(**_values(found))


def boxes_of(found: Finding) -> tuple[Box, ...]:
    """Where on its page a finding is; nowhere when it is about the whole page or file."""
    return (found.box, *found.others) if isinstance(found, Spotted) else ()


def at_box(found: Finding, *boxes: Box) -> Finding:
    """The finding with its boxes, or as it is where there is none."""
    if not boxes:
        return found
    return Spotted(box=boxes[0], others=boxes[1:], **_values(found))


def _values(found: Finding) -> dict[str, Any]:
    return {one.name: getattr(found, one.name) for one in fields(Finding)}
