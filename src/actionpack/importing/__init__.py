"""Text in the shape that campaigns pass round into a content folder that builds.

The shape: title; briefing with a quote in it; `TAKE ACTION`; `TEMPLATE LETTER`; postal lines, fax
and e-mail; salutation; body; closing; `Other action/other address`. It goes file → lines → parts →
fields → files: `source_file` reads plain text (`lines`), Markdown (`markdown`) and Word documents
(`docx`) into the same lines, `parts` cuts them at their headings, `letter`, `addresses`, `prose`
and `dates` make fields of them, `writing` the files. What is certain is repaired and said, what is
doubtful is said and left to a person, and no word is dropped in silence (`audit`). The words that
mark the parts, by language, stand in `data/import-words.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from actionpack.diagnostics import NOWHERE, Finding
from actionpack.importing.audit import say_lost, say_lost_links
from actionpack.importing.dates import Days, read_days
from actionpack.importing.encodings import decode
from actionpack.importing.headline import made_id, title_country, typeset_title
from actionpack.importing.letter import Known, Letter, read_letter
from actionpack.importing.lines import Line, Notes, say_left_out, tidy
from actionpack.importing.parts import NONE_NAMED, Named, Part, Parts, cut, read_named
from actionpack.importing.prose import (
    Paragraph,
    Quote,
    read_paragraphs,
    set_apart,
    take_quote,
    without_tabs,
    wrap_width,
)
from actionpack.importing.source_file import Source, read_bytes, read_string
from actionpack.importing.tongue import find_tongue
from actionpack.importing.words import listed
from actionpack.importing.writing import ACTION_FILE, NO_CODE, Draft, action_yaml, text_md
from actionpack.language import is_tag
from actionpack.source import check_characters
from actionpack.web_address import check_url

__all__ = [
    "Imported",
    "Named",
    "Wishes",
    "decode",
    "import_bytes",
    "import_text",
    "read_named",
]

_MOST_CREDIT_WORDS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A content folder not yet written: its id, its language, its files by name, its findings.

    `has_fields`: fields that stood at the top of the text were taken as they are.
    """

    id: str
    tag: str
    files: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    has_fields: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the caller said about a text; None is nothing.

    `action_id` can name an action (`content.is_id`) and `tag` a language: the caller has looked.
    `online` is the address of the online action, `named` holds headings that the caller named.
    """

    action_id: str | None
    tag: str | None
    online: str | None
    today: date
    named: Named = NONE_NAMED


def import_bytes(data: bytes, *, file: str, wishes: Wishes) -> Imported:
    """Turn a .docx, Markdown or text file into an action.

    `file` is what findings call it. Raises Rejected with every fault when it cannot become one.
    """
    notes = Notes(file)
    _check_online(wishes.online, notes)
    return _import(read_bytes(data, file, wishes.tag, notes), file, wishes, notes)


def import_text(
    source: str,
    *,
    file: str,
    action_id: str | None,
    tag: str | None,
    online: str | None,
    today: date,
    named: Named = NONE_NAMED,
) -> Imported:
    """Turn a text into an action, Markdown if the file's name says so; raises Rejected."""
    notes = Notes(file)
    wishes = Wishes(action_id=action_id, tag=tag, online=online, today=today, named=named)
    _check_online(online, notes)
    return _import(read_string(source, file, notes), file, wishes, notes)


def _import(source: Source, file: str, wishes: Wishes, notes: Notes) -> Imported:
    front = source.front
    online = wishes.online or front.text("online") or None
    parts = cut(source.lines, notes, wishes.named, front.text("title"))
    tag = wishes.tag or _tag_of(source, notes) or find_tongue(parts, notes)
    title = typeset_title(parts, tag, notes)
    folder = wishes.action_id or front.text("id") or made_id(title, file, notes)
    credit = front.text("credit")
    if not credit:
        credit, parts = _take_credit(parts, notes)
    days = read_days(parts.briefing.lines, parts.ask.lines, tag, notes)
    parts = _without_lines(parts, days)
    known = Known(
        targets=front.value("targets") is not None,
        salutation=front.value("salutation") is not None,
        closing=front.value("closing") is not None,
    )
    letter = read_letter(_unquoted(parts), title=title, tag=tag, notes=notes, known=known)
    for line in letter.elsewhere:
        parts = replace(parts, ask=_without(parts.ask, line))
    width = wrap_width(source.lines)
    has_quote = front.value("quote") is not None
    quote, briefing = _quote(parts, has_one=has_quote, width=width, notes=notes)
    ask = set_apart(without_tabs(read_paragraphs(parts.ask.lines, notes, width), notes), notes)
    body = set_apart(without_tabs(read_paragraphs(letter.body, notes, width), notes), notes)
    _check_filled(parts.title.number, "the briefing below the title", briefing, notes)
    _check_filled(parts.ask.number, "what stands below 'TAKE ACTION'", ask, notes)
    has_letter = letter.salutations or known.salutation
    _check_filled(parts.letter.number if has_letter else None, "the letter", body, notes)
    for paragraph in (*briefing, *ask, *body):
        _say_dead_link(paragraph, notes)
    _say_blanks(body, notes)
    _say_other(parts.other, notes)
    notes.stop_on_errors()
    issued, act_by = _days(days, wishes.today, front.text("issued"), front.text("act_by"), notes)
    _say_unknown(online, notes)
    draft = Draft(
        id=folder,
        issued=issued,
        act_by=act_by,
        country=_country(title, tag, letter, front.text("country"), notes),
        tag=tag,
        credit=credit,
        online=None if online == NO_CODE else online,
        title=title,
        quote=quote,
        letter=letter,
        sections=(("briefing", briefing), ("ask", ask), ("letter", body)),
        front=front,
    )
    files = ((ACTION_FILE, action_yaml(draft)), (f"{tag}.md", text_md(draft, notes)))
    say_lost(source.lines, draft.words(), notes)
    say_lost_links(source.lines, (text for _, text in files), notes)
    notes.stop_on_errors()
    return Imported(
        id=folder,
        tag=tag,
        files=files,
        findings=notes.in_order(),
        has_fields=bool(front.values),
    )


def _tag_of(source: Source, notes: Notes) -> str:
    """The language that the fields at the top name; '' when they name none."""
    tag = source.front.text("source_language")
    if tag and not is_tag(tag):
        notes.say(
            "bad-value",
            source.front.line("source_language"),
            f"'{tag}' is no language tag",
            "write it as BCP 47 does: en, pt-BR, zh-Hans",
        )
        notes.stop_on_errors()
    return tag


def _country(title: str, tag: str, letter: Letter, known: str, notes: Notes) -> str:
    found = known or title_country(title, tag)
    if found or letter.targets:
        return found or letter.targets[0].country
    notes.say(
        "missing-field",
        None,
        "neither the title nor the fields at the top name the country of the case",
        "write 'country: …' at the top, with the two letters of the country, such as CN",
    )
    return ""


def _quote(
    parts: Parts, *, has_one: bool, width: int, notes: Notes
) -> tuple[Quote | None, tuple[Paragraph, ...]]:
    """The quote that stands out, unless a field at the top is one, and the briefing."""
    paragraphs = read_paragraphs(parts.briefing.lines, notes, width)
    if has_one:
        return None, set_apart(without_tabs(paragraphs, notes), notes)
    quote, briefing = take_quote(paragraphs, notes)
    return quote, set_apart(briefing, notes)


def _unquoted(parts: Parts) -> Parts:
    """Parts in which a letter that is a block quote from its beginning is none."""
    first = next((line for line in parts.letter.lines if line.text), None)
    if first is None or first.mark != ">":
        return parts
    lines = (replace(line, mark="") if line.mark == ">" else line for line in parts.letter.lines)
    return replace(parts, letter=replace(parts.letter, lines=tuple(lines)))


def _without_lines(parts: Parts, days: Days) -> Parts:
    for line in days.lines:
        parts = replace(
            parts, briefing=_without(parts.briefing, line), ask=_without(parts.ask, line)
        )
    return parts


def _days(
    days: Days, today: date, issued: str, act_by: str, notes: Notes
) -> tuple[date, date | None]:
    """The day of issue and the deadline, and what is said about them."""
    if days.act_by is None and not act_by:
        notes.say(
            "doubtful",
            None,
            "no deadline was taken over",
            f"write 'act_by' in {ACTION_FILE}, or delete its line if there is none",
        )
    if days.act_by and not act_by and days.act_by < today:
        notes.say(
            "doubtful",
            None,
            f"the deadline, {days.act_by.isoformat()}, has passed",
            "nothing will be built of it without --allow-expired",
        )
    day = days.issued or today
    if days.act_by and not act_by:
        day = min(day, days.act_by)
    if days.issued is None and not issued:
        meant = "today" if day == today else "the deadline"
        notes.say(
            "doubtful",
            None,
            f"the date of issue is not in the text; 'issued' is {meant}, {day.isoformat()}",
            f"correct 'issued' in {ACTION_FILE}",
        )
    return day, days.act_by


def _check_online(online: str | None, notes: Notes) -> None:
    if online is not None and online != NO_CODE:
        notes.found += [*check_characters(online, NOWHERE), *check_url(online, NOWHERE)]
        notes.stop_on_errors()


def _take_credit(parts: Parts, notes: Notes) -> tuple[str, Parts]:
    """Whom the text is from, '' if it does not say, and the parts without the line that does."""
    label = "|".join(re.escape(word) for word in listed("credit", "labels"))
    pattern = re.compile(rf"(?:{label})\s*[:：]\s*\w.*", re.IGNORECASE)
    for line in (*parts.briefing.lines, *parts.ask.lines, *parts.other.lines):
        if pattern.fullmatch(line.text) and len(line.text.split()) <= _MOST_CREDIT_WORDS:
            return tidy(line, notes), replace(
                parts,
                briefing=_without(parts.briefing, line),
                ask=_without(parts.ask, line),
                other=_without(parts.other, line),
            )
    text = "\n".join(line.text for line in (*parts.briefing.lines, *parts.ask.lines))
    name = next((name for name in listed("credit", "organisations") if name in text), None)
    if name is None:
        notes.say(
            "doubtful",
            None,
            "the text does not say whom it is from, and nothing can be built of it",
            f"write 'credit' in {ACTION_FILE}, such as \"Text: Harbour Group\"",
        )
        return "", parts
    notes.say(
        "doubtful",
        None,
        f"the text does not say whom it is from; 'credit' is 'Text: {name}'",
        f"correct 'credit' in {ACTION_FILE}",
    )
    return f"Text: {name}", parts


def _without(part: Part, taken: Line) -> Part:
    return replace(part, lines=tuple(line for line in part.lines if line is not taken))


def _check_filled(
    number: int | None, what: str, paragraphs: tuple[Paragraph, ...], notes: Notes
) -> None:
    """Say that a part is empty; one without a heading (`number` is None) was said before."""
    if number is not None and not paragraphs:
        notes.say("missing-section", number, f"{what} is empty")


_URL = re.compile(r"https?://|www\.|\w\.\w+/", re.IGNORECASE)
_BLANK_TO_FILL = re.compile(r"\[[^\[\]]{1,300}\]|_{3,}|\.{4,}|…[….]+|\A\([^()]{3,300}\)\Z")


def _say_unknown(online: str | None, notes: Notes) -> None:
    """Say what an action has and a text in this shape does not."""
    if online is None:
        notes.say(
            "doubtful",
            None,
            "there is no link to the online action, and no code will be printed",
            f"write its address as 'online' in {ACTION_FILE}, or pass --online",
        )


def _say_blanks(letter: Iterable[Paragraph], notes: Notes) -> None:
    for paragraph in letter:
        for blank in dict.fromkeys(_BLANK_TO_FILL.findall(paragraph.text)):
            notes.say(
                "doubtful",
                paragraph.number,
                f"'{blank[:40]}' in the letter looks like a blank that somebody should fill in",
                "write what belongs there; it prints as it is",
            )


def _say_dead_link(paragraph: Paragraph, notes: Notes) -> None:
    """Say where words lead to a link that the text does not hold."""
    if _URL.search(paragraph.text) or any(style.href for style in paragraph.styles):
        return
    for words in listed("links", "words"):
        match = re.search(rf"\b{re.escape(words)}", paragraph.text, re.IGNORECASE)
        if match:
            behind = paragraph.text[match.end() :].strip() if words.endswith(":") else match[0]
            notes.say(
                "doubtful",
                paragraph.number,
                f"there is no address behind '{behind or match[0]}'",
                "write the address after these words, or take the invitation out",
            )
            return


def _say_other(other: Part, notes: Notes) -> None:
    if other.number is None:
        return
    if not any(line.text for line in other.lines):
        notes.say(
            "doubtful",
            other.number,
            "'Other action/other address' is empty",
            "if there is another address, write it as a target or under 'copies'",
        )
    say_left_out(other.lines, "stands below 'Other action/other address'", notes)
