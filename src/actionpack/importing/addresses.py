"""The lines above a salutation into targets: postal lines, country, fax and e-mail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from actionpack.importing.headline import shortened, slug
from actionpack.importing.lines import Line, Notes, listed, say_left_out, tidy
from actionpack.language import country_code


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


# "Ministry of Foreign Affairs of the Islamic Republic of Iran" is one postal line.
_MOST_POSTAL_WORDS = 10
# A sentence of this length may be a postal line that ends with "St.".
_MOST_ABBREVIATED_WORDS = 5


def may_be_postal(text: str) -> bool:
    """Whether a line can stand in an address, with fax and e-mail; if not, it is prose."""
    if _contact_pattern().match(text):
        return True
    words = len(text.split())
    if text.endswith("."):
        return words <= _MOST_ABBREVIATED_WORDS
    return words <= _MOST_POSTAL_WORDS and not text.endswith(("!", "?", "。"))


def read_addresses(lines: Iterable[Line], tag: str, notes: Notes) -> list[Address]:
    """The addresses in the lines above a salutation, which empty lines keep apart."""
    addresses: list[Address] = []
    for block in _blocks(lines):
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


def _blocks(lines: Iterable[Line]) -> Iterator[tuple[Line, ...]]:
    block: list[Line] = []
    for line in lines:
        if line.text:
            block.append(line)
        elif block:
            yield tuple(block)
            block = []
    if block:
        yield tuple(block)


def _without_strangers(block: tuple[Line, ...], notes: Notes) -> tuple[Line, ...]:
    """A block without lines such as `[your name]`, and without sentences."""
    blanks = [line for line in block if re.fullmatch(r"\[[^\[\]]*\]", line.text)]
    sentences = [line for line in block if _is_sentence(line.text)]
    say_left_out(blanks, "is for the sender to fill in", notes)
    say_left_out(sentences, "is no postal line", notes)
    return tuple(line for line in block if line not in blanks and line not in sentences)


def _is_sentence(text: str) -> bool:
    long = len(text.split()) > _MOST_POSTAL_WORDS
    return long and text.endswith((".", "!", "?")) and not may_be_postal(text)


def _without_label(block: tuple[Line, ...], notes: Notes) -> tuple[Line, ...]:
    """A block without a line such as `Address:`; nothing is left below `Copies to:`."""
    label = block[0].text if block else ""
    if not label.endswith((":", "：")) or _contact_pattern().match(label):
        return block
    if set(re.findall(r"\w+", label.casefold())) & set(listed("copies", "words")):
        say_left_out(block, "is for a copy, not for the letter", notes)
        return ()
    say_left_out(block[:1], "is no postal line", notes)
    return block[1:]


def _belongs_to(above: Address, address: Address, tag: str) -> bool:
    """Whether lines after an empty line still belong to the address above it.

    They do when they are fax or e-mail alone, and when the address has neither those nor a country
    yet, unless both have three lines.
    """
    if not address.postal or not above.postal:
        return True
    ended = bool(above.contacts) or bool(country_code(_bare(above.postal[-1]), tag))
    return not ended and min(len(above.postal), len(address.postal)) < 3


def _merged(above: Address, address: Address) -> Address:
    gaps = (address.postal[0].number,) if address.postal else ()
    return Address(
        above.postal + address.postal, above.contacts + address.contacts, above.gaps + gaps
    )


def _bare(line: Line) -> str:
    return line.text.strip(" .,;")


@cache
def _contact_pattern() -> re.Pattern[str]:
    """A label such as `Fax:`, `Tel/Fax:`, or `Fax` before a number."""
    kinds = ("fax", "email", "phone", "neither")
    known = sorted((word for kind in kinds for word in listed("contact", kind)), key=len)
    label = "|".join(re.escape(word) for word in reversed(known))
    return re.compile(
        rf"(?<![^\s,;/|(])((?:{label})(?:\s*(?:/|&|and|or)\s*(?:{label}))*)\.?\s*(?:[:：]|(?=[+(0]))",
        re.IGNORECASE,
    )


def _sorted(block: tuple[Line, ...], notes: Notes) -> Address:
    postal: list[Line] = []
    contacts: list[_Contact] = []
    for line in block:
        text = tidy(line, notes)
        for piece in _pieces(replace(line, text=text)):
            if isinstance(piece, _Contact):
                contacts.append(piece)
            else:
                postal.append(piece)
    return Address(tuple(postal), tuple(contacts))


def _pieces(line: Line) -> Iterator[Line | _Contact]:
    """What a line of an address holds: a postal line, fax, e-mail, or several of them."""
    labels = list(_contact_pattern().finditer(line.text))
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
    names = re.split(r"\s*(?:/|&|\band\b|\bor\b)\s*", label[1].casefold())
    value = line.text[label.end() - label.start() :].strip(" ,;/|(")
    if "(" not in value:
        value = value.rstrip(" )")
    if set(names) & set(listed("contact", "fax")) and re.search(r"\d", value):
        return _Contact("fax", value, line)
    if set(names) & set(listed("contact", "email")) and "@" in value:
        return _Contact("email", value, line)
    return _Contact("neither", value, line)


_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


def _unlabelled(line: Line) -> Line | _Contact:
    words = line.text.split()
    if len(words) == 1 and "@" in words[0] and _EMAIL.fullmatch(words[0]):
        return _Contact("email", words[0], line)
    online = re.match(r"https?://|www\.|@", words[0], re.IGNORECASE)
    if online or any("@" in word and _EMAIL.match(word) for word in words):
        return _Contact("neither", line.text, line)
    return line


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
    code = country_code(_bare(last), tag)
    if code and len(postal) > 1:
        return _without_country(postal, code, tag), code
    before, comma, name = last.text.rstrip(" .,;").rpartition(",")
    code = country_code(name, tag) if comma and before.strip() else None
    if code is None:
        return postal, None
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
    while len(postal) > 1 and country_code(_bare(postal[-1]), tag) == code:
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
