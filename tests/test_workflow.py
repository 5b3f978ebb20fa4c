"""The workflows: of the project itself, and of the repository that groups copy.

Each `run` of a step is run by the shell that GitHub uses, in a copy, with the variables it would
have. What needs a network (`uses`, setup.sh) is a stand-in; actionpack is the real one.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from projects import ACTION, FIELDS, TODAY, page_texts, write_action
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = ROOT / "templates" / "pack-repository"
CI = ROOT / ".github" / "workflows" / "ci.yml"
PACKS = TEMPLATE / ".github" / "workflows" / "packs.yml"
WORKFLOWS = (CI, PACKS)

Step = dict[str, Any]


def read(path: Path) -> dict[str, Any]:
    # YAML 1.2, in which `on` is a word and no truth.
    parsed: dict[str, Any] = YAML(typ="safe").load(path.read_text())
    return parsed


def steps(path: Path) -> list[Step]:
    return [step for job in read(path)["jobs"].values() for step in job["steps"]]


def named(path: Path, name: str) -> Step:
    (step,) = (step for step in steps(path) if step.get("name") == name)
    return step


@dataclass
class Runner:
    """A machine of GitHub's with a copy of a repository, and what an expression may ask for."""

    root: Path
    asked: dict[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        path = self.root / "summary.md"
        return path.read_text() if path.exists() else ""

    def value(self, text: str) -> str:
        """A text with its `${{ a || b }}` filled in; what nobody gave is empty."""

        def first(match: re.Match[str]) -> str:
            names = [name.strip() for name in match[1].split("||")]
            return next(filter(None, (self.asked.get(name, "") for name in names)), "")

        return re.sub(r"\$\{\{(.+?)\}\}", first, text)

    def run(self, step: Step) -> subprocess.CompletedProcess[str]:
        (self.root / "summary.md").unlink(missing_ok=True)
        environment = {name: self.value(text) for name, text in step.get("env", {}).items()}
        return subprocess.run(
            # The shell of a step that names none.
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", self.value(step["run"])],
            cwd=self.root,
            env={
                "PATH": f"{self.root / 'programs'}:{os.environ['PATH']}",
                "HOME": str(self.root),
                "GITHUB_STEP_SUMMARY": str(self.root / "summary.md"),
                "ACTIONPACK_CACHE": str(self.root.parent / "cache"),
                "ACTIONPACK_TODAY": TODAY,
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A copy of the template with one good action, and an actionpack that is there already."""
    root = tmp_path / "repository"
    shutil.copytree(TEMPLATE, root)
    write_action(root)
    bin_folder = root / ".actionpack" / ".venv" / "bin"
    bin_folder.mkdir(parents=True)
    (bin_folder / "python").symlink_to(sys.executable)
    command = bin_folder / "actionpack"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m actionpack.cli "$@"\n')
    command.chmod(0o755)
    (root / ".actionpack" / "setup.sh").write_text("echo set up in $(pwd)\n")
    return Runner(root, {"vars.ACTIONPACK_REPOSITORY": "owner/actionpack"})


# ---------------------------------------------------------------------------------- every workflow


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_is_pinned_bounded_and_may_only_read(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] == {"contents": "read"}
    assert {"push", "workflow_dispatch"} <= workflow["on"].keys()
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 45
        assert not job["runs-on"].endswith("-latest"), "a new system comes when we choose it"
    for step in steps(path):
        assert ("uses" in step) != ("run" in step)
        if "uses" in step:
            assert re.fullmatch(r"actions/[a-z-]+@v[0-9]+", step["uses"]), step["uses"]
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_nothing_from_outside_is_written_into_a_script(path: Path) -> None:
    # An input in the text of a script is a place to write commands.
    for step in steps(path):
        assert "${{" not in step.get("run", "")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_pip_is_remembered_by_a_lock_that_exists(path: Path) -> None:
    (python, *_) = (
        step for step in steps(path) if step.get("uses", "").startswith("actions/setup-python@")
    )
    assert python["with"]["cache"] == "pip"
    lock = python["with"]["cache-dependency-path"].removeprefix(".actionpack/")
    assert (ROOT / lock).is_file()


# -------------------------------------------------------------------------------------- ci.yml


def test_ci_runs_what_everyone_runs(tmp_path: Path) -> None:
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    (tmp_path / "setup.sh").write_text('echo "setup.sh $*"\n')
    done = Runner(tmp_path).run(named(CI, "Check everything"))
    assert (done.returncode, done.stdout) == (0, "setup.sh test\n"), done.stderr


def test_ci_builds_a_first_pack_in_each_system_of_the_table(tmp_path: Path) -> None:
    (tmp_path / "programs").mkdir()
    docker = tmp_path / "programs" / "docker"
    # Runs what the container would, in the folder that it would see.
    docker.write_text(
        '#!/bin/sh\necho "$*"\nwhile [ "$1" != fedora:latest ]; do shift; done; shift; "$@"\n'
    )
    (tmp_path / "setup.sh").write_text("mkdir -p out && touch out/pack.pdf\n")
    docker.chmod(0o755)
    done = Runner(tmp_path, {"matrix.image": "fedora:latest"}).run(
        named(CI, "Build the first pack in a bare system")
    )
    assert done.returncode == 0, done.stderr
    assert f"--volume {tmp_path}:/actionpack --workdir /actionpack fedora:latest" in done.stdout
    assert "out/pack.pdf" in done.stdout


def test_ci_tries_a_mac(tmp_path: Path) -> None:
    (tmp_path / "setup.sh").write_text("mkdir -p out && touch out/pack.pdf\n")
    command = tmp_path / ".venv" / "bin" / "actionpack"
    command.parent.mkdir(parents=True)
    command.write_text('#!/bin/sh\necho "actionpack $*"\n')
    command.chmod(0o755)
    done = Runner(tmp_path).run(named(CI, "Build the first pack"))
    assert done.returncode == 0, done.stderr
    assert "actionpack doctor" in done.stdout


# ------------------------------------------------------------------------- the template: packs.yml


def test_the_variable_that_is_missing_is_named(runner: Runner) -> None:
    step = named(PACKS, "Look which actionpack to use")
    assert runner.run(step).returncode == 0
    runner.asked.clear()
    done = runner.run(step)
    assert done.returncode == 1
    assert "ACTIONPACK_REPOSITORY, as in owner/actionpack." in runner.summary


def test_the_program_is_set_up_by_its_own_script(runner: Runner) -> None:
    done = runner.run(named(PACKS, "Install actionpack"))
    assert (done.returncode, done.stdout) == (0, f"set up in {runner.root}\n")


def built(runner: Runner) -> subprocess.CompletedProcess[str]:
    return runner.run(named(PACKS, "Build the packs"))


def packs(runner: Runner) -> list[str]:
    """What the last step hands out."""
    (path,) = (step["with"]["path"] for step in steps(PACKS) if "upload" in step.get("uses", ""))
    return sorted(file.name for file in runner.root.glob(path))


def test_a_push_builds_every_action(runner: Runner) -> None:
    write_action(runner.root, name="lake", action=ACTION.replace("id: river", "id: lake"))
    done = built(runner)
    assert done.returncode == 0, done.stderr
    assert packs(runner) == ["lake.en.letter.a4.pdf", "river.en.letter.a4.pdf"]
    assert "| river | en | river.en.letter.a4.pdf |" in runner.summary
    # The country of posting was not given, and that is said with its cure.
    assert "--sender-country" in runner.summary
    assert "::warning ::" in done.stdout


def test_a_draft_and_a_closed_case_are_left_out_of_a_push_and_named(runner: Runner) -> None:
    closed = ACTION.replace("id: river", "id: lake") + (
        "stopped: {date: 2027-05-01, reason: they are free}\n"
    )
    write_action(runner.root, name="lake", action=closed)
    draft = {**FIELDS, "status": "draft", "title": "Les défenseurs"}
    write_action(runner.root, tag="fr", fields=draft)
    done = built(runner)
    assert done.returncode == 0, done.stdout + runner.summary
    assert packs(runner) == ["river.en.letter.a4.pdf"]
    assert "| river | fr | left out: not for printing today |" in runner.summary
    assert "| lake | en | left out: not for printing today |" in runner.summary
    assert "they are free" in runner.summary


def test_a_form_builds_what_it_names(runner: Runner) -> None:
    runner.asked |= {
        "inputs.action": "river",
        "inputs.language": "en",
        "inputs.paper": "letter",
        "inputs.window": "us-10",
        "inputs.sender_country": "US",
    }
    done = built(runner)
    assert done.returncode == 0, done.stderr
    assert packs(runner) == ["river.en.letter.letter.pdf"]
    text = " ".join(page_texts((runner.root / "out" / packs(runner)[0]).read_bytes()))
    assert "CHINA" in text


def test_the_form_has_a_field_for_each_choice_and_the_step_reads_it() -> None:
    inputs = read(PACKS)["on"]["workflow_dispatch"]["inputs"]
    assert inputs.keys() == {"action", "language", "paper", "window", "sender_country"}
    told = " ".join(named(PACKS, "Build the packs")["env"].values())
    assert all(f"inputs.{name}" in told for name in inputs)


def test_what_is_wrong_fails_the_job_and_is_marked_in_its_file(runner: Runner) -> None:
    (runner.root / "content" / "river" / "en.md").write_text("no front matter at all\n")
    done = built(runner)
    assert done.returncode == 1
    assert packs(runner) == []
    assert "| river | " in runner.summary
    assert "not built" in runner.summary
    assert "::error file=content/river/en.md" in done.stdout
    assert "- error: `content/river/en.md" in runner.summary


def test_one_broken_action_does_not_keep_the_others_back(runner: Runner) -> None:
    write_action(runner.root, name="lake", action="id: lake\n")
    done = built(runner)
    assert done.returncode == 1
    assert packs(runner) == ["river.en.letter.a4.pdf"]


@pytest.mark.parametrize(
    ("name", "text"),
    [("inputs.action", "rivr"), ("inputs.action", "--help"), ("inputs.window", "porthole"),
     ("inputs.action", "$(touch owned)"), ("inputs.paper", "a4 --keep-rejected"),
     ("inputs.language", "xx"), ("inputs.sender_country", "Italy")],
)  # fmt: skip
def test_a_form_filled_in_wrongly_is_answered_and_nothing_is_run(
    runner: Runner, name: str, text: str
) -> None:
    runner.asked |= {"inputs.action": "river", name: text}
    done = built(runner)
    assert done.returncode == 1, done.stdout
    assert "- error: `" in runner.summary
    assert packs(runner) == []
    assert not (runner.root / "owned").exists()


def test_an_empty_repository_says_that_it_is_empty(runner: Runner) -> None:
    shutil.rmtree(runner.root / "content" / "river")
    done = built(runner)
    assert done.returncode == 0, done.stderr
    assert "there is no action in content/ yet" in runner.summary


def test_the_template_asks_for_no_name_and_says_why() -> None:
    texts = " ".join(path.read_text() for path in TEMPLATE.rglob("*") if path.is_file())
    assert "--set" not in (TEMPLATE / ".github" / "packs.py").read_text()
    assert "do not\nbelong here" in texts
    assert not re.search(r"[\w.]+@[\w.]+\.[a-z]{2,}", texts), "an e-mail address"


def test_a_language_that_no_action_is_written_in_fails_the_job(runner: Runner) -> None:
    runner.asked["inputs.language"] = "de"
    done = built(runner)
    assert (done.returncode, packs(runner)) == (1, [])
    assert "no action is written in 'de'; choose one of: en" in runner.summary
    assert "there is no action in content/ yet" not in runner.summary
