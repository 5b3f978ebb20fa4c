"""What a print shop cuts, folds and lines up by: marks round a page or on a sheet, as plain data.

Crop marks, fold marks and register marks are drawn in the colour All, which is on every plate; the
slug says what the sheet is. Lines that are not printed but made by a tool are processing steps (ISO
19593-1): each kind is a layer and a spot colour of its own, which overprints, so that it takes
nothing out of what is below it.

Millimetres, y down; where they are counted from is for whoever places the marks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from actionpack.condition import Ink
from actionpack.geometry import Box, Point
from actionpack.imposition import MARK_START_MM, Imposition
from actionpack.pdf.marks import Line
from actionpack.pdf.objects import num
from actionpack.pdf.operators import operators
from actionpack.units import mm_to_pt

MARK_LENGTH_MM = 5.0
MARK_PT = 0.25
# The strip round the trim that marks and slug stand in, mm.
SLUG_MM = 15.0
# The middle of a register mark, and the foot of the slug's letters, mm outside the trim.
REGISTER_AT_MM = 8.5
SLUG_AT_MM = 13.5
SLUG_PT = 6.0
# How far the cross of a register mark reaches from its middle, mm, and what its circle is of that.
_CROSS_MM = 2.5
_CIRCLE = 0.6
STEP_PT = 0.5
# How many straight lines make a circle that looks round at this size.
_BEZIER = 0.5523


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A kind of processing step: the name of its separation, its type (ISO 19593-1, Structural),
    how it looks on a screen, and the dashes of its lines, pt."""

    name: str
    kind: str
    looks: Ink
    dashes: tuple[float, ...]


PERFORATION = Step(
    name="Perforation", kind="Perforating", looks=(0.0, 0.6, 0.0, 0.0), dashes=(3.0, 2.0)
)
FOLD = Step(name="Fold", kind="Folding", looks=(0.6, 0.0, 0.0, 0.0), dashes=(8.0, 2.0, 2.0, 2.0))
CUT = Step(name="Cut", kind="Cutting", looks=(0.0, 0.6, 0.6, 0.0), dashes=())
STEPS = (CUT, PERFORATION, FOLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """A straight line. `step`: what it is made with; None: it is a mark, in the colour All."""

    start: Point
    end: Point
    step: Step | None = None
    dashes: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Slug:
    """Words of the slug: their lines, and the ink; None: on every plate."""

    lines: tuple[Line, ...]
    ink: Ink | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetMarks:
    """All that is drawn round pages, and over them for the tools.

    `targets` are register marks, whose crosses reach `arm_mm` from their middles.
    """

    strokes: tuple[Stroke, ...] = ()
    targets: tuple[Point, ...] = ()
    arm_mm: float = _CROSS_MM
    slugs: tuple[Slug, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """The processing steps that it has lines of, in the order of `STEPS`."""
        used = {stroke.step for stroke in self.strokes}
        return tuple(step for step in STEPS if step in used)


# ----------------------------------------------------------------------------------------- planning


def crop_marks(trim: Box, *, bleed_mm: float = 0) -> tuple[Stroke, ...]:
    """Two lines at each corner of what is cut out, outside its bleed."""
    near = max(MARK_START_MM, bleed_mm)
    far = near + MARK_LENGTH_MM
    strokes = []
    for (x, right), (y, down) in product(
        ((trim.left, -1), (trim.right, 1)), ((trim.top, -1), (trim.bottom, 1))
    ):
        across = (Point(x + right * near, y), Point(x + right * far, y))
        along = (Point(x, y + down * near), Point(x, y + down * far))
        strokes += [Stroke(start=start, end=end) for start, end in (across, along)]
    return tuple(strokes)


# How strokes beside a page are dashed where it is perforated and where it is folded, pt.
TORN, FOLDED = (1.0, 1.0), (4.0, 1.5)


def line_marks(
    trim: Box, heights: Iterable[float], dashes: tuple[float, ...], *, bleed_mm: float = 0
) -> tuple[Stroke, ...]:
    """Dashed lines on both sides of a page at heights from its top: where it is folded or torn."""
    near = max(MARK_START_MM, bleed_mm)
    far = near + MARK_LENGTH_MM
    return tuple(
        Stroke(
            start=Point(edge + out * near, trim.top + at),
            end=Point(edge + out * far, trim.top + at),
            dashes=dashes,
        )
        for at in heights
        for edge, out in ((trim.left, -1), (trim.right, 1))
    )


def step_lines(
    trim: Box, heights: Iterable[float], step: Step, *, bleed_mm: float = 0
) -> tuple[Stroke, ...]:
    """Lines right across a page and its bleed at heights from its top, for a tool to make."""
    return tuple(
        Stroke(
            start=Point(trim.left - bleed_mm, trim.top + at),
            end=Point(trim.right + bleed_mm, trim.top + at),
            step=step,
        )
        for at in heights
    )


def register_marks(trim: Box) -> tuple[Point, ...]:
    """The middle of each side of what is cut out, outside of it."""
    middle = trim.centre
    return (
        Point(middle.x, trim.top - REGISTER_AT_MM),
        Point(middle.x, trim.bottom + REGISTER_AT_MM),
        Point(trim.left - REGISTER_AT_MM, middle.y),
        Point(trim.right + REGISTER_AT_MM, middle.y),
    )


# Words and register marks keep so far from the strokes beside them, mm.
CLEAR_MM = 1.5


def strip_beside(block: Box, plan: Imposition, bleed_mm: float) -> tuple[float, float]:
    """Where marks stand round the pages on a sheet: how far outside they begin, and how wide."""
    near = max(MARK_START_MM, bleed_mm)
    area = Box(0, 0, plan.size.width, plan.size.height).inset(plan.margin_mm)
    room = min(
        block.left - area.left,
        block.top - area.top,
        area.right - block.right,
        area.bottom - block.bottom,
    )
    return near, min(MARK_LENGTH_MM, room - near)


def register_places(
    low: float, high: float, taken: Iterable[float], wide: float
) -> tuple[float, ...]:
    """Where register marks stand along an edge, away from the strokes that are `taken`.

    It is the middle; where something stands there, the widest gap of each half.
    """
    middle, held = (low + high) / 2, [at for at in taken if low <= at <= high]
    if all(abs(at - middle) > wide / 2 + CLEAR_MM for at in held):
        return (middle,)
    halves = (
        [low, *(at for at in held if at < middle), middle],
        [middle, *(at for at in held if at > middle), high],
    )
    return tuple(_widest(sorted(half)) for half in halves)


def _widest(places: Sequence[float]) -> float:
    """The middle of the widest gap between places in order."""
    start, end = max(pairwise(places), key=lambda gap: round(gap[1] - gap[0], 3))
    return (start + end) / 2


def page_marks(
    trim: Box,
    *,
    bleed_mm: float,
    perforations: Iterable[float] = (),
    folds: Iterable[float] = (),
    slugs: tuple[Slug, ...] = (),
) -> SheetMarks:
    """Everything round one page; perforations and folds are heights from its top."""
    torn, folded = tuple(perforations), tuple(folds)
    return SheetMarks(
        strokes=(
            *crop_marks(trim, bleed_mm=bleed_mm),
            *line_marks(trim, torn, TORN, bleed_mm=bleed_mm),
            *line_marks(trim, folded, FOLDED, bleed_mm=bleed_mm),
            *step_lines(trim, torn, PERFORATION, bleed_mm=bleed_mm),
            *step_lines(trim, folded, FOLD, bleed_mm=bleed_mm),
        ),
        targets=register_marks(trim),
        slugs=slugs,
    )


# ------------------------------------------------------------------------------------------ drawing

# What the marks of a page stand in, and the lines of its processing steps, so that whoever reads
# the page alone, or puts it on a sheet with marks of its own, can leave them out.
MARKS_TAG = "SheetMarks"
STEPS_TAG = "ProcessingSteps"
AROUND = tuple(f"/{tag}".encode() for tag in (MARKS_TAG, STEPS_TAG))
# What marks are drawn with, by their names in the resources of whatever holds them.
ALL = b"SeparationAll"
OVERPRINT_STATE = "Overprint"


def space_of(step: Step) -> str:
    """The name of a step's colour in the resources."""
    return f"Separation{step.name}"


def layer_of(step: Step) -> str:
    """The name of a step's layer in the resources."""
    return f"Step{step.name}"


def drawn(
    marks: SheetMarks,
    point: Callable[[Point], tuple[float, float]],
    show: Callable[[Line, float, float], bytes],
) -> bytes:
    """The operators that draw marks and the slug, but for the lines of `steps_drawn`.

    `point` places a point, pt, y up; `show` gives the operators that show a line from there, as
    `Lettering` does. They need what `resources` names.
    """
    out = [b"q /%s gs /%s CS /%s cs 1 SCN 1 scn" % ((OVERPRINT_STATE.encode(),) + (ALL,) * 2)]
    out.append(f"{num(MARK_PT)} w".encode())
    out += [_stroked(one, point) for one in marks.strokes if one.step is None]
    out.append(b"[] 0 d")
    out += [_target(one, marks.arm_mm, point) for one in marks.targets]
    for slug in marks.slugs:
        out.append(b"/%s cs 1 scn" % ALL if slug.ink is None else b"%s k" % inked(slug.ink))
        out += [b"BT %s ET" % show(line, *point(line.start)) for line in slug.lines]
    out.append(b"Q")
    return b"\n".join(out) + b"\n"


def steps_drawn(marks: SheetMarks, point: Callable[[Point], tuple[float, float]]) -> bytes:
    """The operators that draw the lines of processing steps, each kind on its layer."""
    out = []
    for step in marks.steps:
        head = f"/OC /{layer_of(step)} BDC q /{OVERPRINT_STATE} gs /{space_of(step)} CS 1 SCN"
        out.append(f"{head} {num(STEP_PT)} w {_dashed(step.dashes)}".encode())
        out += [_stroked(one, point, dashed=False) for one in marks.strokes if one.step == step]
        out.append(b"Q EMC")
    return b"\n".join(out) + b"\n"


def inked(ink: Ink) -> bytes:
    """Four inks as the operators k and K want them."""
    return " ".join(map(num, ink)).encode()


def _dashed(dashes: Iterable[float]) -> str:
    return f"[{' '.join(map(num, dashes))}] 0 d"


def _stroked(
    stroke: Stroke, point: Callable[[Point], tuple[float, float]], *, dashed: bool = True
) -> bytes:
    ends = (*point(stroke.start), *point(stroke.end))
    x1, y1, x2, y2 = map(num, ends)
    dashes = f"{_dashed(stroke.dashes)} " if dashed else ""
    return f"{dashes}{x1} {y1} m {x2} {y2} l S".encode()


def _target(at: Point, arm_mm: float, point: Callable[[Point], tuple[float, float]]) -> bytes:
    """A circle with a cross through it."""
    x, y = point(at)
    arm = mm_to_pt(arm_mm)
    r = arm * _CIRCLE
    c = r * _BEZIER
    quarters = (
        ((x + r, y + c), (x + c, y + r), (x, y + r)),
        ((x - c, y + r), (x - r, y + c), (x - r, y)),
        ((x - r, y - c), (x - c, y - r), (x, y - r)),
        ((x + c, y - r), (x + r, y - c), (x + r, y)),
    )
    curves = " ".join(
        " ".join(num(part) for one in curve for part in one) + " c" for curve in quarters
    )
    cross = (
        f"{num(x - arm)} {num(y)} m {num(x + arm)} {num(y)} l "
        f"{num(x)} {num(y - arm)} m {num(x)} {num(y + arm)} l"
    )
    return f"{num(x + r)} {num(y)} m {curves} {cross} S".encode()


def separation(name: str, looks: Ink) -> bytes:
    """A colour of its own plate (ISO 32000-1, 8.6.6.4): where there is none, it looks so."""
    return b"[/Separation/%s/DeviceCMYK<</FunctionType 2/Domain[0 1]/C0[0 0 0 0]/C1[%s]/N 1>>]" % (
        name.encode(),
        inked(looks),
    )


def resources(layers: Mapping[Step, bytes]) -> bytes:
    """The entries of a resource dictionary for marks, but for fonts.

    `layers` are the references to the layers of the steps that are drawn.
    """
    spaces = b"".join(
        b"/%s%s" % (space_of(step).encode(), separation(step.name, step.looks)) for step in layers
    )
    held = b"".join(b"/%s %s" % (layer_of(step).encode(), ref) for step, ref in layers.items())
    return (
        b"/ColorSpace<</%s%s%s>>" % (ALL, separation("All", (1.0, 1.0, 1.0, 1.0)), spaces)
        + b"/ExtGState<</%s<</Type/ExtGState/OP true/op true/OPM 1>>>>" % OVERPRINT_STATE.encode()
        + (b"/Properties<<%s>>" % held if held else b"")
    )


def layer(step: Step) -> bytes:
    """A layer that says which tool its lines are for (ISO 19593-1)."""
    return (
        b"<</Type/OCG/Name(%s)/Intent[/View/Design]"
        b"/GTS_Metadata<</GTS_ProcStepsGroup/Structural/GTS_ProcStepsType/%s>>>>"
        % (step.name.encode(), step.kind.encode())
    )


def layers_shown(layers: Iterable[bytes]) -> bytes:
    """The catalogue's entry for layers, by their references (ISO 32000-1, 8.11.4): all are on."""
    held = b" ".join(layers)
    return (
        b"/OCProperties<</OCGs[%s]/D<</Name(Default)/BaseState/ON/Order[%s]>>>>" % (held, held)
        if held
        else b""
    )


# ------------------------------------------------------------------------------------ leaving out


def marked(content: bytes) -> bool:
    """Whether marks for a print shop may stand in the content of a page."""
    return any(tag in content for tag in AROUND)


def without_marks(content: bytes) -> bytes:
    """The content of a page for a press without marks and the lines of its processing steps."""
    left: list[bytes] = []
    copied = depth = 0
    for operator in operators(content):
        if operator.name in (b"BMC", b"BDC") and (depth or operator.operands[0] in AROUND):
            if not depth:
                left.append(content[copied : operator.start])
            depth += 1
        elif operator.name == b"EMC" and depth:
            depth -= 1
            copied = operator.end
    left.append(content[copied:])
    return b"".join(left)
