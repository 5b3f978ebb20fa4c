"""Where volumes are made: processes of this machine, or the workers of a dask cluster.

Both are `concurrent.futures.Executor`s that call a plain function with bytes. What is added here is
an end for the ways in which they stop: a worker that is killed, and one that hangs.
"""

from __future__ import annotations

import fcntl
import gc
import logging
import multiprocessing
import os
import signal
import threading
import time
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import resource_tracker
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar
from urllib.parse import urlsplit

from actionpack.diagnostics import Finding, MissingOnMachine, Rejected, UsageFault, finding
from actionpack.provenance import PROGRAM, differences, made_with
from actionpack.render import shared_room
from actionpack.volume import uncollected

if TYPE_CHECKING:
    from distributed.cfexecutor import ClientExecutor

Work = Callable[[bytes], bytes]
_P = ParamSpec("_P")
_T = TypeVar("_T")
_R = TypeVar("_R")

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class PoolLostError(Rejected):
    """There is nobody left who works; what was made so far stands."""


class Pool(Protocol):
    """Workers. `findings` are what was found wrong with some of them."""

    findings: list[Finding]

    @property
    def workers(self) -> int:
        """How many there are, each of which makes one volume at a time."""

    @property
    def wide(self) -> int:
        """How many tasks are worth handing out at a time: two a worker at the most, so that one
        waits for one other at the longest."""

    def submit(self, work: Work, task: bytes) -> Future[bytes]:
        """Hand out a task; raises PoolLostError when there is nobody to take it."""

    def is_stranded(self, handed: Collection[Future[bytes]]) -> bool:
        """Whether some of what was handed out waits for workers that are gone."""

    def renew(self, hung: Collection[Future[bytes]]) -> None:
        """Take back all that was handed out, and give no more to those where something hangs.

        Raises PoolLostError when nobody is left, and nobody comes.
        """

    def close(self) -> None:
        """End the workers, or take leave of them."""


# ---------------------------------------------------------------------------- of this machine


class LocalPool:
    """Processes of this machine, at most `jobs` of them; the first starts at once.

    `get_ready` is what each does first: it is imported there, as the work is.
    """

    def __init__(self, jobs: int, get_ready: Callable[[], object]) -> None:
        self._jobs = jobs
        self._get_ready = get_ready
        self.findings: list[Finding] = []
        self.workers = 1
        self._executor = self._begun()

    @property
    def wide(self) -> int:
        # While one is put in its place, all may come back.
        return 2 * self.workers

    def start(self, workers: int) -> None:
        """Have so many of them work, or as many as there may be."""
        self.workers = min(workers, self._jobs)
        # Where the first was killed meanwhile, whoever hands out a task is told.
        with suppress(BrokenExecutor):
            self._get_all_ready(self._executor)

    def submit(self, work: Work, task: bytes) -> Future[bytes]:
        try:
            return self._executor.submit(work, task)
        except BrokenExecutor as error:
            # One was killed while it had nothing to do: the same as while it works.
            lost: Future[bytes] = Future()
            lost.set_exception(error)
            return lost

    def is_stranded(self, handed: Collection[Future[bytes]]) -> bool:
        # Python tells of a process that is gone, and there are others at once.
        return False

    def renew(self, hung: Collection[Future[bytes]]) -> None:
        end(self._executor)
        self._executor = self._begun()

    def close(self) -> None:
        end(self._executor)

    def _begun(self) -> _Processes:
        # Python looks for what refers to itself in all that a volume leaves for the next, and there
        # is nothing: a tenth of the time.
        begun = processes(self._jobs, gc.disable)
        self._get_all_ready(begun)
        return begun

    def _get_all_ready(self, executor: _Processes) -> None:
        executor.allow(self.workers)
        for _ in range(self.workers):
            executor.submit(self._get_ready)


# What ends a program. Closing a terminal, or Ctrl-C in it, tells every process there; but it is for
# the one that clears up, and the others end with that.
_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def held_back() -> Iterator[None]:
    """Hold back what ends a program, also from the processes that are started meanwhile."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Processes(ProcessPoolExecutor):
    """Starts a process with each task while there may be more, and none of them half."""

    def allow(self, most: int) -> None:
        """Have at most so many from now on, of those that it was made for."""
        self._max_workers = most

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        with held_back():
            return super().submit(fn, *args, **kwargs)

    def _adjust_process_count(self) -> None:
        # Python starts none while one is idle, so that one which is quickly ready would put off the
        # others until there are tasks.
        private: Any = self
        if len(private._processes) < private._max_workers:
            private._spawn_process()


def processes(jobs: int, first: Callable[[], object] | None = None) -> _Processes:
    """So many processes of this program, which call `first` before anything; `end` them."""
    with held_back():
        # A helper of Python's that all of them share; left to itself it would end at a hang-up.
        resource_tracker.ensure_running()
    # Once more: until Python 3.13 that lets through what was held back.
    with held_back():
        # Not forked: what threads of this process hold would stay locked in the child.
        context = multiprocessing.get_context("spawn")
        begun = _Processes(jobs, mp_context=context, initializer=_begin, initargs=(first,))
    _widen(begun)
    return begun


# What a pipe may hold without leave from root (pipe(7)), more than a usual volume.
_WIDE_PIPE = 1 << 20


def _widen(executor: ProcessPoolExecutor) -> None:
    """Have answers and tasks pass in one go where the system can do so.

    Else a process that has made a volume waits, piece by piece, until this one finds time for it.
    """
    if not hasattr(fcntl, "F_SETPIPE_SZ"):
        return
    private: Any = executor
    queues = (private._result_queue, private._call_queue)
    for queue in queues:
        # Nothing but speed hangs on it, and the system may have given away all that it gives.
        with suppress(OSError):
            fcntl.fcntl(queue._writer.fileno(), fcntl.F_SETPIPE_SZ, _WIDE_PIPE)


def end(executor: ProcessPoolExecutor) -> None:
    """End processes, whatever they do, and wait until they are gone."""
    with held_back():
        # Python 3.14 has `kill_workers` for it; until then this is the one way to them.
        for process in tuple((executor._processes or {}).values()):
            process.kill()
        # One that was killed half-way through an answer: whoever reads it here would wait for the
        # rest for ever, as this process could write it too.
        if executor._result_queue is not None:
            executor._result_queue._writer.close()  # type: ignore[attr-defined]  # private
    executor.shutdown(wait=True, cancel_futures=True)


def _begin(first: Callable[[], object] | None) -> None:
    """What a process of ours does first."""
    if first is not None:
        first()
    # Until now they were held back, since before this process began.
    for one in _ENDS:
        signal.signal(one, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        # A parent that was killed cannot end its children, and they would wait for ever.
        threading.Thread(target=_follow, args=(parent.join,), daemon=True).start()


def _follow(wait_for_the_end: Callable[[], None]) -> None:
    wait_for_the_end()
    os._exit(1)


def in_shares(
    work: Callable[[tuple[_T, ...], Path | None], tuple[_R, ...]],
    items: Sequence[_T],
    jobs: int,
    *,
    here: Callable[[tuple[_T, ...]], tuple[_R, ...]] | None = None,
    cure: str,
) -> tuple[_R, ...]:
    """Have items worked on by at most `jobs` processes; what comes of them, in their order.

    This process is one of them, and does `here` where that is not the same. `work` takes some of
    the items, and a folder for its typesetter where that is not the system's. Raises Rejected with
    the `cure` when another was killed, such as for want of memory.
    """
    here = here or (lambda share: work(share, None))
    together = min(jobs, len(items))
    if together < 2:
        return here(tuple(items))
    with shared_room() as room:
        pool = processes(together - 1)
        try:
            begun = [
                pool.submit(work, tuple(items[at::together]), room) for at in range(1, together)
            ]
            done = [here(tuple(items[::together])), *(future.result() for future in begun)]
        except BrokenProcessPool as error:
            told = "a process that laid out pages was killed"
            raise Rejected(finding("render-failed", told, cure=cure)) from error
        finally:
            end(pool)
    return tuple(done[at % together][at // together] for at in range(len(items)))


def cores() -> int:
    """How many processes this machine can run at a time."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# --------------------------------------------------------------------------- of a dask cluster

# How long a scheduler may take to answer, and how long there may be no worker at all: for so long
# in silence, while one begins anew, and then for so long after it was told.
_ANSWER_S, _SILENCE_S, _PATIENCE_S = 10.0, 2.0, 120.0
_LOOK_AGAIN_S = 0.2
# Those that dask gives a level of their own, and where its loop tells of what fails in it.
_LOGGERS = ("distributed", "distributed.client", "tornado.application")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What is known of a task that was handed out: its key, and who may take it; None is anyone."""

    key: str
    workers: frozenset[str] | None


def _say_nothing(_: str) -> None:
    """A pool that nobody watches."""


class DaskPool:
    """The workers of a dask scheduler; they need this program installed, and no shared disk.

    Each is looked at before it is given anything: people's names go only to workers that have the
    same versions, and over no network in the clear.
    """

    def __init__(self, address: str, halted: Callable[[str], None] = _say_nothing) -> None:
        """Connect. `halted` is told why nobody works, and '' when somebody does again.

        Raises UsageFault for an address that is none, or that anyone could listen to, and
        MissingOnMachine when dask is not installed, nobody answers, or a worker is not as it
        must be.
        """
        _check_address(address)
        try:
            import dask
            from distributed import Client
        except ImportError as error:
            told = "dask is not installed"
            cure = f"install it: pip install '{PROGRAM}[dask]'"
            raise MissingOnMachine(finding("missing-file", told, cure=cure)) from error
        # What goes wrong comes back to us and becomes a finding.
        for name in _LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self.findings: list[Finding] = []
        self._address = address
        self._known: dict[str, bool] = {}
        self._given: dict[Future[bytes], _Given] = {}
        self._halted = halted
        self._why = ""
        # Fonts of a project travel with each task, and that is meant.
        dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})
        connect = partial(Client, address, timeout=_ANSWER_S, set_as_default=False)
        try:
            # A client that came to nothing closes itself when it is collected. It needs the lock
            # that another holds as long as it begins or ends, and both would wait for ever.
            with uncollected():
                try:
                    self._client = connect()
                # It gives a thread of its own ten seconds to begin, which a machine that is very
                # busy may not keep, and has nothing but an assertion to say so.
                except AssertionError:
                    self._client = connect()
        # TypeError: the certificates for tls are not named anywhere.
        except (AssertionError, OSError, TimeoutError, TypeError, ValueError) as error:
            raise MissingOnMachine(_no_answer(address, error)) from error
        self._executor = self._opened()
        try:
            self._begin()
        except BaseException:
            self.close()
            raise

    def _opened(self) -> ClientExecutor:
        executor: ClientExecutor = self._client.get_executor(pure=False)
        return executor

    def _begin(self) -> None:
        """Look at those who are there; raises MissingOnMachine when one is not as it must be."""
        until = time.monotonic() + min(_ANSWER_S, _PATIENCE_S)
        while not self._fit():
            if self.findings or time.monotonic() >= until:
                break
            time.sleep(_LOOK_AGAIN_S)
        if self.findings:
            raise MissingOnMachine(*(replace(one, severity="error") for one in self.findings))
        if not self._known:
            told = f"the dask scheduler at '{self._address}' has no workers"
            cure = f"start one: dask worker {self._address}"
            raise MissingOnMachine(finding("missing-file", told, cure=cure))

    @property
    def workers(self) -> int:
        # A process makes one volume at a time, however many threads it has.
        return len(self._workers())

    @property
    def wide(self) -> int:
        return 2 * self.workers

    def submit(self, work: Work, task: bytes) -> Future[bytes]:
        from distributed.client import ClosedClientError

        fit = self._workers()
        # Behind tls:// whoever comes later is private too, and refuses by itself what it must not
        # make; so a task may go to those who replace the ones that are there now.
        anyone = self._address.startswith("tls:") and all(self._known.values())
        key = f"{work.__name__}-{uuid.uuid4()}"
        try:
            future: Future[bytes] = self._executor.submit(
                work, task, key=key, workers=None if anyone else fit
            )
        except ClosedClientError as error:
            raise PoolLostError(self._gone()) from error
        self._given[future] = _Given(key=key, workers=None if anyone else frozenset(fit))
        future.add_done_callback(self._forget)
        return future

    def _forget(self, future: Future[bytes]) -> None:
        self._given.pop(future, None)

    def is_stranded(self, handed: Collection[Future[bytes]]) -> bool:
        fit = frozenset(self._fit())
        given = [self._given[one] for one in handed if one in self._given]
        return any(not (fit if one.workers is None else fit & one.workers) for one in given)

    def renew(self, hung: Collection[Future[bytes]]) -> None:
        for address in self._busy_with(
            {self._given[one].key for one in hung if one in self._given}
        ):
            self._known[address] = False
            told = f"the worker '{address}' hangs, and is given nothing more"
            cure = "end it, and start another"
            self.findings.append(finding("render-failed", told, cure=cure, severity="warning"))
        if self._client.status == "running":
            self._executor.shutdown(wait=False)
        self._workers()
        self._executor = self._opened()

    def _busy_with(self, keys: set[str]) -> Iterator[str]:
        if keys and self._client.status == "running":
            held: dict[str, Iterable[str]] = self._client.processing()
            yield from (address for address, tasks in held.items() if keys.intersection(tasks))

    def close(self) -> None:
        # A scheduler that is gone does not answer; what it was to make is told by then.
        with suppress(TimeoutError), uncollected():
            self._client.close(timeout=5)

    # --- who works

    def _workers(self) -> list[str]:
        """The addresses of the workers that may be given something.

        Waits a while when there is none, and says so; raises PoolLostError when none comes.
        """
        began = time.monotonic()
        while not (fit := self._fit()):
            waited = time.monotonic() - began
            if self._client.status == "closed":
                raise PoolLostError(self._gone())
            if waited >= _SILENCE_S + _PATIENCE_S:
                raise PoolLostError(self._deserted())
            if waited >= _SILENCE_S:
                until = f"it goes on if a worker is there within {_PATIENCE_S:g} s"
                self._say(f"nobody works: {self._who()}; {until}")
            time.sleep(_LOOK_AGAIN_S)
        self._say("")
        return fit

    def _say(self, why: str) -> None:
        if why != self._why:
            self._why = why
            self._halted(why)

    def _fit(self) -> list[str]:
        """The same, none while the scheduler does not answer."""
        if self._client.status != "running":
            return []
        try:
            there: dict[str, int] = self._client.nthreads()
            self._meet([address for address in there if address not in self._known])
        except OSError:
            # The scheduler is gone this moment; the client's status is about to say so.
            return []
        return [address for address in there if self._known[address]]

    def _meet(self, addresses: list[str]) -> None:
        """Look at workers that were not there before."""
        for address in addresses:
            found = tuple(self._against(address))
            self._known[address] = not found
            # The others do its work.
            self.findings += (replace(one, severity="warning") for one in found)

    def _against(self, address: str) -> Iterator[Finding]:
        """Why a worker may not be given anything."""
        if not _is_private(address):
            told = f"the worker '{address}' would be sent people's names unprotected"
            yield finding("bad-value", told, cure=_USE_TLS)
            return
        try:
            told_by = self._client.run(
                made_with, workers=[address], on_error="return", callback_timeout=_ANSWER_S
            )
        except TimeoutError as error:
            told_by = {address: error}
        theirs = told_by.get(address)
        if isinstance(theirs, dict):
            yield from differences(address, theirs)
        else:
            yield _not_installed(address, theirs)

    def _who(self) -> str:
        """Who is there, though nobody works."""
        scheduler = f"the dask scheduler at '{self._address}'"
        try:
            there = len(self._client.nthreads()) if self._client.status == "running" else None
        except OSError:
            there = None
        if there is None:
            return f"{scheduler} does not answer"
        if not there:
            return f"{scheduler} has no workers"
        return f"{scheduler} has {there} worker{'s' * (there > 1)}, and none that may be used"

    def _deserted(self) -> Finding:
        told = f"nobody has worked for {_PATIENCE_S:g} s: {self._who()}"
        cure = f"start one: dask worker {self._address}; then pass --resume"
        return finding("render-failed", told, cure=cure)

    def _gone(self) -> Finding:
        told = f"the dask scheduler at '{self._address}' is gone"
        cure = "start it and its workers again, then pass --resume"
        return finding("render-failed", told, cure=cure)


_USE_TLS = "use tls:// and the certificates of dask (docs/batch-cluster.md)"


def _check_address(address: str) -> None:
    try:
        parts = urlsplit(address)
        named = parts.scheme in ("tcp", "tls") and parts.hostname and parts.port
    except ValueError:
        named = None
    if not named:
        told = f"--executor is '{address}'"
        raise UsageFault(
            finding("bad-value", told, cure="give a scheduler's address: tls://NAME:8786")
        )
    if not _is_private(address):
        told = f"--executor '{address}' would send people's names over the network unprotected"
        raise UsageFault(finding("bad-value", told, cure=_USE_TLS))


def _is_private(address: str) -> bool:
    """Whether nobody on the way can read what is sent to an address."""
    parts = urlsplit(address)
    return parts.scheme in ("tls", "inproc") or parts.hostname in _LOOPBACK


def _no_answer(address: str, error: Exception) -> Finding:
    if address.startswith("tls:") and isinstance(error, TypeError | ValueError):
        told = f"dask knows no certificates to speak to '{address}' with"
        return finding("missing-file", told, cure="name them (docs/batch-cluster.md)")
    told = f"no dask scheduler answers at '{address}' ({type(error).__name__})"
    return finding("missing-file", told, cure="start one there: dask scheduler")


def _not_installed(address: str, error: object) -> Finding:
    why = "it does not answer" if isinstance(error, TimeoutError) else error
    told = f"the worker '{address}' cannot run actionpack ({why})"
    cure = f"install the same there: pip install {PROGRAM}=={made_with()[PROGRAM]}"
    return finding("missing-file", told, cure=cure)
