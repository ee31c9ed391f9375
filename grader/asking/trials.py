"""Try a submission's own tests on services other than the submission's own."""

import contextlib
import posixpath
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from grader.catalog import Course
from grader.submission.adaptation import Adaptation, Aliases, Asked, asked_names
from grader.submission.relocation import package_name, relocate
from grader.submission.tree import Tree

from .database import BOOKKEEPING, Database, UnreadableError
from .own_tests import TESTS, OwnModule, Run, decode_run, find_tests, read_tests
from .project import Project, Sandbox
from .variants import Variant

CONFIGURED = "configured.db"
SUITE_LIMIT_S = 90.0
COMPANIONS = ("-wal", "-shm", "-journal")
# Every run of pytest takes a new folder for tmp_path in the first; the other is ours.
NO_TRACE = ("tmp/pytest-of-", "log/")

State = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Traces:
    """What a run of tests left behind in the world."""

    touched: tuple[str, ...] = ()
    """What changed in a database that was there before, one line each."""
    left: tuple[str, ...] = ()
    """The database files in the project that were not there before."""
    anything: bool = False
    """Whether anything else, too, is not as it was: a later run could find it."""


@dataclass
class Trials:
    """A submission's tests, and the services to try them on.

    A service is the reference with a variant's edits, laid where the submission keeps
    its own. Every trial has the same paths and tells no names, so that tests cannot
    know which service they meet.
    """

    sandbox: Sandbox
    course: Course
    folder: Path
    """Holds ``aliases.toml``, and the variants that every service has: ``base/``."""
    sentinels: Mapping[str, bytes]
    """Database files that no test may touch, by name; one is ``configured.db``."""
    modules: list[OwnModule] = field(init=False)

    def __post_init__(self) -> None:
        """Read the submission's tests."""
        self.modules = read_tests(self.sandbox.tree, self.sandbox.layout)

    @property
    def place(self) -> str:
        """Return the folder of the tests, from where they are run."""
        return self.sandbox.layout.paths.get(TESTS, ".")

    def service(self, variants: Sequence[Variant] = ()) -> Tree:
        """Lay the submission's tests over the reference with some variants' edits.

        A kit has no reference: there the tests meet the service that they came with.
        """
        if self.course.visible_only:
            return self.sandbox.tree
        layout, roles = self.sandbox.layout, self.course.roles
        reference = self._reference
        for variant in variants:
            reference = variant.apply(reference)
        moved = relocate(reference, roles, layout)
        package = package_name(roles, layout)
        spoken = Adaptation(moved, package, layout.root, self._aliases)
        laid = self._kept.overlay(spoken.supply(self._asked))
        return laid.overlay(self._tests)

    @cached_property
    def _reference(self) -> Tree:
        roles = self.course.roles
        tests = next((role.path for role in roles if role.name == TESTS), TESTS)
        return self.course.reference().without(tests)

    @cached_property
    def _kept(self) -> Tree:
        return self.sandbox.tree.without(*self._replaced())

    @cached_property
    def _tests(self) -> Mapping[str, bytes]:
        tree = self.sandbox.tree
        return {
            path: tree.files[path] for path in find_tests(tree, self.sandbox.layout)
        }

    @cached_property
    def _asked(self) -> frozenset[Asked]:
        layout = self.sandbox.layout
        return frozenset(asked_names(self.sandbox.tree, self.asking(), layout.root))

    @cached_property
    def _aliases(self) -> Aliases:
        facts = tomllib.loads((self.folder / "aliases.toml").read_text("utf-8"))
        return Aliases(facts.get("names", {}), facts.get("patterns", {}))

    @contextlib.contextmanager
    def world(self, tree: Tree) -> Iterator[Project]:
        """Lay a service in a world of its own, with the sentinels in place."""
        files = {self._at(name): content for name, content in self.sentinels.items()}
        root = self.sandbox.layout.root
        configured = posixpath.join("{root}/project", root, CONFIGURED)
        environment = {
            **self.sandbox.environment,
            "DATABASE_URL": f"sqlite:///{configured}",
        }
        laid = tree.overlay(files)
        with self.sandbox.open(laid, environment=environment) as project:
            yield project

    def run(
        self,
        project: Project,
        *arguments: str,
        only: Sequence[str] = (),
        first: Sequence[str] = (),
        timeout_s: float = SUITE_LIMIT_S,
    ) -> Run:
        """Run the submission's tests in a world."""
        return decode_run(
            project.run_tests(
                self.place,
                *arguments,
                only=only,
                first=first,
                timeout_s=timeout_s,
            )
        )

    def traces(self, project: Project, before: State) -> Traces:
        """Say what a run did to the sentinels and to a world's state, and left."""
        known = {f"project/{path}" for path in self.sandbox.tree.files}
        known |= {self._laid(name) for name in self.sentinels}
        after = project.state()
        new = {path for path in after if path.startswith("project/")} - known
        databases = [
            path.removeprefix("project/")
            for path in project.databases()
            if path in new and not path.endswith(COMPANIONS)
        ]
        touched = [
            line
            for name, content in self.sentinels.items()
            for line in _changes(name, content, project.database(self._laid(name)))
        ]
        changed = before.items() ^ after.items()
        anything = any(not path.startswith(NO_TRACE) for path, _ in changed)
        return Traces(tuple(touched), tuple(databases), anything)

    def filled(self, project: Project) -> frozenset[str]:
        """Name the tables that a run put rows into.

        Its own process tells its SQL; what another one stored is in the files it left.
        """
        told = project.events().filled - BOOKKEEPING
        return told or frozenset(self._filled_files(project))

    def _filled_files(self, project: Project) -> Iterator[str]:
        sentinels = {self._laid(name) for name in self.sentinels}
        for path in {*project.databases()} - sentinels:
            found = project.database(path)
            with contextlib.suppress(UnreadableError):
                yield from filter(found.count, found.tables()) if found else ()

    def _laid(self, name: str) -> str:
        return posixpath.join("project", self._at(name))

    def _at(self, name: str) -> str:
        return posixpath.join(self.sandbox.layout.root, name)

    def _replaced(self) -> list[str]:
        """List the files and folders in whose place the reference is laid."""
        layout = self.sandbox.layout
        names = [role.name for role in self.course.roles if role.name != TESTS]
        found = (layout.locate(name) for name in names)
        return [place for place in found if place and place.strip("./")]

    def asking(self) -> list[str]:
        """List the modules whose imports the reference must answer."""
        tree, layout = self.sandbox.tree, self.sandbox.layout
        above = [self._at("conftest.py"), "conftest.py"]
        found = [path for path in above if path in tree.files]
        return [*find_tests(tree, layout), *found]


def _changes(name: str, before: bytes, after: Database | None) -> Iterator[str]:
    """Compare a sentinel's rows with what it was laid with."""
    if after is None:
        yield f"{name} is gone"
        return
    old = Database(before, {})
    try:
        for table in sorted({*old.tables(), *after.tables()}):
            was, now = old.rows(table), after.rows(table)
            if was != now:
                yield f"{name}: {table} had {len(was)} rows and now has {len(now)}"
    except UnreadableError as error:
        yield f"{name} cannot be read any more: {error}"
