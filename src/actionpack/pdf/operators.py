"""The operators of a content stream (ISO 32000-1, 7.8.2), one by one, with what stands before them.

Strings, arrays and dictionaries are taken as they are written: who rewrites a stream changes a few
operators and copies the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# Brackets in a string may stand in pairs, three deep; of an array only its strings may hold others.
_STRING = rb"\((?:[^()\\]|\\.|\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\))*\)"
_TOKEN = re.compile(
    rb"(?P<string>" + _STRING + rb")"
    rb"|(?P<hex><[0-9A-Fa-f\s]*>)"
    rb"|(?P<name>/[^\s/<>\[\](){}%]*)"
    rb"|(?P<comment>%[^\r\n]*)"
    rb"|(?P<open><<|\[)|(?P<close>>>|\])"
    rb"|(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?=[\s/<>\[\](){}%]|$))"
    rb"|(?P<word>[^\s/<>\[\](){}%]+)",
    re.DOTALL,
)
# From ID on, one white space, the data, and EI between white space (ISO 32000-1, 8.9.7).
_IMAGE_END = re.compile(rb"\sEI(?=[\s/<>\[\](){}%]|$)")
_VALUES = (b"true", b"false", b"null")


class Operator(NamedTuple):
    """An operator, its operands as they are written, and where both stand in the stream.

    An inline image is one operator, `BI`; what stands between that and its end are its operands.
    """

    name: bytes
    operands: tuple[bytes, ...]
    start: int
    end: int

    @property
    def numbers(self) -> tuple[float, ...]:
        """The operands as numbers; raises ValueError where one is none."""
        return tuple(map(float, self.operands))


def operators(content: bytes) -> Iterator[Operator]:
    """Every operator of a stream, in order."""
    at = start = 0
    first = True
    operands: list[bytes] = []
    depth, opened = 0, 0
    while match := _TOKEN.search(content, at):
        at = match.end()
        kind = match.lastgroup
        if kind == "comment":
            continue
        if first:
            start, first = match.start(), False
        if kind == "open":
            opened = opened if depth else match.start()
            depth += 1
        elif kind == "close":
            depth -= 1
            if not depth:
                operands.append(content[opened:at])
        elif depth:
            continue
        elif kind != "word" or match[0] in _VALUES:
            operands.append(match[0])
        elif match[0] == b"BI":
            end = _IMAGE_END.search(content, content.index(b"ID", at) + 3)
            at = end.end() if end else len(content)
            yield Operator(b"BI", (content[match.end() : at],), start, at)
            operands, first = [], True
        else:
            yield Operator(match[0], tuple(operands), start, at)
            operands, first = [], True
