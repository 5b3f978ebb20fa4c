"""Glyphs made of others, added to a TrueType program (OpenType 1.9: glyf, loca, hmtx, maxp).

A letter that a font draws as several glyphs becomes one, under an id of its own, so that a PDF can
say once what it stands for. Lengths are units of the font, x to the right and y up.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Mapping
from typing import NamedTuple

# A glyph that is drawn as a part of another: its id, and where it stands.
Placed = tuple[int, int, int]

_COMPOSITE = -1
# 'glyf', flags of a component: arguments are words, and say where it stands, to whole units.
_PLACED = 0x0001 | 0x0002 | 0x0004
_MORE = 0x0020
_MOST_UINT16 = 0xFFFF
# 'head', checkSumAdjustment: the sum of the whole file is to be this.
_WHOLE_SUM = 0xB1B0AFBA


class Composite(NamedTuple):
    """A glyph to be made: its parts, and the way to the next glyph."""

    parts: tuple[Placed, ...]
    width: int


_NOTHING = Composite((), 0)


class _Box(NamedTuple):
    left: int
    bottom: int
    right: int
    top: int


def with_glyphs(program: bytes, added: Mapping[int, Composite]) -> bytes:
    """The program with some more glyphs, each under its id; same input, same bytes.

    Ids between its own and theirs are empty glyphs.
    """
    tables = _tables(program)
    head, maxp, hhea = (bytearray(tables[tag]) for tag in (b"head", b"maxp", b"hhea"))
    (count,) = struct.unpack_from(">H", maxp, 4)
    starts = _starts(tables[b"loca"], long=head[51] == 1)
    outlines = tables[b"glyf"]
    widths = _widths(tables[b"hmtx"], count, *struct.unpack_from(">H", hhea, 34))
    glyf = bytearray(outlines[: starts.pop()])
    boxes = []
    for number in range(count, max(added) + 1):
        starts.append(len(glyf))
        made = added.get(number, _NOTHING)
        drawn = [part for part in made.parts if starts[part[0]] < starts[part[0] + 1]]
        bearing = 0
        if drawn:
            box = _box(glyf, starts, drawn)
            boxes.append(box)
            glyf += _outline(drawn, box)
            # What is drawn is moved to where this says that it begins ('hmtx', lsb).
            bearing = box.left
        widths.append((made.width, bearing))
    starts.append(len(glyf))
    tables[b"glyf"] = bytes(glyf)
    tables[b"loca"] = struct.pack(f">{len(starts)}I", *starts)
    tables[b"hmtx"] = b"".join(struct.pack(">Hh", *one) for one in widths)
    struct.pack_into(">H", maxp, 4, len(widths))
    _note_most(maxp, max(len(made.parts) for made in added.values()))
    struct.pack_into(">H", hhea, 10, max(width for width, _ in widths))
    struct.pack_into(">H", hhea, 34, len(widths))
    if boxes:
        before = _Box(*struct.unpack_from(">4h", head, 36))
        struct.pack_into(">4h", head, 36, *_round([before, *boxes]))
    struct.pack_into(">h", head, 50, 1)
    tables |= {b"head": bytes(head), b"maxp": bytes(maxp), b"hhea": bytes(hhea)}
    # Names, which format 2 has for each glyph, are no use here: format 3 has none.
    if b"post" in tables:
        tables[b"post"] = b"\0\3\0\0" + tables[b"post"][4:32]
    return _file(program[:4], tables)


def _tables(program: bytes) -> dict[bytes, bytes]:
    (count,) = struct.unpack_from(">H", program, 4)
    rows = (struct.unpack_from(">4s4xII", program, 12 + 16 * at) for at in range(count))
    return {tag: program[start : start + length] for tag, start, length in rows}


def _starts(loca: bytes, *, long: bool) -> array[int]:
    """Where each glyph begins in 'glyf', and where the last one ends."""
    if long:
        return array("I", struct.unpack(f">{len(loca) // 4}I", loca))
    return array("I", (half * 2 for half in struct.unpack(f">{len(loca) // 2}H", loca)))


def _widths(hmtx: bytes, count: int, full: int) -> list[tuple[int, int]]:
    """Width and left side bearing of each glyph; the last width stands for all that follow."""
    found = list(struct.iter_unpack(">Hh", hmtx[: 4 * full]))
    rest = struct.unpack_from(f">{count - full}h", hmtx, 4 * full)
    return [(width, bearing) for width, bearing in found] + [
        (found[-1][0], bearing) for bearing in rest
    ]


def _box(glyf: bytearray, starts: array[int], parts: list[Placed]) -> _Box:
    boxes = []
    for gid, x, y in parts:
        left, bottom, right, top = struct.unpack_from(">4h", glyf, starts[gid] + 2)
        boxes.append(_Box(left + x, bottom + y, right + x, top + y))
    return _round(boxes)


def _round(boxes: list[_Box]) -> _Box:
    """The box round some boxes."""
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return _Box(min(lefts), min(bottoms), max(rights), max(tops))


def _outline(parts: list[Placed], box: _Box) -> bytes:
    drawn = struct.pack(">5h", _COMPOSITE, *box)
    for at, (gid, x, y) in enumerate(parts, 1):
        flags = _PLACED | (_MORE if at < len(parts) else 0)
        drawn += struct.pack(">HHhh", flags, gid, x, y)
    return drawn


def _note_most(maxp: bytearray, parts: int) -> None:
    """Let 'maxp' allow for glyphs of so many parts, each as rich as any glyph is."""
    points, contours, made_points, made_contours = struct.unpack_from(">4H", maxp, 6)
    struct.pack_into(
        ">2H",
        maxp,
        10,
        min(_MOST_UINT16, parts * max(points, made_points)),
        min(_MOST_UINT16, parts * max(contours, made_contours)),
    )
    elements, depth = struct.unpack_from(">2H", maxp, 28)
    struct.pack_into(">2H", maxp, 28, max(elements, parts), depth + 1)


def _file(version: bytes, tables: Mapping[bytes, bytes]) -> bytes:
    """A font file (OpenType, 'otff': its directory, then its tables, each to four bytes)."""
    count = len(tables)
    power = count.bit_length() - 1
    rows, body = [], bytearray()
    begin = 12 + 16 * count
    for tag, data in sorted(tables.items()):
        if tag == b"head":
            data = data[:8] + bytes(4) + data[12:]
            at_head = begin + len(body)
        rows.append(struct.pack(">4sIII", tag, _sum(data), begin + len(body), len(data)))
        body += data + bytes(-len(data) % 4)
    found = struct.pack(">4s4H", version, count, 16 << power, power, 16 * count - (16 << power))
    whole = bytearray(found + b"".join(rows) + body)
    struct.pack_into(">I", whole, at_head + 8, (_WHOLE_SUM - _sum(whole)) & 0xFFFFFFFF)
    return bytes(whole)


def _sum(data: bytes | bytearray) -> int:
    padded = bytes(data) + bytes(-len(data) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF
