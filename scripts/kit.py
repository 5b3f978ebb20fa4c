"""Build every layout, draw its sheets, and write docs/gallery.md about them.

    .venv/bin/python scripts/kit.py            build, draw, write
    .venv/bin/python scripts/kit.py --check    compare what is written; builds and draws nothing

Each entry of the gallery is a command, which is run as it stands on the page. How its file is
printed is what the program says of it: when the page is only compared, that is taken as it is.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from pictures import beside, inked, pages_of  # noqa: E402 -- found by the line above

from actionpack.listing import layouts  # noqa: E402 -- the same

PAGE = ROOT / "docs" / "gallery.md"
PICTURES = ROOT / "docs" / "pictures" / "layouts"
TODAY = "2027-06-01"
LARGEST = 60_000
# The picture for README.md: the first sides of these entries, to one scale.
TOGETHER = "kit"
IN_IT = ("poster", "letter", "petition", "handout", "postcard", "tally")
TOGETHER_DPI = 26
SEED, RIVER = "china-uyghur-families", "ombrovia-paper-boats"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An entry: its picture's name, what it is for, what hands do after printing, its command.

    So many `sides` are drawn, the first that are not blank.
    """

    name: str
    title: str
    purpose: str
    after: str
    command: str
    sides: int = 1
    dpi: int = 36


ENTRIES = (
    Shown(
        name="letter",
        title="Letter",
        purpose="The pack itself: a briefing, a letter to sign above its stub, for an envelope "
        "with a window or without.",
        after="Tear along the dashed line, fold at the mark, put the letter into its envelope.",
        command=f"build {SEED} --sender-country IT",
        sides=3,
        dpi=44,
    ),
    Shown(
        name="selfmailer",
        title="Letter without an envelope",
        purpose="For a stall that has no envelopes. Here in Chinese.",
        after="Take paper of 120 g/m²: machines of USPS want 104 or more, of Deutsche Post 115. "
        "Fold in three at the marks, close with tape where the marks are, add a stamp.",
        command=f"build {SEED} --layout selfmailer --lang zh-Hans --sender-country IT "
        "--allow-draft",
        sides=3,
        dpi=44,
    ),
    Shown(
        name="postcard",
        title="Postcard",
        purpose="For people who have one minute. Picture, title and the ask in front, a short "
        "letter behind; four cards (A6) to a sheet. The ask is left out where the case has rules "
        "of safety, as here.",
        after="Take card of 160 g/m² or more. Cut along the middle, both ways.",
        command=f"build {RIVER} --layout postcard --sender-country FR",
        sides=2,
    ),
    Shown(
        name="double-card",
        title="Postcard with a half to keep",
        purpose="One half is posted, the other stays with its signer: the code, the deadline, what "
        "the letter says.",
        after="Take card, and cut between the pages. Whoever signs tears off the half to keep.",
        command=f"build {SEED} --layout double-card --sender-country IT",
        sides=2,
    ),
    Shown(
        name="handout",
        title="Booklet for schools",
        purpose="For a lesson: the case in plain words, questions to talk about, pages to write "
        "one's own letter on, a page for the teacher. Greyscale, no data of pupils. Here in "
        "Arabic: it opens from the other side.",
        after="With a long stapler, or a needle and thread. Trim the outer edge if it steps.",
        command=f"build {SEED} --layout handout --lang ar --sender-country IT --allow-draft",
        sides=2,
        dpi=44,
    ),
    Shown(
        name="petition",
        title="Petition",
        purpose="For a stall: the demand and rows to sign. Here in Arabic.",
        after="Nothing to cut. Take a clip board, and post the sheets to the address at their "
        "foot.",
        command=f"build {SEED} --layout petition --lang ar --sender-country IT --allow-draft",
        sides=2,
    ),
    Shown(
        name="poster",
        title="Poster",
        purpose="For a wall: its code is read from two metres. Here in Chinese.",
        after="Nothing to cut.",
        command=f"build {SEED} --layout poster --lang zh-Hans --sender-country IT --allow-draft",
        dpi=26,
    ),
    Shown(
        name="poster-tiles",
        title="Poster from an office printer",
        purpose="The same on four sheets of A4, to be glued together.",
        after="Begin at the top left.",
        command=f"build {SEED} --layout poster --impose tile --sheet a4 --sender-country IT",
        sides=4,
        dpi=26,
    ),
    Shown(
        name="tally",
        title="Tally sheet",
        purpose="For the organiser of a stall: letters counted by language and by day, a check "
        "list, a form to send back.",
        after="Cut off the form at the dashed line.",
        command=f"build {SEED} --layout tally --sender-country IT",
    ),
    Shown(
        name="labels",
        title="Labels",
        purpose="The address 21 times, for envelopes without a window. Here posted from Egypt.",
        after="Print on a sheet of labels, three columns of seven, or cut and glue.",
        command=f"build {SEED} --layout labels --lang ar --sender-country EG --allow-draft",
    ),
    Shown(
        name="envelope",
        title="Envelope",
        purpose="The address on the envelope itself, for printers that take envelopes.",
        after="Nothing to cut. Print one first, to learn which way round they go in.",
        command=f"build {SEED} --layout envelope --paper c6 --sender-country IT",
        dpi=60,
    ),
    Shown(
        name="press",
        title="For a print shop",
        purpose="A letter with `--edition press`: CMYK, crop, fold and register marks, "
        "perforation and slug ([Press](press.md)).",
        after="The print shop cuts and perforates.",
        command=f"build {RIVER} --edition press --sender-country FR",
        sides=3,
        dpi=44,
    ),
    Shown(
        name="press-card",
        title="A postcard for a print shop",
        purpose="Its ground runs 3 mm off the page, where the shop cuts it; so does the title of "
        "the poster. Office printers cannot do that, and get neither.",
        after="The print shop cuts.",
        command=f"build {RIVER} --layout postcard --edition press --sender-country FR",
        sides=2,
        dpi=44,
    ),
    Shown(
        name="calibrate",
        title="A sheet to measure a printer with",
        purpose="Before a large print: whether the printer scales or shifts, and where the window "
        "of your envelopes is.",
        after="Follow what the sheet says.",
        command="calibrate --window dl-left",
        sides=2,
        dpi=44,
    ),
)
HEAD = """\
# Gallery

One case makes a whole kit. These are finished pages of the layouts that ship, each built by the
command below it and drawn by `scripts/kit.py`; so are the sheets for a print shop and the one that
measures a printer. `--layout all` builds every layout into one folder.
"""


def main() -> int:
    """Do what the command line asks; say what is wrong in one line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="only compare what is written")
    if parser.parse_args().check:
        page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        told = stale(page, {path.stem: path.stat().st_size for path in PICTURES.glob("*.png")})
        if told:
            sys.stderr.write(f"{told}: run scripts/kit.py\n")
        return 1 if told else 0
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        printed = {one.name: show(one, Path(folder)) for one in ENTRIES}
        files = [(Path(folder) / f"{name}.pdf").read_bytes() for name in IN_IT]
        save(TOGETHER, [pages_of(file, TOGETHER_DPI)[0] for file in files])
    PAGE.write_text(page_of(printed), encoding="utf-8")
    return 0


def stale(page: str, pictures: Mapping[str, int]) -> str | None:
    """The first thing that would not be written so today; `pictures` have their sizes in bytes."""
    for name in sorted({TOGETHER, *(one.name for one in ENTRIES)} ^ {*pictures}):
        return f"{(PICTURES / name).relative_to(ROOT)}.png is missing, or of no entry"
    for name, size in sorted(pictures.items()):
        if size > LARGEST:
            return f"{(PICTURES / name).relative_to(ROOT)}.png is larger than {LARGEST} bytes"
    shipped, shown = (
        {str(one["name"]) for one in shipped_layouts()},
        {layout(one) for one in ENTRIES},
    )
    for name in sorted(shipped - shown):
        return f"the layout '{name}' is not in {PAGE.relative_to(ROOT)}: write an entry for it"
    printed = dict(re.findall(r"pictures/layouts/(.+)\.png\)\n\n.+\n\n- printing: (.+)", page))
    now = page_of({one.name: printed.get(one.name, "?") for one in ENTRIES})
    for number, (line, wanted) in enumerate(zip_longest(page.split("\n"), now.split("\n")), 1):
        if line != wanted:
            return f"{PAGE.relative_to(ROOT)}:{number} is out of date"
    return None


def show(entry: Shown, folder: Path) -> str:
    """Run an entry's command, draw what it makes, and return what it says of printing it."""
    out = folder / f"{entry.name}.pdf"
    environment = os.environ | {
        "ACTIONPACK_PROJECT": str(ROOT),
        "ACTIONPACK_TODAY": TODAY,
        "ACTIONPACK_CACHE": str(folder / "cache"),
    }
    command = Path(sys.executable).parent / "actionpack"
    ran = subprocess.run(
        [command, *entry.command.split(), "-o", str(out)],
        env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    printed = [page for page in pages_of(out.read_bytes(), entry.dpi) if inked(page)]
    save(entry.name, printed[: entry.sides])
    return re.sub(r"^\S+\.pdf: ", "", ran.stderr.strip().split("\n")[-1])


def save(name: str, sides: list[Image.Image]) -> None:
    """Put sides next to each other into a picture, small and in few greys."""
    beside(sides).convert("L").quantize(16).save(PICTURES / f"{name}.png", optimize=True)


def shipped_layouts() -> list[dict[str, object]]:
    """Every layout that ships, as `actionpack list layouts` tells them."""
    return layouts(str(ROOT))


def layout(entry: Shown) -> str:
    """The layout that an entry's command builds."""
    found = re.search(r"--layout (\S+)", entry.command)
    return found[1] if found else "letter"


def page_of(printed: Mapping[str, str]) -> str:
    """docs/gallery.md, with what was said of printing each entry."""
    rows = "".join(
        f"| `{one['name']}` | {one['title']} | {', '.join(map(str, papers(one)))} |\n"
        for one in shipped_layouts()
    )
    table = f"\n| layout | is | papers |\n|---|---|---|\n{rows}"
    return HEAD + table + "".join(entry_of(one, printed[one.name]) for one in ENTRIES)


def papers(one: Mapping[str, object]) -> list[object]:
    """The papers of a layout as `list` tells it."""
    found = one["papers"]
    return found if isinstance(found, list) else [found]


def entry_of(entry: Shown, printed: str) -> str:
    """What the page says of an entry."""
    return (
        f"\n## {entry.title}\n\n![{entry.title}](pictures/layouts/{entry.name}.png)\n\n"
        f"{entry.purpose}\n\n- printing: {printed}\n- then: {entry.after}\n\n"
        f"```sh\nactionpack {entry.command}\n```\n"
    )


if __name__ == "__main__":
    sys.exit(main())
