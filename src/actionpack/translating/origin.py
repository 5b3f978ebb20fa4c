"""What a translation was made from, held against its source as it is now."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from actionpack.diagnostics import Finding, Place, Severity, finding
from actionpack.model import Action, Text
from actionpack.translating.fields import (
    DESCRIPTION,
    UNKNOWN,
    Field,
    fields_of,
    hashes_of,
    made_from,
)


def snapshot(action: Action, source: Text, text: Text) -> dict[str, tuple[str, ...]]:
    """The hashes of a source as it is now, for a translation that says the same.

    A section that it may lack, and does, has none: whoever writes it later must say so again.
    """
    return {
        field.key: hashes_of(field.source_parts())
        for field in fields_of(action, source, text, text.tag)
        if field.source and (field.text or not field.has_fallback)
    }


def compared(
    action: Action, source: Text, text: Text, *, stale: Severity = "warning"
) -> tuple[Finding, ...]:
    """Find the fields of a translation that are not of the source as it is now.

    `stale` is how grave it is when the source has changed.
    """
    found: list[Finding] = []
    unknown: list[str] = []
    made = made_from(text)
    for field in fields_of(action, source, text, text.tag):
        if field.text and field.source and _is_unknown(made.get(field.key, ())):
            unknown.append(field.key)
        else:
            found += _against_source(field, source, text, stale)
    if unknown:
        named = ", ".join(f"'{key}'" for key in unknown)
        what = f"{named} in '{text.tag}'" if made else f"'{text.tag}'"
        of = "were" if made and len(unknown) > 1 else "was"
        found.append(
            finding(
                "unstamped-translation",
                f"it is not known from which text {what} {of} translated",
                Place(file=text.file),
                cure="look it over beside the source, then: "
                f"actionpack translate stamp {action.id} --lang {text.tag}",
            )
        )
    return tuple(found)


def _is_unknown(hashes: tuple[str, ...]) -> bool:
    return not hashes or UNKNOWN in hashes


def _against_source(field: Field, source: Text, text: Text, stale: Severity) -> Iterator[Finding]:
    """What is wrong with a field of which it is known what it was made from."""
    made = made_from(text).get(field.key, ())
    now = hashes_of(field.source_parts())
    if field.text and field.source:
        if made != now:
            yield _changed(field, text.tag, made, now, stale)
    elif field.text:
        cure = "delete it, or write it into the source"
        told = f"'{field.key}' is not there in the source, '{source.file}'"
        code, severity = ("stale-translation", stale) if made else ("missing-translation", None)
        yield finding(code, told, field.text.place, cure=cure, severity=severity)
    elif field.source and field.name != DESCRIPTION and not field.has_fallback:
        # A picture that is not described is told where its description belongs.
        is_new = bool(made_from(text)) and made != now
        code, severity = ("stale-translation", stale) if is_new else ("missing-translation", None)
        yield finding(
            code,
            f"'{field.key}' is not translated; the source has it in {field.source.place}",
            Place(file=text.file, line=1),
            cure="translate it: actionpack translate export, then import",
            severity=severity,
        )


def _changed(
    field: Field, tag: str, made: tuple[str, ...], now: tuple[str, ...], stale: Severity
) -> Finding:
    """That the source of a field has changed, and where first."""
    # What a picture shows stands beside that in all other languages.
    named = f"'{field.key}'" + (f" in '{tag}'" if field.name == DESCRIPTION else "")
    theirs, ours = field.source_parts(), field.parts()
    changes = [
        change
        for change in SequenceMatcher(a=made, b=now, autojunk=False).get_opcodes()
        if change[0] != "equal"
    ]
    _, at_made, _, at_now, _ = changes[0]
    where = theirs[min(at_now, len(theirs) - 1)].place
    place = ours[min(at_made, len(ours) - 1) if len(ours) == len(made) else 0].place
    others = sum(max(i2 - i1, j2 - j1) for _, i1, i2, j1, j2 in changes) - 1
    more = f", and in {others} more of its paragraphs" if others else ""
    return finding(
        "stale-translation",
        f"{named} was translated from an older source; it has changed in {where}{more}",
        place,
        severity=stale,
    )
