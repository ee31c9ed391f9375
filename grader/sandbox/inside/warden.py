"""Guard one world: lay its files, start its processes, watch and end them.

The warden never imports the submission's code. In a namespace of its own it is process
1, so that its end is the end of everything that the submission started.
"""

import contextlib
import io
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import child, files, loader, namespaces, wire
from .census import Census, reap
from .recorder import Recorder, listen_to_logging

TICK_S = 0.05
GRACE_S = 5.0
REPLY_LIMIT = 4096

Reply = tuple[dict[str, Any], list[int]]


@dataclass
class Loaded:
    """A process that has imported the submission; no connection: none may be kept."""

    connection: socket.socket | None = None
    pid: int | None = None


@dataclass
class Running:
    """One probe under way."""

    pid: int
    answer: socket.socket
    output: str
    parent: Loaded | None
    buffer: bytearray = field(default_factory=bytearray)

    def frame(self) -> bytes | None:
        """Return the whole answer once it has come, and nothing before."""
        size = wire.HEADER.size
        if len(self.buffer) < size:
            return None
        (length,) = wire.HEADER.unpack(self.buffer[:size])
        complete = len(self.buffer) >= size + length
        return bytes(self.buffer[size : size + length]) if complete else None


class Warden:
    """Answer the trusted side's requests about one world, one at a time."""

    def __init__(
        self,
        control: socket.socket,
        world: Mapping[str, Any],
        recorder: Recorder,
        census: Census,
    ) -> None:
        self.control = control
        self.world = world
        self.root = Path(world["root"])
        self.recorder = recorder
        self.census = census
        self.tree = b""
        self.loaded: dict[tuple[str, ...], Loaded] = {}
        self.running: dict[int, Running] = {}
        self.outputs = 0
        self.verdict: str | None = None

    def serve(self) -> None:
        """Serve until the trusted side hangs up."""
        handlers: dict[str, Callable[[Mapping[str, Any], list[int]], Reply]] = {
            "lay": self.lay,
            "put": self.put,
            "reset": self.reset,
            "fetch": self.fetch,
            "list": self.list_files,
            "ask": self.ask,
            "stop": self.stop,
        }
        while True:
            while not select.select([self.control], [], [], TICK_S * 4)[0]:
                self.watch()
            request, descriptors = wire.receive(self.control)
            try:
                reply, outgoing = handlers[request["do"]](request, descriptors)
            except OSError as error:  # the submission may have filled its world
                reply, outgoing = {"fault": str(error)}, []
            wire.send(self.control, reply, outgoing)
            for descriptor in (*descriptors, *outgoing):
                os.close(descriptor)

    def lay(self, _: Mapping[str, Any], descriptors: list[int]) -> Reply:
        """Take the world's files: a tar archive in the one descriptor that came."""
        with os.fdopen(os.dup(descriptors[0]), "rb") as archive:
            self.tree = archive.read()
        return self.reset({}, [])

    def reset(self, _: Mapping[str, Any], __: list[int]) -> Reply:
        """End the submission's processes and lay the files as they came."""
        self.end_processes()
        files.clear(self.root)
        files.lay(self.root / "project", io.BytesIO(self.tree))
        return {}, []

    def put(self, _: Mapping[str, Any], descriptors: list[int]) -> Reply:
        """Lay more files over the world's present ones."""
        with os.fdopen(os.dup(descriptors[0]), "rb") as archive:
            files.lay(self.root / "project", archive)
        return {}, []

    def fetch(self, request: Mapping[str, Any], _: list[int]) -> Reply:
        """Open one of the world's regular files for the trusted side to read."""
        found = files.open_regular(self.root, str(request["path"]))
        return {"found": found is not None}, [] if found is None else [found]

    def list_files(self, _: Mapping[str, Any], __: list[int]) -> Reply:
        """List the world's regular files."""
        return {"files": files.listing(self.root)}, []

    def ask(self, request: Mapping[str, Any], descriptors: list[int]) -> Reply:
        """Run a probe to its answer; leave it running if the request says so."""
        started = time.monotonic()
        self.verdict = None
        running = self._start(request, descriptors)
        outcome = self._await(running, started + float(request["timeout_s"]))
        exit_code = None
        if request.get("stays") and outcome == "answered":
            self.running[running.pid] = running
        else:
            code = self._end(running, outcome)
            exit_code = code if outcome == "ended" else None
        frame = running.frame()
        return {
            "outcome": outcome,
            "answer": frame.decode("utf-8", "replace") if frame else None,
            "pid": running.pid,
            "exit_code": exit_code,
            "output": files.tail(running.output),
            "duration_s": time.monotonic() - started,
        }, []

    def stop(self, request: Mapping[str, Any], _: list[int]) -> Reply:
        """End a probe that was left running; report whether it still ran."""
        running = self.running.pop(int(request["pid"]), None)
        if running is None:
            return {"ran": False, "output": "", "verdict": self.verdict}, []
        readable = select.select([running.answer], [], [], 0)[0]
        ended = bool(readable) and not running.answer.recv(1)
        self._end(running, "stopped")
        output = files.tail(running.output)
        return {"ran": not ended, "output": output, "verdict": self.verdict}, []

    def watch(self) -> None:
        """End everything when the world holds too many processes or too much memory."""
        if self.running or self.loaded:
            self._check_excess()

    def end_processes(self) -> None:
        """End every process of the submission, loaders included where in doubt."""
        if self.verdict:
            self.loaded.clear()
        keep = {held.pid for held in self.loaded.values() if held.pid}
        self.census.end_all(keep)
        for running in self.running.values():
            running.answer.close()
        self.running.clear()
        reap()

    def _check_excess(self) -> None:
        self.verdict = self.census.excess(self.world["limits"]) or self.verdict
        if self.verdict:
            self.end_processes()

    def _start(self, request: Mapping[str, Any], descriptors: list[int]) -> Running:
        ours, theirs = socket.socketpair()
        self.outputs += 1
        output = f"{self.root}/log/output-{self.outputs}"
        sink = _open_sink(output)
        passed = [theirs.fileno(), sink, *descriptors]
        held = self._hold(tuple(request.get("load", ())))
        pid = self._fork_loaded(held, request, passed)
        parent = held if pid else None
        if pid is None:
            pid = self._fork_fresh(request, passed)
        os.close(sink)
        theirs.close()
        return Running(pid, ours, output, parent)

    def _hold(self, modules: tuple[str, ...]) -> Loaded:
        """Return the loader that has imported ``modules``, if one may be kept."""
        if not modules:
            return Loaded()
        if modules not in self.loaded:
            self.loaded[modules] = self._load(list(modules))
        return self.loaded[modules]

    def _load(self, modules: list[str]) -> Loaded:
        before = files.listing(self.root)
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            loader.run(theirs, self.world, modules, self.recorder)
        theirs.close()
        ours.settimeout(GRACE_S)
        clean = False
        deadline = time.monotonic() + float(self.world["limits"]["import_s"])
        while time.monotonic() < deadline and not self.verdict:
            if not select.select([ours], [], [], TICK_S)[0]:
                self._check_excess()
                continue
            with contextlib.suppress(wire.ConnectionLostError, TimeoutError):
                clean = wire.receive(ours, limit=REPLY_LIMIT)[0].get("clean") is True
            break
        if clean and files.listing(self.root) == before:
            return Loaded(ours, pid)
        _kill(pid)
        ours.close()
        return Loaded()

    def _fork_loaded(
        self, held: Loaded, request: Mapping[str, Any], passed: list[int]
    ) -> int | None:
        if held.connection is None:
            return None
        try:
            wire.send(held.connection, request, passed)
            reply, _ = wire.receive(held.connection, limit=REPLY_LIMIT)
            return int(reply["pid"])
        except (wire.ConnectionLostError, TimeoutError, LookupError, ValueError):
            held.connection.close()
            if held.pid:
                _kill(held.pid)
            held.connection = held.pid = None
            return None

    def _fork_fresh(self, request: Mapping[str, Any], passed: list[int]) -> int:
        pid = os.fork()
        if pid == 0:
            try:
                answer, output, *rest = passed
                child.enter(self.world, output, [answer, *rest])
                listen_to_logging(self.recorder)
                self.recorder.open(self.world["events"])
                child.perform(request, self.world, socket.socket(fileno=answer), rest)
            finally:
                os._exit(1)
        return pid

    def _await(self, running: Running, deadline: float) -> str:
        running.answer.settimeout(0)
        while running.frame() is None:
            if time.monotonic() > deadline:
                return "timeout"
            readable = select.select([running.answer, self.control], [], [], TICK_S)[0]
            if running.answer in readable:
                part = running.answer.recv(1 << 20)
                if not part:
                    return self.verdict or "ended"
                running.buffer += part
                if len(running.buffer) > child.ANSWER_LIMIT + wire.HEADER.size:
                    return "overlong"
            elif self.control in readable:
                raise wire.ConnectionLostError("the trusted side hung up")
            else:
                self._check_excess()
                if self.verdict:
                    return self.verdict
        return "answered"

    def _end(self, running: Running, outcome: str) -> int | None:
        """End a probe's process; return its exit code where it ended by itself."""
        running.answer.close()
        if running.parent is None:
            return _finish(running.pid) if outcome == "ended" else _kill(running.pid)
        connection = running.parent.connection
        if outcome != "ended":
            _signal(running.pid)
        elif connection is not None:
            with contextlib.suppress(wire.ConnectionLostError, TimeoutError):
                wire.send(connection, {"reap": running.pid})
                status = wire.receive(connection, limit=REPLY_LIMIT)[0].get("status")
                return status if isinstance(status, int) else None
        return None


def _open_sink(output: str) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
    try:
        return os.open(output, flags, 0o600)
    except OSError:  # the submission has filled its world: its output is lost
        return os.open(os.devnull, flags)


def _finish(pid: int) -> int:
    """Let a process that closed its answer end by itself, else end it."""
    for _ in range(50):
        with contextlib.suppress(ChildProcessError):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)
    return _kill(pid)


def _signal(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)


def _kill(pid: int) -> int:
    _signal(pid)
    with contextlib.suppress(ChildProcessError):
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return -signal.SIGKILL


def guard(control: socket.socket, world: dict[str, Any], recorder: Recorder) -> None:
    """Become the warden of a world; return when the trusted side hangs up."""
    census = Census()
    if world["isolated"]:
        limits = world["limits"]
        namespaces.furnish(
            world["root"], size=limits["scratch_bytes"], files=limits["files"]
        )
        namespaces.give_up_privileges()
    warden = Warden(control, world, recorder, census)
    try:
        with contextlib.suppress(wire.ConnectionLostError):
            warden.serve()
    finally:
        warden.verdict = "closed"
        warden.end_processes()
