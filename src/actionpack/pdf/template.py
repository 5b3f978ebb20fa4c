"""Objects of a PDF as bytes with gaps for the numbers of others, which each file gives anew."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, TypeVar

Gap = TypeVar("Gap")


def opened(
    held: Any, gap_for: Callable[[Any], tuple[bytes, Gap, bytes] | None]
) -> tuple[tuple[bytes, ...], tuple[Gap, ...]]:
    """Write an object with gaps: the texts round them, one more than there are gaps, and these.

    `gap_for` is asked about every part of the object: what stands before the gap, the gap, and
    what stands behind it; None when there is none and the part is written as it is.
    """
    writer = _Writer(gap_for)
    writer.write(held)
    return (*writer.texts, writer.out.getvalue()), tuple(writer.gaps)


class _Writer:
    def __init__(self, gap_for: Callable[[Any], tuple[bytes, Any, bytes] | None]) -> None:
        self.texts: list[bytes] = []
        self.gaps: list[Any] = []
        self.out = io.BytesIO()
        self._gap_for = gap_for

    def write(self, held: Any) -> None:
        from pypdf.generic import ArrayObject, DictionaryObject

        found = self._gap_for(held)
        if found is not None:
            before, gap, after = found
            self.texts.append(self.out.getvalue() + before)
            self.gaps.append(gap)
            self.out = io.BytesIO(after)
            self.out.seek(0, io.SEEK_END)
        elif isinstance(held, DictionaryObject):
            self.out.write(b"<<")
            for key in held:
                key.write_to_stream(self.out)
                self.out.write(b" ")
                self.write(held.raw_get(key))
            self.out.write(b">>")
        elif isinstance(held, ArrayObject):
            self.out.write(b"[")
            for number, item in enumerate(held):
                self.out.write(b" " if number else b"")
                self.write(item)
            self.out.write(b"]")
        else:
            held.write_to_stream(self.out)
