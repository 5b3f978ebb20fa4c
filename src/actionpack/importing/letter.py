"""The part below `TEMPLATE LETTER` into targets, salutations, body and closing."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from actionpack.importing.addresses import (
    NewTarget,
    astray,
    is_for_copies,
    is_label,
    make_targets,
    read_addresses,
)
from actionpack.importing.countries import country_of
from actionpack.importing.headline import title_country
from actionpack.importing.lines import BULLET, Line, Notes, say_left_out, tidy
from actionpack.importing.parts import Parts, heading_kind, looks_like_heading
from actionpack.importing.postal_lines import may_be_postal
from actionpack.importing.words import begins_with, default_of, phrase_key, said, said_in

_MOST_SALUTATION_WORDS = 12
# The closing stands among the last lines; a name or a place to sign may follow it.
_CLOSING_AMONG_LAST = 6
# A closing that is a sentence, such as the French one, has no more words than this.
_MOST_CLOSING_WORDS = 45
# Below a closing that nobody knows there stand at most a name and a line more.
_SIGNED_WITHIN = 3
# "Please also send a copy to:"
_MOST_LABEL_WORDS = 6


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
    # Lines of an address that stood in what the reader is to do.
    elsewhere: tuple[Line, ...] = ()


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
    given = known.targets or any(line.text for line in apart)
    at = _salutations(lines, tag, top=0 if given else 2)
    first = at[0] if at else _body_start(lines, tag, elsewhere=given)
    spans = pairwise([-1, *at]) if at else [(-1, first)]
    above = [line for start, end in spans for line in (*lines[start + 1 : end], Line(0, ""))]
    addresses = read_addresses((*apart, Line(0, ""), *above), tag, notes)
    body = lines[at[-1] + 1 :] if at else lines[first:]
    elsewhere: tuple[Line, ...] = ()
    if not any(address.postal for address in addresses) and not known.targets:
        elsewhere = _address_elsewhere(body, parts, tag, notes)
        spaced = tuple(replace(line) for line in elsewhere)
        addresses = [*addresses, *read_addresses(spaced, tag, notes)]
        body = tuple(line for line in body if not any(line is one for one in elsewhere))
    if not addresses and not known.targets:
        _say_no_address(parts, lines, first, bool(at), notes)
    targets = make_targets(addresses, title_country(title, tag), tag, notes)
    if known.targets:
        _say_other_targets(targets, parts, notes)
        targets = ()
    closing, body = _take_closing(body, tag, known, notes)
    _say_second_letters(body, tag, notes)
    salutations = [replace(lines[index], text=tidy(lines[index], notes)) for index in at]
    return Letter(
        targets=targets,
        salutations=_matched(salutations, targets, tag, parts, known, notes),
        closing=closing,
        body=body,
        elsewhere=elsewhere,
    )


def _address_elsewhere(
    body: tuple[Line, ...], parts: Parts, tag: str, notes: Notes
) -> tuple[Line, ...]:
    """The lines of addresses below the letter, or in what the reader is to do, and a gap each."""
    blocks = astray(body, tag)
    if not blocks:
        found = astray(parts.ask.lines, tag)
        # What the reader is to do keeps its "Please write to:".
        blocks = tuple(block[1:] if is_label(block[0].text) else block for block in found)
    for block in blocks:
        told = " / ".join(line.text for line in block)
        notes.say(
            "doubtful",
            block[0].number,
            f"'{told}' was taken for the address, since none stands above the salutation",
            "look at it, line by line",
        )
    return tuple(line for block in blocks for line in (*block, Line(block[-1].number, "")))


def _say_no_address(
    parts: Parts, lines: tuple[Line, ...], first: int, has_salutation: bool, notes: Notes
) -> None:
    at = lines[first].number if has_salutation else parts.letter.number
    where = "the salutation" if has_salutation else "the letter"
    notes.say(
        "missing-field",
        at,
        f"there is no address above {where}",
        "write whom the letter is for, one postal line a line, and the country last; or, if the "
        'address stands elsewhere, name its heading with --headings "address=…"',
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
    start = len(lines)
    for index in heads:
        above = lines[:index]
        below = lines[index + 1 :]
        prose = any(_is_prose(line.text) for line in above if line.text)
        if not prose or _salutations(below, tag, top=2):
            continue
        # "Address: ______" below a letter is for the sender to fill in.
        has_one = bool(parts.address.number) or _begins_with_address(above, tag)
        if astray(below, tag) or not has_one:
            start = index
            break
    # A heading below the letter's end that begins no address is left there.
    prose_at = next(
        (i for i, line in enumerate(lines) if _is_prose(line.text) and line.text), start
    )
    heads = [index for index in heads if index >= start or index < prose_at]
    notes.spent += [lines[index].text for index in heads]
    kept = tuple(line for index, line in enumerate(lines[:start]) if index not in heads)
    moved = tuple(line for index, line in enumerate(lines) if index > start and index not in heads)
    return kept, (*parts.address.lines, Line(0, ""), *moved)


def _begins_with_address(lines: tuple[Line, ...], tag: str) -> bool:
    """Whether two lines at least stand above the salutation."""
    at = _salutations(lines, tag, top=2)
    return sum(bool(line.text) for line in lines[: at[0]]) > 1 if at else False


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
    # Right above the first sentence there is no address that it could be a line of.
    first = filled[:2]
    if len(first) == 2 and _is_formal(lines[first[0]], tag) and _is_prose(lines[first[1]].text):
        certain = [*certain, first[0]]
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
    ends = text.endswith((",", ":", "!", "，", "：", "！", "،"))
    # A salutation may stand in two languages: "Monsieur le Ministre, / Dear Minister,".
    return ends and all(len(one.split()) <= 8 for one in text.split(" / "))


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
    lines = _with_closing_apart(_with_closing_joined(lines, tag, notes), tag, notes)
    lines = _without_copies(lines, tag, notes)
    filled = [index for index, line in enumerate(lines) if line.text]
    among_last = filled[-_CLOSING_AMONG_LAST:]
    all_known = [index for index in filled if _is_closing(lines[index].text, tag)]
    known_ones = [index for index in all_known if index in among_last]
    early = [index for index in all_known if _ends_letter(lines, index)]
    short = [i for i in filled[-_SIGNED_WITHIN:] if _may_close(lines, i)]
    at = next(iter([*known_ones[-1:], *early[-1:], *short]), None)
    if at is not None and at not in all_known and at != filled[-1]:
        notes.say(
            "doubtful",
            lines[at].number,
            f"'{lines[at].text}' was taken for the closing",
            "correct 'closing' if the letter goes on below it",
        )
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


def _without_copies(lines: tuple[Line, ...], tag: str, notes: Notes) -> tuple[Line, ...]:
    """The letter above a line such as `Copies to:` that no closing follows."""
    for index, line in enumerate(lines):
        if _is_copies_label(line):
            below = lines[index:]
            if any(_is_closing(one.text, tag) for one in below):
                return lines
            say_left_out(below, "is for a copy, not for the letter", notes)
            return lines[:index]
    return lines


def _is_copies_label(line: Line) -> bool:
    """Whether a line is `Copies to:` or begins with it, or is such a heading."""
    head, colon, rest = line.text.replace("：", ":").partition(":")
    words = head.split()
    alone = looks_like_heading(line) or (bool(colon) and not rest)
    label = head if alone else " ".join(words[:2])
    return (alone or bool(colon)) and len(words) <= _MOST_LABEL_WORDS and is_for_copies(label)


def _ends_letter(lines: tuple[Line, ...], at: int) -> bool:
    """Whether what stands below a closing is lines to sign and addresses more than sentences."""
    below = [line.text for line in lines[at + 1 :] if line.text]
    return 2 * sum(_is_prose(text) for text in below) < len(below)


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


def _with_closing_joined(lines: tuple[Line, ...], tag: str, notes: Notes) -> tuple[Line, ...]:
    """Put a closing that is a sentence over several lines on one."""
    words = [phrase_key(one) for key in ("within", "sentences") for one in said_in(tag, key)]
    start = 0
    for index, line in enumerate(lines):
        above = lines[index - 1].text if index else ""
        if line.joint == "new" or not above or above.endswith((".", "!", "?")):
            start = index
        run = lines[start : index + 1]
        text = " ".join(one.text for one in run)
        whole = line.text.endswith(".") and not begins_with(line.text, said_in(tag, "sentences"))
        sentence = any(f" {one} " in f" {phrase_key(text)} " for one in words)
        if len(run) > 1 and whole and sentence and _is_closing(text, tag):
            numbers = f"{run[0].number} to {run[-1].number}"
            notes.say("repaired", run[0].number, f"the lines {numbers} are joined to one closing")
            joined = replace(run[0], text=text, styles=())
            return (*lines[:start], joined, *lines[index + 1 :])
    return lines


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
    within = any(f" {phrase_key(one)} " in f" {key} " for one in said_in(tag, "within"))
    if (
        text.endswith((".", ","))
        and short
        and (within or begins_with(text, said(tag, "sentences")))
    ):
        return True
    for words in (phrase_key(one) for one in (*said(tag, "closing"), *said(tag, "default"))):
        if key == words:
            return True
        more = len(key.split()) - len(words.split())
        if key.startswith(f"{words} ") and 0 < more <= 3 and text.endswith((",", "،")):
            return True
    return False


def _may_close(lines: tuple[Line, ...], at: int) -> bool:
    """Whether a short line with a comma at its end is no item of a list and no half sentence."""
    line = lines[at]
    below = next((one.text for one in lines[at + 1 :] if one.text), "")
    short = line.text.endswith((",", "，", "،")) and len(line.text.split()) <= 6
    return short and not line.mark and not BULLET.match(line.text) and not below[:1].islower()
