"""YAML and TOML: what was written stays as written, and every fault names its line and cure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from actionpack.diagnostics import Finding, Place, Rejected
from actionpack.source import (
    Fields,
    Sequence,
    Table,
    Value,
    Written,
    check_characters,
    did_you_mean,
    parse_date,
    parse_number,
    parse_whole,
    read_toml,
    read_yaml,
)

Read = Callable[[str, str], Table]

FILE = "content/harbour/action.yaml"


def texts(value: Value | None) -> object:
    """The texts alone, without their places."""
    if isinstance(value, Table):
        return {entry.key: texts(entry.value) for entry in value.entries}
    if isinstance(value, Sequence):
        return [texts(item) for item in value.items]
    return value.text if value else None


def lines(value: Value, path: str = "") -> dict[str, int | None]:
    """The line of every value, by its path."""
    found = {path: value.place.line} if path else {}
    if isinstance(value, Table):
        for entry in value.entries:
            found |= lines(entry.value, f"{path}.{entry.key}".lstrip("."))
    elif isinstance(value, Sequence):
        for index, item in enumerate(value.items):
            found |= lines(item, f"{path}[{index}]")
    return found


def faults(read: Read, text: str) -> tuple[Finding, ...]:
    with pytest.raises(Rejected) as caught:
        read(text, FILE)
    return caught.value.findings


def refusals(read: Read, text: str) -> tuple[Finding, ...]:
    """The findings by which a text is refused; none when it is a table."""
    try:
        table = read(text, FILE)
    except Rejected as rejected:
        return rejected.findings
    assert isinstance(table, Table)
    return ()


def told(found: Finding) -> str:
    return str(found).removeprefix(FILE)


def asked(text: str, ask: Callable[[Fields], object]) -> tuple[object, list[str]]:
    """What `ask` gets from a YAML text, and the findings it leaves."""
    found: list[Finding] = []
    value = ask(Fields(read_yaml(text, FILE), found))
    return value, [told(one) for one in found]


# -------------------------------------------------------------------------- YAML: as it is written


@pytest.mark.parametrize(
    "written",
    [
        "no",  # a language, not an answer
        "0100017",  # a postcode, not a number of base 8
        "12:30",  # a time, not a number of base 60
        "2020-03-19",
        "1.10",
        "1_000",
        "0x1F",
        "~",
        "null",
        "yes",
        "+86 10 6238 1025",
        ".inf",
        "1e3",
    ],
)
def test_a_scalar_stays_the_text_that_was_written(written: str) -> None:
    assert texts(read_yaml(f"value: {written}", FILE)) == {"value": written}


def test_quotes_and_escapes_are_those_of_yaml() -> None:
    text = "a: 'it''s'\nb: \"one\\ntwo\"\nc: |\n  one\n  two\nd: >\n  one\n  two\n"
    assert texts(read_yaml(text, FILE)) == {
        "a": "it's",
        "b": "one\ntwo",
        "c": "one\ntwo",
        "d": "one two",
    }


def test_white_space_round_a_value_goes() -> None:
    assert texts(read_yaml("a: '  x  '\nb:\nc: ''\n", FILE)) == {"a": "x", "b": "", "c": ""}


def test_lists_and_tables_nest() -> None:
    text = "targets:\n  - id: a\n    lines: [One, Two]\n  - {id: b, lines: Three}\n"
    assert texts(read_yaml(text, FILE)) == {
        "targets": [{"id": "a", "lines": ["One", "Two"]}, {"id": "b", "lines": "Three"}]
    }


def test_a_tag_changes_nothing_and_runs_nothing() -> None:
    assert texts(read_yaml("a: !!python/object/apply:os.system [ls]", FILE)) == {"a": ["ls"]}
    assert texts(read_yaml("a: !!int x", FILE)) == {"a": "x"}


@pytest.mark.parametrize("text", ["", "\n", "# nothing yet\n"])
def test_an_empty_file_is_an_empty_table(text: str) -> None:
    assert read_yaml(text, FILE) == Table((), Place(file=FILE, line=1))
    assert read_toml(text, FILE) == Table((), Place(file=FILE, line=1))


def test_every_value_knows_its_line() -> None:
    text = (
        "# who\n"
        "id: harbour\n"
        "people:\n"
        "  - name: Ana\n"
        "    pronoun: she/her\n"
        "\n"
        "  - {name: Ben}\n"
        "summary: |\n"
        "  One\n"
        "  Two\n"
    )
    assert lines(read_yaml(text, FILE)) == {
        "id": 2,
        "people": 4,
        "people[0]": 4,
        "people[0].name": 4,
        "people[0].pronoun": 5,
        "people[1]": 7,
        "people[1].name": 7,
        "summary": 9,  # the text of a block begins below its mark
    }


def test_front_matter_counts_from_the_line_it_begins_on() -> None:
    assert lines(read_yaml("title: x\nstatus: draft\n", FILE, first_line=2)) == {
        "title": 2,
        "status": 3,
    }


# ------------------------------------------------------------------------------------ YAML: faults

QUOTE_IT = "put values that hold ': ' or begin with a sign into quotes"


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        pytest.param(
            "title: Families: a plea\n",
            f":1: error: this is not YAML: mapping values are not allowed here; {QUOTE_IT}"
            " [bad-value]",
            id="colon in a value",
        ),
        pytest.param(
            "a: 1\nb: @home\n",
            ":2: error: this is not YAML: found character '@' that cannot start any token; "
            f"{QUOTE_IT} [bad-value]",
            id="sign",
        ),
        pytest.param(
            "a:\n\tb: 1\n",
            r":2: error: this is not YAML: found character '\t' that cannot start any token; "
            "indent with spaces, not with tabs [bad-value]",
            id="tab",
        ),
        pytest.param(
            "a: 1\nb: 2\na: 3\n",
            ":3: error: 'a' is there twice; delete one of the two [bad-value]",
            id="duplicate key",
        ),
        pytest.param(
            "a:\n  b: 1\n  b: 2\n",
            ":3: error: 'b' is there twice; delete one of the two [bad-value]",
            id="duplicate key inside",
        ),
        pytest.param(
            "a: &name 1\n\nb: *name\n",
            ":3: error: an alias ('*name') is not read here; write it out [bad-value]",
            id="alias",
        ),
        pytest.param(
            "a: &name [1, *name]\n",
            ":1: error: an alias ('*name') is not read here; write it out [bad-value]",
            id="alias of itself",
        ),
        pytest.param(
            "a: &one\n  x: 1\nb:\n  <<: *one\n",
            ":4: error: an alias ('*name') is not read here; write it out [bad-value]",
            id="merge key",
        ),
        pytest.param(
            "a: 1\n? [b, c]\n: 2\n",
            ":2: error: a key must be one word; correct it [bad-value]",
            id="list as key",
        ),
        pytest.param(
            "- a\n- b\n",
            ":1: error: the file is not a list of 'key: value' lines; "
            "begin it with a key and a colon [bad-value]",
            id="list",
        ),
        pytest.param(
            "just words\n",
            ":1: error: the file is not a list of 'key: value' lines; "
            "begin it with a key and a colon [bad-value]",
            id="words",
        ),
        pytest.param(
            "a: 1\nb: x\x0by\n",
            ":2: error: the file holds the control character U+000B; delete it [bad-value]",
            id="control character",
        ),
        pytest.param(
            "a: 1\nb: 2 # \x00\n",
            ":2: error: the file holds the control character U+0000; delete it [bad-value]",
            id="NUL in a comment",
        ),
        pytest.param(
            "a: 1\n\n\nb: wait\x85\n",
            ":4: error: the file holds the control character U+0085; delete it [bad-value]",
            id="an ellipsis of Windows-1252 read as Latin-1",
        ),
        pytest.param(
            "a: one\u2028two\nb: 1\n",
            ":1: error: the file holds the control character U+2028; delete it [bad-value]",
            id="line separator",
        ),
        pytest.param(
            'a: "\\UFFFFFFFF"\n',
            ":1: error: this is not YAML: an escape in it names no character; "
            "correct it [bad-value]",
            id="escape beyond Unicode",
        ),
    ],
)
def test_a_fault_in_yaml_names_its_line_and_its_cure(text: str, finding: str) -> None:
    assert [told(found) for found in faults(read_yaml, text)] == [finding]


def test_the_lines_of_faults_in_front_matter_are_those_of_the_file() -> None:
    with pytest.raises(Rejected) as caught:
        read_yaml("a: 1\nb: \x01\n", "en.md", first_line=2)
    assert caught.value.findings[0].place == Place(file="en.md", line=3)
    with pytest.raises(Rejected) as caught:
        read_yaml("a: 1\na: 2\n", "en.md", first_line=2)
    assert caught.value.findings[0].place == Place(file="en.md", line=3)


def test_all_duplicates_and_aliases_are_told_at_once() -> None:
    found = faults(read_yaml, "a: &x 1\na: 2\nb: *x\nb: 3\n")
    assert [(one.place.line, one.message) for one in found] == [
        (2, "'a' is there twice"),
        (3, "an alias ('*name') is not read here"),
        (4, "'b' is there twice"),
    ]


def test_an_anchor_that_nobody_refers_to_is_no_fault() -> None:
    assert texts(read_yaml("a: &x 1\nb: &x 2\n", FILE)) == {"a": "1", "b": "2"}


LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{after}: &{after} [*{before}, *{before}]\n"
    for before, after in zip("abcdefghijklmnopqrs", "bcdefghijklmnopqrst", strict=True)
)
NESTS = {
    "brackets": "a: " + "[" * 1_000,
    "closed brackets": "a: " + "[" * 60 + "]" * 60,
    "braces": "{a: " * 3_000,
    "blocks": "\n".join(" " * depth + "a:" for depth in range(400)),
    "a billion laughs": LAUGHS,
}


@pytest.mark.parametrize("bomb", NESTS.values(), ids=NESTS.keys())
def test_a_bomb_in_yaml_is_a_finding(bomb: str) -> None:
    found = faults(read_yaml, bomb)
    assert {one.message for one in found} <= {
        "nesting this deep is not read here",
        "an alias ('*name') is not read here",
    }
    assert all(one.place.line and one.cure in ("write it flat", "write it out") for one in found)


def test_nesting_may_be_twenty_deep() -> None:
    def nested(depth: int) -> str:
        return "a: " + "[" * depth + "x" + "]" * depth

    read_yaml(nested(19), FILE)
    assert faults(read_yaml, nested(20))[0].message == "nesting this deep is not read here"


# ------------------------------------------------------------------------------------------- TOML


def test_toml_scalars_stay_as_written_but_for_their_form() -> None:
    text = 'a = 215.90\nb = true\nc = 2020-03-19\nd = "0100017"\ne = 7\nf = [1.50, "x"]\n'
    assert texts(read_toml(text, FILE)) == {
        "a": "215.90",
        "b": "true",
        "c": "2020-03-19",
        "d": "0100017",
        "e": "7",
        "f": ["1.50", "x"],
    }


TOML = """\
# a comment with [brackets] and key = value
title = "one"

[page]
size = 10
margin.left = 5
margin.right = { near = 1, far = 2 }
note = '''
size = 3
[nothing]
'''
list = [
  "a", # ]
  ["b"],
]
after = 1

[[row]]
name = "first"
[[row.part]]
x = 1
[[row.part]]
x = 2

[row.part.deep]
y = "[[row]]"

[[row]]
name = "second"
[[row.part]]
x = 3
["odd key"."a.b"]
quoted = '''ends in a quote''''
single = '["'
double = "[\\"'"
z = 4
"""


def test_every_toml_value_knows_its_line() -> None:
    assert lines(read_toml(TOML, FILE)) == {
        "title": 2,
        "page": 4,
        "page.size": 5,
        "page.margin": 6,
        "page.margin.left": 6,
        "page.margin.right": 7,
        "page.margin.right.near": 7,
        "page.margin.right.far": 7,
        "page.note": 8,
        "page.list": 12,
        "page.list[0]": 12,
        "page.list[1]": 12,
        "page.list[1][0]": 12,
        "page.after": 16,
        "row": 18,
        "row[0]": 18,
        "row[0].name": 19,
        "row[0].part": 20,
        "row[0].part[0]": 20,
        "row[0].part[0].x": 21,
        "row[0].part[1]": 22,
        "row[0].part[1].x": 23,
        "row[0].part[1].deep": 25,
        "row[0].part[1].deep.y": 26,
        "row[1]": 28,
        "row[1].name": 29,
        "row[1].part": 30,
        "row[1].part[0]": 30,
        "row[1].part[0].x": 31,
        "odd key": 32,
        "odd key.a.b": 32,
        "odd key.a.b.quoted": 33,
        "odd key.a.b.single": 34,
        "odd key.a.b.double": 35,
        "odd key.a.b.z": 36,
    }


def test_a_table_that_follows_its_own_parts_has_its_own_line() -> None:
    assert lines(read_toml("[a.b]\nx = 1\n[a]\ny = 2\n", FILE)) == {
        "a": 3,
        "a.b": 1,
        "a.b.x": 2,
        "a.y": 4,
    }


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        pytest.param(
            "a = 1\nb =\n",
            ":2: error: this is not TOML: Invalid value (at line 2, column 4); correct it",
            id="no value",
        ),
        pytest.param(
            "a = 1\nb = 'x",
            """:2: error: this is not TOML: Expected "'" (at end of document); correct it""",
            id="at the end",
        ),
        pytest.param(
            "a = 1\na = 2\nb = 1\n",
            ":2: error: this is not TOML: Cannot overwrite a value (at line 2, column 6); "
            "correct it",
            id="duplicate key",
        ),
        pytest.param(
            "a = no\n",
            ":1: error: this is not TOML: Invalid value (at line 1, column 5); correct it",
            id="bare word",
        ),
        pytest.param(
            "a = 1\nb = '\x0b'\n",
            ":2: error: this is not TOML: Found invalid character '\\x0b' "
            "(at line 2, column 6); correct it",
            id="control character",
        ),
    ],
)
def test_a_fault_in_toml_names_its_line_and_its_cure(text: str, finding: str) -> None:
    assert [told(found) for found in faults(read_toml, text)] == [finding + " [bad-value]"]


@pytest.mark.parametrize(
    "bomb",
    [
        pytest.param("a = " + "[" * 2_000, id="brackets"),
        pytest.param("a = " + "[" * 60 + "]" * 60, id="closed brackets"),
        pytest.param("a" + ".a" * 500 + " = 1", id="dotted key"),
        pytest.param("[a" + ".a" * 500 + "]", id="header"),
    ],
)
def test_nesting_too_deep_in_toml_is_a_finding(bomb: str) -> None:
    found = faults(read_toml, bomb)
    assert [(one.place.line, one.message) for one in found] == [
        (1, "nesting this deep is not read here")
    ]


@pytest.mark.parametrize("digits", ["1" * 5_000, "0x" + "f" * 5_000])
def test_a_number_without_end_is_a_finding(digits: str) -> None:
    assert faults(read_toml, f"a = {digits}\n")[0].code == "bad-value"


# ------------------------------------------------------------------------------ any text at all

# Pieces that mean something to a parser, so that random text gets past its first character.
MARKS = st.sampled_from("aé:-?,[]{}|>'\"#&*!%=.\\ \n\t\ufeff") | st.sampled_from(
    (
        "'" * 3,
        '"' * 3,
        "!!",
        "---",
        "...",
        "<<",
        "[[",
        "]]",
        ": ",
        "- ",
        " = ",
        "\r\n",
        "&a",
        "*a",
        "0x1",
        "1e3",
        "true",
        "2020-03-19",
        "\\u00e9",
        "\\U0010ffff",
        "%YAML",
    )
)
soup = st.lists(MARKS | st.characters(), max_size=30).map("".join) | st.text()


@settings(max_examples=200)
@given(soup)
@example("&a [ #,\n[&a -- |\\\n")  # two anchors of one name: the library only warns
@example('"\\UFFFFFFFF": 1')
@example("%YAML 9.9\n---\na: 1")
def test_random_yaml_is_a_table_or_findings_with_line_and_cure(text: str) -> None:
    assert all(
        found.place.file == FILE and found.place.line and found.message and found.cure
        for found in refusals(read_yaml, text)
    )


@given(soup)
@example("a = 0x" + "f" * 5_000)
@example("a" + ".a" * 400 + "=1")
@example('a = """""""""')  # six quotes open and close, three more open again
def test_random_toml_is_a_table_or_findings_with_line_and_cure(text: str) -> None:
    assert all(
        found.place.file == FILE and found.place.line and found.message and found.cure
        for found in refusals(read_toml, text)
    )


keys = st.from_regex(r"[a-z]{1,6}", fullmatch=True)
words = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=20)


@given(st.dictionaries(keys, words, max_size=6))
def test_quoted_values_come_back_from_both(values: dict[str, str]) -> None:
    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    stripped = {key: text.strip() for key, text in values.items()}
    as_yaml = "".join(f"{quoted(key)}: {quoted(text)}\n" for key, text in values.items())
    as_toml = "".join(f"{quoted(key)} = {quoted(text)}\n" for key, text in values.items())
    assert texts(read_yaml(as_yaml, FILE)) == stripped
    assert texts(read_toml(as_toml, FILE)) == stripped


# --------------------------------------------------------------------------- asking for the values


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("", ":1: error: 'title' is missing; write it [missing-field]"),
        ("a: 1\ntitle:\n", ":2: error: 'title' is empty; write it [missing-field]"),
        ("title: ''\n", ":1: error: 'title' is empty; write it [missing-field]"),
        ("title: [x]\n", ":1: error: 'title' must be one text; correct it [bad-value]"),
        ("title:\n  a: b\n", ":2: error: 'title' must be one text; correct it [bad-value]"),
    ],
)
def test_a_text_that_must_be_there_is_there_or_found_missing_once(text: str, finding: str) -> None:
    assert asked(text, lambda fields: fields.text("title")) == ("", [finding])


def test_an_absent_text_that_may_be_absent_is_none() -> None:
    assert asked("", lambda fields: fields.optional_text("summary")) == (None, [])
    assert asked("summary:\n", lambda fields: fields.optional_text("summary")) == (None, [])


def test_a_fault_on_the_same_line_hides_no_other() -> None:
    # One line holds it all, as in a file that another program wrote.
    def both(fields: Fields) -> object:
        return fields.date("day"), fields.text("title")

    assert asked('{"day": "soon", "title": ""}', both) == (
        (None, ""),
        [
            (
                ":1: error: 'day' is 'soon', which is not a date such as 2027-12-31; "
                "write a date such as 2027-12-31 [bad-value]"
            ),
            ":1: error: 'title' is empty; write it [missing-field]",
        ],
    )


@pytest.mark.parametrize(
    "written",
    ["2020-3-19", "19.03.2020", "2020-02-30", "20200319", "2020-03-19T12:00", "٢٠٢٠-٠٣-١٩"],
)
def test_what_is_no_date_is_told_with_the_form_a_date_has(written: str) -> None:
    assert asked(f"day: {written}", lambda fields: fields.date("day")) == (
        None,
        [
            (
                f":1: error: 'day' is '{written}', which is not a date such as 2027-12-31; "
                "write a date such as 2027-12-31 [bad-value]"
            )
        ],
    )


def test_a_date_is_a_day() -> None:
    assert parse_date("2020-03-19") == date(2020, 3, 19)


@pytest.mark.parametrize("written", ["nan", "inf", "1e9", "1,5", "٣", "1.", ".5", "--1", "0x10"])
def test_a_number_is_plain_decimal(written: str) -> None:
    assert asked(f"width: '{written}'", lambda fields: fields.number("width")) == (
        None,
        [f":1: error: 'width' is '{written}', which is not a number; write a number [bad-value]"],
    )


def test_numbers_have_sign_and_fraction() -> None:
    assert (parse_number("-3"), parse_number("101.6")) == (-3.0, 101.6)


@pytest.mark.parametrize("written", ["0", "-1", "1.0", "1000001", "99999999", "²", "one"])
def test_a_whole_number_counts_from_one_to_a_million(written: str) -> None:
    assert asked(f"edition: {written}", lambda fields: fields.whole("edition")) == (
        None,
        [
            (
                f":1: error: 'edition' is '{written}', which is not a whole number from 1; "
                "write a whole number from 1 [bad-value]"
            )
        ],
    )


def test_whole_numbers_reach_both_ends() -> None:
    assert (parse_whole("1"), parse_whole("1000000")) == (1, 1_000_000)


def test_a_choice_names_the_nearest_right_word() -> None:
    def status(fields: Fields) -> object:
        return fields.choice("status", ("source", "draft", "reviewed"))

    assert asked("status: draft", status) == ("draft", [])
    assert asked("status: Reviewd", status)[1] == [
        ":1: error: 'status' is 'Reviewd'; did you mean 'reviewed'? [bad-value]"
    ]
    assert asked("status: x", status)[1] == [
        ":1: error: 'status' is 'x'; known are: draft, reviewed, source [bad-value]"
    ]


def test_one_text_alone_is_a_list_of_one() -> None:
    assert asked("lines: One", lambda fields: fields.texts("lines")) == (("One",), [])
    assert asked("lines: [One, Two]", lambda fields: fields.texts("lines")) == (("One", "Two"), [])
    assert asked("lines:", lambda fields: fields.texts("lines")) == ((), [])
    assert asked("", lambda fields: fields.texts("lines")) == ((), [])


def test_a_list_of_texts_holds_no_list_and_no_empty_line() -> None:
    text = "lines:\n  - One\n  -\n  - [Two]\n"
    assert asked(text, lambda fields: fields.texts("lines")) == (
        ("One",),
        [
            ":3: error: 'lines' holds an empty line; correct it [bad-value]",
            ":4: error: 'lines' must be a list of texts; correct it [bad-value]",
        ],
    )


def test_a_list_of_tables_skips_what_is_none_and_says_so() -> None:
    def names(fields: Fields) -> object:
        return [row.text("name") for row in fields.tables("people")]

    text = "people:\n  - name: Ana\n  - Ben\n  - nam: Cem\n"
    assert asked(text, names) == (
        ["Ana", ""],
        [
            ":3: error: 'people' must hold 'key: value' lines; correct it [bad-value]",
            ":4: error: 'people.name' is missing; write it [missing-field]",
        ],
    )


def test_a_table_inside_a_table_names_the_way_to_it() -> None:
    def day(fields: Fields) -> object:
        row = fields.inner("stopped")
        return row and row.date("date")

    assert asked("stopped: {date: 2020-03-19}", day) == (date(2020, 3, 19), [])
    assert asked("", day) == (None, [])
    assert asked("stopped: yes", day)[1] == [
        ":1: error: 'stopped' must hold 'key: value' lines; correct it [bad-value]"
    ]
    assert asked("stopped:\n  date: now", day)[1] == [
        (
            ":2: error: 'stopped.date' is 'now', which is not a date such as 2027-12-31; "
            "write a date such as 2027-12-31 [bad-value]"
        )
    ]


def test_tables_by_name_come_with_their_names() -> None:
    def widths(fields: Fields) -> object:
        return {name: row.number("width") for name, row in fields.named_tables()}

    assert asked("a4: {width: x}", widths)[1] == [
        ":1: error: 'a4.width' is 'x', which is not a number; write a number [bad-value]"
    ]
    assert asked("a4: {width: 210}\na5: 148\n", widths) == (
        {"a4": 210.0},
        [":2: error: 'a5' must hold 'key: value' lines; correct it [bad-value]"],
    )


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("targets:\n", ":1: error: 'targets' is empty; write it [missing-field]"),
        ("targets: []\n", ":1: error: 'targets' is empty; write it [missing-field]"),
        ("id: x\n", ":1: error: 'targets' is missing; write it [missing-field]"),
        (
            "targets: x\n",
            ":1: error: 'targets' must hold 'key: value' lines; correct it [bad-value]",
        ),
    ],
)
def test_what_must_be_there_is_told_once_whatever_was_asked(text: str, finding: str) -> None:
    assert asked(text, lambda fields: fields.required("targets", fields.tables)) == ((), [finding])


def test_keys_nobody_asked_for_are_unknown_and_get_the_nearest_name() -> None:
    def title(fields: Fields) -> object:
        title = fields.text("title")
        fields.optional_text("summary")
        fields.done()
        return title

    assert asked("title: x\nsumary: y\nedition: 3\n", title) == (
        "x",
        [
            ":2: error: 'sumary' is not known; did you mean 'summary'? [unknown-field]",
            ":3: error: 'edition' is not known; known are: summary, title [unknown-field]",
        ],
    )


def test_a_word_is_near_whatever_its_case_and_far_words_get_the_list() -> None:
    assert did_you_mean("LETTER", ("letter", "ask")) == "did you mean 'letter'?"
    assert did_you_mean("xyz", ("letter", "ask")) == "known are: ask, letter"
    assert did_you_mean("xyz", ()) == "delete it"


# ------------------------------------------------------------------------- characters nobody sees


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\u202e", "U+202E (right-to-left override)"),
        ("\u2066", "U+2066 (left-to-right isolate)"),
        ("\u200f", "U+200F (right-to-left mark)"),
        ("\ufeff", "U+FEFF (zero width no-break space)"),
        ("\u061c", "U+061C (arabic letter mark)"),
        ("\u3164", "U+3164 (hangul filler)"),
        ("\U000e0041", "U+E0041 (tag latin capital letter a)"),
        ("\x07", "U+0007 (a control character)"),
        ("\x85", "U+0085 (a control character)"),
        ("\u2029", "U+2029 (paragraph separator)"),
        ("\ud800", "U+D800 (half of a character)"),
    ],
)
def test_a_character_that_hides_or_turns_text_is_told_by_name(character: str, name: str) -> None:
    found = check_characters(f"one\ntwo{character}", Place(file="en.md", line=7))
    assert [str(one) for one in found] == [
        (
            f"en.md:8: error: the text holds {name}, which prints nothing and can change what the "
            "rest says; delete it [bad-value]"
        )
    ]


def test_a_character_that_was_lost_on_the_way_is_told_with_its_line() -> None:
    (found,) = check_characters("one\ntwo\ufffd\ufffd", Place(file="en.md", line=7))
    assert str(found) == (
        "en.md:8: error: the text holds \ufffd (U+FFFD), "
        "which stands for a character that was lost; "
        "look it up in the original, and write it again [bad-value]"
    )


def test_such_a_character_is_told_once_however_often_it_stands() -> None:
    assert len(check_characters("\u200f" * 50 + "\u200e", Place(file="en.md", line=1))) == 2


def test_joiners_tabs_and_every_script_are_no_fault() -> None:
    # ZWNJ and ZWJ are spelling in Persian and Sinhala.
    assert check_characters("می\u200cخواهم ක්\u200dෂ\t信\u3000é\u0301\n", Place()) == ()


def test_hidden_characters_are_found_in_texts_and_lists() -> None:
    def both(fields: Fields) -> object:
        return fields.text("a"), fields.texts("b")

    _, found = asked('a: "\\u202e"\nb: ["x\\u202e"]\n', both)
    assert [one.split(":")[1] for one in found] == ["1", "2"]


@given(st.text())
def test_characters_are_judged_without_a_fall(text: str) -> None:
    place = Place(file="en.md", line=1)
    assert all(found.place.line for found in check_characters(text, place))


def test_a_value_knows_where_it_was_written() -> None:
    value = read_yaml("a: x\n", FILE).get("a")
    assert value == Written("x", Place(file=FILE, line=1))
    assert read_yaml("a: x\n", FILE).get("b") is None


def test_an_empty_value_has_the_line_of_its_key() -> None:
    text = "title:\n\n# the next one\nsummary: x\nlines:\n  - One\n  -\n  - Two\nby:\n"
    assert lines(read_yaml(text, FILE)) == {
        "title": 1,
        "summary": 4,
        "lines": 6,
        "lines[0]": 6,
        "lines[1]": 7,
        "lines[2]": 8,
        "by": 9,
    }


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [("one\n\u0301two", 2, "'◌\u0301' (U+0301, combining acute accent) stands on no letter"),
     ("की ि", 1, "'◌ि' (U+093F, devanagari vowel sign i) stands on no letter"),
     ("«\u064e", 1, "'◌\u064e' (U+064E, arabic fatha) stands on no letter")],
)  # fmt: skip
def test_a_mark_that_stands_on_no_letter_is_told_by_name(text: str, line: int, told: str) -> None:
    (found,) = check_characters(text, Place(file="en.md", line=1))
    assert (found.place.line, found.message) == (line, told)
    assert found.is_error


@pytest.mark.parametrize("text", ["é", "的", "вет", "’", "“Düsseldorf", "يولد", "ά"])
def test_text_that_was_read_in_the_wrong_encoding_is_told_with_what_it_was(text: str) -> None:
    misread = text.encode().decode("cp1252")
    found = check_characters(f"{misread} {misread}", Place(file="en.md", line=3))
    assert found
    assert all("was read in the wrong encoding" in one.message for one in found)


@pytest.mark.parametrize("text", ["Café", "acción", "Straße", "Élan", "Österreich", "25°C"])
def test_one_such_letter_inside_a_word_is_enough(text: str) -> None:
    (found,) = check_characters(text.encode().decode("cp1252"), Place(file="en.md", line=3))
    assert found.message.endswith("and was read in the wrong encoding")


@pytest.mark.parametrize(
    "text",
    [
        "Spaß“",
        "„Ä“",
        "À «",
        "Ça «c’est» fait…",
        "É» Ñ»",
        "Ã€",
        "100 °C ±½",
        "ÅÄÖ “hej”",
        "Ð",
        "naïve – café",
        "MANHÔ",
        "MANHÃ”",
        "Nº 3 à»",
        "2×”",
    ],
)
def test_letters_that_merely_stand_beside_signs_are_no_wrong_encoding(text: str) -> None:
    assert check_characters(text, Place()) == ()
