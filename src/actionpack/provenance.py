"""What the bytes of a batch depend on besides its plan: this program and some of its libraries.

Whoever makes a part of a batch must have the very same, or the part would be another one.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import version

from actionpack.diagnostics import Finding, finding
from actionpack.store import program_digest

PROGRAM = "actionpack-print"

# What shapes letters, draws codes, writes objects and packs them. What lays out is not among it:
# pages come laid out, and the hash of what they came to counts.
_LIBRARIES = ("fonttools", "pypdf", "qrcode", "uharfbuzz")


@cache
def made_with() -> Mapping[str, str]:
    """This program and its libraries, each with its version or hash."""
    return {
        PROGRAM: version(PROGRAM),
        "program": program_digest()[:16],
        # Which letters belong together is said by the tables of Python (unicodedata).
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        **{name: version(name) for name in _LIBRARIES},
    }


@cache
def as_line() -> bytes:
    """The same on one line; equal lines, equal versions."""
    return json.dumps(dict(made_with()), sort_keys=True).encode()


def differences(worker: str, theirs: Mapping[str, str]) -> Iterator[Finding]:
    """What keeps a worker from making the same bytes: what it has, and what this machine has."""
    ours = made_with()
    for name, here in ours.items():
        there = theirs.get(name, "none")
        if there == here or (name == "program" and theirs.get(PROGRAM) != ours[PROGRAM]):
            continue
        known_as = f"another copy of {PROGRAM} {ours[PROGRAM]}:" if name == "program" else name
        yield finding(
            "missing-file",
            f"the worker '{worker}' has {known_as} {there}, and this machine has {here}",
            cure=_cure(name, here),
        )


def _cure(name: str, here: str) -> str:
    match name:
        case "python":
            return f"run the worker with Python {here}"
        case "zlib":
            return "run both on the same system, such as one container image"
        case "program":
            return "install the very same files there"
    return f"install the same there: pip install {name}=={here}"
