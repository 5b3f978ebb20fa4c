"""`--offset`: all that is printed is moved, for a printer that moves it back."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from projects import Bench, write_action

from actionpack.geometry import Box, Point
from actionpack.imposition import offset_of
from actionpack.preflight.reader import File


def texts(pdf: bytes) -> list[list[Box]]:
    """Where words stand on each sheet as it is printed."""
    with File(pdf) as file:
        found = []
        for number in range(1, file.page_count + 1):
            with file.page(number) as page:
                found.append([mark.box for mark in page.marks if mark.kind == "text"])
        return found


@pytest.fixture
def river(bench: Bench) -> Bench:
    write_action(bench.root)
    return bench


@pytest.mark.parametrize("layout", ["letter", "labels", "envelope", "handout"])
def test_every_word_is_moved_by_as_much_on_each_side(river: Bench, layout: str) -> None:
    plain = river.run("build", "river", "--layout", layout, "-o", "a.pdf")
    moved = river.run("build", "river", "--layout", layout, "--offset=-1.5,2", "-o", "b.pdf")
    assert (plain.errors, moved.errors) == ([], [])
    before, after = texts(plain.pdf), texts(moved.pdf)
    assert sum(map(len, before)) > 3
    for one, other in zip(before, after, strict=True):
        for was, now in zip(one, other, strict=True):
            assert now.left - was.left == pytest.approx(-1.5, abs=0.02)
            assert now.top - was.top == pytest.approx(2, abs=0.02)


def test_a_moved_file_is_proved_like_any_other(river: Bench) -> None:
    pdf = river.run("build", "river", "--offset", "1,1", "-o", "a.pdf").files[0]
    assert river.run("check", str(pdf)).codes == []
    # Moved once more, it is not where it was put.
    with pikepdf.open(pdf) as file:
        left, bottom, right, top = map(float, file.pages[0].MediaBox.as_list())
        file.pages[0].MediaBox = [left - 6, bottom, right - 6, top]
        file.save("wrong.pdf")
    assert river.run("check", "wrong.pdf").code == 1


def test_a_batch_is_moved_too(river: Bench) -> None:
    Path("plan.yaml").write_text(
        'name: rome\noffset: "1,-0.5"\npacks: [{action: river, language: en, copies: 2}]\n'
    )
    assert river.run("batch", "plan.yaml").errors == []
    Path("other.yaml").write_text(
        "name: other\npacks: [{action: river, language: en, copies: 2}]\n"
    )
    assert river.run("batch", "other.yaml").errors == []
    moved, plain = (
        texts(Path(f"out/{name}/volume-001.pdf").read_bytes()) for name in ("rome", "other")
    )
    assert plain[0][0].moved(1, -0.5).left == pytest.approx(moved[0][0].left, abs=0.02)
    assert plain[0][0].moved(1, -0.5).top == pytest.approx(moved[0][0].top, abs=0.02)
    assert river.run("check", "out/rome/volume-001.pdf").errors == []


@pytest.mark.parametrize("wrong", ["1", "1;2", "a,b", "1,2,3", "", "1e3,0", "40,0", "nan,0"])
def test_what_is_no_offset_is_refused(river: Bench, wrong: str) -> None:
    ran = river.run("build", "river", f"--offset={wrong}")
    assert (ran.code, ran.errors) == (2, ["bad-value"])
    assert "-1,0.5" in ran.findings[0]["cure"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("-1,0.5", (-1, 0.5)), ("−1,0.5", (-1, 0.5)), (" 1 , 2 ", (1, 2)), ("+1,0", (1, 0))],
)
def test_an_offset_is_written_as_people_write_it(text: str, value: tuple[float, float]) -> None:
    assert offset_of(text) == value


@given(st.text())
def test_any_text_is_an_offset_or_none(text: str) -> None:
    try:
        x, y = offset_of(text)
    except ValueError:
        return
    assert abs(x) < 1000 > abs(y)


def test_both_sides_of_a_sheet_still_lie_behind_each_other() -> None:
    from actionpack.geometry import Size
    from actionpack.impose import Manner, impose
    from actionpack.imposition import known_scheme
    from actionpack.paper import sheets

    manner = Manner(
        scheme=known_scheme("2x2"),
        page=Size(100, 140),
        sheet=sheets()["a4"],
        duplex=True,
        shift=Point(2, -1),
    )
    (front, back) = impose((8,), manner).sheets[0]
    still = impose((8,), Manner(**{name: getattr(manner, name) for name in (
        "scheme", "page", "sheet", "duplex")}))  # fmt: skip
    # The paper is turned: what a printer moves to the right on both sides parts by twice as much.
    for one, was in zip((front, back), still.sheets[0], strict=True):
        assert [placed.cell for placed in one.pages] == [
            placed.cell.moved(2, -1) for placed in was.pages
        ]
