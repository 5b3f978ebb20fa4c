"""`batch` from outside: what it is asked, what it says, and what lies in the folder afterwards.

Most tests run the command in this process (`quick_batches`); those at the end start it as users do.
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import pickle
import re
import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from projects import ACTION, Bench, Ran, page_texts, write_action
from quick_batches import (
    BLANK,
    PATIENCE_S,
    Here,
    Quick,
    command,
    files,
    hashes,
    made_here,
    manifest_of,
    row,
    rows,
    typed,
    write_plan,
)

from actionpack import cli
from actionpack.batch.asked import Progress
from actionpack.batch.handing import Hands
from actionpack.batch.masters import lay_out_kinds
from actionpack.batch.weighing import Weighed, making_s, reading_back_s
from actionpack.diagnostics import Rejected, finding
from actionpack.volume import Task, make_volume

# A pack of the letter layout has four pages, on two sheets.
PAGES = 4


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache for all tests: what is laid out once is enough."""
    return tmp_path_factory.mktemp("kept")


@pytest.fixture
def quick(bench: Bench, kept: Path, monkeypatch: pytest.MonkeyPatch) -> Quick:
    monkeypatch.setenv("ACTIONPACK_CACHE", str(kept))
    made_here(monkeypatch)
    one = Quick(bench)
    one.plan(rows(12))
    return one


def names(ran: Ran) -> list[str]:
    return [path.as_posix() for path in ran.files]


def packs_of(folder: Path, manifest: dict[str, Any]) -> dict[int, list[bytes]]:
    """What is drawn on the pages of each pack that is printed, by its serial."""
    read: dict[str, pikepdf.Pdf] = {}
    found: dict[int, list[bytes]] = {}
    for pack in manifest["packs"]:
        if pack["volume"]:
            if pack["volume"] not in read:
                read[pack["volume"]] = pikepdf.open(folder / pack["volume"])
            pages = read[pack["volume"]].pages
            first = pack["first_page"] - 1
            found[pack["serial"]] = [
                pages[at].Contents.read_bytes() for at in range(first, first + pack["pages"])
            ]
    return found


def texts_of(folder: Path, manifest: dict[str, Any]) -> dict[int, str]:
    """The text of each pack that is printed, by its serial."""
    read: dict[str, list[str]] = {}
    found: dict[int, str] = {}
    for pack in manifest["packs"]:
        if pack["volume"]:
            name = pack["volume"]
            pages = read.setdefault(name, page_texts((folder / name).read_bytes()))
            first = pack["first_page"] - 1
            found[pack["serial"]] = " ".join(pages[first : first + pack["pages"]])
    return found


# --------------------------------------------------------------------------- files and manifest


def test_a_batch_is_volumes_a_job_sheet_and_a_manifest(quick: Quick) -> None:
    ran = quick.run()
    # Twelve packs in volumes of four.
    assert names(ran) == [
        "out/rome/volume-001.pdf",
        "out/rome/volume-002.pdf",
        "out/rome/volume-003.pdf",
        "out/rome/job-sheet.pdf",
        "out/rome/manifest.json",
    ]
    assert (ran.code, ran.ok, ran.findings) == (0, True, ())
    (item,) = ran.items
    assert item | {"seconds": 0} == {
        "name": "rome", "state": "done", "packs": 12, "left_out": 0, "volumes": 3,
        "pages": 12 * PAGES, "seconds": 0,
    }  # fmt: skip
    assert sorted(files(quick.out)) == sorted(Path(name).name for name in names(ran))


def test_the_manifest_has_the_promised_shape(quick: Quick) -> None:
    quick.run()
    told = quick.manifest()
    assert list(told) == [
        "version", "name", "asked", "state", "sources", "content", "versions", "files", "letters",
        "packs",
    ]  # fmt: skip
    assert (told["name"], told["state"]) == ("rome", "done")
    assert [source["file"] for source in told["sources"]] == ["rome.yaml", "rome.csv"]
    assert [kind["action"] for kind in told["content"]] == ["river"]
    assert {"actionpack-print", "python", "zlib", "pypdf", "weasyprint"} <= told["versions"].keys()
    # The seventh row below the header is row 8, and the third pack of the second volume.
    assert told["packs"][6] == {
        "row": 8, "serial": 7, "action": "river", "language": "en", "volume": "volume-002.pdf",
        "first_page": 2 * PAGES + 1, "pages": PAGES, "state": "done",
    }  # fmt: skip
    assert [pack["serial"] for pack in told["packs"]] == list(range(1, 13))
    listed = {one["name"]: (one["sha256"], one["bytes"]) for one in told["files"]}
    assert listed == {
        name: (hashlib.sha256(data).hexdigest(), len(data))
        for name, data in files(quick.out).items()
        if name != "manifest.json"
    }


def test_another_folder_can_be_named(quick: Quick) -> None:
    ran = quick.run("-o", "elsewhere/december")
    assert names(ran)[0] == "elsewhere/december/volume-001.pdf"
    assert not (quick.root / "out").exists()


def test_packs_are_named_by_their_bookmarks_and_their_page_labels(quick: Quick) -> None:
    quick.run()
    with pikepdf.open(quick.out / "volume-002.pdf") as pdf:
        with pdf.open_outline() as outline:
            titles = [one.title for one in outline.root]
        assert titles == [f"{n} · en · Group {n}" for n in (5, 6, 7, 8)]
        # The first page of the second pack, from 0.
        assert str(pdf.pages[PAGES].label) == "6 · en · Group 6 · 1"
        assert str(pdf.pages[2 * PAGES - 1].label) == "6 · en · Group 6 · 4"


def test_every_pack_has_its_own_words_and_its_serial(quick: Quick) -> None:
    quick.run()
    texts = texts_of(quick.out, quick.manifest())
    for number, text in texts.items():
        assert f"Group {number} " in text
        assert f"group{number}@example.org" in text
        assert f"Maria Rossi {number} " in text
        assert not re.search(rf"Maria Rossi (?!{number}\b)", text)
    assert len(texts) == 12


def test_copies_are_packs_with_serials_of_their_own(quick: Quick) -> None:
    quick.plan([row(1), row(2, copies="5"), row(3)])
    ran = quick.run()
    assert ran.items[0]["packs"] == 7
    packs = quick.manifest()["packs"]
    assert [pack["row"] for pack in packs] == [2, 3, 3, 3, 3, 3, 4]
    # Four to a volume: the copies of one row go on in the next.
    assert [pack["volume"][7:10] for pack in packs] == ["001"] * 4 + ["002"] * 3


# ---------------------------------------------------------------------- some of it printed again


def test_rows_are_printed_again_with_the_same_pages_and_serials(quick: Quick) -> None:
    quick.run()
    first, before = packs_of(quick.out, quick.manifest()), files(quick.out)
    ran = quick.run("--rows", "4-6,9")
    # The header is row 1, so that row 4 is the third pack.
    again = quick.manifest("rome-rows-4-6,9")
    assert names(ran)[0] == "out/rome-rows-4-6,9/volume-001.pdf"
    assert (ran.code, ran.items[0]["packs"]) == (0, 4)
    assert [(one["row"], one["serial"]) for one in again["packs"]] == [
        (4, 3),
        (5, 4),
        (6, 5),
        (9, 8),
    ]
    drawn = packs_of(names_folder(ran), again)
    assert drawn == {serial: first[serial] for serial in (3, 4, 5, 8)}
    assert files(quick.out) == before, "what was printed first stays as it is"


def names_folder(ran: Ran) -> Path:
    return ran.files[0].parent


def test_packs_are_printed_again_by_the_serials_on_their_pages(quick: Quick) -> None:
    quick.plan([row(1), row(2, copies="9"), row(3)])
    quick.run()
    first = packs_of(quick.out, quick.manifest())
    ran = quick.run("--serials", "6-7,7-8,11")
    again = quick.manifest("rome-serials-6-7,7-8,11")
    assert (ran.code, ran.items[0]["packs"], ran.items[0]["volumes"]) == (0, 4, 1)
    assert [(one["row"], one["serial"]) for one in again["packs"]] == [
        (3, 6),
        (3, 7),
        (3, 8),
        (4, 11),
    ]
    assert packs_of(names_folder(ran), again) == {n: first[n] for n in (6, 7, 8, 11)}


def test_rows_and_serials_together_are_all_of_both(quick: Quick) -> None:
    ran = quick.run("--rows", "2", "--serials", "5")
    assert [one["serial"] for one in manifest_of(names_folder(ran))["packs"]] == [1, 5]


def test_a_bad_row_that_is_not_asked_for_is_not_told_of(quick: Quick) -> None:
    quick.plan([row(1), row(2, language="xx"), row(3)])
    assert quick.run("--rows", "2").code == 0
    told = quick.run("--rows", "3,4")
    assert (told.code, told.only("bad-row")["row"]) == (4, 3)
    assert quick.run("--serials", "2").only("bad-value")["message"] == (
        "none of the rows asked for can be printed"
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--rows", "forty"), "--rows: 'forty' is no number and no span of two"),
        (("--rows", "6-4"), "--rows: '6-4' runs backwards"),
        (("--serials", "0"), "--serials: '0' is no number and no span of two"),
        (("--jobs", "0"), "0 is not in the range"),
        (("--proof", "some"), "'some' is not one of"),
        (("--executor", "nowhere"), "--executor is 'nowhere'"),
    ],
)
def test_what_cannot_be_asked_exits_with_2(bench: Bench, words: tuple[str, ...], told: str) -> None:
    write_plan(bench.root, rows(1))
    ran = bench.run("batch", "rome.yaml", *words)
    assert ran.code == 2
    assert told in ran.findings[0]["message"]
    assert not (bench.root / "out" / "rome").exists()


# ------------------------------------------------------------------------------ looking without


def test_a_dry_run_writes_nothing_and_its_numbers_hold(quick: Quick) -> None:
    quick.plan([*rows(30), row(31, sender="A" * 300)], volume="7", separators="true")
    before = files(quick.root)
    dry = quick.run("--dry-run")
    assert files(quick.root) == before
    assert (dry.code, dry.files) == (4, ())
    told = dry.items[0]
    real = quick.run()
    volumes = [one for one in quick.manifest()["files"] if one["name"].startswith("volume")]
    pages = sum(one["pages"] for one in volumes)
    assert (told["packs"], told["files"], told["volumes"]) == (30, 5, 5)
    assert real.items[0]["packs"] == 30
    assert (told["sides"], told["sheets"]) == (pages, pages // 2)
    assert told["bytes"] == pytest.approx(sum(one["bytes"] for one in volumes), rel=0.1)
    assert dry.findings == real.findings


def test_a_dry_run_knows_the_size_of_many_volumes_from_some(quick: Quick) -> None:
    quick.plan(rows(60), volume="6")
    told = quick.run("--dry-run").items[0]["bytes"]
    quick.run()
    size = sum(len(data) for name, data in files(quick.out).items() if name.startswith("volume"))
    assert told == pytest.approx(size, rel=0.1)


def test_a_dry_run_counts_packs_that_are_files_of_their_own(quick: Quick) -> None:
    quick.plan(rows(5), singles="true")
    told = quick.run("--dry-run").items[0]
    quick.run()
    size = sum(len(data) for name, data in files(quick.out).items() if name[0] in "vp")
    # Two volumes and five packs.
    assert told["files"] == 7
    assert told["bytes"] == pytest.approx(size, rel=0.1)


def test_a_dry_run_that_goes_on_counts_what_is_left(quick: Quick) -> None:
    quick.plan([*rows(10), row(11, sender="A" * 300)], singles="true", separators="true")
    whole = quick.run("--dry-run", "--resume").items[0]
    assert whole == quick.run("--dry-run").items[0] | {"seconds": whole["seconds"]}
    quick.run()
    left = quick.run("--dry-run", "--resume")
    told = left.items[0]
    assert (told["packs"], told["standing"], told["left_out"]) == (10, 10, 1)
    assert [told[key] for key in ("volumes", "files", "sides", "sheets", "bytes")] == [0] * 5
    # Packs 5 to 8 are those of the second volume, and 9 and 10 those of the third.
    (quick.out / "volume-002.pdf").unlink()
    (quick.out / "packs" / "10.pdf").unlink()
    before = files(quick.root)
    told = quick.run("--dry-run", "--resume").items[0]
    assert files(quick.root) == before
    assert (told["packs"], told["standing"], told["volumes"], told["files"]) == (10, 4, 2, 2 + 6)
    # Four sides a pack, and two of the sheet before each, as each is of another group.
    assert (told["sides"], told["sheets"]) == (6 * (4 + 2), 6 * (2 + 1))
    assert quick.run("--dry-run").items[0]["standing"] == 0


def test_what_is_left_is_said_in_words(quick: Quick) -> None:
    quick.plan(rows(6))
    quick.run()
    (quick.out / "volume-002.pdf").unlink()
    quick.bench.capture.readouterr()
    assert cli.run(["batch", "rome.yaml", "--dry-run", "--resume"]) == 0
    told = quick.bench.capture.readouterr().err
    assert "6 packs, 4 of them printed already; what is left: 4 sheets, 8 sides, 1 file, " in told


class Clock:
    """Clocks that tell a hundredth of a second more each time, and that what takes long puts
    forward."""

    def __init__(self, started_in: float = 0.0) -> None:
        self._started_in = started_in
        self._now = 0.0

    def forward(self, seconds: float) -> None:
        self._now += seconds

    def monotonic(self) -> float:
        self.forward(0.01)
        return self._now

    perf_counter = monotonic

    def process_time(self) -> float:
        return self._started_in

    def run(self, monkeypatch: pytest.MonkeyPatch, *, laying_out: Sequence[float]) -> None:
        """Have a batch go by these clocks, and lay out its packs in such times, one after another.

        Its job sheet takes 100 s.
        """
        times = iter(laying_out)

        def lay_out(*asked: Any, **more: Any) -> Any:
            self.forward(next(times))
            return lay_out_kinds(*asked, **more)

        def lay_out_sheet(*_: object) -> bytes:
            self.forward(100)
            return BLANK

        for module in ("cli.batching", "batch.run", "batch.weighing"):
            monkeypatch.setattr(f"actionpack.{module}.time", self)
        monkeypatch.setattr("actionpack.batch.run.lay_out_kinds", lay_out)
        monkeypatch.setattr("actionpack.batch.run.lay_out_job_sheet", lay_out_sheet)


def test_the_time_of_all_but_the_packs_counts_in_a_dry_run_and_in_a_real_one(
    quick: Quick, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick.run("--dry-run")
    Clock(started_in=10_000).run(monkeypatch, laying_out=(1000, 1000))
    for words in (("--dry-run",), ()):
        seconds = quick.run(*words).items[0]["seconds"]
        # Started in 10,000 s, laid out in 1000, told to the printer in 100, and twelve packs.
        assert 11_100 <= seconds < 11_110


def test_what_is_laid_out_in_a_dry_run_is_in_the_cache_for_the_real_one(
    quick: Quick, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ACTIONPACK_CACHE", str(tmp_path / "empty"))
    # Laid out in 5000 s, and found in the cache in 10.
    Clock().run(monkeypatch, laying_out=(5000, 10))
    assert 110 <= quick.run("--dry-run").items[0]["seconds"] < 120


def test_what_cannot_be_kept_is_laid_out_again_in_the_real_run(
    quick: Quick, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("ACTIONPACK_CACHE", str(tmp_path / "file" / "none"))
    Clock().run(monkeypatch, laying_out=(5000,))
    assert 5100 <= quick.run("--dry-run").items[0]["seconds"] < 5110


def test_what_fails_while_volumes_are_weighed_is_told_by_a_dry_run(
    quick: Quick, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> bytes:
        raise RuntimeError("bound to fail")

    monkeypatch.setattr("actionpack.volume._bound", fail)
    dry = quick.run("--dry-run")
    assert dry.code == 4
    assert set(dry.errors) == {"internal"}
    assert all("bound to fail" in one["message"] for one in dry.findings)


def test_a_job_sheet_that_cannot_be_made_is_told_by_a_dry_run(
    quick: Quick, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bytes:
        raise Rejected(finding("render-failed", "the page could not be laid out", cure="again"))

    monkeypatch.setattr("actionpack.batch.run.lay_out_job_sheet", refuse)
    dry = quick.run("--dry-run")
    assert (dry.code, dry.files) == (4, ())
    assert dry.findings == quick.run().findings != ()


@pytest.mark.parametrize(
    ("packs", "volumes", "workers", "expected"),
    [
        # Eight volumes of 500 packs, two at a time in four rounds, took 4 s: 1 s a round.
        (4000, 8, 2, 4.0),
        (20_000, 40, 2, 20.0),
        # One more is a round for itself.
        (20_500, 41, 2, 21.0),
        # With five at a time they took two rounds, of 2 s each.
        (20_000, 40, 5, 16.0),
        (0, 0, 2, 0.0),
    ],
)
def test_all_volumes_take_as_many_rounds_as_there_are(
    packs: int, volumes: int, workers: int, expected: float
) -> None:
    weighed = Weighed(bytes=1.0, packs=4000 if packs else 0, volumes=8 if packs else 0, seconds=4.0)
    seconds = making_s(weighed, packs=packs, volumes=volumes, workers=workers)
    assert seconds == pytest.approx(expected)


@pytest.mark.parametrize(
    ("packs", "volumes", "workers", "expected"),
    [
        # Half a second each; what is in one volume is read by one worker.
        (20_000, 40, 2, 5000.0),
        (500, 1, 2, 250.0),
        (0, 0, 2, 0.0),
    ],
)
def test_reading_all_back_takes_as_long_as_there_are_packs(
    packs: int, volumes: int, workers: int, expected: float
) -> None:
    seconds = reading_back_s(0.5, packs=packs, volumes=volumes, workers=workers)
    assert seconds == pytest.approx(expected)


def test_reading_all_back_counts_in_a_dry_run(
    quick: Quick, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()

    def make(task: bytes) -> bytes:
        opened: Task = pickle.loads(task.partition(b"\n")[2])
        clock.forward(1000 * len(opened.proved))
        return make_volume(task)

    hands = Hands(limit_s=1e6, work=make)
    monkeypatch.setattr("actionpack.batch.run.usual_hands", lambda *_, **__: hands)
    clock.run(monkeypatch, laying_out=(0, 0, 0, 0))
    sample = quick.run("--dry-run").items[0]["seconds"]
    # When the worker starts one pack is read back, and then one of each of three volumes; this
    # counts with the time for the manifest, a fiftieth. A job sheet takes 100 s.
    assert 1000 + 3060 + 100 <= sample < 4300
    whole = quick.run("--dry-run", "--proof", "all").items[0]["seconds"]
    assert whole - sample == pytest.approx(12_000, abs=50)


@pytest.mark.parametrize("words", [(), ("--dry-run",)])
def test_strict_refuses_all_for_one_row_and_writes_nothing(
    quick: Quick, words: tuple[str, ...]
) -> None:
    quick.plan([row(1), row(2, sender="A" * 300), row(3, language="xx")])
    ran = quick.run("--strict", *words)
    assert (ran.code, ran.ok) == (1, False)
    assert [found["row"] for found in ran.findings] == [3, 4]
    assert not quick.out.exists()


# ------------------------------------------------------------------------------------- the rows


def test_rows_that_cannot_be_printed_are_left_out_and_named(quick: Quick) -> None:
    bad = [
        row(2, sender="Zoë 😀"),
        row(3, sender='=HYPERLINK("https://example.org","x")'),
        row(4, group="N" * 80),
        row(5, sender="Anna \u202eissoR\u202c"),
        row(6, action="lake"),
        row(7, language="xx"),
        row(8, copies="many"),
        row(9, sender="one\ntwo\nthree\nfour\nfive"),
        row(10, layout="poster"),
        row(11, target="king"),
        row(1),
    ]
    quick.plan(
        [row(1), *bad, row(12, sender="ليلى Rossi\nRoma"), row(13, sender="D’Arco-Ñandú O'Neil")]
    )
    ran = quick.run()
    assert ran.code == 4
    # The first row below the header is row 2, and good.
    told = sorted({found["row"] for found in ran.findings})
    assert told == list(range(3, 14))
    assert set(ran.codes) == {"bad-row", "duplicate-row"}
    assert all(found["file"] == "rome.csv" and found["cure"] for found in ran.findings)
    states = {pack["row"]: pack["state"] for pack in quick.manifest()["packs"]}
    assert states == {2: "done", **dict.fromkeys(range(3, 13), "bad-row"), 13: "duplicate-row",
                      14: "done", 15: "done"}  # fmt: skip
    # Serials count the rows that were left out.
    texts = texts_of(quick.out, quick.manifest())
    assert sorted(texts) == [1, 13, 14]
    assert "D’Arco-Ñandú O'Neil" in texts[14]
    assert quick.manifest()["state"] == "in part"


def test_findings_come_in_the_order_of_the_rows(quick: Quick) -> None:
    quick.plan([row(1, sender="A" * 300), row(2, language="xx"), row(3, group="N" * 80), row(4)])
    assert [found["row"] for found in quick.run().findings] == [2, 3, 4]


def test_a_plan_without_a_pack_that_can_be_printed_exits_with_1(quick: Quick) -> None:
    quick.plan([row(1, language="xx")])
    ran = quick.run()
    assert (ran.code, ran.codes) == (1, ["bad-row", "bad-row"])
    assert ran.findings[1]["message"] == "there is no pack that can be printed"
    assert not quick.out.exists()


def test_a_faulty_plan_is_told_whole_and_nothing_is_written(quick: Quick) -> None:
    quick.plan(rows(2), window="porthole", volume="none", colour="red")
    ran = quick.run()
    assert ran.code == 1
    assert {(found["line"], found["code"]) for found in ran.findings} == {
        (4, "bad-value"), (5, "bad-value"), (6, "unknown-field"),
    }  # fmt: skip
    assert not (quick.root / "out").exists()


@pytest.mark.parametrize(
    ("group", "code", "told"),
    [
        ("G \ua000", "bad-row", "(U+A000, yi syllable it), which is in no font here for 'en'"),
        ("G \\ud800", "bad-value", "(half of a character), which prints nothing and can change"),
        ("G \\u202e", "bad-value", "(right-to-left override), which prints nothing and can change"),
    ],
)
def test_what_cannot_be_printed_in_an_entry_of_the_plan_is_told_with_its_line(
    quick: Quick, group: str, code: str, told: str
) -> None:
    entry = f'\n  - {{action: river, language: en, group: "{group}"}}'
    quick.plan(rows(2), packs="\n  - {action: river, language: en}" + entry)
    found = quick.run().only(code)
    plan = (quick.root / "rome.yaml").read_text(encoding="utf-8")
    assert (found["file"], found["row"]) == ("rome.yaml", None)
    assert found["line"] == plan[: plan.index("group:")].count("\n") + 1
    assert told in found["message"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("act_by: 2027-05-01", "expired"),
        ("act_by: 2027-12-31\nembargo: 2027-07-01", "embargoed"),
        ("act_by: 2027-12-31\nstopped: {date: 2027-05-01, reason: They are free}", "stopped"),
    ],
)
def test_an_action_that_may_not_be_printed_is_left_out_with_the_reason(
    quick: Quick, line: str, code: str
) -> None:
    action = ACTION.replace("id: river", "id: lake").replace("act_by: 2027-12-31", line)
    write_action(quick.root, action=action, name="lake")
    quick.plan([row(1), row(2, action="lake"), row(3)])
    ran = quick.run()
    assert (ran.code, ran.codes) == (4, [code, "bad-row"])
    assert ran.findings[0]["file"] == "content/lake/action.yaml"
    assert (ran.findings[1]["row"], ran.items[0]["left_out"]) == (3, 1)
    assert [one["state"] for one in quick.manifest()["packs"]] == ["done", code, "done"]


def test_what_may_be_printed_all_the_same_is_said_in_the_plan(quick: Quick) -> None:
    write_action(quick.root, action=ACTION.replace("2027-12-31", "2027-05-01"))
    assert quick.run().code == 1
    quick.plan(rows(2), allow_expired="true")
    ran = quick.run()
    assert (ran.code, ran.items[0]["packs"]) == (0, 2)


def test_a_draft_is_left_out_unless_the_plan_allows_it(quick: Quick) -> None:
    write_action(quick.root, fields={"status": "draft"}, tag="fr")
    table = [row(1), row(2, language="fr")]
    quick.plan(table)
    ran = quick.run()
    assert (ran.code, ran.errors) == (4, ["draft-translation", "bad-row"])
    assert ran.findings[0]["cure"].endswith("or write 'allow_draft: true' into the plan")
    assert [one["state"] for one in quick.manifest()["packs"]] == ["done", "draft-translation"]
    quick.plan(table, allow_draft="true")
    assert quick.run().items[0]["packs"] == 2


# ------------------------------------------------------------------------------------- mixtures


def test_layouts_and_languages_stand_in_one_plan_and_packs_on_rectos(quick: Quick) -> None:
    write_action(quick.root, fields={"status": "reviewed", "reviewer": "Ada"}, tag="fr")
    quick.plan(
        [
            row(1),
            row(2, language="fr"),
            {"action": "river", "language": "en", "layout": "labels"},
            row(4, language="fr"),
        ]
    )
    ran = quick.run()
    assert (ran.code, ran.errors) == (0, [])
    packs = quick.manifest()["packs"]
    assert [one["language"] for one in packs] == ["en", "fr", "en", "fr"]
    assert [one["pages"] for one in packs] == [PAGES, PAGES, 1, PAGES]
    # Labels are printed on one side, and are a file of their own.
    assert [one["first_page"] for one in packs] == [1, 5, 1, 9]
    assert [one["volume"] for one in packs] == [f"volume-00{number}.pdf" for number in (1, 1, 2, 1)]
    assert len(quick.manifest()["content"]) == 3


MIXED = [
    row(1),
    {"action": "river", "language": "en", "layout": "envelope", "copies": "3"},
    row(3),
    {"action": "river", "language": "en", "layout": "labels"},
    row(5, group="Group 1"),
]


def media_of(folder: Path) -> dict[str, tuple[set[tuple[int, int]], str]]:
    """The sizes of the pages of each volume, in points, and how printers are told to print it."""
    found = {}
    for path in sorted(folder.glob("volume-*.pdf")):
        with pikepdf.open(path) as pdf:
            sizes = {(round(page.mediabox[2]), round(page.mediabox[3])) for page in pdf.pages}
            found[path.name] = (sizes, str(pdf.Root.ViewerPreferences.get("/Duplex")))
    return found


@pytest.mark.parametrize("separators", ["true", "false"])
def test_each_file_is_of_one_paper_and_says_so_in_the_manifest(
    quick: Quick, separators: str
) -> None:
    quick.plan(MIXED, separators=separators)
    dry = quick.run("--dry-run").items[0]
    ran = quick.run()
    assert (ran.code, ran.errors) == (0, [])
    a4, dl = {(595, 842)}, {(624, 312)}
    assert media_of(quick.out) == {
        "volume-001.pdf": (a4, "/DuplexFlipLongEdge"),
        "volume-002.pdf": (dl, "/Simplex"),
        "volume-003.pdf": (a4, "/Simplex"),
    }
    told = quick.manifest()
    assert [(one["name"], one["paper"], one["duplex"]) for one in told["files"][:3]] == [
        ("volume-001.pdf", "a4", True),
        ("volume-002.pdf", "dl", False),
        ("volume-003.pdf", "a4", False),
    ]
    assert [(one["serial"], one["volume"]) for one in told["packs"]] == [
        (serial, f"volume-00{number}.pdf")
        for serial, number in ((1, 1), (2, 2), (3, 2), (4, 2), (5, 1), (6, 3), (7, 1))
    ]
    # Letters have two sheets each, envelopes and labels one; and before Groups 1 and 3, the
    # envelopes and the labels stands a separator.
    more = 4 if separators == "true" else 0
    pages = sum(one["pages"] for one in told["files"][:3])
    assert dry["sheets"] == 3 * 2 + 3 + 1 + more
    assert dry["sides"] == pages
    assert quick.bench.run("check", *map(str, sorted(quick.out.glob("volume-*")))).code == 0


def test_a_batch_on_mixed_papers_goes_on_and_is_printed_again_in_part(quick: Quick) -> None:
    quick.plan(MIXED, separators="true", singles="true")
    quick.run()
    whole = hashes(files(quick.out))
    (quick.out / "volume-002.pdf").unlink()
    (quick.out / "packs" / "6.pdf").unlink()
    assert quick.run("--resume").code == 0
    assert hashes(files(quick.out)) == whole
    assert quick.run("--rows", "3-4").code == 0
    again = quick.manifest("rome-rows-3-4")
    assert [(one["serial"], one["volume"]) for one in again["packs"]] == [
        (serial, f"volume-00{number}.pdf") for serial, number in ((2, 1), (3, 1), (4, 1), (5, 2))
    ]
    first = texts_of(quick.out, quick.manifest())
    second = texts_of(quick.root / "out" / "rome-rows-3-4", again)
    assert {serial: first[serial] for serial in (2, 3, 4, 5)} == second


def test_volumes_of_one_side_are_counted_in_sheets_of_one_side(quick: Quick) -> None:
    labels = {"action": "river", "language": "en", "layout": "labels"}
    quick.plan([row(1), row(2), labels], volume="2")
    told = quick.run("--dry-run").items[0]
    # Two packs of four sides on two sheets each, and one sheet of labels.
    assert (told["sides"], told["sheets"]) == (9, 5)


# ---------------------------------------------------------------------- packs as files of their own


def test_each_pack_can_be_a_file_of_its_own(quick: Quick) -> None:
    quick.plan([row(1), row(2, language="xx"), *rows(12)[2:]], singles="true")
    ran = quick.run()
    # Twelve packs, so two digits; the second cannot be printed.
    singles = [f"packs/{n:02d}.pdf" for n in range(1, 13) if n != 2]
    assert [name for name in files(quick.out) if name.startswith("packs/")] == singles
    assert [name for name in names(ran) if "packs/" in name] == [
        f"out/rome/{one}" for one in singles
    ]
    assert ran.items[0] | {"seconds": 0} == {
        "name": "rome", "state": "in part", "packs": 11, "left_out": 1, "volumes": 3,
        "pages": 11 * PAGES, "seconds": 0,
    }  # fmt: skip
    listed = {one["name"]: one for one in quick.manifest()["files"]}
    data = (quick.out / "packs/07.pdf").read_bytes()
    assert listed["packs/07.pdf"] == {
        "name": "packs/07.pdf", "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data),
        "pages": PAGES, "packs": 1, "paper": "a4", "duplex": True, "flip": "long", "impose": None,
    }  # fmt: skip
    assert "Maria Rossi 7 " in " ".join(page_texts(data))


def test_going_on_makes_again_the_single_packs_that_are_missing_or_changed(quick: Quick) -> None:
    quick.plan(rows(12), singles="true")
    quick.run()
    clean = files(quick.out)
    (quick.out / "packs/03.pdf").unlink()
    (quick.out / "packs/06.pdf").write_bytes(clean["packs/05.pdf"])
    (quick.out / "packs/10.pdf").write_bytes(clean["packs/10.pdf"][:-20])
    quick.run("--resume")
    assert hashes(files(quick.out)) == hashes(clean)


def test_without_singles_those_of_an_earlier_run_are_removed(quick: Quick) -> None:
    quick.plan(rows(3), singles="true")
    quick.run()
    (quick.out / "packs/99.pdf").write_bytes(b"%PDF-1.4 somebody's own")
    quick.plan(rows(3))
    quick.run()
    assert [name for name in files(quick.out) if "/" in name] == ["packs/99.pdf"]


# ----------------------------------------------------------------------------- as users type it


def test_the_command_as_it_is_typed(tmp_path: Path, bench: Bench) -> None:
    write_plan(tmp_path, rows(9))
    ran = typed(tmp_path, "batch", "rome.yaml", "--jobs", "2")
    assert ran.returncode == 0
    assert ran.stdout.splitlines() == [
        *(f"out/rome/volume-00{n}.pdf" for n in (1, 2, 3)),
        "out/rome/job-sheet.pdf",
        "out/rome/manifest.json",
    ]
    first, *_, last, summary = ran.stderr.splitlines()
    assert first == "laying out"
    assert re.fullmatch(r"printing: 9 of 9 packs, 3 of 3 volumes, \d+ a second, 0 s left", last)
    assert re.fullmatch(r"9 packs in 3 files, 36 pages, [\d.]+ s", summary)
    assert "\r" not in ran.stderr
    assert "\x1b" not in ran.stderr
    told = files(tmp_path / "out" / "rome")
    assert "rome" in page_texts(told["job-sheet.pdf"])[0]
    assert sorted(told) == sorted(Path(line).name for line in ran.stdout.splitlines())

    again = typed(tmp_path, "batch", "rome.yaml", "--rows", "3", "--json")
    assert (again.returncode, again.stderr) == (0, "")
    said = json.loads(again.stdout)
    assert list(said) == ["ok", "files", "items", "findings"]
    assert said["files"][0] == "out/rome-rows-3/volume-001.pdf"


def test_on_a_terminal_progress_is_one_line_that_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from actionpack.cli import batching

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    line = batching._Line(quiet=False)
    progress = Progress(
        doing="printing", packs=50, all_packs=200, volumes=1, all_volumes=4, seconds=2
    )
    line.tell(progress)
    line.end()
    # 50 in 2 s are 25 a second: 150 more take 6 s.
    said = "printing: 50 of 200 packs, 1 of 4 volumes, 25 a second, 6 s left"
    assert terminal.getvalue() == f"\r\x1b[K{said}\n"


def test_a_terminal_that_is_closed_meanwhile_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from actionpack.cli import batching

    class Closed(io.StringIO):
        def isatty(self) -> bool:
            return True

        def write(self, text: str) -> int:
            if self.getvalue():
                raise OSError(errno.EIO, "Input/output error")
            return super().write(text)

    terminal = Closed()
    monkeypatch.setattr("sys.stderr", terminal)
    line = batching._Line(quiet=False)
    line.tell(Progress(doing="laying out"))
    line.end()
    assert terminal.getvalue() == "\r\x1b[Klaying out"


@pytest.mark.parametrize("eyes", [True, False])
def test_what_halts_it_is_told_at_once_on_a_line_that_stays(
    monkeypatch: pytest.MonkeyPatch, eyes: bool
) -> None:
    from actionpack.cli import batching

    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: eyes)
    monkeypatch.setattr("sys.stderr", stream)
    line = batching._Line(quiet=False)
    progress = Progress(doing="printing", packs=5, all_packs=20, volumes=1, all_volumes=4)
    for one in (progress, replace(progress, halted="nobody works"), progress):
        line.tell(one)
    line.end()
    said, begin = "printing: 5 of 20 packs, 1 of 4 volumes", "\r\x1b[K" if eyes else ""
    # On a terminal the first of them is written over.
    first = f"{begin}{said}" if eyes else f"{said}\n"
    assert stream.getvalue() == f"{first}{begin}nobody works\n{begin}{said}\n"


def test_a_slip_in_a_column_of_copies_ends_at_once(quick: Quick) -> None:
    quick.plan([row(number, copies="1000000") for number in range(1, 22)])
    ran = quick.run()
    assert (ran.code, ran.errors) == (1, ["bad-value"])
    assert ran.findings[0]["message"] == (
        "the plan asks for 21000000 packs, and one batch has 20000000 at most"
    )
    assert not quick.out.exists()


def test_rows_that_are_not_there_are_named(quick: Quick) -> None:
    ran = quick.run("--rows", "3,99")
    assert (ran.code, ran.errors) == (4, ["bad-value"])
    assert ran.findings[0]["message"].startswith("row 99 is asked for, and the table ends with row")
    ran = quick.run("--serials", "2,99")
    assert ran.findings[0]["message"].startswith("pack 99 is asked for, and the plan has")


def test_another_batch_is_never_written_over(quick: Quick) -> None:
    quick.run("-o", "out/here")
    before = files(quick.root / "out" / "here")
    ran = quick.run("--rows", "3", "-o", "out/here")
    assert (ran.code, ran.errors) == (1, ["exists"])
    assert ran.findings[0]["message"] == "'out/here' holds another batch: 'rome', all"
    quick.plan(rows(2), name="other")
    assert quick.run("-o", "out/here", "--resume").errors == ["exists"]
    assert files(quick.root / "out" / "here") == before


def test_a_code_that_nobody_can_read_leaves_its_row_out(quick: Quick) -> None:
    quick.plan([row(1), row(2, source="x" * 300), row(3)])
    for words in ((), ("--dry-run",), ("--proof", "all", "-o", "out/all")):
        ran = quick.run(*words)
        assert (ran.code, ran.items[0]["packs"], ran.items[0]["left_out"]) == (4, 2, 1)
        wrong = [one for one in ran.findings if one["severity"] == "error"]
        assert {(one["code"], one["row"]) for one in wrong} == {("bad-row", 3)}
        assert "module of the QR code is 0." in wrong[0]["message"]
        assert "slot" not in wrong[0]["cure"]


def test_what_is_wrong_with_many_rows_is_said_once_to_people(
    quick: Quick, capsys: pytest.CaptureFixture[str]
) -> None:
    quick.plan(
        [row(1), *(row(number, group=f"Rome \U0001f388 {number}") for number in range(2, 6))]
    )
    cli.run(["batch", "rome.yaml", "--jobs", "1"])
    told = capsys.readouterr().err
    (line,) = [line for line in told.splitlines() if "balloon" in line]
    assert line.startswith("rome.csv:row 3: error: ")
    assert "(and 3 more: rows 4, 5, 6)" in line


@pytest.mark.parametrize(
    ("words", "workers"), [((), 3), (("--rows", "3-5"), 1), (("--serials", "1-5"), 2)]
)
def test_no_more_workers_start_than_there_are_volumes_to_make(
    quick: Quick, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], workers: int
) -> None:
    begun: list[int] = []

    class Counted(Here):
        def start(self, workers: int) -> None:
            super().start(workers)
            begun.append(self.workers)

    monkeypatch.setattr("actionpack.batch.run.LocalPool", Counted)
    # Twelve rows in volumes of four.
    assert quick.bench.run("batch", "rome.yaml", "--jobs", "8", *words).code == 0
    assert begun == [workers]


@pytest.mark.parametrize("closing", ["2>&-", ">&-", "2>/dev/full"])
def test_nobody_to_tell_never_stops_the_printing(quick: Quick, closing: str) -> None:
    words = " ".join(map(shlex.quote, command("batch", "rome.yaml", "--jobs", "1")))
    ran = subprocess.run(
        ["/bin/sh", "-c", f"{words} {closing}"],
        cwd=quick.root,
        check=False,
        timeout=PATIENCE_S,
        capture_output=True,
    )
    assert (quick.out / "manifest.json").exists(), ran
    assert (ran.returncode, quick.manifest()["state"]) == (0, "done"), ran
    assert len(files(quick.out)) == 5


@pytest.mark.parametrize("words", [(), ("--dry-run",), ("--resume",)])
@pytest.mark.parametrize(
    ("named", "file", "instead"),
    [
        ("rome.pdf", "rome.pdf", "rome"),
        ("lists/roma uno.pdf", "lists/roma uno.pdf", "'lists/roma uno'"),
        ("rome.csv/packs", "rome.csv", "rome"),
        ("notes", "notes", "notes-packs"),
    ],
)
def test_an_output_that_is_a_file_is_refused_with_what_to_type(
    quick: Quick, named: str, file: str, instead: str, words: tuple[str, ...]
) -> None:
    path = quick.root / file
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine")
    ran = quick.run("-o", named, *words)
    assert (ran.code, ran.files) == (2, ())
    told = ran.only("bad-value")
    assert told["message"] == f"-o names a file, '{file}', and the packs go into a folder"
    assert told["cure"] == f"write -o {instead}"
    assert path.read_text() == "mine"


def test_an_output_without_a_name_is_refused(quick: Quick) -> None:
    ran = quick.run("-o", "")
    assert (ran.code, ran.errors) == (2, ["bad-value"])
