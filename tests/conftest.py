"""What holds for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

# The same examples on every machine and in every run; no deadline, since machines are shared.
settings.register_profile("actionpack", derandomize=True, deadline=None, database=None)
settings.load_profile("actionpack")


@pytest.fixture(autouse=True)
def nothing_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """What a library only logs is a fault that nobody sees: it must have become a finding."""
    yield
    told = [f"{r.name}: {r.getMessage()}" for r in caplog.get_records("call")]
    assert told == [], "a test that passes logs nothing"
