"""Fonts: which face is chosen, what it can print, and how wide it sets a line."""

from __future__ import annotations

import hashlib
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import uharfbuzz
from hypothesis import given
from hypothesis import strategies as st
from specimens import SPECIMENS

from actionpack import typography
from actionpack.diagnostics import Place, Rejected
from actionpack.fonts import (
    Compositor,
    Face,
    FontShelf,
    SetLine,
    characters,
    check_clusters,
    forget_opened,
    metrics,
    program,
    read_shelf,
    shape,
    shaping,
    subset,
    widths,
)
from actionpack.glyphs import Code, Glyph
from actionpack.language import html_tag
from actionpack.project import cjk_fonts, shipped_fonts
from actionpack.render import Job, Typesetter
from actionpack.store import Jail
from actionpack.units import pt_to_mm

FONTS = Path(__file__).parents[1] / "assets" / "fonts"
SHELF = read_shelf((FONTS,))
# With the fonts of East Asia.
WHOLE = read_shelf(shipped_fonts())
SANS = SHELF.face("Noto Sans")
NASKH = SHELF.face("Noto Naskh Arabic")
PLACE = Place(file="content/x/en.md", line=12)


def shelf_of(*weights: int) -> FontShelf:
    """A shelf of one family whose files are never opened."""
    folder = Jail(root=FONTS, name="assets/fonts")
    face = Face(family="F", style="normal", weight=0, folder=folder, file="", sha256="")
    return FontShelf(faces=tuple(replace(face, weight=weight) for weight in weights))


def folder_with(tmp_path: Path, name: str, font: bytes, table: str | None = None) -> Path:
    """A folder with one font, which `fonts.toml` lists unless another table is given."""
    folder = tmp_path / "assets" / "fonts"
    folder.mkdir(parents=True)
    (folder / name).write_bytes(font)
    digest = hashlib.sha256(font).hexdigest()
    row = f'[[font]]\nfile = "{name}"\nfamily = "Mine"\nweight = 400\nsha256 = "{digest}"\n'
    (folder / "fonts.toml").write_text(table or row)
    return folder


# --- which face -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "weights", "chosen"),
    [
        (400, (300, 400, 700), 400),
        (400, (300, 500, 700), 500),  # up to 500 first
        (400, (300, 600), 300),  # then lighter
        (450, (400, 500), 500),
        (500, (400, 600), 400),
        (300, (100, 200, 400), 200),  # below 400: lighter first
        (300, (400, 700), 400),
        (600, (500, 700, 900), 700),  # above 500: heavier first
        (700, (400, 600), 600),
    ],
)
def test_the_nearest_weight_is_the_one_of_css_fonts_4_section_5_2(
    wanted: int, weights: tuple[int, ...], chosen: int
) -> None:
    assert shelf_of(*weights).face("F", wanted).weight == chosen


def test_the_style_goes_before_the_weight() -> None:
    # There is no semi-bold italic: a bold italic is nearer than a semi-bold that stands upright.
    face = SHELF.face("Noto Sans", 600, "italic")
    assert (face.style, face.weight) == ("italic", 700)


def test_a_family_that_is_not_there_is_told_with_the_nearest_name() -> None:
    with pytest.raises(Rejected) as raised:
        SHELF.face("Noto Snas")
    (found,) = raised.value.findings
    assert (found.code, found.message) == ("layout-fault", "there is no font family 'Noto Snas'")
    assert found.cure == "did you mean 'Noto Sans'?"


def test_faces_are_named_as_weasyprint_names_them() -> None:
    names = [SHELF.face("Noto Sans", weight).name for weight in (400, 600)]
    assert names == ["Noto Sans", "Noto Sans Semi-Bold"]
    assert SHELF.face("Noto Serif", 700, "italic").name == "Noto Serif Bold Italic"


# --- the shelf --------------------------------------------------------------------------------


def test_every_font_that_ships_can_be_opened_and_prints_its_scripts() -> None:
    letters = {one.family: set(one.letters) for one in typography.scripts() if one.family}
    for family in ("Noto Sans", "Noto Serif"):
        letters[family] = set("AßΩЖ«–")
    letters["Noto Nastaliq Urdu"] = set(typography.typography("ur").letters)
    assert letters.keys() == set(WHOLE.families)
    for face in WHOLE.faces:
        assert letters[face.family] | set("A1") <= characters(face), face.name


def test_a_file_of_the_projects_own_folder_wins_over_one_that_ships(tmp_path: Path) -> None:
    own = folder_with(tmp_path, "NotoSans-Regular.ttf", b"")
    shelf = read_shelf((FONTS, own))
    regular = [face for face in shelf.faces if face.file == "NotoSans-Regular.ttf"]
    assert [face.family for face in regular] == ["Mine"]
    assert len(shelf.faces) == len(SHELF.faces)


def test_a_font_that_is_not_the_listed_one_is_refused(tmp_path: Path) -> None:
    own = folder_with(tmp_path, "mine.ttf", (FONTS / SANS.file).read_bytes())
    with (own / "mine.ttf").open("ab") as file:
        file.write(b"\0")
    digest = hashlib.sha256((own / "mine.ttf").read_bytes()).hexdigest()
    with pytest.raises(Rejected) as raised:
        characters(read_shelf((own,)).face("Mine"))
    (found,) = raised.value.findings
    assert str(found) == (
        "assets/fonts/mine.ttf: error: the font is not the one that fonts.toml lists; "
        f'put that one back, or write sha256 = "{digest}" when the change is meant [bad-file]'
    )


def test_a_file_that_is_no_font_is_refused(tmp_path: Path) -> None:
    own = folder_with(tmp_path, "mine.ttf", b"Copyright 2022")
    with pytest.raises(Rejected, match=r"mine\.ttf: error: the file is no TrueType font; use a"):
        characters(read_shelf((own,)).face("Mine"))


@pytest.mark.parametrize("family", WHOLE.families)
def test_no_other_font_is_taken_for_one_that_is_gone_or_not_itself(
    family: str, tmp_path: Path
) -> None:
    """What a font prints is known from itself: each file that is spoilt is named, whoever asks."""
    faces = [face for face in WHOLE.faces if face.family == family]
    own = tmp_path / "fonts"
    own.mkdir()
    for face in faces:
        (own / face.file).write_bytes(face.folder.read_bytes(face.file))
    shelf = FontShelf(
        faces=tuple(replace(face, folder=Jail(root=own, name="fonts")) for face in faces)
    )
    lao = (FONTS / "NotoSansLao-Bold.ttf").read_bytes()
    for face in faces:
        kept = (own / face.file).read_bytes()
        other = lao if face.file != "NotoSansLao-Bold.ttf" else b"no font"
        for spoilt in (None, b"", kept[: len(kept) // 2], other):
            (own / face.file).unlink()
            if spoilt is not None:
                (own / face.file).write_bytes(spoilt)
            forget_opened()
            with pytest.raises(Rejected) as refused:
                shelf.prove((family,))
            (found,) = refused.value.findings
            assert str(found.place).endswith(f"fonts/{face.file}")
            assert found.code == ("missing-file" if spoilt is None else "bad-file")
            (own / face.file).write_bytes(kept)


def test_everything_wrong_in_the_table_is_told_with_its_line(tmp_path: Path) -> None:
    table = '[[font]]\nfile = "a.ttf"\nfamly = "A"\nstyle = "slanted"\nweight = 400\nsha256 = "0"\n'
    own = folder_with(tmp_path, "mine.ttf", b"", table)
    with pytest.raises(Rejected) as raised:
        read_shelf((own,))
    told = {(found.code, found.place.line, found.cure) for found in raised.value.findings}
    assert told == {
        ("missing-field", 1, "write it"),
        ("unknown-field", 3, "did you mean 'family'?"),
        ("bad-value", 4, "known are: italic, normal"),
    }


# --- what can be printed ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Żółć, Ωμέγα, Щука – « ok »\t\n", ()),
        ("漢字漢", ("漢", "字")),
        ("soft\u00adhyphen, join\u200der, word\u2060joiner, zero\u200bwidth, \ufe0f", ()),
        ("no-break\u00a0space, narrow\u202fspace, thin\u2009space", ()),
        ("e\u0301", ()),  # is é
        ("q\u0303", ()),  # is never one letter, but q and the tilde are there
        ("\u212b", ()),  # Ångström sign, which is Å
        ("a\u20dd", ("\u20dd",)),  # a in a circle, which no font here has
    ],
)
def test_a_character_is_missing_when_no_face_has_it(text: str, missing: tuple[str, ...]) -> None:
    assert SHELF.missing(text, ("Noto Serif", "Noto Sans")) == missing


def test_a_form_that_was_chosen_for_a_letter_is_missing_where_the_font_has_it_not() -> None:
    # Names are written with two forms of 葛, of which JIS X 0208 has one.
    form = "葛\U000e0100"
    assert WHOLE.missing(f"{form}城", ("Noto Sans JP",)) == (form,)
    compositor = Compositor(WHOLE, "Noto Sans JP", 400, language="ja")
    assert compositor.set(f"{form}城").missing == (form,)
    assert compositor.set("葛城").missing == ()


def test_a_letter_is_there_even_when_its_accent_alone_is_not(tmp_path: Path) -> None:
    only = uharfbuzz.SubsetInput()
    only.unicode_set.update({ord("é")})
    whole = uharfbuzz.Face(uharfbuzz.Blob((FONTS / SANS.file).read_bytes()))
    own = folder_with(tmp_path, "mine.ttf", only.subset(whole).blob.data)
    assert read_shelf((own,)).missing("e\u0301 o\u0301", ("Mine",)) == ("ó",)


def test_what_one_family_lacks_another_may_have() -> None:
    sans, serif = characters(SANS), characters(SHELF.face("Noto Serif"))
    only_sans = min(c for c in sans - serif if c.isalpha() and unicodedata.is_normalized("NFC", c))
    assert SHELF.missing(only_sans, ("Noto Serif",)) == (only_sans,)
    assert SHELF.missing(only_sans, ("Noto Serif", "Noto Sans")) == ()


def test_a_missing_character_is_told_once_on_the_line_where_it_first_stands() -> None:
    text = "first\nthen 漢\nand 漢 again, and 字"
    told = [str(found) for found in SHELF.check_glyphs(text, PLACE, ("Noto Sans",), "en")]
    rest = (
        "is in no font here for 'en'; "
        "write it with other characters, or add a font that has it [missing-glyph]"
    )
    assert told == [
        f"content/x/en.md:13: error: '漢' (U+6F22, cjk unified ideograph-6f22) {rest}",
        f"content/x/en.md:14: error: '字' (U+5B57, cjk unified ideograph-5b57) {rest}",
    ]


def test_without_a_line_the_place_is_the_file() -> None:
    (found,) = SHELF.check_glyphs("a\n漢", Place(file="plan.yaml"), ("Noto Sans",), "zh")
    assert found.place == Place(file="plan.yaml")


@pytest.mark.parametrize(
    ("character", "is_theirs"),
    [("漢", True), ("한", True), ("ー", True), ("。", True), ("！", True), ("ق", False)],
)
def test_what_has_the_letters_of_east_asia_is_said_where_it_is_not_installed(
    character: str, is_theirs: bool, request: pytest.FixtureRequest
) -> None:
    (with_them,) = SHELF.check_glyphs(character, PLACE, ("Noto Sans",), "en")
    request.getfixturevalue("without_cjk")
    (without,) = SHELF.check_glyphs(character, PLACE, ("Noto Sans",), "en")
    assert with_them.cure == "write it with other characters, or add a font that has it"
    assert ("install actionpack-print-cjk" in without.cure) is is_theirs


def test_a_family_is_opened_only_for_what_those_before_it_lack(tmp_path: Path) -> None:
    broken = folder_with(tmp_path, "mine.ttf", b"no font")
    shelf = read_shelf((broken, FONTS))
    assert shelf.missing("Żółć", ("Noto Sans", "Mine")) == ()
    with pytest.raises(Rejected, match="the file is no TrueType font"):
        shelf.missing("𒀀", ("Noto Sans", "Mine"))
    with pytest.raises(Rejected, match="the file is no TrueType font"):
        shelf.prove(("Mine",))
    shelf.prove(("Noto Sans",))


def test_what_two_families_have_the_parts_of_is_there(tmp_path: Path) -> None:
    only = uharfbuzz.SubsetInput()
    only.unicode_set.update({ord("q")})
    whole = uharfbuzz.Face(uharfbuzz.Blob((FONTS / SANS.file).read_bytes()))
    own = folder_with(tmp_path, "mine.ttf", only.subset(whole).blob.data)
    shelf = read_shelf((FONTS, own))
    assert shelf.missing("q\u0303", ("Mine",)) == ("\u0303",)
    assert shelf.missing("q\u0303", ("Mine", "Noto Sans")) == ()


# --- where fonts are --------------------------------------------------------------------------


def test_the_fonts_of_east_asia_come_from_a_distribution_of_their_own(
    request: pytest.FixtureRequest,
) -> None:
    cjk, own = shipped_fonts()
    assert (cjk, cjk.name, own) == (cjk_fonts(), "fonts", FONTS)
    # It is found, and not imported: there is nothing to run.
    assert "actionpack_cjk" not in sys.modules
    # They come after the package's own, which print Latin.
    assert WHOLE.families == (*SHELF.families, *read_shelf((cjk,)).families)
    request.getfixturevalue("without_cjk")
    assert (shipped_fonts(), cjk_fonts()) == ((FONTS,), None)


# --- how wide ---------------------------------------------------------------------------------

LINES = (
    "AVATAR To. Wa fi ffl",
    "María Über-Łódź, Çeşme",
    "Δρόμος 12, Αθήνα",
    "Улица Ґонти 3, Київ",
    "“Quoted” — 1/2 № 7",
    "Улица Roma, Οδός",
)


@pytest.fixture(scope="module")
def typesetter() -> Iterator[Typesetter]:
    with Typesetter((FONTS,)) as one:
        yield one


@pytest.mark.parametrize(("family", "weight"), [("Noto Sans", 600), ("Noto Serif", 400)])
def test_a_line_is_as_wide_as_weasyprint_sets_it(
    typesetter: Typesetter, family: str, weight: int
) -> None:
    rows = "".join(f"<p>{line}</p>" for line in LINES)
    css = f"p {{ font: {weight} 10pt '{family}'; width: max-content }}"
    html = f"<html lang='en'><title>t</title>{rows}</html>"
    laid = typesetter.lay_out(Job(template=html, css=css, mounts={}, images={}))
    # A number sign and its number are kept together by a space of the same width.
    told = (box for page in laid.pages for box in page.boxes)
    wide = {box.text.replace("\u00a0", " "): box.box.width for box in told}
    face = SHELF.face(family, weight)
    ours = {line: pt_to_mm(shape(face, line, 10).width_pt) for line in LINES}
    # Pango counts in 1/1024 of a pixel, 0.26 µm, a glyph.
    assert ours == pytest.approx(wide, abs=0.01)


def test_letters_are_kerned() -> None:
    apart = sum(shape(SANS, letter, 10).width_pt for letter in "AVA")
    # A 639, V 600, less 40 between each two, in thousandths of 10 pt.
    assert (apart, shape(SANS, "AVA", 10).width_pt) == pytest.approx((18.78, 17.98))


def test_a_ligature_stands_for_all_its_letters() -> None:
    told = [glyph.text for glyph in shape(SANS, "fix", 10).glyphs]
    assert told == ["fi", "x"]


def test_a_letter_and_its_accent_are_one_glyph_where_there_is_one() -> None:
    assert shape(SANS, "e\u0301", 10) == shape(SANS, "é", 10)
    assert [glyph.text for glyph in shape(SANS, "m\u0302", 10).glyphs] == ["m", "\u0302"]


def test_what_prints_nothing_gets_no_glyph() -> None:
    assert shape(SANS, "Hand\u00adbuch\u200b", 10).glyphs == shape(SANS, "Handbuch", 10).glyphs


def test_a_face_says_what_it_has_no_glyph_for() -> None:
    assert shape(SANS, "a漢b漢☐", 10).missing == ("漢", "☐")


def test_glyphs_that_stand_for_one_letter_together_are_one() -> None:
    # The font draws ب as a bowl and a dot below it, ǹ as an n and a grave.
    (bowl,) = shape(NASKH, "ب", 10, direction="rtl").glyphs
    (grave,) = shape(SANS, "ǹ", 10).glyphs
    assert [(glyph.text, len(glyph.parts)) for glyph in (bowl, grave)] == [("ب", 2), ("ǹ", 2)]
    assert (bowl.dx, bowl.dy, bowl.advance) == (0, 0, bowl.width)


def test_marks_go_with_their_letter_from_right_to_left() -> None:
    # A reader turns what it finds from the left round, letter and marks as well.
    (one,) = shape(NASKH, "مُ", 10, direction="rtl").glyphs
    assert (one.text, len(one.parts)) == ("\u064fم", 2)


def test_a_glyph_above_the_line_is_a_part_of_one_on_it_from_right_to_left() -> None:
    # No font that ships has such letters; those of hanging scripts, such as Nastaliq, do.
    raised = shaping._on_the_line(Glyph(7, "ب", 600, 10, 120, 600))
    assert raised == Glyph(7, "ب", 600, 0, 0, 600, ((7, 10, 120),))
    level = Glyph(7, "ب", 600, 10, 0, 600)
    assert shaping._on_the_line(level) is level


def test_a_bracket_that_was_turned_over_says_what_it_looks_like() -> None:
    told = [glyph.text for glyph in shape(NASKH, "(ا)", 10, direction="rtl").glyphs]
    assert told == ["(", "ا", ")"]


def test_right_to_left_glyphs_come_from_the_left_with_their_own_text() -> None:
    told = [glyph.text for glyph in shape(SANS, "abc", 10, direction="rtl").glyphs]
    assert told == ["c", "b", "a"]


# Letters, numbers, punctuation and symbols of the face.
visible = st.sampled_from(
    sorted(c for c in characters(SANS) if unicodedata.category(c)[0] in "LNPS")
)


@given(st.text(visible, max_size=12), st.floats(4, 40))
def test_the_glyphs_tell_the_whole_text_and_their_advances_the_width(
    text: str, size: float
) -> None:
    shaped = shape(SANS, text, size)
    told = "".join(glyph.text for glyph in shaped.glyphs)
    assert told == unicodedata.normalize("NFC", text)
    assert shaped.width_pt == pytest.approx(shape(SANS, text, 1).width_pt * size)


# --- lines of any scripts ---------------------------------------------------------------------


def compositor(family: str = "Noto Sans", weight: int = 400) -> Compositor:
    return Compositor(SHELF, family, weight, language="en")


def read(line: SetLine) -> list[tuple[str, str]]:
    """The runs in the order of reading: the font, and the text from the left."""
    return [(run.font, "".join(glyph.text for glyph in run.glyphs)) for run in line.runs]


def seen(line: SetLine) -> str:
    """The text of a line as it stands on the page, from the left."""
    runs = sorted(line.runs, key=lambda run: run.offset)
    return "".join(glyph.text for run in runs for glyph in run.glyphs)


@given(st.text(visible, min_size=1, max_size=12))
def test_a_line_that_the_face_has_is_shaped_as_a_whole(text: str) -> None:
    line = compositor().set(text)
    shaped = shape(SANS, text, 1000, language="en")
    if len(line.runs) == 1:
        assert line.runs[0].glyphs == shaped.glyphs
        assert line.width == pytest.approx(shaped.width_pt)
    assert "".join(told for _, told in read(line)) == unicodedata.normalize("NFC", text)


def test_what_the_face_lacks_comes_from_the_others_in_the_nearest_weight() -> None:
    line = compositor("Noto Serif", 600).set("Via روما ☺")
    assert read(line) == [
        ("Noto Serif Semi-Bold", "Via "),
        ("Noto Naskh Arabic Bold", "امور"),
        ("Noto Naskh Arabic Bold", " "),
        ("Noto Serif Semi-Bold", "☺"),
    ]
    assert line.missing == ("☺",)
    assert line.faces[1] == SHELF.face("Noto Naskh Arabic", 600)


@pytest.mark.parametrize(("tag", "families"), [
    ("zh-Hans", ["Noto Sans", "Noto Sans SC"]), ("zh-Hant", ["Noto Sans", "Noto Sans TC"]),
    ("ja", ["Noto Sans", "Noto Sans JP"]), ("ko", ["Noto Sans", "Noto Sans KR"]),
    ("en", ["Noto Sans", "Noto Sans SC"]),
])  # fmt: skip
def test_letters_that_languages_share_look_as_the_language_writes_them(
    tag: str, families: list[str]
) -> None:
    own = typography.typography(tag).family
    compositor = Compositor(WHOLE, "Noto Sans", 400, language=html_tag(tag), script_family=own)
    line = compositor.set("Roma 骨海")
    assert ([face.family for face in line.faces], line.missing) == (families, ())


def test_urdu_hangs_and_the_other_languages_of_its_script_do_not() -> None:
    for tag, family in (("ur", "Noto Nastaliq Urdu"), ("fa", "Noto Naskh Arabic")):
        own = typography.typography(tag).family
        compositor = Compositor(SHELF, "Noto Serif", 700, language=tag, script_family=own)
        assert [face.family for face in compositor.set("کتاب").faces] == [family]


def test_a_family_of_the_language_that_is_not_here_is_passed_over() -> None:
    assert SHELF.stack("Noto Sans", 400, "Noto Sans SC") == SHELF.stack("Noto Sans", 400)


def test_scripts_are_parted_and_punctuation_stays_with_what_it_follows() -> None:
    told = [text for _, text in read(compositor().set("Via, «Улица» 3 (Οδός).")) if text]
    assert told == ["Via, ", "«Улица» 3 ", "(Οδός)."]


def test_a_mark_stays_with_its_letter_and_both_with_a_face_that_has_them() -> None:
    line = compositor().set("a ب\u064e")
    assert read(line)[-1] == ("Noto Naskh Arabic", "\u064eب")


def test_a_line_of_both_directions_is_set_from_the_right_and_read_in_order() -> None:
    line = compositor().set("منزل Roma رقم 12")
    assert line.right_to_left
    # What runs to the right has its text as it is, what runs to the left from its left end.
    words = [told.strip() for _, told in read(line) if told.strip()]
    assert words == ["لزنم", "Roma", "مقر", "12"]
    assert seen(line) == "12 مقر Roma لزنم"


def test_a_telephone_number_in_a_line_from_the_right_is_the_number_that_was_written() -> None:
    line = compositor().set("هاتف +966 (11) 555-1234 نهارا")
    assert seen(line) == "اراهن +966 (11) 555-1234 فتاه"
    # Its brackets are not turned over: it is shaped from left to right.
    (number,) = (told for _, told in read(line) if "966" in told)
    assert number == "+966 (11) 555-1234"


def test_a_space_behind_a_line_is_no_part_of_its_width() -> None:
    one = compositor()
    for text, where in (("Via", "Via "), ("روما", " امور"), ("a روما", "a امور ")):
        line = one.set(text)
        spaced = one.spaced(one.set(text))
        assert (spaced.width, seen(spaced)) == (line.width, where)
        assert {run.font for run in spaced.runs} == {face.name for face in spaced.faces}


def test_a_compositor_forgets_rather_than_grows() -> None:
    one = compositor()
    for number in range(5000):
        one.set(f"№ {number}")
    assert len(one._known) <= 2048
    assert one.set("№ 1") == compositor().set("№ 1")


def test_characters_that_no_face_has_are_told_in_the_order_of_reading() -> None:
    assert compositor().set("漢 بيت 字 漢").missing == ("漢", "字")


# --- embedding --------------------------------------------------------------------------------


def gids(text: str) -> set[int]:
    return {glyph.gid for glyph in shape(SANS, text, 10).glyphs}


def test_a_subset_holds_the_glyphs_under_their_old_ids_and_no_others() -> None:
    wanted = gids("Gruppo Italia 001")
    font = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob(subset(SANS, wanted))))
    has_ink = {gid for gid in range(font.face.glyph_count) if font.get_glyph_extents(gid).width}
    (space,) = gids(" ")
    assert has_ink == wanted - {space} | {0}
    assert dict(widths(SANS, wanted)) == {gid: font.get_glyph_h_advance(gid) for gid in wanted}


def test_the_same_glyphs_give_the_same_subset_in_any_order() -> None:
    wanted = sorted(gids("Gruppo Italia 001"))
    assert subset(SANS, wanted) == subset(SANS, wanted[::-1] * 2)
    assert len(subset(SANS, wanted)) < len((FONTS / SANS.file).read_bytes()) / 20


def test_metrics_are_in_thousandths_of_the_em() -> None:
    upright, italic = metrics(SANS), metrics(SHELF.face("Noto Sans", style="italic"))
    assert (upright.ascent, upright.descent, upright.cap_height) == (1069, -293, 714)
    assert (upright.italic_angle, round(italic.italic_angle)) == (0, -12)
    assert upright.bbox == (-621, -508, 2800, 1067)


def test_a_code_that_is_no_glyph_of_the_font_is_made_of_glyphs() -> None:
    (bowl,) = shape(NASKH, "ب", 10, direction="rtl").glyphs
    (space,) = shape(NASKH, " ", 10).glyphs
    codes = (
        Code(1600, bowl.gid, "ب", bowl.width, bowl.parts),
        Code(1601, space.gid, "\u00a0", space.width, ()),
        Code(space.gid, space.gid, " ", space.width, ()),
    )
    made = program(NASKH, codes)
    font = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob(made)))
    assert font.get_glyph_h_advance(1600) == bowl.width
    assert font.get_glyph_h_advance(1601) == font.get_glyph_h_advance(space.gid) == space.width
    # The ink of the whole is that of its parts, each where it stands.
    whole = font.get_glyph_extents(1600)
    parts = [(font.get_glyph_extents(gid), x, y) for gid, x, y in bowl.parts]
    assert whole.x_bearing == min(ink.x_bearing + x for ink, x, _ in parts)
    assert whole.y_bearing == max(ink.y_bearing + y for ink, _, y in parts)
    assert font.get_glyph_extents(1601).width == 0
    assert program(NASKH, codes) == made


def test_without_such_codes_the_program_is_the_subset() -> None:
    codes = [Code(g.gid, g.gid, g.text, g.width, ()) for g in shape(SANS, "Roma", 10).glyphs]
    assert program(SANS, codes) == subset(SANS, gids("Roma"))


# --- letters and their signs -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "cluster"),
    [("कि\nक ि", 2, "ि"), ("क्ा", 1, "ा"), ("कंा", 1, "ा")],
)
def test_a_sign_that_cannot_stand_where_it_does_is_told_before_a_font_draws_a_circle(
    text: str, line: int, cluster: str
) -> None:
    shelf = read_shelf(shipped_fonts())
    hindi = Compositor(shelf, "Noto Sans Devanagari", 400, language="hi")
    (found,) = check_clusters(text, Place(file="hi.md", line=1), hindi)
    assert (found.code, found.place.line) == ("bad-value", line)
    assert found.message == f"'{cluster}' (U+{ord(cluster):04X}) is no letter with its signs"


@pytest.mark.parametrize("tag", sorted(SPECIMENS))
def test_no_letter_of_living_languages_is_taken_for_a_broken_one(tag: str) -> None:
    family = typography.typography(tag).family or "Noto Serif"
    one = Compositor(read_shelf(shipped_fonts()), family, 400, language=tag)
    assert check_clusters("\n".join(SPECIMENS[tag].articles), PLACE, one) == ()
