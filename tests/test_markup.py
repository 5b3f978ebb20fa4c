"""The little Markdown of actions: what it knows, and that everything else prints as typed."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from actionpack.markup import Block, Run, escaped, plain, printed_plain, read_markup, to_html


def runs(source: str) -> tuple[Run, ...]:
    """The runs of a source that is one paragraph, neighbours of one style joined."""
    (block,) = read_markup(source)
    assert block.kind == "paragraph"
    joined: list[Run] = []
    for run in block.runs:
        last = joined[-1] if joined else None
        if last and not last.breaks and not run.breaks and style(last) == style(run):
            joined[-1] = Run(last.text + run.text, last.strong, last.emphasis, last.href)
        else:
            joined.append(run)
    return tuple(joined)


def style(run: Run) -> tuple[object, ...]:
    return (run.strong, run.emphasis, run.href)


def shape(blocks: tuple[Block, ...]) -> object:
    """Kinds and words, lists as lists of items."""
    return [
        (block.kind, [shape(item) for item in block.items])
        if block.items
        else (block.kind, "".join(run.text for run in block.runs))
        for block in blocks
    ]


# ------------------------------------------------------------------------------ what there is


def test_an_empty_line_parts_paragraphs_and_a_single_line_end_does_not() -> None:
    assert shape(read_markup("one\ntwo\n\n\nthree\n")) == [
        ("paragraph", "one two"),
        ("paragraph", "three"),
    ]


def test_nothing_is_no_block() -> None:
    assert read_markup("") == ()
    assert read_markup("\n \n") == ()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("*a*", (Run("a", emphasis=True),)),
        ("_a_", (Run("a", emphasis=True),)),
        ("**a**", (Run("a", strong=True),)),
        ("***a***", (Run("a", strong=True, emphasis=True),)),
        (
            "a **b *c* d** e",
            (
                Run("a "),
                Run("b ", strong=True),
                Run("c", strong=True, emphasis=True),
                Run(" d", strong=True),
                Run(" e"),
            ),
        ),
        ("[a](https://x.org)", (Run("a", href="https://x.org"),)),
        (
            "see [*a* b](https://x.org).",
            (
                Run("see "),
                Run("a", emphasis=True, href="https://x.org"),
                Run(" b", href="https://x.org"),
                Run("."),
            ),
        ),
        ("[](https://x.org)", (Run("https://x.org", href="https://x.org"),)),
        ("[a](https://x.org/ü)", (Run("a", href="https://x.org/%C3%BC"),)),
        ("a  \nb", (Run("a"), Run("", breaks=True), Run("b"))),
        ("a\\\nb", (Run("a"), Run("", breaks=True), Run("b"))),
        (r"\*a\* \# \\", (Run(r"*a* # " + "\\"),)),
    ],
)
def test_emphasis_links_breaks_and_escapes_are_known(
    source: str, expected: tuple[Run, ...]
) -> None:
    assert runs(source) == expected


def test_a_link_is_read_wherever_it_leads_so_that_it_can_be_refused() -> None:
    assert runs("[a](javascript:alert)") == (Run("a", href="javascript:alert"),)
    assert runs("[a](file:///etc/passwd)") == (Run("a", href="file:///etc/passwd"),)
    assert runs("[a]()") == (Run("a", href=""),)


@pytest.mark.parametrize("mark", ["#", "##", "###", "######"])
def test_headings_of_any_level_are_sub_headings(mark: str) -> None:
    assert shape(read_markup(f"{mark} *Who* she is {mark}\ntext")) == [
        ("heading", "Who she is"),
        ("paragraph", "text"),
    ]


@pytest.mark.parametrize("mark", ["-", "*", "+"])
def test_bullets_are_a_list(mark: str) -> None:
    assert shape(read_markup(f"{mark} one\n{mark} two\n  more\n")) == [
        ("bullets", [[("paragraph", "one")], [("paragraph", "two more")]])
    ]


def test_numbers_are_a_list_that_starts_where_it_says() -> None:
    one, three, zero = (read_markup(f"{n}. a\n{n + 1}. b\n")[0] for n in (1, 3, 0))
    assert one.kind == three.kind == zero.kind == "numbers"
    assert (one.numbers, three.numbers, zero.numbers) == ((1, 2), (3, 4), (0, 1))
    assert shape(read_markup("1) a"))[0][0] == "numbers"  # type: ignore[index]


def test_numbers_print_as_typed_so_that_a_list_of_dates_keeps_its_dates() -> None:
    dates, ones, inner = (
        read_markup(source)[0]
        for source in ("12. März\n3. April\n21. Mai", "1. a\n1. b\n1. c", "- a\n  1. b\n  3. c")
    )
    assert dates.numbers == (12, 3, 21)
    assert ones.numbers == (1, 2, 3)  # who numbers all of them 1 wants them counted
    assert inner.items[0][1].numbers == (1, 3)


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("- 12. März: Festnahme", [("bullets", [[("paragraph", "12. März: Festnahme")]])]),
        ("1. 12. März\n", [("numbers", [[("paragraph", "12. März")]])]),
        (
            "- 1. a\n  2. b\n",
            [("bullets", [[("numbers", [[("paragraph", "a")], [("paragraph", "b")]])]])],
        ),
        ("99. a\n100. b", [("numbers", [[("paragraph", "a")], [("paragraph", "b")]])]),
        ("2026. január 5-én", [("paragraph", "2026. január 5-én")]),
        ("- * 3) c", [("bullets", [[("bullets", [[("paragraph", "3) c")]])]])]),
    ],
)
def test_a_date_behind_the_mark_of_an_item_and_a_year_begin_no_list(
    source: str, printed: list[object]
) -> None:
    assert shape(read_markup(source)) == printed


def test_lists_nest_and_items_hold_paragraphs() -> None:
    assert shape(read_markup("- a\n\n  b\n- c\n  1. d\n")) == [
        (
            "bullets",
            [
                [("paragraph", "a"), ("paragraph", "b")],
                [("paragraph", "c"), ("numbers", [[("paragraph", "d")]])],
            ],
        )
    ]


def test_blocks_know_their_line() -> None:
    blocks = read_markup("one\n\n# two\n\n- three\n- four\n\n  five\n\n***\n")
    assert [block.line for block in blocks] == [1, 3, 5, 10]
    assert [[inner.line for inner in item] for item in blocks[2].items] == [[5], [6, 8]]


# ------------------------------------------------------------------------------ and nothing else


@pytest.mark.parametrize(
    "source",
    [
        "<b>bold</b> <script>alert(1)</script> <!-- note -->",
        "<https://example.org>",
        "https://example.org",
        "&amp; &lt; &#65; &nbsp;",
        "`code` ``more``",
        "~~struck~~",
        "| a | b |",
        "> quoted",
        "{{ name }} {% if x %} {# no #}",
        "a footnote[^1]",
        "[a][b] and [c]",
        "5 * 3 * 2 = 30",
        "snake_case_name",
        "#hashtag",
        "1.5 million",
        "-5 degrees",
        "~~~",
        "===",
        ":-)",
        '"quotes" -- and ... dots (c)',
        "$x^2$",
    ],
)
def test_everything_else_prints_as_it_was_typed(source: str) -> None:
    assert runs(source) == (Run(source),)


@pytest.mark.parametrize("rule", ["***", "* * *", "---", "- - -", "___", "_________________"])
def test_a_line_of_marks_is_a_paragraph_of_marks(rule: str) -> None:
    # A list of lists of nothing, a line across, or, for the last one, a place to sign.
    assert shape(read_markup(f"one\n\n{rule}\n\ntwo")) == [
        ("paragraph", "one"),
        ("paragraph", rule),
        ("paragraph", "two"),
    ]
    assert shape(read_markup(f"1. one\n\n   {rule}\n")) == [
        ("numbers", [[("paragraph", "one"), ("paragraph", rule)]])
    ]


def test_a_picture_is_no_picture() -> None:
    assert runs("![a](b.jpg)") == (Run("!"), Run("a", href="b.jpg"))


def test_a_fence_and_an_indent_are_paragraphs() -> None:
    assert shape(read_markup("```\nx = 1\n```")) == [("paragraph", "``` x = 1 ```")]
    assert shape(read_markup("    four spaces")) == [("paragraph", "four spaces")]
    assert shape(read_markup("title\n=====")) == [("paragraph", "title =====")]


def test_a_definition_defines_nothing_and_prints() -> None:
    assert plain(read_markup("[a]: https://x.org\n\n[a]")) == "[a]: https://x.org\n[a]"


def test_deep_nesting_loses_no_word() -> None:
    assert plain(read_markup("- " * 20 + "word")).split() == ["word"]
    assert plain(read_markup("*" * 40 + "word")).endswith("word")
    assert plain(read_markup("[" * 200 + "word")) == "[" * 200 + "word"


# ----------------------------------------------------------------------------- words in and out


def test_plain_is_a_line_for_each_paragraph_without_marks() -> None:
    source = "# Who\n\nShe is *my* aunt,  \nand [here](https://x.org).\n\n- one\n- two\n\n  three\n"
    assert plain(read_markup(source)) == "Who\nShe is my aunt, and here.\none\ntwo\nthree"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# one", r"\# one"),
        ("#\tone", "\\#\tone"),
        ("#hashtag", "#hashtag"),
        ("- one", r"\- one"),
        ("-5 degrees", "-5 degrees"),
        ("+ one", r"\+ one"),
        ("12. one", r"12\. one"),
        ("12) one", r"12\) one"),
        ("1.5 million", "1.5 million"),
        ("---", r"\---"),
        ("- - -", r"\- - -"),
        ("* one_two*", r"\* one\_two\*"),
        ("[a](b)", r"\[a\](b)"),
        ("a\\b", r"a\\b"),
        ("  # one", r"  \# one"),
        ("one # two - three 4. five", "one # two - three 4. five"),
    ],
)
def test_escaping_marks_what_has_a_meaning_and_leaves_the_rest(text: str, expected: str) -> None:
    assert escaped(text) == expected
    assert plain(read_markup(expected)).split() == text.split()


# Marks, digits and spaces far more often than chance would have them. A file that is read has
# no carriage return and no NUL.
marks = st.sampled_from("*_[]()#-+=.>\\`<&!~|1 \t\n")
texts = st.lists(marks | st.characters(codec="utf-8", exclude_characters="\r\0")).map("".join)


@given(texts)
@example("1.\n2)\n-\n+\n#\n")
@example("#\ta")
@example("-- -")
@example("a\n---\nb\n===")
@example("\xa0# a\n\u3000- b")
@example("a\\")
@example("[a]: b")
def test_escaped_text_reads_back_as_its_words(text: str) -> None:
    assert plain(read_markup(escaped(text))).split() == text.split()


@given(texts)
def test_escaped_text_has_no_style_and_no_list(text: str) -> None:
    blocks = read_markup(escaped(text))
    assert {block.kind for block in blocks} <= {"paragraph"}
    assert {style(run) for block in blocks for run in block.runs} <= {(False, False, None)}


@given(st.lists(marks | st.characters(codec="utf-8")).map("".join))
def test_any_source_is_blocks_whose_lines_lie_in_it(source: str) -> None:
    last = source.count("\n") + source.count("\r") + 1

    def check(blocks: tuple[Block, ...]) -> None:
        for block in blocks:
            assert 1 <= block.line <= last
            for item in block.items:
                check(item)

    check(read_markup(source))


@given(texts)
def test_letters_are_never_lost(text: str) -> None:
    """Marks may mean something and go; what is a letter is printed, once and in order."""
    printed = plain(read_markup(text))
    hidden = [run.href or "" for block in read_markup(text) for run in block.runs]
    letters = [c for c in text if c.isalpha()]
    kept = [c for c in printed if c.isalpha()]
    assert kept == letters or any(hidden)


def test_the_title_of_a_link_is_printed_behind_it() -> None:
    blocks = read_markup('[the report](https://www.example.org "published in May")')
    assert plain(blocks) == "the report (published in May)"


# ----------------------------------------------------------------------------------- on the page


def test_a_list_item_stands_bare_in_its_item() -> None:
    assert to_html(read_markup("- one\n- two\n\n3. three")) == (
        "<ul><li>one</li><li>two</li></ul>"
        '<ol><li style="counter-increment:list-item 3">three</li></ol>'
    )
    assert to_html(read_markup("12. a\n13. b\n3. c")) == (
        '<ol><li style="counter-increment:list-item 12">a</li><li>b</li>'
        '<li style="counter-increment:list-item -10">c</li></ol>'
    )


def test_in_a_letter_a_sub_heading_is_a_bold_line() -> None:
    blocks = read_markup("### Why\n\ntext")
    assert to_html(blocks) == "<h2>Why</h2><p>text</p>"
    assert to_html(blocks, headings=False) == '<p class="sub-heading">Why</p><p>text</p>'


def test_the_address_of_a_link_is_printed_when_its_words_do_not_show_it() -> None:
    hidden = read_markup("Read [the report](https://www.example.org/r) now.")
    shown = read_markup("See [www.example.org/r](https://www.example.org/r).")
    assert printed_plain(hidden) == "Read the report (www.example.org/r) now."
    assert printed_plain(shown) == "See www.example.org/r."
    assert "(www.example.org/r)" in to_html(hidden)
