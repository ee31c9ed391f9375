"""The downgrade drill: each step on demand, in one world, with rows at stake."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from grader.asking.database import UnreadableError
from grader.checks import (
    Database,
    Draw,
    Observation,
    Project,
    Sandbox,
    expect_observed,
    explain_error,
    fail,
)

SUITE = Path(__file__).parent
TABLES = ("movie", "rating")
Rows = dict[str, list[dict[str, Any]]]


class Drill:
    """One world that goes up, one step down and up again, each on demand.

    Whoever asks for a later step gets the earlier ones first.
    """

    def __init__(self, project: Project, draw: Draw) -> None:
        self.project = project
        self.draw = draw

    @cached_property
    def chain(self) -> list[str]:
        """Name the revisions, the first one first."""
        seen = self.project.ask("chain")
        value = expect_observed(seen, "Reading your revisions")
        return [str(one) for one in value] if isinstance(value, list) else []

    @cached_property
    def before(self) -> dict[str, Any]:
        """Describe the tables one step before head, on the way up."""
        upgrade = self.project.alembic("upgrade", self.chain[-2])
        expect_observed(upgrade, "`alembic upgrade`, up to the last but one revision,")
        return shape(self.project)

    @cached_property
    def head(self) -> dict[str, Any]:
        """Describe the tables at head."""
        _ = self.before
        upgrade = self.project.alembic("upgrade", "head")
        expect_observed(upgrade, "`alembic upgrade head`")
        return shape(self.project)

    @cached_property
    def planted(self) -> Rows:
        """Store movies and ratings through the submission's own service."""
        _ = self.head
        plant(self.project, self.draw)
        self.project.events()
        return rows(self.project)

    @cached_property
    def down(self) -> Observation:
        """Say how one step down went."""
        _ = self.planted
        return self.project.alembic("downgrade", "-1")

    @cached_property
    def below(self) -> tuple[dict[str, Any], Rows, list[str]]:
        """Give the tables, the rows and the story after the step down."""
        _ = self.down
        story = self.project.events().story(30)
        return shape(self.project), rows(self.project), story

    @cached_property
    def up(self) -> Observation:
        """Say how the way up again went."""
        _ = self.below
        return self.project.alembic("upgrade", "head")

    @cached_property
    def bottom(self) -> Observation:
        """Say how the way to the very bottom went, with rows in the tables."""
        _ = self.again
        return self.project.alembic("downgrade", "base")

    @cached_property
    def rebuilt(self) -> Observation:
        """Say how the way from the bottom to head went."""
        _ = self.bottom
        return self.project.alembic("upgrade", "head")

    @cached_property
    def again(self) -> tuple[Rows, list[str]]:
        """Give the rows and the story after the way up again."""
        _ = self.up
        return rows(self.project), self.project.events().story(30)


@dataclass(frozen=True, slots=True)
class Command:
    """What a command of the submission did."""

    exit_code: object
    output: str
    problem: str
    rows: Rows
    """What was in the tables afterwards."""
    revision: str | None
    story: list[str]
    commits: int

    @property
    def succeeded(self) -> bool:
        """Say whether it ended as a command does that did its work."""
        return not self.problem and not self.exit_code


class Seeding:
    """One migrated world in which the submission's own commands are run."""

    def __init__(self, project: Project) -> None:
        self.project = project
        upgrade = project.alembic("upgrade", "head")
        expect_observed(upgrade, "`alembic upgrade head`")

    @cached_property
    def first(self) -> Command:
        """Run `seed` on empty tables."""
        return run(self.project, "seed")

    @cached_property
    def second(self) -> Command:
        """Run `seed` once more."""
        _ = self.first
        return run(self.project, "seed")

    @cached_property
    def afresh(self) -> Command:
        """Run `seed` after the way down to nothing and up again."""
        _ = self.second
        for arguments in (("downgrade", "base"), ("upgrade", "head")):
            seen = self.project.alembic(*arguments)
            expect_observed(seen, f"`alembic {' '.join(arguments)}`")
        return run(self.project, "seed")


def run(project: Project, *arguments: str) -> Command:
    """Run a command so that it can import its package, wherever it lies."""
    script = "cli" not in project.lodging.modules
    project.events()
    seen = project.command("cli", *arguments, script=script)
    value = seen.value if isinstance(seen.value, dict) else {}
    events = project.events()
    database = opened(project)
    return Command(
        exit_code=value.get("exit_code"),
        output=" ".join(seen.output.split()),
        problem="" if seen.succeeded else explain_error(seen, "It")[0],
        rows=rows(project),
        revision=database.revision() if database is not None else None,
        story=[*seen.output.splitlines()[-8:], *events.story(20)],
        commits=events.count("commit"),
    )


def opened(project: Project) -> Database | None:
    """Read the database file that holds the movies; None if there is none."""
    try:
        for path in project.databases():
            database = project.database(path)
            if database is not None and "movie" in database.tables():
                return database
    except UnreadableError as error:
        fail(f"The database file could not be read: {error}.")
    return None


def rows(project: Project) -> Rows:
    """Read the rows of both tables."""
    database = opened(project)
    if database is None:
        return {table: [] for table in TABLES}
    present = database.tables()
    return {t: database.rows(t) if t in present else [] for t in TABLES}


def shape(project: Project) -> dict[str, Any]:
    """Describe both tables, leaving out names and order."""
    database = opened(project)
    if database is None:
        return {}
    told = database.schema()
    return {
        table: {
            **told[table],
            "indexes": sorted(sorted(s) for s in database.indexed_sets(table)),
            "deletes": [key.on_delete for key in database.foreign_keys(table)],
            "rules": sorted(_rules(database.definition(table))),
        }
        for table in TABLES
        if table in told
    }


def _rules(definition: str) -> list[str]:
    """List the CHECK constraints of a table's definition."""
    plain = re.sub(r"[\s\"`\[\]]+", "", definition).lower()
    return re.findall(r"check\(((?:[^()]|\([^()]*\))*)\)", plain)


def plant(project: Project, draw: Draw) -> None:
    """Store movies and ratings through the service, or else into the file."""
    titles = draw.distinct(4)
    service = project.serve()
    for title in titles:
        genre = draw.word()
        movie = {"title": title, "year": draw.number(1920, 2020), "genre": genre}
        answer = service.post("/movies", json=movie)
        for _ in range(draw.number(1, 3)):
            place = f"/movies/{answer.get('id')}/ratings"
            service.post(place, json={"score": draw.number(1, 5)})
    service.stop()
    found = rows(project)
    if len(found["movie"]) < len(titles) or len(found["rating"]) < len(titles):
        missing = [
            [draw.words(), draw.number(1920, 2020), draw.word(), [1, 4]] for _ in titles
        ]
        expect_observed(
            project.ask("plant", movies=missing), "Storing rows at the newest revision"
        )


@pytest.fixture(scope="package")
def drill(sandbox: Sandbox) -> Iterator[Drill]:
    """Give the drill that the checks of this step share."""
    with sandbox.open(suite=SUITE) as project:
        yield Drill(project, Draw(sandbox.seed, "drill"))


@pytest.fixture(scope="package")
def seeding(sandbox: Sandbox) -> Iterator[Seeding]:
    """Give the world of the commands, which the checks of this step share."""
    with sandbox.open(suite=SUITE) as project:
        yield Seeding(project)


@pytest.fixture
def rows_of() -> Callable[[Project], Rows]:
    """Read the rows of both tables in a world."""
    return rows


@pytest.fixture
def commanded() -> Callable[..., Command]:
    """Run a command of the submission in a world."""
    return run


@pytest.fixture
def planted(project: Project, draw: Draw) -> Project:
    """Give a world at the newest revision, with rows in it."""
    expect_observed(project.alembic("upgrade", "head"), "`alembic upgrade head`")
    movies = [[title, 1950, draw.word(), [2, 5]] for title in draw.distinct(3)]
    seen = project.ask("plant", movies=movies)
    expect_observed(seen, "Storing rows at the newest revision")
    project.events()
    return project
