"""Processes: how they answer, and how they are ended meanwhile."""

from __future__ import annotations

import fcntl
import sys
import threading
from typing import Any

import pytest

from actionpack.batch.pools import end, processes


def long_answer(task: bytes) -> bytes:
    return task * 200_000_000


def test_workers_killed_while_they_answer_are_not_waited_for() -> None:
    # An answer that is longer than a pipe holds is on its way at some of these moments.
    for moment in range(6):
        executor = processes(2)
        answers = [executor.submit(long_answer, b"x") for _ in range(4)]
        answers[0].result()
        threading.Event().wait(0.02 * moment)
        ending = threading.Thread(target=end, args=(executor,), daemon=True)
        ending.start()
        ending.join(120)
        assert not ending.is_alive()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux makes pipes wider")
def test_an_answer_as_long_as_a_volume_passes_in_one_go() -> None:
    executor: Any = processes(1)
    try:
        assert executor.submit(long_answer, b"").result() == b""
        for queue in (executor._result_queue, executor._call_queue):
            assert fcntl.fcntl(queue._writer.fileno(), fcntl.F_GETPIPE_SZ) == 1 << 20
    finally:
        end(executor)
