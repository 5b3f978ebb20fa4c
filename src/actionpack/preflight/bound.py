"""A finished volume and its map into findings: every pack where it was put, and as it was meant.

Of each kind of pack the first is proved like a pack alone; of the others words and codes are read,
and whether their pages are those that were made.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from actionpack.diagnostics import Finding, Place, finding
from actionpack.model import PackMeant, PageMeant, VolumeMap
from actionpack.preflight.asmade import (
    Made,
    PageFault,
    is_strange,
    likeness,
    made_by,
    wrong_pages,
)
from actionpack.preflight.fontfacts import wrong_fonts
from actionpack.preflight.meant import MeantPage, Region, contradiction
from actionpack.preflight.proving import (
    Fonts,
    Reading,
    fonts_seen,
    no_title,
    no_window,
    prove_pages,
    read_pages,
    too_many,
    wrong_language,
)
from actionpack.preflight.reader import File, Page
from actionpack.preflight.seen import Step
from actionpack.preflight.stranger import Asked, Clock, sizes_of
from actionpack.preflight.text import found_in
from actionpack.preflight.words import normal

# After so many packs with something wrong that is wrong in no other, the rest is not looked at.
_MOST_WRONG = 20
# A page may have been made as one of many that say the same: so many of them are looked at.
_MOST_ALIKE = 3
_SERIAL = "serial"
_NUMBER = re.compile("[0-9]{1,9}")


def volume_contradiction(volume: VolumeMap) -> str | None:
    """Say why a map makes no sense, whatever file it is in; None when it does."""
    if not volume.packs:
        return "it names no pack"
    for proof in volume.proofs:
        if not proof.pages:
            return "a kind of pack has no pages"
        if why := contradiction(proof):
            return why
    end = 0
    for at, pack in enumerate(volume.packs, 1):
        if not 0 <= pack.proof < len(volume.proofs):
            return f"pack {at} of it is of kind {pack.proof}, and it has {len(volume.proofs)} kinds"
        if pack.first <= end:
            return f"pack {at} of it begins on page {pack.first}, and that is not after page {end}"
        end = _last_page(volume, pack)
    return None


def firsts(volume: VolumeMap) -> tuple[PackMeant, ...]:
    """The first pack of each kind, in the order of the file."""
    first: dict[int, PackMeant] = {}
    for pack in volume.packs:
        first.setdefault(pack.proof, pack)
    return tuple(first.values())


def pack_name(pack: PackMeant) -> str:
    """What people call a pack: its number as it is printed, else where it begins."""
    serial = dict(pack.texts).get(_SERIAL, "")
    return f"pack {serial}" if _NUMBER.fullmatch(serial) else f"the pack of page {pack.first}"


def pack_part(file: File, volume: VolumeMap, pack: PackMeant) -> File:
    """The pages of a pack, as far as the file has them."""
    return file.part(pack.first, len(volume.proofs[pack.proof].pages))


def in_volume(found: Finding, pack: PackMeant) -> Finding:
    """A finding about a pack as one about its volume: the pack is named, pages are the volume's."""
    page = found.place.page and pack.first + found.place.page - 1
    place = replace(found.place, page=page)
    return replace(found, place=place, message=f"{pack_name(pack)}: {found.message}")


# ----------------------------------------------------------------------------------- the volume


def prove_volume(
    file: File,
    volume: VolumeMap,
    name: str,
    asked: Asked,
    out_of_time: Clock,
    *,
    whole: bool = False,
) -> Iterator[Step]:
    """Hold a file against the map of a volume, pack by pack, as far as the time goes.

    `whole`: all that is wrong is wanted, however many packs that are.
    """
    volume = _on_whole_sheets(volume, file.page_count)
    languages = {volume.proofs[pack.proof].language for pack in volume.packs}
    tagged = wrong_language(file, languages.pop(), name) if len(languages) == 1 else ()
    yield Step(
        page_count=file.page_count,
        packs=len(volume.packs),
        pages=sizes_of(file),
        findings=(
            *no_title(file, name),
            *tagged,
            *(
                one
                for pack in firsts(volume)
                for one in no_window(volume.proofs[pack.proof], asked, name)
            ),
        ),
    )
    work = _Work(file, volume, name, asked)
    done: set[int] = set()
    rest: Finding | None = None
    for pack in work.in_turn():
        if out_of_time() or (work.is_mostly_wrong and not whole):
            break
        done.add(pack.first)
        yield from work.look_at(pack)
    if left := next((pack for pack in volume.packs if pack.first not in done), None):
        rest = work.left_out(left)
    yield Step(
        fonts=fonts_seen(work.fonts),
        findings=(
            *wrong_pages(work.faults, file.page_count, work.made, name),
            *work.repeated(),
            *((rest,) if rest else ()),
        ),
    )


def _last_page(volume: VolumeMap, pack: PackMeant) -> int:
    return pack.first + len(volume.proofs[pack.proof].pages) - 1


@dataclass(slots=True)
class _Again:
    """A fault that was found in one pack of a kind and then in others."""

    found: Finding
    packs: list[PackMeant] = field(default_factory=list)


class _Work:
    """A volume while it is looked at."""

    def __init__(self, file: File, volume: VolumeMap, name: str, asked: Asked) -> None:
        self._file, self._volume, self._name, self._asked = file, volume, name, asked
        self._order = _Order(file, volume)
        self._kinds: set[int] = set()
        self._told: dict[tuple[int, int | None, str], _Again] = {}
        self.fonts: Fonts = {}
        self.faults: dict[int, PageFault] = {}
        self.wrong = 0
        self.made = _last_page(volume, volume.packs[-1])
        self._off: int | None = None

    @property
    def is_mostly_wrong(self) -> bool:
        """Whether so many packs are wrong that it need not be known of the others."""
        return self.wrong >= _MOST_WRONG

    def in_turn(self) -> Iterator[PackMeant]:
        """The packs in the order in which they are looked at.

        Where pages are missing or too many, those at which that begins come first, and those
        behind them not at all: nothing is in its place there.
        """
        packs = self._volume.packs
        if self._file.page_count == self.made:
            yield from packs
            return
        self._off = self._order.first_off()
        seam = packs[max(0, self._off - 1) : self._off + 1]
        yield from seam
        yield from packs[: max(0, self._off - 1)]

    def look_at(self, pack: PackMeant) -> Iterator[Step]:
        """Look at a pack: everything in the first of its kind, words and codes in others."""
        if pack.first > self._file.page_count:
            return
        part = pack_part(self._file, self._volume, pack)
        reading = Reading.of(self._volume.of(pack), self._name)
        reading.elsewhere = self._order.elsewhere(pack, reading)
        if pack.proof in self._kinds:
            steps = read_pages(part, reading)
        else:
            self._kinds.add(pack.proof)
            steps = self._whole(part, reading)
        own = False
        for step in (*steps, self._end(part, reading)):
            found = tuple(self._new(step.findings, pack))
            own = own or any(one.is_error for one in found)
            yield _in_volume(replace(step, findings=found), pack)
        for number, fault in reading.faults.items():
            made_as = fault.made_as and pack.first + fault.made_as - 1
            empty = tuple(in_volume(one, pack) for one in fault.empty)
            at = pack.first + number - 1
            self.faults[at] = replace(fault, made_as=made_as, empty=empty)
        self.wrong += own or bool(reading.faults)

    def _whole(self, part: File, reading: Reading) -> Iterator[Step]:
        place = Place(file=self._name, page=1)
        yield Step(findings=too_many(part, self._asked, place))
        yield from prove_pages(part, reading, self._asked, lambda: False)

    def _end(self, part: File, reading: Reading) -> Step:
        strange = wrong_fonts(reading.fonts, reading.proof.fonts, self._name)
        self.fonts = reading.fonts | self.fonts
        return Step(findings=(*reading.lost(part), *strange))

    def _new(self, findings: Iterable[Finding], pack: PackMeant) -> Iterator[Finding]:
        """Those that were not found in another pack of the same kind, which are counted."""
        for found in findings:
            key = (pack.proof, found.place.page, found.message)
            known = self._told.setdefault(key, _Again(found))
            if known.found is found:
                yield found
            else:
                known.packs.append(pack)

    def repeated(self) -> Iterator[Finding]:
        """What was found in several packs of a kind, for all but the first of them."""
        for again in self._told.values():
            if len(again.packs) == 1:
                yield in_volume(again.found, again.packs[0])
            elif again.packs:
                first, last = again.packs[0], again.packs[-1]
                told = in_volume(again.found, first)
                who = f"{len(again.packs)} more packs, from {pack_name(first)} to {pack_name(last)}"
                yield replace(told, message=f"{who}: {again.found.message}")

    def left_out(self, pack: PackMeant) -> Finding:
        """Say from which pack on nothing was looked at, and why."""
        told = (
            f"from page {pack.first} on, {pack_name(pack)} and those behind it were not looked at"
        )
        if self._off is not None and pack.first > self._volume.packs[self._off].first:
            told = f"in '{self._name}', {told}: their pages are not where they were made"
            cure = "take the file as it was made, or print it again"
        elif self.is_mostly_wrong:
            told = f"in '{self._name}', {self.wrong} packs are wrong: {told}"
            cure = (
                "take the file as it was made, or print it again; or pass --all to have every "
                "pack looked at"
            )
        else:
            told = f"'{self._name}' is long: {told}"
            cure = "pass --all, which reads all of it"
        return finding("unproved", told, Place(file=self._name), cure=cure)


def _on_whole_sheets(volume: VolumeMap, count: int) -> VolumeMap:
    """The map with the blank backs that packs have so that each begins with the front of a sheet.

    A file of `count` pages may be for one side of the paper, where only its last pack can tell.
    """
    *others, last = volume.packs
    certain = any(len(volume.proofs[pack.proof].pages) % 2 for pack in others)
    if not all(pack.first % 2 for pack in volume.packs):
        return volume
    if count == _last_page(volume, last) and not certain:
        return volume
    back = PageMeant(piece="", blank=True)
    return replace(
        volume,
        proofs=tuple(
            replace(proof, pages=(*proof.pages, back)) if len(proof.pages) % 2 else proof
            for proof in volume.proofs
        ),
    )


def _in_volume(step: Step, pack: PackMeant) -> Step:
    """A step in a pack as one in its volume."""
    before = pack.first - 1
    begun = step.begins.removeprefix("page ")
    return replace(
        step,
        begins=f"page {before + int(begun)}" if begun else "",
        looked=step.looked and before + step.looked,
        codes=tuple(replace(code, page=before + code.page) for code in step.codes),
        findings=tuple(in_volume(one, pack) for one in step.findings),
    )


# ------------------------------------------------------------------------------------ their order

Said = tuple[tuple[str, str], ...]


class _Order:
    """Which page of a volume says what, to find those that stand in another's place."""

    def __init__(self, file: File, volume: VolumeMap) -> None:
        self._file, self._volume = file, volume
        self._begins = {pack.first: pack for pack in volume.packs}
        # Of other slots, such as those of codes, nothing can be read.
        self._filled = {(pack.proof, slot) for pack in volume.packs for slot, _ in pack.texts}
        self._made: dict[int, Made] = {}
        self._index: dict[tuple[int, int], dict[Said, list[int]]] = {}

    def elsewhere(self, pack: PackMeant, reading: Reading) -> Callable[..., int | None]:
        """What knows of the pages of other packs when this one is read."""

        def number(page: Page, meant: MeantPage) -> int | None:
            at = pack.first + meant.number - 1
            made_as = self._made_as(page, meant, reading.made, pack, at)
            return None if made_as is None else made_as - pack.first + 1

        return number

    def first_off(self) -> int:
        """The index of the first pack that does not begin where it was made, else of the last."""
        packs = self._volume.packs
        off = bisect_left(packs, True, key=lambda pack: not self._stands(pack.first, 1))
        return min(off, len(packs) - 1)

    def _made_as(
        self, page: Page, meant: MeantPage, made: Made, pack: PackMeant, at: int
    ) -> int | None:
        kind, number = pack.proof, meant.number
        if is_strange(page, meant, made):
            kind, number = self._like(page, beside=(kind, number))
        said = self._said(page, kind, number)
        if (kind, number) == (pack.proof, meant.number) and said == self._meant(pack, number):
            return None
        alike = sorted(self._pages_saying(kind, number, said), key=lambda one: abs(one - at))
        if at in alike:
            return None
        if said and len(alike) == 1:
            return alike[0]
        strays = (one for one in alike[:_MOST_ALIKE] if not self._stands(one, number))
        return next(strays, None)

    def _like(self, page: Page, *, beside: tuple[int, int]) -> tuple[int, int]:
        """The kind of pack, and the number of the page in it, that says most of what a page says.

        Of several it is `beside`, if that is among them.
        """
        kinds = (pack.proof for pack in firsts(self._volume))
        pages = [(kind, meant) for kind in kinds for meant in self._made_of(kind).pages]
        kind, meant = max(
            pages,
            key=lambda one: (
                likeness(page, one[1], self._made_of(one[0])),
                (one[0], one[1].number) == beside,
            ),
        )
        return kind, meant.number

    def _stands(self, at: int, number: int) -> bool:
        """Whether the page that was made there is there: page `number` of a pack."""
        if at > self._file.page_count:
            return False
        pack = self._begins[at - number + 1]
        own = pack.proof, number
        with self._file.page(at) as page:
            said = self._said(page, *own)
            alike = bool(said) or self._like(page, beside=own) == own
            return alike and said == self._meant(pack, number)

    def _pages_saying(self, kind: int, number: int, said: Said) -> Sequence[int]:
        if (kind, number) not in self._index:
            index: dict[Said, list[int]] = {}
            for pack in self._volume.packs:
                if pack.proof == kind:
                    own = self._meant(pack, number)
                    index.setdefault(own, []).append(pack.first + number - 1)
            self._index[kind, number] = index
        return self._index[kind, number].get(said, ())

    def _made_of(self, kind: int) -> Made:
        if kind not in self._made:
            self._made[kind] = made_by(self._volume.proofs[kind])
        return self._made[kind]

    def _meant(self, pack: PackMeant, number: int) -> Said:
        """What is set in the slots of a page of a pack."""
        texts = dict(pack.texts)
        spots = self._volume.proofs[pack.proof].spots
        said = ((spot.slot, texts.get(spot.slot, "")) for spot in spots if spot.page == number)
        return _normal(said)

    def _said(self, page: Page, kind: int, number: int) -> Said:
        """What stands in the slots of a page of a kind of pack."""
        spots = [
            spot
            for spot in self._volume.proofs[kind].spots
            if spot.page == number and (kind, spot.slot) in self._filled
        ]
        regions = tuple(
            Region(page=spot.page, text=at, field=spot.slot, posted=False, box=spot.box)
            for at, spot in enumerate(spots)
        )
        meant = replace(self._made_of(kind).pages[number - 1], regions=regions)
        found = found_in(page, meant, frozenset())
        return _normal((region.field, found[region]) for region in regions)


def _normal(said: Iterable[tuple[str, str]]) -> Said:
    return tuple((slot, form) for slot, text in said if (form := normal(text)))
