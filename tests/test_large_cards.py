"""Cards in large print: twice as large, a letter for most posts, and right where posts look."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from projects import ACTION, Bench, page_texts, words, write_action
from specimens import write_specimen

from actionpack.diagnostics import Rejected
from actionpack.layouts import find_layout, layouts_for, read_layout, resolve
from actionpack.model import LARGE_PRINT, Geometry
from actionpack.piece import Piece
from actionpack.postal import address_zones, card_size_for, card_sizes
from actionpack.preflight.reader import File
from actionpack.store import Jail, shipped_folder
from actionpack.units import mm_to_pt, pt_to_mm

SHELF = (Jail(root=shipped_folder() / "layouts", name="layouts"),)
LARGE = "--large-print"
# What is printed on, and the card that is posted, mm.
CARDS = [
    ("postcard", "a4", (210, 148)),
    ("postcard", "a5", (210, 148)),
    ("postcard", "letter", (215.9, 139.7)),
    ("postcard", "half-letter", (215.9, 139.7)),
    ("double-card", "a4", (210, 148.5)),
    ("double-card", "letter", (215.9, 139.7)),
]
IDS = [f"{layout}-{paper}" for layout, paper, _ in CARDS]
ON_EACH = pytest.mark.parametrize(("layout", "paper", "card"), CARDS, ids=IDS)
PICTURE = f"{ACTION}images: [{{file: a.png, alt: {{en: A river}}, credit: Somebody}}]\n"


def geometry(layout: str, paper: str) -> Geometry:
    large = read_layout(find_layout(SHELF, layout)).printed_as((LARGE_PRINT,))
    return resolve(large, paper, "none", large_print=True)


def posted(layout: str, paper: str) -> Iterator[Piece]:
    """The address side in each form of large print."""
    for form, pieces in geometry(layout, paper).pieces:
        if form.startswith("large"):
            yield next(piece for piece in pieces if piece.name == "back")


def own(bench: Bench, layout: str, *changes: tuple[str, str]) -> Path:
    """A layout of the project's own, with something changed in its numbers."""
    folder = bench.root / "layouts" / layout
    shutil.copytree(shipped_folder() / "layouts" / layout, folder)
    file = folder / "layout.toml"
    text = file.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    file.write_text(text, encoding="utf-8")
    return folder


# ------------------------------------------------------------------------------------- what is made


@ON_EACH
def test_what_is_posted_is_twice_a_postcard(
    layout: str, paper: str, card: tuple[float, float]
) -> None:
    sizes = {piece.packet().size for piece in posted(layout, paper)}
    assert [(size.width, size.height) for size in sizes] == [pytest.approx(card)]


@ON_EACH
@pytest.mark.parametrize("tag", ["en", "ar", "de", "zh-Hans"])
def test_a_large_card_is_made_on_every_paper_in_every_direction(
    bench: Bench, tag: str, layout: str, paper: str, card: tuple[float, float]
) -> None:
    write_specimen(bench.root, tag)
    ran = bench.run(
        *("build", "declaration", "--lang", tag, "--layout", layout, "--paper", paper),
        *(LARGE, "--sender-country", "GB"),
    )
    assert set(ran.codes) <= {"missing-translation"}
    with pikepdf.open(ran.files[0]) as file:
        boxes = [[float(edge) for edge in page.mediabox] for page in file.pages]
    full = {"a4": (210, 297), "letter": (215.9, 279.4)}.get(paper, card)
    assert boxes == [pytest.approx([0, 0, mm_to_pt(full[0]), mm_to_pt(full[1])], abs=0.05)] * 2


@pytest.mark.parametrize(
    ("layout", "more", "times"),
    [("postcard", (), 2), ("postcard", ("--impose", "none"), 1), ("double-card", (), 1)],
)
def test_two_cards_stand_on_a_sheet_and_a_double_card_fills_one(
    bench: Bench, layout: str, more: tuple[str, ...], times: int
) -> None:
    pages = page_texts(bench.build("--layout", layout, LARGE, *more).pdf)
    assert [page.count("Dear Mayor") for page in pages] == [0, times]


def test_the_name_of_a_file_says_what_it_is_printed_on(bench: Bench) -> None:
    names = [
        bench.build("--layout", layout, LARGE).files[0].name
        for layout in ("postcard", "double-card")
    ]
    assert names == [
        "river.en.postcard.a4.large-print.pdf",
        "river.en.double-card.a4.large-print.pdf",
    ]


def test_what_a_letter_in_another_language_says_has_a_leaf_of_its_own(bench: Bench) -> None:
    action = f"{ACTION}  - id: minister\n    lines: [The Minister]\n    country: FR\n"
    write_action(bench.root, action=action)
    french = {"title": "Le fleuve", "salutation": "Monsieur,", "closing": "Cordialement,"}
    reviewed = {"status": "reviewed", "reviewer": "Ada"}
    write_action(bench.root, action=action, fields={**french, **reviewed}, tag="fr")
    ran = bench.build("--layout", "double-card", LARGE, "--lang", "en", "--letter-lang", "fr")
    assert ran.errors == []
    pages = page_texts(ran.pdf)
    assert ["Keep this part" in page for page in pages] == [True, False, False, False] * 2
    assert ["What you sign" in page for page in pages] == [False, False, True, False] * 2
    assert "Dear Mayor" in pages[2]
    assert [pages[at] for at in (3, 7)] == ["", ""]


@pytest.mark.parametrize(
    ("notes", "case", "shown"),
    [
        (20, 20, ["back"]),
        (60, 20, ["front"]),  # too long for their column, and there is room below the case
        (60, 50, ["leaf"]),
    ],
    ids=["beside", "below", "leaf"],
)
def test_notes_on_safety_stand_where_there_is_room(
    bench: Bench, notes: int, case: int, shown: list[str]
) -> None:
    sections = {"briefing": words(case), "ask": words(case)}
    write_action(bench.root, fields={"safety_notes": words(notes)}, sections=sections)
    ran = bench.build("--layout", "double-card", LARGE)
    assert ran.errors == []
    sides = zip(("front", "back", "leaf", "blank"), page_texts(ran.pdf), strict=False)
    assert [side for side, said in sides if "BEFORE YOU WRITE" in said.upper()] == shown


def test_what_to_do_has_a_leaf_of_its_own_where_it_is_long(bench: Bench) -> None:
    sections = {"briefing": words(40), "ask": words(150, stem="action")}
    write_action(bench.root, sections=sections)
    ran = bench.build("--layout", "double-card", LARGE)
    assert ran.errors == []
    front, back, leaf, blank = page_texts(ran.pdf)
    assert ["action149" in said for said in (front, back, leaf, blank)] == [
        False,
        False,
        True,
        False,
    ]
    assert "Keep this part" in front
    assert "Take action" in leaf


def photo_of(pdf: bytes) -> tuple[float, float]:
    """The size of the picture, mm."""
    with File(pdf) as file, file.page(1) as page:
        (picture,) = (mark for mark in page.marks if mark.kind == "image")
    return picture.box.width, picture.box.height


@pytest.mark.parametrize(
    ("summary", "height"), [("The river is theirs.", 80), (" ".join(["river"] * 72), 0.5 * 80)]
)
def test_a_picture_gives_way_to_words(bench: Bench, summary: str, height: float) -> None:
    # What people are asked to do would take some of its room.
    action = f"{PICTURE}safety: {{religion: false}}\n"
    folder = write_action(bench.root, action=action, fields={"summary": summary})
    Image.new("RGB", (1600, 1200), "gray").save(folder / "a.png")
    ran = bench.build("--layout", "postcard", "--impose", "none", LARGE)
    assert ran.errors == []
    assert photo_of(ran.pdf) == pytest.approx((height * 4 / 3, height), abs=0.1)


# ----------------------------------------------------------------------------- where the post looks


@ON_EACH
def test_the_address_stands_where_posts_read_it(
    layout: str, paper: str, card: tuple[float, float]
) -> None:
    box = geometry(layout, paper).address
    for piece in posted(layout, paper):
        for zone in address_zones().values():
            assert zone.box(piece.packet().size).contains(box), zone.name


@pytest.mark.parametrize(("country", "codes"), [("US", ["post-zone"]), ("DE", [])])
def test_an_address_too_high_on_a_large_card_is_told(
    bench: Bench, country: str, codes: list[str]
) -> None:
    own(
        bench,
        "postcard",
        ('"max(43, card_height - 69)"', "43"),
        ('address_bottom = "card_height - 17"', 'address_bottom = "min(90, card_height - 17)"'),
    )
    asked = ("--layout", "postcard", "--impose", "none", "--sender-country", country)
    ran = bench.run("build", "river", *asked, LARGE)
    assert ran.errors == codes
    told = [found["message"] for found in ran.findings if found["code"] == "post-zone"]
    assert all("outside the top of where the post reads it (USPS" in one for one in told)
    # Small cards are low enough for both.
    assert bench.run("build", "river", *asked).errors == []


@ON_EACH
def test_words_stand_beside_what_posts_keep_free(
    layout: str, paper: str, card: tuple[float, float]
) -> None:
    for piece in posted(layout, paper):
        stamp = piece.panel("stamp")
        assert stamp is not None
        assert len(piece.clear) == 3
        for zone in piece.clear:
            assert zone.name != "stamp" or zone.box.contains(stamp.box)
            for panel in piece.panels:
                assert panel.name in ("stamp", "kept") or not panel.box.overlaps(zone.box)


# ------------------------------------------------------------------------------------ what it costs


@pytest.mark.parametrize(
    ("country", "says"),
    [
        ("DE", "Deutsche Post, Postkarte: 14 to 23.5 cm by 9 to 12.5 cm"),
        ("US", "USPS Domestic Mail Manual 201.1.2.1: 6 × 4 1/4 in at most"),
        ("FR", "Universal Postal Union, Letter Post Regulations: postcards 120 × 235 at most"),
    ],
)
@pytest.mark.parametrize(("layout", "height"), [("postcard", "148"), ("double-card", "148.5")])
def test_a_large_card_is_said_to_be_a_letter(
    bench: Bench, layout: str, height: str, country: str, says: str
) -> None:
    ran = bench.run("build", "river", "--layout", layout, LARGE, "--sender-country", country)
    found = ran.only("letter-postage")
    assert found["severity"] == "warning"
    assert found["message"] == f"a card of 210 × {height} mm is a letter for the post ({says})"
    assert found["cure"] == "post it with the stamp of a letter, and tell whoever posts it"
    assert bench.build("--layout", layout).codes == []


def test_a_large_card_costs_what_a_card_costs_where_cards_are_letters(bench: Bench) -> None:
    ran = bench.run("build", "river", "--layout", "postcard", LARGE, "--sender-country", "GB")
    assert ran.codes == []


def test_a_small_card_may_be_too_large_for_the_strictest_post(bench: Bench) -> None:
    # 4 1/4 in are 107.95 mm, and 107 are a card in Japan.
    asked = ("build", "river", "--layout", "postcard", "--sender-country", "JP", "--paper")
    assert bench.run(*asked, "letter").codes == ["letter-postage"]
    assert "letter-postage" not in bench.run(*asked, "a4").codes


def test_each_country_has_one_largest_card() -> None:
    countries = [country for size in card_sizes().values() for country in size.countries]
    assert len(countries) == len(set(countries))
    assert [size.name for size in card_sizes().values() if not size.countries] == [
        card_size_for(None).name
    ]
    assert card_size_for("JP").source.startswith("Japan Post")


# ---------------------------------------------------------------------------------- what is refused


def test_a_paper_of_small_cards_is_refused_with_those_of_large_ones(bench: Bench) -> None:
    found = bench.build("--layout", "postcard", LARGE, "--paper", "a6").only("bad-value")
    assert found["message"] == "layout 'postcard' is not made for A6 in large print"
    assert found["cure"] == "it is made for: a4, letter, a5, half-letter"


def test_the_kit_on_a_paper_has_the_layouts_that_are_large_on_it() -> None:
    assert "postcard" in layouts_for(SHELF, "a5", (LARGE_PRINT,))[0]
    assert "postcard" in layouts_for(SHELF, "a5")[1]
    assert "double-card" in layouts_for(SHELF, "a5", (LARGE_PRINT,))[1]
    assert "double-card" in layouts_for(SHELF, "a5")[0]


@pytest.mark.parametrize("layout", ["postcard", "double-card"])
def test_a_card_of_too_many_words_is_told(bench: Bench, layout: str) -> None:
    write_action(bench.root, sections={"card": words(120)})
    found = bench.build("--layout", layout, LARGE).only("letter-too-long")
    assert found["message"].endswith(f" lines too long for '{layout}' in large print")
    write_action(bench.root, sections={"card": words(60)})
    assert bench.build("--layout", layout, LARGE).errors == []


PLAN = """\
name: large
sender_country: DE
large_print: true
layout: LAYOUT
paper: PAPER
packs:
  - {action: river, copies: 3}
"""


@pytest.mark.parametrize(("layout", "paper"), [("postcard", "letter"), ("double-card", "a4")])
def test_a_batch_of_large_cards_is_good(bench: Bench, layout: str, paper: str) -> None:
    plan = PLAN.replace("LAYOUT", layout).replace("PAPER", paper)
    (bench.root / "plan.yaml").write_text(plan, encoding="utf-8")
    ran = bench.run("batch", "plan.yaml")
    assert ran.codes == ["letter-postage"]
    volume = next(path for path in ran.files if path.name == "volume-001.pdf")
    with pikepdf.open(volume) as file:
        heights = {round(pt_to_mm(float(page.mediabox[3])), 1) for page in file.pages}
    assert heights == {279.4 if paper == "letter" else 297.0}
    assert bench.run("check", str(volume)).errors == []


def test_a_plan_is_told_that_large_cards_want_other_papers(bench: Bench) -> None:
    plan = PLAN.replace("LAYOUT", "postcard").replace("PAPER", "a6")
    (bench.root / "plan.yaml").write_text(plan, encoding="utf-8")
    found = bench.run("batch", "plan.yaml").only("bad-value")
    assert found["message"].endswith("layout 'postcard' is not made for the paper 'a6'")
    assert found["cure"] == "it is made for: a4, letter, a5, half-letter"


# ----------------------------------------------------------------------- as a layout says it itself


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (
            'variants = ["large-print", ',
            "variants = [",
            "there is a table 'large_print', and 'variants' does not name 'large-print'",
        ),
        ('"a5", "half-letter"]\nimpose', '"a55"]\nimpose', "'a55' is no paper"),
        ("[large_print]\n", "[large_print]\nsheets = 2\n", "'large_print.sheets' is not known"),
        ("[large_print]\n", "[large_print]\npapers = []\n#", "'large_print.papers' names no paper"),
        ('{ scheme = "repeat-1x2", ', "{ ", "'large_print.impose.scheme' is missing"),
    ],
)
def test_what_is_wrong_with_the_table_is_told_with_its_line(
    bench: Bench, before: str, after: str, says: str
) -> None:
    folder = own(bench, "postcard", (before, after))
    with pytest.raises(Rejected) as caught:
        read_layout(Jail(root=folder, name="layouts/postcard"))
    assert says in [found.message for found in caught.value.findings]
    assert all(found.place.line for found in caught.value.findings)


def test_check_puts_large_pages_on_their_sheets(bench: Bench) -> None:
    own(bench, "postcard", ("repeat-1x2", "repeat-2x2"))
    ran = bench.run("check", "postcard")
    assert ran.code == 1
    assert {found["file"] for found in ran.findings} == {"layouts/postcard/layout.toml"}
    assert "correct its table [impose]" in ran.findings[0]["cure"]


def test_check_tries_large_cards_on_all_their_papers(bench: Bench) -> None:
    folder = own(bench, "postcard")
    with (folder / "style.css").open("a", encoding="utf-8") as file:
        file.write(".large-print .closing { font-size: 15pt; }")
    (found,) = bench.run("check", "postcard").findings
    assert found["code"] == "small-print"
    # The long sample on each of four papers, and two others on the first.
    assert found["message"].endswith("(sample 'long', a4, --large-print and 5 more)")
