"""The kinds of packs that a batch prints into masters: laid out, proved, ready to be copied.

Laying out may hang and must be killed, so it is done by the submitting machine's own children and
never by an executor; several at a time, each with a typesetter of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from actionpack.batch.orders import Kind
from actionpack.batch.pools import in_shares
from actionpack.build import USUAL, Brief, finish, lay_out, read_brief
from actionpack.diagnostics import Finding, Rejected, has_errors
from actionpack.fonts import send
from actionpack.impose import Manner, Medium
from actionpack.model import ProofMap, Row
from actionpack.pack import Request, Today, inputs, judged, recall, remember
from actionpack.pdf import make_stencil
from actionpack.piece import Piece
from actionpack.project import Project
from actionpack.stamp import slug_faces
from actionpack.volume import Master, Sealed, seal
from actionpack.workshop import Workshop


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What of a pack goes to one target in an envelope.

    `to` is the first line of the address, `country` its two letters. `tears` are mm from
    the top of the sheet, `folds` mm from the top of what is then left of it to post, which
    `area_mm2` is the size of.
    """

    to: str
    country: str
    window: str
    tears: tuple[float, ...]
    folds: tuple[float, ...]
    area_mm2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidKind:
    """A kind of pack, laid out: its master, sealed, or None with the reasons against it.

    `hashed` is the hash of all that it was made from, `issued` the day its action came out,
    `act_by` the last to post it, None for no deadline, and `edition` which of its editions it is.
    `title` is that of the action in the pack's language, `to` the first line of the one target's
    address, '' for all targets. `letters` are those of one pack. `kept`: it was made just now, and
    the next run need not make it again. `manner` is how its pages are put on sheets, if
    they are; where they are not, `booklet` says that whoever prints them makes booklets of them.
    """

    kind: Kind
    findings: tuple[Finding, ...]
    master: Sealed | None = None
    hashed: str = ""
    sides: int = 0
    duplex: bool = False
    landscape: bool = False
    issued: date = date.min
    act_by: date | None = None
    edition: int = 0
    paper: str = ""
    title: str = ""
    to: str = ""
    letters: tuple[Letter, ...] = ()
    kept: bool = False
    manner: Manner | None = None
    booklet: bool = False

    @property
    def medium(self) -> Medium:
        if self.manner is not None:
            return Medium.of(self.manner)
        return Medium(self.paper, self.duplex, landscape=self.landscape)


def lay_out_kinds(
    project: Project,
    requests: Sequence[tuple[Kind, Request]],
    today: Today,
    jobs: int,
    *,
    workshop: Workshop,
    tagged: bool = False,
) -> tuple[LaidKind, ...]:
    """Lay out every kind, at most `jobs` at a time, in the order given; `tagged` for reading aloud.

    One of those at work is this process, in the workshop that is given. Raises Rejected when
    another was killed, such as for want of memory.
    """
    return in_shares(
        partial(_lay_out_elsewhere, project.root, today, tagged),
        requests,
        jobs,
        here=partial(_lay_out_some, project, today, tagged, workshop),
        cure="close other programs, or pass --jobs 1, which needs less memory",
    )


def _lay_out_elsewhere(
    root: Path,
    today: Today,
    tagged: bool,
    requests: tuple[tuple[Kind, Request], ...],
    room: Path | None,
) -> tuple[LaidKind, ...]:
    project = Project(root=root)
    with Workshop(project, room=room) as workshop:
        return _lay_out_some(project, today, tagged, workshop, requests)


def _lay_out_some(
    project: Project,
    today: Today,
    tagged: bool,
    workshop: Workshop,
    requests: tuple[tuple[Kind, Request], ...],
) -> tuple[LaidKind, ...]:
    return tuple(
        _laid(project, workshop, kind, request, today, tagged=tagged) for kind, request in requests
    )


def _laid(
    project: Project,
    workshop: Workshop,
    kind: Kind,
    request: Request,
    today: Today,
    *,
    tagged: bool,
) -> LaidKind:
    """Lay out a kind and prove a copy of it with nothing in its slots."""
    try:
        hashed = inputs(project, request)
        brief = read_brief(project, request, hashed)
        variant, uncached = lay_out(project, brief, workshop.wake, USUAL)
        specimen = recall(request, hashed)
        fresh = specimen is None
        if specimen is None:
            specimen = finish(brief, variant, Row())
            uncached += remember(specimen, request, hashed)
        texts = [slot for slot in brief.geometry.slots if slot.kind == "text"]
        wanted = [(slot.family, slot.weight) for slot in texts]
        faces = send(brief.shelf, [*wanted, *slug_faces(variant.proof)])
    except Rejected as rejected:
        return LaidKind(kind=kind, findings=rejected.findings)
    judgement = judged(specimen, request, today).findings + uncached
    # How many packs there are for a sheet, one of them cannot tell.
    findings = tuple(one for one in judgement if one.code != "empty-places")
    if has_errors(findings):
        return LaidKind(kind=kind, findings=findings, hashed=hashed)
    master = Master(
        stencil=make_stencil(variant.pdf, tagged=tagged),
        proof=variant.proof,
        slots=brief.geometry.slots,
        faces=faces,
        online=brief.online,
        words=brief.words,
        duplex=brief.layout.duplex,
    )
    own = brief.layout.impose
    return LaidKind(
        kind=kind,
        findings=findings,
        master=seal(master),
        hashed=hashed,
        sides=len(master.stencil.sides),
        duplex=master.duplex,
        landscape=brief.layout.landscape,
        issued=brief.action.issued,
        act_by=brief.action.act_by,
        edition=brief.action.edition,
        paper=brief.key.paper,
        title=brief.text.title.text,
        to=next((one.name for one in brief.action.targets if one.id == kind.target), ""),
        letters=tuple(_letters(brief, variant.proof)) if brief.layout.enclosed else (),
        kept=fresh and not uncached,
        manner=brief.manner,
        booklet=brief.manner is None and own is not None and own.scheme.kind == "booklet",
    )


def _letters(brief: Brief, proof: ProofMap) -> Iterator[Letter]:
    """The letters of one pack, in the order of the targets."""
    pieces = dict(proof.pieces)
    pages = {text.field: text.regions[0][0] for text in proof.texts if text.posted and text.regions}
    for target in brief.action.addressees(brief.key.sender_country, None):
        piece = pieces.get(pages.get(f"address:{target.id}", 0))
        if piece is None or piece.posted_strip is None:
            continue
        yield letter_on(piece, to=target.name, country=target.country, window=brief.key.window)


def letter_on(piece: Piece, *, to: str, country: str, window: str) -> Letter:
    """The letter on a piece, torn and folded as drawn."""
    strip = piece.strip()
    return Letter(
        to=to,
        country=country,
        window=window,
        # Rounded, since a sum of lengths is 101.59999999999998 where 101.6 is meant.
        tears=tuple(round(line.at, 2) for line in piece.cuts),
        folds=tuple(sorted(round(line.at - strip.top, 2) for line in piece.creases())),
        area_mm2=strip.width * strip.height,
    )
