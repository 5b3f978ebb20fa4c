"""One pack, from a request to a proved file: content + layout → variant → copy → file.

1. Action, text and layout are read; layout × paper × window become numbers.
2. The variant is laid out once, or fetched from the cache.
3. The copy is the variant stamped with one row: its codes, and what was set.
4. The finished file is proved against the map inside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from actionpack.catalogues import printed_words
from actionpack.content import find_action, read_content, read_text
from actionpack.diagnostics import (
    NOWHERE,
    Finding,
    Place,
    Rejected,
    Severity,
    UsageFault,
    finding,
)
from actionpack.fonts import FontShelf, read_shelf
from actionpack.geometry import Point, Size
from actionpack.images import Fitted, fit
from actionpack.impose import Manner, Wish, impose, manner_for, short_gutter, unfilled
from actionpack.imposition import Imposition, Printed, upright_over
from actionpack.language import direction, html_tag, is_country
from actionpack.layouts import find_layout, letter_postage, read_layout, resolve
from actionpack.model import (
    INK_SAVER,
    LARGE_PRINT,
    LAYOUT_FILE,
    OPTIONAL_SECTIONS,
    Action,
    Geometry,
    Layout,
    Row,
    Text,
    Variant,
    VariantKey,
    variants_of,
)
from actionpack.pack import ChangedMeanwhileError, Gates, Pack, Request, inputs, remember
from actionpack.paper import stocks
from actionpack.postal import default_window, letter_rules, windows
from actionpack.project import Project
from actionpack.proof import to_json
from actionpack.render import Typesetter
from actionpack.source import did_you_mean
from actionpack.store import Jail, digest, folder_digest
from actionpack.translating import compared
from actionpack.typography import typography
from actionpack.variant import keep_variant, recall_variant, render_variant

if TYPE_CHECKING:
    from actionpack.preflight.finished import Insides
    from actionpack.stamp import Copy, StampWords

# What the stages after layout will need. They are only woken here, never used: each has its gate.
_NEEDED_LATER = (
    "qrcode.main",
    "pypdf.generic",
    "pypdfium2.raw",
    "zxingcpp",
    "PIL.Image",
    "actionpack.stamp",
    "actionpack.preflight.finished",
)


def _while_laid_out(project: Project, request: Request, hashed: str, means: Means) -> None:
    """Use the time in which the typesetter is busy: wake libraries, and look at the sources again.

    What was read is kept under the hash of what was there before; the two must be one.
    """
    for name in _NEEDED_LATER:
        import_module(name)
    if inputs(project, request, means.hash_folder) != hashed:
        raise ChangedMeanwhileError(request)


def fit_picture(data: bytes, room: Size, place: Place) -> Fitted:
    """A picture re-encoded for its room, mm (`images.fit`)."""
    return fit(data, box_mm=room, label=place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a pack is made with, besides the typesetter; none of it changes the pack.

    Whoever makes the same pack over and over has quicker ones (`watching`): functions that know
    what they read before, and a process that reads the insides of the file while this one proves
    its pages. `keep`: whether the pack is kept in the cache. `checked` is called with what was
    found so far when the boxes are good enough for a file, which is made and proved next.
    """

    hash_folder: Callable[[Path], str] = folder_digest
    read_layout: Callable[[Jail], Layout] = read_layout
    read_shelf: Callable[[tuple[Path, ...]], FontShelf] = read_shelf
    fit: Callable[[bytes, Size, Place], Fitted] = fit_picture
    insides: Insides | None = None
    keep: bool = True
    checked: Callable[[Request, tuple[Finding, ...]], None] = lambda request, found: None


USUAL = Means()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """All that a variant is laid out from, read and settled. `known` was found on the way.

    `letters` are the texts of letters in another language than `text`, by target. `paper` is what
    is printed on, that of the key is the page's; `manner` is how pages are put on sheets, if they
    are.
    """

    request: Request
    hashed: str
    paper: str
    key: VariantKey
    manner: Manner | None
    folder: Jail
    action: Action
    text: Text
    letters: Mapping[str, Text]
    layout: Layout
    geometry: Geometry
    shelf: FontShelf
    locale: tuple[Jail, ...]
    known: tuple[Finding, ...]

    @property
    def words(self) -> StampWords:
        """What a stamp says, in the language of the pack."""
        # Imported late: the typesetter must not wait for what comes after it.
        from actionpack.stamp import StampWords

        english = StampWords().code_alt
        printed, _ = printed_words(self.key.language, self.locale)
        return StampWords(code_alt=printed.get(english, english))

    @property
    def scheme_said_in(self) -> Place:
        """Where it is said how pages are put on sheets: in the layout, or in the command."""
        own = self.layout.impose is not None and self.request.impose is None
        return Place(file=self.layout.folder.label(LAYOUT_FILE)) if own else NOWHERE

    @property
    def online(self) -> str | None:
        """The web address of its codes; None: it has none."""
        return self.action.online.text if self.action.online else None

    @property
    def name(self) -> str:
        """The name of a file with one copy."""
        key = self.key
        edition = () if key.edition == "home" else (key.edition,)
        told = (key.action, key.language, key.layout, self.paper, *edition, *key.variants)
        return ".".join((*told, "pdf"))

    @property
    def gates(self) -> Gates:
        """What decides, day by day, whether a copy may be printed."""
        action = self.action
        return Gates(
            stopped=(action.stopped.date, action.stopped.reason) if action.stopped else None,
            embargo=action.embargo,
            act_by=action.act_by,
            file=action.file,
            lines=tuple((key, place.line) for key, place in action.places),
        )


def read_brief(project: Project, request: Request, hashed: str, means: Means = USUAL) -> Brief:
    """Read what was asked for; `hashed` is the hash of the sources.

    Raises Rejected when they are at fault, UsageFault for words that name nothing.
    """
    folder = find_action(project.content, request.action)
    asked = variants_of(large_print=request.large_print, ink_saver=request.ink_saver)
    layout = means.read_layout(find_layout(project.layouts, request.layout)).printed_as(asked)
    action, text, warned = read_content(folder, request.language)
    paper = paper_for(request, layout)
    key = settle(request, action, text, layout)
    texts = {tag: read_text(folder, action, tag) for tag in dict(key.letters).values()}
    drafts = [one for one in (text, *texts.values()) if one.status == "draft"]
    shelf = means.read_shelf(project.fonts)
    geometry = resolve(layout, paper, key.window, key.edition, large_print=key.large_print)
    manner = manner_for(
        wish_of(request),
        layout,
        paper,
        rtl=direction(key.language) == "rtl",
        edition=key.edition,
    )
    return Brief(
        request=request,
        hashed=hashed,
        paper=paper,
        key=replace(key, draft=bool(drafts)),
        manner=manner,
        folder=folder,
        action=action,
        text=text,
        letters={target: texts[tag] for target, tag in key.letters},
        layout=layout,
        geometry=_in_the_language(geometry, key.language, shelf),
        shelf=shelf,
        locale=project.locale,
        known=(
            *warned,
            *_unread(action, key, request),
            *(_unasked(action, layout, key) if key.edition == "press" else ()),
            *short_gutter(manner),
            *letter_postage(layout, geometry, key.sender_country),
            *(_draft(draft, request) for draft in drafts),
            *_origin(folder, action, (text, *texts.values()), request, layout),
        ),
    )


def _in_the_language(geometry: Geometry, tag: str, shelf: FontShelf) -> Geometry:
    """The slots in the font of the pack's language, as what is laid out round them."""
    family = typography(tag).family
    if family is None or family not in shelf.families:
        return geometry
    slots = (
        replace(slot, family=family) if slot.kind == "text" else slot for slot in geometry.slots
    )
    return replace(geometry, slots=tuple(slots))


def lay_out(
    project: Project, brief: Brief, wake: Callable[[], Typesetter], means: Means = USUAL
) -> tuple[Variant, tuple[Finding, ...]]:
    """Lay out what was asked for, or fetch it from the cache; nothing is set in its slots yet.

    `wake` gives a typesetter when one is needed. With the variant comes a warning when the cache
    cannot be written. Raises Rejected when the sources change meanwhile, or when the pages cannot
    be made.
    """
    request, hashed = brief.request, brief.hashed
    variant_key = digest("variant", hashed, repr(brief.key))
    variant = recall_variant(variant_key) if means.keep else None
    if variant is not None:
        return variant, ()
    try:
        variant = render_variant(
            brief.key,
            action=brief.action,
            text=brief.text,
            letters=brief.letters,
            layout=brief.layout,
            geometry=brief.geometry,
            folder=brief.folder,
            shelf=brief.shelf,
            typesetter=wake(),
            assets=project.assets,
            locale=project.locale,
            fit_picture=means.fit,
            meanwhile=lambda: _while_laid_out(project, request, hashed, means),
            checked=lambda found: means.checked(request, (*brief.known, *found)),
        )
    except Rejected as rejected:
        # What was found before is told with it, at once.
        rejected.findings = tuple(dict.fromkeys((*brief.known, *rejected.findings)))
        raise
    return variant, keep_variant(variant_key, variant) if means.keep else ()


def finish(brief: Brief, variant: Variant, row: Row, means: Means = USUAL) -> Pack:
    """One copy of a variant, stamped with a row and proved."""
    # Imported late: the typesetter must not wait for what comes after it.
    from actionpack.pdf import Binding
    from actionpack.preflight.finished import prove
    from actionpack.stamp import make_copy, make_press_copy

    make = make_copy
    if brief.key.edition == "press":
        binding = Binding(
            title=brief.text.title.text,
            language=html_tag(brief.key.language),
            made=brief.action.issued,
            producer=f"actionpack {version('actionpack-print')}",
            duplex=brief.layout.duplex,
            flip=upright_over(brief.geometry.sheet),
        )
        make = partial(make_press_copy, binding=binding)
    copy = make(
        variant,
        brief.geometry.slots,
        row,
        shelf=brief.shelf,
        online=brief.online,
        words=brief.words,
    )
    pdf, plan, pages = copy.pdf, None, len(copy.proof.pages)
    if brief.manner is not None:
        plan = impose((pages,), brief.manner)
        pdf = _on_sheets(copy, plan, brief.shelf)
    # Dates are judged on the day a pack is wanted, not on the day it is made.
    proved = prove(
        pdf,
        name=brief.name,
        proof=copy.proof,
        plan=plan,
        today=None,
        deadline_today=None,
        allow_expired=True,
        insides=means.insides,
    )
    empty = unfilled(pages, brief.manner, "this pack", brief.scheme_said_in)
    found = (*brief.known, *variant.findings, *copy.findings, *empty, *proved)
    return Pack(
        name=brief.name,
        duplex=brief.layout.duplex if plan is None else plan.duplex,
        flip=upright_over(brief.geometry.sheet) if plan is None else plan.flip,
        sheets=None if plan is None else Printed.of(plan),
        pdf=pdf,
        findings=tuple(dict.fromkeys(found)),
        gates=brief.gates,
    )


def _on_sheets(copy: Copy, plan: Imposition, shelf: FontShelf) -> bytes:
    """A copy with its pages on sheets, as a file of its own."""
    from actionpack.pdf import binding_of, impose_pages, made_from
    from actionpack.stamp import surround

    proof = copy.proof
    return impose_pages(
        copy.pdf,
        plan,
        binding=binding_of(copy.pdf, made=proof.issued, plan=plan),
        private=to_json(proof, plan),
        made_from=made_from(copy.pdf, plan),
        surround=surround(plan, lambda page: (proof, page), shelf) if proof.press else None,
    )


def make(
    project: Project,
    request: Request,
    typesetter: Typesetter,
    hashed: str,
    means: Means = USUAL,
) -> Pack:
    """Make a pack from its sources, prove it, and keep it for the next time.

    `hashed` is the hash of the sources. Raises Rejected when they are at fault or change while
    they are being read, or when the pages cannot be made.
    """
    brief = read_brief(project, request, hashed, means)
    row = read_row(request, brief.layout)
    try:
        variant, uncached = lay_out(project, brief, lambda: typesetter, means)
    except Rejected as rejected:
        rejected.findings = _in_file(brief.name, rejected.findings)
        raise
    pack = finish(brief, variant, row, means)
    if means.keep:
        uncached += remember(pack, request, hashed)
    found = _in_file(brief.name, pack.findings + uncached)
    return replace(pack, findings=tuple(dict.fromkeys(found)))


def _in_file(name: str, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Findings in which a page is one of a file: a command may make many."""
    return tuple(
        replace(one, place=replace(one.place, file=name))
        if one.place.page is not None and one.place.file is None
        else one
        for one in findings
    )


def settle(request: Request, action: Action, text: Text, layout: Layout) -> VariantKey:
    """Settle everything a request left open; raises UsageFault for words that name nothing."""
    faults = []

    def check(option: str, value: str | None, known: tuple[str, ...]) -> None:
        if value is not None and value not in known:
            cure = did_you_mean(value, known)
            faults.append(finding("bad-value", f"--{option} is '{value}'", cure=cure))

    check("paper", request.paper, tuple(stocks()))
    if request.window in letter_rules():
        faults.append(
            finding(
                "bad-value",
                f"--window '{request.window}' has no envelope to fold a sheet for",
                cure="it is for actionpack check; build for one of: " + ", ".join(windows()),
            )
        )
    else:
        check("window", request.window, tuple(windows()))
    check("target", request.target, tuple(target.id for target in action.targets))
    if request.letter_language not in (None, "same", "target", *action.languages):
        told = f"'{action.id}' has no letter in '{request.letter_language}'"
        cure = did_you_mean(str(request.letter_language), ("same", "target", *action.languages))
        faults.append(finding("missing-translation", told, severity="error", cure=cure))
    if request.sender_country is not None and not is_country(request.sender_country):
        faults.append(
            finding(
                "bad-value",
                f"--sender-country is '{request.sender_country}'",
                cure="give the two capital letters of ISO 3166, such as IT",
            )
        )
    asked = variants_of(large_print=request.large_print, ink_saver=request.ink_saver)
    faults += [_no_variant(name, layout) for name in asked if name not in layout.takes]
    if faults:
        raise UsageFault(*faults)
    paper = layout.page_on(paper_for(request, layout))
    window = request.window or default_window(paper, request.sender_country)
    return VariantKey(
        action=action.id,
        language=text.tag,
        layout=request.layout,
        paper=paper,
        edition=request.edition,
        window=window if layout.enclosed else "none",
        target=request.target,
        letters=tuple(_letters(action, text, request)),
        sender_country=request.sender_country,
        draft=text.status == "draft",
        large_print=request.large_print and LARGE_PRINT in layout.variants,
        ink_saver=request.ink_saver and INK_SAVER in layout.variants,
    )


def _no_variant(name: str, layout: Layout) -> Finding:
    """Say that a layout cannot be printed in a variant, and why, where it says so itself."""
    told = f"--{name}: layout '{layout.name}' cannot be printed so"
    if name == LARGE_PRINT and layout.no_large_print:
        cure = "leave the option out, or print another layout, such as 'letter'"
        return finding("bad-value", f"{told}: {layout.no_large_print}", cure=cure)
    cure = f"leave the option out, or add it to 'variants' in its {LAYOUT_FILE}"
    return finding("bad-value", told, cure=cure)


def paper_for(request: Request, layout: Layout) -> str:
    """What is printed on: what was asked for, or what the layout is for."""
    return request.paper or layout.usual_paper


def wish_of(request: Request) -> Wish:
    """What was asked for of the sheets."""
    return Wish(
        scheme=request.impose,
        sheet=request.sheet,
        gutter_mm=request.gutter,
        flip=request.flip,
        thickness_mm=request.thickness,
        shift=Point(*request.offset),
    )


def _letters(action: Action, text: Text, request: Request) -> Iterator[tuple[str, str]]:
    """The targets whose letters are in another language than the pack, and in which."""
    for target in action.addressees(request.sender_country, request.target):
        tag = request.letter_language
        if tag == "target":
            tag = next((one for one in target.languages if one in action.languages), None)
        if tag not in (None, "same", text.tag):
            yield target.id, tag or text.tag


def _unread(action: Action, key: VariantKey, request: Request) -> Iterator[Finding]:
    """Say which targets would get a letter in a language that is not known to be theirs."""
    if request.letter_language != "target":
        return
    for target in action.targets:
        if request.target in (None, target.id) and not set(target.languages) & {*action.languages}:
            reads = ", ".join(target.languages) or "no language that is named"
            yield finding(
                "missing-translation",
                f"'{target.id}' reads {reads}, which '{action.id}' is not written in; "
                f"the letter is in '{key.language}'",
                target.place,
                cure="translate the action, or name what the target reads: languages: […]",
            )


def _unasked(action: Action, layout: Layout, key: VariantKey) -> Iterator[Finding]:
    """Say who is named and what is shown of whom or which it is not known that they may be."""
    for person in action.people if "people" in layout.prints else ():
        if person.consent is None:
            told = f"nothing says that '{person.name.text}' agreed to be named in print"
            yield finding("missing-consent", told, person.name.place)
    for picture in action.images if "images" in layout.prints and not key.ink_saver else ():
        if picture.licence is None:
            told = f"nothing says who may print the picture '{picture.file.text}'"
            yield finding("missing-licence", told, picture.file.place)


def read_row(request: Request, layout: Layout) -> Row:
    """The fields set on this copy; a field given twice is a text of two lines.

    Raises Rejected for what this layout has no use for.
    """
    values: dict[str, str] = {}
    unused = []
    if not layout.enclosed and request.window not in (None, "none"):
        unused.append(
            finding(
                "bad-value",
                f"--window {request.window}: layout '{layout.name}' is for plain envelopes",
                cure="leave the option out",
            )
        )
    for field, value in request.settings:
        if field not in layout.fields:
            unused.append(
                finding(
                    "unknown-field",
                    f"--set {field}: layout '{layout.name}' has no such field",
                    cure=did_you_mean(field, layout.fields),
                )
            )
        elif field in values:
            values[field] += f"\n{value}"
        else:
            values[field] = value
    if unused:
        raise Rejected(*unused)
    return Row(values=tuple(values.items()))


def _draft(text: Text, request: Request) -> Finding:
    return finding(
        "draft-translation",
        f"'{text.tag}' is a draft that nobody has reviewed",
        Place(file=text.file),
        severity="warning" if request.allow_draft else "error",
    )


def _origin(
    folder: Jail, action: Action, texts: tuple[Text, ...], request: Request, layout: Layout
) -> Iterator[Finding]:
    """What in translations is not of their source as it is now."""
    translated = [text for text in texts if text.tag != action.source_language]
    if not translated:
        return
    try:
        source = read_text(folder, action, action.source_language)
    except Rejected as rejected:
        tags = ", ".join(f"'{text.tag}'" for text in translated)
        yield finding(
            "unstamped-translation",
            f"the source has faults; whether {tags} says what it says cannot be told",
            rejected.findings[0].place,
            cure=f"see what is wrong: actionpack check {action.id}",
        )
        return
    for text in translated:
        stale: Severity = "warning" if request.allow_stale else "error"
        yield from compared(action, source, text, stale=stale)
        yield from _fallen_back(source, text, layout)


def _fallen_back(source: Text, text: Text, layout: Layout) -> Iterator[Finding]:
    """Say which sections a layout prints something else for, since they are not translated."""
    for key in (one for one in OPTIONAL_SECTIONS if one in layout.prints):
        if (section := source.section(key)) and text.section(key) is None:
            yield finding(
                "missing-translation",
                f"'{key}' is not translated, and something more general is printed in its place; "
                f"the source has it in {section.place}",
                Place(file=text.file, line=1),
                cure="translate it: actionpack translate export, then import",
                severity="warning",
            )
