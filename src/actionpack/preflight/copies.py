"""Packs of a finished volume into findings: their codes decoded, their texts read back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from actionpack.diagnostics import Finding, Place, finding
from actionpack.model import PackMeant, ProofMap, VolumeMap
from actionpack.preflight.codes import check_codes
from actionpack.preflight.found import plain
from actionpack.preflight.meant import Region, by_page
from actionpack.preflight.reader import File, UnreadableError
from actionpack.preflight.text import found_in, lost_text, unseen


def prove_copies(
    pdf: bytes, meant: VolumeMap, packs: Iterable[PackMeant], *, name: str
) -> tuple[Finding, ...]:
    """Find what is wrong with some packs of a volume; `name` is what findings call it.

    What is the same in all copies was proved when the variant was; here each code is decoded and
    compared with the one that was meant, and every word is looked for, on the pages as they are
    in the finished file.
    """
    try:
        with File(pdf) as file:
            found = tuple(
                replace(one, place=replace(one.place, page=_in_volume(one.place.page, pack)))
                for pack in packs
                for one in _of_pack(file, meant.of(pack), pack.first, name)
            )
    except UnreadableError as error:
        return (finding("bad-file", f"'{name}' cannot be read: {error}", Place(file=name)),)
    return tuple(dict.fromkeys(map(plain, found)))


def _in_volume(page: int | None, pack: PackMeant) -> int:
    return pack.first + (page or 1) - 1


def _of_pack(file: File, proof: ProofMap, first: int, name: str) -> Iterator[Finding]:
    pages = by_page(proof)
    if first + len(pages) - 1 > file.page_count:
        told = f"'{name}' ends before the pack that begins on its page {first}"
        yield finding("bad-file", told, Place(file=name))
        return
    texts: dict[Region, str] = {}
    for page in pages:
        with file.page(first + page.number - 1) as seen:
            texts |= found_in(seen, page, unseen(seen))
            yield from check_codes(seen, page.codes, Place(file=name, page=page.number)).findings
    yield from lost_text(proof, texts, pages, name)
