"""Separators before groups, and the job sheet: read back from the finished files."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from projects import ACTION, TODAY, Bench, page_texts, write_action
from pypdf import PdfReader
from test_address_sheets import line_boxes
from verapdf import validate

from actionpack.batch.asked import Asked
from actionpack.batch.jobsheet import JobSheet, lay_out_job_sheet, tally, weight_g
from actionpack.batch.manifest import Written
from actionpack.batch.masters import LaidKind, Letter, letter_on
from actionpack.batch.orders import Kind, Ledger, Orders
from actionpack.batch.run import run_batch
from actionpack.batch.sheets import SAFE_MM, Print, Separators, Stack, lay_out_separators, stacks
from actionpack.batch.volumes import arrange, group_of
from actionpack.diagnostics import Rejected, finding
from actionpack.geometry import Box, Size
from actionpack.impose import Medium
from actionpack.pack import Today
from actionpack.pdf import Binding
from actionpack.piece import Line, Piece
from actionpack.project import Project, shipped_fonts
from actionpack.render import Typesetter
from actionpack.units import mm_to_pt
from actionpack.volume import Task, make_volume, packed, unpacked

DAY = date.fromisoformat(TODAY)
A4 = Medium("a4", duplex=True)
EN, IT = (Kind("river", language, None, "letter") for language in ("en", "it"))


def orders(*rows: tuple[Kind, str, int]) -> Orders:
    """Orders of a kind, a group and so many copies; each differs by its contact."""
    ledger = Ledger(("group", "contact"))
    for number, (kind, group, copies) in enumerate(rows):
        ledger.add(kind, copies, (group, f"{number}"), number + 2)
    return ledger.orders()


def stacked(found: Orders, *, size: int, left_out: set[int] | None = None) -> list[list[Stack]]:
    alike = [A4] * len(found.kinds)
    arranged = arrange(found, range(len(found)), media=alike, size=size, separators=True)
    return [list(one) for one in stacks(found, arranged.volumes, left_out or set())]


# ------------------------------------------------------------------------------- which and where


def test_packs_of_a_language_and_a_group_lie_together() -> None:
    rows = orders((EN, "A", 1), (IT, "A", 2), (EN, "B", 1), (EN, "A", 3))
    (volume,) = stacked(rows, size=100)
    assert [(one.language, one.group, one.here) for one in volume] == [
        ("en", "A", 4),
        ("it", "A", 2),
        ("en", "B", 1),
    ]
    # Row 1 has serial 1; rows 2 and 3 have 2 to 3 and 4; row 4 has 5 to 7.
    assert volume[0].serials == (range(1, 2), range(5, 8))
    assert [one.part for one in volume] == [0, 2, 3]


def test_packs_behind_a_separator_are_counted_by_kind() -> None:
    labels = EN._replace(layout="labels")
    rows = orders((EN, "A", 2), (labels, "A", 3), (EN, "A", 1), (IT, "A", 1), (IT, "A", 5))
    # Serials 2 and 7 cannot be printed: one of each language, and all that row 4 asks for.
    (first, second), _ = stacked(rows, size=9, left_out={2, 7})
    assert rows.kinds == (EN, labels, IT)
    assert (first.kinds, second.kinds) == (((0, 2), (1, 3)), ((2, 2),))


def test_a_group_that_runs_into_the_next_volumes_says_so_in_each() -> None:
    volumes = stacked(orders((EN, "A", 12)), size=5)
    assert [(one.here, one.packs, one.before, one.after) for (one,) in volumes] == [
        (5, 12, None, 2),
        (5, 12, 1, 3),
        (2, 12, 2, None),
    ]


def test_packs_that_cannot_be_printed_are_not_counted() -> None:
    (volume,) = stacked(orders((EN, "A", 5), (EN, "B", 2)), size=9, left_out={2, 5, 6, 7})
    (one,) = volume
    assert (one.group, one.here, one.packs, one.serials) == ("A", 3, 3, (range(1, 2), range(3, 5)))


def test_a_group_is_not_continued_from_a_volume_in_which_none_of_it_can_be_printed() -> None:
    first, second = stacked(orders((EN, "A", 4)), size=2, left_out={1, 2})
    assert first == []
    assert [(one.here, one.packs, one.before) for one in second] == [(2, 2, None)]


def test_a_name_of_two_lines_is_one_name_and_keeps_both() -> None:
    one, other = orders((EN, "Gruppo 14\nRoma", 1), (EN, "Gruppo 14\nComo", 1))
    assert (group_of(one.values), group_of(other.values)) == ("Gruppo 14 Roma", "Gruppo 14 Como")
    (volume,) = stacked(orders((EN, "A\nB", 1), (EN, "A\nC", 1)), size=9)
    assert [one.group for one in volume] == ["A B", "A C"]


# --------------------------------------------------------------------------------- what they say

TOLD = Print(
    name="rome-december",
    grammage=90.0,
    tagged=False,
    issued=date(2026, 12, 1),
)


def titled(
    action: str,
    title: str,
    *,
    layout: str = "letter",
    target: str | None = None,
    to: str = "",
    language: str = "it",
) -> LaidKind:
    return LaidKind(
        kind=Kind(action, language, target, layout), findings=(), paper="a4", title=title, to=to
    )


WORDY = " ".join(["Una richiesta molto lunga al sindaco della città,"] * 4)
KINDS = (
    titled("river", "I difensori del fiume"),
    titled("river", "I difensori del fiume", layout="labels"),
    titled("river", "I difensori del fiume", target="mayor", to="The Mayor"),
    titled("boats", "مدافعو النهر"),
    titled("petition", WORDY),
    titled("untold", "\U00012000"),
    *(titled(f"case-{number}", f"Caso {number}") for number in range(1, 13)),
)
PAPERS = ("a4", "letter", "c6", "us-9")
MORE_PAPERS = (*PAPERS, "a5", "half-letter", "a6", "a6 landscape", "legal", "a3")


def on(paper: str) -> Medium:
    name, _, way = paper.partition(" ")
    return Medium(name, duplex=True, landscape=way == "landscape")


STACK = Stack(
    part=0,
    language="it",
    group="Gruppo Italia 14 Roma",
    serials=(range(1, 121),),
    here=120,
    packs=120,
    kinds=((0, 120),),
    before=None,
    after=None,
)


@pytest.fixture(scope="module")
def separators() -> Separators:
    return lay_out_separators(map(on, MORE_PAPERS), TOLD, KINDS, shipped_fonts())


def sheet(separators: Separators, stack: Stack, paper: str = "a4", **more: Any) -> bytes:
    """A volume with one separator before one pack, which is such a sheet too."""
    entry = separators.entry(stack, on(paper), volume=2, master=0)
    task = Task(
        name="volume-002.pdf",
        binding=Binding(
            title="Packs", language="en", made=TOLD.issued, producer="test", duplex=True
        ),
        masters=(separators.masters[on(paper)],),
        entries=(entry, entry._replace(serial=None, label="again")),
        table="rows.csv",
        proved=frozenset(),
        **more,
    )
    from actionpack.volume import _bound, _opened, _settable, identity

    opened = tuple(map(_opened, task.masters))
    found: list[Any] = []
    ready = tuple(_settable(task, opened, found))
    assert found == []
    return _bound(task.binding, opened, ready, identity(task), name=task.name)[0]


def says(separators: Separators, stack: Stack, paper: str = "a4") -> str:
    return page_texts(sheet(separators, stack, paper))[0]


def test_a_separator_says_what_lies_below_it_and_how_to_print_it(separators: Separators) -> None:
    text = says(separators, STACK)
    for words in (
        "This sheet is no pack.",
        "italiano · Italian",
        "Gruppo Italia 14 Roma",
        "120 packs",
        "numbers 1–120",
        "100 %, actual size",
        "Both sides, flipped on the long edge",
        "A4, 90 g/m²",
        "rome-december · volume-002.pdf",
    ):
        assert words in text
    assert "continued" not in text
    assert "goes on" not in text


def what(separators: Separators, paper: str, *kinds: tuple[int, int]) -> list[str]:
    """What a separator before packs of some kinds, each with how many, says that they are."""
    stack = replace(STACK, kinds=kinds)
    entry = separators.entry(stack, on(paper), volume=1, master=0)
    lines = dict(entry.values)["what"].split("\n")
    assert " ".join(" ".join(lines).split()) in says(separators, stack, paper)
    return lines


@pytest.mark.parametrize("paper", PAPERS)
def test_a_separator_names_the_action_below_it_in_the_language_of_the_stack(
    separators: Separators, paper: str
) -> None:
    assert what(separators, paper, (0, 120)) == ["I difensori del fiume · letter"]
    assert what(separators, paper, (2, 120)) == ["I difensori del fiume · letter · to The Mayor"]


@pytest.mark.parametrize("paper", PAPERS)
def test_packs_of_several_actions_layouts_and_targets_are_counted(
    separators: Separators, paper: str
) -> None:
    assert what(separators, paper, (0, 60), (1, 1), (2, 19), (6, 40)) == [
        "60 packs · I difensori del fiume · letter",
        "1 pack · I difensori del fiume · labels",
        "19 packs · I difensori del fiume · letter · to The Mayor",
        "40 packs · Caso 1 · letter",
    ]


def test_kinds_that_are_too_many_to_list_are_counted_by_action(separators: Separators) -> None:
    assert what(separators, "c6", (0, 60), (1, 1), (2, 19), (6, 30), (7, 10)) == [
        "80 packs · I difensori del fiume · letter, labels · for several targets",
        "30 packs · Caso 1 · letter",
        "10 packs · Caso 2 · letter",
    ]


@pytest.mark.parametrize(("paper", "lines"), [("a4", 6), ("letter", 6), ("c6", 4), ("us-9", 4)])
def test_actions_that_are_too_many_to_list_are_counted_together(
    separators: Separators, paper: str, lines: int
) -> None:
    told = what(separators, paper, *((6 + number, 10) for number in range(12)))
    assert told[:2] == ["10 packs · Caso 1 · letter", "10 packs · Caso 2 · letter"]
    # All but the last line name one action each.
    others = 12 - (lines - 1)
    assert len(told) == lines
    assert told[-1] == f"and {others} more actions: {10 * others} packs"


@pytest.mark.parametrize("paper", PAPERS)
def test_a_title_too_long_to_be_read_or_printed_in_no_font_gives_way_to_the_id(
    separators: Separators, paper: str
) -> None:
    assert what(separators, paper, (4, 80), (5, 40)) == [
        "80 packs · petition · letter",
        "40 packs · untold · letter",
    ]


def test_a_long_title_alone_is_broken(separators: Separators) -> None:
    lines = what(separators, "a4", (4, 120))
    assert len(lines) > 1
    assert " ".join(lines) == f"{WORDY} · letter"


def test_counts_stand_before_titles_that_run_to_the_left(separators: Separators) -> None:
    page = pypdfium2.PdfDocument(sheet(separators, replace(STACK, kinds=((3, 100), (0, 20)))))[0]
    words = page.get_textpage()
    lefts = {
        number: words.get_charbox(words.search(f"{number} packs ·").get_next()[0])[0]
        for number in (100, 20)
    }
    assert lefts[100] == pytest.approx(lefts[20], abs=1)


def test_a_separator_says_that_a_group_began_before_and_goes_on(separators: Separators) -> None:
    text = says(separators, replace(STACK, here=40, packs=620, before=1, after=3))
    assert "40 of 620 packs" in text
    assert "continued from volume-001.pdf · goes on in volume-003.pdf" in text


def test_without_a_group_the_language_is_the_name(separators: Separators) -> None:
    text = says(separators, replace(STACK, group=""))
    assert "italiano" in text
    assert "Italian" in text
    assert "·" not in text.partition("120 packs")[0]
    assert says(separators, replace(STACK, group="", language="en")).count("English") == 1


@pytest.mark.parametrize(
    ("serials", "told"),
    [
        ((range(7, 8),), "number 7"),
        ((range(1, 41), range(75, 76), range(80, 93)), "numbers 1–40, 75, 80–92"),
        (
            tuple(range(at, at + 2) for at in range(1, 90, 3)),
            "numbers 1 to 89, with gaps: see manifest.json",
        ),
    ],
)
def test_serials_are_told_as_people_compare_them(
    separators: Separators, serials: tuple[range, ...], told: str
) -> None:
    assert told in says(separators, replace(STACK, serials=serials))


LONG = (
    "Association internationale pour la défense des droits humains, section du Val-de-Marne "
    "et des communes voisines, groupe local 412"
)


@pytest.mark.parametrize("paper", ["a4", "letter", "c6"])
@pytest.mark.parametrize(
    "name",
    [LONG, "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverein", "W" * 90, "Žižkov"],
)
def test_a_name_is_set_smaller_or_broken_and_never_cut(
    separators: Separators, name: str, paper: str
) -> None:
    text = says(separators, replace(STACK, group=name), paper)
    assert name.replace(" ", "") in text.replace(" ", "")


def test_a_long_name_is_broken_where_that_makes_it_larger(separators: Separators) -> None:
    entry = separators.entry(replace(STACK, group=LONG), on("a4"), volume=1, master=0)
    lines = dict(entry.values)["name"].split("\n")
    assert " ".join(lines) == LONG
    # On one line 170 mm wide it would be set in 6 pt, on two in 14, on three in 20.
    assert [line.split()[0] for line in lines] == ["Association", "des", "et"]
    short = separators.entry(replace(STACK, group="Gruppo 14 Roma"), on("a4"), volume=1, master=0)
    assert dict(short.values)["name"] == "Gruppo 14 Roma"


def test_on_an_envelope_a_separator_says_only_what_the_packs_are(separators: Separators) -> None:
    text = says(separators, STACK, "c6")
    assert "120 packs" in text
    assert "How to print" not in text


@pytest.mark.parametrize("name", ["قېرىنداشلار Roma 7", "Группа 7 Ελλάς"])
def test_names_of_any_script_are_printed(separators: Separators, name: str) -> None:
    entry = separators.entry(replace(STACK, group=name), on("a4"), volume=1, master=0)
    assert dict(entry.values)["name"] == name
    assert "120 packs" in says(separators, replace(STACK, group=name))


def test_a_language_whose_own_name_no_font_has_is_named_in_english(
    separators: Separators,
) -> None:
    entry = separators.entry(replace(STACK, language="te"), on("a4"), volume=1, master=0)
    assert dict(entry.values)["language"] == "Telugu"
    entry = separators.entry(replace(STACK, language="ja"), on("a4"), volume=1, master=0)
    assert dict(entry.values)["language"] == "日本語 · Japanese"


@pytest.mark.parametrize("paper", MORE_PAPERS)
def test_no_line_of_a_separator_stands_on_another(separators: Separators, paper: str) -> None:
    full = replace(STACK, kinds=((0, 50), (1, 30), (2, 40)), serials=(range(1, 121),), before=1)
    lines = [
        (words, Box.between(*edges)) for words, *edges in line_boxes(sheet(separators, full, paper))
    ]
    assert len(lines) > 6
    for (words, box), (others, other) in combinations(lines, 2):
        assert not box.overlaps(other), (words, others)


@pytest.mark.parametrize("paper", MORE_PAPERS)
def test_all_ink_stands_off_the_edges_and_black_is_seen_on_each(
    separators: Separators, paper: str
) -> None:
    page = pypdfium2.PdfDocument(sheet(separators, replace(STACK, group=LONG), paper))[0]
    dots = 4  # a millimetre
    image = page.render(scale=dots * 25.4 / 72).to_pil().convert("L")
    white = round(5 * dots)
    inside = image.crop((white, white, image.width - white, image.height - white))
    blank = image.copy()
    blank.paste(255, (white, white, image.width - white, image.height - white))
    assert blank.getextrema() == (255, 255)
    # In the middle of the frame, 3 mm thick, on every side.
    edge = round((SAFE_MM - 5 + 1.5) * dots)
    for line in (
        inside.crop((edge, edge, edge + 1, inside.height - edge)),
        inside.crop((inside.width - edge - 1, edge, inside.width - edge, inside.height - edge)),
        inside.crop((edge, edge, inside.width - edge, edge + 1)),
        inside.crop((edge, inside.height - edge - 1, inside.width - edge, inside.height - edge)),
    ):
        assert line.getextrema()[1] < 40


def test_a_separator_takes_a_sheet_of_its_own(separators: Separators) -> None:
    first, back, second, _ = page_texts(sheet(separators, STACK))
    assert "120 packs" in first
    assert "120 packs" in second
    assert back == ""


# ---------------------------------------------------------------------------------- in a batch

ROWS = """group,contact
Roma,a
Como,b
Roma,c
Roma,d
{bad},e
Roma,f
"""
PLAN = """
name: rivers
sender_country: IT
volume: 3
separators: true
recipients: {file: rows.csv, defaults: {action: river, language: en}}
"""


def write_plan(bench: Bench, plan: str = PLAN, rows: str = ROWS) -> None:
    (bench.root / "rows.csv").write_text(rows.format(bad="Como " + "W" * 60), encoding="utf-8")
    (bench.root / "plan.yaml").write_text(plan, encoding="utf-8")


PDFS = ("volume-001.pdf", "volume-002.pdf", "job-sheet.pdf")


def pages_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.pdf")}


def bookmarks(pdf: bytes) -> list[tuple[int, int, str]]:
    """Level, page from 1, and words of each."""
    document = pypdfium2.PdfDocument(pdf)
    return [
        (one.level, (one.get_dest().get_index() or 0) + 1, one.get_title())
        for one in document.get_toc()
    ]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a batch of two groups, one of which has a row too long for its slot."""
    root = tmp_path_factory.mktemp("batch")
    patch = pytest.MonkeyPatch()
    write_action(root)
    rows = ROWS.format(bad="Como " + "W" * 60)
    (root / "rows.csv").write_text(rows)
    (root / "plan.yaml").write_text(PLAN)
    patch.setenv("ACTIONPACK_CACHE", str(root / "cache"))
    try:
        run_batch(
            Project(root=root),
            Asked(plan=root / "plan.yaml", output=root / "out"),
            Today(here=DAY, where_it_ends_last=DAY),
            lambda _: None,
        )
    finally:
        patch.undo()
    return {path.name: path.read_bytes() for path in (root / "out").iterdir()}


def test_separators_stand_before_their_packs_and_count_those_that_are_printed(
    made: dict[str, bytes],
) -> None:
    # Roma has serials 1, 3, 4 and 6, Como 2, and the row that is left out would be a group too.
    assert bookmarks(made["volume-001.pdf"]) == [
        (0, 1, "en · Roma · 3 packs"),
        (1, 3, "1 · en · Roma"),
        (1, 7, "3 · en · Roma"),
        (1, 11, "4 · en · Roma"),
    ]
    assert bookmarks(made["volume-002.pdf"]) == [
        (0, 1, "en · Roma · 1 pack"),
        (1, 3, "6 · en · Roma"),
        (0, 7, "en · Como · 1 pack"),
        (1, 9, "2 · en · Como"),
    ]
    first, second = (page_texts(made[name]) for name in ("volume-001.pdf", "volume-002.pdf"))
    assert "3 of 4 packs numbers 1, 3–4 goes on in volume-002.pdf" in first[0]
    assert "The river defenders · letter" in first[0]
    assert "1 of 4 packs number 6 continued from volume-001.pdf" in second[0]
    assert first[1] == ""
    assert len(first) == 2 + 3 * 4


def test_the_manifest_counts_packs_and_knows_where_they_stand(made: dict[str, bytes]) -> None:
    told = json.loads(made["manifest.json"])
    by_name = {one["name"]: one for one in told["files"]}
    assert by_name["volume-001.pdf"]["packs"] == 3
    assert by_name["volume-001.pdf"]["pages"] == 14
    packs = {one["serial"]: (one["volume"], one["first_page"]) for one in told["packs"]}
    assert packs[1] == ("volume-001.pdf", 3)
    assert packs[2] == ("volume-002.pdf", 9)
    assert packs[5] == (None, None)


def test_a_volume_with_separators_is_pdf_a_2b(made: dict[str, bytes]) -> None:
    assert validate(made["volume-002.pdf"], "2b") == ()


def test_the_job_sheet_is_listed_with_its_hash_and_is_what_it_claims(
    made: dict[str, bytes],
) -> None:
    told = json.loads(made["manifest.json"])
    pdf = made["job-sheet.pdf"]
    (listed,) = (one for one in told["files"] if one["name"] == "job-sheet.pdf")
    assert listed == {
        "name": "job-sheet.pdf",
        "sha256": hashlib.sha256(pdf).hexdigest(),
        "bytes": len(pdf),
        "pages": 1,
        "packs": 0,
        "paper": "a4",
        "duplex": False,
        "impose": None,
        "flip": None,
    }
    assert validate(pdf, "ua1") == validate(pdf, "2a") == ()


def test_the_job_sheet_tells_the_print_shop_and_the_organiser(made: dict[str, bytes]) -> None:
    (text,) = page_texts(made["job-sheet.pdf"])
    told = json.loads(made["manifest.json"])
    for name in ("volume-001.pdf", "volume-002.pdf"):
        (sha,) = (one["sha256"] for one in told["files"] if one["name"] == name)
        assert sha[:16] in text
        assert sha[:17] not in text
    for words in (
        "rivers",
        "Content: river, edition 2 of 1 March 2027 (en)",
        "5 packs 2 files 26 pages 13 sheets",
        "1 of the packs asked for is not in these files; manifest.json says which.",
        "A4, 13 sheets; 80 g/m²",
        "100 %, actual size",
        "flipped on the long edge",
        "A: torn at 210 mm, then folded at 105 mm; lengths from the top of the sheet as it then is",
        "To be posted by 31 December 2027.",
        "3 with a black frame",
        "sha256sum volume-*.pdf",
        "5 letters",
        "A 5 The Mayor China",
        # 210 × 210 mm of 80 g/m² and 220 × 110 mm × 2.2 of 80 g/m²: 3.53 g + 4.26 g.
        "DL envelope, window left, 220 × 110 mm 7.8 g",
    ):
        assert words in text.replace("\u202f", " ").replace("\xa0", " ")
    assert told["letters"] == [
        {
            "to": "The Mayor",
            "country": "CN",
            "window": "dl-left",
            "tears_mm": [210.0],
            "folds_mm": [105.0],
            "letters": 5,
        }
    ]
    assert [one["act_by"] for one in told["content"]] == ["2027-12-31"]


def test_nothing_of_a_row_stands_on_the_job_sheet_or_in_the_manifest(
    made: dict[str, bytes],
) -> None:
    (text,) = page_texts(made["job-sheet.pdf"])
    manifest = made["manifest.json"].decode()
    for word in ("Roma", "Como", "WWW"):
        assert word not in text
        assert word not in manifest


def test_the_same_batch_is_the_same_bytes(made: dict[str, bytes], bench: Bench) -> None:
    write_plan(bench)
    assert bench.run("batch", "plan.yaml", "-o", "out", "--jobs", "2").code == 4
    assert pages_in(Path("out")) == {name: made[name] for name in PDFS}


def test_going_on_takes_volumes_with_separators_over(made: dict[str, bytes], bench: Bench) -> None:
    write_plan(bench)
    bench.run("batch", "plan.yaml", "-o", "out")
    before = Path("out/volume-001.pdf").stat().st_mtime_ns
    Path("out/volume-002.pdf").unlink()
    bench.run("batch", "plan.yaml", "-o", "out", "--resume")
    assert Path("out/volume-001.pdf").stat().st_mtime_ns == before
    assert pages_in(Path("out")) == {name: made[name] for name in PDFS}


def test_a_tagged_volume_with_separators_is_pdf_ua(bench: Bench) -> None:
    write_plan(bench, PLAN + "tagged: true\n")
    assert bench.run("batch", "plan.yaml", "-o", "out").code == 4
    pdf = Path("out/volume-001.pdf").read_bytes()
    assert "3 of 4 packs" in page_texts(pdf)[0]
    assert validate(pdf, "ua1") == ()


def test_what_is_printed_again_has_no_separators(bench: Bench) -> None:
    write_plan(bench)
    ran = bench.run("batch", "plan.yaml", "--rows", "2,4", "-o", "again")
    assert ran.code == 0
    pdf = Path("again/volume-001.pdf").read_bytes()
    assert [words for _, _, words in bookmarks(pdf)] == ["1 · en · Roma", "3 · en · Roma"]
    (text,) = page_texts(Path("again/job-sheet.pdf").read_bytes())
    assert "reprint of some packs" in text.lower()
    assert "Separators" not in text


def test_a_rehearsal_counts_the_separators(bench: Bench) -> None:
    write_plan(bench)
    ran = bench.run("batch", "plan.yaml", "--dry-run")
    (item,) = ran.items
    # Five packs of two sheets; Roma in two volumes and Como in one.
    assert (item["packs"], item["sheets"], item["sides"]) == (5, 5 * 2 + 3, 5 * 4 + 3 * 2)
    assert not Path("out").exists()


def test_strict_refuses_before_anything_is_written(bench: Bench) -> None:
    write_plan(bench)
    ran = bench.run("batch", "plan.yaml", "--strict", "-o", "out")
    assert ran.code == 1
    assert "bad-row" in ran.errors
    assert not list(Path("out").glob("*.pdf"))


def test_a_job_sheet_that_cannot_be_made_is_told_and_the_packs_stand(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bytes:
        raise Rejected(finding("render-failed", "the page could not be laid out", cure="again"))

    write_plan(bench, rows="group,contact\nRoma,a\n")
    monkeypatch.setattr("actionpack.batch.run.lay_out_job_sheet", refuse)
    ran = bench.run("batch", "plan.yaml", "-o", "out")
    assert ran.code == 4
    assert ran.only("render-failed")["message"] == "the page could not be laid out"
    assert [path.name for path in ran.files] == ["volume-001.pdf", "manifest.json"]


def test_before_cards_that_lie_a_separator_lies(bench: Bench) -> None:
    write_plan(
        bench,
        "name: cards\nlayout: postcard\npaper: a6\nseparators: true\nsender_country: IT\npacks:\n"
        "  - {action: river, language: en, copies: 2}\n",
    )
    assert bench.run("batch", "plan.yaml", "-o", "out").errors == []
    volume = Path("out/volume-001.pdf").read_bytes()
    assert "This sheet is no pack." in page_texts(volume)[0]
    sizes = {page.get_size() for page in pypdfium2.PdfDocument(volume)}
    for width, height in sizes:
        assert (width, height) == pytest.approx((mm_to_pt(148), mm_to_pt(105)), abs=0.01)
    # So that the address stands upright behind the picture.
    viewer = PdfReader("out/volume-001.pdf").root_object["/ViewerPreferences"].get_object()
    assert "'/Duplex': '/DuplexFlipShortEdge'" in str(viewer)
    (sheet,) = page_texts(Path("out/job-sheet.pdf").read_bytes())
    assert "short edge" in sheet


def test_on_one_side_a_separator_is_one_page(bench: Bench) -> None:
    write_plan(
        bench,
        "name: labels\nlayout: labels\nseparators: true\nsender_country: IT\npacks:\n"
        "  - {action: river, language: en, copies: 2}\n",
    )
    ran = bench.run("batch", "plan.yaml", "-o", "out")
    assert ran.code == 0
    first, *others = page_texts(Path("out/volume-001.pdf").read_bytes())
    assert "One side only" in first
    assert len(others) == 2
    (text,) = page_texts(Path("out/job-sheet.pdf").read_bytes())
    assert "one; the backs stay blank" in text
    # Labels are posted by themselves: there is no letter to fold or weigh.
    assert "weight" not in text
    assert "Tear and fold" not in text
    assert "To be posted by 31 December 2027." in text


def test_the_sheets_are_of_the_paper_of_the_plan(bench: Bench) -> None:
    write_plan(bench, PLAN + "paper: letter\nwindow: us-10\n")
    bench.run("batch", "plan.yaml", "-o", "out")
    for name in ("volume-001.pdf", "job-sheet.pdf"):
        width, height = pypdfium2.PdfDocument(Path("out", name).read_bytes())[0].get_size()
        assert (width, height) == pytest.approx((mm_to_pt(215.9), mm_to_pt(279.4)), abs=0.01)


def test_letters_are_counted_by_target(bench: Bench) -> None:
    two = ACTION + "  - {id: judge, lines: [The Judge, Court 4, 20121 Milano], country: IT}\n"
    write_action(
        bench.root,
        action=two,
        fields={"salutation": {"mayor": "Dear Mayor,", "judge": "Dear Judge,"}},
    )
    rows = "target,copies\nmayor,3\njudge,1\n,2\n"
    write_plan(bench, rows=rows)
    bench.run("batch", "plan.yaml", "-o", "out")
    told = json.loads(Path("out/manifest.json").read_bytes())["letters"]
    assert [(one["to"], one["country"], one["letters"]) for one in told] == [
        ("The Mayor", "CN", 3 + 2),
        ("The Judge", "IT", 1 + 2),
    ]
    (text,) = page_texts(Path("out/job-sheet.pdf").read_bytes())
    assert "8 letters" in text


# ------------------------------------------------------------------------------ a sheet by itself

TORN = Letter(
    to="The Mayor", country="CN", window="dl-left", tears=(198.0,), folds=(99.0,),
    area_mm2=210 * 198,
)  # fmt: skip
WHOLE = replace(TORN, tears=(), folds=(99.0, 198.0), area_mm2=210 * 297)


def kind(number: int, *letters: Letter) -> LaidKind:
    return LaidKind(
        kind=Kind(f"river-{number // 40}", f"l{number}", None, "letter"),
        findings=(),
        duplex=True,
        issued=date(2026, 12, 1),
        edition=2,
        paper="a4",
        letters=letters,
    )


def volume(number: int, medium: Medium = A4) -> Written:
    name = f"volume-{number:03d}.pdf"
    sha = hashlib.sha256(name.encode()).hexdigest()
    return Written(name=name, medium=medium, sha256=sha, bytes=1, pages=2002, packs=500)


def job(volumes: int, kinds: int) -> JobSheet:
    many = tuple(
        (kind(at, replace(TORN, to=f"His Excellency the Mayor of City {at}"), WHOLE), 100 + at)
        for at in range(kinds)
    )
    return JobSheet(
        name="rome-december",
        volumes=tuple(volume(number) for number in range(1, volumes + 1)),
        kinds=many,
        asked_for=500 * volumes,
        grammage=80.0,
        separators=0,
        reprint=False,
    )


def laid_out(sheet: JobSheet) -> bytes:
    with Typesetter(shipped_fonts()) as typesetter:
        return lay_out_job_sheet(sheet, shipped_fonts(), typesetter)


@pytest.mark.parametrize(("volumes", "kinds"), [(1, 1), (9, 3), (25, 14), (2000, 100)])
def test_a_job_sheet_is_one_page_however_much_there_is_to_tell(volumes: int, kinds: int) -> None:
    (text,) = page_texts(laid_out(job(volumes, kinds)))
    listed = [number for number in range(1, volumes + 1) if volume(number).sha256[:16] in text]
    assert listed == (list(range(1, volumes + 1)) if volumes <= 25 else [])
    if volumes > 25:
        assert "volume-001.pdf to volume-2000.pdf; manifest.json lists each" in text
    assert "not in these files" not in text


def test_what_is_not_listed_is_counted() -> None:
    (text,) = page_texts(laid_out(job(1, 100)))
    text = text.replace("\u202f", " ")
    letters = 2 * sum(100 + at for at in range(100))
    assert letters == 29_900
    assert "29 900 letters" in text
    # All to the mayor, and the eleven most of the others, are listed of the 101 there are.
    listed = sum(100 + at for at in range(100)) + sum(100 + at for at in range(89, 100))
    assert f"{letters - listed:,} letters to 89 more".replace(",", " ") in text


@pytest.mark.parametrize(("volumes", "on_a4"), [(3, "2 002"), (12, "11 011"), (40, "39 039")])
def test_a_job_sheet_says_the_paper_and_the_sides_of_each_file(volumes: int, on_a4: str) -> None:
    others = (volume(number) for number in range(1, volumes))
    last = volume(volumes, Medium("dl", duplex=False))
    sheet = replace(job(1, 1), volumes=(*others, last))
    (text,) = page_texts(laid_out(sheet))
    text = text.replace("\u202f", " ")
    # 2002 pages take 1001 sheets on both sides, and 2002 on one.
    many = f"volume-001.pdf to {volume(volumes - 1).name}"
    assert f"{many}: A4, {on_a4} sheets, both sides; 80 g/m²" in text
    assert f"{last.name}: DL, 2 002 sheets, one side" in text
    # Where they are listed in two columns, there is no room for pages and sides.
    pages, sides = ("2 002 ", (" 2", " 1")) if volumes == 3 else ("", ("", ""))
    if volumes <= 25:
        assert f"500 {pages}1 001 A4{sides[0]} {volume(1).sha256[:16]}" in text
        assert f"500 {pages}2 002 DL{sides[1]} {last.sha256[:16]}" in text


SHORT = replace(TORN, to="The Judge")


def told(*kinds: LaidKind) -> str:
    """The text of a job sheet for ten packs of each of some kinds."""
    sheet = replace(job(1, 0), kinds=tuple((one, 10) for one in kinds))
    (text,) = page_texts(laid_out(sheet))
    return text.replace("\u202f", " ").replace("\xa0", " ")


def of(action: str, language: str, *letters: Letter, **more: Any) -> LaidKind:
    return replace(kind(0, *letters), kind=Kind(action, language, None, "letter"), **more)


def test_a_job_sheet_says_which_letters_are_torn_and_which_stay_whole() -> None:
    text = told(of("river", "en", TORN), of("river", "el", WHOLE), of("boats", "fr", SHORT))
    for words in (
        "A: torn at 198 mm, then folded at 99 mm; B: whole leaf, folded at 99 mm and 198 mm",
        "99 mm and 198 mm; lengths from the top of the sheet as it then is",
        # Of the kinds that are folded so there are ten letters each.
        "A 20 torn at 198 mm, then folded at 99 mm DL envelope, window left",
        "7.6 g river (en); boats (fr)",
        "B 10 whole leaf, folded at 99 mm and 198 mm DL envelope, window left",
        "9.2 g river (el)",
        "A 10 The Mayor China",
        "B 10 The Mayor China",
        "A 10 The Judge China",
    ):
        assert words in text


def test_a_letter_below_its_stub_is_folded_as_far_from_the_tear_as_it_is_said() -> None:
    # As on A4 behind a window of 110 mm: torn at 297 − 210, the fold 105 below that.
    piece = Piece(
        name="letter",
        sheet=Size(210, 297),
        cuts=(Line(name="tear", at=87, tolerance=2),),
        folds=tuple(Line(name="fold", at=at, tolerance=1.5) for at in (43, 87 + 105)),
        posted_strip=1,
    )
    letter = letter_on(piece, to="The Mayor", country="CN", window="dl-left")
    assert (letter.tears, letter.folds, letter.area_mm2) == ((87,), (105,), 210 * 210)
    assert "A: torn at 87 mm, then folded at 105 mm;" in told(of("river", "en", letter))


def test_letters_of_one_language_that_are_folded_in_two_ways_are_told_by_their_target() -> None:
    judge, mayor = (
        replace(of("river", "en", letter, to=letter.to), kind=Kind("river", "en", "x", "letter"))
        for letter in (SHORT, WHOLE)
    )
    text = told(judge, mayor)
    assert "7.6 g river (en to The Judge)" in text
    assert "9.2 g river (en to The Mayor)" in text


def test_letters_of_one_language_that_are_folded_in_two_ways_are_told_by_their_layout() -> None:
    other = replace(of("river", "en", WHOLE), kind=Kind("river", "en", None, "large-print"))
    text = told(of("river", "en", TORN), other)
    assert "7.6 g river (en as letter)" in text
    assert "9.2 g river (en as large-print)" in text


def test_a_job_sheet_says_each_actions_own_deadline_and_day() -> None:
    text = told(
        of("river", "en", TORN, act_by=date(2028, 6, 30), issued=date(2027, 3, 1)),
        of("boats", "en", TORN, act_by=date(2027, 12, 31), issued=date(2026, 9, 14)),
        of("case", "en", TORN, act_by=None),
        of("woods", "en", TORN, act_by=date(2028, 6, 30)),
    )
    assert (
        "river, edition 2 of 1 March 2027 (en); boats, edition 2 of 14 September 2026 (en)" in text
    )
    assert (
        "to be posted by actions 31 December 2027 boats 30 June 2028 river, woods no deadline case"
    ) in text
    assert "There is no deadline." in told(of("case", "en", TORN, act_by=None))


def test_deadlines_that_are_not_listed_are_counted() -> None:
    many = [
        of(f"action-{day}", "en", replace(TORN, to=f"Mayor {day}"), act_by=date(2028, 1, day))
        for day in range(1, 31)
    ]
    text = told(*many)
    assert "12 January 2028 action-12" in text
    assert "13 January 2028" not in text
    assert "18 more actions have longer, or no deadline" in text


@pytest.mark.parametrize("kinds", [1, 3, 12])
def test_folds_and_deadlines_of_a_few_actions_are_all_listed(kinds: int) -> None:
    text = told(
        *(
            of(
                f"action-{number}",
                "en",
                replace((TORN, WHOLE)[number % 2], to=f"Mayor {number}"),
                act_by=date(2028, number, 1),
            )
            for number in range(1, kinds + 1)
        )
    )
    if kinds > 1:
        assert all(f"action-{number} (en)" in text for number in range(1, kinds + 1))
    assert sum(f"1 {month} 2028" in text for month in MONTHS) == kinds


MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def test_the_tally_joins_what_goes_to_one_address_in_one_way() -> None:
    assert tally(((kind(1, TORN), 3), (kind(2, TORN, WHOLE), 4))) == ((TORN, 7), (WHOLE, 4))


def test_a_letter_weighs_its_paper_and_its_envelope() -> None:
    # 0.21 m × 0.198 m × 100 g/m², and 0.22 m × 0.11 m × 2.2 × 80 g/m².
    assert weight_g(TORN, 100.0) == pytest.approx(4.158 + 4.2592)


def test_a_task_of_separators_alone_makes_no_volume(separators: Separators) -> None:
    entry = separators.entry(STACK, on("a4"), volume=1, master=0)
    task = Task(
        name="volume-001.pdf",
        binding=Binding(title="x", language="en", made=TOLD.issued, producer="x", duplex=True),
        masters=(separators.masters[A4],),
        entries=(entry,),
        table="rows.csv",
        proved=frozenset(),
    )
    assert unpacked(make_volume(packed(task))).pdf == b""


@pytest.mark.parametrize(
    ("papers", "its_own"),
    [(("letter",), "letter"), (("a6", "a5"), "a4"), (("c6", "a6", "letter"), "letter")],
)
def test_a_job_sheet_is_printed_on_no_paper_that_it_has_no_room_on(
    papers: tuple[str, ...], its_own: str
) -> None:
    kinds = tuple((replace(KINDS[0], paper=paper), 1) for paper in papers)
    sheet = JobSheet(
        name="rome",
        volumes=(),
        kinds=kinds,
        asked_for=len(kinds),
        grammage=80,
        separators=0,
        reprint=False,
    )
    assert sheet.paper == its_own
