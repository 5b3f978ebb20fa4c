"""A minimal good action folder, for tests to write and then to spoil.

folder = write_action(tmp_path)                     # content/harbour: action.yaml and en.md
folder = write_action(tmp_path, changed(ACTION, "country: CN\n", ""))
folder = write_action(tmp_path, texts={"en": TEXT, "it": TRANSLATION})
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from actionpack.store import Jail

ACTION = """\
id: harbour
issued: 2027-03-01
act_by: 2027-12-31
country: CN
source_language: en
credit: "Text: Harbour Group"
online: https://www.example.org/act/harbour
targets:
  - id: president
    lines: [Xi Jinping, President of China, Zhongnanhai, Xichengqu, 100017 Beijing]
    country: CN
"""

TEXT = """\
---
title: "China: the harbour families"
salutation: Dear President Xi,
closing: Yours sincerely,
---
## briefing
Mihriban was taken on 12 March 2017. Nobody has seen her since.

## ask
Write to the President, and ask him to let her go.

## letter
I am writing because of Mihriban, who was taken on 12 March 2017.

I ask you to let her go.
"""

TRANSLATION = """\
---
title: "Cina: le famiglie del porto"
salutation: Egregio Presidente,
closing: Distinti saluti,
status: reviewed
reviewer: Ada
---
## briefing
Mihriban è stata portata via il 12 marzo 2017.

## ask
Scrivi al Presidente.

## letter
Le chiedo di liberarla.
"""


def write_action(
    project: Path,
    action: str | bytes = ACTION,
    *,
    name: str = "harbour",
    texts: Mapping[str, str | bytes] | None = None,
) -> Jail:
    """Write `content/<name>/` below `project`; `texts` are by the tag that names their file."""
    folder = project / "content" / name
    folder.mkdir(parents=True)
    files = {"action.yaml": action}
    files |= {f"{tag}.md": text for tag, text in ({"en": TEXT} if texts is None else texts).items()}
    for file, text in files.items():
        (folder / file).write_bytes(text.encode() if isinstance(text, str) else text)
    return Jail(root=folder, name=f"content/{name}")


def changed(text: str, old: str, new: str) -> str:
    """`text` with its one `old` replaced; a test whose `old` has gone must not pass unseen."""
    assert text.count(old) == 1, f"{old!r} stands there {text.count(old)} times"
    return text.replace(old, new)
