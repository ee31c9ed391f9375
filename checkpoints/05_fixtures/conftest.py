"""Give the checks what was found by trying the student's tests on other services."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from grader.checks import Course, Findings, Sandbox

HERE = Path(__file__).parent
CONFIGURED = "configured.db"
DEFAULT = "movies.db"


@pytest.fixture
def findings(sandbox: Sandbox, course: Course) -> Findings:
    """Share one set of findings among the checks of a submission."""

    def find() -> Findings:
        sentinel = _sentinel()
        names = (CONFIGURED, DEFAULT)
        return Findings(sandbox, course, HERE, dict.fromkeys(names, sentinel))

    return sandbox.once("fixtures.findings", find)


def _sentinel() -> bytes:
    """Make a database file with a row in each table."""
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript((HERE / "sentinel.sql").read_text("utf-8"))
        return connection.serialize()
