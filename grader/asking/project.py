"""One submission ready to be asked: its worlds, and the questions one can put."""

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from grader.sandbox.observation import Json, Observation
from grader.sandbox.stage import Lodging, Stage
from grader.sandbox.world import Program, World
from grader.submission.layout import Layout
from grader.submission.tree import Tree

from . import events
from .database import Database
from .events import Events
from .service import Service

Value = TypeVar("Value")
ALEMBIC = Program("run_alembic")
COMMAND = Program("run_command")
TESTS = Program("run_tests")
SQLITE = b"SQLite format 3\0"
PROBES = "probes.py"
TEXT_ENDINGS = (".py", ".ini", ".toml", ".md", ".mako", ".txt", ".json", ".lock")
DATABASE_ENDINGS = (".db", ".sqlite", ".sqlite3")
MOST_LOOKED_AT = 1_000
MOST_DATABASES = 50
MOST_EVENTS_BYTES = 8 * 1024 * 1024
COMMAND_S = 30.0
SETTLING_S = 0.2


class Project:
    """A submission laid in one world."""

    def __init__(self, world: World, lodging: Lodging, probes: Program) -> None:
        self.world = world
        self.lodging = lodging
        self._probes = probes
        self._mark = 0
        self._services: list[Service] = []

    def has(self, role: str) -> bool:
        """Say whether the submission has the part."""
        return role in self.lodging.paths or role in self.lodging.modules

    def ask(
        self,
        function: str,
        *,
        load: Sequence[str] = (),
        timeout_s: float = 20.0,
        **arguments: Json,
    ) -> Observation:
        """Call a function of the suite's ``probes.py`` in the sandbox.

        Args:
            function: Its name; it gets a ``Box`` and the arguments.
            load: Roles whose modules the probe will use. Their import is then shared
                by all such probes; without it the process has imported nothing yet.
            timeout_s: The wall time that it may take.
            arguments: What else it gets: plain data.
        """
        return self.world.ask(
            self._probes,
            function,
            arguments,
            load=self._names(load),
            timeout_s=timeout_s,
        )

    def alembic(self, *arguments: str, load: Sequence[str] = ()) -> Observation:
        """Run an Alembic command.

        Args:
            arguments: As they are typed after ``alembic``.
            load: Roles whose import is shared, where it does not matter that Alembic's
                own process has imported nothing yet.
        """
        plain = {"arguments": list(arguments)}
        return self.world.ask(
            ALEMBIC, "run_alembic", plain, load=self._names(load), timeout_s=COMMAND_S
        )

    def command(
        self,
        role: str,
        *arguments: str,
        script: bool = False,
        load: Sequence[str] = (),
    ) -> Observation:
        """Run a command-line program of the submission, as a person would.

        The value is ``{"exit_code": …}``; what it printed is in ``output``.
        """
        function = "run_script" if script else "run_module"
        plain = {"role": role, "arguments": list(arguments)}
        return self.world.ask(
            COMMAND, function, plain, load=self._names(load), timeout_s=COMMAND_S
        )

    def run_tests(
        self,
        *arguments: str,
        only: Sequence[str] = (),
        first: Sequence[str] = (),
        timeout_s: float = 60.0,
    ) -> Observation:
        """Run the submission's own tests with pytest; see ``trials.decode_run``.

        Args:
            arguments: More of pytest's arguments; the tests' folder, say.
            only: The ids of the tests to run; all of them if empty.
            first: The ids of those that come before the others, in this order.
            timeout_s: The wall time that the run may take.
        """
        choice = {"only": list(only), "first": list(first)}
        plain = {"arguments": list(arguments), "choice": choice}
        return self.world.ask(TESTS, "run_tests", plain, timeout_s=timeout_s)

    def serve(self, role: str = "app") -> Service:
        """Start the submission's ASGI application; see ``service.observation``."""
        service = Service(self.world, role, self._names([role]))
        self._services.append(service)
        service.start()
        return service

    def database(self, path: str | None = None) -> Database | None:
        """Read the SQLite file that the submission wrote.

        Args:
            path: Where, below the world's folder; without it, the largest there is.

        Returns:
            A copy as it is now, or None if there is no such file.
        """
        chosen = path or next(iter(self.databases()), None)
        if chosen is None:
            return None
        content = self.world.read(chosen)
        if content is None:
            return None
        companions = {
            suffix: extra
            for suffix in ("-wal", "-journal")
            if (extra := self.world.read(f"{chosen}{suffix}"))
        }
        return Database(content, companions)

    def databases(self) -> list[str]:
        """List the SQLite files of the world, below its folder, largest first.

        Of very many files only the likeliest are looked at. A file of the size that it
        was laid with is taken for the one that was laid, unless its name says more.
        """
        laid = self.world.laid
        sizes = {
            path: size
            for path, (size, _) in self.world.files().items()
            if not path.startswith("log/")
            and not path.endswith(TEXT_ENDINGS)
            and (laid.get(path) != size or path.endswith(DATABASE_ENDINGS))
        }
        largest = sorted(sizes, key=lambda path: (-sizes[path], path))
        likely = sorted(largest, key=lambda path: not path.endswith(DATABASE_ENDINGS))
        found = {
            path
            for path in likely[:MOST_LOOKED_AT]
            if self.world.read(path, len(SQLITE)) in (SQLITE, b"")
            and (sizes[path] or path.endswith(DATABASE_ENDINGS))
        }
        return [path for path in largest if path in found][:MOST_DATABASES]

    def files(self) -> dict[str, tuple[int, int]]:
        """Map the files that lie in the world to their bytes and change time."""
        return {
            path: facts
            for path, facts in self.world.files().items()
            if not path.startswith("log/")
        }

    def state(self) -> dict[str, tuple[int, ...]]:
        """Map all that lies in the world to facts that a change of it changes."""
        return self.world.state()

    def events(self) -> Events:
        """Return what the submission's processes did since this was last called.

        A service answers before it ends its session, so that gets a moment, too.
        """
        deadline = time.monotonic() + SETTLING_S
        while True:
            content = self.world.read("log/events", MOST_EVENTS_BYTES) or b""
            found = events.decode(content[self._mark :])
            if found.settled or time.monotonic() > deadline:
                break
            time.sleep(SETTLING_S / 10)
        self._mark = len(content)
        return found

    def reset(self) -> None:
        """End all processes and begin again with the files as they came."""
        self.close()
        self.world.reset()
        self._mark = 0

    def close(self) -> None:
        """Forget the services; the world ends them."""
        for service in self._services:
            service.close()
        self._services.clear()

    def _names(self, roles: Sequence[str]) -> list[str]:
        modules = self.lodging.modules
        return [modules[role] for role in roles if role in modules]


@dataclass
class Sandbox:
    """All the worlds of one submission."""

    stage: Stage
    tree: Tree
    layout: Layout
    environment: Mapping[str, str]
    seed: int
    course_probes: str = ""
    reference: Callable[[int | None], Tree] = field(default=lambda _: Tree({}))
    """Lay the reference's layers, in this submission's own layout."""
    _kept: dict[str, Project] = field(default_factory=dict)
    _memory: dict[str, object] = field(default_factory=dict)
    _opened: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def project(self, suite: Path | None = None) -> Project:
        """Return the submission as it came, in a world kept for this; and reset it."""
        key = str(suite)
        kept = self._kept.get(key)
        if kept is not None and kept.world.alive:
            kept.reset()
            return kept
        project = self._opened.enter_context(self.open(suite=suite))
        self._kept[key] = project
        return project

    @contextlib.contextmanager
    def open(
        self,
        tree: Tree | None = None,
        *,
        suite: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Iterator[Project]:
        """Lay files in a world of their own, and end it on leaving.

        Args:
            tree: The files; the submission's without it.
            suite: The folder whose ``probes.py`` the questions are in.
            environment: Variables in place of the course's.
        """
        lodging = self.lodging()
        if environment is not None:
            lodging = replace(lodging, environment=environment)
        files = (self.tree if tree is None else tree).files
        with self.stage.world(files, lodging) as world:
            project = Project(world, lodging, self._probes(suite))
            try:
                yield project
            finally:
                project.close()

    def lodging(self) -> Lodging:
        """Say where the submission lies and what its processes are told."""
        return Lodging(
            folder=self.layout.root,
            modules=self.layout.modules,
            paths=self.layout.paths,
            environment=self.environment,
        )

    def once(self, key: str, find: Callable[[], Value]) -> Value:
        """Return what ``find`` found the first time, for checks that share it."""
        if key not in self._memory:
            self._memory[key] = find()
        return self._memory[key]  # type: ignore[return-value]

    def missing_package(self, observation: Observation) -> str | None:
        """Name the package that the submission imports and that nobody has."""
        error = observation.error
        if error is None or error.missing is None:
            return None
        name = error.missing.partition(".")[0]
        own = {part for path in self.tree.files for part in path.split("/")}
        return None if own & {name, f"{name}.py"} else name

    def close(self) -> None:
        """End every world."""
        self._opened.close()
        self._kept.clear()

    def _probes(self, suite: Path | None) -> Program:
        own = "" if suite is None else read_probes(suite)
        return Program(PROBES, join_probes(self.course_probes, own))


def read_probes(folder: Path) -> str:
    """Read the probes of a course or of a suite; empty if it has none."""
    path = folder / PROBES
    return path.read_text("utf-8") if path.is_file() else ""


def join_probes(course: str, suite: str) -> str:
    """Give one program of a course's probes and those of one of its suites."""
    return f"{course}\n{suite}"
