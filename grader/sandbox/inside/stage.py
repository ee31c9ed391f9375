"""Import the course's libraries once, then fork a warden for every world."""

import contextlib
import gc
import importlib
import os
import socket
import sys
from typing import Any

from . import (
    namespaces,
    run_alembic,
    run_command,
    run_notebook,
    run_tests,
    serve,
    wire,
)
from .census import reap
from .child import run_program
from .recorder import Recorder, listen_to_sqlalchemy
from .warden import guard

# Imported here so that a world finds them loaded, whatever its import path says.
BUILT_IN = (run_alembic, run_command, run_notebook, run_tests, serve)
Programs = dict[str, dict[str, Any]]


def main(descriptor: int) -> None:
    """Serve the trusted side on a connected socket until it hangs up."""
    connection = socket.socket(fileno=descriptor)
    plan, _ = wire.receive(connection)
    sys.dont_write_bytecode = True
    gc.disable()  # until all is imported, there is next to nothing to collect
    sys.path[:] = [path for path in sys.path if path.startswith(tuple(plan["python"]))]
    absent = warm(plan["libraries"])
    rehearse(plan["rehearsal"])
    # A probe's process then has its program's functions for nothing.
    programs = {program: run_program(program, "probes") for program in plan["programs"]}
    recorder = Recorder()
    listen_to_sqlalchemy(recorder)
    report(connection, plan["libraries"], absent)
    open_worlds(connection, programs, recorder)


def open_worlds(
    connection: socket.socket, programs: Programs, recorder: Recorder
) -> None:
    """Open worlds, and branch off where some need further libraries."""
    gc.collect()
    gc.freeze()  # a fork's own collections then leave these pages shared
    gc.enable()
    with contextlib.suppress(wire.ConnectionLostError):
        while True:
            request, descriptors = wire.receive(connection)
            if "further" in request:
                branch(connection, request, descriptors, (programs, recorder))
            else:
                request["programs"] = programs
                open_world(connection, request, descriptors, recorder)
            reap()


def branch(
    connection: socket.socket,
    request: dict[str, Any],
    descriptors: list[int],
    context: tuple[Programs, Recorder],
) -> None:
    """Fork a stage that has further libraries, and leave this one as it is."""
    pid = os.fork()
    if pid:
        for descriptor in descriptors:
            os.close(descriptor)
        return
    try:
        connection.close()
        own = socket.socket(fileno=descriptors[0])
        own.settimeout(None)
        libraries = list(request["further"])
        report(own, libraries, warm(libraries))
        open_worlds(own, *context)
    finally:
        os._exit(0)


def report(
    connection: socket.socket, libraries: list[str], absent: dict[str, str]
) -> None:
    """Tell which libraries are there."""
    wire.send(connection, {"absent": absent, "versions": versions(libraries)})


def warm(libraries: list[str]) -> dict[str, str]:
    """Import the libraries; return those that could not be, and why."""
    absent = {}
    for name in libraries:
        try:
            importlib.import_module(name)
        except Exception as error:  # noqa: BLE001 - the report says so, and we go on
            absent[name] = f"{type(error).__name__}: {error}"
    return absent


def rehearse(program: str) -> None:
    """Run the course's own program that makes the libraries do their first work."""
    run_program(program, "rehearsal")


def versions(libraries: list[str]) -> dict[str, str]:
    """Return the versions of the libraries' distributions, and of Python."""
    from importlib import metadata

    found = {"python": sys.version.split()[0]}
    for name in sorted({library.partition(".")[0] for library in libraries}):
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found


def open_world(
    connection: socket.socket,
    world: dict[str, Any],
    descriptors: list[int],
    recorder: Recorder,
) -> None:
    """Fork the warden of a world, in namespaces of its own where we may."""
    pid = os.fork()
    if pid:
        for descriptor in descriptors:
            os.close(descriptor)
        return
    status = 1
    try:
        connection.close()
        control = socket.socket(fileno=descriptors[0])
        control.settimeout(None)
        if world["isolated"]:
            namespaces.unshare_everything()
            if os.fork():
                os._exit(0)
        os.setsid()  # no signal to a group reaches the stage
        guard(control, world, recorder)
        status = 0
    except BaseException as error:  # noqa: BLE001 - said on stderr, seen as a hang-up
        sys.stderr.write(f"warden: {type(error).__name__}: {error}\n")
        sys.stderr.flush()
    finally:
        os._exit(status)
