"""`setup.sh` on machines of every kind it knows, made of stand-ins.

A stand-in machine is two folders: one on the PATH with its programs, one with its libraries. Its
package manager records what it was asked, and puts there what its packages would. Everything runs
for real but the Python, which only answers what setup.sh asks.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from actionpack import packages

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "setup.sh"
TABLE = Path("src/actionpack/data/system-packages.txt")

# What a bare system brings; nothing else of this machine is on the stand-in's PATH.
TOOLS = (
    *("sh", "env", "cat", "cksum", "cp", "dirname", "grep", "head", "mkdir", "mktemp", "rm"),
    *("chmod", "touch", "true"),
)

# What .venv is made from.
NEEDED = ("requirements.lock", "requirements-test.lock", "pyproject.toml", "cjk/pyproject.toml")

# What each system calls what is needed, spelled out once more: a slip in the table shows here.
SYSTEMS: dict[str, dict[str, str]] = {
    "apt-get": {
        "python": "python3",
        "venv": "python3-venv",
        "pango": "libpangoft2-1.0-0",
        "subset": "libharfbuzz-subset0",
        "install": "install -y --no-install-recommends",
        "tests": "poppler-utils qpdf",
    },
    "dnf": {
        "python": "python3",
        "pango": "pango",
        "subset": "harfbuzz",
        "install": "install -y --setopt=install_weak_deps=False",
        "tests": "poppler-utils qpdf",
    },
    "zypper": {
        "python": "python3",
        "pango": "libpango-1_0-0",
        "subset": "libharfbuzz-subset0",
        "install": "--non-interactive install --no-recommends",
        "tests": "poppler-tools qpdf",
    },
    "pacman": {
        "python": "python",
        "pango": "pango",
        "subset": "harfbuzz",
        "install": "-S --needed --noconfirm",
        "tests": "poppler qpdf",
    },
    "apk": {
        "python": "python3",
        "pango": "so:libpangoft2-1.0.so.0",
        "subset": "so:libharfbuzz-subset.so.0",
        "compiler": "g++ cmake make",
        "install": "add --update-cache",
        "tests": "poppler-utils qpdf",
    },
    "brew": {
        "python": "python3",
        "pango": "pango",
        "subset": "harfbuzz",
        "install": "install",
        "tests": "poppler qpdf",
    },
}
LINUX = sorted(SYSTEMS.keys() - {"brew"})
# Packages of a newer Python, and the command each brings.
NEWER = {"python3.12": "python3.12", "python311": "python3.11", "python3.11": "python3.11"}
LIBRARIES = {
    "pango": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
    "subset": ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"),
}

PYTHON = """#!/bin/sh
for last; do :; done
case "$*" in
-V) echo "Python {version}" ;;
*version_info*) exit {is_old} ;;
*ctypes.CDLL*) [ -e "{root}/prefix/lib/$last" ] ;;
*ensurepip*) exit {lacks_venv} ;;
"-m venv "*)
    mkdir -p "$last/bin" && cp "$0" "$last/bin/python"
    echo "venv {version}" >>"{root}/log" ;;
*"-m pip install"*)
    echo "pip $*" >>"{root}/log"
    case "$*" in *"-e "*)
        printf '#!/bin/sh\\n# %s\\necho out/pack.pdf\\n' "$0" >"${{0%/*}}/actionpack"
        chmod +x "${{0%/*}}/actionpack" ;;
    esac ;;
esac
"""


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str
    log: list[str]

    @property
    def asked(self) -> list[str]:
        """What the package manager was asked."""
        return [line for line in self.log if not line.startswith(("pip ", "venv "))]

    @property
    def line(self) -> str:
        """The line for an administrator."""
        (found,) = (line.strip() for line in self.err.splitlines() if line.startswith("    "))
        return found


class Machine:
    """A machine with a package manager and nothing else, unless something is put on it."""

    def __init__(self, root: Path, manager: str | None, *, system: str = "Linux") -> None:
        self.root, self.manager = root, manager
        self.programs, self.library = root / "programs", root / "prefix" / "lib"
        self.project = root / "project"
        for folder in (self.programs, self.library, self.project / TABLE.parent):
            folder.mkdir(parents=True)
        for tool in TOOLS:
            real = shutil.which(tool)
            assert real is not None
            (self.programs / tool).symlink_to(real)
        script = SCRIPT.read_text()
        # Whatever this machine has in its own folders must not be found.
        for real, mine in (
            ("/usr/bin/python3", "usr-bin-python3"),
            ("/opt/homebrew", "homebrew"),
            ("/usr/local", "local"),
            ("/opt/local", "macports"),
        ):
            assert real in script
            script = script.replace(real, str(root / mine))
        (self.project / "setup.sh").write_text(script)
        (self.project / "cjk").mkdir()
        for name in (str(TABLE), *NEEDED):
            shutil.copy(ROOT / name, self.project / name)
        self.program("uname", f"echo {system}")
        self.program("ldconfig", f'for one in "{self.library}"/*; do echo "$one"; done')
        self.user(0)
        if manager is not None:
            self.program(manager, self._manager(SYSTEMS[manager]))

    def program(self, name: str, body: str) -> None:
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)

    def user(self, number: int) -> None:
        self.program("id", f"echo {number}")

    def python(self, version: str, *, name: str = "python3", lacks_venv: bool = False) -> str:
        """Put a Python on this machine; returns where."""
        path = self.programs / name
        path.write_text(self._python(version, lacks_venv=lacks_venv))
        path.chmod(0o755)
        return str(path)

    def _python(self, version: str, *, lacks_venv: bool = False) -> str:
        is_old = int(version.split(".")[1]) < 11
        return PYTHON.format(
            version=version, root=self.root, is_old=int(is_old), lacks_venv=int(lacks_venv)
        )

    def _manager(self, names: Mapping[str, str]) -> str:
        """A package manager that puts there what each package of this system holds."""
        shelf = self.root / "shelf"
        shelf.mkdir()
        (shelf / "python").write_text(self._python("3.13.1"))
        (shelf / "python-old").write_text(self._python("3.6.15"))
        put = f'cp "{shelf}/python" "{self.programs}/%s" && chmod +x "{self.programs}/%s"'
        cases = [f"{names['python']}) {put % ('python3', 'python3')} ;;"]
        cases += [f"{name}) {put % (command, command)} ;;" for name, command in NEWER.items()]
        for need, files in LIBRARIES.items():
            touched = " ".join(f'"{self.library}/{file}"' for file in files)
            cases.append(f"{names[need]}) touch {touched} ;;")
        for tool in ("g++", "cmake"):
            cases.append(
                f'{tool}) touch "{self.programs}/{tool}" && chmod +x "{self.programs}/{tool}" ;;'
            )
        return (
            f'echo "${{0##*/}} $*" >>"{self.root}/log"\n'
            f'[ ! -e "{self.root}/offline" ] || {{ echo "no network here" >&2; exit 9; }}\n'
            f'[ ! -e "{self.root}/empty" ] || exit 0\n'
            f'for name; do case "$name" in\n{chr(10).join(cases)}\nesac; done'
        )

    def run(self, *arguments: str, **environment: str) -> Ran:
        log = self.root / "log"
        log.unlink(missing_ok=True)
        done = subprocess.run(
            ["/bin/sh", str(self.project / "setup.sh"), *arguments],
            env={
                "PATH": str(self.programs),
                "HOMEBREW_PREFIX": str(self.root / "prefix"),
                **environment,
            },
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
        )
        lines = log.read_text().splitlines() if log.exists() else []
        return Ran(done.returncode, done.stdout, done.stderr, lines)


def install(manager: str, *needs: str) -> str:
    names = SYSTEMS[manager]
    listed = " ".join(names[need] for need in needs if need in names)
    return f"{manager} {names['install']} {listed}"


# ------------------------------------------------------------------------------- every manager


@pytest.mark.parametrize("manager", LINUX)
def test_root_on_a_bare_linux_gets_its_packages_and_a_first_pack(
    tmp_path: Path, manager: str
) -> None:
    machine = Machine(tmp_path, manager)
    ran = machine.run()
    assert ran.code == 0, ran.err
    refresh = ["apt-get update"] if manager == "apt-get" else []
    assert ran.asked == [
        *refresh, install(manager, "python", "venv", "pango", "subset", "compiler")
    ]  # fmt: skip
    assert ran.out.splitlines()[-1] == str(machine.project / "out/pack.pdf")
    assert "Pango (libpangoft2-1.0.so.0): it sets the text" in ran.err


@pytest.mark.parametrize("manager", LINUX)
def test_without_root_the_line_for_an_administrator_is_printed_and_nothing_else_done(
    tmp_path: Path, manager: str
) -> None:
    machine = Machine(tmp_path, manager)
    machine.user(1000)
    ran = machine.run()
    assert (ran.code, ran.log) == (3, [])
    assert ran.line.endswith(install(manager, "python", "venv", "pango", "subset", "compiler"))
    # And that line is right: typed by an administrator, it is all that was needed.
    machine.user(0)
    subprocess.run(
        ["/bin/sh", "-c", ran.line], env={"PATH": str(machine.programs)}, check=True, cwd=tmp_path
    )
    machine.user(1000)
    again = machine.run()
    assert (again.code, again.asked) == (0, []), again.err


@pytest.mark.parametrize("manager", sorted(set(SYSTEMS) - {"apk"}))
def test_the_tests_need_two_programs_more(tmp_path: Path, manager: str) -> None:
    machine = Machine(tmp_path, manager, system="Darwin" if manager == "brew" else "Linux")
    (tmp_path / "offline").touch()
    machine.user(501 if manager == "brew" else 0)
    ran = machine.run("test")
    assert ran.code == 3
    line = install(manager, "python", "venv", "pango", "subset")
    assert f"{line} {SYSTEMS[manager]['tests']}\n" in ran.err


@pytest.mark.parametrize(("helper", "manager"), [("sudo", "dnf"), ("doas", "apk")])
def test_a_helper_that_asks_no_password_is_used(tmp_path: Path, helper: str, manager: str) -> None:
    machine = Machine(tmp_path, manager)
    machine.user(1000)
    machine.program(helper, f'[ "$1" = -n ] && shift; echo "{helper} $1" >>"{tmp_path}/log"; "$@"')
    ran = machine.run()
    assert ran.code == 0, ran.err
    assert f"installing with {helper}, which asks no password here" in ran.err
    assert f"{helper} env" in ran.log


def test_a_helper_that_asks_for_a_password_is_left_alone(tmp_path: Path) -> None:
    machine = Machine(tmp_path, "dnf")
    machine.user(1000)
    machine.program(
        "sudo", f'[ "$1" = -n ] || echo "asks for a password" >>"{tmp_path}/log"; exit 1'
    )
    ran = machine.run()
    assert (ran.code, ran.log) == (3, [])
    assert "ask an administrator" in ran.err
    assert "or, when you may use sudo yourself: sudo -v && sh setup.sh" in ran.err


def test_what_is_there_already_is_not_installed(tmp_path: Path) -> None:
    machine = Machine(tmp_path, "apt-get")
    machine.python("3.12.3")
    (machine.library / "libpangoft2-1.0.so.0").touch()
    ran = machine.run()
    assert ran.asked == ["apt-get update", install("apt-get", "subset")]
    assert machine.run().log == [], "the second time there is nothing to do"


def test_a_python_without_venv_gets_it(tmp_path: Path) -> None:
    machine = Machine(tmp_path, "apt-get")
    shutil.copy(machine.python("3.12.3", lacks_venv=True), tmp_path / "usr-bin-python3")
    machine.user(1000)
    assert machine.run().line.split()[-3] == "python3-venv"


# ------------------------------------------------------------------------- a Python that is old


@pytest.mark.parametrize(
    ("manager", "package", "version"),
    [("zypper", "python311", "3.6.15"), ("dnf", "python3.12", "3.9.18"),
     ("apt-get", "python3.11 python3.11-venv", "3.10.12")],
)  # fmt: skip
def test_a_python_that_is_too_old_gets_a_newer_one_beside_it(
    tmp_path: Path, manager: str, package: str, version: str
) -> None:
    machine = Machine(tmp_path, manager)
    shutil.move(machine.python(version), tmp_path / "usr-bin-python3")
    ran = machine.run()
    assert ran.code == 0, ran.err
    assert f" {package} " in ran.asked[-1]
    assert f"the one that is here is Python {version}" in ran.err
    assert "venv 3.13.1" in ran.log, ".venv is made with the newer one"


def test_a_system_whose_python3_turns_out_to_be_old_gets_the_newer_one_next(
    tmp_path: Path,
) -> None:
    machine = Machine(tmp_path, "zypper")
    # Its package python3 is 3.6, and puts it where the system's Python is.
    newer, old = machine.programs / "python3.11", tmp_path / "usr-bin-python3"
    machine.program(
        "zypper",
        f"""echo "zypper $*" >>"{tmp_path}/log"
        case "$*" in
        *python311*) cp "{tmp_path}/shelf/python" "{newer}" && chmod +x "{newer}" ;;
        *) cp "{tmp_path}/shelf/python-old" "{old}" && chmod +x "{old}" ;;
        esac
        cd "{machine.library}" && touch libpangoft2-1.0.so.0 libharfbuzz-subset.so.0""",
    )
    ran = machine.run()
    assert ran.code == 0, ran.err
    assert [line.split()[-1] for line in ran.asked] == ["libharfbuzz-subset0", "python311"]


def test_where_no_package_has_a_newer_python_that_is_said(tmp_path: Path) -> None:
    machine = Machine(tmp_path, "pacman")
    shutil.move(machine.python("3.10.1"), tmp_path / "usr-bin-python3")
    ran = machine.run()
    assert (ran.code, ran.asked) == (3, [])
    assert "the Python of this system is too old: Python 3.10.1, and 3.11 is needed" in ran.err
    assert "PYTHON=/path/to/python3.12 sh setup.sh" in ran.err


def test_a_newer_python_that_cannot_be_had_is_said_too(tmp_path: Path) -> None:
    # Debian 11: Python 3.9, and no package python3.11.
    machine = Machine(tmp_path, "apt-get")
    (tmp_path / "offline").touch()
    shutil.move(machine.python("3.9.2"), tmp_path / "usr-bin-python3")
    ran = machine.run()
    assert ran.code == 3
    assert "no network here" in ran.err
    assert "that failed; what was tried: apt-get update && apt-get install" in ran.err
    assert "too old: Python 3.9.2" in ran.err


# ------------------------------------------------------------------------------------- failures


def test_a_manager_that_fails_is_quoted_with_what_was_tried(tmp_path: Path) -> None:
    machine = Machine(tmp_path, "dnf")
    (tmp_path / "offline").touch()
    ran = machine.run()
    assert ran.code == 3
    assert "no network here" in ran.err
    assert f"that failed; what was tried: {install('dnf', 'python', 'pango', 'subset')}" in ran.err
    assert "is this machine online" in ran.err


def test_a_package_that_brought_nothing_is_named(tmp_path: Path) -> None:
    machine = Machine(tmp_path, "dnf")
    machine.python("3.12.3")
    (tmp_path / "empty").touch()
    ran = machine.run()
    assert ran.code == 3
    assert "installed, and still not found: Pango (libpangoft2-1.0.so.0)" in ran.err


def test_a_system_with_no_manager_of_the_table_gets_a_list_in_words(tmp_path: Path) -> None:
    ran = Machine(tmp_path, None).run()
    assert ran.code == 3
    assert "missing on this machine, to be installed by hand:" in ran.err
    assert "HarfBuzz-Subset (libharfbuzz-subset.so.0)" in ran.err


@pytest.mark.parametrize("system", ["MINGW64_NT-10.0", "FreeBSD"])
def test_other_systems_are_sent_to_the_page_on_installing(tmp_path: Path, system: str) -> None:
    ran = Machine(tmp_path, None, system=system).run()
    assert ran.code == 3
    assert "on Windows, use WSL: see docs/install.md" in ran.err
    assert (ROOT / "docs" / "install.md").is_file()


# ---------------------------------------------------------------------------------- Alpine, macOS


def test_alpine_compiles_the_one_library_that_has_no_wheel_for_it(tmp_path: Path) -> None:
    ran = Machine(tmp_path, "apk").run()
    (locked,) = (line for line in ran.log if "requirements.lock" in line)
    assert "--require-hashes --only-binary :all: --no-binary zxing-cpp" in locked
    assert "a C++ compiler: zxing-cpp, which reads QR codes back, is built here" in ran.err


def test_elsewhere_nothing_is_compiled(tmp_path: Path) -> None:
    ran = Machine(tmp_path, "dnf").run()
    (locked,) = (line for line in ran.log if "requirements.lock" in line)
    assert "--only-binary :all:" in locked
    assert "--no-binary" not in locked


def test_the_tests_are_not_begun_on_alpine(tmp_path: Path) -> None:
    ran = Machine(tmp_path, "apk").run("test")
    assert (ran.code, ran.log) == (3, [])
    assert "run them on Debian, Ubuntu or Fedora" in ran.err


def test_homebrew_installs_without_root(tmp_path: Path) -> None:
    machine = Machine(tmp_path, "brew", system="Darwin")
    machine.user(501)
    machine.program("sudo", f'echo sudo >>"{tmp_path}/log"')
    ran = machine.run()
    assert ran.code == 0, ran.err
    assert ran.asked == ["brew install python3 pango harfbuzz"]
    assert "Pango (libpangoft2-1.0.dylib)" in ran.err
    assert machine.run().log == []


def test_homebrew_is_found_where_it_lives_though_the_path_does_not_name_it(tmp_path: Path) -> None:
    machine = Machine(tmp_path, "brew", system="Darwin")
    machine.user(501)
    (tmp_path / "homebrew" / "bin").mkdir(parents=True)
    shutil.move(machine.programs / "brew", tmp_path / "homebrew" / "bin" / "brew")
    assert machine.run().asked == ["brew install python3 pango harfbuzz"]


def test_homebrew_is_never_run_as_root(tmp_path: Path) -> None:
    ran = Machine(tmp_path, "brew", system="Darwin").run()
    assert (ran.code, ran.log) == (3, [])
    assert "brew must not be run as root; run this as the user who installed it" in ran.err


@pytest.mark.parametrize("prefix", ["prefix", "homebrew", "local", "macports"])
def test_on_a_mac_libraries_are_found_by_their_files(tmp_path: Path, prefix: str) -> None:
    machine = Machine(tmp_path, "brew", system="Darwin")
    machine.user(501)
    machine.python("3.13.0")
    folder = tmp_path / prefix / "lib"
    folder.mkdir(parents=True, exist_ok=True)
    for _, name in LIBRARIES.values():
        (folder / name).touch()
    ran = machine.run()
    assert (ran.code, ran.asked) == (0, []), ran.err


@pytest.mark.parametrize("its_own", [None, "3.9.6"])
def test_a_mac_without_homebrew_is_told_where_it_is(tmp_path: Path, its_own: str | None) -> None:
    machine = Machine(tmp_path, None, system="Darwin")
    if its_own is not None:
        shutil.move(machine.python(its_own), tmp_path / "usr-bin-python3")
    ran = machine.run()
    assert ran.code == 3
    assert "Python 3.11 or newer" in ran.err
    assert "Homebrew has them all" in ran.err


def test_homebrews_python_is_taken_though_apples_comes_first(tmp_path: Path) -> None:
    machine = Machine(tmp_path, "brew", system="Darwin")
    machine.user(501)
    (tmp_path / "prefix" / "bin").mkdir()
    shutil.move(machine.python("3.13.1"), tmp_path / "prefix" / "bin" / "python3")
    machine.python("3.9.6")
    ran = machine.run()
    assert ran.asked == ["brew install pango harfbuzz"]
    assert "venv 3.13.1" in ran.log


# ------------------------------------------------------------------------------------- the table


def test_the_script_and_the_program_read_the_same_table() -> None:
    assert [manager.command for manager in packages.managers()] == [
        "apt-get", "dnf", "zypper", "pacman", "apk", "brew",
    ]  # fmt: skip
    for manager in packages.managers():
        names = SYSTEMS[manager.command]
        assert manager.line(("python", "venv", "pango", "subset")).endswith(
            install(manager.command, "python", "venv", "pango", "subset")
        )
        assert manager.line(("poppler", "qpdf")).endswith(names["tests"])
        assert manager.needs_root is (manager.command != "brew")


def test_the_script_keeps_to_what_every_shell_has() -> None:
    shellcheck = shutil.which("shellcheck")
    if shellcheck is None:
        pytest.skip("shellcheck is not here")
    scripts = sorted(path for path in (SCRIPT, *(ROOT / "scripts").glob("*.sh")))
    done = subprocess.run(
        [shellcheck, "-s", "sh", *map(str, scripts)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_help_says_what_is_there(tmp_path: Path) -> None:
    ran = Machine(tmp_path, None).run("help")
    assert (ran.code, ran.err) == (0, "")
    assert "sudo or doas" in ran.out
    assert Machine(tmp_path / "other", None).run("nonsense").code == 2
