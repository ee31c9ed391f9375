"""The warm stage, seen from the trusted side: start it, open worlds in it, end it."""

import contextlib
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from grader.errors import GraderFault

from .engines import Engine
from .inside import files as inside_files
from .inside import wire
from .interpreter import Interpreter
from .limits import Limits
from .world import World

START_S = 90.0
REMOVALS = 50
PAUSE_S = 0.02


@dataclass(frozen=True, slots=True)
class Plan:
    """What a stage prepares: imports, and a program run once to warm them."""

    libraries: tuple[str, ...] = ()
    rehearsal: str = ""
    programs: tuple[str, ...] = ()
    """Sources of probes, run once so that every probe's process has their functions."""


@dataclass(frozen=True, slots=True)
class Lodging:
    """Where a submission lies in its world, and what its processes are told."""

    folder: str = ""
    """Below the files laid: the working folder and import path of every process."""
    modules: Mapping[str, str] = field(default_factory=dict)
    """Role to importable module name."""
    paths: Mapping[str, str] = field(default_factory=dict)
    """Role to path below the project."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Values may hold ``{root}``, the world's folder."""
    libraries: tuple[str, ...] = ()
    """Those that ``Stage.prepare`` has imported for it, beside the course's own."""


class Stage:
    """A process that has imported the course's libraries and forks worlds."""

    def __init__(
        self, engine: Engine, interpreter: Interpreter, plan: Plan, limits: Limits
    ) -> None:
        self.engine = engine
        self.interpreter = interpreter
        self.plan = plan
        self.limits = limits
        self.absent: dict[str, str] = {}
        self.versions: dict[str, str] = {}
        self._branches: dict[tuple[str, ...], socket.socket] = {}
        self._prepared: dict[tuple[str, ...], dict[str, str]] = {}
        self._opened = contextlib.ExitStack()

    def __enter__(self) -> Self:
        ours, theirs = socket.socketpair()
        self._connection = self._opened.enter_context(ours)
        self._errors = self._opened.enter_context(tempfile.TemporaryFile())
        with theirs:
            self._process = subprocess.Popen(
                self.engine.command(self.interpreter, theirs.fileno()),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=self._errors,
                stderr=self._errors,
                env={"PATH": os.defpath, "LANG": "C.UTF-8"},
                cwd="/",
            )
        self._opened.callback(self._end)
        try:
            self._warm()
        except BaseException:
            self._opened.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._opened.close()

    @contextlib.contextmanager
    def world(self, files: Mapping[str, bytes], lodging: Lodging) -> Iterator[World]:
        """Open a world with these files; end it and all in it on leaving."""
        connection = self._branches.get(lodging.libraries, self._connection)
        with contextlib.ExitStack() as opened:
            folder = Path("/")
            if not self.engine.isolated:
                folder = opened.enter_context(_scratch())
            root = self.engine.world_root(folder)
            ours, theirs = socket.socketpair()
            with theirs:
                description = self._describe(root, lodging)
                wire.send(connection, description, [theirs.fileno()])
            world = World(ours, root)
            opened.callback(world.close)
            world.lay(files)
            yield world

    def prepare(self, libraries: tuple[str, ...]) -> Mapping[str, str]:
        """Import further libraries, once, in a branch for the worlds that want them.

        Returns:
            Those that could not be imported, and why.
        """
        if libraries not in self._branches:
            ours, theirs = socket.socketpair()
            self._branches[libraries] = self._opened.enter_context(ours)
            ours.settimeout(START_S)
            with theirs:
                request = {"further": list(libraries)}
                wire.send(self._connection, request, [theirs.fileno()])
            self._prepared[libraries] = dict(self._hear(ours)["absent"])
        return self._prepared[libraries]

    def _warm(self) -> None:
        self._connection.settimeout(START_S)
        plan = {
            "python": [*self.interpreter.folders, *self._standard()],
            "libraries": list(self.plan.libraries),
            "rehearsal": self.plan.rehearsal,
            "programs": list(self.plan.programs),
        }
        report = self._hear(self._connection, plan)
        self.absent = dict(report["absent"])
        self.versions = dict(report["versions"])

    def _hear(
        self, connection: socket.socket, plan: Mapping[str, object] | None = None
    ) -> dict[str, Any]:
        try:
            if plan is not None:
                wire.send(connection, plan)
            return wire.receive(connection)[0]
        except (wire.ConnectionLostError, TimeoutError) as error:
            raise GraderFault(
                problem=f"the sandbox did not start: {self.last_words() or error}",
                next_step="Grade again; if it happens twice, report it to us.",
            ) from error

    def last_words(self) -> str:
        """Return the end of what the stage's process printed."""
        self._errors.seek(0)
        return self._errors.read()[-2_000:].decode("utf-8", "replace").strip()

    def _standard(self) -> Sequence[str]:
        return ("/usr/lib/python3",) if self.interpreter.base == Path("/usr") else ()

    def _describe(self, root: str, lodging: Lodging) -> dict[str, object]:
        environment = {
            "HOME": f"{root}/home",
            "TMPDIR": f"{root}/tmp",  # noqa: S108 - the world's own
            "PATH": f"{self.interpreter.executable.parent}:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        for name, value in lodging.environment.items():
            environment[name] = value.replace("{root}", root)
        return {
            "root": root,
            "project": f"{root}/project/{lodging.folder}".rstrip("/"),
            "events": f"{root}/log/events",
            "modules": dict(lodging.modules),
            "paths": dict(lodging.paths),
            "environment": environment,
            "limits": self.limits.as_plain(),
            "isolated": self.engine.isolated,
        }

    def _end(self) -> None:
        self._connection.close()  # the stage then ends by itself, and its worlds
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextlib.contextmanager
def _scratch() -> Iterator[Path]:
    """Make a folder; remove it whatever a submission made in it."""
    folder = Path(tempfile.mkdtemp(prefix="grader-world-"))
    try:
        yield folder
    finally:
        for _ in range(REMOVALS):  # the world's processes may take a moment to end
            with contextlib.suppress(OSError):
                folder.chmod(0o700)
                inside_files.empty(folder)
                folder.rmdir()
                break
            time.sleep(PAUSE_S)
