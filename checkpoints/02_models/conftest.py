"""The tables of a submission's models, as SQLite describes them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.checks import (
    Database,
    Project,
    Sandbox,
    Service,
    UnreadableError,
    expect_observed,
    fail,
)

FILE = "data/models.db"


@pytest.fixture
def created(project: Project, sandbox: Sandbox) -> Database:
    """Give the database that ``create_all`` makes of the models."""

    def create() -> Database:
        seen = project.ask("map_tables", load=["models"], path=FILE)
        expect_observed(seen, "Creating the tables")
        database = project.database(FILE)
        if database is None:
            fail("Creating the tables wrote no file.")
        try:
            database.schema()
        except UnreadableError as error:
            fail(f"The file of the tables cannot be read: {error}.")
        return database

    return sandbox.once("models.created", create)


@dataclass(frozen=True, slots=True)
class Door:
    """A running service, and the world that it runs in."""

    project: Project
    service: Service | None
    """None if it does not start: that is another step's to judge."""


@pytest.fixture(scope="package")
def door(sandbox: Sandbox) -> Iterator[Door]:
    """Start the service once, on tables of its models: what does it let in?"""
    with sandbox.open(suite=Path(__file__).parent) as project:
        project.ask("create_configured_tables", load=["models"])
        service = project.serve()
        project.events()
        yield Door(project, service if service.observation.succeeded else None)
