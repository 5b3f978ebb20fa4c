"""Cards that are posted as they are: what stands on them, and where the post wants nothing."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pypdfium2
import pytest
from folders import changed
from PIL import Image
from projects import ACTION, Bench, Ran, page_texts, words, write_action
from specimens import write_specimen
from verapdf import validate

from actionpack.diagnostics import Rejected
from actionpack.geometry import Box, union_all
from actionpack.layouts import find_layout, read_layout, resolve
from actionpack.model import Geometry, ProofMap
from actionpack.pdf import read_proof
from actionpack.piece import Piece
from actionpack.postal import clear_zones
from actionpack.preflight.reader import File
from actionpack.proof import all_from_json
from actionpack.qr import encode
from actionpack.store import Jail, shipped_folder
from actionpack.units import mm_to_pt, pt_to_mm

# Page by page, not yet on the sheets that are printed.
ROOT = Path(__file__).resolve().parents[1]
SINGLE = ("--impose", "none")

SHELF = (Jail(root=shipped_folder() / "layouts", name="layouts"),)
CARDS = [
    ("postcard", "a6"),
    ("postcard", "quarter-letter"),
    ("double-card", "a5"),
    ("double-card", "half-letter"),
]
# Words of layouts that a language lacks are a warning of their own.
UNTRANSLATED = "missing-translation"
PICTURE = f"{ACTION}images: [{{file: a.png, alt: {{en: A river}}, credit: Somebody}}]\n"
MINISTER = "\n  - id: minister\n    lines: [The Minister, Ministry of Justice]\n    country: FR\n"
LONG = words(400)


def geometry(layout: str, paper: str) -> Geometry:
    return resolve(read_layout(find_layout(SHELF, layout)), paper, "none")


def address_side(layout: str, paper: str) -> Piece:
    found = geometry(layout, paper).of_form("card")
    return next(piece for piece in found if piece.name == "back")


def with_picture(bench: Bench, picture: Image.Image, action: str = PICTURE) -> None:
    picture.save(write_action(bench.root, action=action) / "a.png")


def own(bench: Bench, layout: str, before: str, after: str, file: str = "layout.toml") -> None:
    """A layout of the project's own, with something changed."""
    folder = bench.root / "layouts" / layout
    shutil.copytree(shipped_folder() / "layouts" / layout, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert before in text
    (folder / file).write_text(text.replace(before, after), encoding="utf-8")


# ---------------------------------------------------------------------------- every card is a card


@pytest.mark.parametrize(("layout", "paper"), CARDS)
@pytest.mark.parametrize("tag", ["en", "ar", "de", "fr", "hi", "my", "th", "ur", "zh-Hans"])
def test_a_card_is_made_on_every_paper_in_every_script(
    bench: Bench, tag: str, layout: str, paper: str
) -> None:
    write_specimen(bench.root, tag)
    ran = bench.run(
        *("build", "declaration", "--lang", tag, "--layout", layout, "--paper", paper),
        *("--sender-country", "US"),
    )
    assert set(ran.codes) <= {UNTRANSLATED}
    assert len(page_texts(ran.pdf)) == 2


@pytest.mark.parametrize(("layout", "paper"), CARDS)
def test_what_is_posted_has_the_size_of_a_postcard(bench: Bench, layout: str, paper: str) -> None:
    # A6, and 5 1/2 × 4 1/4 in.
    size = (148, 105) if paper in ("a6", "a5") else (139.7, 107.95)
    for piece in geometry(layout, paper).of_form("card"):
        strip = piece.strips()[piece.posted_strip or 0]
        assert (strip.width, strip.height) == pytest.approx(size)
    page = pypdfium2.PdfDocument(bench.build(*SINGLE, "--layout", layout, "--paper", paper).pdf)[0]
    height = size[1] * (1 if layout == "postcard" else 2)
    assert page.get_size() == pytest.approx((mm_to_pt(size[0]), mm_to_pt(height)), abs=0.05)


@pytest.mark.parametrize("layout", ["postcard", "double-card"])
def test_cards_are_accessible_and_archivable(bench: Bench, layout: str) -> None:
    pdf = bench.build(*SINGLE, "--layout", layout).pdf
    assert validate(pdf, "ua1") == ()
    assert validate(pdf, "2a") == ()


@pytest.mark.parametrize("layout", ["postcard", "double-card"])
def test_each_target_has_a_card_of_its_own(bench: Bench, layout: str) -> None:
    write_action(bench.root, action=ACTION + MINISTER)
    ran = bench.build(*SINGLE, "--layout", layout)
    assert (ran.code, ran.findings) == (0, ())
    fronts_and_backs = page_texts(ran.pdf)
    assert ["The river defenders" in page for page in fronts_and_backs] == [True, False] * 2
    assert "The Mayor City Hall" in fronts_and_backs[1]
    assert "The Minister Ministry of Justice" in fronts_and_backs[3]


# ----------------------------------------------------------------------------- where the post looks


@pytest.mark.parametrize(("layout", "paper"), CARDS)
def test_nothing_but_the_stamp_stands_where_the_post_wants_nothing(layout: str, paper: str) -> None:
    piece = address_side(layout, paper)
    assert {zone.name for zone in piece.clear} == {"stamp", "sorting code", "barcode"}
    for zone in piece.clear:
        for panel in (panel for panel in piece.panels if panel.posted):
            if panel.name == "stamp":
                assert zone.name != "stamp" or zone.box.contains(panel.box)
            else:
                assert not zone.box.overlaps(panel.box), (zone.name, panel.name)


@pytest.mark.parametrize(("layout", "paper"), CARDS)
def test_the_address_stands_on_the_right_with_room_for_seven_lines(layout: str, paper: str) -> None:
    found = geometry(layout, paper)
    box = address_side(layout, paper).panel("address")
    assert box is not None
    assert box.box.left > found.sheet.width * 0.48
    # Deutsche Post and USPS want 15 mm and more at the side, and 15.9 mm below.
    assert found.sheet.width - box.box.right >= 15
    assert box.box.height >= 7 * pt_to_mm(10.5 * 1.22)


def test_where_the_card_is_torn_off_the_zone_at_its_foot_goes_astray_with_the_tear() -> None:
    barcode = clear_zones()["barcode-us"].size.height
    cut = {zone.name: zone.box for zone in address_side("postcard", "a6").clear}["barcode"]
    torn = {zone.name: zone.box for zone in address_side("double-card", "a5").clear}["barcode"]
    assert (cut.top, cut.bottom) == pytest.approx((105 - barcode, 105))
    # A tear may be 2 mm off.
    assert (torn.top, torn.bottom) == pytest.approx((105 - barcode - 2, 105))


def test_ink_in_a_zone_of_the_post_is_found_with_what_it_is(bench: Bench) -> None:
    own(bench, "postcard", 'address_top = "max(43, card_height - 69)"', "address_top = 30")
    own_bottom = bench.root / "layouts" / "postcard" / "layout.toml"
    text = own_bottom.read_text(encoding="utf-8")
    own_bottom.write_text(
        text.replace('address_bottom = "card_height - 17"', "address_bottom = 50")
    )
    found = bench.build(*SINGLE, "--layout", "postcard").only("post-zone")
    assert found["severity"] == "error"
    assert found["page"] == 2
    assert found["message"] == (
        "'The Mayor' stands where the post wants nothing but its stamp (Deutsche Post, "
        "automation-compatible letters: franking zone 74 × 40)"
    )
    assert found["cure"] == "move it down 8.2 mm"


def test_a_stamp_beside_its_zone_is_found_on_a_card(bench: Bench) -> None:
    # The German zone is 74 mm wide, and the card 148.
    own(bench, "postcard", 'stamp_left = "width - 8 - stamp_width"', "stamp_left = 73")
    found = bench.build(*SINGLE, "--layout", "postcard").findings
    told = [one["message"] for one in found if one["code"] == "post-zone"]
    assert told[0].startswith(
        "the place for the stamp is 1.0 mm outside the left of where the post looks for it"
    ), found


def test_a_clear_zone_that_nobody_knows_is_refused_by_its_line(bench: Bench) -> None:
    own(bench, "postcard", '"coding-de"', '"codign-de"')
    with pytest.raises(Rejected) as refused:
        read_layout(Jail(root=bench.root / "layouts" / "postcard", name="layouts/postcard"))
    (found,) = refused.value.findings
    assert (found.code, found.message) == ("bad-value", "'codign-de' is no clear zone")
    assert found.cure == "did you mean 'coding-de'?"
    assert found.place.line is not None


def test_an_address_too_long_for_a_card_is_sent_to_the_letter(bench: Bench) -> None:
    line = "The Ministry of the Interior and of Local Government"
    write_action(bench.root, action=ACTION.replace("City Hall", line))
    found = bench.build(*SINGLE, "--layout", "postcard").only("address-too-long")
    assert f"'{line}' is " in found["message"]
    assert found["cure"] == (
        "cut it into two lines, or print a letter, which has more room: build with --layout letter"
    )


# --------------------------------------------------------------------------------- what is posted


@pytest.mark.parametrize(
    ("sender", "asked"),
    [("full", "Your name and address"), ("initials", "Your initials and town"), ("none", "")],
)
@pytest.mark.parametrize("layout", ["postcard", "double-card"])
def test_the_sender_is_asked_for_no_more_than_the_case_allows(
    bench: Bench, layout: str, sender: str, asked: str
) -> None:
    write_action(bench.root, action=f"{ACTION}safety: {{sender: {sender}}}\n")
    ran = bench.build(
        *SINGLE, "--layout", layout, *(("--set", "sender=A. B., Roma") if asked else ())
    )
    assert ran.findings == ()
    page = page_texts(ran.pdf)[1]
    captions = ("Your name and address", "Your initials and town")
    assert [one for one in captions if one in page] == ([asked] if asked else [])
    assert ("A. B., Roma" in page) == bool(asked)


def test_the_posted_half_has_no_code_and_no_web_address(bench: Bench) -> None:
    single = " ".join(page_texts(bench.build(*SINGLE, "--layout", "postcard").pdf))
    assert "example.org" not in single
    front, back = page_texts(bench.build(*SINGLE, "--layout", "double-card").pdf)
    assert "example.org" not in front
    assert back.count("example.org") == 1


def test_words_without_room_are_told_with_the_layout_that_has_none(bench: Bench) -> None:
    write_action(
        bench.root,
        fields={"safety_notes": "Think first. " * 80},
        sections={"card": "Please release them."},
    )
    ran = bench.build("--layout", "letter", "--layout", "double-card")
    found = ran.only("lost-text")
    assert found["message"].startswith("in 'double-card' the last ")
    assert "of 'safety_notes:mayor' are not on the paper" in found["message"]


def test_a_reference_does_not_break_where_a_line_ends(bench: Bench) -> None:
    action = changed(ACTION, "Text: Somebody", "Text: Friends of a long river")
    write_action(bench.root, action=f"{action}reference: MDE 12/7788/2026\n")
    _, back = pypdfium2.PdfDocument(bench.build(*SINGLE, "--layout", "double-card").pdf)
    lines = back.get_textpage().get_text_bounded().splitlines()
    assert "MDE 12/7788/2026 · Edition\u00a02" in lines, lines


def test_a_code_that_a_layout_puts_on_the_posted_half_is_found(bench: Bench) -> None:
    own(bench, "double-card", '<div class="kept" data-panel="kept">\n    {%- if online %}',
        '<div class="words" data-panel="letter">{{ slot("code") }}</div><div class="kept" '
        'data-panel="kept">\n    {%- if online %}', "template.html.j2")  # fmt: skip
    assert "posted-mark" in bench.build(*SINGLE, "--layout", "double-card").errors


def test_a_picture_that_is_a_code_is_not_posted(bench: Bench) -> None:
    code = encode("https://www.example.org/act/river")
    pixels = Image.new("L", (code.side, code.side), 255)
    for y, row in enumerate(code.modules):
        for x, dark in enumerate(row):
            pixels.putpixel((x, y), 0 if dark == "1" else 255)
    with_picture(bench, pixels.resize((900, 900), Image.Resampling.NEAREST))
    found = [
        one
        for one in bench.build(*SINGLE, "--layout", "postcard").findings
        if one["code"] == "posted-mark"
    ]
    assert [one["message"] for one in found] == ["a QR code stands on the half that is posted"]


@pytest.mark.parametrize("layout", ["postcard", "double-card"])
def test_the_first_picture_is_on_the_card_and_the_others_are_not(bench: Bench, layout: str) -> None:
    rows = ", ".join(
        f'{{file: {n}.png, alt: {{en: "No. {n}"}}, credit: "Credit {n}"}}' for n in (1, 2, 3)
    )
    folder = write_action(bench.root, action=f"{ACTION}images: [{rows}]\n")
    for number in (1, 2, 3):
        Image.new("RGB", (1800, 900), (90, 120, 150)).save(folder / f"{number}.png")
    ran = bench.build(*SINGLE, "--layout", layout)
    assert (ran.code, ran.findings) == (0, ())
    whole = " ".join(page_texts(ran.pdf))
    assert [f"Credit {n}" in whole for n in (1, 2, 3)] == [True, False, False]


def test_what_is_posted_looks_alike_in_both_layouts() -> None:
    def parts(layout: str) -> dict[str, str]:
        """The style sheet in parts, by the lines that head them."""
        style = shipped_folder() / "layouts" / layout / "style.css"
        found = re.split(r"\n(?=/\* -{9,} )", style.read_text(encoding="utf-8"))
        return {part.split("\n")[0].strip(" -/*"): part for part in found}

    card, double = parts("postcard"), parts("double-card")
    shared = [name for name in card if name.startswith(("the side with", "in large print"))]
    assert len(shared) == 3
    for name in shared:
        # In large print the double card says how its half to keep looks as well.
        assert [line for line in card[name].split("\n") if line not in double[name]] == [], name


def printed(pdf: bytes, kind: str, number: int = 1) -> list[Box]:
    """The boxes of what is of a kind on a page, mm."""
    with File(pdf) as file, file.page(number) as page:
        return [mark.box for mark in page.marks if mark.kind == kind]


@pytest.mark.parametrize("variant", [(), ("--large-print",), ("--ink-saver",)])
@pytest.mark.parametrize("layout", ["postcard", "double-card"])
def test_few_words_stand_in_the_middle_of_the_card(
    bench: Bench, layout: str, variant: tuple[str, ...]
) -> None:
    ran = bench.build(*SINGLE, "--layout", layout, *variant)
    assert ran.errors == []
    with File(ran.pdf) as file, file.page(1) as page:
        high = page.size.height / (2 if layout == "double-card" else 1)
        inked = [mark.box for mark in page.marks if mark.is_ink and mark.box.bottom < high - 4]
    around = union_all(inked)
    assert around.height > high / 5
    assert around.centre.y == pytest.approx(high / 2, abs=4)


@pytest.mark.parametrize(
    ("wide", "high", "asks", "is_beside"),
    [
        (600, 1200, False, True),
        (900, 900, False, True),
        (1200, 800, False, False),
        (900, 900, True, True),
        # What to do has the card's whole width, below the picture and the case.
        (1200, 800, True, True),
        (2400, 600, True, False),
    ],
)
def test_words_stand_beside_a_picture_that_leaves_room_there(
    bench: Bench, wide: int, high: int, *, asks: bool, is_beside: bool
) -> None:
    rule = "" if asks else "safety: {sender: initials}\n"
    with_picture(bench, Image.new("RGB", (wide, high), "gray"), PICTURE + rule)
    ran = bench.build(*SINGLE, "--layout", "postcard")
    assert (ran.code, ran.findings) == (0, ())
    (picture,) = printed(ran.pdf, "image")
    title = max(printed(ran.pdf, "text"), key=lambda box: box.height)
    assert (title.left > picture.right + 5) == is_beside
    assert (title.top > picture.bottom) != is_beside


@pytest.mark.parametrize("online", ["https://exa.mp/a", f"https://www.example.org/{'a' * 60}"])
@pytest.mark.parametrize("variant", [(), ("--large-print",)])
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_modules_of_a_code_begin_where_the_text_does(
    bench: Bench, variant: tuple[str, ...], online: str, lang: str
) -> None:
    action = ACTION.replace("https://www.example.org/act/river", online)
    action = action.replace("source_language: en", f"source_language: {lang}")
    write_action(bench.root, action=action, tag=lang)
    ran = bench.build(*SINGLE, "--layout", "double-card", "--lang", lang, *variant)
    assert ran.errors == []
    proof, _ = all_from_json(read_proof(ran.pdf) or b"")
    assert isinstance(proof, ProofMap)
    (code,) = proof.codes
    modules = code.box.inset(code.box.width * 4 / (encode(online).side + 8))
    width = proof.pieces[0][1].sheet.width
    # The text of the half stands 8 mm from the edges.
    assert (modules.left if lang == "en" else width - modules.right) == pytest.approx(8, abs=0.05)


def test_a_code_that_leaves_its_panel_is_called_by_its_name(bench: Bench) -> None:
    own(bench, "double-card", "margin: -1.5mm 0 1mm", "margin: -9mm 0 1mm", "style.css")
    found = bench.build(*SINGLE, "--layout", "double-card").only("overflow")
    assert found["message"].startswith("the slot 'code' runs ")


# ------------------------------------------------------------------------------- the short letter


@pytest.mark.parametrize("layout", ["postcard", "double-card"])
def test_the_letter_is_the_short_one_where_there_is_one(bench: Bench, layout: str) -> None:
    long = bench.build(*SINGLE, "--layout", layout)
    assert "I am writing" in page_texts(long.pdf)[1]
    write_action(bench.root, sections={"letter": LONG, "card": "Let them go."})
    ran = bench.build(*SINGLE, "--layout", layout)
    assert (ran.code, ran.findings) == (0, ())
    assert "Dear Mayor, Let them go. Yours sincerely," in page_texts(ran.pdf)[1]


def test_a_letter_too_long_for_a_card_asks_for_a_short_one(bench: Bench) -> None:
    write_action(bench.root, sections={"letter": LONG})
    ran = bench.build(*SINGLE, "--layout", "postcard")
    found = ran.only("letter-too-long")
    assert ran.files == ()
    assert found["message"].endswith(" lines too long for a card, 'postcard'")
    assert found["cure"] == "write one of about fifty words below a line '## card'"
    assert found["file"] == "content/river/en.md"


def test_a_short_letter_that_is_too_long_is_named(bench: Bench) -> None:
    folder = write_action(bench.root, sections={"card": LONG})
    found = bench.build(*SINGLE, "--layout", "double-card").only("letter-too-long")
    assert found["message"].startswith("'card' is ")
    lines = (folder / "en.md").read_text(encoding="utf-8").split("\n")
    assert found["line"] == lines.index("## card") + 3
    assert found["cure"] == "shorten it: a card holds about fifty words"


@pytest.mark.parametrize("field", ["title", "summary"])
@pytest.mark.parametrize("layout", ["postcard", "double-card"])
def test_a_front_that_is_too_full_is_found_and_nothing_is_cut(
    bench: Bench, layout: str, field: str
) -> None:
    write_action(bench.root, fields={field: words(300)})
    ran = bench.build(*SINGLE, "--layout", layout)
    assert ran.files == ()
    assert "overflow" in ran.errors


def test_what_runs_on_to_another_page_of_a_card_is_named(bench: Bench) -> None:
    write_action(bench.root, fields={"title": words(300)})
    found = bench.build(*SINGLE, "--layout", "postcard").only("overflow")
    assert found["page"] == 1
    assert found["message"].startswith(
        "'front' is too full and runs on to another page; its longest text is 'title', with "
    )
    assert found["cure"] == "shorten 'title' first, or another text of that page"


def test_a_briefing_whose_beginning_is_too_long_for_the_kept_half_is_found(bench: Bench) -> None:
    long = " ".join(f"word{number}" for number in range(900))
    write_action(bench.root, sections={"briefing": long, "card": "Let them go."})
    ran = bench.build(*SINGLE, "--layout", "double-card")
    assert ran.files == ()
    assert set(ran.errors) & {"overflow", "lost-text"}


# ---------------------------------------------------------------------------- in another language


@pytest.fixture
def in_french(bench: Bench) -> Bench:
    """The action with a reviewed translation, and a short letter in both."""
    french = {"briefing": "B", "ask": "A", "letter": "Longue.", "card": "Libérez-les."}
    write_action(bench.root, sections={"card": "Let them go."})
    write_action(
        bench.root, tag="fr", fields={"status": "reviewed", "reviewer": "Ada"}, sections=french
    )
    assert bench.run("translate", "stamp", "river").code == 0
    return bench


def test_the_kept_half_says_what_a_card_in_another_language_says(in_french: Bench) -> None:
    ran = in_french.build("--layout", "double-card", "--letter-lang", "fr")
    assert (ran.code, ran.findings) == (0, ())
    front, back = page_texts(ran.pdf)
    assert "Libérez-les." in back
    assert "What you sign" in front
    assert "Let them go." in front


def test_a_card_without_a_kept_half_says_that_it_cannot_be_understood(in_french: Bench) -> None:
    ran = in_french.build("--layout", "postcard", "--letter-lang", "fr")
    found = ran.only("missing-translation")
    assert ran.code == 0
    assert found["message"] == (
        "the card to 'mayor' is in 'fr', and has no room to say in 'en' what it says"
    )
    assert found["cure"] == "take --layout double-card, whose kept half says it"


def test_short_and_long_letters_are_not_taken_for_each_other(in_french: Bench) -> None:
    text = in_french.root / "content" / "river" / "fr.md"
    text.write_text(text.read_text(encoding="utf-8").replace("## card\n\nLibérez-les.\n", ""))
    front, back = page_texts(in_french.build("--layout", "double-card", "--letter-lang", "fr").pdf)
    assert "Longue." in back
    assert "I am writing" in front
    assert "Let them go." not in front


# ------------------------------------------------------------------------------- the half to keep


def test_the_kept_half_has_the_case_in_brief_the_ask_and_what_to_do(bench: Bench) -> None:
    write_action(
        bench.root,
        fields={"safety_notes": "Think first."},
        sections={"briefing": "Short.\n\nSecond.\n\n### Later\n\nThird."},
    )
    front, back = page_texts(
        bench.build(*SINGLE, "--layout", "double-card", "--set", "group=Roma 12").pdf
    )
    # What is brief is more than a line, and ends before the next heading.
    assert "Short. Second." in front
    assert "Third." not in front
    for said in ("Tear along the dashed line.", "31 December 2027", "Roma 12", "Think first."):
        assert said in back


def test_without_a_web_address_there_is_no_code_to_keep(bench: Bench) -> None:
    write_action(bench.root, action=ACTION.replace("https://www.example.org/act/river", "none"))
    ran = bench.build(*SINGLE, "--layout", "double-card")
    assert ran.findings == ()
    assert "SCAN TO ACT ONLINE" not in " ".join(page_texts(ran.pdf))


def test_what_to_do_has_a_leaf_of_its_own_where_it_is_long(bench: Bench) -> None:
    points = "\n".join(f"- {words(14)} point{number}" for number in range(8))
    write_action(bench.root, sections={"ask": "Ask for all of this:\n\n" + points})
    ran = bench.build(*SINGLE, "--layout", "double-card")
    assert (ran.code, ran.findings) == (0, ())
    front, _, leaf, back = page_texts(ran.pdf)
    assert "Ask for all of this" not in front
    assert [f"point{number}" in leaf for number in range(8)] == [True] * 8
    assert back == ""


ASK = "Write to the mayor and ask for their release."


@pytest.mark.parametrize("large", [(), ("--large-print", "--paper", "a5")])
def test_the_side_with_the_picture_says_what_to_do(bench: Bench, large: tuple[str, ...]) -> None:
    asked = ("--layout", "postcard", *(large or SINGLE))

    def built() -> Ran:
        ran = bench.build(*asked)
        assert ran.errors == []
        return ran

    def front(ran: Ran) -> str:
        return " ".join(page_texts(ran.pdf)[0].replace("\N{NO-BREAK SPACE}", " ").split())

    write_action(bench.root, sections={"ask": ASK})
    ran = built()
    assert ASK in front(ran)
    assert "left-out" not in ran.codes
    # Too long for the card: the case alone stands there, as large as it was, and that is told.
    write_action(bench.root, sections={"ask": "Write to the mayor. " * 120})
    ran = built()
    assert "Write to the mayor" not in front(ran)
    told = ran.only("left-out")
    assert told["message"] == "'ask' has no room in 'postcard' and is left out"
    assert told["severity"] == "warning"
    assert told["file"] == "content/river/en.md"
    written = (bench.root / told["file"]).read_text(encoding="utf-8").splitlines()
    assert written[told["line"] - 1].startswith("Write to the mayor.")
    # Whoever gets the card must not read how people are told to be careful.
    for rule in ("safety: {sender: initials}", "safety: {religion: false}"):
        write_action(bench.root, action=f"{ACTION}{rule}\n", sections={"ask": ASK})
        ran = built()
        assert ASK not in front(ran)
        assert "left-out" not in ran.codes


def test_all_that_a_form_leaves_out_is_told(bench: Bench) -> None:
    folder = write_action(
        bench.root, action=PICTURE, fields={"quote": {"text": "Only our names.", "by": "A."}}
    )
    Image.new("RGB", (1200, 800), "#357").save(folder / "a.png")
    mine = bench.root / "layouts" / "postcard"
    shutil.copytree(ROOT / "layouts" / "postcard", mine)
    numbers = mine / "layout.toml"
    rows = numbers.read_text(encoding="utf-8")
    gone = '["images", "picture_credit", "quote", "quote_by", "open_ask"]'
    rows = re.sub(r"(?m)^letter_sizes", f"leaves_out = {gone}\nletter_sizes", rows)
    numbers.write_text(re.sub(r"(?m)^leaves_out = .*\n(?=leaves_out)", "", rows), encoding="utf-8")
    ran = bench.build(*SINGLE, "--layout", "postcard")
    assert ran.errors == []
    assert "names" not in page_texts(ran.pdf)[0]
    told = {row["message"].split("'")[1]: row["file"] for row in ran.findings}
    assert told == {
        "images": "content/river/action.yaml",
        "picture_credit": "content/river/action.yaml",
        "quote": "content/river/en.md",
        "quote_by": "content/river/en.md",
        "ask": "content/river/en.md",
    }


def test_a_word_too_long_for_its_line_is_set_smaller_or_told(bench: Bench) -> None:
    def title_sizes(title: str) -> tuple[list[str], float]:
        write_action(bench.root, action=PICTURE, fields={"title": title}, sections={"ask": ASK})
        Image.new("RGB", (1200, 800), "gray").save(bench.root / "content" / "river" / "a.png")
        ran = bench.build(*SINGLE, "--layout", "postcard")
        assert ran.errors == []
        return ran.codes, max(box.height for box in printed(ran.pdf, "text"))

    codes, usual = title_sizes("The river defenders")
    assert codes == []
    # Beside the picture it has no room in the type of few words.
    codes, smaller = title_sizes("Menschenrechtsbeauftragte")
    assert codes == []
    assert smaller < usual
    # No form has room for it: the first that fits is taken, and the word is told.
    codes, broken = title_sizes("Donaudampfschiff" * 3)
    assert codes == ["broken-word"]
    assert broken > 3


def test_a_part_of_a_quotation_or_a_picture_can_be_left_out_alone(bench: Bench) -> None:
    with_picture(bench, Image.new("RGB", (1200, 800), "gray"))
    write_action(
        bench.root, action=PICTURE, fields={"quote": {"text": "Only our names.", "by": "Anna"}}
    )
    gone = 'leaves_out = ["quote_by", "picture_credit"]\nletter_sizes'
    own(bench, "postcard", "letter_sizes", gone)
    numbers = bench.root / "layouts" / "postcard" / "layout.toml"
    rows = numbers.read_text(encoding="utf-8")
    numbers.write_text(re.sub(r'leaves_out = \["open_ask"\]\n', "", rows), encoding="utf-8")
    ran = bench.build(*SINGLE, "--layout", "postcard")
    assert ran.errors == []
    text = page_texts(ran.pdf)[0]
    assert "Only our names." in text
    assert "Anna" not in text
    assert "Somebody" not in text


def test_no_form_leaves_out_what_a_letter_is_made_of(bench: Bench) -> None:
    write_action(bench.root)
    own(bench, "postcard", '["open_ask"]\nletter', '["closing"]\nletter')
    ran = bench.build(*SINGLE, "--layout", "postcard")
    assert set(ran.errors) == {"bad-value"}
    assert all("'form.leaves_out' names 'closing'" in one["message"] for one in ran.findings)


def test_what_a_form_leaves_out_must_be_a_field(bench: Bench) -> None:
    write_action(bench.root)
    own = bench.root / "layouts" / "postcard"
    shutil.copytree(ROOT / "layouts" / "postcard", own)
    numbers = own / "layout.toml"
    told = numbers.read_text(encoding="utf-8")
    numbers.write_text(told.replace('["open_ask"]\nletter', '["open_aks"]\nletter', 1))
    found = bench.build("--layout", "postcard").only("bad-value")
    assert "'open_aks'" in found["message"]
    assert "open_ask" in found["cure"]


@pytest.mark.parametrize("name", ["china-uyghur-families", "ombrovia-paper-boats"])
@pytest.mark.parametrize(("layout", "paper"), CARDS)
def test_the_examples_are_cards_without_a_fault(
    bench: Bench, name: str, layout: str, paper: str
) -> None:
    content = Path(__file__).resolve().parents[1] / "content" / name
    shutil.copytree(content, bench.root / "content" / name)
    ran = bench.run(
        "build",
        name,
        "--layout",
        layout,
        "--paper",
        paper,
        "--sender-country",
        "IT",
        "--lang",
        "en",
    )
    assert (ran.code, ran.findings) == (0, ())


def test_the_picture_of_a_check_shows_what_the_post_keeps_free(bench: Bench) -> None:
    made = bench.build(*SINGLE, "--layout", "postcard")
    picture = bench.root / "card.png"
    assert bench.run("check", str(made.files[0]), "--picture", str(picture)).code == 0
    with Image.open(picture) as drawn:
        colours = {colour for _, colour in drawn.convert("RGB").getcolors(1 << 24) or ()}
    assert (150, 40, 90) in colours
