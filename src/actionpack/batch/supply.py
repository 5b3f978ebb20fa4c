"""What there is to print, and whether what somebody chose can be had.

A choice is settled once, however many rows make it: into a `Kind`, or into complaints that name
the choice at fault. Whoever asked turns these into findings with a place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from actionpack.batch.orders import Kind
from actionpack.content import action_ids, find_action, read_action
from actionpack.diagnostics import Finding, Rejected
from actionpack.layouts import find_layout, layout_names, read_layout, windows_of
from actionpack.postal import nearest_window
from actionpack.project import Project
from actionpack.source import did_you_mean

# Written by the program: a pack's position in the plan. Nobody sets it.
SERIAL = "serial"

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What an action can be had in: its languages, and its targets by their ids."""

    languages: tuple[str, ...]
    source_language: str
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What a layout takes: the fields that can be set, and its papers.

    `enclosed`: it goes into an envelope with a window, on each paper one of `windows`. `variants`
    are those of `model.VARIANTS` that may be asked of it.
    """

    fields: tuple[str, ...]
    papers: tuple[str, ...]
    enclosed: bool
    windows: Callable[[str], tuple[str, ...]]
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """The actions and layouts there are; looking one up raises Rejected when it is at fault.

    A layout is looked up as what is asked for of `model.VARIANTS`.
    """

    actions: tuple[str, ...]
    layouts: tuple[str, ...]
    offer: Callable[[str], Offer]
    design: Callable[[str, tuple[str, ...]], Design]


def supply_of(project: Project) -> Supply:
    """What a project has to print."""

    def offer(name: str) -> Offer:
        action = read_action(find_action(project.content, name))
        return Offer(
            languages=action.languages,
            source_language=action.source_language,
            targets=tuple(target.id for target in action.targets),
        )

    def design(name: str, variants: tuple[str, ...]) -> Design:
        layout = read_layout(find_layout(project.layouts, name)).printed_as(variants)
        return Design(
            fields=tuple(field for field in layout.fields if field != SERIAL),
            papers=layout.papers,
            enclosed=layout.enclosed,
            variants=layout.takes,
            windows=lambda paper: windows_of(layout, paper),
        )

    return Supply(
        actions=action_ids(project.content),
        layouts=layout_names(project.layouts),
        offer=offer,
        design=design,
    )


class Asked(NamedTuple):
    """What is chosen, '' where nothing is."""

    action: str
    language: str
    target: str
    layout: str


CHOICES = Asked._fields


class Complaint(NamedTuple):
    """Why something cannot be had: what is wrong, and the cure.

    `choice` is the one at fault, `key` the line of the plan that it does not go with.
    """

    choice: str
    message: str
    cure: str
    key: str = ""


class _Known(Generic[T]):
    """Things looked up once; what is wrong with one that is at fault can be told once."""

    def __init__(self, look: Callable[[str], T]) -> None:
        self._look = look
        self._found: dict[str, T | None] = {}
        self._untold: dict[str, tuple[Finding, ...]] = {}

    def get(self, name: str) -> T | None:
        """The thing of that name; None when it is at fault."""
        if name not in self._found:
            try:
                self._found[name] = self._look(name)
            except Rejected as rejected:
                self._found[name] = None
                self._untold[name] = rejected.findings
        return self._found[name]

    def told(self, name: str) -> tuple[Finding, ...]:
        return self._untold.pop(name, ())


class Desk:
    """Takes orders for one plan: its layout, which others may replace, its paper and window.

    `layout` must be one there is. `paper` and `window` are None where the plan names none;
    `variants` are what of `model.VARIANTS` it wants.
    """

    def __init__(
        self,
        supply: Supply,
        *,
        layout: str,
        paper: str | None,
        window: str | None,
        variants: tuple[str, ...] = (),
    ) -> None:
        self.layout = layout
        self.paper = paper
        self.window = window
        self.variants = variants
        self._supply = supply
        self._offers = _Known(supply.offer)
        self._designs = _Known(lambda name: supply.design(name, variants))
        self._settled: dict[Asked, Kind | tuple[Complaint, ...]] = {}

    def settle(self, asked: Asked) -> Kind | tuple[Complaint, ...]:
        """What is chosen, with all that was left open; or why it cannot be had."""
        if asked not in self._settled:
            # Of the plan's own layout it is told once, with the plan.
            other = asked.layout if asked.layout != self.layout else ""
            complaints = (
                *self._against_action(asked),
                *(self.against_layout(other) if other else ()),
            )
            self._settled[asked] = complaints or self._kind(asked)
        return self._settled[asked]

    def fields(self, layout: str) -> tuple[str, ...] | None:
        """The fields of a layout that can be set; None when there is none, or it is at fault."""
        design = self._designs.get(layout) if layout in self._supply.layouts else None
        return design.fields if design else None

    def all_fields(self) -> tuple[str, ...]:
        """The fields of all layouts, those of the plan's own first."""
        names = (self.layout, *self._supply.layouts)
        return tuple(dict.fromkeys(field for name in names for field in self.fields(name) or ()))

    def told(self, asked: Asked) -> tuple[Finding, ...]:
        """What is wrong in the files of what was asked for, unless it was told before."""
        return (*self._offers.told(asked.action), *self._designs.told(asked.layout or self.layout))

    def _kind(self, asked: Asked) -> Kind:
        offer = self._offers.get(asked.action)
        usual = offer.source_language if offer else ""
        return Kind(
            asked.action, asked.language or usual, asked.target or None, asked.layout or self.layout
        )

    def _against_action(self, asked: Asked) -> Iterator[Complaint]:
        action, actions = asked.action, self._supply.actions
        if not action:
            yield Complaint("action", "no action is named", "name the action to print")
        elif action not in actions:
            cure = did_you_mean(action, actions) if actions else "import one, or make one"
            yield Complaint("action", f"there is no action '{action}'", cure)
        elif (offer := self._offers.get(action)) is None:
            yield Complaint("action", f"action '{action}' cannot be read", "mend its files")
        else:
            language = asked.language or offer.source_language
            if language not in offer.languages:
                said = f"action '{action}' has no text in '{language}'"
                yield Complaint("language", said, did_you_mean(language, offer.languages))
            if asked.target and asked.target not in offer.targets:
                said = f"action '{action}' has no target '{asked.target}'"
                yield Complaint("target", said, did_you_mean(asked.target, offer.targets))

    def against_layout(self, named: str) -> Iterator[Complaint]:
        """Why a layout, '' for the plan's own, cannot be made as the plan wants it."""
        name = named or self.layout
        if name in self._supply.layouts and (design := self._designs.get(name)) is not None:
            for variant in self.variants:
                if variant not in design.variants:
                    key = variant.replace("-", "_")
                    said = f"layout '{name}' cannot be printed as '{key}' asks"
                    yield Complaint("layout", said, f"leave '{key}' out", key=key)
        if name not in self._supply.layouts:
            cure = did_you_mean(name, self._supply.layouts)
            yield Complaint("layout", f"there is no layout '{name}'", cure)
        elif (design := self._designs.get(name)) is None:
            yield Complaint("layout", f"layout '{name}' cannot be read", "mend its files")
        elif self.paper is not None and self.paper not in design.papers:
            said = f"layout '{name}' is not made for the paper '{self.paper}'"
            cure = f"it is made for: {', '.join(design.papers)}"
            yield Complaint("layout", said, cure, key="paper")
        elif self.window is not None and design.enclosed:
            paper = self.paper or design.papers[0]
            able = design.windows(paper)
            if self.window not in able:
                said = f"layout '{name}' on '{paper}' is not made for the window '{self.window}'"
                near = nearest_window(self.window, able)
                cure = f"the nearest that it is made for is '{near}'"
                cure = cure if near else "choose another paper"
                yield Complaint("layout", said, cure, key="window")
