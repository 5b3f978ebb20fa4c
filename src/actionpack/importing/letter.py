"""The part below `TEMPLATE LETTER` into targets, salutations, body and closing."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from actionpack.importing.addresses import NewTarget, make_targets, may_be_postal, read_addresses
from actionpack.importing.countries import country_of
from actionpack.importing.headline import title_country
from actionpack.importing.lines import Line, Notes, say_left_out, tidy
from actionpack.importing.parts import Parts, heading_kind
from actionpack.importing.words import begins_with, default_of, phrase_key, said, said_in

_MOST_SALUTATION_WORDS = 12
# The closing stands among the last lines; a name or a place to sign may follow it.
_CLOSING_AMONG_LAST = 6
# A closing that is a sentence, such as the French one, has no more words than this.
_MOST_CLOSING_WORDS = 45


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What front matter says already, and the letter need not."""

    targets: bool = False
    salutation: bool = False
    closing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter whose body is still lines; what front matter says is empty here."""

    targets: tuple[NewTarget, ...]
    salutations: tuple[str, ...]
    closing: str
    body: tuple[Line, ...]


_NO_LETTER = Letter(targets=(), salutations=(), closing="", body=())


def read_letter(
    parts: Parts, *, title: str, tag: str, notes: Notes, known: Known | None = None
) -> Letter:
    """Read the letter; what is missing in it is said in `notes`."""
    known = known or Known()
    if parts.letter.number is None:
        return _NO_LETTER
    lines, apart = _addresses_apart(parts, tag, notes)
    lines = _with_salutation_apart(lines, tag, notes)
    elsewhere = known.targets or any(line.text for line in apart)
    at = _salutations(lines, tag, top=0 if elsewhere else 2)
    first = at[0] if at else _body_start(lines, tag, elsewhere=elsewhere)
    spans = pairwise([-1, *at]) if at else [(-1, first)]
    above = [line for start, end in spans for line in (*lines[start + 1 : end], Line(0, ""))]
    addresses = read_addresses((*apart, Line(0, ""), *above), tag, notes)
    if not addresses and not known.targets:
        _say_no_address(parts, lines, first, bool(at), notes)
    targets = make_targets(addresses, title_country(title, tag), tag, notes)
    if known.targets:
        _say_other_targets(targets, parts, notes)
        targets = ()
    body = lines[at[-1] + 1 :] if at else lines[first:]
    closing, body = _take_closing(body, tag, known, notes)
    _say_second_letters(body, tag, notes)
    salutations = [replace(lines[index], text=tidy(lines[index], notes)) for index in at]
    return Letter(
        targets=targets,
        salutations=_matched(salutations, targets, tag, parts, known, notes),
        closing=closing,
        body=body,
    )


def _say_no_address(
    parts: Parts, lines: tuple[Line, ...], first: int, has_salutation: bool, notes: Notes
) -> None:
    at = lines[first].number if has_salutation else parts.letter.number
    where = "the salutation" if has_salutation else "the letter"
    notes.say(
        "missing-field",
        at,
        f"there is no address above {where}",
        "write whom the letter is for, one postal line a line, and the country last",
    )


def _say_other_targets(targets: tuple[NewTarget, ...], parts: Parts, notes: Notes) -> None:
    for target in targets:
        told = " / ".join((*target.lines, target.country, target.fax, target.email)).rstrip(" /")
        notes.say(
            "doubtful",
            parts.letter.number,
            f"the address '{told}' was not taken over, since the fields at the top name 'targets'",
            "keep the right one",
        )


def _addresses_apart(
    parts: Parts, tag: str, notes: Notes
) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The lines of the letter without those of addresses that have a heading, and the latter.

    A heading right above the address of a letter says nothing more; one below the letter's body
    begins the addresses.
    """
    lines = parts.letter.lines
    heads = [index for index, line in enumerate(lines) if heading_kind(line) == "address"]
    notes.spent += [lines[index].text for index in heads]
    start = len(lines)
    for index in heads:
        above = lines[:index]
        below = lines[index + 1 :]
        if any(_is_prose(line.text) for line in above if line.text) and not _salutations(
            below, tag, top=2
        ):
            start = index
            break
    kept = tuple(line for index, line in enumerate(lines[:start]) if index not in heads)
    moved = tuple(line for index, line in enumerate(lines) if index > start and index not in heads)
    return kept, (*parts.address.lines, Line(0, ""), *moved)


def _body_start(lines: tuple[Line, ...], tag: str, *, elsewhere: bool) -> int:
    """Where the body begins of a letter without a salutation: at its first sentence."""
    if elsewhere:
        return 0
    above = ""
    for index, line in enumerate(lines):
        sentence = line.text.endswith((".", "!", "?", "。", ":", ",")) and len(line.text) > 3
        ended = index > 0 and (not above or country_of(above.strip(" .,;"), tag))
        if line.text and (not may_be_postal(line.text) or (ended and sentence)):
            return index
        above = line.text
    return len(lines)


def _with_salutation_apart(lines: tuple[Line, ...], tag: str, notes: Notes) -> tuple[Line, ...]:
    """Put what follows the first salutation on its line on a line of its own."""
    for index, line in enumerate(lines):
        if begins_with(line.text, said(tag, "certain")):
            cut = re.match(r"[^,:，：،]{1,80}[,:，：،]", line.text)
            rest = line.part(cut.end()) if cut else line
            words = len(rest.text.split())
            sentence = (words > 2 or _is_dense(rest.text)) and rest.text.endswith(
                (".", "!", "?", ":", "。")
            )
            if cut is None or not (sentence or words > _MOST_SALUTATION_WORDS):
                return lines
            head = line.part(0, cut.end())
            notes.say(
                "repaired", line.number, f"the letter begins on a new line after '{head.text}'"
            )
            rest = replace(rest, joint="new" if rest.joint != "typed" else "typed")
            return (*lines[:index], head, rest, *lines[index + 1 :])
    return lines


def _is_dense(text: str) -> bool:
    """Whether a text is long though it has no spaces, as Chinese and Japanese have none."""
    return len(text) > 12 and bool(re.search("[\u3040-\u30ff\u4e00-\u9fff]", text))


def _salutations(lines: tuple[Line, ...], tag: str, *, top: int) -> list[int]:
    """Where the salutations are: the first, and others with nothing but postal lines between.

    `top`: the lines of the address above that can be no salutation though they may look like one.
    """
    first = _first_salutation(lines, tag, top)
    if first is None:
        return []
    found = [first]
    for index in range(first + 1, len(lines)):
        formal = _is_formal(lines[index], tag) and _ends_like_salutation(lines[index].text)
        if _is_certain(lines[index], tag) or formal:
            found.append(index)
        elif not may_be_postal(lines[index].text):
            break
    return found


def _first_salutation(lines: tuple[Line, ...], tag: str, top: int) -> int | None:
    """The first sure sign of a salutation; prose above allows for `Dear …` alone."""
    filled = [index for index, line in enumerate(lines) if line.text]
    prose = (place for place, i in enumerate(filled) if not may_be_postal(lines[i].text))
    near = filled[: next(prose, len(filled)) + 1]
    below = near[top:]  # an address has two lines at least
    certain = [index for index in near if _is_certain(lines[index], tag)]
    formal = [index for index in below if _is_formal(lines[index], tag)]
    alike = [
        index
        for index, after in pairwise(below)
        if _ends_like_salutation(lines[index].text) and _is_prose(lines[after].text)
    ]
    later = [index for index in filled if _is_certain(lines[index], tag)]
    return next(iter([*certain, *formal, *alike, *later]), None)


def _is_prose(text: str) -> bool:
    return not may_be_postal(text) or text.endswith(".")


def _is_certain(line: Line, tag: str) -> bool:
    known = begins_with(line.text, said(tag, "certain"))
    short = len(line.text.split()) <= _MOST_SALUTATION_WORDS and not line.text.endswith("。")
    return known and short and not (_is_dense(line.text) and len(line.text) > 40)


def _is_formal(line: Line, tag: str) -> bool:
    words = said(tag, "formal")
    key = phrase_key(line.text)
    whole = any(key == phrase_key(word) for word in words)
    # In Japanese and Korean the title of honour ends the line.
    honoured = tag.split("-")[0] in ("ja", "ko") and key.endswith(
        tuple(phrase_key(word) for word in said_in(tag, "formal"))
    )
    return whole or honoured or (begins_with(line.text, words) and _ends_like_salutation(line.text))


def _ends_like_salutation(text: str) -> bool:
    return text.endswith((",", ":", "!", "，", "：", "！", "،")) and len(text.split()) <= 8


def _matched(
    salutations: list[Line],
    targets: tuple[NewTarget, ...],
    tag: str,
    parts: Parts,
    known: Known,
    notes: Notes,
) -> tuple[str, ...]:
    """One salutation for all targets, or one each, in order."""
    texts = tuple(line.text for line in salutations)
    if known.salutation:
        say_left_out(salutations, "is not the salutation of the fields at the top", notes)
        return ()
    if not texts:
        default = default_of(tag, "salutation")
        notes.say(
            "doubtful",
            parts.letter.number,
            f"the letter has no salutation that is known; '{default}' was written",
            "correct 'salutation', and delete it from the letter's beginning if it stands there",
        )
        return (default,)
    if len(texts) in (1, len(targets)):
        if len(texts) < len(targets):
            notes.say(
                "doubtful",
                salutations[0].number,
                f"there are {len(targets)} targets and one salutation, '{texts[0]}'",
                "write one for each target, as 'salutation: {id: …}'",
            )
        return texts
    if targets:
        notes.say(
            "doubtful",
            salutations[0].number,
            f"the number of salutations, {len(texts)}, is not that of the targets, {len(targets)}",
            "write one salutation for each target",
        )
    return (" ".join(texts),)


def _say_second_letters(body: tuple[Line, ...], tag: str, notes: Notes) -> None:
    for line in body:
        if _is_certain(line, tag):
            notes.say(
                "doubtful",
                line.number,
                f"'{line.text}' looks like a second salutation inside the letter",
                "if a second letter begins there, make it an action of its own",
            )


def _take_closing(
    lines: tuple[Line, ...], tag: str, known: Known, notes: Notes
) -> tuple[str, tuple[Line, ...]]:
    """The closing, and the body above it; what follows it is said and left out."""
    lines = _with_closing_apart(lines, tag, notes)
    filled = [index for index, line in enumerate(lines) if line.text]
    among_last = filled[-_CLOSING_AMONG_LAST:]
    known_ones = [index for index in among_last if _is_closing(lines[index].text, tag)]
    short = [index for index in filled[-1:] if _looks_like_closing(lines[index].text)]
    at = next(iter([*known_ones[-1:], *short]), None)
    if at is None and known.closing:
        return "", lines
    if at is None:
        default = default_of(tag, "default")
        notes.say(
            "doubtful",
            lines[filled[-1]].number if filled else None,
            f"the letter has no closing that is known; '{default}' was written",
            "correct 'closing', and delete it from the letter's end if it stands there",
        )
        return default, lines
    at = _closing_begin(lines, at, tag)
    end = _closing_end(lines, at, tag)
    say_left_out(lines[end:], "stands below the closing", notes)
    if known.closing:
        say_left_out(lines[at:end], "is not the closing of the fields at the top", notes)
        return "", lines[:at]
    return " ".join(tidy(line, notes) for line in lines[at:end] if line.text), lines[:at]


def _closing_begin(lines: tuple[Line, ...], at: int, tag: str) -> int:
    """Where a closing begins whose lines are closings each, such as 此致 and 敬礼."""
    above = at - 1
    while above >= 0 and not lines[above].text:
        above -= 1
    dense = tag.split("-")[0] in ("zh", "ja")
    return above if dense and above >= 0 and _is_closing(lines[above].text, tag) else at


def _closing_end(lines: tuple[Line, ...], at: int, tag: str) -> int:
    """Where the closing ends that begins at `at`: a sentence can go on, in small letters."""
    end = at + 1
    while end < len(lines) and lines[end - 1].text.endswith(",") and lines[end].text[:1].islower():
        end += 1
    if tag.split("-")[0] in ("zh", "ja"):
        below = [index for index in range(end, len(lines)) if lines[index].text][:1]
        end = next((index + 1 for index in below if _is_closing(lines[index].text, tag)), end)
    return end


def _with_closing_apart(lines: tuple[Line, ...], tag: str, notes: Notes) -> tuple[Line, ...]:
    """Put a closing that ends a paragraph of the letter on a line of its own."""
    filled = [index for index, line in enumerate(lines) if line.text]
    for index in filled[-_CLOSING_AMONG_LAST:]:
        line = lines[index]
        starts = [found.end() for found in re.finditer(r"[.!?]\s+", line.text)]
        for start in starts:
            rest = line.part(start)
            if begins_with(rest.text, said(tag, "sentences")) and _is_closing(rest.text, tag):
                notes.say("repaired", line.number, "the closing was put on a line of its own")
                rest = replace(rest, joint="new" if rest.joint != "typed" else "typed")
                return (*lines[:index], line.part(0, start), rest, *lines[index + 1 :])
    return lines


def _is_closing(text: str, tag: str) -> bool:
    """A known closing, alone or with up to three more words: `Yours sincerely and in hope,`.

    In some languages it is a whole sentence: `Veuillez agréer, Monsieur, l’expression de …`.
    """
    key = phrase_key(text)
    short = len(key.split()) <= _MOST_CLOSING_WORDS
    if text.endswith((".", ",")) and short and begins_with(text, said(tag, "sentences")):
        return True
    for words in (phrase_key(one) for one in (*said(tag, "closing"), *said(tag, "default"))):
        if key == words:
            return True
        more = len(key.split()) - len(words.split())
        if key.startswith(f"{words} ") and 0 < more <= 3 and text.endswith((",", "،")):
            return True
    return False


def _looks_like_closing(text: str) -> bool:
    return text.endswith((",", "，", "،")) and len(text.split()) <= 6
