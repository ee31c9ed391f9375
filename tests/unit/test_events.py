"""What a submission did, as a report quotes it: the same every time."""

import itertools
import json
from collections.abc import Iterable
from typing import cast

import pytest

from grader.asking.events import Events, decode
from grader.asking.project import Project
from grader.sandbox.stage import Lodging
from grader.sandbox.world import Program, World

ONE_REQUEST = ("checkout", "begin", "SELECT 1", "rollback", "checkin")


def write(kinds: Iterable[str]) -> bytes:
    """Write events as the recorder does; what has a space in it is SQL."""
    events = [
        {"kind": "sql", "text": kind} if " " in kind else {"kind": kind}
        for kind in kinds
    ]
    return b"".join(json.dumps(event).encode() + b"\n" for event in events)


class Growing:
    """A world whose log has more to tell each time that it is read."""

    def __init__(self, *contents: bytes) -> None:
        self.contents = itertools.chain(contents, itertools.repeat(contents[-1]))

    def read(self, _: str, __: int) -> bytes:
        """Return what has been written by now."""
        return next(self.contents)


def ask(*contents: bytes) -> Events:
    """Ask a project for its events while they are still being written."""
    world = cast(World, Growing(*contents))
    return Project(world, Lodging(), Program("probes.py")).events()


def test_a_session_that_ends_after_the_answer_is_waited_for() -> None:
    """Its rollback is in the story, however early the log is read."""
    early, late = write(ONE_REQUEST[:3]), write(ONE_REQUEST)

    assert ask(early, early, late).story() == ["BEGIN", "SELECT 1", "ROLLBACK"]


def test_a_session_that_never_ends_is_not_waited_for_long() -> None:
    """A connection that leaks is what the story is about."""
    assert ask(write(ONE_REQUEST[:3])).story() == ["BEGIN", "SELECT 1"]


@pytest.mark.parametrize("word", ["CREATE INDEX", "CREATE UNIQUE INDEX", "DROP INDEX"])
def test_indexes_made_in_a_row_are_told_in_one_order(word: str) -> None:
    """SQLAlchemy makes those of a table in the order of a set."""
    title, genre = f"{word} ix_title", f"{word} ix_genre"
    table = "CREATE TABLE movie (id INTEGER)"

    told = decode(write([title, table, title, genre, "commit"])).story()

    assert told == [title, table, genre, title, "COMMIT"]


def test_tables_that_were_filled_are_named() -> None:
    """Rows that a migration copies from table to table were there before."""
    told = [
        "INSERT INTO movie (title) VALUES (?)",
        'INSERT INTO "rating" (score) VALUES (?) RETURNING id',
        "INSERT INTO drawn DEFAULT VALUES",
        "INSERT INTO _alembic_tmp_movie (id) SELECT movie.id FROM movie",
        "SELECT 1 FROM movie",
    ]

    assert decode(write(told)).filled == {"movie", "rating", "drawn"}
