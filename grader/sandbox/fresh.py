"""Worlds without forks: a new process for every question, for your own work only.

Slower than a warm stage, and the same to ask. It needs nothing that only some systems
have, so that honest work is checked on any.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from grader.errors import GraderFault

from .inside.parcel import unpack
from .portable import clear, place, tail
from .stage import START_S, Lodging, Stage
from .world import Listening, World

FOLDERS = ("data", "home", "log", "project", "tmp")
PAUSE_S = 0.01
END_S = 10.0
BINARY = getattr(os, "O_BINARY", 0)
WINDOWS_NEEDS = ("SYSTEMROOT", "COMSPEC", "PATHEXT", "NUMBER_OF_PROCESSORS")

Reply = tuple[dict[str, Any], list[int]]


class FreshStage(Stage):
    """Nothing that runs: what every question's process is to be told."""

    def __enter__(self) -> Self:
        with tempfile.TemporaryDirectory(prefix="grader-facts-") as folder:
            answer = Path(folder, "facts")
            question = {"answer": str(answer), "libraries": list(self.plan.libraries)}
            output = Path(folder, "output")
            process = self.start(question, output)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(START_S)
            end(process)
            if not answer.is_file():
                raise GraderFault(
                    problem=f"Python did not start: {tail(output)}",
                    next_step="Check again; if it happens twice, report it to us.",
                )
            told = json.loads(answer.read_text("utf-8"))
        self.absent, self.versions = told["absent"], told["versions"]
        return self

    @contextlib.contextmanager
    def world(self, files: Mapping[str, bytes], lodging: Lodging) -> Iterator[World]:
        """Open a world with these files; end it and all in it on leaving."""
        folder = Path(tempfile.mkdtemp(prefix="grader-world-")).resolve()
        world = FreshWorld(self, folder, self._describe(folder.as_posix(), lodging))
        try:
            world.lay(files)
            yield world
        finally:
            world.close()
            clear(folder)
            folder.rmdir()

    def start(
        self, question: Mapping[str, object], output: Path
    ) -> subprocess.Popen[bytes]:
        """Start a process that answers a question."""
        with output.open("wb") as sink:
            process = subprocess.Popen(
                self.engine.command(self.interpreter, 0),
                stdin=subprocess.PIPE,
                stdout=sink,
                stderr=sink,
                env=dict(_system_environment()),
                start_new_session=True,
            )
        with contextlib.suppress(OSError):  # it ended at once: that is seen later
            assert process.stdin is not None  # noqa: S101 - it is a pipe
            with process.stdin as source:
                source.write(json.dumps(question).encode())
        return process

    def _describe(self, root: str, lodging: Lodging) -> dict[str, object]:
        described = super()._describe(root, lodging)
        environment = described["environment"]
        if isinstance(environment, dict):
            temporary = environment["TMPDIR"]
            home = str(self.interpreter.executable.parent)
            environment |= {
                "TEMP": temporary,
                "TMP": temporary,
                "PATH": os.pathsep.join((home, os.defpath)),
                **_system_environment(),
            }
        return described

    @property
    def python(self) -> list[str]:
        """Return the folders that a submission may import from."""
        return [*self.interpreter.folders, *self._standard()]


def _system_environment() -> dict[str, str]:
    """Return the variables without which Windows starts nothing."""
    return {name: os.environ[name] for name in WINDOWS_NEEDS if name in os.environ}


@dataclass(frozen=True, slots=True)
class Asked:
    """A process at work on a question."""

    process: subprocess.Popen[bytes]
    answer: Path
    output: Path

    def wait(self, deadline: float) -> str:
        """Wait for the answer; say how the waiting ended."""
        while True:
            ended = self.process.poll() is not None
            if self.answer.is_file():
                return "answered"
            if ended:
                return "ended"
            if time.monotonic() > deadline:
                return "timeout"
            time.sleep(PAUSE_S)


class FreshWorld(World):
    """A folder, and the processes that were asked in it."""

    def __init__(
        self, stage: FreshStage, folder: Path, description: Mapping[str, object]
    ) -> None:
        self.root = folder.as_posix()
        self.alive = True
        self.laid = {}
        self._stage = stage
        self._folder = folder
        self._description = description
        self._tree = b""
        self._asked = 0
        self._running: dict[int, Asked] = {}

    @contextlib.contextmanager
    def listening(self, place: Path) -> Iterator[Listening]:
        """Give a port of this machine for a service to listen on."""
        del place  # a file cannot be listened on everywhere
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = int(free.getsockname()[1])
        yield Listening(port, (), {"port": port})

    def close(self) -> None:
        """End the world's processes."""
        self.alive = False
        for asked in self._running.values():
            end(asked.process)
        self._running.clear()

    def _request(
        self,
        request: Mapping[str, Any],
        descriptors: Sequence[int] = (),
        *,
        timeout_s: float = 30.0,
    ) -> Reply:
        del timeout_s  # a question has its own
        handlers = {
            "lay": self._lay,
            "put": self._put,
            "reset": self._renew,
            "fetch": self._fetch,
            "list": self._list,
            "ask": self._answer,
            "stop": self._stop,
        }
        try:
            return handlers[request["do"]](request, descriptors)
        except OSError as error:
            raise GraderFault(
                problem=f"The files could not be laid: {error}.",
                next_step="Make room on the disk, and check again.",
            ) from error

    def _lay(self, _: Mapping[str, Any], descriptors: Sequence[int]) -> Reply:
        with os.fdopen(os.dup(descriptors[0]), "rb") as parcel:
            self._tree = parcel.read()
        return self._renew({}, ())

    def _renew(self, _: Mapping[str, Any], __: Sequence[int]) -> Reply:
        for asked in self._running.values():
            end(asked.process)
        self._running.clear()
        clear(self._folder)
        for name in FOLDERS:
            (self._folder / name).mkdir()
        self._unpack(self._tree)
        return {}, []

    def _put(self, _: Mapping[str, Any], descriptors: Sequence[int]) -> Reply:
        with os.fdopen(os.dup(descriptors[0]), "rb") as parcel:
            self._unpack(parcel.read())
        return {}, []

    def _unpack(self, tree: bytes) -> None:
        for name, content in unpack(tree):
            place(self._folder / "project", name, content)

    def _fetch(self, request: Mapping[str, Any], _: Sequence[int]) -> Reply:
        target = self._folder / str(request["path"])
        around = [target, *target.parents]
        inside = around[: around.index(self._folder)]
        if any(path.is_symlink() for path in inside) or not target.is_file():
            return {"found": False}, []
        try:
            return {"found": True}, [os.open(target, os.O_RDONLY | BINARY)]
        except OSError:
            return {"found": False}, []

    def _list(self, _: Mapping[str, Any], __: Sequence[int]) -> Reply:
        found = []
        for here, folders, names in os.walk(self._folder):
            for path in (Path(here, name) for name in (*folders, *names)):
                with contextlib.suppress(OSError):
                    seen = path.lstat()
                    facts = (seen.st_mode, seen.st_size, seen.st_mtime_ns)
                    found.append((path.relative_to(self._folder).as_posix(), *facts))
        return {"files": sorted(found)}, []

    def _answer(self, request: Mapping[str, Any], _: Sequence[int]) -> Reply:
        started = time.monotonic()
        asked = self._ask(request)
        outcome = asked.wait(started + float(request["timeout_s"]))
        exit_code = asked.process.returncode if outcome == "ended" else None
        if request.get("stays") and outcome == "answered":
            self._running[asked.process.pid] = asked
        else:
            end(asked.process)
        answered = outcome == "answered"
        return {
            "outcome": outcome,
            "answer": asked.answer.read_text("utf-8") if answered else None,
            "pid": asked.process.pid,
            "exit_code": exit_code,
            "output": tail(asked.output),
            "duration_s": time.monotonic() - started,
        }, []

    def _ask(self, request: Mapping[str, Any]) -> Asked:
        self._asked += 1
        log = self._folder / "log"
        answer, output = log / f"answer-{self._asked}", log / f"output-{self._asked}"
        question = {
            "answer": str(answer),
            "python": self._stage.python,
            "world": self._description,
            "request": dict(request),
        }
        return Asked(self._stage.start(question, output), answer, output)

    def _stop(self, request: Mapping[str, Any], _: Sequence[int]) -> Reply:
        asked = self._running.pop(int(request["pid"]), None)
        if asked is None:
            return {"ran": False, "output": ""}, []
        ran = asked.process.poll() is None
        end(asked.process)
        return {"ran": ran, "output": tail(asked.output)}, []


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and what it started."""
    if sys.platform == "win32":
        tree = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(tree, capture_output=True, check=False)
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(END_S)
