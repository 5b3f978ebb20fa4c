"""`new-layout`: a copy of a layout that is a layout itself."""

from __future__ import annotations

from pathlib import Path

from projects import Bench


def test_a_layout_is_copied_under_another_name_and_builds(bench: Bench) -> None:
    ran = bench.run("new-layout", "school-letter")
    assert ran.code == 0
    assert {path.name for path in ran.files} == {"layout.toml", "template.html.j2", "style.css"}
    assert bench.run("check", "school-letter").code == 0
    assert "school-letter" in [item["name"] for item in bench.run("list", "layouts").items]


def test_another_layout_can_be_the_pattern(bench: Bench) -> None:
    bench.run("new-layout", "our-labels", "--from", "labels")
    assert "repeats" in Path("layouts/our-labels/layout.toml").read_text()


def test_a_layout_that_is_there_is_left_alone(bench: Bench) -> None:
    bench.run("new-layout", "ours")
    Path("layouts/ours/style.css").write_text("p { color: #111 }")
    ran = bench.run("new-layout", "ours")
    assert (ran.code, ran.errors) == (1, ["exists"])
    assert Path("layouts/ours/style.css").read_text() == "p { color: #111 }"


def test_what_is_no_name_or_no_layout_is_refused(bench: Bench) -> None:
    assert bench.run("new-layout", "Our Letter").code == 2
    ran = bench.run("new-layout", "ours", "--from", "lettre")
    assert ran.code == 2
    assert "letter" in ran.findings[0]["cure"]
    assert not Path("layouts/ours").exists()
