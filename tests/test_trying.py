"""`check LAYOUT`: a layout is tried with samples on every paper for every window."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import jinja2
import PIL.Image
import pytest
from projects import Bench
from test_example_layouts import EXAMPLES, ROOT

from actionpack.enclosure import windows_for
from actionpack.layouts import bare_words, find_layout, layout_names, read_layout, unplaced_slots
from actionpack.model import Layout
from actionpack.project import layout_shelves
from actionpack.store import Jail
from actionpack.trying import _trials

PICTURES = 'prints = ["label", "title", "images", "picture_credit"]'


def change(name: str, old: str, new: str) -> None:
    path = Path("layouts/ours") / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def nobody_gives(ours: Bench) -> list[Any]:
    """What is said of variables, without what the layout engine says of the same lines."""
    found = ours.run("check", "ours").findings
    return [one for one in found if "which nobody gives" in one["message"]]


@pytest.fixture
def ours(bench: Bench) -> Bench:
    """A project with a layout of its own, on one paper to be quick."""
    bench.run("new-layout", "ours", "--from", "labels")
    change("layout.toml", 'papers = ["a4", "letter"]', 'papers = ["a4"]')
    return bench


@pytest.mark.parametrize("name", layout_names(layout_shelves(None)))
def test_every_layout_that_ships_takes_every_sample(bench: Bench, name: str) -> None:
    ran = bench.run("check", name)
    assert (ran.code, ran.errors) == (0, [])
    # A long text may have no room in large print: that is said, and nothing is set smaller.
    assert [
        one
        for one in ran.findings
        if "(sample 'long', " not in one["message"] or "--large-print" not in one["message"]
    ] == []


def test_every_window_is_tried_on_every_paper() -> None:
    layout = read_layout(find_layout(layout_shelves(None), "letter"))
    tried = {(trial.paper, trial.window) for trial in _trials(layout) if trial.sample == "long"}
    assert tried == {(paper, name) for paper in layout.papers for name in windows_for(paper)}
    others = [trial for trial in _trials(layout) if trial.sample != "long"]
    assert {trial.sample for trial in others} == {"short", "right-to-left"}
    assert {"sn-right"} < {trial.window for trial in others}


def test_each_variant_is_tried_on_every_paper() -> None:
    layout = read_layout(find_layout(layout_shelves(None), "poster"))
    tried = {(one.variant, one.sample, one.paper) for one in _trials(layout)}
    for variant in ("", "large-print", "ink-saver"):
        assert {paper for v, sample, paper in tried if (v, sample) == (variant, "long")} == {
            *layout.papers
        }
        assert {sample for v, sample, paper in tried if v == variant} == {
            *("long", "short", "right-to-left")
        }
    cards = read_layout(find_layout(layout_shelves(None), "postcard"))
    papers = {one.paper for one in _trials(cards) if one.variant == "large-print"}
    assert papers == {"a4", "letter", "a5", "half-letter"}


def test_what_breaks_in_a_variant_alone_names_it(ours: Bench) -> None:
    change("style.css", ".note {", ".ink-saver .note { background: #ccc; height: 6mm; }\n.note {")
    ran = ours.run("check", "ours")
    assert set(ran.errors) == {"solid-area"}
    assert all("--ink-saver" in one["message"] for one in ran.findings)


def test_what_a_sample_is_too_long_for_is_a_warning_with_its_name(ours: Bench) -> None:
    change("layout.toml", "sizes = [10.5, 10, 9.5, 9, 8.5, 8]", "sizes = [16]")
    ran = ours.run("check", "ours")
    assert ran.code == 0
    assert set(ran.codes) == {"address-too-long"}
    assert all("(sample 'long', a4" in one["message"] for one in ran.findings)
    assert {one["file"] for one in ran.findings} == {"layouts/ours/layout.toml"}


def test_a_text_that_a_layout_loses_is_an_error(ours: Bench) -> None:
    change(
        "template.html.j2", "{%- for line in target.lines %}", "{%- for line in target.lines[:1] %}"
    )
    ran = ours.run("check", "ours")
    assert ran.code == 1
    assert "lost-text" in ran.errors
    assert "every sample" in ran.findings[0]["message"] or "sample '" in ran.findings[0]["message"]


def test_a_fault_in_the_template_keeps_its_line_and_is_said_once(ours: Bench) -> None:
    change("template.html.j2", "{{ title }}", "{{ titel }}")
    ran = ours.run("check", "ours")
    assert ran.errors == ["layout-fault"]
    found = ran.findings[0]
    assert found["file"] == "layouts/ours/template.html.j2"
    assert found["line"]
    assert "(every sample)" in found["message"]


def test_what_only_text_from_right_to_left_breaks_names_that_sample(ours: Bench) -> None:
    change("style.css", ".label[dir=rtl] p { left", ".label[dir=rtl] p { top: 60mm; left")
    change("style.css", ".note {", "[lang=ar] .note { top: 250mm; }\n.note {")
    ran = ours.run("check", "ours")
    assert ran.code == 1
    assert all("sample 'right-to-left'" in one["message"] for one in ran.findings)


def test_the_samples_have_no_deadline_that_will_pass(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACTIONPACK_TODAY", date(2090, 1, 1).isoformat())
    assert bench.run("check", "labels").findings == ()


def test_what_a_layout_says_it_prints_is_something_that_can_be_printed(ours: Bench) -> None:
    change("layout.toml", 'prints = ["label", "title"]', 'prints = ["label", "titel"]')
    found = ours.run("check", "ours").findings
    assert [(one["code"], one["line"], one["cure"]) for one in found] == [
        ("bad-value", 12, "did you mean 'title'?")
    ]
    assert found[0]["message"] == "'prints' names 'titel', which nobody can print"


def test_pictures_need_room_and_their_credits(ours: Bench) -> None:
    change("layout.toml", 'prints = ["label", "title"]', 'prints = ["label", "title", "images"]')
    found = ours.run("check", "ours").findings
    assert {(one["code"], one["line"]) for one in found} == {("missing-field", 12)}
    assert [(one["message"], one["cure"]) for one in found] == [
        (
            "'prints' names 'images' without 'picture_credit': pictures would lose their credits",
            "add 'picture_credit', and print it beside each picture",
        ),
        (
            "'lengths' has no 'photo_height', and 'prints' names 'images'",
            "write how much room a picture has, mm: photo_height = 60",
        ),
        (
            "'lengths' has no 'photo_width', and 'prints' names 'images'",
            "write how much room a picture has, mm: photo_width = 60",
        ),
    ]


def test_a_page_for_which_there_is_no_window_is_named(bench: Bench) -> None:
    bench.run("new-layout", "ours")
    text = Path("layouts/ours/layout.toml").read_text(encoding="utf-8")
    Path("layouts/ours/layout.toml").write_text(
        text.replace('papers = ["a4", "letter"]', 'papers = ["a5"]'), encoding="utf-8"
    )
    ran = bench.run("check", "ours")
    assert (ran.code, ran.errors) == (1, ["layout-fault"])
    assert ran.findings[0]["message"] == (
        "layout 'ours' goes into an envelope with a window, and there is none for a page of A5"
    )
    assert ran.findings[0]["cure"] == "write enclosed = false, or name other papers"


def test_a_length_of_a_window_in_what_goes_into_no_envelope_is_told_why(ours: Bench) -> None:
    change("layout.toml", "label_inset = 3.5", 'label_inset = "tear - 3"')
    found = ours.run("check", "ours").findings
    assert [one["code"] for one in found] == ["layout-fault"]
    assert found[0]["cure"] == (
        "leave it out, or write enclosed = true: only what goes into an envelope has a window"
    )


def test_a_variable_that_nobody_gives_is_named_with_its_line_and_the_nearest(ours: Bench) -> None:
    change("style.css", "line-height: calc(8.4pt * var(--leading))", "line-height: var(--leadign)")
    found = nobody_gives(ours)
    assert [(one["file"], one["code"]) for one in found] == [
        ("layouts/ours/style.css", "layout-fault")
    ]
    style = Path("layouts/ours/style.css").read_text(encoding="utf-8")
    assert "--leadign" in style.split("\n")[found[0]["line"] - 1]
    assert found[0]["message"] == (
        "the style sheet uses 'var(--leadign)', which nobody gives (every sample)"
    )
    assert found[0]["cure"] == (
        "did you mean 'leading'? else give it a number in [lengths] of layout.toml, "
        "or delete the rule"
    )


@pytest.mark.parametrize("used", ["var(--mine, 3mm)", "/* var(--mine) */ 3mm"])
def test_a_variable_that_may_be_missing_and_one_in_a_comment_are_no_fault(
    ours: Bench, used: str
) -> None:
    change("style.css", "font-size: 6.6pt;", f"font-size: 6.6pt; --other: {used};")
    assert ours.run("check", "ours").findings == ()


@pytest.mark.parametrize("side", ["start", "end"])
def test_a_float_by_the_direction_of_text_is_told_how_to_be_written(ours: Bench, side: str) -> None:
    # WeasyPrint fails at it where it stands in a line with other words.
    rule = f".aside {{ float: inline-{side}; }}"
    change("style.css", ":root {", f"{rule}\n/* float: inline-end */\n:root {{")
    (found,) = (one for one in ours.run("check", "ours").findings if one["line"])
    assert (found["code"], found["file"]) == ("layout-fault", "layouts/ours/style.css")
    style = Path("layouts/ours/style.css").read_text(encoding="utf-8")
    assert style.split("\n")[found["line"] - 1] == rule
    assert (
        found["message"] == f"the layout engine may fail at 'float: inline-{side}' (every sample)"
    )
    assert found["cure"] == f"write 'float: var(--{side})'"
    change("style.css", rule, f".aside {{ float: var(--{side}); }}")
    assert "layout-fault" not in ours.run("check", "ours").errors


def test_a_slot_without_a_place_in_the_template_is_named(ours: Bench) -> None:
    path = Path("layouts/ours/layout.toml")
    slot = '\n[[slot]]\nname = "group"\nwidth = 40\nheight = 9\nfamily = "Noto Sans"\nsizes = [9]\n'
    path.write_text(path.read_text(encoding="utf-8") + slot, encoding="utf-8")
    found = ours.run("check", "ours").findings
    assert [(one["file"], one["message"], one["cure"]) for one in found] == [
        (
            "layouts/ours/template.html.j2",
            "the template has no place for the slot 'group'",
            'write {{ slot("group") }} where it is to stand, or delete the slot',
        )
    ]
    built = ours.run("build", "river", "--layout", "ours", "--allow-draft").findings
    assert "the template has no place for the slot 'group'" in {one["message"] for one in built}


def with_template(folder: Path, template: str) -> Layout:
    (folder / "layout.toml").write_bytes((ROOT / "layouts/letter/layout.toml").read_bytes())
    (folder / "template.html.j2").write_text(template, encoding="utf-8")
    return read_layout(Jail(root=folder, name="ours"))


def slots_without_a_place(folder: Path, template: str) -> list[str]:
    found = unplaced_slots(with_template(folder, template))
    return [one.message.removeprefix("the template has no place for the slot ") for one in found]


@pytest.mark.parametrize(
    ("template", "missing"),
    [
        ("{{ slot('code') }}", False),
        ('{{ slot(\n"code" if large(form(2)) else "group") }}', False),
        ('{{ slot("group" if sender == "code" else "contact") }}', True),
        ('<div class="code">{{ slot("stub-code") }}</div>', True),
        ('{# {{ slot("code") }} #}', True),
    ],
)
def test_only_a_call_for_a_slot_is_its_place(tmp_path: Path, template: str, missing: bool) -> None:
    assert ("'code'" in slots_without_a_place(tmp_path, template)) is missing


@pytest.mark.parametrize("made_up", ['"line-" ~ n', "n", '"a"|lower', '"a" if n is even else n'])
def test_a_template_that_makes_up_names_of_slots_may_mean_any(tmp_path: Path, made_up: str) -> None:
    template = f"{{% for n in [1, 2] %}}{{{{ slot({made_up}) }}}}{{% endfor %}}"
    assert slots_without_a_place(tmp_path, template) == []


def test_a_piece_that_the_layout_does_not_have_is_named(ours: Bench) -> None:
    change("template.html.j2", 'data-piece="sheet"', 'data-piece="leaf"')
    found = ours.run("check", "ours").findings
    assert (
        "the template names a piece 'leaf' that layout.toml does not have in this form ("
        in (found[0]["message"])
    )
    assert found[0]["cure"] == "write the name of a piece of layout.toml into data-piece"


def test_what_does_not_fit_is_cured_in_the_layout_since_nobody_can_shorten_a_sample(
    ours: Bench,
) -> None:
    change("layout.toml", "sizes = [10.5, 10, 9.5, 9, 8.5, 8]", "sizes = [16]")
    cures = {one["cure"] for one in ours.run("check", "ours").findings}
    assert cures == {"give it more room, or the layout a form with smaller letter sizes"}


def test_a_variable_that_is_near_to_none_is_named_once_where_it_is_used_first(ours: Bench) -> None:
    change("style.css", "font-size: 6.6pt;", "padding: var(--quince);\n  margin: var(--quince);")
    found = nobody_gives(ours)
    style = Path("layouts/ours/style.css").read_text(encoding="utf-8")
    assert [one["line"] for one in found] == [style[: style.index("--quince")].count("\n") + 1]
    assert found[0]["cure"] == "give it a number in [lengths] of layout.toml, or delete the rule"


def test_what_the_layout_engine_cannot_read_is_named_with_its_line(ours: Bench) -> None:
    change("style.css", ".note {", ".note { positon: relative;")
    found = ours.run("check", "ours").findings
    style = Path("layouts/ours/style.css").read_text(encoding="utf-8")
    line = style[: style.index("positon")].count("\n") + 1
    assert [(one["file"], one["line"]) for one in found] == [("layouts/ours/style.css", line)]
    assert found[0]["message"] == (
        "the layout engine says: Ignored `positon: relative`, unknown property (every sample)"
    )


def test_what_stands_in_a_style_attribute_has_no_line_in_the_style_sheet(ours: Bench) -> None:
    change("template.html.j2", "<body", '<body style="positon: relative"')
    found = ours.run("check", "ours").findings
    assert {(one["file"], one["line"]) for one in found} == {("layouts/ours/layout.toml", None)}
    assert "positon" in found[0]["message"]


def test_a_variable_that_nobody_gives_is_told_where_the_layout_engine_dies_of_it(
    bench: Bench,
) -> None:
    # WeasyPrint fails at an assertion where the width of what it places comes to nothing.
    shutil.copytree(EXAMPLES / "leaflet", Path("layouts/ours"))
    change("style.css", "calc(100% - var(--side)", "calc(100% - var(--sied)")
    found = bench.run("check", "ours").findings
    assert {one["code"] for one in found} == {"layout-fault"}
    assert "the style sheet uses 'var(--sied)', which nobody gives" in found[0]["message"]


def test_what_no_element_of_the_template_holds_is_told_how_to_mark_it(ours: Bench) -> None:
    change("template.html.j2", 'data-field="title"', 'data-field="titel"')
    cures = {one["cure"] for one in ours.run("check", "ours").findings}
    assert cures == {
        (
            'shorten the text; or give it an element with data-field="title" in the template, '
            "or take it out of 'prints'"
        )
    }


def test_a_picture_that_the_template_shows_nowhere_is_an_error(ours: Bench) -> None:
    change("layout.toml", 'prints = ["label", "title"]', PICTURES)
    change("layout.toml", "[lengths]", "[lengths]\nphoto_width = 40\nphoto_height = 30")
    found = [one for one in ours.run("check", "ours").findings if one["code"] == "lost-picture"]
    assert [(one["message"], one["severity"]) for one in found] == [
        ("the picture 'images/wide.jpg' is not on the paper (sample 'long', a4)", "error")
    ]
    assert "{% for image in images %}" in found[0]["cure"]


def test_a_picture_that_a_form_leaves_out_is_told_and_not_missed(ours: Bench) -> None:
    change("layout.toml", 'prints = ["label", "title"]', PICTURES)
    change("layout.toml", "[lengths]", "[lengths]\nphoto_width = 40\nphoto_height = 30")
    change("layout.toml", "[[form]]", '[[form]]\nleaves_out = ["images", "picture_credit"]')
    assert {one["code"] for one in ours.run("check", "ours").findings} == {"left-out"}


def test_one_window_that_is_asked_for_is_tried_alone() -> None:
    layout = read_layout(find_layout(layout_shelves(None), "letter"))
    assert {(one.paper, one.window) for one in _trials(layout, "din-5008-b")} == {
        ("a4", "din-5008-b")
    }


def test_a_window_that_no_paper_can_be_folded_for_is_refused_with_the_nearest(
    bench: Bench,
) -> None:
    bench.run("new-layout", "ours", "--from", "letter")
    change("layout.toml", 'papers = ["a4", "letter"]', 'papers = ["a4"]')
    found = bench.run("check", "ours", "--window", "us-9").findings
    assert [(one["code"], one["cure"]) for one in found] == [
        ("bad-value", "take the nearest that works: --window us-10")
    ]


def test_what_only_a_pdf_is_held_against_is_no_window_for_a_layout(ours: Bench) -> None:
    (found,) = ours.run("check", "ours", "--window", "notify-uk").findings
    assert found["message"] == (
        "--window notify-uk: it is no envelope, but what PDF files are held against"
    )


def test_the_samples_can_be_drawn(ours: Bench) -> None:
    assert ours.run("check", "ours", "--picture", "ours.png").files == (Path("ours.png"),)
    with PIL.Image.open("ours.png") as picture:
        width, height = picture.size
    # The long sample is two sheets beside each other, one for each target; each has its legend.
    assert 2.1 * 297 / 210 < height / (width / 2) < 3.6 * 297 / 210


def test_words_of_a_template_that_nobody_can_translate_are_named(ours: Bench) -> None:
    change("template.html.j2", "</body>", '<p class="a">Come on Friday {{ title }}</p></body>')
    found = [one for one in ours.run("check", "ours").findings if one["line"]]
    template = Path("layouts/ours/template.html.j2").read_text(encoding="utf-8")
    line = template[: template.index("Come on")].count("\n") + 1
    assert [(one["code"], one["line"], one["message"], one["cure"]) for one in found] == [
        (
            "missing-translation",
            line,
            "'Come on Friday' is printed as it stands, whatever the language",
            'write {{ _("Come on Friday") }}, or {{ "Come on Friday" }} for a name',
        )
    ]


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ('<p data-x="a > big">{{ title }}</p>', []),
        ("<script>let words = 1 < 2</script><STYLE>\np { color: red }\n</STYLE>", []),
        ("<!-- a > note --><p{% if x %} class='so > it'{% endif %}>&nbsp;&ndash;</p>", []),
        (
            "<p>\n{# a\nnote #}\n\nGive&nbsp;this {{ title }} to</p>",
            [(5, "Give\xa0this"), (5, "to")],
        ),
        ("<style>a</style><p>Fish &amp; bread", [(1, "Fish & bread")]),
    ],
)
def test_only_what_stands_between_tags_is_words(
    tmp_path: Path, template: str, found: list[tuple[int, str]]
) -> None:
    assert [
        (
            one.place.line,
            one.message.removesuffix("' is printed as it stands, whatever the language"),
        )
        for one in bare_words(with_template(tmp_path, template))
    ] == [(line, f"'{words}") for line, words in found]


@pytest.mark.parametrize("words", ["Say so", 'Say "no"', "Don't", 'Don\'t say "no"'])
def test_the_cure_for_bare_words_can_be_written_as_it_stands(tmp_path: Path, words: str) -> None:
    (found,) = bare_words(with_template(tmp_path, f"<p>{words}</p>"))
    assert found.cure is not None
    translated, name = re.findall(r"\{\{ (.*?) \}\}", found.cure)
    assert jinja2.Environment().compile_expression(translated)(_=str) == words
    assert jinja2.Environment().compile_expression(name)() == words


@pytest.mark.parametrize("folder", [Path("layouts"), EXAMPLES.relative_to(ROOT)])
def test_what_a_layout_that_ships_prints_of_its_own_can_be_translated(folder: Path) -> None:
    shelf = (Jail(root=ROOT / folder, name=str(folder)),)
    names = layout_names(shelf)
    assert len(names) >= 2
    for name in names:
        assert bare_words(read_layout(find_layout(shelf, name))) == ()
