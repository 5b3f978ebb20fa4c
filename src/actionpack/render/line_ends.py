"""A line from left to right stays in its place when words from right to left end it.

The space at the end of a line is taken away, and at the end of words from right to left it stands
on their left. WeasyPrint then moves the whole line, which is right where the line itself runs that
way, and else moves it out of its column. This leans on its private API;
`tests/test_render.py` holds the contract.
"""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def keep_lines_in_place() -> None:
    """Let WeasyPrint leave lines from left to right where they are, in all of this process."""
    from weasyprint.layout import inline

    remove = inline.remove_last_whitespace

    def remove_last_whitespace(context: Any, line: Any) -> None:
        begun = line.children[0].position_x if line.children else 0
        remove(context, line)
        if line.style["direction"] == "ltr" and line.children:
            moved = line.children[0].position_x - begun
            for child in line.children if moved else ():
                child.translate(dx=-moved, ignore_floats=True)

    inline.remove_last_whitespace = remove_last_whitespace
