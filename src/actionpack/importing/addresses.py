"""The lines above a salutation into targets: postal lines, country, fax and e-mail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from actionpack.importing.countries import country_of
from actionpack.importing.headline import shortened, slug
from actionpack.importing.lines import BULLET, NUMBER, Line, Notes, say_left_out, tidied
from actionpack.importing.postal_lines import (
    MOST_POSTAL_WORDS,
    contact_pattern,
    is_sentence,
    may_be_postal,
)
from actionpack.importing.words import headings, listed, phrase_key


@dataclass(frozen=True, slots=True)
class _Contact:
    """What is no postal line: `kind` is fax, email or neither."""

    kind: str
    value: str
    line: Line


@dataclass(frozen=True, slots=True)
class Address:
    """Lines that belong to one target, sorted."""

    postal: tuple[Line, ...]
    contacts: tuple[_Contact, ...]
    gaps: tuple[int, ...] = ()

    @property
    def number(self) -> int:
        lines = [*self.postal, *(contact.line for contact in self.contacts)]
        return min(line.number for line in lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTarget:
    """A target as it will be written; '' for a fax or an e-mail that it has not."""

    id: str
    lines: tuple[str, ...]
    country: str
    fax: str
    email: str


# An address in one line: an office, a street, a town, a country.
_LEAST_PIECES = 4


def read_addresses(lines: Iterable[Line], tag: str, notes: Notes) -> list[Address]:
    """The addresses in the lines above a salutation, which empty lines keep apart."""
    addresses: list[Address] = []
    for block in _without_numbers(notes, _blocks(_rows(lines, tag, notes), tag, notes)):
        lines_of_it = _without_label(_without_strangers(block, notes), notes)
        address = _sorted(lines_of_it, notes)
        if not address.postal and not address.contacts:
            continue
        if addresses and _belongs_to(addresses[-1], address, tag):
            addresses[-1] = _merged(addresses[-1], address)
        elif addresses and len(address.postal) == 1:
            say_left_out(lines_of_it, "is no address", notes)
        else:
            addresses.append(address)
    for address in addresses:
        if address.gaps:
            notes.say(
                "doubtful",
                address.gaps[0],
                "an empty line inside an address was left out",
                "if a second address begins there, make it a target of its own",
            )
    return addresses


_BAR = re.compile(r"\s*\|\s*")


def _rows(lines: Iterable[Line], tag: str, notes: Notes) -> list[Line]:
    """Lines in which each row of a table that ends with a country is an address of its own.

    A row without one, such as that of the heads, is none.
    """
    known = [piece for line in lines for piece in _of_one_line(line, tag)]
    rows = {line: _BAR.split(line.text) for line in known if _BAR.search(line.text)}
    whole = [line for line, cells in rows.items() if _ends_with_country(cells, tag)]
    if not whole:
        return known
    out: list[Line] = []
    for line in known:
        if line not in rows:
            out.append(line)
        elif line in whole:
            cells = (replace(line, text=cell, styles=()) for cell in rows[line] if cell)
            out += [Line(line.number, ""), *cells, Line(line.number, "")]
        else:
            say_left_out([line], "is a row of a table and no address", notes)
    return out


def _of_one_line(line: Line, tag: str) -> tuple[Line, ...]:
    """The lines of an address that stands in one, with commas; any other line alone."""
    if not _is_one_line(line.text, tag):
        return (line,)
    return tuple(replace(line, text=one.strip(), styles=()) for one in line.text.split(","))


def _is_one_line(text: str, tag: str) -> bool:
    pieces = text.rstrip(" .").split(",")
    short = all(0 < len(piece.split()) <= MOST_POSTAL_WORDS for piece in pieces)
    whole = short and len(pieces) >= _LEAST_PIECES and not is_for_copies(pieces[0])
    return whole and not _BAR.search(text) and bool(country_of(pieces[-1], tag))


def _ends_with_country(cells: list[str], tag: str) -> bool:
    postal = [
        cell for cell in cells if cell and not isinstance(_unlabelled(Line(0, cell)), _Contact)
    ]
    last = postal[-1].strip(" .,;") if postal else ""
    return bool(last) and bool(country_of(last, tag) or country_of(last.rpartition(",")[2], tag))


def _without_numbers(
    notes: Notes, blocks: Iterable[tuple[Line, ...]]
) -> Iterator[tuple[Line, ...]]:
    """Addresses without the signs of a list: bullets, and `1.`, `2.` before one after the other."""
    known = list(blocks)
    numbers = [NUMBER.match(block[0].text) for block in known]
    counted = len(known) > 1 and all(
        found and int(found[1]) == count for count, found in enumerate(numbers, 1)
    )
    for block, number in zip(known, numbers, strict=True):
        sign = BULLET.match(block[0].text) or (number if counted else None)
        if sign:
            notes.spent.append(sign[0])
        yield (block[0].part(sign.end()), *block[1:]) if sign else block


def _blocks(lines: Iterable[Line], tag: str, notes: Notes) -> Iterator[tuple[Line, ...]]:
    """The lines of each address; empty lines and words such as "and" stand between two."""
    block: list[Line] = []
    between = {phrase_key(word) for word in listed("copies", "between")}
    for line in lines:
        separates = phrase_key(line.text) in between
        if separates:
            notes.spent.append(line.text)
        if line.text and not separates:
            block.append(line)
        elif block:
            yield from _at_countries(tuple(block), tag)
            block = []
    if block:
        yield from _at_countries(tuple(block), tag)


def _at_countries(block: tuple[Line, ...], tag: str) -> Iterator[tuple[Line, ...]]:
    """A block cut below each country that another address follows, which ends with one too."""
    countries = [i for i, line in enumerate(block) if i and country_of(_bare(line), tag)]
    start = 0
    for here, after in pairwise(countries):
        contacts = here + 1
        while contacts < after and _is_contact(block[contacts]):
            contacts += 1
        if after - contacts >= 2:
            yield block[start:contacts]
            start = contacts
    yield block[start:]


def _is_contact(line: Line) -> bool:
    return all(isinstance(piece, _Contact) for piece in _pieces(line))


def _without_strangers(block: tuple[Line, ...], notes: Notes) -> tuple[Line, ...]:
    """A block without lines such as `[your name]`, and without sentences."""
    blanks = [line for line in block if re.fullmatch(r"\[[^\[\]]*\]", line.text)]
    sentences = [line for line in block if is_sentence(line.text)]
    say_left_out(blanks, "is for the sender to fill in", notes)
    say_left_out(sentences, "is no postal line", notes)
    return tuple(line for line in block if line not in blanks and line not in sentences)


def _without_label(block: tuple[Line, ...], notes: Notes) -> tuple[Line, ...]:
    """A block without a line such as `Address:`; nothing is left below `Copies to:`."""
    for index, line in enumerate(block):
        if is_label(line.text) and is_for_copies(line.text):
            say_left_out(block[index:], "is for a copy, not for the letter", notes)
            return _without_label(block[:index], notes)
    if not block or not (is_label(block[0].text) or _is_heading(block[0].text)):
        return block
    say_left_out(block[:1], "is no postal line", notes)
    return block[1:]


def is_label(text: str) -> bool:
    return text.endswith((":", "：")) and not contact_pattern().match(text)


def _is_heading(text: str) -> bool:
    """Whether a line is a heading of addresses, with a number or without: `Target 1`."""
    known = headings().get(re.sub(r" \d{1,2}$", "", phrase_key(text)))
    return known is not None and known.kind == "address"


def is_for_copies(label: str) -> bool:
    words = {phrase_key(word) for word in listed("copies", "words")}
    return bool(set(phrase_key(label).split()) & words)


def _belongs_to(above: Address, address: Address, tag: str) -> bool:
    """Whether lines after an empty line still belong to the address above it.

    They do when they are fax or e-mail alone, and when the address has neither those nor a country
    yet, unless both have three lines.
    """
    if not address.postal or not above.postal:
        return True
    ended = bool(above.contacts) or bool(country_of(_bare(above.postal[-1]), tag))
    return not ended and min(len(above.postal), len(address.postal)) < 3


def _merged(above: Address, address: Address) -> Address:
    gaps = (address.postal[0].number,) if address.postal else ()
    return Address(
        above.postal + address.postal, above.contacts + address.contacts, above.gaps + gaps
    )


def _bare(line: Line) -> str:
    return line.text.strip(" .,;")


def _sorted(block: tuple[Line, ...], notes: Notes) -> Address:
    postal: list[Line] = []
    contacts: list[_Contact] = []
    for line in block:
        for piece in _pieces(tidied(line, notes)):
            if isinstance(piece, _Contact):
                contacts.append(piece)
                if piece.kind != "neither":
                    notes.spent.append(piece.line.text.replace(piece.value, " ", 1))
            else:
                postal.append(piece)
    return Address(tuple(postal), tuple(contacts))


def _pieces(line: Line) -> Iterator[Line | _Contact]:
    """What a line of an address holds: a postal line, fax, e-mail, or several of them."""
    labels = list(contact_pattern().finditer(line.text))
    if not labels:
        yield _unlabelled(line)
        return
    before = line.text[: labels[0].start()].strip(" ,;/|(")
    if before:
        yield _unlabelled(replace(line, text=before))
    ends = [label.start() for label in labels[1:]] + [len(line.text)]
    for label, end in zip(labels, ends, strict=True):
        yield _contact(label, replace(line, text=line.text[label.start() : end].strip(" ,;/|(")))


def _contact(label: re.Match[str], line: Line) -> _Contact:
    said = label[1].casefold()
    names = {said, *re.split(r"\s*(?:/|&|\b(?:and|or|et|und|y|e|και)\b)\s*", said)}
    value = line.text[label.end() - label.start() :].strip(" ,;/|(")
    if "(" not in value:
        value = value.rstrip(" )")
    if names & _folded("fax") and re.search(r"\d", value):
        return _Contact("fax", value, line)
    if names & _folded("email") and "@" in value:
        return _Contact("email", value, line)
    return _Contact("neither", value, line)


@cache
def _folded(kind: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in listed("contact", kind))


_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


def _unlabelled(line: Line) -> Line | _Contact:
    words = line.text.split()
    if len(words) == 1 and "@" in words[0] and _EMAIL.fullmatch(words[0]):
        return _Contact("email", words[0], line)
    online = re.match(r"https?://|www\.|@", words[0], re.IGNORECASE)
    if online or any("@" in word and _EMAIL.match(word) for word in words):
        return _Contact("neither", line.text, line)
    return line


def astray(lines: Iterable[Line], tag: str) -> tuple[tuple[Line, ...], ...]:
    """Addresses among other lines: short lines down to a country, with fax and e-mail below.

    Each begins below what is no postal line; a label right above it is its first line.
    """
    known = tuple(lines)
    found: list[tuple[Line, ...]] = []
    after = 0
    for at, line in enumerate(known):
        if at < after or not (line.text and _ends_with_country([line.text], tag)):
            continue
        start = at
        while start > after and _may_stand_above(known[start - 1]):
            start -= 1
        after = at + 1
        while after < len(known) and known[after].text and _is_contact(known[after]):
            after += 1
        label = known[start - 1 : start] if start and is_label(known[start - 1].text) else ()
        for_copies = bool(label) and is_for_copies(label[0].text)
        alone = _is_one_line(line.text, tag)
        start, label = (at, ()) if alone else (start, label)
        if not for_copies and (alone or (at - start >= 2 and may_be_postal(line.text))):
            found.append((*label, *known[start:after]))
    return tuple(found)


def _may_stand_above(line: Line) -> bool:
    bare = line.text.rstrip(" ")
    return (
        bool(bare)
        and line.mark not in ("#", "-")
        and may_be_postal(bare)
        and not is_label(bare)
        and not is_sentence(bare)
        and not is_for_copies(bare)
    )


def make_targets(
    addresses: list[Address], title_country: str | None, tag: str, notes: Notes
) -> tuple[NewTarget, ...]:
    targets: list[NewTarget] = []
    for address in addresses:
        if not address.postal:
            notes.say(
                "missing-field",
                address.number,
                "an address has no postal line",
                "write whom the letter is for, and where they are",
            )
            continue
        postal, country = _take_country(address.postal, tag, notes)
        notes.spent += [line.text for line in address.postal[len(postal) :]]
        target = NewTarget(
            id=_target_id(postal, [target.id for target in targets]),
            lines=tuple(line.text for line in postal),
            country=country or _country_of_title(title_country, postal[-1], tag, notes),
            fax=_joined_contacts("fax", address, notes),
            email=_joined_contacts("email", address, notes),
        )
        say_left_out(
            (contact.line for contact in address.contacts if contact.kind == "neither"),
            "has no field",
            notes,
        )
        targets.append(target)
    return tuple(targets)


def _take_country(
    postal: tuple[Line, ...], tag: str, notes: Notes
) -> tuple[tuple[Line, ...], str | None]:
    """The postal lines without the country that the last one names."""
    last = postal[-1]
    code = country_of(_bare(last), tag)
    if code and len(postal) > 1:
        return _without_country(postal, code, tag), code
    before, comma, name = last.text.rstrip(" .,;").rpartition(",")
    code = country_of(name, tag) if comma and before.strip() else None
    if code is None:
        above = [i for i, line in enumerate(postal) if i > 1 and country_of(_bare(line), tag)]
        if not above:
            return postal, None
        say_left_out(postal[above[-1] + 1 :], "stands below the country of an address", notes)
        return _take_country(postal[: above[-1] + 1], tag, notes)
    notes.say(
        "doubtful",
        last.number,
        f"'{name.strip()}' was taken for the country and left out of '{last.text}'",
        "put it back if it is no country, and correct 'country'",
    )
    bare = (*postal[:-1], replace(last, text=before.rstrip()))
    return _without_country(bare, code, tag), code


def _without_country(postal: tuple[Line, ...], code: str, tag: str) -> tuple[Line, ...]:
    """Postal lines without those at the end that name the country, in one way or in two."""
    while len(postal) > 1 and country_of(_bare(postal[-1]), tag) == code:
        postal = postal[:-1]
    return postal


def _country_of_title(country: str | None, line: Line, tag: str, notes: Notes) -> str:
    if country is None:
        notes.say(
            "missing-field",
            line.number,
            f"neither the address, which ends with '{line.text}', nor the title names a country",
            "write the country as the last line of the address, or pass --lang if the text is "
            f"not in '{tag}'",
        )
        return ""
    notes.say(
        "doubtful",
        line.number,
        f"the address names no country; '{country}' was taken from the title",
        "correct 'country' of the target if it is another",
    )
    return country


def _joined_contacts(kind: str, address: Address, notes: Notes) -> str:
    contacts = [contact for contact in address.contacts if contact.kind == kind]
    if len(contacts) > 1:
        notes.say(
            "doubtful",
            contacts[1].line.number,
            f"'{kind}' holds {len(contacts)} entries",
            "keep the right one",
        )
    return ", ".join(contact.value for contact in contacts)


def _target_id(postal: tuple[Line, ...], taken: list[str]) -> str:
    """What the target is, else who; the second line is the usual place of an office."""
    places = [*postal[1:2], *postal[:1]]
    roles = (
        role
        for line in places
        for role in listed("roles", "words")
        if re.search(rf"\b{re.escape(role)}\b", line.text, re.IGNORECASE)
    )
    name = slug(next(roles, "")) or shortened(slug(postal[0].text), 40) or "target"
    numbered = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (name, *numbered) if one not in taken)
