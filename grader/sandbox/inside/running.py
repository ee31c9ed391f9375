"""Start one probe's process, know it while it runs, and end it."""

import contextlib
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import child, wire
from .census import send_kill
from .recorder import Recorder, listen_to_logging

TICK_S = 0.1
PART = 1 << 20
REPLY_LIMIT = 4096
PATIENCE = 50
PATIENCE_S = 5.0
PAUSE_S = 0.002


@dataclass
class Running:
    """One probe under way."""

    pid: int
    answer: socket.socket
    output: str
    """Where below the world what it prints is."""
    parent: socket.socket | None
    """The connection of the loaded process that forked it; None if it is our child."""
    buffer: bytearray = field(default_factory=bytearray)

    def frame(self) -> bytes | None:
        """Return the whole answer once it has come, and nothing before."""
        size = wire.HEADER.size
        if len(self.buffer) < size:
            return None
        (length,) = wire.HEADER.unpack(self.buffer[:size])
        complete = len(self.buffer) >= size + length
        return bytes(self.buffer[size : size + length]) if complete else None

    def take(self) -> str | None:
        """Take what has come of the answer; say so if there is no more to wait for."""
        try:
            part = self.answer.recv(PART)
        except BlockingIOError:
            return None
        except OSError:
            part = b""
        self.buffer += part
        if not part:
            return "ended"
        overlong = len(self.buffer) > child.ANSWER_LIMIT + wire.HEADER.size
        return "overlong" if overlong else None

    def wait(
        self,
        deadline: float,
        control: socket.socket,
        check_excess: Callable[[], str | None],
    ) -> str:
        """Wait for the answer; say how the waiting ended.

        Raises:
            ConnectionLostError: if the trusted side hung up on ``control``.
        """
        self.answer.settimeout(0)
        checked = time.monotonic()
        while self.frame() is None:
            if time.monotonic() > deadline:
                return "timeout"
            readable = select.select([self.answer, control], [], [], TICK_S)[0]
            if control in readable:
                raise wire.ConnectionLostError("the trusted side hung up")
            if self.answer in readable and (stopped := self.take()):
                return stopped
            if time.monotonic() - checked >= TICK_S:  # also while an answer trickles
                checked = time.monotonic()
                if limit := check_excess():
                    return limit
        return "answered"

    def stop(self) -> bool:
        """End a process that was left running; say whether it still ran."""
        ended = self.take() == "ended"
        self.end("stopped")
        return not ended

    def end(self, outcome: str) -> int | None:
        """End the process; return its exit code where it ended by itself."""
        self.answer.close()
        if self.parent is None:
            return _finish(self.pid) if outcome == "ended" else kill(self.pid)
        if outcome != "ended":
            send_kill(self.pid)
            return None
        with contextlib.suppress(wire.ConnectionLostError):
            wire.send(self.parent, {"reap": self.pid})
            status = hear(self.parent, time.monotonic() + PATIENCE_S).get("status")
            return status if isinstance(status, int) else None
        return None


def fork_fresh(
    context: tuple[Mapping[str, Any], Recorder],
    request: Mapping[str, Any],
    passed: list[int],
) -> int:
    """Fork a probe's process that has imported nothing of the submission."""
    world, recorder = context
    pid = os.fork()
    if pid == 0:
        try:
            answer, output, *rest = passed
            child.enter(world, output, [answer, *rest])
            listen_to_logging(recorder)
            recorder.open(world["events"])
            child.perform(request, world, socket.socket(fileno=answer), rest)
        finally:
            os._exit(1)
    return pid


def open_sink(output: str) -> int:
    """Create the file that takes what a process prints."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC
    try:
        return os.open(output, flags | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except OSError:  # the world is full, or something planted there: output is lost
        return os.open(os.devnull, flags)


def hear(
    connection: socket.socket,
    deadline: float,
    check_excess: Callable[[], str | None] = lambda: None,
) -> dict[str, Any]:
    """Receive a loaded process's reply: the submission's code may have written it.

    So it comes whole, small and in time, or the connection counts as lost; descriptors
    that came with it are dropped.
    """
    reply = bytearray()
    checked = time.monotonic()
    while time.monotonic() < deadline:
        readable = select.select([connection], [], [], TICK_S)[0]
        if time.monotonic() - checked >= TICK_S:  # also while a reply trickles
            checked = time.monotonic()
            if check_excess():
                break
        if not readable:
            continue
        try:
            part = connection.recv(REPLY_LIMIT)
        except OSError:
            break
        reply += part
        if not part or len(reply) > REPLY_LIMIT:
            break
        if (message := wire.whole(reply)) is not None:
            return message
    raise wire.ConnectionLostError("no reply that is one")


def kill(pid: int) -> int:
    """End a child of ours and return its exit code."""
    send_kill(pid)
    with contextlib.suppress(ChildProcessError):
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return -signal.SIGKILL


def _finish(pid: int) -> int:
    """Let a process that closed its answer end by itself, else end it."""
    for _ in range(PATIENCE):
        with contextlib.suppress(ChildProcessError):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
        time.sleep(PAUSE_S)
    return kill(pid)
