"""`check` on volumes and on plans: what is broken in one pack of many is found, and named."""

from __future__ import annotations

import dataclasses
import io
import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from projects import ACTION, Bench, write_action
from test_preflight_asmade import in_order
from test_preflight_pack import painted, saved

from actionpack import cli
from actionpack.batch.asked import Asked as Batch
from actionpack.batch.run import run_batch
from actionpack.diagnostics import Finding, Place, finding
from actionpack.model import PackMeant, ProofMap, VolumeMap
from actionpack.pack import Today
from actionpack.pdf import Inside, read_proof
from actionpack.preflight import apart, finished, reader
from actionpack.preflight import drawn as drawing
from actionpack.preflight.apart import Limits, look_apart
from actionpack.preflight.copies import prove_copies
from actionpack.preflight.finished import Days, examine
from actionpack.preflight.seen import Seen, Step, gathered
from actionpack.preflight.stranger import Asked
from actionpack.preflight.transport import to_line
from actionpack.project import Project
from actionpack.proof import any_from_json, to_json
from actionpack.store import shipped_folder

DAY = date(2027, 6, 1)
NAME = "volume-001.pdf"
# Two sheets of labels, each a page and a blank back, and 38 letters of four pages: what to do and
# its blank back, the letter and its blank back. Before pack 37 stand two sheets and 34 letters, so
# that it begins on page 2 · 2 + 34 · 4 + 1 = 141. In all there are 2 · 2 + 38 · 4 = 156.
LABELS, PACKS, PAGES, FIRST = 2, 40, 156, 141
CHANGED = f"'{NAME}' was changed after it was made, as saving it in another program does"
AS_BUILT = "take the file as it was built, or build it again, and change nothing in it"


def plan(root: Path) -> Path:
    write_action(root, action=ACTION)
    # Labels on one side would be a volume of their own.
    labels = root / "layouts" / "labels"
    shutil.copytree(shipped_folder() / "layouts" / "labels", labels)
    layout = labels / "layout.toml"
    layout.write_text("duplex = true\n" + layout.read_text())
    rows = [
        f'Gruppo {number},"Ada Rossi {number}\n05100 Terni",r{number}'
        for number in range(LABELS + 1, PACKS + 1)
    ]
    (root / "rows.csv").write_text("\n".join(("group,sender,source", *rows)) + "\n")
    path = root / "rome.yaml"
    path.write_text(
        "name: rome\nsender_country: IT\n"
        f"packs: [{{action: river, language: en, layout: labels, copies: {LABELS}}}]\n"
        "recipients: {file: rows.csv, defaults: {action: river, language: en}}\n"
    )
    return path


@pytest.fixture(scope="module")
def volume(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A volume of forty packs of two kinds."""
    root = tmp_path_factory.mktemp("project")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACTIONPACK_CACHE", str(root / "cache"))
        done = run_batch(
            Project(root=root),
            Batch(plan=plan(root), output=root / "out"),
            Today(here=DAY, where_it_ends_last=DAY),
            lambda progress: None,
        )
    assert done.findings == []
    return (root / "out" / NAME).read_bytes()


def seen(pdf: bytes, *, window: str | None = None, today: date | None = DAY) -> Seen:
    """All that is seen in a volume for which there is time enough."""
    days = Days(today=today, deadline_today=today)
    asked = Asked.named(window)
    return gathered(examine(pdf, name=NAME, asked=asked, days=days, out_of_time=lambda: False))


Told = tuple[str, int | None, str]


def meant(pdf: bytes) -> VolumeMap:
    read = any_from_json(read_proof(pdf) or b"")
    assert isinstance(read, VolumeMap)
    return read


def told(found: Sequence[Finding]) -> list[Told]:
    return [(one.code, one.place.page, one.message) for one in found]


def wrong(pdf: bytes) -> list[Told]:
    """What is wrong with a volume besides that it was changed, which is told too."""
    first, *others = seen(pdf).findings
    assert (first.severity, first.message) == ("warning", CHANGED)
    assert first.cure == "print the file that the batch made, or look at what else is told here"
    return told(others)


Change = Callable[[pikepdf.Pdf], None]


def after(pdf: bytes, change: Change) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        change(file)
        return saved(file)


def on_page(volume: bytes, page: int) -> str:
    """What a page paints of its own, beside the shared page."""
    with pikepdf.open(io.BytesIO(volume)) as file:
        return file.pages[page - 1].Contents.read_bytes().decode("latin-1")


# ------------------------------------------------------------------------------ a good volume


def test_a_good_volume_is_proved_to_its_end(volume: bytes) -> None:
    found = seen(volume)
    assert found.findings == ()
    assert (found.packs, found.page_count) == (PACKS, PAGES)
    assert len(found.looked) == PAGES
    # Each letter has two codes, and a sheet of labels none.
    assert [code.text for code in found.codes] == [
        f"https://www.example.org/act/river?source=r{number}"
        for number in range(LABELS + 1, PACKS + 1)
        for _ in range(2)
    ]


def test_a_volume_is_told_in_one_line(volume: bytes, bench: Bench) -> None:
    (bench.root / NAME).write_bytes(volume)
    ran = bench.run("check", NAME)
    assert (ran.code, ran.findings) == (0, ())
    (item,) = ran.items
    assert (item["packs"], item["page_count"]) == (PACKS, PAGES)
    assert cli.run(["check", NAME]) == 0
    assert f"{NAME}: 40 packs, 156 pages, A4; address of 4 lines" in bench.capture.readouterr().err


# ------------------------------------------------------------------------- one pack is broken


def test_a_code_that_was_painted_over(volume: bytes) -> None:
    (box,) = (code.box for code in letters(volume).codes if code.page == 1)
    left, top = box.left, box.top
    spoilt = painted(volume, f"1 g {left} {top} {box.width} {box.height} re f", page=FIRST)
    assert wrong(spoilt) == [
        (
            "qr-unreadable",
            FIRST,
            (
                f"pack 37: the QR code {left:.0f} mm from the left and {top:.0f} from the top "
                "cannot be read, not 'https://www.example.org/act/river?source=r37'"
            ),
        )
    ]


def test_two_pages_of_a_pack_that_were_swapped(volume: bytes) -> None:
    order = [*range(1, PAGES + 1)]
    order[FIRST - 1], order[FIRST + 1] = FIRST + 2, FIRST
    assert wrong(in_order(volume, *order)) == [
        (
            "bad-file",
            None,
            (
                f"'{NAME}' has its pages in another order than they were made: its page {FIRST} "
                f"was made as page {FIRST + 2}"
            ),
        )
    ]


def test_the_same_page_of_two_packs_that_was_swapped(volume: bytes) -> None:
    order = [*range(1, PAGES + 1)]
    order[FIRST - 1], order[FIRST + 3] = FIRST + 4, FIRST
    assert wrong(in_order(volume, *order)) == [
        (
            "bad-file",
            None,
            (
                f"'{NAME}' has its pages in another order than they were made: its page {FIRST} "
                f"was made as page {FIRST + 4}"
            ),
        )
    ]


@pytest.mark.parametrize("at", range(4))
def test_a_page_that_was_removed(volume: bytes, at: int) -> None:
    order = [number for number in range(1, PAGES + 1) if number != FIRST + at]
    # Where a blank back follows, it stands in the place of what is gone, and says nothing.
    shown = FIRST + at + (at in (0, 2))
    # What begins in another's place is looked at still, to find the page.
    pack, off = ("pack 38", FIRST + 4) if at == 0 else ("pack 39", FIRST + 8)
    assert wrong(in_order(volume, *order)) == [
        (
            "bad-file",
            None,
            (
                f"'{NAME}' has 155 pages, and 156 were made: its page {shown} was made as page "
                f"{shown + 1}"
            ),
        ),
        (
            "unproved",
            None,
            (
                f"in '{NAME}', from page {off} on, {pack} and those behind it were not looked at: "
                "their pages are not where they were made"
            ),
        ),
    ]


def test_a_page_that_was_removed_is_found_without_reading_all_before_it(volume: bytes) -> None:
    order = [number for number in range(1, PAGES + 1) if number != FIRST + 1]
    pages = []

    def soon() -> bool:
        pages.append(0)
        return len(pages) > 2

    days = Days(today=DAY, deadline_today=DAY)
    steps = examine(in_order(volume, *order), name=NAME, asked=Asked(), days=days, out_of_time=soon)
    found = [one.message for one in gathered(steps).findings]
    assert f"its page {FIRST + 1} was made as page {FIRST + 2}" in found[1]
    assert found[2] == (
        f"'{NAME}' is long: from page 1 on, the pack of page 1 and those behind it were not looked "
        "at"
    )


def test_a_pack_that_was_removed(volume: bytes) -> None:
    order = [n for n in range(1, PAGES + 1) if not FIRST <= n < FIRST + 4]
    (_, _, first), *_ = wrong(in_order(volume, *order))
    assert first == (
        f"'{NAME}' has 152 pages, and 156 were made: its page {FIRST} was made as page {FIRST + 4}"
    )


def test_a_pack_that_was_put_in_twice(volume: bytes) -> None:
    order = [*range(1, FIRST + 4), *range(FIRST, PAGES + 1)]
    (_, _, first), *_ = wrong(in_order(volume, *order))
    assert first == (
        f"'{NAME}' has 160 pages, and 156 were made: its page {FIRST + 4} was made as page {FIRST}"
    )


def test_pages_that_are_missing_at_the_end(volume: bytes) -> None:
    assert wrong(in_order(volume, *range(1, PAGES - 5))) == [
        ("bad-file", None, f"'{NAME}' has 150 pages, and 156 were made")
    ]


def test_a_page_that_was_turned(volume: bytes) -> None:
    def turned(file: pikepdf.Pdf) -> None:
        file.pages[FIRST - 1].rotate(90, relative=True)

    assert wrong(after(volume, turned)) == [
        ("bad-file", FIRST, "pack 37: the page is turned by 90 degrees")
    ]


def test_a_page_of_another_size(volume: bytes) -> None:
    def cut(file: pikepdf.Pdf) -> None:
        for key in ("/MediaBox", "/CropBox", "/TrimBox", "/BleedBox", "/ArtBox"):
            file.pages[FIRST + 1].obj[key] = Array([0, 0, 612, 792])

    # US Letter is 8.5 × 11 inches.
    assert wrong(after(volume, cut)) == [
        (
            "bad-file",
            FIRST + 2,
            "pack 37: the page is 215.9 × 279.4 mm, and its sheet 210.0 × 297.0 mm",
        )
    ]


def test_a_blank_back_that_was_printed(volume: bytes) -> None:
    # The second sheet of labels stands on page 3, and its back belongs to it.
    for page, pack in ((4, "the pack of page 3"), (FIRST + 1, "pack 37")):
        spoilt = painted(volume, "0 g 50 50 40 40 re f", page=page)
        told = f"{pack}: the page must stay blank and has ink on it: a drawing"
        assert wrong(spoilt) == [("blank-page", page, told)]


def test_a_word_of_a_slot_that_is_missing(volume: bytes) -> None:
    def shortened(file: pikepdf.Pdf) -> None:
        # Lines of a block are shown one after the other; of the sender's, the first is left.
        stream = file.pages[FIRST + 1].Contents
        old = stream.read_bytes()
        new = re.sub(rb"(BT .*?\bTJ).*?(ET\n)", rb"\1 \2", old, count=1, flags=re.DOTALL)
        assert new != old
        stream.write(new)

    assert wrong(after(volume, shortened)) == [
        (
            "lost-text",
            FIRST + 2,
            "pack 37: the last 2 words of 'slot:sender' are not on the paper, from '05100 Terni'",
        )
    ]


def own_copy(file: pikepdf.Pdf, held: Any) -> Any:
    return file.make_indirect(Dictionary(held))


def test_a_font_that_was_deleted(volume: bytes) -> None:
    def stripped(file: pikepdf.Pdf) -> None:
        page: Any = file.pages[FIRST - 1]
        own = page.obj.Resources = own_copy(file, page.Resources)
        own.Font = own_copy(file, own.Font)
        for name in list(own.Font.keys()):
            font = own.Font[name] = own_copy(file, own.Font[name])
            below = own_copy(file, font.DescendantFonts[0])
            below.FontDescriptor = own_copy(file, below.FontDescriptor)
            del below.FontDescriptor["/FontFile2"]
            font.DescendantFonts = Array([below])

    found = wrong(after(volume, stripped))
    assert {(code, page) for code, page, _ in found} == {("font-not-embedded", FIRST)}


def letters(pdf: bytes) -> ProofMap:
    """The map that all letters of a volume share."""
    (proof,) = (one for one in meant(pdf).proofs if one.layout == "letter")
    return proof


# ------------------------------------------------------------------------- many packs are broken


def on_every_page(file: pikepdf.Pdf, number: int, what: bytes) -> None:
    """Paint on one page of each letter: what it paints over is in its shared page."""
    for at in range(LABELS * 2 + number - 1, PAGES, 4):
        file.pages[at].contents_add(what, prepend=False)


def test_what_is_wrong_in_all_copies_is_told_for_the_first_and_then_counted(
    volume: bytes,
) -> None:
    (title,) = (one for one in letters(volume).texts if one.field == "title")
    ((page, box),) = title.regions
    scale = 72 / 25.4
    cover = (box.left, 297 - box.bottom, box.width, box.height)
    over = "q 1 g {} {} {} {} re f Q".format(*(side * scale for side in cover)).encode()
    found = wrong(after(volume, lambda file: on_every_page(file, page, over)))
    gone = "all 3 words of 'title' are not on the paper, from 'The river defenders'"
    assert found == [
        ("lost-text", 5, f"pack 3: {gone}"),
        ("lost-text", 9, f"37 more packs, from pack 4 to pack 40: {gone}"),
    ]


def test_after_twenty_packs_with_faults_of_their_own_the_rest_is_left_out(volume: bytes) -> None:
    found = wrong(after(volume, lambda file: on_every_page(file, 3, b"q 1 g 0 0 999 999 re f Q")))
    assert found[-1] == (
        "unproved",
        None,
        (
            f"in '{NAME}', 20 packs are wrong: from page 85 on, pack 23 and those behind it were "
            "not looked at"
        ),
    )


# ------------------------------------------------------------------------------ time, and dates


def test_when_the_time_is_up_the_first_pack_is_named_that_was_not_looked_at(
    volume: bytes,
) -> None:
    packs = []

    def soon() -> bool:
        packs.append(0)
        return len(packs) > 12

    days = Days(today=DAY, deadline_today=DAY)
    steps = examine(volume, name=NAME, asked=Asked(), days=days, out_of_time=soon)
    (found,) = gathered(steps).findings
    # Twelve packs are two sheets of labels and the letters 3 to 12: 2 · 2 + 10 · 4 + 1 = 45.
    assert (found.code, found.severity) == ("unproved", "warning")
    assert found.message == (
        f"'{NAME}' is long: from page 45 on, pack 13 and those behind it were not looked at"
    )
    assert found.cure == "pass --all, which reads all of it"


# -------------------------------------------------------------------------------- all of it


@pytest.fixture
def no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """No page is begun for which there must be time."""
    monkeypatch.setattr(apart, "_LAST_PAGE", 0.0)


@pytest.mark.usefixtures("no_time")
def test_all_of_a_volume_is_read_when_it_is_asked_for(
    volume: bytes, bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    (bench.root / NAME).write_bytes(volume)
    ran = bench.run("check", NAME)
    told = ran.only("unproved")
    assert told["message"].startswith(f"'{NAME}' is long: from page 1 on, the pack of page 1 ")
    assert told["cure"] == "pass --all, which reads all of it"
    ran = bench.run("check", "--all", NAME)
    assert (ran.code, ran.findings) == (0, ())
    assert all(page["looked_at"] for page in ran.items[0]["pages"])
    assert len(ran.items[0]["pages"]) == PAGES
    assert capsys.readouterr().err == ""
    assert cli.run(["check", "--all", NAME]) == 0
    first, *_, last, nothing = capsys.readouterr().err.splitlines()
    assert (first, nothing) == (f"reading {NAME}: page 1 of {PAGES}", "nothing found")
    assert last.startswith(f"{NAME}: 40 packs, 156 pages, A4; ")


@pytest.mark.usefixtures("no_time")
def test_all_of_a_volume_is_read_and_then_drawn(volume: bytes, bench: Bench) -> None:
    (bench.root / NAME).write_bytes(volume)
    ran = bench.run("check", "--all", NAME, "--picture", "seen.png")
    assert (ran.code, ran.files) == (0, (Path("seen.png"),))


@pytest.mark.usefixtures("no_time")
def test_all_is_read_of_files_of_our_own_alone(volume: bytes, bench: Bench) -> None:
    with pikepdf.open(io.BytesIO(volume)) as file:
        del file.Root.PieceInfo
        file.save(bench.root / "stranger.pdf")
    for words, cure in (
        ((), "check it in parts"),
        (("--all",), "check it in parts: --all is for files that actionpack made"),
    ):
        ran = bench.run("check", *words, "stranger.pdf")
        (long,) = (one for one in ran.findings if "is long" in one["message"])
        assert (
            long["message"]
            == f"'stranger.pdf' is long, and its pages 1 to {PAGES} were not looked at"
        )
        assert long["cure"] == cure


def all_wrong(pdf: bytes) -> Iterator[Finding]:
    days = Days(today=DAY, deadline_today=DAY)
    steps = examine(pdf, name=NAME, asked=Asked(), days=days, out_of_time=lambda: True, whole=True)
    return (one for one in gathered(steps).findings if one.message != CHANGED)


def test_when_all_is_asked_for_every_pack_that_is_wrong_is_named(volume: bytes) -> None:
    pdf = after(volume, lambda file: on_every_page(file, 3, b"q 1 g 0 0 999 999 re f Q"))
    (left,) = (one for one in seen(pdf).findings if one.code == "unproved")
    assert left.cure == (
        "take the file as it was made, or print it again; "
        "or pass --all to have every pack looked at"
    )
    found = list(all_wrong(pdf))
    assert "unproved" not in {one.code for one in found}
    # The third page of each letter: the first letter begins on page 5.
    assert {one.place.page for one in found} == {*range(7, PAGES + 1, 4)}


def test_when_all_is_asked_for_every_page_is_looked_into(
    volume: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finished, "MOST_PAGES", 50)

    def change(file: pikepdf.Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 9, 9]))
        for page in (7, 50, 51, 155):
            file.pages[page - 1].Annots = Array([note])

    pdf = after(volume, change)
    assert [page for code, page, _ in wrong(pdf) if code == "bad-file"] == [7, 50]
    assert [one.place.page for one in all_wrong(pdf)] == [7, 50, 51, 155]


def test_a_character_that_a_font_lacks_is_told_once_however_long_the_file_is(
    volume: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finished, "MOST_PAGES", 50)
    lacking = {number: finding("missing-glyph", "lacks", Place(page=number)) for number in (3, 55)}

    def missing(inside: Inside, name: str) -> tuple[Finding, ...]:
        del name
        pages = range(inside.first, inside.first + len(inside.pages))
        return tuple(found for number, found in lacking.items() if number in pages)

    monkeypatch.setattr(finished, "missing_glyphs", missing)
    assert list(all_wrong(volume)) == [lacking[3]]


@contextmanager
def said(first: Step, others: Iterable[Step], *, then_hangs: bool) -> Iterator[BinaryIO]:
    """What a process says: something at once, and more each fifth of a second."""
    reading, writing = os.pipe()
    os.write(writing, to_line(first))
    heard = threading.Event()

    def say() -> None:
        # Nobody listens any more to what hangs.
        with suppress(BrokenPipeError), os.fdopen(writing, "wb") as out:
            for step in others:
                time.sleep(0.2)
                out.write(to_line(step))
                out.flush()
            if then_hangs:
                heard.wait()

    saying = threading.Thread(target=say)
    saying.start()
    with os.fdopen(reading, "rb") as stream:
        yield stream
    heard.set()
    saying.join()


ENDLESS = (Step(looked=page) for page in count(1))
FIVE = [Step(looked=page) for page in range(1, 6)]


@pytest.mark.parametrize(
    ("is_ours", "others", "time_s", "still_s", "why"),
    [
        # Five pages in more time than there is.
        (True, FIVE, 0.7, 120, ""),
        # Each in time, and no end of them.
        (False, ENDLESS, 0.7, 120, "{what} was not read within 0.7 s"),
        (True, [], 120, 0.1, "{what} was not read within 0.1 s"),
    ],
    ids=["ours", "a stranger's", "a page that hangs"],
)
def test_a_file_of_ours_may_take_its_time_and_no_page_of_it_may_hang(
    is_ours: bool, others: Iterable[Step], time_s: float, still_s: float, why: str
) -> None:
    watched: list[Step] = []
    limits = Limits(time_s=time_s, still_s=still_s)
    with said(Step(is_ours=is_ours), others, then_hangs=bool(why)) as stream:
        out, told = apart._heard(stream, limits, watched.append)
    assert told == why
    assert [to_line(step) for step in watched] == out.splitlines(keepends=True)
    assert why or watched[1:] == others


def test_an_interrupted_check_leaves_nobody_at_work(volume: bytes) -> None:
    def interrupt(step: Step) -> None:
        if step.looked:
            raise KeyboardInterrupt

    before = children(os.getpid())
    with pytest.raises(KeyboardInterrupt):
        look_apart(volume, name=NAME, watch=interrupt)
    assert children(os.getpid()) <= before


def children(pid: int) -> set[str]:
    return {
        one for task in Path(f"/proc/{pid}/task").iterdir()
        for one in (task / "children").read_text().split()
    }  # fmt: skip


def test_a_deadline_is_told_once_for_an_action(volume: bytes) -> None:
    found = seen(volume, today=date(2028, 1, 1)).findings
    assert told(found) == [("expired", 1, "the deadline passed on 2027-12-31")]


def test_another_window(volume: bytes) -> None:
    # Where the address shows as it does in its own window, only the labels have to say something.
    assert [one.code for one in seen(volume, window="c6-5-left").findings] == ["unproved"]
    found = told(seen(volume, window="nf").findings)
    assert found[0][:2] == ("unproved", None)
    assert found[0][2].endswith("the sheets of layout 'labels' go into no envelope")
    ((code, page, message),) = found[1:]
    # The letter is the third page of its pack, which is the third and begins on page 5.
    assert (code, page) == ("address-outside-window", 7)
    assert message.startswith(
        "pack 3: the letter was made for the window 'dl-left', and does not do for 'nf'"
    )


def test_a_printing_service(volume: bytes) -> None:
    found = seen(volume, window="notify-uk").findings
    assert {one.place.page for one in found if one.is_error} == {1, 5, 7}


# ------------------------------------------------------------------------------------- a picture


def test_the_first_pack_of_each_kind_is_drawn(
    volume: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[tuple[list[str], Sequence[str]]] = []

    def side_by_side(pages: Sequence[Any], *, legend: Sequence[str], **_: object) -> bytes:
        drawn.append(([page.caption for page in pages], legend))
        return b"drawn"

    monkeypatch.setattr(drawing, "side_by_side", side_by_side)
    days = Days(today=DAY, deadline_today=DAY)
    steps = [*examine(volume, name=NAME, asked=Asked(), days=days, out_of_time=lambda: False)]
    assert drawing.draw(volume, steps, Asked(), lambda: False) == b"drawn"
    ((captions, legend),) = drawn
    assert [caption.partition(":")[0] for caption in captions] == [
        f"page {page} of {PAGES}" for page in (1, 5, 6, 7, 8)
    ]
    assert legend[0] == "of 40 packs the first of each kind is drawn: 5 of 156 pages"


def test_the_zones_are_those_of_each_kind(volume: bytes, bench: Bench) -> None:
    (bench.root / NAME).write_bytes(volume)
    ran = bench.run("check", NAME, "--picture", "seen.png")
    assert (ran.code, ran.files) == (0, (Path("seen.png"),))


# --------------------------------------------------------------------------------- maps that lie


def carrying(pdf: bytes, map_: bytes) -> bytes:
    """The file with another map inside."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        file.Root.PieceInfo["/actionpack"].Private = file.make_stream(map_)
        out = io.BytesIO()
        file.save(out, compress_streams=True, recompress_flate=True)
        return out.getvalue()


def lying(volume: bytes, change: Callable[[VolumeMap], VolumeMap]) -> list[str]:
    """What is said of a file whose map was changed, and not of its being changed."""
    pdf = carrying(volume, to_json(change(meant(volume))))
    found = look_apart(pdf, name=NAME, days=Days(), limits=Limits(time_s=120)).findings
    return [one.message for one in found if one.is_error]


def packs(*changed: dict[str, int]) -> Callable[[VolumeMap], VolumeMap]:
    """Change the first packs of a map."""

    def change(old: VolumeMap) -> VolumeMap:
        some = [
            dataclasses.replace(pack, **own)  # type: ignore[arg-type]  # numbers alone
            for pack, own in zip(old.packs, changed, strict=False)
        ]
        return dataclasses.replace(old, packs=(*some, *old.packs[len(some) :]))

    return change


CANNOT = f"the proof map in '{NAME}' cannot be right: "


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (packs({"proof": 2}), "pack 1 of it is of kind 2, and it has 2 kinds"),
        (packs({"proof": -1}), "pack 1 of it is of kind -1, and it has 2 kinds"),
        (packs({"first": 0}), "pack 1 of it begins on page 0, and that is not after page 0"),
        (packs({"first": -9}), "pack 1 of it begins on page -9, and that is not after page 0"),
        (packs({}, {"first": 1}), "pack 2 of it begins on page 1, and that is not after page 1"),
        (lambda old: dataclasses.replace(old, packs=()), "it names no pack"),
        (
            lambda old: dataclasses.replace(
                old, proofs=(dataclasses.replace(old.proofs[0], pages=()), *old.proofs[1:])
            ),
            "a kind of pack has no pages",
        ),
    ],
)
def test_a_map_that_makes_no_sense(
    volume: bytes, change: Callable[[VolumeMap], VolumeMap], why: str
) -> None:
    assert lying(volume, change) == [CANNOT + why]


def many(count: int, apart: int) -> Callable[[VolumeMap], VolumeMap]:
    def change(old: VolumeMap) -> VolumeMap:
        pack = PackMeant(proof=0, first=1, texts=(), url="")
        copies = (dataclasses.replace(pack, first=1 + at * apart) for at in range(count))
        return dataclasses.replace(old, packs=tuple(copies))

    return change


def test_a_map_of_packs_that_are_not_there(volume: bytes) -> None:
    # Begun on every other page as far as the file goes, and then far behind its end.
    said = lying(volume, many(100_000, 2))
    assert f"'{NAME}' has {PAGES} pages, and 200000 were made" in said
    assert len(said) < 5


def test_a_map_of_a_million_packs_is_more_than_a_file_may_hold(volume: bytes) -> None:
    assert lying(volume, many(1_000_000, 4)) == [
        f"the proof map in '{NAME}' cannot be read: it is cut off or too large"
    ]


# ----------------------------------------------------------------- when a volume is being made


def test_some_packs_are_read_back(volume: bytes) -> None:
    every = meant(volume)
    (box,) = (code.box for code in letters(volume).codes if code.page == 3)
    over = f"1 g {box.left} {box.top} {box.width} {box.height} re f"
    spoilt = painted(volume, over, page=FIRST + 2)
    found = told(prove_copies(spoilt, every, every.packs, name=NAME))
    assert [one[:2] for one in found] == [("qr-unreadable", FIRST + 2)]
    others = [pack for pack in every.packs if pack.first != FIRST]
    assert prove_copies(spoilt, every, others, name=NAME) == ()


def test_each_pack_may_paint_as_much_as_a_file(volume: bytes) -> None:
    with reader.File(volume) as file:
        file.marks_left = 0
        with file.part(FIRST, 4).page(1) as page:
            assert page.number == 1
            assert "Gruppo 37" in [mark.text.strip() for mark in page.marks]
        # The last pack begins on page 153.
        assert [file.part(153, count).page_count for count in (3, 4, 5)] == [3, 4, 4]


# ------------------------------------------------------------------------------------------ plans


def test_a_plan_is_read_and_nothing_is_made(bench: Bench) -> None:
    plan(bench.root)
    before = sorted(bench.root.rglob("*"))
    ran = bench.run("check", "rome.yaml")
    assert (ran.code, ran.findings) == (0, ())
    assert ran.items == (
        {"what": "plan", "name": "rome.yaml", "packs": 40, "kinds": 2, "rows_left_out": 0},
    )
    assert cli.run(["check", "rome.yaml"]) == 0
    assert bench.capture.readouterr().err == (
        "rome.yaml: 40 packs of 2 kinds; whether it all fits on the page was not looked at: "
        "actionpack batch rome.yaml --dry-run\nnothing found\n"
    )
    assert sorted(bench.root.rglob("*")) == before


def test_a_row_that_cannot_be_printed_is_left_out_of_the_count(bench: Bench) -> None:
    plan(bench.root).with_name("rows.csv").write_text("language,group\nen,Gruppo 1\nxx,Gruppo 2\n")
    ran = bench.run("check", "rome.yaml")
    (found,) = ran.findings
    assert (ran.code, found["code"], found["file"], found["row"]) == (1, "bad-row", "rows.csv", 3)
    (item,) = ran.items
    # Two sheets of labels, and the first row.
    assert (item["packs"], item["rows_left_out"]) == (3, 1)
    cli.run(["check", "rome.yaml"])
    assert "rome.yaml: 3 packs of 2 kinds, 1 row left out; " in bench.capture.readouterr().err


def test_a_plan_that_cannot_be_read(bench: Bench) -> None:
    path = plan(bench.root)
    path.write_text(path.read_text().replace("name: rome", "name: Rome!\nvolumes: 3"))
    ran = bench.run("check", "rome.yaml")
    assert ran.code == 1
    assert [(one["code"], one["line"]) for one in ran.findings] == [
        ("bad-value", 1),
        ("unknown-field", 2),
    ]
    (missing,) = bench.run("check", "milan.yaml").findings
    assert (missing["code"], missing["file"]) == ("missing-file", "milan.yaml")


def test_a_plan_has_a_window_of_its_own(bench: Bench) -> None:
    plan(bench.root)
    (found,) = bench.run("check", "rome.yaml", "--window", "nf").findings
    assert (found["code"], found["file"]) == ("bad-value", "rome.yaml")
    assert found["message"] == "--window nf: a plan names its own"
    assert found["cure"] == "write 'window: nf' into it"


def test_an_action_is_checked_by_its_name(bench: Bench) -> None:
    ran = bench.run("check", "content/river/action.yaml")
    (found,) = ran.findings
    assert (ran.code, found["code"]) == (2, "bad-file")
    assert found["message"] == "'content/river/action.yaml' is no plan but an action"
    assert found["cure"] == "actionpack check river"
