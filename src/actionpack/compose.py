"""A variant's key, its content and its geometry into HTML and CSS (gate: jinja2).

The template gets the content as values and writes none of its own: every name is escaped, an
undefined one is an error, and the sandbox lets a layout from a stranger do nothing but print.
What must be found on the paper afterwards (`meant`) is taken from the content, never from the
template, so that a template which forgets a field is caught.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from actionpack.diagnostics import Finding, Place, Rejected, finding
from actionpack.fonts import FontShelf, shape
from actionpack.geometry import Size
from actionpack.language import (
    capitals,
    country_name,
    direction,
    html_tag,
    long_date,
    posting_language,
    printed_words,
)
from actionpack.markup import Block, Run, plain, read_markup
from actionpack.model import (
    STYLE_FILE,
    TEMPLATE_FILE,
    Action,
    Geometry,
    Layout,
    Target,
    Text,
    VariantKey,
)
from actionpack.source import Written
from actionpack.units import mm_to_pt
from actionpack.web_address import printed

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment
    from markupsafe import Markup

# A language in which any post office reads the name of a country (UPU Convention Manual, 20-001).
COUNTRY_LINE_FALLBACK = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """Words that must be found in the boxes marked with `field`, once and in order."""

    field: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A picture ready for print: its address for the page, what it shows, its printed size."""

    src: str
    alt: str
    credit: str
    size: Size


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """A target with its address as it prints: the country line last, and the size it fits in."""

    target: Target
    lines: tuple[str, ...]
    size_pt: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Manuscript:
    """Everything that goes into the pages of one variant, ready for any form and letter size."""

    key: VariantKey
    action: Action
    text: Text
    layout: Layout
    geometry: Geometry
    addressees: tuple[Addressee, ...]
    photos: tuple[Photo, ...]
    words: Callable[[str], str]
    meant: tuple[Meant, ...]
    findings: tuple[Finding, ...]


def write_manuscript(
    key: VariantKey,
    action: Action,
    text: Text,
    layout: Layout,
    geometry: Geometry,
    photos: tuple[Photo, ...],
    shelf: FontShelf,
) -> Manuscript:
    """Gather what will be printed; raises Rejected when an address cannot fit its window."""
    words, found = printed_words(key.language)
    findings = list(found)
    targets = tuple(t for t in action.targets if key.target in (None, t.id))
    language, unknown = country_line_language(key)
    findings += unknown
    addressees = tuple(
        fit_address(target, key.sender_country, language, layout, geometry, shelf)
        for target in targets
    )
    return Manuscript(
        key=key,
        action=action,
        text=text,
        layout=layout,
        geometry=geometry,
        addressees=addressees,
        photos=photos,
        words=words,
        meant=_meant(action, text, layout, geometry, addressees),
        findings=tuple(findings),
    )


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
    style = layout.address
    lengths = dict(geometry.lengths)
    box = geometry.visible
    room = Size(box.right - lengths["address_left"], box.height)
    face = shelf.face(style.family)
    for size in style.sizes:
        tall = len(lines) * size * style.leading <= mm_to_pt(room.height)
        wide = max(shape(face, line, size).width_pt for line in lines) <= mm_to_pt(room.width)
        if tall and wide:
            return Addressee(target=target, lines=lines, size_pt=size)
    raise Rejected(*_too_long(target, lines, room, layout, geometry, shelf))


def _too_long(
    target: Target,
    lines: tuple[str, ...],
    room: Size,
    layout: Layout,
    geometry: Geometry,
    shelf: FontShelf,
) -> list[Finding]:
    least = layout.address.sizes[-1]
    most_lines = int(mm_to_pt(room.height) / (least * layout.address.leading))
    window = geometry.window.name
    findings = []
    if len(lines) > most_lines:
        findings.append(
            finding(
                "address-too-long",
                f"the address of '{target.id}' has {len(lines)} lines with the country; "
                f"the window '{window}' shows {most_lines}",
                target.place,
                cure="join lines, or choose another window with --window",
            )
        )
    face = shelf.face(layout.address.family)
    for written, line in zip((*target.lines, None), lines, strict=False):
        over = shape(face, line, least).width_pt / mm_to_pt(1) - room.width
        if over > 0:
            findings.append(
                finding(
                    "address-too-long",
                    f"'{line}' is {over:.1f} mm too wide for the window '{window}' at {least:g} pt",
                    written.place if written else target.place,
                    cure="cut it into two lines, or choose another window with --window",
                )
            )
    return findings


# --------------------------------------------------------------------------- what must be found


def _meant(
    action: Action,
    text: Text,
    layout: Layout,
    geometry: Geometry,
    addressees: tuple[Addressee, ...],
) -> tuple[Meant, ...]:
    """The fields that the layout says it prints, as the words that must be on the paper."""

    def of(field: str, written: Written | None) -> list[Meant]:
        if written is None or not written.text.strip():
            return []
        return [Meant(field=field, text=written.text, place=written.place)]

    def marked(field: str, written: Written) -> list[Meant]:
        words = printed_plain(read_markup(written.text))
        return [Meant(field=field, text=words, place=written.place)]

    quote = text.quote
    online = action.online
    meant = {
        "title": of("title", text.title),
        "summary": of("summary", text.summary),
        "briefing": marked("briefing", text.briefing),
        "quote": of("quote", quote.text if quote else None),
        "quote_by": of("quote_by", quote.by if quote else None),
        "ask": marked("ask", text.ask),
        "online": of("online", Written(printed(online.text), online.place) if online else None),
        "people": of("people", _people(action)),
        "credit": of("credit", action.credit),
    }
    for addressee in addressees:
        target = addressee.target
        lines = Written("\n".join(addressee.lines), target.place)
        own = {
            "address": of(f"address:{target.id}", lines),
            "salutation": of(f"salutation:{target.id}", text.salutation.get(target.id)),
            "letter": marked(f"letter:{target.id}", text.letter),
            "closing": of(f"closing:{target.id}", text.closing.get(target.id)),
            "safety_notes": of(f"safety_notes:{target.id}", text.safety_notes),
        }
        if geometry.window.plain:
            own["label"] = of(f"label:{target.id}", lines)
        meant |= {f"{field} {target.id}": found for field, found in own.items()}
    prints = {*layout.prints, "label"}
    return tuple(
        one for name, found in meant.items() if name.split(" ")[0] in prints for one in found
    )


# -------------------------------------------------------------------------------- HTML and CSS


def compose(manuscript: Manuscript, form: str, letter_pt: float) -> tuple[str, str]:
    """Write the HTML and the CSS of one form at one letter size.

    Raises Rejected (`layout-fault`) with the template's line when the template is at fault.
    """
    folder = manuscript.layout.folder
    css = variables(manuscript, form, letter_pt) + folder.read_text(STYLE_FILE)
    return _rendered(manuscript, form, folder.read_text(TEMPLATE_FILE)), css


def variables(manuscript: Manuscript, form: str, letter_pt: float) -> str:
    """Every number a style sheet may need, as CSS variables on the root."""
    geometry, layout = manuscript.geometry, manuscript.layout
    numbers = {name: f"{value:.4f}mm" for name, value in geometry.lengths}
    for piece in geometry.of_form(form):
        for panel in piece.panels:
            box = panel.box
            for edge in ("left", "top", "right", "bottom"):
                numbers[f"panel-{panel.name}-{edge}"] = f"{getattr(box, edge):.4f}mm"
    for slot in geometry.slots:
        numbers[f"slot-{slot.name}-width"] = f"{slot.size.width:.4f}mm"
        numbers[f"slot-{slot.name}-height"] = f"{slot.size.height:.4f}mm"
    numbers["letter-size"] = f"{letter_pt:g}pt"
    size = min((a.size_pt for a in manuscript.addressees), default=layout.address.sizes[0])
    leading = size * layout.address.leading
    longest = max((len(a.lines) for a in manuscript.addressees), default=0)
    # Centred in what is always visible, so that the sheet may slide either way.
    top = geometry.visible.centre.y - longest * leading / mm_to_pt(1) / 2
    numbers |= {
        "address-size": f"{size:g}pt",
        "address-leading": f"{leading:.3f}pt",
        "address-top": f"{top:.4f}mm",
    }
    body = "".join(f"--{name.replace('_', '-')}:{value};" for name, value in numbers.items())
    return f":root{{{body}}}\n"


def _rendered(manuscript: Manuscript, form: str, template: str) -> str:
    from jinja2 import TemplateError, TemplateSyntaxError

    file = manuscript.layout.folder.label(TEMPLATE_FILE)
    try:
        return _environment().from_string(template).render(_context(manuscript, form))
    except TemplateSyntaxError as error:
        raise _template_fault(str(error.message), Place(file=file, line=error.lineno)) from error
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise _template_fault(str(error), Place(file=file, line=_template_line(error))) from error


def _template_fault(message: str, place: Place) -> Rejected:
    return Rejected(finding("layout-fault", f"the template fails: {message}", place))


def _template_line(error: BaseException) -> int | None:
    """The line of the template that was being rendered: jinja2 names it in the traceback."""
    line = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


@cache
def _environment() -> SandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def _context(manuscript: Manuscript, form: str) -> Mapping[str, Any]:
    action, text, key = manuscript.action, manuscript.text, manuscript.key
    geometry = manuscript.geometry
    tag, words = key.language, manuscript.words
    online = action.online
    language, _ = country_line_language(key)
    return {
        "_": words,
        "slot": _slot_writer(geometry),
        "lang": html_tag(tag),
        "direction": direction(tag),
        "form": form,
        "window": {
            "name": geometry.window.name,
            "title": geometry.window.title,
            "plain": geometry.window.plain,
            "envelope": _envelope_words(geometry, words),
        },
        "title": text.title.text,
        "summary": text.summary.text if text.summary else "",
        "briefing": blocks_html(read_markup(text.briefing.text)),
        "ask": blocks_html(read_markup(text.ask.text)),
        "letter": blocks_html(read_markup(text.letter.text), headings=False),
        "quote": _quote(text),
        "people": people.text if (people := _people(action)) else "",
        "online": online.text if online else "",
        "online_printed": printed(online.text) if online else "",
        "reference": action.reference.text if action.reference else "",
        "issued": long_date(action.issued, tag),
        "issued_iso": action.issued.isoformat(),
        "act_by": long_date(action.act_by, tag) if action.act_by else "",
        "edition": action.edition,
        "credit": action.credit.text,
        "sender": action.sender,
        "safety_notes": text.safety_notes.text if text.safety_notes else "",
        "draft": key.draft,
        "copies": [
            {"lines": postal_lines(copy.lines, copy.country, key.sender_country, language)}
            for copy in action.copies
            if copy.sender_country == key.sender_country
        ],
        "images": [
            {
                "src": photo.src,
                "alt": photo.alt,
                "credit": photo.credit,
                "width_mm": photo.size.width,
                "height_mm": photo.size.height,
            }
            for photo in manuscript.photos
        ],
        "targets": [_target(addressee, text, tag) for addressee in manuscript.addressees],
    }


def _target(addressee: Addressee, text: Text, tag: str) -> dict[str, Any]:
    target = addressee.target
    salutation, closing = text.salutation.get(target.id), text.closing.get(target.id)
    return {
        "id": target.id,
        "name": target.lines[0].text,
        "lines": addressee.lines,
        "country": country_name(target.country, tag),
        "salutation": salutation.text if salutation else "",
        "closing": closing.text if closing else "",
    }


def _people(action: Action) -> Written | None:
    """Whom the action is for, with their pronouns, on one line."""
    if not action.people:
        return None
    names = (
        f"{person.name.text} ({person.pronoun.text})" if person.pronoun else person.name.text
        for person in action.people
    )
    return Written(", ".join(names), action.people[0].name.place)


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


def _envelope_words(geometry: Geometry, words: Callable[[str], str]) -> str:
    envelope = geometry.envelope
    size = f"{envelope.width:.0f} × {envelope.height:.0f} mm".replace(" ", "\u00a0")
    return f"{words(geometry.window.title)}, {size}"


def _slot_writer(geometry: Geometry) -> Callable[[str], Markup]:
    from markupsafe import Markup

    known = {slot.name for slot in geometry.slots}

    def write(name: str) -> Markup:
        """The empty place for a slot: a figure whose words name it, which `stamp` then claims."""
        if name not in known:
            raise ValueError(f"there is no slot '{name}' in layout.toml")
        return Markup(
            '<svg class="slot" style="width:var(--slot-{0}-width);height:var(--slot-{0}-height)">'
            "<title>slot:{0}</title></svg>"
        ).format(name)

    return write


def blocks_html(blocks: tuple[Block, ...], *, headings: bool = True) -> Markup:
    """Blocks as HTML; a letter has no parts, and its sub-headings are bold paragraphs."""
    from markupsafe import Markup

    return Markup("").join(_block_html(block, headings) for block in blocks)


def _block_html(block: Block, headings: bool) -> Markup:
    from markupsafe import Markup

    if block.kind == "paragraph":
        return Markup("<p>{}</p>").format(_runs_html(block.runs))
    if block.kind == "heading":
        if headings:
            return Markup("<h2>{}</h2>").format(_runs_html(block.runs))
        return Markup('<p class="sub-heading">{}</p>').format(_runs_html(block.runs))
    items = Markup("").join(_item_html(item, headings) for item in block.items)
    if block.kind == "bullets":
        return Markup("<ul>{}</ul>").format(items)
    return Markup('<ol start="{}">{}</ol>').format(block.start, items)


def _item_html(item: tuple[Block, ...], headings: bool) -> Markup:
    """A list item; its first paragraph stands in it bare, as PDF/UA wants (ISO 14289-1, 7.6)."""
    from markupsafe import Markup

    first = _runs_html(item[0].runs) if item and item[0].kind == "paragraph" else None
    rest = item[1:] if first is not None else item
    return Markup("<li>{}{}</li>").format(first or "", blocks_html(rest, headings=headings))


def _runs_html(runs: tuple[Run, ...]) -> Markup:
    from markupsafe import Markup, escape

    out = Markup("")
    for run in with_addresses(runs):
        piece = escape(run.text)
        if run.emphasis:
            piece = Markup("<em>{}</em>").format(piece)
        if run.strong:
            piece = Markup("<strong>{}</strong>").format(piece)
        if run.href is not None:
            piece = Markup('<a href="{}">{}</a>').format(run.href, piece)
        if run.added:
            piece = Markup('<span class="href">{}</span>').format(piece)
        out += piece + (Markup("<br>") if run.breaks else Markup(""))
    return out


def with_addresses(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """Runs with the address of each link behind it, where its words do not show it.

    A link leads nowhere on paper; what cannot be clicked must be read.
    """
    out: list[Run] = []
    for href, group in groupby(runs, key=lambda run: run.href):
        linked = tuple(group)
        out += linked
        if href is not None and _on_paper(href) not in "".join(run.text for run in linked):
            out.append(Run(f" ({_on_paper(href)})", added=True))
    return tuple(out)


def _on_paper(href: str) -> str:
    """A link's address as one reads it aloud."""
    return href.removeprefix("https://").removeprefix("http://").removeprefix("mailto:")


def printed_plain(blocks: tuple[Block, ...]) -> str:
    """The words of blocks as they print, with the addresses that are added behind links."""
    return plain(tuple(_as_printed(block) for block in blocks))


def _as_printed(block: Block) -> Block:
    items = tuple(tuple(_as_printed(inner) for inner in item) for item in block.items)
    return replace(block, runs=with_addresses(block.runs), items=items)
