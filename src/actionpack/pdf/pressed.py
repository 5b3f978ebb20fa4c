"""Copies of stencils for a press, bound into one file: PDF/X-4 (ISO 15930-7) and PDF/A-2b at once.

The pages are those that `to_press` made. What is stamped on them is set in black ink, and every
page gets its marks from outside (`sheetmarks`), which all copies share.
"""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Sequence
from typing import NamedTuple

from actionpack.pdf.binder import LEVEL, Binder, Binding, Loaded, xmp
from actionpack.pdf.objects import num
from actionpack.pdf.sheetmarks import (
    MARKS_TAG,
    OVERPRINT_STATE,
    STEPS,
    STEPS_TAG,
    SheetMarks,
    Step,
    drawn,
    layer,
    layers_shown,
    resources,
    steps_drawn,
)
from actionpack.pdf.stencil import Side, Stencil


class PressBinder(Binder):
    """A file for a press that grows copy by copy."""

    version = b"%PDF-1.6"
    black = b"0 0 0 1 k"

    def __init__(self) -> None:
        super().__init__()
        self._layers: dict[Step, int] = {}
        self._around: dict[int, SheetMarks] = {}

    def load(self, stencil: Stencil, marks: Sequence[SheetMarks] = ()) -> tuple[Loaded, ...]:
        """Put what all copies of a stencil share into the file, and the marks of each side.

        Marks count from the top left corner of the side's trim box.
        """
        self._around = {id(side): one for side, one in zip(stencil.sides, marks, strict=True)}
        return super().load(stencil)

    def grey(self, grey: float) -> bytes:
        """How a grey is set, from 0 (black) to 1 (white)."""
        return f"0 0 0 {num(1 - grey)} k".encode()

    def _loaded(self, side: Side, form: int) -> Loaded:
        marks = self._around[id(side)]
        forms = b"/P %d 0 R/M %d 0 R" % (form, self._marks_form(marks, side))
        draws = b"/P Do /%s BMC /M Do EMC " % MARKS_TAG.encode()
        if marks.steps:
            forms += b"/S %d 0 R" % self._steps_form(marks, side)
            draws += b"/%s BMC /S Do EMC " % STEPS_TAG.encode()
        # What a copy gets is black or grey, and lies on whatever is there.
        draws += b"/%s gs\n" % OVERPRINT_STATE.encode()
        return self._drawn_by(side, forms, draws, resources({}))

    def _marks_form(self, marks: SheetMarks, side: Side) -> int:
        """The number of the form that draws the marks round a side."""
        content = drawn(marks, side.point, self._lettering.show)
        self._fonts = self._fonts or self._reserved()
        return self._form(side, content, resources({}) + b"/Font %d 0 R" % self._fonts)

    def _steps_form(self, marks: SheetMarks, side: Side) -> int:
        """The number of the form that draws the lines of processing steps on a side."""
        lines = steps_drawn(marks, side.point)
        return self._form(side, lines, resources(self._layers_of(marks)))

    def _layers_of(self, marks: SheetMarks) -> dict[Step, bytes]:
        """The references to the layers of the steps that are drawn."""
        for step in marks.steps:
            if step not in self._layers:
                self._layers[step] = self._object(layer(step))
        return {step: b"%d 0 R" % self._layers[step] for step in marks.steps}

    def _form(self, side: Side, content: bytes, held: bytes) -> int:
        return self._stream(
            b"/Type/XObject/Subtype/Form/BBox%s/Resources<<%s>>" % (_media(side), held),
            zlib.compress(content, LEVEL),
        )

    def _claims(self, binding: Binding, made_from: bytes) -> bytes:
        return xmp(binding, level="B", besides=_claimed(binding, made_from))

    def _information(self) -> bytes:
        return b"/Trapped/False"

    def _structure(self) -> bytes:
        used = [step for step in STEPS if step in self._layers]
        return layers_shown(b"%d 0 R" % self._layers[step] for step in used)


def _media(side: Side) -> bytes:
    """The media box among the boxes of a side."""
    _, _, rest = side.boxes.partition(b"/MediaBox")
    return rest[: rest.index(b"]") + 1].strip()


def _claimed(binding: Binding, made_from: bytes) -> bytes:
    """What ISO 15930-7, 6.3 wants in the metadata, and the description of its schema for PDF/A."""
    document = uuid.UUID(bytes=made_from, version=5)
    made = f"{binding.made.isoformat()}T00:00:00Z"
    return (
        '<rdf:Description rdf:about="" xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/"'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"'
        ' xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/">'
        "<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>"
        "<pdf:Trapped>False</pdf:Trapped>"
        f"<xmp:MetadataDate>{made}</xmp:MetadataDate>"
        f"<xmpMM:DocumentID>uuid:{document}</xmpMM:DocumentID>"
        "<xmpMM:VersionID>1</xmpMM:VersionID>"
        "<xmpMM:RenditionClass>default</xmpMM:RenditionClass>"
        "</rdf:Description>"
        '<rdf:Description rdf:about=""'
        ' xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
        ' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"'
        ' xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
        f"<pdfaExtension:schemas><rdf:Bag>{''.join(map(_described, _SCHEMAS))}"
        "</rdf:Bag></pdfaExtension:schemas>"
        "</rdf:Description>"
    ).encode()


class _Schema(NamedTuple):
    """A schema of XMP of which PDF/A-2 does not know a property: both have a name and a meaning."""

    means: str
    namespace: str
    prefix: str
    property: str
    says: str


_SCHEMAS = (
    _Schema(
        "PDF/X identification",
        "http://www.npes.org/pdfx/ns/id/",
        "pdfxid",
        "GTS_PDFXVersion",
        "Version of PDF/X that is followed",
    ),
    _Schema(
        "Adobe PDF", "http://ns.adobe.com/pdf/1.3/", "pdf", "Trapped", "Whether plates are trapped"
    ),
)


def _described(schema: _Schema) -> str:
    """The description of a schema (ISO 19005-2, 6.6.2.3.2)."""
    return (
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaSchema:schema>{schema.means}</pdfaSchema:schema>"
        f"<pdfaSchema:namespaceURI>{schema.namespace}</pdfaSchema:namespaceURI>"
        f"<pdfaSchema:prefix>{schema.prefix}</pdfaSchema:prefix>"
        '<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:name>{schema.property}</pdfaProperty:name>"
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType>"
        "<pdfaProperty:category>internal</pdfaProperty:category>"
        f"<pdfaProperty:description>{schema.says}</pdfaProperty:description>"
        "</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li>"
    )
