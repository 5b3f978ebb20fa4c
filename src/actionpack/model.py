"""The nouns: an action, its text in one language, a variant of a pack, a copy, a proof map.

Everything here is frozen and was parsed once, at the edge. A `Written` is a text that still knows
the file and line it was written in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from actionpack.diagnostics import Finding, Place
from actionpack.geometry import Box, Size, Transform
from actionpack.imposition import Scheme
from actionpack.piece import Piece, Side
from actionpack.postal import Window
from actionpack.source import Written
from actionpack.store import Jail

# Marks a field that is written into a file only where it is something.
IF_ANY = "if any"

Sender = Literal["full", "initials", "none"]
Status = Literal["source", "draft", "reviewed"]
Edition = Literal["home", "press"]
EDITIONS: tuple[Edition, ...] = ("home", "press")
# The sides of a page that a design can bleed off; start is where lines begin.
Edge = Literal["left", "top", "right", "bottom", "start", "end"]
EDGES: tuple[Edge, ...] = ("left", "top", "right", "bottom", "start", "end")

# ---------------------------------------------------------------------------------- an action


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone the action is for. `consent`: how they agreed to be named."""

    name: Written
    pronoun: Written | None
    consent: Written | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Whom a letter is for. `lines` are postal lines as they must print, without the country."""

    id: str
    lines: tuple[Written, ...]
    country: str
    fax: Written | None
    email: Written | None
    languages: tuple[str, ...]
    place: Place

    @property
    def name(self) -> str:
        """Whom it is for: the first line, or the last of an address that a postcode begins."""
        first = self.lines[0].text
        begins = first.startswith("\N{POSTAL MARK}") or not any(map(str.isalpha, first))
        return self.lines[-1].text if begins else first


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondAddressee:
    """Who gets a copy of the letter when it is posted in `sender_country`.

    With an `id` it is a letter of its own, with a salutation of its own; else signers are told.
    """

    id: str | None
    sender_country: str
    lines: tuple[Written, ...]
    country: str
    languages: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Safety:
    """What a case asks of letters, so that they put nobody at risk.

    `sender` is how much of the sender may stand on them; `unnamed` are organisations, and `avoid`
    other words, that must not stand on what is posted; `religion`: faith may be written about.
    """

    sender: Sender = "full"
    unnamed: tuple[Written, ...] = ()
    avoid: tuple[Written, ...] = ()
    religion: bool = True

    @property
    def is_open(self) -> bool:
        """Whether whoever gets a letter may read what people are asked to do: there is no rule."""
        return self == Safety()

    @property
    def forbidden(self) -> tuple[str, ...]:
        """All that must not stand on what is posted."""
        return tuple(one.text for one in (*self.unnamed, *self.avoid))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """The case is closed: since when, and why."""

    date: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A photograph of the action; `alt` says by language what it shows."""

    file: Written
    alt: tuple[tuple[str, Written], ...]
    credit: Written | None
    licence: Written | None

    def alt_in(self, tag: str) -> Written | None:
        return dict(self.alt).get(tag)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What does not depend on language: `action.yaml`. `places` says where its dates stand."""

    id: str
    file: str
    reference: Written | None
    edition: int
    issued: date
    embargo: date | None
    act_by: date | None
    stopped: Stop | None
    country: str
    source_language: str
    credit: Written
    online: Written | None
    people: tuple[Person, ...]
    targets: tuple[Target, ...]
    copies: tuple[SecondAddressee, ...]
    safety: Safety
    images: tuple[Picture, ...]
    languages: tuple[str, ...]
    places: tuple[tuple[str, Place], ...] = ()

    @property
    def sender(self) -> Sender:
        return self.safety.sender

    @property
    def everybody(self) -> tuple[Target, ...]:
        """The targets, and whoever gets a copy with a salutation of its own."""
        return (*self.targets, *(_as_target(copy) for copy in self.copies if copy.id))

    def addressees(self, sender_country: str | None, target: str | None) -> tuple[Target, ...]:
        """Whom letters go to that are posted in a country: one target, or all, and the copies."""
        copies = (copy for copy in self.copies if copy.id and copy.sender_country == sender_country)
        wanted = (one for one in self.targets if target in (None, one.id))
        return (*wanted, *map(_as_target, copies))


def _as_target(copy: SecondAddressee) -> Target:
    return Target(
        id=copy.id or "",
        lines=copy.lines,
        country=copy.country,
        fax=None,
        email=None,
        languages=copy.languages,
        place=copy.place,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    text: Written
    by: Written | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PerTarget:
    """A text that is one for all targets, or one each."""

    for_all: Written | None
    by_target: tuple[tuple[str, Written], ...]

    def get(self, target: str) -> Written | None:
        return dict(self.by_target).get(target, self.for_all)


# The sections of a language's file, in the order in which they are written. Without one of the
# optional ones a layout prints what it falls back on: another section, or words of its own.
SECTIONS = ("briefing", "ask", "letter")
OPTIONAL_SECTIONS = ("plain", "discuss", "teacher", "card")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """An action in one language: `<tag>.md`. The sections are Markdown.

    `plain` is the case in plain words, `discuss` what to talk about, `teacher` how to teach it,
    `card` a letter as short as a postcard; None where there is no such section.
    """

    tag: str
    file: str
    title: Written
    summary: Written | None
    quote: Quote | None
    salutation: PerTarget
    closing: PerTarget
    never_write_if: Written | None
    safety_notes: Written | None
    status: Status
    reviewer: str | None
    made_from: tuple[tuple[str, str], ...]
    briefing: Written
    ask: Written
    letter: Written
    plain: Written | None = None
    discuss: Written | None = None
    teacher: Written | None = None
    card: Written | None = None

    def section(self, name: str) -> Written | None:
        """A section by its name; None where there is none."""
        found: Written | None = getattr(self, name)
        return found


# ----------------------------------------------------------------------------------- a layout

LAYOUT_FILE = "layout.toml"
# In `each_target`: all of it is made anew for each target, as a card is.
EVERY_FIELD = "all"
# What of the content a layout can print, and `compose` can say the words of. `images` are found by
# their files.
PRINTED = frozenset(
    {
        "title", "summary", "briefing", "brief", "plain", "discuss", "teacher", "ask", "ask_line",
        "open_ask", "quote", "quote_by", "online", "people", "recipients", "languages", "channels",
        "credit",
        "reference", "act_by", "copies", "images", "picture_credit", "safety", "safety_notes",
        "address", "label", "salutation", "letter", "card", "closing", "meaning",
    }
)  # fmt: skip
# Those of the targets, without which there is no letter: no form leaves them out.
OF_TARGETS = frozenset(
    {"address", "label", "salutation", "letter", "card", "closing", "channels", "meaning"}
)
TEMPLATE_FILE = "template.html.j2"
STYLE_FILE = "style.css"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A fixed box, mm, for what differs from copy to copy.

    `field` is what the user sets. Text is set in `family` at the largest of `sizes` (pt) at which
    it fits, with `leading` times the size from line to line. A `code` slot is a square;
    `reading_mm` is how far off it must be read, 0 in the hand.
    `rules`: an empty slot is drawn as lines to write on, as many as the slot has lines.
    """

    name: str
    field: str
    kind: Literal["text", "code"]
    size: Size
    family: str
    weight: int
    sizes: tuple[float, ...]
    leading: float
    lines: int
    rules: bool
    reading_mm: float = 0.0


# What a layout can be printed as besides: in type of 16 pt or more, or with no solid areas.
LARGE_PRINT, INK_SAVER = "large-print", "ink-saver"
VARIANTS = (LARGE_PRINT, INK_SAVER)


def variants_of(*, large_print: bool, ink_saver: bool) -> tuple[str, ...]:
    """The names of those that are asked for, in the order of `VARIANTS`."""
    asked = (large_print, ink_saver)
    return tuple(name for name, wanted in zip(VARIANTS, asked, strict=True) if wanted)


# What a form can ask for: that the action has a web address to act at, a picture, a quotation; or
# that the pack is printed large, or with little ink.
FORM_ASKS = ("online", "pictures", "quote", "open_ask", "large_print", "ink_saver")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One arrangement of the pieces, and the letter sizes (pt) to try in it, largest first.

    Its `lengths` stand in place of those of the layout that have their names. It is for packs
    that have what it `needs` and lack what it `lacks`. It prints none of the fields that it
    `leaves_out`.
    """

    name: str
    sizes: tuple[float, ...]
    lengths: tuple[tuple[str, Written], ...] = ()
    needs: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    leaves_out: tuple[str, ...] = ()

    def suits(self, there: frozenset[str]) -> bool:
        """Whether it is for a pack that has these of `FORM_ASKS`."""
        return there.issuperset(self.needs) and there.isdisjoint(self.lacks)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressStyle:
    """How an address may be set: sizes (pt) to try, largest first, and the leading.

    `edges` are left, top, right and bottom of its box; None where the window decides.
    """

    family: str
    sizes: tuple[float, ...]
    leading: float
    edges: tuple[Written, Written, Written, Written] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """A cut or fold of some forms, before its distance has a number."""

    name: str
    forms: tuple[str, ...]
    at: Written
    moves: Side = "below"


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelRow:
    """A panel of some forms, before its edges have numbers."""

    name: str
    forms: tuple[str, ...]
    left: Written
    top: Written
    right: Written
    bottom: Written
    posted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceRow:
    """A piece as `layout.toml` describes it, before paper and window give its lengths numbers.

    `clear` are the clear zones of the post that it keeps free, by name; `bleeds` are the edges that
    its design runs off in the press edition. `back_of` is the piece that goes on on it, whose back
    it is; '' for one by itself.
    """

    name: str
    forms: tuple[str, ...]
    posted: bool
    blank_back: bool
    mailer: bool
    cuts: tuple[LineRow, ...]
    folds: tuple[LineRow, ...]
    panels: tuple[PanelRow, ...]
    clear: tuple[str, ...] = ()
    bleeds: tuple[Edge, ...] = ()
    back_of: str = ""

    def is_in(self, form: str) -> bool:
        """Whether it belongs to a form: one that names no form belongs to all."""
        return not self.forms or form in self.forms


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRow:
    """A slot before its width, its height and its reading distance have numbers.

    `large_sizes` are the sizes (pt) of its text in large print; none: the same as else.
    """

    slot: Slot
    width: Written
    height: Written
    reading: Written | None = None
    large_sizes: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImposeRow:
    """How a layout's pages are put on sheets, unless somebody asks for it otherwise.

    `pages` is the page's paper by the paper that is printed on, where the two differ.
    `back_cover`: the last page of a booklet stays its back cover.
    """

    scheme: Scheme
    pages: tuple[tuple[str, str], ...]
    gutter_mm: float
    back_cover: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OnOthers:
    """The papers of a layout, and how its pages are put on them, where these are not as usual."""

    papers: tuple[str, ...]
    impose: ImposeRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A layout's folder, read.

    `duplex`: it is printed on both sides. `enclosed`: its posted piece goes into an envelope with
    a window; else the pages are for plain envelopes. `repeats` says how often a field stands on
    the paper, where not once; `each_target` names fields that stand there once for each target, or
    is `EVERY_FIELD`. `pictures`: how many of an action's pictures it prints; None: all.
    `landscape`: its pages lie. The pages are a multiple of `multiple_of`, as those of a booklet.
    `closer`: the steps by which its style sheet can set everything closer, to spare a page that
    would be nearly empty.
    `impose` is None where a page is a side of a sheet. `bleed_mm` is how far its design runs off
    the page for a press. `variants` are those of `VARIANTS` that it can be printed as, `unchanged`
    those that make no difference to it; `no_large_print` says why it has none, '' where nothing is
    said. `large_print` is what its large print is printed on, None where on the same as else.
    """

    name: str
    title: str
    folder: Jail
    duplex: bool
    enclosed: bool
    repeats: tuple[tuple[str, Written], ...]
    each_target: tuple[str, ...]
    pictures: int | None
    landscape: bool
    multiple_of: int
    closer: int
    papers: tuple[str, ...]
    safe_mm: float
    families: tuple[str, ...]
    prints: tuple[str, ...]
    lengths: tuple[tuple[str, Written], ...]
    forms: tuple[Form, ...]
    address: AddressStyle
    pieces: tuple[PieceRow, ...]
    slots: tuple[SlotRow, ...]
    impose: ImposeRow | None = None
    bleed_mm: float = 0.0
    variants: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    no_large_print: str = ""
    large_print: OnOthers | None = None

    def printed_as(self, variants: Collection[str]) -> Layout:
        """The layout as it is on the papers of those of `VARIANTS` that are asked for."""
        if self.large_print is None or LARGE_PRINT not in variants:
            return self
        return replace(self, papers=self.large_print.papers, impose=self.large_print.impose)

    @property
    def takes(self) -> tuple[str, ...]:
        """Those of `VARIANTS` that may be asked of it."""
        return (*self.variants, *self.unchanged)

    def backs_in(self, form: str) -> Mapping[str, str]:
        """The pieces that go on on their backs in a form, each with the piece that it has there."""
        return {row.back_of: row.name for row in self.pieces if row.back_of and row.is_in(form)}

    def page_on(self, paper: str) -> str:
        """The paper of a page, where the sheets that it is printed on are of another."""
        return dict(self.impose.pages).get(paper, paper) if self.impose else paper

    def impose_on(self, paper: str) -> ImposeRow | None:
        """How its pages are put on sheets of a paper; None where a page is a side of a sheet."""
        own = self.impose
        return own if own and (not own.pages or paper in dict(own.pages)) else None

    @property
    def usual_paper(self) -> str:
        """What it is printed on unless another is asked for: the first that it names."""
        return self.papers[0]

    @property
    def prints_addresses(self) -> bool:
        """Whether a postal address must find room on its pages."""
        return not {"address", "label"}.isdisjoint(self.prints)

    @property
    def prints_cards(self) -> bool:
        """Whether its letters are as short as a card."""
        return "card" in self.prints

    @property
    def fields(self) -> tuple[str, ...]:
        """What a user can set on each copy."""
        return tuple(dict.fromkeys(row.slot.field for row in self.slots))


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometry:
    """A layout on one paper for one window: numbers only, mm.

    `paper` and `sheet` are those of a page. `folds` are those of a whole sheet, from its top.
    `address` is the box it may fill. `numbers` are the lengths of each form, `repeats` how often
    fields stand on the paper in it.
    """

    paper: str
    sheet: Size
    window: Window
    folds: tuple[float, ...]
    envelope: Size
    hole: Box
    visible: Box
    exposed: Box
    address: Box
    numbers: tuple[tuple[str, tuple[tuple[str, float], ...]], ...]
    repeats: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    pieces: tuple[tuple[str, tuple[Piece, ...]], ...]
    slots: tuple[Slot, ...]

    @property
    def lengths(self) -> tuple[tuple[str, float], ...]:
        """The lengths of the first form, which slots and pictures are measured by."""
        return self.numbers[0][1] if self.numbers else ()

    def of_form(self, form: str) -> tuple[Piece, ...]:
        """The pieces of one arrangement, in the order of `layout.toml`."""
        return dict(self.pieces)[form]


# ---------------------------------------------------------------------------------- a variant


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantKey:
    """Whatever a layout must be computed for; two packs with one key share their pages.

    `letters` are the languages of letters that are not in `language`, by target.
    """

    action: str
    language: str
    layout: str
    paper: str
    edition: Edition
    window: str
    target: str | None
    letters: tuple[tuple[str, str], ...]
    sender_country: str | None
    draft: bool
    large_print: bool = False
    ink_saver: bool = False

    @property
    def bleeds(self) -> bool:
        """Whether grounds and pictures run off the page: for a press, but not to save ink."""
        return self.edition == "press" and not self.ink_saver

    @property
    def variants(self) -> tuple[str, ...]:
        """Which of `VARIANTS` it is."""
        return variants_of(large_print=self.large_print, ink_saver=self.ink_saver)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A picture of lines: its own proportions, and where its `square` lies, mm."""

    size_px: tuple[int, int]
    square: Transform


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidBox:
    """A run of text, a picture or the place of a slot as laid out, mm from the page's top left.

    Of a slot `text` is its name, of a picture ''.

    `made_up`: the style sheet made it, not the content. `piece`, `panel`, `field` and `target`
    are the nearest `data-…` attributes round it, '' where there is none. `family` is the first
    font that the style sheet asks for, `src` where a picture is from, `drawn` how one
    of lines lies.
    """

    kind: str
    text: str
    box: Box
    made_up: bool
    piece: str
    panel: str
    field: str
    target: str
    family: str = ""
    src: str = ""
    drawn: Drawing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidPage:
    size: Size
    boxes: tuple[LaidBox, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMeant:
    """Words that must stand on the paper, once and in order, and where they were laid out.

    `field` is the content field, with the target after a colon where there is one. `regions`
    are pairs of page (from 1) and box (mm), in reading order.
    """

    field: str
    text: str
    regions: tuple[tuple[int, Box], ...]
    posted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureMeant:
    """Where a picture of the action stands, mm; `number` is its own among them, from 1."""

    number: int
    page: int
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a slot landed: an empty box, mm, that differs from copy to copy."""

    slot: str
    key: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMeant:
    """A QR code that must be on the page; `box` holds its quiet zone too.

    `reading_mm` is how far off it must be read, 0 in the hand.
    """

    page: int
    box: Box
    text: str
    reading_mm: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowMeant:
    """The envelope a piece goes into, mm.

    `hole` counts from the envelope's top left corner and is None where there is no window.
    """

    name: str
    envelope: Size
    hole: Box | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMeant:
    """One page: which piece it is a side of, and whether it must be blank."""

    piece: str
    blank: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PressMeant:
    """What is meant for a press: how much ink at most, 1 being one solid, and the bleed, mm.

    `edges` are those that each page (from 1) bleeds off, if any.
    """

    condition: str
    most_ink: float
    bleed_mm: float
    edges: tuple[tuple[int, tuple[Edge, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofMap:
    """What a finished file is proved against; it travels inside the file.

    `pictures` are those of the action, where it prints any.
    `sender` is the rule for what of the sender may be printed, `forbidden` what may not be said
    there. `press` is None for screens and office printers, and then is not written. In large print
    no type may be small, to save ink nothing may be filled. `duplex`: each page of an even number
    is the back of the one before it.
    """

    action: str
    language: str
    layout: str
    paper: str
    window: WindowMeant
    issued: date
    embargo: date | None
    act_by: date | None
    stopped: date | None
    safe_mm: float
    fonts: tuple[str, ...]
    pages: tuple[PageMeant, ...]
    pieces: tuple[tuple[int, Piece], ...]
    texts: tuple[TextMeant, ...]
    codes: tuple[CodeMeant, ...]
    spots: tuple[Spot, ...]
    sender: Sender = "full"
    forbidden: tuple[str, ...] = ()
    pictures: tuple[PictureMeant, ...] = field(default=(), metadata={IF_ANY: True})
    press: PressMeant | None = field(default=None, metadata={IF_ANY: True})
    large_print: bool = field(default=False, metadata={IF_ANY: True})
    ink_saver: bool = field(default=False, metadata={IF_ANY: True})
    duplex: bool = field(default=False, metadata={IF_ANY: True})

    def is_posted(self, page: int, box: Box) -> bool:
        """Whether any of a box lies in a panel that goes to the target."""
        return any(
            panel.posted and panel.box.overlaps(box)
            for number, piece in self.pieces
            if number == page
            for panel in piece.panels
        )

    def filled(self, texts: Mapping[str, str], url: str) -> ProofMap:
        """The map with what one copy says besides: texts by slot, and in its codes a web address.

        Where that is '', there is no code.
        """
        return replace(
            self,
            codes=tuple(replace(code, text=url) for code in self.codes if url),
            texts=(
                *self.texts,
                *(
                    TextMeant(
                        field=f"slot:{spot.slot}",
                        text=texts[spot.slot],
                        regions=((spot.page, spot.box),),
                        posted=self.is_posted(spot.page, spot.box),
                    )
                    for spot in self.spots
                    if spot.slot in texts
                ),
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PackMeant:
    """One pack of a volume: where its pages begin, and what was set in its slots.

    `proof` is the index of its map, `first` counts pages from 1, `texts` are slots with their
    texts, and `url` is what its codes say, '' where it has none.
    """

    proof: int
    first: int
    texts: tuple[tuple[str, str], ...]
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeMap:
    """What a volume is proved against: a map for each of its variants, and its packs.

    The codes in those maps say nothing yet, and their texts are those that all copies share.
    """

    proofs: tuple[ProofMap, ...]
    packs: tuple[PackMeant, ...]

    def of(self, pack: PackMeant) -> ProofMap:
        """The map of one pack, its pages counted from its own first."""
        return self.proofs[pack.proof].filled(dict(pack.texts), pack.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """Pages laid out once for all copies, with what they must hold and what was found wrong."""

    pdf: bytes
    proof: ProofMap
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What differs in one copy: a value for each slot field, by name."""

    values: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        return dict(self.values).get(name, "")
