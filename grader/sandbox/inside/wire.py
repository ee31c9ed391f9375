"""Frame JSON messages and file descriptors on a Unix socket."""

import json
import socket
import struct
from collections.abc import Mapping, Sequence
from typing import Any

HEADER = struct.Struct("!Q")
LIMIT = 64 * 1024 * 1024
MOST_DESCRIPTORS = 8


class ConnectionLostError(Exception):
    """Say that the other side has gone, or no longer speaks the protocol."""


def send(
    connection: socket.socket,
    message: Mapping[str, Any],
    descriptors: Sequence[int] = (),
) -> None:
    """Send one message, with open file descriptors if any."""
    body = json.dumps(message).encode()
    try:
        socket.send_fds(connection, [HEADER.pack(len(body))], list(descriptors))
        connection.sendall(body)
    except OSError as error:
        raise ConnectionLostError(str(error)) from error


def receive(
    connection: socket.socket, limit: int = LIMIT
) -> tuple[dict[str, Any], list[int]]:
    """Receive one message and the descriptors that came with it.

    Raises:
        ConnectionLostError: if the peer closed, sent too much or sent no JSON object.
        TimeoutError: if the connection has a timeout and it passed.
    """
    try:
        head, descriptors, _, _ = socket.recv_fds(
            connection, HEADER.size, MOST_DESCRIPTORS
        )
        if not head:
            raise ConnectionLostError("the other side closed the connection")
        head += _exactly(connection, HEADER.size - len(head))
        (length,) = HEADER.unpack(head)
        if length > limit:
            raise ConnectionLostError(f"a message of {length} bytes")
        message = json.loads(_exactly(connection, length))
    except TimeoutError:
        raise
    except (OSError, ValueError, RecursionError) as error:
        raise ConnectionLostError(str(error)) from error
    if not isinstance(message, dict):
        raise ConnectionLostError("a message that is no JSON object")
    return message, descriptors


def whole(received: bytearray) -> dict[str, Any] | None:
    """Return the one message that was received, or None while it is not complete.

    Raises:
        ConnectionLostError: if it is no JSON object, or if more came than one message.
    """
    if len(received) < HEADER.size:
        return None
    (length,) = HEADER.unpack(received[: HEADER.size])
    body = received[HEADER.size :]
    if len(body) < length:
        return None
    try:
        message = json.loads(body[:length])
    except (ValueError, RecursionError) as error:
        raise ConnectionLostError(str(error)) from error
    if not isinstance(message, dict) or len(body) > length:
        raise ConnectionLostError("a message that is not one JSON object")
    return message


def _exactly(connection: socket.socket, length: int) -> bytes:
    parts = []
    while length:
        part = connection.recv(min(length, 1 << 20))
        if not part:
            raise ConnectionLostError("the other side stopped in mid-message")
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
