"""What a word on the command line may be, for the shell that completes it.

A person waits for each of these, so only names are read: of folders, and of small tables.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from actionpack.content import action_ids
from actionpack.diagnostics import Rejected
from actionpack.imposition import SCHEMES, SINGLE
from actionpack.language import is_tag
from actionpack.layouts import layout_names
from actionpack.paper import sheets, stocks
from actionpack.postal import letter_rules, windows
from actionpack.project import Project, find_project, layout_shelves

Kind = Literal[
    "actions",
    "layouts",
    "languages",
    "papers",
    "rules",
    "schemes",
    "sheets",
    "things to check",
    "windows",
]


def names(kind: Kind, project_named: str | None, action: str | None = None) -> tuple[str, ...]:
    """Every name of a kind; languages are those of `action`, or of all actions.

    Nothing when there is no project, or one that cannot be read: completing is no place to say so.
    """
    try:
        return _names(kind, project_named, action)
    except (Rejected, OSError):
        return ()


def _names(kind: Kind, project_named: str | None, action: str | None) -> tuple[str, ...]:
    match kind:
        case "papers":
            return tuple(stocks())
        case "sheets":
            return tuple(sheets())
        case "schemes":
            return (*SCHEMES, SINGLE)
        case "windows":
            return tuple(windows())
        case "rules":
            return (*windows(), *letter_rules())
        case "layouts":
            return _layouts(project_named)
    project = find_project(project_named, Path.cwd())
    if kind == "languages":
        return _languages(project, action)
    ids = action_ids(project.content)
    return ids if kind == "actions" else (*ids, *_layouts(project_named))


def _layouts(project_named: str | None) -> tuple[str, ...]:
    try:
        return layout_names(find_project(project_named, Path.cwd()).layouts)
    except Rejected:
        return layout_names(layout_shelves(None))


def _languages(project: Project, action: str | None) -> tuple[str, ...]:
    ids = action_ids(project.content)
    tags = {
        Path(name).stem
        for one in ((action,) if action in ids else ids)
        for name in project.content.names(one)
        if name.endswith(".md")
    }
    return tuple(sorted(tag for tag in tags if is_tag(tag)))
