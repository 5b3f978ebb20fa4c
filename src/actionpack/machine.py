"""Has this machine all that a build needs? Everything is tried, and what is missing has its cure.

A probe page is laid out, written and read back, so that nothing is believed for being installed.
"""

from __future__ import annotations

import ctypes
import importlib.metadata
import locale
import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from actionpack.completing import names
from actionpack.diagnostics import Finding, Rejected, finding, has_errors
from actionpack.fonts import FontShelf, cure_for, read_shelf
from actionpack.packages import LIBRARIES, Library, how_to_install, library_folders
from actionpack.project import CJK_FONTS, Project, cjk_fonts, project_if_any, shipped_fonts
from actionpack.qr import Code, dark_runs, encode
from actionpack.render import Job, Typesetter
from actionpack.store import cache_folder, cache_get, cache_put, digest
from actionpack.typography import Script, script_of, scripts

Item = dict[str, Any]
Group = Literal["machine", "libraries", "fonts"]
# "none": it is not there, and nothing here needs it.
State = Literal["ok", "none", "look", "missing"]

# What a few hundred remembered packs take, and what is written beside its place meanwhile.
LEAST_ROOM_MB = 100
AGAIN = "install it again: sh setup.sh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One thing that was tried: what there is, or the findings that say what is missing."""

    group: Group = "machine"
    what: str
    told: str
    found: tuple[Finding, ...] = ()
    none: bool = False

    @property
    def state(self) -> State:
        if has_errors(self.found):
            return "missing"
        if self.found:
            return "look"
        return "none" if self.none else "ok"

    @property
    def item(self) -> Item:
        return {
            "group": self.group,
            "what": self.what,
            "state": self.state,
            "told": self.told,
            "cure": self.found[0].cure if self.found else None,
        }


def examine_machine(
    project_named: str | None, terminal: str
) -> tuple[list[Item], tuple[Finding, ...]]:
    """Try everything a build needs; one item each, and a finding for each that is missing.

    `terminal` is the encoding that the terminal is written in. Raises UsageFault when a project is
    named and is none.
    """
    project = project_if_any(project_named, Path.cwd())
    tried = tuple(_all(project, terminal))
    return [one.item for one in tried], tuple(found for one in tried for found in one.found)


def _all(project: Project | None, terminal: str) -> Iterator[Tried]:
    fonts = project.fonts if project else shipped_fonts()
    yield Tried(what="system", told=_system())
    yield Tried(what="python", told=platform.python_version())
    yield Tried(
        what="project", told=str(project.root) if project else "none here", none=project is None
    )
    yield _try_terminal(terminal)
    yield from _try_folders(project)
    libraries = tuple(_try_library(library) for library in LIBRARIES)
    yield from libraries
    yield from _try_distributions()
    if any(one.found for one in libraries):
        yield Tried(group="libraries", what="typesetter", told="not tried", none=True)
    else:
        yield from try_probe(fonts)
    yield from _try_fonts(fonts, project)


def _system() -> str:
    """What the system calls itself, and its processor."""
    name = platform.system()
    if name == "Linux":
        try:
            name = platform.freedesktop_os_release()["PRETTY_NAME"]
        except (OSError, KeyError):
            # A system without that file, or one that says less; its kernel's name has to do.
            name = f"Linux {platform.release()}"
    elif name == "Darwin":
        name = f"macOS {platform.mac_ver()[0]}"
    return f"{name}, {platform.machine()}"


# ------------------------------------------------------------------------- terminal and folders


def _try_terminal(encoding: str) -> Tried:
    language = locale.setlocale(locale.LC_CTYPE)
    told = f"{encoding}, locale {language}"
    if encoding.lower().replace("-", "").replace("_", "") == "utf8":
        return Tried(what="terminal", told=told)
    warning = finding(
        "bad-value",
        f"the terminal is set to '{encoding}', which cannot show every name and letter",
        cure="set it to UTF-8: export LC_ALL=C.UTF-8",
        severity="warning",
    )
    return Tried(what="terminal", told=told, found=(warning,))


def _try_folders(project: Project | None) -> Iterator[Tried]:
    folder = cache_folder()
    yield Tried(what="cache", told=str(folder), found=_try_cache())
    yield _try_room("room for the cache", folder)
    if project is not None:
        writable = os.access(_existing(project.out), os.W_OK)
        refused = finding(
            "bad-file",
            f"'{project.out}' cannot be written",
            cure="take write permission for it, or name another folder with -o",
        )
        yield Tried(what="out", told=str(project.out), found=() if writable else (refused,))
        yield _try_room("room for packs", project.out)


def _try_cache() -> tuple[Finding, ...]:
    key = digest("doctor")
    try:
        cache_put(key, {"probe": b"probe"})
    except Rejected as rejected:
        cure = "make room there, or name another folder in ACTIONPACK_CACHE"
        return tuple(replace(one, cure=cure) for one in rejected.findings)
    if cache_get(key) != {"probe": b"probe"}:
        return (finding("bad-file", f"the cache in '{cache_folder()}' gives back other bytes"),)
    return ()


def _try_room(what: str, folder: Path) -> Tried:
    disk = os.statvfs(_existing(folder))
    room_mb = disk.f_bavail * disk.f_frsize // 1_000_000
    told = f"{room_mb / 1000:.0f} GB" if room_mb >= 10_000 else f"{room_mb} MB"
    if room_mb >= LEAST_ROOM_MB:
        return Tried(what=what, told=told)
    full = finding(
        "bad-file",
        f"the disk of '{folder}' has {room_mb} MB left, and {LEAST_ROOM_MB} MB are needed",
        cure="delete what is not needed from that disk",
    )
    return Tried(what=what, told=told, found=(full,))


def _existing(folder: Path) -> Path:
    """The folder, or the nearest upward that there is."""
    return next((one for one in (folder, *folder.parents) if one.exists()), Path("/"))


# ------------------------------------------------------------------------------------- libraries

# Who says the release: HarfBuzz-Subset answers with the one of HarfBuzz, which it is part of.
_VERSION_OF = {"pango": "pango_version_string", "subset": "hb_version_string"}


def _try_library(library: Library) -> Tried:
    """Load a library of the system as the typesetter does, and ask for its release."""
    try:
        loaded = _loaded(library.file)
    except OSError:
        lacking = finding(
            "missing-file",
            f"{library.title} ({library.file}) is not on this machine",
            cure=how_to_install(library.need),
        )
        return Tried(group="libraries", what=library.title, told="", found=(lacking,))
    ask = getattr(loaded, _VERSION_OF[library.need])
    ask.restype = ctypes.c_char_p
    return Tried(group="libraries", what=library.title, told=ask().decode())


def _loaded(file: str) -> ctypes.CDLL:
    """A library by its file's name; raises OSError when no folder has one that loads."""
    for folder in library_folders():
        path = Path(folder) / file
        if path.exists():
            return ctypes.CDLL(str(path))
    return ctypes.CDLL(file)


def _try_distributions() -> Iterator[Tried]:
    """The Python libraries of the package itself, as its metadata names them."""
    try:
        wanted = importlib.metadata.requires("actionpack-print") or []
    except importlib.metadata.PackageNotFoundError:
        lost = finding("missing-file", "actionpack is not installed, only copied here", cure=AGAIN)
        yield Tried(group="libraries", what="actionpack", told="", found=(lost,))
        return
    for requirement in sorted(wanted):
        if "extra ==" in requirement:
            continue
        name = "".join(c if c.isalnum() or c in "-_." else " " for c in requirement).split()[0]
        yield _try_distribution(name)


def _try_distribution(name: str) -> Tried:
    try:
        return Tried(group="libraries", what=name, told=importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        lost = finding("missing-file", f"the library '{name}' is not installed", cure=AGAIN)
        return Tried(group="libraries", what=name, told="", found=(lost,))


# ---------------------------------------------------------------------------------- a probe page

_PROBE = "Probe: Ελλάδα, Україна, « é ß ő »"
_PROBE_CODE = "https://www.example.org/probe"
# The side of a module on the probe page, mm: as on the page of a pack.
_MODULE_MM = 0.8


def try_probe(fonts: tuple[Path, ...]) -> Iterator[Tried]:
    """Lay out a page with words and a QR code, write it, and read both back from the file."""
    try:
        with Typesetter(fonts) as typesetter:
            laid = typesetter.lay_out(Job(template=_probe_page(), css=_PROBE_STYLE))
            pdf, logged = typesetter.write()
    except Rejected as rejected:
        yield Tried(group="libraries", what="typesetter", told="", found=_grave(rejected.findings))
        return
    except OSError as error:
        refused = finding(
            "bad-file",
            f"the folder for temporary files cannot be used ({error.strerror})",
            cure="make room there, or name another folder in TMPDIR",
        )
        yield Tried(group="libraries", what="typesetter", told="", found=(refused,))
        return
    told = f"lays out a page, writes {len(pdf) / 1000:.0f} kB"
    found = _grave((*laid.findings, *logged))
    yield Tried(group="libraries", what="typesetter", told=told, found=found)
    if not has_errors(found):
        yield from _read_back(pdf)


def _grave(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What elsewhere is a warning stops here: a probe page has nothing to be warned of."""
    return tuple(replace(one, severity="error") for one in findings)


_PROBE_STYLE = ':root { font-family: "Noto Serif"; image-rendering: crisp-edges }'


def _probe_page() -> str:
    return (
        f'<html lang="en"><title>probe</title><p>{_PROBE}</p>{_drawn(encode(_PROBE_CODE))}</html>'
    )


def _drawn(code: Code) -> str:
    squares = "".join(
        f"M{run.column} {run.row}h{run.length}v1h-{run.length}z" for run in dark_runs(code)
    )
    size = f"{code.side * _MODULE_MM}mm"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" '
        f'viewBox="0 0 {code.side} {code.side}"><title>code</title><path d="{squares}"/></svg>'
    )


def _read_back(pdf: bytes) -> Iterator[Tried]:
    # Imported here, so that a machine on which these do not start is told so.
    try:
        from actionpack.preflight.reader import File
        from actionpack.preflight.scanner import scan

        with File(pdf) as file, file.page(1) as page:
            text = " ".join(mark.text for mark in page.marks if mark.kind == "text")
            picture = page.picture(page.sheet, 200)
            codes = scan(picture) if picture else ()
    except (ImportError, OSError) as error:
        broken = finding("missing-file", f"a library does not start: {error}", cure=AGAIN)
        yield Tried(group="libraries", what="reader", told="", found=(broken,))
        return
    words_lost = [word for word in _PROBE.split() if word not in text.split()]
    yield _tried_reading("reader", "reads the words of a PDF back", " ".join(words_lost))
    code_lost = "" if [code.text for code in codes] == [_PROBE_CODE] else _PROBE_CODE
    yield _tried_reading("scanner", "reads a QR code back", code_lost)


def _tried_reading(what: str, told: str, lost: str) -> Tried:
    wrong = finding(
        "missing-file", f"the {what} does not find '{lost}' on a page that has it", cure=AGAIN
    )
    return Tried(group="libraries", what=what, told=told, found=(wrong,) if lost else ())


# ----------------------------------------------------------------------------------------- fonts


def _try_fonts(folders: tuple[Path, ...], project: Project | None) -> Iterator[Tried]:
    try:
        shelf = read_shelf(folders)
        known = scripts()
        needed: dict[str, list[str]] = {}
        for tag in names("languages", str(project.root)) if project else ():
            needed.setdefault(script_of(tag), []).append(tag)
        tried = [_try_script(shelf, script, tuple(needed.get(script.code, ()))) for script in known]
    except Rejected as rejected:
        yield Tried(group="fonts", what="fonts", told="", found=_grave(rejected.findings))
        return
    yield Tried(group="fonts", what="fonts", told=", ".join(shelf.families))
    cjk = cjk_fonts()
    yield Tried(
        group="fonts",
        what=CJK_FONTS,
        told="not installed" if cjk is None else str(cjk),
        none=not cjk,
    )
    yield from tried


def _try_script(shelf: FontShelf, script: Script, tags: tuple[str, ...]) -> Tried:
    families = [name for name in shelf.families if not shelf.missing(script.letters, (name,))]
    told = ", ".join(families) or "none"
    if families or not tags:
        return Tried(group="fonts", what=script.name, told=told, none=not families)
    lacking = finding(
        "missing-glyph",
        f"no font here prints {script.name}, which '{', '.join(tags)}' is written in",
        cure=cure_for(script.letters)
        or "add a font for it to assets/fonts and name it in assets/fonts/fonts.toml",
    )
    return Tried(group="fonts", what=script.name, told=told, found=(lacking,))
