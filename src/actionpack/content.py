"""A folder of content into an `Action` and a `Text`, with every fault of the folder at once.

The format is described in `docs/content.md`. Nothing here knows of pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypedDict, cast, get_args

from actionpack.diagnostics import Finding, Place, Rejected, UsageFault, finding, has_errors
from actionpack.language import country_code, is_country, is_tag
from actionpack.markup import Block, read_markup
from actionpack.model import (
    OPTIONAL_SECTIONS,
    SECTIONS,
    Action,
    Person,
    PerTarget,
    Picture,
    Quote,
    Safety,
    SecondAddressee,
    Sender,
    Status,
    Stop,
    Target,
    Text,
)
from actionpack.source import (
    Fields,
    Table,
    Written,
    check_characters,
    did_you_mean,
    read_toml,
    read_yaml,
)
from actionpack.store import Jail, data_jail
from actionpack.web_address import check_url
from actionpack.wording import words_found

ACTION_FILE = "action.yaml"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# The longest name of a folder that every file system takes together with our suffixes.
_MOST_ID = 80
# Lists inside lists; what is deeper is a slip of the keyboard and leaves no room for words.
_MOST_LISTS = 3
NO_CODE = "none"
# Ten thousand words: more than any pack prints, and less than would keep the reader of Markdown
# busy, whose time grows with the square of what brackets it is given.
MOST_SECTION = 60_000


def is_id(text: str) -> bool:
    """Whether `text` can name an action or a target: a-z, 0-9 and hyphens."""
    return bool(_ID.fullmatch(text)) and len(text) <= _MOST_ID


def find_action(content: Jail, action_id: str) -> Jail:
    """The folder of an action; raises UsageFault when the id is none or there is no such folder."""
    actions = action_ids(content)
    if not is_id(action_id) or action_id not in actions:
        raise UsageFault(
            finding(
                "missing-file",
                f"there is no action '{action_id}' in {content.name or '.'}",
                cure=did_you_mean(action_id, actions) if actions else "import one, or make one",
            )
        )
    return content.inner(action_id)


def action_ids(content: Jail) -> tuple[str, ...]:
    """The ids of all actions there are: the folders that hold an `action.yaml`."""
    return tuple(
        name
        for name in content.names()
        if is_id(name) and (content.root / name / ACTION_FILE).is_file()
    )


# -------------------------------------------------------------------------------- action.yaml


def read_content(folder: Jail, tag: str | None = None) -> tuple[Action, Text, tuple[Finding, ...]]:
    """Read an action and its text in one language, by default the source language.

    Raises Rejected with everything that is wrong in both files; what is left are warnings.
    """
    faults: list[Finding] = []
    action = _action(folder, faults)
    wanted = tag or action.source_language or next(iter(action.languages), "")
    try:
        text = _text(folder, action, wanted, faults)
    except Rejected as rejected:
        raise Rejected(*dict.fromkeys((*faults, *rejected.findings))) from rejected
    if has_errors(faults):
        raise Rejected(*faults)
    return action, text, tuple(faults)


def read_action(folder: Jail) -> Action:
    """Read `action.yaml` alone; raises Rejected with everything that is wrong in it."""
    return parse_action(folder.read_text(ACTION_FILE), folder)


def parse_action(source: str, folder: Jail) -> Action:
    """Read what would stand in `action.yaml`; raises Rejected with everything wrong in it."""
    faults: list[Finding] = []
    action = _parsed_action(source, folder, faults)
    if has_errors(faults):
        raise Rejected(*faults)
    return action


def _action(folder: Jail, faults: list[Finding]) -> Action:
    """As much of `action.yaml` as can be made out; what cannot is in `faults`."""
    return _parsed_action(folder.read_text(ACTION_FILE), folder, faults)


def _parsed_action(source: str, folder: Jail, faults: list[Finding]) -> Action:
    return _action_in(_fields_of_action(source, folder, faults), folder)


def _fields_of_action(source: str, folder: Jail, faults: list[Finding]) -> Fields:
    return Fields(read_yaml(source, folder.label(ACTION_FILE)), faults)


def asked_of_action(folder: Jail) -> Fields:
    """What is asked for in an `action.yaml`; raises Rejected when it is no YAML."""
    fields = _fields_of_action(folder.read_text(ACTION_FILE), folder, [])
    _action_in(fields, folder)
    return fields


def _action_in(fields: Fields, folder: Jail) -> Action:
    file, faults = folder.label(ACTION_FILE), fields.faults
    top = Place(file=file, line=1)
    languages = _languages(folder, faults)

    action_id = fields.text("id")
    if action_id and action_id != folder.root.name:
        fields.fault(
            "bad-value",
            f"'id' is '{action_id}' but the folder is '{folder.root.name}'",
            fields.place("id"),
            "make the two the same",
        )
    source_language = _tag(fields, "source_language") or ""
    if source_language and source_language not in languages:
        fields.fault(
            "missing-file",
            f"there is no text in the source language: '{folder.label(source_language + '.md')}'",
            fields.place("source_language"),
        )
    targets = tuple(
        _target(row, source_language) for row in fields.required("targets", fields.tables)
    )
    _check_targets(targets, fields)
    action = Action(
        id=action_id,
        file=file,
        reference=_written(fields, "reference"),
        edition=fields.whole("edition") or 1,
        issued=fields.required("issued", fields.date) or date.min,
        embargo=fields.date("embargo"),
        act_by=fields.date("act_by"),
        stopped=_stop(fields.inner("stopped")),
        country=_country(fields, "country"),
        source_language=source_language,
        credit=_written(fields, "credit", required=True) or Written("", top),
        online=_online(fields, faults),
        people=tuple(_person(row) for row in fields.tables("people")),
        targets=targets,
        copies=tuple(_second(row, source_language) for row in fields.tables("copies")),
        safety=_safety(fields.inner("safety")),
        images=_pictures(fields, folder),
        languages=languages,
        places=tuple((key, fields.place(key)) for key in ("stopped", "embargo", "act_by")),
    )
    _check_order(action, fields)
    fields.done()
    return action


def _check_order(action: Action, fields: Fields) -> None:
    """Say which dates contradict one another."""
    act_by, embargo = action.act_by, action.embargo
    if act_by and act_by < action.issued:
        _out_of_order(fields, "act_by", f"{act_by}, before 'issued', {action.issued}")
    if act_by and embargo and embargo > act_by:
        _out_of_order(fields, "embargo", f"{embargo}, after 'act_by', {act_by}")


def _out_of_order(fields: Fields, key: str, said: str) -> None:
    place = fields.place(key)
    fields.fault("bad-value", f"'{key}' is {said}", place, "correct one of the two")


# What an editor or a file manager makes of "fr.md", often without showing it.
_OTHER_ENDING = re.compile(r"(?P<tag>[^.]+)\.(?:md\.txt|txt|markdown|md)", re.IGNORECASE)


def written_in(folder: Jail) -> tuple[str, ...]:
    """The languages of an action, by its files, whatever is wrong in them."""
    return _languages(folder, [])


def _languages(folder: Jail, faults: list[Finding]) -> tuple[str, ...]:
    tags = []
    for name in folder.names():
        other = _OTHER_ENDING.fullmatch(name)
        if other and not name.endswith(".md") and is_tag(other["tag"]):
            faults.append(
                finding(
                    "bad-value",
                    f"'{name}' is not read: a text in '{other['tag']}' is called "
                    f"'{other['tag']}.md'",
                    Place(file=folder.label(name)),
                    cure="give it that name, or put it elsewhere",
                )
            )
        # Hidden files are the computer's, such as the "._en.md" that a Mac leaves on a stick.
        if not name.endswith(".md") or name.startswith(".") or name.lower() == "readme.md":
            continue
        tag = name.removesuffix(".md")
        if is_tag(tag):
            tags.append(tag)
        else:
            faults.append(
                finding(
                    "bad-value",
                    f"'{tag}' is no language tag",
                    Place(file=folder.label(name)),
                    cure="name the file as BCP 47 does: en.md, pt-BR.md, zh-Hans.md",
                )
            )
    return tuple(tags)


def _written(fields: Fields, key: str, *, required: bool = False) -> Written | None:
    text = fields.text(key) if required else fields.optional_text(key)
    return Written(text, fields.place(key)) if text else None


def _tag(fields: Fields, key: str) -> str | None:
    tag = fields.text(key)
    if tag and not is_tag(tag):
        fields.fault(
            "bad-value",
            f"'{fields.where}{key}' is '{tag}', which is no language tag",
            fields.place(key),
            "write it as BCP 47 does: en, pt-BR, zh-Hans",
        )
        return None
    return tag or None


def _country(fields: Fields, key: str) -> str:
    code = fields.text(key)
    if code and not is_country(code):
        fields.fault(
            "bad-value",
            f"'{fields.where}{key}' is '{code}', which is no country code",
            fields.place(key),
            "write the two capital letters of ISO 3166, such as CN or IT",
        )
    return code


def _stop(row: Fields | None) -> Stop | None:
    if row is None:
        return None
    day = row.required("date", row.date) or date.min
    stop = Stop(date=day, reason=row.text("reason"))
    row.done()
    return stop


def _online(fields: Fields, faults: list[Finding]) -> Written | None:
    online = _written(fields, "online", required=True)
    if online is None or online.text == NO_CODE:
        return None
    faults.extend(check_url(online.text, online.place))
    return online


def _person(row: Fields) -> Person:
    person = Person(
        name=_written(row, "name", required=True) or Written("", row.table.place),
        pronoun=_written(row, "pronoun"),
        consent=_written(row, "consent"),
    )
    row.done()
    return person


def _target(row: Fields, source_language: str) -> Target:
    target_id = row.text("id")
    if target_id and not is_id(target_id):
        row.fault(
            "bad-value",
            f"the target's id is '{target_id}'",
            row.place("id"),
            "use a-z, 0-9 and hyphens",
        )
    country = _country(row, "country")
    languages = _tags(row, "languages")
    known = (tag for tag in (source_language, *languages) if is_tag(tag))
    target = Target(
        id=target_id,
        lines=_lines(row, country, known),
        country=country,
        fax=_written(row, "fax"),
        email=_written(row, "email"),
        languages=languages,
        place=row.table.place,
    )
    row.done()
    return target


@cache
def _not_postal() -> re.Pattern[str]:
    """Fax, phone and e-mail, by the words that the import knows them by.

    A number or a colon stands after the word: "Tel. 12 34" and "Fax: …", but not "Tel Aviv".
    """
    jail = data_jail()
    words = read_toml(jail.read_text("import-words.toml"), jail.label("import-words.toml"))
    contact = Fields(words, []).inner("contact")
    if contact is None:
        raise LookupError("data/import-words.toml has no [contact]")
    numbered = "|".join(
        re.escape(word) for kind in ("fax", "email", "phone") for word in contact.texts(kind)
    )
    others = "|".join(re.escape(word) for word in contact.texts("neither"))
    return re.compile(
        rf"^({numbered})\b\.?\s*([:：]|[+(]?\d)|^({others})\s*[:：]|[^\s@]+@[^\s@]+\.[^\s@]+",
        re.IGNORECASE,
    )


def _lines(row: Fields, country: str, tags: Iterable[str]) -> tuple[Written, ...]:
    """The postal lines; the country, which is written below them, must not be among them."""
    lines = row.required("lines", row.scalars)
    last = lines[-1] if len(lines) > 1 else None
    if last and country and _names_country(last.text, country, tags):
        row.fault(
            "bad-value",
            f"'{last.text}' names the country, which is written from 'country'",
            last.place,
            "delete this line",
        )
    for line in lines:
        if _not_postal().search(line.text):
            row.fault(
                "bad-value",
                f"'{line.text}' is no postal line",
                line.place,
                "move it to 'fax:' or 'email:'; it must not reach the envelope",
            )
    return lines


def _names_country(line: str, country: str, tags: Iterable[str]) -> bool:
    bare = line.strip(" .,;")
    return any(country_code(bare, tag) == country for tag in dict.fromkeys(("en", *tags)))


def _tags(row: Fields, key: str) -> tuple[str, ...]:
    tags = row.scalars(key)
    for tag in tags:
        if not is_tag(tag.text):
            row.fault(
                "bad-value",
                f"'{tag.text}' is no language tag",
                tag.place,
                "write it as BCP 47 does: en, pt-BR, zh-Hans",
            )
    return tuple(tag.text for tag in tags)


def _check_targets(targets: tuple[Target, ...], fields: Fields) -> None:
    seen: set[str] = set()
    for target in targets:
        if target.id and target.id in seen:
            fields.fault(
                "bad-value",
                f"two targets have the id '{target.id}'",
                target.place,
                "give each an id of its own",
            )
        seen.add(target.id)


def _second(row: Fields, source_language: str) -> SecondAddressee:
    copy_id = row.optional_text("id")
    if copy_id and not is_id(copy_id):
        told = f"the id of a second addressee is '{copy_id}'"
        row.fault("bad-value", told, row.place("id"), "use a-z, 0-9 and hyphens")
    country = _country(row, "country")
    copy = SecondAddressee(
        id=copy_id,
        sender_country=_country(row, "sender_country"),
        lines=_lines(row, country, (source_language,) if source_language else ()),
        country=country,
        languages=_tags(row, "languages") if row.has("languages") else (),
        place=row.table.place,
    )
    row.done()
    return copy


def _safety(row: Fields | None) -> Safety:
    if row is None:
        return Safety()
    safety = Safety(
        sender=cast(Sender, row.choice("sender", get_args(Sender)) or "full"),
        unnamed=row.scalars("unnamed"),
        avoid=row.scalars("avoid"),
        religion=row.choice("religion", ("true", "false")) != "false",
    )
    row.done()
    return safety


def _pictures(fields: Fields, folder: Jail) -> tuple[Picture, ...]:
    """The pictures; each is there once, as its file is what translators know it by."""
    pictures = tuple(_picture(row, folder) for row in fields.tables("images"))
    seen: set[str] = set()
    for picture in pictures:
        if picture.file.text and picture.file.text in seen:
            told = f"the picture '{picture.file.text}' is there twice"
            fields.fault("bad-value", told, picture.file.place, "delete one of the two")
        seen.add(picture.file.text)
    return pictures


def _picture(row: Fields, folder: Jail) -> Picture:
    file = _written(row, "file", required=True) or Written("", row.table.place)
    if file.text:
        try:
            if any(part.startswith(".") for part in Path(file.text).parts if part != ".."):
                # What is hidden is left out of the hash that tells a changed picture.
                row.fault("bad-value", f"'{file.text}' is hidden", file.place, "rename it")
            elif not folder.has_file(file.text):
                row.fault("missing-file", f"there is no '{file.text}'", file.place)
        except Rejected as refused:
            row.faults += [
                finding(f.code, f.message, file.place, cure=f.cure) for f in refused.findings
            ]
    alt = row.inner("alt")
    picture = Picture(
        file=file,
        alt=_by_language(alt),
        credit=_written(row, "credit"),
        licence=_written(row, "licence"),
    )
    if not row.has("alt"):
        row.fault(
            "missing-field",
            f"'{row.where}alt' is missing",
            row.table.place,
            "say in one sentence, by language, what the picture shows: alt: {en: …}",
        )
    row.done()
    return picture


def _by_language(row: Fields | None) -> tuple[tuple[str, Written], ...]:
    if row is None:
        return ()
    result = []
    for entry in row.table.entries:
        text = _written(row, entry.key, required=True)
        if not is_tag(entry.key):
            row.fault("bad-value", f"'{entry.key}' is no language tag", entry.place)
        elif text:
            result.append((entry.key, text))
    return tuple(result)


# ------------------------------------------------------------------------------------ <tag>.md


def read_text(folder: Jail, action: Action, tag: str) -> Text:
    """Read `<tag>.md`; raises Rejected with everything that is wrong in it."""
    faults: list[Finding] = []
    text = _text(folder, action, tag, faults)
    if has_errors(faults):
        raise Rejected(*faults)
    return text


def _text(folder: Jail, action: Action, tag: str, faults: list[Finding]) -> Text:
    """As much of `<tag>.md` as can be made out; raises Rejected when that is nothing."""
    name = f"{tag}.md"
    if tag not in action.languages:
        raise Rejected(
            finding(
                "missing-translation",
                f"'{action.id}' is not written in '{tag}'",
                Place(file=folder.label(name)),
                severity="error",
                cure=f"it is written in: {', '.join(action.languages) or 'no language yet'}",
            )
        )
    return _parsed(folder.read_text(name), action, tag, folder.label(name), faults)


def parse_text(source: str, action: Action, tag: str, file: str) -> Text:
    """Read what would stand in `<tag>.md`; raises Rejected with everything that is wrong in it."""
    faults: list[Finding] = []
    text = _parsed(source, action, tag, file, faults)
    if has_errors(faults):
        raise Rejected(*faults)
    return text


def _parsed(source: str, action: Action, tag: str, file: str, faults: list[Finding]) -> Text:
    parts = _split(source, file, faults)
    _check_headings(parts, file, faults)
    sections = _sections(parts, file, faults)
    return _text_in(Fields(_front_matter(parts, file, faults), faults), sections, action, tag)


def asked_of_text(folder: Jail, action: Action, tag: str) -> Fields:
    """What is asked for above the sections of a `<tag>.md`; raises Rejected as reading it does."""
    name = f"{tag}.md"
    file = folder.label(name)
    parts = _split(folder.read_text(name), file, [])
    fields = Fields(_front_matter(parts, file, []), [])
    _text_in(fields, _sections(parts, file, []), action, tag)
    return fields


class _Sections(TypedDict):
    """The sections of a text; those that nobody must write may be missing."""

    briefing: Written
    ask: Written
    letter: Written
    plain: Written | None
    discuss: Written | None
    teacher: Written | None
    card: Written | None


def _sections(parts: _Parts, file: str, faults: list[Finding]) -> _Sections:
    def due(key: str) -> Written:
        return _section(parts, key, file, faults)

    def may(key: str) -> Written | None:
        return _optional_section(parts, key, file, faults)

    return _Sections(
        briefing=due("briefing"),
        ask=due("ask"),
        letter=due("letter"),
        plain=may("plain"),
        discuss=may("discuss"),
        teacher=may("teacher"),
        card=may("card"),
    )


def _text_in(fields: Fields, sections: _Sections, action: Action, tag: str) -> Text:
    text = Text(
        tag=tag,
        file=fields.table.place.file or "",
        title=_written(fields, "title", required=True) or Written("", fields.table.place),
        summary=_written(fields, "summary"),
        quote=_quote(fields.inner("quote")),
        salutation=_per_target(fields, "salutation", action),
        closing=_per_target(fields, "closing", action),
        never_write_if=_written(fields, "never_write_if"),
        safety_notes=_written(fields, "safety_notes"),
        status=_status(fields, tag == action.source_language),
        reviewer=fields.optional_text("reviewer"),
        made_from=_hashes(fields.inner("made_from")),
        **sections,
    )
    _check_review(text, fields)
    _check_wording(text, action, fields)
    fields.done()
    return text


@dataclass(frozen=True, slots=True)
class _Parts:
    """A file cut at its front matter and its `##` headings; lines count from 1."""

    front: str
    sections: tuple[tuple[str, int, str], ...]


def _split(source: str, file: str, faults: list[Finding]) -> _Parts:
    lines = source.split("\n")
    if not lines or lines[0].rstrip() != "---":
        raise Rejected(
            finding(
                "missing-section",
                "the file does not begin with '---'",
                Place(file=file, line=1),
                cure="begin it with '---', the title and the other fields, and '---' again",
            )
        )
    try:
        end = next(i for i, line in enumerate(lines) if i and line.rstrip() == "---")
    except StopIteration:
        raise Rejected(
            finding(
                "missing-section",
                "the fields at the top have no end",
                Place(file=file, line=1),
                cure="write '---' on a line of its own below them",
            )
        ) from None
    sections: list[tuple[str, int, str]] = []
    name, start = "", end + 1
    for number, line in enumerate([*lines[end + 1 :], "## "], end + 1):
        heading = re.fullmatch(r"##(?!#)\s*(.*?)\s*#*\s*", line)
        if heading is None:
            continue
        body = "\n".join(lines[start:number])
        if name:
            sections.append((name, start + 1, body))
        elif body.strip():
            first = next(i for i in range(start, number) if lines[i].strip())
            faults.append(
                finding(
                    "unknown-section",
                    "there is text before the first heading",
                    Place(file=file, line=first + 1),
                    cure="put it under '## briefing', '## ask' or '## letter'",
                )
            )
        name, start = heading[1], number + 1
    return _Parts("\n".join(lines[1:end]), tuple(sections))


def _front_matter(parts: _Parts, file: str, faults: list[Finding]) -> Table:
    try:
        return read_yaml(parts.front, file, first_line=2)
    except Rejected as refused:
        faults.extend(refused.findings)
        raise Rejected(*faults) from refused


def _section(parts: _Parts, key: str, file: str, faults: list[Finding]) -> Written:
    """A section that must be there; '' after a finding."""
    section = _optional_section(parts, key, file, faults)
    if section is not None:
        return section
    faults.append(
        finding(
            "missing-section",
            f"section '{key}' is missing",
            Place(file=file),
            cure=f"write it below a line '## {key}'",
        )
    )
    return Written("", Place(file=file))


def _optional_section(parts: _Parts, key: str, file: str, faults: list[Finding]) -> Written | None:
    for name, line, body in parts.sections:
        if name.lower() == key:
            blank = len(body) - len(body.lstrip("\n")) if body.strip() else 0
            place, body = Place(file=file, line=line + blank), body[blank:]
            if not body.strip():
                faults.append(finding("missing-section", f"section '{key}' is empty", place))
            if len(body) > MOST_SECTION:
                told = f"section '{key}' has {len(body)} characters, {MOST_SECTION} are read"
                faults.append(finding("bad-value", told, place, cure="shorten it"))
                return Written("", place)
            faults.extend(check_characters(body, place))
            blocks = read_markup(body)
            faults.extend(_check_links(blocks, place))
            faults.extend(_check_lists(blocks, place))
            return Written(body, place)
    return None


def _check_headings(parts: _Parts, file: str, faults: list[Finding]) -> None:
    seen: set[str] = set()
    known = (*SECTIONS, *OPTIONAL_SECTIONS)
    for name, line, _ in parts.sections:
        place = Place(file=file, line=line - 1)
        if name.lower() not in known:
            faults.append(
                finding(
                    "unknown-section",
                    f"nobody prints the section '{name}'",
                    place,
                    cure=did_you_mean(name, known)
                    + " (a heading inside a section begins with '###')",
                )
            )
        elif name.lower() in seen:
            faults.append(
                finding(
                    "unknown-section",
                    f"section '{name}' is there twice",
                    place,
                    cure="make the two one",
                )
            )
        seen.add(name.lower())


def _check_links(blocks: tuple[Block, ...], place: Place) -> list[Finding]:
    faults = []
    for block in blocks:
        for href in dict.fromkeys(run.href for run in block.runs if run.href is not None):
            if not re.match(r"(https?://|mailto:)\S+\Z", href):
                line = None if place.line is None else place.line + block.line - 1
                faults.append(
                    finding(
                        "bad-value",
                        f"the link to '{href}' leads nowhere from paper",
                        Place(file=place.file, line=line),
                        cure="link to an address that begins with https://, or delete the link",
                    )
                )
        for item in block.items:
            faults += _check_links(item, place)
    return faults


def _check_lists(blocks: tuple[Block, ...], place: Place, depth: int = 0) -> list[Finding]:
    faults = []
    for block in blocks:
        if block.items and depth == _MOST_LISTS:
            line = None if place.line is None else place.line + block.line - 1
            faults.append(
                finding(
                    "bad-value",
                    f"lists are nested more than {_MOST_LISTS} deep",
                    Place(file=place.file, line=line),
                    cure="write it as paragraphs",
                )
            )
        elif block.items:
            for item in block.items:
                faults += _check_lists(item, place, depth + 1)
    return faults


def _quote(row: Fields | None) -> Quote | None:
    if row is None:
        return None
    text = _written(row, "text", required=True)
    by = _written(row, "by")
    row.done()
    return Quote(text=text, by=by) if text else None


def _per_target(fields: Fields, key: str, action: Action) -> PerTarget:
    """One text for all targets, or a mapping by target id that misses none of them."""
    if not isinstance(fields.table.get(key), Table):
        return PerTarget(for_all=_written(fields, key, required=True), by_target=())
    row = fields.inner(key)
    if row is None:
        return PerTarget(for_all=None, by_target=())
    pairs = []
    for target in action.everybody:
        text = _written(row, target.id, required=True)
        if text:
            pairs.append((target.id, text))
    row.done(closed=False)
    return PerTarget(for_all=None, by_target=tuple(pairs))


def _status(fields: Fields, is_source: bool) -> Status:
    status = fields.choice("status", get_args(Status))
    if status is None:
        return "source" if is_source else "draft"
    if (status == "source") != is_source:
        fields.fault(
            "bad-value",
            f"'status' is '{status}'",
            fields.place("status"),
            "write 'source' in the source language alone, and 'draft' or 'reviewed' elsewhere",
        )
    return cast(Status, status)


# What `made_from` may name; of a salutation or closing for one target, or of the description of a
# picture, the name before the dot.
_HASHED = (
    *("title", "summary", "quote", "salutation", "closing"),
    *("never_write_if", "safety_notes", "alt"),
    *SECTIONS,
    *OPTIONAL_SECTIONS,
)


def _hashes(row: Fields | None) -> tuple[tuple[str, str], ...]:
    if row is None:
        return ()
    for entry in row.table.entries:
        if entry.key.split(".")[0] not in _HASHED:
            row.fault(
                "unknown-field",
                f"'{row.where}{entry.key}' is not known",
                entry.place,
                did_you_mean(entry.key, _HASHED),
            )
    return tuple((entry.key, row.text(entry.key)) for entry in row.table.entries)


def _check_wording(text: Text, action: Action, fields: Fields) -> None:
    """Find what the case forbids on letters, and letters that speak to the wrong person."""
    posted = [text.letter, *([text.card] if text.card else [])]
    for words in (text.salutation, text.closing):
        posted += [one for one in (words.for_all, *dict(words.by_target).values()) if one]
    for written in posted:
        for number, line in enumerate(written.text.split("\n")):
            for word in words_found(line, action.safety.forbidden):
                at = written.place.line and written.place.line + number
                fields.fault(
                    "unsafe-wording",
                    f"'{word}' stands in what is posted, and 'safety' in {ACTION_FILE} forbids it",
                    replace(written.place, line=at),
                )
    own = [copy.id for copy in action.copies if copy.id]
    if own and text.salutation.for_all:
        fields.fault(
            "missing-field",
            f"'salutation' is one for all, and the copy to '{own[0]}' needs its own",
            text.salutation.for_all.place,
            f"write one for each: salutation: {{{action.targets[0].id}: …, {own[0]}: …}}",
        )


def _check_review(text: Text, fields: Fields) -> None:
    if text.status == "reviewed" and not text.reviewer:
        fields.fault(
            "missing-field",
            "a reviewed text names its reviewer",
            fields.place("status"),
            "add 'reviewer: …'",
        )
