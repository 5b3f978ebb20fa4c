"""Looking without building: `check` on actions, layouts and PDFs, `doctor` on a machine."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from actionpack.content import ACTION_FILE, action_ids, find_action, is_id, read_action
from actionpack.diagnostics import (
    Finding,
    Place,
    Rejected,
    UsageFault,
    finding,
)
from actionpack.fonts import read_shelf
from actionpack.layouts import find_layout, layout_names, read_layout, resolve
from actionpack.model import Layout
from actionpack.pack import Request, Today
from actionpack.postal import windows
from actionpack.preflight.apart import prove_apart
from actionpack.project import Project, find_project, layout_shelves
from actionpack.render import Job, Typesetter
from actionpack.source import did_you_mean
from actionpack.store import cache_folder, cache_get, cache_put, digest, read_file, shipped_folder
from actionpack.workshop import Workshop

Item = dict[str, Any]


def check_one(
    name: str, project_named: str | None, today: Today
) -> tuple[tuple[Finding, ...], Item]:
    """Check whatever `name` is: a PDF file, an action, or a layout.

    Raises UsageFault when it is none of them.
    """
    if name.lower().endswith(".pdf") or Path(name).is_file():
        return check_pdf(name, today), {"what": "pdf", "name": name}
    project = _project_or_none(project_named)
    actions = action_ids(project.content) if project else ()
    shelves = project.layouts if project else layout_shelves(None)
    layouts = layout_names(shelves)
    if project is not None and name in actions:
        return check_action(project, name, today), {"what": "action", "name": name}
    if name in layouts:
        found = check_layout(read_layout(find_layout(shelves, name)))
        return found, {"what": "layout", "name": name}
    if project is not None and is_id(name) and (project.content.root / name).is_dir():
        label = project.content.label(name)
        told = f"'{label}' holds no '{ACTION_FILE}'"
        raise Rejected(finding("missing-file", told, Place(file=label), cure="write one"))
    raise UsageFault(
        finding(
            "missing-file",
            f"'{name}' is no action, no layout and no PDF file",
            cure=did_you_mean(name, (*actions, *layouts)),
        )
    )


def _project_or_none(named: str | None) -> Project | None:
    try:
        return find_project(named, Path.cwd())
    except UsageFault:
        if named is not None:
            raise
        return None


def check_pdf(name: str, today: Today) -> tuple[Finding, ...]:
    """Prove a finished file against the map inside it, or as far as that goes without one."""
    try:
        data = read_file(Path(name), label=name)
    except Rejected as rejected:
        return rejected.findings
    if b"%PDF" not in data[:1024]:
        cure = "to make an action of a text: actionpack import FILE"
        return (finding("bad-file", f"'{name}' is no PDF", Place(file=name), cure=cure),)
    return prove_apart(
        data,
        name=name,
        today=today.here,
        deadline_today=today.where_it_ends_last,
        allow_expired=False,
    )


def check_action(project: Project, action_id: str, today: Today) -> tuple[Finding, ...]:
    """Build an action in each of its languages, and keep the findings alone."""
    findings: list[Finding] = []
    try:
        languages = read_action(find_action(project.content, action_id)).languages
    except Rejected:
        # The build below says the same, with what else is wrong.
        languages = ()
    with Workshop(project) as workshop:
        for tag in languages or (None,):
            request = Request(action=action_id, language=tag, allow_draft=True)
            try:
                findings += workshop.pack(request, today).findings
            except Rejected as rejected:
                findings += rejected.findings
    return tuple(dict.fromkeys(findings))


def check_layout(layout: Layout) -> tuple[Finding, ...]:
    """Resolve a layout on each of its papers for each window."""
    findings: list[Finding] = []
    for paper in layout.papers:
        for window in windows():
            try:
                resolve(layout, paper, window)
            except Rejected as rejected:
                findings += rejected.findings
    return tuple(dict.fromkeys(findings))


# --------------------------------------------------------------------------------- the machine


def examine_machine(project_named: str | None) -> tuple[list[Item], tuple[Finding, ...]]:
    """Try everything a build needs, and say what is there and what is missing."""
    items: list[Item] = []
    findings: list[Finding] = []

    def tried(what: str, state: str, found: tuple[Finding, ...] = ()) -> None:
        items.append({"what": what, "state": "missing" if found else state})
        findings.extend(replace(one, severity="error") for one in found)

    tried("python", ".".join(str(part) for part in sys.version_info[:3]))
    project = _project_or_none(project_named)
    tried("project", str(project.root) if project else "none here")
    fonts = project.fonts if project else (shipped_folder() / "assets" / "fonts",)
    try:
        shelf = read_shelf(fonts)
        tried("fonts", ", ".join(shelf.families))
    except Rejected as rejected:
        tried("fonts", "", rejected.findings)
    tried("typesetter", "lays out a page", _try_typesetter(fonts))
    tried("cache", str(cache_folder()), _try_cache())
    return items, tuple(findings)


def _try_typesetter(fonts: tuple[Path, ...]) -> tuple[Finding, ...]:
    html = '<html lang="en"><title>probe</title><p>Probe: Ελλάδα, Україна, « é ».</p></html>'
    css = ':root { font-family: "Noto Serif" }'
    try:
        with Typesetter(fonts) as typesetter:
            laid = typesetter.lay_out(Job(template=html, css=css))
            _, logged = typesetter.write()
    except Rejected as rejected:
        return rejected.findings
    return laid.findings + logged


def _try_cache() -> tuple[Finding, ...]:
    key = digest("doctor")
    try:
        cache_put(key, {"probe": b"probe"})
    except Rejected as rejected:
        return rejected.findings
    if cache_get(key) != {"probe": b"probe"}:
        return (finding("bad-file", f"the cache in '{cache_folder()}' gives back other bytes"),)
    return ()
