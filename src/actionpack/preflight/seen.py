"""What was seen in a file, step by step: whoever is cut short still has the steps before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from actionpack.diagnostics import Finding
from actionpack.geometry import Box, Size


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSeen:
    """A page and its size as it is shown, mm."""

    number: int
    size: Size


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSeen:
    """A QR code that was read. `quiet`: it has the empty margin that it needs."""

    page: int
    text: str
    module_mm: float
    quiet: bool
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class FontSeen:
    """A font that text is set in."""

    name: str
    embedded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one step of looking brought.

    `begins`: nothing yet, but this is looked at next ("page 3"); `is_ours`: the file holds a map
    that makes sense; `pages` says how many pages there are, `sheets` how they stand on sheets, if
    they do. `packs`: how many packs a volume holds.
    `looked`: that page was looked at to its end; it is `turned` by so many degrees to be shown.
    `address_box`: round the lines of the address on the first page.
    """

    begins: str = ""
    sheets: str = ""
    is_ours: bool = False
    pages: tuple[PageSeen, ...] = ()
    page_count: int | None = None
    packs: int | None = None
    looked: int | None = None
    blank: bool = False
    coloured: bool = False
    turned: int = 0
    address: tuple[str, ...] = ()
    address_box: Box | None = None
    codes: tuple[CodeSeen, ...] = ()
    fonts: tuple[FontSeen, ...] = ()
    colours: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """All that was seen in a file; `packs` is None where it is no volume."""

    sheets: str = ""
    page_count: int | None = None
    packs: int | None = None
    pages: tuple[PageSeen, ...] = ()
    looked: frozenset[int] = frozenset()
    blank: frozenset[int] = frozenset()
    coloured: frozenset[int] = frozenset()
    turned: tuple[tuple[int, int], ...] = ()
    address: tuple[str, ...] = ()
    address_box: Box | None = None
    codes: tuple[CodeSeen, ...] = ()
    fonts: tuple[FontSeen, ...] = ()
    colours: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def gathered(steps: Iterable[Step]) -> Seen:
    """Everything that some steps brought, each finding once."""
    steps = tuple(steps)
    numbers = {step.looked: step for step in steps if step.looked is not None}
    last = [step for step in steps if step.address]
    return Seen(
        sheets=next((step.sheets for step in steps if step.sheets), ""),
        page_count=next((s.page_count for s in steps if s.page_count is not None), None),
        packs=next((s.packs for s in steps if s.packs is not None), None),
        pages=tuple(page for step in steps for page in step.pages),
        looked=frozenset(numbers),
        blank=frozenset(number for number, step in numbers.items() if step.blank),
        coloured=frozenset(number for number, step in numbers.items() if step.coloured),
        turned=tuple((number, step.turned) for number, step in numbers.items() if step.turned),
        address=last[0].address if last else (),
        address_box=last[0].address_box if last else None,
        codes=tuple(code for step in steps for code in step.codes),
        fonts=tuple(dict.fromkeys(font for step in steps for font in step.fonts)),
        colours=tuple(dict.fromkeys(colour for step in steps for colour in step.colours)),
        findings=tuple(dict.fromkeys(one for step in steps for one in step.findings)),
    )
