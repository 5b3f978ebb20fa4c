"""`check` as it is typed: what it prints for people and for programs, and its pictures."""

from __future__ import annotations

import hashlib
import io
import json
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from letters import box, letter, pdf, text
from PIL import Image
from projects import ACTION, Bench, write_action

from actionpack import checking, cli
from actionpack.batch.pools import in_shares
from actionpack.images import DrawnPage, Outline, below_each_other, page_px, side_by_side
from actionpack.preflight import drawn as drawing
from actionpack.preflight.finished import Days, examine
from actionpack.preflight.stranger import Asked


def written(bench: Bench, data: bytes, name: str = "letter.pdf") -> Path:
    path = bench.root / name
    path.write_bytes(data)
    return path


def shell(bench: Bench, *arguments: str) -> tuple[int, str, str]:
    """The command as a person runs it: exit code, stdout, stderr."""
    bench.capture.readouterr()
    code = cli.run(list(arguments))
    shown = bench.capture.readouterr()
    return code, shown.out, shown.err


def told(bench: Bench, *arguments: str) -> tuple[int, dict[str, Any]]:
    code, out, _ = shell(bench, "check", *arguments, "--json")
    return code, json.loads(out)


def test_a_good_letter_for_a_service(bench: Bench) -> None:
    written(bench, pdf(letter()))
    code, out, err = shell(bench, "check", "letter.pdf", "--window", "notify-uk")
    assert (code, out) == (0, "")
    assert (
        "letter.pdf: 1 page, A4; address of 4 lines at 25 mm from the left, 42 from the top: Queen "
        "Elizabeth, Buckingham Palace, London, SW1 1AA; 1 font, 1 of them not inside; colours: grey"
    ) in err


def test_what_was_seen_is_there_for_programs(bench: Bench) -> None:
    written(bench, pdf(letter(), box(20, 20, 30, 30, colour="1 0 0 rg")))
    code, answer = told(bench, "letter.pdf", "--window", "notify-uk")
    (item,) = answer["items"]
    assert code == 0
    assert answer["ok"] is True
    assert item["page_count"] == 2
    assert item["pages"][1] == {
        "page": 2,
        "width_mm": 210.0,
        "height_mm": 297.0,
        "sheet": "A4",
        "turned": 0,
        "looked_at": True,
        "blank": False,
        "coloured": True,
    }
    assert item["address"] == ["Queen Elizabeth", "Buckingham Palace", "London", "SW1 1AA"]
    assert item["codes"] == []
    assert item["fonts"] == [{"name": "Helvetica", "embedded": False}]
    assert item["colours"] == ["RGB", "grey"]


def test_findings_have_the_promised_shape_and_no_box(bench: Bench) -> None:
    written(bench, pdf(letter() + text(3, 150, "Ref")))
    code, answer = told(bench, "letter.pdf", "--window", "notify-uk")
    assert code == 1
    keys = {"severity", "code", "file", "line", "row", "page", "message", "cure"}
    assert all(set(found) == keys for found in answer["findings"])
    assert "outside-printable-area" in [found["code"] for found in answer["findings"]]


def test_strict_makes_errors_of_advice(bench: Bench) -> None:
    written(bench, pdf(letter()))
    assert told(bench, "letter.pdf", "--window", "notify-uk", "--strict")[0] == 1


def test_a_window_that_there_is_not(bench: Bench) -> None:
    written(bench, pdf(letter()))
    code, answer = told(bench, "letter.pdf", "--window", "notify")
    assert code == 2
    assert answer["findings"][0]["message"] == "there is no window 'notify'"
    assert "notify-uk" in answer["findings"][0]["cure"]


def test_the_original_is_left_alone(bench: Bench) -> None:
    path = written(bench, pdf(letter() + text(3, 150, "Ref")))
    before = (hashlib.sha256(path.read_bytes()).digest(), path.stat().st_mtime_ns)
    shell(bench, "check", "letter.pdf", "--window", "notify-uk", "--picture", "letter.png")
    assert (hashlib.sha256(path.read_bytes()).digest(), path.stat().st_mtime_ns) == before
    assert sorted(one.name for one in bench.root.iterdir() if "letter" in one.name) == [
        "letter.pdf",
        "letter.png",
    ]


# -------------------------------------------------------------------------------- our own packs


def test_a_built_pack_is_held_against_another_window_than_its_own(bench: Bench) -> None:
    code, out, err = shell(bench, "build", "river")
    assert code == 0, err
    path = out.strip()
    assert told(bench, path) == (0, {**told(bench, path)[1], "findings": []})
    assert told(bench, path, "--window", "dl-left")[0] == 0
    code, answer = told(bench, path, "--window", "nf")
    assert code == 1
    (found,) = answer["findings"]
    assert (found["code"], found["page"]) == ("address-outside-window", 3)
    assert found["message"].startswith(
        "the letter was made for the window 'dl-left', and does not do for 'nf': line 1 of the "
        "address, 'The Mayor', is 78.4 mm outside the window 'nf' at its left"
    )
    assert found["cure"] == "build it with --window nf"


def built(bench: Bench, *options: str) -> str:
    code, out, err = shell(bench, "build", "river", *options)
    assert code == 0, err
    return out.strip()


def test_a_window_of_the_same_place_shows_the_same_address(bench: Bench) -> None:
    path = built(bench)
    for window in ("c6-5-left", "sn-left", "din-5008-b"):
        assert told(bench, path, "--window", window)[1]["findings"] == []


def test_a_letter_that_goes_into_no_such_envelope_is_built_again(bench: Bench) -> None:
    # Folded at 148.5 mm it is higher than a DL envelope.
    path = built(bench, "--window", "c5-left")
    (found,) = told(bench, path, "--window", "dl-left")[1]["findings"]
    assert found["message"] == (
        "the letter was made for the window 'c5-left', and does not do for 'dl-left': folded "
        "where it is marked, it does not go into that envelope, which is 220.0 × 110.0 mm"
    )
    assert found["cure"] == "build it with --window dl-left"


def test_a_window_for_which_no_such_paper_is_folded_names_the_nearest(bench: Bench) -> None:
    (found,) = told(bench, built(bench), "--window", "us-9")[1]["findings"]
    assert found["cure"] == (
        "no fold of A4 brings an address behind 'us-9': build it for the nearest that works, "
        "--window us-10"
    )


def test_a_letter_for_plain_envelopes_is_built_again_for_a_window(bench: Bench) -> None:
    (found,) = told(bench, built(bench, "--window", "none"), "--window", "nf")[1]["findings"]
    assert found["message"].startswith("the letter was made for an envelope without a window, and")
    assert found["cure"] == "build it with --window nf"


@pytest.mark.parametrize(
    ("layout", "why", "cure"),
    [
        (
            "labels",
            "the sheets of layout 'labels' go into no envelope",
            "leave --window out: they are for envelopes without a window",
        ),
        (
            "envelope",
            "it is printed on the envelope itself",
            "print it on envelopes without a window, and leave --window out",
        ),
    ],
)
def test_what_goes_behind_no_window_says_so(bench: Bench, layout: str, why: str, cure: str) -> None:
    path = built(bench, "--layout", layout)
    assert told(bench, path)[1]["findings"] == []
    assert told(bench, path, "--window", "none")[1]["findings"] == []
    code, answer = told(bench, path, "--window", "nf", "--picture", "seen.png")
    (found,) = answer["findings"]
    assert (code, found["code"], found["severity"]) == (0, "unproved", "warning")
    assert (found["file"], found["page"]) == (path, None)
    assert found["message"] == f"'{path}' was not held against the window 'nf': {why}"
    assert found["cure"] == cure
    assert told(bench, path, "--window", "nf", "--strict")[0] == 1


def test_a_layout_that_goes_behind_no_window_says_so(bench: Bench) -> None:
    code, answer = told(bench, "labels", "--window", "nf")
    assert code == 1
    assert answer["findings"][0]["message"] == (
        "--window nf: layout 'labels' is for plain envelopes"
    )
    assert answer["findings"][0]["cure"] == "leave the option out"
    assert told(bench, "labels", "--window", "none")[0] == 0
    assert told(bench, "letter", "--window", "nf")[0] == 0


def test_a_name_that_is_not_there_is_a_fault_of_the_command(bench: Bench) -> None:
    for command in ("build", "watch", "check"):
        code, _, err = shell(bench, command, "rivre")
        assert (command, code) == (command, 2)
        assert "did you mean 'river'?" in err


def test_a_built_pack_is_no_letter_for_a_service(bench: Bench) -> None:
    _, out, _ = shell(bench, "build", "river")
    code, answer = told(bench, out.strip(), "--window", "notify-uk")
    assert code == 1
    assert "outside-printable-area" in [f["code"] for f in answer["findings"]]


# ------------------------------------------------------------------------------------- pictures


def opened(path: Path) -> Image.Image:
    return Image.open(io.BytesIO(path.read_bytes()))


def test_a_picture_shows_pages_side_by_side_with_what_is_wrong(bench: Bench) -> None:
    written(bench, pdf(letter() + text(3, 150, "Ref"), letter()))
    code, out, _ = shell(
        bench, "check", "letter.pdf", "--window", "notify-uk", "--picture", "seen.png"
    )
    assert (code, out) == (1, "seen.png\n")
    image = opened(bench.root / "seen.png").convert("RGB")
    # Two pages of 900 px, with 36 px before, between and behind.
    assert image.width == 2 * 900 + 3 * 36
    # The outline of what is wrong is red, at 3 mm from the left of the first page: on it alone.
    reds = {
        x
        for x in range(image.width)
        for y in range(600, 750)
        if image.getpixel((x, y)) == (190, 0, 0)
    }
    assert reds
    assert max(reds) < 36 + 450


def test_a_picture_says_what_is_wrong_with_the_file_as_a_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    legends: list[Sequence[str]] = []

    def side_by_side_of(*_: object, legend: Sequence[str], **__: object) -> bytes:
        legends.append(legend)
        return b""

    monkeypatch.setattr(drawing, "side_by_side", side_by_side_of)
    data = pdf(letter(), *[text(3, 150, "Ref")] * 10)
    asked = Asked.named("notify-uk")
    steps = list(examine(data, name="a.pdf", asked=asked, days=Days(), out_of_time=lambda: False))
    drawing.draw(data, steps, asked, lambda: False)
    assert legends[0][0] == (
        "error: the letter has 11 pages, and 'notify-uk' takes 10; take off 1 page, or send two "
        "letters"
    )
    assert legends[0][1].startswith("1: page 2, error: 'Ref' stands 3.3 mm from the left")


def test_pictures_of_several_files_stand_below_each_other(bench: Bench) -> None:
    written(bench, pdf(letter()), "one.pdf")
    written(bench, pdf(letter()), "two.pdf")
    shell(bench, "check", "one.pdf", "--picture", "one.png")
    shell(bench, "check", "one.pdf", "two.pdf", "--picture", "both.png")
    one, both = opened(bench.root / "one.png"), opened(bench.root / "both.png")
    assert (both.width, both.height) == (one.width, 2 * one.height)


def test_a_picture_is_no_larger_than_it_should_be(bench: Bench) -> None:
    written(bench, pdf(*[letter()] * 30))
    shell(bench, "check", "letter.pdf", "--picture", "many.png")
    assert max(opened(bench.root / "many.png").size) <= 4000


def test_a_picture_never_takes_the_place_of_something_else(bench: Bench) -> None:
    written(bench, pdf(letter()))
    (bench.root / "work.png").write_text("not a picture")
    code, _, err = shell(bench, "check", "letter.pdf", "--picture", "work.png")
    assert code == 1
    assert "'work.png' is there and is no picture; choose another name" in err
    assert (bench.root / "work.png").read_text() == "not a picture"


def test_a_picture_is_a_png(bench: Bench) -> None:
    written(bench, pdf(letter()))
    for command in (("check", "letter.pdf"), ("build", "river")):
        code, _, err = shell(bench, *command, "--picture", "letter.pdf")
        assert code == 2
        assert "--picture 'letter.pdf' is no .png; call it letter.png" in err


def test_an_action_is_built_and_drawn(bench: Bench) -> None:
    code, out, err = shell(bench, "check", "river", "--picture", "action.png")
    assert (code, out) == (0, "action.png\n"), err
    assert opened(bench.root / "action.png").width > 1000


def test_a_file_of_which_nothing_can_be_drawn(bench: Bench) -> None:
    written(bench, b"%PDF-1.7 nothing")
    code, out, _ = shell(bench, "check", "letter.pdf", "--picture", "none.png")
    assert (code, out) == (1, "")
    assert not (bench.root / "none.png").exists()


def test_build_draws_the_pages_as_they_will_print(bench: Bench) -> None:
    code, out, err = shell(bench, "build", "river", "--picture", "pack.png")
    assert code == 0, err
    assert out.splitlines()[-1] == "pack.png"
    colours = {
        c for _, c in opened(bench.root / "pack.png").convert("RGB").getcolors(1 << 20) or ()
    }
    assert (190, 0, 0) not in colours


def test_build_draws_each_of_several_packs(bench: Bench) -> None:
    code, out, err = shell(
        bench,
        *("build", "river", "--layout", "letter", "--layout", "labels"),
        *("--picture", "packs.png", "-o", "packs/"),
    )
    assert code == 0, err
    pictures = [line for line in out.splitlines() if line.endswith(".png")]
    packs = [Path(line).stem for line in out.splitlines() if line.endswith(".pdf")]
    assert len(packs) > 1
    assert pictures == [f"packs.{name}.png" for name in packs]


# ----------------------------------------------------------------------------------- the drawing


def page(width: int = 100, height: int = 140, *outlines: Outline) -> DrawnPage:
    return DrawnPage(
        pixels=b"\xff" * (width * height),
        width=width,
        height=height,
        caption="page 1",
        outlines=outlines,
    )


def drawn(*pages: DrawnPage) -> Image.Image:
    return Image.open(io.BytesIO(side_by_side(pages, key=(), legend=(), font=None))).convert("RGB")


def test_outlines_are_told_apart_by_their_dashes() -> None:
    # On for six pixels and off for four, from the corner: 30 px have three dashes.
    dashed = Outline(left=10, top=20, right=40, bottom=60, colour=(0, 0, 0), dashes=(6, 4), width=1)
    image = drawn(page(100, 140, dashed))
    row = "".join(
        "#" if image.getpixel((36 + x, 36 + 20)) == (0, 0, 0) else "." for x in range(10, 40)
    )
    # A line is drawn up to and with its last point.
    assert row == "#######..." * 3


def test_a_line_is_drawn_once() -> None:
    fold = Outline(left=0, top=50, right=100, bottom=50, colour=(0, 0, 0), dashes=(5, 5), width=1)
    image = drawn(page(100, 140, fold))
    row = [image.getpixel((36 + x, 36 + 50)) for x in range(100)]
    assert row.count((255, 255, 255)) > 30


@pytest.mark.parametrize(
    ("count", "across"), [(1, 1), (3, 3), (6, 6), (7, 4), (12, 5), (30, 8), (60, 11)]
)
def test_many_pages_stand_in_rows(count: int, across: int) -> None:
    wide = page_px(count)
    assert wide[0] == across
    assert across * (wide[1] + 36) + 36 <= 4000


def test_one_picture_below_another_is_made_smaller_when_it_must() -> None:
    out = io.BytesIO()
    Image.new("RGB", (100, 3000), "white").save(out, "PNG")
    both = Image.open(io.BytesIO(below_each_other([out.getvalue()] * 2)))
    assert (both.width, both.height) == (66, 4000)  # 4000 of 6000
    assert zlib.crc32(below_each_other([out.getvalue()])) == zlib.crc32(out.getvalue())


# --------------------------------------------------------------------------- several at a time


def test_many_packs_are_made_by_several_processes_and_told_in_order(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("river", "lake"):
        for tag, status in (("en", "source"), ("fr", "draft"), ("it", "draft")):
            write_action(
                bench.root, name=name, tag=tag, action=ACTION.replace("river", name),
                fields={"status": status},
            )  # fmt: skip
    (bench.root / "content" / "lake" / "it.md").write_text("---\ntitle: Lago\n---\n")
    asked = ("check", "river", "labels", "lake", "--sender-country", "IT")
    shares: list[int] = []

    def counted(work: Any, items: Any, jobs: int, *, cure: str) -> Any:
        shares.append(min(jobs, len(items)))
        return in_shares(work, items, jobs, cure=cure)

    monkeypatch.setattr(checking, "in_shares", counted)
    monkeypatch.setattr(checking, "cores", lambda: 1)
    alone = bench.run(*asked)
    assert [item["name"] for item in alone.items] == ["river", "labels", "lake"]
    of = [found["file"].split("/")[1] for found in alone.findings]
    assert of == sorted(of, key=["river", "lake"].index)
    assert set(of) == {"river", "lake"}
    assert "missing-section" in alone.errors
    # What is kept needs no process, and what was rejected is kept by nobody.
    monkeypatch.setattr(checking, "cores", lambda: 2)
    assert bench.run(*asked) == alone
    monkeypatch.setenv("ACTIONPACK_CACHE", str(bench.root / "another"))
    assert bench.run(*asked) == alone
    assert shares == [1, 1, 2]
