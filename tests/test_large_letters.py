"""Letters in large print: whole in every language, and overleaf where a page is too small."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from datetime import date
from itertools import cycle, islice, pairwise
from pathlib import Path

import pikepdf
import pytest
from projects import ACTION, FIELDS, TODAY, Bench, page_texts, words, write_action
from test_preflight_pack import painted, written

from actionpack.build import Means
from actionpack.content import read_action
from actionpack.enclosure import windows_for
from actionpack.layouts import find_layout, read_layout, resolve
from actionpack.model import ProofMap
from actionpack.pack import Request, Today
from actionpack.preflight.finished import map_inside, prove
from actionpack.preflight.reader import File
from actionpack.project import Project
from actionpack.store import Jail, shipped_folder
from actionpack.units import mm_to_pt
from actionpack.workshop import Workshop

ROOT = Path(__file__).resolve().parents[1]
SHELF = (Jail(root=shipped_folder() / "layouts", name="layouts"),)
SEED = "china-uyghur-families"
TAGS = read_action(Jail(root=ROOT / "content" / SEED, name=SEED)).languages
LARGE = "--large-print"
TURN = "Please turn over"
SIGN = "Signature and name"
# Too long for a page, and not for its back, whatever the window and the paper.
LONG = {"letter": words(190)}
ONE_DAY = Today(here=date.fromisoformat(TODAY), where_it_ends_last=date.fromisoformat(TODAY))


def products() -> Iterator[tuple[str, str, str]]:
    """On each paper each language and each window, and the longest where there is least room.

    In a C5 envelope the address, and the letter below it, stand lowest. In that of Norway there is
    room for five lines of an address, in any print, and the one that ships has six.
    """
    for paper in ("a4", "letter"):
        windows = [window for window in windows_for(paper) if window != "no-c5"]
        count = max(len(windows), len(TAGS))
        pairs = zip(islice(cycle(TAGS), count), islice(cycle(windows), count), strict=True)
        yield from ((tag, paper, window) for tag, window in pairs)
        yield from ((tag, paper, "c5-left") for tag in ("de", "fr"))


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    with Workshop(Project(root=ROOT), Means(keep=False)) as made:
        yield made


@pytest.mark.parametrize(("tag", "paper", "window"), sorted(set(products())))
def test_the_action_that_ships_is_printed_in_large_print(
    workshop: Workshop, tag: str, paper: str, window: str
) -> None:
    request = Request(
        action=SEED,
        language=tag,
        layout="letter",
        paper=paper,
        window=window,
        sender_country="IT",
        large_print=True,
        allow_draft=True,
    )
    pack = workshop.pack(request, ONE_DAY)
    assert [one for one in pack.findings if one.code != "draft-translation"] == []


# -------------------------------------------------------------------------------- on the back


def build_long(bench: Bench, *more: str) -> bytes:
    write_action(bench.root, sections=LONG)
    ran = bench.build(LARGE, *more)
    assert ran.errors == []
    return ran.pdf


def letter_pages(pdf: bytes) -> tuple[str, str]:
    """What stands on the front and on the back of the only letter."""
    texts = page_texts(pdf)
    front = next(at for at, text in enumerate(texts) if "Dear Mayor" in text)
    return texts[front], texts[front + 1]


def test_a_long_letter_goes_on_overleaf_and_is_signed_there(bench: Bench) -> None:
    front, back = letter_pages(build_long(bench))
    assert front.endswith(TURN)
    assert SIGN not in front
    assert back.split()[-5:] == ["Yours", "sincerely,", *SIGN.split()]
    assert front.count("word") + back.count("word") == 190


def test_a_letter_that_fits_on_its_page_leaves_the_back_blank(bench: Bench) -> None:
    write_action(bench.root, sections={"letter": words(100)})
    front, back = letter_pages(bench.build(LARGE).pdf)
    assert SIGN in front
    assert TURN not in front
    assert back == ""


def test_a_pack_has_as_many_pages_with_the_letter_on_both_sides(bench: Bench) -> None:
    usual = page_texts(bench.build(LARGE).pdf)
    assert len(page_texts(build_long(bench))) == len(usual)


def test_the_line_to_sign_on_never_stands_without_words_of_the_letter(bench: Bench) -> None:
    """A paragraph grows to the foot of the page, and one of a single line comes after it."""
    turned = 0
    for count in range(130, 160, 5):
        write_action(bench.root, sections={"letter": f"{one_paragraph(count)}\n\nPlease."})
        ran = bench.build(LARGE)
        assert ran.findings == ()
        front, back = letter_pages(ran.pdf)
        assert (TURN in front, SIGN in front) == (bool(back), not back)
        # At least a line of the long paragraph goes with the short one.
        assert not back or back.count("word") >= 3
        turned += bool(back)
    assert 0 < turned < 6


def one_paragraph(count: int) -> str:
    return " ".join(words(count).split())


def test_overleaf_the_letter_begins_at_the_head_of_the_page(bench: Bench) -> None:
    layout = read_layout(find_layout(SHELF, "letter"))
    pieces = resolve(layout, "a4", "dl-left", large_print=True).of_form("overleaf")
    panel = next(piece.panel("letter") for piece in pieces if piece.name == "overleaf")
    with File(build_long(bench, "--window", "dl-left")) as file, file.page(4) as page:
        top = min(mark.box.top for mark in page.marks if mark.kind == "text")
    assert panel is not None
    assert panel.box.top < top < panel.box.top + 5


def test_overleaf_lines_stand_well_apart_and_are_large(bench: Bench) -> None:
    """16 pt, and 1.31 of that from line to line, on both sides."""
    with File(build_long(bench)) as file:
        for number in (3, 4):
            with file.page(number) as page:
                lines = [mark for mark in page.marks if mark.text.startswith("word")]
            assert {round(mm_to_pt(mark.type_mm), 1) for mark in lines} == {16.0}
            tops = sorted({round(mark.box.top, 2) for mark in lines})
            apart = [mm_to_pt(b - a) for a, b in pairwise(tops)]
            assert min(apart) >= 16 * 1.2


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_marks_to_fold_at_stand_on_the_front_alone(bench: Bench, paper: str) -> None:
    layout = read_layout(find_layout(SHELF, "letter"))
    window = windows_for(paper)[0]
    folds = resolve(layout, paper, window, large_print=True).folds
    pdf = build_long(bench, "--paper", paper, "--window", window)
    with File(pdf) as file:
        marks = []
        for number in (3, 4):
            with file.page(number) as page:
                paths = [m.box for m in page.marks if m.kind == "path" and m.box.left < 8]
                marks.append(sorted(box.top for box in paths))
    assert marks == [pytest.approx(folds, abs=0.3), []]


def test_a_letter_too_long_for_both_sides_is_told_with_the_cure(bench: Bench) -> None:
    write_action(bench.root, sections={"letter": words(440)})
    found = bench.build(LARGE).only("letter-too-long")
    told = r"the letter is \d+ lines too long for 'letter' in large print"
    assert re.fullmatch(told, found["message"])
    assert (found["file"], found["line"]) == ("content/river/en.md", 18)
    assert found["cure"] == "shorten it"


def test_in_usual_print_no_letter_goes_on_overleaf(bench: Bench) -> None:
    layout = read_layout(find_layout(SHELF, "letter"))
    usual = [form.name for form in layout.forms if form.suits(frozenset())]
    assert usual == ["torn", "whole"]
    assert [name for name in usual if layout.backs_in(name)] == []
    write_action(bench.root, sections={"letter": words(700)})
    assert "letter-too-long" in bench.build().errors


# ------------------------------------------------------------------------------- what else there is


def test_each_target_has_a_leaf_with_both_sides(bench: Bench) -> None:
    more = (
        "  - {id: judge, lines: [The Judge, Court], country: CN}\n"
        "copies:\n  - {id: embassy, sender_country: IT, lines: [The Embassy, Roma], country: IT}\n"
    )
    each = {"salutation": {name: f"Dear {name}," for name in ("mayor", "judge", "embassy")}}
    write_action(bench.root, action=ACTION + more, fields=each, sections=LONG)
    ran = bench.build(LARGE)
    assert ran.errors == []
    texts = page_texts(ran.pdf)
    for name in each["salutation"]:
        (front,) = (at for at, text in enumerate(texts) if f"Dear {name}," in text)
        assert front % 2 == 0
        assert texts[front].endswith(TURN)
        assert texts[front + 1].endswith(SIGN)
        assert "Keep this part" in texts[front + 2]


def test_only_what_goes_on_says_that_it_does(bench: Bench) -> None:
    # So long that it ends on its page after a short salutation, and not after a long one.
    more = "  - {id: judge, lines: [The Judge, Court], country: CN}\n"
    each = {"salutation": {"mayor": "Dear mayor,", "judge": f"Dear {words(100)},"}}
    write_action(bench.root, action=ACTION + more, fields=each, sections={"letter": words(80)})
    ran = bench.build(LARGE)
    assert ran.errors == []
    texts = page_texts(ran.pdf)
    short, long = (
        next(at for at, text in enumerate(texts) if f"Dear {start}" in text)
        for start in ("mayor", "word")
    )
    assert (TURN in texts[short], SIGN in texts[short], texts[short + 1]) == (False, True, "")
    assert (TURN in texts[long], SIGN in texts[long], SIGN in texts[long + 1]) == (
        True,
        False,
        True,
    )
    assert [at % 2 for at in (short, long)] == [0, 0]


def test_a_letter_that_fits_and_is_refused_for_something_else_says_nothing_of_its_back(
    bench: Bench,
) -> None:
    folder = bench.root / "layouts" / "letter"
    shutil.copytree(shipped_folder() / "layouts" / "letter", folder)
    style = folder / "style.css"
    style.write_text(
        f"{style.read_text()}\n.form-large .sender {{ height: 80mm; }}\n"
        ".form-large .sender .caption { margin-top: 60mm; }\n"
    )
    write_action(bench.root, sections={"letter": words(100)})
    ran = bench.build(LARGE)
    assert ran.errors == []
    front, back = letter_pages(ran.pdf)
    assert (TURN in front, SIGN in front, back) == (False, True, "")


def test_what_a_long_letter_in_another_language_says_stands_behind_its_stub(bench: Bench) -> None:
    write_action(bench.root, sections=LONG)
    french = {"title": "Le fleuve", "salutation": "Monsieur,", "closing": "Cordialement,"}
    reviewed = {"status": "reviewed", "reviewer": "Ada"}
    sections = {"letter": words(190, "mot")}
    write_action(bench.root, fields={**FIELDS, **french, **reviewed}, sections=sections, tag="fr")
    ran = bench.build(LARGE, "--letter-lang", "fr")
    assert ran.errors == []
    front, back, stub, reading, *_ = page_texts(ran.pdf)[2:]
    # Whoever signs reads the pack's own language.
    assert front.endswith(TURN)
    assert "mot189" in back
    assert "Keep this part" in stub
    assert "What you sign" in reading


@pytest.mark.parametrize("more", [("--ink-saver",), ("--edition", "press")])
def test_to_save_ink_and_for_a_press_it_goes_on_as_well(bench: Bench, more: tuple[str]) -> None:
    front, back = letter_pages(build_long(bench, *more))
    assert TURN in front
    assert SIGN in back


@pytest.mark.parametrize(("sender", "caption"), [("initials", "Initials"), ("none", "")])
def test_a_case_that_keeps_names_off_has_none_overleaf(
    bench: Bench, sender: str, caption: str
) -> None:
    action = f"{ACTION}safety: {{sender: {sender}}}\n"
    write_action(bench.root, action=action, sections=LONG)
    ran = bench.build(LARGE)
    assert ran.errors == []
    _, back = letter_pages(ran.pdf)
    assert back.endswith(f"Yours sincerely, {caption}".strip())


def test_a_batch_takes_long_letters_in_large_print(bench: Bench) -> None:
    write_action(bench.root, sections=LONG)
    plan = (
        "name: large\nsender_country: IT\nlarge_print: true\n"
        "packs:\n  - {action: river, copies: 3, layout: letter}\n"
    )
    (bench.root / "plan.yaml").write_text(plan, encoding="utf-8")
    ran = bench.run("batch", "plan.yaml")
    assert ran.errors == []
    volume = next(file for file in ran.files if file.name == "volume-001.pdf")
    assert sum(text.endswith(TURN) for text in page_texts(volume.read_bytes())) == 3
    assert bench.run("check", str(volume)).errors == []


# --------------------------------------------------------------------------- the proof of the file


def reproved(pdf: bytes) -> list[tuple[str, int | None, str]]:
    """Errors of a file that was changed, with their pages."""
    proof, _ = map_inside(pdf)
    assert isinstance(proof, ProofMap)
    found = prove(
        pdf,
        name="a.pdf",
        proof=proof,
        today=None,
        deadline_today=None,
        allow_expired=True,
    )
    return [(one.code, one.place.page, one.message) for one in found if one.is_error]


def test_what_stands_overleaf_and_is_no_part_of_the_letter_is_found(bench: Bench) -> None:
    pdf = build_long(bench)
    assert reproved(pdf) == []
    marked = painted(pdf, written(pdf, "order", 30, 250), page=4)
    told = "'order' stands on the half that is posted"
    assert ("posted-mark", 4, told) in reproved(marked)


def test_the_back_of_what_is_torn_off_and_posted_is_looked_at_too(bench: Bench) -> None:
    """What the letter says stands on the back of the stub, and nothing above the tear."""
    write_action(bench.root)
    french = {"status": "reviewed", "reviewer": "Ada"}
    write_action(bench.root, fields={**FIELDS, **french}, tag="fr")
    pdf = bench.build("--letter-lang", "fr").pdf
    assert reproved(pdf) == []
    marked = painted(pdf, written(pdf, "order", 30, 100), page=4)
    told = "'order' stands on the half that is posted"
    assert ("posted-mark", 4, told) in reproved(marked)
    marked = painted(pdf, written(pdf, "order", 30, 280), page=4)
    assert "posted-mark" not in {code for code, *_ in reproved(marked)}


def test_a_line_lost_overleaf_is_found(bench: Bench) -> None:
    pdf = build_long(bench)
    with pikepdf.open(io.BytesIO(pdf)) as file:
        file.pages[3].Contents = file.make_stream(b"")
        out = io.BytesIO()
        file.save(out)
    found = reproved(out.getvalue())
    assert [page for _, page, _ in found] == [4] * len(found)
    assert found


# ------------------------------------------------------------------------------- the layout's rows


def own(bench: Bench, before: str, after: str) -> None:
    folder = bench.root / "layouts" / "letter"
    shutil.copytree(shipped_folder() / "layouts" / "letter", folder)
    file = folder / "layout.toml"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


@pytest.mark.parametrize(
    ("before", "after", "code", "told", "cure"),
    [
        (
            'back_of = "letter"',
            'back_of = "leter"',
            "bad-value",
            "'piece.back_of' names the piece 'leter', which is not there",
            "did you mean 'letter'?",
        ),
        (
            "duplex = true",
            "duplex = false",
            "layout-fault",
            "'overleaf' is the back of a piece, and only fronts are printed",
            "write duplex = true",
        ),
    ],
)
def test_a_back_without_a_front_is_told_with_its_line(
    bench: Bench, before: str, after: str, code: str, told: str, cure: str
) -> None:
    own(bench, before, after)
    found = bench.build().only(code)
    assert (found["message"], found["file"]) == (told, "layouts/letter/layout.toml")
    assert cure in found["cure"]
    text = (bench.root / found["file"]).read_text(encoding="utf-8")
    assert "back_of" in text.splitlines()[found["line"] - 1]


def test_only_where_a_letter_goes_on_overleaf_its_back_is_not_to_be_blank() -> None:
    layout = read_layout(find_layout(SHELF, "letter"))
    geometry = resolve(layout, "a4", "dl-left", large_print=True)
    blank = {
        form: next(piece.blank_back for piece in pieces if piece.name == "letter")
        for form, pieces in geometry.pieces
    }
    assert blank == {"torn": True, "whole": True, "large": True, "overleaf": False}
