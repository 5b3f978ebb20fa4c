"""How far a command is, on stderr: one line that changes on a terminal, else one now and then."""

from __future__ import annotations

import sys
import time
from contextlib import suppress

import click


class Line:
    """What is said of how far something is; end it before anything else is said."""

    # How often it is said, s: for eyes, and for a log.
    _EYES, _LOG = 0.1, 10.0

    def __init__(self, *, quiet: bool) -> None:
        # Where nobody can be told, nobody is.
        self._quiet = quiet or sys.stderr is None
        self._eyes = not self._quiet and sys.stderr.isatty()
        self._next = 0.0
        self._open = False

    def say(self, told: str, *, at_once: bool = False, stays: bool = False) -> None:
        """Say it, unless something was said a moment ago; `at_once`: all the same.

        `stays`: what comes next does not take its place.
        """
        now = time.monotonic()
        if self._quiet or (now < self._next and not at_once):
            return
        self._next = now + (self._EYES if self._eyes else self._LOG)
        try:
            if self._eyes:
                click.echo(f"\r\x1b[K{told}", err=True, nl=stays)
                self._open = not stays
            else:
                click.echo(told, err=True)
        except OSError:
            # Whoever watched has gone, or has no room left; the work goes on.
            self._quiet = True
            self._open = False

    def end(self) -> None:
        """Leave the line, so that something else can be said."""
        if self._open:
            # A terminal that was closed since has no line left.
            with suppress(OSError):
                click.echo(err=True)
            self._open = False
