"""Carry HTTP to a service that may never stop answering."""

import time
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

PATIENCE_S = 10.0


class Transport(httpx.HTTPTransport):
    """Reach a service; the read timeout of a request is a moment, not a pause.

    httpx begins its timeout anew with every byte, so that a service could take days
    over one header. Give the moment as ``read``, in the clock of ``time.monotonic``.
    """

    def __init__(self, address: str | int) -> None:
        """Connect to a Unix socket, or to a port, with the first request."""
        super().__init__(verify=False, trust_env=False)
        self._pool = httpcore.ConnectionPool(network_backend=_Backend(address))


def until(moment: float) -> httpx.Timeout:
    """Bound a whole request through ``Transport`` by a moment."""
    return httpx.Timeout(PATIENCE_S, read=moment)


class _Backend(httpcore.SyncBackend):
    def __init__(self, address: str | int) -> None:
        self._address = address

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the service, whatever it is called; hurry what is read."""
        del host, port, local_address
        if isinstance(self._address, str):
            found = self.connect_unix_socket(self._address, timeout, socket_options)
        else:
            found = super().connect_tcp(
                "127.0.0.1", self._address, timeout, None, socket_options
            )
        return _Hurried(found)


class _Hurried(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has come; ``timeout`` is the moment to wait for."""
        left = PATIENCE_S if timeout is None else timeout - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the answer did not end")
        return self._stream.read(max_bytes, left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all."""
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        """Tell what the connection tells."""
        return self._stream.get_extra_info(info)
