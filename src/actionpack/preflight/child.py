"""The process that looks at a stranger's file: it may be killed at any time (`apart`).

Its one argument is a JSON object, the file comes from stdin, and what it sees goes to stdout, one
line a step, as soon as it is seen.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from datetime import date
from time import monotonic

from actionpack.preflight.apart import end_line
from actionpack.preflight.finished import Days, examine
from actionpack.preflight.seen import Step
from actionpack.preflight.stranger import Asked
from actionpack.preflight.transport import to_line


def main() -> None:
    """Look at the file on stdin."""
    begun = monotonic()
    head = json.loads(sys.argv[1])
    if sys.platform == "linux":
        # Elsewhere the address space of a process cannot be bounded; the time is.
        resource.setrlimit(resource.RLIMIT_AS, (head["memory"], head["memory"]))
    # A page that breaks it down is told by the caller; a core file would fill the disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    pdf = sys.stdin.buffer.read()
    # Whatever a library prints must not get into the answer.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    asked = Asked.named(head["preset"])
    steps = []
    for step in examine(
        pdf,
        name=head["name"],
        asked=asked,
        days=Days(
            today=_day(head["today"]),
            deadline_today=_day(head["deadline_today"]),
            allow_expired=head["allow_expired"],
        ),
        out_of_time=lambda: monotonic() - begun > head["look_s"],
        whole=head["whole"],
    ):
        steps.append(step)
        out.write(to_line(step))
        out.flush()
    picture = None
    if head["drawn"]:
        from actionpack.preflight.drawn import draw

        out.write(to_line(Step(begins="its picture")))
        out.flush()
        if head["whole"] and any(step.is_ours for step in steps):
            # Reading took as long as it took: that leaves no less time for drawing.
            begun = monotonic()
        picture = draw(pdf, steps, asked, lambda: monotonic() - begun > head["draw_s"])
    out.write(end_line(picture))
    out.close()


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


if __name__ == "__main__":
    main()
