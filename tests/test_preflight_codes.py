"""QR codes as printed: there, readable, the right ones, with room and size enough."""

from __future__ import annotations

import dataclasses

import pytest
from test_preflight_pack import NAME, Pack, codes, drawn, pack, painted, proved

from actionpack.diagnostics import Finding, Place
from actionpack.geometry import Box
from actionpack.model import CodeMeant
from actionpack.qr import Code, encode

TEXT = "https://www.example.org/act/harbour"
CODE = encode(TEXT)  # version 3: 29 modules, 37 with the quiet zone
PLACE = Box(30, 200, 37, 37)  # 1 mm a module


def transposed(code: Code) -> list[str]:
    return ["".join(column) for column in zip(*code.modules, strict=True)]


def printed(operators: str, *, box: Box = PLACE, text: str = TEXT) -> Pack:
    """The good pack with one code more, on page 4, drawn as the test says."""
    meant = CodeMeant(page=4, box=box, text=text)
    spoilt = pack().painted(operators, page=4)
    return spoilt.with_proof(codes=(*pack().proof.codes, meant))


def only(spoilt: Pack) -> Finding:
    (found,) = spoilt.found
    assert found.place == Place(file=NAME, page=4)
    return found


def test_a_code_as_meant_has_no_findings() -> None:
    assert printed(drawn(CODE, PLACE)).found == ()


def test_a_code_that_is_not_there() -> None:
    found = only(printed(""))
    assert (found.code, found.severity) == ("qr-unreadable", "error")
    assert found.message == (
        f"the QR code 30 mm from the left and 200 from the top cannot be read, not '{TEXT}'"
    )


def test_a_code_that_says_something_else() -> None:
    found = only(printed(drawn(encode("https://www.example.org/act/border"), PLACE)))
    assert found.code == "qr-unreadable"
    assert "reads 'https://www.example.org/act/border', not" in found.message


@pytest.mark.parametrize("turned", [0, 1])
def test_a_mirrored_code_is_decoded_and_still_wrong(turned: int) -> None:
    modules = transposed(CODE) if turned else [row[::-1] for row in CODE.modules]
    found = only(printed(drawn(CODE, PLACE, modules=modules)))
    assert found.code == "qr-unreadable"
    assert found.message == (
        f"the QR code for '{TEXT}' is printed mirrored, which many phones do not read"
    )


def test_a_code_turned_by_a_quarter_is_right() -> None:
    quarter = [row[::-1] for row in transposed(CODE)]
    assert printed(drawn(CODE, PLACE, modules=quarter)).found == ()


def test_an_inverted_code_is_decoded_and_still_wrong() -> None:
    black = f"0 g {PLACE.left} {PLACE.top} {PLACE.width} {PLACE.height} re f "
    white = drawn(CODE, PLACE).replace("0 g", "1 g", 1)
    found = only(printed(black + white))
    assert found.code == "qr-unreadable"
    assert found.message.endswith("is printed light on dark, which many phones do not read")


def test_modules_that_error_correction_mends_are_counted() -> None:
    rows = [list(row) for row in CODE.modules]
    for x in (14, 15, 16):
        rows[14][x] = "10"[int(rows[14][x])]
    found = only(printed(drawn(CODE, PLACE, modules=["".join(row) for row in rows])))
    assert found.code == "qr-unreadable"
    assert found.message == f"3 of the 841 modules of the QR code for '{TEXT}' are not as meant"
    assert 29 * 29 == 841


@pytest.mark.parametrize("mask", range(8))
def test_a_code_may_have_any_mask_that_all_its_modules_follow(mask: int) -> None:
    code = encode(TEXT, mask)
    assert printed(drawn(code, PLACE)).found == ()
    rows = [list(row) for row in code.modules]
    rows[14][14] = "10"[int(rows[14][14])]
    found = only(printed(drawn(code, PLACE, modules=["".join(row) for row in rows])))
    assert found.message == f"1 of the 841 modules of the QR code for '{TEXT}' are not as meant"


@pytest.mark.parametrize("mask", range(8))
def test_a_mirrored_code_is_known_with_any_mask(mask: int) -> None:
    code = encode(TEXT, mask)
    found = only(printed(drawn(code, PLACE, modules=transposed(code))))
    assert "is printed mirrored" in found.message


def test_a_code_in_a_larger_version_is_another_code() -> None:
    # Decoded alike, and not what was meant.
    larger = encode(TEXT + "?source=a-long-name-of-a-group")
    assert larger.version > CODE.version
    found = only(printed(drawn(larger, PLACE), text=TEXT))
    assert found.code == "qr-unreadable"


def test_a_line_through_the_code() -> None:
    line = "0.3 w 0 G 30 218.5 m 67 218.5 l S"
    assert "qr-unreadable" in codes(printed(drawn(CODE, PLACE) + line).found)


# -------------------------------------------------------------------------------- the quiet zone


@pytest.mark.parametrize(
    ("side", "line"),
    [
        ("left", "32 205 m 32 232 l"),
        ("right", "65 205 m 65 232 l"),
        ("top", "36 202 m 60 202 l"),
        ("foot", "36 235 m 60 235 l"),
    ],
)
def test_a_line_through_the_quiet_zone(side: str, line: str) -> None:
    found = only(printed(f"{drawn(CODE, PLACE)} 0.2 w 0 G {line} S"))
    assert (found.code, found.severity) == ("qr-quiet-zone", "error")
    assert found.message == (
        f"the QR code for '{TEXT}' has not 4.0 mm of empty paper at its {side}"
    )


def test_ink_just_outside_the_quiet_zone_is_right() -> None:
    assert printed(f"{drawn(CODE, PLACE)} 0.2 w 0 G 29.5 205 m 29.5 232 l S").found == ()


def test_a_code_at_the_edge_of_the_sheet_has_no_quiet_zone() -> None:
    # Its modules begin 7 mm from the left, where its quiet zone needs 4 · 2 = 8.
    box = Box(-1, 180, 74, 74)
    found = only(printed(drawn(CODE, box), box=box))
    assert found.code == "qr-quiet-zone"
    assert found.message.endswith("8.0 mm of empty paper at the edge of the sheet")


# ---------------------------------------------------------------------------------- the modules


def test_small_modules_are_a_warning() -> None:
    # 37 modules on 16.65 mm: 0.45 mm each.
    box = Box(30, 200, 16.65, 16.65)
    found = only(printed(drawn(CODE, box), box=box))
    assert (found.code, found.severity) == ("qr-module-size", "warning")
    assert "module of the QR code is 0.45 mm" in found.message


def test_tiny_modules_are_an_error() -> None:
    # 37 modules on 12.95 mm: 0.35 mm each.
    box = Box(30, 200, 12.95, 12.95)
    found = only(printed(drawn(CODE, box), box=box))
    assert (found.code, found.severity) == ("qr-module-size", "error")


@pytest.mark.parametrize("x", [30, 30.02, 30.04, 30.06, 30.08])
def test_modules_of_half_a_millimetre_are_enough(x: float) -> None:
    # Wherever the code lies between the pixels of the picture it is measured in.
    box = Box(x, 200, 18.5, 18.5)
    assert printed(drawn(CODE, box), box=box).found == ()


def test_a_text_that_no_code_holds_is_a_finding_of_its_own() -> None:
    assert codes(printed("", text="").found) == ["qr-url"]


def test_a_place_that_is_not_on_the_page_is_a_code_that_is_not_there() -> None:
    assert codes(printed("", box=Box(500, 500, 30, 30)).found) == ["qr-unreadable"]
    assert codes(printed("", box=Box(0, 0, 1e9, 1e9)).found) == ["qr-unreadable"]


# ---------------------------------------------------------------------- codes that nobody meant


def strange(operators: str) -> list[Finding]:
    """What is found on page 4 when there is no map."""
    found = proved(painted(pack().pdf, operators, page=4), None)
    return [one for one in found if one.place.page == 4]


def test_a_strangers_code_is_found_and_right() -> None:
    assert strange(drawn(CODE, PLACE)) == []


@pytest.mark.parametrize("text", [TEXT, "https://example.org", f"{TEXT}?source=rome-and-around"])
def test_a_strangers_mirrored_code_is_known_by_its_own_words(text: str) -> None:
    code = encode(text)
    (found,) = strange(drawn(code, PLACE, modules=transposed(code)))
    assert "printed mirrored" in found.message
    assert strange(drawn(code, PLACE)) == []


def test_a_strangers_code_light_on_dark() -> None:
    black = f"0 g {PLACE.left} {PLACE.top} {PLACE.width} {PLACE.height} re f "
    (found,) = strange(black + drawn(CODE, PLACE).replace("0 g", "1 g", 1))
    assert "light on dark" in found.message


def test_a_strangers_code_without_room() -> None:
    (found,) = strange(f"{drawn(CODE, PLACE)} 0.2 w 0 G 32 205 m 32 232 l S")
    assert found.code == "qr-quiet-zone"


def test_a_strangers_code_that_is_too_small() -> None:
    (found,) = strange(drawn(CODE, Box(30, 200, 12.95, 12.95)))
    assert (found.code, found.severity) == ("qr-module-size", "error")


def test_a_strangers_code_that_cannot_be_read_is_a_warning() -> None:
    blot = f"0 g {PLACE.left + 14} {PLACE.top + 14} 12 12 re f"
    (found,) = strange(f"{drawn(CODE, PLACE)} {blot}")
    assert (found.code, found.severity) == ("qr-unreadable", "warning")
    assert found.message.startswith("what looks like a QR code, 34 mm from the left")


def test_a_code_that_stands_askew_is_read_and_its_margin_is_not_proved() -> None:
    # Turned by 20° round its middle: cos 20° = 0.9397, sin 20° = 0.3420.
    turned = "q 0.9397 0.342 -0.342 0.9397 80 -20 cm"
    found = strange(f"{turned} {drawn(CODE, PLACE)} Q")
    assert codes(found) == ["unproved"]


def test_a_page_too_large_to_be_searched_says_so() -> None:
    import io

    import pikepdf
    from test_preflight_pack import saved

    with pikepdf.open(io.BytesIO(pack().pdf)) as file:
        file.pages[3].MediaBox = [0, 0, 14000, 14000]
        large = saved(file)
    found = [
        f
        for f in proved(painted(large, "0 g 100 100 20 20 re f", page=4), None)
        if f.place.page == 4
    ]
    assert "the page is too large to be searched for QR codes" in [f.message for f in found]


def test_both_codes_of_the_pack_are_looked_at() -> None:
    texts = [code.text for code in pack().proof.codes]
    swapped = tuple(
        dataclasses.replace(code, text=text)
        for code, text in zip(pack().proof.codes, texts[::-1], strict=True)
    )
    assert codes(pack().with_proof(codes=swapped).found) == ["qr-unreadable"] * 2
