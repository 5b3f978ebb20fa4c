"""A letter from anywhere against a window: its address, what else shows, and what cannot be known.

An A4 sheet folded at 105 and 210 lies in a DL envelope of 220 × 110 with 10 mm of room to the side
and 5 above, folded 1.5 mm off at most. So its window of 90 × 45, 20 from the left and 15 from the
foot, always shows x 20…100 and y 50…88.5, and can show x 10…110 and y 43.5…95.
"""

from __future__ import annotations

import io

import bombs
import pikepdf
import pytest
from letters import PT, box, lines, pdf, saved, text, with_image
from test_check_notify import seen

from actionpack.diagnostics import Finding, Rejected, finding
from actionpack.geometry import Box, Size
from actionpack.postal import windows
from actionpack.preflight import finished
from actionpack.preflight.addresses import country_of
from actionpack.preflight.folded import fold_for, paper_of
from actionpack.preflight.sheetnames import sheet_name
from actionpack.qr import dark_runs, encode

ADDRESS = ("Xi Jinping", "President of China", "Zhongnanhai", "Beijing 100017", "CHINA")
LETTER = lines(25, 120, ("Dear President Xi,", "I write to you."))
LEFT, TOP = 30.0, 55.0


def at(x: float = LEFT, y: float = TOP, words: tuple[str, ...] = ADDRESS, more: str = "") -> bytes:
    return pdf(lines(x, y, words) + LETTER + more)


def found(data: bytes, window: str | None = "dl-left") -> list[Finding]:
    """Everything but that the file has no map and no fonts inside it."""
    usual = ("unproved", "font-not-embedded")
    return [one for one in seen(data, window).findings if one.code not in usual]


def only(data: bytes, window: str | None = "dl-left") -> Finding:
    (one,) = found(data, window)
    assert one.place.page is None or one.place.file == "letter.pdf"
    return one


def test_the_numbers_of_this_file_are_those_of_the_sheet() -> None:
    folded = fold_for(Size(210, 297), windows()["dl-left"])
    assert folded is not None
    assert [line.at for line in folded.piece.folds] == [105, 210]
    assert folded.visible == Box.between(20, 50, 100, 88.5)
    assert folded.exposed == Box.between(10, 43.5, 110, 95)


def test_other_peoples_sheets_are_folded_in_thirds_where_theirs_are() -> None:
    folded = fold_for(Size(210, 297), windows()["nf"])
    assert folded is not None
    assert [line.at for line in folded.piece.folds] == [99, 198]


def test_a_good_letter_has_no_findings_and_its_address_is_read() -> None:
    assert found(at()) == []
    assert seen(at(), "dl-left").address == ADDRESS


def test_an_address_that_a_slide_hides_says_how_far_to_move_it() -> None:
    # Its first ink stands 1.1 mm below 46: four millimetres too high, less those.
    wrong = only(at(y=46))
    assert (wrong.code, wrong.severity, wrong.place.page) == ("address-outside-window", "error", 1)
    assert wrong.message.startswith("line 1 of the address, 'Xi Jinping', is 2.9 mm outside the")
    assert wrong.cure == "move the address down 3 mm"
    # What the cure says cures.
    assert found(at(y=46 + 3)) == []


def test_an_address_on_the_other_side_is_found_and_told_to_move() -> None:
    wrong = only(at(x=125))
    assert wrong.code == "address-outside-window"
    assert "the window 'dl-left' shows no address: it always shows 20–100 mm" in wrong.message
    assert "and the lines from 'Xi Jinping' look like the address" in wrong.message
    assert wrong.cure.startswith("move the address to the left ")


def test_an_address_of_which_the_window_shows_an_end_is_told_to_move_as_a_whole() -> None:
    # 'nf' shows nothing left of 90, and 'President of China' is 33 mm wide.
    wrong = [one for one in found(at(x=60, y=50), "nf") if one.code == "address-outside-window"]
    assert [
        "and the lines from 'Xi Jinping' look like the address" in w.message for w in wrong
    ] == [True]
    # The window always shows x from 100, and the address begins with the first ink of its letters.
    assert wrong[0].cure == "move the address to the right 40 mm, or take another window"


def test_an_address_that_leaves_the_window_far_is_told_the_whole_way() -> None:
    # 'President of China' is 33 mm wide: 80…113, and the window never shows more than 110.
    (wrong,) = (w for w in found(at(x=80)) if w.code == "address-outside-window")
    assert "'President of China'" in wrong.message
    way = float(wrong.cure.removeprefix("move the address to the left ").removesuffix(" mm"))
    assert found(at(x=80 - way)) == []


def test_the_country_ends_an_address_that_the_letter_follows_close() -> None:
    # Two more lines would end at 82.5: this one stands 1.8 mm lower than the next line would.
    wrong = only(at(more=text(LEFT, TOP + 5 * 13 / PT + 1.8, "Your Excellency,")))
    assert wrong.message == "the window 'dl-left' can show 'Your Excellency,'"
    assert seen(at(more=text(LEFT, TOP + 5 * 13 / PT + 1.8, "Dear")), "dl-left").address == ADDRESS


def test_what_stands_beside_a_line_of_the_address_is_told() -> None:
    wrong = only(at(more=text(75, TOP, "Our ref: 12")))
    assert (wrong.code, wrong.severity) == ("bad-address", "warning")
    assert wrong.message.startswith(
        "line 1 of the address, 'Xi Jinping Our ref: 12', has a gap of "
    )
    assert wrong.cure == (
        "take off what is no part of the address; write the rest line by line, below each other"
    )


def test_halves_of_long_lines_look_like_no_address() -> None:
    words = "Line by line this letter says what it has to say, and every line is long enough."
    assert only(pdf(lines(20, 100, [words] * 5))).code == "missing-address"


def test_a_page_without_an_address() -> None:
    wrong = only(pdf(LETTER))
    assert (wrong.code, wrong.severity) == ("missing-address", "error")
    assert wrong.message == (
        "the window 'dl-left' shows no address: it always shows 20–100 mm from the left and 50–88 "
        "from the top"
    )
    assert wrong.cure == "write the address there, as text"


def test_text_and_drawings_in_the_window_are_exposed() -> None:
    wrong = only(at(more=text(40, 90, "Re: Mihriban")))
    assert wrong.message == "the window 'dl-left' can show 'Re: Mihriban'"
    assert wrong.cure.startswith("move it down ")
    drawn = only(at(more=box(90, 46, 12, 3)))
    assert drawn.message == "the window 'dl-left' can show a drawing"
    # 49 − 43.5, and a tenth for what the box of a drawing is rounded by.
    assert drawn.cure == "move it up 5.6 mm"


def test_what_stands_beside_the_window_is_right() -> None:
    assert found(at(more=lines(125, 50, ("Our reference 12", "27 July")))) == []


def test_a_return_line_above_the_address_is_no_part_of_it() -> None:
    data = at(y=58, more=text(LEFT, 54.5, "Group 12, PO Box 3, 10117 Berlin", size=6))
    assert found(data) == []
    assert seen(data, "dl-left").address == ADDRESS


def test_a_return_line_may_stand_at_the_top_of_the_norms_field() -> None:
    """DIN 5008 form B: the return line from 45 mm, 12.7 for notes, the recipient from 62.7."""
    back = text(LEFT, 47, "Group 12, PO Box 3, 10117 Berlin", size=7)
    rule = box(LEFT, 50.5, 60, 0.5)
    assert found(at(y=62.7, more=back + rule), "din-5008-b") == []
    close = box(LEFT, 49.4, 60, 0.5)  # it cuts the tails of the letters
    assert found(at(y=62.7, more=back + close), "din-5008-b") == []
    # In type as large as the address's it is no return line; nor is a rule far from one.
    large = only(at(y=62.7, more=text(LEFT, 47, "Group 12, Berlin")), "din-5008-b")
    assert large.message == "the window 'din-5008-b' can show 'Group 12, Berlin'"
    far = only(at(y=62.7, more=back + box(LEFT, 56, 60, 0.5)), "din-5008-b")
    assert far.message == "the window 'din-5008-b' can show a drawing"
    # Two lines in small type are a letterhead.
    two = only(at(y=62.7, more=lines(LEFT, 47, ("Group 12", "Berlin"), size=7)), "din-5008-b")
    assert two.message == "the window 'din-5008-b' can show 'Group 12', and 1 more line"


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("Fax: +86 10 6238 1025", "a fax or phone number"),
        ("+86 10 6238 1025", "a fax or phone number"),
        ("Tel. 030 123456", "a fax or phone number"),
        ("english@mail.gov.cn", "an e-mail address"),
        ("Email: english@mail.gov.cn", "an e-mail address"),
        ("www.gov.cn", "a web or e-mail address"),
        ("https://gov.cn/president", "a web or e-mail address"),
    ],
)
def test_lines_that_are_none_of_the_posts(line: str, what: str) -> None:
    wrong = only(at(words=("Xi Jinping", "Zhongnanhai", line, "CHINA")))
    assert (wrong.code, wrong.severity) == ("bad-address", "error")
    assert wrong.message == f"line 3 of the address, '{line}', is {what}"
    assert wrong.cure == "take it off: an envelope shows postal lines and nothing else"


def test_streets_and_towns_are_the_posts() -> None:
    words = ("Phoenix Telefon GmbH", "No. 5 Fax Street", "10117 Berlin", "GERMANY")
    assert found(at(words=words)) == []


def test_too_few_and_too_many_lines() -> None:
    assert only(at(words=("Xi Jinping", "CHINA"))).message == (
        "the address has 2 lines, 3 to 7 are wanted: 'Xi Jinping', 'CHINA'"
    )
    eight = ("A B", "C", "D", "E", "F", "G", "H", "CHINA")
    data = pdf(lines(LEFT, 51, eight, size=10) + LETTER)
    assert only(data).code == "address-too-long"
    assert only(data).cure == "join or shorten lines"


@pytest.mark.parametrize(
    ("last", "code", "message"),
    [
        ("China", "bad-address", "the country line 'China' is not in capitals"),
        (
            "10117 Berlin",
            "unknown-country",
            "the last line of the address, '10117 Berlin', is no country that is known here",
        ),
    ],
)
def test_a_last_line_that_is_no_country_in_capitals(last: str, code: str, message: str) -> None:
    wrong = only(at(words=("Xi Jinping", "Zhongnanhai", last)))
    assert (wrong.code, wrong.severity, wrong.message) == (code, "warning", message)


def test_a_country_that_is_not_last() -> None:
    wrong = only(at(words=("Xi Jinping", "Zhongnanhai", "CHINA", "100017 Beijing")))
    assert (wrong.severity, wrong.message) == ("warning", "the country 'CHINA' is line 3 of 4")
    assert wrong.cure == "write it last, alone and in capitals"


@pytest.mark.parametrize(
    ("name", "code"),
    [("CHINE", "CN"), ("ΚΙΝΑ", "CN"), ("中国", "CN"), ("DEUTSCHLAND", "DE"), ("USA", "US")],
)
def test_countries_are_known_in_many_languages(name: str, code: str) -> None:
    assert country_of(name) == code


def test_what_is_no_country() -> None:
    assert [country_of(text) for text in ("Berlin", "SW1 1AA", "---", "")] == [None] * 4


# -------------------------------------------------------------------------------- pages and paper


# A3 is a paper for posters: there is no envelope for it.
@pytest.mark.parametrize(("name", "size"), [("A5", (148, 210)), ("A3", (297, 420))])
def test_a_sheet_that_goes_into_no_such_envelope(name: str, size: tuple[float, float]) -> None:
    wrong = only(pdf(LETTER, size=size))
    assert (wrong.code, wrong.severity) == ("page-size", "error")
    told = f"the page is {name} ({size[0]}.0 × {size[1]}.0 mm), and no letter for 'dl-left' is"
    assert wrong.message == told
    assert wrong.cure == "print it on A4 or US Letter"


def test_a_sheet_that_no_fold_brings_behind_the_window() -> None:
    wrong = only(at(), "us-9")
    assert wrong.message == "no fold of A4 brings an address behind the window 'us-9'"
    assert wrong.cure.startswith("take the nearest that does: --window ")


def test_a_landscape_first_page() -> None:
    assert "A4 landscape" in only(pdf(LETTER, size=(297, 210))).message


def test_pages_of_several_sizes() -> None:
    with pikepdf.open(io.BytesIO(at())) as file:
        for size in ((210, 297), (297, 420), (148, 210)):
            page = file.add_blank_page(page_size=(size[0] * PT, size[1] * PT))
            page.Contents = file.make_stream(LETTER.encode())
            page.Resources = file.pages[0].Resources
        (wrong,) = (one for one in found(saved(file)) if one.code == "page-size")
    assert (wrong.severity, wrong.place.page) == ("warning", 3)
    assert wrong.message == (
        "the page is A3 (297.0 × 420.0 mm), and the first is A4 (210.0 × 297.0 mm); 1 more page "
        "differs"
    )


def test_without_a_window_a_landscape_or_strange_page_is_a_warning() -> None:
    (wide,) = (f for f in found(pdf(LETTER, size=(297, 210)), None) if f.code == "page-size")
    assert (wide.severity, wide.message) == (
        "warning",
        "the page is A4 landscape (297.0 × 210.0 mm), it lies on its side",
    )
    (odd,) = (f for f in found(pdf(LETTER, size=(200, 250)), None) if f.code == "page-size")
    assert odd.message == "the page is 200.0 × 250.0 mm, which is the size of no sheet"


@pytest.mark.parametrize(
    ("width", "height", "name"),
    [
        (210, 297, "A4"),
        (595 / 72 * 25.4, 842 / 72 * 25.4, "A4"),
        (297, 210, "A4 landscape"),
        (215.9, 279.4, "US Letter"),
        (297, 420, "A3"),
        (200, 250, ""),
    ],
)
def test_sizes_have_names(width: float, height: float, name: str) -> None:
    assert sheet_name(Size(width, height)) == name


def test_only_paper_that_can_be_bought_is_a_paper() -> None:
    assert paper_of(Size(210, 297)) == "a4"
    assert paper_of(Size(216, 279)) == "letter"
    assert paper_of(Size(297, 210)) is None


def test_an_address_again_on_a_later_page_is_told_once() -> None:
    data = pdf(lines(LEFT, TOP, ADDRESS) + LETTER, LETTER, *[lines(40, 100, ADDRESS)] * 3)
    wrong = only(data)
    assert (wrong.code, wrong.severity, wrong.place.page) == ("address-repeated", "warning", 3)
    assert wrong.message == "the address of the first page stands here again, from 'Xi Jinping'"


def test_a_window_that_says_nothing_asks_for_nothing() -> None:
    assert found(at(x=125), "none") == found(at(x=125), None) == []


# ------------------------------------------------------------------- colours, codes and pictures


def test_what_vanishes_in_black_and_white() -> None:
    # Red and green of one grey: 0.299 × 0.8 = 0.24 and 0.587 × 0.41 = 0.24.
    data = pdf(
        box(20, 150, 80, 12, colour="0.8 0 0 rg") + text(25, 153, "now", colour="0 0.41 0 rg")
    )
    (wrong,) = (one for one in seen(data, None).findings if one.code == "lost-in-grey")
    assert (wrong.severity, wrong.place.page) == ("warning", 1)
    assert wrong.message == (
        "'now' is as dark as what it stands on when it is printed in black and white"
    )
    lighter = pdf(box(20, 150, 80, 12, colour="1 0.8 0 rg") + text(25, 153, "now"))
    assert "lost-in-grey" not in [one.code for one in seen(lighter, None).findings]


def test_colours_and_fonts_are_told() -> None:
    data = with_image(at(more=box(20, 200, 9, 9, colour="1 0 0 rg")), (20, 150, 20, 20))
    whole = seen(data, None)
    assert set(whole.colours) == {"grey", "RGB"}
    assert whole.coloured == {1}
    assert [(font.name, font.embedded) for font in whole.fonts] == [("Helvetica", False)]
    assert seen(at(), None).coloured == frozenset()
    cmyk = with_image(at(), (20, 150, 20, 20), space="DeviceCMYK")
    assert "CMYK" in seen(cmyk, None).colours


def drawn_code(x: float, y: float, module: float) -> str:
    code = encode("https://www.example.org/act")
    return " ".join(
        box(x + left * module, y + row * module, length * module, module)
        for left, row, length in dark_runs(code)
    )


def test_codes_are_told_with_their_modules_and_margins() -> None:
    (code,) = seen(at(more=drawn_code(120, 200, 0.6)), None).codes
    assert (code.page, code.text, code.quiet) == (1, "https://www.example.org/act", True)
    assert code.module_mm == pytest.approx(0.6, abs=0.02)
    near = seen(at(more=drawn_code(120, 200, 0.6) + box(117, 195, 2, 30)), None)
    assert [one.quiet for one in near.codes] == [False]


def test_a_picture_of_a_billion_pixels() -> None:
    (wrong,) = (one for one in seen(bombs.huge_image(), None).findings if one.code == "bad-file")
    assert (wrong.severity, wrong.place.page) == ("error", 1)
    assert wrong.message == "a picture has 10,000 million pixels, which no printer takes"
    assert wrong.cure == "save it again, smaller: 300 dots per inch are enough"


def test_one_finding_lists_what_cannot_be_known() -> None:
    (told,) = (one for one in seen(at(), "dl-left").findings if one.code == "unproved")
    assert told.message == (
        "'letter.pdf' holds no proof map, so it was not checked whether every word is there, the "
        "half that is posted carries nothing else and the sheet is folded where its fold marks are"
    )
    (told,) = (one for one in seen(at(), None).findings if one.code == "unproved")
    assert "the address stays in its window (name one: --window NAME)" in told.message


def test_a_page_that_is_to_be_printed_larger() -> None:
    with pikepdf.open(io.BytesIO(at())) as file:
        file.pages[0].UserUnit = 2
        (wrong,) = found(saved(file))
    assert (wrong.code, wrong.severity, wrong.place.page) == ("page-size", "warning", 1)
    assert wrong.message == "the page is to be printed 2 times its size"


def test_a_picture_that_shows_nothing_makes_no_page() -> None:
    white = with_image(pdf(" "), (20, 20, 100, 100), pixels=b"\xff" * 120_000)
    (wrong,) = (one for one in found(white, None) if one.code == "blank-page")
    assert wrong.message == "the page is empty, though it holds a picture: it may be damaged"


def test_what_a_damaged_file_says_commands_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    def look(*_: object, **__: object) -> None:
        raise Rejected(finding("bad-file", "unsupported filter '/Fl\x1b[2Jate'", cure="mend it"))

    monkeypatch.setattr(finished, "look_inside", look)
    told = [one.message for one in seen(at()).findings]
    assert any(message.endswith("unsupported filter '/Fl [2Jate'") for message in told)


def test_form_fields_are_not_looked_at() -> None:
    with pikepdf.open(io.BytesIO(at())) as file:
        look = file.make_stream(b"0 g 0 0 20 20 re f")
        look.Type, look.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        look.BBox = pikepdf.Array([0, 0, 20, 20])
        field = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Tx,
            Rect=pikepdf.Array([100, 400, 125, 420]),
            F=4,
            AP=pikepdf.Dictionary(N=look),
        )
        field = file.make_indirect(field)
        file.pages[0].Annots = pikepdf.Array([field])
        file.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))
        data = saved(file)
    (told,) = (one for one in seen(data).findings if "form field" in one.message)
    assert (told.code, told.severity, told.place.page) == ("unproved", "warning", 1)
    assert told.message == "the page has 1 form field, and what stands in it was not looked at"
    assert told.cure == "print the file to a new PDF, and check that"
    assert not any("form field" in one.message for one in seen(at()).findings)


@pytest.mark.parametrize(("top", "told"), [(190, True), (220, False)])
def test_a_code_on_a_fold_is_told(top: float, told: bool) -> None:
    # A sheet for a DL envelope is folded at 105 and 210, and the code is 25 mm high, its margin 4.
    spoilt = [one for one in found(at(more=drawn_code(120, top, 1))) if one.code == "folded-code"]
    assert [(one.severity, one.message) for one in spoilt] == (
        [("warning", "the fold at 210 mm goes through a QR code")] if told else []
    )
