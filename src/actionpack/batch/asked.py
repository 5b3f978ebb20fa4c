"""What is asked of a batch, how far it is, and what it came to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from actionpack.diagnostics import Exit, Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a plan is to be carried out. `output` None: its folder in `out/`.

    `rows` are those of the spreadsheet, `serials` positions in the plan; None: all. `started_in` is
    how long it took until this was asked, s, which counts as well.
    """

    plan: Path
    output: Path | None = None
    jobs: int = 1
    executor: str | None = None
    resume: bool = False
    rows: tuple[range, ...] | None = None
    serials: tuple[range, ...] | None = None
    dry_run: bool = False
    strict: bool = False
    prove_all: bool = False
    started_in: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a batch is: `doing` in words, packs and volumes of that done and in all, and for how
    many seconds it has been at that.

    `halted` says why nothing goes on at the moment; '' while it does.
    """

    doing: str
    packs: int = 0
    all_packs: int = 0
    volumes: int = 0
    all_volumes: int = 0
    seconds: float = 0.0
    halted: str = ""


Tell = Callable[[Progress], None]


@dataclass(slots=True)
class Result:
    """What a batch came to. `files` are paths as the user knows them."""

    findings: list[Finding] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    item: dict[str, Any] = field(default_factory=dict)
    exit: Exit = Exit.DONE
