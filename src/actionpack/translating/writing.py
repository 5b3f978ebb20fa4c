"""What was taken from a PO file into the files of an action; what is not changed stays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from actionpack.diagnostics import Place
from actionpack.model import Action, Text
from actionpack.source import YamlEntry, put_texts, quoted, set_entries, set_texts, ways
from actionpack.translating.fields import DESCRIPTION, Field, Part, fields_of
from actionpack.translating.taking import Taken

# The keys of the front matter, in their order.
_ORDER = (
    "title",
    "summary",
    "quote",
    "salutation",
    "closing",
    "never_write_if",
    "safety_notes",
    "status",
    "reviewer",
    "made_from",
)


def rewritten(
    action: Action, source: Text, text: Text | None, taken: Taken, old: str | None
) -> str:
    """The file of a translation with what was taken; `old` is what it holds, None: nothing yet."""
    fields = [one for one in fields_of(action, source, text, taken.tag) if one.name != DESCRIPTION]
    if old is None or text is None:
        return _new(fields, taken)
    front, body_line, lines = _cut(old)
    place = Place(file=text.file, line=1)
    there = ways(front, place)
    plain = {
        _way(one): taken.values[one.key][0]
        for one in fields
        if not one.marked and one.key in taken.values
    }
    front = set_texts(front, {way: new for way, new in plain.items() if way in there}, place)
    entries = [
        YamlEntry(name, tuple(_front_lines(name, fields, taken.values)))
        for name in dict.fromkeys(way[0] for way in plain if way not in there)
    ]
    entries += _status(text, taken)
    if dict(text.made_from) != _said(taken.made_from):
        entries.append(YamlEntry("made_from", tuple(_made_lines(taken.made_from))))
    front = set_entries(front, entries, _ORDER, place)
    body = _with_sections(lines, fields, taken.values)[body_line:]
    return "\n".join(["---", *front.split("\n"), *body])


def described(action: Action, taken: Taken, old: str) -> str:
    """`action.yaml`, which `old` is, with the descriptions of pictures that were taken."""
    values: dict[tuple[str, ...], str] = {}
    for number, picture in enumerate(action.images):
        if new := taken.values.get(f"{DESCRIPTION}.{picture.file.text}"):
            values["images", f"{number}", DESCRIPTION, taken.tag] = new[0]
    return put_texts(old, values, Place(file=action.file, line=1))


def stamped(text: Text, made: Mapping[str, tuple[str, ...]], old: str) -> str:
    """The file of a translation that says what it was made from."""
    front, body_line, lines = _cut(old)
    if dict(text.made_from) == _said(made):
        return old
    entry = YamlEntry("made_from", tuple(_made_lines(made)))
    front = set_entries(front, [entry], _ORDER, Place(file=text.file, line=1))
    return "\n".join(["---", *front.split("\n"), *lines[body_line:]])


def _cut(old: str) -> tuple[str, int, list[str]]:
    """The front matter, the line of the `---` that ends it, from 0, and all lines."""
    lines = old.split("\n")
    end = next(i for i, line in enumerate(lines) if i and line.rstrip() == "---")
    return "\n".join(lines[1:end]), end, lines


def _way(one: Field) -> tuple[str, ...]:
    return tuple(one.key.split("."))


# ------------------------------------------------------------------------------- front matter


def _status(text: Text, taken: Taken) -> Iterator[YamlEntry]:
    """Who reviewed it, where the file says something else."""
    if (taken.reviewer is not None) != (text.status == "reviewed"):
        status = "reviewed" if taken.reviewer else "draft"
        yield YamlEntry("status", (f"status: {status}",))
    if taken.reviewer is None and text.status == "reviewed":
        yield YamlEntry("reviewer", ())
    elif taken.reviewer is not None and taken.reviewer != text.reviewer:
        yield YamlEntry("reviewer", (f"reviewer: {quoted(taken.reviewer)}",))


def _front_lines(
    name: str, fields: Sequence[Field], values: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """A key of the front matter with all that it holds; none when there is nothing."""
    texts = {}
    for one in fields:
        if one.name == name and not one.marked:
            own = one.text.text if one.text else None
            said = values[one.key][0] if one.key in values else own
            if said is not None:
                texts[one.key] = said
    if name in texts:
        yield f"{name}: {quoted(texts[name])}"
    elif texts and (name != "quote" or "quote.text" in texts):
        yield f"{name}:"
        yield from (f"  {key.partition('.')[2]}: {quoted(said)}" for key, said in texts.items())


def _said(made: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {key: " ".join(hashes) for key, hashes in made.items()}


def _made_lines(made: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield "made_from:"
    for key, hashes in _said(made).items():
        # A picture may be called anything.
        yield f"  {key if _PLAIN_KEY.fullmatch(key) else quoted(key)}: {hashes}"


_PLAIN_KEY = re.compile(r"[a-z_]+(\.[\w./-]+)?", re.ASCII)


def _new(fields: Sequence[Field], taken: Taken) -> str:
    lines = ["---"]
    for name in _ORDER[: _ORDER.index("status")]:
        lines += _front_lines(name, fields, taken.values)
    if taken.reviewer:
        lines += ["status: reviewed", f"reviewer: {quoted(taken.reviewer)}"]
    else:
        lines.append("status: draft")
    lines += [*_made_lines(taken.made_from), "---"]
    for one in fields:
        if one.marked and one.key in taken.values:
            lines += [f"## {one.key}", "", *_joined(taken.values[one.key]), ""]
    return "\n".join(lines)


# ----------------------------------------------------------------------------------- sections


def _with_sections(
    lines: Sequence[str], fields: Sequence[Field], values: Mapping[str, Sequence[str]]
) -> list[str]:
    """All lines, with other words in the sections; from below, so that those above keep theirs."""
    out = list(lines)
    changed = [one for one in fields if one.marked and one.key in values and one.text]
    for one in sorted(changed, key=_top, reverse=True):
        there, new = one.parts(), values[one.key]
        if len(there) == len(new):
            for part, words in reversed(list(zip(there, new, strict=True))):
                if part.text != words:
                    out[_line(one, part, 0) : _line(one, part, 1)] = _set_in(words, part, out, one)
        else:
            start, end = _line(one, there[0], 0), _line(one, there[-1], 1)
            out[start:end] = _joined(new)
    for one in (one for one in fields if one.marked and one.key in values and not one.text):
        while out and not out[-1].strip():
            out.pop()
        out += ["", f"## {one.key}", "", *_joined(values[one.key]), ""]
    return out


def _top(one: Field) -> int:
    return (one.text.place.line or 1) if one.text else 1


def _line(one: Field, part: Part, edge: int) -> int:
    """The first line of a part, from 0, or the one below its last."""
    return _top(one) - 1 + part.span[edge]


def _set_in(words: str, part: Part, lines: Sequence[str], one: Field) -> list[str]:
    """Words set in as far as those that they stand for."""
    first = lines[_line(one, part, 0)]
    indent = first[: len(first) - len(first.lstrip())]
    return [f"{indent}{line}" if line else line for line in words.split("\n")]


_ITEM = re.compile(r"[-+*]\s|\d+[.)]\s")


def _joined(parts: Sequence[str]) -> list[str]:
    """Parts below each other, an empty line between two unless both are items of a list."""
    lines: list[str] = []
    before = ""
    for part in parts:
        if before and not (_ITEM.match(before) and _ITEM.match(part)):
            lines.append("")
        lines += part.split("\n")
        before = part
    return lines
