"""What there is, as plain rows: actions, layouts, languages, papers, windows, fonts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actionpack.catalogues import MADE_BY, own_catalogue, printed_words, shipped_words
from actionpack.content import action_ids, read_action, read_content, read_text, written_in
from actionpack.diagnostics import Finding, Rejected, UsageFault
from actionpack.fonts import FontShelf, cure_for, read_shelf
from actionpack.language import endonym, english_name, is_tag
from actionpack.layouts import find_layout, layout_names, read_layout
from actionpack.model import Action, Text
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
from actionpack.store import Jail
from actionpack.typography import languages as known_languages
from actionpack.typography import typography

Item = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """An action as far as it can be read; a text, or the action, is None where it has faults."""

    id: str
    action: Action | None
    texts: Mapping[str, Text | None]
    faults: int


def _written(project: Project) -> Iterator[_Written]:
    """Every action of a project, with the texts in all of its languages."""
    for action_id in action_ids(project.content):
        folder = project.content.inner(action_id)
        faults: dict[Finding, None] = {}
        action: Action | None = None
        texts: dict[str, Text | None] = {}
        try:
            action = read_action(folder)
        except Rejected as rejected:
            faults |= dict.fromkeys(rejected.findings)
        for tag in written_in(folder):
            try:
                texts[tag] = (
                    read_text(folder, action, tag) if action else read_content(folder, tag)[1]
                )
            except Rejected as rejected:
                texts[tag] = None
                faults |= dict.fromkeys(rejected.findings)
        yield _Written(id=action_id, action=action, texts=texts, faults=_errors(faults))


def _errors(findings: Iterable[Finding]) -> int:
    return sum(1 for one in findings if one.is_error)


def actions(project: Project) -> list[Item]:
    """Every action: id, title in its source language, languages, deadline, number of faults.

    What cannot be read for a fault is None; `check` tells the faults themselves, and others that
    show only when it is laid out.
    """
    return [_listed(written) for written in _written(project)]


def _listed(written: _Written) -> Item:
    action = written.action
    text = written.texts.get(action.source_language) if action else None
    return {
        "id": written.id,
        "title": text.title.text if text else None,
        "languages": list(written.texts),
        "act_by": action.act_by.isoformat() if action and action.act_by else None,
        "faults": written.faults,
    }


# What is said of a text that cannot be printed yet, where others have their status.
UNFINISHED = "unfinished"


def languages(project: Project) -> tuple[list[Item], list[Finding]]:
    """Every language that layouts or an action of the project speak.

    Of each: its tag, its own name, who translated and who reviewed the words of layouts, and the
    actions that are written in it, with their status.
    """
    by_tag: dict[str, dict[str, str]] = {}
    findings: list[Finding] = []
    for written in _written(project):
        for tag, text in written.texts.items():
            status = text.status if text else UNFINISHED
            by_tag.setdefault(tag, {})[written.id] = status
    shelves = (*project.locale, shipped_words())
    for name in (name for shelf in shelves for name in shelf.names()):
        tag = name.removesuffix(".po")
        if name.endswith(".po") and is_tag(tag):
            by_tag.setdefault(tag, {})
    items = []
    for tag, found in sorted(by_tag.items()):
        words, wrong = _words(tag, shelves)
        findings += wrong
        items.append({"tag": tag, "name": endonym(tag), "words": words, "actions": found})
    return items, findings


def _words(tag: str, shelves: tuple[Jail, ...]) -> tuple[Item | None, tuple[Finding, ...]]:
    """Who made and who reviewed the words of layouts in a language; None: there are none."""
    for shelf in shelves:
        try:
            own = own_catalogue(tag, shelf)
        except Rejected as rejected:
            return None, rejected.findings
        if own is not None:
            catalogue, _ = own
            made_by = catalogue.header(MADE_BY) or None
            return {"made_by": made_by, "reviewed_by": catalogue.reviewer}, ()
    return None, ()


def layouts(project: str | None) -> list[Item]:
    """Every layout, with or without a project: name, what it is, papers, fields, faults.

    What cannot be read for a fault is None or empty; `check` tells the faults themselves.
    """
    try:
        shelves = find_project(project, Path.cwd()).layouts
    except UsageFault:
        shelves = layout_shelves(None)
    return [_layout(name, shelves) for name in layout_names(shelves)]


def _layout(name: str, shelves: tuple[Jail, ...]) -> Item:
    try:
        layout = read_layout(find_layout(shelves, name))
    except Rejected as rejected:
        faults = _errors(rejected.findings)
        return {"name": name, "title": None, "papers": [], "fields": [], "faults": faults}
    return {
        "name": name,
        "title": layout.title,
        "papers": list(layout.papers),
        "fields": list(layout.fields),
        "faults": 0,
    }


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
