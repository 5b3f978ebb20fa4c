"""The objects a PDF is made of (ISO 32000-1, 7.3), read, made and written.

Functions named `pdf_…` turn a value of Python into one of pypdf.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from actionpack.diagnostics import Rejected, finding

if TYPE_CHECKING:
    from pypdf.generic import (
        ArrayObject,
        DictionaryObject,
        NameObject,
        PdfObject,
        StreamObject,
    )

# What a key of a PDF holds is known when it is read, and not before.
Element: TypeAlias = Any


def open_reader(pdf: bytes, *, strict: bool) -> Element:
    from pypdf import PdfReader

    encrypted = Rejected(
        finding("bad-file", "the PDF is encrypted", cure="save it without a password")
    )
    try:
        reader = PdfReader(io.BytesIO(pdf), strict=strict)
        locked = "/Encrypt" in reader.trailer
    # Deciphering with the empty password can fail in any way, and begins with the first object.
    except Exception as error:
        if b"/Encrypt" in pdf:
            raise encrypted from error
        raise
    if locked:
        raise encrypted
    return reader


@contextmanager
def damage_told(what: str = "the pages cannot be stamped") -> Iterator[None]:
    try:
        yield
    except Rejected:
        raise
    # A damaged file can raise anything; pypdf's own errors are a part of it.
    except Exception as error:
        told = f"{type(error).__name__}: {error}"[:200]
        raise Rejected(finding("bad-file", f"{what} ({told})")) from error


@contextmanager
def unlogged() -> Iterator[None]:
    """Keep pypdf from logging what it overlooks in a stranger's file; here nothing hangs on it."""
    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def sides(*, duplex: bool, flip: str = "long") -> str:
    """What a file asks the printer for; said of one-sided ones too, as many printers are set to
    print on both. `flip` is the edge that sheets are turned over, long or short."""
    return f"DuplexFlip{flip.capitalize()}Edge" if duplex else "Simplex"


def pdf_name(name: str) -> NameObject:
    from pypdf.generic import NameObject

    return NameObject(name)


def pdf_text(text: str) -> PdfObject:
    from pypdf.generic import TextStringObject

    return TextStringObject(text)


def pdf_bytes(data: bytes) -> PdfObject:
    from pypdf.generic import ByteStringObject

    return ByteStringObject(data)


def pdf_whole(number: int) -> PdfObject:
    from pypdf.generic import NumberObject

    return NumberObject(number)


def pdf_real(number: float) -> PdfObject:
    from pypdf.generic import FloatObject

    return FloatObject(num(number))


def pdf_array(items: Iterable[PdfObject] = ()) -> ArrayObject:
    from pypdf.generic import ArrayObject

    return ArrayObject(items)


def pdf_numbers(numbers: Iterable[float]) -> ArrayObject:
    return pdf_array(map(pdf_real, numbers))


def pdf_dictionary(**entries: PdfObject) -> DictionaryObject:
    from pypdf.generic import DictionaryObject

    return DictionaryObject({pdf_name(f"/{key}"): entry for key, entry in entries.items()})


def pdf_stream(content: bytes, **entries: PdfObject) -> StreamObject:
    from pypdf.generic import DecodedStreamObject

    stream = DecodedStreamObject()
    stream.set_data(content)
    stream.update(pdf_dictionary(**entries))
    return stream.flate_encode()


def num(number: float) -> str:
    """A number as a PDF has it, to a ten-thousandth: no exponent, no `-0`, no empty decimals."""
    return f"{round(number, 4) + 0.0:.4f}".rstrip("0").rstrip(".")


def entry_of(dictionary: Any, key: str, otherwise: Any = None) -> Any:
    """What a dictionary holds under a key, or `otherwise` when it holds nothing.

    Its own `get` may hand out a reference instead.
    """
    return dictionary[key] if key in dictionary else otherwise  # noqa: SIM401 -- see above


def kids_of(element: Element) -> list[Any]:
    """What stands straight below a structure element: references and content ids."""
    from pypdf.generic import ArrayObject

    if "/K" not in element:
        return []
    held = element.raw_get("/K")
    inner = held.get_object()
    return list(inner) if isinstance(inner, ArrayObject) else [held]


def kind_of(kid: Any) -> str | None:
    """The type of the structure element that a kid is; None when it is something else."""
    element = kid.get_object()
    return element.get("/S") if isinstance(element, dict) else None


def content_ids_of(element: Element) -> tuple[int, ...]:
    """The marked contents that stand straight below a structure element."""
    return tuple(int(kid) for kid in kids_of(element) if isinstance(kid, int))


def to_unicode(texts: Mapping[int, str]) -> bytes:
    """What each glyph stands for (ISO 32000-1, 9.10.3; Adobe Technical Note 5014)."""
    rows = [
        f"<{gid:04x}> <{text.encode('utf-16-be').hex()}>" for gid, text in sorted(texts.items())
    ]
    # At most 100 rows stand in one block.
    blocks = (rows[at : at + 100] for at in range(0, len(rows), 100))
    return "\n".join(
        (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <ffff> endcodespacerange",
            *("\n".join((f"{len(b)} beginbfchar", *b, "endbfchar")) for b in blocks),
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        )
    ).encode()


def write_object(out: io.BytesIO, number: int, written: PdfObject) -> None:
    out.write(b"%d 0 obj\n" % number)
    written.write_to_stream(out)
    out.write(b"\nendobj\n")


def object_stream(packed: Mapping[int, PdfObject]) -> StreamObject:
    """Objects in one compressed stream (ISO 32000-1, 7.5.7)."""
    body, places = io.BytesIO(), []
    for number, written in packed.items():
        places.append(f"{number} {body.tell()}")
        written.write_to_stream(body)
        body.write(b"\n")
    head = " ".join(places).encode() + b"\n"
    return pdf_stream(
        head + body.getvalue(),
        Type=pdf_name("/ObjStm"),
        N=pdf_whole(len(packed)),
        First=pdf_whole(len(head)),
    )
