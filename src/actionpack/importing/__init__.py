"""Text in the shape that campaigns pass round into a content folder that builds.

The shape: title; briefing with a quote in it; `TAKE ACTION`; `TEMPLATE LETTER`; postal lines, fax
and e-mail; salutation; body; closing; `Other action/other address`. It goes lines → parts →
fields → files. What is certain is repaired and said, what is doubtful is said and left to a
person, and no word is dropped in silence. The words that mark the parts stand in
`data/import-words.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from actionpack.diagnostics import NOWHERE, Finding, Place, Rejected, finding
from actionpack.importing.headline import made_id, title_country, typeset_title
from actionpack.importing.letter import read_letter
from actionpack.importing.lines import (
    Line,
    Notes,
    check_signs,
    listed,
    read_lines,
    say_left_out,
    tidy,
)
from actionpack.importing.parts import Part, Parts, cut
from actionpack.importing.prose import Paragraph, read_paragraphs, take_quote, without_tabs
from actionpack.importing.writing import ACTION_FILE, NO_CODE, Draft, action_yaml, text_md
from actionpack.source import check_characters
from actionpack.store import decode_utf8
from actionpack.web_address import check_url

_MOST_CREDIT_WORDS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A content folder not yet written: its id, its files by name, and what was found."""

    id: str
    files: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]


def decode(data: bytes, file: str) -> tuple[str, tuple[Finding, ...]]:
    """Turn the bytes of a text file into text: UTF-8, or UTF-16 that says so in its first bytes.

    Raises Rejected for anything else: a guess would print wrong names.
    """
    place = Place(file=file)
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return decode_utf8(data, place), ()
        except Rejected as refused:
            raise Rejected(*(_with_guess(found, data) for found in refused.findings)) from refused
    try:
        text = data.decode("utf-16")
    except UnicodeDecodeError as error:
        raise Rejected(
            finding(
                "bad-file", "the file begins like UTF-16 text but is none", place, cure=_SAVE_AS
            )
        ) from error
    return text, (finding("repaired", "the text was UTF-16; what is written is UTF-8", place),)


_SAVE_AS = "save it as UTF-8 (in Word: Save as, plain text, other encoding, Unicode UTF-8)"


def _with_guess(found: Finding, data: bytes) -> Finding:
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return replace(found, cure=_SAVE_AS)
    message = f"{found.message}; it may be Windows-1252, but other encodings look the same"
    return replace(found, message=message, cure=_SAVE_AS)


def import_text(
    source: str,
    *,
    file: str,
    action_id: str | None,
    tag: str,
    online: str | None,
    today: date,
) -> Imported:
    """Turn a text into an action; raises Rejected with every fault when it cannot become one.

    `file` is what findings call the text; `online` the address of the online action, if any.
    `action_id` can name an action (`content.is_id`) and `tag` a language: the caller has looked.
    """
    notes = Notes(file)
    _check_online(online, notes)
    check_signs(source, notes)
    notes.stop_on_errors()
    parts = cut(read_lines(source, notes), notes)
    title = typeset_title(parts, tag, notes)
    folder = action_id or made_id(title, file, notes)
    credit, parts = _take_credit(parts, notes)
    letter = read_letter(parts, title=title, tag=tag, notes=notes)
    quote, briefing = take_quote(read_paragraphs(parts.briefing.lines, notes), notes)
    ask = without_tabs(read_paragraphs(parts.ask.lines, notes), notes)
    body = without_tabs(read_paragraphs(letter.body, notes), notes)
    _check_filled(parts.title.number, "the briefing below the title", briefing, notes)
    _check_filled(parts.ask.number, "what stands below 'TAKE ACTION'", ask, notes)
    _check_filled(parts.letter.number if letter.salutations else None, "the letter", body, notes)
    for paragraph in (*briefing, *ask, *body):
        _say_dead_link(paragraph, notes)
    _say_blanks(body, notes)
    _say_other(parts.other, notes)
    notes.stop_on_errors()
    _say_unknown(online, today, notes)
    draft = Draft(
        id=folder,
        issued=today,
        country=title_country(title, tag) or letter.targets[0].country,
        tag=tag,
        credit=credit,
        online=None if online == NO_CODE else online,
        title=title,
        quote=quote,
        letter=letter,
        sections=(("briefing", briefing), ("ask", ask), ("letter", body)),
    )
    return Imported(
        id=folder,
        files=((ACTION_FILE, action_yaml(draft)), (f"{tag}.md", text_md(draft))),
        findings=notes.in_order(),
    )


def _check_online(online: str | None, notes: Notes) -> None:
    if online is not None and online != NO_CODE:
        notes.found += [*check_characters(online, NOWHERE), *check_url(online, NOWHERE)]


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
_BLANK_TO_FILL = re.compile(r"\[[^\[\]]{1,40}\]|_{3,}|\.{4,}")


def _say_unknown(online: str | None, today: date, notes: Notes) -> None:
    """Say what an action has and a text in this shape does not."""
    notes.say(
        "doubtful",
        None,
        "no deadline was taken over",
        f"write 'act_by' in {ACTION_FILE}, or delete its line if there is none",
    )
    notes.say(
        "doubtful",
        None,
        f"the date of issue is not in the text; 'issued' is today, {today.isoformat()}",
        f"correct 'issued' in {ACTION_FILE}",
    )
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
    if _URL.search(paragraph.text):
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
