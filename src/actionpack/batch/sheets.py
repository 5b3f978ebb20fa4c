"""Separators: the sheets that stand before the packs of a language or a group in a volume.

A separator is laid out once for a batch and stamped like a pack. It is for whoever sorts the stack:
it carries no serial, and its black frame is seen when a thumb runs over the edges.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import combinations, groupby, pairwise
from pathlib import Path
from typing import Any

from actionpack.batch.described import by_action, by_kind, the_rest
from actionpack.batch.manifest import volume_file
from actionpack.batch.masters import LaidKind
from actionpack.batch.orders import Orders
from actionpack.batch.volumes import Part, group_of
from actionpack.diagnostics import Rejected, has_errors
from actionpack.fonts import Compositor, FontShelf, read_shelf, send
from actionpack.geometry import EPSILON_MM, Size
from actionpack.impose import Medium
from actionpack.imposition import done_with
from actionpack.language import endonym, english_name
from actionpack.model import Edition, PageMeant, ProofMap, Slot, WindowMeant
from actionpack.paper import sheets, stocks
from actionpack.pdf import make_stencil, prepare, to_press
from actionpack.render import Job, Typesetter
from actionpack.stamp import StampWords, slug_faces
from actionpack.store import data_jail
from actionpack.units import pt_to_mm
from actionpack.variant import press_meant, press_separator
from actionpack.volume import Entry, Master, Sealed, seal
from actionpack.web_address import counted

_TEMPLATE, _STYLE = "pages/separator.html.j2", "pages/separator.css"
_FAMILY = "Noto Sans"
# All ink stands this far from the edges, mm: more than the 5 mm that office printers leave white.
SAFE_MM = 6.0
# From the edge of the sheet to its text: the frame and some white.
_INSET_MM, _LOW_INSET_MM = 20.0, 16.0
# Below this height, as on an envelope or A5, there is room for what the packs are, and for no more.
_LOW_MM = 250.0
# A line of a name is broken rather than set smaller than this, pt.
_BROKEN_BELOW_PT, _LOW_BROKEN_BELOW_PT = 28.0, 16.0
# And what the packs are is told in fewer words: read from an arm's length.
_SHORTER_BELOW_PT, _LOW_SHORTER_BELOW_PT = 12.0, 9.0
# More spans of serials than these nobody compares with a stack.
_MOST_SPANS = 12
# What the words of a separator are written in.
_LANGUAGE = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """The packs of a group that lie together in one volume, behind one separator.

    `part` is the index of their first part in the volume, `serials` are those of its packs that
    can be printed, and `packs` how many of the whole group can. `kinds` are theirs, each as its
    number, with how many of the packs here are of it. `before` and `after` are the volumes, from 1,
    with more of the group, None where there is none.
    """

    part: int
    language: str
    group: str
    serials: tuple[range, ...]
    here: int
    packs: int
    kinds: tuple[tuple[int, int], ...]
    before: int | None
    after: int | None


def stacks(
    orders: Orders, volumes: Sequence[Sequence[Part]], left_out: Collection[int]
) -> tuple[tuple[Stack, ...], ...]:
    """The stacks of each volume; those whose packs are all in `left_out` (serials) are none."""
    found = [list(_in_volume(orders, volume, left_out)) for volume in volumes]
    places: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for number, volume in enumerate(found):
        for at, one in enumerate(volume):
            places.setdefault((one.language, one.group), []).append((number, at))
    for together in places.values():
        packs = sum(found[number][at].here for number, at in together)
        numbers = [number + 1 for number, _ in together]
        for (number, at), before, after in zip(
            together, (None, *numbers), (*numbers[1:], None), strict=False
        ):
            found[number][at] = replace(found[number][at], packs=packs, before=before, after=after)
    return tuple(map(tuple, found))


def _in_volume(
    orders: Orders, volume: Sequence[Part], left_out: Collection[int]
) -> Iterator[Stack]:
    def key(numbered: tuple[int, Part]) -> tuple[str, str]:
        order = orders[numbered[1].order]
        return order.language, group_of(order.values)

    for (language, group), members in groupby(enumerate(volume), key):
        parts = tuple(members)
        serials: list[int] = []
        kinds: Counter[int] = Counter()
        for _, part in parts:
            printed = [one for one in _serials(orders, part) if one not in left_out]
            serials += printed
            kinds[orders.kind_of(part.order)] += len(printed)
        if serials:
            yield Stack(
                part=parts[0][0],
                language=language,
                group=group,
                serials=tuple(_spans(serials)),
                here=len(serials),
                packs=len(serials),
                kinds=tuple((kind, packs) for kind, packs in kinds.items() if packs),
                before=None,
                after=None,
            )


def _serials(orders: Orders, part: Part) -> range:
    first = orders.starts[part.order] + part.first
    return range(first, first + part.packs)


def _spans(serials: Iterable[int]) -> Iterator[range]:
    """Numbers, each larger than the one before, as spans without gaps."""
    numbers = tuple(serials)
    breaks = [at for at, (one, other) in enumerate(pairwise(numbers), 1) if other != one + 1]
    for start, end in pairwise((0, *breaks, len(numbers))):
        yield range(numbers[start], numbers[end - 1] + 1)


# --------------------------------------------------------------------------------------- laying out


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """What a separator says of the whole batch."""

    name: str
    grammage: float
    tagged: bool
    issued: date
    edition: Edition = "home"


def lay_out_separators(
    media: Iterable[Medium], told: Print, kinds: Sequence[LaidKind], fonts: tuple[Path, ...]
) -> Separators:
    """Lay the separators of a batch out; raises Rejected when the pages cannot be made."""
    shelf = read_shelf(fonts)
    with Typesetter(fonts) as typesetter:
        masters = {
            medium: seal(_master(medium, told, shelf, typesetter))
            for medium in dict.fromkeys(media)
        }
    return Separators(told=told, masters=masters, kinds=kinds, shelf=shelf)


def _master(medium: Medium, told: Print, shelf: FontShelf, typesetter: Typesetter) -> Master:
    size = medium.size
    slots = tuple(_slots(size))
    jail = data_jail()
    job = Job(
        template=jail.read_text(_TEMPLATE),
        template_file=jail.label(_TEMPLATE),
        css=_variables(size, slots, shelf) + jail.read_text(_STYLE),
        values=_values(medium, told) | {"$slots": [slot.name for slot in slots]},
    )
    laid = typesetter.lay_out(job)
    pdf, logged = typesetter.write()
    if has_errors(laid.findings + logged):
        raise Rejected(*laid.findings, *logged)
    pages, proof = prepare(pdf), _proof(medium, told, shelf)
    if told.edition == "press":
        pages = to_press(pages, press_separator(), bleed_mm=0.0)
    return Master(
        stencil=make_stencil(pages, tagged=told.tagged),
        proof=proof,
        slots=slots,
        faces=send(shelf, [*((slot.family, slot.weight) for slot in slots), *slug_faces(proof)]),
        online=None,
        words=StampWords(),
        duplex=medium.duplex,
    )


def _is_low(size: Size) -> bool:
    return size.height < _LOW_MM


def _values(medium: Medium, told: Print) -> dict[str, Any]:
    return {
        "batch": told.name,
        "paper": stocks()[medium.paper].title,
        "is_sheet": medium.paper in sheets(),
        "grammage": f"{told.grammage:g}",
        "duplex": medium.duplex,
        "flip": medium.flip,
        "then": done_with(medium.manner.scheme) if medium.manner is not None else "",
        "low": _is_low(medium.size),
        "issued": told.issued.isoformat(),
    }


def _variables(size: Size, slots: Iterable[Slot], shelf: FontShelf) -> str:
    low = _is_low(size)
    numbers = {
        "width": size.width,
        "height": size.height,
        "safe": SAFE_MM,
        "inset": _LOW_INSET_MM if low else _INSET_MM,
        **{f"slot-{slot.name}-width": slot.size.width for slot in slots},
        **{f"slot-{slot.name}-height": slot.size.height for slot in slots},
    }
    written = ";".join(f"--{name}:{mm:.4f}mm" for name, mm in numbers.items())
    return f":root{{{written};font-family:{family_stack(shelf)}}}\n"


def family_stack(shelf: FontShelf) -> str:
    """The families of a style sheet for any script: ours first, then whatever there is."""
    families = dict.fromkeys((_FAMILY, *shelf.families))
    return ",".join(f'"{family}"' for family in families)


def _slots(size: Size) -> Iterator[Slot]:
    """The places of what differs.

    A name has room for whatever fits a group's slot on the same paper: its smallest size is below
    any that a letter is set in.
    """
    low = _is_low(size)
    wide = size.width - 2 * (_LOW_INSET_MM if low else _INSET_MM)
    if low:
        yield _slot("language", wide, 1, (12.0, 10, 8, 6))
        yield _slot("name", wide, 3, (30.0, 26, 22, 19, 16, 14, 12, 10, 8, 6, 5, 4), high=19)
        yield _slot("packs", wide, 1, (17.0, 15, 13))
        yield _slot("numbers", wide, 1, (10.0, 9, 8, 7))
        yield _slot("run", wide, 1, (9.0, 8, 7))
        yield _slot("what", wide, 4, (12.0, 11, 10, 9, 8, 7, 6, 5, 4), high=15.3)
        yield _slot("volume", wide, 1, (9.0, 8, 7, 6))
        return
    yield _slot("language", wide, 1, (22.0, 19, 16, 13, 10, 8))
    yield _slot(
        "name", wide, 5, (54.0, 48, 42, 36, 32, 28, 24, 20, 17, 14, 12, 10, 8, 6, 5, 4), high=38
    )
    yield _slot("packs", wide, 1, (38.0, 32, 26))
    yield _slot("numbers", wide, 2, (15.0, 13, 11, 9))
    yield _slot("run", wide, 1, (15.0, 13, 11, 9))
    yield _slot("what", wide, 6, (20.0, 18, 16, 14, 13, 12, 11, 10, 8, 6, 5, 4), high=31)
    yield _slot("volume", wide, 1, (11.0, 10, 9, 8, 7))


def _slot(
    name: str, wide: float, lines: int, sizes: tuple[float, ...], high: float | None = None
) -> Slot:
    """A place as wide as the page's text; without `high`, mm, for its lines at their largest."""
    leading = 1.2
    return Slot(
        name=name,
        field=name,
        kind="text",
        size=Size(wide, pt_to_mm(lines * sizes[0] * leading) if high is None else high),
        family=_FAMILY,
        weight=700 if name in ("name", "packs", "run") else 400,
        sizes=sizes,
        leading=leading,
        lines=lines,
        rules=False,
    )


def _proof(medium: Medium, told: Print, shelf: FontShelf) -> ProofMap:
    return ProofMap(
        action="",
        language=_LANGUAGE,
        layout="separator",
        paper=medium.paper,
        window=WindowMeant(name="none", envelope=medium.size, hole=None),
        issued=told.issued,
        embargo=None,
        act_by=None,
        stopped=None,
        safe_mm=SAFE_MM,
        fonts=shelf.families,
        pages=(PageMeant(piece="", blank=False),),
        pieces=(),
        texts=(),
        codes=(),
        spots=(),
        press=press_meant(bleed_mm=0.0) if told.edition == "press" else None,
    )


# --------------------------------------------------------------------------------------- filling in


@dataclass(frozen=True, slots=True, kw_only=True)
class Separators:
    """Turns stacks into entries of a volume. `masters` are by medium, `kinds` all of the batch."""

    told: Print
    masters: Mapping[Medium, Sealed]
    kinds: Sequence[LaidKind]
    shelf: FontShelf

    def entry(self, stack: Stack, medium: Medium, *, volume: int, master: int) -> Entry:
        """The separator before a stack; `volume` counts from 1, `master` is its index there."""
        slots = {slot.name: slot for slot in _slots(medium.size)}
        low = _is_low(medium.size)
        least = _LOW_BROKEN_BELOW_PT if low else _BROKEN_BELOW_PT
        shorter = _LOW_SHORTER_BELOW_PT if low else _SHORTER_BELOW_PT
        english, own = english_name(stack.language), self._endonym(stack.language)
        languages = " · ".join(dict.fromkeys(filter(None, (own, english if stack.group else ""))))
        name, numbers = stack.group or english, _numbers(stack.serials)
        values = {
            "language": languages if languages != name else "",
            "name": self._broken(name, slots["name"], least) or name,
            "packs": _packs(stack),
            "numbers": self._broken(numbers, slots["numbers"], 0) or _in_short(stack.serials),
            "run": " · ".join(_run(stack)),
            "what": self._what(stack, slots["what"], shorter),
            "volume": f"{self.told.name} · {volume_file(volume)}",
        }
        return Entry(
            master=master,
            serial=None,
            row=None,
            values=tuple((field, text) for field, text in values.items() if text),
            label=f"{stack.language} · {name} · {counted(stack.here, 'pack')}",
            level=0,
        )

    def _endonym(self, language: str) -> str:
        """A language's own name for itself, '' where no font here can print it."""
        own = endonym(language)
        return "" if self.shelf.missing(own, self.shelf.families) else own

    def _what(self, stack: Stack, slot: Slot, least: float) -> str:
        """What the packs are: by kind, or by action where that is too much for the slot."""
        packs = [(self.kinds[kind], count) for kind, count in stack.kinds]
        lines: tuple[str, ...] = ()
        for told in (by_kind(packs), by_action(packs)):
            if len(told) == 1 and self._fits(told[0].titled, slot, 0):
                return self._broken(told[0].titled, slot, least) or told[0].short
            lines = tuple(
                one.titled if self._fits(one.titled, slot, least) else one.short for one in told
            )
            if len(lines) <= slot.lines and all(self._fits(line, slot, least) for line in lines):
                return "\n".join(lines)
        listed = slot.lines - 1
        return "\n".join((*lines[:listed], the_rest(packs, listed)))

    def _fits(self, line: str, slot: Slot, least: float) -> bool:
        """Whether a line can be set in `least` pt, with the letters that there are."""
        size = self._size((line,), slot)
        printable = not _compositor(self.shelf, slot.weight).set(line).missing
        return printable and size is not None and size >= least

    def _broken(self, text: str, slot: Slot, least: float) -> str | None:
        """A text on so few lines that it can be set in `least` pt, or else as large as it goes.

        None when it fits on no number of lines.
        """
        found: list[tuple[float, str]] = []
        for count in range(1, slot.lines + 1):
            lines = self._lines(text, count, slot)
            size = self._size(lines, slot)
            if size is not None and size >= least:
                return "\n".join(lines)
            if size is not None:
                found.append((size, "\n".join(lines)))
        # Of the same size the one of fewer lines, which comes first.
        return max(found, key=lambda one: one[0])[1] if found else None

    def _lines(self, text: str, count: int, slot: Slot) -> tuple[str, ...]:
        """A text in at most `count` lines, the widest as narrow as can be."""
        words = text.split(" ")
        wide = [self._wide(word, slot) for word in words]
        space = self._wide("n n", slot) - self._wide("nn", slot)
        runs = sorted(
            {
                sum(wide[start:end]) + space * (end - start - 1)
                for start, end in combinations(range(len(words) + 1), 2)
            }
        )
        enough = bisect_left(
            runs, True, key=lambda limit: len(_filled(words, wide, space, limit)) <= count
        )
        return _filled(words, wide, space, runs[enough])

    def _size(self, lines: tuple[str, ...], slot: Slot) -> float | None:
        """The largest size, pt, at which lines fit a slot, as `stamp` has it; None: at none."""
        wide = max(self._wide(line, slot) for line in lines)
        for size in slot.sizes:
            high = pt_to_mm(size * slot.leading * len(lines))
            if pt_to_mm(wide * size / 1000) <= slot.size.width and high <= slot.size.height:
                return size
        return None

    def _wide(self, line: str, slot: Slot) -> float:
        return _compositor(self.shelf, slot.weight).set(line).width


def _filled(
    words: Sequence[str], wide: Sequence[float], space: float, limit: float
) -> tuple[str, ...]:
    """Words, each as wide as told, in lines no wider than `limit`; one that is too wide alone."""
    lines: list[list[str]] = []
    room = 0.0
    for word, width in zip(words, wide, strict=True):
        if lines and space + width <= room + EPSILON_MM:
            lines[-1].append(word)
            room -= space + width
        else:
            lines.append([word])
            room = limit - width
    return tuple(" ".join(line) for line in lines)


@lru_cache(maxsize=4)
def _compositor(shelf: FontShelf, weight: int) -> Compositor:
    return Compositor(shelf, _FAMILY, weight, language=_LANGUAGE)


def _packs(stack: Stack) -> str:
    if stack.here == stack.packs:
        return counted(stack.here, "pack")
    return f"{stack.here} of {counted(stack.packs, 'pack')}"


def _numbers(serials: tuple[range, ...]) -> str:
    """Every serial, or where they come from when they have more gaps than anybody compares."""
    if len(serials) > _MOST_SPANS:
        return _in_short(serials)
    written = ", ".join(
        f"{span[0]}" if len(span) == 1 else f"{span[0]}–{span[-1]}" for span in serials
    )
    return f"number{'' if written.isdecimal() else 's'} {written}"


def _in_short(serials: tuple[range, ...]) -> str:
    return f"numbers {serials[0][0]} to {serials[-1][-1]}, with gaps: see manifest.json"


def _run(stack: Stack) -> Iterator[str]:
    if stack.before is not None:
        yield f"continued from {volume_file(stack.before)}"
    if stack.after is not None:
        yield f"goes on in {volume_file(stack.after)}"
