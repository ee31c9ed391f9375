"""The downgrade drill: each step on demand, in one world, with rows at stake."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from grader.checks import (
    Database,
    Draw,
    Observation,
    Project,
    Sandbox,
    UnreadableError,
    expect_observed,
    explain_error,
    fail,
)

SUITE = Path(__file__).parent
TABLES = ("movie", "rating")
# A fork of a process that has imported the service costs the least.
LOADED = ("app",)
Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Step:
    """One way up or down: how it went, and what was there afterwards."""

    seen: Observation
    shape: dict[str, Any]
    rows: Rows
    story: list[str]


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


class Drill:
    """One world that goes up, one step down, up, to nothing and up, each on demand.

    Whoever asks for a later step gets the earlier ones first.
    """

    def __init__(self, project: Project, draw: Draw) -> None:
        self.project = project
        self.draw = draw

    def alembic(self, *arguments: str) -> Observation:
        """Run an Alembic command; the story then begins with it."""
        self.project.events()
        return self.project.alembic(*arguments, load=LOADED)

    def story(self) -> list[str]:
        """Tell what the last command sent to the database."""
        return self.project.events().story(30)

    def rows(self) -> Rows:
        """Read the rows as they are now."""
        return rows(self.project)

    @cached_property
    def revisions(self) -> dict[str, Any]:
        """Tell the chain of revisions, and where their files lie."""
        seen = self.project.ask("revisions", load=LOADED)
        value = expect_observed(seen, "Reading your revisions")
        return value if isinstance(value, dict) else {}

    @cached_property
    def chain(self) -> list[str]:
        """Name the revisions, the first one first."""
        value = self.revisions.get("chain")
        return [str(one) for one in value] if isinstance(value, list) else []

    @cached_property
    def before(self) -> dict[str, Any]:
        """Describe the tables one step before head, on the way up."""
        for revision in self.chain[-2:-1]:
            seen = self.alembic("upgrade", revision)
            expect_observed(seen, "`alembic upgrade`, to the last but one revision,")
        return shape(self.project)

    @cached_property
    def head(self) -> dict[str, Any]:
        """Describe the tables at head."""
        _ = self.before
        expect_observed(self.alembic("upgrade", "head"), "`alembic upgrade head`")
        return shape(self.project)

    @cached_property
    def seeded(self) -> tuple[Command, Command]:
        """Run the command `seed` on empty tables, and once more."""
        _ = self.head
        return run(self.project, "seed"), run(self.project, "seed")

    @cached_property
    def planted(self) -> Rows:
        """Store movies and ratings through the submission's own service."""
        _ = self.seeded
        plant(self.project, self.draw)
        return rows(self.project)

    @cached_property
    def down(self) -> Step:
        """Go one step down."""
        _ = self.planted
        return self._step("downgrade", "-1")

    @cached_property
    def up(self) -> Step:
        """Go up again."""
        _ = self.down
        return self._step("upgrade", "head")

    @cached_property
    def commanded(self) -> dict[str, Command]:
        """Go one step down by the submission's own command, in any way it takes."""
        _ = self.up
        tried = {}
        for arguments in (("-1",), (), ("--", "-1")):
            ran = run(self.project, "downgrade", *arguments)
            tried[" ".join(arguments)] = ran
            if ran.succeeded and ran.revision != self.chain[-1]:
                break
        return tried

    @cached_property
    def bottom(self) -> Step:
        """Go down to nothing, with rows in the tables."""
        _ = self.commanded
        return self._step("downgrade", "base")

    @cached_property
    def rebuilt(self) -> Step:
        """Go from nothing to head."""
        _ = self.bottom
        return self._step("upgrade", "head")

    @cached_property
    def seeded_afresh(self) -> Command:
        """Run the command `seed` on the tables that were built anew."""
        _ = self.rebuilt
        return run(self.project, "seed")

    def _step(self, *arguments: str) -> Step:
        seen = self.alembic(*arguments)
        story = self.story()
        return Step(seen, shape(self.project), rows(self.project), story)


def run(project: Project, *arguments: str) -> Command:
    """Run a command so that it can import its package, wherever it lies."""
    script = "cli" not in project.lodging.modules
    project.events()
    seen = project.command("cli", *arguments, script=script, load=LOADED)
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
    before = rows(project)
    titles = draw.distinct(3)
    service = project.serve()
    for title in titles:
        genre = draw.word()
        movie = {"title": title, "year": draw.number(1920, 2020), "genre": genre}
        answer = service.post("/movies", json=movie)
        for _ in range(draw.number(1, 2)):
            place = f"/movies/{answer.get('id')}/ratings"
            service.post(place, json={"score": draw.number(1, 5)})
    service.stop()
    after = rows(project)
    if any(len(after[table]) < len(before[table]) + len(titles) for table in TABLES):
        movies = [[draw.words(), 1970, draw.word(), [1, 4]] for _ in titles]
        stored = project.ask("plant", load=LOADED, movies=movies)
        expect_observed(stored, "Storing rows at the newest revision")


@pytest.fixture(scope="package")
def drill(sandbox: Sandbox) -> Iterator[Drill]:
    """Give the drill that the checks of this step share."""
    with sandbox.open(suite=SUITE) as project:
        yield Drill(project, Draw(sandbox.seed, "drill"))
