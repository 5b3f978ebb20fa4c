"""Word documents into lines (gate: mammoth).

mammoth reads paragraphs, styles, lists, tables, links and notes. What it leaves out, and what an
action has no place for, is found in the document itself and said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

from actionpack.diagnostics import Place, Rejected, finding
from actionpack.importing.blocks import (
    Piece,
    paragraph_lines,
    say_dead_links,
    say_picture,
    table_lines,
)
from actionpack.importing.lines import (
    BREAKS,
    MOST_CHARACTERS,
    SHORTEN,
    TOO_LONG,
    Joint,
    Line,
    Notes,
    check_signs,
    mended,
)
from actionpack.importing.word_file import (
    WordFile,
    deleted,
    has,
    open_word,
    outline_levels,
    paragraphs,
)
from actionpack.importing.words import listed
from actionpack.markup import Run

_MOST_TOLD = 12


def read_docx(data: bytes, file: str, notes: Notes) -> tuple[Line, ...]:
    """Read a Word document; lines are numbered by paragraphs, from 1, empty ones too.

    Raises Rejected when it is none, or cannot be read.
    """
    word = open_word(data, file)
    shown = (text for root in word.roots(r"word/document\d*\.xml") for text in paragraphs(root))
    if sum(map(len, shown)) > MOST_CHARACTERS:
        raise Rejected(finding("bad-file", TOO_LONG, Place(file=file), cure=SHORTEN))
    document, messages = _document(data, file)
    reader = _Reader(document, notes, outline_levels(word))
    lines = tuple(reader.lines())
    check_signs("\n".join(line.text for line in lines), notes)
    notes.stop_on_errors()
    say_dead_links(lines, notes)
    _say_aside(word, notes)
    _say_messages(messages, notes)
    _say_missing(word, lines, notes)
    return lines


def _document(data: bytes, file: str) -> tuple[Any, list[str]]:
    import mammoth

    kept: list[Any] = []

    def keep(document: Any) -> Any:
        kept.append(document)
        return document.copy(children=[])

    try:
        result = mammoth.convert_to_html(BytesIO(data), transform_document=keep)
    # What mammoth raises for a document that contradicts itself is any of these.
    except (LookupError, ValueError, TypeError, AttributeError, OSError, RecursionError) as error:
        raise Rejected(
            finding(
                "bad-file",
                f"the document cannot be read ({type(error).__name__}: {error})",
                Place(file=file),
                cure="open it in Word or LibreOffice, save it as .docx, and import that",
            )
        ) from error
    return kept[0], [message.message for message in result.messages]


class _Reader:
    """Goes through a document's paragraphs in order and counts them."""

    def __init__(self, document: Any, notes: Notes, levels: dict[str, int]) -> None:
        self.document = document
        self.levels = levels
        self.notes = notes
        self.number = 0
        self.note_numbers = 0
        self.waiting: list[tuple[int, Any]] = []
        self.counts: dict[int, int] = {}

    def lines(self) -> Iterator[Line]:
        yield from self._blocks(self.document.children)

    def _blocks(self, elements: Iterable[Any]) -> Iterator[Line]:
        for element in elements:
            kind = type(element).__name__
            if kind == "Table":
                yield Line(self.number + 1, "")
                yield from self._table(element)
                yield Line(self.number, "")
            elif kind == "Paragraph":
                yield from self._paragraph(element)
            elif hasattr(element, "children"):
                yield from self._blocks(element.children)
            yield from self._notes_below()

    def _paragraph(self, paragraph: Any) -> Iterator[Line]:
        self.number += 1
        mark, depth = self._mark(paragraph)
        pieces = tuple(self._pieces(paragraph.children))
        found = tuple(paragraph_lines(pieces, self.notes, mark=mark, depth=depth))
        yield from found
        if not found:
            yield Line(self.number, "")

    def _mark(self, paragraph: Any) -> tuple[str, int]:
        """What a paragraph is by its style or its numbering."""
        level = self.levels.get(paragraph.style_id or "", 0)
        style = (paragraph.style_name or paragraph.style_id or "").lower()
        name = re.fullmatch(r"(\D+?) ?(\d)", style)
        if name and name[1] in listed("word_styles", "heading"):
            level = int(name[2])
        elif style in (*listed("word_styles", "title"), "heading"):
            level = 1
        if level:
            return "#", level
        if style in listed("word_styles", "quote"):
            return ">", 0
        if paragraph.numbering is None:
            self.counts.clear()
            return "", 0
        depth = int(paragraph.numbering.level_index)
        for deeper in [known for known in self.counts if known > depth]:
            del self.counts[deeper]
        if not paragraph.numbering.is_ordered:
            return "-", depth
        self.counts[depth] = self.counts.get(depth, 0) + 1
        return f"{self.counts[depth]}.", depth

    def _pieces(self, children: Iterable[Any]) -> Iterator[Piece]:
        joint: Joint = "new"
        runs: list[Run] = []
        for run in self._runs(children, strong=False, emphasis=False, href=None):
            if run.breaks:
                yield Piece(self.number, joint, tuple(runs))
                joint, runs = "hard", []
            else:
                runs.append(run)
        yield Piece(self.number, joint, tuple(runs))

    def _runs(
        self, children: Iterable[Any], *, strong: bool, emphasis: bool, href: str | None
    ) -> Iterator[Run]:
        for child in children:
            kind = type(child).__name__
            if kind == "Run":
                if child.is_strikethrough:
                    self._say("words that are struck through print as they stand", "delete them")
                yield from self._runs(
                    child.children,
                    strong=strong or bool(child.is_bold) or child.style_name == "Strong",
                    emphasis=emphasis or bool(child.is_italic) or child.style_name == "Emphasis",
                    href=href,
                )
            elif kind == "Hyperlink":
                target = child.href or ""
                yield from self._runs(
                    child.children, strong=strong, emphasis=emphasis, href=target or href
                )
            elif kind in ("Text", "Tab"):
                # Word keeps its soft hyphens in runs of their own, and none at the end of a line.
                shown = "" if kind == "Tab" else child.value.replace("\u00ad", "")
                text = "\t" if kind == "Tab" else mended(shown, self.number, self.notes)
                first, *more = BREAKS.split(text.replace("\r", "\n").replace("\n", " "))
                yield Run(first, strong, emphasis, href)
                for piece in more:
                    yield Run("", breaks=True)
                    yield Run(piece, strong, emphasis, href)
            elif kind == "Break":
                yield Run("", breaks=True)
            elif kind == "NoteReference":
                self.note_numbers += 1
                self.waiting.append((self.note_numbers, child))
                yield Run(f"[{self.note_numbers}]")
            elif kind == "Image":
                say_picture("", child.alt_text or "", self.number, self.notes)
            elif kind == "Checkbox":
                yield Run("☒" if child.checked else "☐")
            elif hasattr(child, "children"):
                yield from self._runs(child.children, strong=strong, emphasis=emphasis, href=href)

    def _table(self, table: Any) -> Iterator[Line]:
        """The rows as lines; a table that holds paragraphs, for layout, as those, cell by cell."""
        rows = [row for row in table.children if type(row).__name__ == "TableRow"]
        cells = [cell for row in rows for cell in row.children]
        if len(rows) * len(cells) == 1 or any(len(_filled(cell)) > 1 for cell in cells):
            self._say(
                "what stands in a table was read cell by cell, from the left and from the top",
                "look at the order of the paragraphs",
            )
            for cell in cells:
                yield from self._blocks(cell.children)
                yield Line(self.number, "")
            return
        start = self.number + 1
        yield from table_lines(list(self._rows(rows)), start, self.notes)

    def _rows(self, rows: list[Any]) -> Iterator[tuple[int, list[tuple[Run, ...]]]]:
        for row in rows:
            found = []
            first = self.number + 1
            for cell in row.children:
                runs: list[Run] = []
                for paragraph in _paragraphs(cell):
                    self.number += 1
                    for piece in self._pieces(paragraph.children):
                        runs += [*([Run(" ")] if runs else []), *piece.runs]
                found.append(tuple(runs))
            yield first, found

    def _notes_below(self) -> Iterator[Line]:
        """The footnotes of the paragraph above."""
        waiting, self.waiting = self.waiting, []
        for number, reference in waiting:
            self._say(
                f"footnote {number} stands in brackets below its paragraph",
                "decide where it belongs, in the briefing or nowhere",
            )
            try:
                note = self.document.notes.resolve(reference)
            except KeyError:
                self._say(f"footnote {number} is not in the document", "write it")
                continue
            runs: list[Run] = [Run(f"[{number}] ")]
            for paragraph in _paragraphs(note):
                for piece in self._pieces(paragraph.children):
                    runs += [*piece.runs, Run(" ")]
            yield from paragraph_lines([Piece(self.number, "new", tuple(runs))], self.notes)

    def _say(self, message: str, cure: str) -> None:
        self.notes.say("doubtful", self.number or None, message, cure)


def _paragraphs(element: Any) -> Iterator[Any]:
    """The paragraphs inside a cell or a note, those of inner tables too."""
    children = getattr(element, "body", None) or getattr(element, "children", None) or ()
    for child in children:
        if type(child).__name__ == "Paragraph":
            yield child
        elif hasattr(child, "children"):
            yield from _paragraphs(child)


def _filled(cell: Any) -> list[Any]:
    """The paragraphs of a cell that hold more than nothing."""
    return [paragraph for paragraph in _paragraphs(cell) if paragraph.children]


# ------------------------------------------------------------------------- what stands elsewhere


def _say_aside(word: WordFile, notes: Notes) -> None:
    """Say what the document holds besides its text."""
    for pattern, what, cure in (
        (r"word/header\d*\.xml", "the head of the pages", "write it where it belongs"),
        (r"word/footer\d*\.xml", "the foot of the pages", "write it where it belongs"),
        (r"word/comments\.xml", "a comment", "settle it"),
        (r"word/diagrams/data\d*\.xml", "a diagram", "write it as sentences"),
        (r"word/charts/chart\d*\.xml", "a chart", "write it as sentences"),
    ):
        said = dict.fromkeys(" / ".join(paragraphs(root)) for root in word.roots(pattern))
        for text in said:
            if text:
                notes.say("doubtful", None, f"'{text}' is {what} and was not taken over", cure)
    for root in word.roots(r"word/document\d*\.xml"):
        gone = " / ".join(deleted(root))
        if gone:
            notes.say(
                "doubtful",
                None,
                f"'{gone}' was deleted or moved with tracked changes and was not taken over",
                "accept or refuse the changes in Word",
            )
        if has(root, "ins", "moveTo"):
            notes.say(
                "doubtful",
                None,
                "words that were put in with tracked changes were taken over, accepted or not",
                "accept or refuse the changes in Word",
            )
        if has(root, "txbxContent"):
            notes.say(
                "doubtful",
                None,
                "the text of a box stands below the paragraph that holds the box",
                "look at its place",
            )
        if has(root, "vanish"):
            notes.say(
                "doubtful", None, "hidden text of Word may have been taken over", "look for it"
            )
        if has(root, "altChunk"):
            notes.say(
                "doubtful",
                None,
                "another document is embedded in this one and was not taken over",
                "copy its text into this one",
            )
    if any(name.startswith("word/embeddings/") for name in word.names):
        notes.say("doubtful", None, "an embedded object was not taken over", "write what it shows")


# Of what mammoth says, this is of no use here: styles are read by name, and the words of elements
# that it does not know are looked for in the document.
_NEEDLESS = re.compile(r"^(Unrecognised|An unrecognised element|\w+ style with ID|Image of type)")


def _say_messages(messages: list[str], notes: Notes) -> None:
    for message in dict.fromkeys(messages):
        if not _NEEDLESS.match(message):
            notes.say("doubtful", None, f"Word's file holds what was not read: {message}", "look")


def _say_missing(word: WordFile, lines: tuple[Line, ...], notes: Notes) -> None:
    """Name the words that the document shows and that did not come through."""
    meant = Counter(
        one
        for pattern in (r"word/document\d*\.xml", r"word/(foot|end)notes\.xml")
        for root in word.roots(pattern)
        for text in paragraphs(root)
        for one in _words(text)
    )
    came = Counter(one for line in lines for one in _words(line.text))
    missing = list((meant - came).elements())
    if missing:
        told = ", ".join(f"'{one}'" for one in missing[:_MOST_TOLD])
        more = f" and {len(missing) - _MOST_TOLD} more" if len(missing) > _MOST_TOLD else ""
        notes.say(
            "doubtful",
            None,
            f"words of the document did not come through: {told}{more}",
            "find them in the document, and write them where they belong",
        )


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", re.sub("[\u00ad\u200b\u200e\u200f\u2060\ufeff]", "", text))
