"""How long one pack takes, whole process, against a bare WeasyPrint process on the same HTML.

    python benchmarks/build.py [--runs 7]

Prints the median of each and the ratios. The bare process does what a script of ten lines would:
import WeasyPrint, lay the same HTML and CSS out with the same fonts, write the same kind of PDF.
It proves nothing about what it wrote; ours does.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from actionpack.pack import Request, Today
from actionpack.project import find_project
from actionpack.render import Job, LaidOut, Typesetter, fontconfig
from actionpack.workshop import Workshop

ROOT = Path(__file__).resolve().parents[1]
ACTION = "china-uyghur-families"
TODAY = date(2027, 1, 1)

BARE = """
import sys
from pathlib import Path
from weasyprint import CSS, HTML
html, css, out = map(Path, sys.argv[1:])
HTML(string=html.read_text()).write_pdf(
    out, stylesheets=[CSS(string=css.read_text())], pdf_variant="pdf/a-2a", pdf_tags=True)
"""


def main() -> None:
    """Measure, print, and leave nothing behind."""
    parser = argparse.ArgumentParser(description="Time one pack, whole process.")
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = str(Path(sys.executable).parent / "actionpack")
        cache = folder / "cache"
        environment = os.environ | {
            "ACTIONPACK_CACHE": str(cache),
            "ACTIONPACK_TODAY": TODAY.isoformat(),
            "ACTIONPACK_PROJECT": str(ROOT),
        }
        out = str(folder / "pack.pdf")
        ours = [command, "build", ACTION, "-o", out]
        html, css = pages(cache)
        bare = [sys.executable, "-c", BARE, str(html), str(css), str(folder / "bare.pdf")]
        fonts = folder / "fonts.conf"
        fonts.write_text(fontconfig((ROOT / "assets" / "fonts",), folder / "fontcache"))
        times: dict[str, list[float]] = {"bare": [], "cold": [], "unchanged": [], "help": []}
        # In turn, so that whatever else the machine does falls on all of them alike.
        for _ in range(runs + 1):
            times["bare"].append(took(bare, environment | {"FONTCONFIG_FILE": str(fonts)}))
            shutil.rmtree(cache, ignore_errors=True)
            times["cold"].append(took(ours, environment))
            times["unchanged"].append(took(ours, environment))
            times["help"].append(took([command, "--help"], environment))
        # The first of each warms the disk.
        median = {what: statistics.median(each[1:]) for what, each in times.items()}
    print(f"medians of {runs} runs, whole process")
    print(f"bare WeasyPrint      {median['bare']:.3f} s")
    print(
        f"cold build, proved   {median['cold']:.3f} s  {median['cold'] / median['bare']:.2f} x bare"
    )
    print(f"unchanged build      {median['unchanged']:.3f} s")
    print(f"--help               {median['help']:.3f} s")


def took(command: list[str], environment: dict[str, str]) -> float:
    """Seconds of wall clock for one process; raises when it fails."""
    start = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)  # noqa: S603 -- ours
    return time.perf_counter() - start


def pages(cache: Path) -> tuple[Path, Path]:
    """The HTML and CSS that a build hands to the typesetter last, kept in files."""
    seen: list[tuple[str, str]] = []
    lay_out = Typesetter.lay_out

    def watched(
        typesetter: Typesetter, job: Job, meanwhile: Callable[[], None] | None = None
    ) -> LaidOut:
        laid = lay_out(typesetter, job, meanwhile)
        seen.append((laid.html, job.css))
        return laid

    Typesetter.lay_out = watched  # type: ignore[method-assign]  # only to look
    os.environ["ACTIONPACK_CACHE"] = str(cache)
    with Workshop(find_project(str(ROOT), ROOT)) as workshop:
        workshop.pack(Request(action=ACTION), Today(here=TODAY, where_it_ends_last=TODAY))
    html, css = cache.parent / "pack.html", cache.parent / "pack.css"
    html.write_text(seen[-1][0], encoding="utf-8")
    css.write_text(seen[-1][1], encoding="utf-8")
    return html, css


if __name__ == "__main__":
    main()
