"""PO files, and the words that layouts print of their own (gates: Babel; GNU gettext 0.22, PO).

A PO file from a stranger is read line by line first, so that everything that is wrong with it is
said with its line; what is well formed Babel turns into texts. The words of layouts are messages
whose id is the English text, in `locale/<tag>.po` of the project and of the package.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from typing import Any

from actionpack.diagnostics import Finding, Place, Rejected, finding
from actionpack.project import LOCALE
from actionpack.source import nearest
from actionpack.store import MOST_TEXT_BYTES, Jail, data_jail, decode_utf8

# The template of all catalogues.
TEMPLATE = "messages.pot"

MADE_BY, REVIEWED_BY = "X-Made-By", "X-Reviewed-By"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One text and its translation, '' when there is none. `line` is where the file has it.

    `comments` are for the translator, `places` say where the text stands in the source.
    """

    id: str
    text: str
    context: str | None = None
    fuzzy: bool = False
    comments: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """A PO file: its headers in their order with their lines, and its messages.

    `note` is the comment at its top. `end` is its last line.
    """

    file: str
    headers: tuple[tuple[str, str], ...]
    messages: tuple[Message, ...]
    note: str = ""
    header_line: int = 1
    end: int = 1

    def header(self, name: str) -> str:
        """What a header says; '' when it is not there."""
        return next((said for key, said in self.headers if key.lower() == name.lower()), "")

    @property
    def tag(self) -> str:
        """Its language as BCP 47 writes it, where gettext has `_`."""
        return self.header("Language").replace("_", "-")

    @property
    def reviewer(self) -> str | None:
        """Who reviewed it; None: nobody did."""
        return reviewer_of(self.header(REVIEWED_BY))

    def at(self, line: int) -> Place:
        return Place(file=self.file, line=line)


def reviewer_of(said: str) -> str | None:
    """Whom a header names that says who reviewed a text."""
    named = said.strip()
    return None if not named or re.match(r"(nobody|none|no)\b", named, re.IGNORECASE) else named


# ------------------------------------------------------------------------------------ reading

_STRING = r'"(?:[^"\\]|\\["\\ntr])*"'
_LINE = re.compile(rf"(?P<key>msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)\s+{_STRING}|{_STRING}")
# What may stand before each line that begins a part of an entry.
_AFTER = {"msgctxt": ("", "msgstr"), "msgid": ("", "msgstr", "msgctxt"), "msgstr": ("msgid",)}


def read_po(data: bytes, file: str) -> tuple[Catalogue, tuple[Finding, ...]]:
    """Read a PO file, and say what was passed over; obsolete entries (`#~`) are nothing.

    Raises Rejected with everything for which it is no PO file, or not a whole one.
    """
    if len(data) > MOST_TEXT_BYTES:
        told = f"'{file}' is larger than {MOST_TEXT_BYTES // 1_000_000} MB"
        raise Rejected(finding("bad-file", told, Place(file=file), cure="make it smaller"))
    text = _decoded(data, file)
    lines = text.split("\n")
    faults = tuple(_broken_lines(lines, file))
    if faults:
        raise Rejected(*faults)
    messages = _messages(lines)
    top = next((one for one in messages if one.id == "" and one.context is None), None)
    headers = tuple(_headers(top.text)) if top else ()
    catalogue = Catalogue(
        file=file,
        headers=headers,
        messages=tuple(one for one in messages if one is not top),
        header_line=top.line if top else 1,
        end=len(text.rstrip("\n").split("\n")),
    )
    return _without_twins(catalogue)


def _decoded(data: bytes, file: str) -> str:
    """The text of a PO file; raises Rejected when it is not UTF-8, whatever it says it is."""
    place = Place(file=file)
    save = "save it as UTF-8: in Poedit, Translation, Properties, Charset"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Rejected(finding("bad-file", "the file is UTF-16 text", place, cure=save))
    said = re.search(rb"charset=([\w.:-]+)", data)
    charset = said[1].decode("ascii", "replace") if said else ""
    _refuse_half_a_letter(data, file)
    try:
        text = decode_utf8(data, place)
    except Rejected as rejected:
        as_it_says = (
            f", and says it is in {charset}" if charset.upper() not in ("", *_UTF_8) else ""
        )
        raise Rejected(
            *(replace(f, message=f.message + as_it_says, cure=save) for f in rejected.findings)
        ) from rejected
    if charset.upper() not in ("", "CHARSET", "ASCII", "US-ASCII", *_UTF_8):
        line = data[: said.start() if said else 0].count(b"\n") + 1
        told = f"the file says it is in {charset}"
        raise Rejected(finding("bad-file", told, Place(file=file, line=line), cure=save))
    return text


_UTF_8 = ("UTF-8", "UTF8")


def _refuse_half_a_letter(data: bytes, file: str) -> None:
    """Refuse a file that is UTF-8 and ends within the bytes of a letter."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            place = Place(file=file, line=data.count(b"\n") + 1)
            told = "the file ends within a letter: it was cut off"
            raise Rejected(finding("bad-file", told, place, cure=_CUT)) from error


_CUT = "get the whole file again, or complete the entry"


def _broken_lines(lines: Sequence[str], file: str) -> Iterator[Finding]:
    """Find the lines that are not of a PO file, and entries that end too early."""
    before, began = "", 0

    def fault(number: int, told: str, cure: str) -> Finding:
        return finding("bad-file", told, Place(file=file, line=number), cure=cure)

    for number, line in enumerate(map(str.strip, lines), 1):
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            # What never began to be a PO file was not cut off.
            is_begun = bool(began) or line.startswith("msg")
            is_last = is_begun and not any(rest.strip() for rest in lines[number:])
            told = "the file ends within an entry" if is_last else "this is no line of a PO file"
            yield fault(number, told, _CUT if is_last else "put the text into straight quotes")
            before = "" if before == "msgid" else before
            if (broken := re.match(r"msg(ctxt|id|str)\b", line)) is not None:
                before = broken[0]
            continue
        key = match["key"]
        if key is None:
            if not before:
                yield fault(number, "this text belongs to no entry", "delete it")
        elif key == "msgid_plural" or "[" in key:
            yield fault(number, "plural forms mean nothing here", "write one msgid and one msgstr")
            before = "msgstr"
        elif before not in _AFTER[key]:
            missing = "msgstr" if before == "msgid" else "msgid"
            yield fault(number, f"the entry above has no {missing}", _CUT)
            before, began = key, number
        else:
            before, began = key, number
    if before in ("msgid", "msgctxt") and _LINE.fullmatch(_last_line(lines)):
        yield fault(began, "the file ends within an entry", _CUT)


def _last_line(lines: Sequence[str]) -> str:
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def _messages(lines: Sequence[str]) -> list[Message]:
    """Every entry of a well-formed file, those that are there twice as well."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import PoFileParser

    found: list[Any] = []

    class Listing(Catalog):
        """A catalogue that keeps no order of its own, and does not act on headers."""

        def __setitem__(self, id: Any, message: Any) -> None:
            found.append(message)

    parser = PoFileParser(Listing(), ignore_obsolete=True, abort_invalid=True)
    # What is obsolete is taken out before: of it Babel would keep the comments for the next entry.
    parser.parse("" if line.lstrip().startswith("#~") else _bare(line) for line in lines)
    return [
        Message(
            id=str(one.id),
            text=str(one.string),
            context=one.context,
            fuzzy="fuzzy" in one.flags,
            line=one.lineno,
        )
        for one in found
        if isinstance(one.id, str)
    ]


def _bare(line: str) -> str:
    """A line without what is only for people, which nothing here reads."""
    return "" if re.match(r"\s*#(?!,)", line) else line


def _headers(text: str) -> Iterator[tuple[str, str]]:
    for line in text.split("\n"):
        name, colon, said = line.partition(":")
        if colon:
            yield name.strip(), said.strip()


def _without_twins(catalogue: Catalogue) -> tuple[Catalogue, tuple[Finding, ...]]:
    """A catalogue in which each entry is there once; the same twice is only said."""
    kept: dict[tuple[str | None, str], Message] = {}
    found: list[Finding] = []
    for one in catalogue.messages:
        # The context alone names a text of an action, whatever the source says by now.
        key = (one.context, "" if one.context else one.id)
        first = kept.setdefault(key, one)
        if first is not one:
            named = f"'{one.context or one.id}'"
            same = (first.id, first.text, first.fuzzy) == (one.id, one.text, one.fuzzy)
            found.append(
                finding(
                    "bad-value",
                    f"the entry {named} is there twice, the first time in line {first.line}",
                    catalogue.at(one.line),
                    cure="delete one of the two",
                    severity="warning" if same else "error",
                )
            )
    return replace(catalogue, messages=tuple(kept.values())), tuple(found)


# ------------------------------------------------------------------------------------ writing


def write_po(catalogue: Catalogue, *, wrapped: bool = True) -> bytes:
    """A catalogue as a file; the same catalogue gives the same bytes."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import write_po as babel_writes

    made = Catalog()
    for one in catalogue.messages:
        message = made.add(
            one.id,
            one.text,
            locations=[(place.file or "", place.line or 1) for place in one.places],
            auto_comments=one.comments,
            context=one.context,
        )
        # Babel takes "100 % of" for a format of Python, and braces for another.
        message.flags.clear()
        if one.fuzzy:
            message.flags.add("fuzzy")
    stream = BytesIO()
    babel_writes(stream, made, omit_header=True, width=76 if wrapped else 0)
    return (_head(catalogue) + stream.getvalue().decode().rstrip("\n") + "\n").encode()


def _head(catalogue: Catalogue) -> str:
    from babel.messages.pofile import escape

    note = "".join(f"# {line}\n" for line in catalogue.note.split("\n") if line)
    said = "".join(f"{escape(f'{name}: {text}' + chr(10))}\n" for name, text in catalogue.headers)
    return f'{note}msgid ""\nmsgstr ""\n{said}\n'


def standard_headers(project: str, tag: str) -> tuple[tuple[str, str], ...]:
    """The headers that every PO file has."""
    return (
        ("Project-Id-Version", project),
        ("Language", tag),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=UTF-8"),
        ("Content-Transfer-Encoding", "8bit"),
    )


# -------------------------------------------------------------------------- layouts' own words


def shipped_words() -> Jail:
    """The catalogues of the package."""
    return data_jail().inner(LOCALE)


@cache
def template() -> tuple[Message, ...]:
    """Every word that the shipped layouts print, with what a translator must know of it."""
    jail = shipped_words()
    source = jail.read_text(TEMPLATE)
    catalogue, _ = read_po(source.encode(), jail.label(TEMPLATE))
    told = {}
    comments: list[str] = []
    for line in source.split("\n"):
        if line.startswith("#. "):
            comments.append(line[3:])
        elif match := re.fullmatch(r'msgid "(.+)"', line):
            told[match[1]] = tuple(comments)
            comments = []
    return tuple(replace(one, comments=told.get(one.id, ())) for one in catalogue.messages)


_ASKED_FOR = re.compile(r"""(?<![\w.])_\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*\)""")


def words_in(layout: str) -> tuple[str, ...]:
    """The words that a layout's template asks for by their English text, each once."""
    found = (match[1] or match[2] for match in _ASKED_FOR.finditer(layout))
    return tuple(dict.fromkeys(re.sub(r"\\(.)", r"\1", words) for words in found))


def own_catalogue(tag: str, shelf: Jail) -> tuple[Catalogue, tuple[Finding, ...]] | None:
    """The catalogue of a shelf for a language, or for that without its script and country."""
    for candidate in dict.fromkeys((tag, tag.split("-")[0])):
        name = f"{candidate}.po"
        if shelf.has_file(name):
            return read_po(shelf.read_bytes(name), shelf.label(name))
    return None


def printed_words(
    tag: str, shelves: Sequence[Jail] = (), printed: Collection[str] = ()
) -> tuple[Mapping[str, str], tuple[Finding, ...]]:
    """A layout's own words by their English text, and what is wrong with them.

    `shelves` hold catalogues that win over those of the package, the first most of all. `printed`
    are the words that the layout prints. What is not in the mapping prints as it stands.
    """
    words: dict[str, str] = {}
    found: list[Finding] = []
    known = False
    for shelf in (shipped_words(), *reversed(shelves)):
        own = own_catalogue(tag, shelf)
        if own is None:
            continue
        known = True
        catalogue, faults = own
        found += faults
        found += changed_placeholders(catalogue)
        words |= {one.id: one.text for one in catalogue.messages if one.text and not one.fuzzy}
    if tag.split("-")[0] == "en":
        return words, tuple(found)
    missing = [one for one in printed if one not in words]
    if not known:
        found.append(_not_translated("the layout's own words are", tag))
    elif missing:
        some = ", ".join(f"'{one}'" for one in missing[:_MOST_NAMED])
        more = len(missing) - _MOST_NAMED
        others = f" and {more} more of the layout's words" if more > 0 else ""
        are = "is" if len(missing) == 1 else "are"
        found.append(_not_translated(f"{some}{others} {are}", tag))
    return words, tuple(found)


_MOST_NAMED = 3


def _not_translated(which: str, tag: str) -> Finding:
    told = f"{which} not translated into '{tag}': printed in English"
    cure = f"translate them: actionpack translate export --ui --lang {tag}, then import"
    return finding("missing-translation", told, cure=cure)


_PLACEHOLDER = re.compile(r"\{[A-Za-z_]+\}")


def placeholders(text: str) -> tuple[str, ...]:
    """What is filled in when a text is printed, such as `{language}`, in a fixed order."""
    return tuple(sorted(_PLACEHOLDER.findall(text)))


def changed_placeholders(catalogue: Catalogue) -> Iterator[Finding]:
    """Find translations that fill in something else than their text does."""
    for one in catalogue.messages:
        if one.text and not one.fuzzy and placeholders(one.id) != placeholders(one.text):
            told = " and ".join(f"'{name}'" for name in placeholders(one.id)) or "nothing in braces"
            yield finding(
                "changed-literal",
                f"the translation of '{one.id}' must hold {told}, as it is",
                catalogue.at(one.line),
            )


def unknown_words(catalogue: Catalogue, known: Collection[str]) -> Iterator[Finding]:
    """Find words that no layout prints."""
    for one in catalogue.messages:
        if one.id not in known:
            close = nearest(one.id, known)
            cure = f"did you mean '{close}'?" if close else "delete the entry"
            yield finding(
                "unknown-field",
                f"no layout prints '{one.id}'",
                catalogue.at(one.line),
                cure=cure,
                severity="warning",
            )
