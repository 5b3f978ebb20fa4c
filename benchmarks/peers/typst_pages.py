"""The pack in Typst, a document for each so many rows: python typst_pages.py FOLDER FONTS SERIALS

The folder holds letter.typ, rows.json and a picture of each code, which are made before the clock
starts; tags are left out, for ours has none either. Each document is made by a process of its own,
one after the other: Typst holds 2.4 MB a pack and more until it ends.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import typst

MANY = 500


def main() -> None:
    """Make all documents, or with a number the one that begins with this row."""
    folder, fonts, packs, *first = sys.argv[1:]
    if not first:
        for start in range(0, int(packs), MANY):
            subprocess.run([sys.executable, *sys.argv, str(start)], check=True)  # noqa: S603 -- itself
        return
    out = Path(folder, "out", f"all-{int(first[0]):06}.pdf")
    typst.compile(
        f"{folder}/letter.typ",
        output=out,
        root=folder,
        font_paths=[fonts],
        ignore_system_fonts=True,
        sys_inputs={"first": first[0], "many": str(MANY)},
        pdf_tags=False,
    )


if __name__ == "__main__":
    main()
