"""Labels and envelopes: pages for plain envelopes and for addresses too long for a window."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image
from projects import ACTION, Bench, page_texts, write_action
from verapdf import validate

from actionpack.layouts import find_layout, read_layout, resolve
from actionpack.model import Geometry
from actionpack.paper import envelopes, stocks
from actionpack.postal import clear_zones
from actionpack.store import Jail
from actionpack.units import mm_to_pt, pt_to_mm

LAYOUTS = Path(__file__).resolve().parents[1] / "layouts"
SHELF = (Jail(root=LAYOUTS, name="layouts"),)
ADDRESS = ("The Mayor", "City Hall", "100017 Beijing", "CINA")
TWO_TARGETS = (
    ACTION
    + """
  - id: minister
    lines: [The Minister, Ministry of Justice, 1 Long Street, 75001 Paris]
    country: FR
"""
)


def geometry(layout: str, paper: str) -> Geometry:
    return resolve(read_layout(find_layout(SHELF, layout)), paper, "none")


def line_boxes(pdf: bytes, page: int = 0) -> list[tuple[str, float, float, float, float]]:
    """Every line of a page with its ink: text, left, top, right, bottom, mm from the top left."""
    opened = pypdfium2.PdfDocument(pdf)[page]
    text, height = opened.get_textpage(), opened.get_height()
    found = []
    for at in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(at)
        words = text.get_text_bounded(left, bottom, right, top)
        box = (left, height - top, right, height - bottom)
        found.append((words.strip(), *(pt_to_mm(edge) for edge in box)))
    return found


# ---------------------------------------------------------------------------------------- labels


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_a_label_sheet_holds_the_address_twenty_one_times(bench: Bench, paper: str) -> None:
    ran = bench.build("--layout", "labels", "--paper", paper)
    assert (ran.code, ran.findings) == (0, ())
    assert ran.files == (Path(f"out/river.en.labels.{paper}.pdf"),)
    (page,) = page_texts(ran.pdf)
    assert page.count(" ".join(ADDRESS)) == 21


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_every_line_of_a_label_stands_inside_its_own_label(bench: Bench, paper: str) -> None:
    numbers = dict(geometry("labels", paper).lengths)
    lines = [
        line
        for line in line_boxes(bench.build("--layout", "labels", "--paper", paper).pdf)
        if line[0] in ADDRESS
    ]
    assert len(lines) == 21 * len(ADDRESS)
    for text, left, top, right, bottom in lines:
        column = int((left - numbers["label_left"]) // (numbers["label_width"] + 2.54))
        row = int((top - numbers["label_top"]) // numbers["label_height"])
        edge = numbers["label_left"] + column * (numbers["label_width"] + 2.54)
        head = numbers["label_top"] + row * numbers["label_height"]
        assert left >= edge + 3.4, text
        assert right <= edge + numbers["label_width"] - 3.4, text
        assert top >= head + 3, text
        assert bottom <= head + numbers["label_height"] - 3, text


def test_labels_meet_the_stock_that_is_sold_with_3_by_7_of_63_5_by_38_1_mm() -> None:
    numbers = dict(geometry("labels", "a4").lengths)
    # 2 × 7.21 + 3 × 63.5 + 2 × 2.54 = 210; 2 × 15.15 + 7 × 38.1 = 297.
    assert numbers["label_width"] == pytest.approx(63.5, abs=0.01)
    assert numbers["label_height"] == pytest.approx(38.1, abs=0.01)
    assert numbers["label_top"] == pytest.approx(15.15, abs=0.01)


def test_each_target_has_a_sheet_of_labels(bench: Bench) -> None:
    write_action(bench.root, action=TWO_TARGETS)
    mayor, minister = page_texts(bench.build("--layout", "labels").pdf)
    assert mayor.count("The Mayor") == 21
    assert minister.count("The Minister") == 21
    assert "The Mayor" not in minister


def test_an_address_too_long_for_a_label_is_refused_by_its_line(bench: Bench) -> None:
    long = "The Extraordinarily Long Title Of A Directorate General For Rivers And Waterways"
    write_action(bench.root, action=ACTION.replace("The Mayor", long))
    ran = bench.build("--layout", "labels")
    found = ran.only("address-too-long")
    assert (ran.code, ran.files) == (1, ())
    assert f"'{long}' is " in found["message"]
    assert "mm too wide for 'labels' at 8 pt" in found["message"]
    assert found["file"] == "content/river/action.yaml"
    assert found["cure"] == (
        "cut it into two lines, or print it on envelopes: build with --layout envelope"
    )
    larger = bench.build("--layout", "envelope").only("address-too-long")
    assert larger["cure"] == "cut it into two lines, or take a larger envelope"


def test_a_long_title_stays_above_the_labels(bench: Bench) -> None:
    write_action(bench.root, fields={"title": "The river defenders " * 10})
    assert bench.build("--layout", "labels").findings == ()


# ------------------------------------------------------------------------------------- envelopes


@pytest.mark.parametrize("paper", sorted(envelopes()))
def test_every_envelope_can_be_printed_on(bench: Bench, paper: str) -> None:
    ran = bench.build("--layout", "envelope", "--paper", paper)
    assert (ran.code, ran.findings) == (0, ())
    (page,) = page_texts(ran.pdf)
    assert page == " ".join(ADDRESS)
    size = pypdfium2.PdfDocument(ran.pdf)[0].get_size()
    stock = stocks()[paper].size
    assert size == pytest.approx((mm_to_pt(stock.width), mm_to_pt(stock.height)), abs=0.05)


@pytest.mark.parametrize("paper", sorted(envelopes()))
def test_nothing_on_an_envelope_stands_where_the_post_wants_nothing(paper: str) -> None:
    found = geometry("envelope", paper)
    (piece,) = found.of_form("front")
    for zone in clear_zones().values():
        for panel in piece.panels:
            assert not panel.box.overlaps(zone.box(found.envelope)), (zone.name, panel.name)


@pytest.mark.parametrize("paper", sorted(envelopes()))
def test_seven_lines_fit_on_every_envelope(paper: str) -> None:
    box = geometry("envelope", paper).address
    assert box.height >= 7 * pt_to_mm(10 * 1.22)
    assert box.width >= 75


def test_the_sender_is_printed_where_one_is_set_and_not_otherwise(bench: Bench) -> None:
    ran = bench.build("--layout", "envelope", "--set", "sender=Maria Rossi", "--set", "sender=Roma")
    (page,) = page_texts(ran.pdf)
    assert sorted(page.split()) == sorted(["Maria", "Rossi", "Roma", *" ".join(ADDRESS).split()])
    assert ran.findings == ()


def test_a_sender_who_must_not_be_named_is_not_on_the_envelope(bench: Bench) -> None:
    write_action(bench.root, action=ACTION + "safety: {sender: initials}\n")
    ran = bench.build("--layout", "envelope", "--set", "sender=Maria Rossi")
    assert "Maria" not in "".join(page_texts(ran.pdf) if ran.files else [])


@pytest.mark.parametrize("layout", ["labels", "envelope"])
def test_they_are_accessible_and_archivable(bench: Bench, layout: str) -> None:
    pdf = bench.build("--layout", layout).pdf
    assert validate(pdf, "ua1") == ()
    assert validate(pdf, "2a") == ()


# --------------------------------------------------------------------------------------- options


def test_a_window_is_refused_for_pages_that_need_none(bench: Bench) -> None:
    ran = bench.build("--layout", "envelope", "--window", "nf")
    assert ran.code == 1
    assert ran.only("bad-value")["message"] == (
        "--window nf: layout 'envelope' is for plain envelopes"
    )
    assert ran.only("bad-value")["cure"] == "leave the option out"


def test_all_layouts_are_built_each_with_what_is_for_it(bench: Bench) -> None:
    # The window is for the letter, the group and the sender for some layouts each.
    ran = bench.build(
        *("--layout", "all", "--window", "nf", "--strict"),
        *("--set", "group=Roma 12", "--set", "sender=Maria Rossi"),
    )
    assert (ran.code, ran.findings) == (0, ())
    files = [path for path in ran.files if "contact-sheet" not in path.name]
    texts = {path.name: " ".join(page_texts(path.read_bytes())) for path in files}
    assert set(texts) == {
        "river.en.letter.a4.pdf",
        "river.en.labels.a4.pdf",
        "river.en.envelope.dl.pdf",
        "river.en.petition.a4.pdf",
        "river.en.poster.a3.pdf",
        "river.en.selfmailer.a4.pdf",
        "river.en.tally.a4.pdf",
        "river.en.handout.a4.pdf",
        "river.en.postcard.a4.pdf",
        "river.en.double-card.a4.pdf",
    }
    assert {name.split(".")[2] for name, text in texts.items() if "Roma 12" in text} == {
        "letter", "petition", "poster", "selfmailer", "tally", "handout", "double-card",
    }  # fmt: skip
    with_sender = {name.split(".")[2] for name, text in texts.items() if "Maria Rossi" in text}
    assert with_sender >= {"letter", "envelope", "postcard", "double-card"}


def test_what_is_for_none_of_several_layouts_is_refused(bench: Bench) -> None:
    ran = bench.build("--layout", "all", "--set", "grup=Roma 12")
    assert (ran.code, ran.files) == (1, ())
    assert sorted(found["message"] for found in ran.findings) == [
        f"--set grup: layout '{name}' has no such field"
        for name in (
            *("double-card", "envelope", "handout", "labels", "letter", "petition", "postcard"),
            *("poster", "selfmailer", "tally"),
        )
    ]
    both = bench.build("--layout", "labels", "--layout", "envelope", "--window", "nf")
    assert (both.code, both.errors) == (1, ["bad-value", "bad-value"])


def test_a_layout_named_twice_is_built_once(bench: Bench) -> None:
    ran = bench.build("--layout", "labels", "--layout", "labels")
    assert ran.files == (Path("out/river.en.labels.a4.pdf"),)


@pytest.mark.parametrize("layout", ["labels", "envelope"])
def test_pictures_of_the_action_are_left_to_layouts_that_print_them(
    bench: Bench, layout: str
) -> None:
    folder = write_action(
        bench.root, action=ACTION + "images: [{file: river.png, alt: {en: A river}}]\n"
    )
    Image.new("RGB", (1500, 900), (90, 120, 150)).save(folder / "river.png")
    ran = bench.build("--layout", layout)
    assert (ran.code, ran.findings) == (0, ())


def test_all_layouts_on_a_paper_are_those_made_for_it(bench: Bench) -> None:
    ran = bench.build("--layout", "all", "--paper", "letter")
    assert {path.name for path in ran.files if "contact-sheet" not in path.name} == {
        f"river.en.{name}.letter.pdf"
        for name in (
            *("double-card", "handout", "labels", "letter", "petition", "postcard", "poster"),
            *("selfmailer", "tally"),
        )
    }


def test_an_address_too_long_for_a_window_names_the_nearest_that_shows_it(bench: Bench) -> None:
    lines = "[The Mayor, City Hall, First Floor, Second Door, 100017 Beijing]"
    write_action(bench.root, action=ACTION.replace("[The Mayor, City Hall, 100017 Beijing]", lines))
    found = bench.build("--window", "no-c5").only("address-too-long")
    assert found["message"] == (
        "the address of 'mayor' has 6 lines with the country; the window 'no-c5' has room for 5"
    )
    assert found["cure"] == (
        "join lines, or take the nearest window that shows all of it: --window c5-left"
    )
    assert bench.build("--window", "c5-left").findings == ()


def test_an_address_too_long_for_every_window_is_sent_to_envelopes(
    bench: Bench,
) -> None:
    lines = ", ".join(f"Line {number} of the address" for number in range(11))
    write_action(
        bench.root,
        action=ACTION.replace("The Mayor, City Hall, 100017 Beijing", lines),
    )
    found = bench.build("--window", "dl-left").only("address-too-long")
    assert found["cure"] == "join lines, or print it on envelopes: build with --layout envelope"
    # It is a cure.
    assert bench.build("--layout", "envelope").code == 0


def test_rules_of_a_posting_service_are_no_window_to_build_for(bench: Bench) -> None:
    ran = bench.build("--window", "notify-uk")
    assert ran.code == 2
    found = ran.only("bad-value")
    assert found["message"] == "--window 'notify-uk' has no envelope to fold a sheet for"
    assert found["cure"].startswith("it is for actionpack check; build for one of: din-5008-a")


# ------------------------------------------------------------------------------ what is asked for


@pytest.mark.parametrize(
    ("layout", "duplex"),
    [("letter", "/DuplexFlipLongEdge"), ("labels", "/Simplex"), ("envelope", "/Simplex")],
)
def test_a_file_asks_the_printer_for_its_size_and_its_sides(
    bench: Bench, layout: str, duplex: str
) -> None:
    made = bench.build("--layout", layout).pdf
    with pikepdf.open(io.BytesIO(made)) as document:
        wishes = document.Root.ViewerPreferences
        assert (str(wishes.PrintScaling), str(wishes.Duplex)) == ("/None", duplex)
        assert wishes.DisplayDocTitle
    assert validate(made, "ua1") == ()
