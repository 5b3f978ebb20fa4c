"""Half of a proof in a process that is kept ready: two processes, two cores.

`Beside` is the parent's side. Only files of our own are sent here, just made; a stranger's belongs
into `apart`. The process ends when its parent does, or closes the pipe.

A question is a line of JSON, which tells how many bytes of PDF follow; the answer is a line.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import BinaryIO, cast

from actionpack.diagnostics import Finding, findings_from
from actionpack.preflight.finished import check_insides

_KNOWN = ("PATH", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "PYTHONPATH", "SYSTEMROOT")


class Beside:
    """Reads the insides of files while its caller proves their pages; use it in a `with`."""

    def __init__(self) -> None:
        self._child = _start()
        self._waiting = 0

    def __enter__(self) -> Beside:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __call__(self, pdf: bytes, name: str) -> Callable[[], tuple[Finding, ...]]:
        """Begin to read a file; what is returned waits for its findings.

        When the process has died the file is read here, and another process is started.
        """
        if self._child.poll() is not None:
            self.close()
            self._child, self._waiting = _start(), 0
        head = json.dumps({"name": name, "length": len(pdf)}).encode()
        to_child = cast(BinaryIO, self._child.stdin)
        # It died just now: whoever waits for the answer will find out, and read the file.
        with contextlib.suppress(BrokenPipeError):
            to_child.write(head + b"\n" + pdf)
            to_child.flush()
        self._waiting += 1
        return lambda: self._answer(pdf, name)

    def close(self) -> None:
        """End the process."""
        self._child.kill()
        self._child.wait()
        for stream in (self._child.stdin, self._child.stdout):
            with contextlib.suppress(BrokenPipeError):
                cast(BinaryIO, stream).close()

    def _answer(self, pdf: bytes, name: str) -> tuple[Finding, ...]:
        line = b""
        # An answer that nobody waited for, since something else failed, comes before our own.
        while self._waiting:
            line = cast(BinaryIO, self._child.stdout).readline()
            self._waiting -= 1
        if not line.endswith(b"\n"):
            return check_insides(pdf, name, is_ours=True)
        return findings_from(json.loads(line))


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "actionpack.preflight.beside"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # Whatever breaks it down breaks down the caller too, who reads the file again and tells.
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in _KNOWN if name in os.environ},
        # The keys that interrupt a command are the parent's business.
        start_new_session=True,
    )


def main() -> None:
    """Answer until the parent closes the pipe."""
    # Whatever a library prints must not get into the answers.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while line := sys.stdin.buffer.readline():
        head = json.loads(line)
        pdf = sys.stdin.buffer.read(head["length"])
        found = check_insides(pdf, head["name"], is_ours=True)
        out.write(json.dumps([asdict(one) for one in found]).encode() + b"\n")
        out.flush()


if __name__ == "__main__":
    main()
