"""Is what will be printed what was meant: on the boxes as laid out, and on the finished file.

Before a PDF exists, `conservation`, `lost_words`, `broken_words`,
`panel_overflow`, `run_on`, `only_places`, `stray_on_posted`, `orphans` and `distorted_drawings`
look at the laid-out boxes. `finished.prove` reads the finished file as a printer and a phone would
and compares it with its proof map; a file without one is looked over as far as that goes.
`apart.look_apart` does so in a process of its own. Those two are imported from where they stand:
they are not needed until there is a file.
"""

from __future__ import annotations

from actionpack.preflight.breaks import broken_words
from actionpack.preflight.laid import conservation, lost_words, regions
from actionpack.preflight.panels import (
    in_content,
    letter_lines_over,
    nearly_empty,
    only_places,
    orphans,
    panel_overflow,
    run_on,
    stray_on_posted,
)
from actionpack.preflight.proportions import distorted_drawings

__all__ = [
    "broken_words",
    "conservation",
    "distorted_drawings",
    "in_content",
    "letter_lines_over",
    "lost_words",
    "nearly_empty",
    "only_places",
    "orphans",
    "panel_overflow",
    "regions",
    "run_on",
    "stray_on_posted",
]
