"""What there is, as plain rows: actions, layouts, languages, papers, windows, fonts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from actionpack.content import action_ids, read_action, read_text
from actionpack.diagnostics import Finding, Rejected, UsageFault
from actionpack.fonts import FontShelf, cure_for, read_shelf
from actionpack.language import endonym, english_name, printed_words
from actionpack.layouts import find_layout, layout_names, read_layout
from actionpack.paper import envelopes, stocks
from actionpack.postal import Window, clear_zones, letter_rules
from actionpack.postal import windows as window_table
from actionpack.project import (
    Project,
    find_project,
    layout_shelves,
    project_if_any,
    shipped_fonts,
)
from actionpack.typography import languages as known_languages
from actionpack.typography import typography

Item = dict[str, Any]


def actions(project: Project) -> tuple[list[Item], list[Finding]]:
    """Every action: id, title in its source language, languages, deadline."""
    items: list[Item] = []
    findings: list[Finding] = []
    for action_id in action_ids(project.content):
        folder = project.content.inner(action_id)
        try:
            action = read_action(folder)
            title = read_text(folder, action, action.source_language).title.text
        except Rejected as rejected:
            findings += rejected.findings
            items.append({"id": action_id, "title": None, "languages": [], "act_by": None})
            continue
        items.append(
            {
                "id": action_id,
                "title": title,
                "languages": list(action.languages),
                "act_by": action.act_by.isoformat() if action.act_by else None,
            }
        )
    return items, findings


def languages(project: Project) -> tuple[list[Item], list[Finding]]:
    """Every language that an action of the project is written in: tag, its own name, actions."""
    by_tag: dict[str, list[str]] = {}
    found, findings = actions(project)
    for item in found:
        for tag in item["languages"]:
            by_tag.setdefault(tag, []).append(item["id"])
    items = [
        {"tag": tag, "name": endonym(tag), "actions": ids} for tag, ids in sorted(by_tag.items())
    ]
    return items, findings


def layouts(project: str | None) -> list[Item]:
    """Every layout, with or without a project: name, what it is, papers, fields to set."""
    try:
        shelves = find_project(project, Path.cwd()).layouts
    except UsageFault:
        shelves = layout_shelves(None)
    items = []
    for name in layout_names(shelves):
        layout = read_layout(find_layout(shelves, name))
        items.append(
            {
                "name": name,
                "title": layout.title,
                "papers": list(layout.papers),
                "fields": list(layout.fields),
            }
        )
    return items


def papers() -> list[Item]:
    """Every sheet and every envelope that can be printed on: name, title, size in mm, source."""
    return [
        {
            "name": sheet.name,
            "title": sheet.title,
            "width_mm": sheet.size.width,
            "height_mm": sheet.size.height,
            "source": sheet.source,
            "kind": "envelope" if sheet.name in envelopes() else "sheet",
        }
        for sheet in stocks().values()
    ]


def windows() -> list[Item]:
    """Every window: name, title, its envelope and hole in mm, folds, who uses it, source.

    After them come the rules that only `check` knows, without an envelope.
    """
    return [_window(window) for window in window_table().values()] + [
        {
            "name": rule.name,
            "title": rule.title,
            "papers": [rule.paper],
            "use": "check only: it has no envelope",
            "source": rule.source,
        }
        for rule in letter_rules().values()
    ]


def _window(window: Window) -> Item:
    envelope, hole = envelopes()[window.envelope], window.hole
    return {
        "name": window.name,
        "title": window.title,
        "envelope": f"{envelope.title}, {_by(envelope.size.width, envelope.size.height)} mm",
        "window": "none"
        if window.plain
        else f"{_by(hole.width, hole.height)} mm, "
        f"{hole.left:g} from the left, {hole.bottom:g} from the foot",
        "papers": list(window.papers),
        "folds": [
            f"{paper}: folded at {handling.fold:g} mm, torn at {handling.tear:g} mm"
            for paper, handling in window.handling
        ],
        "clear": [
            f"{zone.title} {_by(zone.size.width, zone.size.height)} mm"
            for zone in (clear_zones()[name] for name in window.clear)
        ],
        "countries": list(window.countries),
        "source": window.source,
        "verified": window.verified,
    }


def _by(width: float, height: float) -> str:
    return f"{width:g} × {height:g}"


def fonts(project_named: str | None) -> list[Item]:
    """Every language that is known, with the fonts that print it and the letters that they lack.

    Raises Rejected when a font cannot be read.
    """
    project = project_if_any(project_named, Path.cwd())
    shelf = read_shelf(project.fonts if project else shipped_fonts())
    return [_printed(tag, shelf) for tag in known_languages()]


def _printed(tag: str, shelf: FontShelf) -> Item:
    """What prints a language: its own font has all its letters, the others have what is besides."""
    setting = typography(tag)
    families = [
        family
        for family in shelf.families
        if setting.family in (None, family) and not shelf.missing(setting.letters, (family,))
    ]
    words, _ = printed_words(tag)
    besides = "".join((endonym(tag), *setting.quotes, *words.values()))
    lacking = shelf.missing(besides, dict.fromkeys((*families, *shelf.families)))
    missing = "".join(lacking) if families else setting.letters
    return {
        "tag": tag,
        "english": english_name(tag),
        "script": setting.script,
        "families": families,
        "missing": missing,
        "cure": cure_for(missing) if missing else None,
        "name": endonym(tag),
    }
