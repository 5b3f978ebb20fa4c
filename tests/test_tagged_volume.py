"""Volumes with tags: every pack is read aloud as if it stood in a file of its own."""

from __future__ import annotations

import ctypes
import hashlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from pikepdf import Dictionary, Name, Pdf
from verapdf import Profile, validate

from actionpack.batch.asked import Asked
from actionpack.batch.run import run_batch
from actionpack.diagnostics import Rejected
from actionpack.geometry import Box, Point
from actionpack.glyphs import Glyph, Run, Used
from actionpack.pack import Today
from actionpack.pdf import (
    Binding,
    CodeMark,
    Draft,
    EmptyMark,
    Font,
    Line,
    Mark,
    Placeholder,
    Stencil,
    TaggedBinder,
    TextMark,
    identity_of,
    make_stencil,
    prepare,
)
from actionpack.project import Project
from actionpack.render import Job, Typesetter

HERE = Path(__file__).parents[1]
FONTS = HERE / "assets" / "fonts"
DAY = date(2027, 3, 1)
BINDING = Binding(title="rome · 1/1", language=None, made=DAY, producer="actionpack", duplex=True)
MADE_FROM = bytes(range(16))

CSS = """
@page { size: 105mm 148mm; margin: 10mm }
:root { font: 9pt "Noto Sans"; image-rendering: crisp-edges }
.slot { visibility: hidden }
section { break-after: page }
"""
ODD_ADDRESS = "https://example.org/100%25?all=%d"


def slot(name: str, width: float, height: float) -> str:
    return (
        f'<svg class="slot" style="width:{width}mm;height:{height}mm">'
        f"<title>slot:{name}</title></svg>"
    )


# Three pages, so that a pack ends on the front of a sheet; and one.
PAGES = {
    "en": f"""
        <section><h1>The river</h1><p>See <a href="#far">the far side</a>, or
        <a href="{ODD_ADDRESS}">all</a>.</p><p>{slot("group", 40, 5)}</p>
        <ul><li><p>An item</p><p>and more</p></li></ul>{slot("code", 20, 20)}</section>
        <section><h2 id="far">Far</h2><p>{slot("note", 40, 5)}</p>
        <table><tr><th>Who</th><th>What (1)</th></tr><tr><td>Ada</td><td>wrote</td></tr></table>
        </section>
        <div><p>Back to <a href="#far">the far side</a>.</p>
        <p lang="de">Guten Tag</p></div>""",
    "fr": f"""
        <div><h1>Le fleuve</h1><p id="far">{slot("group", 40, 5)}</p>
        <p>Voir <a href="#far">ici</a>.</p></div>""",
}
WHICH = ("en", "fr", "en", "en")
FILLED = ({"group", "note", "code"}, {"group"}, set[str](), {"note", "code"})


@pytest.fixture(scope="module")
def pages() -> dict[str, bytes]:
    """The pages, laid out and ready for stamping."""
    made = {}
    with Typesetter((FONTS,)) as typesetter:
        for tag, body in PAGES.items():
            html = f"<!doctype html><html lang='{tag}'><title>A pack</title><body>{body}</html>"
            laid = typesetter.lay_out(Job(template=html, css=CSS, mounts={}, images={}))
            pdf, logged = typesetter.write()
            assert laid.findings + logged == ()
            made[tag] = prepare(pdf)
    return made


@pytest.fixture(scope="module")
def stencils(pages: dict[str, bytes]) -> dict[str, Stencil]:
    return {tag: make_stencil(pdf, tagged=True) for tag, pdf in pages.items()}


@pytest.fixture(scope="module")
def volume(stencils: dict[str, Stencil]) -> bytes:
    """Four packs in two languages, with different places filled."""
    return bound(stencils)


# --- what is stamped


def marks(placeholders: tuple[Placeholder, ...], filled: set[str], number: int) -> tuple[Mark, ...]:
    return tuple(mark(place, number, filled=place.name in filled) for place in placeholders)


def mark(place: Placeholder, number: int, *, filled: bool) -> Mark:
    left, top = place.box.left, place.box.top
    if not filled:
        bars = (Box(left, top + 4, 20, 0.2),) if place.name == "group" else ()
        return EmptyMark(place=place, bars=bars, grey=0.45)
    if place.name == "code":
        corner = Point(left + 4, top + 4)
        return CodeMark(
            place=place,
            alt=f"QR code {number} (50 %)",
            corner=corner,
            module_mm=1,
            side=3,
            bits=b"\xe0\0\0",
        )
    # Digits 0 to 9 are glyphs 19 to 28 of Noto Sans, 572 thousandths of the em wide.
    glyphs = tuple(Glyph(19 + int(digit), digit, 572, 0, 0, 572) for digit in str(number))
    run = Run(font="Noto Sans", offset=0, glyphs=glyphs, spare=4000)
    return TextMark(place=place, lines=(Line(start=Point(left, top + 4), size_pt=9, runs=(run,)),))


def embeds(used: tuple[Used, ...]) -> dict[str, tuple[Font, dict[int, str]]]:
    """Noto Sans with all its glyphs, for the codes that were used."""
    return {
        one.key: (
            Font(
                name="Noto Sans",
                family="Noto Sans",
                program=(FONTS / "NotoSans-Regular.ttf").read_bytes(),
                widths=tuple(sorted((code.code, code.width) for code in one.codes)),
                ascent=1069,
                descent=-293,
                cap_height=714,
                bbox=(-621, -508, 2800, 1067),
                italic_angle=0,
            ),
            {code.code: code.text for code in one.codes},
        )
        for one in used
    }


def single(pdf: bytes, filled: set[str], number: int) -> bytes:
    """A pack as a file of its own, as `build` makes it."""
    draft = Draft(pdf)
    draft.embed(embeds(draft.stamp(marks(draft.placeholders, filled, number))))
    return draft.finish()


def bound(
    stencils: Mapping[str, Stencil],
    which: tuple[str, ...] = WHICH,
    filled: tuple[set[str], ...] = FILLED,
    binding: Binding = BINDING,
) -> bytes:
    """Packs in one file, numbered from 1; each begins on the front of a sheet."""
    binder = TaggedBinder()
    loaded = {tag: binder.load(stencils[tag]) for tag in dict.fromkeys(which)}
    for number, (tag, places) in enumerate(zip(which, filled, strict=True), 1):
        binder.start(f"{number} · {tag}")
        binder.add(loaded[tag], marks(stencils[tag].placeholders, places, number))
        if binder.page_count % 2:
            binder.blank(loaded[tag][-1].side)
    return binder.finish(binding, embeds(binder.used), b"{}", MADE_FROM)


# --- what is read aloud


class Said(NamedTuple):
    """A structure element as a reader meets it; pages count from the pack's first."""

    kind: str
    language: str
    alt: str
    attributes: str
    content: tuple[str, ...]


def spoken(pdf: bytes) -> list[list[Said]]:
    """What each pack says, in the order of reading; a file of one pack is a pack."""
    texts = marked_texts(pdf)
    with Pdf.open(io.BytesIO(pdf)) as document:
        pages = {as_pair(page.obj): number for number, page in enumerate(document.pages)}
        labels = list(document.Root.PageLabels.Nums) if "/PageLabels" in document.Root else [0]
        (top,) = document.Root.StructTreeRoot.K
        packs = list(top.K) if any(kid.S == "/Part" for kid in top.K) else [top]
        language = str(document.Root.Lang)
        return [
            list(said(pack, language, Place(pages, first, texts)))
            for pack, first in zip(packs, map(int, labels[::2]), strict=True)
        ]


class Place(NamedTuple):
    """Where a pack stands: pages of the file by object, its first, texts by page and content id."""

    pages: Mapping[tuple[int, int], int]
    first: int
    texts: Mapping[tuple[int, int], str]

    def number(self, page: pikepdf.Object) -> int:
        return self.pages[as_pair(page)] - self.first


def as_pair(held: pikepdf.Object) -> tuple[int, int]:
    """The number of an object and its generation."""
    number, generation = held.objgen
    return int(number), int(generation)


def said(element: pikepdf.Object, language: str, place: Place) -> Iterator[Said]:
    language = str(element.get("/Lang", language))
    below = []
    content = []
    for kid in element.get("/K", pikepdf.Array()):
        if isinstance(kid, Dictionary) and "/S" in kid:
            below.append(kid)
        elif isinstance(kid, Dictionary):
            content.append(f"{place.number(kid.Pg)}: {goal(kid.Obj, place)}")
        else:
            page = place.number(element.Pg)
            text = place.texts.get((place.first + page, int(kid)), "")
            content.append(f"{page}: {int(kid)} {text}")
    yield Said(
        kind=str(element.S).replace("/Part", "/Document"),
        language=language,
        alt=str(element.get("/Alt", "")),
        # Names of other elements have the number of the copy before them.
        attributes=re.sub(r"\b\d{6}\.", "", repr(element.get("/A", "")) + repr(element.get("/ID"))),
        content=tuple(content),
    )
    for kid in below:
        yield from said(kid, language, place)


def goal(link: pikepdf.Object, place: Place) -> str:
    """Where a link leads to: an address, or a page of the pack."""
    if "/A" in link:
        return str(link.A.URI)
    if isinstance(link.Dest, pikepdf.Array):
        return f"page {place.number(link.Dest[0])}"
    return str(link.Dest)


def marked_texts(pdf: bytes) -> dict[tuple[int, int], str]:
    """The text of marked contents, by page, from 0, and content id."""
    found: dict[tuple[int, int], str] = {}
    for number, page in enumerate(pypdfium2.PdfDocument(pdf)):
        letters = page.get_textpage()
        for drawn in page.get_objects([pdfium.FPDF_PAGEOBJ_TEXT]):
            content = pdfium.FPDFPageObj_GetMarkedContentID(drawn.raw)
            if content >= 0:
                key = (number, content)
                found[key] = found.get(key, "") + text_of(drawn.raw, letters.raw)
    return found


def text_of(drawn: object, letters: object) -> str:
    size = pdfium.FPDFTextObj_GetText(drawn, letters, None, 0)
    buffer = (ctypes.c_ushort * (size // 2))()
    pdfium.FPDFTextObj_GetText(drawn, letters, buffer, size)
    return bytes(buffer).decode("utf-16-le").rstrip("\0")


def test_every_pack_says_what_a_file_of_its_own_says(
    pages: dict[str, bytes], volume: bytes
) -> None:
    packs = spoken(volume)
    assert len(packs) == len(WHICH)
    for number, (pack, tag, filled) in enumerate(zip(packs, WHICH, FILLED, strict=True), 1):
        # A link within a single file leads to a name, which no volume can have twice.
        (alone,) = spoken(single(pages[tag], filled, number))
        far = "page 0" if tag == "fr" else "page 1"
        assert pack == [
            one._replace(content=tuple(re.sub(r"\bfar$", far, line) for line in one.content))
            for one in alone
        ]


def test_what_is_stamped_is_heard_in_its_place(volume: bytes) -> None:
    first, second, third, fourth = (
        [line for one in pack for line in (one.alt, *one.content) if line]
        for pack in spoken(volume)
    )
    assert first[-1].endswith("Guten Tag")
    assert [line for line in first if line.startswith("QR code")] == ["QR code 1 (50 %)"]
    # The number of the pack is what is stamped as text: in two places, one, none and one.
    stamped = [
        [line for line in pack if re.search(r": \d+ [1-4]$", line)]
        for pack in (first, second, third, fourth)
    ]
    assert [len(lines) for lines in stamped] == [2, 1, 0, 1]
    assert [line[-1] for line in stamped[0] + stamped[1] + stamped[3]] == ["1", "1", "2", "4"]


def test_every_pack_is_in_its_language_and_the_file_in_that_of_the_first(volume: bytes) -> None:
    with Pdf.open(io.BytesIO(volume)) as document:
        parts = document.Root.StructTreeRoot.K[0].K
        assert [str(part.S) for part in parts] == ["/Part"] * 4
        assert [str(part.Lang) for part in parts] == ["en", "fr", "en", "en"]
        assert str(document.Root.Lang) == "en"
    german = [one for pack in spoken(volume) for one in pack if one.language == "de"]
    assert sum("Guten Tag" in line for one in german for line in one.content) == 3


def test_a_file_in_one_language_says_so(stencils: dict[str, Stencil]) -> None:
    pdf = bound(stencils, ("fr",), (set(),), replace(BINDING, language="fr"))
    with Pdf.open(io.BytesIO(pdf)) as document:
        assert str(document.Root.Lang) == "fr"


def test_poppler_reads_every_pack(volume: bytes, tmp_path: Path) -> None:
    file = tmp_path / "volume.pdf"
    file.write_bytes(volume)
    command = ["pdfinfo", "-struct-text", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert done.stdout.count("\n  Part") == 4
    assert done.stdout.count('"The river"') == 3
    assert done.stdout.count('"Le fleuve"') == 1


# --- the trees of the file


def test_every_content_and_every_link_finds_its_element_and_is_found_by_it(volume: bytes) -> None:
    with Pdf.open(io.BytesIO(volume)) as document:
        root = document.Root.StructTreeRoot
        held = pikepdf.NumberTree(root.ParentTree)
        keys = []
        for page in document.pages:
            if "/StructParents" not in page:
                assert "/Contents" not in page
                continue
            keys.append(int(page.StructParents))
            elements = list(held[keys[-1]])
            for content, element in enumerate(elements):
                if element is not None:
                    assert content in list(element.K)
                    assert element.Pg.objgen == page.objgen
            content_ids = re.findall(rb"/MCID (\d+)", drawn_on(page))
            assert sorted(map(int, content_ids)) == [
                content
                for content, element in enumerate(elements)
                if isinstance(element, Dictionary)
            ]
            for link in page.get("/Annots", pikepdf.Array()):
                keys.append(int(link.StructParent))
                element = held[keys[-1]]
                assert element.S == "/Link"
                (reference,) = (kid for kid in element.K if isinstance(kid, Dictionary))
                assert reference.Obj.objgen == link.objgen
                assert reference.Pg.objgen == page.objgen
        # Three pages and four links in English, one and one in French; each key once.
        assert sorted(keys) == list(range(int(root.ParentTreeNextKey))) == sorted(held.keys())


def drawn_on(page: pikepdf.Page) -> bytes:
    return pikepdf.unparse_content_stream(pikepdf.parse_content_stream(page))


def test_trees_of_many_packs_branch(stencils: dict[str, Stencil]) -> None:
    # 64 leaves hang on one branch, so that one more pack than that needs two.
    pdf = bound(stencils, ("en",) * 65, ({"group"},) * 65)
    with Pdf.open(io.BytesIO(pdf)) as document:
        root = document.Root.StructTreeRoot
        assert len(root.ParentTree.Kids) == len(root.IDTree.Kids) == 2
        assert len(pikepdf.NumberTree(root.ParentTree)) == int(root.ParentTreeNextKey)
        # pikepdf tells of a tree whose limits lie, or whose keys are not in order.
        assert document.check_pdf_syntax() == []
        names = list(pikepdf.NameTree(root.IDTree))
        assert len(names) == 2 * 65
        assert names == sorted(names)


def test_headers_of_a_table_are_those_of_the_same_pack(volume: bytes) -> None:
    with Pdf.open(io.BytesIO(volume)) as document:
        root = document.Root.StructTreeRoot
        by_name = dict(pikepdf.NameTree(root.IDTree).items())
        seen = []
        for part in root.K[0].K:
            cells = list(of_kind(part, "/TD"))
            for cell in cells:
                (name,) = cell.A.Headers
                header = by_name[str(name)]
                assert str(header.ID) == str(name)
                assert top_of(header) == part.objgen
            heads = list(of_kind(part, "/TH"))
            seen += [str(head.ID) for head in heads]
            assert len(cells) == len(heads)
        assert sorted(seen) == sorted(by_name)
        # Two headers in each of three packs, and no two by one name.
        assert len(set(seen)) == 6


def of_kind(element: pikepdf.Object, kind: str) -> Iterator[pikepdf.Object]:
    if element.get("/S") == kind:
        yield element
    for kid in element.get("/K", pikepdf.Array()):
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield from of_kind(kid, kind)


def top_of(element: pikepdf.Object) -> tuple[int, int]:
    while element.S != "/Part":
        element = element.P
    return element.objgen


def test_bookmarks_of_a_pack_lie_below_its_own_and_lead_into_it(volume: bytes) -> None:
    found = []
    with Pdf.open(io.BytesIO(volume)) as document:
        pages = {as_pair(page.obj): number for number, page in enumerate(document.pages, 1)}

        def below(held: pikepdf.Object, level: int) -> None:
            one = held.get("/First")
            while one is not None:
                found.append((level, str(one.Title), pages[as_pair(one.Dest[0])]))
                below(one, level + 1)
                one = one.get("/Next")

        below(document.Root.Outlines, 0)
    # Three pages and a blank one, then one and a blank one.
    assert found == [
        *((0, "1 · en", 1), (1, "The river", 1), (2, "Far", 2)),
        *((0, "2 · fr", 5), (1, "Le fleuve", 5)),
        *((0, "3 · en", 7), (1, "The river", 7), (2, "Far", 8)),
        *((0, "4 · en", 11), (1, "The river", 11), (2, "Far", 12)),
    ]


def test_contents_and_fonts_of_a_page_stand_in_the_file_once(volume: bytes) -> None:
    with Pdf.open(io.BytesIO(volume)) as document:
        assert len(document.pages) == 14
        contents = [page.get("/Contents") for page in document.pages]
        shared = {
            (held[0] if isinstance(held, pikepdf.Array) else held).objgen
            for held in contents
            if held
        }
        assert len(shared) == 4
        programs = [
            hashlib.sha256(held.read_raw_bytes()).digest()
            for held in document.objects
            if isinstance(held, pikepdf.Stream) and "/Length1" in held
        ]
        assert len(programs) == len(set(programs))


def test_a_further_copy_takes_little(stencils: dict[str, Stencil]) -> None:
    few, many = (bound(stencils, ("en",) * n, ({"group", "code"},) * n) for n in (20, 120))
    # With some 60 structure elements; what it weighs in a real pack stands in the benchmarks.
    assert (len(many) - len(few)) / 100 < 3_000


def test_where_a_file_comes_from_can_be_told_from_it(volume: bytes) -> None:
    assert identity_of(volume) == MADE_FROM


# --- the norms


def broken_clauses(pdf: bytes, profile: Profile) -> set[str]:
    return {f"{failure.clause}-{failure.test_number}" for failure in validate(pdf, profile)}


def test_a_volume_is_pdfua_and_pdfa(volume: bytes, tmp_path: Path) -> None:
    assert (validate(volume, "ua1"), validate(volume, "2a")) == ((), ())
    (tmp_path / "volume.pdf").write_bytes(volume)
    command = ["qpdf", "--check", str(tmp_path / "volume.pdf")]
    assert subprocess.run(command, capture_output=True, check=True).stderr == b""


def last_pack(document: Pdf) -> pikepdf.Object:
    return document.Root.StructTreeRoot.K[0].K[-1]


def a_code_without_words(document: Pdf) -> None:
    (figure,) = of_kind(last_pack(document), "/Figure")
    del figure.Alt


def a_link_outside_the_tree(document: Pdf) -> None:
    del document.pages[-2].Annots[0]["/StructParent"]


def a_page_whose_links_have_no_order(document: Pdf) -> None:
    del document.pages[-2]["/Tabs"]


def a_mark_outside_the_tree(document: Pdf) -> None:
    document.pages[-2].contents_add(b"0 0 9 9 re f")


def no_tags(document: Pdf) -> None:
    del document.Root.MarkInfo


def no_language(document: Pdf) -> None:
    del document.Root.Lang
    del last_pack(document)["/Lang"]


@pytest.mark.parametrize(
    ("change", "clauses"),
    [
        (a_code_without_words, {"7.3-1"}),
        (a_link_outside_the_tree, {"7.18.5-1"}),
        (a_page_whose_links_have_no_order, {"7.18.3-1"}),
        (a_mark_outside_the_tree, {"7.1-3"}),
        (no_tags, {"6.2-1"}),
        (no_language, {"7.2-2", "7.2-22", "7.2-24", "7.2-33", "7.2-34"}),
    ],
)
def test_one_thing_broken_in_the_last_pack_is_seen(
    volume: bytes, change: Callable[[Pdf], None], clauses: set[str]
) -> None:
    with Pdf.open(io.BytesIO(volume)) as document:
        change(document)
        document.save(out := io.BytesIO(), fix_metadata_version=False)
    assert broken_clauses(out.getvalue(), "ua1") == clauses


# --- the same bytes


def test_same_packs_same_bytes_whatever_the_process(
    pages: dict[str, bytes], stencils: dict[str, Stencil], volume: bytes, tmp_path: Path
) -> None:
    assert bound(stencils) == volume
    for tag, pdf in pages.items():
        (tmp_path / tag).write_bytes(pdf)
    program = (
        "import hashlib, pathlib, sys; sys.path.insert(0, sys.argv[1]);"
        "import test_tagged_volume as t; folder = pathlib.Path(sys.argv[2]);"
        "made = {tag: t.make_stencil((folder / tag).read_bytes(), tagged=True) for tag in t.PAGES};"
        "print(hashlib.sha256(t.bound(made)).hexdigest())"
    )
    for seed in ("1", "2"):
        command = [sys.executable, "-c", program, str(HERE / "tests"), str(tmp_path)]
        environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == hashlib.sha256(volume).hexdigest()


# --- what does not fit together


def damaged(pdf: bytes, change: Callable[[Pdf], None]) -> str:
    with Pdf.open(io.BytesIO(pdf)) as document:
        change(document)
        document.save(out := io.BytesIO())
    with pytest.raises(Rejected) as raised:
        make_stencil(out.getvalue(), tagged=True)
    (found,) = raised.value.findings
    assert found.code == "bad-file"
    return found.message


def a_name_of_no_place(document: Pdf) -> None:
    document.Root.Names.Dests.Names[0] = pikepdf.String("near")


def bookmarks_in_a_circle(document: Pdf) -> None:
    document.Root.Outlines.First.Next = document.Root.Outlines.First


def no_document(document: Pdf) -> None:
    document.Root.StructTreeRoot.K[0].S = Name.Sect


def a_stray_content(document: Pdf) -> None:
    stray = Dictionary(S=Name.Span, P=document.Root.StructTreeRoot.K[0])
    document.Root.StructTreeRoot.ParentTree.Nums[1][0] = document.make_indirect(stray)


def a_stray_link(document: Pdf) -> None:
    numbers = document.Root.StructTreeRoot.ParentTree.Nums
    numbers[len(numbers) - 1] = None


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (a_name_of_no_place, "a link leads nowhere"),
        (bookmarks_in_a_circle, "the bookmarks run in a circle"),
        (no_document, "the structure tree has no one document at its top"),
        (a_stray_content, "a marked content belongs to nothing in the structure tree"),
        (a_stray_link, "a link has no place in the structure tree"),
    ],
)
def test_pages_whose_tags_do_not_fit_together_are_told(
    pages: dict[str, bytes], change: Callable[[Pdf], None], told: str
) -> None:
    assert damaged(pages["fr"], change) == f"the pages cannot be stamped (ValueError: {told})"


def test_a_stencil_without_tags_is_refused(pages: dict[str, bytes]) -> None:
    with pytest.raises(ValueError, match="the stencil has no tags"):
        TaggedBinder().load(make_stencil(pages["fr"]))


def test_roles_are_kept_and_must_mean_the_same(stencils: dict[str, Stencil]) -> None:
    tags = stencils["fr"].tags
    assert tags is not None
    poem, verse = (
        replace(stencils["fr"], tags=replace(tags, roles=(("/Poem", role),)))
        for role in ("/P", "/BlockQuote")
    )
    with Pdf.open(io.BytesIO(bound({"fr": poem}, ("fr",), (set(),)))) as document:
        assert dict(document.Root.StructTreeRoot.RoleMap) == {"/Poem": Name.P}
    binder = TaggedBinder()
    binder.load(poem)
    with pytest.raises(ValueError, match="two stencils mean different things by /Poem"):
        binder.load(verse)


# --- a batch


def test_a_batch_in_two_languages_is_read_aloud_in_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACTIONPACK_CACHE", str(tmp_path / "cache"))
    (tmp_path / "plan.yaml").write_text(
        "name: mixed\nsender_country: IT\ntagged: true\nseparators: true\npacks:\n"
        "  - {action: china-uyghur-families, language: en, sender: Ada Rossi}\n"
        "  - {action: ombrovia-paper-boats, language: en, copies: 2}\n"
        "  - {action: ombrovia-paper-boats, language: fr, group: Lyon, copies: 2}\n"
    )
    today = Today(here=date(2026, 6, 1), where_it_ends_last=date(2026, 6, 1))
    asked = Asked(plan=tmp_path / "plan.yaml", output=tmp_path / "out", prove_all=True)
    result = run_batch(Project(root=HERE), asked, today, lambda _: None)
    assert [found for found in result.findings if found.is_error] == []
    pdf = (tmp_path / "out" / "volume-001.pdf").read_bytes()
    assert (validate(pdf, "ua1"), validate(pdf, "2a")) == ((), ())
    with Pdf.open(io.BytesIO(pdf)) as document:
        parts = document.Root.StructTreeRoot.K[0].K
        # A separator stands before each language and group.
        assert [str(part.Lang) for part in parts].count("fr") == 2
    words = [" ".join(line for one in pack for line in one.content) for pack in spoken(pdf)]
    # Twice on packs, and once on the separator before them.
    assert sum("Trois cents bateaux" in pack for pack in words) == 3
    assert sum("Lyon" in pack for pack in words) == 3
    assert sum("Ada Rossi" in pack for pack in words) == 1


def test_a_batch_for_paper_stays_without_tags(pages: dict[str, bytes]) -> None:
    assert make_stencil(pages["en"]).tags is None
