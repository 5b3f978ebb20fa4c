"""Pages that were turned, shrunk, moved, taken out or put in another order: each is one finding."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array
from projects import ACTION, Bench, words, write_action
from test_preflight_file import apart, carrying
from test_preflight_pack import NAME, Pack, changed, pack, saved

from actionpack.diagnostics import Finding, Place
from actionpack.proof import to_json

PT = 72 / 25.4
A4 = (210 * PT, 297 * PT)
CURE = "take the file as it was built, or build it again, and change nothing in it"
# Pages are at hand from 0: the letter, its blank back, the briefing and what to do.
LETTER, BACK, BRIEFING, ASK = range(4)

Change = Callable[[pikepdf.Pdf], None]


def handed_on(change: Change) -> tuple[Finding, ...]:
    """What is wrong with the good pack when somebody changed its pages."""
    with pikepdf.open(io.BytesIO(pack().pdf)) as file:
        change(file)
        pdf = saved(file)
    return dataclasses.replace(pack(), pdf=pdf).found


def only(change: Change) -> Finding:
    (found,) = handed_on(change)
    assert (found.code, found.severity, found.cure) == ("bad-file", "error", CURE)
    return found


def boxed(width: float, height: float, *pages: int) -> Change:
    """Give pages another size, pt, and leave what is on them where it is."""

    def change(file: pikepdf.Pdf) -> None:
        for at in pages:
            for key in ("/MediaBox", "/CropBox", "/TrimBox", "/BleedBox", "/ArtBox"):
                if key in file.pages[at].obj:
                    file.pages[at].obj[key] = Array([0, 0, width, height])

    return change


def redrawn(matrix: str, *pages: int) -> Change:
    """Draw what stands on pages through a matrix, in points."""

    def change(file: pikepdf.Pdf) -> None:
        for at in pages:
            file.pages[at].contents_add(f"q {matrix} cm".encode(), prepend=True)
            file.pages[at].contents_add(b"Q")

    return change


def turned(by: int, *pages: int) -> Change:
    def change(file: pikepdf.Pdf) -> None:
        for at in pages:
            file.pages[at].rotate(by, relative=True)

    return change


# ---------------------------------------------------------------------------------- a page


@pytest.mark.parametrize("page", [LETTER, BACK, BRIEFING, ASK])
@pytest.mark.parametrize("by", [90, 270])
def test_a_page_that_was_turned(page: int, by: int) -> None:
    found = only(turned(by, page))
    assert found.place == Place(file=NAME, page=page + 1)
    assert found.message == f"the page is turned by {by} degrees"


@pytest.mark.parametrize("page", [LETTER, BRIEFING, ASK])
def test_a_page_that_was_turned_upside_down(page: int) -> None:
    found = only(turned(180, page))
    assert (found.place.page, found.message) == (page + 1, "the page is turned by 180 degrees")


def test_every_page_that_was_turned_is_told_once() -> None:
    found = handed_on(turned(90, LETTER, BACK, BRIEFING, ASK))
    assert [(one.place.page, one.message) for one in found] == [
        (number, "the page is turned by 90 degrees") for number in (1, 2, 3, 4)
    ]


def test_a_page_that_is_turned_and_shows_the_right_way_up_is_right() -> None:
    # Drawn on its side on a page on its side, and turned back to be shown.
    width, height = A4

    def change(file: pikepdf.Pdf) -> None:
        redrawn(f"0 1 -1 0 {height} 0", ASK)(file)
        boxed(height, width, ASK)(file)
        turned(90, ASK)(file)

    assert handed_on(change) == ()


def test_a_page_of_which_the_content_was_turned() -> None:
    width, height = A4
    found = only(redrawn(f"-1 0 0 -1 {width} {height}", LETTER))
    assert found.message == "what stands on the page is upside down"
    # On its side, and as much smaller as makes it fit: 210 / 297.
    small = 210 / 297
    found = only(redrawn(f"0 {small} {-small} 0 {width} 0", BRIEFING))
    assert (found.place.page, found.message) == (3, "what stands on the page is turned on its side")


def test_a_page_that_lies_on_its_side() -> None:
    width, height = A4

    def change(file: pikepdf.Pdf) -> None:
        redrawn(f"0 1 -1 0 {height} 0", LETTER)(file)
        boxed(height, width, LETTER)(file)

    assert only(change).message == (
        "the page lies on its side: it is 297.0 × 210.0 mm, and its sheet 210.0 × 297.0 mm"
    )


def test_a_page_of_another_size() -> None:
    # A5 is A4 times the root of one half; on US Letter the page is cut off.
    small = 0.5**0.5

    def a5(file: pikepdf.Pdf) -> None:
        redrawn(f"{small} 0 0 {small} 0 0", LETTER)(file)
        boxed(148 * PT, 210 * PT, LETTER)(file)

    for change, size in ((a5, "148.0 × 210.0"), (boxed(612, 792, LETTER), "215.9 × 279.4")):
        found = only(change)
        assert found.place == Place(file=NAME, page=1)
        assert found.message == f"the page is {size} mm, and its sheet 210.0 × 297.0 mm"


@pytest.mark.parametrize(
    "matrix",
    [
        "0.94 0 0 0.94 18 25",
        "0.97 0 0 0.97 9 12",  # as "fit to page" does
        "1 0 0 1 8 8",
        "1 0 0 1 20 -30",
    ],
)
def test_a_page_of_which_the_content_was_moved(matrix: str) -> None:
    found = only(redrawn(matrix, LETTER))
    assert found.place.page == 1
    assert found.message == "what stands on the page was moved, or made smaller or larger"


def test_a_line_that_was_moved_is_no_page_that_was() -> None:
    spoilt = dataclasses.replace(
        pack(),
        pdf=changed(pack().pdf, 4, lambda old: old.replace(b" Tm", b" Tm 0 -400 Td", 1)),
    )
    assert {one.code for one in spoilt.found} == {"lost-text"}


# --------------------------------------------------------------------------------- their order


def in_order(pdf: bytes, *numbers: int) -> bytes:
    """Some pages of a file, by their numbers."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        pages = [file.pages[number - 1] for number in numbers]
        while len(file.pages):
            del file.pages[0]
        file.pages.extend(pages)
        return saved(file)


def test_pages_that_are_missing_or_in_another_order_are_told_in_one_finding(bench: Bench) -> None:
    pdf = bench.build().pdf  # what to do, its blank back, the letter, its blank back
    other = "has its pages in another order than they were made: "
    for numbers, told in (
        ((2, 3, 4), "has 3 pages, and 4 were made: its page 2 was made as page 3"),
        ((1, 3, 4), "has 3 pages, and 4 were made: its page 2 was made as page 3"),
        ((1, 2, 4), "has 3 pages, and 4 were made"),
        ((1, 2, 3), "has 3 pages, and 4 were made"),
        ((1,), "has 1 page, and 4 were made"),
        ((3,), "has 1 page, and 4 were made: its page 1 was made as page 3"),
        ((2, 1, 3, 4), f"{other}its page 2 was made as page 1"),
        ((3, 4, 1, 2), f"{other}its page 1 was made as page 3"),
        ((1, 2, 3, 4, 1, 2, 3, 4), "has 8 pages, and 4 were made"),
    ):
        (bench.root / "pack.pdf").write_bytes(in_order(pdf, *numbers))
        ran = bench.run("check", "pack.pdf")
        assert [one["message"] for one in ran.findings] == [f"'pack.pdf' {told}"], numbers
        (found,) = ran.findings
        assert (ran.code, found["code"], found["cure"]) == (1, "bad-file", CURE)
        assert (found["file"], found["page"]) == ("pack.pdf", None)


def test_a_page_put_in_twice_is_told_beside_the_one_whose_place_it_has(bench: Bench) -> None:
    (bench.root / "pack.pdf").write_bytes(in_order(bench.build().pdf, 1, 1, 2, 3, 4))
    ran = bench.run("check", "pack.pdf")
    assert [(one["page"], one["message"]) for one in ran.findings] == [
        (None, "'pack.pdf' has 5 pages, and 4 were made: its page 4 was made as page 3"),
        (2, "the page must stay blank and has ink on it: 'POST BY'"),
    ]


def test_two_pages_a_sheet(bench: Bench) -> None:
    # The first two pages beside each other on A4 on its side; the rest is as it was.
    width, height = A4
    small = 210 / 297
    with pikepdf.open(io.BytesIO(in_order(bench.build().pdf, 1, 3, 4))) as file:
        redrawn(f"{small} 0 0 {small} 0 0", 0)(file)
        boxed(height, width, 0)(file)
        (bench.root / "pack.pdf").write_bytes(saved(file))
    assert [(one["page"], one["message"]) for one in bench.run("check", "pack.pdf").findings] == [
        (None, "'pack.pdf' has 3 pages, and 4 were made: its page 2 was made as page 3"),
        (1, "the page lies on its side: it is 297.0 × 210.0 mm, and its sheet 210.0 × 297.0 mm"),
    ]


def test_a_page_that_is_there_and_was_emptied_is_told_once() -> None:
    def change(file: pikepdf.Pdf) -> None:
        file.pages[ASK].Contents = file.make_stream(b"")

    (found,) = handed_on(change)
    assert (found.code, found.place.page) == ("blank-page", 4)
    assert (found.message, found.cure) == ("the page is empty and should not be", CURE)


# ------------------------------------------------------------------- as it is handed in


def test_a_line_that_two_fields_of_a_page_could_hold_is_of_the_one_where_it_stands(
    bench: Bench,
) -> None:
    people = "people: [{name: Mihriban Kader}, {name: Ablikim Memtinin}]\n"
    both = "Mihriban Kader and Ablikim Memtinin"
    plain = f"{both} are alone.\n\n- Mihriban Kader\n- Ablikim Memtinin\n\n{words(500)}"
    write_action(bench.root, action=ACTION + people, sections={"plain": plain})
    ran = bench.build("--layout", "handout")
    assert ran.codes == []


def test_a_page_that_was_turned_has_no_address_to_tell() -> None:
    whole: Pack = pack()
    with pikepdf.open(io.BytesIO(carrying(whole.pdf, to_json(whole.proof)))) as file:
        turned(90, LETTER)(file)
        found = apart(saved(file))
    assert [one.message for one in found if one.place.page] == ["the page is turned by 90 degrees"]
