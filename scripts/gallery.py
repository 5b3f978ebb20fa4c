"""Draw a page in every language, and write docs/languages.md about them.

    .venv/bin/python scripts/gallery.py            build, measure, draw, write
    .venv/bin/python scripts/gallery.py --check    compare what is written; builds and draws nothing

A language shows the action that ships with the project where it has a text in it, and else some
articles of the Universal Declaration of Human Rights (tests/data/declaration.toml). What a reader
copies from the page is measured with poppler's pdftotext. Of a page that is only compared, that
measure and the pictures are taken as they are.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from specimens import write_specimen  # noqa: E402 -- found by the line above

from actionpack.catalogues import MADE_BY, own_catalogue, shipped_words  # noqa: E402 -- the same
from actionpack.content import read_content  # noqa: E402 -- the same
from actionpack.language import endonym, english_name  # noqa: E402 -- the same
from actionpack.markup import printed_plain, read_markup  # noqa: E402 -- the same
from actionpack.preflight.words import normal  # noqa: E402 -- the same
from actionpack.project import Project  # noqa: E402 -- the same
from actionpack.typography import languages, typography  # noqa: E402 -- the same

SEED = "china-uyghur-families"
PAGE = ROOT / "docs" / "languages.md"
PICTURES = ROOT / "docs" / "pictures" / "languages"
TODAY = "2027-06-01"
WIDE = 360
# What is alike differs by fewer greys than this, of 255, in all but so few pixels: one date that is
# broken elsewhere changes twenty times as many.
MARKED, STRAYING = 64, 0.0001
# Characters that are looked for together.
AT_A_TIME = 12
# Scripts whose lines break elsewhere than at spaces.
BREAKING = {
    "Thai": "between words",
    "Laoo": "between words",
    "Khmr": "between words",
    "Mymr": "between words",
    "Hans": "between characters",
    "Hant": "between characters",
    "Jpan": "between characters",
}
HEAD = """\
# Languages

Packs print in the languages below; each was built, proved and measured by `scripts/gallery.py`.
A picture shows the first page as it is printed. If you read one of these languages: does it look
right? What is wrong can be mended in `src/actionpack/data/locale/<tag>.po`, and texts of actions
in `content/`: [Translating](translating.md).

- **fonts**: the script's own come first, Latin ones second. Nothing but fonts that ship with the
  program, or that a project brings, is ever used.
- **lines**: where lines break. They are ragged in every language: no layout of ours stretches
  spaces to fill a line.
- **text**: how much of the words a reader can copy, search or hear from the PDF, by pdftotext.
- **words**: who made the words that layouts print of their own, and who has read them.
- **pack**: whether the action that ships with the project is there in the language.

Any other language that Babel knows prints too where a font has its letters; the words of layouts
are English there.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A language as it was measured: its picture, and how many of its words were found."""

    tag: str
    picture: bytes
    found: float


def main() -> int:
    """Do what the command line asks; say what is wrong in one line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="only compare what is written")
    if parser.parse_args().check:
        told = stale(PAGE.read_text(encoding="utf-8"), {path.stem for path in PICTURES.iterdir()})
        if told:
            sys.stderr.write(f"{told}: run scripts/gallery.py\n")
        return 1 if told else 0
    with tempfile.TemporaryDirectory() as folder:
        shown = [show(tag, Path(folder)) for tag in languages()]
    page = HEAD + "".join(entry(one.tag, f"{min(one.found, 1):.0%}") for one in shown)
    PICTURES.mkdir(parents=True, exist_ok=True)
    for one in shown:
        (PICTURES / f"{one.tag}.png").write_bytes(one.picture)
    PAGE.write_text(page, encoding="utf-8")
    return 0


def stale(page: str, pictures: Collection[str]) -> str | None:
    """The first thing that would not be written so today; `pictures` are the languages drawn."""
    shares = dict(
        re.findall(r"pictures/languages/(.+)\.png\)\n(?:\n|- (?!text).*\n)+- text: (.+)", page)
    )
    there = page.split("\n")
    for tag in sorted({*languages()} ^ {*pictures}):
        return f"{(PICTURES / tag).relative_to(ROOT)}.png is missing, or of no language"
    now = (HEAD + "".join(entry(tag, shares.get(tag, "?")) for tag in languages())).split("\n")
    for number, (line, wanted) in enumerate(zip_longest(there, now), 1):
        if line != wanted:
            return f"{PAGE.relative_to(ROOT)}:{number} is out of date"
    return None


def show(tag: str, folder: Path) -> Shown:
    """Build a pack in a language, read it back and draw its first page."""
    project, action = ROOT, SEED
    if not (ROOT / "content" / SEED / f"{tag}.md").exists():
        project, action = folder / tag, "declaration"
        write_specimen(project, tag)
    out = folder / f"{tag}.pdf"
    words = ["build", action, "--lang", tag, "--sender-country", "US", "--allow-draft"]
    command = Path(sys.executable).parent / "actionpack"
    environment = os.environ | {
        "ACTIONPACK_PROJECT": str(project),
        "ACTIONPACK_TODAY": TODAY,
        "ACTIONPACK_CACHE": str(folder / "cache"),
    }
    subprocess.run([command, *words, "-o", str(out)], env=environment, check=True)
    _, text, _ = read_content(Project(root=project).content.inner(action), tag)
    meant = [text.title.text, *(printed_plain(read_markup(one.text)) for one in (text.briefing,))]
    # Columns stand beside each other: as they are drawn, and as they are seen.
    read = "".join(
        subprocess.run(
            ["pdftotext", *how, str(out), "-"], check=True, capture_output=True
        ).stdout.decode()
        for how in ((), ("-raw",))
    )
    return Shown(tag=tag, picture=picture(out), found=found("\n".join(meant), read))


def found(meant: str, read: str) -> float:
    """The share of characters that can be read, looked for a few at a time: pages end anywhere."""
    marks = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u200e\u200f\u2066\u2067\u2068\u2069"))
    page = normal(unicodedata.normalize("NFKC", read).translate(marks))
    words = [normal(one) for one in meant.split()]
    pieces = [piece for word in words for piece in re.findall(f".{{1,{AT_A_TIME}}}", word)]
    return sum(len(one) for one in pieces if one in page) / sum(map(len, pieces))


def picture(pdf: Path) -> bytes:
    """The first page, small and in few greys."""
    page = pypdfium2.PdfDocument(pdf)[0]
    drawn = page.render(scale=3 * WIDE / page.get_width()).to_pil().convert("L")
    small = drawn.resize((WIDE, round(WIDE * drawn.height / drawn.width)), Image.Resampling.LANCZOS)
    top = small.crop((0, 0, WIDE, round(small.height * 0.62))).quantize(12)
    out = io.BytesIO()
    top.save(out, "PNG", optimize=True)
    return out.getvalue()


def alike(one: bytes, other: bytes) -> bool:
    """Whether two pictures show the same; a line that moved is another picture."""
    first, second = (Image.open(io.BytesIO(each)).convert("L") for each in (one, other))
    if first.size != second.size:
        return False
    changed = ImageChops.difference(first, second).histogram()[MARKED:]
    return sum(changed) <= STRAYING * first.width * first.height


def entry(tag: str, share: str) -> str:
    """What docs/languages.md says of a language, of whose words such a share can be read."""
    setting, status = typography(tag), ""
    if (ROOT / "content" / SEED / f"{tag}.md").exists():
        status = read_content(Project(root=ROOT).content.inner(SEED), tag)[1].status
    pack = {"source": "yes, the source", "draft": "a draft that nobody has reviewed"}
    catalogue = own_catalogue(tag, shipped_words())
    words = "English"
    if catalogue is not None:
        reader = catalogue[0].reviewer or "no native reader yet"
        words = f"by {catalogue[0].header(MADE_BY)}; read by {reader}"
    facts = {
        "fonts": ", ".join(filter(None, (setting.family, "Noto Serif", "Noto Sans"))),
        "lines": BREAKING.get(setting.script, "at spaces")
        + (", long words in narrow columns with hyphens" if setting.hyphens else ""),
        "text": share,
        "words": "English is the source" if tag == "en" else words,
        "pack": pack.get(status, status or "no"),
    }
    told = "".join(f"- {name}: {fact}\n" for name, fact in facts.items())
    title = f"{endonym(tag)} · {english_name(tag)} · `{tag}`"
    return f"\n## {title}\n\n![A first page](pictures/languages/{tag}.png)\n\n{told}"


if __name__ == "__main__":
    sys.exit(main())
