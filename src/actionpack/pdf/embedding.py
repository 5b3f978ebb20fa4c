"""A TrueType font into a PDF (ISO 32000-1, 9.7)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from actionpack.pdf.marks import Font
from actionpack.pdf.objects import (
    pdf_array,
    pdf_dictionary,
    pdf_name,
    pdf_numbers,
    pdf_real,
    pdf_stream,
    pdf_text,
    pdf_whole,
    to_unicode,
)

if TYPE_CHECKING:
    from pypdf.generic import PdfObject


def embedded(font: Font, texts: Mapping[int, str], add: Callable[[PdfObject], Any]) -> Any:
    """Embed a font with its glyph ids as they are, and what each stands for.

    `add` puts an object into the file and returns the reference to it, as this does.
    """
    tag = "".join(chr(65 + byte % 26) for byte in hashlib.sha256(font.program).digest()[:6])
    base = pdf_name(f"/{tag}+{font.name.replace(' ', '-')}")
    program = add(pdf_stream(font.program, Length1=pdf_whole(len(font.program))))
    descriptor = pdf_dictionary(
        Type=pdf_name("/FontDescriptor"),
        FontName=base,
        FontFamily=pdf_text(font.family),
        # Bits 3 and 7: glyphs outside the standard Latin set; italic.
        Flags=pdf_whole(4 + (64 if font.italic_angle else 0)),
        FontBBox=pdf_numbers(font.bbox),
        ItalicAngle=pdf_real(font.italic_angle),
        Ascent=pdf_real(font.ascent),
        Descent=pdf_real(font.descent),
        CapHeight=pdf_real(font.cap_height),
        # Asked for by the norm, and used by nobody who has the font itself.
        StemV=pdf_whole(80),
        FontFile2=program,
    )
    advances = [part for gid, wide in font.widths for part in (pdf_whole(gid), pdf_numbers([wide]))]
    descendant = pdf_dictionary(
        Type=pdf_name("/Font"),
        Subtype=pdf_name("/CIDFontType2"),
        BaseFont=base,
        CIDSystemInfo=pdf_dictionary(
            Registry=pdf_text("Adobe"), Ordering=pdf_text("Identity"), Supplement=pdf_whole(0)
        ),
        CIDToGIDMap=pdf_name("/Identity"),
        FontDescriptor=add(descriptor),
        W=pdf_array(advances),
        DW=pdf_whole(0),
    )
    return add(
        pdf_dictionary(
            Type=pdf_name("/Font"),
            Subtype=pdf_name("/Type0"),
            BaseFont=base,
            Encoding=pdf_name("/Identity-H"),
            DescendantFonts=pdf_array([add(descendant)]),
            ToUnicode=add(pdf_stream(to_unicode(texts))),
        )
    )
