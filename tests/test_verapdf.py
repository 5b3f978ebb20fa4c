"""veraPDF says yes and no where it should: controls for every test that trusts `verapdf.validate`.

Each broken file is a good one with a single thing changed, and must fail by exactly that clause.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf
from verapdf import Profile, validate

FONTS = Path(__file__).parents[1] / "assets" / "fonts"

Change = Callable[[Pdf], object]

# fontconfig reads its environment once, and another test may have made it do so: hence a process.
RENDER = """
import json, logging, sys
import weasyprint
logging.getLogger("weasyprint").addHandler(logging.StreamHandler())
for file, variant, html in json.load(sys.stdin):
    weasyprint.HTML(string=html).write_pdf(file, pdf_variant=variant)
"""

# 1 × 1 pixel, grey.
PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCB"
    "d81ytgAAAABJRU5ErkJggg=="
)

HTML = f"""<!doctype html>
<html lang="en"><title>A page</title>
<style>:root {{ font-family: "Noto Sans"; image-rendering: RENDERING }}</style>
<h1>Heading</h1>
<p>Words, and a <a href="https://example.org/">link</a>.</p>
<ul><li>An item</li></ul>
<p><img alt="A grey square" src="{PIXEL}"></p>
</html>"""

PDFUAID = """<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the page as ua-1.pdf, a-2a.pdf and smooth.pdf, in our fonts and no other."""
    folder = tmp_path_factory.mktemp("verapdf")
    config = folder / "fonts.conf"
    config.write_text(
        f"<fontconfig><dir>{FONTS}</dir><cachedir>{folder}/cache</cachedir></fontconfig>"
    )
    crisp, smooth = (HTML.replace("RENDERING", value) for value in ("crisp-edges", "auto"))
    jobs = [
        (str(folder / "ua-1.pdf"), "pdf/ua-1", crisp),
        (str(folder / "a-2a.pdf"), "pdf/a-2a", crisp),
        (str(folder / "smooth.pdf"), "pdf/a-2a", smooth),
    ]
    environment = os.environ | {"FONTCONFIG_FILE": str(config)}
    command = [sys.executable, "-c", RENDER]
    done = subprocess.run(
        command,
        input=json.dumps(jobs),
        env=environment,
        text=True,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return folder


@pytest.fixture(scope="module")
def both(rendered: Path) -> bytes:
    """The page as one file that claims PDF/UA-1 and PDF/A-2a."""
    return changed((rendered / "a-2a.pdf").read_bytes(), claim_pdfua)


def changed(pdf: bytes, *changes: Change) -> bytes:
    with Pdf.open(io.BytesIO(pdf)) as document:
        for change in changes:
            change(document)
        document.save(out := io.BytesIO(), fix_metadata_version=False)
    return out.getvalue()


def broken_clauses(pdf: bytes, profile: Profile) -> set[str]:
    """Clauses the file breaks, as "clause-test number"."""
    return {f"{failure.clause}-{failure.test_number}" for failure in validate(pdf, profile)}


def replace_in_xmp(old: str, new: str) -> Change:
    def change(pdf: Pdf) -> None:
        xmp = pdf.Root.Metadata.read_bytes().decode()
        assert xmp.count(old) == 1
        pdf.Root.Metadata.write(xmp.replace(old, new).encode())

    return change


claim_pdfua = replace_in_xmp("</rdf:RDF>", PDFUAID + "</rdf:RDF>")


def draw(operators: str) -> Change:
    """Add a stream behind the page's own, which stands between q and Q."""

    def change(pdf: Pdf) -> None:
        page = pdf.pages[0]
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(b"Q\n" + operators.encode())

    return change


def structure(pdf: Pdf, kind: str) -> pikepdf.Object:
    """The first structure element of a kind, such as "/Figure"."""

    def below(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
        yield element
        for kid in element.get("/K", Array()):
            if isinstance(kid, Dictionary):
                yield from below(kid)

    return next(element for element in below(pdf.Root.StructTreeRoot) if element.get("/S") == kind)


def fonts(pdf: Pdf) -> list[pikepdf.Object]:
    return [font.DescendantFonts[0] for font in pdf.pages[0].Resources.Font.values()]


# What must pass.


def test_a_pdfua_page_passes_ua1(rendered: Path) -> None:
    assert validate(rendered / "ua-1.pdf", "ua1") == ()


def test_a_pdfa_2a_page_passes_2a_and_2b(rendered: Path) -> None:
    assert validate(rendered / "a-2a.pdf", "2a") == ()
    assert validate(rendered / "a-2a.pdf", "2b") == ()


def test_one_file_passes_ua1_and_2a_once_its_xmp_claims_both(both: bytes) -> None:
    assert validate(both, "ua1") == ()
    assert validate(both, "2a") == ()


def test_a_stamp_marked_as_artifact_passes_both(both: bytes) -> None:
    pdf = changed(both, draw("/Artifact BMC q 0 g 9 9 9 9 re f Q EMC"))
    assert validate(pdf, "ua1") == ()
    assert validate(pdf, "2a") == ()


def test_a_file_without_tags_passes_2b_when_it_claims_no_more(rendered: Path) -> None:
    def untag(pdf: Pdf) -> None:
        del pdf.Root.StructTreeRoot, pdf.Root.MarkInfo

    claim_b = replace_in_xmp('pdfaid:conformance="A"', 'pdfaid:conformance="B"')
    pdf = changed((rendered / "a-2a.pdf").read_bytes(), untag, claim_b)
    assert validate(pdf, "2b") == ()


# What must fail both.


def test_a_font_that_is_not_embedded_fails_both(both: bytes) -> None:
    def strip(pdf: Pdf) -> None:
        for font in fonts(pdf):
            del font.FontDescriptor["/FontFile2"]

    pdf = changed(both, strip)
    assert broken_clauses(pdf, "ua1") == {"7.21.4.1-1"}
    assert broken_clauses(pdf, "2a") == {"6.2.11.4.1-1"}


def test_a_removed_structure_tree_fails_both(both: bytes) -> None:
    def strip(pdf: Pdf) -> None:
        del pdf.Root.StructTreeRoot

    pdf = changed(both, strip)
    assert broken_clauses(pdf, "ua1") == {"7.1-3", "7.1-11", "7.18.5-1"}
    assert broken_clauses(pdf, "2a") == {"6.7.3.3-1"}


def test_missing_mark_info_fails_both(both: bytes) -> None:
    def strip(pdf: Pdf) -> None:
        del pdf.Root.MarkInfo

    pdf = changed(both, strip)
    assert broken_clauses(pdf, "ua1") == {"6.2-1"}
    assert broken_clauses(pdf, "2a") == {"6.7.2.2-1"}


# What must fail PDF/UA-1, although PDF/A-2a lets it pass: why both are always asked.


def test_an_untagged_stamp_fails_ua1_only(both: bytes) -> None:
    pdf = changed(both, draw("q 0 g 9 9 9 9 re f Q"))
    assert broken_clauses(pdf, "ua1") == {"7.1-3"}
    assert broken_clauses(pdf, "2a") == set()


def test_a_document_without_language_fails_ua1_only(both: bytes) -> None:
    def strip(pdf: Pdf) -> None:
        del pdf.Root.Lang

    pdf = changed(both, strip)
    # Of the bookmarks, alternative text, link, title and text, in this order.
    assert broken_clauses(pdf, "ua1") == {"7.2-2", "7.2-22", "7.2-24", "7.2-33", "7.2-34"}
    assert broken_clauses(pdf, "2a") == set()


def test_an_image_without_alternative_text_fails_ua1_only(both: bytes) -> None:
    def strip(pdf: Pdf) -> None:
        del structure(pdf, "/Figure")["/Alt"]

    pdf = changed(both, strip)
    assert broken_clauses(pdf, "ua1") == {"7.3-1"}
    assert broken_clauses(pdf, "2a") == set()


def test_a_paragraph_straight_below_a_list_item_fails_ua1_only(both: bytes) -> None:
    def retag(pdf: Pdf) -> None:
        structure(pdf, "/LBody").S = Name.P

    pdf = changed(both, retag)
    assert broken_clauses(pdf, "ua1") == {"7.2-20"}
    assert broken_clauses(pdf, "2a") == set()


def test_a_skipped_heading_level_fails_ua1_only(both: bytes) -> None:
    def retag(pdf: Pdf) -> None:
        structure(pdf, "/H1").S = Name.H2

    pdf = changed(both, retag)
    assert broken_clauses(pdf, "ua1") == {"7.4.2-1"}
    assert broken_clauses(pdf, "2a") == set()


def test_a_link_outside_the_tags_fails_ua1_only(both: bytes) -> None:
    def retag(pdf: Pdf) -> None:
        structure(pdf, "/Link").S = Name.Span

    pdf = changed(both, retag)
    assert broken_clauses(pdf, "ua1") == {"7.18.5-1"}
    assert broken_clauses(pdf, "2a") == set()


def test_a_page_cut_off_from_the_structure_fails_ua1_only(both: bytes) -> None:
    def cut(pdf: Pdf) -> None:
        pdf.Root.StructTreeRoot.ParentTree.Nums = Array()

    pdf = changed(both, cut)
    assert broken_clauses(pdf, "ua1") == {"7.1-3", "7.18.5-1"}
    assert broken_clauses(pdf, "2a") == set()


def test_a_file_that_does_not_claim_pdfua_fails_ua1(rendered: Path) -> None:
    assert broken_clauses((rendered / "a-2a.pdf").read_bytes(), "ua1") == {"5-1"}


# What must fail PDF/A-2, although PDF/UA-1 lets it pass.


def test_a_file_that_does_not_claim_pdfa_fails_2a_and_2b(both: bytes) -> None:
    pdf = changed(both, replace_in_xmp('pdfaid:part="2" pdfaid:conformance="A"', ""))
    assert broken_clauses(pdf, "2a") == {"6.6.4-1"}
    assert broken_clauses(pdf, "2b") == {"6.6.4-1"}
    assert broken_clauses(pdf, "ua1") == set()


def test_a_smoothed_image_fails_2a(rendered: Path) -> None:
    assert broken_clauses((rendered / "smooth.pdf").read_bytes(), "2a") == {"6.2.8-3"}


def test_cmyk_ink_under_an_rgb_output_intent_fails_2a_and_2b(both: bytes) -> None:
    pdf = changed(both, draw("/Artifact BMC q 0 0 0 1 k 9 9 9 9 re f Q EMC"))
    assert broken_clauses(pdf, "2a") == {"6.2.4.3-3"}
    assert broken_clauses(pdf, "2b") == {"6.2.4.3-3"}


# What the answer holds.


def test_a_failure_says_what_is_wrong_and_where(both: bytes) -> None:
    (failure,) = validate(changed(both, draw("q 0 g 9 9 9 9 re f Q")), "ua1")
    assert failure.description == "Content is neither marked as Artifact nor tagged as real content"
    assert "pages[0]" in failure.context


def test_the_same_file_gives_the_same_answer_by_path_and_by_bytes(rendered: Path) -> None:
    path = rendered / "a-2a.pdf"
    assert validate(path, "ua1") == validate(path.read_bytes(), "ua1") != ()


def test_a_file_that_is_no_pdf_is_an_error_and_not_a_pass() -> None:
    with pytest.raises(ValueError, match="parse"):
        validate(b"not a PDF", "2b")


def test_the_engine_still_answers_after_an_unreadable_file(both: bytes) -> None:
    with pytest.raises(ValueError, match="parse"):
        validate(both[: len(both) // 2], "2a")
    assert validate(both, "2a") == ()
