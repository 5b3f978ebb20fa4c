"""A variant's key, its content and its geometry into what the typesetter sets: values and CSS.

A template gets the content as values and writes none of its own.
What must be found on the paper afterwards (`meant`) is taken from the content, never from the
template, so that a template which forgets a field is caught.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from actionpack.catalogues import printed_words, words_in
from actionpack.diagnostics import Finding, Place, Rejected, finding
from actionpack.enclosure import Enclosure, nearest_that
from actionpack.fonts import Compositor, FontShelf, shape
from actionpack.geometry import Size
from actionpack.language import (
    capitals,
    country_name,
    direction,
    html_tag,
    listed,
    long_date,
    name_in,
    posting_language,
)
from actionpack.markup import Block, as_typed, isolated, printed_plain, read_markup, to_html
from actionpack.model import (
    EVERY_FIELD,
    STYLE_FILE,
    TEMPLATE_FILE,
    Action,
    AddressStyle,
    Geometry,
    Layout,
    PerTarget,
    Target,
    Text,
    VariantKey,
)
from actionpack.paper import envelopes
from actionpack.qr import quiet_mm
from actionpack.source import Written, nearest
from actionpack.store import Jail
from actionpack.typesetting import own_direction
from actionpack.typography import language_of, typography
from actionpack.units import mm_to_pt, pt_to_mm
from actionpack.web_address import printed

# Of a postal address whose letters say no language: it is set in the layout's own fonts.
UNKNOWN_LANGUAGE = "und"
# What a sentence ends with that announces a list: a colon, also those of Chinese and Armenian.
_ANNOUNCES = (":", "\uff1a", "\u0589", "")
# A language in which any post office reads the name of a country (UPU Convention Manual, 20-001).
COUNTRY_LINE_FALLBACK = "en"
# A briefing in brief has so many characters at the least, where it goes on: two or three lines.
_LEAST_BRIEF = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """Words that must be found in the boxes marked with `field`, once and in order."""

    field: str
    text: str
    place: Place

    @property
    def kind(self) -> str:
        """The field, whichever time it stands there and for whichever target."""
        return self.field.partition(":")[0].partition("-")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A picture ready for print: its file as the action names it, its address for the page, what
    it shows, its printed size."""

    file: Written
    src: str
    alt: str
    credit: Written | None
    size: Size


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """A target with its address as it prints: the country line last, and the size it fits in.

    `leading` is from baseline to baseline, in type sizes.
    """

    target: Target
    lines: tuple[str, ...]
    size_pt: float
    leading: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Manuscript:
    """Everything that goes into the pages of one variant, ready for any form and letter size.

    `letters` are the texts that letters are taken from where that is not `text`, by target.
    `line_language` is that of the country lines. `families` are the fonts that the pages may need,
    in the order in which a letter is looked for in them; `quote_hang` is how far the mark of a
    quotation hangs out, em.
    """

    key: VariantKey
    action: Action
    text: Text
    letters: Mapping[str, Text]
    layout: Layout
    geometry: Geometry
    addressees: tuple[Addressee, ...]
    photos: tuple[Photo, ...]
    line_language: str
    words: Mapping[str, str]
    families: tuple[str, ...]
    quote_hang: float
    meant: tuple[Meant, ...]
    findings: tuple[Finding, ...]

    @property
    def has(self) -> frozenset[str]:
        """What of `FORM_ASKS` the pack has."""
        there = (
            ("online", self.action.online),
            ("pictures", self.photos),
            ("quote", self.text.quote),
            ("open_ask", self.action.safety.is_open),
            ("large_print", self.key.large_print),
            ("ink_saver", self.key.ink_saver),
        )
        return frozenset(name for name, one in there if one)

    @property
    def written_in(self) -> tuple[str, ...]:
        """The languages that the texts of the pages are in, that of the pack first."""
        letters = (self.letter_to(addressee.target).tag for addressee in self.addressees)
        return tuple(dict.fromkeys((self.key.language, *letters, self.action.source_language)))

    @property
    def tags(self) -> tuple[str, ...]:
        """The same, and those that the targets read: an address may be in them."""
        spoken = (tag for addressee in self.addressees for tag in addressee.target.languages)
        return tuple(dict.fromkeys((*self.written_in, *spoken)))

    def letter_to(self, target: Target) -> Text:
        """The text that the letter to a target is taken from."""
        return self.letters.get(target.id, self.text)


def write_manuscript(
    key: VariantKey,
    action: Action,
    text: Text,
    letters: Mapping[str, Text],
    layout: Layout,
    geometry: Geometry,
    photos: tuple[Photo, ...],
    shelf: FontShelf,
    locale: tuple[Jail, ...] = (),
) -> Manuscript:
    """Gather what will be printed; raises Rejected when an address cannot fit its window.

    `letters` are the texts that the letters are taken from, by target; `locale` holds catalogues of
    the project's own.
    """
    printed_here = words_in(layout.folder.read_text(TEMPLATE_FILE))
    if layout.enclosed:
        printed_here += (geometry.window.title,)
    words, found = printed_words(key.language, locale, printed_here)
    findings = list(found)
    targets = action.addressees(key.sender_country, key.target)
    language, unknown = printable_country_line(key, action, layout, shelf)
    findings += unknown
    addressees = tuple(
        fit_address(target, key.sender_country, language, layout, geometry, shelf)
        for target in targets
    )
    manuscript = Manuscript(
        key=key,
        action=action,
        text=text,
        letters=letters,
        layout=layout,
        geometry=geometry,
        addressees=addressees,
        photos=photos,
        words=words,
        line_language=language,
        families=(),
        quote_hang=_quote_hang(key.language, layout, shelf),
        meant=(),
        findings=tuple(findings),
    )
    manuscript = replace(manuscript, findings=(*findings, *_not_understood(manuscript)))
    meant = _meant(manuscript)
    said = "".join((*(one.text for one in meant), *words.values()))
    return replace(manuscript, meant=meant, families=_families(manuscript, said, shelf))


def _not_understood(manuscript: Manuscript) -> Iterator[Finding]:
    """Say that whoever signs a card cannot read on it what it says."""
    layout, text = manuscript.layout, manuscript.text
    if not layout.prints_cards or "meaning" in layout.prints:
        return
    for target in (addressee.target for addressee in manuscript.addressees):
        tag = manuscript.letter_to(target).tag
        if tag != text.tag:
            yield finding(
                "missing-translation",
                f"the card to '{target.id}' is in '{tag}', and has no room to say in "
                f"'{text.tag}' what it says",
                target.place,
                cure="take --layout double-card, whose kept half says it",
                severity="warning",
            )


# ---------------------------------------------------------------------------------------- fonts


def _families(manuscript: Manuscript, said: str, shelf: FontShelf) -> tuple[str, ...]:
    """The fonts that the pages may need: of its languages, of the layout, and for letters besides.

    The script's own font comes first, so that what scripts share is of one kind with its letters.
    """
    own, *others = (typography(tag).family for tag in manuscript.written_in)
    wanted = (own, *manuscript.layout.families, *others)
    found = [family for family in dict.fromkeys(wanted) if family in shelf.families]
    missing = shelf.missing(said, found)
    spoken = (typography(tag).family for tag in manuscript.tags)
    besides = (family for family in (*spoken, *shelf.families) if family in shelf.families)
    # Of letters that several languages share, such as Han, those that the target reads.
    for family in (one for one in dict.fromkeys(besides) if one and missing):
        lacks = shelf.missing("".join(missing), (family,))
        if len(lacks) < len(missing):
            found.append(family)
            missing = lacks
    return tuple(found)


def stacks(manuscript: Manuscript, tag: str) -> Iterator[tuple[str, str]]:
    """Each family of the layout with the fonts in which a language is set where it is asked for."""
    own = typography(tag).family
    for family in manuscript.layout.families:
        order = dict.fromkeys((own, family, *manuscript.families))
        yield family, ",".join(f'"{one}"' for one in order if one in manuscript.families)


def _quote_hang(tag: str, layout: Layout, shelf: FontShelf) -> float:
    """How wide the mark is that begins a quotation, em."""
    setting = typography(tag)
    family = setting.family if setting.family in shelf.families else layout.families[0]
    face = shelf.face(family or layout.families[0], style="normal" if setting.plain else "italic")
    return shape(face, setting.quotes[0], 1000, language=html_tag(tag)).width_pt / 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """What the typesetter fills and sets: a template, its values (plain JSON), and the CSS."""

    template: str
    template_file: str
    values: Mapping[str, Any]
    css: str
    css_file: str


# ------------------------------------------------------------------------------------ addresses


def country_line_language(key: VariantKey) -> tuple[str, tuple[Finding, ...]]:
    """The language of the country line: one of the country of posting, whose post reads it."""
    if key.sender_country is None:
        return COUNTRY_LINE_FALLBACK, (
            finding(
                "unknown-sender-country",
                "the country the letters are posted in is not given; "
                "the country line is in English",
            ),
        )
    language = posting_language(key.sender_country, key.language)
    if language is None:
        return COUNTRY_LINE_FALLBACK, (
            finding(
                "unknown-sender-country",
                f"the official languages of '{key.sender_country}' are not known; "
                "the country line is in English",
                cure="nothing needs to be done: every post office reads English",
            ),
        )
    return language, ()


def printable_country_line(
    key: VariantKey, action: Action, layout: Layout, shelf: FontShelf
) -> tuple[str, tuple[Finding, ...]]:
    """The language of the country line, or English where no font here has its letters.

    A layout without addresses has no such line, and nothing is said of it.
    """
    language, found = country_line_language(key)
    if not layout.prints_addresses:
        return language, ()
    abroad = {target.country for target in action.targets}
    abroad |= {copy.country for copy in action.copies}
    abroad -= {key.sender_country or ""}
    names = [capitals(country_name(country, language), language) for country in sorted(abroad)]
    families = tuple(dict.fromkeys((*layout.families, *shelf.families)))
    if not any(shelf.missing(name, families) for name in names):
        return language, found
    return COUNTRY_LINE_FALLBACK, (
        *found,
        finding(
            "missing-glyph",
            f"no font here has the letters of '{language}', which the post of "
            f"'{key.sender_country}' reads; the country line is in English",
            severity="warning",
            cure="nothing needs to be done: every post office reads English",
        ),
    )


def postal_lines(
    lines: tuple[Written, ...], country: str, sender_country: str | None, language: str
) -> tuple[str, ...]:
    """Postal lines as they print; the country last, alone, in capitals; none for domestic mail."""
    written = tuple(line.text for line in lines)
    if country == sender_country:
        return written
    return (*written, capitals(country_name(country, language), language))


def fit_address(
    target: Target,
    sender_country: str | None,
    language: str,
    layout: Layout,
    geometry: Geometry,
    shelf: FontShelf,
) -> Addressee:
    """Set an address at the largest size at which it fits the box that is always visible."""
    lines = postal_lines(target.lines, target.country, sender_country, language)
    if not layout.prints_addresses:
        style = layout.address
        return Addressee(target=target, lines=lines, size_pt=style.sizes[0], leading=style.leading)
    room = Size(geometry.address.width, geometry.address.height)
    address = _measured(target, lines, layout.address, shelf)
    size = address.fitting_size(room)
    if size is None:
        raise Rejected(*_too_long(address, target, room, layout, geometry))
    return Addressee(target=target, lines=lines, size_pt=size, leading=address.leading)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Address:
    """The lines of an address with their widths and their leading, in its own size."""

    lines: tuple[str, ...]
    ems: tuple[float, ...]
    leading: float
    sizes: tuple[float, ...]

    def fitting_size(self, room: Size) -> float | None:
        """The largest size, pt, at which it fits; None when it is too long at every size."""
        for size in self.sizes:
            tall = len(self.lines) * size * self.leading <= mm_to_pt(room.height)
            if tall and max(self.ems) * size <= mm_to_pt(room.width):
                return size
        return None


def _measured(
    target: Target, lines: tuple[str, ...], style: AddressStyle, shelf: FontShelf
) -> _Address:
    """Set an address as the pages do; its lines stand so far apart that they do not touch."""
    tag = language_of(_postal(target), target.languages)
    own = typography(tag).family if tag else None
    compositor = Compositor(
        shelf,
        own if own in shelf.families and own else style.family,
        400,
        language=html_tag(tag or UNKNOWN_LANGUAGE),
        script_family=style.family,
    )
    inks = [compositor.ink(line) for line in lines]
    apart = [above - below for (below, _), (_, above) in pairwise(inks)]
    return _Address(
        lines=lines,
        ems=tuple(compositor.set(line).width / 1000 for line in lines),
        leading=max((style.leading, *(one / 1000 for one in apart))),
        sizes=style.sizes,
    )


def _postal(target: Target) -> str:
    return "".join(line.text for line in target.lines)


def _too_long(
    address: _Address, target: Target, room: Size, layout: Layout, geometry: Geometry
) -> list[Finding]:
    lines, least = address.lines, address.sizes[-1]
    most_lines = int(mm_to_pt(room.height) / (least * address.leading))
    where = f"the window '{geometry.window.name}'" if layout.enclosed else f"'{layout.name}'"
    instead = _instead(address, layout, geometry)
    findings = []
    if len(lines) > most_lines:
        findings.append(
            finding(
                "address-too-long",
                f"the address of '{target.id}' has {len(lines)} lines with the country; "
                f"{where} has room for {most_lines}",
                target.place,
                cure=f"join lines, or {instead}",
            )
        )
    for written, line, ems in zip((*target.lines, None), lines, address.ems, strict=False):
        over = pt_to_mm(ems * least) - room.width
        if over > 0:
            findings.append(
                finding(
                    "address-too-long",
                    f"'{line}' is {over:.1f} mm too wide for {where} at {least:g} pt",
                    written.place if written else target.place,
                    cure=f"cut it into two lines, or {instead}",
                )
            )
    return findings


# The usual one has more room, both ways, than any window or label.
_ON_ENVELOPES = "print it on envelopes: build with --layout envelope"


def _instead(address: _Address, layout: Layout, geometry: Geometry) -> str:
    """What else would take an address that is too long here."""
    if layout.prints_cards:
        return "print a letter, which has more room: build with --layout letter"
    if not layout.enclosed:
        larger = "take a larger envelope"
        return larger if geometry.paper in envelopes() else _ON_ENVELOPES
    indent = geometry.visible.width - geometry.address.width

    def shows_it(other: Enclosure) -> bool:
        room = Size(other.visible.width - indent, other.visible.height)
        return address.fitting_size(room) is not None

    nearest = nearest_that(geometry.paper, geometry.window.name, shows_it)
    if nearest is None:
        return _ON_ENVELOPES
    return f"take the nearest window that shows all of it: --window {nearest}"


# --------------------------------------------------------------------------- what must be found


def _meant(manuscript: Manuscript) -> tuple[Meant, ...]:
    """The fields that the layout says it prints, as the words that must be on the paper."""
    key, action, text = manuscript.key, manuscript.action, manuscript.text
    layout, geometry = manuscript.layout, manuscript.geometry

    def of(field: str, written: Written | None) -> list[Meant]:
        if written is None or not written.text.strip():
            return []
        return [Meant(field=field, text=written.text, place=written.place)]

    def marked(field: str, written: Written) -> list[Meant]:
        words = printed_plain(read_markup(written.text))
        return [Meant(field=field, text=words, place=written.place)]

    quote = text.quote
    online = action.online
    deadline = dict(action.places).get("act_by", Place(file=action.file))
    by = Written(long_date(action.act_by, key.language), deadline) if action.act_by else None
    meant = {
        "reference": of("reference", action.reference),
        "act_by": of("act_by", by),
        "copies": [
            one
            for number, copy in enumerate(_copies(action, key, manuscript.line_language), 1)
            for one in of(f"copies-{number}", copy)
        ],
        "picture_credit": [
            one
            for number, photo in enumerate(manuscript.photos, 1)
            for one in of(f"picture_credit-{number}", photo.credit)
        ],
        "title": of("title", text.title),
        "summary": of("summary", text.summary),
        "briefing": marked("briefing", text.briefing),
        "plain": marked("plain", text.plain or text.briefing),
        "discuss": marked("discuss", text.discuss) if text.discuss else [],
        "teacher": marked("teacher", text.teacher) if text.teacher else [],
        "brief": [
            Meant(field="brief", text=printed_plain(_brief(text)), place=text.briefing.place)
        ],
        "quote": of("quote", quote.text if quote else None),
        "quote_by": of("quote_by", quote.by if quote else None),
        "ask": marked("ask", text.ask),
        "ask_line": [
            Meant(field="ask_line", text=printed_plain(_ask_line(text)), place=text.ask.place)
        ],
        # On what is posted, whoever gets it reads it.
        "open_ask": [
            Meant(field="open_ask", text=printed_plain(_ask_line(text)), place=text.ask.place)
        ]
        if action.safety.is_open
        else [],
        "online": of("online", Written(printed(online.text), online.place) if online else None),
        "people": of("people", _people(action, key.language)),
        "recipients": of("recipients", _recipients(manuscript)),
        "languages": of("languages", _in_lines(_languages(action, key.language), action)),
        "credit": of("credit", action.credit),
        # Once on the paper, where `safety_notes` stands on the leaf of each target.
        "safety": of("safety", _safety(manuscript)),
    }
    for name in meant if EVERY_FIELD in layout.each_target else layout.each_target:
        meant[name] = [
            replace(one, field=f"{one.field}:{addressee.target.id}")
            for addressee in manuscript.addressees
            for one in meant.get(name, ())
        ]
    for addressee in manuscript.addressees:
        target = addressee.target
        written = manuscript.letter_to(target)
        lines = Written("\n".join(addressee.lines), target.place)
        own = {
            "address": of(f"address:{target.id}", lines),
            "salutation": of(f"salutation:{target.id}", written.salutation.get(target.id)),
            "letter": marked(f"letter:{target.id}", written.letter),
            "card": marked(f"card:{target.id}", _message(written, text, layout)[0]),
            "channels": of(
                f"channels:{target.id}", Written("\n".join(_channels(target)), target.place)
            ),
            "closing": of(f"closing:{target.id}", written.closing.get(target.id)),
            "safety_notes": of(f"safety_notes:{target.id}", _safety(manuscript)),
        }
        if written.tag != text.tag:
            meaning = [
                printed_plain(row.meaning) for row in _reading(target, written, text, layout)
            ]
            kept = Written("\n".join(meaning), _message(written, text, layout)[1].place)
            own["meaning"] = of(f"meaning:{target.id}", kept)
        if geometry.window.plain:
            own["label"] = of(f"label:{target.id}", lines)
        meant |= {f"{field} {target.id}": found for field, found in own.items()}
    # Where there is no window, the letter's layout prints a label to cut out on its own.
    prints = {*layout.prints, *(("label",) if layout.enclosed else ())}
    # Whoever prints a letter that its signer cannot read prints what it says; a card, where it has
    # a half that is kept.
    if "letter" in prints:
        prints.add("meaning")
    times = _times(geometry, layout.forms[0].name) if layout.forms else {}
    return tuple(
        one
        for name, found in meant.items()
        if (kind := name.split(" ")[0]) in prints
        for field in found
        for one in _each(field, times.get(kind))
    )


def _times(geometry: Geometry, form: str) -> dict[str, int]:
    return dict(dict(geometry.repeats)[form])


def _each(meant: Meant, times: int | None) -> Iterator[Meant]:
    """A field as often as it stands on the paper: `label-1`, `label-2`, …"""
    if times is None:
        yield meant
        return
    name, *target = meant.field.split(":")
    for at in range(1, times + 1):
        yield replace(meant, field=":".join((f"{name}-{at}", *target)))


# -------------------------------------------------------------------------------- HTML and CSS


def compose(
    manuscript: Manuscript,
    form: str,
    letter_pt: float,
    *,
    filling: int = 0,
    closer: int = 0,
    goes_on: Collection[str] | None = None,
) -> Composed:
    """Fit the values of one form at one letter size to the layout's template and style sheet.

    `filling` is how many pages the template is to make besides, so that a booklet is full;
    `closer` is how many steps closer than usual all is set;
    `goes_on` are the targets whose letters go on overleaf, None for all of them.
    """
    folder = manuscript.layout.folder
    return Composed(
        template=folder.read_text(TEMPLATE_FILE),
        template_file=folder.label(TEMPLATE_FILE),
        values={
            **_values(manuscript, form),
            "variants": " ".join(
                (*manuscript.key.variants, *(f"closer-{step}" for step in range(1, closer + 1)))
            ),
            "filling": filling,
            "goes_on": sorted(target_ids(manuscript) if goes_on is None else goes_on),
        },
        # On the style sheet's first line, so that what is said of a line is said of its own.
        css=variables(manuscript, form, letter_pt).replace("\n", "") + folder.read_text(STYLE_FILE),
        css_file=folder.label(STYLE_FILE),
    )


def target_ids(manuscript: Manuscript) -> frozenset[str]:
    """The targets that a pack has letters to."""
    return frozenset(addressee.target.id for addressee in manuscript.addressees)


def variables(manuscript: Manuscript, form: str, letter_pt: float) -> str:
    """Every number a style sheet may need, as CSS variables on the root."""
    geometry, layout = manuscript.geometry, manuscript.layout
    lengths = dict(geometry.numbers)[form]
    numbers = {name: f"{value:.4f}mm" for name, value in lengths}
    for piece in geometry.of_form(form):
        for panel in piece.panels:
            box = panel.box
            for edge in ("left", "top", "right", "bottom"):
                # Of pieces with a panel of one name, the first gives it its edges.
                numbers.setdefault(f"panel-{panel.name}-{edge}", f"{getattr(box, edge):.4f}mm")
    for slot in geometry.slots:
        numbers[f"slot-{slot.name}-width"] = f"{slot.size.width:.4f}mm"
        numbers[f"slot-{slot.name}-height"] = f"{slot.size.height:.4f}mm"
        if slot.kind == "code":
            online = manuscript.action.online
            quiet = quiet_mm(online.text, slot.size.width) if online else 0
            numbers[f"slot-{slot.name}-quiet"] = f"{quiet:.4f}mm"
    numbers["letter-size"] = f"{letter_pt:g}pt"
    size = min((a.size_pt for a in manuscript.addressees), default=layout.address.sizes[0])
    leading = size * max((a.leading for a in manuscript.addressees), default=layout.address.leading)
    longest = max((len(a.lines) for a in manuscript.addressees), default=0)
    # Centred in its box, so that the sheet may slide either way behind a window.
    top = geometry.address.centre.y - longest * leading / mm_to_pt(1) / 2
    numbers |= {
        "address-size": f"{size:g}pt",
        "address-leading": f"{leading:.3f}pt",
        "address-top": f"{top:.4f}mm",
    }
    numbers |= _typeset(manuscript)
    body = "".join(f"--{name.replace('_', '-')}:{value};" for name, value in numbers.items())
    return f":root{{{body}}}\n" + "".join(_other_languages(manuscript))


_NO_VARIABLE = "give it a number in [lengths] of layout.toml, or delete the rule"


def unknown_variables(manuscript: Manuscript) -> tuple[Finding, ...]:
    """Find CSS variables that nobody gives: the layout engine would leave out what they are for.

    Those of any form will do, and those that the style sheet or the template gives itself; what is
    used with a value to fall back on is meant to be missing at times.
    """
    layout = manuscript.layout
    style = _style(layout)
    given = "".join(variables(manuscript, form.name, 1) for form in layout.forms)
    known = {*re.findall(r"--([\w-]+)\s*:", given + style + layout.folder.read_text(TEMPLATE_FILE))}
    first: dict[str, int] = {}
    for used in re.finditer(r"var\(\s*--([\w-]+)\s*\)", style):
        first.setdefault(used[1], used.start())
    return tuple(
        finding(
            "layout-fault",
            f"the style sheet uses 'var(--{name})', which nobody gives",
            Place(file=layout.folder.label(STYLE_FILE), line=style.count("\n", 0, at) + 1),
            cure=f"did you mean '{close}'? else {_NO_VARIABLE}"
            if (close := nearest(name, sorted(known)))
            else _NO_VARIABLE,
        )
        for name, at in first.items()
        if name not in known
    )


def unsafe_floats(layout: Layout) -> tuple[Finding, ...]:
    """Find floats by the direction of text: beside a word in one line WeasyPrint 70 fails at them.

    (`float_widths` of its `layout.inline` knows left and right alone.)
    """
    style = _style(layout)
    return tuple(
        finding(
            "layout-fault",
            f"the layout engine may fail at '{used[0]}'",
            Place(
                file=layout.folder.label(STYLE_FILE), line=style.count("\n", 0, used.start()) + 1
            ),
            cure=f"write 'float: var(--{used[1]})'",
        )
        for used in re.finditer(r"\bfloat\s*:\s*inline-(start|end)\b", style)
    )


def _style(layout: Layout) -> str:
    """The style sheet, with its lines as they are, without what its comments say."""
    style = layout.folder.read_text(STYLE_FILE)
    return re.sub(r"/\*.*?\*/", _blank, style, flags=re.DOTALL)


def _blank(comment: re.Match[str]) -> str:
    """A comment's lines without its words."""
    return "\n" * comment[0].count("\n")


def _typeset(manuscript: Manuscript) -> dict[str, str]:
    """How the language of the pages is set."""
    setting = typography(manuscript.key.language)
    opened, closed = setting.quotes
    from_left = direction(manuscript.key.language) == "ltr"
    return {
        # For floats: the layout engine may fail at 'inline-start' and 'inline-end'.
        "start": "left" if from_left else "right",
        "end": "right" if from_left else "left",
        **_stack_variables(manuscript, manuscript.key.language),
        "leading": f"{setting.leading:g}",
        "slant": "normal" if setting.plain else "italic",
        "stress": "700" if setting.plain else "inherit",
        "capitals": "none" if setting.plain else "uppercase",
        "spacing": "0" if setting.plain else "1",
        "hyphens": "auto" if setting.hyphens else "manual",
        "quotes": f'"{opened}" "{closed}"',
        "quote-hang": f"{manuscript.quote_hang:.3f}em",
    }


def _other_languages(manuscript: Manuscript) -> Iterator[str]:
    """Rules for what is in another language than the page."""
    for tag in (*manuscript.tags[1:], UNKNOWN_LANGUAGE):
        setting = typography(tag)
        numbers = {
            **_stack_variables(manuscript, tag),
            "leading": f"{setting.leading:g}",
            "slant": "normal" if setting.plain else "italic",
            "stress": "700" if setting.plain else "inherit",
        }
        body = "".join(f"--{name}:{value};" for name, value in numbers.items())
        yield f'[lang="{html_tag(tag)}"]{{{body}}}\n'
    for tag in manuscript.tags:
        if widen := typography(tag).widen:
            inside = f'[lang="{html_tag(tag)}"] '
            which = f'{inside}bdi[dir="ltr"],{inside}[dir="ltr"]:not([lang])'
            yield f"{which}{{word-spacing:{widen:g}em}}\n"


def _stack_variables(manuscript: Manuscript, tag: str) -> dict[str, str]:
    """The fonts of a language by the families of the layout: `--noto-serif` for "Noto Serif"."""
    return {family.lower().replace(" ", "-"): stack for family, stack in stacks(manuscript, tag)}


def _values(manuscript: Manuscript, form: str) -> Mapping[str, Any]:
    """What a template is given; fields that the form leaves out are empty."""
    action, text, key = manuscript.action, manuscript.text, manuscript.key
    geometry = manuscript.geometry
    tag, words = key.language, manuscript.words
    online = action.online
    values: dict[str, Any] = {
        "$words": dict(words),
        "repeats": _times(geometry, form),
        "lengths": dict(dict(geometry.numbers)[form]),
        "$slots": [slot.name for slot in geometry.slots],
        "lang": html_tag(tag),
        "direction": direction(tag),
        "language": name_in(tag, tag),
        # Of what action.yaml says in words, where that is not the page's own language.
        "source_lang": "" if action.source_language == tag else html_tag(action.source_language),
        "form": form,
        "paper": key.paper,
        "press": key.edition == "press",
        "bleeds": key.bleeds,
        "window": {
            "name": geometry.window.name,
            "title": geometry.window.title,
            "plain": geometry.window.plain,
            "verified": geometry.window.verified,
            "folds": len(geometry.folds),
            "envelope": _envelope_words(geometry, words),
        },
        "title": text.title.text,
        "summary": text.summary.text if text.summary else "",
        "briefing": _html(text.briefing),
        "brief": _blocks_html(_brief(text)),
        "plain": _html(text.plain or text.briefing),
        "discuss": _html(text.discuss) if text.discuss else "",
        "teacher": _html(text.teacher) if text.teacher else "",
        "ask": _html(text.ask),
        "ask_line": _blocks_html(_ask_line(text)),
        "open_ask": _blocks_html(_ask_line(text)) if action.safety.is_open else "",
        "quote": _quote(text),
        "people": {"$html": listed(tuple(map(isolated, _names(action))), tag)}
        if action.people
        else "",
        "recipients": to.text if (to := _recipients(manuscript)) else "",
        "languages": _languages(action, tag),
        "online": online.text if online else "",
        "online_printed": printed(online.text) if online else "",
        "reference": action.reference.text if action.reference else "",
        "issued": long_date(action.issued, tag),
        "issued_iso": action.issued.isoformat(),
        "act_by": long_date(action.act_by, tag) if action.act_by else "",
        "edition": action.edition,
        "credit": action.credit.text,
        "sender": action.sender,
        "safety_notes": safety.text if (safety := _safety(manuscript)) else "",
        "draft": key.draft,
        "copies": [copy.text for copy in _copies(action, key, manuscript.line_language)],
        "images": [
            {
                "src": photo.src,
                "alt": photo.alt,
                "credit": photo.credit.text if photo.credit else "",
                "width_mm": photo.size.width,
                "height_mm": photo.size.height,
            }
            for photo in manuscript.photos
        ],
        "targets": [_target(addressee, manuscript) for addressee in manuscript.addressees],
    }
    left_out = next(one.leaves_out for one in manuscript.layout.forms if one.name == form)
    for name in left_out:
        _empty(values, name)
    return values


def _empty(values: dict[str, Any], field: str) -> None:
    """Take what a layout prints as `field` out of what its template is given."""
    if field == "quote_by" and values["quote"]:
        values["quote"] = {**values["quote"], "by": ""}
    elif field == "picture_credit":
        values["images"] = [{**image, "credit": ""} for image in values["images"]]
    elif field == "safety":
        values["safety_notes"] = ""
    elif field != "quote_by":
        values[field] = ""


# What is said on the half that is kept where the case asks for it.
NAME_NOBODY = "Do not name any organisation, on the envelope either."
NO_RELIGION = "Write nothing about religion."
FOR_HELPERS = "Whoever helps at the stall reads this out before handing out a letter."


def _safety(manuscript: Manuscript) -> Written | None:
    """What whoever writes must know first, as one text; None where the case asks for nothing."""
    safety, text, words = manuscript.action.safety, manuscript.text, manuscript.words
    written = [one for one in (text.never_write_if, text.safety_notes) if one]
    rules = [
        words.get(said, said)
        for said, asked in ((NAME_NOBODY, safety.unnamed), (NO_RELIGION, not safety.religion))
        if asked
    ]
    if not written and not rules:
        return None
    # A layout with a page for teachers is for schools, where there is no stall.
    if (text.never_write_if or rules) and "teacher" not in manuscript.layout.prints:
        rules.append(words.get(FOR_HELPERS, FOR_HELPERS))
    place = written[0].place if written else Place(file=manuscript.action.file)
    return Written(" ".join((*(one.text for one in written), *rules)), place)


def _copies(action: Action, key: VariantKey, language: str) -> tuple[Written, ...]:
    """Second addressees for whoever writes from the sender's country, each on one line."""
    return tuple(
        Written(
            ", ".join(postal_lines(copy.lines, copy.country, key.sender_country, language)),
            copy.lines[0].place,
        )
        for copy in action.copies
        if copy.sender_country == key.sender_country and not copy.id
    )


def _target(addressee: Addressee, manuscript: Manuscript) -> dict[str, Any]:
    target, tag = addressee.target, manuscript.key.language
    written = manuscript.letter_to(target)
    salutation, closing = written.salutation.get(target.id), written.closing.get(target.id)
    foreign = written.tag != manuscript.text.tag
    postal = _postal(target)
    return {
        "id": target.id,
        "name": target.name,
        "lines": addressee.lines,
        "address_lang": html_tag(language_of(postal, target.languages) or UNKNOWN_LANGUAGE),
        "address_direction": own_direction(postal),
        "country": country_name(target.country, tag),
        "channels": _channels(target),
        "salutation": salutation.text if salutation else "",
        "closing": closing.text if closing else "",
        "letter": _html(written.letter, headings=False),
        "card": _html(_message(written, manuscript.text, manuscript.layout)[0], headings=False),
        "lang": html_tag(written.tag),
        "direction": direction(written.tag),
        "letter_language": name_in(written.tag, tag),
        "reading": [
            {"said": _blocks_html(row.said), "meaning": _blocks_html(row.meaning)}
            for row in (
                _reading(target, written, manuscript.text, manuscript.layout) if foreign else ()
            )
        ],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A part of the letter as it is posted, and the same in the language of the pack."""

    said: tuple[Block, ...]
    meaning: tuple[Block, ...]


def _message(written: Text, text: Text, layout: Layout) -> tuple[Written, Written]:
    """What is posted, and the same in the language of the pack.

    On a card it is the short letter, where both languages have one.
    """
    if layout.prints_cards and written.card and text.card:
        return written.card, text.card
    return written.letter, text.letter


def _brief(text: Text) -> tuple[Block, ...]:
    """The beginning of the briefing: so many paragraphs that they say something."""
    taken: list[Block] = []
    for block in read_markup(text.briefing.text):
        if taken and (len(printed_plain(tuple(taken))) >= _LEAST_BRIEF or block.kind == "heading"):
            break
        taken.append(block)
    return tuple(taken)


def _reading(target: Target, written: Text, text: Text, layout: Layout) -> tuple[_Said, ...]:
    """A letter paragraph by paragraph with what each says, so that people know what they sign.

    Where the two have not as many paragraphs, the letters stand side by side as wholes.
    """

    def line(of: PerTarget) -> tuple[Block, ...]:
        found = of.get(target.id)
        return (as_typed(found.text),) if found else ()

    said, meaning = (read_markup(one.text) for one in _message(written, text, layout))
    pairs = [((one,), (other,)) for one, other in zip(said, meaning, strict=False)]
    return (
        _Said(said=line(written.salutation), meaning=line(text.salutation)),
        *(
            _Said(said=one, meaning=other)
            for one, other in (pairs if len(said) == len(meaning) else [(said, meaning)])
        ),
        _Said(said=line(written.closing), meaning=line(text.closing)),
    )


def _channels(target: Target) -> list[str]:
    """How else the target is reached: for the half that is kept, never for the envelope."""
    return [written.text for written in (target.fax, target.email) if written]


def _people(action: Action, tag: str) -> Written | None:
    """Whom the action is for, with their pronouns, on one line."""
    if not action.people:
        return None
    return Written(listed(_names(action), tag), action.people[0].name.place)


def _names(action: Action) -> tuple[str, ...]:
    return tuple(
        f"{person.name.text} ({_unbroken(person.pronoun.text)})"
        if person.pronoun
        else person.name.text
        for person in action.people
    )


def _ask_line(text: Text) -> tuple[Block, ...]:
    """The first paragraph of what is asked for; all of it where that only announces what follows.

    No sentence is looked for inside a paragraph: "Write to Dr. Xi" must not end at its first point.
    """
    blocks = read_markup(text.ask.text)
    said = printed_plain(blocks[:1]).rstrip()
    alone = blocks[0].kind == "paragraph" and said[-1:] not in _ANNOUNCES
    return blocks[:1] if alone else blocks


def _languages(action: Action, tag: str) -> list[str]:
    """The languages that an action can be handed out in, as they are called in one of them."""
    return [name_in(one, tag) for one in action.languages]


def _in_lines(lines: list[str], action: Action) -> Written:
    return Written("\n".join(lines), Place(file=action.file))


def _recipients(manuscript: Manuscript) -> Written | None:
    """Everybody who is written to, by name, on one line."""
    of_the_case = {target.id for target in manuscript.action.targets}
    targets = [one.target for one in manuscript.addressees if one.target.id in of_the_case]
    if not targets:
        return None
    names = tuple(target.name for target in targets)
    return Written(listed(names, manuscript.key.language), targets[0].place)


def _unbroken(words: str) -> str:
    """Words that no line may break: "she/her"."""
    return words.replace(" ", "\u00a0").replace("/", "/\u2060")


def _quote(text: Text) -> dict[str, Any] | None:
    if text.quote is None:
        return None
    words = text.quote.text.text
    return {
        "text": words,
        "by": text.quote.by.text if text.quote.by else "",
        # A quote that brings its own marks gets none from the style sheet.
        "marked": words[:1] not in "“”„«»‘‚\"'「『",
    }


def _envelope_words(geometry: Geometry, words: Mapping[str, str]) -> str:
    envelope = geometry.envelope
    size = f"{envelope.width:.0f} × {envelope.height:.0f} mm".replace(" ", "\u00a0")
    return f"{words.get(geometry.window.title, geometry.window.title)}, {size}"


def _html(written: Written, *, headings: bool = True) -> dict[str, str]:
    """Markdown for a template."""
    return _blocks_html(read_markup(written.text), headings=headings)


def _blocks_html(blocks: tuple[Block, ...], *, headings: bool = False) -> dict[str, str]:
    """Blocks for a template, marked as what must not be escaped again."""
    return {"$html": to_html(blocks, headings=headings)}
