"""The code keeps to `docs/architecture.md`: its rings, its gates, and its table of codes.

The source is parsed, not imported, so that imports inside functions and under TYPE_CHECKING count.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from actionpack.diagnostics import CODES

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "actionpack"
PAGE = ROOT / "docs" / "architecture.md"

# Codes that are promised to users, and found by what is not built yet. Take a code off when its
# feature comes.
LATER: set[str] = set()


@dataclass(frozen=True)
class Module:
    """One file: `name` is the way to it below the package, with dots; '' for the package."""

    name: str
    tree: ast.Module

    @property
    def part(self) -> str:
        """What the page calls it: a module, or the package that holds it."""
        return self.name.split(".")[0]

    def at(self, node: ast.AST) -> str:
        return f"{self.name or '__init__'}:{getattr(node, 'lineno', 1)}"


@dataclass(frozen=True)
class Import:
    """An import as written: the first name, and for one of ours the module it means."""

    module: Module
    node: ast.AST
    library: str
    ours: str | None


def named(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> tuple[Module, ...]:
    return tuple(
        Module(named(path), ast.parse(path.read_text(encoding="utf-8"), str(path)))
        for path in sorted(SOURCE.rglob("*.py"))
    )


@cache
def imports() -> tuple[Import, ...]:
    return tuple(found for module in modules() for found in imports_of(module))


def imports_of(module: Module) -> Iterator[Import]:
    names = {other.name for other in modules()}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module.at(node)}: a relative import"
            # `from actionpack import qr` means a module, `from actionpack.qr import encode` a name.
            targets = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for target in targets:
            library, _, rest = target.partition(".")
            ours = None
            if library == "actionpack":
                ours = rest if rest in names else rest.rpartition(".")[0]
            yield Import(module, node, library, ours)


def table(heading: str) -> list[list[list[str]]]:
    """The rows of a table of the page; each cell as the words it has in backticks, or its text."""
    section = PAGE.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[re.findall(r"`([^`]+)`", cell) or [cell.strip()] for cell in row] for row in rows[2:]]


@cache
def rings() -> dict[str, int]:
    return {name: int(ring[0]) for ring, names, _ in table("Rings") for name in names}


@cache
def gates() -> dict[str, list[str]]:
    return {what[0]: gate for what, gate in table("Gates")}


# ------------------------------------------------------------------------------------------ rings


def test_the_page_gives_every_module_a_ring() -> None:
    homeless = {module.part for module in modules() if module.part} - rings().keys()
    assert homeless == set(), "name them in the table of rings in docs/architecture.md"


def test_a_module_imports_only_from_smaller_rings() -> None:
    wrong = [
        f"{found.module.at(found.node)} imports {found.ours}"
        for found in imports()
        if found.ours
        and found.ours.split(".")[0] != found.module.part
        and not rings()[found.ours.split(".")[0]] < rings().get(found.module.part, 0)
    ]
    assert wrong == []


def test_no_import_runs_in_a_circle() -> None:
    after = {
        module.name: {
            found.ours
            for found in imports()
            if found.module is module and found.ours is not None and found.ours != module.name
        }
        for module in modules()
    }

    def circle(name: str, way: tuple[str, ...]) -> tuple[str, ...] | None:
        if name in way:
            return (*way[way.index(name) :], name)
        if name in clear:
            return None
        for next_name in sorted(after[name]):
            if found := circle(next_name, (*way, name)):
                return found
        clear.add(name)
        return None

    clear: set[str] = set()
    assert [found for name in after if (found := circle(name, ()))] == []


# ------------------------------------------------------------------------------------------ gates


def strangers(module: Module) -> Iterator[Import]:
    for found in imports_of(module):
        if found.library != "actionpack" and found.library not in sys.stdlib_module_names:
            yield found


def test_each_library_is_imported_by_its_gate_alone() -> None:
    wrong = [
        f"{found.module.at(found.node)} imports {found.library}"
        for module in modules()
        for found in strangers(module)
        if found.module.part not in gates().get(found.library, [])
    ]
    assert wrong == [], "each library has one gate, named in docs/architecture.md"


READS = {"read_text", "read_bytes"}
WRITES = {"write_text", "write_bytes", "unlink", "mkdir", "rmdir", "symlink_to"}
OPENERS = {"tempfile", "shutil", "fileinput"}


def disk(node: ast.AST) -> str | None:
    """How a node touches the disk; None when it does not. A jail's readers take a name."""
    match node:
        case ast.Call(func=ast.Name(id="open")):
            return "open()"
        case ast.Call(func=ast.Attribute(attr="open", value=ast.Name(id="io"))):
            return "open()"
        case ast.Call(func=ast.Attribute(attr="open"), args=[] | [ast.Constant()]):
            return ".open()"
        case ast.Call(func=ast.Attribute(attr=name), args=[]) if name in READS:
            return f".{name}()"
        case ast.Call(func=ast.Attribute(value=ast.Name(id="formatter"))):
            return None  # click writes its help with a `write_text` of its own
        case ast.Call(func=ast.Attribute(attr=name)) if name in WRITES:
            return f".{name}()"
        case ast.Import(names=names) if OPENERS & {alias.name for alias in names}:
            return f"import {names[0].name}"
        case ast.ImportFrom(module=name) if name in OPENERS:
            return f"from {name}"
    return None


@pytest.mark.parametrize(
    ("code", "touches"),
    [
        ("open('x')", True),
        ("path.open('rb')", True),
        ("path.open()", True),
        ("io.open(x)", True),
        ("path.read_text()", True),
        ("path.read_bytes()", True),
        ("path.write_bytes(b'')", True),
        ("import tempfile", True),
        ("jail.read_text('en.md')", False),
        ("Image.open(io.BytesIO(data), formats=FORMATS)", False),
        ("read_file(path, label='x')", False),
    ],
)
def test_touching_the_disk_is_noticed(code: str, touches: bool) -> None:
    found = [disk(node) for node in ast.walk(ast.parse(code))]
    assert any(found) is touches


def test_only_the_store_touches_the_disk() -> None:
    allowed = gates()["reading and writing files"]
    wrong = [
        f"{module.at(node)}: {how}"
        for module in modules()
        if module.part not in allowed
        for node in ast.walk(module.tree)
        if (how := disk(node))
    ]
    assert wrong == [], "read through a jail of store, write with write_whole"


def leaving(node: ast.AST) -> str | None:
    match node:
        case ast.Call(func=ast.Name(id="print" | "exit" | "quit" as name)):
            return f"{name}()"
        case ast.Attribute(value=ast.Name(id="sys"), attr="exit"):
            return "sys.exit"
        case ast.Name(id="SystemExit"):
            return "SystemExit"
    return None


def test_only_the_command_line_prints_and_leaves() -> None:
    allowed = gates()["printing and leaving"]
    wrong = [
        f"{module.at(node)}: {how}"
        for module in modules()
        if module.part not in allowed
        for node in ast.walk(module.tree)
        if (how := leaving(node))
    ]
    assert wrong == [], "raise Rejected, or return findings"


def test_nothing_is_asserted() -> None:
    # python -O takes assertions away, and an AssertionError tells nobody what to do.
    wrong = [
        module.at(node)
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Assert)
    ]
    assert wrong == []


# ------------------------------------------------------------------------------------------ codes


def code_of(node: ast.AST) -> str | None:
    """The code of a finding that is made here, when it is written out."""
    if not isinstance(node, ast.Call):
        return None
    name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
    given = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
    if name in ("finding", "fault"):
        given += node.args[:1]
    texts = [value.value for value in given if isinstance(value, ast.Constant)]
    return next((text for text in texts if isinstance(text, str)), None)


def test_every_code_in_use_stands_in_the_table() -> None:
    unknown = [
        f"{module.at(node)}: {code}"
        for module in modules()
        for node in ast.walk(module.tree)
        if (code := code_of(node)) and code not in CODES
    ]
    assert unknown == []


def test_every_code_in_the_table_is_in_use_or_comes_later() -> None:
    said = {
        node.value
        for module in modules()
        if module.name != "diagnostics"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert CODES.keys() - said - LATER == set(), "nobody finds these"
    assert LATER & said == set(), "these are found now: take them off LATER"
    assert CODES.keys() >= LATER


def test_every_code_says_how_grave_it_is_where_it_is_found_and_what_to_do() -> None:
    for code, row in CODES.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
        assert row.found_in
        assert row.means
        assert row.cure
        assert not row.means.endswith(".")
        assert not row.cure.endswith(".")
