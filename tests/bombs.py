"""PDFs that are damaged, lie, or were made to hang whoever reads them."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable

import pikepdf
from letters import BODY, address, letter, pdf, saved


def raw(*objects: bytes, root: int = 1, trailer: bytes = b"") -> bytes:
    """A PDF from its objects as they are, numbered from 1."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root %d 0 R %s >>\n" % (len(objects) + 1, root, trailer)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % at)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
ONE_PAGE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"


def one_page(contents: bytes, *more: bytes, resources: bytes = b"", box: bytes = b"") -> bytes:
    """A file of one page; `contents` is object 4, and more objects follow."""
    box = box or b"[0 0 595 842]"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents 4 0 R /Resources << %s >> >>" % (
        box,
        resources,
    )
    return raw(CATALOGUE, ONE_PAGE, page, contents, *more)


def squeezed(size: int, fill: bytes = b"\0") -> bytes:
    """So many bytes, deflated: one block of a megabyte again and again (RFC 1950, RFC 1951)."""
    block, count = fill * (1 << 20), size >> 20
    packer = zlib.compressobj(9)
    first = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 1
    for _ in range(count):
        check = zlib.adler32(block, check)
    # An empty block that says that it is the last.
    return first + again * (count - 1) + b"\x03\x00" + check.to_bytes(4, "big")


def deflated_operators() -> bytes:
    """1 GB of operators in one megabyte."""
    return one_page(stream(squeezed(1 << 30, b" "), b"/Filter /FlateDecode"))


def deflated_twice() -> bytes:
    """1 GB of operators, deflated twice, in a few kilobytes."""
    twice = zlib.compress(squeezed(1 << 30, b" "), 9)
    return one_page(stream(twice, b"/Filter [/FlateDecode /FlateDecode]"))


def endless_operators() -> bytes:
    """Ten million squares."""
    operators = zlib.compress(b"0 0 9 9 re f " * 10_000_000, 9)
    return one_page(stream(operators, b"/Filter /FlateDecode"))


def a_million_objects() -> bytes:
    return raw(
        CATALOGUE, ONE_PAGE, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        *[b"[1 2 3]"] * 1_000_000,
    )  # fmt: skip


def image(width: int, height: int, data: bytes, entries: bytes) -> bytes:
    size = b"/Type /XObject /Subtype /Image /Width %d /Height %d " % (width, height)
    return one_page(
        stream(b"q 500 0 0 500 40 100 cm /Im Do Q"),
        stream(data, size + entries),
        resources=b"/XObject << /Im 5 0 R >>",
    )


def huge_image() -> bytes:
    """A picture of 100,000 × 100,000 pixels."""
    entries = b"/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode"
    return image(100_000, 100_000, squeezed(1 << 30), entries)


def large_image() -> bytes:
    """A picture of 20,000 × 20,000 pixels whose data is there: 1.2 GB of white."""
    entries = b"/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode"
    return image(20_000, 20_000, squeezed(1_200 << 20, b"\xff"), entries)


def huge_jbig2() -> bytes:
    """A JBIG2 picture whose page says that it has 2^31 − 1 pixels a side (ITU-T T.88, 7.4.8)."""
    side = (0x7FFFFFFF).to_bytes(4, "big")
    page = (0).to_bytes(4, "big") + b"\x30\x00\x01" + (19).to_bytes(4, "big")
    data = page + side + side + bytes(8) + b"\x40\x00\x00"
    entries = b"/ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /JBIG2Decode"
    return image(0x7FFFFFFF, 0x7FFFFFFF, data, entries)


def huge_jpx() -> bytes:
    """A JPEG 2000 picture whose header says 60,000 × 60,000 (ISO/IEC 15444-1, A.5.1)."""
    size = (60_000).to_bytes(4, "big")
    siz = b"\0\0" + size + size + bytes(8) + size + size + bytes(8) + b"\0\3" + b"\7\1\1" * 3
    code = b"\xff\x4f\xff\x51" + (len(siz) + 2).to_bytes(2, "big") + siz
    code += b"\xff\x52\x00\x0c\x00\x00\x00\x01\x00\x05\x04\x04\x00\x01"
    code += (
        b"\xff\x5c\x00\x13\x40"
        + b"\x40" * 16
        + b"\xff\x90\x00\x0a"
        + bytes(8)
        + b"\xff\x93\xff\xd9"
    )
    return image(60_000, 60_000, code, b"/Filter /JPXDecode")


def nested_forms() -> bytes:
    """Thirty forms, each of which paints the next one twice: 2^30 squares."""
    forms = [
        stream(
            b"/Fm Do /Fm Do",
            b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] "
            b"/Resources << /XObject << /Fm %d 0 R >> >>" % (6 + at),
        )
        for at in range(30)
    ]
    last = stream(b"0 0 9 9 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 595 842]")
    return one_page(stream(b"/Fm Do"), *forms, last, resources=b"/XObject << /Fm 5 0 R >>")


def form_that_paints_itself() -> bytes:
    form = stream(
        b"/Fm Do 0 0 9 9 re f",
        b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] "
        b"/Resources << /XObject << /Fm 5 0 R >> >>",
    )
    return one_page(stream(b"/Fm Do"), form, resources=b"/XObject << /Fm 5 0 R >>")


def pages_in_a_circle() -> bytes:
    """A page tree whose branch is its own trunk."""
    return raw(CATALOGUE, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2000000 >>")


def deep_pages() -> bytes:
    """A page tree with one page, 100,000 branches high."""
    high = 100_000
    branches = (b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (at + 3) for at in range(high))
    leaf = b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] >>" % (high + 1)
    return raw(CATALOGUE, *branches, leaf)


def many_pages(count: int = 5_000) -> bytes:
    kids = b" ".join(b"%d 0 R" % (at + 4) for at in range(count))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R >>"
    return raw(
        CATALOGUE,
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
        stream(b"0 g 100 400 200 20 re f"),
        *[page] * count,
    )


def more_pages_said_than_there_are() -> bytes:
    return raw(
        CATALOGUE,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1000000 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    )


def huge_page() -> bytes:
    return one_page(stream(b"0 g 0 0 9e9 9e9 re f"), box=b"[0 0 900000 900000]")


def endless_page() -> bytes:
    return one_page(stream(b"0 g 0 0 9 9 re f"), box=b"[0 0 1e30 1e30]")


def page_without_size() -> bytes:
    return one_page(stream(b"0 g 0 0 9 9 re f"), box=b"[nan nan nan nan]")


def numbers_that_are_none() -> bytes:
    return one_page(stream(b"nan 0 0 inf 1e400 -1e400 cm 0 g nan nan inf inf re f 1e39 0 l S"))


def xref_in_a_circle() -> bytes:
    """A table that names itself as the one before."""
    whole = raw(CATALOGUE, ONE_PAGE, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>")
    at = whole.index(b"xref\n0")
    return whole.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % at)


def object_that_is_its_own_length() -> bytes:
    return one_page(b"<< /Length 4 0 R >>\nstream\n0 0 9 9 re f\nendstream")


def streams_that_lie_about_their_length() -> bytes:
    """Object streams that say they are larger, and hold more, than they do."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf(letter()))) as file:
        file.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=False)
    data = out.getvalue()
    return data.replace(b"/N ", b"/N 9999999").replace(b"/First ", b"/First 99999")


def deep_array() -> bytes:
    """An array in an array, a million times."""
    return one_page(stream(b"0 g 0 0 9 9 re f"), b"[" * 1_000_000 + b"]" * 1_000_000)


def deep_operators() -> bytes:
    return one_page(stream(b"q " * 5_000_000 + b"[" * 1_000_000))


def many_words() -> bytes:
    """A page of half a million words, one operator each."""
    words = b"BT /F 4 Tf " + b"1 0 0 1 40 400 Tm (word) Tj " * 500_000 + b"ET"
    font = b"/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    return one_page(stream(zlib.compress(words), b"/Filter /FlateDecode"), resources=font)


def locked(user: str) -> bytes:
    """The letter behind a password: one to open it, or only one to change it."""
    with pikepdf.open(io.BytesIO(pdf(letter()))) as file:
        return saved(file, encryption=pikepdf.Encryption(owner="owner", user=user))


def not_to_be_printed() -> bytes:
    allowed = pikepdf.Permissions(print_lowres=False, print_highres=False)
    with pikepdf.open(io.BytesIO(pdf(letter()))) as file:
        return saved(file, encryption=pikepdf.Encryption(owner="owner", user="", allow=allowed))


def long_letter(count: int = 300) -> bytes:
    return pdf(letter(), *[BODY + address()] * (count - 1))


BOMBS: tuple[Callable[[], bytes], ...] = (
    deflated_operators,
    deflated_twice,
    endless_operators,
    a_million_objects,
    huge_image,
    large_image,
    huge_jbig2,
    huge_jpx,
    nested_forms,
    form_that_paints_itself,
    pages_in_a_circle,
    deep_pages,
    many_pages,
    more_pages_said_than_there_are,
    huge_page,
    endless_page,
    page_without_size,
    numbers_that_are_none,
    xref_in_a_circle,
    object_that_is_its_own_length,
    streams_that_lie_about_their_length,
    deep_array,
    deep_operators,
    many_words,
)
