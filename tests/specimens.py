"""Text in every language: the Universal Declaration of Human Rights, as an action to build."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from projects import ACTION, write_action

_TABLE = Path(__file__).parent / "data" / "declaration.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Specimen:
    """A title and some paragraphs in a language."""

    tag: str
    title: str
    articles: tuple[str, ...]


SPECIMENS = {
    row["tag"]: Specimen(tag=row["tag"], title=row["title"], articles=tuple(row["articles"]))
    for row in tomllib.loads(_TABLE.read_text(encoding="utf-8"))["language"]
}


def write_specimen(root: Path, tag: str) -> None:
    """Write an action 'declaration' whose source is in a language."""
    specimen = SPECIMENS[tag]
    first, *others = specimen.articles
    action = ACTION.replace("id: river", "id: declaration")
    write_action(
        root,
        action=action.replace("source_language: en", f"source_language: {tag}"),
        name="declaration",
        tag=tag,
        fields={
            "title": specimen.title,
            "summary": others[0],
            "quote": {"text": others[1]},
            "salutation": specimen.title,
            "closing": specimen.title,
        },
        sections={
            "briefing": "\n\n".join((first, f"*{others[2]}*", f"- {others[0]}\n- {others[1]}")),
            "ask": others[3],
            "letter": "\n\n".join((first, others[4])),
            "card": first,
        },
    )
