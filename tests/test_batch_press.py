"""Volumes for a press keep all that a single file for a press has."""

from __future__ import annotations

import io
from pathlib import Path

import pdfx
import pikepdf
import pytest
import verapdf
from batches import PLAN, run, volumes, write_batch
from projects import page_texts

from actionpack.diagnostics import Rejected
from actionpack.model import VolumeMap
from actionpack.preflight.copies import prove_copies
from actionpack.preflight.finished import map_inside
from actionpack.preflight.pressed import check_press


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
