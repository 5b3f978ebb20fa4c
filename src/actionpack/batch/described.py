"""What packs are, in words for whoever sorts them: the actions, in which layouts, for whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from actionpack.batch.masters import LaidKind
from actionpack.web_address import counted

# Kinds, with how many packs are of each.
Packs = Sequence[tuple[LaidKind, int]]


class Described(NamedTuple):
    """Packs by the title of their action, and by its id where the title is too much."""

    titled: str
    short: str


def by_kind(packs: Packs) -> tuple[Described, ...]:
    """What packs are, one of these for each kind; counted when there are several."""
    return tuple(
        _described((laid,), _counted(count) if len(packs) > 1 else "") for laid, count in packs
    )


def by_action(packs: Packs) -> tuple[Described, ...]:
    """What packs are, one of these for each action; counted when there are several."""
    actions: dict[str, list[tuple[LaidKind, int]]] = {}
    for one in packs:
        actions.setdefault(one[0].kind.action, []).append(one)
    return tuple(
        _described(
            tuple(laid for laid, _ in alike),
            _counted(sum(count for _, count in alike)) if len(actions) > 1 else "",
        )
        for alike in actions.values()
    )


def the_rest(packs: Packs, listed: int) -> str:
    """How many actions there are beside the first that are listed, with how many packs."""
    actions = tuple(dict.fromkeys(laid.kind.action for laid, _ in packs))
    others = frozenset(actions[listed:])
    rest = sum(count for laid, count in packs if laid.kind.action in others)
    return f"and {counted(len(others), 'more action')}: {counted(rest, 'pack')}"


def _counted(packs: int) -> str:
    """How many packs, before what they are; its letters keep what runs to the left in its place."""
    return f"{counted(packs, 'pack')} · "


def _described(alike: tuple[LaidKind, ...], count: str) -> Described:
    """Kinds of one action, which differ by layout and target."""
    first = alike[0]
    layouts = ", ".join(dict.fromkeys(laid.kind.layout for laid in alike))
    targets = dict.fromkeys(laid.kind.target for laid in alike)
    if len(targets) > 1:
        named = short = " · for several targets"
    elif first.kind.target is not None:
        named, short = f" · to {first.to}", f" · to {first.kind.target}"
    else:
        named = short = ""
    return Described(
        titled=f"{count}{first.title} · {layouts}{named}",
        short=f"{count}{first.kind.action} · {layouts}{short}",
    )
