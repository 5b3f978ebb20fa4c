"""One change to a text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """`text` instead of what stands from `start` to `stop`; where they are one, between two."""

    start: int
    stop: int
    text: str
