"""The layouts that docs/layouts.md makes step by step are real, and print without a fault."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from projects import Bench

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "docs" / "examples" / "layouts"
PAGE = (ROOT / "docs" / "layouts.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.iterdir()))
def test_a_layout_of_the_tutorial_takes_every_sample(bench: Bench, name: str) -> None:
    shutil.copytree(EXAMPLES / name, bench.root / "layouts" / name)
    ran = bench.run("check", name)
    assert (ran.code, ran.findings) == (0, ())


@pytest.mark.parametrize(
    "listing", re.findall(r"<!-- from (\S+) -->\n```\w+\n(.+?)```", PAGE, flags=re.DOTALL),
    ids=lambda one: str(one[0]),
)  # fmt: skip
def test_what_the_tutorial_shows_stands_in_its_file(listing: tuple[str, str]) -> None:
    file, shown = listing
    assert shown in (EXAMPLES / file).read_text(encoding="utf-8")


def test_the_tutorial_shows_parts_of_each_file() -> None:
    shown = set(re.findall(r"<!-- from (\S+) -->", PAGE))
    assert shown == {
        f"{name}/{file}"
        for name in ("leaflet", "bookmark")
        for file in ("layout.toml", "template.html.j2", "style.css")
    }
