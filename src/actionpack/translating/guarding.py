"""What a translation must keep of its source: numbers, addresses, placeholders, the Markdown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from actionpack.diagnostics import Finding, Place, finding
from actionpack.markup import Block, plain, read_markup

_URL = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]{}\"“”«»]+")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_BRACES = re.compile(r"\{[A-Za-z_]+\}")
# With its country code, or nine digits that begin with 0: neither a year nor a date is one.
_PHONE = re.compile(r"(?<![\w.,])(?:\+\s?\d(?:[\s().\-/\u00a0\u202f]*\d){5,}"
                    r"|\(?0\d(?:[\s().\-/\u00a0\u202f]*\d){7,})")  # fmt: skip
_AT_END = ".,;:!?…'’\"”»،؛。，"


@dataclass(frozen=True, slots=True)
class Literal:
    """Something to be kept as it is. `key` is what must be the same in both texts."""

    kind: str
    written: str
    key: str


def literals(text: str) -> tuple[Literal, ...]:
    """The web and e-mail addresses, numbers of telephones and placeholders of a text."""
    found = []
    for kind, pattern in (
        ("web address", _URL),
        ("e-mail address", _EMAIL),
        ("placeholder", _BRACES),
        ("telephone number", _PHONE),
    ):
        for match in pattern.finditer(text):
            written = match[0].rstrip(_AT_END)
            found.append(Literal(kind, written, _key(kind, written)))
        text = pattern.sub(lambda match: " " * len(match[0]), text)
    return tuple(found)


def _key(kind: str, written: str) -> str:
    if kind != "telephone number":
        return written
    digits = "".join(str(unicodedata.digit(sign, "")) for sign in written)
    return ("+" if written.startswith("+") else "") + digits


def kept_literals(name: str, source: str, text: str, place: Place) -> Iterator[Finding]:
    """Find what a translation lost, changed or made up of such things."""
    wanted, there = list(literals(source)), list(literals(text))
    for one in tuple(wanted):
        same = next((other for other in there if other.key == one.key), None)
        if same is not None:
            wanted.remove(one)
            there.remove(same)
    for one in wanted:
        instead = next((other for other in there if other.kind == one.kind), None)
        told = f"the translation of '{name}' has lost the {one.kind} '{one.written}'"
        if instead is not None:
            there.remove(instead)
            told = f"the {one.kind} '{one.written}' of '{name}' has become '{instead.written}'"
        # There may be such a page in this language; nobody has another telephone in another one.
        is_page = instead is not None and one.kind == "web address"
        yield finding(
            "changed-literal",
            told,
            place,
            severity="warning" if is_page else "error",
            cure="see that it is the same page in this language" if is_page else None,
        )
    for one in there:
        told = f"the {one.kind} '{one.written}' in '{name}' is not in its source"
        cure = "see that it is right"
        yield finding("changed-literal", told, place, severity="warning", cure=cure)


_MARK = re.compile(r"(#+|[-+*]|\d+[.)])(?=\s)")
_NAMES = {"paragraph": "a paragraph", "heading": "a heading", "bullets": "an item of a list",
          "numbers": "an item of a list"}  # fmt: skip


def kept_markup(name: str, source: str, text: str, place: Place) -> Iterator[Finding]:
    """Find where a translation is not built as its source is, or would print marks."""
    theirs, ours = read_markup(source), read_markup(text)
    told = cure = ""
    mark, own_mark = (match[0] if match else "" for match in map(_MARK.match, (source, text)))
    if len(ours) != len(theirs):
        told = f"the translation of '{name}' is in {len(ours)} parts, and its source in one"
        cure = "make it one, without empty lines, or headings and lists of its own"
    elif mark != own_mark:
        told = f"'{name}' is {_NAMES[theirs[0].kind]}, and its translation {_begins(own_mark)}"
        cure = f"begin it with '{mark} '" if mark else f"take the '{own_mark}' away"
    elif _shape(ours) != _shape(theirs):
        told = f"the lists inside '{name}' are not those of its source"
        cure = "write as many items, and set them in as far"
    elif sign := _stray(plain(theirs), plain(ours)):
        told = f"'{sign}' would print in the translation of '{name}'"
        cure = "close what it opens, or write a backslash before it"
    if told:
        yield finding("broken-markup", told, place, cure=cure)


def _begins(mark: str) -> str:
    return f"begins with '{mark}'" if mark else "does not begin so"


def _shape(blocks: tuple[Block, ...]) -> tuple[object, ...]:
    return tuple((block.kind, tuple(_shape(item) for item in block.items)) for block in blocks)


def _stray(source: str, text: str) -> str:
    """A mark of emphasis or of a link that prints, and in the source does not."""
    return next((sign for sign in ("**", "*", "](") if text.count(sign) > source.count(sign)), "")
