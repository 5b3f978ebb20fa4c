"""Pictures of pages: in colour as they print, and what is written below them."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from letters import box, letter, pdf
from PIL import Image
from projects import Bench

from actionpack import cli
from actionpack.images import DrawnPage, Outline, side_by_side
from actionpack.picturing import draw_windows
from actionpack.preflight import drawn as drawing
from actionpack.preflight.drawn import MOST_DRAWN, draw_plain, draw_poster
from actionpack.preflight.finished import Days, examine
from actionpack.preflight.stranger import Asked
from actionpack.store import shipped_folder

# Before, between and behind pages, px; a caption's height; a line of the legend's.
GAP, CAPTION, LINE = 36, 40, 30
RED, BLUE = (255, 0, 0), (0, 0, 255)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


# -------------------------------------------------------------------------------------- colour


def test_pages_are_drawn_in_the_colours_in_which_they_print() -> None:
    # A4 at 900 px: 900 / 210 px to the millimetre.
    per_mm = 900 / 210
    image = opened(draw_plain(pdf(box(20, 30, 40, 50, colour="1 0 0 rg"))))
    assert image.getpixel((GAP + int(30 * per_mm), GAP + int(40 * per_mm))) == RED
    assert image.getpixel((GAP + int(60 * per_mm), GAP + int(40 * per_mm))) == (255, 255, 255)


def test_each_page_has_its_own_colours_and_no_page_is_wider_than_it_may_be() -> None:
    red, blue = (box(0, 0, 210, 297, colour=f"{colour} rg") for colour in ("1 0 0", "0 0 1"))
    image = opened(draw_plain(pdf(red, blue)))
    row = [image.getpixel((x, GAP + 500)) for x in range(image.width)]
    assert image.width == 2 * 900 + 3 * GAP
    assert row[GAP : GAP + 900] == [RED] * 900
    assert row[2 * GAP + 900 : 2 * GAP + 1800] == [BLUE] * 900


@pytest.mark.parametrize("wide", [997, 998, 999, 1000])
def test_pages_of_any_width_are_not_slanted(wide: int) -> None:
    # The left half is red: were a row of pixels padded, its edge would move.
    image = opened(draw_poster(pdf(box(0, 0, 105, 297, colour="1 0 0 rg")), wide))
    assert image.width == wide + 2 * GAP
    reds = {
        max(x for x in range(image.width) if image.getpixel((x, y)) == RED)
        for y in range(GAP + 2, GAP + 1300, 50)
    }
    assert len(reds) == 1


def test_of_many_pages_the_first_are_drawn() -> None:
    image = opened(draw_plain(pdf(*[letter()] * (MOST_DRAWN + 12))))
    assert image.size == opened(draw_plain(pdf(*[letter()] * MOST_DRAWN))).size
    assert max(image.size) <= 4000


def test_build_draws_a_pack_in_colour(bench: Bench) -> None:
    assert cli.run(["build", "river", "--sender-country", "IT", "--picture", "pack.png"]) == 0
    image = opened((bench.root / "pack.png").read_bytes())
    colours = [colour for _, colour in image.getcolors(1 << 20) or ()]
    # The accent of the letter's layout, #9c1c14.
    assert (0x9C, 0x1C, 0x14) in colours


def test_the_drawing_of_windows_is_as_wide_as_was_asked() -> None:
    # A gap before and behind it.
    assert opened(draw_poster(draw_windows(), 1200)).width == 1200 + 2 * GAP


# -------------------------------------------------------------------------------------- legends


def first_ink(legend: Sequence[str]) -> list[int]:
    """How far from the left each line of a legend begins, px; -1: nothing stands in it."""
    page = DrawnPage(pixels=b"\xff" * 100, width=10, height=10, caption="")
    image = opened(side_by_side([page], key=(), legend=legend, font=None)).convert("L")
    top, begins = GAP + 10 + CAPTION + GAP, []
    while top + LINE <= image.height - GAP:
        line = image.crop((0, top, image.width, top + LINE)).point(lambda grey: 255 * (grey < 100))
        inked = line.getbbox()
        begins.append(inked[0] if inked else -1)
        top += LINE
    return begins


def test_the_second_line_of_a_text_hangs_below_its_first() -> None:
    first, *below, other = first_ink(["must " * 60, "must be"])
    assert first == other
    assert len(below) >= 2
    assert min(below) == max(below) > first + 20


def test_a_word_wider_than_a_line_stands_alone_and_an_empty_text_takes_no_line() -> None:
    before, wide, after = first_ink(["must", "m" * 200, "", "must"])
    assert before == after
    assert wide >= 0
    begins = first_ink(["must " + "m" * 200 + " must"])
    assert len(begins) == 3
    assert begins[1] > begins[0]


def test_check_draws_its_pages_in_grey_so_that_what_is_wrong_stands_out(bench: Bench) -> None:
    (bench.root / "a.pdf").write_bytes(pdf(letter(), box(0, 0, 210, 297, colour="0 0 1 rg")))
    cli.run(["check", "a.pdf", "--picture", "a.png"])
    colours = {c for _, c in opened((bench.root / "a.png").read_bytes()).getcolors(1 << 20) or ()}
    assert BLUE not in colours


# --------------------------------------------------------------------------------------- zones


class Shown:
    """What is drawn of the pages of a pack: by page its caption, and kinds of lines with labels."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, made: bytes) -> None:
        self.pages: list[DrawnPage] = []
        self.key: dict[tuple[int, int, int], str] = {}

        def side_by_side(
            pages: Sequence[DrawnPage], *, key: Sequence[Outline], **_: object
        ) -> bytes:
            self.pages += pages
            self.key = {one.colour: one.tag for one in key}
            return b"drawn"

        monkeypatch.setattr(drawing, "side_by_side", side_by_side)
        steps = [
            *examine(made, name="a.pdf", asked=Asked(), days=Days(), out_of_time=lambda: False)
        ]
        assert drawing.draw(made, steps, Asked(), lambda: False) == b"drawn"

    def on(self, page: int) -> set[str]:
        found = {(self.key[one.colour], one.label) for one in self.pages[page - 1].outlines}
        return {f"{kind}: {label}" if label else kind for kind, label in found}


def test_a_self_mailer_is_drawn_with_all_that_counts_on_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = bench.run("build", "river", "--layout", "selfmailer", "--sender-country", "DE").pdf
    shown = Shown(monkeypatch, made)
    assert [page.caption for page in shown.pages] == [
        "page 1 of 4: outside",
        "page 2 of 4: inside",
        "page 3 of 4: keep",
        "page 4 of 4",
    ]
    assert shown.on(1) == {
        "panel",
        "fold",
        "may carry ink",
        "the post keeps free: stamp",
        "the post keeps free: sorting code",
        "the post reads the address: address",
    }
    # The sheet is folded through its inside too.
    assert shown.on(2) == {"panel", "fold", "may carry ink"}
    assert shown.on(3) == {"panel", "a code and its empty margin", "may carry ink"}
    assert shown.on(4) == {"may carry ink"}


def test_the_back_of_a_torn_letter_shows_the_tear(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = Shown(monkeypatch, bench.build().pdf)
    assert {"tear", "fold"} < shown.on(3)
    assert shown.on(4) == {"tear", "fold", "may carry ink"}


def test_a_card_for_a_press_shows_the_edges_that_it_runs_off(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = Shown(monkeypatch, bench.build("--layout", "postcard", "--edition", "press").pdf)
    assert shown.on(1) == {"panel", "runs off the page", "may carry ink"}
    assert shown.on(2) == {
        *("panel", "may carry ink"),
        *(f"the post keeps free: {name}" for name in ("stamp", "sorting code", "barcode")),
    }
    edges = [one for one in shown.pages[0].outlines if shown.key[one.colour] == "runs off the page"]
    assert len(edges) == 4


def test_the_label_of_a_zone_stands_inside_of_it() -> None:
    zone = Outline(left=100, top=100, right=400, bottom=300, colour=BLUE, label="stamp")
    page = DrawnPage(
        pixels=b"\xff" * 500 * 400, width=500, height=400, caption="", outlines=(zone,)
    )
    font = (shipped_folder() / "assets" / "fonts" / "NotoSans-Regular.ttf").read_bytes()
    image = opened(side_by_side([page], key=(), legend=(), font=font))
    # Lines of the outline are 2 px wide.
    upper = image.crop((GAP + 104, GAP + 104, GAP + 396, GAP + 150))
    lower = image.crop((GAP + 104, GAP + 150, GAP + 396, GAP + 296))
    assert BLUE in {colour for _, colour in upper.getcolors(10_000) or ()}
    assert [colour for _, colour in lower.getcolors() or ()] == [(255, 255, 255)]
