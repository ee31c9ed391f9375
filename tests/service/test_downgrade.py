"""Walk the migrations back and forth over rows that must survive."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import create_engine
from typer.testing import CliRunner

from movie_service.cli import app


@pytest.fixture
def config() -> Config:
    """Load the project's alembic.ini, wherever above this file it is."""
    folders = Path(__file__).resolve().parents
    ini = next(path for folder in folders if (path := folder / "alembic.ini").exists())
    return Config(str(ini), attributes={"configure_logger": False})


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """Look at the configured database through an engine of our own."""
    url = f"sqlite:///{tmp_path / 'drill.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    engine = create_engine(url)
    yield engine
    engine.dispose()


def rows(connection: Connection) -> list[list[tuple[object, ...]]]:
    """Return all movies and all ratings."""
    queries = (
        "SELECT id, title, year, genre FROM movie ORDER BY id",
        "SELECT id, movie_id, score FROM rating ORDER BY id",
    )
    return [[tuple(row) for row in connection.execute(text(q))] for q in queries]


def run(*arguments: str) -> str:
    """Run a command that must succeed and return what it printed."""
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


def test_rows_survive_one_revision_down_and_up(outside: Engine, config: Config) -> None:
    """Recreating the tables loses no movie and no rating."""
    run("migrate")
    run("seed")
    with outside.connect() as connection:
        before = rows(connection)

    for arguments in (["downgrade", "-1"], ["migrate"]):
        run(*arguments)
        with outside.connect() as connection:
            assert rows(connection) == before
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []

    assert all(before)
    command.check(config)


def test_a_row_that_breaks_the_new_rule_stops_the_upgrade(
    outside: Engine, config: Config
) -> None:
    """A refused upgrade leaves the old revision, which a repair lets go on."""
    command.upgrade(config, "0001")
    with outside.begin() as connection:
        connection.execute(text("INSERT INTO movie VALUES (1, 'Heat', 1995, 'Crime')"))
        connection.execute(text("INSERT INTO rating VALUES (1, 1, 9)"))

    with pytest.raises(IntegrityError):
        command.upgrade(config, "head")

    with outside.begin() as connection:
        assert rows(connection) == [[(1, "Heat", 1995, "Crime")], [(1, 1, 9)]]
        connection.execute(text("UPDATE rating SET score = 5"))
    command.upgrade(config, "head")
    command.check(config)


def test_the_database_keeps_the_rules_by_itself(outside: Engine) -> None:
    """Bad rows are refused and ratings go with their movie, whoever writes."""
    run("migrate")
    run("seed")
    for statement in (
        "UPDATE movie SET year = 1899",
        "UPDATE rating SET score = 6",
    ):
        with outside.connect() as connection, pytest.raises(IntegrityError):
            connection.execute(text(statement))

    with outside.connect() as connection:
        connection.execute(text("PRAGMA foreign_keys=ON"))
        connection.execute(text("DELETE FROM movie"))
        assert rows(connection) == [[], []]


def test_seeding_twice_adds_nothing(outside: Engine) -> None:
    """The second run finds everything there."""
    run("migrate")
    assert "Added 6 movies" in run("seed")
    with outside.connect() as connection:
        before = rows(connection)

    assert "Added 0 movies" in run("seed")

    with outside.connect() as connection:
        assert rows(connection) == before


def test_seeds_come_back_after_base(outside: Engine) -> None:
    """Down to nothing, up and seeded again holds what it held."""
    run("migrate")
    run("seed")
    with outside.connect() as connection:
        before = rows(connection)

    run("downgrade", "base")
    run("migrate")
    run("seed")

    with outside.connect() as connection:
        assert rows(connection) == before


@pytest.mark.usefixtures("outside")
def test_seeding_needs_tables() -> None:
    """Without tables the command says what to do first."""
    result = CliRunner().invoke(app, ["seed"])

    assert result.exit_code == 1
    assert "migrate" in result.output
