"""Projects and actions from nothing, or from a text: what `init`, `new` and `import` do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from actionpack.content import ACTION_FILE, is_id, read_content
from actionpack.diagnostics import Finding, Place, Rejected, UsageFault, finding
from actionpack.importing import Imported, Wishes, import_bytes, read_named
from actionpack.language import is_tag
from actionpack.layouts import find_layout
from actionpack.project import Project
from actionpack.store import read_file, write_whole

_IGNORED = """# What a build makes; it can always be made again.
/out/
"""

_ACTION = """# What does not depend on language. Every key is explained in docs/content.md.
id: {id}
# reference: "ASA 17/0000/2027"
edition: 1
issued: {today}
# act_by:                  # the day after which nobody should post this letter, as 2027-12-31
country:                   # the two letters of ISO 3166, such as CN
source_language: {tag}
credit:                    # who wrote the text: "Text: …"
online:                    # https://… for the QR code, or none
targets:
  - id: target
    lines:                 # the postal address as it must print, without the country
      -
    country:
    languages: [{tag}]
safety: {{sender: full}}     # full: name and address | initials | none
"""

_TEXT = """---
title:
summary:
salutation:                # Dear …,
closing:                   # Yours sincerely,
status: source
---
## briefing

## ask

## letter

"""


def start_project(folder: Path) -> list[str]:
    """Make the folders of a project; raises Rejected when it is one already."""
    if (folder / "content").exists():
        raise Rejected(
            finding(
                "exists",
                f"'{folder}' is a project already: it holds 'content'",
                cure="go on with actionpack import or actionpack new",
            )
        )
    for name in ("content", "layouts", "assets"):
        write_whole(folder / name / ".gitkeep", b"", inside=folder)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        write_whole(ignore, _IGNORED.encode(), inside=folder)
    return [str(folder / "content")]


def new_action(project: Project, action_id: str, tag: str, today: date) -> list[str]:
    """Write an action to fill in; raises Rejected when the name is taken or none."""
    _check_names(action_id, tag)
    files = (
        (ACTION_FILE, _ACTION.format(id=action_id, today=today.isoformat(), tag=tag)),
        (f"{tag}.md", _TEXT),
    )
    return _write_action(project, action_id, files, force=False)


def new_layout(project: Project, name: str, like: str) -> list[str]:
    """Copy a layout under another name, to be changed; raises Rejected when the name is taken.

    Raises UsageFault when it is none, or there is no layout to copy.
    """
    if not is_id(name):
        told = f"'{name}' cannot name a layout"
        cure = "use a-z, 0-9 and hyphens, such as school-poster"
        raise UsageFault(finding("bad-value", told, cure=cure))
    source = find_layout(project.layouts, like)
    layouts = project.root / "layouts"
    label = project.label(layouts / name)
    if (layouts / name).exists():
        raise Rejected(finding("exists", f"'{label}' is there already", Place(file=label)))
    files = [one for one in source.names() if source.has_file(one) and not one.startswith(".")]
    for one in files:
        write_whole(layouts / name / one, source.read_bytes(one), inside=layouts)
    return [project.label(layouts / name / one) for one in files]


def import_file(
    project: Project,
    file: Path,
    *,
    action_id: str | None,
    tag: str | None,
    online: str | None,
    headings: tuple[str, ...],
    today: date,
    force: bool,
) -> tuple[Imported, list[str]]:
    """Import a text into the project; raises Rejected when it cannot become an action.

    `headings` are as the command line has them: `letter=Lettre type,ask=Agir`.
    """
    _check_names(action_id, tag)
    wishes = Wishes(
        action_id=action_id, tag=tag, online=online, today=today, named=read_named(headings)
    )
    imported = import_bytes(read_file(file, label=str(file)), file=str(file), wishes=wishes)
    if not is_id(imported.id):
        raise Rejected(
            finding(
                "bad-value",
                f"'{imported.id}' cannot name an action",
                Place(file=str(file)),
                cure="use a-z, 0-9 and hyphens in 'id', such as river-defenders, or pass --id",
            )
        )
    paths = _write_action(project, imported.id, imported.files, force=force)
    if imported.has_fields:
        told = _told_places(project, imported)
        faults = _faults(project, imported.id, imported.tag)
        found = (*imported.findings, *(one for one in faults if one.place not in told))
        imported = replace(imported, findings=found)
    return imported, paths


def _faults(project: Project, action_id: str, tag: str) -> tuple[Finding, ...]:
    """What is wrong in a folder whose fields were taken as somebody wrote them."""
    try:
        *_, found = read_content(project.content.inner(action_id), tag)
    except Rejected as rejected:
        return rejected.findings
    return found


def _told_places(project: Project, imported: Imported) -> tuple[Place, ...]:
    """Where `credit` is empty, which the import has asked for already."""
    label = f"{project.content.label(imported.id)}/{ACTION_FILE}"
    lines = dict(imported.files)[ACTION_FILE].split("\n")
    return tuple(
        Place(file=label, line=number)
        for number, line in enumerate(lines, 1)
        if line.startswith("credit: #")
    )


def _check_names(action_id: str | None, tag: str | None) -> None:
    faults = []
    if action_id is not None and not is_id(action_id):
        faults.append(
            finding(
                "bad-value",
                f"'{action_id}' cannot name an action",
                cure="use a-z, 0-9 and hyphens, such as river-defenders",
            )
        )
    if tag is not None and not is_tag(tag):
        faults.append(
            finding(
                "bad-value",
                f"'{tag}' is no language tag",
                cure="write it as BCP 47 does: en, pt-BR, zh-Hans",
            )
        )
    if faults:
        raise UsageFault(*faults)


def _write_action(
    project: Project, action_id: str, files: tuple[tuple[str, str], ...], *, force: bool
) -> list[str]:
    folder = project.content.root / action_id
    label = project.content.label(action_id)
    if folder.exists() and not force:
        raise Rejected(finding("exists", f"'{label}' is there already", Place(file=label)))
    for name, text in files:
        write_whole(folder / name, text.encode(), inside=project.content.root)
    return [project.label(folder / name) for name, _ in files]
