"""QR codes decode to what was meant, and their modules are large enough to be read."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import pytest
import zxingcpp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from qrcode.util import QRData

from actionpack import qr
from actionpack.diagnostics import Finding, Place, Rejected
from actionpack.qr import (
    QUIET_ZONE,
    Code,
    Codes,
    best_mask,
    byte_capacity,
    check_module_size,
    code_of,
    dark_runs,
    encode,
    module_mm,
    quiet_mm,
    wanted_module_mm,
)
from actionpack.web_address import MOST_BYTES

PLACE = Place(file="content/harbour/action.yaml", line=9)
WEB_ADDRESS = "https://www.example.org/act/uyghur-families"

# ISO/IEC 18004:2015, Table 7: bytes at level M, versions 1 to 40.
TABLE_7 = (
    *(14, 26, 42, 62, 84, 106, 122, 152, 180, 213),
    *(251, 287, 331, 362, 412, 450, 504, 560, 624, 666),
    *(711, 779, 857, 911, 997, 1059, 1125, 1190, 1264, 1370),
    *(1452, 1538, 1628, 1722, 1809, 1911, 1989, 2099, 2213, 2331),
)


def read(modules: tuple[str, ...]) -> list[zxingcpp.Barcode]:
    """Decode modules drawn four dots wide inside their quiet zone."""
    dots = 4
    blank = "0" * (len(modules) + 2 * QUIET_ZONE)
    rows = [blank] * QUIET_ZONE + [f"{row:0^{len(blank)}}" for row in modules]
    rows += [blank] * QUIET_ZONE
    grey = b"".join(
        bytes(0 if module == "1" else 255 for module in row for _ in range(dots)) * dots
        for row in rows
    )
    side = len(blank) * dots
    return zxingcpp.read_barcodes(
        memoryview(grey).cast("B", (side, side)), text_mode=zxingcpp.TextMode.Plain
    )


def as_qrcode_draws(text: str, mask: int | None) -> tuple[str, ...]:
    """The modules as the library gives them when it is asked in the plainest way."""
    asked = QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=mask)
    asked.add_data(QRData(text.encode(), mode=4))
    asked.make(fit=True)
    return tuple("".join("01"[bool(dark)] for dark in row) for row in asked.modules)


def drawn(code: Code) -> tuple[str, ...]:
    """The modules as the horizontal runs paint them."""
    rows = [["0"] * code.side for _ in range(code.side)]
    for column, row, length in dark_runs(code):
        rows[row][column : column + length] = "1" * length
    return tuple("".join(row) for row in rows)


# --- the matrix -------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.text(string.ascii_letters + string.digits + "-._~:/?#[]@!$&'()*+,;=%", min_size=1))
@example(WEB_ADDRESS)
@example("A" * 213)  # the longest text of version 10, where the count takes 16 bits
def test_every_code_decodes_to_its_text(text: str) -> None:
    (found,) = read(encode(text).modules)
    assert (found.text, found.ec_level) == (text, "M")


@pytest.mark.parametrize("text", ["Überall", "维吾尔", "ئۇيغۇر", "🕊"])
def test_other_letters_are_encoded_as_utf_8(text: str) -> None:
    (found,) = read(encode(text).modules)
    assert found.bytes == text.encode()


def test_the_same_text_always_gives_the_same_code() -> None:
    assert encode(WEB_ADDRESS) == encode(WEB_ADDRESS)


def test_a_mirrored_code_decodes_but_its_modules_differ() -> None:
    code = encode(WEB_ADDRESS)
    mirrored = tuple(row[::-1] for row in code.modules)
    (found,) = read(mirrored)
    assert found.text == WEB_ADDRESS
    assert mirrored != code.modules


def test_modules_stand_row_by_row_from_the_top_and_without_a_border() -> None:
    # zxing-cpp's encoder draws the same; turned or mirrored, the code would decode as well.
    assert encode("actionpack").modules == (
        "111111100011101111111",
        "100000100000101000001",
        "101110101110101011101",
        "101110101110001011101",
        "101110101001101011101",
        "100000101010101000001",
        "111111101010101111111",
        "000000001011100000000",
        "101111100100101111100",
        "101111011010100110101",
        "000100101001010001010",
        "011110001000010101110",
        "101001100011001101000",
        "000000001001100011101",
        "111111100000111000110",
        "100000101011110111101",
        "101110101010101010001",
        "101110101100101110000",
        "101110101001011001100",
        "100000100010000011100",
        "111111101011000010010",
    )


@pytest.mark.parametrize("version", range(1, 41))
def test_each_version_holds_what_the_norm_says(version: int) -> None:
    assert byte_capacity(version) == TABLE_7[version - 1]


@pytest.mark.parametrize("version", [1, 2, 4, 9, 10])
def test_the_smallest_version_that_holds_the_text_is_taken(version: int) -> None:
    most = TABLE_7[version - 1]
    assert encode("a" * most).version == version
    assert encode("a" * (most + 1)).version == version + 1


def test_digits_and_capitals_are_encoded_as_bytes_too() -> None:
    # In numeric mode, 15 digits would fit version 1; it holds 14 bytes.
    assert encode("1" * 15).version == 2


def test_the_side_grows_by_four_modules_with_each_version() -> None:
    code = encode("a" * 62)
    assert code.version == 4
    assert code.side == 17 + 4 * 4
    assert code.side_with_quiet_zone == 33 + 4 + 4
    assert [len(row) for row in code.modules] == [33] * 33


@pytest.mark.parametrize("text", ["a", "https://www.example.org/act", "a" * 200])
def test_the_empty_margin_is_four_modules_of_the_code_that_is_made(text: str) -> None:
    side = encode(text).side
    assert quiet_mm(text, 30) == pytest.approx(30 * 4 / (side + 2 * 4))


def test_a_text_longer_than_the_largest_code_is_rejected() -> None:
    assert TABLE_7[-1] == MOST_BYTES
    with pytest.raises(Rejected) as rejected:
        encode("a" * 2332)
    (found,) = rejected.value.findings
    assert str(found) == (
        "error: web address has 2332 bytes, a QR code holds 2331; "
        "write one of 60 characters or less [qr-url]"
    )


def test_bytes_are_counted_and_not_letters() -> None:
    with pytest.raises(Rejected, match="has 2334 bytes"):
        encode("维" * 778)  # three bytes each


def test_no_code_is_made_of_nothing() -> None:
    with pytest.raises(Rejected, match="web address is empty"):
        encode("")


@given(st.text(string.ascii_letters, min_size=1, max_size=30))
@settings(max_examples=20, deadline=None)
def test_runs_paint_the_code_and_nothing_else(text: str) -> None:
    code = encode(text)
    assert drawn(code) == code.modules


def test_runs_are_as_long_as_can_be_and_in_reading_order() -> None:
    code = code_of("", ("01101", "00000", "11111", "00000", "00000"))
    assert dark_runs(code) == ((1, 0, 2), (4, 0, 1), (0, 2, 5))


# --- the mask ---------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1, max_size=300).filter(lambda text: text.isprintable()))
@example("a" * 213)
@example("a" * 214)  # version 11
def test_a_code_is_the_librarys_with_the_best_mask_and_with_any_other(text: str) -> None:
    best = as_qrcode_draws(text, None)
    assert encode(text).modules == best
    assert encode(text, best_mask(text)).modules == best
    mask = len(text) % 8
    assert encode(text, mask).modules == as_qrcode_draws(text, mask)


@pytest.mark.parametrize("mask", range(8))
def test_a_code_says_which_mask_it_has(mask: int) -> None:
    for code in (encode(WEB_ADDRESS, mask), Codes(mask).encode(WEB_ADDRESS)):
        (found,) = read(code.modules)
        said = cast(dict[str, int], found.extra)
        assert (found.text, said["DataMask"]) == (WEB_ADDRESS, mask)


@pytest.mark.parametrize("made", [encode, best_mask, Codes(0).encode])
def test_however_it_is_asked_for_no_code_is_made_of_nothing(made: Callable[[str], object]) -> None:
    with pytest.raises(Rejected, match="web address is empty"):
        made("")


# --- many codes -------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.text(st.characters(codec="utf-8"), min_size=1, max_size=6)
        # 60 to 68 bytes, versions 4 and 5; 178 to 186, versions 9 and 10, whose counts differ.
        | st.text("abc?=", max_size=8).map(lambda end: "a" * 60 + end)
        | st.text("aü维🕊", max_size=2).map(lambda end: "a" * 178 + end),
        min_size=1,
        max_size=20,
    ),
    st.integers(0, 7),
)
def test_codes_of_many_texts_are_the_librarys(texts: list[str], mask: int) -> None:
    codes = Codes(mask)
    for text in texts:
        assert codes.encode(text) == encode(text, mask)


def sources(count: int) -> list[str]:
    """Web addresses that differ in eight characters, always the same ones."""
    chosen = random.Random(4)
    letters = string.ascii_letters + string.digits
    return [
        f"https://www.example.org/a/harbour?s={''.join(chosen.choices(letters, k=8))}"
        for _ in range(count)
    ]


def test_a_thousand_sources_have_the_librarys_codes() -> None:
    codes = Codes(5)
    for text in sources(1000):
        assert codes.encode(text).modules == as_qrcode_draws(text, 5)


def test_some_of_a_thousand_codes_are_decoded() -> None:
    codes = Codes(2)
    made = [codes.encode(text) for text in sources(1000)]
    for code in made[::50]:
        (found,) = read(code.modules)
        assert (found.text, found.ec_level) == (code.text, "M")


def asks(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The texts for which the library draws a code from now on."""
    asked: list[bytes] = []
    draw = qr._drawn

    def watched(bytes_: bytes, mask: int | None) -> qr._Drawn:
        asked.append(bytes_)
        return draw(bytes_, mask)

    monkeypatch.setattr(qr, "_drawn", watched)
    return asked


def test_the_library_draws_only_codes_that_teach_something(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = asks(monkeypatch)
    codes = Codes(5)
    for text in sources(1000):
        codes.encode(text)
    # Eight letters or digits of seven bits each, and the first code.
    assert len(asked) <= 8 * 7 + 1
    codes.encode(asked[3].decode())
    assert len(asked) <= 8 * 7 + 1


def test_what_codes_keep_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    # Version 4 has 33 × 33 modules, at least 136 bytes a code.
    monkeypatch.setattr(qr, "_MOST_HELD", 20 * 136)
    asked = asks(monkeypatch)
    codes = Codes(5)
    for text in sources(200):
        assert codes.encode(text).modules == as_qrcode_draws(text, 5)
        assert sum(len(known.rows) for known in codes._known.values()) <= 20
    assert len(asked) > 8 * 7 + 1


def test_threads_may_share_codes() -> None:
    codes = Codes(1)
    texts = sources(400)
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(codes.encode, texts))
    assert [code.modules for code in made] == [as_qrcode_draws(text, 1) for text in texts]


# --- the bits ---------------------------------------------------------------------------------


def test_bits_fill_each_row_to_whole_bytes() -> None:
    bits = encode("actionpack").bits
    # 21 modules are three bytes with three bits to spare: 1111 1110 0011 1011 1111 1 and 000.
    assert bits[:3] == bytes([0b11111110, 0b00111011, 0b11111000])
    assert bits[-3:] == bytes([0b11111110, 0b10110000, 0b10010000])
    assert len(bits) == 21 * 3


@pytest.mark.parametrize("version", range(1, 11))
def test_bits_read_back_as_the_modules(version: int) -> None:
    # 21, 25, 29 … 57 modules: every remainder of eight that a side can have.
    code = encode("a" * TABLE_7[version - 1])
    wide = -(-code.side // 8)
    rows = [code.bits[start : start + wide] for start in range(0, len(code.bits), wide)]
    shown = [f"{int.from_bytes(row):0{8 * wide}b}" for row in rows]
    assert tuple(row[: code.side] for row in shown) == code.modules
    assert {row[code.side :] for row in shown} == {"0" * (8 * wide - code.side)}


# --- the size of a module ---------------------------------------------------------------------


def test_the_slot_holds_the_quiet_zone_too() -> None:
    code = encode("a" * 62)  # 33 modules and twice 4 are 41
    assert module_mm(code, 20.5) == 0.5


@pytest.mark.parametrize("slot", [30, 20.5, 20.495])  # 41 × 0.5 = 20.5, give or take 0.01
def test_modules_of_half_a_millimetre_are_well(slot: float) -> None:
    assert check_module_size(encode("a" * 62), slot, PLACE) == ()


def test_a_module_below_half_a_millimetre_is_a_warning() -> None:
    assert check_module_size(encode("a" * 62), 20.4, PLACE) == (
        Finding(
            severity="warning",
            code="qr-module-size",
            place=PLACE,
            # 20.4 ÷ 41 = 0.4976, never shown as 0.5
            message="module of the QR code is 0.49 mm in a slot of 20.4 mm, 0.5 mm is wanted",
            # version 3 holds 42 bytes: 62 − 42 = 20; 20.4 ÷ (29 + 8) = 0.551
            cure="shorten the web address by 20 characters for 0.55 mm, or make the slot 20.5 mm",
        ),
    )


@pytest.mark.parametrize(
    ("slot", "severity"),
    [(16.4, "warning"), (16.395, "warning"), (16.3, "error")],  # 41 × 0.4 = 16.4
)
def test_a_module_below_four_tenths_is_an_error(slot: float, severity: str) -> None:
    (found,) = check_module_size(encode("a" * 62), slot, PLACE)
    assert found.severity == severity
    bound = "0.5 mm is wanted" if severity == "warning" else "the least is 0.4 mm"
    assert found.message.endswith(bound)


@pytest.mark.parametrize(
    ("slot", "told"),
    [
        # 2,000 ÷ 10 ÷ 33 = 6.06 mm a module; 41 of them are 248.49 mm, and at 0.4 ÷ 0.5 198.79.
        (248.5, None),
        (248.4, ("warning", "6.06 mm is wanted for reading from 2 m")),
        (198.8, ("warning", "6.06 mm is wanted for reading from 2 m")),
        (198.7, ("error", "the least is 4.85 mm for reading from 2 m")),
    ],
)
def test_a_code_is_a_tenth_as_wide_as_the_distance_it_is_read_from(
    slot: float, told: tuple[str, str] | None
) -> None:
    found = check_module_size(encode("a" * 62), slot, PLACE, reading_mm=2000)
    assert told == next(((one.severity, one.message.partition(", ")[2]) for one in found), None)
    # A shorter address makes fewer modules, and the code no wider.
    assert {one.cure for one in found} <= {"make the slot 248.5 mm"}


def test_what_is_read_from_nearby_is_as_large_as_in_the_hand() -> None:
    # 100 ÷ 10 ÷ 33 = 0.3 mm.
    assert wanted_module_mm(encode("a" * 62), 100) == wanted_module_mm(encode("a" * 62)) == 0.5


def test_a_warning_names_only_the_shortening_that_ends_it() -> None:
    # Version 5, 45 modules with its quiet zone. Version 4 holds 62 of 84 bytes, 20 ÷ 41 = 0.487,
    # which would warn again; version 3 holds 42, 20 ÷ 37 = 0.540.
    (found,) = check_module_size(encode("a" * 84), 20, PLACE)
    assert found.cure == (
        "shorten the web address by 42 characters for 0.54 mm, or make the slot 22.5 mm"
    )


def test_an_error_names_the_shortening_that_can_be_read_and_the_one_that_is_wanted() -> None:
    # Version 9, 61 modules with its quiet zone: 18 ÷ 61 = 0.295. At 0.4 mm, 18 mm hold 45 modules,
    # version 5 with 84 of 180 bytes; at 0.5 mm 36, version 2 (33) with 26: 18 ÷ 33 = 0.545.
    (found,) = check_module_size(encode("a" * 180), 18, PLACE)
    assert found.severity == "error"
    assert found.cure == (
        "shorten the web address by 96 characters for 0.4 mm or by 154 characters for 0.54 mm, "
        "or make the slot 30.5 mm"
    )


def test_a_shortening_that_reaches_both_sizes_is_named_once() -> None:
    # Version 2 in 13 mm: 13 ÷ 33 = 0.393; version 1 is 29 modules, 13 ÷ 29 = 0.448, and there is
    # no smaller one. In 14.5 mm version 6 (49) needs version 4 for 0.4 mm … and 1 for 0.5 mm.
    (found,) = check_module_size(encode("a" * 26), 13, PLACE)
    assert found.cure == (
        "shorten the web address by 12 characters for 0.44 mm, or make the slot 16.5 mm"
    )


def test_a_measured_slot_is_shown_to_a_hundredth() -> None:
    (found,) = check_module_size(encode("a" * 180), 30.0625, PLACE)
    assert "in a slot of 30.06 mm" in found.message


def test_one_character_too_many_is_said_in_the_singular() -> None:
    (found,) = check_module_size(encode("a" * 63), 21, PLACE)
    assert found.cure.startswith("shorten the web address by 1 character for 0.51 mm, or ")


def test_the_smallest_code_can_only_be_enlarged() -> None:
    (found,) = check_module_size(encode("a" * 14), 10, PLACE)
    assert found.cure == "make the slot 14.5 mm"  # (21 + 8) × 0.5
