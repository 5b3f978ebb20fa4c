"""A PO file that came back, held against the source and what stands translated.

Everything that is wrong is said at once. A field is taken when each of its parts is there; what
is empty or marked as unfinished leaves standing what stood.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from actionpack.catalogues import REVIEWED_BY, Catalogue, Message
from actionpack.diagnostics import Finding, Severity, finding
from actionpack.model import Action, Text
from actionpack.source import check_characters, did_you_mean
from actionpack.translating.fields import (
    Field,
    Part,
    Standing,
    beside,
    fields_of,
    hashes_of,
    made_from,
)
from actionpack.translating.guarding import kept_literals, kept_markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a PO file changes: the parts of each field, and the hashes of what they were made from.

    `values` holds only fields whose words change, `made_from` all that is known afterwards.
    """

    tag: str
    values: Mapping[str, tuple[str, ...]]
    made_from: Mapping[str, tuple[str, ...]]
    reviewer: str | None
    findings: tuple[Finding, ...]


def action_of(catalogue: Catalogue) -> str | None:
    """The action that a PO file is of; None: it holds words of layouts."""
    ids = Counter(one.context.split("/")[0] for one in catalogue.messages if one.context)
    return ids.most_common(1)[0][0] if ids else None


def take(action: Action, source: Text, text: Text | None, catalogue: Catalogue) -> Taken:
    """Work out what a PO file changes; nothing is to be written when there are errors."""
    taking = _Taking(action, source, text, catalogue)
    return taking.all()


@dataclass(slots=True)
class _Taking:
    action: Action
    source: Text
    text: Text | None
    catalogue: Catalogue
    findings: list[Finding] = field(default_factory=list)
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    made: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def all(self) -> Taken:
        tag = self.catalogue.tag
        fields = [one for one in fields_of(self.action, self.source, self.text, tag) if one.source]
        self.made = dict(made_from(self.text))
        entries = {one.context or "": one for one in self.catalogue.messages}
        given = {one.key: self._entries_of(one, entries) for one in fields}
        if not self._is_cut(fields, given):
            for one in fields:
                self._field(one, given[one.key])
        used = {one.context for entries_of in given.values() for one in entries_of}
        self._unknown(fields, used)
        self._who_reviewed()
        return Taken(
            tag=self.catalogue.tag,
            values=self.values,
            made_from=self.made,
            reviewer=self.catalogue.reviewer,
            findings=tuple(sorted(self.findings, key=lambda found: found.place.line or 0)),
        )

    # ---------------------------------------------------------------------------- what is there

    def _entries_of(self, one: Field, entries: Mapping[str, Message]) -> list[Message]:
        """The messages of a field, from the first part on, as far as there are any."""
        found: list[Message] = []
        while (entry := entries.get(self._context(one, len(found) + 1))) is not None:
            found.append(entry)
            if not one.marked:
                break
        return found

    def _context(self, one: Field, number: int) -> str:
        return f"{self.action.id}/{one.context(number)}"

    def _is_cut(self, fields: list[Field], given: Mapping[str, list[Message]]) -> bool:
        """Say that the file ends before its end: then what is missing is not a hole in it."""
        last = next(one for one in reversed(fields) if one.is_required)
        parts = last.source_parts()
        if len(given[last.key]) >= len(parts) or _is_older(parts, given[last.key]):
            return False
        there = [one for one in fields if given[one.key]]
        first = next(
            (
                self._context(one, len(given[one.key]) + 1)
                for one in fields[fields.index(there[-1]) if there else 0 :]
                if len(given[one.key]) < len(one.source_parts())
            ),
            self._context(last, len(parts)),
        )
        self.findings.append(cut_off(self.catalogue, first))
        return True

    def _unknown(self, fields: list[Field], used: set[str | None]) -> None:
        known = [one.context(1) for one in fields]
        for one in self.catalogue.messages:
            if one.context in used:
                continue
            action, _, rest = (one.context or "").partition("/")
            if one.context is None:
                told, cure = "this entry has no msgctxt that says what it is", "export it again"
            elif action != self.action.id:
                told = f"'{one.context}' is of another action than the rest, '{self.action.id}'"
                cure = "make a file for each action"
            else:
                told = f"'{one.context}' is no text of '{self.action.id}'"
                cure = did_you_mean(rest, known)
            self.findings.append(
                finding("unknown-field", told, self.catalogue.at(one.line), cure=cure)
            )

    # ------------------------------------------------------------------------------- one field

    def _field(self, one: Field, entries: list[Message]) -> None:
        parts = one.source_parts()
        if entries and _is_older(parts, entries):
            self.findings.append(
                finding(
                    "stale-translation",
                    f"the source of '{one.key}' has changed since this file was made",
                    self.catalogue.at(entries[0].line),
                    cure="import this, then export again: what has changed is marked there",
                )
            )
            older = (Part(entry.id, parts[0].place) for entry in entries)
            parts = (*older, *parts[len(entries) :])
        now = hashes_of(parts)
        texts = [part.text for part in one.parts()]
        there = beside(now, texts, self.made.get(one.key, ()))
        result: list[tuple[str, str] | None] = []
        is_new, is_whole = False, True
        for at, standing in enumerate(there):
            entry = entries[at] if at < len(entries) else None
            confirmed = self._confirmed(one, at + 1, entry, standing)
            if confirmed is not None:
                is_new |= standing is None or not standing.is_sure or standing.text != confirmed
                result.append((confirmed, now[at]))
            elif standing is not None:
                result.append((standing.text, standing.hash))
            else:
                is_whole = False
        if is_new and not is_whole and texts:
            self.findings.append(
                finding(
                    "missing-translation",
                    f"'{one.key}' stays as it is, because not all of it is translated",
                    self.catalogue.at(entries[0].line),
                    cure="translate the rest of it",
                )
            )
        if is_new and is_whole:
            taken = [pair for pair in result if pair is not None]
            words = tuple(word for word, _ in taken)
            if words != tuple(texts):
                self.values[one.key] = words
            self.made[one.key] = tuple(made for _, made in taken)
        elif self.text is None and not texts and not one.has_fallback:
            # What was left out was seen and left out.
            self.made[one.key] = now

    def _confirmed(
        self, one: Field, number: int, entry: Message | None, standing: Standing | None
    ) -> str | None:
        """The words of an entry that is done and right; None: there are none, which is said."""
        name = one.context(number)
        if entry is None:
            self._missing(one, standing, f"'{name}' is not in the file", None)
        elif not entry.text.strip():
            self._missing(one, standing, f"'{name}' is not translated", entry)
        elif entry.fuzzy:
            self._unfinished(one, standing, name, entry)
        else:
            words = entry.text.strip()
            if standing is None or words != standing.text or not standing.is_sure:
                self.findings += self._wrong(one, name, entry, words)
            return words
        return None

    def _wrong(self, one: Field, name: str, entry: Message, words: str) -> Iterator[Finding]:
        place = self.catalogue.at(entry.line)
        yield from check_characters(words, place)
        yield from kept_literals(name, entry.id, words, place)
        if one.marked:
            yield from kept_markup(name, entry.id, words, place)

    def _missing(
        self, one: Field, standing: Standing | None, told: str, entry: Message | None
    ) -> None:
        if standing is not None:
            told += ", and what was there stays"
        elif not one.is_required and not one.text:
            told += ", and is left out"
        self.findings.append(
            finding(
                "missing-translation",
                told,
                self.catalogue.at(entry.line if entry else self.catalogue.end),
                cure="translate it",
                severity=self._gravity(one, standing),
            )
        )

    def _unfinished(self, one: Field, standing: Standing | None, name: str, entry: Message) -> None:
        told = f"'{name}' is marked as unfinished (fuzzy)"
        if standing is not None:
            told += ", and what was there stays"
        self.findings.append(
            finding(
                "fuzzy-translation",
                told,
                self.catalogue.at(entry.line),
                severity=self._gravity(one, standing),
            )
        )

    def _gravity(self, one: Field, standing: Standing | None) -> Severity:
        """Without it there would be no text that can be printed: then it is an error."""
        stands = standing is not None or one.text is not None or not one.is_required
        return "warning" if stands else "error"

    # --------------------------------------------------------------------------- who reviewed it

    def _who_reviewed(self) -> None:
        """Say when a text is a draft again, or when its reviewer may not have seen it."""
        before = self.text.reviewer if self.text and self.text.status == "reviewed" else None
        if before is None:
            return
        place = self.catalogue.at(self.catalogue.header_line)
        now = self.catalogue.reviewer
        if now is None:
            self.findings.append(
                finding(
                    "draft-translation",
                    f"'{before}' had reviewed this text, and the file names nobody: "
                    "it is a draft again",
                    place,
                    cure=f"write who reviewed it into the header {REVIEWED_BY}",
                    severity="warning",
                )
            )
        elif now == before and self.values:
            self.findings.append(
                finding(
                    "doubtful",
                    f"the text changes, and '{now}' is named as its reviewer still",
                    place,
                    cure=f"if nobody has reviewed it since, write 'nobody yet' into {REVIEWED_BY}",
                )
            )


def cut_off(catalogue: Catalogue, before: str) -> Finding:
    """That a file has not the entries at its end."""
    return finding(
        "bad-file",
        f"the file ends before '{before}': it was cut off, or is older than the source",
        catalogue.at(catalogue.end),
        cure="get the whole file again, or export a new one and merge them "
        "(msgmerge OLD.po NEW.po)",
    )


def _is_older(parts: tuple[Part, ...], entries: list[Message]) -> bool:
    """Whether messages are of another source than the one there is; fewer alone are not."""
    wanted = [part.text for part in parts]
    there = [entry.id for entry in entries]
    return there != wanted[: len(there)]
