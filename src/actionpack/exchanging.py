"""Texts to translators and back: what `translate export`, `import` and `stamp` do with files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from actionpack.catalogues import (
    MADE_BY,
    REVIEWED_BY,
    Catalogue,
    Message,
    own_catalogue,
    read_po,
    shipped_words,
    template,
    words_in,
    write_po,
)
from actionpack.content import (
    ACTION_FILE,
    find_action,
    parse_action,
    parse_text,
    read_action,
    read_text,
)
from actionpack.diagnostics import (
    Finding,
    Place,
    Rejected,
    UsageFault,
    finding,
    has_errors,
    made_strict,
)
from actionpack.language import is_tag
from actionpack.layouts import find_layout, layout_names
from actionpack.model import TEMPLATE_FILE, Action, Text
from actionpack.project import LOCALE, Project
from actionpack.source import did_you_mean
from actionpack.store import Jail, read_file, shipped_folder, write_whole
from actionpack.translating import (
    Taken,
    action_of,
    compared,
    described,
    export,
    export_words,
    fields_of,
    of_another_language,
    rewritten,
    snapshot,
    stamped,
    take,
    take_words,
    words_of_another_language,
)

_AS_BCP_47 = "write it as BCP 47 does: en, pt-BR, zh-Hans"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchanged:
    """What was found, the files that were written, and a row that says what changed."""

    findings: tuple[Finding, ...]
    files: tuple[str, ...] = ()
    item: dict[str, Any] | None = None


# ------------------------------------------------------------------------------------- exporting


def export_action(
    project: Project, action_id: str, tag: str | None, output: Path | None, *, force: bool
) -> Exchanged:
    """Write the PO file of an action in a language, filled in as far as it is translated.

    Without a language it is a template (POT), which is always what the source says now.
    Raises Rejected when a text has faults, or when the file is there and says something else.
    """
    folder = find_action(project.content, action_id)
    if tag is None:
        action = read_action(folder)
        source, text = read_text(folder, action, action.source_language), None
    else:
        action, source, text = _read(folder, tag)
    data = write_po(export(action, source, text, tag))
    found = compared(action, source, text) if text else ()
    path = output or project.out / (f"{action_id}.{tag}.po" if tag else f"{action_id}.pot")
    force = force or tag is None
    return Exchanged(findings=found, files=(_put(project, path, data, force=force),))


def export_layout_words(
    project: Project, tag: str | None, output: Path | None, *, force: bool
) -> Exchanged:
    """Write the PO file of the words that layouts print, filled in as far as they are translated.

    Raises Rejected when the file is there and says something else.
    """
    if tag is not None:
        _check_tag(tag)
    data = write_po(_words_to_translate(project, tag)[1])
    path = output or project.out / (f"actionpack.{tag}.po" if tag else "actionpack.pot")
    force = force or tag is None
    return Exchanged(findings=(), files=(_put(project, path, data, force=force),))


def _words_to_translate(project: Project, tag: str | None) -> tuple[tuple[Message, ...], Catalogue]:
    """Every word there is, and the catalogue to fill in."""
    words = _all_words(project)
    known: dict[str, Message] = {}
    made_by = reviewer = ""
    for shelf in (shipped_words(), *reversed(project.locale)) if tag else ():
        own = own_catalogue(str(tag), shelf)
        if own is not None:
            catalogue, _ = own
            known |= {one.id: one for one in catalogue.messages}
            made_by, reviewer = catalogue.header(MADE_BY), catalogue.header(REVIEWED_BY)
    return words, export_words(words, known, tag, made_by=made_by, reviewer=reviewer)


def _all_words(project: Project) -> tuple[Message, ...]:
    """The words of the shipped layouts, and below them those of the project's own."""
    found = {one.id: one for one in template()}
    for name in layout_names(project.layouts):
        layout = find_layout(project.layouts, name)
        for words in words_in(layout.read_text(TEMPLATE_FILE)):
            comment = f"Printed by the layout '{name}'."
            found.setdefault(words, Message(id=words, text="", comments=(comment,)))
    return tuple(found.values())


def _put(project: Project, path: Path, data: bytes, *, force: bool) -> str:
    """Write a PO file; what a translator may have worked on is not written over."""
    label = project.label(path)
    if path.is_file() and not force and read_file(path, label=label) != data:
        told = f"'{label}' is there already, and may hold what somebody translated"
        raise Rejected(finding("exists", told, Place(file=label)))
    # A folder that is named is one to write to; the usual one must lie in the project.
    inside = project.root if path.is_relative_to(project.root) else path.parent.resolve()
    write_whole(
        path if inside == project.root else inside / path.name, data, inside=inside, label=label
    )
    return label


# ------------------------------------------------------------------------------------- importing


def import_po(project: Project, file: Path, *, strict: bool) -> Exchanged:
    """Take a PO file over into the project; with errors nothing is written.

    Raises Rejected when it is none, or is of nothing that is here. `strict`: warnings are errors.
    """
    catalogue, found = read_po(read_file(file, label=str(file)), str(file))
    if not catalogue.messages:
        told = "the file holds nothing to translate: it was cut off, or is none of ours"
        place = catalogue.at(catalogue.end)
        raise Rejected(*found, finding("bad-file", told, place, cure="export it again"))
    found += tuple(_language_faults(catalogue, file))
    if has_errors(found) and not is_tag(catalogue.tag):
        raise Rejected(*found)
    action_id = action_of(catalogue)
    if action_id is None:
        return _import_words(project, catalogue, found, strict=strict)
    return _import_action(project, catalogue, action_id, found, strict=strict)


def _language_faults(catalogue: Catalogue, file: Path) -> list[Finding]:
    tag, place = catalogue.tag, catalogue.at(catalogue.header_line)
    if not is_tag(tag):
        told = f"the header 'Language' is '{catalogue.header('Language')}', which is no language"
        return [finding("bad-value", told if tag else _NO_LANGUAGE, place, cure=_AS_BCP_47)]
    named = file.stem.rpartition(".")[2].replace("_", "-")
    if is_tag(named) and named != tag:
        told = f"the header 'Language' is '{tag}', and the file is named for '{named}'"
        cure = "correct the one that is wrong"
        return [finding("bad-value", told, place, cure=cure)]
    return []


_NO_LANGUAGE = "the file does not say its language in the header 'Language'"


def _import_action(
    project: Project,
    catalogue: Catalogue,
    action_id: str,
    found: tuple[Finding, ...],
    *,
    strict: bool,
) -> Exchanged:
    try:
        folder = find_action(project.content, action_id)
    except UsageFault as fault:
        place = catalogue.at(catalogue.messages[0].line)
        raise Rejected(
            *found, *(finding(f.code, f.message, place, cure=f.cure) for f in fault.findings)
        ) from fault
    tag = catalogue.tag
    action = read_action(folder)
    if tag == action.source_language:
        told = f"'{tag}' is the language that '{action_id}' was written in"
        place = catalogue.at(catalogue.header_line)
        cure = "correct the header 'Language'"
        raise Rejected(*found, finding("bad-value", told, place, cure=cure))
    action, source, text = _read(folder, tag)
    taken = take(action, source, text, catalogue)
    others = (source, *_readable(folder, action, tag))
    found += (*of_another_language(action, source, others, catalogue), *taken.findings)
    # The descriptions of pictures are the action's, all else is the text's.
    old = {ACTION_FILE: folder.read_bytes(ACTION_FILE)}
    if text:
        old[f"{tag}.md"] = folder.read_bytes(f"{tag}.md")
    new = dict(old)
    if not has_errors(found):
        new = _rewritten(action, source, text, taken, old)
        found += tuple(_misread(folder, source, taken, new))
    if strict:
        found = made_strict(found)
    item = {
        "action": action_id,
        "language": tag,
        "changed": sorted(taken.values),
        "status": "reviewed" if taken.reviewer else "draft",
    }
    changed = [name for name in new if new[name] != old.get(name)]
    if has_errors(found):
        changed = []
    for name in changed:
        path = folder.root / name
        write_whole(path, new[name], inside=project.content.root, label=folder.label(name))
    files = tuple(project.label(folder.root / name) for name in changed)
    return Exchanged(findings=found, files=files, item=item)


def _readable(folder: Jail, action: Action, tag: str) -> Iterator[Text]:
    """The translations to other languages; what is wrong with those is told where they are used."""
    for other in action.languages:
        if other not in (tag, action.source_language):
            with suppress(Rejected):
                yield read_text(folder, action, other)


def _rewritten(
    action: Action, source: Text, text: Text | None, taken: Taken, old: Mapping[str, bytes]
) -> dict[str, bytes]:
    """The new bytes of the files of an action, by name."""
    name = f"{taken.tag}.md"
    if name in old:
        data = _edited(old[name], lambda plain: rewritten(action, source, text, taken, plain))
    else:
        data = rewritten(action, source, text, taken, None).encode()
    own = _edited(old[ACTION_FILE], lambda plain: described(action, taken, plain))
    return {ACTION_FILE: own, name: data}


def _edited(old: bytes, edit: Callable[[str], str]) -> bytes:
    """The bytes of an edited text, with the line ends and the mark that the old ones have."""
    plain, mark, ends = _plain(old)
    new = edit(plain)
    return old if new == plain else mark + new.replace("\n", ends).encode()


def _plain(data: bytes) -> tuple[str, bytes, str]:
    """A text with plain line ends, the mark at its beginning, and how its lines end."""
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    text = data[len(mark) :].decode()
    ends = "\r\n" if "\r\n" in text else "\n"
    return text.replace("\r\n", "\n").replace("\r", "\n"), mark, ends


def _misread(folder: Jail, source: Text, taken: Taken, new: Mapping[str, bytes]) -> list[Finding]:
    """Read what is to be written, and say what would not say what was taken."""
    name = f"{taken.tag}.md"
    file = folder.label(name)
    try:
        action = parse_action(_plain(new[ACTION_FILE])[0], folder)
        text = parse_text(_plain(new[name])[0], action, taken.tag, file)
    except Rejected as rejected:
        return list(rejected.findings)
    return [
        finding(
            "internal", f"'{one.key}' would not read back as it was translated", Place(file=file)
        )
        for one in fields_of(action, source, text, taken.tag)
        if one.key in taken.values
        and one.text is not None
        and tuple(part.text for part in one.parts()) != taken.values[one.key]
    ]


def _import_words(
    project: Project, catalogue: Catalogue, found: tuple[Finding, ...], *, strict: bool
) -> Exchanged:
    words, exported = _words_to_translate(project, catalogue.tag)
    standing = {one.id: one.text for one in exported.messages if one.text and not one.fuzzy}
    made, wrong = take_words(words, standing, catalogue)
    others = {
        name.removesuffix(".po"): read_po(shipped_words().read_bytes(name), name)[0]
        for name in shipped_words().names()
        if name.endswith(".po")
    }
    found += (*words_of_another_language(others, catalogue), *wrong)
    if strict:
        found = made_strict(found)
    item = {"language": catalogue.tag, "words": len(made.messages)}
    stands, _ = take_words(words, standing, exported)
    if has_errors(found) or made == stands:
        return Exchanged(findings=found, item=item)
    folder = _locale_folder(project)
    path = folder.root / f"{catalogue.tag}.po"
    write_whole(path, write_po(made, wrapped=False), inside=folder.root, label=str(path))
    return Exchanged(findings=found, files=(project.label(path),), item=item)


def _locale_folder(project: Project) -> Jail:
    """Where catalogues are kept: the project's, or the package's own in its own checkout."""
    if (project.root / "layouts").resolve() == (shipped_folder() / "layouts").resolve():
        return shipped_words()
    return Jail(root=project.root / LOCALE, name=LOCALE)


# -------------------------------------------------------------------------------------- stamping


def stamp(project: Project, action_id: str, tags: Sequence[str]) -> Exchanged:
    """Write down that translations say what the source says now.

    Without `tags`: all of those of which it is not known what they were made from.
    """
    folder = find_action(project.content, action_id)
    action = read_action(folder)
    source = read_text(folder, action, action.source_language)
    others = [tag for tag in action.languages if tag != action.source_language]
    for tag in tags:
        _check_tag(tag)
        if tag not in others:
            told = f"'{action_id}' is not translated into '{tag}'"
            raise UsageFault(finding("bad-value", told, cure=did_you_mean(tag, others)))
    files = []
    for tag in tags or others:
        text = read_text(folder, action, tag)
        if not tags and text.made_from:
            continue
        old = folder.read_bytes(f"{tag}.md")
        new = _edited(old, partial(stamped, text, snapshot(action, source, text)))
        if new != old:
            path = folder.root / f"{tag}.md"
            write_whole(path, new, inside=project.content.root)
            files.append(project.label(path))
    return Exchanged(findings=(), files=tuple(files))


# --------------------------------------------------------------------------------------- reading


def _check_tag(tag: str) -> None:
    if not is_tag(tag):
        raise UsageFault(finding("bad-value", f"'{tag}' is no language tag", cure=_AS_BCP_47))


def _read(folder: Jail, tag: str) -> tuple[Action, Text, Text | None]:
    """An action, its source, and its translation if there is one; raises Rejected for faults."""
    _check_tag(tag)
    action = read_action(folder)
    if tag == action.source_language:
        told = f"'{tag}' is the language that '{action.id}' was written in"
        raise UsageFault(finding("bad-value", told, cure="name the language to translate into"))
    source = read_text(folder, action, action.source_language)
    text = read_text(folder, action, tag) if tag in action.languages else None
    return action, source, text
