"""The command line: what it promises in help, in JSON and in exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from projects import ACTION, Bench, page_texts, write_action

from actionpack import cli
from actionpack.typography import languages

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = sorted(cli.cli.commands)


def plain(*arguments: str, capture: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    capture.readouterr()
    code = cli.run(list(arguments))
    shown = capture.readouterr()
    return code, shown.out, shown.err


# ------------------------------------------------------------------------------------------ help


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example_that_calls_it(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = plain(command, "--help", capture=capsys)
    assert code == 0
    examples = out.split("Examples:")[1]
    assert f"actionpack {command}" in examples
    assert "--json" in out
    assert "--project" in out


def test_the_pages_of_the_docs_that_repeat_the_program_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "docs.py"), "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_help_imports_no_library_that_a_build_needs() -> None:
    code = (
        "import sys; from actionpack.cli import run; run(['--help']);"
        "print(sorted(set(sys.modules) & {'weasyprint', 'pypdf', 'pypdfium2', 'jinja2', 'babel',"
        "'ruamel.yaml', 'qrcode', 'PIL', 'uharfbuzz', 'markdown_it', 'fontTools'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().split("\n")[-1] == "[]"


# -------------------------------------------------------------------------------- codes and JSON


@pytest.mark.parametrize(
    "arguments",
    [
        ("nothing",), ("build",), ("build", "river", "--nothing"), ("list", "nothing"),
        ("build", "river", "--paper", "a9"), ("build", "river", "--window", "porthole"),
        ("build", "river", "--sender-country", "Italy"), ("build", "river", "--target", "king"),
        ("build", "river", "--set", "group"), ("build", "river", "--edition", "newspaper"),
        ("check", "nothing"), ("new", "Not An Id"), ("new", "x", "--lang", "english"),
    ],
)  # fmt: skip
def test_words_that_cannot_be_used_exit_with_2_and_say_so(
    bench: Bench, arguments: tuple[str, ...]
) -> None:
    ran = bench.run(*arguments)
    assert (ran.code, ran.ok) == (2, False)
    assert ran.errors
    assert all(found["message"] and found["cure"] for found in ran.findings)


def test_outside_a_project_a_command_says_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = plain("build", "river", capture=capsys)
    assert (code, out) == (2, "")
    assert "actionpack init" in err


def test_a_project_can_be_named_by_option_or_environment(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    assert bench.run("list", "actions").code == 2
    assert bench.run("list", "actions", "--project", str(bench.root)).items[0]["id"] == "river"
    monkeypatch.setenv("ACTIONPACK_PROJECT", str(bench.root))
    assert bench.run("list", "actions").items[0]["id"] == "river"


def test_findings_have_the_promised_shape(bench: Bench) -> None:
    ran = bench.run("build", "river")
    assert list(ran.findings[0]) == [
        "severity", "code", "file", "line", "row", "page", "message", "cure",
    ]  # fmt: skip
    assert ran.codes == ["unknown-sender-country"]
    assert bench.run("build", "river", "--strict").code == 1


def test_data_goes_to_stdout_and_words_to_stderr(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = plain("build", "river", capture=capsys)
    assert (code, out) == (0, "out/river.en.letter.a4.pdf\n")
    assert "warning:" in err


def test_a_fault_of_the_program_itself_is_told_not_hidden(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("actionpack.project.find_project", broken)
    code, out, err = plain("list", "actions", "--json", capture=capsys)
    assert code == 1
    assert json.loads(out)["findings"][0]["code"] == "internal"
    assert "RuntimeError: boom" in err


def test_an_interrupted_command_exits_with_130(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("actionpack.project.find_project", interrupted)
    assert bench.run("list", "actions").code == 130


def test_something_missing_on_the_machine_exits_with_3_and_the_line_that_installs_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A weasyprint that fails as the real one does without Pango.
    fake = bench.root / "fake" / "weasyprint"
    fake.mkdir(parents=True)
    (fake / "__init__.py").write_text(
        "raise OSError(\"cannot load library 'libpango-1.0-0': not found\")"
    )
    monkeypatch.setenv("PYTHONPATH", f"{bench.root / 'fake'}:{ROOT / 'src'}")
    for arguments in (("build", "river"), ("doctor",)):
        ran = bench.run(*arguments)
        assert (ran.code, "apt-get install" in ran.findings[-1]["cure"]) == (3, True)


# -------------------------------------------------------------------------------------- commands


def test_init_new_and_check_lead_from_nothing_to_a_list_of_what_to_write(
    tmp_path: Path, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bench.run("init", "mine").code == 0
    assert bench.run("init", "mine").errors == ["exists"]
    monkeypatch.chdir(tmp_path / "mine")
    made = bench.run("new", "my-case")
    assert [path.name for path in made.files] == ["action.yaml", "en.md"]
    assert bench.run("new", "my-case").errors == ["exists"]
    checked = bench.run("check", "my-case")
    assert checked.code == 1
    assert {found["file"] for found in checked.findings} == {
        "content/my-case/action.yaml", "content/my-case/en.md",
    }  # fmt: skip


def test_an_imported_text_builds_and_is_not_written_over_without_force(bench: Bench) -> None:
    text = ROOT / "tests" / "data" / "china-uyghur-families.txt"
    imported = bench.run("import", str(text), "--online", "https://www.example.org/act/u")
    assert imported.code == 0
    assert {"repaired", "doubtful"} == set(imported.codes)
    assert bench.run("import", str(text)).errors == ["exists"]
    assert bench.run("import", str(text), "--force").code == 0
    built = bench.run("build", "china-uyghur-families", "--sender-country", "IT")
    assert built.code == 0
    assert "Dear President Xi," in page_texts(built.pdf)[2]


def test_check_proves_a_finished_file(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    (path,) = bench.build().files
    assert bench.run("check", str(path)).findings == ()
    monkeypatch.setenv("ACTIONPACK_TODAY", "2028-01-01")
    assert bench.run("check", str(path)).errors == ["expired"]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"not a pdf", bytes(range(256)) * 2])
def test_check_of_what_is_no_pdf_is_a_finding(bench: Bench, data: bytes) -> None:
    (bench.root / "x.pdf").write_bytes(data)
    assert bench.run("check", "x.pdf").errors[:1] == ["bad-file"]
    assert bench.run("check", "gone.pdf").errors == ["missing-file"]


def test_check_says_what_a_name_is_not(bench: Bench) -> None:
    (bench.root / "notes.txt").write_text("The story so far")
    assert "is no PDF" in bench.run("check", "notes.txt").only("bad-file")["message"]
    (bench.root / "content" / "lake").mkdir()
    (bench.root / "content" / "lake" / "action.yml").write_text("id: lake\n")
    found = bench.run("check", "lake").only("missing-file")
    assert found["message"] == "'content/lake' holds no 'action.yaml'"


def test_check_of_an_action_says_what_building_it_would(bench: Bench) -> None:
    assert bench.run("check", "river").codes == ["unknown-sender-country"]
    write_action(bench.root, fields={"titel": "x"})
    assert "unknown-field" in bench.run("check", "river").errors


def test_check_of_a_layout_resolves_it_on_every_paper_for_every_window(bench: Bench) -> None:
    assert bench.run("check", "letter").findings == ()
    own = bench.root / "layouts" / "letter"
    own.mkdir(parents=True)
    for file in (ROOT / "layouts" / "letter").iterdir():
        (own / file.name).write_bytes(file.read_bytes())
    numbers = own / "layout.toml"
    numbers.write_text(numbers.read_text().replace('"tear - 5"', '"taer - 5"'))
    assert bench.run("check", "letter").errors == ["layout-fault"]


def test_lists_name_what_there_is(bench: Bench) -> None:
    names = {what: bench.run("list", what).items for what in
             ("actions", "layouts", "languages", "papers", "windows")}  # fmt: skip
    assert names["actions"][0] == {
        "id": "river", "title": "The river defenders", "languages": ["en"],
        "act_by": "2027-12-31", "faults": 0,
    }  # fmt: skip
    assert [item["name"] for item in names["layouts"]] == [
        *("double-card", "envelope", "handout", "labels", "letter", "petition", "postcard"),
        *("poster", "selfmailer", "tally"),
    ]
    english = next(item for item in names["languages"] if item["tag"] == "en")
    assert english == {
        "tag": "en", "name": "English", "words": None, "actions": {"river": "source"},
    }  # fmt: skip
    assert [item["name"] for item in names["papers"] if item["kind"] == "sheet"] == [
        "a4", "letter", "a5", "a6", "a3", "sra4", "sra3", "quarter-letter", "half-letter", "legal",
        "tabloid", "12x18",
    ]  # fmt: skip
    assert {"dl", "c6", "us-10"} <= {
        item["name"] for item in names["papers"] if item["kind"] == "envelope"
    }
    assert [item["name"] for item in names["windows"]] == [
        "din-5008-a", "din-5008-b", "dl-left", "c6-5-left", "c5-left", "sn-left", "sn-right",
        "nf", "dl-uk", "no-c6-5", "no-c5", "us-9", "us-10", "jp-chou3", "none", "notify-uk",
    ]  # fmt: skip


def test_an_unfinished_action_is_listed_with_how_to_see_its_faults(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.run("new", "harbour")
    checked = bench.run("check", "harbour")
    ran = bench.run("list", "actions")
    assert (ran.code, ran.findings) == (0, ())
    # Which of them there are says the check.
    assert ran.items[0] == {
        "id": "harbour", "title": None, "languages": ["en"], "act_by": None,
        "faults": len(checked.errors),
    }  # fmt: skip
    assert len(checked.errors) > 5
    told = f"unfinished: {len(checked.errors)} faults, see actionpack check harbour"
    code, out, err = plain("list", "actions", capture=capsys)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        f"harbour\ten\t{told}",
        "river\tThe river defenders\ten\t2027-12-31",
    ]
    code, out, err = plain("list", "languages", capture=capsys)
    assert code == 0
    assert "\tharbour (unfinished), river (source)\n" in out
    assert err == "'harbour' is unfinished: actionpack check harbour says what is missing\n"


def test_a_text_with_a_fault_is_unfinished_and_the_others_are_not(bench: Bench) -> None:
    write_action(bench.root, tag="it", fields={"title": "", "status": "draft"})
    ran = bench.run("list", "actions")
    assert ran.items[0]["title"] == "The river defenders"
    assert ran.items[0]["faults"] == 1
    listed = {item["tag"]: item["actions"] for item in bench.run("list", "languages").items}
    assert (listed["it"], listed["en"]) == ({"river": "unfinished"}, {"river": "source"})


def test_a_layout_with_a_fault_is_listed_beside_the_others(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.run("new-layout", "leaflet", "--from", "letter")
    numbers = bench.root / "layouts" / "leaflet" / "layout.toml"
    numbers.write_text("nothing = 1\n" + numbers.read_text(encoding="utf-8"), encoding="utf-8")
    code, out, _ = plain("list", "layouts", capture=capsys)
    assert code == 0
    assert "leaflet\tunfinished: 1 fault, see actionpack check leaflet\n" in out
    assert "letter\tLetter with a stub to keep\t" in out
    assert bench.run("check", "leaflet").code == 1


def test_faults_are_told_in_the_order_of_the_lines_they_are_about(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.run("new", "harbour")
    found = bench.run("check", "harbour").findings
    places = [(one["file"], one["line"]) for one in found]
    assert [file for file, _ in places] == sorted(file for file, _ in places)
    for name in ("content/harbour/action.yaml", "content/harbour/en.md"):
        lines = [line for file, line in places if file == name]
        assert len(lines) > 3
        assert lines == sorted(lines)
    _, _, err = plain("check", "harbour", capture=capsys)
    assert [line.split(": ")[0] for line in err.splitlines() if ": error: " in line] == [
        f"{file}:{line}" for file, line in places
    ]


def test_fonts_lists_every_language_with_what_prints_it(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = bench.run("fonts")
    assert (ran.code, [item["tag"] for item in ran.items]) == (0, list(languages()))
    assert {item["missing"] for item in ran.items} == {""}
    told = {item["tag"]: item for item in ran.items}
    assert told["ur"] == {
        "tag": "ur", "english": "Urdu", "script": "Arab", "families": ["Noto Nastaliq Urdu"],
        "missing": "", "cure": None, "name": "اردو",
    }  # fmt: skip
    assert told["ru"]["families"] == ["Noto Sans", "Noto Serif"]
    assert told["zh-Hans"]["families"] == ["Noto Sans SC"]
    assert cli.run(["fonts"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(told)
    assert (
        "ko       Korean                 Kore  Noto Sans KR           all letters  한국어" in lines
    )


@pytest.mark.usefixtures("without_cjk")
def test_fonts_says_of_a_language_that_no_font_prints_what_to_install(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = {item["tag"]: item for item in bench.run("fonts").items if item["missing"]}
    assert list(lost) == ["zh-Hans", "zh-Hant", "ja", "ko"]
    assert lost["ja"]["families"] == []
    assert cli.run(["fonts"]) == 0
    told = capsys.readouterr()
    assert (
        "ja       Japanese               Jpan                         no font here  日本語"
        in told.out
    )
    assert told.err == (
        "install actionpack-print-cjk, which has the letters of Chinese, Japanese and Korean\n"
    )


def test_fonts_names_the_letters_that_are_lacking(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("actionpack.listing.printed_words", lambda tag: ({"Stop": "𒀀𒀁"}, ()))
    assert {item["missing"] for item in bench.run("fonts").items} == {"𒀀𒀁"}
    assert cli.run(["fonts"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0].split("  ")[-2:] == ["lacks U+12000 U+12001", "English"]


def test_windows_are_listed_with_what_to_measure_and_what_nobody_verified(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["list", "windows"]) == 0
    told = capsys.readouterr().out
    start = told.index("dl-uk ")
    assert told[start:].split("\n")[:8] == [
        "dl-uk       DL envelope, window left, British",
        "            DL, 220 × 110 mm; window 90 × 35 mm, 20 from the left, 18 from the foot",
        "            a4: folded at 105 mm, torn at 210 mm",
        "            letter: folded at 101.6 mm, torn at 203.2 mm",
        "            usual in GB, IE",
        "            source: as sold: 90 × 35, 20 from the left, 18 from the foot",
        "            not verified: try one envelope first",
        "no-c6-5     C6/5 envelope, window left, Norwegian",
    ]
    assert "            check only: it has no envelope\n" in told


def test_doctor_finds_nothing_wrong_here(bench: Bench) -> None:
    ran = bench.run("doctor")
    assert (ran.code, ran.findings) == (0, ())
    assert {"python", "fonts", "typesetter", "cache"} <= {item["what"] for item in ran.items}


@pytest.mark.parametrize("option", ["--window", "--paper", "--target", "--sender-country", "-o"])
def test_an_option_for_one_value_given_twice_is_a_mistake(bench: Bench, option: str) -> None:
    ran = bench.run("build", "river", option, "a4", option, "a4")
    assert ran.code == 2
    assert "it was given more than once" in ran.only("bad-value")["message"]


def test_a_name_too_long_for_a_file_is_told(bench: Bench) -> None:
    ran = bench.build("-o", "a" * 300)
    assert ran.code == 1
    assert "cannot be written (File name too long)" in ran.only("bad-file")["message"]


def test_an_action_is_checked_for_where_its_letters_are_posted(bench: Bench) -> None:
    assert bench.run("check", "river").codes == ["unknown-sender-country"]
    assert bench.run("check", "river", "--sender-country", "IT", "--strict").findings == ()


def test_a_pack_that_could_not_be_made_is_not_kept_and_that_is_said(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    write_action(bench.root, action=ACTION.replace("The Mayor", "The Mayor " * 30))
    assert cli.run(["build", "river", "--sender-country", "IT", "--keep-rejected"]) == 1
    assert "'letter' could not be made, so there is none to keep" in capsys.readouterr().err
