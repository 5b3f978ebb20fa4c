"""What can be found wrong, as values: severity, code, place, message and cure.

One table, `CODES`, holds every code with its usual severity, its usual cure and the place
where it is looked for. Exit codes stand here too, so that an error carries its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any, Literal

Severity = Literal["error", "warning"]
# Where a code is looked for: the folders a person writes, the boxes as laid out, the finished file.
FoundIn = Literal["content", "laid-out boxes", "finished file"]


class Exit(IntEnum):
    """What a command's exit code says."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    MISSING_ON_MACHINE = 3
    IN_PART = 4
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a finding is: file (as the user names it), line and page from 1; None: not known."""

    file: str | None = None
    line: int | None = None
    row: int | None = None
    page: int | None = None

    def __str__(self) -> str:
        parts = [self.file] if self.file else []
        parts += [str(self.line)] if self.file and self.line is not None else []
        parts += [f"row {self.row}"] if self.row is not None else []
        parts += [f"page {self.page}"] if self.page is not None else []
        return ":".join(parts)


NOWHERE = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong: where, what, and what to do.

    `option` settles it too, with a command that has it: who prints the finding knows; '' is none.
    """

    severity: Severity
    code: str
    place: Place = NOWHERE
    message: str
    cure: str
    option: str = ""

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place != NOWHERE else ""
        return f"{where}{self.severity}: {self.message}; {self.cure} [{self.code}]"

    @property
    def is_error(self) -> bool:
        return self.severity == "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A row of the table: what a code means, how grave it usually is, what usually cures it.

    `option` is that of some commands which settles it as well; '' where there is none.
    """

    severity: Severity
    found_in: tuple[FoundIn, ...]
    means: str
    cure: str
    option: str = ""


def _row(severity: Severity, found_in: str, means: str, cure: str, option: str = "") -> Code:
    places: dict[str, FoundIn] = {
        "c": "content",
        "b": "laid-out boxes",
        "f": "finished file",
    }
    return Code(
        severity=severity,
        found_in=tuple(places[letter] for letter in found_in),
        means=means,
        cure=cure,
        option=option,
    )


CODES: dict[str, Code] = {
    "missing-field": _row("error", "c", "a value that must be there is not", "write it"),
    "unknown-field": _row("error", "c", "a key nobody reads", "correct its name or delete it"),
    "bad-value": _row("error", "c", "a value that cannot be what it should be", "correct it"),
    "missing-file": _row(
        "error", "c", "a file or folder that is named does not exist", "correct the name or add it"
    ),
    "missing-section": _row(
        "error", "c", "a section of the text is absent or empty", "write the section"
    ),
    "unknown-section": _row(
        "error", "c", "a section nobody prints", "correct its heading or delete it"
    ),
    "missing-translation": _row(
        "warning",
        "c",
        "printed words that are not there in this language",
        "nothing needs to be done: the action itself prints in its own language",
    ),
    "stale-translation": _row(
        "warning",
        "c",
        "a translation made from an older source",
        "translate it again: actionpack translate export, then import",
    ),
    "unstamped-translation": _row(
        "warning",
        "c",
        "a translation of which it is not known what it was made from",
        "look it over beside the source, then: actionpack translate stamp",
    ),
    "fuzzy-translation": _row(
        "warning",
        "c",
        "an entry of a PO file that is marked as unfinished",
        "finish it, and take the mark 'fuzzy' away",
    ),
    "changed-literal": _row(
        "error",
        "c",
        "a number, address or placeholder that a translation lost or changed",
        "write it as it is in the source",
    ),
    "broken-markup": _row(
        "error",
        "c",
        "a translation that is not built as its source is",
        "write the marks of Markdown as they are in the source",
    ),
    "draft-translation": _row(
        "error", "c", "a translation nobody has reviewed", "have it reviewed", "--allow-draft"
    ),
    "expired": _row(
        "error", "cf", "the deadline has passed", "do not hand it out", "--allow-expired"
    ),
    "embargoed": _row(
        "error", "cf", "the action may not be out yet", "build it on the day, not before"
    ),
    "stopped": _row("error", "cf", "the case is closed", "do not print or post it"),
    "missing-glyph": _row(
        "error",
        "cbf",
        "a character that no font here can print",
        "write it with other characters, or add a font that has it",
    ),
    "lost-text": _row(
        "error",
        "bf",
        "words of the content that are not on the paper, once and in order",
        "shorten the text, or correct the layout",
    ),
    "broken-word": _row(
        "warning",
        "b",
        "a word too long for its line, which goes on in the next without a hyphen",
        "use a shorter word there, or give it more room in the layout",
    ),
    "lost-picture": _row(
        "error",
        "b",
        "a picture of the action that is not on the paper",
        "print it: {% for image in images %}<img src=…>; or let the form name 'images' in "
        "'leaves_out', or take it out of 'prints'",
    ),
    "left-out": _row(
        "warning",
        "b",
        "a part of the content that a layout prints only where it has room, and that has none",
        "make room for it: shorten the words on its page",
    ),
    "overflow": _row(
        "error", "bf", "something runs out of its panel or is clipped", "shorten the text"
    ),
    "blank-page": _row(
        "error",
        "f",
        "a page is empty that should not be, or printed that should be empty",
        "correct the layout",
    ),
    "orphan-sign-off": _row(
        "error", "bf", "the closing stands on a page without its letter", "shorten the letter"
    ),
    "blocked-resource": _row(
        "error",
        "cb",
        "the page asked for something outside its folders",
        "put the file into the action, the layout or assets",
    ),
    "layout-fault": _row(
        "error", "cbf", "the layout itself is wrong", "correct the layout's files"
    ),
    "render-failed": _row(
        "error", "b", "the page could not be laid out", "simplify the text or the layout"
    ),
    "image-resolution": _row(
        "warning", "f", "a picture is too coarse for its size", "use a larger picture"
    ),
    "distorted-picture": _row(
        "error",
        "bf",
        "a picture is stretched or squashed: it has not its own proportions",
        "set its width or its height and leave the other alone, or crop it: object-fit: cover",
    ),
    "unsafe-wording": _row(
        "error",
        "cb",
        "a word on what is posted that could put somebody at risk",
        "say it without that word",
    ),
    "font-not-embedded": _row("error", "f", "a font is not inside the file", "embed it"),
    "strange-font": _row(
        "error", "f", "a font that the layout does not name", "use the fonts of the layout"
    ),
    "unsafe-margin": _row(
        "error", "f", "ink where printers cannot print or hands will tear", "move it inwards"
    ),
    "address-outside-window": _row(
        "error", "bf", "part of the address leaves the window", "move the address"
    ),
    "window-exposes-text": _row(
        "error", "bf", "the window shows something else than the address", "move it away"
    ),
    "address-too-long": _row(
        "error", "cb", "too many or too wide lines for the window", "shorten the address"
    ),
    "missing-address": _row(
        "error", "f", "no address where the window shows one", "write the address there"
    ),
    "bad-address": _row(
        "error", "f", "an address that the post cannot use", "write it as the post wants it"
    ),
    "unknown-country": _row(
        "warning",
        "f",
        "the last line of an address is no country that is known here",
        "leave it for mail within the country, else write the country last, alone and in capitals",
    ),
    "address-repeated": _row(
        "warning",
        "f",
        "the address stands on a later page too",
        "take it off: in a window it may be taken for the letter's own",
    ),
    "page-size": _row(
        "error", "f", "a page that is not of the paper, or not the way up", "make it that size"
    ),
    "outside-printable-area": _row(
        "error", "f", "ink where a printing service wants none", "move it into the area"
    ),
    "sheet-too-small": _row(
        "error", "c", "pages that do not fit on the sheet as asked", "print on a larger sheet"
    ),
    "empty-places": _row(
        "warning",
        "c",
        "places of a sheet that stay empty, since there are fewer pages than places",
        "fill them with the same page, or have fewer places on a sheet",
    ),
    "misplaced-page": _row(
        "error",
        "f",
        "a page that is not where it was put on its sheet",
        "print the file as it was made, or build it again",
    ),
    "mark-in-page": _row("error", "f", "a cutting or folding mark inside a page", "build it again"),
    "wrong-marks": _row(
        "error",
        "f",
        "a mark or line to cut, fold or line up plates by that is missing or off its place",
        "build it again, and change nothing in the file",
    ),
    "too-many-pages": _row(
        "error", "f", "more pages than a printing service takes", "take pages off"
    ),
    "strange-tag": _row(
        "error", "f", "a printing service's own mark on a page that is not the first", "take it off"
    ),
    "missing-consent": _row(
        "error",
        "c",
        "somebody is named who is not known to have agreed, and thousands will read it",
        "ask, and write in action.yaml how and when they agreed: consent: …",
    ),
    "missing-licence": _row(
        "error",
        "c",
        "a picture that is not known to be free for print",
        "find out who may print it, and write that in action.yaml: licence: …",
    ),
    "missing-output-intent": _row(
        "error",
        "f",
        "a file for a press does not say which printing condition its inks are for",
        "build it again, and change nothing in the file",
    ),
    "not-for-press": _row(
        "error",
        "f",
        "a file for a press is not PDF/X-4",
        "build it again, and change nothing in the file",
    ),
    "wrong-colours": _row(
        "error",
        "f",
        "something for a press is in the colours of a screen",
        "build it again with --edition press, and change nothing in the file",
    ),
    "too-much-ink": _row(
        "error",
        "f",
        "more ink than the paper takes: it does not dry, and comes off on the next sheet",
        "make the colour lighter, or the text on it white or larger",
    ),
    "white-overprint": _row(
        "error",
        "f",
        "white that overprints is not printed at all",
        "build it again, and change nothing in the file",
    ),
    "hairline": _row(
        "error", "f", "a line too thin to be printed all along", "make it 0.25 pt wide or more"
    ),
    "small-print": _row(
        "error",
        "f",
        "letters too small for large print",
        "set body text in 16 pt or more, what stands aside in 12 pt or more, in the style",
    ),
    "solid-area": _row(
        "error",
        "f",
        "a picture or a filled area in pages that are to save ink",
        "leave it out, or draw its outline, where the body has the class 'ink-saver'",
    ),
    "tiny-text": _row(
        "warning", "f", "letters too small to be printed well", "set them in 6 pt or more"
    ),
    "wrong-boxes": _row(
        "error",
        "f",
        "what says where a page is cut, and how far it bleeds, is not as the layout has it",
        "build it again, and change nothing in the file",
    ),
    "short-bleed": _row(
        "error",
        "cf",
        "something that should run off the page ends too near its edge: a white line will show",
        "let it run further off the page",
    ),
    "lost-in-grey": _row(
        "warning",
        "f",
        "text that cannot be told from its ground in black and white",
        "make the text or its ground lighter or darker",
    ),
    "letter-too-long": _row("error", "b", "the letter does not fit its leaf", "shorten the letter"),
    "posted-mark": _row(
        "error",
        "f",
        "the half that is posted carries something that is not the letter",
        "move it to the half that is kept",
    ),
    "letter-postage": _row(
        "warning",
        "b",
        "a card too large for the price of a postcard where it is posted",
        "post it with the stamp of a letter, and tell whoever posts it",
    ),
    "post-zone": _row(
        "error",
        "f",
        "what the post reads or stamps stands elsewhere, or something else stands there",
        "move it to where the post wants it",
    ),
    "upside-down": _row(
        "error",
        "f",
        "words stand on their head once the sheet is folded",
        "turn the panel in the layout's style sheet: transform: rotate(180deg)",
    ),
    "qr-unreadable": _row(
        "error", "f", "a QR code that does not decode to what was meant", "enlarge it"
    ),
    "qr-module-size": _row(
        "warning", "cf", "a QR code's modules are too small", "use a shorter address"
    ),
    "folded-code": _row("error", "f", "a fold goes through a QR code", "move it between two folds"),
    "qr-quiet-zone": _row(
        "error", "f", "ink in the empty margin that a QR code needs", "keep four modules free"
    ),
    "qr-url": _row("error", "c", "an address that must not be printed as a code", "correct it"),
    "unknown-sender-country": _row(
        "warning",
        "c",
        "the sender's country, which decides the language of the country line, is not known",
        "pass --sender-country with the two letters of the country the letters are posted in",
    ),
    "unproved": _row(
        "warning", "f", "a check that could not be made on this file", "build it here to prove it"
    ),
    "bad-file": _row("error", "cf", "a file that cannot be read for what it is", "repair it"),
    "exists": _row("error", "c", "something is there already", "choose another name", "--force"),
    "repaired": _row("warning", "c", "the import mended something certain", "look at it once"),
    "doubtful": _row("warning", "c", "the import found something it cannot decide", "decide it"),
    "cache-unwritable": _row(
        "warning",
        "c",
        "the folder for what is remembered between builds cannot be written",
        "make room there, or name another folder in ACTIONPACK_CACHE",
    ),
    "internal": _row(
        "error",
        "c",
        "the program itself failed",
        "this is a fault of actionpack: report it with the lines above",
    ),
    "bad-row": _row("error", "c", "a row that cannot be printed", "correct the row"),
    "duplicate-row": _row(
        "error", "c", "a row or an entry of a plan that is there twice", "delete one of them"
    ),
}


def finding(
    code: str,
    message: str,
    place: Place = NOWHERE,
    *,
    cure: str | None = None,
    severity: Severity | None = None,
) -> Finding:
    """Make a finding; severity, and cure with its option, are the table's unless given."""
    row = CODES[code]
    return Finding(
        severity=severity or row.severity,
        code=code,
        place=place,
        message=message,
        cure=cure or row.cure,
        option="" if cure else row.option,
    )


def findings_from(raw: Iterable[dict[str, Any]]) -> tuple[Finding, ...]:
    """Findings back from what `dataclasses.asdict` made of them."""
    return tuple(Finding(**{**one, "place": Place(**one["place"])}) for one in raw)


def has_errors(findings: Iterable[Finding]) -> bool:
    return any(found.is_error for found in findings)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings as one reads what they are about: by line, row and page of each file.

    Files, and what is in none, stay in the order in which they come; what is about all of a file
    is first there.
    """
    findings = tuple(findings)
    files = list(dict.fromkeys(found.place.file for found in findings))

    def where(found: Finding) -> tuple[int, ...]:
        place = found.place
        return (files.index(place.file), place.line or 0, place.row or 0, place.page or 0)

    return tuple(sorted(findings, key=where))


def made_strict(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The same findings with every warning turned into an error (`--strict`)."""
    return tuple(replace(found, severity="error") for found in findings)


class Rejected(Exception):  # noqa: N818 -- it is a verdict: the work was rejected
    """Work that ended in findings; carries them and the exit code they mean."""

    exit = Exit.FINDINGS

    def __init__(self, *findings: Finding) -> None:
        super().__init__("\n".join(str(found) for found in findings))
        self.findings = findings


class UsageFault(Rejected):
    """The command was called with words it cannot use."""

    exit = Exit.USAGE


class MissingOnMachine(Rejected):
    """This machine lacks something; the cure is the line that installs it."""

    exit = Exit.MISSING_ON_MACHINE
