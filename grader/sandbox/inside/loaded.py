"""Keep processes that have imported the submission, for its probes to fork from."""

import contextlib
import os
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import files, loader, wire
from .recorder import Recorder
from .running import hear, kill

GRACE_S = 5.0
HIGHEST_PID = 2**22

Modules = tuple[str, ...]


@dataclass
class Loaded:
    """A process that has imported the submission; no connection: none may be kept."""

    connection: socket.socket | None = None
    pid: int | None = None


class LoadedProcesses:
    """One process for every set of modules that probes share."""

    def __init__(
        self,
        world: Mapping[str, Any],
        recorder: Recorder,
        check_excess: Callable[[], str | None],
    ) -> None:
        self.world = world
        self.root = Path(world["root"])
        self.recorder = recorder
        self.check_excess = check_excess
        self.held: dict[Modules, Loaded] = {}

    def pids(self) -> set[int]:
        """Return the processes that outlive a probe."""
        return {loaded.pid for loaded in self.held.values() if loaded.pid}

    def forget(self) -> None:
        """Forget all of them: they are ended, or about to be."""
        self.held.clear()

    def fork(
        self, modules: Modules, request: Mapping[str, Any], passed: list[int]
    ) -> tuple[int, socket.socket] | None:
        """Fork a probe off a process that has imported ``modules``.

        Returns:
            Its pid and the connection of its parent; None where none may be kept.
        """
        if not modules:
            return None
        if modules not in self.held:
            self.held[modules] = self._load(list(modules))
        loaded = self.held[modules]
        connection = loaded.connection
        if connection is None:
            return None
        try:
            wire.send(connection, request, passed)
            return self._forked(connection), connection
        except wire.ConnectionLostError:
            connection.close()
            if loaded.pid:
                kill(loaded.pid)
            loaded.connection = loaded.pid = None
            return None

    def _load(self, modules: list[str]) -> Loaded:
        before = files.listing(self.root)
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            loader.run(theirs, self.world, modules, self.recorder)
        theirs.close()
        ours.settimeout(GRACE_S)
        if self._comes_clean(ours) and files.listing(self.root) == before:
            return Loaded(ours, pid)
        kill(pid)
        ours.close()
        return Loaded()

    def _comes_clean(self, connection: socket.socket) -> bool:
        """Wait for the import to end; say whether it left nothing open."""
        deadline = time.monotonic() + float(self.world["limits"]["import_s"])
        with contextlib.suppress(wire.ConnectionLostError):
            return hear(connection, deadline, self.check_excess).get("clean") is True
        return False

    def _forked(self, connection: socket.socket) -> int:
        """Return the pid that a loaded process tells, if it can be a child's."""
        pid = hear(connection, time.monotonic() + GRACE_S, self.check_excess).get("pid")
        # 0, 1 and negative ones would mean others than a child of it.
        if type(pid) is not int or not 1 < pid <= HIGHEST_PID:
            raise wire.ConnectionLostError(f"a process that cannot be: {pid!r}")
        return pid
