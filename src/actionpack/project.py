"""Where a project's folders are: content, layouts, fonts, and the place for what is built."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from actionpack.diagnostics import UsageFault, finding
from actionpack.store import Jail, shipped_folder

# What lists the fonts of a folder, each with its hash.
FONT_TABLE = "fonts.toml"
# What lists the colour profiles that ship, each with its hash.
PROFILE_TABLE = "profiles.toml"
# The distribution with the fonts of East Asia, and the package in it. It holds no code: whoever has
# it installed has its folder of fonts.
CJK_FONTS = "actionpack-print-cjk"
_CJK_PACKAGE = "actionpack_cjk"
# Where catalogues lie, in a project and in the package.
LOCALE = "locale"


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A folder with `content/`; what it lacks is found in the package itself.

    `actions` is the folder of its actions where that is another, such as one of samples.
    """

    root: Path
    actions: Path | None = None

    @property
    def content(self) -> Jail:
        if self.actions is not None:
            return Jail(root=self.actions, name=self.actions.name)
        return Jail(root=self.root / "content", name="content")

    @property
    def out(self) -> Path:
        return self.root / "out"

    @property
    def layouts(self) -> tuple[Jail, ...]:
        """Shelves of layouts; the project's own come first and win."""
        return layout_shelves(self.root)

    @property
    def fonts(self) -> tuple[Path, ...]:
        """Folders of fonts: those that ship, and the project's, which win."""
        own = self.root / "assets" / "fonts"
        shipped = shipped_fonts()
        return (*shipped, own) if own.is_dir() and own.resolve() not in shipped else shipped

    @property
    def locale(self) -> tuple[Jail, ...]:
        """Where the project has catalogues of its own for what layouts print; they win."""
        own = Jail(root=self.root / LOCALE, name=LOCALE)
        return (own,) if own.root.is_dir() else ()

    @property
    def assets(self) -> Path:
        """Where templates find `assets/…`: the project's, else the package's."""
        own = self.root / "assets"
        return own if own.is_dir() else shipped_folder() / "assets"

    def label(self, path: Path) -> str:
        """A path as the user knows it: relative to where they stand, when it lies below."""
        return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def shipped_fonts() -> tuple[Path, ...]:
    """The folders of the fonts that ship, as the typesetter takes them; those of the last win.

    The package's own are the last, and those of East Asia the first, where they are installed.
    """
    own = shipped_folder() / "assets" / "fonts"
    cjk = cjk_fonts()
    return (own,) if cjk is None else (cjk, own)


def shipped_profiles() -> Path:
    """The folder of the colour profiles that ship."""
    return shipped_folder() / "assets" / "profiles"


def cjk_fonts() -> Path | None:
    """The folder of the fonts of East Asia; None: `CJK_FONTS` is not installed here."""
    found = find_spec(_CJK_PACKAGE)
    places = found.submodule_search_locations if found else None
    return Path(places[0]) / "fonts" if places else None


def layout_shelves(root: Path | None) -> tuple[Jail, ...]:
    """Shelves of layouts, with or without a project."""
    shipped = shipped_folder() / "layouts"
    shelves = [Jail(root=shipped, name="layouts")]
    if root is not None and (root / "layouts").resolve() != shipped.resolve():
        shelves.insert(0, Jail(root=root / "layouts", name="layouts"))
    return tuple(shelves)


def project_if_any(named: str | None, start: Path) -> Project | None:
    """The project as `find_project` finds it; None when none was named and there is none."""
    try:
        return find_project(named, start)
    except UsageFault:
        if named is not None:
            raise
        return None


def find_project(named: str | None, start: Path) -> Project:
    """The project named, or the nearest folder upward that holds `content/`.

    Raises UsageFault when there is none.
    """
    named = named or os.environ.get("ACTIONPACK_PROJECT")
    if named:
        root = Path(named).absolute()
        if not (root / "content").is_dir():
            raise UsageFault(
                finding(
                    "missing-file",
                    f"there is no folder 'content' in '{named}'",
                    cure=f"make a project of it: actionpack init {named}",
                )
            )
        return Project(root=root)
    for folder in (start, *start.parents):
        if (folder / "content").is_dir():
            return Project(root=folder)
    raise UsageFault(
        finding(
            "missing-file",
            "this is no project: there is no folder 'content' here or above",
            cure="go into one, name one with --project, or make one: actionpack init",
        )
    )
