"""Finished packs on sheets: proved as they will be cut, and spoilt on purpose to see it told."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from projects import ACTION, TODAY, Bench, page_texts, words, write_action
from quick_batches import Quick, made_here, row, rows
from verapdf import validate

from actionpack import cli
from actionpack.build import read_brief
from actionpack.diagnostics import Finding
from actionpack.geometry import Box
from actionpack.impose import Manner, impose
from actionpack.imposition import FLIPS, Imposition, done_with, known_scheme
from actionpack.model import ProofMap
from actionpack.pack import Request, Today, inputs
from actionpack.paper import sheets
from actionpack.pdf import binding_of, cut_apart, impose_pages, made_from, read_proof
from actionpack.preflight.drawn import draw
from actionpack.preflight.finished import Days, examine
from actionpack.preflight.stranger import Asked
from actionpack.project import Project
from actionpack.proof import all_from_json, from_json, to_json
from actionpack.workshop import Workshop

NAME = "out/pack.pdf"
MM = 72 / 25.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Single:
    """A pack of four pages, each a side of its own."""

    pdf: bytes

    def on(self, scheme: str, sheet: str, **how: object) -> tuple[bytes, Imposition]:
        """The same on sheets."""
        plain = Manner(
            scheme=known_scheme(scheme),
            page=sheets()["a4"].size,
            sheet=sheets()[sheet],
            duplex=True,
        )
        plan = impose([4], replace(plain, **how))  # type: ignore[arg-type]  # fields of a manner
        proof = from_json(read_proof(self.pdf) or b"")
        imposed = impose_pages(
            self.pdf,
            plan,
            binding=binding_of(self.pdf, made=proof.issued, plan=plan),
            private=to_json(proof, plan),
            made_from=made_from(self.pdf, plan),
        )
        return imposed, plan


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Single]:
    root = tmp_path_factory.mktemp("single")
    write_action(root, sections={"briefing": words(420)})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACTIONPACK_CACHE", str(root / "cache"))
        project = Project(root=root)
        request = Request(action="river", sender_country="IT")
        day = Today(here=date.fromisoformat(TODAY), where_it_ends_last=date.fromisoformat(TODAY))
        with Workshop(project) as workshop:
            pack = workshop.pack(request, day)
        assert pack.findings == ()
        brief = read_brief(project, request, inputs(project, request))
        assert (brief.manner, brief.paper) == (None, "a4")
        with pikepdf.open(io.BytesIO(pack.pdf)) as file:
            assert len(file.pages) == 4
        yield Single(pdf=pack.pdf)


def found_in(pdf: bytes) -> list[Finding]:
    steps = examine(pdf, name=NAME, asked=Asked(), days=Days(), out_of_time=lambda: False)
    return [one for step in steps for one in step.findings]


def told(pdf: bytes) -> str:
    return "\n".join(str(one) for one in found_in(pdf))


WAYS = [
    ("1x1", "a4"),
    ("1x1", "sra4"),
    ("1x2", "a3"),
    ("2x1", "sra3"),
    ("stack-1x2", "a3"),
    ("repeat-1x2", "12x18"),
    ("booklet", "sra3"),
    ("tile", "a5"),
    ("tile", "half-letter"),
]


# ------------------------------------------------------------------------------ the good ones


@pytest.mark.parametrize("flip", FLIPS)
@pytest.mark.parametrize(("scheme", "sheet"), WAYS)
def test_every_scheme_passes_every_check_on_its_sheets(
    single: Single, scheme: str, sheet: str, flip: str
) -> None:
    pdf, plan = single.on(scheme, sheet, flip=flip)
    assert told(pdf) == ""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        boxes = {tuple(round(float(at) / MM, 2) for at in page.mediabox) for page in file.pages}
        assert boxes == {(0, 0, plan.size.width, plan.size.height)}
        assert len(file.pages) == len(plan.sides)
        edge = "DuplexFlipLongEdge" if flip == "long" else "DuplexFlipShortEdge"
        duplex = file.Root.ViewerPreferences.get("/Duplex")
        assert duplex == ("/Simplex" if scheme == "tile" else f"/{edge}")
        # Each page is in the file once, however many cells show it.
        drawn = {
            entry.objgen
            for page in file.pages
            for entry in page.resources.get("/XObject", {}).values()
        }
        assert len(drawn) == 4


@pytest.mark.parametrize(("scheme", "sheet"), WAYS)
def test_what_is_cut_apart_says_what_the_pages_said(
    single: Single, scheme: str, sheet: str
) -> None:
    pdf, plan = single.on(scheme, sheet)
    if scheme == "tile":
        return  # A word on an edge is on two tiles, which only its place makes one again.
    assert page_texts(cut_apart(pdf, plan)) == page_texts(single.pdf)


def test_the_same_pages_on_the_same_sheets_are_the_same_bytes(single: Single) -> None:
    assert single.on("booklet", "sra3")[0] == single.on("booklet", "sra3")[0]
    assert single.on("booklet", "sra3")[0] != single.on("1x2", "a3")[0]


@pytest.mark.parametrize(("scheme", "sheet"), [("1x2", "a3"), ("booklet", "sra3"), ("tile", "a5")])
def test_sheets_are_pdf_a_2b(single: Single, scheme: str, sheet: str) -> None:
    assert validate(single.on(scheme, sheet)[0], "2b") == ()


def test_a_plan_comes_back_from_its_file_without_its_strokes(single: Single) -> None:
    pdf, plan = single.on("booklet", "sra3")
    _, back = all_from_json(read_proof(pdf) or b"")
    assert back == plan.bare
    assert any(side.marks for side in plan.sides)


def test_the_picture_shows_sheets(single: Single) -> None:
    pdf, _ = single.on("1x2", "a3")
    steps = list(examine(pdf, name=NAME, asked=Asked(), days=Days(), out_of_time=lambda: False))
    picture = draw(pdf, steps, Asked(), lambda: False)
    assert picture is not None
    assert picture.startswith(b"\x89PNG")


# ---------------------------------------------------------------------------- the spoilt ones


def spoilt(pdf: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        change(file)
        out = io.BytesIO()
        file.save(out, deterministic_id=True)
        return out.getvalue()


def redrawn(page: pikepdf.Page, change: Callable[[str], str]) -> None:
    old = page.Contents.read_bytes().decode()
    new = change(old)
    assert new != old, "the change changed nothing"
    page.Contents.write(new.encode())


def moved(content: str, name: str, dx_mm: float) -> str:
    """The content with one page moved to the right, its cell too."""

    def shift(match: re.Match[str]) -> str:
        numbers = match[1].split()
        return (
            f"{' '.join(numbers[:4])} {float(numbers[4]) + dx_mm * MM:.4f} {numbers[5]} cm {name}"
        )

    return re.sub(rf"((?:\S+ ){{5}}\S+) cm {name}\b", shift, content)


def test_a_page_that_was_moved_is_told_with_how_far(single: Single) -> None:
    pdf, _ = single.on("1x2", "a3")
    wrong = told(spoilt(pdf, lambda f: redrawn(f.pages[0], lambda c: moved(c, "/P3", 3))))
    assert "out/pack.pdf:page 1: error: single page 3 stands 3.0 mm off its place" in wrong


def test_two_pages_that_were_swapped_are_told(single: Single) -> None:
    pdf, _ = single.on("1x2", "a3")

    def swap(file: pikepdf.Pdf) -> None:
        forms = file.pages[0].resources.XObject
        forms.P1, forms.P3 = forms.P3, forms.P1

    wrong = told(spoilt(pdf, swap))
    assert "has its pages in another order than they were made" in wrong


def test_a_sheet_whose_back_was_turned_over_is_told(single: Single) -> None:
    pdf, _ = single.on("1x2", "a3")
    by_rotate = told(spoilt(pdf, lambda f: f.pages[1].rotate(180, relative=False)))
    assert "page 2: error: the sheet is turned by 180 degrees" in by_rotate
    over = f"-1 0 0 -1 {297 * MM:.4f} {420 * MM:.4f} cm\n"
    by_content = told(spoilt(pdf, lambda f: redrawn(f.pages[1], lambda c: over + c)))
    assert "single page 2 is turned by 90 degrees, and should be by 270" in by_content


def test_a_page_that_is_seen_in_a_mirror_is_told(single: Single) -> None:
    pdf, _ = single.on("1x1", "a3")
    over = f"1 0 0 -1 0 {297 * MM:.4f} cm /P1 Do"
    wrong = told(spoilt(pdf, lambda f: redrawn(f.pages[0], lambda c: c.replace("/P1 Do", over))))
    assert "page 1: error: single page 1 is mirrored" in wrong


def test_a_back_in_the_wrong_cell_is_told(single: Single) -> None:
    pdf, _ = single.on("1x2", "a3")
    # What is right for one flip is wrong for the other.
    other, _ = single.on("1x2", "a3", flip="short")
    with pikepdf.open(io.BytesIO(other)) as file:
        back = file.pages[1].Contents.read_bytes().decode()
    wrong = told(spoilt(pdf, lambda f: redrawn(f.pages[1], lambda _: back)))
    assert "page 2: error: single page 2 " in wrong
    assert "misplaced-page" in wrong


def test_a_page_that_is_missing_is_told_with_its_words(single: Single) -> None:
    pdf, _ = single.on("1x2", "a3")

    def without(content: str) -> str:
        return "\n".join(line for line in content.split("\n") if "/P3 Do" not in line)

    wrong = told(spoilt(pdf, lambda f: redrawn(f.pages[0], without)))
    assert "single page 3 is not in its cell" in wrong
    assert "single page 3, on sheet 1, front: " in wrong


def test_a_sheet_that_is_missing_is_told(single: Single) -> None:
    pdf, _ = single.on("repeat-1x2", "a3")

    def without(file: pikepdf.Pdf) -> None:
        del file.pages[2:]

    wrong = told(spoilt(pdf, without))
    assert "'out/pack.pdf' has 2 sides of sheets, and 4 were made" in wrong
    assert "'out/pack.pdf' has 2 pages, and 4 were made" in wrong


def test_a_tile_that_is_missing_is_told(single: Single) -> None:
    pdf, _ = single.on("tile", "a5")

    def without(file: pikepdf.Pdf) -> None:
        file.pages[1].Contents.write(b"")

    wrong = told(spoilt(pdf, without))
    assert "page 2: error: single page 1 is not in its cell" in wrong
    assert "overflow" in wrong or "lost-text" in wrong


@pytest.mark.parametrize("preset", ["c5-left", "notify-uk"])
def test_sheets_are_held_against_a_window_like_their_pages(single: Single, preset: str) -> None:
    def codes(pdf: bytes) -> set[str]:
        asked = Asked.named(preset)
        steps = examine(pdf, name=NAME, asked=asked, days=Days(), out_of_time=lambda: False)
        return {one.code for step in steps for one in step.findings}

    assert codes(single.on("1x2", "a3")[0]) == codes(single.pdf) != set()


def test_a_sheet_made_smaller_is_told(single: Single) -> None:
    pdf, _ = single.on("1x2", "a3")

    def shrink(file: pikepdf.Pdf) -> None:
        page = file.pages[0]
        page.mediabox = pikepdf.Array([round(float(at) * 0.97, 4) for at in page.mediabox])
        redrawn(page, lambda content: "0.97 0 0 0.97 0 0 cm\n" + content)

    assert "page 1: error: the page is 288.1 × 407.4 mm, and its sheet" in told(spoilt(pdf, shrink))

    def fit_to_page(file: pikepdf.Pdf) -> None:
        redrawn(file.pages[0], lambda content: "0.97 0 0 0.97 0 0 cm\n" + content)

    assert "page 1 is printed at 97.0 % of its size" in told(spoilt(pdf, fit_to_page))


def test_a_page_that_is_not_the_same_in_each_cell_is_told(single: Single) -> None:
    pdf, _ = single.on("repeat-1x2", "a3")

    def other(file: pikepdf.Pdf) -> None:
        first, second = file.pages[0], file.pages[2]
        first.resources.XObject.P9 = second.resources.XObject.P3
        redrawn(first, lambda c: "/P9 Do".join(c.rsplit("/P1 Do", 1)))

    assert "page 1 is not the same in each of its cells" in told(spoilt(pdf, other))


def test_what_was_added_to_a_sheet_is_told(single: Single) -> None:
    pdf, _ = single.on("2x1", "sra3")

    def into_a_page(file: pikepdf.Pdf) -> None:
        redrawn(file.pages[0], lambda c: c + "q 0 G 300 300 m 340 300 l S Q\n")

    def into_the_margin(file: pikepdf.Pdf) -> None:
        redrawn(file.pages[0], lambda c: c + "q 0 g 2 400 6 6 re f Q\n")

    def another_page(file: pikepdf.Pdf) -> None:
        redrawn(file.pages[0], lambda c: c + "q 1 0 0 1 900 20 cm /P3 Do Q\n")

    assert "mark-in-page" in told(spoilt(pdf, into_a_page))
    assert "outside-printable-area" in told(spoilt(pdf, into_the_margin))
    assert "something stands on the sheet that was not put there" in told(spoilt(pdf, another_page))


def with_plan(pdf: bytes, plan: Imposition) -> bytes:
    """The file with another plan in it."""
    proof, _ = all_from_json(read_proof(pdf) or b"")

    def carry(file: pikepdf.Pdf) -> None:
        file.Root.PieceInfo.actionpack.Private = file.make_stream(to_json(proof, plan))

    return spoilt(pdf, carry)


def shifted(plan: Imposition, side: int, **changed: object) -> Imposition:
    """The plan with the first page of a side changed."""
    sides = list(plan.sides)
    first, *others = sides[side].pages
    moved = replace(first, **changed)  # type: ignore[arg-type]  # fields of a placed page
    sides[side] = replace(sides[side], pages=(moved, *others))
    return replace(plan, sides=tuple(sides))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda plan: shifted(plan, 0, page=2), "it has no place for page 1"),
        (lambda plan: shifted(plan, 0, cell=Box(0, 300, 297, 210)), "is not on the sheet"),
        (lambda plan: shifted(plan, 0, cell=Box(0, 100, 297, 210)), "cells of side 1 overlap"),
        (lambda plan: shifted(plan, 1, turn=90), "on sheet 1 nothing lies behind page 1"),
        (lambda plan: shifted(plan, 1, turn=45), "side 2 is turned by 45 degrees"),
        (lambda plan: replace(plan, sides=plan.sides[:1]), "1 sides make no sheets"),
        (lambda plan: replace(plan, scheme="3y3"), "it knows no scheme '3y3'"),
    ],
)
def test_a_plan_that_makes_no_sense_is_told(
    single: Single, change: Callable[[Imposition], Imposition], why: str
) -> None:
    pdf, plan = single.on("1x2", "a3")
    wrong = told(with_plan(pdf, change(plan)))
    assert "the proof map in 'out/pack.pdf' cannot be right: " in wrong
    assert why in wrong


def test_a_page_of_a_booklet_is_told_apart_from_the_side_of_the_sheet(single: Single) -> None:
    pdf, _ = single.on("booklet", "a3")

    def near_the_tear(file: pikepdf.Pdf) -> None:
        form = file.pages[1].resources.XObject.P3
        form.write(form.read_bytes() + b"\nq 0 g 200 240 60 12 re f Q\n")

    found = [one for one in found_in(spoilt(pdf, near_the_tear)) if one.is_error]
    assert {one.place.page for one in found} == {2}
    assert all(one.message.startswith("booklet page 3, on sheet 1, back: ") for one in found)


def test_what_is_wrong_with_a_page_is_told_of_the_side_that_shows_it(single: Single) -> None:
    pdf, _ = single.on("1x2", "a3")

    def near_the_tear(file: pikepdf.Pdf) -> None:
        form = file.pages[0].resources.XObject.P3
        form.write(form.read_bytes() + b"\nq 0 g 200 240 60 12 re f Q\n")

    found = [one for one in found_in(spoilt(pdf, near_the_tear)) if one.is_error]
    assert {one.place.page for one in found} == {1}
    assert all(one.message.startswith("single page 3, on sheet 1, front: ") for one in found)


# ---------------------------------------------------------------------------- asked for in words


def test_build_puts_pages_on_sheets_and_says_what_to_do_then(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = bench.build("--impose", "1x2", "--sheet", "a3")
    assert (ran.code, ran.errors) == (0, [])
    assert ran.files[0].name == "river.en.letter.a4.pdf"
    (item,) = bench.run("check", str(ran.files[0])).items
    assert item["sheets"] == "1x2 on 1 sheet of A3"
    capsys.readouterr()
    cli.run(["build", "river", "--sender-country", "IT", "--impose", "1x2", "--sheet", "a3"])
    assert (
        "print at 100 %, on both sides, flipped on the long edge, 1 sheet of A3; "
        "then cut between the pages"
    ) in capsys.readouterr().err


def test_the_inner_sheets_of_a_booklet_are_shifted_and_pass(bench: Bench) -> None:
    lines = "lines: [The Mayor, City Hall, 100017 Beijing]"
    targets = "".join(f"  - {{id: mayor{n}, {lines}, country: CN}}\n" for n in (2, 3))
    write_action(bench.root, action=ACTION + targets)
    ran = bench.build("--impose", "booklet", "--sheet", "sra3", "--thickness", "0.3")
    assert (ran.code, ran.errors) == (0, [])
    _, plan = all_from_json(read_proof(ran.pdf) or b"")
    assert plan is not None
    assert [[p.page for p in side.pages] for side in plan.sides] == [
        [8, 1], [7, 2], [6, 3], [5, 4],
    ]  # fmt: skip
    # The second sheet lies in the first: its pages are a sheet's thickness nearer to the fold.
    shifts = [round(p.box.x - p.cell.x, 3) for p in plan.sides[2].pages]
    assert shifts == [0.3, -0.3]
    assert told(ran.pdf) == ""


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--impose", "3y3"), "--impose is '3y3'"),
        (("--impose", "1x2", "--sheet", "a9"), "--sheet is 'a9'"),
        (("--impose", "1x2", "--gutter", "-1"), "--gutter is -1"),
        (("--impose", "booklet", "--thickness", "3"), "--thickness is 3"),
        (("--sheet", "a3"), "--sheet is given, and each page is a sheet of its own"),
        (("--impose", "none", "--flip", "long"), "--flip is given, and each page is a sheet"),
        (
            ("--layout", "envelope", "--paper", "dl", "--impose", "1x2"),
            "--impose: an envelope is printed by itself",
        ),
        (
            ("--edition", "press", "--impose", "tile", "--sheet", "a4"),
            (
                "--impose is given with --edition press, and a press prints a large page in one "
                "piece, which 'tile' cuts up to be glued"
            ),
        ),
        (("--edition", "press", "--sheet", "sra3"), "--sheet is given, and each page is a sheet"),
        (
            ("--edition", "press", "--offset", "1,0"),
            "--offset is given with --edition press, and a press is set by its own printer",
        ),
    ],
)
def test_what_cannot_be_asked_of_sheets_is_refused(
    bench: Bench, options: tuple[str, ...], message: str
) -> None:
    ran = bench.build(*options)
    assert ran.code == 2
    assert ran.only("bad-value")["message"].startswith(message)


def own_layout(root: Path, table: str) -> None:
    """A layout of A6 cards, four on A4."""
    folder = root / "layouts" / "card"
    folder.mkdir(parents=True)
    (folder / "layout.toml").write_text(
        f"""
title = "Card"
papers = ["a4", "letter"]
safe = 5
enclosed = false
families = ["Noto Serif"]
prints = ["title"]
{table}
[[form]]
name = "card"
letter_sizes = [10]
[address]
family = "Noto Serif"
sizes = [9]
leading = 1.2
left = 10
top = 10
right = "width - 10"
bottom = 40
[[piece]]
name = "card"
  [[piece.panel]]
  name = "card"
  left = 6
  top = 6
  right = "width - 6"
  bottom = "height - 6"
""",
        encoding="utf-8",
    )
    (folder / "style.css").write_text(
        "@page{size:var(--width) var(--height);margin:0}*{margin:0}"
        "section{margin:10mm;font:10pt var(--noto-serif)}",
        encoding="utf-8",
    )
    (folder / "template.html.j2").write_text(
        '<html lang="{{ lang }}"><head><title>{{ title }}</title></head><body>'
        '<section data-piece="card" data-panel="card"><h1 data-field="title">{{ title }}</h1>'
        "</section></body></html>",
        encoding="utf-8",
    )


OWN = """
[impose]
scheme = "repeat-2x2"
[impose.pages]
a4 = "a6"
letter = "quarter-letter"
"""


def test_a_layout_says_how_its_pages_are_put_on_sheets(bench: Bench) -> None:
    own_layout(bench.root, OWN)
    for paper, page in (("a4", "a6"), ("letter", "quarter-letter")):
        ran = bench.build("--layout", "card", "--paper", paper)
        assert (ran.code, ran.errors) == (0, [])
        assert ran.files[0].name == f"river.en.card.{paper}.pdf"
        proof, plan = all_from_json(read_proof(ran.pdf) or b"")
        assert plan is not None
        assert (plan.scheme, plan.sheet, plan.duplex) == ("repeat-2x2", paper, False)
        assert isinstance(proof, ProofMap)
        assert proof.paper == page
        (side,) = plan.sides
        assert [placed.page for placed in side.pages] == [1] * 4
        assert [page_texts(ran.pdf)[0].count("The river defenders")] == [4]


BOOK = """
duplex = true
[impose]
scheme = "booklet"
back_cover = true
[impose.pages]
a4 = "a5"
letter = "half-letter"
"""


def test_the_last_page_of_a_booklet_stays_its_back_cover_where_the_layout_says_so(
    bench: Bench,
) -> None:
    own_layout(bench.root, BOOK)
    ran = bench.build("--layout", "card")
    assert (ran.code, ran.errors) == (0, [])
    _, plan = all_from_json(read_proof(ran.pdf) or b"")
    assert plan is not None
    # The one page is the last: it stands left of the fold, on the outside.
    assert [[p.page for p in side.pages] for side in plan.sides] == [[1, None], [None, None]]


def test_single_pages_can_be_had_of_such_a_layout(bench: Bench) -> None:
    own_layout(bench.root, OWN)
    ran = bench.build("--layout", "card", "--impose", "none")
    assert (ran.code, ran.errors) == (0, [])
    with pikepdf.open(io.BytesIO(ran.pdf)) as file:
        box = [float(at) / MM for at in file.pages[0].mediabox]
    assert box == pytest.approx([0, 0, 105, 148], abs=0.01)


def test_another_scheme_and_sheet_can_be_asked_for(bench: Bench) -> None:
    own_layout(bench.root, OWN)
    ran = bench.build("--layout", "card", "--impose", "repeat-2x4", "--sheet", "a3")
    assert (ran.code, ran.errors) == (0, [])
    assert page_texts(ran.pdf)[0].count("The river defenders") == 8


def test_a_card_alone_on_its_sheet_is_told(bench: Bench) -> None:
    own_layout(bench.root, OWN)
    ran = bench.build("--layout", "card", "--impose", "2x2")
    found = ran.only("empty-places")
    assert (ran.code, found["severity"], found["file"]) == (0, "warning", None)
    assert found["message"] == (
        "'2x2' has 4 places on a sheet, and this pack fills only 1: 3 stay empty"
    )
    assert bench.build("--layout", "card", "--impose", "2x2", "--strict").code == 1


def test_a_layout_that_leaves_places_empty_is_named(bench: Bench) -> None:
    own_layout(bench.root, OWN.replace("repeat-", ""))
    found = bench.build("--layout", "card").only("empty-places")
    assert found["file"] == "layouts/card/layout.toml"


def test_ink_near_the_edge_of_a_page_on_a_sheet_is_told_once(bench: Bench) -> None:
    own_layout(bench.root, OWN)
    style = bench.root / "layouts" / "card" / "style.css"
    # Of four pages on the sheet, two lie with this edge at the edge of the sheet.
    line = "h1::before{content:'';position:absolute;left:3mm;top:50mm;width:1mm;height:9mm;"
    style.write_text(style.read_text(encoding="utf-8") + line + "background:#000}")
    built = bench.build("--layout", "card")
    assert built.errors == ["unsafe-margin"]
    checked = bench.run("check", "card")
    (found,) = checked.findings
    assert found["code"] == "unsafe-margin"
    assert found["message"] == (
        "a drawing stands 3.0 mm from the left edge of the sheet, printers need 5 mm (every sample)"
    )
    assert found["cure"] == "move it inwards"


def test_checking_a_layout_says_when_its_pages_do_not_fit(bench: Bench) -> None:
    own_layout(
        bench.root, '[impose]\nscheme = "2x2"\n[impose.pages]\na4 = "a5"\nletter = "quarter-letter"'
    )
    ran = bench.run("check", "card")
    found = ran.only("sheet-too-small")
    assert found["file"] == "layouts/card/layout.toml"
    assert "needs 296 × 420 mm" in found["message"]
    assert found["cure"] == "correct its table [impose]: another scheme, or smaller pages"


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('[impose]\nscheme = "4-up"', "'impose.scheme' is '4-up'"),
        ("[impose]\ngutter = 3", "'impose.scheme' is missing"),
        ('[impose]\nscheme = "2x2"\n[impose.pages]\na4 = "a66"', "'impose.pages.a4' is 'a66'"),
        ('[impose]\nscheme = "2x2"\n[impose.pages]\na44 = "a6"', "'a44' is no paper"),
        ('[impose]\nscheme = "2x2"\nsheets = 3', "'impose.sheets'"),
    ],
)
def test_a_table_of_a_layout_that_is_wrong_is_told(bench: Bench, table: str, message: str) -> None:
    own_layout(bench.root, table)
    ran = bench.build("--layout", "card")
    assert ran.code == 1
    assert any(message in found["message"] for found in ran.findings)
    assert all(found["file"] == "layouts/card/layout.toml" for found in ran.findings)


# --------------------------------------------------------------------------------- in batches


@pytest.fixture
def quick(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Quick:
    made_here(monkeypatch)
    return Quick(bench)


def test_a_batch_puts_its_packs_on_sheets(quick: Quick) -> None:
    quick.plan(rows(5), impose="stack-1x2", sheet="a3", singles="true")
    ran = quick.run()
    assert (ran.code, ran.errors) == (0, [])
    manifest = quick.manifest()
    files = {one["name"]: one for one in manifest["files"]}
    # Four packs of two leaves on two columns of a stack: four leaves deep, two sides each.
    assert files["volume-001.pdf"]["pages"] == 8
    assert files["volume-002.pdf"]["pages"] == 2
    assert files["packs/1.pdf"]["pages"] == 2
    assert {(one["paper"], one["impose"], one["flip"]) for one in list(files.values())[:-1]} == {
        ("a3", "stack-1x2", "long")
    }
    places = [(one["first_page"], one["pages"]) for one in manifest["packs"]]
    assert places == [(1, 4), (5, 4), (1, 4), (5, 4), (1, 2)]
    volume = (quick.out / "volume-001.pdf").read_bytes()
    assert told(volume) == ""
    with pikepdf.open(io.BytesIO(volume)) as file:
        marks = [str(one.title) for one in file.open_outline().root]
        assert marks == [f"{n} · en · Group {n}" for n in (1, 2, 3, 4)]
        # Each leads to the side that shows its first page.
        sides = [page.obj.objgen for page in file.pages]
        goals = [one.destination for one in file.open_outline().root]
        shown = [sides.index(goal[0].objgen) for goal in goals if isinstance(goal, pikepdf.Array)]
        assert shown == [0, 4, 0, 4]
    assert validate(volume, "2b") == ()


def test_each_pack_of_a_batch_is_a_booklet_of_its_own(quick: Quick) -> None:
    quick.plan(rows(3), impose="booklet", sheet="sra3", grammage="160")
    ran = quick.run()
    assert (ran.code, ran.errors) == (0, [])
    volume = (quick.out / "volume-001.pdf").read_bytes()
    _, plan = all_from_json(read_proof(volume) or b"")
    assert plan is not None
    assert [[p.page for p in side.pages] for side in plan.sides] == [
        [4, 1], [3, 2], [8, 5], [7, 6], [12, 9], [11, 10],
    ]  # fmt: skip
    assert told(volume) == ""


def test_a_booklet_of_one_page_takes_no_blank_page_before_the_next(quick: Quick) -> None:
    own_layout(quick.root, BOOK.replace("back_cover = true", ""))
    table = [{"action": "river", "language": "en"}] * 2
    quick.plan(table, layout="card", recipients=None, packs="[{action: river, copies: 2}]")
    ran = quick.run()
    assert (ran.code, ran.errors) == (0, [])
    volume = (quick.out / "volume-001.pdf").read_bytes()
    _, plan = all_from_json(read_proof(volume) or b"")
    assert plan is not None
    assert [[p.page for p in side.pages] for side in plan.sides] == [
        [None, 1], [None, None], [None, 2], [None, None],
    ]  # fmt: skip
    assert told(volume) == ""


def test_a_batch_on_sheets_goes_on_where_it_stopped(quick: Quick) -> None:
    quick.plan(rows(9), impose="1x2", sheet="a3")
    quick.run()
    before = {path.name: path.read_bytes() for path in quick.out.glob("volume-*.pdf")}
    (quick.out / "volume-002.pdf").unlink()
    ran = quick.run("--resume")
    assert (ran.code, ran.errors) == (0, [])
    assert {path.name: path.read_bytes() for path in quick.out.glob("volume-*.pdf")} == before


@pytest.mark.parametrize(
    ("packs", "volume", "told"),
    [
        (1, 4, ["'volume-001.pdf' fills only 1: 3 stay empty"]),
        (4, 4, []),
        # The last sheet of a batch has what is left over, and so has its last volume.
        (5, 8, []),
        (5, 4, []),
        # Every volume has places left: it is told once.
        (5, 2, ["'volume-001.pdf' fills only 2: 2 stay empty"]),
    ],
)
def test_a_batch_too_small_for_its_sheets_is_told_where_the_plan_says_so(
    quick: Quick, packs: int, volume: int, told: list[str]
) -> None:
    own_layout(quick.root, OWN)
    keys = {"layout": "card", "impose": "stack-2x2", "recipients": None, "volume": f"{volume}"}
    quick.plan([], packs=f"[{{action: river, copies: {packs}}}]", **keys)
    ran = quick.run("--dry-run")
    assert (ran.code, ran.errors) == (0, [])
    found = [one for one in ran.findings if one["code"] == "empty-places"]
    assert [one["message"].partition("and ")[2] for one in found] == told
    lines = (quick.root / "rome.yaml").read_text(encoding="utf-8").splitlines()
    assert all(lines[one["line"] - 1] == "impose: stack-2x2" for one in found)


def test_files_of_single_packs_that_fill_no_sheet_are_told_and_reprints_are_not(
    quick: Quick,
) -> None:
    own_layout(quick.root, OWN)
    keys = {"layout": "card", "impose": "2x2", "recipients": None, "singles": "true"}
    quick.plan([], packs="[{action: river, copies: 4}]", **keys)
    message = quick.run("--dry-run").only("empty-places")["message"]
    assert message.endswith("and each file of 'packs' fills only 1: 3 stay empty")
    assert "empty-places" not in quick.run("--dry-run", "--serials", "2").codes


@pytest.mark.parametrize(
    ("keys", "sides"),
    [
        # Six sides: a pack of four pages is a sheet, and the separator before it another.
        ({"impose": "booklet", "sheet": "a3"}, [[1], [None], [5, 2], [4, 3], [6], [None]]),
        ({"impose": "1x2", "sheet": "a3"}, [[1], [2], [3, 5], [4, 6], [7], [8]]),
        ({"impose": "repeat-1x2", "sheet": "a3"}, [[1], [2], [3, 3], [4, 4], [5, 5], [6, 6]]),
        ({"offset": '"1,-0.5"'}, [[1], [2], [3], [4], [5], [6]]),
    ],
)
def test_a_separator_between_packs_on_sheets_is_a_sheet(
    quick: Quick, keys: dict[str, str], sides: list[list[int | None]]
) -> None:
    table = [row(1, group="Como"), row(2, group="Roma"), row(3, group="Roma")]
    quick.plan(table, separators="true", **keys)
    dry = quick.run("--dry-run").items[0]
    ran = quick.run("--proof", "all")
    assert (ran.code, ran.errors) == (0, [])
    volume = (quick.out / "volume-001.pdf").read_bytes()
    _, plan = all_from_json(read_proof(volume) or b"")
    assert plan is not None
    assert [[p.page for p in side.pages] for side in plan.sides][:6] == sides
    assert (dry["sides"], dry["sheets"]) == (len(plan.sides), len(plan.sheets))
    assert told(volume) == ""
    texts = page_texts(volume)
    front = [at for at, text in enumerate(texts) if "This sheet is no pack." in text]
    assert front[0] == 0
    assert texts[1] == ""
    assert ["1 pack" in texts[0], "2 packs" in texts[front[1]]] == [True, True]
    # Whoever sorts the stack is told what becomes of the sheets.
    if then := done_with(known_scheme(plan.scheme)):
        assert f"Then {then}." in " ".join(texts[0].split())
    with pikepdf.open(io.BytesIO(volume)) as file:
        pages = [page.obj.objgen for page in file.pages]
        goals = [one.destination for one in file.open_outline().root]
        assert [pages.index(g[0].objgen) for g in goals if isinstance(g, pikepdf.Array)] == front
        assert len({tuple(map(float, page.mediabox)) for page in file.pages}) == 1
    assert validate(volume, "2b") == ()
    again = quick.run("--resume")
    assert (again.code, (quick.out / "volume-001.pdf").read_bytes()) == (0, volume)


@pytest.mark.parametrize(
    ("keys", "key", "cure"),
    [
        ({"tagged": "true"}, "tagged", "impose: none"),
        ({"separators": "true", "edition": "press", "sheet": "sra3"}, "separators", "impose: none"),
        ({"separators": "true", "impose": "stack-1x2"}, "separators", "write 'impose: 1x2'"),
    ],
)
def test_what_cannot_be_had_on_sheets_is_refused(
    quick: Quick, keys: dict[str, str], key: str, cure: str
) -> None:
    quick.plan(rows(2), **{"impose": "1x2", "sheet": "a3", **keys})
    ran = quick.run()
    assert ran.code == 1
    assert f"'{key}'" in ran.only("bad-value")["message"]
    assert cure in ran.only("bad-value")["cure"]


def test_sheets_that_are_too_small_are_told_before_anything_is_printed(quick: Quick) -> None:
    quick.plan(rows(2), impose="1x2")
    ran = quick.run()
    assert ran.code == 1
    assert ran.only("sheet-too-small")["cure"] == (
        "print on a larger sheet: 'sheet:' a3 or 12x18 or sra3"
    )
    assert not (quick.out / "volume-001.pdf").exists()


@pytest.mark.parametrize(
    "keys",
    [
        {"impose": "3y3"},
        {"sheet": "a9"},
        {"flip": "up"},
        {"gutter": "wide"},
        {"edition": "press", "impose": "tile"},
        {"edition": "press", "offset": '"1,0"'},
        {"offset": '"1;0"'},
    ],
)
def test_keys_of_a_plan_that_are_wrong_are_told_on_their_lines(
    quick: Quick, keys: dict[str, str]
) -> None:
    quick.plan(rows(2), **keys)
    ran = quick.run()
    assert ran.code == 1
    assert ran.only("bad-value")["line"] is not None
