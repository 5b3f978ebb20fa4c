"""Hold a PDF against PDF/X-4 (ISO 15930-7) with another library than the program's own.

No validator of PDF/X can be had; these are the norm's keys, looked up one by one, and a walk over
every object of the file for colours of a screen.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf

_OF_A_SCREEN = ("/DeviceRGB", "/CalRGB", "/Lab", "/CalGray")
_SETTING = {"rg", "RG"}
_FORBIDDEN = ("/JavaScript", "/JS", "/AA", "/AcroForm", "/OpenAction", "/Encrypt")


def faults(data: bytes) -> list[str]:
    """What of PDF/X-4 the file lacks; none for a good one."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [*_of_file(pdf), *_of_pages(pdf), *_of_layers(pdf), *_of_fonts(pdf)]


def _of_file(pdf: pikepdf.Pdf) -> Iterator[str]:
    with pdf.open_metadata() as metadata:
        if metadata.get("pdfxid:GTS_PDFXVersion") != "PDF/X-4":
            yield "no GTS_PDFXVersion"
        for key in ("xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate", "dc:title"):
            if not metadata.get(key):
                yield f"no {key}"
        for key in ("xmpMM:DocumentID", "xmpMM:VersionID", "xmpMM:RenditionClass"):
            if not metadata.get(key):
                yield f"no {key}"
        if metadata.get("pdf:Trapped") not in ("True", "False"):
            yield "no pdf:Trapped"
    if str(pdf.docinfo.get("/Trapped")) not in ("/True", "/False"):
        yield "no Trapped"
    if pdf.pdf_version not in ("1.3", "1.4", "1.5", "1.6"):
        yield f"version {pdf.pdf_version}"
    if len(pdf.trailer.get("/ID", ())) != 2:
        yield "no ID"
    intents = [one for one in pdf.Root.get("/OutputIntents", ()) if one.S == "/GTS_PDFX"]
    if len(intents) != 1:
        yield f"{len(intents)} output intents"
    for intent in intents:
        if str(intent.get("/OutputConditionIdentifier")) != "FOGRA39":
            yield "no condition"
        if "/RegistryName" not in intent:
            yield "no registry"
        profile = intent.DestOutputProfile.read_bytes()
        if profile[12:20] != b"prtrCMYK" or intent.DestOutputProfile.N != 4:
            yield "the profile is none for output in four inks"
    for held in _everything(pdf):
        if isinstance(held, pikepdf.Dictionary):
            yield from (f"{key} in the file" for key in _FORBIDDEN if key in held)


def _of_pages(pdf: pikepdf.Pdf) -> Iterator[str]:
    for number, page in enumerate(pdf.pages, 1):
        for key in ("/MediaBox", "/TrimBox", "/BleedBox"):
            if key not in page:
                yield f"page {number} has no {key}"
        if "/ArtBox" in page:
            yield f"page {number} has an art box too"
        media, bleed, trim = (
            tuple(map(float, box)) for box in (page.mediabox, page.BleedBox, page.TrimBox)
        )
        if not _inside(trim, bleed) or not _inside(bleed, media):
            yield f"page {number} has boxes that do not lie in each other"
        if "/Annots" in page:
            yield f"page {number} has annotations"


def _inside(inner: tuple[float, ...], outer: tuple[float, ...]) -> bool:
    slack = 0.001
    return (
        inner[0] >= outer[0] - slack
        and inner[1] >= outer[1] - slack
        and inner[2] <= outer[2] + slack
        and inner[3] <= outer[3] + slack
    )


def _of_layers(pdf: pikepdf.Pdf) -> Iterator[str]:
    layers = pdf.Root.get("/OCProperties")
    if layers is None:
        return
    if not str(layers.D.get("/Name", "")):
        yield "the layers' configuration has no name"
    if "/AS" in layers.D:
        yield "layers switch themselves"
    if {one.objgen for one in layers.OCGs} != {one.objgen for one in layers.D.Order}:
        yield "not every layer is listed"


def _of_fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    for held in _everything(pdf):
        is_font = isinstance(held, pikepdf.Dictionary) and held.get("/Type") == "/FontDescriptor"
        if is_font and not any(f"/FontFile{kind}" in held for kind in ("", "2", "3")):
            yield f"{held.FontName} is not embedded"


def colours_of_a_screen(data: bytes) -> list[str]:
    """Every colour space, picture and operator in the file that is not one of inks or grey."""
    found: list[str] = []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for held in _everything(pdf):
            found += _spaces(held)
            if isinstance(held, pikepdf.Stream) and _paints(held):
                found += _operators(held)
        for page in pdf.pages:
            found += _operators(page)
    return found


def _spaces(held: Any) -> Iterator[str]:
    values = list(held.values()) if isinstance(held, pikepdf.Dictionary) else []
    if isinstance(held, pikepdf.Stream):
        values = [held[key] for key in held.keys()]  # noqa: SIM118 -- a stream is no mapping
    if isinstance(held, pikepdf.Array):
        values = list(held)
    for value in values:
        if isinstance(value, pikepdf.Name) and str(value) in _OF_A_SCREEN:
            yield str(value)
        has_profile = (
            isinstance(value, pikepdf.Array) and len(value) == 2 and value[0] == "/ICCBased"
        )
        if has_profile and value[1].N != 4:
            yield f"a profile of {value[1].N} colours"


def _paints(stream: pikepdf.Stream) -> bool:
    return stream.get("/Subtype") == "/Form" or stream.get("/PatternType") == 1


def _operators(held: Any) -> list[str]:
    return [
        str(one.operator)
        for one in pikepdf.parse_content_stream(held)
        if str(one.operator) in _SETTING
    ]


def _everything(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every object of a file and every one inside another, each once."""
    for top in pdf.objects:
        todo = [top]
        while todo:
            held = todo.pop()
            yield held
            if isinstance(held, pikepdf.Dictionary | pikepdf.Stream):
                inner = [held[key] for key in held.keys()]  # noqa: SIM118 -- see above
            elif isinstance(held, pikepdf.Array):
                inner = list(held)
            else:
                continue
            # What stands by itself is met by itself.
            todo += [
                one
                for one in inner
                if isinstance(one, pikepdf.Dictionary | pikepdf.Array) and not one.is_indirect
            ]


def box_mm(data: bytes, name: str, page: int = 1) -> tuple[float, float, float, float]:
    """A box of a page: left, bottom, width and height, mm."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        left, bottom, right, top = (float(edge) * 25.4 / 72 for edge in pdf.pages[page - 1][name])
    return left, bottom, right - left, top - bottom


def drawn_by(data: bytes, page: int = 1) -> str:
    """What a page and the forms on it draw, as text."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        held = pdf.pages[page - 1]
        parts = [held.Contents.read_bytes()] + [
            form.read_bytes() for form in held.Resources.XObject.values()
        ]
    return re.sub(r"\s+", " ", b"\n".join(parts).decode("latin-1"))
