"""`watch`: whatever way a text is saved, the pack in its place is made of what was saved last.

Most tests start the command as a process in a project of their own, save, and read what it says.
"""

from __future__ import annotations

import hashlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import IO, Any, cast

import pytest
from PIL import Image
from projects import ACTION, TODAY, Bench, page_texts, write_action

from actionpack.diagnostics import Finding, Rejected
from actionpack.pack import (
    ChangedMeanwhileError,
    FolderHashes,
    Request,
    Today,
    inputs,
    place_pack,
)
from actionpack.preflight.beside import Beside
from actionpack.preflight.finished import check_insides
from actionpack.project import Project
from actionpack.render import Job, Typesetter
from actionpack.store import folder_digest
from actionpack.watching import Round, watch

ROOT = Path(__file__).resolve().parents[1]
FONTS = ROOT / "assets" / "fonts"
# Long enough for any machine; a test that needs it has failed.
PATIENCE_S = 120
NAME = "river.en.letter.a4.pdf"
WORD = "arrested"
DAY = Today(here=date.fromisoformat(TODAY), where_it_ends_last=date.fromisoformat(TODAY))


@dataclass
class Watcher:
    """The command at work in a project."""

    root: Path
    process: subprocess.Popen[bytes]
    lines: queue.Queue[bytes] = field(default_factory=queue.Queue)

    def __post_init__(self) -> None:
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def end(self) -> None:
        """Interrupt the command, and kill it when that does not help."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(PATIENCE_S)
        finally:
            self.process.kill()
            self.process.wait()
            self._reader.join()
            for stream in (self.process.stdout, self.process.stderr):
                if stream:
                    stream.close()

    def _read(self) -> None:
        for line in cast(IO[bytes], self.process.stdout):
            self.lines.put(line)

    def round(self) -> dict[str, Any]:
        """What it says of its next build."""
        told: dict[str, Any] = json.loads(self.lines.get(timeout=PATIENCE_S))
        return told

    def until(self, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first build of which something holds: a save may be seen in two steps."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            if holds(told := self.round()):
                return told
        raise AssertionError("it was never so")

    def until_found(self, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first refused build that finds something; the finding."""
        told = self.until(lambda told: not told["ok"] and any(map(holds, told["findings"])))
        return next(filter(holds, told["findings"]))

    def until_printed(self, word: str) -> dict[str, Any]:
        """The first build after which the file in its place has a word."""
        return self.until(lambda told: bool(told["ok"]) and word in self.text())

    def until_quiet(self) -> None:
        """Read what it says of its builds until it says nothing for a second."""
        deadline = time.monotonic() + PATIENCE_S
        with suppress(queue.Empty):
            while time.monotonic() < deadline:
                assert json.loads(self.lines.get(timeout=1))["ok"]
            raise AssertionError("it builds without end")

    def text(self) -> str:
        return " ".join(page_texts((self.root / "out" / NAME).read_bytes()))

    def children(self) -> list[int]:
        return children(self.process.pid)

    def running(self, module: str) -> list[int]:
        """Its processes that run a module."""
        return [pid for pid in self.children() if module in arguments(pid)]

    def child(self, module: str) -> int:
        (pid,) = self.running(module)
        return pid

    def save(self, path: Path, text: str | bytes) -> None:
        """Put a whole text in the place of another, so that nothing is seen in between."""
        beside = self.root / "saved"
        beside.write_bytes(text.encode() if isinstance(text, str) else text)
        beside.replace(path)

    @property
    def letter(self) -> Path:
        return self.root / "content" / "river" / "en.md"


def children(parent: int) -> list[int]:
    """The processes that a process has started."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            # It may have ended since it was listed.
            with suppress(OSError):
                told = (folder / "stat").read_text().rpartition(")")[2].split()
                found += [int(folder.name)] if int(told[1]) == parent and told[0] != "Z" else []
    return found


def arguments(pid: int) -> str:
    """The words of its command; none of a process that has ended since it was listed."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


@contextmanager
def watching(
    root: Path, *words: str, country: str | None = "IT", json_lines: bool = True
) -> Iterator[Watcher]:
    """Start the command; it is ended, with whatever it started, when the test ends."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "actionpack.cli", "watch", "river", *words),
            *(("--sender-country", country) if country else ()),
            *(("--json",) if json_lines else ()),
        ],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if not json_lines else subprocess.DEVNULL,
    )
    watcher = Watcher(root, process)
    try:
        yield watcher
    finally:
        watcher.end()


@pytest.fixture
def watcher(bench: Bench) -> Iterator[Watcher]:
    """The command in a good project, its first build done."""
    with watching(bench.root) as one:
        assert one.round()["ok"]
        yield one


def with_word(path: Path, word: str) -> str:
    return path.read_text(encoding="utf-8").replace(WORD, word)


# -------------------------------------------------------------------------------------- saving


def in_place(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def renamed_over(path: Path, text: str) -> None:
    beside = path.with_name("en.md.tmp")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def with_a_backup(path: Path, text: str) -> None:
    probe = path.with_name("4913")
    probe.touch()
    probe.unlink()
    backup = path.with_name("en.md~")
    path.rename(backup)
    path.write_text(text, encoding="utf-8")
    backup.unlink()


def in_two_writes(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.write(text[: len(text) // 2])
        stream.flush()
        stream.write(text[len(text) // 2 :])


def deleted_and_made_again(path: Path, text: str) -> None:
    path.unlink()
    time.sleep(0.1)
    path.write_text(text, encoding="utf-8")


def with_its_folder(path: Path, text: str) -> None:
    folder = path.parent
    folder.rename(folder.with_name("river-before"))
    folder.mkdir()
    for old in folder.with_name("river-before").iterdir():
        (folder / old.name).write_bytes(old.read_bytes())
    path.write_text(text, encoding="utf-8")


def with_the_time_of_before(path: Path, text: str) -> None:
    told = path.stat()
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))


SAVES = (
    in_place, renamed_over, with_a_backup, in_two_writes, deleted_and_made_again,
    with_its_folder, with_the_time_of_before,
)  # fmt: skip


def test_every_way_of_saving_ends_in_a_file_of_what_was_saved(watcher: Watcher) -> None:
    written = watcher.letter.read_text(encoding="utf-8")
    # Words as long as the old one: a file may change and keep its size.
    for save, word in zip(SAVES, ("arrestaa", "arrestbb", "arrestcc", "arrestdd",
                                  "arrestee", "arrestff", "arrestgg"), strict=True):  # fmt: skip
        save(watcher.letter, written.replace(WORD, word))
        told = watcher.until_printed(word)
        assert told["files"] == [f"out/{NAME}"]


def test_saves_while_a_build_is_going_on_never_leave_an_old_file(watcher: Watcher) -> None:
    written = watcher.letter.read_text(encoding="utf-8")
    for number in range(12):
        watcher.save(watcher.letter, written.replace(WORD, f"word{number:03}x"))
        time.sleep(0.04)
    watcher.until_printed("word011x")
    # It may have been in its place while what was said of the build before was read.
    watcher.until_quiet()
    assert "word011x" in watcher.text()


def test_a_save_that_changes_nothing_builds_nothing(watcher: Watcher) -> None:
    watcher.save(watcher.letter, watcher.letter.read_text(encoding="utf-8"))
    time.sleep(1)
    assert watcher.lines.empty()


def test_the_file_is_the_one_that_build_makes(bench: Bench) -> None:
    with watching(bench.root, "--set", "group=Roma 12") as watcher:
        watcher.round()
        watcher.save(watcher.letter, with_word(watcher.letter, "detained"))
        watcher.until_printed("detained")
        watched = (bench.root / "out" / NAME).read_bytes()
    assert watched == bench.build("--set", "group=Roma 12").pdf


# -------------------------------------------------------------------------------------- faults


def test_a_broken_file_is_a_finding_and_the_file_of_before_stays(watcher: Watcher) -> None:
    written = watcher.letter.read_text(encoding="utf-8")
    watcher.save(watcher.letter, written.replace("salutation:", "salutatoin:"))
    found = watcher.until_found(lambda one: one["code"] == "unknown-field")
    assert found["severity"] == "error"
    assert found["file"] == "content/river/en.md"
    assert found["line"] == written.split("\n").index('salutation: "Dear Mayor,"') + 1
    assert "salutation" in found["cure"]
    assert WORD in watcher.text()
    watcher.save(watcher.letter, written.replace(WORD, "detained"))
    watcher.until_printed("detained")


def test_a_half_written_file_is_a_finding_and_not_the_end(watcher: Watcher) -> None:
    written = watcher.letter.read_bytes()
    for broken in (written[: len(written) // 3], b"", b"\xff\xfe\x00", b"---\ntitle: [\n---\n"):
        watcher.save(watcher.letter, broken)
        told = watcher.until(lambda told: not told["ok"])
        assert told["files"] == []
        assert told["findings"][0]["cure"]
    watcher.save(watcher.letter, written)
    assert watcher.until(lambda told: bool(told["ok"]))["files"] == [f"out/{NAME}"]


def test_a_file_or_folder_that_is_gone_is_a_finding_until_it_is_back(watcher: Watcher) -> None:
    folder, away = watcher.letter.parent, watcher.root / "away"
    for path in (watcher.letter, folder / "action.yaml", folder):
        path.rename(away)
        assert watcher.until_found(lambda one: one["code"] == "missing-file")["cure"]
        away.rename(path)
        watcher.until(lambda told: bool(told["ok"]))


def test_a_letter_too_long_is_told_and_shortened_again(watcher: Watcher) -> None:
    written = watcher.letter.read_text(encoding="utf-8")
    watcher.save(watcher.letter, written + "\n\nWe ask you this again.\n" * 120)
    assert watcher.until_found(lambda one: one["code"] == "letter-too-long")
    watcher.save(watcher.letter, written)
    assert watcher.until(lambda told: bool(told["ok"]))["findings"] == []


def test_words_that_cannot_be_used_end_it_at_once(bench: Bench) -> None:
    write_action(bench.root)
    for words, code in (
        (("--window", "porthole"), 2), (("--paper", "a9"), 2), (("--set", "group"), 2),
        (("--layout", "nothing"), 2),
    ):  # fmt: skip
        ran = bench.run("watch", "river", *words)
        assert (ran.code, ran.ok) == (code, False)
        assert ran.findings[0]["cure"]
    assert bench.run("watch", "rivre").only("missing-file")["cure"].endswith("'river'?")


# ------------------------------------------------------------------------- what else is watched


def test_the_layout_is_watched_also_one_that_comes_later(watcher: Watcher) -> None:
    own = watcher.root / "layouts" / "letter"
    own.parent.mkdir()
    beside = watcher.root / "letter"
    beside.mkdir()
    for file in (ROOT / "layouts" / "letter").iterdir():
        (beside / file.name).write_bytes(file.read_bytes())
    beside.rename(own)
    # The same layout from another folder: the pack is the same, and so is the file.
    numbers, told_of = own / "layout.toml", "layouts/letter/layout.toml"
    watcher.save(numbers, numbers.read_text().replace("safe =", "saef ="))
    assert watcher.until_found(lambda one: "saef" in one["message"])["file"] == told_of
    watcher.save(numbers, numbers.read_text().replace("saef =", "safe ="))
    assert watcher.until(lambda told: bool(told["ok"]))
    watcher.save(numbers, numbers.read_text() + "\nunheard_of = 1\n")
    assert watcher.until_found(lambda one: one["code"] == "unknown-field")["file"] == told_of
    watcher.save(numbers, numbers.read_text().replace("\nunheard_of = 1\n", ""))
    assert watcher.until(lambda told: bool(told["ok"]))
    style = own / "style.css"
    watcher.save(style, style.read_text() + "\np { colour: red }\n")
    assert watcher.until_found(lambda one: "colour: red" in one["message"])


def test_fonts_are_watched(watcher: Watcher) -> None:
    typesetter = watcher.child("actionpack.render.child")
    fonts = watcher.root / "assets" / "fonts"
    fonts.mkdir(parents=True)
    (fonts / "fonts.toml").write_text("[[fnot]]\n")
    assert watcher.until_found(lambda one: one["file"] == "assets/fonts/fonts.toml")
    (fonts / "fonts.toml").unlink()
    fonts.rmdir()
    watcher.until(lambda told: bool(told["ok"]))
    # What laid out with the fonts of before is gone.
    assert watcher.child("actionpack.render.child") != typesetter


def test_a_font_that_is_replaced_is_no_longer_the_listed_one(bench: Bench) -> None:
    name, other = "NotoSans-Regular.ttf", "NotoSerif-Regular.ttf"
    data = (FONTS / name).read_bytes()
    own = bench.root / "assets" / "fonts"
    own.mkdir(parents=True)
    (own / name).write_bytes(data)
    (own / "fonts.toml").write_text(
        f'[[font]]\nfile = "{name}"\nfamily = "Noto Sans"\nweight = 400\n'
        f'sha256 = "{hashlib.sha256(data).hexdigest()}"\n'
    )
    with watching(bench.root) as watcher:
        assert watcher.round()["ok"]
        watcher.save(own / name, (FONTS / other).read_bytes())
        found = watcher.until_found(lambda one: one["file"] == f"assets/fonts/{name}")
        assert found["message"] == "the font is not the one that fonts.toml lists"
        assert found["cure"].startswith('put that one back, or write sha256 = "')
        watcher.save(own / name, data)
        assert watcher.until(lambda told: bool(told["ok"]))


def test_a_picture_that_changes_is_printed_anew(bench: Bench) -> None:
    picture = bench.root / "content" / "river" / "images" / "boat.png"
    picture.parent.mkdir()
    write_picture(picture, "red")
    images = "images: [{file: images/boat.png, alt: {en: A boat}, credit: us, licence: CC0}]\n"
    write_action(bench.root, action=ACTION + images)
    with watching(bench.root) as watcher:
        assert watcher.round()["ok"]
        before = (bench.root / "out" / NAME).read_bytes()
        watcher.save(watcher.letter, with_word(watcher.letter, "detained"))
        watcher.until_printed("detained")
        again = (bench.root / "out" / NAME).read_bytes()
        write_picture(picture, "blue")
        watcher.until(lambda told: bool(told["ok"]))
        assert len({before, again, (bench.root / "out" / NAME).read_bytes()}) == 3
        watched = (bench.root / "out" / NAME).read_bytes()
    assert watched == bench.build().pdf


def write_picture(path: Path, colour: str) -> None:
    data = BytesIO()
    Image.new("RGB", (1200, 900), colour).save(data, "PNG")
    path.write_bytes(data.getvalue())


def test_the_date_is_judged_anew_each_time(bench: Bench) -> None:
    """`act_by` is 2027-12-31."""
    days = iter((date(2027, 12, 31), date(2028, 1, 1)))

    def today() -> Today:
        day = next(days)
        return Today(here=day, where_it_ends_last=day)

    with closing(rounds(bench.root, today)) as built:
        assert next(built).findings == ()
        letter = bench.root / "content" / "river" / "en.md"
        in_place(letter, with_word(letter, "detained"))
        assert [found.code for found in next(built).findings] == ["expired"]


# ------------------------------------------------------------------------------------- processes


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_ends_with_130_and_leaves_no_process(watcher: Watcher, ending: signal.Signals) -> None:
    children = watcher.children()
    assert len(children) == 2
    watcher.process.send_signal(ending)
    assert watcher.process.wait(PATIENCE_S) == 130
    assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []


def test_it_ends_in_the_middle_of_a_build_too(bench: Bench) -> None:
    with watching(bench.root) as watcher:
        while not (found := watcher.running("actionpack.render.child")):
            time.sleep(0.01)
        # What cannot come to its end is in its middle, however late this process tells it.
        os.kill(found[0], signal.SIGSTOP)
        watcher.process.send_signal(signal.SIGINT)
        assert watcher.process.wait(PATIENCE_S) == 130
        assert watcher.lines.empty()


@pytest.mark.parametrize("module", ["actionpack.render.child", "actionpack.preflight.beside"])
def test_a_process_that_was_killed_is_started_again(watcher: Watcher, module: str) -> None:
    killed = watcher.child(module)
    os.kill(killed, signal.SIGKILL)
    watcher.save(watcher.letter, with_word(watcher.letter, "detained"))
    assert watcher.round()["ok"]
    assert "detained" in watcher.text()
    assert watcher.child(module) != killed


def test_a_page_that_never_ends_is_a_finding_and_the_next_save_is_built(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Typesetter] = []
    begin = Typesetter.__init__

    def noted(typesetter: Typesetter, *arguments: Any, **words: Any) -> None:
        begin(typesetter, *arguments, **words)
        begun.append(typesetter)

    monkeypatch.setattr(Typesetter, "__init__", noted)
    letter = bench.root / "content" / "river" / "en.md"
    with closing(rounds(bench.root)) as built:
        next(built)
        (typesetter,) = begun
        # The one that hangs is not waited for as long as those that do what they are asked.
        typesetter._time_limit_s = 2.0
        os.kill(typesetter._child.pid, signal.SIGSTOP)
        in_place(letter, with_word(letter, "detained"))
        (found,) = next(built).findings
        assert (found.code, "within 2 s" in found.message) == ("render-failed", True)
        in_place(letter, letter.read_text(encoding="utf-8").replace("detained", "released"))
        assert [path.name for path in next(built).paths] == [NAME]


def test_a_typesetter_that_gave_up_is_not_asked_again(watcher: Watcher) -> None:
    """It may have come to the end of its memory."""
    own = watcher.root / "layouts" / "letter"
    own.mkdir(parents=True)
    for file in (ROOT / "layouts" / "letter").iterdir():
        (own / file.name).write_bytes(file.read_bytes())
    before = watcher.child("actionpack.render.child")
    template = own / "template.html.j2"
    deep = "{% for n in range(400) %}<div>{% endfor %}x"
    watcher.save(template, template.read_text().replace("\n<body ", f"\n{deep}<body "))
    assert watcher.until_found(lambda one: one["code"] == "render-failed")
    watcher.save(template, template.read_text().replace(deep, ""))
    watcher.until(lambda told: bool(told["ok"]))
    assert watcher.child("actionpack.render.child") != before


def rounds(
    root: Path,
    today: Callable[[], Today] = lambda: DAY,
    tell: Callable[[tuple[Finding, ...]], None] = lambda found: None,
    **asked: Any,
) -> Generator[Round]:
    """The builds of the command, in this process."""
    project = Project(root=root)
    place = partial(place_pack, project=project, output=None, keep_rejected=False, as_folder=False)
    requests = (Request(action="river", paper="a4", **({"sender_country": "IT"} | asked)),)
    return watch(project, requests, place=place, today=today, tell=tell)


def test_memory_stays_flat(watcher: Watcher) -> None:
    written = watcher.letter.read_text(encoding="utf-8")
    held = []
    for number in range(30):
        watcher.save(watcher.letter, written.replace(WORD, f"word{number:03}x"))
        watcher.until_printed(f"word{number:03}x")
        pids = (watcher.process.pid, *watcher.children())
        held.append(sum(resident_mb(pid) for pid in pids))
    # A document that is kept would take 3 MB each time. One sample is some MB off, so that what
    # leaks less, such as a font configuration of 0.26 MB, is left to the benchmark (`--memory`).
    assert min(held[20:]) - min(held[:10]) < 20


def resident_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


# ---------------------------------------------------------------------------------- what it says


def test_a_person_reads_findings_and_times_and_a_program_reads_paths(bench: Bench) -> None:
    with watching(bench.root, json_lines=False) as watcher:
        assert watcher.lines.get(timeout=PATIENCE_S) == f"out/{NAME}\n".encode()
        told = cast(IO[bytes], watcher.process.stderr)
        assert f"built out/{NAME} in ".encode() in told.readline()
        written = watcher.letter.read_text(encoding="utf-8")
        watcher.save(watcher.letter, written.replace("closing:", "clsoing:"))
        lines = [told.readline().decode()]
        while "not fit for print" not in lines[-1]:
            lines.append(told.readline().decode())
        assert any(line.startswith("content/river/en.md:") for line in lines)
        assert " s)" in lines[-1]
        watcher.process.send_signal(signal.SIGINT)
        assert told.read() == b"stopped\n"
    assert watcher.lines.empty()


@pytest.mark.parametrize(("strict", "severity"), [(False, "warning"), (True, "error")])
def test_what_is_wrong_with_the_text_is_told_before_the_file_is_made(
    bench: Bench, strict: bool, severity: str
) -> None:
    """Without the sender's country there is something to say."""
    told: list[tuple[str, str, bool]] = []
    pdf = bench.root / "out" / NAME

    def tell(found: tuple[Finding, ...]) -> None:
        told.extend((one.code, one.severity, pdf.exists()) for one in found)

    with closing(rounds(bench.root, tell=tell, sender_country=None, strict=strict)) as built:
        made = next(built)
    assert told == [("unknown-sender-country", severity, False)]
    assert [(one.code, one.severity) for one in made.findings] == [told[0][:2]]
    assert pdf.exists() is not strict


def test_a_person_is_told_each_thing_once(bench: Bench) -> None:
    with watching(bench.root, country=None, json_lines=False) as watcher:
        told = cast(IO[bytes], watcher.process.stderr)
        assert b"[unknown-sender-country]" in told.readline()
        assert b" built " in told.readline()


def test_a_draft_and_a_deadline_can_be_allowed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_action(bench.root, tag="de", fields={"status": "draft"})
    monkeypatch.setenv("ACTIONPACK_TODAY", "2028-01-01")
    cures = {
        "expired": "do not hand it out, or pass --allow-expired",
        "draft-translation": "have it reviewed, or pass --allow-draft",
    }
    with watching(bench.root, "--lang", "de") as watcher:
        found = watcher.round()["findings"]
    assert {one["code"]: one["cure"] for one in found if one["code"] in cures} == cures
    with watching(bench.root, "--lang", "de", json_lines=False) as watcher:
        told = cast(IO[bytes], watcher.process.stderr)
        lines = [told.readline().decode()]
        while "not fit for print" not in lines[-1]:
            lines.append(told.readline().decode())
    for code, cure in cures.items():
        assert [line for line in lines if line.endswith(f"; {cure} [{code}]\n")]


# ------------------------------------------------------------------------- what is not read twice


def rested(folder: Path, ago_s: int = 10) -> Callable[[], int]:
    """A clock by which the files of a folder have not changed for a while."""
    newest = max(path.stat().st_ctime_ns for path in folder.iterdir())
    return lambda: newest + ago_s * 10**9


def test_a_folder_at_rest_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_text("one")
    monkeypatch.setattr("actionpack.pack.time.time_ns", rested(tmp_path))
    hashes = FolderHashes()
    meant = folder_digest(tmp_path)
    assert hashes(tmp_path) == meant
    monkeypatch.setattr("actionpack.pack.folder_digest", lambda _: "read again")
    assert hashes(tmp_path) == meant
    (tmp_path / "b").write_text("")
    assert hashes(tmp_path) == "read again"


def test_a_folder_that_changed_a_moment_ago_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Times tick slowly: two changes in one tick leave the same times."""
    (tmp_path / "a").write_text("one")
    monkeypatch.setattr("actionpack.pack.time.time_ns", rested(tmp_path, ago_s=1))
    hashes = FolderHashes()
    hashes(tmp_path)
    monkeypatch.setattr("actionpack.pack.folder_digest", lambda _: "read again")
    assert hashes(tmp_path) == "read again"


def test_a_change_that_keeps_size_and_time_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_text("one")
    monkeypatch.setattr("actionpack.pack.time.time_ns", rested(tmp_path))
    hashes = FolderHashes()
    before = hashes(tmp_path)
    time.sleep(0.05)
    with_the_time_of_before(path, "two")
    assert hashes(tmp_path) != before


def test_a_file_that_goes_while_it_is_looked_for_is_told(bench: Bench) -> None:
    def gone(_: Path) -> str:
        raise FileNotFoundError(2, "No such file or directory")

    with pytest.raises(ChangedMeanwhileError) as refused:
        inputs(Project(root=bench.root), Request(action="river"), gone)
    (found,) = refused.value.findings
    assert found.message == "files of 'river' changed while they were being read"
    assert found.cure == "build it again"


def test_a_file_that_cannot_be_read_is_named(bench: Bench) -> None:
    def locked(_: Path) -> str:
        raise PermissionError(13, "Permission denied", str(bench.root / "content/river/en.md"))

    with pytest.raises(Rejected) as refused:
        inputs(Project(root=bench.root), Request(action="river"), locked)
    (found,) = refused.value.findings
    assert found.message == "'content/river/en.md' cannot be read (Permission denied)"
    assert (found.place.file, found.code) == ("content/river/en.md", "bad-file")


def test_a_style_sheet_seen_before_still_tells_what_is_wrong_with_it() -> None:
    job = Job(template='<html lang="en"><title>t</title><p>x', css="p { colour: red }")
    with Typesetter((FONTS,)) as typesetter:
        first, second = typesetter.lay_out(job), typesetter.lay_out(job)
    assert [found.code for found in first.findings] == ["layout-fault"]
    assert first.findings == second.findings


def test_a_style_sheet_that_reads_another_is_read_anew(tmp_path: Path) -> None:
    job = Job(
        template='<html lang="en"><title>t</title><p>x',
        css='@import "other.css";',
        mounts={"layout": tmp_path},
    )
    with Typesetter((FONTS,)) as typesetter:
        (tmp_path / "other.css").write_text("@page { size: 100mm 100mm }")
        assert round(typesetter.lay_out(job).pages[0].size.width) == 100
        (tmp_path / "other.css").write_text("@page { size: 50mm 50mm }")
        assert round(typesetter.lay_out(job).pages[0].size.width) == 50


def test_what_is_read_beside_is_what_would_be_found_here(bench: Bench) -> None:
    good = bench.build().pdf
    # A font that has lost its glyphs: every character of it is missing.
    for pdf in (good, good[: len(good) // 2], b"%PDF-1.7 nothing"):
        with Beside() as beside:
            wanted = check_insides(pdf, "x.pdf", is_ours=True)
            assert beside(pdf, "x.pdf")() == wanted
            os.kill(beside._child.pid, signal.SIGKILL)
            assert beside(pdf, "x.pdf")() == wanted
            assert beside(pdf, "x.pdf")() == wanted


def test_an_answer_that_nobody_waited_for_is_not_taken_for_the_next(bench: Bench) -> None:
    good = bench.build().pdf
    with Beside() as beside:
        beside(b"%PDF-1.7 nothing", "x.pdf")
        assert beside(good, "x.pdf")() == ()
