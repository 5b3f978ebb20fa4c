"""The same proof in a process that can be killed, for files from elsewhere.

A PDF can be made so that reading it takes forever, all memory, or the reader with it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date

from actionpack.diagnostics import Finding, Place, finding, findings_from

TIME_LIMIT_S = 60.0
MEMORY_LIMIT_BYTES = 2_000_000_000
# What the process may know of its surroundings: where libraries are.
_KNOWN = ("PATH", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "PYTHONPATH", "SYSTEMROOT")


def prove_apart(
    pdf: bytes,
    *,
    name: str,
    today: date | None,
    deadline_today: date | None,
    allow_expired: bool,
    time_limit_s: float = TIME_LIMIT_S,
    memory_limit_bytes: int = MEMORY_LIMIT_BYTES,
) -> tuple[Finding, ...]:
    """Prove a file against the map inside it, in a process of its own.

    That is ended when it takes too long or too much memory (`bad-file`).
    """
    head = {
        "name": name,
        "today": today and today.isoformat(),
        "deadline_today": deadline_today and deadline_today.isoformat(),
        "allow_expired": allow_expired,
    }
    try:
        child = subprocess.run(  # noqa: S603 -- our own module, no shell
            [sys.executable, "-P", "-m", "actionpack.preflight.child", str(memory_limit_bytes)],
            input=json.dumps(head).encode() + b"\n" + pdf,
            capture_output=True,
            timeout=time_limit_s,
            env={name: os.environ[name] for name in _KNOWN if name in os.environ},
            check=False,
        )
        answer = json.loads(child.stdout) if child.returncode == 0 else None
    except subprocess.TimeoutExpired:
        return (_given_up(name, f"it was not read within {time_limit_s:g} s"),)
    except ValueError:
        answer = None
    if answer is None:
        return (_given_up(name, "the program that reads it broke down over it"),)
    return findings_from(answer)


def _given_up(name: str, why: str) -> Finding:
    return finding("bad-file", f"'{name}' cannot be read: {why}", Place(file=name))
