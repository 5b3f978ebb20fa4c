"""Windows, clear zones and rules for letters by name, from `data/`.

A *window* is a hole in an envelope, with the folds and the tear that bring an address behind it.
A *clear zone* is what the post keeps free on the front of an envelope. A *card size* is the largest
that goes for the price of a postcard. A *letter rule* is what a
service that prints and posts PDFs wants: it has no envelope that we know, so only `check` uses it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from actionpack.diagnostics import Finding, Rejected
from actionpack.geometry import Box, Size
from actionpack.source import Fields, read_toml
from actionpack.store import data_jail

WINDOWS_TABLE = "windows.toml"
ZONES_TABLE = "clear-zones.toml"
ADDRESSES_TABLE = "address-zones.toml"
CARDS_TABLE = "card-sizes.toml"
RULES_TABLE = "letter-rules.toml"
# What a hand does to the sheet, mm either way: a fold goes astray by 1.5, a tear by 2.
FOLD_TOLERANCE_MM = 1.5
TEAR_TOLERANCE_MM = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """The window in its envelope, mm from the envelope's left and bottom edges."""

    left: float
    bottom: float
    width: float
    height: float

    def box(self, envelope: Size) -> Box:
        """The hole from the envelope's top left corner."""
        top = envelope.height - self.bottom - self.height
        return Box(self.left, top, self.width, self.height)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """Where a sheet is folded and torn for a window, mm from its top.

    `fold` is the one on which the address half stands in the envelope. `tear` is where the sheet
    is torn, when it is; a whole sheet has the `second` fold too, and None when one is enough.
    `others_fold` is where other people's letters are folded first.
    """

    fold: float
    tear: float
    second: float | None
    others_fold: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One preset: one envelope and one fold.

    `plain`: the envelope has no window, and the hole only says where the inside address stands.
    `field`: where the norm wants the address on the sheet; None where it follows from the hole.
    `verified`: whether a norm or a maker's sheet says so.
    """

    name: str
    title: str
    envelope: str
    hole: Hole
    plain: bool
    handling: tuple[tuple[str, Handling], ...]
    field: Box | None
    clear: tuple[str, ...]
    countries: tuple[str, ...]
    verified: bool
    source: str

    @property
    def papers(self) -> tuple[str, ...]:
        """The sheets that can be folded for it."""
        return tuple(paper for paper, _ in self.handling)

    def handling_of(self, paper: str) -> Handling | None:
        """How a sheet is folded and torn; None when that paper does not fit."""
        return dict(self.handling).get(paper)


@cache
def windows() -> dict[str, Window]:
    """Every window preset, by name."""
    return {name: _window(name, row) for name, row in _rows(WINDOWS_TABLE)}


def _rows(table: str) -> tuple[tuple[str, Fields], ...]:
    """The rows of one of our tables. What is wrong in them is a fault of ours: raises Rejected."""
    jail = data_jail()
    faults = _Faults()
    return Fields(read_toml(jail.read_text(table), jail.label(table)), faults).named_tables()


class _Faults(list[Finding]):
    """Findings that are raised as soon as there is one: these tables are not a user's."""

    def append(self, found: Finding) -> None:
        raise Rejected(found)

    def extend(self, found: Iterable[Finding]) -> None:
        for one in found:
            self.append(one)


def _window(name: str, row: Fields) -> Window:
    window = Window(
        name=name,
        title=row.text("title"),
        envelope=row.text("envelope"),
        hole=_hole(_inner(row, "hole")),
        plain=row.choice("plain", ("true", "false")) == "true",
        handling=_handling(row),
        field=_sized_box(inner) if (inner := row.inner("field")) else None,
        clear=row.texts("clear"),
        countries=row.texts("countries"),
        verified=row.choice("verified", ("true", "false")) != "false",
        source=row.text("source"),
    )
    row.done()
    return window


def _inner(row: Fields, key: str) -> Fields:
    inner = row.inner(key)
    if inner is None:
        row.fault("missing-field", f"'{row.where}{key}' is missing", row.table.place)
        return row
    return inner


def _number(row: Fields, key: str) -> float:
    number = row.number(key)
    if number is None:
        row.fault("missing-field", f"'{row.where}{key}' is missing", row.table.place)
        return 0.0
    return number


def _hole(row: Fields) -> Hole:
    left, bottom, width, height = (
        _number(row, key) for key in ("left", "bottom", "width", "height")
    )
    row.done()
    return Hole(left=left, bottom=bottom, width=width, height=height)


def _handling(row: Fields) -> tuple[tuple[str, Handling], ...]:
    tears, seconds, thirds = (_by_paper(row, key) for key in ("tear", "second", "thirds"))
    return tuple(
        (
            paper,
            Handling(
                fold=fold,
                tear=tears.get(paper, 2 * fold),
                second=seconds.get(paper, 2 * fold) or None,
                others_fold=thirds.get(paper, fold),
            ),
        )
        for paper, fold in _by_paper(row, "fold").items()
    )


def _by_paper(row: Fields, key: str) -> dict[str, float]:
    inner = row.inner(key)
    if inner is None:
        return {}
    return {entry.key: _number(inner, entry.key) for entry in inner.table.entries}


def _sized_box(row: Fields) -> Box:
    left, top, width, height = (_number(row, key) for key in ("left", "top", "width", "height"))
    row.done()
    return Box(left, top, width, height)


def _edged_box(row: Fields) -> Box:
    box = Box.between(*(_number(row, key) for key in ("left", "top", "right", "bottom")))
    row.done()
    return box


def default_window(paper: str, sender_country: str | None) -> str:
    """The usual window where the sender lives, else the usual one for the paper."""
    for window in windows().values():
        if sender_country in window.countries and paper in window.papers:
            return window.name
    return "us-10" if paper == "letter" else "dl-left"


def nearest_window(name: str, able: Iterable[str]) -> str | None:
    """The window most like another among some that will do; None when there are none.

    Likeness is that of where the address lies behind the hole, and of the envelope's name: an
    office that has C6/5 envelopes has more of them.
    """
    wanted = windows()[name]

    def unlike(other: Window) -> tuple[bool, bool, float]:
        ours, theirs = wanted.hole, other.hole
        return (
            other.plain,
            other.envelope != wanted.envelope,
            abs(ours.left - theirs.left)
            + abs(ours.bottom - theirs.bottom)
            + abs(ours.width - theirs.width)
            + abs(ours.height - theirs.height),
        )

    others = [windows()[one] for one in able if one != name]
    return min(others, key=unlike).name if others else None


# ----------------------------------------------------------------------------------- clear zones


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearZone:
    """What the post keeps free in a corner of an envelope's front, mm."""

    name: str
    title: str
    at_right: bool
    at_top: bool
    size: Size
    countries: tuple[str, ...]
    source: str

    def box(self, envelope: Size) -> Box:
        """The zone from the envelope's top left corner."""
        left = envelope.width - self.size.width if self.at_right else 0.0
        top = 0.0 if self.at_top else envelope.height - self.size.height
        return Box(left, top, self.size.width, self.size.height)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressZone:
    """Where a post looks for the address on the front of an envelope: distances from its edges, mm.

    `highest` is how far above the foot the address may reach; None: as far as `top` leaves.
    """

    name: str
    left: float
    top: float
    right: float
    bottom: float
    highest: float | None
    countries: tuple[str, ...]
    source: str

    def box(self, envelope: Size) -> Box:
        """The zone from the envelope's top left corner."""
        top = self.top if self.highest is None else max(self.top, envelope.height - self.highest)
        return Box.between(
            self.left, top, envelope.width - self.right, envelope.height - self.bottom
        )


@cache
def address_zones() -> dict[str, AddressZone]:
    """Every address zone, by name."""
    return {name: _address_zone(name, row) for name, row in _rows(ADDRESSES_TABLE)}


def _address_zone(name: str, row: Fields) -> AddressZone:
    left, top, right, bottom = (_number(row, key) for key in ("left", "top", "right", "bottom"))
    zone = AddressZone(
        name=name,
        left=left,
        top=top,
        right=right,
        bottom=bottom,
        highest=row.number("highest"),
        countries=row.texts("countries"),
        source=row.text("source"),
    )
    row.done()
    return zone


_CORNERS = ("top left", "top right", "bottom left", "bottom right")


@cache
def clear_zones() -> dict[str, ClearZone]:
    """Every clear zone, by name."""
    return {name: _zone(name, row) for name, row in _rows(ZONES_TABLE)}


def zones_for(country: str | None) -> tuple[tuple[ClearZone, ...], tuple[AddressZone, ...]]:
    """What the post of a country keeps free on the front of an envelope, and where it reads.

    Where no country is known, what that of any asks for.
    """

    def asks(zone: ClearZone | AddressZone) -> bool:
        return country is None or country in zone.countries

    return tuple(filter(asks, clear_zones().values())), tuple(
        filter(asks, address_zones().values())
    )


def _zone(name: str, row: Fields) -> ClearZone:
    corner = row.choice("corner", _CORNERS) or ""
    zone = ClearZone(
        name=name,
        title=row.text("title"),
        at_right=corner.endswith("right"),
        at_top=corner.startswith("top"),
        size=Size(_number(row, "width"), _number(row, "height")),
        countries=row.texts("countries"),
        source=row.text("source"),
    )
    row.done()
    return zone


# ------------------------------------------------------------------------------------ postcards


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSize:
    """The largest card that goes for the price of a postcard, mm, lying.

    `countries` are those whose post says so; none: the rule between countries.
    """

    name: str
    size: Size
    countries: tuple[str, ...]
    source: str

    def takes(self, card: Size) -> bool:
        """Whether a card is one, whichever way it lies."""
        long, short = max(card.width, card.height), min(card.width, card.height)
        return long <= self.size.width and short <= self.size.height


@cache
def card_sizes() -> dict[str, CardSize]:
    """Every largest card, by name."""
    return {name: _card_size(name, row) for name, row in _rows(CARDS_TABLE)}


def card_size_for(country: str | None) -> CardSize:
    """The largest card of the post of a country; if that is not known, that between countries."""
    known = tuple(card_sizes().values())
    own = [size for size in known if country in size.countries]
    return next(iter(own or [size for size in known if not size.countries]))


def _card_size(name: str, row: Fields) -> CardSize:
    size = CardSize(
        name=name,
        size=Size(_number(row, "long"), _number(row, "short")),
        countries=row.texts("countries"),
        source=row.text("source"),
    )
    row.done()
    return size


# ---------------------------------------------------------------------------------- letter rules


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRule:
    """Where a printing service wants things on a page, mm from the sheet's top left corner.

    `address` holds the address and nothing else; `areas` is where other ink may stand on the
    first page; `body` is where it may stand on the pages after it. Ink may reach over a boundary
    by `tolerance`, and a page may be off its paper by `paper_tolerance`.
    """

    name: str
    title: str
    paper: str
    address: Box
    areas: tuple[tuple[str, Box], ...]
    left_margin: float
    right_margin: float
    top_margin: float
    bottom_margin: float
    tolerance: float
    paper_tolerance: float
    most_pages: int
    least_lines: int
    most_lines: int
    source: str

    def body(self, sheet: Size) -> Box:
        """What of a later page may carry ink."""
        return Box.between(
            self.left_margin,
            self.top_margin,
            sheet.width - self.right_margin,
            sheet.height - self.bottom_margin,
        )


@cache
def letter_rules() -> dict[str, LetterRule]:
    """Every rule for letters that somebody else prints, by name."""
    return {name: _rule(name, row) for name, row in _rows(RULES_TABLE)}


def _rule(name: str, row: Fields) -> LetterRule:
    margins = _inner(row, "margins")
    left, right, top, bottom = (_number(margins, key) for key in ("left", "right", "top", "bottom"))
    margins.done()
    rule = LetterRule(
        name=name,
        title=row.text("title"),
        paper=row.text("paper"),
        address=_edged_box(_inner(row, "address")),
        areas=tuple((area.text("name"), _edged_box(area)) for area in row.tables("areas")),
        left_margin=left,
        right_margin=right,
        top_margin=top,
        bottom_margin=bottom,
        tolerance=_number(row, "tolerance"),
        paper_tolerance=_number(row, "paper_tolerance"),
        most_pages=row.whole("most_pages") or 0,
        least_lines=row.whole("least_lines") or 0,
        most_lines=row.whole("most_lines") or 0,
        source=row.text("source"),
    )
    row.done()
    return rule
