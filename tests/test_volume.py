"""Volumes: copies of a stencil in one file are the pages that a single build makes, and say so."""

from __future__ import annotations

import gc
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageChops
from PIL.Image import Image
from projects import ACTION, write_action
from verapdf import validate

import actionpack.volume
from actionpack.build import lay_out, read_brief
from actionpack.diagnostics import Place, finding
from actionpack.fonts import received, send
from actionpack.model import PackMeant, Row, Variant, VolumeMap
from actionpack.pack import Request, inputs
from actionpack.pdf import (
    Binder,
    Binding,
    Part,
    Side,
    Stencil,
    identity_of,
    make_stencil,
    read_proof,
)
from actionpack.preflight.copies import prove_copies
from actionpack.project import Project
from actionpack.proof import any_from_json
from actionpack.render import Typesetter
from actionpack.stamp import StampWords, make_copy
from actionpack.volume import (
    Entry,
    Made,
    Master,
    Placed,
    Task,
    identity,
    make_volume,
    packed,
    seal,
    unpacked,
)

ONLINE = "https://www.example.org/act/river"
BINDING = Binding(
    title="rome · 1/1", language="en", made=date(2027, 3, 1), producer="actionpack", duplex=True
)


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> tuple[Master, bytes]:
    """A letter's master, and the pages it was cut from."""
    root = tmp_path_factory.mktemp("project")
    write_action(root, action=ACTION)
    project = Project(root=root)
    request = Request(action="river")
    brief = read_brief(project, request, inputs(project, request))
    with Typesetter(project.fonts) as typesetter:
        variant, _ = lay_out(project, brief, lambda: typesetter)
    master = Master(
        stencil=make_stencil(variant.pdf),
        proof=variant.proof,
        slots=brief.geometry.slots,
        faces=send(brief.shelf, [("Noto Sans", 400), ("Noto Sans", 600), ("Noto Serif", 400)]),
        online=brief.online,
        words=StampWords(),
        duplex=True,
    )
    return master, variant.pdf


@pytest.fixture(scope="module")
def master(laid: tuple[Master, bytes]) -> Master:
    return laid[0]


def row(number: int) -> tuple[tuple[str, str], ...]:
    return (
        ("group", f"Gruppo {number}"),
        ("contact", f"gruppo{number}@example.org\nvia Roma {number}"),
        ("sender", f"Ada Rossi {number}\nvia Garibaldi 1\n05100 Terni"),
        ("source", f"r{number:04d}"),
    )


def entry(number: int, values: tuple[tuple[str, str], ...] | None = None) -> Entry:
    return Entry(
        master=0,
        serial=number,
        row=number + 1,
        values=row(number) if values is None else values,
        label=f"{number} · en · Gruppo {number}",
        level=0,
    )


def task(master: Master, *entries: Entry, **other: object) -> Task:
    made = Task(
        name="volume-001.pdf",
        binding=BINDING,
        masters=(seal(master),),
        entries=entries,
        table="rome.csv",
        proved=frozenset(one.serial for one in entries if one.serial),
    )
    return replace(made, **other)  # type: ignore[arg-type]  # the fields of a task


def made(one: Task) -> Made:
    return unpacked(make_volume(packed(one)))


def picture(pdf: bytes, page: int, dpi: float = 150) -> Image:
    """A page, counted from 1."""
    document = pypdfium2.PdfDocument(pdf)
    image: Image = document[page - 1].render(scale=dpi / 72).to_pil().convert("L")
    document.close()
    return image


def codes(pdf: bytes, page: int) -> list[str]:
    return sorted(code.text for code in zxingcpp.read_barcodes(picture(pdf, page, 300)))


# --- the pages ------------------------------------------------------------------------------------


def test_a_copy_looks_like_the_single_build(laid: tuple[Master, bytes]) -> None:
    """Both draw the same marks, one with squares and one with a mask for its codes."""
    master, pages = laid
    bound = made(task(master, entry(1), entry(2)))
    assert bound.findings == ()
    variant = Variant(pdf=pages, proof=master.proof, findings=())
    values = (*row(2), ("serial", "2"))
    single = make_copy(
        variant,
        master.slots,
        Row(values=values),
        shelf=received(master.faces),
        online=master.online,
        words=master.words,
    ).pdf
    for page in (1, 2, 3, 4):
        one, other = picture(single, page), picture(bound.pdf, 4 + page)
        assert one.size == other.size
        # A mask's pixels begin and end on the nearest pixel of the picture, squares between two:
        # a pixel along some edges of a code's 33 × 33 modules, and nothing else.
        unlike = sum(ImageChops.difference(one, other).histogram()[128:])
        assert unlike <= one.width * one.height * 0.001, page
    assert codes(bound.pdf, 5) == [f"{ONLINE}?source=r0002"]
    assert codes(bound.pdf, 7) == [f"{ONLINE}?source=r0002"]
    assert codes(bound.pdf, 1) == [f"{ONLINE}?source=r0001"]


def test_every_word_of_a_row_is_found_in_the_file(master: Master) -> None:
    bound = made(task(master, entry(1), entry(2)))
    document = pypdfium2.PdfDocument(bound.pdf)
    text = document[6].get_textpage().get_text_range()
    assert "Ada Rossi 2 \r\nvia Garibaldi 1 \r\n05100 Terni" in text
    assert "Gruppo 2" in document[4].get_textpage().get_text_range()


def test_a_further_copy_is_small(master: Master) -> None:
    few, many = (made(task(master, *map(entry, range(1, n + 1)))).pdf for n in (2, 52))
    assert (len(many) - len(few)) / 50 < 1800


def test_what_all_copies_share_stands_in_the_file_once(master: Master) -> None:
    bound = made(task(master, *map(entry, range(1, 11))))
    with pikepdf.open(io.BytesIO(bound.pdf)) as document:
        forms = {
            page.obj.Resources.XObject.P.objgen
            for page in document.pages
            if "/XObject" in page.obj.Resources
        }
        assert len(document.pages) == 40
        # Both blank backs are one.
        assert len(forms) == 3
        assert "/StructTreeRoot" not in document.Root
        content = b"".join(page.obj.Resources.XObject.P.read_bytes() for page in document.pages)
        assert b"/MCID" not in content


def test_fonts_of_other_glyphs_have_other_names(master: Master) -> None:
    bound = made(task(master, entry(1)))
    with pikepdf.open(io.BytesIO(bound.pdf)) as document:
        names = [
            str(one.BaseFont)
            for one in document.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/Subtype") == "/Type0"
        ]
    assert len(names) == len(set(names)) > 3
    assert all(re.fullmatch("/[A-Z]{6}[+].+", name) for name in names)


# --- the file -------------------------------------------------------------------------------------


def test_a_volume_is_pdf_a(master: Master) -> None:
    bound = made(task(master, entry(1), entry(2, ()), entry(3)))
    assert validate(bound.pdf, "2b") == ()
    with pikepdf.open(io.BytesIO(bound.pdf)) as document:
        assert document.check_pdf_syntax() == []
        assert document.pdf_version == "1.7"
        del document.Root.OutputIntents
        worse = io.BytesIO()
        document.save(worse)
    assert validate(worse.getvalue(), "2b") != (), "the validator would have found it"


def test_it_says_what_it_is_and_how_to_print_it(master: Master) -> None:
    with pikepdf.open(io.BytesIO(made(task(master, entry(1))).pdf)) as document:
        assert str(document.docinfo["/Title"]) == "rome · 1/1"
        assert str(document.docinfo["/CreationDate"]) == "D:20270301000000Z"
        assert str(document.Root.Lang) == "en"
        wishes = document.Root.ViewerPreferences
        assert (str(wishes.PrintScaling), str(wishes.Duplex)) == ("/None", "/DuplexFlipLongEdge")


def test_pages_are_labelled_and_packs_have_bookmarks(master: Master) -> None:
    entries = (
        entry(1)._replace(serial=None, label="Italiano", values=()),
        entry(411)._replace(level=1),
        entry(412)._replace(level=1, label="412 · it · Roma (12) \\ Ελλάς"),
        entry(5)._replace(level=0),
    )
    with pikepdf.open(io.BytesIO(made(task(master, *entries)).pdf)) as document:
        assert str(document.pages[8].label) == "412 · it · Roma (12) \\ Ελλάς · 1"
        assert str(document.pages[11].label).endswith(" · 4")
        with document.open_outline() as outline:
            told = [(one.title, [kid.title for kid in one.children]) for one in outline.root]
            second = outline.root[0].children[1]
            assert isinstance(second.destination, pikepdf.Array)
            assert second.destination[0].objgen == document.pages[8].obj.objgen
        assert told == [
            ("Italiano", ["411 · en · Gruppo 411", "412 · it · Roma (12) \\ Ελλάς"]),
            ("5 · en · Gruppo 5", []),
        ]


def tiny(pages: int) -> Stencil:
    """A stencil of squares, for files of many pages."""
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 12>>"
    return Stencil(
        parts=(
            Part(texts=(b"<</Type/OutputIntent>>",), refs=(), stream=None),
            Part(texts=(form,), refs=(), stream=b"0 0 9 9 re f"),
        ),
        sides=tuple(Side(boxes=b"/MediaBox[0 0 9 9]", left=0, top=9, form=1) for _ in range(pages)),
        intents=(0,),
        placeholders=(),
    )


@given(st.lists(st.integers(1, 70), min_size=1, max_size=12), st.text(max_size=20))
def test_any_number_of_pages_makes_a_sound_file(counts: list[int], label: str) -> None:
    binder = Binder()
    for number, count in enumerate(counts):
        sides = binder.load(tiny(count))
        binder.start(f"{label}{number}", level=number % 3 > 0)
        binder.add(sides, ())
    binder.blank(sides[0].side)
    pdf = binder.finish(BINDING, {}, b"{}", bytes(16))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.check_pdf_syntax() == []
        assert len(document.pages) == sum(counts) + 1
        assert "/Contents" not in document.pages[-1].obj
        assert all(page.obj.Contents.read_bytes() == b"/P Do\n" for page in document.pages[:-1])
        with document.open_outline() as outline:
            bookmarks = list(flat(outline.root))
        assert len(bookmarks) == len(counts)
    assert identity_of(pdf) == bytes(16)


def flat(items: list[pikepdf.OutlineItem]) -> Iterator[pikepdf.OutlineItem]:
    for item in items:
        yield item
        yield from flat(item.children)


# --- same task, same bytes ------------------------------------------------------------------------


def test_the_same_task_gives_the_same_bytes_in_any_process(master: Master) -> None:
    there_and_back = packed(task(master, *map(entry, range(1, 6))))
    here = unpacked(make_volume(there_and_back)).pdf
    program = (
        "import sys; from actionpack.volume import make_volume, unpacked;"
        "sys.stdout.buffer.write(unpacked(make_volume(sys.stdin.buffer.read())).pdf)"
    )
    for seed, zone, locale in (("1", "Asia/Kathmandu", "C"), ("77", "America/Lima", "tr_TR.UTF-8")):
        there = subprocess.run(
            [sys.executable, "-c", program],
            input=there_and_back,
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale},
        )
        assert there.stdout == here


def test_a_volume_knows_what_it_was_made_from(master: Master) -> None:
    one = task(master, entry(1), entry(2))
    pdf = made(one).pdf
    assert identity_of(pdf) == identity(one)
    other = replace(one, entries=(entry(1), entry(3)))
    assert identity(other) != identity(one)
    at = len(pdf) // 2
    assert identity_of(pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]) is None
    assert identity_of(pdf[:-200]) is None
    assert identity_of(b"%PDF-1.7\n%%EOF\n") is None


# --- rows that cannot be printed ------------------------------------------------------------------


def test_a_volume_leaves_nothing_that_refers_to_itself(master: Master) -> None:
    """Workers of this machine do not look for such things, so that these would pile up."""
    made(task(master, *map(entry, range(1, 9))))
    gc.collect()
    gc.disable()
    try:
        made(task(master, *map(entry, range(9, 17))))
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_a_row_that_does_not_fit_is_left_out_and_named(master: Master) -> None:
    long = (("group", "W" * 90),)
    bound = made(task(master, entry(1), entry(2, long), entry(3)))
    assert bound.packs == (
        Placed(serial=1, first=1, pages=4),
        Placed(serial=2, first=0, pages=0),
        Placed(serial=3, first=5, pages=4),
    )
    (found,) = bound.findings
    assert (found.code, found.place.file, found.place.row) == ("bad-row", "rome.csv", 3)
    assert found.message.startswith("'group' is ")
    assert "shorten it" in found.cure
    alone = made(task(master, entry(3)))
    assert picture(bound.pdf, 5).tobytes() == picture(alone.pdf, 1).tobytes()


def test_looking_at_rows_finds_the_same_and_draws_nothing(master: Master) -> None:
    one = task(master, entry(1), entry(2, (("contact", "a\nb\nc"),)), entry(3))
    drawn, looked = made(one), made(replace(one, drawn=False))
    assert looked.pdf == b""
    assert (looked.packs, looked.pages, looked.findings) == (
        drawn.packs,
        drawn.pages,
        drawn.findings,
    )


def test_a_volume_without_packs_is_no_file(master: Master) -> None:
    bound = made(task(master, entry(1, (("group", "W" * 90),))))
    assert (bound.pdf, bound.pages) == (b"", 0)
    assert bound.packs == (Placed(serial=1, first=0, pages=0),)


def test_packs_begin_on_the_front_of_a_sheet(master: Master) -> None:
    odd = replace(
        master,
        stencil=replace(master.stencil, sides=master.stencil.sides[:3]),
        proof=replace(master.proof, pages=master.proof.pages[:3]),
    )
    bound = made(task(odd, entry(1), entry(2)))
    assert [pack.first for pack in bound.packs] == [1, 5]
    assert bound.pages == 8
    with pikepdf.open(io.BytesIO(bound.pdf)) as document:
        assert "/Contents" not in document.pages[3].obj


def test_each_pack_can_be_a_file_of_its_own(master: Master) -> None:
    bound = made(task(master, entry(7), entry(8), singles=True))
    assert [serial for serial, _ in bound.singles] == [7, 8]
    _, pdf = bound.singles[1]
    assert codes(pdf, 1) == [f"{ONLINE}?source=r0008"]
    assert validate(pdf, "2b") == ()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert str(document.Root.Lang) == "en"


def test_a_file_of_its_own_says_its_language_whatever_the_volume_has(master: Master) -> None:
    mixed = replace(BINDING, language=None)
    bound = made(task(master, entry(7), singles=True, binding=mixed))
    with pikepdf.open(io.BytesIO(bound.singles[0][1])) as document:
        assert str(document.Root.Lang) == "en"


def test_one_pack_at_fault_takes_no_other_with_it(
    master: Master, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What only the finished pages show is that pack's own fault, and the others are printed."""
    proved: list[int] = []

    def prove(
        pdf: bytes,
        meant: VolumeMap,
        packs: tuple[PackMeant, ...],
        *,
        name: str,
        plan: object,
        keys: bool,
    ) -> object:
        assert plan is None
        proved.append(len(packs))
        wrong = [pack for pack in packs if pack.url.endswith("r0002")]
        place = Place(file=name, page=wrong[0].first) if wrong else Place()
        return tuple(finding("lost-text", "'slot:group' is lost", place) for _ in wrong)

    monkeypatch.setattr("actionpack.preflight.copies.prove_copies", prove)
    bound = made(task(master, entry(1), entry(2), entry(3), proved=frozenset({2})))
    assert [pack.pages for pack in bound.packs] == [4, 0, 4]
    (found,) = bound.findings
    assert (found.code, found.place.file, found.place.row) == ("bad-row", "rome.csv", 3)
    # Where one is at fault, all that are left are read back.
    assert proved == [1, 2]
    assert codes(bound.pdf, 5) == [f"{ONLINE}?source=r0003"]


# --- the finished file is read back ---------------------------------------------------------------


def map_of(pdf: bytes) -> VolumeMap:
    raw = read_proof(pdf)
    assert raw is not None
    found = any_from_json(raw)
    assert isinstance(found, VolumeMap)
    return found


def test_the_map_inside_says_what_each_pack_must_hold(master: Master) -> None:
    meant = map_of(made(task(master, entry(1), entry(2))).pdf)
    assert [pack.first for pack in meant.packs] == [1, 5]
    assert meant.packs[1].url == f"{ONLINE}?source=r0002"
    assert dict(meant.packs[1].texts)["group"] == "Gruppo 2"
    proof = meant.of(meant.packs[1])
    assert {code.text for code in proof.codes} == {f"{ONLINE}?source=r0002"}
    assert "slot:sender" in {text.field for text in proof.texts}


def test_another_code_than_the_one_meant_is_found(master: Master) -> None:
    pdf = made(task(master, entry(1), entry(2))).pdf
    meant = map_of(pdf)
    wrong = replace(meant.packs[1], url=f"{ONLINE}?source=r0001")
    found = prove_copies(pdf, meant, (wrong,), name="v.pdf")
    assert {(one.code, one.place.page) for one in found} == {
        ("qr-unreadable", 5),
        ("qr-unreadable", 7),
    }
    assert prove_copies(pdf, meant, meant.packs, name="v.pdf") == ()


def test_a_word_that_is_not_there_is_found(master: Master) -> None:
    pdf = made(task(master, entry(1), entry(2))).pdf
    meant = map_of(pdf)
    texts = tuple((slot, text.replace("Rossi", "Bianchi")) for slot, text in meant.packs[1].texts)
    found = prove_copies(pdf, meant, (replace(meant.packs[1], texts=texts),), name="v.pdf")
    assert {one.code for one in found} == {"lost-text"}
    assert {one.place.page for one in found} == {7}


def test_a_fault_in_the_making_is_told_as_a_result(
    master: Master, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> Made:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(actionpack.volume, "_made", broken)
    bound = made(task(master, entry(1)))
    assert [(one.code, one.message) for one in bound.findings] == [
        ("internal", "ZeroDivisionError: by nothing")
    ]
    assert bound.packs == (Placed(serial=1, first=0, pages=0),)
    assert "ZeroDivisionError" in capsys.readouterr().err
