"""Which rows a submission's tests stored, by whatever process they did so."""

import contextlib
import shutil
import sqlite3
from pathlib import Path

import pytest

from grader.asking.findings import Findings
from grader.bench import DEFAULT_COURSE, open_for_course, open_stage, sandbox_for
from grader.catalog import Course
from grader.sandbox.engines import Engine

FIXTURES = Path(__file__).parents[2] / "movie_service" / "tests" / "conftest.py"
BY_ANOTHER_PROCESS = """
import subprocess, sys

PROGRAM = '''
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as connection:
    connection.execute("CREATE TABLE movie (title)")
    connection.execute("CREATE TABLE rating (score)")
    connection.execute("INSERT INTO movie VALUES ('Heat')")
'''

def test_another_process_stores_a_movie(tmp_path):
    subprocess.run([sys.executable, "-c", PROGRAM, tmp_path / "own.db"], check=True)
"""
BY_REQUEST = """
def test_a_movie_is_stored(client):
    client.post("/movies", json={"title": "Heat", "year": 1995})
"""
NOT_AT_ALL = """
def test_nothing_is_stored(client):
    assert client.get("/movies").json() == []
"""


def one_row() -> bytes:
    """Make a database file that no test should have to do with."""
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript("CREATE TABLE kept (id); INSERT INTO kept VALUES (1)")
        return connection.serialize()


@pytest.mark.parametrize(
    ("tests", "filled"),
    [(BY_REQUEST, {"movie"}), (BY_ANOTHER_PROCESS, {"movie"}), (NOT_AT_ALL, set())],
)
def test_tables_that_tests_filled_are_found(
    isolation: Engine, service_without_tests: Path, tests: str, filled: set[str]
) -> None:
    """In the SQL that was told, else in the files; the sentinels' own rows are none."""
    folder = service_without_tests / "movie_service" / "tests"
    folder.mkdir()
    shutil.copy(FIXTURES, folder)
    (folder / "test_stored.py").write_text(tests, "utf-8")
    course = Course.read(DEFAULT_COURSE)
    step = course.step("fixtures")
    opened = open_for_course(service_without_tests, course)

    with open_stage(course, isolation) as stage:
        sandbox = sandbox_for(course, stage, opened, 0)
        sentinels = dict.fromkeys(("configured.db", "movies.db"), one_row())
        home = Findings(sandbox, course, step.folder, sentinels).home()

    assert home.run.green
    assert home.filled == filled
