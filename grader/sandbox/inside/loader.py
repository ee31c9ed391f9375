"""Hold the submission's imported modules and fork a process for every probe."""

import os
import socket
from collections.abc import Mapping
from typing import Any, NoReturn

from . import child, wire
from .recorder import Recorder


def run(
    connection: socket.socket,
    world: Mapping[str, Any],
    modules: list[str],
    recorder: Recorder,
) -> NoReturn:
    """Import ``modules``, then serve requests to fork until the warden hangs up."""
    statuses: dict[int, int] = {}
    try:
        child.enter(world, os.open(os.devnull, os.O_RDWR), [connection.fileno()])
        wire.send(connection, child.load(modules, recorder))
        while True:
            request, descriptors = wire.receive(connection)
            if "reap" in request:
                pid = int(request["reap"])
                wire.send(connection, {"status": statuses.get(pid, _wait(pid))})
                continue
            _collect(statuses)
            pid = _fork(connection, request, descriptors, (world, recorder))
            wire.send(connection, {"pid": pid})
    except BaseException:  # noqa: BLE001 - the warden sees the connection close
        os._exit(1)


def _fork(
    connection: socket.socket,
    request: Mapping[str, Any],
    descriptors: list[int],
    context: tuple[Mapping[str, Any], Recorder],
) -> int:
    """Fork a process that performs the request; keep nothing of its descriptors."""
    world, recorder = context
    pid = os.fork()
    if pid == 0:
        connection.close()
        answer, output, *rest = descriptors
        os.setsid()
        child.redirect(output)
        os.chdir(world["project"])  # noqa: TID251 - the folder was laid anew since
        recorder.open(world["events"])
        child.perform(request, world, socket.socket(fileno=answer), rest)
    for descriptor in descriptors:
        os.close(descriptor)
    return pid


def _wait(pid: int) -> int | None:
    try:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    except (ChildProcessError, ValueError):
        return None


def _collect(statuses: dict[int, int]) -> None:
    try:
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            statuses[pid] = os.waitstatus_to_exitcode(status)
    except ChildProcessError:
        return
