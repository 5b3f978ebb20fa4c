"""Packs for a command: remembered ones at once, others made by one typesetter.

The typesetter starts before the stages are imported, because it takes longest to wake, and only
when there is something to make.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from actionpack.pack import Pack, Request, Today, inputs, judged, recall
from actionpack.project import Project

if TYPE_CHECKING:
    from actionpack.render import Typesetter


class Workshop:
    """Makes packs of one project; close it, or use it in a `with` statement."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._opened = ExitStack()
        self._typesetter: Typesetter | None = None

    def __enter__(self) -> Workshop:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def pack(self, request: Request, today: Today) -> Pack:
        """A pack, recalled or made, as it is to be judged today.

        Raises Rejected when there is no pack to look at. One with errors comes back with its
        findings: whether it is put in its place, the caller decides.
        """
        hashed = inputs(self._project, request)
        pack = recall(request, hashed) or self._made(request, hashed)
        return judged(pack, request, today)

    def _made(self, request: Request, hashed: str) -> Pack:
        if self._typesetter is None:
            from actionpack.render import Typesetter

            self._typesetter = self._opened.enter_context(Typesetter(self._project.fonts))
        from actionpack.build import make

        return make(self._project, request, self._typesetter, hashed)
