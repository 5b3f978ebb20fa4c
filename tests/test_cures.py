"""Cures that name an option: the command that prints them has it, and it would help."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import click
import pytest
from projects import Bench, Ran, write_action

from actionpack import cli
from actionpack.cli import cli as commands
from actionpack.cli.outcome import Outcome
from actionpack.diagnostics import CODES, finding

SOURCES = Path(cli.__file__).parents[1]
TEXT = Path(__file__).parent / "data" / "china-uyghur-families.txt"
LATE = "2028-01-01"

BUILDING = ("build", "watch")
MAKING = (*BUILDING, "check")
ALL = tuple(commands.commands)

# Who prints what a module says with an option in it. Where the words say whose option it is, as in
# "build with --layout labels", it is that command's.
SAID_BY = {
    ("build.py", "--sender-country"): MAKING,
    ("build.py", "--set"): BUILDING,
    ("build.py", "--window"): MAKING,
    # Said with its command.
    ("catalogues.py", "--lang"): ("translate export",),
    ("catalogues.py", "--ui"): ("translate export",),
    ("checking.py", "--dry-run"): ("batch",),
    ("checking.py", "--picture"): ("build", "check"),
    ("checking.py", "--window"): ("check", "build"),
    ("compose.py", "--layout"): ("build",),
    ("compose.py", "--window"): MAKING,
    ("diagnostics.py", "--edition"): BUILDING,
    ("diagnostics.py", "--sender-country"): MAKING,
    ("enclosure.py", "--window"): MAKING,
    ("importing", "--allow-expired"): ("build",),
    # A plan has keys of the same names, and is told of these (`batch.planned`).
    **{
        ("impose", f"--{name}"): BUILDING
        for name in ("edition", "impose", "sheet", "gutter", "thickness", "offset")
    },
    ("preflight", "--all"): ("check",),
    ("preflight", "--window"): ("check", "build"),
    ("project.py", "--project"): ALL,
    ("starting.py", "--id"): ("import",),
    ("fitting.py", "--layout"): ("build",),
    ("translating", "--lang"): ("translate stamp",),
}
# Packages that one command alone uses, and whose options are its own.
OF_ONE = {"batch": "batch", "importing": "import"}
# The usual options of the table, which a command names only when it has them.
OPTIONS = {row.option for row in CODES.values()} - {""}


def options_of(command: str) -> set[str]:
    """The options of a command, or of all its own commands."""
    found: click.Command = commands
    for word in command.split():
        assert isinstance(found, click.Group)
        found = found.commands[word]
    if isinstance(found, click.Group):
        return set.intersection(
            *({o for p in c.params for o in p.opts} for c in found.commands.values())
        )
    return {option for param in found.params for option in param.opts}


def said() -> set[tuple[str, str]]:
    """Every option that a message outside `cli` names, with its module or package."""
    found = set()
    for path in SOURCES.rglob("*.py"):
        module = path.relative_to(SOURCES).parts[0]
        tree = ast.parse(path.read_text())
        told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in told
            ):
                for option in re.findall(
                    r"(?<!var\()(?<![\w-])--[a-z]+(?:-[a-z]+)*(?![\w-])", node.value
                ):
                    found.add((module, option))
    return {
        (module, option)
        for module, option in found
        if module != "cli" and (module, option) not in {("diagnostics.py", one) for one in OPTIONS}
    }


def test_whoever_prints_an_option_has_it() -> None:
    for module, option in sorted(said()):
        names = SAID_BY.get((module, option)) or (OF_ONE.get(module),)
        assert names != (None,), f"who prints what {module} says of {option}?"
        # A command that is not offered yet prints nothing.
        offered = [name for name in names if name and name.split()[0] in ALL]
        lacking = [name for name in offered if option not in options_of(name)]
        assert lacking == [], f"{module} names {option}"


def test_an_option_of_the_table_is_one_of_some_command() -> None:
    assert {"--allow-draft", "--allow-expired", "--force"} == OPTIONS
    for option in OPTIONS:
        assert any(option in options_of(name) for name in ALL)


# --------------------------------------------------------------------- those of some commands only


def cure(ran: Ran, code: str) -> str:
    return str(ran.only(code)["cure"])


def test_a_deadline_can_be_allowed_by_build_and_not_by_check(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = bench.build().files
    monkeypatch.setenv("ACTIONPACK_TODAY", LATE)
    assert cure(bench.build(), "expired") == "do not hand it out, or pass --allow-expired"
    assert cure(bench.run("check", "river"), "expired") == "do not hand it out"
    assert cure(bench.run("check", str(built[0])), "expired") == "do not hand it out"


def test_what_was_passed_already_is_not_proposed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACTIONPACK_TODAY", LATE)
    assert cure(bench.build("--allow-expired"), "expired") == "do not hand it out"
    # Allowed, it is a warning still, and so an error again.
    assert cure(bench.build("--strict"), "expired") == "do not hand it out"


def test_a_draft_can_be_allowed_by_build_and_is_none_to_check(bench: Bench) -> None:
    write_action(bench.root, tag="de", fields={"status": "draft"})
    assert cure(bench.build("--lang", "de"), "draft-translation") == (
        "have it reviewed, or pass --allow-draft"
    )
    allowed = bench.build("--lang", "de", "--allow-draft")
    assert cure(allowed, "draft-translation") == "have it reviewed"
    assert cure(bench.run("check", "river"), "draft-translation") == "have it reviewed"


def test_an_action_that_is_there_is_written_over_by_import_alone(bench: Bench) -> None:
    assert cure(bench.run("new", "river"), "exists") == "choose another name"
    assert cure(bench.run("import", str(TEXT), "--id", "river"), "exists") == (
        "choose another name, or pass --force"
    )


def test_a_person_and_a_program_are_told_the_same(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACTIONPACK_TODAY", LATE)
    bench.capture.readouterr()
    cli.run(["build", "river", "--sender-country", "IT"])
    assert bench.capture.readouterr().err.split("\n")[0] == (
        "content/river/action.yaml:5: error: the deadline passed on 2027-12-31; "
        "do not hand it out, or pass --allow-expired [expired]"
    )


def test_a_cure_of_its_own_says_all_that_there_is_to_do() -> None:
    asked = Outcome(options=frozenset({"--force"}))
    told = asked.told(finding("exists", "'a.pdf' is there", cure="name another with -o"))
    assert told.cure == "name another with -o"
