"""Changes to YAML that leave the rest as somebody wrote it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionpack.diagnostics import Place, Rejected
from actionpack.source import (
    Table,
    Written,
    YamlEntry,
    put_texts,
    quoted,
    read_yaml,
    set_entries,
    set_texts,
    ways,
)

HERE = Place(file="x.md", line=1)
ORDER = ("title", "summary", "quote", "status")
PLAIN = """# what stands here is a note
title: plain words  # and here
quote:
  text: |
    one
    two
  by: 'it''s'
# before the status
status: draft
"""


@pytest.mark.parametrize(
    ("way", "old", "new"),
    [
        (("title",), "plain words", '"N: \\"1\\""'),
        (("quote", "by"), "'it''s'", '"N: \\"1\\""'),
        (("quote", "text"), "|\n    one\n    two\n", '"N: \\"1\\""\n'),
        (("status",), "status: draft", 'status: "N: \\"1\\""'),
    ],
)
def test_a_text_is_written_in_the_place_of_another(
    way: tuple[str, ...], old: str, new: str
) -> None:
    assert set_texts(PLAIN, {way: 'N: "1"'}, HERE) == PLAIN.replace(old, new)


def test_several_texts_at_once_and_in_braces() -> None:
    text = "quote: {text: a, by: b}\ntitle:   # none yet\n"
    new = set_texts(text, {("quote", "text"): "long", ("quote", "by"): "x", ("title",): "t"}, HERE)
    assert new == 'quote: {text: "long", by: "x"}\ntitle: "t"   # none yet\n'


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (
            YamlEntry("summary", ("summary: s",)),
            PLAIN.replace("# and here\n", "# and here\nsummary: s\n"),
        ),
        (YamlEntry("status", ()), PLAIN.replace("status: draft\n", "")),
        (
            YamlEntry("quote", ("quote: {text: a}",)),
            PLAIN.replace("  text: |\n    one\n    two\n  by: 'it''s'\n", "").replace(
                "quote:", "quote: {text: a}"
            ),
        ),
        (YamlEntry("title", ("title: t",)), PLAIN.replace("plain words  # and here", "t")),
    ],
)
def test_an_entry_is_set_where_it_belongs(entry: YamlEntry, expected: str) -> None:
    assert set_entries(PLAIN, [entry], ORDER, HERE) == expected


def test_a_key_without_a_value_ends_on_its_own_line() -> None:
    text = "title:\n# a note\nstatus: draft"
    assert set_entries(text, [YamlEntry("summary", ("summary: s",))], ORDER, HERE) == (
        "title:\nsummary: s\n# a note\nstatus: draft"
    )


def test_into_braces_nothing_can_be_set() -> None:
    with pytest.raises(Rejected, match="these fields stand in braces"):
        set_entries("{title: t}", [YamlEntry("summary", ("summary: s",))], ORDER, HERE)


ALT = ("images", "1", "alt", "fr")


@pytest.mark.parametrize(
    ("alt", "expected"),
    [
        ("{en: A}", '{en: A, fr: "B"}'),
        ("{en: A, fr: C, it: D}", '{en: A, fr: "B", it: D}'),
        ("{en: 'A' }  # a note", """{en: 'A', fr: "B" }  # a note"""),
        ("\n      en: A  # a note", '\n      en: A  # a note\n      fr: "B"'),
        ("\n      en: A\n        and more", '\n      en: A\n        and more\n      fr: "B"'),
        ("\n      en: |\n        A", '\n      en: |\n        A\n      fr: "B"'),
        ("\n      fr: C\n      en: >-\n        A", '\n      fr: "B"\n      en: >-\n        A'),
        ("\n      en: 'A\n        B'", """\n      en: 'A\n        B'\n      fr: "B\""""),
    ],
)
@pytest.mark.parametrize("after", ["", "\n    credit: Ann\n", "\n  - file: c.jpg", "\nend: x\n"])
def test_a_text_is_put_below_those_that_stand_there(alt: str, expected: str, after: str) -> None:
    before = "images:\n  - {file: a.jpg, alt: {en: A}}\n  - file: b.jpg\n    alt: "
    new = put_texts(f"{before}{alt}{after}", {ALT: "B"}, HERE)
    assert new == f"{before}{expected}{after}"


def test_a_text_is_put_only_where_there_are_others() -> None:
    with pytest.raises(KeyError):
        put_texts("images: [{alt: {}}]", {("images", "0", "alt", "fr"): "B"}, HERE)
    with pytest.raises(KeyError):
        put_texts("images: [{alt: {en: A}}]", {ALT: "B"}, HERE)


TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=30)


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), max_size=40))
def test_whatever_is_quoted_reads_back(text: str) -> None:
    table = read_yaml(f"a: {quoted(text)}", "x.md")
    assert table.get("a") == Written(text.strip(), Place(file="x.md", line=1))


@given(old=TEXTS, new=TEXTS, other=TEXTS)
def test_only_what_was_meant_changes(old: str, new: str, other: str) -> None:
    text = f"title: {quoted(old)}\nquote: {{text: {quoted(other)}, by: x}}"
    assert ways(text, HERE) == {("title",), ("quote", "text"), ("quote", "by")}
    table = read_yaml(set_texts(text, {("title",): new, ("quote", "by"): new}, HERE), "x.md")
    quote = table.get("quote")
    assert isinstance(quote, Table)
    said = [value.text for value in (table.get("title"), quote.get("text"), quote.get("by"))
            if isinstance(value, Written)]  # fmt: skip
    assert said == [new.strip(), other.strip(), new.strip()]
