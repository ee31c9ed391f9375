"""The tables of a submission's models, as SQLite describes them."""

import pytest

from grader.asking.database import UnreadableError
from grader.checks import Database, Project, Sandbox, expect_observed, fail

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
