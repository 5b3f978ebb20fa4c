"""One pack, from a request to a proved file: content + layout → variant → copy → file.

`build` reads like that sentence. A variant is laid out once and kept in the cache under the hash
of all that went in; a copy is the variant stamped with one row. What nobody set and nothing
changed is taken from the cache whole.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from importlib import metadata
from pathlib import Path

from actionpack.content import find_action, read_action, read_text
from actionpack.deadlines import check_dates
from actionpack.diagnostics import (
    Finding,
    Place,
    Rejected,
    UsageFault,
    finding,
    findings_from,
    has_errors,
    made_strict,
)
from actionpack.fonts import read_shelf
from actionpack.language import is_country
from actionpack.layouts import find_layout, layout_names, read_layout, resolve
from actionpack.model import (
    Action,
    Layout,
    Row,
    Text,
    VariantKey,
)
from actionpack.paper import sheets
from actionpack.postal import default_window, windows
from actionpack.preflight import (
    prove,
)
from actionpack.project import Project
from actionpack.render import Typesetter
from actionpack.source import did_you_mean
from actionpack.stamp import StampWords, make_copy
from actionpack.store import (
    cache_get,
    cache_put,
    digest,
    folder_digest,
    write_whole,
)
from actionpack.variant import keep_variant, recall_variant, render_variant


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a person asked for. `settings` are the fields set on the copy, in the order given."""

    action: str
    language: str | None = None
    layout: str = "letter"
    paper: str = "a4"
    window: str | None = None
    target: str | None = None
    sender_country: str | None = None
    settings: tuple[tuple[str, str], ...] = ()
    allow_expired: bool = False
    allow_draft: bool = False
    strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """What day it is: here, and where the day ends last (UTC−12), where deadlines are kept."""

    here: date
    where_it_ends_last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A finished pack: its file name, its bytes and everything found in it."""

    name: str
    pdf: bytes
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gates:
    """What decides, day by day, whether a cached pack may still be printed."""

    stopped: tuple[date, str] | None
    embargo: date | None
    act_by: date | None
    file: str


def build(project: Project, request: Request, today: Today) -> Pack:
    """Build one pack; raises Rejected when there is nothing to look at, not even a bad file.

    A pack with errors comes back with its findings: whether it is put in its place, the caller
    decides.
    """
    inputs = _inputs(project, request)
    memo_key = digest("pack", inputs, repr(request))
    memo = _recall(memo_key) if not request.settings else None
    if memo is None:
        pack, gates = _make(project, request, inputs)
        if not request.settings:
            _remember(memo_key, pack, gates)
    else:
        pack, gates = memo
    dated = check_dates(
        stopped=gates.stopped,
        embargo=gates.embargo,
        act_by=gates.act_by,
        today=today.here,
        deadline_today=today.where_it_ends_last,
        allow_expired=request.allow_expired,
        place=Place(file=gates.file),
    )
    findings = dated + pack.findings
    return Pack(
        name=pack.name,
        pdf=pack.pdf,
        findings=made_strict(findings) if request.strict else findings,
    )


def place_pack(
    pack: Pack, project: Project, output: Path | None, *, keep_rejected: bool, as_folder: bool
) -> Path | None:
    """Put a pack in its place; one with errors only beside it, as `NAME.rejected.pdf`.

    None when nothing was written.
    """
    folder, name = project.out, pack.name
    if output is not None:
        folder, name = (output, name) if as_folder else (output.parent, output.name)
    inside = project.root if output is None else folder
    if has_errors(pack.findings):
        if not keep_rejected:
            return None
        name = f"{name.removesuffix('.pdf')}.rejected.pdf"
    path = folder / name
    if not path.is_symlink() and path.is_file() and path.read_bytes() == pack.pdf:
        return path
    write_whole(path, pack.pdf, inside=inside, label=project.label(path))
    return path


# ------------------------------------------------------------------------------ making a pack


def _make(project: Project, request: Request, inputs: str) -> tuple[Pack, _Gates]:
    """Make a pack from its sources. The typesetter starts first, since it takes longest to wake."""
    with Typesetter(project.fonts) as typesetter:
        folder = find_action(project.content, request.action)
        layout_folder = find_layout(project.layouts, request.layout)
        action = read_action(folder)
        tag = request.language or action.source_language
        text = read_text(folder, action, tag)
        layout = read_layout(layout_folder)
        key = _key(request, action, text)
        gates = _Gates(
            stopped=(action.stopped.date, action.stopped.reason) if action.stopped else None,
            embargo=action.embargo,
            act_by=action.act_by,
            file=action.file,
        )
        geometry = resolve(layout, key.paper, key.window)
        row = _row(request, layout)
        shelf = read_shelf(project.fonts)
        variant_key = digest("variant", inputs, repr(key))
        variant = recall_variant(variant_key)
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
            )
            keep_variant(variant_key, variant)
    draft = _check_draft(text, request.allow_draft)
    name = f"{action.id}.{tag}.{layout.name}.{key.paper}.pdf"
    copy = make_copy(
        variant,
        geometry.slots,
        row,
        shelf=shelf,
        online=action.online.text if action.online else None,
        words=StampWords(),
    )
    proved = prove(
        copy.pdf,
        name=name,
        proof=copy.proof,
        today=date.min,
        deadline_today=date.min,
        allow_expired=True,
    )
    findings = (*draft, *variant.findings, *copy.findings, *proved)
    return Pack(name=name, pdf=copy.pdf, findings=tuple(dict.fromkeys(findings))), gates


def _key(request: Request, action: Action, text: Text) -> VariantKey:
    """Settle everything a request left open; raises UsageFault for words that name nothing."""
    faults = []

    def check(option: str, value: str | None, known: tuple[str, ...]) -> None:
        if value is not None and value not in known:
            cure = did_you_mean(value, known)
            faults.append(finding("bad-value", f"--{option} is '{value}'", cure=cure))

    check("paper", request.paper, tuple(sheets()))
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


def _row(request: Request, layout: Layout) -> Row:
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


def _check_draft(text: Text, allow_draft: bool) -> tuple[Finding, ...]:
    if text.status != "draft":
        return ()
    return (
        finding(
            "draft-translation",
            f"'{text.tag}' is a draft that nobody has reviewed",
            Place(file=text.file),
            severity="warning" if allow_draft else "error",
        ),
    )


# --------------------------------------------------------------------------------------- cache

_LIBRARIES = ("weasyprint", "pypdf", "qrcode", "uharfbuzz", "jinja2", "babel", "markdown-it-py")


@cache
def _program() -> str:
    """The hash of this program and the versions of what makes its bytes."""
    versions = [f"{name} {metadata.version(name)}" for name in _LIBRARIES]
    return digest(folder_digest(Path(__file__).parent, (".py", ".toml", ".po")), *versions)


def _inputs(project: Project, request: Request) -> str:
    """The hash of all that goes into a pack: program, action, layout, fonts, shared files."""
    action = find_action(project.content, request.action)
    layout = find_layout(project.layouts, request.layout)
    return digest(
        _program(),
        folder_digest(action.root),
        folder_digest(layout.root),
        *(folder_digest(folder) for folder in project.fonts),
    )


def _recall(key: str) -> tuple[Pack, _Gates] | None:
    parts = cache_get(key)
    if parts is None:
        return None
    facts = json.loads(parts["facts"])
    pack = Pack(name=facts["name"], pdf=parts["pdf"], findings=findings_from(facts["findings"]))
    gates = facts["gates"]
    stopped = gates["stopped"]
    return pack, _Gates(
        stopped=(date.fromisoformat(stopped[0]), stopped[1]) if stopped else None,
        embargo=_day(gates["embargo"]),
        act_by=_day(gates["act_by"]),
        file=gates["file"],
    )


def _remember(key: str, pack: Pack, gates: _Gates) -> None:
    facts = {
        "name": pack.name,
        "findings": [asdict(found) for found in pack.findings],
        "gates": asdict(gates),
    }
    data = json.dumps(facts, default=date.isoformat).encode()
    cache_put(key, {"facts": data, "pdf": pack.pdf})


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def layouts_of(project: Project) -> tuple[str, ...]:
    """The layouts that a project can use."""
    return layout_names(project.layouts)
