"""docs/gallery.md shows every layout as it is printed, by a command that can be typed."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import kit  # noqa: E402 -- found by the line above


def page() -> str:
    return kit.PAGE.read_text(encoding="utf-8")


def sizes() -> dict[str, int]:
    return {path.stem: path.stat().st_size for path in kit.PICTURES.glob("*.png")}


def test_the_gallery_says_what_is_so() -> None:
    checked = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "kit.py"), "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# Gallery", "# Museum"), ("| a4, letter |", "| a4 |"), ("| Petition sheet", "| Petition"),
        ("For a wall", "For a floor"), ("--layout tally", "--layout count"),
        ("- then: Cut off", "- then: Tear off"), ("## Labels", "## Stickers"),
    ],
)  # fmt: skip
def test_a_line_of_the_gallery_that_is_no_longer_so_is_named(old: str, new: str) -> None:
    line = page()[: page().index(old)].count("\n") + 1
    told = f"docs/gallery.md:{line} is out of date"
    assert kit.stale(page().replace(old, new, 1), sizes()) == told


def test_a_gallery_that_was_never_written_is_out_of_date() -> None:
    assert kit.stale("", sizes()) == "docs/gallery.md:1 is out of date"


def test_a_picture_that_is_missing_is_named() -> None:
    there = {name: size for name, size in sizes().items() if name != "poster"}
    told = "docs/pictures/layouts/poster.png is missing, or of no entry"
    assert kit.stale(page(), there) == told


def test_a_picture_of_no_entry_is_named() -> None:
    told = "docs/pictures/layouts/brochure.png is missing, or of no entry"
    assert kit.stale(page(), {**sizes(), "brochure": 1}) == told


def test_a_picture_that_is_too_large_for_the_repository_is_named() -> None:
    told = "docs/pictures/layouts/tally.png is larger than 60000 bytes"
    assert kit.stale(page(), {**sizes(), "tally": 60_001}) == told


def test_a_layout_without_an_entry_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit, "ENTRIES", tuple(one for one in kit.ENTRIES if one.name != "tally"))
    there = {name: size for name, size in sizes().items() if name != "tally"}
    told = "the layout 'tally' is not in docs/gallery.md: write an entry for it"
    assert kit.stale(page(), there) == told


def test_pictures_of_the_gallery_are_small_and_in_few_greys() -> None:
    for path in kit.PICTURES.glob("*.png"):
        with Image.open(path) as picture:
            assert picture.mode == "P", path.name
            assert len(picture.getcolors() or ()) in range(2, 17), path.name


@pytest.mark.parametrize("entry", kit.ENTRIES, ids=lambda one: str(one.name))
def test_commands_of_the_gallery_are_of_actions_and_languages_that_are_here(
    entry: kit.Shown,
) -> None:
    words = shlex.split(entry.command)
    if words[0] == "build":
        tag = words[words.index("--lang") + 1] if "--lang" in words else "en"
        assert (ROOT / "content" / words[1] / f"{tag}.md").is_file()
