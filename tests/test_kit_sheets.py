"""Petition, tally sheet, poster and self-mailer: what stands on them, on every paper, both ways."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import PIL.Image
import pypdfium2
import pytest
from projects import ACTION, Bench, page_texts, words, write_action
from specimens import write_specimen
from test_address_sheets import geometry, line_boxes
from verapdf import validate

from actionpack.layouts import find_layout, read_layout
from actionpack.paper import stocks
from actionpack.piece import Piece
from actionpack.postal import address_zones, clear_zones
from actionpack.preflight.reader import File
from actionpack.qr import encode
from actionpack.store import Jail
from actionpack.units import mm_to_pt

ROOT = Path(__file__).resolve().parents[1]
SHELF = (Jail(root=ROOT / "layouts", name="layouts"),)
LAYOUTS = ("petition", "poster", "selfmailer", "tally")
PRODUCTS = [
    (layout, paper)
    for layout in LAYOUTS
    for paper in read_layout(find_layout(SHELF, layout)).papers
]
PAGES = {"petition": 2, "poster": 1, "selfmailer": 4, "tally": 1}
MORE_TARGETS = """
  - id: minister
    lines: [The Minister, Ministry of Justice, 1 Long Street, 75001 Paris]
    country: FR
  - id: company
    lines: [The Head, Valley Power, 2 Quay, 75001 Paris]
    country: FR
"""
PICTURES = """
images:
  - {file: images/1.jpg, alt: {en: A valley}, credit: "Drawing: one"}
  - {file: images/2.jpg, alt: {en: A window}, credit: "Drawing: two"}
  - {file: images/3.jpg, alt: {en: A valley}, credit: "Drawing: three"}
"""
LONG_TITLE = "The story of the river defenders who were taken from their homes by the water " * 2


def with_pictures(bench: Bench, action: str = ACTION) -> None:
    folder = write_action(bench.root, action=action + PICTURES) / "images"
    folder.mkdir()
    drawings = ROOT / "content" / "ombrovia-paper-boats" / "images"
    for number, name in enumerate(("valley", "window", "valley"), 1):
        shutil.copy(drawings / f"{name}.jpg", folder / f"{number}.jpg")


def numbers_of(layout: str, paper: str) -> dict[str, float]:
    return dict(geometry(layout, paper).lengths)


# ----------------------------------------------------------------------------------------- all


def test_they_are_made_for_sheets_of_both_worlds() -> None:
    papers = {layout: {paper for name, paper in PRODUCTS if name == layout} for layout in LAYOUTS}
    assert papers.pop("poster") == {"a3", "tabloid", "a4", "letter"}
    assert set(map(frozenset, papers.values())) == {frozenset({"a4", "letter"})}


@pytest.mark.parametrize("tag", ["en", "ar", "ur"])
@pytest.mark.parametrize(("layout", "paper"), PRODUCTS)
def test_every_sheet_is_made_on_its_papers_in_both_directions(
    bench: Bench, layout: str, paper: str, tag: str
) -> None:
    write_specimen(bench.root, tag)
    ran = bench.run(
        *("build", "declaration", "--sender-country", "US", "--lang", tag),
        *("--layout", layout, "--paper", paper),
    )
    assert (set(ran.codes) - {"missing-translation"}, ran.code) == (set(), 0)
    stock = stocks()[paper].size
    pages = list(pypdfium2.PdfDocument(ran.pdf))
    assert len(pages) == PAGES[layout]
    for page in pages:
        size = (mm_to_pt(stock.width), mm_to_pt(stock.height))
        assert page.get_size() == pytest.approx(size, abs=0.05)


@pytest.mark.parametrize("tag", ["de", "hi", "my", "th", "zh-Hans"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_sheet_is_made_in_other_scripts(bench: Bench, layout: str, tag: str) -> None:
    write_specimen(bench.root, tag)
    ran = bench.run(
        *("build", "declaration", "--sender-country", "US", "--lang", tag, "--layout", layout),
    )
    assert (set(ran.codes) - {"missing-translation"}, ran.code) == (set(), 0)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_sheet_is_accessible_and_archivable(bench: Bench, layout: str) -> None:
    pdf = bench.build("--layout", layout).pdf
    assert validate(pdf, "ua1") == ()
    assert validate(pdf, "2a") == ()


@pytest.mark.parametrize("sender", ["full", "initials", "none"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_sheet_is_made_under_every_rule_for_senders_without_a_web_address(
    bench: Bench, layout: str, sender: str
) -> None:
    action = ACTION.replace("online: https://www.example.org/act/river", "online: none")
    write_action(bench.root, action=f"{action}safety: {{sender: {sender}}}\n")
    ran = bench.build("--layout", layout)
    assert (ran.code, ran.findings) == (0, ())
    assert "scan to act online" not in " ".join(page_texts(ran.pdf)).lower()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_sheet_is_made_for_several_targets_with_three_pictures_and_long_words(
    bench: Bench, layout: str
) -> None:
    write_action(bench.root, fields={"title": LONG_TITLE, "quote": {"text": LONG_TITLE}})
    with_pictures(bench, ACTION + MORE_TARGETS)
    write_action(
        bench.root,
        action=ACTION + MORE_TARGETS + PICTURES,
        fields={"title": LONG_TITLE.strip(), "summary": LONG_TITLE.strip()},
        sections={"letter": words(250), "ask": "Write to all three, and be polite. " * 4},
    )
    ran = bench.build("--layout", layout)
    assert (ran.code, ran.errors) == (0, [])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_words_that_find_no_room_are_told_and_never_cut(bench: Bench, layout: str) -> None:
    write_action(bench.root, fields={"title": LONG_TITLE * 14}, sections={"ask": words(900)})
    ran = bench.build("--layout", layout)
    assert ran.code == 1
    assert {"overflow", "lost-text"} & set(ran.errors)


# ------------------------------------------------------------------------------------- petition


def rows(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"(?<= )\d{1,3}(?= )", text)]


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_both_sides_say_what_is_asked_and_the_rows_go_on(bench: Bench, paper: str) -> None:
    pdf = bench.build("--layout", "petition", "--paper", paper).pdf
    front, back = page_texts(pdf)
    for side in (front, back):
        for said in ("The river defenders", "Write to the mayor and ask for their release.",
                     "The Mayor", "31 December 2027", "Name", "Town", "Signature"):  # fmt: skip
            assert said in side
    lines = [text for page in (0, 1) for text, left, *_ in line_boxes(pdf, page) if left < 45]
    numbers = [int(text) for text in lines if text.isdecimal()]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(("variant", "least_mm"), [((), 9), (("--large-print",), 12)])
@pytest.mark.parametrize(("tag", "paper"), [("en", "a4"), ("ta", "letter"), ("my", "letter")])
def test_rows_have_all_the_room_that_words_leave(
    bench: Bench, tag: str, paper: str, variant: tuple[str, ...], least_mm: float
) -> None:
    write_specimen(bench.root, tag)
    asked = ("build", "declaration", "--lang", tag, "--layout", "petition", "--paper", paper)
    ran = bench.run(*asked, *variant, "--sender-country", "DE")
    assert ran.errors == []
    lines = line_boxes(ran.pdf)
    numbers = [top for text, left, top, *_ in lines if left < 45 and text.isdecimal()]
    high = (numbers[-1] - numbers[0]) / (len(numbers) - 1)
    assert least_mm - 0.01 < high < least_mm * 1.5
    # Rows give way in steps of 9 mm: what is left above the lowest line allowed is less than one.
    lowest = numbers_of("petition", paper)["bottom"]
    assert lowest - 9 - 1 < max(bottom for *_, bottom in lines) <= lowest
    # What is aside stands below all else, at the beginning of its line.
    left, top = next((left, top) for text, left, top, *_ in lines if text.startswith("Text: "))
    assert left == pytest.approx(15, abs=0.5)
    assert top > numbers[-1] + 12


@pytest.mark.parametrize(
    ("sender", "there", "gone"),
    [
        ("full", ("Name", "Town", "Signature"), ("Initials",)),
        ("initials", ("Initials", "Town", "Give no full name"), ("Signature", "Name")),
        ("none", ("Make a cross in a box.",), ("Name", "Initials", "Town", "Signature")),
    ],
)
def test_nobody_is_asked_for_more_than_the_safety_rule_allows(
    bench: Bench, sender: str, there: tuple[str, ...], gone: tuple[str, ...]
) -> None:
    write_action(bench.root, action=f"{ACTION}safety: {{sender: {sender}}}\n")
    for page in page_texts(bench.build("--layout", "petition").pdf):
        assert [said for said in there if said not in page] == []
        assert [said for said in gone if re.search(rf"\b{said}\b", page)] == []


def test_the_more_is_asked_the_fewer_rows_there_are(bench: Bench) -> None:
    def count() -> int:
        lines = line_boxes(bench.build("--layout", "petition").pdf)
        return max(int(text) for text, left, *_ in lines if left < 45 and text.isdecimal())

    few = count()
    write_action(bench.root, sections={"ask": "Ask for their release, and be polite. " * 20})
    assert 3 <= count() < few


def test_an_ask_that_is_too_long_for_a_petition_is_the_one_to_shorten(bench: Bench) -> None:
    write_action(bench.root, sections={"ask": words(420)})
    ran = bench.build("--layout", "petition")
    assert ran.code == 1
    assert ran.only("overflow")["cure"] == "shorten 'ask' first, or another text of that column"


# ---------------------------------------------------------------------------------------- tally


def test_letters_are_counted_in_every_language_of_the_action(bench: Bench) -> None:
    shutil.copytree(
        ROOT / "content" / "china-uyghur-families", bench.root / "content/china-uyghur-families"
    )
    ran = bench.run("build", "china-uyghur-families", "--lang", "en", "--layout", "tally")
    (page,) = page_texts(ran.pdf)
    for name in ("Arabic", "German", "Uyghur", "Chinese (Simplified)"):
        assert name in page
    assert page.count("Total") == 2


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_the_return_form_hangs_below_the_cut_with_a_code_of_its_source(
    bench: Bench, paper: str
) -> None:
    ran = bench.build("--layout", "tally", "--paper", paper, "--set", "source=roma-12")
    numbers = numbers_of("tally", paper)
    told = {text: (top, bottom) for text, _, top, _, bottom in line_boxes(ran.pdf)}
    assert told["Return form"][0] > numbers["cut"] + 2
    assert told["The form below is sent back."][1] < numbers["cut"] - 2
    (path,) = ran.files
    (item,) = bench.run("check", str(path)).items
    assert [code["text"] for code in item["codes"]] == [
        "https://www.example.org/act/river?source=roma-12"
    ]


# --------------------------------------------------------------------------------------- poster


@pytest.mark.parametrize(
    ("paper", "distance_mm"), [("a3", 2000), ("tabloid", 2000), ("a4", 1000), ("letter", 1000)]
)
@pytest.mark.parametrize("path", ["x", "act/river", "a" * 35])
def test_a_code_is_a_tenth_as_wide_as_it_is_read_from_afar(
    bench: Bench, paper: str, distance_mm: float, path: str
) -> None:
    url = f"https://www.example.org/{path}"
    write_action(bench.root, action=ACTION.replace("https://www.example.org/act/river", url))
    ran = bench.build("--layout", "poster", "--paper", paper)
    assert (ran.code, ran.findings) == (0, ())
    assert f"can be scanned from {distance_mm / 1000:g} m" in page_texts(ran.pdf)[0]
    (path_made,) = ran.files
    (item,) = bench.run("check", str(path_made)).items
    (code,) = item["codes"]
    # Its side without the quiet zone. A module is told to a hundredth, a side measured to a pixel.
    side = encode(url).side
    assert code["module_mm"] * side >= distance_mm / 10 - 0.005 * side - 0.1


def test_a_code_too_small_for_its_distance_is_told(bench: Bench) -> None:
    shutil.copytree(ROOT / "layouts" / "poster", bench.root / "layouts" / "poster")
    file = bench.root / "layouts" / "poster" / "layout.toml"
    wide = 'code = "reading / 10 * 33 / 25 + 0.4"'
    assert wide in file.read_text()
    # 33 modules and twice 4 in 230 mm: 5.61 mm each, and 200 ÷ 33 = 6.06 are wanted, 4.85 needed.
    file.write_text(file.read_text().replace(wide, "code = 230"))
    write_action(bench.root, action=ACTION.replace("/act/river", "/act/river-defenders-of-2027"))
    found = bench.build("--layout", "poster", "--paper", "a3").only("qr-module-size")
    assert found["severity"] == "warning"
    assert found["message"].endswith("mm, 6.06 mm is wanted for reading from 2 m")
    # 41 × 200 ÷ 33 = 248.48
    assert found["cure"] == "make the slot 248.5 mm"
    file.write_text(file.read_text().replace("code = 230", "code = 190"))
    found = bench.build("--layout", "poster", "--paper", "a3").only("qr-module-size")
    assert (found["severity"], found["message"].rpartition(", ")[2]) == (
        "error",
        "the least is 4.85 mm for reading from 2 m",
    )


def test_words_on_a_poster_shrink_in_steps_until_they_fit(bench: Bench) -> None:
    def title_height(title: str) -> float:
        write_action(bench.root, fields={"title": title})
        lines = line_boxes(bench.build("--layout", "poster", "--paper", "a3").pdf)
        return next(bottom - top for text, _, top, _, bottom in lines if text in title)

    short, long = title_height("Free them"), title_height(LONG_TITLE.strip())
    assert short > 20 > long > 5


@pytest.mark.parametrize(("high", "is_below"), [(800, True), (2400, False)])
def test_what_to_do_stands_below_a_low_picture_of_a_poster_and_beside_a_high_one(
    bench: Bench, high: int, *, is_below: bool
) -> None:
    action = f"{ACTION}images: [{{file: a.png, alt: {{en: A river}}}}]\n"
    quote = {"text": words(3, "wave"), "by": "Somebody"}
    folder = write_action(bench.root, action=action, fields={"quote": quote})
    PIL.Image.new("RGB", (1600, high), "gray").save(folder / "a.png")
    ran = bench.build("--layout", "poster", "--paper", "a4")
    assert ran.errors == []
    with File(ran.pdf) as file, file.page(1) as page:
        (picture,) = [mark.box for mark in page.marks if mark.kind == "image"]
        asked = next(
            m.box for m in page.marks if m.kind == "text" and m.text.startswith("Write to")
        )
    assert (asked.top > picture.bottom) == is_below


def test_a_poster_prints_one_picture_and_no_second(bench: Bench) -> None:
    with_pictures(bench)
    ran = bench.build("--layout", "poster")
    assert (ran.code, ran.findings) == (0, ())
    (page,) = page_texts(ran.pdf)
    assert "Drawing: one" in page
    assert "Drawing: two" not in page


@pytest.mark.parametrize(
    ("ask", "there", "gone"),
    [
        ("Write to Dr. Xi.\n\nBe polite.", "Write to Dr. Xi.", "Be polite"),
        ("Ask the mayor:\n\n- to free them;\n- to stop.", "to free them;", "nothing"),
        ("- Write.\n- Call.", "Call.", "nothing"),
    ],
)
def test_a_poster_asks_in_one_paragraph_unless_that_announces_a_list(
    bench: Bench, ask: str, there: str, gone: str
) -> None:
    write_action(bench.root, sections={"ask": ask})
    (page,) = page_texts(bench.build("--layout", "poster").pdf)
    assert there in page
    assert gone not in page


# ---------------------------------------------------------------------------------- self-mailer


def outside(paper: str) -> Piece:
    return next(p for p in geometry("selfmailer", paper).of_form("folded") if p.name == "outside")


@pytest.mark.parametrize(("paper", "folds"), [("a4", (99, 198)), ("letter", (93.13, 186.27))])
def test_a_sheet_is_folded_in_three_with_the_address_in_the_middle(
    paper: str, folds: tuple[float, float]
) -> None:
    piece = outside(paper)
    assert tuple(fold.at for fold in piece.folds) == pytest.approx(folds, abs=0.01)
    packet = piece.packet()
    height = stocks()[paper].size.height
    assert packet.size.height == pytest.approx(height / 3)
    # USPS Domestic Mail Manual 201.3.14.2: 3 1/2 to 6 in high, 1.3 to 2.5 times as long as high.
    assert 3.5 * 25.4 <= packet.size.height <= 6 * 25.4
    assert 1.3 <= packet.size.width / packet.size.height <= 2.5
    landed = {panel.name: piece.landing(panel) for panel in piece.panels}
    assert {name: (at.face, at.turned) for name, at in landed.items() if at} == {
        "how": ("inside", True),
        "sender": ("front", False),
        "stamp": ("front", False),
        "address": ("front", False),
    }
    # The foot of the front is the second fold, which is closed; the sheet's own foot, where the
    # stickers go, lies behind its upper edge.
    assert packet.front.to_packet.d * folds[1] + packet.front.to_packet.f == pytest.approx(
        packet.size.height, abs=0.01
    )
    back = packet.facets[2].to_packet
    assert back.d * height + back.f == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_address_and_stamp_stand_where_every_post_wants_them(paper: str) -> None:
    piece = outside(paper)
    size = piece.packet().size
    boxes = {
        panel.name: at.box for panel in piece.panels if (at := piece.landing(panel)) is not None
    }
    for zone in address_zones().values():
        assert zone.box(size).contains(boxes["address"]), zone.name
    for clear in clear_zones().values():
        kept = clear.box(size)
        assert kept.contains(boxes["stamp"]) == (clear.title == "stamp"), clear.name
        assert not kept.overlaps(boxes["sender"]), clear.name
        assert not kept.overlaps(boxes["address"]), clear.name


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_stickers_go_within_25_mm_of_each_end(paper: str) -> None:
    numbers = numbers_of("selfmailer", paper)
    assert numbers["tab"] == 25
    assert numbers["tab_left"] <= 25
    assert numbers["width"] - numbers["tab_right"] - numbers["tab"] <= 25


@pytest.mark.parametrize("country", ["DE", "AU", "US", "IT", None])
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_a_self_mailer_can_be_posted_anywhere(
    bench: Bench, paper: str, country: str | None
) -> None:
    posted = ("--sender-country", country) if country else ()
    ran = bench.run("build", "river", "--layout", "selfmailer", "--paper", paper, *posted,
                    "--set", "sender=Maria Rossi", "--set", "sender=Roma")  # fmt: skip
    assert (ran.code, ran.errors) == (0, [])
    front, letter, kept, blank = page_texts(ran.pdf)
    assert front.count("Maria Rossi") == letter.count("Maria Rossi") == 1
    assert "Dear Mayor," in letter
    assert "Dear Mayor," not in front
    assert "scan to act online" in kept.lower()
    assert "example.org" not in front + letter
    assert blank == ""


@pytest.mark.parametrize("sender", ["initials", "none"])
def test_no_sender_stands_on_the_outside_where_none_may(bench: Bench, sender: str) -> None:
    write_action(bench.root, action=f"{ACTION}safety: {{sender: {sender}}}\n")
    ran = bench.build(
        "--layout", "selfmailer", *(("--set", "sender=M. R., Roma") if sender == "initials" else ())
    )
    assert (ran.code, ran.findings) == (0, ())
    front, letter, *_ = page_texts(ran.pdf)
    assert "M. R." not in front
    assert ("M. R." in letter) == (sender == "initials")


END = "section.back, section.over { break-before: page; }"
ON_THE_BACK = 'how_top = "second_fold + 7"\nhow_bottom = "height - 7"\n'
FAULTS = [
    ("style.css", "transform: rotate(180deg);", "", "upside-down"),
    ("style.css", END, ".address { transform: rotate(180deg); }", "upside-down"),
    ("layout.toml", "first_fold + 40.5", "first_fold + 20", "post-zone"),
    ("layout.toml", 'stamp_right = "width - 10"', 'stamp_right = "width - 80"', "post-zone"),
    ("layout.toml", '"first_fold + where(large_print, 8, 14)"', "20", "post-zone"),
    # A rule where the post prints its sorting code.
    ("style.css", END, ".tab.left { left: 150mm; top: 190mm; }", "post-zone"),
    ("layout.toml", '"first_fold - 7"', '"first_fold + 7"', "layout-fault"),
    # Folded like a fan, the flap is the front.
    ("layout.toml", 'moves = "above"', 'moves = "below"', "post-zone"),
    ("layout.toml", 'how_top = 7\nhow_bottom = "first_fold - 7"\n', ON_THE_BACK, "posted-mark"),
    (
        "template.html.j2",
        '{%- if sender == "full" %}\n  <div',
        "{%- if true %}\n  <div",
        "posted-mark",
    ),
    ("template.html.j2", '<p class="heading" data', "{{ slot('code') }}<p data", "posted-mark"),
]


@pytest.mark.parametrize(("file", "before", "after", "code"), FAULTS)
def test_a_faulty_self_mailer_is_found_out(
    bench: Bench, file: str, before: str, after: str, code: str
) -> None:
    folder = bench.root / "layouts" / "selfmailer"
    shutil.copytree(ROOT / "layouts" / "selfmailer", folder)
    text = (folder / file).read_text()
    assert before in text
    (folder / file).write_text(text.replace(before, after, 1))
    write_action(bench.root, action=f"{ACTION}safety: {{sender: initials}}\n")
    ran = bench.run("build", "river", "--layout", "selfmailer")
    assert ran.code == 1
    assert code in ran.errors, json.dumps(ran.findings)


def test_what_goes_in_no_envelope_needs_a_stamp_box_and_an_address(bench: Bench) -> None:
    folder = bench.root / "layouts" / "selfmailer"
    shutil.copytree(ROOT / "layouts" / "selfmailer", folder)
    toml = (folder / "layout.toml").read_text()
    (folder / "layout.toml").write_text(toml.replace('name = "stamp"', 'name = "franking"'))
    template = (folder / "template.html.j2").read_text()
    (folder / "template.html.j2").write_text(
        template.replace('data-panel="stamp"', 'data-panel="franking"')
    )
    ran = bench.build("--layout", "selfmailer")
    messages = [found["message"] for found in ran.findings if found["code"] == "post-zone"]
    assert "what is mailed without an envelope says nowhere where the stamp goes" in messages


# ---------------------------------------------------------------------------------- many of them


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_slot_of_a_layout_has_a_place_in_its_template(layout: str) -> None:
    template = (ROOT / "layouts" / layout / "template.html.j2").read_text(encoding="utf-8")
    named = set(re.findall(r'"([\w-]+)"', " ".join(re.findall(r"slot\(([^)]*)\)", template))))
    slots = {row.slot.name for row in read_layout(find_layout(SHELF, layout)).slots}
    assert slots <= named


def test_a_batch_prints_them_all_and_its_volumes_hold(bench: Bench) -> None:
    write_action(bench.root, action=ACTION + MORE_TARGETS)
    packs = "".join(
        f"  - {{action: river, language: en, layout: {layout}, copies: 2, source: roma-12}}\n"
        for layout in ("petition", "poster", "tally")
    )
    (bench.root / "plan.yaml").write_text(
        "name: kit\nsender_country: IT\npacks:\n"
        "  - {action: river, language: en, layout: selfmailer, copies: 2, sender: Maria Rossi}\n"
        + packs
    )
    ran = bench.run("batch", "plan.yaml")
    assert (ran.code, ran.errors) == (0, [])
    volumes = [path for path in ran.files if path.name.startswith("volume")]
    assert sum(item["packs"] or 0 for item in bench.run("check", *map(str, volumes)).items) == 8
    assert bench.run("check", *map(str, volumes)).findings == ()


# ------------------------------------------------------------------------------ crowded actions

NAMES = (
    "Muhammad Abd al-Rahman ibn Abd al-Aziz al-Qahtani",
    "María de los Ángeles Concepción Fernández-Villaverde y Ruiz de Alarcón",
    "Andriamampianina Rakotomalala Ratsimandresy",
    "Wijesinghe Mudiyanselage Nimal Bandara Wijesekara",
)
CREDIT = (
    "Text: International Committee for the Protection of Fishing Communities and Coastal Defenders"
)


def crowded(bench: Bench) -> None:
    """Many long names, a long credit and rules to read before one writes, for three targets."""
    people = "".join(f'  - {{name: "{name}", pronoun: they/them}}\n' for name in NAMES)
    write_action(
        bench.root,
        action=ACTION.replace("targets:", f"people:\n{people}targets:")
        .replace("Text: Amnesty International", CREDIT)
        .rstrip()
        + MORE_TARGETS
        + "safety: {sender: none, religion: false}\n",
        fields={
            "title": LONG_TITLE.strip(),
            "summary": "The court sits inside the prison, and nobody may come in. " * 4,
            "never_write_if": "Do not write if you or your family work in a harbour there. " * 2,
        },
    )


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("layout", ["letter", "petition", "selfmailer"])
def test_many_names_a_long_credit_and_rules_find_their_room(
    bench: Bench, layout: str, paper: str
) -> None:
    crowded(bench)
    ran = bench.build("--layout", layout, "--paper", paper)
    assert (ran.code, ran.findings) == (0, ())


def test_a_column_that_is_too_long_for_its_page_goes_on_beside_the_text_of_the_next(
    bench: Bench,
) -> None:
    crowded(bench)
    pdf = bench.build("--paper", "letter", "--set", "group=Riverside 12").pdf
    first, second, *_ = page_texts(pdf)
    assert NAMES[0].split()[0] in first
    assert "Riverside 12" in second
    assert "Riverside 12" not in first


@pytest.mark.parametrize("variant", [(), ("--large-print",)])
@pytest.mark.parametrize("paper", read_layout(find_layout(SHELF, "poster")).papers)
def test_a_poster_without_a_code_ends_above_the_edge_that_printers_leave(
    bench: Bench, paper: str, variant: tuple[str, ...]
) -> None:
    online = "https://www.example.org/act/river"
    assert online in ACTION
    write_action(
        bench.root,
        action=ACTION.replace(online, "none"),
        fields={"title": LONG_TITLE.strip()},
    )
    ran = bench.build("--layout", "poster", "--paper", paper, *variant)
    assert (ran.code, ran.findings) == (0, ())


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_a_second_and_a_third_picture_stand_side_by_side(bench: Bench, tag: str) -> None:
    alts = PICTURES.replace("alt: {en:", f"alt: {{{tag}:")
    action = ACTION.replace("source_language: en", f"source_language: {tag}") + alts
    folder = write_action(bench.root, action=action, tag=tag) / "images"
    folder.mkdir()
    drawings = ROOT / "content" / "ombrovia-paper-boats" / "images"
    for number, name in enumerate(("valley", "window", "valley"), 1):
        shutil.copy(drawings / f"{name}.jpg", folder / f"{number}.jpg")
    ran = bench.run("build", "river", "--sender-country", "IT")
    assert ran.errors == []
    page = pypdfium2.PdfDocument(ran.pdf)[0]
    first, second, third = (one.get_bounds() for one in page.get_objects(filter=[3]))
    # Bounds are left, bottom, right, top; the foremost takes the width of both.
    assert second[3] == pytest.approx(third[3], abs=0.5)
    assert first[1] > second[3]
    assert (second[2] <= third[0]) == (tag == "en")
    outer = (min(second[0], third[0]), max(second[2], third[2]))
    assert outer == pytest.approx((first[0], first[2]), abs=mm_to_pt(8))
    assert validate(ran.pdf, "ua1") == ()
