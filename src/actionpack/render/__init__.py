"""Templates into HTML into pages, in a process that can be killed.

`Typesetter` starts that process, which costs most of a second, so that it can warm up while its
first job is still being composed. Fonts come from the folders named and from nowhere else.
"""

from __future__ import annotations

import base64
import contextlib
import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from actionpack.diagnostics import (
    Finding,
    MissingOnMachine,
    Place,
    Rejected,
    finding,
    has_errors,
)
from actionpack.geometry import Box, Size, Transform
from actionpack.packages import how_to_install, loader_environment
from actionpack.render.frames import receive, send

if TYPE_CHECKING:
    from actionpack.model import Drawing, LaidPage

TIME_LIMIT_S = 30.0
# A pack needs 300 MB of address space; the rest is room for pictures.
MEMORY_LIMIT_BYTES = 1_500_000_000

# What is ours in the system's folder for what is of the moment.
_PREFIX = "actionpack-"
# How often, and how long after each other, it is tried to clear that up.
_MOMENTS, _MOMENT_S = 50, 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One document to lay out: a template, the values that fill it, and a style sheet.

    `template_file` is the template's name in findings. `mounts` are folders by the name under
    which pages find them, `images` pictures by theirs.
    """

    template: str
    css: str
    template_file: str = ""
    css_file: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    mounts: Mapping[str, Path] = field(default_factory=dict)
    images: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidOut:
    """Pages as laid out, the HTML they were laid out from, and what the engine only logged."""

    html: str
    pages: tuple[LaidPage, ...]
    findings: tuple[Finding, ...]


# PDF/A-2a needs crisp pictures (image-rendering, set by compose) and tags.
_OPTIONS: dict[str, object] = {"pdf_variant": "pdf/a-2a", "pdf_tags": True}


@contextlib.contextmanager
def shared_room() -> Iterator[Path]:
    """A folder for the typesetters of processes that may be killed, which then leave theirs."""
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    try:
        yield folder
    finally:
        # A typesetter ends a moment after the process that it was for.
        for _ in range(_MOMENTS):
            shutil.rmtree(folder, ignore_errors=True)
            if not folder.exists():
                break
            time.sleep(_MOMENT_S)


class Typesetter:
    """A child process that lays out and writes; close it, or use it in a `with` statement.

    What it needs on the disk lies in a folder of its own, in `room`, which is usually the system's.
    """

    def __init__(
        self,
        font_folders: tuple[Path, ...],
        *,
        time_limit_s: float = TIME_LIMIT_S,
        memory_limit_bytes: int = MEMORY_LIMIT_BYTES,
        room: Path | None = None,
    ) -> None:
        self._time_limit_s = time_limit_s
        self._folder = tempfile.TemporaryDirectory(prefix=_PREFIX, dir=room)
        config = Path(self._folder.name) / "fonts.conf"
        config.write_text(fontconfig(font_folders, Path(self._folder.name)))
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 -- closed by close()
        self._child = subprocess.Popen(  # noqa: S603 -- our own module, no shell
            [sys.executable, "-P", "-m", "actionpack.render.child", str(memory_limit_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=_environment(config),
            start_new_session=True,
        )
        # Both are there, since both were asked for as pipes.
        self._to_child = cast(BinaryIO, self._child.stdin)
        self._from_child = cast(BinaryIO, self._child.stdout)

    def __enter__(self) -> Typesetter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def lay_out(self, job: Job, meanwhile: Callable[[], None] | None = None) -> LaidOut:
        """Lay a document out; raises Rejected when that fails, hangs or takes too much memory.

        `meanwhile` is called while the child is busy: two processes, two cores.
        """
        answer, _ = self._ask(
            {
                "do": "lay_out",
                "template": job.template,
                "values": job.values,
                "css": job.css,
                "mounts": {name: str(path) for name, path in job.mounts.items()},
                "images": {
                    name: base64.b64encode(data).decode() for name, data in job.images.items()
                },
                "options": _OPTIONS,
            },
            meanwhile,
        )
        if "template_fault" in answer:
            message, line = answer["template_fault"]
            place = Place(file=job.template_file or None, line=line)
            raise Rejected(finding("layout-fault", f"the template fails: {message}", place))
        pages = tuple(_laid_page(page) for page in answer["pages"])
        findings = log_findings(answer["log"], css_file=job.css_file)
        return LaidOut(html=answer["html"], pages=pages, findings=findings)

    def write(
        self, meanwhile: Callable[[], None] | None = None
    ) -> tuple[bytes, tuple[Finding, ...]]:
        """The PDF of what was laid out last; `meanwhile` is called while it is being written."""
        answer, pdf = self._ask({"do": "write", "options": _OPTIONS}, meanwhile)
        return pdf, log_findings(answer["log"])

    @property
    def is_alive(self) -> bool:
        """Whether the process runs; one that was killed, or closed, lays out no more."""
        return self._child.poll() is None

    def close(self) -> None:
        """End the process and everything it started."""
        # Once it was waited for, its number may be another's.
        if self.is_alive:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        for stream in (self._to_child, self._from_child, self._errors):
            # What was still to be sent can reach nobody now.
            with contextlib.suppress(BrokenPipeError):
                stream.close()
        self._folder.cleanup()

    def _ask(
        self, message: dict[str, Any], meanwhile: Callable[[], None] | None = None
    ) -> tuple[dict[str, Any], bytes]:
        deadline = time.monotonic() + self._time_limit_s
        try:
            send(self._to_child, message)
        except BrokenPipeError:
            raise self._death() from None
        try:
            if meanwhile is not None:
                meanwhile()
        finally:
            # Read in any case, so that the next job finds its own answer.
            frame = receive(lambda length: self._read(length, deadline))
        if frame is None:
            raise self._death()
        answer, payload = frame
        if "error" in answer:
            raise Rejected(
                finding("render-failed", f"the page could not be laid out: {answer['error']}")
            )
        return answer, payload

    def _read(self, length: int, deadline: float) -> bytes:
        """Read exactly `length` bytes; fewer when the child has died."""
        handle = self._from_child.fileno()
        data = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(handle, selectors.EVENT_READ)
            while len(data) < length:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    self.close()
                    raise Rejected(
                        finding(
                            "render-failed",
                            f"the page was not laid out within {self._time_limit_s:g} s "
                            "and was stopped",
                        )
                    )
                block = os.read(handle, min(length - len(data), 1 << 20))
                if not block:
                    break
                data += block
        return bytes(data)

    def _death(self) -> Rejected:
        self._child.wait()
        self._errors.seek(0)
        told = self._errors.read().decode(errors="replace").strip().split("\n")[-1]
        if "cannot load library" in told:
            return MissingOnMachine(
                finding(
                    "missing-file",
                    f"this machine lacks a library that lays out text: {told}",
                    cure=how_to_install("pango", "subset"),
                )
            )
        why = "it needed too much memory" if "Memory" in told or not told else told
        return Rejected(finding("render-failed", f"the page could not be laid out: {why}"))


def set_alone(job: Job, font_folders: tuple[Path, ...]) -> bytes:
    """Lay out and write one document by a typesetter of its own; raises Rejected for its errors."""
    with Typesetter(font_folders) as typesetter:
        laid = typesetter.lay_out(job)
        pdf, logged = typesetter.write()
    found = laid.findings + logged
    if has_errors(found):
        raise Rejected(*found)
    return pdf


def _environment(config: Path) -> dict[str, str]:
    """What the child may know: our fonts, the paths of libraries, and no clock zone or locale."""
    kept = ("PATH", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "PYTHONPATH", "SYSTEMROOT")
    told = {name: os.environ[name] for name in kept if name in os.environ}
    return (
        told
        | loader_environment()
        | {
            "FONTCONFIG_FILE": str(config),
            "LC_ALL": "C.UTF-8",
            "PYTHONHASHSEED": "0",
            "TZ": "UTC",
        }
    )


def fontconfig(folders: tuple[Path, ...], cache: Path) -> str:
    """A fontconfig file that knows these folders alone; nothing falls back to a system font."""
    from xml.sax.saxutils import escape

    dirs = "".join(f"<dir>{escape(str(folder.resolve()))}</dir>" for folder in folders)
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        f"<fontconfig>{dirs}<cachedir>{escape(str(cache))}</cachedir></fontconfig>"
    )


def _laid_page(page: dict[str, Any]) -> LaidPage:
    # Imported here, so that the child starts before its parent reads any of the nouns.
    from actionpack.model import LaidBox, LaidPage

    return LaidPage(
        size=Size(page["width"], page["height"]),
        boxes=tuple(
            LaidBox(
                kind=box["kind"],
                text=box["text"],
                box=Box(box["x"], box["y"], box["width"], box["height"]),
                made_up=box["made_up"],
                family=box["family"],
                src=box["src"],
                drawn=_drawing(box["drawn"]),
                piece=box["piece"],
                panel=box["panel"],
                field=box["field"],
                target=box["target"],
            )
            for box in page["boxes"]
        ),
    )


# A drawing has no pixels: its shorter side is as many, so that no proportion is lost.
_FINE_PX = 10_000


def _drawing(told: list[float] | None) -> Drawing | None:
    from actionpack.model import Drawing

    if told is None:
        return None
    wide, high, *square = told
    scale = _FINE_PX / min(wide, high)
    return Drawing(size_px=(round(wide * scale), round(high * scale)), square=Transform(*square))


_BLOCKED = "blocked: "
_POINT = re.compile(r"U\+([0-9A-F]{4,6})")
# What the engine adds when a resource was refused; the refusal itself has been told.
_ECHOES = ("Failed to load ", "Error when fetching", "Failed to fetch")


# Where the engine found fault with a style sheet. What stands in a `style` attribute is on its
# first line, where a style sheet of ours has its numbers.
_AT = re.compile(r" at (\d+):\d+")


def log_findings(messages: list[str], *, css_file: str = "") -> tuple[Finding, ...]:
    """Turn what the layout engine only logs into findings, each once."""
    refused = any(message.startswith(_BLOCKED) for message in messages)
    return tuple(
        _log_finding(message, css_file)
        for message in dict.fromkeys(messages)
        if not (refused and message.startswith(_ECHOES))
    )


def _log_finding(message: str, css_file: str) -> Finding:
    if message.startswith(".notdef glyph"):
        # Imported here: the process that lays out starts with this file, and need not wait for it.
        from actionpack.fonts import described

        lacking = "".join(chr(int(point, 16)) for point in _POINT.findall(message))
        return finding("missing-glyph", f"{described(lacking)} is in no font of the pages")
    if message.startswith(_BLOCKED):
        return finding("blocked-resource", f"{message.removeprefix(_BLOCKED)}")
    at = _AT.search(message)
    if at is None or not css_file or at[1] == "1":
        return finding("layout-fault", f"the layout engine says: {message}")
    said = message.replace(at[0], "").rstrip(".")
    place = Place(file=css_file, line=int(at[1]))
    return finding("layout-fault", f"the layout engine says: {said}", place)
