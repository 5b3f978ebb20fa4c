"""Large print and ink saver: what each layout promises in them, measured on the finished file."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image
from projects import ACTION, Bench, page_texts, words, write_action
from specimens import SPECIMENS, write_specimen

from actionpack.layouts import find_layout, layout_names, layouts_for, read_layout
from actionpack.model import INK_SAVER, LARGE_PRINT, ProofMap, VolumeMap
from actionpack.preflight.finished import map_inside, prove
from actionpack.preflight.reader import File
from actionpack.store import Jail
from actionpack.units import mm_to_pt

ROOT = Path(__file__).resolve().parents[1]
SHELF = (Jail(root=ROOT / "layouts", name="layouts"),)
LAYOUTS = {name: read_layout(find_layout(SHELF, name)) for name in layout_names(SHELF)}
LARGE = sorted(name for name, layout in LAYOUTS.items() if LARGE_PRINT in layout.variants)
SPARING = sorted(name for name, layout in LAYOUTS.items() if INK_SAVER in layout.variants)
SEED, BOATS = "china-uyghur-families", "ombrovia-paper-boats"
# Pages by themselves, to be looked at.
SINGLE = {
    "handout": ("--paper", "a5"),
    "postcard": ("--impose", "none"),
    "double-card": ("--impose", "none"),
}
CASES = ((SEED, "en"), (SEED, "ar"), (BOATS, "en"))


def build(bench: Bench, action: str, tag: str, layout: str, *more: str) -> bytes:
    """A pack of one of the cases that ship, without an error."""
    folder = bench.root / "content" / action
    if not folder.is_dir():
        shutil.copytree(ROOT / "content" / action, folder)
    asked = ("--lang", tag, "--layout", layout, "--sender-country", "IT", "--allow-draft")
    ran = bench.run("build", action, *asked, *more)
    assert ran.errors == []
    return ran.pdf


def sizes(pdf: bytes) -> Iterator[tuple[str, float]]:
    """Each line of the file with its size, pt."""
    with File(pdf) as file:
        for number in range(1, file.page_count + 1):
            with file.page(number) as page:
                for mark in page.marks:
                    if mark.kind == "text" and mark.text.strip():
                        yield mark.text, mm_to_pt(mark.type_mm)


def reproved(pdf: bytes, **changed: Any) -> list[str]:
    """The messages about a file that was meant otherwise."""
    proof, _ = map_inside(pdf)
    assert isinstance(proof, ProofMap)
    found = prove(
        pdf,
        name="a.pdf",
        proof=replace(proof, **changed),
        today=None,
        deadline_today=None,
        allow_expired=True,
    )
    return [f"{one.code}: {one.message}" for one in found if one.is_error]


# -------------------------------------------------------------------------------- every layout


def test_which_layouts_have_which_variant() -> None:
    assert sorted({*LAYOUTS} - {*LARGE}) == ["envelope", "labels"]
    assert sorted(LAYOUTS) == SPARING
    assert [name for name, one in LAYOUTS.items() if one.unchanged] == ["envelope", "labels"]


@pytest.mark.parametrize(("action", "tag"), CASES)
@pytest.mark.parametrize("layout", LARGE)
def test_large_print_is_large(bench: Bench, layout: str, action: str, tag: str) -> None:
    pdf = build(bench, action, tag, layout, "--large-print", *SINGLE.get(layout, ()))
    proof, _ = map_inside(pdf)
    assert isinstance(proof, ProofMap)
    assert proof.large_print
    # What stands in the window alone is smaller.
    posted = " ".join(text.text for text in proof.texts if text.field.startswith("address"))
    small = [text for text, size in sizes(pdf) if size < 11.9]
    assert [text for text in small if not set(text.split()) <= set(posted.split())] == []
    letters = sum(len(text) for text, _ in sizes(pdf))
    assert sum(len(text) for text, size in sizes(pdf) if size > 15.9) > 0.5 * letters


@pytest.mark.parametrize(("action", "tag"), CASES)
@pytest.mark.parametrize("layout", SPARING)
def test_ink_saver_has_no_picture_and_no_ground(
    bench: Bench, layout: str, action: str, tag: str
) -> None:
    if tag == "ar" and LAYOUTS[layout].prints_cards:
        tag = "en"  # nobody wrote a short letter in Arabic
    pdf = build(bench, action, tag, layout, "--ink-saver")
    with pikepdf.open(io.BytesIO(pdf)) as file:
        images = [one for page in file.pages for one in page.get_images()]
    assert images == []
    proof, _ = map_inside(pdf)
    assert isinstance(proof, ProofMap)
    assert proof.ink_saver
    assert not [text for text in proof.texts if text.field.startswith("picture_credit")]


def test_both_at_once_on_american_paper_and_for_a_press(bench: Bench) -> None:
    both = ("--large-print", "--ink-saver", "--paper", "letter")
    for layout in LARGE:
        asked = ("--layout", layout, *both)
        assert bench.build(*asked).errors == [], layout
    ran = bench.build("--layout", "letter", *both, "--edition", "press")
    assert ran.errors == []
    assert ran.files[0].name == "river.en.letter.letter.press.large-print.ink-saver.pdf"


# ------------------------------------------------------------------------------------ the proof


@pytest.mark.parametrize("layout", LARGE)
def test_usual_print_does_not_pass_for_large(bench: Bench, layout: str) -> None:
    pdf = bench.build("--layout", layout, *SINGLE.get(layout, ())).pdf
    assert reproved(pdf) == []
    wrong = [one for one in reproved(pdf, large_print=True) if one.startswith("small-print")]
    assert any("and large print takes 16 pt or more" in one for one in wrong)
    assert any("and large print takes 12 pt or more" in one for one in wrong)


def test_a_picture_does_not_pass_for_saved_ink(bench: Bench) -> None:
    pdf = build(bench, BOATS, "en", "poster")
    assert reproved(pdf) == []
    rule, picture = reproved(pdf, ink_saver=True)
    assert rule == "solid-area: a drawing of 267 × 1 mm is printed solid"
    assert picture.startswith("solid-area: a picture of ")


GROUND = ".kicker { background: #f0f0f0; height: 12mm; }"
FRAME = ".kicker { border: 0.5pt solid #111; height: 12mm; }"


@pytest.mark.parametrize(("style", "codes"), [(GROUND, ["solid-area"]), (FRAME, [])])
def test_a_pale_ground_is_an_area_and_a_frame_is_none(
    bench: Bench, style: str, codes: list[str]
) -> None:
    own = bench.root / "layouts" / "petition"
    shutil.copytree(ROOT / "layouts" / "petition", own)
    with (own / "style.css").open("a", encoding="utf-8") as file:
        file.write(style)
    ran = bench.build("--layout", "petition", "--ink-saver")
    assert sorted(set(ran.errors)) == codes


def test_small_type_in_large_print_is_told_with_its_field(bench: Bench) -> None:
    own = bench.root / "layouts" / "letter"
    shutil.copytree(ROOT / "layouts" / "letter", own)
    with (own / "style.css").open("a", encoding="utf-8") as file:
        file.write(".large-print .summary { font-size: 15pt; }")
    found = bench.build("--large-print").only("small-print")
    assert found["message"] == "'summary' is set in 15.0 pt, and large print takes 16 pt or more"
    assert found["page"] == 1


def test_a_letter_too_long_for_large_print_is_told_with_the_cure(bench: Bench) -> None:
    write_action(bench.root, sections={"letter": words(280)})
    asked = ("--layout", "selfmailer")
    assert bench.build(*asked).errors == []
    found = bench.build(*asked, "--large-print").only("letter-too-long")
    assert found["message"].endswith(" lines too long for 'selfmailer' in large print")
    assert found["cure"] == (
        "shorten it, or print this layout in type of the usual size, or one whose letters go on "
        "overleaf: build with --layout letter"
    )
    # All of it is true.
    assert bench.build("--large-print").errors == []


def test_the_stub_has_a_leaf_of_its_own(bench: Bench) -> None:
    texts = page_texts(bench.build("--large-print").pdf)
    (letter,) = (at for at, text in enumerate(texts) if "Signature and name" in text)
    (stub,) = (at for at, text in enumerate(texts) if "Keep this part" in text)
    assert stub - letter == 2
    assert "Tear along" not in texts[stub]


# Every rule of safety, so that the program has as much to say as it can.
GUARDED = f"""{ACTION}
safety: {{sender: initials, unnamed: [Amnesty], avoid: [independence], religion: false}}
people: [{{name: Ada Bell, pronoun: she/her}}]
"""


@pytest.mark.parametrize(
    ("layout", "tag"),
    [
        ("selfmailer", "ta"),  # long words, and many of them
        ("selfmailer", "my"),  # the highest lines
        ("poster", "ja"),
        ("poster", "my"),
        ("tally", "ta"),
        ("tally", "ru"),
        ("petition", "ta"),
        ("double-card", "ta"),
    ],
)
def test_words_of_the_program_have_room_in_large_print(bench: Bench, layout: str, tag: str) -> None:
    action = GUARDED.replace("source_language: en", f"source_language: {tag}")
    write_action(bench.root, action=action, tag=tag)
    ran = bench.build("--lang", tag, "--layout", layout, "--large-print", "--paper", "a4")
    assert ran.errors == []


@pytest.mark.parametrize(
    ("tag", "layout", "paper", "more"),
    [
        ("hy", "letter", "a4", ("--large-print",)),  # captions of two lines
        ("kk", "selfmailer", "letter", ("--large-print",)),
        ("my", "letter", "letter", ("--large-print",)),  # high lines
        ("my", "postcard", "letter", ("--large-print",)),
        ("my", "poster", "letter", ("--large-print",)),
        ("ur", "letter", "a4", ("--large-print",)),  # lines that hang low
        ("ur", "postcard", "a4", ("--large-print",)),
        ("ur", "double-card", "a4", ("--large-print",)),
        ("ur", "tally", "a4", ("--large-print",)),
        ("ko", "petition", "a4", ("--large-print",)),  # an ask that began beside the code
        ("ta", "poster", "letter", ()),
    ],
)
def test_real_words_of_every_script_have_room(
    bench: Bench, tag: str, layout: str, paper: str, more: tuple[str, ...]
) -> None:
    write_specimen(bench.root, tag)
    asked = ("build", "declaration", "--lang", tag, "--layout", layout, "--paper", paper)
    assert bench.run(*asked, *more, "--sender-country", "DE").errors == []


@pytest.mark.parametrize("tag", ["ta", "my"])
def test_a_small_poster_has_room_for_a_long_ask_in_large_print(bench: Bench, tag: str) -> None:
    write_specimen(bench.root, tag)
    # Three hundred letters and more, below a quotation with its name.
    file = bench.root / "content" / "declaration" / f"{tag}.md"
    _, life, torture, _, court, _ = SPECIMENS[tag].articles
    text = file.read_text(encoding="utf-8").replace(court, f"{court} {life}")
    file.write_text(
        text.replace(f'"{torture}"', f'"{torture}", "by": "Mihriban"'), encoding="utf-8"
    )
    asked = ("--layout", "poster", "--paper", "letter", "--sender-country", "DE")
    ran = bench.run("build", "declaration", *asked, "--large-print")
    assert ran.errors == []
    assert "Mihriban" in page_texts(ran.pdf)[0]


def test_the_picture_of_a_poster_gives_way_to_words(bench: Bench) -> None:
    action = f"{ACTION}images: [{{file: a.png, alt: {{en: A river}}, credit: Somebody}}]\n"
    quote = {"text": words(20), "by": "Ada"}
    folder = write_action(
        bench.root,
        action=action,
        fields={"title": " ".join(["river"] * 20), "quote": quote},
        sections={"ask": words(42)},
    )
    Image.new("RGB", (2400, 600), "gray").save(folder / "a.png")
    ran = bench.build("--layout", "poster", "--large-print", "--paper", "letter")
    assert ran.errors == []
    with File(ran.pdf) as file, file.page(1) as page:
        (picture,) = (mark for mark in page.marks if mark.kind == "image")
    # The room of a poster's picture is 0.48 of 215.9 mm wide; it takes six tenths of that.
    assert picture.box.width == pytest.approx(0.6 * 0.48 * 215.9, abs=0.1)


def line_texts(pdf: bytes) -> Iterator[list[str]]:
    """The lines of each page."""
    with File(pdf) as file:
        for number in range(1, file.page_count + 1):
            with file.page(number) as page:
                lines: dict[float, str] = {}
                for mark in page.marks:
                    if mark.kind == "text":
                        at = round(mark.box.bottom)
                        lines[at] = lines.get(at, "") + mark.text
            yield list(lines.values())


def touching(pdf: bytes) -> Iterator[tuple[str, str]]:
    """Words on one line that stand in each other."""
    with File(pdf) as file:
        for number in range(1, file.page_count + 1):
            with file.page(number) as page:
                texts = [one for one in page.marks if one.kind == "text" and one.text.strip()]
            for one, other in combinations(texts, 2):
                shared = one.box.intersection(other.box)
                if shared.width > 0.3 and shared.height > one.box.height / 2:
                    yield one.text.strip(), other.text.strip()


@pytest.mark.parametrize("variant", [(), ("--large-print",)], ids=["usual", "large"])
@pytest.mark.parametrize("tag", ["ta", "my", "ur"])
def test_heads_of_columns_do_not_touch(bench: Bench, tag: str, variant: tuple[str, ...]) -> None:
    action = GUARDED.replace("source_language: en", f"source_language: {tag}")
    write_action(bench.root, action=action, tag=tag)
    ran = bench.build("--lang", tag, "--layout", "petition", *variant)
    assert list(touching(ran.pdf)) == []


@pytest.mark.parametrize("tag", ["hy", "kk", "ta", "pt"])
def test_a_date_stands_on_one_line_of_a_petition(bench: Bench, tag: str) -> None:
    action = ACTION.replace("source_language: en", f"source_language: {tag}")
    write_action(bench.root, action=action, tag=tag)
    for page in line_texts(bench.build("--lang", tag, "--layout", "petition", "--large-print").pdf):
        assert [text for text in page if "2027" in text and "31" in text] != []


@pytest.mark.parametrize("layout", ["tally", "double-card"])
def test_a_date_too_wide_for_its_column_is_not_broken_inside_the_year(
    bench: Bench, layout: str
) -> None:
    write_action(
        bench.root, action=ACTION.replace("source_language: en", "source_language: es"), tag="es"
    )
    ran = bench.build("--lang", "es", "--layout", layout, "--large-print", "--paper", "a4")
    assert any("2027" in text for page in line_texts(ran.pdf) for text in page)


def test_what_is_set_on_a_copy_is_large_too(bench: Bench) -> None:
    ran = bench.build("--large-print", "--set", "group=Roma 12", "--set", "serial=7")
    assert ran.errors == []
    told = dict(sizes(ran.pdf))
    assert told["Roma 12"] == pytest.approx(16, abs=0.05)


# ----------------------------------------------------------------------------------- what is asked


def small_cards(bench: Bench, why: str) -> None:
    """A layout of the project's own that has no large print."""
    bench.run("new-layout", "ours", "--from", "postcard")
    file = bench.root / "layouts" / "ours" / "layout.toml"
    text = file.read_text(encoding="utf-8")
    text = text.replace('variants = ["large-print", ', f"{why}variants = [")
    table = text[text.index("[large_print]") : text.index("[[form]]")]
    file.write_text(text.replace(table, ""), encoding="utf-8")


def test_a_layout_that_cannot_is_refused_and_left_out_of_the_kit(bench: Bench) -> None:
    small_cards(bench, 'no_large_print = "a card is too small"\n')
    found = bench.build("--layout", "ours", "--large-print").only("bad-value")
    assert found["message"] == (
        "--large-print: layout 'ours' cannot be printed so: a card is too small"
    )
    assert found["cure"] == "leave the option out, or print another layout, such as 'letter'"
    own = Jail(root=bench.root / "layouts", name="layouts")
    assert layouts_for((own,), None, (LARGE_PRINT,)) == ((), ("ours",))


def test_a_layout_that_does_not_say_why_is_refused_with_what_it_lacks(bench: Bench) -> None:
    small_cards(bench, "")
    found = bench.build("--layout", "ours", "--large-print").only("bad-value")
    assert found["message"] == "--large-print: layout 'ours' cannot be printed so"
    assert found["cure"] == "leave the option out, or add it to 'variants' in its layout.toml"


@pytest.mark.parametrize("layout", ["labels", "envelope"])
def test_labels_and_envelopes_are_the_same_in_large_print(bench: Bench, layout: str) -> None:
    large, usual = (bench.build("--layout", layout, *more) for more in (["--large-print"], []))
    assert large.files == usual.files


def test_a_variant_has_a_name_of_its_own(bench: Bench) -> None:
    names = [
        bench.build(*asked).files[0].name
        for asked in ([], ["--large-print"], ["--ink-saver"], ["--large-print", "--ink-saver"])
    ]
    assert names == [
        "river.en.letter.a4.pdf",
        "river.en.letter.a4.large-print.pdf",
        "river.en.letter.a4.ink-saver.pdf",
        "river.en.letter.a4.large-print.ink-saver.pdf",
    ]


PLAN = """\
name: large
sender_country: IT
large_print: true
ink_saver: true
packs:
  - {action: river, copies: 2, layout: LAYOUT}
"""


def test_a_plan_asks_for_both(bench: Bench) -> None:
    (bench.root / "plan.yaml").write_text(PLAN.replace("LAYOUT", "letter"), encoding="utf-8")
    ran = bench.run("batch", "plan.yaml")
    assert ran.errors == []
    volume = next(path for path in ran.files if path.name == "volume-001.pdf").read_bytes()
    assert bench.run("check", "out/large/volume-001.pdf").errors == []
    proofs, _ = map_inside(volume)
    assert isinstance(proofs, VolumeMap)
    assert [(one.large_print, one.ink_saver) for one in proofs.proofs] == [(True, True)]


def test_a_plan_is_told_which_layout_cannot(bench: Bench) -> None:
    small_cards(bench, "")
    (bench.root / "plan.yaml").write_text(PLAN.replace("LAYOUT", "ours"), encoding="utf-8")
    found = bench.run("batch", "plan.yaml").only("bad-value")
    assert found["message"].endswith("layout 'ours' cannot be printed as 'large_print' asks")
    assert found["cure"] == "leave 'large_print' out"
