"""Serve the submission on a database that its own migrations built."""

import time
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any
from uuid import UUID

import pytest

from grader.checks import (
    Draw,
    Project,
    Sandbox,
    Service,
    UnreadableError,
    expect_observed,
    explain_error,
    fail,
)

Row = dict[str, Any]
Ran = dict[str, Any]
PASSED = pytest.StashKey[bool]()
PATIENCE_S = 0.6
USAGE_ERROR = 2


class Shelf:
    """A migrated world, and the service in it; both anew once a check has failed."""

    def __init__(self, project: Project, files: Mapping[str, bytes]) -> None:
        self.project = project
        self.files = files
        self.path = ""
        self.service: Service | None = None
        self.laid: tuple[str, ...] = ()

    def migrate(self) -> None:
        """Build the database by Alembic, so that every reset begins with it."""
        if self.path:
            return
        upgrade = self.project.alembic("upgrade", "head", load=("app",))
        expect_observed(upgrade, "alembic upgrade head")
        self.path = next(iter(self.project.databases()), "")
        content = self.project.world.read(self.path) if self.path else None
        if content is None:
            fail("alembic upgrade head left no database file.")
        laid = self.path.removeprefix("project/")
        # With write-ahead logging the tables may still be in the file beside it.
        beside = {
            f"{laid}{suffix}": extra
            for suffix in ("-wal", "-journal")
            if (extra := self.project.world.read(f"{self.path}{suffix}"))
        }
        self.laid = (laid, *beside)
        self.project.world.lay({**self.files, laid: content, **beside})

    def empty(self) -> Project:
        """Return the world with a database that nobody has migrated."""
        self.migrate()
        self.project.reset()
        self.spoil()
        self.project.world.put(dict.fromkeys(self.laid, b""))
        return self.project

    def running(self) -> Service:
        """Return the service, started if it is not running."""
        self.migrate()
        if self.service is None:
            self.project.reset()
            self.service = self.project.serve()
        return self.service

    def spoil(self) -> None:
        """Let the next check begin with fresh files and a fresh process."""
        self.service = None

    def rows(self, table: str, path: str = "") -> list[Row]:
        """Read a table in the file that the migrations built, or in another."""
        try:
            database = self.project.database(path or self.path)
            present = database is not None and table in database.tables()
            return database.rows(table) if database is not None and present else []
        except UnreadableError as error:
            fail(f"The database file could not be read: {error}.")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note whether the check passed, for the teardown of its fixtures."""
    report = yield
    if report.when == "call":
        item.stash[PASSED] = report.passed
    return report


@pytest.fixture(scope="package")
def shelf(sandbox: Sandbox, request: pytest.FixtureRequest) -> Iterator[Shelf]:
    """Open a world whose database lies among its files, to be laid at each reset."""
    places = {"DATABASE_URL": "sqlite:///{root}/project/service.db"}
    environment = {**sandbox.environment, **places}
    suite = request.path.parent
    with sandbox.open(suite=suite, environment=environment) as project:
        yield Shelf(project, sandbox.tree.files)


@pytest.fixture
def service(shelf: Shelf, request: pytest.FixtureRequest) -> Iterator[Service]:
    """Give the running service on a migrated database; others' rows may be there."""
    yield shelf.running()
    if not request.node.stash.get(PASSED, False):
        shelf.spoil()


@pytest.fixture
def world(shelf: Shelf) -> Project:
    """Give the world of the service, to be asked what happened in it."""
    shelf.migrate()
    shelf.project.events()
    return shelf.project


@pytest.fixture
def unmigrated(shelf: Shelf) -> Project:
    """Give the world with an empty database."""
    return shelf.empty()


@pytest.fixture
def rows(shelf: Shelf) -> Callable[..., list[Row]]:
    """Read a table in the database file."""
    return shelf.rows


def _has(row: Row, fields: Mapping[str, Any]) -> bool:
    return all(row.get(name) == value for name, value in fields.items())


@pytest.fixture
def find(shelf: Shelf) -> Callable[..., Row | None]:
    """Find a row by its fields; wait a little for one that is committed late."""

    def search(table: str, **fields: Any) -> Row | None:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            for row in shelf.rows(table):
                if _has(row, fields):
                    return row
            if time.monotonic() > deadline:
                return None
            time.sleep(0.02)

    return search


@pytest.fixture
def gone(shelf: Shelf) -> Callable[..., bool]:
    """Say whether no row has the fields; wait a little for a late commit."""

    def search(table: str, **fields: Any) -> bool:
        deadline = time.monotonic() + PATIENCE_S
        while any(_has(row, fields) for row in shelf.rows(table)):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    return search


@pytest.fixture
def stored(
    service: Service, find: Callable[..., Row | None], draw: Draw
) -> Callable[..., Row]:
    """Post a movie and return its row, whatever the answer looked like."""

    def post(title: str = "", **fields: Any) -> Row:
        title = title or draw.words(3)
        movie = {"year": draw.number(1920, 2020), "genre": draw.word(), **fields}
        answer = service.post("/movies", json={"title": title, **movie})
        row = find("movie", title=title)
        if row is None:
            fail(
                "A movie that was posted is not in the database file.",
                evidence=answer.evidence(),
            )
        return row

    return post


@pytest.fixture
def unknown(rows: Callable[..., list[Row]], draw: Draw) -> Callable[[], str]:
    """Make an id that no movie has."""

    def make() -> str:
        known = [row.get("id") for row in rows("movie")]
        numbers = [number for number in known if isinstance(number, int)]
        if known and not numbers:
            return str(UUID(int=draw.number(10**30, 10**36)))
        return str(max(numbers, default=0) + draw.number(1_000, 9_000))

    return make


@pytest.fixture
def command(sandbox: Sandbox, project: Project) -> Callable[..., Ran]:
    """Run the command-line program: as its author would, or so that it can import."""
    cli = project.lodging.modules.get("cli", "")
    app = project.lodging.modules.get("app", "")
    beside = cli.partition(".")[0] == app.partition(".")[0]

    def run(*arguments: str, importable: bool = False) -> Ran:
        script = not cli or (not beside and not importable)
        key = f"repository.cli {script} {arguments}"
        return sandbox.once(key, lambda: _run(project, arguments, script=script))

    return run


def _run(project: Project, arguments: tuple[str, ...], *, script: bool) -> Ran:
    project.reset()
    seen = project.command("cli", *arguments, script=script)
    found = [project.database(path) for path in project.databases()]
    known = [database for database in found if database is not None]
    try:
        tables = any("movie" in database.tables() for database in known)
    except UnreadableError:
        tables = False
    value = seen.value if isinstance(seen.value, dict) else {}
    return {
        "seen": seen,
        "exit_code": value.get("exit_code"),
        "output": " ".join(seen.output.split()),
        "tables": tables,
        "revision": any(database.revision() for database in known),
        "problem": "" if seen.succeeded else explain_error(seen, "It")[0],
        "evidence": [*seen.output.splitlines()[-10:], *project.events().story(12)],
    }


@pytest.fixture
def migrated(command: Callable[..., Ran]) -> Ran:
    """Run `migrate`, however it can be, and tell what became of the database."""
    ran = command("migrate", importable=True)
    # After a usage error: a program's only command may need no name.
    return ran if ran["exit_code"] != USAGE_ERROR else command(importable=True)
