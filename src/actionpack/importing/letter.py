"""The part below `TEMPLATE LETTER` into targets, salutations, body and closing."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from actionpack.importing.addresses import NewTarget, make_targets, may_be_postal, read_addresses
from actionpack.importing.headline import title_country
from actionpack.importing.lines import WRAPPED_MOST, Line, Notes, listed, say_left_out, tidy
from actionpack.importing.parts import Parts

_MOST_SALUTATION_WORDS = 12
# The closing stands among the last lines; a name or a place to sign may follow it.
_CLOSING_AMONG_LAST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter whose body is still lines; all of it is empty when a fault was said."""

    targets: tuple[NewTarget, ...]
    salutations: tuple[str, ...]
    closing: str
    body: tuple[Line, ...]


_NO_LETTER = Letter(targets=(), salutations=(), closing="", body=())


def read_letter(parts: Parts, *, title: str, tag: str, notes: Notes) -> Letter:
    """Read the letter; what is missing in it is said in `notes`."""
    if parts.letter.number is None:
        return _NO_LETTER
    lines = _with_salutation_apart(parts.letter.lines, notes)
    at = _salutations(lines)
    if not at:
        notes.say(
            "missing-field",
            parts.letter.number,
            "no salutation was found below 'TEMPLATE LETTER'",
            "write a line such as 'Dear President Xi,' between the address and the letter",
        )
        return _NO_LETTER
    addresses = [
        address
        for start, end in pairwise([-1, *at])
        for address in read_addresses(lines[start + 1 : end], tag, notes)
    ]
    if not addresses:
        notes.say(
            "missing-field",
            lines[at[0]].number,
            "there is no address above the salutation",
            "write whom the letter is for, one postal line a line, and the country last",
        )
    targets = make_targets(addresses, title_country(title, tag), tag, notes)
    closing, body = _take_closing(lines[at[-1] + 1 :], notes)
    _say_second_letters(body, notes)
    salutations = [replace(lines[index], text=tidy(lines[index], notes)) for index in at]
    return Letter(
        targets=targets,
        salutations=_matched(salutations, targets, notes),
        closing=closing,
        body=body,
    )


def _with_salutation_apart(lines: tuple[Line, ...], notes: Notes) -> tuple[Line, ...]:
    """Put what follows the first salutation on its line on a line of its own."""
    for index, line in enumerate(lines):
        if _begins_with(line.text, listed("salutation", "certain")):
            cut = re.match(r"[^,:，：]{1,80}[,:，：]", line.text)
            rest = line.text[cut.end() :].strip() if cut else ""
            sentence = len(rest.split()) > 2 and rest.endswith((".", "!", "?", ":"))
            if cut is None or not (sentence or len(rest.split()) > _MOST_SALUTATION_WORDS):
                return lines
            head = line.text[: cut.end()]
            notes.say("repaired", line.number, f"the letter begins on a new line after '{head}'")
            apart = (replace(line, text=head), replace(line, text=rest))
            return (*lines[:index], *apart, *lines[index + 1 :])
    return lines


def _salutations(lines: tuple[Line, ...]) -> list[int]:
    """Where the salutations are: the first, and others with nothing but postal lines between."""
    first = _first_salutation(lines)
    if first is None:
        return []
    found = [first]
    for index in range(first + 1, len(lines)):
        if _is_certain(lines[index]):
            found.append(index)
        elif not may_be_postal(lines[index].text):
            break
    return found


def _first_salutation(lines: tuple[Line, ...]) -> int | None:
    """The first sure sign of a salutation; prose above allows for `Dear …` alone."""
    filled = [index for index, line in enumerate(lines) if line.text]
    prose = (place for place, i in enumerate(filled) if not may_be_postal(lines[i].text))
    top = filled[: next(prose, len(filled)) + 1]
    below = top[2:]  # an address has two lines at least
    certain = [index for index in top if _is_certain(lines[index])]
    formal = [index for index in below if _is_formal(lines[index])]
    alike = [
        index
        for index, after in pairwise(below)
        if _ends_like_salutation(lines[index].text) and _is_prose(lines[after].text)
    ]
    later = [index for index in filled if _is_certain(lines[index])]
    return next(iter([*certain, *formal, *alike, *later]), None)


def _is_prose(text: str) -> bool:
    return not may_be_postal(text) or text.endswith(".")


def _is_certain(line: Line) -> bool:
    known = _begins_with(line.text, listed("salutation", "certain"))
    return known and len(line.text.split()) <= _MOST_SALUTATION_WORDS


def _is_formal(line: Line) -> bool:
    words = listed("salutation", "formal")
    whole = line.text.casefold().rstrip(" .!") in words
    return whole or (_begins_with(line.text, words) and _ends_like_salutation(line.text))


def _ends_like_salutation(text: str) -> bool:
    return text.endswith((",", ":", "!", "，", "：", "！", "،")) and len(text.split()) <= 8


def _begins_with(text: str, words: tuple[str, ...]) -> bool:
    start = text[:WRAPPED_MOST].casefold()
    return any(re.match(rf"{re.escape(word)}\b", start) for word in words)


def _matched(
    salutations: list[Line], targets: tuple[NewTarget, ...], notes: Notes
) -> tuple[str, ...]:
    """One salutation for all targets, or one each, in order."""
    texts = tuple(line.text for line in salutations)
    if len(texts) in (1, len(targets)):
        if len(texts) < len(targets):
            notes.say(
                "doubtful",
                salutations[0].number,
                f"there are {len(targets)} targets and one salutation, '{texts[0]}'",
                "write one for each target, as 'salutation: {id: …}'",
            )
        return texts
    notes.say(
        "doubtful",
        salutations[0].number,
        f"the number of salutations, {len(texts)}, is not that of the targets, {len(targets)}",
        "write one salutation for each target",
    )
    return (" ".join(texts),)


def _say_second_letters(body: tuple[Line, ...], notes: Notes) -> None:
    for line in body:
        if _is_certain(line):
            notes.say(
                "doubtful",
                line.number,
                f"'{line.text}' looks like a second salutation inside the letter",
                "if a second letter begins there, make it an action of its own",
            )


def _take_closing(lines: tuple[Line, ...], notes: Notes) -> tuple[str, tuple[Line, ...]]:
    """The closing, and the body above it; what follows it is said and left out."""
    filled = [index for index, line in enumerate(lines) if line.text]
    among_last = filled[-_CLOSING_AMONG_LAST:]
    known = [index for index in among_last if _is_closing(lines[index].text)]
    short = [index for index in filled[-1:] if _looks_like_closing(lines[index].text)]
    at = next(iter([*known[-1:], *short]), None)
    if at is None:
        default = listed("closing", "default")[0]
        notes.say(
            "doubtful",
            lines[filled[-1]].number if filled else None,
            f"the letter has no closing that is known; '{default}' was written",
            "correct 'closing', and delete it from the letter's end if it stands there",
        )
        return default, lines
    end = _closing_end(lines, at)
    say_left_out(lines[end:], "stands below the closing", notes)
    return " ".join(tidy(line, notes) for line in lines[at:end]), lines[:at]


def _closing_end(lines: tuple[Line, ...], at: int) -> int:
    """Where the closing ends that begins at `at`: a sentence can go on, in small letters."""
    end = at + 1
    while end < len(lines) and lines[end - 1].text.endswith(",") and lines[end].text[:1].islower():
        end += 1
    return end


def _is_closing(text: str) -> bool:
    """A known closing, alone or with up to three more words: `Yours sincerely and in hope,`.

    In some languages it is a whole sentence: `Veuillez agréer, Monsieur, l’expression de …`.
    """
    said = text.casefold().replace("’", "'").rstrip(" ,.!")
    if text.endswith((".", ",")) and _begins_with(said, listed("closing", "sentences")):
        return True
    for words in listed("closing", "words"):
        if said == words:
            return True
        more = len(said.split()) - len(words.split())
        if said.startswith(f"{words} ") and 0 < more <= 3 and text.endswith(","):
            return True
    return False


def _looks_like_closing(text: str) -> bool:
    return text.endswith((",", "，", "،")) and len(text.split()) <= 6
