"""Every language prints: its words are on the page, in the right fonts, and nothing is strange."""

from __future__ import annotations

import pytest
from projects import Bench
from specimens import SPECIMENS, write_specimen

from actionpack.typography import languages


def test_there_is_a_specimen_of_every_language() -> None:
    assert set(SPECIMENS) == set(languages())


@pytest.mark.parametrize("tag", sorted(SPECIMENS))
def test_a_pack_in_every_language_is_made_without_a_fault(bench: Bench, tag: str) -> None:
    write_specimen(bench.root, tag)
    ran = bench.run("build", "declaration", "--sender-country", "US", "--lang", tag)
    assert (ran.codes, ran.code) == ([], 0)
