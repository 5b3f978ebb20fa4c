"""PDFs: placeholders are found and filled, tags are mended, and no damaged file gets through."""

from __future__ import annotations

import contextlib
import ctypes
import io
import re
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

import pikepdf
import pypdfium2
import pytest
from pikepdf import Dictionary
from verapdf import Profile, validate

from actionpack.diagnostics import Rejected
from actionpack.geometry import Box, Point
from actionpack.glyphs import Glyph, Run
from actionpack.pdf import (
    CodeMark,
    Draft,
    EmptyMark,
    Font,
    Line,
    Placeholder,
    TextMark,
    look_inside,
    prepare,
    read_proof,
)
from actionpack.render import Job, Typesetter
from actionpack.render.frames import BASE_URL
from actionpack.units import MM_PER_PT

FONTS = Path(__file__).parents[1] / "assets" / "fonts"
DAY = date(2020, 3, 19)

CSS = """
:root { font: 11pt "Noto Sans"; image-rendering: crisp-edges }
.slot { visibility: hidden }
.at { position: absolute }
body { margin: 0 }
"""


def slot(name: str, width: float, height: float) -> str:
    return (
        f'<svg class="slot" style="width:{width}mm;height:{height}mm">'
        f"<title>slot:{name}</title></svg>"
    )


def page(*inner: str) -> str:
    return f'<section style="position:relative;height:250mm">{"".join(inner)}</section>'


def at(x: float, y: float, inner: str) -> str:
    return f'<div class="at" style="left:{x}mm;top:{y}mm">{inner}</div>'


# 1 × 1 pixel, grey.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c636800000082008177cd72b60000000049454e44ae426082"
)
PICTURE = f'<img alt="A square" src="{BASE_URL}image/pixel">'
A4 = "@page { size: 210mm 297mm; margin: 0 }"

# Every page that a test looks at: style and body.
PAGES = {
    "two pages": (
        A4,
        page(at(20, 30, slot("code", 26, 26)), at(60, 30, slot("group", 60, 5)))
        + page("<p>Words</p>", at(150.5, 200.25, slot("code", 26, 26))),
    ),
    "bleed": (A4 + "@page { bleed: 3mm }", at(20, 30, slot("code", 26, 26))),
    "plain": (A4, "<h1>Heading</h1><p>Words.</p>"),
    "in a sentence": (A4, f"<h1>Heading</h1><p>Before {slot('group', 40, 5)} after.</p>"),
    "loose list": (A4, "<ul><li><p>An item</p><p>and more</p></li><li>one</li></ul>"),
    "split list": (
        "@page { size: 60mm 30mm; margin: 5mm } p { break-inside: avoid }",
        "<ul><li><p>First paragraph</p><p>second one</p><p>third one</p></li></ul>",
    ),
    "linked picture": (
        A4,
        f'<p><a href="https://example.org/">{PICTURE}</a></p>',
    ),
    "languages": (
        A4,
        (
            '<h1>Heading</h1><div lang="fr"><p>Bonjour</p></div>'
            '<div lang="de"><p>Guten Tag</p></div>'
        ),
    ),
    "margin boxes": (
        '@page { size: 105mm 148mm; @bottom-center { content: "page " counter(page) } }',
        '<h1>Heading</h1><p>Words.</p><p style="break-before:page">More.</p>',
    ),
    "everything": (
        '@page { size: 105mm 148mm; @bottom-center { content: "page " counter(page) } }',
        (
            f"<h1>Heading</h1>"
            f"<ul><li><p>{slot('group', 40, 5)}</p></li></ul>"
            f'<p><a href="https://example.org/">{PICTURE}</a></p><div>{slot("code", 20, 20)}</div>'
        ),
    ),
}


@pytest.fixture(scope="module")
def typeset() -> dict[str, bytes]:
    """The pages as WeasyPrint writes them."""
    pdfs = {}
    with Typesetter((FONTS,)) as typesetter:
        for name, (css, body) in PAGES.items():
            html = f"<!doctype html><html lang='en'><title>A page</title><body>{body}</html>"
            job = Job(template=html, css=CSS + css, mounts={}, images={"pixel": PIXEL})
            laid = typesetter.lay_out(job)
            pdfs[name], logged = typesetter.write()
            assert laid.findings + logged == ()
    return pdfs


def broken_clauses(pdf: bytes, profile: Profile) -> set[str]:
    return {f"{failure.clause}-{failure.test_number}" for failure in validate(pdf, profile)}


def structure(pdf: pikepdf.Pdf) -> Iterator[Dictionary]:
    """The structure elements in reading order."""
    todo = [pdf.Root.StructTreeRoot.K]
    while todo:
        element = todo.pop(0)
        if isinstance(element, pikepdf.Array):
            todo = [*element, *todo]
        elif isinstance(element, Dictionary) and "/S" in element:
            yield element
            todo = [element.get("/K", pikepdf.Array()), *todo]


def kinds(pdf: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [str(element.S) for element in structure(document)]


def code_in(place: Placeholder) -> CodeMark:
    """One row of three dark modules, of 1 mm each, 4 mm inside a place."""
    corner = Point(place.box.left + 4, place.box.top + 4)
    return CodeMark(
        place=place, alt="QR code", corner=corner, module_mm=1, side=3, bits=b"\xe0\0\0"
    )


def ink(pdf: bytes, page: int = 1, *, dpi: int = 254) -> Box | None:
    """The box round everything that is not white, mm; at 254 dpi a millimetre is ten dots."""
    document = pypdfium2.PdfDocument(pdf)
    image = document[page - 1].render(scale=dpi / 72).to_pil().convert("L")
    box = image.point(lambda value: 255 if value < 128 else 0).getbbox()
    return Box.between(*(edge / dpi * 25.4 for edge in box)) if box else None


def rejection(run: object, *arguments: object) -> str:
    assert callable(run)
    with pytest.raises(Rejected) as raised:
        run(*arguments)
    (found,) = raised.value.findings
    assert found.code == "bad-file"
    return found.message


# --- finding placeholders ---------------------------------------------------------------------


def test_placeholders_come_in_reading_order_with_page_and_place(typeset: dict[str, bytes]) -> None:
    found = Draft(typeset["two pages"]).placeholders
    assert [(place.name, place.page) for place in found] == [("code", 1), ("group", 1), ("code", 2)]
    boxes = [(p.box.x, p.box.y, p.box.width, p.box.height) for p in found]
    assert boxes[0] == pytest.approx((20, 30, 26, 26), abs=1e-4)
    assert boxes[1] == pytest.approx((60, 30, 60, 5), abs=1e-4)
    assert boxes[2] == pytest.approx((150.5, 200.25, 26, 26), abs=1e-4)


def test_places_count_from_the_trim_box_and_not_from_the_bleed(typeset: dict[str, bytes]) -> None:
    draft = Draft(typeset["bleed"])
    (place,) = draft.placeholders
    assert (place.box.x, place.box.y) == pytest.approx((20, 30), abs=1e-4)
    draft.stamp([code_in(place)])
    # Three modules of 1 mm, 4 mm inside a box that is 3 mm of bleed further in on the media.
    drawn = ink(draft.finish())
    assert drawn is not None
    assert (drawn.x, drawn.y) == pytest.approx((20 + 4 + 3, 30 + 4 + 3), abs=0.11)
    assert (drawn.width, drawn.height) == pytest.approx((3, 1), abs=0.11)


def test_pages_without_placeholders_have_none(typeset: dict[str, bytes]) -> None:
    assert Draft(typeset["plain"]).placeholders == ()


# --- what every copy needs --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "clauses"),
    [
        ("plain", set()),
        ("loose list", {"7.2-20"}),
        ("split list", {"7.2-20"}),
        ("linked picture", {"7.18.5-1"}),
        ("languages", set()),
        ("margin boxes", set()),
        ("bleed", set()),
    ],
)
def test_what_weasyprint_leaves_broken_is_mended(
    typeset: dict[str, bytes], page: str, clauses: set[str]
) -> None:
    # 5-1: the file does not claim to be PDF/UA.
    assert broken_clauses(typeset[page], "ua1") == clauses | {"5-1"}
    mended = prepare(typeset[page])
    assert validate(mended, "ua1") == ()
    assert validate(mended, "2a") == ()


def test_a_loose_list_item_gets_one_body(typeset: dict[str, bytes]) -> None:
    listed = kinds(prepare(typeset["loose list"]))
    items = [kind for kind in listed if kind in ("/LI", "/Lbl", "/LBody", "/P")]
    assert items == ["/LI", "/Lbl", "/LBody", "/P", "/P", "/LI", "/Lbl", "/LBody"]


def test_a_part_in_another_language_says_so(typeset: dict[str, bytes]) -> None:
    with pikepdf.open(io.BytesIO(prepare(typeset["languages"]))) as pdf:
        elements = list(structure(pdf))
        languages = [(str(e.S), str(e.Lang)) for e in elements if "/Lang" in e]
        assert languages == [("/Div", "fr"), ("/Div", "de")]
        assert not [e for e in elements if "/Alt" in e]


def test_page_margins_become_artifacts(typeset: dict[str, bytes]) -> None:
    for pdf, count in ((typeset["margin boxes"], 0), (prepare(typeset["margin boxes"]), 1)):
        with pikepdf.open(io.BytesIO(pdf)) as document:
            for page in document.pages:
                contents = pikepdf.unparse_content_stream(pikepdf.parse_content_stream(page))
                assert contents.count(b"/Artifact BMC") == count


def test_preparing_adds_to_the_file_and_changes_nothing_in_it(typeset: dict[str, bytes]) -> None:
    pdf = typeset["everything"]
    assert prepare(pdf).startswith(pdf)
    assert prepare(pdf) == prepare(pdf)


def test_a_draft_prepares_what_is_not_prepared(typeset: dict[str, bytes]) -> None:
    pdf = typeset["everything"]
    assert Draft(pdf).finish().startswith(prepare(pdf))
    assert Draft(prepare(pdf)).placeholders == Draft(pdf).placeholders


# --- stamping ---------------------------------------------------------------------------------


def square_font(*widths: tuple[int, float]) -> Font:
    """A font of the shelf, as far as embedding needs it: Noto Sans with all its glyphs."""
    return Font(
        name="Noto Sans",
        family="Noto Sans",
        program=(FONTS / "NotoSans-Regular.ttf").read_bytes(),
        widths=widths,
        ascent=1069,
        descent=-293,
        cap_height=714,
        bbox=(-621, -508, 2800, 1067),
        italic_angle=0,
    )


# Glyph ids and widths of Noto Sans.
A, V = (36, 639.0), (57, 600.0)


def line_of(*glyphs: Glyph, x: float, y: float, size: float = 10) -> Line:
    run = Run(font="Noto Sans", offset=0, glyphs=glyphs, spare=4000)
    return Line(start=Point(x, y), size_pt=size, runs=(run,))


def glyph(
    which: tuple[int, float],
    text: str,
    *,
    advance: float | None = None,
    dx: float = 0,
    dy: float = 0,
) -> Glyph:
    """A glyph, moved by thousandths of its em."""
    gid, width = which
    return Glyph(gid, text, width if advance is None else advance, dx, dy, width)


def stamped_line(pdf: bytes, *glyphs: Glyph) -> bytes:
    """The glyphs as a line at 40 mm, 50 mm in the first place called "group"."""
    draft = Draft(pdf)
    place = next(place for place in draft.placeholders if place.name == "group")
    others = [
        EmptyMark(place=other, bars=(), grey=0) for other in draft.placeholders if other != place
    ]
    text = TextMark(place=place, lines=(line_of(*glyphs, x=40, y=50),))
    (used,) = draft.stamp([text, *others])
    font = square_font(*((code.code, code.width) for code in used.codes))
    draft.embed({used.key: (font, {code.code: code.text for code in used.codes})})
    return draft.finish()


def characters_of(pdf: bytes, page: int = 1) -> list[tuple[str, float, float]]:
    """Each character with the start of its baseline, mm from the page's top left."""
    sheet = pypdfium2.PdfDocument(pdf)[page - 1]
    text = sheet.get_textpage()
    found = []
    for number in range(text.count_chars()):
        x, y = ctypes.c_double(), ctypes.c_double()
        pypdfium2.raw.FPDFText_GetCharOrigin(text, number, x, y)
        character = chr(pypdfium2.raw.FPDFText_GetUnicode(text, number))
        top = sheet.get_height() - y.value
        found.append((character, x.value * MM_PER_PT, top * MM_PER_PT))
    return found


def test_text_stands_where_its_line_says(typeset: dict[str, bytes]) -> None:
    glyphs = (glyph(A, "A", advance=599), glyph(V, "V", advance=560), glyph(A, "A"))
    found = characters_of(stamped_line(typeset["two pages"], *glyphs))
    assert [character for character, _, _ in found] == ["A", "V", "A"]
    starts = [40, 40 + 5.99 * MM_PER_PT, 40 + (5.99 + 5.6) * MM_PER_PT]
    assert [x for _, x, _ in found] == pytest.approx(starts, abs=0.001)
    assert [y for _, _, y in found] == pytest.approx([50] * 3, abs=0.001)


def test_a_glyph_is_moved_without_moving_the_next(typeset: dict[str, bytes]) -> None:
    glyphs = (glyph(A, "A"), glyph(V, "V", dx=150, dy=300), glyph(A, "A"))
    found = characters_of(stamped_line(typeset["two pages"], *glyphs))
    starts = [40, 40 + (6.39 + 1.5) * MM_PER_PT, 40 + (6.39 + 6.0) * MM_PER_PT]
    assert [x for _, x, _ in found] == pytest.approx(starts, abs=0.001)
    assert [y for _, _, y in found] == pytest.approx([50, 50 - 3 * MM_PER_PT, 50], abs=0.001)


def test_a_line_after_a_raised_glyph_stands_on_its_own_baseline(typeset: dict[str, bytes]) -> None:
    draft = Draft(typeset["two pages"])
    place = next(place for place in draft.placeholders if place.name == "group")
    lines = (
        line_of(glyph(A, "A", dy=300), x=40, y=50),
        line_of(glyph(V, "V"), x=40, y=60),
    )
    (used,) = draft.stamp([TextMark(place=place, lines=lines)])
    draft.embed({used.key: (square_font(A, V), {A[0]: "A", V[0]: "V"})})
    baselines = [y for letter, _, y in characters_of(draft.finish()) if letter in "AV"]
    assert baselines == pytest.approx([50 - 3 * MM_PER_PT, 60], abs=0.001)


def test_a_stamp_in_a_sentence_is_read_in_its_place(typeset: dict[str, bytes]) -> None:
    pdf = stamped_line(typeset["in a sentence"], glyph(A, "A"))
    assert (validate(pdf, "ua1"), validate(pdf, "2a")) == ((), ())
    # Before and after the stamp, in one paragraph.
    assert kinds(pdf)[-4:] == ["/P", "/Span", "/Span", "/Span"]


def test_a_code_is_a_figure_with_its_words(typeset: dict[str, bytes]) -> None:
    draft = Draft(typeset["everything"])
    group, code = draft.placeholders
    draft.stamp([EmptyMark(place=group, bars=(), grey=0), code_in(code)])
    pdf = draft.finish()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        figures = [element for element in structure(document) if str(element.S) == "/Figure"]
        assert [str(figure.Alt) for figure in figures] == ["A square", "QR code"]
        # ISO 32000-1, Table 344: in points, from the page's foot.
        left, bottom, right, top = (float(edge) for edge in figures[1].A.BBox)
    box, height = code.box, 148
    assert (left, right) == pytest.approx((box.left / MM_PER_PT, box.right / MM_PER_PT), abs=1e-3)
    assert (bottom, top) == pytest.approx(
        ((height - box.bottom) / MM_PER_PT, (height - box.top) / MM_PER_PT), abs=1e-3
    )
    assert (validate(pdf, "ua1"), validate(pdf, "2a")) == ((), ())


def test_an_empty_place_leaves_no_trace_in_the_structure(typeset: dict[str, bytes]) -> None:
    draft = Draft(typeset["two pages"])
    draft.stamp([EmptyMark(place=place, bars=(), grey=0) for place in draft.placeholders])
    pdf = draft.finish()
    assert "/Figure" not in kinds(pdf)
    assert b"slot:" not in pikepdf.open(io.BytesIO(pdf)).Root.StructTreeRoot.unparse(True)
    assert ink(pdf) is None
    with pikepdf.open(io.BytesIO(pdf)) as document:
        numbers = document.Root.StructTreeRoot.ParentTree.Nums
        # Page 1 held two places, page 2 a word and a place.
        assert numbers[1].unparse() == b"[ null null ]"
        assert re.fullmatch(rb"\[ \d+ 0 R null \]", numbers[3].unparse())
    assert (validate(pdf, "ua1"), validate(pdf, "2a")) == ((), ())


def test_each_marked_content_stands_on_its_page_once(typeset: dict[str, bytes]) -> None:
    draft = Draft(typeset["two pages"])
    draft.stamp([code_in(place) for place in draft.placeholders])
    with pikepdf.open(io.BytesIO(draft.finish())) as document:
        for page in document.pages:
            content = pikepdf.unparse_content_stream(pikepdf.parse_content_stream(page))
            numbers = sorted(int(n) for n in re.findall(rb"/MCID (\d+)", content))
            assert numbers == [0, 1]


def test_bars_are_artifacts_of_their_grey(typeset: dict[str, bytes]) -> None:
    draft = Draft(typeset["two pages"])
    bar = Box(60, 40, 60, 1)
    draft.stamp(
        EmptyMark(place=place, bars=(bar,) if place.name == "group" else (), grey=0.45)
        for place in draft.placeholders
    )
    pdf = draft.finish()
    drawn = ink(pdf)
    assert drawn is not None
    assert (drawn.x, drawn.y) == pytest.approx((bar.x, bar.y), abs=0.11)
    assert (drawn.width, drawn.height) == pytest.approx((bar.width, bar.height), abs=0.11)
    pixel = pypdfium2.PdfDocument(pdf)[0].render(scale=254 / 72).to_pil().getpixel((900, 405))
    assert pixel == pytest.approx((0.45 * 255,) * 3, abs=1)
    assert (validate(pdf, "ua1"), validate(pdf, "2a")) == ((), ())


def test_a_stamp_is_not_turned_over_with_weasyprints_page(typeset: dict[str, bytes]) -> None:
    draft = Draft(typeset["two pages"])
    code, *_ = draft.placeholders
    corner = Point(20, 30)
    # An L: a row of three modules, and one module below its left end.
    bits = bytes((0b111_00000, 0b100_00000, 0))
    draft.stamp([CodeMark(place=code, alt="x", corner=corner, module_mm=2, side=3, bits=bits)])
    image = pypdfium2.PdfDocument(draft.finish())[0].render(scale=254 / 72).to_pil().convert("L")
    dark = [
        [image.getpixel((200 + 20 * column + 10, 300 + 20 * row + 10)) == 0 for column in range(3)]
        for row in range(2)
    ]
    assert dark == [[True, True, True], [True, False, False]]


# --- the file ---------------------------------------------------------------------------------


def test_other_readers_find_nothing_wrong_with_the_update(typeset: dict[str, bytes]) -> None:
    draft = Draft(typeset["everything"])
    draft.carry(b"{}", DAY)
    pdf = draft.finish()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.check_pdf_syntax() == []
        assert document.pdf_version == "1.7"
        assert len(document.pages) == 1


def test_the_first_id_stays_with_the_pages_and_the_second_is_the_files(
    typeset: dict[str, bytes],
) -> None:
    def ids(pdf: bytes) -> list[bytes]:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            return [bytes(one) for one in document.trailer.ID]

    def carrying(proof: bytes) -> bytes:
        draft = Draft(typeset["plain"])
        draft.carry(proof, DAY)
        return draft.finish()

    (first, _), one, same, other = map(
        ids, (typeset["plain"], carrying(b"1"), carrying(b"1"), carrying(b"2"))
    )
    assert one == same
    assert one[0] == other[0] == first
    assert one[1] != other[1]


def test_a_proof_map_travels_in_the_file_with_its_day(typeset: dict[str, bytes]) -> None:
    proof = '{"text": "Überall 维吾尔"}'.encode()
    draft = Draft(typeset["plain"])
    draft.carry(proof, DAY)
    pdf = draft.finish()
    assert read_proof(pdf) == proof
    with pikepdf.open(io.BytesIO(pdf)) as document:
        info = document.Root.PieceInfo.actionpack
        assert str(info.LastModified) == "D:20200319000000Z"
    assert (validate(pdf, "ua1"), validate(pdf, "2a")) == ((), ())


def test_another_program_may_have_written_the_file_anew(typeset: dict[str, bytes]) -> None:
    draft = Draft(typeset["plain"])
    draft.carry(b"{}", DAY)
    with pikepdf.open(io.BytesIO(draft.finish())) as document:
        document.save(out := io.BytesIO(), linearize=True)
    assert read_proof(out.getvalue()) == b"{}"


def test_a_file_without_a_proof_map_has_none(typeset: dict[str, bytes]) -> None:
    assert read_proof(typeset["plain"]) is None


# --- files that want to do harm ---------------------------------------------------------------


def classic(*objects: str | bytes, root: int = 1, trailer: str = "") -> bytes:
    """A PDF of these objects, with a plain cross-reference table."""
    out, starts = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        starts.append(len(out))
        body = content.encode() if isinstance(content, str) else content
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    end = f"trailer\n<</Size {len(objects) + 1}/Root {root} 0 R{trailer}>>\n"
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return out + head + table + end.encode() + b"startxref\n%d\n%%%%EOF\n" % len(out)


def packed(content: bytes) -> bytes:
    data = zlib.compress(content)
    return b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(data), data)


CATALOGUE = "<</Type/Catalog/Pages 2 0 R/PieceInfo<</actionpack<</Private 3 0 R>>>>>>"
NO_PAGES = "<</Type/Pages/Count 0/Kids[]>>"
ENCRYPTION = f"<</Filter/Standard/V 1/R 2/O({'a' * 32})/U({'a' * 32})/P -4>>"


def test_the_files_below_would_be_read_if_they_were_not_broken() -> None:
    assert read_proof(classic(CATALOGUE, NO_PAGES, packed(b"{}"))) == b"{}"


@pytest.mark.parametrize(
    "pdf",
    [
        b"",
        b"\0" * 100,
        b"not a PDF",
        b"%PDF-1.7\n" + b"1 0 obj\n" * 1000,
        b"%PDF-1.7\n" + b"startxref\n9\n%%EOF\n" * 1000,
        classic(CATALOGUE, NO_PAGES, "3 0 R"),
        classic(CATALOGUE, NO_PAGES, "4 0 R", "3 0 R"),
        classic("1 0 R", NO_PAGES),
        classic("[" * 50_000 + "]" * 50_000, NO_PAGES),
        classic("<</Type/Catalog/PieceInfo 5>>", NO_PAGES),
        classic("<</Type/Catalog/PieceInfo<</actionpack 5>>>>", NO_PAGES),
        classic(CATALOGUE, NO_PAGES, "<<>>"),
        classic(CATALOGUE, NO_PAGES, "<</Length 2>>stream\n{}\nendstream"),
        # 20 million bytes in 20 thousand, where 5 million may stand.
        classic(CATALOGUE, NO_PAGES, packed(b" " * 20_000_000)),
        classic(CATALOGUE, NO_PAGES, packed(b"{}")[:-30] + b"endstream"),
    ],
)
def test_a_damaged_file_is_told_and_not_raised(pdf: bytes) -> None:
    assert rejection(read_proof, pdf).startswith("the PDF is damaged (")


def test_a_table_that_points_to_itself_ends() -> None:
    pdf = classic(CATALOGUE, NO_PAGES, packed(b"{}"))
    start = pdf.index(b"xref\n0")
    pdf = classic(CATALOGUE, NO_PAGES, packed(b"{}"), trailer=f"/Prev {start}")
    assert read_proof(pdf) == b"{}"


def test_a_locked_file_is_told() -> None:
    pdf = classic(CATALOGUE, NO_PAGES, ENCRYPTION, trailer="/Encrypt 3 0 R/ID[(a)(a)]")
    assert rejection(read_proof, pdf) == "the PDF is encrypted"


@pytest.mark.parametrize("user", ["", "b"])
@pytest.mark.parametrize("revision", [4, 6])
def test_an_encrypted_file_is_told_with_any_password(
    typeset: dict[str, bytes], user: str, revision: Literal[4, 6]
) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(typeset["plain"])) as file:
        file.save(out, encryption=pikepdf.Encryption(owner="a", user=user, R=revision))
    with pytest.raises(Rejected) as rejected:
        read_proof(out.getvalue())
    (found,) = rejected.value.findings
    assert (found.code, found.message) == ("bad-file", "the PDF is encrypted")
    assert found.cure == "save it without a password"


def test_a_file_cut_off_anywhere_is_told_or_has_no_map(typeset: dict[str, bytes]) -> None:
    draft = Draft(typeset["plain"])
    draft.carry(b"{}", DAY)
    pdf = draft.finish()
    for length in range(0, len(pdf), len(pdf) // 20):
        with contextlib.suppress(Rejected):
            assert read_proof(pdf[:length]) in (None, b"{}")


@pytest.mark.parametrize(
    "pdf",
    [
        b"",
        classic("<</Type/Catalog/Pages 2 0 R>>", NO_PAGES),
        classic("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[2 0 R]>>"),
        classic(
            "<</Type/Catalog/Pages 2 0 R/StructTreeRoot 3 0 R>>",
            NO_PAGES,
            "<</K 4 0 R>>",
            "<</S/Div/K[4 0 R]>>",
        ),
    ],
)
def test_what_is_not_ours_cannot_be_stamped(pdf: bytes) -> None:
    assert rejection(Draft, pdf).startswith("the pages cannot be stamped (")


def test_numbers_are_written_without_exponents(typeset: dict[str, bytes]) -> None:
    pdf = stamped_line(typeset["two pages"], glyph(A, "A", advance=639 + 1e-7))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        content = document.pages[0].Contents[-1].read_bytes()
    assert re.search(rb"\d[eE]-?\d", content) is None


# --------------------------------------------------------------------- what a stranger's file says

# It clears a terminal's screen: ESC [ 2 J, and the same with the one character U+009B.
COMMANDS = "\x1b[2J\u009b2J"
SHOWN = " [2J 2J"


def test_names_that_would_command_a_terminal_leave_a_file_harmless(
    typeset: dict[str, bytes],
) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(typeset["plain"])) as file:
        first = file.pages[0]
        for font in first.Resources.Font.values():
            font.BaseFont = pikepdf.Name(f"/ABCDEF+No{COMMANDS}to")
        note = Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name(f"/No{COMMANDS}te"),
            Rect=pikepdf.Array([0, 0, 9, 9]),
        )
        first.Annots = pikepdf.Array([file.make_indirect(note)])
        file.save(out)
    inside = look_inside(out.getvalue(), most_pages=1)
    assert {font.name for font in inside.fonts.values()} == {f"ABCDEF+No{SHOWN}to"}
    assert inside.pages[0].annotations == (f"No{SHOWN}te",)


def test_what_a_damaged_file_is_stumbled_on_over_is_told_harmlessly() -> None:
    # #1B#5B is ESC [ in a name (ISO 32000-1, 7.3.5); no filter is called so.
    pdf = classic(
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        "<</Length 2/Filter/No#1B#5B2J>>stream\nab\nendstream",
    )
    told = rejection(lambda: look_inside(pdf, most_pages=1))
    assert "No [2J" in told
    assert told.isprintable()
