"""The fonts that ship: what `scripts/fonts.py` makes of those it fetches, and finds in them."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

ROOT = Path(__file__).parents[1]
SERIF = (ROOT / "assets" / "fonts" / "NotoSerif-Regular.ttf").read_bytes()
sys.path.insert(0, str(ROOT / "scripts"))

import cutting  # noqa: E402
import fonts  # noqa: E402


def test_the_files_are_those_of_the_table_and_have_the_letters_of_their_languages() -> None:
    checked = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "fonts.py"), "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("script", "count", "some"),
    [
        # GB 2312 has 6,763 hanzi, Big5 13,053 (two of them twice), JIS X 0208 6,355 kanji and
        # KS X 1001 4,888 hanja (268 of them for a second time), 2,350 syllables of Hangul.
        ("Hans", 6763, "啊齄镕喆"),
        ("Hant", 13053, "一籲咗埗"),
        ("Jpan", 6355, "亜熙髙﨑あヶ"),
        ("Kore", 11172, "가힣힝伽詰"),
    ],
)
def test_the_national_sets_are_whole(script: str, count: int, some: str) -> None:
    letters = cutting.NATIONAL_SETS[script].letters
    assert len(letters) > count
    assert set(some) <= set(letters)


def test_all_syllables_of_hangul_are_kept() -> None:
    assert set(map(chr, range(0xAC00, 0xD7A4))) <= set(cutting.NATIONAL_SETS["Kore"].letters)


def test_a_cut_is_the_same_each_time_and_says_that_it_is_one() -> None:
    to = cutting.NationalSet(title="Three Letters", codecs=(), others="ΑБЖ")
    made = cutting.cut(SERIF, to)
    assert cutting.cut(SERIF, to) == made
    before, after = TTFont(BytesIO(SERIF)), TTFont(BytesIO(made))
    # Else the same letters would be another file tomorrow.
    assert after["head"].modified == before["head"].modified
    assert "Three Letters" in after["name"].getDebugName(5)
    assert after["name"].getDebugName(1) == before["name"].getDebugName(1)
    kept = set(map(chr, after.getBestCmap()))
    assert set("ΑБЖaé–") <= kept
    assert not kept & set("βдŁ")


@pytest.mark.parametrize(
    ("name", "licence", "reserved"),
    [
        ("Noto Sans SC", "Copyright 2014 Adobe, with Reserved Font Name 'Source'", False),
        ("Source Han Sans SC", "Copyright 2014 Adobe, with Reserved Font Name 'Source'", True),
        ("Mine Cut", 'Copyright us, with Reserved Font Names "Mine"', True),
        ("Noto Sans", "Copyright 2022 The Noto Project Authors", False),
    ],
)
def test_a_cut_keeps_no_reserved_name(name: str, licence: str, reserved: bool) -> None:
    assert fonts.has_reserved_name([name], licence.encode()) is reserved
