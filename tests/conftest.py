"""What holds for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from presses import write_project
from projects import TODAY, Bench, write_action

from actionpack.preflight.apart import Limits
from actionpack.render import Typesetter

# The same examples on every machine and in every run; no deadline, since machines are shared.
settings.register_profile(
    "actionpack",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("actionpack")


# What is taken for a hang, s. A machine that is busy with other tests for a while is none.
PATIENCE_S = 120.0


@pytest.fixture(autouse=True, scope="session")
def nothing_is_slow() -> Iterator[None]:
    """The usual limits for what hangs are longer here; a test of a limit gives its own."""
    with pytest.MonkeyPatch.context() as patch:
        for begins, name in ((Typesetter.__init__, "time_limit_s"), (Limits.__init__, "time_s")):
            usual: dict[str, Any] = begins.__kwdefaults__ or {}
            assert name in usual
            patch.setitem(usual, name, PATIENCE_S)
        yield


@pytest.fixture(autouse=True)
def nothing_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """What a library only logs is a fault that nobody sees: it must have become a finding."""
    yield
    told = [f"{r.name}: {r.getMessage()}" for r in caplog.get_records("call")]
    assert told == [], "a test that passes logs nothing"


@pytest.fixture
def without_cjk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which the fonts for Chinese, Japanese and Korean are not installed."""
    monkeypatch.setattr("actionpack.project.find_spec", lambda name: None)


@pytest.fixture(scope="module")
def press_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a layout that bleeds and uses every kind of colour."""
    return write_project(tmp_path_factory.mktemp("press"))


@pytest.fixture
def bench(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Bench:
    """A project with one good action, a cache of its own, and a day on which it may be built."""
    write_action(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ACTIONPACK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("ACTIONPACK_TODAY", TODAY)
    monkeypatch.delenv("ACTIONPACK_PROJECT", raising=False)
    return Bench(tmp_path, capsys)
