"""Numbered lines into the parts between the headings."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from actionpack.diagnostics import UsageFault, finding
from actionpack.importing.lines import BULLET, WRAPPED_MOST, Line, Notes, say_left_out, tidied
from actionpack.importing.postal_lines import is_sentence
from actionpack.importing.words import KINDS, begun, headings, listed, phrase_key, section_names
from actionpack.source import did_you_mean, nearest

_MOST_TITLE_LINES = 3
# Above a title there may be the name of a campaign, not a story.
_MOST_ABOVE_TITLE = 3
_MOST_HEADING_WORDS = 10
_MOST_PLAIN_HEADING_WORDS = 8


@dataclass(frozen=True, slots=True)
class Part:
    """The lines below a heading; `number` is the heading's line, None without a heading."""

    number: int | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A text cut at its headings; `heads` are those headings themselves."""

    title: Line
    briefing: Part
    ask: Part
    letter: Part
    address: Part
    other: Part
    heads: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """Headings that the caller named, `--headings`: pairs of what each begins and its words."""

    pairs: tuple[tuple[str, str], ...] = ()

    def kind(self, key: str) -> str | None:
        return next((kind for kind, words in self.pairs if phrase_key(words) == key), None)

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(kind for kind, _ in self.pairs)


NONE_NAMED = Named()


def read_named(options: tuple[str, ...]) -> Named:
    """Read `ask=Agir,letter=Lettre type`; raises UsageFault with all that is wrong in it."""
    pairs = []
    faults = []
    for option in options:
        for one in re.split(r",\s*(?=[^,=]*=)", option):
            kind, equals, words = (piece.strip() for piece in one.partition("="))
            if not equals or not phrase_key(words):
                told = f"--headings '{one}'"
                cure = "write it as PART=HEADING: letter=Lettre type"
                faults.append(finding("bad-value", told, cure=cure))
            elif kind.lower() not in KINDS:
                told = f"--headings names the part '{kind}'"
                faults.append(finding("bad-value", told, cure=did_you_mean(kind, KINDS)))
            else:
                pairs.append((kind.lower(), words))
    if faults:
        raise UsageFault(*faults)
    return Named(tuple(pairs))


_PART_NAMES = {"ask": "TAKE ACTION", "letter": "TEMPLATE LETTER"}


@dataclass(frozen=True, slots=True)
class _Mark:
    """A line that begins a part; `rest` is text that stands behind the heading."""

    index: int
    kind: str
    rest: Line | None = None


def cut(lines: tuple[Line, ...], notes: Notes, named: Named = NONE_NAMED, title: str = "") -> Parts:
    """Cut the lines at their headings; says which headings and whether the title are missing.

    `title` is one that stands apart from the lines, in front matter.
    """
    marks = _marks(lines, named, notes)
    _say_not_there(named, marks, lines, notes)
    top = lines[: marks[0].index] if marks else lines
    title_line, rest = _take_title(top, title, notes)
    below: dict[str, list[Line]] = {kind: [] for kind in KINDS}
    first: dict[str, int] = {}
    below["briefing"] += rest
    above = ""
    for mark, (start, end) in zip(
        marks, pairwise([*(mark.index for mark in marks), len(lines)]), strict=True
    ):
        head = lines[start]
        if mark.kind in first or (mark.kind == "briefing" and any(x.text for x in rest)):
            below[mark.kind].append(_as_heading(head))
        else:
            notes.spent.append(head.text if mark.rest is None else _head_of(head.text))
        first.setdefault(mark.kind, head.number)
        own = lines[start + 1 : end]
        if mark.kind == "address" and above == "ask":
            own, rest_of_ask = _address_alone(own)
            label = () if looks_like_heading(head) else (head, Line(head.number, ""))
            below["ask"] += [*label, *rest_of_ask]
        below[mark.kind] += [*([mark.rest] if mark.rest else []), *own]
        below[mark.kind].append(Line(head.number, ""))
        above = mark.kind
    for kind, name in _PART_NAMES.items():
        if kind not in first:
            _say_no_heading(name, lines, notes)
    parts = {
        kind: _without_second_headings(kind, Part(first.get(kind), tuple(found)), named, notes)
        for kind, found in below.items()
    }
    return Parts(
        title=title_line,
        briefing=replace(parts["briefing"], number=title_line.number),
        ask=parts["ask"],
        letter=parts["letter"],
        address=parts["address"],
        other=parts["other"],
        heads=tuple(lines[mark.index] for mark in marks),
    )


def _address_alone(lines: tuple[Line, ...]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The lines of addresses, and what follows them: from the first sentence or list on."""
    filled = [index for index, line in enumerate(lines) if line.text]
    listed_ones = bool(filled) and _is_item(lines[filled[0]])
    ends = (
        place
        for place, index in enumerate(filled)
        if is_sentence(lines[index].text) or (_is_item(lines[index]) and not listed_ones)
    )
    place = next(ends, None)
    if place is None:
        return lines, ()
    above = lines[filled[place - 1]].text if place else ""
    end = filled[place - 1 if above.endswith((":", "：")) else place]  # "Ask for:" above a list
    return lines[:end], lines[end:]


def _is_item(line: Line) -> bool:
    return line.mark == "-" or bool(BULLET.match(line.text))


def _as_heading(line: Line) -> Line:
    return replace(line, mark="#", joint="new" if line.joint != "typed" else "typed")


def _marks(lines: tuple[Line, ...], named: Named, notes: Notes) -> list[_Mark]:
    """The headings in order; a line that holds nothing else goes before one with text."""
    whole: dict[str, _Mark] = {}
    alone: dict[str, _Mark] = {}
    with_text: dict[str, _Mark] = {}
    repeated: list[_Mark] = []
    for index, line in enumerate(lines):
        kind = heading_kind(line, named)
        inline = None if kind else _heading_with_text(line, named)
        if kind in ("briefing", "address"):
            repeated.append(_Mark(index, kind))
        elif kind and _counts_alone(line.text):
            alone.setdefault(kind, _Mark(index, kind))
        elif kind:
            whole.setdefault(kind, _Mark(index, kind))
        elif inline and inline[0] not in ("briefing", "address"):
            with_text.setdefault(inline[0], _Mark(index, *inline))
    found = with_text | alone | whole
    for kind in ("ask", "letter"):
        if kind not in found and kind not in named.kinds:
            longer = _longer_heading(kind, lines, {mark.index for mark in found.values()})
            if longer:
                found[kind] = longer
                notes.say(
                    "doubtful",
                    lines[longer.index].number,
                    f"'{lines[longer.index].text}' was taken for the heading '{_PART_NAMES[kind]}'",
                    f'if it is another, name the right one with --headings "{kind}=…"',
                )
    main = sorted(found.values(), key=lambda mark: mark.index)
    kept = [mark for mark in repeated if _begins_part(mark, main, lines)]
    return sorted((*main, *kept), key=lambda mark: mark.index)


def _begins_part(mark: _Mark, main: list[_Mark], lines: tuple[Line, ...]) -> bool:
    """Whether a heading that may come often begins a part where it stands.

    An address inside the part of the letter is the letter's own business (`letter`); below an
    address there are postal lines.
    """
    above = next((one.kind for one in reversed(main) if one.index < mark.index), "")
    if mark.kind == "briefing":
        return True
    below = next((line.text for line in lines[mark.index + 1 :] if line.text), "")
    return above != "letter" and bool(below) and len(below.split()) <= _MOST_HEADING_WORDS


def heading_kind(line: Line, named: Named = NONE_NAMED) -> str | None:
    """What a line begins that holds a heading and nothing else."""
    return _kind_of(line.text, line.mark == "#" or _is_bold(line), named)


def _kind_of(text: str, is_set: bool, named: Named) -> str | None:
    key = _heading_key(text)
    if not key:
        return None
    by_name = named.kind(key)
    if by_name:
        return by_name
    known = headings().get(key)
    if known and known.alone and not text[0].isalpha():
        return None  # "## letter" in plain text
    kind = known.kind if known else section_names().get(key) if is_set else None
    return kind if kind not in named.kinds else None


def _counts_alone(text: str) -> bool:
    """Whether a heading is a word such as "Letter", which a better one goes before."""
    known = headings().get(_heading_key(text))
    return known is not None and known.alone


def _heading_key(text: str) -> str:
    """A heading as a key, without a number before it."""
    if len(text) > WRAPPED_MOST:
        return ""
    return re.sub(r"^\d{1,2} (?=\D)", "", phrase_key(text))


def _is_bold(line: Line) -> bool:
    """Whether a line is bold from its first letter to its last."""
    return bool(line.text) and any(
        style.strong and style.start == 0 and style.end >= len(line.text.rstrip(" :："))
        for style in line.styles
    )


_COLON = re.compile(r"\s*[:：]\s*")


def _head_of(text: str) -> str:
    return _COLON.split(text, maxsplit=1)[0]


def _heading_with_text(line: Line, named: Named) -> tuple[str, Line] | None:
    """The kind and the text of a line such as `Take action: write to the minister`."""
    colon = _COLON.search(line.text)
    if colon is None or not re.search(r"\w", line.text[colon.end() :]):
        return None
    head = line.text[: colon.start()]
    kind = None if _counts_alone(head) else _kind_of(head, False, named)
    rest = line.part(colon.end())
    return (
        (kind, replace(rest, mark="", joint="new" if rest.joint != "typed" else "typed"))
        if (kind)
        else None
    )


def _longer_heading(kind: str, lines: tuple[Line, ...], taken: set[int]) -> _Mark | None:
    """A line that looks like a heading and begins with one: `Template letter to the president`.

    The first line is the title. A heading of the letter may look like any short line.
    """
    known = [key for key, head in headings().items() if head.kind == kind and not head.alone]
    top = next((index for index, line in enumerate(lines) if line.text), 0)
    set_so = [line.text and looks_like_heading(line) for line in lines]
    short = [kind == "letter" and _stands_apart(lines, index) for index in range(len(lines))]
    for looks in (set_so, short):
        for index, line in enumerate(lines):
            if (
                looks[index]
                and index not in taken
                and index != top
                and begun(_heading_key(line.text), known)
            ):
                return _Mark(index, kind)
    return None


def _stands_apart(lines: tuple[Line, ...], index: int) -> bool:
    """Whether a line is short, a paragraph of its own, and no sentence."""
    line = lines[index]
    if not 0 < len(line.text.split()) <= _MOST_PLAIN_HEADING_WORDS or line.mark:
        return False
    apart = line.joint == "new" or (index > 0 and not lines[index - 1].text)
    return apart and not line.text.endswith((".", "!", "?", ",", ";"))


def looks_like_heading(line: Line) -> bool:
    if not 0 < len(line.text.split()) <= _MOST_HEADING_WORDS or len(line.text) > WRAPPED_MOST:
        return False
    return line.mark == "#" or _is_bold(line) or line.text.isupper()


def _say_not_there(named: Named, marks: list[_Mark], lines: tuple[Line, ...], notes: Notes) -> None:
    there = {_heading_key(lines[mark.index].text) for mark in marks}
    there |= {_heading_key(_head_of(lines[mark.index].text)) for mark in marks}
    keys = {_heading_key(line.text): line.text for line in lines if _heading_key(line.text)}
    for kind, words in named.pairs:
        if phrase_key(words) not in there:
            close = nearest(phrase_key(words), keys)
            cure = f"; '{keys[close]}' may be meant" if close else ""
            notes.say(
                "missing-section",
                None,
                f"there is no line '{words}', which --headings names for '{kind}'",
                f"write the heading as it stands in the text{cure}",
            )


def _say_no_heading(name: str, lines: tuple[Line, ...], notes: Notes) -> None:
    cure = f"write '{name}' on a line of its own where that part begins"
    meant = next((line for line in lines if _may_mean(line.text, name)), None)
    kind = next(kind for kind, known in _PART_NAMES.items() if known == name)
    like = [line.text for line in lines[1:] if looks_like_heading(line) and line is not meant][:6]
    if meant:
        cure += f"; '{meant.text}' may be meant"
    elif like:
        told = " / ".join(like)
        cure += (
            f', or name the heading with --headings "{kind}=…"; these look like headings: {told}'
        )
    number = meant.number if meant else None
    notes.say("missing-section", number, f"there is no line '{name}'", cure)


def _may_mean(text: str, name: str) -> bool:
    alike = text[:1].casefold() == name[0].casefold() and abs(len(text) - len(name)) <= 3
    return alike and nearest(_heading_key(text), [name.casefold()]) is not None


def _without_second_headings(kind: str, part: Part, named: Named, notes: Notes) -> Part:
    """Say where a heading comes again; below the last part such lines are headings too."""
    lines = []
    for line in part.lines:
        again = heading_kind(line, named) if kind not in ("briefing", "address") else None
        if again and kind == again == "other":
            notes.spent.append(line.text)
            continue
        if again in ("ask", "letter", "other"):
            notes.say(
                "doubtful",
                line.number,
                f"the heading '{line.text}' comes a second time and is taken for text",
                "delete it, or make it a sub-heading that begins with '###'",
            )
        lines.append(line)
    return replace(part, lines=tuple(lines))


def _take_title(lines: tuple[Line, ...], known: str, notes: Notes) -> tuple[Line, tuple[Line, ...]]:
    """The first line, and those below it that go on in capitals; '' after a finding."""
    filled = [index for index, line in enumerate(lines) if line.text]
    if known:
        again = bool(filled) and phrase_key(lines[filled[0]].text) == phrase_key(known)
        if again:
            notes.spent.append(lines[filled[0]].text)
        return Line(1, known), lines[filled[0] + 1 :] if again else lines
    if not filled:
        notes.say("missing-field", 1, "the text has no title", "write it as the first line")
        return Line(1, ""), lines
    filled = _without_kind(lines, filled, notes)
    start = _title_index(lines, filled)
    end = start + 1
    if lines[start].text.isupper():
        while end < min(len(lines), start + _MOST_TITLE_LINES) and lines[end].text.isupper():
            end += 1
    title = replace(lines[start], text=" ".join(line.text for line in lines[start:end]))
    if end > start + 1:
        notes.say("repaired", title.number, f"the {end - start} lines of the title are joined")
    above = [lines[index] for index in filled if index < start]
    if above:
        told = " / ".join(line.text for line in above)
        notes.say(
            "doubtful",
            above[0].number,
            f"'{told}' stands above the title and begins the briefing",
            "delete it there, or write it where it belongs",
        )
    return tidied(title, notes), (*above, *lines[end:])


def _without_kind(lines: tuple[Line, ...], filled: list[int], notes: Notes) -> list[int]:
    """The lines without a first one such as `URGENT ACTION`, which names the kind of text."""
    kinds = {phrase_key(kind) for kind in listed("titles", "kinds")}
    first = lines[filled[0]]
    if len(filled) < 2 or re.sub(r" \d{4}$", "", phrase_key(first.text)) not in kinds:
        return filled
    say_left_out([first], "names the kind of text", notes)
    return filled[1:]


def _title_index(lines: tuple[Line, ...], filled: list[int]) -> int:
    """Where the title is: the first line, or a heading of the first level just below it."""
    near = filled[: _MOST_ABOVE_TITLE + 1]
    tops = [index for index in near if lines[index].mark == "#" and lines[index].depth == 1]
    return next(iter(tops), filled[0])
