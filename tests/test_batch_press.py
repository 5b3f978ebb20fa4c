"""Volumes for a press keep all that a single file for a press has."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pdfx
import pikepdf
import pytest
import verapdf
from batches import PLAN, run, volumes, write_batch
from presses import LAYOUT, write_project
from projects import page_texts

from actionpack.diagnostics import Rejected
from actionpack.model import VolumeMap
from actionpack.preflight.copies import prove_copies
from actionpack.preflight.finished import map_inside
from actionpack.preflight.pressed import check_press, check_pressed_sheets, check_sheet_marks


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_batch(tmp_path_factory.mktemp("pressed"))
    plan = root / PLAN
    plan.write_text(plan.read_text() + "edition: press\nseparators: true\n")
    return root


@pytest.fixture(scope="module")
def pressed(root: Path) -> Path:
    folder = root / "pressed"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACTIONPACK_CACHE", str(root / "cache"))
        result = run(root, folder, jobs=1)
    assert [str(one) for one in result.findings if one.is_error] == []
    return folder


def test_every_volume_is_sound(pressed: Path) -> None:
    files = volumes(pressed)
    assert len(files) == 4
    for name, pdf in files.items():
        assert pdfx.faults(pdf) == [], name
        assert pdfx.colours_of_a_screen(pdf) == [], name
        proof, _ = map_inside(pdf)
        assert proof is not None
        assert check_press(pdf, name, proof) == (), name
    assert verapdf.validate(files["volume-001.pdf"], "2b") == ()


def test_every_page_has_its_boxes_and_separators_too(pressed: Path) -> None:
    pdf = volumes(pressed)["volume-001.pdf"]
    # The first page is the separator before the group, the third the first of a pack.
    for page in (1, 3):
        _, _, wide, high = pdfx.box_mm(pdf, "/TrimBox", page)
        assert (wide, high) == pytest.approx((210, 297), abs=0.01)
        assert "/SeparationAll" in pdfx.drawn_by(pdf, page)
    texts = page_texts(pdf)
    assert "en · separator · a4 · press · page 1 of 1 · 2027-03-01" in texts[0]
    assert "river · en · letter · briefing · a4 · press · page 1 of 4 · 2027-03-01" in texts[2]


def test_the_job_sheet_tells_the_print_shop(pressed: Path) -> None:
    (text,) = page_texts((pressed / "job-sheet.pdf").read_bytes())
    assert "CMYK for FOGRA39, PDF/X-4" in text
    assert "Trim to the crop marks (TrimBox)" in text
    assert "perforated by you, folded by whoever posts the letters" in text
    assert "sRGB" not in text


def test_what_print_shops_want_is_read_back_from_a_volume(pressed: Path) -> None:
    with pikepdf.open(io.BytesIO(volumes(pressed)["volume-001.pdf"])) as pdf:
        del pdf.pages[2].BleedBox
        out = io.BytesIO()
        pdf.save(out)
    proof, _ = map_inside(out.getvalue())
    assert isinstance(proof, VolumeMap)
    codes = {
        keys: {
            one.code
            for one in prove_copies(out.getvalue(), proof, proof.packs, name="v.pdf", keys=keys)
        }
        for keys in (True, False)
    }
    assert codes == {True: {"wrong-boxes"}, False: set()}


def test_the_same_plan_makes_the_same_volumes(
    root: Path, pressed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACTIONPACK_CACHE", str(root / "another-cache"))
    run(root, root / "again", jobs=1)
    assert volumes(root / "again") == volumes(pressed)


def test_files_for_a_press_have_no_tags(root: Path, tmp_path: Path) -> None:
    plan = root / PLAN
    before = plan.read_text()
    plan.write_text(before + "tagged: true\n")
    try:
        with pytest.raises(Rejected) as refused:
            run(root, tmp_path / "none", jobs=1)
    finally:
        plan.write_text(before)
    (found,) = refused.value.findings
    assert found.message == "files for a press are read by no one aloud, and have no tags"
    assert found.place.line == before.count("\n") + 1
    assert found.cure == "leave 'tagged' out, or the edition"


# ------------------------------------------------------------------------------------- on sheets


@pytest.fixture(scope="module")
def imposed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten packs of four pages, three in a file, two pages on each side of SRA3."""
    root = write_batch(tmp_path_factory.mktemp("imposed"))
    plan = root / PLAN
    plan.write_text(
        plan.read_text() + "edition: press\nimpose: stack-1x2\nsheet: sra3\nsingles: true\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACTIONPACK_CACHE", str(root / "cache"))
        result = run(root, root / "out", jobs=1)
        run(root, root / "again", jobs=1)
    assert [str(one) for one in result.findings] == []
    return root / "out"


def test_a_volume_on_sheets_is_sound(imposed: Path) -> None:
    files = volumes(imposed)
    assert len(files) == 4
    files["a single"] = (imposed / "packs" / "01.pdf").read_bytes()
    for name, pdf in files.items():
        assert pdfx.faults(pdf) == [], name
        assert pdfx.colours_of_a_screen(pdf) == [], name
        proof, plan = map_inside(pdf)
        assert proof is not None
        assert plan is not None
        assert check_pressed_sheets(pdf, name, proof, plan) == ((), ()), name
        assert check_sheet_marks(pdf, name, proof, plan) == (), name
        for page in range(1, len(plan.sides) + 1):
            trim = pdfx.box_mm(pdf, "/TrimBox", page)
            assert trim == pytest.approx((11.5, 15, 297, 420), abs=0.01)
    assert verapdf.validate(files["volume-001.pdf"], "2b") == ()
    assert volumes(imposed.parent / "again") == volumes(imposed)


def test_each_sheet_of_a_volume_says_where_it_belongs(imposed: Path) -> None:
    texts = page_texts(volumes(imposed)["volume-002.pdf"])
    assert len(texts) == 6
    for at, text in enumerate(texts):
        assert "volume-002.pdf" in text
        assert "river · en · letter · press" in text
        side = "back" if at % 2 else "front"
        assert f"stack-1x2 on SRA3 · sheet {at // 2 + 1} of 3, {side}" in text
    (told,) = page_texts((imposed / "job-sheet.pdf").read_bytes())
    assert "pages are already put on sheets (stack-1x2)" in told
    assert "CMYK for FOGRA39, PDF/X-4" in told


def test_what_print_shops_want_is_read_back_from_a_volume_on_sheets(imposed: Path) -> None:
    pdf = volumes(imposed)["volume-001.pdf"]
    proof, plan = map_inside(pdf)
    assert isinstance(proof, VolumeMap)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.pages[0].TrimBox = opened.pages[0].MediaBox
        out = io.BytesIO()
        opened.save(out)
    told = {
        keys: prove_copies(out.getvalue(), proof, proof.packs, name="v.pdf", plan=plan, keys=keys)
        for keys in (True, False)
    }
    assert told[False] == ()
    # A sheet shows pages of several packs: what is wrong with it is the fault of none of them.
    assert [(one.code, one.place.page) for one in told[True]] == [("wrong-boxes", None)]
    assert told[True][0].message == (
        "page 1 of 'v.pdf': the trim box is not round the pages of the sheet"
    )


def test_packs_of_an_odd_number_of_pages_begin_on_the_front_of_a_leaf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACTIONPACK_CACHE", str(tmp_path / "cache"))
    root = write_batch(tmp_path)
    write_project(
        root, layout=LAYOUT.replace("enclosed = false", "enclosed = false\nduplex = true")
    )
    (root / PLAN).write_text(
        "name: rome\nlayout: card\nedition: press\nsender_country: IT\nimpose: 1x2\nsheet: sra3\n"
        "packs: [{action: river, language: en, copies: 3}]\n"
    )
    result = run(root, root / "out", jobs=1)
    assert [str(one) for one in result.findings] == []
    (pdf,) = volumes(root / "out").values()
    texts = page_texts(pdf)
    # Two cards on the first front, one on the second; nothing on the backs but what is round them.
    assert [text.count("The river defenders") for text in texts] == [2, 0, 1, 0]
    assert "1x2 on SRA3 · sheet 1 of 2, back" in texts[1]
    assert pdfx.faults(pdf) == []


def test_the_job_sheet_says_that_single_pages_are_to_be_a_booklet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACTIONPACK_CACHE", str(tmp_path / "cache"))
    root = write_batch(tmp_path)
    plan = "name: rome\nlayout: handout\nedition: press\nsender_country: IT\n"
    packs = "packs: [{action: river, language: en, copies: 2}]\n"
    told = {}
    for name, sheets in (("single", ""), ("sheets", "sheet: a3\n")):
        (root / PLAN).write_text(plan + sheets + packs)
        result = run(root, root / name, jobs=1)
        assert [str(one) for one in result.findings if one.is_error] == []
        (text,) = page_texts((root / name / "job-sheet.pdf").read_bytes())
        told[name] = " ".join(text.split())
    then = "fold them in the middle, staple them through the fold"
    assert "Booklets handout: each pack is to be a booklet (saddle stitch)" in told["single"]
    assert then in told["single"]
    assert "each pack is to be a booklet" not in told["sheets"]
    assert "pages are already put on sheets (booklet)" in told["sheets"]
    assert then in told["sheets"]


def test_marks_are_read_back_from_every_sheet_of_a_volume(imposed: Path) -> None:
    name = "volume-001.pdf"
    with pikepdf.open(io.BytesIO(volumes(imposed)[name])) as pdf:
        # Its last side shows the last pages of the third pack, of which all is as in the first.
        last = len(pdf.pages)
        content = pdf.pages[last - 1].Contents
        drawn = content.read_bytes()
        content.write(re.sub(rb"(?m)^\[\] 0 d [\d. ]+ m [\d. ]+ l S$", b"", drawn, count=1))
        out = io.BytesIO()
        pdf.save(out)
    proof, plan = map_inside(out.getvalue())
    assert isinstance(proof, VolumeMap)
    assert plan is not None
    spoilt = out.getvalue()
    (found,) = check_sheet_marks(spoilt, name, proof, plan)
    assert (found.code, found.place.page) == ("wrong-marks", last)
    for packs, codes in ((proof.packs[:1], []), (proof.packs[-1:], ["wrong-marks"])):
        told = prove_copies(spoilt, proof, packs, name=name, plan=plan, keys=False)
        assert [one.code for one in told] == codes
