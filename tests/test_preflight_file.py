"""The finished file as a whole: its dates, its language, and files that are none of ours."""

from __future__ import annotations

import dataclasses
import io
import sys
from datetime import date

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_preflight_pack import (
    DAY,
    NAME,
    Pack,
    codes,
    drawn,
    pack,
    painted,
    proved,
    saved,
    with_picture,
    written,
)

from actionpack.diagnostics import Finding, Place
from actionpack.geometry import Box
from actionpack.model import CodeMeant, ProofMap, TextMeant
from actionpack.preflight import reader, stranger
from actionpack.preflight.apart import Limits, look_apart
from actionpack.preflight.finished import Days, prove
from actionpack.proof import to_json
from actionpack.qr import Code, encode


def only(spoilt: Pack) -> Finding:
    (found,) = spoilt.found
    return found


# ------------------------------------------------------------------------------- dates and meta


def dated(proof: ProofMap, *, today: date | None = DAY, allow: bool = False) -> list[Finding]:
    found = prove(
        pack().pdf, name=NAME, proof=proof, today=today, deadline_today=today, allow_expired=allow
    )
    return list(found)


def with_dates(**dates: date) -> ProofMap:
    return dataclasses.replace(pack().proof, **dates)  # type: ignore[arg-type]  # dates alone


def test_a_deadline_that_has_passed() -> None:
    (found,) = dated(with_dates(act_by=date(2020, 3, 19)))
    assert (found.code, found.severity, found.place) == ("expired", "error", Place(file=NAME))
    assert found.message == "the deadline passed on 2020-03-19"
    assert dated(with_dates(act_by=DAY)) == []


def test_a_deadline_that_was_allowed_to_pass_is_a_warning() -> None:
    (found,) = dated(with_dates(act_by=date(2020, 3, 19)), allow=True)
    assert found.severity == "warning"


def test_an_embargo_and_a_case_that_is_closed() -> None:
    closed = with_dates(embargo=date(2020, 3, 21), stopped=date(2020, 3, 1))
    assert codes(dated(closed)) == ["stopped", "embargoed"]
    assert dated(closed)[0].message == "the case was closed on 2020-03-01"
    assert dated(with_dates(embargo=DAY)) == []


def test_without_a_day_no_dates_are_checked() -> None:
    closed = with_dates(embargo=date(2030, 1, 1), act_by=date(2000, 1, 1), stopped=DAY)
    assert dated(closed, today=None) == []


def test_a_file_in_another_language_than_its_map() -> None:
    found = only(pack().with_proof(language="it"))
    assert (found.code, found.place) == ("bad-value", Place(file=NAME))
    assert found.message == f"'{NAME}' says it is in 'en', and it is in 'it'"


def test_a_file_without_a_title() -> None:
    with pikepdf.open(io.BytesIO(pack().pdf)) as file:
        del file.docinfo["/Title"]
        nameless = saved(file)
    found = only(dataclasses.replace(pack(), pdf=nameless))
    assert (found.code, found.message) == ("missing-field", f"'{NAME}' has no title")


# ---------------------------------------------------------------------------- files without a map


def test_a_file_without_a_map_says_what_was_not_checked() -> None:
    found = proved(pack().pdf, None)
    assert codes(found) == ["unproved", "blank-page"]
    assert found[0].place == Place(file=NAME)
    assert "whether every word is there" in found[0].message
    assert (found[1].severity, found[1].place.page) == ("warning", 2)


def test_a_strangers_file_has_a_margin_of_five_millimetres_as_a_warning() -> None:
    found = proved(painted(pack().pdf, "0 g 2 150 10 10 re f", page=4), None)
    (margin,) = (one for one in found if one.code == "unsafe-margin")
    assert (margin.severity, margin.place.page) == ("warning", 4)


def test_a_stranger_can_hide_no_text() -> None:
    box = Box(20, 20, 160, 4)
    over = f"1 g {box.left} {box.top} {box.width} {box.height} re f"
    found = proved(painted(pack().pdf, over, page=4), None)
    (hidden,) = (one for one in found if one.code == "lost-text")
    assert (hidden.severity, hidden.place.page) == ("warning", 4)
    assert hidden.message.startswith("1 line of the page cannot be seen, the first is '")


def test_a_stranger_may_clip_no_text_and_print_no_coarse_picture() -> None:
    clipped = f"q 90 240 14 20 re W n {written(pack().pdf, 'trial', 100, 250)} Q"
    coarse = with_picture(100, Box(20, 120, 50.8, 50.8), page=4).painted(clipped, page=4)
    found = [one for one in proved(coarse.pdf, None) if one.place.page == 4]
    assert codes(found) == ["overflow", "image-resolution"]
    assert "50 dpi at 51 × 51 mm" in found[1].message


def test_a_strangers_code_is_no_coarse_picture() -> None:
    code = encode("https://example.org")
    found = proved(with_code_as_picture(code, Box(60, 150, 40, 40)), None)
    assert codes(found) == ["unproved", "blank-page"]


def with_code_as_picture(code: Code, box: Box) -> bytes:
    """A code as a picture of one pixel a module, its quiet zone included."""
    side = code.side_with_quiet_zone
    grey = bytearray([255]) * (side * side)
    for y, row in enumerate(code.modules):
        for x, dark in enumerate(row):
            grey[(y + 4) * side + x + 4] = 0 if dark == "1" else 255
    return with_picture(side, box, page=4, grey=bytes(grey)).pdf


def test_a_strangers_font_must_be_in_the_file() -> None:
    with pikepdf.open(io.BytesIO(pack().pdf)) as file:
        file.pages[0].Resources.Font.Ours = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        pdf = painted(saved(file), "BT /Ours 4 Tf 1 0 0 -1 60 250 Tm (Act now) Tj ET", page=4)
    assert "font-not-embedded" in codes(proved(pdf, None))


# ------------------------------------------------------------------------ whatever is handed in


def encrypted() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pack().pdf)) as file:
        file.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it is no PDF, or damaged"),
        (b"Dear President Xi,", "it is no PDF, or damaged"),
        (b"%PDF-1.7\n%%EOF", "it is no PDF, or damaged"),
        (b"\0" * 5000, "it is no PDF, or damaged"),
    ],
)
def test_what_is_no_pdf_is_a_finding(data: bytes, why: str) -> None:
    for proof in (None, pack().proof):
        (found,) = proved(data, proof)
        assert (found.code, found.severity, found.place) == ("bad-file", "error", Place(file=NAME))
        assert found.message == f"'{NAME}' cannot be read: {why}"
        assert found.cure == "repair it"


def test_a_locked_file_is_a_finding() -> None:
    (found,) = proved(encrypted(), pack().proof)
    assert found.message == f"'{NAME}' cannot be read: it is locked with a password"
    assert found.cure == (
        "take the password off: open it with its password, print it into a new PDF file, and "
        "check that one; or ask for a copy without a password"
    )


def test_a_file_that_was_cut_off_is_a_finding() -> None:
    for end in (1000, len(pack().pdf) // 2, len(pack().pdf) - 200):
        assert [one for one in proved(pack().pdf[:end], pack().proof) if one.is_error]


@given(st.data())
@settings(max_examples=40)
def test_damage_is_never_a_traceback(data: st.DataObject) -> None:
    """Bytes that are changed anywhere are found, or change nothing that is printed."""
    pdf = bytearray(pack().pdf)
    for _ in range(data.draw(st.integers(1, 12))):
        pdf[data.draw(st.integers(0, len(pdf) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(proved(bytes(pdf), pack().proof), tuple)
    assert isinstance(proved(bytes(pdf), None), tuple)


def test_numbers_that_are_none_are_a_finding() -> None:
    nan = float("nan")
    spoilt = [
        pack().with_proof(safe_mm=nan),
        pack().with_proof(codes=(CodeMeant(page=1, box=Box(nan, 0, 9, 9), text="x"),)),
        pack().with_proof(
            texts=(
                TextMeant(
                    field="ask", text="x", regions=((4, Box(0, 0, float("inf"), 1)),), posted=False
                ),
            )
        ),
    ]
    for one in spoilt:
        assert codes(one.found)[0] == "bad-file"
        assert one.found[0].message.endswith("cannot be right: a length is no number")


def test_a_map_that_speaks_of_a_page_it_does_not_have() -> None:
    far = CodeMeant(page=9, box=Box(0, 0, 30, 30), text="https://example.org")
    found = pack().with_proof(codes=(far,)).found
    assert found[0].message.endswith("cannot be right: it speaks of page 9, and has 4 pages")
    assert "unproved" in codes(found)


def test_a_map_that_posts_a_strip_it_does_not_have() -> None:
    piece = dataclasses.replace(pack().proof.pieces[0][1], posted_strip=5)
    found = pack().with_proof(pieces=((1, piece),)).found
    assert found[0].message.endswith("cannot be right: piece 'letter' has no strip 5")


def test_numbers_in_the_page_that_are_too_large() -> None:
    huge = "0 g 1e38 1e38 1e38 1e38 re f q 1e30 0 0 1e30 0 0 cm 0 0 m 1e30 1e30 l S Q"
    assert isinstance(pack().painted(huge, page=4).found, tuple)


def test_more_marks_than_any_page_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MOST_MARKS", 300)
    assert pack().found == ()
    squares = "0 0 0.1 0.1 re f " * 300
    (found,) = (f for f in pack().painted(f"0 g {squares}", page=4).found if f.code == "bad-file")
    assert found.message == f"'{NAME}' cannot be read: it paints more than 300 things"


def test_more_pages_than_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stranger, "MOST_PAGES", 2)
    found = [one for one in proved(pack().pdf, None) if one.code == "unproved"]
    assert f"'{NAME}' is long, and its pages 3 to 4 were not looked at" in [
        one.message for one in found
    ]


def test_a_form_that_paints_itself_ends() -> None:
    with pikepdf.open(io.BytesIO(pack().pdf)) as file:
        form = file.make_indirect(pikepdf.Stream(file, b"/Fm Do 0 g 100 100 9 9 re f"))
        form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        form.BBox = [0, 0, 600, 850]
        form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Fm=form))
        file.pages[3].Resources.XObject = pikepdf.Dictionary(Fm=form)
        pdf = painted(saved(file), "/Fm Do", page=4)
    assert isinstance(proved(pdf, pack().proof), tuple)


# ------------------------------------------------------------------------------ in its own process


def apart(pdf: bytes, *, time_limit_s: float = 60, memory: int = 400_000_000) -> list[Finding]:
    days = Days(today=DAY, deadline_today=DAY)
    limits = Limits(time_s=time_limit_s, memory=memory)
    return list(look_apart(pdf, name=NAME, days=days, limits=limits).findings)


def carrying(pdf: bytes, proof: bytes) -> bytes:
    """The file with a proof map inside it."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        private = file.make_indirect(pikepdf.Stream(file, proof))
        file.Root.PieceInfo = pikepdf.Dictionary(actionpack=pikepdf.Dictionary(Private=private))
        return saved(file)


def test_a_process_of_its_own_finds_the_same() -> None:
    bad = pack().painted(drawn(encode("https://example.org"), Box(120, 165, 26, 26)))
    assert apart(carrying(bad.pdf, to_json(bad.proof))) == list(bad.found)
    assert bad.found != ()


def bomb() -> bytes:
    """Thirty forms, each of which paints the next one twice: 2^30 squares."""
    with pikepdf.open(io.BytesIO(pack().pdf)) as file:
        inner = file.make_indirect(pikepdf.Stream(file, b"0 g 100 100 9 9 re f"))
        inner.Type, inner.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        inner.BBox = [0, 0, 600, 850]
        for _ in range(30):
            outer = file.make_indirect(pikepdf.Stream(file, b"/Fm Do /Fm Do"))
            outer.Type, outer.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
            outer.BBox = [0, 0, 600, 850]
            outer.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Fm=inner))
            inner = outer
        file.pages[3].Resources.XObject = pikepdf.Dictionary(Fm=inner)
        return painted(saved(file), "/Fm Do", page=4)


def test_a_file_that_takes_forever_is_given_up() -> None:
    # Time enough for the pages before; and memory, of which the fourth takes more and more.
    found = apart(bomb(), time_limit_s=4, memory=4_000_000_000)[-1]
    assert (found.code, found.place) == ("bad-file", Place(file=NAME, page=4))
    assert found.message == (f"'{NAME}' cannot be read: its page 4 was not read within 4 s")


def test_a_process_that_gets_too_little_memory_is_a_finding() -> None:
    found = apart(pack().pdf, memory=50_000_000)
    assert {one.code for one in found} == {"bad-file"}


def test_a_process_that_breaks_down_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    (found,) = apart(pack().pdf)
    assert found.message == (
        f"'{NAME}' cannot be read: reading it takes more than 400 MB of memory, or breaks the "
        "program that reads it"
    )


# ------------------------------------------------------------------------------- tampered with


def test_notes_on_a_page_are_found() -> None:
    with pikepdf.open(io.BytesIO(pack().pdf)) as file:
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Rect=[300, 300, 400, 400]
        )
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[300, 300, 400, 400]
        )
        file.pages[2].Annots = pikepdf.Array([file.make_indirect(link)])
        assert proved(saved(file), pack().proof) == ()
        file.pages[2].Annots.append(file.make_indirect(note))
        (found,) = proved(saved(file), pack().proof)
    assert (found.code, found.severity, found.place) == (
        "bad-file",
        "error",
        Place(file=NAME, page=3),
    )
    assert found.message == "the page carries notes that may be printed: 'FreeText'"


def test_a_page_that_is_enlarged_in_print_is_found() -> None:
    with pikepdf.open(io.BytesIO(pack().pdf)) as file:
        file.pages[2].UserUnit = 1
        assert proved(saved(file), pack().proof) == ()
        file.pages[2].UserUnit = 1.03
        (found,) = proved(saved(file), pack().proof)
    assert (found.code, found.place) == ("bad-file", Place(file=NAME, page=3))
    assert found.message == "the page is to be printed 1.03 times its size"


def test_a_map_that_cannot_be_read_is_an_error() -> None:
    found = apart(carrying(pack().pdf, b'{"proof":'))
    (error,) = (one for one in found if one.code == "bad-file")
    assert (error.severity, error.place) == ("error", Place(file=NAME))
    assert error.message.startswith(f"the proof map in '{NAME}' cannot be read: ")
