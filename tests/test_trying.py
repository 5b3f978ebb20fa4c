"""`check LAYOUT`: a layout is tried with samples on every paper for every window."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from projects import Bench

from actionpack.enclosure import windows_for
from actionpack.layouts import find_layout, layout_names, read_layout
from actionpack.project import layout_shelves
from actionpack.trying import _trials


def change(name: str, old: str, new: str) -> None:
    path = Path("layouts/ours") / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def ours(bench: Bench) -> Bench:
    """A project with a layout of its own, on one paper to be quick."""
    bench.run("new-layout", "ours", "--from", "labels")
    change("layout.toml", 'papers = ["a4", "letter"]', 'papers = ["a4"]')
    return bench


@pytest.mark.parametrize("name", layout_names(layout_shelves(None)))
def test_every_layout_that_ships_takes_every_sample(bench: Bench, name: str) -> None:
    ran = bench.run("check", name)
    assert (ran.code, ran.findings) == (0, ())


def test_every_window_is_tried_on_every_paper() -> None:
    layout = read_layout(find_layout(layout_shelves(None), "letter"))
    tried = {(trial.paper, trial.window) for trial in _trials(layout) if trial.sample == "long"}
    assert tried == {(paper, name) for paper in layout.papers for name in windows_for(paper)}
    others = [trial for trial in _trials(layout) if trial.sample != "long"]
    assert {trial.sample for trial in others} == {"short", "right-to-left"}
    assert {"sn-right"} < {trial.window for trial in others}


def test_what_a_sample_is_too_long_for_is_a_warning_with_its_name(ours: Bench) -> None:
    change("layout.toml", "sizes = [10.5, 10, 9.5, 9, 8.5, 8]", "sizes = [16]")
    ran = ours.run("check", "ours")
    assert ran.code == 0
    assert set(ran.codes) == {"address-too-long"}
    assert all("(sample 'long', a4)" in one["message"] for one in ran.findings)
    assert {one["file"] for one in ran.findings} == {"layouts/ours/layout.toml"}


def test_a_text_that_a_layout_loses_is_an_error(ours: Bench) -> None:
    change(
        "template.html.j2", "{%- for line in target.lines %}", "{%- for line in target.lines[:1] %}"
    )
    ran = ours.run("check", "ours")
    assert ran.code == 1
    assert "lost-text" in ran.errors
    assert "every sample" in ran.findings[0]["message"] or "sample '" in ran.findings[0]["message"]


def test_a_fault_in_the_template_keeps_its_line_and_is_said_once(ours: Bench) -> None:
    change("template.html.j2", "{{ title }}", "{{ titel }}")
    ran = ours.run("check", "ours")
    assert ran.errors == ["layout-fault"]
    found = ran.findings[0]
    assert found["file"] == "layouts/ours/template.html.j2"
    assert found["line"]
    assert "(every sample)" in found["message"]


def test_what_only_text_from_right_to_left_breaks_names_that_sample(ours: Bench) -> None:
    change("style.css", ".label[dir=rtl] p { left", ".label[dir=rtl] p { top: 60mm; left")
    change("style.css", ".note {", "[lang=ar] .note { top: 250mm; }\n.note {")
    ran = ours.run("check", "ours")
    assert ran.code == 1
    assert all("sample 'right-to-left'" in one["message"] for one in ran.findings)


def test_the_samples_have_no_deadline_that_will_pass(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACTIONPACK_TODAY", date(2090, 1, 1).isoformat())
    assert bench.run("check", "labels").findings == ()
