"""Packs for a command: remembered ones at once, others made by one typesetter.

The typesetter starts before the stages are imported, because it takes longest to wake, and only
when there is something to make.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from actionpack.pack import Pack, Request, Today, inputs, judged, recall
from actionpack.project import Project

if TYPE_CHECKING:
    from pathlib import Path

    from actionpack.build import Means
    from actionpack.render import Typesetter


class Workshop:
    """Makes packs of one project; close it, or use it in a `with` statement.

    `means` are what packs are made with, where they are not the usual ones. `room` is the folder
    in which the typesetter has its own, where that is not the system's.
    """

    def __init__(
        self, project: Project, means: Means | None = None, room: Path | None = None
    ) -> None:
        self._project = project
        self._means = means
        self._room = room
        self._typesetter: Typesetter | None = None

    def __enter__(self) -> Workshop:
        return self

    def __exit__(self, *_: object) -> None:
        self.dismiss()

    def pack(self, request: Request, today: Today, hashed: str | None = None) -> Pack:
        """A pack, recalled or made, as it is to be judged today.

        `hashed` is the hash of its sources, where that is known. Raises Rejected when there is no
        pack to look at. One with errors comes back with its findings: whether it is put in its
        place, the caller decides.
        """
        hashed = hashed or inputs(self._project, request)
        kept = self._means is None or self._means.keep
        pack = (recall(request, hashed) if kept else None) or self._made(request, hashed)
        return judged(pack, request, today)

    def wake(self) -> Typesetter:
        """A typesetter that runs: the one there is, or another where it was ended."""
        if self._typesetter is None or not self._typesetter.is_alive:
            self.dismiss()
            from actionpack.render import Typesetter

            self._typesetter = Typesetter(self._project.fonts, room=self._room)
        return self._typesetter

    def dismiss(self) -> None:
        """End the typesetter, if there is one; the next pack to be made gets another."""
        if self._typesetter is not None:
            self._typesetter.close()
            self._typesetter = None

    def _made(self, request: Request, hashed: str) -> Pack:
        typesetter = self.wake()
        from actionpack.build import USUAL, make

        return make(self._project, request, typesetter, hashed, self._means or USUAL)
