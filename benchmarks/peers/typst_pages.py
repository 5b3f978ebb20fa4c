"""The pack in Typst, all rows in one document: python typst_pages.py FOLDER FONTS OUT.pdf

The folder holds letter.typ, rows.json and a picture of each code, which are made before the clock
starts; tags are left out, for ours has none either.
"""

from __future__ import annotations

import sys

import typst

folder, fonts, out = sys.argv[1:]
typst.compile(
    f"{folder}/letter.typ",
    output=out,
    root=folder,
    font_paths=[fonts],
    ignore_system_fonts=True,
    pdf_tags=False,
)
