"""What the window of the envelope shows of the finished page, at every slide, fold and tear.

The pack's leaf is folded at 105 for a DL envelope of 220 × 110; its hole is 90 × 45, 20 from the
left and 50 from the top. The packet slides 220 − 210 = 10 mm across and 110 − 105 = 5 along, and a
fold is 1.5 off. So the sheet always shows x 20…100, y 50…88.5, and may show x 10…110, y 43.5…95.
"""

from __future__ import annotations

import dataclasses
import re

import pytest
from test_preflight_pack import LEAF, NAME, WINDOW, Pack, changed, codes, pack, written

from actionpack.diagnostics import Finding, Place
from actionpack.geometry import Box, Size
from actionpack.model import WindowMeant
from actionpack.piece import Line, Piece, always_visible, ever_exposed
from actionpack.preflight.window import on_the_front

VISIBLE = Box(20, 50, 80, 38.5)
EXPOSED = Box(10, 43.5, 100, 51.5)
PX_PER_MM = 96 / 25.4


def moved(dx: float, dy: float, *, of: Pack | None = None, lines: int = 5) -> Pack:
    """Lay the address out somewhere else: both the file's text and the map's region move."""
    good = of or pack()

    def move(content: bytes) -> bytes:
        rows = list(re.finditer(rb"1 0 0 -1 (\S+) (\S+) Tm", content))
        # The caption comes first, then five lines of address.
        for row in reversed(rows[1 : 1 + lines]):
            x, y = float(row[1]) + dx * PX_PER_MM, float(row[2]) + dy * PX_PER_MM
            place = f"1 0 0 -1 {x:.4f} {y:.4f} Tm".encode()
            content = content[: row.start()] + place + content[row.end() :]
        return content

    texts = tuple(
        dataclasses.replace(
            text, regions=tuple((page, box.moved(dx, dy)) for page, box in text.regions)
        )
        if text.field.startswith("address")
        else text
        for text in good.proof.texts
    )
    return Pack(pdf=changed(good.pdf, 1, move), proof=good.proof, laid=good.laid).with_proof(
        texts=texts
    )


def outside(spoilt: Pack) -> Finding:
    (found,) = (one for one in spoilt.found if one.code == "address-outside-window")
    assert (found.severity, found.place) == ("error", Place(file=NAME, page=1))
    return found


def test_a_fold_of_the_stub_above_what_is_posted_hides_nothing_of_its_front() -> None:
    # The front lies between the tear at 87 and the fold at 192, which may go 1.5 astray.
    piece = Piece(
        name="letter",
        sheet=Size(210, 297),
        cuts=(Line(name="tear", at=87, tolerance=2),),
        folds=tuple(Line(name="fold", at=at, tolerance=1.5) for at in (43, 192)),
        posted_strip=1,
    )
    exposed = Box.between(10, 130, 110, 200)
    assert on_the_front(exposed, piece) == Box.between(10, 130, 110, 193.5)
    unfolded = dataclasses.replace(piece, folds=piece.folds[:1])
    assert on_the_front(exposed, unfolded) == exposed


def test_the_numbers_of_this_file_are_those_of_the_piece() -> None:
    assert WINDOW.hole is not None
    assert always_visible(LEAF, WINDOW.envelope, WINDOW.hole) == VISIBLE
    assert ever_exposed(LEAF, WINDOW.envelope, WINDOW.hole) == EXPOSED


def test_an_address_that_every_slide_shows_has_no_findings() -> None:
    assert moved(10, 8).found == ()


def test_the_line_the_slide_and_the_way_are_named() -> None:
    # The ink of the first line is at 55.94; 10 mm higher it is 50 − 45.94 = 4.06 mm too high. The
    # lowest hole is that of a packet at the envelope's top, folded 1.5 mm early.
    found = outside(moved(0, -10))
    assert found.message.startswith(
        "line 1 of the address, 'Xi Jinping', is 4.1 mm outside the window 'dl-left' at its top "
        "when the letter is slid to the "
    )
    assert found.cure == "move the address down 4.1 mm"


def test_the_last_line_leaves_at_the_foot() -> None:
    # The foot of the last line is at 74.41 + 2.62 = 77.04: 15 mm lower it is 3.54 below 88.5.
    found = outside(moved(0, 15))
    assert found.message.startswith("line 5 of the address, 'CHINA', is 3.5 mm outside the window")
    assert "at its foot when the letter is slid to the" in found.message
    assert "the foot of the envelope" in found.message
    assert found.cure == "move the address up 3.6 mm"


def test_lines_that_leave_with_it_are_counted() -> None:
    # 20 mm to the right the fourth line ends at 81.17 + 20 = 101.17, and the third at 96.87.
    found = outside(moved(20, 0))
    assert "line 4 of the address" in found.message
    assert "more line" not in found.message
    assert ", and 1 more line" in outside(moved(25, 0)).message


@pytest.mark.parametrize(
    ("dx", "dy"), [(-14, 0), (30, 0), (0, -12), (0, 18), (-13, -9), (25, 17), (21, -11)]
)
def test_moving_as_the_cure_says_cures(dx: float, dy: float) -> None:
    spoilt = moved(dx, dy)
    ways = {"to the right": (1, 0), "to the left": (-1, 0), "down": (0, 1), "up": (0, -1)}
    for way, by in re.findall(
        r"(to the right|to the left|down|up) ([\d.]+) mm", outside(spoilt).cure
    ):
        dx, dy = dx + float(by) * ways[way][0], dy + float(by) * ways[way][1]
    assert moved(dx, dy).found == ()


def test_an_address_that_is_too_wide_cannot_be_cured_by_moving() -> None:
    # The window of another envelope always shows 45 − 10 = 35 mm, and the ink is 50.14 mm wide.
    narrow = WindowMeant(name="narrow", envelope=WINDOW.envelope, hole=Box(20, 50, 45, 45))
    found = outside(pack().with_proof(window=narrow))
    assert found.cure == (
        "shorten the address or set it smaller: it is 15.2 mm too wide for what 'narrow' always "
        "shows, so moving it does not help"
    )


def test_a_window_that_never_shows_the_same_place_cannot_be_cured() -> None:
    tiny = WindowMeant(name="tiny", envelope=WINDOW.envelope, hole=Box(20, 50, 8, 45))
    assert (
        "shows no part of this sheet at every slide" in outside(pack().with_proof(window=tiny)).cure
    )


def test_an_envelope_without_a_window_is_not_asked() -> None:
    plain = WindowMeant(name="none", envelope=Size(220, 110), hole=None)
    assert moved(0, -10, of=pack().with_proof(window=plain)).found == ()


def test_a_leaf_that_is_not_posted_is_not_asked() -> None:
    kept = dataclasses.replace(LEAF, posted_strip=None)
    kept_pack = pack().with_proof(pieces=((1, kept), *pack().proof.pieces[1:]))
    assert moved(0, -10, of=kept_pack).found == ()


# ---------------------------------------------------------------------------- what else shows


def exposed(spoilt: Pack) -> Finding:
    (found,) = (one for one in spoilt.found if one.code == "window-exposes-text")
    assert (found.severity, found.place) == ("error", Place(file=NAME, page=1))
    return found


def test_text_that_a_slide_shows_is_quoted_with_its_field() -> None:
    # The salutation's ink is at 106.94 − 13 = 93.94, and the window can show down to 95.
    def raise_it(content: bytes) -> bytes:
        row = list(re.finditer(rb"1 0 0 -1 (\S+) (\S+) Tm", content))[6]
        place = f"1 0 0 -1 {row[1].decode()} {float(row[2]) - 13 * PX_PER_MM:.4f} Tm".encode()
        return content[: row.start()] + place + content[row.end() :]

    texts = tuple(
        dataclasses.replace(t, regions=tuple((p, box.moved(0, -13)) for p, box in t.regions))
        if t.field.startswith("salutation")
        else t
        for t in pack().proof.texts
    )
    spoilt = dataclasses.replace(pack(), pdf=changed(pack().pdf, 1, raise_it))
    found = exposed(spoilt.with_proof(texts=texts))
    assert found.message == (
        "the window 'dl-left' can show 'Dear President Xi,' of 'salutation:president'"
    )
    assert found.cure == "move it down 1.1 mm"


def test_text_that_belongs_to_nothing_is_exposed_and_a_mark() -> None:
    spoilt = pack().painted(written(pack().pdf, "three years", 90, 60))
    assert codes(spoilt.found) == ["posted-mark", "window-exposes-text"]
    assert exposed(spoilt).message == "the window 'dl-left' can show 'three years'"
    # Its feet stand at 60, and what is exposed begins at 43.5: up is the shortest way out.
    assert re.fullmatch(r"move it up 1[67]\.\d mm", exposed(spoilt).cure)


def test_text_on_the_packets_back_is_not_exposed() -> None:
    # A fold at 80 puts all below it behind the window's facet, wherever the hole lies.
    folded = dataclasses.replace(
        LEAF, folds=tuple(dataclasses.replace(line, at=90) for line in LEAF.folds)
    )
    window = WindowMeant(name="deep", envelope=Size(220, 110), hole=Box(20, 30, 90, 100))
    spoilt = pack().with_proof(window=window, pieces=((1, folded), *pack().proof.pieces[1:]))
    assert "window-exposes-text" not in codes(spoilt.found)


def test_a_rule_in_the_window_is_exposed() -> None:
    found = exposed(pack().painted("0 g 90 60 15 0.3 re f"))
    assert found.message == "the window 'dl-left' can show a drawing"
    # 60.3 − 43.5 up, against 95 − 60 down and 110 − 90 to the right.
    assert found.cure == "move it up 16.8 mm"


def test_a_frame_round_the_window_shows_nothing_in_it() -> None:
    frame = "0 g 8 42 104 55 re 8.3 42.3 103.4 54.4 re f*"
    assert "window-exposes-text" not in codes(pack().painted(frame).found)


def test_ink_just_beside_what_is_exposed_is_right() -> None:
    assert pack().painted("0 g 111 60 20 0.3 re f").found == ()
    assert codes(pack().painted("0 g 109 60 20 0.3 re f").found) == ["window-exposes-text"]
