"""The lines of an address: read from the marks of a page, and whether a post can use them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from actionpack.diagnostics import Finding, Place, Severity
from actionpack.geometry import Box, union_all
from actionpack.language import country_code
from actionpack.preflight.found import spotted
from actionpack.preflight.painted import Mark
from actionpack.preflight.reader import Page
from actionpack.preflight.words import normal, quoted

# Text whose middle is no farther off than half its type is on the same line; the lines of an
# address are set at 1.0 or more, and a ligature from another font stands a little higher.
_SAME_LINE = 0.5
# A gap of so much of the type is a space; letters that are set one by one leave less.
_SPACE = 0.15

# ------------------------------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of text as it stands on the page; `first` is when its first mark was painted.

    `level` is the middle of the line, mm from the page's top, whatever hangs below its letters;
    `gap` is the widest stretch of paper between its parts, mm.
    """

    text: str
    ink: Box
    type_mm: float
    first: int
    level: float
    gap: float

    @property
    def middle(self) -> float:
        return self.ink.centre.y


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A stretch of a line: a mark, or what of one stands where it is looked at."""

    text: str
    ink: Box
    middle: float
    type_mm: float
    at: int


def rows_in(
    page: Page, marks: Sequence[Mark], area: Box, *, whole_mm: float = 0
) -> tuple[Row, ...]:
    """The upright lines of text that reach into an area, from its top, joined by their height.

    Of a mark that leaves the area on its sides, the letters inside are taken; all of it, when it
    is no wider than `whole_mm` and its middle stands inside.
    """
    parts = [part for mark in marks if (part := _part(page, mark, area, whole_mm)) is not None]
    rows: list[list[_Part]] = []
    for part in sorted(parts, key=lambda part: part.middle):
        if rows and part.middle - rows[-1][0].middle < _SAME_LINE * max(
            part.type_mm, rows[-1][0].type_mm
        ):
            rows[-1].append(part)
        else:
            rows.append([part])
    return tuple(_row(row) for row in rows)


def _part(page: Page, mark: Mark, area: Box, whole_mm: float) -> _Part | None:
    if mark.kind != "text" or mark.sideways or not _prints(mark.text):
        return None
    if not mark.box.overlaps(area):
        return None
    text, ink = mark.text, mark.box
    whole = ink.width <= whole_mm and area.left <= ink.centre.x <= area.right
    if not whole and (ink.left < area.left or ink.right > area.right):
        inside = [
            letter
            for letter in page.letters(mark)
            if area.left <= letter.box.centre.x <= area.right
        ]
        text = "".join(letter.text for letter in inside)
        if not _prints(text):
            return None
        ink = union_all(letter.ink for letter in inside if _prints(letter.text))
    return _Part(text=text, ink=ink, middle=mark.middle.y, type_mm=mark.type_mm, at=mark.at)


def _prints(text: str) -> bool:
    """Whether a text has anything but spaces and characters that print nothing."""
    return any(letter.isprintable() and not letter.isspace() for letter in text)


def _row(parts: Sequence[_Part]) -> Row:
    across = sorted(parts, key=lambda part: part.ink.left)
    text, end, gap = "", across[0].ink.left, 0.0
    for part in across:
        apart = part.ink.left - end
        text += (" " if apart > _SPACE * part.type_mm else "") + part.text
        end, gap = max(end, part.ink.right), max(gap, apart)
    return Row(
        # What a PDF reader makes of a hyphen at a line's end, and of what is no character.
        text=" ".join(text.replace("\ufffe", "-").replace("\x02", "-").split()),
        ink=union_all(part.ink for part in parts),
        type_mm=max(part.type_mm for part in parts),
        first=min(part.at for part in parts),
        level=parts[0].middle,
        gap=gap,
    )


# ------------------------------------------------------------------------------- what they say

_EMAIL = re.compile(r"\S@\S+\.\S")
_WEB = re.compile(r"https?:|www\.|\b[\w-]+\.(org|com|net|info|eu|gov|int)\b(?!\.\w)", re.IGNORECASE)
# Words before a number in the languages of most packs, and numbers that begin with + or 00.
_PHONE = re.compile(
    r"(tel(e(ph|f)on[eo]?|efax|ex)?|t[ée]l([ée]phone)?|phone|fax|mobil[e]?|cell|handy|"
    r"τηλ(έφωνο)?|φαξ|тел(ефон)?|факс|电话|传真|電話|傳真)\b\s*[.:]*\s*[+(]?\d|[+]\s?\d[\d\s()./-]{6,}$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(e-?mail|fax|web(site)?|phone|tel)\s*[.:]", re.IGNORECASE)


def strange_lines(rows: Sequence[Row], place: Place, severity: Severity) -> Iterator[Finding]:
    """Find lines of an address that are none of the post's."""
    for number, row in enumerate(rows, 1):
        if what := _strange(row.text):
            yield spotted(
                "bad-address",
                f"line {number} of the address, {quoted(row.text)}, is {what}",
                place,
                row.ink,
                severity=severity,
                cure="take it off: an envelope shows postal lines and nothing else",
            )


def _strange(text: str) -> str:
    if _EMAIL.search(text):
        return "an e-mail address"
    if _PHONE.match(text.strip()) or (_LABEL.match(text.strip()) and any(map(str.isdigit, text))):
        return "a fax or phone number"
    if _WEB.search(text) or _LABEL.match(text.strip()):
        return "a web or e-mail address"
    return ""


def wrong_count(rows: Sequence[Row], least: int, most: int, place: Place) -> Iterator[Finding]:
    """Find an address of too few or too many lines."""
    count = len(rows)
    if least <= count <= most or not rows:
        return
    lines = f"{count} line{'' if count == 1 else 's'}"
    yield spotted(
        "address-too-long" if count > most else "bad-address",
        f"the address has {lines}, {least} to {most} are wanted: {listed(rows)}",
        place,
        union_all(row.ink for row in rows),
        cure="join or shorten lines" if count > most else "write name, street and town in lines",
    )


def columns(rows: Sequence[Row], most: float, place: Place) -> Iterator[Finding]:
    """Find lines with something beside them: a gap of more than `most` sizes of their type."""
    for number, row in enumerate(rows, 1):
        if row.gap > most * row.type_mm:
            yield spotted(
                "bad-address",
                f"line {number} of the address, {quoted(row.text)}, has a gap of "
                f"{row.gap:.0f} mm in it",
                place,
                row.ink,
                severity="warning",
                cure="take off what is no part of the address; write the rest line by line, below "
                "each other",
            )


def listed(rows: Sequence[Row]) -> str:
    """The lines in words, for a message."""
    return ", ".join(quoted(row.text) for row in rows[:9]) + (", …" if len(rows) > 9 else "")


# ----------------------------------------------------------------------------------- countries

# The languages in which letters across borders name countries most: those of the Universal Postal
# Union, of the European Union, and the ten that are spoken most. English names, and names that
# texts use beside the official ones, are known whatever the language.
_LANGUAGES = (  # noqa: SIM905 -- tags are read more easily in lines
    "en fr es de it pt nl el zh-Hans zh-Hant ar ru ja ko hi bn ur fa tr pl sv da nb fi cs sk hu ro "
    "bg hr sl et lv lt ga mt is uk sr sq mk ca eu gl he id vi th sw cy am hy ka kk uz az ps my km"
).split()


def country_of(text: str) -> str | None:
    """The country that a line names in any language known here; None when it names none."""
    bare = text.strip(" .,;")
    if not any(map(str.isalpha, bare)) or any(map(str.isdigit, bare)):
        return None
    return next((code for tag in _LANGUAGES if (code := country_code(bare, tag))), None)


def country_line(rows: Sequence[Row], place: Place) -> Iterator[Finding]:
    """Find a country that is not last, alone and in capitals, or a last line that is none."""
    if not rows:
        return
    last = rows[-1]
    if country_of(last.text) is not None:
        if last.text != last.text.upper():
            yield spotted(
                "bad-address",
                f"the country line {quoted(last.text)} is not in capitals",
                place,
                last.ink,
                severity="warning",
                cure=f"write it as {quoted(last.text.upper())}",
            )
        return
    above = next((n for n, row in enumerate(rows[:-1], 1) if n > 1 and country_of(row.text)), None)
    if above is not None:
        yield spotted(
            "bad-address",
            f"the country {quoted(rows[above - 1].text)} is line {above} of {len(rows)}",
            place,
            rows[above - 1].ink,
            severity="warning",
            cure="write it last, alone and in capitals",
        )
        return
    yield spotted(
        "unknown-country",
        f"the last line of the address, {quoted(last.text)}, is no country that is known here",
        place,
        last.ink,
    )


# ---------------------------------------------------------------------------- twice in one file


def stands_in(lines: Sequence[str], marks: Sequence[Mark]) -> bool:
    """Whether the lines of an address stand together, in this order, among some marks."""
    wanted = normal("".join(lines)).casefold()
    if len(lines) < 2 or not wanted:
        return False
    text = "".join(normal(mark.text) for mark in marks if mark.kind == "text").casefold()
    return wanted in text
