"""Run one probe in a process of its own and write one framed answer."""

import importlib
import io
import json
import os
import signal
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn, Protocol

from . import wire
from .recorder import Recorder, listen_to_logging

ANSWER_LIMIT = 2 * 1024 * 1024
TRACE_LINES = 12


class Answer(Protocol):
    """Where an answer goes: a socket, or what takes its place."""

    def sendall(self, data: bytes, /) -> object:
        """Send all of it."""


class Box:
    """What a probe may use: the submission's modules, its folders and descriptors."""

    def __init__(
        self, world: Mapping[str, Any], answer: Answer, descriptors: list[int]
    ) -> None:
        self.world = world
        self.project = str(world["project"])
        self.modules: Mapping[str, str] = world["modules"]
        self.paths: Mapping[str, str] = world["paths"]
        self.descriptors = descriptors
        self._answer = answer

    def module(self, role: str) -> ModuleType:
        """Import the module that plays a role."""
        return importlib.import_module(self.modules[role])

    def answer(self, value: object) -> None:
        """Send the observation now, while the probe goes on (a service, say)."""
        _send(self._answer, {"value": value})


def confine(limits: Mapping[str, int], *, isolated: bool) -> None:
    """Set this process's resource limits.

    Raises:
        ImportError: if this system has none.
    """
    import resource

    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: limits["cpu_s"],
        resource.RLIMIT_FSIZE: limits["file_bytes"],
        resource.RLIMIT_NOFILE: limits["open_files"],
    }
    if isolated:  # elsewhere these count what the user's other programs have taken
        wanted[resource.RLIMIT_NPROC] = limits["processes"]
        wanted[resource.RLIMIT_AS] = limits["memory_bytes"]
    for kind, value in wanted.items():
        hard = resource.getrlimit(kind)[1]
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (bound, bound))


def enter(world: Mapping[str, Any], output: int, keep: Sequence[int]) -> None:
    """Make this process one of the submission's: folder, environment, output."""
    os.setsid()
    for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    _close_all_but({output, *keep})
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    redirect(output)
    sys.stdout = io.TextIOWrapper(os.fdopen(1, "wb", 0), "utf-8", write_through=True)
    sys.stderr = io.TextIOWrapper(os.fdopen(2, "wb", 0), "utf-8", write_through=True)
    os.environ.clear()
    os.environ.update(world["environment"])
    os.chdir(world["project"])  # noqa: TID251 - this process is the submission's own
    confine(world["limits"], isolated=world["isolated"])
    sys.path.insert(0, world["project"])


def redirect(output: int) -> None:
    """Send what this process prints to ``output``."""
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)


def _close_all_but(keep: set[int]) -> None:
    # An empty /proc hides descriptors, so close by number; 256 is above what we open.
    first = 3
    for descriptor in sorted(keep):
        os.closerange(first, descriptor)
        first = descriptor + 1
    os.closerange(first, 256)


def perform(
    request: Mapping[str, Any],
    world: Mapping[str, Any],
    answer: Answer,
    descriptors: list[int],
) -> NoReturn:
    """Run the request's function, answer with its value or its error, and end."""
    box = Box(world, answer, descriptors)
    try:
        importlib.invalidate_caches()
        sys.argv = ["probe"]
        function = _program(request, world["programs"])[request["function"]]
        _send(answer, {"value": function(box, **request["arguments"])})
    except BaseException as error:  # noqa: BLE001 - SystemExit is an observation too
        _send(answer, {"error": describe(error, world["project"])})
    os._exit(0)


def _program(
    request: Mapping[str, Any], known: Mapping[str, dict[str, Any]]
) -> dict[str, Any]:
    """Return the names that a probe's program defines, or those of one of ours."""
    program = request["program"]
    if program is None:
        return vars(importlib.import_module(f".{request['name']}", __package__))
    return known.get(program) or run_program(program, request["name"])


def run_program(program: str, name: str) -> dict[str, Any]:
    """Run a program of the course and return the names that it defines."""
    namespace: dict[str, Any] = {"__name__": name}
    exec(compile(program, name, "exec"), namespace)  # noqa: S102 - as trusted as a suite
    return namespace


def _send(answer: Answer, message: dict[str, object]) -> None:
    try:
        body = json.dumps(message)
    except (TypeError, ValueError, RecursionError) as error:
        body = json.dumps({"error": describe(error, "")})
    if len(body) > ANSWER_LIMIT:
        problem = ValueError(f"the observation has {len(body)} bytes")
        body = json.dumps({"error": describe(problem, "")})
    data = body.encode()
    try:
        answer.sendall(wire.HEADER.pack(len(data)) + data)
    except OSError:
        os._exit(1)  # nobody listens any more


def describe(error: BaseException, project: str) -> dict[str, object]:
    """Describe an error in plain data: its type, text, chain and the last lines."""
    try:
        text = str(error)[:4_000]
    except Exception:  # noqa: BLE001 - a submission's __str__ may raise anything
        text = "(its text could not be shown)"
    frames = _frames(error, project)
    cause = error.__cause__ or error.__context__
    original = getattr(error, "orig", None)
    return {
        "type": type(error).__name__,
        "kinds": [kind.__name__ for kind in type(error).__mro__],
        "text": text,
        "missing": _missing(error),
        "frames": frames,
        "cause": type(cause).__name__ if cause is not None else None,
        "original": f"{type(original).__name__}: {original}"[:2_000]
        if isinstance(original, BaseException)
        else None,
    }


def _missing(error: BaseException) -> str | None:
    if isinstance(error, ModuleNotFoundError) and isinstance(error.name, str):
        return error.name
    return None


def _frames(error: BaseException, project: str) -> list[str]:
    """Point at the submission's own lines, the innermost last."""
    if isinstance(error, SyntaxError):
        shown = _relative(str(error.filename), project)
        return [f"{shown}:{error.lineno}: {(error.text or '').strip()}"[:200]]
    try:
        entries = traceback.extract_tb(error.__traceback__)
    except Exception:  # noqa: BLE001 - a forged __traceback__ must not end the probe
        return []
    own = [entry for entry in entries if project and entry.filename.startswith(project)]
    return [
        f"{_relative(entry.filename, project)}:{entry.lineno}: {entry.line or ''}"[:200]
        for entry in own[-TRACE_LINES:]
    ]


def _relative(filename: str, project: str) -> str:
    inside = bool(project) and filename.startswith(project)
    return filename[len(project) :].lstrip("/") if inside else Path(filename).name


def load(modules: Sequence[str], recorder: Recorder) -> dict[str, object]:
    """Import the submission's modules; say whether the import left a trace.

    A trace is an open database connection or a thread: a fork would share the first and
    lose the second, so a process that has one is not forked again. Files are watched by
    the warden, which this process cannot persuade.
    """
    import threading

    listen_to_logging(recorder)
    errors = {}
    for name in modules:
        try:
            importlib.import_module(name)
        except BaseException as error:  # noqa: BLE001 - anything may happen in there
            errors[name] = describe(error, "")
    clean = recorder.connections == 0 and threading.active_count() == 1
    return {"clean": clean and not errors}
