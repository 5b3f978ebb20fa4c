"""Pages for a screen into pages for a press (PDF/X-4, ISO 15930-7): inks, bleed, room for marks.

Every colour is replaced where it is set: in contents, forms, patterns, shadings and pictures, as
the functions say that are handed in. Black letters overprint, so that no white shows round them
where the plates do not quite meet; nothing else does, for white that overprinted would be gone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from actionpack.condition import SOLID_BLACK, Condition, Ink, Pixels
from actionpack.diagnostics import Rejected, finding
from actionpack.pdf.file import File, Page
from actionpack.pdf.objects import (
    damage_told,
    entry_of,
    num,
    pdf_array,
    pdf_dictionary,
    pdf_name,
    pdf_numbers,
    pdf_stream,
    pdf_text,
    pdf_whole,
)
from actionpack.pdf.operators import Operator, operators
from actionpack.pdf.sheetmarks import SLUG_MM, inked
from actionpack.units import mm_to_pt

# States of the page: what is painted leaves the other plates as they are, or clears them.
_OVER, _CLEAR = "PressOver", "PressClear"
_SHOWING = (b"Tj", b"TJ", b"'", b'"')
_JPEG = "/DCTDecode"
# By how many parts a colour has.
_DEVICES = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4, "/CalGray": 1, "/CalRGB": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Separator:
    """What colours (sRGB, parts from 0 to 1) and pictures of light are printed with."""

    condition: Condition
    colour: Callable[[float, float, float], Ink]
    picture: Callable[[Pixels], Pixels]


def to_press(pdf: bytes, separator: Separator, *, bleed_mm: float) -> bytes:
    """Make pages that `prepare` has seen ready for a press, with `bleed_mm` round what is cut out.

    Raises Rejected (`layout-fault`) for colours that have no way into four inks, `bad-file` when
    the pages are damaged.
    """
    with damage_told("the pages cannot be made ready for a press"):
        file = File(pdf)
        work = _Work(file, separator)
        for page in file.pages():
            work.page(page, mm_to_pt(bleed_mm), mm_to_pt(SLUG_MM))
        work.intend()
        return file.written()


class _Work:
    def __init__(self, file: File, separator: Separator) -> None:
        self._file = file
        self._separator = separator
        # What was made of each object, by its number, or by itself where it has none.
        self._known: dict[int, Any] = {}

    # --- pages

    def page(self, page: Page, bleed: float, slug: float) -> None:
        held = page.held
        left, bottom, right, top = (float(edge) for edge in held["/MediaBox"])
        wide, high = right - left, top - bottom
        content = recoloured(page.content(), self._separator.colour)
        around = " ".join(
            map(num, (left - bleed, bottom - bleed, wide + 2 * bleed, high + 2 * bleed))
        )
        # Nothing of the page stands in the slug. The first colour of any content is black.
        head = f"q {around} re W n\n"
        head += f"/{_CLEAR} gs {inked(SOLID_BLACK).decode()} k {inked(SOLID_BLACK).decode()} K\n"
        held[pdf_name("/Contents")] = self._file.add(pdf_stream(head.encode() + content + b"\nQ\n"))
        held[pdf_name("/Resources")] = self._resources(held.raw_get("/Resources"))
        for name, out in (("/MediaBox", slug), ("/BleedBox", bleed), ("/TrimBox", 0.0)):
            # Not from zero on: what is shifted takes no pattern along (ISO 32000-1, 8.7.3.1).
            box = (left - out, bottom - out, right + out, top + out)
            held[pdf_name(name)] = pdf_numbers(box)
        for key in ("/Annots", "/Group", "/CropBox", "/ArtBox"):
            held.pop(key, None)
        self._file.touch(page.number)

    def intend(self) -> None:
        """Say what the colours are for: to PDF/X, and to PDF/A-2 with the same profile."""
        condition = self._separator.condition
        profile = self._file.add(pdf_stream(condition.profile, N=pdf_whole(4)))
        self._file.root[pdf_name("/OutputIntents")] = pdf_array(
            self._file.add(
                pdf_dictionary(
                    Type=pdf_name("/OutputIntent"),
                    S=pdf_name(kind),
                    OutputCondition=pdf_text(condition.means),
                    OutputConditionIdentifier=pdf_text(condition.name),
                    RegistryName=pdf_text(condition.registry),
                    Info=pdf_text(condition.means),
                    DestOutputProfile=profile,
                )
            )
            for kind in ("/GTS_PDFX", "/GTS_PDFA1")
        )
        self._file.touch_root()

    # --- resources

    def _once(self, held: Any, make: Callable[[Any], Any]) -> Any:
        """What is made of an object, added to the file once however often it is met."""
        key = getattr(held, "idnum", None) or -id(held)
        if key not in self._known:
            self._known[key] = self._file.add(make(held.get_object()))
        return self._known[key]

    def _resources(self, held: Any) -> Any:
        return self._once(held, self._of_resources)

    def _of_resources(self, old: Any) -> Any:
        new = pdf_dictionary()
        kinds = {
            "/XObject": self._object,
            "/Pattern": self._pattern,
            "/Shading": self._shading,
            "/ExtGState": self._state,
        }
        for key in old:
            if key in kinds:
                inner = old[key]
                new[pdf_name(key)] = _dictionary(
                    {name: self._once(inner.raw_get(name), kinds[key]) for name in inner}
                )
            # Named colours are those of a screen, and nobody calls them now.
            elif key != "/ColorSpace":
                new[pdf_name(key)] = old.raw_get(key)
        states = new.setdefault(pdf_name("/ExtGState"), pdf_dictionary())
        for name, over in ((_OVER, True), (_CLEAR, False)):
            states[pdf_name(f"/{name}")] = self._overprint(over=over)
        return new

    def _overprint(self, *, over: bool) -> Any:
        from pypdf.generic import BooleanObject

        key = -2 if over else -1
        if key not in self._known:
            state = pdf_dictionary(
                Type=pdf_name("/ExtGState"), OP=BooleanObject(False), op=BooleanObject(over)
            )
            state[pdf_name("/OPM")] = pdf_whole(1)
            self._known[key] = self._file.add(state)
        return self._known[key]

    def _object(self, old: Any) -> Any:
        return self._image(old) if old["/Subtype"] == "/Image" else self._drawing(old)

    def _drawing(self, old: Any) -> Any:
        """A form, or a pattern that is drawn, in inks."""
        entries = {key: old.raw_get(key) for key in old if key not in _CODING}
        if "/Resources" in old:
            entries["/Resources"] = self._resources(old.raw_get("/Resources"))
        if "/Group" in old:
            entries["/Group"] = _in_inks(old["/Group"])
        new = pdf_stream(recoloured(old.get_data(), self._separator.colour))
        new.update(_dictionary(entries))
        return new

    def _pattern(self, old: Any) -> Any:
        if hasattr(old, "get_data"):
            return self._drawing(old)
        new = _dictionary({key: old.raw_get(key) for key in old})
        if "/Shading" in old:
            new[pdf_name("/Shading")] = self._once(old.raw_get("/Shading"), self._shading)
        return new

    def _state(self, old: Any) -> Any:
        new = _dictionary({key: old.raw_get(key) for key in old})
        mask = entry_of(old, "/SMask")
        # A name says that there is none.
        if hasattr(mask, "raw_get"):
            inner = _dictionary({key: mask.raw_get(key) for key in mask})
            inner[pdf_name("/G")] = self._once(mask.raw_get("/G"), self._drawing)
            new[pdf_name("/SMask")] = inner
        return new

    def _shading(self, old: Any) -> Any:
        if _parts_of(old["/ColorSpace"]) != 3:
            return old
        new = _dictionary({key: old.raw_get(key) for key in old})
        new[pdf_name("/ColorSpace")] = pdf_name("/DeviceCMYK")
        new[pdf_name("/Function")] = self._function(old["/Function"])
        return new

    def _function(self, old: Any) -> Any:
        """A function whose values are colours (ISO 32000-1, 7.10), with inks for values."""
        new = _dictionary({key: old.raw_get(key) for key in old})
        if old["/FunctionType"] == 3:
            functions = (one.get_object() for one in old["/Functions"])
            new[pdf_name("/Functions")] = pdf_array(map(self._function, functions))
            return new
        if old["/FunctionType"] != 2:
            raise _no_way("a gradient that is drawn point by point")
        for key in ("/C0", "/C1"):
            red, green, blue = map(float, old[key])
            new[pdf_name(key)] = pdf_numbers(self._separator.colour(red, green, blue))
        return new

    # --- pictures

    def _image(self, old: Any) -> Any:
        if old.get("/ImageMask"):
            return old  # It is painted with the colour of the page.
        parts = _parts_of(old["/ColorSpace"])
        if parts != 3:
            return old
        is_jpeg = old.get("/Filter") == _JPEG
        if not is_jpeg and (old.get("/Filter") != "/FlateDecode" or old["/BitsPerComponent"] != 8):
            raise _no_way("a picture that is neither JPEG nor PNG of 8 bits")
        picture = Pixels(
            mode="RGB",
            width=int(old["/Width"]),
            height=int(old["/Height"]),
            data=bytes(old._data if is_jpeg else old.get_data()),
            jpeg=is_jpeg,
        )
        made = self._separator.picture(picture)
        entries = {key: old.raw_get(key) for key in old if key not in (*_CODING, "/Decode")}
        entries["/ColorSpace"] = pdf_name("/DeviceCMYK")
        return picture_stream(made, entries)


# What says how a stream is packed; it is packed anew.
_CODING = ("/Filter", "/DecodeParms", "/Length")


def picture_stream(picture: Pixels, entries: dict[str, Any]) -> Any:
    """A picture as a PDF has it, with what else is said of it."""
    from pypdf.generic import StreamObject

    if not picture.jpeg:
        packed = pdf_stream(picture.data)
        packed.update(_dictionary(entries))
        return packed
    stream = StreamObject()
    stream._data = picture.data
    stream.update(_dictionary(entries))
    stream[pdf_name("/Filter")] = pdf_name(_JPEG)
    if picture.mode == "CMYK":
        stream[pdf_name("/Decode")] = pdf_numbers((1, 0) * 4)
    return stream


def _dictionary(entries: dict[str, Any]) -> Any:
    return pdf_dictionary(**{key.removeprefix("/"): held for key, held in entries.items()})


def _in_inks(group: Any) -> Any:
    """A transparency group (ISO 32000-1, 11.6.6) that is blended in inks."""
    new = _dictionary({key: group.raw_get(key) for key in group})
    if "/CS" in new:
        new[pdf_name("/CS")] = pdf_name("/DeviceCMYK")
    return new


def _parts_of(space: Any) -> int:
    """How many parts a colour has in a colour space; raises Rejected for other kinds of colour."""
    held = space.get_object()
    if isinstance(held, str):
        parts = _DEVICES.get(held)
    elif held[0] == "/ICCBased":
        parts = int(held[1]["/N"])
    else:
        parts = _DEVICES.get(held[0])
    if parts is None:
        raise _no_way(f"a colour space of the kind '{held if isinstance(held, str) else held[0]}'")
    return parts


def _no_way(what: str) -> Rejected:
    told = f"the layout uses {what}, which cannot be turned into inks"
    cure = "write colours as #rrggbb or rgb(), and use pictures in JPEG or PNG"
    return Rejected(finding("layout-fault", told, cure=cure))


# ---------------------------------------------------------------------------------------- contents

_PAPER_LIKE = re.compile(rb"^(/Pattern|/DeviceCMYK)$")


def recoloured(content: bytes, colour: Callable[[float, float, float], Ink]) -> bytes:
    """A content stream in inks. Black letters overprint (ISO 32000-1, 11.7.4), and they alone."""
    out: list[bytes] = []
    copied = 0
    painter = _Painter(colour)
    for operator in operators(content):
        written = painter.written(operator)
        if written is not None:
            out += (content[copied : operator.start], written)
            copied = operator.end
    out.append(content[copied:])
    return b"".join(out)


@dataclass(frozen=True, slots=True)
class _State:
    """What q keeps and Q gives back: the ink of fills, None where it is none, and overprinting."""

    ink: Ink | None = None
    over: bool = False


class _Painter:
    """Rewrites the operators of one stream in turn."""

    def __init__(self, colour: Callable[[float, float, float], Ink]) -> None:
        self._colour = colour
        self._state = _State()
        self._kept: list[_State] = []

    def written(self, operator: Operator) -> bytes | None:
        """What stands in the operator's place; None: it stays as it is."""
        match operator.name:
            case b"q":
                self._kept.append(self._state)
            case b"Q" if self._kept:
                self._state = self._kept.pop()
            case b"rg" | b"RG":
                return self._set(self._colour(*operator.numbers), stroke=operator.name == b"RG")
            case b"g" | b"G":
                grey = operator.numbers[0]
                return self._set(self._colour(grey, grey, grey), stroke=operator.name == b"G")
            case b"k":
                cyan, magenta, yellow, black = operator.numbers
                self._state = replace(self._state, ink=(cyan, magenta, yellow, black))
            case b"cs" | b"CS":
                self._named(operator)
            case b"sc" | b"scn" if len(operator.operands) == 4:
                cyan, magenta, yellow, black = operator.numbers
                self._state = replace(self._state, ink=(cyan, magenta, yellow, black))
            case b"sc" | b"scn":
                self._state = replace(self._state, ink=None)
            case b"BI":
                raise _no_way("a picture inside its drawing")
            case b"ET" if self._state.over:
                self._state = replace(self._state, over=False)
                return f"ET /{_CLEAR} gs".encode()
            case name if name in _SHOWING:
                return self._shown(operator)
        return None

    def _set(self, ink: Ink, *, stroke: bool) -> bytes:
        if not stroke:
            self._state = replace(self._state, ink=ink)
        return inked(ink) + (b" K" if stroke else b" k")

    def _named(self, operator: Operator) -> None:
        if not _PAPER_LIKE.match(operator.operands[0]):
            name = operator.operands[0].decode("latin-1")
            raise _no_way(f"a colour of the kind '{name}'")
        if operator.name == b"cs":
            self._state = replace(self._state, ink=None)

    def _shown(self, operator: Operator) -> bytes | None:
        """Switch overprinting on for black letters, and off for others in the same text."""
        wanted = self._state.ink == SOLID_BLACK
        if wanted == self._state.over:
            return None
        self._state = replace(self._state, over=wanted)
        state = f"/{_OVER if wanted else _CLEAR} gs ".encode()
        return state + b" ".join((*operator.operands, operator.name))
