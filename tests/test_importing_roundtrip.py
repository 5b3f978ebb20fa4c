"""Import, build, read back: no word of a text is lost, whatever kind of file it was in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from projects import Bench, page_texts
from test_importing import TODAY, read_back
from test_importing_docx import docx, p, run, table

from actionpack.diagnostics import Finding, Rejected, has_errors
from actionpack.importing import Imported, Wishes, import_bytes


@dataclass(frozen=True)
class Bit:
    """A part of a text, in the three kinds of files; % is a word of its own."""

    text: str
    markdown: str
    word: Callable[[str], str]


def plain(text: str) -> Bit:
    return Bit(text, text, p)


# What stands anywhere. `word` gets the text with its words.
BITS = st.sampled_from(
    [
        plain("% % %."),
        plain("%"),
        plain("% %:"),
        plain("%, % %!"),
        plain("“% % % %” — %"),
        plain("« % % % »"),
        plain("%-% 12 %/%"),
        plain("Dear %,"),
        plain("Fax: %"),
        plain("%@%.org"),
        plain("Copies to: %"),
        plain("Deadline: 31 December 2027 %"),
        plain("Background"),
        plain("Address:"),
        plain("[%]"),
        plain("and"),
        plain("China"),
        plain("Source: %"),
        Bit("• %", "* %", lambda text: p(text[2:], number=1)),
        Bit("1. %\n2. % %", "1. %\n2. % %", lambda text: "".join(
            p(line[3:], number=2) for line in text.split("\n"))),
        Bit("- %\n  - %", "- %\n  - %", lambda text: "".join(
            p(line.strip()[2:], number=1, level=level)
            for level, line in enumerate(text.split("\n")))),
        Bit("% %", "**%** *%*", lambda text: p(
            *(run(word, style) for word, style in zip(text.split(), "bi", strict=True)))),
        Bit("%\n% %", "%  \n% %", p),
        Bit("%.%", "%.%", p),
        Bit("%\t%", "[%](https://example.org/%)", p),
        Bit("% % % %.\t%", "> % % % %.\n> — %", lambda text: p(text, style="Citation")),
        Bit("% %", "## % %", lambda text: p(text, style="Titre2")),
        Bit("% | %", "| % | % |\n|---|---|\n| % | % |", lambda text: table(
            tuple(text.split(" | ")))),
        Bit("<b>%</b>", "<b>%</b> <!-- % -->", p),
        Bit("%\u00ad\u200b%", "`%` \\*%\\*", p),
        Bit("-----", "***", lambda text: p()),
        Bit("%", "![%](%.png) %", p),
        Bit("%", "    %\n    %", p),
    ]
)  # fmt: skip


def with_words(shape: str, count: Iterator[int]) -> str:
    return re.sub("%", lambda _: f"ж{next(count)}ж", shape)


def words_in(text: str) -> set[int]:
    return {int(number) for number in re.findall(r"ж(\d+)ж", text)}


HEADS = ("Take action", "Template letter", "Other action/other address")


def parts_of(
    briefing: list[Bit], ask: list[Bit], above: list[Bit], letter: list[Bit], other: list[Bit]
) -> list[Bit]:
    take, template, others = (
        Bit(head, f"## {head}", lambda text: p(text, style="Titre1")) for head in HEADS
    )
    return [
        Bit("China: %", "# China: %", lambda text: p(text, style="Titre")),
        *(plain("%."), *briefing, take, plain("% %."), *ask, template),
        *(plain("%"), plain("% %"), plain("China"), *above, plain("Dear %,"), plain("% % %.")),
        *(*letter, plain("Yours sincerely,"), others, *other),
    ]


def as_text(bits: list[Bit]) -> bytes:
    count = iter(range(10_000))
    return "\n\n".join(with_words(bit.text, count) for bit in bits).encode()


def as_markdown(bits: list[Bit]) -> bytes:
    count = iter(range(10_000))
    return "\n\n".join(with_words(bit.markdown, count) for bit in bits).encode()


def as_word(bits: list[Bit]) -> bytes:
    count = iter(range(10_000))
    return docx(*(bit.word(with_words(bit.text, count)) for bit in bits))


MADE = {"txt": as_text, "md": as_markdown, "docx": as_word}


def imported(data: bytes, kind: str, tag: str | None = "en") -> Imported:
    wishes = Wishes(action_id="a", tag=tag, online=None, today=TODAY)
    return import_bytes(data, file=f"a.{kind}", wishes=wishes)


def imported_or_refused(data: bytes, kind: str, tag: str | None) -> Imported | None:
    """What an import makes; None when it refuses, which it must do with an error."""
    faults: tuple[Finding, ...] = ()
    try:
        return imported(data, kind, tag)
    except Rejected as rejected:
        faults = rejected.findings
    assert has_errors(faults)
    return None


@pytest.mark.parametrize("kind", sorted(MADE))
@settings(max_examples=120)
@given(
    briefing=st.lists(BITS, max_size=7),
    ask=st.lists(BITS, max_size=4),
    above=st.lists(BITS, max_size=3),
    letter=st.lists(BITS, max_size=5),
    other=st.lists(BITS, max_size=2),
)
def test_every_word_is_in_the_folder_or_in_a_finding(
    kind: str,
    briefing: list[Bit],
    ask: list[Bit],
    above: list[Bit],
    letter: list[Bit],
    other: list[Bit],
) -> None:
    bits = parts_of(briefing, ask, above, letter, other)
    data = MADE[kind](bits)
    shapes = "\n".join(bit.markdown if kind == "md" else bit.text for bit in bits)
    source = words_in(with_words(shapes, iter(range(10_000))))
    result = imported_or_refused(data, kind, "en")
    if result is None:
        return
    read_back(result)
    written = words_in("\n".join(text for _, text in result.files))
    said = words_in("\n".join(one.message for one in result.findings))
    assert source - written - said == set()
    # The last line of defence found nothing: whoever took a word away said so at its place.
    assert not [one for one in result.findings if "words of the text" in one.message]


@given(st.binary(max_size=400), st.booleans())
def test_any_bytes_are_imported_or_refused(data: bytes, zipped: bool) -> None:
    for kind in ("txt", "md", "docx"):
        result = imported_or_refused(b"PK\x03\x04" + data if zipped else data, kind, None)
        # What is no text has no letter in it: whatever is taken in all the same has files.
        assert result is None or result.files


# ------------------------------------------------------------------------------------- whole builds

FRENCH = """\
Chine : les familles ouïghoures

Mihriban et Ablikim ont fui le Xinjiang en 2016. « Je ne les ai pas revus », dit-elle.

« Je ne sais pas si je reverrai mes enfants un jour. » — Mihriban

Source : Groupe du Port

Passez à l’action !

Écrivez au président avant le 31 décembre 2027 pour demander :

1. que les enfants puissent partir ;
2. que les parents soient informés.

Lettre type

Xi Jinping
Président de la République
Zhongnanhai
Pékin
Chine

Monsieur le Président,

Je suis inquiète pour les familles du Xinjiang.

Veuillez agréer, Monsieur le Président, l’expression de ma haute considération.
"""
GREEK = """\
Κίνα: Οι οικογένειες των Ουιγούρων

Η Μιχριμπάν και ο Αμπλικίμ έφυγαν το 2016. Από τότε δεν έχουν δει τα παιδιά τους.

Πηγή: Ομάδα Λιμανιού

Αναλάβετε δράση

Γράψτε στον πρόεδρο έως τις 31 Δεκεμβρίου 2027 και ζητήστε:

• να ελευθερωθούν τα παιδιά
• να ενημερωθούν οι γονείς

Υπόδειγμα επιστολής

Σι Τζινπίνγκ
Πρόεδρος της Κίνας
Πεκίνο
Κίνα

Εξοχότατε κύριε Πρόεδρε,

Ανησυχώ πολύ για τις οικογένειες αυτές.

Με εκτίμηση,
"""
# Headings, the country's name (printed in the language of the country of posting) and labels.
NOT_PRINTED = {
    "fr": {"Passez", "à", "l", "action", "Lettre", "type", "Chine"},
    "el": {"Αναλάβετε", "δράση", "Υπόδειγμα", "επιστολής", "Κίνα"},
}


def as_paragraphs(text: str) -> bytes:
    """A plain text as a document with lists, as somebody would set it in Word."""
    blocks = []
    for line in text.rstrip("\n").split("\n"):
        numbered = re.match(r"\d\. ", line)
        if line.startswith("• "):
            blocks.append(p(line[2:], number=1))
        elif numbered:
            blocks.append(p(line[3:], number=2))
        else:
            blocks.append(p(line))
    return docx(*blocks)


@pytest.mark.parametrize(("tag", "text"), [("fr", FRENCH), ("el", GREEK)])
@pytest.mark.parametrize(
    ("file", "made"),
    [
        ("a.txt", lambda text: text.replace("\n", "\r\n").encode("utf-16")),
        ("a.md", lambda text: re.sub(r"(?<=\w)\n(?=\w)", "  \n", text).encode()),
        ("a.docx", as_paragraphs),
    ],
)
def test_a_text_is_imported_built_and_read_back(
    tag: str, text: str, file: str, made: Callable[[str], bytes], bench: Bench
) -> None:
    (bench.root / file).write_bytes(made(text))
    result = bench.run("import", file, "--id", "a", "--online", "none")
    assert (result.code, result.errors) == (0, [])
    built = bench.run("build", "a", "--sender-country", "IT")
    assert (built.code, built.errors) == (0, [])
    printed = " ".join(page_texts(built.pdf)).replace("\u00ad", "")
    said = " ".join(one["message"] for one in result.findings)
    there = {word.casefold() for word in re.findall(r"[^\W\d_]+", printed)}
    lost = {
        word
        for word in re.findall(r"[^\W\d_]+", text)
        if word.casefold() not in there and word not in NOT_PRINTED[tag]
    }
    assert {word for word in lost if word not in said} == set()
    action, read = read_back(
        imported((bench.root / file).read_bytes(), file.partition(".")[2], None), tag
    )
    assert (action.country, action.act_by) == ("CN", date(2027, 12, 31))
    assert read.closing.for_all is not None
