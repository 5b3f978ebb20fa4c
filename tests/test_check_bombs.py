"""Files that are broken, or made to break whoever reads them: a clear finding, in bounds."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import bombs
import pytest
from letters import BODY, letter, pdf
from test_preflight_file import carrying
from test_preflight_pack import pack

from actionpack.checking import Checked, check_each
from actionpack.diagnostics import Place, finding
from actionpack.geometry import Box, Size
from actionpack.pack import Today
from actionpack.preflight import apart
from actionpack.preflight.apart import Limits, Looked, end_line, look_apart
from actionpack.preflight.finished import Days, examine
from actionpack.preflight.found import spotted
from actionpack.preflight.seen import CodeSeen, FontSeen, PageSeen, Step, gathered
from actionpack.preflight.stranger import Asked
from actionpack.preflight.transport import from_line, to_line
from actionpack.proof import to_json

# A third of the time that a file may take, so that the tests take no longer than they must; and
# time enough on any machine: to begin, and to read what has an end.
SOON, BEGUN, PATIENT = Limits(time_s=3.0), Limits(time_s=12.0), Limits(time_s=120.0)


def checked(path: Path) -> Checked:
    day = date(2026, 1, 1)
    return next(check_each([str(path)], None, Today(here=day, where_it_ends_last=day)))


def looked(data: bytes, limits: Limits = PATIENT) -> Looked:
    return look_apart(data, name="bomb.pdf", limits=limits, drawn=True)


# Each bomb, and what is said of it besides that it has no map.
SAID: dict[Callable[[], bytes], set[str]] = {
    bombs.deflated_operators: {"bad-file"},
    bombs.deflated_twice: {"bad-file"},
    bombs.endless_operators: {"bad-file"},
    bombs.a_million_objects: {"blank-page", "unproved"},
    bombs.huge_image: {"bad-file"},
    bombs.large_image: {"bad-file"},
    bombs.huge_jbig2: {"bad-file"},
    bombs.huge_jpx: {"bad-file"},
    bombs.nested_forms: {"bad-file"},
    bombs.form_that_paints_itself: {"unsafe-margin"},
    bombs.pages_in_a_circle: {"bad-file"},
    bombs.deep_pages: {"bad-file"},
    bombs.many_pages: {"unproved"},
    bombs.more_pages_said_than_there_are: {"bad-file"},
    bombs.huge_page: {"page-size"},
    bombs.endless_page: {"page-size"},
    bombs.page_without_size: {"page-size"},
    bombs.numbers_that_are_none: {"blank-page"},
    bombs.xref_in_a_circle: {"blank-page"},
    bombs.object_that_is_its_own_length: {"unproved"},
    bombs.streams_that_lie_about_their_length: {"bad-file"},
    bombs.deep_array: {"unsafe-margin"},
    bombs.deep_operators: {"bad-file"},
    bombs.many_words: {"bad-file"},
}
# Of these only a part is read, and they are no fault: so far as time goes.
WITHOUT_END = {bombs.a_million_objects, bombs.many_pages}


def test_every_bomb_is_tried() -> None:
    assert set(SAID) == set(bombs.BOMBS)


@pytest.mark.parametrize("make", SAID, ids=lambda make: make.__name__)
def test_a_bomb_is_a_finding_within_bounds(make: Callable[[], bytes]) -> None:
    data = make()
    # Whatever else is found in those that would take for ever, it is not always found in time.
    limits = BEGUN if make in WITHOUT_END else SOON if "bad-file" in SAID[make] else PATIENT
    begun = time.monotonic()
    found = looked(data, limits).findings
    # A machine that is busy may be slow to notice that it is time.
    assert time.monotonic() - begun < limits.time_s + 30
    assert SAID[make] <= {one.code for one in found}


# The largest memory of any process that this one started and that has ended, in kB; on a Mac bytes.
LARGEST = """
import resource
import bombs
from test_check_bombs import looked

for make in (bombs.deflated_operators, bombs.large_image):
    print(*(found.code for found in looked(make()).findings))
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def test_no_reader_ever_takes_half_a_gigabyte() -> None:
    # A process of its own, which has started nothing else.
    run = subprocess.run(
        [sys.executable, "-c", LARGEST],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=True,
    )
    *codes, most = run.stdout.splitlines()
    assert ["bad-file" in line.split() for line in codes] == [True, True]
    kilobytes = int(most) // (1 if sys.platform != "darwin" else 1000)
    # Far below what any reader takes nothing was read.
    assert 30_000 < kilobytes < 500_000


def test_where_reading_ended_is_named_and_what_was_found_before_is_kept() -> None:
    # It breaks what reads it; a machine that is busy must not end that before.
    told = looked(bombs.nested_forms(), PATIENT).findings
    found, after = (one for one in told if one.code != "blank-page")
    assert found.code == "unproved"
    assert after.place.page == 1
    assert after.message == (
        "'bomb.pdf' cannot be read: reading its page 1 takes more than 400 MB of memory, or breaks "
        "the program that reads it"
    )
    assert after.cure == "repair it"


@pytest.mark.parametrize("make", [bombs.endless_page, bombs.page_without_size])
def test_a_page_whose_size_is_none_is_named(make: Callable[[], bytes]) -> None:
    (found,) = (one for one in looked(make()).findings if one.code == "page-size")
    assert (found.severity, found.place.page) == ("error", 1)
    assert found.message == (
        "the page names a size that no page can have; most programs take it for US Letter"
    )


def ended(monkeypatch: pytest.MonkeyPatch, *steps: Step, why: str = "") -> list[str]:
    """What is said when the process wrote these steps and was ended."""
    written = b"".join(map(to_line, steps))
    monkeypatch.setattr(apart, "_answer", lambda *_: (written, why))
    return [one.message for one in looked(b"").findings]


def test_a_process_that_ends_over_the_fonts_has_looked_at_the_pages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steps = (Step(page_count=1), Step(looked=1), Step(begins="its fonts"))
    (told,) = ended(monkeypatch, *steps, why="{what} was not read within 8 s")
    assert told == (
        "of 'bomb.pdf', whether its fonts have every character was not checked: it was not read "
        "within 8 s"
    )


def test_a_process_that_ends_over_the_picture_has_told_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steps = (Step(page_count=1), Step(looked=1), Step(begins="its picture"))
    (told,) = ended(monkeypatch, *steps)
    assert told == (
        "of 'bomb.pdf', there is no picture of it: reading it takes more than 400 MB of memory, or "
        "breaks the program that reads it"
    )


@pytest.mark.parametrize(("count", "left"), [(2, "page 2 was"), (9, "pages 2 to 9 were")])
def test_pages_after_the_one_at_which_it_ended_are_named(
    monkeypatch: pytest.MonkeyPatch, count: int, left: str
) -> None:
    steps = (Step(page_count=count), Step(begins="page 1"))
    assert ended(monkeypatch, *steps, why="{what} was not read within 8 s") == [
        "'bomb.pdf' cannot be read: its page 1 was not read within 8 s",
        f"of 'bomb.pdf', {left} not looked at",
    ]


def test_a_picture_for_which_there_was_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_answer", lambda *_: (to_line(Step(looked=1)) + end_line(None), ""))
    (found,) = looked(b"").findings
    assert (found.code, found.cure) == ("unproved", "draw a part of it")
    assert found.message == "after 0 s there was no time left to draw 'bomb.pdf'"


def test_steps_come_back_as_they_were() -> None:
    step = Step(
        begins="page 1",
        pages=(PageSeen(number=1, size=Size(210, 297)),),
        page_count=3,
        looked=1,
        blank=True,
        address=("A", "Ω \u2028"),
        address_box=Box(1, 2, 3, 4),
        codes=(CodeSeen(page=1, text="x", module_mm=0.5, quiet=True, box=Box(1, 2, 3, 4)),),
        fonts=(FontSeen(name="F", embedded=False),),
        colours=("grey",),
        findings=(
            spotted("overflow", "m", Place(page=1), Box(1, 2, 3, 4), others=(Box(5, 6, 7, 8),)),
            finding("bad-file", "n"),
        ),
    )
    assert from_line(to_line(step)) == step
    assert to_line(step).count(b"\n") == 1


def test_a_long_file_is_looked_at_whole_when_there_is_time() -> None:
    whole = looked(bombs.long_letter(), PATIENT)
    assert whole.seen.looked == set(range(1, 301))


def test_a_long_file_is_looked_at_as_far_as_time_goes() -> None:
    asked = iter([False] * 84 + [True])
    steps = examine(
        bombs.long_letter(),
        name="bomb.pdf",
        asked=Asked(),
        days=Days(),
        out_of_time=lambda: next(asked),
    )
    whole = gathered(steps)
    (left,) = (one for one in whole.findings if "is long" in one.message)
    assert (left.code, left.severity, left.cure) == ("unproved", "warning", "check it in parts")
    assert left.message == "'bomb.pdf' is long, and its pages 85 to 300 were not looked at"
    assert whole.page_count == len(whole.pages) == 300
    assert whole.looked == set(range(1, 85))


def test_a_long_pack_of_our_own_is_proved_as_far_as_time_goes() -> None:
    asked = iter([False, False, True])
    steps = examine(
        carrying(pack().pdf, to_json(pack().proof)),
        name="pack.pdf",
        asked=Asked(),
        days=Days(),
        out_of_time=lambda: next(asked),
    )
    (left,) = gathered(steps).findings
    assert (left.code, left.message, left.cure) == (
        "unproved",
        "'pack.pdf' is long, and its pages 3 to 4 were not looked at",
        "pass --all, which reads all of it",
    )


# ------------------------------------------------------------------------------ what is no PDF


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("letter.pdf", pdf(letter()))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "message", "cure"),
    [
        (b"", "is empty", "fetch or save it again"),
        (b"\0" * 10_000, "is empty", "fetch or save it again"),
        (
            b"<!DOCTYPE html><p>Not found",
            "is no PDF but a web page or a drawing",
            "download the PDF itself, or print the page to a PDF",
        ),
        (
            zipped(),
            "is no PDF but a ZIP archive or an office document",
            "unpack it, or save it as PDF",
        ),
        (b"\x89PNG\r\n\x1a\n", "is no PDF but a picture", "save it as PDF"),
        (b"\xff\xd8\xff\xe0", "is no PDF but a picture", "save it as PDF"),
        (b"\xd0\xcf\x11\xe0", "is no PDF but an old office document", "save it as PDF"),
        (b"%!PS-Adobe-3.0", "is no PDF but a PostScript file", "make a PDF of it"),
        (
            b"Dear President Xi,",
            "is no PDF",
            "to make an action of a text: actionpack import FILE",
        ),
        (
            b"%PDF-1.7 and nothing more",
            "cannot be read: it is no PDF, or damaged",
            "repair it",
        ),
    ],
)
def test_what_is_no_pdf_is_named(tmp_path: Path, data: bytes, message: str, cure: str) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(data)
    (found,) = checked(path).findings
    assert (found.code, found.severity, found.place.file) == ("bad-file", "error", str(path))
    assert found.message == f"'{path}' {message}"
    assert found.cure == cure


def test_a_folder_a_pipe_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    folder = tmp_path / "folder.pdf"
    folder.mkdir()
    pipe = tmp_path / "pipe.pdf"
    os.mkfifo(pipe)
    assert [one.message for one in checked(folder).findings] == [
        f"'{folder}' cannot be read (Is a directory)"
    ]
    assert [one.message for one in checked(pipe).findings] == [f"'{pipe}' is no plain file"]
    (missing,) = checked(tmp_path / "none.pdf").findings
    assert missing.code == "missing-file"


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(pdf(letter()))

    def refuse(self: Path, *_: object) -> None:
        raise PermissionError(13, "Permission denied")

    # Whoever runs the tests may read everything.
    monkeypatch.setattr(Path, "open", refuse)
    assert [one.message for one in checked(path).findings] == [
        f"'{path}' cannot be read (Permission denied)"
    ]


def test_a_file_of_two_hundred_megabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "zeros.pdf"
    with path.open("wb") as stream:
        stream.write(b"%PDF-1.7\n")
        stream.truncate(200_000_000)
    (found,) = checked(path).findings
    assert found.message == f"'{path}' is larger than 100 MB"


# ---------------------------------------------------------------------------------- passwords


def test_a_file_that_needs_a_password_to_open() -> None:
    (found,) = looked(bombs.locked("secret")).findings
    assert (found.code, found.severity) == ("bad-file", "error")
    assert found.message == "'bomb.pdf' cannot be read: it is locked with a password"


def test_a_file_that_needs_a_password_only_to_be_changed_is_looked_at() -> None:
    whole = looked(bombs.locked(""))
    (told,) = (one for one in whole.findings if one.code == "bad-file")
    assert (told.severity, told.message) == (
        "warning",
        "'bomb.pdf' is protected: a print shop may not be able to use it",
    )
    assert told.cure == "ask whoever made it for a copy without protection"
    assert whole.seen.looked == {1}


def test_a_file_that_forbids_printing() -> None:
    (told,) = (one for one in looked(bombs.not_to_be_printed()).findings if one.code == "bad-file")
    assert (told.severity, told.message) == ("error", "'bomb.pdf' forbids that it is printed")
    assert told.cure == "ask whoever made it for a copy that may be printed"


# -------------------------------------------------------------------------------------- damage


@pytest.mark.parametrize("tenths", range(1, 10))
def test_a_file_that_was_cut_off(tenths: int) -> None:
    whole = pdf(letter(), BODY, BODY)
    found = looked(whole[: len(whole) * tenths // 10]).findings
    errors = [one for one in found if one.is_error]
    assert {one.code for one in errors} == {"bad-file"}


def test_a_file_that_was_cut_off_and_can_be_read_all_the_same_says_so() -> None:
    whole = pdf(letter(), BODY)
    told = [one for one in looked(whole[: whole.rindex(b"startxref")]).findings if one.is_error]
    assert told[0].message == (
        "'bomb.pdf' is cut off: it has no end mark, and pages or pictures may be missing"
    )
    assert told[0].cure == "fetch or save it again"


def flipped() -> Iterator[bytes]:
    """The letter with a few of its bytes changed, the same ones in every run."""
    whole = pdf(letter(), BODY)
    dice = random.Random(20200320)
    for _ in range(12):
        data = bytearray(whole)
        for _ in range(dice.randint(1, 20)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        yield bytes(data)


@pytest.mark.parametrize("data", tuple(flipped()), ids=range(12))
def test_bytes_that_were_changed_end_in_findings_or_change_nothing(data: bytes) -> None:
    whole = looked(data)
    broken = [one for one in whole.findings if one.is_error]
    assert broken or whole.seen.looked
    assert not any("takes more than" in one.message for one in whole.findings)
