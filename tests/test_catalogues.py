"""PO files line by line, and the words that layouts print of their own."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from projects import Bench, Ran

from actionpack.catalogues import (
    Catalogue,
    Message,
    changed_placeholders,
    printed_words,
    read_po,
    reviewer_of,
    shipped_words,
    standard_headers,
    template,
    words_in,
    write_po,
)
from actionpack.compose import FOR_HELPERS, NAME_NOBODY, NO_RELIGION
from actionpack.diagnostics import Rejected
from actionpack.language import is_tag
from actionpack.postal import windows
from actionpack.stamp import StampWords
from actionpack.store import Jail

ROOT = Path(__file__).resolve().parents[1]
TAGS = [name.removesuffix(".po") for name in shipped_words().names() if name.endswith(".po")]

HEAD = 'msgid ""\nmsgstr ""\n"Language: fr\\n"\n\n'
# Words that are translated, and printed by what comes next. Take one off when it is printed.
LATER: set[str] = set()


# ------------------------------------------------------------------------------------ the format


def faults(body: str) -> list[tuple[int | None, str]]:
    """What is wrong with a file, by line; lines below the header count from 5."""
    with pytest.raises(Rejected) as rejected:
        read_po((HEAD + body).encode(), "x.po")
    return [(found.place.line, found.message) for found in rejected.value.findings]


def test_a_file_is_read_with_its_headers_and_the_lines_of_its_entries() -> None:
    body = (
        '#. a comment\n#: en.md:3\n#, fuzzy\nmsgctxt "a/b"\nmsgid "x\\"y"\nmsgstr ""\n"z\\n"\n"w"\n'
    )
    catalogue, found = read_po((HEAD + body).encode(), "x.po")
    assert found == ()
    assert (catalogue.tag, catalogue.end) == ("fr", 12)
    (one,) = catalogue.messages
    assert (one.context, one.id, one.text, one.fuzzy) == ("a/b", 'x"y', "z\nw", True)
    assert one.line == 9


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('msgid "a"\nmsgstr "b\n', [(6, "the file ends within an entry")]),
        ('msgid "a"\n', [(5, "the file ends within an entry")]),
        ('msgctxt "a"\n', [(5, "the file ends within an entry")]),
        (
            'msgid "a"\nmsgid "b"\nmsgstr "c"\n',
            [(6, "the entry above has no msgstr")],
        ),
        ('msgstr "b"\nmsgid "a"\nmsgstr ""\n', [(5, "the entry above has no msgid")]),
        (
            'msgid “a”\nmsgstr "b"\n\nmsgid "c"\nmsgstr d\n\nmsgid "e"\nmsgstr "f"\n',
            [
                (5, "this is no line of a PO file"),
                (9, "this is no line of a PO file"),
            ],
        ),
        (
            'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\n',
            [
                (6, "plural forms mean nothing here"),
                (7, "plural forms mean nothing here"),
            ],
        ),
        ('msgid "a \\q"\nmsgstr ""\n', [(5, "this is no line of a PO file")]),
    ],
)
def test_each_line_that_is_none_of_a_po_file_is_told(
    body: str, expected: list[tuple[int, str]]
) -> None:
    assert faults(body) == expected


@pytest.mark.parametrize("data", [b"<html>500</html>", b"PK\x03\x04", b"Dear Mayor,\n"])
def test_what_never_was_a_po_file_was_not_cut_off(data: bytes) -> None:
    with pytest.raises(Rejected, match="this is no line of a PO file") as rejected:
        read_po(data, "x.po")
    assert [found.place.line for found in rejected.value.findings] == [1]


def test_a_file_that_ends_within_a_letter_was_cut_off() -> None:
    data = (HEAD + 'msgid "a"\nmsgstr "é').encode()[:-1]
    with pytest.raises(Rejected, match="the file ends within a letter: it was cut off"):
        read_po(data, "x.po")


def test_what_is_obsolete_is_no_entry_and_leaves_nothing_behind() -> None:
    body = '#, fuzzy\n#~ msgid "a"\n#~ msgstr "b"\n\nmsgid "c"\nmsgstr "d"\n'
    catalogue, _ = read_po((HEAD + body).encode(), "x.po")
    assert [(one.id, one.line) for one in catalogue.messages] == [("c", 9)]


def test_the_same_entry_twice_is_an_error_when_the_two_differ() -> None:
    one, other = '\nmsgid "a"\nmsgstr "b"\n', '\nmsgid "a"\nmsgstr "c"\n'
    catalogue, found = read_po((HEAD + one + one + other).encode(), "x.po")
    assert [(f.severity, f.place.line) for f in found] == [("warning", 9), ("error", 12)]
    assert [message.text for message in catalogue.messages] == ["b"]


def test_what_is_written_is_read_back_whatever_it_holds() -> None:
    texts = ["100 % of {url}", 'a "b" \\ c', "one\ntwo\n", "ܐ " * 60, "  spaces  ", "tab\t."]
    catalogue = Catalogue(
        file="",
        headers=standard_headers("x", "fr"),
        messages=tuple(
            Message(id=text, text=text, context=f"k{n}") for n, text in enumerate(texts)
        ),
    )
    for wrapped in (True, False):
        data = write_po(catalogue, wrapped=wrapped)
        assert data == write_po(catalogue, wrapped=wrapped)
        back, found = read_po(data, "x.po")
        assert found == ()
        assert [one.text for one in back.messages] == texts
        assert [one.id for one in back.messages] == texts
        assert b"format" not in data


@pytest.mark.parametrize(
    ("said", "who"),
    [("Inès", "Inès"), ("nobody yet", None), ("", None), ("Nobody", None), ("Nobuko", "Nobuko")],
)
def test_who_reviewed_it_is_a_name(said: str, who: str | None) -> None:
    assert reviewer_of(said) == who


# ------------------------------------------------------------------------------ the shipped words


def test_the_template_of_catalogues_holds_just_what_layouts_and_code_print() -> None:
    printed = {words for path in (ROOT / "layouts").glob("*/*.j2") for words in
               words_in(path.read_text(encoding="utf-8"))}  # fmt: skip
    printed |= {window.title for window in windows().values()}
    printed |= {StampWords().code_alt, NAME_NOBODY, NO_RELIGION, FOR_HELPERS}
    known = [one.id for one in template()]
    assert Counter(known).most_common(1)[0][1] == 1
    assert printed - set(known) == set(), "write these into data/locale/messages.pot"
    assert set(known) - printed - LATER == set(), "nobody prints these: take them out"
    assert LATER & printed == set(), "these are printed now: take them off LATER"


def test_every_word_of_the_template_tells_translators_what_it_is() -> None:
    assert [one.id for one in template() if not one.comments] == []


def test_words_are_found_however_a_template_asks_for_them() -> None:
    source = (
        """{{ _("a") }}{{ _( 'b' ) if x else _("it's \\"c\\"") }} {{ my_("d") }} {{ x._("e") }}"""
    )
    assert words_in(source) == ("a", "b", 'it\'s "c"')


@pytest.mark.parametrize("tag", TAGS)
def test_a_shipped_catalogue_is_whole_and_says_who_made_it(tag: str) -> None:
    jail = shipped_words()
    catalogue, found = read_po(jail.read_bytes(f"{tag}.po"), jail.label(f"{tag}.po"))
    assert found == ()
    assert is_tag(tag)
    assert catalogue.tag == tag
    assert [one.id for one in catalogue.messages if one.text] == [one.id for one in template()]
    assert list(changed_placeholders(catalogue)) == []
    assert catalogue.header("X-Made-By")
    assert catalogue.header("X-Reviewed-By")


def test_words_without_a_catalogue_print_in_english_and_say_so() -> None:
    words, found = printed_words("cy")
    assert words == {}
    assert [(f.code, f.severity) for f in found] == [("missing-translation", "warning")]
    assert printed_words("en")[1] == ()
    assert printed_words("en-GB")[1] == ()
    assert printed_words("fr-CA")[0]["Post by"] == printed_words("fr")[0]["Post by"]


# ------------------------------------------------------------------------- a project's own words


def own(root: Path, tag: str, entries: str, head: str = HEAD) -> Jail:
    folder = root / "locale"
    folder.mkdir(exist_ok=True)
    (folder / f"{tag}.po").write_text(head + entries, encoding="utf-8")
    return Jail(root=folder, name="locale")


def test_a_word_of_the_project_wins_and_the_others_stay(tmp_path: Path) -> None:
    shelf = own(tmp_path, "fr", 'msgid "Post by"\nmsgstr "À poster avant le"\n')
    words, found = printed_words("fr", (shelf,), ("Post by", "Tear here"))
    assert found == ()
    assert words["Post by"] == "À poster avant le"
    assert words["Tear here"] == printed_words("fr")[0]["Tear here"]


def test_words_that_a_catalogue_misses_are_named(tmp_path: Path) -> None:
    shelf = own(tmp_path, "cy", 'msgid "Post by"\nmsgstr "Postiwch erbyn"\n')
    printed = ("Post by", "For", "Contact", "Edition", "Letter")
    _, found = printed_words("cy", (shelf,), printed)
    assert [f.message for f in found] == [
        (
            "'For', 'Contact', 'Edition' and 1 more of the layout's words are not translated into "
            "'cy': printed in English"
        )
    ]
    assert found[0].cure == (
        "translate them: actionpack translate export --ui --lang cy, then import"
    )


def test_a_changed_placeholder_is_an_error_with_its_line(tmp_path: Path) -> None:
    shelf = own(tmp_path, "fr", 'msgid "QR code: {url}"\nmsgstr "Code QR : {uri}"\n')
    _, found = printed_words("fr", (shelf,))
    assert [(f.code, f.severity, str(f.place)) for f in found] == [
        ("changed-literal", "error", "locale/fr.po:5")
    ]


def test_a_pack_prints_the_words_of_its_project(bench: Bench) -> None:
    own(bench.root, "en", 'msgid "Take action"\nmsgstr "What you can do"\n')
    ran = bench.build()
    assert ran.code == 0
    (bench.root / "locale" / "en.po").write_text(
        HEAD + 'msgid "Take action"\nmsgstr "What you can do now"\n'
    )
    other = bench.build()
    assert other.files == ran.files
    import pypdfium2

    first = pypdfium2.PdfDocument(other.pdf)[0].get_textpage().get_text_bounded()
    assert "What you can do now" in first.replace("\N{NO-BREAK SPACE}", " ")


def test_a_broken_catalogue_of_the_project_stops_the_build(bench: Bench) -> None:
    own(bench.root, "en", 'msgid "Take action"\nmsgstr "What\n')
    found = bench.build().only("bad-file")
    assert (found["file"], found["line"]) == ("locale/en.po", 6)


# ------------------------------------------------------------------------------- there and back


def words_of(bench: Bench, tag: str) -> Path:
    assert bench.run("translate", "export", "--ui", "--lang", tag, "--force").code == 0
    return bench.root / "out" / f"actionpack.{tag}.po"


def take(bench: Bench, tag: str, *arguments: str) -> Ran:
    return bench.run("translate", "import", f"out/actionpack.{tag}.po", *arguments)


@pytest.mark.parametrize("tag", TAGS)
def test_a_shipped_catalogue_comes_back_byte_for_byte(bench: Bench, tag: str) -> None:
    po = words_of(bench, tag)
    ran = take(bench, tag, "--strict")
    assert (ran.code, ran.files) == (0, ())
    text = po.read_text(encoding="utf-8")
    po.write_text(text.replace("X-Reviewed-By: nobody yet", "X-Reviewed-By: Ada"), "utf-8")
    assert take(bench, tag).files == (Path(f"locale/{tag}.po"),)
    written = (bench.root / "locale" / f"{tag}.po").read_text(encoding="utf-8")
    assert written.replace("X-Reviewed-By: Ada", "X-Reviewed-By: nobody yet") == (
        shipped_words().read_text(f"{tag}.po")
    )


def test_a_new_language_is_listed_with_who_made_and_who_reviewed_it(bench: Bench) -> None:
    po = words_of(bench, "cy")
    text = po.read_text(encoding="utf-8").replace("X-Made-By: ", "X-Made-By: Mair")
    text = text.replace('msgid "Post by"\nmsgstr ""', 'msgid "Post by"\nmsgstr "Postiwch erbyn"')
    po.write_text(text, encoding="utf-8")
    ran = take(bench, "cy")
    assert ran.codes == ["missing-translation"] * (len(template()) - 1)
    assert ran.files == (Path("locale/cy.po"),)
    listed = {item["tag"]: item for item in bench.run("list", "languages").items}
    assert listed["cy"] == {
        "tag": "cy", "name": "Cymraeg", "words": {"made_by": "Mair", "reviewed_by": None},
        "actions": {},
    }  # fmt: skip
    assert listed["fr"]["words"]["reviewed_by"] is None


def test_a_catalogue_that_was_cut_or_emptied_loses_nothing(bench: Bench) -> None:
    po = words_of(bench, "fr")
    text = po.read_text(encoding="utf-8")
    for end in range(700, len(text) - 10, 401):
        po.write_text(text[:end], encoding="utf-8")
        ran = take(bench, "fr")
        assert ran.files == ()
        # Cut between two entries, it is a file that has fewer of them.
        between = text[end - 1] == "\n" or text[end] == "\n"
        assert ran.code == 1 or (between and "missing-translation" in ran.codes)
    po.write_text(text.replace('"À poster avant le"', '""'), encoding="utf-8")
    assert take(bench, "fr").files == ()


def test_what_is_wrong_with_a_catalogue_is_told(bench: Bench) -> None:
    po = words_of(bench, "fr")
    text = po.read_text(encoding="utf-8")
    text = text.replace('msgid "Post by"', 'msgid "Post bye"').replace('{url}"\n\n', '{uri}"\n\n')
    po.write_text(text.replace("X-Made-By: a language model, from the English", "X-Made-By: "))
    found = {f["code"]: f for f in take(bench, "fr").findings}
    assert sorted(found) == [
        "changed-literal", "missing-field", "missing-translation", "unknown-field",
    ]  # fmt: skip
    assert found["unknown-field"]["cure"] == "did you mean 'Post by'?"
    assert found["missing-translation"]["message"] == (
        "'Post by' is not in the file, and what was there stays"
    )


def test_words_in_another_language_than_the_file_says_are_refused(bench: Bench) -> None:
    bench.run("translate", "export", "--ui", "--lang", "fr")
    po = bench.root / "out" / "actionpack.fr.po"
    text = po.read_text(encoding="utf-8")
    for tag, found in (("it", ["bad-value"]), ("fr-CA", [])):
        other = po.with_name(f"actionpack.{tag}.po")
        other.write_text(text.replace("Language: fr", f"Language: {tag}"), encoding="utf-8")
        ran = bench.run("translate", "import", f"out/actionpack.{tag}.po")
        # Those of Canada are those of France already.
        assert (ran.errors, ran.files) == (found, ())
        assert [one["message"] for one in ran.findings] == [
            "the header 'Language' is 'it', and most of the text is that in 'fr'" for _ in found
        ]


def test_words_of_a_layout_of_the_projects_own_can_be_translated(bench: Bench) -> None:
    layout = bench.root / "layouts" / "poster"
    layout.mkdir(parents=True)
    (layout / "layout.toml").write_text("")
    (layout / "template.html.j2").write_text('{{ _("Come on Friday") }}')
    assert "#. Printed by the layout 'poster'.\nmsgid \"Come on Friday\"" in (
        words_of(bench, "fr").read_text(encoding="utf-8")
    )
