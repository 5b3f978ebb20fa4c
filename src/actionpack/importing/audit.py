"""Whether every word of a text is in what was made of it, or in a finding that says why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from actionpack.importing.lines import Line, Notes
from actionpack.importing.words import listed, phrase_key

_MOST_TOLD = 12


def say_lost(lines: Iterable[Line], written: Iterable[str], notes: Notes) -> None:
    """Name the words and the links that are neither written, nor spent, nor in a finding.

    This finds faults of the import itself; there should be none.
    """
    source = tuple(lines)
    kept = Counter(one for text in (*written, *notes.spent) for one in _words(text))
    told = {one for found in notes.found for one in _words(found.message)} | _labels()
    wanted = Counter(one for line in source for one in _words(line.text))
    lost = [one for one in (wanted - kept).elements() if one not in told]
    if not lost:
        return
    number = next(line.number for line in source if lost[0] in _words(line.text))
    quoted = ", ".join(f"'{one}'" for one in lost[:_MOST_TOLD])
    more = f" and {len(lost) - _MOST_TOLD} more" if len(lost) > _MOST_TOLD else ""
    notes.say(
        "doubtful",
        number,
        f"words of the text were not taken over: {quoted}{more}",
        "find them in the text, and write them where they belong",
    )


def say_lost_links(lines: Iterable[Line], written: Iterable[str], notes: Notes) -> None:
    """Name the addresses behind words that stand in a field without links."""
    texts = "\n".join((*written, *(found.message for found in notes.found)))
    for line in lines:
        for style in line.styles:
            address = style.href.removeprefix("mailto:")
            if address and address not in texts:
                words = line.text[style.start : style.end]
                notes.say(
                    "doubtful",
                    line.number,
                    f"the link to '{style.href}' behind '{words}' was not taken over",
                    "write the address into the text if it matters",
                )


def _labels() -> set[str]:
    kinds = ("fax", "email")
    return {one for kind in kinds for label in listed("contact", kind) for one in _words(label)}


def _words(text: str) -> list[str]:
    return phrase_key(text.replace("\u00ad", "")).split()
