"""Packs of a finished volume into findings: their codes decoded, their texts read back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from actionpack.diagnostics import Finding, Place, Rejected, finding
from actionpack.imposition import Imposition
from actionpack.model import PackMeant, VolumeMap
from actionpack.pdf import cut_apart
from actionpack.preflight.asmade import wrong_pages
from actionpack.preflight.bound import in_volume, pack_part
from actionpack.preflight.fontfacts import wrong_fonts
from actionpack.preflight.found import plain
from actionpack.preflight.imposed import Sheets
from actionpack.preflight.meant import press_of
from actionpack.preflight.pressed import check_press, check_pressed_sheets, check_sheet_marks
from actionpack.preflight.proving import Reading, read_pages
from actionpack.preflight.reader import File, UnreadableError


def prove_copies(
    pdf: bytes,
    meant: VolumeMap,
    packs: Iterable[PackMeant],
    *,
    name: str,
    plan: Imposition | None = None,
    keys: bool = True,
) -> tuple[Finding, ...]:
    """Find what is wrong with some packs of a volume; `name` is what findings call it.

    `keys`: a volume for a press is held against what print shops want, too. The marks of sheets
    are looked at in any case, as each sheet has its own.

    What is the same in all copies was proved when the variant was; here each code is decoded and
    compared with the one that was meant, and every word is looked for, on the pages as they are
    in the finished file. `plan` is how these stand on its sheets, if they do.
    """
    packs = tuple(packs)
    found: tuple[Finding, ...] = ()
    press, bound = press_of(meant), pdf
    bleed = press.bleed_mm if press else None
    try:
        if plan is not None:
            pages = frozenset(page for pack in packs for page in _pages(meant, pack))
            with File(pdf) as sheets:
                # A sheet shows pages of several packs: its faults are no pack's own.
                found += tuple(
                    _of_file(one) for one in Sheets(sheets, plan, name, bleed or 0.0).showing(pages)
                )
            pdf = cut_apart(pdf, plan, only=pages, bleed_mm=bleed)
        with File(pdf, cut=plan is not None) as file:
            file.trimmed = press is not None
            found += tuple(
                in_volume(one, pack)
                for pack in packs
                for one in _of_pack(pack_part(file, meant, pack), meant, pack, name)
            )
            if keys and press is not None and plan is None:
                found += check_press(bound, name, meant, kinds=1)
            elif keys and press is not None and plan is not None:
                of_sheets, of_pages = check_pressed_sheets(bound, name, meant, plan, kinds=1)
                found += (*of_pages, *map(_of_file, of_sheets))
            if press is not None and plan is not None:
                marks = check_sheet_marks(bound, name, meant, plan, shown=pages)
                found += tuple(map(_of_file, marks))
    except Rejected as rejected:
        return tuple(replace(one, place=Place(file=name)) for one in rejected.findings)
    except UnreadableError as error:
        return (finding("bad-file", f"'{name}' cannot be read: {error}", Place(file=name)),)
    return tuple(dict.fromkeys(map(plain, found)))


def _of_file(found: Finding) -> Finding:
    """A finding about a side of a sheet as one about the file."""
    if found.place.page is None:
        return found
    told = f"page {found.place.page} of '{found.place.file}': {found.message}"
    return replace(found, place=Place(file=found.place.file), message=told)


def _pages(meant: VolumeMap, pack: PackMeant) -> range:
    """The pages of a pack in its volume."""
    return range(pack.first, pack.first + len(meant.proofs[pack.proof].pages))


def _of_pack(part: File, meant: VolumeMap, pack: PackMeant, name: str) -> Iterator[Finding]:
    reading = Reading.of(meant.of(pack), name)
    for step in read_pages(part, reading):
        yield from step.findings
    yield from wrong_pages(reading.faults, part.page_count, len(reading.made.pages), name)
    yield from reading.lost(part)
    yield from wrong_fonts(reading.fonts, reading.proof.fonts, name)
