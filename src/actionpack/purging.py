"""What is left behind, taken away: what is remembered between builds, and what was half written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from actionpack.diagnostics import Finding, Rejected
from actionpack.project import Project
from actionpack.store import (
    LOCK,
    cache_files,
    folders_in,
    hold,
    parts_in,
    remove_all,
    remove_empty_cache,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """How many files of a sort were taken away, and how many bytes they had."""

    what: Literal["cache", "half-written files"]
    files: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What was taken away, and a warning for each folder that had to be left as it is."""

    cleared: tuple[Cleared, ...]
    findings: tuple[Finding, ...]


def purge(project: Project | None, folders: Iterable[Path]) -> Purged:
    """Empty the cache; clear some folders, and those in `out/`, of what was half written.

    A folder in which a batch is being made is left alone. Raises Rejected (`bad-value`) when the
    cache is none of ours, before anything is taken away.
    """
    kept = tuple(cache_files())
    files, size = 0, 0
    findings: list[Finding] = []
    for folder, inside, label in _folders(project, folders):
        lock = hold(folder, label=label) if (folder / LOCK).exists() else nullcontext()
        try:
            with lock:
                for inner in (folder, *inside):
                    count, taken = remove_all(parts_in(inner))
                    files, size = files + count, size + taken
        except Rejected as rejected:
            findings += (replace(one, severity="warning") for one in rejected.findings)
    count, taken = remove_all(kept)
    remove_empty_cache()
    return Purged(
        cleared=(
            Cleared(what="cache", files=count, bytes=taken),
            Cleared(what="half-written files", files=files, bytes=size),
        ),
        findings=tuple(findings),
    )


def _folders(
    project: Project | None, named: Iterable[Path]
) -> Iterator[tuple[Path, tuple[Path, ...], str]]:
    """The folders that builds and batches may have been writing to, each with those in it that
    are held together with it, and its name as the user knows it."""
    if project is not None:
        yield project.out, (), project.label(project.out)
        for folder in folders_in(project.out):
            yield folder, folders_in(folder), project.label(folder)
    for folder in named:
        yield folder, folders_in(folder), str(folder)
