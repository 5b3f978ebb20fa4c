"""Where volumes are made: processes of this machine, or the workers of a dask cluster.

Both are `concurrent.futures.Executor`s that call a plain function with bytes. What is added here is
an end for the ways in which they stop: a worker that is killed, and one that hangs.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import suppress
from typing import Protocol
from urllib.parse import urlsplit

from actionpack.diagnostics import MissingOnMachine, UsageFault, finding

Work = Callable[[bytes], bytes]

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Pool(Protocol):
    """Workers."""

    @property
    def wide(self) -> int:
        """How many tasks are worth handing out at a time."""

    def submit(self, work: Work, task: bytes) -> Future[bytes]:
        """Hand out a task."""

    def renew(self) -> None:
        """End the workers, whatever they do, and get others; all that was handed out is lost."""

    def close(self) -> None:
        """End the workers."""


class LocalPool:
    """Processes of this machine, `jobs` of them."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        # One more is ready for whoever comes back first.
        self.wide = jobs + 1
        self._executor: Executor = self._opened()

    def _opened(self) -> Executor:
        # Not forked: what threads of this process hold would stay locked in the child.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(
            self._jobs, mp_context=context, initializer=leave_interrupts_to_the_parent
        )

    def submit(self, work: Work, task: bytes) -> Future[bytes]:
        return self._executor.submit(work, task)

    def renew(self) -> None:
        self._kill()
        self._executor = self._opened()

    def close(self) -> None:
        self._kill()

    def _kill(self) -> None:
        for child in multiprocessing.active_children():
            child.kill()
        self._executor.shutdown(wait=True, cancel_futures=True)


def leave_interrupts_to_the_parent() -> None:
    """Keep Ctrl-C, which every process of a terminal gets, for the one that clears up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class DaskPool:
    """The workers of a dask scheduler; they need this program installed, and no shared disk."""

    def __init__(self, address: str) -> None:
        """Connect; raises UsageFault for an address that is none, or that anyone could listen to,
        and MissingOnMachine when dask is not installed or nobody answers."""
        _check_address(address)
        try:
            from distributed import Client
        except ImportError as error:
            told = "dask is not installed"
            cure = "install it: pip install 'actionpack-print[dask]'"
            raise MissingOnMachine(finding("missing-file", told, cure=cure)) from error
        try:
            self._client = Client(address, timeout=10, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            told = f"no dask scheduler answers at '{address}' ({type(error).__name__})"
            cure = "start one there: dask scheduler"
            raise MissingOnMachine(finding("missing-file", told, cure=cure)) from error
        self._executor: Executor = self._client.get_executor(pure=False)

    @property
    def wide(self) -> int:
        threads: dict[str, int] = self._client.nthreads()
        return 2 * max(1, sum(threads.values()))

    def submit(self, work: Work, task: bytes) -> Future[bytes]:
        return self._executor.submit(work, task)

    def renew(self) -> None:
        self._client.restart(wait_for_workers=False)
        self._executor = self._client.get_executor(pure=False)

    def close(self) -> None:
        with suppress(TimeoutError):
            self._client.close(timeout=5)


def _check_address(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in ("tcp", "tls") or not parts.hostname or parts.port is None:
        told = f"--executor is '{address}'"
        raise UsageFault(
            finding("bad-value", told, cure="give a scheduler's address: tls://NAME:8786")
        )
    if parts.scheme == "tcp" and parts.hostname not in _LOOPBACK:
        told = f"--executor '{address}' would send people's names over the network unprotected"
        cure = "use tls:// and the certificates of dask (docs/batch-cluster.md)"
        raise UsageFault(finding("bad-value", told, cure=cure))


def cores() -> int:
    """How many processes this machine can run at a time."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
