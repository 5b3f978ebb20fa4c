"""A layout tried with sample texts, on all papers, for every window, in each variant: what breaks.

The samples lie in `data/samples`: one with as little as there can be, one with much of everything,
and one from right to left. They are built as any action is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from actionpack.build import Means
from actionpack.diagnostics import Finding, Place, Rejected, Severity
from actionpack.layouts import windows_of
from actionpack.model import INK_SAVER, LARGE_PRINT, LAYOUT_FILE, Layout
from actionpack.pack import Pack, Request, Today
from actionpack.preflight.imposed import of_any_page
from actionpack.project import Project
from actionpack.store import data_jail
from actionpack.workshop import Workshop

# Where letters are posted: abroad, so that the country is printed.
_POSTED_IN = "IT"
_LONG = "long"
_OTHERS = ("short", "right-to-left")
# What that sample is too long for is no fault of the layout; but its maker wants to know.
_TOO_LONG = frozenset({"address-too-long", "letter-too-long", "overflow"})
# What a card costs is a matter of who posts it where.
_NOT_ITS_OWN = frozenset({"letter-postage"})
# What runs off a page is lost.
_LOST = "lost-text"
_NO_ROOM = _TOO_LONG | {"left-out", "broken-word"}
_ROOM = "give it more room, or the layout a form with smaller letter sizes"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trial:
    """A sample on a paper for a window; None where the layout goes into no envelope.

    `variant` is one that the layout can be printed as besides; '' for what it usually is.
    """

    sample: str
    paper: str
    window: str | None
    variant: str = ""

    def __str__(self) -> str:
        window = f", window {self.window}" if self.window else ""
        variant = f", --{self.variant}" if self.variant else ""
        return f"sample '{self.sample}', {self.paper}{window}{variant}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What is wrong with a layout, each thing once, and each sample as it looks in it.

    `packs` are on the first paper for the first window; those of which there are pages.
    """

    findings: tuple[Finding, ...]
    packs: tuple[Pack, ...]


def try_layout(
    layout: Layout, project: Project | None, today: Today, window: str | None = None
) -> Tried:
    """Build the samples in a layout and say what is wrong with it.

    `project` is the one whose layouts, fonts and words are used, if there is any; `window` the only
    one to try it for, None for all.
    """
    samples = data_jail().inner("samples").root
    root = samples if project is None else project.root
    trials = tuple(_trials(layout, window))
    # A trial may have the same fault on several pages.
    found: dict[Finding, dict[_Trial, None]] = {}
    packs: dict[str, Pack | None] = {}
    with Workshop(Project(root=root, actions=samples), Means(keep=False)) as workshop:
        for trial in trials:
            pack, findings = _built(layout, trial, workshop, today)
            packs.setdefault(trial.sample, pack)
            for one in _of_layout(findings, layout, trial):
                found.setdefault(one, {})[trial] = None
    return Tried(
        findings=tuple(
            _with_trials(one, tuple(where), len(trials)) for one, where in found.items()
        ),
        packs=tuple(pack for pack in packs.values() if pack is not None),
    )


def _trials(layout: Layout, only: str | None = None) -> Iterator[_Trial]:
    """The long sample for every window; the others once on each side a window can be on.

    In a variant the long sample once on each paper, since windows do not depend on it; the others
    once.
    """
    for paper in layout.papers:
        windows = _windows(layout, paper, only)
        right = [name for name in windows if name.endswith("-right")]
        for window in windows if layout.enclosed else (None,):
            yield _Trial(sample=_LONG, paper=paper, window=window)
        for sample in _OTHERS:
            for window in (*windows[:1], *right[:1]) if layout.enclosed else (None,):
                yield _Trial(sample=sample, paper=paper, window=window)
    for variant in layout.variants:
        varied = layout.printed_as((variant,))
        for paper in varied.papers:
            for sample in (_LONG, *(_OTHERS if paper == varied.usual_paper else ())):
                for window in _windows(varied, paper, only)[:1] if layout.enclosed else (None,):
                    yield _Trial(sample=sample, paper=paper, window=window, variant=variant)


def _windows(layout: Layout, paper: str, only: str | None) -> tuple[str, ...]:
    return tuple(name for name in windows_of(layout, paper) if only in (None, name))


def _built(
    layout: Layout, trial: _Trial, workshop: Workshop, today: Today
) -> tuple[Pack | None, tuple[Finding, ...]]:
    """One pack, if there is any, and what is wrong with it."""
    request = Request(
        action=trial.sample,
        layout=layout.name,
        paper=trial.paper,
        window=trial.window,
        sender_country=_POSTED_IN,
        large_print=trial.variant == LARGE_PRINT,
        ink_saver=trial.variant == INK_SAVER,
    )
    try:
        pack = workshop.pack(request, today)
    except Rejected as rejected:
        return None, rejected.findings
    return pack, pack.findings


def _of_layout(findings: tuple[Finding, ...], layout: Layout, trial: _Trial) -> Iterator[Finding]:
    """What is wrong with one pack, as findings about the layout."""
    too_long = trial.sample == _LONG and any(one.code in _TOO_LONG for one in findings)
    for one in (one for one in findings if one.code not in _NOT_ITS_OWN):
        file = layout.folder.label(LAYOUT_FILE)
        own = one.place.file or ""
        # A fault on a line of the layout's own files stays where it is.
        place = one.place if own.startswith(layout.folder.name) else Place(file=file)
        milder = too_long and one.code in (*_TOO_LONG, _LOST)
        # Nobody can shorten a sample.
        cure = _ROOM if one.code in _NO_ROOM else one.cure
        severity: Severity = "warning" if milder else one.severity
        # On which page of a sample, and whether that is put on a sheet, is no matter.
        yield replace(of_any_page(one), place=place, cure=cure, severity=severity)


def _with_trials(found: Finding, where: tuple[_Trial, ...], count: int) -> Finding:
    """A finding with the samples that it was found with."""
    more = f" and {len(where) - 1} more" if len(where) > 1 else ""
    said = "every sample" if len(where) == count > 1 else f"{where[0]}{more}"
    return replace(found, message=f"{found.message} ({said})")
