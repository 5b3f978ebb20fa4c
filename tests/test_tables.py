"""CSV and XLSX: cells as they were typed, rows as a spreadsheet numbers them, faults one by one."""

from __future__ import annotations

import csv
import io
import zipfile
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spreadsheets import Cell, Tab, raw, workbook, xlsx, zipped

from actionpack.diagnostics import Finding, Place, Rejected
from actionpack.source import Sheet, check_characters, read_csv, read_table, read_xlsx
from actionpack.source.sheet import _SUSPECT, letter
from actionpack.source.values import HARMLESS, _looked_through

FILE = "rome.csv"


def csv_sheet(text: str | bytes) -> Sheet:
    return read_csv(text.encode() if isinstance(text, str) else text, FILE)


def cells(sheet: Sheet) -> list[tuple[str, ...]]:
    """The rows that are fit to use."""
    return [row.cells for row in sheet.rows() if not row.faults]


def numbered(sheet: Sheet) -> dict[int, tuple[str, ...]]:
    return {row.number: row.cells for row in sheet.rows()}


def faults(sheet: Sheet) -> list[Finding]:
    return [found for row in sheet.rows() for found in row.faults]


def only(sheet: Sheet) -> Finding:
    (found,) = faults(sheet)
    return found


def at_row(row: int, file: str = FILE) -> Place:
    return Place(file=file, row=row)


def rejected(data: bytes | str) -> Finding:
    with pytest.raises(Rejected) as caught:
        read_table(data.encode() if isinstance(data, str) else data, FILE)
    (found,) = caught.value.findings
    return found


# ----------------------------------------------------------------------------- what people have


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_cells_stand_between_semicolons_commas_or_tabs(delimiter: str) -> None:
    sheet = csv_sheet(f"group{delimiter}contact\nRoma 12{delimiter}a@example.org\n")
    assert [column.name for column in sheet.columns] == ["group", "contact"]
    assert [column.letter for column in sheet.columns] == ["A", "B"]
    assert sheet.columns[0].place == at_row(1)
    assert cells(sheet) == [("Roma 12", "a@example.org")]


def test_excels_first_line_names_the_delimiter_and_is_no_row() -> None:
    sheet = csv_sheet("sep=,\r\ngroup;x,contact\r\nRoma,y\r\n")
    assert [column.name for column in sheet.columns] == ["group;x", "contact"]
    assert numbered(sheet) == {2: ("Roma", "y")}


def test_a_single_column_may_hold_commas() -> None:
    assert cells(csv_sheet("group\nRoma, centro\n")) == [("Roma, centro",)]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-mark", "utf-16-be-mark"]
)
def test_unicode_is_read_with_or_without_its_mark(encoding: str) -> None:
    text = "group;contact\nΑθήνα;東京 🕊\n"
    data = (
        ("\ufeff" + text).encode(encoding.removesuffix("-mark"))
        if encoding.endswith("-mark")
        else text.encode(encoding)
    )
    sheet = csv_sheet(data)
    assert sheet.findings == ()
    assert cells(sheet) == [("Αθήνα", "東京 🕊")]


def test_windows_1252_is_read_and_named() -> None:
    sheet = csv_sheet("group;contact\nForlì – Cesena;caffè “Città”\n".encode("cp1252"))
    assert cells(sheet) == [("Forlì – Cesena", "caffè “Città”")]
    (told,) = sheet.findings
    assert told.code == "doubtful"
    assert not told.is_error
    assert told.place == Place(file=FILE)
    assert told.message == (
        "the file is not UTF-8; it was read as Windows-1252 (western Europe): "
        "'Città' in row 2, 'Forlì' in row 2, 'caffè' in row 2"
    )
    assert told.cure == (
        "look at these words, and at every other letter with an accent; "
        "if any is wrong, save it as 'CSV UTF-8' in the spreadsheet program"
    )


@pytest.mark.parametrize(
    ("text", "encoding", "quoted"),
    [
        # é and ö are the same in both, and prove nothing; õ was ő.
        ("Mézes\nJános\nGyőr\n", "cp1250", "'Gyõr' in row 4, 'Mézes' in row 2, 'János' in row 3"),
        ("İstanbul\nBeyoğlu\nAğrı\n", "cp1254", "'Aðrý' in row 4, 'Ýstanbul' in row 2, 'Beyoðlu'"),
        ('"a\nb"\nBrašov\nGyőr\n', "cp1250", "'Gyõr' in row 4, 'Brašov' in row 3"),
        ("20 £\n– x\n", "cp1252", "'£' in row 2"),
        ("“Roma”\n– x\n", "cp1252", "'“Roma”' in row 2, '–' in row 3"),
    ],
)
def test_the_words_that_say_most_of_an_old_encoding_are_quoted(
    text: str, encoding: str, quoted: str
) -> None:
    (told,) = csv_sheet(f"group\n{text}".encode(encoding)).findings
    assert told.message.partition(": ")[2].startswith(quoted)
    assert told.message.count("' in row ") <= 3


def test_a_long_word_is_quoted_short() -> None:
    (told,) = csv_sheet(f"group\nè{'x' * 100}\n".encode("cp1252")).findings
    assert told.message.endswith(f": 'è{'x' * 38}…' in row 2")


@pytest.mark.parametrize(
    ("text", "encoding", "word"),
    [
        ("Święty Łódź", "cp1250", "Œwiêty"),
        ("Łódź, Kraków", "cp1250", "£ódŸ"),
        ("Wrocław", "cp1250", "Wroc³aw"),
        ("Michał Nowak", "cp1250", "Micha³"),
        ("drogą i", "cp1250", "drog¹"),
        ("Żywiec", "cp1250", "¯ywiec"),
        ("Różyce", "cp1250", "Ró¿yce"),
        ("papież", "cp1250", "papie¿"),
        ("żona", "cp1250", "¿ona"),
        ("źródło", "cp1250", "Ÿród³o"),
        ("Oświęcim", "cp1250", "Oœwiêcim"),
        ("Zamość", "cp1250", "Zamoœæ"),
        ("Ľubica", "cp1250", "¼ubica"),
        ("soľ", "cp1250", "so¾"),
        ("Iaşi", "cp1250", "Iaºi"),
        ("Ştefan", "cp1250", "ªtefan"),
        ("Świdnica", "iso8859-2", "¦widnica"),
        ("Ąle", "iso8859-2", "¡le"),
        ("Şişli", "cp1254", "Þiþli"),
        ("Muş, Van", "cp1254", "Muþ"),
        ("José", "mac-roman", "JosŽ"),
        ("Pécs", "cp852", "P‚cs"),
        ("Kraków", "cp852", "Krak¢w"),
    ],
)
def test_letters_of_other_countries_in_an_old_encoding_are_refused(
    text: str, encoding: str, word: str
) -> None:
    found = rejected(f"group;contact\nRoma;x\n{text};y\n".encode(encoding))
    assert (found.code, found.place) == ("bad-file", Place(file=FILE))
    assert found.message == (
        f"the file is not UTF-8: read as Windows-1252 (western Europe), line 3 would say '{word}'"
    )
    assert found.cure == "save it as 'CSV UTF-8' in the spreadsheet program"


@pytest.mark.parametrize(
    "text",
    [
        "Œuvre; cœur, Œil, HORS-D’ŒUVRE, manœuvre",
        "L’Haÿ-les-Roses; L’HAŸ-LES-ROSES",
        "São Tomé; Mª José; M.ª José; MªJosé, Fcoº",
        "Nº 5; nº5, 1º izq., os nºs 5, N°5",
        "20 £; £20, 20£, 5 £/h",
        "¿Qué?; ¡Hola, señor!",
        "30 m², 5 cm³, H²O, km²; 1½ kg",
        "«Città»; l’«Aurora», “Due” – tre… a•b",
        "Šibenik Žilina; ŠKODA",
        "col·legi; L´Aquila; 20°C; Müller & Söhne® ©Ada",
        "Þórshöfn, Norðurþing, Þ. Jónsson, Guðrún, Æþelþryð; Alþingi",
        "Größe, Ærø, Åland, Ñuñoa, Õ; Żal".replace("Ż", "Z"),
    ],
)
def test_words_of_the_west_are_read_whatever_signs_stand_by_them(text: str) -> None:
    sheet = csv_sheet(f"group;contact\n{text};\n".encode("cp1252"))
    assert [found.code for found in sheet.findings] == ["doubtful"]


def test_greek_in_an_old_encoding_is_refused_rather_than_misread() -> None:
    found = rejected("group;contact\nΑθήνα;Θεσσαλονίκη\n".encode("cp1253"))
    assert found.code == "bad-file"
    assert found.message == "the file is not UTF-8: byte 15, in line 2, is 0xc1"
    assert found.cure == "save it as 'CSV UTF-8' in the spreadsheet program"


def test_one_broken_letter_in_utf_8_is_damage_and_no_older_encoding() -> None:
    data = "group\nForlì\nCittà\nPerù\n".encode() + b"Caff\xe8\n"
    assert rejected(data).message == "the file is not UTF-8: byte 31, in line 5, is 0xe8"


def test_a_byte_is_found_however_far_down_it_stands() -> None:
    lines = "Forlì\n" * 200_000  # 1.4 MB: more than is looked at at once
    data = f"group\n{lines}".encode() + b"\xff"
    found = rejected(data)
    assert found.message == f"the file is not UTF-8: byte {len(data)}, in line 200002, is 0xff"


def test_a_broken_utf_16_file_is_refused() -> None:
    found = rejected("group\nRoma".encode("utf-16")[:-1])
    assert found.message == "the file begins like UTF-16 text, but byte 21 is none"


def test_utf_16_without_its_mark_is_refused() -> None:
    found = rejected("group;contact\nRoma;x\n".encode("utf-16-le"))
    assert (found.code, found.place) == ("bad-file", Place(file=FILE))
    assert found.message == "the file is no text that is known"
    assert "CSV UTF-8" in found.cure


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_are_counted_as_a_spreadsheet_shows_them(end: str) -> None:
    text = end.join(["group;sender", 'Roma;"Ada', 'Via Po 1"', "", ";", "Bari;x", ""])
    assert numbered(csv_sheet(text)) == {2: ("Roma", "Ada\nVia Po 1"), 5: ("Bari", "x")}


def test_the_header_is_the_first_row_that_holds_anything() -> None:
    sheet = csv_sheet("\n;\ngroup;contact\nRoma;x\n")
    assert sheet.columns[0].place == at_row(3)
    assert numbered(sheet) == {4: ("Roma", "x")}


def test_white_space_round_a_cell_goes() -> None:
    assert cells(csv_sheet(" group ;contact\n  Roma \u00a0;x\t\n")) == [("Roma", "x")]


def test_a_quote_inside_a_cell_is_a_letter_like_others() -> None:
    assert cells(csv_sheet('group;contact\nCircolo "Il Porto";x\n')) == [
        ('Circolo "Il Porto"', "x")
    ]


@pytest.mark.parametrize("text", ["+39 06 1234", "-", "@roma", "'00100", "1=1", "00100"])
def test_signs_that_begin_no_formula_are_fine(text: str) -> None:
    assert cells(csv_sheet(f"group;contact\n{text};x\n")) == [(text, "x")]


def test_a_table_can_be_read_more_than_once() -> None:
    sheet = csv_sheet("group\nRoma\n")
    assert cells(sheet) == cells(sheet) == [("Roma",)]


_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Cn", "Zl", "Zp"))
    | st.sampled_from('";,\t\n'),
    max_size=12,
)


@given(
    table=st.integers(1, 4).flatmap(
        lambda width: st.lists(
            st.lists(_TEXT, min_size=width, max_size=width), min_size=1, max_size=6
        )
    ),
    delimiter=st.sampled_from(";,\t"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_whatever_the_csv_writer_writes_reads_back(
    table: list[list[str]], delimiter: str, end: str, quoting: int, encoding: str
) -> None:
    names = [f"c{at}" for at in range(len(table[0]))]
    stream = io.StringIO()
    if end == "\r":
        quoting = csv.QUOTE_ALL  # else the writer leaves a bare "\n" bare, which ends the line
    writer = csv.writer(stream, delimiter=delimiter, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]  # typeshed wants a literal
    # With one column a delimiter shows nowhere; the line of Excel says which it is.
    stream.write(f"sep={delimiter}{end}")
    writer.writerows([names, *table])
    sheet = read_csv(stream.getvalue().encode(encoding), FILE)
    assert [column.name for column in sheet.columns] == names
    wanted = {
        number: tuple(text.strip() for text in row)
        for number, row in enumerate(table, 2)
        if any(text.strip() for text in row)
    }
    read = {
        row.number: row.cells
        for row in sheet.rows()
        if all(
            any(one in found.message for one in ("begins with '='", "U+FFFD", "wrong encoding"))
            for found in row.faults
        )
    }
    assert read == wanted


# ------------------------------------------------------------------------------ rows at fault


def test_a_quote_that_is_not_closed_is_told_with_the_row_in_which_it_was_opened() -> None:
    sheet = csv_sheet('group;contact\nRoma;x\n"Bari;y\nLecce;z\nPisa;v\n')
    found = only(sheet)
    assert found.code == "bad-row"
    assert found.place == at_row(3)
    assert found.message == (
        "the quote that cell A3 begins with is not closed; "
        "the lines below were read as if it were not there"
    )
    assert found.cure == "close it at the end of the cell, or take it away"
    assert numbered(sheet) == {2: ("Roma", "x"), 3: (), 4: ("Lecce", "z"), 5: ("Pisa", "v")}


def test_a_quote_that_the_next_quoted_cell_closes_swallows_no_row() -> None:
    sheet = csv_sheet('group;contact\nRoma;"x\nBari;y\nLecce;"z"\nPisa;v\n')
    assert only(sheet).place == at_row(2)
    assert only(sheet).message.startswith("the quote that cell B2 begins with is not closed")
    assert cells(sheet) == [("Bari", "y"), ("Lecce", "z"), ("Pisa", "v")]


def test_each_of_several_open_quotes_is_told() -> None:
    sheet = csv_sheet('group;contact\n"Roma;x\n"Bari;y\nLecce;z\n')
    assert [found.place.row for found in faults(sheet)] == [2, 3]
    assert cells(sheet) == [("Lecce", "z")]


def test_a_cell_of_more_lines_than_anybody_writes_is_a_quote_left_open() -> None:
    swallowed = "\n".join(f"line {n};x" for n in range(60))
    sheet = csv_sheet(f'group;contact\n"Roma;x\n{swallowed}\n";y\n')
    assert [found.place.row for found in faults(sheet)] == [2, 63]
    assert len(cells(sheet)) == 60


def test_a_quoted_cell_that_goes_on_is_refused() -> None:
    found = only(csv_sheet('group;contact\nRoma;"x" y\nBari;z\n'))
    assert found.place == at_row(2)
    assert found.message == "cell B2 goes on after its closing quote"
    assert found.cure == "write a quote inside a quoted cell twice, or take all of them away"


@pytest.mark.parametrize("cell", ["x" * 200_000, f'"{"x" * 200_000}"'])
def test_an_enormous_cell_is_refused_and_the_rest_read(cell: str) -> None:
    sheet = csv_sheet(f"group;contact\n{cell};Roma\nBari;z\n")
    found = only(sheet)
    assert found.message == "cell A2 is longer than 2000 characters"
    assert (found.place, found.cure) == (at_row(2), "shorten it")
    assert cells(sheet) == [("Bari", "z")]


def test_too_long_a_cell_is_refused() -> None:
    found = only(csv_sheet(f"group;contact\nRoma;{'x' * 2001}\n"))
    assert found.message == "cell B2 ('contact') holds 2001 characters, and 2000 are the most"
    assert found.cure == "shorten it, or look for a quote that is not closed"


def test_rows_with_too_few_or_too_many_cells_are_refused() -> None:
    sheet = csv_sheet("group,contact,copies\nRoma,x\nBari, centro,y,2\nLecce,z,\n")
    few, many = faults(sheet)
    assert (few.code, few.place) == ("bad-row", at_row(2))
    assert few.message == "the row has 2 cells, and the header has 3"
    assert few.cure == "add what is missing; an empty cell counts too"
    assert many.place == at_row(3)
    assert many.message == "the row has 4 cells, and the header has 3"
    assert (
        many.cure
        == "put straight quotes (\") round a cell that holds ',', or take away what is too many"
    )
    assert cells(sheet) == [("Lecce", "z", "")]


@pytest.mark.parametrize(
    "row", ["“Bari, centro”,y", "„Bari, centro“,y", "”Bari, centro”,y", "“Bari\ncentro”,y"]
)
def test_curly_quotes_round_a_cell_are_told_to_be_straight(row: str) -> None:
    found = faults(csv_sheet(f"group,contact\n{row}\n"))[0]
    assert (found.code, found.place) == ("bad-row", at_row(2))
    assert found.cure == (
        'write straight quotes (") round the cell; curly ones, as in “…”, do not count'
    )


def test_curly_quotes_that_cut_no_cell_are_not_blamed() -> None:
    found = only(csv_sheet("group,contact\n“Bari”,y,z\n"))
    assert (
        found.cure
        == "put straight quotes (\") round a cell that holds ',', or take away what is too many"
    )


def test_a_formula_is_refused() -> None:
    found = only(csv_sheet('group;contact\n"=HYPERLINK(""x"")";y\n'))
    assert (found.code, found.place) == ("bad-row", at_row(2))
    assert found.message == "cell A2 ('group') begins with '=', as a formula does"
    assert found.cure == "write the text itself, without '='"


@pytest.mark.parametrize(
    ("sign", "told"),
    [
        ("\0", "U+0000 (a control character)"),
        ("\x1b", "U+001B (a control character)"),
        ("\x85", "U+0085 (a control character)"),
        ("\u202e", "U+202E (right-to-left override)"),
        ("\u2028", "U+2028 (line separator)"),
        ("\u061c", "U+061C (arabic letter mark)"),
        ("\u3164", "U+3164 (hangul filler)"),
        ("\U000e0041", "U+E0041 (tag latin capital letter a)"),
    ],
)
def test_signs_that_print_nothing_are_refused(sign: str, told: str) -> None:
    found = only(csv_sheet(f"group;contact\nRoma;Ada{sign}Rossi\n"))
    assert (found.code, found.place) == ("bad-row", at_row(2))
    assert found.message.startswith(f"cell B2 ('contact'): the text holds {told}")
    assert found.cure == "delete it"


def test_a_letter_that_was_lost_is_told() -> None:
    found = only(csv_sheet("group\nCitt\ufffd\n"))
    assert found.message == (
        "cell A2 ('group'): the text holds \ufffd (U+FFFD), "
        "which stands for a character that was lost"
    )
    assert found.cure == "look it up in the original, and write it again"


def test_everything_that_is_wrong_with_a_row_is_told_at_once() -> None:
    sheet = csv_sheet("group;contact\n=1;a\x07b;c\n")
    assert [found.message.split(",")[0].split(":")[0] for found in faults(sheet)] == [
        "the row has 3 cells",
        "cell A2 ('group') begins with '='",
        "cell B2 ('contact')",
    ]


@pytest.mark.parametrize("cell", ["JosÃ© PÃ©rez", "a \u0301b", "Câ€™est"])
def test_a_cell_that_was_read_in_the_wrong_encoding_or_has_a_bare_mark_is_named(cell: str) -> None:
    (found,) = faults(csv_sheet(f"group;contact\nRoma;x\n{cell};y\n"))
    assert (found.place.row, found.message.split(":")[0]) == (3, "cell A3 ('group')")


def test_no_sign_that_prints_nothing_is_overlooked() -> None:
    fine = "\t\n"
    for code in range(0x10000):
        sign = chr(code)
        if _looked_through(sign, Place()) or sign == "\ufffd":
            assert _SUSPECT.search(sign) or sign in fine
            assert not HARMLESS.fullmatch(sign)
        # Most rows are not looked at twice.
        elif sign.isalnum():
            assert not _SUSPECT.search(f"a {sign}a, {sign}.")


@given(st.text(st.sampled_from("".join(map(chr, range(0x180))) + "ɏ\u0301ƒ–—‘’“”„€™\u200f\ufffd")))
def test_nothing_that_is_harmless_at_a_glance_is_at_fault(text: str) -> None:
    if HARMLESS.fullmatch(text):
        assert _looked_through(text, Place()) == ()


def test_nothing_that_was_read_in_the_wrong_encoding_is_harmless_at_a_glance() -> None:
    letters = ("á", "é", "ß", "ő", "Ж", "’", "–", "“", "…", "€", "अ", "漢")
    for one, other in product(letters, letters):
        misread = (one + other).encode().decode("cp1252", "replace")
        assert check_characters(misread, Place())


@pytest.mark.parametrize("text", ["Zoë O’Brien", "Łódź – “Group 12”, a@b.org", "ça ? oui\n«"])
def test_most_text_of_europe_is_told_at_a_glance(text: str) -> None:
    assert bool(HARMLESS.fullmatch(text)) == ("«" not in text)


# --------------------------------------------------------------------------- columns at fault


def test_a_column_that_is_there_twice_is_refused() -> None:
    (found,) = csv_sheet("group;contact;group\nRoma;x;y\n").findings
    assert (found.code, found.place, found.is_error) == ("bad-value", at_row(1), True)
    assert found.message == "column 'group' is there twice (A and C)"
    assert found.cure == "delete all but one of them"


def test_a_column_without_a_name_is_refused() -> None:
    (found,) = csv_sheet("group;;contact\nRoma;;x\n").findings
    assert (found.code, found.place) == ("missing-field", at_row(1))
    assert found.message == "column B has no name"
    assert found.cure == "write its name into the header, or delete the column"


def test_nameless_columns_at_the_end_are_nothing_unless_they_hold_something() -> None:
    sheet = csv_sheet("group;;\nRoma;;\n")
    assert sheet.findings == ()
    assert cells(sheet) == [("Roma",)]
    (found,) = csv_sheet("group;;\nRoma;;\nBari;;x\n").findings
    assert found.message == "column C has no name"


def test_a_name_with_hidden_signs_is_refused() -> None:
    (found,) = csv_sheet("group;con\u200etact\nRoma;x\n").findings
    assert (found.code, found.place) == ("bad-value", at_row(1))
    assert found.message.startswith("the name of column B: the text holds U+200E")


def test_a_header_with_an_open_quote_is_refused() -> None:
    assert rejected('"group;contact\nRoma;x\n').place == at_row(1)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b" ; \n;\n"])
def test_an_empty_table_is_refused(data: bytes) -> None:
    found = rejected(data)
    assert (found.code, found.place) == ("bad-file", Place(file=FILE))
    assert found.message == "the table is empty"
    assert "row 1" in found.cure


@pytest.mark.parametrize(("column", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ")])
def test_columns_have_the_letters_of_a_spreadsheet(column: int, letters: str) -> None:
    assert letter(column) == letters


# ---------------------------------------------------------------------------------------- XLSX


def xlsx_sheet(*rows: list[Cell], after: str = "", before: str = "") -> Sheet:
    return read_xlsx(xlsx(rows, after=after, before=before), FILE, numbers={"copies"})


def test_cells_of_a_spreadsheet_are_read_as_typed() -> None:
    sheet = xlsx_sheet(
        ["group", "sender", "copies"], ["Forlì", "Ada\nVia Po 1", 30], [], [None, "  x ", "2"]
    )
    assert sheet.findings == ()
    assert numbered(sheet) == {2: ("Forlì", "Ada\nVia Po 1", "30"), 4: ("", "x", "2")}


def test_a_table_is_told_by_its_bytes_and_not_by_its_name() -> None:
    assert cells(read_table(xlsx([["group"], ["Roma"]]), "rome.csv")) == [("Roma",)]
    assert cells(read_table(b"group\nRoma\n", "rome.xlsx")) == [("Roma",)]


DATE = raw('<c r="B2" s="1"><v>46024</v></c>')
ERROR = raw('<c r="B2" t="e"><v>#DIV/0!</v></c>')
FORMULA = raw('<c r="B2" t="str"><f>A2&amp;"!"</f><v>Roma!</v></c>')
UNCOMPUTED = raw('<c r="B2"><f>HYPERLINK("x")</f></c>')
AS_TEXT = "format the column as text, and type it again"


@pytest.mark.parametrize(
    ("cell", "said", "cure"),
    [
        (100, "is the number 100, and no text: zeros that were typed before it are lost", AS_TEXT),
        (1.5, "is the number 1.5, and no text: zeros that were typed before it are lost", AS_TEXT),
        (True, "is the truth value TRUE, and no text", AS_TEXT),
        (DATE, "is the date or time 2026-01-02, and no text", AS_TEXT),
        (ERROR, "is an error, such as #N/A", "correct it"),
        (
            FORMULA,
            "is a formula, and no text",
            "copy the cells, and paste them over themselves as values only",
        ),
        (
            UNCOMPUTED,
            "is a formula, and no text",
            "copy the cells, and paste them over themselves as values only",
        ),
        ("=x", "begins with '=', as a formula does", "write the text itself, without '='"),
    ],
)
def test_a_cell_that_is_no_text_is_refused(cell: Cell, said: str, cure: str) -> None:
    found = only(xlsx_sheet(["group", "contact"], ["Roma", cell], ["Bari", "x"]))
    assert (found.code, found.place) == ("bad-row", at_row(2))
    assert found.message == f"cell B2 ('contact') {said}"
    assert found.cure == cure


@pytest.mark.parametrize(("number", "text"), [(30, "30"), (1e3, "1000"), (0, "0"), (-2, "-2")])
def test_whole_numbers_are_fine_where_they_are_due(number: float, text: str) -> None:
    assert cells(xlsx_sheet(["copies"], [number])) == [(text,)]


@pytest.mark.parametrize(
    ("cell", "said", "cure"),
    [
        (2.5, "is 2.5, and no whole number", "write a whole number"),
        (
            True,
            "is the truth value TRUE, and no whole number",
            "format the column as a number, and type it again",
        ),
        (
            DATE,
            "is the date or time 2026-01-02, and no whole number",
            "format the column as a number, and type it again",
        ),
        (
            FORMULA,
            "is a formula, and no whole number",
            "copy the cells, and paste them over themselves as values only",
        ),
    ],
)
def test_what_is_no_whole_number_is_refused_where_one_is_due(
    cell: Cell, said: str, cure: str
) -> None:
    found = only(xlsx_sheet(["group", "copies"], ["Roma", cell]))
    assert (found.code, found.place) == ("bad-row", at_row(2))
    assert (found.message, found.cure) == (f"cell B2 ('copies') {said}", cure)


def test_formulas_below_all_texts_are_not_lost() -> None:
    sheet = xlsx_sheet(["group"], ["Roma"], [raw('<c r="A3"><f>A2</f></c>')])
    assert only(sheet).place == at_row(3)


def test_formulas_are_found_where_cells_do_not_say_where_they_are() -> None:
    row = raw("<c t='inlineStr'><is><t>Roma</t></is></c><c><f>1+1</f><v>2</v></c>")
    assert only(xlsx_sheet(["group", "contact"], [row])).message.startswith("cell B2")


def test_formulas_are_found_where_rows_do_not_say_where_they_are() -> None:
    formula = raw('<c t="str"><f>A1</f><v>group</v></c>')
    name, text = (raw(f'<c t="inlineStr"><is><t>{one}</t></is></c>') for one in ("group", "Roma"))
    tab = Tab("Groups", [[name], [text], [formula]], bare=True)
    assert only(read_table(workbook(tab), FILE)).place == at_row(3)


def test_an_error_that_the_reader_does_not_know_is_told_with_its_cell() -> None:
    error = raw('<c r="A2" t="e"><v>#SPILL!</v></c>')
    found = rejected(xlsx([["group"], [error]]))
    assert (found.code, found.place) == ("bad-row", at_row(2))
    assert found.message == "cell A2 is an error, such as #SPILL!"
    assert found.cure == "correct it"


def test_a_number_for_the_name_of_a_column_is_refused() -> None:
    (found,) = xlsx_sheet(["group", 7], ["Roma", "x"]).findings
    assert (found.code, found.place) == ("bad-value", at_row(1))
    assert found.message.startswith("the name of column B is the number 7")
    assert found.cure == "write the name of the column as text"


def test_merged_cells_are_refused_in_every_row_they_cover() -> None:
    sheet = xlsx_sheet(
        ["group", "contact"],
        ["Roma", "x"],
        [None, "y"],
        ["Bari", "z"],
        after='<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>',
    )
    assert [found.place for found in faults(sheet)] == [at_row(2), at_row(3)]
    found = faults(sheet)[0]
    assert found.code == "bad-row"
    assert found.message == "cells A2:A3 are merged, so that only the first of them holds its text"
    assert found.cure == "split them, and write the text into each"
    assert cells(sheet) == [("Bari", "z")]


def test_a_table_need_not_begin_in_the_first_row() -> None:
    sheet = xlsx_sheet([], [], ["group"], ["Roma"])
    assert sheet.columns[0].place == at_row(3)
    assert numbered(sheet) == {4: ("Roma",)}


def test_columns_left_of_a_table_have_no_name() -> None:
    sheet = xlsx_sheet([None, "group"], [None, "Roma"])
    assert [found.message for found in sheet.findings] == ["column A has no name"]


def test_another_sheet_that_holds_something_is_told() -> None:
    rows: list[list[Cell]] = [["group"], ["Roma"]]
    assert read_table(xlsx(rows, Tab("Sheet2", [])), FILE).findings == ()
    (told,) = read_table(xlsx(rows, Tab("Bari", [["x"]], hidden=True)), FILE).findings
    assert (told.code, told.is_error, told.place) == ("doubtful", False, Place(file=FILE))
    assert told.message == (
        "only the first sheet, 'Groups', is read; there is something on 'Bari' too"
    )
    assert told.cure == "move what is to be printed to the first sheet, and delete the others"


def test_the_first_sheet_is_the_first_that_is_shown() -> None:
    data = workbook(Tab("Old", [["x"]], hidden=True), Tab("New", [["group"], ["Roma"]]))
    assert cells(read_table(data, FILE)) == [("Roma",)]


def test_a_file_that_shows_no_sheet_is_refused() -> None:
    found = rejected(workbook(Tab("Old", [["group"]], hidden=True)))
    assert found.message == "the file shows no sheet"


def test_hidden_rows_and_columns_are_told() -> None:
    tab = Tab(
        "Groups",
        [["group"], ["Roma"]],
        before='<cols><col min="1" max="1" hidden="1"/></cols>',
        row_attributes=' hidden="1"',
    )
    rows, columns = read_table(workbook(tab), FILE).findings
    assert (rows.code, rows.is_error, rows.place) == ("doubtful", False, at_row(1))
    assert rows.message == "2 of the rows are hidden, and are printed too"
    assert rows.cure == "take filters off, and delete the rows that are not to be printed"
    assert (columns.code, columns.place) == ("doubtful", Place(file=FILE))
    assert columns.message == "some columns are hidden, and are read too"
    assert columns.cure == "show all columns, and delete those that are not to be printed"


def test_a_table_that_reaches_far_away_is_refused_before_it_is_read() -> None:
    far = raw('<c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c>')
    found = rejected(xlsx([["group"], [far]]))
    assert found.code == "bad-file"
    assert found.message == "the table reaches to cell XFD1048576"
    assert found.cure == "delete what stands far to the right of the table, or far below it"


@pytest.mark.parametrize("before", ["", "<cols/>"])
def test_empty_cells_far_away_are_nothing(before: str) -> None:
    far = raw('<c r="XFD1048576" s="1"/>')
    data = xlsx([["group"], ["Roma"], [far]], before=before)
    assert cells(read_table(data, FILE)) == [("Roma",)]


AGAIN = "open it in Excel or LibreOffice, save it as .xlsx or as CSV UTF-8, and use that"


@pytest.mark.parametrize(
    ("part", "what"),
    [
        ("word/document.xml", "a document of Word"),
        ("content.xml", "a document of LibreOffice"),
        ("Index/Tables.iwa", "a document of Apple's programs"),
        ("xl/workbook.bin", "a binary table of Excel"),
        ("readme.txt", "an archive"),
    ],
)
def test_an_archive_that_is_no_xlsx_is_named(part: str, what: str) -> None:
    found = rejected(zipped({part: "x"}))
    assert (found.code, found.place) == ("bad-file", Place(file=FILE))
    assert (found.message, found.cure) == (f"the file is {what}, and no .xlsx", AGAIN)


@pytest.mark.parametrize(
    "data",
    [
        zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "x"}),
        zipped({"mimetype": "x", "content.xml": "x"})[:60],
        b"PK\x03\x04 torn",
        zipped({}),
        b"PK\x07\x08" + b"PK\x03\x04",
        b"PK\x06\x06",
    ],
    # Archives hold the time, and names of tests must not.
    ids=["a document", "its beginning", "torn", "empty", "spanned", "an end"],
)
def test_every_file_that_begins_like_an_archive_is_to_be_saved_as_xlsx(data: bytes) -> None:
    found = rejected(data)
    assert (found.code, found.place) == ("bad-file", Place(file=FILE))
    assert "save it as .xlsx" in found.cure


def test_a_csv_file_may_begin_with_pk() -> None:
    assert cells(csv_sheet("PK\n12\n")) == [("12",)]
    assert cells(read_table(b"PK;x\n12;y\n", FILE)) == [("12", "y")]


def test_an_old_or_locked_excel_file_is_refused() -> None:
    found = rejected(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500))
    assert found.message == "the file is of an old Excel, or locked with a password"
    assert found.cure == "save it as .xlsx without a password, or as CSV UTF-8"


def test_a_damaged_file_is_refused() -> None:
    good = xlsx([["group"], ["Roma"]])
    for data in (good[:-30], workbook(Tab("A", [["x"]]), without="xl/_rels/workbook.xml.rels")):
        found = rejected(data)
        assert found.code == "bad-file"
        assert found.message.startswith("the file is damaged (")
        assert found.cure == AGAIN


def test_a_workbook_that_declares_entities_is_refused() -> None:
    bomb = '<!DOCTYPE w [<!ENTITY a "aaaa">]><workbook/>'
    found = rejected(zipped({"xl/workbook.xml": bomb, "xl/_rels/workbook.xml.rels": "<a/>"}))
    assert found.message == "the file is damaged ('xl/workbook.xml' is not what it should be)"


def test_an_archive_of_too_many_parts_is_refused() -> None:
    stream = io.BytesIO(xlsx([["group"], ["Roma"]]))
    with zipfile.ZipFile(stream, "a") as archive:
        for number in range(5000):
            archive.writestr(f"xl/media/{number}", b"")
    found = rejected(stream.getvalue())
    assert found.message == "the file is too large when unpacked"
    assert found.cure == "split it into several, or save it as CSV"


def test_plain_sheets_are_looked_over_the_quick_way_to_the_same_end() -> None:
    # 40,000 rows are several pieces; a formula in the last is found among plain ones before it.
    rows: list[list[Cell]] = [["group", "contact"]]
    rows += [[f"Group {number}", "x"] for number in range(40_000)]
    sheet = xlsx_sheet(*rows, ["Roma", raw('<c r="B40002"><f>A2</f></c>')])
    assert only(sheet).place == at_row(40_002)
    assert len(cells(sheet)) == 40_000
