"""Guard one world: lay its files, start its processes, watch and end them.

The warden never imports the submission's code. In a namespace of its own it is process
1, so that its end is the end of everything that the submission started.
"""

import contextlib
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from . import files, namespaces, syscalls, wire
from .census import Census, reap
from .loaded import LoadedProcesses
from .recorder import Recorder
from .running import TICK_S, Running, fork_fresh, open_sink

Reply = tuple[dict[str, Any], list[int]]


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
        self.loaded = LoadedProcesses(world, recorder, self.check_excess)
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
            while not select.select([self.control], [], [], TICK_S * 2)[0]:
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
        """Take the world's files: a parcel in the one descriptor that came."""
        with os.fdopen(os.dup(descriptors[0]), "rb") as parcel:
            self.tree = parcel.read()
        return self.reset({}, [])

    def reset(self, _: Mapping[str, Any], __: list[int]) -> Reply:
        """End the submission's processes and lay the files as they came."""
        self.end_processes()
        try:
            files.renew(self.root, self.tree)
        except OSError:  # a process that was kept may hold on to what was removed
            self.loaded.forget()
            self.end_processes()
            files.renew(self.root, self.tree)
        return {}, []

    def put(self, _: Mapping[str, Any], descriptors: list[int]) -> Reply:
        """Lay more files over the world's present ones."""
        with os.fdopen(os.dup(descriptors[0]), "rb") as parcel:
            more = parcel.read()
        try:
            files.lay(self.root / "project", more)
        except OSError:  # the submission left no room for them
            self.reset({}, [])
            files.lay(self.root / "project", more)
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
        deadline = started + float(request["timeout_s"])
        outcome = running.wait(deadline, self.control, self.check_excess)
        if outcome == "ended" and self.verdict:
            outcome = self.verdict
        exit_code = None
        if request.get("stays") and outcome == "answered":
            self.running[running.pid] = running
        else:
            code = running.end(outcome)
            exit_code = code if outcome == "ended" else None
        frame = running.frame()
        return {
            "outcome": outcome,
            "answer": frame.decode("utf-8", "replace") if frame else None,
            "pid": running.pid,
            "exit_code": exit_code,
            "output": files.tail(self.root, running.output),
            "duration_s": time.monotonic() - started,
        }, []

    def stop(self, request: Mapping[str, Any], _: list[int]) -> Reply:
        """End a probe that was left running; report whether it still ran."""
        running = self.running.pop(int(request["pid"]), None)
        if running is None:
            return {"ran": False, "output": "", "verdict": self.verdict}, []
        ran = running.stop()
        output = files.tail(self.root, running.output)
        return {"ran": ran, "output": output, "verdict": self.verdict}, []

    def watch(self) -> None:
        """End everything when the world holds too many processes or too much memory."""
        if self.running or self.loaded.held:
            self.check_excess()

    def end_processes(self) -> None:
        """End every process of the submission, loaders included where in doubt."""
        if self.verdict:
            self.loaded.forget()
        if not self.census.end_all(self.loaded.pids()):
            self.loaded.forget()  # one that was kept forks on and on
            self.census.end_all(())
        for running in self.running.values():
            running.answer.close()
        self.running.clear()
        reap()

    def check_excess(self) -> str | None:
        """End everything if the world holds too much; name the limit."""
        self.verdict = self.census.excess(self.world["limits"]) or self.verdict
        if self.verdict:
            self.end_processes()
        return self.verdict

    def _start(self, request: Mapping[str, Any], descriptors: list[int]) -> Running:
        ours, theirs = socket.socketpair()
        self.outputs += 1
        output = f"log/output-{self.outputs}"
        sink = open_sink(f"{self.root}/{output}")
        passed = [theirs.fileno(), sink, *descriptors]
        forked = self.loaded.fork(tuple(request.get("load", ())), request, passed)
        context = (self.world, self.recorder)
        pid, parent = forked or (fork_fresh(context, request, passed), None)
        os.close(sink)
        theirs.close()
        return Running(pid, ours, output, parent)


def guard(control: socket.socket, world: dict[str, Any], recorder: Recorder) -> None:
    """Become the warden of a world; return when the trusted side hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Python's own handler would end us
    census = Census()
    if world["isolated"]:
        limits = world["limits"]
        namespaces.furnish(
            world["root"], size=limits["scratch_bytes"], files=limits["files"]
        )
        namespaces.give_up_privileges()
        syscalls.refuse_dangerous_calls()
    warden = Warden(control, world, recorder, census)
    try:
        with contextlib.suppress(wire.ConnectionLostError):
            warden.serve()
    finally:
        warden.verdict = "closed"
        warden.end_processes()
