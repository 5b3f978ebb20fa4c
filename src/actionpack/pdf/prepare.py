"""What all copies of a variant need, done once to the pages that WeasyPrint wrote."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from actionpack.imposition import Flip
from actionpack.pdf.file import (
    SLOT_MARK,
    File,
    Page,
)
from actionpack.pdf.objects import (
    content_ids_of,
    damage_told,
    kids_of,
    kind_of,
    pdf_array,
    pdf_dictionary,
    pdf_name,
    pdf_stream,
    pdf_whole,
    sides,
)

if TYPE_CHECKING:
    from pypdf.generic import (
        PdfObject,
    )

# ISO 14289-1, 5, and for PDF/A the description of its schema (ISO 19005-2, 6.6.2.3.2).
PDFUA_CLAIM = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>\
<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>\
<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 that is followed</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>\
</rdf:Description>"""


def prepare(pdf: bytes, *, duplex: bool = False, flip: Flip = "long") -> bytes:
    """Do to WeasyPrint's pages all that every copy needs, and note where the placeholders are.

    `duplex`: they are printed on both sides, turned over the edge `flip`, and the printer is asked
    for that. Raises Rejected
    (`bad-file`) when they are damaged or not tagged.
    """
    with damage_told():
        file = File(pdf)
        pages = tuple(file.pages())
        _mend_lists(file)
        _mend_links(file)
        _set_aside_orphans(file, pages)
        _note_placeholders(file, pages)
        for page in pages:
            page.enclose()
        _claim_pdfua(file)
        _ask_the_printer(file, duplex=duplex, flip=flip)
        return file.written()


def _claim_pdfua(file: File) -> None:
    """Claim PDF/UA-1 in the XMP, inside the one rdf:RDF that readers look at."""
    metadata = file.root["/Metadata"]
    head, end, tail = metadata.get_data().rpartition(b"</rdf:RDF>")
    if not end:
        raise ValueError("the file has no XMP")
    file.root[pdf_name("/Metadata")] = file.add(
        pdf_stream(
            head + PDFUA_CLAIM + end + tail, Type=pdf_name("/Metadata"), Subtype=pdf_name("/XML")
        )
    )


def _ask_the_printer(file: File, *, duplex: bool, flip: Flip) -> None:
    """Ask for the true size, and for one side or both (ISO 32000-1, table 150)."""
    asked = dict(file.root.get("/ViewerPreferences", {}))
    asked[pdf_name("/PrintScaling")] = pdf_name("/None")
    asked[pdf_name("/Duplex")] = pdf_name(f"/{sides(duplex=duplex, flip=flip)}")
    file.root[pdf_name("/ViewerPreferences")] = pdf_dictionary(
        **{str(key).removeprefix("/"): value for key, value in asked.items()}
    )


def _mend_lists(file: File) -> None:
    """Put what stands loose in a list item into its body (ISO 14289-1, 7.2: LI holds Lbl, LBody).

    WeasyPrint leaves it loose when an item holds paragraphs or is split over pages.
    """
    for number, item in tuple(file.elements()):
        if item.get("/S") != "/LI":
            continue
        kids = kids_of(item)
        loose = [kid for kid in kids if kind_of(kid) not in ("/Lbl", "/LBody")]
        if not loose:
            continue
        bodies = [kid for kid in kids if kind_of(kid) == "/LBody"]
        if bodies:
            body = bodies[-1]
        else:
            body = file.add(pdf_dictionary(Type=pdf_name("/StructElem"), S=pdf_name("/LBody")))
            body.get_object()[pdf_name("/P")] = file.reference(number)
            body.get_object()[pdf_name("/K")] = pdf_array()
        own = body.get_object()
        own[pdf_name("/K")] = pdf_array((*kids_of(own), *loose))
        file.touch(body.idnum)
        for kid in loose:
            kid.get_object()[pdf_name("/P")] = body
            file.touch(kid.idnum)
        left = [kid for kid in kids if kid not in loose]
        item[pdf_name("/K")] = pdf_array(left if bodies else (*left, body))
        file.touch(number)


def _mend_links(file: File) -> None:
    """Move each link annotation straight below its Link (ISO 14289-1, 7.18.5).

    WeasyPrint puts it into the Figure or Span when a picture or an inline block is the link.
    """
    for number, element in tuple(file.elements()):
        for kid in kids_of(element):
            annotation = _linked(kid)
            if annotation is None or element["/S"] == "/Link":
                continue
            above = element.raw_get("/P")
            while above.get_object()["/S"] != "/Link":
                above = above.get_object().raw_get("/P")
            element[pdf_name("/K")] = pdf_array(other for other in kids_of(element) if other != kid)
            link = above.get_object()
            link[pdf_name("/K")] = pdf_array((*kids_of(link), kid))
            file.set_parent(int(annotation["/StructParent"]), above)
            file.touch(number)
            file.touch(above.idnum)


def _linked(kid: Any) -> Any:
    """The link annotation that an object reference in the structure tree points to, if any."""
    reference = kid.get_object()
    if not isinstance(reference, dict) or reference.get("/Type") != "/OBJR":
        return None
    annotation = reference["/Obj"]
    return annotation if annotation.get("/Subtype") == "/Link" else None


def _set_aside_orphans(file: File, pages: Iterable[Page]) -> None:
    """Make artifacts of what hangs outside the structure tree: WeasyPrint's page-margin boxes."""
    inside = {number for number, _ in file.elements()}
    for page in pages:
        orphans = tuple(
            content
            for content, element in enumerate(page.parents())
            if hasattr(element, "idnum") and element.idnum not in inside
        )
        page.unmark(orphans)
        page.forget(orphans)


def _note_placeholders(file: File, pages: tuple[Page, ...]) -> None:
    """List the placeholders for `Draft`, and take their empty marks from the pages.

    What a copy has to read or change is written again here, so that it lies together.
    """
    numbers = {page.number: number for number, page in enumerate(pages, 1)}
    slots: list[PdfObject] = []
    for number, element in tuple(file.elements()):
        if str(element.get("/Alt", "")).startswith(SLOT_MARK):
            page = Page(file, element.raw_get("/Pg"))
            page.unmark(content_ids_of(element))
            slots += [file.reference(number), pdf_whole(numbers[page.number])]
            file.touch(number)
            file.touch(element.raw_get("/P").idnum)
    file.touch_parent_tree()
    file.set_piece_info(pdf_dictionary(Private=pdf_dictionary(Slots=pdf_array(slots))))
