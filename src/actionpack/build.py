"""One pack, from a request to a proved file: content + layout → variant → copy → file.

1. Action, text and layout are read; layout × paper × window become numbers.
2. The variant is laid out once, or fetched from the cache.
3. The copy is the variant stamped with one row: its codes, and what was set.
4. The finished file is proved against the map inside it.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

from actionpack.content import find_action, read_content
from actionpack.diagnostics import Finding, Place, Rejected, UsageFault, finding
from actionpack.fonts import read_shelf
from actionpack.language import is_country
from actionpack.layouts import find_layout, read_layout, resolve
from actionpack.model import Action, Layout, Row, Text, VariantKey
from actionpack.pack import Gates, Pack, Request, inputs, remember
from actionpack.paper import sheets
from actionpack.postal import default_window, letter_rules, windows
from actionpack.project import Project
from actionpack.render import Typesetter
from actionpack.source import did_you_mean
from actionpack.store import digest
from actionpack.variant import keep_variant, recall_variant, render_variant

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


def _while_laid_out(project: Project, request: Request, hashed: str) -> None:
    """Use the time in which the typesetter is busy: wake libraries, and look at the sources again.

    What was read is kept under the hash of what was there before; the two must be one.
    """
    for name in _NEEDED_LATER:
        import_module(name)
    if inputs(project, request) != hashed:
        raise Rejected(
            finding(
                "bad-file",
                f"files of '{request.action}' changed while they were being read",
                cure="build it again",
            )
        )


def make(project: Project, request: Request, typesetter: Typesetter, hashed: str) -> Pack:
    """Make a pack from its sources, prove it, and keep it for the next time.

    `hashed` is the hash of the sources. Raises Rejected when they are at fault or change while
    they are being read, or when the pages cannot be made.
    """
    folder = find_action(project.content, request.action)
    layout = read_layout(find_layout(project.layouts, request.layout))
    action, text, warned = read_content(folder, request.language)
    key = settle(request, action, text)
    row = read_row(request, layout)
    geometry = resolve(layout, key.paper, key.window)
    shelf = read_shelf(project.fonts)

    variant_key = digest("variant", hashed, repr(key))
    variant = recall_variant(variant_key)
    uncached: tuple[Finding, ...] = ()
    if variant is None:
        variant = render_variant(
            key,
            action=action,
            text=text,
            layout=layout,
            geometry=geometry,
            folder=folder,
            shelf=shelf,
            typesetter=typesetter,
            assets=project.assets,
            meanwhile=lambda: _while_laid_out(project, request, hashed),
        )
        uncached = keep_variant(variant_key, variant)

    # Imported late: the typesetter must not wait for what comes after it.
    from actionpack.preflight.finished import prove
    from actionpack.stamp import StampWords, make_copy

    copy = make_copy(
        variant,
        geometry.slots,
        row,
        shelf=shelf,
        online=action.online.text if action.online else None,
        words=StampWords(),
    )
    name = f"{action.id}.{text.tag}.{layout.name}.{key.paper}.pdf"
    # Dates are judged on the day a pack is wanted, not on the day it is made.
    proved = prove(
        copy.pdf,
        name=name,
        proof=copy.proof,
        today=None,
        deadline_today=None,
        allow_expired=True,
    )
    found = (*warned, *_draft(text, request), *variant.findings, *copy.findings, *proved)
    pack = Pack(
        name=name,
        pdf=copy.pdf,
        findings=tuple(dict.fromkeys(found)),
        gates=Gates(
            stopped=(action.stopped.date, action.stopped.reason) if action.stopped else None,
            embargo=action.embargo,
            act_by=action.act_by,
            file=action.file,
            lines=tuple((key, place.line) for key, place in action.places),
        ),
    )
    uncached += remember(pack, request, hashed)
    return replace(pack, findings=tuple(dict.fromkeys(pack.findings + uncached)))


def settle(request: Request, action: Action, text: Text) -> VariantKey:
    """Settle everything a request left open; raises UsageFault for words that name nothing."""
    faults = []

    def check(option: str, value: str | None, known: tuple[str, ...]) -> None:
        if value is not None and value not in known:
            cure = did_you_mean(value, known)
            faults.append(finding("bad-value", f"--{option} is '{value}'", cure=cure))

    check("paper", request.paper, tuple(sheets()))
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
    if request.sender_country is not None and not is_country(request.sender_country):
        faults.append(
            finding(
                "bad-value",
                f"--sender-country is '{request.sender_country}'",
                cure="give the two capital letters of ISO 3166, such as IT",
            )
        )
    if faults:
        raise UsageFault(*faults)
    return VariantKey(
        action=action.id,
        language=text.tag,
        layout=request.layout,
        paper=request.paper,
        edition="home",
        window=request.window or default_window(request.paper, request.sender_country),
        target=request.target,
        sender_country=request.sender_country,
        draft=text.status == "draft",
    )


def read_row(request: Request, layout: Layout) -> Row:
    """The fields set on this copy; a field given twice is a text of two lines."""
    values: dict[str, str] = {}
    faults = []
    for field, value in request.settings:
        if field not in layout.fields:
            faults.append(
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
    if faults:
        raise Rejected(*faults)
    return Row(values=tuple(values.items()))


def _draft(text: Text, request: Request) -> tuple[Finding, ...]:
    if text.status != "draft":
        return ()
    return (
        finding(
            "draft-translation",
            f"'{text.tag}' is a draft that nobody has reviewed",
            Place(file=text.file),
            severity="warning" if request.allow_draft else "error",
        ),
    )
