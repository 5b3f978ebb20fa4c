"""Every language prints: its words are on the page, in the right fonts, and nothing is strange."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from projects import Bench
from specimens import SPECIMENS, write_specimen

from actionpack.typography import languages

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import gallery  # noqa: E402


def test_there_is_a_specimen_of_every_language() -> None:
    assert set(SPECIMENS) == set(languages())


@pytest.mark.parametrize("tag", sorted(SPECIMENS))
def test_a_pack_in_every_language_is_made_without_a_fault(bench: Bench, tag: str) -> None:
    write_specimen(bench.root, tag)
    ran = bench.run("build", "declaration", "--sender-country", "US", "--lang", tag)
    assert (ran.codes, ran.code) == ([], 0)


def test_the_page_about_languages_says_what_is_so() -> None:
    checked = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "gallery.py"), "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# Languages", "# Tongues"), ("read by no native reader yet", "read by Ada"),
        ("- lines: between words", "- lines: at spaces"), ("pack: a draft", "pack: mine, a draft"),
        ("`sv`", "`se`"), ("fonts: Noto Serif", "fonts: Noto Mono"),
    ],
)  # fmt: skip
def test_a_line_of_that_page_that_is_no_longer_so_is_named(old: str, new: str) -> None:
    page = (ROOT / "docs" / "languages.md").read_text(encoding="utf-8")
    assert gallery.stale(page, languages()) is None
    line = page[: page.index(old)].count("\n") + 1
    told = f"docs/languages.md:{line} is out of date"
    assert gallery.stale(page.replace(old, new, 1), languages()) == told


def test_a_language_without_a_picture_is_named() -> None:
    page = (ROOT / "docs" / "languages.md").read_text(encoding="utf-8")
    there = set(languages()) - {"sv"}
    told = "docs/pictures/languages/sv.png is missing, or of no language"
    assert gallery.stale(page, there) == told
