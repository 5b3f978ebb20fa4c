"""A batch on a real dask scheduler with real workers, each a process of its own on the loopback."""

from __future__ import annotations

import datetime
import gc
import ipaddress
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import dask
import distributed
import pytest
from batches import (
    NAMES,
    ONCE,
    PATIENCE_S,
    ForwardClock,
    begun,
    dies_on_the_second,
    dies_once,
    hands,
    hangs,
    hangs_once,
    let_all_go_on,
    run,
    volumes,
    wait_until,
    waits_after_the_first,
    write_batch,
)
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from distributed.client import ClosedClientError
from projects import Bench

from actionpack.batch import pools
from actionpack.batch.asked import Progress
from actionpack.batch.pools import DaskPool, PoolLostError
from actionpack.diagnostics import Exit, MissingOnMachine, UsageFault
from actionpack.provenance import made_with

TESTS = Path(__file__).parent


@dataclass(slots=True)
class Cluster:
    """A scheduler and its workers, in a folder for what they write."""

    folder: Path
    options: tuple[str, ...] = ()
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        address: str = json.loads((self.folder / "scheduler.json").read_text())["address"]
        return address

    def begin(self) -> None:
        file = self.folder / "scheduler.json"
        options = ("--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))
        self.scheduler = self._started("dask_scheduler", *options)
        wait_until(lambda: file.exists() and file.stat().st_size > 0)

    def add(self, *, first: Path | None = None, host: str = "127.0.0.1") -> None:
        """Start a worker with one thread, and nobody who would start another in its place.

        Its modules are looked for in `first` before anywhere else.
        """
        options = ("--no-nanny", "--nthreads", "1", "--host", host)
        own = ("--local-directory", str(self.folder), *options)
        self.workers.append(self._started("dask_worker", self.address, *own, first=first))
        log = self.folder / "dask_worker.log"
        wait_until(lambda: log.read_text().count("Registered to:") == len(self.workers))

    def _started(
        self, program: str, *arguments: str, first: Path | None = None
    ) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{program}", *arguments]
        folders = (first, TESTS, os.environ.get("PYTHONPATH"))
        with (self.folder / f"{program}.log").open("ab") as log:
            return subprocess.Popen(
                [*command, "--no-dashboard", *self.options],
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join(str(folder) for folder in folders if folder),
                },
                stdout=log,
                stderr=log,
            )

    def end(self) -> None:
        for process in filter(None, (*self.workers, self.scheduler)):
            process.kill()
            process.wait()


def cluster_in(folder: Path, *options: str, workers: int = 2) -> Cluster:
    cluster = Cluster(folder=folder, options=options)
    try:
        cluster.begin()
        for _ in range(workers):
            cluster.add()
    except BaseException:
        cluster.end()
        raise
    return cluster


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that begins on a busy machine is slow to say what it has."""
    monkeypatch.setattr(pools, "_ANSWER_S", PATIENCE_S)


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler without workers."""
    cluster = cluster_in(tmp_path, workers=0)
    yield cluster
    cluster.end()


@pytest.fixture
def cluster(bare: Cluster) -> Cluster:
    """A scheduler with two workers, for a test that does something to them."""
    bare.add()
    bare.add()
    return bare


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project with a plan, and a cache of its own."""
    root = write_batch(tmp_path_factory.mktemp("rome"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACTIONPACK_CACHE", str(root / "cache"))
        yield root


@pytest.fixture(scope="module")
def meant(root: Path) -> dict[str, bytes]:
    """The volumes as one process of this machine makes them."""
    assert run(root, root / "meant", jobs=1).exit is Exit.DONE
    made = volumes(root / "meant")
    assert tuple(made) == NAMES
    return made


@pytest.fixture
def once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for before the workers are started, who must know of it."""
    monkeypatch.setenv(ONCE, str(tmp_path / "once"))


# ------------------------------------------------------------------------------------ it works


def test_two_workers_make_the_same_bytes_as_processes_here(
    root: Path, tmp_path: Path, cluster: Cluster, meant: dict[str, bytes]
) -> None:
    result = run(root, tmp_path / "out", executor=cluster.address)
    assert (result.exit, result.findings) == (Exit.DONE, [])
    assert volumes(tmp_path / "out") == meant
    run(root, tmp_path / "two", jobs=2)
    assert volumes(tmp_path / "two") == meant


@pytest.mark.usefixtures("once")
def test_a_worker_that_is_killed_changes_no_byte(
    root: Path, tmp_path: Path, cluster: Cluster, meant: dict[str, bytes]
) -> None:
    result = run(root, tmp_path / "out", executor=cluster.address, hands=hands(dies_once))
    assert (result.exit, result.findings) == (Exit.DONE, [])
    assert volumes(tmp_path / "out") == meant
    assert sorted(worker.poll() or 0 for worker in cluster.workers) == [-signal.SIGKILL, 0]


@pytest.mark.usefixtures("once")
def test_a_worker_that_hangs_is_given_nothing_more(
    root: Path,
    tmp_path: Path,
    cluster: Cluster,
    meant: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # One a worker, so that none waits behind the one that hangs; and time to make all the others.
    monkeypatch.setattr(DaskPool, "wide", property(lambda pool: pool.workers))
    made: list[int] = []
    clock = ForwardClock(lambda: len(NAMES) - 1 in made, by_s=2 * 3600)
    monkeypatch.setattr("actionpack.batch.handing.time", clock)
    result = run(
        root,
        tmp_path / "out",
        executor=cluster.address,
        hands=hands(hangs_once, limit_s=3600),
        tell=lambda progress: made.append(progress.volumes),
    )
    assert result.exit is Exit.DONE
    (found,) = result.findings
    address = found.message.split("'")[1]
    assert address.startswith("tcp://127.0.0.1:")
    assert str(found) == (
        f"warning: the worker '{address}' hangs, and is given nothing more; "
        "end it, and start another [render-failed]"
    )
    assert volumes(tmp_path / "out") == meant


@pytest.mark.usefixtures("once")
def test_only_the_worker_that_hangs_is_passed_over(cluster: Cluster) -> None:
    pool = DaskPool(cluster.address)
    try:
        assert pool.wide == 4
        hung = pool.submit(hangs, b"")
        wait_until(lambda: len(list(cluster.folder.glob("once.*"))) == 1)
        pool.renew([hung])
        assert pool.wide == 2
        done = [pool.submit(bytes.upper, b"a").result(PATIENCE_S) for _ in range(4)]
        assert done == 4 * [b"A"]
    finally:
        pool.close()


def test_when_all_workers_are_gone_what_was_made_stands_and_can_be_gone_on_with(
    root: Path,
    tmp_path: Path,
    cluster: Cluster,
    meant: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pools, "_PATIENCE_S", 2.0)
    asked = hands(dies_on_the_second)
    result = run(root, tmp_path / "out", executor=cluster.address, hands=asked)
    assert result.exit is Exit.IN_PART
    assert [str(found) for found in result.findings] == [deserted(cluster, "no workers")]
    gone_on_with(root, tmp_path / "out", meant)


@dataclass(slots=True)
class Watcher:
    """Notes what halts a batch, kills all workers once so many volumes are made, and may help."""

    cluster: Cluster
    after: int = 1
    help_comes: bool = False
    killed: float = 0.0
    told: list[tuple[float, str]] = field(default_factory=list)

    def __call__(self, progress: Progress) -> None:
        if progress.doing == "printing" and progress.volumes == self.after and not self.killed:
            for worker in self.cluster.workers:
                worker.kill()
            self.killed = time.monotonic()
            let_all_go_on()
        said = self.told[-1][1] if self.told else ""
        if progress.halted != said:
            self.told.append((time.monotonic(), progress.halted))
            if progress.halted and self.help_comes:
                self.cluster.add()

    def assert_told(self, cluster: Cluster, after: str) -> None:
        (when, why), *others = self.told
        assert why == (
            f"nobody works: the dask scheduler at '{cluster.address}' has no workers; "
            f"it goes on if a worker is there within {pools._PATIENCE_S:g} s"
        )
        # Long before the one volume would be taken for hung that nobody makes.
        assert when - self.killed < PATIENCE_S
        assert [why for _, why in others] == ([after] if self.help_comes else [])


@pytest.mark.usefixtures("once")
def test_that_nobody_works_is_told_soon_and_it_goes_on_with_whoever_comes(
    root: Path, tmp_path: Path, cluster: Cluster, meant: dict[str, bytes]
) -> None:
    watcher = Watcher(cluster, help_comes=True)
    asked = hands(waits_after_the_first)
    result = run(root, tmp_path / "out", executor=cluster.address, hands=asked, tell=watcher)
    assert (result.exit, result.findings) == (Exit.DONE, [])
    assert volumes(tmp_path / "out") == meant
    watcher.assert_told(cluster, after="")


@pytest.mark.usefixtures("once")
@pytest.mark.parametrize("after", [0, 1])
def test_when_nobody_comes_it_ends_after_the_time_that_was_told(
    root: Path,
    tmp_path: Path,
    cluster: Cluster,
    meant: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
    after: int,
) -> None:
    monkeypatch.setattr(pools, "_PATIENCE_S", 2.0)
    watcher = Watcher(cluster, after=after)
    asked = hands(waits_after_the_first)
    result = run(root, tmp_path / "out", executor=cluster.address, hands=asked, tell=watcher)
    # Begun, so it can be gone on with: also when nothing was made.
    assert result.exit is Exit.IN_PART
    assert [str(found) for found in result.findings] == [deserted(cluster, "no workers")]
    watcher.assert_told(cluster, after="")
    gone_on_with(root, tmp_path / "out", meant)


@pytest.mark.usefixtures("once")
def test_when_the_one_worker_there_hangs_it_is_told_that_none_may_be_used(
    root: Path, tmp_path: Path, bare: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "_PATIENCE_S", 1.0)
    bare.add()
    asked = hands(hangs, limit_s=2)
    result = run(root, tmp_path / "out", executor=bare.address, hands=asked)
    assert [str(found) for found in result.findings if found.is_error] == [
        deserted(bare, "1 worker, and none that may be used")
    ]


@pytest.mark.usefixtures("once")
def test_when_the_scheduler_is_killed_what_was_made_stands_and_can_be_gone_on_with(
    root: Path,
    tmp_path: Path,
    cluster: Cluster,
    meant: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begin = DaskPool._begin

    def begin_and_be_quick(pool: DaskPool) -> None:
        begin(pool)
        # So long a scheduler that is gone is looked for.
        pool._client._timeout = 2.0

    monkeypatch.setattr(DaskPool, "_begin", begin_and_be_quick)

    def kill_in_the_middle(progress: Progress) -> None:
        if progress.volumes == 1 and cluster.scheduler is not None:
            cluster.scheduler.kill()
            let_all_go_on()

    result = run(
        root,
        tmp_path / "out",
        executor=cluster.address,
        hands=hands(waits_after_the_first),
        tell=kill_in_the_middle,
    )
    assert result.exit is Exit.IN_PART
    assert [str(found) for found in result.findings] == [gone(cluster)]
    assert len(volumes(tmp_path / "out")) < len(NAMES)
    gone_on_with(root, tmp_path / "out", meant)


def test_a_scheduler_that_goes_at_this_moment_is_told(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = DaskPool(cluster.address)

    def refuse(*_: object, **__: object) -> None:
        raise ClosedClientError("Client is closed")

    try:
        monkeypatch.setattr(pool._executor, "submit", refuse)
        with pytest.raises(PoolLostError) as caught:
            pool.submit(bytes.upper, b"")
        assert str(caught.value) == gone(cluster)
    finally:
        pool.close()


def gone(cluster: Cluster) -> str:
    return (
        f"error: the dask scheduler at '{cluster.address}' is gone; "
        "start it and its workers again, then pass --resume [render-failed]"
    )


def deserted(cluster: Cluster, who: str) -> str:
    return (
        f"error: nobody has worked for {pools._PATIENCE_S:g} s: "
        f"the dask scheduler at '{cluster.address}' has {who}; "
        f"start one: dask worker {cluster.address}; then pass --resume [render-failed]"
    )


def gone_on_with(root: Path, out: Path, meant: Mapping[str, bytes]) -> None:
    """What is there is whole, and what is missing can be made."""
    there = volumes(out)
    assert {name: meant[name] for name in there} == there
    assert begun(out) == []
    assert json.loads((out / "manifest.json").read_text())["state"] == "in part"
    assert run(root, out, resume=True).exit is Exit.DONE
    assert volumes(out) == meant


def test_fonts_of_a_project_are_sent_without_a_warning(bare: Cluster) -> None:
    bare.add()
    pool = DaskPool(bare.address)
    try:
        # A Chinese font has 14 MB; from 10 on dask warns, unless it is told otherwise.
        assert len(pool.submit(bytes.upper, bytes(14_000_000)).result(PATIENCE_S)) == 14_000_000
    finally:
        pool.close()


# ---------------------------------------------------------------------------- who may not work


def test_a_scheduler_without_workers_is_told(
    bare: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "_PATIENCE_S", 1.0)
    with pytest.raises(MissingOnMachine) as caught:
        DaskPool(bare.address)
    assert str(caught.value) == (
        f"error: the dask scheduler at '{bare.address}' has no workers; "
        f"start one: dask worker {bare.address} [missing-file]"
    )


# Run by Python before anything else.
OTHER_VERSION = """
import importlib.metadata as metadata
real = metadata.version
metadata.version = lambda name: "0.1" if name == "uharfbuzz" else real(name)
"""
NOT_INSTALLED = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "actionpack":
            raise ModuleNotFoundError("No module named 'actionpack'")
sys.meta_path.insert(0, Absent())
"""


def worker_with(cluster: Cluster, script: str) -> None:
    (cluster.folder / "sitecustomize.py").write_text(script)
    cluster.add(first=cluster.folder)


def refused(cluster: Cluster) -> str:
    with pytest.raises(MissingOnMachine) as caught:
        DaskPool(cluster.address)
    return str(caught.value)


class Dropped:
    """A client that came to nothing: nobody holds it but itself, and it closes when collected.

    It leaves another like it, until there were enough; `held` says whether each found the lock
    taken that it would wait for.
    """

    held: list[bool]

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        lock = distributed.utils.LoopRunner._lock
        free = lock.acquire(blocking=False)
        if free:
            lock.release()
        type(self).held.append(not free)
        if len(type(self).held) < 100_000:
            Dropped()


def test_a_client_that_came_to_nothing_never_waits_for_the_one_that_begins(
    cluster: Cluster,
) -> None:
    Dropped.held = []
    before = gc.get_threshold()
    Dropped()
    gc.set_threshold(1, 1, 1)
    try:
        DaskPool(cluster.address).close()
    finally:
        gc.set_threshold(*before)
        last, Dropped.held = Dropped.held, [False] * 100_000
    assert last
    assert not any(last)


@pytest.mark.parametrize("times", [1, 2])
def test_a_thread_that_is_slow_to_begin_is_waited_for_once_more(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    begun: list[str] = []

    def slow(address: str, **options: object) -> object:
        begun.append(address)
        # As distributed has it, which gives the thread ten seconds.
        assert len(begun) > times
        return distributed.client.Client(address, **options)

    monkeypatch.setattr(distributed, "Client", slow)
    if times == 1:
        DaskPool(cluster.address).close()
    else:
        told = f"no dask scheduler answers at '{cluster.address}' (AssertionError)"
        assert told in refused(cluster)
    assert len(begun) == 2


def test_a_worker_with_other_versions_is_refused_before_anything_is_sent(bare: Cluster) -> None:
    worker_with(bare, OTHER_VERSION)
    (told,) = refused(bare).splitlines()
    here = made_with()["uharfbuzz"]
    assert told.startswith("error: the worker 'tcp://127.0.0.1:")
    assert told.endswith(
        f"' has uharfbuzz 0.1, and this machine has {here}; "
        f"install the same there: pip install uharfbuzz=={here} [missing-file]"
    )


def test_a_worker_without_actionpack_is_refused(bare: Cluster) -> None:
    worker_with(bare, NOT_INSTALLED)
    told = refused(bare)
    here = made_with()["actionpack-print"]
    assert told.endswith(
        "' cannot run actionpack (ModuleNotFoundError(\"No module named 'actionpack'\")); "
        f"install the same there: pip install actionpack-print=={here} [missing-file]"
    )


def test_a_worker_that_names_would_reach_unprotected_is_refused(bare: Cluster) -> None:
    # As good as any other: which addresses never leave the machine is said by name.
    bare.add(host="127.0.0.2")
    told = refused(bare)
    assert told.startswith("error: the worker 'tcp://127.0.0.2:")
    assert told.endswith(
        "' would be sent people's names unprotected; "
        "use tls:// and the certificates of dask (docs/batch-cluster.md) [bad-value]"
    )


def test_a_worker_that_comes_later_and_is_not_fit_is_passed_over(
    root: Path, tmp_path: Path, bare: Cluster, meant: dict[str, bytes]
) -> None:
    bare.add()
    pool = DaskPool(bare.address)
    try:
        assert pool.wide == 2
        worker_with(bare, OTHER_VERSION)
        wait_until(lambda: pool.wide == 2 and bool(pool.findings))
        (found,) = pool.findings
        assert (found.severity, found.message.partition("' has ")[2][:13]) == (
            "warning",
            "uharfbuzz 0.1",
        )
    finally:
        pool.close()


# ----------------------------------------------------------------------------------- addresses


@pytest.mark.parametrize("address", ["8786", "tcp://127.0.0.1", "http://a:1", "tls://a:x", ""])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(UsageFault) as caught:
        DaskPool(address)
    assert str(caught.value) == (
        f"error: --executor is '{address}'; give a scheduler's address: tls://NAME:8786 [bad-value]"
    )


@pytest.mark.parametrize("host", ["192.0.2.1", "press.example.org", "[2001:db8::1]"])
def test_a_scheduler_elsewhere_must_be_spoken_to_in_secret(host: str) -> None:
    with pytest.raises(UsageFault) as caught:
        DaskPool(f"tcp://{host}:8786")
    assert str(caught.value) == (
        f"error: --executor 'tcp://{host}:8786' would send people's names over the network "
        "unprotected; use tls:// and the certificates of dask (docs/batch-cluster.md) [bad-value]"
    )


def test_where_nobody_answers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "_ANSWER_S", 0.5)
    with pytest.raises(MissingOnMachine) as caught:
        DaskPool("tcp://127.0.0.1:1")
    assert str(caught.value) == (
        "error: no dask scheduler answers at 'tcp://127.0.0.1:1' (OSError); "
        "start one there: dask scheduler [missing-file]"
    )


def test_without_dask_the_line_that_installs_it_is_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_batch(bench.root)
    monkeypatch.setitem(sys.modules, "distributed", None)
    ran = bench.run("batch", "plan.yaml", "--executor", "tcp://127.0.0.1:8786")
    assert ran.code == Exit.MISSING_ON_MACHINE
    found = ran.only("missing-file")
    assert (found["message"], found["cure"]) == (
        "dask is not installed",
        "install it: pip install 'actionpack-print[dask]'",
    )
    assert not list((bench.root / "out").glob("*/volume-*"))


# ------------------------------------------------------------------------------------ in secret


def write_certificates(folder: Path) -> dict[str, str]:
    """An authority and a certificate from it, which everybody of a cluster has."""
    today = datetime.datetime.now(datetime.UTC)
    authority, key = (
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP256R1()),
    )
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "the tests' own")])

    def certificate(
        of: ec.EllipticCurvePrivateKey, called: x509.Name, *, signs: bool
    ) -> x509.Certificate:
        address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        return (
            x509.CertificateBuilder()
            .subject_name(called)
            .issuer_name(name)
            .public_key(of.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(today - datetime.timedelta(hours=1))
            .not_valid_after(today + datetime.timedelta(hours=1))
            .add_extension(x509.SubjectAlternativeName([address]), critical=False)
            .add_extension(x509.BasicConstraints(ca=signs, path_length=None), critical=True)
            .sign(authority, hashes.SHA256())
        )

    member = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    pem = serialization.Encoding.PEM
    written = {
        "ca-file": certificate(authority, name, signs=True).public_bytes(pem),
        "cert": certificate(key, member, signs=False).public_bytes(pem),
        "key": key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    }
    folder.mkdir()
    for kind, data in written.items():
        (folder / kind).write_bytes(data)
    return {kind: str(folder / kind) for kind in written}


def known_to_dask(certificates: Mapping[str, str]) -> dict[str, str]:
    """What `dask.config` must say so that it speaks with these certificates."""
    tls = "distributed.comm.tls"
    own = {f"{tls}.client.{kind}": certificates[kind] for kind in ("cert", "key")}
    return {f"{tls}.ca-file": certificates["ca-file"], **own}


@pytest.fixture
def secret(tmp_path: Path) -> Iterator[tuple[Cluster, dict[str, str]]]:
    """Two workers and a scheduler that speak tls, and their certificates."""
    folder = tmp_path / "cluster"
    folder.mkdir()
    certificates = write_certificates(tmp_path / "certificates")
    options = [part for kind, file in certificates.items() for part in (f"--tls-{kind}", file)]
    cluster = cluster_in(folder, "--protocol", "tls", *options)
    yield cluster, certificates
    cluster.end()


def test_over_tls_the_bytes_are_the_same(
    root: Path,
    tmp_path: Path,
    secret: tuple[Cluster, dict[str, str]],
    meant: dict[str, bytes],
) -> None:
    cluster, certificates = secret
    assert cluster.address.startswith("tls://")
    with dask.config.set(known_to_dask(certificates)):
        result = run(root, tmp_path / "out", executor=cluster.address)
    assert (result.exit, result.findings) == (Exit.DONE, [])
    assert volumes(tmp_path / "out") == meant


def test_without_certificates_there_is_no_talk(secret: tuple[Cluster, dict[str, str]]) -> None:
    cluster, _ = secret
    assert refused(cluster) == (
        f"error: dask knows no certificates to speak to '{cluster.address}' with; "
        "name them (docs/batch-cluster.md) [missing-file]"
    )


def test_with_a_strangers_certificates_there_is_no_talk(
    tmp_path: Path, secret: tuple[Cluster, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "_ANSWER_S", 1.0)
    cluster, _ = secret
    with dask.config.set(known_to_dask(write_certificates(tmp_path / "strangers"))):
        told = refused(cluster)
    assert told.startswith(f"error: no dask scheduler answers at '{cluster.address}' (")
