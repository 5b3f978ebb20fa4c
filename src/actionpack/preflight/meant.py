"""A proof map, taken apart by page; and whether it is one that this file can be proved against."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass

from actionpack.geometry import Box
from actionpack.model import CodeMeant, PressMeant, ProofMap, Spot, VolumeMap
from actionpack.piece import Line, Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A box on one page for text of a field; `text` counts the map's texts, from 0."""

    page: int
    text: int
    field: str
    posted: bool
    box: Box

    @property
    def is_address(self) -> bool:
        return self.field.partition(":")[0] == "address"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeantPage:
    """What one page must hold. `piece` is None where nothing but its size is known.

    `behind` is the piece on the other side of its sheet; a sheet is turned over like the page of a
    book, so that a height is the same on both sides. None: nothing is printed there.
    """

    number: int
    blank: bool
    piece: Piece | None
    regions: tuple[Region, ...]
    codes: tuple[CodeMeant, ...]
    spots: tuple[Spot, ...]
    behind: Piece | None = None

    @property
    def cuts(self) -> tuple[Line, ...]:
        """Every cut through the page, those that only its other side knows too."""
        return _lines(self, lambda piece: piece.cuts)

    @property
    def folds(self) -> tuple[Line, ...]:
        """Every fold through the page, those that only its other side knows too."""
        return _lines(self, lambda piece: piece.folds)

    @property
    def posted(self) -> Box | None:
        """The strip of the page that is posted, with its front or as its back; None: nothing is."""
        for piece in (self.piece, self.behind):
            if piece is not None and piece.posted_strip is not None:
                return piece.strip()
        return None


def _lines(meant: MeantPage, of: Callable[[Piece], tuple[Line, ...]]) -> tuple[Line, ...]:
    own = of(meant.piece) if meant.piece else ()
    behind = of(meant.behind) if meant.behind else ()
    heights = {round(line.at, 1) for line in own}
    return (*own, *(line for line in behind if round(line.at, 1) not in heights))


def by_page(proof: ProofMap) -> tuple[MeantPage, ...]:
    """What each page must hold, in order."""
    pieces = dict(proof.pieces)
    return tuple(
        MeantPage(
            number=number,
            blank=page.blank,
            piece=pieces.get(number),
            regions=tuple(
                Region(page=number, text=at, field=text.field, posted=text.posted, box=box)
                for at, text in enumerate(proof.texts)
                for of_page, box in text.regions
                if of_page == number
            ),
            codes=tuple(code for code in proof.codes if code.page == number),
            spots=tuple(spot for spot in proof.spots if spot.page == number),
            behind=pieces.get(number + 1 if number % 2 else number - 1) if proof.duplex else None,
        )
        for number, page in enumerate(proof.pages, 1)
    )


def press_of(proof: ProofMap | VolumeMap | None) -> PressMeant | None:
    """What is meant for a press, in the first map that has such; None for an office printer.

    What is bound together has one bleed where its pages stand on sheets.
    """
    proofs = proof.proofs if isinstance(proof, VolumeMap) else (proof,)
    return next((one.press for one in proofs if one is not None and one.press), None)


def is_for_press(proof: ProofMap | VolumeMap | None) -> bool:
    """Whether pages have a bleed and marks round what is cut out of them."""
    return press_of(proof) is not None


def contradiction(proof: ProofMap) -> str | None:
    """Say why a map makes no sense, whatever file it is in; None when it does.

    A map from elsewhere may hold anything that has the right types.
    """
    if not all(map(math.isfinite, _numbers(proof))):
        return "a length is no number"
    pages = len(proof.pages)
    named = [
        *(page for page, _ in proof.pieces),
        *(page for text in proof.texts for page, _ in text.regions),
        *(code.page for code in proof.codes),
        *(spot.page for spot in proof.spots),
        *(picture.page for picture in proof.pictures),
    ]
    strange = next((page for page in named if not 1 <= page <= pages), None)
    if strange is not None:
        return f"it speaks of page {strange}, and has {pages} pages"
    for _, piece in proof.pieces:
        if piece.posted_strip is not None and not 0 <= piece.posted_strip <= len(piece.cuts):
            return f"piece '{piece.name}' has no strip {piece.posted_strip}"
    return None


def _numbers(value: object) -> Iterator[float]:
    if isinstance(value, float):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _numbers(item)
    elif is_dataclass(value):
        for part in fields(value):
            yield from _numbers(getattr(value, part.name))
