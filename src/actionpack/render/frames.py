"""Messages between the typesetter and its parent: a length, then JSON, then bytes it announces."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from typing import Any, BinaryIO

_HEADER = struct.Struct(">QQ")
# Where the pages of a pack look for pictures and style sheets; no such host can exist (RFC 2606).
BASE_URL = "https://pack.invalid/"


def send(stream: BinaryIO, message: dict[str, Any], payload: bytes = b"") -> None:
    """Write one message and flush it."""
    head = json.dumps(message).encode()
    stream.write(_HEADER.pack(len(head), len(payload)) + head + payload)
    stream.flush()


def receive(read: Callable[[int], bytes]) -> tuple[dict[str, Any], bytes] | None:
    """Read one message; None when the other side has closed. `read` returns all it is asked for."""
    header = read(_HEADER.size)
    if len(header) < _HEADER.size:
        return None
    head_length, payload_length = _HEADER.unpack(header)
    head, payload = read(head_length), read(payload_length)
    if len(head) < head_length or len(payload) < payload_length:
        return None
    return json.loads(head), payload
