"""The booklet for schools: it is full, asks pupils for nothing, and ends with its back cover."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from projects import ACTION, SECTIONS, TODAY, Bench, page_texts, words, write_action
from specimens import write_specimen
from verapdf import validate

from actionpack.store import shipped_folder
from actionpack.units import MM_PER_INCH

# Page by page, not yet on the sheets that are printed.
SINGLE = ("--impose", "none")

PAPERS = ("a5", "half-letter")
# Words of layouts that a language lacks are a warning of their own.
UNTRANSLATED = "missing-translation"


def pages_of(bench: Bench, *arguments: str) -> list[str]:
    """The texts of a booklet's pages, which has no fault."""
    ran = bench.build(*SINGLE, "--layout", "handout", *arguments)
    assert (ran.code, ran.findings) == (0, ())
    return page_texts(ran.pdf)


def sections(**more: str) -> dict[str, str]:
    return {**SECTIONS, **more}


# ------------------------------------------------------------------------------------- it is full


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("tag", ["en", "ar", "de", "hi", "my", "th", "ur", "zh-Hans"])
def test_it_is_a_booklet_on_every_paper_in_every_script(bench: Bench, tag: str, paper: str) -> None:
    write_specimen(bench.root, tag)
    ran = bench.run(
        *("build", "declaration", "--lang", tag, "--layout", "handout", "--paper", paper),
        *("--sender-country", "US"),
    )
    assert set(ran.codes) <= {UNTRANSLATED}
    pages = page_texts(ran.pdf)
    assert len(pages) >= 8
    assert len(pages) % 4 == 0


@pytest.mark.parametrize("length", [3, 150, 400, 650, 900, 1500, 4000])
def test_pages_to_write_on_fill_it_up_whatever_the_text_takes(bench: Bench, length: int) -> None:
    paragraphs = (words(min(length, 80), f"w{at}-") for at in range(max(1, length // 80)))
    briefing = "\n\n".join(paragraphs)
    write_action(bench.root, sections={"briefing": briefing})
    pages = pages_of(bench)
    assert len(pages) % 4 == 0
    assert "POST BY 31 December 2027" in pages[-1]
    assert sum("POST BY" in page for page in pages) == 1
    # Only what fills is without a word, and no more of it than makes a sheet.
    assert sum(page.strip("0123456789 ") == "" for page in pages) <= 3


def test_a_template_that_leaves_the_booklet_unfilled_is_found(bench: Bench) -> None:
    folder = bench.root / "layouts" / "handout"
    shutil.copytree(shipped_folder() / "layouts" / "handout", folder)
    template = folder / "template.html.j2"
    text = template.read_text(encoding="utf-8")
    assert "range(filling + 1)" in text
    template.write_text(text.replace("range(filling + 1)", "range(1)"), encoding="utf-8")
    found = bench.build(*SINGLE, "--layout", "handout").only("layout-fault")
    assert found["message"] == "there are 9 pages, which is no multiple of 4"
    assert found["file"] == "layouts/handout/template.html.j2"
    assert found["cure"] == "let the template make one page more for each of range(filling)"


# ------------------------------------------------------------------------------------- its words


def test_the_sections_for_schools_are_printed_and_stand_in_for_what_is_general(
    bench: Bench,
) -> None:
    write_action(
        bench.root,
        sections=sections(
            plain="They wait.", discuss="1. Why do they wait?", teacher="### Aims\n\n- To listen."
        ),
    )
    whole = " ".join(pages_of(bench))
    assert "They wait." in whole
    assert SECTIONS["briefing"] not in whole
    assert "Why do they wait?" in whole
    assert "Who could choose what to do" not in whole
    assert "To listen." in whole
    assert "A plan for 45 minutes" not in whole


def test_without_them_it_says_what_is_said_of_any_case(bench: Bench) -> None:
    whole = " ".join(pages_of(bench))
    assert SECTIONS["briefing"] in whole
    assert "Who could choose what to do, and who could not?" in whole
    assert "A plan for 45 minutes" in whole
    assert "Do not post letters of pupils on social media" in whole


def test_a_translation_without_them_is_told_what_is_printed_instead(bench: Bench) -> None:
    write_action(bench.root, sections=sections(plain="They wait."))
    write_action(bench.root, tag="it", fields={"status": "draft"}, sections=SECTIONS)
    assert bench.run("translate", "stamp", "river").code == 0
    ran = bench.build(*SINGLE, "--layout", "handout", "--lang", "it", "--allow-draft")
    (found,) = (one for one in ran.findings if "'plain'" in one["message"])
    assert (found["code"], found["severity"]) == ("missing-translation", "warning")
    assert found["message"].startswith("'plain' is not translated, and something more general is")
    # The letter does not print it.
    assert "'plain'" not in str(bench.build("--lang", "it", "--allow-draft").findings)


@pytest.mark.parametrize("sender", ["full", "initials", "none"])
def test_pupils_are_asked_for_initials_at_the_most(bench: Bench, sender: str) -> None:
    write_action(bench.root, action=f"{ACTION}safety: {{sender: {sender}}}\n")
    whole = " ".join(pages_of(bench))
    for asked in ("Your name", "Signature", "Your initials and town", "Class:"):
        assert asked not in whole
    assert ("Sign with your initials only" in whole) == (sender != "none")
    assert ("Do not sign." in whole) == (sender == "none")


def test_it_holds_the_letter_to_each_target_and_what_is_said_before(bench: Bench) -> None:
    two = "\n  - id: minister\n    lines: [The Minister, Ministry of Justice]\n    country: FR\n"
    write_action(bench.root, action=ACTION + two, fields={"safety_notes": "Think first."})
    pages = [page for page in pages_of(bench) if "A letter as an example" in page]
    assert ["The Mayor" in page for page in pages] == [True, False]
    assert ["The Minister" in page for page in pages] == [False, True]
    assert all("Think first." in page and "Yours sincerely," in page for page in pages)


def test_a_case_without_a_web_address_has_no_code(bench: Bench) -> None:
    write_action(bench.root, action=ACTION.replace("https://www.example.org/act/river", "none"))
    assert "SCAN TO ACT" not in " ".join(pages_of(bench))


def test_a_letter_in_another_language_stands_beside_what_it_says(bench: Bench) -> None:
    french = {"briefing": "B", "ask": "A", "letter": "Libérez-les."}
    write_action(
        bench.root, tag="fr", fields={"status": "reviewed", "reviewer": "Ada"}, sections=french
    )
    assert bench.run("translate", "stamp", "river").code == 0
    (page,) = (
        one for one in pages_of(bench, "--letter-lang", "fr") if "A letter as an example" in one
    )
    assert page.index("Libérez-les.") < page.index("What you sign") < page.index("I am writing")


# ----------------------------------------------------------------------------------- how it looks


@pytest.mark.parametrize(("tag", "recto_is_right"), [("en", True), ("ar", False)])
def test_the_number_of_a_page_stands_at_its_outer_corner(
    bench: Bench, tag: str, recto_is_right: bool
) -> None:
    write_specimen(bench.root, tag)
    arguments = (*SINGLE, "--lang", tag, "--layout", "handout", "--sender-country", "US")
    pdf = pypdfium2.PdfDocument(bench.run("build", "declaration", *arguments).pdf)
    for number in (2, 3, 4, 5):
        page = pdf[number - 1]
        text = page.get_textpage()
        lines = [text.get_rect(at) for at in range(text.count_rects())]
        left, _, right, _ = min(lines, key=lambda line: line[1])
        is_right = (left + right) / 2 > page.get_width() / 2
        # Odd pages are rectos.
        assert is_right == ((number % 2 == 1) == recto_is_right), number


def test_it_has_no_dark_areas(bench: Bench) -> None:
    pdf = pypdfium2.PdfDocument(bench.build(*SINGLE, "--layout", "handout").pdf)
    # The code is on the last page. Nine pixels of 25 to the inch are 9 mm: more than any letter.
    for number in range(len(pdf) - 1):
        page = pdf[number].render(scale=25 / 72, grayscale=True).to_pil()
        across = round(9 * 25 / MM_PER_INCH)
        small = page.reduce(across)
        assert min(small.tobytes()) > 100, f"page {number + 1}"


def test_three_pictures_are_printed_with_their_credits(bench: Bench) -> None:
    rows = ", ".join(
        f'{{file: {n}.png, alt: {{en: "No. {n}"}}, credit: "Credit {n}"}}' for n in (1, 2, 3)
    )
    folder = write_action(bench.root, action=f"{ACTION}images: [{rows}]\n")
    for number in (1, 2, 3):
        Image.new("RGB", (1500, 900), (90, 120, 150)).save(folder / f"{number}.png")
    whole = " ".join(pages_of(bench))
    assert [whole.count(f"Credit {number}") for number in (1, 2, 3)] == [1, 1, 1]


@pytest.mark.parametrize("large", [(), ("--large-print",)])
@pytest.mark.parametrize("length", [150, 450])
def test_no_picture_and_no_quotation_stands_alone_on_a_page(
    bench: Bench, length: int, large: tuple[str, ...]
) -> None:
    rows = ", ".join(f'{{file: {n}.png, alt: {{en: "No. {n}"}}}}' for n in (1, 2, 3))
    folder = write_action(
        bench.root,
        action=f"{ACTION}images: [{rows}]\n",
        fields={"quote": {"text": "Once upon a time"}},
        sections={"briefing": words(length)},
    )
    for number, size in enumerate(((1500, 1000), (900, 1300), (1800, 800)), 1):
        Image.new("RGB", size, (90, 120, 150)).save(folder / f"{number}.png")
    ran = bench.build(*SINGLE, "--layout", "handout", *large)
    assert (ran.code, ran.findings) == (0, ())
    for number, page in enumerate(pypdfium2.PdfDocument(ran.pdf), 1):
        pictures = [one for one in page.get_objects() if one.type == 3]  # of pdfium: an image
        text = page.get_textpage().get_text_bounded()
        if number > 1 and (pictures or "upon a time" in text):
            assert text.count("word") >= 20
    # The page of the case holds them both, at one height.
    heights = {round(top - foot, 1) for _, foot, _, top in _pictures(ran.pdf, page=2)}
    assert len(_pictures(ran.pdf, page=2)) == 2
    assert len(heights) == 1


def _pictures(pdf: bytes, page: int) -> list[tuple[float, float, float, float]]:
    """Left, foot, right and top of each picture of a page, in points."""
    objects = pypdfium2.PdfDocument(pdf)[page - 1].get_objects()
    return [one.get_bounds() for one in objects if one.type == 3]


def test_all_is_set_a_little_closer_where_that_spares_a_page_of_a_few_lines(bench: Bench) -> None:
    # A page in large print holds 100 of these words.
    write_action(bench.root, sections={"briefing": words(112)})

    def pages_with_words() -> list[int]:
        pages = pages_of(bench, "--large-print")
        return [count for page in pages if (count := len(re.findall(r"word\d", page)))]

    assert pages_with_words() == [112]
    folder = bench.root / "layouts" / "handout"
    shutil.copytree(shipped_folder() / "layouts" / "handout", folder)
    row = folder / "layout.toml"
    row.write_text(row.read_text().replace("closer = 3\n", ""))
    assert pages_with_words() == [100, 12]


def test_a_cover_with_a_picture_holds_all_that_it_says_in_large_print(bench: Bench) -> None:
    action = f'{ACTION}images: [{{file: 1.png, alt: {{en: "One"}}}}]\n'
    folder = write_action(bench.root, action=action, fields={"summary": words(25)})
    Image.new("RGB", (1500, 1000), (90, 120, 150)).save(folder / "1.png")
    cover, *_ = pages_of(bench, "--large-print")
    assert cover.endswith("A booklet to read, to talk about and to write in")


def test_a_cover_that_is_too_full_runs_on_and_nothing_is_cut(bench: Bench) -> None:
    write_action(bench.root, fields={"summary": words(400)})
    pages = pages_of(bench)
    assert len(pages) % 4 == 0
    assert "word399" in pages[1]


def test_it_is_accessible_and_archivable(bench: Bench) -> None:
    pdf = bench.build(*SINGLE, "--layout", "handout").pdf
    assert validate(pdf, "ua1") == ()
    assert validate(pdf, "2a") == ()


def test_the_example_for_schools_prints_all_of_its_sections(bench: Bench) -> None:
    name = "china-uyghur-families"
    shutil.copytree(
        Path(__file__).resolve().parents[1] / "content" / name, bench.root / "content" / name
    )
    ran = bench.run("build", name, "--layout", "handout", "--sender-country", "IT")
    assert (ran.code, ran.findings) == (0, ())
    whole = " ".join(page_texts(ran.pdf))
    assert "A journey across China" in whole
    assert "Can a letter from somebody far away change anything?" in whole
    assert "Keep no list of who has written." in whole
    assert TODAY < "2027-12-31"


@pytest.mark.parametrize("paper", ["a5", "half-letter"])
def test_the_back_cover_holds_all_that_it_says_in_large_print_too(bench: Bench, paper: str) -> None:
    name = "china-uyghur-families"
    shutil.copytree(
        Path(__file__).resolve().parents[1] / "content" / name, bench.root / "content" / name
    )
    ran = bench.run("build", name, "--lang", "de", "--layout", "handout", "--sender-country", "IT",
                    "--allow-draft", "--large-print", "--paper", paper, "--impose", "none",
                    "--set", "serial=12")  # fmt: skip
    assert ran.errors == []
    *_, back = page_texts(ran.pdf)
    for word in ("31. Dezember 2027", "KONTAKT", "Text: Amnesty International", "12"):
        assert word in back
