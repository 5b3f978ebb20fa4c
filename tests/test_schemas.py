"""The JSON Schemas of `docs/schemas/`: they take what the program takes, and no key besides."""

from __future__ import annotations

import copy
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest
from ruamel.yaml import YAML

from actionpack.batch.plan import asked_of_plan, read_plan
from actionpack.model import OF_TARGETS, PRINTED
from actionpack.project import Project

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "docs" / "examples"


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / f"docs/schemas/{name}.json").read_text())
    return found


def validator(name: str) -> Callable[[Any], Any]:
    compiled: Callable[[Any], Any] = fastjsonschema.compile(schema(name))
    return compiled


def plain(value: Any) -> Any:
    """A value as JSON has it; YAML makes dates of what is written like one."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def yaml(text: str) -> Any:
    return plain(YAML(typ="safe").load(text))


def files() -> Iterator[tuple[str, Path]]:
    for project in (ROOT, EXAMPLES):
        yield from (("action", path) for path in project.glob("content/*/action.yaml"))
        yield from (("text", path) for path in project.glob("content/*/*.md"))
    yield from (("layout", path) for path in ROOT.glob("layouts/*/layout.toml"))
    yield "plan", EXAMPLES / "every-key.yaml"


def read(path: Path) -> Any:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".toml":
        return tomllib.loads(text)
    return yaml(text.split("---\n")[1] if path.suffix == ".md" else text)


@pytest.mark.parametrize(
    ("kind", "path"), [pytest.param(*one, id=f"{one[0]}-{one[1].parent.name}-{one[1].stem}")
                       for one in files()],
)  # fmt: skip
def test_every_file_that_is_here_is_taken(kind: str, path: Path) -> None:
    found = read(path)
    # What is taken is given back.
    assert validator(kind)(found) == found


def tables(value: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The ways to all tables in a value."""
    if isinstance(value, dict):
        yield way
        for key, one in value.items():
            yield from tables(one, (*way, key))
    if isinstance(value, list):
        for at, one in enumerate(value):
            yield from tables(one, (*way, at))


FREE = {("salutation",), ("closing",), ("made_from",)}


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("action", EXAMPLES / "content/every-key/action.yaml"),
        ("text", EXAMPLES / "content/every-key/fr.md"),
        ("plan", EXAMPLES / "every-key.yaml"),
        ("layout", ROOT / "layouts/letter/layout.toml"),
    ],
)
def test_a_key_that_nobody_knows_is_refused_in_every_table(kind: str, path: Path) -> None:
    check = validator(kind)
    right = read(path)
    for way in tables(right):
        if way in FREE or way[-1:] in (("alt",), ("lengths",)) or way[:1] == ("repeats",):
            continue
        wrong = copy.deepcopy(right)
        inner = wrong
        for step in way:
            inner = inner[step]
        inner["sallutation"] = "x"
        with pytest.raises(fastjsonschema.JsonSchemaValueException):
            check(wrong)


@pytest.mark.parametrize(
    ("kind", "key", "value"),
    [
        ("action", "edition", "first"),
        ("action", "issued", ["2026-09-14"]),
        ("action", "targets", "the minister"),
        ("action", "safety", {"sender": "everything"}),
        ("plan", "volume", "many"),
        ("plan", "separators", "perhaps"),
        ("plan", "paper", "a0"),
        ("plan", "packs", "all of them"),
    ],
)
def test_a_value_of_another_kind_is_refused(kind: str, key: str, value: object) -> None:
    name = "every-key.yaml" if kind == "plan" else "content/every-key/action.yaml"
    wrong = read(EXAMPLES / name) | {key: value}
    with pytest.raises(fastjsonschema.JsonSchemaValueException):
        validator(kind)(wrong)


@pytest.mark.parametrize(
    ("kind", "key"), [("action", "issued"), ("text", "title"), ("plan", "name")]
)
def test_what_must_be_there_is_asked_for(kind: str, key: str) -> None:
    paths = {
        "action": "content/every-key/action.yaml",
        "text": "content/every-key/en.md",
        "plan": "every-key.yaml",
    }
    wrong = read(EXAMPLES / paths[kind])
    del wrong[key]
    with pytest.raises(fastjsonschema.JsonSchemaValueException):
        validator(kind)(wrong)


def test_the_examples_have_every_key_that_a_plan_and_an_action_may_have() -> None:
    """Else what stands in a table that no example has would not be known."""
    found = {
        "action": read(EXAMPLES / "content/every-key/action.yaml"),
        "plan": read(EXAMPLES / "every-key.yaml"),
    }
    for kind, value in found.items():
        assert set(schema(kind)["properties"]) == set(value), kind
    texts = [read(EXAMPLES / f"content/every-key/{tag}.md") for tag in ("en", "fr")]
    assert set(schema("text")["properties"]) == set().union(*texts)


def test_the_examples_are_sound() -> None:
    """But for a case that is closed, which is what one of its keys is there to say."""
    project = Project(root=EXAMPLES)
    assert asked_of_plan(EXAMPLES / "every-key.yaml", project).faults == []
    assert read_plan(EXAMPLES / "every-key.yaml", project).findings == ()


def test_a_layout_of_ones_own_can_be_named_in_a_plan() -> None:
    plan = read(EXAMPLES / "every-key.yaml") | {"layout": "our-own"}
    assert validator("plan")(plan) == plan


def test_targets_of_ones_own_can_have_a_salutation() -> None:
    text = read(EXAMPLES / "content/every-key/fr.md")
    text |= {"salutation": {"mayor": "Madame le Maire,"}}
    assert validator("text")(text) == text


PAGES = {
    "layout": "layouts.md",
    "action": "content.md",
    "text": "content.md",
    "plan": "batch-plan.md",
}


def keys(value: Any) -> Iterator[str]:
    """Every key that a schema knows, at any depth."""
    if isinstance(value, dict):
        if isinstance(known := value.get("properties"), dict):
            yield from known
        for one in value.values():
            yield from keys(one)
    if isinstance(value, list):
        for one in value:
            yield from keys(one)


def named_as_code(page: str) -> set[str]:
    """The words that a page of the documentation writes as code."""
    spans = re.findall(r"```.*?```|`[^`\n]+`", page, flags=re.DOTALL)
    return {word for span in spans for word in re.findall(r"[\w-]+", span)}


@pytest.mark.parametrize(("name", "page"), PAGES.items())
def test_every_key_is_explained_where_its_file_is(name: str, page: str) -> None:
    told = named_as_code((ROOT / "docs" / page).read_text(encoding="utf-8"))
    assert sorted({*keys(schema(name))} - told) == []


def test_everything_that_a_layout_may_print_is_explained() -> None:
    told = named_as_code((ROOT / "docs" / "layouts.md").read_text(encoding="utf-8"))
    assert sorted(PRINTED - told) == []


def test_a_key_that_is_only_a_word_of_the_text_is_not_explained() -> None:
    assert named_as_code("a fold\n`cut` and\n```toml\nat = 3 # mm\n```\n") == {
        *("cut", "toml", "at", "3", "mm")
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('prints = ["label", "title"]', 'prints = ["label", "titel"]'),
        ('papers = ["a4", "letter"]', 'papers = ["A4"]'),
        ('papers = ["a4", "letter"]', ""),
        ('variants = ["ink-saver"]', 'variants = ["ink-safer"]'),
        ("letter_sizes = [10.5]", ""),
        ("letter_sizes = [10.5]", 'letter_sizes = [10.5]\nneeds = ["picture"]'),
    ],
)
def test_a_schema_knows_the_names_that_a_list_may_hold_and_what_must_be_there(
    before: str, after: str
) -> None:
    text = (ROOT / "layouts/labels/layout.toml").read_text(encoding="utf-8")
    assert before in text
    validator("layout")(tomllib.loads(text))
    with pytest.raises(fastjsonschema.JsonSchemaException):
        validator("layout")(tomllib.loads(text.replace(before, after)))


def without_required(one: Any) -> Any:
    """A schema that takes a part of a file."""
    if isinstance(one, dict):
        return {key: without_required(value) for key, value in one.items() if key != "required"}
    return [without_required(value) for value in one] if isinstance(one, list) else one


def samples() -> list[str]:
    page = (ROOT / "docs" / "layouts.md").read_text(encoding="utf-8")
    return re.findall(r"```toml\n(.*?)```", page, flags=re.DOTALL)


@pytest.mark.parametrize("sample", samples())
def test_every_sample_of_a_layout_in_the_docs_is_one(sample: str) -> None:
    # A panel is shown without the piece that it is of.
    whole = f"[[piece]]\n{sample}" if sample.startswith("  [[piece.panel]]") else sample
    takes = fastjsonschema.compile(without_required(schema("layout")))
    read = tomllib.loads(whole)
    assert takes(read) == read
    with pytest.raises(fastjsonschema.JsonSchemaException):
        takes({**read, "nonsense": 1})


def given() -> set[str]:
    """The names that `compose` gives a template, by its source."""
    source = (ROOT / "src" / "actionpack" / "compose.py").read_text(encoding="utf-8")
    values = source[source.index("\ndef _values(") : source.index("\ndef _safety(")]
    return set(re.findall(r'^ {8}"(\w+)":', values, flags=re.MULTILINE))


def test_what_a_form_may_leave_out_can_be_taken_from_its_template() -> None:
    parts_of_others = {"quote_by", "picture_credit", "safety"}
    assert PRINTED - OF_TARGETS - parts_of_others <= given()


def test_the_docs_name_what_a_template_is_given() -> None:
    page = (ROOT / "docs" / "layouts.md").read_text(encoding="utf-8")
    told = re.search(r"Names a template may use: `([^`]+)`", page)
    assert told is not None
    assert set(told[1].split()) == given() | {"variants", "filling", "goes_on"}
