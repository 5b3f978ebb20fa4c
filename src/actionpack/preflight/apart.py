"""Looking at a file in a process that can be killed, for files from elsewhere.

A PDF can be made so that reading it takes forever, all memory, or the reader with it. What that
process had found before is kept, and the page at which it was ended is named.
"""

from __future__ import annotations

import base64
import json
import os
import selectors
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import BinaryIO, cast

from actionpack.diagnostics import Finding, Place, finding
from actionpack.preflight.finished import Days
from actionpack.preflight.found import plain
from actionpack.preflight.seen import Seen, Step, gathered
from actionpack.preflight.transport import from_line

# With the start of the command and of the process, an answer comes within ten seconds.
TIME_LIMIT_S = 8.0
# A page of a volume takes a few hundredths of a second.
STILL_LIMIT_S = 60.0
# After so much of the time no other page is begun, and no other is drawn.
_LAST_PAGE = 0.7
_LAST_DRAWING = 0.9
# Address space, of which the memory in use is a part. The reader itself takes 70 MB.
MEMORY_LIMIT_BYTES = 400_000_000
# The file is in memory here and there at once. A pack of twenty pages has half a megabyte; what a
# headquarters sends, with its photographs, has five or ten.
MOST_PDF_BYTES = 100_000_000
# So much of what the process says is taken at a time.
_BLOCK_BYTES = 1 << 20
# What the process may know of its surroundings: where libraries are.
_KNOWN = ("PATH", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "PYTHONPATH", "SYSTEMROOT")


# Is told each step of the process as it comes.
Watch = Callable[[Step], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a process may take, in seconds, and how much address space, in bytes.

    `still_s`: how long it may say nothing where it may take as long as it likes.
    """

    time_s: float = TIME_LIMIT_S
    memory: int = MEMORY_LIMIT_BYTES
    still_s: float = STILL_LIMIT_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What was seen in a file, what is wrong with it, and a picture of it (PNG) if one was made."""

    seen: Seen
    findings: tuple[Finding, ...]
    picture: bytes | None = None


def look_apart(
    pdf: bytes,
    *,
    name: str,
    preset: str | None = None,
    days: Days | None = None,
    drawn: bool = False,
    limits: Limits | None = None,
    watch: Watch | None = None,
) -> Looked:
    """Look at a file in a process of its own, against its map and a window's or a rule's preset.

    That process is ended when it takes too long or too much memory: what it then left undone is a
    finding. `drawn`: make a picture of the pages too. `watch`: of a file with a map all is wanted,
    however long that takes, and each step is told as it comes; other files have no longer for it.
    """
    limits, days = limits or Limits(), days or Days()
    begun = monotonic()
    head = {
        "name": name,
        "preset": preset,
        "drawn": drawn,
        "today": days.today and days.today.isoformat(),
        "deadline_today": days.deadline_today and days.deadline_today.isoformat(),
        "allow_expired": days.allow_expired,
        "memory": limits.memory,
        "look_s": limits.time_s * _LAST_PAGE,
        "draw_s": limits.time_s * _LAST_DRAWING,
        "whole": watch is not None,
    }
    out, why = _answer(json.dumps(head), pdf, limits, watch)
    steps, picture, ended = _read(out)
    seen = gathered(steps)
    findings = [plain(one) for one in seen.findings]
    if why or not ended:
        told = why or (
            f"reading {{what}} takes more than {limits.memory // 1_000_000} MB of memory, or "
            "breaks the program that reads it"
        )
        findings += _given_up(steps, seen, name, told)
    elif drawn and picture is None and seen.looked:
        took = f"after {monotonic() - begun:.0f} s there was no time left to draw '{name}'"
        findings.append(finding("unproved", took, Place(file=name), cure="draw a part of it"))
    return Looked(seen=seen, findings=tuple(dict.fromkeys(findings)), picture=picture)


def _answer(head: str, pdf: bytes, limits: Limits, watch: Watch | None) -> tuple[bytes, str]:
    """What the process wrote, as far as it came, and why it was ended; '': it ended by itself.

    `{what}` in that stands for what was being read.
    """
    child = subprocess.Popen(  # noqa: S603 -- our own module, no shell
        [sys.executable, "-P", "-m", "actionpack.preflight.child", head],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in _KNOWN if name in os.environ},
    )
    # Both are there, since both were asked for as pipes.
    to_child, from_child = cast(BinaryIO, child.stdin), cast(BinaryIO, child.stdout)
    feeding = threading.Thread(target=_feed, args=(to_child, pdf), daemon=True)
    feeding.start()
    try:
        return _heard(from_child, limits, watch)
    finally:
        child.kill()
        child.wait()
        feeding.join()
        from_child.close()


def _feed(stream: BinaryIO, pdf: bytes) -> None:
    # A process that was ended takes no more.
    with suppress(BrokenPipeError), stream:
        stream.write(pdf)


def _heard(stream: BinaryIO, limits: Limits, watch: Watch | None) -> tuple[bytes, str]:
    """What comes from the process until its end, or until it has had its time."""
    out, rest, is_free = bytearray(), b"", False
    until = monotonic() + limits.time_s
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while selector.select(max(0.0, until - monotonic())):
            block = os.read(stream.fileno(), _BLOCK_BYTES)
            if not block:
                return bytes(out), ""
            out += block
            if watch is None:
                continue
            *lines, rest = (rest + block).split(b"\n")
            for step in (from_line(line) for line in lines if not line.startswith(_END)):
                is_free = is_free or step.is_ours
                watch(step)
            if is_free:
                until = monotonic() + limits.still_s
    limit_s = limits.still_s if is_free else limits.time_s
    return bytes(out), f"{{what}} was not read within {limit_s:g} s"


def _read(out: bytes) -> tuple[tuple[Step, ...], bytes | None, bool]:
    """The steps that came through, the picture, and whether the process came to its end."""
    steps: list[Step] = []
    for line in out.splitlines(keepends=True):
        if not line.endswith(b"\n"):
            break  # cut off in the middle
        if line.startswith(_END):
            told = json.loads(line)["end"]
            return tuple(steps), base64.b64decode(told) if told else None, True
        steps.append(from_line(line))
    return tuple(steps), None, False


_END = b'{"end"'


def end_line(picture: bytes | None) -> bytes:
    """The last line that the process writes."""
    told = base64.b64encode(picture).decode() if picture else ""
    return json.dumps({"end": told}).encode() + b"\n"


def _given_up(steps: tuple[Step, ...], seen: Seen, name: str, why: str) -> list[Finding]:
    """Say where the process was ended, and what was not looked at."""
    at = next((step.begins for step in reversed(steps) if step.begins), "")
    if at in ("its fonts", "its picture"):
        left = {
            "its fonts": "whether its fonts have every character was not checked",
            "its picture": "there is no picture of it",
        }[at]
        told = why.format(what="it")
        return [finding("unproved", f"of '{name}', {left}: {told}", Place(file=name))]
    page = int(at.removeprefix("page ")) if at.startswith("page ") else None
    told = why.format(what=f"its page {page}" if page else "it")
    found = [finding("bad-file", f"'{name}' cannot be read: {told}", Place(file=name, page=page))]
    if page and seen.page_count and page < seen.page_count:
        after = (
            f"page {page + 1} was"
            if page + 1 == seen.page_count
            else (f"pages {page + 1} to {seen.page_count} were")
        )
        found.append(finding("unproved", f"of '{name}', {after} not looked at", Place(file=name)))
    return found
