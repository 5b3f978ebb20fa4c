"""What a print shop finds round pages, and round the pages on a sheet: marks, and who they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import NamedTuple

from actionpack.condition import SOLID_BLACK, Ink
from actionpack.fonts import Compositor, Face, FontShelf, SetLine
from actionpack.geometry import Box, Point
from actionpack.imposition import Imposition, Placed, Side
from actionpack.model import PressMeant, ProofMap
from actionpack.paper import stocks
from actionpack.pdf import (
    CLEAR_MM,
    FOLD,
    FOLDED,
    PERFORATION,
    SLUG_AT_MM,
    SLUG_PT,
    TORN,
    Line,
    SheetMarks,
    Slug,
    Step,
    Stroke,
    Surround,
    page_marks,
    register_places,
    strip_beside,
)
from actionpack.piece import Piece
from actionpack.stamp.embedding import fonts_for
from actionpack.units import pt_to_mm

# What is written in the slug, and the plates that name themselves there.
SLUG_FAMILY, SLUG_WEIGHT = "Noto Sans", 400
_PLATES: tuple[tuple[str, Ink], ...] = (
    ("Cyan", (1.0, 0.0, 0.0, 0.0)),
    ("Magenta", (0.0, 1.0, 0.0, 0.0)),
    ("Yellow", (0.0, 0.0, 1.0, 0.0)),
    ("Black", SOLID_BLACK),
)
_PLATE_GAP_MM = 3.0
# What a line of small type needs above its foot, of its size.
_RISE = 0.7
# Words that find no room are set smaller by so much, until they do.
_SMALLER = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The marks round each page of a pack, and the faces that their words are set in."""

    marks: tuple[SheetMarks, ...]
    faces: tuple[Face, ...]


def slug_faces(proof: ProofMap) -> tuple[tuple[str, int], ...]:
    """The family and weight that the marks round the pages of a pack need, if there are any."""
    return ((SLUG_FAMILY, SLUG_WEIGHT),) if proof.press else ()


class _Words:
    """Sets the words of a slug, each once, and remembers the faces."""

    def __init__(self, shelf: FontShelf) -> None:
        self._setter = Compositor(shelf, SLUG_FAMILY, SLUG_WEIGHT, language="en")
        self._known: dict[str, SetLine] = {}

    def set(self, text: str) -> SetLine:
        if text not in self._known:
            self._known[text] = self._setter.set(text)
        return self._known[text]

    @property
    def faces(self) -> tuple[Face, ...]:
        faces = (face for line in self._known.values() for face in line.faces)
        return tuple({id(face): face for face in faces}.values())


def _wide_mm(line: SetLine, size_pt: float) -> float:
    return pt_to_mm(line.width * size_pt / 1000)


def _plates(steps: Iterable[str], condition: str) -> Iterator[tuple[str, Ink | None]]:
    """What names itself above the pages, and in which ink; None: on every plate."""
    yield from _PLATES
    for step in steps:
        yield f"{step} (not printed)", None
    yield condition, None


# --------------------------------------------------------------------------------- round a page


def around(proof: ProofMap, shelf: FontShelf) -> Around:
    """What a print shop finds round the pages of a pack: marks, and in the slug what they are."""
    if proof.press is None:
        raise ValueError("these pages are not for a press")
    words = _Words(shelf)
    pieces = dict(proof.pieces)
    marks = []
    for number, meant in enumerate(proof.pages, 1):
        piece = pieces.get(number)
        size = piece.sheet if piece else stocks()[proof.paper].size
        what = (proof.action, proof.language, proof.layout, meant.piece, proof.paper, "press")
        told = " · ".join(part for part in what if part)
        told += f" · page {number} of {len(proof.pages)} · {proof.issued}"
        line = words.set(told)
        slug_pt = SLUG_PT * min(1.0, size.width / _wide_mm(line, SLUG_PT))
        foot = Point(0, size.height + SLUG_AT_MM)
        slugs = [Slug(lines=(Line(foot, slug_pt, line.runs),))]
        at = 0.0
        for name, ink in _plates(_steps(piece), proof.press.condition):
            plate = words.set(name)
            start = Point(at, -SLUG_AT_MM + pt_to_mm(SLUG_PT) * _RISE)
            slugs.append(Slug(lines=(Line(start, SLUG_PT, plate.runs),), ink=ink))
            at += _wide_mm(plate, SLUG_PT) + _PLATE_GAP_MM
        marks.append(
            page_marks(
                Box(0, 0, size.width, size.height),
                bleed_mm=proof.press.bleed_mm,
                perforations=[cut.at for cut in piece.cuts] if piece else (),
                folds=[fold.at for fold in piece.folds] if piece else (),
                slugs=tuple(slugs),
            )
        )
    return Around(marks=tuple(marks), faces=words.faces)


def _steps(piece: Piece | None) -> Iterator[str]:
    if piece and piece.cuts:
        yield "Perforation"
    if piece and piece.folds:
        yield "Fold"


# -------------------------------------------------------------------------------- round a sheet

# The map of the pack that a page belongs to, and its number there; None for blank pages.
Meant = Callable[[int], tuple[ProofMap, int] | None]


def surround(plan: Imposition, meant: Meant, shelf: FontShelf, *, name: str = "") -> Surround:
    """What a print shop finds on sheets beside the pages, which all have the same bleed.

    It stands in a strip round the pages, outside of their bleed and where the press prints. `name`
    is what the sheets belong to.
    """
    first = meant(1)
    if first is None or first[0].press is None:
        raise ValueError("these pages are not for a press")
    press = first[0].press
    words = _Words(shelf)
    maker = _Maker(plan=plan, meant=meant, press=press, words=words, name=name)
    made = plan.sheets
    marks = [
        one
        for number, sheet in enumerate(made, 1)
        for one in maker.sheet(sheet, f"sheet {number} of {len(made)}")
    ]
    return Surround(
        bleed_mm=press.bleed_mm,
        marks=tuple(marks),
        fonts=partial(fonts_for, faces=words.faces),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Maker:
    """What all sheets of a file have in common."""

    plan: Imposition
    meant: Meant
    press: PressMeant
    words: _Words
    name: str

    def sheet(self, sides: Sequence[Side], which: str) -> Iterator[SheetMarks]:
        """The marks of the sides of a sheet, its front first."""
        plan, bleed = self.plan, self.press.bleed_mm
        strips = [_Strip.of(side, plan, bleed) for side in sides]
        strokes = [
            (*_crops(side), *_lines(side, strip, self.meant, bleed))
            for side, strip in zip(sides, strips, strict=True)
        ]
        # One plate is laid on the other by these: they are the same from both sides.
        taken = [one.start for one in strokes[0] if one.step is None]
        taken += [_behind(one.start, plan) for one in chain(*strokes[1:]) if one.step is None]
        front = tuple(strips[0].targets(taken))
        targets = (front, tuple(_behind(at, plan) for at in front))
        names = (f"{which}, front", f"{which}, back") if plan.duplex else (which,)
        # Of a sheet that is printed on one side there is no back.
        for side, strip, own, at, named in zip(
            sides, strips, strokes, targets, names, strict=False
        ):
            marks = SheetMarks(strokes=own, targets=at, arm_mm=strip.wide / 2)
            plates = tuple(_plates((step.name for step in marks.steps), self.press.condition))
            told = tuple((text, None) for text in self._told(side, named))
            below = strip.written(told, own, at, self.words, above=False)
            above = strip.written(plates, own, at, self.words, above=True)
            yield replace(marks, slugs=(*below, *above))

    def _told(self, side: Side, which: str) -> Iterator[str]:
        """What a side says of itself, in parts that may stand apart."""
        if self.name:
            yield self.name
        pages = (placed.page for placed in side.pages if placed.page is not None)
        packs = [found[0] for page in pages if (found := self.meant(page))]
        kinds = dict.fromkeys((one.action, one.language, one.layout) for one in packs)
        if kinds:
            more = f" and {len(kinds) - 1} more" if len(kinds) > 1 else ""
            yield " · ".join((*next(iter(kinds)), "press")) + more
        yield f"{self.plan.scheme} on {stocks()[self.plan.sheet].title} · {which}"
        if packs:
            yield str(max(one.issued for one in packs))


def _behind(at: Point, plan: Imposition) -> Point:
    """The point on the other side of the sheet that lies behind one."""
    box = plan.behind(Box(at.x, at.y, 0, 0))
    return Point(box.x, box.y)


def _crops(side: Side) -> Iterator[Stroke]:
    """The strokes beside the pages of a side: where to cut, and where a booklet is folded."""
    for mark in side.marks:
        is_fold = mark.kind == "fold"
        yield Stroke(start=mark.start, end=mark.end, dashes=FOLDED if is_fold else ())


def _lines(side: Side, strip: _Strip, meant: Meant, bleed_mm: float) -> Iterator[Stroke]:
    """Where pages are perforated and folded: lines for the tools, and dashes where these begin."""
    block, dashed = side.block.inset(-bleed_mm), dict[Stroke, None]()
    for at in dict.fromkeys(mark.start.x for mark in side.marks if mark.kind == "fold"):
        yield Stroke(start=Point(at, block.top), end=Point(at, block.bottom), step=FOLD)
    for placed in side.pages:
        for step, height in _heights(placed, meant):
            line = _across(placed, height, side.shown(placed, bleed_mm), step)
            yield line
            dashes = TORN if step == PERFORATION else FOLDED
            dashed |= dict.fromkeys(strip.beside(line, dashes))
    yield from dashed


def _heights(placed: Placed, meant: Meant) -> Iterator[tuple[Step, float]]:
    """The lines of a page that a tool makes: which tool, and how far from its top, mm."""
    found = None if placed.page is None else meant(placed.page)
    piece = dict(found[0].pieces).get(found[1]) if found else None
    if piece is not None:
        yield from ((PERFORATION, cut.at) for cut in piece.cuts)
        yield from ((FOLD, fold.at) for fold in piece.folds)


def _across(placed: Placed, height: float, shown: Box, step: Step) -> Stroke:
    """A line right across what shows of a page, at a height from its top."""
    wide, _ = placed.page_size
    ends = []
    for x in (-wide, 2 * wide):
        end = placed.to_sheet.apply(Point(x, height))
        ends.append(
            Point(
                min(max(end.x, shown.left), shown.right),
                min(max(end.y, shown.top), shown.bottom),
            )
        )
    return Stroke(start=ends[0], end=ends[1], step=step)


class _Gap(NamedTuple):
    """Free room in the strip above or below the pages: from where to where, mm."""

    start: float
    end: float


class _Strip(NamedTuple):
    """Where marks stand on a side: round `block`, from `near` mm outside of it, `wide` mm wide."""

    block: Box
    near: float
    wide: float

    @classmethod
    def of(cls, side: Side, plan: Imposition, bleed_mm: float) -> _Strip:
        near, wide = strip_beside(side.block, plan, bleed_mm)
        return cls(block=side.block, near=near, wide=wide)

    @property
    def _middle(self) -> float:
        """How far outside of the pages the middle of the strip runs."""
        return self.near + self.wide / 2

    def beside(self, line: Stroke, dashes: tuple[float, ...]) -> Iterator[Stroke]:
        """Strokes on both sides of the pages where a line would come out."""
        near, far, block = self.near, self.near + self.wide, self.block
        x, y = line.start.x, line.start.y
        if abs(x - line.end.x) < abs(y - line.end.y):
            for edge, out in ((block.top, -1), (block.bottom, 1)):
                start, end = Point(x, edge + out * near), Point(x, edge + out * far)
                yield Stroke(start=start, end=end, dashes=dashes)
        else:
            for edge, out in ((block.left, -1), (block.right, 1)):
                start, end = Point(edge + out * near, y), Point(edge + out * far, y)
                yield Stroke(start=start, end=end, dashes=dashes)

    def targets(self, taken: Sequence[Point]) -> Iterator[Point]:
        """Register marks on each side of the pages, away from the strokes that stand there."""
        block, out = self.block, self._middle
        above = [at.x for at in taken if not block.top < at.y < block.bottom]
        beside = [at.y for at in taken if not block.left < at.x < block.right]
        for x in register_places(block.left, block.right, above, self.wide):
            yield Point(x, block.top - out)
            yield Point(x, block.bottom + out)
        for y in register_places(block.top, block.bottom, beside, self.wide):
            yield Point(block.left - out, y)
            yield Point(block.right + out, y)

    def written(
        self,
        texts: Sequence[tuple[str, Ink | None]],
        strokes: Sequence[Stroke],
        targets: Sequence[Point],
        words: _Words,
        *,
        above: bool,
    ) -> Iterator[Slug]:
        """Words in the strip above or below the pages, each in the first gap that has room."""
        block = self.block
        taken = [(one.start.x, 0.0) for one in strokes if not one.step]
        taken += [(one.x, self.wide / 2) for one in targets]
        held = [(x - by, x + by) for x, by in taken if block.left <= x <= block.right]
        gaps, reach = [], block.left
        for start, end in sorted((*held, (block.right, block.right))):
            if start - reach > 2 * CLEAR_MM:
                gaps.append(_Gap(reach + CLEAR_MM, start - CLEAR_MM))
            reach = max(reach, end)
        if not gaps:
            # Marks of so small a page leave no room for words.
            return
        lines = [words.set(text) for text, _ in texts]
        size = SLUG_PT
        while (starts := _starts(lines, gaps, size)) is None:
            size *= _SMALLER
        middle = block.top - self._middle if above else block.bottom + self._middle
        foot = middle + pt_to_mm(size) * _RISE / 2
        for (_, ink), line, start in zip(texts, lines, starts, strict=True):
            yield Slug(lines=(Line(Point(start, foot), size, line.runs),), ink=ink)


def _starts(
    lines: Sequence[SetLine], gaps: Sequence[_Gap], size_pt: float
) -> tuple[float, ...] | None:
    """Where lines begin that follow one another through gaps; None where they have no room."""
    starts: list[float] = []
    left = iter(gaps)
    gap = next(left)
    for line in lines:
        wide = _wide_mm(line, size_pt)
        while gap.start + wide > gap.end:
            following = next(left, None)
            if following is None:
                return None
            gap = following
        starts.append(gap.start)
        gap = _Gap(gap.start + wide + _PLATE_GAP_MM, gap.end)
    return tuple(starts)
