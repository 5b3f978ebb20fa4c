"""The process that proves a stranger's file: it may be killed at any time (`apart`).

It reads one line of JSON and the file from stdin, and answers with findings on stdout.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from dataclasses import asdict
from datetime import date

from actionpack.preflight.finished import prove_with_its_map


def main() -> None:
    """Prove the file on stdin."""
    limit = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    line, pdf = sys.stdin.buffer.readline(), sys.stdin.buffer.read()
    # Whatever a library prints must not get into the answer.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    head = json.loads(line)
    found = prove_with_its_map(
        pdf,
        name=head["name"],
        today=_day(head["today"]),
        deadline_today=_day(head["deadline_today"]),
        allow_expired=head["allow_expired"],
    )
    out.write(json.dumps([asdict(one) for one in found]).encode())
    out.close()


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


if __name__ == "__main__":
    main()
