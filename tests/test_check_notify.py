"""Letters as GOV.UK Notify takes and refuses them: each with the verdict of its own checks.

The names are those of the letters by which Notify tests itself (alphagov/notifications-template-
preview, `tests/pdf_consts.py`); the letters here are our own, made to what its tests say of them.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import pikepdf
import pytest
from letters import (
    ADDRESS,
    BODY,
    LEFT,
    PITCH,
    PT,
    TOP,
    address,
    box,
    helvetica,
    letter,
    lines,
    pdf,
    saved,
    text,
    with_image,
)

from actionpack.diagnostics import Finding
from actionpack.postal import letter_rules
from actionpack.preflight.finished import Days, examine
from actionpack.preflight.seen import Seen, gathered
from actionpack.preflight.stranger import Asked

RULE = letter_rules()["notify-uk"]
TAG = text(1.8, 1.8, "NOTIFY", size=6, colour="1 g")
NAME = "letter.pdf"


def seen(data: bytes, preset: str | None = "notify-uk") -> Seen:
    steps = examine(
        data, name=NAME, asked=Asked.named(preset), days=Days(), out_of_time=lambda: False
    )
    return gathered(steps)


def errors(data: bytes) -> list[Finding]:
    return [one for one in seen(data).findings if one.is_error]


def only(data: bytes) -> Finding:
    (found,) = errors(data)
    return found


def warned(data: bytes) -> list[str]:
    return [one.code for one in seen(data).findings if not one.is_error]


# ------------------------------------------------------------------------------------- letters


def filled(edge: float = 0) -> str:
    """Colour in every area that may be printed, up to its edges and `edge` mm over them."""
    areas = (RULE.address, *(area for _, area in RULE.areas))
    return " ".join(
        box(a.left - edge, a.top - edge, a.width + 2 * edge, a.height + 2 * edge, colour="0.7 g")
        for a in areas
    )


def without_resources() -> bytes:
    """Three pages of which the last has no resources of its own, and the first ink outside."""
    with pikepdf.open(io.BytesIO(pdf(letter() + box(2, 150, 5, 5), BODY, BODY))) as file:
        del file.pages[2].Resources
        file.Root.Pages.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=helvetica()))
        return saved(file)


def in_order(*order: int) -> str:
    """The address with its lines where they belong, painted in another order."""
    return " ".join(text(LEFT, TOP + at * PITCH, ADDRESS[at]) for at in order)


def in_ligatures() -> str:
    """A line in three parts, the middle one a little higher, as another font's ligatures stand."""
    second = TOP + PITCH
    parts = text(25, second, "quick ma") + text(40.6, second - 0.9, "ff") + text(42.8, second, "s")
    return text(25, TOP, "First line") + parts + text(25, TOP + 2 * PITCH, "SE1 1AA")


VALID = {
    "valid_letter": pdf(letter()),
    "blank_with_address": pdf(address()),
    "pdf_with_no_metadata": pdf(letter(), information=False),
    "already_has_notify_tag": pdf(letter() + TAG),
    "notify_tag_on_first_page": pdf(letter() + text(7.4, 4.3, "NOTIFY", size=6, colour="1 g")),
    "encroaching_text_outside_right_of_tag": pdf(letter() + TAG + text(60, 1, " x", mode=3), BODY),
    "content_up_to_boundary_edges": pdf(filled()),
    "all_areas_filled": pdf(filled() + address()),
    "content_close_to_all_margins": pdf(letter() + filled(0.9), box(14.1, 4.1, 181.8, 288.8)),
    "address_with_unusual_coordinates": pdf(in_ligatures() + BODY),
    "address_with_multiple_unusual_coordinates": pdf(
        text(25, 42, "Recipient") + text(44, 41.4, "SURNAME")
        + lines(25, 42 + PITCH, ("My Street,", "My Town,", "SW1A 1AA"))
    ),
    "address_with_large_space_in_a_line": pdf(
        text(25, TOP, "My") + text(80, TOP, "Recipient,")
        + lines(25, TOP + PITCH, ("My House,", "My Street,", "My Town,", "SW1A 1AA"))
    ),
    "portrait_rotated_page": pdf(
        lines(30, 20, ("On its side,", "and shown upright"), height=210), size=(297, 210), rotate=90
    ),
    "multi_page_of_ten": pdf(letter(), *[BODY] * 9),
    "seven_lines": pdf(address(("A B", "1 C", "D", "E", "F", "G", "SW1A 1AA"), size=8) + BODY),
    "rgb_image": with_image(pdf(letter()), (20, 150, 60, 60)),
    "rgb_black": pdf(address(colour="0 0 0 rg") + BODY),
    "cmyk_image": with_image(pdf(letter()), (20, 150, 60, 60), space="DeviceCMYK"),
    "cmyk_and_rgb_in_one_pdf": with_image(
        pdf(letter() + box(100, 150, 20, 20, colour="1 0 0 rg")),
        (20, 150, 60, 60),
        space="DeviceCMYK",
    ),
    "ends_in_the_united_kingdom": pdf(letter((*ADDRESS, "United Kingdom"))),
    "forces": pdf(letter(("Pte Smith", "1 Regiment", "BFPO 57"))),
    "forces_with_postcode": pdf(letter(("Pte Smith", "1 Regiment", "BFPO 57", "BF1 3AA"))),
    "commas_at_the_ends": pdf(letter(("A Person,", "1 Street,", "London,", "SW1A 1AA,"))),
    "from_jersey": pdf(letter(("A Person", "1 Street", "St Helier", "JE2 3AB"))),
    "lower_case_postcode": pdf(letter(("A Person", "1 Street", "London", "sw1a1aa"))),
    "address_that_is_not_seen": pdf(address(colour="1 g") + BODY),
    "address_under_a_scan": pdf(address(mode=3) + BODY),
    "cropped_page": pdf(letter(), crop=(7, 7, 200, 288)),
    "upside_down": pdf(letter(), rotate=180),
    "upside_down_and_readable": pdf(f"-1 0 0 -1 {210 * PT} {297 * PT} cm {letter()}", rotate=180),
    "white_ground": pdf(box(0, 0, 210, 297, colour="1 g") + letter()),
    "a_page_two_millimetres_short": pdf(letter(), size=(208.5, 295.5)),
    "logo_and_return_address": pdf(letter() + box(16, 6, 60, 20) + text(130, 10, "Our office")),
    "text_that_is_not_seen_in_the_margin": pdf(letter() + text(2, 150, "Ref 9", mode=3)),
}  # fmt: skip

OUTSIDE = "outside-printable-area"
INVALID = {
    "a3_size": (pdf(letter(), size=(297, 420)), ["page-size"]),
    "a5_size": (pdf(letter(), size=(148, 210)), ["page-size"]),
    "landscape_oriented_page": (pdf(letter(), size=(297, 210)), ["page-size"]),
    "landscape_rotated_page": (pdf(letter(), rotate=90), ["page-size"]),
    "cropped_to_a4": (
        pdf(letter(), size=(297, 420), crop=(0, 0, 210, 297)), ["page-size"]
    ),
    "address_margin": (pdf(letter() + box(121, 30, 4, 64)), [OUTSIDE]),
    "no_colour": (pdf(letter() + box(0, 0, 12, 297, colour="0.9 g"), box(0, 0, 210, 297)),
                  [OUTSIDE, OUTSIDE]),
    "example_dwp_pdf": (pdf(letter() + text(30, 80, "Reference 12")), [OUTSIDE]),
    "repeated_address_block": (pdf(letter() + lines(25, 70, ADDRESS)), [OUTSIDE]),
    "address_block_repeated_on_second_page": (
        pdf(letter(), address() + text(4, 100, "Page 2")), [OUTSIDE]
    ),
    "no_resources_on_last_page": (without_resources(), [OUTSIDE]),
    "ground_of_cream": (pdf(box(0, 0, 210, 297, colour="1 1 0.94 rg") + letter()), [OUTSIDE]),
    "ground_that_is_hardly_grey": (pdf(letter(), box(0, 0, 210, 297, colour="0.996 g")), [OUTSIDE]),
    "upside_down_without_address": (pdf(BODY, rotate=180), ["missing-address"]),
    "ink_more_than_a_millimetre_over": (pdf(letter() + filled(1.3)), [OUTSIDE]),
    "notify_tags_on_page_2_and_4": (
        pdf(letter(), BODY + TAG, BODY, BODY + TAG), ["strange-tag", "strange-tag"]
    ),
    "black_notify_tag": (pdf(letter() + text(1.8, 1.8, "NOTIFY", size=6)), [OUTSIDE]),
    "multi_page_pdf": (pdf(*[BODY] * 10), ["missing-address"]),
    "blank_page": (pdf(" "), ["missing-address"]),
    "scanned_letter": (with_image(pdf(BODY), (20, 35, 110, 40)), [OUTSIDE, "missing-address"]),
    "letter_too_long": (pdf(letter(), *[BODY] * 10), ["too-many-pages"]),
    "bad_postcode": (pdf(letter(("A B", "1 Street", "London", "SW1 1A"))), ["bad-address"]),
    "non_uk_address": (pdf(letter(("A B", "1 Rue", "75001 Paris", "France"))), ["bad-address"]),
    "blank_with_2_line_address": (pdf(address(("Buckingham Palace", "SW1 1AA"))), ["bad-address"]),
    "blank_with_8_line_address": (
        pdf(address((*"ABCDEFG", "SW1 1AA"), size=8)), ["address-too-long"]
    ),
    "invalid_address_character": (
        pdf(letter(("A B", "(1 Street)", "London", "SW1 1AA"))), ["bad-address"]
    ),
    "invalid_address_line_1": (
        pdf(letter(("---", "1 Street", "London", "SW1 1AA"))), ["bad-address"]
    ),
    "invalid_address_line_2": (pdf(letter(("A B", "***", "London", "SW1 1AA"))), ["bad-address"]),
    "no_fixed_abode": (
        pdf(letter(("A B", "No fixed abode", "London", "SW1 1AA"))), ["bad-address"]
    ),
    "nfa": (pdf(letter(("A B", "NFA", "London", "SW1 1AA"))), ["bad-address"]),
    "international_bfpo": (
        pdf(letter(("Pte Smith", "1 Regiment", "BFPO 57", "Germany"))), ["bad-address"]
    ),
    "address_where_paragraphs_do_not_match_visual_order": (
        pdf(in_order(3, 0, 2, 1) + BODY), ["bad-address"]
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", VALID)
def test_a_letter_that_is_taken_has_no_error(name: str) -> None:
    assert errors(VALID[name]) == []


@pytest.mark.parametrize("name", INVALID)
def test_a_letter_that_is_refused_has_an_error(name: str) -> None:
    data, codes = INVALID[name]
    assert [one.code for one in errors(data)] == codes


# ---------------------------------------------------------------------- what is said of them


def test_the_address_is_read_line_by_line() -> None:
    assert seen(VALID["valid_letter"]).address == ADDRESS
    assert seen(VALID["address_with_large_space_in_a_line"]).address[0] == "My Recipient,"
    assert seen(VALID["address_with_unusual_coordinates"]).address == (
        "First line",
        "quick maffs",
        "SE1 1AA",
    )
    assert seen(VALID["address_that_is_not_seen"]).address == ADDRESS


def test_a_page_of_another_size_is_named() -> None:
    found = only(INVALID["a5_size"][0])
    assert (found.place.file, found.place.page) == (NAME, 1)
    assert found.message == "the page is A5 (148.0 × 210.0 mm), and 'notify-uk' wants A4 upright"
    assert found.cure == "make it 210 × 297 mm"


def test_a_page_that_is_turned_on_its_side_is_named() -> None:
    found = only(INVALID["landscape_rotated_page"][0])
    assert found.message == (
        "the page is A4 landscape (297.0 × 210.0 mm), turned by 90 degrees, and 'notify-uk' wants "
        "A4 upright"
    )
    assert found.cure == "turn it upright"


def test_the_size_of_the_paper_counts_and_not_what_a_crop_box_leaves() -> None:
    assert "A3 (297.0 × 420.0 mm)" in only(INVALID["cropped_to_a4"][0]).message


def test_ink_outside_is_named_with_the_way_in() -> None:
    # The text begins at 5 mm, and the area at 15: ten more or less, by the shape of its first
    # letter.
    found = only(pdf(letter(), BODY + text(5, 150, "Reference 1")))
    assert found.place.page == 2
    assert found.message.startswith("'Reference 1' stands 5.3 mm from the left and 151.1 from")
    assert "up to 9.7 mm outside what 'notify-uk' prints on this page" in found.message
    assert found.cure == (
        "move it to the right 9.7 mm, into 'printable area' (15–195 × 5–292 mm), or take it off"
    )


EDGES = {
    "left of the body": (15, 100, 20, 150, "left", 1),
    "right of the body": (100, 150, 195, 200, "right", 1),
    "foot of the body": (100, 200, 150, 292, "bottom", 1),
    "top of the logo": (20, 5, 100, 20, "top", 1),
    "foot of the logo": (20, 10, 100, 30, "bottom", 1),
    "right of the address": (100, 60, 120, 65, "right", 1),
    "foot of the address": (100, 60, 110, 66.3, "bottom", 1),
    "left of the return address": (125, 40, 150, 60, "left", 1),
    "top of a later page": (20, 5, 100, 20, "top", 2),
    "right of a later page": (100, 50, 195, 60, "right", 2),
}


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize(("over", "refused"), [(0, False), (0.9, False), (1.4, True)])
def test_ink_may_reach_a_millimetre_over_each_edge(edge: str, over: float, refused: bool) -> None:
    left, top, right, bottom, side, page = EDGES[edge]
    edges = {"left": left, "top": top, "right": right, "bottom": bottom}
    edges[side] += over if side in ("right", "bottom") else -over
    width, height = edges["right"] - edges["left"], edges["bottom"] - edges["top"]
    ink = box(edges["left"], edges["top"], width, height)
    data = pdf(letter() + ink) if page == 1 else pdf(letter(), BODY + ink)
    assert [(one.code, one.place.page) for one in errors(data)] == [(OUTSIDE, page)] * refused


def test_letters_that_are_painted_one_by_one_are_words() -> None:
    """Helvetica is 0.556 of its size wide in an "a", and a space is 0.278."""
    wide = 11 / PT
    name = "".join(
        text(25 + at * wide, TOP, letter)
        for at, letter in ((0, "a"), (0.556, "n"), (1.112, "n"), (1.946, "b"), (2.502, "o"))
    )
    rest = lines(25, TOP + PITCH, ("1 Street", "SW1 1AA"))
    assert seen(pdf(name + rest)).address == ("ann bo", "1 Street", "SW1 1AA")


def test_several_things_outside_are_counted() -> None:
    two = only(pdf(letter() + text(5, 150, "one") + text(3, 160, "two") + text(5, 170, "three")))
    assert two.message.startswith("'two' stands")
    assert two.message.endswith("; so do 2 more things")


def test_what_is_too_large_for_any_area_must_be_made_smaller() -> None:
    found = only(pdf(letter(), box(5, 150, 200, 10)))
    assert found.cure.startswith("make it small enough for 'printable area'")


def noted(kind: str, x: float, **more: object) -> bytes:
    """The letter with a note of 7 × 7 mm whose foot stands 141 mm above the page's."""
    with pikepdf.open(io.BytesIO(pdf(letter()))) as file:
        look = file.make_stream(b"0 g 0 0 20 20 re f")
        look.Type, look.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        look.BBox = pikepdf.Array([0, 0, 20, 20])
        note = pikepdf.Dictionary({f"/{name}": value for name, value in more.items()})
        note.Type, note.Subtype = pikepdf.Name.Annot, pikepdf.Name(f"/{kind}")
        note.Rect = pikepdf.Array([x * PT, 400, x * PT + 20, 420])
        if kind != "Link":
            note.AP = pikepdf.Dictionary(N=look)
        file.pages[0].Annots = pikepdf.Array([file.make_indirect(note)])
        return saved(file)


PRINTED, NOT_PRINTED, HIDDEN = 4, 0, 2  # ISO 32000-1, table 165


@pytest.mark.parametrize("x", [5, 100])
@pytest.mark.parametrize("flags", [PRINTED, NOT_PRINTED])
def test_a_note_is_refused_wherever_it_stands(x: float, flags: int) -> None:
    """The service looks at pages as on a screen, and lays its areas under the notes."""
    found = only(noted("Stamp", x, F=flags))
    assert found.message == (
        "a note, a stamp or a mark of a reader stands on the page, and 'notify-uk' takes none, "
        "wherever it stands"
    )
    assert found.cure == "take it off, or print the letter to a new PDF, of which it is then a part"


def test_a_note_that_is_not_seen_is_none() -> None:
    assert errors(noted("Stamp", 100, F=HIDDEN)) == []


@pytest.mark.parametrize(
    ("border", "refused"),
    [({}, True), ({"Border": [0, 0, 1]}, True), ({"Border": [0, 0, 0]}, False),
     ({"BS": pikepdf.Dictionary(W=0)}, False), ({"F": HIDDEN}, False)],
)  # fmt: skip
def test_a_frame_round_a_link_is_a_note(border: dict[str, object], refused: bool) -> None:
    """A link that names no border has one of 1 pt (ISO 32000-1, table 164)."""
    found = errors(noted("Link", 100, **border))
    assert [one.message[:26] for one in found] == ["a frame round a link stand"] * refused


def test_columns_in_the_address_may_be_read_as_lines() -> None:
    told = seen(pdf(letter() + text(80, TOP, "Our ref"))).findings
    (gap,) = (one for one in told if "has a gap of" in one.message)
    assert (gap.code, gap.severity) == ("bad-address", "warning")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("A", "SW1 1AA"), "the address has 2 lines, 3 to 7 are wanted: 'A', 'SW1 1AA'"),
        (
            ("A", "B", "Nowhere"),
            (
                "the last line of the address, 'Nowhere', is no postcode of the United Kingdom and "
                "no country"
            ),
        ),
        (
            ("A", "B", "Paris", "FRANCE"),
            "the address is abroad, in 'FRANCE', and not in the United Kingdom",
        ),
        (
            ("A", "B", "BFPO 3", "GERMANY"),
            "the address of a forces' post office (BFPO) names a country, 'GERMANY'",
        ),
        (
            ("...", "B", "SW1 1AA"),
            "line 1 of the address, '...', has no letter and no digit",
        ),
        (
            ("A", "~B", "SW1 1AA"),
            "line 2 of the address, '~B', begins with '~', which is refused",
        ),
        (
            ("A", "no fixed address", "SW1 1AA"),
            "line 2 of the address, 'no fixed address', says that there is no fixed abode",
        ),
    ],
)
def test_what_is_wrong_with_an_address_is_said(words: Sequence[str], message: str) -> None:
    assert only(pdf(letter(words))).message == message


def test_everything_that_is_wrong_with_an_address_is_said_at_once() -> None:
    found = errors(pdf(letter(("---", "(NFA", "London"))))
    assert len(found) == 3


def test_an_address_with_a_line_for_the_forces_needs_no_postcode_but_three_lines() -> None:
    assert only(pdf(letter(("Pte Smith", "BFPO 57")))).message.startswith("the address has 2 lines")


def test_lines_that_stand_in_another_order_in_the_file_are_told_as_they_are_read() -> None:
    found = only(INVALID["address_where_paragraphs_do_not_match_visual_order"][0])
    assert found.message.endswith(
        "and the service reads them as 'SW1 1AA', 'Queen Elizabeth', 'London', 'Buckingham Palace'"
    )


def test_another_order_that_is_taken_all_the_same_is_a_warning() -> None:
    assert errors(pdf(in_order(1, 0, 2, 3) + BODY)) == []
    assert "bad-address" in warned(pdf(in_order(1, 0, 2, 3) + BODY))


def test_an_address_elsewhere_is_told_with_the_way() -> None:
    found = only(pdf(lines(130, 41, ADDRESS) + BODY))
    assert found.code == "missing-address"
    assert found.cure.startswith(
        "write it there; the nearest text is 'Queen Elizabeth', which would have to go to the left "
    )


def test_a_block_without_text_is_no_address_though_there_is_ink() -> None:
    assert "unproved" in warned(VALID["content_up_to_boundary_edges"])
    found = errors(INVALID["scanned_letter"][0])[1]
    assert found.message == (
        "the address block (24.6–120 × 39.5–66.3 mm) holds a picture or a drawing and no text"
    )


def test_text_that_runs_up_the_page_is_not_judged() -> None:
    found = seen(VALID["portrait_rotated_page"]).findings
    (told,) = (one for one in found if "runs up or down" in one.message)
    assert (told.code, told.severity, told.place.page) == ("unproved", "warning", 1)
    # The same on a page that is not turned, where the block of the address is seen to be empty.
    up = (
        f"0 1 -1 0 {210 * PT} 0 cm {lines(110, 150, ('On its side,', 'to be read so'), height=210)}"
    )
    assert [one.code for one in errors(pdf(up))] == ["missing-address"]


def test_what_the_service_mends_or_overlooks_is_a_warning() -> None:
    assert "font-not-embedded" in warned(VALID["valid_letter"])
    assert "lost-text" in warned(VALID["address_that_is_not_seen"])
    assert "image-resolution" in warned(with_image(pdf(letter()), (20, 150, 100, 100), side=100))
    assert "address-repeated" in warned(pdf(letter(), address()))


def test_the_tag_that_may_be_there_is_no_hidden_text() -> None:
    assert "lost-text" not in warned(VALID["already_has_notify_tag"])


def test_a_letter_of_eleven_pages_is_too_long() -> None:
    found = only(INVALID["letter_too_long"][0])
    assert found.message == "the letter has 11 pages, and 'notify-uk' takes 10"
    assert found.cure == "take off 1 page, or send two letters"


def test_an_address_is_read_as_it_is_stored_when_the_page_is_turned_upside_down() -> None:
    """The service looks at a page before it is turned."""
    assert seen(VALID["upside_down"]).address == ADDRESS
    assert seen(VALID["upside_down_and_readable"]).address == ADDRESS


def test_what_is_hardly_seen_is_said_to_be() -> None:
    assert (
        "so pale that it is hardly seen" in only(INVALID["ground_that_is_hardly_grey"][0]).message
    )
    assert "so pale" not in only(pdf(letter() + box(1, 1, 3, 3))).message
