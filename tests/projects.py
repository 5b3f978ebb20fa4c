"""Projects to test with: a good one, and the ways to change it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from actionpack import cli

ACTION = """
id: river
edition: 2
issued: 2027-03-01
act_by: 2027-12-31
country: CN
source_language: en
credit: "Text: Somebody"
online: https://www.example.org/act/river
targets:
  - id: mayor
    lines: [The Mayor, City Hall, 100017 Beijing]
    country: CN
"""
FIELDS = {
    "title": "The river defenders",
    "summary": "Three people wait for their trial.",
    "salutation": "Dear Mayor,",
    "closing": "Yours sincerely,",
    "status": "source",
}
SECTIONS = {
    "briefing": "They were arrested in May. They have seen no lawyer since.",
    "ask": "Write to the mayor and ask for their release.",
    "letter": "I am writing about the three people arrested in May.\n\nPlease release them.",
}
TODAY = "2027-06-01"


def words(count: int, stem: str = "word") -> str:
    """`count` different words in paragraphs of fifty."""
    each = [f"{stem}{number}" for number in range(count)]
    return "\n\n".join(" ".join(each[start : start + 50]) + "." for start in range(0, count, 50))


def write_action(
    root: Path,
    *,
    action: str = ACTION,
    fields: Mapping[str, str | Mapping[str, str] | None] | None = None,
    sections: Mapping[str, str] | None = None,
    name: str = "river",
    tag: str = "en",
) -> Path:
    """Write an action's folder; a field that is None is left out. Returns the folder."""
    folder = root / "content" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "action.yaml").write_text(action, encoding="utf-8")
    front = {key: value for key, value in {**FIELDS, **(fields or {})}.items() if value is not None}
    head = "".join(f"{key}: {_yaml(value)}\n" for key, value in front.items())
    body = "".join(
        f"## {key}\n\n{text}\n\n" for key, text in {**SECTIONS, **(sections or {})}.items()
    )
    (folder / f"{tag}.md").write_text(f"---\n{head}---\n{body}", encoding="utf-8")
    return folder


def _yaml(value: str | Mapping[str, str]) -> str:
    """JSON is YAML, and quotes whatever needs it."""
    return json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a command did, as a program reads it."""

    code: int
    ok: bool
    files: tuple[Path, ...]
    items: tuple[dict[str, Any], ...]
    findings: tuple[dict[str, Any], ...]

    @property
    def codes(self) -> list[str]:
        return [found["code"] for found in self.findings]

    @property
    def errors(self) -> list[str]:
        return [found["code"] for found in self.findings if found["severity"] == "error"]

    def only(self, code: str) -> dict[str, Any]:
        (found,) = (found for found in self.findings if found["code"] == code)
        return found

    @property
    def pdf(self) -> bytes:
        (path,) = self.files
        return path.read_bytes()


@dataclass(frozen=True, slots=True)
class Bench:
    """A project in an empty folder, and the command run in it with `--json`."""

    root: Path
    capture: pytest.CaptureFixture[str]

    def run(self, *arguments: str) -> Ran:
        self.capture.readouterr()
        code = cli.run([*arguments, "--json"])
        told = json.loads(self.capture.readouterr().out)
        return Ran(
            code=code,
            ok=told["ok"],
            files=tuple(Path(path) for path in told["files"]),
            items=tuple(told["items"]),
            findings=tuple(told["findings"]),
        )

    def build(self, *arguments: str) -> Ran:
        return self.run("build", "river", "--sender-country", "IT", *arguments)


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page, white space made single spaces."""
    return [
        " ".join(page.get_textpage().get_text_bounded().split())
        for page in pypdfium2.PdfDocument(pdf)
    ]
