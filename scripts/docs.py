"""Write what in `docs/` repeats what the program says: commands, finding codes, JSON Schemas.

python scripts/docs.py            writes docs/commands.md, docs/findings.md and docs/schemas/
python scripts/docs.py --check    exits 1 when one of them is not what would be written
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from actionpack.batch.plan import asked_of_plan
from actionpack.cli import cli
from actionpack.content import action_ids, asked_of_action, asked_of_text, read_action
from actionpack.diagnostics import CODES, Exit
from actionpack.layouts import asked_of_layout, find_layout, layout_names
from actionpack.project import Project
from actionpack.schemas import Schema, schema

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
# Between them these have every key and every table.
EXAMPLES = (Project(root=ROOT), Project(root=DOCS / "examples"))

_COMMANDS = """# Commands

Written by `scripts/docs.py` from the program's own help; change that, not this page.

Data goes to standard output, everything for people to standard error. Every command takes
`--project DIR` and `--json`, and then prints one object (`watch`: one a line for each build):

```json
{"ok": true, "files": ["out/…"], "items": [], "findings": [
  {"severity": "error", "code": "bad-value", "file": "content/…", "line": 3, "row": null,
   "page": null, "message": "…", "cure": "…"}]}
```

| exit code | means |
|--:|---|
"""

_EXITS = {
    Exit.DONE: "done; there may be warnings",
    Exit.FINDINGS: "something is wrong, and is said",
    Exit.USAGE: "the command was called with words it cannot use",
    Exit.MISSING_ON_MACHINE: "this machine lacks something; the line that installs it is said",
    Exit.IN_PART: "a batch was finished in part",
    Exit.INTERRUPTED: "interrupted",
}

_FINDINGS = """# Findings

Written by `scripts/docs.py` from the table in `actionpack.diagnostics`.

A finding says where, what is wrong, and what to do. Errors keep a pack from its place; warnings
do so with `--strict`.

| code | usually | means | usual cure | looked for in |
|---|---|---|---|---|
"""


def commands() -> str:
    """The page of commands: each one's help, as it is printed."""
    exits = "".join(f"| {int(code)} | {words} |\n" for code, words in _EXITS.items())
    parts = [_COMMANDS + exits]
    for name, command in cli.commands.items():
        parts.append(f"## {name}\n\n{_help(name, command)}")
        if isinstance(command, click.Group):
            parts += (
                f"### {name} {inner}\n\n{_help(f'{name} {inner}', one)}"
                for inner, one in command.commands.items()
            )
    return "\n".join(parts)


def _help(name: str, command: click.Command) -> str:
    context = click.Context(
        command, info_name=f"actionpack {name}", terminal_width=96, max_content_width=96
    )
    return f"```text\n{command.get_help(context).rstrip()}\n```\n"


def findings() -> str:
    """The page of finding codes: the table, row by row."""
    rows = [
        f"| `{name}` | {code.severity} | {code.means} | {code.cure} | {', '.join(code.found_in)} |"
        for name, code in sorted(CODES.items())
    ]
    return _FINDINGS + "\n".join(rows) + "\n"


def schemas() -> Iterator[tuple[str, Schema]]:
    """What each kind of file may hold, by the name of its schema."""
    actions = [
        (project.content.inner(name), read_action(project.content.inner(name)))
        for project in EXAMPLES
        for name in action_ids(project.content)
    ]
    texts = [
        asked_of_text(folder, action, tag) for folder, action in actions for tag in action.languages
    ]
    shelves = Project(root=ROOT).layouts
    layouts = [asked_of_layout(find_layout(shelves, name)) for name in layout_names(shelves)]
    (_, examples) = EXAMPLES
    plan = asked_of_plan(examples.root / "every-key.yaml", examples)
    yield "action", schema("action.yaml", [asked_of_action(folder) for folder, _ in actions])
    yield "text", schema("<tag>.md, above its sections", texts)
    yield "layout", schema("layout.toml", layouts)
    yield "plan", schema("the plan of a batch", [plan])


def pages() -> Iterator[tuple[str, str]]:
    """Every file that is written, by its name in `docs/`."""
    yield "commands.md", commands()
    yield "findings.md", findings()
    for name, one in schemas():
        yield f"schemas/{name}.json", json.dumps(one, indent=1) + "\n"


def main(arguments: list[str]) -> int:
    """Write the pages, or say which of them are out of date."""
    stale = 0
    for name, text in pages():
        path = DOCS / name
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            print(f"docs/{name} is out of date; run: python scripts/docs.py", file=sys.stderr)
            stale += 1
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
