"""`doctor`: what is missing on a machine is found by trying, and each has its cure."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from projects import Bench, write_action

from actionpack import machine, packages, render
from actionpack.diagnostics import MissingOnMachine, finding
from actionpack.fonts import read_shelf
from actionpack.packages import LIBRARIES, Library, how_to_install, manager_here
from actionpack.store import shipped_folder
from actionpack.typography import script_of, scripts

FONTS = shipped_folder() / "assets" / "fonts"
WORKS = {"ok", "none"}


def states(bench: Bench) -> dict[str, str]:
    return {item["what"]: item["state"] for item in bench.run("doctor").items}


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> On:
    return On(monkeypatch, tmp_path)


class On:
    """Makes this look like another system: its name, and the commands on the PATH."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
        self.monkeypatch, self.folder = monkeypatch, root / "commands"
        self.folder.mkdir()

    def __call__(self, system: str, *commands: str) -> None:
        for command in commands:
            (self.folder / command).write_text("#!/bin/sh\n")
            (self.folder / command).chmod(0o755)
        self.monkeypatch.setattr(packages, "system_name", lambda: system)
        self.monkeypatch.setenv("PATH", str(self.folder))


# ------------------------------------------------------------------------------- a good machine


def test_on_this_machine_all_is_there(bench: Bench) -> None:
    ran = bench.run("doctor")
    assert (ran.code, ran.findings) == (0, ())
    assert {item["state"] for item in ran.items} == WORKS
    told = {item["what"]: item["told"] for item in ran.items}
    assert told["python"] == ".".join(map(str, sys.version_info[:3]))
    assert told["project"] == str(bench.root)
    assert told["cache"] == str(bench.root / "cache")
    assert told["reader"] == "reads the words of a PDF back"
    assert told["scanner"] == "reads a QR code back"
    assert {"weasyprint", "pypdfium2", "zxing-cpp", "Pango", "HarfBuzz-Subset"} <= told.keys()


def test_a_person_reads_columns_with_a_sign_and_a_word(bench: Bench) -> None:
    program = Path(sys.executable).parent / "actionpack"
    done = subprocess.run([str(program), "doctor"], capture_output=True, text=True, check=True)
    lines = [line for line in done.stdout.splitlines() if line]
    starts = {line.index(line[9:].lstrip()[0], 9) for line in lines}
    assert starts == {11}
    assert any(line.startswith("✓ ok       python ") for line in lines)
    assert any(line.startswith("–          Telugu ") and line.endswith("none") for line in lines)
    assert done.stderr == "this machine has all it needs\n"


def test_a_terminal_without_utf_8_is_told_so_in_letters_it_has(bench: Bench) -> None:
    program = Path(sys.executable).parent / "actionpack"
    done = subprocess.run(
        [str(program), "doctor"],
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        capture_output=True, check=False,
    )  # fmt: skip
    out, err = done.stdout.decode("ascii"), done.stderr.decode("latin-1")
    assert done.returncode == 0, "a warning, nothing is missing"
    assert "+ ok       python" in out
    assert "! look     terminal" in out
    assert "warning: the terminal is set to 'iso8859-1'" in err
    assert "set it to UTF-8: export LC_ALL=C.UTF-8" in err


# ------------------------------------------------------------------------------ what is missing


def test_a_library_that_is_not_there_is_named_with_the_line_of_this_system(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, on: On
) -> None:
    lost = Library(need="subset", title="HarfBuzz-Subset", linux="libno-such.so.9", macos="x.dylib")
    monkeypatch.setattr(machine, "LIBRARIES", (LIBRARIES[0], lost))
    on("Linux", "dnf")
    ran = bench.run("doctor")
    (found,) = ran.findings
    assert ran.code == 3
    assert found["message"] == "HarfBuzz-Subset (libno-such.so.9) is not on this machine"
    assert found["cure"] == (
        "as an administrator (root) run: dnf install -y --setopt=install_weak_deps=False harfbuzz"
    )
    item = next(item for item in ran.items if item["what"] == "HarfBuzz-Subset")
    assert (item["state"], item["cure"]) == ("missing", found["cure"])
    assert states(bench)["typesetter"] == "none", "it cannot be tried without"


@pytest.mark.parametrize(
    ("module", "what"), [("pypdfium2", "a library does not start"), ("zxingcpp", "does not start")]
)
def test_a_library_of_ours_that_does_not_start_is_named(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, module: str, what: str
) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    ran = bench.run("doctor")
    assert ran.code == 3
    assert what in ran.findings[0]["message"]
    assert ran.findings[0]["cure"] == "install it again: sh setup.sh"


def test_a_library_of_ours_that_is_gone_is_named(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "importlib.metadata.requires",
        lambda _: ["no-such-library>=1.0", "click>=8", "ruff; extra == 'test'"],
    )
    ran = bench.run("doctor")
    assert ran.code == 3
    assert ran.only("missing-file")["message"] == "the library 'no-such-library' is not installed"


def test_a_copy_that_was_never_installed_says_so(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(name: str) -> list[str]:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.requires", lost)
    ran = bench.run("doctor")
    assert ran.code == 3
    assert ran.only("missing-file")["cure"] == "install it again: sh setup.sh"


def test_a_cache_that_cannot_be_written_is_missing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bench.root / "file").write_text("")
    monkeypatch.setenv("ACTIONPACK_CACHE", str(bench.root / "file" / "cache"))
    ran = bench.run("doctor")
    assert ran.code == 3
    found = ran.findings[0]
    assert "cannot be written" in found["message"]
    assert found["cure"] == "make room there, or name another folder in ACTIONPACK_CACHE"


def test_a_full_disk_is_missing_room(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "LEAST_ROOM_MB", 10**12)
    ran = bench.run("doctor")
    assert ran.code == 3
    assert [found["code"] for found in ran.findings] == ["bad-file", "bad-file"]
    assert "MB left, and 1000000000000 MB are needed" in ran.findings[0]["message"]
    assert ran.findings[0]["cure"] == "delete what is not needed from that disk"


def test_a_folder_for_packs_that_cannot_be_written_is_missing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whoever is root may write anywhere; so it is the answer that is a stand-in.
    monkeypatch.setattr("os.access", lambda path, mode: False)
    found = bench.run("doctor").findings[0]
    assert found["message"] == f"'{bench.root / 'out'}' cannot be written"
    assert found["cure"] == "take write permission for it, or name another folder with -o"


def test_a_folder_for_temporary_files_that_is_gone_is_missing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(bench.root / "gone"))
    ran = bench.run("doctor")
    assert ran.code == 3
    assert ran.only("bad-file")["cure"] == "make room there, or name another folder in TMPDIR"


@pytest.mark.parametrize(
    ("constant", "message"),
    [
        ("_PROBE", "the reader does not find"),
        ("_PROBE_CODE", "the scanner does not find 'https://www.example.org/probe' on a page"),
    ],
)
def test_a_probe_page_that_reads_back_otherwise_is_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, constant: str, message: str
) -> None:
    # The page says one thing, and another is looked for.
    written = machine._probe_page()
    monkeypatch.setattr(machine, "_probe_page", lambda: written.replace("Probe:", "Other:"))
    if constant == "_PROBE_CODE":
        monkeypatch.setattr(machine, "_probe_page", lambda: written.replace("<path", "<g"))
    ran = bench.run("doctor")
    assert ran.code == 3
    assert message in ran.findings[0]["message"]


def test_a_glyph_that_the_typesetter_lacks_stops_here(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "_PROBE", "Probe: 𒀀")
    ran = bench.run("doctor")
    assert (ran.code, set(ran.codes)) == (3, {"missing-glyph"})


def test_a_broken_table_of_fonts_is_told_with_its_line(bench: Bench) -> None:
    (bench.root / "assets" / "fonts").mkdir(parents=True)
    (bench.root / "assets" / "fonts" / "fonts.toml").write_text("[[font]]\nfamily = 3 4\n")
    ran = bench.run("doctor")
    assert ran.code == 3
    assert any(found["file"] == "assets/fonts/fonts.toml" for found in ran.findings)


# ----------------------------------------------------------------------------- fonts by script


def test_each_script_names_the_fonts_that_print_it(bench: Bench) -> None:
    told = {
        item["what"]: item["told"] for item in bench.run("doctor").items if item["group"] == "fonts"
    }
    for script in ("Latin", "Greek", "Cyrillic"):
        assert told[script] == "Noto Sans, Noto Serif"
    assert told["Arabic"] == "Noto Naskh Arabic"
    assert told["Chinese, simplified"] == "Noto Sans SC"
    assert told["Telugu"] == "none"
    assert told["fonts"].startswith("Noto Sans, Noto Serif, Noto Naskh Arabic, ")
    assert told["fonts"].endswith("Noto Sans SC, Noto Sans TC, Noto Sans JP, Noto Sans KR")
    assert told["actionpack-print-cjk"].endswith("actionpack_cjk/fonts")


@pytest.mark.usefixtures("without_cjk")
def test_without_the_fonts_of_east_asia_nothing_is_missing_but_to_who_writes_their_letters(
    bench: Bench,
) -> None:
    ran = bench.run("doctor")
    told = {item["what"]: (item["state"], item["told"]) for item in ran.items}
    assert ran.code == 0
    assert told["actionpack-print-cjk"] == ("none", "not installed")
    assert told["Korean"] == ("none", "none")
    write_action(bench.root, tag="ko")
    ran = bench.run("doctor")
    found = ran.only("missing-glyph")
    assert (ran.code, found["message"]) == (
        3, "no font here prints Korean, which 'ko' is written in"
    )  # fmt: skip
    assert found["cure"].startswith("install actionpack-print-cjk")


def test_the_fonts_named_have_every_letter_and_the_others_lack_one() -> None:
    shelf = read_shelf((FONTS,))
    for script in scripts():
        tried = machine._try_script(shelf, script, ())
        for family in shelf.families:
            missing = shelf.missing(script.letters, (family,))
            assert (family in tried.told.split(", ")) is (missing == ())


def test_a_language_of_the_project_that_no_font_prints_is_missing(bench: Bench) -> None:
    write_action(bench.root, tag="te")
    ran = bench.run("doctor")
    assert ran.code == 3
    found = ran.only("missing-glyph")
    assert found["message"] == "no font here prints Telugu, which 'te' is written in"
    assert "assets/fonts/fonts.toml" in found["cure"]


@pytest.mark.parametrize(
    ("tag", "script"),
    [("en", "Latn"), ("tr", "Latn"), ("el", "Grek"), ("uk", "Cyrl"), ("ug", "Arab"),
     ("zh-Hans", "Hans"), ("zh-Hant", "Hant"), ("zh-TW", "Hant"), ("zh", "Hans"),
     ("sr-Latn", "Latn"), ("sr", "Cyrl"), ("pt-BR", "Latn"), ("ja", "Jpan"), ("ko", "Kore")],
)  # fmt: skip
def test_a_language_tag_means_a_script(tag: str, script: str) -> None:
    assert script_of(tag) == script


def test_the_table_of_scripts_claims_no_language_twice() -> None:
    known = scripts()
    claimed = [tag for script in known for tag in script.languages]
    assert len(claimed) == len(set(claimed))
    assert len({script.code for script in known}) == len(known)
    for script in known:
        assert len(script.letters) == len(set(script.letters)), f"{script.name}: a letter twice"


# ----------------------------------------------------------------------- the line that installs


ROOT = "as an administrator (root) run: "
APT = "apt-get update && apt-get install -y --no-install-recommends "
ZYPPER = "zypper --non-interactive install --no-recommends "
BY_HAND = "install Pango and HarfBuzz-Subset with the package manager of this system; "


@pytest.mark.parametrize(
    ("system", "commands", "line"),
    [
        ("Linux", ("apt-get",), f"{ROOT}{APT}libpangoft2-1.0-0 libharfbuzz-subset0"),
        ("Linux", ("zypper",), f"{ROOT}{ZYPPER}libpango-1_0-0 libharfbuzz-subset0"),
        ("Linux", ("dnf", "apt-get"), f"{ROOT}{APT}libpangoft2-1.0-0 libharfbuzz-subset0"),
        ("Linux", ("brew",), f"{BY_HAND}docs/install.md has names"),
        ("Darwin", ("brew",), "run: brew install pango harfbuzz"),
    ],
)
def test_the_cure_is_the_line_of_this_system(
    on: On, system: str, commands: tuple[str, ...], line: str
) -> None:
    on(system, *commands)
    assert how_to_install("pango", "subset") == line


def test_a_mac_without_homebrew_is_sent_there(on: On) -> None:
    on("Darwin")
    assert manager_here() is None or Path("/opt/homebrew/bin/brew").exists()
    assert "install Homebrew" in how_to_install("pango")


def test_the_typesetter_that_finds_no_pango_gives_that_line_too(
    on: On, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake = tmp_path / "fake" / "weasyprint"
    fake.mkdir(parents=True)
    (fake / "__init__.py").write_text(
        "raise OSError(\"cannot load library 'libpango-1.0-0': not found\")"
    )
    source = Path(machine.__file__).parents[1]
    monkeypatch.setenv("PYTHONPATH", f"{fake.parent}:{source}")
    on("Linux", "pacman")
    with render.Typesetter((FONTS,)) as typesetter, pytest.raises(MissingOnMachine) as caught:
        typesetter.lay_out(render.Job(template="<p>x</p>", css=""))
    (found,) = caught.value.findings
    assert found.cure == (
        "as an administrator (root) run: pacman -S --needed --noconfirm pango harfbuzz"
    )


# --------------------------------------------------------------------------------------- macOS


def test_a_mac_gets_the_folders_of_libraries_before_the_child_starts(
    on: On, monkeypatch: pytest.MonkeyPatch
) -> None:
    on("Darwin")
    monkeypatch.delenv("HOMEBREW_PREFIX", raising=False)
    monkeypatch.setenv("DYLD_FALLBACK_LIBRARY_PATH", "/mine:/usr/local/lib")
    environment = render._environment(Path("fonts.conf"))
    assert environment["DYLD_FALLBACK_LIBRARY_PATH"] == (
        "/mine:/usr/local/lib:/opt/homebrew/lib:/opt/local/lib:/usr/lib"
    )
    monkeypatch.delenv("DYLD_FALLBACK_LIBRARY_PATH")
    monkeypatch.setenv("HOMEBREW_PREFIX", "/Users/me/brew")
    assert render._environment(Path("fonts.conf"))["DYLD_FALLBACK_LIBRARY_PATH"].startswith(
        "/Users/me/brew/lib:/opt/homebrew/lib:"
    )


def test_linux_gets_no_such_variable(monkeypatch: pytest.MonkeyPatch, on: On) -> None:
    on("Linux")
    monkeypatch.delenv("DYLD_FALLBACK_LIBRARY_PATH", raising=False)
    assert "DYLD_FALLBACK_LIBRARY_PATH" not in render._environment(Path("fonts.conf"))


def test_on_a_mac_a_library_is_loaded_by_its_path(
    on: On, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("ctypes.CDLL", lambda file: asked.append(file))
    on("Darwin")
    monkeypatch.setenv("HOMEBREW_PREFIX", str(tmp_path))
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "libpangoft2-1.0.dylib").write_text("")
    assert LIBRARIES[0].file == "libpangoft2-1.0.dylib"
    machine._loaded(LIBRARIES[0].file)
    assert asked == [str(tmp_path / "lib" / "libpangoft2-1.0.dylib")]


def test_the_child_leaves_a_mac_its_own_search_and_sets_no_limit_of_memory() -> None:
    # What the child does by system, asked of the child itself under another name of the system.
    code = (
        "import sys, ctypes.util, resource, urllib.request\n"
        "before = ctypes.util.find_library\n"
        "sys.platform = 'darwin'\n"
        "def refused(*_): raise ValueError('current limit exceeds maximum limit')\n"
        "resource.setrlimit = refused\n"
        "from actionpack.render import child\n"
        "sys.argv = ['child', '1000000000']\n"
        "child.main()\n"
        "assert ctypes.util.find_library is before\n"
    )
    done = subprocess.run([sys.executable, "-c", code], input=b"", capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


# ---------------------------------------------------------------------------------------- JSON


def test_json_holds_what_a_person_sees(bench: Bench) -> None:
    ran = bench.run("doctor")
    assert {"machine", "libraries", "fonts"} == {item["group"] for item in ran.items}
    assert all(item.keys() == {"group", "what", "state", "told", "cure"} for item in ran.items)
    assert json.dumps(ran.items)


def test_a_project_that_is_named_and_is_none_is_a_fault_of_usage(bench: Bench) -> None:
    assert bench.run("doctor", "--project", str(bench.root / "nowhere")).code == 2


def test_outside_a_project_the_machine_is_examined_all_the_same(
    bench: Bench, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("outside"))
    ran = bench.run("doctor")
    assert ran.code == 0
    told = {item["what"]: item["told"] for item in ran.items}
    assert told["project"] == "none here"
    assert "out" not in told


def test_an_item_with_a_warning_wants_a_look() -> None:
    warned = finding("bad-value", "x", severity="warning")
    assert machine.Tried(what="x", told="", found=(warned,)).state == "look"
