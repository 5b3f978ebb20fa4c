"""What the shell completes, asked as bash, zsh and fish ask."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from projects import ACTION, Bench, write_action

PROGRAM = Path(sys.executable).parent / "actionpack"


def asked(folder: Path, *words: str, shell: str = "bash") -> list[str]:
    """What is offered for the last word, by the rules of a shell's script."""
    done = subprocess.run(
        [str(PROGRAM)],
        env={
            "PATH": os.environ["PATH"],
            "_ACTIONPACK_COMPLETE": f"{shell}_complete",
            "COMP_WORDS": " ".join(("actionpack", *words)),
            "COMP_CWORD": str(len(words)) if shell != "fish" else words[-1],
        },
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split("\n")[:-1]


def offered(folder: Path, *words: str) -> list[str]:
    return [line.removeprefix("plain,") for line in asked(folder, *words) if line]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write_action(tmp_path)
    write_action(tmp_path, tag="fr")
    write_action(tmp_path, name="lake", action=ACTION.replace("id: river", "id: lake"), tag="el")
    (tmp_path / "layouts" / "zine").mkdir(parents=True)
    (tmp_path / "layouts" / "zine" / "layout.toml").write_text("")
    return tmp_path


# ------------------------------------------------------------------------------- what is offered


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("bui",), {"build"}),
        (("build", ""), {"lake", "river"}),
        (("build", "ri"), {"river"}),
        (("build", "river", "--pap"), {"--paper"}),
        (("build", "river", "--paper", "let"), {"letter"}),
        (("build", "river", "--sheet", "sra"), {"sra3", "sra4"}),
        (("build", "river", "--impose", "b"), {"booklet"}),
        (("build", "river", "--window", "us-1"), {"us-10"}),
        (("build", "river", "--layout", "z"), {"zine"}),
        (("build", "river", "--lang", ""), {"en", "fr"}),
        (("build", "--lang", ""), {"el", "en", "fr"}),
        (("check", "zi"), {"zine"}),
        (("check", "riv"), {"river"}),
        (("list", "w"), {"windows"}),
        (("completion", ""), {"bash", "fish", "zsh"}),
    ],
)
def test_a_word_is_completed_with_what_there_is(
    project: Path, words: tuple[str, ...], expected: set[str]
) -> None:
    assert set(offered(project, *words)) == expected


def test_every_window_and_paper_there_is_is_offered(project: Path, bench: Bench) -> None:
    papers = {item["name"] for item in bench.run("list", "papers").items}
    assert set(offered(project, "build", "river", "--paper", "")) == papers
    # Those without an envelope are rules that only `check` knows.
    windows = bench.run("list", "windows").items
    build = set(offered(project, "build", "river", "--window", ""))
    assert build == {item["name"] for item in windows if "envelope" in item}
    check = set(offered(project, "check", "letter.pdf", "--window", ""))
    assert check == {item["name"] for item in windows}


def test_a_new_action_is_not_offered_the_old_ones(project: Path) -> None:
    assert offered(project, "new", "") == []


def test_a_file_to_check_is_completed_by_the_shell_itself(project: Path) -> None:
    assert asked(project, "check", "out/x") == ["file,out/x"]


def test_another_project_can_be_named(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    assert offered(elsewhere, "build", "--project", str(project), "ri") == ["river"]


def test_without_a_project_nothing_is_offered_and_nothing_is_said(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    empty = tmp_path_factory.mktemp("empty")
    assert offered(empty, "build", "") == []
    assert offered(empty, "build", "x", "--layout", "le") == ["letter"]


def test_a_broken_project_offers_what_can_be_read(project: Path) -> None:
    (project / "content" / "river" / "action.yaml").write_text("{ not yaml\n")
    assert set(offered(project, "build", "")) == {"lake", "river"}


def test_completing_imports_no_library_that_a_build_needs(project: Path) -> None:
    code = (
        "import sys; from actionpack.completing import names\n"
        "for kind in ('actions', 'layouts', 'papers', 'windows'): names(kind, None)\n"
        "print(sorted(set(sys.modules) & {'weasyprint', 'pypdf', 'pypdfium2', 'jinja2', 'babel',"
        "'ruamel.yaml', 'qrcode', 'PIL', 'uharfbuzz', 'markdown_it', 'mammoth', 'fontTools'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=project
    )
    assert done.stdout.strip() == "[]"


# ----------------------------------------------------------------------------------- the scripts


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_is_printed_and_told_in_json(
    bench: Bench, shell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (item,) = bench.run("completion", shell).items
    assert item["shell"] == shell
    assert f"_ACTIONPACK_COMPLETE={shell}_complete" in item["script"]
    done = subprocess.run(
        [str(PROGRAM), "completion", shell], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == item["script"].strip()


def test_an_unknown_shell_is_a_fault_of_usage(bench: Bench) -> None:
    ran = bench.run("completion", "tcsh")
    assert ran.code == 2
    assert "'bash', 'zsh', 'fish'" in ran.findings[0]["message"]


def in_shell(shell: str, folder: Path, *arguments: str) -> str:
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"{shell} is not here")
    done = subprocess.run(
        [found, *arguments],
        env={"PATH": f"{PROGRAM.parent}:{os.environ['PATH']}", "HOME": str(folder), "TERM": "dumb"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_bash_completes_with_the_line_of_the_help(project: Path) -> None:
    script = """
        eval "$(actionpack completion bash)"
        complete -p actionpack >/dev/null
        COMP_WORDS=(actionpack build river --window us-1) COMP_CWORD=4
        _actionpack_completion actionpack
        echo "${COMPREPLY[*]}"
    """
    assert in_shell("bash", project, "--norc", "-ec", script) == "us-10\n"


def test_fish_completes_with_the_line_of_the_help(project: Path) -> None:
    script = 'actionpack completion fish | source; complete -C "actionpack build ri"'
    assert in_shell("fish", project, "--no-config", "-c", script) == "river\n"


def test_zsh_takes_the_line_of_the_help(project: Path) -> None:
    script = """
        autoload -Uz compinit && compinit -u -D
        eval "$(actionpack completion zsh)"
        echo ${_comps[actionpack]}
    """
    assert in_shell("zsh", project, "-fc", script) == "_actionpack_completion\n"
    # The keys of zsh's line editor cannot be pressed here; its script is answered like this.
    assert asked(project, "build", "ri", shell="zsh")[:2] == ["plain", "river"]


def test_the_page_on_installing_repeats_the_lines_of_the_help(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (Path(__file__).resolve().parents[1] / "docs" / "install.md").read_text()
    done = subprocess.run(
        [str(PROGRAM), "completion", "--help"], capture_output=True, text=True, check=True
    )
    lines = [line.strip() for line in done.stdout.split("Examples:")[1].strip().splitlines()]
    assert len(lines) == 3
    assert all(f"`{line}`" in page for line in lines)
