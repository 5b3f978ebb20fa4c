"""What `actionpack import` makes of Word documents, and which files it refuses.

The documents are written here by hand, as the smallest zip that Word would open.
"""

from __future__ import annotations

import re
import struct
import zipfile
from io import BytesIO
from xml.sax.saxutils import escape

import pytest
from test_importing import TODAY, paragraphs, read_back, told

from actionpack.diagnostics import Finding, Rejected, has_errors
from actionpack.importing import Imported, Wishes, import_bytes
from actionpack.importing.docx import read_docx
from actionpack.importing.lines import Notes
from actionpack.markup import read_markup

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="png" ContentType="image/png"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_TOP = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_R}/officeDocument" Target="word/document.xml"/>'
    "</Relationships>"
)
_STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{style}"><w:name w:val="{name}"/></w:style>'
    for style, name in (
        ("Titre", "Title"),
        ("Titre1", "heading 1"),
        ("Titre2", "heading 2"),
        ("Citation", "Quote"),
    )
)
_LEVELS = "".join(
    f'<w:abstractNum w:abstractNumId="{number}">'
    + "".join(f'<w:lvl w:ilvl="{level}"><w:numFmt w:val="{form}"/></w:lvl>' for level in range(6))
    + "</w:abstractNum>"
    for number, form in ((1, "bullet"), (2, "decimal"))
) + "".join(
    f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>' for number in (1, 2)
)


def xml(name: str, body: str) -> str:
    spaces = (
        f'xmlns:w="{_W}" xmlns:r="{_R}" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
        'xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{name} {spaces}>{body}</w:{name}>'


def run(text: str, style: str = "") -> str:
    """A run; `style` is b, i or strike. A line end is a break, a tab a tab."""
    made = escape(text).replace("\n", "</w:t><w:br/><w:t>").replace("\t", "</w:t><w:tab/><w:t>")
    made = made.replace("<w:t>", '<w:t xml:space="preserve">')
    how = f"<w:rPr><w:{style}/></w:rPr>" if style else ""
    return f'<w:r>{how}<w:t xml:space="preserve">{made}</w:t></w:r>'


def p(*inner: str, style: str = "", number: int = 0, level: int = 0) -> str:
    """A paragraph; plain text becomes a run. `number`: 1 is a bullet, 2 a number."""
    runs = "".join(one if re.match("<[wm]:", one) else run(one) for one in inner)
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    listed = (
        f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>' if number else ""
    )
    return f"<w:p><w:pPr>{styled}{listed}</w:pPr>{runs}</w:p>"


def table(*rows: tuple[str, ...]) -> str:
    """A table; a cell is paragraphs, or plain text."""
    made = "".join(
        "<w:tr>"
        + "".join(f"<w:tc>{cell if cell.startswith('<') else p(cell)}</w:tc>" for cell in row)
        + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl>{made}</w:tbl>"


def docx(
    *blocks: str,
    links: tuple[str, ...] = (),
    parts: dict[str, str | bytes] | None = None,
    without: tuple[str, ...] = (),
) -> bytes:
    """A document of these blocks; `links` are named rL0, rL1, …; `parts` are added by name."""
    related = (
        ("rIdS", "styles", "styles.xml", ""),
        ("rIdN", "numbering", "numbering.xml", ""),
        ("rIdF", "footnotes", "footnotes.xml", ""),
        ("rIdP", "image", "media/a.png", ""),
        *((f"rL{i}", "hyperlink", link, ' TargetMode="External"') for i, link in enumerate(links)),
    )
    rels = "".join(
        f'<Relationship Id="{key}" Type="{_R}/{kind}" Target="{escape(to)}"{mode}/>'
        for key, kind, to, mode in related
    )
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _TOP,
        "word/document.xml": xml("document", f"<w:body>{''.join(blocks)}</w:body>"),
        "word/styles.xml": xml("styles", _STYLES),
        "word/numbering.xml": xml("numbering", _LEVELS),
        "word/footnotes.xml": xml("footnotes", ""),
        "word/media/a.png": b"\x89PNG\r\n\x1a\n",
        "word/_rels/document.xml.rels": _TOP[: _TOP.index("<Relationship ")]
        + rels
        + "</Relationships>",
        **(parts or {}),
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            if name not in without:
                archive.writestr(name, content)
    return out.getvalue()


def letter(
    *,
    title: tuple[str, ...] = (p("China: Uyghur families", style="Titre"),),
    briefing: tuple[str, ...] = (p("They fled in 2016."),),
    ask: tuple[str, ...] = (p("Write to the president."),),
    body: tuple[str, ...] = (p("I am alarmed."),),
    extra: tuple[str, ...] = (),
) -> tuple[str, ...]:
    return (
        *title,
        *briefing,
        p("Take action", style="Titre1"),
        *ask,
        p("Template letter", style="Titre1"),
        *(p(line) for line in ("Xi Jinping", "President", "Beijing", "China")),
        p(),
        p("Dear President Xi,"),
        *body,
        p("Yours sincerely,"),
        *extra,
    )


def imported(data: bytes, *, tag: str | None = None, file: str = "action.docx") -> Imported:
    wishes = Wishes(action_id="a", tag=tag, online=None, today=TODAY)
    return import_bytes(data, file=file, wishes=wishes)


def doubts(result: Imported) -> list[str]:
    return [message for _, message in told(result.findings, "doubtful")]


def refused(data: bytes, file: str = "action.docx") -> Finding:
    with pytest.raises(Rejected) as caught:
        imported(data, file=file)
    (found,) = caught.value.findings
    assert found.code == "bad-file"
    assert found.place.file == file
    return found


# ------------------------------------------------------------------------------------ what is read


def test_a_document_with_styles_becomes_an_action() -> None:
    result = imported(docx(*letter()))
    action, text = read_back(result)
    assert text.title.text == "China: Uyghur families"
    assert text.briefing.text.strip() == "They fled in 2016."
    assert text.ask.text.strip() == "Write to the president."
    assert text.letter.text.strip() == "I am alarmed."
    assert [line.text for line in action.targets[0].lines] == ["Xi Jinping", "President", "Beijing"]
    assert text.closing.for_all is not None
    assert text.closing.for_all.text == "Yours sincerely,"
    assert not has_errors(result.findings)


def test_the_content_decides_and_not_the_name_of_the_file() -> None:
    assert imported(docx(*letter()), file="action.txt").files == imported(docx(*letter())).files


@pytest.mark.parametrize(
    "heading", [p(run("TAKE ACTION:", "b")), p("Take action"), p("Take action!", style="Titre2")]
)
def test_a_heading_is_known_by_its_words_bold_plain_or_by_style(heading: str) -> None:
    plain = letter()
    at = plain.index(p("Take action", style="Titre1"))
    assert imported(docx(*plain[:at], heading, *plain[at + 1 :])).files == (
        imported(docx(*plain)).files
    )


def test_a_styled_heading_may_say_more_than_its_words() -> None:
    plain = letter()
    at = plain.index(p("Template letter", style="Titre1"))
    longer = p("Template letter to the president", style="Titre1")
    result = imported(docx(*plain[:at], longer, *plain[at + 1 :]))
    assert read_back(result)[1].letter.text.strip() == "I am alarmed."
    assert (
        "'Template letter to the president' was taken for the heading 'TEMPLATE LETTER'"
    ) in doubts(result)


def test_other_headings_stay_sub_headings() -> None:
    briefing = (p("One."), p(run("What they say", "b"), style="Titre2"), p("Two."))
    text = read_back(imported(docx(*letter(briefing=briefing))))[1]
    assert text.briefing.text.strip() == "One.\n\n### What they say\n\nTwo."


def test_bold_emphasis_and_links_stay() -> None:
    link = f'<w:hyperlink r:id="rL0">{run("the (long) report")}</w:hyperlink>'
    briefing = (p("They ", run("fled", "b"), " in ", run("2016.", "i"), " Read ", link, "."),)
    data = docx(*letter(briefing=briefing), links=("https://www.example.org/r_(1)",))
    text = read_back(imported(data))[1]
    assert text.briefing.text.strip() == (
        "They **fled** in *2016.* Read [the (long) report](<https://www.example.org/r_(1)>)."
    )


def test_bold_that_markdown_cannot_write_goes_and_is_told() -> None:
    briefing = (p("un", run("“believ”", "b"), "able"),)
    result = imported(docx(*letter(briefing=briefing)))
    assert read_back(result)[1].briefing.text.strip() == "un“believ”able"
    assert (2, "'“believ”' was set apart, which cannot be kept there") in told(
        result.findings, "doubtful"
    )


def test_a_link_that_leads_nowhere_from_paper_is_told() -> None:
    link = f'<w:hyperlink r:id="rL0">{run("the report")}</w:hyperlink>'
    data = docx(*letter(briefing=(p("Read ", link, "."),)), links=("file:///C:/report.pdf",))
    result = imported(data)
    assert read_back(result)[1].briefing.text.strip() == "Read the report."
    assert (
        2,
        "the link behind 'the report' leads to 'file:///C:/report.pdf', which is nowhere on paper",
    ) in told(result.findings, "doubtful")


def test_a_link_in_an_address_is_told() -> None:
    link = f'<w:hyperlink r:id="rL0">{run("Ministry")}</w:hyperlink>'
    blocks = [p("The ", link) if one == p("President") else one for one in letter()]
    result = imported(docx(*blocks, links=("https://www.example.org/m",)))
    assert (
        "the link to 'https://www.example.org/m' behind 'Ministry' was not taken over"
    ) in doubts(result)


def test_lists_keep_their_kind_their_depth_and_their_order() -> None:
    ask = (
        p("Ask them:"),
        p("to free her", number=1),
        p("at once", number=2, level=1),
        p("and safely", number=2, level=1),
        p("to free him", number=1),
        p("Then:"),
        p("one", number=2),
        p("two", number=2),
        p("Last:"),
        p("again one", number=2),
    )
    text = read_back(imported(docx(*letter(ask=ask))))[1]
    assert text.ask.text.strip().split("\n") == [
        "Ask them:",
        "",
        "- to free her",
        "  1. at once",
        "  2. and safely",
        "- to free him",
        "",
        "Then:",
        "",
        "1. one",
        "2. two",
        "",
        "Last:",
        "",
        "1. again one",
    ]


def test_lists_deeper_than_an_action_allows_are_flat_there_and_told() -> None:
    ask = tuple(p(f"level {level}", number=1, level=level) for level in range(5))
    result = imported(docx(*letter(ask=ask)))
    assert read_back(result)[1].ask.text.strip().split("\n") == [
        "- level 0",
        "  - level 1",
        "    - level 2",
        "    - level 3",
        "    - level 4",
    ]
    assert "a list more than 3 lists deep was made flat there" in doubts(result)


def test_bullets_typed_by_hand_are_a_list() -> None:
    ask = (p("\uf0b7\tfree her"), p("\uf0b7\tfree him"))
    result = imported(docx(*letter(ask=ask)))
    assert read_back(result)[1].ask.text.strip() == "- free her\n- free him"
    assert "a bullet of a symbol font became '•' (2 times)" in str(result.findings)


def test_a_line_break_stays_in_prose_and_ends_a_line_of_an_address() -> None:
    plain = letter(briefing=(p("One line\nand its next."),))
    start, end = plain.index(p("Xi Jinping")), plain.index(p("China")) + 1
    address = p("Xi Jinping\nPresident\nBeijing\nChina")
    action, text = read_back(imported(docx(*plain[:start], address, *plain[end:])))
    assert [line.text for line in action.targets[0].lines] == ["Xi Jinping", "President", "Beijing"]
    (block,) = read_markup(text.briefing.text.strip())
    assert [(one.text, one.breaks) for one in block.runs] == [
        ("One line", False),
        ("", True),
        ("and its next.", False),
    ]


def test_two_addresses_without_an_empty_line_between_are_two_targets() -> None:
    plain = letter()
    end = plain.index(p("China")) + 1
    more = (p("Li Qiang"), p("Prime Minister"), p("China"))
    action, _ = read_back(imported(docx(*plain[:end], *more, *plain[end:])))
    assert [target.id for target in action.targets] == ["president", "prime-minister"]


def test_a_paragraph_in_the_style_of_a_quote_is_the_quote() -> None:
    briefing = (
        p("Before."),
        p("I do not know where my children are.", style="Citation"),
        p("— Mihriban", style="Citation"),
    )
    text = read_back(imported(docx(*letter(briefing=briefing))))[1]
    assert text.quote is not None
    assert text.quote.by is not None
    assert (text.quote.text.text, text.quote.by.text) == (
        "I do not know where my children are.",
        "Mihriban",
    )
    assert text.briefing.text.strip() == "Before."


def test_a_footnote_stands_below_its_paragraph_and_is_told() -> None:
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    notes = xml("footnotes", f'<w:footnote w:id="2">{p("Report of 2020.")}</w:footnote>')
    briefing = (p("They fled", note, "."), p("Next."))
    result = imported(docx(*letter(briefing=briefing), parts={"word/footnotes.xml": notes}))
    assert paragraphs(read_back(result)[1].briefing.text.strip()) == [
        "They fled[1].",
        "[1] Report of 2020.",
        "Next.",
    ]
    assert (2, "footnote 1 stands in brackets below its paragraph") in told(
        result.findings, "doubtful"
    )


def test_a_table_becomes_lines_and_is_told() -> None:
    briefing = (p("Before."), table(("Name", "Age"), ("Sarah", "12")), p("After."))
    result = imported(docx(*letter(briefing=briefing)))
    assert paragraphs(read_back(result)[1].briefing.text.strip()) == [
        "Before.",
        "Name | Age",
        "Sarah | 12",
        "After.",
    ]
    assert (3, "a table became lines of text, one for each row") in told(
        result.findings, "doubtful"
    )


def test_a_table_that_holds_the_page_is_read_cell_by_cell() -> None:
    plain = letter()
    data = docx(table(("".join(plain[:3]), "".join(plain[3:]))))
    result = imported(data)
    assert read_back(result)[1].letter.text.strip() == "I am alarmed."
    assert "what stands in a table was read cell by cell, from the left and from the top" in (
        doubts(result)
    )


# ------------------------------------------------------------------------- what is not taken over


def test_a_picture_is_named() -> None:
    drawing = (
        '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="A father and two sons"/>'
        "<a:graphic><a:graphicData><pic:pic><pic:blipFill>"
        '<a:blip r:embed="rIdP"/></pic:blipFill></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )
    result = imported(docx(*letter(briefing=(p("They fled.", drawing),))))
    (found,) = (one for one in result.findings if "picture" in one.message)
    assert str(found) == (
        "action.docx:2: warning: the picture 'A father and two sons' was not taken over; "
        "put its file into the action's folder, and name it under 'images' [doubtful]"
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("header1", "'Urgent Action' is the head of the pages and was not taken over"),
        ("footer2", "'Urgent Action' is the foot of the pages and was not taken over"),
        ("comments", "'Urgent Action' is a comment and was not taken over"),
    ],
)
def test_what_stands_beside_the_text_is_told(name: str, message: str) -> None:
    part = xml("hdr", p("Urgent Action"))
    assert message in doubts(imported(docx(*letter(), parts={f"word/{name}.xml": part})))


def test_tracked_changes_are_told() -> None:
    deleted = '<w:del w:id="1"><w:r><w:delText>in 2015</w:delText></w:r></w:del>'
    added = f'<w:ins w:id="2">{run("in 2016")}</w:ins>'
    result = imported(docx(*letter(briefing=(p("They fled ", deleted, added, "."),))))
    assert read_back(result)[1].briefing.text.strip() == "They fled in 2016."
    assert ("'in 2015' was deleted or moved with tracked changes and was not taken over") in doubts(
        result
    )
    assert (
        "words that were put in with tracked changes were taken over, accepted or not"
    ) in doubts(result)


def test_the_text_of_a_box_stays_and_its_place_is_doubtful() -> None:
    box = (
        "<w:r><w:pict><v:shape><v:textbox><w:txbxContent>"
        f"{p('In the box.')}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    result = imported(docx(*letter(briefing=(p("Before.", box), p("After.")))))
    assert paragraphs(read_back(result)[1].briefing.text.strip()) == [
        "Before.",
        "In the box.",
        "After.",
    ]
    assert "the text of a box stands below the paragraph that holds the box" in doubts(result)


def test_words_that_did_not_come_through_are_named() -> None:
    formula = "<m:oMath><m:r><m:t>speed of light</m:t></m:r></m:oMath>"
    result = imported(docx(*letter(briefing=(p("They fled.", formula),))))
    assert "words of the document did not come through: 'speed', 'of', 'light'" in doubts(result)


def test_a_sign_of_a_symbol_font_that_is_lost_is_told() -> None:
    sign = '<w:r><w:sym w:font="Unknown" w:char="F0AB"/></w:r>'
    result = imported(docx(*letter(briefing=(p("They fled.", sign),))))
    assert any("unsupported character" in one and "F0AB" in one for one in doubts(result))


def test_struck_words_stay_and_are_told() -> None:
    result = imported(docx(*letter(briefing=(p("They ", run("never", "strike"), " fled."),))))
    assert read_back(result)[1].briefing.text.strip() == "They never fled."
    assert (2, "words that are struck through print as they stand") in told(
        result.findings, "doubtful"
    )


# ---------------------------------------------------------------------------------- what is refused


def test_a_file_that_ends_too_early_is_damaged() -> None:
    data = docx(*letter())
    assert refused(data[: len(data) // 2]).message.startswith("the file is damaged")


def test_a_changed_byte_is_noticed() -> None:
    data = bytearray(docx(*letter()))
    at = data.index(b"word/document.xml") + 60
    data[at] ^= 0xFF
    assert "damaged" in refused(bytes(data)).message


def test_a_part_that_is_no_xml_is_damaged() -> None:
    found = refused(docx(*letter(), parts={"word/styles.xml": "<w:styles"}))
    assert found.message.startswith("the file is damaged")
    assert found.cure == "open it in Word or LibreOffice, save it as .docx, and import that"


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        ({"mimetype": "application/vnd.oasis.opendocument.text"}, "an OpenDocument file (.odt)"),
        ({"xl/workbook.xml": "<a/>"}, "a table of Excel"),
        ({"ppt/presentation.xml": "<a/>"}, "a presentation of PowerPoint"),
        ({"letter.txt": "Dear"}, "an archive"),
    ],
)
def test_another_kind_of_zip_is_named(names: dict[str, str | bytes], kind: str) -> None:
    found = refused(docx(parts=names, without=("word/document.xml",)))
    assert kind in found.message
    assert found.message.endswith("not a Word document")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a document of an old Word (.doc)"),
        (
            b"\xd0\xcf\x11\xe0" + bytes(512) + "EncryptedPackage".encode("utf-16-le"),
            "a document with a password",
        ),
        (b"{\\rtf1\\ansi hello}", "an RTF document"),
        (b"<!DOCTYPE html><html><body>x", "a web page"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"PK\x05\x06" + bytes(18), "an archive"),
        (b"a" * 2_000_001, "a text of more than 300000 characters"),
        (b"a" * 300_001, "a text of more than 300000 characters"),
    ],
)
def test_another_kind_of_file_is_named(data: bytes, kind: str) -> None:
    found = refused(data)
    assert kind in found.message
    assert "which cannot be imported" in found.message


def test_a_locked_zip_is_named() -> None:
    data = bytearray(docx(*letter()))
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(sign)
        while at >= 0:
            flags = struct.unpack_from("<H", data, at + offset)[0]
            struct.pack_into("<H", data, at + offset, flags | 1)
            at = data.find(sign, at + 4)
    found = refused(bytes(data))
    assert found.message == "the file is locked with a password"


def test_a_zip_that_unpacks_to_a_mountain_is_refused_before_it_is_read() -> None:
    bomb = docx(*letter(), parts={"word/extra.xml": "<a>" + " " * 9_000_000 + "</a>"})
    assert len(bomb) < 100_000
    assert "9 MB of them text, which is no letter" in refused(bomb).message


def test_a_document_longer_than_any_action_is_refused_before_it_is_read() -> None:
    found = refused(docx(*letter(briefing=tuple(p("word " * 1_000) for _ in range(61)))))
    assert "a text of more than 300000 characters" in found.message


def test_a_zip_of_too_many_parts_is_refused() -> None:
    many: dict[str, str | bytes] = {f"word/{number}.txt": "" for number in range(2_001)}
    assert "parts" in refused(docx(*letter(), parts=many)).message


@pytest.mark.parametrize(
    "evil",
    [
        '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        '<!DOCTYPE a SYSTEM "x.dtd"><a/>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"),
    ],
)
def test_entities_are_refused(evil: str | bytes) -> None:
    found = refused(docx(*letter(), parts={"word/settings.xml": evil}))
    assert found.message == "the file defines entities, which Word never does"


def test_xml_nested_without_end_is_refused() -> None:
    deep = "<a>" * 10_000 + "</a>" * 10_000
    assert "nested" in refused(docx(*letter(), parts={"word/settings.xml": deep})).message


def test_a_document_that_contradicts_itself_is_refused() -> None:
    link = f'<w:hyperlink r:id="rNone">{run("the report")}</w:hyperlink>'
    found = refused(docx(*letter(briefing=(p(link),))))
    assert found.message == "the document cannot be read (KeyError: 'rNone')"
    assert found.cure == "open it in Word or LibreOffice, save it as .docx, and import that"


def test_signs_that_change_what_the_rest_says_are_refused_with_their_paragraph() -> None:
    with pytest.raises(Rejected) as caught:
        imported(docx(*letter(briefing=(p("They \u202edelf."),))))
    assert [(one.code, one.place.line) for one in caught.value.findings if one.is_error] == [
        ("bad-value", 2)
    ]


def test_lines_are_numbered_by_paragraphs() -> None:
    notes = Notes("a.docx")
    lines = read_docx(docx(p("One"), p(), p("Three\nand more")), "a.docx", notes)
    assert [(line.number, line.text) for line in lines] == [
        (1, "One"),
        (2, ""),
        (3, "Three"),
        (3, "and more"),
    ]
