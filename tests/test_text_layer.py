"""What a reader copies, or a screen reader speaks, is the text: in every language, by poppler."""

from __future__ import annotations

import html
import inspect
import io
import re
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from projects import Bench
from specimens import SPECIMENS, write_specimen
from verapdf import validate

from actionpack.catalogues import printed_words
from actionpack.composites import Composite, with_glyphs
from actionpack.content import read_content
from actionpack.fonts.bidi import levels, visual_order
from actionpack.language import direction, html_tag
from actionpack.markup import printed_plain, read_markup
from actionpack.preflight.words import normal
from actionpack.project import Project
from actionpack.render import Job, Typesetter
from actionpack.typography import typography

ROOT = Path(__file__).resolve().parents[1]
FONTS = ROOT / "assets" / "fonts"
SEED = "china-uyghur-families"
# Their words are not parted by spaces.
UNPARTED = {"Thai", "Khmr", "Mymr", "Jpan", "Hans", "Hant"}


@pytest.fixture(scope="module")
def typesetter() -> Iterator[Typesetter]:
    with Typesetter((FONTS, ROOT / "cjk" / "actionpack_cjk" / "fonts")) as one:
        yield one


def page(typesetter: Typesetter, tag: str, *paragraphs: str) -> bytes:
    """Pages with some paragraphs in a language."""
    setting = typography(tag)
    css = (
        f':root {{ font: 11pt/1.8 "{setting.family or "Noto Serif"}", "Noto Serif";'
        " image-rendering: crisp-edges } @page { size: A4; margin: 20mm }"
    )
    body = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs)
    lang = f'lang="{html_tag(tag)}" dir="{direction(tag)}"'
    typesetter.lay_out(Job(template=f"<html {lang}><title>t</title>{body}</html>", css=css))
    pdf, _ = typesetter.write()
    return pdf


def read(pdf: bytes, path: Path) -> str:
    """The text of a file, as poppler tells it."""
    path.write_bytes(pdf)
    ran = subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True, text=True)
    return ran.stdout.replace("\f", "")


# --------------------------------------------------------------------------------- all languages


def texts(tag: str) -> tuple[str, ...]:
    """What a pack says in a language: what layouts print of their own, and a text."""
    printed, _ = printed_words(tag)
    told = [*SPECIMENS[tag].articles]
    project = Project(root=ROOT)
    if (ROOT / "content" / SEED / f"{tag}.md").exists():
        _, text, _ = read_content(project.content.inner(SEED), tag)
        for field in (text.briefing, text.ask, text.letter):
            told += printed_plain(read_markup(field.text)).split("\n")
    # A name that is filled in has braces of its own here.
    return tuple(re.sub("[{}]", "", one) for one in (*printed.values(), *told) if one.strip())


UNSEEN = re.compile("[\u200b-\u200f\u2060-\u2069\ufeff\u00ad]")
LEFT_TO_RIGHT = re.compile("\u202a([^\u202c]*)\u202c|([^\u202a\u202c]+)")


def as_it_looks(line: str) -> str:
    """A line that poppler tells, from the left: its marks say what runs which way."""
    if not line.startswith("\u202b"):
        return re.sub("\u202b([^\u202c]*)\u202c", lambda part: part[1][::-1], line)
    parts = LEFT_TO_RIGHT.findall(line[1:])
    return "".join(left or right[::-1] for left, right in reversed(parts))


def word_as_it_looks(word: str, *, turned: bool) -> str:
    if not turned:
        return word
    return "".join(word[at] for at in visual_order(levels(word, 1)))


def found(tag: str, meant: tuple[str, ...], told: str) -> float:
    """How much of a text was found: words once each, or characters where words are not parted."""
    if typography(tag).script in UNPARTED:
        whole = normal(told)
        letters = [normal(paragraph) for paragraph in meant]
        return sum(len(one) for one in letters if one in whole) / sum(map(len, letters))
    turned = direction(tag) == "rtl"
    # Hyphens at the ends of lines are nothing that was meant.
    joined = re.sub(r"[-\u2010]\n", "", told)
    words = Counter(form(word) for line in joined.split("\n") for word in as_it_looks(line).split())
    wanted = Counter(
        form(word_as_it_looks(bare, turned=turned))
        for paragraph in meant
        for word in paragraph.split()
        if (bare := UNSEEN.sub("", word))
    )
    return (wanted & words).total() / wanted.total()


def form(word: str) -> str:
    """A word as it is compared: the marks of a letter may stand in any order."""
    bare = UNSEEN.sub("", unicodedata.normalize("NFKD", word)).replace("-", "").replace("‐", "")
    return "".join(sorted(bare)) if any(map(unicodedata.combining, bare)) else bare


@pytest.mark.parametrize("tag", sorted(SPECIMENS))
def test_words_in_every_language_are_found(
    typesetter: Typesetter, tag: str, tmp_path: Path
) -> None:
    meant = texts(tag)
    told = read(page(typesetter, tag, *meant), tmp_path / "page.pdf")
    assert found(tag, meant, told) >= 0.97


# -------------------------------------------------------------------------------------- the lines


@pytest.mark.parametrize(
    "line",
    [
        "فرّت ميهريبان إلى إيطاليا في عام 2016 (روما) بعد أن تعرّضا لمضايقات.",
        "منظمة «Amnesty International» في 12 Via Roma، ومعها «بيت الكتب».",
        "סגרו את הדלת (Via Roma 12), ואז צלצלו.",
    ],
)
def test_a_line_that_runs_both_ways_is_told_as_it_looks(
    typesetter: Typesetter, line: str, tmp_path: Path
) -> None:
    tag = "he" if "ת" in line else "ar"
    told = read(page(typesetter, tag, line), tmp_path / "page.pdf").strip()
    look = "".join(line[at] for at in visual_order(levels(line, 1)))
    assert unicodedata.normalize("NFC", as_it_looks(told)[::-1]) == look[::-1]


def test_what_parts_and_joins_a_word_is_part_of_it(typesetter: Typesetter, tmp_path: Path) -> None:
    told = read(page(typesetter, "fa", "این نامه می\u200cشود"), tmp_path / "page.pdf")
    assert "می\u200cشود" in told


def test_the_same_text_is_the_same_file(typesetter: Typesetter) -> None:
    with Typesetter((FONTS,)) as other:
        assert page(other, "ur", *texts("ur")) == page(typesetter, "ur", *texts("ur"))


@pytest.mark.parametrize("tag", ["ar", "ur", "hi", "km", "my", "vi"])
def test_the_file_keeps_the_norms(typesetter: Typesetter, tag: str) -> None:
    assert validate(page(typesetter, tag, *texts(tag)), "2a") == ()


def test_letters_that_are_one_glyph_are_left_as_they_are(typesetter: Typesetter) -> None:
    pdf = page(typesetter, "fr", "Ça «œuvre» à Łódź — dès l’été", "Ελλάδα Россия")
    with pikepdf.open(io.BytesIO(pdf)) as file:
        (font,) = (one for one in file.objects if "/FontFile2" in keys(one))
        shown = TTFont(io.BytesIO(font.FontFile2.read_bytes()))
    own = TTFont(FONTS / "NotoSerif-Regular.ttf")
    assert shown["maxp"].numGlyphs <= own["maxp"].numGlyphs


def keys(one: pikepdf.Object) -> tuple[str, ...]:
    return tuple(one.keys()) if isinstance(one, pikepdf.Dictionary) else ()


# ------------------------------------------------------------------------------- what it leans on


def test_the_functions_that_are_hooked_are_what_they_were() -> None:
    """Should this ever fail, `render.letters` and `render.tongues` must be looked at."""
    from weasyprint.draw import text
    from weasyprint.pdf import fonts, tags

    source = {
        text.draw_first_line: "(stream, textbox, text_overflow, block_ellipsis, matrix)",
        fonts.Font.clean: "(self, to_unicode, hinting)",
        tags._build_box_tree: "(box, parent, pdf, page_number, nums, annotations, tags)",
    }
    assert {one: str(inspect.signature(one)) for one in source} == source
    # By these names they are called.
    assert "emojis = draw_first_line(" in inspect.getsource(text.draw_text)
    assert "font.clean(to_unicode, " in inspect.getsource(fonts.build_fonts_dictionary)
    assert "= _build_box_tree(" in inspect.getsource(tags.add_tags)
    # What is written for a glyph stands here, and the ids of a font end there.
    drawn = inspect.getsource(text.draw_first_line)
    assert "font.to_unicode[glyph_id] = " in drawn
    assert "font.widths[glyph_id] = round(" in drawn
    assert "self.glyph_count + len(self.missing)" in inspect.getsource(fonts.Font)


# ----------------------------------------------------------------------------- glyphs of glyphs


def test_a_glyph_is_made_of_others_where_they_are_placed() -> None:
    program = (FONTS / "NotoSans-Regular.ttf").read_bytes()
    before = TTFont(io.BytesIO(program))
    count = before["maxp"].numGlyphs
    names = before.getGlyphOrder()
    base, dot = (names.index(name) for name in ("e", "period"))
    made = Composite(parts=((base, 0, 0), (dot, 130, -300)), width=564)
    after = TTFont(io.BytesIO(with_glyphs(program, {count + 2: made})), checkChecksums=2)
    assert after["maxp"].numGlyphs == count + 3
    outlines = after["glyf"]
    names = after.getGlyphOrder()
    shape = outlines[names[count + 2]]
    placed = [(names.index(one.glyphName), one.x, one.y) for one in shape.components]
    assert placed == [(base, 0, 0), (dot, 130, -300)]
    # As high as the e, and as low as the foot of the full stop, 300 lower.
    assert shape.yMax == outlines[names[base]].yMax
    assert shape.yMin == outlines[names[dot]].yMin - 300
    assert after["hmtx"][names[count + 2]] == (564, shape.xMin)
    # What was there is there.
    assert all(
        outlines[names[at]].getCoordinates(outlines)[0]
        == before["glyf"][before.getGlyphOrder()[at]].getCoordinates(before["glyf"])[0]
        for at in (base, dot, count - 1)
    )
    assert outlines[names[count]].numberOfContours == 0


# ------------------------------------------------------------------------------------- the proof

# The strings of each line that is shown, with what moves them.
Line = pikepdf.Array
Shown = pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage


def lose(one: Line, other: Line) -> tuple[Line, Line]:
    return one, pikepdf.Array()


def swap(one: Line, other: Line) -> tuple[Line, Line]:
    return other, one


def double(one: Line, other: Line) -> tuple[Line, Line]:
    return one, one


def lose_a_letter(one: Line, other: Line) -> tuple[Line, Line]:
    codes = bytes(other[0])
    return one, pikepdf.Array([pikepdf.String(codes[2:]), *list(other)[1:]])


@pytest.mark.parametrize("tag", ["ar", "ur", "hi"])
@pytest.mark.parametrize("spoil", [None, lose, swap, double, lose_a_letter])
def test_every_word_of_a_finished_file_is_proved_once_and_in_order(
    bench: Bench, tag: str, spoil: Callable[[Line, Line], tuple[Line, Line]] | None
) -> None:
    write_specimen(bench.root, tag)
    ran = bench.run("build", "declaration", "--sender-country", "US", "--lang", tag)
    with pikepdf.open(ran.files[0], allow_overwriting_input=True) as file:
        first = file.pages[0]
        shown = list(pikepdf.parse_content_stream(first))
        lines = [at for at, one in enumerate(shown) if str(one.operator) == "TJ"]
        one, other = max(pairwise(lines), key=lambda pair: min(glyphs(shown[at]) for at in pair))
        if spoil is not None:
            spoilt = spoil(array(shown[one]), array(shown[other]))
            for at, strings in zip((one, other), spoilt, strict=True):
                shown[at] = pikepdf.ContentStreamInstruction([strings], pikepdf.Operator("TJ"))
        first.Contents = file.make_stream(pikepdf.unparse_content_stream(shown))
        file.save()
    found = bench.run("check", str(ran.files[0]))
    errors = {one["code"] for one in found.findings if one["severity"] == "error"}
    assert errors == ({"lost-text"} if spoil else set())


def array(one: Shown) -> Line:
    return pikepdf.Array(list(one.operands[0]))


def glyphs(one: Shown) -> int:
    return sum(len(bytes(part)) for part in array(one) if isinstance(part, pikepdf.String))
