"""What a machine must bring itself, what its system calls that, and the line that installs it.

The names stand in `data/system-packages.txt`, which `setup.sh` reads too.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from actionpack.store import data_jail

Need = Literal["python", "venv", "pango", "subset", "poppler", "qpdf"]

TABLE = "system-packages.txt"
_COLUMNS = (
    *("manager", "system", "as", "refresh", "install"),
    *("python", "venv", "newer", "pango", "subset", "poppler", "qpdf", "compiler"),
)

MACOS = "Darwin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """A library that lays out text, and the name of its file on Linux and on a Mac."""

    need: Need
    title: str
    linux: str
    macos: str

    @property
    def file(self) -> str:
        return self.macos if system_name() == MACOS else self.linux


LIBRARIES = (
    Library(
        need="pango",
        title="Pango",
        linux="libpangoft2-1.0.so.0",
        macos="libpangoft2-1.0.dylib",
    ),
    Library(
        need="subset",
        title="HarfBuzz-Subset",
        linux="libharfbuzz-subset.so.0",
        macos="libharfbuzz-subset.0.dylib",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manager:
    """A package manager: its command, and its own names for what is needed."""

    command: str
    system: str
    needs_root: bool
    refresh: str
    install: str
    names: Mapping[str, str]

    def line(self, needs: tuple[Need, ...]) -> str:
        """The line for a shell that installs `needs`, each package once."""
        packages = dict.fromkeys(name for need in needs for name in self.names[need].split())
        install = " ".join((self.install, *packages))
        return f"{self.refresh} && {install}" if self.refresh else install


def system_name() -> str:
    """What `uname -s` says: Linux, Darwin."""
    return os.uname().sysname


@cache
def managers() -> tuple[Manager, ...]:
    """Every package manager of the table, the one that wins first."""
    lines = data_jail().read_text(TABLE).splitlines()
    rows = (line.split("|") for line in lines if line and not line.startswith("#"))
    return tuple(_manager(dict(zip(_COLUMNS, row, strict=True))) for row in rows)


def _manager(row: dict[str, str]) -> Manager:
    return Manager(
        command=row["manager"],
        system=row["system"],
        needs_root=row["as"] == "root",
        refresh=row["refresh"],
        install=row["install"],
        names=row,
    )


def manager_here() -> Manager | None:
    """The package manager of this machine; None when the table knows none that is here."""
    system = system_name()
    folders = [*os.get_exec_path()]
    if system == MACOS:
        # As setup.sh: a terminal opened before Homebrew was installed does not know its folder.
        folders += ["/opt/homebrew/bin", "/usr/local/bin"]
    return next(
        (
            manager
            for manager in managers()
            if manager.system == system
            and any(os.access(Path(folder) / manager.command, os.X_OK) for folder in folders)
        ),
        None,
    )


def how_to_install(*needs: Need) -> str:
    """What to do about what is missing, as the cure of a finding."""
    manager = manager_here()
    if manager is not None:
        who = "as an administrator (root) run" if manager.needs_root else "run"
        return f"{who}: {manager.line(needs)}"
    if system_name() == MACOS:
        return "install Homebrew, then run: sh setup.sh"
    titles = [library.title for library in LIBRARIES if library.need in needs]
    what = " and ".join(titles) or ", ".join(needs)
    return f"install {what} with the package manager of this system; docs/install.md has names"


# ------------------------------------------------------------------------- finding the libraries

# Where Homebrew (Apple's processors, then Intel's) and MacPorts put libraries. setup.sh looks into
# the same folders.
_MACOS_PREFIXES = ("/opt/homebrew", "/usr/local", "/opt/local")


def library_folders() -> tuple[str, ...]:
    """Folders with libraries that the loader of this system does not look into by itself."""
    if system_name() != MACOS:
        return ()
    named = os.environ.get("HOMEBREW_PREFIX")
    prefixes = dict.fromkeys((*((named,) if named else ()), *_MACOS_PREFIXES))
    return tuple(f"{prefix}/lib" for prefix in prefixes)


def loader_environment() -> dict[str, str]:
    """What a process must find in its environment before it loads the libraries; nothing on Linux.

    Setting the variable replaces the loader's own folders (dyld(1)), so `/usr/lib` is named too.
    """
    folders = library_folders()
    if not folders:
        return {}
    variable = "DYLD_FALLBACK_LIBRARY_PATH"
    given = os.environ.get(variable, "").split(":")
    every = dict.fromkeys(filter(None, (*given, *folders, "/usr/lib")))
    return {variable: ":".join(every)}
