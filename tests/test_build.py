"""Packs, whole: from a folder of content to a proved file, and every way that is refused."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zlib
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from projects import ACTION, Bench, page_texts, words, write_action
from verapdf import validate

from actionpack.enclosure import enclose, windows_for

ROOT = Path(__file__).resolve().parents[1]
SIZES_MM = {"a4": (210, 297), "letter": (215.9, 279.4)}


def sizes_mm(pdf: bytes) -> list[tuple[float, float]]:
    """The size of each page, mm."""
    sides = [page.get_size() for page in pypdfium2.PdfDocument(pdf)]
    return [(round(w / 72 * 25.4, 2), round(h / 72 * 25.4, 2)) for w, h in sides]


# ------------------------------------------------------------------------------------- one pack


def test_a_pack_is_a_briefing_and_a_letter_each_on_a_leaf_of_its_own(bench: Bench) -> None:
    ran = bench.build()
    assert (ran.code, ran.ok, ran.findings) == (0, True, ())
    assert ran.files == (Path("out/river.en.letter.a4.pdf"),)
    briefing, back, letter, blank = page_texts(ran.pdf)
    assert "The river defenders" in briefing
    assert "Dear Mayor, I am writing about the three people" in letter
    assert (back, blank) == ("", "")


@pytest.mark.parametrize(
    ("paper", "window"),
    [(paper, window) for paper in SIZES_MM for window in windows_for(paper)],
)
def test_every_paper_and_window_gives_a_pack_without_findings(
    bench: Bench, paper: str, window: str
) -> None:
    ran = bench.build("--paper", paper, "--window", window)
    assert (ran.code, ran.findings) == (0, ())
    assert set(sizes_mm(ran.pdf)) == {SIZES_MM[paper]}
    assert len(sizes_mm(ran.pdf)) % 2 == 0


@pytest.mark.parametrize(
    ("paper", "window"),
    [(paper, window) for paper in SIZES_MM for window in windows_for(paper)],
)
def test_a_letter_that_takes_its_whole_leaf_goes_into_every_window(
    bench: Bench, paper: str, window: str
) -> None:
    # 330 short words: too long to stand above any tear but those for windows high up.
    write_action(bench.root, sections={"letter": words(330, "w")})
    ran = bench.build("--paper", paper, "--window", window)
    assert (ran.code, ran.findings) == (0, ())
    pages = page_texts(ran.pdf)
    if len(pages) == 4:
        assert "Tear along the dashed line" in pages[2]
    else:
        briefing, _, letter, back, stub, blank = pages
        assert ("river defenders" in briefing, "w329" in letter, back, blank) == (
            True,
            True,
            "",
            "",
        )
        once = len(enclose(paper, window).folds) == 1
        assert ("Fold the letter once" if once else "like a fan") in stub


@pytest.mark.parametrize(
    ("window", "pages"), [("dl-left", 6), ("c5-left", 6), ("din-5008-a", 6), ("jp-chou3", 4)]
)
def test_a_letter_is_torn_off_where_the_window_leaves_it_room(
    bench: Bench, window: str, pages: int
) -> None:
    write_action(bench.root, sections={"letter": words(330, "w")})
    assert len(page_texts(bench.build("--window", window).pdf)) == pages


def test_the_finished_file_is_accessible_and_archivable(bench: Bench) -> None:
    pdf = bench.build().pdf
    assert validate(pdf, "ua1") == ()
    assert validate(pdf, "2a") == ()


def test_and_so_it_is_after_a_copy_was_stamped(bench: Bench) -> None:
    ran = bench.build(
        "--set", "group=Ομάδα Αθήνα", "--set", "contact=Київ & co", "--set", "source=ROMA12",
        "--set", "sender=Zoë Ærø", "--set", "sender=12 High St", "--set", "serial=0042",
    )  # fmt: skip
    assert (ran.code, ran.findings) == (0, ())
    text = " ".join(page_texts(ran.pdf))
    for value in ("Ομάδα Αθήνα", "Київ & co", "Zoë Ærø", "12 High St", "0042"):
        assert value in text
    assert validate(ran.pdf, "ua1") == ()
    assert validate(ran.pdf, "2a") == ()


def test_both_codes_decode_to_the_address_with_its_source(bench: Bench) -> None:
    pdf = bench.build("--set", "source=ROMA12").pdf
    decoded = [
        code.text
        for page in pypdfium2.PdfDocument(pdf)
        for code in zxingcpp.read_barcodes(page.render(scale=300 / 72).to_pil())
    ]
    assert decoded == ["https://www.example.org/act/river?source=ROMA12"] * 2


def test_title_language_and_bookmarks_are_in_the_file(bench: Bench) -> None:
    with pikepdf.open(bench.root / bench.build().files[0]) as pdf:
        assert str(pdf.docinfo["/Title"]) == "The river defenders"
        assert str(pdf.Root.Lang) == "en"
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root][:2] == [
                "The river defenders", "Letter: The Mayor",
            ]  # fmt: skip


def test_the_posted_half_carries_nothing_but_the_letter(bench: Bench) -> None:
    page = pypdfium2.PdfDocument(bench.build().pdf)[2]
    height = page.get_height()
    tear_pt = 210 / 25.4 * 72
    posted = page.get_textpage().get_text_bounded(bottom=height - tear_pt)
    assert "example.org" not in posted
    assert "Edition" not in posted
    image = page.render(scale=200 / 72).to_pil()
    upper = image.crop((0, 0, image.width, round(210 / 25.4 * 200)))
    assert zxingcpp.read_barcodes(upper) == []


def test_the_same_request_gives_the_same_bytes_anywhere(bench: Bench) -> None:
    seen = set()
    for seed, zone in (("1", "UTC"), ("2", "Asia/Kathmandu")):
        environment = os.environ | {
            "PYTHONHASHSEED": seed, "TZ": zone, "ACTIONPACK_CACHE": str(bench.root / seed),
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "actionpack.cli", "build", "river", "--set", "group=A",
             "-o", f"{seed}.pdf"],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        seen.add((bench.root / f"{seed}.pdf").read_bytes())
    assert len(seen) == 1


def test_no_path_name_or_clock_of_this_machine_is_in_the_file(bench: Bench) -> None:
    pdf = bench.build().pdf
    streams = re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    plain = pdf
    for stream in streams:
        try:
            plain += zlib.decompressobj().decompress(stream)
        except zlib.error:
            plain += stream
    for secret in (str(bench.root), str(ROOT), os.environ.get("HOME", "/root") + "/"):
        assert secret.encode() not in plain
    assert set(re.findall(rb"D:(\d{8})", plain)) == {b"20270301"}


# -------------------------------------------------------------------------------- of all lengths


@pytest.mark.parametrize("count", [150, 500, 1500])
def test_a_briefing_flows_over_an_even_number_of_pages(bench: Bench, count: int) -> None:
    write_action(bench.root, sections={"briefing": words(count)})
    ran = bench.build()
    assert ran.findings == ()
    texts = page_texts(ran.pdf)
    assert len(texts) % 2 == 0
    assert len(texts) >= 2 + count / 300  # a page of this type holds fewer than 600 such words
    assert f"word{count - 1}." in " ".join(texts)


def test_a_long_letter_takes_its_whole_leaf_and_the_stub_its_own(bench: Bench) -> None:
    write_action(bench.root, sections={"letter": words(230)})
    ran = bench.build()
    assert (ran.code, ran.findings) == (0, ())
    *_, letter, back, stub, blank = page_texts(ran.pdf)
    assert "word0" in letter
    assert "word229" in letter
    assert "Keep this part" in stub
    assert (back, blank) == ("", "")


def test_a_letter_too_long_for_a_leaf_says_by_how_many_lines(bench: Bench) -> None:
    write_action(bench.root, sections={"letter": words(700)})
    ran = bench.build()
    assert (ran.code, ran.files) == (1, ())
    found = ran.only("letter-too-long")
    assert re.fullmatch(r"the letter is \d+ lines too long for 'letter'", found["message"])
    assert (found["file"], found["line"]) == ("content/river/en.md", 18)


def test_each_target_gets_a_leaf(bench: Bench) -> None:
    targets = ACTION + "  - {id: judge, lines: [The Judge, Court], country: IT}\n"
    write_action(
        bench.root, action=targets, fields={"salutation": {"mayor": "Dear M,", "judge": "Dear J,"}}
    )
    both = page_texts(bench.build().pdf)
    assert len(both) == 6
    assert "Dear M," in both[2]
    assert "CINA" in both[2]
    assert "Dear J," in both[4]
    assert "ITALIA" not in both[4]
    narrowed = page_texts(bench.build("--target", "judge").pdf)
    assert len(narrowed) == 4
    assert "Dear J," in narrowed[2]


def test_without_an_online_action_no_code_is_printed(bench: Bench) -> None:
    write_action(bench.root, action=ACTION.replace("https://www.example.org/act/river", "none"))
    ran = bench.build()
    assert ran.findings == ()
    assert "Scan" not in " ".join(page_texts(ran.pdf))
    assert "unknown-field" in bench.build("--set", "source=X").errors


def test_a_label_takes_what_the_address_takes(bench: Bench) -> None:
    lines = ["The Honourable Minister Xgjpqy Ångström", *(f"Line {n}" for n in range(7))]
    write_action(
        bench.root,
        action=ACTION.replace("[The Mayor, City Hall, 100017 Beijing]", f"[{', '.join(lines)}]"),
    )
    for window in ("dl-left", "none"):
        assert bench.build("--window", window).findings == ()


def test_a_long_reference_stands_beside_the_title(bench: Bench) -> None:
    write_action(bench.root, action=f"{ACTION}reference: {'ASA 17/0000/2027 ' * 16}\n")
    assert bench.build().findings == ()


def test_fax_and_e_mail_stand_on_the_leaf_to_read_alone(bench: Bench) -> None:
    more = "    fax: '+86 10 6238 1025'\n    email: mayor@example.org\n"
    write_action(bench.root, action=ACTION + more)
    read, _, letter, _ = page_texts(bench.build().pdf)
    assert "+86 10 6238 1025 mayor@example.org" in read
    assert "6238" not in letter
    assert "@" not in letter


# ---------------------------------------------------------------------------------------- safety


@pytest.mark.parametrize(
    ("sender", "there", "gone"),
    [
        ("full", "Your name and address", "initials"),
        ("initials", "Your initials and town", "Your name"),
        ("none", "Do not give your name", "Signature"),
    ],
)
def test_the_sender_rule_changes_the_page(bench: Bench, sender: str, there: str, gone: str) -> None:
    write_action(bench.root, action=f"{ACTION}safety: {{sender: {sender}}}\n")
    ran = bench.build()
    assert ran.findings == ()
    text = " ".join(page_texts(ran.pdf))
    assert there in text
    assert gone not in text


@pytest.mark.parametrize("paper", SIZES_MM)
@pytest.mark.parametrize("sender", ["full", "initials", "none"])
def test_a_short_letter_keeps_its_stub_beside_a_label_too(
    bench: Bench, paper: str, sender: str
) -> None:
    action = f"{ACTION}safety: {{sender: {sender}}}\n"
    write_action(bench.root, action=action)
    # A draft says so on the stub, which takes a line more.
    write_action(bench.root, action=action, tag="de", fields={"status": "draft"})
    ran = bench.build("--lang", "de", "--allow-draft", "--window", "none", "--paper", paper)
    assert (ran.code, len(page_texts(ran.pdf))) == (0, 4)


def test_a_sender_cannot_be_set_where_none_may_be_printed(bench: Bench) -> None:
    write_action(bench.root, action=f"{ACTION}safety: {{sender: none}}\n")
    assert bench.build("--set", "sender=Ann Roe").errors == ["unknown-field"]


# ----------------------------------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("stopped: {date: 2027-05-01, reason: free}", "stopped"),
        ("embargo: 2027-06-02", "embargoed"),
    ],
)
def test_a_pack_that_may_not_be_out_is_not_built(bench: Bench, line: str, code: str) -> None:
    assert bench.build().code == 0
    write_action(bench.root, action=f"{ACTION}{line}\n")
    (bench.root / "out" / "river.en.letter.a4.pdf").unlink()
    ran = bench.build("--allow-expired")
    assert (ran.code, ran.errors, ran.files) == (1, [code], ())
    assert ran.findings[0]["line"] == 14
    assert not list((bench.root / "out").iterdir())


def test_a_deadline_is_judged_on_the_day_even_from_the_cache(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACTIONPACK_TODAY", "2027-12-31")
    assert bench.build().code == 0
    monkeypatch.setenv("ACTIONPACK_TODAY", "2028-01-01")
    late = bench.build()
    assert (late.code, late.errors) == (1, ["expired"])
    allowed = bench.build("--allow-expired")
    assert (allowed.code, allowed.codes) == (0, ["expired"])
    assert bench.build("--allow-expired", "--strict").code == 1


# -------------------------------------------------------------------------------- faulty content


def test_a_character_without_a_glyph_is_named_with_its_line(bench: Bench) -> None:
    write_action(bench.root, sections={"briefing": "One.\n\nTwo 𒀀."})
    ran = bench.build()
    assert (ran.code, ran.files) == (1, ())
    found = ran.only("missing-glyph")
    assert "U+12000" in found["message"]
    assert (found["file"], found["line"]) == ("content/river/en.md", 12)


@pytest.mark.parametrize("key", ["fax", "email"])
def test_a_character_without_a_glyph_is_named_in_what_is_beside_an_address(
    bench: Bench, key: str
) -> None:
    write_action(bench.root, action=f"{ACTION}    {key}: '12 𒀀 34'\n")
    found = bench.build().only("missing-glyph")
    assert found["message"] == "'𒀀' (U+12000, cuneiform sign a) is in no font here for 'en'"
    assert (found["file"], found["line"]) == ("content/river/action.yaml", ACTION.count("\n") + 1)


@pytest.mark.usefixtures("without_cjk")
def test_without_the_fonts_of_east_asia_their_letters_are_missing_and_it_is_said_what_has_them(
    bench: Bench,
) -> None:
    write_action(bench.root, sections={"briefing": "One 漢 한 か."})
    ran = bench.build()
    assert (ran.code, ran.errors) == (1, 3 * ["missing-glyph"])
    assert {found["cure"] for found in ran.findings if found["severity"] == "error"} == {
        "install actionpack-print-cjk, which has the letters of Chinese, Japanese and Korean"
    }
    write_action(bench.root)
    set_on_it = bench.build("--set", "group=北")
    assert "install actionpack-print-cjk" in set_on_it.only("missing-glyph")["cure"]


def test_letters_of_east_asia_print_in_any_language(bench: Bench) -> None:
    write_action(bench.root, sections={"briefing": "One 漢 한 か."})
    ran = bench.build("--set", "group=北京 Roma")
    assert (ran.code, ran.errors) == (0, [])
    assert all(word in page_texts(ran.pdf)[0] for word in ("漢", "한", "か", "北京"))


HOSTILE = "<script>alert(1)</script> {{ 7*7 }} {% x %} & \\ ' \" $(id) `id` ../../etc/passwd %00"


@pytest.mark.parametrize("field", ["title", "summary", "salutation", "closing", "quote"])
def test_hostile_values_print_as_they_are(bench: Bench, field: str) -> None:
    value: object = {"text": HOSTILE, "by": HOSTILE} if field == "quote" else HOSTILE
    write_action(bench.root, fields={field: value})  # type: ignore[dict-item]
    ran = bench.build()
    assert (ran.code, ran.findings) == (0, ())
    text = "".join(" ".join(page_texts(ran.pdf)).split())
    assert "".join(HOSTILE.split()) in text


def test_one_endless_word_breaks_instead_of_leaving_its_panel(bench: Bench) -> None:
    long = "Donaudampfschiff" * 20
    write_action(bench.root, fields={"title": long}, sections={"letter": long, "ask": long})
    ran = bench.build()
    # That is told of each place where one is written.
    assert (ran.code, ran.codes) == (0, ["broken-word"] * 3)
    assert [found["line"] for found in ran.findings] == [2, 14, 18]


def test_one_faulty_language_does_not_spoil_the_next(bench: Bench) -> None:
    # A German text that cannot be printed, and an English one that can, in one command.
    write_action(bench.root, tag="de", fields={"status": "draft"}, sections={"ask": "𒀀"})
    ran = bench.build("--lang", "de", "--lang", "en", "--allow-draft")
    assert (ran.code, ran.errors) == (1, ["missing-glyph"])
    assert ran.files == (Path("out/river.en.letter.a4.pdf"),)
    assert "The river defenders" in page_texts(ran.pdf)[0]


def test_all_languages_are_those_that_the_action_is_written_in(bench: Bench) -> None:
    write_action(bench.root, tag="de", fields={"status": "draft"})
    ran = bench.build("--lang", "all", "--lang", "en", "--window", "none")
    # A draft among them is told, as it is where it is named.
    assert (ran.code, ran.errors) == (1, ["draft-translation"])
    assert [path.name for path in ran.files] == ["river.en.letter.a4.pdf"]
    ran = bench.build("--lang", "all", "--window", "none", "--allow-draft")
    assert ran.errors == []
    assert [path.name for path in ran.files] == ["river.de.letter.a4.pdf", "river.en.letter.a4.pdf"]
    ran = bench.run("build", "rivre", "--lang", "all")
    assert (ran.code, ran.errors) == (2, ["missing-file"])


# ------------------------------------------------------------------------------------ what is set


def test_an_unknown_field_is_refused_with_the_nearest_name(bench: Bench) -> None:
    ran = bench.build("--set", "gruop=Roma")
    assert (ran.code, ran.errors) == (1, ["unknown-field"])
    assert ran.only("unknown-field")["cure"] == "did you mean 'group'?"


def test_a_value_that_does_not_fit_is_an_error(bench: Bench) -> None:
    ran = bench.build("--set", "group=" + "W" * 90)
    assert (ran.code, ran.errors, ran.files) == (1, ["overflow"], ())


def test_what_was_set_is_never_kept_in_the_cache(bench: Bench) -> None:
    bench.build("--set", "sender=Secretname Hidden")
    for path in (bench.root / "cache").rglob("*"):
        if path.is_file():
            assert b"Secretname" not in path.read_bytes()


# ---------------------------------------------------------------------------------------- output


def test_a_rejected_pack_is_kept_only_when_asked_and_under_its_own_name(bench: Bench) -> None:
    ran = bench.build("--set", "group=" + "W" * 90, "--keep-rejected")
    assert ran.code == 1
    assert ran.files == (Path("out/river.en.letter.a4.rejected.pdf"),)
    assert ran.files[0].is_file()


def test_an_output_may_be_a_file_or_a_folder(bench: Bench) -> None:
    assert bench.build("-o", "mine.pdf").files == (Path("mine.pdf"),)
    assert bench.build("-o", "packs/").files == (Path("packs/river.en.letter.a4.pdf"),)
    assert bench.build("-o", "packs").files == (Path("packs/river.en.letter.a4.pdf"),)


def test_a_file_that_is_no_pdf_is_never_written_over(bench: Bench) -> None:
    text = bench.root / "content" / "river" / "en.md"
    before = text.read_text()
    ran = bench.build("-o", "content/river/en.md")
    assert (ran.code, ran.errors, ran.files) == (1, ["exists"], ())
    assert text.read_text() == before
    (bench.root / "old.pdf").write_bytes(b"%PDF-1.4 an older pack")
    assert bench.build("-o", "old.pdf").code == 0


def test_a_pack_is_not_lost_for_want_of_a_cache(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bench.root / "file").write_text("")
    monkeypatch.setenv("ACTIONPACK_CACHE", str(bench.root / "file" / "cache"))
    ran = bench.build()
    assert (ran.code, set(ran.codes)) == (0, {"cache-unwritable"})
    assert len(page_texts(ran.pdf)) == 4


def test_out_must_not_lead_out_of_the_project(
    bench: Bench, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (bench.root / "out").symlink_to(elsewhere)
    ran = bench.build()
    assert (ran.code, ran.errors) == (1, ["blocked-resource"])
    assert list(elsewhere.iterdir()) == []


def test_an_output_named_through_a_link_must_not_lead_out_either(
    bench: Bench, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (bench.root / "link").symlink_to(elsewhere)
    for output in ("link/", "link/pack.pdf", str(bench.root / "link" / "pack.pdf")):
        assert bench.build("-o", output).errors == ["blocked-resource"]
    assert list(elsewhere.iterdir()) == []
    # What is named as lying elsewhere may lie there.
    assert bench.build("-o", str(elsewhere / "pack.pdf")).code == 0
    (bench.root / "inner").mkdir()
    (bench.root / "near").symlink_to("inner")
    assert bench.build("-o", "near/pack.pdf").code == 0


def test_a_link_of_the_packs_name_is_replaced_not_followed(bench: Bench) -> None:
    victim = bench.root / "victim.txt"
    victim.write_text("precious")
    (bench.root / "out").mkdir()
    (bench.root / "out" / "river.en.letter.a4.pdf").symlink_to(victim)
    assert bench.build().code == 0
    assert victim.read_text() == "precious"


@pytest.mark.parametrize("name", ["../river", "RIVER", "river/..", ".", "", "a\0b", "/etc"])
def test_an_id_cannot_lead_anywhere_else(bench: Bench, name: str) -> None:
    ran = bench.run("build", name)
    assert (ran.code, ran.errors) == (2, ["missing-file"])


# ----------------------------------------------------------------------------------------- cache


def test_a_damaged_cache_is_built_anew(bench: Bench) -> None:
    first = bench.build().pdf
    entries = [path for path in (bench.root / "cache").rglob("*") if path.is_file()]
    for path in entries:
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    (bench.root / "out" / "river.en.letter.a4.pdf").unlink()
    assert bench.build().pdf == first


def test_a_changed_word_is_never_served_from_the_cache(bench: Bench) -> None:
    bench.build()
    write_action(bench.root, fields={"title": "The river keepers"})
    assert "The river keepers" in page_texts(bench.build().pdf)[0]


def test_today_can_be_named(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    assert bench.build().code == 0
    monkeypatch.setenv("ACTIONPACK_TODAY", "tomorrow")
    assert bench.build().code == 2


# -------------------------------------------------------------------------------------- pictures


def photo(path: Path, width: int, height: int) -> None:
    """A photograph with a place and a maker in it."""
    picture = Image.effect_noise((width, height), 80).convert("RGB")
    exif = picture.getexif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    path.parent.mkdir(exist_ok=True)
    picture.save(path, exif=exif.tobytes(), comment=b"SecretComment")


IMAGES = """images:
  - {file: images/a.jpg, alt: {en: A family at a table}, credit: "Photo: Ann", licence: CC BY 4.0}
  - {file: images/b.jpg, alt: {en: A river}}
"""


def test_pictures_are_described_credited_and_stripped(bench: Bench) -> None:
    folder = write_action(bench.root, action=ACTION + IMAGES)
    photo(folder / "images" / "a.jpg", 1600, 900)
    photo(folder / "images" / "b.jpg", 1200, 1200)
    ran = bench.build()
    assert (ran.code, ran.findings) == (0, ())
    assert "Photo: Ann · CC BY 4.0" in page_texts(ran.pdf)[0]
    for secret in (b"SecretCamera", b"SecretComment"):
        assert secret not in ran.pdf
    assert validate(ran.pdf, "ua1") == ()
    assert validate(ran.pdf, "2a") == ()
    with pikepdf.open(ran.files[0]) as pdf:
        alts = [str(each.Alt) for each in pdf.objects if isinstance(each, pikepdf.Dictionary)
                and each.get("/S") == "/Figure"]  # fmt: skip
    assert "A family at a table" in alts
    assert "A river" in alts
    assert sum(alt.startswith("QR code") for alt in alts) == 2


def test_a_coarse_picture_is_a_warning_and_a_missing_one_an_error(bench: Bench) -> None:
    folder = write_action(bench.root, action=ACTION + IMAGES)
    photo(folder / "images" / "a.jpg", 300, 200)
    ran = bench.build()
    assert (ran.code, ran.errors) == (1, ["missing-file"])
    assert ran.only("missing-file")["line"] == 16
    photo(folder / "images" / "b.jpg", 1200, 1200)
    ran = bench.build()
    assert (ran.code, ran.codes) == (0, ["image-resolution"])
    # Once, with the size at which it is printed.
    told = re.fullmatch(
        r"picture 1 of the action has 300 × 200 pixels, which are (\d+) dpi at (\d+) × \d+ mm; "
        "200 dpi are wanted",
        ran.only("image-resolution")["message"],
    )
    assert told is not None
    assert int(told[1]) == pytest.approx(300 / int(told[2]) * 25.4, rel=0.02)


@pytest.mark.parametrize("file", ["../../../secret.jpg", "/etc/passwd", "images/link.jpg"])
def test_a_picture_cannot_come_from_elsewhere(bench: Bench, file: str) -> None:
    photo(bench.root / "secret.jpg", 900, 900)
    folder = write_action(bench.root, action=ACTION + IMAGES.replace("images/a.jpg", file))
    photo(folder / "images" / "b.jpg", 1200, 1200)
    (folder / "images" / "link.jpg").symlink_to(bench.root / "secret.jpg")
    ran = bench.build()
    assert (ran.code, ran.errors) == (1, ["blocked-resource"])


def test_a_copy_for_the_embassy_is_named_where_it_is_posted(bench: Bench) -> None:
    copies = "copies:\n  - {sender_country: IT, lines: [Embassy, 00198 Roma], country: IT}\n"
    write_action(bench.root, action=ACTION + copies)
    assert "Send a copy to Embassy, 00198 Roma" in page_texts(bench.build().pdf)[0]
    elsewhere = bench.run("build", "river", "--sender-country", "FR")
    assert "Embassy" not in page_texts(elsewhere.pdf)[0]


@pytest.mark.parametrize(
    ("country", "line"), [("JP", "中国"), ("IL", "סין"), ("TH", "จีน"), ("GE", "ᲩᲘᲜᲔᲗᲘ")]
)
def test_a_country_line_is_in_letters_that_the_post_reads(
    bench: Bench, country: str, line: str
) -> None:
    ran = bench.run("build", "river", "--sender-country", country)
    assert (ran.code, ran.findings) == (0, ())
    assert f"100017 Beijing {line}" in page_texts(ran.pdf)[2]


def test_a_country_line_that_no_font_has_is_in_english(bench: Bench) -> None:
    ran = bench.run("build", "river", "--sender-country", "LK")
    assert (ran.code, ran.errors) == (0, [])
    found = ran.only("missing-glyph")
    assert found["severity"] == "warning"
    assert found["message"].endswith("which the post of 'LK' reads; the country line is in English")
    assert "100017 Beijing CHINA" in page_texts(ran.pdf)[2]


# --------------------------------------------------------------------------------- faulty layouts


def own_layout(bench: Bench, *, style: str = "", before: str = "", after: str = "") -> None:
    """The letter layout, as the project's own `mine`, with something spoilt."""
    folder = bench.root / "layouts" / "mine"
    folder.mkdir(parents=True)
    for file in (ROOT / "layouts" / "letter").iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    template = folder / "template.html.j2"
    text = template.read_text()
    assert before in text
    template.write_text(text.replace(before, after, 1) if before else text)
    (folder / "style.css").write_text((folder / "style.css").read_text() + style)


def test_a_character_without_a_glyph_in_the_words_of_a_layout_is_told_with_its_line(
    bench: Bench,
) -> None:
    own_layout(bench, before="{{ title }}", after="{# \ua001 #}{{ title }} \ua000")
    found = bench.build("--layout", "mine").only("missing-glyph")
    template = (bench.root / "layouts" / "mine" / "template.html.j2").read_text(encoding="utf-8")
    assert found["file"] == "layouts/mine/template.html.j2"
    assert found["line"] == template[: template.index("\ua000")].count("\n") + 1
    assert found["message"] == "'\ua000' (U+A000, yi syllable it) is in no font here for 'en'"


def test_a_character_without_a_glyph_in_a_catalogue_is_told_with_its_line(bench: Bench) -> None:
    (bench.root / "locale").mkdir()
    (bench.root / "locale" / "en.po").write_text(
        'msgid ""\nmsgstr "Language: en\\nContent-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "Take action"\nmsgstr "Act \ua000"\n',
        encoding="utf-8",
    )
    found = bench.build().only("missing-glyph")
    assert (found["file"], found["line"]) == ("locale/en.po", 5)
    assert found["message"] == "'\ua000' (U+A000, yi syllable it) is in no font here for 'en'"


@pytest.mark.parametrize(
    ("style", "code"),
    [
        (".summary { font-family: 'Comic Sans MS' }", "strange-font"),
        (".summary { color: white }", "lost-text"),
        (".summary { visibility: hidden }", "lost-text"),
        (".summary { position: absolute; top: 400mm }", "overflow"),
        (".address { margin-top: 12mm }", "overflow"),
        (".stub { margin-top: -30mm }", "overflow"),
        ("@page briefing { margin: 2mm }", "overflow"),
        (".summary { colour: red }", "layout-fault"),
    ],
)
def test_a_faulty_style_sheet_is_found_out(bench: Bench, style: str, code: str) -> None:
    own_layout(bench, style=style)
    ran = bench.build("--layout", "mine")
    assert ran.code == 1
    assert code in ran.errors


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ('<p class="summary" data-field="summary">{{ summary }}</p>', "", "lost-text"),
        ('<div class="fold-mark">', "<p>www.example.org</p><div>", "layout-fault"),
        ('<p class="salutation"', '<p data-panel="letter">No. 7</p><p', "posted-mark"),
        ("{{ target.salutation }}", "{{ target.salutation }} {{ target.salutation }}", "lost-text"),
        ("{{ title }}", "{{ titel }}", "layout-fault"),
        ('data-panel="stub"', 'data-panel="stump"', "layout-fault"),
        ("<section", '<img src="/etc/passwd" alt="x"><section', "blocked-resource"),
    ],
)
def test_a_faulty_template_is_found_out(bench: Bench, before: str, after: str, code: str) -> None:
    own_layout(bench, before=before, after=after)
    ran = bench.build("--layout", "mine")
    assert ran.code == 1
    assert code in ran.errors


@pytest.mark.parametrize(
    ("field", "printed", "instead"),
    [
        ("reference", '<span data-field="reference">{{ reference }}</span>', ""),
        (
            "act_by",
            ' data-field="act_by"{% endif %}>{{ act_by or _("As soon',
            '{% endif %}>{{ _("As soon',
        ),
        (
            "copies",
            (
                '<span dir="auto" translate="no" data-field="copies-{{ loop.index }}">'
                "{{ copy }}</span>"
            ),
            "",
        ),
        (
            "picture_credit",
            "{{ in_source(image.credit) }}</figcaption>",
            "</figcaption>",
        ),
    ],
)
def test_what_a_template_forgets_of_the_action_is_found_out(
    bench: Bench, field: str, printed: str, instead: str
) -> None:
    folder = write_action(
        bench.root,
        action=ACTION
        + "reference: ASA 17/0001\n"
        + "copies: [{sender_country: IT, lines: [Embassy, Via Roma 1], country: IT}]\n"
        + "images: [{file: river.png, alt: {en: A river}, credit: A friend, licence: CC0}]\n",
    )
    Image.new("RGB", (1500, 900), (90, 120, 150)).save(folder / "river.png")
    assert bench.build().errors == []
    own_layout(bench, before=printed, after=instead)
    ran = bench.build("--layout", "mine")
    assert ran.code == 1
    assert f"of '{field}" in " ".join(found["message"] for found in ran.findings)


def test_what_to_do_stands_on_one_page(bench: Bench) -> None:
    ask = f"First {words(70)} Last."
    for count in (200, 220, 240):
        write_action(bench.root, sections={"briefing": words(count), "ask": ask})
        pages = page_texts(bench.build("--layout", "letter").pdf)
        (on,) = (page for page in pages if "Take action" in page)
        assert ("First word" in on, "Last." in on) == (True, True), count
