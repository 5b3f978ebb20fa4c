"""A layout's folder into its numbers: layout × paper × window.

`layout.toml` is the one place for a design's lengths, panels, type sizes and slots; folds and
windows come from `postal`. A length is a number of millimetres or an expression over names that
stand above it: those of `[lengths]`, and

    width height safe     the sheet, and how near its edges ink may come
    bleed edge            how far the design runs off the page: 0 but for a press; and how far from
                          the page's edge what bleeds ends: `safe`, or for a press less than nothing
    fold second_fold      on which the address half stands in its envelope; that of a whole sheet
                          (the sheet's own foot where one fold is enough)
    tear                  where the sheet is torn
    large_print           1 in large print, else 0
    right_window          1 where the window is on the right of the envelope, else 0
    visible_left …_top …_right …_bottom     what the window shows at every slide
    exposed_left …_top …_right …_bottom     what it can show at any slide

with + - * / ( ) min( ) max( ) floor( ) and where(a, b, c): b unless a is 0, else c. A form may have
lengths of its own, which stand in place of those of the same name. The format is described in
`docs/layouts.md`.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from html.parser import HTMLParser
from typing import Literal

from actionpack.diagnostics import Finding, Place, Rejected, UsageFault, finding
from actionpack.enclosure import Enclosure, enclose, flat, windows_for
from actionpack.geometry import EPSILON_MM, Box, Size
from actionpack.imposition import ONE_UP, SCHEMES, known_scheme
from actionpack.model import (
    EDGES,
    EVERY_FIELD,
    FORM_ASKS,
    LARGE_PRINT,
    LAYOUT_FILE,
    OF_TARGETS,
    PRINTED,
    TEMPLATE_FILE,
    VARIANTS,
    AddressStyle,
    Edge,
    Edition,
    Form,
    Geometry,
    ImposeRow,
    Layout,
    LineRow,
    OnOthers,
    PanelRow,
    PieceRow,
    Slot,
    SlotRow,
)
from actionpack.paper import sheets, stocks
from actionpack.piece import Line, Panel, Piece, Zone, fits
from actionpack.postal import (
    FOLD_TOLERANCE_MM,
    TEAR_TOLERANCE_MM,
    AddressZone,
    ClearZone,
    Handling,
    card_size_for,
    clear_zones,
    zones_for,
)
from actionpack.source import Fields, Written, did_you_mean, read_toml
from actionpack.store import Jail

# Marks of the press begin there, mm outside the page, or at the end of the bleed.
MOST_BLEED_MM = 6.0
# What a zone is for in which posts look for the address.
_READING = "address"
# The lengths that say how much room a picture has.
_ROOM_OF_PICTURES = ("photo_width", "photo_height")

# ------------------------------------------------------------------------------------- reading


def layout_names(shelves: tuple[Jail, ...]) -> tuple[str, ...]:
    """Every layout on the shelves, sorted."""
    return tuple(
        sorted(
            {
                name
                for shelf in shelves
                for name in shelf.names()
                if (shelf.root / name / LAYOUT_FILE).is_file()
            }
        )
    )


def layouts_for(
    shelves: tuple[Jail, ...], paper: str | None, variants: tuple[str, ...] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The layouts that are made for a paper and can be printed as `variants`, and all others.

    A faulty one counts as made for it, so that its faults are told when it is built.
    """
    names = layout_names(shelves)
    unfit = [name for name in names if not _is_for(shelves, name, paper, variants)]
    return tuple(name for name in names if name not in unfit), tuple(unfit)


def shared_out(
    shelves: tuple[Jail, ...],
    names: tuple[str, ...],
    settings: tuple[tuple[str, str], ...],
    window: str | None,
) -> tuple[tuple[str, tuple[tuple[str, str], ...], str | None], ...]:
    """Give each of several layouts the settings and the window that are for it.

    What is for none of them goes to all, which then refuse it; and so does everything to a layout
    that stands alone, or that cannot be read.
    """
    known: dict[str, Layout] = {}
    for name in names:
        with suppress(Rejected):
            known[name] = read_layout(find_layout(shelves, name))
    if len(known) < max(2, len(names)):
        return tuple((name, settings, window) for name in names)
    fields = {field for layout in known.values() for field in layout.fields}
    anyone = not any(layout.enclosed for layout in known.values())
    return tuple(
        (
            name,
            tuple(one for one in settings if one[0] in layout.fields or one[0] not in fields),
            window if layout.enclosed or anyone else None,
        )
        for name, layout in known.items()
    )


def _is_for(
    shelves: tuple[Jail, ...], name: str, paper: str | None, variants: tuple[str, ...]
) -> bool:
    try:
        layout = read_layout(find_layout(shelves, name))
    except Rejected:
        return True
    papers = layout.printed_as(variants).papers
    return paper in (None, *papers) and set(variants) <= set(layout.takes)


def find_layout(shelves: tuple[Jail, ...], name: str) -> Jail:
    """The folder of a layout: the first shelf that has it wins; raises UsageFault for none."""
    names = layout_names(shelves)
    if name not in names:
        raise UsageFault(
            finding("missing-file", f"there is no layout '{name}'", cure=did_you_mean(name, names))
        )
    return next(
        shelf.inner(name) for shelf in shelves if (shelf.root / name / LAYOUT_FILE).is_file()
    )


def read_layout(folder: Jail) -> Layout:
    """Read `layout.toml`; raises Rejected with everything that is wrong in it."""
    fields = _fields_of(folder)
    layout = _layout_in(fields, folder)
    if fields.faults:
        raise Rejected(*fields.faults)
    return layout


def asked_of_layout(folder: Jail) -> Fields:
    """What is asked for in a `layout.toml`; raises Rejected when it is no TOML."""
    fields = _fields_of(folder)
    _layout_in(fields, folder)
    return fields


def _fields_of(folder: Jail) -> Fields:
    return Fields(read_toml(folder.read_text(LAYOUT_FILE), folder.label(LAYOUT_FILE)), [])


def _layout_in(fields: Fields, folder: Jail) -> Layout:
    lengths = fields.inner("lengths")
    address = fields.inner("address")
    pieces = fields.tables("piece")
    form_rows = fields.tables("form")
    forms = tuple(map(_form, form_rows))
    named = tuple(form.name for form in forms)
    layout = Layout(
        name=folder.root.name,
        title=fields.text("title"),
        folder=folder,
        duplex=_flag(fields, "duplex"),
        enclosed=fields.choice("enclosed", ("true", "false")) != "false",
        repeats=tuple(_lengths(repeats)) if (repeats := fields.inner("repeats")) else (),
        each_target=fields.texts("each_target", sorted(PRINTED | {EVERY_FIELD})),
        pictures=fields.whole("pictures"),
        landscape=_flag(fields, "landscape"),
        multiple_of=fields.whole("multiple_of") or 1,
        closer=fields.whole("closer") or 0,
        papers=_papers(fields),
        safe_mm=fields.number("safe") or 0,
        bleed_mm=_bleed(fields),
        families=fields.texts("families"),
        prints=fields.texts("prints", sorted(PRINTED)),
        lengths=() if lengths is None else tuple(_lengths(lengths)),
        forms=forms,
        address=_address(address),
        pieces=tuple(_piece(row, named) for row in pieces),
        slots=tuple(_slot(row) for row in fields.tables("slot")),
        impose=_impose(fields.inner("impose")),
        variants=_known(fields, "variants", VARIANTS),
        unchanged=_known(fields, "unchanged", VARIANTS),
        no_large_print=fields.optional_text("no_large_print") or "",
        large_print=_on_others(fields.inner("large_print")),
    )
    fields.done()
    if layout.large_print is not None and LARGE_PRINT not in layout.variants:
        told = f"there is a table 'large_print', and 'variants' does not name '{LARGE_PRINT}'"
        cure = f"add '{LARGE_PRINT}' to 'variants', or delete the table"
        fields.fault("layout-fault", told, fields.place("large_print"), cure)
    if address is None and layout.prints_addresses:
        told, cure = (
            "'address' is missing",
            "write it, or take 'address' and 'label' out of 'prints'",
        )
        fields.fault("missing-field", told, fields.table.place, cure)
    for key, known in (("prints", PRINTED), ("each_target", PRINTED | {EVERY_FIELD})):
        for name in fields.texts(key, sorted(known)):
            if name not in known:
                # What is misspelt here would be looked for nowhere.
                fields.fault(
                    "bad-value",
                    f"'{key}' names '{name}', which nobody can print",
                    fields.place(key),
                    did_you_mean(name, known),
                )
    if "images" in layout.prints:
        _pictures_have_all(fields, layout)
    _backs_have_fronts(pieces, layout)
    _forms_are_told_apart(form_rows, layout)
    _what_bleeds_has_a_bleed(fields, pieces, layout)
    return layout


def _papers(row: Fields) -> tuple[str, ...]:
    """What is printed on, of which there must be some, and each must be known."""
    names = row.texts("papers", stocks())
    row.asked["papers"].required = True
    if not names:
        told = f"'{row.where}papers' names no paper"
        row.fault("missing-field", told, row.place("papers"))
    for name in names:
        if name not in stocks():
            cure = did_you_mean(name, stocks())
            row.fault("bad-value", f"'{name}' is no paper", row.place("papers"), cure)
    return names


def _on_others(row: Fields | None) -> OnOthers | None:
    if row is None:
        return None
    on_others = OnOthers(papers=_papers(row), impose=_impose(row.inner("impose")))
    row.done()
    return on_others


def _pictures_have_all(fields: Fields, layout: Layout) -> None:
    """What a layout with pictures must have besides: nobody would miss it on the paper."""
    if "picture_credit" not in layout.prints:
        told = "'prints' names 'images' without 'picture_credit': pictures would lose their credits"
        cure = "add 'picture_credit', and print it beside each picture"
        fields.fault("missing-field", told, fields.place("prints"), cure)
    lacking = set(_ROOM_OF_PICTURES) - {name for name, _ in layout.lengths}
    for name in sorted(lacking):
        told = f"'lengths' has no '{name}', and 'prints' names 'images'"
        cure = f"write how much room a picture has, mm: {name} = 60"
        fields.fault("missing-field", told, fields.place("prints"), cure)


def _forms_are_told_apart(rows: tuple[Fields, ...], layout: Layout) -> None:
    """A form is known by its name, and leaves out only what would be printed."""
    met: set[str] = set()
    for row, form in zip(rows, layout.forms, strict=True):
        if form.name in met:
            told = f"two forms have the name '{form.name}'"
            row.fault("bad-value", told, row.place("name"), "give each a name of its own")
        met.add(form.name)
        for name in form.leaves_out:
            if name in PRINTED and name not in layout.prints:
                told = f"'{row.where}leaves_out' names '{name}', which 'prints' does not"
                cure = did_you_mean(name, layout.prints)
                row.fault("bad-value", told, row.place("leaves_out"), cure)


def _what_bleeds_has_a_bleed(fields: Fields, rows: tuple[Fields, ...], layout: Layout) -> None:
    """Neither of the two keys does anything without the other."""
    bleeding = [row for row, piece in zip(rows, layout.pieces, strict=True) if piece.bleeds]
    if layout.bleed_mm and not bleeding:
        told = f"'bleed' is {layout.bleed_mm:g} mm, and no piece names the edges that bleed"
        cure = 'write bleeds = ["top"], or which edges they are, into a [[piece]]'
        fields.fault("missing-field", told, fields.place("bleed"), cure)
    for row in bleeding if not layout.bleed_mm else ():
        told = "'piece.bleeds' names edges, and the layout has no 'bleed'"
        cure = "write bleed = 3 above all tables: how far it runs off, mm"
        row.fault("missing-field", told, row.place("bleeds"), cure)


def _backs_have_fronts(rows: tuple[Fields, ...], layout: Layout) -> None:
    """What goes on on its back must be there, and both sides of the sheet be printed."""
    names = [piece.name for piece in layout.pieces]
    for row, piece in zip(rows, layout.pieces, strict=True):
        if piece.back_of and piece.back_of not in names:
            told = f"'{row.where}back_of' names the piece '{piece.back_of}', which is not there"
            cure = did_you_mean(piece.back_of, names)
            row.fault("bad-value", told, row.place("back_of"), cure)
        if piece.back_of and not layout.duplex:
            told = f"'{piece.name}' is the back of a piece, and only fronts are printed"
            row.fault("layout-fault", told, row.place("back_of"), "write duplex = true")


def _impose(row: Fields | None) -> ImposeRow | None:
    if row is None:
        return None
    scheme = row.parsed("scheme", known_scheme, f"a scheme such as {', '.join(SCHEMES)}")
    if not row.has("scheme"):
        row.fault("missing-field", f"'{row.where}scheme' is missing", row.table.place)
    pages = row.inner("pages")
    imposed = ImposeRow(
        scheme=scheme or ONE_UP,
        pages=() if pages is None else tuple(_pages(pages)),
        gutter_mm=row.number("gutter") or 0.0,
        back_cover=_flag(row, "back_cover"),
    )
    row.done()
    return imposed


def _pages(row: Fields) -> Iterator[tuple[str, str]]:
    """The page's paper by the paper that is printed on."""
    for entry in row.table.entries:
        page = row.choice(entry.key, sheets())
        if entry.key not in sheets():
            cure = did_you_mean(entry.key, sheets())
            row.fault("bad-value", f"'{entry.key}' is no paper", row.place(entry.key), cure)
        elif page is not None:
            yield entry.key, page


def _lengths(row: Fields) -> list[tuple[str, Written]]:
    return [(entry.key, _length(row, entry.key)) for entry in row.table.entries]


def _length(row: Fields, key: str) -> Written:
    return Written(row.text(key) or "0", row.place(key))


def _sizes(row: Fields, key: str) -> tuple[float, ...]:
    sizes = []
    for item in row.scalars(key):
        try:
            sizes.append(float(item.text))
        except ValueError:
            row.fault("bad-value", f"'{item.text}' is no size in points", item.place)
    row.asked[key].required = True
    if not sizes:
        row.fault("missing-field", f"'{row.where}{key}' is missing", row.table.place)
    return tuple(sizes) or (10.0,)


def _form(row: Fields) -> Form:
    lengths = row.inner("lengths")
    form = Form(
        name=row.text("name"),
        sizes=_sizes(row, "letter_sizes"),
        lengths=tuple(_lengths(lengths)) if lengths else (),
        needs=_known(row, "needs", FORM_ASKS),
        lacks=_known(row, "lacks", FORM_ASKS),
        leaves_out=_known(row, "leaves_out", tuple(sorted(PRINTED - OF_TARGETS))),
    )
    row.done()
    return form


def _known(row: Fields, key: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Names that must be among those that are known."""
    # Those of forms are a layout's own.
    names = row.texts(key, known if key != "forms" else ())
    for name in names:
        if name not in known:
            told = f"'{row.where}{key}' names '{name}'"
            row.fault("bad-value", told, row.place(key), did_you_mean(name, known))
    return names


def _address(row: Fields | None) -> AddressStyle:
    if row is None:
        return AddressStyle(family="", sizes=(10.0,), leading=1.2)
    style = AddressStyle(
        family=row.text("family"),
        sizes=_sizes(row, "sizes"),
        leading=row.number("leading") or 1.2,
        edges=_edges(row),
    )
    row.done()
    return style


def _edges(row: Fields) -> tuple[Written, Written, Written, Written] | None:
    if row.optional_text("left") is None:
        return None
    left, top, right, bottom = (_length(row, key) for key in ("left", "top", "right", "bottom"))
    return left, top, right, bottom


def _bleed(fields: Fields) -> float:
    """How far the design runs off the page, mm; no more than stands free round the page."""
    bleed = fields.number("bleed") or 0.0
    if not 0 <= bleed <= MOST_BLEED_MM:
        told = f"'bleed' is {bleed:g} mm, and a press takes from 0 to {MOST_BLEED_MM:g} mm"
        fields.fault("bad-value", told, fields.place("bleed"), "write 3, as most print shops want")
        return 0.0
    return bleed


def _bleeds(row: Fields) -> tuple[Edge, ...]:
    """The edges that a piece bleeds off."""
    named = row.texts("bleeds", EDGES)
    for one in named:
        if one not in EDGES:
            told = f"'{one}' is no edge of a page"
            row.fault("bad-value", told, row.place("bleeds"), did_you_mean(one, EDGES))
    return tuple(edge for edge in EDGES if edge in named)


def _flag(row: Fields, key: str) -> bool:
    return row.choice(key, ("true", "false")) == "true"


def _piece(row: Fields, forms: tuple[str, ...]) -> PieceRow:
    piece = PieceRow(
        name=row.text("name"),
        forms=_known(row, "forms", forms),
        posted=_flag(row, "posted"),
        blank_back=_flag(row, "blank_back"),
        mailer=_flag(row, "mailer"),
        cuts=tuple(_cut(line, forms) for line in row.tables("cut")),
        folds=tuple(_fold(line, forms) for line in row.tables("fold")),
        panels=tuple(_panel(panel, forms) for panel in row.tables("panel")),
        clear=tuple(_clear(row)),
        bleeds=_bleeds(row),
        back_of=row.optional_text("back_of") or "",
    )
    row.done()
    return piece


def _clear(row: Fields) -> Iterator[str]:
    """The names of the clear zones that a piece keeps free, each of which must be known."""
    for zone in row.scalars("clear"):
        if zone.text in clear_zones():
            yield zone.text
        else:
            row.fault(
                "bad-value",
                f"'{zone.text}' is no clear zone",
                zone.place,
                did_you_mean(zone.text, clear_zones()),
            )


def _cut(row: Fields, forms: tuple[str, ...]) -> LineRow:
    cut = LineRow(name=row.text("name"), forms=_known(row, "forms", forms), at=_length(row, "at"))
    row.done()
    return cut


def _fold(row: Fields, forms: tuple[str, ...]) -> LineRow:
    fold = LineRow(
        name=row.text("name"),
        forms=_known(row, "forms", forms),
        at=_length(row, "at"),
        moves="above" if row.choice("moves", ("above", "below")) == "above" else "below",
    )
    row.done()
    return fold


def _panel(row: Fields, forms: tuple[str, ...]) -> PanelRow:
    panel = PanelRow(
        name=row.text("name"),
        forms=_known(row, "forms", forms),
        left=_length(row, "left"),
        top=_length(row, "top"),
        right=_length(row, "right"),
        bottom=_length(row, "bottom"),
        posted=_flag(row, "posted"),
    )
    row.done()
    return panel


def _slot(row: Fields) -> SlotRow:
    kind: Literal["text", "code"] = (
        "code" if row.choice("kind", ("text", "code")) == "code" else "text"
    )
    name = row.text("name")
    width = _length(row, "width")
    slot = Slot(
        name=name,
        field=row.optional_text("field") or name,
        kind=kind,
        size=Size(0, 0),
        family=row.optional_text("family") or "",
        weight=int(row.number("weight") or 400),
        sizes=_sizes(row, "sizes") if kind == "text" else (),
        leading=row.number("leading") or 1.25,
        lines=row.whole("lines") or 1,
        rules=_flag(row, "rules"),
    )
    height = width if kind == "code" else _length(row, "height")
    far = row.optional_text("reading_distance") is not None
    reading = _length(row, "reading_distance") if far else None
    large = _sizes(row, "large_sizes") if row.has("large_sizes") else ()
    row.done()
    return SlotRow(slot=slot, width=width, height=height, reading=reading, large_sizes=large)


# ----------------------------------------------------------------------------------- resolving


def resolve(
    layout: Layout,
    paper: str,
    window_name: str,
    edition: Edition = "home",
    *,
    large_print: bool = False,
) -> Geometry:
    """Give every length of a layout its number; raises Rejected when these do not go together.

    `paper` is what is printed on; the numbers are those of the layout's page on it. The layout is
    that which is `printed_as` what is asked for.
    """
    if paper not in layout.papers:
        so = " in large print" if large_print and layout.large_print else ""
        raise Rejected(
            finding(
                "bad-value",
                f"layout '{layout.name}' is not made for {stocks()[paper].title}{so}",
                cure=f"it is made for: {', '.join(layout.papers)}",
            )
        )
    page = layout.page_on(paper)
    if layout.enclosed and not windows_of(layout, paper):
        raise Rejected(
            finding(
                "layout-fault",
                f"layout '{layout.name}' goes into an envelope with a window, and there is none "
                f"for a page of {stocks()[page].title}",
                Place(file=layout.folder.label(LAYOUT_FILE)),
                cure="write enclosed = false, or name other papers",
            )
        )
    enclosure = (
        enclose(page, window_name) if layout.enclosed else flat(page, landscape=layout.landscape)
    )
    sheet = enclosure.sheet
    names = {"width": sheet.width, "height": sheet.height, "safe": layout.safe_mm}
    pressed = edition == "press"
    names["bleed"] = layout.bleed_mm if pressed else 0.0
    names["edge"] = -layout.bleed_mm if pressed else layout.safe_mm
    names["large_print"] = float(large_print)
    if enclosure.handling is not None:
        names |= _names_of(enclosure, enclosure.handling)
    numbers = {form.name: _numbers(form, layout, names) for form in layout.forms}
    if "images" in layout.prints and (unlike := tuple(_measured_otherwise(layout, numbers))):
        raise Rejected(*unlike)
    pieces = tuple(
        (
            form,
            tuple(
                _resolved(row, form, lengths, sheet, goes_on=row.name in layout.backs_in(form))
                for row in layout.pieces
                if row.is_in(form)
            ),
        )
        for form, lengths in numbers.items()
    )
    # What does not differ from form to form is measured by the first.
    first = next(iter(numbers.values()), names)
    for piece in (piece for _, group in pieces for piece in group):
        if not fits(piece, enclosure.envelope):
            raise Rejected(
                finding(
                    "layout-fault",
                    f"piece '{piece.name}' does not go into '{window_name}' when folded",
                    Place(file=layout.folder.label(LAYOUT_FILE)),
                )
            )
    return Geometry(
        paper=page,
        sheet=sheet,
        window=enclosure.window,
        folds=enclosure.folds,
        envelope=enclosure.envelope,
        hole=enclosure.hole,
        visible=enclosure.visible,
        exposed=enclosure.exposed,
        address=_address_box(layout.address, enclosure.visible, first),
        numbers=tuple((form, tuple(lengths.items())) for form, lengths in numbers.items()),
        repeats=tuple(
            (form, tuple((name, _times(name, of, lengths)) for name, of in layout.repeats))
            for form, lengths in numbers.items()
        ),
        pieces=pieces,
        slots=tuple(
            replace(
                row.slot,
                size=Size(evaluate(row.width, first), evaluate(row.height, first)),
                reading_mm=evaluate(row.reading, first) if row.reading else 0.0,
                sizes=row.large_sizes if large_print and row.large_sizes else row.slot.sizes,
            )
            for row in layout.slots
        ),
    )


def _numbers(form: Form, layout: Layout, given: Mapping[str, float]) -> dict[str, float]:
    """Every length in a form, by its name: its own before those of the layout."""
    names = dict(given)
    for name, length in form.lengths:
        names[name] = evaluate(length, names)
    own = dict(form.lengths)
    for name, length in layout.lengths:
        if name not in own:
            names[name] = evaluate(length, names, below=dict(layout.lengths))
    return names


def _measured_otherwise(
    layout: Layout, numbers: Mapping[str, Mapping[str, float]]
) -> Iterator[Finding]:
    """Pictures are made for the room that the first form has: what later ones say is of no use."""
    written = dict(layout.lengths)
    first = next(iter(numbers.values()), {})
    for form in layout.forms[1:]:
        if "images" in form.leaves_out or "pictures" in form.lacks:
            continue
        own = dict(form.lengths)
        for name in _ROOM_OF_PICTURES:
            if abs(numbers[form.name][name] - first[name]) > EPSILON_MM:
                told = f"form '{form.name}' changes '{name}', and the first form measures pictures"
                mend = (
                    "write it into the first form"
                    if name in own
                    else "sum it up from what no form changes"
                )
                smaller = "print smaller in the template, as in width:{{ image.width_mm * 0.6 }}mm"
                place = own.get(name, written[name]).place
                yield finding("layout-fault", told, place, cure=f"{mend}; {smaller}")


def _times(name: str, length: Written, names: Mapping[str, float]) -> int:
    """How often a field stands on the paper; raises Rejected when that is no number to count by."""
    times = evaluate(length, names)
    if times != int(times) or times < 1:
        raise Rejected(
            finding(
                "layout-fault",
                f"'{name}' repeats {times:g} times",
                length.place,
                cure="write a whole number, or floor( ) round the sum",
            )
        )
    return int(times)


def windows_of(layout: Layout, paper: str) -> tuple[str, ...]:
    """The windows a layout can be made for on a paper."""
    return windows_for(layout.page_on(paper)) if layout.enclosed else ("none",)


_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
# A call of `slot` with what is in its parentheses, which may hold some of their own.
_PLACE = re.compile(r"\bslot\s*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")


def unplaced_slots(layout: Layout) -> tuple[Finding, ...]:
    """Find slots that the template never names: what is set for them would stand nowhere.

    None is found where the template works a name out: that may be any of them.
    """
    template = _COMMENT.sub("", layout.folder.read_text(TEMPLATE_FILE))
    try:
        placed = {name for call in _PLACE.findall(template) for name in _names_in(call)}
    except (ValueError, SyntaxError):
        return ()
    return tuple(
        finding(
            "layout-fault",
            f"the template has no place for the slot '{name}'",
            Place(file=layout.folder.label(TEMPLATE_FILE)),
            cure=f'write {{{{ slot("{name}") }}}} where it is to stand, or delete the slot',
        )
        for name in (row.slot.name for row in layout.slots)
        if name not in placed
    )


def _names_in(call: str) -> frozenset[str]:
    """The names that a call may have for its argument; raises ValueError or SyntaxError where that
    is worked out, which jinja may write as Python does not."""

    def names(node: ast.AST) -> frozenset[str]:
        match node:
            case ast.Constant(value=str() as name):
                return frozenset({name})
            case ast.IfExp(body=one, orelse=other):
                return names(one) | names(other)
            case ast.Call(args=[argument], keywords=[]):
                return names(argument)
        raise ValueError(f"'{call}' names what it works out")

    return names(ast.parse(call.replace("\n", " "), mode="eval").body)


# What jinja reads of a template. Tags round it are whole without it where a blank is in its place:
# one that nobody writes, so that it holds words apart.
_JINJA = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_APART = "\f"
_WORD = re.compile(r"[^\W\d_]{2}")


def bare_words(layout: Layout) -> tuple[Finding, ...]:
    """Find words of a template that print as they stand, whatever the language of the pages."""

    def apart(one: re.Match[str]) -> str:
        return "\n" * one[0].count("\n") or _APART

    texts = _Texts()
    texts.feed(_JINJA.sub(apart, layout.folder.read_text(TEMPLATE_FILE)))
    texts.close()
    return tuple(
        finding(
            "missing-translation",
            f"'{words.strip()}' is printed as it stands, whatever the language",
            Place(file=layout.folder.label(TEMPLATE_FILE), line=number),
            cure=f"write {{{{ _({literal}) }}}}, or {{{{ {literal} }}}} for a name",
        )
        for first, text in texts.found
        for number, line in enumerate(text.split("\n"), first)
        for words in line.split(_APART)
        if _WORD.search(words)
        for literal in [_in_jinja(words.strip())]
    )


def _in_jinja(words: str) -> str:
    """Words as they are written in jinja, in the marks that they do not hold themselves."""
    mark = "'" if '"' in words else '"'
    return mark + words.replace(mark, f"\\{mark}") + mark


class _Texts(HTMLParser):
    """Collects the text between tags, each with its line, but for style sheets and scripts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []

    def handle_data(self, data: str) -> None:
        # Set while it is inside of one of these two.
        if self.cdata_elem is None:
            self.found.append((self.getpos()[0], data))


# What `_names_of` gives.
_NAMES_OF_WINDOWS = frozenset(
    {"fold", "second_fold", "tear", "right_window"}
    | {
        f"{word}_{edge}"
        for word in ("visible", "exposed")
        for edge in ("left", "top", "right", "bottom")
    }
)


def _names_of(enclosure: Enclosure, handling: Handling) -> dict[str, float]:
    """What a length may use of a window."""
    names = {
        "fold": handling.fold,
        "second_fold": handling.second or enclosure.sheet.height,
        "tear": handling.tear,
        "right_window": float(enclosure.is_right),
    }
    for word, box in (("visible", enclosure.visible), ("exposed", enclosure.exposed)):
        edges = (box.left, box.top, box.right, box.bottom)
        names |= {
            f"{word}_{edge}": at
            for edge, at in zip(("left", "top", "right", "bottom"), edges, strict=True)
        }
    return names


def _address_box(style: AddressStyle, visible: Box, names: Mapping[str, float]) -> Box:
    """Where an address may stand: where the layout says, or where the window always shows it."""
    if style.edges is not None:
        return Box.between(*(evaluate(edge, names) for edge in style.edges))
    left = names.get("address_left", visible.left)
    return Box.between(left, visible.top, visible.right, visible.bottom)


def _in_form(forms: tuple[str, ...], form: str) -> bool:
    """Rows that name no form belong to all of them."""
    return not forms or form in forms


def _resolved(
    row: PieceRow, form: str, names: Mapping[str, float], sheet: Size, *, goes_on: bool
) -> Piece:
    """A piece in a form; `goes_on`: there on its back."""

    def lines(rows: tuple[LineRow, ...], tolerance: float) -> tuple[Line, ...]:
        placed = [
            Line(
                name=line.name,
                at=_on_sheet(line, names, sheet),
                tolerance=tolerance,
                moves=line.moves,
            )
            for line in rows
            if _in_form(line.forms, form)
        ]
        # One at the sheet's own edge is none: a window may want a single fold.
        return tuple(line for line in placed if 0 < line.at < sheet.height)

    piece = Piece(
        name=row.name,
        sheet=sheet,
        # From the top, as strips are counted; folds stay in the order in which they are made.
        cuts=tuple(sorted(lines(row.cuts, TEAR_TOLERANCE_MM), key=lambda cut: cut.at)),
        folds=lines(row.folds, FOLD_TOLERANCE_MM),
        panels=tuple(
            Panel(
                name=panel.name,
                box=Box.between(
                    *(
                        evaluate(edge, names)
                        for edge in (panel.left, panel.top, panel.right, panel.bottom)
                    )
                ),
                posted=panel.posted,
            )
            for panel in row.panels
            if _in_form(panel.forms, form)
        ),
        blank_back=row.blank_back and not goes_on,
        mailer=row.mailer,
    )
    if row.posted:
        cuts = {line.name: line.at.place for line in row.cuts if _in_form(line.forms, form)}
        piece = replace(piece, posted_strip=_posted_strip(piece, cuts))
    return replace(piece, clear=tuple(_clear_on(piece, clear_zones()[name]) for name in row.clear))


def _posted_strip(piece: Piece, places: Mapping[str, Place]) -> int:
    """Which strip is posted: that on which all posted panels stand.

    `places` are those of its cuts, by name. Raises Rejected with each cut through what is posted,
    and where there are cuts and no posted panel.
    """
    if not piece.cuts:
        return 0
    boxes = [panel.box for panel in piece.panels if panel.posted]
    if not boxes:
        raise Rejected(
            finding(
                "layout-fault",
                f"'{piece.name}' is posted and has a cut, and no panel says which part is posted",
                places[piece.cuts[0].name],
                cure="write posted = true into the panels that are, or take it from the piece",
            )
        )
    top, bottom = min(box.top for box in boxes), max(box.bottom for box in boxes)
    through = tuple(
        finding(
            "layout-fault",
            f"the cut '{cut.name}' at {cut.at:g} mm goes through what is posted of '{piece.name}', "
            f"from {top:g} to {bottom:g} mm",
            places[cut.name],
            cure="keep all posted panels on one side of it: one part of the sheet is posted",
        )
        for cut in piece.cuts
        if top + EPSILON_MM < cut.at < bottom - EPSILON_MM
    )
    if through:
        raise Rejected(*through)
    return sum(cut.at <= top + EPSILON_MM for cut in piece.cuts)


def _on_sheet(line: LineRow, names: Mapping[str, float], sheet: Size) -> float:
    """How far below the sheet's top a cut or fold is; raises Rejected where that is not on it."""
    at = evaluate(line.at, names)
    if not -EPSILON_MM <= at <= sheet.height + EPSILON_MM:
        raise Rejected(
            finding(
                "layout-fault",
                f"'{line.name}' is at {at:g} mm from the top of a sheet {sheet.height:g} mm high",
                line.at.place,
                cure="measure it from the top: cuts and folds run across the sheet",
            )
        )
    return at


def for_the_post(piece: Piece, country: str | None) -> Piece:
    """A piece as the post of a country wants it, where it is mailed without an envelope.

    What its layout keeps free of itself, as cards do, it keeps free whoever carries it; only what
    is mailed folded keeps free what else that post asks for.
    """
    if not (piece.mailer or piece.clear):
        return piece
    clear, reading = zones_for(country)
    asked = clear if piece.mailer else ()
    own = (*piece.clear, *(_clear_on(piece, zone) for zone in asked))
    return replace(
        piece,
        clear=tuple(dict.fromkeys(own)),
        reading=tuple(
            Zone(name=_READING, box=_on_front(piece, zone), source=zone.source) for zone in reading
        ),
    )


def letter_postage(layout: Layout, geometry: Geometry, country: str | None) -> Iterator[Finding]:
    """Warn of a card that the post of a country carries for the price of a letter only.

    Where no country is known, by what holds between countries.
    """
    if not layout.prints_cards:
        return
    largest = card_size_for(country)
    pieces = (piece for _, group in geometry.pieces for piece in group)
    cards = (piece.packet().size for piece in pieces if piece.posted_strip is not None)
    for card in dict.fromkeys(cards):
        if not largest.takes(card):
            told = f"a card of {card.width:g} × {card.height:g} mm is a letter for the post"
            yield finding("letter-postage", f"{told} ({largest.source})")


def _on_front(piece: Piece, zone: ClearZone | AddressZone) -> Box:
    """Where a zone lies on the sheet: it is measured on the front of what is posted, folded."""
    packet = piece.packet()
    box = packet.front.to_packet.inverse().apply_box(zone.box(packet.size))
    return box.intersection(packet.front.box)


def _clear_on(piece: Piece, zone: ClearZone) -> Zone:
    """A clear zone on a piece; where that is torn off, it goes as far astray as the tear."""
    box = _on_front(piece, zone)
    astray = next((cut.tolerance for cut in piece.cuts if cut.at == box.bottom), 0.0)
    if not zone.at_top:
        box = Box.between(box.left, box.top - astray, box.right, box.bottom)
    return Zone(name=zone.title, box=box, source=zone.source)


_OPERATORS: dict[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def _where(flag: float, then: float, otherwise: float) -> float:
    return then if flag else otherwise


_FUNCTIONS: dict[str, Callable[..., float]] = {
    "min": min,
    "max": max,
    "floor": math.floor,
    "where": _where,
}


def _known_length(unknown: str, names: Mapping[str, float], below: Collection[str]) -> str:
    """A cure for a name that no length has yet; those of a window are known where there is one."""
    if unknown in below:
        return f"'{unknown}' must stand above: move it up in [lengths]"
    if unknown in _NAMES_OF_WINDOWS:
        return (
            "leave it out, or write enclosed = true: only what goes into an envelope has a window"
        )
    return did_you_mean(unknown, names)


def evaluate(length: Written, names: Mapping[str, float], below: Collection[str] = ()) -> float:
    """The millimetres of an expression; raises Rejected with its place when it is none.

    `below` are the names of which some have no number yet.
    """

    def value(node: ast.AST) -> float:
        match node:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return float(number)
            case ast.Name(id=name) if name in names:
                return names[name]
            case ast.Name(id=name):
                raise _UnknownNameError(name)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -value(operand)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                return _OPERATORS[type(op)](value(left), value(right))
            case ast.Call(func=ast.Name(id=name), args=[_, *_] as args, keywords=[]) if (
                name in _FUNCTIONS
            ):
                return _FUNCTIONS[name](*[value(arg) for arg in args])
        raise ValueError(f"'{length.text}' is no length")

    try:
        result = value(ast.parse(length.text.strip(), mode="eval").body)
        if not math.isfinite(result):
            raise ValueError(f"'{length.text}' is no length")
        return result
    except _UnknownNameError as unknown:
        raise Rejected(
            finding(
                "layout-fault",
                f"the length '{length.text}' uses '{unknown}', which is not known here",
                length.place,
                cure=_known_length(str(unknown), names, below),
            )
        ) from unknown
    except (SyntaxError, ValueError, ZeroDivisionError, TypeError, RecursionError) as error:
        raise Rejected(
            finding(
                "layout-fault",
                f"'{length.text}' is no length",
                length.place,
                cure="write millimetres, or a sum such as 'tear + 6'",
            )
        ) from error


class _UnknownNameError(Exception):
    """A name in a length that stands nowhere above it."""
